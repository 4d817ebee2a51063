"""What a site declares, and how its pages become items."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlsplit

import tldextract

from newscrawl.dates.evidence import rfc3339
from newscrawl.discovery.forms import form_points
from newscrawl.extract.html import HtmlDocument, HtmlPage, extract_document
from newscrawl.extract.shortcodes import without_label
from newscrawl.extract.stream import StreamArticle
from newscrawl.extract.text_page import TextPage, read_text_page
from newscrawl.items import (
    Article,
    Author,
    DateHints,
    DateReading,
    ExchangeRate,
    ExtractedBy,
    Image,
    Item,
    Outcome,
    PageKind,
    PageRecord,
    Person,
    RemovedBlock,
    Sighting,
)
from newscrawl.merge.dating import bound_undated
from newscrawl.page import Page
from newscrawl.sites.html_page import HtmlReader, layout_in_force
from newscrawl.sites.layout import SYSTEMS, Layout

# An address as sure to be a listing's as /tag/… is (`discovery.forms`).
_LISTING_POINTS = -2
_SIGNATURE_CHARACTERS = 64 * 1024
_ARTICLE_KINDS = ("article", "live-blog", "video")
_HTML = ("text/html", "application/xhtml+xml")
# The list of public suffixes that the library ships; nothing is fetched.
_registrable = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable_domain(url: str | None) -> str | None:
    """The registrable domain of an address ("news.example.co.uk" → "example.co.uk")."""
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return _domain_of_host(host) if host else None


@lru_cache(maxsize=4096)
def _domain_of_host(host: str) -> str:
    return _registrable(host).top_domain_under_public_suffix or host


class Site:
    """A news site: a class of attributes, and a method only for what they can't say.

    Attributes:
        name: the registrable domain; a name of our own where the domain is not known.
        domains: registrable domains that belong to it.
        starts: addresses that a live crawl begins at; without any, its first domain's front page.
        language: BCP 47 tag of its articles, or None where they differ.
        timezone: IANA name of the zone that its printed dates are in, or None.
        date_order: of day, month and year in numeric dates: "DMY", "MDY", "YMD", or None.
        newest_first: its listings print the newest article first, so that an undated one lies
            between its dated neighbours.
        widget: which widget prints its relative dates (`newscrawl.dates.WIDGETS`), or None.
        page_size: articles on a full listing page, or None.
        layouts: how its HTML pages are marked up; an older layout stays beside the newer one
            with the day on which it ended, and the day of the capture picks.
        rendered: its pages are made by scripts, so that a live crawl has a browser render them.
        text_signature: patterns that all occur in a text dump of its pages, and in no other
            site's; a dump without an address is told by them.
    """

    name: ClassVar[str]
    domains: ClassVar[tuple[str, ...]] = ()
    starts: ClassVar[tuple[str, ...]] = ()
    language: ClassVar[str | None] = None
    timezone: ClassVar[str | None] = None
    date_order: ClassVar[str | None] = None
    newest_first: ClassVar[bool] = False
    widget: ClassVar[str | None] = None
    page_size: ClassVar[int | None] = None
    layouts: ClassVar[tuple[Layout, ...]] = SYSTEMS
    rendered: ClassVar[bool] = False
    text_signature: ClassVar[tuple[re.Pattern[str], ...]] = ()

    def claims_text(self, text: str) -> bool:
        """Whether a text dump bears this site's signature."""
        start = text[:_SIGNATURE_CHARACTERS]
        return bool(self.text_signature) and all(
            pattern.search(start) for pattern in self.text_signature
        )

    def extract(self, page: Page) -> list[Item]:
        """A page's items: rates, people, articles, and last the page's own record.

        Args:
            page: a text dump or an HTML page.

        Raises:
            PageError: the page can't be read.
        """
        if page.media_type in _HTML:
            return self._extract_html(page)
        content = read_text_page(page.text, language=self.language, page_size=self.page_size)
        return self._items(
            page, content, self.name, page.decoded[1], is_blank=not page.text.strip()
        )

    # HTML

    def site_name(self, document: HtmlDocument) -> str:
        """The `site` of a page's records."""
        return self.name

    def _extract_html(self, page: Page) -> list[Item]:
        document = page.document
        site = self.site_name(document)
        reader, kind = self._reader(page, document)
        layout = reader.layout if kind == "article" else Layout(name="none")
        if kind in (None, "article") or self.layouts is SYSTEMS:
            found = extract_document(
                document, body_selectors=self._body(document, layout), exclude=layout.exclude
            )
            if kind is None and _looks_like_a_listing(document):
                found = replace(found, kind="listing")
            # A shared layout only guesses what a page is; the page's own word comes first.
            if kind in (None, "article") or _says_article(document):
                return self._article_page(page, document, reader, found, site)
        return self._items(page, reader.read(kind), site, document.encoding, by="site")

    def _article_page(
        self, page: Page, document: HtmlDocument, reader: HtmlReader, found: HtmlPage, site: str
    ) -> list[Item]:
        content = reader.read_frame("article")
        items = self._items(page, content, site, document.encoding, by="site")
        record = items.pop()
        assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
        if found.kind in _ARTICLE_KINDS and found.article_body:
            items.append(self._html_article(page, content, found, site))
            record.kind, record.outcome, record.reason = "article", "extracted", None
        else:
            record.kind = "listing" if found.kind == "listing" else "other"
            record.outcome, record.reason = _without_article(found, document)
        record.found = len(items)
        return [*items, record]

    def _reader(self, page: Page, document: HtmlDocument) -> tuple[HtmlReader, PageKind | None]:
        """The layout that knows the page, and which kind of page it says that it is."""
        captured = page.fetched_at.date() if page.fetched_at else None
        readers = [
            HtmlReader(
                document, layout, f"{page.name} ({self.name}, layout {layout.name})", self.page_size
            )
            for layout in layout_in_force(self.layouts, captured)
        ]
        for reader in readers:
            kind = reader.kind()
            if kind is not None:
                return reader, kind
        return readers[0], None

    def _body(self, document: HtmlDocument, layout: Layout) -> tuple[str, ...]:
        return layout.body if layout.body and document.nodes(layout.body) else ()

    def _html_article(self, page: Page, content: TextPage, found: HtmlPage, site: str) -> Article:
        sighting = self._sighting(page, content, position=1, date_raw=None)
        layers: dict[str, ExtractedBy] = {}
        for name, layer in found.extracted_by.items():
            layers["url" if name == "canonical_url" else name] = layer  # type: ignore[assignment]  # the extractor has the same names as plain str
        return Article(
            site=site,
            url=found.canonical_url or page.url,
            headline=found.headline,
            article_body=found.article_body,
            description=found.description,
            article_section=found.section,
            keywords=list(found.keywords),
            in_language=found.in_language or self.language,
            is_accessible_for_free=found.is_accessible_for_free,
            authors=[Author(name=person.name, url=person.url) for person in found.authors],
            publisher=found.publisher,
            images=[
                Image(url=i.url, caption=i.caption, credit=without_label(i.credit))
                for i in found.images
            ],
            sightings=[sighting],
            extracted_by=layers,
            page=page.name,
            furniture=[RemovedBlock(text=b.text, reason=b.reason) for b in found.furniture],
            date_readings=_readings(found),
            date_hints=self._hints(),
        )

    # Items

    def _items(
        self,
        page: Page,
        content: TextPage,
        site: str,
        charset: str,
        by: ExtractedBy = "text",
        is_blank: bool = False,
    ) -> list[Item]:
        items: list[Item] = [
            ExchangeRate(
                site=site,
                base_currency=base,
                quote_currency=quote,
                as_of=_iso(content.page_date),
                pages=[page.name],
                page=page.name,
                printed=copies,
            )
            for (base, quote), copies in content.printed_rates.items()
        ]
        authors = []
        if content.person:
            person = content.person
            authors = [Author(name=person.name, url=person.url)]
            items.append(
                Person(
                    site=site,
                    name=person.name,
                    job_title=person.job_title,
                    description=person.description,
                    image=person.image,
                    url=person.url,
                    page=page.name,
                )
            )
        # An author page lists what its person wrote.
        articles = [
            self._article(page, content, found, site, authors, by) for found in content.articles
        ]
        if self.newest_first and content.kind in ("listing", "author"):
            bound_undated(articles)
        items += articles
        items.append(self._record(page, content, site, charset, len(items), is_blank))
        return items

    def _article(
        self,
        page: Page,
        content: TextPage,
        found: StreamArticle,
        site: str,
        authors: list[Author],
        by: ExtractedBy,
    ) -> Article:
        readings = []
        if found.datetime:
            readings = [
                DateReading(field="published", raw=found.datetime, value=None, basis="structured")
            ]
        return Article(
            site=site,
            url=found.url,
            headline=found.headline,
            article_body=found.raw,
            images=list(found.images),
            authors=[replace(author) for author in authors],
            in_language=self.language,
            sightings=[self._sighting(page, content, found.position, found.date_raw)],
            page=page.name,
            extracted_by={"url": by} if found.url else {},
            date_readings=readings,
            date_hints=self._hints(),
        )

    def _sighting(
        self, page: Page, content: TextPage, position: int, date_raw: str | None
    ) -> Sighting:
        return Sighting(
            page=page.name,
            page_date=_iso(content.page_date),
            fetched_at=_captured(page),
            position=position,
            date_raw=date_raw,
            is_truncated=False,
            body_sha256=None,
        )

    def _hints(self) -> DateHints:
        return DateHints(
            language=self.language,
            order=self.date_order,
            timezone=self.timezone,
            widget=self.widget,
        )

    def _record(
        self, page: Page, content: TextPage, site: str, charset: str, found: int, is_blank: bool
    ) -> PageRecord:
        record = PageRecord(
            page=page.name,
            site=site,
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
        )
        if content.articles or content.person:
            promised = content.listing.last - content.listing.first + 1 if content.listing else None
            if promised is not None and promised != len(content.articles):
                record.reason = (
                    f"the listing promises {promised} articles and shows {len(content.articles)}"
                )
        elif is_blank:
            record.outcome, record.reason = "empty", "the page has no text"
        elif content.kind == "other":
            record.outcome = "layout-unknown"
            record.reason = "the text has no layout that newscrawl knows; declare the site's rules"
        else:
            record.outcome, record.reason = "empty", "the page lists no articles"
        return record


class Undeclared(Site):
    """Pages of a site that nobody declared: read by their form alone."""

    name = "undeclared"

    def site_name(self, document: HtmlDocument) -> str:
        """The registrable domain that the page itself names."""
        return registrable_domain(address_of(document)) or self.name


def address_of(document: HtmlDocument) -> str | None:
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
    """The best candidate of each date; the page's others are weaker words for the same."""
    readings = []
    for field, value in (("published", found.date_published), ("modified", found.date_modified)):
        if value is None:
            continue
        candidates = [c for c in found.date_candidates if c.kind == field]
        # A value that two candidates made together, an instant and the page's offset, is none's
        # own: it is the leader's date.
        best = next((c for c in candidates if c.value == value), candidates[0])
        readings.append(
            DateReading(field=field, raw=best.raw, value=value, basis=best.basis)  # type: ignore[arg-type]  # plain str, the same names
        )
    return readings


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


def _captured(page: Page) -> str | None:
    return rfc3339(page.fetched_at) if page.fetched_at else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
