"""``scrapy publish``: publish a drop that a check kept aside, or discard it."""

from __future__ import annotations

import argparse
import logging

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from newscrawl.commands.summary import summary
from newscrawl.commands.terminal import tell
from newscrawl.drops import exit_codes
from newscrawl.drops.run import reopen
from newscrawl.errors import NewscrawlError
from newscrawl.spiders.base import form_of, output_of

logger = logging.getLogger(__name__)


class Command(ScrapyCommand):
    """Publishes what was held; exit code 0: it is done, 1: it could not be, 2: no run is named."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Say what comes behind the command."""
        return "[--discard] <run_id>"

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Publish a drop that a check kept aside, or discard it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own option."""
        super().add_options(parser)
        parser.add_argument(
            "--discard", action="store_true", help="delete it; its pages count as not seen"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Publish or discard."""
        if len(args) != 1:
            raise ScrapyUsageError("name one run, as the message that the drop is held names it")
        assert self.settings is not None  # noqa: S101  # Scrapy sets it
        try:
            run = reopen(output_of(self.settings), args[0], form_of(self.settings))
            if opts.discard:
                run.discard()
                tell(f"{args[0]} is discarded")
                return
            try:
                published = run.publish()
            except NewscrawlError:
                run.close()
                raise
        except NewscrawlError as error:
            logger.error("%s", error)
            self.exitcode = exit_codes.FAILED
            return
        if published is not None:
            tell(summary(published))
