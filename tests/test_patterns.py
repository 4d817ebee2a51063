"""Every pattern of the package takes time in proportion to the text, whatever the text is."""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import newscrawl
from newscrawl.dates import grammar

ANY_LENGTH = frozenset((
    "newscrawl.extract.shortcodes", "newscrawl.extract.ticker", "newscrawl.extract.article_text",
    "newscrawl.extract.typography", "newscrawl.extract.html.guard", "newscrawl.sites",
    "newscrawl.page.decode", "newscrawl.discovery.xml",
))  # fmt: skip
"""Modules whose patterns see whole pages or lines of any length."""

LONG = 10_000
SHORT = 2_000
"""Characters; what the other modules look at is cut, or its length is checked before."""

CHECKED_BEFORE = {
    "_CREDIT_LINES": 200, "_SENTENCE_BREAK": 200, "_READ_MORE": 200, "_BYLINE": 200,
    "_READ_MORE_AT_END": 160, "_CUT_MARK": 160, "_CAPTION_CREDIT": 500, "_APPEARED_FIRST": 500,
    "_PUBLISHED_ON": 300, "_FIRST_PUBLISHED": 300, "_CREDIT_LAST": 2_000,
}  # fmt: skip
"""Characters of the lines that are checked before the pattern sees them."""

MAX_SECONDS = 0.3
"""CPU seconds for one call; linear patterns take some milliseconds."""

RUNS = (
    " ", "\n", "a", "A", "ä", "1", ".", ",", "-", "–", "(", "[", "]", "<", ">", '"', "'", "=", "/", "&", "_", "#", "@",
    "a ", "A ", "1 ", "1,", "1.", "1:", ". ", ", ", "a, ", "- ", "<a", "<a ", "<!--", "[a ", "]a", "='", '="', "</", "//",
    "a.", "a-", "A.", "a@", "a\n", "\n\n", " \n", "Aa ", "A. ", "| ", "by ", "and ", "\u00a0", "\u200b", "\\\"", "\\",
)  # fmt: skip
_LITERALS = re.compile(r"[^\W\d_]{2,}")


def compiled() -> dict[str, re.Pattern[Any]]:
    """Every compiled pattern in the globals of the package's modules, by where it was met first."""
    found: dict[int, tuple[str, re.Pattern[Any]]] = {}
    for module in pkgutil.walk_packages(newscrawl.__path__, "newscrawl."):
        try:
            importlib.import_module(module.name)
        except ImportError:  # pragma: no cover  # what needs a browser
            continue
    for name, module in sorted(sys.modules.items()):
        if name == "newscrawl" or name.startswith("newscrawl."):
            for variable, value in vars(module).items():
                for pattern in patterns_in(value, 0):
                    found.setdefault(id(pattern), (f"{name}.{variable}", pattern))
    return {f"{where} {number}": pattern for number, (where, pattern) in enumerate(found.values())}


def patterns_in(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 4 or isinstance(value, (str, bytes)):
        return
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from patterns_in(one, depth + 1)
    elif type(value).__module__.startswith("newscrawl."):
        for name in (*getattr(type(value), "__slots__", ()), *getattr(value, "__dict__", {})):
            yield from patterns_in(getattr(value, name, None), depth + 1)


PATTERNS = compiled()


def names_before(methods: str) -> set[str]:
    """The variables of the package on which one of some methods is called."""
    found = set()
    for path in Path(newscrawl.__file__).parent.rglob("*.py"):
        found.update(re.findall(rf"(\w+)\.(?:{methods})\(", path.read_text(encoding="utf-8")))
    return found


SEARCHED = names_before("search|finditer|findall|subn?|split")
ANCHORED = names_before("match|fullmatch") - SEARCHED


def texts(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Long runs, alone and behind what the pattern may begin with."""
    source = pattern.pattern
    source = source.decode("latin-1") if isinstance(source, bytes) else source
    words = _LITERALS.findall(re.sub(r"\\[a-zA-Z]|\(\?P?<?\w+>?", " ", source))
    words = list(dict.fromkeys(words))[:6]
    for run in (*RUNS, *words, *(f"{word} " for word in words)):
        yield run * (length // len(run)) + "\x00"
    for word, run in product(words[:3], ("a ", " ", "1 ", ", A", "[")):
        yield f"{word}{run}" * (length // len(word + run)) + "!"
        yield word + run * (length // len(run)) + "\x00"


def seconds(call: Any, text: Any) -> float:
    start = time.process_time()
    result = call(text)
    if hasattr(result, "__next__"):
        for _ in result:
            pass
    return time.process_time() - start


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_is_slow(name: str) -> None:
    pattern = PATTERNS[name]
    module, _, variable = name.partition(" ")[0].rpartition(".")
    length = LONG if module in ANY_LENGTH else SHORT
    if module.startswith("newscrawl.dates."):
        length = grammar.MAX_LENGTH
    length = CHECKED_BEFORE.get(variable, length)
    calls = [pattern.fullmatch, pattern.match if variable in ANCHORED else pattern.finditer]
    for text in texts(pattern, length):
        data = text.encode() if isinstance(pattern.pattern, bytes) else text
        for call in calls:
            if seconds(call, data) > MAX_SECONDS:  # once more, for the machine may be busy
                taken = seconds(call, data)
                assert taken < MAX_SECONDS, f"{call.__name__}: {taken:.2f} CPU s, {text[:40]!r}…"


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 150
    assert any(name.startswith("newscrawl.extract.shortcodes._CAPTION ") for name in PATTERNS)


def test_a_slow_pattern_would_be_found() -> None:
    slow = re.compile(r"a*b?a*b?a*c")
    assert max(seconds(slow.fullmatch, text) for text in texts(slow, 1_200)) > 0.03
