"""XML as it is met: read strictly where it is sound, mended and read record by record where not.

libxml2's own recovery is not used on whole documents: it turns ``?a=1&b=2`` into ``?a=1=2`` and
ends a cut-off address where the bytes end, so that an address comes out that nobody wrote.
Entities are never expanded, no DTD and nothing from the network is ever loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from w3lib.encoding import http_content_type_encoding

from newscrawl.page.characters import readable
from newscrawl.page.decode import decode_markup

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_RECORDS = 10_000
"""Records of a broken document that go into a tree; each costs a parse of its own."""

_MAX_OPENING = 10_000
"""Bytes of a root's tag, which is read again with each record of a broken document."""

_ROOT = re.compile(
    rb"<(?:[a-z][\w.-]*:)?(?:rss|rdf|feed|urlset|sitemapindex)\b[^<>]*>", re.IGNORECASE
)
_CHUNK_BYTES = 65_536
_MAX_ELEMENTS = 3_000_000
"""Elements of a document that are read as a stream: some seconds of work."""

_HEAD_BYTES = 65_536
_MAX_REFERENCES = 1_000_000
"""Ampersands in a document that is mended; more are no text."""

_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_FIRST_TAG = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)(?=[\s/>])")
# One pass: CDATA stays as it is (to the end of the text where its own end is missing, so that
# the search stays linear), references are checked, what XML 1.0 forbids goes.
_MENDED = re.compile(
    rb"(?P<cdata><!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?)"
    rb"|&(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,8});|(?P<name>\w{1,32});)?"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
)
_OWN_ENTITIES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_RECORD_TAG = re.compile(rb"<(/?)(?:[A-Za-z][\w.-]*:)?(?:item|entry|url|sitemap)(?=[\s>/])[^<>]*>")


def read_bytes(body: bytes, content_type: str | None = None) -> bytes:
    """A document as UTF-8, without a byte order mark.

    Args:
        body: the bytes behind content encoding.
        content_type: the HTTP header, or None.
    """
    return decode_markup(body, http_content_type_encoding(content_type))[0]


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def read_tree(text: bytes, url: str) -> tuple[_Element | None, str | None]:
    """A document of bounded size as a tree.

    Args:
        text: UTF-8.
        url: its address, for `element.base`.

    Returns:
        The root, and what was wrong. A document that can't be mended has the records that are
        sound put under its root; None where there is no root that a feed or sitemap has.
    """
    parser = _parser()
    problem = None
    if b"<!DOCTYPE" not in text:
        try:
            return etree.fromstring(text, parser, base_url=url), None
        except etree.XMLSyntaxError as error:
            problem = problem_of(error)
    mended = mend(text)
    if mended is None:
        return None, problem
    try:
        return etree.fromstring(mended, parser, base_url=url), problem
    except etree.XMLSyntaxError as error:
        problem = problem or problem_of(error)
    return _from_records(mended, url), problem


def _from_records(mended: bytes, url: str) -> _Element | None:
    parser = _parser(recover=True)
    first = _RECORD_TAG.search(mended)
    head = mended[: first.start()] if first else mended
    root: _Element | None = etree.fromstring(head, parser, base_url=url)
    if root is not None:
        root.extend(islice(records(mended, url), _MAX_RECORDS))
    return root


def record_spans(mended: bytes) -> Iterator[tuple[int, int]]:
    """Where each item, entry, url or sitemap element begins and ends; one without end is skipped."""
    start = None
    for tag in _RECORD_TAG.finditer(mended):
        if not tag[1]:
            start = tag.start()
        elif start is not None:
            yield start, tag.end()
            start = None


def records(mended: bytes, url: str) -> Iterator[_Element]:
    """The records of a broken document, each read for itself, so that damage stays in its record.

    Args:
        mended: what `mend` returned.
        url: the document's address.
    """
    root = _ROOT.match(mended)
    opening = root[0] if root and len(root[0]) <= _MAX_OPENING else b"<rss>"
    closing = b"</" + re.split(rb"[\s/>]", opening[1:], maxsplit=1)[0] + b">"
    for start, end in record_spans(mended):
        parser = _parser(recover=True)
        wrapped: _Element | None = etree.fromstring(
            opening + mended[start:end] + closing, parser, base_url=url
        )
        if wrapped is not None and len(wrapped):
            yield wrapped[0]


def mend(text: bytes) -> bytes | None:
    """A broken document without what XML rules out: from its root on, references repaired.

    What stands before the root goes, declarations of entities with it. HTML's entities become
    characters, other unknown ones and bare ampersands stand for themselves, characters that XML
    1.0 forbids are dropped.

    >>> mend(b"<b>Notice</b><rss><title>Fish&nbsp;& &chips; \\x0b</title></rss>")
    b'<rss><title>Fish&#160;&amp; &amp;chips; </title></rss>'

    Returns:
        None where no root of a feed or sitemap is found, or hardly anything but ampersands.
    """
    root = _ROOT.search(text)
    if text.count(b"&") > _MAX_REFERENCES:
        return None
    return _MENDED.sub(_mended, text[root.start() :]) if root else None


def _mended(match: re.Match[bytes]) -> bytes:
    if match["cdata"]:
        return re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]", b"", match[0])
    if not match[0].startswith(b"&"):
        return b""
    if name := match["name"]:
        if name in _OWN_ENTITIES:
            return match[0]
        character = html5.get(f"{name.decode('utf-8', 'replace')};")
        return (
            b"".join(b"&#%d;" % ord(part) for part in character)
            if character
            else b"&amp;" + name + b";"
        )
    digits = match["decimal"] or match["hex"]
    if not digits:
        return b"&amp;"
    return match[0] if _is_xml_character(int(digits, 10 if match["decimal"] else 16)) else b""


def _is_xml_character(code: int) -> bool:
    """https://www.w3.org/TR/xml/#charsets."""
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )


class RecordStream:
    """The records of a sound document one by one.

    No tree is built, so that memory does not grow with the document, whatever stands in it.

    Args:
        text: UTF-8, without DOCTYPE.
        record: local name of the elements under the root that are records.
        wanted: what is wanted of a record: local names from the record down, "news/title".

    Attributes:
        cut: whether reading ended because the document has too many elements.
    """

    def __init__(self, text: bytes, record: str, wanted: frozenset[str]) -> None:
        self.text = text
        self.cut = False
        self._target = _Target(record, wanted)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """The texts of each record, the first of each name.

        Raises:
            etree.XMLSyntaxError: here the document breaks.
        """
        parser = etree.XMLParser(  # type: ignore[call-overload]  # the stubs want more methods than lxml
            target=self._target,
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for start in range(0, len(self.text), _CHUNK_BYTES):
            parser.feed(self.text[start : start + _CHUNK_BYTES])
            yield from self._target.take()
            if self._target.elements > _MAX_ELEMENTS:
                self.cut = True
                return
        parser.close()
        yield from self._target.take()


class _Target:
    """What lxml calls with each tag and text; keeps the finished records."""

    def __init__(self, record: str, wanted: frozenset[str]) -> None:
        self.record = record
        self.wanted = wanted
        self.elements = 0
        self.path: list[str] = []
        self.texts: dict[str, str] = {}
        self.pieces: list[str] = []
        self.done: list[dict[str, str]] = []

    def start(self, tag: str, attributes: object) -> None:
        self.elements += 1
        self.path.append(_local_name(tag))
        self.pieces.clear()
        if len(self.path) == 2:
            self.texts = {}

    def data(self, text: str) -> None:
        if len(self.path) > 2:
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        depth = len(self.path)
        if depth > 2:
            name = self.path[2] if depth == 3 else "/".join(self.path[2:])
            if name in self.wanted:
                self.texts.setdefault(name, " ".join(readable("".join(self.pieces)).split()))
            self.pieces.clear()
        elif depth == 2 and self.path[1] == self.record:
            self.done.append(self.texts)
        self.path.pop()

    def close(self) -> None:
        """Nothing is left to do; lxml asks for the method."""

    def take(self) -> list[dict[str, str]]:
        """The records that were finished since the last call."""
        done, self.done = self.done, []
        return done


def texts_of(element: _Element, wanted: frozenset[str], above: str = "") -> dict[str, str]:
    """The texts of a record of a broken document, as `RecordStream` has them."""
    texts: dict[str, str] = {}
    for child in element:
        name = above + local_name(child)
        if name in wanted:
            texts.setdefault(name, text_of(child))
        elif any(path.startswith(f"{name}/") for path in wanted):
            texts = texts_of(child, wanted, f"{name}/") | texts
    return texts


def root_name(text: bytes) -> str:
    """The local name of a document's root, lower case, whatever junk stands before it.

    Returns:
        "html" for a page; else that of a feed or sitemap, if one begins in the first 64 KB; else
        the first element's; "" where there is none.
    """
    head = _COMMENT.sub(b"", text[:_HEAD_BYTES])
    first = _FIRST_TAG.search(head)
    name = first[1].decode("ascii", "replace").lower() if first else ""
    if name in ("html", "head", "body"):
        return "html"
    root = _ROOT.search(head)
    return (
        re.split(rb"[\s/>]", root[0][1:])[0].rpartition(b":")[2].decode().lower() if root else name
    )


def local_name(element: _Element) -> str:
    """An element's name in lower case without namespace or prefix."""
    tag = element.tag
    return _local_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def text_of(element: _Element | None) -> str:
    """The text in an element, white space squeezed; "" for none."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text
    return " ".join(readable(text).split()) if text else ""


def problem_of(error: etree.XMLSyntaxError) -> str:
    """What is wrong and where, for the ledger."""
    return f"broken XML: {error.msg}"
