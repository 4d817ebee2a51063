"""What a site's dumps share: the lines of its frame, and on how many pages each line stands.

One page can't tell its menu from its list, nor its headline from its section; the site's others
can. A line that stands on nearly all pages of a site, whatever else they say, is its frame. So the
lines of a run's dumps are counted before the first is read, and every dump is read with the same
knowledge: the order of pages changes nothing.

Captures of one page, hour by hour, share their stories, too. A frame is seen only where the pages'
texts differ.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawl.extract.blocks import Block, clean_lines, read_blocks
from newscrawl.extract.lines import weight

# A frame is what stands on this share of at least so many pages.
_LEAST_PAGES = 5
_SHARE = 0.8
# A page's own text stands on no more pages than a few, or than this share.
_OWN_PAGES = 3
_OWN_SHARE = 0.2
# This share of the pages' longer lines is some page's own, or they are captures of one page.
_LEAST_OWN = 0.5
_PROSE = 100


def line_key(text: str) -> int:
    """What two prints of one line have in common: 32 bits."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class Frame:
    """What is known of a site's lines when all of its dumps were looked at.

    Attributes:
        pages: how many dumps there are.
        lines: the keys of the lines that stand on nearly all of them.
        counts: on how many dumps each line stands, by its key.
    """

    pages: int = 0
    lines: frozenset[int] = frozenset()
    counts: Counter[int] = field(default_factory=Counter)

    def __contains__(self, block: Block) -> bool:
        return bool(self.lines) and line_key(block.text) in self.lines

    def stands_on(self, text: str) -> int:
        """On how many of the site's dumps a line stands, 0 where nobody counted."""
        return self.counts[line_key(text)] if self.counts else 0


NO_FRAME = Frame()
"""Of a dump that stands alone."""


class FrameCount:
    """The lines of one site's dumps as they are counted."""

    def __init__(self) -> None:
        self._pages = 0
        self._counts: Counter[int] = Counter()
        self._prose = array("I")

    def add(self, text: str) -> None:
        """Count the lines of a dump."""
        self._pages += 1
        blocks = read_blocks(*clean_lines(text))
        short, prose = set(), set()
        for block in blocks:
            (prose if weight(block.text) > _PROSE else short).add(line_key(block.text))
        self._counts.update(short | prose)
        self._prose.extend(prose)

    def settle(self) -> Frame:
        """What is known when all dumps were counted."""
        if self._pages < _LEAST_PAGES:
            return NO_FRAME
        few = max(_OWN_PAGES, _OWN_SHARE * self._pages)
        own = sum(self._counts[key] <= few for key in self._prose)
        if own < _LEAST_OWN * len(self._prose) or not self._prose:
            return NO_FRAME
        least = _SHARE * self._pages
        lines = frozenset(key for key, count in self._counts.items() if count >= least)
        return Frame(self._pages, lines, self._counts)


def find_frame(texts: Iterable[str]) -> Frame:
    """The frame of one site's dumps.

    >>> pages = [f"Home\\n\\nReport {n}\\n\\n{'Of barns and piers. ' * n * 9}" for n in range(1, 7)]
    >>> find_frame(pages).stands_on("Home")
    6
    """
    count = FrameCount()
    for text in texts:
        count.add(text)
    return count.settle()
