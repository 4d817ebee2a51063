"""How well the form of an address tells an article from a listing, and what discovery costs.

``NEWSCRAWL_CORPUS=folder python benchmarks/discovery.py``. Articles are the addresses of the
saved pages. Listings are what those pages themselves call one: the steps above the page in a
BreadcrumbList, an author's address in JSON-LD, links with rel=tag, rel=category or rel=author.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from truth import corpus, site_bucket

from newscrawl.discovery.addresses import host_of, same_site
from newscrawl.discovery.forms import form_points
from newscrawl.extract.html import HtmlDocument, parse_html
from newscrawl.sites.base import registrable_domain


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    for truth in sorted(folder.glob("*/ground-truth.jsonl")):
        for line in truth.read_text("utf-8").split("\n"):
            if not line:
                continue
            row = json.loads(line)
            if row["url"]:
                yield row["url"], gzip.decompress((truth.parent / row["file"]).read_bytes())


def listings_of(document: HtmlDocument, url: str) -> Iterator[str]:
    """Addresses that the page itself calls a listing."""
    for crumbs in document.by_type.get("BreadcrumbList", []):
        items = crumbs.get("itemListElement")
        for item in items[:-1] if isinstance(items, list) else []:
            target: Any = item.get("item") if isinstance(item, dict) else None
            target = target.get("@id") or target.get("url") if isinstance(target, dict) else target
            if isinstance(target, str):
                yield target
    authors = document.article.get("author")
    for author in authors if isinstance(authors, list) else [authors]:
        if isinstance(author, dict) and isinstance(author.get("url"), str):
            yield author["url"]
    for link in document.tree.css("a[rel][href]"):
        words = (link.attributes.get("rel") or "").lower().split()
        if {"tag", "category", "author"} & set(words):
            yield link.attributes.get("href") or ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print what is told wrong")
    show = arguments.parse_args().show
    folder = corpus()
    if folder is None:
        raise SystemExit("set NEWSCRAWL_CORPUS to the folder that holds pages/")
    articles: set[str] = set()
    listings: set[str] = set()
    for url, body in pages(folder):
        articles.add(url)
        document, own = parse_html(body, url=url), same_site(url)
        for href in listings_of(document, url):
            address = urljoin(url, href.strip())
            if address.startswith("http") and own(host_of(address)):
                listings.add(address.partition("#")[0])
    listings -= articles
    for tune in (True, False):
        print("tuned on" if tune else "held out")
        for name, addresses in (("articles", articles), ("listings", listings)):
            counts = {"article": 0, "unsure": 0, "listing": 0, "not followed": 0}
            chosen = [
                a
                for a in sorted(addresses)
                if (site_bucket(registrable_domain(a) or "") < 60) == tune
            ]
            for address in chosen:
                points = form_points(address)
                told = (
                    "not followed"
                    if points is None
                    else "article"
                    if points > 1
                    else "listing"
                    if points < 0
                    else "unsure"
                )
                counts[told] += 1
                if show and tune and told != name.removesuffix("s"):
                    print(f"  {name} {told} {points}: {address}")
            print(
                f"  {name}: {len(chosen)}",
                {k: f"{v} ({v / len(chosen):.3f})" for k, v in counts.items()},
            )


if __name__ == "__main__":
    main()
