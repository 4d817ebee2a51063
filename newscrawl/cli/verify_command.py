"""``newscrawl verify``."""

from __future__ import annotations

import argparse

import msgspec

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, print_json, print_line
from newscrawl.drops.outputs import at_hand
from newscrawl.drops.verify import check, printable
from newscrawl.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a drop's folder, an output folder or an output's URL",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is wrong; exit code 1: something is."""
    code = 0
    for path in options.paths:
        is_well = True
        try:
            with at_hand(path) as folder:
                for finding in check(folder):
                    is_well = is_well and not finding.is_wrong
                    _tell(options, path, finding.text.replace(str(folder), path), finding.is_wrong)
        except (UsageError, OSError, msgspec.DecodeError) as error:
            is_well = False
            _tell(options, path, f"{printable(path)} can't be checked: {printable(error)}", True)
        if is_well and not options.json:
            print_line(f"{printable(path)} is as it was published")
        code = code if is_well else WRONG
    return code


def _tell(options: argparse.Namespace, path: str, text: str, is_wrong: bool) -> None:
    if options.json:
        print_json({"path": path, "wrong": is_wrong, "text": text})
    else:
        print_line(text)
