"""Merged articles on their way into a drop and the state."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from newscrawl.items import Article


@dataclass(slots=True)
class Record:
    """A merged article on its way into the drop and the state.

    Attributes:
        article: the record.
        pages: the run's pages that showed it, the first one first.
        sightings: the numbers of the run's sightings of it.
        keys: by which it will be found again.
        state: its number in the state; None for a new one.
        merged_into: the number of the published article that this one turned out to be.
        is_exported: it is written to the drop.
    """

    article: Article
    pages: list[str]
    sightings: list[int] = field(default_factory=list)
    keys: array[int] = field(default_factory=lambda: array("q"))
    state: int | None = None
    merged_into: int | None = None
    is_exported: bool = True


class RecordText(msgspec.Struct):
    """What of a merged article is compared with others: the fields of `Article` of these names."""

    id: str
    event: str
    site: str
    article_body: str


_encode = msgspec.json.Encoder().encode
_decode_article = msgspec.json.Decoder(Article).decode
_decode_text = msgspec.json.Decoder(RecordText).decode


class Records:
    """The merged articles, and on which pages they stood.

    Args:
        db: the spool's connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self) -> None:
        """Empty the place where merged articles wait to be sorted."""
        self._db.executescript(
            "DROP TABLE IF EXISTS records; DROP TABLE IF EXISTS shown; DROP TABLE IF EXISTS made;"
            "CREATE TABLE records (number INTEGER PRIMARY KEY, site TEXT, id TEXT, state INTEGER,"
            " merged_into INTEGER, is_exported INTEGER, keys BLOB, item BLOB);"
            "CREATE TABLE shown (page TEXT, record INTEGER, is_first INTEGER);"
            "CREATE TABLE made (sighting INTEGER PRIMARY KEY, record INTEGER);"
            "CREATE INDEX records_by_state ON records (state) WHERE state IS NOT NULL;"
        )
        self._db.execute("BEGIN")

    def add(self, record: Record) -> None:
        """Put a merged article where it will be sorted, and note on which pages it stood."""
        number = self._db.execute(
            "INSERT INTO records (site, id, state, merged_into, is_exported, keys, item)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (record.article.site, record.article.id, record.state, record.merged_into,
             record.is_exported, record.keys.tobytes(), _encode(record.article)),
        ).lastrowid  # fmt: skip
        # What is not exported counts as a duplicate: of the record in an earlier drop.
        self._db.executemany(
            "INSERT INTO shown VALUES (?, ?, ?)",
            [
                (page, number, at == 0 and record.is_exported)
                for at, page in enumerate(record.pages)
            ],
        )
        self._db.executemany(
            "INSERT INTO made VALUES (?, ?)", [(sighting, number) for sighting in record.sightings]
        )

    def has_state(self, state: int) -> bool:
        """Whether a published article is among the merged ones."""
        return (
            self._db.execute("SELECT 1 FROM records WHERE state = ?", (state,)).fetchone()
            is not None
        )

    def add_withdrawn(self, record: Record) -> None:
        """Add the record of a published article that is gone, unless the run has one of it."""
        if record.state is not None and not self.has_state(record.state):
            self.add(record)

    def end(self, other_id: Callable[[Article], str]) -> None:
        """All merged articles are in.

        Args:
            other_id: gives those an id of their own that ended up with one id between them.
        """
        self._db.execute("CREATE INDEX records_by_id ON records (site, id)")
        clashing = self._db.execute(
            "SELECT number, item FROM records WHERE state IS NULL AND (site, id) IN"
            " (SELECT site, id FROM records GROUP BY site, id HAVING count(*) > 1)"
        ).fetchall()
        for number, item in clashing:
            article = _decode_article(item)
            article.id = other_id(article)
            self._db.execute(
                "UPDATE records SET id = ?, item = ? WHERE number = ?",
                (article.id, _encode(article), number),
            )
        self._db.execute("CREATE INDEX shown_on_page ON shown (page, is_first, record)")
        self._db.execute("COMMIT")

    def texts(self) -> Iterator[tuple[int, RecordText]]:
        """What is compared of the merged articles, with their numbers, from 1."""
        for number, item in self._db.execute("SELECT number, item FROM records ORDER BY number"):
            yield number, _decode_text(item)

    def text(self, number: int) -> RecordText:
        """What is compared of a merged article."""
        (item,) = self._db.execute(
            "SELECT item FROM records WHERE number = ?", (number,)
        ).fetchone()
        return _decode_text(item)

    def article_ids(self, pages: list[str]) -> list[str]:
        """The ids of the merged articles on some pages."""
        return [
            row[0]
            for page in pages
            for row in self._db.execute(
                "SELECT DISTINCT id FROM shown JOIN records ON record = number WHERE page = ?",
                (page,),
            )
        ]

    def count_shown(self, page: str) -> tuple[int, int]:
        """How many articles a page was the first to show, and how many others showed first."""
        first, all_ = self._db.execute(
            "SELECT coalesce(sum(is_first), 0), count(*) FROM shown WHERE page = ?", (page,)
        ).fetchone()
        return int(first), int(all_ - first)
