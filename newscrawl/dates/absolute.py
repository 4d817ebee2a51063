"""Dates as pages print them, read as intervals: days, months, times, whole seconds.

Fast forms first (ISO 8601, numbers), then names of months and weekdays in 200 languages, then
dateparser, which is only shown what is a date but for one strange word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache, reduce
from importlib import resources
from typing import Any, Final, NamedTuple

from .calendars import gregorian_year, minguo_year, without_eras, without_solar_days
from .fold import fold, tokenize
from .interval import DateInterval, Precision, as_interval, shift
from .lexicon import Lexicon, language_bits, lexicon
from .relative import parse_relative
from .zones import offset_zone, read_zone, region_of, rfc_zone, split_zone, zone_of

MAX_LENGTH: Final = 100
"""Characters; a weekday, a long month, a time and a zone take about 60."""

ORDERS: Final = ("DMY", "MDY", "YMD", "YDM")

# Earlier years are not printed on news pages.
FIRST_YEAR: Final = 1600

# A year of two digits is of this century up to here, as strptime has it.
PIVOT: Final = 68

# Its bounds in every zone are no instants that `datetime` has.
_LAST_DAY: Final = date.max


@dataclass(frozen=True, slots=True)
class _Day:
    """A date as printed; the month or the day may be missing."""

    year: int
    month: int | None = None
    day: int | None = None


def parse_date(
    text: str,
    *,
    anchor: date | datetime | DateInterval | None = None,
    language: str | None = None,
    order: str | None = None,
    timezone: str | tzinfo | None = None,
    widget: str | None = None,
) -> DateInterval | None:
    """Read a date as a page prints it, lead words ("Published:") and all.

    Args:
        text: the whole of what is printed where a date belongs.
        anchor: the page's own date: a date without a year is the last such day until then, and
            relative dates are read too.
        language: BCP 47 tag; without it every language is tried.
        order: of numbers, `DMY`, `MDY`, `YMD` or `YDM`, as the site declares it; without it the
            language's. Where neither decides, 03/04/2024 covers both its days.
        timezone: the site's zone (IANA name, offset or tzinfo) for days, and for times that are
            printed without one; without it the result says that its zone is not known.
        widget: what prints the site's relative dates, a name of `WIDGETS`.

    Returns:
        The interval, as precise as the text; None where the text is anything but a date.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the language, the order, the zone or the widget is unknown, or the anchor naive.
    """
    if not isinstance(text, str):
        raise TypeError(f"a string is wanted, not {text!r}")
    if order is not None and order not in ORDERS:
        raise ValueError(f"order is one of {', '.join(ORDERS)}, not {order!r}")
    bits, zone = language_bits(language), zone_of(timezone)
    until = as_interval(anchor) if anchor is not None else None
    stripped = text.strip()
    if _DIGIT.search(stripped) and len(stripped) <= MAX_LENGTH:
        until_zone = until.zone if until else None
        found = _read_text(stripped, bits, language, order, zone, until, until_zone)
        if found is not None:
            return found
    if anchor is not None:
        return parse_relative(text, anchor, language=language, widget=widget)
    return None


_DIGIT: Final = re.compile(r"\d")


@lru_cache(maxsize=4_096)
def _read_text(
    text: str,
    bits: int,
    language: str | None,
    order: str | None,
    zone: tzinfo | None,
    until: DateInterval | None,
    _until_zone: tzinfo | None,
) -> DateInterval | None:
    """Read a text with a digit; intervals are equal in any zone, so theirs is part of the key."""
    fast = _read_iso(text, zone)
    if fast is not None:
        return fast
    text = plain(text, language)
    for candidate in _without_lead(text):
        found = _read_any(candidate, bits, language, order, zone, until)
        if found is not None:
            return found
    return _ask_dateparser(text, language, order, zone)


def read_plain(
    text: str,
    language: str | None,
    order: str | None,
    zone: tzinfo | None,
    *,
    with_lead: bool = False,
) -> DateInterval | None:
    """Read a `plain` text that is a day, a clock and a zone, or has a lead word before them.

    Arguments as for `parse_date`, which reads any other.
    """
    bits = language_bits(language)
    for candidate in _without_lead(text) if with_lead else (text,):
        found = _read_iso(candidate, zone) or _read_any(
            candidate, bits, language, order, zone, None
        )
        if found is not None:
            return found
    return None


_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_SPACES: Final = re.compile(r"\s+")
_SOLAR_LANGUAGES: Final = frozenset(("fa", "ps", "prs", "mzn", "lrc"))


def plain(text: str, language: str | None) -> str:
    """Return a text with plain digits and spaces, no invisible marks, and Gregorian years.

    Args:
        text: as printed.
        language: BCP 47 tag; it tells whether numbers alone can be a Persian day.
    """
    if not text.isascii():
        text = "".join(_plain_character(c) for c in text)
        text = without_eras(text)
    text = _SPACES.sub(" ", text).strip()
    if "/" in text:
        text = _TWO_NAMES.sub(_one_name, text)
    numbered = language is None or re.split("[-_]", language)[0].lower() in _SOLAR_LANGUAGES
    return without_solar_days(text, numbered=numbered)


_NAME: Final = r"[^\W\d_]{2,14}(?: [^\W\d_]{2,14})?"
_TWO_NAMES: Final = re.compile(rf"(?<![^\W\d_])({_NAME}) ?/ ?({_NAME})(?![^\W\d_])")


def _one_name(match: re.Match[str]) -> str:
    """Return the first of two names of one month, as the Levant prints both: "نيسان / أبريل"."""
    first, second = (_months_named(fold(name)) for name in match.groups())
    return match[1] if first & second else match[0]


def _months_named(name: str) -> set[int]:
    meanings = _calendar().words.get(" ".join(tokenize(name)), ())
    return {number for kind, number, _ in meanings if kind == "month"}


@lru_cache(maxsize=4_096)
def _plain_character(character: str) -> str:
    """Return a digit of any script as ASCII; nothing for marks of direction and their kin."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return "" if category == "Cf" else character


def parse_page_date(text: str, language: str | None = None) -> date | None:
    """Read a masthead line, "Saturday, 21 December 2024", as the page's own date.

    The whole line must be one day: no lead word, which would make it an item's date, no relative
    date, and no numbers that can be two days.

    Args:
        text: the line.
        language: BCP 47 tag; without it every language is tried.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the language is unknown.
    """
    if not isinstance(text, str):
        raise TypeError(f"a string is wanted, not {text!r}")
    bits = language_bits(language)
    stripped = text.strip()
    if not 8 <= len(stripped) <= MAX_LENGTH or not any(map(str.isdecimal, stripped)):
        return None
    stripped = plain(stripped, language)
    found = _read_iso(stripped, None) or _read_any(stripped, bits, language, None, None, None)
    if found is None or found.best is None or found.precision in ("month", "year"):
        return None
    return found.best.date()


# ISO 8601

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:(?:[Tt]|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?"
    r"\s*([Zz]|[+\u2212-]\d\d(?::?\d\d)?Z?)?)?)?"
    r"|(\d{4})(\d\d)(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?|(\d{4})",
    re.ASCII,
)


def _read_iso(text: str, zone: tzinfo | None) -> DateInterval | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    groups = match.groups()
    if groups[14]:
        year = int(groups[14])
        return DateInterval.year(year, zone) if 1900 <= year < 2100 else None
    parts = groups[:7] if groups[0] else groups[7:14]
    hour, minute, second, offset = parts[3:]
    printed = _Day(int(parts[0]), int(parts[1]), int(parts[2]) if parts[2] else None)
    at = time_of(hour, minute, second) if hour else None
    if hour and at is None:
        return None
    stated = (offset_zone(offset) if offset else None) or zone
    return _interval(printed, at, bool(second), stated)


def time_of(hour: str, minute: str | None, second: str | None) -> time | None:
    """Return a time of day; 24:00 and leap seconds are the last second. None where impossible."""
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if (h, m, s) == (24, 0, 0):
        return time(23, 59, 59)
    return time(h, m, min(s, 59)) if h < 24 and m < 60 and s <= 60 else None


def _interval(
    printed: _Day, at: time | None, to_second: bool, zone: tzinfo | None
) -> DateInterval | None:
    """Return what a date and a time mean in a zone, None where there is no such date."""
    if printed.year < FIRST_YEAR:
        return None
    try:
        if printed.month is None:
            return DateInterval.year(printed.year, zone)
        if printed.day is None:
            return DateInterval.month(printed.year, printed.month, zone)
        day = date(printed.year, printed.month, printed.day)
        if day == _LAST_DAY:
            return None
        if at is None:
            return DateInterval.day(day, zone)
        moment = datetime.combine(day, at, zone or UTC)
    except (ValueError, OverflowError):
        return None
    precision: Precision = "second" if to_second else "minute"
    width = timedelta(seconds=1) if to_second else timedelta(minutes=1)
    return DateInterval(moment, shift(moment, width), precision, zone is not None, moment, zone)


# Lead words


def _without_lead(text: str) -> Iterable[str]:
    """Yield a text, and then without the lead words it begins with ("Published on")."""
    yield text
    words = text.split()
    leads = _leads()
    for size in range(min(4, len(words) - 1), 0, -1):
        if " ".join(tokenize(fold(" ".join(words[:size]).rstrip(" :")))) in leads:
            rest = " ".join(words[size:]).lstrip(" :|-–—")
            if rest:
                yield rest
            return
    head, colon, rest = text.partition(":")
    if colon and " ".join(tokenize(fold(head))) in leads and rest.strip():
        yield rest.strip()


@cache
def _leads() -> frozenset[str]:
    idiom = json.loads((resources.files(__package__) / "data" / "idiom.json").read_text("utf-8"))
    return frozenset(" ".join(tokenize(fold(lead))) for lead in idiom["lead"])


# Any printed date


def _read_any(
    text: str,
    bits: int,
    language: str | None,
    order: str | None,
    zone: tzinfo | None,
    until: DateInterval | None,
) -> DateInterval | None:
    is_rfc = _RFC_822.match(text) is not None
    if language is None and _HANGUL.search(text):
        language = "ko"  # whose order of numbers holds
    for at, to_second, rest, zone_text in _clocks(text):
        days = _read_days(rest, bits, language, order, until)
        if not days:
            continue
        intervals = []
        for printed in days:
            stated: tzinfo | bool | None = zone
            if zone_text:
                stated = _zone_at(zone_text, printed, at, zone, language, is_rfc)
                if stated is False:
                    break
            if at is not None and printed.day is None:
                break
            known = stated if isinstance(stated, tzinfo) else None
            intervals.append(_interval(printed, at, to_second, known))
        found = [interval for interval in intervals if interval]
        if found:
            return reduce(_cover, found)
    return None


def _cover(a: DateInterval, b: DateInterval) -> DateInterval:
    return a | b or a


# "Tue, 05 Nov 2024 10:00:00 CST": RFC 822 says which of the zones called CST that is.
_RFC_822: Final = re.compile(
    r"(?:[A-Z][a-z]{2,8}, ?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d"
    r"|\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?=:))(?::\d\d)? [A-Z]{2,3}$"
)


def _zone_at(
    text: str,
    printed: _Day,
    at: time | None,
    site: tzinfo | None,
    language: str | None,
    is_rfc: bool,
) -> tzinfo | bool | None:
    if is_rfc and (zone := rfc_zone(text)):
        return zone
    day = date(printed.year, printed.month or 1, printed.day or 1)
    return read_zone(text, datetime.combine(day, at or time()), site, region_of(language))


_CLOCK: Final = re.compile(
    r"(?<![\d.:/-])(?P<hour>[01]?\d|2[0-4])[:.h](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d|60))?"
    r"(?![\d/])\s*(?P<half>[ap]\.?\s?m\b\.?|مساء\S?|صباحا?\S?|ب\.ظ\.?|ق\.ظ\.?)?(?:\s*(?:uhr|hrs?|h|น\.|ч\.?)(?!\w))?",
    re.IGNORECASE,
)
_HALF_HOUR: Final = re.compile(
    r"(?<![\d.:/-])(?P<hour>1[0-2]|0?[1-9])\s*(?P<half>[ap]\.?m\b\.?)", re.I
)
_AFTERNOON: Final = ("下午", "午後", "오후", "晚上", "傍晚")
_PM: Final = ("p", "م", "ب")  # pm, مساءً, ب.ظ
_HALVES: Final = ("上午", "午前", "오전", "凌晨", "早上", "清晨", *_AFTERNOON)
_CJK_CLOCK: Final = re.compile(
    rf"(?P<half>{'|'.join(_HALVES)})?\s*(?<!\d)(?P<hour>\d{{1,2}})\s*[时時点點시:]\s*"
    r"(?:(?P<minute>\d{1,2})\s*[分분:]?\s*(?:(?P<second>\d{1,2})\s*[秒초]?)?)?"
)
_BEFORE_CLOCK: Final = re.compile(
    r"(?:[\s,;|/·•∙@(–—-]|\b(?:at|by|в|во|о|об|um|à|a\s+las?|às|as|alle(?:\s+ore)?|ore|om|kl\.?|klo|saat|"
    r"soat|сағат|соат|lúc|godz\.?|la|เวลา|الساعة|ساعت|बजे)(?=\s|$))*$",
    re.IGNORECASE,
)


def _clocks(text: str) -> Iterable[tuple[time | None, bool, str, str]]:
    """Yield (time, known to the second, the text without it, the zone after it) of a text.

    The time is None where the text has none, or one that contradicts itself.
    """
    for pattern in (_CLOCK, _HALF_HOUR, _CJK_CLOCK):
        matches = list(pattern.finditer(text))
        for match in matches[-1:] + matches[:-1]:
            groups = match.groupdict()
            at = _time_with_half(
                groups["hour"],
                groups.get("minute"),
                groups.get("second"),
                groups.get("half"),
            )
            if at is None and not groups.get("half"):
                continue  # of "13:30 AM" the clock is refused and the day stands
            before = _BEFORE_CLOCK.sub("", text[: match.start()])
            after = text[match.end() :].strip()
            to_second = bool(groups.get("second"))
            if before and not after.strip(" ,.;|-–—)("):
                yield at, to_second, before, ""
            elif before:
                yield at, to_second, before, after
                yield at, to_second, f"{before} {after.lstrip(' ,;|-–—')}", ""
                if parted := split_zone(after):  # "10:00:00 +0000 2024"
                    yield at, to_second, f"{before} {parted[1]}", parted[0]
            elif after:
                yield at, to_second, after.lstrip(" ,;|·•-–—"), ""
                if parted := split_zone(after):  # "2:30 PM EST, December 17, 2024"
                    yield at, to_second, parted[1].lstrip(" ,;|·•-–—"), parted[0]
    yield None, False, text, ""
    if day := _DAY_AND_ZONE.match(text):
        yield None, False, day[1], day[2]


_DAY_AND_ZONE: Final = re.compile(r"^(.*\d{4}),? \(?([A-Z]{1,4})\)?$")  # "26 Sep 2022 GMT"


def _time_with_half(
    hour: str, minute: str | None, second: str | None, half: str | None
) -> time | None:
    """Return a time of day; None where it is impossible, or of the other half of the day."""
    at = time_of(hour, minute, second)
    if at is None or not half:
        return at
    afternoon = half[0].lower() in _PM or half in _AFTERNOON
    if at.hour > 12:
        return at if afternoon else None
    return at.replace(hour=at.hour % 12 + (12 if afternoon else 0))


# The day


_NUMERIC: Final = re.compile(
    r"(?<!\d)(\d{1,4})\s?([./|-])\s?(\d{1,2})\s?\2\s?(\d{2,4})(?:\s*(?:г|й|ж|r|y)\.?)?\.?"
)
_COUNT: Final = re.compile(r"\(\d+\)\s*$")  # "April 2018 (9)"
_CJK: Final = re.compile(
    r"(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.](?:\s*(\d{1,2})\s*[日号號일.]?)?"
    r"\s*[（(]?\s*(?:(?:星期|周|週|礼拜)?[一二三四五六日天月火水木金土월화수목금토일](?:曜日?|요일)?)?\s*[)）]?"
)


def _read_days(
    text: str, bits: int, language: str | None, order: str | None, until: DateInterval | None
) -> list[_Day]:
    """Return the days that a text without a time can mean: none, one, or two that differ."""
    if _COUNT.search(text):
        return []
    trimmed = text.strip(' ,;|/·•∙()[]–—-"“”«»')
    if not trimmed.isascii():
        # Folding would make one word of the short forms of January (ม.ค.) and March (มี.ค.).
        trimmed = trimmed.replace("มี.ค.", "มีนาคม")
    match = _NUMERIC.search(trimmed)
    if match and match.end() == len(trimmed):
        days = _numeric_days(match, language, order)
        before = trimmed[: match.start()]
        if all(" ".join(tokenize(fold(word))) in _BARE_FILLERS for word in before.split()):
            return days
        weekdays = _weekdays_of(before, bits)
        agreeing = [d for d in days if _weekday(d) in weekdays]
        return agreeing or (days if weekdays else [])
    match = _CJK.fullmatch(trimmed)
    if match:
        year, month, day = int(match[1]), int(match[2]), match[3]
        return _valid([_Day(year, month, int(day) if day else None)])
    return list(_named_days(trimmed, bits, until))


def _valid(days: Sequence[_Day]) -> list[_Day]:
    return [d for d in days if _exists(d)]


def _exists(printed: _Day) -> bool:
    try:
        day = date(printed.year, printed.month or 1, printed.day or 1)
    except ValueError:
        return False
    return printed.year >= FIRST_YEAR and day != _LAST_DAY


# Languages that put the year first even when it has two digits: "24.12.17."
_YEAR_FIRST: Final = frozenset(("ja", "ko", "zh", "yue", "hu", "lt", "mn"))


def _numeric_days(match: re.Match[str], language: str | None, order: str | None) -> list[_Day]:
    first, sign, second, third = match[1], match[2], match[3], match[4]
    orders: tuple[str, ...]
    code = re.split("[-_]", language)[0].lower() if language else ""
    if len(first) == 3 and code in ("zh", "yue") and len(third) <= 2:  # 113/12/17
        first = str(minguo_year(first))
    if len(first) == 4:
        if len(third) > 2:
            return []
        orders = ("YDM",) if order == "YDM" else ("YMD",)
    elif len(first) == 3 or len(third) == 3:
        return []
    elif len(third) == 4 and order in ("DMY", "MDY"):
        orders = (order,)
    elif len(third) == 2 and code in _YEAR_FIRST and len(first) == 2 and not order:
        orders = ("YMD",)
    elif sign == "." and len(third) == 4:  # nobody writes months first with dots
        orders = ("DMY",)
    elif len(third) == 2 and not order and (len(first) < 2 or len(second) < 2):
        return []  # "7.4.30" is a version
    elif len(third) == 2:
        orders = (order,) if order else ("DMY",) if sign == "." else _orders_of(language)
    else:
        orders = tuple(o for o in _orders_of(language) if o != "YMD") or ("DMY", "MDY")
    days = _days_in(orders, (first, second, third), code)
    if not days and order is None and len(third) == 4:
        days = _days_in(("DMY", "MDY"), (first, second, third), code)  # "2.23.2025"
    return days


def _days_in(orders: Iterable[str], numbers: tuple[str, str, str], code: str) -> list[_Day]:
    """Return the days that three numbers are in some orders, each once."""
    days = []
    for name in orders:
        parts = dict(zip(name, numbers, strict=True))
        year = _full_year(parts["Y"], thai=code == "th")
        if year is not None:
            days.append(_Day(year, int(parts["M"]), int(parts["D"])))
    return sorted(set(_valid(days)), key=lambda d: (d.year, d.month or 0, d.day or 0))


def _weekday(printed: _Day) -> int:
    return date(printed.year, printed.month or 1, printed.day or 1).isoweekday()


def _weekdays_of(text: str, bits: int) -> set[int]:
    """Return the weekdays, 1 for Monday, that the words before a numeric date mean."""
    key = " ".join(tokenize(fold(text)))
    meanings = _calendar().words.get(key, ())
    return {number for kind, number, mask in meanings if kind == "weekday" and mask & bits}


def _full_year(digits: str, *, thai: bool = False) -> int | None:
    year = gregorian_year(digits, thai=thai)
    if year is not None:
        return year
    number = int(digits)
    return (2000 if number <= PIVOT else 1900) + number if len(digits) == 2 else None


@lru_cache(maxsize=256)
def _orders_of(language: str | None) -> tuple[str, ...]:
    """Return the orders that a language's numeric dates may have.

    English is read both ways unless its region says which: the United States, Micronesia and the
    Philippines begin with the month (CLDR).
    """
    if language is None:
        return ("DMY", "MDY")
    subtags = re.split("[-_]", language)
    region = next((tag.upper() for tag in subtags[1:] if len(tag) == 2), None)
    if subtags[0].lower() == "en":
        if region is None:
            return ("DMY", "MDY")
        return ("MDY",) if region in ("US", "FM", "PH") else ("DMY",)
    order = _calendar().order.get(subtags[0].lower(), "DMY")
    return (order,)


# Named months


class _Calendar(NamedTuple):
    """Names of months and weekdays.

    Args:
        words: folded tokens to what they mean: (kind, number, languages).
        longest: tokens of the longest name.
        order: language to its order of day, month and year.
    """

    words: dict[str, tuple[tuple[str, int, int], ...]]
    longest: int
    order: dict[str, str]


# Words that stand in a date and say nothing. Ordinal endings follow a number.
_FILLERS: Final = re.split(
    r"\s+",
    "the of от am vom du em de del di d den dem der le la el az a st nd rd th er e o an en em no "
    "on um at in kl il í ar na dne roku r ja gada gads dia día và m el. l'an ev yil yili yildagi "
    "năm ngày tháng г год года году гг р рік року жылғы жыл жылы жылдың ж ші шы го й йил йили в во "
    "ค พ.ศ. ที่ วันที่ के في م",
)


# Names that CLDR's calendars leave out: of the Levant and Iraq, of Algeria and Tunisia, of Morocco;
# and weekdays as English feeds shorten them.
_OTHER_NAMES: Final[dict[str, dict[str, tuple[str, int]]]] = {
    "ar": {
        name: ("month", number)
        for number, names in enumerate(
            (
                ("كانون الثاني", "جانفي"),
                ("شباط", "فيفري"),
                ("آذار",),
                ("نيسان", "أفريل"),
                ("أيار", "ايار", "ماي"),
                ("حزيران", "جوان"),
                ("تموز", "جويلية", "يوليوز"),
                ("آب", "أوت", "غشت"),
                ("أيلول", "شتنبر"),
                ("تشرين الأول",),
                ("تشرين الثاني", "نونبر"),
                ("كانون الأول", "دجنبر"),
            ),
            1,
        )
        for name in names
    },
    "en": {
        "Tues": ("weekday", 2),
        "Weds": ("weekday", 3),
        "Thur": ("weekday", 4),
        "Thurs": ("weekday", 4),
    },
}

_BARE_FILLERS: Final = frozenset(" ".join(tokenize(fold(filler))) for filler in _FILLERS)


@cache
def _calendar_data() -> dict[str, Any]:
    text = (resources.files(__package__) / "data" / "calendar.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def month_names(language: str) -> dict[str, int]:
    """Return the names of the months in a language, :func:`folded <fold>`, and their numbers.

    Args:
        language: code of a language, "de"; one that is not known has no names.
    """
    months = _calendar_data()["languages"].get(language, {}).get("month", {})
    return {name: int(number) for number, names in months.items() for name in names}


@cache
def all_month_names() -> frozenset[str]:
    """Return the folded names of months in all languages that are known."""
    return frozenset(name for code in _calendar_data()["languages"] for name in month_names(code))


@cache
def _calendar() -> _Calendar:
    data = _calendar_data()
    bits = _all_bits(lexicon(), data["languages"])
    words: dict[str, dict[tuple[str, int], int]] = {}
    for language, table in data["languages"].items():
        for kind in ("month", "weekday"):
            for number, names in table[kind].items():
                for name in names:
                    if len(name) == 1 and name.isascii():
                        continue  # "2024 X" is more often a name
                    meanings = words.setdefault(name, {})
                    meaning = (kind, int(number))
                    meanings[meaning] = meanings.get(meaning, 0) | bits[language]
    for language, names_of in _OTHER_NAMES.items():
        for name, meaning in names_of.items():
            meanings = words.setdefault(" ".join(tokenize(fold(name))), {})
            meanings[meaning] = meanings.get(meaning, 0) | bits[language]
    for filler in _FILLERS:
        words.setdefault(" ".join(tokenize(fold(filler))), {})["filler", 0] = -1
    _drop_ambiguous(words)
    words["ม ค"] = {("month", 1): bits["th"]}  # March is spelt out by _read_days
    flat = {
        word: tuple((kind, number, mask) for (kind, number), mask in meanings.items())
        for word, meanings in words.items()
        if word
    }
    order = {name: table.get("order", "DMY") for name, table in data["languages"].items()}
    return _Calendar(flat, max(len(word.split()) for word in flat), order)


def _drop_ambiguous(words: dict[str, dict[tuple[str, int], int]]) -> None:
    """Take a word that means two months from the languages in which it does."""
    for meanings in words.values():
        once = twice = 0
        for (kind, _), mask in meanings.items():
            if kind == "month":
                twice |= once & mask
                once |= mask
        for meaning in meanings if twice else ():
            if meaning[0] == "month":
                meanings[meaning] &= ~twice


def _all_bits(words: Lexicon, names: Iterable[str]) -> dict[str, int]:
    """Return the lexicon's bits, and new ones for languages that it has not."""
    bits = dict(words.bits)
    for name in names:
        bits.setdefault(name, 1 << len(bits))
    return bits


_SHORTEST_MONTH: Final = 3


def _named_days(text: str, bits: int, until: DateInterval | None) -> list[_Day]:
    """Return the days that a text with a month's name means."""
    calendar = _calendar()
    found: list[_Day] = []
    words = [piece for word in text.split() if (piece := _tokens(word)) is not None]
    if len(words) != len(text.split()):
        return []
    tokens = [token for piece in words for token in piece]
    tiers = lexicon().tiers
    language_free = bits == -1 or bits.bit_count() > 1
    for tier in (*tiers, ~sum(tiers)):
        left = bits & tier
        while left:
            reading = _match_names(calendar, tokens, 0, left, (), (), set())
            if reading is None:
                break
            months, numbers, understood = reading
            # "10 di 27" is ten of twenty-seven, whatever month is short so somewhere.
            is_short = language_free and text.isascii() and max(map(len, tokens)) < _SHORTEST_MONTH
            printed = _day_of(months, numbers, until, understood, is_short)
            if printed is not None and printed not in found:
                found.append(printed)
            left &= ~understood
        if found:
            return found
    return found


@lru_cache(maxsize=8_192)
def _tokens(word: str) -> tuple[str, ...] | None:
    """Return a word's tokens; None for what no date holds, so that prose ends early."""
    tokens = tuple(tokenize(fold(word)))
    if all(token[0].isdecimal() or token in _vocabulary() for token in tokens):
        return tokens
    return None


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(token for name in _calendar().words for token in name.split())


_Names = tuple[tuple[tuple[int, int], ...], tuple[str, ...], int]
"""Months, each with how many numbers come before it; numbers; languages."""


def _match_names(
    calendar: _Calendar,
    tokens: list[str],
    at: int,
    bits: int,
    months: tuple[tuple[int, int], ...],
    numbers: tuple[str, ...],
    dead: set[tuple[int, int, int, int]],
) -> _Names | None:
    """Return (months, numbers, languages) of tokens that are all names, numbers or fillers.

    `dead` holds where nothing was found before, so that odd text costs no more than its length.
    """
    if len(months) > 1 or len(numbers) > 2:
        return None
    if at == len(tokens):
        return (months, numbers, bits) if months else None
    here = (at, bits, len(months), len(numbers))
    if here in dead:
        return None
    for end in range(min(len(tokens), at + calendar.longest), at, -1):
        for kind, number, languages in calendar.words.get(" ".join(tokens[at:end]), ()):
            if languages & bits:
                more = (*months, (number, len(numbers))) if kind == "month" else months
                both = languages & bits
                found = _match_names(calendar, tokens, end, both, more, numbers, dead)
                if found:
                    return found
    if tokens[at][0].isdecimal():
        more_numbers = (*numbers, tokens[at])
        found = _match_names(calendar, tokens, at + 1, bits, months, more_numbers, dead)
        if found:
            return found
    dead.add(here)
    return None


# "April 2018 9" and "9 2018 April": how many numbers precede the month, and which is the year.
_NO_ORDERS: Final = ((0, [True, False]), (2, [False, True]))


def _day_of(
    months: tuple[tuple[int, int], ...],
    numbers: tuple[str, ...],
    until: DateInterval | None,
    languages: int,
    is_short: bool = False,
) -> _Day | None:
    """Return the date of one month and the numbers beside it.

    Beside a month of two letters a year of two digits is none, where no language is declared.
    """
    month, before = months[0]
    if (before, [len(number) == 4 for number in numbers]) in _NO_ORDERS:
        return None
    years = [n for n in numbers if len(n) == 4]
    others = [n for n in numbers if len(n) <= 2]
    if (
        len(years) + len(others) != len(numbers)
        or len(years) > 1
        or not all(map(str.isdecimal, numbers))
    ):
        return None
    thai = languages == lexicon().bits["th"]
    if years:
        year = _full_year(years[0], thai=thai) or 0
        printed = _Day(year, month, int(others[0]) if others else None)
    elif len(others) == 2:
        year_of_two = _full_year(others[1].zfill(2), thai=thai)
        if len(others[1]) < 2 or year_of_two is None or is_short:
            return None
        printed = _Day(year_of_two, month, int(others[0]))
    elif len(others) == 1 and until is not None and until.latest is not None:
        printed_or_none = _last_such_day(month, int(others[0]), until)
        if printed_or_none is None:
            return None
        printed = printed_or_none
    else:
        return None
    return printed if _exists(printed) else None


def _last_such_day(month: int, day: int, until: DateInterval) -> _Day | None:
    """Return the last such day of the calendar that is not after the anchor's day."""
    if until.latest is None:
        return None
    end = shift(until.latest, -timedelta(microseconds=1)).astimezone(until.zone or UTC).date()
    for year in range(end.year, max(end.year - 8, 1), -1):
        printed = _Day(year, month, day)
        if _exists(printed) and date(year, month, day) <= end:
            return printed
    return None


# dateparser

# A day, a word or two, a year: "21 strange 2024", "strange 21, 2024".
_ALMOST_A_DATE: Final = re.compile(
    r"(?:[^\W\d]+,\s+)?"
    r"(?:\d{1,2}[.\s-]+(?:[^\W\d]+\s+)?[^\W\d]+[.,-]?\s*(?:[^\W\d]+\s+)?(?:19|20)\d\d"
    r"|[^\W\d]+\.?\s+\d{1,2},?\s+(?:19|20)\d\d)"
)


def _ask_dateparser(
    text: str, language: str | None, order: str | None, zone: tzinfo | None
) -> DateInterval | None:
    """Let dateparser read a day in a declared language; None where it may be prose.

    It takes many words for dates, so it sees only a day and a year around a word that our
    calendars do not hold. No part may come from the clock.
    """
    if language is None or not _ALMOST_A_DATE.fullmatch(text):
        return None
    return _dateparser_day(text, re.split("[-_]", language)[0].lower(), order, zone)


def _dateparser_day(
    text: str, code: str, order: str | None, zone: tzinfo | None
) -> DateInterval | None:
    from dateparser.date import DateDataParser  # slow to import, seldom needed

    settings: dict[str, Any] = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": datetime(2000, 1, 1),  # dateparser wants a naive one
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    if order is not None:
        settings["DATE_ORDER"] = order
    try:
        found = DateDataParser(languages=[code], settings=settings).get_date_data(text)
    except (ValueError, OverflowError):
        return None
    moment = found.date_obj
    if moment is None:
        return None
    at = None if moment.time() == time() else moment.time().replace(microsecond=0)
    return _interval(_Day(moment.year, moment.month, moment.day), at, bool(moment.second), zone)
