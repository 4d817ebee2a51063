"""``newscrawl snapshot``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, add_output, print_json, print_line
from newscrawl.drops.retention import snapshot, states
from newscrawl.reader.output import current, read_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_output(parser, positional=True)
    parser.add_argument("--state", help="of this state alone (default: one of each)")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Publish the present truth of each state; exit code 1: there is no such state."""
    read_catalogue(options.output)
    last = states(options.output)
    wanted = [options.state] if options.state else list(last)
    if not wanted or wanted[0] not in last:
        sys.stderr.write(
            f"newscrawl snapshot: {options.output} has no drop of "
            f"{'the state ' + options.state if options.state else 'a state'}; it has "
            f"{', '.join(last) or 'drops that stand alone only, each of which is its own truth'}\n"
        )
        return WRONG
    for state in wanted:
        truth = current(options.output, state, until=last[state].run_id)
        run_id = snapshot(options.output, last[state], truth, datetime.now(UTC))
        if options.json:
            print_json({"state": state, "run_id": run_id})
        else:
            print_line(f"{options.output / run_id} holds the state {state}")
    return 0
