"""The spool: everything that a run has extracted so far, on disk.

A page is in the spool whole or not at all, so a run that was killed goes on with the
pages that are missing. Pages that come within a fifth of a second share a transaction; slower
ones have one each. The spool belongs to one run and is deleted when its drop is published; it
is no interface.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from newscrawl.addresses.canonical import url_key
from newscrawl.errors import RunBusyError, RunMismatchError, StorageError, unwritable
from newscrawl.items import (
    Article,
    ExchangeRate,
    Furniture,
    NearDuplicate,
    PageRecord,
    Person,
    Reject,
    RemovedBlock,
)
from newscrawl.merge.articles import Span, published_span
from newscrawl.merge.furniture import block_keys, pack
from newscrawl.merge.keys import headline_key, lead_key
from newscrawl.merge.records import rate_key
from newscrawl.store.queue import Named, Queue
from newscrawl.store.state import Change

_SCHEMA = """
CREATE TABLE run (identity TEXT NOT NULL);
CREATE TABLE pages (page TEXT PRIMARY KEY, sha256 TEXT, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, body TEXT NOT NULL, blocks BLOB NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, page TEXT NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL,
    headline TEXT, url_key TEXT, headline_key TEXT, lead_key TEXT, earliest REAL, latest REAL,
    is_truncated INTEGER NOT NULL, printed_sha256 TEXT, printed_lead_key TEXT, body_sha256 TEXT,
    item BLOB NOT NULL
);
CREATE TABLE rates (page TEXT NOT NULL, key TEXT NOT NULL, item BLOB NOT NULL);
CREATE TABLE people (page TEXT NOT NULL, id TEXT NOT NULL, site TEXT NOT NULL, item BLOB NOT NULL);
CREATE TABLE gone (url TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE TABLE furniture (
    page TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL, reason TEXT NOT NULL,
    article INTEGER
);
CREATE TABLE rejects (page TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, excerpt TEXT NOT NULL);
"""
_TABLES_OF_A_PAGE = ("pages", "articles", "rates", "people", "furniture", "rejects")
_INDEXES = """
CREATE INDEX IF NOT EXISTS articles_by_url ON articles (site, url_key) WHERE url_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_by_headline ON articles (site, headline_key);
CREATE INDEX IF NOT EXISTS articles_by_lead ON articles (site, lead_key);
CREATE INDEX IF NOT EXISTS rates_by_key ON rates (key);
CREATE INDEX IF NOT EXISTS people_by_id ON people (site, id);
"""

_HAS_ARTICLES_OF_FURNITURE = "SELECT 1 FROM pragma_table_info('furniture') WHERE name = 'article'"
_INSERT_BODY = "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)"
# In KiB: a run's indexes stay in memory up to some hundred thousand articles.
_CACHE = 64 * 1024
LINGER = 0.2
"""Seconds that a page waits at most for others to share its transaction."""

KEYS = ("url_key", "headline_key", "lead_key")
"""By which sightings of one article meet; columns of the spool, names for `state_key`."""

# A sighting on a page that shows the article itself, and not a list of such.
_ITS_OWN = "kind NOT IN ('listing', 'author')"

_encode = msgspec.json.Encoder().encode
_decode_page = msgspec.json.Decoder(PageRecord).decode
_decode_article = msgspec.json.Decoder(Article).decode
_decode_rate = msgspec.json.Decoder(ExchangeRate).decode
_decode_person = msgspec.json.Decoder(Person).decode


@dataclass(slots=True)
class PageContent:
    """All that became of one page: its record, what it yielded, and what it names."""

    record: PageRecord
    articles: list[Article] = field(default_factory=list)
    rates: list[ExchangeRate] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    named: Named | None = None


class PrintedBody(NamedTuple):
    """A sighting's text as it was printed, and the keys of its blocks, packed."""

    number: int
    page: str
    site: str
    body: str
    blocks: bytes


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


_decode_text = msgspec.json.Decoder(RecordText).decode


class Spool:
    """The spool of one run; a context manager.

    Args:
        path: the SQLite file; made where it is missing.
        identity: what the run was begun with. A spool that was begun with something else is
            not gone on with. None: whatever it was.

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
            for statement in _SCHEMA.split(";\n"):
                self._db.execute(statement)
            self._db.execute("INSERT INTO run VALUES (?)", (identity,))
        elif not self._db.execute(_HAS_ARTICLES_OF_FURNITURE).fetchone():
            # Begun by newscrawl 0.1.0: of its furniture nobody knows the articles.
            self._db.execute("ALTER TABLE furniture ADD COLUMN article INTEGER")
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
        for table in _TABLES_OF_A_PAGE:
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
            self._db.execute(_INSERT_BODY, (digest, body, blocks))

    # Furniture across pages: what is merged is the cleaned text, what was printed stays

    def begin_cleaning(self) -> None:
        """Take every text as it was printed, and list each site's articles, each once."""
        self.commit()
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
        self._db.execute(_INSERT_BODY, (digest, body, b""))
        self._db.execute(
            "UPDATE articles SET body_sha256 = ?, lead_key = ? WHERE number = ?",
            (digest, lead_key(body), printed.number),
        )
        self._db.executemany(
            "INSERT INTO recurring VALUES (?, ?, ?, ?, ?)",
            [(printed.page, printed.site, b.text, b.reason, printed.number) for b in removed],
        )

    def end_cleaning(self) -> None:
        """All texts are cleaned."""
        self._db.execute("COMMIT")

    # Reading

    def has_page(self, page: str, sha256: str | None) -> bool:
        """Whether the page is in, with these bytes."""
        row = self._db.execute("SELECT sha256 FROM pages WHERE page = ?", (page,)).fetchone()
        return row is not None and row[0] == sha256

    def count(self, table: str) -> int:
        """How many rows a table has."""
        (count,) = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  # names of our own, no input
        return int(count)

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
        self._db.execute(_INSERT_BODY, (digest, article.article_body, b""))
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

    def add_gone(self, url: str, seen_at: datetime) -> None:
        """Note that a page is gone."""
        self._db.execute("INSERT INTO gone VALUES (?, ?)", (url, seen_at.isoformat()))

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

    def article_numbers(self) -> Iterator[int]:
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

    def article_keys(self, number: int) -> list[tuple[str, str, str]]:
        """Name, site and value of the keys that a sighting has, its text cleaned."""
        site, *values = self._db.execute(
            f"SELECT site, {', '.join(KEYS)} FROM articles WHERE number = ?",  # noqa: S608  # names of our own, no input
            (number,),
        ).fetchone()
        return [(name, site, value) for name, value in zip(KEYS, values, strict=True) if value]

    def pages(self) -> Iterator[PageRecord]:
        """Every page's record, sorted by page."""
        for (record,) in self._db.execute("SELECT record FROM pages ORDER BY page"):
            yield _decode_page(record)

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

    def rejects(self) -> Iterator[Reject]:
        """Every reject, sorted."""
        for page, reason, detail, excerpt in self._db.execute(
            "SELECT page, reason, detail, excerpt FROM rejects ORDER BY page, reason, detail, excerpt"
        ):
            yield Reject(page=page, reason=reason, detail=detail, excerpt=excerpt)

    # Merged articles on their way into a drop

    def begin_records(self) -> None:
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

    def add_record(self, record: Record) -> None:
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

    def has_state_record(self, state: int) -> bool:
        """Whether a published article is among the merged ones."""
        return (
            self._db.execute("SELECT 1 FROM records WHERE state = ?", (state,)).fetchone()
            is not None
        )

    def add_withdrawn(self, record: Record) -> None:
        """Add the record of a published article that is gone, unless the run has one of it."""
        if record.state is not None and not self.has_state_record(record.state):
            self.add_record(record)

    def end_records(self, other_id: Callable[[Article], str]) -> None:
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

    def record_texts(self) -> Iterator[tuple[int, RecordText]]:
        """What is compared of the merged articles, with their numbers, from 1."""
        for number, item in self._db.execute("SELECT number, item FROM records ORDER BY number"):
            yield number, _decode_text(item)

    def record_text(self, number: int) -> RecordText:
        """What is compared of a merged article."""
        (item,) = self._db.execute(
            "SELECT item FROM records WHERE number = ?", (number,)
        ).fetchone()
        return _decode_text(item)

    def begin_links(self) -> None:
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

    def add_link(self, record: int, other: str, similarity: float | None) -> None:
        """Link a merged article to a copy (similarity None) or a near-duplicate."""
        self._db.execute("INSERT INTO links VALUES (?, ?, ?)", (record, other, similarity))

    def end_links(self) -> None:
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

    def shown_urls(self) -> Iterator[str]:
        """The URL keys of all whose own page was there."""
        for (url,) in self._db.execute(
            f"SELECT DISTINCT url_key FROM articles WHERE url_key IS NOT NULL AND {_ITS_OWN}"  # noqa: S608  # names of our own, no input
        ):
            yield url

    def block_windows(self, most: int) -> Iterator[tuple[str, str, str, bytes]]:
        """Site, kind of page, article and blocks' keys, so many of a site and kind at most."""
        for site, kind in self.site_kinds():
            yield from self._db.execute(
                "SELECT site, kind, article, blocks FROM parted WHERE site = ? AND kind = ?"
                " ORDER BY article LIMIT ?",
                (site, kind, most),
            )

    def has_parted(self, site: str, kind: str, article: str) -> bool:
        """Whether the run's own blocks of an article are counted."""
        return (
            self._db.execute(
                "SELECT 1 FROM parted WHERE site = ? AND kind = ? AND article = ?",
                (site, kind, article),
            ).fetchone()
            is not None
        )

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
