"""The links of an HTML page: its feeds and sitemaps, the articles and the listings that it names.

Whether a link leads to an article is told in points: by the form of its address
(`newscrawl.addresses.forms`), by where it stands (in a card's heading or in the navigation),
and by how much it says. Where a site's layout names its cards, their links are articles,
whatever they look like.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from newscrawl.addresses.canonical import canonical_url
from newscrawl.addresses.forms import Role, form_points
from newscrawl.addresses.links import HostTest, followable, host_of
from newscrawl.discovery.pages import (
    PagerLink,
    base_of,
    is_calendar_address,
    is_page_of_listing,
    pager_addresses,
    pager_links,
)
from newscrawl.extract.html import HtmlDocument
from newscrawl.extract.html.tree import naming_words
from newscrawl.items import PageKind
from newscrawl.page.facts import Facts, Found
from newscrawl.page.layout import Layout

_FEED_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "application/xml",
        "text/xml",
    )
)
_FEED_ADDRESS = re.compile(r"/(?:feeds?|rss2?|atom|rdf)(?:[/.?]|$)|\.(?:rss|atom|rdf)(?:\?|$)|/(?:feed|index)\.json$", re.IGNORECASE)  # fmt: skip
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentari|comenta|reacties|komentar|комментар", re.IGNORECASE)  # fmt: skip
_MAX_SOURCES = 50
MAX_LINKS = 5_000
"""Links of a page that are looked at, from the top."""
_MAX_TITLE = 500
_MAX_LEVELS = 6
"""How far above a link its card's date is looked for."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_HEADINGS_IN_LINKS = "a h1, a h2, a h3, a h4, a h5"
_MENU_WORDS = frozenset(
    [
        "menu",
        "navbar",
        "navigation",
        "breadcrumb",
        "breadcrumbs",
        "pagination",
        "pager",
        "toolbar",
        "sitemap",
    ]
)
_READ_MORE = re.compile(
    r"(?:read|see|view|show|learn|find out)? ?(?:the )?(?:full )?(?:more|story|article|post)\b.{0,20}"
    r"|continue reading.*|weiterlesen|mehr|lire (?:la suite|plus)|leer más|ler mais|leggi.{0,20}"
    r"|lees (?:meer|verder)|czytaj (?:więcej|dalej)|читать.{0,20}|[\W\d]*",
    re.IGNORECASE,
)


# Where a link stands, as bits: in a heading, in a card, in a menu.
_HEADING, _CARD, _MENU = 1, 2, 4


@dataclass(slots=True)
class _Link:
    """All links of a page to one address, the first one's place in the page."""

    address: str
    points: int | None
    nodes: list[LexborNode]
    title: str | None = None
    date: str | None = None
    is_card: bool = False
    role: Role | None = None
    reason: str = ""


def linked_sources(document: HtmlDocument, url: str) -> list[Found]:
    """The feeds and sitemaps that a page names for readers of feeds.

    Feeds of comments and of a single article are left out; feeds that only a plain link names
    count where the head names none.

    Args:
        document: the parsed page.
        url: the address that answered.

    Returns:
        In document order, each once; role "feed" or "sitemap".
    """
    base = base_of(document, url)
    found: dict[str, Found] = {}
    for link in document.links:
        role = _source_role(link)
        address = followable(base, link.get("href", "")) if role else None
        if address and not _is_of_comments(address, link.get("title", ""), url):
            found.setdefault(address, Found(url=address, role=role, reason=f"link {link['rel']}"))
    if not any(source.role == "feed" for source in found.values()):
        for node in document.tree.css("a[href]"):
            href = node.attributes.get("href") or ""
            address = followable(base, href) if _FEED_ADDRESS.search(href) else None
            if address and not _is_of_comments(address, node.text(), url):
                found.setdefault(address, Found(url=address, role="feed", reason="link to a feed"))
    return list(found.values())[:_MAX_SOURCES]


def _source_role(link: dict[str, str]) -> Role | None:
    rel = link.get("rel", "").lower().split()
    if "sitemap" in rel:
        return "sitemap"
    kind = link.get("type", "").partition(";")[0].strip().lower()
    if "feed" in rel or ("alternate" in rel and kind in _FEED_TYPES):
        return "feed"
    if "alternate" in rel and kind == "application/json":
        # WordPress names its REST interface so.
        return "feed" if _FEED_ADDRESS.search(link.get("href", "")) else None
    return None


def _is_of_comments(address: str, title: str, url: str) -> bool:
    path, own = urlsplit(address).path, urlsplit(url).path
    if _COMMENTS.search(title) or _COMMENTS.search(path):
        return True
    return (form_points(url) or 0) > 1 and len(own) > 1 and path.startswith(f"{own.rstrip('/')}/")


def usual_places(url: str) -> list[Found]:
    """Where sites keep feeds and sitemaps that they name nowhere, the likeliest first.

    Args:
        url: any address of the site.
    """
    parts = urlsplit(url)
    places: tuple[tuple[Role, str], ...] = (
        ("sitemap", "/sitemap.xml"),
        ("sitemap", "/sitemap_index.xml"),
        ("sitemap", "/news-sitemap.xml"),
        ("feed", "/feed/"),
        ("feed", "/rss.xml"),
        ("feed", "/feed.xml"),
        ("feed", "/atom.xml"),
        ("feed", "/rss"),
    )
    return [
        Found(url=f"{parts.scheme}://{parts.netloc}{path}", role=role, reason="usual place")
        for role, path in places
    ]


def listing_links(
    document: HtmlDocument,
    url: str,
    *,
    allowed: HostTest,
    layouts: Sequence[Layout] = (),
    pager: Sequence[PagerLink] | None = None,
) -> list[Found]:
    """The articles and listings that a page links to.

    Left out: the page itself and the other pages of it and of other listings (`next_pages` has
    the one that counts), calendars, logins, shares, searches, files.

    Args:
        document: the parsed page.
        url: the address that answered.
        allowed: the hosts that may be followed.
        layouts: the site's layouts; the first whose cards are on the page names the articles.
        pager: the page's `pager_links`, where somebody has looked for them.

    Returns:
        In document order, each address (by `canonical_url`) once. Role "article" or "listing",
        None where neither form nor place tell. Facts of articles, source "listing": the link's
        text, and the date of the card where it has one.
    """
    base = base_of(document, url)
    links = _links_by_address(document, url, base, allowed)
    _mark_cards(document, base, layouts, links)
    reader = _Reader(
        # A link around a whole card has its heading inside.
        headings={_above(node, "a"): node for node in document.tree.css(_HEADINGS_IN_LINKS)},
        pager=pager_addresses(
            document, url, pager_links(document, url) if pager is None else pager
        ),
        paths=[path for layout in layouts for path in layout.paths],
    )
    for link in links.values():
        reader.classify(link)
    articles = [link for link in links.values() if link.role == "article"]
    _find_dates(document.times, articles)
    return [
        Found(url=link.address, role=link.role, facts=_facts(link), reason=link.reason)
        for link in links.values()
        if link.role is not None or link.reason
    ]


def _links_by_address(
    document: HtmlDocument, url: str, base: str, allowed: HostTest
) -> dict[str, _Link]:
    own = canonical_url(url)
    keys: dict[str, str | None] = {}
    found: dict[str, _Link] = {}
    for node in document.tree.css("a[href]")[:MAX_LINKS]:
        address = followable(base, node.attributes.get("href") or "")
        if address is None or not allowed(host_of(address)):
            continue
        if address not in keys:
            keys[address] = canonical_url(address)
        key = keys[address]
        if key is None or key == own:
            continue
        if key in found:
            found[key].nodes.append(node)
        else:
            found[key] = _Link(address, form_points(address), [node])
    return found


def _mark_cards(
    document: HtmlDocument, base: str, layouts: Iterable[Layout], links: dict[str, _Link]
) -> None:
    """Give the links of a layout's cards the card's headline and date."""
    for layout in layouts:
        cards = layout.cards.matches(document.tree) if layout.cards else []
        for card in cards:
            node = next(iter(layout.link.matches(card)), card if card.tag == "a" else None)
            href = node.attributes.get("href") if node is not None else None
            address = followable(base, href) if href else None
            link = links.get(canonical_url(address) or "") if address else None
            if link is None or link.is_card:
                continue
            link.is_card = True
            link.title = _text(next(iter(layout.headline.matches(card)), None))
            time = card.css_first("time[datetime]")
            printed = next(iter(layout.date.matches(card)), None)
            link.date = (time.attributes.get("datetime") if time is not None else None) or _text(
                printed
            )
        if cards:
            return


@dataclass(slots=True)
class _Reader:
    """Tells what the links of one page lead to.

    Attributes:
        headings: the heading inside a link, by the link's id; under None those in no link.
        pager: the addresses of the listing's other pages.
        paths: what the site's layouts declare of addresses.
        places: where things stand, by the id of the element above them.
    """

    headings: dict[int | None, LexborNode]
    pager: Collection[str]
    paths: Sequence[tuple[str, PageKind]]
    places: dict[int, int] = field(default_factory=dict)

    def classify(self, link: _Link) -> None:
        """Say what a link leads to; one without role and reason is not followed."""
        declared = self._declared(link.address) if self.paths else None
        if declared or link.is_card:
            link.role = declared or "article"
            link.reason = "layout path" if declared else "card"
            link.title = link.title or self._title(link)
            return
        if link.points is None or link.address in self.pager or is_page_of_listing(link.address):
            return
        link.title = self._title(link)
        if is_calendar_address(link.address) and not self._is_headline(link):
            return
        places = [self._place(node) for node in link.nodes]
        outside = [place for place in places if not place & _MENU]
        if not outside:
            where, points = "menu", -2
        elif any(place & _HEADING for place in outside):
            where, points = "heading", 3 if any(place & _CARD for place in outside) else 2
        elif any(place & _CARD for place in outside):
            where, points = "card", 1
        else:
            where, points = "page", 0
        points += link.points + _title_points(link.title or "", link.points)
        if points >= 2:
            link.role = "article"
        elif points < 0:
            link.role = "listing"
        link.reason = f"link in {where}, {points:+d}"

    def _is_headline(self, link: _Link) -> bool:
        """Whether it stands in a heading and says more than a month or a day."""
        words = [word for word in (link.title or "").split() if not any(map(str.isdigit, word))]
        return len(words) >= 3 and any(self._place(node) & _HEADING for node in link.nodes)

    def _declared(self, address: str) -> Role | None:
        parts = urlsplit(address)
        for pattern, kind in self.paths:
            if re.search(pattern, f"{parts.path}?{parts.query}"):
                return "article" if kind == "article" else "listing"
        return None

    def _title(self, link: _Link) -> str | None:
        """What the links call it: a heading, else the longest text that is no "Read more"."""
        best: str | None = None
        for node in link.nodes:
            heading = self.headings.get(node.mem_id)
            text = _text(heading) or _text(node)
            if text is None or _READ_MORE.fullmatch(text):
                continue
            if heading is not None or self._place(node) & _HEADING:
                return text
            if best is None or len(text) > len(best):
                best = text
        if best is None:
            for node in link.nodes:
                attributes = node.attributes
                named = attributes.get("title") or attributes.get("aria-label")
                if named and named.strip():
                    return " ".join(named.split())[:_MAX_TITLE]
        return best

    def _place(self, node: LexborNode) -> int:
        """Where a link stands; told once for each element above it."""
        way: list[LexborNode] = []
        above = node.parent
        while above is not None and above.mem_id not in self.places:
            way.append(above)
            above = above.parent
        place = self.places[above.mem_id] if above is not None else 0
        for element in reversed(way):
            place = self.places[element.mem_id] = _inside(element, place)
        return place


def _title_points(title: str, form: int) -> int:
    """A headline is long; a short name says little where the address is an article's."""
    words = title.count(" ") + 1 if title else 0
    if words >= 6 or len(title) >= 40:
        return 1
    return -1 if 0 < words <= 2 and form < 2 else 0


def _inside(element: LexborNode, place: int) -> int:
    tag = element.tag
    if tag in _HEADINGS:
        return place | _HEADING
    if tag == "article":
        return place | _CARD
    if tag == "nav" or (tag in ("header", "footer") and not place & _CARD):
        return place | _MENU
    if place & _MENU or tag not in ("div", "ul", "ol", "section", "p"):
        return place
    attributes = element.attributes
    if not attributes:
        return place
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if attributes.get("role") == "navigation" or not _MENU_WORDS.isdisjoint(naming_words(named)):
        return place | _MENU
    return place


def _above(node: LexborNode, tag: str) -> int | None:
    """The id of the nearest element of that name above a node."""
    for element in _ancestors(node):
        if element.tag == tag:
            return element.mem_id
    return None


def _text(node: LexborNode | None) -> str | None:
    if node is None:
        return None
    return " ".join(node.text(separator=" ").split())[:_MAX_TITLE] or None


def _find_dates(times: Iterable[LexborNode], articles: Iterable[_Link]) -> None:
    """Give articles the date of their card: the lowest element with the date and one article."""
    above: dict[int, set[str]] = {}
    by_address = {link.address: link for link in articles}
    for link in by_address.values():
        for node in link.nodes:
            for element in _ancestors(node):
                above.setdefault(element.mem_id, set()).add(link.address)
    for time in times:
        printed = (time.attributes.get("datetime") or "").strip()
        if not printed:
            continue
        for element in _ancestors(time):
            addresses = above.get(element.mem_id)
            if addresses:
                if len(addresses) == 1:
                    link = by_address[next(iter(addresses))]
                    link.date = link.date or printed[:100]
                break


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above: LexborNode | None = node
    for _ in range(_MAX_LEVELS):
        above = above.parent if above is not None else None
        if above is None or above.tag in ("body", "html"):
            return
        yield above


def _facts(link: _Link) -> Facts | None:
    if link.role != "article" or not (link.title or link.date):
        return None
    return Facts(source="listing", title=link.title, published=link.date)
