"""A text dump of a page: which kind of page it is, and which articles it shows.

A dump holds one element a line. Four layouts are known, each told by its form and not
by the site that printed it:

* an author page: breadcrumb, "N's Avatar", name, job title, biography, then articles;
* a listing: "Viewing results 97 - 102 of 118", then articles as headline and text;
* an aggregator's page: an archive heading ("Category: X"), then whole posts as bullets;
* an article page: headline, then byline or date, then the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from newscrawl.dates import parse_date, parse_page_date, parse_relative
from newscrawl.extract.printed import PrintedArticle, PrintedPage, PrintedPerson
from newscrawl.extract.stream import read_stream
from newscrawl.extract.ticker import take_ticker
from newscrawl.extract.typography import fold, squeeze
from newscrawl.items import Listing

_LISTING = re.compile(
    r"(?:Viewing|Showing|Displaying|Results?|Articles|Items|Posts|Stories)\b[^\d]{0,24}"
    r"(?P<first>\d[\d,.]*)\s*(?:-|–|—|to|through)\s*(?P<last>\d[\d,.]*)\s*(?:of|out of|/)\s*"
    r"(?:about\s|over\s)?(?P<total>\d[\d,.]*)(?:\s\w+){0,3}\.?",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"(?:Category|Tag|Topic|Archives?|Section|Author|Month|Year|Day)(?: Archives?)?:\s*(?P<name>\S.*)",
    re.IGNORECASE,
)
_AVATAR = re.compile(r"(?P<name>.+?)['’](?:s)?\s(?:avatar|photo|picture|portrait)", re.IGNORECASE)
_CRUMB_SEPARATOR = re.compile(r"\s+[>›»/]\s+")
_ARTICLES_LABEL = re.compile(
    r"(?:(?:Latest|Recent|More|All)\s)?(?:Articles|Stories|Posts|News)(?:\sby\s.+|\sfrom\s.+)?:?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?P<indent>\s*)[•*·‣▪◦]\s+(?P<text>.*)")
_PAGINATION = re.compile(
    r"(?:[«‹←<]\s?)?(?:previous|prev|next|older|newer|first|last|load more|show more|view more|more)"
    r"(?:\s(?:page|posts|articles|stories|entries|results))?(?:\s?[»›→>])?"
    r"|page\s\d+(?:\sof\s\d+)?|[\d\s.…,«»‹›<>→←]+|(?:copyright\s)?(?:©|\(c\)).*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][”\"’')\]]*$")
_LONG = 180
_HEAD_LINES = 40
# Any anchor does: here it is only asked whether a line is a date at all.
_SOME_DAY = date(2000, 1, 1)
_MAX_DATE = 60


def read_text_page(
    text: str, *, language: str | None = None, page_size: int | None = None
) -> PrintedPage:
    """Read a text dump.

    Args:
        text: the dump, lines ended in any way.
        language: BCP 47 tag of the page's dates where the site declares it.
        page_size: how many articles a listing page of this site holds, for the last page,
            which holds fewer.

    Returns:
        The page; `kind` is "other" and there are no articles where no layout is known.
    """
    printed, lines = take_ticker(text.splitlines())
    page = PrintedPage(printed_rates=printed)
    lines = take_masthead_date(lines, page)
    for read in (
        _read_aggregator,
        _read_author,
        _read_listing,
        _read_article,
        _read_bare_stream,
    ):
        if read(lines, page, language, page_size):
            break
    return page


def take_masthead_date(lines: list[str], page: PrintedPage) -> list[str]:
    """The page's own date is a line of its own, above any text."""
    seen = 0
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        seen += 1
        if seen > _HEAD_LINES or _is_prose(line):
            break
        day = parse_page_date(line.strip()) if len(line) <= _MAX_DATE else None
        if day:
            page.page_date = day
            page.remove([line], "masthead-date")
            return lines[:at] + lines[at + 1 :]
    return lines


def _is_prose(line: str) -> bool:
    text = line.strip()
    return len(text) > _LONG or (len(text) > 60 and bool(_SENTENCE_END.search(text)))


def is_date_line(text: str, language: str | None = None) -> bool:
    """Whether a line is a date, relative or absolute, and nothing else."""
    if len(text) > _MAX_DATE or not (text[:1].isalnum() or text[:1] in "~+"):
        return False
    return (
        parse_relative(text, _SOME_DAY, language=language) is not None
        or parse_date(text, anchor=_SOME_DAY, language=language) is not None
    )


def _dates_in(language: str | None) -> Callable[[str], bool]:
    return lambda text: is_date_line(text, language)


# Aggregator


def _read_aggregator(
    lines: list[str], page: PrintedPage, language: str | None, page_size: int | None
) -> bool:
    """Posts are the bullets of the outermost indentation; what is indented deeper is theirs."""
    heading = next((at for at, line in enumerate(lines) if _ARCHIVE.fullmatch(line.strip())), None)
    start = 0 if heading is None else heading + 1
    bullets = [(at, match) for at, line in enumerate(lines) if at >= start
               and (match := _BULLET.fullmatch(line))]  # fmt: skip
    if not bullets:
        return False
    outermost = min(len(match["indent"]) for _, match in bullets)
    tops = [(at, match) for at, match in bullets if len(match["indent"]) == outermost]
    if not _are_posts(lines, [at for at, _ in tops], outermost, heading is not None):
        return False
    page.kind = "aggregator"
    page.remove(lines[: tops[0][0]])
    ends = [at for at, _ in tops[1:]] + [len(lines)]
    for position, ((at, match), end) in enumerate(zip(tops, ends, strict=True), start=1):
        post, outside = _cut_at_outdent(lines[at + 1 : end], outermost)
        page.remove(outside)
        raw = "\n".join([match["text"], *post])
        page.articles.append(PrintedArticle(None, raw.strip(), None, position))
    return True


def _are_posts(lines: list[str], tops: list[int], outermost: int, has_heading: bool) -> bool:
    """Bullets are posts under an archive heading, or where they hold paragraphs of their own."""
    if has_heading:
        return True
    with_paragraphs = sum(
        any(line.strip() and _indent(line) > outermost for line in lines[at + 1 : end])
        for at, end in zip(tops, [*tops[1:], len(lines)], strict=True)
    )
    return with_paragraphs * 2 >= len(tops)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _cut_at_outdent(lines: list[str], outermost: int) -> tuple[list[str], list[str]]:
    """A post ends where a line stands no deeper than its bullet: page chrome follows."""
    for at, line in enumerate(lines):
        if line.strip() and _indent(line) <= outermost:
            return lines[:at], lines[at:]
    return lines, []


# Author page


def _read_author(
    lines: list[str], page: PrintedPage, language: str | None, page_size: int | None
) -> bool:
    texts = [squeeze(line) for line in lines if line.strip()]
    head = _head(texts)
    avatar = next((at for at, text in enumerate(head) if _AVATAR.fullmatch(text)), None)
    crumbs = next(
        (at for at, text in enumerate(head) if len(_CRUMB_SEPARATOR.split(text)) > 1), None
    )
    name = _person_name(texts, avatar, crumbs)
    if name is None:
        return False
    page.kind = "author"
    marks = {at for at in (avatar, crumbs) if at is not None}
    start = max(marks) + 1
    page.remove([*texts[: min(marks)], *(texts[at] for at in sorted(marks))])
    page.remove([text for at, text in enumerate(texts) if min(marks) < at < start and at not in marks
                 and fold(text) != fold(name)])  # fmt: skip
    at = start
    if at < len(texts) and fold(texts[at]) == fold(name):
        at += 1
    label = _find_label(texts, at)
    end = label if label is not None else _end_of_biography(texts, at)
    # A job title is a phrase; a biography, short as it may be, is made of sentences.
    prose = [text for text in texts[at:end] if _is_prose(text) or _SENTENCE_END.search(text)]
    titles = [text for text in texts[at:end] if text not in prose]
    page.person = PrintedPerson(name, titles[0] if titles else None, "\n\n".join(prose) or None)
    page.remove(titles[1:])
    if label is not None:
        page.remove([texts[label]])
        end = label + 1
    _read_articles(texts[end:], page, language)
    return True


def _head(texts: list[str]) -> list[str]:
    """The lines above any text."""
    for at, text in enumerate(texts[:_HEAD_LINES]):
        if _is_prose(text):
            return texts[:at]
    return texts[:_HEAD_LINES]


def _person_name(texts: list[str], avatar: int | None, crumbs: int | None) -> str | None:
    """The avatar line names the person; so does a breadcrumb whose last part is printed again."""
    if avatar is not None:
        match = _AVATAR.fullmatch(texts[avatar])
        return match["name"] if match else None
    if crumbs is not None:
        last = _CRUMB_SEPARATOR.split(texts[crumbs])[-1]
        following = [fold(text) for text in texts[crumbs + 1 : crumbs + 3]]
        if fold(last) in following and _find_label(texts, crumbs + 1) is not None:
            return last
    return None


def _find_label(texts: list[str], start: int) -> int | None:
    """The label above the articles, at most a few biography paragraphs below the name."""
    for at in range(start, min(len(texts), start + 12)):
        if _ARTICLES_LABEL.fullmatch(texts[at]):
            return at
    return None


def _end_of_biography(texts: list[str], start: int) -> int:
    """Without a label, the first run of prose under the name is the biography."""
    at = start
    while at < len(texts) and not _is_prose(texts[at]):
        at += 1
    while at < len(texts) and _is_prose(texts[at]):
        at += 1
    return at


# Listing


def _read_listing(
    lines: list[str], page: PrintedPage, language: str | None, page_size: int | None
) -> bool:
    texts = [squeeze(line) for line in lines if line.strip()]
    marks = [at for at, text in enumerate(texts) if _LISTING.fullmatch(text)]
    if not marks:
        return False
    page.kind = "listing"
    page.listing = read_listing_mark(texts[marks[0]], page_size)
    page.remove([texts[at] for at in marks])
    head = len(_head(texts))
    # Above the articles the mark ends the head; below them it is one line to leave out.
    start = marks[0] if marks[0] < head else 0
    page.remove(texts[:start])
    stream = [text for at, text in enumerate(texts) if at >= start and at not in marks]
    _read_articles(stream, page, language)
    return True


def read_listing_mark(text: str, page_size: int | None = None) -> Listing | None:
    """Read "Viewing results 97 - 102 of 118".

    Args:
        text: the line.
        page_size: how many results a full page holds, where that is known. Without it the
            last page, which may hold fewer, has no page number unless it is the only one.

    >>> read_listing_mark("Viewing results 97 - 102 of 118")
    Listing(first=97, last=102, total=118, page_number=17, page_count=20)
    """
    match = _LISTING.fullmatch(squeeze(text))
    if not match:
        return None
    first, last, total = (int(re.sub(r"[,.]", "", match[n])) for n in ("first", "last", "total"))
    if not 0 <= first <= last <= total:
        return None
    size = last - first + 1 if last < total or first <= 1 else page_size
    if not size or (first - 1) % size:
        return Listing(first=first, last=last, total=total, page_number=None, page_count=None)
    return Listing(
        first=first,
        last=last,
        total=total,
        page_number=(first - 1) // size + 1,
        page_count=-(-total // size),
    )


def _take_pagination(texts: list[str], page: PrintedPage) -> list[str]:
    """Log links to other pages and copyright lines; what is left."""
    found = {text for text in texts if len(text) <= 100 and _PAGINATION.fullmatch(text)}
    page.remove([text for text in texts if text in found])
    return [text for text in texts if text not in found]


def _read_articles(texts: list[str], page: PrintedPage, language: str | None) -> None:
    texts = _take_pagination(texts, page)
    expected = page.listing.last - page.listing.first + 1 if page.listing else None
    if page.listing and page.listing.total == 0:
        expected = 0
    page.articles = read_stream(texts, _dates_in(language), expected)


# Article page

_BYLINE = re.compile(r"(?:By|Von|Par|Por|Автор:?)\s\S.{1,80}")


def _read_article(
    lines: list[str], page: PrintedPage, language: str | None, page_size: int | None
) -> bool:
    """A headline, a byline or date right under it, prose, and no other date: one article."""
    texts = [squeeze(line) for line in lines if line.strip()]
    head = len(_head(texts))
    if not 2 <= head <= 8 or sum(_is_prose(text) for text in texts) < 2:
        return False
    dates = [at for at, text in enumerate(texts) if is_date_line(text, language)]
    bylines = [at for at in range(head) if _BYLINE.fullmatch(texts[at])]
    marks = sorted({*dates, *bylines})
    if not marks or len(dates) > 1 or marks[0] == 0 or marks[-1] >= head:
        return False
    headline = marks[0] - 1
    page.kind = "article"
    page.remove(texts[:headline])
    body = [text for at, text in enumerate(texts) if at > headline and at not in dates]
    raw = "\n\n".join(_take_pagination(body, page))
    date_raw = texts[dates[0]] if dates else None
    page.articles = [PrintedArticle(texts[headline], raw, date_raw, 1)]
    return True


def _read_bare_stream(
    lines: list[str], page: PrintedPage, language: str | None, page_size: int | None
) -> bool:
    """No mark of a listing: a page with a masthead date and headlines above texts is one."""
    texts = [squeeze(line) for line in lines if line.strip()]
    if page.page_date is None or not texts:
        return False
    _read_articles(texts, page, language)
    whole = [article for article in page.articles if article.headline and len(article.raw) > _LONG]
    if len(whole) < 2 and not any(article.date_raw for article in whole):
        page.articles = []
        return False
    page.kind = "listing"
    return True
