"""What a saved file is: a page, a page packed with its pictures, or a format that is not read.

MHTML is RFC 2557, as browsers save it; Safari's web archives are property lists.
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from pathlib import PurePosixPath
from xml.parsers.expat import ExpatError

import msgspec

from newscrawl.errors import FormatError, PageTooLargeError
from newscrawl.page.page import HTML
from newscrawl.sources.records import DamageError, unpack_all
from newscrawl.sources.saved import moment_of

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    # What browsers save beside a page, and crawls beside theirs; no page stands in it.
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".ico": "image/vnd.microsoft.icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}
"""The media types that endings stand for."""

# A file's beginning -> what it is, and what to do.
_UNREAD: tuple[tuple[bytes, str], ...] = (
    (b"filedesc://", "an ARC file; `warcio recompress FILE.arc.gz FILE.warc.gz` makes a WARC file of it"),
    (b"PK\x03\x04", "a ZIP file; unpack it (a WACZ file is read if its name ends in .wacz)"),
    (b"%PDF-", "a PDF document; save the page as HTML"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file; unpack it"),
    (b"BZh", "a bzip2 file; unpack it"),
    (b"\xfd7zXZ\0", "an xz file; unpack it"),
    (b"PAR1", "a Parquet file; write its pages into HTML or WARC files"),
    (b"SQLite format 3\0", "an SQLite database; write its pages into HTML or WARC files"),
)  # fmt: skip
_TAR = (257, b"ustar", "a tar file; unpack it")
_JSON_LINES = (
    "JSON Lines, a record a line; write its pages into HTML files, or with address and date "
    "into a WARC file"
)
_MAIL = "an e-mail message; save the page itself, as HTML or MHTML"
# The last ending of what is packed, and of scripts that browsers save.
_OUTER = frozenset({".gz", ".zst", ".download"})
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:")
_MAIL_HEADERS = frozenset({b"mime-version", b"content-type", b"message-id", b"received"})
_MAX_HEADERS = 2**14


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes:
        body: the bytes of the page.
        content_type: as HTTP has it; None: its bytes tell.
        url: where its container says that it comes from.
        saved_at: when its container says that it was saved.
    """

    body: bytes
    content_type: str | None
    url: str | None = None
    saved_at: datetime | None = None


def media_type(name: str) -> str | None:
    """The media type that a file's name stands for; None of unknown endings.

    >>> media_type("a/Page.HTML.gz"), media_type("a.js.download"), media_type("a.example")
    ('text/html', 'text/javascript', None)
    """
    path = PurePosixPath(name.lower())
    while path.suffix in _OUTER:
        path = path.with_suffix("")
    return MEDIA_TYPES.get(path.suffix)


def check_format(start: bytes) -> None:
    """Whether a file may hold a page that is read.

    Args:
        start: its first bytes, unpacked.

    Raises:
        FormatError: it is of a known format that is not read.
    """
    for magic, what in _UNREAD:
        if start.startswith(magic):
            raise FormatError(f"the file is {what}")
    offset, magic, what = _TAR
    if start[offset:].startswith(magic):
        raise FormatError(f"the file is {what}")
    if _is_json_lines(start):
        raise FormatError(f"the file is {_JSON_LINES}")


def unpack(name: str, body: bytes, max_bytes: int) -> Content:
    """The page in a file.

    Args:
        name: the file's.
        body: the file's bytes.
        max_bytes: the largest page, unpacked.

    Raises:
        PageTooLargeError: it is larger.
        FormatError: the file is of a format that is not read, or damaged, or holds no page.
    """
    body = _unpacked(body, max_bytes)
    kind = media_type(name)
    if kind is None:
        for read in _CONTAINERS:
            if content := read(body):
                return content
    return Content(body, kind)


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    try:
        body = unpack_all(body, max_bytes + 1)
    except DamageError as error:
        raise FormatError(f"the file can't be unpacked: {error}") from None
    if len(body) > max_bytes:
        raise PageTooLargeError(
            f"the file unpacks to more than {max_bytes} bytes; "
            "raise the limit with -s NEWSCRAWL_MAX_PAGE_BYTES="
        )
    return body


def _is_json_lines(start: bytes) -> bool:
    first, end, second = start.partition(b"\n")
    if not end or not first.startswith(b"{") or not second.startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(first), dict)
    except msgspec.DecodeError:
        return False


def _read_message(body: bytes) -> Content | None:
    """MHTML; mail looks alike, and holds no page."""
    head = _headers(body)
    if not head & _MAIL_HEADERS:
        return None
    message = message_from_bytes(body)
    saved_at = moment_of(str(message.get("Date", "")))
    for part in message.walk():
        location = part.get("Content-Location") or message.get("Snapshot-Content-Location")
        if part.get_content_type() in HTML and location and _is_root(message, part):
            return Content(
                _payload(part), _content_type(part), _unfolded(str(location)), saved_at
            )  # fmt: skip
    raise FormatError(f"the file is {_MAIL}")


def _is_root(message: Message, part: Message) -> bool:
    """Whether a part is the page, and not a frame in it: the one that is named, or the first."""
    named = message.get_param("start")
    return not named or part.get("Content-ID", "").strip() == str(named).strip()


def _headers(body: bytes) -> set[bytes]:
    """The names of the headers that bytes begin with; none where anything else is among them."""
    head, end, _ = body[:_MAX_HEADERS].replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = head.splitlines()
    if lines and lines[0].startswith(b"From "):  # a mailbox
        del lines[0]
    names = set()
    for line in lines:
        if match := _HEADER.match(line):
            names.add(match[0][:-1].lower())
        elif not line[:1].isspace():
            return set()
    return names if end else set()


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _content_type(part: Message) -> str:
    kind, charset = part.get_content_type(), part.get_content_charset()
    return f"{kind}; charset={charset}" if charset else kind


def _unfolded(value: str) -> str:
    return "".join(value.split())


def _read_webarchive(body: bytes) -> Content | None:
    """Safari's: a property list with the page and what belongs to it."""
    if not body.startswith((b"bplist00", b"<?xml")) or b"WebMainResource" not in body:
        return None
    try:
        found = plistlib.loads(body)
        main = found["WebMainResource"]
        page, kind = main["WebResourceData"], main["WebResourceMIMEType"]
        url, charset = main.get("WebResourceURL"), main.get("WebResourceTextEncodingName")
    except (ValueError, KeyError, TypeError, AttributeError, ExpatError, RecursionError) as error:
        raise FormatError(f"the file is no web archive that can be read: {error}") from None
    if not isinstance(page, bytes):
        raise FormatError("the web archive holds no page")
    declared = f"{kind}; charset={charset}" if charset else str(kind)
    return Content(page, declared, url if isinstance(url, str) else None)


_CONTAINERS: tuple[Callable[[bytes], Content | None], ...] = (_read_message, _read_webarchive)
