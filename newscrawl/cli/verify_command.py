"""``newscrawl verify``."""

from __future__ import annotations

import argparse
from pathlib import Path

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, print_json, print_line
from newscrawl.drops.verify import check, printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a drop's folder, or an output folder"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is wrong; exit code 1: something is."""
    code = 0
    for path in options.paths:
        is_well = True
        for finding in check(path):
            is_well = is_well and not finding.is_wrong
            if options.json:
                found = {"path": str(path), "wrong": finding.is_wrong, "text": finding.text}
                print_json(found)
            else:
                print_line(finding.text)
        if is_well and not options.json:
            print_line(f"{printable(path)} is as it was published")
        code = code if is_well else WRONG
    return code
