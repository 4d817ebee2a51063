"""Records as JSON Lines: one compact object a line, keys in the schema's order, compressed or not."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import fastjsonschema
import msgspec

from newscrawl.drops.form import (
    ENDINGS,
    Compression,
    Form,
    compressing,
    compression_of,
    decompressing,
)
from newscrawl.drops.parquet import write_parquet
from newscrawl.drops.schema import RECORD_CLASSES, drop_fields, validator
from newscrawl.errors import DropInvalidError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# A rate's digits are written as they were printed: 0.00200, not 0.002.
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it lies in a drop.

    Attributes:
        path: its name.
        size: in bytes.
        sha256: in hex.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The records of one kind as they were written.

    Attributes:
        name: of the records.
        compression: of the JSON Lines.
        lines: the JSON Lines.
        parquet: the same rows as Parquet, or None.
        count: of records.
        tally: how many records have each value of a field.
    """

    name: str
    compression: Compression
    lines: StoredFile
    parquet: StoredFile | None
    count: int
    tally: Counter[str]


class _Measured(io.RawIOBase):
    """A file that is written, with what has been written to it so far."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream, self._digest, self.size = stream, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: ReadableBuffer) -> int:
        self._digest.update(content)
        written = self._stream.write(content)
        self.size += written
        return written

    def stored(self, path: Path) -> StoredFile:
        return StoredFile(path.name, self.size, self._digest.hexdigest())


def write_lines(
    folder: Path,
    name: str,
    records: Iterable[Any],
    tallied: str | None = None,
    form: Form = Form(),  # noqa: B008  # it never changes
) -> WrittenFile:
    """Write the records of one kind, check every line against its schema, flush it to disk.

    Args:
        folder: where to; the file must not be there.
        name: a key of `RECORD_CLASSES`.
        records: in the order in which they are written.
        tallied: the field whose values are counted.
        form: how they are written.

    Raises:
        DropInvalidError: a record does not keep its schema.
        OSError: the disk failed.
    """
    names, check = drop_fields(RECORD_CLASSES[name]), validator(name)
    count = 0
    tally: Counter[str] = Counter()
    path = folder / f"{name}{form.ending}"
    with path.open("xb") as raw:
        stored = _Measured(raw)
        with compressing(cast("BinaryIO", stored), form.compression) as stream:
            for record in records:
                line = _encode({field: getattr(record, field) for field in names}) + b"\n"
                try:
                    check(msgspec.json.decode(line))
                except fastjsonschema.JsonSchemaValueException as error:
                    raise DropInvalidError(
                        f"{name}.jsonl, record {count + 1}: {error.message}; found "
                        f"{error.value!r:.200}. The drop is not published"
                    ) from None
                stream.write(line)
                count += 1
                if tallied:
                    tally[getattr(record, tallied)] += 1
        raw.flush()
        os.fsync(raw.fileno())
    parquet = _write_parquet(folder, name) if form.has_parquet else None
    return WrittenFile(name, form.compression, stored.stored(path), parquet, count, tally)


def _write_parquet(folder: Path, name: str) -> StoredFile:
    path = folder / f"{name}.parquet"
    with open_lines(folder, name) as lines:
        write_parquet(path, name, lines)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return StoredFile(path.name, path.stat().st_size, digest)


@contextmanager
def open_lines(folder: Path, name: str) -> Iterator[Iterable[bytes]]:
    """The lines of one kind of records of a drop of ours, however they are compressed.

    Args:
        folder: the drop.
        name: a key of `RECORD_CLASSES`.

    Raises:
        OSError: the disk failed, or it has none.
    """
    paths = [folder / f"{name}{ending}" for ending in ENDINGS]
    path = next((path for path in paths if path.exists()), paths[0])
    with path.open("rb") as raw, decompressing(raw, compression_of(path.name)) as stream:
        yield stream
