import hashlib
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.merge import near

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "ou") for c in "lnrstx"]
HAN = [chr(0x4E00 + 7 * n) for n in range(900)]


def generated(rng, length, vocabulary, space):
    return space.join(rng.choices(vocabulary, k=length))


def edited(rng, text, vocabulary, space, edits):
    words = text.split(space) if space else list(text)
    for _ in range(edits):
        at = rng.randrange(len(words))
        match rng.randrange(3):
            case 0:
                words[at] = rng.choice(vocabulary)
            case 1:
                del words[at]
            case _:
                words.insert(at, rng.choice(vocabulary))
    return space.join(words)


def alike(texts):
    """What is found: pairs of numbers, with their similarity."""
    sets = [near.shingles(text) for text in texts]
    signatures = [near.signature(one) for one in sets]
    keys = np.stack([near.bands(one) for one in signatures])
    return {
        (a, b): s for a, b, s in near.verified_pairs(keys, signatures.__getitem__, sets.__getitem__)
    }


@pytest.mark.parametrize(
    ("kind", "length", "vocabulary", "space"),
    [("a brief", 30, WORDS, " "), ("a report", 400, WORDS, " "), ("a Chinese brief", 60, HAN, ""),
     ("a Chinese report", 600, HAN, "")],
)  # fmt: skip
def test_known_pairs_are_found_and_nothing_else(kind, length, vocabulary, space):
    rng = random.Random(length)  # noqa: S311  # a repeatable draw, no secret
    originals = [generated(rng, length, vocabulary, space) for _ in range(700)]
    most = max(2, length // 20)
    texts = originals + [
        edited(rng, text, vocabulary, space, rng.randint(1, most)) for text in originals
    ]
    sets = [near.shingles(text) for text in texts]
    true = {n: near.similarity(sets[n], sets[n + 700]) for n in range(700)}
    known = {(n, n + 700) for n, s in true.items() if s >= 0.85}
    assert len(known) > 40, kind
    found = alike(texts)
    recall = len(known & found.keys()) / len(known)
    right = sum(b == a + 700 and true[a] >= near.LEAST_SIMILARITY for a, b in found)
    assert recall >= 0.99, (kind, recall)
    assert right / len(found) >= 0.99, (kind, right, len(found))


def test_a_signature_is_frozen():
    text = "The ferry to Inveravon will run twice a day from Monday, 3 March, the port said; 渡轮每日两班。"
    digest = near.signature(near.shingles(text)).astype("<u4").tobytes()
    assert near.VERSION == 1
    assert (
        hashlib.sha256(digest).hexdigest()
        == "16041a0708a67c451dfd13bfc70ca51d750a22387190c51e654aa2228d847f49"
    )
    bands = near.bands(near.signature(near.shingles(text))).astype("<u4").tobytes()
    assert (
        hashlib.sha256(bands).hexdigest()
        == "500847208594e0a53c57004e5cf9fb3cf851f6abae8830843c7dca0100324d60"
    )


def test_layout_quotes_and_case_are_no_difference():
    text = "“It’s open,” the mayor said — " + " ".join(WORDS[:30])
    other = '"It\'s open," THE mayor said - ' + "\n\n".join(WORDS[:30])
    assert np.array_equal(near.shingles(text), near.shingles(other))


def test_a_short_text_is_nobodys_copy():
    assert near.shingles("Watch the video above.") is None
    assert near.shingles("") is None
    assert near.shingles(" ".join(WORDS[: near.LEAST_TOKENS])) is not None


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12), st.randoms())
def test_pairs_do_not_depend_on_order(which, rng):
    base = {letter: random.Random(letter) for letter in "abcdefgh"}  # noqa: S311  # a repeatable draw, no secret
    texts = [generated(base[letter], 40, WORDS[:60], " ") for letter in "abcdefgh"]
    texts = [texts["abcdefgh".index(letter)] for letter in which]
    order = list(range(len(texts)))
    rng.shuffle(order)
    there = {frozenset(pair) for pair in alike(texts)}
    back = {frozenset((order[a], order[b])) for a, b in alike([texts[n] for n in order])}
    assert there == back


def test_a_large_family_costs_no_pair_by_pair_comparison():
    row = np.arange(near.BANDS, dtype=np.uint32)
    keys = np.stack([row] * 2000)
    keys[:, 1:] += np.arange(2000, dtype=np.uint32)[:, None] * np.uint32(7)
    pairs = list(near.candidate_pairs(keys))
    assert len(set(pairs)) == len(pairs) < 2000 * 40
    assert {n for pair in pairs for n in pair} == set(range(2000))
