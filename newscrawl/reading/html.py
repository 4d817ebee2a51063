"""An HTML page becomes its items."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from newscrawl.addresses.domains import registrable_domain
from newscrawl.addresses.forms import form_points
from newscrawl.extract.html import DateHabits, HtmlDocument, HtmlPage, extract_document
from newscrawl.extract.printed import PrintedPage
from newscrawl.extract.shortcodes import without_label
from newscrawl.items import (
    Article,
    Author,
    DateReading,
    ExtractedBy,
    Image,
    Item,
    Outcome,
    PageKind,
    PageRecord,
    RemovedBlock,
)
from newscrawl.page import Page
from newscrawl.page.layout import Layout
from newscrawl.page.systems import SYSTEMS
from newscrawl.reading.items import hints_of, items_of, sighting_of
from newscrawl.reading.layout import HtmlReader, layout_in_force
from newscrawl.sites import Site, Undeclared

# An address as sure to be a listing's as /tag/… is (`newscrawl.addresses.forms`).
_LISTING_POINTS = -2
_ONE_DAY = timedelta(days=1)
_MAX_READINGS = 8
_ARTICLE_KINDS = ("article", "live-blog", "video")


def read_html(page: Page, document: HtmlDocument, site: Site) -> list[Item]:
    """The items of an HTML page, its own record last.

    Args:
        page: the page.
        document: the same, parsed.
        site: the site whose page it is.

    Raises:
        PageError: the page breaks what its site declares.
    """
    site_name = site.name
    if isinstance(site, Undeclared):
        site_name = registrable_domain(_address_of(document)) or site.name
    reader, kind = _reader(page, document, site)
    layout = reader.layout if kind == "article" else Layout(name="none")
    if kind in (None, "article") or site.layouts is SYSTEMS:
        found = extract_document(
            document,
            body_selectors=_body(document, layout),
            exclude=layout.exclude,
            habits=_habits(page, site),
        )
        if kind is None and _looks_like_a_listing(document):
            found = replace(found, kind="listing")
        # A shared layout only guesses what a page is; the page's own word comes first.
        if kind in (None, "article") or _says_article(document):
            return _article_page(page, document, site, reader, found, site_name)
    return items_of(page, reader.read(kind), site, site_name, document.encoding, by="site")


def _article_page(
    page: Page,
    document: HtmlDocument,
    site: Site,
    reader: HtmlReader,
    found: HtmlPage,
    site_name: str,
) -> list[Item]:
    content = reader.read_frame("article")
    items = items_of(page, content, site, site_name, document.encoding, by="site")
    record = items.pop()
    assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
    if found.kind in _ARTICLE_KINDS and found.article_body:
        items.append(_html_article(page, content, found, site, site_name))
        record.kind, record.outcome, record.reason = "article", "extracted", None
    else:
        record.kind = "listing" if found.kind == "listing" else "other"
        record.outcome, record.reason = _without_article(found, document)
    record.found = len(items)
    return [*items, record]


def _reader(page: Page, document: HtmlDocument, site: Site) -> tuple[HtmlReader, PageKind | None]:
    """The layout that knows the page, and which kind of page it says that it is."""
    captured = page.fetched_at.date() if page.fetched_at else None
    readers = [
        HtmlReader(
            document, layout, f"{page.name} ({site.name}, layout {layout.name})", site.page_size
        )
        for layout in layout_in_force(site.layouts, captured)
    ]
    for reader in readers:
        kind = reader.kind()
        if kind is not None:
            return reader, kind
    return readers[0], None


def _habits(page: Page, site: Site) -> DateHabits:
    """How a site prints dates, and the last day that one of the page can be: that after its capture."""
    latest = (page.fetched_at + _ONE_DAY).date().isoformat() if page.fetched_at else None
    return DateHabits(site.language, site.date_order, site.timezone, latest)


def _body(document: HtmlDocument, layout: Layout) -> tuple[str, ...]:
    return layout.body if layout.body and document.nodes(layout.body) else ()


def _html_article(
    page: Page, content: PrintedPage, found: HtmlPage, site: Site, site_name: str
) -> Article:
    layers: dict[str, ExtractedBy] = {}
    hints = hints_of(site)
    for name, layer in found.extracted_by.items():
        layers["url" if name == "canonical_url" else name] = layer  # type: ignore[assignment]  # the extractor has the same names as plain str
    return Article(
        site=site_name,
        url=found.canonical_url or page.url,
        headline=found.headline,
        article_body=found.article_body,
        description=found.description,
        article_section=found.section,
        keywords=list(found.keywords),
        in_language=found.in_language or site.language,
        is_accessible_for_free=found.is_accessible_for_free,
        authors=[Author(name=person.name, url=person.url) for person in found.authors],
        publisher=found.publisher,
        images=[
            Image(url=i.url, caption=i.caption, credit=without_label(i.credit))
            for i in found.images
        ],
        sightings=[sighting_of(page, content, position=1, date_raw=_counted(found))],
        extracted_by=layers,
        page=page.name,
        furniture=[RemovedBlock(text=b.text, reason=b.reason) for b in found.furniture],
        date_readings=_readings(found),
        date_hints=replace(hints, language=site.language or found.date_language),
    )


def _address_of(document: HtmlDocument) -> str | None:
    """The address that a page has or names: its own, canonical, or OpenGraph's."""
    for link in document.links:
        if "canonical" in link.get("rel", "").lower().split() and "//" in link.get("href", ""):
            return document.url or link["href"]
    return document.address


def _says_article(document: HtmlDocument) -> bool:
    """Whether a page itself says that it is an article, in its structured data."""
    return (
        "LiveBlogPosting" in document.by_type
        or bool(document.article.get("headline") or document.article.get("articleBody"))
        or document.meta("og:type").lower().startswith(("article", "video"))
    )


def _looks_like_a_listing(document: HtmlDocument) -> bool:
    """Whether the address of a page that says nothing of itself is a listing's."""
    points = form_points(document.url) if document.url else None
    return points is not None and points <= _LISTING_POINTS and not _says_article(document)


def _readings(found: HtmlPage) -> list[DateReading]:
    """The candidates of each date, in the order in which the extraction trusts them."""
    readings = []
    for field, value in (("published", found.date_published), ("modified", found.date_modified)):
        candidates = [c for c in found.date_candidates if c.kind == field and c.value]
        # A value that two candidates made together, an instant and the page's offset, is none's
        # own: it is the leader's date.
        own = next((i for i, c in enumerate(candidates) if c.value == value), 0)
        for i, candidate in enumerate(candidates[:_MAX_READINGS]):
            read = value if value and i == own else candidate.value
            readings.append(
                DateReading(field=field, raw=candidate.raw, value=read, basis=candidate.basis)  # type: ignore[arg-type]  # plain str, the same names
            )
    return readings


def _counted(found: HtmlPage) -> str | None:
    """The words of a relative date: who reads the sighting knows what to count from."""
    words = (c.raw for c in found.date_candidates if c.kind == "published" and not c.value)
    return next(words, None)


def _without_article(found: HtmlPage, document: HtmlDocument) -> tuple[Outcome, str]:
    if found.kind == "listing":
        return (
            "layout-unknown",
            "a listing in no layout that newscrawl knows; declare the site's layout",
        )
    body = document.tree.body
    if body is None or not body.text(strip=True):
        return "empty", "the page has no text"
    return "not-news", f"no article was found; the page looks like: {found.kind}"
