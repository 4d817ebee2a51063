"""The JSON Schemas of a drop's records, made from the item classes.

The files under ``newscrawl/schemas/`` are written by ``scrapy schemas``; a test fails
when they differ from the classes.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import fastjsonschema
import msgspec

from newscrawl.drops.files import write_whole
from newscrawl.items import (
    CONTENT,
    Article,
    ExchangeRate,
    Furniture,
    PageRecord,
    Person,
    Reject,
    merging_of,
)

RECORD_CLASSES: dict[str, type] = {
    "articles": Article,
    "exchange_rates": ExchangeRate,
    "people": Person,
    "pages": PageRecord,
    "furniture": Furniture,
    "rejects": Reject,
}
"""The files of a drop, by name without ending, and the class of their records."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN_TYPES = {str: "string", int: "integer", bool: "boolean", float: "number", Decimal: "number"}


def drop_fields(cls: type) -> list[str]:
    """The names of the fields that a drop holds, in order."""
    return [f.name for f in fields(cls) if not f.metadata.get("internal")]


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one file's records.

    Args:
        name: a key of `RECORD_CLASSES`.
    """
    cls = RECORD_CLASSES[name]
    return {
        "$schema": _DIALECT,
        "$id": f"schemas/{name}.schema.json",
        "title": name,
        "description": _first_paragraph(cls),
        **_object(cls),
    }


def _first_paragraph(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())


def _object(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    names = drop_fields(cls)
    metadata = {f.name: f.metadata for f in fields(cls)}
    properties = {
        name: {
            "description": metadata[name]["description"],
            **_type(hints[name]),
            **metadata[name].get("schema", {}),
        }
        for name in names
    }
    for name in names:
        if get_origin(hints[name]) is dict:  # from a field to what is said of it
            said = [f for f, merging in merging_of(cls).items() if merging.how in CONTENT]
            properties[name]["propertyNames"] = {"enum": said}
    return {
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": False,
    }


def _type(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _nullable(_type(next(a for a in arguments if a is not types.NoneType)))
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": _type(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    return {"type": _PLAIN_TYPES[hint]}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def schema_file(name: str) -> str:
    """The text of one schema file."""
    return msgspec.json.format(msgspec.json.encode(json_schema(name)), indent=2).decode() + "\n"


SCHEMAS = "schemas"
"""The folder in an output that holds every JSON Schema that one of its drops was written by."""


class SchemaFile(msgspec.Struct, frozen=True):
    """Where a JSON Schema lies, for the descriptors of an output's drops.

    Attributes:
        path: in the output folder.
        hash: `sha256:…` of its bytes.
    """

    path: str
    hash: str


def schema_files() -> dict[str, tuple[SchemaFile, bytes]]:
    """The schemas that are shipped, by the name of their records: where they lie, and their bytes."""
    files = {}
    for name in RECORD_CLASSES:
        content = _shipped(name)
        digest = hashlib.sha256(content).hexdigest()
        path = f"{SCHEMAS}/{name}-{digest[:16]}.schema.json"
        files[name] = SchemaFile(path, f"sha256:{digest}"), content
    return files


def write_schemas(output: Path) -> dict[str, SchemaFile]:
    """Write the schemas into an output folder, those that are not there.

    Raises:
        OSError: the disk failed.
    """
    (output / SCHEMAS).mkdir(exist_ok=True)
    files = schema_files()
    for file, content in files.values():
        path = output / file.path
        if not path.exists():
            write_whole(path, content)
    return {name: file for name, (file, _) in files.items()}


def _shipped(name: str) -> bytes:
    return resources.files("newscrawl").joinpath(f"schemas/{name}.schema.json").read_bytes()


def checked_in(name: str) -> dict[str, Any]:
    """The schema as it is checked in and shipped."""
    schema: dict[str, Any] = msgspec.json.decode(_shipped(name))
    return schema


@cache
def validator(name: str, is_loose: bool = False) -> Callable[[Any], Any]:
    """A compiled check of one file's records; it raises `fastjsonschema.JsonSchemaException`.

    Args:
        name: a key of `RECORD_CLASSES`.
        is_loose: take records of other versions too, whose keys may be missing or unknown.
    """
    schema = _loosened(checked_in(name)) if is_loose else checked_in(name)
    # fastjsonschema knows the dialects up to draft 7; nothing here differs between them.
    del schema["$schema"]
    compiled: Callable[[Any], Any] = fastjsonschema.compile(schema)
    return compiled


def _loosened(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_loosened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    unasked = ("required",) + (("additionalProperties",) if "properties" in schema else ())
    return {
        key: {name: _loosened(part) for name, part in value.items()}
        if key == "properties"
        else _loosened(value)
        for key, value in schema.items()
        if key not in unasked
    }
