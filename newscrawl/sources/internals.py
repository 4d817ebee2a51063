"""What newscrawl uses of Scrapy and Twisted that they don't promise to keep, in one place.

`tests/test_internals.py` says what is gone or behaves otherwise in another version.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrapy.core.engine import ExecutionEngine
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.utils._compression import _DecompressionMaxSizeExceeded as DecompressionMaxSizeExceeded
from twisted.web._newclient import ParseError, ResponseFailed

__all__ = [
    "DecompressionMaxSizeExceeded",
    "ParseError",
    "ResponseFailed",
    "decode_body",
    "is_closing",
]


def decode_body(
    encodings: list[bytes], body: bytes, max_bytes: int
) -> tuple[Iterable[bytes], bytes]:
    """Take the content encoding off as Scrapy does for a live answer.

    Args:
        encodings: the values of Content-Encoding.
        body: content-encoded.
        max_bytes: the largest decoded body.

    Returns:
        The encodings that Scrapy does not know, and the body behind the others.

    Raises:
        DecompressionMaxSizeExceeded: the decoded body is larger.
        Exception: the body is not what the header says; each decoder has errors of its own.
    """
    to_decode, to_keep = HttpCompressionMiddleware._split_encodings(encodings)
    for encoding in to_decode:
        body = HttpCompressionMiddleware._decode(body, encoding, max_bytes)
    return to_keep, body


def is_closing(engine: ExecutionEngine | None) -> bool:
    """Whether a crawl was asked to end and still waits for what is in flight."""
    return engine is not None and engine._slot is not None and engine._slot.closing is not None
