"""What replaying a text page costs: Scrapy, spool and drop against a plain loop.

    python benchmarks/replay.py [--pages 1000 20000]

Copies the pages under fixtures/ (or `--source`) N times, each text as long as in the wild
(the pages that the layouts come from hold 13 to 90 KB), then runs, in turn, a plain loop
over the same pure functions (read, extract, pipelines; no Scrapy, no spool, no drop) and
`scrapy crawl replay`, each in a process of its own. Prints CPU milliseconds a page, pages
a second and peak memory of each, the ratio of the CPU, and how memory grew. A run's fixed
costs (imports, start) are those of a run over one page and are taken off both.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The smallest of the pages that the layouts come from; the largest has 90,000.
PAGE_CHARACTERS = 13_000
PROSE = 60


def copies(source: Path, folder: Path, count: int) -> None:
    """Fill a folder with `count` pages, copies of those in `source` in turn."""
    pages = sorted(source.rglob("*.txt"))
    for number in range(count):
        page = pages[number % len(pages)]
        target = folder / f"{number // 1000:03d}"
        target.mkdir(parents=True, exist_ok=True)
        text = page.read_text(encoding="utf-8")
        (target / f"{number:06d}.txt").write_text(full_length(text), encoding="utf-8")


def full_length(text: str) -> str:
    """A page as long as in the wild: its sentences are said again until it is."""
    lines = text.split("\n")
    prose = sum(len(line) for line in lines if len(line) > PROSE)
    times = max(1, -(-(PAGE_CHARACTERS - len(text) + prose) // max(1, prose)))
    return "\n".join(
        " ".join([line] + [line.strip()] * (times - 1)) if len(line) > PROSE else line
        for line in lines
    )


def plain_loop(folder: Path) -> None:
    """The same pure functions, in a loop."""
    from newscrawl.errors import RejectItem
    from newscrawl.pipelines.dates import DatesPipeline
    from newscrawl.pipelines.text import TextPipeline
    from newscrawl.pipelines.ticker import TickerPipeline
    from newscrawl.pipelines.validate import ValidatePipeline
    from newscrawl.reading.answer import Answer
    from newscrawl.sources.directory import find_files, read_file

    pipelines = (TickerPipeline(), TextPipeline(), DatesPipeline(), ValidatePipeline())
    for file in find_files(str(folder)):
        for item in Answer(read_file(file, 2**25)).items():
            passed = item
            try:
                for pipeline in pipelines:
                    passed = pipeline.process_item(passed)
            except RejectItem:
                continue


def measure(command: list[str]) -> tuple[float, float, float]:
    """Run a command; its CPU seconds, wall seconds and peak memory in MiB."""
    before = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return (
        usage.ru_utime + usage.ru_stime,
        time.perf_counter() - before,
        usage.ru_maxrss / 1024,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--source", type=Path, default=ROOT / "fixtures")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plain:
        plain_loop(arguments.plain)
        return
    print(f"{'pages':>7}  {'':8} {'CPU ms/page':>11} {'pages/s':>8} {'peak MiB':>8}  ratio")
    with tempfile.TemporaryDirectory() as temporary:
        fixed = {}
        for count in [1, *arguments.pages]:
            folder = Path(temporary, str(count))
            copies(arguments.source, folder, count)
            commands = {
                "plain": [sys.executable, __file__, "--plain", str(folder)],
                "scrapy": [
                    sys.executable, "-m", "scrapy", "crawl", "replay", "-a", f"path={folder}",
                    "-s", "LOG_LEVEL=ERROR", "-s", f"NEWSCRAWL_OUTPUT={folder}-output",
                ],
            }  # fmt: skip
            figures = {name: measure(command) for name, command in commands.items()}
            if count == 1:
                fixed = figures
                for name, (cpu, wall, peak) in figures.items():
                    print(f"{'fixed':>7}  {name:8} {cpu * 1000:9.0f}ms {wall:7.1f}s {peak:8.1f}")
                continue
            cost = {name: (figures[name][0] - fixed[name][0]) / count for name in figures}
            for name, (_, wall, peak) in figures.items():
                ratio = f"{cost[name] / cost['plain']:.2f}" if name == "scrapy" else ""
                speed = count / (wall - fixed[name][1])
                print(
                    f"{count:7}  {name:8} {cost[name] * 1000:11.2f} {speed:8.0f} {peak:8.1f}  {ratio}"
                )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
