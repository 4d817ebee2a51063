"""What a site declares. How its pages become items stands in `newscrawl.reading`."""

from __future__ import annotations

import re
from typing import ClassVar

from newscrawl.page.layout import Layout
from newscrawl.page.systems import SYSTEMS
from newscrawl.sites.expectations import Expectation

_SIGNATURE_CHARACTERS = 64 * 1024


class Site:
    """A news site: a class of attributes, and a method only for what they can't say.

    Attributes:
        name: the registrable domain; a name of our own where the domain is not known.
        domains: registrable domains that belong to it.
        starts: addresses that a live crawl begins at; without any, its first domain's front page.
        language: BCP 47 tag of its articles, or None where they differ.
        timezone: IANA name of the zone that its printed dates are in, or None.
        date_order: of day, month and year in numeric dates: "DMY", "MDY", "YMD", or None.
        newest_first: its listings print the newest article first, so that an undated one lies
            between its dated neighbours.
        widget: which widget prints its relative dates (`newscrawl.dates.WIDGETS`), or None.
        archive: it holds articles from before 1990; another site's date of then is a slip.
        page_size: articles on a full listing page, or None.
        layouts: how its HTML pages are marked up; an older layout stays beside the newer one
            with the day on which it ended, and the day of the capture picks.
        rendered: its pages are made by scripts, so that a live crawl has a browser render them.
        text_signature: patterns that all occur in a text dump of its pages, and in no other
            site's; a dump without an address is told by them.
        expects: bounds of what a run brings of it, checked before a drop is published.
    """

    name: ClassVar[str]
    domains: ClassVar[tuple[str, ...]] = ()
    starts: ClassVar[tuple[str, ...]] = ()
    language: ClassVar[str | None] = None
    timezone: ClassVar[str | None] = None
    date_order: ClassVar[str | None] = None
    newest_first: ClassVar[bool] = False
    widget: ClassVar[str | None] = None
    archive: ClassVar[bool] = False
    page_size: ClassVar[int | None] = None
    layouts: ClassVar[tuple[Layout, ...]] = SYSTEMS
    rendered: ClassVar[bool] = False
    text_signature: ClassVar[tuple[re.Pattern[str], ...]] = ()
    expects: ClassVar[tuple[Expectation, ...]] = ()

    def claims_text(self, text: str) -> bool:
        """Whether a text dump bears this site's signature."""
        start = text[:_SIGNATURE_CHARACTERS]
        return bool(self.text_signature) and all(
            pattern.search(start) for pattern in self.text_signature
        )


class Undeclared(Site):
    """Pages of a site that nobody declared: read by their form alone."""

    name = "undeclared"
