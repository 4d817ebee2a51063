"""Relative dates as pages print them ("4 days ago"), read as intervals."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from .interval import TICK, DateInterval, as_interval, clamp, shift

_ENGLISH = re.compile(r"(\d+|an?) (second|minute|hour|day|week)s? ago|(yesterday|today)", re.I)
_CORE = {
    "second": (0.5, 1),
    "minute": (0.5, 1),
    "hour": (0.51, 1),
    "day": (0.5, 1),
    "week": (1 / 14, 1),
}
_UNIT = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}


def parse_relative(
    text: str,
    anchor: date | datetime | DateInterval,
    *,
    language: str | None = None,
    widget: str | None = None,
) -> DateInterval | None:
    """Read a relative date; None where the text is anything else."""
    start = as_interval(anchor)
    match = _ENGLISH.fullmatch(text.strip())
    if not match:
        return None
    number, unit, word = match.groups()
    if word:
        number, unit = ("1" if word.lower() == "yesterday" else "0"), "day"
    n = int(number) if number.isdigit() else 1
    low, high = _CORE[unit]
    if start.earliest is None or start.latest is None:
        return None
    earliest = shift(start.earliest, -timedelta(seconds=(n + high) * _UNIT[unit]) + TICK)
    latest = shift(start.latest, -timedelta(seconds=max(n - low, 0) * _UNIT[unit]))
    best = shift(start.earliest, -timedelta(seconds=n * _UNIT[unit]))
    interval = DateInterval(
        earliest, latest, "day", start.zone_known, clamp(best, earliest, latest), start.zone
    )
    return interval.to_days()
