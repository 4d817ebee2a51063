"""What the parser must not be given, because it would take minutes or the whole memory.

lexbor's tree building is quadratic in the depth of open elements (100,000 nested ``<div>`` take 20
seconds), in the number of attributes of one element (30,000 take 2) and in what formatting
elements that are never closed are made again in every paragraph. Browsers cap depth and attributes,
too (Chromium nests no deeper than 512), so cutting there loses nothing that a reader ever sees.

How deep a page really nests is told by the parser's own rules, not by counting tags: an end tag
closes nothing where no such element is in scope, a paragraph closes where a block begins, and a
comment, a script or a quoted value holds no tags. `_Nesting` follows the standard's tree builder
(https://html.spec.whatwg.org/multipage/parsing.html#tree-construction) as far as depth and numbers
go, in one pass; most pages are too small for harm and never see it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from typing import NamedTuple

import numpy as np

MAX_BYTES = 3_000_000
"""Bytes of a page that are read; the rest is dropped. The largest of 1,406 article pages measured
has 1.8 MB."""

MAX_DEPTH = 512
"""As Chromium; the deepest of 678 news pages has 42."""

MAX_TAGS = 150_000
"""Start and end tags of a page; the most of 678 news pages are 20,000."""

MAX_NODES = 400_000
"""Elements that the parser makes, those included that it makes again for what was not closed."""

MAX_TAG_ATTRIBUTES = 500

_MANY_TAGS = 8_000
"""Fewer cannot nest deep enough to take more than a tenth of a second."""

_MANY_VALUES = 15_000
_LONG_TAG = 2_048
"""Bytes without ``>`` in which more attributes may be than do no harm."""

_MANY_MADE_AGAIN = 300_000
"""Tags times formatting elements with attributes; the others are kept three times at most."""

# What is a tag and what hides one. An attribute's value is quoted only behind its name and "=";
# what no quote ends goes on to the end of the page.
_TOKEN = re.compile(rb"<(?:(/?)([a-zA-Z][^ \t\n\f\r/>]*+)|!--|[!?/])")
_VALUE = rb"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'])[^ \t\n\f\r>]*+)"""
_NAME_AND_VALUE = (
    rb"[ \t\n\f\r/]*+([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"
    rb"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(" + _VALUE + rb"))?+"
)
_ATTRIBUTE = re.compile(_NAME_AND_VALUE)
_ATTRIBUTES = re.compile(rb"(?:" + _NAME_AND_VALUE + rb")*+[ \t\n\f\r/]*+>?")
_COMMENT_END = re.compile(rb"--!?>")
_FORMATTING_WITH_ATTRIBUTES = re.compile(
    rb"<(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)[ \t\n\f\r/][^>]*+", re.IGNORECASE
)


def _names(names: str) -> frozenset[bytes]:
    return frozenset(names.encode().split())


_VOID = _names(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source"
    " track wbr html head body frameset"
)
_PHRASING_VOID = _names("area br embed image img input keygen wbr")
_RUBY = _names("rb rp rt rtc")
_RAW = {
    name: re.compile(rb"</" + name + rb"[ \t\n\f\r/>]", re.IGNORECASE)
    for name in _names("style textarea title iframe noembed noframes xmp")
}
_IN_SCRIPT = re.compile(rb"<!--|-->|<(/?)script[ \t\n\f\r/>]", re.IGNORECASE)
_CLOSES_PARAGRAPH = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p plaintext"
    " pre search section summary ul xmp"
)
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_MARKERS = _names("applet caption marquee object td template th")
_ROW_PARTS = {
    b"td": (b"tr",), b"th": (b"tr",), b"tr": (b"tbody", b"tfoot", b"thead"),
    b"tbody": (), b"tfoot": (), b"thead": (), b"caption": (), b"colgroup": (),
}  # fmt: skip
_HOLDS_TABLE = (b"caption", b"td", b"template", b"th")
_TABLE_ENDS = frozenset(_ROW_PARTS) | {b"table"}
_SCOPES = _names("applet caption table td th marquee object template select")
_FOREIGN_SCOPES = _names("foreignobject desc title mi mo mn ms mtext annotation-xml")
_SPECIAL = (
    _CLOSES_PARAGRAPH
    | _SCOPES
    | _names("button colgroup iframe noembed noframes noscript script style tbody textarea tfoot"
             " thead title tr")
)  # fmt: skip
_ENDS_BLOCK = (_CLOSES_PARAGRAPH - {b"p", b"dd", b"dt", b"li", b"form"} - _HEADINGS) | {b"button"}
# Where HTML stands in SVG and MathML (https://html.spec.whatwg.org/#html-integration-point).
_INTEGRATION_POINTS = {
    b"svg": _names("foreignobject desc title"), b"math": _names("mi mo mn ms mtext"),
}  # fmt: skip
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_BREAKS_OUT = _names(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li"
    " listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
_MOST_ADOPTED = 8
"""So many blocks of a formatting element get one of their own when it ends."""
_ITEM_STOPS = _SPECIAL - _names("address div p")


class Bounded(NamedTuple):
    """A page that is safe to parse.

    Attributes:
        body: the bytes, in UTF-8.
        cut: bytes that are not in it because the page is too deep or too much; 0 for nearly all.
    """

    body: bytes
    cut: int


def bounded(body: bytes) -> Bounded:
    """Shorten a UTF-8 page where its depth, its attributes or its number of elements do harm.

    NUL characters, which the parser keeps and no text has, are dropped.
    """
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    signs = np.frombuffer(body, np.uint8)
    tags = int(np.count_nonzero(signs == ord("<")))  # thrice as fast as bytes.count()
    if (
        tags <= _MANY_TAGS
        and np.count_nonzero(signs == ord("=")) <= _MANY_VALUES
        and not _has_bloated_tag(body)
        and tags * min(tags, _formatting(body, tags)) <= _MANY_MADE_AGAIN
    ):
        return Bounded(body, 0)
    return _Nesting(body).read()


def _formatting(body: bytes, tags: int) -> int:
    """How many different formatting elements have attributes at most, as far as it matters."""
    if tags * tags // 4 <= _MANY_MADE_AGAIN:
        return 0
    found: list[bytes] = _FORMATTING_WITH_ATTRIBUTES.findall(body)
    # A ">" in a quoted value is not the tag's end, so what tells it from others may stand behind.
    unsure = sum(tag.count(b'"') % 2 == 1 or tag.count(b"'") % 2 == 1 for tag in found)
    return len(set(found)) + unsure


def _has_bloated_tag(body: bytes) -> bool:
    """Whether a tag has too many attributes.

    Looks for stretches without ``>``, stepping backwards from the end of each window, so that
    ordinary pages cost a few microseconds.
    """
    position = 0
    while position + _LONG_TAG < len(body):
        close = body.rfind(b">", position, position + _LONG_TAG)
        if close < 0:
            close = body.find(b">", position)
            close = len(body) - 1 if close < 0 else close
            start = body.rfind(b"<", position, close)
            if close - start > _LONG_TAG and body[start + 1 : start + 2].isalpha():
                tag = _TOKEN.match(body, start)
                if tag and _too_many(body, tag.end(), close):
                    return True
        position = close + 1
    return False


def _too_many(body: bytes, position: int, end: int) -> int | None:
    """Where a tag's attributes become too many."""
    for number, match in enumerate(_ATTRIBUTE.finditer(body, position, end)):
        if number >= MAX_TAG_ATTRIBUTES:
            return match.start()
    return None


class _Open:
    """An element that is open, or a formatting element that will be made again.

    Attributes:
        name: its tag, lower case.
        kind: the same, before it the language where it is not HTML's own.
        at: its place on the stack, or -1 where it is not open.
        key: what tells formatting elements alike; b"" for a marker.
        language: b"svg" or b"math", b"" for HTML's own.
        is_foreign: what stands right in it is SVG or MathML, too.
    """

    __slots__ = ("at", "is_foreign", "key", "kind", "language", "name")

    def __init__(
        self, name: bytes, key: bytes = b"", language: bytes = b"", *, is_foreign: bool = False
    ) -> None:
        self.name = name
        self.kind = language + b":" + name if language else name
        self.at = -1
        self.key = key
        self.language = language
        self.is_foreign = is_foreign


class _Nesting:
    """The stack of open elements and the list of formatting elements of one page.

    Where the standard is left, more is thought to be open than is, never less.
    """

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.stack: list[_Open | None] = []  # None: removed from the middle
        self.depth = 0
        self.nodes = 0
        self.places: defaultdict[bytes, list[int]] = defaultdict(list)
        self.scopes: list[int] = []
        self.specials: list[int] = []
        self.item_stops: list[int] = []
        self.formatting: list[_Open] = []
        self.has_form = False  # as the parser has it: a second form is passed over

    def read(self) -> Bounded:
        """The page up to where it does harm, tags without the attributes that are too many."""
        body = self.body
        pieces: list[bytes] = []
        kept = position = tags = 0
        while match := _TOKEN.search(body, position):
            start = match.start()
            if start > position and not self._is_foreign():
                self._reconstruct()
            position = match.end()
            name = match[2]
            if name is None:
                position = self._past_no_tag(match[0], start)
                continue
            tags += 1
            end = self._past_attributes(position)
            if end - position > _LONG_TAG and (cut := _too_many(body, position, end)):
                pieces += (body[kept:cut], b">")
                kept = end
            attributes, position = (position, end), end
            name = name.lower()
            if match[1]:
                self._end(name)
            else:
                position = self._start(name, attributes)
            if self.depth > MAX_DEPTH or self.nodes > MAX_NODES or tags > MAX_TAGS:
                pieces.append(body[kept:start])
                return Bounded(b"".join(pieces), len(body) - start)
        return Bounded(b"".join([*pieces, body[kept:]]) if pieces else body, 0)

    def _past_attributes(self, position: int) -> int:
        match = _ATTRIBUTES.match(self.body, position)
        return match.end() if match else position

    def _past_no_tag(self, token: bytes, start: int) -> int:
        """The end of a comment or of what is read as one."""
        body = self.body
        if token == b"<!--":
            if body.startswith((b">", b"->"), start + 4):
                return body.index(b">", start) + 1
            match = _COMMENT_END.search(body, start + 4)
            return match.end() if match else len(body)
        top = self._top()
        if top and top.language and body.startswith(b"<![CDATA[", start):
            end = body.find(b"]]>", start)
            return end + 3 if end >= 0 else len(body)
        end = body.find(b">", start)
        return end + 1 if end >= 0 else len(body)

    # Tags

    def _start(self, name: bytes, attributes: tuple[int, int]) -> int:
        """Take a start tag in; returns where what it may hide ends."""
        begin, end = attributes
        self.nodes += 1
        top = self._top()
        if top and top.is_foreign:
            if not self._breaks_out(name, attributes):
                if self.body[end - 2 : end] != b"/>":
                    self._push_foreign(name, top.language, attributes)
                return end
            self._break_out()
        if name in _VOID:
            if name == b"input" and self._in_scope(b"select"):
                self._pop_to(self.places[b"select"][-1])
            if name in _PHRASING_VOID:
                self._reconstruct()
            return end
        if name == b"script":
            return self._past_script(end)
        if name in _RAW:
            match = _RAW[name].search(self.body, end)
            return self._past_attributes(match.end() - 1) if match else len(self.body)
        if name == b"plaintext":
            return len(self.body)
        if name in _ROW_PARTS:
            self._start_in_table(name)
            return end
        if name in _CLOSES_PARAGRAPH:
            self._start_block(name)
        else:
            self._start_inline(name, self.body[begin:end])
        return end

    def _past_script(self, position: int) -> int:
        """Where the end tag of a script stands; one in a comment with a script of its own is none."""
        is_escaped = is_doubly = False
        while match := _IN_SCRIPT.search(self.body, position):
            token = match[0]
            position = match.start() + 2  # "<!-->" opens and closes
            if token == b"<!--":
                is_escaped = True
            elif token == b"-->":
                is_escaped = is_doubly = False
            elif not match[1]:
                is_doubly = is_escaped
            elif is_doubly:
                is_doubly = False
            else:
                return self._past_attributes(match.end() - 1)
        return len(self.body)

    def _attributes(self, span: tuple[int, int]) -> dict[bytes, bytes]:
        """A tag's attributes, of two alike the first; entities in values stay."""
        found: dict[bytes, bytes] = {}
        for match in _ATTRIBUTE.finditer(self.body, *span):
            found.setdefault(match[1].lower(), match[2] or b"")
        return found

    def _breaks_out(self, name: bytes, attributes: tuple[int, int]) -> bool:
        if name == b"font":
            return not self._attributes(attributes).keys().isdisjoint((b"color", b"face", b"size"))
        return name in _BREAKS_OUT

    def _push_foreign(self, name: bytes, language: bytes, attributes: tuple[int, int]) -> None:
        is_html = name in _INTEGRATION_POINTS[language]
        if name == b"annotation-xml" and language == b"math":
            value = self._attributes(attributes).get(b"encoding", b"").strip(b"\"'")
            is_html = unescape(value.decode("latin-1")).lower() in _HTML_TYPES
        self._push(_Open(name, language=language, is_foreign=not is_html))

    def _start_block(self, name: bytes) -> None:
        if name == b"li":
            self._close_item((b"li",))
        elif name in (b"dd", b"dt"):
            self._close_item((b"dd", b"dt"))
        self._close_paragraph()
        if name in _HEADINGS and (top := self._top()) and top.name in _HEADINGS:
            self._pop_to(top.at)
        if name == b"form" and not self.places[b"template"]:
            if self.has_form:
                return
            self.has_form = True
        self._push(_Open(name))

    def _start_inline(self, name: bytes, attributes: bytes) -> None:
        top = self._top()
        if top and self._ends_with(top, name):
            self._pop_to(top.at)
        elif name in (b"button", b"select") and self._in_scope(name):
            self._pop_to(self.places[name][-1])
            if name == b"select":
                return  # the second is the first one's end
        elif name in (b"a", b"nobr"):
            self._end_formatting(name)
        if name in (b"svg", b"math"):
            self._reconstruct()
            if not attributes.endswith(b"/>"):
                self._push(_Open(name, language=name, is_foreign=True))
        elif name == b"table":
            self._start_table()
        elif name in _FORMATTING:
            self._reconstruct()
            self._push(self._remembered(name, attributes))
        else:
            if name != b"template" and name not in _RUBY:
                self._reconstruct()
            self._push(_Open(name))
            if name in _MARKERS:
                self._mark()

    def _ends_with(self, top: _Open, name: bytes) -> bool:
        """Whether an element ends where another of its kind begins."""
        if name in _RUBY:
            return top.name in _RUBY and self._in_scope(b"ruby")
        return name in (b"option", b"optgroup") and top.name == b"option"

    def _start_table(self) -> None:
        """A table stands in a cell, or ends the one before."""
        table = self._last(b"table")
        if table > max(map(self._last, _HOLDS_TABLE)):
            self._pop_to(table)
        self._push(_Open(b"table"))

    def _start_in_table(self, name: bytes) -> None:
        table = self._last(b"table")
        if table < self._last(b"template"):
            self._push(_Open(name))  # a template has rows without a table
            return
        if table < 0:
            return  # what is no table's part is passed over
        parents = _ROW_PARTS[name]
        place = max((self._last(parent) for parent in parents), default=-1)
        if place < table and parents:
            row_group = max(map(self._last, (b"tbody", b"tfoot", b"thead")))
            self._pop_to(max(table, row_group) + 1)
            self._push(_Open(parents[0]))
        else:
            self._pop_to(max(table, place) + 1)
        self._push(_Open(name))
        if name in _MARKERS:
            self._mark()

    def _end(self, name: bytes) -> None:
        top = self._top()
        if top and top.language:
            if name in (b"p", b"br"):
                self._break_out()
            elif (place := self._last_foreign(name)) >= 0 and self._is_language(place):
                self._pop_to(place)
                return
        if name in _FORMATTING:
            self._end_formatting(name)
        elif name == b"p":
            self._close_paragraph()
            self.nodes += 1
        elif name in _TABLE_ENDS:
            place = self._last(name)
            if place >= 0 and place >= max(self._last(b"table"), self._last(b"template")):
                self._pop_to(place)
        elif name == b"template":
            if (place := self._last(name)) >= 0:
                self._pop_to(place)
        elif name == b"form":
            self.has_form = False
            if self._in_scope(name):
                self._remove(self.places[name][-1])
        elif name in _HEADINGS:
            place = max(map(self._last, _HEADINGS))
            if place >= 0 and place > self._barrier():
                self._pop_to(place)
        elif name in (b"li", b"dd", b"dt") or name in _ENDS_BLOCK:
            if self._in_scope(name) and (
                name != b"li" or self._last(name) > max(self._last(b"ul"), self._last(b"ol"))
            ):
                self._pop_to(self.places[name][-1])
        elif name in (b"applet", b"marquee", b"object", b"select"):
            place = self._last(name)
            if place >= 0 and (not self.scopes or place >= self.scopes[-1]):
                self._pop_to(place)
        elif name == b"br":
            self.nodes += 1
        elif name not in _VOID:
            self._end_other(name)

    def _end_other(self, name: bytes) -> None:
        place = self._last(name)
        if place >= 0 and (not self.specials or place >= self.specials[-1]):
            self._pop_to(place)

    def _end_formatting(self, name: bytes) -> None:
        """The adoption agency, as far as it changes what is open."""
        index = len(self.formatting) - 1
        while index >= 0 and self.formatting[index].key and self.formatting[index].name != name:
            index -= 1
        if index < 0 or not self.formatting[index].key:
            self._end_other(name)
            return
        element = self.formatting[index]
        if element.at < 0:
            del self.formatting[index]
        elif element.at > self._barrier():
            del self.formatting[index]
            blocks = [place for place in self.specials[-_MOST_ADOPTED:] if place > element.at]
            if not blocks:
                self._pop_to(element.at)
                return
            self._remove(element.at)
            self.nodes += 4 * len(blocks)  # one in each, and up to three that stand between
            if len(blocks) < _MOST_ADOPTED:
                self._pop_to(blocks[-1] + 1)

    # The stack

    def _push(self, element: _Open) -> None:
        place = element.at = len(self.stack)
        name = element.name
        self.stack.append(element)
        self.places[element.kind].append(place)
        self.depth += 1
        if element.language:
            if name in _FOREIGN_SCOPES:
                self.specials.append(place)
                self.scopes.append(place)
                self.item_stops.append(place)
        elif name in _SPECIAL:
            self.specials.append(place)
            if name in _SCOPES:
                self.scopes.append(place)
            if name in _ITEM_STOPS:
                self.item_stops.append(place)

    def _pop_to(self, place: int) -> None:
        """Close all that is open from a place on."""
        stack = self.stack
        while len(stack) > place:
            element = stack.pop()
            if element is None:
                continue
            self._forget(element)
            if element.kind in _MARKERS:
                self._clear_to_marker()
        for places in (self.specials, self.scopes, self.item_stops):
            while places and places[-1] >= place:
                places.pop()

    def _remove(self, place: int) -> None:
        element = self.stack[place]
        if element is not None:
            self.stack[place] = None
            self.places[element.kind].remove(place)
            element.at = -1
            self.depth -= 1

    def _forget(self, element: _Open) -> None:
        self.places[element.kind].pop()
        element.at = -1
        self.depth -= 1

    def _top(self) -> _Open | None:
        while self.stack and self.stack[-1] is None:
            self.stack.pop()
        return self.stack[-1] if self.stack else None

    def _last(self, name: bytes) -> int:
        places = self.places.get(name)
        return places[-1] if places else -1

    def _barrier(self) -> int:
        return self.scopes[-1] if self.scopes else -1

    def _in_scope(self, name: bytes) -> bool:
        place = self._last(name)
        return place >= 0 and place >= self._barrier()

    def _close_paragraph(self) -> None:
        place = self._last(b"p")
        if place >= 0 and place > max(self._barrier(), self._last(b"button")):
            self._pop_to(place)

    def _close_item(self, names: tuple[bytes, ...]) -> None:
        """An item closes the one before it where no other block stands between."""
        place = max(map(self._last, names))
        stop = self.item_stops[-1] if self.item_stops else -1
        if place >= 0 and place >= stop:
            self._pop_to(place)

    def _is_foreign(self) -> bool:
        top = self._top()
        return top is not None and top.is_foreign

    def _last_foreign(self, name: bytes) -> int:
        return max(self._last(b"svg:" + name), self._last(b"math:" + name))

    def _is_language(self, place: int) -> bool:
        """Whether nothing of HTML's own is open from a place on."""
        return all(element is None or element.language for element in self.stack[place:])

    def _break_out(self) -> None:
        while (top := self._top()) and top.is_foreign:
            self._pop_to(top.at)

    # What is made again

    def _remembered(self, name: bytes, attributes: bytes) -> _Open:
        """A formatting element in the list; of those alike three at most are kept."""
        key = b"<" + name + b" ".join(attributes.split())
        alike = []
        for index in range(len(self.formatting) - 1, -1, -1):
            other = self.formatting[index]
            if not other.key:
                break
            if other.key == key:
                alike.append(index)
        if len(alike) >= 3:
            del self.formatting[alike[-1]]
        element = _Open(name, key)
        self.formatting.append(element)
        return element

    def _mark(self) -> None:
        self.formatting.append(_Open(b""))

    def _clear_to_marker(self) -> None:
        while self.formatting and self.formatting.pop().key:
            pass

    def _reconstruct(self) -> None:
        index = len(self.formatting)
        while index and self.formatting[index - 1].key and self.formatting[index - 1].at < 0:
            index -= 1
        for element in self.formatting[index:]:
            self._push(element)
            self.nodes += 1
