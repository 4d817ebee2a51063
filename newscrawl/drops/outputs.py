"""Where drops go: a folder of this machine, or a store that has an fsspec URL.

In a folder, a drop's own folder gets its name by one rename, and its line is appended to the
catalogue. Object stores rename and append nothing: there the files are written, the descriptor after
the data, and then the entry, an object of its own, `catalogue/<run_id>.json`. With the entry the drop
is published; what lies there without one is none. Publishers share no object, so that any number of
them may publish at once; the name of a run is claimed when it begins, by an object that is made only
where there is none (`If-None-Match` on S3).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import Entry
from newscrawl.drops.files import sync_folder, write_whole
from newscrawl.drops.form import DESCRIPTOR
from newscrawl.drops.schema import SCHEMAS, schema_files
from newscrawl.errors import UsageError, one_line

# What `pip install newscrawl[…]` needs for each.
_EXTRAS = {
    "s3": "s3",
    "gs": "gs",
    "az": "az",
    "abfs": "az",
    "sftp": "sftp",
    "memory": "fsspec",
}
SCHEMES = ("file", *_EXTRAS)
"""The schemes of URLs that drops can go to."""

ENTRIES = "catalogue"
"""The folder that holds a store's entries, `<run_id>.json` each."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")  # one letter is a drive
_CLAIMS = ".claims"
_AT_ONCE = 500


class Output(Protocol):
    """A place that drops are published to."""

    @property
    def name(self) -> str:
        """As a setting names it."""

    @property
    def work(self) -> Path:
        """The local folder that holds what a run has before it is published."""

    def find(self, run_id: str) -> Entry | None:
        """A published run's entry."""

    def is_out(self, run_id: str) -> bool:
        """Whether a drop has what decides that it is published."""

    def claim(self, run_id: str, spool: Path) -> bool:
        """Keep a run's name from others; False: another has it."""

    def release(self, run_id: str) -> None:
        """Give a name back that was claimed, or that is published by now."""

    def place(self, run_id: str) -> Path | str:
        """Where a published drop lies."""

    def catalogue_place(self, run_id: str) -> Path | str:
        """Where its entry lies."""

    def put(self, partial: Path, run_id: str) -> None:
        """Bring a drop whose files are written whole to its place."""

    def append(self, entry: Entry) -> None:
        """Write the entry of a drop."""

    def read_descriptor(self, run_id: str) -> bytes:
        """The descriptor of a published drop."""


class LocalOutput:
    """An output folder of this machine.

    Args:
        folder: it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.work = folder

    @property
    def name(self) -> str:
        """The folder's whole path."""
        return str(self.work.resolve())

    def __str__(self) -> str:
        return str(self.work)

    def find(self, run_id: str) -> Entry | None:
        """A published run's line."""
        return catalogue.find(self.work, run_id)

    def is_out(self, run_id: str) -> bool:
        """Whether a drop has its name or its line: the rename decides, or the line of a line alone."""
        return (self.work / run_id).exists() or self.find(run_id) is not None

    def claim(self, run_id: str, spool: Path) -> bool:
        """The run's spool beside its folder is claim enough."""
        return True

    def release(self, run_id: str) -> None:
        """Nothing was claimed."""

    def place(self, run_id: str) -> Path:
        """The drop's folder."""
        return self.work / run_id

    def catalogue_place(self, run_id: str) -> Path:
        """The catalogue."""
        return self.work / catalogue.CATALOGUE

    def put(self, partial: Path, run_id: str) -> None:
        """Give the folder its name.

        Raises:
            OSError: the disk failed.
        """
        partial.rename(self.work / run_id)
        sync_folder(self.work)

    def append(self, entry: Entry) -> None:
        """Append a line to the catalogue.

        Raises:
            OSError: the disk failed; what stood before stands.
        """
        catalogue.append(self.work, entry)

    def read_descriptor(self, run_id: str) -> bytes:
        """The descriptor of a drop in its folder."""
        return (self.work / run_id / DESCRIPTOR).read_bytes()


class RemoteOutput:
    """An output that has a URL.

    Args:
        url: as the setting gives it.
        work: the local folder of what is not published yet.

    Raises:
        UsageError: it can't be one, or what it needs is not installed.
    """

    def __init__(self, url: str, work: Path) -> None:
        self.name, self.work = url.rstrip("/"), work
        self._scheme = url.partition(":")[0].lower()
        self._fs, root = _file_system(self.name, self._scheme)
        self._root = root.rstrip("/")

    def __str__(self) -> str:
        return self.name

    def find(self, run_id: str) -> Entry | None:
        """A published run's entry.

        Raises:
            OSError: the store did not answer.
        """
        content = self._read(f"{ENTRIES}/{run_id}.json")
        return catalogue.decode(content) if content is not None else None

    def is_out(self, run_id: str) -> bool:
        """Whether a drop has its entry.

        Raises:
            OSError: the store did not answer.
        """
        return self.find(run_id) is not None

    def claim(self, run_id: str, spool: Path) -> bool:
        """Keep a run's name from others; False: another has it.

        Args:
            run_id: the name.
            spool: the run's folder; who has it may claim again.

        Raises:
            OSError: the store did not answer.
        """
        path, own = f"{_CLAIMS}/{run_id}", spool / "claim"
        if not own.exists():
            write_whole(own, uuid4().hex.encode())
        token = own.read_bytes()
        try:
            self._write(path, token, mode="create")
        except OSError:
            # Another was first, or the answer to our own claim was lost.
            held = self._read(path)
            if held is None:
                raise
            if held != token:
                return False
        return self.find(run_id) is None

    def release(self, run_id: str) -> None:
        """Give a name back that was claimed, or that is published by now; a claim left behind is no harm."""
        with suppress(OSError), self._asking("delete", f"{_CLAIMS}/{run_id}"):
            self._fs.rm_file(self._path(f"{_CLAIMS}/{run_id}"))

    def place(self, run_id: str) -> str:
        """The URL that the names of a drop's files begin with."""
        return f"{self.name}/{run_id}"

    def catalogue_place(self, run_id: str) -> str:
        """The URL of an entry."""
        return f"{self.name}/{ENTRIES}/{run_id}.json"

    def put(self, partial: Path, run_id: str) -> None:
        """Upload the schemas, the data and then the descriptor, over what an earlier try left.

        Raises:
            OSError: the store did not take it; what is there without an entry is no drop.
        """
        for file, content in schema_files().values():
            if self._read(file.path) != content:
                self._write(file.path, content)
        data = sorted(path for path in partial.iterdir() if path.name != DESCRIPTOR)
        for path in [*data, partial / DESCRIPTOR]:
            self._upload(path, f"{run_id}/{path.name}")

    def append(self, entry: Entry) -> None:
        """Write the entry as an object of its own.

        Raises:
            OSError: the store did not take it, or its answer was lost.
        """
        self._write(f"{ENTRIES}/{entry.run_id}.json", entry.line)

    def read_descriptor(self, run_id: str) -> bytes:
        """The descriptor of a published drop.

        Raises:
            OSError: the store did not answer, or has none.
        """
        path = f"{run_id}/{DESCRIPTOR}"
        content = self._read(path)
        if content is None:
            raise FileNotFoundError(f"{self.name}/{path} is missing")
        return content

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first; those of one state in its chain's order.

        Raises:
            OSError: the store did not answer.
            msgspec.DecodeError: an entry is none.
        """
        folder = self._path(ENTRIES)
        with self._asking("list", ENTRIES):
            self._fs.invalidate_cache()
            names = self._fs.ls(folder, detail=False) if self._fs.exists(folder) else []
        paths = iter(sorted(name for name in names if name.endswith(".json")))
        found = []
        while batch := list(islice(paths, _AT_ONCE)):
            with self._asking("read", ENTRIES):
                found += [catalogue.decode(content) for content in self._fs.cat(batch).values()]
        yield from sorted(
            found, key=lambda e: (e.published_at, e.state or "", e.sequence or 0, e.run_id)
        )

    def download(self, folder: Path) -> None:
        """Copy every published drop into a local output folder, for whatever reads one.

        Raises:
            OSError: the store did not answer, or the disk failed.
        """
        for entry in self.entries():
            with (folder / catalogue.CATALOGUE).open("ab") as lines:
                lines.write(entry.line + b"\n")
            if entry.place:
                self._download(entry.place, folder)
        self._download(SCHEMAS, folder)

    def _download(self, name: str, folder: Path) -> None:
        (folder / name).mkdir()
        with self._asking("read", name):
            self._fs.invalidate_cache()
            if not self._fs.exists(self._path(name)):
                return
            for path in self._fs.ls(self._path(name), detail=False):
                self._fs.get_file(path, str(folder / name / path.rpartition("/")[2]))

    def _path(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _read(self, path: str) -> bytes | None:
        """An object's bytes; None where there is none."""
        with suppress(FileNotFoundError), self._asking("read", path):
            self._fs.invalidate_cache()
            content: bytes = self._fs.cat_file(self._path(path))
            return content
        return None

    def _write(self, path: str, content: bytes, mode: str = "overwrite") -> None:
        with self._asking("write", path):
            self._make_parent(path)
            if self._scheme == "sftp" and mode == "overwrite":
                # Bytes become visible one by one there, and a rename puts one file in another's place.
                partial = self._path(f"{path}.partial")
                self._fs.pipe_file(partial, content)
                self._fs.mv(partial, self._path(path))
            else:
                self._fs.pipe_file(self._path(path), content, mode=mode)

    def _upload(self, file: Path, path: str) -> None:
        with self._asking("write", path):
            self._make_parent(path)
            self._fs.put_file(str(file), self._path(path))

    def _make_parent(self, path: str) -> None:
        # Elsewhere there are no folders, and making one could make a bucket.
        if self._scheme in ("sftp", "memory"):
            self._fs.makedirs(self._path(path).rpartition("/")[0], exist_ok=True)

    @contextmanager
    def _asking(self, what: str, path: str) -> Iterator[None]:
        """Tell each error of a store's library as an OSError that says what was asked for."""
        try:
            yield
        except Exception as error:  # each store's library has its own
            if what == "read" and isinstance(error, FileNotFoundError):
                raise
            raise OSError(f"can't {what} {self.name}/{path}: {one_line(error)}") from error


def open_output(setting: str | Path, work: str | Path | None = None) -> Output:
    """The output that a setting names.

    Args:
        setting: a folder, or a URL.
        work: with a URL, the local folder of what is not published yet; None: one of its own under
            `.newscrawl` in the working directory.

    Raises:
        UsageError: it names none.
    """
    text = str(setting)
    if not text:
        raise UsageError("the output's name is empty; name a folder (. for this one) or a URL")
    url = _URL.match(text) if isinstance(setting, str) else None
    if not url:
        return LocalOutput(Path(setting))
    scheme = url.group(1).lower()
    if scheme not in SCHEMES:
        raise UsageError(
            f"the output {text}: there is no scheme {scheme!r}; a folder's path, or a URL "
            f"that begins with {', '.join(f'{known}://' for known in SCHEMES)}"
        )
    text = scheme + text[len(scheme) :]
    parts = urlsplit(text)
    if parts.password is not None:
        raise UsageError(
            "the output's URL holds a password, which logs would show; give it to the store's own "
            "library (docs/scheduling.md, Object stores)"
        )
    if not text[len(scheme) :].startswith("://") or parts.query or parts.fragment:
        raise UsageError(
            f"the output {text} is no URL of a folder: {scheme}:// and its path, without ? and #"
        )
    if scheme == "file":
        if parts.netloc:
            raise UsageError(f"the output {text}: a path of this machine is file:///path")
        return LocalOutput(Path(unquote(parts.path)))
    if not parts.netloc:
        raise UsageError(
            f"the output {text} names no bucket, container or host: {scheme}://NAME/path"
        )
    return RemoteOutput(text, Path(work) if work else _default_work(text))


@contextmanager
def at_hand(named: str) -> Iterator[Path]:
    """A drop or an output as a folder of this machine; a store's output is copied for the time being.

    Args:
        named: a folder, or a URL of an output.

    Raises:
        UsageError: it can be none.
        OSError: the store did not answer.
        msgspec.DecodeError: the store holds an entry that is none.
    """
    output = open_output(named)
    if not isinstance(output, RemoteOutput):
        yield output.work
        return
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        output.download(Path(folder))
        yield Path(folder)


def _default_work(url: str) -> Path:
    digest = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:8]
    name = re.sub(r"[^A-Za-z0-9._]+", "-", url.rstrip("/"))[:80]
    return Path(".newscrawl") / f"{name}-{digest}"


def _file_system(url: str, scheme: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    try:
        import fsspec.core  # an extra

        fs, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(
            f"the output {url} needs what is not installed ({one_line(error)}): "
            f"pip install 'newscrawl[{_EXTRAS[scheme]}]'"
        ) from None
    except Exception as error:  # noqa: BLE001  # each store's library has its own
        raise UsageError(f"the output {url} can't be used: {one_line(error)}") from None
    return fs, path
