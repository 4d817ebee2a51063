"""Every pattern of the package takes time in proportion to the text, whatever the text is."""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

import newscrawl

LENGTH = 20_000
MAX_SECONDS = 0.25
"""CPU seconds for one call; what is quadratic takes seconds for 20,000 characters, what is linear
some milliseconds."""

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


def texts(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Long runs, alone and behind what the pattern may begin with."""
    source = pattern.pattern
    source = source.decode("latin-1") if isinstance(source, bytes) else source
    words = sorted(set(_LITERALS.findall(re.sub(r"\\[a-zA-Z]|\(\?P?<?\w+>?", " ", source))))[:12]
    runs = [*RUNS, *(f"{word} " for word in words), *words]
    for run in runs:
        yield run * (LENGTH // len(run)) + "\x00"
    for word, run in product(words[:6], ("a ", " ", "1 ", ", A", "[", "<", "A")):
        yield f"{word}{run}" * (LENGTH // len(word + run)) + "!"
        yield word + run * (LENGTH // len(run)) + "\x00"


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
    for text in texts(pattern):
        data = text.encode() if isinstance(pattern.pattern, bytes) else text
        for call in (pattern.match, pattern.fullmatch, pattern.finditer):
            taken = seconds(call, data)
            assert taken < MAX_SECONDS, f"{call.__name__}: {taken:.2f} CPU s for {text[:40]!r}…"
