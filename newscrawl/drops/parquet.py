"""The rows of a drop's files as Parquet, by pyarrow (`newscrawl[parquet]`).

The same rows as the JSON Lines, made of them; instants are timestamps in UTC. Articles have what is
sure of their day flat, too: `published_earliest`, `published_latest` and `published_certain_to`. The
same rows give the same bytes in one version of pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newscrawl.drops.columns import ListOf, MapOf, RecordOf, Type, columns

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_A_GROUP = 1024
_FLAT = {"earliest": "instant", "latest": "instant", "certain_to": "text"}


def write_parquet(path: Path, name: str, lines: Iterable[bytes]) -> None:
    """Write a file of a drop as Parquet.

    Args:
        path: where to.
        name: a key of `RECORD_CLASSES`.
        lines: its records as JSON; they keep their schema.

    Raises:
        OSError: the disk failed.
    """
    import pyarrow as pa  # an extra; it takes a fifth of a second
    import pyarrow.parquet as pq

    schema = arrow_schema(name)
    types = {column.name: column.type for column in columns(name)}
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for rows in _groups(lines, name, types):
            writer.write_table(pa.Table.from_pylist(rows, schema), _ROWS_A_GROUP)


def count_rows(path: Path) -> int:
    """The number of rows of a file.

    Raises:
        OSError, ValueError: it is no Parquet.
        ImportError: pyarrow is not installed.
    """
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def arrow_schema(name: str) -> pa.Schema:
    """The types of the columns of a file.

    Args:
        name: a key of `RECORD_CLASSES`.
    """
    import pyarrow as pa

    fields = [(column.name, _arrow_type(column.type)) for column in columns(name)]
    if name == "articles":
        fields += [(f"published_{key}", _arrow_type(kind)) for key, kind in _FLAT.items()]
    return pa.schema(fields)


def _arrow_type(kind: Any) -> pa.DataType:
    import pyarrow as pa

    match kind:
        case ListOf(item):
            return pa.list_(_arrow_type(item))
        case RecordOf(fields):
            return pa.struct([(key, _arrow_type(value)) for key, value in fields.items()])
        case MapOf(_, value):
            return pa.map_(pa.string(), _arrow_type(value))
        case _:
            return {
                "text": pa.string(),
                "instant": pa.timestamp("us", tz="UTC"),
                "integer": pa.int64(),
                "number": pa.float64(),
                "boolean": pa.bool_(),
            }[kind]


def _groups(
    lines: Iterable[bytes], name: str, types: dict[str, Type]
) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(lines)
    while group := list(islice(waiting, _ROWS_A_GROUP)):
        yield [_row(msgspec.json.decode(line), name, types) for line in group]


def _row(record: dict[str, Any], name: str, types: dict[str, Type]) -> dict[str, Any]:
    row = {key: _value(record[key], kind) for key, kind in types.items()}
    if name == "articles":
        published = (row["date_evidence"] or {}).get("published") or {}
        row |= {f"published_{key}": published.get(key) for key in _FLAT}
    return row


def _value(value: Any, kind: Type) -> Any:
    if value is None:
        return None
    match kind:
        case ListOf(item):
            return [_value(one, item) for one in value]
        case RecordOf(fields):
            return {key: _value(value[key], inner) for key, inner in fields.items()}
        case MapOf(_, inner):
            return [(key, _value(one, inner)) for key, one in value.items()]
        case "instant":
            return _instant(value)
        case _:
            return value


def _instant(text: str) -> datetime | None:
    """An instant in UTC; None at the ends of the calendar, where UTC has no year for it."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
