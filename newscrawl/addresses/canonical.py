"""The address of an article, whichever of its variants a page printed.

`canonical_url` is what a record shows: a working address without what only tracks readers.
`request_url` is what is asked for, spelt as it was printed. `url_key` is what is compared: the AMP, mobile and print variants of a page, and links
through the proxies of search engines, feeds and archives, have one key. The rules are data,
in ``data/urls.json``:

- ``tracking_prefixes``, ``tracking_names``: parameters that say where a reader came from and
  never what is shown; names that an analytics or advertising tool made up and documents.
- ``possible_tracking_prefixes``, ``possible_tracking_names``: words that trackers use and
  publishing systems too (``/story.php?ref=AB2411``): trackers only beside an address that names
  its page without them. ``id``, ``p``, ``story`` and their like choose the page, and are in no list.
- ``session_names``: parameters that hold a visitor's session where their value looks like one.
- ``variant_flags``: parameters that choose a rendering, switched on or off;
  ``variant_parameters``: likewise, with the values that do it.
- ``variant_hosts``, ``variant_path_segments``, ``index_names``: the same in host and path.
- ``proxies``: hosts whose addresses hold another address, in the path or a parameter.

A proxy link that holds no address (feedproxy.google.com/~r/…) can't be read without the
network: such sightings meet by headline and text.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import (
    SplitResult,
    parse_qs,
    quote_plus,
    unquote,
    unquote_to_bytes,
    urlsplit,
    urlunsplit,
)

from w3lib.url import canonicalize_url, safe_url_string

_RULES: dict[str, Any] = json.loads(
    resources.files("newscrawl.addresses").joinpath("data/urls.json").read_text(encoding="utf-8")
)
_TRACKING_PREFIXES = tuple(_RULES["tracking_prefixes"])
_TRACKING_NAMES = frozenset(_RULES["tracking_names"])
_POSSIBLE_PREFIXES = tuple(_RULES["possible_tracking_prefixes"])
_POSSIBLE_NAMES = frozenset(_RULES["possible_tracking_names"])
_SUSPECTS = _TRACKING_NAMES | _POSSIBLE_NAMES | frozenset(_RULES["session_names"])
_SUSPECT_PREFIXES = _TRACKING_PREFIXES + _POSSIBLE_PREFIXES
_VARIANT_FLAGS = frozenset(_RULES["variant_flags"])
_VARIANT_PARAMETERS: dict[str, list[str]] = _RULES["variant_parameters"]
_SWITCHES = frozenset(("", "0", "1", "true", "false", "yes", "no", "on", "off"))
_VARIANT_HOSTS = frozenset(_RULES["variant_hosts"])
_VARIANT_SEGMENTS = frozenset(_RULES["variant_path_segments"])
_SESSION_NAMES = frozenset(_RULES["session_names"])
# What a server makes up for each visitor: one long word with digits in it, or a UUID. A story's
# id is short, and its slug is made of words.
_SESSION_VALUE = re.compile(
    r"(?=[A-Za-z]*\d)[0-9A-Za-z,_]{20,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
# A last segment that names its page: by a number, a slug, a long word, words of another script.
_NAMES_A_PAGE = re.compile(
    r"\d{4}|[^\W_]{2,64}[-_][^\W_]{1,64}[-_][^\W_]{2,64}|[a-z]{12}[^.]*$|[^\x00-\x7f]{4}"
)
_DEEP = 4
_INDEX_NAMES = frozenset(_RULES["index_names"])
_PROXIES = [
    (
        re.compile(rf"(?:www\.)?(?:{rule['host']})"),
        re.compile(rule["path"]),
        rule.get("parameters"),
    )
    for rule in _RULES["proxies"]
]
_PROXY_HOST = re.compile("|".join(host.pattern for host, _, _ in _PROXIES))
# A link of a proxy may be a proxy's link: a feed's reader, an archive of an AMP cache.
_MAX_PROXIES = 4
_DIGIT = re.compile(r"\d")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_SESSION = re.compile(
    r";(?:(?:jsessionid|phpsessid)=[^/]*|sid=(?=[A-Za-z]*\d)[0-9A-Za-z,_]{20,128}(?![^/;]))",
    re.IGNORECASE,
)
_COOKIELESS = re.compile(r"/\([A-Z]\([^()/]*\)\)(?=/)")
"""ASP.NET's session in the path: /(S(lit3py55t21z5v55vlm25s55))/story.aspx."""
# What urlsplit leaves in an address and RFC 3986 does not allow there unencoded.
_UNSAFE = re.compile(r"[^!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]")
# An address without query, port, upper-case host or anything encoded is canonical; most are.
_PLAIN = re.compile(r"https?://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/[A-Za-z0-9._~/-]*")
# Behind a dot only: "-amp" may be a slug's last word, and a page's links say what is AMP.
_AMP_FILE = re.compile(r"\.amp(?=\.[a-z]+$|$)")


def canonical_url(url: str | None) -> str | None:
    """An article's address without what only tracks its readers.

    Args:
        url: as printed; or None.

    Returns:
        An absolute http or https address, its parameters sorted, without fragment; None for
        anything else.

    >>> canonical_url("HTTPS://Coast.example:443/a?utm_source=x&id=7#top")
    'https://coast.example/a?id=7'
    """
    return _canonical_url(url) if url else None


@lru_cache(maxsize=4096)
def _canonical_url(url: str) -> str | None:
    plain = _PLAIN.fullmatch(url)
    if plain and "/." not in url and not _may_be_proxy(plain["host"]):
        return url
    parts = _split(url)
    for _ in range(_MAX_PROXIES):
        target = _behind_proxy(parts) if parts else None
        if target is None:
            break
        parts = _split(target)
    if parts is None:
        return None
    kept = _without_tracking(parts.path, _pairs(parts.query))
    return urlunsplit(parts._replace(query=_written(kept)))


_Pair = tuple[bytes, bytes]


def _pairs(query: str) -> list[_Pair]:
    """Names and values as the bytes that they are: which characters, the server knows."""
    pairs = (pair.replace("+", " ").partition("=") for pair in query.split("&") if pair)
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in pairs]


def _written(pairs: list[_Pair]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)


def _without_tracking(path: str, pairs: list[_Pair]) -> list[_Pair]:
    """The parameters that choose the page."""
    named = [(_text(name).lower(), _text(value)) for name, value in pairs]
    possible = [_may_track(name) for name, _ in named]
    sure = [_is_tracking(name, value) for name, value in named]
    # Beside a bare script they are what is shown; beside an address that is whole, they track.
    segments = [segment for segment in path.split("/") if segment]
    is_whole = (
        len(segments) >= _DEEP
        or any(not maybe and not surely for maybe, surely in zip(possible, sure, strict=True))
        or (segments and _NAMES_A_PAGE.search(unquote(segments[-1])))
    )
    # A home page is whole too; only what has a number in it may be a page's.
    is_home = not segments
    return [
        pair
        for pair, (_, value), maybe, surely in zip(pairs, named, possible, sure, strict=True)
        if not surely and not (maybe and (is_whole or (is_home and not _DIGIT.search(value))))
    ]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def request_url(url: str) -> str | None:
    """An address to ask for: without fragment, session id, proxy, and what only tracks readers.

    Unlike `canonical_url` it keeps order and spelling of what is left: there are servers that
    mind.

    Args:
        url: absolute, as printed.

    Returns:
        The address; None for what is no http or https address.

    >>> request_url("http://Coast.example/a;jsessionid=1F?z=1&utm_source=x&a=%7e#top")
    'http://coast.example/a?z=1&a=%7e'
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or not host.strip("."):
        return None
    if parts.query and _may_be_proxy(host) and (target := _split(url)) and _behind_proxy(target):
        return canonical_url(url)
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and f":{port}" != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    query = parts.query
    # Most parameters are nothing of the kind, and to look at their names is ten times faster.
    if query and any(_is_suspect(pair.partition("=")[0].lower()) for pair in query.split("&")):
        kept = set(_without_tracking(parts.path, _pairs(query)))
        query = "&".join(pair for pair in query.split("&") if not pair or _pairs(pair)[0] in kept)
    path = _COOKIELESS.sub("", _SESSION.sub("", parts.path)) or "/"
    asked = f"{parts.scheme}://{netloc}{path}{'?' if query else ''}{query}"
    try:
        return safe_url_string(asked) if _UNSAFE.search(asked) else asked
    except ValueError:
        return None


def _may_be_proxy(host: str) -> bool:
    return bool(_PROXY_HOST.fullmatch(host))


def _split(url: str) -> SplitResult | None:
    """The parts of an address as w3lib writes it; None where it is none that is fetched."""
    try:
        parts = urlsplit(canonicalize_url(url.strip()))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or not host.strip("."):
        return None
    netloc = parts.netloc.rpartition("@")[2].removesuffix(_DEFAULT_PORTS[parts.scheme])
    return parts._replace(netloc=netloc.lower(), fragment="")


def _behind_proxy(parts: SplitResult) -> str | None:
    for host, path, parameters in _PROXIES:
        if not host.fullmatch(parts.netloc) or not (match := path.fullmatch(parts.path)):
            continue
        if parameters:
            query = parse_qs(parts.query)
            targets = [query[name][0] for name in parameters if name in query]
            targets = [target for target in targets if re.match(r"https?://", target)]
            if targets:
                return targets[0]
            continue
        target = unquote(match["target"]) + (f"?{parts.query}" if parts.query else "")
        return re.sub(r"^(?:(https?):/*)?", lambda m: f"{m[1] or 'https'}://", target, count=1)
    return None


def _is_tracking(name: str, value: str) -> bool:
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _SESSION_NAMES and _SESSION_VALUE.fullmatch(value) is not None


def _is_suspect(name: str) -> bool:
    return name in _SUSPECTS or name.startswith(_SUSPECT_PREFIXES) or "%" in name


def _may_track(name: str) -> bool:
    return name in _POSSIBLE_NAMES or name.startswith(_POSSIBLE_PREFIXES)


def url_key(url: str | None) -> str | None:
    """What the variants of one article's address have in common.

    Args:
        url: as printed, or canonical.

    Returns:
        Host, path and what is left of the query; None without an address, and for a home
        page, which is no article's address though pages claim it.

    >>> url_key("http://m.coast.example/amp/a/") == url_key("https://coast.example/a?output=amp")
    True
    >>> url_key("https://coast.example/story?id=7") == url_key("https://coast.example/story?id=8")
    False
    """
    return _url_key(url) if url else None


@lru_cache(maxsize=4096)
def _url_key(url: str) -> str | None:
    canonical = canonical_url(url)
    if canonical is None:
        return None
    parts = urlsplit(canonical)
    query = _written(
        [
            (name, value)
            for name, value in _pairs(parts.query)
            if not _is_variant(_text(name).lower(), _text(value).lower())
        ]
    )
    host, path = _plain_host(parts.netloc), _plain_path(parts.path)
    if not path and not query:
        return None
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def _is_variant(name: str, value: str) -> bool:
    if name in _VARIANT_FLAGS:
        return value in _SWITCHES
    return value in _VARIANT_PARAMETERS.get(name, ())


def _plain_host(host: str) -> str:
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _VARIANT_HOSTS:
        del labels[0]
    return ".".join(labels)


def _plain_path(path: str) -> str:
    """A path without empty segments, index file, and the AMP or print mark at its ends."""
    segments = [segment for segment in _SESSION.sub("", path).split("/") if segment]
    if segments and segments[-1].lower() in _INDEX_NAMES:
        del segments[-1]
    for at in (-1, 0):
        if len(segments) > 1 and segments[at].lower() in _VARIANT_SEGMENTS:
            del segments[at]
    if segments:
        segments[-1] = _AMP_FILE.sub("", segments[-1])
    return "".join(f"/{segment}" for segment in segments)


def best_url(urls: list[str]) -> str | None:
    """The address that a record shows: the plain one of its variants, canonical.

    Args:
        urls: as printed, best sighting first.

    Returns:
        The first that is no AMP, mobile or print variant; without such a one, the first.
    """
    found = [canonical for url in urls if (canonical := canonical_url(url))]
    plain = [url for url in found if _is_plain(url)]
    return next(iter(plain or found), None)


def _is_plain(url: str) -> bool:
    rest, key = re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/"), url_key(url)
    return key is not None and rest == key
