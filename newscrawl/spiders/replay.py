"""Replay saved pages: ``scrapy crawl replay -a path=DIR``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import chain, islice
from typing import Any

from scrapy import Request
from scrapy.http import Response
from tqdm import tqdm

from newscrawl.errors import INTERNAL_ERROR, PageError, UsageError, one_line
from newscrawl.extract.frame import NO_FRAME, Frame
from newscrawl.items import Item, PageRecord
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.sites import Site, site_called
from newscrawl.sources.containers import media_type
from newscrawl.sources.directory import SavedFile, find_files, hash_file, read_file
from newscrawl.sources.dumps import find_frames, folder_of
from newscrawl.sources.warc import Unread, holds_records, read_captures
from newscrawl.spiders.base import NewsSpider

# Pages are read inside a callback, so many at a time: a request for each would cost more
# than its page (file:// takes 2 to 4 ms), and one callback for all could not be stopped.
_PAGES_A_CALLBACK = 50


class ReplaySpider(NewsSpider):
    """Reads saved pages and publishes one drop.

    Args:
        path: a file, a directory (recursively) or a glob; captures (WARC, WACZ, WET) among the
            files stand for the pages in them.
        site: a declared site that every page is taken for.
        run_id: the drop's name; the same name goes on with an unfinished run.
    """

    name = "replay"
    # Spider middlewares look at requests and responses; a saved page has neither, and each
    # of them costs every item a step.
    custom_settings = {  # noqa: RUF012  # Scrapy declares it on the instance
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
            "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
            "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
        },
    }

    def __init__(self, path: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self._pages: Iterator[list[Item]] = iter(())
        self._site: Site | None = None
        self._frames: dict[str, Frame] = {}
        self._bar: tqdm[Any] | None = None

    async def begin(self) -> AsyncIterator[Any]:
        """Find the pages; what is wrong with the arguments is told here."""
        if not self.path:
            raise UsageError("replay needs -a path=, a file, a directory or a glob")
        self._site = site_called(self.site_name) if self.site_name else None
        files = find_files(self.path)
        self.open_run({"path": self.path}, self.state_path())
        self.logger.info("Replaying %d files from %s", len(files), self.path)
        captures: list[SavedFile] = []
        saved: list[SavedFile] = []
        for file in files:
            (captures if holds_records(file) else saved).append(file)
        # Nobody knows how many pages are in a capture.
        total = None if captures else len(files)
        self._bar = tqdm(total=total, unit="page", delay=1, leave=False, disable=None)
        self._frames = find_frames(saved, self.settings.getint("NEWSCRAWL_MAX_PAGE_BYTES"))
        self._pages = chain(map(self._saved_items, saved), self._captured_items(captures))
        yield self._next_request()

    def _next_request(self) -> Request:
        return Request("data:,", callback=self.read_pages, dont_filter=True)

    async def read_pages(self, response: Response) -> AsyncIterator[Any]:
        """Yield the items of the next pages, then ask for more."""
        assert self.run is not None and self._bar is not None  # noqa: PT018, S101  # set by start
        pages = 0
        for items in islice(self._pages, _PAGES_A_CALLBACK):
            for item in items:
                yield item
            self._bar.update()
            pages += 1
        if self.run.failure is None and pages == _PAGES_A_CALLBACK:
            yield self._next_request()

    def _saved_items(self, file: SavedFile) -> list[Item]:
        try:
            fetched = read_file(file, self.settings.getint("NEWSCRAWL_MAX_PAGE_BYTES"))
        except PageError as error:
            return [self._rejected(file.name, f"{error.code}: {error}", hash_file(file))]
        except Exception as error:  # noqa: BLE001  # one file's bug must not cost the others
            return [self._rejected(file.name, f"{INTERNAL_ERROR}: {one_line(error)}")]
        return self._items(fetched)

    def _captured_items(self, captures: list[SavedFile]) -> Iterator[list[Item]]:
        assert self.run is not None  # noqa: S101  # set by begin
        limit = self.settings.getint("NEWSCRAWL_MAX_PAGE_BYTES")
        for found in read_captures(captures, limit, self.run.notes):
            if isinstance(found, Unread):
                yield [self._rejected(found.page, found.reason, url=found.url)]
            else:
                yield self._items(found)

    def _items(self, fetched: Fetched) -> list[Item]:
        assert self.run is not None  # noqa: S101  # set by start
        answer = Answer(fetched, self._site, self._frames.get(folder_of(fetched.page), NO_FRAME))
        if self.run.has_page(fetched.page, answer.sha256):
            return []
        items = answer.items()
        if answer.is_gone and answer.asked_for and fetched.fetched_at:
            self.run.note_gone(answer.asked_for, fetched.fetched_at)
        record = items[-1]
        if isinstance(record, PageRecord) and record.outcome == "rejected":
            self.logger.warning("%s is rejected: %s", record.page, record.reason)
        return items

    def _rejected(
        self, name: str, reason: str, sha256: str | None = None, url: str | None = None
    ) -> PageRecord:
        self.logger.warning("%s is rejected: %s", name, reason)
        kind = media_type(name) if sha256 else None
        return PageRecord(
            page=name, url=url, sha256=sha256, media_type=kind, outcome="rejected", reason=reason
        )

    def closed(self, reason: str) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.close()
