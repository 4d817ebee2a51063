"""Saved pages on disk: a file, a directory (recursively) or a glob."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newscrawl.errors import NoPagesError, PageError, PageTooLargeError, PathNotFoundError
from newscrawl.page import Fetched
from newscrawl.page.characters import printable_name
from newscrawl.page.media import is_markup
from newscrawl.sources.containers import check_format, unpack
from newscrawl.sources.records import beginning
from newscrawl.sources.saved import Saved, read_saved

# Enough to tell a format by.
_BEGINNING = 2**16
_GLOB_CHARACTERS = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file to replay: its name in the ledger and where it lies."""

    name: str
    path: Path


def find_files(path: str) -> list[SavedFile]:
    """List what a path names, sorted by name, so that the order on disk changes nothing.

    Hidden files and folders (names that begin with a dot) inside a directory are left out.

    Args:
        path: a file, a directory, or a glob (``**`` goes through folders).

    Returns:
        The files, each with its name relative to the directory, to the glob's fixed
        beginning, or (a single file) to its own folder.

    Raises:
        PathNotFoundError: nothing lies there.
        NoPagesError: no file lies there.
    """
    given = Path(path)
    if given.is_file():
        return [SavedFile(printable_name(given.name), given)]
    if given.is_dir():
        root, tops = given, [given]
    elif _GLOB_CHARACTERS & set(path):
        root, tops = _fixed_beginning(path), [Path(p) for p in glob.glob(path, recursive=True)]  # noqa: PTH207  # Path.glob takes no absolute pattern
        if not tops:
            raise PathNotFoundError(f"the glob {path!r} matches nothing; check -a path=")
    else:
        raise PathNotFoundError(
            f"there is no file or directory at {path!r}; check -a path= (now in {Path.cwd()})"
        )
    found = {
        PurePosixPath(file.relative_to(root)).as_posix(): file
        for top in tops
        for file in _walk(top)
    }
    if not found:
        raise NoPagesError(f"{path!r} holds no file to replay; check -a path=")
    return [SavedFile(printable_name(name), found[name]) for name in sorted(found)]


def _fixed_beginning(pattern: str) -> Path:
    parts = []
    for part in Path(pattern).parts[:-1]:
        if _GLOB_CHARACTERS & set(part):
            break
        parts.append(part)
    return Path(*parts)


def _walk(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for folder, subfolders, names in os.walk(top):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield from (
            Path(folder, name)
            for name in names
            if not name.startswith(".") and Path(folder, name).is_file()
        )


def read_file(file: SavedFile, max_bytes: int) -> Fetched:
    """Read one file: a page, or what holds one.

    Args:
        file: what to read.
        max_bytes: the largest size that is read, unpacked.

    Raises:
        PageTooLargeError: the file is larger.
        FormatError: the file is of a known format that is not read.
        PageError: the file can't be read.
    """
    try:
        with file.path.open("rb") as stream:
            check_format(beginning(stream, _BEGINNING))
        size = file.path.stat().st_size
        if size > max_bytes:
            raise PageTooLargeError(
                f"the file has {size} bytes, the limit is {max_bytes}; "
                "raise it with -s NEWSCRAWL_MAX_PAGE_BYTES="
            )
        content = unpack(file.name, file.path.read_bytes(), max_bytes)
    except OSError as error:
        raise PageError(f"the file can't be read: {error.strerror}") from None
    saved = Saved(content.body)
    if is_markup(content.body):
        saved = read_saved(content.body, content.url, content.saved_at)
    return Fetched(
        page=file.name,
        url=saved.url,
        status=200,
        headers={"content-type": content.content_type} if content.content_type else {},
        body=saved.body,
        fetched_at=saved.fetched_at,
    )


def hash_file(file: SavedFile) -> str | None:
    """SHA-256 of a file that is too large to be read at once; None where it can't be read."""
    try:
        with file.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
