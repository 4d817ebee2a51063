"""When an article was published and modified: every place that says so, and the best of them.

Candidates are tried in an order that was measured: JSON-LD, metas, microdata, other JSON-LD
objects, printed dates near the headline, ``<time>``, the address, vague metas, other printed
dates, script variables; when there is none of these, what is made with a page (see
``_last_resorts``). A printed date's rank is its distance from the headline, less for a label or a
class made for dates, more for prose, comments and mastheads. What is printed reads
:func:`newscrawl.dates.find_date`; this module only knows where.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from newscrawl.dates import (
    DateInterval,
    find_date,
    is_relative,
    language_bits,
    month_names,
    parse_date,
    parse_epoch,
    parse_page_date,
    proven_order,
)
from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.structured import Json, is_article, is_at, text_of, types_of, visible
from newscrawl.extract.html.tree import IN_FIGCAPTION, Block, Element, naming_words


@dataclass(frozen=True)
class DateCandidate:
    """One place that gives a date.

    ``kind`` is ``published`` or ``modified``; ``raw`` the text as printed; ``value`` ISO 8601,
    no more exact than printed; ``source`` the layer (``json-ld``, ``opengraph``, ``microdata``,
    ``generic``); ``basis`` is ``structured``, ``visible``, ``url``, ``inferred`` (what is no date
    of the article, but made when a page is) or ``relative``: then ``value`` is empty, as only
    who knows the page's own date can count from it. ``either`` is another day that it may be as
    well, and ``disputed`` says that another place on the page gives that day, and not the same
    words in another order of numbers.
    """

    kind: str
    raw: str
    value: str
    source: str
    basis: str
    either: str | None = None
    disputed: bool = False


_PUBLISHED_METAS = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "parsely-pub-date",
    "published_time_telegram",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "publishtime",
    "published_at",
    "published-date",
    "published_date",
    "publisheddate",
    "article:publish_date",
    "article:published_date",
    "pub_date",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "mediator_published_time",
    "displaydate",
    "creation_date",
    "rnews:datepublished",
    "article:post_date",
    "og:pubdate",
    "og:release_date",
    "date.created",
    "created",
    "pubyear",
    "shareaholic:article_published_time",
    "gentime",
    "release_date",
]
_WEAK_METAS = ("date", "dc.date", "dcterms.date", "citation_publication_date", "citation_date")
_MODIFIED_METAS = [
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "last-modified",
    "lastmod",
    "dc.date.modified",
    "dcterms.modified",
    "cxenseparse:modified",
    "shareaholic:article_modified_time",
    "updated_time",
    "revised",
]

_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_DATE_LOOSE = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
_URL_DATE_NAMED = re.compile(r"/((?:19|20)\d\d)/([^\W\d_]{3,9})/(\d{1,2})(?:/|$)")
_URL_DATE_REVERSED = re.compile(
    r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.]((?:19|20)\d\d)(?!\d)"
)


def day_in_path(address: str) -> str | None:
    """The day that an address has as a part of its path, ISO 8601; None for none.

    >>> day_in_path("https://news.example/2026/10/7/ferry-leaves/")
    '2026-10-07'
    """
    match = _URL_DATE_LOOSE.search(address)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


_SCRIPT_KEYS = (b"ublish", b"ubDate", b"pub_date", b"reated", b"isplayDate", b"display_date")
_SCRIPT_DATE = re.compile(
    rb"(?:date_?published|publish(?:ed)?_?(?:at|date|time|on)?|pub_?date|"
    rb"first_?published(?:_?(?:at|date))?|created_?(?:at|date|time)|date_?created|"
    rb"publication_?date|display_?date)"
    rb"(?:\\?[\"']|&quot;)?\s*[:=]\s*(?:\\?[\"']|&quot;)?"
    rb"(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    rb"|\d{13}|\d{10})(?!\d)",
    re.IGNORECASE,
)
_MAX_SCRIPT_HITS = 40
_UTC = ("Z", "+00:00")
_LOCAL_INSTANT = "2020-01-01T00:00:00"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


_NUMERIC = re.compile(r"(?<![\d.,])\d{1,2}\s*([-./|])\s*\d{1,2}\s*\1\s*(?:(?:19|20)?\d\d)(?!\d)")
_AMERICAN = frozenset(("en", "en-us"))
_AMERICAN_ENDINGS = frozenset(("us", "io", "co", "ai", "tv", "me", "ph"))
"""Two-letter ends of host names that do not tell of a country with days first."""


@dataclass(frozen=True)
class DateHabits:
    """How a page prints dates: what its site declares, and what it says itself.

    ``language`` is a BCP 47 tag, ``order`` that of numbers, ``timezone`` an IANA name, ``latest``
    the last day on which the page can have been published, ISO 8601; None is what nobody knows.
    ``guesses_order`` says that the language's order of numbers is a habit that many do not keep.
    """

    language: str | None = None
    order: str | None = None
    timezone: str | None = None
    latest: str | None = None
    guesses_order: bool = False

    def read(self, text: str) -> str | None:
        """Return the first day that a short text names, ISO 8601, as exact as it is printed."""
        return _read(text, self.language, self.order, self.timezone)

    def allows(self, candidate: DateCandidate) -> bool:
        """Tell whether a candidate is no later than the page."""
        return self.latest is None or candidate.value[:10] <= self.latest


@lru_cache(maxsize=4_096)  # a page says one day in many places
def _read(text: str, language: str | None, order: str | None, timezone: str | None) -> str | None:
    found = parse_epoch(text) or find_date(text, language=language, order=order, timezone=timezone)
    value = found.value if found is not None else None
    return value if value and _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR else None


NOTHING_DECLARED = DateHabits()


def habits(document: HtmlDocument, language: str | None, declared: DateHabits) -> DateHabits:
    """Return how a page prints dates: as its site declares, else by its language and address.

    English numbers begin with the month on pages of America and of no country.
    """
    language = declared.language or _known(language)
    guesses = False
    if (language or "en").lower() in _AMERICAN and declared.order is None:
        host = (urlsplit(document.address or "").hostname or "").lower()
        country = host.rpartition(".")[2]
        american = len(country) != 2 or country in _AMERICAN_ENDINGS
        guesses = american and country != "us"
        language = "en-US" if american else "en-GB"
    return replace(declared, language=language, guesses_order=guesses)


def _known(language: str | None) -> str | None:
    """Return a page's language unless there is no such."""
    try:
        language_bits(language)
    except ValueError:
        return None
    return language


def _iso(year: str, month: str, day: str) -> str | None:
    """Return the day that an address names, None if there is no such day."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if found.year >= _FIRST_YEAR else None


def candidates(
    document: HtmlDocument, language: str | None, top: int, declared: DateHabits = NOTHING_DECLARED
) -> list[DateCandidate]:
    """Return the dates that a page gives, best first.

    Where a page prints another day by its headline than its structured data gives, and does not
    call it that of a change, that day leads, disputed by the other.

    Arguments: the page, its language as a BCP 47 tag or None, which of its blocks is the headline
    (-1: none), for what is near, and what the site declares of its dates.
    """
    how = habits(document, language, declared)
    found = _read_in_order(document, _found(document, how, top), how)
    found.sort(key=lambda candidate: candidate.basis == "inferred")
    leader = next((c for c in found if c.kind == "published" and c.value and how.allows(c)), None)
    if leader is None or leader.basis == "inferred":
        return found
    if leader.basis == "structured":
        own = _contradiction(document, how, top, leader, found)
        return [own, *found] if own else found
    said = next(
        (c for c in found if c.kind == "published" and c.source in _LAYERS and how.allows(c)),
        next(_of_its_element(document, how, leader), None),
    )
    if said is None or leader.disputed or any(d.overlaps(_any_zone(said)) for d in _days(leader)):
        return found
    disputed = replace(leader, either=said.value, disputed=True)
    return [disputed if candidate is leader else candidate for candidate in found]


def _of_its_element(
    document: HtmlDocument, how: DateHabits, printed: DateCandidate
) -> Iterator[DateCandidate]:
    """Yield what the ``<time>`` around a printed day says for machines."""
    for node in document.times[:30]:
        raw = node.attributes.get("datetime") or ""
        if visible(node.text(separator=" ")) == printed.raw and (value := how.read(raw)):
            yield DateCandidate("published", raw, value, "generic", "structured")


_LAYERS = frozenset(("json-ld", "opengraph", "microdata"))


def _read_in_order(
    document: HtmlDocument, found: list[DateCandidate], how: DateHabits
) -> list[DateCandidate]:
    """Return the candidates with days such as "03/04/2020" as the page's other dates prove them.

    That the day comes first in a language is a habit, which other places on the page overrule.
    Where the habit is many people's and not all's, and nothing proves it, the day may be either.
    """
    if not any(map(_is_either, found)):
        return found
    clear = {c.value[:10] for c in found if c.value and not _NUMERIC.search(c.raw)}
    blocks = (block.text for block in document.walked.blocks)
    order = how.order or proven_order(text for text in blocks if len(text) <= _MAX_RELATIVE)

    def settled(candidate: DateCandidate) -> DateCandidate:
        if not _is_either(candidate) or candidate.value[:10] in clear or order is not None:
            return candidate
        year, month, day = candidate.value[:10].split("-")
        swapped = f"{year}-{day}-{month}"
        if swapped in clear:
            return replace(candidate, value=swapped + candidate.value[10:])
        return replace(candidate, either=swapped) if how.guesses_order else candidate

    return [settled(candidate) for candidate in found]


def _is_either(candidate: DateCandidate) -> bool:
    """Tell whether a candidate's numbers are another day in another order."""
    month, day = candidate.value[5:7], candidate.value[8:10]
    return "" != day <= "12" and day != month and _NUMERIC.search(candidate.raw) is not None


def _contradiction(
    document: HtmlDocument,
    how: DateHabits,
    top: int,
    leader: DateCandidate,
    found: list[DateCandidate],
) -> DateCandidate | None:
    """Return the day by the headline that can't be what structured data says, disputed by that."""
    said = _any_zone(leader)
    changes = [_any_zone(candidate) for candidate in found if candidate.kind == "modified"]
    first = None
    for printed in _read_in_order(document, list(_by_headline(document, how, top)), how):
        days = [
            _any_zone(printed),
            *([_any_zone(printed, printed.either)] if printed.either else []),
        ]
        if any(day.overlaps(said) for day in days):
            return None
        is_change = not _FIRST_PUBLISHED.search(printed.raw) and any(
            day.overlaps(change) for day in days for change in changes
        )
        if first is None and how.allows(printed) and not is_change:
            first = printed
    if first is not None:
        return replace(first, either=leader.value, disputed=True)
    times = [c for c in _time_elements(document, how) if c.kind == "published" and how.allows(c)]
    is_one = len({candidate.value[:10] for candidate in times}) == 1
    if is_one and not any(
        day.overlaps(other) for day in _days(_day_of(times[0])) for other in (said, *changes)
    ):
        # The one day that the page prints, wherever that stands.
        return replace(leader, either=times[0].value, disputed=True)
    return None


def _day_of(candidate: DateCandidate) -> DateCandidate:
    return replace(candidate, value=candidate.value[:_DAY_LENGTH])


def _days(candidate: DateCandidate) -> list[DateInterval]:
    """Return what a candidate may be, in whatever zone."""
    either = [_any_zone(candidate, candidate.either)] if candidate.either else []
    return [_any_zone(candidate), *either]


def _any_zone(candidate: DateCandidate, value: str | None = None) -> DateInterval:
    found = parse_date(value or candidate.value)
    assert found is not None  # noqa: S101  # it was written by a reader of dates
    return found.in_any_zone()


def _by_headline(document: HtmlDocument, how: DateHabits, top: int) -> Iterator[DateCandidate]:
    """Yield the days in lines of date and author by the headline that are nothing but a day.

    A part of a line is meant, with a label of publication or none: neither prose nor an event's
    day under a label of its own.
    """
    blocks = document.walked.blocks
    for i in (*range(top + 1, min(len(blocks), top + _FAR_BELOW)), top - 1, top - 2):
        if i < 0:
            continue
        block = blocks[i]
        text = block.text
        if i > top and len(text) > _MIN_PROSE and block.link_chars < _MIN_PROSE / 2:
            return
        if len(text) > _MAX_RELATIVE or not _DIGIT.search(text):
            continue
        if block.element.context & IN_FIGCAPTION:
            continue
        before = blocks[i - 1].text if i else ""
        if (before.endswith(":") or block.tag == "dd") and not _LABELLED.match(before):
            continue  # under a label of its own
        parent = block.element.parent
        words = block.own_words | (parent.words if parent is not None else frozenset())
        if block.link_chars > len(text) / 2 or not _ASIDE_WORDS.isdisjoint(words):
            continue
        if not _MODIFIED_WORDS.isdisjoint(block.own_words) or CHANGED_LABEL.match(text):
            continue
        least = len("2024-12") if _FIRST_PUBLISHED.search(text) else _DAY_LENGTH
        for changed, said in _labelled_relative(text):
            for part in () if changed else _PARTS.split(said):
                if (value := _whole_date(part, how)) and len(value) >= least:
                    yield DateCandidate("published", part.strip(), value, "generic", "visible")


def _whole_date(part: str, how: DateHabits) -> str | None:
    """Return the date that is all of a part of a line, but for its label; None if it is more."""
    words = _LABELLED.sub("", part, count=1).strip(" :,|.")
    read = parse_date(words, language=how.language, order=how.order) if words else None
    return read.value if read else None


_DAY_LENGTH = len("2024-12-17")


def _found(document: HtmlDocument, how: DateHabits, top: int) -> list[DateCandidate]:
    """Return the dates that a page gives, best first, each as it stands.

    Where structured data gives an instant and the address does not contradict it, printed dates
    are not looked for: they would only say the same less exactly. A day that JSON-LD spells out
    comes after the one printed near the headline.
    """
    found: list[DateCandidate] = []

    def add(kind: str, raw: str, source: str) -> None:
        if value := how.read(raw):
            found.append(DateCandidate(kind, raw, value, source, "structured"))

    article = _own_article(document, top)
    for key, kind in _KINDS:
        if raw := text_of(article.get(key)):
            add(kind, raw, "json-ld")
    for names, kind in ((_PUBLISHED_METAS, "published"), (_MODIFIED_METAS, "modified")):
        for name in names:
            if name in document.metas:
                add(kind, document.meta(name), "opengraph")
    for key, kind in _KINDS:
        if raw := _own_microdata(document, key):
            add(kind, raw, "microdata")
    for item in _other_nodes(document, article):
        is_medium = any(name.endswith("Object") for name in types_of(item))
        for key, kind in _KINDS:
            # A video's or a picture's day is at best the article's where nothing else is.
            if is_medium and (kind == "modified" or any(c.kind == "published" for c in found)):
                continue
            if raw := text_of(item.get(key)):
                add(kind, raw, "json-ld")
    in_url = [
        DateCandidate("published", raw, value, "generic", "url")
        for raw, value in url_dates(document.address)
    ]
    in_url.sort(key=lambda candidate: candidate.value)
    leader = next((c for c in found if c.kind == "published" and how.allows(c)), None)
    if leader and in_url and _days_between(in_url[0].value, leader.value) > 1:
        # Moved or published again: the path keeps the day of the first time.
        return [in_url[0], *found]
    agreed = all(leader.value.startswith(named.value) for named in in_url) if leader else False
    exact = leader is not None and agreed and len(leader.value) > len(_LOCAL_INSTANT)
    if exact and not leader.value.endswith(_UTC):  # type: ignore[union-attr]  # exact says that there is one
        return found + in_url
    times = _time_elements(document, how)
    if leader and leader.source == "json-ld" and not leader.raw.lstrip()[:4].isdigit():
        # Templates print such a day from a field of their own, often the last change.
        near, _ = _printed(document, how, top)
        near = [
            replace(candidate, kind="published")
            for candidate in near
            # No change is before the publication, so that one is not what JSON-LD says.
            if candidate.kind == "published" or candidate.value[:10] < leader.value[:10]
        ]
        return [*near[:1], *found, *times, *in_url]
    if leader and agreed:
        return [*found, *times, *_weak_metas(document, how), *in_url]
    near, further = _printed(document, how, top)
    found += near if leader is None else []
    found += times
    found += in_url
    found += _titled(document, how)
    found += _weak_metas(document, how)
    found += near if leader is not None else []
    if leader is None and any(candidate.kind == "modified" for candidate in near):
        return found  # a page that prints when it was changed, and not when it was made
    beside = list(_relative(document, how, top))
    # What a machine wrote beside the words goes before days that stand far off.
    found += beside
    if any(candidate.basis == "structured" and not how.allows(candidate) for candidate in found):
        return found  # where the page's own word can't be true, days far off are no better
    found += further
    if any(c.kind == "published" and c.basis != "inferred" and how.allows(c) for c in found):
        return found
    description = document.meta("og:description", "description")[:300]
    if value := how.read(description):
        found.append(DateCandidate("published", description, value, "opengraph", "inferred"))
    if (in_script := _script_date(document.body)) and (value := how.read(in_script)):
        found.append(DateCandidate("published", in_script, value, "generic", "inferred"))
    if not found:
        found += _last_resorts(document, how)
    return found


def _other_nodes(document: HtmlDocument, article: Json) -> Iterator[Json]:
    """Yield the JSON-LD nodes with dates that are no articles: the page, a video."""
    for item in document.json_ld:
        if item is not article and not _DATE_KEYS.isdisjoint(item) and not is_article(item):
            yield item


def _own_article(document: HtmlDocument, top: int) -> Json:
    """Return the JSON-LD article that can date the page, or an empty object.

    That is the page's own: the live blog and none of its updates, the one with the page's
    address, the one with the page's headline; never one that says another address and another
    headline than the page's.
    """
    live = document.by_type.get("LiveBlogPosting")
    if live:
        return live[0]
    article = document.article
    written = _words_of(text_of(article.get("headline")))
    headline = _words_of(document.walked.blocks[top].text) if top >= 0 else frozenset()
    if not written or not headline or _is_alike(written, headline):
        return article
    addresses = [
        document.address or "",
        *(link["href"] for link in document.links if _is_own(link)),
    ]
    at = [is_at(article, address) for address in addresses if address]
    titles = (document.title, document.meta("og:title"), document.meta("twitter:title"))
    # One that says no address is the page's where another of its titles is alike.
    if any(at) or (
        False not in at and any(_is_alike(written, _words_of(title)) for title in titles)
    ):
        return article
    named = (
        node
        for node in document.json_ld
        if is_article(node) and _words_of(text_of(node.get("headline"))) == headline
    )
    return next(named, {})


def _own_microdata(document: HtmlDocument, key: str) -> str:
    """Return a microdata date of the page's own article, "" where none is.

    Cards beside it have theirs too, in a link or in elements that stand alike.
    """
    values = document.microdata.get(key, [])
    if len(values) < _MIN_POSTS:
        return values[0][0] if values else ""
    places = [
        (node.parent.tag, node.parent.attributes.get("class")) if node.parent else None
        for _, node in values
    ]
    alike = Counter(places)
    own = (
        raw
        for (raw, node), place in zip(values, places, strict=True)
        if alike[place] < _MIN_POSTS and not _is_in_link(node)
    )
    return next(own, "")


def _is_in_link(node: LexborNode) -> bool:
    current: LexborNode | None = node
    for _ in range(_MAX_CARD_DEPTH):
        if current is None or current.tag == "a":
            break
        current = current.parent
    return current is not None and current.tag == "a"


_MAX_CARD_DEPTH = 8


def _is_own(link: dict[str, str]) -> bool:
    return "canonical" in link.get("rel", "").lower().split()


def _is_alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and len(a & b) >= _SAME * min(len(a), len(b))


def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text[:_MAX_HEADLINE].casefold()))


_WORDS = re.compile(r"\w+")
_SAME = 0.4
_MAX_HEADLINE = 500


def _relative(document: HtmlDocument, how: DateHabits, top: int) -> Iterator[DateCandidate]:
    """Yield the words of a relative date by the headline, "Posted 4 days ago by …".

    What a machine wrote beside them, into a title or a data attribute, goes before them. Under
    the text of the article they are those of other articles and of comments.
    """
    if top < 0:
        return
    blocks = document.walked.blocks
    below = range(top + 1, min(len(blocks), top + _FAR_BELOW))
    for i in (*below, *range(top - 1, max(-1, top - _FAR_ABOVE), -1)):
        block = blocks[i]
        if len(block.text) > _MAX_RELATIVE:
            if i > top and len(block.text) > _MIN_PROSE and block.link_chars < _MIN_PROSE / 2:
                return
            continue
        if block.link_chars > len(block.text) / 2 or block.element.context & IN_FIGCAPTION:
            continue
        named = not _DATE_WORDS.isdisjoint(block.own_words) or block.element.node.tag == "time"
        if not named and i < top:
            continue
        found = False
        for changed, part in _labelled_relative(block.text):
            words = relative_words(part, how.language, loose=named)
            if words is None:
                continue
            found = True
            kind = "modified" if changed else "published"
            if raw := machine_words(block.element.node, how):
                yield DateCandidate(kind, raw, how.read(raw) or "", "generic", "structured")
            yield DateCandidate(kind, words, "", "generic", "relative")
        if found:
            return


_FAR_BELOW, _FAR_ABOVE = 9, 3
"""How many blocks under and above the headline its line of date and author may stand."""

_MAX_RELATIVE = 100
_MIN_PROSE = 160


def _labelled_relative(text: str) -> Iterator[tuple[bool, str]]:
    """Split a line before the labels in it; with each part, whether it is of a change."""
    start, changed = 0, CHANGED_LABEL.match(text) is not None
    for match in _ANY_LABEL.finditer(text):
        if match.start() > start:
            yield changed, text[start : match.start()]
        start, changed = match.start(), match.group("changed") is not None
    yield changed, text[start:]


def relative_words(text: str, language: str | None, *, loose: bool) -> str | None:
    """Return the relative date in a line of date and author, None if there is none.

    Arguments: the line, its language, and whether its markup calls it a date: then the words may
    stand anywhere in it, and "2h" is one, too; else they are all of a part of the line.
    """
    for part in (text, *_PARTS.split(text), *_COMMAS.split(text)):
        words = _LABELLED.sub("", part, count=1).strip(" :,.–—|-")
        for found in (part.strip(" :,|"), words):
            if is_relative(found, language=language) and (loose or not _BARE_COUNT.match(found)):
                return found
    if not loose:
        return None
    words_of = text.split()[:_MAX_WORDS]
    for start in range(len(words_of)):
        for end in range(min(len(words_of), start + _LONGEST), start, -1):
            found = " ".join(words_of[start:end]).strip(" :,.|")
            if is_relative(found, language=language) and not _BARE_COUNT.match(found):
                return found
    return None


def is_relative_line(text: str) -> bool:
    """Tell whether a line is a relative date and nothing else: it is no text of an article."""
    return len(text) <= _MAX_RELATIVE_LINE and not _BARE_COUNT.match(text) and is_relative(text)


_MAX_RELATIVE_LINE = 60
_PARTS = re.compile(r"\s*[|·•∙–—/()]\s*|\s-\s")
_COMMAS = re.compile(r",\s|\s*[|·•∙–—/()]\s*|\s-\s")
_BARE_COUNT = re.compile(r"^\W*\d+\s?[a-zа-яё]+\.?$", re.IGNORECASE)
"""A count that does not say "ago": "5 min", which is how long the article takes to read."""

_MAX_WORDS, _LONGEST = 16, 6


def machine_words(node: LexborNode, how: DateHabits) -> str | None:
    """Return what a machine wrote of a date into the attributes of a node and what is in it."""
    for inner in (node, *node.css("*")[:_MAX_INNER]):
        for key, value in inner.attributes.items():
            if value and (key in ("datetime", "title", "content") or key.startswith("data-")):
                raw = value[:_MAX_RELATIVE]
                if _DIGIT.search(raw) and how.read(raw):
                    return raw
    return None


_MAX_INNER = 12


def _last_resorts(document: HtmlDocument, how: DateHabits) -> Iterator[DateCandidate]:
    """Yield days that nothing on the page calls its own, but that are made when a page is.

    They are in a number of the address, in the path of the page's picture, with a clock anywhere
    in the source (the most repeated first), and in the footer.
    """
    picture = document.meta("og:image", "twitter:image")
    for basis, pattern, text in (
        ("url", _STAMP, urlsplit(document.address or "").path),
        ("inferred", _URL_DATE_LOOSE, picture),
    ):
        for match in pattern.finditer(text):
            value = _iso(*match.groups())
            if value:
                yield DateCandidate("published", match.group(0), value, "generic", basis)
    body = document.body
    clocked = Counter(
        day
        for clock in _COLON.finditer(body, 0, _MAX_SOURCE)  # few, so faster than looking for days
        for day in _CLOCKED_DAY.findall(body, max(0, clock.start() - 14), clock.end())
    )
    for raw, _ in clocked.most_common(3):
        text = raw.decode("ascii")
        if value := how.read(text):
            yield DateCandidate("published", text, value, "generic", "inferred")
    for node in document.walked.pruned:
        for match in _NUMERIC.finditer(node.text(separator=" ")):
            if value := how.read(match.group(0)):
                yield DateCandidate("published", match.group(0), value, "generic", "inferred")


_STAMP = re.compile(
    r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d*"
)
"""A number that begins with a day and a clock, as article numbers of many systems do."""

_CLOCKED_DAY = re.compile(
    rb"(?<!\d)(20\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]20\d\d)[T ]\d\d:\d\d$"
)
_COLON = re.compile(rb":\d\d")
_MAX_SOURCE = 1_000_000


_TITLED_SIGNS = (
    b'title="20',
    b"title='20",
    b"data-published",
    b"data-datetime",
    b"data-timestamp",
    b"data-date",
    b"<relative-time",
    b"<local-time",
)
_TITLED_KEYS = (
    "data-published",
    "data-datetime",
    "datetime",
    "data-timestamp",
    "data-date",
    "title",
)
_TITLED_DATES = (
    ".published[title],.updated[title],abbr[title],[data-published],[data-datetime],"
    "relative-time[datetime],local-time[datetime],"
    "[class*=date][data-timestamp],[class*=time][data-timestamp],[class*=date][data-date],[class*=time][data-date]"
)


_BY_MACHINE = re.compile(r"\d{4}-?\d\d-?\d\d|\d{10}")


def _titled(document: HtmlDocument, how: DateHabits) -> Iterator[DateCandidate]:
    """Yield what machines wrote into a title or data attribute of an element made for dates."""
    if not any(sign in document.body for sign in _TITLED_SIGNS):
        return
    for node in document.tree.css(_TITLED_DATES)[:5]:
        attributes = node.attributes
        for key in _TITLED_KEYS:
            raw = attributes.get(key) or ""
            if (_BY_MACHINE.match(raw) or key != "title") and (value := how.read(raw)):
                yield DateCandidate("published", raw, value, "generic", "structured")
                break


def _weak_metas(document: HtmlDocument, how: DateHabits) -> Iterator[DateCandidate]:
    """Yield metas that name a date without saying of what; a printed one is surer."""
    for name in _WEAK_METAS:
        raw = document.meta(name)
        if value := how.read(raw):
            yield DateCandidate("published", raw, value, "opengraph", "structured")


def _days_between(earlier: str, later: str) -> int:
    """Return the days from one ISO 8601 date to another, negative if it is the earlier."""
    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days


def _script_date(body: bytes) -> str | None:
    """Return a publication date that some script on the page is given, as a last resort."""
    for key in _SCRIPT_KEYS:
        position = body.find(key)
        hits = 0
        while position >= 0 and hits < _MAX_SCRIPT_HITS:
            match = _SCRIPT_DATE.search(body, max(0, position - 12), position + 80)
            if match:
                return match.group(1).decode("ascii")
            position = body.find(key, position + 80)
            hits += 1
    return None


_KINDS = (
    ("datePublished", "published"),
    ("dateCreated", "published"),
    ("uploadDate", "published"),
    ("dateModified", "modified"),
)
_DATE_KEYS = frozenset(key for key, _ in _KINDS)


_MODIFIED_WORDS = frozenset(
    ("updated", "modified", "update", "lastmod", "aktualisiert", "edited", "changed", "revised")
)
_FIELD_WORDS = frozenset(("changed", "modified", "lastmod", "revised"))
"""Names of a field that holds the date of a change; themes call any date "updated" (hAtom)."""

_PUBLISHED_WORDS = frozenset(("published", "publish", "pubdate", "posted", "entry", "created"))
_DATE_WORDS = frozenset(
    [
        "date",
        "time",
        "datetime",
        "timestamp",
        "published",
        "pubdate",
        "posted",
        "meta",
        "byline",
        "info",
        "dateline",
        "datum",
        "fecha",
        "data",
        "created",
        "publish",
        "publication",
    ]
)
_ASIDE_WORDS = frozenset(
    ("comment", "comments", "related", "topbar", "masthead", "navbar", "caption")
)
"""Words in a class that say: the date here is of something else than the article."""

_LABELLED = re.compile(
    r"(?:(?:first |originally |date )?(?:published|posted|date|datum|veröffentlicht|erschienen|erstellt|"
    r"publié|mis en ligne|fecha|publicad[oa]|data|pubblicato|gepubliceerd|geplaatst|"
    r"opublikowano|publicerad|udgivet|offentliggjort|publisert|julkaistu|опубликовано|опубліковано|дата|yayınlanma|"
    r"giriş|publikováno|vydáno|publicat|δημοσίευση|δημοσιεύτηκε|diterbitkan)\b|公開|发布|發布|掲載|입력|등록|نشر|פורסם)",
    re.IGNORECASE,
)
"""What stands before a date of publication, in widespread languages."""

_CHANGE_WORDS = (
    r"(?:(?:page |article |was )?(?:last )?(?:updated|modified|edited|reviewed|changed|update:)|"
    r"(?:zuletzt |letzte )?(?:aktualisiert|geändert|aktualisierung)|stand\s?:|mis à jour|(?:dernière )?mise à jour|"
    r"modifié|(?:última )?(?:actualizado|actualizada|actualización)|(?:última )?(?:atualizado|atualizada|atualização)|"
    r"(?:ultimo )?(?:aggiornato|aggiornamento)|bijgewerkt|(?:laatst )?gewijzigd|(?:laatste |last )update|"
    r"zaktualizowano|(?:ostatnia )?aktualizacja|(?:sist |senast |sidst )?(?:uppdaterad|opdateret|oppdatert)|päivitetty|"
    r"обновлено|изменено|оновлено|(?:son )?güncelle(?:me|nme)|aktualizováno|aktualizace|actualizat|frissítve|"
    r"módosítva|ažurirano|(?:τελευταία )?ενημέρωση|(?:terakhir )?diperbarui|cập nhật|"
    r"(?:最終|最近|最后)?更新|(?:최종)?수정|업데이트|آخر تحديث|به‌روزرسانی|עודכן|עדכון אחרון|अपडेट)"
)
CHANGED_LABEL = re.compile(rf"^\W*{_CHANGE_WORDS}", re.IGNORECASE)
"""What stands before the date of a change."""

_NEXT_LABEL = re.compile(
    rf"(?<=[\s,;:|/·•(–—\d日분])(?:(?P<changed>{_CHANGE_WORDS})|(?P<published>{_LABELLED.pattern}))",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(
    rf"(?<=[\s,;:|/·•(–—])(?:(?P<changed>{_CHANGE_WORDS})|(?:{_LABELLED.pattern}))", re.IGNORECASE
)
_MAX_LABELLED = 160
_MAX_LABEL = 40


def _labelled(text: str) -> list[tuple[bool, str]]:
    """Split a short text before the labels in it; with each part, whether it is of a change.

    One line often gives both days: "Published 3 May, updated 4 May".
    """
    changed = CHANGED_LABEL.match(text) is not None
    if len(text) > _MAX_LABELLED or len(_DIGITS.findall(text)) < _MIN_NUMBERS:
        # "By Ann Lee, Editor Last Updated on Feb 27, 2026": the label stands before its one day.
        label, digit = _NEXT_LABEL.search(text, 0, _MAX_LABELLED), _DIGIT.search(text)
        if label and digit and label["changed"]:
            changed = changed or 0 <= digit.start() - label.end() <= _MAX_BETWEEN
        return [(changed, text)]
    parts: list[tuple[bool, str]] = []
    start = 0
    for match in _NEXT_LABEL.finditer(text):
        if _DIGIT.search(text, start, match.start()):
            parts.append((changed, text[start : match.start()]))
            start = match.start()
        if start == match.start() or not parts:
            changed = match.group("changed") is not None
    parts.append((changed, text[start:]))
    return parts


_MAX_BETWEEN = 20
"""Characters from a label to its day: " on Wednesday, Feb ", and prose takes more."""

_DIGITS = re.compile(r"\d+")
_MIN_NUMBERS = 4
"""Numbers in a text that can give two days; one day has two or three."""


def _time_elements(document: HtmlDocument, how: DateHabits) -> Iterator[DateCandidate]:
    """Yield what ``<time>`` elements say: those called published first, then in page order."""
    found: list[tuple[int, DateCandidate]] = []
    posts = _of_posts(document.times[:30])
    for node in document.times[:30]:
        attributes = node.attributes
        raw = attributes.get("datetime") or ""
        printed = " ".join(node.text(separator=" ").split())[:100]
        value = how.read(raw) or how.read(printed)
        if not value:
            continue
        name = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}".lower()
        # A post that was never changed is "published updated" in WordPress's markup (hAtom).
        changed = "published" not in name and (
            (any(word in name for word in _MODIFIED_WORDS) and not _is_hatom(document, name))
            or CHANGED_LABEL.match(printed) is not None
            or _is_field_of_change(node)
        )
        kind = "modified" if changed else "published"
        if node.mem_id in posts:
            continue
        rank = 0 if "pubdate" in attributes or any(word in name for word in _PUBLISHED_WORDS) else 1
        found.append((rank, DateCandidate(kind, raw or printed, value, "generic", "structured")))
    found.sort(key=lambda pair: pair[0])
    yield from (candidate for _, candidate in found)


def _is_hatom(document: HtmlDocument, name: str | frozenset[str]) -> bool:
    """Tell whether "updated" is but hAtom's word for any date: "entry-date updated" on an old theme.

    The microformat asks for it; where the page calls no other date published, that one is.
    """
    words = naming_words(name) if isinstance(name, str) else name
    return (
        "updated" in words
        and not _HATOM_DATES.isdisjoint(words)
        and not any("published" in (node.attributes.get("class") or "") for node in document.times)
    )


_HATOM_DATES = frozenset(("date", "entry", "time", "timestamp"))


def _is_field_of_change(node: LexborNode) -> bool:
    """Tell whether the field around a ``<time>`` is named after the change: "field--name-changed".

    A field holds its date and little else.
    """
    current = node.parent
    for _ in range(_MAX_FIELD_DEPTH):
        if current is None or not current.is_element_node:
            return False
        name = naming_words(current.attributes.get("class") or "")
        if not _FIELD_WORDS.isdisjoint(name) and "published" not in name:
            return len(current.text()) <= _MAX_LABELLED
        current = current.parent
    return False


_MAX_FIELD_DEPTH = 3


def _of_posts(times: list[LexborNode]) -> frozenset[int]:
    """Return which ``<time>`` elements head posts of their own: entries of a live blog, cards.

    Three or more stand alike, each in an element with a heading or a paragraph beside it.
    """
    if len(times) < _MIN_POSTS:
        return frozenset()
    alike: dict[tuple[str, str], dict[int, list[int]]] = {}
    for node in times:
        parent = node.parent
        for _ in range(_MAX_FIELD_DEPTH):
            if parent is None or parent.tag in ("body", "main", "article", "header"):
                break
            if any(inner.mem_id != parent.mem_id for inner in parent.css("h2,h3,h4,h5,p")[:2]):
                key = (parent.tag or "", parent.attributes.get("class") or "")
                alike.setdefault(key, {}).setdefault(parent.mem_id, []).append(node.mem_id)
                break
            parent = parent.parent
    return frozenset(
        time
        for posts in alike.values()
        if len(posts) >= _MIN_POSTS
        for held in posts.values()
        for time in held
    )


_MIN_POSTS = 3


def url_dates(url: str | None) -> Iterator[tuple[str, str]]:
    """Yield a date that the path of an address has."""
    if not url:
        return
    path = unquote(urlsplit(url).path)
    for pattern in (_URL_DATE_LOOSE, _URL_DATE):
        for match in pattern.finditer(path):
            value = _iso(*match.groups())
            if value:
                yield match.group(0), value
    for match in _URL_DATE_NAMED.finditer(path):  # "/2023/october/03/"
        month = month_names("en").get(match[2].lower())
        value = _iso(match[1], str(month), match[3]) if month else None
        if value:
            yield match.group(0), value
    for match in _URL_DATE_REVERSED.finditer(path):
        value = _iso(*reversed(match.groups()))
        if value:
            yield match.group(0), value


def _printed(
    document: HtmlDocument, how: DateHabits, position: int
) -> tuple[list[DateCandidate], list[DateCandidate]]:
    """Return dates in short blocks: those right under the headline, and the others, best first."""
    blocks = document.walked.blocks
    top = position if position >= 0 else None
    ranked: list[tuple[float, int]] = []
    beside: set[int] = set()
    under_text: set[int] = set()
    start = _start_of_article(blocks[top].element) if top is not None else 0
    has_prose = False
    for i, block in enumerate(blocks):
        text = block.text
        size = len(text)
        has_prose = has_prose or (
            top is not None and i > top and size > _MIN_PROSE and block.link_chars < size / 2
        )
        if size > 400 or not (digit := _DIGIT.search(text)):
            continue
        if not _MAYBE_DATE.search(text, digit.start()):
            continue
        parent = block.element.parent
        named = not _DATE_WORDS.isdisjoint(block.own_words) or (
            parent is not None and not _DATE_WORDS.isdisjoint(parent.words)
        )
        distance = 10.0 + i
        if top is not None:
            # A date in the headline is of what it tells, unless it stands before it; a date before
            # the headline may be a masthead's or a list's.
            own = 5.0 if digit.start() == 0 and size > _DAY_LENGTH else 20.0
            distance = i - top if i > top else own if i == top else 9.0 + 2.0 * (top - i)
        if size < 40:
            distance = min(distance, 25.0)  # a date and little else is a page's own wherever it is
        rank = distance + size / 10 - 8 * named
        if _FIRST_PUBLISHED.search(text):
            rank = -_NEAR
        elif _LABELLED.match(text):
            rank -= 12
        elif size > 40 and not _MAYBE_DATE.search(text, 0, 30):
            rank += 12  # prose that comes to a date, as captions do
        if not _ASIDE_WORDS.isdisjoint(block.own_words) or (
            parent is not None and not _ASIDE_WORDS.isdisjoint(parent.words)
        ):
            rank += 40
            if top is None or not 0 < i - top < _RIGHT_BELOW:
                beside.add(i)
        elif i < start and text[:1].isalpha() and parse_page_date(text):
            rank += (
                40  # a weekday and its day, above the element that holds the article: a masthead's
            )
            beside.add(i)
        if block.element.context & IN_FIGCAPTION:
            rank += 50
        if block.link_chars > size / 2:
            # A line of author and section is links for the most part.
            rank += 5 if named and top is not None and abs(i - top) < _RIGHT_BELOW else 10
        if size > 200:
            rank += 100
        elif has_prose and not _LABELLED.match(text):
            rank += 8  # what stands under the text may be of other articles
            under_text.add(i)
        ranked.append((rank, i))
    ranked.sort(key=lambda pair: pair[0])
    if how.order is None:
        how = replace(how, order=proven_order(blocks[i].text for _, i in ranked))
    near: list[DateCandidate] = []
    further: list[DateCandidate] = []
    far = [i for rank, i in ranked if rank >= _NEAR or i in under_text]
    alike = Counter(map(_shape_of, {blocks[i].text: blocks[i] for i in far}.values()))
    guessed = beside | {i for _, i in ranked if _is_sentence(blocks[i].text)}
    guessed |= {
        i
        for i in far
        if _is_prose(blocks[i])
        or alike[_shape_of(blocks[i])] >= _MIN_POSTS
        or (i in under_text and not _is_date_line(blocks[i], how))
    }
    for rank, i in ranked:
        block = blocks[i]
        parent = block.element.parent
        before = blocks[i - 1].text if i else ""
        is_label = len(before) <= _MAX_LABEL and before.endswith(":")
        label = CHANGED_LABEL.match(before) if is_label else None
        if value := how.read(block.text):
            named = (
                label is not None
                or (
                    not _MODIFIED_WORDS.isdisjoint(block.own_words)
                    and not _is_hatom(document, block.own_words)
                )
                or (parent is not None and not _FIELD_WORDS.isdisjoint(parent.words))
            )
            parts = _labelled(block.text)
            for changed, text in parts:
                if value := how.read(text) if len(parts) > 1 else value:
                    kind = "modified" if changed or (named and len(parts) == 1) else "published"
                    basis = "inferred" if i in guessed else "visible"
                    candidate = DateCandidate(kind, text, value, "generic", basis)
                    (near if rank < _NEAR else further).append(candidate)
            if len(near) + len(further) >= _MAX_PRINTED:
                break
    return near, further


def _shape_of(block: Block) -> tuple[str, frozenset[str], str]:
    """Return what lines of one list have in common: their markup, else their signs between words."""
    signs = "" if block.own_words else _RUNS.sub("w", block.text[:_MAX_LINE])
    return block.tag, block.own_words, signs


def _is_sentence(text: str) -> bool:
    """Tell whether a line tells of a day: a sentence that does not begin with it or with a label."""
    return (
        len(text) > _MAX_LINE
        and text[-1] in _ENDS
        and not text[0].isdigit()
        and not _LABELLED.match(text)
        and not _SAYS_PUBLISHED.search(text)
    )


_ENDS = ".!?…。"


def _is_date_line(block: Block, how: DateHabits) -> bool:
    """Tell whether a line under the text is one of date and author, by its markup or its words."""
    text = block.text
    return (
        not _DATE_WORDS.isdisjoint(block.own_words)
        or _BEGINS_WITH_DAY.match(text) is not None
        or _LABELLED.match(text) is not None
        or _SAYS_PUBLISHED.search(text) is not None
        or _CLOCK.search(text) is not None
        or any(_whole_date(part, how) for part in _COMMAS.split(text[:_MAX_RELATIVE]))
    )


def _start_of_article(element: Element | None) -> int:
    """Return the first block of the ``<article>`` or ``<main>`` that a headline stands in; 0: of none."""
    while element is not None and element.tag not in ("article", "main"):
        element = element.parent
    return element.start if element is not None else 0


def _is_prose(block: Block) -> bool:
    """Tell whether a line far from the headline tells of a day, and does not say when it was made.

    It neither begins with the day nor with a label, nor does it give the time of day; or it is
    the words of a link.
    """
    text = block.text
    if _LABELLED.match(text) or _SAYS_PUBLISHED.search(text) or _MAYBE_DATE.search(text, 0, _EARLY):
        return False
    if _CLOCK.search(text):
        return False
    return len(text) > _MAX_LINE or block.link_chars > _ALL_LINK * len(text)


_BEGINS_WITH_DAY = re.compile(r"\W*(?:[^\W\d_]{2,12}[.,]?\s+)?\d")
_RIGHT_BELOW = 3
_RUNS = re.compile(r"\w+(?: \w+)*")
_EARLY = 15
_ALL_LINK = 0.9
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_SAYS_PUBLISHED = re.compile(
    r"published|posted|veröffentlicht|erstellt|publi[ée]|опубликован", re.IGNORECASE
)
_FIRST_PUBLISHED = re.compile(
    r"\b(?:first|originally) (?:published|posted|appeared)\b\D{1,20}\d|"
    r"\b(?:zuerst|erstmals) (?:veröffentlicht|erschienen)\b\D{1,20}\d|"
    r"\bpublié (?:initialement|pour la première fois)\b\D{1,20}\d",
    re.IGNORECASE,
)
"""A sentence that says when the article first came out, whatever day stands by its headline."""

_MAX_LINE = 60
_MAX_PRINTED = 8
_NEAR = 18.0
_DIGIT = re.compile(r"\d")  # many times faster to look for, and most blocks have none
_MAYBE_DATE = re.compile(
    r"(?:19|20|1[34]|2[56])\d\d|[٠-٩۰-۹०-९]{4}|[٠-٩۰-۹]\W{1,3}[٠-٩۰-۹]{1,2}"
    r"|\d{1,2}\s*[-./|]\s*\d{1,2}\s*[-./|]\s*\d\d|\d{1,2}月\d{1,2}日"
)


def best(found: list[DateCandidate], kind: str, latest: str | None = None) -> str | None:
    """Return the best single value of a kind: the first candidate's, as exact as others make it.

    A day becomes the instant that another candidate of that day gives, and an instant in UTC the
    same instant in the page's own offset, where another candidate shows what that is. What only
    somebody who knows the page's date can count is passed over, and so is a day after ``latest``.
    """
    found = [c for c in found if c.value and (latest is None or c.value[:10] <= latest)]
    leader = next((candidate for candidate in found if candidate.kind == kind), None)
    if leader is None:
        return None
    same = [candidate for candidate in found if candidate.kind == kind]
    if len(leader.value) <= len(_LOCAL_INSTANT):
        day = [c for c in same if c.value[:10] == leader.value[:10]]
        leader = max(day, key=lambda c: (len(c.value) > len(_LOCAL_INSTANT), len(c.value) > 10))
    if leader.value.endswith(_UTC):
        instant = datetime.fromisoformat(leader.value)
        for candidate in same:
            if len(candidate.value) >= 16 and (local := _in_own_offset(instant, candidate.value)):
                return local
        named = next((c.value for c in same if c.basis == "url"), leader.value[:10])
        if named != leader.value[:10]:
            return _on_day(instant, named, found) or leader.value
    return leader.value


_LARGEST_OFFSET = timedelta(hours=14)
_QUARTER_HOUR = timedelta(minutes=15)


def _in_own_offset(instant: datetime, value: str) -> str | None:
    """Return ``instant`` in the offset of ``value`` if that shows it on a clock that is not UTC's.

    A clock without offset shows the same instant when it differs by whole quarters of an hour,
    by no more than the largest offset there is.
    """
    other = datetime.fromisoformat(value)
    if other.tzinfo is not None:
        return value if other == instant and other.utcoffset() else None
    shown = instant
    if len(value) == len("2020-01-01T00:00"):
        shown = instant.replace(second=0, microsecond=0)  # Printed clocks have no seconds.
    difference = other.replace(tzinfo=UTC) - shown
    if not difference or abs(difference) > _LARGEST_OFFSET or difference % _QUARTER_HOUR:
        return None
    if not shown.second and not shown.minute % 15:
        return None  # Clocks on the quarter hour agree by chance too often.
    return instant.astimezone(timezone(difference)).isoformat()


def _on_day(instant: datetime, day: str, found: list[DateCandidate]) -> str | None:
    """Return the instant on the clock of another candidate, if that clock shows ``day``.

    Addresses keep the site's own clock, on which an evening is often UTC's next day.
    """
    for candidate in found:
        zone = datetime.fromisoformat(candidate.value).tzinfo
        if zone is not None and (local := instant.astimezone(zone).isoformat()).startswith(day):
            return local
    return None
