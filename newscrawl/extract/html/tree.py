"""The page as a list of text blocks: one parse, one walk.

The parser is lexbor through selectolax. Measured over 627 news pages (about 190 KB and 2,000
nodes each), CPU milliseconds a page: selectolax parses in 1.1 and a full walk that reads every
tag, attribute and text takes 0.9 more; resiliparse parses the same pages in 1.4 and the same walk
takes 11 more, because each step of its Python tree costs about ten times as much.

A *block* is a run of text that a browser would set on lines of its own: the text between two
block-level tags. Inline elements are folded into the block that holds them. An *element* here is
a block-level element; blocks know theirs, and elements know their parent, which is all that the
body classifier looks at.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 100_000
"""Nodes that the walk looks at; the longest real article page seen has about 30,000."""

MAX_BLOCKS = 8_000
"""Blocks that the walk keeps, so that the work after it is bounded too."""

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
"""Elements that do not break a line, https://html.spec.whatwg.org/multipage/rendering.html."""

SKIPPED = frozenset(
    "script style template svg noscript iframe object embed video audio canvas map "
    "select option button input textarea datalist head title meta link noframes frameset "
    "-comment -doctype".split()
)
"""Elements whose text is not part of what a reader reads; never looked into."""

_EMPHASIS = frozenset(("b", "strong", "em", "i", "u"))

_CONTEXT_TAGS = {
    tag: 1 << bit
    for bit, tag in enumerate(
        "article main aside header footer nav form figure table ul ol blockquote section "
        "figcaption dl details".split()
    )
}

IN_ARTICLE = _CONTEXT_TAGS["article"]
IN_ASIDE = _CONTEXT_TAGS["aside"]
IN_FIGURE = _CONTEXT_TAGS["figure"]
IN_FIGCAPTION = _CONTEXT_TAGS["figcaption"]
IN_LIST = _CONTEXT_TAGS["ul"] | _CONTEXT_TAGS["ol"]
IN_QUOTE = _CONTEXT_TAGS["blockquote"]
IN_TABLE = _CONTEXT_TAGS["table"]
CONTEXT_BITS = tuple(_CONTEXT_TAGS.items())
HIDDEN = 1 << 20

_NAMING_ATTRIBUTES = ("class", "id", "role", "itemprop", "data-testid", "data-component", "data-qa")
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_NO_WORDS: frozenset[str] = frozenset()


class Element:
    """A block-level element: its parent, its tag, the words of its class and id."""

    __slots__ = (
        "context",
        "depth",
        "end",
        "parent",
        "start",
        "tag",
        "token_score",
        "words",
        "words_above",
    )

    def __init__(self, parent: "Element | None", tag: str, words: frozenset[str], hidden: bool):
        self.parent = parent
        self.tag = tag
        self.words = words
        context = _CONTEXT_TAGS.get(tag, 0) | (HIDDEN if hidden else 0)
        if parent is None:
            self.depth = 0
            self.context = context
            self.words_above = words
        else:
            self.depth = parent.depth + 1
            self.context = parent.context | context
            self.words_above = parent.words_above | words if words else parent.words_above
        self.start = 0
        self.end = 0
        self.token_score: float | None = None


class Block:
    """A run of text on lines of its own.

    ``text`` has its white space collapsed. ``link_chars`` and ``bold_chars`` count characters
    before collapsing. ``inline_words`` are the words in the class and id of inline elements.
    """

    __slots__ = (
        "bold_chars",
        "density",
        "element",
        "inline_words",
        "link_chars",
        "links",
        "tag",
        "text",
        "words",
    )

    def __init__(
        self,
        text: str,
        element: Element,
        links: int,
        link_chars: int,
        bold_chars: int,
        inline_words: frozenset[str],
    ):
        self.text = text
        self.element = element
        self.tag = element.tag
        self.links = links
        self.link_chars = link_chars
        self.bold_chars = bold_chars
        self.inline_words = inline_words
        self.words = 0
        self.density = 0.0


class Image(NamedTuple):
    """An ``<img>``: its attributes, the element around it, and how many blocks came before."""

    attributes: dict[str, str | None]
    element: Element
    position: int


class Walk(NamedTuple):
    """What one walk over ``<body>`` found, in document order."""

    blocks: list[Block]
    images: list[Image]


@lru_cache(maxsize=4096)
def naming_words(name: str) -> frozenset[str]:
    """Return the lower-case words of a class or id: ``entryContent js-x1`` is entry, content, js."""
    return frozenset(word.lower() for word in _WORD.findall(name[:300]))


def _words_of(attributes: dict[str, str | None]) -> frozenset[str]:
    if not attributes:
        return _NO_WORDS
    name = " ".join(
        value for key in _NAMING_ATTRIBUTES if (value := attributes.get(key))
    )
    return naming_words(name) if name else _NO_WORDS


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style) and "display:none" in style.replace(" ", "").lower()


def parse(text: bytes | str) -> LexborHTMLParser:
    """Parse HTML; see :func:`newscrawl.extract.html.guard.bounded` for what must come first."""
    return LexborHTMLParser(text, options=1)


def walk(root: LexborNode | None, skip: frozenset[int] = frozenset()) -> Walk:
    """Walk the subtree under ``root`` once and return its blocks and images.

    ``skip`` holds the ``mem_id`` of nodes to leave out with all that is in them.
    """
    blocks: list[Block] = []
    images: list[Image] = []
    if root is None:
        return Walk(blocks, images)
    current = Element(None, root.tag or "body", _words_of(root.attributes), False)
    parts: list[str] = []
    inline_words: frozenset[str] = _NO_WORDS
    links = link_chars = bold_chars = 0
    in_link = in_bold = 0
    breaks = 0
    # What to do when a node's children are done: the node, and what kind it was.
    stack: list[tuple[LexborNode, int]] = []
    node: LexborNode | None = root.first_child
    budget = MAX_NODES
    while True:
        if node is None:
            if not stack:
                break
            done, kind = stack.pop()
            if kind == _BLOCK:
                if parts:
                    _flush(blocks, parts, current, links, link_chars, bold_chars, inline_words)
                    inline_words = _NO_WORDS
                    links = link_chars = bold_chars = 0
                breaks = 0
                if current.tag == "tr":
                    _join_cells(blocks, current)
                current.end = len(blocks)
                if current.parent is not None:
                    current = current.parent
            elif kind == _LINK:
                in_link -= 1
            elif kind == _BOLD:
                in_bold -= 1
            node = done.next
            continue
        tag = node.tag
        if tag == "-text":
            text = node.text_content
            if text:
                if text.isspace():
                    if parts:
                        parts.append(" ")
                else:
                    breaks = 0
                    parts.append(text)
                    if in_link:
                        link_chars += len(text)
                    if in_bold:
                        bold_chars += len(text)
            node = node.next
            continue
        budget -= 1
        if budget <= 0 or len(blocks) >= MAX_BLOCKS:
            break
        if tag in SKIPPED or tag is None or (skip and node.mem_id in skip):
            node = node.next
            continue
        if tag in INLINE:
            if tag == "a":
                in_link += 1
                links += 1
                kind = _LINK
            elif tag in _EMPHASIS:
                in_bold += 1
                kind = _BOLD
            else:
                kind = _INLINE
            if kind != _BOLD:
                attributes = node.attributes
                if attributes:
                    if tag != "a" and _is_hidden(attributes):
                        node = node.next
                        if kind == _LINK:
                            in_link -= 1
                        continue
                    words = _words_of(attributes)
                    if words:
                        inline_words |= words
            stack.append((node, kind))
            node = node.first_child
            continue
        if tag == "br":
            breaks += 1
            if breaks >= 2 and parts:
                _flush(blocks, parts, current, links, link_chars, bold_chars, inline_words)
                inline_words = _NO_WORDS
                links = link_chars = bold_chars = 0
            elif parts:
                parts.append("\n")
            node = node.next
            continue
        if tag == "img" or tag == "amp-img":
            images.append(Image(node.attributes, current, len(blocks)))
            node = node.next
            continue
        # Block level from here on, unknown and custom elements included.
        if parts:
            _flush(blocks, parts, current, links, link_chars, bold_chars, inline_words)
            inline_words = _NO_WORDS
            links = link_chars = bold_chars = 0
        if in_link:
            links += 1
        breaks = 0
        if tag == "hr" or tag == "col" or tag == "source":
            node = node.next
            continue
        attributes = node.attributes
        current = Element(current, tag, _words_of(attributes), bool(attributes) and _is_hidden(attributes))
        current.start = len(blocks)
        stack.append((node, _BLOCK))
        node = node.first_child
    if parts:
        _flush(blocks, parts, current, links, link_chars, bold_chars, inline_words)
    # The body may have been left early; elements still open end here.
    element: Element | None = current
    while element is not None:
        element.end = len(blocks)
        element = element.parent
    return Walk(blocks, images)


_BLOCK, _LINK, _BOLD, _INLINE = range(4)

_MAX_CELL_CHARS = 200
_CELLS = frozenset(("td", "th"))


def _join_cells(blocks: list[Block], row: Element) -> None:
    """Make one block of a table row; rows that lay out a page have longer cells and stay apart."""
    cells = blocks[row.start :]
    if len(cells) < 2 or any(
        len(cell.text) > _MAX_CELL_CHARS
        or not (cell.tag in _CELLS or (cell.element.parent and cell.element.parent.tag in _CELLS))
        for cell in cells
    ):
        return
    words = _NO_WORDS
    for cell in cells:
        words |= cell.inline_words
    blocks[row.start :] = [
        Block(
            " ".join(cell.text for cell in cells),
            row,
            sum(cell.links for cell in cells),
            sum(cell.link_chars for cell in cells),
            sum(cell.bold_chars for cell in cells),
            words,
        )
    ]


def _flush(
    blocks: list[Block],
    parts: list[str],
    element: Element,
    links: int,
    link_chars: int,
    bold_chars: int,
    inline_words: frozenset[str],
) -> None:
    text = " ".join("".join(parts).split())
    parts.clear()
    if text:
        blocks.append(Block(text, element, links, link_chars, bold_chars, inline_words))
