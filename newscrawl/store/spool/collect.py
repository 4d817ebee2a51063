"""Collecting: the file, and each page in it whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from newscrawl.addresses.canonical import url_key
from newscrawl.errors import RunBusyError, RunMismatchError, StorageError, unwritable
from newscrawl.items import Article, ExchangeRate, PageRecord, Person, Reject, RemovedBlock
from newscrawl.merge.articles import published_span
from newscrawl.merge.furniture import block_keys, pack
from newscrawl.merge.keys import headline_key, lead_key
from newscrawl.merge.records import rate_key
from newscrawl.store.queue import Named, Queue
from newscrawl.store.spool import tables
from newscrawl.store.spool.clean import Cleaning
from newscrawl.store.spool.links import Links
from newscrawl.store.spool.records import Records
from newscrawl.store.spool.sightings import Sightings

# In KiB: a run's indexes stay in memory up to some hundred thousand articles.
_CACHE = 64 * 1024
LINGER = 0.2
"""Seconds that a page waits at most for others to share its transaction."""

_encode = msgspec.json.Encoder().encode
_decode_page = msgspec.json.Decoder(PageRecord).decode


@dataclass(slots=True)
class PageContent:
    """All that became of one page: its record, what it yielded, and what it names."""

    record: PageRecord
    articles: list[Article] = field(default_factory=list)
    rates: list[ExchangeRate] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    named: Named | None = None


class Spool:
    """The spool of one run; a context manager.

    Args:
        path: the SQLite file; made where it is missing.
        identity: what the run was begun with. A spool that was begun with something else is
            not gone on with. None: whatever it was.

    Attributes:
        cleaning: texts without what their site prints whatever the article.
        sightings: what was collected, as merging reads it.
        records: what sightings merged into.
        links: which records are copies of each other.

    Raises:
        RunBusyError: another process has it open.
        RunMismatchError: it was begun with another identity.
        StorageError: the disk failed, or the file is no spool.
    """

    def __init__(self, path: Path, identity: dict[str, Any] | None) -> None:
        self.path = path
        self.queue: Queue | None = None
        # Whether pages wait for a COMMIT; publishing has transactions of its own, which nothing
        # but itself may end.
        self._is_collecting, self._committed_at = False, 0.0
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
            # One process has it, until it closes or dies: SQLite's own lock, no shared memory.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing; a power cut may lose the last pages, not the file.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(f"PRAGMA cache_size = -{_CACHE}")
            # What is written often is copied from the log into the file once in 40 MB, not in 4.
            self._db.execute("PRAGMA wal_autocheckpoint = 10000")
            self._begin(None if identity is None else json.dumps(identity, sort_keys=True))
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise RunBusyError(
                    f"another process works on this run ({path}); wait for it, or choose "
                    "another -a run_id="
                ) from None
            raise StorageError(f"the spool {path} can't be used: {error}") from None
        self.cleaning, self.sightings = Cleaning(self._db), Sightings(self._db)
        self.records, self.links = Records(self._db), Links(self._db)

    @staticmethod
    def begun_with(path: Path) -> dict[str, Any] | None:
        """What a spool's run was begun with; None for no spool, or one that is in use."""
        try:
            with closing(sqlite3.connect(path, timeout=0)) as db:
                (identity,) = db.execute("SELECT identity FROM run").fetchone()
                found: dict[str, Any] = json.loads(identity)
                return found
        except (sqlite3.Error, ValueError, TypeError):
            return None

    def _begin(self, identity: str | None) -> None:
        self._db.execute("BEGIN EXCLUSIVE")
        known = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchone()
        if known is None:
            tables.make(self._db)
            self._db.execute("INSERT INTO run VALUES (?)", (identity,))
        else:
            tables.carry_on(self._db)
        self._db.execute("COMMIT")
        (begun_with,) = self._db.execute("SELECT identity FROM run").fetchone()
        if identity is not None and begun_with != identity:
            self._db.close()
            raise RunMismatchError(
                f"the unfinished run in {self.path.parent} was begun with {begun_with}, not "
                f"{identity}; repeat that command, choose another -a run_id=, or delete it"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was added stays.

        Raises:
            StorageError: the disk failed; the last pages are not in the spool.
        """
        try:
            self.commit()
        finally:
            self._db.close()

    def open_queue(self, **options: Any) -> Queue:
        """Open the queue of a live run; arguments as for `Queue`."""
        self.queue = Queue(self._db, **options)
        return self.queue

    # Writing

    def add_page(self, content: PageContent) -> None:
        """Add a page with all that it yielded, in place of an older one.

        A process that dies within the next `LINGER` seconds loses the page whole, and what came
        after it; who adds nothing for so long has to `commit`.

        Raises:
            StorageError: the disk failed; this page and others of its transaction are not in the
                spool.
        """
        with self._written():
            if not self._is_collecting:
                self._db.execute("BEGIN")
                self._is_collecting = True
            self._insert(content)
            if content.named is not None and self.queue is not None:
                self.queue.finish(content.named)
        if time.monotonic() - self._committed_at >= LINGER:
            self.commit()

    def commit(self) -> None:
        """Make sure that every page that was added outlives the process.

        Raises:
            StorageError: the disk failed; the pages since the last commit are not in the spool.
        """
        if not self._is_collecting:
            return
        with self._written():
            self._db.execute("COMMIT")
        self._is_collecting, self._committed_at = False, time.monotonic()

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whatever it was: half a page must not stay
            self._is_collecting = False
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if not isinstance(error, sqlite3.Error):
                raise  # no fault of the disk's
            raise unwritable(f"the spool {self.path}", error) from None

    def _forget(self, page: str) -> None:
        for table in tables.TABLES_OF_A_PAGE:
            self._db.execute(f"DELETE FROM {table} WHERE page = ?", (page,))  # noqa: S608  # names of our own, no input

    def _insert(self, content: PageContent) -> None:
        record = content.record
        page, site = record.page, record.site or ""
        furniture: list[tuple[str, RemovedBlock, int | None]]
        furniture = [(site, block, None) for block in record.furniture]
        record.furniture = []
        row = (page, record.sha256, _encode(record))
        if not self._db.execute("INSERT OR IGNORE INTO pages VALUES (?, ?, ?)", row).rowcount:
            self._forget(page)
            self._db.execute("INSERT INTO pages VALUES (?, ?, ?)", row)
        for article in content.articles:
            removed = article.furniture
            number = self._insert_article(article, record.kind)
            furniture += [(article.site, block, number) for block in removed]
        self._insert_many(
            "INSERT INTO rates VALUES (?, ?, ?)",
            [(page, "\n".join(rate_key(rate)), _encode(rate)) for rate in content.rates],
        )
        self._insert_many(
            "INSERT INTO people VALUES (?, ?, ?, ?)",
            [(page, person.id, person.site, _encode(person)) for person in content.people],
        )
        self._insert_many(
            "INSERT INTO furniture VALUES (?, ?, ?, ?, ?)",
            [(page, site, block.text, block.reason, number) for site, block, number in furniture],
        )
        self._insert_many(
            "INSERT INTO rejects VALUES (?, ?, ?, ?)",
            [(r.page, r.reason, r.detail, r.excerpt) for r in content.rejects],
        )

    def _insert_many(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._db.executemany(statement, rows)

    def _insert_article(self, article: Article, kind: str) -> int:
        """Add a sighting.

        Returns:
            Its number.
        """
        body, digest = article.article_body, article.sightings[0].body_sha256
        lead = lead_key(body)
        if digest:
            self._add_body(digest, body)
        # The body is stored once however many pages print it, and joined on again in reading.
        article.article_body, article.furniture = "", []
        item = _encode(article)
        article.article_body = body
        inserted = self._db.execute(
            "INSERT INTO articles (page, site, kind, headline, url_key, headline_key, lead_key,"
            " earliest, latest, is_truncated, printed_sha256, printed_lead_key, body_sha256, item)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.page, article.site, kind, article.headline, url_key(article.url),
             headline_key(article.headline), lead, *(published_span(article) or (None, None)),
             article.is_truncated, digest, lead, digest, item),
        )  # fmt: skip
        assert inserted.lastrowid is not None  # noqa: S101  # it was inserted
        return inserted.lastrowid

    def _add_body(self, digest: str, body: str) -> None:
        if not self._db.execute("SELECT 1 FROM bodies WHERE sha256 = ?", (digest,)).fetchone():
            blocks = pack(block_keys(body))
            self._db.execute(tables.INSERT_BODY, (digest, body, blocks))

    # Reading

    def has_page(self, page: str, sha256: str | None) -> bool:
        """Whether the page is in, with these bytes."""
        row = self._db.execute("SELECT sha256 FROM pages WHERE page = ?", (page,)).fetchone()
        return row is not None and row[0] == sha256

    def count(self, table: str) -> int:
        """How many rows a table has."""
        (count,) = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  # names of our own, no input
        return int(count)

    def add_gone(self, url: str, seen_at: datetime) -> None:
        """Note that a page is gone."""
        self._db.execute("INSERT INTO gone VALUES (?, ?)", (url, seen_at.isoformat()))

    def pages(self) -> Iterator[PageRecord]:
        """Every page's record, sorted by page."""
        for (record,) in self._db.execute("SELECT record FROM pages ORDER BY page"):
            yield _decode_page(record)

    def rejects(self) -> Iterator[Reject]:
        """Every reject, sorted."""
        for page, reason, detail, excerpt in self._db.execute(
            "SELECT page, reason, detail, excerpt FROM rejects ORDER BY page, reason, detail, excerpt"
        ):
            yield Reject(page=page, reason=reason, detail=detail, excerpt=excerpt)
