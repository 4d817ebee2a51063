"""Addresses that discovery pages name: made absolute, asked of the right host, told by their form."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from newscrawl.addresses.canonical import request_url
from newscrawl.addresses.domains import registrable_domain

HostTest = Callable[[str], bool]
"""Whether addresses of a host (lower case, without port) may be followed."""

_MAX_ADDRESS = 2_048
"""Characters of an address that is followed; the sitemap protocol's own limit. Longer ones are
pictures in data, or traps."""


def followable(base: str, href: str) -> str | None:
    """The address that a link asks for.

    Args:
        base: the page's own address, or its `<base>` or xml:base.
        href: as printed.

    Returns:
        An absolute http or https address without fragment, session id and tracking parameters;
        None for anything else, and for one of more than 2,048 characters.

    >>> followable("https://coast.example/news/", "../tag/fish?utm_medium=rss&page=2#top")
    'https://coast.example/tag/fish?page=2'
    >>> followable("https://coast.example/news/", "mailto:desk@coast.example")
    """
    if len(href) <= _MAX_ADDRESS and _PLAIN.fullmatch(href):
        return href
    href = _with_slashes(href.strip().translate(_DROPPED))
    if not href or len(href) > _MAX_ADDRESS:
        return None
    if _PLAIN_PATH.fullmatch(href) and "/." not in href and (origin := _ORIGIN.match(base)):
        return origin[0] + href
    try:
        joined = href if href.startswith(("https://", "http://")) else urljoin(base, href)
    except ValueError:
        return None
    asked = request_url(joined)
    return asked if asked and len(asked) <= _MAX_ADDRESS else None


def _with_slashes(href: str) -> str:
    """Backslashes in front of the query are slashes to browsers (WHATWG URL, "special" schemes)."""
    if "\\" not in href:
        return href
    end = min((at for at in map(href.find, "?#") if at >= 0), default=len(href))
    return href[:end].replace("\\", "/") + href[end:]


# An address that is asked for as it is; most are, and this is ten times faster.
_PLAIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9._~/-]*")
_PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/-]*")
_ORIGIN = re.compile(r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?=/|$)")
# https://url.spec.whatwg.org/#concept-basic-url-parser: tabs and line ends inside are dropped.
_DROPPED = str.maketrans("", "", "\t\n\r")


def host_of(url: str) -> str:
    """The host of an absolute address, lower case, without port; "" where there is none."""
    if plain := _ORIGIN.match(url):
        return plain[1]
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_site(url: str) -> HostTest:
    """A test for hosts of the same registrable domain as an address's.

    >>> test = same_site("https://www.coast.example.co.uk/feed")
    >>> test("news.example.co.uk"), test("example.org")
    (True, False)
    """
    domain = registrable_domain(url)

    @lru_cache(maxsize=1024)
    def test(host: str) -> bool:
        return registrable_domain(f"http://{host}/") == domain

    return test
