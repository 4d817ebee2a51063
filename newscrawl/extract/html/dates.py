"""When an article was published and modified: every place that says so, and the best of them.

Candidates are tried in an order that was measured: JSON-LD, metas, microdata, other JSON-LD
objects, printed dates near the headline, ``<time>``, the address, vague metas, other printed
dates, script variables; when there is none of these, what is made with a page (see
``_last_resorts``). A printed date's rank is its distance from the headline, less for a label or a
class made for dates, more for prose, comments and mastheads. Readings by
:func:`newscrawl.dates.parse_date`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from urllib.parse import unquote, urlsplit

from newscrawl.dates import all_month_names, fold, month_names, parse_date, tokenize
from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.structured import is_article, text_of
from newscrawl.extract.html.tree import IN_FIGCAPTION


@dataclass(frozen=True)
class DateCandidate:
    """One place that gives a date.

    ``kind`` is ``published`` or ``modified``; ``raw`` the text as printed; ``value`` ISO 8601,
    no more exact than printed; ``source`` the layer (``json-ld``, ``opengraph``, ``microdata``,
    ``generic``); ``basis`` is ``structured``, ``visible`` or ``url``.
    """

    kind: str
    raw: str
    value: str
    source: str
    basis: str


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

_ISO = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s_,]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\W*",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_DATE_LOOSE = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
_URL_DATE_REVERSED = re.compile(
    r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.]((?:19|20)\d\d)(?!\d)"
)
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


def iso(year: int, month: int, day: int, clock: str = "") -> str | None:
    """Return an ISO 8601 date (and clock) if there is such a day, else None."""
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return f"{year:04}-{month:02}-{day:02}{clock}"


def read_machine_date(text: str) -> str | None:
    """Read what machines write: ISO 8601 and near it, or seconds or milliseconds since 1970."""
    if _EPOCH.fullmatch(text.strip()):
        seconds = int(text.strip()[:10])
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = ""
    if hour and int(hour) < 24 and int(minute) < 60:
        clock = f"T{int(hour):02}:{minute}:{second or '00'}" + _zone(zone)
    return iso(int(year), int(month), int(day), clock)


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in ("Z", "UTC", "GMT"):
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


_CLOCK = r"(?:\D{1,12}?(\d{1,2})[:.h時时点點시]\s?(\d{2})(?!\d)(?::\d\d(?!\d))?(?:\s*([apAP])\.?\s?[mM])?)?"
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-./年년]\s*(\d{1,2})\s*[-./月월]\s*(\d{1,2})(?!\d)[日일]?\.?"
    + _CLOCK
)
_NUMERIC = re.compile(
    r"(?<![\d.,])(\d{1,2})\s*([-./|])\s*(\d{1,2})\s*\2\s*((?:19|20)?\d\d)(?!\d)" + _CLOCK
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|[.ºª°])?(?:\s+(?:de|d'|of))?[\s.\-/]+([^\W\d_]{3,12})\.?,?(?:\s+(?:de|del|of))?[\s\-/]+((?:19|20)\d\d)(?!\d)"
    + _CLOCK
)
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s*((?:19|20)\d\d)(?!\d)" + _CLOCK
)
_DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_AMERICAN = frozenset(("en", "en-us"))
_AMERICAN_ENDINGS = frozenset(("us", "io", "co", "ai", "tv", "me", "ph"))
"""Two-letter ends of host names that do not tell of a country with days first."""


def read_printed_date(text: str, language: str | None, american: bool) -> str | None:
    """Find the first date that is printed in a short text; None if there is none."""
    text = text[:300]
    if language and language[:2] in _PERSIAN and (value := read_persian_date(text)):
        return value
    if match := _YEAR_FIRST.search(text):
        number, month_digits, day_digits, *clock = match.groups()
        if value := iso(int(number), int(month_digits), int(day_digits), _clock(clock)):
            return value
    if match := _NUMERIC.search(text):
        first, mark, second, year, *clock = match.groups()
        day, month = int(first), int(second)
        if month > 12 or (american and day <= 12 and mark != "."):
            day, month = month, day
        if value := iso(
            int(year) if len(year) == 4 else 2000 + int(year), month, day, _clock(clock)
        ):
            return value
    for pattern, order in ((_DAY_MONTH, (0, 1, 2)), (_MONTH_DAY, (1, 0, 2))):
        for match in pattern.finditer(text):
            groups = match.groups()
            day_text, name, year = (groups[i] for i in order)
            month_number = month_of(name, language)
            if month_number:
                return iso(int(year), month_number, int(day_text), _clock(list(groups[3:])))
    return None


_PERSIAN = ("fa", "ps")
_ARABIC_LETTERS = str.maketrans("يك", "یک")
_PERSIAN_MONTHS = {
    fold(name).translate(_ARABIC_LETTERS): number
    for number, name in enumerate(
        (
            "فروردین",
            "اردیبهشت",
            "خرداد",
            "تیر",
            "مرداد",
            "شهریور",
            "مهر",
            "آبان",
            "آذر",
            "دی",
            "بهمن",
            "اسفند",
        ),
        1,
    )
}
_PERSIAN_DAY = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}}) (?:ماه )?(?P<month>{'|'.join(_PERSIAN_MONTHS)})(?: ماه)? (?P<year>1[34]\d\d)"
    r"|(?P<first>1[34]\d\d)[/-](?P<second>\d{1,2})[/-](?P<third>\d{1,2}))(?!\d)(?:\D{1,12}?(\d{1,2}):(\d\d)(?!\d))?"
)


def read_persian_date(text: str) -> str | None:
    """Read a day of the solar Hijri calendar, as pages in Persian print it."""
    if not (match := _PERSIAN_DAY.search(fold(text[:300]).translate(_ARABIC_LETTERS))):
        return None
    year, month, day, first, second, third = match.group(
        "year", "month", "day", "first", "second", "third"
    )
    number = _PERSIAN_MONTHS[month] if month else int(second)
    years, days = int(year or first), int(day or third)
    if not (1 <= number <= 12 and 1 <= days <= (31 if number <= 6 else 30)):
        return None
    # The year begins on 20 or 21 March; leap years go in a cycle of 33 that began in 1375.
    cycles, rest = divmod(years - 1375, 33)
    new_year = date(1996, 3, 20) + timedelta(cycles * 12_053 + rest * 365 + (rest + 3) // 4)
    found = new_year + timedelta((number - 1) * 31 - max(0, number - 7) + days - 1)
    hour, minute = match.groups()[-2:]
    return iso(found.year, found.month, found.day, _clock([hour, minute, None]))


def read_whole_date(text: str, language: str | None, american: bool) -> str | None:
    """Read a text that is a date and little else, in any language; None unless it names a day.

    Only a text with a month's name and a day's number is tried: no other of 246 such texts on
    tuning sites was a date, and the reader's dictionaries take a quarter of a second to load.
    """
    if not _DAY_NUMBER.search(text) or not (
        _THAI.search(text) or all_month_names().intersection(tokenize(fold(text)))
    ):
        return None
    order = "MDY" if american else "DMY"
    try:
        interval = parse_date(text, language=language, order=order)
    except ValueError:  # a language that there is not
        interval = parse_date(text, order=order)
    value = interval.value if interval is not None else None
    return (
        value
        if value and len(value) >= 10 and _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR
        else None
    )


_THAI = re.compile("[\u0e01-\u0e2e]{2}")  # written without spaces between words


def _clock(parts: list[str | None]) -> str:
    hour, minute, half = parts
    if not hour or not minute:
        return ""
    hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
    return f"T{hours:02}:{minute}" if hours < 24 and int(minute) < 60 else ""


_WIDESPREAD = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "ru",
    "pl",
    "tr",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "hu",
    "ro",
    "el",
    "uk",
    "id",
    "hr",
    "sq",
    "bg",
    "sr",
    "mk",
    "kk",
    "ky",
    "ka",
    "hy",
    "ar",
    "fa",
    "ur",
    "he",
    "hi",
]


def month_of(name: str, language: str | None) -> int | None:
    """Return the number of a month's name: the page's language first, then widespread ones.

    A page's declared language is often its template's only, so the others are asked after it.
    """
    name = fold(name)
    own = month_names(language.split("-")[0].lower()) if language else {}
    return own.get(name) or _widespread_months().get(name)


@cache
def _widespread_months() -> dict[str, int]:
    """Return the names of months in widespread languages; the first to have a name keeps it."""
    return {
        name: number for code in reversed(_WIDESPREAD) for name, number in month_names(code).items()
    }


def candidates(document: HtmlDocument, language: str | None, top: int) -> list[DateCandidate]:
    """Return the dates that a page gives, best first.

    Where structured data gives an instant and the address does not contradict it, printed dates
    are not looked for: they would only say the same less exactly. A day that JSON-LD spells out
    comes after the one printed near the headline.

    Arguments: the page, its language as a BCP 47 tag or None, and which of its blocks is the headline
    (-1: none), for what is near.
    """
    host = (urlsplit(document.address or "").hostname or "").lower()
    country = host.rpartition(".")[2]
    american = (language or "en").lower() in _AMERICAN and (
        len(country) != 2 or country in _AMERICAN_ENDINGS
    )
    found: list[DateCandidate] = []

    def add(kind: str, raw: str, source: str) -> None:
        value = read_machine_date(raw) or read_printed_date(raw, language, american)
        if value:
            found.append(DateCandidate(kind, raw, value, source, "structured"))

    article = document.article
    for key, kind in _KINDS:
        if raw := text_of(article.get(key)):
            add(kind, raw, "json-ld")
    for names, kind in ((_PUBLISHED_METAS, "published"), (_MODIFIED_METAS, "modified")):
        for name in names:
            if name in document.metas:
                add(kind, document.meta(name), "opengraph")
    for key, kind in _KINDS:
        for raw, _ in document.microdata.get(key, ())[:1]:
            add(kind, raw, "microdata")
    for item in document.json_ld:
        if item is not article and not _DATE_KEYS.isdisjoint(item) and not is_article(item):
            for key, kind in _KINDS:
                if raw := text_of(item.get(key)):
                    add(kind, raw, "json-ld")
    in_url = [
        DateCandidate("published", raw, value, "generic", "url")
        for raw, value in url_dates(document.address)
    ]
    in_url.sort(key=lambda candidate: candidate.value)
    leader = next((candidate for candidate in found if candidate.kind == "published"), None)
    if leader and in_url and _days_between(in_url[0].value, leader.value) > 1:
        # Moved or published again: the path keeps the day of the first time.
        return [in_url[0], *found]
    agreed = all(leader.value.startswith(named.value) for named in in_url) if leader else False
    exact = leader is not None and agreed and len(leader.value) > len(_LOCAL_INSTANT)
    if exact and not leader.value.endswith(_UTC):  # type: ignore[union-attr]  # exact says that there is one
        return found + in_url
    times = _time_elements(document, language, american)
    if leader and leader.source == "json-ld" and not leader.raw.lstrip()[:4].isdigit():
        # Templates print such a day from a field of their own, often the last change.
        near, _ = _printed(document, language, american, top)
        near = [
            replace(candidate, kind="published")
            for candidate in near
            # No change is before the publication, so that one is not what JSON-LD says.
            if candidate.kind == "published" or candidate.value[:10] < leader.value[:10]
        ]
        return [*near[:1], *found, *times, *in_url]
    if leader and agreed:
        return [*found, *times, *_weak_metas(document, language, american), *in_url]
    near, further = _printed(document, language, american, top)
    found += near if leader is None else []
    found += times
    found += in_url
    found += _titled(document)
    found += _weak_metas(document, language, american)
    found += near if leader is not None else []
    if leader is None and any(candidate.kind == "modified" for candidate in near):
        return found  # a page that prints when it was changed, and not when it was made
    found += further
    if any(candidate.kind == "published" for candidate in found):
        return found
    add("published", document.meta("og:description", "description")[:300], "opengraph")
    if in_script := _script_date(document.body):
        add("published", in_script, "generic")
    if not found:
        found += _last_resorts(document)
    return found


def _last_resorts(document: HtmlDocument) -> Iterator[DateCandidate]:
    """Yield days that nothing on the page calls its own, but that are made when a page is.

    They are in a number of the address, in the path of the page's picture, with a clock anywhere
    in the source (the most repeated first), and in the footer.
    """
    picture = document.meta("og:image", "twitter:image")
    for basis, pattern, text in (
        ("url", _STAMP, urlsplit(document.address or "").path),
        ("structured", _URL_DATE_LOOSE, picture),
    ):
        for match in pattern.finditer(text):
            value = iso(int(match.group(1)), int(match.group(2)), int(match.group(3)))
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
        if value := read_machine_date(text) or read_printed_date(text, None, american=False):
            yield DateCandidate("published", text, value, "generic", "structured")
    for node in document.walked.pruned:
        for match in _NUMERIC.finditer(node.text(separator=" ")):
            if value := read_printed_date(match.group(0), None, american=False):
                yield DateCandidate("published", match.group(0), value, "generic", "visible")


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


def _titled(document: HtmlDocument) -> Iterator[DateCandidate]:
    """Yield what machines wrote into a title or data attribute of an element made for dates."""
    if not any(sign in document.body for sign in _TITLED_SIGNS):
        return
    for node in document.tree.css(_TITLED_DATES)[:5]:
        attributes = node.attributes
        for key in _TITLED_KEYS:
            raw = attributes.get(key) or ""
            if value := read_machine_date(raw):
                yield DateCandidate("published", raw, value, "generic", "structured")
                break


def _weak_metas(
    document: HtmlDocument, language: str | None, american: bool
) -> Iterator[DateCandidate]:
    """Yield metas that name a date without saying of what; a printed one is surer."""
    for name in _WEAK_METAS:
        raw = document.meta(name)
        value = read_machine_date(raw) or read_printed_date(raw, language, american)
        if value:
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


_MODIFIED_WORDS = frozenset(("updated", "modified", "update", "lastmod", "aktualisiert", "edited"))
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
    r"(?:最終)?更新|最后更新|(?:최종)?수정|업데이트|آخر تحديث|به‌روزرسانی|עודכן|עדכון אחרון|अपडेट)"
)
_CHANGED = re.compile(rf"\W*{_CHANGE_WORDS}", re.IGNORECASE)
"""What stands before the date of a change."""

_NEXT_LABEL = re.compile(
    rf"(?<=[\s,;:|/·•(–—\d日분])(?:(?P<changed>{_CHANGE_WORDS})|(?P<published>{_LABELLED.pattern}))",
    re.IGNORECASE,
)
_MAX_LABELLED = 160
_MAX_LABEL = 40


def _labelled(text: str) -> list[tuple[bool, str]]:
    """Split a short text before the labels in it; with each part, whether it is of a change.

    One line often gives both days: "Published 3 May, updated 4 May".
    """
    changed = _CHANGED.match(text) is not None
    if len(text) > _MAX_LABELLED or len(_DIGITS.findall(text)) < _MIN_NUMBERS:
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


_DIGITS = re.compile(r"\d+")
_MIN_NUMBERS = 4
"""Numbers in a text that can give two days; one day has two or three."""


def _time_elements(
    document: HtmlDocument, language: str | None, american: bool
) -> Iterator[DateCandidate]:
    """Yield what ``<time>`` elements say: those called published first, then in page order."""
    found: list[tuple[int, DateCandidate]] = []
    for node in document.times[:30]:
        attributes = node.attributes
        raw = attributes.get("datetime") or ""
        printed = " ".join(node.text(separator=" ").split())[:100]
        value = (
            read_machine_date(raw)
            or read_printed_date(raw, language, american)
            or read_printed_date(printed, language, american)
        )
        if not value:
            continue
        name = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}".lower()
        # A post that was never changed is "published updated" in WordPress's markup (hAtom).
        changed = "published" not in name and (
            any(word in name for word in _MODIFIED_WORDS) or _CHANGED.match(printed) is not None
        )
        kind = "modified" if changed else "published"
        rank = 0 if "pubdate" in attributes or any(word in name for word in _PUBLISHED_WORDS) else 1
        found.append((rank, DateCandidate(kind, raw or printed, value, "generic", "structured")))
    found.sort(key=lambda pair: pair[0])
    yield from (candidate for _, candidate in found)


def url_dates(url: str | None) -> Iterator[tuple[str, str]]:
    """Yield a date that the path of an address has."""
    if not url:
        return
    path = unquote(urlsplit(url).path)
    for pattern in (_URL_DATE_LOOSE, _URL_DATE):
        for match in pattern.finditer(path):
            value = iso(int(match.group(1)), int(match.group(2)), int(match.group(3)))
            if value:
                yield match.group(0), value
    for match in _URL_DATE_REVERSED.finditer(path):
        value = iso(int(match.group(3)), int(match.group(2)), int(match.group(1)))
        if value:
            yield match.group(0), value


def _printed(
    document: HtmlDocument, language: str | None, american: bool, position: int
) -> tuple[list[DateCandidate], list[DateCandidate]]:
    """Return dates in short blocks: those right under the headline, and the others, best first."""
    blocks = document.walked.blocks
    top = position if position >= 0 else None
    ranked: list[tuple[float, int]] = []
    for i, block in enumerate(blocks):
        text = block.text
        size = len(text)
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
            # A date in the headline is of what it tells; before it may be a masthead or a list.
            distance = i - top if i > top else 20.0 if i == top else 7.0 + 2.0 * (top - i)
        if size < 40:
            distance = min(distance, 25.0)  # a date and little else is a page's own wherever it is
        rank = distance + size / 10 - 8 * named
        if _LABELLED.match(text):
            rank -= 12
        elif size > 40 and not _MAYBE_DATE.search(text, 0, 30):
            rank += 12  # prose that comes to a date, as captions do
        if not _ASIDE_WORDS.isdisjoint(block.own_words) or (
            parent is not None and not _ASIDE_WORDS.isdisjoint(parent.words)
        ):
            rank += 40
        if block.element.context & IN_FIGCAPTION:
            rank += 50
        if block.link_chars > size / 2:
            rank += 10
        if size > 200:
            rank += 100
        ranked.append((rank, i))
    ranked.sort(key=lambda pair: pair[0])
    near: list[DateCandidate] = []
    further: list[DateCandidate] = []
    guesses = 0
    for rank, i in ranked:
        block = blocks[i]
        before = blocks[i - 1].text if i else ""
        label = len(before) <= _MAX_LABEL and before.endswith(":") and _CHANGED.match(before)
        value = read_printed_date(block.text, language, american)
        if value is None and len(block.text) <= _MAX_WHOLE_DATE and guesses < _MAX_GUESSES:
            guesses += 1
            text = _LABEL.sub("", block.text)
            value = read_whole_date(text, language, american)
        if value:
            named = bool(not _MODIFIED_WORDS.isdisjoint(block.own_words) or label)
            parts = _labelled(block.text)
            for changed, text in parts:
                if len(parts) > 1:
                    value = read_printed_date(text, language, american)
                if value:
                    kind = "modified" if changed or (named and len(parts) == 1) else "published"
                    candidate = DateCandidate(kind, text, value, "generic", "visible")
                    (near if rank < _NEAR else further).append(candidate)
            if len(near) + len(further) >= _MAX_PRINTED:
                break
    return near, further


_LABEL = re.compile(r"^[^\d:]{2,30}:\s*")
_MAX_PRINTED = 8
_NEAR = 16.0
_MAX_WHOLE_DATE = 60
_MAX_GUESSES = 3
_DIGIT = re.compile(r"\d")  # many times faster to look for, and most blocks have none
_MAYBE_DATE = re.compile(
    r"(?:19|20|1[34]|2[56])\d\d|[٠-٩۰-۹]{4}|\d{1,2}\s*[-./|]\s*\d{1,2}\s*[-./|]\s*\d\d"
)


def best(found: list[DateCandidate], kind: str) -> str | None:
    """Return the best single value of a kind: the first candidate's, as exact as others make it.

    A day becomes the instant that another candidate of that day gives, and an instant in UTC the
    same instant in the page's own offset, where another candidate shows what that is.
    """
    leader = next((candidate for candidate in found if candidate.kind == kind), None)
    if leader is None:
        return None
    same = [candidate for candidate in found if candidate.kind == kind]
    leader = _unambiguous(leader, same)
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


def _unambiguous(leader: DateCandidate, others: list[DateCandidate]) -> DateCandidate:
    """Return the candidate that says the same day as "03/04/2020" may, if just one reading has one.

    That the day comes first in a language is a habit, which other places on the page overrule.
    """
    year, month, day = leader.value[:4], leader.value[5:7], leader.value[8:10]
    if day > "12" or day == month or not _NUMERIC.search(leader.raw):
        return leader
    clear = [candidate for candidate in others if not _NUMERIC.search(candidate.raw)]
    if any(candidate.value[:10] == leader.value[:10] for candidate in clear):
        return leader
    swapped = f"{year}-{day}-{month}"
    return next((candidate for candidate in clear if candidate.value[:10] == swapped), leader)


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
