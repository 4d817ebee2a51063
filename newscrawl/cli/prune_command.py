"""``newscrawl prune``."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from newscrawl.cli.output import add_json, add_output, print_json, print_line
from newscrawl.drops.retention import prunable, prune
from newscrawl.reader.output import read_catalogue

_MOST = 100_000
"""Days that a date can go back by."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_output(parser, positional=True)
    parser.add_argument(
        "--keep-days", type=_count, required=True, metavar="N", help="younger drops stay"
    )
    parser.add_argument(
        "--keep", type=_count, default=1, metavar="N", help="so many of a state stay (default: 1)"
    )
    parser.add_argument(
        "--why", default="retention", help="told to readers in the catalogue (default: retention)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and keep it")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Delete old drops up to each state's latest snapshot; what no snapshot holds stays."""
    read_catalogue(options.output)
    now = datetime.now(UTC)
    entries = prunable(options.output, timedelta(days=options.keep_days), options.keep, now)
    if not options.dry_run:
        prune(options.output, entries, options.why, now)
    for entry in entries:
        if options.json:
            print_json({"run_id": entry.run_id, "pruned": not options.dry_run})
        else:
            print_line(f"{entry.run_id} {'would be' if options.dry_run else 'is'} pruned")
    if not entries and not options.json:
        print_line("nothing to prune: drops go when they are old and a later snapshot holds them")
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to {_MOST}")
    return int(text)
