"""The catalogue: one line a published drop, oldest first."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock

CATALOGUE = "drops.jsonl"


def read_catalogue(output: Path) -> Iterator[dict[str, Any]]:
    """The published drops, oldest first; none where nothing was published."""
    path = output / CATALOGUE
    if path.exists():
        for line in path.read_bytes().splitlines():
            yield msgspec.json.decode(line)


def is_published(output: Path, run_id: str) -> bool:
    """Whether the catalogue names a run."""
    return any(entry["run_id"] == run_id for entry in read_catalogue(output))


def append(output: Path, entry: dict[str, Any]) -> None:
    """Append a line, so that a reader sees the old catalogue or the new one and nothing between.

    Args:
        output: the output folder.
        entry: the line; its `run_id` is not in the catalogue.

    Raises:
        OSError: the disk failed; the old catalogue stands.
    """
    path, fresh = output / CATALOGUE, output / f".{CATALOGUE}.new"
    with FileLock(output / f".{CATALOGUE}.lock"):
        before = path.read_bytes() if path.exists() else b""
        write_durably(fresh, before + msgspec.json.encode(entry) + b"\n")
        fresh.replace(path)
        sync_folder(output)


def sha256(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, so that a rename outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
