"""What is printed on a page, read and not yet cleaned: the same of a text dump and of HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from newscrawl.extract.typography import squeeze
from newscrawl.items import Image, Listing, Note, PageKind, RemovedBlock


@dataclass(slots=True)
class PrintedArticle:
    """One article as a page prints it.

    Attributes:
        headline: or None.
        raw: the text, one line an element, a blank line between blocks.
        date_raw: the date as printed, or None.
        position: its place on the page, from 1.
        url: the article's own page, where a link names it.
        images: pictures beside the text.
        datetime: the machine-readable date beside the printed one, as written.
        authors: whom a byline beside the text names.
        is_cut: there is more of the text elsewhere: it stops in the middle of a sentence, as none
            of the page's others does, or is a card's teaser.
        is_known: another page of the site bears the headline above its text.
        is_date_sure: that page prints the same day.
    """

    headline: str | None
    raw: str
    date_raw: str | None
    position: int
    url: str | None = None
    images: list[Image] = field(default_factory=list)
    datetime: str | None = None
    authors: list[str] = field(default_factory=list)
    is_cut: bool = False
    is_known: bool = False
    is_date_sure: bool = False


@dataclass(slots=True)
class PrintedPerson:
    """What an author page says of its person."""

    name: str
    job_title: str | None
    description: str | None
    image: str | None = None
    url: str | None = None


@dataclass(slots=True)
class PrintedPage:
    """What a page prints.

    Attributes:
        kind: the layout; "other" where none is known.
        page_date: from the masthead, or None.
        listing: a listing's place among its pages.
        person: the person of an author page.
        articles: in the page's order, raw.
        printed_rates: for each currency pair of the ticker, each copy as printed.
        furniture: page chrome that belongs to no article.
        notes: what else is worth telling of the page.
        date_order: of day, month and year in numbers, where the page's own dates prove it.
        doubt: what of the page is not sure, and why; or None.
    """

    kind: PageKind = "other"
    page_date: date | None = None
    listing: Listing | None = None
    person: PrintedPerson | None = None
    articles: list[PrintedArticle] = field(default_factory=list)
    printed_rates: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    furniture: list[RemovedBlock] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    date_order: str | None = None
    doubt: str | None = None

    def remove(self, lines: list[str], reason: str = "page-chrome") -> None:
        """Log lines that belong to no article."""
        self.furniture += [
            RemovedBlock(text=squeeze(line), reason=reason) for line in lines if line.strip()
        ]
