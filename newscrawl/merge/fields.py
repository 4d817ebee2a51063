"""Fields that pages print more or less fully: a text dump names an author, HTML links to them. Pure.

Where one value says no more than another, the fuller one stands, and no reader is told of a
change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from newscrawl.addresses.canonical import canonical_url, url_key
from newscrawl.extract.typography import squeeze
from newscrawl.items import Article, Author, ExtractedBy, Image

_NOTHING: tuple[Any, ...] = (None, "", [])


def plain(value: Any) -> Any:
    """Text as it is compared: whatever its white space."""
    return squeeze(value) if isinstance(value, str) else value


def plain_images(images: Iterable[Image]) -> list[tuple[str | None, str | None, str | None]]:
    """Address, caption and credit of each picture, as they are compared."""
    return [(canonical_url(i.url) or i.url, plain(i.caption), plain(i.credit)) for i in images]


def plain_authors(authors: Iterable[Author]) -> list[tuple[str, str | None]]:
    """Name and address of each author, as they are compared."""
    return [(plain(a.name), url_key(a.url) or a.url) for a in authors]


def first_with(name: str, ranked: Sequence[Article]) -> Article:
    """The first article that has a value of a field; the first of all where none has."""
    return next((a for a in ranked if getattr(a, name) not in _NOTHING), ranked[0])


def source_of(name: str, ranked: Sequence[Article]) -> Article:
    """Where a field's value comes from: the first that has one, or one that says it more fully.

    Args:
        name: the field.
        ranked: at least one article, the best one first.
    """
    source = ranked[0]
    for article in ranked[1:]:
        if says_more(name, getattr(article, name), getattr(source, name)):
            source = article
    return source


def says_more(name: str, value: Any, other: Any) -> bool:
    """Whether a field's value says all that another says, and more.

    >>> says_more("in_language", "en-GB", "en"), says_more("in_language", "fr", "en")
    (True, False)
    >>> says_more("is_accessible_for_free", True, False)
    False
    """
    if value in _NOTHING or value == other:
        return False
    says_less = _SAYS_LESS.get(name)
    return other in _NOTHING or (says_less is not None and says_less(other, value))


def extracted_by(ranked: Sequence[Article], sources: dict[str, Article]) -> dict[str, ExtractedBy]:
    """Which layer gave each field.

    Args:
        ranked: the articles that a record is made of, the best one first.
        sources: where the values of some fields come from; the others: from the first that has one.
    """
    found = {
        name: source.extracted_by[name]
        for name, source in sources.items()
        if name in source.extracted_by
    }
    for article in ranked:
        for name, layer in article.extracted_by.items():
            found.setdefault(name, layer)
    return dict(sorted(found.items()))


def unite_images(images: Iterable[Image]) -> list[Image]:
    """Every picture once, in order; one without an address is told by caption and credit."""
    given = list(images)
    known: dict[tuple[str | None, ...], Image] = {}
    for one, image in zip(plain_images(given), given, strict=True):
        known.setdefault(one, image)
    return [
        image
        for one, image in known.items()
        if not any(_is_part(one, other) for other in known if other != one)
    ]


def _is_part(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    return all(a is None or a == b for a, b in zip(one, other, strict=True))


def _authors_say_less(value: list[Author], other: list[Author]) -> bool:
    ones, others = plain_authors(value), plain_authors(other)
    return len(ones) == len(others) and all(map(_is_part, ones, others))


_SAYS_LESS: dict[str, Callable[[Any, Any], bool]] = {
    "authors": _authors_say_less,
    "in_language": lambda value, other: other.startswith(f"{value}-"),
    "keywords": lambda value, other: set(map(squeeze, value)) <= set(map(squeeze, other)),
}
