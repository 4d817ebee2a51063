"""Break pages in every way we know and see that the extractor takes it.

``NEWSCRAWL_CORPUS=… python benchmarks/fuzz.py --mutations 100000 --seed 1`` changes pages under
``fixtures/`` and of the sets of saved pages (the first alone where the variable is not set) and
asserts of each that

- nothing is raised,
- it takes less than ``MAX_SECONDS`` of CPU and the process stays below ``MAX_MIB``,
- what comes out can be written: text that UTF-8 can encode, dates that are dates.

``--hostile`` makes pages instead, up to 3 MB, from a grammar of what is costly: a few tags, words or
values over and over, nested, unclosed, closed in the wrong order, in every place that is read. Each
is read by the extractor and, as a page of an undeclared site, by `newscrawl.reading`.

A mutation depends on its seed and number alone: ``--seed S --only N`` repeats one, and
``--save FILE`` with it keeps the page. Prints how many ran, the slowest, and every failure.
"""

import argparse
import contextlib
import gzip
import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from extraction import PageTimeoutError, limited
from truth import corpus

from newscrawl.errors import PageError
from newscrawl.extract.html import HtmlPage, extract_html
from newscrawl.page import Page
from newscrawl.reading.page import read_page

MAX_SECONDS = 2.0
MAX_MIB = 1_000
CHUNK = 250
_HANG_SECONDS = 20.0

_TAGS = [
    b"</div>", b"<div hidden>", b"<p>", b"</p></p>", b"<table>", b"<tr>", b"<!--", b"-->", b"<script>",
    b"</script>", b"<style>", b"<svg>", b"<math>", b"<template>", b"<noscript>", b"<select>", b"<nav>",
    b"</nav>", b"<footer>", b"<article>", b"</article>", b"<h1>", b"</h1>", b"<h1></h1>", b"<h1><a href=/>x",
    b"<frameset>", b"<plaintext>", b"<textarea>", b"<title>", b"<body>", b"</body>", b"<html lang=xx-XX>",
    b"<figure><figcaption>", b"<time datetime=99999999999>", b"<time datetime='0000-00-00'>",
    b"<a rel=author href='//['>x</a>", b"<base href='http://['>", b"<meta charset=utf-16>",
    b"<meta charset=utf-7>", b"<meta name=author content='By , and & ;'>", b"<meta property=og:url content='http://[x'>",
    b"<img srcset=', ,, 1x'>", b"<p class=byline>By</p>", b"<p>By 1|2|</p>", b"<p>99.99.9999</p>",
    b"<p itemprop=author itemscope><meta itemprop=name>", b"<link rel=canonical href='http://]'>",
]  # fmt: skip
_TEXTS = [
    b'"', b"'", b">", b"<", b"=", b"/", b"\0", b"\r", b"\x80", b"\xff\xfe", b"\xef\xbb\xbf", b"&#0;", b"&#x110000;",
    b"&#xD800;", b"&amp;amp;lt;", "\u202e\u200b\ufeff".encode(), "İßǆ".encode(), "٢٠٢٤-١٢-٢١".encode(),
    "²³¼ ④ 𝟚𝟘𝟚𝟜".encode(), b" - | - | ", b"2024-99-99T99:99:99+99:99", b"12/12/12/12/12", b"http://[",
]  # fmt: skip
_JSON = [
    b'{"@graph":[', b'"@id":"#a"', b'"author":', b"null", b"[]", b"{}", b"1e999", b"-1", b"true", b'"\\ud800"',
    b'"\\u0000"', b"]]>", b"/*", b"//", b'"@type":["NewsArticle",[],{}]', b'"headline":{"@value":[]}',
    b'"datePublished":20241221', b'"author":[[[["a"]]],{"name":{"name":"b"}}]', b'"publisher":[{"@id":"#a"}]',
    b'"keywords":[{}]', b'"isAccessibleForFree":"x/"', b'"articleBody":"<p>\\ud83d"',
]  # fmt: skip
_TYPES = [None, "", "text/html; charset=", "text/html; charset=utf-16", "text/html;charset=x-unknown",
          "text/html; charset=iso-2022-jp", "\0", "text/html; charset=windows-1252"]  # fmt: skip
_URLS = [None, "", "http://[", "https://a.example/2024/02/31/x", "https://a.example/20241399250061", "file:///x",
         "https://a.example:99999/", "https://xn--a.example/?author=1", "https://a.example/" + "a/" * 2000]  # fmt: skip


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Return a page changed in one to eight ways."""
    data = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        if data:
            chance.choice(_WAYS)(data, chance)
    return bytes(data)


def _span(data: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(data))
    return slice(start, min(len(data), start + chance.choice((1, 2, 5, 30, 400, 5_000, 100_000))))


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 10, 300))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _drop(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    piece = bytes(data[span])
    data[span.stop : span.stop] = piece * min(
        chance.choice((1, 20, 3_000)), 2_000_000 // len(piece)
    )


def _move(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    piece = bytes(data[span])
    del data[span]
    target = chance.randrange(len(data) + 1)
    data[target:target] = piece


def _put_in(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    piece = chance.choice(chance.choice((_TAGS, _TEXTS, _JSON)))
    data[place:place] = piece * chance.choice((1, 1, 1, 2, 50, 5_000))


def _put_at_sign(data: bytearray, chance: random.Random) -> None:
    """Put something in or take something away where the page means something."""
    sign = chance.choice(
        (
            b"ld+json",
            b"<h1",
            b"<time",
            b"author",
            b"datePublished",
            b"<meta",
            b'class="',
            b":",
            b">",
        )
    )
    found = data.find(sign, chance.randrange(len(data)))
    place = found + len(sign) if found >= 0 else len(data) // 2
    end = min(len(data), place + chance.choice((0, 1, 5, 40)))
    data[place:end] = chance.choice(chance.choice((_TAGS, _TEXTS, _JSON)))


def _recode(data: bytearray, chance: random.Random) -> None:
    text = data.decode("utf-8", "replace")
    encoding = chance.choice(
        ("utf-16", "utf-16-be", "utf-32", "windows-1251", "shift_jis", "utf-7")
    )
    data[:] = text.encode(encoding, "replace")


_WAYS: list[Callable[[bytearray, random.Random], None]] = [
    _flip, _drop, _cut, _repeat, _move, _put_in, _put_in, _put_in, _put_at_sign, _put_at_sign, _put_at_sign, _recode,
]  # fmt: skip


@cache
def pages() -> tuple[Path, ...]:
    """Return the pages to be changed, always in the same order."""
    folder = Path(__file__).parents[1] / "fixtures"
    found = sorted(folder.rglob("pages/*.html"))
    saved = corpus()
    return (*found, *(sorted(saved.rglob("*.html.gz")) if saved else ()))


def case(seed: int, number: int) -> tuple[bytes, str | None, str | None]:
    """Return page, address and header of one mutation."""
    chance = random.Random(f"{seed}-{number}")
    path = pages()[chance.randrange(len(pages()))]
    body = path.read_bytes()
    if path.suffix == ".gz":
        body = gzip.decompress(body)
    body = mutated(body[: chance.choice(_LENGTHS)], chance)
    return body, chance.choice(_URLS), chance.choice(_TYPES)


_LENGTHS = (5_000, 20_000, 60_000, 10_000_000)
"""Bytes of a page that are kept: its beginning says most, and short pages are quickly done."""


@dataclass
class Report:
    """What a run of mutations came to. ``slowest`` is CPU seconds and the mutation's number."""

    count: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, -1)
    peak_mib: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Count another run in."""
        self.count += other.count
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.peak_mib = max(self.peak_mib, other.peak_mib)
        self.failures += other.failures


_NAMES = (  # noqa: SIM905  # a list would fill the page
    "a abbr article aside b blockquote button code dd div dl dt em figcaption figure font footer form h1 h2 h3 "
    "header i iframe img input label li main math meta nav nobr noscript object ol option p pre q rt ruby script "
    "section select small span strong style sub svg table tbody td template textarea th time title tr u ul g path "
    "desc foreignObject mi annotation-xml details summary center marquee custom-tag link"
).split()
_VALUES = (
    "class=byline", "class=date", "class='author vcard'", "class=entry-title", "class=post-title", "id=x%d", "class=c%d", "href=/a/%d",
    "href=/author/x", "rel=author", "itemprop=author", "itemprop=datePublished", "itemscope", "datetime=2024-11-05", "hidden",
    "style='display:none'", "src=/x.jpg", "srcset='a 1x, b 2x'", "property=og:title content=x", "name=author content='A, B'",
    "a%d=1", "title='>'", 'data-x="<div>"', "rel=next", "class=pagination", "class=article-body", "class='card teaser'",
)  # fmt: skip
_WORDS = (
    "x", " ", "a ", "By Ann Lee ", "and ", ", ", "2 hours ago ", "5 Nov 2024 ", "1.1.", "- ", "| ", "Photo: ", "[caption]", "[a b='", "&amp;",
    "\n", "Updated ", "The harbour was shut on Monday, said the mayor. ", "…", "¶ ", "<", "<!--", "-->", "<![CDATA[", "]]>", "\u00a0", "港",
    "Read more ", "Page 2 of 3 ", "@", "https://x.example/a ", "KGS/USD = 1 ", "(", "\"", "'",
)  # fmt: skip
_SCRIPTS = (
    '{"@type":"NewsArticle","author":[', '{"@graph":[', '{"name":"By A and B"},', '"@id":"#a",', '[', '{"a":', '"headline":"a - b - c",', "\\u0041",
    '"articleBody":"', "<p>", "a. ", '"datePublished":"2024-11-05",', "/*", "//", "<!--", ";",
)  # fmt: skip
_SIZES = (20_000, 100_000, 400_000, 1_000_000, 3_000_000)


def hostile(seed: int, number: int) -> tuple[bytes, str | None, str | None]:
    """Return page, address and header of one page that is made to be costly."""
    chance = random.Random(f"hostile-{seed}-{number}")
    size = chance.choice(_SIZES)
    head = "".join(_unit(chance, 3) for _ in range(chance.randrange(3)))
    parts = chance.choice((1, 1, 2, 3, 6))
    body = head + "".join(_repeated(chance, size // parts) for _ in range(parts))
    return body.encode()[:size], chance.choice((None, "https://a.example/2024/11/05/ferry")), None


def _repeated(chance: random.Random, size: int) -> str:
    if chance.random() < 0.12:
        unit = "".join(chance.choice(_SCRIPTS) for _ in range(chance.choice((1, 1, 2, 4))))
        text = f"<script type='application/ld+json'>{chance.choice(_SCRIPTS)}"
        return text + unit * (size // len(unit)) + chance.choice(("", "</script>"))
    if chance.random() < 0.08:
        values = chance.sample(_VALUES, chance.choice((1, 2, 4)))
        unit = " ".join(values) + " "
        tag = f"<{chance.choice(_NAMES)} "
        count = size // (len(unit) + 4)
        return tag + "".join(unit.replace("%d", str(n)) for n in range(count)) + ">"
    unit = _unit(chance, chance.choice((1, 2, 3, 5, 9)))
    count = size // (len(unit) + 2)
    if chance.random() < 0.2:
        name = chance.choice(_NAMES)
        count = size // (2 * len(name) + 5)
        return f"<{name}>" * count + unit + f"</{name}>" * count
    if "%d" in unit:
        return "".join(unit.replace("%d", str(n)) for n in range(count))
    return unit * count


def _unit(chance: random.Random, length: int) -> str:
    names = chance.sample(_NAMES, chance.choice((1, 2, 3, 5)))
    pieces = []
    for _ in range(length):
        way = chance.random()
        if way < 0.35:
            pieces.append(f"<{chance.choice(names)}>")
        elif way < 0.55:
            pieces.append(f"<{chance.choice(names)} {chance.choice(_VALUES)}>")
        elif way < 0.75:
            pieces.append(f"</{chance.choice(names)}>")
        else:
            pieces.append(chance.choice(_WORDS) * chance.choice((1, 1, 1, 3, 40)))
    return "".join(pieces)


def _read(body: bytes, url: str | None) -> None:
    """Read a page as a run does; what it refuses is no failure."""
    when = datetime(2024, 11, 5, tzinfo=UTC)
    with contextlib.suppress(PageError):
        read_page(Page(name="a", body=body, media_type="text/html", url=url, fetched_at=when))


def run(seed: int, first: int, last: int, *, is_hostile: bool = False) -> Report:
    """Run the mutations from ``first`` to before ``last``."""
    report = Report()
    for number in range(first, last):
        body, url, content_type = (hostile if is_hostile else case)(seed, number)
        start = time.process_time()
        try:
            with limited(_HANG_SECONDS):
                page = extract_html(body, url=url, content_type=content_type)
            elapsed = time.process_time() - start
            check(page)
            if is_hostile:
                start = time.process_time()
                with limited(_HANG_SECONDS):
                    _read(body, url)
                elapsed = max(elapsed, time.process_time() - start)
        except PageTimeoutError:
            elapsed = time.process_time() - start
        except Exception:  # noqa: BLE001  # whatever it is, it is what we look for
            elapsed = time.process_time() - start
            report.failures.append((number, traceback.format_exc(limit=-3)))
        if elapsed > MAX_SECONDS:
            report.failures.append((number, f"{elapsed:.1f} CPU s for {len(body)} bytes"))
        report.count += 1
        report.seconds += elapsed
        report.slowest = max(report.slowest, (elapsed, number))
    report.peak_mib = peak_mib()
    if report.peak_mib > MAX_MIB:
        report.failures.append((first, f"{report.peak_mib} MiB by mutation {last - 1}"))
    return report


def run_all(
    seed: int, mutations: int, processes: int, report: Report, *, is_hostile: bool = False
) -> None:
    """Run mutations in several processes and count them into ``report``, until interrupted."""
    chunk = 10 if is_hostile else CHUNK
    with ProcessPoolExecutor(processes) as pool:
        chunks = {
            pool.submit(
                run, seed, first, min(first + chunk, mutations), is_hostile=is_hostile
            ): first
            for first in range(0, mutations, chunk)
        }
        try:
            for done in as_completed(chunks):
                try:
                    report.add(done.result())
                except BrokenProcessPool:
                    what = "the process died in this mutation or one soon after"
                    report.failures.append((chunks[done], what))
                if report.count % 5_000 == 0:
                    now = f"{report.count} done, {len(report.failures)} failures"
                    print(now, file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)


def check(page: HtmlPage) -> None:
    """Raise ``ValueError`` if what was extracted could not be written into a drop."""
    json.dumps(asdict(page), ensure_ascii=False).encode("utf-8")
    for value in (
        page.date_published,
        page.date_modified,
        *(c.value for c in page.date_candidates),
    ):
        if value:
            date.fromisoformat(value[:10])
    if any(not person.name.strip() for person in page.authors):
        raise ValueError(f"a person without a name: {page.authors}")


def peak_mib() -> int:
    """Return the most memory that this process ever held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def main() -> None:
    """Run, print, and exit with 1 if anything failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mutations", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=os.cpu_count())
    options.add_argument("--only", type=int, help="repeat the mutation of this number")
    options.add_argument("--save", type=Path, help="with --only: keep its page in this file")
    options.add_argument("--hostile", action="store_true", help="pages that are made to be costly")
    arguments = options.parse_args()
    report = Report()
    if arguments.only is not None:
        if arguments.save:
            make = hostile if arguments.hostile else case
            arguments.save.write_bytes(make(arguments.seed, arguments.only)[0])
        report = run(
            arguments.seed, arguments.only, arguments.only + 1, is_hostile=arguments.hostile
        )
    else:
        run_all(
            arguments.seed,
            arguments.mutations,
            arguments.processes,
            report,
            is_hostile=arguments.hostile,
        )
    what = "hostile pages" if arguments.hostile else f"mutations of {len(pages())} pages"
    print(
        f"{report.count} {what}, seed {arguments.seed}: "
        f"{1000 * report.seconds / max(1, report.count):.1f} CPU ms a page, slowest "
        f"{1000 * report.slowest[0]:.0f} ms (number {report.slowest[1]}), "
        f"at most {report.peak_mib} MiB a process, {len(report.failures)} failures"
    )
    option = " --hostile" if arguments.hostile else ""
    for number, failure in sorted(report.failures):
        print(f"\n--seed {arguments.seed}{option} --only {number}\n{failure}")
    sys.exit(1 if report.failures else 0)


if __name__ == "__main__":
    main()
