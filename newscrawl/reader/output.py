"""An output folder: what is new, and the present truth over all drops."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import CATALOGUE, Entry
from newscrawl.items import Article
from newscrawl.reader.drop import Drop, parse, read_drop
from newscrawl.reader.errors import DropDamagedError, DropNotFoundError, GapError


class _Key(msgspec.Struct):
    id: str
    event: str
    site: str


_key = msgspec.json.Decoder(_Key).decode


def read_catalogue(output: Path | str) -> list[Entry]:
    """The lines of the catalogue, oldest first.

    Args:
        output: the output folder.

    Raises:
        DropNotFoundError: there is no catalogue.
        DropDamagedError: a line is none.
    """
    folder = Path(output)
    if not (folder / CATALOGUE).is_file():
        raise DropNotFoundError(f"{folder} is no output folder: there is no {CATALOGUE} in it")
    entries: list[Entry] = []
    try:
        entries.extend(catalogue.read_catalogue(folder))
    except msgspec.DecodeError as error:
        raise DropDamagedError(
            f"{folder / CATALOGUE}, line {len(entries) + 1}: {error}; newscrawl verify {folder} tells more"
        ) from None
    return entries


def follow(output: Path | str, since: str | None = None) -> Iterator[Drop]:
    """The drops that are new to a reader, oldest first.

    Args:
        output: the output folder.
        since: the last run_id that the reader has applied; None: it has nothing yet, and what it
            gets are the drops that make the present truth. Where drops of a state were pruned
            these begin with its latest snapshot.

    Raises:
        DropNotFoundError: there is no catalogue, or it does not name `since`.
        DropDamagedError: the catalogue or a drop can't be read.
        GapError: a drop that the reader lacks is gone; it says where to begin anew.
    """
    folder = Path(output)
    entries = read_catalogue(folder)
    for entry in _wanted(folder, entries, since):
        yield read_drop(folder / str(entry.place))


def current(
    output: Path | str, state: str | None = None, until: str | None = None
) -> Iterator[Article]:
    """The present truth: every article that is not withdrawn, as its last drop has it.

    It is put together in a temporary file as large as itself, so memory does not grow with it.

    Args:
        output: the output folder.
        state: of this state alone; None: of all, and of the runs that stood alone.
        until: the run_id of the last drop that counts; None: all do.

    Yields:
        Records, sorted by site and id as in a drop.

    Raises:
        DropNotFoundError: there is no catalogue.
        DropDamagedError: the catalogue or a drop can't be read.
        GapError: a drop is missing.
    """
    folder = Path(output)
    entries = read_catalogue(folder)
    if until is not None:
        entries = entries[: _place(folder, entries, until) + 1]
    if state is not None:
        entries = [entry for entry in entries if entry.state == state]
    entries = [e for e in _wanted(folder, entries, None) if e.counts.get("articles")]
    with tempfile.TemporaryDirectory(prefix="newscrawl-") as scratch:
        truth = sqlite3.connect(Path(scratch) / "truth.sqlite", isolation_level=None)
        try:
            yield from _put_together(folder, entries, truth)
        finally:
            truth.close()


def _put_together(
    folder: Path, entries: list[Entry], truth: sqlite3.Connection
) -> Iterator[Article]:
    truth.execute("PRAGMA journal_mode = OFF")
    truth.execute(
        "CREATE TABLE articles (site TEXT, id TEXT, drop_number INTEGER, line BLOB,"
        " PRIMARY KEY (site, id))"
    )
    truth.execute("BEGIN")
    for number, entry in enumerate(entries):
        drop = read_drop(folder / str(entry.place))
        for line in drop.lines("articles"):
            key = _key(line)
            if key.event == "withdrawn":
                truth.execute("DELETE FROM articles WHERE site = ? AND id = ?", (key.site, key.id))
            else:
                truth.execute(
                    "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)",
                    (key.site, key.id, number, line),
                )
    truth.execute("COMMIT")
    for number, line in truth.execute("SELECT drop_number, line FROM articles ORDER BY site, id"):
        yield parse(line, Article, f"{folder / str(entries[number].place)}, articles")


def revisions(output: Path | str, article_id: str) -> Iterator[tuple[str, Article]]:
    """Every record of an article, oldest first; those of pruned drops are gone.

    Args:
        output: the output folder.
        article_id: its id.

    Yields:
        The run that published it, and the record.

    Raises:
        DropNotFoundError: there is no catalogue.
        DropDamagedError: the catalogue or a drop can't be read.
    """
    folder, asked = Path(output), msgspec.json.encode(article_id)
    for entry in read_catalogue(folder):
        if entry.place is None or entry.pruned or entry.mode == "snapshot":
            continue
        if not entry.counts.get("articles"):
            continue
        drop = read_drop(folder / entry.place)
        for line in drop.lines("articles"):
            if asked in line and _key(line).id == article_id:
                yield entry.run_id, parse(line, Article, f"{drop.folder}, articles")


def _wanted(output: Path, entries: list[Entry], since: str | None) -> list[Entry]:
    """The entries with a folder that a reader lacks, in order; each chain is whole.

    Raises:
        DropNotFoundError, GapError: as for `follow`.
    """
    start = 0 if since is None else _place(output, entries, since) + 1
    _check_chains(output, entries, start)
    wanted = [entry for entry in entries[start:] if entry.mode != "snapshot"]
    if since is None:
        wanted = _from_snapshots(entries)
    for entry in wanted:
        if entry.pruned:
            snapshot = _snapshot_behind(entries, entry)
            what_now = "no snapshot holds what was in it"
            if snapshot is not None:
                what_now = f"begin anew, with since=None, at the snapshot {snapshot.run_id}"
            raise GapError(
                f"the drop {entry.run_id} of {output} was pruned ({entry.pruned.why}); {what_now}",
                entry.run_id,
                snapshot.run_id if snapshot else None,
            )
    return [entry for entry in wanted if entry.place is not None]


def _place(output: Path, entries: list[Entry], run_id: str) -> int:
    for number, entry in enumerate(entries):
        if entry.run_id == run_id:
            return number
    raise DropNotFoundError(
        f"{output / CATALOGUE} does not name the run {run_id}; newscrawl list {output} tells which "
        "there are"
    )


def _check_chains(output: Path, entries: list[Entry], start: int) -> None:
    """From an entry on, each number of a state follows the one before.

    Raises:
        GapError: one is left out.
    """
    last: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if not entry.state or entry.mode == "snapshot":
            continue
        before, sequence = last.get(entry.state, 0), entry.sequence or 0
        if number >= start and sequence != before + 1:
            raise GapError(
                f"{output / CATALOGUE}: after drop {before} of the state {entry.state} comes drop "
                f"{sequence}, {entry.run_id}; newscrawl verify {output} tells what is missing",
                entry.run_id,
            )
        last[entry.state] = sequence


def _from_snapshots(entries: list[Entry]) -> list[Entry]:
    """All that a reader needs who has nothing: where a state's drops were pruned, its latest snapshot
    in the place of those before."""
    begin: dict[str, Entry] = {}
    for entry in reversed(entries):
        if entry.pruned and entry.state and entry.state not in begin:
            snapshot = _snapshot_behind(entries, entry)
            if snapshot is not None:
                begin[entry.state] = snapshot
    wanted = []
    for entry in entries:
        snapshot = begin.get(entry.state) if entry.state else None
        is_behind = snapshot is None or (entry.sequence or 0) > (snapshot.sequence or 0)
        if entry is snapshot or (entry.mode != "snapshot" and is_behind):
            wanted.append(entry)
    return wanted


def _snapshot_behind(entries: list[Entry], pruned: Entry) -> Entry | None:
    """The latest snapshot of a state that holds what a pruned drop brought, and that lies there."""
    return next(
        (
            entry
            for entry in reversed(entries)
            if entry.mode == "snapshot"
            and entry.state == pruned.state
            and not entry.pruned
            and (entry.sequence or 0) >= (pruned.sequence or 0)
        ),
        None,
    )
