"""A parsed page and what its head says; the pieces that every field is made from."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import http_content_type_encoding

from newscrawl.extract.html import structured
from newscrawl.extract.html.guard import MAX_BYTES, bounded
from newscrawl.extract.html.tree import NOT_READ, Walk, parse, walk
from newscrawl.page.decode import decode_markup

_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
_TITLES = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "title")


_TOLD = "meta,link,title,script,h1,time,article,select,input[type=checkbox]"
_CHOICES = frozenset(("select", "input"))
_MAX_HEADINGS = 20
_MAX_TITLE_CHARS = 1_000
_MAX_TEXT_CHARS = 20_000
"""Characters of a title or heading, and of a meta, that are looked at."""


_TITLE_TAGS = frozenset(("h1", "h2", "h3", "h4"))
_NOT_LETTERS = re.compile(r"[\W_]+")
_PLAIN_ADDRESS = re.compile(r"https?://[a-zA-Z0-9.-]+(?:/|$)")


def absolute(base: str, url: str) -> str | None:
    """Return ``url`` against ``base`` if that is an http address, else None; never raises."""
    url = url.strip()
    if url.startswith(("https://", "http://")) and _PLAIN_ADDRESS.match(url):
        return url
    try:
        joined = urljoin(base, url)
        parts = urlsplit(joined)
        return joined if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


class HtmlDocument:
    """One parsed page. Build it with :func:`parse_html`; everything on it is lazy and cached.

    ``tree`` is selectolax's parser, for a site's own selectors; ``encoding`` is the name of the
    encoding the page was in; ``url`` is where it came from, if known; ``cut`` is how many bytes
    of the page were not read because it is too long or nests too deep.
    """

    def __init__(
        self, tree: LexborHTMLParser, encoding: str, url: str | None, body: bytes, cut: int = 0
    ):
        self.tree = tree
        self.cut = cut
        self.encoding = encoding
        self.url = url
        self.body = body
        self._heading_parts: dict[str, list[str]] = {}

    @cached_property
    def _head(
        self,
    ) -> tuple[
        dict[str, list[str]],
        list[dict[str, str]],
        list[str],
        str,
        list[tuple[str, str | None]],
        list[LexborNode],
        tuple[int, int],
    ]:
        """One look for metas, links, JSON-LD, title, headings and times, wherever they stand."""
        metas: dict[str, list[str]] = {}
        links: list[dict[str, str]] = []
        scripts: list[str] = []
        title = ""
        headings: list[tuple[str, str | None]] = []
        times: list[LexborNode] = []
        articles = choices = 0
        for node in self.tree.css(_TOLD):
            tag = node.tag
            if tag == "article":
                articles += 1
                continue
            if tag in _CHOICES:
                choices += 1
                continue
            if tag == "script":
                kind = node.attributes.get("type")
                if kind and "ld+json" in kind.lower():
                    scripts.append(node.text(deep=True))
                continue
            if tag == "title":
                if not title and node.parent is not None and node.parent.tag != "svg":
                    title = structured.clean(node.text()[:_MAX_TITLE_CHARS])
                continue
            if tag == "time":
                times.append(node)
                continue
            if tag == "h1":
                if len(headings) == _MAX_HEADINGS:
                    continue
                parts = _heading_parts(node)
                headings.append((" ".join(parts)[:_MAX_TITLE_CHARS], link_around(node)))
                if len(parts) > 1:
                    self._heading_parts[headings[-1][0]] = parts
                continue
            attributes = node.attributes
            if tag == "link":
                if attributes.get("rel") and attributes.get("href"):
                    links.append({key: value or "" for key, value in attributes.items()})
                continue
            content = attributes.get("content")
            name = (
                attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")
            )
            if content and name:
                metas.setdefault(name.lower(), []).append(content[:_MAX_TEXT_CHARS])
        return metas, links, scripts, title, headings, times, (articles, choices)

    @property
    def metas(self) -> dict[str, list[str]]:
        """Metas by lower-case name or property, values in order."""
        return self._head[0]

    @property
    def links(self) -> list[dict[str, str]]:
        """Attributes of each ``<link>`` that has rel and href."""
        return self._head[1]

    @property
    def title(self) -> str:
        """The text of ``<title>``."""
        return self._head[3]

    @cached_property
    def json_ld(self) -> list[structured.Json]:
        """Every typed JSON-LD object of the page."""
        return structured.read_json_ld(self._head[2])

    @cached_property
    def by_type(self) -> dict[str, list[structured.Json]]:
        """The JSON-LD objects by the name of their type."""
        found: dict[str, list[structured.Json]] = {}
        for node in self.json_ld:
            for kind in structured.types_of(node):
                found.setdefault(kind, []).append(node)
        return found

    @cached_property
    def article(self) -> structured.Json:
        """The page's own article in JSON-LD, or an empty object."""
        addresses = [self.url, self.meta("og:url"), *self._canonical]
        titles = [*self.headings, self.title, self.meta("og:title"), self.meta("twitter:title")]
        return (
            structured.main_article(self.json_ld, list(filter(None, addresses)), titles)
            if self.json_ld
            else None
        ) or {}

    @property
    def _canonical(self) -> Iterator[str]:
        for link in self.links:
            if "canonical" in link["rel"].lower().split() and (url := self.join(link["href"])):
                yield url

    @cached_property
    def microdata(self) -> dict[str, list[tuple[str, LexborNode]]]:
        """The article's microdata properties."""
        return structured.microdata(self.tree)

    @property
    def headings(self) -> list[str]:
        """The texts of the page's ``<h1>``, in order, but for :attr:`mastheads`."""
        return [text for text, link in self._head[4] if text and not self._is_home(link)]

    @property
    def mastheads(self) -> list[str]:
        """The texts of ``<h1>`` that link to the site's first page: its name, then."""
        return [text for text, link in self._head[4] if text and self._is_home(link)]

    def _is_home(self, link: str | None) -> bool:
        url = self.join(link) if link else None
        return url is not None and urlsplit(url)[2:4] in (("", ""), ("/", ""))

    @property
    def heading_parts(self) -> dict[str, list[str]]:
        """The lines of each ``<h1>`` that has more than one, by its whole text."""
        return self._heading_parts if self._head[4] else {}

    @cached_property
    def titled(self) -> list[str]:
        """The texts of what classes call the title of an entry (hAtom, h-entry), in order."""
        return [
            text
            for node in self.tree.css(".entry-title,.post-title,.p-name")[:_MAX_HEADINGS]
            if (text := " ".join(_heading_parts(node))[:_MAX_TITLE_CHARS])
        ]

    @property
    def times(self) -> list[LexborNode]:
        """The ``<time>`` elements."""
        return self._head[5]

    @property
    def counted(self) -> tuple[int, int]:
        """How many ``<article>`` there are, and how many boxes to tick and lists to choose from."""
        return self._head[6]

    @cached_property
    def address(self) -> str | None:
        """The page's own address: where it came from, or what it says."""
        for url in (self.url, self.meta("og:url")):
            if url and absolute("", url):
                return url
        return None

    def join(self, url: str) -> str | None:
        """Return an address found on the page as an absolute http address, None if it is none."""
        return absolute(self._base, url)

    @cached_property
    def _base(self) -> str:
        """What relative addresses are resolved against: the page's address, or its ``<base href>``."""
        address = self.address or ""
        node = self.tree.css_first("base[href]")
        href = node.attributes.get("href") if node is not None else None
        return (absolute(address, href) if href else None) or address

    @cached_property
    def walked(self) -> Walk:
        """The blocks and images of the whole body."""
        return walk(self.tree.body)

    def headline_position(self, headline: str) -> int:
        """Return which block is the headline: one that says it, or the first ``<h1>``; else -1.

        The first ``<h1>`` may be the site's name, or one of many in the text. An ``<h1>`` goes
        before another heading, and that before a block of another kind.
        """
        title = _NOT_LETTERS.sub("", headline)
        first = heading = other = -1
        for i, block in enumerate(self.walked.blocks):
            tag = block.tag
            if tag in _TITLE_TAGS:
                says = title and _NOT_LETTERS.sub("", block.text[:_MAX_TITLE_CHARS]) == title
                if tag == "h1":
                    if says:
                        return i
                    if first < 0:
                        first = i
                elif says and heading < 0:
                    heading = i
            elif other < 0 and block.text == headline:
                other = i
        return next((i for i in (heading, other, first) if i >= 0), -1)

    def meta(self, *names: str) -> str:
        """Return the first meta of these names that says something, cleaned."""
        for name in names:
            for value in self.metas.get(name, ()):
                text = structured.clean(value)
                if text:
                    return text
        return ""

    def nodes(self, selectors: Iterable[str]) -> list[LexborNode]:
        """Return the nodes that match any of the selectors, in the selectors' order.

        Each once, and none that stands inside another.

        Raises ``ValueError`` for a selector that lexbor cannot parse.
        """
        found: dict[int, LexborNode] = {}
        for selector in selectors:
            try:
                found.update((node.mem_id, node) for node in self.tree.css(selector))
            except SelectolaxError as error:
                raise ValueError(f"bad CSS selector {selector!r}: {error}") from error
        return [node for node in found.values() if not _stands_inside(node, found)]

    @cached_property
    def body_hints(self) -> tuple[str, str, str]:
        """Headline, description and articleBody, as far as structured data has them."""
        headline = (
            structured.text_of(self.article.get("headline")) or self.meta(*_TITLES) or self.title
        )
        description = self.meta(*_DESCRIPTIONS) or structured.text_of(
            self.article.get("description")
        )
        return headline, description, structured.text_of(self.article.get("articleBody"))


_UNREAD = "time,[hidden],[class*=sr-only],[class*=visually-hidden],[class*=screen-reader]"
_NOT_TEXT = "br,div,p,style,script,svg,button,template,noscript,rt,rp,rtc"
_NOT_PLAIN = f"{_NOT_TEXT},{_UNREAD}"
_LETTER = re.compile(r"[^\W_]")


def _heading_parts(heading: LexborNode) -> list[str]:
    """Return the lines that a reader reads of a heading."""
    if heading.css_first(_NOT_PLAIN) is None:
        return _spans(heading) or [structured.visible(heading.text()[:_MAX_TITLE_CHARS])]
    unread = frozenset(  # A colon that is there for screen readers stands for a new line.
        node.mem_id for node in heading.css(_UNREAD) if _LETTER.search(node.text())
    )
    if not unread and heading.css_first(_NOT_TEXT) is None:
        return [structured.visible(heading.text()[:_MAX_TITLE_CHARS])]
    blocks = walk(heading, unread).blocks
    read = [block.text for block in blocks if not block.element.markup.context & NOT_READ]
    if not read and not unread:
        read = [heading.text(separator=" ")[:_MAX_TITLE_CHARS]]
    return [structured.visible(text) for text in read]


def _spans(heading: LexborNode) -> list[str]:
    """Return the texts of a heading that is made of spans and links, as a kicker and a title.

    One after another is a line of its own where the first ends a word and the next begins one.
    """
    parts: list[str] = []
    for child in heading.iter(include_text=True):
        text = structured.visible(child.text()[:_MAX_TITLE_CHARS])
        if not text:
            continue
        if child.tag not in _PARTS or len(text) < _MIN_SPAN_CHARS or (parts and text[0].islower()):
            return []
        parts.append(text)
    return parts if len(parts) > 1 else []


_PARTS = ("span", "a")
_MIN_SPAN_CHARS = 3


def link_around(heading: LexborNode) -> str | None:
    """Return what a heading links to, be it in a link or around one."""
    parent = heading.parent
    if parent is not None and parent.tag == "a":
        return parent.attributes.get("href")
    link = heading.css_first("a[href]")
    if link is None or _letters_in(link) < _letters_in(heading) / 2:
        return None  # a link that stands beside the words
    return link.attributes.get("href")


def _letters_in(node: LexborNode) -> int:
    return sum(map(str.isalnum, node.text()[:_MAX_TITLE_CHARS]))


def parse_html(
    body: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    encoding: str | None = None,
) -> HtmlDocument:
    """Decode and parse a page; arguments as for :func:`newscrawl.extract.html.extract_html`."""
    text, name = decode_markup(
        body[:MAX_BYTES], encoding or http_content_type_encoding(content_type)
    )
    text, cut = bounded(text)
    return HtmlDocument(parse(text), name, url, text, max(0, len(body) - MAX_BYTES) + cut)


def _stands_inside(node: LexborNode, others: Container[int]) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id not in others:
        parent = parent.parent
    return parent is not None
