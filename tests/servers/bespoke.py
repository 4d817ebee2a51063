"""A site with a system of its own: no structured data, and habits that trap crawlers.

Sections with ``?page=2``, a "load more" button for what is latest, a JSON Feed, a news sitemap of
the last two days. Switches add session ids to every link, pages without end, and a calendar.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.servers import content, formats
from tests.servers.content import Article
from tests.servers.server import Request, Response
from tests.servers.site import Site, html

_CALENDAR = re.compile(r"/calendar/(\d{4})/(\d{1,2})")
_HREF = re.compile(r'href="(/[^"?]*)(\?[^"]*)?"')


class Bespoke(Site):
    """Port Evran Post, on a system of its own.

    Args:
        session_ids: every answer's links carry another ``sid=``.
        endless: a section never runs out of pages; the last articles come again and again.
        calendar: each page links to a month of the calendar, and that to the ones beside it.
        arguments: see `Site`.
    """

    title = "Port Evran Post"
    sitemap_path = "/sitemap-news.xml"

    def __init__(
        self,
        articles: int = 60,
        *,
        session_ids: bool = False,
        endless: bool = False,
        calendar: bool = False,
        **arguments: Any,
    ) -> None:
        super().__init__(articles, **{"json_ld": False, **arguments})
        self.session_ids = session_ids
        self.endless = endless
        self.calendar = calendar
        self._session = 0

    def path(self, article: Article) -> str:
        """A number and the headline's words."""
        section = content.slug(article.section)
        return f"/{section}/{100_000 + article.number}-{article.slug}.html"

    def section_path(self, section: str) -> str:
        """The section's front."""
        return f"/{content.slug(section)}"

    def page(self, request: Request) -> Response | None:
        """Sections, feed, sitemap and traps."""
        path, number = request.path, _number(request.query.get("page", "1"))
        if path == "/":
            return html(self._front())
        if path == "/latest":
            return html(self._more(_number(request.query.get("offset", "0")) or 0))
        if path == "/feed.json":
            entries = self.entries(self.newest()[: self.feed_size])
            feed = formats.json_feed(self.title, self.origin, self.origin + path, entries)
            return Response(feed, media_type=formats.JSON)
        if path == "/sitemap-news.xml":
            return self._news_sitemap()
        if self.calendar and (match := _CALENDAR.fullmatch(path)):
            return html(self._month(int(match[1]), int(match[2])))
        if number is None or path.count("/") != 1:
            return None
        articles = self.newest(section=path.removeprefix("/"))
        return html(self._section(path, articles, number)) if articles else None

    def article_page(self, article: Article) -> str:
        """A story; its date and author are only printed."""
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in article.body)
        updated = (
            f" <span>Updated {article.modified:%-d %B %Y, %H:%M}</span>" if article.modified else ""
        )
        head = f'<link rel="canonical" href="{self.url(article)}">'
        if article.noindex:
            head += '<meta name="robots" content="noindex">'
        if self.json_ld:
            head += formats.json_ld(self.url(article), self.title, article)
        main = (
            f'<div class="story"><h1>{article.headline}</h1><div class="story-info">'
            f'<span class="story-author">By {article.author}</span> '
            f'<span class="story-date">{article.published:%-d %B %Y, %H:%M}</span>{updated}</div>'
            f'<div class="story-text">{paragraphs}</div></div>'
        )
        return self._linked(f"{article.headline} | {self.title}", main, head)

    def _front(self) -> str:
        teasers = "".join(self._teaser(article) for article in self.newest()[: self.per_page])
        main = (
            f'<h1>{self.title}</h1><div id="latest">{teasers}</div>'
            f'<button class="load-more" data-next-url="/latest?offset={self.per_page}">'
            "Load more</button>"
        )
        head = (
            f'<link rel="alternate" type="application/feed+json" title="{self.title}" '
            'href="/feed.json">'
        )
        return self._linked(self.title, main, head)

    def _more(self, offset: int) -> str:
        """What the button loads: teasers and the next button, no page around them."""
        articles = self.newest()[offset : offset + self.per_page]
        following = offset + self.per_page
        button = (
            f'<button class="load-more" data-next-url="/latest?offset={following}">Load more'
            "</button>"
            if following < len(self.articles)
            else ""
        )
        return self._with_session("".join(map(self._teaser, articles)) + button)

    def _section(self, path: str, articles: list[Article], number: int) -> str:
        pages = -(-len(articles) // self.per_page)
        shown_page = min(number, pages) if self.endless else number
        first = (shown_page - 1) * self.per_page
        shown = articles[first : first + self.per_page]
        more = (
            f'<a class="next" href="{path}?page={number + 1}">Next »</a>'
            if self.endless or number < pages
            else ""
        )
        main = (
            f"<h1>{articles[0].section}</h1>{''.join(map(self._teaser, shown))}"
            f'<div class="pager"><span>{number}</span>{more}</div>'
        )
        return self._linked(f"{articles[0].section} | {self.title}", main)

    def _teaser(self, article: Article) -> str:
        return (
            f'<div class="teaser"><h3><a href="{self.path(article)}">{article.headline}</a></h3>'
            f'<span class="teaser-date">{article.published:%-d %B %Y, %H:%M}</span>'
            f"<p>{article.summary}</p></div>"
        )

    def _month(self, year: int, month: int) -> str:
        before, after = _beside(year, month)
        main = (
            f'<table class="calendar"><caption>{year}-{month:02}</caption></table>'
            f'<a rel="prev" href="/calendar/{before}">«</a>'
            f'<a rel="next" href="/calendar/{after}">»</a>'
        )
        return self._linked(f"{year}-{month:02} | {self.title}", main)

    def _linked(self, title: str, main: str, head: str = "") -> str:
        if self.calendar and self.articles:
            day = self.articles[-1].published
            main += f'<a class="archive" href="/calendar/{day.year}/{day.month}">Calendar</a>'
        return self._with_session(self.whole(title, main, head))

    def _with_session(self, page: str) -> str:
        if not self.session_ids:
            return page
        self._session += 1
        sid = f"sid={self._session:032x}"
        return _HREF.sub(
            lambda match: f'href="{match[1]}{match[2] + "&amp;" if match[2] else "?"}{sid}"', page
        )

    def _news_sitemap(self) -> Response:
        newest = self.newest()
        recent = [a for a in newest if newest[0].published - a.published < timedelta(days=2)]
        body = formats.news_sitemap(self.title, self.entries(recent))
        return Response(body, media_type=formats.XML)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _beside(year: int, month: int) -> tuple[str, str]:
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    return f"{before[0]}/{before[1]}", f"{after[0]}/{after[1]}"
