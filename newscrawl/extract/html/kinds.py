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
from newscrawl.extract.html.structured import text_of, types_of
from newscrawl.extract.html.tree import Block, Walk, words_in
from newscrawl.extract.typography import fold

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
    places: list[int] = []
    text: list[Block] = []
    cards: list[Block] = []
    linked: list[int] = []
    total = headings = prices = 0
    for i, block in enumerate(blocks):
        total += block.words
        is_heading = block.tag in _HEADINGS
        headings += is_heading
        if kept[i]:
            places.append(i)
            if not is_heading:
                text.append(block)
        if block.density > _LINKED:
            linked.append(i)
            if is_heading:
                cards.append(block)
        if _PRICE.search(block.text):
            prices += 1
    first, last = (places[0], places[-1]) if places else (len(blocks), -1)
    words = sum([block.words for block in text])
    paragraphs = [block for block in text if block.words >= _MIN_PARAGRAPH]
    holders: Counter[int] = Counter()
    for block in paragraphs:
        holders[id(block.element.parent or block.element)] += block.words
    long_words = sum(holders.values())
    articles, choices = document.counted
    kinds = document.by_type.keys()
    article = document.article
    declared = fold(text_of(article.get("headline")) or text_of(article.get("name")))
    og_type = document.meta("og:type").lower()
    body = document.tree.body
    names = frozenset(words_in((body.attributes.get("class") or "") if body is not None else ""))
    points = form_points(document.url) if document.url else 0
    path = (document.address or "").split("?")[0].rstrip("/").count("/") - 2
    return [
        math.log1p(words),
        len(paragraphs),
        max([block.words for block in text], default=0),
        max(holders.values(), default=0) / (long_words or 1),
        len(holders),
        words / (total or 1),
        len(cards),
        sum([block.words for block in cards]) / (words + 1),
        len(linked),
        sum([first < i < last for i in linked]) / (len(places) + 1),
        headings,
        (first - top) if top >= 0 and places else -50,
        articles,
        len(document.times),
        is_dated,
        is_signed,
        bool(declared or article.get("articleBody")),
        any("News" in kind or "Blog" in kind for kind in types_of(article)),
        bool(declared) and declared == fold(headline or ""),
        og_type == "article",
        bool(kinds & _PRODUCT_TYPES) or og_type.startswith("product"),
        _NO_ADDRESS if points is None else points,
        max(path, -1),
        bool(names & _SINGLE),
        len(walked.images),
        prices,
        sum(block.text[-1] in SENTENCE_ENDS for block in text) / (len(text) or 1),
        words / (len(text) or 1),
        choices,
    ]
