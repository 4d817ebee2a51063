"""``scrapy verify``: check published drops, byte for byte."""

from __future__ import annotations

import argparse

import msgspec
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from newscrawl.commands.terminal import tell
from newscrawl.drops.outputs import at_hand
from newscrawl.drops.verify import check, printable
from newscrawl.errors import UsageError


class Command(ScrapyCommand):
    """Checks drops; exit code 0: all are well, 1: something is wrong with one, 2: none is named."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what comes behind the command."""
        return "<drop, output folder or output's URL> [...]"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Check published drops against their descriptors"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check each drop and print what is wrong."""
        if not args:
            raise ScrapyUsageError(
                "name the folder of a drop, such as output/<run_id>, or output for all"
            )
        for named in args:
            try:
                self._check(named)
            except (UsageError, OSError, msgspec.DecodeError) as error:
                tell(f"{printable(named)} can't be checked: {printable(error)}")
                self.exitcode = 1

    def _check(self, named: str) -> None:
        is_well = True
        with at_hand(named) as folder:
            for finding in check(folder):
                tell(finding.text.replace(str(folder), named))
                is_well = is_well and not finding.is_wrong
        if is_well:
            tell(f"{printable(named)} is as it was published")
        else:
            self.exitcode = 1
