"""The body classifier's arithmetic: trees judged at once, words of names, exact sums."""

import gc
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.html import extract_html
from newscrawl.extract.html.body import Trees, Weights, rough_scores
from newscrawl.extract.html.tree import naming_words, parse, walk

_NUMBERS = {
    "intercept": 0.1,
    "tags": {"p": 0.2},
    "parent_tags": {},
    "context": [0.0] * 17,
    "lengths": [[0.0] * 9] * 14,
    "own_words": {"story": 0.3},
    "words_above": {"body": 0.7, "story": 1.1},
    "floor": -1.0,
    "bias": 0.0,
    "trees": [],
}


def _leaves() -> st.SearchStrategy[float]:
    return st.integers(-300, 300).map(lambda value: value / 100)


@st.composite
def _trees(draw: st.DrawFn, leaves: int = 8) -> object:
    """A tree of at most so many leaves over three features."""
    if leaves < 2 or draw(st.booleans()):
        return draw(_leaves())
    low = draw(st.integers(1, leaves - 1))
    return [
        draw(st.integers(0, 2)),
        draw(st.integers(-3, 3)),
        draw(_trees(low)),
        draw(_trees(leaves - low)),
    ]


def _walked(tree: object, row: list[float]) -> float:
    while isinstance(tree, list):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    assert isinstance(tree, float)
    return tree


@given(
    st.lists(_trees(), min_size=1, max_size=5),
    _leaves(),
    st.lists(st.lists(st.integers(-4, 4).map(float), min_size=3, max_size=3), max_size=5),
)
def test_judging_all_trees_at_once_is_walking_each(
    trees: list[object], bias: float, rows: list[list[float]]
) -> None:
    judged = Trees(bias, trees).judge(np.array(rows).reshape(len(rows), 3))
    assert judged.tolist() == [
        round(100 * bias + sum(round(100 * _walked(tree, row)) for tree in trees)) / 100
        for row in rows
    ]


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    tree: object = 0.0
    for _ in range(8):
        tree = [0, 0.0, tree, 0.0]
    with pytest.raises(ValueError, match="more than 8 leaves"):
        Trees(0.0, [tree])


def test_what_is_no_number_is_no_leaf() -> None:
    with pytest.raises(TypeError, match="must be a number"):
        Trees(0.0, [[0, 0.0, 1.0, "x"]])


@given(st.text(alphabet="aBcÀé-_ 19\u3042", max_size=40))
def test_words_of_a_name_are_what_the_pattern_finds(name: str) -> None:
    found = re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}", name)
    assert naming_words(name) == {word.lower() for word in found}


def test_a_word_counts_once_in_a_name_and_once_from_above() -> None:
    page = (
        b'<body><div class="story body"><div class="story story-box"><p class="story">One</p>'
        b'<p><span class="story">Two</span></p><p class="story"><b class="story"></b>'
        b'<span class="story">Three</span></p></div></div>'
    )
    scores = rough_scores(walk(parse(page).body).blocks, Weights.of(_NUMBERS))
    # Intercept, <p>, "story" in its own name, "story" and "body" from above.
    assert scores.tolist() == [2.4, 2.4, 2.4]


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    extract_html(b"<p>One</p>")
    with pytest.raises(ValueError, match="bad CSS selector"):
        extract_html(b"<p>One</p>", body_selectors=["p["])
    assert gc.isenabled()
    gc.disable()
    try:
        extract_html(b"<p>One</p>")
        assert not gc.isenabled()
    finally:
        gc.enable()
