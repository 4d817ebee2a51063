"""What came of asking for an address: a live answer, or the same one from a capture.

A live crawl and the replay of its capture meet here, so both make the same records of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.discovery.facts import Facts, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An address that was asked for, and the answer.

    Attributes:
        page: the ledger's name for it: the address asked for, or, of a capture that is not
            newscrawl's own, WARC name and offset.
        url: the address that answered, after redirects.
        role: what it was asked for as; None where nobody knows (another crawler's capture).
        status: HTTP status; None where nothing answered.
        headers: names in lower case; of a repeated one, the values joined with ", ".
        body: the bytes behind transfer and content encoding.
        fetched_at: when the answer came, aware, UTC, whole seconds (WARC-Date).
        facts: what discovery pages said of it before, in the order in which they were met.
        failure: "code: detail" where nothing answered or the answer was refused
            ("timeout: …", "robots: …", "too-large: …", "private-address: …").
    """

    page: str
    url: str
    role: Role | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched_at: datetime
    facts: tuple[Facts, ...] = ()
    failure: str | None = None
