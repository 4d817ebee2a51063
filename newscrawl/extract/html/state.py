"""The article that a page has only in a script: the state that React, Vue and their like render.

The state of a page holds other articles too, often whole. So only that text is taken which stands
in the object that bears the page's own headline or address, and in none that bears another's.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.structured import MAX_JSON_CHARS, MAX_JSON_NODES, Json

_START = re.compile(r"[{\[]")
_HANDED_OVER = re.compile(r"[=(]\s*(?=[{\[])")
"""Before what is assigned, or handed to a function."""
_MAX_STARTS = 20
# One that does not end is taken whole, so that nothing in it is looked at again.
_JSON_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_PARAGRAPH = re.compile(r"(?:<|\\u003c)p\b", re.IGNORECASE)
_MIN_CHARS = 200
_MIN_TITLE_CHARS = 8
_MIN_NAME_CHARS, _MAX_TITLE_CHARS = 5, 300
_MIN_WHOLE_CHARS = 15
_MIN_BLOCK_CHARS = 40
_TITLES = frozenset(("title", "headline", "name"))
_MAX_DEPTH = 40


def bodies(document: HtmlDocument, headline: str | None) -> Iterator[str]:
    """Yield the texts, as HTML, that a page's scripts hold of its own article.

    Args:
        document: the page.
        headline: the article's.
    """
    own = _Own(headline or "", document.address)
    for script in document.tree.css("script"):
        if "ld+json" in (script.attributes.get("type") or "").lower():
            continue
        text = script.text() or ""
        if not _MIN_CHARS <= len(text) <= MAX_JSON_CHARS:
            continue
        value = _json_in(text)
        found = _of_objects(value, own) if value is not None else _of_strings(text, own)
        yield from found


class _Own:
    """What tells the page's own article: its headline, and the path of its address."""

    def __init__(self, headline: str, address: str | None):
        self.headline = _letters(headline) if len(headline) >= _MIN_TITLE_CHARS else ""
        self.path = urlsplit(address or "").path.rstrip("/")

    def is_named_by(self, node: Json) -> bool:
        """Whether an object bears the headline or the address."""
        return any(isinstance(value, str) and self.is_said_by(value) for value in node.values())

    def is_said_by(self, text: str) -> bool:
        """Whether a text is the headline or names the address."""
        if not _MIN_NAME_CHARS <= len(text) <= _MAX_TITLE_CHARS:
            return False
        if self.headline and _is_one_title(_letters(text), self.headline):
            return True
        path = text.partition("?")[0].rstrip("/")
        # The whole address, its path, or its last part: a slug or a number.
        return (
            len(self.path) > 1
            and " " not in path
            and (path.endswith(self.path) or self.path.endswith(f"/{path}"))
        )

    def is_another(self, node: Json) -> bool:
        """Whether an object bears another title, and not this one's."""
        return not self.is_named_by(node) and any(
            isinstance(value, str)
            and len(value) >= _MIN_TITLE_CHARS
            and (" " in value or not value.isascii())
            for key, value in node.items()
            if key.lower() in _TITLES
        )


def _is_one_title(one: str, other: str) -> bool:
    """Whether two titles are the same, or one the other with a section or a name behind it."""
    return one == other or (
        min(len(one), len(other)) >= _MIN_WHOLE_CHARS
        and (one.startswith(other) or other.startswith(one))
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _json_in(text: str) -> Any:
    """Return the JSON value that a script is or assigns; None where it is none."""
    decoder = json.JSONDecoder(strict=False)
    text = text.strip()
    starts = [0] if _START.match(text) else []
    starts += [match.end() for match in _HANDED_OVER.finditer(text)][:_MAX_STARTS]
    for start in starts:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if end - start >= _MIN_CHARS:
            return value
    return None


def _of_objects(value: Any, own: _Own) -> Iterator[str]:
    """Yield the texts of the innermost objects that bear the headline or address, those first."""
    named = [node for node, _ in _objects(value, None) if own.is_named_by(node)]
    for node in reversed(named):
        found = [text for inner, _ in _objects(node, own) for text in _texts(inner, own)]
        yield from sorted(found, key=len, reverse=True)[:1]


def _objects(value: Any, own: _Own | None) -> Iterator[tuple[Json, int]]:
    """Yield the objects in a value with their depth, the nearer first; none of other articles."""
    queue = [(value, 0)]
    budget = MAX_JSON_NODES
    for item, depth in queue:
        budget -= 1
        if budget < 0 or depth > _MAX_DEPTH:
            return
        if isinstance(item, dict):
            if own is not None and own.is_another(item):
                continue
            yield item, depth
            children = list(item.values())
        else:
            children = item
        queue += [(child, depth + 1) for child in children if isinstance(child, (dict, list))]


def _texts(node: Json, own: _Own) -> Iterator[str]:
    """Yield an object's texts: a string of HTML, or a list of blocks."""
    for value in node.values():
        if isinstance(value, str):
            if len(value) >= _MIN_CHARS and _PARAGRAPH.search(value):
                yield value
        elif isinstance(value, list):
            blocks = [text for item in value[:MAX_JSON_NODES] if (text := _block(item, own))]
            if sum(map(len, blocks)) >= _MIN_CHARS:
                yield "".join(
                    text if _PARAGRAPH.match(text) else f"<p>{escape(text, quote=False)}</p>"
                    for text in blocks
                )


def _block(item: Any, own: _Own) -> str:
    """Return the text of one block of a list: a string, or the longest string of an object."""
    if isinstance(item, dict) and own.is_another(item):
        return ""
    if isinstance(item, str):
        return item if len(item) >= _MIN_BLOCK_CHARS else ""
    texts = [
        text
        for inner, depth in (_objects(item, None) if isinstance(item, dict) else ())
        if depth < 3
        for text in inner.values()
        if isinstance(text, str) and " " in text
    ]
    return max(texts, key=len, default="")


def _of_strings(text: str, own: _Own) -> Iterator[str]:
    """Yield the HTML strings that follow the headline or address in a script that is no JSON."""
    is_near = False
    for match in _JSON_STRING.finditer(text):
        raw = match.group(1)
        if len(raw) <= _MAX_TITLE_CHARS:
            is_near = is_near or own.is_said_by(_unescaped(raw))
        elif is_near and _PARAGRAPH.search(raw):
            yield _unescaped(raw)
            return


def _unescaped(raw: str) -> str:
    """Return what a string in a script stands for; empty for one that can't be read."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return ""
