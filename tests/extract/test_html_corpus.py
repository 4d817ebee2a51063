"""Quality on saved pages of sites that were not trained on; needs ``NEWSCRAWL_CORPUS``."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from newscrawl.dates.article import date_article
from newscrawl.extract.html import extract_document, extract_html
from newscrawl.items import Article
from newscrawl.page import Page
from newscrawl.reading.page import document_of, read_page
from newscrawl.sites.base import Undeclared

CORPUS = os.environ.get("NEWSCRAWL_CORPUS")
pytestmark = pytest.mark.skipif(not CORPUS, reason="NEWSCRAWL_CORPUS is not set")


@pytest.fixture(scope="module")
def truth() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "truth.py"
    spec = importlib.util.spec_from_file_location("truth", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["truth"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "floor"), [("wcxb-dev", 0.945), ("fundus-dev", 0.95)])
def test_bodies_on_sites_that_the_weights_were_not_trained_on(
    truth: ModuleType, name: str, floor: float
) -> None:
    overlaps = []
    for case in truth.load(Path(str(CORPUS)) / "pages" / name):
        with truth.unseen(case.site):
            found = extract_html(case.body).article_body
        overlaps.append(truth.overlap(case.expected["body"] or "", found))
    assert truth.body_scores(overlaps)[2] >= floor


def test_days_of_publication_on_sites_held_out_from_tuning(truth: ModuleType) -> None:
    cases = [
        case for case in truth.load(Path(str(CORPUS)) / "pages" / "htmldate-dev") if not case.tune
    ]
    right = [
        (extract_html(case.body, url=case.url).date_published or "")[:10] == case.expected["date"]
        for case in cases
        if isinstance(case.expected["date"], str)
    ]
    assert sum(right) / len(right) >= 0.86


def test_what_the_extractor_finds_is_what_the_drop_says(truth: ModuleType) -> None:
    for case in truth.load(Path(str(CORPUS)) / "pages" / "fundus-dev"):
        page = Page(case.file, case.body, "text/html", url=case.url)
        found = extract_document(document_of(page))
        for item in read_page(page, Undeclared()):
            if isinstance(item, Article):
                date_article(item)
                said = (item.headline, item.article_section, item.date_published or "")
                assert said == (found.headline, found.section, _written(found.date_published))
                assert {author.name for author in item.authors} == {
                    person.name for person in found.authors
                }


def _written(value: str | None) -> str:
    """As a drop writes it: an offset for Z, and midnight sharp is a day."""
    day, _, clock = (value or "").replace("Z", "+00:00").partition("T")
    return f"{day}T{clock}" if clock and not clock.startswith("00:00:00") else day
