"""A part of a page as the lines that a text dump has, and the pictures in it."""

from __future__ import annotations

from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from newscrawl.extract.html.tree import IN_FIGCAPTION, walk
from newscrawl.extract.shortcodes import split_credit
from newscrawl.extract.typography import squeeze
from newscrawl.items import Image

_CAPTIONS = "figcaption, .wp-caption-text, .wp-element-caption"
_NOT_READ = ".screen-reader-text, .sharedaddy, .jp-relatedposts"
_FIGURES = "figure, .wp-caption"


def lines_of(node: LexborNode) -> list[str]:
    """The texts of a node's blocks, one line an element; captions are left out."""
    skip = frozenset(part.mem_id for part in node.css(f"{_CAPTIONS}, {_NOT_READ}"))
    return [
        block.text for block in walk(node, skip).blocks if not block.element.context & IN_FIGCAPTION
    ]


def figures_of(node: LexborNode, base: str | None) -> list[Image]:
    """The pictures that stand in a figure, each with caption and credit.

    Args:
        node: the part of the page.
        base: the page's address, for relative ones.
    """
    images: dict[tuple[str | None, str | None], Image] = {}
    for figure in node.css(_FIGURES):
        picture = figure.css_first("img")
        words = figure.css_first(_CAPTIONS)
        if picture is None and words is None:
            continue
        source = (
            (picture.attributes.get("data-src") or picture.attributes.get("src"))
            if picture
            else None
        )
        caption, credit = (
            split_credit(squeeze(words.text(separator=" "))) if words else (None, None)
        )
        url = urljoin(base or "", source) if source and not source.startswith("data:") else None
        images.setdefault((url, caption), Image(url=url, caption=caption, credit=credit))
    return list(images.values())
