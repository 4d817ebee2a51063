"""Loopback news sites for tests and benchmarks.

    with WordPress(articles=40) as site:
        ...  # crawl site.origin with NEWSCRAWL_ALLOW_HOSTS=site.host
        site.articles             # the truth: headline, body, author, published, …
        site.url(site.articles[0])
        site.publish(), site.update(article), site.remove(article)
        site.trouble["/feed/"] = trouble.status(503, retry_after=1, times=2)
        site.log.paths(), site.log.hits("/robots.txt"), site.log.wait(300)

Sites listen on 127.0.0.1, each in a thread of its own. For a benchmark, which must not share a
process with its server: ``python -m tests.servers wordpress --articles 2000 --port 8188``.
"""

from __future__ import annotations

from tests.servers import trouble
from tests.servers.bespoke import Bespoke
from tests.servers.content import Article
from tests.servers.ghost import Ghost
from tests.servers.server import Logged, Request, Response
from tests.servers.site import Site
from tests.servers.wordpress import WordPress

__all__ = [
    "Article", "Bespoke", "Ghost", "Logged", "Request", "Response", "Site", "WordPress", "trouble",
]  # fmt: skip
