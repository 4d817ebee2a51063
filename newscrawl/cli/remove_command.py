"""``newscrawl remove``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, add_output, print_json, print_line
from newscrawl.reader.output import read_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", help="the article's id, <site>:<16 hex>")
    parser.add_argument("--why", required=True, help="told to readers of the catalogue")
    parser.add_argument(
        "--state", type=Path, required=True, metavar="FILE", help="the runs' NEWSCRAWL_STATE"
    )
    parser.add_argument(
        "--from-past",
        action="store_true",
        help="take what it said out of the drops that are published already, too",
    )
    add_output(parser, positional=False)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Have an article withdrawn by the next run of a state, and never published again.

    Exit code 1: the state has no such article, or can't be changed.
    """
    # The state needs what merging needs, which takes a second.
    from newscrawl.drops.redact import redact
    from newscrawl.errors import NewscrawlError
    from newscrawl.store.state import State

    if not options.why.strip():
        sys.stderr.write("newscrawl remove: --why is empty; readers are told it\n")
        return 2
    if options.from_past:
        read_catalogue(options.output)
    now = datetime.now(UTC)
    try:
        if not options.state.is_file():
            sys.stderr.write(f"newscrawl remove: there is no state {options.state}\n")
            return WRONG
        state = State(options.state, "newscrawl remove")
        try:
            article = state.remove(options.id, options.why, now)
        finally:
            state.close()
        changed = []
        if options.from_past:
            changed = list(redact(options.output, options.id, options.why, now))
    except (NewscrawlError, OSError) as error:
        sys.stderr.write(f"newscrawl remove: {error}\n")
        return WRONG
    if options.json:
        print_json({"id": options.id, "redacted": [entry.run_id for entry in changed]})
        return 0
    print_line(f"{options.id} is withdrawn by the next run of the state: {article.headline or '-'}")
    for entry in changed:
        print_line(f"{entry.run_id} is redacted")
    if article.withdrawn and article.withdrawn.merged_into:
        print_line(
            f"it was merged into {article.withdrawn.merged_into}, which stays; remove that too"
        )
    return 0
