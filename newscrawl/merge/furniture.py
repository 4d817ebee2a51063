"""Furniture: blocks that a site prints on its pages whatever the article. Pure.

One page can't tell a newsletter box from a paragraph; all pages of a site together can. So
blocks are counted once all pages are in, over articles and not over pages: an article
that ten listings show is one article. Then every body is cleaned by what was counted, the
first page like the last, and the order of the pages changes nothing.

A block is furniture by three measures, taken over the site's articles on one kind of page:

- spread: it stands in at least ten articles. A refrain stands in one, a quote in a few.
- share: it stands in most articles. A series' common lead and the background that an agency
  repeats in every report on a case stand in the articles of that series or case.
- position: it stands at one offset from the beginning or the end of the text. Templates put
  things in one place; an editor puts the background where the report has room.

Prose (a long block that ends as a sentence does) must show more of these than a short line or
a row of numbers. The numbers below are ours, chosen so that text is kept where they are in
doubt; see docs/merging.md.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from newscrawl.extract.typography import letters

REASON = "recurring-block"
"""The reason code in furniture.jsonl."""

_LEAST_ARTICLES = 10
_LEAST_ARTICLES_PROSE_ANYWHERE = 30
_SHARE_IN_PLACE = 0.5
_SHARE_ANYWHERE = 0.8
_SHARE_PROSE_IN_PLACE = 0.8
_SHARE_PROSE_ANYWHERE = 0.95
# Nearly all: a template leaves a block out here and there, and short texts end early.
_IN_PLACE = 0.8
_PROSE_CHARACTERS = 100
_ENDS_OF_SENTENCE, _CLOSING = tuple(".!?…。！？।۔"), "\"'”’»)]"
_DIGITS, _ZEROS = re.compile(r"\d+"), re.compile(b"00+")
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
# Blocks are counted in buckets first, so that memory does not grow with the site: only blocks
# whose bucket is full enough are counted one by one.
_BUCKETS = 1 << 20

Keys = Sequence[int]
"""The keys of a body's blocks, in order."""


def block_key(block: str) -> int:
    """What two prints of one block have in common: its letters, whatever its numbers.

    A number of 63 bits, the last of which says that the block is prose; 0 for a block without
    letters and digits, which is never furniture.

    >>> block_key("USD 12.45 ▲ 0.3%") == block_key("USD 9.1 ▼ 11,200.08%")
    True
    """
    masked = _masked(letters(block))
    if not masked:
        return 0
    digest = int.from_bytes(hashlib.sha256(masked).digest()[:8], "big") >> 1
    return digest & ~1 | _is_prose(block)


def _masked(text: str) -> bytes:
    """A text with one zero for every number."""
    if text.isascii():  # bytes lose their digits ten times as fast
        return _ZEROS.sub(b"0", text.encode().translate(_AS_ZEROS))
    return _DIGITS.sub("0", text).encode()


def _is_prose(block: str) -> bool:
    if len(block) < _PROSE_CHARACTERS:
        return False
    return block.rstrip().rstrip(_CLOSING).endswith(_ENDS_OF_SENTENCE)


def block_keys(body: str) -> list[int]:
    """The keys of a body's blocks; none of a body of one block, which can't be parted."""
    blocks = body.split("\n\n")
    return [block_key(block) for block in blocks] if len(blocks) > 1 else []


def pack(keys: Keys) -> bytes:
    """Keys as they are stored: eight bytes each."""
    return array("q", keys).tobytes()


def unpack(stored: bytes) -> Keys:
    """Keys as they were stored."""
    return array("q", stored)


def find_furniture(articles: Callable[[], Iterable[Keys]]) -> set[int]:
    """The blocks that a site prints whatever the article.

    Args:
        articles: gives the keys of each of a site's articles on one kind of page, each article
            once, bodies of two blocks or more; called twice.

    Returns:
        Their keys.
    """
    buckets, count = array("I", bytes(_BUCKETS * array("I").itemsize)), 0
    for keys in articles():
        count += 1
        for key in set(keys):
            buckets[key % _BUCKETS] += 1
    if count < _LEAST_ARTICLES:
        return set()
    least = max(_LEAST_ARTICLES, _SHARE_IN_PLACE * count)
    candidates = set(np.flatnonzero(np.frombuffer(buckets, np.uintc) >= least).tolist())
    if not candidates:
        return set()
    first, last, held = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[int]()
    for keys in articles():
        found = [(key, at) for at, key in enumerate(keys) if key and key % _BUCKETS in candidates]
        held.update({key for key, _ in found})
        first.update({key: (key, at) for key, at in reversed(found)}.values())
        last.update({key: (key, len(keys) - at) for key, at in found}.values())
    places: dict[int, int] = {}
    for (key, _), articles_there in (*first.items(), *last.items()):
        places[key] = max(places.get(key, 0), articles_there)
    return {
        key
        for key, holding in held.items()
        if _is_furniture(key & 1 == 1, holding, holding / count, places[key] / holding)
    }


def _is_furniture(is_prose: bool, holding: int, share: float, in_place: float) -> bool:
    """Decide by spread, share and position; the rule of this module.

    Args:
        is_prose: a long block that ends as a sentence does.
        holding: how many articles hold it.
        share: of the articles.
        in_place: the share of the holding articles in which it stands at its usual offset.
    """
    if holding < _LEAST_ARTICLES:
        return False
    if in_place >= _IN_PLACE:
        return share >= (_SHARE_PROSE_IN_PLACE if is_prose else _SHARE_IN_PLACE)
    if is_prose:
        return share >= _SHARE_PROSE_ANYWHERE and holding >= _LEAST_ARTICLES_PROSE_ANYWHERE
    return share >= _SHARE_ANYWHERE


def take_furniture(
    body: str, furniture: set[int], keys: Keys | None = None
) -> tuple[str, list[str]]:
    """A body without furniture, and what was taken out.

    A body that is nothing but furniture stays as it is: a text is never lost whole.

    Args:
        body: blocks joined by a blank line.
        furniture: the keys of the site's furniture.
        keys: of the body's blocks, where they are known.
    """
    blocks = body.split("\n\n")
    kept: list[str] = []
    removed: list[str] = []
    for block, key in zip(blocks, keys or map(block_key, blocks), strict=True):
        (removed if key in furniture else kept).append(block)
    return ("\n\n".join(kept), removed) if kept and removed else (body, [])
