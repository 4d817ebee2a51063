"""Sitemaps: indexes, URL sets, Google News sitemaps, plain text, and feeds that serve as one.

Protocol: https://www.sitemaps.org/protocol.html; news:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.

A sitemap is read as a stream: what is kept is bounded by `limit`, whatever its size.
"""

from __future__ import annotations

import heapq
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

from lxml import etree

from newscrawl.addresses.forms import Role, role_of
from newscrawl.addresses.links import HostTest, followable, host_of, same_site
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.xml import (
    RecordStream,
    local_name,
    mend,
    problem_of,
    read_bytes,
    records,
    root_name,
    texts_of,
)
from newscrawl.errors import FeedError, SitemapError
from newscrawl.extract.html.structured import clean
from newscrawl.page.facts import Facts, Found

MAX_BYTES = 52_428_800
"""Bytes of an unpacked sitemap that are read: the protocol's own limit."""

MAX_ENTRIES = 50_000
"""The protocol's own limit."""

MAX_READ = 100_000
"""Entries that are looked at, so that the time is bounded too."""

_MAX_FIELD = 500
_MAX_KEYWORDS = 20
_T = TypeVar("_T")
_LINE = re.compile(rb"https?://\S+", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_DAY_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?([0-2]\d|3[01]))?(?!\d)"
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](.*))?)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap says.

    Attributes:
        kind: "index" names sitemaps; "urlset", "text" and "feed" name pages.
        entries: what it names, each address once, those with a date first, the newest first
            (`lastmod`, news:publication_date, else a date in the address), the others in
            document order. Roles: "sitemap" in an index; "article" of a news entry; of others
            what their form tells, or None.
        truncated: it has more entries or bytes than the limits; the newest were kept.
        beyond: how many of the entries that were looked at were not kept because of the limit.
        foreign: how many entries were left out because their host may not be followed.
        problem: what is broken in it, though all that is sound was read; or None.
    """

    kind: Literal["index", "urlset", "text", "feed"]
    entries: list[Found]
    truncated: bool = False
    beyond: int = 0
    foreign: int = 0
    problem: str | None = None


def parse_sitemap(
    body: bytes,
    url: str,
    content_type: str | None = None,
    *,
    allowed: HostTest | None = None,
    limit: int = MAX_ENTRIES,
) -> Sitemap:
    """Read a sitemap, gzipped or not.

    Args:
        body: the bytes behind content encoding; ``sitemap.xml.gz`` is gzipped below that.
        url: the address that answered.
        content_type: the HTTP header, or None.
        allowed: the hosts whose addresses are kept. By default those of the sitemap's own
            registrable domain; the protocol lets a robots.txt name others.
        limit: entries that are kept.

    Raises:
        SitemapError: it is no sitemap, or nothing in it can be read.
    """
    unpacked, cut, problem = _unpack(body, url)
    text = read_bytes(unpacked, content_type)
    name = root_name(text)
    kept = _Kept(url, allowed or same_site(url), limit)
    kind: Literal["index", "urlset", "text", "feed"]
    if name in ("urlset", "sitemapindex"):
        kind = "index" if name == "sitemapindex" else "urlset"
        problem = _read_xml(text, url, kept, is_index=kind == "index") or problem
        if not kept.total and kind == "urlset" and b"<sitemap>" in text:
            kind = "index"  # a list of sitemaps under the other root
            problem = _read_xml(text, url, kept, is_index=True) or problem
        if not kept.total and not kept.foreign and _RECORD.search(text):
            problem = problem or "none of its entries names an address"
    elif name in ("rss", "rdf", "feed"):
        kind = "feed"
        problem = _read_feed(unpacked, url, content_type, kept) or problem
    elif not name and _LINE.match(_COMMENTS.sub(b"", text).lstrip()):
        kind = "text"
        kept.read(_Entry(href=_utf8(line)) for line in kept.counted(_LINE.finditer(text)))
    else:
        found = f"its first element is <{name[:40]}>" if name else f"it begins with {text[:60]!r}"
        raise SitemapError(f"{url}: this is no sitemap, {found}")
    if cut:
        problem = f"the sitemap has more than {MAX_BYTES} bytes; the rest was not read"
    elif kept.cut:
        problem = f"the sitemap has more than {MAX_READ} entries, or far too many elements; the rest was not read"  # fmt: skip
    role: Role | None = "sitemap" if kind == "index" else None
    return Sitemap(
        kind=kind,
        entries=[entry.found(role) for entry in kept.entries()],
        truncated=cut or kept.cut or kept.total > limit,
        beyond=max(0, kept.total - limit),
        foreign=kept.foreign,
        problem=problem,
    )


def _unpack(body: bytes, url: str) -> tuple[bytes, bool, str | None]:
    """The bytes without gzip, whether more than the limit, and what is wrong with them."""
    if not body.startswith(_GZIP):
        return body[:MAX_BYTES], len(body) > MAX_BYTES, None
    unpacked, left = bytearray(), body
    try:
        # A gzip file may have several members, one behind the other.
        while left.startswith(_GZIP) and len(unpacked) <= MAX_BYTES:
            member = zlib.decompressobj(wbits=31)
            unpacked += member.decompress(left, MAX_BYTES + 1 - len(unpacked))
            left = member.unused_data
            if not member.eof:
                break
    except zlib.error as error:
        if not unpacked:
            raise SitemapError(f"{url}: broken gzip: {error}") from None
        return bytes(unpacked), False, f"broken gzip: {error}"
    cut = len(unpacked) > MAX_BYTES
    problem = None if member.eof or cut else "the gzip file ends too early"
    return bytes(unpacked[:MAX_BYTES]), cut, problem


def _utf8(line: re.Match[bytes]) -> str:
    return line[0].decode("utf-8", "replace")


@dataclass(slots=True, kw_only=True)
class _Entry:
    """One entry as it was read.

    Attributes:
        href: as printed, then what is asked for.
        facts: what is said of it.
        role: what it is, where the sitemap says.
        when: for the order alone: seconds since 1970, or None.
    """

    href: str
    facts: Facts | None = None
    role: Role | None = None
    when: float | None = None
    reason: str = "sitemap"

    def found(self, role: Role | None) -> Found:
        return Found(
            url=self.href,
            role=role or self.role or role_of(self.href),
            facts=self.facts,
            reason="sitemap index" if role == "sitemap" else self.reason,
        )


@dataclass(slots=True)
class _Kept:
    """The newest entries that may be followed.

    Args:
        url: the sitemap's address.
        allowed: the hosts that may be followed.
        limit: how many are kept.
    """

    url: str
    allowed: HostTest
    limit: int
    total: int = 0
    foreign: int = 0
    cut: bool = False
    _found: dict[str, _Entry] = field(default_factory=dict)
    _hosts: dict[str, bool] = field(default_factory=dict)

    def counted(self, things: Iterable[_T]) -> Iterator[_T]:
        """As many as are looked at."""
        for number, thing in enumerate(things):
            if number >= MAX_READ:
                self.cut = True
                return
            yield thing

    def read(self, entries: Iterable[_Entry]) -> None:
        """Keep the newest; `heapq.nlargest` holds no more than the limit."""
        newest = heapq.nlargest(self.limit, enumerate(self._followed(entries)), key=_newest_first)
        self._found = {}
        for _, entry in newest:
            self._found.setdefault(entry.href, entry)

    def _followed(self, entries: Iterable[_Entry]) -> Iterator[_Entry]:
        self.total = self.foreign = 0
        for entry in entries:
            # "&site;" is an entity of the document's own, which nobody declares to us.
            address = None if _ENTITY.match(entry.href) else followable(self.url, entry.href)
            # An index that names itself would be read for ever.
            if address is None or address == self.url:
                continue
            if not self._follows(address.split("/", 3)[2]):
                self.foreign += 1
                continue
            self.total += 1
            entry.href = address
            entry.when = _moment(entry, address)
            yield entry

    def _follows(self, netloc: str) -> bool:
        if netloc not in self._hosts:
            self._hosts[netloc] = self.allowed(host_of(f"//{netloc}"))
        return self._hosts[netloc]

    def entries(self) -> list[_Entry]:
        """What was kept, the newest first."""
        return list(self._found.values())


_RECORD = re.compile(rb"<(?:\w+:)?(?:url|sitemap)[\s>]")
_COMMENTS = re.compile(rb"^(?:\s*#[^\n]*\n)+")
_ENTITY = re.compile(r"\s*&\w+;")


def _newest_first(numbered: tuple[int, _Entry]) -> tuple[float, int]:
    number, entry = numbered
    return (entry.when if entry.when is not None else float("-inf"), -number)


def _moment(entry: _Entry, address: str) -> float | None:
    """When it was published or changed, for the order; a day without zone counts as UTC."""
    facts = entry.facts
    for printed in (facts.modified, facts.published) if facts else ():
        if printed and (seconds := _seconds(printed)) is not None:
            return seconds
    match = _DAY_IN_ADDRESS.search(address)
    return _seconds("-".join(filter(None, match.groups()))) if match else None


def _seconds(printed: str) -> float | None:
    """A W3C date (https://www.w3.org/TR/NOTE-datetime) as seconds; None for anything else."""
    match = _DATE.fullmatch(printed)
    if not match:
        return None
    year, month, day, clock = match.groups()
    try:
        if clock:
            moment = datetime.fromisoformat(printed)
        else:
            moment = datetime(int(year), int(month or 1), int(day or 1))
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _read_feed(body: bytes, url: str, content_type: str | None, kept: _Kept) -> str | None:
    try:
        feed = parse_feed(body, url, content_type)
    except FeedError as error:
        raise SitemapError(str(error)) from None
    kept.read(
        _Entry(href=found.url, facts=found.facts, role=found.role, reason="sitemap feed")
        for found in feed.entries
    )
    return feed.problem


def _read_xml(text: bytes, url: str, kept: _Kept, *, is_index: bool) -> str | None:
    """Read strictly; a document that breaks is read again, mended, record by record."""
    wanted = "sitemap" if is_index else "url"
    problem = None
    if b"<!DOCTYPE" not in text:
        stream = RecordStream(text, wanted, _WANTED)
        try:
            kept.read(map(_entry, kept.counted(stream)))
        except etree.XMLSyntaxError as error:
            problem = problem_of(error)
        else:
            kept.cut |= stream.cut
            return None
    mended = mend(text)
    if mended is not None:
        found = (element for element in records(mended, url) if local_name(element) == wanted)
        kept.read(_entry(texts_of(element, _WANTED)) for element in kept.counted(found))
    return problem


# Pictures and films have a loc and a title too (image:loc), but a level deeper.
_WANTED = frozenset(
    (
        "loc",
        "lastmod",
        "news/title",
        "news/publication_date",
        "news/keywords",
        "news/publication/language",
    )
)


def _entry(said: dict[str, str]) -> _Entry:
    href = said.get("loc", "")
    modified = said.get("lastmod", "")[:100] or None
    if not any(name.startswith("news/") for name in said):
        facts = Facts(source="sitemap", modified=modified) if modified else None
        return _Entry(href=href, facts=facts)
    keywords = [word.strip()[:_MAX_FIELD] for word in said.get("news/keywords", "").split(",")]
    return _Entry(
        href=href,
        role="article",
        reason="news sitemap",
        facts=Facts(
            source="sitemap",
            title=clean(said.get("news/title", ""))[:_MAX_FIELD] or None,
            published=said.get("news/publication_date", "")[:100] or None,
            modified=modified,
            keywords=tuple(dict.fromkeys(filter(None, keywords)))[:_MAX_KEYWORDS],
            language=said.get("news/publication/language", "")[:35] or None,
        ),
    )
