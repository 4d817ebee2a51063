"""The keys by which sightings are compared."""

from __future__ import annotations

import hashlib

from newscrawl.addresses.canonical import url_key
from newscrawl.extract.ids import lead_letters
from newscrawl.extract.typography import letters
from newscrawl.items import Article

# About twelve words: enough to tell beginnings apart, and every teaser has as many.
_LEAD_LETTERS = 64


def headline_key(headline: str | None) -> str | None:
    """What two prints of one headline have in common; None without one."""
    return letters(headline) or None if headline else None


def lead_key(body: str) -> str | None:
    """What two prints of one text have in common, cut off or not; None without text."""
    return lead_letters(body, _LEAD_LETTERS) or None


def text_key(body: str) -> int:
    """What two exact copies have in common: 63 bits of a digest of the body's letters."""
    return _number(letters(body))


def state_key(name: str, site: str, key: str) -> int:
    """A key as the state across runs keeps it, 63 bits; frozen, like what is stored.

    Args:
        name: "url_key", "headline_key" or "lead_key".
        site: the article's site; an address holds its own.
        key: its value.
    """
    return _number("\n".join([name, "" if name == "url_key" else site, key]))


def state_keys(article: Article) -> list[int]:
    """All keys by which an article is found again."""
    found = {
        "url_key": url_key(article.url),
        "headline_key": headline_key(article.headline),
        "lead_key": lead_key(article.article_body),
    }
    return [state_key(name, article.site, key) for name, key in found.items() if key]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
