"""Renders pages with Chromium through scrapy-playwright; needs ``newscrawl[browser]``.

Each page gets a fresh context (no cookies of another page), one time limit from opening to the
last look at its DOM, and no way out but the `FilterProxy`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, ClassVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import Request as PlaywrightRequest
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import Config, ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from newscrawl.errors import PageTooLargeError, PrivateAddressError, RenderError
from newscrawl.net.browser import chromium
from newscrawl.net.filter_proxy import FilterProxy
from newscrawl.net.guard import allowed_hosts

# What no text comes from.
_UNWANTED = frozenset({"image", "media", "font", "texttrack", "manifest"})
# A page that keeps asking for things is taken as it stands after this long.
_SETTLE_MS = 5_000
# Each is a process with a page in memory.
_MOST_TABS = 4
# The page comes new from the server: a browser without it can't use "not modified".
_CONDITIONAL = ("If-None-Match", "If-Modified-Since")


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # the library is not typed
    """One Chromium for a crawl; `Browser.of` gives it."""

    _of: ClassVar[WeakKeyDictionary[Crawler, Browser]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        settings = crawler.settings
        self._seconds = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._context = {
            "accept_downloads": False,
            "service_workers": "block",
            "user_agent": settings["USER_AGENT"],
        }
        self._proxy = FilterProxy(allowed_hosts(settings), self._max_bytes, self._seconds)
        self._tabs = asyncio.Semaphore(_MOST_TABS)
        self._numbers = count()
        self._starting = asyncio.Lock()
        self._is_started = self._is_closed = False
        self.config.browser_type_name = "chromium"
        self.config.launch_options = _launch_options(chromium(settings))
        self.config.max_pages_per_context = 1
        self.config.navigation_timeout_ms = self._seconds * 1000
        self.browser_provider_cls = partial(_ProxiedBrowser, proxy=self._proxy)
        self.abort_request = _is_unwanted
        # It logs each failure with a traceback; the ledger has the reason.
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

    @classmethod
    def of(cls, crawler: Crawler) -> Browser:
        """The crawl's browser, made where there is none."""
        if crawler not in cls._of:
            cls._of[crawler] = cls(crawler)
        return cls._of[crawler]

    async def render(self, request: Request) -> Response:
        """Have a page rendered.

        Raises:
            PrivateAddressError: the page, or where it leads, lies in a private network.
            DownloadTimeoutError: it was not there in DOWNLOAD_TIMEOUT seconds.
            PageTooLargeError: what the scripts made is longer than the limit.
            RenderError: the browser could not show it.
        """
        async with self._starting:
            if not self._is_started:
                await self._launch()
                self._is_started = True
        # Where the page itself failed to load: asked for, redirected to, or sent to by a script.
        failed: list[str] = []
        async with self._tabs:
            try:
                async with asyncio.timeout(self._seconds):
                    response = await self._render(request, failed)
            except (TimeoutError, PlaywrightTimeoutError):
                raise DownloadTimeoutError(
                    f"the browser had not rendered the page after {self._seconds:g} seconds"
                ) from None
            # RuntimeError is how scrapy-playwright tells that a download was not accepted.
            except (PlaywrightError, RuntimeError) as error:
                self._raise_refused(failed)
                raise RenderError(f"the browser says {str(error).splitlines()[0]}") from None
        if urlsplit(response.url).scheme not in ("http", "https"):
            # Chromium's own error page: a script went where there is nothing.
            self._raise_refused(failed)
            raise RenderError(f"a script leads from the page to {(failed or [response.url])[-1]}")
        if len(response.body) > self._max_bytes:
            raise PageTooLargeError(
                f"the rendered page has {len(response.body)} bytes, more than {self._max_bytes}"
            )
        return response

    async def _render(self, request: Request, failed: list[str]) -> Response:
        name = f"page-{next(self._numbers)}"
        for header in _CONDITIONAL:
            request.headers.pop(header, None)

        def note(asked: PlaywrightRequest) -> None:
            if asked.is_navigation_request() and asked.frame.parent_frame is None:
                failed.append(asked.url)

        request.meta.update(
            playwright=True,
            playwright_context=name,
            playwright_context_kwargs=self._context,
            playwright_page_event_handlers={"requestfailed": note},
            playwright_page_methods=[PageMethod(_settle)],
        )
        try:
            response: Response = await self.download_request(request)
            return response
        finally:
            # Redirects and retries copy a request's meta; a context is used once.
            for key in [key for key in request.meta if key.startswith("playwright")]:
                del request.meta[key]
            if wrapper := self.context_wrappers.get(name):
                with suppress(PlaywrightError):
                    await wrapper.context.close()

    def _raise_refused(self, failed: list[str]) -> None:
        """Say so where it was the proxy that let nobody through."""
        for url in failed:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            if why := self._proxy.refused.get((parts.hostname or "", port)):
                raise PrivateAddressError(why)

    async def close(self) -> None:
        """Close the browser, once for all that share it."""
        if not self._is_closed:
            self._is_closed = True
            await super().close()


def _launch_options(program: str) -> dict[str, Any]:
    return {
        "executable_path": program,
        # Chromium refuses to sandbox what runs as root.
        "chromium_sandbox": os.geteuid() != 0,
        # SIGTERM is for the crawl, which closes the browser when its pages are done.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "args": [
            # Nothing gets past the proxy: no UDP, no names looked up by the browser itself.
            "--disable-quic",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--no-pings",
        ],
    }


class _ProxiedBrowser(PlaywrightBrowserProvider):  # type: ignore[misc]  # the library is not typed
    """Launches the browser behind the proxy, and only there."""

    def __init__(self, config: Config, proxy: FilterProxy) -> None:
        super().__init__(config)
        self._proxy = proxy
        self._started = False

    async def launch_browser(self) -> Chromium:
        """Start the proxy first."""
        if not self._started:
            # Loopback addresses go through it too.
            server = {"server": await self._proxy.start(), "bypass": "<-loopback>"}
            self.config.launch_options["proxy"] = server
            self._started = True
        browser: Chromium = await super().launch_browser()
        return browser

    async def close(self) -> None:
        """Stop the proxy after the browser."""
        await super().close()
        await self._proxy.close()


def _is_unwanted(request: PlaywrightRequest) -> bool:
    """Whether the browser shall not ask for it; the proxy decides about addresses."""
    scheme = urlsplit(request.url).scheme
    return scheme not in ("http", "https") or request.resource_type in _UNWANTED


async def _settle(page: Page) -> None:
    """Wait until the scripts have nothing left to ask for, within limits."""
    with suppress(PlaywrightTimeoutError):
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_MS)
