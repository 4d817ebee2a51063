"""``newscrawl schemas``."""

from __future__ import annotations

import argparse
import sys

from newscrawl.drops.columns import TOOLS, types_for
from newscrawl.drops.schema import RECORD_CLASSES, schema_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="FILE",
        help=f"of {', '.join(RECORD_CLASSES)} (default: all)",
    )
    parser.add_argument(
        "--for", dest="tool", choices=TOOLS, help="the columns in this tool's own language"
    )
    parser.add_argument("--json", action="store_true", help="JSON Schemas, which is the default")


def run(options: argparse.Namespace) -> int:
    """Print schemas, or what loads every drop into a tool."""
    unknown = [name for name in options.names if name not in RECORD_CLASSES]
    if unknown:
        sys.stderr.write(
            f"newscrawl schemas: a drop has no {', '.join(unknown)}; it has "
            f"{', '.join(RECORD_CLASSES)}\n"
        )
        return 2
    names = tuple(options.names or RECORD_CLASSES)
    if options.tool:
        sys.stdout.write(types_for(options.tool, names))
        return 0
    if len(names) == 1:
        sys.stdout.write(schema_file(names[0]))
        return 0
    body = ",\n".join(f'"{name}": {schema_file(name).rstrip()}' for name in names)
    sys.stdout.write(f"{{\n{body}\n}}\n")
    return 0
