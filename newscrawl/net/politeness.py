"""How fast a host is asked, how often a failure is tried again, and when a host is left alone.

Delay and concurrency live in Scrapy's downloader slots, one a host. What is added to Scrapy:

- a slot of its own for each host, after redirects too (Scrapy keeps the first host's slot, its
  issue 2141), with the same pace after an idle minute, when Scrapy forgets slots;
- the delay follows the host's latency as in Scrapy's AutoThrottle, and doubles on failures;
- Retry-After (RFC 9110, 10.2.3), and growing pauses with jitter where there is none;
- a host that keeps failing, or asks for a long pause, is given up for the run;
- requests that still wait for their turn do not hold up the end of a run.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf
from time import monotonic
from typing import Any, Self
from urllib.parse import ParseResult

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from newscrawl.errors import FetchError, HostDownError, RetryLaterError, StoppingError
from newscrawl.net.failures import failure_code
from newscrawl.sources.internals import is_closing

_MAX_BACKOFF = 60.0  # seconds
_SLOWED = 1.0  # seconds between requests, at least, after a failure
# What a page's address or content did, and the host can't help.
_NOT_THE_HOST = frozenset({"bad-url", "bad-encoding", "too-large", "ignored", "error"})
_NOT_AGAIN = frozenset({"bad-certificate"})
_STOP_CHECK = 0.5  # seconds

logger = logging.getLogger(__name__)


def slot_key(parts: ParseResult) -> str:
    """The name of a host's downloader slot: the host, with its port if that is not the usual.

    >>> from urllib.parse import urlparse
    >>> slot_key(urlparse("http://example.org/a")), slot_key(urlparse("http://example.org:8080"))
    ('example.org', 'example.org:8080')
    """
    host = parts.hostname or ""
    usual = 443 if parts.scheme == "https" else 80
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def next_delay(delay: float, latency: float, failed: bool, floor: float, ceiling: float) -> float:
    """The delay after an answer: AutoThrottle's rule, and doubled after a failure.

    Args:
        delay: the delay until now, seconds.
        latency: seconds until the answer's headers came.
        failed: the host did not answer, or with 429 or 5xx.
        floor: what the delay never falls below: the setting, or robots.txt.
        ceiling: what it never rises above, unless `floor` does.
    """
    wanted = max(2 * delay, _SLOWED) if failed else max(latency, (delay + latency) / 2)
    return max(floor, min(wanted, ceiling))


def backoff(failures: int, first: float) -> float:
    """How long a host is left alone after its nth failure in a row, seconds, without jitter.

    >>> [backoff(n, first=1.0) for n in (1, 2, 3, 99)]
    [1.0, 2.0, 4.0, 60.0]
    """
    return min(_MAX_BACKOFF, first * 2.0 ** min(failures - 1, 30))


def retry_after(value: str, now: datetime) -> float | None:
    """Read a Retry-After header.

    Args:
        value: whole seconds or an HTTP date (all three forms of RFC 9110, 5.6.7).
        now: aware.

    Returns:
        Seconds from now, 0 for a date in the past, None where it is neither.

    >>> now = datetime(2026, 11, 23, 4, 0, 0, tzinfo=UTC)
    >>> retry_after("120", now), retry_after("Mon, 23 Nov 2026 04:01:00 GMT", now)
    (120.0, 60.0)
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value) if len(value) < 12 else inf
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if date.tzinfo is None:  # "-0000", or the asctime form
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


@dataclass(slots=True)
class _Host:
    """What this run knows of a host's manners.

    Attributes:
        floor: seconds between requests that are never undercut.
        concurrency: requests at a time while it answers well.
        delay: seconds between requests now.
        failures: pages in a row that failed, each counted once.
        given_up: why nothing more is asked of it.
    """

    floor: float
    concurrency: int
    delay: float
    failures: int = 0
    given_up: FetchError | None = None


class PolitenessMiddleware:
    """Paces each host, tries failures again, and leaves hosts alone that can't or won't answer."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._floor = settings.getfloat("DOWNLOAD_DELAY")
        self._ceiling = settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        self._concurrency = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._max_retry_after = settings.getfloat("NEWSCRAWL_MAX_RETRY_AFTER", 120.0)
        self._backoff = settings.getfloat("NEWSCRAWL_RETRY_BACKOFF", 1.0)
        self._max_failures = settings.getint("NEWSCRAWL_MAX_HOST_FAILURES", 10)
        self._retried = frozenset(int(code) for code in settings.getlist("RETRY_HTTP_CODES"))
        self._hosts: dict[str, _Host] = {}
        self._stop_check: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the settings, and watch for the run's end."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(middleware._started, signals.engine_started)
        crawler.signals.connect(middleware._stopped, signals.spider_closed)
        return middleware

    def process_request(self, request: Request) -> None:
        """Give the request its host's slot.

        Raises:
            HostDownError, RetryLaterError: the host is given up for this run.
        """
        key = slot_key(urlparse_cached(request))
        if (host := self._hosts.get(key)) and host.given_up:
            raise host.given_up.again()
        request.meta["download_slot"] = key
        request.meta.setdefault("download_timeout", self._timeout)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Adapt the host's pace to its answer.

        On the signal, for it comes before the next request of the slot is sent, as
        `process_response` does not.
        """
        key, host = self._host_of(request)
        failed = _failed(response)
        latency = request.meta.get("download_latency") or 0.0
        if failed:
            self._count_failure(key, host, request, latency)
        else:
            host.failures = 0
            # A short error page comes fast; it must not speed us up.
            if 200 <= response.status < 300 or latency > host.delay:
                host.delay = next_delay(host.delay, latency, False, host.floor, self._ceiling)
            self._apply(key, host)
        if host.given_up:
            return
        asked = _asked_pause(response)
        if asked > self._max_retry_after:
            when = f"in {asked:.0f} s" if asked < inf else "never"
            later = (
                f"HTTP {response.status}: {key} asks to come back {when}, more than "
                f"NEWSCRAWL_MAX_RETRY_AFTER={self._max_retry_after:g}"
            )
            self._give_up(key, host, RetryLaterError(later))
        elif asked:
            self._pause(key, asked)
        if failed:
            self._back_off(key, host, request, f"HTTP {response.status}")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Try a failure again.

        Raises:
            RetryLaterError: the host asks for a longer pause than NEWSCRAWL_MAX_RETRY_AFTER.
        """
        if 200 <= response.status < 300:
            return response
        _, host = self._host_of(request)
        if isinstance(host.given_up, RetryLaterError) and _asked_pause(response):
            raise host.given_up.again()
        if host.given_up or not _failed(response) or response.status not in self._retried:
            return response
        return self._again(request, f"HTTP {response.status}") or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Slow down and try again, unless that would not help."""
        code = failure_code(exception)
        if isinstance(exception, FetchError) or code.partition(":")[0] in _NOT_THE_HOST:
            return None
        key, host = self._host_of(request)
        self._count_failure(key, host, request, latency=0.0)
        self._back_off(key, host, request, code)
        if host.given_up or code.partition(":")[0] in _NOT_AGAIN:
            return None
        return self._again(request, code.partition(":")[0])

    def slow_down(self, key: str, seconds: float) -> None:
        """Ask a host for one page at a time and never faster than this, for the rest of the run.

        Args:
            key: see `slot_key`.
            seconds: between requests.
        """
        host = self._host(key)
        if seconds > host.floor:
            host.floor = seconds
            host.concurrency = 1
            host.delay = max(host.delay, seconds)
            # Give or take nothing: robots.txt says at least.
            self._downloader.per_slot_settings.setdefault(key, {})["jitter"] = 0.0
            if slot := self._downloader.slots.get(key):
                slot.jitter = 0.0
            self._apply(key, host)
            logger.info("%s wants %g s between requests", key, seconds)

    def drop_waiting(self) -> int:
        """Fail the requests that wait for their turn, so that a run can end.

        Their errbacks get `StoppingError`. Called by itself when the spider closes.

        Returns:
            How many there were.
        """
        return sum(
            _fail_waiting(slot, StoppingError("the run ends; it was not asked for"))
            for slot in list(self._downloader.slots.values())
        )

    @property
    def _downloader(self) -> Downloader:
        assert self._crawler.engine is not None  # noqa: S101  # it sends us requests
        return self._crawler.engine.downloader

    def _host_of(self, request: Request) -> tuple[str, _Host]:
        key = slot_key(urlparse_cached(request))
        return key, self._host(key)

    def _host(self, key: str) -> _Host:
        host = self._hosts.get(key)
        if host is None:
            own = self._downloader.per_slot_settings.get(key, {})  # DOWNLOAD_SLOTS
            floor = float(own.get("delay", self._floor))
            concurrency = int(own.get("concurrency", self._concurrency))
            host = self._hosts[key] = _Host(floor, concurrency, floor)
        return host

    def _apply(self, key: str, host: _Host) -> None:
        """Set the slot's pace, and that of a slot which Scrapy makes anew for this host."""
        concurrency = 1 if host.failures else host.concurrency
        own = self._downloader.per_slot_settings.setdefault(key, {})
        own["delay"], own["concurrency"] = host.delay, concurrency
        if slot := self._downloader.slots.get(key):
            slot.delay, slot.concurrency = host.delay, concurrency

    def _pause(self, key: str, seconds: float) -> None:
        """Let the host's next request start a delay after this time, or later."""
        if slot := self._downloader.slots.get(key):
            slot.lastseen = max(slot.lastseen, monotonic() + seconds)
            slot.delay = max(slot.delay, 0.001)  # Scrapy looks at lastseen only with a delay

    def _count_failure(self, key: str, host: _Host, request: Request, latency: float) -> None:
        # A page that fails again says something of the page, and no more of its host.
        if not request.meta.get("retry_times"):
            host.failures += 1
            host.delay = next_delay(host.delay, latency, True, host.floor, self._ceiling)
        self._apply(key, host)

    def _back_off(self, key: str, host: _Host, request: Request, why: str) -> None:
        if host.given_up:
            return
        if host.failures >= self._max_failures:
            down = HostDownError(f"{host.failures} pages of {key} failed in a row, at last: {why}")
            self._give_up(key, host, down)
        else:
            jitter = random.uniform(0.75, 1.25)  # noqa: S311  # no secret
            # The doubled delay, which follows the pause, is part of it.
            attempts = request.meta.get("retry_times", 0) + 1
            pause = backoff(max(host.failures, attempts), self._backoff)
            self._pause(key, pause * jitter - host.delay)

    def _give_up(self, key: str, host: _Host, why: FetchError) -> None:
        logger.warning("%s is left alone for the rest of this run: %s", key, why)
        host.given_up = why
        if slot := self._downloader.slots.get(key):
            _fail_waiting(slot, why)

    def _again(self, request: Request, reason: str) -> Request | None:
        assert self._crawler.spider is not None  # noqa: S101  # its requests come here
        return get_retry_request(request, spider=self._crawler.spider, reason=reason)

    def _started(self) -> None:
        self._stop_check = create_looping_call(self._drop_if_stopping)
        self._stop_check.start(_STOP_CHECK, now=False)

    def _stopped(self) -> None:
        if self._stop_check is not None and self._stop_check.running:
            self._stop_check.stop()

    def _drop_if_stopping(self) -> None:
        if is_closing(self._crawler.engine) and (dropped := self.drop_waiting()):
            logger.info("%d requests that waited for their turn are left for the next run", dropped)


def _failed(response: Response) -> bool:
    return response.status == 429 or response.status >= 500


def _asked_pause(response: Response) -> float:
    """The seconds that an answer asks to wait, where Retry-After has a meaning; else 0."""
    if _failed(response) or 300 <= response.status < 400:
        header = response.headers.get("Retry-After") or b""
        return retry_after(header.decode("latin-1"), datetime.now(UTC)) or 0.0
    return 0.0


def _fail_waiting(slot: Slot, why: FetchError) -> int:
    """Take all requests out of a slot's queue; each gets an exception of its own."""
    waiting = list(_drain(slot))
    for deferred in waiting:
        deferred.errback(Failure(why.again()))  # type: ignore[no-untyped-call]  # the library is not typed
    return len(waiting)


def _drain(slot: Slot) -> Iterator[Any]:
    while slot.queue:
        yield slot.queue.popleft()[1]
