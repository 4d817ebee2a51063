"""``scrapy verify``: check published drops, byte for byte."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.drops.verify import problems


class Command(ScrapyCommand):
    """Checks drops against their descriptors; exit code 1 where something is wrong."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what comes behind the command."""
        return "<drop> [<drop> ...]"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Check published drops against their descriptors"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check each drop and print what is wrong."""
        if not args:
            raise UsageError("name the folder of a drop, such as output/<run_id>")
        for drop in map(Path, args):
            found = list(problems(drop))
            for problem in found:
                print(problem)  # noqa: T201  # for the terminal
            if found:
                self.exitcode = 1
            else:
                print(f"{drop} is as it was published")  # noqa: T201  # for the terminal
