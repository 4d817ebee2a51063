"""HTTP messages as WARC records hold them: bytes to status, headers and body."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscrawl.errors import PageError, PageTooLargeError
from newscrawl.sources.internals import DecompressionMaxSizeExceeded, decode_body

Headers = list[tuple[bytes, bytes]]

_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")

# They tell how a message was transferred, and nothing of the page (RFC 9110, 7.6.1).
_TRANSFER_HEADERS = frozenset({
    "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})  # fmt: skip


def parse_response(message: bytes) -> tuple[int, Headers, bytes]:
    r"""Status, headers and body of an HTTP response; the body as transferred.

    Raises:
        PageError: the message is no HTTP response.

    >>> parse_response(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")
    (200, [(b'A', b'b')], b'body')
    """
    head, end, body = message.partition(b"\r\n\r\n")
    if not end:
        head, end, body = message.partition(b"\n\n")
    first, *lines = head.splitlines() or [b""]
    version, _, rest = first.partition(b" ")
    status = rest[:3]
    if not version.startswith(b"HTTP/") or not (len(status) == 3 and status.isdigit()):
        raise PageError(f"the record begins with {first[:60]!r}, which is no HTTP status line")
    headers: Headers = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in {b" ", b"\t"} and headers:  # folded, as HTTP/1.0 allowed
            headers[-1] = (headers[-1][0], headers[-1][1] + b" " + line.strip())
        elif colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return int(status), headers, body


def join_chunks(headers: Headers, body: bytes) -> bytes:
    r"""Take the chunked transfer encoding off (RFC 9112, 7.1).

    Many archives keep the header and write the body without its chunks: what does not begin
    with a chunk is given back as it is. Of a body that breaks off, what is there.

    >>> join_chunks([(b"Transfer-Encoding", b"chunked")], b"3;x=y\r\nabc\r\n0\r\n\r\n")
    b'abc'
    """
    is_chunked = any(
        name.lower() == b"transfer-encoding" and b"chunked" in value.lower()
        for name, value in headers
    )
    if not is_chunked or not _CHUNK_HEAD.match(body):
        return body
    parts = []
    at = 0
    while (head := _CHUNK_HEAD.match(body, at)) and (size := int(head[1], 16)):
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size + len(b"\r\n")
    return b"".join(parts)


def decode_content(headers: Headers, body: bytes, max_bytes: int) -> tuple[Headers, bytes]:
    """Take the content encoding off, by Scrapy's own code: replay reads what the live run read.

    Args:
        headers: of the response.
        body: content-encoded.
        max_bytes: the largest decoded body.

    Returns:
        The headers, of Content-Encoding only what could not be decoded, and the decoded body.

    Raises:
        PageTooLargeError: the decoded body is larger.
        PageError: the body is not what Content-Encoding says.
    """
    coded = [value for name, value in headers if name.lower() == b"content-encoding"]
    if coded:
        try:
            to_keep, body = decode_body(coded, body, max_bytes)
        except DecompressionMaxSizeExceeded:
            raise PageTooLargeError(
                f"the body decodes to more than {max_bytes} bytes; "
                "raise the limit with -s NEWSCRAWL_MAX_PAGE_BYTES="
            ) from None
        except Exception as error:  # noqa: BLE001  # each decoder has errors of its own
            coding = b", ".join(coded).decode("latin-1")
            raise PageError(f"the body is not {coding} as its header says: {error}") from None
        headers = [pair for pair in headers if pair[0].lower() != b"content-encoding"]
        headers += [(b"content-encoding", encoding) for encoding in to_keep]
    if len(body) > max_bytes:
        raise PageTooLargeError(
            f"the body has {len(body)} bytes, the limit is {max_bytes}; "
            "raise it with -s NEWSCRAWL_MAX_PAGE_BYTES="
        )
    return headers, body


def page_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as `Fetched` has them, the same live and replayed: those that tell of the page.

    Names in lower case; of a repeated one, the values joined with ", "; none of the headers
    that only describe the transfer.

    >>> page_headers([(b"Vary", b"A"), (b"vary", b"B"), (b"Content-Length", b"4")])
    {'vary': 'A, B'}
    """
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = _text(raw_name).lower(), _text(raw_value)
        if name not in _TRANSFER_HEADERS:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
