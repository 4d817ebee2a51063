"""Kill live crawls of a loopback site with SIGKILL, and see whether anything is lost or doubled.

    python -m benchmarks.live_crash [--pages 2000] [--kills 20] [--seed 1]

One crawl runs to its end. Then, for each of so many random points, a crawl begins anew, is
killed when the site has answered that many requests, and the same command is given again.
Checked each time, and a difference ends the benchmark with exit code 1:

- one drop, and in it every article of the site, once, its text whole;
- the ledger has the same pages as that of the crawl that nobody killed;
- no page that was in the spool when the crawl was killed is asked for again;
- no page is in the ledger twice, and the drop verifies.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from newscrawl.drops.verify import problems
from tests.live import Crawl, Finished
from tests.servers import WordPress

OPTIONS = ["-s", "LOG_LEVEL=WARNING", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=16"]
# Of a site's pages, those that are listings, sitemaps, feeds and authors' pages.
LISTINGS_SHARE = 0.015


def differences(site: WordPress, done: Finished, ledger: set[str]) -> Iterator[str]:
    """What is wrong with a finished crawl."""
    if done.drop is None:
        yield f"no drop: {done.err[-2000:]}"
        return
    yield from problems(done.drop)
    articles = done.records("articles")
    times = Counter(article["url"] for article in articles)
    yield from (f"{url} is there {n} times" for url, n in times.items() if n > 1)
    bodies = {article["url"]: article["article_body"] for article in articles}
    for article in site.articles:
        if bodies.get(site.url(article)) != "\n\n".join(article.body):
            yield f"{site.url(article)} is lost, or its text is not whole"
    pages = [page["page"] for page in done.records("pages")]
    yield from (f"{page} is in the ledger twice" for page, n in Counter(pages).items() if n > 1)
    if ledger:
        yield from (f"{page} is not in the ledger" for page in ledger - set(pages))
        yield from (f"{page} is in this ledger only" for page in set(pages) - ledger)


def main() -> None:
    """Kill, go on, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    articles = round(options.pages * (1 - LISTINGS_SHARE))
    with tempfile.TemporaryDirectory() as top, WordPress(articles, per_page=4) as site:
        whole = Crawl(Path(top, "whole"), [site], OPTIONS).run(timeout=1800)
        found = list(differences(site, whole, set()))
        ledger = {page["page"] for page in whole.records("pages")}
        hits = len(site.log)
        print(f"{hits} requests, {len(ledger)} pages, {articles} articles", flush=True)
        for number in range(options.kills):
            point = chance.randrange(1, hits)
            crawl = Crawl(Path(top, str(number)), [site], OPTIONS)
            site.log.clear()
            child = crawl.start()
            site.log.wait(point, timeout=1800)
            child.kill()
            child.communicate()
            spooled = {page.removeprefix(site.origin) for page in crawl.spooled()}
            site.log.clear()
            start = time.perf_counter()
            done = crawl.run(timeout=1800)
            again = spooled & {line.target for line in site.log}
            found += [f"{page} was in the spool and is asked for again" for page in again]
            found += differences(site, done, ledger)
            print(
                f"killed at {point:5}: {len(spooled):5} pages in the spool, {len(site.log):5} requests "
                f"and {time.perf_counter() - start:4.0f} s to the end, {len(found)} differences",
                flush=True,
            )
            if found:
                break
    print("\n".join(found[:20]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
