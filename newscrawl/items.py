"""The items that spiders yield, pipelines refine and a drop holds.

Each class is also the record of one file of a drop: the JSON Schemas under
``schemas/`` are made from these classes, in the order of their fields. A field
whose metadata says ``internal`` travels through the pipelines and into Scrapy's
own feeds, and is not written to the drop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Event = Literal["new", "updated", "unchanged", "withdrawn"]
Basis = Literal["structured", "visible", "url", "feed", "relative", "bound"]
Precision = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
ExtractedBy = Literal[
    "site", "system", "json-ld", "opengraph", "microdata", "script", "feed", "generic", "text"
]
PageKind = Literal["article", "listing", "author", "aggregator", "feed", "sitemap", "other"]
Outcome = Literal[
    "extracted",
    "empty",
    "blocked",
    "layout-unknown",
    "not-news",
    "fetch-failed",
    "not-modified",
    "rejected",
]


def doc(description: str, **constraints: Any) -> dict[str, Any]:
    """Metadata of a field: its description and further JSON Schema keywords."""
    return {"description": description, "schema": constraints}


def internal(description: str) -> dict[str, Any]:
    """Metadata of a field that the pipelines use and the drop does not hold."""
    return {"description": description, "internal": True}


@dataclass(kw_only=True, slots=True)
class Author:
    """Who wrote an article."""

    name: str = field(metadata=doc("schema.org/name: the name as printed", minLength=1))
    url: str | None = field(default=None, metadata=doc("schema.org/url: the author's page"))


@dataclass(kw_only=True, slots=True)
class Image:
    """A picture of an article."""

    url: str | None = field(default=None, metadata=doc("schema.org/contentUrl"))
    caption: str | None = field(default=None, metadata=doc("schema.org/caption"))
    credit: str | None = field(default=None, metadata=doc("schema.org/creditText"))


@dataclass(kw_only=True, slots=True)
class Anchor:
    """The date that a relative date counts from."""

    value: str = field(metadata=doc("ISO 8601 date or date-time"))
    source: str = field(
        metadata=doc(
            "where the anchor comes from: printed on the page, its capture time, or the last change"
        )
    )


@dataclass(kw_only=True, slots=True)
class DateEvidence:
    """Why a date is what it is, and how exactly it is known."""

    earliest: str | None = field(metadata=doc("first possible instant, inclusive, RFC 3339"))
    latest: str | None = field(metadata=doc("end of the possible instants, exclusive, RFC 3339"))
    precision: Precision = field(metadata=doc("the unit to which the date is known"))
    edtf: str = field(metadata=doc("the interval in Extended Date/Time Format (ISO 8601-2)"))
    raw: str | None = field(metadata=doc("the date as printed"))
    basis: Basis = field(metadata=doc("the kind of evidence"))
    anchor: Anchor | None = field(metadata=doc("what a relative date or a bound counts from"))
    sources: int = field(metadata=doc("how many sightings were intersected", minimum=1))
    conflict: bool = field(
        metadata=doc("true when the sightings cannot all be right; the widest interval stands")
    )


@dataclass(kw_only=True, slots=True)
class DatesEvidence:
    """The evidence for an article's two dates."""

    published: DateEvidence | None = field(default=None, metadata=doc("for date_published"))
    modified: DateEvidence | None = field(default=None, metadata=doc("for date_modified"))


@dataclass(kw_only=True, slots=True)
class Sighting:
    """One page that showed an article."""

    page: str = field(metadata=doc("the page, as pages.jsonl names it"))
    page_date: str | None = field(metadata=doc("the date printed on the page, ISO 8601"))
    fetched_at: str | None = field(
        default=None, metadata=doc("when the page was captured, RFC 3339; null: not known")
    )
    position: int = field(metadata=doc("the article's place on the page, from 1", minimum=1))
    date_raw: str | None = field(metadata=doc("the article's date as this page printed it"))
    is_truncated: bool = field(metadata=doc("this page showed only the beginning"))
    body_sha256: str | None = field(
        metadata=doc("SHA-256 of the UTF-8 text that this page gave, null for none")
    )


@dataclass(kw_only=True, slots=True)
class NearDuplicate:
    """An article that is alike, and kept apart."""

    id: str = field(metadata=doc("the other article's id"))
    similarity: float = field(metadata=doc("Jaccard similarity, 0 to 1", minimum=0, maximum=1))


@dataclass(kw_only=True, slots=True)
class RemovedBlock:
    """A block of text that was taken out, and why."""

    text: str
    reason: str


@dataclass(kw_only=True, slots=True)
class DateHints:
    """How an article's site prints dates.

    Attributes:
        language: BCP 47 tag.
        order: of day, month and year in numbers: "DMY", "MDY" or "YMD"; None where nobody knows.
        timezone: IANA name of the zone that printed dates are in.
        widget: what prints relative dates, a name of `newscrawl.dates.WIDGETS`.
    """

    language: str | None = None
    order: str | None = None
    timezone: str | None = None
    widget: str | None = None


@dataclass(kw_only=True, slots=True)
class DateReading:
    """A date that a page's markup or address gives for an article.

    Attributes:
        field: which date it is.
        raw: as written.
        value: ISO 8601, no more exact than written; EDTF for a bound; None where `raw` is to
            be read.
        basis: the kind of evidence.
    """

    field: Literal["published", "modified"]
    raw: str
    value: str | None
    basis: Basis


@dataclass(kw_only=True, slots=True)
class Article:
    """schema.org/NewsArticle: one article, however many pages showed it.

    As a spider yields it, an article is what one page showed of it: one sighting.
    """

    id: str = field(default="", metadata=doc("schema.org/identifier: <site>:<16 hex>"))
    event: Event = field(default="new", metadata=doc("what happened to it since the last drop"))
    revision: int = field(default=1, metadata=doc("schema.org/version: 1, 2, …", minimum=1))
    changed: list[str] = field(
        default_factory=list, metadata=doc("the fields that differ from the last revision")
    )
    site: str = field(metadata=doc("the registrable domain, or the declared site's name"))
    url: str | None = field(default=None, metadata=doc("schema.org/url: the canonical URL"))
    headline: str | None = field(default=None, metadata=doc("schema.org/headline"))
    article_body: str = field(
        default="", metadata=doc("schema.org/articleBody: paragraphs joined by a blank line")
    )
    description: str | None = field(default=None, metadata=doc("schema.org/description"))
    article_section: str | None = field(default=None, metadata=doc("schema.org/articleSection"))
    keywords: list[str] = field(default_factory=list, metadata=doc("schema.org/keywords"))
    in_language: str | None = field(
        default=None, metadata=doc("schema.org/inLanguage: a BCP 47 tag")
    )
    is_accessible_for_free: bool | None = field(
        default=None, metadata=doc("schema.org/isAccessibleForFree")
    )
    is_truncated: bool = field(
        default=False, metadata=doc("every page showed only the beginning of the text")
    )
    authors: list[Author] = field(default_factory=list, metadata=doc("schema.org/author"))
    dateline: str | None = field(
        default=None, metadata=doc("schema.org/dateline: as printed, taken out of the body")
    )
    publisher: str | None = field(
        default=None, metadata=doc("schema.org/publisher: who published it first, as printed")
    )
    credits: list[str] = field(
        default_factory=list, metadata=doc("schema.org/creditText: credit lines as printed")
    )
    images: list[Image] = field(default_factory=list, metadata=doc("schema.org/image"))
    date_published: str | None = field(
        default=None, metadata=doc("schema.org/datePublished: ISO 8601, no more exact than known")
    )
    date_modified: str | None = field(
        default=None, metadata=doc("schema.org/dateModified: ISO 8601, no more exact than known")
    )
    date_evidence: DatesEvidence = field(
        default_factory=DatesEvidence, metadata=doc("why the dates are what they are")
    )
    sightings: list[Sighting] = field(
        default_factory=list, metadata=doc("every page that showed it", minItems=1)
    )
    same_as: list[str] = field(
        default_factory=list,
        metadata=doc("schema.org/sameAs: ids on other sites with the same text"),
    )
    near_duplicates: list[NearDuplicate] = field(
        default_factory=list, metadata=doc("articles that are alike, and kept apart")
    )
    extracted_by: dict[str, ExtractedBy] = field(
        default_factory=dict, metadata=doc("which layer gave a field")
    )
    page: str = field(metadata=internal("the page that this sighting comes from"))
    furniture: list[RemovedBlock] = field(
        default_factory=list, metadata=internal("what was taken out of the body")
    )
    date_readings: list[DateReading] = field(
        default_factory=list, metadata=internal("dates that the page's markup gives")
    )
    date_hints: DateHints = field(
        default_factory=DateHints, metadata=internal("how the site prints dates")
    )


@dataclass(kw_only=True, slots=True)
class PrintedRate:
    """One way in which the copies of a currency pair were printed."""

    rate: Decimal | None = field(metadata=doc("the rate, digits as printed"))
    change_percent: Decimal | None = field(metadata=doc("the change in percent, with its sign"))
    raw: str = field(metadata=doc("the line as printed"))
    repeats: int = field(metadata=doc("how often a page printed it so", minimum=1))
    pages: list[str] = field(metadata=doc("the pages that printed it so"))


@dataclass(kw_only=True, slots=True)
class ExchangeRate:
    """schema.org/ExchangeRateSpecification: a currency pair of a page's ticker, once."""

    site: str = field(metadata=doc("the registrable domain, or the declared site's name"))
    base_currency: str = field(
        metadata=doc("schema.org/currency: ISO 4217 code", pattern="^[A-Z]{3}$")
    )
    quote_currency: str = field(
        metadata=doc("schema.org/priceCurrency: ISO 4217 code", pattern="^[A-Z]{3}$")
    )
    rate: Decimal | None = field(
        default=None,
        metadata=doc(
            "schema.org/currentExchangeRate: digits as printed; null where copies disagree"
        ),
    )
    change_percent: Decimal | None = field(
        default=None,
        metadata=doc("the change in percent, with its sign; null where copies disagree"),
    )
    as_of: str | None = field(
        default=None, metadata=doc("schema.org/validFrom: the page's date, ISO 8601")
    )
    repeats: int = field(default=0, metadata=doc("how often one page printed the pair", minimum=1))
    pages: list[str] = field(default_factory=list, metadata=doc("the pages that printed it"))
    conflict: bool = field(default=False, metadata=doc("the printed copies disagree"))
    evidence: list[PrintedRate] = field(
        default_factory=list, metadata=doc("each different way in which the pair was printed")
    )
    page: str = field(metadata=internal("the page that this rate comes from"))
    printed: list[str] = field(
        default_factory=list, metadata=internal("each copy of the pair as printed, in page order")
    )


@dataclass(kw_only=True, slots=True)
class Person:
    """schema.org/Person: someone whose page the run met."""

    id: str = field(default="", metadata=doc("schema.org/identifier: <site>:<16 hex>"))
    site: str = field(metadata=doc("the registrable domain, or the declared site's name"))
    name: str = field(metadata=doc("schema.org/name", minLength=1))
    job_title: str | None = field(default=None, metadata=doc("schema.org/jobTitle"))
    description: str | None = field(default=None, metadata=doc("schema.org/description"))
    image: str | None = field(default=None, metadata=doc("schema.org/image: its URL"))
    url: str | None = field(default=None, metadata=doc("schema.org/url"))
    articles: list[str] = field(
        default_factory=list, metadata=doc("ids of the articles on the person's pages")
    )
    page: str = field(metadata=internal("the page that shows the person"))


@dataclass(kw_only=True, slots=True)
class Listing:
    """What a listing says of its own place: "Viewing results 97 - 102 of 118"."""

    first: int = field(metadata=doc("schema.org/position of the first result", minimum=0))
    last: int = field(metadata=doc("position of the last result", minimum=0))
    total: int = field(metadata=doc("schema.org/numberOfItems in all pages", minimum=0))
    page_number: int | None = field(metadata=doc("this page's number, from 1; null: not known"))
    page_count: int | None = field(metadata=doc("how many pages there are; null: not known"))


@dataclass(kw_only=True, slots=True)
class PageRecord:
    """schema.org/WebPage: one page that the run met, whatever became of it.

    found = articles + duplicates + empty_posts + rejects + exchange_rates + people.
    """

    page: str = field(metadata=doc("URL, path relative to what was replayed, or WARC and offset"))
    site: str | None = field(
        default=None, metadata=doc("the registrable domain, or the declared site's name")
    )
    sha256: str | None = field(default=None, metadata=doc("SHA-256 of the page's bytes"))
    media_type: str | None = field(default=None, metadata=doc("schema.org/encodingFormat"))
    charset: str | None = field(
        default=None, metadata=doc("the character encoding that the text was read with")
    )
    fetched_at: str | None = field(
        default=None, metadata=doc("when the page was captured, RFC 3339; null: not known")
    )
    page_date: str | None = field(
        default=None, metadata=doc("the date printed on the page, ISO 8601")
    )
    kind: PageKind = field(default="other", metadata=doc("schema.org/additionalType of the page"))
    listing: Listing | None = field(default=None, metadata=doc("a listing's place among its pages"))
    outcome: Outcome = field(metadata=doc("what became of the page"))
    reason: str | None = field(default=None, metadata=doc("why, where the outcome needs a reason"))
    found: int = field(default=0, metadata=doc("articles, rates and people met", minimum=0))
    articles: int = field(default=0, metadata=doc("exported from this page", minimum=0))
    duplicates: int = field(default=0, metadata=doc("merged into another sighting", minimum=0))
    empty_posts: int = field(default=0, metadata=doc("posts without text", minimum=0))
    rejects: int = field(default=0, metadata=doc("records of rejects.jsonl", minimum=0))
    exchange_rates: int = field(default=0, metadata=doc("currency pairs", minimum=0))
    people: int = field(default=0, metadata=doc("people", minimum=0))
    furniture: list[RemovedBlock] = field(
        default_factory=list, metadata=internal("page chrome that belongs to no article")
    )


@dataclass(kw_only=True, slots=True)
class Furniture:
    """A block that was taken out of pages or articles."""

    site: str = field(metadata=doc("the registrable domain, or the declared site's name"))
    text: str = field(metadata=doc("the block as printed"))
    pages: int = field(metadata=doc("how many pages it was taken out of", minimum=1))
    repeats: int = field(metadata=doc("how often it was taken out in all", minimum=1))
    reason: str = field(metadata=doc("the rule that took it out"))
    example_page: str = field(metadata=doc("one page that holds it, the first by name"))


@dataclass(kw_only=True, slots=True)
class Reject:
    """An item that was rejected."""

    page: str = field(metadata=doc("the page that it was met on"))
    reason: str = field(metadata=doc("a code"))
    detail: str = field(metadata=doc("what was found"))
    excerpt: str = field(metadata=doc("the start of the offending text"))


Item = Article | ExchangeRate | Person | PageRecord
