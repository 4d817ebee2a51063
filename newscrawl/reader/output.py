"""An output folder: what is new, and the present truth over all drops."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import CATALOGUE, RUN_ID, Entry
from newscrawl.items import Article
from newscrawl.reader.drop import Drop, parse, read_drop
from newscrawl.reader.errors import (
    DropDamagedError,
    DropNotFoundError,
    GapError,
    ReaderError,
)


class _Key(msgspec.Struct):
    id: str
    event: str
    site: str
    revision: int


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
    if "://" in str(output):
        raise DropNotFoundError(f"{output} is a URL, and this reads folders: copy it to one first")
    if not (folder / CATALOGUE).is_file():
        raise DropNotFoundError(f"{folder} is no output folder: there is no {CATALOGUE} in it")
    entries: list[Entry] = []
    try:
        for entry in catalogue.read_catalogue(folder):
            if entry.place not in (None, entry.run_id) or not RUN_ID.fullmatch(entry.run_id):
                raise DropDamagedError(
                    f"{folder / CATALOGUE}, line {len(entries) + 1} gives the run {entry.run_id!r} the "
                    f"folder {entry.place!r}; a drop's folder has the name of its run"
                )
            entries.append(entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DropDamagedError(
            f"{folder / CATALOGUE}, line {len(entries) + 1}: {error}; newscrawl verify {folder} tells more"
        ) from None
    return entries


def follow(
    output: Path | str, since: str | int | None = None, state: str | None = None
) -> Iterator[Drop]:
    """The drops that are new to a reader, oldest first.

    Args:
        output: the output folder.
        since: the last run_id that the reader has applied, or its number in the chain of the state;
            None: it has nothing yet, and what it gets are the drops that make the present truth.
            Where drops of a state were pruned these begin with its latest snapshot.
        state: of this state alone; with a number it may be left out where there is one.

    Raises:
        DropNotFoundError: there is no catalogue, or it does not name `since`.
        ReaderError: a number is given, and the output has several states.
        DropDamagedError: the catalogue or a drop can't be read, or is not as it was published.
        GapError: a drop that the reader lacks is gone; it says where to begin anew.
    """
    folder = Path(output)
    entries = read_catalogue(output)
    if isinstance(since, int):
        state = state or _only_state(folder, entries)
        since = _run_of(folder, entries, state, since)
    for entry in _wanted(folder, entries, since):
        if state is None or entry.state == state:
            yield read_drop(folder / entry.run_id, entry)


def _only_state(output: Path, entries: list[Entry]) -> str:
    states = list(dict.fromkeys(entry.state for entry in entries if entry.state))
    if len(states) != 1:
        raise ReaderError(
            f"{output} has drops of {len(states)} states, so a number names none; give state= one of "
            f"{', '.join(states) or 'none'}, or a run_id"
        )
    return states[0]


def _run_of(output: Path, entries: list[Entry], state: str, sequence: int) -> str | None:
    if sequence == 0:
        return None
    for entry in entries:
        if (entry.state, entry.sequence) == (state, sequence) and entry.mode != "snapshot":
            return entry.run_id
    raise DropNotFoundError(
        f"{output / CATALOGUE} has no drop {sequence} of the state {state}; newscrawl list {output} "
        "tells which there are"
    )


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
    entries = read_catalogue(output)
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
        "CREATE TABLE articles (site TEXT, id TEXT, state TEXT, revision INTEGER,"
        " drop_number INTEGER, line BLOB, PRIMARY KEY (site, id))"
    )
    truth.execute("BEGIN")
    for number, entry in enumerate(entries):
        drop = read_drop(folder / entry.run_id, entry)
        for line in drop.lines("articles"):
            key = _key(line)
            # A run of another state, or of none, knows nothing of later revisions.
            row = (key.site, key.id, entry.state or None, key.revision)
            if key.event == "withdrawn":
                truth.execute(
                    "DELETE FROM articles WHERE site = ? AND id = ?"
                    " AND (state IS ? OR revision <= ?)",
                    row,
                )
            else:
                truth.execute(
                    "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                    " state = excluded.state, revision = excluded.revision,"
                    " drop_number = excluded.drop_number, line = excluded.line"
                    " WHERE state IS excluded.state OR revision <= excluded.revision",
                    (*row, number, line),
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
    for entry in read_catalogue(output):
        if entry.place is None or entry.pruned or entry.mode == "snapshot":
            continue
        if not entry.counts.get("articles"):
            continue
        drop = read_drop(folder / entry.place, entry)
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
        is_there = entry.place is None or (output / entry.run_id).is_dir()
        if entry.pruned or not is_there:
            snapshot = _snapshot_behind(entries, entry)
            sequence = entry.sequence or 0
            what_now = "no snapshot holds what was in it"
            if snapshot is not None:
                what_now = f"begin anew, with since=None, at the snapshot {snapshot.run_id}"
            how = f"was pruned ({entry.pruned.why})" if entry.pruned else "has lost its folder"
            raise GapError(
                f"the drop {entry.run_id} of {output} {how}; {what_now}",
                entry.run_id,
                snapshot.run_id if snapshot else None,
                entry.state or None,
                range(sequence, sequence + 1) if sequence else range(0),
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
    """From an entry on, each of a state follows the one before, by number and by hash.

    Raises:
        GapError: one is left out, or another stands in its place.
    """
    last: dict[str, Entry] = {}
    for number, entry in enumerate(entries):
        if not entry.state or entry.mode == "snapshot":
            continue
        before = last.get(entry.state)
        last[entry.state] = entry
        if number < start:
            continue
        sequence, at = entry.sequence or 0, (before.sequence or 0) if before else 0
        if sequence != at + 1:
            raise GapError(
                f"{output / CATALOGUE}: after drop {at} of the state {entry.state} comes drop "
                f"{sequence}, {entry.run_id}; newscrawl verify {output} tells what is missing",
                entry.run_id,
                state=entry.state,
                missing=range(at + 1, sequence),
            )
        if (entry.previous or None) != (before.link if before else None):
            raise GapError(
                f"{output / CATALOGUE}: {entry.run_id} does not follow the drop that stands before it "
                f"in the state {entry.state}: that one is not as it was published; newscrawl verify "
                f"{output} tells more",
                entry.run_id,
                state=entry.state,
            )


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
