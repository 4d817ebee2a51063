"""What kind of page it is: an article's, or one that lists, sells or offers.

Nothing is told by a count alone: a main text is weighed against the cards around it, with what
the page says of itself and the form of its address. The measures go through some dozens of small
decision trees in ``kind_weights.json``, which ``benchmarks/train_kinds.py`` fits.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from newscrawl.addresses.forms import form_points
from newscrawl.extract.html.body import SENTENCE_ENDS, Trees
from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.metadata import folded
from newscrawl.extract.html.structured import text_of, types_of
from newscrawl.extract.html.tree import Block, Walk, words_in

LISTING_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"))
_PRODUCT_TYPES = frozenset(("Product", "ProductGroup", "Offer", "AggregateOffer", "Service"))
# What WordPress's body_class() says of a page, and themes of other systems after it.
_SINGLE = frozenset(("single", "post", "article", "story"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MIN_PARAGRAPH = 12
"""Words of a paragraph; a label, a button or a card's title has fewer."""
_MIN_TITLE = 4
"""Words of a linked title; the links of menus have fewer."""
_MIN_WORDS = 30
"""A line or two on a page that says nothing of an article and has no date is no article: the trees
have seen few so short."""
_SAYING = ("declared", "og_article", "dated")
_PRICE = re.compile("[$€£]")
_LINKED = 0.9
_NO_ADDRESS = -5

MEASURES = [
    "words",
    "paragraphs",
    "longest",
    "held",
    "holders",
    "share",
    "cards",
    "card_words",
    "links",
    "links_within",
    "headings",
    "after_headline",
    "articles",
    "times",
    "dated",
    "signed",
    "declared",
    "declared_news",
    "declares_headline",
    "og_article",
    "product_types",
    "address",
    "path",
    "single",
    "images",
    "prices",
    "sentences",
    "mean_words",
    "choices",
]
"""The names of the measures, in order."""


class Seen(NamedTuple):
    """What is seen of a page's text: words of a main text, and titles that are links beside it."""

    words: int
    links: int


NOTHING_SEEN = Seen(0, 0)


def seen(walked: Walk, kept: Sequence[bool]) -> Seen:
    """How many words the blocks that were kept have, and how many linked titles the page has."""
    blocks = walked.blocks
    return Seen(
        sum(block.words for block, keep in zip(blocks, kept, strict=True) if keep),
        sum(block.density > _LINKED and block.words >= _MIN_TITLE for block in blocks),
    )


def is_article(measured: Sequence[float]) -> bool:
    """Whether a page of these measures is an article's."""
    of = dict(zip(MEASURES, measured, strict=True))
    if math.expm1(of["words"]) < _MIN_WORDS and not any(of[name] for name in _SAYING):
        return False
    return bool(load_trees().judge(np.array([measured]))[0] > 0)


@lru_cache(maxsize=1)
def load_trees() -> Trees:
    """Read the trees that come with the package."""
    text = resources.files(__package__).joinpath("kind_weights.json").read_text("utf-8")
    return trees_of(json.loads(text))


def trees_of(numbers: dict[str, Any]) -> Trees:
    """Make the trees from the numbers as the file has them."""
    return Trees(numbers["bias"], numbers["trees"])


def _is_card(block: Block) -> bool:
    """Whether a block is the title of another article or of goods: a heading that is a link."""
    return block.density > _LINKED and block.tag in _HEADINGS


def measures(
    document: HtmlDocument,
    walked: Walk,
    kept: Sequence[bool],
    headline: str | None,
    top: int,
    is_dated: bool,
    is_signed: bool,
) -> list[float]:
    """Return the measures of a page, as :data:`MEASURES` names them.

    Args:
        document: the page.
        walked: its blocks.
        kept: which of them are body text.
        headline: the article's, or None.
        top: which block it is, -1 for none.
        is_dated: whether the page has a date of publication.
        is_signed: whether it names an author.
    """
    blocks = walked.blocks
    places = [i for i, keep in enumerate(kept) if keep]
    first, last = (places[0], places[-1]) if places else (len(blocks), -1)
    text = [blocks[i] for i in places if blocks[i].tag not in _HEADINGS]
    words = sum(block.words for block in text)
    paragraphs = [block for block in text if block.words >= _MIN_PARAGRAPH]
    holders: Counter[int] = Counter()
    for block in paragraphs:
        holders[id(block.element.parent or block.element)] += block.words
    long_words = sum(holders.values())
    total = sum(block.words for block in blocks) or 1
    cards = [i for i, block in enumerate(blocks) if _is_card(block)]
    links = [i for i, block in enumerate(blocks) if block.density > _LINKED]
    kinds = document.by_type.keys()
    article = document.article
    declared = folded(text_of(article.get("headline")) or text_of(article.get("name")))
    og_type = document.meta("og:type").lower()
    tree = document.tree
    told = tree.css("article,input[type=checkbox],select")
    body = tree.body
    names = frozenset(words_in((body.attributes.get("class") or "") if body is not None else ""))
    points = form_points(document.url) if document.url else 0
    path = (document.address or "").split("?")[0].rstrip("/").count("/") - 2
    return [
        math.log1p(words),
        len(paragraphs),
        max((block.words for block in text), default=0),
        max(holders.values(), default=0) / (long_words or 1),
        len(holders),
        words / total,
        len(cards),
        sum(blocks[i].words for i in cards) / (words + 1),
        len(links),
        sum(first < i < last for i in links) / (len(places) + 1),
        sum(block.tag in _HEADINGS for block in blocks),
        (first - top) if top >= 0 and places else -50,
        sum(node.tag == "article" for node in told),
        len(document.times),
        is_dated,
        is_signed,
        bool(declared or article.get("articleBody")),
        any("News" in kind or "Blog" in kind for kind in types_of(article)),
        bool(declared) and declared == folded(headline or ""),
        og_type == "article",
        bool(kinds & _PRODUCT_TYPES) or og_type.startswith("product"),
        _NO_ADDRESS if points is None else points,
        max(path, -1),
        bool(names & _SINGLE),
        len(walked.images),
        sum(_PRICE.search(block.text) is not None for block in blocks),
        sum(block.text[-1] in SENTENCE_ENDS for block in text) / (len(text) or 1),
        words / (len(text) or 1),
        sum(node.tag != "article" for node in told),
    ]
