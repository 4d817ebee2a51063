"""Time zones as pages print them: offsets, abbreviations, "Almaty time"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from .fold import fold, tokenize
from .interval import read_offset

_OFFSET: Final = re.compile(
    r"(?:utc|gmt|msk|мск)?\s*([+\u2212-])\s?(\d{1,2})(?::?(\d\d))?", re.ASCII | re.IGNORECASE
)

# Hours from UTC. Where an abbreviation is used on several continents the site's own zone decides,
# then its language, and without either the zone is not known.
_ABBREVIATIONS: Final[dict[str, tuple[float, ...]]] = {
    "z": (0,), "utc": (0,), "gmt": (0,), "ut": (0,), "wet": (0,), "west": (1,),
    "bst": (1, 6), "cet": (1,), "cest": (2,), "mez": (1,), "mesz": (2,), "met": (1,), "mest": (2,),
    "eet": (2,), "eest": (3,), "msk": (3,), "мск": (3,), "trt": (3,), "sast": (2,), "cat": (2,),
    "eat": (3,), "wat": (1,), "ist": (5.5, 1, 2), "pkt": (5,), "npt": (5.75,), "uzt": (5,),
    "almt": (5, 6), "qyzt": (5,), "gst": (4,), "irst": (3.5,), "ict": (7,), "wib": (7,),
    "wita": (8,), "wit": (9,), "sgt": (8,), "hkt": (8,), "myt": (8,), "pht": (8,), "jst": (9,),
    "kst": (9,), "awst": (8,), "acst": (9.5,), "aest": (10,), "aedt": (11,), "nzst": (12,),
    "nzdt": (13,), "brt": (-3,), "art": (-3,), "clt": (-4,), "cst": (-6, 8, -5), "cdt": (-5, -4),
    "est": (-5,), "edt": (-4,), "mst": (-7,), "mdt": (-6,), "pst": (-8, 8), "pdt": (-7,),
    "akst": (-9,), "akdt": (-8,), "hst": (-10,), "ast": (-4, 3), "adt": (-3,), "nst": (-3.5,),
}  # fmt: skip

# What an ambiguous abbreviation means where a language, or a language of a region, is spoken.
_BY_REGION: Final[dict[str, dict[str, float]]] = {
    "cst": {"US": -6, "CA": -6, "MX": -6, "zh": 8, "CN": 8, "TW": 8, "CU": -5},
    "cdt": {"US": -5, "CA": -5, "MX": -5, "CU": -4},
    "ist": {"IN": 5.5, "hi": 5.5, "mr": 5.5, "ta": 5.5, "te": 5.5, "gu": 5.5, "kn": 5.5,
            "ml": 5.5, "pa": 5.5, "IL": 2, "he": 2, "IE": 1, "ga": 1},
    "bst": {"GB": 1, "BD": 6, "bn": 6},
    "pst": {"US": -8, "CA": -8, "PH": 8, "fil": 8, "tl": 8},
    "ast": {"CA": -4, "PR": -4, "SA": 3, "ar": 3},
    "almt": {"kk": 5, "KZ": 5},
}  # fmt: skip

# RFC 822, section 5.1; RFC 5322 keeps them.
_RFC_822: Final = {
    "UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip

# Zones called by a place or by half a name: folded words to IANA.
_PLACES: Final = {
    "et": "America/New_York",
    "eastern": "America/New_York",
    "ct": "America/Chicago",
    "central": "America/Chicago",
    "mt": "America/Denver",
    "mountain": "America/Denver",
    "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "almaty": "Asia/Almaty",
    "astana": "Asia/Almaty",
    "nur-sultan": "Asia/Almaty",
    "алматы": "Asia/Almaty",
    "алмате": "Asia/Almaty",
    "астана": "Asia/Almaty",
    "астаны": "Asia/Almaty",
    "астане": "Asia/Almaty",
    "tashkent": "Asia/Tashkent",
    "toshkent": "Asia/Tashkent",
    "ташкент": "Asia/Tashkent",
    "ташкента": "Asia/Tashkent",
    "тошкент": "Asia/Tashkent",
    "bishkek": "Asia/Bishkek",
    "бишкек": "Asia/Bishkek",
    "бишкека": "Asia/Bishkek",
    "moscow": "Europe/Moscow",
    "московское": "Europe/Moscow",
    "московскому": "Europe/Moscow",
    "москва": "Europe/Moscow",
    "москвы": "Europe/Moscow",
    "kyiv": "Europe/Kyiv",
    "киев": "Europe/Kyiv",
    "istanbul": "Europe/Istanbul",
    "london": "Europe/London",
    "paris": "Europe/Paris",
    "berlin": "Europe/Berlin",
    "madrid": "Europe/Madrid",
    "rome": "Europe/Rome",
    "beijing": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "tokyo": "Asia/Tokyo",
    "seoul": "Asia/Seoul",
    "delhi": "Asia/Kolkata",
    "new york": "America/New_York",
    "hong kong": "Asia/Hong_Kong",
    "brasilia": "America/Sao_Paulo",
    "brasília": "America/Sao_Paulo",
}

# Words around a place that make it a zone.
_TIME_WORDS: Final = frozenset(
    fold(word)
    for word in [
        "time",
        "local",
        "standard",
        "daylight",
        "по",
        "времени",
        "время",
        "ист",
        "уақыты",
        "уақытымен",
        "бойынша",
        "vaqti",
        "vaqt",
        "bilan",
        "вақти",
        "saati",
        "saatiyle",
        "heure",
        "de",
        "hora",
        "zeit",
        "时间",
        "時間",
        "시간",
        "(in)",
    ]
)


@lru_cache(maxsize=256)
def zone_of(zone: str | tzinfo | None) -> tzinfo | None:
    """Return a zone by its IANA name, its offset, or as it is.

    Raises:
        TypeError: it is neither a string, a tzinfo nor None.
        ValueError: there is no such zone.
    """
    if zone is None or isinstance(zone, tzinfo):
        return zone
    if not isinstance(zone, str):
        raise TypeError(f"a zone is a name, an offset, a tzinfo or None, not {zone!r}")
    if zone.upper() in ("UTC", "Z", "GMT"):
        return UTC
    try:
        if re.fullmatch(r"[+-]\d\d:?(\d\d)?", zone, re.ASCII):
            return read_offset(zone)
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {zone!r}: an IANA name or an offset is wanted") from error


def offset_zone(text: str) -> tzinfo | None:
    """Return the zone of an offset as machines write it; None for what no clock on Earth shows.

    Args:
        text: `Z`, `+05`, `+0530`, `+05:30`; a `Z` after an offset says nothing more.
    """
    text = text.replace("\u2212", "-").upper()
    if text == "Z":
        return UTC
    digits = text.rstrip("Z")[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > _LARGEST_HOURS or int(digits[2:4]) > 59:
        return None
    return read_offset(text.rstrip("Z"))


# UTC+14 is the largest there is (IANA time zone database).
_LARGEST_HOURS: Final = 14


def rfc_zone(text: str) -> tzinfo | None:
    """Return what a zone's name means in a date of RFC 822's own shape; None if it names none."""
    hours = _RFC_822.get(text.strip())
    return None if hours is None else timezone(timedelta(hours=hours)) if hours else UTC


@lru_cache(maxsize=256)
def region_of(language: str | None) -> tuple[str, ...]:
    """Return what tells where a language's pages are written: its region, then itself."""
    if not language:
        return ()
    code, *subtags = re.split("[-_]", language)
    region = [tag.upper() for tag in subtags if len(tag) == 2]
    return (*region[:1], code.lower())


_HEAD: Final = re.compile(
    r"[(\[]?(?P<zone>(?:UTC|GMT)?[+\u2212-]\d{1,2}(?::?\d\d)?(?!\d)|[A-Z]{1,5}(?![^\W_])|МСК(?!\w)"
    r"|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?(?:[+-]\d{1,2})?)"
    r"(?:\s?\([^()]{2,40}\))?[)\]]?(?=[\s,;|·)–—]|$)"
)


def split_zone(text: str) -> tuple[str, str] | None:
    """Split a text that may begin with a zone into what is one by its shape, and the rest."""
    match = _HEAD.match(text.lstrip())
    if not match:
        return None
    return match["zone"], text.lstrip()[match.end() :].strip()


def read_zone(
    text: str, moment: datetime, site: tzinfo | None, regions: tuple[str, ...] = ()
) -> tzinfo | bool | None:
    """Read a zone printed after a time.

    Args:
        text: what stands there.
        moment: the printed date and time, naive: whether summer time holds depends on it.
        site: the site's own zone, which settles abbreviations of several meanings.
        regions: where the page is written, as `region_of` has it; it settles the others.

    Returns:
        The zone; None where it is one, but not known which; False where the text is no zone.
    """
    stripped = _EXPLAINED.sub("", text).strip(" ()[],.")
    match = _OFFSET.fullmatch(stripped)
    if match:
        return _offset(match, stripped)
    if "/" in stripped:
        return _named(stripped)
    key = fold(stripped)
    if key in _ABBREVIATIONS:
        return _choose(key, moment, site, regions)
    if key in _FOLDED_PLACES:
        return ZoneInfo(_FOLDED_PLACES[key])
    words = [word for word in tokenize(key) if word not in _TIME_WORDS]
    place = " ".join(words)
    if len(words) < len(tokenize(key)):
        if not words:
            return site  # "local time"
        compact = "".join(words)
        for name in (place, compact):
            if name in _FOLDED_PLACES:
                return ZoneInfo(_FOLDED_PLACES[name])
    return False


# "GMT+0000 (Coordinated Universal Time)"
_EXPLAINED: Final = re.compile(r"(?<=[\dA-Z])\s?\([^()]{2,40}\)$")


def _named(name: str) -> tzinfo | bool:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False


_FOLDED_PLACES: Final = {fold(place): name for place, name in _PLACES.items()}


def _offset(match: re.Match[str], text: str) -> tzinfo | bool | None:
    hours, minutes = int(match[2]), int(match[3] or 0)
    if len(match[2]) < 2 and not text[0].isalpha() and not match[3]:
        return False
    if hours > _LARGEST_HOURS or minutes > 59:
        return None  # it is an offset by its shape, and none that a clock shows
    offset = timedelta(hours=hours, minutes=minutes)
    base = timedelta(hours=3) if fold(text[:3]) in ("msk", "мск") else timedelta(0)
    return timezone(base + (offset if match[1] == "+" else -offset))


def _choose(
    key: str, moment: datetime, site: tzinfo | None, regions: tuple[str, ...]
) -> tzinfo | None:
    offsets = [timedelta(hours=hour) for hour in _ABBREVIATIONS[key]]
    if len(offsets) == 1:
        return timezone(offsets[0]) if offsets[0] else UTC
    here = moment.replace(tzinfo=site).utcoffset() if site else None
    if here is not None and here in offsets:
        return timezone(here)
    meanings = _BY_REGION.get(key, {})
    there = next((meanings[region] for region in regions if region in meanings), None)
    return None if there is None else timezone(timedelta(hours=there))
