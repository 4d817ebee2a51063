"""How well articles are told from listings, block pages from articles, and what discovery costs.

``NEWSCRAWL_CORPUS=folder python benchmarks/discovery.py``. Articles are the addresses of the
saved pages. Listings are what those pages themselves call one: the steps above the page in a
BreadcrumbList, an author's address in JSON-LD, links with rel=tag, rel=category or rel=author.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from truth import TUNE_PERCENT, corpus, site_bucket

from newscrawl.addresses.domains import registrable_domain
from newscrawl.addresses.forms import form_points
from newscrawl.addresses.links import followable, host_of, same_site
from newscrawl.discovery.blocked import blocked_reason
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.links import linked_sources, listing_links
from newscrawl.discovery.pages import next_pages, pager_links
from newscrawl.discovery.sitemaps import parse_sitemap
from newscrawl.extract.html import HtmlDocument, parse_html
from newscrawl.page.fetched import Fetched
from newscrawl.page.systems import SYSTEMS

_NOW = datetime.now(UTC).replace(microsecond=0)


def saved_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Address and bytes of each saved page that has an address."""
    for truth in sorted(folder.glob("*/ground-truth.jsonl")):
        for line in filter(None, truth.read_text("utf-8").split("\n")):
            row = json.loads(line)
            if row["url"]:
                yield row["url"], gzip.decompress((truth.parent / row["file"]).read_bytes())


def listings_of(document: HtmlDocument, url: str) -> set[str]:
    """Addresses of the same site that the page itself calls a listing."""
    named: list[Any] = []
    for crumbs in document.by_type.get("BreadcrumbList", []):
        items = crumbs.get("itemListElement")
        for item in items[:-1] if isinstance(items, list) else []:
            target = item.get("item") if isinstance(item, dict) else None
            named.append(
                target.get("@id") or target.get("url") if isinstance(target, dict) else target
            )
    authors = document.article.get("author")
    authors = authors if isinstance(authors, list) else [authors]
    named += [author.get("url") for author in authors if isinstance(author, dict)]
    for link in document.tree.css("a[rel][href]"):
        words = (link.attributes.get("rel") or "").lower().split()
        if {"tag", "category", "author"} & set(words):
            named.append(link.attributes.get("href"))
    own = same_site(url)
    addresses = {followable(url, name) for name in named if isinstance(name, str)}
    return {a for a in addresses if a and own(host_of(a)) and a != followable("", url)}


def told(points: int | None) -> str:
    """What `form_points` comes to."""
    if points is None:
        return "not followed"
    return "article" if points > 1 else "listing" if points < 0 else "unsure"


def measure_roles(pages: list[tuple[str, bytes]], *, show: bool) -> None:
    """Print how addresses are told by form alone, and links by form and place."""
    forms: dict[tuple[str, str], dict[str, str]] = {}
    places: dict[str, Counter[str]] = {}
    for url, body in pages:
        split = "tuned" if site_bucket(registrable_domain(url) or "") < TUNE_PERCENT else "held out"
        document = parse_html(body, url=url)
        listings = listings_of(document, url)
        forms.setdefault((split, "articles"), {})[url] = told(form_points(url))
        for address in listings:
            forms.setdefault((split, "listings"), {})[address] = told(form_points(address))
        for found in listing_links(document, url, allowed=same_site(url), layouts=SYSTEMS):
            if found.url in listings:
                places.setdefault(split, Counter())[found.role or "unsure"] += 1
    for (split, name), roles in sorted(forms.items()):
        _print(f"by form, {split}, {name}", Counter(roles.values()))
        if show and split == "tuned":
            for address, role in sorted(roles.items()):
                if role != name.removesuffix("s"):
                    print(f"    {role}: {address}")
    for split, counts in sorted(places.items()):
        _print(f"by form and place, {split}, links to listings", counts)


def _print(title: str, counts: Counter[str]) -> None:
    total = counts.total()
    shares = ", ".join(f"{name} {n} ({n / total:.3f})" for name, n in counts.most_common())
    print(f"{title}: {total}: {shares}")


def measure_blocks(pages: list[tuple[str, bytes]]) -> None:
    """Print which saved articles are taken for block pages."""
    for url, body in pages:
        fetched = Fetched(page=url, url=url, status=200, body=body, fetched_at=_NOW)
        reason = blocked_reason(fetched, parse_html(body, url=url))
        if reason:
            print(f"blocked: {url}: {reason}")


def feed_of(entries: int) -> bytes:
    """An RSS feed with full texts."""
    items = "".join(
        f"<item><title>Harbour story {n} &amp; more</title>"
        f"<link>https://coast.example/2024/11/05/story-{n}?utm_source=rss</link>"
        f"<guid isPermaLink='false'>https://coast.example/?p={n}</guid>"
        "<dc:creator><![CDATA[Marit Solheim]]></dc:creator>"
        f"<pubDate>Tue, 05 Nov 2024 08:{n % 60:02}:00 +0100</pubDate>"
        "<category><![CDATA[Harbour]]></category><category>Fish</category>"
        f"<description><![CDATA[<p>It <b>opens</b>. {'Boats wait. ' * 30}</p>]]></description>"
        f"<content:encoded><![CDATA[{'<p>Boats wait until the storm is over.</p>' * 60}]]></content:encoded>"
        "</item>"
        for n in range(entries)
    )
    return (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Coast</title>"
        f"{items}</channel></rss>"
    ).encode()


def sitemap_of(entries: int) -> bytes:
    """A URL set."""
    urls = "".join(
        f"<url><loc>https://coast.example/2024/11/05/harbour-story-{n}</loc>"
        f"<lastmod>2024-11-05T08:{n % 60:02}:00+01:00</lastmod></url>\n"
        for n in range(entries)
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def milliseconds(work: Callable[[], object], times: int) -> float:
    """CPU time of one call, the best of `times`."""
    work()
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best * 1000


def measure_costs(pages: list[tuple[str, bytes]]) -> None:
    """Print CPU milliseconds."""
    feed, sitemap = feed_of(100), sitemap_of(50_000)
    print(f"feed, 100 entries, {len(feed)} bytes: {milliseconds(lambda: parse_feed(feed, 'https://coast.example/feed'), 10):.1f} ms")  # fmt: skip
    print(f"sitemap, 50,000 entries, {len(sitemap)} bytes: {milliseconds(lambda: parse_sitemap(sitemap, 'https://coast.example/s.xml'), 3):.0f} ms")  # fmt: skip
    print(f"the same, the newest 1,000 kept: {milliseconds(lambda: parse_sitemap(sitemap, 'https://coast.example/s.xml', limit=1_000), 3):.0f} ms")  # fmt: skip
    chosen = [(url, body) for url, body in pages if 120_000 < len(body) < 180_000][:60]
    sums: Counter[str] = Counter()
    for url, body in chosen:
        document, own = parse_html(body, url=url), same_site(url)
        fetched = Fetched(page=url, url=url, status=200, body=body, fetched_at=_NOW)
        _ = document.walked, document.links
        pager = pager_links(document, url)
        works: dict[str, Callable[[], object]] = {
            "listing_links": lambda d=document, u=url, o=own, p=pager: listing_links(d, u, allowed=o, layouts=SYSTEMS, pager=p),
            "pager_links": lambda d=document, u=url: pager_links(d, u),
            "next_pages": lambda d=document, u=url, p=pager: next_pages(d, u, links=p),
            "linked_sources": lambda d=document, u=url: linked_sources(d, u),
            "blocked_reason": lambda d=document, f=fetched: blocked_reason(f, d),
        }  # fmt: skip
        sums["parse and walk, to compare"] += milliseconds(lambda u=url, b=body: parse_html(b, url=u).walked, 3)  # fmt: skip
        sums["links"] += len(document.tree.css("a[href]"))
        for name, work in works.items():
            sums[name] += milliseconds(work, 3)
    size = sum(len(body) for _, body in chosen) // len(chosen)
    print(
        f"{len(chosen)} pages of {size} bytes, {sums.pop('links') // len(chosen)} links, already parsed and walked:"
    )
    for name, total in sums.items():
        print(f"  {name}: {total / len(chosen):.2f} ms")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print what is told wrong")
    arguments.add_argument("--costs", action="store_true", help="measure the costs only")
    chosen = arguments.parse_args()
    folder = corpus()
    if folder is None:
        raise SystemExit("set NEWSCRAWL_CORPUS to the folder that holds pages/")
    pages = list(saved_pages(folder))
    if not chosen.costs:
        measure_roles(pages, show=chosen.show)
        measure_blocks(pages)
    measure_costs(pages)


if __name__ == "__main__":
    main()
