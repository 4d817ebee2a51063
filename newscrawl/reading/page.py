"""A page becomes its items, whatever it is made of."""

from __future__ import annotations

from newscrawl.extract.frame import NO_FRAME, Frame
from newscrawl.extract.html import HtmlDocument, parse_html
from newscrawl.items import Item
from newscrawl.page import Page
from newscrawl.page.page import HTML
from newscrawl.reading.html import read_html
from newscrawl.reading.text import read_text
from newscrawl.sites import Site, site_of


def read_page(
    page: Page,
    site: Site | None = None,
    document: HtmlDocument | None = None,
    frame: Frame = NO_FRAME,
) -> list[Item]:
    """A page's items: rates, people, articles, and last the page's own record.

    Args:
        page: a text dump or an HTML page.
        site: the site whose page it is; None: the page tells.
        document: the page parsed, where somebody has done that.
        frame: of a text dump, what its site's dumps share.

    Raises:
        PageError: the page can't be read.
    """
    site = site or site_of(page)
    if page.media_type in HTML:
        return read_html(page, document or document_of(page), site)
    return read_text(page, site, frame)


def document_of(page: Page) -> HtmlDocument:
    """A page parsed as HTML; never raises."""
    return parse_html(page.body, url=page.url, content_type=page.media_type, encoding=page.charset)
