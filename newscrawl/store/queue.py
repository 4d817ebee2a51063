"""The queue of a live run: what is to be asked for, and what was learnt of what was asked.

It lies in the run's spool. What a page names is queued, and the page itself is done, in the
transaction that spools the page: a run that was killed anywhere goes on with just what is
missing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from newscrawl.addresses.canonical import canonical_url
from newscrawl.addresses.forms import Role
from newscrawl.items import Note
from newscrawl.page.facts import Facts, Found

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, site TEXT NOT NULL, role TEXT NOT NULL,
    priority INTEGER NOT NULL, hops INTEGER NOT NULL, tries INTEGER NOT NULL, etag TEXT,
    last_modified TEXT, is_done INTEGER NOT NULL DEFAULT 0, key TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS queue_by_key ON queue (key);
CREATE INDEX IF NOT EXISTS queue_left ON queue (site, priority, number) WHERE is_done = 0;
CREATE TABLE IF NOT EXISTS said (
    number INTEGER PRIMARY KEY, url TEXT NOT NULL, facts BLOB NOT NULL, UNIQUE (url, facts)
);
CREATE TABLE IF NOT EXISTS visits (url TEXT PRIMARY KEY, visit BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beyond (
    url TEXT PRIMARY KEY, site TEXT NOT NULL, role TEXT NOT NULL
) WITHOUT ROWID
"""
# What tells of articles comes first, so that an article finds all that is said of it.
_PRIORITY: dict[Role, int] = {"start": 0, "feed": 1, "sitemap": 1, "listing": 2, "article": 2}
# So many addresses of a site are read from the disk at a time.
_AHEAD = 64
DISCOVERY = 1
"""The priority up to which an entry tells of others."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode_facts = msgspec.json.Decoder(Facts).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is remembered of an address that was asked for.

    Attributes:
        url: the address.
        site: the crawl's name of its site.
        role: what it was asked for as.
        fetched_at: when, aware.
        etag, last_modified: for the next conditional request, as the server sent them.
        sha256: of what it said: an article's text, the bytes of anything else.
        since: when an article appeared, as far as its dates say, else the first visit.
        changes: of the last visits, oldest first, whether a page that names others named
            anything new.
        due_at: when it is worth another visit; None for never.
        is_gone: the site said that the page is gone.
    """

    url: str
    site: str
    role: Role
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    since: datetime | None = None
    changes: list[bool] = field(default_factory=list)
    due_at: datetime | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An address that is to be asked for.

    Attributes:
        url: the address.
        site: the crawl's name of its site.
        role: what it is asked for as.
        hops: how many listing pages lie before it.
        tries: in how many earlier runs it failed.
        etag, last_modified: what an earlier answer carried.
    """

    url: str
    site: str
    role: Role
    hops: int = 0
    tries: int = 0
    etag: str | None = None
    last_modified: str | None = None

    @property
    def priority(self) -> int:
        """Lower is sooner."""
        return _PRIORITY[self.role] + self.hops

    def again(self, visit: Visit | None) -> Entry:
        """The same with what an earlier answer carried; one that was gone has to say so anew."""
        if visit is None or visit.is_gone:
            return self
        return replace(self, etag=visit.etag, last_modified=visit.last_modified)


@dataclass(slots=True)
class Named:
    """What a page names, queued when the page is spooled.

    Attributes:
        page: the address of the page.
        links: what it names, those of its articles and sections.
        next_pages: where its list goes on: only wanted if something in `links` is new.
        visit: what is remembered of the page, made when it is known whether it named anything
            new; None for nothing.
        retry: the page failed and is left for a later run.
        hops: of what it names.
    """

    page: str
    site: str
    links: list[Found] = field(default_factory=list)
    next_pages: list[Found] = field(default_factory=list)
    visit: Callable[[bool], Visit | None] = lambda fresh: None
    hops: int = 0
    retry: bool = False


class Queue:
    """The queue inside a spool.

    Args:
        db: the spool's connection.
        known: what earlier runs remember of an address.
        is_wanted: whether an address that earlier runs have not visited, or that is due, is
            to be asked for.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        known: Callable[[str], Visit | None] = lambda url: None,
        is_wanted: Callable[[Found, Visit | None], bool] = lambda found, visit: visit is None,
        limits: dict[Role, int] | None = None,
    ) -> None:
        self._db = db
        self._known, self._is_wanted = known, is_wanted
        self._limits = limits or {}
        _add_keys(db)
        for statement in _SCHEMA.split(";\n"):
            db.execute(statement)
        # What was given and is not done is forgotten with the process: then it is given anew.
        self._taken: set[int] = set()
        # The next ones of each site; whatever comes before the last of them empties it.
        self._ahead: dict[str, deque[tuple[int, Entry]]] = {}
        self._counts = Counter[tuple[str, Role]](
            {
                (site, role): count
                for site, role, count in db.execute(
                    "SELECT site, role, count(*) FROM queue GROUP BY site, role"
                )
            }
        )

    def add(self, entry: Entry, facts: Iterable[Facts] = ()) -> bool:
        """Queue an address, unless it is, in whatever spelling; facts join those that are known.

        Returns:
            Whether it was not there.
        """
        key = _key(entry.url)
        rows = self._db.execute(
            "INSERT OR IGNORE INTO queue"
            " (url, site, role, priority, hops, tries, etag, last_modified, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.url, entry.site, entry.role, entry.priority, entry.hops, entry.tries,
             entry.etag, entry.last_modified, key),
        ).rowcount  # fmt: skip
        added = bool(rows)
        if (
            added
            and (ahead := self._ahead.get(entry.site))
            and entry.priority < ahead[-1][1].priority
        ):
            ahead.clear()
        self._counts[entry.site, entry.role] += added
        self._db.executemany(
            "INSERT OR IGNORE INTO said (url, facts) VALUES (?, ?)",
            [(key, _encode(fact)) for fact in facts],
        )
        return added

    def finish(self, named: Named) -> None:
        """A page is spooled: it is done, and what it names is queued. Inside a transaction."""
        fresh = self._add_all(named.site, named.links, named.hops)
        if fresh or not named.links:
            self._add_all(named.site, named.next_pages, named.hops + 1)
        if visit := named.visit(fresh > 0):
            self._db.execute(
                "INSERT OR REPLACE INTO visits VALUES (?, ?)", (visit.url, _encode(visit))
            )
        self._db.execute(
            "UPDATE queue SET is_done = 1, tries = tries + ? WHERE url = ?",
            (named.retry, named.page),
        )

    def _add_all(self, site: str, links: Iterable[Found], hops: int) -> int:
        """Queue what is wanted; returns how many addresses nobody had met before."""
        fresh = 0
        for found in links:
            visit = self._known(found.url)
            role = found.role or "article"
            if not self._is_wanted(found, visit):
                continue
            if self._is_full(site, role):
                self._pass_over(found.url, site, role)
                continue
            entry = Entry(
                url=found.url,
                site=site,
                role=role,
                hops=hops if role in ("listing", "article") else 0,
            ).again(visit)
            added = self.add(entry, [found.facts] if found.facts else [])
            fresh += added and visit is None
        return fresh

    def _is_full(self, site: str, role: Role) -> bool:
        limit = self._limits.get(role)
        return limit is not None and self.count(site, role) >= limit

    def _pass_over(self, url: str, site: str, role: Role) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO beyond SELECT ?, ?, ? WHERE NOT EXISTS"
            " (SELECT 1 FROM queue WHERE url = ?)",
            (url, site, role, url),
        )

    def notes(self) -> list[Note]:
        """What was not asked for: addresses beyond a kind's limit, and what is left for the next run."""
        beyond = [
            Note(
                code="beyond-limit",
                count=count,
                detail=f"{role} addresses of {site} above the limit of {self._limits.get(role)}; not queued",
            )
            for site, role, count in self._db.execute(
                "SELECT site, role, count(*) FROM beyond GROUP BY site, role ORDER BY site, role"
            )
        ]
        left = [
            Note(
                code="left-for-next-run",
                count=count,
                detail=f"{role} addresses of {site} that this run did not get to",
            )
            for site, role, count in self._db.execute(
                "SELECT site, role, count(*) FROM queue WHERE is_done = 0"
                " GROUP BY site, role ORDER BY site, role"
            )
        ]
        return beyond + left

    def count(self, site: str, role: Role) -> int:
        """How many addresses of a site were queued in a role."""
        return self._counts[site, role]

    def take(self, site: str, last_priority: int | None = None) -> Entry | None:
        """The next address of a site; it is not given again before the run is opened anew.

        Args:
            site: the crawl's name of the site.
            last_priority: take nothing of a higher number than this.
        """
        ahead = self._ahead.get(site) or self._look_ahead(site)
        if not ahead or (last_priority is not None and ahead[0][1].priority > last_priority):
            return None
        number, entry = ahead.popleft()
        self._taken.add(number)
        return entry

    def _look_ahead(self, site: str) -> deque[tuple[int, Entry]]:
        """Read the next addresses of a site; reading them one by one costs five times as much."""
        rows = self._db.execute(
            f"SELECT number, {_COLUMNS} FROM queue"  # noqa: S608  # names of our own, no input
            " WHERE site = ? AND is_done = 0 ORDER BY priority, number",
            (site,),
        )
        # Those that were given and are not done yet stand first, and are few.
        left = (row for row in rows if row[0] not in self._taken)
        self._ahead[site] = deque(
            (number, _entry(values)) for number, *values in islice(left, _AHEAD)
        )
        rows.close()
        return self._ahead[site]

    def facts(self, url: str) -> tuple[Facts, ...]:
        """What is said of an address, in the order in which it was met."""
        rows = self._db.execute(
            "SELECT facts FROM said WHERE url = ? ORDER BY number", (_key(url),)
        )
        return tuple(_decode_facts(row[0]) for row in rows)

    def visits(self) -> Iterator[tuple[Visit, bytes]]:
        """What is to be remembered, and the same as it is stored."""
        for (visit,) in self._db.execute("SELECT visit FROM visits ORDER BY url"):
            yield decode_visit(visit), visit

    def left(self, most_tries: int) -> Iterator[tuple[Entry, list[bytes]]]:
        """What was not asked for, or failed and is worth another run, with what is said of it."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM queue"  # noqa: S608  # names of our own, no input
            " WHERE (is_done = 0 OR tries > 0) AND tries < ? AND role <> 'start'"
            " AND url NOT IN (SELECT url FROM visits) ORDER BY number",
            (most_tries,),
        ).fetchall()
        for row in rows:
            entry = _entry(row)
            facts = self._db.execute(
                "SELECT facts FROM said WHERE url = ?", (_key(entry.url),)
            ).fetchall()
            yield entry, [fact for (fact,) in facts]

    def sites(self) -> list[str]:
        """The sites that the run has asked anything of."""
        return [site for (site,) in self._db.execute("SELECT DISTINCT site FROM queue")]


def _key(url: str) -> str:
    """What the spellings of an address have in common; asked for is the one that was printed."""
    return canonical_url(url) or url


def _add_keys(db: sqlite3.Connection) -> None:
    """Carry on a queue of before 1.1, which held addresses in their canonical form alone."""
    columns = {name for _, name, *_ in db.execute("PRAGMA table_info(queue)")}
    if columns and "key" not in columns:
        db.execute("ALTER TABLE queue ADD COLUMN key TEXT")
        db.execute("UPDATE queue SET key = url")


_COLUMNS = "url, site, role, hops, tries, etag, last_modified"


def _entry(values: Sequence[Any]) -> Entry:
    """An entry from its `_COLUMNS`."""
    url, site, role, hops, tries, etag, last_modified = values
    return Entry(
        url=url, site=site, role=role, hops=hops, tries=tries, etag=etag, last_modified=last_modified
    )  # fmt: skip


decode_visit: Callable[[bytes], Visit] = msgspec.json.Decoder(Visit).decode
encode: Callable[[Any], bytes] = _encode
