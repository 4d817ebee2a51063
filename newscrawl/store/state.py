"""State across runs: what is published, and by which keys it is found again.

One SQLite file with one writer. A run holds it from its start to its end. What a run
changes is written in one transaction when its drop is out: the intent is noted before the
drop's directory is renamed, the rename decides, and whoever opens the state next finishes
or forgets an intent that a crash left (`drops.publish` does both).

The keys of articles and the bands of signatures are numbers made by frozen functions
(`merge.keys.state_key`, `merge.near`), so a file outlives the release that wrote it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from newscrawl.errors import RunBusyError, StateError
from newscrawl.items import Article
from newscrawl.merge import near
from newscrawl.store import visits
from newscrawl.store.index import Index, SqliteIndex
from newscrawl.store.queue import Queue

_APPLICATION_ID = (
    0x4E435331  # "NCS1" in the file's header, as https://sqlite.org/fileformat2.html says
)
# Step n makes version n (PRAGMA user_version) of version n - 1; steps are only ever added.
_MIGRATIONS = (
    """
CREATE TABLE runs (run_id TEXT PRIMARY KEY, finished_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE publishing (run_id TEXT NOT NULL, output TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, is_withdrawn INTEGER NOT NULL,
    keys BLOB NOT NULL, text_key INTEGER, signature BLOB, signature_version INTEGER,
    record BLOB NOT NULL
);
CREATE TABLE keys (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;
CREATE TABLE bands (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;
CREATE TABLE texts (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;
CREATE TABLE blocks (
    site TEXT, kind TEXT, article TEXT, run INTEGER NOT NULL, blocks BLOB NOT NULL,
    PRIMARY KEY (site, kind, article)
) WITHOUT ROWID;
CREATE TABLE gone (url TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID
""",
    visits.SCHEMA,
    """
CREATE TABLE chain (id TEXT NOT NULL);
INSERT INTO chain VALUES (lower(hex(randomblob(8))));
ALTER TABLE runs ADD COLUMN sequence INTEGER;
ALTER TABLE runs ADD COLUMN link TEXT;
CREATE INDEX runs_in_order ON runs (sequence)
""",
    """
CREATE TABLE measures (
    site TEXT, run INTEGER, measures BLOB NOT NULL, PRIMARY KEY (site, run)
) WITHOUT ROWID
""",
    "ALTER TABLE publishing ADD COLUMN work TEXT",
    """
CREATE TABLE removed (
    id TEXT PRIMARY KEY, why TEXT NOT NULL, removed_at TEXT NOT NULL
) WITHOUT ROWID
""",
)
# A page that is gone, seen so twice, this far apart: an outage is shorter.
_GONE_FOR = timedelta(days=1)
# So many articles of a site, on one kind of page, say what its furniture is.
WINDOW = 300
KEPT_RUNS = 30
"""Runs of a site whose measures are kept."""
# Files up to this size are checked when a run begins, in seconds. In larger ones SQLite tells damage
# where it meets it, and nothing of that run is published.
_CHECKED_WHOLE = 1 << 30
# In KiB. Rows of some 2.2 KB lie three on a page of 8 KB, and one on a page of 4.
_CACHE, _PAGE = 128 * 1024, 8

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Article).decode


@dataclass(frozen=True, slots=True)
class Publishing:
    """The intent that a run noted before its drop's directory got its name."""

    run_id: str
    output: str
    work: Path | None


@dataclass(slots=True)
class Change:
    """What a run makes of one article.

    Attributes:
        number: the article's number in the state; None for a new one.
        article: the record.
        keys: by which it is found again.
        text_key: of its text, or None.
        signature: of its text, packed, or None for a short text.
        merged_into: the number of the article that this one turned out to be, or None.
    """

    number: int | None
    article: Article
    keys: array[int]
    text_key: int | None
    signature: bytes | None
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that is published, as near-duplicates need it."""

    number: int
    id: str
    signature: bytes


class State:
    """The state file; held by one run at a time.

    Args:
        path: the file; made where it is missing.
        run: what holds it, for whoever finds it held.
        wait: seconds to wait for another run to let go of it.
        bands: where signatures are found by their bands; None: in the file.

    Raises:
        RunBusyError: another run holds it; the message says which.
        StateError: it is damaged, no state, or newer than this program.
    """

    def __init__(self, path: Path, run: str, wait: float = 0, bands: Index | None = None) -> None:
        self.path, self._run = path, run
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._acquire(wait)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        except (OSError, sqlite3.Error) as error:
            self._lock.release()
            raise StateError(
                f"the state {path} can't be used: {error}; choose another file with "
                "-s NEWSCRAWL_STATE="
            ) from None
        try:
            self._open()
        except sqlite3.Error as error:
            self._db.close()
            self._lock.release()
            raise StateError(
                f"the state {path} is damaged, or is no newscrawl state ({error}); it was not "
                "changed. Restore a backup, or choose another -s NEWSCRAWL_STATE= and replay "
                "what was saved"
            ) from None
        except StateError:
            self._db.close()
            self._lock.release()
            raise
        self._keys = SqliteIndex(self._db, "keys")
        self._texts = SqliteIndex(self._db, "texts")
        self._bands: Index = bands or SqliteIndex(self._db, "bands")
        self._look()
        self.visits = visits.Visits(self._db)

    def _acquire(self, wait: float) -> None:
        try:
            self._lock.acquire(timeout=wait)
        except Timeout:
            raise RunBusyError(
                f"the state {self.path} is held by {self._holder()}; wait for it, or choose another "
                "-s NEWSCRAWL_STATE="
            ) from None
        self._holder_file.write_text(
            json.dumps({"run": self._run, "pid": os.getpid(), "since": _clock(datetime.now(UTC))})
        )

    def _look(self) -> None:
        self._has_articles = bool(self._db.execute("SELECT 1 FROM articles LIMIT 1").fetchone())

    def hold(self, wait: float) -> None:
        """Take it back after `release`.

        Args:
            wait: seconds to wait for another run to let go of it.

        Raises:
            RunBusyError: another run still holds it.
        """
        self._acquire(wait)
        self._look()

    def release(self) -> None:
        """Let other runs write to it; what is read of it is what was last published."""
        self._lock.release()

    @property
    def _holder_file(self) -> Path:
        return self.path.with_name(self.path.name + ".holder")

    def _holder(self) -> str:
        try:
            held = json.loads(self._holder_file.read_text())
            return f"run {held['run']} (process {held['pid']}, since {held['since']})"
        except (OSError, ValueError, KeyError):
            return "another run"

    def _open(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != _APPLICATION_ID and (version or tables or application):
            raise StateError(
                f"{self.path} is a database of something else (application {application:#x}, "
                f"version {version}); choose another -s NEWSCRAWL_STATE="
            )
        if version > len(_MIGRATIONS):
            raise StateError(
                f"the state {self.path} is of version {version} and this newscrawl knows versions "
                f"up to {len(_MIGRATIONS)}; install the newscrawl that wrote it, or a newer one"
            )
        if self.path.stat().st_size <= _CHECKED_WHOLE:
            (check,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if check != "ok":
                raise sqlite3.DatabaseError(check)
        self._db.execute(f"PRAGMA page_size = {_PAGE * 1024}")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._db.execute("PRAGMA journal_mode = WAL")
        # What is published is told to readers: not even a power cut may lose it.
        self._db.execute("PRAGMA synchronous = FULL")
        for step in range(version, len(_MIGRATIONS)):
            self._migrate(step)

    def _migrate(self, step: int) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for statement in _MIGRATIONS[step].split(";\n"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        self._db.execute(f"PRAGMA user_version = {step + 1}")
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let the next run have it."""
        self._db.close()
        self._lock.release()

    # What is known

    def has_run(self, run_id: str) -> bool:
        """Whether a run's drop is in the state."""
        return self._one("SELECT 1 FROM runs WHERE run_id = ?", run_id) is not None

    def last_run(self) -> datetime | None:
        """When the latest run finished, by the clock of its machine."""
        last = self._one("SELECT max(finished_at) FROM runs")
        return datetime.fromisoformat(last[0]) if last and last[0] else None

    def chain(self) -> tuple[str, int, tuple[str, str] | None]:
        """The state's id, the number of the next drop, and run and hash of the last one."""
        (chain_id,) = self._db.execute("SELECT id FROM chain").fetchone()
        last = self._one(
            "SELECT sequence, run_id, link FROM runs WHERE sequence IS NOT NULL"
            " ORDER BY sequence DESC LIMIT 1"
        )
        return (chain_id, last[0] + 1, (last[1], last[2])) if last else (chain_id, 1, None)

    def has_id(self, article_id: str) -> bool:
        """Whether an id is given."""
        if not self._has_articles:
            return False
        return self._one("SELECT 1 FROM articles WHERE id = ?", article_id) is not None

    def numbers_by_keys(self, keys: Iterable[int]) -> set[int]:
        """The numbers of the articles that have any of some keys."""
        return self._keys.find(keys) if self._has_articles else set()

    def article(self, number: int) -> Article:
        """An article as it was last published.

        Raises:
            StateError: its record is damaged.
        """
        (record,) = self._db.execute(
            "SELECT record FROM articles WHERE number = ?", (number,)
        ).fetchone()
        return self._unpack(record, number)

    def articles(self) -> Iterator[Article]:
        """Every article as it was last published, withdrawn ones too."""
        for number, record in self._db.execute(
            "SELECT number, record FROM articles ORDER BY number"
        ):
            yield self._unpack(record, number)

    def _unpack(self, record: bytes, number: int) -> Article:
        try:
            return _decode(zlib.decompress(record))
        except (zlib.error, msgspec.DecodeError) as error:
            raise StateError(
                f"article {number} of the state {self.path} is damaged ({error}); restore a backup, or "
                "choose another -s NEWSCRAWL_STATE= and replay what was saved"
            ) from None

    def same_texts(self, text_key: int) -> set[int]:
        """The numbers of the articles that have a text."""
        return self._texts.find([text_key]) if self._has_articles else set()

    def may_be_alike(self, signature: near.Signature) -> Iterator[Copy]:
        """Articles that meet a signature in a band, latest first; they are to be checked."""
        if not self._has_articles:
            return
        for number in sorted(self._bands.find(_band_keys(signature)), reverse=True):
            row = self._one("SELECT id, signature, signature_version, is_withdrawn FROM articles"
                            " WHERE number = ?", number)  # fmt: skip
            if row and row[2] == near.VERSION and not row[3]:
                yield Copy(number, row[0], row[1])

    def block_window(self, site: str, kind: str) -> list[tuple[str, bytes]]:
        """Article and blocks of a site's latest articles on a kind of page."""
        return self._db.execute(
            "SELECT article, blocks FROM blocks WHERE site = ? AND kind = ? ORDER BY article",
            (site, kind),
        ).fetchall()

    def measures(self, site: str) -> list[bytes]:
        """What a site's latest drops looked like, oldest first, as `commit` was given it."""
        rows = self._db.execute(
            "SELECT measures FROM measures WHERE site = ? ORDER BY run", (site,)
        )
        return [packed for (packed,) in rows]

    def is_gone_for_good(self, url: str, seen_at: datetime) -> bool:
        """Whether a page that is gone now was so a day ago."""
        row = self._one("SELECT since FROM gone WHERE url = ?", url)
        return row is not None and seen_at - datetime.fromisoformat(row[0]) >= _GONE_FOR

    def removed(self) -> dict[int, str]:
        """Number and id of each article that an operator took down."""
        return dict(
            self._db.execute("SELECT number, id FROM removed JOIN articles USING (id)").fetchall()
        )

    def remove(self, article_id: str, why: str, now: datetime) -> Article:
        """Have an article withdrawn by the next run, and never published again.

        Args:
            article_id: its id.
            why: kept in the state.
            now: aware.

        Returns:
            The article as it was last published.

        Raises:
            StateError: the state has none of this id.
            sqlite3.Error: the disk failed; nothing is written.
        """
        row = self._one("SELECT number FROM articles WHERE id = ?", article_id)
        if row is None:
            raise StateError(f"the state {self.path} has no article {article_id!r}")
        self._db.execute(
            "INSERT OR IGNORE INTO removed VALUES (?, ?, ?)", (article_id, why, _clock(now))
        )
        return self.article(row[0])

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        return row

    # Publishing

    def publishing(self) -> Publishing | None:
        """The intent that a crash left, or None."""
        row = self._db.execute("SELECT run_id, output, work FROM publishing").fetchone()
        return Publishing(row[0], row[1], Path(row[2]) if row[2] else None) if row else None

    def begin_publishing(self, run_id: str, output: str, work: Path) -> None:
        """Note that a run's drop is about to be published.

        Args:
            run_id: the run.
            output: where to, a whole path or URL.
            work: the local folder of what is not published yet.
        """
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM publishing")
        self._db.execute(
            "INSERT INTO publishing VALUES (?, ?, ?)", (run_id, output, str(work.resolve()))
        )
        self._db.execute("COMMIT")

    def forget_publishing(self) -> None:
        """The intent came to nothing: the drop never got its name."""
        self._db.execute("DELETE FROM publishing")

    def commit(
        self,
        run_id: str,
        link: str,
        finished_at: datetime,
        changes: Iterable[Change],
        gone: Iterable[tuple[str, datetime]],
        seen: Iterable[str],
        windows: Iterable[tuple[str, str, str, bytes]],
        queue: Queue | None = None,
        measures: Mapping[str, bytes] | None = None,
    ) -> None:
        """Write what a run changed, all or nothing; a run that is in already changes nothing.

        Args:
            run_id: the run.
            link: the hash by which the next drop names this one.
            finished_at: now.
            changes: of articles.
            gone: URL keys of pages that were gone, and when.
            seen: URL keys of pages that were there.
            windows: site, kind of page, article and its blocks' keys.
            queue: what a live run asked for and what it left.
            measures: what its drop looked like, by site.

        Raises:
            sqlite3.Error: the disk failed; nothing is written.
        """
        if self.has_run(run_id):
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._write_changes(changes)
            self._db.executemany("DELETE FROM gone WHERE url = ?", ((url,) for url in seen))
            self._db.executemany(
                "INSERT OR IGNORE INTO gone VALUES (?, ?)", ((url, _clock(at)) for url, at in gone)
            )
            (run,) = self._db.execute("SELECT count(*) FROM runs").fetchone()
            self._write_windows(windows, int(run))
            if queue is not None:
                self.visits.remember(queue)
            _, sequence, _ = self.chain()
            self._write_measures(measures or {}, sequence)
            self._db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?)",
                (run_id, _clock(finished_at), sequence, link),
            )
            self._db.execute("DELETE FROM publishing")
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._has_articles = True

    def _write_changes(self, changes: Iterable[Change]) -> None:
        (next_number,) = self._db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM articles"
        ).fetchone()
        for change in changes:
            number = change.number
            if number is None:
                number, next_number = next_number, next_number + 1
            elif change.article.event != "unchanged":
                self._forget(number)
            known = self._keys_of(number)
            if change.article.event == "unchanged":
                self._write_unchanged(number, known, change)
                continue
            if change.merged_into is not None:
                self._move_keys(known, number, change.merged_into)
                known = array("q")
            elif change.article.event != "withdrawn":
                known = array("q", sorted({*known, *change.keys}))
                for key in known:
                    self._keys.add(key, number)
                if change.text_key is not None:
                    self._texts.add(change.text_key, number)
                if change.signature is not None:
                    for key in _band_keys(near.unpack(change.signature)):
                        self._bands.add(key, number)
            self._db.execute(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE"
                " SET is_withdrawn = excluded.is_withdrawn, keys = excluded.keys,"
                " text_key = excluded.text_key, signature = excluded.signature,"
                " signature_version = excluded.signature_version, record = excluded.record",
                (number, change.article.id, change.article.event == "withdrawn", known.tobytes(),
                 change.text_key, change.signature, near.VERSION,
                 _pack(change.article)),
            )  # fmt: skip
        for index in (self._keys, self._texts, self._bands):
            index.flush()

    def _write_unchanged(self, number: int, known: array[int], change: Change) -> None:
        """Sightings and evidence grow, and the text and its indexes stay."""
        fresh = sorted({*change.keys} - {*known})
        for key in fresh:
            self._keys.add(key, number)
        self._db.execute(
            "UPDATE articles SET keys = ?, record = ? WHERE number = ?",
            (array("q", [*known, *fresh]).tobytes(), _pack(change.article), number),
        )

    def _keys_of(self, number: int) -> array[int]:
        row = self._db.execute("SELECT keys FROM articles WHERE number = ?", (number,)).fetchone()
        return array("q", row[0]) if row else array("q")

    def _forget(self, number: int) -> None:
        """Take a revised article's old text out of the indexes."""
        text_key, signature = self._db.execute(
            "SELECT text_key, signature FROM articles WHERE number = ?", (number,)
        ).fetchone()
        if text_key is not None:
            self._texts.remove(text_key, number)
        if signature is not None:
            for key in _band_keys(near.unpack(signature)):
                self._bands.remove(key, number)

    def _move_keys(self, keys: array[int], number: int, to: int) -> None:
        """What found one article finds the one that it turned out to be."""
        for key in keys:
            self._keys.remove(key, number)
            self._keys.add(key, to)
        merged = array("q", sorted({*self._keys_of(to), *keys}))
        self._db.execute("UPDATE articles SET keys = ? WHERE number = ?", (merged.tobytes(), to))

    def _write_measures(self, measures: Mapping[str, bytes], sequence: int) -> None:
        for site, packed in measures.items():
            self._db.execute("INSERT INTO measures VALUES (?, ?, ?)", (site, sequence, packed))
            self._db.execute(
                "DELETE FROM measures WHERE site = ? AND run NOT IN (SELECT run FROM measures"
                " WHERE site = ? ORDER BY run DESC LIMIT ?)",
                (site, site, KEPT_RUNS),
            )

    def _write_windows(self, windows: Iterable[tuple[str, str, str, bytes]], run: int) -> None:
        touched = set()
        for site, kind, article, blocks in windows:
            touched.add((site, kind))
            self._db.execute(
                "INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?)",
                (site, kind, article, run, blocks),
            )
        for site, kind in touched:
            self._db.execute(
                "DELETE FROM blocks WHERE site = ? AND kind = ? AND article NOT IN (SELECT article"
                " FROM blocks WHERE site = ? AND kind = ? ORDER BY run DESC, article LIMIT ?)",
                (site, kind, site, kind, WINDOW),
            )


def _band_keys(signature: near.Signature) -> list[int]:
    return [band << 32 | key for band, key in enumerate(near.bands(signature).tolist())]


def _pack(article: Article) -> bytes:
    # A record is small: with the usual window, making it ready takes as long as compressing.
    compressor = zlib.compressobj(6, zlib.DEFLATED, 14, 7)
    return compressor.compress(_encode(article)) + compressor.flush()


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
