"""The elapsed time that a count may mean when no widget is declared.

The numbers are the envelope over the widgets of `widgets.py`, calendar-day styles left out
except where only they print such a thing. Times are in milliseconds, intervals half-open.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

from .widgets import DAY, HOUR, MEAN, MINUTE, SECOND, days_in_month

_Span = tuple[int, int]


def core(unit: str, count: float, limit: str = "") -> _Span:
    """Return the elapsed [low, high) that "`count` `unit` ago" may mean.

    Args:
        unit: `second` to `year`.
        count: not negative; a fraction is known to its last digit.
        limit: `over`, `almost`, `less` or "".
    """
    low, high = _plain(unit, count)
    if limit == "over":
        return _shortest(unit, count), high
    if limit == "almost":
        return low, _longest(unit, count)
    if limit == "less":
        return 0, _longest(unit, count) + 1
    return low, high


def exact_parts(parts: tuple[tuple[str, float], ...]) -> _Span:
    """Return how far [low, high) is from the sum of several parts: floored at the smallest.

    Only Django, Drupal and humanize print two parts. The first two floor; humanize rounds the
    months after a year, which are 30.5 days to it.
    """
    smallest = MEAN[parts[-1][0]]
    units = [unit for unit, _ in parts]
    if units == ["year", "month"] and parts[0][1] == 1:
        return -16 * DAY, smallest + 3 * DAY
    if units[0] in ("month", "year"):  # counted forwards or backwards, months differ by 3 days
        return -3 * DAY, smallest + 3 * DAY
    return 0, smallest


def word(unit: str, count: float) -> _Span:
    """Return the elapsed [low, high) of a calendar word, whose widget counts calendar units.

    "Yesterday" is printed up to two days after, "last week" from 5.5 days on (the
    relative-time-element), "last month" from the first of the next month on.
    """
    if unit == "second":  # now
        return 0, MINUTE
    if unit == "week" and count == 1:
        return 11 * DAY // 2, 14 * DAY
    low = max(0, (count - 1) * MEAN[unit])
    return int(low), int((count + 1) * _longest(unit, 1))


# Days, where the envelope does not follow the formula below.
_MONTH_LOW: Final = {1: 25.5, 2: 43.0, 3: 74.0}
_YEAR_LOW: Final = {1: 318.0}


def _plain(unit: str, count: float) -> _Span:
    if count != int(count):
        return _fraction(unit, count)
    n = int(count)
    if unit == "second":
        return (0, MINUTE) if n == 0 else (n * SECOND - SECOND // 2, (n + 1) * SECOND)
    if n == 0:
        return 0, _longest(unit, 1)
    if unit == "minute":  # date-fns and Rails say "1 minute" from 30 s; some round seconds first
        return n * MINUTE - MINUTE // 2 - SECOND // 2, (n + 1) * MINUTE
    if unit == "hour":  # moment says "an hour" from 44.5 minutes
        low = 2_669_500 if n == 1 else int((n - 0.51) * HOUR)
        # A widget that floors says "1 day" from here on; only rounding ones reach 24.
        return low, (24 * HOUR if n == 24 else (n + 1) * HOUR)
    if unit == "day":
        return (int(0.896 * DAY) if n == 1 else n * DAY - DAY // 2), (n + 1) * DAY
    if unit == "week":
        return _weeks(n)
    if unit == "month":
        # "12 months" comes from a widget that rounds and has years of 365 or 366 days.
        high = 366 if n == 12 else _longest_months(n + 1)
        return int(_MONTH_LOW.get(n, 30 * (n - 0.5)) * DAY), high * DAY
    if unit == "quarter":
        return (n - 1) * 90 * DAY, (n + 1) * 92 * DAY
    low_days = _YEAR_LOW.get(n, 365 * (n - 0.5) - 2.5)
    return int(low_days * DAY), (365 * (n + 1) + math.ceil((n + 1) / 4)) * DAY


def _weeks(n: int) -> _Span:
    if n == 1:
        return 13 * DAY // 2, 14 * DAY
    if n == 4:  # months begin
        return 49 * DAY // 2, 63 * DAY // 2
    if n >= 5:  # only the styles that count calendar weeks get there
        return (7 * n - 7) * DAY, (7 * n + 7) * DAY
    return int((7 * n - 3.5) * DAY), (7 * n + 7) * DAY


def _fraction(unit: str, count: float) -> _Span:
    """Return the span of "2.5 hours": half of the last digit below, one above."""
    digits = len(f"{count:.2f}".rstrip("0").partition(".")[2])
    step = MEAN[unit] / 10**digits
    return int(count * MEAN[unit] - step / 2), int(count * MEAN[unit] + step)


def _longest(unit: str, count: float) -> int:
    """Return the most milliseconds that so many units can take."""
    if unit == "month":
        return _longest_months(math.ceil(count)) * DAY
    if unit == "quarter":
        return math.ceil(count) * 92 * DAY
    if unit == "year":
        return int(365 * count + math.ceil(count / 4)) * DAY
    return int(MEAN[unit] * count)


def _shortest(unit: str, count: float) -> int:
    """Return the fewest milliseconds that so many units can take."""
    days = {"month": 28 if count == 1 else 29.5 * count, "quarter": 90 * count, "year": 365 * count}
    return int(days[unit] * DAY) if unit in days else int(MEAN[unit] * count)


@cache
def _longest_months(count: int) -> int:
    """Return the days of the longest run of so many months; a leap year is among the starts."""
    whole, rest = divmod(count, 48)
    lengths = [days_in_month(2023 + index // 12, index % 12 + 1) for index in range(96)]
    return whole * 1_461 + max(sum(lengths[start : start + rest]) for start in range(48))
