"""A page as a list of blocks: what its lines say, freed of what the printing tool left in them.

Tools print one page in many ways: html2text as Markdown, lynx with numbers for links and a
list of them at the end, others with tags or entities left, or with paragraphs broken at a
column. Here all of these become one thing: blocks of text in reading order, each with what
its line shows beside the words (heading, bullet, indentation, link).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from newscrawl.extract.typography import squeeze

# Marks that nobody sees: soft hyphen, zero width space, word joiner, byte order mark. The
# joiner and non-joiner belong to the spelling of Persian and of Indian scripts and stay.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|cite|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|q|s|small|span"
    r"|strong|sub|sup|time|u|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_MARKDOWN_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]]{0,2000})\]\((?P<url>[^\s()]{0,2000})(?:\s+\"[^\"]{0,500}\")?\s*\)"
)
_MARKDOWN_HEADING = re.compile(r"(?P<level>#{1,6})\s+(?P<text>\S.*)")
_MARKDOWN_RULE = re.compile(r"(?:[*_-]\s?){3,80}")
_EMPHASIS = re.compile(
    r"(?<![^\W_])(?:\*\*|__|\*|_)(?=\S)|(?<=\S)(?:\*\*|__|\*|_)(?![^\W_])|(?<!\S)__(?!\S)"
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")
_BULLET = re.compile(r"(?:[•*·‣▪◦●○■–+-])(?:\s+|$)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+")
_LINK_NUMBER = re.compile(r"\[(\d{1,4})\](?=\S)")
_LINK_TARGET = re.compile(
    r"\s*(?:\[(?P<box>\d{1,4})\]|(?P<number>\d{1,4})\.):?\s+(?P<url>\S{4,2000})"
)
_ADDRESS = re.compile(r"(?:[a-z]{3,10}:|www\.|/)\S+")
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0e7f]")
_WIDEST_COLUMN = 120
_NARROWEST_COLUMN = 60
_LONGEST_WORD = 30
_FEWEST_BREAKS = 3


@dataclass(slots=True)
class Block:
    """A line of a page, or one of the things that stand side by side in it.

    Attributes:
        text: its words, single spaces.
        indent: columns before it, as printed.
        mark: "•" for a bullet, "1" for a number before it, or "".
        level: of a heading that says so, 1 to 6; 0 for anything else.
        url: where its words lead, when all of them do; as printed.
        begins: a blank line stands above it.
    """

    text: str
    indent: int = 0
    mark: str = ""
    level: int = 0
    url: str | None = None
    begins: bool = False


def clean_lines(text: str) -> tuple[list[str], dict[str, str]]:
    """The lines of a dump without what its tool left in them, indentation and blank lines kept.

    Args:
        text: the dump, lines ended in any way.

    Returns:
        The lines, and for numbered links (lynx, w3m) each number's address. Markdown stays:
        it is read by `read_blocks`.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "&" in text and _ENTITY.search(text):
        text = _ENTITY.sub(_character, text)
    if "<" in text and _TAG.search(text):
        text = _TAG.sub("", text)
    lines = text.splitlines()
    return _take_link_numbers(lines) if "[" in text else (lines, {})


def _character(match: re.Match[str]) -> str:
    """An entity's character; what is none stays, and no line end comes out of one."""
    character = html.unescape(match[0])
    return " " if character.isspace() else character if character.isprintable() else ""


def _take_link_numbers(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Link numbers are some tool's where a list at the page's end says where each leads."""
    targets: dict[str, str] = {}
    end = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        match = _LINK_TARGET.fullmatch(lines[at]) if lines[at].strip() else None
        if match and _ADDRESS.match(match["url"]):
            targets[match["box"] or match["number"]] = match["url"]
            end = at
        elif lines[at].strip() and not _is_list_title(lines[at]):
            break
    numbers = {number for line in lines[:end] for number in _LINK_NUMBER.findall(line)}
    if not targets or not numbers & targets.keys():
        return lines, {}
    while end and (not lines[end - 1].strip() or _is_list_title(lines[end - 1])):
        end -= 1
    return lines[:end], targets


def _is_list_title(line: str) -> bool:
    """The heading that a tool prints above its list of links stands alone at the margin."""
    return line.strip().rstrip(":") in ("References", "Visible links", "Hidden links", "Links")


def read_blocks(lines: list[str], targets: dict[str, str] | None = None) -> list[Block]:
    """Make a dump's lines blocks.

    Args:
        lines: as `clean_lines` gives them.
        targets: addresses of numbered links.
    """
    is_markdown = any("](" in line or _MARKDOWN_HEADING.match(line) for line in lines)
    if not is_markdown:
        lines = join_fragments(join_wrapped(lines))
    blocks: list[Block] = []
    begins = True
    for line in lines:
        if not line.strip():
            begins = True
            continue
        found = _read_markdown(line) if is_markdown else [_read_line(line, targets or {})]
        for block in found:
            if block.text:
                block.begins, begins = begins, False
                blocks.append(block)
    return blocks


def _read_line(line: str, targets: dict[str, str]) -> Block:
    indent = len(line) - len(line.lstrip())
    text, mark, url = line.strip(), "", None
    if targets:
        number = _LINK_NUMBER.match(text)
        url = targets.get(number[1]) if number else None
        text = _LINK_NUMBER.sub("", text)
    bullet = _BULLET.match(text)
    if bullet:
        text, mark = text[bullet.end() :], "•"
    return Block(squeeze(text), indent, mark, 0, url)


def _read_markdown(line: str) -> list[Block]:
    """A line of Markdown; links that stand side by side are blocks of their own."""
    indent = len(line) - len(line.lstrip())
    text, mark, level = line.strip(), "", 0
    if _MARKDOWN_RULE.fullmatch(text):
        return []
    if (number := _NUMBERED.match(text)) and text[number.end() :].startswith("#"):
        text = text[number.end() :]
    heading = _MARKDOWN_HEADING.fullmatch(text)
    bullet = _BULLET.match(text)
    if heading:
        text, level = heading["text"].rstrip("# "), len(heading["level"])
    elif bullet:
        text, mark = text[bullet.end() :], "•"
    links = list(_MARKDOWN_LINK.finditer(text))
    outside = _MARKDOWN_LINK.sub("", text)
    if links and not any(character.isalnum() for character in outside):
        return [
            Block(_plain(link["text"]), indent, mark, level, _target(link["url"])) for link in links
        ]
    return [Block(_plain(_MARKDOWN_LINK.sub(_words, text)), indent, mark, level)]


def _words(link: re.Match[str]) -> str:
    return "" if link[0].startswith("!") else link["text"]


def _target(url: str) -> str | None:
    return None if url.lower().startswith(("javascript:", "#", "mailto:")) or not url else url


def _plain(text: str) -> str:
    text = _EMPHASIS.sub("", text)
    return squeeze(_ESCAPED.sub(r"\1", text))


def join_wrapped(lines: list[str]) -> list[str]:
    """Join paragraphs that a tool broke at a column.

    A break is the tool's where the next line's first word would not have fitted; a page is
    broken where nearly all of the breaks inside its paragraphs are.
    """
    width = max((len(line) for line in lines), default=0)
    if width > _WIDEST_COLUMN:
        return lines
    inner = [at for at in range(1, len(lines)) if _may_go_on(lines[at - 1], lines[at])]
    full = max((len(lines[at - 1]) for at in inner if _is_unspaced(lines[at - 1])), default=0)
    forced = {
        at
        for at in inner
        if (width >= _NARROWEST_COLUMN and _is_forced(lines[at - 1], lines[at], width))
        or (full >= _NARROWEST_COLUMN // 2 and _is_full(lines[at - 1], full))
    }
    enough = 1 if full >= _NARROWEST_COLUMN else _FEWEST_BREAKS
    if len(forced) < enough or len(forced) * 2 < len(inner):
        return lines
    joined: list[str] = []
    for at, line in enumerate(lines):
        if at in forced:
            glue = "" if _is_unspaced(lines[at - 1]) else " "
            joined[-1] = f"{joined[-1]}{glue}{line.strip()}"
        else:
            joined.append(line)
    return joined


def _is_unspaced(line: str) -> bool:
    """Whether a line ends in a script that puts no spaces between words."""
    return bool(_UNSPACED.match(line.rstrip()[-1:]))


def _is_full(above: str, full: int) -> bool:
    """In such a script a tool breaks where the column ends, one sign early for a mark."""
    return _is_unspaced(above) and len(above.rstrip()) >= full - 2


def _may_go_on(above: str, line: str) -> bool:
    if not above.strip() or not line.strip():
        return False
    return not _BULLET.match(line.strip()) and not _NUMBERED.match(line.strip())


def _is_forced(above: str, line: str, width: int) -> bool:
    first = line.split(maxsplit=1)[0]
    return len(first) <= _LONGEST_WORD and len(above.rstrip()) + 1 + len(first) > width - 1


def join_fragments(lines: list[str]) -> list[str]:
    """Join sentences that a tool broke at links and other marked words inside them.

    A line that goes on in a small letter, or begins with what only follows a word, is the rest of
    the line above it; so is the link between an unfinished line and such a rest. Blank lines
    part paragraphs and are never crossed.
    """
    joined: list[str] = []
    fragments = 0
    for at, line in enumerate(lines):
        above = joined[-1] if joined else ""
        if above.strip() and line.strip() and _goes_on(above, line, lines[at + 1 : at + 2]):
            glue = "" if line.lstrip()[0] in _FOLLOWS else " "
            joined[-1] = f"{above.rstrip()}{glue}{line.strip()}"
            fragments += 1
        else:
            joined.append(line)
    return joined if fragments >= _FEWEST_FRAGMENTS else lines


_FOLLOWS = ",.;:!?)’”»"
_FINISHED = (".", "!", "?", "…", ":", "”", "»", ")", '"', "。", "！", "？")
_FEWEST_FRAGMENTS = 2
_LONG_FRAGMENT = 40


def _goes_on(above: str, line: str, following: list[str]) -> bool:
    first, last = line.lstrip(), above.rstrip()
    if first[0] in _FOLLOWS and (len(first) == 1 or not first[1].isalnum()):
        return not last.endswith(_FINISHED)
    if last.endswith(_FINISHED):
        return False
    rest = following[0].lstrip() if following else ""
    goes_on = rest[:1].islower() or (rest[:1] in _FOLLOWS and not rest[1:2].isalnum())
    if first[0].islower():
        if len(above) >= _LONG_FRAGMENT:
            return _is_rest(first)
        # Menus are short, too: the sentence that goes on has to come.
        return " " in last and (
            len(first) > _LONG_FRAGMENT or (goes_on and len(rest) > _LONG_FRAGMENT)
        )
    if not rest or len(line) >= 2 * _LONG_FRAGMENT:
        return False
    if first.isdigit() and len(rest) > _LONG_FRAGMENT:
        return _hangs(last)
    if len(above) < _LONG_FRAGMENT and not _hangs(last):
        return False
    return goes_on and (not rest[0].islower() or _is_rest(rest))


def _hangs(text: str) -> bool:
    """Whether a line ends as no headline does: in a comma, or in a short word in small letters."""
    words = text.split()
    return len(words) > 1 and (
        words[-1].endswith(",") or (len(words[-1]) <= _SHORT_WORD and words[-1].islower())
    )


_SHORT_WORD = 4


def _is_rest(text: str) -> bool:
    """Whether a line in small letters is the rest of a sentence; "hace 3 días" is a date."""
    return len(text) > _LONG_FRAGMENT or not any(map(str.isdigit, text))
