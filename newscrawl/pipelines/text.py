"""Second: raw text becomes a body, and what stood around it finds its field."""

from __future__ import annotations

import hashlib
from typing import Any

from newscrawl.extract.article_text import read_article_text
from newscrawl.extract.language import canonical_tag, language_of
from newscrawl.extract.typography import squeeze
from newscrawl.items import Article, Author, ExtractedBy, PageRecord, Person
from newscrawl.page.characters import make_readable
from newscrawl.pipelines.foreign import OURS, adapted, article_of, person_of, put

_TEXT_FIELDS = ("authors", "dateline", "publisher", "credits", "images")
_OF_PERSON = ("name", "job_title", "description")


def clean_article(item: Article) -> Article:
    """Sort out an article's raw text, and log what was taken out of it."""
    text = read_article_text(item.article_body)
    item.headline = squeeze(item.headline or text.headline or "") or None
    item.article_body = "\n\n".join(text.paragraphs)
    item.authors = _join_authors(item.authors, text.authors)
    item.dateline = text.dateline
    item.publisher = text.publisher or item.publisher
    item.credits = text.credits
    item.images = item.images + text.images
    item.is_truncated = item.is_truncated or text.is_truncated
    item.furniture = [block for block in item.furniture + text.furniture if block.text.strip()]
    for sighting in item.sightings:
        sighting.is_truncated = item.is_truncated
        sighting.body_sha256 = body_sha256(item.article_body)
    filled = [name for name in ("headline", "article_body", *_TEXT_FIELDS) if getattr(item, name)]
    layer: ExtractedBy = "site" if set(item.extracted_by.values()) - {"text"} else "text"
    by: dict[str, ExtractedBy] = {**dict.fromkeys(filled, layer), **item.extracted_by}
    told = language_of(item.article_body, canonical_tag(item.in_language))
    if told != item.in_language:
        item.in_language = told
        by.pop("in_language", None)
        if told:
            by["in_language"] = "text" if layer == "text" else "generic"
    item.extracted_by = dict(sorted(by.items()))
    return item


def body_sha256(body: str) -> str | None:
    """SHA-256 of a body's UTF-8 bytes; None for an empty one."""
    return hashlib.sha256(body.encode()).hexdigest() if body else None


def _join_authors(known: list[Author], printed: list[Author]) -> list[Author]:
    names = {author.name for author in known}
    return known + [author for author in printed if author.name not in names]


def clean_person(item: Person) -> Person:
    """White space out of what an author page says."""
    item.name = squeeze(item.name)
    item.job_title = squeeze(item.job_title or "") or None
    item.description = (item.description or "").strip() or None
    return item


class TextPipeline:
    """Cleans the text of articles and people, and takes out of every field what no reader can hold."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, its text cleaned."""
        if type(item) in OURS:
            make_readable(item)
            if isinstance(item, Article):
                return clean_article(item)
            if isinstance(item, PageRecord):
                item.furniture = [block for block in item.furniture if block.text.strip()]
            return clean_person(item) if isinstance(item, Person) else item
        if (adapter := adapted(item, "article_body")) is not None:
            article = clean_article(make_readable(article_of(adapter)))
            put(adapter, article, ("headline", "article_body", *_TEXT_FIELDS, "is_truncated"))
        elif (adapter := adapted(item, "name", "job_title")) is not None:
            put(adapter, clean_person(make_readable(person_of(adapter))), _OF_PERSON)
        return item
