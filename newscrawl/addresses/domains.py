"""Whose an address is: the registrable domain of its host."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

# The list of public suffixes that the library ships; nothing is fetched.
_registrable = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable_domain(url: str | None) -> str | None:
    """The registrable domain of an address ("news.example.co.uk" → "example.co.uk")."""
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return _domain_of_host(host) if host else None


@lru_cache(maxsize=4096)
def _domain_of_host(host: str) -> str:
    return _registrable(host).top_domain_under_public_suffix or host


def domain_of(url: str) -> str:
    """The registrable domain of an address; host and port where the host is no domain name.

    >>> domain_of("https://news.example.co.uk/a"), domain_of("http://127.0.0.1:8000/a")
    ('example.co.uk', '127.0.0.1:8000')
    """
    domain = registrable_domain(url) or ""
    return domain if "." in domain and not domain[-1].isdigit() else urlsplit(url).netloc
