"""The words of relative dates in all languages, as one trie.

Every language's words stand in the same trie; an entry carries the set of its languages as the
bits of an integer. A reader starts from the bits of the languages it allows and intersects as it
goes, so that all languages together cost about what one does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

from .fold import fold, tokenize

UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")

MINUS: Final = "-"
"""The token of a minus sign before the whole text, which CLDR's shortest forms use for "ago"."""

Node = dict[str, Any]
"""Token to node; the empty token to the entries that end here."""


class Entry(NamedTuple):
    """What a run of words means.

    Args:
        kind: `count` ("# days ago", "days ago"), `part` ("# days"), `unit` ("days" alone),
            `phrase` (N units ago, in words), `word` (the same by the calendar: yesterday),
            `spread` (between two counts), `counted` (a count in one word, not yet past), `ago`,
            `filler`, `lead`, `over`, `less`, `almost`.
        unit: one of `UNITS`, or "".
        low: units meant; for `count` and `part` a factor of the number read.
        high: the upper end of a `spread`.
        languages: bits.
    """

    kind: str
    unit: str
    low: float
    high: float
    languages: int


class Lexicon(NamedTuple):
    """Everything that is read from the data files.

    Args:
        trie: the root of the words.
        vocabulary: every token of the trie, to refuse a text at its first strange word.
        openers: tokens that can be the first of a date.
        numbers: the root of the number words; an entry's `low` is the value.
        bits: language to its bit.
        tiers: bits of the languages that are tried together; the next only if none of them reads
            the text. "2h" is two hours to a page that does not say that it is in Māori.
        known: every language code that CLDR knows, whether or not its dates are read.
    """

    trie: Node
    vocabulary: frozenset[str]
    openers: frozenset[str]
    numbers: Node
    bits: dict[str, int]
    tiers: tuple[int, int, int]
    known: frozenset[str]


CJK_NUMERALS: Final = {
    character: value for value, character in enumerate("〇一二三四五六七八九十")
} | {"零": 0, "两": 2, "兩": 2}

# A count may leave its number out before "ago" in these: "час назад", "prije sat", "قبل ساعة".
_MAY_OMIT_ONE: Final = frozenset(
    re.split(" ", "be bg bs cs dsb hr hsb lt lv mk pl ru sk sl sr szl uk")
)

# Where the language is not known, these are tried first.
_FIRST: Final = ("ar", "de", "en", "es", "fr", "it", "ja", "kk", "ko", "pt", "ru", "tr", "uz", "zh")

# Languages that are never declared but stand for one that is.
_ALIASES: Final = {
    "tl": "fil",
    "no": "nb",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "mo": "ro",
    "sh": "sr",
}

ANY: Final = -1
"""The bits of every language."""

# Tags for text without one language.
_UNDETERMINED: Final = frozenset({"und", "mul", "zxx"})

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def languages() -> frozenset[str]:
    """Return the codes of the languages whose relative dates are read."""
    return frozenset(lexicon().bits)


@lru_cache(maxsize=512)
def language_bits(tag: str | None) -> int:
    """Return the bits of a BCP 47 tag's language, of all languages for None.

    Raises:
        TypeError: the tag is not a string.
        ValueError: it is malformed, or no language that CLDR knows.
    """
    if tag is None:
        return ANY
    if not isinstance(tag, str):
        raise TypeError(f"a language is a BCP 47 tag or None, not {tag!r}")
    if not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is not a BCP 47 language tag")
    code = re.split("[-_]", tag)[0].lower()
    code = _ALIASES.get(code, code)
    if code in _UNDETERMINED:
        return ANY
    words = lexicon()
    if code not in words.known and code not in words.bits:
        raise ValueError(f"no language has the code {code!r}")
    return words.bits.get(code, 0)


@cache
def lexicon() -> Lexicon:
    """Read the data files, once."""
    folder = resources.files(__package__) / "data"
    cldr = json.loads((folder / "cldr.json").read_text("utf-8"))
    idiom = json.loads((folder / "idiom.json").read_text("utf-8"))
    names = sorted(cldr["languages"].keys() | idiom["languages"].keys())
    bits = {name: 1 << index for index, name in enumerate(names)}
    words: _Words = {}
    for language, table in cldr["languages"].items():
        _add_language(words, table, bits[language], language)
    for language, table in idiom["languages"].items():
        _add_language(words, _fold_idiom(table), bits[language], language)
    for lead in idiom["lead"]:
        words[_key(lead), "lead", "", 0, 0] = -1
    words[MINUS, "ago", "", 0, 0] = -1
    words["# q", "part", "quarter", 1, 0] = -1  # "-2 Q", CLDR's form where a language has none
    trie: Node = {}
    numbers: Node = {}
    # Of two meanings of a word in one language, the finer unit comes first: "vor 29m".
    for (key, kind, unit, low, high), mask in sorted(
        words.items(), key=lambda item: (UNITS.index(item[0][2]) if item[0][2] else -1, item)
    ):
        node = numbers if kind == "number" else trie
        for token in key.split():
            node = node.setdefault(token, {})
        node.setdefault("", []).append(Entry(kind, unit, low, high, mask))
    vocabulary = (
        frozenset(token for key, *_ in words for token in key.split()) | CJK_NUMERALS.keys()
    )
    first = sum(bits[name] for name in _FIRST)
    second = sum(bits[name] for name in idiom["languages"]) & ~first
    rest = (1 << len(names)) - 1 & ~first & ~second
    tiers = (first, second, rest)
    openers = frozenset(trie) | frozenset(numbers) | CJK_NUMERALS.keys()
    return Lexicon(trie, vocabulary, openers, numbers, bits, tiers, frozenset(cldr["known"]))


_Words = dict[tuple[str, str, str, float, float], int]
"""(folded words, kind, unit, low, high) to the bits of the languages that use them so."""


def _key(phrase: str) -> str:
    return " ".join(tokenize(fold(phrase)))


def _fold_idiom(table: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return one language's idiom in the form of the built data."""
    marks = {_key(word) for word in table.get("ago", [])}
    folded: dict[str, dict[str, list[str]]] = {}
    for kind, meanings in table.items():
        for meaning, phrases in (
            meanings if isinstance(meanings, dict) else {"": meanings}
        ).items():
            for key in map(_key, phrases):
                name = "word" if kind == "phrase" and _is_calendar(meaning, key, marks) else kind
                folded.setdefault(name, {}).setdefault(meaning, []).append(key)
    return folded


def _is_calendar(meaning: str, key: str, marks: set[str]) -> bool:
    """Tell whether a phrase names a calendar day, week, month or year, like "yesterday"."""
    unit = meaning.split()[-1]
    counted = any(f" {mark} " in f" {key} " for mark in marks)
    return UNITS.index(unit) >= UNITS.index("day") and not counted


def _add_language(
    words: _Words, table: dict[str, dict[str, list[str]]], bit: int, language: str
) -> None:
    for kind, meanings in table.items():
        for meaning, keys in meanings.items():
            low, high, unit = _meaning(meaning)
            for key in filter(None, keys):
                for slot in _slots(key, kind, unit, low, high, language):
                    words[slot] = words.get(slot, 0) | bit


def _slots(
    key: str, kind: str, unit: str, low: float, high: float, language: str
) -> Iterator[tuple[str, str, str, float, float]]:
    """Yield what one word of one language adds."""
    if kind == "pattern":
        yield key, "count", unit, low, 0
    elif kind == "unit":
        yield f"# {key}", "part", unit, low, 0
        if language in _MAY_OMIT_ONE:
            yield key, "unit", unit, low, 0
    elif kind == "phrase" and high:
        yield key, "spread", unit, low, high
    else:
        yield key, kind, unit, low, 0


def _meaning(text: str) -> tuple[float, float, str]:
    """Read `day`, `10 year`, `0..5 minute`, or a number's value, as (low, high, unit)."""
    match = re.fullmatch(r"(?:(\d+)(?:\.\.(\d+))? ?)?([a-z]*)", text)
    if not match:
        raise ValueError(f"{text!r} is not a meaning")
    return float(match[1] or 1), float(match[2] or 0), match[3]
