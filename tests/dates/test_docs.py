"""The examples of docs/dates.md."""

import doctest
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "dates.md"


def test_the_examples_of_the_page_are_true() -> None:
    result = doctest.testfile(str(DOCS), module_relative=False)
    assert result.attempted > 30
    assert result.failed == 0
