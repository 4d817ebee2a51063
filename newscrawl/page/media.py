"""What kind of bytes a page is: what is declared, and what its first characters tell."""

from __future__ import annotations

import codecs

# What servers say of what they don't know.
_SAYS_NOTHING = frozenset({
    "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown",
    "application/x-unknown", "*/*",
})  # fmt: skip
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def declared_type(content_type: str) -> str:
    """The media type that a Content-Type header declares, without parameters; "" for none.

    A header that came twice, or whose value has a comma, counts by the first media type in it.
    What stands for "unknown" declares none.

    >>> declared_type("Text/HTML, text/html; charset=utf-8")
    'text/html'
    >>> declared_type("application/octet-stream")
    ''
    """
    for part in content_type.split(","):
        kind = part.partition(";")[0].strip().lower()
        if "/" in kind and " " not in kind:
            return "" if kind in _SAYS_NOTHING else kind
    return ""


def is_markup(body: bytes) -> bool:
    r"""Whether the first character is "<", behind a byte order mark and white space.

    >>> is_markup(b"\xef\xbb\xbf\n<p>"), is_markup("\ufeff<p>".encode("utf-16-le")), is_markup(b"a")
    (True, True, False)
    """
    return without_mark(body[:4096]).lstrip(b"\0 \t\r\n\f")[:1] == b"<"


def without_mark(body: bytes) -> bytes:
    """The bytes behind a byte order mark."""
    for mark in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :]
    return body
