"""What a page says of itself in structured data: JSON-LD, metas, links and microdata.

JSON-LD comes as publishers really write it: one object or many, arrays, ``@graph``, articles
nested in pages, references by ``@id``, and JSON that no parser takes (raw line breaks, trailing
commas, comments, CDATA, several objects in a row).
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newscrawl.items import AuthorType
from newscrawl.page.characters import make_readable, readable

MAX_JSON_CHARS = 1_000_000
"""JSON-LD longer than this is not read; the longest real one seen has 150,000 characters."""

MAX_JSON_NODES = 5_000
"""JSON objects that are looked at in one page."""

_ARTICLE_TYPE = re.compile(
    r"(?:Article|BlogPosting|LiveBlog\w*|NewsItem|Report|^Review|SocialMediaPosting)$"
)
# Scripts are long and anybody's: none of these may look at a run of characters more than once.
_OPENING = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)?")
_CLOSING = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)$")
_MAX_CLOSING_CHARS = 40
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|(?m:^[ \t]*+//[^\n]*+)")

Json = dict[str, Any]


class Person(NamedTuple):
    """A byline's person or organisation."""

    name: str
    url: str | None = None
    type: AuthorType | None = None


def read_json_ld(texts: Iterable[str]) -> list[Json]:
    """Return every JSON object that has a type, from all scripts, outermost first."""
    found: list[Json] = []
    by_id: dict[str, Json] = {}
    for text in texts:
        for value in parse_json(text):
            for node in _objects(value, MAX_JSON_NODES - len(found)):
                found.append(node)
                identity = node.get("@id")
                if isinstance(identity, str) and len(node) > len(by_id.get(identity, ())):
                    by_id[identity] = node
    return [_resolved(node, by_id) for node in found if "@type" in node]


def parse_json(text: str) -> list[Any]:
    """Parse JSON as found in pages; return the values that could be read, none if none could.

    An escape can name what no text may hold (half of a surrogate pair, NUL): strings come without.
    """
    if not text or len(text) > MAX_JSON_CHARS:
        return []
    values: list[Any] = make_readable(_parsed(text))
    return values


def _parsed(text: str) -> list[Any]:
    try:
        return [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        pass
    text = _unwrapped(text)
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _COMMENT.sub("", text)), unescape(text)):
        try:
            values = list(_values(attempt))
        except RecursionError:
            return []
        if values:
            return values
    return []


def _unwrapped(text: str) -> str:
    """Return a script without the marks by which old browsers and XML are told to look away."""
    if match := _OPENING.match(text):
        text = text[match.end() :]
    text = text.rstrip(" \t\r\n;")
    closing = _CLOSING.search(text, max(0, len(text) - _MAX_CLOSING_CHARS))
    return text[: closing.start()].rstrip() if closing else text


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values of a text that may hold several; stop at what is not JSON."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while True:
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
        if position >= len(text):
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except ValueError:
            return
        yield value


def _objects(value: Any, budget: int) -> Iterator[Json]:
    """Yield the objects in a value, breadth first, so that what is nested deeper comes later."""
    queue = [value]
    for item in queue:
        if isinstance(item, dict):
            budget -= 1
            if budget < 0:
                return
            yield item
            queue.extend(child for child in item.values() if isinstance(child, (dict, list)))
        elif isinstance(item, list):
            queue.extend(child for child in item[:1000] if isinstance(child, (dict, list)))


def _resolved(node: Json, by_id: Mapping[str, Json]) -> Json:
    """Replace values that are only a reference by what they refer to."""

    def target(value: Any) -> Any:
        if isinstance(value, dict) and "@id" in value and len(value) <= 2:
            return by_id.get(str(value["@id"]), value)
        if isinstance(value, list):
            return [target(item) for item in value[:200]]
        return value

    if not by_id:
        return node
    return {key: target(value) for key, value in node.items()}


def types_of(node: Json) -> list[str]:
    """Return the names of a node's types without their vocabulary's address."""
    types = node.get("@type")
    return [
        kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for kind in (types if isinstance(types, list) else [types])
        if isinstance(kind, str)
    ]


def is_article(node: Json) -> bool:
    """Tell whether a node is an article of any of schema.org's kinds."""
    return any(_ARTICLE_TYPE.search(kind) for kind in types_of(node))


def main_article(
    nodes: list[Json], addresses: Collection[str] = (), titles: Collection[str] = ()
) -> Json | None:
    """Return the page's own article: the one that says most, the earlier of equals.

    The page's own is the one whose address or headline the page itself shows; one that says
    another address and a headline that the page does not show is another page's, and none is
    taken before one of those. Teasers of other articles are articles too; they are nested and
    have no date or author.
    A review is the page's own only if it is alone; several are what readers say of a thing.

    Args:
        nodes: the typed objects of a page.
        addresses: the page's own, as far as it is known.
        titles: what the page shows as its title and headings.
    """
    best, best_score = None, 0
    own = set(map(_plain_address, addresses))
    own |= {path for address in own if (path := address[address.find("/") :]) not in ("", "/")}
    shown = [title for title in map(_letters, titles) if title]
    by_readers = sum(types_of(node) == ["Review"] for node in nodes) > 1
    for node in nodes:
        if not is_article(node) or (by_readers and types_of(node) == ["Review"]):
            continue
        score = sum(
            weight
            for key, weight in _TELLING_KEYS.items()
            if node.get(key) not in (None, "", [], {})
        )
        said = _addresses(node)
        headline = _letters(text_of(node.get("headline")) or text_of(node.get("name")))
        if own & said:
            score += _OWN_ADDRESS
        elif said and shown and headline and not any(_is_alike(headline, t) for t in shown):
            continue
        if score and headline in shown:
            score += _SHOWN
        if score > best_score:
            best, best_score = node, score
    return best


def _letters(title: str) -> str:
    """Return a title to compare: its letters and digits alone, in one case."""
    return "".join(filter(str.isalnum, title[:_MAX_TITLE_CHARS].casefold()))


def _is_alike(one: str, other: str) -> bool:
    """Tell whether two titles say the same in part: half of the shorter's letters by threes."""
    mine, others = _by_threes(one), _by_threes(other)
    return 2 * len(mine & others) >= min(len(mine), len(others))


def _by_threes(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(max(1, len(text) - 2))}


_MAX_TITLE_CHARS = 300
_SHOWN = 8
_OWN_ADDRESS = 8


def _addresses(node: Json) -> set[str]:
    """Return the addresses that a node says are its own."""
    found = set()
    for value in (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")):
        text = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
        if isinstance(text, str):
            found.add(_plain_address(text))
    return found


def is_at(node: Json, address: str) -> bool | None:
    """Tell whether a node says that it is of the page at an address; None where it says none."""
    addresses = {found for found in _addresses(node) if "/" in found.rstrip("/")}
    own = _plain_address(address)
    if not addresses:
        return None
    return any(own == found or (found[0] == "/" and own.endswith(found)) for found in addresses)


def _plain_address(url: str) -> str:
    """Return an address without scheme, "www.", query, fragment and last slash."""
    plain = url.strip().split("#")[0].split("?")[0].rstrip("/")
    return plain.partition("://")[2].removeprefix("www.") or plain


_TELLING_KEYS = {
    "headline": 3,
    "datePublished": 3,
    "author": 2,
    "mainEntityOfPage": 2,
    "articleBody": 2,
    "publisher": 1,
    "dateModified": 1,
    "name": 1,
    "image": 1,
}


def text_of(value: Any) -> str:
    """Return a JSON-LD value as text: the first of a list, the name of an object."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id")
    return clean(value) if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """Return a JSON-LD value as a list of texts."""
    return [
        text for item in (value if isinstance(value, list) else [value]) if (text := text_of(item))
    ]


def people_of(value: Any) -> list[Person]:
    """Return the people or organisations of an ``author`` value."""
    people = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            people += people_of(item)
        elif isinstance(item, dict):
            names = item.get("name") or _parts_of_name(item)
            url = text_of(item.get("url")) or None
            kind = author_type(types_of(item))
            people += [
                Person(clean(name), url, kind)
                for name in (names if isinstance(names, list) else [names])
                if isinstance(name, str)
            ]
        elif isinstance(item, str):
            people.append(Person(clean(item)))
    return [person for person in people if person.name]


def author_type(types: Sequence[str]) -> AuthorType | None:
    """Return what schema.org's types say an author is; None where they say nothing, or both.

    >>> author_type(["NewsMediaOrganization"]), author_type(["Thing"])
    ('organization', None)
    """
    is_person = "Person" in types
    is_organization = any(name.endswith("Organization") or name in _ORGANIZATIONS for name in types)
    if is_person is is_organization:
        return None
    return "person" if is_person else "organization"


# The others of schema.org/Organization's kinds that write news end in "Organization".
_ORGANIZATIONS = frozenset(("Corporation", "NGO", "Consortium", "Cooperative", "PoliticalParty"))


def _parts_of_name(item: Json) -> str:
    """Return a person's given and family name, where the whole name is not given."""
    return " ".join(filter(None, map(text_of, map(item.get, ("givenName", "familyName")))))


def clean(text: str) -> str:
    """Collapse white space and decode character references, which JSON-LD and metas often keep."""
    if "&" in text:
        text = unescape(text)
        if "&" in text:
            text = unescape(text)
    if "<" in text and ">" in text:
        text = _MARKUP.sub(" ", text)
    return visible(text)


def visible(text: str) -> str:
    """Collapse white space, and leave out what no reader sees."""
    return " ".join(readable(text).split())


_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


def microdata(tree: LexborHTMLParser) -> dict[str, list[tuple[str, LexborNode]]]:
    """Return the page's article's microdata properties: name to values and their nodes.

    A property counts when the nearest ``itemscope`` around it is an article, or there is none.
    """
    found: dict[str, list[tuple[str, LexborNode]]] = {}
    for node in tree.css("[itemprop]")[:500]:
        attributes = node.attributes
        scope = node.parent
        for _ in range(40):
            if scope is None or not scope.is_element_node:
                break
            scope_attributes = scope.attributes
            if "itemscope" in scope_attributes:
                if not _ARTICLE_TYPE.search(scope_attributes.get("itemtype") or "Article"):
                    scope = None
                break
            scope = scope.parent
        if scope is None:
            continue
        value = (
            attributes.get("content")
            or attributes.get("datetime")
            or (attributes.get("href") if node.tag == "link" else None)
            or (attributes.get("src") if node.tag == "img" else None)
        )
        if value is None and attributes.get("itemprop") != "articleBody":
            value = node.text(separator=" ")[:1000]
        for name in (attributes.get("itemprop") or "").split():
            found.setdefault(name, []).append((clean(value or ""), node))
    return found
