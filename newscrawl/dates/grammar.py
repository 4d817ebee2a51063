"""The grammar of relative dates: what a text says, before any date is reckoned from it.

    relative = lead* (count+ | word) time?
    count    = number unit, with a word for "ago" before, after or inside
    word     = yesterday, last week, just now, …

The whole text must match. A count without "ago" is read too, because pages print "2h" and
"3 days" where a date belongs; but a bare count that is more often something else is refused: a
number word ("one day"), a calendar year ("2024 год"), a programme ("60 Minutes"), a lone letter
other than the usual "2h".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache
from typing import Final, NamedTuple

from .fold import fold, tokenize
from .lexicon import ANY, CJK_NUMERALS, MINUS, UNITS, Entry, Lexicon, Node, language_bits, lexicon

MAX_LENGTH: Final = 120
"""Characters; "1 year, 1 month, … and 1 minute ago" has about 80 in the longest languages."""

MAX_DIGITS: Final = 6

_RANK: Final = {unit: rank for rank, unit in enumerate(UNITS)}
_SECONDS: Final = dict(
    zip(UNITS, (1, 60, 3_600, 86_400, 604_800, 2_629_746, 7_889_238, 31_556_952), strict=True)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a relative text says.

    Args:
        parts: (unit, count), the largest unit first; several are summed.
        kind: `count`, `word` (by the calendar) or `spread` (from the first part to the second).
        limit: `over`, `less`, `almost`, `plus` ("30+ days"), or "".
        at: the time of day printed beside it.
    """

    parts: tuple[tuple[str, float], ...]
    kind: str = "count"
    limit: str = ""
    at: time | None = None


class _State(NamedTuple):
    """What has been read so far of a text."""

    parts: tuple[tuple[str, float], ...] = ()
    size: float = float("inf")  # of the last part's unit, in seconds
    kind: str = ""
    limit: str = ""
    ago: bool = False
    lead: bool = False
    filler: bool = False
    bare: str = ""
    declared: bool = True  # the language is


def read(text: str, bits: int) -> tuple[Reading, ...]:
    """Return what a text says in the languages of `bits`, each different meaning once.

    Args:
        text: as printed; anything.
        bits: languages, as `language_bits` gives them.
    """
    if len(text) > MAX_LENGTH or not _may_be_relative(text):
        return ()
    return _read(text, bits)


def _may_be_relative(text: str) -> bool:
    """Tell whether the first word of a text can begin a date: most of prose ends here."""
    words = text.split(None, 1)
    if not words:
        return False
    word = words[0]
    if word.isascii() and word.isalpha():
        return word.lower() in lexicon().openers
    tokens = _tokens_of_word(word[:40])
    return tokens is not None and (not tokens or _opens(tokens[0]))


def _opens(piece: str) -> bool:
    return piece in lexicon().openers or piece[0].isdecimal() or piece in "+:"


@lru_cache(maxsize=16_384)
def _tokens_of_word(word: str) -> tuple[str, ...] | None:
    """Return a word's tokens, None where one of them is not in the lexicon."""
    tokens = tuple(tokenize(fold(word)))
    vocabulary = lexicon().vocabulary
    if all(piece in vocabulary or piece[0].isdecimal() or piece in "+:" for piece in tokens):
        return tokens
    return None


@lru_cache(maxsize=8_192)
def _read(text: str, bits: int) -> tuple[Reading, ...]:
    at, rest = _split_time(text)
    tokens: list[str] = []
    for word in rest.split():
        found = _tokens_of_word(word)
        if found is None:
            return ()
        tokens.extend(found)
    if not tokens:
        return ()
    if len(tokens) > 1 and _MINUS.match(rest):
        tokens.append(MINUS)
    signed = _resolve_signs(tokens)
    if signed is None:
        return ()
    tokens, signs, plus = signed
    words = lexicon()
    state = _State(limit="plus" if plus else "", declared=bits != ANY)
    for tier in words.tiers:
        if bits == ANY and tier != words.tiers[0] and _is_homograph(tokens):
            continue
        readings = _read_all(words, tokens, signs, bits & tier, state)
        if at is not None:
            readings = [replace(reading, at=at) for reading in readings if _takes_time(reading)]
        if readings:
            return () if _is_title(text) else tuple(readings)
    return ()


# "Today" and "now" of some language, and words or names of others.
_HOMOGRAPHS: Final = frozenset(
    re.split(
        " ",
        "bana bara brem cora dech gaur gester haut here hitte hora illum jaan jana lani lero lets "
        "linu lolo manje most nento nezuro pan rero sada sad tana tani ted vakar vue yer",
    )
)


def _is_homograph(tokens: list[str]) -> bool:
    """Tell whether one word is too common to be a date when the language is not known."""
    if len(tokens) != 1 or not tokens[0].isascii():
        return False
    return len(tokens[0]) <= 3 or tokens[0] in _HOMOGRAPHS


def _read_all(
    words: Lexicon, tokens: list[str], signs: dict[int, int], bits: int, state: _State
) -> list[Reading]:
    """Return what the tokens say in the languages of `bits`, each different meaning once."""
    readings: list[Reading] = []
    while bits:
        found = _search(words, tokens, signs, 0, bits, state, set())
        if found is None:
            break
        reading, understood = found
        if reading not in readings:
            readings.append(reading)
        bits &= ~understood
    return readings


_MINUS: Final = re.compile(r"\s*[-\u2212]\d")


def _resolve_signs(tokens: list[str]) -> tuple[list[str], dict[int, int], bool] | None:
    """Take plus signs out: "30+ days" sets a limit, "+2 years" after another part takes away.

    Returns:
        None where a plus makes the text a future one, or means nothing.
    """
    if "+" not in tokens and ":" not in tokens:
        return tokens, {}, False
    kept: list[str] = []
    signs: dict[int, int] = {}
    plus = False
    for index, piece in enumerate(tokens):
        if piece == ":":  # after a lead: "Updated: 2h"
            if index == 0 or tokens[index - 1][0].isdecimal():
                return None
            continue
        if piece != "+":
            kept.append(piece)
            continue
        if kept and kept[-1].isdecimal():
            plus = True
        elif kept and index + 1 < len(tokens) and tokens[index + 1][0].isdecimal():
            signs[len(kept)] = -1
        else:
            return None
    return kept, signs, plus


def _search(
    words: Lexicon,
    tokens: list[str],
    signs: dict[int, int],
    start: int,
    bits: int,
    state: _State,
    dead: set[tuple[int, int, _State]],
) -> tuple[Reading, int] | None:
    """Return the first full reading of the tokens from `start`, longest words first.

    `dead` holds where nothing was found before, so that odd text costs no more than its length.
    """
    if start == len(tokens):
        reading = _finish(state, tokens, words, bits)
        return (reading, bits) if reading else None
    if (start, bits, state) in dead:
        return None
    matches = sorted(_walk(words, words.trie, tokens, start, None, bits), key=_end, reverse=True)
    for end, number, entries, allowed in matches:
        for entry in entries:
            left = entry.languages & allowed
            if not left:
                continue
            sign = signs.get(start, 1)
            following = _advance(state, entry, number, sign, tokens[start:end])
            if following is not None:
                found = _search(words, tokens, signs, end, left, following, dead)
                if found:
                    return found
    dead.add((start, bits, state))
    return None


_Match = tuple[int, float | None, list[Entry], int]
"""Where a run of words ends, the number in it, what it means, and in which languages."""


def _end(match: _Match) -> int:
    return match[0]


def _walk(
    words: Lexicon, node: Node, tokens: list[str], at: int, number: float | None, bits: int
) -> Iterator[_Match]:
    """Yield each run of tokens from `at` that the trie holds."""
    entries = node.get("")
    if entries:
        yield at, number, entries, bits
    if at == len(tokens):
        return
    token = tokens[at]
    child = node.get(token)
    if child:
        yield from _walk(words, child, tokens, at + 1, number, bits)
    child = node.get("#")
    if not child or number is not None:
        return
    if token[0].isdecimal():
        if len(token) <= MAX_DIGITS:
            count = float(token.replace(",", "."))
            yield from _walk(words, child, tokens, at + 1, count, bits)
        return
    for end, value, allowed in _numbers(words, tokens, at, bits):
        yield from _walk(words, child, tokens, end, value, allowed)


def _numbers(
    words: Lexicon, tokens: list[str], at: int, bits: int
) -> Iterator[tuple[int, float, int]]:
    """Yield the numbers written in words at `at`: where each ends, its value, its languages."""
    if tokens[at] in CJK_NUMERALS:
        cjk = sum(words.bits[name] for name in ("zh", "ja", "yue", "ko"))
        end = at
        while end < len(tokens) and tokens[end] in CJK_NUMERALS:
            end += 1
        tens, ten, ones = "".join(tokens[at:end]).rpartition("十")
        if len(tens) <= 1 and len(ones) <= 1 and bits & cjk:
            total = (CJK_NUMERALS.get(tens, 1) * 10 if ten else 0) + CJK_NUMERALS.get(ones, 0)
            yield end, float(total), bits & cjk
        return
    for end, value, allowed in _number_words(words.numbers, tokens, at, bits):
        yield end, value, allowed
        if value >= 20 and value % 10 == 0:
            for last, ones_value, both in _number_words(words.numbers, tokens, end, allowed):
                if ones_value < 10:
                    yield last, value + ones_value, both


def _number_words(
    node: Node, tokens: list[str], at: int, bits: int
) -> Iterator[tuple[int, float, int]]:
    for end in range(at, len(tokens) + 1):
        for entry in node.get("", ()):
            if entry.languages & bits:
                yield end, entry.low, entry.languages & bits
        if end == len(tokens) or tokens[end] not in node:
            return
        node = node[tokens[end]]


def _advance(
    state: _State, entry: Entry, number: float | None, sign: int, tokens: list[str]
) -> _State | None:
    """Return the state after one more run of words, or None where it cannot stand there."""
    kind = entry.kind
    size = _SECONDS.get(entry.unit, 0) * max(entry.low, 1)
    if kind in ("count", "part", "unit", "counted", "phrase"):
        if state.kind in ("word", "spread") and state.parts[0][1] != 0:
            return None
        if "second" in tokens and (number or 0) > 1 and not tokens[0][0].isdecimal():
            return None  # "twenty second" is the 22nd
        count = entry.low * (1 if number is None else number) * sign
        parts = () if state.kind in ("word", "spread") else state.parts
        if parts and state.size <= size:
            return None
        bare = state.bare
        if kind in ("part", "unit", "counted"):
            digits = tokens[0][0].isdecimal()
            bare = "words" if not digits or bare == "words" else " ".join(tokens[1:])
        return state._replace(
            parts=(*parts, (entry.unit, count)),
            size=size,
            kind="count",
            ago=state.ago or kind in ("count", "phrase"),
            bare=bare,
        )
    if kind == "word":
        if state.filler or (state.kind and state.kind != "word"):
            return None
        if state.parts and (state.size <= size or not entry.low):
            return None
        parts = (*state.parts, (entry.unit, entry.low))
        return state._replace(parts=parts, size=size, kind="word", ago=True)
    if kind == "spread":
        if state.kind:
            return None
        spread = ((entry.unit, entry.low), (entry.unit, entry.high))
        return state._replace(parts=spread, kind="spread", ago=True)
    if kind == "ago":
        return state._replace(ago=True)
    if kind == "filler":
        return state._replace(filler=state.filler or not state.parts)
    if kind == "lead":
        return None if state.parts else state._replace(lead=True)
    return None if state.limit or state.parts else state._replace(limit=kind)


# "2000 лет" is a count; "2024 год" is a year.
_PLURAL_YEARS: Final = frozenset({"лет", "years", "ans", "anos", "anni", "lat", "let"})

# Units that mean a day, a month or a time of day when nothing says that they are counted.
_CALENDAR_SIGNS: Final = frozenset(
    fold(sign) for sign in ("年", "月", "日", "号", "號", "時", "时", "点", "點", "分", "秒")
) | frozenset(" ".join(tokenize(fold(sign))) for sign in ("년", "월", "일", "시", "분", "초"))

_COMPACT: Final = frozenset("mhdwy")
_IDEOGRAPHS: Final = re.compile("[\u1100-\u11ff\u2e80-\u9fff]")


def _finish(state: _State, tokens: list[str], words: Lexicon, bits: int) -> Reading | None:
    """Return the reading of a whole text, or None where a bare count is not to be trusted."""
    if not state.parts:
        return None
    if not state.ago and state.limit in ("less", "almost") and _is_french_limit(words, bits):
        state = state._replace(ago=True)
    if not state.ago and not _is_trusted_bare(state, tokens, words, bits):
        return None
    if any(count < 0 for _, count in state.parts[:1]):
        return None
    return Reading(state.parts, state.kind, state.limit)


def _is_french_limit(words: Lexicon, bits: int) -> bool:
    """Tell whether a limit alone makes a count past: French prints "moins de 2 minutes"."""
    return bits & ~words.bits["fr"] == 0


def _is_trusted_bare(state: _State, tokens: list[str], words: Lexicon, bits: int) -> bool:
    """Tell whether a count without "ago" is printed as a date."""
    if not state.declared and not bits & (words.tiers[0] | words.tiers[1]):
        return False
    if state.bare == "words" or state.filler or (state.limit and not state.lead):
        return False
    unit, count = state.parts[0]
    if len(state.parts) > 1:
        ranks = [_RANK[name] for name, _ in state.parts]
        if ranks[0] < _RANK["day"] or (ranks[-1] < _RANK["hour"] and ranks[-2] > _RANK["hour"]):
            return False  # "1 h 30 min" is how long something takes
        units = _units_of(tokens)
        if not state.lead and all(len(unit) == 1 for unit in units):
            return False  # "4m 2s"
        return not all(unit in _CALENDAR_SIGNS for unit in units)
    if _IDEOGRAPHS.search(state.bare):
        return False  # "3天" and "1週間" are how long; a date says 前
    if len(state.bare) == 1 and not state.lead:
        return state.bare in _COMPACT and count < 100 and tokens[0].isdecimal()
    if len(state.bare) == 2 and not bits & words.tiers[0]:
        return False
    if unit == "year":
        return not 1500 <= count < 3000 or state.bare in _PLURAL_YEARS
    return count < 1000


def _units_of(tokens: list[str]) -> list[str]:
    """Return the words between the numbers."""
    units: list[str] = []
    for token in tokens:
        if token[0].isdecimal():
            units.append("")
        elif units:
            units[-1] = f"{units[-1]} {token}".strip()
    return units


_TITLE: Final = re.compile(
    r"\d+ (?:Seconds?|Minutes?|Hours?|Days?|Weeks?|Months?|Years?)"  # 60 Minutes
    r"|\d+[A-Z]"  # 3D
    r"|\d+-[^\W\d]+"  # 14-Tage
    r"|\d+[A-Za-zÀ-ɏЀ-ӿ]{4,}"  # 20minutos
)
_COMPACT_SPACED: Final = re.compile(r"\d+\s+[A-Za-z]")


def _is_title(text: str) -> bool:
    """Tell whether a bare count is written like a title: 60 Minutes, 7 Days, 3D."""
    stripped = text.strip()
    return bool(_TITLE.fullmatch(stripped) or _COMPACT_SPACED.fullmatch(stripped))


_TIME: Final = (
    r"(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?"
)
_CONNECTIVE: Final = (
    r"(?:(?:at|by|в|во|о|об|у|ў|um|à|a\s+las?|às|as|alle(?:\s+ore)?|ore|om|kl\.?|klo|saat|soat|"
    r"сағат|соат|v|ve|o|w|lúc|på|la|στις|الساعة|في)\s*)?"
)
_TIME_LAST: Final = re.compile(
    rf"^(?P<rest>.*?[^\s\d.:,])[\s,(–—|·-]+{_CONNECTIVE}{_TIME}\s*(?:uhr|h)?\)?$", re.I
)
_TIME_FIRST: Final = re.compile(rf"^{_TIME}[\s,–—|·-]+(?P<rest>\D.*)$", re.I)
_CLOCK: Final = re.compile(r"\d[:.h]\d\d(?!\d)|\d\s*[ap]\.?\s?m\b|\d\s*uhr", re.I)


def _split_time(text: str) -> tuple[time | None, str]:
    """Take a time of day off the end or the start of a text."""
    if not _CLOCK.search(text):
        return None, text
    stripped = text.strip()
    match = _TIME_LAST.match(stripped) or _TIME_FIRST.match(stripped)
    if not match:
        return None, text
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if not match["minute"] and not (half and 1 <= hour <= 12):
        return None, text
    if half == "a" and hour > 12:  # "13:30 AM" contradicts itself: what it stands beside does not
        return None, match["rest"]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0)), match["rest"]


def _takes_time(reading: Reading) -> bool:
    """Tell whether a time of day can stand beside what was read: it names a day."""
    return reading.kind in ("word", "count") and all(
        _RANK[unit] >= _RANK["day"] for unit, _ in reading.parts
    )


__all__ = ["Reading", "language_bits", "read"]
