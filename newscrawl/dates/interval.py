"""`DateInterval`: a date as far as it is known, with its algebra and its written forms.

An interval is half-open: `earliest` is the first possible instant, `latest` the first impossible
one. Either may be None (a bound on one side only). The written form is EDTF, the Extended
Date/Time Format of ISO 8601-2: `2024-12-17` is a day, `[2024-12-16..2024-12-18]` is one of these
days, `[..2024-12-21]` is on or before. EDTF has times only to the second and only alone, so
`edtf` writes what begins or ends within a day by its days; `exact` writes the same forms with
times, so that reading it back gives the same instants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Literal, Self, get_args

Precision = Literal["second", "minute", "hour", "day", "month", "year"]

PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)
"""From the finest to the coarsest."""

TICK: Final = timedelta(microseconds=1)
"""The resolution of `datetime`."""

# Zones on Earth run from UTC-12 to UTC+14 (IANA time zone database), so a wall-clock reading
# without a zone, taken for UTC, may be 14 hours too late or 12 hours too early.
EASTMOST: Final = timedelta(hours=14)
WESTMOST: Final = timedelta(hours=12)

_RANK: Final = {name: rank for rank, name in enumerate(PRECISIONS)}
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_WIDTHS: Final[dict[Precision, timedelta]] = {
    "second": _SECOND,
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class DateInterval:
    """A date known to lie in `earliest` ≤ date < `latest`.

    Args:
        earliest: the first possible instant (aware), or None where nothing bounds it.
        latest: the first instant that is too late (aware), or None where nothing bounds it.
        precision: how exactly the best single value may be written.
        zone_known: False where the zone is not known; then UTC stands in for it, in all bounds.
        best: the instant that a reader would take if only one may be had, inside the interval;
            None where there is only a bound. Two intervals are equal whatever their `best`.
        zone: where its midnights are counted; by default the zone of the bounds. The bounds
            themselves are kept at the offset they have, because Python compares two datetimes of
            one zone by the wall clock, which runs twice through an hour when summer time ends.

    Raises:
        TypeError: a bound is not a datetime or None.
        ValueError: a bound is naive, the interval is empty, `best` lies outside, both bounds are
            missing, or the precision is unknown.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision = "second"
    zone_known: bool = True
    best: datetime | None = field(default=None, compare=False)
    zone: tzinfo | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for name in ("latest", "earliest", "best"):
            value = getattr(self, name)
            if value is None:
                continue
            if not isinstance(value, datetime):
                raise TypeError(f"{name} must be a datetime or None, not {value!r}")
            if value.tzinfo is None:
                raise ValueError(f"{name} must be aware: {value!r} has no zone")
            if not self.zone_known:
                if value.tzinfo is not UTC:
                    object.__setattr__(self, name, value.astimezone(UTC))
                continue
            if self.zone is None:
                object.__setattr__(self, "zone", value.tzinfo)
            if type(value.tzinfo) is not timezone:
                object.__setattr__(self, name, _with_fixed_offset(value))
        if not self.zone_known and self.zone is not UTC:
            object.__setattr__(self, "zone", UTC)
        if self.precision not in _RANK:
            raise ValueError(f"precision is one of {', '.join(PRECISIONS)}, not {self.precision}")
        if self.earliest is None and self.latest is None:
            raise ValueError("an interval needs at least one bound")
        if self.earliest is not None and self.latest is not None and self.earliest >= self.latest:
            raise ValueError(f"empty interval: {self.earliest} is not before {self.latest}")
        if self.best is not None and not self.contains(self.best):
            raise ValueError(f"best value {self.best} is not in the interval")

    # How one is made

    @classmethod
    def day(cls, day: date, tz: tzinfo | None = None) -> Self:
        """Return the whole of `day` in the zone `tz`; without one, zone unknown, in UTC."""
        if isinstance(day, datetime) or not isinstance(day, date):
            raise TypeError(f"a date is wanted, not {day!r}")
        return cls._days(day, _next_day(day), "day", tz)

    @classmethod
    def month(cls, year: int, month: int, tz: tzinfo | None = None) -> Self:
        """Return a calendar month."""
        first = date(year, month, 1)
        following = _first_of_next_month(first)
        return cls._days(first, following, "month", tz)

    @classmethod
    def year(cls, year: int, tz: tzinfo | None = None) -> Self:
        """Return a calendar year."""
        following = date(year + 1, 1, 1) if year < date.max.year else None
        return cls._days(date(year, 1, 1), following, "year", tz)

    @classmethod
    def days(
        cls, first: date, last: date, tz: tzinfo | None = None, precision: Precision = "day"
    ) -> Self:
        """Return the days from `first` to `last`, both included, with no best value."""
        following = _next_day(last)
        start, end = _midnight(first, tz), _midnight(following, tz) if following else None
        return cls(start, end, precision, tz is not None, None, tz)

    @classmethod
    def _days(
        cls, first: date, following: date | None, precision: Precision, tz: tzinfo | None
    ) -> Self:
        start = _midnight(first, tz)
        end = _midnight(following, tz) if following else None
        return cls(start, end, precision, tz is not None, start, tz)

    @classmethod
    def instant(cls, moment: datetime, precision: Precision = "second") -> Self:
        """Return the second (or the minute, the hour) that begins at `moment`, which is aware."""
        if not isinstance(moment, datetime):
            raise TypeError(f"a datetime is wanted, not {moment!r}")
        if precision not in _WIDTHS:
            raise ValueError(f"an instant is known to the second, minute or hour, not {precision}")
        width = TICK if moment.microsecond else _WIDTHS[precision]
        return cls(moment, moment + width, precision, True, moment)

    @classmethod
    def until(cls, limit: date | datetime | DateInterval, tz: tzinfo | None = None) -> Self:
        """Return the bound "on or before `limit`": a day, an instant, or an interval's end."""
        interval = as_interval(limit, tz)
        if interval.latest is None:
            raise ValueError(f"{limit!r} has no end, so it bounds nothing from above")
        return cls(
            None, interval.latest, interval.precision, interval.zone_known, None, interval.zone
        )

    @classmethod
    def since(cls, limit: date | datetime | DateInterval, tz: tzinfo | None = None) -> Self:
        """Return the bound "on or after `limit`": a day, an instant, or an interval's start."""
        interval = as_interval(limit, tz)
        if interval.earliest is None:
            raise ValueError(f"{limit!r} has no beginning, so it bounds nothing from below")
        return cls(
            interval.earliest, None, interval.precision, interval.zone_known, None, interval.zone
        )

    # Algebra

    def contains(self, moment: datetime) -> bool:
        """Tell whether an aware instant lies within."""
        return (self.earliest is None or self.earliest <= moment) and (
            self.latest is None or moment < self.latest
        )

    def intersection(self, other: DateInterval) -> DateInterval | None:
        """Return the instants that both allow, or None where there are none.

        The finer precision and its best value stand, moved to the nearest instant that is left;
        of two best values equally fine, the later one.
        """
        earliest = _pick(self.earliest, other.earliest, later=True)
        latest = _pick(self.latest, other.latest, later=False)
        if earliest is not None and latest is not None and earliest >= latest:
            return None
        leader = min((self, other), key=_leadership)
        best = leader.best
        if best is not None:
            best = clamp(best, earliest, latest)
        zone_known = self.zone_known and other.zone_known
        return DateInterval(earliest, latest, leader.precision, zone_known, best, leader.zone)

    __and__ = intersection

    def hull(self, other: DateInterval) -> DateInterval | None:
        """Return the narrowest interval that covers both; None where nothing would bound it.

        The best value is kept only where both share it; the coarser precision stands.
        """
        earliest = latest = None
        if self.earliest is not None and other.earliest is not None:
            earliest = min(self.earliest, other.earliest)
        if self.latest is not None and other.latest is not None:
            latest = max(self.latest, other.latest)
        if earliest is None and latest is None:
            return None
        best = self.best if self.best == other.best else None
        precision = max(self.precision, other.precision, key=_RANK.__getitem__)
        known = self.zone_known and other.zone_known
        return DateInterval(earliest, latest, precision, known, best, self.zone)

    __or__ = hull

    def is_before(self, other: DateInterval) -> bool:
        """Tell whether every instant of this one comes before every instant of the other."""
        return (
            self.latest is not None and other.earliest is not None and self.latest <= other.earliest
        )

    def overlaps(self, other: DateInterval) -> bool:
        """Tell whether the two share an instant."""
        return not (self.is_before(other) or other.is_before(self))

    def in_any_zone(self) -> DateInterval:
        """Return this interval, widened by every zone on Earth where its own is not known."""
        if self.zone_known:
            return self
        earliest, latest = self.earliest, self.latest
        return DateInterval(
            None if earliest is None else shift(earliest, -EASTMOST),
            None if latest is None else shift(latest, WESTMOST),
            self.precision,
            False,
            self.best,
            self.zone,
        )

    def to_seconds(self) -> DateInterval:
        """Return this interval with its bounds moved outwards to whole seconds."""
        earliest, latest = self.earliest, self.latest
        if earliest is not None:
            earliest = earliest.replace(microsecond=0)
        if latest is not None and latest.microsecond:
            latest = shift(latest.replace(microsecond=0), _SECOND)
        return replace(self, earliest=earliest, latest=latest)

    def to_days(self) -> DateInterval:
        """Return this interval with its bounds moved outwards to midnight, in their own zones."""
        earliest, latest = self.earliest, self.latest
        if earliest is not None:
            here = earliest.astimezone(self.zone) if self.zone else earliest
            earliest = _midnight(here.date(), here.tzinfo)
        if latest is not None:
            here = latest.astimezone(self.zone) if self.zone else latest
            following = here.date() if _is_midnight(here) else _next_day(here.date())
            latest = _midnight(following, here.tzinfo) if following else None
        precision = max(self.precision, "day", key=_RANK.__getitem__)
        return replace(self, earliest=earliest, latest=latest, precision=precision)

    def _here(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.zone) if moment and self.zone else moment

    # Written forms

    @property
    def value(self) -> str | None:
        """The best single value in ISO 8601, no more exact than it is known; None for a bound.

        Bounds on both sides that fall in one day, month or year are that day, month or year.
        """
        if self.best is not None:
            return write(self.best, self.precision, self.zone_known)
        if self.earliest is None or self.latest is None:
            return None
        first = self.earliest
        last = (self.latest - TICK).astimezone(first.tzinfo)
        if first.year != last.year:
            return None
        if first.month != last.month:
            return write(first, "year", self.zone_known)
        return write(first, "month" if first.day != last.day else "day", self.zone_known)

    @property
    def certain_to(self) -> Precision | None:
        """The finest unit of which the whole interval lies in one, by the clock of its zone.

        None where a side is open, or where not even the year is certain.
        """
        if self.earliest is None or self.latest is None:
            return None
        first, last = self._here(self.earliest), self._here(shift(self.latest, -TICK))
        assert first is not None  # noqa: S101  # both bounds are there
        assert last is not None  # noqa: S101  # both bounds are there
        width = self.latest - self.earliest
        for precision in PRECISIONS:
            # When summer time ends, two hours have the same name.
            if width <= _WIDTHS.get(precision, width) and (
                write(first, precision, False) == write(last, precision, False)
            ):
                return precision
        return None

    @property
    def edtf(self) -> str:
        """The interval in EDTF as the standard has it, a time that it cannot hold by its day."""
        exact = self.exact
        if "T" not in exact or _EDTF_SECOND.fullmatch(exact):
            return exact
        return self.to_days().exact

    @property
    def exact(self) -> str:
        """The interval in EDTF's forms, with times to the microsecond; `from_edtf` reads it."""
        earliest, latest = self.earliest, self.latest
        by_day = all(_is_midnight(bound) for bound in (self._here(earliest), self._here(latest)))
        if earliest is None or latest is None:
            if earliest is not None:
                return f"[{_write_start(earliest, by_day, self.zone_known)}..]"
            assert latest is not None  # noqa: S101  # one bound is always there
            return f"[..{_write_end(latest, by_day, self.zone_known)}]"
        single = _write_unit(earliest, latest, by_day, self.zone_known)
        if single:
            return single
        start = _write_start(earliest, by_day, self.zone_known)
        return f"[{start}..{_write_end(latest, by_day, self.zone_known)}]"

    @classmethod
    def from_edtf(cls, text: str, tz: tzinfo | None = None) -> Self:
        """Read one EDTF date, a set that is a range, or a bound; `exact` is read as well.

        Args:
            text: a date, a month, a year, a date with a time, `[a..b]`, `[..b]` or `[a..]`.
            tz: the zone of days and of times without an offset; without it, the zone is unknown.

        Raises:
            TypeError: `text` is not a string.
            ValueError: it is not one of these forms. A lasting interval `a/b` is not one: it says
                that something lasted, not that its date is uncertain.
        """
        if not isinstance(text, str):
            raise TypeError(f"a string is wanted, not {text!r}")
        if not (text.startswith("[") and text.endswith("]")):
            return cls._read_single(text, tz)
        start, dots, end = text[1:-1].partition("..")
        if not dots:
            return cls._read_single(start, tz)
        if not (start or end):
            raise ValueError(f"{text!r} has no bound")
        first = cls._read_single(start, tz) if start else None
        last = cls._read_single(end, tz) if end else None
        known = all(part.zone_known for part in (first, last) if part)
        precision = max((part.precision for part in (first, last) if part), key=_RANK.__getitem__)
        earliest = first.earliest if first else None
        # A bound keeps its own offset; the days are those of the zone that the caller knows.
        zone = tz if known else None
        return cls(earliest, last.latest if last else None, precision, known, None, zone)

    @classmethod
    def _read_single(cls, text: str, tz: tzinfo | None) -> Self:
        match = _EDTF_DATE.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not an EDTF date that newscrawl reads")
        year, month, day, hour, minute, second, fraction, offset = match.groups()
        if month is None:
            return cls.year(int(year), tz)
        if day is None:
            return cls.month(int(year), int(month), tz)
        if hour is None:
            return cls.day(date(int(year), int(month), int(day)), tz)
        zone = read_offset(offset) if offset else tz
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
            tzinfo=zone or UTC,
        )
        precision: Precision = "second" if second else "minute" if minute else "hour"
        end = shift(moment, TICK if fraction else _WIDTHS[precision])
        return cls(moment, end, precision, zone is not None, moment)


# The standard's level 0: complete to the second, local, in UTC or with an offset in minutes.
_EDTF_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?", re.ASCII)

_EDTF_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?"
    r"(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)?)?)?)?",
    re.ASCII,
)


def as_interval(moment: date | datetime | DateInterval, tz: tzinfo | None = None) -> DateInterval:
    """Return an anchor as an interval: a date is its whole day, a datetime its exact instant.

    Args:
        moment: a date (a day in `tz`), an aware datetime, or an interval, which is returned as is.
        tz: the zone of a date, or of a datetime that has none.

    Raises:
        TypeError: it is none of these.
        ValueError: the datetime is naive and `tz` is None.
    """
    if isinstance(moment, DateInterval):
        return moment
    if isinstance(moment, datetime):
        aware = moment if moment.tzinfo or tz is None else moment.replace(tzinfo=tz)
        return DateInterval(aware, shift(aware, TICK), "second", True, aware)
    if isinstance(moment, date):
        return DateInterval.day(moment, tz)
    raise TypeError(f"a date, a datetime or a DateInterval is wanted, not {moment!r}")


def shift(moment: datetime, by: timedelta) -> datetime:
    """Return the instant `by` later, counted in elapsed time; it stops where `datetime` ends."""
    try:
        if type(moment.tzinfo) is timezone:
            return moment + by
        return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)
    except OverflowError:
        end = datetime.max if by > timedelta(0) else datetime.min
        return end.replace(tzinfo=UTC)


def write(moment: datetime, precision: Precision, zone_known: bool = True) -> str:
    """Write an instant in ISO 8601, reduced to `precision`; the offset only where it is known."""
    if precision == "year":
        return f"{moment.year:04}"
    if precision == "month":
        return f"{moment.year:04}-{moment.month:02}"
    if precision == "day":
        return moment.date().isoformat()
    timespec = {"second": "seconds", "minute": "minutes", "hour": "hours"}[precision]
    return (moment if zone_known else moment.replace(tzinfo=None)).isoformat(timespec=timespec)


def read_offset(text: str) -> timezone:
    """Return the zone of a written offset: `Z`, `+05`, `+0530`, `+05:30`.

    Raises:
        ValueError: the offset is a day or more.
    """
    if text in ("Z", "z"):
        return UTC
    digits = text[1:].replace(":", "").ljust(6, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:6]))
    return timezone(-offset if text[0] in "-\u2212" else offset)


def _leadership(interval: DateInterval) -> tuple[bool, int, float]:
    best = interval.best
    return best is None, _RANK[interval.precision], -best.timestamp() if best else 0.0


def _pick(a: datetime | None, b: datetime | None, *, later: bool) -> datetime | None:
    if a is None or b is None:
        return b if a is None else a
    if a == b:  # the same instant in two zones: choose one whatever the order
        return a if _offset_of(a) <= _offset_of(b) else b
    return a if (a > b) is later else b


def _with_fixed_offset(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone(_offset_of(moment)), fold=0)


def _offset_of(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta(0)


def clamp(best: datetime, earliest: datetime | None, latest: datetime | None) -> datetime:
    """Return `best`, moved to the nearest instant of [`earliest`, `latest`)."""
    if earliest is not None and best < earliest:
        return earliest
    if latest is not None and best >= latest:
        return shift(latest, -TICK)
    return best


def _midnight(day: date, tz: tzinfo | None) -> datetime:
    if tz is None or tz is UTC:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return _with_fixed_offset(datetime.combine(day, time(), tz or UTC))


def _is_midnight(moment: datetime | None) -> bool:
    return moment is None or moment.time() == time()


def _next_day(day: date) -> date | None:
    return day + _DAY if day < date.max else None


def _first_of_next_month(day: date) -> date | None:
    if (day.year, day.month) == (date.max.year, 12):
        return None
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _write_start(moment: datetime, by_day: bool, zone_known: bool) -> str:
    return moment.date().isoformat() if by_day else _write_time(moment, zone_known)


def _write_end(moment: datetime, by_day: bool, zone_known: bool) -> str:
    if by_day:
        return (moment.date() - _DAY).isoformat()
    if moment.microsecond:
        moment = shift(moment, -TICK)
        return _write_time(moment, zone_known, timespec="microseconds")
    return _write_time(shift(moment, -_SECOND), zone_known)


def _write_time(moment: datetime, zone_known: bool, timespec: str = "auto") -> str:
    if not zone_known:
        moment = moment.replace(tzinfo=None)
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def _write_unit(earliest: datetime, latest: datetime, by_day: bool, zone_known: bool) -> str | None:
    """Return the reduced form of exactly one year, month, day, hour, minute or second."""
    if by_day:
        first, following = earliest.date(), latest.date()
        if following == _next_day(first):
            return first.isoformat()
        if first.day == 1 and following == _first_of_next_month(first):
            return f"{first.year:04}-{first.month:02}"
        if (first.month, first.day) == (1, 1) and following == date(first.year + 1, 1, 1):
            return f"{first.year:04}"
        return None
    width = latest - earliest
    if earliest.microsecond:
        return _write_time(earliest, zone_known, "microseconds") if width == TICK else None
    for unit, timespec, rest in (
        (_SECOND, "seconds", 0),
        (timedelta(minutes=1), "minutes", earliest.second),
        (timedelta(hours=1), "hours", earliest.second or earliest.minute),
    ):
        if width == unit and not rest:
            return _write_time(earliest, zone_known, timespec)
    return None
