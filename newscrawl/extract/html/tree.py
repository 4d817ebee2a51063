"""The page as a list of text blocks: one parse, one walk.

The parser is lexbor through selectolax. Measured over 627 news pages (about 190 KB and 2,000
nodes each), CPU milliseconds a page: selectolax parses in 1.1 and a bare loop that reads every
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

MAX_NODES = 60_000
"""Elements that the walk looks at, so that it ends."""

MAX_BLOCKS = 5_000
"""Blocks that the walk keeps, so that the work after it is bounded too; the most seen is 1,384."""

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rb",
        "rbc",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
"""Elements that do not break a line, https://html.spec.whatwg.org/multipage/rendering.html."""

SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "svg",
        "rp",
        "rt",
        "rtc",
        "noscript",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "map",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "datalist",
        "head",
        "title",
        "meta",
        "link",
        "noframes",
        "frameset",
        "-comment",
        "-doctype",
    ]
)
"""Elements whose text is not part of what a reader reads; never looked into. The readings of ruby
stand beside the words that they are for."""

FURNITURE = frozenset(("nav", "footer"))
"""Elements that are not walked, unless a footer is an article's own: 11 of 416 tuning sites have
body text in a footer, a fiftieth of a percent of it; a tenth of all blocks are there."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_EMPHASIS = frozenset(("b", "strong", "em", "i", "u"))

_CONTEXT_TAGS = {
    tag: 1 << bit
    for bit, tag in enumerate(
        [
            "article",
            "main",
            "aside",
            "header",
            "footer",
            "nav",
            "form",
            "figure",
            "table",
            "ul",
            "ol",
            "blockquote",
            "section",
            "figcaption",
            "dl",
            "details",
        ]
    )
}

IN_ARTICLE = _CONTEXT_TAGS["article"]
IN_FIGURE = _CONTEXT_TAGS["figure"]
IN_MAIN = _CONTEXT_TAGS["main"]
IN_FIGCAPTION = _CONTEXT_TAGS["figcaption"]
IN_QUOTE = _CONTEXT_TAGS["blockquote"]
CONTEXT_BITS = tuple(_CONTEXT_TAGS.items())
HIDDEN = 1 << 20
NOT_READ = 1 << 21
"""What a class or id says by convention to be no text of the page, see below; the classifier's
weights do not know of it."""

NOT_OF_ARTICLE = 1 << 22
"""The same of text that is read, but is none of the article's."""

_SAID_OUTRIGHT = {
    # For screen readers alone: Bootstrap 5, Bootstrap 3 and 4 and Tailwind, WordPress,
    # HTML5 Boilerplate, Drupal 7. They repeat or announce what is seen otherwise.
    "visually-hidden": NOT_READ,
    "visually-hidden-focusable": NOT_READ,
    "sr-only": NOT_READ,
    "screen-reader-text": NOT_READ,
    "visuallyhidden": NOT_READ,
    "element-invisible": NOT_READ,
    # What the tools that ask for consent put into a page: OneTrust, Cookiebot, Didomi,
    # Quantcast, CookieYes.
    "onetrust-consent-sdk": NOT_READ,
    "CybotCookiebotDialog": NOT_READ,
    "didomi-host": NOT_READ,
    "qc-cmp2-container": NOT_READ,
    "cookie-law-info-bar": NOT_READ,
    # What systems put among the paragraphs: Jetpack's buttons, links and form of subscription,
    # Ghost's form of subscription.
    "sharedaddy": NOT_OF_ARTICLE,
    "jp-relatedposts": NOT_OF_ARTICLE,
    "wp-block-jetpack-subscriptions": NOT_OF_ARTICLE,
    "kg-signup-card": NOT_OF_ARTICLE,
    # The captions of WordPress's classic editor, a paragraph without a class in a box that has one.
    "wp-caption": IN_FIGCAPTION,
    # Posts from elsewhere, by the class that X's, Instagram's and TikTok's own code looks for.
    "twitter-tweet": NOT_OF_ARTICLE,
    "instagram-media": NOT_OF_ARTICLE,
    "tiktok-embed": NOT_OF_ARTICLE,
}

_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_ONLY_LETTERS = bytes(code if ord("a") <= code <= ord("z") else ord(" ") for code in range(256))
Attributes = dict[str, str | None]
_NO_ATTRIBUTES: Attributes = {}


@lru_cache(maxsize=8192)
def naming_words(name: str) -> frozenset[str]:
    """Return the lower-case words of a class or id: entry, content, js of ``entryContent js``."""
    return frozenset([word for word in words_in(name) if len(word) > 1])


def words_in(name: str) -> list[str]:
    """Return the words as :func:`naming_words` does, maybe repeated and with single letters."""
    name = name[:_MAX_NAME_CHARS]
    if name.isascii() and name.islower():  # the same, in half the time
        return name.encode().translate(_ONLY_LETTERS).decode().split()
    return [word.lower() for word in _WORD.findall(name)]


_MAX_NAME_CHARS = 300
_NO_WORDS: frozenset[str] = frozenset()


def name_of(attributes: Attributes) -> str:
    """Return an element's class, id, role and itemprop in one text; empty if it has none."""
    name = attributes.get("class") or ""
    for key in ("id", "role", "itemprop"):
        if key in attributes:
            name = f"{name} {attributes[key] or ''}"
    return name


class Markup:
    """What tags and attributes say of an element: the same for all that are marked up the same way.

    ``name`` is class, id, role and itemprop; ``context`` has bits of the kinds of elements around;
    ``depth`` counts them. ``parent`` is the markup of the element above. The classifier notes in
    ``note`` what it makes of it, and in ``is_wide`` that it holds more than half of the page's
    text: then its name says something of the page ("modal-open"), and nothing of the text.
    """

    __slots__ = ("context", "depth", "is_wide", "name", "note", "parent", "tag")

    def __init__(self, parent: "Markup | None", tag: str, name: str, hidden: bool):
        self.parent = parent
        self.tag = tag
        self.name = name
        self.is_wide = False
        self.note: tuple[int, int, int] | None = None
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.context: int = 0 if parent is None else parent.context
        if tag in _CONTEXT_TAGS:
            self.context |= _CONTEXT_TAGS[tag]
        if hidden:
            self.context |= HIDDEN
        if name:
            for said in _SAID_OUTRIGHT.keys() & name.split():
                self.context |= _SAID_OUTRIGHT[said]

    @property
    def is_caption(self) -> bool:
        """Whether text in it is called a caption, by its tag or its own name."""
        return bool(self.context & IN_FIGCAPTION) or "caption" in self.name.lower()


Markups = dict[tuple[Markup | None, str, str, bool], Markup]


class Element:
    """A block-level element: its parent, its tag, its node, and which blocks it holds.

    The walk reads the markup of those that hold text or pictures only. ``start`` and ``end``
    bound its blocks, as in a slice.
    """

    __slots__ = ("end", "node", "parent", "read", "start", "tag")

    def __init__(self, parent: "Element | None", tag: str, node: LexborNode, start: int):
        self.parent = parent
        self.tag = tag
        self.node = node
        self.start = start
        self.end = start
        self.read: Markup | None = None

    @property
    def markup(self) -> Markup:
        """What its tag and attributes and those above say."""
        return self.read or self.look_at({})

    def look_at(self, known: Markups) -> Markup:
        """Read the element's markup and that of its ancestors; equal ones are taken from ``known``."""
        chain: list[Element] = []
        current: Element | None = self
        while current is not None and current.read is None:
            chain.append(current)
            current = current.parent
        markup = current.read if current is not None else None
        for element in reversed(chain):
            attributes = element.node.attributes
            if not attributes:
                key = (markup, element.tag, "", False)
            elif len(attributes) == 1 and "class" in attributes:  # half of all, so it is worth it
                key = (markup, element.tag, attributes["class"] or "", False)
            else:
                key = (markup, element.tag, name_of(attributes), _is_hidden(attributes))
            markup = known.get(key)
            if markup is None:
                markup = known[key] = Markup(*key)
            element.read = markup
        assert markup is not None  # noqa: S101  # the chain has at least the element itself
        return markup

    @property
    def context(self) -> int:
        """The bits of the kinds of elements around."""
        return self.markup.context

    @property
    def name(self) -> str:
        """Class, id, role and itemprop."""
        return self.markup.name

    @property
    def words(self) -> frozenset[str]:
        """The words of the name; none of an element that holds more than half of the page."""
        markup = self.markup
        return _NO_WORDS if markup.is_wide else naming_words(markup.name)

    @property
    def words_above(self) -> frozenset[str]:
        """The words of the name and of all ancestors' names."""
        words = self.words
        return words if self.parent is None else words | self.parent.words_above


class Block:
    """A run of text on lines of its own.

    ``text`` has its white space collapsed. ``link_chars`` counts characters before collapsing.
    ``inline_name`` is the class and id of inline elements that begin the block. ``words`` and
    ``density`` (share of the text in links) are filled in by the classifier.
    """

    __slots__ = (
        "density",
        "element",
        "inline_name",
        "link_chars",
        "tag",
        "text",
        "words",
    )

    def __init__(self, text: str, element: Element, link_chars: int, inline_name: str):
        self.text = text
        self.element = element
        self.tag = element.tag
        self.link_chars = link_chars
        self.inline_name = inline_name
        self.words = 0
        self.density = 0.0

    @property
    def own_words(self) -> frozenset[str]:
        """The words of the name of the block's element and of inline elements in it."""
        words = self.element.words
        return words | naming_words(self.inline_name) if self.inline_name else words


class Image(NamedTuple):
    """An ``<img>``: its node and attributes, the element around it, and how many blocks came before.

    ``link`` is the link that it is part of, if any.
    """

    node: LexborNode
    attributes: Attributes
    element: Element
    position: int
    link: LexborNode | None


class Walk(NamedTuple):
    """What one walk over ``<body>`` found, in document order."""

    blocks: list[Block]
    images: list[Image]
    pruned: list[LexborNode]


def _is_hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and "display:none" in style.replace(" ", "").lower()


def _is_set_as_block(attributes: Attributes) -> bool:
    """Tell whether a style sets an inline element on lines of its own; what floats stays inline."""
    style = (attributes["style"] or "").replace(" ", "").lower()
    return "display:block" in style and "float:" not in style and not _is_hidden(attributes)


_SENTENCE_END = re.compile(r"[.!?…][”\"’'»)]*$")
_CAPITAL = re.compile(r"[“\"‘'«„(¿¡]?([^\W\d_])")
_MIN_SENTENCE_CHARS = 60


def _ends_line(node: LexborNode, parts: list[str]) -> bool:
    """Tell whether a ``<span>`` that ends is a line of its own by what follows it.

    A sheet sets it so where a sentence ends in it and the next begins in another like it, without
    a space between them: a reader would see two words as one otherwise. Only a capital tells that
    a sentence begins, in scripts that have them; others may set no space between sentences.
    """
    other = node.next
    if other is None or other.tag_id != node.tag_id or other.tag != "span":
        return False
    if len(parts[-1]) < _MIN_SENTENCE_CHARS or not _SENTENCE_END.search(parts[-1][-4:]):
        return False
    text = other.text()
    first = _CAPITAL.match(text)
    return (
        len(text) >= _MIN_SENTENCE_CHARS
        and first is not None
        and first[1].isupper()
        and other.attributes.get("class") == node.attributes.get("class")
    )


def parse(text: bytes | str) -> LexborHTMLParser:
    """Parse HTML; see :func:`newscrawl.extract.html.guard.bounded` for what must come first."""
    return LexborHTMLParser(text, options=1)


def walk(root: LexborNode | None, skip: frozenset[int] = frozenset()) -> Walk:
    """Walk the subtree under ``root`` once and return its blocks and images.

    ``skip`` holds the ``mem_id`` of nodes to leave out with all that is in them.
    """
    blocks: list[Block] = []
    images: list[Image] = []
    pruned: list[LexborNode] = []
    if root is None:
        return Walk(blocks, images, pruned)
    known_tags = _KNOWN_TAGS
    markups: Markups = {}
    current = Element(None, root.tag or "body", root, 0)
    parts: list[str] = []
    inline_name = ""
    link_chars = in_link = breaks = 0
    # What to do when a node's children are done: the node, and what kind it was.
    stack: list[tuple[LexborNode, int]] = []
    node: LexborNode | None = root.first_child
    budget = MAX_NODES
    while True:
        if node is None:
            if not stack:
                break
            node, kind = stack.pop()
            if kind == _BLOCK:
                if parts:
                    _flush(blocks, parts, current, link_chars, inline_name, markups)
                    inline_name = ""
                    link_chars = breaks = 0
                if current.tag == "tr":
                    _join_cells(blocks, current)
                current.end = len(blocks)
                current = current.parent  # type: ignore[assignment]  # the root is not on the stack
            elif kind == _LINK:
                in_link -= 1
            elif kind == _INLINE and parts and _ends_line(node, parts):
                _flush(blocks, parts, current, link_chars, inline_name, markups)
                inline_name = ""
                link_chars = breaks = 0
            node = node.next
            continue
        kind, tag = known_tags.get(node.tag_id) or _learn_tag(node)
        if kind == _TEXT:
            # More than half of all are white space, which lexbor tells without a copy.
            if node.is_empty_text_node or (text := node.text_content or "").isspace():
                if parts:
                    parts.append(" ")
            else:
                breaks = 0
                parts.append(text)
                if in_link:
                    link_chars += len(text)
            node = node.next
            continue
        if kind == _SKIPPED or (skip and node.mem_id in skip):
            node = node.next
            continue
        budget -= 1
        if budget <= 0 or len(blocks) >= MAX_BLOCKS:
            break
        if kind == _FURNITURE:
            if tag != "footer" or not current.look_at(markups).context & IN_ARTICLE:
                pruned.append(node)
                node = node.next
                continue
            kind = _BLOCK
        if kind == _BLOCK:  # unknown and custom elements included
            if parts:
                _flush(blocks, parts, current, link_chars, inline_name, markups)
                inline_name = ""
                link_chars = 0
            breaks = 0
            child = node.first_child
            if child is None:
                node = node.next
                continue
            current = Element(current, tag, node, len(blocks))
            stack.append((node, _BLOCK))
            node = child
            continue
        if kind < _BLOCK:  # inline
            child = node.first_child
            if child is None:
                node = node.next
                continue
            if not parts and kind != _BOLD:
                attributes = node.attributes
                if attributes:
                    if (
                        kind == _INLINE
                        and "style" in attributes
                        and current.tag not in _HEADINGS
                        and _is_set_as_block(attributes)
                    ):
                        current = Element(current, current.tag, node, len(blocks))
                        stack.append((node, _BLOCK))
                        node = child
                        continue
                    if kind == _INLINE and _is_hidden(attributes):
                        node = node.next
                        continue
                    if name := name_of(attributes):
                        inline_name = f"{inline_name} {name}" if inline_name else name
            if kind == _LINK:
                in_link += 1
            stack.append((node, kind))
            node = child
            continue
        if kind == _BREAK:
            breaks += 1
            if parts:
                if breaks >= 2:
                    _flush(blocks, parts, current, link_chars, inline_name, markups)
                    inline_name = ""
                    link_chars = 0
                else:
                    parts.append("\n")
            node = node.next
            continue
        # The only kind that is left.
        link = next((open_ for open_, kind in reversed(stack) if kind == _LINK), None)
        images.append(Image(node, node.attributes, current, len(blocks), link))
        node = node.next
    if parts:
        _flush(blocks, parts, current, link_chars, inline_name, markups)
    # The body may have been left early; elements still open end here.
    element: Element | None = current
    while element is not None:
        element.end = len(blocks)
        element = element.parent
    return Walk(blocks, images, pruned)


_INLINE, _LINK, _BOLD, _BLOCK, _TEXT, _SKIPPED, _BREAK, _IMAGE, _FURNITURE = range(9)
_KINDS: dict[str | None, int] = {
    **dict.fromkeys(INLINE, _INLINE),
    **dict.fromkeys(_EMPHASIS, _BOLD),
    **dict.fromkeys(SKIPPED, _SKIPPED),
    **dict.fromkeys(FURNITURE, _FURNITURE),
    None: _SKIPPED,
    "a": _LINK,
    "-text": _TEXT,
    "br": _BREAK,
    "img": _IMAGE,
    "amp-img": _IMAGE,
}
_KNOWN_TAGS: dict[int, tuple[int, str]] = {}
"""Kind and name by lexbor's number of a tag, which is read twice as fast as its name."""

_MAX_TAG_ID = 1024
"""Numbers of HTML's own tags are below 256; an unknown tag has an address as its number."""


def _learn_tag(node: LexborNode) -> tuple[int, str]:
    """Return a node's kind and tag, and remember them if its number always means this tag."""
    tag = node.tag
    known = _KINDS.get(tag, _BLOCK), tag or ""
    if node.tag_id < _MAX_TAG_ID:
        _KNOWN_TAGS[node.tag_id] = known
    return known


_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""What only says where a word may or may not be broken."""

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
    blocks[row.start :] = [
        Block(
            " ".join(cell.text for cell in cells),
            row,
            sum(cell.link_chars for cell in cells),
            " ".join([cell.inline_name for cell in cells if cell.inline_name]),
        )
    ]


def _flush(
    blocks: list[Block],
    parts: list[str],
    element: Element,
    link_chars: int,
    inline_name: str,
    markups: Markups,
) -> None:
    raw = "".join(parts)
    parts.clear()
    if not raw.isascii() and _INVISIBLE.search(raw):
        raw = _INVISIBLE.sub("", raw)
    text = " ".join(raw.split())
    if text:
        if element.read is None:
            element.look_at(markups)
        if blocks and len(blocks[-1].text) <= _MAX_INITIAL_CHARS and _goes_on(blocks[-1], text):
            initial = blocks.pop()
            text = f"{initial.text}{' ' if raw[0] == ' ' else ''}{text}"
            above: Element | None = element
            while above is not None and above.start > len(blocks):
                above.start = len(blocks)
                above = above.parent
        blocks.append(Block(text, element, link_chars, inline_name))


_MAX_INITIAL_CHARS = 2
_MIN_PROSE_CHARS = 60


def _goes_on(initial: Block, text: str) -> bool:
    """Tell whether a block is a text's first letter, set large in a box of its own (a drop cap).

    It is one capital, maybe behind a quotation mark, and the text goes on in small letters.
    """
    return (
        len(text) >= _MIN_PROSE_CHARS
        and initial.text[-1].isupper()
        and not initial.text[:-1].isalnum()
        and (text[0].islower() or "drop" in initial.element.name.lower())
    )
