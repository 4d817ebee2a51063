"""What an answer says: its items, and the addresses that it names.

A live crawl and the replay of its capture make the same records of a page because both read it
here, and nothing here looks at a clock or the network.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from urllib.parse import urlsplit

from w3lib.encoding import http_content_type_encoding

from newscrawl.addresses.domains import domain_of, registrable_domain
from newscrawl.addresses.links import followable, same_site
from newscrawl.dates.evidence import rfc3339
from newscrawl.discovery.blocked import blocked_reason
from newscrawl.discovery.feeds import MAX_BYTES as FEED_BYTES
from newscrawl.discovery.feeds import Feed, parse_feed
from newscrawl.discovery.links import MAX_LINKS, linked_sources, listing_links
from newscrawl.discovery.pages import next_pages, pager_links
from newscrawl.discovery.sitemaps import Sitemap, parse_sitemap
from newscrawl.discovery.xml import root_name
from newscrawl.errors import INTERNAL_ERROR, PageError, one_line
from newscrawl.extract.frame import NO_FRAME, Frame
from newscrawl.extract.html import HtmlDocument
from newscrawl.items import Article, Item, Note, Outcome, PageKind, PageRecord
from newscrawl.page import Page
from newscrawl.page.facts import Found
from newscrawl.page.fetched import Fetched
from newscrawl.page.media import declared_type, is_markup, without_mark
from newscrawl.page.page import HTML
from newscrawl.page.systems import SYSTEMS
from newscrawl.reading.choice import join_facts
from newscrawl.reading.page import document_of, read_page
from newscrawl.sites import Site, Undeclared, site_of

logger = logging.getLogger(__name__)

_GONE = frozenset({404, 410})
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_FEED_ROOTS = (b"<rss", b"<rdf:rdf", b"<feed")
_SITEMAP_ROOTS = (b"<urlset", b"<sitemapindex")
# A document's root stands behind its prolog and comments.
_PROLOG_BYTES = 2048
# Answers that say that somebody stands between us and the page.
_REFUSALS = ("robots", "render")


class Answer:
    """An answer, read once.

    Args:
        fetched: what came.
        site: the declared site that it is taken for; None: its address tells.
        frame: of a text dump, what its site's dumps share.
    """

    def __init__(self, fetched: Fetched, site: Site | None = None, frame: Frame = NO_FRAME) -> None:
        self.fetched = fetched
        self.page = page_of(fetched)
        self.media_type = self.page.media_type
        self._site = site
        self._frame = frame
        self._names_broke: list[Note] = []

    @cached_property
    def site(self) -> Site:
        """The site whose page it is."""
        try:
            return self._site or site_of(self.page)
        except Exception as error:  # noqa: BLE001  # its own record says why
            self._tell(error)
            return Undeclared()

    @cached_property
    def document(self) -> HtmlDocument:
        """The page as HTML, parsed once for all who look at it; never raises."""
        return document_of(self.page)

    @property
    def asked_for(self) -> str | None:
        """The address that was asked for, as far as is known: what a redirect leads from."""
        fetched = self.fetched
        # A page that several captures have is named by file and offset in all but the first.
        is_address = fetched.role is not None and fetched.page.startswith(("http://", "https://"))
        return fetched.page if is_address else fetched.url

    @property
    def _address(self) -> str:
        return self.fetched.url or ""

    @property
    def sha256(self) -> str | None:
        """Of the body, in hex; None without one."""
        return self.page.sha256 if self.fetched.body else None

    @cached_property
    def is_gone(self) -> bool:
        """Whether the site says that there is no such page: 404, 410 or noindex; never raises."""
        if self.fetched.failure is not None:
            return False
        try:
            return self.fetched.status in _GONE or (self._is_good and self._asks_not_to_be_indexed)
        except Exception as error:  # noqa: BLE001  # its own record says why
            self._tell(error)
            return False

    @property
    def _is_good(self) -> bool:
        return self.fetched.failure is None and self.fetched.status == 200

    @cached_property
    def _asks_not_to_be_indexed(self) -> bool:
        """Of an article; sections and searches say so of themselves for other reasons."""
        if self.fetched.role not in ("article", "start") or self.kind != "html":
            return False
        header = self.fetched.headers.get("x-robots-tag", "")
        said = {word.strip().lower() for word in header.split(",")}
        said |= {word.strip().lower() for word in self.document.meta("robots").split(",")}
        return bool(said & {"noindex", "none"}) and not self._is_at_the_top

    @property
    def is_front_page(self) -> bool:
        """Whether it is a site's front page, and there."""
        return self._is_good and self._is_at_the_top

    @property
    def _is_at_the_top(self) -> bool:
        return self.fetched.url is not None and urlsplit(self.fetched.url).path in ("", "/")

    @cached_property
    def kind(self) -> str:
        """What the bytes are: "feed", "sitemap", "html", "text" or "other"."""
        start = without_mark(self.fetched.body[:_PROLOG_BYTES]).lstrip().lower()
        if start.startswith(
            (b"<?xml", b"<rss", b"<feed", b"<rdf", b"<urlset", b"<sitemap", b"<!--")
        ):
            if any(root in start for root in _SITEMAP_ROOTS):
                return "sitemap"
            if any(root in start for root in _FEED_ROOTS):
                return "feed"
        if self.media_type in _FEED_TYPES or b"jsonfeed.org/version" in start:
            return "feed"
        if self.fetched.role in ("feed", "sitemap"):
            # What a broken page prints before the feed that was asked for, and its type, count for less.
            name = root_name(start)
            if name in ("rss", "rdf", "feed"):
                return "feed"
            if name in ("urlset", "sitemapindex"):
                return "sitemap"
        if self.media_type in HTML:
            return "html"
        if self.fetched.role in ("feed", "sitemap"):
            return self.fetched.role
        return "text" if self.media_type == "text/plain" else "other"

    @cached_property
    def blocked(self) -> str | None:
        """Who or what stands between us and the page, or None."""
        if self.fetched.failure is not None:
            return self.fetched.failure if self._code in _REFUSALS else None
        document = self.document if self.kind == "html" else None
        return blocked_reason(self.fetched, document)

    @property
    def _code(self) -> str:
        return (self.fetched.failure or "").partition(":")[0]

    @cached_property
    def feed(self) -> Feed:
        """The page as a feed; raises `PageError` for none."""
        return parse_feed(self.fetched.body, self._address, self._content_type)

    @cached_property
    def sitemap(self) -> Sitemap:
        """The page as a sitemap; raises `PageError` for none."""
        # Which of its addresses are the crawl's own is asked when they are queued.
        return parse_sitemap(
            self.fetched.body, self._address, self._content_type, allowed=lambda host: True
        )

    @property
    def _content_type(self) -> str | None:
        """The HTTP header with its charset."""
        return self.fetched.headers.get("content-type")

    @property
    def min_interval(self) -> int | None:
        """Seconds that a feed asks to be left alone."""
        if not self._is_good or self.kind != "feed":
            return None
        try:
            return self.feed.min_interval
        except PageError:
            return None

    # Items

    def items(self) -> list[Item]:
        """The page's items, its own record last; never raises."""
        try:
            items = self._items()
        except PageError as error:
            items = [self._record("rejected", f"{error.code}: {error}")]
        except Exception as error:  # noqa: BLE001  # one page's bug must not cost the others
            self._tell(error)
            items = [self._record("rejected", f"{INTERNAL_ERROR}: {one_line(error)}")]
        record = items[-1]
        assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
        record.url = self._own_address
        record.notes += [*self.fetched.notes, *self._names_broke]
        return items

    def _tell(self, error: Exception) -> None:
        """Where an error of ours happened, for those who log at DEBUG; the ledger has the error."""
        if not isinstance(error, PageError):
            logger.debug("An error of newscrawl's on %s", self.fetched.page, exc_info=error)

    @cached_property
    def _own_address(self) -> str | None:
        """The address that was asked for, or that a saved page names as its own."""
        if self.asked_for is not None:
            return self.asked_for
        try:
            return _named_address(self.document) if self.kind == "html" else None
        except Exception as error:  # noqa: BLE001  # a page without address is one all the same
            self._tell(error)
            return None

    def _items(self) -> list[Item]:
        if ending := self._without_content():
            outcome, reason = ending
            return [self._record(outcome, reason)]
        if self.kind == "feed":
            feed = self.feed
            return [self._index("feed", feed.entries, feed.problem, self._notes_of_feed())]
        if self.kind == "sitemap":
            sitemap = self.sitemap
            notes = self._notes_of_sitemap()
            return [self._index("sitemap", sitemap.entries, sitemap.problem, notes)]
        document = self.document if self.kind == "html" else None
        items = read_page(self.page, self.site, document, self._frame)
        record = items[-1]
        assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
        for item in items:
            if isinstance(item, Article) and record.kind == "article":
                join_facts(item, self.fetched.facts)
            elif isinstance(item, Article) and self._is_teaser(item, record):
                item.is_truncated = True
            if isinstance(item, Article) and self.fetched.is_cut:
                item.is_truncated = True
        record.notes += self._notes_of_html() if document else []
        return items

    # Notes

    def _notes_of_feed(self) -> list[Note]:
        feed, length = self.feed, len(self.fetched.body)
        read = f"the first {len(feed.entries)} were read"
        return _notes(
            ("feed-cut", feed.beyond, f"entries beyond the limit; {read}"),
            ("bytes-cut", length - FEED_BYTES, f"bytes beyond the limit of {FEED_BYTES}; not read"),
            ("no-address", feed.nameless, "entries without an address"),
        )

    def _notes_of_sitemap(self) -> list[Note]:
        kept = f"the newest {len(self.sitemap.entries)} were read"
        return _notes(("sitemap-cut", self.sitemap.beyond, f"entries beyond the limit; {kept}"))

    def _notes_of_html(self) -> list[Note]:
        # What its reader says was cut, be it for its size or for its depth.
        cut = self.document.cut
        notes = _notes(("html-cut", cut, "bytes that are too many or too deep; not read"))
        if self.fetched.role in ("start", "listing"):
            links = len(self.document.tree.css("a[href]")) - MAX_LINKS
            notes += _notes(("listing-cut", links, f"links beyond the limit of {MAX_LINKS}"))
        return notes

    def _foreign(self, entries: Iterable[Found]) -> list[Note]:
        """What a feed or sitemap names of other sites than its own.

        A crawl of its site does not ask for them. Whose a crawl is, a replay can't tell: so what
        counts is the site of the page itself.
        """
        own = self.asked_for
        domains = self.site.domains or ((domain_of(own),) if own else ())
        if not domains:
            return []
        foreign = Counter(
            domain for entry in entries if (domain := domain_of(entry.url)) not in domains
        )
        named = ", ".join(f"{domain} {count}" for domain, count in foreign.most_common(5))
        return _notes(("foreign", foreign.total(), f"entries of other sites than its own: {named}"))

    def _is_teaser(self, item: Article, record: PageRecord) -> bool:
        """Whether a crawl of ours asks for the article's own page, too: then this is an excerpt.

        It need not end in "…" for that.
        """
        return self.fetched.role is not None and record.kind != "aggregator" and bool(item.url)

    def _without_content(self) -> tuple[Outcome, str | None] | None:
        """Outcome and reason of an answer that has nothing to extract from."""
        fetched = self.fetched
        if self.blocked:
            return "blocked", self.blocked
        if fetched.failure is not None:
            return "fetch-failed", fetched.failure
        if fetched.status == 304:
            return "not-modified", None
        if fetched.status != 200:
            return "fetch-failed", f"http-{fetched.status}: the server's answer"
        if self._went_elsewhere:
            return "fetch-failed", f"redirected: the answer comes from {fetched.url}"
        if self._asks_not_to_be_indexed:
            return "not-news", "noindex: the page asks not to be indexed"
        if self.kind == "other":
            return "not-news", f"media-type: {self.media_type} is no page"
        return None

    @property
    def _went_elsewhere(self) -> bool:
        """An article that is answered by the front page, or by another site, is not there."""
        fetched = self.fetched
        if fetched.role is None or fetched.url in (None, fetched.page):
            return False
        if registrable_domain(fetched.url) != registrable_domain(fetched.page):
            return registrable_domain(fetched.url) not in self.site.domains
        return fetched.role == "article" and self._is_at_the_top

    def _index(
        self, kind: PageKind, named: list[Found], problem: str | None, notes: list[Note]
    ) -> PageRecord:
        """The record of a page that only names others."""
        record = self._record("extracted" if named else "empty", problem)
        record.kind = kind
        record.notes = [*notes, *self._foreign(named)]
        if not named and not problem:
            record.reason = f"the {kind} names nothing"
        return record

    def _record(self, outcome: Outcome, reason: str | None) -> PageRecord:
        fetched = self.fetched
        role = fetched.role
        return PageRecord(
            page=fetched.page,
            site=self.site.name if self.site.domains else registrable_domain(fetched.url),
            sha256=self.sha256,
            media_type=self.media_type if fetched.status else None,
            fetched_at=rfc3339(fetched.fetched_at) if fetched.fetched_at else None,
            kind=role if role in ("feed", "sitemap", "listing", "article") else "other",
            outcome=outcome,
            reason=reason,
        )

    # What it names

    def names(self, is_ours: Callable[[str], bool]) -> tuple[list[Found], list[Found]]:
        """The addresses that the page names, and where its list goes on; never raises.

        Args:
            is_ours: whether an address belongs to the site that is crawled.
        """
        try:
            if not self._is_good or self.blocked or self._went_elsewhere:
                return [], []
            found, next_pages = self._names(is_ours)
            return (
                [one for one in found if is_ours(one.url)],
                [one for one in next_pages if is_ours(one.url)],
            )
        except PageError:
            return [], []  # the page's own record says why
        except Exception as error:  # noqa: BLE001  # the page's own articles are worth having
            self._tell(error)
            self._names_broke = [
                Note(code=INTERNAL_ERROR, detail=f"its links were not read: {one_line(error)}")
            ]
            return [], []

    def _names(self, is_ours: Callable[[str], bool]) -> tuple[list[Found], list[Found]]:
        if self.kind == "feed":
            return self.feed.entries, self.feed.next_pages
        if self.kind == "sitemap":
            return self.sitemap.entries, []
        if self.kind != "html" or self.fetched.role not in ("start", "listing"):
            return [], []
        document, url = self.document, self._address
        found, pager = linked_sources(document, url), pager_links(document, url)
        found += listing_links(
            document,
            url,
            allowed=same_site(url),
            layouts=() if self.site.layouts is SYSTEMS else self.site.layouts,
            pager=pager,
        )
        return found, next_pages(document, url, page_size=self.site.page_size, links=pager)


def _notes(*found: tuple[str, int, str]) -> list[Note]:
    """Notes by code, count and detail, of what there is any of."""
    return [
        Note(code=code, count=count, detail=detail) for code, count, detail in found if count > 0
    ]


def _named_address(document: HtmlDocument) -> str | None:
    """The address that a saved page names as its own: canonical, or OpenGraph's."""
    named = [
        link.get("href", "")
        for link in document.links
        if "canonical" in link.get("rel", "").lower().split()
    ]
    return next(
        filter(None, (followable("", url) for url in [*named, document.meta("og:url")])), None
    )


def page_of(fetched: Fetched) -> Page:
    """The page that an answer is; what no header calls anything is told by its first character."""
    declared = fetched.headers.get("content-type", "")
    kind = declared_type(declared)
    return Page(
        name=fetched.page,
        body=fetched.body,
        media_type=kind or ("text/html" if is_markup(fetched.body) else "text/plain"),
        url=fetched.url,
        charset=http_content_type_encoding(declared),
        fetched_at=fetched.fetched_at,
    )
