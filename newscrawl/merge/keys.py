"""The keys by which sightings are compared, and the ids made from them.

An id depends on nothing but the article's own headline and beginning, so that it is the
same in every run, snapshot and input format.
"""

from __future__ import annotations

import hashlib

from newscrawl.extract.typography import fold, letters
from newscrawl.items import Article
from newscrawl.merge.urls import url_key

# About twelve words: enough to tell beginnings apart, and every teaser has as many.
_LEAD_LETTERS = 64
# About twenty words: with the headline, what an id stands on.
_ID_LETTERS = 120


def article_id(site: str, headline: str | None, body: str) -> str:
    """An article's id: `<site>:<16 hex>`.

    With a headline it stands on headline and beginning, so that a teaser has the id of the
    whole. Without one it stands on the whole text, because posts share lead sentences.

    Args:
        site: the record's site.
        headline: or None.
        body: the cleaned body.
    """
    lead = _lead(body, _ID_LETTERS) if headline else letters(body)
    return f"{site}:{_digest(site, fold(headline or ''), lead)}"


def whole_text_id(site: str, headline: str | None, body: str, url: str | None = None) -> str:
    """The id of an article that has another's headline and beginning and is not that one."""
    parts = [site, fold(headline or ""), letters(body)]
    if address := url_key(url):
        parts.append(address)
    return f"{site}:{_digest(*parts)}"


def person_id(site: str, name: str) -> str:
    """A person's id: `<site>:<16 hex>`."""
    return f"{site}:{_digest(site, 'person', fold(name))}"


def headline_key(headline: str | None) -> str | None:
    """What two prints of one headline have in common; None without one."""
    return letters(headline) or None if headline else None


def lead_key(body: str) -> str | None:
    """What two prints of one text have in common, cut off or not; None without text."""
    return _lead(body, _LEAD_LETTERS) or None


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


def _lead(body: str, length: int) -> str:
    """The first letters of a body; a quarter of a text's beginning is never all marks and spaces."""
    return letters(body[: 4 * length])[:length]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
