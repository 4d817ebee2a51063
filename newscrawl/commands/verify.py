"""``scrapy verify``: check published drops, byte for byte."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands.terminal import tell
from newscrawl.drops.verify import check, printable


class Command(ScrapyCommand):
    """Checks drops; exit code 0: all are well, 1: something is wrong with one, 2: none is named."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what comes behind the command."""
        return "<drop or output folder> [...]"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Check published drops against their descriptors"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check each drop and print what is wrong."""
        if not args:
            raise UsageError(
                "name the folder of a drop, such as output/<run_id>, or output for all"
            )
        for drop in map(Path, args):
            is_well = True
            for finding in check(drop):
                tell(finding.text)
                is_well = is_well and not finding.is_wrong
            if is_well:
                tell(f"{printable(drop)} is as it was published")
            else:
                self.exitcode = 1
