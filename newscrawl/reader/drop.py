"""One drop: its descriptor and its records, read one after the other."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import msgspec

from newscrawl.drops.catalogue import Entry, sha256
from newscrawl.items import Article, ExchangeRate, Furniture, PageRecord, Person, Reject
from newscrawl.reader.errors import DropDamagedError, DropNotFoundError

DESCRIPTOR = "datapackage.json"

_CONTRACT = 1

Record = TypeVar("Record")

# Digits of a rate as they were printed.
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Drop:
    """A published drop.

    Attributes:
        folder: where it lies.
        descriptor: `datapackage.json`, parsed.
    """

    def __init__(self, folder: Path, descriptor: dict[str, Any]) -> None:
        self.folder, self.descriptor = folder, descriptor
        self._resources = {
            resource["name"]: resource for resource in descriptor.get("resources", [])
        }

    def __repr__(self) -> str:
        return f"<Drop {self.run_id}>"

    @property
    def run_id(self) -> str:
        """The run that published it."""
        return cast("str", self.run["run_id"])

    @property
    def run(self) -> dict[str, Any]:
        """What the descriptor says of the run: its times, notes, and place in the chain."""
        return cast("dict[str, Any]", self.descriptor["run"])

    def count(self, name: str) -> int:
        """How many records a file has.

        Args:
            name: `articles`, `exchange_rates`, `people`, `pages`, `furniture` or `rejects`.
        """
        return cast("int", self._resource(name)["count"])

    def articles(self) -> Iterator[Article]:
        """The articles, sorted by site and id; `event` says what is new of each."""
        return self._records("articles", Article)

    def exchange_rates(self) -> Iterator[ExchangeRate]:
        """The exchange rates."""
        return self._records("exchange_rates", ExchangeRate)

    def people(self) -> Iterator[Person]:
        """The people whose pages were met."""
        return self._records("people", Person)

    def pages(self) -> Iterator[PageRecord]:
        """The ledger."""
        return self._records("pages", PageRecord)

    def furniture(self) -> Iterator[Furniture]:
        """What was taken out of pages and articles."""
        return self._records("furniture", Furniture)

    def rejects(self) -> Iterator[Reject]:
        """What was rejected."""
        return self._records("rejects", Reject)

    def lines(self, name: str) -> Iterator[bytes]:
        """A file's lines as they are; none is given before the file's hash is checked.

        Args:
            name: as for `count`.

        Raises:
            DropDamagedError: the file is missing, or its bytes are not those that were published.
        """
        resource = self._resource(name)
        path = self.folder / Path(resource["path"]).name
        try:
            with path.open("rb") as stored:
                digest = hashlib.file_digest(stored, "sha256").hexdigest()
                if resource["hash"] != f"sha256:{digest}":
                    raise DropDamagedError(
                        f"{path} is not as it was published: its hash is sha256:{digest}, and "
                        f"{DESCRIPTOR} says {resource['hash']}"
                    )
                stored.seek(0)
                with _decompressed(stored, path.suffix) as stream:
                    yield from stream
        except FileNotFoundError:
            raise DropDamagedError(
                f"{path} is missing; newscrawl verify tells what else is"
            ) from None
        except (OSError, EOFError, ValueError) as error:
            raise DropDamagedError(f"{path} can't be read: {error}") from None

    def _resource(self, name: str) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", self._resources[name])
        except KeyError:
            raise DropDamagedError(f"{self.folder / DESCRIPTOR} names no {name}") from None

    def _records(self, name: str, kind: type[Record]) -> Iterator[Record]:
        for number, line in enumerate(self.lines(name), 1):
            yield parse(line, kind, f"{self.folder}, {name}, record {number}")


def parse(line: bytes, kind: type[Record], where: str) -> Record:
    """A line of a drop as a record.

    Args:
        line: of one of the files.
        kind: the record's class.
        where: it stands, for the error.

    Raises:
        DropDamagedError: it is no such record.
    """
    try:
        return msgspec.convert({**_internal(cast("Hashable", kind)), **_decode(line)}, kind)
    except (msgspec.DecodeError, TypeError) as error:
        raise DropDamagedError(f"{where}: {error}; newscrawl verify tells more") from None


def read_drop(path: Path | str, entry: Entry | None = None) -> Drop:
    """Open a drop.

    Args:
        path: its folder.
        entry: its line of the catalogue, which says whether the descriptor is the one that was
            published; without it only the descriptor says so itself.

    Raises:
        DropNotFoundError: it holds no descriptor.
        DropDamagedError: the descriptor is none of a drop that this reader knows, or another than the
            catalogue names.
    """
    folder = Path(path)
    try:
        content = (folder / DESCRIPTOR).read_bytes()
        if entry is not None and entry.present_hash != f"sha256:{sha256(content)}":
            raise DropDamagedError(
                f"{folder / DESCRIPTOR} is not the descriptor that was published: its SHA-256 is not "
                "the one in the catalogue"
            )
        descriptor = json.loads(content)
        run = descriptor["run"]
        contract = run["contract"]
        names = [
            resource["name"]
            for resource in descriptor["resources"]
            if resource["hash"] + Path(resource["path"]).name and resource["count"] >= 0
        ]
    except FileNotFoundError:
        raise DropNotFoundError(
            f"{folder} is no drop: there is no {DESCRIPTOR} in it; a drop's folder is "
            "<output>/<run_id>, as the catalogue names it"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DropDamagedError(f"{folder / DESCRIPTOR} is no drop's: {error!r}") from None
    if contract != _CONTRACT or not isinstance(run.get("run_id"), str) or not names:
        raise DropDamagedError(
            f"{folder / DESCRIPTOR} is of contract {contract!r}, and this reader knows "
            f"{_CONTRACT}; install a newer newscrawl"
        )
    return Drop(folder, descriptor)


@cache
def _internal(kind: Any) -> dict[str, Any]:
    """What a drop's record of a class does not have, and its class needs: the page that it came by."""
    has_page = any(f.name == "page" and f.metadata.get("internal") for f in fields(kind))
    return {"page": ""} if has_page else {}


@contextmanager
def _decompressed(stored: BinaryIO, ending: str) -> Iterator[BinaryIO]:
    if ending == ".gz":
        with gzip.open(stored, "rb") as stream:
            yield cast("BinaryIO", stream)
    elif ending == ".zst":
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        with zstd.open(stored, "rb") as stream:
            yield cast("BinaryIO", stream)
    else:
        yield stored
