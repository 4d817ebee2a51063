"""Text compared as a reader compares it: whatever the quotes, dashes, spaces and case.

`caseless` is the one step that all comparing shares; `fold` and `letters` go on from it. What
they give is in the ids of drops and the keys of states, so it is frozen. Dates are folded by
`newscrawl.dates.fold`, which loses more: accents, too, and the digits' scripts.
"""

from __future__ import annotations

import re
import unicodedata

_PLAIN = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "\u00ad": "",  # soft hyphen
    "\u200b": "",  # zero width space
    "\ufeff": "",  # byte order mark inside a text
}
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ASCII = bytes(range(128))
_ASCII_MARKS = bytes(byte for byte in range(128) if not chr(byte).isalnum())


def squeeze(text: str) -> str:
    """One space for every run of white space (no-break spaces too), none at the ends."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Fold a text for comparison: NFKC, plain quotes and dashes, single spaces, no case.

    >>> fold("“People  wait” — now") == fold('"people wait" -- NOW')
    True
    """
    return squeeze(caseless(text).replace("--", "-"))


def caseless(text: str) -> str:
    """Make a text plain and take its case away; spaces stay.

    >>> caseless("“STRASSE”") == caseless('"Straße"')
    True
    """
    return plain(text).casefold()


def plain(text: str) -> str:
    """Make quotes, dashes and characters as plain as they get; most English text is ASCII then.

    >>> plain("“Ａ” — b…")
    '"A" - b...'
    """
    if text.isascii():
        return text
    # Marks are few, and to replace each is faster than to look through the text for any.
    for mark in _PLAIN.keys() & {"`", *beyond_ascii(text)}:
        text = text.replace(mark, _PLAIN[mark])
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII, in order.

    >>> beyond_ascii("“Łódź”")
    '“Łóź”'
    """
    return _without(text, _ASCII)


def _without(text: str, ascii_characters: bytes) -> str:
    """A text without some ASCII characters; bytes lose them ten times faster than a text."""
    data = text.encode(errors="surrogatepass").translate(None, ascii_characters)
    return data.decode(errors="surrogatepass")


def letters(text: str) -> str:
    """Only the letters and digits of a text, folded: what no change of layout alters.

    >>> letters("So-called “Kakhovka” dam…")
    'socalledkakhovkadam'
    """
    text = _without(caseless(text), _ASCII_MARKS)
    return text if text.isalnum() else _NOT_ALPHANUMERIC.sub("", text)
