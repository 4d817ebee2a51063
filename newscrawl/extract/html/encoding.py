"""The encoding of an HTML page, decided in the order that browsers use.

Byte order mark, then the HTTP header's charset, then a ``<meta>`` in the first 1,024 bytes, then
what the bytes themselves say: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding.
Labels mean what the WHATWG encoding standard says (``iso-8859-1`` is windows-1252).
"""

import codecs
import re
from functools import lru_cache

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_PRESCAN_BYTES = 4096
"""The standard says 1,024; browsers go on as long as the head has not arrived, and many pages
put scripts before their ``<meta charset>``."""

_LEGACY = ("gb18030", "shift_jis", "euc-kr", "windows-1251", "windows-1252")


def decode(
    body: bytes, content_type: str | None = None, encoding: str | None = None
) -> tuple[bytes, str]:
    """Return the page as UTF-8 bytes and the name of the encoding it was in.

    ``encoding`` is one the caller knows; it wins over all but a byte order mark. A declared
    encoding that cannot be right (UTF-8 declared, bytes that are not; or the other way round) is
    overruled by the bytes when what they say is certain: text that is not plain ASCII and is valid
    UTF-8 is UTF-8.
    """
    mark, bom = read_bom(body)
    if mark and bom:
        name = mark.removesuffix("-le").removesuffix("-be") if mark.startswith("utf-8") else mark
        return _transcode(body[len(bom) :], name), mark
    declared = (
        _known(encoding)
        or _known(http_content_type_encoding(content_type))
        or _known(html_body_declared_encoding(body[:_PRESCAN_BYTES]))
    )
    if declared and declared.startswith(("utf-16", "utf-32")) and body[:64].isascii():
        # A page that can declare this in ASCII is not in it; the standard says UTF-8.
        declared = "utf-8"
    if declared == "utf-8" or declared is None:
        if _is_utf8(body):
            return body, "utf-8"
        guess = _guess(body) if declared is None else _guess(body, mostly="utf-8")
        return _transcode(body, guess), guess
    if not body.isascii() and declared != "utf-8" and _is_utf8(body):
        return body, "utf-8"
    return _transcode(body, declared), declared


_TWICE = re.compile(rb"(?:\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]){1,3})+")
_CONTROLS = frozenset(bytes([0xC2, byte]) for byte in range(0x80, 0xA0))
_LEADS = range(0x82, 0xB5)
_MAX_SIGNS = 2_000


def once(body: bytes) -> bytes:
    """Return UTF-8 bytes with what was put into UTF-8 twice brought back to what it was.

    Systems that take UTF-8 for ISO 8859-1 print the control characters U+0080 to U+009F, which no
    text has; only a page with these after one of U+00C2 to U+00F4 is changed.
    """
    position = body.find(b"\xc2")  # rare enough that looking at each is a tenth of a search
    for _ in range(_MAX_SIGNS):
        if position < 0:
            break
        if (
            body[position : position + 2] in _CONTROLS
            and body[position - 2 : position - 1] == b"\xc3"
            and body[position - 1] in _LEADS
        ):
            return _TWICE.sub(_once, body)
        position = body.find(b"\xc2", position + 1)
    return body


def _once(match: re.Match[bytes]) -> bytes:
    text = match.group()
    try:
        inner = text.decode("utf-8").encode("latin-1")
        inner.decode("utf-8")
    except UnicodeError:
        return text
    return inner


@lru_cache(maxsize=256)
def _known(label: str | None) -> str | None:
    if not label:
        return None
    name = resolve_encoding(label[:40])
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def _is_utf8(body: bytes) -> bool:
    """Tell whether the bytes are UTF-8, forgiving a character cut off at the end."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(body) - 3
    return True


def _guess(body: bytes, mostly: str | None = None) -> str:
    """Return the likeliest encoding of bytes that are not UTF-8."""
    sample = body[:200_000]
    if mostly is not None:
        wrong = sample.decode("utf-8", "replace").count("\ufffd")
        right = sum(1 for byte in sample if byte >= 0xC2) - wrong
        if right > wrong:
            return mostly
    high = bytes(byte for byte in sample if byte >= 0x80)
    for name in _LEGACY[:3]:
        try:
            text = sample.decode(name, "strict")
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4:
                continue
            text = sample[: error.start].decode(name)
        wide = sum(
            "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3"
            for c in text
        )
        if len(high) and wide * 2 > 0.8 * len(high) and len(high) > 20 and _runs(sample):
            return name
    cyrillic = sum(byte >= 0xC0 for byte in high)
    if len(high) > 20 and cyrillic > 0.9 * len(high) and _runs(sample):
        return "cp1251"
    return "cp1252"


def _runs(sample: bytes) -> bool:
    """Tell whether bytes above ASCII mostly stand together, as in scripts other than Latin."""
    high = pairs = 0
    previous = False
    for byte in sample:
        now = byte >= 0x80
        high += now
        pairs += now and previous
        previous = now
    return pairs > 0.6 * high


def _transcode(body: bytes, name: str) -> bytes:
    if name in ("utf-8", "utf_8"):
        return body
    try:
        return body.decode(name, "replace").encode("utf-8", "replace")
    except (LookupError, ValueError):
        return body
