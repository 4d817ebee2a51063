"""Text compared as a reader compares it: whatever the quotes, dashes, spaces and case."""

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
# A few marks in a text are found ten times faster than str.translate looks at all of it.
_MARK = re.compile(f"[{''.join(_PLAIN)}]")
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
    return squeeze(_plain(text).casefold().replace("--", "-"))


def _plain(text: str) -> str:
    """Quotes, dashes and characters as plain as they get; most English text is ASCII then."""
    if text.isascii():
        return text
    text = _MARK.sub(lambda mark: _PLAIN[mark[0]], text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def letters(text: str) -> str:
    """Only the letters and digits of a text, folded: what no change of layout alters.

    >>> letters("So-called “Kakhovka” dam…")
    'socalledkakhovkadam'
    """
    text = _plain(text)
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_MARKS).decode()
    return _NOT_ALPHANUMERIC.sub("", text.casefold())
