"""Fit what tells an article's page: ``NEWSCRAWL_CORPUS=… python benchmarks/train_kinds.py``.

Measures every page as :mod:`newscrawl.extract.html.kinds` does, its body told by weights that did
not see its site, and fits small trees: on all sites for ``kind_weights.json``, which the package
comes with, and five times without a fifth of the sites for ``kind_folds.json`` beside this script.
Each page counts twice, the second time as if it said nothing of itself: most of these pages do,
and many of the world's don't. Needs scikit-learn, which the package itself does not.
"""

import gc
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from train_body import export_trees, write
from truth import BODY_FOLDS, KIND_FOLDS, body_fold, corpus, load, unseen

from newscrawl.extract.html import kinds
from newscrawl.extract.html.body import Trees
from newscrawl.extract.html.document import parse_html
from newscrawl.extract.html.kinds import MEASURES
from newscrawl.extract.html.page import extract_document

SETS = ("wcxb-dev", "fundus-dev", "wcxb-dev-kinds", "htmldate-dev")
WEIGHTS = Path(kinds.__file__).with_name("kind_weights.json")
# A forum's thread or a document taken for an article is a small fault; the pages of known days are
# nearly all articles, and in many more languages.
WEIGHT = {"forum": 0.2, "documentation": 0.2, "product": 1.0, "service": 1.0, "dated": 0.5}
USUAL = 2.0
NONE = Trees(0.0, [0.0])
SAID = ("declared", "declared_news", "declares_headline", "og_article", "product_types")
SAID += ("dated", "single")
CUT = -0.7
"""Log odds from which a page is an article's: to lose one is worse than to take a page for one."""


def read_pages(folder: Path) -> tuple[list[str], list[int], Any]:
    """Return kind, fold and measures of each page."""
    found, folds, rows = [], [], []
    for name in SETS:
        for case in load(folder / name):
            # Any trees: those that there are may know other measures.
            with unseen(case.site), mock.patch.object(kinds, "load_trees", return_value=NONE):
                rows.append(extract_document(parse_html(case.body, url=case.url)).measures)
            found.append("dated" if name == "htmldate-dev" else case.kind)
            folds.append(body_fold(case.site))
    return found, folds, np.array(rows, float)


def train(found: list[str], rows: Any) -> dict[str, Any]:
    """Fit to the pages and return the numbers as the file has them."""
    silent = rows.copy()
    silent[:, [MEASURES.index(name) for name in SAID]] = 0.0
    labels = [kind in ("article", "dated") for kind in found]
    weights = np.array([WEIGHT.get(kind, USUAL) for kind in found])
    model = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.1,
        max_leaf_nodes=8,
        l2_regularization=5.0,
        min_samples_leaf=15,
        max_bins=63,
        early_stopping=False,
        random_state=0,
    )
    model.fit(
        np.concatenate((rows, silent)),
        labels * 2,
        sample_weight=np.concatenate((weights, weights / 2)),
    )
    trees, bias = export_trees(model)
    return {"bias": round(bias - CUT, 2), "trees": trees}


def main() -> None:
    """Train, report, write."""
    folder = corpus()
    if folder is None:
        sys.exit("NEWSCRAWL_CORPUS is not set")
    gc.disable()
    found, folds, rows = read_pages(folder)
    numbers = []
    taken: Counter[str] = Counter()
    for fold in range(BODY_FOLDS):
        numbers.append(
            train(
                [k for k, f in zip(found, folds, strict=True) if f != fold],
                rows[np.array(folds) != fold],
            )
        )
        odds = kinds.trees_of(numbers[-1]).judge(rows)
        taken.update(
            kind
            for kind, f, value in zip(found, folds, odds.tolist(), strict=True)
            if f == fold and value > 0
        )
    print("taken for an article by trees that did not see the site:")
    for kind, pages in sorted(Counter(found).items()):
        print(f"  {kind:14} {taken[kind]:4} of {pages:4}  {taken[kind] / pages:.3f}")
    write(WEIGHTS, train(found, rows))
    write(KIND_FOLDS, numbers)


if __name__ == "__main__":
    main()
