"""Pages made by scripts: whether they can be rendered here, and by which program."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

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
