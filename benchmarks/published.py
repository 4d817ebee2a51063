"""What a drop says of saved pages: they go into an archive, through `scrapy crawl replay`, and back.

    python benchmarks/published.py FOLD ARCHIVE OUTPUT

replays one archive with the body classifier that did not see the sites of a fold (`truth.unseen`);
`published` does so for the pages of each fold.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute
from truth import BODY_FOLDS, Case, body_fold, by_fold
from warcs import Capture, write_warc

RUN = "replayed"
_CAPTURED = "2026-01-01T00:00:00Z"
"""When a page was captured of which nobody knows it."""


@dataclass
class Published:
    """What a drop says of one page: its articles, and the page's own record, None for no record."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    page: dict[str, Any] | None = None


def published(cases: Iterable[Case]) -> dict[str, Published]:
    """Return what is published of each case, by its file."""
    found: dict[str, Published] = {}
    cases = list(cases)
    for fold in range(BODY_FOLDS):
        mine = [case for case in cases if body_fold(case.site) == fold]
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "pages.warc"
            names = _write(archive, mine)
            subprocess.run(
                [sys.executable, __file__, str(fold), str(archive), folder],
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=Path(__file__).parents[1],
            )
            found |= {case.file: Published() for case in mine}
            for record in _records(Path(folder) / RUN / "pages.jsonl"):
                found[names[record["page"]]].page = record
            for record in _records(Path(folder) / RUN / "articles.jsonl"):
                for page in {sighting["page"] for sighting in record["sightings"]}:
                    found[names[page]].articles.append(record)
    return found


def _write(archive: Path, cases: list[Case]) -> dict[str, str]:
    """Write the cases' pages as responses; return each one's file by the record's name."""
    captures = (
        Capture(
            url=case.url or _address(number),
            fetched_at=f"{case.captured[:10]}T00:00:00Z" if case.captured else _CAPTURED,
            body=case.body,
        )
        for number, case in enumerate(cases)
    )
    return dict(zip(write_warc(archive, captures), (case.file for case in cases), strict=True))


def _address(number: int) -> str:
    """Return an address for a page that has none."""
    return f"https://page-{number}.invalid/{number}.html"


def _records(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _replay(fold: int, archive: str, output: str) -> None:
    """Replay an archive by the weights that did not see the fold's sites; ends the process."""
    arguments = ["scrapy", "crawl", "replay", "-a", f"path={archive}", "-a", f"run_id={RUN}"]
    arguments += ["-s", f"NEWSCRAWL_OUTPUT={output}", "-s", "LOG_LEVEL=ERROR"]
    with by_fold(fold):
        execute(arguments)


if __name__ == "__main__":
    _replay(int(sys.argv[1]), sys.argv[2], sys.argv[3])
