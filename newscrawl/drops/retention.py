"""Snapshots of the present truth, and the pruning of what lies before them.

A snapshot is a drop beside its state's chain: all articles that are not withdrawn, each record as it
was last published. With it a reader who has nothing needs no drop before it, so these can be pruned:
the folder goes, its line stays, and the chain with it. The catalogue is changed first, by one rename,
and folders are deleted after it; pruning again deletes what a crash left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import Entry, Pruned
from newscrawl.drops.lines import write_lines
from newscrawl.drops.outputs import LocalOutput
from newscrawl.drops.publish import Package, clock, publish
from newscrawl.drops.schema import RECORD_CLASSES
from newscrawl.items import Article


@dataclass(frozen=True, slots=True)
class SnapshotPackage(Package):
    """A snapshot: its place is that of the drop that it follows."""

    of: Entry | None = None

    def facts(self) -> dict[str, Any]:
        """What the descriptor and the catalogue's line say alike."""
        assert self.of is not None  # noqa: S101  # there is no snapshot of nothing
        tallies = {file.name: file.tally for file in self.files}
        return {
            "events": tallies["articles"],
            "outcomes": tallies["pages"],
            "state": self.of.state,
            "sequence": self.of.sequence,
            "previous": self.of.link,
            "mode": "snapshot",
        }


def states(output: Path) -> dict[str, Entry]:
    """Each state of a catalogue and its last drop."""
    last: dict[str, Entry] = {}
    for entry in catalogue.read_catalogue(output):
        if entry.state and entry.mode != "snapshot":
            last[entry.state] = entry
    return last


def snapshot(output: Path, of: Entry, truth: Iterator[Article], now: datetime) -> str:
    """Publish a snapshot.

    Args:
        output: the output folder.
        of: the last drop of the state.
        truth: the state's articles as of that drop, sorted by site and id.
        now: aware.

    Returns:
        Its run_id.

    Raises:
        OSError: the disk failed.
    """
    run_id = _free_name(output, now)
    partial = output / f".{run_id}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        files = [
            write_lines(
                partial,
                name,
                truth if name == "articles" else (),
                {"articles": "event", "pages": "outcome"}.get(name),
            )
            for name in RECORD_CLASSES
        ]
        package = SnapshotPackage(run_id, "snapshot", now, files, [], None, {}, [], of)
        publish(LocalOutput(output), partial, package)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return run_id


def _free_name(output: Path, now: datetime) -> str:
    made = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ-snapshot")
    name, count = made, 1
    while (output / name).exists() or catalogue.is_published(output, name):
        count += 1
        name = f"{made}-{count}"
    return name


def prunable(output: Path, keep: timedelta, least: int, now: datetime) -> list[Entry]:
    """The drops that are old and that a snapshot makes needless, oldest first.

    Args:
        output: the output folder.
        keep: younger ones stay.
        least: so many of each state stay whatever their age.
        now: aware.
    """
    entries = list(catalogue.read_catalogue(output))
    snapshots: dict[str, Entry] = {}
    for entry in entries:
        if entry.mode == "snapshot" and entry.state and not entry.pruned:
            snapshots[entry.state] = entry
    left = dict.fromkeys(snapshots, least)
    found = []
    for entry in reversed(entries):
        latest = snapshots.get(entry.state or "")
        if latest is None or entry.place is None or entry.pruned or entry is latest:
            continue
        if entry.mode != "snapshot":
            left[latest.state or ""] -= 1
            if left[latest.state or ""] >= 0:
                continue
        is_old = datetime.fromisoformat(entry.published_at) < now - keep
        if is_old and (entry.sequence or 0) <= (latest.sequence or 0):
            found.append(entry)
    return found[::-1]


def prune(output: Path, entries: list[Entry], why: str, now: datetime) -> None:
    """Mark drops as pruned in the catalogue, and delete their folders.

    Args:
        output: the output folder.
        entries: which.
        why: told to readers.
        now: aware.

    Raises:
        OSError: the disk failed; pruning again goes on.
    """
    names = {entry.run_id for entry in entries}
    pruned = Pruned(at=clock(now.astimezone(UTC).replace(microsecond=0)), why=why)
    if names:
        catalogue.rewrite(
            output,
            lambda entry: (
                msgspec.structs.replace(entry, pruned=pruned) if entry.run_id in names else entry
            ),
        )
    for entry in catalogue.read_catalogue(output):
        if entry.pruned and catalogue.RUN_ID.fullmatch(entry.run_id):
            shutil.rmtree(output / entry.run_id, ignore_errors=True)
