"""RSS 0.90 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1: the articles that a feed names.

Read by lxml, not by a feed library. Measured on a feed of 100 entries with full texts (310 KB,
CPU, one core): this module takes 23 ms; feedparser 6.0.14 takes 230 ms, most of it to sanitise
HTML that nobody here reads; fastfeedparser 0.6.5 takes 1.4 ms, but turns every date into UTC, so
that what was printed is lost, and makes ``?a=1=2`` of a link ``?a=1&b=2``.

Specifications: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec,
RFC 4287 (Atom), RFC 5005 (paged feeds), https://www.jsonfeed.org/version/1.1/,
https://web.resource.org/rss/1.0/modules/syndication/ (how often).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from selectolax.lexbor import LexborHTMLParser

from newscrawl.addresses.canonical import canonical_url
from newscrawl.addresses.links import followable
from newscrawl.discovery.xml import local_name, read_bytes, read_tree, root_name, text_of
from newscrawl.errors import FeedError
from newscrawl.extract.html.blocks import lines_of
from newscrawl.extract.html.structured import clean
from newscrawl.page.characters import make_readable, readable
from newscrawl.page.facts import Facts, Found

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 5_000_000
"""Bytes of a feed that are read; a feed of a thousand entries with full texts has three million."""

MAX_ENTRIES = 1_000

_MAX_SUMMARY = 1_000
_MAX_MARKUP = 10_000
_MAX_CHILDREN = 1_000
_MAX_TITLE = 500
_LOOKED_AT = 10
_MAX_NAMES = 20

_XML = "{http://www.w3.org/XML/1998/namespace}"


def _plain_space(space: str) -> str:
    """A namespace without what publishers get wrong in it: http or https, a slash, capitals."""
    return space.lower().partition("://")[2].rstrip("/#")


_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_PREFIXES_AS_WRITTEN = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.pheedo.com/namespace/pheedo": "pheedo:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    **dict.fromkeys(_ATOM, "atom:"),
}
_PREFIXES = {_plain_space(space): prefix for space, prefix in _PREFIXES_AS_WRITTEN.items()}
# The names of a feed's own vocabulary, whatever namespace it gives them: the RSS versions have
# half a dozen between them.
_OWN = frozenset(
    _plain_space(space)
    for space in (
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/2.0/",
    )
)
_PUBLISHED = (
    "pubdate", "published", "issued", "dc:date", "atom:published", "dcterms:issued",
    "dcterms:created", "created", "dcterms:available", "date",
)  # fmt: skip
_MODIFIED = ("updated", "modified", "atom:updated", "dcterms:modified", "lastbuilddate")
_SUMMARIES = ("description", "summary", "dc:description", "itunes:summary", "atom:summary", "tagline")  # fmt: skip
_CATEGORIES = ("category", "dc:subject", "subject", "atom:category")
_PERIODS = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
_MAX_INTERVAL = 604_800
_EMAIL_AND_NAME = re.compile(r"\S+@\S+\s+\((?P<name>[^()]+)\)")
_NAME_AND_EMAIL_IN_BRACKETS = re.compile(r"(?P<name>[^()@]+?)\s*\(\S+@[^\s()]+\)")
_NAME_AND_EMAIL = re.compile(r"(?P<name>[^<>@]+?)\s*<\S+@\S+>")
_EMAIL = re.compile(r"\S+@\S+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)

_Children = dict[str, list["_Element"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says.

    Attributes:
        kind: its format.
        title: or None.
        language: BCP 47 tag, as it says for the whole feed, or None.
        entries: the articles in the feed's order, each address once; role "article".
        next_pages: its further pages (RFC 5005 "next" and "prev-archive", JSON Feed
            "next_url"); role "feed".
        min_interval: seconds that it asks to wait before it is read again, at most a week; None
            where it asks for nothing.
        truncated: there were more entries or bytes than the limits.
        beyond: how many entries were not read because of the limit.
        nameless: how many of those read have no address.
        problem: what is broken in it, though all that is sound was read; or None.
    """

    kind: Literal["rss", "atom", "json"]
    title: str | None
    language: str | None
    entries: list[Found]
    next_pages: list[Found]
    min_interval: int | None = None
    truncated: bool = False
    beyond: int = 0
    nameless: int = 0
    problem: str | None = None


def parse_feed(
    body: bytes, url: str, content_type: str | None = None, *, limit: int = MAX_ENTRIES
) -> Feed:
    """Read a feed.

    Args:
        body: the bytes behind content encoding.
        url: the address that answered, for relative links.
        content_type: the HTTP header, or None.
        limit: entries that are read, from the top, where feeds have the newest.

    Raises:
        FeedError: it is no feed, or nothing in it can be read.
    """
    text = read_bytes(body[:MAX_BYTES], content_type)
    cut = len(body) > MAX_BYTES
    start = text.lstrip()[:1]
    if start in (b"{", b"["):
        return _json_feed(text, url, limit, cut)
    if root_name(text) == "html":
        raise FeedError(f"{url}: this is no feed, {_what(text)}")
    root, problem = read_tree(text, url)
    name = local_name(root) if root is not None else ""
    if root is None or name not in ("rss", "rdf", "feed"):
        raise FeedError(f"{url}: this is no feed, {_what(text)}")
    if cut:
        problem = f"the feed has {len(body)} bytes, the first {MAX_BYTES} were read"
    # Looking for an element's base costs a walk to the root for each link.
    feed = _XmlFeed(root, url, is_atom=name == "feed", has_bases=b"xml:base" in text)
    return feed.read(limit, cut, problem)


def _what(text: bytes) -> str:
    name = root_name(text)
    if not text.strip():
        return "the answer is empty"
    if not name:
        return f"it begins with {text.lstrip()[:60]!r}"
    return f"its first element is <{name[:40]}>; ask for the feed's own address"


class _XmlFeed:
    """One RSS or Atom document.

    Args:
        root: its root.
        url: its address.
        is_atom: its own vocabulary is Atom's.
        has_bases: somewhere xml:base is set.
    """

    def __init__(self, root: _Element, url: str, *, is_atom: bool, has_bases: bool) -> None:
        self.root = root
        self.url = url
        self.is_atom = is_atom
        self.has_bases = has_bases
        self.own = _plain_space(str(root.tag).rpartition("}")[0][1:])

    def read(self, limit: int, cut: bool, problem: str | None) -> Feed:
        channel = self._channel()
        head = self._by_name(channel)
        title = _plain(_first(head, "title", "atom:title", "dc:title"), _MAX_TITLE)
        language = (
            _language(text_of(_first(head, "language", "dc:language")))
            or _language(channel.get(f"{_XML}lang"))
            or _language(self.root.get(f"{_XML}lang"))
        )
        owners = tuple(name for name in self._people(head) if name != title) if self.is_atom else ()
        entries = (self._entry(item, language, owners) for item in self._items())
        read = _read_entries(entries, sum(1 for _ in self._items()), limit)
        if read.nameless:
            problem = problem or "an entry has no address"
        return Feed(
            kind="atom" if self.is_atom else "rss",
            title=title,
            language=language,
            entries=read.entries,
            next_pages=self._next_pages(head),
            min_interval=_interval(head),
            truncated=cut or read.beyond > 0,
            beyond=read.beyond,
            nameless=read.nameless,
            problem=problem,
        )

    def _channel(self) -> _Element:
        if self.is_atom:
            return self.root
        return next((node for node in self.root if local_name(node) == "channel"), self.root)

    def _items(self) -> Iterator[_Element]:
        """In the channel, beside it (RSS 0.90 and 1.0, mended feeds), never an item's own parts."""
        name = "entry" if self.is_atom else "item"
        for node in self.root:
            if local_name(node) == name:
                yield node
            elif local_name(node) == "channel":
                yield from (item for item in node if local_name(item) == name)

    def _by_name(self, element: _Element, *, deep: bool = False) -> _Children:
        """The children by name: the feed's own names bare, others with their usual prefix."""
        found: _Children = {}
        for child in islice(element.iterdescendants() if deep else element, _MAX_CHILDREN):
            tag = child.tag
            if not isinstance(tag, str) or (deep and _is_of_another(child, element)):
                continue
            space, _, name = tag.rpartition("}")
            space = _plain_space(space[1:])
            # The root's namespace is its own vocabulary, whatever it is called.
            if not space or space in _OWN or space == self.own:
                prefix = ""
            else:
                prefix = _PREFIXES.get(space, "?:")
                if prefix == "atom:" and self.is_atom:
                    prefix = ""
            found.setdefault(f"{prefix}{name}".lower(), []).append(child)
        return found

    def _base(self, element: _Element) -> str:
        return (element.base if self.has_bases else None) or self.url

    def _entry(self, item: _Element, language: str | None, owners: tuple[str, ...]) -> Found | None:
        parts = self._by_name(item)
        address = self._address(item, parts)
        if address is None:
            # In a broken record an unclosed tag may have swallowed what follows.
            parts = {**self._by_name(item, deep=True), **parts}
            address = self._address(item, parts)
        if address is None:
            return None
        sections = list(dict.fromkeys(self._categories(parts)))
        facts = Facts(
            source="feed",
            title=_plain(_first(parts, "title", "atom:title", "dc:title"), _MAX_TITLE),
            published=_printed(parts, _PUBLISHED),
            modified=_printed(parts, _MODIFIED),
            authors=self._people(parts) or self._people_of_source(parts) or owners,
            section=sections[0] if sections else None,
            keywords=tuple(sections[1:_MAX_NAMES]),
            language=_language(item.get(f"{_XML}lang"))
            or _language(text_of(_first(parts, "dc:language", "language")))
            or language,
            description=_plain(_first(parts, *_SUMMARIES), _MAX_SUMMARY),
        )
        return Found(
            url=address,
            role="article",
            facts=facts,
            reason="atom entry" if self.is_atom else "rss item",
        )

    def _address(self, item: _Element, parts: _Children) -> str | None:
        for base, href in self._hrefs(item, parts):
            if href and (address := followable(base, href)):
                return address
        return None

    def _hrefs(self, item: _Element, parts: _Children) -> Iterator[tuple[str, str]]:
        """Where an entry may say its address, the best place first, with the base of each."""
        for name in ("feedburner:origlink", "pheedo:origlink"):
            for node in parts.get(name, ()):
                yield self._base(node), text_of(node)
        links = [*parts.get("link", ()), *parts.get("atom:link", ())]
        alternates = [
            node
            for node in links
            if node.get("rel", "alternate").lower() in ("alternate", "")
            or node.get("rel", "").endswith("/alternate")
        ]
        # An entry may have a PDF or an app's address beside the page.
        alternates.sort(key=lambda node: "html" not in node.get("type", "text/html").lower())
        for node in alternates:
            yield self._base(node), node.get("href") or text_of(node)
        for node in parts.get("guid", ()):
            if node.get("isPermaLink", "true").strip().lower() != "false":
                yield self._base(node), _only_absolute(text_of(node))
        for name, value in item.attrib.items():
            if str(name).endswith("}about"):
                yield self._base(item), _only_absolute(str(value))
        for node in parts.get("id", ()):
            yield self._base(node), _only_absolute(text_of(node))

    def _people(self, parts: _Children) -> tuple[str, ...]:
        names: list[str] = []
        for key in ("dc:creator", "author", "atom:author", "creator", "itunes:author"):
            for node in parts.get(key, ()):
                inside = [text_of(part) for part in node if local_name(part) == "name"]
                names += map(_person, inside or [clean("".join(node.itertext()))])
            if any(names):
                break
        return tuple(dict.fromkeys(filter(None, names)))[:_MAX_NAMES]

    def _people_of_source(self, parts: _Children) -> tuple[str, ...]:
        """RFC 4287 4.2.1: an entry taken from another feed has that feed's authors."""
        source = _first(parts, "source") if self.is_atom else None
        return self._people(self._by_name(source)) if source is not None else ()

    def _categories(self, parts: _Children) -> Iterator[str]:
        for name in _CATEGORIES:
            for node in parts.get(name, ()):
                text = clean(node.get("label") or node.get("term") or text_of(node))[:_MAX_TITLE]
                if text:
                    yield text
        for node in parts.get("media:keywords", ()):
            yield from filter(None, (clean(word)[:_MAX_TITLE] for word in text_of(node).split(",")))

    def _next_pages(self, head: _Children) -> list[Found]:
        pages: dict[str, Found] = {}
        for node in [*head.get("link", ()), *head.get("atom:link", ())]:
            rel = node.get("rel", "").lower()
            address = followable(self._base(node), node.get("href", ""))
            if rel in ("next", "prev-archive") and address and address != self.url:
                pages.setdefault(address, Found(url=address, role="feed", reason=f"feed rel={rel}"))
        return list(pages.values())


@dataclass(frozen=True, slots=True)
class _Read:
    """The entries of a feed as far as they were read."""

    entries: list[Found]
    beyond: int
    nameless: int


def _read_entries(entries: Iterable[Found | None], total: int, limit: int) -> _Read:
    """Read entries up to the limit, each address once.

    Args:
        entries: in the feed's order; None for one without an address.
        total: how many there are.
        limit: addresses that are read. Entries without one, and the same one again, are bounded too.
    """
    found: dict[str, Found] = {}
    looked_at = nameless = 0
    for entry in islice(entries, _LOOKED_AT * limit):
        if entry is None:
            nameless += 1
        else:
            key = canonical_url(entry.url) or entry.url
            if key not in found and len(found) >= limit:
                break
            found.setdefault(key, entry)
        looked_at += 1
    return _Read(list(found.values()), total - looked_at, nameless)


def _first(parts: _Children, *names: str) -> _Element | None:
    """The first element of these names that says something."""
    for name in names:
        for node in parts.get(name, ()):
            if len(node) or (node.text and node.text.strip()):
                return node
    return None


def _printed(parts: _Children, names: Iterable[str]) -> str | None:
    return text_of(_first(parts, *names))[:100] or None


def _plain(node: _Element | None, most: int) -> str | None:
    """An element's text, whether it holds text, escaped HTML or XHTML."""
    if node is None:
        return None
    if len(node):
        return shortened(" ".join(readable(" ".join(node.itertext())).split()), most)
    return plain_text("".join(node.itertext()), most)


def plain_text(markup: str, most: int) -> str | None:
    """HTML as one line of text.

    Args:
        markup: HTML, or text with or without character references.
        most: characters that are kept, up to the end of a word.
    """
    if "<" not in markup:
        return shortened(clean(markup[:_MAX_MARKUP]), most)
    tree = LexborHTMLParser(markup[:_MAX_MARKUP])
    return shortened(readable(" ".join(lines_of(tree.body))) if tree.body is not None else "", most)


def shortened(text: str, most: int) -> str | None:
    """A text of at most so many characters, cut behind a word and marked "…"; None for ""."""
    if len(text) <= most:
        return text or None
    head = text[: most - 1]
    return f"{head.rpartition(' ')[0] or head}…"


def _is_of_another(node: _Element, item: _Element) -> bool:
    """Whether a part stands in what an entry says of its source, or of its picture."""
    parent = node.getparent()
    while parent is not None and parent is not item:
        if local_name(parent) in ("source", "image"):
            return True
        parent = parent.getparent()
    return False


def _person(text: str) -> str:
    """The name in "desk@coast.example (Marit Solheim)"; "" for an address alone."""
    text = clean(text)[:_MAX_TITLE]
    match = (
        _EMAIL_AND_NAME.fullmatch(text)
        or _NAME_AND_EMAIL.fullmatch(text)
        or _NAME_AND_EMAIL_IN_BRACKETS.fullmatch(text)
    )
    if match:
        return match["name"].strip()
    return "" if _EMAIL.fullmatch(text) else text


def _only_absolute(text: str) -> str:
    return text if _ABSOLUTE.match(text) else ""


def _language(text: str | None) -> str | None:
    text = (text or "").strip()
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else None


def _interval(head: _Children) -> int | None:
    """Seconds of RSS's ttl (minutes), or of the syndication module's period and frequency."""
    minutes = text_of(_first(head, "ttl"))
    if re.fullmatch(r"[0-9]{1,9}", minutes) and int(minutes):
        return min(int(minutes) * 60, _MAX_INTERVAL)
    period = _PERIODS.get(text_of(_first(head, "sy:updateperiod")).lower())
    if period is None:
        return None
    often = text_of(_first(head, "sy:updatefrequency"))
    times = int(often) if re.fullmatch(r"[0-9]{1,6}", often) else 1
    return min(period // max(times, 1), _MAX_INTERVAL)


# JSON Feed


def _json_feed(text: bytes, url: str, limit: int, cut: bool) -> Feed:
    try:
        content = make_readable(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{url}: broken JSON: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise FeedError(f"{url}: this is no feed, its JSON has no list of items")
    language = _language(_string(content, "language"))
    items = content["items"]
    entries = (
        _json_entry(item, url, language) if isinstance(item, dict) else None for item in items
    )
    read = _read_entries(entries, len(items), limit)
    following = followable(url, _string(content, "next_url"))
    pages = [Found(url=following, role="feed", reason="feed next_url")] if following else []
    return Feed(
        kind="json",
        title=plain_text(_string(content, "title"), _MAX_TITLE),
        language=language,
        entries=read.entries,
        next_pages=[page for page in pages if page.url != url],
        truncated=cut or read.beyond > 0,
        beyond=read.beyond,
        nameless=read.nameless,
        problem="an entry has no address" if read.nameless else None,
    )


def _json_entry(item: dict[str, Any], url: str, language: str | None) -> Found | None:
    hrefs = (
        _string(item, "url"),
        _only_absolute(_string(item, "id")),
        _string(item, "external_url"),
    )
    address = next(filter(None, (followable(url, href) for href in hrefs if href)), None)
    if address is None:
        return None
    people = item.get("authors")
    people = people if isinstance(people, list) else [item.get("author")]
    names = [_person(_string(person, "name")) for person in people if isinstance(person, dict)]
    tags = item.get("tags")
    words = [clean(tag)[:_MAX_TITLE] for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []  # fmt: skip
    words = list(dict.fromkeys(filter(None, words)))
    facts = Facts(
        source="feed",
        title=plain_text(_string(item, "title"), _MAX_TITLE),
        published=_string(item, "date_published").strip()[:100] or None,
        modified=_string(item, "date_modified").strip()[:100] or None,
        authors=tuple(dict.fromkeys(filter(None, names)))[:_MAX_NAMES],
        section=words[0] if words else None,
        keywords=tuple(words[1:_MAX_NAMES]),
        language=_language(_string(item, "language")) or language,
        description=plain_text(_string(item, "summary"), _MAX_SUMMARY),
    )
    return Found(url=address, role="article", facts=facts, reason="json feed item")


def _string(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""
