"""Pages made by scripts: whether they can be rendered here, and the settings for it.

A request with ``meta={"render": True}`` is answered by a Chromium that has run the page's
scripts; the response's body is the page as it then stands. Everything else goes the usual way.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import Any

from scrapy.settings import BaseSettings

from newscrawl.errors import UsageError

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


def apply_browser_settings(settings: BaseSettings) -> None:
    """Have requests with ``meta["render"]`` rendered; for the spider's ``update_settings``.

    Raises:
        UsageError: there is no Chromium; `why_not` tells before.
    """
    settings.setdict(_browser_settings(settings), priority="spider")


def _browser_settings(settings: BaseSettings) -> dict[str, Any]:
    handler = "newscrawl.net.rendering.BrowserHandler"
    handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}
    return {
        "DOWNLOAD_HANDLERS": handlers,
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": chromium(settings),
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
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }
