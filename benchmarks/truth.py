"""Saved pages with ground truth, and the scores that extraction is measured by.

The pages are other people's and not in this repository: ``NEWSCRAWL_CORPUS`` names a folder with
``pages/<set>/ground-truth.jsonl`` (``file``, ``url``, ``crawl_date``, ``expected``) and the gzipped pages it
names.
"""

import gzip
import hashlib
import json
import os
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

import tldextract

import newscrawl.extract.html.body as body_model
from newscrawl.extract.html import kinds

TUNE_PERCENT = 60
"""Share of sites that may be tuned on; the others are for reporting only.

The body classifier is trained on all sites and reported by cross-validation, see ``body_fold``.
"""

BODY_FOLDS = 5
FOLD_WEIGHTS = Path(__file__).with_name("body_folds.json")
"""The body classifier's weights without the sites of each fold, from ``train_body.py``."""

KIND_FOLDS = Path(__file__).with_name("kind_folds.json")
"""The same of the trees that tell a page's kind, from ``train_kinds.py``."""

_TOKEN = re.compile(r"\w+")
_split_domain = tldextract.TLDExtract(suffix_list_urls=())


@dataclass(frozen=True, kw_only=True)
class Case:
    """A saved page and what is expected of it."""

    file: str
    url: str | None
    body: bytes
    expected: dict[str, Any]
    site: str
    tune: bool
    captured: str | None = None
    kind: str = "article"


def corpus() -> Path | None:
    """Return the folder of the sets, or None where ``NEWSCRAWL_CORPUS`` is not set."""
    folder = os.environ.get("NEWSCRAWL_CORPUS")
    return Path(folder) / "pages" if folder else None


def load(folder: Path) -> list[Case]:
    """Read one set. Whether a page is for tuning is decided by its registrable domain alone."""
    cases = []
    with (folder / "ground-truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            site = _split_domain(row["url"] or "").top_domain_under_public_suffix or row["file"]
            cases.append(
                Case(
                    file=row["file"],
                    url=row["url"],
                    body=gzip.decompress((folder / row["file"]).read_bytes()),
                    expected=row.get("expected", {}),
                    site=site,
                    tune=site_bucket(site) < TUNE_PERCENT,
                    captured=row.get("crawl_date"),
                    kind=row.get("kind", "article"),
                )
            )
    return cases


def site_bucket(site: str) -> int:
    """Return a number from 0 to 99 that depends on the site's name only."""
    return int(hashlib.sha256(site.encode()).hexdigest()[:8], 16) % 100


def body_fold(site: str) -> int:
    """Return which of the classifiers in ``FOLD_WEIGHTS`` was trained without this site."""
    return site_bucket(site + "/body") % BODY_FOLDS


@contextmanager
def unseen(site: str) -> Iterator[None]:
    """Within, have bodies and kinds told by weights that were trained without this site."""
    with by_fold(body_fold(site)):
        yield


@contextmanager
def by_fold(fold: int) -> Iterator[None]:
    """Within, have bodies and kinds told by weights that were trained without a fold's sites."""
    weights, trees = _fold_weights()[fold], _fold_trees()[fold]
    with (
        mock.patch.object(body_model, "load_weights", return_value=weights),
        mock.patch.object(kinds, "load_trees", return_value=trees),
    ):
        yield


@lru_cache(maxsize=1)
def _fold_weights() -> list[body_model.Weights]:
    return [
        body_model.Weights.of(numbers) for numbers in json.loads(FOLD_WEIGHTS.read_text("utf-8"))
    ]


@lru_cache(maxsize=1)
def _fold_trees() -> list[body_model.Trees]:
    return [kinds.trees_of(numbers) for numbers in json.loads(KIND_FOLDS.read_text("utf-8"))]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the multiset of 4-word shingles; a text of fewer words is one shingle."""
    words = _TOKEN.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def overlap(expected: str, found: str) -> tuple[int, int, int]:
    """Return the true positive, false positive and false negative shingles of one page."""
    truth, guess = shingles(expected), shingles(found)
    hits = (truth & guess).total()
    return hits, guess.total() - hits, truth.total() - hits


def body_scores(overlaps: Iterable[tuple[int, int, int]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 as the article-extraction-benchmark computes them.

    Precision is the mean over pages for which something was found, recall the mean over pages for
    which something was expected, and F1 their harmonic mean, so a long page weighs no more than a
    short one (https://github.com/scrapinghub/article-extraction-benchmark, ``evaluate.py``).
    """
    overlaps = list(overlaps)
    precisions = [hit / (hit + extra) for hit, extra, _ in overlaps if hit + extra]
    recalls = [hit / (hit + missed) for hit, _, missed in overlaps if hit + missed]
    precision = statistics.fmean(precisions) if precisions else 0.0
    recall = statistics.fmean(recalls) if recalls else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


_QUOTES = str.maketrans("“”„«»’‘–—…", '"""""\'\'--.')
_JOINED = re.compile(r"\s*(?:[,;&]|\band\b|\bund\b|\bet\b)\s*")


def alike(text: str) -> str:
    """Return a text to compare where case, white space and kinds of quotes and dashes don't count."""
    return " ".join(text.replace("...", "…").translate(_QUOTES).casefold().split())


def names_alike(names: Iterable[str]) -> frozenset[str]:
    """Return names to compare one by one, whether "A, B and C" came as one text or as three."""
    return frozenset(part for name in names for part in _JOINED.split(alike(name)) if part)
