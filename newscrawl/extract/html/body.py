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
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from math import exp
from typing import NamedTuple

from newscrawl.extract.html.tree import CONTEXT_BITS, HIDDEN, Block, Element, naming_words

Words = frozenset[str]

_LENGTH_EDGES = (1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 100)
_LINK_EDGES = (0.01, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99)
_SENTENCE_ENDS = frozenset(".!?。！？…।۔؟")
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


class Weights(NamedTuple):
    """The trained numbers; what each is for is in :func:`rough_scores` and below."""

    intercept: float
    tags: dict[str, float]
    parent_tags: dict[str, float]
    context: tuple[float, ...]
    lengths: tuple[tuple[float, ...], ...]
    own_words: dict[str, float]
    words_above: dict[str, float]
    floor: float
    judge: Callable[..., float]


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
        compile_trees(raw["bias"], raw["trees"]),
    )


def compile_trees(bias: float, trees: Sequence[object]) -> Callable[..., float]:
    """Return a function of one row's features that sums ``bias`` and the trees' values.

    A tree is ``[feature, threshold, low, high]``, low when the feature is at most the threshold,
    and a leaf is a number. Compiled to one expression they run five times faster than when walked;
    only numbers from the package's own weights ever get into it.
    """
    names = sorted({index for tree in trees for index in _features_of(tree)})
    lines = ["def score(row):", *(f"    x{index} = row[{index}]" for index in names)]
    first = [repr(float(bias)), *map(_expression, trees[:_FIRST_TREES])]
    rest = [_expression(tree) for tree in trees[_FIRST_TREES:]] or ["0.0"]
    lines += [
        f"    total = {' + '.join(first)}",
        f"    if not -{_CERTAIN} < total < {_CERTAIN}:",
        "        return total",
        f"    return total + {' + '.join(rest)}",
        "",
    ]
    scope: dict[str, Callable[..., float]] = {}
    exec(compile("\n".join(lines), "<body_weights.json>", "exec"), scope)  # noqa: S102  # our own weights as one expression
    return scope["score"]


_FIRST_TREES = 16
_CERTAIN = 2.5
"""Log odds after the first trees beyond which the rest are not asked; they would not turn it."""


def _features_of(tree: object) -> Iterator[int]:
    if isinstance(tree, list):
        yield tree[0]
        yield from _features_of(tree[2])
        yield from _features_of(tree[3])


def _expression(tree: object) -> str:
    if isinstance(tree, list):
        feature, threshold, low, high = tree
        return (
            f"({_expression(low)} if x{int(feature)} <= {float(threshold)!r} "
            f"else {_expression(high)})"
        )
    if not isinstance(tree, (int, float)):
        raise TypeError(f"a leaf of a tree must be a number, not {tree!r}")
    return repr(float(tree))


def word_count(text: str) -> int:
    """Return the number of words; scripts without spaces count two or four characters as one."""
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
    contexts: dict[int, float] = {}
    tags, parent_tags, lengths = weights.tags, weights.parent_tags, weights.lengths
    intercept = weights.intercept
    names: dict[str, tuple[float, Words]] = {"": (0.0, frozenset())}
    scores = []
    for block in blocks:
        element = block.element
        text = block.text
        size = len(text)
        words = text.count(" ") + 1
        if size > 14 * words:
            words = word_count(text)
        block.words = words
        density = block.link_chars / size if block.link_chars < size else 1.0
        block.density = density
        if element.above_score is None:
            _score_names(element, weights, names)
        context = contexts.get(element.context)
        if context is None:
            context = contexts[element.context] = context_score(element.context, weights)
        own = element.own_score
        if block.inline_name:
            name = f"{element.name} {block.inline_name}"
            known = names.get(name)
            if known is None:
                known = names[name] = _name_numbers(name, weights)
            own = known[0]
        score = (
            intercept
            + tags.get(block.tag, 0.0)
            + lengths[bisect_right(_LENGTH_EDGES, words)][bisect_right(_LINK_EDGES, density)]
            + context
            + own
        )
        parent = element.parent
        if parent is not None:
            score += parent_tags.get(parent.tag, 0.0) + (parent.above_score or 0.0)
        scores.append(score)
    return scores


def _score_names(element: Element, weights: Weights, names: dict[str, tuple[float, Words]]) -> None:
    """Score the names of an element and its ancestors, each word above counting once.

    ``names`` remembers what a name's words say.
    """
    chain = [element]
    parent = element.parent
    while parent is not None and parent.above_score is None:
        chain.append(parent)
        parent = parent.parent
    above, seen, context = 0.0, names[""][1], 0
    if parent is not None:
        above, seen, context = parent.above_score or 0.0, parent.words_seen, parent.context
    table = weights.words_above
    for current in reversed(chain):
        context = current.enter(context)
        if name := current.name:
            known = names.get(name)
            if known is None:
                known = names[name] = _name_numbers(name, weights)
            current.own_score, telling = known
            if telling and not telling <= seen:
                above += sum([table[word] for word in telling - seen])
                seen = seen | telling
        current.above_score = above
        current.words_seen = seen


def _name_numbers(name: str, weights: Weights) -> tuple[float, Words]:
    """Return what a name says of the text right in it, and its words that count from above."""
    words = naming_words(name)
    own = sum([weights.own_words.get(word, 0.0) for word in words])
    return own, words & weights.words_above.keys()


def context_score(context: int, weights: Weights) -> float:
    """Return what the kinds of elements around a block say."""
    return sum(
        weight
        for (_, bit), weight in zip(
            (*CONTEXT_BITS, ("hidden", HIDDEN)), weights.context, strict=True
        )
        if context & bit
    )


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


def features(
    blocks: Sequence[Block],
    scores: Sequence[float],
    floor: float,
    headline: str = "",
    description: str = "",
    structured_body: str = "",
) -> list[list[float] | None]:
    """Return step two's features for each block that scored above ``floor``, else None.

    What they are: the block by itself (``words`` to ``depth``); its parent's size; where it is
    (blocks after the first heading, after the first and before the last good paragraph, good text
    before and after); its neighbours' scores; the mean score of blocks that are marked up the same
    way (``group``); the share of the page's good text that its element, parent and grandparent
    hold and how pure they are; and whether it is in the innermost element that holds most of it.

    ``headline`` and ``description`` are what structured data says; ``structured_body`` is
    JSON-LD's articleBody with its white space collapsed.
    """
    count = len(blocks)
    if not count:
        return []
    mass = [0.0]  # characters of good text before each block, by step one's probabilities
    chars = [0]
    copies: dict[str, int] = {}
    groups: dict[tuple[str, str, str, str], list[float]] = {}
    keys = []
    clipped = []
    best, best_mass = 0, -1.0
    h1 = -1
    first, last = -1, count
    good_sum = 0.0
    char_sum = 0
    for i, block in enumerate(blocks):
        score = scores[i]
        score = 4.0 if score > 4.0 else -4.0 if score < -4.0 else score
        clipped.append(score)
        text = block.text
        size = len(text)
        good = size * _PROBABILITY[int(score * 8.0) + 32]
        good_sum += good
        char_sum += size
        mass.append(good_sum)
        chars.append(char_sum)
        if good > best_mass:
            best, best_mass = i, good
        copies[text] = copies.get(text, 0) + 1
        element = block.element
        parent = element.parent or element
        key = (block.tag, element.name, parent.tag, parent.name)
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
            last = i
            if first < 0:
                first = i
    if first < 0:
        first = 0
    total_mass = good_sum + 1e-9
    main = _main(blocks[best].element, mass, total_mass)
    main_start, main_end, main_depth = main.start, main.end, main.depth
    main_purity = (mass[main_end] - mass[main_start]) / ((chars[main_end] - chars[main_start]) or 1)
    headline_words = frozenset(headline.lower().split())
    lead = description[:60]
    result: list[list[float] | None] = []
    for i, block in enumerate(blocks):
        if scores[i] < floor:
            result.append(None)
            continue
        text = block.text
        words = block.words
        element = block.element
        parent = element.parent or element
        grand = parent.parent or parent
        parent_start, parent_end = parent.start, parent.end
        parent_chars = (chars[parent_end] - chars[parent_start]) or 1
        parent_mass = mass[parent_end] - mass[parent_start]
        end = text[-1]
        start = text[0]
        group = groups[keys[i]]
        tag = block.tag
        result.append(
            [
                scores[i],
                words,
                block.density,
                2 if end in _SENTENCE_ENDS else 1 if end in _CLOSERS else 3 if end == ":" else 0,
                (text.count(",") + text.count("，") + text.count("、")) / words,
                2 if start.isupper() else 1 if start in _OPENERS else 0,
                (
                    len(headline_words.intersection(text.lower().split())) / len(headline_words)
                    if words < 40 and headline_words
                    else 0.0
                ),
                1 if lead and (lead in text or (words > 3 and text in description)) else 0,
                copies[text],
                _HEADINGS.get(tag, 0),
                _TAG_RANK.get(tag, 0),
                element.depth,
                parent_end - parent_start,
                parent_chars / char_sum,
                max(-30, min(150, i - h1)) if h1 >= 0 else -50,
                clipped[i - 1] if i else -4.0,
                clipped[i + 1] if i + 1 < count else -4.0,
                blocks[i + 1].words if i + 1 < count else 0,
                blocks[i - 1].density if i else 0.0,
                group[0] / group[1],
                group[1],
                parent_mass / total_mass,
                parent_mass / parent_chars,
                (mass[grand.end] - mass[grand.start]) / total_mass,
                (mass[element.end] - mass[element.start]) / total_mass,
                1 if main_start <= i < main_end else 0,
                element.depth - main_depth,
                main_purity,
                mass[i] / total_mass,
                (total_mass - mass[i]) / total_mass,
                i - first,
                i - last,
                (1 if text[:50] in structured_body else 0) if structured_body else -1,
            ]
        )
    return result


_PROBABILITY = [1.0 / (1.0 + exp(-eighth / 8.0)) for eighth in range(-32, 33)]
"""The logistic function from -4 to 4 in steps of an eighth; exact enough for a weight."""


def _main(element: Element, mass: Sequence[float], total: float) -> Element:
    """Return the innermost element around the best block with 3/4 of the good text."""
    while element.parent is not None and mass[element.end] - mass[element.start] < 0.75 * total:
        element = element.parent
    return element


def classify(
    blocks: Sequence[Block], headline: str = "", description: str = "", structured_body: str = ""
) -> list[bool]:
    """Return for each block whether it is body text; arguments as for :func:`features`."""
    weights = load_weights()
    scores = rough_scores(blocks, weights)
    rows = features(blocks, scores, weights.floor, headline, description, structured_body)
    return [row is not None and weights.judge(row) > 0.0 for row in rows]
