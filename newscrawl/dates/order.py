"""In which order a page writes day, month and year in numbers, told from its own dates.

`proven_order` asks each date alone, whatever stands around it; `order_of_days` reads the dates of a
listing together: in one order they fall from the newest to the oldest, in another they don't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

_NUMBERS: Final = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d\d)(?![\d/-])")


def proven_order(texts: Iterable[str]) -> str | None:
    """Return the order of numbers that a page's own dates prove: "12/20/2024" is month first.

    Args:
        texts: what the page prints where dates belong.

    Returns:
        `MDY` or `DMY`; None where no number is above 12, or where they prove both.
    """
    proven = set()
    for text in texts:
        for match in _NUMBERS.finditer(text):
            first, second = int(match[1]), int(match[3])
            if first <= 12 < second <= 31:
                proven.add("MDY")
            elif second <= 12 < first <= 31:
                proven.add("DMY")
    return proven.pop() if len(proven) == 1 else None


_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?!\d)")
_ORDERS = ("DMY", "MDY", "YMD")
_YEAR_AND_MORE = timedelta(days=400)


def order_of_days(raws: list[str], page_day: date | None) -> str | None:
    """Return the order of day, month and year in which the dates of a listing make sense.

    All of a page's dates are written in one order. One in which a date does not exist, or lies
    after the page's own, is none; of the others, one in which the dates follow each other as a
    listing's do, or lie near the page's own date where the others lie years off, is the one.

    Args:
        raws: the dates as printed, in the page's order.
        page_day: the page's own date.

    Returns:
        The order; None where the page does not tell, or prints no such dates.
    """
    found = [match for raw in raws if (match := _NUMERIC_DATE.search(raw))]
    if not found or any(len(match[1]) == 4 for match in found):
        return None
    readings = {order: days for order in _ORDERS if (days := _days_in(order, found, page_day))}
    if len({tuple(days) for days in readings.values()}) < 2:
        return next(iter(readings), None)
    if page_day:
        near = {order: days for order, days in readings.items()
                if all(page_day - day <= _YEAR_AND_MORE for day in days)}  # fmt: skip
        readings = near or readings
    falling = [order for order, days in readings.items() if days == sorted(days, reverse=True)]
    candidates = falling or list(readings)
    if len(candidates) == 1:
        return candidates[0]
    # A listing's days lie near each other; one day and month in many a year is no listing's.
    spans = {order: max(readings[order]) - min(readings[order]) for order in candidates}
    closest = min(spans, key=lambda order: spans[order])
    is_close = all(
        spans[closest] * _MUCH_CLOSER <= spans[order] for order in candidates if order != closest
    )
    return closest if is_close and len(set(readings[closest])) >= _ENOUGH_DAYS else None


_MUCH_CLOSER = 8
_ENOUGH_DAYS = 4


def _days_in(order: str, found: list[re.Match[str]], page_day: date | None) -> list[date] | None:
    days = []
    for match in found:
        parts = dict(zip(order, (match[1], match[3], match[4]), strict=True))
        year = int(parts["Y"])
        if len(parts["Y"]) == 2:
            year += 2000
        elif len(parts["Y"]) != 4:
            return None
        try:
            day = date(year, int(parts["M"]), int(parts["D"]))
        except ValueError:
            return None
        if page_day and day > page_day + timedelta(days=1):
            return None
        days.append(day)
    return days
