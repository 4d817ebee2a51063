"""What live crawls remember from run to run: the addresses visited, and those left waiting.

It lies in the state file and is written in the transaction in which a run's drop is published,
so nothing counts as seen that no reader can have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

import msgspec

from newscrawl.addresses.canonical import canonical_url
from newscrawl.page.facts import Facts
from newscrawl.store.queue import Entry, Queue, Visit, decode_visit, encode

SCHEMA = """
CREATE TABLE visits (
    url TEXT PRIMARY KEY, site TEXT NOT NULL, due_at TEXT, visit BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX visits_due ON visits (site, due_at) WHERE due_at IS NOT NULL;
CREATE TABLE waiting (
    url TEXT PRIMARY KEY, site TEXT NOT NULL, entry BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX waiting_of_site ON waiting (site)
"""
# An address that failed in so many runs is given up; whoever names it again starts anew.
MOST_TRIES = 5

_decode_waiting = msgspec.json.Decoder(tuple[Entry, list[Facts]]).decode


class Visits:
    """The memory of live crawls inside a state file.

    Args:
        db: the state's connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, url: str) -> Visit | None:
        """What is remembered of an address."""
        row = self._db.execute("SELECT visit FROM visits WHERE url = ?", (url,)).fetchone()
        return decode_visit(row[0]) if row else None

    def of(self, url: str) -> Visit | None:
        """What is remembered of an address as printed, or in the form that 1.0 asked for."""
        visit = self.get(url)
        if visit is None and (canonical := canonical_url(url)) not in (None, url):
            visit = self.get(canonical or "")
        return visit

    def due(self, site: str, now: datetime, most: int) -> Iterator[Visit]:
        """The visits of a site that are worth another, the longest due first.

        Args:
            site: the crawl's name of the site.
            now: aware, in UTC.
            most: how many at most.
        """
        for (visit,) in self._db.execute(
            "SELECT visit FROM visits WHERE site = ? AND due_at <= ? ORDER BY due_at, url LIMIT ?",
            (site, now.isoformat(), most),
        ):
            yield decode_visit(visit)

    def waiting(self, site: str) -> Iterator[tuple[Entry, list[Facts]]]:
        """What an earlier run of a site left to be asked for."""
        for (entry,) in self._db.execute(
            "SELECT entry FROM waiting WHERE site = ? ORDER BY url", (site,)
        ):
            yield _decode_waiting(entry)

    def remember(self, queue: Queue) -> None:
        """Take over what a run has learnt. Inside a transaction; twice is once."""
        self._db.executemany("DELETE FROM waiting WHERE site = ?", [(s,) for s in queue.sites()])
        self._db.executemany(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?)",
            (
                (visit.url, visit.site, visit.due_at.isoformat() if visit.due_at else None, blob)
                for visit, blob in queue.visits()
            ),
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?)",
            (
                (entry.url, entry.site, b"[%b,[%b]]" % (encode(entry), b",".join(facts)))
                for entry, facts in queue.left(MOST_TRIES)
            ),
        )
