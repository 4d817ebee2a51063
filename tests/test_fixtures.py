"""Pages that we wrote, and the drop that each must give.

A case is a folder under fixtures/: `pages/` and `expected/`. A missing expected file is
written and the test fails, until a person has read it and checked it in.
"""

from pathlib import Path

import pytest

from newscrawl import __version__
from newscrawl.drops.schema import RECORD_CLASSES
from tests.conftest import ROOT

CASES = sorted(p.parent for p in (ROOT / "fixtures").glob("**/pages"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_the_drop_that_was_read_and_accepted(crawl, case):
    done = crawl("replay", "-a", f"path={case / 'pages'}")
    assert done.code == 0, done.err
    written = [
        name for name in RECORD_CLASSES if _write_if_missing(case / "expected", done.drop, name)
    ]
    assert not written, f"read and check in what was written for {case.name}: {written}"
    for name in RECORD_CLASSES:
        found = _lines(done.drop, name)
        expected = (case / "expected" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert found == expected, f"{case.name}: {name}.jsonl"


def _write_if_missing(folder: Path, drop: Path, name: str) -> bool:
    target = folder / f"{name}.jsonl"
    if target.exists():
        return False
    folder.mkdir(exist_ok=True)
    target.write_text("".join(f"{line}\n" for line in _lines(drop, name)), encoding="utf-8")
    return True


def _lines(drop: Path, name: str) -> list[str]:
    """A file of a drop, whatever version of newscrawl read its pages."""
    text = (drop / f"{name}.jsonl").read_text(encoding="utf-8")
    return text.replace(f'"read_by":"{__version__}"', '"read_by":"VERSION"').splitlines()


def test_no_case_expects_nothing():
    for case in CASES:
        assert (case / "expected" / "articles.jsonl").stat().st_size > 0, case.name
