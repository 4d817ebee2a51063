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
# and without one the zone is not known.
_ABBREVIATIONS: Final[dict[str, tuple[float, ...]]] = {
    "z": (0,), "utc": (0,), "gmt": (0,), "ut": (0,), "wet": (0,), "west": (1,),
    "bst": (1, 6), "cet": (1,), "cest": (2,), "mez": (1,), "mesz": (2,), "met": (1,),
    "eet": (2,), "eest": (3,), "msk": (3,), "мск": (3,), "trt": (3,), "sast": (2,), "cat": (2,),
    "eat": (3,), "wat": (1,), "ist": (5.5, 1, 2), "pkt": (5,), "npt": (5.75,), "uzt": (5,),
    "almt": (5, 6), "qyzt": (5,), "gst": (4,), "irst": (3.5,), "ict": (7,), "wib": (7,),
    "wita": (8,), "wit": (9,), "sgt": (8,), "hkt": (8,), "myt": (8,), "pht": (8,), "jst": (9,),
    "kst": (9,), "awst": (8,), "acst": (9.5,), "aest": (10,), "aedt": (11,), "nzst": (12,),
    "nzdt": (13,), "brt": (-3,), "art": (-3,), "clt": (-4,), "cst": (-6, 8, -5), "cdt": (-5, -4),
    "est": (-5,), "edt": (-4,), "mst": (-7,), "mdt": (-6,), "pst": (-8, 8), "pdt": (-7,),
    "akst": (-9,), "akdt": (-8,), "hst": (-10,), "ast": (-4, 3), "adt": (-3,), "nst": (-3.5,),
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


def read_zone(text: str, moment: datetime, site: tzinfo | None) -> tzinfo | bool | None:
    """Read a zone printed after a time.

    Args:
        text: what stands there.
        moment: the printed date and time, naive: whether summer time holds depends on it.
        site: the site's own zone, which settles abbreviations of several meanings.

    Returns:
        The zone; None where it is one, but not known which; False where the text is no zone.
    """
    stripped = text.strip(" ()[],.")
    match = _OFFSET.fullmatch(stripped)
    if match:
        return _offset(match, stripped)
    key = fold(stripped)
    if key in _ABBREVIATIONS:
        return _choose(_ABBREVIATIONS[key], moment, site)
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


_FOLDED_PLACES: Final = {fold(place): name for place, name in _PLACES.items()}


def _offset(match: re.Match[str], text: str) -> tzinfo | bool:
    hours, minutes = int(match[2]), int(match[3] or 0)
    if len(match[2]) < 2 and not text[0].isalpha() and not match[3]:
        return False
    if hours > 14 or minutes > 59:
        return False
    offset = timedelta(hours=hours, minutes=minutes)
    base = timedelta(hours=3) if fold(text[:3]) in ("msk", "мск") else timedelta(0)
    return timezone(base + (offset if match[1] == "+" else -offset))


def _choose(hours: tuple[float, ...], moment: datetime, site: tzinfo | None) -> tzinfo | None:
    offsets = [timedelta(hours=hour) for hour in hours]
    if len(offsets) == 1:
        return timezone(offsets[0])
    here = moment.replace(tzinfo=site).utcoffset() if site else None
    return timezone(here) if here is not None and here in offsets else None
