"""Text brought to the one form in which date words are stored and looked up.

Case, accents, apostrophes, invisible characters and punctuation are folded away, because pages
print them carelessly; digits of every script become 0 to 9. (Names and headlines are compared by
`newscrawl.extract.typography`, which keeps accents: there they tell words apart.) The lexicon's builder uses the same
functions as its readers, so whatever folding loses, it loses on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Apostrophes as they are typed and mistyped, modifier letters among them.
_APOSTROPHES: Final = "'`´‘’‚‛′‵ʹʻʼʽˈꞌ՚＇׳״"

# Scripts written without spaces between words; each of their characters is a token of its own.
# Hangul is among them because its spaces are optional before the word for "ago".
_UNSPACED: Final = (
    "\u0e00-\u0e7f"  # Thai
    "\u0e80-\u0eff"  # Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1100-\u11ff"  # Hangul jamo, into which compatibility decomposition takes syllables
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u9fff"  # CJK
    "\ua000-\ua4cf"  # Yi
    "\U00020000-\U0003ffff"  # CJK extensions
)

# Signs that mean something beside a number or a word. Other punctuation only separates.
SIGNS: Final = '+:/%$€£#@&=?!<>^~\\"*'
_SIGNS: Final = re.escape(SIGNS)

_TOKEN: Final = re.compile(
    rf"\d+(?:[.,]\d{{1,2}}(?![\d.,:]))?|[{_UNSPACED}]|[^\s\d{_UNSPACED}{_SIGNS},.()\[\]{{}};|-]+|[{_SIGNS}]",
    re.ASCII,
)


class _Folding(dict[int, str | None]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str | None:
    category = unicodedata.category(character)
    if character in _APOSTROPHES or category in ("Mn", "Me", "Cf"):
        return None
    if category == "Nd":
        return str(unicodedata.digit(character))
    if character == "\u2212":  # the minus sign
        return "-"
    if not character.isascii() and (category[0] in "PZ" or category == "So"):
        return " "
    return character


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """Return the text without case, accents, apostrophes and typographic punctuation."""
    if text.isascii():
        return text.lower().replace("'", "")
    return unicodedata.normalize("NFKD", text.lower()).translate(_FOLDING).lower()


def tokenize(folded: str) -> list[str]:
    """Return the numbers, words and signs of folded text, in their order."""
    return _TOKEN.findall(folded)
