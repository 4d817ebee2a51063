"""What capturing a page costs, and reading it again.

    NEWSCRAWL_CORPUS=… python benchmarks/capture.py [--kilobytes 100]

Takes other people's pages (see truth.py), cut to one length, as servers send them (plain, gzip,
Brotli), and prints CPU milliseconds a page and bytes a page on disk: for writing (request,
response and page record) by newscrawl with gzip and with Zstandard, for warcio's writer (request
and response only), and for reading the pages back.
"""

from __future__ import annotations

import argparse
import gzip
import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import brotli
from truth import corpus, load
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.sources.directory import find_files
from newscrawl.sources.warc import read_captures
from newscrawl.store.captures import Capture, Compression

REPEATS = 5
MAX_PAGES = 60
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# As many headers as news sites send.
HEADERS = [(b"Content-Type", b"text/html; charset=utf-8")]
HEADERS += [(f"X-Header-{n}".encode(), b"a value of usual length for a header") for n in range(14)]
REQUEST = (
    b"GET /news/2026/01/02/a-page HTTP/1.1\r\nHost: news.example\r\nAccept: text/html\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\nUser-Agent: newscrawl/0.1.0\r\n\r\n"
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kilobytes", type=int, default=100, help="length of a page (100)")
    arguments = parser.parse_args()
    folder = corpus()
    if folder is None:
        print("NEWSCRAWL_CORPUS is not set: there are no pages to measure with", file=sys.stderr)
        return 1
    pages = some_pages(folder, arguments.kilobytes * 1000)
    print(
        f"{len(pages)} pages of {arguments.kilobytes} KB; CPU ms and bytes a page, best of {REPEATS}"
    )
    print(f"{'sent':8} {'bytes':>8}   {'writer':10} {'write ms':>8} {'read ms':>8} {'on disk':>8}")
    for name, coding, encode in [
        ("plain", None, bytes), ("gzip", b"gzip", gzip.compress), ("br", b"br", fast_brotli),
    ]:  # fmt: skip
        sent = [encode(page) for page in pages]
        size = sum(map(len, sent)) // len(sent)
        headers = [*HEADERS, *([(b"Content-Encoding", coding)] if coding else [])]
        for compression in ("gzip", "zstd"):
            row = measure(sent, headers, compression)
            print(f"{name:8} {size:8}   {compression:10} {row[0]:8.2f} {row[1]:8.2f} {row[2]:8}")
        theirs = best(partial(warcio, sent, headers), len(sent))
        print(f"{name:8} {size:8}   {'warcio':10} {theirs:8.2f}")
    return 0


def some_pages(folder: Path, length: int) -> list[bytes]:
    """Pages that are long enough, cut."""
    cases = (case for part in sorted(folder.iterdir()) if part.is_dir() for case in load(part))
    long = (case.body[:length] for case in cases if len(case.body) >= length)
    return [page for page, _ in zip(long, range(MAX_PAGES), strict=False)]


def fast_brotli(page: bytes) -> bytes:
    """As servers do on the fly."""
    return brotli.compress(page, quality=5)


def measure(
    sent: Sequence[bytes], headers: list[tuple[bytes, bytes]], compression: Compression
) -> tuple[float, float, int]:
    """CPU ms of writing and of reading a page, and its bytes on disk."""
    folder = Path(tempfile.mkdtemp())

    def write() -> None:
        shutil.rmtree(folder)
        with Capture(folder, "run", compression=compression) as capture:
            for number, body in enumerate(sent):
                url = f"https://news.example/{number}"
                record_id = capture.write_exchange(
                    url=url, fetched_at=NOW, request_head=REQUEST, status=200, reason="OK",
                    headers=headers, body=body, ip="192.0.2.1",
                )  # fmt: skip
                capture.write_page(page=url, url=url, fetched_at=NOW, role="article", status=200,
                                   response_id=record_id)  # fmt: skip

    def read() -> None:
        found = list(read_captures(find_files(str(folder)), 2**24))
        assert len(found) == len(sent)

    writing = best(write, len(sent))
    size = sum(path.stat().st_size for path in folder.rglob("*.warc.*")) // len(sent)
    reading = best(read, len(sent))
    shutil.rmtree(folder)
    return writing, reading, size


def warcio(sent: Sequence[bytes], headers: list[tuple[bytes, bytes]]) -> None:
    """Request and response by warcio's writer, into memory."""
    writer = WARCWriter(io.BytesIO(), gzip=True, warc_version="1.1")
    pairs = [(name.decode(), value.decode()) for name, value in headers]
    for number, body in enumerate(sent):
        url = f"https://news.example/{number}"
        with io.BytesIO(body) as stream:
            head = StatusAndHeaders("200 OK", pairs, protocol="HTTP/1.1")
            answer = writer.create_warc_record(
                url, "response", payload=stream, length=len(body), http_headers=head
            )
            request = writer.create_warc_record(
                url, "request", payload=io.BytesIO(REQUEST), length=len(REQUEST)
            )
            writer.write_request_response_pair(request, answer)


def best(action: Callable[[], None], pages: int) -> float:
    """CPU milliseconds a page, the least of some runs."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times) / pages * 1000


if __name__ == "__main__":
    sys.exit(main())
