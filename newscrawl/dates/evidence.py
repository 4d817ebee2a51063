"""What is known of one article's date, from every sighting of it, and why.

A `DateEvidence` is one reading of one date: an interval, the words it was read from, and what
kind of source they stood in. `combine` makes one of many; nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from .interval import PRECISIONS, DateInterval, Precision, clamp

Basis = Literal["structured", "visible", "url", "feed", "relative", "bound", "inferred"]

BASES: Final[tuple[Basis, ...]] = get_args(Basis)

# The order of trust. A feed's date is written by the site's own system, like JSON-LD.
_TRUST: Final[dict[Basis, int]] = {
    "structured": 0,
    "feed": 1,
    "visible": 2,
    "url": 3,
    "relative": 4,
    "bound": 5,
    "inferred": 6,
}

# A page cannot hold what was written after it was fetched. A date printed on it can be wrong.
_CERTAIN_SOURCES: Final = frozenset({"capture", "http-date", "http-last-modified"})


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
class Refusal:
    """A reading that was not used, and the reason."""

    evidence: DateEvidence
    reason: str


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One date as far as it is known, and where that comes from.

    Args:
        interval: the instants that it may be.
        basis: the kind of source that it was read from.
        raw: as printed, None where nothing was (a bound).
        anchor: what a relative date counts from.
        sources: how many sightings were intersected.
        conflict: True when the sightings cannot all be right.
        refused: readings that were not used, each with its reason.
    """

    interval: DateInterval
    basis: Basis
    raw: str | None = None
    anchor: Anchor | None = None
    sources: int = 1
    conflict: bool = False
    refused: tuple[Refusal, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.interval, DateInterval):
            raise TypeError(f"a DateInterval is wanted, not {self.interval!r}")
        if self.basis not in _TRUST:
            raise ValueError(f"unknown basis {self.basis!r}; one of {', '.join(BASES)}")

    @property
    def earliest(self) -> str | None:
        """The first possible instant, RFC 3339, to the second."""
        earliest = self.interval.to_seconds().earliest
        return None if earliest is None else rfc3339(earliest)

    @property
    def latest(self) -> str | None:
        """The first instant that is too late, RFC 3339, to the second."""
        latest = self.interval.to_seconds().latest
        return None if latest is None else rfc3339(latest)

    @property
    def precision(self) -> Precision:
        """How exactly the date is known: `second` to `year`."""
        return self.interval.precision

    @property
    def edtf(self) -> str:
        """The interval in EDTF, to the second."""
        return self.interval.to_seconds().edtf

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
            "edtf": self.edtf,
            "raw": self.raw,
            "basis": self.basis,
            "anchor": self.anchor.to_dict() if self.anchor else None,
            "sources": self.sources,
            "conflict": self.conflict,
        }


def rfc3339(moment: datetime) -> str:
    """Write an aware instant as RFC 3339 has it, UTC as `Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def published_by(page: date | datetime | DateInterval, source: str) -> DateEvidence:
    """Return the bound that a sighting on a dated page gives an undated item.

    Args:
        page: the page's own date.
        source: where the page's date stood, as for `Anchor`.
    """
    interval = DateInterval.until(page)
    value = page.value if isinstance(page, DateInterval) else page.isoformat()
    anchor = Anchor(value, source) if value else None
    return DateEvidence(interval, "bound", None, anchor)


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
        interval = _between(above.interval if above else None, below.interval if below else None)
        if item is not None:
            interval = interval & item.interval if interval else item.interval
        if interval is None:
            bounded.append(item)
        elif item is not None:
            bounded.append(replace(item, interval=interval))
        else:
            bounded.append(DateEvidence(interval, "bound"))
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


def _between(above: DateInterval | None, below: DateInterval | None) -> DateInterval | None:
    latest = above.latest if above else None
    earliest = below.earliest if below else None
    side = above or below
    if side is None or (latest is None and earliest is None):
        return None
    if latest is not None and earliest is not None and earliest >= latest:
        return None  # the listing is not newest first here, so its order says nothing
    return DateInterval(earliest, latest, "day", side.zone_known, None, side.zone)


def combine(
    evidence: Iterable[DateEvidence], *, bounds: Iterable[DateInterval] = ()
) -> DateEvidence | None:
    """Return one evidence from all readings of one date of one article.

    The most trusted kind leads (structured, then feed, visible, URL, relative, bound): it gives
    the best single value, `raw`, `basis` and `anchor`. All that remain are intersected; where
    they have no instant in common, `conflict` is set and the interval is the hull of them all. A
    reading outside a certain bound is not used; it is kept in `refused` with the reason. The
    result does not depend on the order of `evidence`.

    Args:
        evidence: readings of the published date, or of the modified date, never of both.
        bounds: what is certain whatever the pages say: not after the capture, not before the site
            existed. A `bound` reading whose anchor is a capture or an HTTP header counts as one.

    Returns:
        None when there is nothing to go by.
    """
    readings = sorted(evidence, key=_order)
    certain = [*bounds, *(e.interval for e in readings if _is_certain(e))]
    used: list[DateEvidence] = []
    refused: list[Refusal] = []
    for reading in readings:
        refused.extend(reading.refused)
        reason = None if reading.basis == "bound" else _reason_to_refuse(reading, certain)
        if reason:
            refused.append(Refusal(replace(reading, refused=()), reason))
        else:
            used.append(reading)
    if not used:
        return _nothing_but_bounds(certain, refused)
    leader = used[0]
    interval, conflict = _merge([reading.interval for reading in used], leader.interval)
    peers = [r.interval for r in used if r.basis == leader.basis]
    chosen, _ = _merge(peers, leader.interval)
    return DateEvidence(
        _with_best_of(interval, chosen),
        leader.basis,
        leader.raw,
        leader.anchor,
        sum(reading.sources for reading in used),
        conflict or any(reading.conflict for reading in used),
        tuple(refused),
    )


def _order(reading: DateEvidence) -> tuple[int, bool, int, str, str, str]:
    """Of two equally trusted readings the one that says more leads: a zone, a finer unit."""
    interval = reading.interval
    anchor = f"{reading.anchor.value} {reading.anchor.source}" if reading.anchor else ""
    return (
        _TRUST[reading.basis],
        not interval.zone_known,
        PRECISIONS.index(interval.precision),
        interval.edtf,
        reading.raw or "",
        anchor,
    )


def _is_certain(reading: DateEvidence) -> bool:
    anchor = reading.anchor
    return reading.basis == "bound" and anchor is not None and anchor.source in _CERTAIN_SOURCES


def _reason_to_refuse(reading: DateEvidence, certain: Iterable[DateInterval]) -> str | None:
    interval = reading.interval.in_any_zone()
    for bound in certain:
        limit = bound.in_any_zone()
        if limit.is_before(interval):
            return f"later than {bound.to_seconds().edtf}"
        if interval.is_before(limit):
            return f"earlier than {bound.to_seconds().edtf}"
    return None


def _nothing_but_bounds(certain: list[DateInterval], refused: list[Refusal]) -> DateEvidence | None:
    """Return the certain bounds as the evidence, when every reading was refused."""
    if not refused or not certain:
        return None
    interval, conflict = _merge(certain, certain[0])
    return DateEvidence(
        replace(interval, best=None), "bound", None, None, 1, conflict, tuple(refused)
    )


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
    return (same, False) if same is not None else (_hull(intervals, leader), True)


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
