"""Text compared as a reader compares it: whatever the quotes, dashes, spaces and case."""

from __future__ import annotations

import re
import unicodedata

_QUOTES_AND_DASHES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": None,  # soft hyphen
        "\u200b": None,  # zero width space
        "\ufeff": None,  # byte order mark inside a text
    }
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ASCII_MARKS = bytes(byte for byte in range(128) if not chr(byte).isalnum())


def squeeze(text: str) -> str:
    """One space for every run of white space (no-break spaces too), none at the ends."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Fold a text for comparison: NFKC, plain quotes and dashes, single spaces, no case.

    >>> fold("“People  wait” — now") == fold('"people wait" -- NOW')
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES_AND_DASHES))
    return squeeze(text.casefold().replace("--", "-"))


def letters(text: str) -> str:
    """Only the letters and digits of a text, folded: what no change of layout alters.

    >>> letters("So-called “Kakhovka” dam…")
    'socalledkakhovkadam'
    """
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_MARKS).decode()
    return _NOT_ALPHANUMERIC.sub("", fold(text))
