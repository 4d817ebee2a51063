"""Captures: what a live run was answered, as WARC files from which it can be replayed.

WARC 1.1 (ISO 28500:2017, https://iipc.github.io/warc-specifications/). One record is one gzip
member or one Zstandard frame. Every start of a process opens a new file and never appends to
one that a kill may have cut. `newscrawl.sources.warc` is the reader.

A run's capture is ``<folder>/<run_id>/<run_id>-<serial>.warc.gz``. It refers to nothing outside
of that folder, so captures can be deleted run by run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sys
import uuid
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec
from filelock import FileLock, Timeout

from newscrawl import __version__
from newscrawl.addresses.forms import Role
from newscrawl.errors import RunBusyError, StorageError, is_full
from newscrawl.page.facts import Facts
from newscrawl.page.fetched import Fetched

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

logger = logging.getLogger(__name__)

Compression = Literal["gzip", "zstd"]
Headers = Iterable[tuple[bytes, bytes]]

SOFTWARE = "newscrawl/"
"""How the `software` field of our own captures' warcinfo records begins."""
PAGE_MEDIA_TYPE = "application/vnd.newscrawl.page+json"
"""Content-Type of the metadata records that name a capture's pages."""
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_SUFFIXES: dict[Compression, str] = {"gzip": ".warc.gz", "zstd": ".warc.zst"}
_LOCK, _PRUNE_LOCK = ".lock", ".prune.lock"
# Measured on 100 KB pages (docs/capture.md): level 1 of gzip costs 1.0 ms of CPU and level 6
# 2.6 ms for 14 % less; level 1 of Zstandard 0.6 ms. What came compressed gets no smaller.
_GZIP_LEVEL = 1
_GZIP_STORED = 0
_ZSTD_OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 1,
    zstd.CompressionParameter.checksum_flag: 1,
}
# A revisit record is some 300 bytes longer than the head of a response.
_MIN_REVISIT_BYTES = 1024
# What repeats within a run are notices and robots.txt; 50,000 payloads take about 20 MB.
_MAX_REMEMBERED = 50_000
# The transfer is over when a response is written, so what only described it would mislead.
_TRANSFER_HEADERS = frozenset({b"transfer-encoding", b"content-length"})
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]+")


class PageEntry(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What a metadata record says of a page: the block of a `PAGE_MEDIA_TYPE` record.

    Attributes:
        page: the ledger's name for it, the address asked for.
        url: the address that answered, after redirects.
        role: what it was asked for as.
        status: HTTP status; None where nothing answered.
        failure: "code: detail" where nothing answered or the answer was refused.
        response: the id of the record that holds the answer; None: there is none.
        facts: what discovery pages said of it before.
    """

    page: str
    url: str
    role: Role | None = None
    status: int | None = None
    failure: str | None = None
    response: str | None = None
    facts: tuple[Facts, ...] = ()


@dataclass(frozen=True, slots=True)
class _Payload:
    """A payload that this capture holds already."""

    record_id: str
    url: str
    date: str


class Capture:
    """Writes the capture of one run; a context manager.

    Args:
        folder: where captures lie, a folder a run; made where it is missing.
        run_id: the run's name.
        compression: "gzip", which every tool reads, or "zstd", which costs less CPU.
        max_file_bytes: a file that has grown this large is followed by another.
        operator: who runs the crawl and can be reached how (warcinfo).
        user_agent: what the crawler calls itself (warcinfo).
        robots: the policy towards robots.txt (warcinfo): "obey" or "ignore".

    Raises:
        RunBusyError: another process writes the capture of this run.
        StorageError: the disk failed.
    """

    def __init__(
        self,
        folder: Path,
        run_id: str,
        *,
        compression: Compression = "gzip",
        max_file_bytes: int = 2**30,
        operator: str | None = None,
        user_agent: str | None = None,
        robots: str = "obey",
    ) -> None:
        self.folder, self.run_id = folder / run_id, run_id
        self._compression, self._max_file_bytes = compression, max_file_bytes
        self._info = {
            "software": f"{SOFTWARE}{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": run_id,
            "operator": operator,
            "http-header-user-agent": user_agent,
            "robots": robots,
        }
        self._payloads: dict[bytes, _Payload] = {}
        self._fd = -1
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.folder / _LOCK, timeout=0)
            self._lock.acquire()
            self._serial = 1 + max((_serial(p.name) for p in self.folder.iterdir()), default=-1)
            self._open()
        except Timeout:
            raise RunBusyError(
                f"another process writes the capture {self.folder}; wait for it, or choose another "
                "-a run_id="
            ) from None
        except OSError as error:
            raise _failed(self.folder, error) from None

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
        """Flush to disk and let go of the capture; closing twice does nothing."""
        self._close_file()
        self._lock.release()

    def write_exchange(
        self,
        *,
        url: str,
        fetched_at: datetime,
        request_head: bytes,
        status: int,
        reason: str,
        headers: Headers,
        body: bytes,
        ip: str | None = None,
        truncated: str | None = None,
    ) -> str:
        """Write a request and its response; the kernel has them when this returns.

        A payload that this capture holds already is written as a `revisit` record, and so is
        a 304.

        Args:
            url: the address that was asked.
            fetched_at: when the answer came, aware; seconds are the finest that is kept.
            request_head: request line and headers, up to and with the blank line.
            status: HTTP status.
            reason: the status line's phrase.
            headers: the response's headers, each as often as it came.
            body: as received, still content-encoded, without transfer encoding.
            ip: the address of the server.
            truncated: why the body is not whole, a word of WARC-Truncated; None: it is.

        Returns:
            The id of the response's record.

        Raises:
            StorageError: the disk failed; nothing of the exchange is in the capture.
        """
        date = warc_date(fetched_at)
        record_id, digest = _new_id(), hashlib.sha256(body).digest()
        common = {
            "WARC-Date": date,
            "WARC-Target-URI": url,
            "WARC-IP-Address": ip,
            "WARC-Warcinfo-ID": self._info_id,
        }
        sent = {**common, "WARC-Concurrent-To": record_id}
        records = [
            _record("request", _new_id(), sent, "application/http;msgtype=request", request_head)
        ]
        head, is_encoded = _response_head(status, reason, headers, len(body))
        answer = {
            **common,
            "WARC-Payload-Digest": "sha256:" + digest.hex(),
            "WARC-Truncated": truncated,
        }
        known = self._payloads.get(digest) if len(body) >= _MIN_REVISIT_BYTES else None
        media_type, kind = "application/http;msgtype=response", "revisit"
        if status == 304:
            answer["WARC-Profile"] = NOT_MODIFIED
        elif known:
            answer |= {
                "WARC-Profile": IDENTICAL_PAYLOAD,
                "WARC-Refers-To": known.record_id,
                "WARC-Refers-To-Target-URI": known.url,
                "WARC-Refers-To-Date": known.date,
            }
        else:
            kind, head = "response", head + body
        records.append(_record(kind, record_id, answer, media_type, head))
        self._write(records, is_encoded and kind == "response")
        if kind == "response" and len(body) >= _MIN_REVISIT_BYTES:
            self._remember(digest, _Payload(record_id, url, date))
        return record_id

    def write_page(
        self,
        *,
        page: str,
        url: str,
        fetched_at: datetime,
        role: Role | None = None,
        status: int | None = None,
        facts: Sequence[Facts] = (),
        failure: str | None = None,
        response_id: str | None = None,
    ) -> None:
        """Name what was fetched as a page of the run; of one page, the last record counts.

        Args:
            page: the ledger's name for it, the address asked for.
            url: the address that answered, after redirects.
            fetched_at: when the answer came or failed, aware.
            role: what it was asked for as.
            status: HTTP status; None where nothing answered.
            facts: what discovery pages said of it before.
            failure: "code: detail" where nothing answered or the answer was refused.
            response_id: what `write_exchange` returned for the answer that counts; None: replay
                shows the page without headers and body.

        Raises:
            StorageError: the disk failed; the page is not in the capture.
        """
        entry = PageEntry(
            page=page, url=url, role=role, status=status, failure=failure, response=response_id,
            facts=tuple(facts),
        )  # fmt: skip
        fields = {
            "WARC-Date": warc_date(fetched_at),
            "WARC-Target-URI": page,
            "WARC-Refers-To": response_id,
            "WARC-Warcinfo-ID": self._info_id,
        }
        block = msgspec.json.encode(entry)
        self._write([_record("metadata", _new_id(), fields, PAGE_MEDIA_TYPE, block)], False)

    def write_fetched(self, fetched: Fetched, response_id: str | None = None) -> None:
        """Name what came of asking for an address; arguments and errors as for `write_page`."""
        url, fetched_at = fetched.answered
        self.write_page(
            page=fetched.page,
            url=url,
            fetched_at=fetched_at,
            role=fetched.role,
            status=fetched.status,
            facts=fetched.facts,
            failure=fetched.failure,
            response_id=response_id,
        )

    def _remember(self, digest: bytes, payload: _Payload) -> None:
        if len(self._payloads) >= _MAX_REMEMBERED:
            del self._payloads[next(iter(self._payloads))]
        self._payloads[digest] = payload

    # Files

    def _open(self) -> None:
        """Begin the next file with its warcinfo record."""
        name = f"{self.run_id}-{self._serial:05}{_SUFFIXES[self._compression]}"
        self.path = self.folder / name
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._size, self._info_id = 0, _new_id()
        self._serial += 1
        block = "".join(f"{k}: {_line(v)}\r\n" for k, v in self._info.items() if v).encode()
        fields = {"WARC-Date": warc_date(datetime.now(UTC)), "WARC-Filename": name}
        self._append(self._pack(_record("warcinfo", self._info_id, fields, "application/warc-fields", block)))  # fmt: skip

    def _close_file(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            try:
                os.fsync(fd)
            except OSError as error:
                raise _failed(self.path, error) from None
            finally:
                os.close(fd)

    def _write(self, records: list[bytes], is_last_encoded: bool) -> None:
        """Write records that belong together, all or nothing."""
        *others, last = records
        packed = b"".join([*map(self._pack, others), self._pack(last, is_last_encoded)])
        try:
            self._append(packed)
            if self._size >= self._max_file_bytes:
                self._close_file()
                self._open()
        except OSError as error:
            raise _failed(self.path, error) from None

    def _pack(self, record: bytes, is_encoded: bool = False) -> bytes:
        if self._compression == "zstd":
            return zstd.compress(record, options=_ZSTD_OPTIONS)
        return zlib.compress(
            record, _GZIP_STORED if is_encoded else _GZIP_LEVEL, zlib.MAX_WBITS | 16
        )

    def _append(self, content: bytes) -> None:
        """Write through to the kernel, so that a killed process loses nothing."""
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError:
            # Half a record would cost its reader those behind it.
            os.ftruncate(self._fd, self._size)
            os.lseek(self._fd, self._size, os.SEEK_SET)
            raise
        self._size += len(content)


def warc_date(moment: datetime) -> str:
    """A moment as WARC-Date: UTC, whole seconds.

    >>> warc_date(datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _new_id() -> str:
    return f"<{uuid.uuid4().urn}>"


def _line(value: str) -> str:
    """A value as one line: what would end it becomes a space."""
    return " ".join(value.split())


def _record(
    kind: str, record_id: str, fields: Mapping[str, str | None], media_type: str, block: bytes
) -> bytes:
    head = [f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {record_id}\r\n"]
    head += [f"{name}: {_line(value)}\r\n" for name, value in fields.items() if value]
    head.append(f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}\r\n")
    head.append(f"Content-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n")
    return b"".join(["".join(head).encode(), block, b"\r\n\r\n"])


def _response_head(status: int, reason: str, headers: Headers, length: int) -> tuple[bytes, bool]:
    """Status line and headers with the blank line, and whether the body is content-encoded."""
    lines = [f"HTTP/1.1 {status} {_line(reason)}".encode()]
    is_encoded = False
    for name, value in headers:
        lower = name.lower()
        if lower not in _TRANSFER_HEADERS:
            lines.append(_CONTROL_BYTES.sub(b" ", name + b": " + value))
            is_encoded |= lower == b"content-encoding"
    if status != 304:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join([*lines, b"", b""]), is_encoded


def _failed(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"the capture {path} can't be written: {error.strerror or error}; "
        f"{'free some space, or ' if is_full(error) else ''}choose another folder with "
        "-s NEWSCRAWL_CAPTURE=, and repeat the command with the same -a run_id="
    )


# Retention

_FILE = re.compile(r"(?P<run_id>.+)-(?P<serial>\d{5,})\.warc\.(gz|zst)")


def _serial(name: str) -> int:
    match = _FILE.fullmatch(name)
    return int(match["serial"]) if match else -1


@dataclass(frozen=True, slots=True)
class _Stored:
    """The capture of a run on disk."""

    folder: Path
    files: list[Path]
    size: int
    written_at: datetime


def prune(
    folder: Path,
    *,
    keep_days: float | None = None,
    keep_bytes: int | None = None,
    unfinished: Collection[str] = (),
    now: datetime | None = None,
) -> list[str]:
    """Delete captures of whole runs, oldest first; each is logged.

    A capture that a process is writing is never touched, nor anything that is no capture of
    ours: a folder goes only if it holds nothing but files that `Capture` names so.

    Args:
        folder: where captures lie.
        keep_days: captures last written longer ago go; None: age does not count.
        keep_bytes: the oldest go until what is left is no larger; None: size does not count.
        unfinished: runs that will be gone on with; theirs stay.
        now: aware; None: the clock's.

    Returns:
        The runs whose captures were deleted.

    Raises:
        StorageError: the disk failed.
    """
    if not folder.is_dir():
        return []
    try:
        with FileLock(folder / _PRUNE_LOCK):  # runs that end at once take turns
            return _prune(folder, keep_days, keep_bytes, unfinished, now or datetime.now(UTC))
    except OSError as error:
        raise StorageError(
            f"old captures in {folder} can't be deleted: {error.strerror or error} "
            f"({error.filename}); check the folder's permissions"
        ) from None


def _prune(
    folder: Path,
    keep_days: float | None,
    keep_bytes: int | None,
    unfinished: Collection[str],
    now: datetime,
) -> list[str]:
    stored = sorted(_stored(folder), key=lambda s: (s.written_at, s.folder.name))
    total = sum(s.size for s in stored)
    deleted = []
    for capture in stored:
        is_old = keep_days is not None and now - capture.written_at > timedelta(days=keep_days)
        is_excess = keep_bytes is not None and total > keep_bytes
        name = capture.folder.name
        if not (is_old or is_excess) or name in unfinished or not _delete(capture):
            continue
        total -= capture.size
        deleted.append(name)
        logger.info(
            "Deleted the capture of %s: %d files, %d bytes, last written %s",
            name, len(capture.files), capture.size, warc_date(capture.written_at),
        )  # fmt: skip
    return deleted


def _stored(folder: Path) -> Iterator[_Stored]:
    for run in folder.iterdir():
        if run.is_symlink() or not run.is_dir():
            continue
        files = [path for path in run.iterdir() if path.name != _LOCK]
        matches = [_FILE.fullmatch(path.name) for path in files]
        if files and all(match and match["run_id"] == run.name for match in matches):
            stats = [path.stat() for path in files]
            written_at = datetime.fromtimestamp(max(s.st_mtime for s in stats), UTC)
            yield _Stored(run, sorted(files), sum(s.st_size for s in stats), written_at)


def _delete(capture: _Stored) -> bool:
    """Delete a run's capture; False where a process is writing it."""
    lock = FileLock(capture.folder / _LOCK, timeout=0)
    try:
        with lock:
            for path in capture.files:
                path.unlink()
            (capture.folder / _LOCK).unlink(missing_ok=True)
            capture.folder.rmdir()
    except Timeout:
        return False
    return True
