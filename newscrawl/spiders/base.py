"""What the spiders share: a run, and the signals by which nothing is lost in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawl.drops import exit_codes
from newscrawl.drops.exporter import fail, keep_failure
from newscrawl.drops.form import Form
from newscrawl.drops.outputs import Output, open_output
from newscrawl.drops.publish import Published
from newscrawl.drops.run import Run
from newscrawl.errors import InternalError, NewscrawlError, RunBusyError, StorageError, UsageError
from newscrawl.items import Item


def form_of(settings: BaseSettings) -> Form:
    """How the settings say that a drop's files are written.

    Raises:
        UsageError: as they do, they can't be.
    """
    try:
        has_parquet = settings.getbool("NEWSCRAWL_PARQUET")
    except ValueError:
        raise UsageError(
            f"NEWSCRAWL_PARQUET={settings['NEWSCRAWL_PARQUET']!r} is neither 0 nor 1"
        ) from None
    return Form.read(settings["NEWSCRAWL_COMPRESSION"], has_parquet)


def output_of(settings: BaseSettings) -> Output:
    """Where the settings say that drops go.

    Raises:
        UsageError: they can't go there.
    """
    return open_output(settings["NEWSCRAWL_OUTPUT"], settings["NEWSCRAWL_WORK"])


class NewsSpider(scrapy.Spider):
    """A spider whose items become a drop.

    Args:
        site: a declared site that every page is taken for.
        run_id: the drop's name; the same name goes on with an unfinished run.
    """

    run: Run | None = None
    publishes_when_stopped = False
    """Whether a run that is asked to stop publishes what it has; else it is gone on with."""

    def __init__(self, site: str | None = None, run_id: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_name = site
        self.run_id = run_id

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider and connect what pipelines drop to its run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.item_dropped, signals.item_dropped)
        crawler.signals.connect(spider.item_error, signals.item_error)
        crawler.signals.connect(spider.spider_error, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Begin or go on with the run; whatever is wrong ends it with an error and an exit code."""
        try:
            async for request in self.begin():
                yield request
        except Exception as error:  # noqa: BLE001  # Scrapy would log it, and publish what there is
            self.refuse(error)

    def begin(self) -> AsyncIterator[Any]:
        """Open the run and yield its first requests.

        Raises:
            NewscrawlError: the arguments are wrong, or the run can't begin.
        """
        raise NotImplementedError

    def open_run(self, arguments: dict[str, str | None], state: Path | None, **options: Any) -> Run:
        """Open the run, new or to go on with.

        Args:
            arguments: what else it was begun with.
            state: the file of the state across runs, or None.
            options: further arguments of `Run`.

        Raises:
            NewscrawlError: see `Run`.
        """
        self.run = Run(
            output_of(self.settings),
            self.name,
            self.site_name,
            arguments,
            self.run_id,
            state,
            self.settings.getbool("NEWSCRAWL_EMIT_UNCHANGED"),
            checks=self.settings["NEWSCRAWL_CHECKS"],
            form=form_of(self.settings),
            **options,
        )
        return self.run

    def state_path(self, default: Path | None = None) -> Path | None:
        """The file of the state across runs; None: the run stands alone.

        Args:
            default: where NEWSCRAWL_STATE names none.
        """
        setting = self.settings["NEWSCRAWL_STATE"]
        if setting == "none":
            return None
        return Path(setting) if setting else default

    def item_dropped(self, item: Any, exception: BaseException) -> None:
        """A pipeline dropped an item: reject record, or a count of empty posts."""
        self._reject(item, exception)

    def item_error(self, item: Any, failure: Failure) -> None:
        """A pipeline broke on an item: reject record."""
        self._reject(item, failure.value or RuntimeError("unknown error"))

    def _reject(self, item: Any, error: BaseException) -> None:
        if isinstance(error, StorageError) and self.run is not None:
            fail(self.run, error)  # it is the machine's, and no item's
        elif isinstance(item, Item) and self.run is not None and self.run.failure is None:
            keep_failure(self.run, lambda run: run.reject(item, error))

    def spider_error(self, failure: Failure) -> None:
        """A callback broke, and whatever it had not yielded yet is lost: so the run is not published."""
        if self.run is not None:
            fail(self.run, failure.value or RuntimeError("unknown error"))

    def refuse(self, error: Exception) -> None:
        """Tell why the run can't begin, or go on."""
        if self.run is not None:
            fail(self.run, error)
        elif isinstance(error, NewscrawlError):
            self.logger.error("%s", error)
        else:
            self.logger.error("%s", InternalError.of(error), exc_info=error)
        if isinstance(error, RunBusyError) and self.crawler.stats is not None:
            self.crawler.stats.set_value("newscrawl/exit_code", exit_codes.BUSY)

    def exit_code(self, published: Published) -> int:
        """What the command's exit code says of a drop."""
        return exit_codes.of_replay(published)
