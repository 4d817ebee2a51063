"""``newscrawl current``."""

from __future__ import annotations

import argparse

from newscrawl.cli.output import add_json, add_output, print_json, print_line, record
from newscrawl.reader.output import current


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_output(parser, positional=True)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the articles that are not withdrawn, a line each."""
    for article in current(options.output):
        if options.json:
            print_json(record(article))
        else:
            date = (article.date_published or "-")[:10]
            print_line(f"{date:10}  {article.id}  {article.headline or article.article_body[:60]}")
    return 0
