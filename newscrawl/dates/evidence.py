"""What is known of one article's date, from every sighting of it, and why.

A `DateEvidence` is one reading of one date: an interval, the words it was read from, and what
kind of source they stood in. `settle` makes one of all that one page says, `combine` one of what
many pages say; nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final, Literal, get_args

from .interval import EASTMOST, PRECISIONS, WESTMOST, DateInterval, Precision, clamp, write

Basis = Literal["structured", "visible", "url", "feed", "relative", "bound", "inferred"]

BASES: Final[tuple[Basis, ...]] = get_args(Basis)

RANKS: Final[dict[Basis, int]] = {
    "structured": 0,
    "feed": 1,
    "visible": 2,
    "url": 3,
    "relative": 4,
    "bound": 5,
    "inferred": 6,
}
"""How far a kind of source is trusted; 0 is the most. A feed's date is written by the site's own
system, like JSON-LD. The most trusted reading that can be true is the date. A weaker one refines
it or is passed over; only readings of one rank from different sightings contradict each other. A
bound narrows what is read and contradicts nothing; what is inferred is no reading at all."""

_CLOCKS: Final[tuple[Precision, ...]] = ("second", "minute")

# Offsets in use are whole quarters of an hour (IANA time zone database, since 1972).
_QUARTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The date that a relative date counts from.

    Args:
        value: as a reader of the page would write it, ISO 8601.
        source: where it stood: `printed`, `time`, `meta`, `http-date`, `http-last-modified`,
            `capture`, or a word of the caller's.
    """

    value: str
    source: str

    def to_dict(self) -> dict[str, str]:
        """Return the two fields of the drop."""
        return {"value": self.value, "source": self.source}


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone of a printed clock.

    Args:
        value: an offset, `+05:00`, or an IANA name.
        source: what says it: `printed` beside a date of the page, the `site`, or a `feed`.
    """

    value: str
    source: Literal["printed", "site", "feed"]

    def to_dict(self) -> dict[str, str]:
        """Return the two fields of the drop."""
        return {"value": self.value, "source": self.source}


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A date that was read and cannot be true.

    Args:
        raw: as printed.
        value: what it was read as, ISO 8601.
        why: what it contradicts.
    """

    raw: str
    value: str
    why: str

    def to_dict(self) -> dict[str, str | None]:
        """Return the three fields of the drop."""
        return {"raw": self.raw or None, "value": self.value or None, "why": self.why}


@dataclass(frozen=True, slots=True)
class Limit:
    """What no date of an article lies wholly outside of.

    Args:
        interval: what is possible.
        why: how a date outside of it is told of.
        any_zone: False where the limit has room for every zone already; then a clock without a
            zone is compared as if it were UTC.
    """

    interval: DateInterval
    why: str
    any_zone: bool = True

    def excludes(self, reading: DateInterval) -> bool:
        """Tell whether no instant of a reading is possible."""
        limit = self.interval
        if self.any_zone and limit.zone_known != reading.zone_known:
            limit, reading = limit.in_any_zone(), reading.in_any_zone()
        return not limit.overlaps(reading)


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One date as far as it is known, and where that comes from.

    Args:
        interval: the instants that it may be; of what is inferred, what it would be.
        basis: the kind of source that it was read from.
        raw: as printed, None where nothing was (a bound).
        anchor: what a relative date counts from.
        sources: how many sightings were intersected.
        conflict: True when the sightings cannot all be right.
        refused: readings that cannot be true, each with its reason.
        zone: whose clock was printed; None where nobody says.
        rank: how far it is trusted, by default as its basis is (`RANKS`).
        bound: of what is inferred, all that is known: another source's bound.
        either: what it may be as well, by the same page: the other reading of "02-12-2025", or
            what another place of the page says that is trusted as much.
        disputed: whether `either` is another place's word, and not the same words read otherwise.
    """

    interval: DateInterval
    basis: Basis
    raw: str | None = None
    anchor: Anchor | None = None
    sources: int = 1
    conflict: bool = False
    refused: tuple[Refusal, ...] = ()
    zone: Zone | None = None
    rank: int = -1
    bound: DateInterval | None = None
    either: DateInterval | None = None
    disputed: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.interval, DateInterval):
            raise TypeError(f"a DateInterval is wanted, not {self.interval!r}")
        if self.basis not in RANKS:
            raise ValueError(f"unknown basis {self.basis!r}; one of {', '.join(BASES)}")
        if self.rank < 0:
            object.__setattr__(self, "rank", RANKS[self.basis])

    @property
    def known(self) -> DateInterval | None:
        """The instants that are possible, by the printed clock; None where nothing is known."""
        return self.bound if self.basis == "inferred" else self.interval

    @property
    def earliest(self) -> str | None:
        """The first possible instant in whatever zone, RFC 3339, to the second."""
        known = self.known.in_any_zone().to_seconds() if self.known else None
        return rfc3339(known.earliest) if known and known.earliest else None

    @property
    def latest(self) -> str | None:
        """The first instant that is too late in whatever zone, RFC 3339, to the second."""
        known = self.known.in_any_zone().to_seconds() if self.known else None
        return rfc3339(known.latest) if known and known.latest else None

    @property
    def precision(self) -> Precision:
        """The unit in which the value is written: `second` to `year`."""
        if self.value is None or self.interval.best is not None:
            return self.interval.precision
        units: dict[int, Precision] = {4: "year", 7: "month"}
        return units.get(len(self.value), "day")

    @property
    def certain_to(self) -> Precision | None:
        """The finest unit of which the whole interval lies in one, by the printed clock."""
        return self.known.to_seconds().certain_to if self.known else None

    @property
    def edtf(self) -> str:
        """The interval in EDTF by the printed clock; an unknown year where nothing is known."""
        return self.known.to_seconds().edtf if self.known else "XXXX"

    @property
    def value(self) -> str | None:
        """The best single value, ISO 8601; None when there is only a bound."""
        if self.basis == "inferred" or (self.basis == "bound" and self._is_open()):
            return None
        return self.interval.value

    def _is_open(self) -> bool:
        return self.interval.earliest is None or self.interval.latest is None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the drop's date evidence, in the order of its schema."""
        return {
            "earliest": self.earliest,
            "latest": self.latest,
            "precision": self.precision,
            "certain_to": self.certain_to,
            "zone": self.zone.to_dict() if self.zone else None,
            "edtf": self.edtf,
            "raw": self.raw,
            "basis": self.basis,
            "anchor": self.anchor.to_dict() if self.anchor else None,
            "sources": self.sources,
            "conflict": self.conflict,
            "refused": [refusal.to_dict() for refusal in self.refused],
        }


def rfc3339(moment: datetime) -> str:
    """Write an aware instant as RFC 3339 has it, UTC as `Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def published_by(
    page: date | datetime | DateInterval, source: str, zone: Zone | None = None
) -> DateEvidence:
    """Return the bound that a sighting on a dated page gives an undated item.

    Args:
        page: the page's own date.
        source: where the page's date stood, as for `Anchor`.
        zone: whose clock the page's date is by.
    """
    interval = DateInterval.until(page)
    value = page.value if isinstance(page, DateInterval) else page.isoformat()
    anchor = Anchor(value, source) if value else None
    return DateEvidence(interval, "bound", None, anchor, zone=zone)


def bound_by_neighbours(items: Sequence[DateEvidence | None]) -> list[DateEvidence | None]:
    """Return the items of a newest-first listing, the undated ones bounded by the dated.

    An item is no newer than the nearest dated one above it and no older than the nearest dated
    one below. Only a site that declares its order newest first may use this. Dated items are
    returned as they are, and so are undated ones with no dated neighbour.
    """
    latest = _newest_first(items)
    earliest = list(reversed(_newest_first(list(reversed(items)))))
    bounded: list[DateEvidence | None] = []
    for item, above, below in zip(items, latest, earliest, strict=True):
        if item is not None and item.basis != "bound":
            bounded.append(item)
            continue
        found = _between(above, below)
        interval = found.interval if found else None
        if item is not None:
            interval = interval & item.interval if interval else item.interval
        if interval is None:
            bounded.append(item)
        elif item is not None:
            bounded.append(replace(item, interval=interval))
        else:
            bounded.append(found and replace(found, interval=interval))
    return bounded


def _newest_first(items: Iterable[DateEvidence | None]) -> list[DateEvidence | None]:
    """Return, for each item, the nearest dated one before it."""
    nearest: list[DateEvidence | None] = []
    dated: DateEvidence | None = None
    for item in items:
        nearest.append(dated)
        if item is not None and item.basis != "bound":
            dated = item
    return nearest


def _between(above: DateEvidence | None, below: DateEvidence | None) -> DateEvidence | None:
    sides = [side for side in (above, below) if side]
    if not sides:
        return None
    # Where one neighbour's zone is known, the other's clock is held in every zone.
    mixed = len({side.interval.zone_known for side in sides}) > 1
    leader = next((side for side in sides if side.interval.zone_known), sides[0])
    latest = above.interval.in_any_zone() if above and mixed else above and above.interval
    earliest = below.interval.in_any_zone() if below and mixed else below and below.interval
    end, start = latest.latest if latest else None, earliest.earliest if earliest else None
    if (end is None and start is None) or (end and start and start >= end):
        return None  # the listing is not newest first here, so its order says nothing
    interval = DateInterval(
        start, end, "day", leader.interval.zone_known, None, leader.interval.zone
    )
    return DateEvidence(interval, "bound", zone=leader.zone)


def settle(
    candidates: Sequence[DateEvidence], limits: Iterable[Limit] = ()
) -> tuple[DateEvidence | None, tuple[Refusal, ...]]:
    """Return what one page says of one date of an article, and what was refused.

    The first candidate that can be true leads: it gives the value, `raw`, `basis` and `anchor`.
    Those after it refine it where they say the same more exactly; they neither widen nor
    contradict it. Where no candidate is left, the bounds stand.

    Args:
        candidates: readings of the published date, or of the modified date, never of both, the
            most trusted first.
        limits: what is certain whatever the page says: not after the capture, for one.

    Returns:
        The evidence, with the refused in it; None where nothing is left. The refused.
    """
    limits = list(limits)
    used: list[DateEvidence] = []
    refused: list[Refusal] = []
    for candidate in (_possible(candidate, limits) for candidate in candidates):
        refused.extend(candidate.refused)
        reason = None if candidate.basis == "bound" else _reason_to_refuse(candidate, limits)
        if reason:
            refused.append(Refusal(candidate.raw or "", candidate.interval.value or "", reason))
        else:
            used.append(candidate)
    told = tuple(sorted(set(refused)))
    readings = [candidate for candidate in used if candidate.basis not in ("bound", "inferred")]
    bounds = [candidate for candidate in used if candidate.basis == "bound"]
    inferred = [candidate for candidate in used if candidate.basis == "inferred"]
    if readings:
        leader = _with_either(_refine_all(readings[0], readings[1:] + bounds))
    elif bounds:
        leader = _refine_all(bounds[0], bounds[1:])
        if inferred:
            leader = replace(
                inferred[0], bound=leader.interval, zone=leader.zone, anchor=leader.anchor
            )
    elif inferred:
        leader = inferred[0]
    else:
        return None, told
    return replace(leader, refused=told), told


def _possible(reading: DateEvidence, limits: Sequence[Limit]) -> DateEvidence:
    """Return a reading without what it can't be of the two that it may be."""
    if reading.either is None:
        return reading
    if any(limit.excludes(reading.either) for limit in limits):
        return replace(reading, either=None, disputed=False)
    if not reading.disputed and _reason_to_refuse(reading, limits):
        return replace(reading, interval=reading.either, either=None)
    return reading


def _with_either(leader: DateEvidence) -> DateEvidence:
    """Return a reading whose interval holds what it may be as well, by the day; its value stays.

    Where the two are by different clocks, the day on each one's own is meant.
    """
    ours, other = leader.interval, leader.either
    if other is None or other.best is None or ours.best is None:
        return leader
    day = DateInterval.day(
        other.best.astimezone(other.zone).date(), ours.zone if ours.zone_known else None
    )
    both = ours | day
    if both is None:  # pragma: no cover  # a reading has both its ends
        return leader
    interval = replace(both, precision=ours.precision, best=ours.best)
    return replace(
        leader, interval=interval, either=None, conflict=leader.conflict or leader.disputed
    )


def _reason_to_refuse(reading: DateEvidence, limits: Iterable[Limit]) -> str | None:
    return next((limit.why for limit in limits if limit.excludes(reading.interval)), None)


def _refine_all(leader: DateEvidence, weaker: Iterable[DateEvidence]) -> DateEvidence:
    for other in weaker:
        leader = _refine(leader, other)
    return leader


def _refine(leader: DateEvidence, other: DateEvidence) -> DateEvidence:
    """Return a reading as a less trusted one of the same date makes it more exact, or as it is."""
    ours, theirs = leader.interval, other.interval
    is_count = other.basis in ("relative", "bound")
    if _is_said_in_utc(ours) and _is_same_instant_elsewhere(theirs, ours):
        # Machines write UTC; the page's own clock names the day that its readers had.
        local = ours.best.astimezone(theirs.best.tzinfo)  # type: ignore[union-attr]  # both are instants
        return replace(
            leader, interval=DateInterval.instant(local, ours.precision), zone=other.zone
        )
    if ours.zone_known is theirs.zone_known:
        both = ours & theirs
        if both is None:
            return leader
        if is_count or not _is_finer(theirs, ours):
            return replace(leader, interval=_with_best_of(both, ours))
        finer = _on_the_clock_of(ours, both)
        if ours.precision == "day" and finer.best and finer.best.time() == time():
            return leader  # the same midnight, a placeholder, by another clock
        return _worded_as(other, leader, finer, leader.zone)
    if is_count or theirs.precision not in _CLOCKS or theirs.best is None:
        return leader
    if ours.precision == "day" and write(theirs.best, "day") == ours.value:
        if theirs.zone_known:
            return _worded_as(other, leader, theirs, other.zone)
        placed = DateInterval.instant(theirs.best.replace(tzinfo=ours.zone), theirs.precision)
        return _worded_as(other, leader, placed, leader.zone)
    if ours.precision in _CLOCKS and theirs.zone_known:
        return _in_the_zone_of(other, leader)
    return leader


def _is_said_in_utc(interval: DateInterval) -> bool:
    best = interval.best
    return interval.zone_known and best is not None and best.utcoffset() == timedelta()


def _is_same_instant_elsewhere(other: DateInterval, instant: DateInterval) -> bool:
    """Whether a date is the instant that another is, by a clock that is not UTC's."""
    return (
        other.zone_known
        and other.best is not None
        and other.best == instant.best
        and other.precision == instant.precision
        and instant.precision in _CLOCKS
        and bool(other.best.utcoffset())
    )


def _is_finer(a: DateInterval, b: DateInterval) -> bool:
    return a.best is not None and PRECISIONS.index(a.precision) < PRECISIONS.index(b.precision)


def _worded_as(
    other: DateEvidence, leader: DateEvidence, interval: DateInterval, zone: Zone | None
) -> DateEvidence:
    """Return what `other` gave the value for; it is trusted as the leader, which it bears out."""
    return replace(leader, interval=interval, raw=other.raw, basis=other.basis, zone=zone)


def _on_the_clock_of(ours: DateInterval, both: DateInterval) -> DateInterval:
    """Return an interval with its value by our clock, so that it names our day."""
    return replace(both, best=both.best and both.best.astimezone(ours.zone), zone=ours.zone)


def _in_the_zone_of(other: DateEvidence, leader: DateEvidence) -> DateEvidence:
    """Return a clock without a zone as the instant that another date of the page gives it."""
    clock, instant = leader.interval.best, other.interval.best
    if clock is None or instant is None or other.zone is None:
        return leader
    by = PRECISIONS.index("minute")
    to_minute = max(PRECISIONS.index(e.interval.precision) for e in (leader, other)) == by
    cut = {"microsecond": 0, "second": 0} if to_minute else {"microsecond": 0}
    clock, instant = clock.replace(**cut), instant.replace(**cut)  # type: ignore[arg-type]  # numbers
    offset = clock - instant
    if offset != instant.utcoffset():
        # Clocks on the quarter agree by chance; any other names its zone.
        is_round = not (clock.second or clock.minute % 15)
        if is_round or offset % _QUARTER or not -WESTMOST <= offset <= EASTMOST:
            return leader
    zone = timezone(offset)
    finer = min((leader, other), key=lambda e: PRECISIONS.index(e.interval.precision))
    assert finer.interval.best is not None  # noqa: S101  # both have one
    best = finer.interval.best
    best = best.astimezone(zone) if finer is other else best.replace(tzinfo=zone)
    named = other.zone if offset == instant.utcoffset() else None
    named = named or Zone(best.isoformat()[-6:], other.zone.source)
    interval = DateInterval.instant(best, finer.interval.precision)
    if finer is leader:
        return replace(leader, interval=interval, zone=named)
    return _worded_as(other, leader, interval, named)


def combine(evidence: Iterable[DateEvidence]) -> DateEvidence | None:
    """Return one evidence from what many sightings say of one date of one article.

    The most trusted rank leads (`RANKS`): its first gives `raw`, `basis` and `anchor`, and all of
    it are intersected. Where they have no instant in common, `conflict` is set and the interval is
    the hull of them all. Less trusted readings and bounds narrow that, or are passed over. The
    result does not depend on the order of `evidence`.

    Args:
        evidence: readings of the published date, or of the modified date, never of both; each
            what one sighting says (`settle`).

    Returns:
        None when there is nothing to go by.
    """
    readings = sorted(evidence, key=_order)
    if not readings:
        return None
    told = tuple(sorted({refusal for reading in readings for refusal in reading.refused}))
    leader = next((r for r in readings if r.basis not in ("bound", "inferred")), readings[0])
    peers = [r for r in readings if r.rank == leader.rank]
    weaker = [r for r in readings if r.rank > leader.rank and r.basis != "inferred"]
    interval, conflict = _merge([reading.interval for reading in peers], leader.interval)
    found = _refine_all(replace(leader, interval=interval), weaker)
    used = peers + [r for r in weaker if _may_agree(r, found)]
    inferred = readings[-1]
    if leader.basis == "bound" and inferred.basis == "inferred":
        found = replace(inferred, bound=found.interval, zone=found.zone, anchor=found.anchor)
    return replace(
        found,
        sources=sum(reading.sources for reading in used),
        conflict=conflict or any(reading.conflict for reading in peers),
        refused=told,
        zone=found.zone if found.known is None or found.known.zone_known else None,
    )


def _order(reading: DateEvidence) -> tuple[int, bool, int, str, str, str]:
    """Of two equally trusted readings the one that says more leads: a zone, a finer unit."""
    interval = reading.interval
    anchor = f"{reading.anchor.value} {reading.anchor.source}" if reading.anchor else ""
    return (
        reading.rank,
        not interval.zone_known,
        PRECISIONS.index(interval.precision),
        interval.exact,
        reading.raw or "",
        anchor,
    )


def _may_agree(reading: DateEvidence, found: DateEvidence) -> bool:
    return reading.interval.in_any_zone().overlaps(found.interval.in_any_zone())


def _merge(intervals: list[DateInterval], leader: DateInterval) -> tuple[DateInterval, bool]:
    """Return the intersection and False, or, where it is empty, the hull and True.

    Intervals whose zone is not known can contradict others by more than any zone explains; they
    narrow only each other.
    """
    mixed = len({interval.zone_known for interval in intervals}) > 1
    narrowed = intersect_all(i.in_any_zone() if mixed else i for i in intervals)
    if narrowed is None:
        return _hull(intervals, leader), True
    if not mixed:
        return narrowed, False
    same = intersect_all(i for i in intervals if i.zone_known == leader.zone_known)
    if same is None:
        return _hull(intervals, leader), True
    return same, False


def intersect_all(intervals: Iterable[DateInterval]) -> DateInterval | None:
    """Return the instants that all the intervals allow; None where there are none.

    Raises:
        ValueError: there is no interval.
    """
    result: DateInterval | None = None
    for interval in intervals:
        narrowed = interval if result is None else result & interval
        if narrowed is None:
            return None
        result = narrowed
    if result is None:
        raise ValueError("no interval to intersect")
    return result


def _hull(intervals: Iterable[DateInterval], leader: DateInterval) -> DateInterval:
    covering: DateInterval = leader
    for interval in intervals:
        wider = covering | interval
        if wider is None:  # bounds on opposite sides: nothing is excluded but by the leader
            continue
        covering = wider
    return covering


def _with_best_of(interval: DateInterval, chosen: DateInterval) -> DateInterval:
    """Return the interval with the chosen one's precision and best value, kept inside."""
    if chosen.best is None:
        return replace(interval, best=None)
    best = clamp(chosen.best, interval.earliest, interval.latest)
    return replace(interval, precision=chosen.precision, best=best)
