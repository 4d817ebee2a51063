"""The ids of articles and people.

An id depends on nothing but the article's own headline and beginning, so that it is the
same in every run, snapshot and input format.
"""

from __future__ import annotations

import hashlib

from newscrawl.addresses.canonical import url_key
from newscrawl.extract.typography import fold, letters

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
    lead = lead_letters(body, _ID_LETTERS) if headline else letters(body)
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


def lead_letters(body: str, length: int) -> str:
    """The first letters of a body; a quarter of a text's beginning is never all marks and spaces."""
    return letters(body[: 4 * length])[:length]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
