"""The cards of a listing: the records that a page repeats, each about one article.

Which links lead to articles is told elsewhere (`newscrawl.discovery.links`). Here the page's own
regularity says what belongs to each: a record is all that stands around one article's link and no
other's; records of one shape are one list; and the list that says most is the page's. What is not
sure gives nothing: a page whose list has titles alone, and few of them, stays without cards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from newscrawl.extract.html.dates import CHANGED_LABEL, DateHabits, day_in_path, machine_words
from newscrawl.extract.html.tree import walk
from newscrawl.extract.lines import find_date, is_date_line, weight
from newscrawl.extract.printed import PrintedArticle
from newscrawl.extract.typography import fold

_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = ", ".join(_HEADING_TAGS)
_CHROME = frozenset(("nav", "aside", "footer", "header"))
_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "search"))
LEAST_RECORDS = 2
"""Fewer repeat nothing."""
_LEAST_BARE = 5
"""Titles of a list that has nothing but titles."""
_LEAST_FLAT = 3
"""Titles with nothing around each of which it is told what stands between them."""
_LEAST_TITLE = 8
"""Of the letters of a title; what is shorter names a section or a person."""
_SHORT_TITLE, _BARE_TITLE = 16, 24
"""Of the mean title of a list; of one that has nothing but titles."""
_LEAST_TEASER = 40
"""Of the letters of a text beside the title; what is shorter is a label, a name or a button."""
_WHOLE = 600
"""Of the letters of a text in several paragraphs that nothing leads on from."""
_DAY = re.compile(r"(\d{1,2})([-./])(\d{1,2})\.?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(r"\d:\d\d")
_MONTHS = 12
_LEVELS_OF_YEAR = 4
_DEEPEST = 60
_MOST = 500
_LONGEST_DATE_LINE = 120
_DURATION = re.compile(r"\d{1,3}\s?[a-zа-я]+\.?", re.IGNORECASE)
"""A number and one word are how long ago it was, or how long it takes to read or to hear."""
_AUTHORS = "[rel~=author]"


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a listing.

    Attributes:
        article: what it prints of its article.
        lines: the lines of the page that stand in it.
        has_heading: a heading leads to the article.
    """

    article: PrintedArticle
    lines: frozenset[str]
    has_heading: bool


class CardList(NamedTuple):
    """The cards of a page, and whether they are sure to be of articles: shops list so, too."""

    cards: list[Card]
    is_news: bool


NO_CARDS = CardList([], False)


@dataclass(slots=True)
class _Record:
    """What stands around one article's link."""

    key: str
    address: str
    link: LexborNode
    nodes: list[LexborNode]
    place: int
    chain: str
    title: str = ""
    texts: list[str] = field(default_factory=list)
    date_raw: str | None = None
    day: re.Match[str] | None = None
    datetime: str | None = None
    teaser: list[str] = field(default_factory=list)
    leads_on: bool = False
    has_heading: bool = False
    is_first_heading: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether a date stands in it."""
        return bool(self.date_raw or self.datetime)

    @property
    def is_rich(self) -> bool:
        """Whether it says more than a title."""
        return self.is_dated or bool(self.teaser)

    @property
    def authors(self) -> list[str]:
        """Whom its markup names as authors."""
        names = [
            " ".join(author.text(separator=" ").split())
            for node in self.nodes
            for author in node.css(_AUTHORS)
        ]
        return [name for name in dict.fromkeys(names) if name and weight(name) < _LEAST_TEASER]


def find_cards(
    links: Iterable[tuple[LexborNode, str, str]], titles: Mapping[str, str], language: str | None
) -> CardList:
    """Find the cards of a page.

    Args:
        links: each link to an article, the article's key, and its address as printed.
        titles: key → what its links call it.
        language: of the page, for its dates.

    Returns:
        The page's list and what stands by it, in the page's order; no cards where none stands out.
    """
    links = list(links)
    # What many links are called is a button, and a day is no headline.
    called = Counter(fold(title) for title in titles.values())
    titles = {
        key: title
        for key, title in titles.items()
        if called[fold(title)] == 1 and not is_date_line(title, language)
    }
    records = _records(links, titles)
    keys = {node.mem_id: key for node, key, _ in links}
    lists: dict[str, list[_Record]] = {}
    for record in records:
        lists.setdefault(record.chain, []).append(record)
    for group in lists.values():
        _take_what_stands_between(group)
        for record in group:
            _read(record, language, keys)
        _read_days_of_years(group)
        _forget_shared_clock(group)
        _forget_other_days(group, language)
    main = max(lists.values(), key=_says, default=[])
    if not _is_list(main):
        return NO_CARDS
    chosen = [
        record
        for group in lists.values()
        for record in group
        if group is main
        or (record.is_rich and (record.is_first_heading or _stands_by(record, main)))
    ]
    chosen.sort(key=lambda record: record.place)
    cards = [
        Card(_printed(record, position), frozenset(record.texts), record.has_heading)
        for position, record in enumerate(chosen, start=1)
    ]
    return CardList(cards, _is_news(main))


# Records


def _records(links: list[tuple[LexborNode, str, str]], titles: Mapping[str, str]) -> list[_Record]:
    """For each article its first link outside of menus, and the largest part of the page around it
    in which no other article is linked."""
    ways: dict[str, tuple[int, LexborNode, str, list[LexborNode]]] = {}
    held: dict[int, str | None] = {}
    for place, (node, key, address) in enumerate(links):
        way = _way(node)
        for above in way:
            known = held.setdefault(above.mem_id, key)
            if known != key:
                held[above.mem_id] = None
        if (
            key not in ways
            and weight(titles.get(key) or "") >= _LEAST_TITLE
            and not _is_chrome(way)
        ):
            ways[key] = (place, node, address, way)
    records = []
    for key, (place, node, address, way) in list(ways.items())[:_MOST]:
        root, rest = node, way
        for number, above in enumerate(way):
            if held[above.mem_id] != key or above.tag in ("body", "main"):
                break
            root, rest = above, way[number + 1 :]
        chain = ">".join(str(above.tag) for above in [root, *rest])
        records.append(_Record(key, address, node, [root], place, chain, titles[key]))
    return records


def _way(node: LexborNode) -> list[LexborNode]:
    way: list[LexborNode] = []
    above = node.parent
    while above is not None and above.tag != "html" and len(way) < _DEEPEST:
        way.append(above)
        above = above.parent
    return way


def _is_chrome(way: list[LexborNode]) -> bool:
    """Whether a link stands in a menu, a sidebar, the page's head or foot; a first heading never does."""
    if any(above.tag == "h1" for above in way[:3]):
        return False
    for number, above in enumerate(way):
        if (above.attributes.get("role") or "") in _ROLES:
            return True
        # A card has a header and a footer of its own.
        if above.tag in _CHROME and (
            above.tag in ("nav", "aside")
            or not any(outer.tag in ("article", "li", "section", "main") for outer in way[number:])
        ):
            return True
    return False


def _take_what_stands_between(group: list[_Record]) -> None:
    """Where records have nothing around them, what stands between two titles belongs to the one before,
    or to the one behind, where as much stands above the first and nothing below the last."""
    roots = {record.nodes[0].mem_id for record in group}
    parents: dict[int, list[_Record]] = {}
    for record in group:
        if (parent := record.nodes[0].parent) is not None:
            parents.setdefault(parent.mem_id, []).append(record)
    for records in parents.values():
        if len(records) < _LEAST_FLAT:
            continue
        before = _between(records[0].nodes[0], roots, forward=False)
        behind = [_between(record.nodes[0], roots, forward=True) for record in records]
        least = min(len(nodes) for nodes in behind[:-1])
        if least and len(behind[-1]) < least <= len(before):
            for record in records:
                record.nodes += _between(record.nodes[0], roots, forward=False)[:least]
            continue
        # Behind the last one stands what belongs to the list: as much as others have is its own.
        behind[-1] = behind[-1][:least]
        for record, nodes in zip(records, behind, strict=True):
            record.nodes += nodes


def _between(node: LexborNode, roots: set[int], *, forward: bool) -> list[LexborNode]:
    """The elements next to a record up to another one, the nearest first."""
    found: list[LexborNode] = []
    other = node.next if forward else node.prev
    while other is not None and other.mem_id not in roots:
        if other.is_element_node:
            found.append(other)
        other = other.next if forward else other.prev
    return found


# What a record says


def _read(record: _Record, language: str | None, keys: Mapping[int, str]) -> None:
    heading = _heading(record, keys)
    record.has_heading = heading is not None
    record.is_first_heading = any(above.tag == "h1" for above in _way(record.link)[:3])
    texts = record.texts
    for node in record.nodes:
        if record.datetime is None:
            record.datetime = _machine_date(node)
        texts += [block.text for block in walk(node).blocks]
    record.title = heading or _first_of(record.title, texts, language)
    title = fold(record.title)
    for text in texts:
        for part in text.split(record.title, 1) if record.title in text else [text]:
            _take_line(record, " ".join(part.split()), title, language)
    record.leads_on = any(
        link.attributes.get("href") == record.link.attributes.get("href")
        and fold(link.text()) not in ("", title)
        for node in record.nodes
        for link in node.css("a[href]")
    )


def _take_line(record: _Record, text: str, title: str, language: str | None) -> None:
    """Take a line that is not the title: a day, a date, or a part of the teaser."""
    folded = fold(text)
    if not folded:
        return
    if record.day is None and (day := _DAY.fullmatch(text)):
        record.day = day
    elif record.date_raw is None and (found := _date_in(text, language)):
        record.date_raw = found
    elif weight(text) >= _LEAST_TEASER and folded not in title:
        record.teaser.append(text)


def _heading(record: _Record, keys: Mapping[int, str]) -> str | None:
    """The text of the heading that leads to the article."""
    for node in record.nodes:
        for heading in [node] if node.tag in _HEADING_TAGS else node.css(_HEADINGS):
            text = " ".join(heading.text(separator=" ").split())
            if weight(text) < _LEAST_TITLE:
                continue
            inner = heading.css_first("a[href]")
            around = [above for above in _way(heading)[:4] if above.tag == "a"]
            leads = [inner] if inner is not None else around
            if any(keys.get(link.mem_id) == record.key for link in leads):
                return text
    return None


def _first_of(title: str, texts: list[str], language: str | None) -> str:
    """The headline of a link around a whole card: its first line that is no day and no label."""
    folded = fold(title)
    return next(
        (
            text
            for text in texts
            if weight(text) >= _LEAST_TITLE
            and fold(text) in folded
            and not is_date_line(text, language)
        ),
        title,
    )


def _machine_date(node: LexborNode) -> str | None:
    for time in [node] if node.tag == "time" else node.css("time, [itemprop=datePublished]"):
        if time.attributes.get("itemprop") == "dateModified":
            continue
        if written := machine_words(time, DateHabits()):
            return written
    return None


def _date_in(text: str, language: str | None) -> str | None:
    """The date that a line of small print has; a year alone is none."""
    if weight(text) > _LONGEST_DATE_LINE:
        return None
    found = find_date(text, partial(is_date_line, language=language))
    if found is None or found[0].isdecimal() or _DURATION.fullmatch(found[0]):
        return None
    if any(CHANGED_LABEL.match(beside) for beside in (text, *found[1])):
        return None
    return found[0]


def _read_days_of_years(group: list[_Record]) -> None:
    """Days under a year's heading, "2026" and then "10-27": which number is the month is told by
    those of the list that can't be one, and by a dash, with which nobody writes the day first."""
    days = [record.day for record in group]
    if not any(days):
        return
    firsts = {int(day[1]) for day in days if day}
    seconds = {int(day[3]) for day in days if day}
    if max(firsts) > _MONTHS and max(seconds) > _MONTHS:
        return
    dashed = all(day[2] == "-" for day in days if day)
    if max(firsts) <= _MONTHS and max(seconds) <= _MONTHS and not dashed:
        return
    is_month_first = max(firsts) <= _MONTHS
    for record, day in zip(group, days, strict=True):
        if day is None or record.is_dated or (year := _year_above(record.nodes[0])) is None:
            continue
        month, number = (day[1], day[3]) if is_month_first else (day[3], day[1])
        record.date_raw = f"{year}-{int(month):02}-{int(number):02}"


def _year_above(node: LexborNode) -> str | None:
    """The year that stands alone in the nearest line above a record."""
    place: LexborNode | None = node
    for _ in range(_LEVELS_OF_YEAR):
        if place is None or place.tag == "body":
            return None
        before = place.prev
        while before is not None:
            text = before.text(strip=True) if before.is_element_node else ""
            if _YEAR.fullmatch(text):
                return text
            before = before.prev
        place = place.parent
    return None


def _forget_shared_clock(group: list[_Record]) -> None:
    """A clock that all share is that of the page's making."""
    for name in ("date_raw", "datetime"):
        said = [value for record in group if (value := getattr(record, name))]
        if len(said) > LEAST_RECORDS and len(set(said)) == 1 and _CLOCK.search(said[0]):
            for record in group:
                setattr(record, name, None)


def _forget_other_days(group: list[_Record], language: str | None) -> None:
    """Days that the addresses of most deny are those of something else, such as of the last change.

    A day beside the printed one is a zone's doing."""
    habits = DateHabits(language)
    dated = denied = 0
    for record in group:
        said, own = record.datetime or record.date_raw, day_in_path(record.key)
        read = habits.read(said) if said and own else None
        if own is None or read is None or len(read) < len(own):
            continue
        dated += 1
        denied += abs((date.fromisoformat(read[:10]) - date.fromisoformat(own)).days) > 1
    if denied * 2 > dated:
        for record in group:
            record.date_raw = record.datetime = None


# The page's list


def _says(group: list[_Record]) -> float:
    """How much a list says: its titles, its texts, and its dates."""
    return sum(
        weight(record.title)
        + min(weight(" ".join(record.teaser)), 300)
        + (60 if record.is_dated else 0)
        + (30 if record.has_heading else 0)
        for record in group
    )


def _is_list(group: list[_Record]) -> bool:
    if len(group) < LEAST_RECORDS:
        return False
    mean = sum(weight(record.title) for record in group) / len(group)
    if mean < _SHORT_TITLE:
        return False  # names of people, of sections
    if sum(record.is_rich for record in group) * 2 >= len(group):
        return True
    return len(group) >= _LEAST_BARE and mean >= _BARE_TITLE


def _is_news(group: list[_Record]) -> bool:
    """Whether most have a day, or authors with a teaser; courses, shops and houses have neither."""
    half = len(group) / 2
    if len(group) <= LEAST_RECORDS and not all(r.is_dated and r.has_heading for r in group):
        return False
    return sum(record.is_dated for record in group) >= half or (
        sum(bool(record.authors) and bool(record.teaser) for record in group) >= half
    )


def _stands_by(record: _Record, main: list[_Record]) -> bool:
    """Whether a record of another shape stands where the page's list does: a lead story above it."""
    around = {above.mem_id for above in _way(main[0].nodes[0]) if above.tag != "body"}
    return any(above.mem_id in around for above in _way(record.nodes[0]))


def _printed(record: _Record, position: int) -> PrintedArticle:
    text = record.teaser
    is_whole = len(text) > 1 and not record.leads_on and sum(map(weight, text)) >= _WHOLE
    return PrintedArticle(
        headline=record.title,
        raw="\n\n".join(text),
        date_raw=record.date_raw,
        position=position,
        url=record.address,
        datetime=record.datetime,
        authors=record.authors,
        is_cut=not is_whole,
    )
