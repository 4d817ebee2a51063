"""Records as JSON Lines: one compact object a line, keys in the schema's order."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastjsonschema
import msgspec

from newscrawl.drops.schema import RECORD_CLASSES, drop_fields, validator
from newscrawl.errors import DropInvalidError

# A rate's digits are written as they were printed: 0.00200, not 0.002.
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a drop as it was written.

    Attributes:
        name: without ending.
        size: in bytes.
        sha256: in hex.
        count: of records.
        tally: how many records have each value of a field.
    """

    name: str
    size: int
    sha256: str
    count: int
    tally: Counter[str]

    @property
    def path(self) -> str:
        """The file's name."""
        return f"{self.name}.jsonl"


def write_lines(
    folder: Path, name: str, records: Iterable[Any], tallied: str | None = None
) -> WrittenFile:
    """Write one file of a drop, check every line against its schema, flush it to disk.

    Args:
        folder: where to; the file must not be there.
        name: a key of `RECORD_CLASSES`.
        records: in the order in which they are written.
        tallied: the field whose values are counted.

    Raises:
        DropInvalidError: a record does not keep its schema.
        OSError: the disk failed.
    """
    names, check = drop_fields(RECORD_CLASSES[name]), validator(name)
    digest, size, count = hashlib.sha256(), 0, 0
    tally: Counter[str] = Counter()
    with (folder / f"{name}.jsonl").open("xb") as stream:
        for record in records:
            line = _encode({field: getattr(record, field) for field in names}) + b"\n"
            try:
                check(msgspec.json.decode(line))
            except fastjsonschema.JsonSchemaValueException as error:
                raise DropInvalidError(
                    f"{name}.jsonl, record {count + 1}: {error.message}; found {error.value!r:.200}. "
                    "The drop is not published"
                ) from None
            stream.write(line)
            digest.update(line)
            size += len(line)
            count += 1
            if tallied:
                tally[getattr(record, tallied)] += 1
        stream.flush()
        os.fsync(stream.fileno())
    return WrittenFile(name, size, digest.hexdigest(), count, tally)
