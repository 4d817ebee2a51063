"""Check a published drop, as any reader can.

What is checked is data and nothing more: the schemas are those of this package, only the files
of the contract are opened, never through a link, nothing is fetched, and whatever the drop
holds is a finding, not an error of the check. Memory is bounded by the longest line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import fastjsonschema
import msgspec

from newscrawl.drops.catalogue import CATALOGUE
from newscrawl.drops.schema import RECORD_CLASSES, checked_in, validator

DESCRIPTOR = "datapackage.json"

_LARGEST_DESCRIPTOR = 2**24
_LONGEST_LINE = 2**28
_BLOCK = 2**20
_TOLD_OF_A_FILE = 20
_TOLD_LENGTH = 300
_HASH = re.compile(r"sha256:[0-9a-f]{64}")

_exact = msgspec.json.Decoder(float_hook=Decimal)
_plain = msgspec.json.Decoder()
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        text: what, where, for a person; one printable line.
        is_wrong: the drop is not as it was published; False: something could not be checked.
    """

    text: str
    is_wrong: bool = True


class _StrangeError(Exception):
    """What is read is not of the form that it has to be; the message says how."""


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a drop; nothing where every byte is as it was published.

    Args:
        folder: the drop.
    """
    return (finding.text for finding in check(folder) if finding.is_wrong)


def check(folder: Path) -> Iterator[Finding]:
    """Check a drop: its descriptor, each file's bytes, count and records, and what else is there.

    A catalogue beside the drop says whether the descriptor is the one that was published.

    Args:
        folder: the drop.
    """
    at = printable(folder)
    try:
        content = _read_descriptor(folder)
        package = _parse_descriptor(content)
        resources = _resources(package)
        run_id = _member(_member(package, "run", dict), "run_id", str)
    except (_StrangeError, RecursionError) as error:
        yield Finding(f"{at}/{DESCRIPTOR} is no descriptor of a drop: {_reason(error)}")
        return
    yield from _check_against_catalogue(folder, run_id, content)
    for name in RECORD_CLASSES:
        if name in resources:
            yield from _check_file(folder, name, resources[name])
        else:
            yield Finding(f"{at}/{DESCRIPTOR} does not name {name}.jsonl")
    known = {DESCRIPTOR, *(f"{name}.jsonl" for name in resources)}
    others = (path.name for path in sorted(folder.iterdir()) if path.name not in known)
    yield from _few(
        f"{at}: the rest of the folder",
        (Finding(f"{at}/{printable(name)} is not named in the descriptor") for name in others),
    )


def printable(text: object) -> str:
    """A text without what could steer a terminal or can't be printed, and not too long.

    >>> printable("a\\x1b[2J\\ud800 é")
    'a\\\\x1b[2J\\\\ud800 é'
    """
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in str(text)[: 4 * _TOLD_LENGTH]
    )
    return shown if len(shown) <= _TOLD_LENGTH else shown[: _TOLD_LENGTH - 1] + "…"


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return printable(error)


# Files


def _open(path: Path) -> BinaryIO:
    """Open a regular file that is no link.

    Raises:
        _StrangeError: it is none, or can't be opened.
    """
    try:
        # Without waiting: a pipe that nobody writes to would never open.
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        why = "it is a link" if path.is_symlink() else _reason(error)
        raise _StrangeError(f"can't be read: {why}") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise _StrangeError("can't be read: it is no file")
    return os.fdopen(number, "rb")


def _read_descriptor(folder: Path) -> bytes:
    with _open(folder / DESCRIPTOR) as stream:
        content = stream.read(_LARGEST_DESCRIPTOR + 1)
    if len(content) > _LARGEST_DESCRIPTOR:
        raise _StrangeError(f"it has more than {_LARGEST_DESCRIPTOR:,} bytes")
    return content


# The descriptor


def _parse_descriptor(content: bytes) -> dict[str, Any]:
    try:
        package = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    except ValueError as error:  # no UTF-8, no JSON, or a number of thousands of digits
        raise _StrangeError(f"it is no JSON in UTF-8: {error}") from None
    if not isinstance(package, dict):
        raise _StrangeError("it is no JSON object")
    return package


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _StrangeError("an object in it has a key twice")
    return made


def _member(owner: dict[str, Any], key: str, kind: type) -> Any:
    if key not in owner:
        raise _StrangeError(f"{key!r} is missing")
    if type(owner[key]) is not kind:
        raise _StrangeError(f"{key!r} is {type(owner[key]).__name__}, not {kind.__name__}")
    return owner[key]


def _resources(package: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources by name; each names its own file and has what is checked against."""
    found: dict[str, dict[str, Any]] = {}
    for resource in _member(package, "resources", list):
        if not isinstance(resource, dict):
            raise _StrangeError(f"a resource is {type(resource).__name__}, not dict")
        name, path = _member(resource, "name", str), _member(resource, "path", str)
        if name not in RECORD_CLASSES:
            raise _StrangeError(f"a drop has no resource {name[:_TOLD_LENGTH]!r}")
        if path != f"{name}.jsonl":
            raise _StrangeError(f"{name} lies in {name}.jsonl, not in {path[:_TOLD_LENGTH]!r}")
        if name in found:
            raise _StrangeError(f"it names {path} twice")
        if not _HASH.fullmatch(_member(resource, "hash", str)):
            raise _StrangeError(f"the hash of {path} is none: sha256: and 64 digits are")
        _member(resource, "bytes", int)
        _member(resource, "count", int)
        _member(resource, "jsonSchema", dict)
        found[name] = resource
    return found


def _check_against_catalogue(folder: Path, run_id: str, content: bytes) -> Iterator[Finding]:
    catalogue = folder.resolve().parent / CATALOGUE
    if not os.path.lexists(catalogue):
        yield Finding(
            f"{printable(folder)}: no {CATALOGUE} lies beside the folder, so only its own descriptor "
            "says what was published",
            is_wrong=False,
        )
        return
    try:
        listed = _listed(catalogue, run_id)
    except (_StrangeError, RecursionError) as error:
        yield Finding(f"{printable(catalogue)}: {_reason(error)}")
        return
    if listed is None:
        yield Finding(f"{printable(catalogue)} does not name the run {printable(run_id)}")
    elif listed != f"sha256:{hashlib.sha256(content).hexdigest()}":
        yield Finding(
            f"{printable(folder)}/{DESCRIPTOR} is not the descriptor that was published: its SHA-256 "
            f"is not the one in {printable(catalogue)}"
        )


def _listed(catalogue: Path, run_id: str) -> object:
    """The descriptor's hash in the catalogue; None: the run is not in it."""
    found: list[object] = []
    with _open(catalogue) as stream:
        number = 0
        while line := stream.readline(_LARGEST_DESCRIPTOR):
            number += 1
            try:
                entry = _plain.decode(line)
            except (ValueError, RecursionError):
                raise _StrangeError(f"line {number} is no JSON object") from None
            if not isinstance(entry, dict):
                raise _StrangeError(f"line {number} is no JSON object")
            if entry.get("run_id") == run_id:
                found.append(entry.get("descriptor_hash", ""))
    if len(found) > 1:
        raise _StrangeError(f"it names the run {run_id[:_TOLD_LENGTH]!r} twice")
    return found[0] if found else None


# The records


def _check_file(folder: Path, name: str, resource: dict[str, Any]) -> Iterator[Finding]:
    at = f"{printable(folder)}/{name}.jsonl"
    try:
        with _open(folder / f"{name}.jsonl") as stream:
            size, sha256 = _measure(stream)
            if size != resource["bytes"]:
                yield Finding(f"{at} has {size} bytes, {resource['bytes']} were published")
            if resource["hash"] != f"sha256:{sha256}":
                yield Finding(f"{at} is not the file that was published: its SHA-256 differs")
                return
            stream.seek(0)
            yield from _few(at, _check_records(at, name, stream, resource))
    except (_StrangeError, OSError) as error:
        yield Finding(f"{at} {_reason(error)}")


def _measure(stream: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _few(at: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first findings, and how many more there are."""
    yield from islice(findings, _TOLD_OF_A_FILE)
    more = sum(1 for _ in findings)
    if more:
        yield Finding(f"{at}: {more} more of this kind")


def _check_records(
    at: str, name: str, stream: BinaryIO, resource: dict[str, Any]
) -> Iterator[Finding]:
    schema = checked_in(name)
    is_ours = resource["jsonSchema"] == schema
    validate = validator(name, is_loose=not is_ours)
    if not is_ours:
        yield Finding(
            f"{at} was written with another schema than this version's; its records are checked "
            "for what both know",
            is_wrong=False,
        )
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            yield Finding(f"{at}, record {number} is longer than {_LONGEST_LINE:,} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST_LINE + 1)
            continue
        try:
            _check_line(line, validate, schema if is_ours else None)
        except (
            _StrangeError,
            ValueError,  # no UTF-8, no JSON
            RecursionError,
            fastjsonschema.JsonSchemaValueException,
        ) as error:
            yield Finding(f"{at}, record {number}: {_reason(error)}")
    if number != resource["count"]:
        yield Finding(f"{at} has {number} records, {resource['count']} were published")


def _check_line(line: bytes, validate: Any, schema: dict[str, Any] | None) -> None:
    """Check one line.

    Raises:
        _StrangeError, ValueError, RecursionError, JsonSchemaValueException: what is wrong.
    """
    if not line.endswith(b"\n"):
        raise _StrangeError("the line does not end")
    record = _exact.decode(line)
    validate(record)
    written = line[:-1]
    # Numbers are written as a decimal's digits or as a float's.
    for value in (record, _plain.decode(line)):
        if _encode(_in_order(value, schema) if schema else value) == written:
            return
    raise _StrangeError(
        "it is not written as records are: each key once and in the schema's order, no spaces, "
        "characters as themselves"
    )


def _in_order(value: Any, schema: dict[str, Any]) -> Any:
    """The value with its keys in the schema's order; it keeps the schema."""
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return {key: _in_order(value[key], known[key]) for key in known if key in value}
    if isinstance(value, list):
        return [_in_order(item, schema["items"]) for item in value]
    return value
