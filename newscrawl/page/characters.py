"""The characters that a record may hold: all that say something, none that readers can't hold.

NUL and lone surrogates end the run or the load of whoever stores them (UTF-8 has no surrogates,
PostgreSQL no NUL), controls speak to terminals, noncharacters are no text (Unicode 23.7), and
marks that nobody sees hide words, turn their order round or carry messages (Unicode TR 36, UTS
39). Some scripts need such marks to be spelt: those stay where their script stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass
from typing import Any

# White space among the controls, which parts words; TAB and LF stay, as layout.
_SPACES = "\x0b\x0c\x1c-\x1f\x85"
_GONE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_GONE_BEYOND = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
# What is seen nowhere or only in what stands beside it (Default_Ignorable_Code_Point, and the
# marks of interlinear annotation).
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_UNSEEN_BEYOND = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
# A class within the first plane is looked up in a table, ten times as fast as any other.
_SUSPECT = re.compile(f"[\r{_SPACES}{_GONE}{_UNSEEN}]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_SUSPECT_BEYOND = re.compile(f"[{_GONE_BEYOND}{_UNSEEN_BEYOND}]")
_LAYOUT = re.compile("[\t\n]")
_LINE_END = re.compile("\r\n?")
_SPACE = re.compile(f"[{_SPACES}]")
_NOTHING = re.compile(f"[{_GONE}{_GONE_BEYOND}]")
# A flag of a region of a country (UTS 51, emoji tag sequence) stays whole.
_MARKS = re.compile(
    f"(?P<flag>\U0001f3f4[\U000e0030-\U000e007a]{{1,6}}\U000e007f)|[{_UNSEEN}{_UNSEEN_BEYOND}]+"
)
_ASCII_CONTROLS = bytes({*range(32), 127} - {9, 10})

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Scripts whose letters are joined or parted by what is not seen (Unicode 9.2, 12, 13, 23.2).
_JOINED = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff"
    "\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
# Scripts that put no space between words (UAX 14, class SA).
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\uaa7f]"
)
_MONGOLIAN = re.compile("[\u1800-\u18af]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7fb]")
_HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# What a variation selector may choose the look of: a picture, a sign, an ideograph, a letter of a
# script without case; never a letter of ours or a space.
_VARIED = frozenset({"So", "Sm", "Sk", "Sc", "Po", "Pd", "Lo", "Nd"})

_OPENING = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # fmt: skip
_CLOSING = frozenset(_OPENING.values())
_DIRECTIONS = frozenset("\u061c\u200e\u200f")
_OVERRIDES = frozenset("\u202d\u202e")


def readable(text: str) -> str:
    """A text without what readers can't hold; TAB and LF stay, CR LF and CR become LF.

    Controls that are white space become a space. Overrides of direction go everywhere, for no
    script needs them; other marks of direction stay in a text that has letters from right to
    left, embeddings and isolates only where they end in their line. Joiners, word breaks and
    variation selectors stay beside letters, or pictures, that are spelt with them.

    >>> readable("Half \\ud83d\\x00 a \\x1b[31mred\\u202e\\u200b word\\x0bin two")
    'Half  a [31mred word in two'
    >>> readable("می\\u200cخواهم") == "می\\u200cخواهم"
    True
    """
    if text.isascii():
        data = text.encode()
        if len(data.translate(None, _ASCII_CONTROLS)) == len(data):
            return text
    elif not _is_suspect(text):
        return text
    text = _LINE_END.sub("\n", text)
    text = _NOTHING.sub("", _SPACE.sub(" ", text))
    if text.isascii():
        return text
    text = _ordered(text) if _RIGHT_TO_LEFT.search(text) else _DIRECTING.sub("", text)
    return _without_marks(text)


def _is_suspect(text: str) -> bool:
    if _SUSPECT.search(text):
        return True
    return _SUSPECT_BEYOND.search("".join(_BEYOND.findall(text))) is not None


def _without_marks(text: str) -> str:
    """A text without the marks that nothing beside them is spelt with."""
    kept: list[str] = []
    before, at = "", 0
    for match in _MARKS.finditer(text):
        if match.start() > at:
            kept.append(text[at : match.start()])
            before = text[match.start() - 1]
        at = match.end()
        # Each mark stands beside what is kept before it, and the first thing that is seen after it.
        flag, after = match["flag"], text[at : at + 1]
        for mark in [flag] if flag else match[0]:
            if mark == flag or _is_needed(mark, before, after):
                kept.append(mark)
                before = mark[-1]
    return "".join([*kept, text[at:]])


def _is_needed(mark: str, before: str, after: str) -> bool:
    """Whether what stands beside a mark is spelt with it."""
    if mark in _OPENING or mark in _CLOSING or mark in _DIRECTIONS or mark in _OVERRIDES:
        return True  # its whole line told
    if "\ufe00" <= mark <= "\ufe0f":
        return before != "" and unicodedata.category(before) in _VARIED
    if "\U000e0100" <= mark <= "\U000e01ef":
        return bool(_HAN.match(before))
    if mark in "\u200c\u200d\u034f":
        joins_pictures = mark == "\u200d" and _is_picture(before) and _is_picture(after)
        return bool(_JOINED.match(before)) or joins_pictures
    if mark == "\u200b":
        return bool(_UNSPACED.match(before) or _UNSPACED.match(after))
    if "\u180b" <= mark <= "\u180f":
        return bool(_MONGOLIAN.match(before))
    return mark in "\u115f\u1160" and bool(_JAMO.match(before) or _JAMO.match(after))


def _is_picture(character: str) -> bool:
    # A picture may be followed by what chooses its look or the colour of its skin.
    return character == "\ufe0f" or (
        character != "" and unicodedata.category(character) in {"So", "Sk", "Sm"}
    )


_DIRECTING = re.compile(
    "[" + "".join([*_OPENING, *sorted(_CLOSING), *sorted(_DIRECTIONS), *sorted(_OVERRIDES)]) + "]"
)


def _ordered(text: str) -> str:
    """A text with letters from right to left: without overrides and what has no other end."""
    return "\n".join(
        _paired(line) if _DIRECTING.search(line) else line for line in text.split("\n")
    )


def _paired(line: str) -> str:
    kept = list(line)
    opened: list[int] = []
    for at, character in enumerate(line):
        if character in _OVERRIDES:
            kept[at] = ""
        elif character in _OPENING:
            opened.append(at)
        elif character in _CLOSING:
            if opened and _OPENING[line[opened[-1]]] == character:
                opened.pop()
            else:
                kept[at] = ""
    for at in opened:
        kept[at] = ""
    return "".join(kept)


def printable_name(name: str) -> str:
    r"""A file's name as a ledger and a terminal can show it: what is unreadable is escaped.

    >>> printable_name("a\udcff\x1b[31m.txt")
    'a\\xff\\x1b[31m.txt'
    """
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if readable(name) == name and not _LAYOUT.search(name):
        return name
    return "".join(
        character
        if readable(character) == character and character not in "\t\n"
        else character.encode("unicode_escape").decode("ascii")
        for character in name
    )


_FIELDS: dict[type[Any], tuple[str, ...]] = {}


def _fields_of(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return _FIELDS[kind]


def make_readable(thing: Any) -> Any:
    """Make every string in a record, list or dict readable, in place; a string comes back changed.

    Args:
        thing: a dataclass that is not frozen, a list, a dict, a string; anything else is left
            alone. It may be nested as deep as it likes.
    """
    if isinstance(thing, str):
        return readable(thing)
    waiting = [thing]
    while waiting:
        holder = waiting.pop()
        places: Any
        if isinstance(holder, dict):
            places = list(holder.items())
        elif isinstance(holder, list):
            places = enumerate(holder)
        else:
            places = [(name, getattr(holder, name)) for name in _fields_of(type(holder))]
        for place, value in places:
            if isinstance(value, str):
                clean = readable(value)
                if clean is not value and clean != value:
                    if isinstance(holder, (dict, list)):
                        holder[place] = clean
                    else:
                        setattr(holder, str(place), clean)
            elif isinstance(value, (dict, list)) or _fields_of(type(value)):
                waiting.append(value)
    return thing
