"""Publishing: from written files to a drop that readers have.

In a folder the rename decides, and the catalogue's line follows; on an object store, and of a run
that brought nothing, the entry decides. What the drop changed is written to the state last, so whoever
opens a state next finishes or forgets what a crash left.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from newscrawl import __version__
from newscrawl.drops import catalogue
from newscrawl.drops.build import Past
from newscrawl.drops.catalogue import Entry, Link, Mode
from newscrawl.drops.checks import Finding
from newscrawl.drops.columns import table_schema
from newscrawl.drops.files import sync_folder, write_durably
from newscrawl.drops.form import DESCRIPTOR, PARQUET, described
from newscrawl.drops.lines import StoredFile, WrittenFile, open_lines
from newscrawl.drops.measures import Measures
from newscrawl.drops.outputs import Output, open_output
from newscrawl.drops.schema import SchemaFile, write_schemas
from newscrawl.errors import INTERNAL_ERROR, PIPELINE_ERROR, StateError
from newscrawl.items import Note
from newscrawl.store.spool import Spool
from newscrawl.store.state import WINDOW, State

_NEWS = ("articles", "exchange_rates", "people", "rejects")
_TROUBLE = ("blocked", "fetch-failed", "rejected")


@dataclass(frozen=True, slots=True)
class Published:
    """What a published drop holds.

    Attributes:
        place: where it lies: its folder or URL, or the catalogue where the run's line is all of it.
        pages: count of pages by kind and outcome.
        reasons: count of pages by outcome and the code of the reason, "" without one.
        counts: articles, exchange_rates, people, merged, rejected, empty_posts, furniture, and
            errors: pages and items that errors of ours cost.
    """

    place: Path | str
    pages: dict[tuple[str, str], int]
    reasons: dict[tuple[str, str], int]
    counts: dict[str, int]


class _Run(msgspec.Struct):
    measures: dict[str, Measures] = {}


class _Described(msgspec.Struct):
    run: _Run


@dataclass(frozen=True, slots=True)
class Package:
    """A drop whose files are written, and what its descriptor says of the run."""

    run_id: str
    spider: str
    started_at: datetime
    files: list[WrittenFile]
    notes: list[Note]
    state: State | None
    measures: dict[str, Measures]
    findings: list[Finding]

    def facts(self) -> dict[str, Any]:
        """What the descriptor and the catalogue's line say alike: counts, and the place in the chain."""
        tallies = {file.name: file.tally for file in self.files}
        mode: Mode = "incremental" if self.state else "standalone"
        facts: dict[str, Any] = {
            "events": tallies["articles"],
            "outcomes": tallies["pages"],
            "state": None,
            "sequence": None,
            "previous": None,
            "mode": mode,
        }
        if self.state:
            facts["state"], facts["sequence"], last = self.state.chain()
            facts["previous"] = Link(*last) if last else None
        return facts

    @property
    def is_news(self) -> bool:
        """Whether readers miss something when they have no more than the catalogue's line."""
        if self.state is None:
            return True
        counts = {file.name: file.count for file in self.files}
        (outcomes,) = (file.tally for file in self.files if file.name == "pages")
        return any(counts[name] for name in _NEWS) or any(outcomes[name] for name in _TROUBLE)


def publish(output: Output, partial: Path, package: Package) -> Published:
    """Give a drop its name, and list it.

    Args:
        output: where to.
        partial: a local folder that holds the drop's files; it becomes the drop, or goes.
        package: what they are.

    Raises:
        OSError: the disk or the store failed.
        sqlite3.Error: the state can't be written.
    """
    run_id, is_news = package.run_id, package.is_news
    if is_news:
        describe(output.work, partial, package)
    published = read_published(partial)
    if package.state:
        package.state.begin_publishing(run_id, output.name, output.work)
    if is_news:
        descriptor = (partial / DESCRIPTOR).read_bytes()
        output.put(partial, run_id)
        output.append(_entry(run_id, descriptor))
        return replace(published, place=output.place(run_id))
    entry = Entry(
        run_id=run_id,
        spider=package.spider,
        published_at=clock(datetime.now(UTC)),
        path=None,
        folder=None,
        descriptor_hash=None,
        counts={file.name: file.count for file in package.files},
        notes=package.notes,
        **package.facts(),
    )
    output.append(entry)
    shutil.rmtree(partial)
    return replace(published, place=output.catalogue_place(run_id))


def describe(output: Path, folder: Path, package: Package) -> None:
    """Write the descriptor of a drop beside its files.

    Args:
        output: the output folder, which has the schemas.
        folder: with the drop's files.
        package: what they are.

    Raises:
        OSError: the disk failed.
    """
    content = msgspec.json.encode(_descriptor(package, write_schemas(output)))
    write_durably(folder / DESCRIPTOR, msgspec.json.format(content, indent=2) + b"\n")
    sync_folder(folder)


def _descriptor(package: Package, schemas: dict[str, SchemaFile]) -> dict[str, Any]:
    """A Data Package (https://datapackage.org/standard/data-package/), version 2."""
    created = datetime.now(UTC)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package.run_id.lower(),
        "title": f"newscrawl drop {package.run_id}",
        "version": "1",
        "created": clock(created),
        "resources": [
            *(_resource(file, schemas[file.name]) for file in package.files),
            *(
                _parquet_resource(file, file.parquet)
                for file in package.files
                if file.parquet is not None
            ),
        ],
        "run": {
            "run_id": package.run_id,
            "spider": package.spider,
            "started_at": clock(package.started_at),
            "finished_at": clock(created),
            "contract": 1,
            "newscrawl": __version__,
            "scrapy": version("scrapy"),
            "notes": package.notes,
            **package.facts(),
            "measures": package.measures,
            "checks": package.findings,
        },
    }


def _resource(file: WrittenFile, schema: SchemaFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "path": file.lines.path,
        # frictionless 5 can't read an empty file as a table.
        "type": "table" if file.count else "file",
        "format": "jsonl",
        "mediatype": "application/jsonl",
        **described(file.compression),
        "encoding": "utf-8",
        "bytes": file.lines.size,
        "hash": f"sha256:{file.lines.sha256}",
        "count": file.count,
        "schema": table_schema(file.name),
        "jsonSchema": schema,
    }


def _parquet_resource(file: WrittenFile, parquet: StoredFile) -> dict[str, Any]:
    """The same rows once more; a file of its own types, of which a Table Schema can't tell."""
    return {
        "name": f"{file.name}{PARQUET}",
        "path": parquet.path,
        "type": "file",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": parquet.size,
        "hash": f"sha256:{parquet.sha256}",
        "count": file.count,
    }


def list_drop(output: Output, run_id: str) -> None:
    """Write the entry of a drop that is at its place, unless it is there."""
    if output.find(run_id) is None:
        output.append(_entry(run_id, output.read_descriptor(run_id)))


def _entry(run_id: str, descriptor: bytes) -> Entry:
    package = msgspec.json.decode(descriptor)
    run = package["run"]
    return Entry(
        run_id=run_id,
        spider=run["spider"],
        published_at=clock(datetime.now(UTC)),
        path=run_id,
        folder=run_id,
        descriptor_hash="sha256:" + catalogue.sha256(descriptor),
        counts={r["name"]: r["count"] for r in package["resources"] if "schema" in r},
        events=run["events"],
        outcomes=run["outcomes"],
        state=run["state"],
        sequence=run["sequence"],
        previous=Link(**run["previous"]) if run["previous"] else None,
        mode=run["mode"],
    )


def commit(state: State, output: Output, run_id: str, spool: Spool, past: Past) -> None:
    """Write to the state what a listed drop changed.

    Raises:
        sqlite3.Error: the disk failed; nothing is written.
    """
    entry = output.find(run_id)
    assert entry is not None  # noqa: S101  # it is listed
    state.commit(
        run_id,
        entry.link.descriptor_hash,
        datetime.now(UTC),
        spool.links.changes(),
        spool.sightings.gone() if past.seen_gone else [],
        spool.sightings.shown_urls(),
        spool.cleaning.windows(WINDOW),
        spool.queue,
        _measures(output, entry),
    )


def _measures(output: Output, entry: Entry) -> dict[str, bytes]:
    """What a listed drop looks like, by site; a line alone looks like nothing."""
    if entry.place is None:
        return {}
    descriptor = output.read_descriptor(entry.place)
    measures = msgspec.json.decode(descriptor, type=_Described).run.measures
    return {site: msgspec.json.encode(found) for site, found in measures.items()}


def finish_publishing(state: State) -> None:
    """Finish what a crash left between a drop's name and the state, or forget it.

    A drop that has its name is listed in its catalogue, and what it changed is written to the
    state; without a name and a line, nothing of it ever was.

    Raises:
        StateError: the drop is out and what it changed is lost, so the state would not be true.
    """
    intent = state.publishing()
    if intent is None:
        return
    output, run_id = open_output(intent.output, intent.work), intent.run_id
    if not output.is_out(run_id):
        state.forget_publishing()
        return
    spool_folder = output.work / f".{run_id}.spool"
    if not (spool_folder / "spool.sqlite").exists():
        raise StateError(
            f"the drop {output.place(run_id)} was published and not yet written to the state "
            f"{state.path} when its run died, and its spool {spool_folder} is gone since; restore the "
            "spool, or choose another -s NEWSCRAWL_STATE="
        )
    list_drop(output, run_id)
    with Spool(spool_folder / "spool.sqlite", None) as spool:
        spool.open_queue()
        commit(state, output, run_id, spool, Past(state))
    output.release(run_id)
    shutil.rmtree(output.work / f".{run_id}.partial", ignore_errors=True)
    shutil.rmtree(spool_folder, ignore_errors=True)


def read_published(folder: Path) -> Published:
    """What the files of a drop say that it holds."""
    pages: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    merged = empty_posts = errors = 0
    with open_lines(folder, "pages") as lines:
        for line in lines:
            page = msgspec.json.decode(line)
            pages[page["kind"], page["outcome"]] += 1
            reasons[page["outcome"], (page["reason"] or "").partition(":")[0]] += 1
            merged += page["duplicates"]
            empty_posts += page["empty_posts"]
            code = (page["reason"] or "").partition(":")[0]
            errors += code == INTERNAL_ERROR or (code == PIPELINE_ERROR and not page["rejects"])
    with open_lines(folder, "rejects") as lines:
        errors += sum(msgspec.json.decode(line)["reason"] == PIPELINE_ERROR for line in lines)
    counts = {
        "articles": _lines(folder, "articles"),
        "exchange_rates": _lines(folder, "exchange_rates"),
        "people": _lines(folder, "people"),
        "merged": merged,
        "rejected": _lines(folder, "rejects"),
        "empty_posts": empty_posts,
        "furniture": _lines(folder, "furniture"),
        "errors": errors,
    }
    return Published(folder, dict(sorted(pages.items())), dict(sorted(reasons.items())), counts)


def _lines(folder: Path, name: str) -> int:
    with open_lines(folder, name) as lines:
        return sum(1 for _ in lines)


def clock(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
