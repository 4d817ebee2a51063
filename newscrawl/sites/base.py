"""What a site declares, and how its pages become items."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

from newscrawl.extract.stream import StreamArticle
from newscrawl.extract.text_page import TextPage, read_text_page
from newscrawl.items import (
    Article,
    Author,
    DateHints,
    ExchangeRate,
    Item,
    PageRecord,
    Person,
    Sighting,
)
from newscrawl.page import Page

_SIGNATURE_CHARACTERS = 64 * 1024


class Site:
    """A news site: a class of attributes, and a method only for what they can't say.

    Attributes:
        name: the registrable domain; a name of our own where the domain is not known.
        domains: registrable domains that belong to it.
        language: BCP 47 tag of its articles, or None where they differ.
        timezone: IANA name of the zone that its printed dates are in, or None.
        widget: which widget prints its relative dates (`newscrawl.dates.WIDGETS`), or None.
        page_size: articles on a full listing page, or None.
        text_signature: patterns that all occur in a text dump of its pages, and in no other
            site's; a dump without a URL is told by them.
    """

    name: ClassVar[str]
    domains: ClassVar[tuple[str, ...]] = ()
    language: ClassVar[str | None] = None
    timezone: ClassVar[str | None] = None
    widget: ClassVar[str | None] = None
    page_size: ClassVar[int | None] = None
    text_signature: ClassVar[tuple[re.Pattern[str], ...]] = ()

    def claims(self, page: Page) -> bool:
        """Whether the page's text bears this site's signature.

        Raises:
            PageError: the page can't be read.
        """
        start = page.text[:_SIGNATURE_CHARACTERS]
        return bool(self.text_signature) and all(
            pattern.search(start) for pattern in self.text_signature
        )

    def extract(self, page: Page) -> list[Item]:
        """A page's items: rates, people, articles, and last the page's own record.

        Args:
            page: a text dump.

        Raises:
            PageError: the page can't be read.
        """
        text = page.text
        content = read_text_page(text, language=self.language, page_size=self.page_size)
        items: list[Item] = []
        items += [
            self._rate(page, content, pair, copies)
            for pair, copies in content.printed_rates.items()
        ]
        authors = []
        if content.person:
            person = content.person
            authors = [Author(name=person.name)]
            items.append(
                Person(
                    site=self.name,
                    name=person.name,
                    job_title=person.job_title,
                    description=person.description,
                    page=page.name,
                )
            )
        # An author page lists what its person wrote.
        items += [self._article(page, content, found, authors) for found in content.articles]
        items.append(self._record(page, content, found=len(items), is_blank=not text.strip()))
        return items

    def _rate(
        self, page: Page, content: TextPage, pair: tuple[str, str], copies: list[str]
    ) -> ExchangeRate:
        return ExchangeRate(
            site=self.name,
            base_currency=pair[0],
            quote_currency=pair[1],
            as_of=_iso(content.page_date),
            pages=[page.name],
            page=page.name,
            printed=copies,
        )

    def _article(
        self, page: Page, content: TextPage, found: StreamArticle, authors: list[Author]
    ) -> Article:
        sighting = Sighting(
            page=page.name,
            page_date=_iso(content.page_date),
            position=found.position,
            date_raw=found.date_raw,
            is_truncated=False,
            body_sha256=None,
        )
        return Article(
            site=self.name,
            headline=found.headline,
            article_body=found.raw,
            authors=list(authors),
            in_language=self.language,
            sightings=[sighting],
            page=page.name,
            date_hints=DateHints(
                language=self.language, timezone=self.timezone, widget=self.widget
            ),
        )

    def _record(self, page: Page, content: TextPage, found: int, is_blank: bool) -> PageRecord:
        record = PageRecord(
            page=page.name,
            site=self.name,
            sha256=page.sha256,
            media_type=page.media_type,
            charset=page.decoded[1],
            page_date=_iso(content.page_date),
            kind=content.kind,
            listing=content.listing,
            outcome="extracted",
            found=found,
            furniture=content.furniture,
        )
        if content.articles or content.person:
            promised = content.listing.last - content.listing.first + 1 if content.listing else None
            if promised is not None and promised != len(content.articles):
                record.reason = (
                    f"the listing promises {promised} articles and shows {len(content.articles)}"
                )
        elif is_blank:
            record.outcome, record.reason = "empty", "the page has no text"
        elif content.kind == "other":
            record.outcome = "layout-unknown"
            record.reason = "the text has no layout that newscrawl knows; declare the site's rules"
        else:
            record.outcome, record.reason = "empty", "the page lists no articles"
        return record


class Undeclared(Site):
    """Pages of a site that nobody declared: read by their form alone."""

    name = "undeclared"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
