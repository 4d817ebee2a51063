"""What a site's dumps share: the lines of its frame, and the headlines that its pages bear.

One page can't tell its menu from its list, nor its headline from its section; the site's others
can. A line that stands on nearly all pages of a site, whatever else they say, is its frame. A line
that stands right above one page's own text, and on some other page too, is that page's headline,
and it is a headline wherever it stands. So the lines of a run's dumps are counted before the first
is read, and every dump is read with the same knowledge: the order of pages changes nothing.

Captures of one page, hour by hour, share their stories, too. A frame is seen only where the pages'
texts differ.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from newscrawl.dates import DateInterval, parse_date, parse_page_date
from newscrawl.extract.blocks import clean_lines, read_blocks
from newscrawl.extract.lines import Line, printed_day, weight

# A frame is what stands on this share of at least so many pages.
_LEAST_PAGES = 5
_SHARE = 0.8
# A page's own text stands on no more pages than a few, or than this share.
_OWN_PAGES = 3
_OWN_SHARE = 0.2
# This share of the pages' longer lines is some page's own, or they are captures of one page.
_LEAST_OWN = 0.5
# How far above a text its headline stands at most, in lines; a section stands above many texts.
_ZONE = 8
_LEAST_HEADLINE = 12
_LONGEST_HEADLINE = 200
_LEADS = 3
_LEADS_SHARE = 0.05
_PROSE = 60
_LONG_PROSE = 180
_ENDS = tuple(".!?…。！？؟۔።")
_CLOSING = "”\"’'»)]」』"


_NUMBER = re.compile(r"\d{1,3}[.)]\s+")


def line_key(text: str) -> int:
    """What two prints of one line have in common, a number before it aside: 32 bits."""
    number = _NUMBER.match(text)
    return zlib.crc32((text[number.end() :] if number else text).encode(errors="surrogatepass"))


@dataclass(slots=True)
class Frame:
    """What is known of a site's lines when all of its dumps were looked at.

    Attributes:
        lines: the keys of the lines that stand on nearly all of them.
        headlines: the keys of the lines that are some page's headline.
        days: for the key of a headline, the days of the year that its own page prints above its text.
        counts: on how many dumps each line stands, by its key.
    """

    lines: frozenset[int] = frozenset()
    headlines: frozenset[int] = frozenset()
    days: dict[int, frozenset[int]] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)

    def holds(self, line: Line) -> bool:
        """Whether a line is the frame's, and neither a byline nor the page's own date."""
        if line.names or line_key(line.block.text) not in self.lines:
            return False
        return line.date is None or parse_page_date(line.text) is None

    def is_headline(self, text: str) -> bool:
        """Whether a line is the headline of a page of the site."""
        return line_key(text) in self.headlines

    def agrees(self, headline: str, printed: str) -> bool | None:
        """Whether a date is one that a headline's own page prints; None where nothing tells."""
        known = self.days.get(line_key(headline))
        day = day_of_year(printed) if known else None
        return day in known if known and day else None

    def stands_on(self, text: str) -> int:
        """On how many of the site's dumps a line stands, 0 where nobody counted."""
        return self.counts[line_key(text)] if self.counts else 0


NO_FRAME = Frame()
"""Of a dump that stands alone."""


def day_of_year(printed: str) -> int | None:
    """The day and month of a date as one number, whatever its year; None of what is no day."""
    found = parse_date(printed, anchor=_SOME_DAY)
    day = found.best if found and found.precision not in ("month", "year") else None
    return day.month * 100 + day.day if day else None


_SOME_DAY = DateInterval.day(date(2000, 1, 1))


class FrameCount:
    """The lines of one site's dumps as they are counted."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        # Of each page the keys of its lines in order, and how long each is: 0 for prose.
        self._pages: list[array[int]] = []
        self._weights: list[bytes] = []
        # The day of the year that a line prints, by the line's key.
        self._days: dict[int, int] = {}

    def add(self, text: str) -> None:
        """Count the lines of a dump."""
        keys, weights = array("I"), bytearray()
        for block in read_blocks(*clean_lines(text)):
            keys.append(line_key(block.text))
            size = weight(block.text)
            is_prose = size > _LONG_PROSE or (
                size > _PROSE and block.text.rstrip(_CLOSING).endswith(_ENDS)
            )
            if not is_prose and (printed := printed_day(block.text)):
                size = 1
                if (day := day_of_year(printed)) is not None:
                    self._days[keys[-1]] = day
            weights.append(0 if is_prose else min(size, 255))
        self._counts.update(set(keys))
        self._pages.append(keys)
        self._weights.append(bytes(weights))

    def settle(self) -> Frame:
        """What is known when all dumps were counted."""
        if len(self._pages) < _LEAST_PAGES or not self._differ():
            return NO_FRAME
        least = _SHARE * len(self._pages)
        lines = frozenset(key for key, count in self._counts.items() if count >= least)
        headlines: dict[int, frozenset[int]] = {}
        for headline, above in self._headlines(lines):
            headlines[headline] = headlines.get(headline, frozenset()) | above
        days = {headline: found for headline, found in headlines.items() if found}
        return Frame(lines, frozenset(headlines), days, self._counts)

    def _differ(self) -> bool:
        """Whether the pages' texts are mostly their own."""
        few = max(_OWN_PAGES, _OWN_SHARE * len(self._pages))
        prose = own = 0
        for keys, weights in zip(self._pages, self._weights, strict=True):
            for key, size in zip(keys, weights, strict=True):
                if size == 0:
                    prose += 1
                    own += self._counts[key] <= few
        return prose > 0 and own >= _LEAST_OWN * prose

    def _headlines(self, frame: frozenset[int]) -> Iterator[tuple[int, frozenset[int]]]:
        """The line above each page's text that stands above few others, and on other pages too.

        Yields:
            Its key, and the days that are printed above the text.
        """
        leads = [self._lead(keys, weights, frame)
                 for keys, weights in zip(self._pages, self._weights, strict=True)]  # fmt: skip
        above = Counter(key for lead in leads for key in set(lead))
        most = max(_LEADS, _LEADS_SHARE * len(leads))
        for lead in leads:
            found = {
                key: size
                for key, size in lead.items()
                if size >= _LEAST_HEADLINE and self._counts[key] > 1 and above[key] <= most
            }
            if found:
                best = max(found, key=lambda key: (found[key], key))
                if found[best] * 2 >= max(lead.values()):
                    yield best, frozenset(self._days[key] for key in lead if key in self._days)

    def _lead(self, keys: array[int], weights: bytes, frame: frozenset[int]) -> dict[int, int]:
        """The short lines above a page's longest run of paragraphs, with their lengths."""
        lines = [(key, size) for key, size in zip(keys, weights, strict=True) if key not in frame]
        start = best = first = last = run = 0
        for at, (_, size) in enumerate(lines):
            if size:
                continue
            if at - last > 2 or not run:  # a subhead may part two paragraphs
                first, run = at, 0
            last, run = at, run + 1
            if run > best:
                best, start = run, first
        if best < 2:
            return {}
        return {
            key: size
            for key, size in lines[max(0, start - _ZONE) : start]
            if 0 < size <= _LONGEST_HEADLINE
        }


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
