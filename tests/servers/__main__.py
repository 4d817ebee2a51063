"""A loopback news site as a process: ``python -m tests.servers wordpress --articles 2000``.

Prints its address and serves until it gets SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import json
import signal
from pathlib import Path

from tests.servers import Article, Bespoke, Ghost, Site, WordPress

_MANNERS: dict[str, type[Site]] = {"wordpress": WordPress, "ghost": Ghost, "bespoke": Bespoke}


def main() -> None:
    """Serve one site."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("manner", nargs="?", choices=_MANNERS, default="wordpress")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--per-page", type=int, default=10)
    parser.add_argument("--seed", default="")
    parser.add_argument("--crawl-delay", type=float)
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--truth", type=Path, help="write addresses and articles there, JSON Lines")
    options = parser.parse_args()
    site = _MANNERS[options.manner](
        options.articles,
        port=options.port,
        per_page=options.per_page,
        seed=options.seed,
        crawl_delay=options.crawl_delay,
        compress=options.compress,
    )
    # Blocked before the site's thread starts, so that the signal waits for us.
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with site:
        site.render()
        if options.truth:
            options.truth.write_text("".join(_truth(site, a) for a in site.articles), "utf-8")
        print(site.origin, flush=True)
        signal.sigwait(stop)


def _truth(site: Site, article: Article) -> str:
    return json.dumps({"url": site.url(article), **vars(article)}, default=str) + "\n"


if __name__ == "__main__":
    main()
