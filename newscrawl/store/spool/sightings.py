"""What was collected, as merging reads it: sightings, by their keys, beside what is published."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from newscrawl.addresses.canonical import url_key
from newscrawl.items import Article, ExchangeRate, Person
from newscrawl.merge.articles import Span, published_span
from newscrawl.merge.keys import headline_key, lead_key
from newscrawl.store.spool.tables import INSERT_BODY

_INDEXES = """
CREATE INDEX IF NOT EXISTS articles_by_url ON articles (site, url_key) WHERE url_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_by_headline ON articles (site, headline_key);
CREATE INDEX IF NOT EXISTS articles_by_lead ON articles (site, lead_key);
CREATE INDEX IF NOT EXISTS rates_by_key ON rates (key);
CREATE INDEX IF NOT EXISTS people_by_id ON people (site, id);
"""

KEYS = ("url_key", "headline_key", "lead_key")
"""By which sightings of one article meet; columns of the spool, names for `state_key`."""

# A sighting on a page that shows the article itself, and not a list of such.
_ITS_OWN = "kind NOT IN ('listing', 'author')"

_decode_article = msgspec.json.Decoder(Article).decode
_decode_rate = msgspec.json.Decoder(ExchangeRate).decode
_decode_person = msgspec.json.Decoder(Person).decode


@dataclass(frozen=True, slots=True)
class SpooledPrint:
    """What is compared of a spooled sighting; `number` counts from 1."""

    number: int
    page: str
    url_key: str | None
    headline: str | None
    published: Span | None
    is_truncated: bool
    body_sha256: str | None


class Sightings:
    """The sightings of a run, their texts cleaned, and the published articles beside them.

    Args:
        db: the spool's connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def index(self) -> None:
        """Make what merging needs; worth its time only once all pages are in and cleaned."""
        self._db.executescript(_INDEXES)

    def last_number(self) -> int:
        """The highest number of a sighting; 0 where there is none."""
        (last,) = self._db.execute("SELECT coalesce(max(number), 0) FROM articles").fetchone()
        return int(last)

    def groups(self, key: str) -> Iterator[list[SpooledPrint]]:
        """Sightings of one site with one key, two or more at a time.

        Args:
            key: "url_key", "headline_key" or "lead_key".
        """
        rows = self._db.execute(
            f"SELECT site, {key}, number, page, url_key, headline, earliest, latest, is_truncated,"  # noqa: S608  # names of our own, no input
            " body_sha256 FROM (SELECT site, url_key, headline_key, lead_key, number, page, headline,"
            " earliest, latest, is_truncated, body_sha256 FROM articles UNION ALL"
            " SELECT site, url_key, headline_key, lead_key, number, page, headline,"
            " earliest, latest, is_truncated, body_sha256 FROM known)"
            f" WHERE {key} IS NOT NULL ORDER BY site, {key}, number"
        )
        group: list[SpooledPrint] = []
        group_key: tuple[str, str] | None = None
        for (
            site,
            value,
            number,
            page,
            url,
            headline,
            earliest,
            latest,
            is_truncated,
            digest,
        ) in rows:
            if (site, value) != group_key:
                if len(group) > 1:
                    yield group
                group, group_key = [], (site, value)
            published = None if earliest is None else (earliest, latest)
            group.append(
                SpooledPrint(number, page, url, headline, published, bool(is_truncated), digest)
            )
        if len(group) > 1:
            yield group

    def body(self, digest: str | None) -> str:
        """A body by its digest; the empty body has none."""
        if digest is None:
            return ""
        (body,) = self._db.execute("SELECT body FROM bodies WHERE sha256 = ?", (digest,)).fetchone()
        return str(body)

    def key_values(self, key: str) -> Iterator[tuple[str, str]]:
        """Site and value of one key, each once.

        Args:
            key: "url_key", "headline_key" or "lead_key".
        """
        yield from self._db.execute(
            f"SELECT DISTINCT site, {key} FROM articles WHERE {key} IS NOT NULL"  # noqa: S608  # names of our own, no input
        )

    def begin_known(self) -> None:
        """Empty the place of the published articles that the run may have met again."""
        self._db.executescript(
            "DROP TABLE IF EXISTS known;"
            "CREATE TABLE known (number INTEGER PRIMARY KEY, state INTEGER UNIQUE, page TEXT,"
            " site TEXT, headline TEXT, url_key TEXT, headline_key TEXT, lead_key TEXT,"
            " earliest REAL, latest REAL, is_truncated INTEGER, body_sha256 TEXT);"
        )
        self._db.execute("BEGIN")

    def add_known(self, number: int, state: int, article: Article) -> None:
        """Put a published article beside the sightings, to be compared with them.

        Args:
            number: above those of the sightings.
            state: its number in the state.
            article: as it was last published.
        """
        digest = hashlib.sha256(article.article_body.encode()).hexdigest()
        self._db.execute(INSERT_BODY, (digest, article.article_body, b""))
        self._db.execute(
            "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, state, f"\0{state}", article.site, article.headline, url_key(article.url),
             headline_key(article.headline), lead_key(article.article_body),
             *(published_span(article) or (None, None)), article.is_truncated, digest),
        )  # fmt: skip

    def end_known(self) -> dict[int, int]:
        """All published articles are in: number here → number in the state."""
        self._db.execute("COMMIT")
        return dict(self._db.execute("SELECT number, state FROM known ORDER BY number"))

    def gone(self) -> list[tuple[str, datetime]]:
        """URL keys of the pages that are gone, and when that was seen.

        An address whose own page was there after all is not gone; that a listing still names it
        says nothing.
        """
        return [
            (url, datetime.fromisoformat(seen_at))
            for url, seen_at in self._db.execute(
                "SELECT url, max(seen_at) FROM gone WHERE url NOT IN"  # noqa: S608  # names of our own, no input
                " (SELECT url_key FROM articles WHERE url_key IS NOT NULL"
                f" AND {_ITS_OWN}) GROUP BY url"
            )
        ]

    def shows_its_own(self, numbers: list[int]) -> bool:
        """Whether any of some sightings is more than an entry of a list."""
        return any(
            self._db.execute(
                f"SELECT 1 FROM articles WHERE number = ? AND {_ITS_OWN}",  # noqa: S608  # names of our own, no input
                (number,),
            ).fetchone()
            for number in numbers
        )

    def shown_urls(self) -> Iterator[str]:
        """The URL keys of all whose own page was there."""
        for (url,) in self._db.execute(
            f"SELECT DISTINCT url_key FROM articles WHERE url_key IS NOT NULL AND {_ITS_OWN}"  # noqa: S608  # names of our own, no input
        ):
            yield url

    def numbers(self) -> Iterator[int]:
        """The number of every sighting, in order."""
        for (number,) in self._db.execute("SELECT number FROM articles ORDER BY number"):
            yield number

    def article(self, number: int) -> Article:
        """A sighting with its body."""
        item, digest, body = self._db.execute(
            "SELECT item, body_sha256, body FROM articles LEFT JOIN bodies ON body_sha256 = sha256"
            " WHERE number = ?",
            (number,),
        ).fetchone()
        article = _decode_article(item)
        article.article_body = body or ""
        article.sightings[0].body_sha256 = digest
        return article

    def keys_of(self, number: int) -> list[tuple[str, str, str]]:
        """Name, site and value of the keys that a sighting has, its text cleaned."""
        site, *values = self._db.execute(
            f"SELECT site, {', '.join(KEYS)} FROM articles WHERE number = ?",  # noqa: S608  # names of our own, no input
            (number,),
        ).fetchone()
        return [(name, site, value) for name, value in zip(KEYS, values, strict=True) if value]

    def rates(self) -> Iterator[list[ExchangeRate]]:
        """The rates of each key, sorted by key."""
        yield from self._grouped("SELECT key, item FROM rates ORDER BY key, page", _decode_rate)

    def people(self) -> Iterator[list[Person]]:
        """The sightings of each person, sorted by site and id."""
        yield from self._grouped(
            "SELECT site || char(10) || id, item FROM people ORDER BY site, id, page",
            _decode_person,
        )

    def _grouped(self, query: str, decode: Any) -> Iterator[list[Any]]:
        group: list[Any] = []
        group_key = None
        for key, item in self._db.execute(query):
            if key != group_key and group:
                yield group
                group = []
            group_key = key
            group.append(decode(item))
        if group:
            yield group
