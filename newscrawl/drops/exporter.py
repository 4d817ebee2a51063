"""How a drop sits in Scrapy's feed exports: a storage and an exporter of our own.

Scrapy opens the storage, hands the exporter each item that has passed the pipelines and
asks the storage to store at the end; storing is publishing. Both speak to the spider's
`Run`. Spiders without a run (``scrapy shell``, ``scrapy fetch``) write no drop.
"""

from __future__ import annotations

import logging
import sqlite3
from typing import IO, Any, Self, cast

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter
from scrapy.settings import BaseSettings

from newscrawl.drops import exit_codes
from newscrawl.drops.run import Run
from newscrawl.errors import DropHeldError, InternalError, NewscrawlError, unwritable
from newscrawl.items import Item

logger = logging.getLogger(__name__)


class DropAddon:
    """Adds the drop to whatever feeds the operator asks for; FEEDS and -O replace each other."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the drop's feed."""
        feeds = {**settings.getdict("FEEDS"), "drop:": {"format": "drop"}}
        settings.set("FEEDS", feeds, priority="cmdline")


class DropExporter(BaseItemExporter):
    """Puts items into the run's spool."""

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self._run = cast("RunFile", file).run

    def export_item(self, item: Any) -> None:
        """Add an item to its page; items of other types are for Scrapy's own feeds alone."""
        if isinstance(item, Item) and self._run is not None and self._run.failure is None:
            keep_failure(self._run, lambda run: run.add(item))


class RunFile:
    """What the storage opens: the run, where Scrapy's own storages have a file."""

    def __init__(self, run: Run | None) -> None:
        self.run = run


class DropStorage:
    """Opens the spider's run and publishes it."""

    def __init__(
        self,
        uri: str,
        crawler: Crawler | None = None,
        *,
        feed_options: dict[str, Any] | None = None,
    ) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None
    ) -> Self:
        """Make the storage of a crawl."""
        return cls(uri, crawler, feed_options=feed_options)

    def open(self, spider: Spider) -> IO[bytes]:
        """The spider's run, in the place of a file."""
        return cast("IO[bytes]", RunFile(getattr(spider, "run", None)))

    def store(self, file: IO[bytes]) -> None:
        """Publish, unless the run failed or was interrupted; errors are told, not raised."""
        run = cast("RunFile", file).run
        if run is None or self._crawler is None or self._crawler.stats is None:
            return
        stats = self._crawler.stats
        spider: Any = self._crawler.spider  # a NewsSpider, for it has a run
        is_stopped = stats.get_value("finish_reason") == "shutdown"
        if is_stopped and run.failure is None and not spider.publishes_when_stopped:
            keep_failure(run, lambda run: run.close())
            logger.error(
                "Interrupted: nothing is published; the same command with -a run_id=%s goes on",
                run.run_id,
            )
            return
        if run.failure is None:
            keep_failure(run, lambda run: run.publish())
        if run.failure is not None:
            if isinstance(run.failure, DropHeldError):
                stats.set_value("newscrawl/exit_code", exit_codes.HELD)
            keep_failure(run, lambda run: run.discard() if run.is_empty else run.close())
            return
        if run.published is None:
            logger.error("No page was met: nothing is published")
            return
        for name, count in run.published.counts.items():
            stats.set_value(f"newscrawl/{name}", count)
        stats.set_value("newscrawl/exit_code", spider.exit_code(run.published))
        logger.info("Published %s", run.published.place)


def keep_failure(run: Run, action: Any) -> None:
    """Do something with a run; a failure is told once and kept, and stops the run."""
    try:
        action(run)
    except Exception as error:  # noqa: BLE001  # Scrapy would log it, and publish what there is
        fail(run, error)


def fail(run: Run, error: BaseException) -> None:
    """Stop a run that met an error: it is told once, and nothing is published."""
    if run.failure is not None:
        return
    if isinstance(error, sqlite3.Error):
        error = unwritable(f"what lies on disk of the run {run.run_id}", error)
    if isinstance(error, NewscrawlError):
        run.failure = error
        logger.error("%s", error)
    else:
        run.failure = InternalError.of(error, run.run_id)
        logger.error("%s", run.failure, exc_info=error)
