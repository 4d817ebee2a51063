"""An HTML page becomes its items."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from newscrawl.addresses.domains import registrable_domain
from newscrawl.extract.html import DateHabits, HtmlDocument, HtmlPage, extract_document
from newscrawl.extract.printed import PrintedPage
from newscrawl.items import (
    Article,
    DateReading,
    Item,
    Outcome,
    PageKind,
    PageRecord,
)
from newscrawl.page import Page
from newscrawl.page.layout import Layout
from newscrawl.page.systems import SYSTEMS
from newscrawl.reading.cards import NO_LISTING, cards_instead, is_article
from newscrawl.reading.choice import article_fields
from newscrawl.reading.items import hints_of, items_of, sighting_of
from newscrawl.reading.layout import DeclaredArticle, HtmlReader, layout_in_force
from newscrawl.sites import Site, Undeclared

_ONE_DAY = timedelta(days=1)
_MAX_READINGS = 8


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
    if site.layouts is SYSTEMS:
        # A known system's markup is a guess about the page, one layer of many.
        system = reader.layout if kind else _system_of(document)
        found = extract_document(
            document,
            system_body=system.body,
            system_exclude=system.exclude,
            habits=_habits(page, site),
        )
        if kind in (None, "article") or not _is_listed(document, reader, kind, found):
            return _article_page(page, document, site, reader, found, site_name)
        return items_of(page, reader.read(kind), site, site_name, document.encoding, by="system")
    if kind in (None, "article"):
        layout = reader.layout if kind else Layout(name="none")
        found = extract_document(
            document,
            body_selectors=_body(document, layout),
            exclude=layout.exclude,
            habits=_habits(page, site),
        )
        if kind and found.article_body:
            found = replace(found, kind="article")
        return _article_page(page, document, site, reader, found, site_name, is_declared=bool(kind))
    return items_of(page, reader.read(kind), site, site_name, document.encoding, by="site")


def _article_page(
    page: Page,
    document: HtmlDocument,
    site: Site,
    reader: HtmlReader,
    found: HtmlPage,
    site_name: str,
    *,
    is_declared: bool = False,
) -> list[Item]:
    content = reader.read_frame("article")
    items = items_of(page, content, site, site_name, document.encoding, by="site")
    record = items.pop()
    assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
    cards, is_listing = NO_LISTING
    if not is_declared:
        cards, is_listing = cards_instead(document, _address_of(document), site, found)
    if not is_listing and is_article(found):
        declared = reader.read_article() if is_declared else None
        items.append(_html_article(page, content, found, declared, site, site_name))
        record.kind, record.outcome, record.reason = "article", "extracted", None
        # Here a list beside the article is noted, once a page's record has notes and until its
        # cards are read: found.seen.links.
    else:
        if cards:
            # A card's own date is never the page's.
            listing = reader.read_frame("listing", frozenset().union(*(c.lines for c in cards)))
            listing.articles = [card.article for card in cards]
            return items_of(page, listing, site, site_name, document.encoding, by="generic")
        record.kind = "listing" if is_listing or found.kind == "listing" else "other"
        record.outcome, record.reason = _without_article(found, document)
        if is_listing:
            record.outcome = "layout-unknown"
            record.reason = "its text is that of several links; no article of its own"
    record.found = len(items)
    return [*items, record]


def _system_of(document: HtmlDocument) -> Layout:
    """The known system in whose markup a page has an article's text, or a layout of nothing."""
    return next(
        (layout for layout in SYSTEMS if layout.body and document.nodes(layout.body)),
        Layout(name="none"),
    )


def _is_listed(document: HtmlDocument, reader: HtmlReader, kind: PageKind, found: HtmlPage) -> bool:
    """Whether a page in a known system's markup of a list is one.

    It is no article's page then, or most of its text stands in several of the list's entries.
    A post that is its page's only entry, and one that holds most of the text, is an article. An
    author's page has text about the author beside its cards: it is one, whatever its text is
    like, unless it says that it is an article.
    """
    if kind == "author" and not document.article.get("headline"):
        return True
    if not is_article(found):
        return True
    entries = [" ".join(node.text().split()) for node in reader.lists(kind)]
    held = [0.0] * len(entries)
    for block in found.paragraphs:
        holders = [i for i, entry in enumerate(entries) if block.text in entry]
        for i in holders:
            held[i] += len(block.text) / len(holders)
    half = sum(len(block.text) for block in found.paragraphs) / 2
    return sum(held) > half >= max(held)


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
    page: Page,
    content: PrintedPage,
    found: HtmlPage,
    declared: DeclaredArticle | None,
    site: Site,
    site_name: str,
) -> Article:
    fields = article_fields(found, declared)
    fields["url"] = fields.get("url") or page.url
    fields["in_language"] = fields.get("in_language") or site.language
    readings = _readings(found)
    date_raw = (declared.date_raw if declared else None) or _counted(found)
    if declared and (declared.date_raw or declared.datetime):
        # What a site declares is believed: the page's other dates of publication don't count.
        readings = [reading for reading in readings if reading.field != "published"]
        fields["extracted_by"]["date_published"] = "site"
        if raw := declared.datetime:
            readings.insert(
                0, DateReading(field="published", raw=raw, value=None, basis="structured")
            )
    return Article(
        site=site_name,
        sightings=[sighting_of(page, content, position=1, date_raw=date_raw)],
        page=page.name,
        date_readings=readings,
        date_hints=replace(hints_of(site), language=site.language or found.date_language),
        **fields,
    )


def _address_of(document: HtmlDocument) -> str | None:
    """The address that a page has or names: its own, canonical, or OpenGraph's."""
    for link in document.links:
        if "canonical" in link.get("rel", "").lower().split() and "//" in link.get("href", ""):
            return document.url or link["href"]
    return document.address


def _readings(found: HtmlPage) -> list[DateReading]:
    """The candidates of each date, in the order in which the extraction trusts them."""
    readings = []
    for field, value in (("published", found.date_published), ("modified", found.date_modified)):
        candidates = [
            c
            for c in found.date_candidates
            # The words of a relative date of publication are the sighting's own.
            if c.kind == field and (c.value or field == "modified")
        ]
        # A value that two candidates made together, an instant and the page's offset, is none's
        # own: it is the leader's date.
        own = next((i for i, c in enumerate(candidates) if c.value == value), 0)
        for i, candidate in enumerate(candidates[:_MAX_READINGS]):
            read = value if value and i == own and candidate.value else candidate.value or None
            readings.append(
                DateReading(
                    field=field,  # type: ignore[arg-type]  # plain str, the same names
                    raw=candidate.raw,
                    value=read,
                    basis=candidate.basis,  # type: ignore[arg-type]
                    either=candidate.either,
                    disputed=candidate.disputed,
                )
            )
    return readings


def _counted(found: HtmlPage) -> str | None:
    """The words of a relative date: who reads the sighting knows what to count from."""
    words = (c.raw for c in found.date_candidates if c.kind == "published" and not c.value)
    return next(words, None)


def _without_article(found: HtmlPage, document: HtmlDocument) -> tuple[Outcome, str]:
    words, links = found.seen
    text = f"{words} words of text" if words else "no main text"
    if found.kind == "listing":
        return "layout-unknown", f"a list of {links} links, {text}"
    body = document.tree.body
    if body is None or not body.text(strip=True):
        return "empty", "the page has no text"
    return "not-news", f"no article was found; the page has {text} and {links} links"
