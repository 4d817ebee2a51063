"""What a site's part of a drop looks like in numbers, for `drops.checks` to compare with the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from statistics import median
from typing import Final

import msgspec

from newscrawl.extract.lines import weight
from newscrawl.items import Article, PageRecord

FIELDS: Final = (
    "headline",
    "date_published",
    "authors",
    "description",
    "article_section",
    "keywords",
    "images",
    "url",
)
"""Fields that a site either prints with its articles or does not."""

_WORD = 6
"""Characters of a word, its space among them, in scripts that part no words."""
_LONGEST_WORD = 25


class Share(msgspec.Struct, array_like=True):
    """How many of some things are of a kind."""

    count: int = 0
    of: int = 0

    def add(self, is_of_it: bool) -> None:
        """Count one more."""
        self.count += is_of_it
        self.of += 1

    def plus(self, other: Share) -> Share:
        """Both together."""
        return Share(self.count + other.count, self.of + other.of)


class Measures(msgspec.Struct):
    """What one site brought in one run.

    Attributes:
        articles: new and updated ones.
        shares: of articles or pages, each of something that is seldom good news when it grows.
        sizes: how many texts have each length, as the bits of their count of characters.
        words: the median of the texts, or None without one.
        newest: the latest publication, RFC 3339, or None.
    """

    articles: int = 0
    shares: dict[str, Share] = msgspec.field(default_factory=dict)
    sizes: dict[int, int] = msgspec.field(default_factory=dict)
    words: float | None = None
    newest: str | None = None

    def share(self, name: str) -> Share:
        """A share by its name; 0 of 0 where nothing was counted."""
        return self.shares.get(name) or Share()


class Measuring:
    """Measures the records of a drop while they are written."""

    def __init__(self) -> None:
        self.sites: dict[str, Measures] = {}
        self._headlines: dict[str, set[int]] = {}
        self._words: dict[str, list[int]] = {}

    def articles(self, records: Iterable[Article]) -> Iterator[Article]:
        """Pass articles through; those that did not change, or are withdrawn, do not count."""
        for article in records:
            if article.event in ("new", "updated"):
                self._add_article(article)
            yield article

    def pages(self, records: Iterable[PageRecord]) -> Iterator[PageRecord]:
        """Pass the ledger through."""
        for page in records:
            if page.site:
                self._add_page(page)
            yield page

    def finish(self) -> dict[str, Measures]:
        """Site → measures, when all records have passed."""
        for site, words in self._words.items():
            self.sites[site].words = float(median(words))
        return dict(sorted(self.sites.items()))

    def _of(self, site: str) -> Measures:
        return self.sites.setdefault(site, Measures())

    def _add_article(self, article: Article) -> None:
        measures = self._of(article.site)
        measures.articles += 1

        def count(name: str, is_so: bool) -> None:
            measures.shares.setdefault(name, Share()).add(is_so)

        for name in FIELDS:
            count(f"no {name}", not getattr(article, name))
        count("truncated", bool(article.is_truncated))
        count("no whole text", bool(article.is_truncated) or not article.article_body)
        if article.headline:
            headlines = self._headlines.setdefault(article.site, set())
            key = hash(article.headline)
            count("headline of another", key in headlines)
            headlines.add(key)
        captured = article.sightings[0].fetched_at if article.sightings else None
        if article.date_published and captured:
            count("dated on the day of capture", article.date_published[:10] == captured[:10])
        if article.article_body:
            size = weight(article.article_body).bit_length()
            measures.sizes[size] = measures.sizes.get(size, 0) + 1
            self._words.setdefault(article.site, []).append(words_in(article.article_body))
        published = article.date_evidence.published if article.date_evidence else None
        latest = published.latest if published and article.date_published else None
        if latest and (
            measures.newest is None
            or datetime.fromisoformat(latest) > datetime.fromisoformat(measures.newest)
        ):
            measures.newest = latest

    def _add_page(self, page: PageRecord) -> None:
        shares = self._of(page.site or "").shares

        def count(name: str, is_so: bool) -> None:
            shares.setdefault(name, Share()).add(is_so)

        count("blocked", page.outcome == "blocked")
        count("rejected", page.outcome == "rejected")
        if page.outcome in ("extracted", "empty", "layout-unknown", "not-news"):
            count("page without articles", page.outcome != "extracted")


def words_in(text: str) -> int:
    """Count words; where a script parts none, six characters are one.

    >>> words_in("Three short words")
    3
    """
    words = text.split()
    if (size := weight(text)) > _LONGEST_WORD * len(words):
        return size // _WORD
    return len(words)
