"""A site with the manners of WordPress and a classic theme.

Home, category, tag and author archives with ``/page/2/``, RSS for each, ``/wp-sitemap.xml``, and
"Viewing results 1 - 10 of 60" above every listing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.servers import content, formats
from tests.servers.content import AUTHORS, SECTIONS, Article
from tests.servers.server import Request, Response
from tests.servers.site import Site, html

_LISTING = re.compile(
    r"/(?:(?P<kind>category|author|tag)/(?P<name>[a-z0-9-]+)/)?"
    r"(?:(?P<feed>feed)/|page/(?P<page>\d+)/)?"
)
_POSTS = re.compile(r"/wp-sitemap-posts-post-(\d+)\.xml")

# WordPress itself writes 2,000; fewer give small sites an index worth the name.
_SITEMAP_SIZE = 500


class WordPress(Site):
    """The Karasu Courier, on WordPress."""

    title = "The Karasu Courier"
    sitemap_path = "/wp-sitemap.xml"

    def path(self, article: Article) -> str:
        """Day and name, the commonest permalinks of news sites."""
        return f"/{article.published:%Y/%m/%d}/{article.slug}/"

    def section_path(self, section: str) -> str:
        """The category archive."""
        return f"/category/{content.slug(section)}/"

    def page(self, request: Request) -> Response | None:
        """Archives, feeds and sitemaps."""
        path = request.path
        if path.startswith("/wp-sitemap"):
            return self._sitemap(path)
        if path == "/comments/feed/":
            feed = formats.rss(f"Comments for {self.title}", self.origin, self.origin + path, [])
            return Response(feed, media_type=formats.RSS)
        match = _LISTING.fullmatch(path)
        if match is None:
            return None
        articles = self._articles(match["kind"], match["name"])
        if articles is None:
            return None
        if match["feed"]:
            entries = self.entries(articles[: self.feed_size])
            feed = formats.rss(self.title, self.origin, self.origin + path, entries)
            return Response(feed, media_type=formats.RSS)
        return self._listing(match, articles)

    def article_page(self, article: Article) -> str:
        """A single post."""
        url = self.url(article)
        head = (
            f'<link rel="canonical" href="{url}">'
            f'<meta property="og:type" content="article"><meta property="og:title" '
            f'content="{article.headline}"><meta property="og:url" content="{url}">'
            f'<link rel="alternate" type="application/rss+xml" title="{article.headline} Comments '
            f'Feed" href="{url}feed/">' + self._feeds()
        )
        if article.noindex:
            head += '<meta name="robots" content="noindex, follow">'
        if self.json_ld:
            head += formats.json_ld(url, self.title, article)
        paragraphs = "\n".join(f"<p>{paragraph}</p>" for paragraph in article.body)
        tags = ", ".join(f'<a href="/tag/{tag}/" rel="tag">{tag}</a>' for tag in article.tags)
        main = (
            f'<article id="post-{article.number}" class="post-{article.number} post type-post '
            'status-publish format-standard hentry"><header class="entry-header">'
            f'<h1 class="entry-title">{article.headline}</h1>'
            f'<div class="entry-meta">{_posted_on(article)}{_byline(article)}</div></header>'
            f'<div class="entry-content">\n{paragraphs}\n</div>'
            f'<footer class="entry-footer"><span class="cat-links">'
            f'<a href="{self.section_path(article.section)}" rel="category tag">{article.section}'
            f'</a></span> <span class="tags-links">{tags}</span></footer></article>'
        )
        return self.whole(
            f"{article.headline} – {self.title}", main, head, "single single-post post-template"
        )

    def _articles(self, kind: str | None, name: str | None) -> list[Article] | None:
        if kind is None:
            return self.newest()
        if kind == "tag":
            return [article for article in self.newest() if name in article.tags] or None
        return self.newest(**{"section" if kind == "category" else "author": name}) or None

    def _listing(self, match: re.Match[str], articles: Sequence[Article]) -> Response | None:
        number = int(match["page"] or 1)
        first = (number - 1) * self.per_page
        shown = articles[first : first + self.per_page]
        if not shown and number > 1:
            return None
        base = f"/{match['kind']}/{match['name']}/" if match["kind"] else "/"
        pages = -(-len(articles) // self.per_page)
        links = "".join(
            f'<a class="page-numbers" href="{base}page/{n}/">{n}</a>'
            for n in sorted({1, 2, number + 1, pages} - {number})
            if n <= pages
        )
        mark = f"Viewing results {first + 1} - {first + len(shown)} of {len(articles)}"
        next_link = (
            f'<a class="next page-numbers" href="{base}page/{number + 1}/">Next</a>'
            if number < pages
            else ""
        )
        name = (match["name"] or "").replace("-", " ").title()
        title = {None: "Home", "author": f"Author: {name}"}.get(match["kind"], name)
        main = (
            f'<header class="page-header"><h1 class="page-title">{title}</h1></header>'
            f'<p class="result-count">{mark}</p>{"".join(map(self._card, shown))}'
            f'<nav class="navigation pagination"><div class="nav-links">{links}{next_link}</div></nav>'
        )
        body_class = f"archive {match['kind']}" if match["kind"] else "home blog"
        return html(self.whole(f"{title} – {self.title}", main, self._feeds(), body_class))

    def _card(self, article: Article) -> str:
        return (
            f'<article id="post-{article.number}" class="post type-post hentry"><header '
            f'class="entry-header"><h2 class="entry-title"><a href="{self.url(article)}" '
            f'rel="bookmark">{article.headline}</a></h2>{_posted_on(article)}{_byline(article)}'
            f'</header><div class="entry-summary"><p>{article.summary}</p></div></article>'
        )

    def _feeds(self) -> str:
        return (
            f'<link rel="alternate" type="application/rss+xml" title="{self.title} » Feed" '
            'href="/feed/"><link rel="alternate" type="application/rss+xml" '
            f'title="{self.title} » Comments Feed" href="/comments/feed/">'
            '<link rel="https://api.w.org/" href="/wp-json/">'
        )

    def _sitemap(self, path: str) -> Response | None:
        if path == "/wp-sitemap.xml":
            count = max(1, -(-len(self.articles) // _SITEMAP_SIZE))
            names = [f"posts-post-{number}" for number in range(1, count + 1)]
            names += ["taxonomies-category-1", "users-1"]
            body = formats.sitemap_index(
                (f"{self.origin}/wp-sitemap-{name}.xml", None) for name in names
            )
        elif match := _POSTS.fullmatch(path):
            first = (int(match[1]) - 1) * _SITEMAP_SIZE
            articles = self.newest()[first : first + _SITEMAP_SIZE]
            if not articles:
                return None
            body = formats.sitemap((self.url(a), formats.changed(a)) for a in articles)
        elif path == "/wp-sitemap-taxonomies-category-1.xml":
            body = formats.sitemap((self.origin + self.section_path(s), None) for s in SECTIONS)
        elif path == "/wp-sitemap-users-1.xml":
            body = formats.sitemap((self.origin + _author_path(name), None) for name in AUTHORS)
        else:
            return None
        return Response(body, media_type=formats.XML)


def _author_path(name: str) -> str:
    return f"/author/{content.slug(name)}/"


def _posted_on(article: Article) -> str:
    modified = article.modified
    updated = (
        f'<time class="updated" datetime="{modified.isoformat()}">{modified:%B %-d, %Y}</time>'
        if modified
        else ""
    )
    return (
        '<span class="posted-on">Published <time class="entry-date published" '
        f'datetime="{article.published.isoformat()}">{article.published:%B %-d, %Y}</time>'
        f"{updated}</span>"
    )


def _byline(article: Article) -> str:
    return (
        f' <span class="byline">By <span class="author vcard"><a class="url fn n" rel="author" '
        f'href="{_author_path(article.author)}">{article.author}</a></span></span>'
    )
