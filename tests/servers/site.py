"""A loopback news site: what every manner shares.

A manner (`wordpress`, `ghost`, `bespoke`) is a subclass that says which addresses there are and
how they are marked up. Everything else is here: publishing, validators, robots.txt, trouble on
demand, the access log.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from types import TracebackType
from typing import ClassVar, Self

from tests.servers import content, formats
from tests.servers.content import Article
from tests.servers.server import AccessLog, Request, Response, Server

Trouble = Callable[["Site", Request], Response | None]
"""Answers in a page's place; None lets the page through."""

NEWEST = datetime(2026, 11, 20, 9, 0, tzinfo=content.ZONE)
"""When the newest invented article was published."""


class Site(ABC):
    """A news site on 127.0.0.1, as a context manager.

    Args:
        articles: how many there are when it opens.
        seed: another one gives other articles.
        newest: the date of the newest; each older one is `every` before.
        per_page: articles of a listing page.
        feed_size: entries of a feed.
        json_ld: whether article pages say what they are in JSON-LD.
        validators: whether answers carry ETag and Last-Modified, and 304 is given.
        crawl_delay: seconds that robots.txt asks for.
        disallow: paths that robots.txt closes.
        sitemap_in_robots: whether robots.txt names the sitemap.
        compress: answer with gzip where the client takes it.
        weight: bytes of theme markup around each page, about.
        port: 0 for any free one.
        tls: speak https with this context (`tests.servers.certificate`).

    Attributes:
        articles: the truth, oldest first.
        trouble: what goes wrong, by path; see `tests.servers.trouble`.
        on_request: called with every request, in the server's thread; a `Response` that it
            returns is given, None lets the site answer.
    """

    title: ClassVar[str]

    def __init__(
        self,
        articles: int = 60,
        *,
        seed: str = "",
        newest: datetime = NEWEST,
        every: timedelta = timedelta(hours=3),
        per_page: int = 10,
        feed_size: int = 10,
        json_ld: bool = True,
        validators: bool = True,
        crawl_delay: float | None = None,
        disallow: Sequence[str] = (),
        sitemap_in_robots: bool = True,
        compress: bool = False,
        weight: int = 24_000,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.seed = seed
        self.every = every
        self.per_page = per_page
        self.feed_size = feed_size
        self.json_ld = json_ld
        self.validators = validators
        self.crawl_delay = crawl_delay
        self.disallow = list(disallow)
        self.sitemap_in_robots = sitemap_in_robots
        self.compress = compress
        self.style = _style(weight * 2 // 3, seed)
        self.script = _script(weight // 3, seed)
        self.trouble: dict[str, Trouble] = {}
        self.on_request: Callable[[Request], Response | None] | None = None
        self.articles: list[Article] = []
        self._by_path: dict[str, Article] = {}
        self._change = threading.Lock()
        self._next_number = articles
        self._set(
            content.invent(number, newest - every * (articles - 1 - number), seed)
            for number in range(articles)
        )
        self._server = Server(self.answer, port, tls)

    # What a manner says.

    sitemap_path: ClassVar[str] = "/sitemap.xml"

    @abstractmethod
    def path(self, article: Article) -> str:
        """The address of an article, without the origin; never changes."""

    @abstractmethod
    def page(self, request: Request) -> Response | None:
        """Any page that is not an article's; None is 404."""

    @abstractmethod
    def article_page(self, article: Article) -> str:
        """An article's page."""

    # What tests do.

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._server.stop()

    @property
    def origin(self) -> str:
        """Such as http://127.0.0.1:40123, without a slash."""
        return self._server.origin

    @property
    def host(self) -> str:
        """Such as 127.0.0.1:40123, for NEWSCRAWL_ALLOW_HOSTS."""
        return f"127.0.0.1:{self._server.port}"

    @property
    def log(self) -> AccessLog:
        """Every request so far."""
        return self._server.log

    @property
    def most_connections(self) -> int:
        """The largest number of connections that were open at once."""
        return self._server.most_connections

    def url(self, article: Article) -> str:
        """An article's whole address."""
        return self.origin + self.path(article)

    def publish(self, published: datetime | None = None) -> Article:
        """Add an article, by default one `every` after the newest."""
        with self._change:
            if published is None:
                published = (self.articles[-1].published if self.articles else NEWEST) + self.every
            article = content.invent(self._next_number, published, self.seed)
            self._next_number += 1
            self._set([*self.articles, article])
        return article

    def update(self, article: Article, modified: datetime | None = None) -> Article:
        """Change an article's text, by default an hour after it was last touched."""
        modified = modified or formats.changed(article) + timedelta(hours=1)
        return self._swap(article, content.rewritten(article, modified))

    def hide_from_robots(self, article: Article) -> Article:
        """Give an article's page a robots `noindex`."""
        return self._swap(article, replace(article, noindex=True, revision=article.revision + 1))

    def remove(self, article: Article) -> None:
        """Take an article away: out of every listing, and its page is 404."""
        with self._change:
            self._set([a for a in self.articles if a.number != article.number])

    def _swap(self, old: Article, new: Article) -> Article:
        with self._change:
            if all(a.number != old.number for a in self.articles):
                raise KeyError(f"{self.path(old)} is not on the site")
            self._set([new if a.number == old.number else a for a in self.articles])
        return new

    def _set(self, articles: object) -> None:
        # A new list each time: the server's thread may be walking through the old one.
        self.articles = sorted(articles, key=lambda a: a.published)  # type: ignore[call-overload]  # an iterable of articles, declared as object
        self._newest = self.articles[::-1]
        self._pages: dict[str, bytes] = {}
        self._by_path = {self.path(article): article for article in self.articles}

    # How a request is answered.

    def answer(self, request: Request) -> Response:
        """The site's answer."""
        if self.on_request and (response := self.on_request(request)):
            return response
        if (trouble := self.trouble.get(request.path)) and (response := trouble(self, request)):
            return response
        return self.sound_answer(request)

    def sound_answer(self, request: Request) -> Response:
        """The answer when nothing goes wrong."""
        if article := self._by_path.get(request.path):
            response = Response(self._rendered(article))
            if self.validators:
                _validate(response, request, _etag(self.path(article), article.revision), article)
        elif request.path == "/robots.txt":
            response = Response(self.robots().encode(), media_type="text/plain; charset=utf-8")
        else:
            found = self.page(request)
            if found is None:
                return html(self.whole("Not found", "<h1>Nothing here</h1>"), 404)
            response = found
            if self.validators:
                _validate(response, request, _etag_of(response.body), None)
        if self.compress and "gzip" in request.headers.get("accept-encoding", ""):
            if response.body and response.status == 200:
                response.body = _gzipped(response.body)
                response.headers["Content-Encoding"] = "gzip"
            response.headers["Vary"] = "Accept-Encoding"
        return response

    def render(self) -> None:
        """Make every article's page now, so that a benchmark doesn't wait for it."""
        for article in self.articles:
            self._rendered(article)

    def _rendered(self, article: Article) -> bytes:
        # Kept until the next change: "Latest" on every page depends on all articles.
        pages, path = self._pages, self.path(article)
        if path not in pages:
            pages[path] = self.article_page(article).encode()
        return pages[path]

    def robots(self) -> str:
        """The site's robots.txt."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in self.disallow)]
        if not self.disallow:
            lines.append("Disallow:")
        if self.crawl_delay is not None:
            lines.append(f"Crawl-delay: {self.crawl_delay:g}")
        if self.sitemap_in_robots:
            lines += ["", f"Sitemap: {self.origin}{self.sitemap_path}"]
        return "\n".join(lines) + "\n"

    # What manners use.

    def newest(self, section: str | None = None, author: str | None = None) -> list[Article]:
        """Articles, newest first; of one section or one author, each by its slug."""
        if section is None and author is None:
            return self._newest
        return [
            article
            for article in self._newest
            if section in (None, content.slug(article.section))
            if author in (None, content.slug(article.author))
        ]

    def entries(self, articles: Sequence[Article]) -> list[tuple[str, Article]]:
        """Addresses with their articles."""
        return [(self.url(article), article) for article in articles]

    def whole(self, title: str, main: str, head: str = "", body_class: str = "") -> str:
        """A page in the site's theme."""
        sections = "".join(
            f'<li class="menu-item"><a href="{self.section_path(section)}">{section}</a></li>'
            for section in content.SECTIONS
        )
        latest = "".join(
            f'<li><a href="{self.path(article)}">{article.headline}</a></li>'
            for article in self.newest()[:5]
        )
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'{head}{self.style}</head><body class="{body_class}">'
            '<a class="skip-link" href="#main">Skip to content</a>'
            f'<header class="site-header"><p class="site-title"><a href="/">{self.title}</a></p>'
            f'<nav class="main-navigation"><ul class="menu">{sections}</ul></nav>'
            '<form class="search-form" action="/search"><input name="q" type="search"></form>'
            f'</header><main id="main">{main}</main>'
            '<aside class="sidebar widget-area"><section class="widget"><h2>Latest</h2>'
            f'<ul>{latest}</ul></section><section class="widget"><h2>Newsletter</h2><p>The morning '
            'in five minutes, every weekday.</p><a href="/newsletter">Subscribe</a></section></aside>'
            f'<footer class="site-footer"><p>© {self.title}. All rights reserved.</p><ul>'
            '<li><a href="/about">About</a></li><li><a href="/privacy">Privacy</a></li>'
            '<li><a href="/login">Sign in</a></li>'
            '<li><a href="mailto:desk@example.org">Write to us</a></li></ul></footer>'
            f"{self.script}</body></html>"
        )

    @abstractmethod
    def section_path(self, section: str) -> str:
        """Where a section's listing begins."""


def html(page: str, status: int = 200) -> Response:
    """A page of HTML."""
    return Response(page.encode(), status)


def _validate(response: Response, request: Request, etag: str, article: Article | None) -> None:
    """Add the validators; make the answer a 304 where the client has the page."""
    response.headers["ETag"] = etag
    changed = formats.changed(article).replace(microsecond=0) if article else None
    if changed:
        response.headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    known = request.headers.get("if-none-match")
    since = request.headers.get("if-modified-since")
    # RFC 9110 13.1.3: If-Modified-Since is ignored where there is an If-None-Match.
    if known is not None:
        same = known == etag
    else:
        same = bool(since and changed and changed <= parsedate_to_datetime(since))
    if same:
        response.status, response.body = 304, b""


def _etag(path: str, revision: int) -> str:
    return f'"{revision}-{hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:12]}"'


def _etag_of(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()[:16]}"'


@lru_cache(maxsize=4096)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def _style(size: int, seed: str) -> str:
    dice = random.Random(f"style/{seed}")
    rule = ".block-{} .part-{}{{margin:{}px {}px;color:#{:06x}}}"
    rules = (rule.format(*(dice.randrange(100_000) for _ in range(5))) for _ in range(size // 55))
    return f"<style>{''.join(rules)}</style>"


def _script(size: int, seed: str) -> str:
    dice = random.Random(f"script/{seed}")
    line = "window.theme['option{}']={{speed:{},label:'item {}'}};"
    lines = (line.format(*(dice.randrange(100_000) for _ in range(3))) for _ in range(size // 63))
    return f"<script>window.theme={{}};{''.join(lines)}</script>"
