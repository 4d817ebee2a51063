"""Relative dates as pages print them ("4 days ago", "вчера, 14:30"), reckoned as intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, reduce
from typing import Final

from . import envelope
from .grammar import Reading, read
from .interval import TICK, DateInterval, Precision, as_interval, clamp, shift
from .lexicon import UNITS, language_bits
from .widgets import MEAN, Printed, add_months, check_widget, window

_RANK: Final = {unit: rank for rank, unit in enumerate(UNITS)}
_DAY_RANK: Final = _RANK["day"]
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final[tuple[Precision, ...]] = ("day", "month", "year")
_PRECISION: Final[dict[str, Precision]] = {
    "second": "second",
    "minute": "minute",
    "hour": "hour",
    "day": "day",
    "week": "day",
    "month": "month",
    "quarter": "month",
    "year": "year",
}


def parse_relative(
    text: str,
    anchor: date | datetime | DateInterval,
    *,
    language: str | None = None,
    widget: str | None = None,
) -> DateInterval | None:
    """Read a relative date as the instants that its widget prints it for.

    Args:
        text: the whole of what is printed where a date belongs, lead words and all.
        anchor: what it counts from: the page's printed day (a date, or `DateInterval.day` with
            the site's zone), or an instant (aware).
        language: BCP 47 tag; without it every language is tried, and where two of them disagree
            the result covers both and has no best value.
        widget: a name of `WIDGETS`; without it the envelope over them stands.

    Returns:
        The interval; its best value is the anchor less what is printed. None where the text is
        anything but a relative date of the past, or lies before the year 1.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the anchor is naive, the language or the widget is unknown.
    """
    if not isinstance(text, str):
        raise TypeError(f"a string is wanted, not {text!r}")
    if not isinstance(anchor, (date, DateInterval)):
        raise TypeError(f"an anchor is a date, a datetime or a DateInterval, not {anchor!r}")
    if isinstance(anchor, datetime) and anchor.tzinfo is None:
        raise ValueError(f"an anchor must be aware: {anchor!r} has no zone")
    check_widget(widget)
    readings = read(text, language_bits(language))
    if not readings:
        return None
    start = _day(anchor) if type(anchor) is date else as_interval(anchor)
    if len(readings) == 1:
        return _reckon(readings[0], start, start.zone, widget)
    intervals = [_reckon(reading, start, start.zone, widget) for reading in readings]
    return reduce(_cover, intervals)


@lru_cache(maxsize=512)
def _day(day: date) -> DateInterval:
    return DateInterval.day(day)


def _cover(a: DateInterval | None, b: DateInterval | None) -> DateInterval | None:
    return a | b if a and b else a or b


@lru_cache(maxsize=8_192)
def _reckon(
    reading: Reading, start: DateInterval, zone: tzinfo | None, widget: str | None
) -> DateInterval | None:
    """Return the instants that a reading means, counted from `start` on the clock of `zone`."""
    by_day = start.precision in _DAYS
    try:
        if start.earliest is None or start.latest is None:
            return _from_bound(reading, start)
        first, last = start.earliest, shift(start.latest, -TICK)
        if zone is not None and zone is not UTC:
            first, last = first.astimezone(zone), last.astimezone(zone)
            if by_day:  # days are counted on the calendar, so that summer time moves nothing
                first, last = first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
        if reading.at is not None:
            return _at_time(reading, start, first, last)
        if reading.limit == "plus":
            return _bound(_nominal(reading, last), start, by_day)
        nominal = _nominal(reading, first), _nominal(reading, last)
        earliest, latest = _bounds(reading, first, last, nominal, widget, by_day)
        best = clamp(nominal[by_day], earliest, latest)
    except (OverflowError, ValueError):  # before the year 1
        return None
    precision = _precision(reading)
    if earliest >= latest:
        return None
    if by_day:
        return _whole_days(earliest, latest, best, max(precision, "day", key=_rank), start)
    return DateInterval(earliest, latest, precision, start.zone_known, best, start.zone)


def _bounds(
    reading: Reading,
    first: datetime,
    last: datetime,
    nominal: tuple[datetime, datetime],
    widget: str | None,
    by_day: bool,
) -> tuple[datetime, datetime]:
    """Return [earliest, latest) for an anchor anywhere from `first` to `last`.

    `nominal` is what the reading names, counted from either.
    """
    if widget is not None:
        printed = _printed(reading)
        newest = window(widget, printed, last) if printed else None
        oldest = window(widget, printed, first) if printed else None
        if newest or oldest:
            return (oldest or newest or (first,))[0], (newest or oldest or (last, last))[1]
    unit, count = reading.parts[-1]
    if reading.kind == "word" and by_day and len(reading.parts) == 1:
        return _calendar_bounds(unit, int(count), first, last)
    low, high = _span(reading)
    summed = len(reading.parts) > 1 and reading.kind != "spread"
    start, end = nominal if summed else (first, last)
    earliest = _back_or_first(start, high) + TICK
    latest = _back(end, low) + TICK
    if not reading.limit and reading.kind != "spread":
        earliest = min(earliest, nominal[0])
        latest = max(latest, nominal[1] + TICK)
    # Widgets that count local days follow the clock.
    if _RANK[unit] >= _DAY_RANK and type(first.tzinfo) is not timezone:
        earliest, latest = _with_summer_time(earliest, first), _with_summer_time(latest, last)
    return min(earliest, first), min(latest, last + TICK)


def _with_summer_time(bound: datetime, anchor: datetime) -> datetime:
    """Return a bound at the clock that the anchor shows, where that clock was changed between."""
    change = (bound.utcoffset() or timedelta(0)) - (anchor.utcoffset() or timedelta(0))
    return shift(bound, -change) if change else bound


def _span(reading: Reading) -> tuple[int, int]:
    unit, count = reading.parts[-1]
    if reading.kind == "spread":
        return int(reading.parts[0][1] * MEAN[unit]), int(count * MEAN[unit])
    if len(reading.parts) > 1:
        return envelope.exact_parts(reading.parts)
    if reading.kind == "word":
        return envelope.word(unit, count)
    return envelope.core(unit, count, reading.limit)


def _printed(reading: Reading) -> Printed | None:
    """Return what a widget would have printed to be read so."""
    if reading.kind == "spread":
        low, high = reading.parts
        return Printed((("second", 0),)) if low[1] == 0 and high[0] == "minute" else None
    return Printed(reading.parts, "" if reading.limit == "less" else reading.limit)


def _calendar_bounds(
    unit: str, count: int, first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    """Return a calendar word's day, or its week, month or year widened by rolling widgets."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "day":
        return midnight - timedelta(days=count), _back(last + TICK, count * MEAN["day"])
    if _RANK[unit] < _DAY_RANK:
        low, high = envelope.word(unit, count)
        return _back(first, high), _back(last, low) + TICK
    if unit == "week":
        monday = midnight - timedelta(days=midnight.weekday() + 7 * count)
        # Weeks begin on Saturday, Sunday or Monday; last week ends at latest on Sunday.
        start, end = monday - timedelta(days=2), monday + timedelta(days=7)
    else:
        months = _MONTHS[unit]
        month = midnight.month if unit != "year" else 1
        this = midnight.replace(day=1, month=month)
        if unit == "quarter":
            this = this.replace(month=(month - 1) // 3 * 3 + 1)
        start = add_months(this, -months * count)
        end = add_months(start, months)
    if count:
        low, high = envelope.core(unit, count)
        start, end = min(start, _back(first, high) + TICK), max(end, _back(last, low) + TICK)
    return start, min(end, last + TICK)


def _at_time(
    reading: Reading, start: DateInterval, first: datetime, last: datetime
) -> DateInterval | None:
    """Return the minute that a day and a time of day name, on the anchor's calendar."""
    if reading.at is None:
        return None
    zone = start.zone or UTC
    days = [datetime.combine(_nominal(reading, m).date(), reading.at, zone) for m in (first, last)]
    precision: Precision = "second" if reading.at.second else "minute"
    width = timedelta(seconds=1) if reading.at.second else timedelta(minutes=1)
    best = days[0] if days[0] == days[1] else None
    return DateInterval(
        days[0], shift(days[1], width), precision, start.zone_known, best, start.zone
    )


def _from_bound(reading: Reading, start: DateInterval) -> DateInterval | None:
    """Return the bound that a count from a bounded anchor gives: published before it."""
    if start.latest is None:
        return None
    low = 0 if reading.kind == "spread" or len(reading.parts) > 1 else _span(reading)[0]
    end = shift(start.latest, -timedelta(milliseconds=low))
    bound = DateInterval(None, end, start.precision, start.zone_known, None, start.zone)
    return bound.to_days() if start.precision in _DAYS else bound


def _bound(latest: datetime, start: DateInterval, by_day: bool) -> DateInterval:
    """Return "`latest` or earlier"."""
    if by_day:
        return DateInterval.until(latest.date(), start.zone if start.zone_known else None)
    return DateInterval(None, latest + TICK, "day", start.zone_known, None, start.zone)


def _nominal(reading: Reading, anchor: datetime) -> datetime:
    """Return the anchor less what is printed: months and years on the calendar."""
    if reading.kind == "spread":
        return anchor
    moment = anchor
    for unit, count in reading.parts:
        whole = int(count) if unit in _MONTHS else 0
        if whole:
            moment = add_months(moment, -whole * _MONTHS[unit])
        if count != whole:
            moment = _back(moment, (count - whole) * MEAN[unit])
    return moment


def _back(moment: datetime, milliseconds: float) -> datetime:
    by = timedelta(milliseconds=milliseconds)
    if type(moment.tzinfo) is timezone:
        return moment - by
    return (moment.astimezone(UTC) - by).astimezone(moment.tzinfo)


def _back_or_first(moment: datetime, milliseconds: float) -> datetime:
    """Return an earlier instant, or the first that there is."""
    try:
        return _back(moment, milliseconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _precision(reading: Reading) -> Precision:
    if reading.kind == "spread":
        return _PRECISION[reading.parts[0][0]]
    return _PRECISION[reading.parts[-1][0]]


_PRECISION_RANK: Final = {
    name: rank for rank, name in enumerate(("second", "minute", "hour", "day", "month", "year"))
}


def _rank(precision: Precision) -> int:
    return _PRECISION_RANK[precision]


def _whole_days(
    earliest: datetime, latest: datetime, best: datetime, precision: Precision, start: DateInterval
) -> DateInterval:
    """Return wall-clock bounds as the days of the anchor's zone that they touch."""
    zone = start.zone or UTC
    first = datetime(earliest.year, earliest.month, earliest.day, tzinfo=zone)
    end = latest + timedelta(days=1) - TICK
    end = datetime(end.year, end.month, end.day, tzinfo=zone)
    middle = datetime(best.year, best.month, best.day, tzinfo=zone)
    return DateInterval(
        first, end, precision, start.zone_known, clamp(middle, first, end), start.zone
    )
