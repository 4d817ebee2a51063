"""Check a published drop against its own descriptor, as any reader can."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastjsonschema
import msgspec

DESCRIPTOR = "datapackage.json"


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a drop; nothing where every byte is as it was published.

    Args:
        folder: the drop.
    """
    try:
        package = msgspec.json.decode((folder / DESCRIPTOR).read_bytes())
        resources = package["resources"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
        yield f"{folder / DESCRIPTOR} is no descriptor: {error}"
        return
    for resource in resources:
        yield from _problems_of_file(folder, resource)
    known = {DESCRIPTOR, *(resource["path"] for resource in resources)}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path} is not named in the descriptor"


def _problems_of_file(folder: Path, resource: dict[str, Any]) -> Iterator[str]:
    path = folder / resource["path"]
    try:
        content = path.read_bytes()
    except OSError as error:
        yield f"{path} can't be read: {error.strerror}"
        return
    if len(content) != resource["bytes"]:
        yield f"{path} has {len(content)} bytes, {resource['bytes']} were published"
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != resource["hash"]:
        yield f"{path} is not the file that was published: its SHA-256 differs"
        return
    lines = content.splitlines()
    if len(lines) != resource["count"]:
        yield f"{path} has {len(lines)} records, {resource['count']} were published"
    schema = {key: value for key, value in resource["jsonSchema"].items() if key != "$schema"}
    check = fastjsonschema.compile(schema)
    for number, line in enumerate(lines, start=1):
        try:
            check(msgspec.json.decode(line))
        except (fastjsonschema.JsonSchemaValueException, msgspec.DecodeError) as error:
            yield f"{path}, record {number}: {error}"
