"""robots.txt, obeyed: RFC 9309, and Crawl-delay, Request-rate and Sitemap lines besides.

What an answer to ``/robots.txt`` means (RFC 9309, 2.3.1; where it leaves a choice, Google's):

- 2xx: its rules hold, for 24 hours; the first 500 KiB of it are read.
- 3xx: followed, five times, to other hosts too; more mean that there are no rules.
- 4xx but 429: there are no rules.
- 429, 5xx or no answer: nothing may be fetched for now; asked again after ten minutes.
"""

from __future__ import annotations

import asyncio
import codecs
import logging
import re
from dataclasses import dataclass
from time import monotonic
from typing import Self
from urllib.parse import ParseResult, quote, urljoin, urlparse

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.errors import FetchError, RedirectError, RobotsError, StoppingError
from newscrawl.net.failures import failure_code
from newscrawl.net.guard import check_url
from newscrawl.net.identity import PRODUCT
from newscrawl.net.politeness import PolitenessMiddleware, slot_key

MAX_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5: at least 500 KiB)."""

_MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_MAX_DOWNLOAD = 4 * 1024 * 1024  # a longer one counts as unreachable
_RULES_LIFETIME = 24 * 3600.0  # RFC 9309, 2.4
_UNREACHABLE_LIFETIME = 600.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one origin's robots.txt says to newscrawl.

    Attributes:
        rules: the parsed file; an empty one where there is none.
        refusal: why nothing may be fetched, whatever the path.
        sitemaps: absolute http(s) addresses of Sitemap lines, in order, each once.
    """

    rules: Protego
    refusal: FetchError | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the rules for newscrawl, or else for all, allow the address."""
        return self.refusal is None and self.rules.can_fetch(url, PRODUCT)


def parse_robots(body: bytes, url: str) -> RobotsRules:
    """Read a robots.txt; what is no rule in it is passed over.

    Args:
        body: as received; UTF-8, or UTF-16 with its mark; what does not decode is left out.
        url: its address, which relative Sitemap lines count from.
    """
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES].rpartition(b"\n")[0]  # not half a line: "Disallow: /" for "/x"
    rules = Protego.parse(_as_protego_reads(_decoded(body)))
    found = (_absolute(url, line) for line in rules.sitemaps)
    return RobotsRules(rules, sitemaps=tuple(dict.fromkeys(filter(None, found))))


def _decoded(body: bytes) -> str:
    is_utf16 = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if is_utf16 else "utf-8-sig", errors="ignore")


# A field name of what is left of a line (RFC 9309, 2.2): blanks, "user-agent", a colon.
_GROUP = re.compile(r"[ \t]{0,100}user-?agent[ \t]{0,100}:[ \t]{0,100}(?P<value>.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _as_protego_reads(text: str) -> str:
    """The same rules in the words that Protego reads as RFC 9309 means them.

    Protego 0.7 takes a group for ours whose name is the beginning of our token ("news"), and not
    one that goes on behind it ("newscrawl/0.1"); it knows the group of all by "*" alone, where
    Google's reader takes "* all" too; and it ends lines at every character that Python does.
    """
    return "\n".join(
        _OTHER_LINE_ENDS.sub(lambda match: quote(match[0]), _with_our_name(line))
        for line in _LINE_END.split(text)
    )


def _with_our_name(line: str) -> str:
    match = _GROUP.match(line)
    if match is None:
        return line
    name = match["value"].partition("#")[0].strip()
    if re.match(r"\*(?:\s|$)", name):
        return "User-agent: *"
    token = _TOKEN.match(name)
    is_ours = token is not None and token[0].lower() == PRODUCT
    return f"User-agent: {PRODUCT if is_ours else '-'}"


def _absolute(base: str, address: str) -> str | None:
    try:
        url = urljoin(base, address)
        return url if urlparse(url).scheme in ("http", "https") else None
    except ValueError:  # "http://[": no address
        return None


def seconds_between_requests(rules: Protego) -> float:
    """The pace that Crawl-delay and Request-rate ask of newscrawl; 0 where they say nothing.

    The stricter of both holds, at any hour: a Request-rate's time of day only loosens it.

    >>> seconds_between_requests(Protego.parse("User-agent: *\\nRequest-rate: 10/1m"))
    6.0
    """
    delay = rules.crawl_delay(PRODUCT) or 0.0
    rate = rules.request_rate(PRODUCT)
    return max(delay, rate.seconds / rate.requests if rate else 0.0)


class RobotsMiddleware:
    """Asks each origin's robots.txt once before its first page, and obeys it.

    ``ROBOTSTXT_OBEY = False`` turns it off; a request with ``meta["dont_obey_robotstxt"]``
    passes.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._max_delay = crawler.settings.getfloat("NEWSCRAWL_MAX_CRAWL_DELAY", 60.0)
        self._asked: dict[str, tuple[asyncio.Task[RobotsRules], float]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read ROBOTSTXT_OBEY and NEWSCRAWL_MAX_CRAWL_DELAY."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or not.

        Raises:
            RobotsError: robots.txt forbids the address or can't be had.
            FetchError: its host is refused or given up.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        check_url(parts)
        rules = await self._rules(parts)
        if rules.refusal is not None:
            raise rules.refusal.again()
        if not rules.allows(request.url):
            raise RobotsError(f"{_robots_url(parts)} forbids it to {PRODUCT}")

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address's origin names.

        Asks for robots.txt unless that was done before; none where it can't be had.

        Raises:
            BadURLError: it is no http(s) address.
            StoppingError: the run ends.
        """
        parts = urlparse(url)
        check_url(parts)
        return (await self._rules(parts)).sitemaps

    async def _rules(self, parts: ParseResult) -> RobotsRules:
        """The origin's rules: known, being asked for, or asked for now."""
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._asked.get(origin)
        if known is None or known[1] < monotonic():
            # Until the answer is there, and where a run's end comes first, it counts as asked.
            task = asyncio.ensure_future(self._ask(parts))
            self._asked[origin] = (task, monotonic() + _RULES_LIFETIME)
            rules = await asyncio.shield(task)
            if rules.refusal is not None:
                self._asked[origin] = (task, monotonic() + _UNREACHABLE_LIFETIME)
            return rules
        task = known[0]
        # One waiter's end must not end what others wait for; most find it answered.
        return task.result() if task.done() else await asyncio.shield(task)

    async def _ask(self, parts: ParseResult) -> RobotsRules:
        url = _robots_url(parts)
        request = Request(
            url,
            priority=1000,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={
                "dont_obey_robotstxt": True,
                "redirect_ttl": _MAX_REDIRECTS,
                "download_maxsize": _MAX_DOWNLOAD,
            },
        )
        assert self._crawler.engine is not None  # noqa: S101  # it sends us requests
        try:
            response = await self._crawler.engine.download_async(request)
        except RedirectError:
            return RobotsRules(Protego())
        except StoppingError:
            raise
        except FetchError as error:
            return RobotsRules(Protego(), type(error)(f"{url}: {error}", error.code))
        except Exception as error:  # whatever it is, there is no robots.txt
            logger.debug("No %s", url, exc_info=True)
            code, _, detail = failure_code(error).partition(": ")
            return _unreachable(url, detail, code)
        return self._read(parts, url, response)

    def _read(self, parts: ParseResult, url: str, response: Response) -> RobotsRules:
        if response.status == 429 or response.status >= 500:
            return _unreachable(url, f"HTTP {response.status}")
        if not 200 <= response.status < 300:
            return RobotsRules(Protego())
        rules = parse_robots(response.body, url)
        delay = seconds_between_requests(rules.rules)
        if delay > self._max_delay:
            refusal = RobotsError(
                f"{url} asks for {delay:g} s between requests, "
                f"more than NEWSCRAWL_MAX_CRAWL_DELAY={self._max_delay:g}"
            )
            logger.warning("%s: its pages are left alone", refusal)
            return RobotsRules(rules.rules, refusal, rules.sitemaps)
        politeness = self._crawler.get_downloader_middleware(PolitenessMiddleware)
        if delay and politeness is not None:
            politeness.slow_down(slot_key(parts), delay)
        return rules


def _robots_url(parts: ParseResult) -> str:
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _unreachable(url: str, why: str, code: str | None = None) -> RobotsRules:
    """No answer, or one that is none: the pages' failures carry the cause's own code."""
    refusal = RobotsError(f"{url} can't be had, so its host is left alone for now: {why}", code)
    logger.warning("%s", refusal)
    return RobotsRules(Protego(), refusal)
