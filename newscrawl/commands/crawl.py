"""``scrapy crawl``, with an exit code that says what became of the drop, and a summary."""

from __future__ import annotations

import argparse
import gc
import logging

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler

from newscrawl.commands.summary import summary
from newscrawl.commands.terminal import tell
from newscrawl.drops import exit_codes
from newscrawl.errors import NewscrawlError
from newscrawl.spiders.base import NewsSpider

_OBJECTS_BETWEEN_COLLECTIONS = 50_000

logger = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    """Runs a spider; exit code 0 means that a drop with something in it is published."""

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._crawler = super()._create_crawler(spidercls)
        return self._crawler

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider, print what was published, set the exit code."""
        # What is loaded by now stays: looking through it for garbage again and again costs a
        # tenth of a crawl. Pages make few cycles, so rarer looks cost little memory.
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        try:
            super().run(args, opts)
        except NewscrawlError as error:  # a setting that is read before there is a spider
            logger.error("%s", error)
            self.exitcode = exit_codes.FAILED
            return
        spider = self._crawler.spider
        if self.exitcode or not isinstance(spider, NewsSpider):
            return
        stats = self._crawler.stats
        self.exitcode = (
            stats.get_value("newscrawl/exit_code", exit_codes.FAILED)
            if stats
            else exit_codes.FAILED
        )
        if spider.run is not None and (published := spider.run.published) is not None:
            tell(summary(published))
            if errors := published.counts["errors"]:
                logger.error(
                    "%d pages or items were rejected by errors of newscrawl's own or of a pipeline; "
                    "%s names them (internal-error, pipeline-error)",
                    errors,
                    f"{published.place}/pages.jsonl",
                )
