"""The catalogue: one line a published drop, oldest first; lines of one state are a chain.

A line is appended by one write and flushed to disk; a line without its end is none (the power
failed while it was written), and whoever appends next takes it away.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from newscrawl.drops.files import sync_folder, write_whole
from newscrawl.items import Note

CATALOGUE = "drops.jsonl"
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}")
"""The name of a run, which is the name of its folder."""

Mode = Literal["standalone", "incremental", "snapshot"]


class Link(msgspec.Struct, frozen=True):
    """The drop before one in its chain.

    Attributes:
        run_id: its run.
        descriptor_hash: `sha256:…` of its descriptor; of its line, without the line end, where it
            has no folder.
    """

    run_id: str
    descriptor_hash: str


class Pruned(msgspec.Struct, frozen=True):
    """A drop whose folder was deleted: when, RFC 3339, and why."""

    at: str
    why: str


class Redacted(msgspec.Struct, frozen=True):
    """A drop that was written anew without what had to go.

    Attributes:
        at: when, RFC 3339.
        why: the reason that was given.
        old_hash, new_hash: `sha256:…` of its descriptor before and after.
    """

    at: str
    why: str
    old_hash: str
    new_hash: str


class Entry(msgspec.Struct, kw_only=True, frozen=True):
    """A line of the catalogue.

    Attributes:
        run_id: the run.
        spider: the spider's name.
        published_at: when the line was written, RFC 3339.
        path: the drop's folder, as 1.0 names it; null for a line alone.
        folder: the same; null: the run brought nothing, and the line is all that there is.
        descriptor_hash: `sha256:…` of the descriptor, or null.
        counts: the records of each file.
        events: the articles of each event.
        outcomes: the pages of each outcome.
        state: the id of the state, or null for a run that stands alone.
        sequence: 1, 2, … in that state, or null.
        previous: the drop before in that state, or null.
        mode: how the run looked at the past; `snapshot` is the whole present truth.
        notes: of a line alone, what the descriptor of another drop would say of the run.
        pruned: the folder was deleted; the line stays as it was but for this.
        redacted: the folder was changed, each time; the chain keeps naming `descriptor_hash`.

    Lines of 1.0 end with `counts`.
    """

    run_id: str
    spider: str
    published_at: str
    path: str | None
    folder: str | UnsetType | None = UNSET
    descriptor_hash: str | None
    counts: dict[str, int]
    events: dict[str, int] | UnsetType = UNSET
    outcomes: dict[str, int] | UnsetType = UNSET
    state: str | UnsetType | None = UNSET
    sequence: int | UnsetType | None = UNSET
    previous: Link | UnsetType | None = UNSET
    mode: Mode | UnsetType = UNSET
    notes: list[Note] | UnsetType = UNSET
    pruned: Pruned | UnsetType = UNSET
    redacted: list[Redacted] | UnsetType = UNSET

    @property
    def line(self) -> bytes:
        """The line without its end."""
        return msgspec.json.encode(self)

    @property
    def link(self) -> Link:
        """How the next line of the chain names this one."""
        return Link(self.run_id, self.descriptor_hash or "sha256:" + sha256(self.line))

    @property
    def place(self) -> str | None:
        """The name of the drop's folder; None: the line is alone."""
        return self.path if self.folder is UNSET else self.folder

    @property
    def present_hash(self) -> str | None:
        """The hash that the descriptor in its folder has now; None where there is no folder."""
        if self.pruned:
            return None
        return self.redacted[-1].new_hash if self.redacted else self.descriptor_hash


decode = msgspec.json.Decoder(Entry).decode


def read_catalogue(output: Path) -> Iterator[Entry]:
    """The published drops, oldest first; none where nothing was published."""
    path = output / CATALOGUE
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield decode(line)


def find(output: Path, run_id: str) -> Entry | None:
    """A run's line; None where it has none."""
    path = output / CATALOGUE
    if not path.exists() or not path.stat().st_size:
        return None
    begin = b'{"run_id":' + msgspec.json.encode(run_id) + b","
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        start = 0 if text[: len(begin)] == begin else text.rfind(b"\n" + begin) + 1
        end = text.find(b"\n", start)
        if end < 0 or text[start : start + len(begin)] != begin:
            return None
        return decode(text[start:end])


def is_published(output: Path, run_id: str) -> bool:
    """Whether the catalogue names a run."""
    return find(output, run_id) is not None


def append(output: Path, entry: Entry) -> None:
    """Append a line and flush it to disk.

    Args:
        output: the output folder.
        entry: the line; its `run_id` is not in the catalogue.

    Raises:
        OSError: the disk failed; what stood before stands.
    """
    from filelock import FileLock  # here, for who only reads waits for nobody: it loads asyncio

    with FileLock(output / f".{CATALOGUE}.lock"):
        descriptor = os.open(output / CATALOGUE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            size = _cut_torn_line(descriptor)
            line = entry.line + b"\n"
            try:
                if os.write(descriptor, line) < len(line):
                    raise OSError("the line of the catalogue was not written whole")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        sync_folder(output)


def rewrite(output: Path, change: Callable[[Entry], Entry]) -> None:
    """Change lines of a catalogue, all by one rename; those that stay keep their bytes.

    Args:
        output: the output folder.
        change: gives each line's entry back, or another in its place.

    Raises:
        OSError: the disk failed; what stood before stands.
    """
    from filelock import FileLock

    with FileLock(output / f".{CATALOGUE}.lock"):
        lines = []
        for line in (output / CATALOGUE).read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):
                entry = decode(line)
                changed = change(entry)
                lines.append(line if changed is entry else changed.line + b"\n")
        write_whole(output / CATALOGUE, b"".join(lines))


def _cut_torn_line(descriptor: int) -> int:
    """Take away a last line without its end; the size that is left."""
    size = os.fstat(descriptor).st_size
    end = size
    while end:
        start = max(0, end - 2**16)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)
    return end


def sha256(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()
