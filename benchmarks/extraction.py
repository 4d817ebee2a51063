"""Measure extraction against other tools: ``NEWSCRAWL_CORPUS=… python benchmarks/extraction.py``.

Runs newscrawl and whatever of the extra ``bench`` is installed over the sets of saved pages, one
after another in one process, and prints quality and CPU pages a second. ``--memory`` also runs
each over the largest set in a process of its own and prints the peak of its resident memory.

Quality: body F1 of 4-word shingles (see ``truth.body_scores``); headline exact but for white
space, and *alike*: but for case and kinds of quotes and dashes, too; authors equal as sets, and
*alike*: one by one where expected or found names are joined ("A, B and C") and but for case; day
of publication; instant within 60 seconds, over pages whose expected date has a time. An expected
time without zone is compared with the page's own clock. Images: as many as expected.

newscrawl is measured twice: what `extract_html` makes of the bytes, and what a drop holds after
`scrapy crawl replay` read the pages out of an archive (``published.py``): there a page that gives no
article has nothing, and of several the first counts. Its body is told by weights that were trained without the page's site, see
``truth.unseen``. What else was fitted or written while looking at pages was so on a share of the
sites; these and the others are printed apart, and nothing but the second says how it does on pages
that nobody has looked at. A page that takes an extractor more than
``PAGE_LIMIT`` CPU seconds counts as one on which it finds nothing.
"""

import argparse
import functools
import gc
import importlib
import json
import logging
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from published import published
from truth import Case, alike, body_scores, corpus, load, names_alike, overlap, unseen

SETS = ("wcxb-dev", "fundus-dev", "htmldate-dev")
INSTANT_TOLERANCE = 60.0
PAGE_LIMIT = 20.0
Extract = Callable[[bytes, str | None], "Found"]


@dataclass
class Found:
    """What an extractor says of a page; None is what it does not try to say."""

    body: str | None = None
    headline: str | None = None
    authors: list[str] | None = None
    date: str | None = None
    images: int | None = None

    def emptied(self) -> "Found":
        """Return the same without what was found: nothing, of what the extractor tries to say."""
        return Found(
            None if self.body is None else "",
            None if self.headline is None else "",
            None if self.authors is None else [],
            None if self.date is None else "",
            None if self.images is None else 0,
        )


@dataclass
class Tally:
    """Scores of one extractor on one set or share."""

    overlaps: list[tuple[int, int, int]] = field(default_factory=list)
    headline: list[bool] = field(default_factory=list)
    headline_alike: list[bool] = field(default_factory=list)
    authors: list[bool] = field(default_factory=list)
    authors_alike: list[bool] = field(default_factory=list)
    day: list[bool] = field(default_factory=list)
    instant: list[bool] = field(default_factory=list)
    images: list[bool] = field(default_factory=list)
    failures: int = 0
    timeouts: int = 0

    def add(self, expected: dict[str, Any], found: Found) -> None:
        """Score one page."""
        if expected.get("body") and found.body is not None:
            self.overlaps.append(overlap(expected["body"], found.body))
        if expected.get("title") and found.headline is not None:
            self.headline.append(_same_text(expected["title"], found.headline))
            self.headline_alike.append(alike(expected["title"]) == alike(found.headline))
        if "authors" in expected and found.authors is not None:
            names = expected["authors"] or ()
            self.authors.append(set(names) == set(found.authors))
            self.authors_alike.append(names_alike(names) == names_alike(found.authors))
        if isinstance(expected.get("images"), int) and found.images is not None:
            self.images.append(expected["images"] == found.images)
        date = expected.get("date")
        if isinstance(date, str) and len(date) >= len("2020-01-01") and found.date is not None:
            self.day.append(found.date[:10] == date[:10])
            if len(date) > len("2020-01-01"):
                self.instant.append(_same_instant(date, found.date))
                # A day is right, too, when the instant is and only the offset differs.
                self.day[-1] = self.day[-1] or self.instant[-1]


def _same_text(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _same_instant(expected: str, found: str) -> bool:
    try:
        one, other = datetime.fromisoformat(expected), datetime.fromisoformat(found)
    except ValueError:
        return False
    if len(found) <= len("2020-01-01"):
        return False
    if one.tzinfo is None or other.tzinfo is None:
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return abs((one - other).total_seconds()) <= INSTANT_TOLERANCE


def _newscrawl() -> Extract:
    from newscrawl.extract.html import extract_html

    def run(body: bytes, url: str | None) -> Found:
        page = extract_html(body, url=url)
        return Found(
            page.article_body,
            page.headline or "",
            [person.name for person in page.authors],
            page.date_published or page.date_modified or "",
            len(page.images),
        )

    return run


def _floor() -> Extract:
    from selectolax.lexbor import LexborHTMLParser

    def run(body: bytes, url: str | None) -> Found:
        LexborHTMLParser(body)
        return Found()

    return run


def _trafilatura(**options: bool) -> Extract:
    import trafilatura

    def run(body: bytes, url: str | None) -> Found:
        document = trafilatura.bare_extraction(
            body, url=url, with_metadata=True, include_comments=False, **options
        )
        if document is None:
            return Found("", "", [], "")
        return Found(
            document.text or "",
            document.title or "",
            [name.strip() for name in (document.author or "").split(";") if name.strip()],
            document.date or "",
        )

    return run


def _trafilatura_text() -> Extract:
    import trafilatura

    def run(body: bytes, url: str | None) -> Found:
        return Found(trafilatura.extract(body, include_comments=False) or "")

    return run


def _readability() -> Extract:
    from lxml import html
    from readability import Document

    def run(body: bytes, url: str | None) -> Found:
        document = Document(body.decode("utf-8", "replace"))
        text = html.fromstring(document.summary(html_partial=True)).text_content()
        return Found(text, document.short_title() or "")

    return run


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def run(body: bytes, url: str | None) -> Found:
        tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
        return Found(extract_plain_text(tree, main_content=True, alt_texts=False), tree.title or "")

    return run


def _newspaper() -> Extract:
    from newspaper import Article

    def run(body: bytes, url: str | None) -> Found:
        article = Article(url or "https://example.org/", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        date = article.publish_date
        return Found(
            article.text, article.title, list(article.authors), date.isoformat() if date else ""
        )

    return run


def _htmldate() -> Extract:
    from htmldate import find_date

    def run(body: bytes, url: str | None) -> Found:
        return Found(date=find_date(body, url=url, original_date=True) or "")

    return run


def _json_ld() -> Extract:
    from newscrawl.extract.html.document import parse_html
    from newscrawl.extract.html.structured import people_of, text_of

    def run(body: bytes, url: str | None) -> Found:
        article = parse_html(body, url=url).article
        return Found(
            text_of(article.get("articleBody")),
            text_of(article.get("headline")),
            [person.name for person in people_of(article.get("author"))],
            text_of(article.get("datePublished")),
        )

    return run


EXTRACTORS: dict[str, tuple[str, Callable[[], Extract]]] = {
    "lexbor parse (floor)": ("selectolax", _floor),
    "newscrawl": ("newscrawl", _newscrawl),
    "JSON-LD alone": ("newscrawl", _json_ld),
    "trafilatura, text only": ("trafilatura", _trafilatura_text),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura fast": ("trafilatura", functools.partial(_trafilatura, fast=True)),
    "trafilatura precision": ("trafilatura", functools.partial(_trafilatura, favor_precision=True)),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
    "newspaper4k": ("newspaper", _newspaper),
    "htmldate": ("htmldate", _htmldate),
}


def available(names: list[str]) -> dict[str, Extract]:
    """Return the extractors whose package is installed."""
    chosen = {}
    for name, (package, make) in EXTRACTORS.items():
        if names and not any(name.startswith(prefix) for prefix in names):
            continue
        try:
            importlib.import_module(package)
        except ImportError:
            print(f"{name}: {package} is not installed (extra bench)", file=sys.stderr)
            continue
        chosen[name] = make()
    return chosen


class PageTimeoutError(BaseException):
    """A page took too long; not an ``Exception``, which extractors catch."""


def _time_is_up(number: int, frame: object) -> None:
    raise PageTimeoutError


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``PageTimeoutError`` in a block that takes more CPU time; again each second until out."""
    signal.signal(signal.SIGPROF, _time_is_up)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def run_set(extract: Extract, cases: list[Case]) -> tuple[dict[str, Tally], float]:
    """Return the tallies of a set's shares and of all of it, and CPU seconds."""
    tallies = {"all": Tally(), "tuned on": Tally(), "held out": Tally()}
    nothing = Found("", "", [], "")
    for case in cases[:3]:
        with suppress(Exception, PageTimeoutError), limited(PAGE_LIMIT):
            nothing = extract(case.body, case.url).emptied()
    seconds = 0.0
    for case in cases:
        with unseen(case.site):
            start = time.process_time()
            try:
                with limited(PAGE_LIMIT):
                    found = extract(case.body, case.url)
            except PageTimeoutError:
                found = nothing
                tallies["all"].timeouts += 1
            except Exception as error:  # noqa: BLE001  # other tools raise what they like
                logging.debug("%s: %r", case.file, error)
                found = nothing
                tallies["all"].failures += 1
            seconds += time.process_time() - start
        for share in ("all", "tuned on" if case.tune else "held out"):
            tallies[share].add(case.expected, found)
    return tallies, seconds


def run_drop(cases: list[Case]) -> dict[str, Tally]:
    """Return the tallies of what `scrapy crawl replay` publishes of a set's pages."""
    tallies = {"all": Tally(), "tuned on": Tally(), "held out": Tally()}
    pages = published(cases)
    for case in cases:
        articles = pages[case.file].articles
        found = _in_drop(articles[0]) if articles else Found("", "", [], "", 0)
        for share in ("all", "tuned on" if case.tune else "held out"):
            tallies[share].add(case.expected, found)
    return tallies


def _in_drop(article: dict[str, Any]) -> Found:
    return Found(
        article["article_body"],
        article["headline"] or "",
        [person["name"] for person in article["authors"]],
        article["date_published"] or article["date_modified"] or "",
        len(article["images"]),
    )


def print_shares(name: str, tallies: dict[str, Tally]) -> None:
    """Print the lines of the sites that were tuned on, and of the others."""
    for share in ("tuned on", "held out"):
        print(row(f"{name}, {share}", tallies[share], ""))


def row(name: str, tally: Tally, speed: str) -> str:
    """Return one line of the table."""

    def share(values: list[bool]) -> str:
        return f"{sum(values) / len(values):.3f}" if values else "-"

    if tally.overlaps:
        precision, recall, f1 = body_scores(tally.overlaps)
        body = f"{precision:.3f} | {recall:.3f} | {f1:.4f}"
    else:
        body = "- | - | -"
    return (
        f"| {name} | {body} | {share(tally.headline)} | {share(tally.headline_alike)} | "
        f"{share(tally.authors)} | {share(tally.authors_alike)} | "
        f"{share(tally.day)} | {share(tally.instant) if any(tally.instant) else '-'} | "
        f"{share(tally.images)} | {speed} |"
    )


def _peak_memory(name: str, folder: Path) -> int:
    """Return the peak resident MiB of a process that runs one extractor over a set."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure_memory, (name, str(folder)))


def _measure_memory(name: str, folder: str) -> int:
    import gzip

    extract = EXTRACTORS[name][1]()
    for page in _pages(Path(folder)):
        with suppress(Exception, PageTimeoutError), limited(PAGE_LIMIT):
            extract(gzip.decompress((Path(folder) / page["file"]).read_bytes()), page["url"])
    status = Path("/proc/self/status")
    if status.exists():  # getrusage() on Linux also counts the process before exec
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _pages(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / "ground-truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main() -> None:
    """Run and print a table a set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="*", default=[], help="extractors, by how they begin")
    options.add_argument("--sets", nargs="*", default=list(SETS))
    options.add_argument("--memory", action="store_true", help="measure peak memory, too")
    arguments = options.parse_args()
    folder = corpus()
    if folder is None:
        sys.exit("NEWSCRAWL_CORPUS is not set: no pages to measure on")
    logging.disable(logging.CRITICAL)
    extractors = available(arguments.only)
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {sys.version.split()[0]}, "
        f"{os.cpu_count()} CPUs"
    )
    problems: list[str] = []
    for name in arguments.sets:
        cases = load(folder / name)
        gc.collect()
        gc.freeze()  # the loaded pages are not the extractors' garbage to look through
        held = sum(not case.tune for case in cases)
        print(f"\n{name}: {len(cases)} pages, {held} of them on sites held out from tuning\n")
        print(
            "| | precision | recall | body F1 | headline | alike | authors | alike | day | instant "
            "| images | pages/CPU s |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|")
        for label, extract in extractors.items():
            tallies, seconds = run_set(extract, cases)
            total = tallies["all"]
            print(row(label, total, f"{len(cases) / seconds:.0f}"), flush=True)
            if total.timeouts or total.failures:
                problems.append(
                    f"{label} on {name}: {total.timeouts} timeouts, {total.failures} failures"
                )
            if label == "newscrawl":
                print_shares(label, tallies)
                tallies = run_drop(cases)
                print(row("newscrawl's drop", tallies["all"], ""), flush=True)
                print_shares("newscrawl's drop", tallies)
    print("\n" + "\n".join(problems))
    if arguments.memory:
        print(f"\nPeak resident memory over {arguments.sets[0]}, MiB\n")
        for label in extractors:
            print(f"| {label} | {_peak_memory(label, folder / arguments.sets[0])} |", flush=True)


if __name__ == "__main__":
    main()
