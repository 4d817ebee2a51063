"""Which blocks of a page are its article: a small classifier over block features, in two steps.

Step one gives every block a rough score: a logistic regression over its tag, its length, its
link density and the words in the class and id of the elements around it. That is enough to see
where the article is. Step two looks at the blocks that step one did not rule out, now knowing
their surroundings (how good the neighbours are, how much of the page's good text the same
container holds, how alike blocks scored), and adds up some dozens of small decision trees.

The weights are in ``body_weights.json`` and come from ``benchmarks/train_body.py``. Nothing in
them names a site: a word of a class or id has to appear on at least a dozen sites to be used.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from math import exp, log
from typing import NamedTuple

from newscrawl.extract.html.tree import (
    CONTEXT_BITS,
    HIDDEN,
    Block,
    Element,
)

Words = frozenset[str]

_LENGTH_EDGES = (1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 100)
_LINK_EDGES = (0.01, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99)
_SENTENCE_ENDS = frozenset(".!?。！？…।۔؟")
_CLOSERS = frozenset("\"”»’')]」』")
_OPENERS = frozenset("\"“«„「'‘")

_TAG_RANK = {
    tag: rank
    for rank, tag in enumerate(
        "button form label time figcaption center a li ul header footer section span article div td tr "
        "dd dt font h1 h6 h5 h4 h3 h2 blockquote pre p".split(),
        start=1,
    )
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class Weights(NamedTuple):
    """The trained numbers; what each is for is in :func:`rough_scores` and :func:`judge`."""

    intercept: float
    tags: dict[str, float]
    parent_tags: dict[str, float]
    context: tuple[float, ...]
    lengths: tuple[tuple[float, ...], ...]
    own_words: dict[str, float]
    words_above: dict[str, float]
    floor: float
    bias: float
    trees: tuple[object, ...]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read the weights that come with the package."""
    text = resources.files(__package__).joinpath("body_weights.json").read_text("utf-8")
    raw = json.loads(text)
    return Weights(
        raw["intercept"],
        raw["tags"],
        raw["parent_tags"],
        tuple(raw["context"]),
        tuple(tuple(row) for row in raw["lengths"]),
        raw["own_words"],
        raw["words_above"],
        raw["floor"],
        raw["bias"],
        tuple(_tree(tree) for tree in raw["trees"]),
    )


def _tree(node: object) -> object:
    """``[feature, threshold, low, high]`` nested lists to tuples; a leaf is a number."""
    if isinstance(node, list):
        feature, threshold, low, high = node
        return (feature, threshold, _tree(low), _tree(high))
    return node


def word_count(text: str) -> int:
    """Return the number of words; where script has no spaces, two or three characters are a word."""
    words = text.count(" ") + 1
    if len(text) > 14 * words and not text.isascii():
        return max(words, len(text) // (2 if text[0] > "\u2e00" else 4))
    return words


def length_bin(words: int) -> int:
    """Return the row of the length table, 0 to 13."""
    return bisect_right(_LENGTH_EDGES, words)


def link_bin(density: float) -> int:
    """Return the column of the length table, 0 to 8."""
    return bisect_right(_LINK_EDGES, density)


def rough_scores(blocks: Sequence[Block], weights: Weights) -> list[float]:
    """Return step one's score of each block, in log odds."""
    context_scores: dict[int, float] = {}
    own_cache: dict[Words, float] = {}
    tags, parent_tags, lengths = weights.tags, weights.parent_tags, weights.lengths
    own_words = weights.own_words
    scores = []
    for block in blocks:
        element = block.element
        parent = element.parent
        words = block.words = word_count(block.text)
        size = len(block.text)
        density = block.density = min(1.0, block.link_chars / size)
        context = context_scores.get(element.context)
        if context is None:
            context = context_scores[element.context] = context_score(element.context, weights)
        own = element.words | block.inline_words if block.inline_words else element.words
        own_score = own_cache.get(own)
        if own_score is None:
            own_score = own_cache[own] = sum(own_words.get(word, 0.0) for word in own)
        scores.append(
            weights.intercept
            + tags.get(block.tag, 0.0)
            + lengths[bisect_right(_LENGTH_EDGES, words)][bisect_right(_LINK_EDGES, density)]
            + context
            + own_score
            + (0.0 if parent is None else parent_tags.get(parent.tag, 0.0) + _above(parent, weights))
        )
    return scores


def context_score(context: int, weights: Weights) -> float:
    """Return what the kinds of elements around a block say."""
    return sum(
        weight
        for (_, bit), weight in zip((*CONTEXT_BITS, ("hidden", HIDDEN)), weights.context, strict=True)
        if context & bit
    )


def _above(element: Element, weights: Weights) -> float:
    """Return what the words of an element and all its ancestors say, each word once."""
    score = element.token_score
    if score is None:
        table = weights.words_above
        parent = element.parent
        if parent is None:
            score = sum(table.get(word, 0.0) for word in element.words)
        else:
            score = _above(parent, weights)
            for word in element.words:
                if word in table and word not in parent.words_above:
                    score += table[word]
        element.token_score = score
    return score


FEATURES = (
    "score words density links sentences ending commas upper digits bold opening copies headline "
    "description text_before depth siblings parent_text index after_h1 blocks chars heading tag "
    "parent_tag article aside header footer form figure list quote hidden table "
    "previous next previous2 next2 best_before best_after next_words previous_density next_density "
    "parent_share parent_purity grand_share grand_purity own_share in_main below_main mass_before "
    "mass_after after_first before_last strong mass main_purity beside_best group_score group_size "
    "in_structured parent_end h_next h_previous"
).split()
"""The names of step two's features, in order."""


def features(
    blocks: Sequence[Block],
    scores: Sequence[float],
    floor: float,
    headline: str = "",
    description: str = "",
    structured_body: str = "",
) -> list[list[float] | None]:
    """Return step two's features for each block that scored above ``floor``, else None.

    ``headline`` and ``description`` are what structured data says; ``structured_body`` is
    JSON-LD's articleBody with its white space collapsed.
    """
    count = len(blocks)
    mass = [0.0]
    chars = [0]
    copies: dict[str, int] = {}
    groups: dict[object, list[float]] = {}
    keys = []
    best, best_mass = 0, -1.0
    h1 = -1
    strong = []
    clipped = [-4.0, -4.0, -4.0]
    for i, block in enumerate(blocks):
        score = scores[i]
        score = 4.0 if score > 4.0 else -4.0 if score < -4.0 else score
        clipped.append(score)
        size = len(block.text)
        good = size / (1.0 + exp(-score))
        mass.append(mass[-1] + good)
        chars.append(chars[-1] + size)
        if good > best_mass:
            best, best_mass = i, good
        copies[block.text] = copies.get(block.text, 0) + 1
        element = block.element
        parent = element.parent or element
        key = (block.tag, element.words, parent.tag, parent.words)
        keys.append(key)
        group = groups.get(key)
        if group is None:
            groups[key] = [score, 1]
        else:
            group[0] += score
            group[1] += 1
        if h1 < 0 and block.tag == "h1":
            h1 = i
        if score > 1.0 and size > 60:
            strong.append(i)
    clipped += (-4.0, -4.0, -4.0)
    total_mass = mass[-1] + 1e-9
    total_chars = chars[-1] or 1
    first, last = (strong[0], strong[-1]) if strong else (0, count)
    main = _main(blocks[best].element, mass, total_mass) if blocks else None
    best_parent = (blocks[best].element.parent or blocks[best].element) if blocks else None
    main_purity = main_depth = 0.0
    main_start = main_end = 0
    if main is not None:
        main_start, main_end, main_depth = main.start, main.end, main.depth
        main_purity = (mass[main_end] - mass[main_start]) / ((chars[main_end] - chars[main_start]) or 1)
    headline_words = frozenset(headline.lower().split())
    lead = description[:60]
    log_mass = log(total_mass)
    result: list[list[float] | None] = []
    for i, block in enumerate(blocks):
        score = scores[i]
        if score < floor:
            result.append(None)
            continue
        text = block.text
        size = len(text)
        words = block.words
        element = block.element
        parent = element.parent or element
        grand = parent.parent or parent
        context = element.context
        start = text[:80]
        end = text[-1]
        group = groups[keys[i]]
        before = blocks[i - 1] if i else None
        after = blocks[i + 1] if i + 1 < count else None
        parent_chars = (chars[parent.end] - chars[parent.start]) or 1
        parent_mass = mass[parent.end] - mass[parent.start]
        grand_mass = mass[grand.end] - mass[grand.start]
        result.append([
            score,
            words,
            block.density,
            block.links,
            text.count(". ") + text.count("? ") + text.count("。"),
            2 if end in _SENTENCE_ENDS else 1 if end in _CLOSERS else 3 if end == ":" else 0,
            (text.count(",") + text.count("，") + text.count("、")) / words,
            sum(map(str.isupper, start)) / len(start),
            sum(map(str.isdigit, start)) / len(start),
            block.bold_chars / size,
            2 if text[0].isupper() else 1 if text[0] in _OPENERS else 0,
            copies[text],
            (
                len(headline_words.intersection(text.lower().split())) / len(headline_words)
                if words < 40 and headline_words
                else 0.0
            ),
            1 if lead and (lead in text or (words > 3 and text in description)) else 0,
            chars[i] / total_chars,
            element.depth,
            parent.end - parent.start,
            parent_chars / total_chars,
            i,
            max(-30, min(150, i - h1)) if h1 >= 0 else -50,
            count,
            total_chars,
            _HEADINGS.get(block.tag, 0),
            _TAG_RANK.get(block.tag, 0),
            _TAG_RANK.get(parent.tag, 0),
            context & 1,
            context >> 2 & 1,
            context >> 3 & 1,
            context >> 4 & 1,
            context >> 6 & 1,
            context >> 7 & 1,
            (context >> 9 | context >> 10) & 1,
            context >> 11 & 1,
            context >> 20 & 1,
            context >> 8 & 1,
            clipped[i + 2],
            clipped[i + 4],
            clipped[i + 1],
            clipped[i + 5],
            max(clipped[i : i + 3]),
            max(clipped[i + 4 : i + 7]),
            after.words if after else 0,
            before.density if before else 0.0,
            after.density if after else 0.0,
            parent_mass / total_mass,
            parent_mass / parent_chars,
            grand_mass / total_mass,
            grand_mass / ((chars[grand.end] - chars[grand.start]) or 1),
            (mass[element.end] - mass[element.start]) / total_mass,
            1 if main_start <= i < main_end else 0,
            element.depth - main_depth,
            mass[i] / total_mass,
            (total_mass - mass[i]) / total_mass,
            max(-30, min(150, i - first)),
            max(-150, min(30, i - last)),
            len(strong),
            log_mass,
            main_purity,
            1 if parent is best_parent else 0,
            group[0] / group[1],
            group[1],
            (1 if text[:50] in structured_body else 0) if structured_body else -1,
            parent.end - i,
            _HEADINGS.get(after.tag, 0) if after else -1,
            _HEADINGS.get(before.tag, 0) if before else -1,
        ])
    return result


def _main(element: Element, mass: Sequence[float], total: float) -> Element:
    """Return the innermost ancestor of the best block that holds three quarters of the good text."""
    while element.parent is not None and mass[element.end] - mass[element.start] < 0.75 * total:
        element = element.parent
    return element


def judge(row: Sequence[float], weights: Weights) -> float:
    """Return step two's log odds for one block's features; stops early where the trees agree."""
    score = weights.bias
    for number, tree in enumerate(weights.trees):
        while type(tree) is tuple:
            tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
        score += tree  # type: ignore[operator]
    return score
