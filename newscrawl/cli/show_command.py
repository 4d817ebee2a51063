"""``newscrawl show``."""

from __future__ import annotations

import argparse
import sys

from newscrawl.cli import WRONG
from newscrawl.cli.output import add_json, add_output, print_json, print_line, record
from newscrawl.items import Article, DateEvidence
from newscrawl.reader.output import revisions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", help="the article's id, <site>:<16 hex>")
    add_output(parser, positional=False)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print an article and its revisions; exit code 1: no drop has it."""
    found = list(revisions(options.output, options.id))
    if not found:
        sys.stderr.write(f"newscrawl show: no drop of {options.output} has {options.id!r}\n")
        return WRONG
    if options.json:
        for run_id, article in found:
            print_json({"run_id": run_id, **record(article)})
        return 0
    _, last = found[-1]
    for line in _lines(last):
        print_line(line)
    print_line("")
    for run_id, article in found:
        changed = f" ({', '.join(article.changed)})" if article.changed else ""
        print_line(f"revision {article.revision}: {article.event} in {run_id}{changed}")
    return 0


def _lines(article: Article) -> list[str]:
    if article.withdrawn:
        into = f" into {article.withdrawn.merged_into}" if article.withdrawn.merged_into else ""
        return [article.id, f"withdrawn: {article.withdrawn.reason}{into}"]
    lines = [
        article.headline or "(no headline)",
        article.url or "(no address)",
        f"authors: {', '.join(author.name for author in article.authors) or '-'}",
        f"published: {_dated(article.date_published, article.date_evidence.published)}",
        f"modified: {_dated(article.date_modified, article.date_evidence.modified)}",
        f"shown by {len(article.sightings)} page(s): "
        + ", ".join(sighting.page for sighting in article.sightings[:5]),
    ]
    if article.is_truncated:
        lines.append("only the beginning was seen")
    return [*lines, "", *article.article_body.split("\n")]


def _dated(value: str | None, evidence: DateEvidence | None) -> str:
    if evidence is None:
        return value or "-"
    sure = f"sure to the {evidence.certain_to}" if evidence.certain_to else "not sure to the year"
    return f"{value or '-'} ({evidence.basis}, {sure}: {evidence.edtf}; printed {evidence.raw!r})"
