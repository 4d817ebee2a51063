"""A site with the manners of Ghost and its theme Casper.

``/page/2/`` behind home, tags and authors, RSS and Atom, ``/sitemap.xml`` with one sitemap for
posts, one for tags and one for authors; addresses are a headline's words and nothing else.
"""

from __future__ import annotations

import re
from datetime import datetime

from tests.servers import content, formats
from tests.servers.content import AUTHORS, SECTIONS, Article
from tests.servers.server import Request, Response
from tests.servers.site import Site, html

_LISTING = re.compile(
    r"/(?:(?P<kind>tag|author)/(?P<name>[a-z0-9-]+)/)?(?:page/(?P<page>\d+)/|(?P<rss>rss/))?"
)


class Ghost(Site):
    """Belmere Weekly, on Ghost."""

    title = "Belmere Weekly"

    def path(self, article: Article) -> str:
        """A headline's words; what they say tells an article's address from others."""
        return f"/{article.slug}/"

    def section_path(self, section: str) -> str:
        """The primary tag's archive."""
        return f"/tag/{content.slug(section)}/"

    def page(self, request: Request) -> Response | None:
        """Archives, feeds and sitemaps."""
        path = request.path
        if path.startswith("/sitemap"):
            return self._sitemap(path)
        if path == "/atom.xml":
            entries = self.entries(self.newest()[: self.feed_size])
            feed = formats.atom(self.title, self.origin, self.origin + path, entries)
            return Response(feed, media_type=formats.ATOM)
        match = _LISTING.fullmatch(path)
        if match is None:
            return None
        kind, name = match["kind"], match["name"]
        articles = (
            self.newest(**{"section" if kind == "tag" else "author": name})
            if kind
            else self.newest()
        )
        if kind and not articles:
            return None
        if match["rss"]:
            entries = self.entries(articles[: self.feed_size])
            feed = formats.rss(self.title, self.origin, self.origin + path, entries)
            return Response(feed, media_type=formats.RSS)
        return self._listing(kind, name, articles, int(match["page"] or 1))

    def article_page(self, article: Article) -> str:
        """A post."""
        url = self.url(article)
        head = f'<link rel="canonical" href="{url}">' + self._feeds()
        if article.noindex:
            head += '<meta name="robots" content="noindex">'
        if self.json_ld:
            head += formats.json_ld(url, self.title, article)
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in article.body)
        slug = content.slug(article.author)
        main = (
            '<article class="gh-article post"><header class="gh-article-header">'
            f'<a class="gh-article-tag" href="{self.section_path(article.section)}">'
            f'{article.section}</a><h1 class="gh-article-title">{article.headline}</h1>'
            f'<h4 class="gh-article-author-name"><a href="/author/{slug}/">{article.author}</a></h4>'
            f'<time class="gh-article-meta-date" datetime="{article.published:%Y-%m-%d}">'
            f'{article.published:%-d %b %Y}</time> <span class="gh-article-meta-length">• 4 min read'
            f'</span></header><section class="gh-content gh-canvas">{paragraphs}</section></article>'
        )
        return self.whole(article.headline, main, head, "post-template tag-hash")

    def _listing(
        self, kind: str | None, name: str | None, articles: list[Article], number: int
    ) -> Response | None:
        first = (number - 1) * self.per_page
        shown = articles[first : first + self.per_page]
        if not shown and number > 1:
            return None
        pages = max(1, -(-len(articles) // self.per_page))
        base = f"/{kind}/{name}/" if kind else "/"
        older = f"{base}page/{number + 1}/"
        head, link = self._feeds(), ""
        if number < pages:
            head += f'<link rel="next" href="{self.origin}{older}">'
            link = f'<a class="older-posts" href="{older}">Older Posts →</a>'
        title = (name or self.title).replace("-", " ").title()
        top = (
            f'<section class="author-profile-content"><h1>{articles[0].author}</h1></section>'
            if kind == "author"
            else f"<h1>{title}</h1>"
        )
        main = (
            f'{top}<div class="post-feed">{"".join(map(self._card, shown))}</div>'
            f'<nav class="pagination">{link}<span class="page-number">Page {number} of {pages}'
            "</span></nav>"
        )
        return html(self.whole(title, main, head, f"{kind}-template" if kind else "home-template"))

    def _card(self, article: Article) -> str:
        return (
            f'<article class="post-card post"><a class="post-card-content-link" '
            f'href="{self.path(article)}"><header class="post-card-header"><h2 '
            f'class="post-card-title">{article.headline}</h2></header><div '
            f'class="post-card-excerpt">{article.summary}</div></a><footer class="post-card-meta">'
            f'<time class="post-card-meta-date" datetime="{article.published:%Y-%m-%d}">'
            f"{article.published:%-d %b %Y}</time></footer></article>"
        )

    def _feeds(self) -> str:
        return (
            f'<link rel="alternate" type="application/rss+xml" title="{self.title}" '
            f'href="{self.origin}/rss/"><link rel="alternate" type="application/atom+xml" '
            f'title="{self.title}" href="{self.origin}/atom.xml">'
            '<meta name="generator" content="Ghost 5.130">'
        )

    def _sitemap(self, path: str) -> Response | None:
        newest: datetime | None = max(map(formats.changed, self.articles), default=None)
        if path == "/sitemap.xml":
            body = formats.sitemap_index(
                (f"{self.origin}/sitemap-{name}.xml", newest)
                for name in ("posts", "tags", "authors")
            )
        elif path == "/sitemap-posts.xml":
            body = formats.sitemap((self.url(a), formats.changed(a)) for a in self.newest())
        elif path == "/sitemap-tags.xml":
            body = formats.sitemap((self.origin + self.section_path(s), newest) for s in SECTIONS)
        elif path == "/sitemap-authors.xml":
            body = formats.sitemap(
                (f"{self.origin}/author/{content.slug(name)}/", newest) for name in AUTHORS
            )
        else:
            return None
        return Response(body, media_type=formats.XML)
