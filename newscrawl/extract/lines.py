"""What a block of a page looks like by itself: a date, a byline, a sentence, a line printed often.

Nothing here says what a line is; `newscrawl.extract.stream` weighs that for the whole page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from newscrawl.dates import DateInterval, parse_date
from newscrawl.extract.blocks import Block
from newscrawl.extract.html.dates import CHANGED_LABEL

# Any anchor does: here it is only asked whether a line is a date at all.
_SOME_DAY = DateInterval.day(date(2000, 1, 1))
_MAX_DATE = 60
_MAX_DATED_LINE = 120
# Nobody asks for more sentences than a few.
_LOOKED_AT = 500
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|·•∙/–—-]+\s+|\s*[|·•∙]\s*|\s{2,8}|,\s(?=\d{1,2}[:.]\d\d)")
_FULL_YEAR = re.compile(r"\d{4}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})([-./])(\d{1,2})\.?(?:\s+(\S.*))?")
_DIGITS = re.compile(r"\d+")
_WIDE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।։][”\"’'»)\]」』]*$")
_SENTENCES = re.compile(
    r"[^\W\d_]{2,}[.!?…][”\"’'»)\]]*\s+[“\"‘'«(]?[^\W_a-zа-я]|[。！？।۔][”』」]?(?=\S)"
)
# Words that stand before a writer's name, as pages print them.
_BY = re.compile(
    r"(?:by|von|par|por|di|da|door|av|af|od|przez|text|texto|texte|testo|tekst|author|autor|autora|auteur"
    r"|autore|yazar|yazan|muallif|oleh|penulis|written by|posted by|written by|автор|авторы|авторлар|текст"
    r"|бағдарлама|мәтін|муаллиф|نویسنده|بقلم|كتب|作者|文|撰文|記者|记者|저자|글|เขียนโดย|tác giả)"
    r"(?P<colon>\s?[:：]\s?|\s+)(?P<names>\S.{0,100})",
    re.IGNORECASE,
)
_NAME_SEPARATOR = re.compile(r",\s(?:and\s)?|\s(?:and|und|et|y|e|и|ve|va|en|och|og|i|және|&)\s|、")
_NAME = re.compile(r"[^\W\d_][^\W\d_.’'ʼ‘`-]*(?:[.’'ʼ‘`-]+[^\W\d_]*)*")


@dataclass(slots=True)
class Line:
    """A block as it looks.

    Attributes:
        block: the block.
        text: its words.
        date: the date that it prints, alone or beside little else; or None.
        around: what stands beside the date.
        names: whom a byline names.
        repeats: the page prints it again and again, its numbers aside.
        weight: its length as of a Latin script's.
        sentences: how many sentences end inside it, another following.
        ends: it ends as a sentence does.
        is_year: a heading above the days of a year.
        known: it is the headline of a page of the site.
        pages: on how many of the site's dumps it stands; 0 where nobody counted.
        below_frame: the site's frame stands between it and the line above.
        beside: of a date, what followed it ("headline") or stood before it ("end") in its line.
    """

    block: Block
    text: str
    date: str | None = None
    around: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    repeats: bool = False
    weight: int = 0
    sentences: int = 0
    ends: bool = False
    is_year: bool = False
    known: bool = False
    pages: int = 0
    below_frame: bool = False
    beside: str = ""

    @property
    def is_prose(self) -> bool:
        """Long, or as long as a sentence and ended as one."""
        return not self.known and (self.weight > 180 or (self.weight > 60 and self.ends))


def weight(text: str) -> int:
    """How long a text is, counted in letters of a Latin script.

    An ideogram or a syllable says as much as about two and a half letters.

    >>> weight("北码头"), weight("pier")
    (7, 4)
    """
    if text.isascii():
        return len(text)
    return len(text) + len(_WIDE.findall(text)) * 3 // 2


@lru_cache(maxsize=8192)
def is_date_line(text: str, language: str | None = None) -> bool:
    """Whether a line is a date, relative or absolute, and nothing else."""
    if len(text) > _MAX_DATE or not (text[:1].isalnum() or text[:1] in "~+"):
        return False
    if not text.isascii() and any(c.isdigit() and not c.isdecimal() for c in text):
        return False  # "²" is a digit and no number
    return parse_date(text, anchor=_SOME_DAY, language=language) is not None


def look(blocks: list[Block], language: str | None = None) -> list[Line]:
    """Look at each block of a page.

    Args:
        blocks: the page's blocks; dates that share a line with a headline become blocks of
            their own.
        language: BCP 47 tag of the page's dates, where it is known.
    """

    def is_date(text: str) -> bool:
        return is_date_line(text, language)

    blocks = [row for block in blocks for row in _part_rows(block, is_date)]
    parted = _part_dated_headlines(blocks, is_date)
    lines = [_look_at(block, is_date) for block in parted]
    if len(parted) > len(blocks):
        _mark_parted(lines, blocks)
    lines = _read_days_of_years(lines)
    lines = _join_clocks(lines)
    clocks = [line for line in lines if line.date is None and _CLOCK.fullmatch(line.text)]
    if len(clocks) > 1:
        for line in clocks:
            line.date = line.text
    _mark_repeats(lines)
    return lines


def _join_clocks(lines: list[Line]) -> list[Line]:
    """Clocks on lines of their own below days belong to them, where all of a page's stand so."""
    below = [
        at > 0 and _is_day_alone(lines[at - 1])
        for at, line in enumerate(lines)
        if _CLOCK.fullmatch(line.text)
    ]
    if not below or not all(below):
        return lines
    joined: list[Line] = []
    for line in lines:
        if joined and _CLOCK.fullmatch(line.text):
            joined[-1].date = joined[-1].text = f"{joined[-1].date} {line.text}"
        else:
            joined.append(line)
    return joined


def _is_day_alone(line: Line) -> bool:
    return line.date is not None and not line.around and ":" not in line.text


def _look_at(block: Block, is_date: Callable[[str], bool]) -> Line:
    text = block.text
    line = Line(block, text, weight=weight(text))
    if line.weight <= _MAX_DATED_LINE:
        found = find_date(text, is_date)
        if found:
            line.date, line.around = found
            line.names = next((names for part in line.around if (names := names_in(part))), [])
        else:
            line.names = names_in(text)
    line.ends = bool(_SENTENCE_END.search(text, max(0, len(text) - 8)))
    line.sentences = len(_SENTENCES.findall(text[:_LOOKED_AT]))
    return line


_SHORT_DAY = re.compile(r"\d\d([-./])\d\d\1\d\d")


def printed_day(text: str) -> str | None:
    """The day that a line prints with its year, alone or beside little else; or None."""
    if _SHORT_DAY.fullmatch(text):
        return text
    if len(text) > _MAX_DATED_LINE or not _FULL_YEAR.search(text):
        return None
    found = find_date(text, is_date_line)
    return found[0] if found else None


def find_date(text: str, is_date: Callable[[str], bool]) -> tuple[str, list[str]] | None:
    """The date that a line prints, with what stands beside it.

    Args:
        text: the line.
        is_date: whether a text is a date and nothing else.

    >>> find_date("By Ada | 20 May 2024", lambda text: text == "20 May 2024")
    ('20 May 2024', ['By Ada'])
    """
    if is_date(text):
        return text, []
    parts = [part for part in _SEPARATOR.split(text) if part]
    if len(parts) > 1:
        dated = [part for part in parts if len(part) <= _MAX_DATE and is_date(part)]
        if dated:
            rest = list(parts)
            rest.remove(dated[0])
            return dated[0], [part for part in rest if part not in dated]
    if not _FULL_YEAR.search(text):
        return None
    if found := _labelled_date(text, is_date):
        return found
    words = text.split()
    for size in range(min(6, len(words) - 1), 0, -1):
        first, rest_of = " ".join(words[:size]), " ".join(words[size:])
        if len(words) - size > size + 2 or not first[:1].isalnum() or not _FULL_YEAR.search(first):
            continue
        if _is_day(first, is_date):
            again = is_date(rest_of)
            return first, [] if again else [rest_of]
    return None


def _labelled_date(text: str, is_date: Callable[[str], bool]) -> tuple[str, list[str]] | None:
    """The date of a line whose words stand close to it, as tools print small print without spaces.

    The label of a change does not date an article, and a date inside a sentence is no line's.

    >>> _labelled_date("Created2026-09-25Updated2026-12-01 City", lambda text: len(text) == 10)
    ('2026-09-25', ['Created', 'Updated2026-12-01 City'])
    """
    start = 0
    for match in _NUMERIC_DAY.finditer(text):
        label, rest = text[start : match.start()], text[match.end() :]
        is_glued = label[-1:].isalpha() or rest[:1].isalpha() or label[-1:] in _COLONS
        is_glued = is_glued or bool(label and CHANGED_LABEL.match(rest))
        if not (is_glued or (not label and any(mark in rest for mark in _COLONS))):
            continue
        if len(label) > _MAX_LABEL or label.count(" ") > 3:
            return None
        start = match.end()
        if not CHANGED_LABEL.match(label) and is_date(match[0].strip()):
            return match[0].strip(), [part.strip() for part in (label, rest) if part.strip()]
    return None


_NUMERIC_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}|(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d)(?:[ T]\d{1,2}:[0-5]\d(?::[0-5]\d)?|(?!\d))"
)
_COLONS = (":", "：")
_MAX_LABEL = 24


def _is_day(text: str, is_date: Callable[[str], bool]) -> bool:
    return len(_DIGITS.findall(text)) > 1 and is_date(text)


def names_in(text: str) -> list[str]:
    """Whom a byline names; nobody where it is none.

    >>> names_in("Von Ada Marl und Otto Namm")
    ['Ada Marl', 'Otto Namm']
    """
    match = _BY.fullmatch(text) if len(text) <= 120 else None
    if not match:
        return []
    names = [name.strip() for name in _NAME_SEPARATOR.split(match["names"])]
    if match["colon"].strip():
        return names if all(is_name(name) or _WIDE.search(name) for name in names) else []
    return names if all(is_name(name) for name in names) else []


def is_name(text: str) -> bool:
    """Whether a text is one to four words that each begin with a capital, particles aside."""
    words = text.split()
    if not 1 <= len(words) <= 5 or len(text) > 60:
        return False
    return (
        words[0][:1].isalpha()
        and all(
            _NAME.fullmatch(word) and (not word[0].islower() or len(word) <= 4) for word in words
        )
        and (not words[0][0].islower() and not words[-1][0].islower())
    )


def _part_rows(block: Block, is_date: Callable[[str], bool]) -> list[Block]:
    """Part a line that is a list: a day, a headline, a day, a headline, as tools print tables.

    A text names days, too, but begins with none, and has sentences between them.
    """
    text = block.text
    if len(text) <= _MAX_DATED_LINE or not _FULL_YEAR.search(text):
        return [block]
    days = []
    for match in _ANY_DAY.finditer(text):
        # The word before a day may be its name, or the last of the headline above.
        day: re.Match[str] | None = match
        if match["word"] and not is_date(match[0]):
            day = _ANY_DAY.match(text, match.end("word"))
        if day and is_date(day[0]):
            days.append(day)
    if len(days) < _LEAST_ROWS:
        return [block]
    ends = [*(match.start() for match in days[1:]), len(text)]
    rows = [text[day.start() : end].strip() for day, end in zip(days, ends, strict=True)]
    if any(len(row) > _MAX_DATED_LINE or len(row) < len(day[0]) + _MAX_LABEL // 2
           or _SENTENCES.search(row) for row, day in zip(rows, days, strict=True)):  # fmt: skip
        return [block]
    parts = [text[: days[0].start()].strip()]
    for row, day in zip(rows, days, strict=True):
        parts += [day[0], row[len(day[0]) :].strip()]
    return [Block(part, block.indent, block.mark) for part in parts if part]


_LEAST_ROWS = 3
_ANY_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?:[ T]\d{1,2}:[0-5]\d|(?!\d))"
    r"|(?<!\d)\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d(?!\d)"
    r"|(?P<word>(?<!\w)[^\W\d]{2,12}[.,]?\s)?(?<!\d)\d{1,2}\.?\s[^\W\d]{3,14}\s(?:19|20)\d\d(?!\d)"
)


def _part_dated_headlines(blocks: list[Block], is_date: Callable[[str], bool]) -> list[Block]:
    """Part "2026-10-25 School roof repaired" where several lines of a page are so."""
    parted = {
        at: found
        for at, block in enumerate(blocks)
        if _DIGITS.search(block.text) and (found := _dated_headline(block.text, is_date))
    }
    if len(parted) < 3:
        return blocks
    result: list[Block] = []
    for at, block in enumerate(blocks):
        if at in parted:
            first, last = (
                Block(text, block.indent, block.mark, block.level, block.url) for text in parted[at]
            )
            first.begins = block.begins
            result += [first, last]
        else:
            result.append(block)
    return result


def _mark_parted(lines: list[Line], blocks: list[Block]) -> None:
    """Say of each date that shared its line with a headline on which side it stood."""
    printed = {id(block) for block in blocks}
    fresh = [line for line in lines if id(line.block) not in printed]
    for first, last in zip(fresh[::2], fresh[1::2], strict=True):
        if first.date is not None:
            first.beside = "headline"
        elif last.date is not None:
            last.beside = "end"


def _dated_headline(text: str, is_date: Callable[[str], bool]) -> tuple[str, str] | None:
    if len(text) > _MAX_DATED_HEADLINE or not (
        text[0].isdigit() or text[-1].isdigit() or _FULL_YEAR.search(text, 0, _MAX_LABEL)
    ):
        return None
    if number := _NUMBER_BEFORE.match(text):
        text = text[number.end() :]
    if found := _glued_headline(text, is_date):
        return found
    words = text.split()
    if not 4 <= len(words) <= 40:
        return None
    for size in range(min(_LONGEST_DAY, len(words) - 3), 0, -1):
        first, rest = " ".join(words[:size]), " ".join(words[size:])
        if _is_day(first, is_date) and not is_date(rest):
            return first, rest.lstrip(" |·•–—-:")
        rest, last = " ".join(words[:-size]), " ".join(words[-size:])
        if _is_day(last, is_date) and last[-1].isdigit():
            return rest.rstrip(" |·•–—-:("), last
    return None


def _glued_headline(text: str, is_date: Callable[[str], bool]) -> tuple[str, str] | None:
    """A headline and the day or clock that no space parts from it, in the order of the line."""
    clock = _CLOCK.match(text)
    if clock and text[clock.end() : clock.end() + 1].isalnum() and text.count(" ") > 1:
        return clock[0], text[clock.end() :]
    for match in _NUMERIC_DAY.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not is_date(match[0].strip()):
            continue
        is_glued = after[:1].isalpha() or (":" in match[0] and after[:1].isdigit())
        if not before and is_glued and weight(after) > _LEAST_GLUED:
            return match[0].strip(), after
        if not after and before[-1:].isalpha() and weight(before) > _LEAST_GLUED:
            return before, match[0].strip()
    return None


_MAX_DATED_HEADLINE = 300
_LEAST_GLUED = 12
_LONGEST_DAY = 5
_NUMBER_BEFORE = re.compile(r"\d{1,3}[.)]\s+(?=\w+\s\d|\d)")


def _read_days_of_years(lines: list[Line]) -> list[Line]:
    """Days and months below a year's heading ("2026", then "10-27 …") are dates of that year."""
    days = [
        match
        for line in lines
        if line.weight <= 200 and (match := _DAY_OF_YEAR.fullmatch(line.text))
    ]
    if not days:
        return lines
    month_first = _is_month_first([(int(match[1]), match[2], int(match[3])) for match in days])
    year: str | None = None
    result: list[Line] = []
    for line in lines:
        match = _DAY_OF_YEAR.fullmatch(line.text) if line.weight <= 200 else None
        if _YEAR.fullmatch(line.text):
            year = line.text
            line.date, line.is_year = None, True
        if year is None or match is None or month_first is None:
            result.append(line)
            continue
        month, day = (match[1], match[3]) if month_first else (match[3], match[1])
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            result.append(line)
            continue
        block = line.block
        printed = f"{year}-{int(month):02d}-{int(day):02d}"
        day_alone = Block(match[0], block.indent, block.mark, 0, None, block.begins)
        dated = Line(day_alone, match[0], date=printed)
        dated.beside = "headline" if match[4] else ""
        result.append(dated)
        if match[4]:
            headline = Block(match[4], block.indent, block.mark, block.level, block.url)
            result.append(_look_at(headline, lambda text: False))
    return result


def _is_month_first(days: list[tuple[int, str, int]]) -> bool | None:
    """Whether all of a page's days say the month first; None where they don't tell."""
    month_first = all(first <= 12 and last <= 31 for first, _, last in days)
    day_first = all(last <= 12 and first <= 31 for first, _, last in days)
    if month_first and day_first:
        # A hyphen follows ISO 8601, a dot is nobody's but who writes the day first.
        marks = {mark for _, mark, _ in days}
        return True if marks == {"-"} else False if marks == {"."} else None
    return month_first if month_first != day_first else None


def _mark_repeats(lines: list[Line]) -> None:
    """Mark the short lines that a page prints more often than its texts."""
    copies = Counter(line.text for line in lines if line.is_prose)
    usual = max(copies.values(), default=1)
    masked = Counter(_masked(line) for line in lines if line.weight <= 60)
    for line in lines:
        if line.weight <= 60:
            tags = line.text.startswith("#") and all(w.startswith("#") for w in line.text.split())
            is_text = line.ends and line.sentences > 0
            line.repeats = tags or (masked[_masked(line)] > usual and not is_text)


def _masked(line: Line) -> str:
    """A line whatever its numbers ("3 Comments"); a longer one may be a numbered headline."""
    is_count = line.text.count(" ") < 4 and any(map(str.isalpha, line.text))
    return _DIGITS.sub("0", line.text) if is_count else line.text
