"""Capture of every raw HTTP exchange, as the innermost downloader middleware.

Next to the downloader it sees what the middlewares above it take away: redirects, robots.txt,
retries, 304s, and bodies that are still content-encoded. In `DOWNLOADER_MIDDLEWARES` its
number must be the highest of all (Scrapy's own end at 900, HttpCompressionMiddleware is 590).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.drops.exporter import fail
from newscrawl.drops.outputs import open_output
from newscrawl.drops.run import Run
from newscrawl.errors import StorageError, UsageError
from newscrawl.store.captures import Capture, prune

logger = logging.getLogger(__name__)

RECORD = "capture_record"
"""In a request's meta: the id of the record that holds its response."""
FETCHED_AT = "fetched_at"
"""In a request's meta: when its response came or its fetch failed; aware, UTC, whole seconds."""

# Secrets of the operator, not facts of the page.
_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization"})


class CaptureMiddleware:
    """Writes exchanges into the spider's `capture`; without one, it only notes the time.

    Redirects and retries copy a request's meta: what an earlier exchange left in it is taken
    away when the request comes down, so it always speaks of the last one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware of a crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget what another exchange left in the request."""
        request.meta.pop(RECORD, None)
        request.meta.pop(FETCHED_AT, None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the exchange, and note its record and time in the request's meta.

        Raises:
            IgnoreRequest: the capture could not be written; the run has failed with it, because
                what is not captured can't be replayed.
        """
        fetched_at = request.meta[FETCHED_AT] = _now()
        capture: Capture | None = getattr(self._crawler.spider, "capture", None)
        if capture is None or urlparse_cached(request).scheme not in {"http", "https"}:
            return response
        try:
            request.meta[RECORD] = capture.write_exchange(
                url=request.url,
                fetched_at=fetched_at,
                request_head=request_head(request),
                status=response.status,
                reason=_phrase(response.status),
                headers=raw_headers(response.headers),
                body=response.body,
                ip=str(response.ip_address) if response.ip_address else None,
                truncated="disconnect" if "dataloss" in response.flags else None,
            )
        except StorageError as error:
            run: Run | None = getattr(self._crawler.spider, "run", None)
            if run is not None:
                fail(run, error)
            raise IgnoreRequest(str(error)) from None
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note when the fetch failed."""
        request.meta[FETCHED_AT] = _now()


def open_capture(settings: BaseSettings, run_id: str) -> Capture | None:
    """The capture of a live run as its settings want it; None: its answers are not kept.

    Raises:
        UsageError: NEWSCRAWL_CAPTURE_COMPRESSION is none that there is.
        RunBusyError, StorageError: see `Capture`.
    """
    folder, compression = settings["NEWSCRAWL_CAPTURE"], settings["NEWSCRAWL_CAPTURE_COMPRESSION"]
    if not folder or folder == "none":
        return None
    if compression not in ("gzip", "zstd"):
        raise UsageError(f"NEWSCRAWL_CAPTURE_COMPRESSION={compression!r} is neither gzip nor zstd")
    return Capture(
        Path(folder),
        run_id,
        compression=compression,
        operator=settings["NEWSCRAWL_CONTACT"],
        user_agent=settings["USER_AGENT"],
        robots="obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
    )


def prune_captures(settings: BaseSettings, folder: Path) -> None:
    """Delete the captures that the settings want to be gone.

    Args:
        settings: of the crawl.
        folder: where captures lie.

    Raises:
        StorageError: the disk failed.
    """
    days = settings["NEWSCRAWL_CAPTURE_KEEP_DAYS"]
    most = settings["NEWSCRAWL_CAPTURE_KEEP_BYTES"]
    output = open_output(settings["NEWSCRAWL_OUTPUT"], settings["NEWSCRAWL_WORK"]).work
    prune(
        folder,
        keep_days=float(days) if days else None,
        keep_bytes=int(most) if most else None,
        unfinished=[p.name[1:].removesuffix(".spool") for p in output.glob(".*.spool")],
    )


def raw_headers(headers: Headers) -> Iterator[tuple[bytes, bytes]]:
    """Every header, a repeated one as often as it came."""
    for name in headers:
        for value in headers.getlist(name):
            yield name, value


def request_head(request: Request) -> bytes:
    r"""Request line and headers as the downloader sends them, less the operator's secrets.

    >>> request_head(Request("https://example.com/a?b=c", headers={"Accept": "*/*"}))
    b'GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n\r\n'
    """
    parts = urlparse_cached(request)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1".encode()]
    if b"Host" not in request.headers:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode())
    lines += [
        name + b": " + value
        for name, value in raw_headers(request.headers)
        if name.lower() not in _SECRET_HEADERS
    ]
    return b"\r\n".join([*lines, b"", b""])


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _phrase(status: int) -> str:
    """The standard phrase; Scrapy does not keep the one that came."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
