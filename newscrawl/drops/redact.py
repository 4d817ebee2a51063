"""Taking what an article said out of drops that are published already.

A folder is written anew beside its place; then the catalogue's line tells the old and the new hash,
then the folders change places. Whoever redacts next finishes what a crash left in between.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast

import msgspec

from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import Entry, Redacted
from newscrawl.drops.files import sync_folder, write_durably
from newscrawl.drops.form import DESCRIPTOR, PARQUET, compressing, compression_of, decompressing
from newscrawl.drops.parquet import write_parquet
from newscrawl.drops.publish import clock
from newscrawl.merge.events import SAID


def redact(output: Path, article_id: str, why: str, now: datetime) -> Iterator[Entry]:
    """Take what an article said out of every drop of an output folder.

    Its records stay, with their `id`, `revision` and `event`, without text, headline, authors,
    pictures and what else says what it said.

    Args:
        output: the output folder.
        article_id: its id.
        why: told to readers in the catalogue.
        now: aware.

    Yields:
        The lines, as they stand now, of the drops that were changed.

    Raises:
        OSError: the disk failed; redacting again goes on.
        ImportError: a drop has Parquet, and pyarrow is not installed.
    """
    entries = list(catalogue.read_catalogue(output))
    for entry in entries:
        _finish(output, entry)
    quoted = msgspec.json.encode(article_id)
    for entry in entries:
        if entry.place is None or entry.pruned or not catalogue.RUN_ID.fullmatch(entry.run_id):
            continue
        folder = output / entry.run_id
        package = msgspec.json.decode((folder / DESCRIPTOR).read_bytes())
        (articles,) = (r for r in package["resources"] if r["name"] == "articles")
        fresh = output / f".{entry.run_id}.redacted"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        if not _rewrite(folder, fresh, articles, article_id, quoted):
            shutil.rmtree(fresh)
            continue
        new_hash = _complete(folder, fresh, package, articles)
        redacted = Redacted(
            at=clock(now.replace(microsecond=0)),
            why=why,
            old_hash=entry.present_hash or "",
            new_hash=new_hash,
        )
        changed = msgspec.structs.replace(entry, redacted=[*(entry.redacted or []), redacted])
        catalogue.rewrite(output, _replacing(changed))
        _finish(output, changed)
        yield changed


def _replacing(changed: Entry) -> Any:
    return lambda entry: changed if entry.run_id == changed.run_id else entry


def _rewrite(
    folder: Path, fresh: Path, articles: dict[str, Any], article_id: str, quoted: bytes
) -> bool:
    """Write the articles anew; whether a record differs. All other lines keep their bytes."""
    compression = compression_of(articles["path"])
    differs = False
    with (
        (folder / articles["path"]).open("rb") as stored,
        decompressing(stored, compression) as lines,
        (fresh / articles["path"]).open("xb") as raw,
        compressing(raw, compression) as stream,
    ):
        for line in lines:
            written = line
            if quoted in line:
                record = msgspec.json.decode(line)
                if record["id"] == article_id:
                    written = msgspec.json.encode(_blanked(record)) + b"\n"
            differs = differs or written != line
            stream.write(written)
    return differs


def _blanked(record: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {
        name: [] if isinstance(record.get(name), list) else None for name in SAID
    }
    empty |= {"article_body": "", "is_truncated": True}
    return record | {name: value for name, value in empty.items() if name in record}


def _complete(folder: Path, fresh: Path, package: dict[str, Any], articles: dict[str, Any]) -> str:
    """Put the rest of a drop beside its new articles; the hash of the new descriptor."""
    changed = {articles["path"]}
    for resource in package["resources"]:
        if resource["name"] == f"articles{PARQUET}":
            changed.add(resource["path"])
            with (
                (fresh / articles["path"]).open("rb") as raw,
                decompressing(raw, compression_of(articles["path"])) as lines,
            ):
                write_parquet(fresh / resource["path"], "articles", lines)
    for path in folder.iterdir():
        if path.name not in {*changed, DESCRIPTOR}:
            shutil.copy2(path, fresh / path.name)
    for resource in package["resources"]:
        if resource["path"] in changed:
            path = fresh / resource["path"]
            with path.open("rb") as stream:
                resource["hash"] = f"sha256:{file_digest(stream, 'sha256').hexdigest()}"
            resource["bytes"] = path.stat().st_size
    content = msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n"
    write_durably(fresh / DESCRIPTOR, content)
    sync_folder(fresh)
    return "sha256:" + catalogue.sha256(content)


def _finish(output: Path, entry: Entry) -> None:
    """Put a folder that was written anew in its place, where the catalogue tells of it."""
    fresh, folder = output / f".{entry.run_id}.redacted", output / entry.run_id
    old = output / f".{entry.run_id}.unredacted"
    if (fresh / DESCRIPTOR).exists():
        content = (fresh / DESCRIPTOR).read_bytes()
        if cast("str", entry.present_hash) == "sha256:" + catalogue.sha256(content):
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
                folder.rename(old)
            fresh.rename(folder)
            sync_folder(output)
    shutil.rmtree(old, ignore_errors=True)
