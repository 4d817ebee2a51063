"""A page's own date, from what the page, its headers and its capture say, in order of trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from .absolute import parse_date, parse_page_date
from .evidence import Anchor
from .interval import DateInterval
from .zones import zone_of


@dataclass(frozen=True, slots=True)
class PageDate:
    """A page's own date and where it stood.

    Args:
        interval: the day, or the instant.
        anchor: the same as a drop has it: value and source.
        refused: candidates of more trust that cannot be, as (text, reason).
    """

    interval: DateInterval
    anchor: Anchor
    refused: tuple[tuple[str, str], ...] = ()


def page_date(
    *,
    printed: Iterable[str] = (),
    time: Iterable[str] = (),
    meta: Iterable[str] = (),
    http_date: str | None = None,
    last_modified: str | None = None,
    capture: datetime | None = None,
    language: str | None = None,
    timezone: str | tzinfo | None = None,
) -> PageDate | None:
    """Return a page's own date from the first candidate that is one.

    The caller gives no candidate from inside an article: that is the article's date.

    Args:
        printed: lines of the masthead; one that is not wholly a date is passed over.
        time: `datetime` attributes of `<time>` elements outside articles.
        meta: contents of `<meta>` elements that date the page.
        http_date: the header `Date`.
        last_modified: the header `Last-Modified`.
        capture: when the page was fetched (aware); nothing on the page can be later.
        language: BCP 47 tag.
        timezone: the site's zone, for a day and for times without a zone.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the language or the zone is unknown, or the capture naive.
    """
    zone = zone_of(timezone)
    limit = DateInterval.until(capture).in_any_zone() if capture is not None else None
    refused: list[tuple[str, str]] = []
    for source, texts in (
        ("printed", printed),
        ("time", time),
        ("meta", meta),
        ("http-date", [http_date] if http_date else []),
        ("http-last-modified", [last_modified] if last_modified else []),
    ):
        for text in texts:
            interval = _read(source, text, language, zone)
            if interval is None or interval.value is None:
                continue
            if limit is not None and limit.is_before(interval.in_any_zone()):
                refused.append((text, f"later than the capture, {capture}"))
                continue
            return PageDate(interval, Anchor(interval.value, source), tuple(refused))
    if capture is None:
        return None
    interval = DateInterval.instant(capture)
    return PageDate(interval, Anchor(interval.value or "", "capture"), tuple(refused))


def _read(source: str, text: str, language: str | None, zone: tzinfo | None) -> DateInterval | None:
    if source == "printed":
        day = parse_page_date(text, language)
        return DateInterval.day(day, zone) if day else None
    found = parse_date(text, language=language, timezone=zone)
    return found if found is not None and found.best is not None else None
