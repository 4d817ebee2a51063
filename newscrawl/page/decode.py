"""The one decode: bytes become text here, whatever kind of page they are.

A byte order mark goes first, then the HTTP header's charset, the XML declaration or ``<meta>``,
then the bytes, as browsers do
(https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding);
RFC 7303 has the same order for XML. Labels mean what the WHATWG Encoding Standard says
(``iso-8859-1`` is windows-1252). A declaration that can't be right is overruled by the bytes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import Any

import chardet
from w3lib.encoding import html_body_declared_encoding, resolve_encoding

from newscrawl.errors import BinaryPageError, UndecodablePageError

# The byte order marks of the WHATWG Encoding Standard, and UTF-32's, longest first.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a page that declares nothing may be in: the legacy encodings that browsers know (WHATWG
# Encoding Standard), by Python's names.
_LEGACY = (
    "cp1251", "cp1252", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "koi8-r", "koi8-u", "cp866", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "cp874", "gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "iso2022_jp_2",
)  # fmt: skip
_MANY_BYTES = frozenset(("gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "iso2022_jp_2"))
# What may be declared, by Python's names; its other codecs (idna, UTF-7, rot13) are no page's.
_DECLARABLE = frozenset(_LEGACY) | {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp950",
    "iso8859-3", "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15",
    "iso8859-16", "mac-roman", "mac-cyrillic",
}  # fmt: skip
# Names of one encoding: Python's several, and those of parts that every page exceeds.
_CANONICAL = {
    "euc_jp": "euc_jis_2004",
    "euc_jisx0213": "euc_jis_2004",
    "iso2022_jp": "iso2022_jp_2",
    "iso2022_jp_1": "iso2022_jp_2",
    "iso2022_jp_ext": "iso2022_jp_2",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "ascii": "cp1252",
}
# What pages write and no standard knows, without its punctuation.
_ALIASES = {
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "utf8bom": "utf-8",
    "utf8sig": "utf-8",
    "unicode": "utf-16-le",
    "iso88598i": "iso8859-8",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "koi8ru": "koi8-u",
    "xmaccyrillic": "mac-cyrillic",
    "gb2312": "gb18030",
    "ansi": "cp1252",
}
_WINDOWS = re.compile(r"(?:cp|win|windows|xcp|ms|ansi)(125[0-8]|874|866|93[26]|949|950)")
_NOT_A_LABEL = re.compile(r"[^a-z0-9]+")
_MAX_LABEL = 40

_PRESCAN_BYTES = 4096
"""The standard says 1,024; browsers go on as long as the head has not arrived, and many pages
put scripts before their ``<meta charset>``."""

# Of two that read a page alike, the one that has the quotes and dashes of Windows, too.
_WIDER = {"iso8859-2": "cp1250", "iso8859-5": "cp1251", "iso8859-6": "cp1256",
          "iso8859-7": "cp1253", "iso8859-8": "cp1255", "koi8-u": "koi8-r"}  # fmt: skip

_SAMPLE_BYTES = 64 * 1024
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF")
# Control characters that no text holds; TAB, LF, FF, CR and ESC (ISO-2022-JP) do occur.
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_JAPANESE_SHIFTS = (b"\x1b$B", b"\x1b$@")

# A byte above ASCII with what stands behind it up to a tag.
_ABOVE_ASCII = re.compile(rb"[\x80-\xff][^<>]{0,200}")
_BEFORE = 32
_GUESSED_BYTES = 16 * 1024
"""Bytes of a page that its encoding is guessed by: text alone, beside letters that tell it."""

_BAD_SHARE = 20
_BAD_SHARE_OF_MANY_BYTES = 100
"""An encoding fits if at most one in so many characters above ASCII is one that no text has; where
two bytes make a character, a wrong one is found sooner."""

_C1 = dict.fromkeys(range(0x80, 0xA0))
_NO_TEXT = _C1 | {0xFFFD: None}
_ASCII = dict.fromkeys(range(0x80))


def decode(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """Read the bytes of a page that must be text.

    Args:
        body: the bytes.
        declared: the charset of the HTTP header, or one that the operator declares; or None.

    Returns:
        The text without a byte order mark, and the encoding's name: Python's, one for each
        encoding, as `decode_markup` has it.

    Raises:
        BinaryPageError: the bytes are no text.
        UndecodablePageError: no encoding fits.
    """
    marked, body = _byte_order_mark(body)
    if marked is None:
        if body.startswith(_MAGIC):
            raise BinaryPageError(f"the file begins with {body[:8]!r}, which no text does")
        marked = _utf16(body)
        if marked is None:
            _refuse_binary(body)
    if marked and marked != "utf-8":
        return _strict(body, marked), marked
    encoding = _encoding(body, marked or declared)
    if encoding is None:
        raise UndecodablePageError(
            "the bytes are not UTF-8 and fit no legacy encoding; save as UTF-8"
        )
    if encoding == "utf-8":
        return once(body).decode("utf-8", "replace"), encoding
    return _read(body, encoding), encoding


def decode_markup(body: bytes, declared: str | None = None) -> tuple[bytes, str]:
    """Read the bytes of HTML or XML, whatever they are; never raises.

    Args:
        body: the bytes.
        declared: the charset of the HTTP header, or one that the operator declares; or None.

    Returns:
        The page in UTF-8 without a byte order mark, and the name of the encoding that it was in.
        Valid UTF-8 is not copied.
    """
    marked, body = _byte_order_mark(body)
    marked = marked or _utf16(body)
    encoding = marked
    if encoding is None or encoding == "utf-8":
        encoding = _encoding(body, marked or declared) or "cp1252"
    if encoding == "utf-8":
        return once(body), encoding
    return _read(body, encoding).encode("utf-8", "replace"), encoding


def _byte_order_mark(body: bytes) -> tuple[str | None, bytes]:
    """The encoding that a byte order mark says, and the bytes behind it."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return encoding, body[len(bom) :]
    return None, body


def _encoding(body: bytes, declared: str | None) -> str | None:
    """The encoding of bytes that are not in a Unicode form of two or four bytes; None: none fits.

    UTF-8 comes before a declared encoding because bytes that are valid UTF-8 and not ASCII are
    practically never anything else, while declarations are often wrong.
    """
    if body.isascii():
        return _encoding_of_ascii(body, declared)
    if _is_utf8(body):
        return "utf-8"
    named = known_encoding(declared) or known_encoding(
        html_body_declared_encoding(body[:_PRESCAN_BYTES])
    )
    if _is_damaged_utf8(body, likely=named == "utf-8"):
        return "utf-8"
    if named and named.startswith("utf-"):
        named = None  # nor can it be UTF-16, which has NULs
    if named and _fits(body, named):
        return named
    guess = _guess(body)
    return guess if guess and _fits(body, guess) else named


def _encoding_of_ascii(body: bytes, declared: str | None) -> str:
    """ASCII is in what it declares, but for encodings that ASCII bytes can't be in."""
    if any(shift in body for shift in _JAPANESE_SHIFTS):
        return "iso2022_jp_2"
    named = known_encoding(declared) or known_encoding(
        html_body_declared_encoding(body[:_PRESCAN_BYTES])
    )
    return named if named and not named.startswith("utf-") else "utf-8"


@lru_cache(maxsize=256)
def known_encoding(label: str | None) -> str | None:
    """The one name of the encoding that a label means, or None.

    >>> known_encoding("ISO-8859-1"), known_encoding("win-1251"), known_encoding("rot13")
    ('cp1252', 'cp1251', None)
    """
    if not label:
        return None
    label = label[:_MAX_LABEL]
    plain = _NOT_A_LABEL.sub("", label.lower())
    windows = _WINDOWS.fullmatch(plain)
    name = _ALIASES.get(plain) or (f"cp{windows[1]}" if windows else resolve_encoding(label))
    try:
        name = codecs.lookup(name).name if name else None
    except LookupError:
        return None
    name = _CANONICAL.get(name, name) if name else None
    return name if name in _DECLARABLE else None


def _is_utf8(body: bytes) -> bool:
    """Whether bytes that are not ASCII are UTF-8, forgiving a character cut off at the end."""
    try:
        text, length = codecs.utf_8_decode(body, "strict", False)
    except UnicodeDecodeError:
        return False
    # With nothing else above ASCII, a rest of a character is a letter of another encoding.
    return length == len(body) or len(text) != length


def _is_damaged_utf8(body: bytes, *, likely: bool) -> bool:
    """Whether bytes are UTF-8 with some that are broken.

    Args:
        body: the bytes.
        likely: the page says that they are.
    """
    sample = body[: 3 * _SAMPLE_BYTES].decode("utf-8", "replace")
    wrong = sample.count("\ufffd")
    right = len(sample.translate(_ASCII)) - wrong
    return right > wrong if likely else right > 10 * wrong


def _fits(body: bytes, encoding: str) -> bool:
    """Whether hardly anything of what the bytes mean in an encoding is what no text has."""
    above = _read(body[: 3 * _SAMPLE_BYTES], encoding).translate(_ASCII)
    bad = len(above) - len(above.translate(_NO_TEXT))
    share = _BAD_SHARE_OF_MANY_BYTES if encoding in _MANY_BYTES else _BAD_SHARE
    # A cut may have gone through the sample's last character.
    return (bad - 1) * share <= len(above) and bad < max(len(above), 2)


def _read(body: bytes, encoding: str) -> str:
    if encoding == "big5hkscs":
        # Microsoft's table has the signs that people see; Hong Kong's the letters that it lacks.
        try:
            return body.decode("cp950")
        except UnicodeDecodeError:
            pass
    return body.decode(encoding, "replace")


def _strict(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodablePageError(
            f"the bytes look like {encoding} and break it at byte {error.start}: {error.reason}"
        ) from None


def _utf16(body: bytes) -> str | None:
    """Which UTF-16 bytes without a byte order mark are, or None.

    Spaces, line ends and markup have a NUL each. In the wrong order of bytes they are no
    letters, and what else there is falls on code points without a character.
    """
    sample = body[:_SAMPLE_BYTES]
    if b"\0" not in sample:
        return None
    sample = sample[: len(sample) & ~1]
    rest = sample.replace(b"\0", b"")
    if len(rest) * 3 > len(sample) * 2 and _is_text_in_utf8(rest):
        return None  # with stray NULs; UTF-16 of ASCII has a NUL in every second byte
    best, most = None, 0
    for encoding, nul in (("utf-16-le", 1), ("utf-16-be", 0)):
        if sample[nul::2].count(0) * _LEAST_ASCII < len(sample) // 2:
            continue
        text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
        ascii_only = len(text.encode("ascii", "ignore"))
        if ascii_only > most and _is_assigned(text):
            best, most = encoding, ascii_only
    return best


_LEAST_ASCII = 100
"""UTF-16 that is told has an ASCII character in so many, a line end for instance."""


def _is_text_in_utf8(sample: bytes) -> bool:
    if len(sample.translate(None, _CONTROL_BYTES)) < len(sample):
        return False
    return sample.isascii() or _is_utf8(sample)


def _is_assigned(text: str) -> bool:
    """Whether hardly any character is none."""
    wrong = sum(
        unicodedata.category(sign) in ("Cn", "Co", "Cs") or (sign < " " and not sign.isspace())
        for sign in text[:4096]
    )
    wrong += text.count("\ufffd")
    return wrong * 50 < min(len(text), 4096)


def _refuse_binary(body: bytes) -> None:
    sample = body[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    # A stray control character is a typing error; NULs or one in a hundred are a format.
    if b"\0" in sample or controls * 100 > len(sample):
        raise BinaryPageError(
            f"{controls} of the first {len(sample)} bytes are control characters; this is no text"
        )


def _guess(body: bytes) -> str | None:
    """The likeliest legacy encoding, by the letters that are not ASCII and what is around them.

    Markup and long stretches of ASCII are left out, as they would drown the few letters that
    tell Polish from French. Measured on sentences of the translations that Linux systems carry
    (39 languages, 47 pairs of language and encoding), chardet guesses 99 % right at 60
    characters, charset-normalizer 74 %.
    """
    pieces: list[bytes] = []
    taken = end = 0
    for match in _ABOVE_ASCII.finditer(body):
        before = body[max(end, match.start() - _BEFORE) : match.start()]
        end = match.end()
        pieces += (before.rpartition(b">")[2], match[0])
        taken += len(match[0])
        if taken >= _GUESSED_BYTES:
            break
    sample = b"".join(pieces)
    if len(sample) - len(sample.translate(None, _CONTROL_BYTES)) > len(sample) // 100:
        return None
    guessed: Any = chardet.detect(
        sample, compat_names=False, include_encodings=_LEGACY, max_bytes=2 * _GUESSED_BYTES
    )
    name = known_encoding(guessed["encoding"])
    wider = _WIDER.get(name or "")
    return wider if wider and _read(sample, wider) == _read(sample, name or "") else name


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
