"""What was read of a page becomes its items: rates, people, articles, and the page's own record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from newscrawl.dates import proven_order
from newscrawl.dates.article import bound_undated
from newscrawl.dates.evidence import rfc3339
from newscrawl.extract.html import DateHabits
from newscrawl.extract.printed import PrintedArticle, PrintedPage
from newscrawl.extract.ticker import decimal_mark
from newscrawl.items import (
    Article,
    Author,
    DateHints,
    DateReading,
    ExchangeRate,
    ExtractedBy,
    Item,
    PageRecord,
    Person,
    Sighting,
)
from newscrawl.page import Page
from newscrawl.sites import Site


def items_of(
    page: Page,
    content: PrintedPage,
    site: Site,
    site_name: str,
    charset: str,
    by: ExtractedBy,
    is_blank: bool = False,
) -> list[Item]:
    """The items of a page that was read, its own record last.

    Args:
        page: the page.
        content: what is printed on it.
        site: the site whose page it is.
        site_name: the `site` of the records.
        charset: the encoding that it was read with.
        by: the layer that read it.
        is_blank: whether it has no text at all.
    """
    rows = [copy for copies in content.printed_rates.values() for copy in copies]
    mark = decimal_mark(rows) if rows else None
    items: list[Item] = [
        ExchangeRate(
            site=site_name,
            base_currency=base,
            quote_currency=quote,
            as_of=_iso(content.page_date),
            pages=[page.name],
            page=page.name,
            printed=copies,
            decimal_mark=mark,
        )
        for (base, quote), copies in content.printed_rates.items()
    ]
    authors: list[Author] = []
    if content.person:
        person = content.person
        authors = [Author(name=person.name, url=person.url)]
        items.append(
            Person(
                site=site_name,
                name=person.name,
                job_title=person.job_title,
                description=person.description,
                image=person.image,
                url=person.url,
                page=page.name,
            )
        )
    # An author page lists what its person wrote.
    hints = hints_of(site)
    hints.order = (
        hints.order
        or content.date_order
        or proven_order(found.date_raw or "" for found in content.articles)
    )
    articles = [
        _article(page, content, found, site, site_name, authors, by, hints)
        for found in content.articles
    ]
    if site.newest_first and content.kind in ("listing", "author"):
        bound_undated(articles)
    items += articles
    items.append(_record(page, content, site_name, charset, len(items), is_blank))
    return items


def _article(
    page: Page,
    content: PrintedPage,
    found: PrintedArticle,
    site: Site,
    site_name: str,
    authors: list[Author],
    by: ExtractedBy,
    hints: DateHints,
) -> Article:
    readings = []
    known = {author.name for author in authors}
    if found.datetime:
        readings = [
            DateReading(
                field="published",
                raw=found.datetime,
                value=DateHabits(hints.language, hints.order).read(found.datetime),
                basis="structured",
            )
        ]
    return Article(
        site=site_name,
        url=found.url,
        headline=found.headline,
        article_body=found.raw,
        images=list(found.images),
        authors=[replace(author) for author in authors]
        + [Author(name=name) for name in found.authors if name not in known],
        in_language=site.language,
        is_truncated=found.is_cut,
        sightings=[sighting_of(page, content, found.position, found.date_raw)],
        page=page.name,
        is_known=found.is_known,
        extracted_by={"url": by} if found.url else {},
        date_readings=readings,
        date_hints=replace(hints),
    )


def sighting_of(page: Page, content: PrintedPage, position: int, date_raw: str | None) -> Sighting:
    """A page's sighting of an article.

    Args:
        page: the page.
        content: what is printed on it.
        position: the article's place, from 1.
        date_raw: the date printed beside it, or None.
    """
    return Sighting(
        page=page.name,
        page_date=_iso(content.page_date),
        fetched_at=_captured(page),
        position=position,
        date_raw=date_raw,
        is_truncated=False,
        body_sha256=None,
    )


def hints_of(site: Site) -> DateHints:
    """How a site prints dates."""
    return DateHints(
        language=site.language,
        order=site.date_order,
        timezone=site.timezone,
        widget=site.widget,
        archive=site.archive,
    )


def _record(
    page: Page, content: PrintedPage, site_name: str, charset: str, found: int, is_blank: bool
) -> PageRecord:
    record = PageRecord(
        page=page.name,
        site=site_name,
        sha256=page.sha256,
        media_type=page.media_type,
        charset=charset,
        fetched_at=_captured(page),
        page_date=_iso(content.page_date),
        kind=content.kind,
        listing=content.listing,
        outcome="extracted",
        found=found,
        furniture=content.furniture,
        notes=content.notes,
    )
    broken = _broken_promise(content)
    if content.articles or content.person:
        record.reason = broken or content.doubt
    elif is_blank:
        record.outcome, record.reason = "empty", "the page has no text"
    elif content.kind == "other":
        record.outcome = "layout-unknown"
        record.reason = "the text has no layout that newscrawl knows; declare the site's rules"
    elif broken:
        record.outcome, record.reason = "layout-unknown", broken
    else:
        record.outcome, record.reason = "empty", "the page lists no articles"
    return record


def _broken_promise(content: PrintedPage) -> str | None:
    """What a listing's mark says that was not found; None where it says no number, or was kept."""
    promised = content.listing.promised if content.listing else None
    shown = len(content.articles)
    if promised is None or promised == shown:
        return None
    return f"the listing promises {promised} articles and shows {shown}"


def _captured(page: Page) -> str | None:
    return rfc3339(page.fetched_at) if page.fetched_at else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
