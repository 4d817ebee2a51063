"""Train the body classifier: ``NEWSCRAWL_CORPUS=… python benchmarks/train_body.py``.

Reads the sets with expected bodies, labels every block by the share of its 4-word shingles that
the expected body has, and fits both steps of :mod:`newscrawl.extract.html.body`: on all sites for
``body_weights.json``, which the package comes with, and five times without a fifth of the sites
for ``body_folds.json`` beside this script. It prints how these five do on the sites that each did
not see, and so does ``extraction.py``. Needs scikit-learn, which the package itself does not.
Step two is trained on scores of step one that were fitted without the page's own site; otherwise
it would trust them too much.
"""

import argparse
import gc
import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags, vstack
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from truth import (
    BODY_FOLDS,
    FOLD_WEIGHTS,
    Case,
    body_fold,
    body_scores,
    corpus,
    load,
    overlap,
    shingles,
    site_bucket,
)

import newscrawl.extract.html.body as body_module
from newscrawl.extract.html.body import (
    FEATURES,
    Floats,
    Rows,
    Weights,
    features,
    note_wide,
    rough_scores,
)
from newscrawl.extract.html.document import parse_html
from newscrawl.extract.html.tree import CONTEXT_BITS, HIDDEN, Block, Markup

SETS = ("wcxb-dev", "fundus-dev")
WEIGHTS = Path(body_module.__file__).with_name("body_weights.json")
MIN_SITES = 12
INNER_FOLDS = 5
FLOOR = -2.5
WORDS = ("own", "above")
THINNED = 0.3
"""The share of words that step one does without on a second copy of each page."""


@dataclass
class Page:
    """A page's blocks with their labels and weights."""

    case: Case
    group: str
    blocks: list[Block]
    labels: list[int]
    weights: list[float]
    headline: str
    description: str
    structured: str


def label_blocks(blocks: list[Block], expected: str) -> tuple[list[int], list[float]]:
    """Return for each block whether it is body text, and how much that matters."""
    truth = shingles(expected)
    lines = {" ".join(line.split()).lower().rstrip(":") for line in expected.split("\n")}
    words = [re.findall(r"\w+", block.text) for block in blocks]
    total = sum(map(len, words)) or 1
    labels, weights = [], []
    padded = " " + " ".join(re.findall(r"\w+", expected)) + " "
    for block, tokens in zip(blocks, words, strict=True):
        weight = 100.0 * max(2, len(tokens)) / total
        if not tokens:
            share, weight = 0.0, 0.0
        elif len(tokens) >= 4:
            mine = shingles(block.text)
            share = sum(min(n, truth[key]) for key, n in mine.items()) / mine.total()
            if 0.3 < share < 0.7:
                weight *= 0.2
        elif block.text.lower().rstrip(":") in lines:
            share = 1.0
        else:
            share = 0.0
            if f" {' '.join(tokens)} " in padded:
                weight = 0.0
        labels.append(int(share > 0.5))
        weights.append(weight)
    return labels, weights


def read_pages(folder: Path) -> list[Page]:
    """Parse and label every page of the sets."""
    pages = []
    for name in SETS:
        for case in load(folder / name):
            document = parse_html(case.body, url=case.url)
            blocks = document.walked.blocks
            note_wide(blocks)
            expected = case.expected["body"] or ""
            labels, weights = label_blocks(blocks, expected)
            pages.append(Page(case, name, blocks, labels, weights, *document.body_hints))
    return pages


class RoughModel:
    """Step one: builds its columns, fits, and gives its numbers as :class:`Weights` has them."""

    def __init__(self, pages: list[Page]):
        sites: dict[tuple[str, str], set[str]] = defaultdict(set)
        for page in pages:
            for block in page.blocks:
                for key in _words(block):
                    sites[key].add(page.case.site)
        columns = sorted(key for key, found in sites.items() if len(found) >= MIN_SITES)
        names = [("context", name) for name, _ in (*CONTEXT_BITS, ("hidden", HIDDEN))]
        names += [("length", f"{row},{column}") for row in range(14) for column in range(9)]
        tags = {("tag", b.tag) for p in pages for b in p.blocks}
        tags |= {
            ("parent", b.element.parent.tag) for p in pages for b in p.blocks if b.element.parent
        }
        counts: Counter[tuple[str, str]] = Counter()
        for page in pages:
            counts.update({k for b in page.blocks for k in _keys(b)})
        names += sorted(tag for tag in tags if counts[tag] >= MIN_SITES)
        self.index = {key: i for i, key in enumerate([*columns, *names])}

    def matrix(self, blocks: list[Block]) -> csr_matrix:
        """Return a row of zeros and ones for each block."""
        rows, columns = [], []
        for i, block in enumerate(blocks):
            for key in (*_words(block), *_keys(block)):
                column = self.index.get(key)
                if column is not None:
                    rows.append(i)
                    columns.append(column)
        return csr_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(len(blocks), len(self.index))
        )

    def thinned(self, matrix: csr_matrix, seed: int) -> csr_matrix:
        """Return a page's rows as if some words of its names, chosen by lot, were not known.

        They stand for the pages of other sites, whose names have fewer words that are known.
        """
        lot = np.random.default_rng(seed).random(len(self.index))
        kept = [key[0] not in WORDS or lot[i] >= THINNED for key, i in self.index.items()]
        return (matrix @ diags(np.array(kept, float))).tocsr()

    def fit(self, matrix: csr_matrix, labels: Any, weights: Any, strength: float) -> None:
        """Fit; the L1 penalty leaves out the words that say little."""
        self.model = LogisticRegression(
            C=strength, l1_ratio=1.0, solver="liblinear", max_iter=200, random_state=0
        )
        self.model.fit(matrix, labels, sample_weight=weights)

    def numbers(self) -> dict[str, Any]:
        """Return the coefficients as the file has them."""
        coefficient = self.model.coef_[0]
        get = {key: round(float(coefficient[i]), 2) for key, i in self.index.items()}

        def table(kind: str) -> dict[str, float]:
            return {name: w for (k, name), w in sorted(get.items()) if k == kind and abs(w) >= 0.05}

        return {
            "intercept": round(float(self.model.intercept_[0]), 2),
            "tags": table("tag"),
            "parent_tags": table("parent"),
            "context": [get["context", name] for name, _ in (*CONTEXT_BITS, ("hidden", HIDDEN))],
            "lengths": [
                [get["length", f"{row},{column}"] for column in range(9)] for row in range(14)
            ],
            "own_words": table("own"),
            "words_above": table("above"),
        }


def _words(block: Block) -> list[tuple[str, str]]:
    own = block.own_words
    above = block.element.parent.words_above if block.element.parent else ()
    return [("own", word) for word in own] + [("above", word) for word in above]


def _keys(block: Block) -> list[tuple[str, str]]:
    words = body_module.word_count(block.text)
    density = min(1.0, block.link_chars / len(block.text))
    keys = [("tag", block.tag)]
    if block.element.parent:
        keys.append(("parent", block.element.parent.tag))
    row, column = body_module.length_bins([words])[0], body_module.link_bins([density])[0]
    keys.append(("length", f"{row},{column}"))
    context = block.element.context
    keys += [
        ("context", name) for name, bit in (*CONTEXT_BITS, ("hidden", HIDDEN)) if context & bit
    ]
    return keys


def as_weights(numbers: dict[str, Any], trees: list[Any], bias: float) -> Weights:
    """Build what the extractor reads, without going through the file."""
    return Weights.of({**numbers, "floor": FLOOR, "bias": bias, "trees": trees})


def forget(page: Page) -> None:
    """Drop what another model noted on the page's markup."""
    for block in page.blocks:
        markup: Markup | None = block.element.markup
        while markup is not None:
            markup.note = None
            markup = markup.parent


def export_trees(model: HistGradientBoostingClassifier) -> tuple[list[Any], float]:
    """Return the trees as ``[feature, threshold, low, high]`` with rounded numbers."""

    def node(nodes: Any, i: int) -> Any:
        n = nodes[i]
        if n["is_leaf"]:
            return round(float(n["value"]), 2)
        threshold = float(f"{float(n['num_threshold']):.3g}")
        return [
            int(n["feature_idx"]),
            int(threshold) if threshold.is_integer() else threshold,
            node(nodes, int(n["left"])),
            node(nodes, int(n["right"])),
        ]

    trees = [node(stage[0].nodes, 0) for stage in model._predictors]
    return trees, round(float(model._baseline_prediction[0][0]), 2)


def train(pages: list[Page], arguments: argparse.Namespace) -> dict[str, Any]:
    """Fit both steps to the pages and return the numbers as the file has them."""
    pages = [page for page in pages if page.blocks]
    step_one = RoughModel(pages)
    matrices = [step_one.matrix(page.blocks) for page in pages]
    thinned = [step_one.thinned(matrix, number) for number, matrix in enumerate(matrices)]
    folds = [site_bucket(page.case.site + "/") % INNER_FOLDS for page in pages]

    def fit(chosen: list[int]) -> dict[str, Any]:
        step_one.fit(
            vstack([matrices[i] for i in chosen] + [thinned[i] for i in chosen]),
            np.concatenate([pages[i].labels for i in chosen] * 2),
            np.concatenate([pages[i].weights for i in chosen] * 2) / 2,
            arguments.strength,
        )
        return step_one.numbers()

    rows, labels, weights = [], [], []
    for fold in range(INNER_FOLDS):
        numbers = as_weights(fit([i for i, f in enumerate(folds) if f != fold]), [], 0.0)
        for i, page in enumerate(pages):
            if folds[i] != fold:
                continue
            found = rows_of(page, rough_of(page, numbers))
            for number, vector in zip(found.blocks.tolist(), found.values, strict=True):
                if page.weights[number]:
                    rows.append(vector)
                    labels.append(page.labels[number])
                    weights.append(page.weights[number])
    final = fit(list(range(len(pages))))
    model = HistGradientBoostingClassifier(
        max_iter=arguments.trees,
        learning_rate=arguments.rate,
        max_leaf_nodes=arguments.leaves,
        l2_regularization=5.0,
        min_samples_leaf=40,
        max_bins=63,  # as good as 255 and three times as fast
        early_stopping=False,
        random_state=0,
    )
    model.fit(np.array(rows, float), labels, sample_weight=weights)
    trees, bias = export_trees(model)
    print(
        f"{len(pages)} pages, {len(final['own_words'])} own words, "
        f"{len(final['words_above'])} words above, {len(rows)} rows for step two",
        flush=True,
    )
    return {**final, "floor": FLOOR, "bias": bias, "trees": trees}


def rough_of(page: Page, weights: Weights) -> Floats:
    """Return step one's scores of a page by these weights."""
    forget(page)
    return rough_scores(page.blocks, weights)


def rows_of(page: Page, scores: Floats) -> Rows:
    """Return step two's rows of a page."""
    return features(page.blocks, scores, FLOOR, page.headline, page.description, page.structured)


def judge(page: Page, weights: Weights) -> tuple[list[bool], list[bool]]:
    """Return which blocks step one and both steps keep."""
    scores = rough_of(page, weights)
    found = rows_of(page, scores)
    good = set(found.blocks[weights.trees.judge(found.values) > 0].tolist())
    return [score > 0 for score in scores], [i in good for i in range(len(page.blocks))]


def report(pages: list[Page], kept: list[list[bool]]) -> None:
    """Print precision, recall and F1 a set."""
    results = defaultdict(list)
    for page, keep in zip(pages, kept, strict=True):
        text = "\n\n".join(b.text for b, k in zip(page.blocks, keep, strict=True) if k)
        results[page.group].append(overlap(page.case.expected["body"] or "", text))
    for name, found in sorted(results.items()):
        precision, recall, f1 = body_scores(found)
        print(f"  {name:12} P {precision:.3f} R {recall:.3f} F1 {f1:.4f} n {len(found)}")


def used_features(trees: list[Any]) -> Counter[str]:
    """Return how often the trees ask for each feature."""
    used: Counter[str] = Counter()
    left = list(trees)
    while left:
        tree = left.pop()
        if isinstance(tree, list):
            used[FEATURES[tree[0]]] += 1
            left += tree[2:]
    return used


def write(path: Path, numbers: Any) -> None:
    """Write numbers as JSON without spaces."""
    path.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


def main() -> None:
    """Train, report, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trees", type=int, default=50)
    options.add_argument("--leaves", type=int, default=8)
    options.add_argument("--rate", type=float, default=0.18)
    options.add_argument("--strength", type=float, default=0.1)
    options.add_argument("--dry", action="store_true", help="do not write the weights")
    arguments = options.parse_args()
    folder = corpus()
    if folder is None:
        sys.exit("NEWSCRAWL_CORPUS is not set")
    gc.disable()
    pages = read_pages(folder)
    folds = []
    judged: list[tuple[Page, list[bool], list[bool]]] = []
    for fold in range(BODY_FOLDS):
        folds.append(train([p for p in pages if body_fold(p.case.site) != fold], arguments))
        weights = Weights.of(folds[-1])
        judged += [
            (page, *judge(page, weights)) for page in pages if body_fold(page.case.site) == fold
        ]
    for number, step in enumerate(("one", "two"), start=1):
        print(f"step {step}, each page by weights that did not see its site")
        report([row[0] for row in judged], [row[number] for row in judged])
    final = train(pages, arguments)
    print(used_features(final["trees"]).most_common())
    if not arguments.dry:
        write(WEIGHTS, final)
        write(FOLD_WEIGHTS, folds)


if __name__ == "__main__":
    main()
