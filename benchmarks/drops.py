"""What a year of quarter hours costs: publishing, listing, checking and reading 70,000 drops.

    python benchmarks/drops.py [--drops 70000] [--news 10] [--articles 3]
    python benchmarks/drops.py --share [--pages 400]

Fills an output with the drops of one state, of which one in `--news` has articles (each sixth of them
updates one) and the others are a line alone. They are written by what publishes, without a run's spool and
merging. Beside them runs publish as they do in earnest, on a state of their own, before and after.
Prints what such a publication takes, and time, peak memory and what was found of listing the catalogue,
following the last ten drops, checking the whole output and putting the present truth together, each in a process
of its own; and sizes.

With --share, replays text pages and HTML pages, and prints what part of the CPU time, counted from
the run's beginning, goes to publishing: all of it but merging (writing, checking against schemas, hashing, measuring, the checks, the descriptor, the
catalogue). The bound is 15 %.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.merge import text
from benchmarks.replay import copies

ROOT = Path(__file__).parent.parent
START = datetime(2025, 1, 1, tzinfo=UTC)
STATE = "benchmark"
SITE = "coast.example"
BOUND = 0.15


def article(number: int, revision: int = 1) -> Any:
    """An article of some 400 words."""
    from newscrawl.items import Article, Sighting

    body = "\n\n".join(text(number))
    seen = Sighting(
        page=f"https://{SITE}/{number}", page_date=None, position=1, date_raw=None,
        is_truncated=False, body_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )  # fmt: skip
    return Article(
        id=f"{SITE}:{number:016x}", site=SITE, url=f"https://{SITE}/{number}", page=seen.page,
        event="new" if revision == 1 else "updated", revision=revision,
        headline=f"Pier {number} Opens", article_body=body, sightings=[seen],
    )  # fmt: skip


def fill(output: Path, drops: int, news: int, articles: int) -> float:
    """Write the drops of a chain; the seconds that one with news took."""
    from newscrawl.drops import catalogue
    from newscrawl.drops.catalogue import Entry, Link
    from newscrawl.drops.lines import write_lines
    from newscrawl.drops.outputs import LocalOutput
    from newscrawl.drops.publish import Package, clock, publish
    from newscrawl.drops.schema import RECORD_CLASSES
    from newscrawl.items import PageRecord

    @dataclass(frozen=True, slots=True)
    class Chained(Package):
        """A package that has its place in the chain given."""

        place: tuple[int, Link | None] = (1, None)

        def facts(self) -> dict[str, Any]:
            sequence, previous = self.place
            tallies = {file.name: file.tally for file in self.files}
            return {
                "events": tallies["articles"], "outcomes": tallies["pages"], "state": STATE,
                "sequence": sequence, "previous": previous, "mode": "incremental",
            }  # fmt: skip

        @property
        def is_news(self) -> bool:
            return True

    output.mkdir(parents=True)
    previous, known, taken = None, 0, []
    for number in range(1, drops + 1):
        at = START + number * timedelta(minutes=15)
        run_id = at.strftime("%Y%m%dT%H%M%SZ-live")
        if number % news != 1 % news:
            entry = Entry(
                run_id=run_id, spider="live", published_at=clock(at), path=None, folder=None,
                descriptor_hash=None, counts=dict.fromkeys(RECORD_CLASSES, 0) | {"pages": 12},
                events={}, outcomes={"not-modified": 12}, state=STATE, sequence=number,
                previous=previous, mode="incremental", notes=[],
            )  # fmt: skip
            catalogue.append(output, entry)
            previous = entry.link
            continue
        fresh = [article(known + one) for one in range(articles)]
        if number % 6 == 0 and known:
            fresh[0] = article(known - 1, revision=2)
        known += articles
        pages = [
            PageRecord(page=one.page, site=SITE, kind="article", outcome="extracted", found=1,
                       articles=1, article_ids=[one.id])
            for one in fresh
        ]  # fmt: skip
        records = {
            "articles": sorted(fresh, key=lambda one: one.id),
            "pages": sorted(pages, key=lambda p: p.page),
        }
        begun = time.perf_counter()
        partial = output / f".{run_id}.partial"
        partial.mkdir()
        files = [
            write_lines(
                partial,
                name,
                records.get(name, ()),
                {"articles": "event", "pages": "outcome"}.get(name),
            )
            for name in RECORD_CLASSES
        ]
        publish(
            LocalOutput(output),
            partial,
            Chained(run_id, "live", at, files, [], None, {}, [], (number, previous)),
        )
        taken.append(time.perf_counter() - begun)
        found = catalogue.find(output, run_id)
        assert found is not None
        previous = found.link
        if number % 10_000 < news:
            print(f"  … {number} drops", file=sys.stderr)
    return statistics.median(taken)


def runs(output: Path, name: str, count: int) -> tuple[float, float]:
    """Seconds that a run of three pages takes from its first page to its drop: with news, and without."""
    from newscrawl.drops.run import Run
    from newscrawl.items import PageRecord

    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(count):
        for has_news in (True, False):
            state = output / ".benchmark" / f"{name}.sqlite"
            begun = time.perf_counter()
            run = Run(output, "live", None, {}, f"{name}-{number}-{has_news}", state)
            for one in (article(10**6 + 3 * number + place) for place in range(3)):
                run.add(
                    PageRecord(
                        page=one.page, site=SITE, kind="article", outcome="extracted", found=1
                    )
                )
                run.add(one)
            published = run.publish()
            run.close()
            seconds[has_news].append(time.perf_counter() - begun)
            assert published is not None
            assert bool(published.counts["articles"]) == has_news
    return statistics.median(seconds[True]), statistics.median(seconds[False])


# Reading, each in a process of its own


def list_all(output: Path) -> int:
    """The lines of the catalogue."""
    from newscrawl.drops.catalogue import read_catalogue

    return sum(1 for _ in read_catalogue(output))


def follow_ten(output: Path) -> int:
    """The drops with articles among the last hundred."""
    from newscrawl.drops.catalogue import read_catalogue
    from newscrawl.reader import follow

    *_, since = [entry.run_id for entry in read_catalogue(output)][:-100]
    return sum(1 for _ in follow(output, since=since))


def verify(output: Path) -> int:
    """What is wrong."""
    from newscrawl.drops.verify import check

    return sum(finding.is_wrong for finding in check(output))


def current(output: Path) -> int:
    """The articles of the present truth."""
    from newscrawl.reader import current

    return sum(1 for _ in current(output))


READERS: dict[str, Callable[[Path], int]] = {
    "list": list_all,
    "follow": follow_ten,
    "verify": verify,
    "current": current,
}


def child(name: str, output: Path) -> None:
    """Run one reader and print what it took."""
    begun = time.perf_counter()
    found = READERS[name](output)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "found": found, "peak": peak}))


def year(drops: int, news: int, articles: int) -> None:
    """Fill an output, and measure."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-") as scratch:
        output = Path(scratch) / "output"
        empty = Path(scratch) / "empty"
        empty.mkdir()
        before = runs(empty, "before", 10)
        written = fill(output, drops, news, articles)
        after = runs(output, "after", 10)
        print(f"{drops} drops, one in {news} with {articles} articles")
        print(f"a drop's files, descriptor and line: {1000 * written:.1f} ms (median)")
        for what, one, other in zip(("news", "none"), before, after, strict=True):
            print(
                f"a run of three pages, {what}: {1000 * one:.0f} ms in an empty output, {1000 * other:.0f} ms in this"
            )
        for name in READERS:
            done = subprocess.run(
                [sys.executable, __file__, "--child", name, str(output)],
                check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            took = json.loads(done.stdout)
            print(
                f"{name}: {took['seconds']:.2f} s, {took['found']} found, {took['peak']:.0f} MB at the peak"
            )
        lines = (output / "drops.jsonl").stat().st_size
        total = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        folders = sum(
            1 for path in output.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
        print(
            f"catalogue: {lines / 1e6:.1f} MB, {lines / drops:.0f} bytes a line; all files: {total / 1e6:.0f} MB, {folders} folders"
        )


# What part of a replay is publishing


TIMER = """
import sys, time
from newscrawl.drops import build, run
spent = {}

def timed(module, name):
    function = getattr(module, name)
    def measured(*arguments, **options):
        begun = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] = spent.get(name, 0) + time.process_time() - begun
    setattr(module, name, measured)

timed(run.Run, "publish")
begin, opened = run.Run.__init__, []
def begun(self, *arguments, **options):
    opened.append(time.process_time())
    begin(self, *arguments, **options)
run.Run.__init__ = begun
for name in ("clean_articles", "merge_articles", "link_copies"):
    timed(build, name)
from scrapy.cmdline import execute
try:
    execute(["scrapy", "crawl", "replay", *sys.argv[1:]])
finally:
    merging = sum(spent[name] for name in ("clean_articles", "merge_articles", "link_copies"))
    print("TIMES", time.process_time() - opened[0], spent["publish"] - merging, merging, file=sys.stderr)
"""

PAGE = """<!doctype html><html lang="en"><head><title>Pier {number} Opens - Coast Daily</title>
<link rel="canonical" href="https://coast.example/news/{number}"></head><body>
<header><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About</a></nav></header>
<main><article><h1>Pier {number} Opens</h1><p class="byline">By Ada Marl</p>
<time datetime="2025-03-{day:02d}T08:00:00Z">{day} March 2025</time>{body}</article></main>
<footer>All rights reserved</footer></body></html>"""


def share(pages: int) -> bool:
    """Print what part of a replay publishing is; whether it is within the bound."""
    is_well = True
    for kind in ("text", "html"):
        with tempfile.TemporaryDirectory(prefix="newscrawl-") as scratch:
            folder = Path(scratch) / "pages"
            folder.mkdir()
            if kind == "text":
                copies(ROOT / "fixtures", folder, pages)
            else:
                for number in range(pages):
                    body = "".join(f"<p>{paragraph}</p>" for paragraph in text(number))
                    (folder / f"{number}.html").write_text(
                        PAGE.format(number=number, day=number % 28 + 1, body=body)
                    )
            for state in (False, True):
                output = Path(scratch) / f"output-{state}"
                done = subprocess.run(
                    [sys.executable, "-c", TIMER, "-a", f"path={folder}", "-s", f"NEWSCRAWL_OUTPUT={output}", "-s",
                     "LOG_LEVEL=ERROR", *(["-s", f"NEWSCRAWL_STATE={scratch}/state.sqlite"] if state else [])],
                    capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
                )  # fmt: skip
                if done.returncode not in (0, 7):
                    raise SystemExit(done.stderr)
                told = next(line for line in done.stderr.splitlines() if line.startswith("TIMES"))
                whole, publishing, merging = map(float, told.split()[1:])
                part = publishing / whole
                is_well = is_well and part <= BOUND
                print(
                    f"{pages} {kind} pages, {'with' if state else 'without'} a state: {whole:.1f} s of CPU, publishing "
                    f"{publishing:.2f} s = {100 * part:.1f} %, merging {merging:.2f} s"
                )
                shutil.rmtree(output)
    return is_well


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--drops", type=int, default=70_000)
    parser.add_argument("--news", type=int, default=10)
    parser.add_argument("--articles", type=int, default=3)
    parser.add_argument("--share", action="store_true")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
    elif options.share:
        raise SystemExit(0 if share(options.pages) else 1)
    else:
        year(options.drops, options.news, options.articles)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
