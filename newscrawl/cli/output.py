"""What subcommands print, and how they name an output folder."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from newscrawl.items import Article

_encode = msgspec.json.Encoder(decimal_format="number").encode


def add_output(parser: argparse.ArgumentParser, *, positional: bool) -> None:
    """Add the argument that names the output folder."""
    name = ("output",) if positional else ("-o", "--output")
    more: dict[str, Any] = {"nargs": "?"} if positional else {}
    parser.add_argument(
        *name,
        type=folder,
        default=Path("output"),
        help="the folder with drops.jsonl (default: output)",
        **more,
    )


def folder(text: str) -> Path:
    """A folder of this machine, as an argument names it."""
    if "://" in text:
        raise argparse.ArgumentTypeError(
            f"{text} is a URL: copy it to a folder first; newscrawl verify alone takes URLs"
        )
    return Path(text)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def print_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    sys.stdout.write(_encode(value).decode() + "\n")


def print_table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under a head, each column as wide as it needs; numbers to the right."""
    table = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *table, strict=True)]
    numeric = [
        all(row[place].isdecimal() or row[place] == "-" for row in table)
        for place in range(len(head))
    ]
    for row in [list(head), *table]:
        cells = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, numeric, strict=True)
        )
        print_line("  ".join(cells).rstrip())


def print_line(text: str) -> None:
    """Print a line; what a terminal could take for a command of its own is written as `\\x1b`."""
    plain = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
    sys.stdout.write(plain + "\n")


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)


def record(article: Article) -> dict[str, Any]:
    """An article as its line in a drop has it."""
    return {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if not field.metadata.get("internal")
    }
