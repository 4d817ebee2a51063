"""An HTML page read by a declared layout: the same content that a text dump of it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from newscrawl.extract.html import HtmlDocument
from newscrawl.extract.html.blocks import figures_of, lines_of
from newscrawl.extract.html.dates import DateHabits, machine_words
from newscrawl.extract.html.tree import IN_ARTICLE, IN_MAIN
from newscrawl.extract.printed import PrintedArticle, PrintedPage, PrintedPerson
from newscrawl.extract.text_page import read_listing_mark, take_masthead_date
from newscrawl.extract.ticker import take_ticker
from newscrawl.extract.typography import squeeze
from newscrawl.items import PageKind
from newscrawl.page.layout import Layout, Select

_CLOCK = re.compile(r"\d[:h時]\d\d|(?<![.\d])\d{1,2}\.\d\d(?![.\d])")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredArticle:
    """What a site's layout says of an article's page; None and empty: it says nothing.

    Attributes:
        headline, section: as printed.
        date_raw: the date as printed.
        datetime: the same, as its markup says it.
        authors: name and address of each.
        images: addresses.
    """

    headline: str | None = None
    section: str | None = None
    date_raw: str | None = None
    datetime: str | None = None
    authors: tuple[tuple[str, str | None], ...] = ()
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HtmlReader:
    """Reads one page by one layout.

    Attributes:
        document: the parsed page.
        layout: the site's layout.
        where: page and site, for messages.
        page_size: articles on a full listing page, or None.
    """

    document: HtmlDocument
    layout: Layout
    where: str
    page_size: int | None = None

    def kind(self) -> PageKind | None:
        """Which kind of page it is, by its address or what it holds; None for no kind it knows."""
        address = urlsplit(self.document.address or "")
        for pattern, kind in self.layout.paths:
            if re.search(pattern, f"{address.path}?{address.query}"):
                return kind
        if self._matches(self.layout.article):
            return "article"
        if self._matches(self.layout.person) and self._matches(self.layout.cards):
            return "author"
        posts = self._matches(self.layout.posts)
        # An excerpt that its author wrote stands where a whole post would, and is one paragraph.
        if posts and all(map(self._is_post, posts)) and any(map(self._has_paragraphs, posts)):
            return "aggregator"
        return "listing" if self._matches(self.layout.cards) else None

    def lists(self, kind: PageKind) -> list[LexborNode]:
        """The posts of an aggregator's page, the cards of another."""
        return self._matches(self.layout.posts if kind == "aggregator" else self.layout.cards)

    def _matches(self, select: Select | None) -> list[LexborNode]:
        return _outermost(select.matches(self.document.tree)) if select else []

    def read(self, kind: PageKind) -> PrintedPage:
        """What an author page, a listing or an aggregator's page holds.

        Raises:
            LayoutError: the page breaks what the layout declares.
        """
        page = self.read_frame(kind)
        if kind == "author":
            page.person = self._person()
        nodes = self._many(self.layout.posts if kind == "aggregator" else self.layout.cards)
        read = self._post if kind == "aggregator" else self._card
        page.articles = [read(node, position) for position, node in enumerate(nodes, start=1)]
        return page

    def read_article(self) -> DeclaredArticle:
        """What the layout says of an article's page.

        Raises:
            LayoutError: the page breaks what the layout declares.
        """
        layout = self.layout
        printed = self._one(layout.article_date)
        time = printed
        if printed is not None and "datetime" not in printed.attributes:
            time = printed.css_first("time[datetime]")
        authors = [(self._text(n), self._url(_link(n))) for n in self._many(layout.article_author)]
        images = [self._picture(node) for node in self._many(layout.article_image)]
        return DeclaredArticle(
            headline=self._text(self._one(layout.article_headline)),
            section=self._text(self._one(layout.article_section)),
            date_raw=self._text(printed),
            datetime=time.attributes.get("datetime") if time is not None else None,
            authors=tuple((name, url) for name, url in authors if name),
            images=tuple(url for url in images if url),
        )

    def _picture(self, node: LexborNode) -> str | None:
        image = node if node.tag == "img" else node.css_first("img")
        return self._url(image, "data-src") or self._url(image, "src")

    def read_frame(self, kind: PageKind, inside: frozenset[str] = frozenset()) -> PrintedPage:
        """What stands around the articles: ticker, the page's date, the listing's place.

        Args:
            kind: of the page.
            inside: lines of its articles, which are no part of the frame.
        """
        # The walk that the extractor has made already, or will make.
        printed, rest = take_ticker([block.text for block in self.document.walked.blocks])
        rest = [line for line in rest if line not in inside] if inside else rest
        page = PrintedPage(kind=kind, printed_rates=printed)
        declared = self._text(self._one(self.layout.page_date))
        take_masthead_date([declared] if declared else [], page)
        if page.page_date is None:
            take_masthead_date(self._above_article(rest) if kind == "article" else rest, page)
        if kind != "article":
            marks = [mark for line in rest if (mark := read_listing_mark(line, self.page_size))]
            page.listing = marks[0] if marks else None
        return page

    def _above_article(self, lines: list[str]) -> list[str]:
        """Those lines that are no part of a page's article: only there is a date the page's own.

        A headline, `<article>` or `<main>` begins the article. A date with a clock is no
        masthead's, wherever it stands.
        """
        above = set()
        for block in self.document.walked.blocks:
            if block.tag == "h1" or block.element.context & (IN_ARTICLE | IN_MAIN):
                break
            if not _CLOCK.search(block.text):
                above.add(block.text)
        return [line for line in lines if line in above]

    def _many(self, select: Select | None) -> list[LexborNode]:
        return _outermost(select.nodes(self.document.tree, self.where)) if select else []

    def _one(self, select: Select | None) -> LexborNode | None:
        found = self._many(select)
        return found[0] if found else None

    def _in(self, node: LexborNode, select: Select | None) -> LexborNode | None:
        if select is None:
            return None
        found = select.nodes(node, self.where)
        return found[0] if found else None

    def _is_post(self, node: LexborNode) -> bool:
        """A whole post has text and no link to more of it."""
        return self._in(node, self.layout.post_text) is not None and not node.css(
            "a.more-link, .entry-summary, .wp-block-post-excerpt"
        )

    def _has_paragraphs(self, node: LexborNode) -> bool:
        text = self._in(node, self.layout.post_text)
        return text is not None and len(lines_of(text)) > 1

    def _text(self, node: LexborNode | None) -> str | None:
        return (squeeze(node.text(separator=" ")) or None) if node is not None else None

    def _url(self, node: LexborNode | None, attribute: str = "href") -> str | None:
        value = node.attributes.get(attribute) if node is not None else None
        return urljoin(self.document.address or "", value) if value else None

    def _person(self) -> PrintedPerson | None:
        head = self._one(self.layout.person)
        if head is None:
            return None
        name = self._text(self._in(head, self.layout.person_name))
        if name is None:
            return None
        return PrintedPerson(
            name=name,
            job_title=self._text(self._in(head, self.layout.job_title)),
            description=self._text(self._in(head, self.layout.biography)),
            image=self._url(self._in(head, self.layout.portrait), "src"),
            url=self.document.address,
        )

    def _card(self, node: LexborNode, position: int) -> PrintedArticle:
        text = self._in(node, self.layout.text)
        return self._found(node, position, lines_of(text) if text is not None else [])

    def _post(self, node: LexborNode, position: int) -> PrintedArticle:
        text = self._in(node, self.layout.post_text)
        found = self._found(node, position, lines_of(text) if text is not None else [])
        found.images = figures_of(node, self.document.address)
        return found

    def _found(self, node: LexborNode, position: int, lines: list[str]) -> PrintedArticle:
        printed = self._in(node, self.layout.date)
        time = node.css_first("time[datetime],[itemprop=datePublished][content]")
        beside = time if time is not None else printed
        written = machine_words(beside, DateHabits()) if beside is not None else None
        url = self._url(self._in(node, self.layout.link))
        return PrintedArticle(
            headline=self._text(self._in(node, self.layout.headline)),
            raw="\n\n".join(lines),
            date_raw=self._text(printed),
            position=position,
            url=url,
            datetime=written,
        )


def _link(node: LexborNode) -> LexborNode | None:
    return node if node.tag == "a" else node.css_first("a")


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """A card inside a card (a related post in a post) belongs to the outer one."""
    ids = {node.mem_id for node in nodes}
    return [node for node in nodes if not any(above.mem_id in ids for above in _above(node))]


def _above(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def layout_in_force(layouts: tuple[Layout, ...], captured: date | None) -> list[Layout]:
    """The layouts to try for a page, the likeliest first.

    Args:
        layouts: the site's, in any order.
        captured: the day on which the page was captured; None where nobody knows, which
            leaves all of them, the newest first. Layouts that end on the same day, or have not
            ended, are in force together: the shared ones of `SYSTEMS` are.
    """
    newest_first = sorted(layouts, key=lambda layout: layout.ended or date.max, reverse=True)
    if captured is None:
        return newest_first
    in_force = [
        layout for layout in newest_first if layout.ended is None or captured <= layout.ended
    ]
    ended = (in_force[-1] if in_force else newest_first[0]).ended
    return [layout for layout in newest_first if layout.ended == ended]
