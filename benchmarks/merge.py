"""What merging and publishing cost, and what they find, on generated articles.

    python benchmarks/merge.py [--articles 10000 100000] [--again]

Writes N pages of fifty sites into a run with a state: articles of some 3 KB with a constant
and a moving ticker block and three short lines around and between their paragraphs. Of
each twenty, one is an exact copy on another site, one a copy with edits, and one a listing's
teaser of the article before it. Prints pages a second (spooling, publishing and state), CPU time a page, peak memory,
bytes of state an article; then reads the drop and prints recall and precision of the copies
against the known pairs, how many texts hold furniture, and how many lost text. With --again
the same pages are run a second time on the same state, with one figure in a hundred articles
corrected. Each run is a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec

from newscrawl.drops.run import Run
from newscrawl.items import Article, PageRecord, Sighting
from newscrawl.merge import near

SITES = 50
WORDS = [
    "".join(parts) + "".join(tail)
    for parts in product("bdfgklmnprst", "aeiou")
    for tail in product(
        ["l", "n", "r", "s", "st", "nd", "lla", "ren", "tion"], ["", "e", "o", "er"]
    )
]
CONSTANT = (
    "Gold and silver and copper and oil at the close of trading in the port, all prices in euro"
)
SHORT = ["Subscribe to our newsletter", "All rights reserved, no part may be copied", "Read also"]
EXACT, EDITED, TEASER = 1, 3, 5


def text(number: int) -> list[str]:
    """The paragraphs of an article: eight of about fifty words."""
    rng = random.Random(number)
    return [
        " ".join(rng.choices(WORDS, k=rng.randint(40, 60))).capitalize() + f" {number}."
        for _ in range(8)
    ]


def edited(number: int) -> list[str]:
    """The article before, with up to ten words changed: a Jaccard similarity of .87 to .99."""
    rng = random.Random(-number)
    paragraphs = [paragraph.split(" ") for paragraph in text(number - 1)]
    for _ in range(rng.randint(1, 10)):
        words = rng.choice(paragraphs)
        words[rng.randrange(len(words))] = rng.choice(WORDS)
    return [" ".join(words) for words in paragraphs]


def paragraphs_of(number: int) -> list[str]:
    """What a page says, without furniture."""
    match number % 20:
        case 1:
            return text(number - 1)
        case 3:
            return edited(number)
        case 5:
            return [text(number - 1)[0][:150] + "..."]
    return text(number)


def page_of(number: int, corrected: bool) -> tuple[PageRecord, Article]:
    """A page with its article, as they leave the pipelines."""
    kind = number % 20
    of = number - 1 if kind in (EXACT, TEASER) else number
    site = f"site{((number - (kind == TEASER)) * 7) % SITES}.example"
    blocks = paragraphs_of(number)
    if corrected and number % 100 == 50:
        blocks[2] = f"The figure was corrected to {number + 7}. " + blocks[2]
    if kind != TEASER:
        ticker = f"USD {10 + number % 77 / 7:.2f} EUR {11 + number % 91 / 9:.3f} up {number % 9}.{number % 7}%"
        blocks = [CONSTANT, *blocks[:2], SHORT[2], *blocks[2:], ticker, *SHORT[:2]]
    body, page = "\n\n".join(blocks), f"{number:07d}.html"
    seen = Sighting(page=page, page_date="2024-12-21", position=1, date_raw=None, is_truncated=kind == TEASER,
                    body_sha256=hashlib.sha256(body.encode()).hexdigest())  # fmt: skip
    article = Article(
        id="", site=site, url=f"https://{site}/{of}" if kind != TEASER else None, headline=f"Report {of} from {site}",
        article_body=body, is_truncated=kind == TEASER, sightings=[seen], page=page,
    )  # fmt: skip
    record = PageRecord(page=page, site=site, kind="listing" if kind == TEASER else "article",
                        outcome="extracted", found=1)  # fmt: skip
    return record, article


def run(count: int, folder: Path, name: str, corrected: bool) -> None:
    """One run; prints seconds of spooling and of publishing, CPU seconds, peak memory in MiB."""
    begun, cpu = time.perf_counter(), time.process_time()
    made = made_cpu = 0.0
    one = Run(folder, "bench", None, {}, name, folder / "state.sqlite")
    for number in range(count):
        before, cpu_before = time.perf_counter(), time.process_time()
        record, article = page_of(number, corrected)
        made += time.perf_counter() - before
        made_cpu += time.process_time() - cpu_before
        one.add(record)
        one.add(article)
    spooled = time.perf_counter()
    one.publish()
    one.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time() - cpu - made_cpu
    print(spooled - begun - made, time.perf_counter() - spooled, cpu, peak)


def records(drop: Path) -> Iterator[dict[str, object]]:
    """The articles of a drop."""
    with (drop / "articles.jsonl").open("rb") as lines:
        yield from map(msgspec.json.Decoder(dict[str, object]).decode, lines)


def check(count: int, drop: Path) -> str:
    """Compare a drop with what is known; what is found, in words."""
    ids: dict[int, str] = {}
    links: dict[tuple[str, str], float] = {}
    leaks = losses = articles = 0
    for record in records(drop):
        articles += 1
        number = min(int(str(s["page"])[:7]) for s in record["sightings"] if not s["is_truncated"])  # type: ignore[attr-defined]  # decoded JSON, of known shape
        ids[number] = str(record["id"])
        body = str(record["article_body"])
        leaks += any(line in body for line in (CONSTANT, "USD ", *SHORT))
        losses += "\n\n".join(paragraphs_of(number)) != body
        for other in record["same_as"]:  # type: ignore[attr-defined]  # decoded JSON, of known shape
            links[str(record["id"]), other] = 1.0
        for pair in record["near_duplicates"]:  # type: ignore[attr-defined]  # decoded JSON, of known shape
            links[str(record["id"]), pair["id"]] = pair["similarity"]
    known, alike = 0, 0
    found = 0
    for number in range(1, count):
        if number % 20 not in (EXACT, EDITED):
            continue
        a, b = (near.shingles("\n\n".join(paragraphs_of(n))) for n in (number - 1, number))
        assert a is not None
        assert b is not None
        pair = (ids[number - 1], ids[number])
        is_linked = pair in links and pair[::-1] in links
        alike += is_linked
        if near.similarity(a, b) >= 0.85:
            known += 1
            found += is_linked
    return (
        f"{articles:,} articles; known pairs of J >= .85: {known:,}, recall {found / known:.4f}, "
        f"precision {2 * alike / len(links):.4f}; leaks {leaks}, losses {losses}"
    )


def main() -> None:
    """Measure, check and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        count, folder, name, corrected = arguments.run
        run(int(count), Path(folder), name, corrected == "True")
        return
    print(
        f"{'pages':>9} {'run':5} {'spool/s':>8} {'publish/s':>9} {'pages/s':>8} {'CPU ms/page':>11} {'peak MiB':>8} {'state B/article':>15}"
    )
    for count in arguments.articles:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            for name in ["first", "again"] if arguments.again else ["first"]:
                command = [
                    sys.executable,
                    __file__,
                    "--run",
                    str(count),
                    temporary,
                    name,
                    str(name == "again"),
                ]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                spooling, publishing, cpu, peak = map(float, done.stdout.split())
                size = (folder / "state.sqlite").stat().st_size / (count * 0.95)
                print(
                    f"{count:9,} {name:5} {count / spooling:8.0f} {count / publishing:9.0f} "
                    f"{count / (spooling + publishing):8.0f} {cpu * 1000 / count:11.2f} {peak:8.0f} {size:15.0f}",
                    flush=True,
                )
            print("         ", check(count, folder / "first"), flush=True)
            if arguments.again:
                events = [record["event"] for record in records(folder / "again")]
                print(
                    "          again:",
                    {event: events.count(event) for event in sorted(set(map(str, events)))},
                )


if __name__ == "__main__":
    os.environ["PYTHONHASHSEED"] = "0"
    main()
