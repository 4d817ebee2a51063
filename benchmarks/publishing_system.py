"""Crawl a real publishing system and compare the drop with what was published. Run by hand.

    python -m benchmarks.publishing_system [--articles 60] [--themes twentytwentythree …]

Starts WordPress as Debian packages it (`benchmarks/wordpress/site.py` says what to install), with
a database of its own, filled with invented articles: eight authors, six sections, tags, captions,
headings, lists, quotes, buttons, excerpts, comments, a sticky post, a draft, a private post and
a static page. Then, for each theme,

- reads each article's page, the home page, an author, a section, a tag, a month and a search,
  as a page of a site that nobody declared;
- runs `scrapy crawl live` on the front page's address and looks at the drop.

Both are compared with the truth: each article once, headline, text, author, date, section and
captions. Prints what differs; exit code 0 means that nothing does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.wordpress.site import PER_PAGE, THEMES, Published, RealWordPress
from newscrawl.items import Article, Item, PageRecord, Person
from newscrawl.page import Page
from newscrawl.reading.page import read_page
from tests.servers.content import slug

Differences = Counter[str]


def main() -> None:
    """Start, read, crawl, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    options = parser.parse_args()
    begun = time.monotonic()
    differences: Differences = Counter()
    with RealWordPress(options.articles) as wordpress:
        print(f"WordPress with {len(wordpress.articles)} public articles", end=" ")
        print(f"after {time.monotonic() - begun:.0f} s")
        for theme in options.themes:
            wordpress.theme(theme)
            found = Counter(pages(wordpress)) + Counter(crawl(wordpress))
            print(f"{theme}: {len(found) or 'nothing'} differs", flush=True)
            for difference in found:
                print(f"  {difference}")
            differences += found
    sys.exit(bool(differences))


def pages(wordpress: RealWordPress) -> Iterator[str]:
    """Read pages one by one, without a crawl; what differs from the truth."""
    for article in wordpress.articles:
        items = read(wordpress, article.url)
        articles = [item for item in items if isinstance(item, Article)]
        if len(articles) != 1:
            yield f"{article.url}: {len(articles)} articles, kind {kind_of(items)}"
            continue
        (item,) = articles
        shown = {
            "headline": item.headline,
            "body": (item.article_body or "").split("\n\n"),
            "authors": [author.name for author in item.authors],
            "published": [r.value for r in item.date_readings if r.field == "published"],
            "captions": sorted({image.caption for image in item.images if image.caption}),
        }
        wanted = {
            "headline": article.headline,
            "body": list(article.body),
            "authors": [article.author],
            "published": [article.published.isoformat()],
            "captions": [without_credit(caption) for caption in article.captions],
        }
        yield from (
            f"{article.url}: {name} is {shown[name]!r:.200}, not {wanted[name]!r:.200}"
            for name in wanted
            if shown[name] != wanted[name]
        )
    yield from listings(wordpress)


def listings(wordpress: RealWordPress) -> Iterator[str]:
    """Read each kind of listing; what differs from the truth."""
    newest = wordpress.articles
    first = newest[0]
    kinds = {
        f"/category/{slug(first.section)}/": (
            "listing",
            [article for article in newest if article.section == first.section],
        ),
        f"/tag/{first.tags[0]}/": (
            "listing",
            [article for article in newest if first.tags[0] in article.tags],
        ),
        f"/author/{slug(first.author)}/": (
            "author",
            [article for article in newest if article.author == first.author],
        ),
        f"/{first.published:%Y/%m}/": ("listing", newest),
        "/page/2/": ("listing", newest[PER_PAGE:]),
    }
    for path, (kind, articles) in kinds.items():
        items = read(wordpress, wordpress.origin + path)
        if kind_of(items) != kind:
            yield f"{path}: kind is {kind_of(items)}, not {kind}"
        shown = [(i.headline, i.url) for i in items if isinstance(i, Article)]
        wanted = [(article.headline, article.url) for article in articles[:PER_PAGE]]
        if shown != wanted:
            yield f"{path}: shows {shown!r:.200}, not {wanted!r:.200}"
        people = [item.name for item in items if isinstance(item, Person)]
        if people != ([first.author] if kind == "author" else []):
            yield f"{path}: people are {people}"
    page = read(wordpress, wordpress.origin + "/about-us/")
    if any(isinstance(item, Article) for item in page):
        yield "/about-us/ counts as an article"


def read(wordpress: RealWordPress, url: str) -> list[Item]:
    """A page's items."""
    page = Page(name=url, body=wordpress.get(url), media_type="text/html", url=url)
    return read_page(page)


def kind_of(items: list[Item]) -> str:
    """What kind of page it is, by its own record."""
    record = items[-1]
    assert isinstance(record, PageRecord)
    return record.kind


def crawl(wordpress: RealWordPress) -> Iterator[str]:
    """Crawl the site live; what differs from the truth in the drop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {
            "NEWSCRAWL_ALLOW_HOSTS": wordpress.origin.removeprefix("http://"),
            "NEWSCRAWL_CONTACT": "benchmark@example.org",
            "NEWSCRAWL_OUTPUT": folder / "drops",
            "NEWSCRAWL_CAPTURE": folder / "captures",
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "WARNING",
        }
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "live",
            "-a",
            f"url={wordpress.origin}/",
        ]
        for setting, value in settings.items():
            command += ["-s", f"{setting}={value}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"scrapy crawl live: exit code {done.returncode}: {done.stderr[-1000:]}"
            return
        (drop,) = (folder / "drops").glob("*Z-*")
        records = {path.stem: list(lines(path)) for path in drop.glob("*.jsonl")}
    print(f"  crawl: {len(records['pages'])} pages, {len(records['articles'])} articles")
    shown: dict[str, list[dict[str, Any]]] = {}
    for record in records["articles"]:
        shown.setdefault(record["url"], []).append(record)
    for article in wordpress.articles:
        found = shown.pop(article.url, [])
        if len(found) == 1:
            yield from (f"drop, {article.url}: {d}" for d in compared(found[0], article))
        else:
            yield f"drop, {article.url}: {len(found)} records"
    yield from (f"drop: {url} is no article" for url in shown)
    people = sorted(person["name"] for person in records["people"])
    if people != sorted({article.author for article in wordpress.articles}):
        yield f"drop: people are {people}"
    for reject in records["rejects"]:
        yield f"drop: rejected {reject}"


def compared(record: dict[str, Any], article: Published) -> Iterator[str]:
    """What differs between a drop's record and the truth."""
    shown = {
        "headline": record["headline"],
        "text": record["article_body"].split("\n\n"),
        "authors": [author["name"] for author in record["authors"]],
        "published": instant(record["date_published"]),
        "section": record["article_section"],
        "captions": sorted({i["caption"] for i in record["images"] if i["caption"]}),
        "alike": record["near_duplicates"],
    }
    wanted = {
        "headline": article.headline,
        "text": list(article.body),
        "authors": [article.author],
        "published": article.published,
        "section": article.section,
        "captions": [without_credit(caption) for caption in article.captions],
        "alike": [],
    }
    for name, value in wanted.items():
        if shown[name] != value:
            yield f"{name} is {shown[name]!r:.200}, not {value!r:.200}"


def instant(text: str | None) -> datetime | None:
    """A date as printed in a drop."""
    return datetime.fromisoformat(text) if text else None


def without_credit(caption: str) -> str:
    """The caption as a drop has it: the credit stands in a field of its own."""
    return caption.split(" Photo:")[0]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a file of the drop."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main()
