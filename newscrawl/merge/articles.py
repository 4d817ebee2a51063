"""Which sightings are one article, and the one record they make.

Sightings meet by three keys: the address, the headline and the beginning of the text. One
address is one article; under one headline or beginning their texts must agree, and their
addresses and dates must not speak against it. Whatever meets by any key is joined, so the
result is transitive and does not depend on the order in which pages were read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from newscrawl.dates.article import date_article
from newscrawl.extract.ids import article_id
from newscrawl.extract.typography import letters
from newscrawl.items import Article, Sighting
from newscrawl.merge.fields import extracted_by, merge_values, sources_of
from newscrawl.merge.keys import headline_key

# Two prints under one headline share at least half of the shorter one's text: an editor who
# rewrites a report keeps its facts and quotes, two days' "Morning briefing" share phrases.
_SHARED = 0.5
_SHINGLE_LETTERS = 12
# Powers of an odd number, modulo 2**64: a run is the polynomial of its letters.
_RUN_FACTORS = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(_SHINGLE_LETTERS)], np.uint64
)
# A text this long is not printed under two headlines by accident ("Watch the video above").
_LONG_LETTERS = 200
# Under two addresses of a site, a text must be the same but for corrections.
_SHARED_UNDER_TWO_ADDRESSES = 0.8
_A_DAY = 86_400.0
# More texts than these under one headline, and it is the name of a series ("Morning
# briefing"): only the same text is one article then, and no pair by pair comparison.
_MOST_VERSIONS = 40

Span = tuple[float, float]
"""First and last possible second of publication."""


@dataclass(frozen=True, slots=True)
class Print:
    """What is compared of a sighting.

    Attributes:
        headline: its `headline_key`, or None.
        text: the body's letters.
        is_truncated: the body is cut off.
        url: its `url_key`, or None.
        published: when it can have been published, or None.
    """

    headline: str | None
    text: str
    is_truncated: bool
    url: str | None = None
    published: Span | None = None

    @classmethod
    def of(
        cls,
        headline: str | None,
        body: str,
        is_truncated: bool,
        url: str | None = None,
        published: Span | None = None,
    ) -> Print:
        """Make a print of an article's headline and body."""
        return cls(headline_key(headline), letters(body), is_truncated, url, published)


def published_span(article: Article) -> Span | None:
    """When an article can have been published, by its date evidence; None: any time."""
    evidence = article.date_evidence.published
    if evidence is None or (evidence.earliest is None and evidence.latest is None):
        return None
    return (
        datetime.fromisoformat(evidence.earliest).timestamp() if evidence.earliest else -1e12,
        datetime.fromisoformat(evidence.latest).timestamp() if evidence.latest else 1e12,
    )


def same_article(a: Print, b: Print) -> bool:
    """Whether two prints of one site are one article; symmetric.

    With one address: they are, whatever became of headline and text.

    With one headline: the texts are alike and the dates agree, or one is the beginning of the
    other, or one is missing. Without a common headline: the texts are the same, or a truncated
    one is the beginning of the other; a shared first sentence or paragraph is not enough.

    Two addresses speak for two articles: then the texts must be long, and the same but for
    corrections. (Sections print one report under addresses of their own.)
    """
    if a.url is not None and a.url == b.url:
        return True
    shorter, longer = sorted((a, b), key=lambda p: (len(p.text), p.text))
    two_addresses = a.url is not None and b.url is not None
    if two_addresses and len(shorter.text) < _LONG_LETTERS:
        return False
    if a.headline is not None and a.headline == b.headline:
        if longer.text.startswith(shorter.text):
            return True
        least = _SHARED_UNDER_TWO_ADDRESSES if two_addresses else _SHARED
        return _dates_agree(a, b) and _share(shorter.text, longer.text) >= least
    if a.headline is not None and b.headline is not None and len(shorter.text) < _LONG_LETTERS:
        return False
    if shorter.text == longer.text:
        return bool(shorter.text)
    return shorter.is_truncated and bool(shorter.text) and longer.text.startswith(shorter.text)


def _dates_agree(a: Print, b: Print) -> bool:
    """Whether both can have been published on one day, or on two that follow each other."""
    if a.published is None or b.published is None:
        return True
    return a.published[0] < b.published[1] + _A_DAY and b.published[0] < a.published[1] + _A_DAY


def _share(shorter: str, longer: str) -> float:
    """How much of the shorter text stands in the longer one, by runs of letters."""
    runs = _runs(shorter)
    return float(np.intersect1d(runs, _runs(longer), assume_unique=True).size / runs.size)


# Each text of a group is compared with all others: the runs of as many are kept, eight bytes a
# letter, as are compared pair by pair.
@lru_cache(_MOST_VERSIONS)
def _runs(text: str) -> npt.NDArray[np.uint64]:
    """The different runs of so many letters in a text, each as a number; of a shorter text itself."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    count = max(1, codes.size - _SHINGLE_LETTERS + 1)
    found = np.zeros(count, np.uint64)
    for at, factor in enumerate(_RUN_FACTORS[: codes.size]):
        found += codes[at : at + count] * factor
    return np.unique(found)


class Clusters:
    """Sets that grow together (union-find); a member is a number from 0, eight bytes each."""

    def __init__(self, size: int) -> None:
        self._parent = array("q", range(size))

    def root(self, member: int) -> int:
        """The smallest member of the set, found with path halving."""
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(self, a: int, b: int) -> None:
        """Make two members' sets one."""
        a, b = sorted((self.root(a), self.root(b)))
        self._parent[b] = a

    def groups(self, members: Iterable[int]) -> Iterator[list[int]]:
        """Those of one set together, in order; the sets in the order of their first member."""
        numbers = np.fromiter(members, np.int64)
        roots = np.fromiter(map(self.root, numbers.tolist()), np.int64, numbers.size)
        order = np.lexsort((numbers, roots))
        starts = np.flatnonzero(np.diff(roots[order], prepend=-1)).tolist()
        for start, end in pairwise([*starts, order.size]):
            yield numbers[order[start:end]].tolist()


def join_group(clusters: Clusters, members: list[tuple[int, Print]]) -> None:
    """Join those of a group with a common key that are one article.

    Args:
        clusters: where they are joined.
        members: number and print of each; the same print may stand many times.
    """
    by_print: dict[Print, int] = {}
    for number, print_ in members:
        clusters.join(by_print.setdefault(print_, number), number)
    for a, b in _candidates(list(by_print)):
        first, second = by_print[a], by_print[b]
        if clusters.root(first) != clusters.root(second) and same_article(a, b):
            clusters.join(first, second)


def _candidates(prints: list[Print]) -> Iterator[tuple[Print, Print]]:
    """Pairs that can be one article: all, or in a series those of which one begins the other."""
    if len(prints) <= _MOST_VERSIONS:
        yield from combinations(prints, 2)
        return
    # In alphabetical order a text stands before all those that it begins, and nothing else
    # stands between them; `beginnings` are those that the present text may go on from.
    beginnings: list[Print] = []
    for print_ in sorted(prints, key=lambda p: p.text):
        while beginnings and not print_.text.startswith(beginnings[-1].text):
            beginnings.pop()
        for beginning in beginnings[-_MOST_VERSIONS:]:
            yield beginning, print_
        beginnings.append(print_)


def join_address(clusters: Clusters, members: list[tuple[int, str, Print]]) -> bool:
    """Join all that has one address, unless a page gives the address to different articles.

    Such an address (a listing's own, a section's "canonical" front page) is no article's.

    Args:
        clusters: where they are joined.
        members: number, page and print (without the address) of each.

    Returns:
        Whether it is an article's address.
    """
    on_page: dict[str, set[Print]] = {}
    for _, page, print_ in members:
        on_page.setdefault(page, set()).add(print_)
    # Every pair, for sameness of pairs is not transitive: a headline alone is like any text.
    for prints in on_page.values():
        if not all(same_article(a, b) for a, b in combinations(prints, 2)):
            return False
    for number, _, _ in members:
        clusters.join(members[0][0], number)
    return True


def merge_sightings(sightings: Iterable[Article]) -> Article:
    """One record from all sightings of an article, field by field as `newscrawl.items` declares.

    The longest untruncated body wins; the dates are intersected.

    Args:
        sightings: at least one; each is an article with one sighting.
    """
    ranked = sorted(sightings, key=_rank)
    sources = sources_of(ranked, "best")
    merged = replace(
        ranked[0], **merge_values(ranked, sources), extracted_by=extracted_by(ranked, sources)
    )
    merged.sightings.sort(key=sighting_order)
    merged.id = article_id(merged.site, merged.headline, merged.article_body)
    if len(ranked) == 1 and merged.date_evidence.published:
        return merged  # dated by its page, and nothing else says anything
    return date_article(merged)


def sighting_order(sighting: Sighting) -> tuple[str, str, int]:
    """Where a sighting stands among those of its record: by date, undated ones last."""
    return sighting.page_date or "9999", sighting.page, sighting.position


def _rank(article: Article) -> tuple[bool, int, str, str, str, int]:
    """Best first: whole before truncated, long before short, then whatever breaks a tie for good."""
    order = sighting_order(article.sightings[0])
    return (article.is_truncated, -len(article.article_body), article.article_body, *order)
