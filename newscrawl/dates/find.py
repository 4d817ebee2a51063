"""Dates within short texts: where in a line one stands. What it says reads :mod:`.absolute`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final

from .absolute import all_month_names, plain, read_plain
from .fold import fold, tokenize
from .grammar import read
from .interval import DateInterval
from .lexicon import language_bits
from .zones import read_zone, split_zone, zone_of

_MAX_WHOLE: Final = 60
"""Characters of a text that is tried as a date when no part of it looks like one."""

MAX_TEXT: Final = 300
"""Characters that are looked at: a date that begins later is not a line's own."""

_WORD: Final = r"[^\W\d_][^\s\d,;|()/]{1,13}"
_SPOTS: Final = (
    re.compile(
        r"(?<![\d.,])(?:1[34]|19|20|2[456])\d\d\s?[-./|년年]\s?\d{1,2}\s?[-./|월月]\s?\d{1,2}(?!\d)[일日号號]?"
    ),
    re.compile(r"(?<![\d.,/-])\d{1,2}\s?([-./|])\s?\d{1,2}\s?\1\s?(?:\d{4}|\d\d)(?!\d)"),
    re.compile(
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|[.ºª°])?(?:\s(?:de|d'|of))?[\s.\-/]{{1,2}}{_WORD}(?:\s{_WORD})?"
        r"[.,]{0,2}(?:\s(?:de|del|of))?[\s\-/]{1,2}(?:19|20|2[456])\d\d(?!\d)"
    ),
    re.compile(
        rf"(?<!\d)\d{{1,2}}\.?\s(?:de\s)?{_WORD},?\s(?:de\s)?20\d\d(?=[012]?\d[:.h]\d\d(?!\d))"
    ),
    re.compile(rf"{_WORD}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s?(?:19|20|2[456])\d\d(?!\d)"),
    re.compile(rf"{_WORD}\s\d{{1,2}},\s20\d\d(?=\d{{1,2}}(?:[:.h]\d\d(?!\d)|\s?[^\W\d_]))"),
    re.compile(rf"(?<!\d)(?:19|20)\d\d[.,]?\s(?:m\.\s)?{_WORD}\s\d{{1,2}}(?!\d)"),
)
"""Year first, numbers, day and month, month and day, year and month: each a day with its year. Two are
of a day and a clock, or how long the text takes, that pages set side by side without a space."""

_MINUTES: Final = (
    r"(?:[01]?\d|2[0-4])(?:[:.h]|\s?[時时点點시]\s?)[0-5]\d(?![\d/])(?::[0-5]\d(?!\d))?"
    r"(?:[.,]\d+)?\s?(?:[ap]\.?\s?m\b\.?|[분分]|مساء\S?|صباحا?\S?|[بق]\.ظ\.?)?"
)
_HOUR: Final = r"(?<![^\W\d_])(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?"
_HALF: Final = r"(?:(?:上午|下午|午前|午後|오전|오후|凌晨|早上|晚上)\s?)?"
_CLOCK_AFTER: Final = re.compile(
    rf"[^\d]{{1,14}}?(?P<clock>{_HALF}(?:{_MINUTES}|{_HOUR}))", re.IGNORECASE
)
# "3 pm on May 5" is a clock; in "Anna1 am 20.09." a German "am" is none.
_CLOCK_BEFORE: Final = re.compile(
    rf"(?<![\w.:/-])(?P<clock>{_HALF}(?:{_MINUTES}|{_HOUR}(?=\s?(?:[,|·(]|on\b))))(?P<between>\D{{1,20}})$",
    re.IGNORECASE,
)
_MAX_BEFORE: Final = 40
_WORD_ZONE: Final = re.compile(r"\s?мск(?!\w)", re.IGNORECASE)
_ADJACENT_RANGE: Final = re.compile(r"\s?[-–—]\s?\d{1,2}[:.]")
_DIGIT: Final = re.compile(r"\d")


def find_date(
    text: str,
    *,
    language: str | None = None,
    order: str | None = None,
    timezone: str | tzinfo | None = None,
) -> DateInterval | None:
    """Find the first day, with its clock and zone, that is printed in a short text.

    Args:
        text: a line or a few; what follows its first 300 characters is not looked at.
        language: BCP 47 tag, asked first; a page's declared language is often its template's
            only, so all the others are asked after it.
        order: of numbers, as for `parse_date`.
        timezone: the site's zone, as for `parse_date`.

    Returns:
        An interval of a day or finer; None where the text names no day.

    Raises:
        ValueError: the language, the order or the zone is unknown.
    """
    text = text[:MAX_TEXT]
    return _find(text, language, order, zone_of(timezone)) if _DIGIT.search(text) else None


_MACHINE: Final = re.compile(r"\s*(?:19|20)\d\d-?\d\d-?\d\d")


@lru_cache(maxsize=2_048)
def _find(
    text: str, language: str | None, order: str | None, zone: tzinfo | None
) -> DateInterval | None:
    if _MACHINE.match(text):
        found = read_plain(text.strip(), language, order, zone)
        if found is not None and _is_day(found):
            return found
    text = _CASE.sub(" ", plain(text, language))
    for start, end in _spots(text):
        day = _GLUED.sub(r"\1 \2", text[start:end].strip(" ,"))
        written = (*(f"{day} {clock}" for clock in _clocks(text, start, end)), day)
        for code in _languages(language):
            for words in written:
                found = read_plain(words, code, order, zone)
                if found is not None and _is_day(found):
                    return found
    if len(text) > _MAX_WHOLE or not _names_a_month(text):
        return None
    for code in _languages(language):
        found = read_plain(text, code, order, zone, with_lead=True)
        if found is not None and _is_day(found):
            return found
    return None


def _names_a_month(text: str) -> bool:
    """Tell whether a text may be a date in words of any shape: nothing else is tried whole."""
    return (
        _THAI.search(text) is not None
        or not all_month_names().isdisjoint(tokenize(fold(text)))
        or _NUMBERED_MONTH.search(text) is not None
    )


_THAI: Final = re.compile(
    r"[\u0e01-\u0e2e]\.?[\u0e01-\u0e2e]"
)  # written without spaces between words
_NUMBERED_MONTH: Final = re.compile(r"\btháng \d")


@lru_cache(maxsize=256)
def _languages(tag: str | None) -> tuple[str | None, ...]:
    """Return the languages to ask: the page's, then any, in the page's region."""
    if tag is None:
        return (None,)
    region = next((part for part in re.split("[-_]", tag)[1:] if len(part) == 2), None)
    return (tag, f"und-{region}" if region else None)


def _is_day(found: DateInterval) -> bool:
    return found.best is not None and found.precision not in ("month", "year")


def _spots(text: str) -> list[tuple[int, int]]:
    """Return where what looks like a day stands, in reading order, longest first."""
    found = {match.span() for pattern in _SPOTS for match in pattern.finditer(text)}
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _clocks(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the clock after a day or before it, with its zone and without."""
    after = _CLOCK_AFTER.match(text, end)
    before = _CLOCK_BEFORE.search(text[max(0, start - _MAX_BEFORE) : start])
    for match, rest in (
        (after, text[after.end("clock") :] if after else ""),
        (before, before["between"] if before else ""),
    ):
        if match is None:
            continue
        clock = match["clock"].strip()
        if zone := _zone_after(rest):
            yield f"{clock} {zone}"
        yield clock


_CASE: Final = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZА-ЯÀ-Ý])(?=[^\W\d_]+\.? \d)")
"""Where a name of a month begins right behind another word: "By Ann LeeDecember 22"."""

_GLUED: Final = re.compile(r"(?<= )(\d{1,2})((?:19|20)\d\d)$")  # "Feb 182009"


def _zone_after(rest: str) -> str | None:
    """Return what stands after a clock and is a zone by its shape, or by its words."""
    if _ADJACENT_RANGE.match(rest):  # "10:30-12:30" is how long something takes
        return None
    if clock_word := _CLOCK_WORD.match(rest):
        further = rest[clock_word.end() :]
        return _zone_after(further) if further[:1] in _PARTERS else None
    parted = split_zone(rest)
    if parted:
        return parted[0]
    match = _WORD_ZONE.match(rest)
    return match[0].strip() if match else _zone_in_words(rest)


_CLOCK_WORD: Final = re.compile(r"\s?(?:uhr|hrs?|h|น\.)(?![^\W_])", re.IGNORECASE)
_PARTERS: Final = (" ", ",", "(")


def _zone_in_words(rest: str) -> str | None:
    """Return the words behind a clock that name a zone: "Eastern Time", "heure de Paris"."""
    words = rest[:_MAX_ZONE].strip(" ,(").split()[:_MAX_ZONE_WORDS]
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count]).strip("().,;|")
        # A city alone is where something happened.
        if count == 1 and phrase.lower() not in _ALONE:
            return None
        if isinstance(read_zone(phrase, _SOME_MOMENT, None), tzinfo):
            return phrase
    return None


_MAX_ZONE, _MAX_ZONE_WORDS = 40, 3
_ALONE: Final = frozenset(("eastern", "central", "mountain", "pacific"))
_SOME_MOMENT: Final = datetime(2024, 1, 1)  # a clock as printed

_EPOCH: Final = re.compile(r"\s*(\d{10})(?:\d{3})?\s*", re.ASCII)
_FIRST_EPOCH: Final = 631_152_000  # 1990


def parse_epoch(text: str) -> DateInterval | None:
    """Read seconds or milliseconds since 1970, as machines write them into attributes.

    No page prints them, so `parse_date` takes such a number for what it is, a number.
    """
    match = _EPOCH.fullmatch(text)
    if not match or int(match[1]) < _FIRST_EPOCH:
        return None
    return DateInterval.instant(datetime.fromtimestamp(int(match[1]), UTC))


def is_relative(text: str, *, language: str | None = None) -> bool:
    """Tell whether a text is a relative date and nothing else: "4 days ago", "вчера, 14:30".

    Raises:
        ValueError: the language is unknown.
    """
    return bool(read(text, language_bits(language)))
