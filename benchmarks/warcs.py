"""Saved pages as a WARC file, and the drop that a replay of it gives.

Benchmarks that measure the drop give newscrawl a page as a crawl would: with its address and the
time of its capture, through every pipeline and the merging.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Capture:
    """A page as it was fetched.

    Args:
        url: its address.
        fetched_at: RFC 3339, in UTC, to the second.
        body: its bytes.
        media_type: the Content-Type that its server gave.
    """

    url: str
    fetched_at: str
    body: bytes
    media_type: str = "text/html"


def write_warc(path: Path, captures: Iterable[Capture]) -> list[str]:
    """Write captures as one uncompressed WARC file (WARC/1.0, a response record each).

    Args:
        path: of the file; it is replaced.
        captures: in the order of the records.

    Returns:
        The name that a drop has for each page when the file is replayed from its folder or by its
        own path: the file's name and the record's offset.
    """
    names = []
    with path.open("wb") as file:
        for number, capture in enumerate(captures):
            names.append(f"{path.name}:{file.tell()}")
            file.write(_record(number, capture))
    return names


def _record(number: int, capture: Capture) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {capture.media_type}\r\n"
        f"Content-Length: {len(capture.body)}\r\n\r\n"
    )
    block = head.encode() + capture.body
    digest = hashlib.sha256(f"{number} {capture.url}".encode()).hexdigest()
    record_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    fields = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:{record_id}>",
        f"WARC-Date: {capture.fetched_at}",
        f"WARC-Target-URI: {capture.url}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def replay(path: Path, output: Path, *, run_id: str = "replay") -> Path:
    """Replay a file or folder with the newscrawl of this interpreter and return the drop's folder.

    Raises:
        subprocess.CalledProcessError: the replay failed; what it logged is on standard error.
    """
    subprocess.run(
        [
            *(sys.executable, "-m", "scrapy", "crawl", "replay"),
            *("-a", f"path={path}", "-a", f"run_id={run_id}"),
            *("-s", f"NEWSCRAWL_OUTPUT={output}", "-s", "LOG_LEVEL=ERROR"),
        ],
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    return output / run_id


def records(drop: Path, name: str) -> list[dict[str, Any]]:
    """Return the records of one of a drop's files: `articles`, `pages`, …"""
    with (drop / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def by_page(drop: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the articles that each page of a drop showed, the longest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for article in records(drop, "articles"):
        for page in {sighting["page"] for sighting in article["sightings"]}:
            found.setdefault(page, []).append(article)
    for articles in found.values():
        articles.sort(key=lambda article: -len(article["article_body"]))
    return found
