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
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newscrawl.extract.html.tree import (
    CONTEXT_BITS,
    HIDDEN,
    NOT_OF_ARTICLE,
    NOT_READ,
    Block,
    Element,
    Markup,
    words_in,
)

Floats = NDArray[np.float64]
Telling = tuple[int, int, int]
"""Of a word: a bit of its own, what it says of text right in its element, and of all text in it."""

_LENGTH_EDGES = np.array([1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 100])
_LINK_EDGES = np.array([0.01, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99])
SENTENCE_ENDS = frozenset(".!?。！？…।۔؟")
_CLOSERS = frozenset("\"”»’')]」』")
_OPENERS = frozenset("\"“«„「'‘")

_TAG_RANK = {
    tag: rank
    for rank, tag in enumerate(
        [
            "button",
            "form",
            "label",
            "time",
            "figcaption",
            "center",
            "a",
            "li",
            "ul",
            "header",
            "footer",
            "section",
            "span",
            "article",
            "div",
            "td",
            "tr",
            "dd",
            "dt",
            "font",
            "h1",
            "h6",
            "h5",
            "h4",
            "h3",
            "h2",
            "blockquote",
            "pre",
            "p",
        ],
        start=1,
    )
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class Trees:
    """Decision trees, all judged at once.

    A tree is ``[feature, threshold, low, high]``, low when the feature is at most the threshold,
    and a leaf is a number. Each inner node has a mask of the tree's leaves, counted from the left,
    that can be reached once the feature is above the threshold. What is left of all masks of a
    tree has the leaf that the row ends in as its lowest bit (Lucchese and others, QuickScorer,
    2015). Leaf values are hundredths, so that sums are exact in any order.
    """

    def __init__(self, bias: float, trees: Sequence[object]):
        features: list[int] = []
        thresholds: list[float] = []
        masks: list[int] = []
        starts: list[int] = []
        values = np.zeros((len(trees), _MAX_LEAVES), np.int64)
        for number, tree in enumerate(trees):
            starts.append(len(masks))
            leaves: list[float] = []
            for feature, threshold, mask in _inner_nodes(tree, leaves):
                features.append(feature)
                thresholds.append(threshold)
                masks.append(mask)
            if len(leaves) == 1:  # reduceat() below wants a node in every tree
                features.append(0)
                thresholds.append(np.inf)
                masks.append(_ALL_LEAVES)
            values[number, : len(leaves)] = [round(100 * leaf) for leaf in leaves]
        self._bias = round(100 * bias)
        self._features = np.array(features, np.intp)
        self._thresholds = np.array(thresholds)
        self._masks = np.array(masks, np.uint8)
        self._starts = np.array(starts, np.intp)
        # The value of every tree by what is left of its masks, tree after tree.
        self._values = values[:, _LOWEST_BIT].ravel()
        self._offsets = np.arange(len(trees)) * (_ALL_LEAVES + 1)

    def judge(self, rows: Floats) -> Floats:
        """Return the log odds of each row."""
        if not len(rows):
            return np.zeros(0)
        above = rows[:, self._features] > self._thresholds
        masks = np.where(above, self._masks, np.uint8(_ALL_LEAVES))
        left = np.bitwise_and.reduceat(masks, self._starts, axis=1)
        total = self._values[left + self._offsets].sum(axis=1) + self._bias
        result: Floats = total / 100.0
        return result


_MAX_LEAVES = 8
_ALL_LEAVES = (1 << _MAX_LEAVES) - 1
_LOWEST_BIT = np.array(
    [(mask & -mask).bit_length() - 1 if mask else 0 for mask in range(_ALL_LEAVES + 1)]
)


def _inner_nodes(tree: object, leaves: list[float]) -> Iterator[tuple[int, float, int]]:
    """Yield feature, threshold and mask of a tree's inner nodes; append its leaves from the left.

    Raises ``TypeError`` for what is no tree and ``ValueError`` for one with too many leaves.
    """
    if isinstance(tree, list):
        feature, threshold, low, high = tree
        first = len(leaves)
        yield from _inner_nodes(low, leaves)
        below = ((1 << len(leaves)) - 1) & ~((1 << first) - 1)
        yield int(feature), float(threshold), _ALL_LEAVES & ~below
        yield from _inner_nodes(high, leaves)
    elif isinstance(tree, (int, float)):
        leaves.append(float(tree))
        if len(leaves) > _MAX_LEAVES:
            raise ValueError(f"a tree has more than {_MAX_LEAVES} leaves")
    else:
        raise TypeError(f"a leaf of a tree must be a number, not {tree!r}")


@dataclass
class Weights:
    """The trained numbers; what each is for is in :func:`rough_scores` and below.

    Those of step one are in hundredths of log odds: whole numbers, so that a sum over a set of
    words does not depend on their order. ``names`` and ``contexts`` remember what was seen.
    """

    intercept: int
    tags: dict[str, int]
    parent_tags: dict[str, int]
    context: tuple[int, ...]
    lengths: NDArray[np.int64]
    words: dict[str, Telling]
    floor: float
    trees: Trees
    names: dict[str, tuple[int, int, tuple[Telling, ...]]] = field(default_factory=dict)
    contexts: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> "Weights":
        """Make them from the numbers as the file has them."""

        def hundredths(table: dict[str, float]) -> dict[str, int]:
            return {name: round(100 * weight) for name, weight in table.items()}

        own = hundredths(numbers["own_words"])
        above = hundredths(numbers["words_above"])
        return cls(
            intercept=round(100 * numbers["intercept"]),
            tags=hundredths(numbers["tags"]),
            parent_tags=hundredths(numbers["parent_tags"]),
            context=tuple(round(100 * weight) for weight in numbers["context"]),
            lengths=np.rint(100 * np.array(numbers["lengths"])).astype(np.int64),
            words={
                word: (1 << bit, own.get(word, 0), above.get(word, 0))
                for bit, word in enumerate(own | above)
            },
            floor=numbers["floor"],
            trees=Trees(numbers["bias"], numbers["trees"]),
        )

    def of_name(self, name: str) -> tuple[int, int, tuple[Telling, ...]]:
        """Return what a name says of the text right in it, and bits and weights of its words."""
        known = self.names.get(name)
        if known is None:
            if len(self.names) >= _MAX_NAMES:
                self.names.clear()
            own = bits = 0
            telling = tuple([self.words[word] for word in self.words.keys() & words_in(name)])
            for bit, weight, _ in telling:
                bits |= bit
                own += weight
            known = self.names[name] = own, bits, telling
        return known

    def of_context(self, context: int) -> int:
        """Return what the kinds of elements around a block say."""
        known = self.contexts.get(context)
        if known is None:
            known = self.contexts[context] = sum(
                weight
                for (_, bit), weight in zip(
                    (*CONTEXT_BITS, ("hidden", HIDDEN)), self.context, strict=True
                )
                if context & bit
            )
        return known


_MAX_NAMES = 10_000


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read the weights that come with the package."""
    text = resources.files(__package__).joinpath("body_weights.json").read_text("utf-8")
    return Weights.of(json.loads(text))


def word_count(text: str) -> int:
    """Return the number of words; scripts without spaces count two or four characters as one."""
    words = text.count(" ") + 1
    if len(text) > 14 * words and not text.isascii():
        return max(words, len(text) // (2 if text[0] > "\u2e00" else 4))
    return words


def length_bins(words: Sequence[int]) -> NDArray[np.intp]:
    """Return the rows of the length table for numbers of words, 0 to 13."""
    return np.searchsorted(_LENGTH_EDGES, words, "right")


def link_bins(densities: Sequence[float]) -> NDArray[np.intp]:
    """Return the columns of the length table for link densities, 0 to 8."""
    return np.searchsorted(_LINK_EDGES, densities, "right")


def note_wide(blocks: Sequence[Block]) -> None:
    """Note on the markup of each element that holds more than half of the text that it does.

    Each such element holds the block in which half of the text is reached, so they are a chain.
    """
    ends = list(accumulate([len(block.text) for block in blocks]))
    if not ends:
        return
    half = ends[-1] / 2
    element: Element | None = blocks[bisect_left(ends, half)].element
    while element is not None:
        before = ends[element.start - 1] if element.start else 0
        if ends[element.end - 1] - before > half:
            element.markup.is_wide = True
        element = element.parent


def rough_scores(blocks: Sequence[Block], weights: Weights) -> Floats:
    """Return step one's score of each block, in log odds; fill in its words and link density.

    :func:`note_wide` comes before it.
    """
    scores: list[int] = []
    words: list[int] = []
    densities: list[float] = []
    for block in blocks:
        text = block.text
        size = len(text)
        count = text.count(" ") + 1
        if size > 14 * count:
            count = word_count(text)
        block.words = count
        words.append(count)
        block.density = density = block.link_chars / size if block.link_chars < size else 1.0
        densities.append(density)
        markup = block.element.markup
        score = (markup.note or _note(markup, weights))[0]
        if block.inline_name:
            bits = 0 if markup.is_wide else weights.of_name(markup.name)[1]
            for bit, own, _ in weights.of_name(block.inline_name)[2]:
                if not bits & bit:
                    score += own
        scores.append(score)
    by_length = weights.lengths[length_bins(words), link_bins(densities)]
    result: Floats = (np.array(scores, np.int64) + by_length) / 100.0
    return result


Note = tuple[int, int, int]


def _note(markup: Markup, weights: Weights) -> Note:
    """Note on a markup and those above it what they say of text in them.

    That is the score of a block right in it but for its length, what its name and those above say
    of all that is in it, and the bits of their words, each of which counts once.
    """
    chain = [markup]
    parent = markup.parent
    while parent is not None and parent.note is None:
        chain.append(parent)
        parent = parent.parent
    note: Note = (0, 0, 0) if parent is None or parent.note is None else parent.note
    for current in reversed(chain):
        _, above, seen = note
        score = (
            weights.intercept
            + weights.tags.get(current.tag, 0)
            + weights.of_context(current.context)
            + above
        )
        if current.parent is not None:
            score += weights.parent_tags.get(current.parent.tag, 0)
        if current.name and not current.is_wide:
            own, _, telling = weights.of_name(current.name)
            score += own
            for bit, _, weight in telling:
                if weight and not seen & bit:
                    seen |= bit
                    above += weight
        current.note = note = score, above, seen
    return note


FEATURES = [
    "score",
    "words",
    "density",
    "ending",
    "commas",
    "opening",
    "headline",
    "description",
    "copies",
    "heading",
    "tag",
    "depth",
    "siblings",
    "parent_text",
    "after_h1",
    "previous",
    "next",
    "next_words",
    "previous_density",
    "group_score",
    "group_size",
    "parent_share",
    "parent_purity",
    "grand_share",
    "own_share",
    "in_main",
    "below_main",
    "main_purity",
    "mass_before",
    "mass_after",
    "after_first",
    "before_last",
    "in_structured",
]
"""The names of step two's features, in order; :func:`features` says what they are."""


class Rows(NamedTuple):
    """Step two's features: the numbers of the blocks that have any, and a row for each."""

    blocks: NDArray[np.intp]
    values: Floats


def features(
    blocks: Sequence[Block],
    scores: Floats,
    floor: float,
    headline: str = "",
    description: str = "",
    structured_body: str = "",
) -> Rows:
    """Return step two's features for each block that scored at least ``floor``.

    What they are: the block by itself (``words`` to ``depth``); its parent's size; where it is
    (blocks after the first heading, after the first and before the last good paragraph, good text
    before and after); its neighbours' scores; the mean score of blocks that are marked up the same
    way (``group``); the share of the page's good text that its element, parent and grandparent
    hold and how pure they are; and whether it is in the innermost element that holds most of it.

    ``headline`` and ``description`` are what structured data says; ``structured_body`` is
    JSON-LD's articleBody with its white space collapsed.
    """
    count = len(blocks)
    chosen = np.flatnonzero(scores >= floor)
    rows = np.empty((len(chosen), len(FEATURES)))
    if not len(chosen):
        return Rows(chosen, rows)
    sizes = np.array([len(block.text) for block in blocks])
    words = np.array([block.words for block in blocks])
    densities = np.array([block.density for block in blocks])
    clipped = np.clip(scores, -4.0, 4.0)
    good = sizes * _PROBABILITY[(8.0 * clipped).astype(np.intp) + 32]  # characters of good text
    mass = np.concatenate(([0.0], np.cumsum(good)))  # of it before each block
    chars = np.concatenate(([0], np.cumsum(sizes)))
    total_mass = mass[-1] + 1e-9
    main = _main(blocks[int(good.argmax())].element, mass, total_mass)
    main_chars = chars[main.end] - chars[main.start]
    paragraphs = np.flatnonzero((scores > 1.0) & (sizes > 60))
    first, last = (paragraphs[0], paragraphs[-1]) if len(paragraphs) else (0, count)
    h1 = next((i for i, block in enumerate(blocks) if block.tag == "h1"), -1)
    groups, group_sizes = _groups(blocks)
    group_scores = (np.bincount(groups, clipped) / group_sizes)[groups[chosen]]

    own = [blocks[i] for i in chosen.tolist()]
    by_itself = _by_itself(own, headline, description, structured_body)
    copies = Counter([block.text for block in blocks])
    places = np.array([_bounds(block.element) for block in own]).T
    start, end, parent_start, parent_end, grand_start, grand_end, depth = places
    held = mass[end] - mass[start]
    parent_mass = mass[parent_end] - mass[parent_start]
    parent_chars = np.maximum(chars[parent_end] - chars[parent_start], 1)
    beside = np.concatenate(([-4.0], clipped, [-4.0]))
    columns = (
        scores[chosen],
        words[chosen],
        densities[chosen],
        *by_itself[:5],
        [copies[block.text] for block in own],
        *by_itself[5:7],
        depth,
        parent_end - parent_start,
        parent_chars / chars[-1],
        np.clip(chosen - h1, -30, 150) if h1 >= 0 else -50,
        beside[chosen],
        beside[chosen + 2],
        np.append(words, 0)[chosen + 1],
        np.append(densities, 0.0)[chosen - 1],
        group_scores,
        group_sizes[groups[chosen]],
        parent_mass / total_mass,
        parent_mass / parent_chars,
        (mass[grand_end] - mass[grand_start]) / total_mass,
        held / total_mass,
        (chosen >= main.start) & (chosen < main.end),
        depth - main.markup.depth,
        (mass[main.end] - mass[main.start]) / (main_chars or 1),
        mass[chosen] / total_mass,
        (total_mass - mass[chosen]) / total_mass,
        chosen - first,
        chosen - last,
        by_itself[7],
    )
    for i, column in enumerate(columns):
        rows[:, i] = column
    return Rows(chosen, rows)


_PROBABILITY = 1.0 / (1.0 + np.exp(-np.arange(-32, 33) / 8.0))
"""The logistic function from -4 to 4 in steps of an eighth; exact enough for a weight."""


def _groups(blocks: Sequence[Block]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each block, those marked up the same way, and the groups' sizes."""
    numbers: dict[tuple[str, str, str, str], int] = {}
    of_markup: dict[Markup, int] = {}
    found = []
    for block in blocks:
        markup = block.element.markup
        number = of_markup.get(markup)
        if number is None:
            parent = markup.parent or markup
            key = (markup.tag, markup.name, parent.tag, parent.name)
            number = of_markup[markup] = numbers.setdefault(key, len(numbers))
        found.append(number)
    groups = np.array(found, np.intp)
    return groups, np.bincount(groups)


def _bounds(element: Element) -> tuple[int, int, int, int, int, int, int]:
    """Return which blocks an element, its parent and its grandparent hold, and its depth."""
    parent = element.parent or element
    grand = parent.parent or parent
    return (
        element.start,
        element.end,
        parent.start,
        parent.end,
        grand.start,
        grand.end,
        element.markup.depth,
    )


def _by_itself(
    blocks: Sequence[Block], headline: str, description: str, structured_body: str
) -> Floats:
    """Return what blocks say without their surroundings, a row a feature.

    In order: how it ends, commas a word, how it opens, share of the headline's words, whether it
    is the description, heading level, rank of the tag, whether structured data has it.
    """
    headline_words = frozenset(headline.lower().split())
    lead = description[:60]
    rows = []
    for block in blocks:
        text, words, tag = block.text, block.words, block.tag
        end, start = text[-1], text[0]
        commas = text.count(",")
        if not text.isascii():
            commas += text.count("，") + text.count("、")
        rows.append(
            (
                2 if end in SENTENCE_ENDS else 1 if end in _CLOSERS else 3 if end == ":" else 0,
                commas / words,
                2 if start.isupper() else 1 if start in _OPENERS else 0,
                (
                    len(headline_words.intersection(text.lower().split())) / len(headline_words)
                    if words < 40 and headline_words
                    else 0.0
                ),
                1 if lead and (lead in text or (words > 3 and text in description)) else 0,
                _HEADINGS.get(tag, 0),
                _TAG_RANK.get(tag, 0),
                (1 if text[:50] in structured_body else 0) if structured_body else -1,
            )
        )
    return np.array(rows, np.float64).T


def _main(element: Element, mass: Floats, total: float) -> Element:
    """Return the innermost element around the best block with 3/4 of the good text."""
    while element.parent is not None and mass[element.end] - mass[element.start] < 0.75 * total:
        element = element.parent
    return element


def classify(
    blocks: Sequence[Block], headline: str = "", description: str = "", structured_body: str = ""
) -> list[bool]:
    """Return for each block whether it is body text; arguments as for :func:`features`.

    What the markup says to be a caption, not to be read or not of the article is none, whatever
    the trees say.
    """
    weights = load_weights()
    note_wide(blocks)
    scores = rough_scores(blocks, weights)
    rows = features(blocks, scores, weights.floor, headline, description, structured_body)
    kept = [False] * len(blocks)
    for i in rows.blocks[weights.trees.judge(rows.values) > 0.0].tolist():
        markup = blocks[i].element.markup
        kept[i] = not (markup.context & (NOT_READ | NOT_OF_ARTICLE) or markup.is_caption)
    return kept
