"""Captures: WARC, WACZ and WET files as what was fetched.

Two kinds of capture are read. Our own (`newscrawl.store.capture`) name their pages in metadata
records: those pages are given back as the live run saw them. Of everybody else's, each record
that holds HTML or text is a page, named by file and offset.

Every byte of a file is accounted for: what can't be read is an `Unread`, never silence.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecord

from newscrawl.errors import PageError, PageTooLargeError
from newscrawl.sources.directory import SavedFile
from newscrawl.sources.fetched import Fetched
from newscrawl.sources.http import Headers, decode_content, page_headers, parse_response
from newscrawl.store.capture import PAGE_MEDIA_TYPE, SOFTWARE, PageEntry

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

logger = logging.getLogger(__name__)

ENDINGS = (
    ".warc", ".warc.gz", ".warc.zst", ".wacz",
    ".wet", ".wet.gz", ".wet.zst", ".warc.wet", ".warc.wet.gz",
)  # fmt: skip
"""What the names of captures end with."""

_TEXT = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_GZIP, _ZSTD, _RECORD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/"
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_CHUNK = 2**20
_PADDING = b"\r\n\0"
_BROKEN_OFF = "the file breaks off within a record"
# More than any HTTP head that a server may send to Scrapy.
_MAX_HEAD_BYTES = 2**17


@dataclass(frozen=True, slots=True)
class Unread:
    """What a capture holds and can't be read.

    Attributes:
        page: WARC name and offset; of our own captures' pages, the page's name.
        reason: "code: detail" (`warc-broken`, `warc-missing`, `too-large`), for the ledger.
        is_torn_tail: the file ends within a record, as a kill leaves it.
    """

    page: str
    reason: str
    is_torn_tail: bool = False


def is_capture(name: str) -> bool:
    """Whether a file's name says that it is a capture.

    >>> is_capture("crawl/CC-MAIN-00042.warc.wet.gz"), is_capture("page.html.gz")
    (True, False)
    """
    return name.lower().endswith(ENDINGS)


def read_captures(files: Iterable[SavedFile], max_bytes: int) -> Iterator[Fetched | Unread]:
    """Read captures, streaming; an index of what refers to what is kept on disk meanwhile.

    What belongs together (the files of a run; revisit records and what they refer to) must be
    among the files of one call.

    Of our own captures, each page of each run is given once, by its last metadata record, and
    named by the address that was asked for; where several runs have a page, the earliest fetched
    has that name and the others WARC name and offset.

    Args:
        files: WARC, WACZ and WET files.
        max_bytes: the largest body, decoded, that is read.

    Yields:
        A `Fetched` for each page, an `Unread` for what can't be read.
    """
    with closing(_Index()) as index:
        reader = _CaptureReader(index, max_bytes)
        for source in _sources(files, index):
            yield from reader.read(source)
        yield from reader.revisits()
        yield from reader.pages()
    if reader.passed_over:
        counts = ", ".join(f"{kind} {count}" for kind, count in reader.passed_over.most_common(12))
        logger.info("Passed over records that hold no page: %s", counts)


# Files


@dataclass(frozen=True, slots=True)
class _Source:
    """A WARC file, on its own or in a WACZ; `number` is its place among all."""

    number: int
    name: str
    path: Path
    member: str | None = None

    def open(self) -> BinaryIO:
        """A seekable stream of its bytes."""
        if self.member is None:
            return self.path.open("rb")
        archive = ZipFile(self.path)
        try:
            return cast("BinaryIO", archive.open(self.member))
        finally:
            archive.close()  # the member keeps the file open until it is closed itself


def _sources(files: Iterable[SavedFile], index: _Index) -> Iterator[_Source | Unread]:
    for file in files:
        if not file.name.lower().endswith(".wacz"):
            yield index.add_source(file.name, file.path)
            continue
        try:
            with ZipFile(file.path) as archive:
                members = sorted(name for name in archive.namelist() if is_capture(name))
        except (OSError, BadZipFile) as error:
            yield Unread(file.name, f"warc-broken: the file is no WACZ that can be read: {error}")
            continue
        for member in members:
            yield index.add_source(f"{file.name}/{member}", file.path, member)
        if not members:
            yield Unread(file.name, "warc-broken: the WACZ holds no WARC file")


# Records


@dataclass(frozen=True, slots=True)
class _Record:
    """One WARC record.

    Attributes:
        source: the file.
        offset: where it begins there.
        name: file and offset, unique.
        kind: WARC-Type.
        fields: names in lower case.
        block: None where it is larger than the limit.
    """

    source: _Source
    offset: int
    name: str
    kind: str
    fields: dict[str, str]
    block: bytes | None

    @property
    def uri(self) -> str:
        """WARC-Target-URI; some writers put it in angle brackets."""
        return self.fields.get("warc-target-uri", "").strip("<>")

    @property
    def media_type(self) -> str:
        """The block's media type, without parameters."""
        return _media_type(self.fields.get("content-type"))

    def date(self) -> datetime:
        """WARC-Date in whole seconds.

        Raises:
            PageError: it is missing or none.
        """
        raw = self.fields.get("warc-date", "")
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            raise PageError(f"the record's WARC-Date is {raw!r}") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).replace(microsecond=0)

    def content(self) -> bytes:
        """The block.

        Raises:
            PageTooLargeError: it is larger than the limit.
            PageError: it is not what its digest says.
        """
        if self.block is None:
            raise PageTooLargeError(
                f"the record has {self.fields.get('content-length')} bytes; raise the limit with "
                "-s NEWSCRAWL_MAX_PAGE_BYTES="
            )
        # Our own digest; others write SHA-1 in base 32, and not always of the same bytes.
        algorithm, _, digest = self.fields.get("warc-block-digest", "").partition(":")
        if algorithm == "sha256" and len(digest) == 64:
            found = hashlib.sha256(self.block).hexdigest()
            if found != digest.lower():
                raise PageError("the record's bytes are not those that its digest was made of")
        return self.block


class _DamageError(Exception):
    """A WARC file can't be read on from an offset."""

    def __init__(self, offset: int, detail: str) -> None:
        super().__init__(detail)
        self.offset, self.detail = offset, detail


def _records(source: _Source, max_block: int) -> Iterator[_Record | Unread]:
    """Every record of a file, and an `Unread` for each damaged stretch.

    Behind damage, the next record counts only if it names the file's warcinfo record: the
    bytes of a page could hold what looks like a record, and no page knows that id.
    """
    start: int | None = 0
    info_id: str | None = None
    try:
        with source.open() as stream:
            while start is not None:
                try:
                    for record in _stretch(source, stream, start, max_block):
                        if record.kind == "warcinfo":
                            info_id = record.fields.get("warc-record-id")
                        yield record
                    return
                except _DamageError as damage:
                    start = _resume(stream, damage.offset, info_id)
                    then = f"reading goes on at byte {start}" if start else "the rest is not read"
                    yield Unread(
                        f"{source.name}:{damage.offset}",
                        f"warc-broken: {damage.detail}; {then}",
                        is_torn_tail=start is None and _breaks_off(stream, damage.offset),
                    )
    except (OSError, BadZipFile, zlib.error) as error:
        yield Unread(source.name, f"warc-broken: the file can't be read: {error}")


def _stretch(source: _Source, stream: BinaryIO, start: int, max_block: int) -> Iterator[_Record]:
    """The records from an offset up to the end; `_DamageError` where they break off."""
    end = stream.seek(0, 2)
    stream.seek(start)
    records = iter(ArchiveIterator(stream, parse_http=False))
    detail = _BROKEN_OFF
    last: _Record | None = None
    behind: int | None = start
    count = 0
    while True:
        try:
            found = next(records, None)
            record = None if found is None else _read_record(source, found, max_block)
        except OSError as error:
            record, detail = None, str(error)
        if last is not None:
            # A record's checksum stands at its end, and is known to be right only now.
            if record is None:
                behind = _checked_end(stream, last.offset)
            yield last
        if record is None:
            break
        # Where one gzip member holds many records, all of them have one offset.
        count = count + 1 if last is not None and last.offset == record.offset else 0
        last = replace(record, name=f"{record.name}.{count}") if count else record
    if behind is not None and behind < end:
        stream.seek(behind)
        if stream.read(_CHUNK).strip(_PADDING):
            raise _DamageError(behind, detail)


def _read_record(source: _Source, found: WarcRecord, max_block: int) -> _Record:
    length = found.content_length
    block = found.reader.read(length) if length <= max_block else None
    if block is not None and len(block) < length:
        raise OSError(_BROKEN_OFF)
    fields = {name.lower(): value for name, value in found.headers.to_tuples()}
    name = f"{source.name}:{found.stream_pos}"
    kind = fields.get("warc-type", "").lower()
    return _Record(source, found.stream_pos, name, kind, fields, block)


def _breaks_off(stream: BinaryIO, offset: int) -> bool:
    """Whether the file ends within the record at an offset; damage is something else."""
    try:
        return _checked_end(stream, offset) is None
    except _DamageError:
        return False


def _checked_end(stream: BinaryIO, offset: int) -> int | None:
    """Where the record that begins at an offset ends; None: the file ends before.

    Raises:
        _DamageError: its compression is damaged.
    """
    stream.seek(0)
    if stream.read(4) == _DICTIONARY:
        return None  # frames that need the file's dictionary, which is fastwarc's business
    stream.seek(offset)
    start = stream.read(4)
    stream.seek(offset)
    try:
        if start.startswith(_GZIP):
            return _end_of_member(stream)
        if start == _ZSTD:
            return _end_of_frame(stream)
    except (zlib.error, zstd.ZstdError) as error:
        raise _DamageError(offset, str(error)) from None
    head, end, _ = stream.read(_MAX_HEAD_BYTES).partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    return offset + len(head) + len(end) + int(length[1]) if end and length else None


def _end_of_member(stream: BinaryIO) -> int | None:
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while not member.eof and (chunk := member.unconsumed_tail or stream.read(_CHUNK)):
        member.decompress(chunk, _CHUNK)
    return stream.tell() - len(member.unused_data) if member.eof else None


def _end_of_frame(stream: BinaryIO) -> int | None:
    frame = zstd.ZstdDecompressor()
    while not frame.eof:
        chunk = stream.read(_CHUNK) if frame.needs_input else b""
        if frame.needs_input and not chunk:
            return None
        frame.decompress(chunk, _CHUNK)
    return stream.tell() - len(frame.unused_data)


def _resume(stream: BinaryIO, damaged: int, info_id: str | None) -> int | None:
    """Where the next record begins that names its file's warcinfo record; None: nowhere."""
    if info_id is None:
        return None
    stream.seek(0)
    start = stream.read(4)
    magic = next((m for m in (_GZIP, _ZSTD) if start.startswith(m)), _RECORD)
    for offset in _occurrences(stream, magic, damaged + 1):
        stream.seek(offset)
        try:
            record = next(iter(ArchiveIterator(stream, parse_http=False)), None)
        except OSError:
            continue
        if record is not None and record.headers.get("WARC-Warcinfo-ID") == info_id:
            return offset
    return None


def _occurrences(stream: BinaryIO, magic: bytes, start: int) -> Iterator[int]:
    """Offsets at which bytes occur; the stream may be moved meanwhile."""
    overlap = len(magic) - 1
    while True:
        stream.seek(start)
        chunk = stream.read(_CHUNK)
        at = chunk.find(magic)
        while at >= 0:
            yield start + at
            at = chunk.find(magic, at + 1)
        if len(chunk) <= overlap:
            return
        start += len(chunk) - overlap


# Pages


class _CaptureReader:
    """Turns records into pages; what needs the whole of the captures waits in the index."""

    def __init__(self, index: _Index, max_bytes: int) -> None:
        self._index, self._max_bytes = index, max_bytes
        self.passed_over: Counter[str] = Counter()

    def read(self, source: _Source | Unread) -> Iterator[Fetched | Unread]:
        """Read a file: the pages of others' captures now, our own into the index."""
        if isinstance(source, Unread):
            yield source
            return
        run: str | None = None
        count = 0
        for record in _records(source, self._max_bytes + _MAX_HEAD_BYTES):
            count += 1
            if isinstance(record, Unread):
                if run is not None and record.is_torn_tail:
                    # A kill cut what was being written, so nothing in the run counts on it.
                    logger.warning("%s is left out: %s", record.page, record.reason)
                else:
                    yield record
            elif record.kind == "warcinfo":
                run = _own_run(record)
            elif run is not None:
                yield from self._index_own(record, run)
            else:
                yield from self._read_other(record)
        if not count:
            logger.warning("%s holds no record", source.name)

    def _index_own(self, record: _Record, run: str) -> Iterator[Unread]:
        if record.kind in {"response", "revisit"}:
            self._index.add_response(record)
        elif record.kind == "metadata" and record.media_type == PAGE_MEDIA_TYPE:
            try:
                entry = msgspec.json.decode(record.content(), type=PageEntry)
                self._index.add_page(record, run, entry.page, record.date())
            except (PageError, msgspec.MsgspecError, UnicodeDecodeError) as error:
                yield Unread(record.name, f"warc-broken: the page's record can't be read: {error}")

    def _read_other(self, record: _Record) -> Iterator[Fetched | Unread]:
        if record.kind not in {"response", "resource", "conversion", "revisit"}:
            return
        if not record.uri.lower().startswith(("http://", "https://")):
            self.passed_over[f"{record.kind} of {record.uri.partition(':')[0] or 'nothing'}:"] += 1
        elif "warc-segment-number" in record.fields:
            yield Unread(
                record.name, "warc-broken: the record is in segments, which are not joined"
            )
        elif record.kind == "revisit":
            self._index.add_revisit(record)
        else:
            if record.kind == "response":
                self._index.add_response(record)
            yield from self._page_of_other(record, record)

    def _page_of_other(self, record: _Record, holder: _Record) -> Iterator[Fetched | Unread]:
        """The page of a record; `holder` has its payload: itself, or what it refers to."""
        try:
            if record.kind in {"resource", "conversion"}:
                status, headers, body = (
                    200,
                    [(b"content-type", _content_type(record))],
                    record.content(),
                )
            else:
                status, headers, body = parse_response(record.content())
                if holder is not record:
                    body = parse_response(holder.content())[2]
            kind = _text_type(headers, body)
            if kind not in _TEXT:
                self.passed_over[kind] += 1
                return
            headers, body = _decode_leniently(headers, body, self._max_bytes)
            yield Fetched(
                page=record.name, url=record.uri, status=status, headers=page_headers(headers),
                body=body, fetched_at=record.date(),
            )  # fmt: skip
        except PageError as error:
            if record.block is None and (kind := _declared_type(record)) not in _TEXT:
                self.passed_over[kind] += 1  # a film is no page that was too large
            else:
                yield _unread(record.name, error)

    def revisits(self) -> Iterator[Fetched | Unread]:
        """The pages of others' revisit records, when all that they may refer to is known."""
        for source, offset in self._index.revisits():
            record = self._record_at(source, offset)
            if isinstance(record, Unread):
                yield record
            elif record.fields.get("warc-profile", "").endswith("/server-not-modified"):
                yield from self._page_of_other(record, record)
            elif (found := self._index.payload_of(record)) is None:
                yield Unread(record.name, f"warc-missing: {_missing(record)}")
            else:
                holder = self._record_at(*found)
                if isinstance(holder, Unread):
                    yield Unread(record.name, holder.reason)
                else:
                    yield from self._page_of_other(record, holder)

    def pages(self) -> Iterator[Fetched | Unread]:
        """The pages of our own captures."""
        for source, offset, is_first in self._index.pages():
            record = self._record_at(source, offset)
            if isinstance(record, Unread):
                yield record
                continue
            entry = msgspec.json.decode(record.content(), type=PageEntry)
            name = entry.page if is_first else record.name
            try:
                yield self._own_page(record, entry, name)
            except PageError as error:
                yield _unread(name, error)

    def _own_page(self, record: _Record, entry: PageEntry, name: str) -> Fetched:
        headers: Headers = []
        body = b""
        if entry.response is not None and entry.failure is None:
            headers, body = self._answer(entry.response)
            headers, body = decode_content(headers, body, self._max_bytes)
        return Fetched(
            page=name, url=entry.url, role=entry.role, status=entry.status,
            headers=page_headers(headers), body=body, fetched_at=record.date(),
            facts=entry.facts, failure=entry.failure,
        )  # fmt: skip

    def _answer(self, record_id: str) -> tuple[Headers, bytes]:
        """A response of our own captures, its payload from where it was first written."""
        record = self._response(record_id)
        _, headers, body = parse_response(record.content())
        refers_to = record.fields.get("warc-refers-to")
        if record.kind == "revisit" and refers_to:
            body = parse_response(self._response(refers_to).content())[2]
        return headers, body

    def _response(self, record_id: str) -> _Record:
        found = self._index.response(record_id)
        if found is None:
            raise _MissingError(
                f"the record {record_id} is not in the given files; give the whole folder of the run"
            )
        record = self._record_at(*found)
        if isinstance(record, Unread):
            raise PageError(record.reason.partition(": ")[2])
        return record

    def _record_at(self, source: _Source, offset: int) -> _Record | Unread:
        """Read one record again."""
        limit = self._max_bytes + _MAX_HEAD_BYTES
        try:
            with source.open() as stream:
                stream.seek(offset)
                for found in ArchiveIterator(stream, parse_http=False):
                    return _read_record(source, found, limit)
        except (OSError, BadZipFile) as error:
            return Unread(f"{source.name}:{offset}", f"warc-broken: {error}")
        return Unread(
            f"{source.name}:{offset}",
            "warc-broken: the file is compressed as a whole, so no record of it can be found again; "
            "compress each record on its own (warcio recompress)",
        )


class _MissingError(PageError):
    """A record that another refers to is not in the given files."""

    code = "warc-missing"


def _unread(name: str, error: PageError) -> Unread:
    code = "warc-broken" if type(error) is PageError else error.code
    return Unread(name, f"{code}: {error}")


def _own_run(warcinfo: _Record) -> str | None:
    """The run that a file of our own captures belongs to; None: it is another's."""
    lines = (warcinfo.block or b"").decode("utf-8", "replace").splitlines()
    info = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if not info.get("software", "").startswith(SOFTWARE):
        return None
    return info.get("isPartOf", "")


def _missing(record: _Record) -> str:
    target = record.fields.get("warc-refers-to") or record.fields.get("warc-refers-to-target-uri")
    return f"the record refers to {target or 'an earlier one'}, which is not in the given files"


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _content_type(record: _Record) -> bytes:
    """Content-Type of a record whose block is the payload; conversions to text are UTF-8."""
    if record.kind == "conversion" and record.media_type in {"", "text/plain"}:
        return b"text/plain; charset=utf-8"
    return record.fields.get("content-type", "").encode()


def _text_type(headers: Headers, body: bytes) -> str:
    """The media type that is declared; where none is, HTML is told by its first character."""
    values = [value for name, value in headers if name.lower() == b"content-type"]
    declared = _media_type(values[-1].decode("latin-1")) if values else ""
    return declared or ("text/html" if body.lstrip()[:1] == b"<" else "no media type")


def _declared_type(record: _Record) -> str:
    """The media type of a record that was too large to read."""
    kind = record.fields.get("warc-identified-payload-type")
    if kind is None and record.kind != "response":
        kind = record.fields.get("content-type")
    return _media_type(kind) or "too large, of unknown type"


def _decode_leniently(headers: Headers, body: bytes, max_bytes: int) -> tuple[Headers, bytes]:
    """Many archives decode the body and keep the header that says how it was encoded."""
    try:
        return decode_content(headers, body, max_bytes)
    except PageTooLargeError:
        raise
    except PageError:
        rest = [pair for pair in headers if pair[0].lower() != b"content-encoding"]
        return decode_content(rest, body, max_bytes)


# The index


_SCHEMA = """
CREATE TABLE responses (id TEXT, place TEXT, digest TEXT, source INTEGER, offset INTEGER);
CREATE TABLE revisits (source INTEGER, offset INTEGER);
CREATE TABLE pages (
    run TEXT, page TEXT, fetched_at TEXT, source INTEGER, offset INTEGER, PRIMARY KEY (run, page)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS by_id ON responses (id);
CREATE INDEX IF NOT EXISTS by_place ON responses (place);
CREATE INDEX IF NOT EXISTS by_digest ON responses (digest);
"""


class _Index:
    """Where records lie that others refer to, in a temporary database that spills to disk."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._sources: list[_Source] = []

    def close(self) -> None:
        """Delete the index."""
        self._db.close()

    def add_source(self, name: str, path: Path, member: str | None = None) -> _Source:
        """Note a file; files are told apart by the order in which they come."""
        source = _Source(len(self._sources), name, path, member)
        self._sources.append(source)
        return source

    def add_response(self, record: _Record) -> None:
        """Note what a revisit, or a page of our own, may refer to."""
        fields = record.fields
        self._db.execute(
            "INSERT INTO responses VALUES (?, ?, ?, ?, ?)",
            (fields.get("warc-record-id"), f"{record.uri} {fields.get('warc-date')}",
             fields.get("warc-payload-digest"), record.source.number, record.offset),
        )  # fmt: skip

    def add_revisit(self, record: _Record) -> None:
        """Note a revisit record, to be looked at when all the files are read."""
        self._db.execute(
            "INSERT INTO revisits VALUES (?, ?)", (record.source.number, record.offset)
        )

    def add_page(self, record: _Record, run: str, page: str, fetched_at: datetime) -> None:
        """Note a page of a run, in place of what the run noted of it before."""
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
            (run, page, fetched_at.isoformat(), record.source.number, record.offset),
        )

    def response(self, record_id: str) -> tuple[_Source, int] | None:
        """Where the response of an id lies."""
        return self._find("id", record_id)

    def payload_of(self, revisit: _Record) -> tuple[_Source, int] | None:
        """Where the response lies that a revisit record refers to, by the best that it says."""
        fields = revisit.fields
        uri = fields.get("warc-refers-to-target-uri", "").strip("<>") or revisit.uri
        return (
            self._find("id", fields.get("warc-refers-to"))
            or self._find("place", f"{uri} {fields.get('warc-refers-to-date')}")
            or self._find("digest", fields.get("warc-payload-digest"))
        )

    def _find(self, column: str, value: str | None) -> tuple[_Source, int] | None:
        if value is None:
            return None
        row = self._db.execute(
            f"SELECT source, offset FROM responses WHERE {column} = ? LIMIT 1",  # noqa: S608  # a name of our own
            (value,),
        ).fetchone()
        return (self._sources[row[0]], row[1]) if row else None

    def revisits(self) -> Iterator[tuple[_Source, int]]:
        """The revisit records of others' captures."""
        self._db.executescript(_INDEXES)
        for number, offset in self._db.execute("SELECT source, offset FROM revisits"):
            yield self._sources[number], offset

    def pages(self) -> Iterator[tuple[_Source, int, bool]]:
        """The pages of our own captures, and whether a page is the first of its address."""
        for number, offset, rank in self._db.execute(
            "SELECT source, offset, row_number() OVER"
            " (PARTITION BY page ORDER BY fetched_at, source, offset) FROM pages ORDER BY 1, 2"
        ):
            yield self._sources[number], offset, rank == 1
