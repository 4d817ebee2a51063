"""Check published drops, as any reader can: one, or an output folder with its catalogue.

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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import fastjsonschema
import msgspec
from msgspec import UNSET

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import CATALOGUE, RUN_ID, Entry, Link
from newscrawl.drops.form import (
    DAMAGE,
    DESCRIPTOR,
    ENDINGS,
    PARQUET,
    compression_of,
    decompressing,
    described,
)
from newscrawl.drops.parquet import count_rows
from newscrawl.drops.schema import RECORD_CLASSES, SCHEMAS, checked_in, schema_files, validator

_LARGEST_DESCRIPTOR = 2**24
_LONGEST_LINE = 2**28
_BLOCK = 2**20
_TOLD_OF_A_FILE = 20
_TOLD_LENGTH = 300
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_FACTS = ("events", "outcomes", "state", "sequence", "previous", "mode")
# What the run's facts count, file by file.
_TALLIES = {"articles": ("event", "events"), "pages": ("outcome", "outcomes")}

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
    """Check a drop, or every drop of an output folder and the chain that they make.

    A catalogue beside a drop says whether its descriptor is the one that was published.

    Args:
        folder: the drop, or a folder that holds a catalogue.
    """
    if os.path.lexists(folder / CATALOGUE) and not os.path.lexists(folder / DESCRIPTOR):
        yield from _check_output(folder)
    else:
        yield from _check_drop(folder, None)


def _check_drop(folder: Path, entry: Entry | None) -> Iterator[Finding]:
    """Check a drop: its descriptor, each file's bytes, count and records, and what else is there.

    Args:
        folder: the drop.
        entry: its line; None: it is looked up in the catalogue beside the folder.
    """
    at = printable(folder)
    try:
        content = _read_descriptor(folder)
        package = _parse_descriptor(content)
        resources = _resources(package)
        run = _member(package, "run", dict)
        run_id = _member(run, "run_id", str)
    except (_StrangeError, RecursionError) as error:
        yield Finding(f"{at}/{DESCRIPTOR} is no descriptor of a drop: {_reason(error)}")
        return
    if entry is None:
        entry, findings = _look_up(folder, run_id)
        yield from findings
    if entry is not None:
        yield from _check_against_line(folder, entry, content, run, resources)
    yield from _check_schemas(folder, entry, resources)
    for name in RECORD_CLASSES:
        if name in resources:
            yield from _check_file(folder, name, resources[name], run)
        else:
            yield Finding(f"{at}/{DESCRIPTOR} does not name {name}.jsonl")
    for name in set(resources) - set(RECORD_CLASSES):
        yield from _check_parquet(folder, resources[name])
    known = {DESCRIPTOR, *(resource["path"] for resource in resources.values())}
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
        records = name.removesuffix(PARQUET)
        if records not in RECORD_CLASSES:
            raise _StrangeError(f"a drop has no resource {name[:_TOLD_LENGTH]!r}")
        endings = ENDINGS if records == name else (".parquet",)
        if path not in {records + ending for ending in endings}:
            raise _StrangeError(
                f"{name} lies in {records}{endings[0]}, not in {path[:_TOLD_LENGTH]!r}"
            )
        if records == name and resource.get("compression") != (
            said := described(compression_of(path)).get("compression")
        ):
            raise _StrangeError(f"the compression of {path} is {said!r} by its name")
        if name in found:
            raise _StrangeError(f"it names {path} twice")
        if not _HASH.fullmatch(_member(resource, "hash", str)):
            raise _StrangeError(f"the hash of {path} is none: sha256: and 64 digits are")
        _member(resource, "bytes", int)
        _member(resource, "count", int)
        if records == name:
            _member(resource, "jsonSchema", dict)
        found[name] = resource
    return found


def _tables(resources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The resources that are records, without the same rows as Parquet."""
    return {name: resources[name] for name in resources if name in RECORD_CLASSES}


def _check_schemas(
    folder: Path, entry: Entry | None, resources: dict[str, dict[str, Any]]
) -> Iterator[Finding]:
    """Whether the schemas lie beside the folder, as its descriptor says; where it lies in an output."""
    for name, resource in _tables(resources).items():
        said = resource["jsonSchema"]
        if "path" not in said or entry is None:
            continue
        path = f"{SCHEMAS}/{name}-{str(said.get('hash'))[7:23]}.schema.json"
        at = f"{printable(folder)}/{DESCRIPTOR}"
        if said["path"] != path:
            yield Finding(
                f"{at}: the schema of {name} lies in {path}, not in {printable(said['path'])}"
            )
            continue
        try:
            with _open(folder.resolve().parent / SCHEMAS / Path(path).name) as stream:
                if said["hash"] != f"sha256:{_measure(stream)[1]}":
                    yield Finding(f"{at}: {path} is not the schema that was published")
        except _StrangeError as error:
            yield Finding(f"{at}: {path} {_reason(error)}")


# The catalogue


def _check_output(output: Path) -> Iterator[Finding]:
    """Check every line of a catalogue, the drop that it names, and the chain of each state."""
    path = output / CATALOGUE
    entries: dict[str, Entry] = {}
    chains: dict[str, Entry] = {}
    for number, entry in enumerate(_read_lines(path), 1):
        if isinstance(entry, Finding):
            yield entry
            continue
        at = f"{printable(path)}, line {number}"
        if entry.run_id in entries:
            yield Finding(f"{at} names the run {entry.run_id!r} twice")
            continue
        entries[entry.run_id] = entry
        yield from (Finding(f"{at}: {said}") for said in _check_link(chains, entry))
        yield from _check_place(output, at, entry)
        yield from (Finding(f"{at}: {said}") for said in _check_redacted(entry))
    yield from _check_pruned(path, entries)
    unlisted = [
        item.name
        for item in sorted(output.iterdir())
        if item.is_dir()
        and not item.name.startswith(".")
        and item.name != SCHEMAS
        and item.name not in entries
    ]
    yield from _few(
        f"{printable(output)}: folders",
        (Finding(f"{printable(path)} does not name the folder {printable(n)}") for n in unlisted),
    )


def _read_lines(path: Path) -> Iterator[Entry | Finding]:
    at = printable(path)
    try:
        with _open(path) as stream:
            number = 0
            while line := stream.readline(_LARGEST_DESCRIPTOR):
                number += 1
                if not line.endswith(b"\n"):
                    yield Finding(
                        f"{at}, line {number} does not end: it was never published", is_wrong=False
                    )
                    return
                yield _read_line(at, number, line[:-1])
    except _StrangeError as error:
        yield Finding(f"{at} {_reason(error)}")


def _read_line(at: str, number: int, line: bytes) -> Entry | Finding:
    try:
        entry = catalogue.decode(line)
    except (ValueError, RecursionError) as error:
        return Finding(f"{at}, line {number} is no line of a catalogue: {_reason(error)}")
    folder = entry.place
    if not RUN_ID.fullmatch(entry.run_id) or folder not in (None, entry.run_id):
        return Finding(
            f"{at}, line {number} gives the run {printable(entry.run_id)!r} the folder "
            f"{printable(folder)!r}; a drop's folder has the name of its run"
        )
    if folder is None and entry.line != line:
        return Finding(f"{at}, line {number} is not written as a line alone is")
    return entry


def _check_link(chains: dict[str, Entry], entry: Entry) -> Iterator[str]:
    """Whether a line follows the last one of its state."""
    if not entry.state:
        return
    last = chains.get(entry.state)
    previous, sequence = entry.previous or None, entry.sequence or 0
    if entry.mode == "snapshot":
        # It stands beside the chain: the truth as of the drop that it names.
        if last and (previous, sequence) != (last.link, last.sequence):
            yield f"the snapshot is not of drop {last.sequence} of the state {entry.state}"
        return
    chains[entry.state] = entry
    due = (last.sequence or 0) + 1 if last else 1
    if sequence != due:
        missing = f"{due}" if sequence == due + 1 else f"{due} to {sequence - 1}"
        yield (
            f"the drops {missing} of the state {entry.state} are missing before drop {sequence}"
            if sequence > due
            else f"drop {sequence} of the state {entry.state} stands after drop {due - 1}"
        )
    elif previous != (last.link if last else None):
        yield (
            f"drop {sequence} of the state {entry.state} follows "
            f"{_told(previous)}, and {_told(last.link if last else None)} stands before it"
        )


def _told(link: Link | None) -> str:
    return f"{link.run_id} ({link.descriptor_hash[:19]}…)" if link else "nothing"


def _check_place(output: Path, at: str, entry: Entry) -> Iterator[Finding]:
    """Whether what a line says of its folder is so."""
    folder = output / entry.run_id
    has_folder = os.path.lexists(folder)
    if entry.place is None or entry.pruned:
        why = "was pruned" if entry.pruned else "has none"
        if has_folder:
            yield Finding(f"{at}: the run {entry.run_id} {why}, and there is a folder")
    elif not has_folder:
        yield Finding(f"{at}: the folder {entry.run_id} is missing")
    else:
        yield from _check_drop(folder, entry)


def _check_redacted(entry: Entry) -> Iterator[str]:
    """Whether each redaction begins with what the one before left."""
    before = entry.descriptor_hash
    for redacted in entry.redacted or []:
        if redacted.old_hash != before or not _HASH.fullmatch(redacted.new_hash):
            yield f"a redaction of {entry.run_id} at {redacted.at} is not of the drop before it"
            return
        before = redacted.new_hash


def _check_pruned(path: Path, entries: dict[str, Entry]) -> Iterator[Finding]:
    """Whether a snapshot that is there holds what was pruned of a chain."""
    held: dict[str, int] = {}
    for entry in entries.values():
        if entry.mode == "snapshot" and entry.state and entry.place and not entry.pruned:
            held[entry.state] = max(held.get(entry.state, 0), entry.sequence or 0)
    for entry in entries.values():
        if entry.pruned and entry.state and (entry.sequence or 0) > held.get(entry.state, 0):
            yield Finding(
                f"{printable(path)}: the run {entry.run_id} was pruned, and no snapshot of its state "
                "holds what was in it"
            )


def _look_up(folder: Path, run_id: str) -> tuple[Entry | None, list[Finding]]:
    """A drop's line in the catalogue beside its folder."""
    beside = folder.resolve().parent / CATALOGUE
    if not os.path.lexists(beside):
        said = (
            f"{printable(folder)}: no {CATALOGUE} lies beside the folder, so only its own descriptor "
            "says what was published"
        )
        return None, [Finding(said, is_wrong=False)]
    findings: list[Finding] = []
    named: list[Entry] = []
    for entry in _read_lines(beside):
        if isinstance(entry, Finding):
            findings.append(entry)
        elif entry.run_id == run_id:
            named.append(entry)
    if len(named) != 1:
        how = "names the run {!r} twice" if named else "does not name the run {!r}"
        findings.append(Finding(f"{printable(beside)} {how.format(printable(run_id))}"))
        return None, findings
    return named[0], findings


def _check_against_line(
    folder: Path,
    entry: Entry,
    content: bytes,
    run: dict[str, Any],
    resources: dict[str, dict[str, Any]],
) -> Iterator[Finding]:
    at = f"{printable(folder)}/{DESCRIPTOR}"
    if entry.present_hash != f"sha256:{hashlib.sha256(content).hexdigest()}":
        yield Finding(
            f"{at} is not the descriptor that was published: its SHA-256 is not the one in {CATALOGUE}"
        )
        return
    tables = _tables(resources)
    said: dict[str, Any] = {"counts": {n: resource["count"] for n, resource in tables.items()}}
    said |= {name: run.get(name) for name in _FACTS}
    for name, value in said.items():
        listed = getattr(entry, name)
        # A line of 1.0 says less.
        if listed is not UNSET and value != msgspec.to_builtins(listed):
            yield Finding(f"{at} and its line in {CATALOGUE} differ in {name}")


# The records


def _check_file(
    folder: Path, name: str, resource: dict[str, Any], run: dict[str, Any]
) -> Iterator[Finding]:
    at = f"{printable(folder)}/{resource['path']}"
    try:
        with _open(folder / resource["path"]) as stream:
            findings = list(_check_bytes(at, stream, resource))
            yield from findings
            if not findings:
                stream.seek(0)
                with decompressing(stream, compression_of(resource["path"])) as lines:
                    yield from _few(at, _check_records(at, name, lines, resource, run))
    except DAMAGE as error:
        yield Finding(f"{at} can't be decompressed: {_reason(error)}")
    except (_StrangeError, OSError) as error:
        yield Finding(f"{at} {_reason(error)}")


def _check_parquet(folder: Path, resource: dict[str, Any]) -> Iterator[Finding]:
    """Check the same rows as Parquet: their bytes, and their number where pyarrow is installed."""
    path = folder / resource["path"]
    at = printable(path)
    try:
        with _open(path) as stream:
            findings = list(_check_bytes(at, stream, resource))
        yield from findings
        if not findings and (rows := count_rows(path)) != resource["count"]:
            yield Finding(f"{at} has {rows} rows, {resource['count']} were published")
    except ImportError:
        yield Finding(f"{at}: its rows are not counted without pyarrow", is_wrong=False)
    except (_StrangeError, OSError, ValueError) as error:
        yield Finding(f"{at} {_reason(error)}")


def _check_bytes(at: str, stream: BinaryIO, resource: dict[str, Any]) -> Iterator[Finding]:
    size, sha256 = _measure(stream)
    if size != resource["bytes"]:
        yield Finding(f"{at} has {size} bytes, {resource['bytes']} were published")
    if resource["hash"] != f"sha256:{sha256}":
        yield Finding(f"{at} is not the file that was published: its SHA-256 differs")


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
    at: str, name: str, stream: BinaryIO, resource: dict[str, Any], run: dict[str, Any]
) -> Iterator[Finding]:
    schema = checked_in(name)
    said = resource["jsonSchema"]  # 1.0 has the schema itself
    is_ours = said == schema or said.get("hash") == schema_files()[name][0].hash
    validate = validator(name, is_loose=not is_ours)
    if not is_ours:
        yield Finding(
            f"{at} was written with another schema than this version's; its records are checked "
            "for what both know",
            is_wrong=False,
        )
    number = 0
    tallied, fact = _TALLIES.get(name, (None, None))
    tally: Counter[str] = Counter()
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if len(line) > _LONGEST_LINE:
            yield Finding(f"{at}, record {number} is longer than {_LONGEST_LINE:,} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST_LINE + 1)
            continue
        try:
            record = _check_line(line, validate, schema if is_ours else None)
            if tallied and is_ours:
                tally[record[tallied]] += 1
        except (
            _StrangeError,
            ValueError,  # no UTF-8, no JSON
            RecursionError,
            fastjsonschema.JsonSchemaValueException,
        ) as error:
            yield Finding(f"{at}, record {number}: {_reason(error)}")
    if number != resource["count"]:
        yield Finding(f"{at} has {number} records, {resource['count']} were published")
    if fact and fact in run and is_ours and number == tally.total() and run[fact] != tally:
        yield Finding(f"{at} has other {fact} than the descriptor says: {dict(tally)}")


def _check_line(line: bytes, validate: Any, schema: dict[str, Any] | None) -> dict[str, Any]:
    """Check one line, and read it.

    Raises:
        _StrangeError, ValueError, RecursionError, JsonSchemaValueException: what is wrong.
    """
    if not line.endswith(b"\n"):
        raise _StrangeError("the line does not end")
    record: dict[str, Any] = _exact.decode(line)
    validate(record)
    written = line[:-1]
    # Numbers are written as a decimal's digits or as a float's.
    for value in (record, _plain.decode(line)):
        if _encode(_in_order(value, schema) if schema else value) == written:
            return record
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
