"""Furniture across pages: what is merged is the cleaned text, what was printed stays."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from newscrawl.items import Furniture, RemovedBlock
from newscrawl.merge.keys import lead_key
from newscrawl.store.spool.tables import INSERT_BODY


class PrintedBody(NamedTuple):
    """A sighting's text as it was printed, and the keys of its blocks, packed."""

    number: int
    page: str
    site: str
    body: str
    blocks: bytes


class Cleaning:
    """Each site's articles on each kind of page as lists of blocks, and what is taken out of them.

    Args:
        db: the spool's connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self) -> None:
        """Take every text as it was printed, and list each site's articles, each once."""
        # From here on transactions are as large as the run, and mostly new pages of the file. A
        # rollback journal leaves those alone; a log writes them twice and slows as it grows.
        self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.executescript(
            "DROP TABLE IF EXISTS recurring; DROP TABLE IF EXISTS parted;"
            "CREATE TABLE recurring (page TEXT, site TEXT, text TEXT, reason TEXT, article INTEGER);"
            "CREATE TABLE parted (site TEXT, kind TEXT, article TEXT, blocks BLOB,"
            " PRIMARY KEY (site, kind, article)) WITHOUT ROWID;"
        )
        self._db.execute("BEGIN")
        self._db.execute(
            "UPDATE articles SET body_sha256 = printed_sha256, lead_key = printed_lead_key"
            " WHERE body_sha256 IS NOT printed_sha256"
        )
        # Of an article's texts the first by digest counts: any rule will do that knows no order.
        self._db.execute(
            "INSERT INTO parted SELECT site, kind, article, blocks FROM ("
            " SELECT site, kind, coalesce('u' || url_key, 'h' || headline_key, 'b' || sha256)"
            " AS article, blocks, min(sha256) FROM articles JOIN bodies ON printed_sha256 = sha256"
            " WHERE length(blocks) > 0 GROUP BY 1, 2, 3)"
        )

    def site_kinds(self) -> list[tuple[str, str]]:
        """Each site and kind of page that has articles of more than one block."""
        return self._db.execute("SELECT DISTINCT site, kind FROM parted").fetchall()

    def blocks(self, site: str, kind: str) -> Iterator[bytes]:
        """The blocks' keys of each of a site's articles on a kind of page."""
        for (blocks,) in self._db.execute(
            "SELECT blocks FROM parted WHERE site = ? AND kind = ?", (site, kind)
        ):
            yield blocks

    def has_parted(self, site: str, kind: str, article: str) -> bool:
        """Whether the run's own blocks of an article are counted."""
        return (
            self._db.execute(
                "SELECT 1 FROM parted WHERE site = ? AND kind = ? AND article = ?",
                (site, kind, article),
            ).fetchone()
            is not None
        )

    def printed_bodies(self) -> Iterator[PrintedBody]:
        """The text of every sighting that has more blocks than one, in the order of arrival."""
        last = 0
        # So many at a time: what is read is written to meanwhile.
        while some := self._db.execute(
            "SELECT number, page, site, body, blocks FROM articles CROSS JOIN bodies"
            " ON printed_sha256 = sha256 WHERE number > ? AND length(blocks) > 0"
            " ORDER BY number LIMIT 500",
            (last,),
        ).fetchall():
            for row in some:
                yield PrintedBody(*row)
            last = some[-1][0]

    def clean(self, printed: PrintedBody, body: str, removed: list[RemovedBlock]) -> None:
        """Put a cleaned text in the place of a printed one, and log what was taken out of it."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        self._db.execute(INSERT_BODY, (digest, body, b""))
        self._db.execute(
            "UPDATE articles SET body_sha256 = ?, lead_key = ? WHERE number = ?",
            (digest, lead_key(body), printed.number),
        )
        self._db.executemany(
            "INSERT INTO recurring VALUES (?, ?, ?, ?, ?)",
            [(printed.page, printed.site, b.text, b.reason, printed.number) for b in removed],
        )

    def end(self) -> None:
        """All texts are cleaned."""
        self._db.execute("COMMIT")

    def windows(self, most: int) -> Iterator[tuple[str, str, str, bytes]]:
        """Site, kind of page, article and blocks' keys, so many of a site and kind at most."""
        for site, kind in self.site_kinds():
            yield from self._db.execute(
                "SELECT site, kind, article, blocks FROM parted WHERE site = ? AND kind = ?"
                " ORDER BY article LIMIT ?",
                (site, kind, most),
            )

    def furniture(self) -> Iterator[Furniture]:
        """Every removed block with its counts and the merged articles that held it, sorted."""
        for site, text, reason, pages, repeats, example, ids in self._db.execute(
            "SELECT f.site, text, reason, count(DISTINCT page), count(*), min(page),"
            " json_group_array(DISTINCT id) FILTER (WHERE id IS NOT NULL) FROM"
            " (SELECT page, site, text, reason, article FROM furniture UNION ALL"
            " SELECT page, site, text, reason, article FROM recurring) f"
            " LEFT JOIN made ON sighting = article LEFT JOIN records ON number = record"
            " GROUP BY f.site, text, reason ORDER BY f.site, text, reason"
        ):
            yield Furniture(
                site=site, text=text, pages=pages, repeats=repeats, reason=reason,
                example_page=example, articles=sorted(json.loads(ids)),
            )  # fmt: skip
