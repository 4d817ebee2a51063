"""The items that spiders yield, pipelines refine and a drop holds.

Each class is also the record of one file of a drop: the JSON Schemas under
``schemas/`` are made from these classes, in the order of their fields. A field
whose metadata says ``internal`` travels through the pipelines and into Scrapy's
own feeds, and is not written to the drop.

A field says all of itself where it stands: its description with its schema.org term,
how it merges where many pages show one record, and whether a change of it is an update.
docs/development.md adds one from top to bottom.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, get_args

Event = Literal["new", "updated", "unchanged", "withdrawn"]
Basis = Literal["structured", "visible", "url", "feed", "relative", "bound", "inferred"]
Precision = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
ExtractedBy = Literal[
    "site", "system", "json-ld", "opengraph", "microdata", "script", "feed", "generic", "text"
]
AuthorType = Literal["person", "organization"]
WithdrawnReason = Literal["gone", "merged", "redirected", "removed"]
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


Merge = Literal[
    "made",
    "same",
    "first",
    "text",
    "best",
    "address",
    "union",
    "every",
    "dates",
    "layers",
    "agreed",
    "most",
]
"""How a field of many records becomes a field of the one that they merge into:

- made: by the merging itself, from all of them: ids, events, links;
- same: nothing is merged that differs in it;
- first: as the first of them has it; of two runs, as the later one has it;
- text: of the one whose text stands, the longest that is whole;
- best: of the best one that has it, or of one that says it more fully;
- address: the plainest of the addresses;
- union: all that differ, without those that are part of another;
- every: of all, one after the other;
- dates: from all that their pages say of the date;
- layers: for each field, of where its value comes from;
- agreed: as all of them say it, null where they differ;
- most: the highest number.
"""
Kind = Literal["text", "words", "language", "address", "file"]
"""What a value is, for comparing it: text whatever its white space (all that is no text, as it
is); words in any order; a BCP 47 tag, which "en-GB" says more fully than "en"; a page's address by
its key, whatever its tracking and variant; a file's, canonical."""


_DATE = r"^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$"
_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
_SHA256 = "^[0-9a-f]{64}$"
_ARTICLE_ID = "^.+:[0-9a-f]{16}$"


@dataclass(frozen=True, slots=True)
class Merging:
    """How a field of a record merges and is compared.

    Attributes:
        how: the rule; None for a field of a record that is not merged, or of a part of a record.
        compared: a change of it is an update, which readers are told; None: nobody says.
        kind: what its values are.
    """

    how: Merge | None = None
    compared: bool | None = None
    kind: Kind = "text"


def doc(
    description: str,
    *,
    merge: Merge | None = None,
    compared: bool | None = None,
    kind: Kind = "text",
    **constraints: Any,
) -> dict[str, Any]:
    """Metadata of a field.

    Args:
        description: what it is, with its schema.org term where there is one.
        merge, compared, kind: as `Merging` says.
        constraints: further JSON Schema keywords.
    """
    merging = Merging(merge, compared, kind)
    return {"description": description, "schema": constraints, "merging": merging}


def internal(description: str, *, merge: Merge | None = None) -> dict[str, Any]:
    """Metadata of a field that the pipelines use and the drop does not hold."""
    return {"description": description, "internal": True, "merging": Merging(merge)}


Record = TypeVar("Record")


def merged(cls: type[Record]) -> type[Record]:
    """A class whose records merge: each field must say how.

    Raises:
        TypeError: one says nothing, or not whether a change of it is an update.
    """
    declared: Any = cls
    merging_by_name = merging_of(declared)
    for name, merging in merging_by_name.items():
        where = f"the field {name} of {cls.__name__} in {cls.__module__}"
        if merging.how is None:
            raise TypeError(
                f"{where} says nothing of merging; give its doc(…) a merge=, one of "
                f"{', '.join(get_args(Merge))} (docs/development.md, A new field)"
            )
        # Only records with events tell of changes, and not of what merging makes.
        if "changed" in merging_by_name and merging.how in CONTENT and merging.compared is None:
            raise TypeError(
                f"{where} does not say whether a change of it is an update; give its doc(…) "
                "compared=True or compared=False (docs/development.md, A new field)"
            )
    return cls


CONTENT = frozenset(("text", "best", "address", "union", "dates"))
"""The rules of the fields that say what an article is; the others tell of its pages and its past."""


@cache
def merging_of(cls: Any) -> dict[str, Merging]:
    """How each field of a class merges and is compared, in the order of its fields."""
    return {f.name: f.metadata.get("merging", Merging()) for f in fields(cls)}


@dataclass(kw_only=True, slots=True)
class Author:
    """Who wrote an article."""

    name: str = field(
        metadata=doc("schema.org/name: the name as printed", compared=True, minLength=1)
    )
    url: str | None = field(
        default=None,
        metadata=doc("schema.org/url: the author's page", compared=True, kind="address"),
    )
    # Earlier versions did not read it: to compare it would publish every article anew.
    type: AuthorType | None = field(
        default=None,
        metadata=doc(
            "schema.org/additionalType: person or organization, null: not said", compared=False
        ),
    )


@dataclass(kw_only=True, slots=True)
class Image:
    """A picture of an article."""

    url: str | None = field(
        default=None, metadata=doc("schema.org/contentUrl", compared=True, kind="file")
    )
    caption: str | None = field(default=None, metadata=doc("schema.org/caption", compared=True))
    credit: str | None = field(default=None, metadata=doc("schema.org/creditText", compared=True))


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
class Zone:
    """The zone of a printed clock."""

    value: str = field(metadata=doc("an offset such as +05:00, or a name of the IANA database"))
    source: Literal["printed", "site", "feed"] = field(
        metadata=doc("what says it: the page, the site's declaration, or a feed")
    )


@dataclass(kw_only=True, slots=True)
class Refused:
    """A date that was read and cannot be true."""

    raw: str | None = field(metadata=doc("as printed"))
    value: str | None = field(metadata=doc("what it was read as, ISO 8601"))
    why: str = field(metadata=doc("what it contradicts"))


@dataclass(kw_only=True, slots=True)
class DateEvidence:
    """Why a date is what it is, and how exactly it is known."""

    earliest: str | None = field(
        metadata=doc(
            "first possible instant, inclusive, RFC 3339", pattern=_INSTANT, format="date-time"
        )
    )
    latest: str | None = field(
        metadata=doc(
            "end of the possible instants, exclusive, RFC 3339",
            pattern=_INSTANT,
            format="date-time",
        )
    )
    precision: Precision = field(metadata=doc("the unit in which the value is written"))
    certain_to: Precision | None = field(
        default=None,
        metadata=doc(
            "the finest unit of which the whole interval lies in one, by the printed clock; "
            "null: not even the year is certain"
        ),
    )
    zone: Zone | None = field(
        default=None,
        metadata=doc(
            "the zone of the printed clock; null: not known, and the bounds hold every zone"
        ),
    )
    edtf: str = field(
        metadata=doc(
            "the interval in Extended Date/Time Format (ISO 8601-2), a time that it cannot hold "
            "by its day; XXXX where nothing is known"
        )
    )
    raw: str | None = field(metadata=doc("the date as printed"))
    basis: Basis = field(metadata=doc("the kind of evidence"))
    anchor: Anchor | None = field(metadata=doc("what a relative date or a bound counts from"))
    sources: int = field(metadata=doc("how many sightings were intersected", minimum=1))
    conflict: bool = field(
        metadata=doc("true when the sightings cannot all be right; the widest interval stands")
    )
    refused: list[Refused] = field(
        default_factory=list, metadata=doc("dates that were read and cannot be true")
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
    page_date: str | None = field(
        metadata=doc("the date printed on the page, ISO 8601", pattern=_DATE)
    )
    fetched_at: str | None = field(
        default=None,
        metadata=doc(
            "when the page was captured, RFC 3339; null: not known",
            pattern=_INSTANT,
            format="date-time",
        ),
    )
    position: int = field(metadata=doc("the article's place on the page, from 1", minimum=1))
    date_raw: str | None = field(metadata=doc("the article's date as this page printed it"))
    is_truncated: bool = field(metadata=doc("this page showed only the beginning"))
    body_sha256: str | None = field(
        metadata=doc(
            "SHA-256 of the UTF-8 text that this page gave, null for none", pattern=_SHA256
        )
    )
    date_earliest: str | None = field(
        default=None,
        metadata=doc(
            "first instant of publication that this page alone allows, RFC 3339",
            pattern=_INSTANT,
            format="date-time",
        ),
    )
    date_latest: str | None = field(
        default=None,
        metadata=doc(
            "end of the instants of publication that this page alone allows, RFC 3339",
            pattern=_INSTANT,
            format="date-time",
        ),
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
        archive: it holds articles from before 1990.
    """

    language: str | None = None
    order: str | None = None
    timezone: str | None = None
    widget: str | None = None
    archive: bool = False


@dataclass(kw_only=True, slots=True)
class DateReading:
    """A date that a page's markup or address gives for an article.

    Attributes:
        field: which date it is.
        raw: as written.
        value: ISO 8601, no more exact than written; EDTF for a bound; None where `raw` is to
            be read.
        basis: the kind of evidence.
        page: whose reading it is, as `Sighting.page`; the dating fills it in.
        either: another date that it may be as well, ISO 8601; None where there is none.
        disputed: `either` is what another place on the page says, and not the same words in
            another order of numbers.
    """

    field: Literal["published", "modified"]
    raw: str
    value: str | None
    basis: Basis
    page: str = ""
    either: str | None = None
    disputed: bool = False


@dataclass(kw_only=True, slots=True)
class Withdrawn:
    """Why an article is withdrawn."""

    reason: WithdrawnReason = field(
        metadata=doc(
            "gone: its site says so; merged: it turned out to be another; redirected: its address "
            "leads to another; removed: by us"
        )
    )
    merged_into: str | None = field(
        default=None, metadata=doc("the id of the article that it turned out to be, or null")
    )


@merged
@dataclass(kw_only=True, slots=True)
class Article:
    """schema.org/NewsArticle: one article, however many pages showed it.

    As a spider yields it, an article is what one page showed of it: one sighting.
    """

    id: str = field(
        default="",
        metadata=doc("schema.org/identifier: <site>:<16 hex>", merge="made", pattern=_ARTICLE_ID),
    )
    event: Event = field(
        default="new", metadata=doc("what happened to it since the last drop", merge="made")
    )
    revision: int = field(
        default=1, metadata=doc("schema.org/version: 1, 2, …", merge="made", minimum=1)
    )
    withdrawn: Withdrawn | None = field(
        default=None, metadata=doc("why it is withdrawn, null: it is not", merge="made")
    )
    read_by: str | None = field(
        default=None,
        metadata=doc(
            "the version of newscrawl that read it, null: one before it was noted", merge="first"
        ),
    )
    changed: list[str] = field(
        default_factory=list,
        metadata=doc("the fields that differ from the last revision", merge="made"),
    )
    site: str = field(
        metadata=doc("the registrable domain, or the declared site's name", merge="same")
    )
    url: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/url: the canonical URL", merge="address", compared=True, kind="address"
        ),
    )
    headline: str | None = field(
        default=None, metadata=doc("schema.org/headline", merge="best", compared=True)
    )
    article_body: str = field(
        default="",
        metadata=doc(
            "schema.org/articleBody: paragraphs joined by a blank line", merge="text", compared=True
        ),
    )
    description: str | None = field(
        default=None, metadata=doc("schema.org/description", merge="best", compared=True)
    )
    article_section: str | None = field(
        default=None, metadata=doc("schema.org/articleSection", merge="best", compared=True)
    )
    keywords: list[str] = field(
        default_factory=list,
        metadata=doc("schema.org/keywords", merge="best", compared=True, kind="words"),
    )
    in_language: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/inLanguage: a BCP 47 tag", merge="best", compared=True, kind="language"
        ),
    )
    is_accessible_for_free: bool | None = field(
        default=None, metadata=doc("schema.org/isAccessibleForFree", merge="best", compared=True)
    )
    is_truncated: bool = field(
        default=False,
        metadata=doc(
            "every page showed only the beginning of the text", merge="text", compared=True
        ),
    )
    authors: list[Author] = field(
        default_factory=list, metadata=doc("schema.org/author", merge="best", compared=True)
    )
    dateline: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/dateline: as printed, taken out of the body", merge="best", compared=True
        ),
    )
    publisher: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/publisher: who published it first, as printed", merge="best", compared=True
        ),
    )
    credits: list[str] = field(
        default_factory=list,
        metadata=doc("schema.org/creditText: credit lines as printed", merge="best", compared=True),
    )
    images: list[Image] = field(
        default_factory=list, metadata=doc("schema.org/image", merge="union", compared=True)
    )
    date_published: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/datePublished: ISO 8601, no more exact than known",
            merge="dates",
            compared=True,
            pattern=_DATE,
        ),
    )
    date_modified: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/dateModified: ISO 8601, no more exact than known",
            merge="dates",
            compared=True,
            pattern=_DATE,
        ),
    )
    date_evidence: DatesEvidence = field(
        default_factory=DatesEvidence,
        metadata=doc("why the dates are what they are", merge="dates", compared=False),
    )
    sightings: list[Sighting] = field(
        default_factory=list, metadata=doc("every page that showed it", merge="every", minItems=1)
    )
    same_as: list[str] = field(
        default_factory=list,
        metadata=doc("schema.org/sameAs: ids on other sites with the same text", merge="made"),
    )
    near_duplicates: list[NearDuplicate] = field(
        default_factory=list,
        metadata=doc("articles that are alike, and kept apart", merge="made"),
    )
    extracted_by: dict[str, ExtractedBy] = field(
        default_factory=dict, metadata=doc("which layer gave a field", merge="layers")
    )
    page: str = field(metadata=internal("the page that this sighting comes from", merge="first"))
    is_known: bool = field(
        default=False,
        metadata=internal(
            "another page of the run bears the headline above its text", merge="first"
        ),
    )
    furniture: list[RemovedBlock] = field(
        default_factory=list, metadata=internal("what was taken out of the body", merge="first")
    )
    date_readings: list[DateReading] = field(
        default_factory=list,
        metadata=internal("dates that the page's markup gives", merge="every"),
    )
    date_hints: DateHints = field(
        default_factory=DateHints, metadata=internal("how the site prints dates", merge="first")
    )


@dataclass(kw_only=True, slots=True)
class PrintedRate:
    """One way in which the copies of a currency pair were printed."""

    rate: Decimal | None = field(metadata=doc("the rate, digits as printed"))
    change_percent: Decimal | None = field(metadata=doc("the change in percent, with its sign"))
    change: Decimal | None = field(
        default=None, metadata=doc("the absolute change, with its sign; null: not printed")
    )
    raw: str = field(metadata=doc("the line as printed"))
    repeats: int = field(metadata=doc("how often a page printed it so", minimum=1))
    pages: list[str] = field(metadata=doc("the pages that printed it so"))


@merged
@dataclass(kw_only=True, slots=True)
class ExchangeRate:
    """schema.org/ExchangeRateSpecification: a currency pair of a page's ticker, once."""

    site: str = field(
        metadata=doc("the registrable domain, or the declared site's name", merge="same")
    )
    base_currency: str = field(
        metadata=doc("schema.org/currency: ISO 4217 code", merge="same", pattern="^[A-Z]{3}$")
    )
    quote_currency: str = field(
        metadata=doc("schema.org/priceCurrency: ISO 4217 code", merge="same", pattern="^[A-Z]{3}$")
    )
    rate: Decimal | None = field(
        default=None,
        metadata=doc(
            "schema.org/currentExchangeRate: digits as printed; null where copies disagree",
            merge="agreed",
        ),
    )
    change_percent: Decimal | None = field(
        default=None,
        metadata=doc(
            "the change in percent, with its sign; null where copies disagree", merge="agreed"
        ),
    )
    change: Decimal | None = field(
        default=None,
        metadata=doc(
            "the absolute change, with its sign; null where copies disagree or print none",
            merge="agreed",
        ),
    )
    as_of: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/validFrom: the page's date, ISO 8601", merge="same", pattern=_DATE
        ),
    )
    repeats: int = field(
        default=0, metadata=doc("how often one page printed the pair", merge="most", minimum=1)
    )
    pages: list[str] = field(
        default_factory=list, metadata=doc("the pages that printed it", merge="union")
    )
    conflict: bool = field(default=False, metadata=doc("the printed copies disagree", merge="made"))
    evidence: list[PrintedRate] = field(
        default_factory=list,
        metadata=doc("each different way in which the pair was printed", merge="made"),
    )
    page: str = field(metadata=internal("the page that this rate comes from", merge="first"))
    printed: list[str] = field(
        default_factory=list,
        metadata=internal("each copy of the pair as printed, in page order", merge="first"),
    )
    decimal_mark: str | None = field(
        default=None,
        metadata=internal("the decimal mark that the page's other rows prove", merge="first"),
    )


@merged
@dataclass(kw_only=True, slots=True)
class Person:
    """schema.org/Person: someone whose page the run met."""

    id: str = field(
        default="", metadata=doc("schema.org/identifier: <site>:<16 hex>", merge="same")
    )
    site: str = field(
        metadata=doc("the registrable domain, or the declared site's name", merge="same")
    )
    name: str = field(metadata=doc("schema.org/name", merge="first", minLength=1))
    job_title: str | None = field(default=None, metadata=doc("schema.org/jobTitle", merge="best"))
    description: str | None = field(
        default=None, metadata=doc("schema.org/description", merge="best")
    )
    image: str | None = field(default=None, metadata=doc("schema.org/image: its URL", merge="best"))
    url: str | None = field(default=None, metadata=doc("schema.org/url", merge="best"))
    articles: list[str] = field(
        default_factory=list,
        metadata=doc("ids of the articles on the person's pages", merge="made"),
    )
    page: str = field(metadata=internal("the page that shows the person", merge="first"))


@dataclass(kw_only=True, slots=True)
class Listing:
    """What a listing says of its own place: "Viewing results 97 - 102 of 118"."""

    first: int | None = field(metadata=doc("schema.org/position of the first result", minimum=0))
    last: int | None = field(metadata=doc("position of the last result", minimum=0))
    total: int | None = field(metadata=doc("schema.org/numberOfItems in all pages", minimum=0))
    page_number: int | None = field(metadata=doc("this page's number, from 1; null: not known"))
    page_count: int | None = field(metadata=doc("how many pages there are; null: not known"))

    @property
    def promised(self) -> int | None:
        """How many results the page says that it shows; None where it says no number."""
        if self.first is None or self.last is None:
            return None
        return 0 if self.total == 0 else self.last - self.first + 1


@dataclass(kw_only=True, slots=True)
class Note:
    """Something worth telling of a page, or of the run, beside what became of it.

    Whoever meets it puts it on the page's record: `record.notes.append(Note(…))`.
    """

    code: str = field(metadata=doc("what it is, for programs: the same words for the same thing"))
    count: int = field(default=1, metadata=doc("how many", minimum=0))
    detail: str = field(default="", metadata=doc("what was found, for people"))


@dataclass(kw_only=True, slots=True)
class PageRecord:
    """schema.org/WebPage: one page that the run met, whatever became of it.

    found = articles + duplicates + empty_posts + rejects + exchange_rates + people.
    """

    page: str = field(metadata=doc("URL, path relative to what was replayed, or WARC and offset"))
    url: str | None = field(
        default=None,
        metadata=doc(
            "schema.org/url: the address that was asked for, or that the saved page names; null: "
            "not known"
        ),
    )
    article_ids: list[str] = field(
        default_factory=list,
        metadata=doc("ids of every article that the page showed, unchanged ones too"),
    )
    site: str | None = field(
        default=None, metadata=doc("the registrable domain, or the declared site's name")
    )
    sha256: str | None = field(
        default=None, metadata=doc("SHA-256 of the page's bytes", pattern=_SHA256)
    )
    media_type: str | None = field(default=None, metadata=doc("schema.org/encodingFormat"))
    charset: str | None = field(
        default=None, metadata=doc("the character encoding that the text was read with")
    )
    fetched_at: str | None = field(
        default=None,
        metadata=doc(
            "when the page was captured, RFC 3339; null: not known",
            pattern=_INSTANT,
            format="date-time",
        ),
    )
    page_date: str | None = field(
        default=None, metadata=doc("the date printed on the page, ISO 8601", pattern=_DATE)
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
    notes: list[Note] = field(
        default_factory=list,
        metadata=doc("all that is worth telling beside the reason: limits that were reached, …"),
    )
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
    articles: list[str] = field(
        default_factory=list,
        metadata=doc("ids of the articles whose body it was taken out of, sorted"),
    )


@dataclass(kw_only=True, slots=True)
class Reject:
    """An item that was rejected."""

    page: str = field(metadata=doc("the page that it was met on"))
    reason: str = field(metadata=doc("a code"))
    detail: str = field(metadata=doc("what was found"))
    excerpt: str = field(metadata=doc("the start of the offending text"))


Item = Article | ExchangeRate | Person | PageRecord
