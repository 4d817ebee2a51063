"""Show pages drawn by lot with what their drop says of their dates, for reading side by side.

    NEWSCRAWL_CORPUS=… python benchmarks/dates_lot.py [--seed 14] [--count 100] [--from 0]

For each page: the drop's dates and their evidence, then what the page itself gives: structured
data, metas, ``<time>`` and the lines by its headline, and elsewhere, that hold a date. What was found
when a hundred were read is in ``dates_lot.md``.
"""

import argparse
import json
import random
import re
import tempfile
from pathlib import Path

from published_dates import EARLIEST_CAPTURE, SETS, capture
from truth import Case, corpus, load
from warcs import by_page, replay, write_warc

from newscrawl.extract.html import dates, metadata
from newscrawl.extract.html.document import parse_html

_KEYS = re.compile(r"date|time|publish|modif|pubdate|updated", re.IGNORECASE)
_DATED = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\bago\b")
_WINDOW = range(-4, 10)


def main() -> None:
    """Print the pages."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=14)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--from", type=int, default=0, dest="first")
    arguments = options.parse_args()
    folder = corpus()
    assert folder, "set NEWSCRAWL_CORPUS to the folder that holds pages/"
    cases = [(name, case) for name in SETS for case in load(folder / name)]
    lot = random.Random(arguments.seed).sample(cases, arguments.count)
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "lot.warc"
        pages = write_warc(path, (capture(case, EARLIEST_CAPTURE) for _, case in lot))
        found = by_page(replay(path, Path(work) / "output"))
    for number, ((name, case), page) in enumerate(zip(lot, pages, strict=True)):
        if number >= arguments.first:
            show(number, name, case, found.get(page, []))


def show(number: int, name: str, case: Case, articles: list[dict[str, object]]) -> None:
    """Print one page."""
    print(f"\n#{number} {name} {Path(case.file).name[:16]} {case.url}")
    print(f"  set: {case.expected.get('date')}; captured {case.captured}")
    if len(articles) != 1:
        print(f"  {len(articles)} articles")
    for article in articles[:1]:
        print(f"  drop: {article['date_published']} / {article['date_modified']}")
        for kind, evidence in article["date_evidence"].items():  # type: ignore[attr-defined]
            if evidence:
                told = {key: value for key, value in evidence.items() if value and key != "sources"}
                print(f"    {kind}: {json.dumps(told, ensure_ascii=False)[:420]}")
    document = parse_html(case.body, url=case.url)
    for text in sorted(tell_metadata(case)):
        print(f"  {text}")
    sourced = metadata.headline(document, metadata.site_names(document))
    top = document.headline_position(sourced[0] if sourced else "")
    blocks = document.walked.blocks
    lines = [
        f"{i - top:+d} {block.text[:110]}"
        for i, block in enumerate(blocks)
        if i - top in _WINDOW and _DATED.search(block.text) and len(block.text) < 300
    ]
    printed, further = dates._printed(
        document, dates.habits(document, None, dates.DateHabits()), top
    )
    lines += [f"far {c.kind}: {c.raw[:90]}" for c in (*printed, *further)][:5]
    for line in dict.fromkeys(lines[:14]):
        print(f"    {line}")


def tell_metadata(case: Case) -> set[str]:
    """Return what structured data and metas say of dates."""
    document = parse_html(case.body, url=case.url)
    told = {
        f"ld {node.get('@type')} {key}: {value}"[:120]
        for node in document.json_ld
        for key, value in node.items()
        if isinstance(value, str) and "date" in key.lower()
    }
    told |= {
        f"meta {key}: {values[0]}"[:110]
        for key, values in document.metas.items()
        if values and _KEYS.search(key) and _DATED.search(values[0]) and len(values[0]) < 60
    }
    times = [
        f"time {node.attributes.get('datetime')} | {' '.join(node.text().split())[:40]}"
        for node in document.times[:4]
    ]
    return told | set(times)


if __name__ == "__main__":
    main()
