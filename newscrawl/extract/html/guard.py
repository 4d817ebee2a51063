"""What the parser must not be given, because it would take minutes or the whole memory.

lexbor's tree building is quadratic in the depth of open elements and in the number of attributes
of one element (100,000 nested ``<div>`` take 20 seconds, 30,000 attributes 2). Browsers cap both
(Chromium nests no deeper than 512), so cutting there loses nothing that a reader ever sees.
"""

import re

MAX_BYTES = 8_000_000
"""Bytes of a page that are read; the rest is dropped. Chromium's own cap on depth aside, the
largest real article page seen has 3 MB."""

MAX_DEPTH = 2_000
MAX_TAG_BYTES = 65_536
MAX_TAG_ATTRIBUTES = 1_000

_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_VOID = frozenset(
    b"area base br col embed hr img input link meta source track wbr param "
    b"p li td th tr dt dd option tbody thead tfoot colgroup rp rt html head body".split()
)
"""Elements without children, and those that end by themselves when the next one starts."""
_ATTRIBUTE = re.compile(rb"[^\s=/>]+\s*(?:=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")


def bounded(body: bytes) -> bytes:
    """Return the page, shortened where its size, depth or attributes would be harmful.

    NUL characters, which the parser keeps and no text has, are dropped.
    """
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    if _has_long_gap(body):
        body = _shorten_tags(body)
    if body.count(b"<") - 2 * body.count(b"</") > MAX_DEPTH:
        body = _cut_at_depth(body)
    return body


def _has_long_gap(body: bytes) -> bool:
    """Tell whether more than ``MAX_TAG_BYTES // 4`` bytes come without a ``>``."""
    step = MAX_TAG_BYTES // 4
    position = 0
    while position + step < len(body):
        found = body.rfind(b">", position, position + step)
        if found < 0:
            return True
        position = found + 1
    return False


def _shorten_tags(body: bytes) -> bytes:
    """Cut the tags that have more than ``MAX_TAG_ATTRIBUTES`` attributes."""
    pieces = []
    position = 0
    while position < len(body):
        end = body.find(b">", position)
        if end < 0:
            end = len(body) - 1
        if end - position > MAX_TAG_BYTES // 4:
            piece = body[position : end + 1]
            start = piece.rfind(b"<")
            if start >= 0 and len(piece) - start > MAX_TAG_BYTES // 4 and piece[start + 1 : start + 2].isalpha():
                kept = start
                for number, match in enumerate(_ATTRIBUTE.finditer(piece, start)):
                    kept = match.end()
                    if number >= MAX_TAG_ATTRIBUTES:
                        piece = piece[:kept] + b">"
                        break
            pieces.append(piece)
        else:
            pieces.append(body[position : end + 1])
        position = end + 1
    return b"".join(pieces)


def _cut_at_depth(body: bytes) -> bytes:
    """Drop what comes after the place where elements are nested deeper than ``MAX_DEPTH``."""
    depth = 0
    position = 0
    while match := _TAG.search(body, position):
        position = match.end()
        name = match.group(2).lower()
        if name in _VOID:
            continue
        if match.group(1):
            depth = max(0, depth - 1)
            continue
        if name in _RAW_NAMES:
            close = body.find(b"</" + match.group(2), position)
            position = close if close >= 0 else len(body)
        depth += 1
        if depth > MAX_DEPTH:
            return body[: match.start()]
    return body


_RAW_NAMES = frozenset((b"script", b"style", b"textarea", b"title"))
