"""Files that outlive a power cut."""

from __future__ import annotations

import os
from pathlib import Path


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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever looks sees all of it or nothing, and flush it to disk.

    Raises:
        OSError: the disk failed; nothing is there, or what was there before.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    write_durably(fresh, content)
    fresh.replace(path)
    sync_folder(path.parent)
