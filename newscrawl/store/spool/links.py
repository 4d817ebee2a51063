"""Which merged articles are copies of each other, and the records with what they are linked to."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator

import msgspec

from newscrawl.items import Article, NearDuplicate
from newscrawl.store.state import Change

_decode_article = msgspec.json.Decoder(Article).decode


class Links:
    """The links between merged articles, and what of each is compared to find them.

    Args:
        db: the spool's connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self) -> None:
        """Empty the place where copies among the merged articles are noted."""
        self._db.executescript(
            "DROP TABLE IF EXISTS prints; DROP TABLE IF EXISTS links;"
            "CREATE TABLE prints (record INTEGER PRIMARY KEY, text_key INTEGER, signature BLOB);"
            "CREATE TABLE links (record INTEGER, other TEXT, similarity REAL);"
        )
        self._db.execute("BEGIN")

    def add_print(self, record: int, text_key: int, signature: bytes) -> None:
        """Note what a merged article is compared by."""
        self._db.execute("INSERT INTO prints VALUES (?, ?, ?)", (record, text_key, signature))

    def signature(self, record: int) -> bytes:
        """A merged article's signature."""
        (found,) = self._db.execute(
            "SELECT signature FROM prints WHERE record = ?", (record,)
        ).fetchone()
        return bytes(found)

    def link_same_texts(self, most: int) -> None:
        """Link the merged articles of different sites that have one text.

        Args:
            most: where more articles have it (a notice, and no report), each is linked to the
                first of each other site.
        """
        self._db.execute("CREATE INDEX prints_by_text ON prints (text_key)")
        large = "(SELECT text_key FROM prints GROUP BY text_key HAVING count(*) > ?)"
        self._db.execute(
            "INSERT INTO links SELECT a.record, s.id, NULL FROM prints a"  # noqa: S608  # SQL of our own, no input
            " JOIN prints b ON a.text_key = b.text_key AND a.record <> b.record"
            " JOIN records r ON r.number = a.record JOIN records s ON s.number = b.record"
            f" WHERE r.site <> s.site AND a.text_key NOT IN {large}",
            (most,),
        )
        self._db.execute(
            "INSERT INTO links SELECT a.record, s.id, NULL FROM prints a"  # noqa: S608  # SQL of our own, no input
            " JOIN records r ON r.number = a.record"
            " JOIN (SELECT text_key, site, min(id) AS id FROM prints JOIN records ON number = record"
            f"  WHERE text_key IN {large} GROUP BY text_key, site) s"
            " ON s.text_key = a.text_key WHERE r.site <> s.site",
            (most,),
        )

    def add(self, record: int, other: str, similarity: float | None) -> None:
        """Link a merged article to a copy (similarity None) or a near-duplicate."""
        self._db.execute("INSERT INTO links VALUES (?, ?, ?)", (record, other, similarity))

    def end(self) -> None:
        """All links are in."""
        self._db.execute("CREATE INDEX links_of_record ON links (record, other)")
        self._db.execute("COMMIT")

    def records(self) -> Iterator[Article]:
        """The merged articles with their links, sorted by site and id."""
        for number, item in self._db.execute(
            "SELECT number, item FROM records WHERE is_exported ORDER BY site, id"
        ):
            yield self._with_links(number, _decode_article(item))

    def _with_links(self, number: int, article: Article) -> Article:
        article.same_as, article.near_duplicates = [], []
        for other, similarity in self._db.execute(
            "SELECT DISTINCT other, similarity FROM links WHERE record = ? ORDER BY other",
            (number,),
        ):
            if similarity is None:
                article.same_as.append(other)
            else:
                article.near_duplicates.append(NearDuplicate(id=other, similarity=similarity))
        return article

    def changes(self) -> Iterator[Change]:
        """What the run makes of every article, for the state, in the order of the drop."""
        for number, item, state, merged_into, keys, text_key, signature in self._db.execute(
            "SELECT number, item, state, merged_into, keys, text_key, signature FROM records"
            " LEFT JOIN prints ON record = number ORDER BY site, id"
        ):
            article = self._with_links(number, _decode_article(item))
            yield Change(state, article, array("q", keys), text_key, signature, merged_into)
