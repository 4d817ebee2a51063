"""The command ``newscrawl``: for readers of drops, outside of any project; one module a subcommand.

A module of this folder has `HELP`, `add_arguments(parser)` and `run(options) -> int`, the exit code,
and is loaded when its name is called. Exit codes: 0: done; 1: something is wrong with the drops, or
not there; 2: the command was not understood; what else a subcommand says by its code, its help says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from newscrawl.reader.errors import ReaderError

WRONG = 1
"""Exit code: something is wrong with the drops, or what was named is not there."""

COMMANDS = {
    "current": "the present truth over all drops, as JSON Lines",
    "diff": "what one drop says otherwise than another",
    "list": "the drops of an output folder",
    "prune": "delete old drops that a snapshot makes needless; their lines stay",
    "remove": "take an article down: the next drop withdraws it, and no run publishes it again",
    "schemas": "the schemas of a drop's files, or their columns as tools name types",
    "show": "one article: as it is, and how it became so",
    "snapshot": "publish the whole present truth as one drop",
    "verify": "check drops byte for byte, and the chain that they make",
}
"""Subcommand → what it does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: those of the process, by default.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="newscrawl", description="Read, check and compare the drops of newscrawl."
    )
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Only the module that is called is loaded.
    modules: dict[str, Any] = {}
    for name, does in COMMANDS.items():
        command = parsers.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        if given and given[0] == name:
            modules[name] = import_module(f"newscrawl.cli.{name}_command")
            modules[name].add_arguments(command)
    options = parser.parse_args(given)
    try:
        code: int = modules[options.command].run(options)
    except ReaderError as error:
        sys.stderr.write(f"newscrawl {options.command}: {error}\n")
        return WRONG
    except BrokenPipeError:
        raise
    except OSError as error:
        place = error.filename or "the disk"
        sys.stderr.write(f"newscrawl {options.command}: {place}: {error.strerror or error}\n")
        return WRONG
    return code


def entry_point() -> None:
    """What the installed script calls; a reader that goes away (``| head``) is no error."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()  # what Python would flush at its end has nowhere to go either
        code = 0
    raise SystemExit(code)
