"""Feeds, sitemaps and structured data as publishing systems write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from tests.servers.content import Article

Entries = Iterable[tuple[str, Article]]
"""Addresses and their articles, newest first."""

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json; charset=utf-8"
XML = "application/xml; charset=utf-8"


def rss(title: str, home: str, address: str, entries: Entries) -> bytes:
    """RSS 2.0 with Dublin Core authors, as WordPress writes it."""
    items = "".join(
        f"<item><title>{escape(article.headline)}</title><link>{escape(url)}</link>"
        f"<dc:creator><![CDATA[{article.author}]]></dc:creator>"
        f"<pubDate>{format_datetime(article.published)}</pubDate>"
        f"<category><![CDATA[{article.section}]]></category>"
        + "".join(f"<category><![CDATA[{tag}]]></category>" for tag in article.tags)
        + f'<guid isPermaLink="true">{escape(url)}</guid>'
        f"<description><![CDATA[{article.summary}]]></description></item>\n"
        for url, article in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>{escape(title)}</title><link>{home}</link><language>en</language>"
        f'<atom:link href="{escape(address)}" rel="self" type="application/rss+xml"/>'
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>\n"
        f"{items}</channel></rss>"
    ).encode()


def atom(title: str, home: str, address: str, entries: Entries) -> bytes:
    """Atom 1.0."""
    entries = list(entries)
    newest = max((changed(article) for _, article in entries), default=None)
    items = "".join(
        f"<entry><title>{escape(article.headline)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/><id>{escape(url)}</id>'
        f"<published>{article.published.isoformat()}</published>"
        f"<updated>{changed(article).isoformat()}</updated>"
        f"<author><name>{escape(article.author)}</name></author>"
        f'<category term="{article.section}"/><summary>{escape(article.summary)}</summary>'
        "</entry>\n"
        for url, article in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="en"><title>{escape(title)}</title><id>{home}</id><link href="{home}"/>'
        f'<link rel="self" href="{escape(address)}"/>'
        + (f"<updated>{newest.isoformat()}</updated>\n" if newest else "")
        + f"{items}</feed>"
    ).encode()


def json_feed(title: str, home: str, address: str, entries: Entries) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": url,
            "url": url,
            "title": article.headline,
            "summary": article.summary,
            "date_published": article.published.isoformat(),
            "date_modified": changed(article).isoformat(),
            "authors": [{"name": article.author}],
            "tags": [article.section, *article.tags],
        }
        for url, article in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": address,
        "language": "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def sitemap_index(addresses: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A sitemap index: addresses of sitemaps and when each changed."""
    return _sitemap("sitemapindex", "", (_entry("sitemap", *entry) for entry in addresses))


def sitemap(addresses: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A sitemap: addresses and when each page changed."""
    return _sitemap("urlset", "", (_entry("url", *entry) for entry in addresses))


def news_sitemap(title: str, entries: Entries) -> bytes:
    """A Google News sitemap."""
    pieces = (
        f"<url><loc>{escape(url)}</loc><news:news><news:publication>"
        f"<news:name>{escape(title)}</news:name><news:language>en</news:language>"
        "</news:publication>"
        f"<news:publication_date>{article.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(article.headline)}</news:title></news:news></url>\n"
        for url, article in entries
    )
    news = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return _sitemap("urlset", news, pieces)


def _sitemap(element: str, names: str, pieces: Iterable[str]) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} '
        f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{names}>\n'
        f"{''.join(pieces)}</{element}>"
    ).encode()


def _entry(element: str, url: str, changed: datetime | None) -> str:
    date = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    return f"<{element}><loc>{escape(url)}</loc>{date}</{element}>\n"


def changed(article: Article) -> datetime:
    """When the article was written or last changed."""
    return article.modified or article.published


def json_ld(url: str, title: str, article: Article) -> str:
    """A schema.org NewsArticle in a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.summary,
        "datePublished": article.published.isoformat(),
        "dateModified": changed(article).isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": title},
        "articleSection": article.section,
        "keywords": list(article.tags),
        "inLanguage": "en",
        "mainEntityOfPage": url,
    }
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'
