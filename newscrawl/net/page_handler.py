"""The download handler of live crawls: pages as they come, or as a browser renders them.

A request with ``meta={"render": True}`` is answered by a Chromium that has run the page's
scripts; the response's body is the page as it then stands. Everything else goes the usual way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.errors import RenderError
from newscrawl.net.browser import RENDER, why_not

if TYPE_CHECKING:
    from newscrawl.net.rendering import Browser


class PageHandler(HTTP11DownloadHandler):
    """Scrapy's own download handler, which has what asks for it rendered.

    The browser is started by the first page that needs it, and is the same for http and https.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler_of_pages = crawler
        self._browser: Browser | None = None

    async def download_request(self, request: Request) -> Response:
        """Fetch a page, or have it rendered.

        Raises:
            RenderError: it can't be rendered; see also `newscrawl.net.rendering.Browser.render`.
        """
        if not request.meta.get(RENDER):
            return await super().download_request(request)
        if self._browser is None:
            crawler = self._crawler_of_pages
            if why := why_not(crawler.settings):
                raise RenderError(why)
            from newscrawl.net.rendering import Browser  # an extra

            self._browser = Browser.of(crawler)
        return await self._browser.render(request)

    async def close(self) -> None:
        """Close connections and the browser."""
        await super().close()
        if self._browser is not None:
            await self._browser.close()
