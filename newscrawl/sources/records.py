"""WARC records, out of plain, gzip and Zstandard files, with every byte accounted for.

ISO 28500 and https://iipc.github.io/warc-specifications/specifications/warc-zstd/. A record
counts only if it is whole, behind a checksum that is right where its file has checksums, so
that neither a cut nor damage makes a page: libraries (fastwarc 2.0, warcio 1.8) give the head
of a record that breaks off for a record without content, and end in silence.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gzip import GzipFile
from io import BytesIO
from typing import BinaryIO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RECORD = b"WARC/"
"""What a record begins with."""
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_TRAINED = b"\x37\xa4\x30\xec"
_CHUNK = 2**16
_MAX_HEAD = 2**16
_MAX_DICTIONARY = 2**24
_PADDING = b"\r\n\0"
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record.

    Attributes:
        offset: where it begins in its file, or the gzip member or frame that holds it does.
        number: its place in that member, from 0; in a file packed record by record always 0.
        fields: names in lower case; of a repeated one, the last.
        length: of the block.
        block: the block, or its beginning where it is longer than was asked for.
        goes_on: no record stands behind it, nor the end, so `length` is wrong.
    """

    offset: int
    number: int
    fields: dict[str, str]
    length: int
    block: bytes
    goes_on: bool = False


class DamageError(Exception):
    """A file can't be read on from an offset.

    Args:
        offset: where the record begins, or should.
        detail: what is wrong.
        number: its place in the gzip member or frame that begins at the offset, from 0.
        breaks_off: the file ends there within a record; else the bytes are wrong.
    """

    def __init__(
        self, offset: int, detail: str, *, number: int = 0, breaks_off: bool = False
    ) -> None:
        super().__init__(detail)
        self.offset, self.detail, self.breaks_off = offset, detail, breaks_off
        self.number = max(number, 0)


def read_records(stream: BinaryIO, start: int, max_block: int) -> Iterator[Record]:
    """The records from an offset on, which must be that of a record.

    Args:
        stream: the file, seekable.
        start: the offset.
        max_block: of longer blocks, only so much is kept.

    Raises:
        DamageError: at the record that is damaged or breaks off.
    """
    file = _open(stream, start)
    try:
        while file.begin_record():
            yield _read_record(file, max_block)
    except (zlib.error, zstd.ZstdError) as error:
        raise file.damage(str(error)) from None


def beginning(stream: BinaryIO, size: int) -> bytes:
    """The first bytes of a file, unpacked where it is packed; fewer where it is damaged.

    Args:
        stream: the file, seekable.
        size: how many.
    """
    try:
        file = _open(stream, 0)
        return file.take(size) if file.begin_record() else b""
    except (DamageError, zlib.error, zstd.ZstdError):
        return b""


def unpack_all(content: bytes, size: int) -> bytes:
    """A file's content behind gzip or Zstandard, if it is packed so, whatever is in it.

    Args:
        content: the bytes of the file.
        size: how much is unpacked at most.

    Raises:
        DamageError: it breaks off, or its checksum is wrong.
    """
    try:
        if content.startswith(_GZIP):
            return GzipFile(fileobj=BytesIO(content)).read(size)
        if content.startswith(_ZSTD):
            return zstd.ZstdFile(BytesIO(content)).read(size)
    except (OSError, EOFError, zlib.error, zstd.ZstdError) as error:
        raise DamageError(0, str(error)) from None
    return content


def find_record(stream: BinaryIO, start: int, field: str, value: str) -> int | None:
    """The offset of the next record with a field of a value, by searching; None: there is none.

    Args:
        stream: the file, seekable.
        start: where to begin.
        field: in lower case.
        value: in full.
    """
    for offset in _occurrences(stream, _magic(stream), start):
        file = _open(stream, offset)
        try:
            if file.begin_record() and _read_head(file).get(field) == value:
                return offset
        except (DamageError, zlib.error, zstd.ZstdError):
            continue
    return None


def find_next_member(stream: BinaryIO, start: int) -> int | None:
    """The offset of the gzip member or frame behind the one at an offset.

    None: that one is damaged itself, or the last, or the file is not compressed.

    Args:
        stream: the file, seekable.
        start: the offset.
    """
    file = _open(stream, start)
    try:
        return file.skip_member()
    except (DamageError, zlib.error, zstd.ZstdError):
        return None


def find_chain(stream: BinaryIO, start: int) -> int | None:
    """The offset of the next record from which on the file is whole; None: there is none.

    A page can hold what looks like records, but behind them comes the rest of the record that
    the page is in: they don't reach the file's end, or what a kill left of its last record.

    Args:
        stream: the file, seekable.
        start: where to begin.
    """
    magic = _magic(stream)
    for offset in _occurrences(stream, magic, start):
        if offset < start:  # within records that were looked at
            continue
        try:
            for record in read_records(stream, offset, 0):
                if record.goes_on:
                    raise DamageError(record.offset, "its length is wrong")
        except DamageError as damage:
            # In plain files a length alone could reach beyond the end.
            if damage.breaks_off and damage.offset > offset and magic != RECORD:
                return offset
            start = max(offset, damage.offset)
            continue
        return offset
    return None


def _magic(stream: BinaryIO) -> bytes:
    """What each record of a file begins with, or its member does."""
    if _begins_with(stream, _DICTIONARY):
        return _ZSTD
    return next((m for m in (_GZIP, _ZSTD) if _begins_with(stream, m)), RECORD)


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


# A record


def _read_record(file: _File, max_block: int) -> Record:
    offset, number = file.offset, file.number
    fields = _read_head(file)
    length = _length(file, fields)
    block = file.take(min(length, max_block))
    if not file.skip(length - len(block)):
        raise file.too_short()
    file.end_record()
    return Record(offset, number, fields, length, block, goes_on=not file.is_at_record)


def _read_head(file: _File) -> dict[str, str]:
    head = file.take_head()
    first, *lines = head.splitlines()
    if not first.startswith(RECORD):
        raise file.damage(f"there is {first[:40]!r} where a record should begin")
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace")
        if text[:1].isspace() and name:  # folded
            fields[name] += " " + text.strip()
        else:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _length(file: _File, fields: dict[str, str]) -> int:
    raw = fields.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,18}", raw):
        raise file.damage(f"the record's Content-Length is {raw[:40]!r}")
    return int(raw)


# Bytes, unpacked


class _Unpacker(Protocol):
    """What the decompressors of Python's bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gunzip:
    """zlib's decompressor with their interface."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


class _Plain:
    """No compression: the file is one member."""

    eof, needs_input, unused_data = False, True, b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return data


class _File:
    """A WARC file's bytes behind its compression, and where its records begin.

    Attributes:
        offset: where the record at hand begins, or its member does.
        number: the record's place in its member, from 0.
    """

    def __init__(self, stream: BinaryIO, start: int, make: Callable[[], _Unpacker]) -> None:
        self._stream, self._make = stream, make
        stream.seek(start)
        self._read_to = start  # offset up to which the file was read
        self._packed = b""  # read, and not yet handed to the unpacker
        self._unpacker: _Unpacker | None = None
        self._buffer = b""  # unpacked, and not yet taken
        self.offset, self.number = start, -1

    def begin_record(self) -> bool:
        """Go to where the next record begins; False at the end of the file."""
        while not self._buffer:
            if self._fill():
                self._buffer = self._buffer.lstrip(_PADDING)
            elif not self._begin_member():
                return False
        self.number += 1
        if isinstance(self._unpacker, _Plain):
            self.offset, self.number = self._read_to - len(self._buffer), 0
        return True

    def _begin_member(self) -> bool:
        """Go to the next member, over padding; False at the end of the file."""
        rest = self._unpacker.unused_data if self._unpacker else b""
        while not (rest := rest.lstrip(_PADDING)):
            rest = self._read()
            if not rest:
                return False
        self._packed, self._unpacker = rest, self._make()
        self.offset, self.number = self._read_to - len(rest), -1
        return True

    def _read(self) -> bytes:
        chunk = self._stream.read(_CHUNK)
        self._read_to += len(chunk)
        return chunk

    def _fill(self) -> bool:
        """Unpack some more into the buffer; False at the end of the member."""
        unpacker = self._unpacker
        if unpacker is None or unpacker.eof:
            return False
        data = b""
        if unpacker.needs_input:
            data, self._packed = self._packed or self._read(), b""
        unpacked = unpacker.decompress(data, _CHUNK)
        self._buffer += unpacked
        if data or unpacked or unpacker.eof:
            return True
        if isinstance(unpacker, _Plain):
            return False
        raise self._break_off()

    def damage(self, detail: str) -> DamageError:
        """The error for a record at hand that is damaged."""
        return DamageError(self.offset, detail, number=self.number)

    def _break_off(self) -> DamageError:
        return DamageError(
            self.offset, "the file breaks off within a record", number=self.number, breaks_off=True
        )

    def too_short(self) -> DamageError:
        """The error for a record whose end comes too early: of its member, or of the file."""
        if isinstance(self._unpacker, _Plain):
            return self._break_off()
        return self.damage("the record ends before its Content-Length")

    def take_head(self) -> bytes:
        """What stands before the next empty line."""
        while not (match := _HEAD_END.search(self._buffer)):
            if len(self._buffer) > _MAX_HEAD:
                raise self.damage(f"the record's head is longer than {_MAX_HEAD} bytes")
            if not self._fill():
                raise self.too_short()
        head, self._buffer = self._buffer[: match.start()], self._buffer[match.end() :]
        return head

    def take(self, size: int) -> bytes:
        """So many bytes, or what is left of the member."""
        parts = []
        while size:
            part, self._buffer = self._buffer[:size], self._buffer[size:]
            parts.append(part)
            size -= len(part)
            if not part and not self._fill():
                break
        return b"".join(parts)

    def skip(self, size: int) -> bool:
        """Pass over so many bytes; False where there are less."""
        while size:
            passed = min(size, len(self._buffer))
            self._buffer = self._buffer[passed:]
            size -= passed
            if not passed and not self._fill():
                return False
        return True

    @property
    def is_at_record(self) -> bool:
        """Whether a record begins here, be it a torn one, or the member or file ends."""
        while len(self._buffer) < len(RECORD) and self._fill():
            pass
        return RECORD.startswith(self._buffer[: len(RECORD)])

    def skip_member(self) -> int | None:
        """Pass over a member, whose checksum is compared; where the next one begins."""
        if not self._begin_member() or isinstance(self._unpacker, _Plain):
            return None
        while self._fill():
            self._buffer = b""
        return self.offset if self._begin_member() else None

    def end_record(self) -> None:
        """Pass over what ends a record; at the end of a member, its checksum is compared."""
        self._buffer = self._buffer.lstrip(_PADDING)
        while not self._buffer and self._fill():
            self._buffer = self._buffer.lstrip(_PADDING)


def _begins_with(stream: BinaryIO, magic: bytes) -> bool:
    stream.seek(0)
    return stream.read(len(magic)) == magic


def _open(stream: BinaryIO, start: int) -> _File:
    if _begins_with(stream, _DICTIONARY):
        dictionary, end = _read_dictionary(stream)
        return _File(stream, max(start, end), lambda: zstd.ZstdDecompressor(dictionary))
    stream.seek(start)
    magic = stream.read(4)
    if magic.startswith(_GZIP):
        return _File(stream, start, _Gunzip)
    if magic == _ZSTD:
        return _File(stream, start, zstd.ZstdDecompressor)
    return _File(stream, start, _Plain)


def _read_dictionary(stream: BinaryIO) -> tuple[zstd.ZstdDict, int]:
    """The dictionary that a .warc.zst begins with, in a skippable frame, and where that ends."""
    size = int.from_bytes(stream.read(4), "little")
    content = stream.read(min(size, _MAX_DICTIONARY))
    try:
        if content.startswith(_ZSTD):
            content = zstd.ZstdDecompressor().decompress(content, _MAX_DICTIONARY)
        is_raw = not content.startswith(_TRAINED)
        return zstd.ZstdDict(content, is_raw=is_raw), len(_DICTIONARY) + 4 + size
    except (ValueError, zstd.ZstdError) as error:
        raise DamageError(0, f"the file's dictionary can't be read: {error}") from None
