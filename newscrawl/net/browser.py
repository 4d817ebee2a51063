"""Pages made by scripts: whether they can be rendered here, and the way to the browser.

A request with ``meta={"render": True}`` is answered by a Chromium that has run the page's
scripts; the response's body is the page as it then stands. Everything else goes the usual way.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawl.errors import RenderError, UsageError

if TYPE_CHECKING:
    from newscrawl.net.rendering import Browser

RENDER = "render"
"""In a request's meta: True for a page that a browser shall render."""

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_HOW = "pip install 'newscrawl[browser]' and install Chromium (Debian: apt-get install chromium)"


def why_not(settings: BaseSettings) -> str | None:
    """Why pages can't be rendered here and what to do about it, or None where they can.

    Args:
        settings: of which NEWSCRAWL_CHROMIUM is read.
    """
    if find_spec("scrapy_playwright") is None:
        return f"scrapy-playwright is not installed: {_HOW}"
    try:
        chromium(settings)
    except UsageError as error:
        return str(error)
    return None


def chromium(settings: BaseSettings) -> str:
    """The Chromium to use: NEWSCRAWL_CHROMIUM, or the first on the PATH.

    Raises:
        UsageError: there is none.
    """
    wanted = settings.get("NEWSCRAWL_CHROMIUM")
    for program in [wanted] if wanted else _PROGRAMS:
        if path := shutil.which(program):
            return path
    if wanted:
        raise UsageError(f"NEWSCRAWL_CHROMIUM={wanted!r} is no program")
    raise UsageError(f"no Chromium is on the PATH: {_HOW}, or set NEWSCRAWL_CHROMIUM")


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
