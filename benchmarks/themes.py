"""What listings of sites that nobody declared give. Run by hand.

    python -m benchmarks.themes WORK [--themes keep …] [--unseen] [--show 5]

Builds sites of real themes of real systems with invented articles (`benchmarks.dumps` builds them, in
WORK, where what was built stays), and for each theme

- reads every page of it by its address, as a page of a site that nobody declared: on listings, how many
  of the articles that a page links in its main part are cards, with the right address, headline, teaser
  and day; what is taken for a card or an article and is none;
- serves it on loopback, crawls it live from the front page, and compares the drop: articles found, false
  ones, and whose headline, day, author, section and text are as published.

`UNSEEN` themes are out of all tuning: `--unseen` takes them.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.dumps import HEXO, NIKOLA, PELICAN, build, install
from benchmarks.invented import Invented, invent
from newscrawl.extract.typography import letters
from newscrawl.items import Article, PageRecord
from newscrawl.page import Page
from newscrawl.pipelines.dates import DatesPipeline
from newscrawl.reading.page import read_page

UNSEEN = ("redefine", "bootblog4", "icarus", "butterfly", "reflex", "async", "yun", "engineering")
SEEN = tuple(theme for theme in (*HEXO, *PELICAN, *NIKOLA) if theme not in UNSEEN)
ARTICLES = 24
_BUILT_FOR = re.compile(rb"https?://(?:lowland\.example|example\.com)")
_SLUG = re.compile(r"report-\d+")


def public(work: Path, theme: str) -> Path:
    """The folder of a theme's pages as they are served."""
    site = work / "sites" / theme
    return site / ("output" if theme in NIKOLA else "public")


# Page by page


def read_listings(folder: Path, articles: list[Invented], show: int) -> Counter[str]:
    """Read every listing of a site, and count what is right."""
    own = {article.slug: article for article in articles}
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if _SLUG.search(name):
            continue
        host = (
            "example.com"
            if (folder.parent / "conf.py").exists() and folder.name == "output"
            else "lowland.example"
        )
        address = f"https://{host}/{name.removesuffix('index.html')}"
        body = path.read_bytes()
        linked = {match for match in _SLUG.findall(body.decode()) if match in own}
        page = Page(address, body, "text/html", url=address)
        items = read_page(page)
        record = items[-1]
        assert isinstance(record, PageRecord)
        found = [item for item in items if isinstance(item, Article)]
        if not linked:
            counts["pages without articles"] += 1
            counts["false"] += len(found)
            continue
        counts["listings"] += 1
        counts["read"] += record.outcome == "extracted"
        counts["linked"] += len(linked)
        met = set()
        for item in found:
            match = _SLUG.search(item.url or "")
            article = own.get(match[0]) if match else None
            if article is None:
                counts["false"] += 1
                if show:
                    print(f"    false on {name}: {item.headline!r} {item.url}")
                continue
            met.add(article.slug)
            counts["cards"] += 1
            right = letters(item.headline or "") == letters(article.headline)
            counts["headline"] += right
            if show and not right:
                print(f"    headline on {name}: {item.headline!r} for {article.headline!r}")
            text = letters(item.article_body)
            whole = letters("".join(article.paragraphs) + (article.subhead or (0, ""))[1])
            counts["teasers"] += bool(text)
            counts["teaser right"] += bool(text) and text[:60] in letters(
                " ".join(article.paragraphs)
            )
            counts["truncated told"] += item.is_truncated or text == whole
            DatesPipeline().process_item(item)
            if item.date_published:
                counts["dated"] += 1
                day = item.date_published[:10] == f"{article.published:%Y-%m-%d}"
                counts["day right"] += day
                if show and not day:
                    print(f"    day on {name}: {item.date_published} for {article.published}")
        counts["found"] += len(met)
        if show and linked - met:
            print(f"    {name}: {len(met)} of {len(linked)}: {record.outcome}, {record.reason}")
    return counts


# Live


def crawl(folder: Path, out: Path) -> list[dict[str, Any]]:
    """Crawl a folder that is served on loopback, from its front page; the drop's articles."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
            """Say nothing."""

    served = out / "served"
    handler = functools.partial(Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        shutil.copytree(folder, served)
        for path in served.rglob("*.*ml"):
            # The pages name themselves by the host that they were built for.
            path.write_bytes(_BUILT_FOR.sub(f"http://{host}".encode(), path.read_bytes()))
        command = [
            sys.executable, "-m", "scrapy", "crawl", "live", "-a", f"url=http://{host}/",
            "-s", "NEWSCRAWL_CONTACT=operator@example.org", "-s", f"NEWSCRAWL_ALLOW_HOSTS={host}",
            "-s", f"NEWSCRAWL_OUTPUT={out}", "-s", "NEWSCRAWL_CAPTURE=none", "-s", "DOWNLOAD_DELAY=0",
            "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "LOG_LEVEL=ERROR", "-a", "run_id=themes",
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
        server.shutdown()
    drop = out / "themes" / "articles.jsonl"
    return [json.loads(line) for line in drop.open()] if drop.exists() else []


def compare(records: list[dict[str, Any]], articles: list[Invented], show: int) -> Counter[str]:
    """Compare a drop with what was published."""
    own = {article.slug: article for article in articles}
    counts: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for record in records:
        match = _SLUG.search(record["url"] or "")
        article = own.get(match[0]) if match else None
        if article is None:
            counts["false"] += 1
            if show:
                print(f"    false in the drop: {record['headline']!r} {record['url']}")
            continue
        met[article.slug] += 1
        counts["sighted"] += len(record["sightings"]) > 1
        counts["headline"] += letters(record["headline"] or "") == letters(article.headline)
        counts["day"] += (record["date_published"] or "")[:10] == f"{article.published:%Y-%m-%d}"
        counts["author"] += [author["name"] for author in record["authors"]] == [article.author]
        counts["section"] += record["article_section"] == article.section
        counts["text"] += letters(record["article_body"]).startswith(
            letters(article.paragraphs[0])
        ) and all(letters(part) in letters(record["article_body"]) for part in article.paragraphs)
    counts["articles"], counts["twice"] = len(met), sum(met.values()) - len(met)
    return counts


def rows(theme: str, counts: Counter[str], names: list[tuple[str, str]]) -> Iterator[str]:
    """A table's row."""
    cells = [
        f"{counts[name]}/{counts.get(of, of)}" if of else str(counts[name]) for name, of in names
    ]
    yield f"| {theme} | " + " | ".join(cells) + " |"


def main() -> None:
    """Build, read, crawl, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--themes", nargs="+", default=None)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--no-crawl", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    install(work)
    themes = options.themes or (UNSEEN if options.unseen else SEEN)
    listed = [("read", "listings"), ("found", "linked"), ("headline", "cards"), ("teaser right", "teasers"),
              ("truncated told", "cards"), ("day right", "dated"), ("dated", "cards"), ("false", "")]  # fmt: skip
    crawled = [
        (name, str(ARTICLES))
        for name in ("articles", "sighted", "headline", "day", "author", "section", "text")
    ]
    crawled += [("false", ""), ("twice", "")]
    both: tuple[list[str], list[str]] = ([], [])
    for theme in themes:
        language = {**HEXO, **PELICAN, **NIKOLA}[theme]
        build(work, theme)
        articles = invent(language, ARTICLES)
        if options.show:
            print(f"  {theme}")
        both[0].extend(
            rows(theme, read_listings(public(work, theme), articles, options.show), listed)
        )
        if options.no_crawl:
            continue
        with tempfile.TemporaryDirectory() as out:
            records = crawl(public(work, theme), Path(out))
        both[1].extend(rows(theme, compare(records, articles, options.show), crawled))
    for names, lines in zip((listed, crawled), both, strict=True):
        print("| theme | " + " | ".join(name for name, _ in names) + " |")
        print("|---" * (len(names) + 1) + "|")
        print("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
