"""The one decode: bytes become text here, whatever kind of page they are."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from newscrawl.errors import BinaryPageError, UndecodablePageError

# The byte order marks of the WHATWG Encoding Standard, and UTF-32's, longest first.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The legacy encodings that browsers know (WHATWG Encoding Standard), by Python's names.
_LEGACY_ENCODINGS = [
    "cp1251", "cp1252", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "koi8_r", "koi8_u", "cp866", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8",
    "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
_SAMPLE_BYTES = 64 * 1024
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF")
# Control characters that no text holds; TAB, LF, FF, CR and ESC (ISO-2022-JP) do occur.
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def decode(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """Read bytes as text: byte order mark, then UTF-8, what is declared, UTF-16, legacy.

    UTF-8 comes before a declared encoding because bytes that are valid UTF-8 and not
    ASCII are practically never anything else, while declarations are often wrong.

    Args:
        body: the bytes of a text page.
        declared: an encoding that the page's source declares, or None.

    Returns:
        The text without a byte order mark, and the encoding's name.

    Raises:
        BinaryPageError: the bytes are no text.
        UndecodablePageError: no encoding fits.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _strict(body[len(bom) :], encoding), encoding
    if body.startswith(_MAGIC):
        raise BinaryPageError(f"the file begins with {body[:8]!r}, which no text does")
    utf16 = _utf16_without_bom(body)
    if utf16:
        return _strict(body, utf16), utf16
    _refuse_binary(body)
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    for encoding in filter(None, [declared, _guess_legacy(body)]):
        try:
            return body.decode(encoding), codecs.lookup(encoding).name
        except (UnicodeDecodeError, LookupError):
            continue
    raise UndecodablePageError("the bytes are not UTF-8 and fit no legacy encoding; save as UTF-8")


def _strict(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodablePageError(
            f"the bytes look like {encoding} and break it at byte {error.start}: {error.reason}"
        ) from None


def _utf16_without_bom(body: bytes) -> str | None:
    """UTF-16 of a text with spaces and line ends has NULs at one parity of offsets only."""
    sample = body[:_SAMPLE_BYTES]
    if len(body) % 2 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    # A space or line end about every tenth character, even in Cyrillic text.
    if odd and not even and odd * 20 >= len(sample) // 2:
        return "utf-16-le"
    if even and not odd and even * 20 >= len(sample) // 2:
        return "utf-16-be"
    return None


def _refuse_binary(body: bytes) -> None:
    sample = body[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    # A stray control character is a typing error; NULs or one in a hundred are a format.
    if b"\0" in sample or controls * 100 > len(sample):
        raise BinaryPageError(
            f"{controls} of the first {len(sample)} bytes are control characters; this is no text"
        )


def _guess_legacy(body: bytes) -> str | None:
    best = from_bytes(
        body[:_SAMPLE_BYTES], cp_isolation=_LEGACY_ENCODINGS, enable_fallback=False
    ).best()
    return best.encoding if best else None
