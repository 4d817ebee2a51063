"""What a widget prints for an elapsed time, and so what elapsed time its words mean.

A widget is written here as its own forward rule: published and anchor in, unit and count out.
The interval of a printed date is that rule turned round, by bisection, so it is exact to the
tick, months and summer time included. Rules were written from each widget's source (versions of
2026-11) and are compared with the widgets themselves by benchmarks/widgets.py.

Where no widget is declared, the envelope over all of them stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from .interval import TICK, shift
from .lexicon import UNITS

SECOND: Final = 1_000  # all elapsed times below are in milliseconds
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
MONTH_30: Final = 30 * DAY

# The means of the Gregorian calendar: 400 years are 146,097 days.
MEAN: Final = {
    "second": SECOND,
    "minute": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": WEEK,
    "month": 146_097 * DAY // 4_800,
    "quarter": 146_097 * DAY // 1_600,
    "year": 146_097 * DAY // 400,
}

_RANK: Final = {unit: rank for rank, unit in enumerate(UNITS)}


class Printed(NamedTuple):
    """What a widget prints: the parts, largest unit first, and "almost" or "over" if it says so.

    "Less than a minute", "a few seconds" and "just now" are no seconds.
    """

    parts: tuple[tuple[str, float], ...]
    limit: str = ""


def _one(unit: str, count: float, limit: str = "") -> Printed:
    return Printed(((unit, count),), limit)


def _half_up(value: float) -> int:
    """Round as JavaScript and PHP do for positive numbers; Python rounds halves to even."""
    return math.floor(value + 0.5)


# Widgets that look at the elapsed time alone


def _wordpress(ms: int) -> Printed:
    seconds = ms // SECOND
    for unit, size, limit in (
        ("second", 1, 60),
        ("minute", 60, 3_600),
        ("hour", 3_600, 86_400),
        ("day", 86_400, 604_800),
        ("week", 604_800, 2_592_000),
        ("month", 2_592_000, 31_536_000),
    ):
        if seconds < limit:
            return _one(unit, max(1, _half_up(seconds / size)))
    return _one("year", max(1, _half_up(seconds / 31_536_000)))


def _react_timeago(ms: int) -> Printed:
    seconds = _half_up(ms / SECOND)
    for unit, size, limit in (
        ("second", 1, 60),
        ("minute", 60, 3_600),
        ("hour", 3_600, 86_400),
        ("day", 86_400, 604_800),
        ("week", 604_800, 2_592_000),
        ("month", 2_592_000, 31_536_000),
    ):
        if seconds < limit:
            return _one(unit, _half_up(seconds / size))
    return _one("year", _half_up(seconds / 31_536_000))


def _jquery_timeago(ms: int) -> Printed:
    minutes, hours, days = ms / MINUTE, ms / HOUR, ms / DAY
    if ms < 45 * SECOND:
        return _one("second", 0)
    if ms < 90 * SECOND:
        return _one("minute", 1)
    if minutes < 45:
        return _one("minute", _half_up(minutes))
    if minutes < 90:
        return _one("hour", 1)
    if hours < 24:
        return _one("hour", _half_up(hours))
    if hours < 42:
        return _one("day", 1)
    if days < 30:
        return _one("day", _half_up(days))
    if days < 45:
        return _one("month", 1)
    if days < 365:
        return _one("month", _half_up(days / 30))
    return _one("year", 1 if days / 365 < 1.5 else _half_up(days / 365))


def _timeago_js(ms: int) -> Printed:
    left = ms / SECOND
    if left < 10:
        return _one("second", 0)
    unit = "second"
    for size, larger in (
        (60, "minute"),
        (60, "hour"),
        (24, "day"),
        (7, "week"),
        (365 / 7 / 12, "month"),
        (12, "year"),
    ):
        if left < size:
            break
        left, unit = left / size, larger
    return _one(unit, math.floor(left))


def _date_fns_strict(ms: int) -> Printed:
    minutes = ms / MINUTE
    if minutes < 1:
        return _one("second", _half_up(ms / SECOND))
    if minutes < 60:
        return _one("minute", _half_up(minutes))
    if minutes < 1_440:
        return _one("hour", _half_up(minutes / 60))
    if minutes < 43_200:
        return _one("day", _half_up(minutes / 1_440))
    if minutes < 525_600:
        months = _half_up(minutes / 43_200)
        return _one("year", 1) if months == 12 else _one("month", months)
    return _one("year", _half_up(minutes / 525_600))


def _humanize(ms: int) -> Printed:
    days, seconds = ms // DAY, ms % DAY // SECOND
    years, rest = divmod(days, 365)
    if not days:
        if seconds < 60:
            return _one("second", seconds)
        if round(seconds / 60) < 60 and seconds < 3_600:
            return _one("minute", round(seconds / 60))
        hours = max(1, round(seconds / 3_600))
        return _one("day", 1) if hours == 24 else _one("hour", hours)
    months = round(rest / 30.5)
    if not years:
        if not months:
            return _one("day", days)
        return _one("year", 1) if months == 12 else _one("month", months)
    if years == 1 and months < 12:
        if months:
            return Printed((("year", 1), ("month", months)))
        return Printed((("year", 1), ("day", rest))) if rest else _one("year", 1)
    return _one("year", max(2, round(days / 365)))


# Widgets that look at the calendar. Both instants are local to the anchor's zone.


def _months_between(published: datetime, anchor: datetime) -> int:
    """Return the whole months, a month being over on the same day and time of the next."""
    months = (anchor.year - published.year) * 12 + anchor.month - published.month
    return months - ((anchor.day, anchor.time()) < (published.day, published.time()))


def add_months(moment: datetime, months: int) -> datetime:
    """Return the same day and time of another month, its last day where it is too short."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, days_in_month(year, month + 1))
    return moment.replace(year=year, month=month + 1, day=day)


def days_in_month(year: int, month: int) -> int:
    """Return the length of a month in days."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _elapsed(published: datetime, anchor: datetime) -> int:
    """Return milliseconds of wall-clock time."""
    return (anchor - published) // timedelta(milliseconds=1)


def _floor_by_calendar(published: datetime, anchor: datetime) -> list[tuple[str, int]]:
    """Return years, months, days, hours, minutes and seconds as PHP's DateInterval has them."""
    months = _months_between(published, anchor)
    left = _elapsed(_add_months_overflowing(published, months), anchor)
    parts = [("year", months // 12), ("month", months % 12)]
    for unit in ("day", "hour", "minute", "second"):
        count, left = divmod(left, MEAN[unit])
        parts.append((unit, count))
    return parts


def _add_months_overflowing(moment: datetime, months: int) -> datetime:
    """Return the same day of another month; a day too many runs into the next, as in PHP."""
    first = add_months(moment.replace(day=1), months)
    return first + timedelta(days=moment.day - 1)


def _carbon(published: datetime, anchor: datetime) -> Printed:
    for unit, count in _floor_by_calendar(published, anchor):
        if unit == "day" and count >= 7:
            return _one("week", count // 7)
        if count:
            return _one(unit, count)
    return _one("second", 0)


def _twig(published: datetime, anchor: datetime) -> Printed:
    for unit, count in _floor_by_calendar(published, anchor):
        if count:
            return _one(unit, count)
    return _one("second", 0)


def _drupal(published: datetime, anchor: datetime) -> Printed:
    """Two parts; the second only of the next smaller unit, and days alone below weeks."""
    printed: list[tuple[str, float]] = []
    for unit, count in _floor_by_calendar(published, anchor):
        if unit == "day" and count >= 7:
            weeks, days = divmod(count, 7)
            printed.append(("week", weeks))
            if days and len(printed) < 2:
                printed.append(("day", days))
            break
        if count:
            printed.append((unit, count))
        elif printed:
            break
        if len(printed) == 2:
            break
    return Printed(tuple(printed) or (("second", 0),))


def _drupal_bare(published: datetime, anchor: datetime) -> Printed:
    """One part, as sites set it: a bare "1 day ago" is that, or two parts whose second is none."""
    return Printed(_drupal(published, anchor).parts[:1])


def _django(published: datetime, anchor: datetime) -> Printed:
    elapsed = _elapsed(published, anchor)
    if elapsed < DAY:
        unit = "hour" if elapsed >= HOUR else "minute" if elapsed >= MINUTE else "second"
        return _one(unit, elapsed // MEAN[unit])
    months = _months_between(published, anchor)
    pivot = add_months(published, months)
    if months and (pivot.month, pivot.day) == (2, 29) and published.day > 28:
        pivot = pivot.replace(day=28)  # its table of months has no leap years
    left = _elapsed(pivot, anchor)
    parts: list[tuple[str, int]] = [("year", months // 12), ("month", months % 12)]
    for unit in ("week", "day", "hour", "minute"):
        count, left = divmod(left, MEAN[unit])
        parts.append((unit, count))
    first = next(index for index, (_, count) in enumerate(parts) if count)
    return Printed(tuple((unit, count) for unit, count in parts[first : first + 2] if count))


def _moment(published: datetime, anchor: datetime) -> Printed:
    months = (anchor.year - published.year) * 12 + anchor.month - published.month
    if add_months(published, months) > anchor:
        months -= 1
    left = _elapsed(add_months(published, months), anchor)
    exact_days = _half_up(months * 146_097 / 4_800) + left / DAY
    exact_months = months + left / DAY * 4_800 / 146_097
    if _half_up(exact_days * 86_400) < 45:
        return _one("second", 0)
    for unit, size, limit in (("minute", 1_440, 45), ("hour", 24, 22), ("day", 1, 26)):
        count = _half_up(exact_days * size)
        if count < limit:
            return _one(unit, max(1, count))
    if _half_up(exact_months) < 11:
        return _one("month", max(1, _half_up(exact_months)))
    return _one("year", max(1, _half_up(exact_months / 12)))


def _dayjs(published: datetime, anchor: datetime) -> Printed:
    elapsed = _elapsed(published, anchor)
    seconds = _half_up(elapsed / SECOND)
    if seconds <= 44:
        return _one("second", 0)
    if seconds <= 89:
        return _one("minute", 1)
    for unit, limit, larger_limit, larger in (
        ("minute", 44, 89, "hour"),
        ("hour", 21, 35, "day"),
        ("day", 25, 45, "month"),
    ):
        count = _half_up(elapsed / MEAN[unit])
        if count <= limit:
            return _one(unit, max(1, count))
        if count <= larger_limit:
            return _one(larger, 1)
    months = _dayjs_months(published, anchor)
    if _half_up(months) <= 10:
        return _one("month", max(1, _half_up(months)))
    if _half_up(months) <= 17:
        return _one("year", 1)
    return _one("year", max(1, _half_up(months / 12)))


def _dayjs_months(published: datetime, anchor: datetime) -> float:
    """Return months with a fraction, counted from the instant with the later day of the month."""
    start, end = (anchor, published) if anchor.day >= published.day else (published, anchor)
    whole = (end.year - start.year) * 12 + end.month - start.month
    pivot = add_months(start, whole)
    behind = end < pivot
    other = add_months(start, whole + (-1 if behind else 1))
    span = (pivot - other) if behind else (other - pivot)
    return abs(whole + (end - pivot) / span)


def _date_fns(published: datetime, anchor: datetime) -> Printed:
    minutes = _half_up(_elapsed(published, anchor) // SECOND / 60)
    if minutes < 45:
        return _one("minute", minutes) if minutes else _one("second", 0)
    if minutes < 1_440:
        return _one("hour", 1 if minutes < 90 else _half_up(minutes / 60))
    if minutes < 43_200:
        return _one("day", 1 if minutes < 2_520 else _half_up(minutes / 1_440))
    months = _date_fns_months(published, anchor)
    if minutes < 86_400 or months < 12:
        return _one("month", _half_up(minutes / 43_200))
    years, rest = divmod(months, 12)
    if rest < 3:
        return _one("year", years)
    return _one("year", years, "over") if rest < 9 else _one("year", years + 1, "almost")


def _date_fns_months(published: datetime, anchor: datetime) -> int:
    """Return the whole months as date-fns has them: the later date is moved back to compare."""
    months = (anchor.year - published.year) * 12 + anchor.month - published.month
    if months < 1:
        return 0
    later = anchor
    if anchor.month == 2 and anchor.day > 27:  # date-fns sets the 30th, which runs into March
        later = anchor.replace(day=1) + timedelta(days=29)
    return months - (_add_months_overflowing(later, -months) < published)


def _rails(published: datetime, anchor: datetime) -> Printed:
    """Read as date-fns, which follows it, up to a year; then by leap years and minutes."""
    seconds = _elapsed(published, anchor) / SECOND
    minutes = _half_up(seconds / 60)
    if minutes < 45:
        return _one("minute", minutes) if minutes else _one("second", 0)
    if minutes < 90:
        return _one("hour", 1)
    if minutes < 1_440:
        return _one("hour", _half_up(minutes / 60))
    if minutes < 2_520:
        return _one("day", 1)
    if minutes < 43_200:
        return _one("day", _half_up(minutes / 1_440))
    if minutes < 525_600:
        return _one("month", _half_up(minutes / 43_200))
    first = published.year + (published.month >= 3)
    last = anchor.year - (anchor.month < 3)
    leap = sum(days_in_month(year, 2) == 29 for year in range(first, last + 1))
    years, rest = divmod(minutes - leap * 1_440, 525_600)
    if rest < 131_400:
        return _one("year", years)
    return _one("year", years, "over") if rest < 394_200 else _one("year", years + 1, "almost")


def _calendar_days(published: datetime, anchor: datetime) -> int:
    return (anchor.date() - published.date()).days


def _date_fns_intl(published: datetime, anchor: datetime) -> Printed:
    """Weeks begin on Sunday, as in its default locale."""
    elapsed = _elapsed(published, anchor)
    days = _calendar_days(published, anchor)
    months = (anchor.year - published.year) * 12 + anchor.month - published.month
    if elapsed < MINUTE:
        return _one("second", elapsed // SECOND)
    if elapsed < HOUR:
        return _one("minute", elapsed // MINUTE)
    if elapsed < DAY and days < 1:
        return _one("hour", elapsed // HOUR)
    if elapsed < WEEK and days < 7:
        return _one("day", days)
    if elapsed < MONTH_30 + 10.5 * HOUR:  # its month is 365.2425 / 12 days
        # isoweekday is 7 on Sundays, when a week begins
        return _one("week", (days - anchor.isoweekday() % 7 + published.isoweekday() % 7) // 7)
    if elapsed < 7_889_238 * SECOND:
        return _one("month", months)
    quarters = (anchor.year - published.year) * 4 + (anchor.month - 1) // 3
    quarters -= (published.month - 1) // 3
    if elapsed < 31_556_952 * SECOND:
        return _one("quarter", quarters)
    return _one("year", anchor.year - published.year)


def _luxon(published: datetime, anchor: datetime) -> Printed:
    months = (anchor.year - published.year) * 12 + anchor.month - published.month
    if add_months(published, months) > anchor:
        months -= 1
    if months >= 12 and add_months(published, months // 12 * 12) <= anchor:
        return _one("year", months // 12)
    if months:
        return _one("month", months)
    elapsed = _elapsed(published, anchor)
    for unit in ("day", "hour", "minute"):
        if elapsed >= MEAN[unit]:
            return _one(unit, elapsed // MEAN[unit])
    return _one("second", elapsed // SECOND)


def _luxon_calendar(published: datetime, anchor: datetime) -> Printed:
    if anchor.year != published.year:
        return _one("year", anchor.year - published.year)
    if anchor.month != published.month:
        return _one("month", anchor.month - published.month)
    return _one("day", anchor.day - published.day)


def _relative_time_element(published: datetime, anchor: datetime) -> Printed:
    """Floor, then carry: 55 s, 55 min, 21 h on the first day and 12 h later make one more."""
    left = _elapsed(published, anchor) // SECOND
    minutes, seconds = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    months, days = divmod(days, 30)
    years, months = divmod(months, 12)
    above = bool(years or months or days)
    if seconds >= 55:
        minutes += 1
    if minutes >= 55:
        hours += 1
    if days and hours >= 12:
        days += _half_up(hours / 24)
    elif not days and hours >= 21:
        days += 1
    if not (above or days):
        unit = "hour" if hours else "minute" if minutes else "second"
        return _one(unit, hours or minutes or seconds)
    return _carry_days(anchor, years, months, days)


def _carry_days(anchor: datetime, years: int, months: int, days: int) -> Printed:
    """Return the days as days, weeks, months or years by the calendar."""
    month_end = days_in_month(*_month_before(anchor, months))
    correction = max(0, anchor.day - month_end)
    start = _set_date(anchor, anchor.year - years, anchor.month, anchor.day)  # 29 Feb runs on
    start = _set_date(start, start.year, start.month, anchor.day - correction)
    start = _set_date(start, start.year, anchor.month - months, start.day)
    moved = _set_date(start, start.year, start.month, anchor.day - correction - days)
    year_diff = anchor.year - moved.year
    month_diff = abs((moved.year - anchor.year) * 12 + moved.month - anchor.month)
    day_diff = abs(_half_up((moved - anchor) / timedelta(days=1))) + correction
    if day_diff < 27:
        if days < 6:
            return _one("day", day_diff)
        weeks = _half_up(days / 7)
        return _one("month", 1) if weeks >= 4 else _one("week", weeks)
    if month_diff <= 11:
        return _one("month", month_diff) if month_diff else _one("day", days)
    return _one("year", year_diff)


def _month_before(anchor: datetime, months: int) -> tuple[int, int]:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 - months, 12)
    return year, month + 1


def _set_date(moment: datetime, year: int, month: int, day: int) -> datetime:
    """Return another date at the same time; months and days out of range run on, as in JS."""
    over, month = divmod(month - 1, 12)
    first = moment.replace(year=year + over, month=month + 1, day=1)
    return first + timedelta(days=day - 1)


_BY_ELAPSED: Final[dict[str, Callable[[int], Printed]]] = {
    "wordpress": _wordpress,
    "react-timeago": _react_timeago,
    "jquery-timeago": _jquery_timeago,
    "timeago.js": _timeago_js,
    "date-fns-strict": _date_fns_strict,
    "humanize": _humanize,
}

_BY_CALENDAR: Final[dict[str, Callable[[datetime, datetime], Printed]]] = {
    "carbon": _carbon,
    "drupal": _drupal,
    "twig": _twig,
    "django": _django,
    "moment": _moment,
    "dayjs": _dayjs,
    "date-fns": _date_fns,
    "rails": _rails,
    "date-fns-intl": _date_fns_intl,
    "luxon": _luxon,
    "luxon-calendar": _luxon_calendar,
    "relative-time-element": _relative_time_element,
}

# What a single part means of a widget that prints one or two, as its site sets it.
_BARE: Final = {"drupal": _drupal_bare}

WIDGETS: Final = frozenset(_BY_ELAPSED) | frozenset(_BY_CALENDAR)
"""The names of the widgets whose rounding is known."""


def printed_by(widget: str, published: datetime, anchor: datetime) -> Printed:
    """Return what a widget prints for something published, on a page of `anchor`.

    Args:
        widget: a name of `WIDGETS`.
        published: aware.
        anchor: aware, no earlier.

    Raises:
        ValueError: there is no such widget.
    """
    check_widget(widget)
    if widget in _BY_ELAPSED:
        return _BY_ELAPSED[widget]((anchor - published) // timedelta(milliseconds=1))
    zone = anchor.tzinfo
    return _BY_CALENDAR[widget](
        published.astimezone(zone).replace(tzinfo=None), anchor.replace(tzinfo=None)
    )


def check_widget(widget: str | None) -> None:
    """Raise where the name is not a widget's.

    Raises:
        TypeError: it is not a string.
        ValueError: it is no name of `WIDGETS`.
    """
    if widget is None or (isinstance(widget, str) and widget in WIDGETS):
        return
    if not isinstance(widget, str):
        raise TypeError(f"a widget is a name of WIDGETS or None, not {widget!r}")
    raise ValueError(f"no widget {widget!r}; one of {', '.join(sorted(WIDGETS))}")


def window(widget: str, printed: Printed, anchor: datetime) -> tuple[datetime, datetime] | None:
    """Return the instants [first, end) for which a widget prints this at the instant `anchor`.

    Returns:
        None where it never prints this.
    """
    if widget in _BY_ELAPSED:
        span = _elapsed_span(widget, printed)
    else:
        zone = anchor.tzinfo or UTC
        span = _calendar_span(widget, printed, anchor.replace(tzinfo=None), anchor.fold, zone)
    if span is None:
        return None
    low, high = span
    return (
        shift(anchor, TICK - timedelta(milliseconds=high)),
        shift(anchor, TICK - timedelta(milliseconds=low)),
    )


@lru_cache(maxsize=4_096)
def _calendar_span(
    widget: str, printed: Printed, local: datetime, fold: int, zone: tzinfo
) -> tuple[int, int] | None:
    """Return the elapsed [low, high); `local` and `fold` are the anchor's clock in `zone`."""
    rule = _BY_CALENDAR[widget]
    if len(printed.parts) == 1:
        rule = _BARE.get(widget, rule)
    if isinstance(zone, timezone):

        def forward(ms: int) -> Printed:
            return rule(local - timedelta(milliseconds=ms), local)

    else:
        anchor = local.replace(tzinfo=zone, fold=fold)

        def forward(ms: int) -> Printed:
            published = shift(anchor, timedelta(milliseconds=-ms))
            return rule(published.replace(tzinfo=None), local)

    span = _search_span(forward, printed)
    if _RANK[printed.parts[0][0]] < _RANK["day"]:
        return span
    return _look_around(forward, printed, span, _DISORDERS.get(widget, _DISORDER))


@lru_cache(maxsize=2_048)
def _elapsed_span(widget: str, printed: Printed) -> tuple[int, int] | None:
    return _search_span(_BY_ELAPSED[widget], printed)


def _search_span(forward: Callable[[int], Printed], printed: Printed) -> tuple[int, int] | None:
    """Return the elapsed times [low, high) for which a rule prints this, found by bisection."""
    nominal = sum(int(MEAN[unit] * count) for unit, count in printed.parts)
    smallest = MEAN[printed.parts[-1][0]]
    low_end = max(0, int((nominal - 2 * smallest) * 0.95) - DAY)
    high_end = int((nominal + 3 * smallest) * 1.05) + DAY
    key = _order(printed)
    try:
        low = _first_at_least(forward, key, low_end, high_end, beyond=False)
        high = _first_at_least(forward, key, low, high_end, beyond=True)
        if low >= high or _order(forward(low)) != key:
            return None
    except (OverflowError, ValueError):  # before the year 1
        return None
    return low, high


# Months of unequal length make some rules count out of order within days of a month's end. The
# relative-time-element does so by a month on a leap day: "1 year ago", "11 months ago", then
# "1 year ago" again (versions 4.5.1 and 5.3.1, which count alike, run over all month ends).
_DISORDER: Final = 6 * DAY
_DISORDERS: Final = {"relative-time-element": 31 * DAY}
_STEP: Final = 3 * HOUR


def _look_around(
    forward: Callable[[int], Printed], printed: Printed, span: tuple[int, int] | None, reach: int
) -> tuple[int, int] | None:
    """Return the hull of a span and of what lies just outside it and prints the same."""
    nominal = sum(int(MEAN[unit] * count) for unit, count in printed.parts)
    low, high = span or (nominal, nominal)
    try:
        before = range(max(0, low - reach), low, _STEP)
        after = range(high + reach, high - 1, -_STEP)
        first = next((ms for ms in before if forward(ms) == printed), None)
        last = next((ms for ms in after if forward(ms) == printed), None)
        if first is not None:
            low = _edge(forward, printed, first, max(-1, first - _STEP))
        if last is not None:
            high = _edge(forward, printed, last, last + _STEP) + 1
    except (OverflowError, ValueError):  # before the year 1
        return span
    if span is None and first is None and last is None:
        return None
    return (low, high) if low < high else None


def _edge(forward: Callable[[int], Printed], printed: Printed, inside: int, outside: int) -> int:
    """Return the last elapsed time, from one that prints this towards one that does not."""
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if forward(middle) == printed:
            inside = middle
        else:
            outside = middle
    return inside


_Key = tuple[int, tuple[float, ...]]


def _order(printed: Printed) -> _Key:
    """Return a key that grows with the elapsed time, whatever the widget."""
    nudge = {"almost": -0.1, "over": 0.1}.get(printed.limit, 0.0)
    counts = dict(printed.parts)
    first = printed.parts[0][0]
    return _RANK[first], tuple(counts.get(unit, 0) + nudge for unit in reversed(UNITS))


def _first_at_least(
    forward: Callable[[int], Printed], key: _Key, low: int, high: int, *, beyond: bool
) -> int:
    """Return the first elapsed time in [low, high] whose key is at least, or beyond, `key`."""
    while low < high:
        middle = (low + high) // 2
        found = _order(forward(middle))
        if found > key or (found == key and not beyond):
            high = middle
        else:
            low = middle + 1
    return low
