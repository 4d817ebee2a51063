"""``newscrawl diff``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, print_json, print_line, record
from newscrawl.items import Article
from newscrawl.reader.drop import read_drop

_LONGEST = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", type=Path, help="a drop's folder")
    parser.add_argument("b", type=Path, help="another's")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the articles that only one has, and the fields that differ; exit code 1: they differ."""
    is_same = True
    for change in differences(options.a, options.b):
        is_same = False
        if options.json:
            print_json(change)
            continue
        print_line(f"{change['id']}: {change['change']}")
        for name, (old, new) in change["fields"].items():
            print_line(f"  {name}: {_short(old)} -> {_short(new)}")
    return 0 if is_same else WRONG


def differences(a: Path, b: Path) -> Iterator[dict[str, Any]]:
    """What two drops say otherwise of articles, by id.

    Args:
        a, b: their folders.

    Yields:
        `id`, `change` (`only in a`, `only in b`, `differs`) and `fields`: name → both values.
    """
    # Both are sorted by site and id, so one pass over both suffices.
    ours, theirs = read_drop(a).articles(), read_drop(b).articles()
    one, other = next(ours, None), next(theirs, None)
    while one or other:
        if other is None or (one and _key(one) < _key(other)):
            assert one is not None  # noqa: S101  # one of them is there
            yield {"id": one.id, "change": "only in a", "fields": {}}
            one = next(ours, None)
        elif one is None or _key(other) < _key(one):
            yield {"id": other.id, "change": "only in b", "fields": {}}
            other = next(theirs, None)
        else:
            old, new = record(one), record(other)
            fields = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
            if fields:
                yield {"id": one.id, "change": "differs", "fields": fields}
            one, other = next(ours, None), next(theirs, None)


def _key(article: Article) -> tuple[str, str]:
    return article.site, article.id


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
