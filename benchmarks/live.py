"""What a live page costs above a bare Scrapy spider that fetches the same pages.

    python benchmarks/live.py [--articles 1000] [--site wordpress|ghost|bespoke] [--rounds 1]

Starts a loopback news site in a process of its own, which sends gzip as real ones do, and,
one after the other:

- `scrapy crawl live` on it, without delay, with capture and state as they are by default;
- a bare spider, Scrapy's own settings, that fetches the addresses that the live run fetched
  and writes the size of each;
- a plain loop that reads the same answers: extraction, links, pipelines; nothing else.

Prints CPU milliseconds and pages a second of each, and what a live page costs above the bare
one and its extraction. A run's fixed costs (imports, start) are those of a run over one page
and are taken off. Of several rounds, the medians and the least: one process takes a quarter more
or less CPU from one round to the next, even on a machine without other work, and one round is no
measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
CONCURRENCY = 16

BARE = """
import json, sys, scrapy
class Bare(scrapy.Spider):
    name = "bare"
    custom_settings = {"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[3])}
    async def start(self):
        for url in json.load(open(sys.argv[1])):
            yield scrapy.Request(url)
    def parse(self, response):
        yield {"url": response.url, "size": len(response.body)}
from scrapy.crawler import AsyncCrawlerProcess
process = AsyncCrawlerProcess({"FEEDS": {sys.argv[2]: {"format": "jsonlines"}}})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of CPU and of the clock, and its peak memory in MiB."""

    cpu: float
    wall: float
    peak: float


def run(command: list[str], folder: Path) -> Cost:
    """Run a command to its end."""
    start = time.perf_counter()
    with (folder / "log").open("w+b") as log:
        child = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 3, 4):
            log.seek(0)
            sys.exit(f"{command} failed:\n{log.read().decode()[-4000:]}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024)


@contextmanager
def site(manner: str, articles: int) -> Iterator[str]:
    """A loopback site in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.servers",
        manner,
        "--articles",
        str(articles),
        "--compress",
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def live(origin: str, folder: Path, *more: str) -> tuple[Cost, list[str]]:
    """A live run; what it cost, and the addresses that it asked for."""
    cost = run(
        [
            sys.executable, "-m", "scrapy", "crawl", "live", "-a", f"url={origin}/",
            "-s", "NEWSCRAWL_CONTACT=bench@coast.example",
            "-s", f"NEWSCRAWL_ALLOW_HOSTS={origin.removeprefix('http://')}",
            "-s", f"NEWSCRAWL_OUTPUT={folder / 'output'}",
            "-s", f"NEWSCRAWL_CAPTURE={folder / 'captures'}",
            "-s", "DOWNLOAD_DELAY=0", "-s", "LOG_LEVEL=WARNING",
            "-s", f"CONCURRENT_REQUESTS={CONCURRENCY}",
            "-s", f"CONCURRENT_REQUESTS_PER_DOMAIN={CONCURRENCY}", *more,
        ],
        folder,
    )  # fmt: skip
    (ledger,) = folder.glob("output/*/pages.jsonl")
    return cost, [json.loads(line)["page"] for line in ledger.read_text().splitlines()]


def bare(urls: list[str], folder: Path) -> Cost:
    """The bare spider over the same addresses."""
    (folder / "urls.json").write_text(json.dumps(urls))
    return run(
        [
            sys.executable,
            "-c",
            BARE,
            str(folder / "urls.json"),
            str(folder / "sizes.jsonl"),
            str(CONCURRENCY),
        ],
        folder,
    )


def extraction(captures: Path) -> float:
    """CPU seconds of reading the captured answers: items, links and pipelines."""
    from newscrawl.errors import RejectItem
    from newscrawl.page.fetched import Fetched
    from newscrawl.pipelines.dates import DatesPipeline
    from newscrawl.pipelines.text import TextPipeline
    from newscrawl.pipelines.ticker import TickerPipeline
    from newscrawl.pipelines.validate import ValidatePipeline
    from newscrawl.reading.answer import Answer
    from newscrawl.sources.directory import find_files
    from newscrawl.sources.warc import read_captures

    pipelines = (TickerPipeline(), TextPipeline(), DatesPipeline(), ValidatePipeline())
    found = read_captures(find_files(str(captures)), 2**25)
    answers = [one for one in found if isinstance(one, Fetched)]
    start = time.process_time()
    for fetched in answers:
        answer = Answer(fetched)
        answer.names(lambda url: True)
        for item in answer.items():
            passed = item
            try:
                for pipeline in pipelines:
                    passed = pipeline.process_item(passed)
            except RejectItem:
                continue
    return time.process_time() - start


@dataclass(frozen=True)
class Round:
    """One round: its pages, and the cost of each without its fixed costs."""

    pages: int
    live: Cost
    bare: Cost
    extraction: float

    @property
    def above(self) -> float:
        """CPU seconds above the bare spider and the extraction."""
        return self.live.cpu - self.bare.cpu - self.extraction


def measure(origin: str) -> Round:
    """One round, each of the three on the same addresses and answers."""
    with tempfile.TemporaryDirectory() as top:
        folders = [Path(top, name) for name in ("whole", "one")]
        for folder in folders:
            folder.mkdir()
        whole, urls = live(origin, folders[0])
        bare_whole = bare(urls, folders[0])
        read = extraction(folders[0] / "captures")
        one, _ = live(origin, folders[1], "-a", "max_pages=1")
        bare_one = bare(urls[:1], folders[1])
    return Round(len(urls), without(whole, one), without(bare_whole, bare_one), read)


def without(whole: Cost, fixed: Cost) -> Cost:
    """A run's cost without its fixed costs; its peak is its own."""
    return Cost(whole.cpu - fixed.cpu, whole.wall - fixed.wall, whole.peak)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--site", default="wordpress")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    with site(options.site, options.articles) as origin:
        rounds = [measure(origin) for _ in range(options.rounds)]
    count = rounds[0].pages - 1
    rows = {
        "live": [one.live for one in rounds],
        "bare spider": [one.bare for one in rounds],
        "extraction alone": [Cost(one.extraction, one.extraction, 0) for one in rounds],
    }
    print(f"{count + 1} pages of a {options.site} site, {options.rounds} rounds\n")
    print(f"{'':18} {'CPU ms/page':>11} {'least':>6} {'pages/s':>8} {'peak MiB':>9}")
    least = {}
    for name, costs in rows.items():
        cpu, wall = median(c.cpu for c in costs), median(c.wall for c in costs)
        least[name] = min(c.cpu for c in costs) * 1e3 / count
        peak = costs[0].peak  # a later child's counts what this process has grown to
        print(
            f"{name:18} {cpu * 1e3 / count:11.2f} {least[name]:6.2f} {count / wall:8.0f} {peak:9.0f}"
        )
    above = sorted(one.above * 1e3 / count for one in rounds)
    each = ", ".join(f"{one:.2f}" for one in above)
    print(f"\nabove both: {median(above):.2f} ms of CPU a page (rounds: {each})")
    print(f"by the least of each: {2 * least['live'] - sum(least.values()):.2f} ms")


if __name__ == "__main__":
    main()
