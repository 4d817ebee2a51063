"""A text dump becomes its items."""

from __future__ import annotations

from newscrawl.extract.frame import NO_FRAME, Frame
from newscrawl.extract.text_page import read_text_page
from newscrawl.items import Item
from newscrawl.page import Page
from newscrawl.page.characters import readable
from newscrawl.reading.items import items_of
from newscrawl.sites import Site


def read_text(page: Page, site: Site, frame: Frame = NO_FRAME) -> list[Item]:
    """The items of a text dump, its own record last.

    Args:
        page: the dump.
        site: the site whose page it is.
        frame: what the site's dumps share.

    Raises:
        PageError: the page can't be read.
    """
    text, charset = page.decoded
    text = readable(text)
    content = read_text_page(text, language=site.language, page_size=site.page_size, frame=frame)
    if frame is not NO_FRAME and not content.articles:
        # What the dumps share may be an article's headline: a text is not lost with it.
        alone = read_text_page(text, language=site.language, page_size=site.page_size)
        if any(len(article.raw) > _LONG for article in alone.articles):
            content = alone
    return items_of(page, content, site, site.name, charset, by="text", is_blank=not text.strip())


_LONG = 400
"""Characters of a text that is no line of a frame."""
