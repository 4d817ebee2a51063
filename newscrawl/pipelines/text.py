"""Second: raw text becomes a body, and what stood around it finds its field."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from newscrawl.extract.article_text import read_article_text
from newscrawl.extract.typography import squeeze
from newscrawl.items import Article, Author, ExtractedBy, Person

# Control and format characters that no reader can see (C0, C1, lone surrogates, the byte
# order mark inside a text); TAB and line ends are white space and stay.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_TEXT_FIELDS = ("authors", "dateline", "publisher", "credits", "images")


def clean_article(item: Article) -> Article:
    """Sort out an article's raw text, and log what was taken out of it."""
    text = read_article_text(_INVISIBLE.sub("", item.article_body))
    item.headline = squeeze(_INVISIBLE.sub("", item.headline or text.headline or "")) or None
    item.article_body = "\n\n".join(text.paragraphs)
    item.authors = _join_authors(item.authors, text.authors)
    item.dateline = text.dateline
    item.publisher = text.publisher or item.publisher
    item.credits = text.credits
    item.images = item.images + text.images
    item.is_truncated = item.is_truncated or text.is_truncated
    item.furniture = item.furniture + text.furniture
    for sighting in item.sightings:
        sighting.is_truncated = item.is_truncated
        sighting.body_sha256 = body_sha256(item.article_body)
    filled = [name for name in ("headline", "article_body", *_TEXT_FIELDS) if getattr(item, name)]
    layer: ExtractedBy = "site" if item.extracted_by else "text"
    item.extracted_by = dict(sorted({**dict.fromkeys(filled, layer), **item.extracted_by}.items()))
    return item


def body_sha256(body: str) -> str | None:
    """SHA-256 of a body's UTF-8 bytes; None for an empty one."""
    return hashlib.sha256(body.encode()).hexdigest() if body else None


def _join_authors(known: list[Author], printed: list[Author]) -> list[Author]:
    names = {author.name for author in known}
    return known + [author for author in printed if author.name not in names]


def clean_person(item: Person) -> Person:
    """White space and invisible characters out of what an author page says."""
    item.name = squeeze(_INVISIBLE.sub("", item.name))
    item.job_title = squeeze(_INVISIBLE.sub("", item.job_title or "")) or None
    item.description = _INVISIBLE.sub("", item.description or "").strip() or None
    return item


class TextPipeline:
    """Cleans the text of articles and people."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, its text cleaned."""
        if isinstance(item, Article):
            return clean_article(item)
        if isinstance(item, Person):
            return clean_person(item)
        return item
