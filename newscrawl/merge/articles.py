"""Which sightings are one article, and the one record they make.

Sightings meet by two keys, the headline and the beginning of the text, and are one
article only where their texts agree. Whatever meets by any key is joined, so the result
is transitive and does not depend on the order in which pages were read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from newscrawl.extract.typography import letters
from newscrawl.items import Article, ExtractedBy, Image
from newscrawl.merge.dating import date_article
from newscrawl.merge.keys import article_id, headline_key

# Two prints under one headline share at least half of the shorter one's text: an editor who
# rewrites a report keeps its facts and quotes, two days' "Morning briefing" share phrases.
_SHARED = 0.5
_SHINGLE_LETTERS = 12
# The fields whose value comes from the best sighting that has one.
_FROM_BEST = ("headline", "url", "description", "article_section", "keywords", "in_language",
              "is_accessible_for_free", "authors", "dateline", "publisher", "credits")  # fmt: skip
# A text this long is not printed under two headlines by accident ("Watch the video above").
_LONG_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Print:
    """What is compared of a sighting.

    Attributes:
        headline: its `headline_key`, or None.
        text: the body's letters.
        is_truncated: the body is cut off.
    """

    headline: str | None
    text: str
    is_truncated: bool

    @classmethod
    def of(cls, headline: str | None, body: str, is_truncated: bool) -> Print:
        """Make a print of an article's headline and body."""
        return cls(headline_key(headline), letters(body), is_truncated)


def same_article(a: Print, b: Print) -> bool:
    """Whether two prints of one site are one article; symmetric.

    With one headline: the texts are alike, or one is the beginning of the other, or one is
    missing. Without a common headline: the texts are the same, or a truncated one is the
    beginning of the other; a shared first sentence or paragraph is not enough.
    """
    shorter, longer = sorted((a, b), key=lambda p: (len(p.text), p.text))
    if a.headline is not None and a.headline == b.headline:
        return longer.text.startswith(shorter.text) or _share(shorter.text, longer.text) >= _SHARED
    if a.headline is not None and b.headline is not None and len(shorter.text) < _LONG_LETTERS:
        return False
    if shorter.text == longer.text:
        return bool(shorter.text)
    return shorter.is_truncated and bool(shorter.text) and longer.text.startswith(shorter.text)


def _share(shorter: str, longer: str) -> float:
    """How much of the shorter text stands in the longer one, by runs of letters."""
    runs = _shingles(shorter)
    return len(runs & _shingles(longer)) / len(runs)


def _shingles(text: str) -> set[str]:
    return {
        text[at : at + _SHINGLE_LETTERS] for at in range(max(1, len(text) - _SHINGLE_LETTERS + 1))
    }


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


def join_group(clusters: Clusters, members: list[tuple[int, Print]]) -> None:
    """Join those of a group with a common key that are one article.

    Args:
        clusters: where they are joined.
        members: number and print of each; the same print may stand many times.
    """
    by_print: dict[Print, int] = {}
    for number, print_ in members:
        clusters.join(by_print.setdefault(print_, number), number)
    for (a, first), (b, second) in combinations(by_print.items(), 2):
        if clusters.root(first) != clusters.root(second) and same_article(a, b):
            clusters.join(first, second)


def merge_sightings(sightings: Iterable[Article]) -> Article:
    """One record from all sightings of an article.

    The longest untruncated body wins; every other field comes from the best sighting that
    has it; images and credits of all are kept; the dates are intersected.

    Args:
        sightings: at least one; each is an article with one sighting.
    """
    ranked = sorted(sightings, key=_rank)
    best = ranked[0]
    merged = replace(
        best,
        **{name: _best(ranked, name) for name in _FROM_BEST},
        images=_images(ranked),
        sightings=sorted(
            (sighting for article in ranked for sighting in article.sightings),
            key=lambda s: (s.page_date or "9999", s.page, s.position),
        ),
        extracted_by=_extracted_by(ranked),
        date_readings=[reading for article in ranked for reading in article.date_readings],
    )
    merged.id = article_id(merged.site, merged.headline, merged.article_body)
    return date_article(merged)


def _rank(article: Article) -> tuple[bool, int, str, str, str, int]:
    """Best first: whole before truncated, long before short, then whatever breaks a tie for good."""
    sighting = article.sightings[0]
    return (
        article.is_truncated,
        -len(article.article_body),
        article.article_body,
        sighting.page_date or "9999",
        sighting.page,
        sighting.position,
    )


def _best(ranked: list[Article], name: str) -> Any:
    """A field's value from the best sighting that has one."""
    return next(
        (value for article in ranked if (value := getattr(article, name))), getattr(ranked[0], name)
    )


def _images(ranked: list[Article]) -> list[Image]:
    """Every picture once, told by its address or caption and credit."""
    images: dict[tuple[str | None, str | None, str | None], Image] = {}
    for article in ranked:
        for image in article.images:
            images.setdefault((image.url, image.caption, image.credit), image)
    return list(images.values())


def _extracted_by(ranked: list[Article]) -> dict[str, ExtractedBy]:
    found: dict[str, ExtractedBy] = {}
    for article in ranked:
        for name, layer in article.extracted_by.items():
            found.setdefault(name, layer)
    return dict(sorted(found.items()))
