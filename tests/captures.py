"""Captures to test with: our own, and records as other crawlers write them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscrawl.page.fetched import Fetched
from newscrawl.sources.directory import find_files
from newscrawl.sources.warc import Unread, read_captures
from newscrawl.store.captures import Capture

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LIMIT = 2**20
HTML = [(b"Content-Type", b"text/html; charset=utf-8")]


def write_page(capture: Capture, page: str, body: bytes, **given: Any) -> str:
    """Write an exchange and name it as a page; options go to both calls."""
    headers, status = given.pop("headers", HTML), given.pop("status", 200)
    fetched_at = given.pop("fetched_at", MOMENT)
    record_id = capture.write_exchange(
        url=page, fetched_at=fetched_at, request_head=b"GET / HTTP/1.1\r\n\r\n", status=status,
        reason="OK", headers=headers, body=body,
    )  # fmt: skip
    capture.write_page(page=page, url=page, fetched_at=fetched_at, status=status,
                       response_id=record_id, **given)  # fmt: skip
    return record_id


def read(path: Path, max_bytes: int = LIMIT) -> list[Fetched | Unread]:
    """All that the captures under a path hold."""
    return list(read_captures(find_files(str(path)), max_bytes))


def bodies(found: Iterable[Fetched | Unread]) -> list[bytes]:
    """The bodies of what was read, in order."""
    return [f.body for f in found if isinstance(f, Fetched)]


def record(kind: str, number: int, block: bytes, *fields: str) -> bytes:
    """A WARC record as another crawler writes it, of http://a.example/<number>."""
    given = {name.lower(): value for name, _, value in (f.partition(": ") for f in fields)}
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number:08}-0000-4000-8000-000000000000>",
        "WARC-Date": f"2026-01-02T03:04:{number % 60:02}Z",
        "WARC-Target-URI": f"http://a.example/{number}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    head = {name: value for name, value in head.items() if name.lower() not in given}
    lines = [f"{name}: {value}" for name, value in head.items()] + list(fields)
    return ("WARC/1.0\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + block + b"\r\n\r\n"


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP response."""
    lines = [f"HTTP/1.1 {status}", *(headers or ["Content-Type: text/html"])]
    return "\r\n".join([*lines, "", ""]).encode() + body


def members(records: Iterable[bytes]) -> bytes:
    """Records as gzip members."""
    return b"".join(gzip.compress(r, mtime=0) for r in records)
