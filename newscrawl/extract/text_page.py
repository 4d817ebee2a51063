"""A text dump of a page: which kind of page it is, and which articles it shows.

A dump holds one element a line. The kinds are told by their form and not by the site that
printed them:

* an aggregator's page: bullets or numbers that hold whole posts;
* an author page: a breadcrumb or portrait line, the name, what they do, then articles;
* an article page: one long run of paragraphs, its headline above it;
* a stream: headlines, texts and dates that repeat; with or without a listing mark ("Viewing
  results 97 - 102 of 118"), with or without texts.

What a page does not tell is said in `PrintedPage.doubt`, and the dates in question are left out.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from newscrawl.dates import order_of_days, parse_page_date
from newscrawl.extract.blocks import clean_lines, read_blocks
from newscrawl.extract.frame import NO_FRAME, Frame, line_key
from newscrawl.extract.lines import Line, is_date_line, is_name, look, names_in
from newscrawl.extract.printed import PrintedArticle, PrintedPage, PrintedPerson
from newscrawl.extract.stream import Stream, read_stream
from newscrawl.extract.ticker import find_market_rows, take_ticker
from newscrawl.extract.typography import fold, squeeze
from newscrawl.items import Listing, Note

__all__ = ["is_date_line", "read_listing_mark", "read_text_page", "take_masthead_date"]

# "7–10 из 57", whatever the words: two ends and a total.
_RANGE_MARK = re.compile(
    r"[^\d]{0,40}(?P<first>\d[\d,.]{0,12})\s?(?:-|–|—)\s?(?P<last>\d[\d,.]{0,12})[^\d]{1,20}"
    r"(?P<total>\d[\d,.]{0,12})[^\d]{0,30}"
)
# "Страница 2 из 17", "4 / 31 sahifa", "第2页 共17页": a page and how many there are.
_PAGE_MARK = re.compile(
    r"(?P<lead>[^\d]{0,20})(?P<page>\d{1,5})(?P<of>[^\d]{1,12})(?P<count>\d{1,6})(?P<rest>[^\d]{0,20})"
)
_LONGEST_MARK = 80
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
_BULLET = re.compile(
    r"(?P<indent>[ \t]{0,80})(?:[•*·‣▪◦–-]|(?P<number>\d{1,3})[.)])\s+(?P<text>.*)"
)
_PAGINATION = re.compile(
    r"(?:[«‹←<]\s?)?(?:previous|prev|next|older|newer|first|last|load more|show more|view more|more)"
    r"(?:\s(?:page|posts|articles|stories|entries|results))?(?:\s?[»›→>])?"
    r"|page\s\d+(?:\sof\s\d+)?|[\d\s.…,«»‹›<>→←/|]+|(?:copyright\s)?(?:©|\(c\)).*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。！？۔।][”\"’')\]»]*$")
_LONG = 180
_HEAD_LINES = 40
_MAX_DATE = 60
# How far above its text an article's headline stands at most, in lines.
_ZONE = 60
# How far below its text its date and its writer stand at most.
_FOOT = 25
# An article's run of paragraphs holds this share of the page's prose at least.
_MAIN_SHARE = 0.5


def read_text_page(
    text: str,
    *,
    language: str | None = None,
    page_size: int | None = None,
    frame: Frame = NO_FRAME,
) -> PrintedPage:
    """Read a text dump.

    Args:
        text: the dump, lines ended in any way.
        language: BCP 47 tag of the page's dates where the site declares it.
        page_size: how many articles a listing page of this site holds, for the last page,
            which holds fewer.
        frame: what the site's dumps share.

    Returns:
        The page; `kind` is "other" and there are no articles where no layout is known.
    """
    cleaned, targets = clean_lines(text)
    printed, lines = take_ticker(cleaned)
    page = PrintedPage(printed_rates=printed)
    if _read_aggregator(lines, page, frame):
        return page
    blocks = read_blocks(lines, targets)
    market = find_market_rows([block.text for block in blocks])
    page.remove([blocks[at].text for at in sorted(market)], "ticker")
    looks = look([block for at, block in enumerate(blocks) if at not in market], language)
    if _read_author(looks, page):
        _settle(page, frame)
        return page
    looks = _take_frame(looks, frame, page)
    if not (_read_listing(looks, page, page_size, frame) or _read_article(looks, page)):
        _read_bare_stream(looks, page, frame)
        if page.kind == "other":
            _read_headless(looks, page)
    if page.kind != "listing":
        page.listing = None
    _settle(page, frame)
    return page


def _take_frame(lines: list[Line], frame: Frame, page: PrintedPage) -> list[Line]:
    """Log the lines that the site prints on its every page, mark its headlines; what is left."""
    if frame is NO_FRAME:
        return lines
    rest: list[Line] = []
    removed: list[str] = []
    is_below = False
    held = frame.held([line_key(line.block.text) for line in lines])
    for line, is_held in zip(lines, held, strict=True):
        # A byline may name the only writer, and the page's own date stands on each page of a day.
        if is_held and not line.names and (line.date is None or not parse_page_date(line.text)):
            removed.append(line.text)
            is_below = True
            continue
        line.pages, line.below_frame, is_below = frame.stands_on(line.block.text), is_below, False
        if line.date is None and line.weight <= _LONGEST_HEADLINE:
            _mark_known(line, frame)
        rest.append(line)
    page.remove(removed)
    return rest


_NUMBER_BEFORE = re.compile(r"\d{1,3}[.)]\s+")


def _mark_known(line: Line, frame: Frame) -> None:
    """Mark a line that is a headline of the site, with a number or a section before it or not."""
    number = _NUMBER_BEFORE.match(line.text)
    whole = line.text[number.end() :] if number else line.text
    for text in (whole, *_without_section(line.text)):
        if frame.is_headline(text):
            line.known, line.text = True, text
            return


def _without_section(text: str) -> Iterator[str]:
    """Yield what a headline may be, behind a section's name: "Harbour | Pier reopens"."""
    _, mark, headline = text.rpartition(" | ")
    if mark:
        yield headline
    _, _, headline = text.partition(" ")
    if headline:
        yield headline


def _settle(page: PrintedPage, frame: Frame) -> None:
    """What the articles of a page tell together."""
    _drop_second_prints(page)
    if page.kind in ("listing", "author"):
        _mark_cut_teasers(page)
    if page.doubt and page.kind != "article":
        for article in page.articles:
            if not article.is_date_sure:
                article.date_raw = None
    raws = [article.date_raw for article in page.articles if article.date_raw]
    page.date_order = order_of_days(raws, page.page_date) or frame.order


def _drop_second_prints(page: PrintedPage) -> None:
    """A list printed twice (for phones and for desks) is one list."""
    seen: dict[tuple[str | None, str], PrintedArticle] = {}
    for article in page.articles:
        first = seen.setdefault((article.headline, article.raw), article)
        first.date_raw = first.date_raw or article.date_raw
    if len(seen) < len(page.articles):
        page.articles = list(seen.values())
        for position, article in enumerate(page.articles, start=1):
            article.position = position


def _mark_cut_teasers(page: PrintedPage) -> None:
    """A teaser that stops inside a sentence was cut, where the page's others end as texts do."""
    texts = [article for article in page.articles if article.raw]
    ended = [article for article in texts if not article.raw[-1].isalnum()]
    if len(ended) * 2 < len(texts):
        return
    for article in texts:
        article.is_cut = (
            article.raw[-1].isalnum() and "\n" not in article.raw and len(article.raw) > _LONG // 2
        )


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


# Aggregator


def _read_aggregator(lines: list[str], page: PrintedPage, frame: Frame) -> bool:
    """Posts are the bullets of the outermost indentation; what is indented deeper is theirs."""
    if not any(_BULLET.match(line) for line in lines):
        return False
    if frame.headlines and any(frame.is_headline(_without_bullet(line)) for line in lines):
        return False  # an aggregator's posts have their own pages elsewhere
    rest = take_masthead_date(lines, masthead := PrintedPage())
    if not _read_posts(rest, page):
        return False
    page.page_date = masthead.page_date
    page.furniture = masthead.furniture + page.furniture
    return True


def _without_bullet(line: str) -> str:
    bullet = _BULLET.match(line)
    return squeeze(bullet["text"] if bullet else line)


def _read_posts(lines: list[str], page: PrintedPage) -> bool:
    heading = next((at for at, line in enumerate(lines) if _ARCHIVE.fullmatch(line.strip())), None)
    start = 0 if heading is None else heading + 1
    bullets = [(at, match) for at, line in enumerate(lines) if at >= start
               and (match := _BULLET.fullmatch(line))]  # fmt: skip
    bullets = _without_dates(bullets)
    if len(bullets) < 2:
        return False
    outermost = min(len(match["indent"]) for _, match in bullets)
    tops = [(at, match) for at, match in bullets if len(match["indent"]) == outermost]
    if not _are_posts(lines, [at for at, _ in tops], outermost, heading is not None):
        return False
    page.kind = "aggregator"
    if heading is None:
        page.doubt = "bullets that hold paragraphs, without an archive's heading: they may be one page's list"
    page.remove(lines[: tops[0][0]])
    ends = [at for at, _ in tops[1:]] + [len(lines)]
    for position, ((at, match), end) in enumerate(zip(tops, ends, strict=True), start=1):
        post, outside = _cut_at_outdent(lines[at + 1 : end], outermost)
        page.remove(outside)
        raw = "\n".join([match["text"], *post])
        page.articles.append(PrintedArticle(None, raw.strip(), None, position))
    return True


def _without_dates(bullets: list[tuple[int, re.Match[str]]]) -> list[tuple[int, re.Match[str]]]:
    """Numbers before posts count up by one; "13. Juni" is no such number."""
    numbers = [int(match["number"]) for _, match in bullets if match["number"]]
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True:
        return bullets
    return [(at, match) for at, match in bullets if not match["number"]]


def _are_posts(lines: list[str], tops: list[int], outermost: int, has_heading: bool) -> bool:
    """Bullets are posts under an archive heading, or where they hold paragraphs of their own."""
    within = sum(
        len(line) for line in lines[tops[0] :] if _is_prose(line) and _indent(line) >= outermost
    )
    if within * 2 < sum(len(line) for line in lines if _is_prose(line)):
        return False
    if has_heading:
        return True
    with_paragraphs = sum(
        any(_is_prose(line) and _indent(line) > outermost for line in lines[at + 1 : end])
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


def _read_author(lines: list[Line], page: PrintedPage) -> bool:
    head = _head(lines)
    avatar = next((at for at, line in enumerate(head) if _AVATAR.fullmatch(line.text)), None)
    crumbs = next(
        (at for at, line in enumerate(head) if len(_CRUMB_SEPARATOR.split(line.text)) > 1), None
    )
    name = _person_name(lines, avatar, crumbs)
    if name is None:
        return False
    page.kind = "author"
    marks = {at for at in (avatar, crumbs) if at is not None}
    above = _take_masthead(lines[: min(marks)], page)
    start = max(marks) + 1
    # What carries the name below the breadcrumb and is not the name is its portrait's line.
    while avatar is None and start < len(lines) and _carries(lines[start], name):
        marks.add(start)
        start += 1
    page.remove([*(line.text for line in above), *(lines[at].text for at in sorted(marks))])
    page.remove([lines[at].text for at in range(min(marks), start) if at not in marks
                 and fold(lines[at].text) != fold(name)])  # fmt: skip
    at = start
    if at < len(lines) and fold(lines[at].text) == fold(name):
        at += 1
    label = _find_label(lines, at)
    end = label if label is not None else _end_of_biography(lines, at)
    # A job title is a phrase; a biography, short as it may be, is made of sentences.
    prose = [line.text for line in lines[at:end] if line.is_prose or line.ends]
    titles = [line.text for line in lines[at:end] if line.text not in prose]
    page.person = PrintedPerson(name, titles[0] if titles else None, "\n\n".join(prose) or None)
    page.remove(titles[1:])
    if label is not None:
        page.remove([lines[label].text])
        end = label + 1
    _read_articles(lines[end:], page, below_mark=True)
    return True


def _carries(line: Line, name: str) -> bool:
    return (
        fold(name) in fold(line.text)
        and fold(line.text) != fold(name)
        and line.weight < 80
        and not line.ends
    )


def _head(lines: list[Line]) -> list[Line]:
    """The lines above any text."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if line.is_prose:
            return lines[:at]
    return lines[:_HEAD_LINES]


def _person_name(lines: list[Line], avatar: int | None, crumbs: int | None) -> str | None:
    """The avatar line names the person; so does a breadcrumb whose last part is printed again."""
    if avatar is not None:
        match = _AVATAR.fullmatch(lines[avatar].text)
        return match["name"] if match else None
    if crumbs is None:
        return None
    last = _CRUMB_SEPARATOR.split(lines[crumbs].text)[-1]
    following = [fold(line.text) for line in lines[crumbs + 1 : crumbs + 5]]
    if fold(last) not in following:
        return None
    if _find_label(lines, crumbs + 1) is not None:
        return last
    surname = fold(last).split()[-1] if last.split() else ""
    about = next((line for line in lines[crumbs + 1 :] if line.is_prose), None)
    return last if about and is_name(last) and surname in fold(about.text) else None


def _find_label(lines: list[Line], start: int) -> int | None:
    """The label above the articles, at most a few biography paragraphs below the name.

    It is one short line between the biography and the first headline.
    """
    for at in range(start, min(len(lines), start + 12)):
        if _ARTICLES_LABEL.fullmatch(lines[at].text):
            return at
    end = _end_of_biography(lines, start)
    if end + 2 < len(lines) and end - start < 12 and lines[end].weight < 30:
        label, headline, text = lines[end : end + 3]
        if not (headline.is_prose or headline.date or label.ends) and (text.is_prose or text.date):
            return end
    return None


def _end_of_biography(lines: list[Line], start: int) -> int:
    """Without a label, the first run of prose under the name is the biography."""
    at = start
    while at < len(lines) and not lines[at].is_prose:
        at += 1
    while at < len(lines) and lines[at].is_prose:
        at += 1
    return at


# Listing


def _read_listing(
    lines: list[Line], page: PrintedPage, page_size: int | None, frame: Frame
) -> bool:
    marks = {at: mark for at, line in enumerate(lines) if line.weight <= _LONGEST_MARK
             and (mark := _mark_at(lines, at, page_size))}  # fmt: skip
    pages = {at: found for at, line in enumerate(lines) if line.weight <= _LONGEST_MARK // 2
             and at not in marks and (found := _page_mark(lines, at))}  # fmt: skip
    if not marks and not pages:
        return False
    head = len(_head(lines))
    page.listing = next(iter(marks.values()), None)
    if pages:
        number, count = next(iter(pages.values()))
        page.listing = replace(
            page.listing
            or Listing(first=None, last=None, total=None, page_number=None, page_count=None),
            page_number=number,
            page_count=count,
        )
    if not marks:
        # Galleries and articles in parts are numbered too: what the page is, its lines tell.
        page.remove([lines[at].text for at in sorted(pages)])
        lines[:] = [line for at, line in enumerate(lines) if at not in pages]
        return False
    taken = {**marks, **pages}
    # Above the articles the mark ends the head; below them it is one line to leave out.
    above = [at for at in taken if at < head]
    start = max(above) if above else 0
    page.kind = "listing"
    page.remove([lines[at].text for at in sorted(taken)])
    page.remove(
        [
            line.text
            for line in _take_masthead(
                [line for at, line in enumerate(lines[:start]) if at not in taken], page
            )
        ]
    )
    stream = [line for at, line in enumerate(lines) if at >= start and at not in taken]
    _read_articles(stream, page, frame, below_mark=bool(above))
    return True


def _mark_at(lines: list[Line], at: int, page_size: int | None) -> Listing | None:
    """The listing mark that a line is; text below it would make it a headline."""
    if lines[at].date is not None and not lines[at].around:
        return None
    known = read_listing_mark(lines[at].text, page_size)
    if known or not _DIGITS.search(lines[at].text):
        return known
    match = _RANGE_MARK.fullmatch(lines[at].text)
    if not match or _has_text_below(lines, at):
        return None
    mark = _listing_of(match, page_size)
    if mark is None or mark.first is None or mark.last is None or mark.total is None:
        return None
    if lines[at].date is not None and mark.total >= _EARLIEST_YEAR:
        return None  # "1 - 10 May 2024" is a span of days
    size = mark.last - mark.first + 1
    is_full = (mark.first - 1) % size == 0 or mark.last == mark.total
    return mark if is_full and mark.first > 0 else None


_DIGITS = re.compile(r"\d")
_EARLIEST_YEAR = 1900


def _has_text_below(lines: list[Line], at: int) -> bool:
    return at + 1 < len(lines) and lines[at + 1].is_prose


def _page_mark(lines: list[Line], at: int) -> tuple[int, int] | None:
    """The page's number and how many pages there are, where a line says nothing else."""
    if lines[at].date is not None or not _DIGITS.search(lines[at].text):
        return None
    match = _PAGE_MARK.fullmatch(lines[at].text)
    if not match or _has_text_below(lines, at):
        return None
    words = f"{match['lead']} {match['of']} {match['rest']}".split()
    number, count = int(match["page"]), int(match["count"])
    is_alone = not any(map(str.isalpha, lines[at].text))
    if is_alone or len(words) > 4 or not 1 <= number <= count or 1900 <= count < 2100:
        return None
    if not any(character.isalnum() for character in match["of"]) and "/" not in match["of"]:
        return None
    return number, count


def read_listing_mark(text: str, page_size: int | None = None) -> Listing | None:
    """Read "Viewing results 97 - 102 of 118".

    Args:
        text: the line.
        page_size: how many results a full page holds, where that is known. Without it the
            last page, which may hold fewer, has no page number unless it is the only one.

    >>> read_listing_mark("Viewing results 97 - 102 of 118")
    Listing(first=97, last=102, total=118, page_number=17, page_count=20)
    """
    match = _LISTING.fullmatch(squeeze(text)) if len(text) <= 2 * _LONGEST_MARK else None
    return _listing_of(match, page_size) if match else None


def _listing_of(match: re.Match[str], page_size: int | None) -> Listing | None:
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


def _take_pagination(lines: list[Line], page: PrintedPage) -> list[Line]:
    """Log links to other pages and copyright lines; what is left."""
    found = [
        line.date is None
        and not line.is_year
        and len(line.text) <= 100
        and bool(_PAGINATION.fullmatch(line.text))
        for line in lines
    ]
    page.remove([line.text for line, is_pager in zip(lines, found, strict=True) if is_pager])
    return [line for line, is_pager in zip(lines, found, strict=True) if not is_pager]


def _take_masthead(lines: list[Line], page: PrintedPage) -> list[Line]:
    """The page's own date among the lines above the articles; what is left."""
    for at, line in enumerate(lines):
        day = parse_page_date(line.text) if line.date is not None and not line.around else None
        if day:
            page.page_date = day
            page.remove([line.text], "masthead-date")
            return lines[:at] + lines[at + 1 :]
    return lines


def _read_articles(
    lines: list[Line], page: PrintedPage, frame: Frame = NO_FRAME, *, below_mark: bool = False
) -> Stream:
    lines = _take_pagination(lines, page)
    expected = page.listing.promised if page.listing else None
    copies = _copies(lines)
    stream = read_stream(
        lines, expected * copies if expected else expected, below_mark, frame.agrees
    )
    page.remove(stream.chrome)
    page.remove(stream.bylines, "byline")
    if stream.masthead and page.page_date is None:
        page.page_date = parse_page_date(stream.masthead)
        if page.page_date:
            page.remove([stream.masthead], "masthead-date")
    page.articles = [
        article
        for article in stream.articles
        if article.raw
        or article.date_raw
        or article.url
        or frame.is_headline(article.headline or "")
    ]
    for article in page.articles:
        article.is_known = bool(article.headline) and frame.is_headline(article.headline or "")
        if article.headline and article.date_raw:
            _check_day(article, frame, page)
    page.remove(
        [article.headline or "" for article in stream.articles if article not in page.articles]
    )
    for position, article in enumerate(page.articles, start=1):
        article.position = position
    page.doubt = page.doubt or stream.doubt
    return stream


def _check_day(article: PrintedArticle, frame: Frame, page: PrintedPage) -> None:
    """A date that the headline's own page does not print is not taken for it."""
    assert article.headline is not None and article.date_raw is not None  # noqa: PT018, S101
    agrees = frame.agrees(article.headline, article.date_raw)
    article.is_date_sure = agrees is True
    if agrees is False:
        page.notes.append(
            Note(
                code="date-doubted",
                count=1,
                detail=f"{article.date_raw!r} beside {article.headline!r}: its own page has another",
            )
        )
        article.date_raw = None


def _copies(lines: list[Line]) -> int:
    """How often the page prints its list: as often as each of its texts."""
    texts = [line.text for line in lines if line.is_prose]
    if len(texts) < 4:
        return 1
    count = texts.count(texts[0])
    return count if count > 1 and all(texts.count(text) == count for text in texts) else 1


# Article page


@dataclass(slots=True)
class _Run:
    """Paragraphs that follow one another, with subheads, captions and the like between them."""

    first: int
    last: int
    texts: int = 1
    weight: int = 0
    pages: int = 0
    gaps: list[int] = field(default_factory=list)


def _runs(lines: list[Line]) -> list[_Run]:
    """The page's runs of paragraphs; a date, or many short lines in a row, end one."""
    runs: list[_Run] = []
    for at, line in enumerate(lines):
        if not line.is_prose:
            continue
        run = runs[-1] if runs else None
        between = lines[run.last + 1 : at] if run else []
        if (
            run
            and len(between) <= _LONGEST_GAP
            and not any(one.date or one.known for one in between)
        ):
            run.gaps.append(len(between))
            run.last, run.texts = at, run.texts + 1
            run.weight += line.weight
            run.pages = min(run.pages, line.pages)
        else:
            runs.append(_Run(at, at, 1, line.weight, line.pages))
    return runs


def _read_article(lines: list[Line], page: PrintedPage) -> bool:
    """One long run of paragraphs is an article, what stands above it its head."""
    runs = _runs(lines)
    if not runs:
        return False
    main = max(runs, key=lambda run: run.weight)
    if any(line.known for line in lines):
        found = _own_text(lines, runs)
        return found is not None and _read_found_article(lines, *found, page)
    others = [run for run in runs if run is not main]
    if main.texts < 2 or main.weight < _MAIN_SHARE * sum(run.weight for run in runs):
        return False
    if any(run.texts > 1 and _has_dated_head(lines, run) for run in others):
        return False  # whole articles after each other
    likely, is_sure = _headline_of(lines, main)
    if likely is None:
        return False
    headline = likely
    above = lines[max(headline + 1, main.first - 1) : main.first]
    is_headed = any(line.date or line.names for line in above)
    if not is_headed and main.gaps.count(1) > 1 and main.gaps.count(1) * 2 > len(main.gaps):
        return False  # headlines between texts rather than subheads
    if headline > main.first:
        main.first = next(at for at in range(headline + 1, len(lines)) if lines[at].is_prose)
    if not is_sure:
        page.doubt = "two lines or more may be the article's headline"
    return _read_found_article(lines, main, headline, page)


def _read_headless(lines: list[Line], page: PrintedPage) -> None:
    """Paragraphs and hardly anything else are an article's text, as tools print main texts."""
    runs = _runs(lines)
    main = max(runs, key=lambda run: run.weight, default=None)
    if main is None or main.texts < 2:
        return
    if main.weight < _NEARLY_ALL * sum(line.weight for line in lines):
        return
    page.kind, page.doubt = "article", "no line above the text is like its headline"
    first, last = _extend(lines, main, -1)
    body = _body(lines, first, last)
    page.articles = [PrintedArticle(None, "\n\n".join(lines[at].text for at in body), None, 1)]
    page.remove([line.text for at, line in enumerate(lines) if at not in body])


_NEARLY_ALL = 0.7


def _own_text(lines: list[Line], runs: list[_Run]) -> tuple[_Run, int] | None:
    """The page's own text and its headline, where the site's headlines on it tell.

    Teasers stand under headlines, too: on the page of one article its text stands on fewer pages
    than the others' teasers do.
    """
    headed: list[tuple[_Run, int]] = []
    for run in runs:
        above = range(run.first - 1, max(-1, run.first - 1 - _ZONE_KNOWN), -1)
        for at in above:
            if lines[at].is_prose:
                break
            if lines[at].known:
                headed.append((run, at))
                break
    if not headed:
        return None
    main, headline = min(headed, key=lambda one: (one[0].pages, -one[0].weight))
    others = [
        run for run, at in headed if run is not main and lines[at].text != lines[headline].text
    ]
    # Paragraphs that stand on no other page are this article's; a list's teasers are one each.
    is_own = main.pages == 1 and main.texts > 1
    if not is_own and any(run.pages < 2 * main.pages for run in others):
        return None
    return (main, headline) if main.texts > 1 or main.weight > _LONG else None


_ZONE_KNOWN = 10


def _read_found_article(lines: list[Line], main: _Run, headline: int, page: PrintedPage) -> bool:
    """Read an article page whose text and headline are found."""
    page.kind = "article"
    article = PrintedArticle(lines[headline].text, "", None, 1)
    page.articles = [article]
    used = {headline}
    first, last = _extend(lines, main, headline)
    body = _body(lines, first, last)
    used |= set(body)
    _date_article(lines, headline, first, last, article, page, used)
    page.remove(_name_authors(lines, headline, first, last, article, used), "byline")
    article.raw = "\n\n".join(lines[at].text for at in body)
    page.remove([line.text for at, line in enumerate(lines) if at not in used])
    return True


def _body(lines: list[Line], first: int, last: int) -> list[int]:
    """The lines of a text: its paragraphs, and one or two subheads or quotes between them.

    More short lines in a row are a box of the page's: shares, captions, links to others.
    """
    body: list[int] = []
    gap: list[int] = []
    for at in range(first, last + 1):
        line = lines[at]
        if line.is_prose or _is_sentence(line):
            body += gap if len(gap) <= 2 else []
            body.append(at)
            gap = []
        elif not (line.repeats or line.names or line.block.url):
            gap.append(at)
    return body


def _has_dated_head(lines: list[Line], run: _Run) -> bool:
    """Whether a headline and a date stand right above a run of paragraphs."""
    head = lines[max(0, run.first - 3) : run.first]
    return any(line.date for line in head) and any(
        line.date is None and not line.is_prose and not line.names for line in head
    )


def _headline_of(lines: list[Line], main: _Run) -> tuple[int | None, bool]:
    """The line above a text that is most like its headline, and whether no other is about as like.

    A headline speaks of what its text speaks of, stands above the date and the byline, and is
    said again in the page's title.
    """
    spoken = {word for line in lines[main.first : main.last + 1] for word in _words(line.text)}
    scores: dict[int, float] = {}
    zone = range(max(0, main.first - _ZONE), main.first + (main.last - main.first) // 3)
    dated = [at for at in range(zone.start, main.first) if lines[at].date is not None]
    # Two dates above a text are the page's and the article's, and the headline is below the first.
    has_masthead = len(dated) > 1 and dated[1] - dated[0] > 1 and not lines[dated[0]].around
    near = [line for line in lines[max(0, main.first - 6) : main.first] if line.date is None]
    marked = -3.5 if not all(line.block.mark for line in near) else 0.0
    for at in zone:
        line = lines[at]
        if line.date is not None or line.names or not 8 <= line.weight <= _LONGEST_HEADLINE:
            continue
        again, level = _is_said_again(lines, at), line.block.level
        if at > main.first and not (again or level == 1):
            continue
        if level != 1 and (line.is_prose or (line.ends and line.sentences)):
            continue
        words = set(_words(line.text))
        score = 4.0 * len(words & spoken) / (len(words) + 1) if len(words) > 1 else 0.0
        score += min(line.weight, 80) / 20 - abs(main.first - at) * 0.03
        score += 3.0 if again else -3.0 if line.repeats else 0.0
        score += 6.0 if line.known else 0.0
        score += 4.0 if level == 1 else 1.0 if level else 0.0
        score += marked if line.block.mark else 0.0
        score -= 1.5 if has_masthead and at < dated[0] else 0.0
        score -= 2.0 if line.ends and line.text[-1] in ".。।" else 0.0
        below = next((n for n in range(1, 5) if _is_small_print(lines, at + n)), 5)
        score += (5 - below) * 0.5
        scores[at] = score
    ranked = sorted(scores, key=lambda at: -scores[at])
    if not ranked or scores[ranked[0]] < _LEAST_HEADLINE:
        return None, False
    best = ranked[0]
    rivals = [at for at in ranked[1:] if lines[at].text != lines[best].text]
    is_clear = not rivals or scores[best] - scores[rivals[0]] >= _CLEAR
    return best, is_clear


def _is_small_print(lines: list[Line], at: int) -> bool:
    return at < len(lines) and (lines[at].date is not None or bool(lines[at].names))


_WORD = re.compile(r"[^\W\d_]{4,}")
_LONGEST_HEADLINE = 200
_LEAST_HEADLINE = 1.0
_CLEAR = 0.4
_LONGEST_GAP = 8


def _words(text: str) -> list[str]:
    """A text's words by their first letters, whatever their endings; two signs of a wide script."""
    if text.isascii() or not _WIDE.search(text):
        return [word[:5].casefold() for word in _WORD.findall(text)]
    signs = [sign for sign in text if sign.isalnum()]
    return [a + b for a, b in itertools.pairwise(signs)]


_WIDE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")


def _is_said_again(lines: list[Line], at: int) -> bool:
    """Whether the page's title or its foot says a headline again, the site's name behind it."""
    text = lines[at].text
    return lines[at].weight > 15 and any(
        text in other.text and other is not lines[at] and len(other.text) <= len(text) + _MAX_DATE
        for other in lines
    )


def _extend(lines: list[Line], main: _Run, headline: int) -> tuple[int, int]:
    """Where the text begins and ends, its short sentences beside the long ones counted."""
    first, last = main.first, main.last
    while first - 1 > headline and _is_sentence(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _is_sentence(lines[last + 1]):
        last += 1
    return first, last


def _is_sentence(line: Line) -> bool:
    return (
        line.ends
        and line.weight >= 20
        and line.date is None
        and not line.names
        and not line.repeats
    )


def _date_article(
    lines: list[Line],
    headline: int,
    first: int,
    last: int,
    article: PrintedArticle,
    page: PrintedPage,
    used: set[int],
) -> None:
    """The date between headline and text; else below the text; else just above the headline."""
    dated = [at for at, line in enumerate(lines) if line.date is not None]
    under = [at for at in dated if headline < at < first]
    above = [at for at in dated if at < headline]
    below = [at for at in dated if last < at <= last + _FOOT]
    if under:
        article.date_raw = lines[under[0]].date
        used.update(under)
    elif above and any(_same_day(lines[at], lines[above[-1]]) for at in below):
        article.date_raw = lines[above[-1]].date
        used.update({above[-1], *below})
        above = above[:-1]
    elif len(below) == 1:
        article.date_raw = lines[below[0]].date
        used.update(below)
    elif (
        above
        and headline - above[-1] <= 4
        and (
            _is_right_above(lines, above[-1], headline)
            or len(above) > 1
            or lines[above[-1]].around
            or ":" in lines[above[-1]].text
        )
    ):
        article.date_raw = lines[above[-1]].date
        used.add(above[-1])
        above = above[:-1]
    for at in above:
        day = parse_page_date(lines[at].text) if not lines[at].around else None
        if day:
            page.page_date = day
            page.remove([lines[at].text], "masthead-date")
            used.add(at)
            break


def _is_right_above(lines: list[Line], at: int, headline: int) -> bool:
    """Whether nothing of the site's frame parts a date from the known headline under it."""
    return lines[headline].known and not any(
        line.below_frame for line in lines[at + 1 : headline + 1]
    )


def _same_day(line: Line, other: Line) -> bool:
    return (line.date is not None and line.date == other.date) or (
        bool(line.date and other.date)
        and parse_page_date(line.date or "") == parse_page_date(other.date or "") is not None
    )


def _name_authors(
    lines: list[Line], headline: int, first: int, last: int, article: PrintedArticle, used: set[int]
) -> list[str]:
    """Whom the bylines around a text name; a label and a name may stand on two lines."""
    bylines = []
    for at in [*range(headline - 3, first), *range(last + 1, last + _FOOT)]:
        if not 0 <= at < len(lines) or at == headline:
            continue
        names = lines[at].names or (_badged_name(lines[at].text) if at == headline + 1 else [])
        if (
            not names
            and lines[at].weight < 12
            and at + 1 < len(lines)
            and is_name(lines[at + 1].text)
        ):
            names = names_in(f"{lines[at].text}: {lines[at + 1].text}")
            if names:
                used.add(at + 1)
        if names:
            used.add(at)
            bylines.append(lines[at].text)
            article.authors += [name for name in names if name not in article.authors]
            if at > last:
                break
    return bylines


def _share_alike(articles: list[PrintedArticle]) -> float:
    """The share of a page's articles that print what most of them do."""
    forms = Counter(
        (bool(article.headline), bool(article.raw), bool(article.date_raw)) for article in articles
    )
    return forms.most_common(1)[0][1] / len(articles)


# Below this share, what repeats on the page is no list of articles; below the other, it is said.
_LEAST_ALIKE = 0.6
_ALIKE = 0.9
# So much a line costs a stream that fits its template badly, and one that does not fit.
_UNLIKE = 0.5
_MOST_UNLIKE = 0.9


_BADGE = re.compile(r"(?P<name>\S+ \S.{0,50}) [^\W\d_]{1,3}\.?\d{1,2}")


def _badged_name(text: str) -> list[str]:
    """The name of a user whose rank stands behind it ("Ada Marl Lv3"), under a headline."""
    match = _BADGE.fullmatch(text)
    return [match["name"]] if match and is_name(match["name"]) else []


def _read_bare_stream(lines: list[Line], page: PrintedPage, frame: Frame) -> None:
    """No mark of a listing: what repeats is one."""
    if not lines:
        return
    stream = _read_articles(lines, page, frame)
    known = [article for article in page.articles if frame.is_headline(article.headline or "")]
    whole = [article for article in page.articles if article.headline and article.raw]
    bare = [article for article in page.articles if article.headline and article.date_raw]
    if not known and len(whole) < 2 and len(bare) < 2:
        page.articles, page.doubt = [], None
        return
    page.kind = "listing"
    share = _share_alike(page.articles)
    if share < _LEAST_ALIKE or stream.cost > _MOST_UNLIKE:
        if not known:
            page.kind, page.articles, page.doubt = "other", [], None
            return
        page.remove([article.headline or "" for article in page.articles if article not in known])
        page.articles = known
    if share < _ALIKE or stream.cost > _UNLIKE:
        page.doubt = page.doubt or "the page's articles are not printed alike: some may be none"
    if (
        not stream.masthead
        and page.listing is None
        and not any(article.date_raw for article in page.articles)
    ):
        page.doubt = (
            page.doubt
            or "headlines and texts without a date or a mark of a listing: they may be one article's"
        )
