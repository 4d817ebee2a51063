"""Crawl live sites: ``scrapy crawl live -a site=NAME[,NAME…]`` or ``-a url=https://…``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newscrawl.addresses.canonical import request_url
from newscrawl.addresses.forms import Role
from newscrawl.discovery.bounds import Bounds
from newscrawl.discovery.links import usual_places
from newscrawl.drops import exit_codes
from newscrawl.drops.exporter import keep_failure
from newscrawl.drops.locks import lock_sites
from newscrawl.drops.publish import Published
from newscrawl.drops.run import Run, unfinished
from newscrawl.errors import (
    INTERNAL_ERROR,
    RunIdTakenError,
    StoppingError,
    StorageError,
    UsageError,
    one_line,
)
from newscrawl.items import Item, PageRecord
from newscrawl.net.browser import RENDER, why_not
from newscrawl.net.capture import FETCHED_AT, RECORD, open_capture, prune_captures, raw_headers
from newscrawl.net.failures import failure_code
from newscrawl.net.identity import user_agent
from newscrawl.net.robots import RobotsMiddleware
from newscrawl.net.settings import apply_live_settings
from newscrawl.page.facts import Found
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.sources.http import page_headers
from newscrawl.sources.targets import Target, find_targets
from newscrawl.spiders.base import NewsSpider, output_of
from newscrawl.store.captures import Capture
from newscrawl.store.queue import DISCOVERY, Entry, Named, Queue, Visit
from newscrawl.store.remembered import is_final, is_wanted, visit_of
from newscrawl.store.spool import LINGER

_DEPTHS = ("articles", "listings")


class LiveSpider(NewsSpider):
    """Crawls news sites, politely and incrementally, and publishes one drop.

    Args:
        site: declared sites, parted by commas.
        url: where to begin on any site: its front page, a section, a feed, a sitemap, an article.
        since: an ISO 8601 date; what is known to be older is not asked for.
        until: likewise for what is newer.
        max_pages: how many pages to ask for; what is left waits for the next run.
        depth: `listings`: articles' own pages are not asked for, and what listings show of them is
            published, truncated; `articles`, by default, asks for both.
        run_id: the drop's name; the same name goes on with an unfinished run.
    """

    name = "live"
    publishes_when_stopped = True

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Set what a live crawl needs, beneath what the operator set."""
        super().update_settings(settings)
        apply_live_settings(settings)

    def __init__(
        self,
        url: str | None = None,
        since: str | None = None,
        until: str | None = None,
        max_pages: str | None = None,
        depth: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.url, self.since, self.until, self.max_pages = url, since, until, max_pages
        self.depth = depth or "articles"
        self.capture: Capture | None = None
        self._targets: dict[str, Target] = {}
        self._bounds = Bounds()
        self._locks = ExitStack()
        self._committing = create_looping_call(self._commit)
        self._queue: Queue | None = None
        self._known: Callable[[str], Visit | None] = lambda url: None
        self._now = datetime.now(UTC)
        self._no_browser: str | None = None
        self._window = 8
        self._pages = self._most_pages = 0

    # Begin

    async def begin(self) -> AsyncIterator[Any]:
        """Begin or go on with the run; what is wrong with the arguments is told here."""
        user_agent(self.settings["NEWSCRAWL_CONTACT"])
        targets = find_targets(self.site_name, self.url)
        self._targets = {target.name: target for target in targets}
        if self.depth not in _DEPTHS:
            raise UsageError(f"-a depth={self.depth} is none of {', '.join(_DEPTHS)}")
        self._bounds = Bounds.read(self.since, self.until)
        self._most_pages = _read_number("max_pages", self.max_pages) or self.settings.getint(
            "NEWSCRAWL_MAX_PAGES"
        )
        self._locks = lock_sites(output_of(self.settings).work, self._targets)
        self._open()
        # On a slow site no other page may come along that ends a page's transaction.
        self._committing.start(LINGER, now=False)
        for request in self._requests():
            yield request

    @property
    def _arguments(self) -> dict[str, str | None]:
        """What the run was begun with, beside its site."""
        named = {"url": self.url}
        return named if self.depth == "articles" else {**named, "depth": self.depth}

    def _begin_or_go_on(self) -> Run:
        output = output_of(self.settings).work
        begin = partial(
            self.open_run,
            self._arguments,
            label="+".join(self._targets),
            state=self.state_path(output / ".state" / "state.sqlite"),
            state_wait=self.settings.getfloat("NEWSCRAWL_STATE_WAIT"),
        )
        if self.run_id is not None:
            return begin()
        self.run_id = unfinished(output, self.name, self.site_name, self._arguments)
        if self.run_id is None:
            return begin()
        self.logger.info("Going on with the unfinished run %s", self.run_id)
        try:
            return begin()
        except RunIdTakenError:
            # It had been killed with its drop out already, and all it lacked is done now.
            self.run_id = None
            return begin()

    def _open(self) -> None:
        run = self._begin_or_go_on()
        visits = run.state.visits if run.state else None
        self._now = run.started_at
        if visits:
            self._known = visits.of
        self._queue = run.spool.open_queue(
            known=self._known,
            is_wanted=self._is_wanted,
            limits={
                "feed": self.settings.getint("NEWSCRAWL_MAX_FEEDS"),
                "sitemap": self.settings.getint("NEWSCRAWL_MAX_SITEMAPS"),
                "listing": self.settings.getint("NEWSCRAWL_MAX_LISTINGS"),
            },
        )
        run.on_spooled = self._spooled
        self._pages = run.spool.count("pages")
        self._no_browser = why_not(self.settings)
        self.capture = open_capture(self.settings, run.run_id)
        self._window = max(8, 2 * self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        for target in self._targets.values():
            for url in target.starts:
                self._queue.add(self._again(Entry(url=url, site=target.name, role="start")))
            if visits:
                for entry, facts in visits.waiting(target.name):
                    self._queue.add(entry, facts)
                for visit in visits.due(target.name, self._now, self._most_pages):
                    if not self._is_in_depth(visit.role):
                        continue
                    self._queue.add(
                        self._again(Entry(url=visit.url, site=target.name, role=visit.role))
                    )

    def _again(self, entry: Entry) -> Entry:
        """An entry with what an earlier answer carried."""
        return entry.again(self._known(entry.url))

    def _is_in_depth(self, role: Role) -> bool:
        """Whether the operator wants pages of a role."""
        return self.depth == "articles" or role != "article"

    def _is_wanted(self, found: Found, visit: Visit | None) -> bool:
        """Whether an address is to be asked for; what can't be told is asked for."""
        try:
            return is_wanted(found, visit, self._bounds, self._now)
        except Exception as error:  # noqa: BLE001  # the page that names it is not to blame
            self.logger.warning("Asking for %s all the same: %s", found.url, one_line(error))
            return True

    # Ask

    def _requests(self) -> Iterator[Request]:
        """The next requests of each site, as many as are worth having in flight."""
        assert self._queue is not None  # noqa: S101  # set by _open
        for target in self._targets.values():
            while len(target.in_flight) < self._window and self._may_ask_more():
                # Articles wait until all that tells of them is in.
                discovering = any(at <= DISCOVERY for at in target.in_flight.values())
                entry = self._queue.take(target.name, DISCOVERY if discovering else None)
                if entry is None:
                    break
                if not self._is_in_depth(entry.role):
                    continue  # it is left for a run that asks for articles
                target.in_flight[entry.url] = entry.priority
                yield self._request(entry)

    def _may_ask_more(self) -> bool:
        assert self.run is not None  # noqa: S101  # set by _open
        in_flight = sum(len(target.in_flight) for target in self._targets.values())
        return self.run.failure is None and self._pages + in_flight < self._most_pages

    def _request(self, entry: Entry, render: bool = False) -> Request:
        site = self._targets[entry.site].site
        if site and site.rendered and entry.role not in ("feed", "sitemap"):
            render = True
        headers = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
        return Request(
            entry.url,
            callback=self.answered,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            cb_kwargs={"entry": entry},
            meta={RENDER: True} if render and self._no_browser is None else {},
            dont_filter=True,
        )

    # Answers

    async def answered(self, response: Response, entry: Entry) -> AsyncIterator[Item | Request]:
        """Yield the items of a page that was asked for, or ask for it to be rendered."""
        try:
            taken = await self._answered(response, entry)
        except Exception as error:  # noqa: BLE001  # one page's bug must not cost the others
            taken = self._broke(entry, error)
        for one in taken:
            yield one

    async def _answered(self, response: Response, entry: Entry) -> Sequence[Item | Request]:
        assert response.request is not None  # noqa: S101  # it was asked for
        fetched = self._fetched(
            entry,
            response.request,
            url=response.url,
            status=response.status,
            headers=page_headers(raw_headers(response.headers)),
            body=response.body,
        )
        if not response.request.meta.get(RENDER) and self._is_made_by_scripts(entry, fetched):
            if self._no_browser is None:
                return [self._request(entry, render=True)]
            failure = f"render: the page is made by scripts, and {self._no_browser}"
            fetched = replace(fetched, status=None, headers={}, body=b"", failure=failure)
        sitemaps = await self._sitemaps(entry) if entry.role == "start" else []
        return self._take_in(entry, fetched, sitemaps, response.request.meta.get(RECORD))

    def _is_made_by_scripts(self, entry: Entry, fetched: Fetched) -> bool:
        """Whether what came has to be rendered, as far as its site or the operator wants that."""
        site = self._targets[entry.site].site
        if entry.role in ("feed", "sitemap") or fetched.status != 200:
            return False
        if site and site.rendered:
            return True
        shells = self.settings.getbool("NEWSCRAWL_RENDER_SHELLS")
        return shells and (Answer(fetched, site).blocked or "").startswith("shell")

    def failed(self, failure: Failure) -> list[Item]:
        """The record of a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        entry: Entry = request.cb_kwargs["entry"]
        if isinstance(failure.value, StoppingError):
            self._targets[entry.site].in_flight.pop(entry.url, None)
            return []
        try:
            fetched = self._fetched(entry, request, url=request.url, failure=failure_code(failure))
            return self._take_in(entry, fetched, [])
        except Exception as error:  # noqa: BLE001  # one page's bug must not cost the others
            return self._broke(entry, error)

    def _broke(self, entry: Entry, error: Exception) -> list[Item]:
        """The record of a page that an error of ours cost; a later run asks for it again."""
        assert self.run is not None  # noqa: S101  # set by _open
        reason = f"{INTERNAL_ERROR}: {one_line(error)}"
        self.logger.error("%s is rejected: %s", entry.url, reason)
        self.logger.debug("Where it broke", exc_info=error)
        self.run.name(Named(page=entry.url, site=entry.site, retry=True))
        return [PageRecord(page=entry.url, url=entry.url, outcome="rejected", reason=reason)]

    def _fetched(self, entry: Entry, request: Request, **answer: Any) -> Fetched:
        assert self._queue is not None  # noqa: S101  # set by _open
        now = datetime.now(UTC).replace(microsecond=0)
        return Fetched(
            page=entry.url,
            role=entry.role,
            fetched_at=request.meta.get(FETCHED_AT) or now,
            facts=self._queue.facts(entry.url),
            **answer,
        )

    async def _sitemaps(self, entry: Entry) -> list[Found]:
        """The sitemaps that robots.txt names, wherever they lie."""
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        urls = await robots.sitemaps(entry.url) if robots else ()
        return [Found(url=url, role="sitemap", reason="robots.txt") for url in urls]

    def _take_in(
        self, entry: Entry, fetched: Fetched, sitemaps: list[Found], record_id: str | None = None
    ) -> list[Item]:
        """A page's items; what it names is queued when they are in the spool."""
        run = self.run
        assert run is not None  # noqa: S101  # set by _open
        if run.failure is not None:
            return []
        keep_failure(run, lambda run: self._keep(fetched, record_id))
        target = self._targets[entry.site]
        answer = Answer(fetched, target.site)
        links, next_pages = answer.names(target.has)
        links += sitemaps
        if answer.is_front_page and not any(one.role in ("feed", "sitemap") for one in links):
            links += usual_places(fetched.answered[0])
        items = answer.items()
        record = items[-1]
        assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
        if answer.is_gone:
            run.note_gone(entry.url, fetched.answered[1])
        run.name(
            Named(
                page=entry.url,
                site=target.name,
                links=_by_address(links),
                next_pages=_by_address(next_pages),
                visit=lambda fresh: self._visit(entry, answer, items, fresh),
                hops=entry.hops + (entry.role == "listing"),
                retry=not is_final(answer, record),
            )
        )
        return items

    def _keep(self, fetched: Fetched, record_id: str | None) -> None:
        """Say in the capture what the page is, before anything of it is in the spool."""
        if self.capture is not None:
            self.capture.write_fetched(fetched, record_id)

    def _visit(self, entry: Entry, answer: Answer, items: list[Item], fresh: bool) -> Visit | None:
        """What is remembered of a page, asked for when the pipelines are through with it."""
        try:
            return visit_of(entry, answer, items, self._known(entry.url), fresh)
        except Exception as error:  # noqa: BLE001  # a later run asks again, that is all
            self.logger.warning("%s is not remembered: %s", entry.url, one_line(error))
            return None

    def _spooled(self, page: str) -> None:
        """A page is in the spool: there is room for others."""
        self._pages += 1
        for target in self._targets.values():
            target.in_flight.pop(page, None)
        assert self.crawler.engine is not None  # noqa: S101  # it brought the page
        for request in self._requests():
            self.crawler.engine.crawl(request)

    def _commit(self) -> None:
        if self.run is not None and self.run.failure is None:
            keep_failure(self.run, lambda run: run.spool.commit())

    def exit_code(self, published: Published) -> int:
        """Trouble with some pages is told by the exit code, too."""
        return exit_codes.of_live_crawl(published)

    def closed(self, reason: str) -> None:
        """Close the capture, forget old ones, let the next run of these sites begin."""
        if self._committing.running:
            self._committing.stop()
        if self.capture is not None:
            try:
                self.capture.close()
                prune_captures(self.settings, self.capture.folder.parent)
            except StorageError as error:
                self.logger.error("%s", error)
        self._locks.close()


def _by_address(found: list[Found]) -> list[Found]:
    """The same under the addresses that are asked for: as printed, without what tracks readers."""
    return [
        one if one.url == address else replace(one, url=address)
        for one in found
        if (address := request_url(one.url))
    ]


def _read_number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or not int(text):
        raise UsageError(f"-a {name}={text!r} is no number above 0")
    return int(text)
