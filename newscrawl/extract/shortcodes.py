"""WordPress shortcodes that a front end printed instead of running them.

A teaser made from raw post text shows ``[caption id="…"]credit, text[/caption]`` in the
middle of its sentences. Captions become images; other shortcodes leave the text. What
an editor put in square brackets ("[let alone a vaccine]", "[…]") is no shortcode: one is
told by WordPress's own names, by an attribute in quotes or by its closing tag
(https://codex.wordpress.org/Shortcode_API).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from newscrawl.extract.typography import squeeze
from newscrawl.items import Image

_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b(?P<attributes>[^\[\]]*+)\]"
    r"(?P<content>(?:[^\[]++|\[(?!/?(?:wp_)?caption\b))*+)\[/(?:wp_)?caption\]"
)
_CAPTION_CUT = re.compile(r"\[(?:wp_)?caption\b(?![^\[]*\[/(?:wp_)?caption\]).*\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"""(?<!\w)(\w++)=["“”″']([^"“”″']*)["“”″']""")
_EMBEDDED = r"(?:embed|audio|video|playlist|gallery)\b"
_EMBED = re.compile(
    rf"\[(?=(\w+)){_EMBEDDED}[^\[\]]*+\](?:(?:[^\[]++|\[(?!/?{_EMBEDDED}))*+\[/\1\])?"
)
_TAG_WITH_ATTRIBUTES = re.compile(r"""\[/?[a-z][\w-]*+\s++[\w-]++=["“”″'][^\[\]]*+\]""")
_CLOSING_TAG = re.compile(r"\[/([a-z][\w-]*+)\]")
_HTML_TAG = re.compile(r"<[^<>]+>")
_IMG_SRC = re.compile(r"""<img\b[^<>]*?\bsrc=["']([^"']+)["']""", re.IGNORECASE)

_CREDIT_LABEL = r"(?:photo|image|picture|credit)s?(?:\s+(?:credit|by|courtesy\s+of))?\s*:"
_CREDIT_MARK = rf"(?:@|©|\(c\)\s|{_CREDIT_LABEL})"
_CREDIT_FIRST = re.compile(_CREDIT_MARK, re.IGNORECASE)
_CREDIT_LAST = re.compile(
    rf"(?P<caption>.*?[^\s(|/,;–—-])[\s(|/,;–—-]+(?P<credit>{_CREDIT_MARK}[^.]{{2,80}}?)\)?\.?",
    re.IGNORECASE | re.DOTALL,
)
_CREDIT_LABEL_FIRST = re.compile(_CREDIT_LABEL + r"\s*", re.IGNORECASE)
_HANDLE = re.compile(r"@\s?\w+")
# Prefixes of names of four letters and more that have a capital inside (FitzGerald); the
# shorter ones (McDonald, DiCaprio, MacLeod) are too short to be taken for a word's end.
_NAME_PREFIXES = ("Fitz", "Vander", "Saint")


@dataclass(slots=True)
class ShortcodeText:
    """A text without its shortcodes.

    Attributes:
        text: what is left.
        images: what the caption shortcodes say.
        removed: the other shortcodes, as printed.
        is_cut: the text ended inside a shortcode, so it was cut off.
    """

    text: str
    images: list[Image] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    is_cut: bool = False


def take_shortcodes(text: str) -> ShortcodeText:
    """Take WordPress shortcodes out of a text.

    >>> take_shortcodes('Before. [caption id="a"]@Ann Lee A bridge[/caption] After.').text
    'Before. After.'
    """
    if "[" not in text:
        return ShortcodeText(text)
    result = ShortcodeText(text)
    captions = list(_CAPTION.finditer(text))
    known = _lone_credits([_plain(match["content"]) for match in captions])
    result.images = [_image(match, known) for match in captions]
    text = _CAPTION.sub(" ", text)
    cut = _CAPTION_CUT.search(text)
    if cut:
        result.removed.append(squeeze(cut[0]))
        result.is_cut = True
        text = text[: cut.start()]
    closing = {match[1] for match in _CLOSING_TAG.finditer(text)}
    paired = [re.compile(rf"\[/?{re.escape(name)}\b[^\[\]]*+\]") for name in sorted(closing)]
    for pattern in (_EMBED, _TAG_WITH_ATTRIBUTES, *paired):
        result.removed += [squeeze(match[0]) for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    if result.images or result.removed:
        text = _respace(text)
    result.text = text
    return result


def _respace(text: str) -> str:
    """Single spaces inside each line; the lines themselves stay."""
    return "\n".join(squeeze(line) for line in text.split("\n"))


def _plain(content: str) -> str:
    """A caption's text: no HTML, a separator where a line or an element ended."""
    return squeeze(html.unescape(_HTML_TAG.sub(" ", content)))


def _image(match: re.Match[str], lone_credits: set[str]) -> Image:
    attributes = dict(_ATTRIBUTE.findall(match["attributes"]))
    source = _IMG_SRC.search(match["content"])
    text = _plain(match["content"]) or squeeze(attributes.get("caption", ""))
    caption, credit = split_credit(text, lone_credits)
    return Image(url=source[1] if source else None, caption=caption, credit=credit)


def _lone_credits(captions: list[str]) -> set[str]:
    """The captions of a page that are nothing but a credit."""
    return {
        text
        for text in captions
        if _CREDIT_FIRST.match(text) and len(text) <= 60 and _glued_at(text) is None
    }


def _glued_at(text: str) -> int | None:
    """Where a credit runs into the caption because the line break between them was lost.

    "Jane LeighA bridge at night": a capital right behind a small letter, with at least
    four letters of its word before it. The word behind an "@" is a handle and may be written
    as it likes ("@NordWire").
    """
    handle = _HANDLE.match(text)
    start = handle.end() if handle else 0
    for at in range(start + 1, len(text)):
        if not text[at - 1].isalpha():
            start = at
        elif text[at].isupper() and text[at - 1].islower() and at - start >= 4:
            if text[start:at] not in _NAME_PREFIXES:
                return at
            start = at
    return None


def split_credit(
    text: str, known_credits: set[str] | frozenset[str] = frozenset()
) -> tuple[str | None, str | None]:
    """Split a caption into caption and credit.

    A credit is told by its mark ("@", "©", "Photo:", "Image:", "Credit:"). It may stand
    first, with the caption glued to it where a line break was lost, or last. The labels
    ("Photo:") are left out, "@" and "©" stay.

    Args:
        text: the whole caption.
        known_credits: credits that stand alone elsewhere on the page.

    Returns:
        Caption and credit, None for what is missing.

    >>> split_credit("@Desk, Ann LeighA bridge at night")
    ('A bridge at night', '@Desk, Ann Leigh')
    >>> split_credit("A bridge at night. Photo: Ann Leigh")
    ('A bridge at night.', 'Ann Leigh')
    """
    if not text:
        return None, None
    if _CREDIT_FIRST.match(text):
        for credit in sorted(known_credits, key=len, reverse=True):
            if text != credit and text.startswith(credit):
                return text[len(credit) :].strip(" .,;|–—-") or None, without_label(credit)
        glued = _glued_at(text)
        if glued is None:
            return None, without_label(text)
        return text[glued:].strip(), without_label(text[:glued])
    last = _CREDIT_LAST.fullmatch(text)
    if last:
        return last["caption"].strip(), without_label(last["credit"])
    return text, None


def without_label(credit: str | None) -> str | None:
    """A credit without "Photo:" and the like before it."""
    if credit is None:
        return None
    return _CREDIT_LABEL_FIRST.sub("", credit, count=1).strip()
