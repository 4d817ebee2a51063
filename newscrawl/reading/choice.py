"""The one choice among the layers of an article's page, field by field.

A declared layout, a known system's markup, JSON-LD, OpenGraph, microdata, the generic reader, a
page's script state and a feed may each say what a field is. What a site declares is believed.
Among what the page itself says, the extractor weighs the layers against each other with the
evidence that it has (agreement of titles, share of good text), and names the one that won. What a
feed or sitemap says fills what the page leaves open. Nothing else decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from newscrawl.extract.html import HtmlPage
from newscrawl.extract.shortcodes import without_label
from newscrawl.items import (
    Article,
    Author,
    DateReading,
    ExtractedBy,
    Image,
    RemovedBlock,
)
from newscrawl.page.facts import Facts
from newscrawl.reading.layout import DeclaredArticle

# Fields that the extractor names as the drop does not.
_NAMED_OTHERWISE = {"canonical_url": "url"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one layer says.

    Attributes:
        values: a value a field; empty ones say nothing.
        by: the layer, or the layer of each field.
    """

    values: Mapping[str, Any]
    by: ExtractedBy | Mapping[str, ExtractedBy]

    def layer(self, field: str) -> ExtractedBy | None:
        """Which layer says a field."""
        return self.by if isinstance(self.by, str) else self.by.get(field)


def choose(layers: Iterable[Said]) -> tuple[dict[str, Any], dict[str, ExtractedBy]]:
    """The value of each field, and the layer that it is from.

    Args:
        layers: the one that is believed most comes first.
    """
    values: dict[str, Any] = {}
    by: dict[str, ExtractedBy] = {}
    for said in layers:
        for name, value in said.values.items():
            if not value or name in values:
                continue
            values[name] = value
            if layer := said.layer(name):
                by[name] = layer
    return values, by


def of_site(declared: DeclaredArticle) -> Said:
    """What a site's layout says of an article's page."""
    return Said(
        {
            "headline": declared.headline,
            "article_section": declared.section,
            "authors": [Author(name=name, url=url) for name, url in declared.authors],
            "images": [Image(url=url) for url in declared.images],
        },
        "site",
    )


def of_page(found: HtmlPage) -> Said:
    """What the page itself says, as the extractor weighed it."""
    return Said(
        {
            "url": found.canonical_url,
            "headline": found.headline,
            "article_body": found.article_body,
            "description": found.description,
            "article_section": found.section,
            "keywords": list(found.keywords),
            "in_language": found.in_language,
            "authors": [
                Author(name=person.name, url=person.url, type=person.type)
                for person in found.authors
            ],
            "publisher": found.publisher,
            "images": [
                Image(url=image.url, caption=image.caption, credit=without_label(image.credit))
                for image in found.images
            ],
        },
        {_NAMED_OTHERWISE.get(name, name): layer for name, layer in found.extracted_by.items()},  # type: ignore[misc]  # the extractor has the same names as plain str
    )


def article_fields(found: HtmlPage, declared: DeclaredArticle | None) -> dict[str, Any]:
    """The fields of an article's page, as `Article` takes them.

    Args:
        found: what the page says.
        declared: what its site's layout says, or None.
    """
    page = of_page(found)
    values, by = choose([of_site(declared), page] if declared else [page])
    if values.get("images") and by.get("images") == "site":
        values["images"] = _with_captions(values["images"], page.values["images"])
    # What is no choice has its layer all the same: dates, and whether it is free.
    if not isinstance(page.by, str):
        by = {**page.by, **by}
    return {
        **values,
        "is_accessible_for_free": found.is_accessible_for_free,
        "is_truncated": found.is_truncated,
        "furniture": [RemovedBlock(text=b.text, reason=b.reason) for b in found.furniture],
        "extracted_by": by,
    }


def _with_captions(declared: list[Image], found: list[Image]) -> list[Image]:
    """The declared pictures, each with what the page prints under it."""
    known = {image.url: image for image in found}
    return [known.get(image.url, image) for image in declared]


def join_facts(article: Article, said: tuple[Facts, ...]) -> None:
    """Add what feeds and sitemaps say to an article page's own article, where it says nothing.

    Args:
        article: of an article's page; changed in place.
        said: what names its address says of it.
    """
    said = tuple(facts for facts in said if facts.source != "listing")  # its own sightings say it
    for facts in said:
        for name, raw in (("published", facts.published), ("modified", facts.modified)):
            if raw and not (name == "modified" and facts.source == "sitemap"):
                article.date_readings.append(
                    DateReading(field=name, raw=raw, value=None, basis="feed")  # type: ignore[arg-type]  # the two names
                )
    values, by = choose(map(_of_facts, said))
    for name, value in values.items():
        if not getattr(article, name):
            setattr(article, name, value)
            article.extracted_by[name] = by[name]


def _of_facts(facts: Facts) -> Said:
    return Said(
        {
            "headline": facts.title,
            "description": facts.description,
            "article_section": facts.section,
            "keywords": list(facts.keywords),
            "in_language": facts.language,
            "authors": [Author(name=author) for author in facts.authors],
        },
        "feed",
    )
