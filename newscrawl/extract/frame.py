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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from newscrawl.dates import DateInterval, is_relative, order_of_days, parse_date
from newscrawl.extract.blocks import clean_lines, read_blocks
from newscrawl.extract.lines import printed_day, weight

# A frame is what stands on this share of at least so many pages.
_LEAST_PAGES = 5
_SHARE = 0.8
_MANY_PAGES = 10
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
_OFTEN = 3
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
        usual: for the key of each line of the frame, how often a page prints it at least.
        pairs: the lines of the frame that follow each other on nearly all pages.
        headlines: for the key of each line that is some page's headline, the days of the year that
            its own page prints above its text.
        counts: on how many dumps each line stands, by its key.
        order: in which the site writes day, month and year in numbers, where its dumps prove it.
    """

    usual: dict[int, int] = field(default_factory=dict)
    pairs: frozenset[tuple[int, int]] = frozenset()
    headlines: dict[int, frozenset[int]] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    order: str | None = None

    def held(self, keys: Sequence[int]) -> list[bool]:
        """Which lines of a page are the frame's.

        A page that prints a line more often than the frame does has it in its own text, too (the
        latest headlines stand beside every article, and in the list of all): then it is the
        frame's where it stands beside the frame.

        Args:
            keys: of the page's lines, in order.
        """
        if not self.usual:
            return [False] * len(keys)
        printed = Counter(key for key in keys if key in self.usual)
        held = []
        for at, key in enumerate(keys):
            is_held = key in self.usual
            if is_held and printed[key] > self.usual[key]:
                is_held = (at > 0 and (keys[at - 1], key) in self.pairs) or (
                    at + 1 < len(keys) and (key, keys[at + 1]) in self.pairs
                )
            held.append(is_held)
        return held

    def is_headline(self, text: str) -> bool:
        """Whether a line is the headline of a page of the site."""
        return bool(self.headlines) and line_key(text) in self.headlines

    def agrees(self, headline: str, printed: str) -> bool | None:
        """Whether a date is one that a headline's own page prints; None where nothing tells."""
        known = self.headlines.get(line_key(headline)) if self.headlines else None
        day = day_of_year(printed, self.order) if known else None
        return day in known if known and day else None

    def stands_on(self, text: str) -> int:
        """On how many of the site's dumps a line stands, 0 where nobody counted."""
        return self.counts[line_key(text)] if self.counts else 0


NO_FRAME = Frame()
"""Of a dump that stands alone."""


def day_of_year(printed: str, order: str | None = None) -> int | None:
    """The day and month of a date as one number, whatever its year; None of what is no day.

    A relative date is none: what it counts from is another page's own date.
    """
    if is_relative(printed):
        return None
    found = parse_date(printed, anchor=_SOME_DAY, order=order)
    day = found.best if found and found.precision not in ("month", "year") else None
    return day.month * 100 + day.day if day else None


_SOME_DAY = DateInterval.day(date(2000, 1, 1))


@dataclass(slots=True)
class _Counted:
    """A dump as it was counted: its lines' keys in order, how long each is (0: prose)."""

    keys: array[int]
    weights: bytes


class FrameCount:
    """The lines of one site's dumps as they are counted."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._pages: list[_Counted] = []
        # What a page prints again and again is small print, above whatever texts it stands.
        self._often: set[int] = set()
        # The date that a line prints, by the line's key.
        self._dates: dict[int, str] = {}

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
                self._dates[keys[-1]] = printed
            weights.append(0 if is_prose else min(size, 255))
        times_printed = Counter(keys)
        self._counts.update(times_printed.keys())
        self._often.update(key for key, times in times_printed.items() if times >= _OFTEN)
        self._pages.append(_Counted(keys, bytes(weights)))

    def settle(self) -> Frame:
        """What is known when all dumps were counted."""
        if len(self._pages) < _LEAST_PAGES or not self._differ():
            return NO_FRAME
        frame = Frame(counts=self._counts, order=self._order())
        above = Counter(key for lead in self._leads(frame) for key in lead)
        self._find_lines(frame, self._pages)
        leads = self._leads(frame)
        # What stands on all article pages alone is their frame.
        self._find_lines(
            frame, [page for page, lead in zip(self._pages, leads, strict=True) if lead]
        )
        # What stands above one page's text is that page's, and the frame's only beside the frame.
        most = max(_LEADS, _LEADS_SHARE * len(self._pages))
        frame.usual |= {key: 0 for key in frame.usual if 0 < above[key] <= most}
        for headline, days in self._headlines(self._leads(frame), frame.order):
            frame.headlines[headline] = frame.headlines.get(headline, frozenset()) | days
        return frame

    def _differ(self) -> bool:
        """Whether the pages' texts are mostly their own."""
        few = max(_OWN_PAGES, _OWN_SHARE * len(self._pages))
        prose = [
            key
            for page in self._pages
            for key, size in zip(page.keys, page.weights, strict=True)
            if size == 0
        ]
        own = sum(self._counts[key] <= few for key in prose)
        return bool(prose) and own >= _LEAST_OWN * len(prose)

    def _order(self) -> str | None:
        """The order of numbers that all lists prove which prove any."""
        orders = {
            order_of_days([self._dates[key] for key in page.keys if key in self._dates], None)
            for page in self._pages
        }
        orders.discard(None)
        return orders.pop() if len(orders) == 1 else None

    def _find_lines(self, frame: Frame, pages: list[_Counted]) -> None:
        """Add to a frame the lines that nearly all of some pages share."""
        if len(pages) < _LEAST_PAGES:
            return
        # Of few pages all: four pages of five name the front page's first article, too.
        least = _SHARE * len(pages) if len(pages) >= _MANY_PAGES else len(pages)
        standing = Counter(key for page in pages for key in set(page.keys))
        lines = {key for key, count in standing.items() if count >= least}
        pairs: Counter[tuple[int, int]] = Counter()
        for page in pages:
            printed = Counter(key for key in page.keys if key in lines)
            for key, times in printed.items():
                frame.usual[key] = min(frame.usual.get(key, times), times)
            pairs.update({pair for pair in pairwise(page.keys) if lines.issuperset(pair)})
        frame.pairs |= {pair for pair, count in pairs.items() if count >= least}

    def _leads(self, frame: Frame) -> list[dict[int, int]]:
        return [self._lead(page, frame) for page in self._pages]

    def _headlines(
        self, leads: list[dict[int, int]], order: str | None
    ) -> Iterator[tuple[int, frozenset[int]]]:
        """The line above each page's text that stands above few others, and on other pages too.

        Yields:
            Its key, and the days that are printed above the text.
        """
        above = Counter(key for lead in leads for key in set(lead))
        most = max(_LEADS, _LEADS_SHARE * len(leads))
        for lead in leads:
            found = {
                key: size
                for key, size in lead.items()
                if size >= _LEAST_HEADLINE
                and self._counts[key] > 1
                and above[key] <= most
                and key not in self._often
            }
            if found:
                best = max(found, key=lambda key: (found[key], key))
                if found[best] * 2 >= max(lead.values()):
                    days = {
                        day_of_year(self._dates[key], order) for key in lead if key in self._dates
                    }
                    yield best, frozenset(day for day in days if day)

    def _lead(self, page: _Counted, frame: Frame) -> dict[int, int]:
        """The short lines above a page's own text, with their lengths.

        Its own text is the run of paragraphs of which most stand on few other pages.
        """
        held = frame.held(page.keys)
        lines = [
            (key, size)
            for key, size, is_held in zip(page.keys, page.weights, held, strict=True)
            if not is_held
        ]
        start = first = last = texts = 0
        best = run = 0.0
        for at, (key, size) in enumerate(lines):
            if size:
                continue
            if at - last > 2 or not texts:  # a subhead may part two paragraphs
                first, run, texts = at, 0.0, 0
            last, run, texts = at, run + 1 / self._counts[key], texts + 1
            if run > best and texts > 1:
                best, start = run, first
        if not best:
            return {}
        return {
            key: size
            for key, size in lines[max(0, start - _ZONE) : start]
            if 0 < size <= _LONGEST_HEADLINE
        }


def find_frame(texts: Iterable[str]) -> Frame:
    r"""The frame of one site's dumps.

    >>> pages = [f"Home\n\nReport {n}\n\n{'Of barns and piers. ' * n * 9}" for n in range(1, 7)]
    >>> find_frame(pages).stands_on("Home")
    6
    """
    count = FrameCount()
    for text in texts:
        count.add(text)
    return count.settle()
