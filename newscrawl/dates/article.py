"""An article's date of publication, from everything its sightings print.

The same function dates one sighting as it passes the pipelines and the record that many
sightings were merged into: it reads nothing but the sightings themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from newscrawl import dates
from newscrawl.dates import DateInterval
from newscrawl.items import Article, DateEvidence, DateHints, DateReading


def date_article(item: Article) -> Article:
    """Date an article from what each page printed beside it and that page's own date.

    Published and modified never stand in for each other, and neither the clock nor a capture
    is ever a date of publication (contract of the drop).
    """
    # Many sightings say the same; each saying is read once, and counted.
    sayings = Counter((s.date_raw, s.page_date, s.fetched_at) for s in item.sightings)
    readings = [
        replace(reading, sources=count)
        for (raw, page_date, fetched_at), count in sayings.items()
        if (reading := read_sighting(raw, page_date, fetched_at, item.date_hints))
    ]
    readings += read_markup(item, "published")
    modified = dates.combine(read_markup(item, "modified"))
    if modified and all(reading.basis == "bound" for reading in readings):
        # What was changed then was out by then.
        readings.append(dates.published_by(modified.interval, "modified"))
    published = dates.combine(readings or _captures(item))
    item.date_published = published.value if published else None
    item.date_modified = modified.value if modified else None
    item.date_evidence.published = DateEvidence(**published.to_dict()) if published else None
    item.date_evidence.modified = DateEvidence(**modified.to_dict()) if modified else None
    return item


def read_markup(item: Article, field: Literal["published", "modified"]) -> list[dates.DateEvidence]:
    """What the markup and addresses of an article's pages say of one of its dates."""
    readings = Counter(
        (reading.value or reading.raw, reading.raw, reading.basis)
        for reading in item.date_readings
        if reading.field == field
    )
    return [
        dates.DateEvidence(interval, basis, raw or None, sources=count)
        for (value, raw, basis), count in readings.items()
        if (interval := _interval(value, basis, item.date_hints))
    ]


def _interval(value: str, basis: str, hints: DateHints) -> DateInterval | None:
    if basis == "bound":
        return DateInterval.from_edtf(value)
    return dates.parse_date(value, timezone=hints.timezone)


def bound_undated(articles: list[Article]) -> None:
    """Bound the undated articles of a newest-first listing by their dated neighbours.

    Args:
        articles: of one page, in its order, each with one sighting; the undated ones get a
            reading more.
    """
    dated = []
    for article in articles:
        sighting = article.sightings[0]
        reading = read_sighting(
            sighting.date_raw, sighting.page_date, sighting.fetched_at, article.date_hints
        )
        dated.append(reading if reading and reading.basis != "bound" else None)
    for article, before, after in zip(
        articles, dated, dates.bound_by_neighbours(dated), strict=True
    ):
        if before is None and after is not None:
            article.date_readings.append(
                DateReading(field="published", raw="", value=after.edtf, basis="bound")
            )


def read_sighting(
    raw: str | None, page_date: str | None, fetched_at: str | None, hints: DateHints
) -> dates.DateEvidence | None:
    """What one sighting says of the date of publication.

    Args:
        raw: the date as printed beside the article, or None.
        page_date: the date printed on its page, ISO 8601, or None.
        fetched_at: when the page was captured, RFC 3339, or None; a relative date counts from
            it where the page prints no date.
        hints: how the site prints dates.

    Returns:
        A reading; without a printed date, the page's date as upper bound; None when the page
        has no date either.
    """
    day = date.fromisoformat(page_date) if page_date else None
    zone = ZoneInfo(hints.timezone) if hints.timezone else None
    printed = DateInterval.day(day, zone) if day else None
    anchor = printed or _captured(fetched_at)
    if raw and anchor:
        relative = dates.parse_relative(raw, anchor, language=hints.language, widget=hints.widget)
        if relative:
            value, source = (page_date, "printed") if page_date else (fetched_at, "capture")
            return dates.DateEvidence(relative, "relative", raw, dates.Anchor(value or "", source))
    if raw:
        visible = dates.parse_date(
            raw,
            anchor=anchor,
            language=hints.language,
            order=hints.order,
            timezone=hints.timezone,
        )
        if visible:
            return dates.DateEvidence(visible, "visible", raw)
    return dates.published_by(printed, "printed") if printed else None


def _captured(fetched_at: str | None) -> DateInterval | None:
    return DateInterval.instant(datetime.fromisoformat(fetched_at)) if fetched_at else None


def _captures(item: Article) -> list[dates.DateEvidence]:
    """The bounds of an article that nothing dates: it was out when its pages were captured.

    They stand alone: a site's clock that is an hour ahead must not cost an article its date.
    """
    return [
        dates.published_by(captured, "capture")
        for sighting in item.sightings
        if (captured := _captured(sighting.fetched_at))
    ]
