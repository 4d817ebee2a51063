"""``newscrawl list``."""

from __future__ import annotations

import argparse

import msgspec

from newscrawl.cli.output import add_json, add_output, print_json, print_table
from newscrawl.drops.catalogue import Entry
from newscrawl.reader.output import read_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_output(parser, positional=True)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line a drop, oldest first."""
    entries = read_catalogue(options.output)
    if options.json:
        for entry in entries:
            print_json(msgspec.to_builtins(entry))
        return 0
    head = ("run", "published", "state", "drop", "articles", "new", "updated", "withdrawn", "")
    print_table(head, (_row(entry) for entry in entries))
    return 0


def _row(entry: Entry) -> tuple[object, ...]:
    events = entry.events or {}
    return (
        entry.run_id,
        entry.published_at,
        entry.state or None,
        entry.sequence or None,
        entry.counts.get("articles", 0),
        *(events.get(event, 0) for event in ("new", "updated", "withdrawn")),
        _remark(entry),
    )


def _remark(entry: Entry) -> str:
    if entry.pruned:
        return f"pruned: {entry.pruned.why}"
    if entry.mode == "snapshot":
        return "snapshot"
    return "nothing new" if entry.place is None else ""
