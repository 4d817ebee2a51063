"""The columns of a drop's files, as the tools that load them name types.

Each file has a JSON Schema, made from the item classes. Tools that guess types from the rows guess
otherwise for each drop: a column that is null in the first rows, a list that is empty in all. So the
types are made from the schema, and hold for every drop, empty ones too.

Instants and dates stay text, for that is what JSON has (Parquet has timestamps, see
`newscrawl.drops.parquet`): `date_published` is written no more exactly
than it is known, which no type of a date can hold. `exchange_rates.rate` is the nearest double.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from newscrawl.drops.schema import RECORD_CLASSES, json_schema

Scalar = Literal["text", "instant", "integer", "number", "boolean"]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class RecordOf:
    """An object whose keys are known."""

    fields: dict[str, Type]


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with some of the keys that there may be.

    Attributes:
        keys: which there may be.
        value: the type of each value.
    """

    keys: tuple[str, ...]
    value: Type


Type = Scalar | ListOf | RecordOf | MapOf

_LONGEST_LINE = 2**28
"""In bytes; DuckDB's own limit is 16 MiB."""

_SCALARS: dict[str, Scalar] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it is, and whether a row always has it."""

    name: str
    type: Type
    description: str
    is_required: bool


def columns(name: str) -> list[Column]:
    """The columns of a file, in the order of its keys.

    Args:
        name: a key of `RECORD_CLASSES`.
    """
    properties = json_schema(name)["properties"]
    return [
        Column(key, _type(schema), schema["description"], "null" not in schema["type"])
        for key, schema in properties.items()
    ]


def _type(schema: dict[str, Any]) -> Type:
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    name = next(name for name in names if name != "null")
    if name == "array":
        return ListOf(_type(schema["items"]))
    if name == "object" and "properties" in schema:
        return RecordOf({key: _type(value) for key, value in schema["properties"].items()})
    if name == "object":
        keys = tuple(schema["propertyNames"]["enum"])
        return MapOf(keys, _type(schema["additionalProperties"]))
    return "instant" if schema.get("format") == "date-time" else _SCALARS[name]


def table_schema(name: str) -> dict[str, Any]:
    """The Table Schema of a file (https://datapackage.org/standard/table-schema/), version 2.

    Args:
        name: a key of `RECORD_CLASSES`.
    """
    schema = json_schema(name)["properties"]
    fields = []
    for column in columns(name):
        constraints: dict[str, Any] = {"required": True} if column.is_required else {}
        for keyword in ("enum", "pattern", "minimum", "minLength"):
            if isinstance(column.type, str) and keyword in schema[column.name]:
                value = schema[column.name][keyword]
                is_enum = keyword == "enum"
                constraints[keyword] = [v for v in value if v is not None] if is_enum else value
        field: dict[str, Any] = {
            "name": column.name,
            "type": _TABLE_SCHEMA_TYPES.get(type(column.type))
            or _TABLE_SCHEMA_SCALARS[str(column.type)],
            "description": column.description,
        }
        fields.append({**field, "constraints": constraints} if constraints else field)
    key = _KEYS.get(name)
    return {"fields": fields, **({"primaryKey": list(key)} if key else {})}


_KEYS = {"articles": ("id", "revision"), "people": ("id",), "pages": ("page",)}
_TABLE_SCHEMA_TYPES: dict[type, str] = {ListOf: "array", RecordOf: "object", MapOf: "object"}
_TABLE_SCHEMA_SCALARS = {
    "text": "string",
    "instant": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}


# What each tool calls them


def duckdb_type(kind: Type) -> str:
    """A type of DuckDB."""
    return _sql_type(kind, _DUCKDB_TYPES)


def spark_type(kind: Type) -> str:
    """A type of Spark's DDL."""
    return _sql_type(kind, _SPARK_TYPES)


_DUCKDB_TYPES = {
    "text": "VARCHAR",
    "instant": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "list": "{}[]",
    "record": "STRUCT({})",
    "key": '"{}" ',
    "map": "MAP(VARCHAR, {})",
}
_SPARK_TYPES = {
    "text": "STRING",
    "instant": "STRING",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "list": "ARRAY<{}>",
    "record": "STRUCT<{}>",
    "key": "{}: ",
    "map": "MAP<STRING, {}>",
}


def _sql_type(kind: Type, forms: dict[str, str]) -> str:
    match kind:
        case ListOf(item):
            return forms["list"].format(_sql_type(item, forms))
        case RecordOf(fields):
            inner = (
                forms["key"].format(key) + _sql_type(value, forms) for key, value in fields.items()
            )
            return forms["record"].format(", ".join(inner))
        case MapOf(_, value):
            return forms["map"].format(_sql_type(value, forms))
        case _:
            return forms[kind]


def postgres_type(kind: Type) -> str:
    """A type of PostgreSQL; what is nested is jsonb, but for lists of text."""
    match kind:
        case ListOf("text"):
            return "text[]"
        case ListOf() | RecordOf() | MapOf():
            return "jsonb"
        case _:
            return {
                "text": "text",
                "instant": "text",
                "integer": "bigint",
                "number": "double precision",
                "boolean": "boolean",
            }[kind]


def _python_type(kind: Type, names: dict[str, str], struct: Callable[[str], str]) -> str:
    match kind:
        case ListOf(item):
            return f"{names['list']}({_python_type(item, names, struct)})"
        case RecordOf(fields):
            inner = {key: _python_type(value, names, struct) for key, value in fields.items()}
        case MapOf(keys, value):
            # Neither tool reads an object as a map; a key that is not there is null.
            inner = dict.fromkeys(keys, _python_type(value, names, struct))
        case _:
            return names[kind]
    return struct("{" + ", ".join(f'"{key}": {value}' for key, value in inner.items()) + "}")


def polars_type(kind: Type) -> str:
    """A type of polars, as Python."""
    names = {
        "list": "pl.List",
        "text": "pl.String",
        "instant": "pl.String",
        "integer": "pl.Int64",
        "number": "pl.Float64",
        "boolean": "pl.Boolean",
    }
    return _python_type(kind, names, lambda fields: f"pl.Struct({fields})")


def pyarrow_type(kind: Type) -> str:
    """A type of pyarrow, as Python."""
    names = {
        "list": "pa.list_",
        "text": "pa.string()",
        "instant": "pa.string()",
        "integer": "pa.int64()",
        "number": "pa.float64()",
        "boolean": "pa.bool_()",
    }
    return _python_type(kind, names, lambda fields: f"pa.struct({fields})")


def _sql(tool: Callable[[Type], str], name: str) -> str:
    lines = [f'    "{column.name}" {tool(column.type)}' for column in columns(name)]
    return f'CREATE TABLE "{name}" (\n' + ",\n".join(lines) + "\n);\n"


def _duckdb(name: str) -> str:
    types = ",\n".join(f"    '{c.name}': '{duckdb_type(c.type)}'" for c in columns(name))
    options = f"format = 'newline_delimited', maximum_object_size = {_LONGEST_LINE}"
    return _sql(duckdb_type, name) + (  # noqa: S608  # of names of ours alone
        f"CREATE MACRO read_{name}(paths) AS TABLE\n"
        f"SELECT * FROM read_json(paths, {options}, columns = {{\n{types}\n}});\n"
    )


def _python(head: str, tail: str, tool: Callable[[Type], str], name: str) -> str:
    lines = [f'    "{column.name}": {tool(column.type)},\n' for column in columns(name)]
    return f"{name} = {head}{{\n" + "".join(lines) + f"}}{tail}\n"


def _ddl(name: str) -> str:
    lines = [f"    {column.name} {spark_type(column.type)}" for column in columns(name)]
    return f'{name} = """\n' + ",\n".join(lines) + '\n"""\n'


_PYARROW_HEAD = '''\
import os

import pyarrow as pa
import pyarrow.json


def read(path, schema):
    """Read a file of a drop; pyarrow itself refuses empty files, and records above its block size."""
    size = os.path.getsize(path)
    if not size:
        return schema.empty_table()
    return pyarrow.json.read_json(
        path,
        read_options=pyarrow.json.ReadOptions(block_size=size),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema),
    )


'''

_TOOLS: dict[str, tuple[str, Callable[[str], str]]] = {
    "duckdb": ("", _duckdb),
    "postgres": ("", lambda name: _sql(postgres_type, name)),
    "polars": ("import polars as pl\n\n", lambda name: _python("", "", polars_type, name)),
    "pyarrow": (
        _PYARROW_HEAD,
        lambda name: _python("pa.schema(", ")", pyarrow_type, name),
    ),
    "spark": ("", _ddl),
}
TOOLS = (*_TOOLS, "table-schema")
"""The tools whose types are known."""


def types_for(tool: str, names: tuple[str, ...] = tuple(RECORD_CLASSES)) -> str:
    """The types of the files of a drop, as a tool takes them: SQL, Python or JSON.

    Where a tool needs more than types to read a file, that is given with them: `read_articles(paths)`
    and its like for DuckDB, `read(path, schema)` for pyarrow.

    Args:
        tool: one of `TOOLS`.
        names: keys of `RECORD_CLASSES`.

    Raises:
        KeyError: the tool is none of them.
    """
    if tool == "table-schema":
        return json.dumps({n: table_schema(n) for n in names}, indent=2, ensure_ascii=False) + "\n"
    head, one = _TOOLS[tool]
    return head + "\n".join(one(name) for name in names)
