"""An article's dates, from everything its sightings print.

The same function dates one sighting as it passes the pipelines and the record that many
sightings were merged into: it reads nothing but the sightings themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from newscrawl import dates
from newscrawl.dates import DateInterval, Limit
from newscrawl.dates.interval import EASTMOST, WESTMOST
from newscrawl.items import Article, Basis, DateEvidence, DateHints, DateReading

Field = Literal["published", "modified"]

_DAY: Final = timedelta(days=1)
_CLOCK: Final = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d", re.ASCII)

# The web is younger; an older date is a placeholder (1970-01-01), unless the site has an archive.
_WEB = Limit(DateInterval.since(date(1990, 1, 1)), "before 1990, and no archive is declared", False)


class _Markup(NamedTuple):
    """A reading of a page's markup, as `DateReading` has it; `text` is its value or its words."""

    field: Field
    text: str
    raw: str
    basis: Basis
    either: str | None
    disputed: bool


class _Saying(NamedTuple):
    """What one page says of an article: many pages say the same, and each saying is read once."""

    raw: str | None
    page_date: str | None
    fetched_at: str | None
    markup: tuple[_Markup, ...] = ()


def date_article(item: Article) -> Article:
    """Date an article from what each page printed beside it and that page's own date.

    Published and modified never stand in for each other, and neither the clock nor a capture
    is ever a date of publication. Nothing is published after a page that showed it was captured,
    plus a day, or after the date that such a page prints (contract of the drop).
    """
    hints = item.date_hints
    sayings = Counter(_sayings(item))
    changes = [
        (dates.settle(_readings(saying, "modified", hints), _limits([saying], hints)), count)
        for saying, count in sayings.items()
    ]
    modified = _combine(changes, sayings if any(told for (_, told), _ in changes) else ())
    limits = _limits(sayings, hints)
    settled = [
        (dates.settle(_readings(saying, "published", hints), limits), count)
        for saying, count in sayings.items()
    ]
    if modified and modified.value and not any(_is_read(evidence) for (evidence, _), _ in settled):
        # What was changed then was out by then.
        by_then = dates.published_by(modified.interval, "modified", modified.zone)
        settled.append(((by_then, ()), 1))
    published = _combine(settled, sayings)
    if published and modified and _is_read(published) and _is_well_before(modified, published):
        modified = replace(modified, conflict=True)
    if len(item.sightings) == 1:  # as its page shows it; merged, a sighting keeps what it said
        sighting = item.sightings[0]
        sighting.date_earliest = published.earliest if published else None
        sighting.date_latest = published.latest if published else None
    item.date_published = published.value if published else None
    item.date_modified = modified.value if modified else None
    item.date_evidence.published = DateEvidence(**published.to_dict()) if published else None
    item.date_evidence.modified = DateEvidence(**modified.to_dict()) if modified else None
    return item


def _sayings(item: Article) -> Iterable[_Saying]:
    """What each sighting says, and what readings say whose sighting is gone."""
    markup: dict[str, list[_Markup]] = {}
    for reading in item.date_readings:
        if not reading.page and len(item.sightings) == 1:
            reading.page = item.sightings[0].page
        one = _Markup(
            reading.field,
            reading.value or reading.raw,
            reading.raw,
            reading.basis,
            reading.either,
            reading.disputed,
        )
        markup.setdefault(reading.page, []).append(one)
    for sighting in item.sightings:
        own = tuple(markup.pop(sighting.page, ()))
        yield _Saying(sighting.date_raw, sighting.page_date, sighting.fetched_at, own)
    for left in markup.values():
        yield _Saying(None, None, None, tuple(left))


def _limits(sayings: Iterable[_Saying], hints: DateHints) -> list[Limit]:
    """What is certain of a date when pages so dated and so captured show it: the strictest."""
    limits = [] if hints.archive else [_WEB]
    if days := [saying.page_date for saying in sayings if saying.page_date]:
        printed = DateInterval.until(_page_day(min(days), hints))
        limits.append(Limit(printed, f"after the date of a page that shows it, {min(days)}"))
    if captures := [saying.fetched_at for saying in sayings if saying.fetched_at]:
        first = min(captures, key=datetime.fromisoformat)
        end = datetime.fromisoformat(first) + _DAY
        limits.append(
            Limit(DateInterval.until(end), f"more than a day after its capture, {first}", False)
        )
    return limits


def _readings(saying: _Saying, field: Field, hints: DateHints) -> list[dates.DateEvidence]:
    """The candidates that one page gives for a date, the most trusted first.

    The page's markup comes in the order in which the extraction trusts it, whatever its kind; what is
    printed beside the article, and feeds, go where their kind stands (`newscrawl.dates.RANKS`).
    """
    markup = [
        evidence
        for one in saying.markup
        if one.field == field and (evidence := _read_markup(one, saying, hints))
    ]
    own = [evidence for evidence in markup if evidence.basis != "feed"]
    ranks = accumulate((evidence.rank for evidence in own), max)
    ranked = [(rank, evidence) for rank, evidence in zip(ranks, own, strict=True)]
    ranked += [(evidence.rank, evidence) for evidence in markup if evidence.basis == "feed"]
    if field == "published":
        printed = read_sighting(saying.raw, saying.page_date, saying.fetched_at, hints)
        ranked += [(evidence.rank, evidence) for evidence in printed]
    return [evidence for _, evidence in sorted(ranked, key=lambda pair: pair[0])]


def _combine(
    settled: Iterable[tuple[tuple[dates.DateEvidence | None, tuple[dates.Refusal, ...]], int]],
    sayings: Iterable[_Saying],
) -> dates.DateEvidence | None:
    """One evidence of what the pages say; where they say nothing, the bounds of their captures.

    Those stand alone: a site's clock that is an hour ahead must not cost an article its date.
    """
    found: list[dates.DateEvidence] = []
    refused: list[dates.Refusal] = []
    for (evidence, told), count in settled:
        refused += told
        if evidence:
            found.append(replace(evidence, sources=count))
    if all(evidence.known is None for evidence in found):
        captures = [
            dates.published_by(captured, "capture")
            for saying in sayings
            if (captured := _captured(saying.fetched_at, None))
        ]
        found += captures
    combined = dates.combine(found)
    return combined and replace(combined, refused=tuple(sorted(set(refused))))


def _is_read(evidence: dates.DateEvidence | None) -> bool:
    """Whether something was read that is a date of the article."""
    return evidence is not None and evidence.basis not in ("bound", "inferred")


def _is_well_before(modified: dates.DateEvidence, published: dates.DateEvidence) -> bool:
    """Whether something was changed more than a day before it was published."""
    change, publication = modified.interval, published.interval
    if change.zone_known != publication.zone_known:
        change, publication = change.in_any_zone(), publication.in_any_zone()
    end, start = change.latest, publication.earliest
    return end is not None and start is not None and start - end >= _DAY


def _read_markup(said: _Markup, saying: _Saying, hints: DateHints) -> dates.DateEvidence | None:
    """What markup, an address or a feed says of a date."""
    if said.basis == "relative":
        return _read_printed(said.raw, saying.page_date, saying.fetched_at, hints)
    if said.basis == "bound":
        interval: DateInterval | None = DateInterval.from_edtf(said.text, _site_zone(hints))
    else:
        interval = dates.parse_date(said.text, timezone=hints.timezone)
    if interval is None:
        return None
    interval = _without_placeholder(interval, hints)
    either = dates.parse_date(said.either, timezone=hints.timezone) if said.either else None
    return dates.DateEvidence(
        interval,
        said.basis,
        said.raw or None,
        zone=_zone(interval, said.basis, hints),
        either=either and _without_placeholder(either, hints),
        disputed=said.disputed,
    )


def _without_placeholder(interval: DateInterval, hints: DateHints) -> DateInterval:
    """A clock at midnight sharp as its day: so write systems that keep no time of day.

    It is midnight on the clock that is written, or on the site's. Midnight in UTC is what is
    written of a day whatever its zone, so that its zone is not known.
    """
    if interval.precision not in ("second", "minute") or interval.best is None:
        return interval
    site = _site_zone(hints)
    written, here = interval.best.astimezone(interval.zone), interval.best.astimezone(site)
    if written.time() == time():
        is_utc = interval.zone is not site and not written.utcoffset()
        return DateInterval.day(written.date(), None if is_utc else interval.zone)
    if site and interval.zone_known and here.time() == time():
        return DateInterval.day(here.date(), site)
    return interval


def _zone(interval: DateInterval, basis: str, hints: DateHints) -> dates.Zone | None:
    """Whose clock an interval was read by."""
    if not interval.zone_known:
        return None
    zone = interval.zone
    if isinstance(zone, ZoneInfo) and zone.key == hints.timezone:
        return dates.Zone(zone.key, "site")
    source: Literal["feed", "printed"] = "feed" if basis == "feed" else "printed"
    if isinstance(zone, ZoneInfo):
        return dates.Zone(zone.key, source)
    ends = [end for end in (interval.earliest, interval.latest) if end]
    if len({end.utcoffset() for end in ends}) > 1:
        return None  # each end of a bound was printed by a clock of its own
    return dates.Zone(ends[0].astimezone(zone).isoformat()[-6:], source)


def bound_undated(articles: list[Article]) -> None:
    """Bound the undated articles of a newest-first listing by their dated neighbours.

    Args:
        articles: of one page, in its order, each with one sighting; the undated ones get a
            reading more.
    """
    dated: list[dates.DateEvidence | None] = []
    for article in articles:
        (saying,) = _sayings(article)
        limits = _limits([saying], article.date_hints)
        reading, _ = dates.settle(_readings(saying, "published", article.date_hints), limits)
        dated.append(reading if reading and reading.value else None)
    for article, before, after in zip(
        articles, dated, dates.bound_by_neighbours(dated), strict=True
    ):
        if before is None and after is not None:
            article.date_readings.append(
                DateReading(field="published", raw="", value=after.interval.exact, basis="bound")
            )


def read_sighting(
    raw: str | None, page_date: str | None, fetched_at: str | None, hints: DateHints
) -> list[dates.DateEvidence]:
    """What one sighting says of the date of publication.

    Args:
        raw: the date as printed beside the article, or None.
        page_date: the date printed on its page, ISO 8601, or None.
        fetched_at: when the page was captured, RFC 3339, or None; a relative date counts from
            it where the page prints no date.
        hints: how the site prints dates.

    Returns:
        A reading, and the page's date as upper bound, as far as the page has them.
    """
    reading = _read_printed(raw, page_date, fetched_at, hints) if raw else None
    if page_date is None:
        return [reading] if reading else []
    printed = _page_day(page_date, hints)
    bound = dates.published_by(printed, "printed", _zone(printed, "visible", hints))
    return [reading, bound] if reading else [bound]


def _read_printed(
    raw: str, page_date: str | None, fetched_at: str | None, hints: DateHints
) -> dates.DateEvidence | None:
    """What is printed beside an article; a relative date counts from the page's own or its capture."""
    site = _site_zone(hints)
    anchor = _page_day(page_date, hints) if page_date else _captured(fetched_at, site)
    if anchor and (counted := _count(raw, anchor, hints)):
        source = dates.Anchor(page_date or fetched_at or "", "printed" if page_date else "capture")
        zone = dates.Zone(site.key, "site") if site else None
        return dates.DateEvidence(counted, "relative", raw, source, zone=zone)
    # A ribbon prints the clock alone: it is of the page's own day.
    is_clock = page_date and _CLOCK.fullmatch(raw.strip())
    visible = dates.parse_date(
        f"{page_date} {raw.strip()}" if is_clock else raw,
        anchor=anchor,
        language=hints.language,
        order=hints.order,
        timezone=hints.timezone,
    )
    if visible is None:
        return None
    visible = _without_placeholder(visible, hints)
    return dates.DateEvidence(visible, "visible", raw, zone=_zone(visible, "visible", hints))


def _count(raw: str, anchor: DateInterval, hints: DateHints) -> DateInterval | None:
    """A relative date, counted from a page's day or from the instant of its capture.

    "Yesterday, 14:30" counted from an instant is by a clock that nobody knows if the site's zone
    is not declared: neither which day it was there, nor when that clock showed it.
    """

    def counted_from(start: DateInterval) -> DateInterval | None:
        return dates.parse_relative(raw, start, language=hints.language, widget=hints.widget)

    counted = counted_from(anchor)
    if counted is None or hints.timezone or anchor.precision != "second" or anchor.best is None:
        return counted
    # A count is never as narrow as its unit: the capture itself lasts a second.
    if counted.precision not in ("second", "minute") or counted.certain_to != counted.precision:
        return counted
    widest = counted
    for shown in (anchor.best - WESTMOST, anchor.best + EASTMOST):
        other = counted_from(DateInterval.instant(shown))
        widest = (other and widest.hull(other)) or widest
    return replace(
        widest, precision=counted.precision, best=counted.best, zone_known=False, zone=None
    )


def _page_day(page_date: str, hints: DateHints) -> DateInterval:
    return DateInterval.day(date.fromisoformat(page_date), _site_zone(hints))


def _site_zone(hints: DateHints) -> ZoneInfo | None:
    return ZoneInfo(hints.timezone) if hints.timezone else None


def _captured(fetched_at: str | None, zone: ZoneInfo | None) -> DateInterval | None:
    """A capture as an instant, by the site's clock where it is known."""
    if not fetched_at:
        return None
    return DateInterval.instant(datetime.fromisoformat(fetched_at).astimezone(zone or UTC))
