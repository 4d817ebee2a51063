"""Captures: WARC, WACZ and WET files as what was fetched.

Two kinds of capture are read. Our own (`newscrawl.store.captures`) name their pages in metadata
records: those pages are given back as the live run saw them. Of everybody else's, each record
that holds HTML or text is a page, named by file and offset.

Every byte of a file is accounted for: what can't be read is an `Unread`, never silence.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

import msgspec

from newscrawl.errors import INTERNAL_ERROR, PageError, PageTooLargeError, one_line
from newscrawl.items import Note
from newscrawl.page.characters import printable_name
from newscrawl.page.fetched import Fetched
from newscrawl.page.media import declared_type, is_markup
from newscrawl.page.page import HTML
from newscrawl.sources.containers import media_type
from newscrawl.sources.directory import SavedFile
from newscrawl.sources.http import (
    Headers,
    decode_content,
    join_chunks,
    page_headers,
    parse_response,
)
from newscrawl.sources.records import (
    RECORD,
    DamageError,
    Record,
    beginning,
    find_chain,
    find_next_member,
    find_record,
    read_records,
)
from newscrawl.sources.saved import original, read_saved
from newscrawl.store.captures import PAGE_MEDIA_TYPE, SOFTWARE, PageEntry

logger = logging.getLogger(__name__)

ENDINGS = (
    ".warc", ".warc.gz", ".warc.zst", ".wacz",
    ".wet", ".wet.gz", ".wet.zst", ".warc.wet", ".warc.wet.gz",
)  # fmt: skip
"""What the names of captures end with."""

_DIGITS = re.compile(r"[0-9]{14}")
# Python's reader takes six digits behind the comma, WARC 1.1 has nine.
_FINER = re.compile(r"(?<=\.[0-9]{6})[0-9]+")
_TEXT = HTML | {"text/plain"}
# What a file, or the member of a WACZ, may fail with; RuntimeError: it is encrypted.
_UNREADABLE = (OSError, EOFError, BadZipFile, RuntimeError, zlib.error)
# More than any HTTP head that a server may send to Scrapy.
_MAX_HEAD_BYTES = 2**17


@dataclass(frozen=True, slots=True)
class Unread:
    """What a capture holds and can't be read.

    Attributes:
        page: WARC name and offset; of our own captures' pages, the page's name.
        reason: "code: detail" (`warc-broken`, `warc-missing`, `too-large`, `bad-url`,
            `internal-error`), for the ledger.
        is_torn_tail: the file ends within a record, as a kill leaves it.
        url: the page's address, where it is known.
    """

    page: str
    reason: str
    is_torn_tail: bool = False
    url: str | None = None


def is_capture(name: str) -> bool:
    """Whether a file's name says that it is a capture.

    >>> is_capture("crawl/CC-MAIN-00042.warc.wet.gz"), is_capture("page.html.gz")
    (True, False)
    """
    return name.lower().endswith(ENDINGS)


def holds_records(file: SavedFile) -> bool:
    """Whether a file is a capture, by its name or, where that says nothing, its first bytes.

    Crawlers give files other names while they write them (`.warc.gz.open`).
    """
    if is_capture(file.name) or media_type(file.name) is not None:
        return is_capture(file.name)
    try:
        with file.path.open("rb") as stream:
            return beginning(stream, len(RECORD)) == RECORD
    except OSError:
        return False


def read_captures(
    files: Iterable[SavedFile], max_bytes: int, notes: list[Note] | None = None
) -> Iterator[Fetched | Unread]:
    """Read captures, streaming; an index of what refers to what is kept on disk meanwhile.

    What belongs together (the files of a run; revisit records and what they refer to) must be
    among the files of one call.

    Of our own captures, each page of each run is given once, by its last metadata record, and
    named by the address that was asked for; where several runs have a page, the earliest fetched
    has that name and the others WARC name and offset.

    Args:
        files: WARC, WACZ and WET files.
        max_bytes: the largest body, decoded, that is read.
        notes: gets what belongs to no page, at the end: how many records of which kind hold none.

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
    if notes is not None:
        notes += reader.notes()


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
        except (*_UNREADABLE, ValueError) as error:
            yield Unread(file.name, f"warc-broken: the file is no WACZ that can be read: {error}")
            continue
        except Exception as error:  # noqa: BLE001  # the other files are worth reading
            yield _broke(file.name, error)
            continue
        for member in members:
            yield index.add_source(f"{file.name}/{printable_name(member)}", file.path, member)
        if not members:
            yield Unread(file.name, "warc-broken: the WACZ holds no WARC file")


# Records


@dataclass(frozen=True, slots=True)
class _Record:
    """A WARC record and the file that it is in."""

    source: _Source
    found: Record

    @property
    def fields(self) -> dict[str, str]:
        """Names in lower case."""
        return self.found.fields

    @property
    def name(self) -> str:
        """File and offset, unique."""
        return _name(self.source, self.found.offset, self.found.number)

    @property
    def kind(self) -> str:
        """WARC-Type."""
        return self.fields.get("warc-type", "").lower()

    @property
    def uri(self) -> str:
        """WARC-Target-URI; some writers put it in angle brackets."""
        return self.fields.get("warc-target-uri", "").strip("<>")

    @property
    def media_type(self) -> str:
        """The block's media type, without parameters."""
        return _media_type(self.fields.get("content-type"))

    @property
    def moment(self) -> datetime | None:
        """WARC-Date in whole seconds; None where it is missing, none, or no more than a day.

        WARC 1.1 allows fractions of a second, and leaving out all behind the year: of such a
        date nobody knows the moment. Some writers put the 14 digits of ARC files.
        """
        raw = self.fields.get("warc-date", "").upper()
        if _DIGITS.fullmatch(raw):
            raw = f"{raw[:8]}T{raw[8:]}"
        if "T" not in raw:
            return None
        try:
            moment = datetime.fromisoformat(_FINER.sub("", raw))
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            return None

    def date(self) -> datetime:
        """WARC-Date in whole seconds.

        Raises:
            PageError: it is missing or none.
        """
        moment = self.moment
        if moment is None:
            raise PageError(f"the record's WARC-Date is {self.fields.get('warc-date', '')!r}")
        return moment

    @property
    def is_cut(self) -> bool:
        """Whether its end is missing."""
        return self.found.goes_on or bool(self.fields.get("warc-truncated"))

    @property
    def is_http(self) -> bool:
        """Whether its block is an HTTP message; else it is the page itself."""
        return self.kind not in {"resource", "conversion"}

    @property
    def is_not_modified(self) -> bool:
        """Whether it is the revisit of a page that had not changed (304)."""
        return self.fields.get("warc-profile", "").endswith("/server-not-modified")

    def check(self) -> None:
        """Whether the block is whole and what its digest was made of.

        Raises:
            PageTooLargeError: it is longer than what was read of it.
            PageError: it is not what its digest says.
        """
        block = self.found.block
        if len(block) < self.found.length:
            raise PageTooLargeError(
                f"the record has {self.found.length} bytes; raise the limit with "
                "-s NEWSCRAWL_MAX_PAGE_BYTES="
            )
        # Our own digest; others write SHA-1 in base 32, and not always of the same bytes.
        algorithm, _, digest = self.fields.get("warc-block-digest", "").partition(":")
        if algorithm == "sha256" and len(digest) == 64:
            found = hashlib.sha256(block).hexdigest()
            if found != digest.lower():
                raise PageError("the record's bytes are not those that its digest was made of")

    @property
    def address(self) -> int:
        """The offset at which the record can be read again; -1: only its file's members can."""
        return self.found.offset if self.found.number == 0 else -1


def _name(source: _Source, offset: int, number: int) -> str:
    return f"{source.name}:{offset}" + (f".{number}" if number else "")


def _records(source: _Source, max_block: int) -> Iterator[_Record | Unread]:
    """Every record of a file, and an `Unread` for each damaged stretch.

    The bytes of a page could hold what looks like a record. So behind damage, the next record
    is that of the next gzip member, where the damaged one's checksum is right; else one that names the file's warcinfo record, whose id no page knows; where there is none,
    the next from which on the file is whole to its end.
    """
    start: int | None = 0
    info_id: str | None = None
    try:
        with source.open() as stream:
            while start is not None:
                try:
                    for found in read_records(stream, start, max_block):
                        record = _Record(source, found)
                        if record.kind == "warcinfo":
                            info_id = found.fields.get("warc-record-id")
                        yield record
                    return
                except DamageError as damage:
                    behind = damage.offset + 1
                    start = find_next_member(stream, damage.offset)
                    if start is None and info_id is not None:
                        start = find_record(stream, behind, "warc-warcinfo-id", info_id)
                    if start is None:
                        start = find_chain(stream, behind)
                    then = f"reading goes on at byte {start}" if start else "the rest is not read"
                    yield Unread(
                        _name(source, damage.offset, damage.number),
                        f"warc-broken: {damage.detail}; {then}",
                        is_torn_tail=damage.breaks_off,
                    )
    except _UNREADABLE as error:
        yield Unread(source.name, f"warc-broken: the file can't be read: {error}")
    except Exception as error:  # noqa: BLE001  # the other files are worth reading
        yield _broke(source.name, error)


# Pages


class _CaptureReader:
    """Turns records into pages; what needs the whole of the captures waits in the index."""

    def __init__(self, index: _Index, max_bytes: int) -> None:
        self._index, self._max_bytes = index, max_bytes
        self.passed_over: Counter[str] = Counter()
        self._left_out: list[Note] = []

    def notes(self) -> list[Note]:
        """What the captures hold and is no page's."""
        passed_over = [
            Note(
                code="no-page",
                count=count,
                detail=f"records of the archives that hold no page: {kind}",
            )
            for kind, count in self.passed_over.items()
        ]
        return [*passed_over, *self._left_out]

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
                    self._left_out.append(
                        Note(code="torn-tail", detail=f"{record.page}: {record.reason}")
                    )
                else:
                    yield record
            elif record.kind == "warcinfo":
                run = _own_run(record)
            else:
                yield from self._one(record, run)
        if not count:
            logger.warning("%s holds no record", source.name)
            self._left_out.append(Note(code="no-record", detail=f"{source.name} holds no record"))

    def _one(self, record: _Record, run: str | None) -> list[Fetched | Unread]:
        """What a record gives; whatever it breaks, the others behind it are read."""
        try:
            read = self._read_other(record) if run is None else self._index_own(record, run)
            return list(read)
        except Exception as error:  # noqa: BLE001  # one record's bug must not cost the others
            return [_broke(record.name, error)]

    def _index_own(self, record: _Record, run: str) -> Iterator[Unread]:
        if record.kind in {"response", "revisit"}:
            self._index.add_response(record)
        elif record.kind == "metadata" and record.media_type == PAGE_MEDIA_TYPE:
            try:
                self._index.add_page(record, run, _entry(record).page, record.date())
            except PageError as error:
                yield _unread(record.name, error)

    def _read_other(self, record: _Record) -> Iterator[Fetched | Unread]:
        if record.kind not in {"response", "resource", "conversion", "revisit"}:
            return
        if not record.uri.lower().startswith(("http://", "https://")):
            self.passed_over[f"{record.kind} of {record.uri.partition(':')[0] or 'nothing'}:"] += 1
        elif (path := _path(record.uri)) is None:
            yield Unread(record.name, f"bad-url: the record's address {record.uri!r:.200} is none")
        elif path == "/robots.txt":
            self.passed_over["robots.txt"] += 1
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
            status, headers, body = _message(record, holder)
            if self._passes_over(headers, body) and status != 304:
                return
            for part in (record, holder):
                part.check()
            if holder.is_http:
                _, coded, body = _message(holder, holder)
                body = join_chunks(coded, body)
            headers, body = _decode_leniently(headers, body, self._max_bytes)
            url, fetched_at = original(record.uri)
            if fetched_at is not None:
                body = read_saved(body, record.uri).body
            yield Fetched(
                page=record.name, url=url, status=status, headers=page_headers(headers),
                body=body, fetched_at=fetched_at or record.moment, is_cut=holder.is_cut,
                notes=tuple(_notes(record, holder)),
            )  # fmt: skip
        except PageError as error:
            yield _unread(record.name, error, record.uri)

    def _passes_over(self, headers: Headers, body: bytes) -> bool:
        """Whether a message is no page by its media type; it is counted then."""
        kind = _declared(headers)
        if not kind and self._is_markup(headers, body):
            kind = "text/html"
        if kind in _TEXT:
            return False
        self.passed_over[kind or "no media type"] += 1
        return True

    def _is_markup(self, headers: Headers, body: bytes) -> bool:
        """What is declared as nothing is told by its first character, behind what codes it."""
        try:
            return is_markup(
                _decode_leniently(headers, join_chunks(headers, body), self._max_bytes)[1]
            )
        except PageTooLargeError:
            return is_markup(body)

    def revisits(self) -> Iterator[Fetched | Unread]:
        """The pages of others' revisit records, when all that they may refer to is known."""
        for source, offset, name in self._index.revisits():
            try:
                yield from list(self._revisit(source, offset, name))
            except Exception as error:  # noqa: BLE001  # one record's bug must not cost the others
                yield _broke(name, error)

    def _revisit(self, source: _Source, offset: int, name: str) -> Iterator[Fetched | Unread]:
        record = self._record_at(source, offset)
        if isinstance(record, Unread):
            yield replace(record, page=name)
        elif record.is_not_modified:
            yield from self._page_of_other(record, record)
        elif (found := self._index.payload_of(record)) is None:
            if not self._is_others(record):
                yield Unread(name, f"warc-missing: {_missing(record)}", url=record.uri)
        else:
            holder = self._record_at(*found)
            if isinstance(holder, Unread):
                yield Unread(name, holder.reason, url=record.uri)
            else:
                yield from self._page_of_other(record, holder)

    def _is_others(self, revisit: _Record) -> bool:
        """Whether a revisit's own head says that it is no page, so that nothing is missing."""
        try:
            _, headers, _ = _message(revisit, revisit)
        except PageError:
            return False
        return bool(_declared(headers)) and self._passes_over(headers, b"")

    def pages(self) -> Iterator[Fetched | Unread]:
        """The pages of our own captures."""
        for source, offset, page, is_first in self._index.pages():
            name = page if is_first else f"{source.name}:{offset}"
            try:
                record = self._record_at(source, offset)
                if isinstance(record, Unread):
                    yield replace(record, page=name, url=page)
                    continue
                yield self._own_page(record, _entry(record), name)
            except PageError as error:
                yield _unread(name, error, page)
            except Exception as error:  # noqa: BLE001  # one page's bug must not cost the others
                yield _broke(name, error)

    def _own_page(self, record: _Record, entry: PageEntry, name: str) -> Fetched:
        headers: Headers = []
        body = b""
        if entry.response is not None and entry.failure is None:
            answer = holder = self._response(entry.response)
            if answer.kind == "revisit" and (refers_to := answer.fields.get("warc-refers-to")):
                holder = self._response(refers_to)
            _, headers, _ = parse_response(answer.found.block)
            _, _, body = parse_response(holder.found.block)
            headers, body = decode_content(headers, body, self._max_bytes)
        return Fetched(
            page=name, url=entry.url, role=entry.role, status=entry.status,
            headers=page_headers(headers), body=body, fetched_at=record.date(),
            facts=entry.facts, failure=entry.failure,
        )  # fmt: skip

    def _response(self, record_id: str) -> _Record:
        found = self._index.response(record_id)
        if found is None:
            raise _MissingError(
                f"the record {record_id} is not in the given files; give the whole folder of the run"
            )
        record = self._record_at(*found)
        if isinstance(record, Unread):
            raise PageError(record.reason.partition(": ")[2])
        record.check()
        return record

    def _record_at(self, source: _Source, offset: int) -> _Record | Unread:
        """Read one record again."""
        if offset < 0:
            return Unread(
                source.name,
                "warc-broken: the file is compressed as a whole, so that no record can be found again; "
                "compress each record on its own (warcio recompress)",
            )
        limit = self._max_bytes + _MAX_HEAD_BYTES
        try:
            with source.open() as stream:
                return _Record(source, next(read_records(stream, offset, limit)))
        except (*_UNREADABLE, DamageError) as error:
            return Unread(f"{source.name}:{offset}", f"warc-broken: {error}")


class _MissingError(PageError):
    """A record that another refers to is not in the given files."""

    code = "warc-missing"


def _unread(name: str, error: PageError, url: str | None = None) -> Unread:
    code = "warc-broken" if type(error) is PageError else error.code
    return Unread(name, f"{code}: {error}", url=url)


def _broke(name: str, error: Exception) -> Unread:
    """What an error that nobody foresaw costs: a record, a page, or the rest of a file."""
    logger.debug("An error of newscrawl's on %s", name, exc_info=error)
    return Unread(name, f"{INTERNAL_ERROR}: {one_line(error)}")


def _path(uri: str) -> str | None:
    """The path of an address; None where it is none."""
    try:
        parts = urlsplit(uri)
        return parts.path if parts.hostname else None
    except ValueError:
        return None


def _entry(record: _Record) -> PageEntry:
    record.check()
    try:
        return msgspec.json.decode(record.found.block, type=PageEntry)
    except msgspec.MsgspecError as error:
        raise PageError(f"the record is no page's that this version knows: {error}") from None


def _own_run(warcinfo: _Record) -> str | None:
    """The run that a file of our own captures belongs to; None: it is another's."""
    lines = warcinfo.found.block.decode("utf-8", "replace").splitlines()
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


def _message(record: _Record, holder: _Record) -> tuple[int, Headers, bytes]:
    """Status, headers and body, as transferred, of what a record holds.

    A revisit without an HTTP head of its own has that of the record that it refers to, `holder`;
    or is what its profile says, where it refers to nothing.

    Raises:
        PageError: it should be an HTTP response, and is none.
    """
    if not record.is_http:
        return 200, [(b"content-type", _content_type(record))], record.found.block
    if record.kind == "revisit" and not record.found.block.strip():
        if record is not holder:
            return _message(holder, holder)
        if record.is_not_modified:
            return 304, [], b""
    return parse_response(record.found.block)


def _notes(record: _Record, holder: _Record) -> list[Note]:
    """How far a page's record, and the one with its payload, can be believed."""
    notes = []
    if record.moment is None:
        date = record.fields.get("warc-date", "")
        detail = f"the record's WARC-Date {date!r:.60} tells no moment of capture"
        notes.append(Note(code="warc-date", detail=detail))
    if cut := holder.fields.get("warc-truncated"):
        detail = f"the crawler cut the record: WARC-Truncated is {cut!r:.60}"
        notes.append(Note(code="warc-truncated", detail=detail))
    if holder.found.goes_on:
        detail = "no record stands behind the record's Content-Length, so its end may be missing"
        notes.append(Note(code="warc-length", detail=detail))
    return notes


def _declared(headers: Headers) -> str:
    """The media type that is declared; "" for none."""
    values = [value for name, value in headers if name.lower() == b"content-type"]
    return declared_type(", ".join(value.decode("latin-1") for value in values))


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
CREATE TABLE revisits (source INTEGER, offset INTEGER, name TEXT);
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
             fields.get("warc-payload-digest"), record.source.number, record.address),
        )  # fmt: skip

    def add_revisit(self, record: _Record) -> None:
        """Note a revisit record, to be looked at when all the files are read."""
        self._db.execute(
            "INSERT INTO revisits VALUES (?, ?, ?)",
            (record.source.number, record.address, record.name),
        )

    def add_page(self, record: _Record, run: str, page: str, fetched_at: datetime) -> None:
        """Note a page of a run, in place of what the run noted of it before."""
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
            (run, page, fetched_at.isoformat(), record.source.number, record.address),
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

    def revisits(self) -> Iterator[tuple[_Source, int, str]]:
        """Where the revisit records of others' captures lie, and their names."""
        self._db.executescript(_INDEXES)
        for number, offset, name in self._db.execute("SELECT source, offset, name FROM revisits"):
            yield self._sources[number], offset, name

    def pages(self) -> Iterator[tuple[_Source, int, str, bool]]:
        """The pages of our own captures, their names, and whether it is the first of its address."""
        for number, offset, page, rank in self._db.execute(
            "SELECT source, offset, page, row_number() OVER"
            " (PARTITION BY page ORDER BY fetched_at, source, offset) FROM pages ORDER BY 1, 2"
        ):
            yield self._sources[number], offset, page, rank == 1
