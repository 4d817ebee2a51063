"""What the parser must not be given, because it would take minutes or the whole memory.

lexbor's tree building is quadratic in the depth of open elements and in the number of attributes
of one element (100,000 nested ``<div>`` take 20 seconds, 30,000 attributes 2). Browsers cap both
(Chromium nests no deeper than 512), so cutting there loses nothing that a reader ever sees.
"""

import re

import numpy as np

MAX_BYTES = 3_000_000
"""Bytes of a page that are read; the rest is dropped. The largest of 1,406 article pages measured
has 1.8 MB."""

MAX_DEPTH = 2_000
MAX_TAG_BYTES = 16_384
MAX_TAG_ATTRIBUTES = 2_000

_MANY_TAGS = 8_000
"""Fewer cannot nest deep enough to take more than half a second."""

_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_VOID = frozenset(
    b"area base br col embed hr img input link meta source track wbr param "
    b"p li td th tr dt dd option tbody thead tfoot colgroup rp rt html head body".split()
)
"""Elements without children, and those that end by themselves when the next one starts."""
_ATTRIBUTE = re.compile(rb"[^\s=/>]+\s*(?:=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")


def bounded(body: bytes) -> bytes:
    """Return a UTF-8 page, shortened where its depth or attributes would be harmful.

    NUL characters, which the parser keeps and no text has, are dropped.
    """
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    body = _shorten_tags(body)
    opened = np.frombuffer(body, np.uint8) == ord("<")  # thrice as fast as count()
    tags = np.count_nonzero(opened)
    if tags > _MANY_TAGS:
        closing = np.count_nonzero(np.frombuffer(body, np.uint8)[1:][opened[:-1]] == ord("/"))
        if tags - 2 * closing > MAX_DEPTH:
            body = _cut_at_depth(body)
    return body


def _long_tags(body: bytes) -> list[tuple[int, int]]:
    """Return where tags of more than ``MAX_TAG_BYTES`` are, from ``<`` to after ``>``.

    Looks for stretches without ``>``, stepping backwards from the end of each window, so that
    ordinary pages cost a few microseconds.
    """
    found = []
    position = 0
    while position + MAX_TAG_BYTES < len(body):
        close = body.rfind(b">", position, position + MAX_TAG_BYTES)
        if close < 0:
            close = body.find(b">", position)
            close = len(body) - 1 if close < 0 else close
            start = body.rfind(b"<", position, close)
            if close - start > MAX_TAG_BYTES and body[start + 1 : start + 2].isalpha():
                found.append((start, close + 1))
        position = close + 1
    return found


def _shorten_tags(body: bytes) -> bytes:
    """Cut tags after ``MAX_TAG_ATTRIBUTES`` attributes."""
    pieces = []
    position = 0
    for start, end in _long_tags(body):
        for number, match in enumerate(_ATTRIBUTE.finditer(body, start, end)):
            if number > MAX_TAG_ATTRIBUTES:
                pieces += [body[position : match.start()], b">"]
                position = end
                break
    return b"".join([*pieces, body[position:]]) if pieces else body


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
