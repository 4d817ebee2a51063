"""What those who save pages say of them: browsers, their extensions, and web archives.

They put the page's address and the time of capture into the file, in forms of their own, and
some of them a banner with dates that are no dates of the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newscrawl.addresses.links import followable

# Who saves a page says so at its beginning; SingleFile and browsers within the first lines.
_BEGINNING = 2**14
# A browser's mark stands behind the doctype.
_TOP = 2**10
# "saved from url=(0037)https://…": Internet Explorer's mark of the web, which Chrome writes, too.
_MARK = re.compile(rb"<!-- saved from url=\((\d{4})\)(\S{1,2000}) -->")
_SINGLEFILE = re.compile(
    rb"<!--\s{0,9}Page saved with SingleFile\s{1,9}url:\s{0,9}(\S{1,2000})\s{1,9}"
    rb"saved date:\s{0,9}([^\r\n(]{1,60})"
)
# An archive's address holds the moment in 14 digits, how it is shown ("id_", "mp_"), and the page's.
_REPLAYED = re.compile(
    r"https?://[^/?#\s]{1,253}/(?:[^?#\s]{0,100}/)?(\d{14})(?:[a-z]{2}_)?/(https?:/{1,2}[^\s]{1,4000})",
    re.IGNORECASE,
)
# The Wayback Machine takes addresses without a scheme, too.
_WAYBACK = re.compile(
    r"https?://web\.archive\.org/web/(\d{14})(?:[a-z]{2}_)?/([a-z0-9-]{1,63}\.[^\s]{1,4000})",
    re.IGNORECASE,
)
# The scripts by which the Wayback Machine and pywb tell their own banner what is shown.
_WOMBAT = re.compile(rb"__wm\.wombat\(\"(https?:[^\"\s]{1,2000})\",\s?\"(\d{14})\"")
_WBINFO_TIME = re.compile(rb"wbinfo\.timestamp\s{0,3}=\s{0,3}\"(\d{14})\"")
_WBINFO_URL = re.compile(rb"wbinfo\.url\s{0,3}=\s{0,3}\"(https?:[^\"\s]{1,2000})\"")
# Links of a page, as an archive writes them: with its own address before theirs.
_REWRITTEN = re.compile(
    rb"(?<=[\"'(=\s,])(?:(?:https?:)?\\?/\\?/[a-z0-9.:-]{1,100})?\\?/(?:[a-z0-9_-]{1,40}\\?/){0,3}"
    rb"\d{14}(?:[a-z]{2}_)?\\?/(?=https?:\\?/\\?/)",
    re.IGNORECASE,
)
_TOOLBAR = (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"<!-- END WAYBACK TOOLBAR INSERT -->")
_TOOLBAR_ELEMENT = re.compile(rb"<div\s[^<>]{0,200}?\bid=[\"']?wm-ipp-base\b", re.IGNORECASE)
_DIV = re.compile(rb"<(/?)div\b", re.IGNORECASE)
# Google's cache has a style of its own in all languages.
_CACHE = re.compile(
    rb"<div style=\"background:#fff;border:1px solid #999;margin:-1px -1px 0;padding:0;\">"
    rb"|This is Google's cache of\s{0,9}<a href="
)
_HREF = re.compile(rb"href=\"(https?://[^\"\s]{1,2000})\"")
_APPEARED = re.compile(rb"(\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)")
_ZONED = re.compile(r"(?:[+-][0-9]{4}|GMT|UTC?|Z)$")
_DOCUMENT = re.compile(rb"<!doctype\s|<html[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saved:
    """A page as its server sent it, as far as who saved it can tell.

    Attributes:
        body: the bytes, without what was put in.
        url: the address; None where nobody says.
        fetched_at: when it was fetched, UTC, whole seconds; None where nobody says.
    """

    body: bytes
    url: str | None = None
    fetched_at: datetime | None = None


def read_saved(body: bytes, url: str | None = None, saved_at: datetime | None = None) -> Saved:
    r"""What the bytes of a saved page say of how they were saved.

    Args:
        body: the page.
        url: where it was fetched, as its container says; None: only the page tells.
        saved_at: when, as its container says.

    >>> saved = read_saved(b"<!-- saved from url=(0019)https://a.example/b -->\n<p>Hello")
    >>> saved.url, saved.body[-5:]
    ('https://a.example/b', b'Hello')
    """
    start = body[:_BEGINNING]
    if found := _archived(body) or _cached(body):
        return found
    if url is None and (match := _SINGLEFILE.search(start)):
        url, saved_at = _text(match[1]), moment_of(_text(match[2]))
    elif url is None and (match := _MARK.search(start[:_TOP])):
        url = _text(match[2][: int(match[1])])
    address, archived_at = original(url) if url else (None, None)
    if archived_at:
        body = _without_archive(body)
    return Saved(body, _http(address), archived_at or saved_at)


def original(url: str) -> tuple[str, datetime | None]:
    """The address and moment of what a web archive shows at an address; of others, itself.

    >>> original("https://archive.example/web/20250105100000id_/https://a.example/b")
    ('https://a.example/b', datetime.datetime(2025, 1, 5, 10, 0, tzinfo=datetime.timezone.utc))
    >>> original("https://a.example/b")
    ('https://a.example/b', None)
    """
    match = _REPLAYED.fullmatch(url) or _WAYBACK.fullmatch(url)
    moment = _stamp(match[1]) if match else None
    if match is None or moment is None:
        return url, None
    if match.re is _WAYBACK:
        return f"http://{match[2]}", moment
    scheme, _, rest = match[2].partition(":")
    return f"{scheme.lower()}://{rest.lstrip('/')}", moment


def moment_of(text: str) -> datetime | None:
    """A date as mail and JavaScript write it (RFC 5322, Date.toString), in UTC; None: it is none.

    >>> moment_of("Sun Jan 05 2025 10:00:00 GMT+0100")
    datetime.datetime(2025, 1, 5, 9, 0, tzinfo=datetime.timezone.utc)
    """
    text = re.sub(r"GMT(?=[+-])", "", text.strip())
    if not _ZONED.search(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        # "-0000" is UTC where nobody knows the writer's own zone (RFC 5322, 3.3).
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _archived(body: bytes) -> Saved | None:
    """A page as the Wayback Machine or pywb shows it."""
    start = body[:_BEGINNING]
    if match := _WOMBAT.search(start):
        url, stamp = match[1], match[2]
    elif (time := _WBINFO_TIME.search(start)) and (address := _WBINFO_URL.search(start)):
        url, stamp = address[1], time[1]
    else:
        return None
    return Saved(_without_archive(body), _http(_text(url)), _stamp(_text(stamp)))


def _without_archive(body: bytes) -> bytes:
    """A page without an archive's toolbar, and with its own links."""
    begin, end = body.find(_TOOLBAR[0]), body.find(_TOOLBAR[1])
    if 0 <= begin < end:
        body = body[:begin] + body[end + len(_TOOLBAR[1]) :]
    elif element := _TOOLBAR_ELEMENT.search(body):  # saved by what leaves comments out
        depth = 0
        for tag in _DIV.finditer(body, element.start()):
            depth += -1 if tag[1] else 1
            if not depth:
                body = body[: element.start()] + body[tag.start() :]
                break
    return _REWRITTEN.sub(b"", body)


def _cached(body: bytes) -> Saved | None:
    """A page as Google's cache showed it, below a banner."""
    start = body[:_BEGINNING]
    banner = _CACHE.search(start)
    if banner is None or b"<p" in start[: banner.start()].lower():  # a page that quotes it
        return None
    address = _HREF.search(start, banner.start())
    if address is None:
        return None
    document = _DOCUMENT.search(start, banner.end())
    shown = start[banner.start() : document.start() if document else banner.end() + 2000]
    appeared = _APPEARED.search(shown)
    moment = moment_of(_text(appeared[1])) if appeared else None
    if document:
        body = body[document.start() :]
    else:
        end = body.find(b"</div>", banner.end())
        body = body[: banner.start()] + body[end if end > 0 else banner.end() :]
    return Saved(body, _http(_text(address[1])), moment)


def _http(url: str | None) -> str | None:
    """The address of a page; None of files, frames and what is none."""
    return followable("", url) if url and url.lower().startswith(("http://", "https://")) else None


def _stamp(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("&amp;", "&")
