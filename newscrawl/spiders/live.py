"""Crawl live sites: ``scrapy crawl live -a site=NAME[,NAME…]`` or ``-a url=https://…``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newscrawl import dates
from newscrawl.addresses.canonical import canonical_url
from newscrawl.addresses.domains import domain_of
from newscrawl.dates import DateInterval
from newscrawl.discovery.links import usual_places
from newscrawl.discovery.schedule import next_due
from newscrawl.drops import exit_codes
from newscrawl.drops.exporter import keep_failure
from newscrawl.drops.run import Published, Run, unfinished
from newscrawl.errors import (
    RunBusyError,
    RunIdTakenError,
    StoppingError,
    StorageError,
    UsageError,
)
from newscrawl.extract.html.dates import url_dates
from newscrawl.items import Article, Item, PageRecord
from newscrawl.net.browser import RENDER, why_not
from newscrawl.net.capture import FETCHED_AT, RECORD, raw_headers
from newscrawl.net.failures import failure_code
from newscrawl.net.identity import user_agent
from newscrawl.net.robots import RobotsMiddleware
from newscrawl.net.settings import apply_live_settings
from newscrawl.page.facts import Facts, Found
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.sites import Site, site_named
from newscrawl.sources.http import page_headers
from newscrawl.spiders.base import NewsSpider
from newscrawl.store.captures import Capture, prune
from newscrawl.store.queue import DISCOVERY, Entry, Named, Queue, Visit
from newscrawl.store.spool import LINGER

# So many visits say how often a page changes.
_MOST_CHANGES = 32
# After this a page that was gone is gone for good (`store.state`).
_GONE_AGAIN = timedelta(hours=25)


@dataclass(slots=True)
class Target:
    """A site that is crawled.

    Attributes:
        name: in run_id, queue and state.
        starts: where the crawl begins.
        domains: registrable domains (or host and port) that belong to it.
        site: the declared site, or None.
        in_flight: addresses that are being asked for, with their priority.
    """

    name: str
    starts: tuple[str, ...]
    domains: frozenset[str]
    site: Site | None = None
    in_flight: dict[str, int] = field(default_factory=dict)

    def has(self, url: str) -> bool:
        """Whether an address belongs to it."""
        return domain_of(url) in self.domains


class LiveSpider(NewsSpider):
    """Crawls news sites, politely and incrementally, and publishes one drop.

    Args:
        site: declared sites, parted by commas.
        url: where to begin on any site: its front page, a section, a feed, a sitemap, an article.
        since: an ISO 8601 date; what is known to be older is not asked for.
        until: likewise for what is newer.
        max_pages: how many pages to ask for; what is left waits for the next run.
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
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.url, self.since, self.until, self.max_pages = url, since, until, max_pages
        self.capture: Capture | None = None
        self._targets: dict[str, Target] = {}
        self._bounds: tuple[DateInterval | None, DateInterval | None] = (None, None)
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
        self._targets = {target.name: target for target in self._find_targets()}
        self._bounds = _read_bounds(self.since, self.until)
        self._most_pages = _read_number("max_pages", self.max_pages) or self.settings.getint(
            "NEWSCRAWL_MAX_PAGES"
        )
        self._lock_sites()
        self._open()
        # On a slow site no other page may come along that ends a page's transaction.
        self._committing.start(LINGER, now=False)
        for request in self._requests():
            yield request

    def _find_targets(self) -> list[Target]:
        if bool(self.site_name) == bool(self.url):
            raise UsageError(
                "live needs -a site=NAME[,NAME…] (declared sites) or -a url=https://… (any site), "
                f"not {'both' if self.url else 'neither'}"
            )
        if self.url:
            url = canonical_url(self.url)
            if url is None:
                raise UsageError(f"-a url={self.url!r} is no http or https address")
            domain = domain_of(url)
            return [Target(domain.replace(":", "-"), (url,), frozenset({domain}))]
        names = [name.strip() for name in (self.site_name or "").split(",") if name.strip()]
        return [_target(site) for site in dict.fromkeys(site_named(name) for name in names)]

    def _lock_sites(self) -> None:
        output = Path(self.settings["NEWSCRAWL_OUTPUT"])
        for name in sorted(self._targets):
            try:
                output.mkdir(parents=True, exist_ok=True)
                lock = FileLock(output / f".live-{name}.lock")
                self._locks.enter_context(lock.acquire(timeout=0))
            except Timeout:  # an OSError, too
                self._locks.close()
                raise RunBusyError(
                    f"another run crawls {name} into {output} now; this one leaves"
                ) from None
            except OSError as error:
                raise StorageError(
                    f"the output folder {output} can't be used: {error.strerror or error}; choose "
                    "another with -s NEWSCRAWL_OUTPUT="
                ) from None

    def _begin_or_go_on(self) -> Run:
        output = Path(self.settings["NEWSCRAWL_OUTPUT"])
        begin = partial(
            self.open_run,
            {"url": self.url},
            label="+".join(self._targets),
            state=_state(self.settings["NEWSCRAWL_STATE"], output),
            state_wait=self.settings.getfloat("NEWSCRAWL_STATE_WAIT"),
        )
        if self.run_id is not None:
            return begin()
        self.run_id = unfinished(output, self.name, self.site_name, {"url": self.url})
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
            self._known = visits.get
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
        self._open_capture(run)
        self._window = max(8, 2 * self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        for target in self._targets.values():
            for url in target.starts:
                self._queue.add(self._again(Entry(url=url, site=target.name, role="start")))
            if visits:
                for entry, facts in visits.waiting(target.name):
                    self._queue.add(entry, facts)
                for visit in visits.due(target.name, self._now, self._most_pages):
                    self._queue.add(
                        self._again(Entry(url=visit.url, site=target.name, role=visit.role))
                    )

    def _open_capture(self, run: Run) -> None:
        folder = self.settings["NEWSCRAWL_CAPTURE"]
        compression = self.settings["NEWSCRAWL_CAPTURE_COMPRESSION"]
        if not folder or folder == "none":
            return
        if compression not in ("gzip", "zstd"):
            raise UsageError(
                f"NEWSCRAWL_CAPTURE_COMPRESSION={compression!r} is neither gzip nor zstd"
            )
        self.capture = Capture(
            Path(folder),
            run.run_id,
            compression=compression,
            operator=self.settings["NEWSCRAWL_CONTACT"],
            user_agent=self.settings["USER_AGENT"],
            robots="obey" if self.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        )

    def _again(self, entry: Entry) -> Entry:
        """An entry with what an earlier answer carried."""
        return entry.again(self._known(entry.url))

    def _is_wanted(self, found: Found, visit: Visit | None) -> bool:
        """Whether an address that a page names is to be asked for in this run."""
        facts = found.facts
        if found.role == "article" and not self._is_within_bounds(found.url, facts):
            return False
        if visit is None:
            return True
        if visit.due_at is not None and visit.due_at <= self._now:
            return True
        changed = _read_date(facts.modified if facts else None)
        return bool(
            changed and changed.zone_known and changed.earliest
            and changed.earliest > visit.fetched_at
        )  # fmt: skip

    def _is_within_bounds(self, url: str, facts: Facts | None) -> bool:
        """Whether an article may be of the days that are asked for, by what is said of it."""
        since, until = self._bounds
        if since is None and until is None:
            return True
        in_address = next((value for _, value in url_dates(url)), None)
        published = _read_date((facts.published if facts else None) or in_address)
        modified = _read_date(facts.modified if facts else None)
        said = [interval for interval in (published, modified) if interval]
        if since and said and all(interval.is_before(since) for interval in said):
            return False
        return not (until and published and until.is_before(published))

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
                yield self._request(entry, render=True)
                return
            failure = f"render: the page is made by scripts, and {self._no_browser}"
            fetched = replace(fetched, status=None, headers={}, body=b"", failure=failure)
        sitemaps = await self._sitemaps(entry) if entry.role == "start" else []
        for item in self._take_in(entry, fetched, sitemaps, response.request.meta.get(RECORD)):
            yield item

    def _is_made_by_scripts(self, entry: Entry, fetched: Fetched) -> bool:
        """Whether what came has to be rendered, as far as its site or the operator wants that."""
        site = self._targets[entry.site].site
        if entry.role in ("feed", "sitemap") or fetched.status != 200:
            return False
        if site and site.rendered:
            return True
        shells = self.settings.getbool("NEWSCRAWL_RENDER_SHELLS")
        return shells and (Answer(fetched, site).blocked or "").startswith("shell")

    def failed(self, failure: Failure) -> Iterator[Item]:
        """Yield the record of a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        entry: Entry = request.cb_kwargs["entry"]
        if isinstance(failure.value, StoppingError):
            self._targets[entry.site].in_flight.pop(entry.url, None)
            return
        fetched = self._fetched(entry, request, url=request.url, failure=failure_code(failure))
        yield from self._take_in(entry, fetched, [])

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
                retry=not _is_final(answer, record),
            )
        )
        return items

    def _keep(self, fetched: Fetched, record_id: str | None) -> None:
        """Say in the capture what the page is, before anything of it is in the spool."""
        if self.capture is not None:
            url, fetched_at = fetched.answered
            self.capture.write_page(
                page=fetched.page,
                url=url,
                fetched_at=fetched_at,
                role=fetched.role,
                status=fetched.status,
                facts=fetched.facts,
                failure=fetched.failure,
                response_id=record_id,
            )

    def _visit(self, entry: Entry, answer: Answer, items: list[Item], fresh: bool) -> Visit | None:
        """What is remembered of a page, asked for when the pipelines are through with it."""
        fetched, record = answer.fetched, items[-1]
        _, fetched_at = fetched.answered
        assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
        if not _is_final(answer, record):
            return None
        before = self._known(entry.url)
        article = next((i for i in items if isinstance(i, Article)), None)
        if fetched.status == 304 and before:
            sha256, since = before.sha256, before.since
        elif article and record.kind == "article":
            sha256, since = article.sightings[0].body_sha256, _appeared(article)
        else:
            sha256, since = record.sha256, None
        if since is None:
            since = before.since if before else fetched_at
        changes = [*(before.changes if before else []), fresh][-_MOST_CHANGES:]
        if answer.is_gone:
            # Asked once more, for one answer may be an error; then never again.
            due_at = fetched_at + _GONE_AGAIN if before and not before.is_gone else None
        else:
            due_at = next_due(
                entry.role,
                fetched_at,
                published=since,
                changes=changes,
                min_interval=answer.min_interval,
            )
        return Visit(
            url=entry.url,
            site=entry.site,
            role=entry.role,
            fetched_at=fetched_at,
            etag=fetched.headers.get("etag") or (before.etag if before else None),
            last_modified=fetched.headers.get("last-modified")
            or (before.last_modified if before else None),
            sha256=sha256,
            since=since,
            changes=[] if entry.role == "article" else changes,
            due_at=due_at,
            is_gone=answer.is_gone,
        )

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
                self._prune(self.capture.folder.parent)
            except StorageError as error:
                self.logger.error("%s", error)
        self._locks.close()

    def _prune(self, folder: Path) -> None:
        days = self.settings["NEWSCRAWL_CAPTURE_KEEP_DAYS"]
        most = self.settings["NEWSCRAWL_CAPTURE_KEEP_BYTES"]
        output = Path(self.settings["NEWSCRAWL_OUTPUT"])
        prune(
            folder,
            keep_days=float(days) if days else None,
            keep_bytes=int(most) if most else None,
            unfinished=[p.name[1:].removesuffix(".spool") for p in output.glob(".*.spool")],
        )


def _target(site: Site) -> Target:
    starts = site.starts or tuple(f"https://{domain}/" for domain in site.domains[:1])
    if not starts:
        raise UsageError(
            f"the site {site.name} declares no address to start from; give one with -a url="
        )
    domains = site.domains or tuple(domain_of(url) for url in starts)
    return Target(site.name, starts, frozenset(domains), site)


def _by_address(found: list[Found]) -> list[Found]:
    """The same under their canonical addresses, which are what is asked for."""
    return [
        one if one.url == address else replace(one, url=address)
        for one in found
        if (address := canonical_url(one.url))
    ]


def _appeared(article: Article) -> datetime | None:
    """When an article appeared, the earliest that its dates allow."""
    interval = dates.parse_date(article.date_published) if article.date_published else None
    return interval.earliest if interval else None


def _is_final(answer: Answer, record: PageRecord) -> bool:
    """Whether a later run need not ask again before the page is due."""
    if record.outcome == "blocked":
        return (answer.blocked or "").startswith("robots")
    return record.outcome != "fetch-failed" or answer.is_gone


def _state(setting: str | None, output: Path) -> Path | None:
    """The state of a live crawl: by default one for each output folder."""
    if setting == "none":
        return None
    return Path(setting) if setting else output / ".state" / "state.sqlite"


def _read_bounds(
    since: str | None, until: str | None
) -> tuple[DateInterval | None, DateInterval | None]:
    bounds = []
    for name, text in (("since", since), ("until", until)):
        interval = _read_date(text)
        if text and interval is None:
            raise UsageError(f"-a {name}={text!r} is no date; write it as 2024-12-21")
        bounds.append(interval)
    return bounds[0], bounds[1]


def _read_date(text: str | None) -> DateInterval | None:
    return dates.parse_date(text) if text else None


def _read_number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or not int(text):
        raise UsageError(f"-a {name}={text!r} is no number above 0")
    return int(text)
