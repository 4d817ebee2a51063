"""``newscrawl current``."""

from __future__ import annotations

import argparse

from newscrawl.cli.output import add_json, add_output, print_json, print_line, record
from newscrawl.reader.output import current


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_output(parser, positional=True)
    parser.add_argument("--state", help="of this state alone, by its id (default: all)")
    parser.add_argument("--until", metavar="RUN", help="as of this run's drop (default: the last)")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the articles that are not withdrawn, a line each."""
    for article in current(options.output, options.state, options.until):
        if options.json:
            print_json(record(article))
        else:
            date = (article.date_published or "-")[:10]
            print_line(f"{date:10}  {article.id}  {article.headline or article.article_body[:60]}")
    return 0
