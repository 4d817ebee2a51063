"""The next page of a listing: told from its links, its buttons, or what it says of its place.

Only the next page, never one before or a jump; calendars ("next month") are no pages of a
listing. How many pages are followed is the caller's limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from newscrawl.addresses.forms import form_points, is_calendar
from newscrawl.addresses.links import followable, host_of, same_site
from newscrawl.extract.html import HtmlDocument
from newscrawl.extract.text_page import read_listing_mark
from newscrawl.items import Listing
from newscrawl.page.facts import Found

_WORDS: dict[str, list[str]] = json.loads(
    resources.files("newscrawl.discovery").joinpath("data/pagination.json").read_text("utf-8")
)
_PAGE_PARAMETERS = frozenset(_WORDS["page_parameters"])
_WEAK_PARAMETERS = frozenset(_WORDS["weak_page_parameters"])
_OFFSETS = frozenset(_WORDS["offset_parameters"])
_CURSORS = frozenset(_WORDS["cursor_parameters"])
_NEXT = frozenset(_WORDS["next_words"])
_MORE = frozenset(_WORDS["more_words"])
_NEXT_ATTRIBUTES = _WORDS["next_attributes"]
_ADDRESS_ATTRIBUTES = _WORDS["address_attributes"]

_NUMBER = r"(?P<number>\d{1,5})"
_PAGE_WORD = rf"(?:{'|'.join(_WORDS['page_words'])}|p)"
# /tag/vik/page/2/, /tag/vik/page-2, /tag/vik/seite2.html, /tag/vik;page=2
_IN_PATH = re.compile(
    rf"(?P<base>.*)[/;]{_PAGE_WORD}[-_/=]?{_NUMBER}(?P<end>\.[a-z]{{2,5}})?/?", re.IGNORECASE
)
# /tag/vik/2/, /tag/vik-2.html, /tag/vik/index_2.html: only where it stands behind the link "2"
_WEAK_IN_PATH = re.compile(
    rf"(?P<base>.*?)(?:/|[-_](?=\d+\.[a-z])|/index[-_]?){_NUMBER}(?P<end>\.[a-z]{{2,5}})?/?",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.[a-z]{2,5}$", re.IGNORECASE)
_CALENDAR_PARAMETERS = frozenset(
    ("month", "year", "day", "date", "m", "tribe-bar-date", "yr", "mo")
)
# A year, a month, a day, and not the "m=1" of a mobile page.
_CALENDAR_VALUE = re.compile(
    r"(?:19|20)\d\d(?:[-_/.]?\d{1,2}){0,2}.{0,10}|\d{1,2}[-_/.]\d{1,2}[-_/.]\d{2,4}"
)
_ARROWS = " \t›»>→⟩❯▶►⇒…."
_BACK_ARROWS = "‹«<←⟨❮◀◄⇐"
_MORE_NAME = re.compile(r"(?:load|show|view)[-_]?more|more[-_]?(?:posts|articles|stories|news|button|btn)|infinite", re.IGNORECASE)  # fmt: skip
_DATE_HINT = re.compile(r"[\d]/?(?:[?#]|$)|[?&]", re.IGNORECASE)
# What every address with a page's number has: cheaper to look for than to take it apart.
_PAGE_HINT = re.compile(
    rf"[?&;/][^?&;=/]*=\d{{1,6}}(?!\d)|[/;](?:{_PAGE_WORD})[-_/=]?\d|/\d{{1,5}}/?$|[-_/]\d{{1,5}}\.[a-z]|/index[-_]?\d",
    re.IGNORECASE,
)
_MAX_LABEL = 60
_MAX_LINKS = 5_000
"""Links that are looked at, from the end, where pagers are."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """Where an address says which page of a listing it is.

    Attributes:
        base: what all pages of the listing have in common.
        number: the page's number, or the number of its first result.
        kind: "page"; "offset" where results are counted; "weak" where the number may be
            anything.
    """

    base: str
    number: int
    kind: Literal["page", "offset", "weak"]


@dataclass(frozen=True, slots=True)
class PagerLink:
    """A link that may lead to another page of a listing: address, label and rel."""

    address: str
    label: str
    rel: str


def page_parts(url: str) -> Iterator[PagePart]:
    """The ways in which an address can be read as one page of a listing.

    >>> list(page_parts("https://coast.example/tag/vik/page/3/"))
    [PagePart(base='https://coast.example/tag/vik', number=3, kind='page')]
    >>> list(page_parts("https://coast.example/2024/11/"))
    []
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    names = parse_qsl(parts.query, keep_blank_values=True)
    for at, (name, value) in enumerate(names):
        kind = _kind_of_parameter(name.lower())
        if kind and value.isascii() and value.isdigit() and len(value) <= 6:
            rest = urlencode(names[:at] + names[at + 1 :])
            yield PagePart(_base(parts._replace(query=rest).geturl()), int(value), kind)
    path = unquote(parts.path)
    kind = "page"
    match = _IN_PATH.fullmatch(path)
    if not match:
        segments = [segment for segment in path.lower().split("/") if segment]
        match = None if is_calendar(segments) else _WEAK_IN_PATH.fullmatch(path)
        kind = "weak"
    if match and (match["base"] or kind == "page" or match["end"] is None):
        base = urlunsplit(parts._replace(path=match["base"] + (match["end"] or "")))
        yield PagePart(_base(base), int(match["number"]), kind)


def _kind_of_parameter(name: str) -> Literal["page", "offset", "weak"] | None:
    # Webflow calls the parameter after its list: ?90c7c550_page=2
    if name in _PAGE_PARAMETERS or name.endswith(("_page", "-page")):
        return "page"
    if name in _OFFSETS:
        return "offset"
    return "weak" if name in _WEAK_PARAMETERS else None


def _base(url: str) -> str:
    """An address without what its first page may or may not have."""
    head, _, query = url.partition("#")[0].partition("?")
    head = _INDEX.sub("", unquote(head)).rstrip("/")
    query = urlencode(sorted(parse_qsl(query, keep_blank_values=True)))
    return f"{head}?{query}" if query else head


def is_page_of_listing(url: str) -> bool:
    """Whether an address is certainly a further page of some listing."""
    return bool(_PAGE_HINT.search(url)) and any(
        part.kind != "weak" and part.number > 1 for part in page_parts(url)
    )


def is_calendar_address(url: str) -> bool:
    """Whether an address is an archive by date, of which there is no end.

    >>> is_calendar_address("https://coast.example/2024/11/"), is_calendar_address("https://coast.example/?m=202411")
    (True, True)
    """
    if not _DATE_HINT.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    names = parse_qsl(parts.query)
    segments = [s for s in parts.path.lower().split("/") if s]
    if is_calendar(segments):
        return True
    # An address that has an article's name or number beside the day is the article's.
    others = [(name, value) for name, value in names if name.lower() not in _CALENDAR_PARAMETERS]
    return (
        any(
            _CALENDAR_VALUE.fullmatch(value)
            for name, value in names
            if name.lower() in _CALENDAR_PARAMETERS
        )
        and (form_points(parts._replace(query=urlencode(others)).geturl()) or 0) <= 1
    )


def next_pages(
    document: HtmlDocument,
    url: str,
    *,
    page_size: int | None = None,
    links: Sequence[PagerLink] | None = None,
) -> list[Found]:
    """The listing's next page, if the page tells it.

    Asked in this order: what the listing says of its end ("Viewing results 115 - 118 of 118"),
    rel=next, numbered links, links named "Next" or "Older posts" in many languages, buttons
    that load more, and the address itself where the listing says that there is more.

    Args:
        document: the parsed listing.
        url: the address that answered.
        page_size: results on a full page, as the site declares.
        links: its `pager_links`, where somebody has looked for them.

    Returns:
        At most one address, role "listing".
    """
    mark = _listing_mark(document, page_size)
    if mark is not None and mark.last is not None and mark.last == mark.total:
        return []
    base = base_of(document, url)
    links = pager_links(document, url) if links is None else links
    ours, here = same_site(url), _base(url)
    for address, reason in _candidates(document, url, base, links, mark):
        if (
            ours(host_of(address))
            and _base(address) != here
            and (reason == "numbered pages" or not _leads_away(url, address))
        ):
            return [Found(url=address, role="listing", reason=reason)]
    return []


def base_of(document: HtmlDocument, url: str) -> str:
    """What a page's links are relative to: its `<base>`, else its address."""
    node = document.tree.css_first("base[href]")
    href = node.attributes.get("href") if node is not None else None
    return (followable(url, href) if href else None) or url


def _candidates(
    document: HtmlDocument, url: str, base: str, links: Sequence[PagerLink], mark: Listing | None
) -> Iterator[tuple[str, str]]:
    for link in document.links:
        if "next" in link.get("rel", "").lower().split():
            address = followable(base, link.get("href", ""))
            if address:
                yield address, "link rel=next"
    for found in links:
        if "next" in found.rel.split():
            yield found.address, "rel=next"
    numbered = _numbered(url, links) or _next_in_row(url, links)
    if numbered:
        yield numbered, "numbered pages"
    right_to_left = _is_right_to_left(document)
    for found in links:
        if _says_next(found.label, right_to_left) and _is_beside(url, found.address):
            yield found.address, f"link {found.label[:_MAX_LABEL]!r}"
    yield from _load_more(document, base, links)
    if mark is not None and (address := _incremented(url, mark)):
        yield address, "results that are not shown yet"


def _leads_away(url: str, address: str) -> bool:
    """Whether a "next" is the next article, a calendar's next month, or no page at all."""
    here = {part.base for part in page_parts(url)} | {_base(url)}
    if any(part.base in here for part in page_parts(address)):
        return False
    if is_calendar_address(address):
        return True
    names = {name.lower() for name, _ in parse_qsl(urlsplit(address).query)}
    if names & _CURSORS:
        return False
    points = form_points(address)
    if points is None:
        return urlsplit(address).path != urlsplit(url).path
    return points > 1


def _is_beside(url: str, address: str) -> bool:
    """Whether an address looks like another page of this one; "Next" may be a section's name."""
    if _is_page(address):
        return True
    here, there = urlsplit(url).path.rstrip("/"), urlsplit(address).path.rstrip("/")
    return there.startswith(here) and (here != "" or there == here)


def _links(document: HtmlDocument, base: str) -> Iterator[PagerLink]:
    """The links that may be a pager's: by their name, their rel, or a digit in their address."""
    for node in document.tree.css("a[href]")[-_MAX_LINKS:]:
        attributes = node.attributes
        href, rel = attributes.get("href") or "", (attributes.get("rel") or "").lower()
        label = _label(node, attributes)
        if label is None or not (
            "next" in rel or _PAGE_HINT.search(href) or _may_be_next(label) or _says_more(label)
        ):
            continue
        address = followable(base, href)
        if address:
            yield PagerLink(address, label, rel)


def _may_be_next(label: str) -> bool:
    return label.strip(_ARROWS + _BACK_ARROWS) in _NEXT or (0 < len(label) <= 3)


def _says_more(label: str) -> bool:
    return label.strip(_ARROWS + "+↓▼▾ ") in _MORE


def _label(node: LexborNode, attributes: dict[str, str | None]) -> str | None:
    """What a short link is called; None for a long one, which is a headline and no pager."""
    text = " ".join(node.text().split())
    if len(text) > _MAX_LABEL:
        return None
    if not text.strip(_ARROWS + _BACK_ARROWS):
        text = (attributes.get("aria-label") or attributes.get("title") or text).strip()
    return text.casefold()  # and no more: folding would take its arrows for quotes


def pager_links(document: HtmlDocument, url: str) -> list[PagerLink]:
    """The links of a page that may be a pager's, for `pager_addresses` and `next_pages`.

    Args:
        document: the parsed page.
        url: the address that answered.
    """
    return list(_links(document, base_of(document, url)))


def pager_addresses(document: HtmlDocument, url: str, links: Sequence[PagerLink]) -> set[str]:
    """The other pages of a listing that its row of numbers and its "Next" lead to, as printed.

    Args:
        document: the parsed listing.
        url: the address that answered.
        links: its `pager_links`.
    """
    right_to_left = _is_right_to_left(document)
    return {address for _, address in _row_of_numbers(url, links)} | {
        link.address
        for link in links
        if _says_next(link.label, right_to_left)
        and _is_beside(url, link.address)
        and not _leads_away(url, link.address)
    }


_Shape = tuple[str, str]


def _shapes(address: str, number: int) -> Iterator[_Shape]:
    """What stands before and behind a number in an address, wherever it stands."""
    address = unquote(address)
    for match in _RUN_OF_DIGITS.finditer(address, _start_of_path(address)):
        if len(match[0]) < 6 and int(match[0]) == number:
            yield address[: match.start()], address[match.end() :]


def _row_of_numbers(url: str, links: Iterable[PagerLink]) -> list[tuple[int, str]]:
    """The links whose label is the number in their address, where they continue this address.

    However a site writes its pages (/world/2, /world-p2, /world/index_2.html, ?from=2): the row
    "2 3 4" says it, and what stands before the number begins with the listing's own address.
    """
    here = _stem(url)
    rows: dict[_Shape, dict[int, str]] = {}
    for link in links:
        if not (link.label.isascii() and link.label.isdigit() and len(link.label) < 6):
            continue
        if is_calendar_address(link.address):
            continue
        number = int(link.label)
        for before, behind in _shapes(link.address, number):
            # Behind the listing's own name comes a mark or a short word, and no path of its own.
            gap = before.removeprefix(here)
            if before != gap and gap.count("/") <= 1 and len(gap) <= _MAX_GAP:
                rows.setdefault((before, behind), {}).setdefault(number, link.address)
                break
    return sorted(max(rows.values(), key=len).items()) if rows else []


def _stem(url: str) -> str:
    """A listing's address without what tells its pages apart: number, index file, slash."""
    address = unquote(url.partition("#")[0])
    for part in page_parts(url):
        if part.kind != "offset":
            address = part.base
            break
    if match := _TRAILING_NUMBER.search(address):
        address = address[: match.start()]
    return _INDEX.sub("", address).rstrip("/")


def _start_of_path(address: str) -> int:
    return address.find("/", address.find("//") + 2)


_RUN_OF_DIGITS = re.compile(r"\d+")
_TRAILING_NUMBER = re.compile(r"(?:[-_/]|[-_/][a-z])\d{1,5}(?:\.[a-z]{2,5})?/?$", re.IGNORECASE)
_MAX_GAP = 12
"""Characters between a listing's name and its page's number: "/index_", "?page=", "-p"."""


def _numbered(url: str, links: Iterable[PagerLink]) -> str | None:
    """The link to the page behind this one in a row of page numbers."""
    current: dict[tuple[str, str], int] = {}
    for part in page_parts(url):
        current[part.base, part.kind] = part.number
    first = _base(url)
    found: list[tuple[int, str]] = []
    for link in links:
        for part in page_parts(link.address):
            at = current.get((part.base, part.kind))
            if at is None and part.base != first:
                continue
            if part.kind == "weak" and link.label != str(part.number):
                continue
            if part.kind == "offset":
                if part.number > (at or 0):
                    found.append((part.number, link.address))
            elif at is None:
                # Drupal counts from 0, so that ?page=1 stands behind the link "2".
                if link.label == "2" or (part.number == 2 and not link.label.isdigit()):
                    found.append((part.number, link.address))
            elif part.number == at + 1:
                found.append((part.number, link.address))
    return min(found)[1] if found else None


def _next_in_row(url: str, links: Iterable[PagerLink]) -> str | None:
    row = dict(_row_of_numbers(url, links))
    if not row:
        return None
    number = next(iter(row))
    shape = next(_shapes(row[number], number))
    at = next(
        (int(match[0]) for match in _RUN_OF_DIGITS.finditer(unquote(url), _start_of_path(url))
         if (unquote(url)[: match.start()], unquote(url)[match.end() :]) == shape),
        1,
    )  # fmt: skip
    return row.get(at + 1)


def _says_next(label: str, right_to_left: bool) -> bool:
    if label.strip(_ARROWS + _BACK_ARROWS) in _NEXT:
        return True
    arrows = label.strip(" .…")
    forward = _BACK_ARROWS if right_to_left else _ARROWS
    return bool(arrows) and len(arrows) <= 2 and not arrows.strip(forward)


def _is_right_to_left(document: HtmlDocument) -> bool:
    root = document.tree.css_first("html")
    return root is not None and (root.attributes.get("dir") or "").lower() == "rtl"


def _load_more(
    document: HtmlDocument, base: str, links: Iterable[PagerLink]
) -> Iterator[tuple[str, str]]:
    """Addresses that buttons and links ask for when a reader wants more of the list."""
    for name in _NEXT_ATTRIBUTES:
        if name.encode() in document.body:
            for node in document.tree.css(f"[{name}]"):
                address = _page_address(base, node.attributes.get(name))
                if address:
                    yield address, name
    for name in _ADDRESS_ATTRIBUTES:
        if name.encode() in document.body:
            for node in document.tree.css(f"[{name}]"):
                if _is_more_button(node):
                    address = _page_address(base, node.attributes.get(name))
                    if address:
                        yield address, f"load more, {name}"
    for link in links:
        if _says_more(link.label) and _is_page(link.address):
            yield link.address, f"link {link.label[:_MAX_LABEL]!r}"


def _is_more_button(node: LexborNode) -> bool:
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    label = " ".join(node.text().split()).casefold()
    return bool(_MORE_NAME.search(named)) or _says_more(label) or label in _NEXT


def _page_address(base: str, href: str | None) -> str | None:
    """An address of a page; None for a template such as ?page={page}, and for other addresses."""
    if not href or "{" in href or "%7B" in href.upper():
        return None
    address = followable(base, href)
    return address if address and _is_page(address) else None


def _is_page(address: str) -> bool:
    names = {name.lower() for name, _ in parse_qsl(urlsplit(address).query)}
    return bool(names & _CURSORS) or any(part.kind != "weak" for part in page_parts(address))


def _listing_mark(document: HtmlDocument, page_size: int | None) -> Listing | None:
    """What the page says of its place: "Viewing results 97 - 102 of 118"."""
    for block in document.walked.blocks:
        text = block.text
        if len(text) <= 120 and (mark := read_listing_mark(text, page_size)):
            return mark
    return None


def _incremented(url: str, mark: Listing) -> str | None:
    """The address with its page's number, or its first result's, moved on to the next."""
    parts = urlsplit(url)
    names = parse_qsl(parts.query, keep_blank_values=True)
    for at, (name, value) in enumerate(names):
        kind = _kind_of_parameter(name.lower())
        if kind is None or not (value.isascii() and value.isdigit()) or len(value) > 6:
            continue
        step = mark.promised if kind == "offset" else 1
        if step is None:
            continue
        changed = [*names[:at], (name, str(int(value) + step)), *names[at + 1 :]]
        return urlunsplit(parts._replace(query=urlencode(changed)))
    match = _IN_PATH.fullmatch(parts.path)
    if match:
        start, end = match.span("number")
        path = f"{parts.path[:start]}{int(match['number']) + 1}{parts.path[end:]}"
        return urlunsplit(parts._replace(path=path))
    return None
