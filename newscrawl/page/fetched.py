"""What came of asking for an address: a live answer, the same one from a capture, a saved page.

Live crawls and replay meet here, so both make the same records of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.addresses.forms import Role
from newscrawl.items import Note
from newscrawl.page.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An address that was asked for, and the answer.

    Attributes:
        page: the ledger's name for it: the address asked for, or, of a capture that is not
            newscrawl's own, WARC name and offset; of a saved page, its path.
        url: the address that answered, after redirects; None of a saved page that has none.
        role: what it was asked for as; None where nobody knows (another crawler's capture, a saved page).
        status: HTTP status; None where nothing answered.
        headers: names in lower case; of a repeated one, the values joined with ", ".
        body: the bytes behind transfer and content encoding.
        fetched_at: when the answer came, aware, UTC, whole seconds (WARC-Date); None where nobody
            knows.
        facts: what discovery pages said of it before, in the order in which they were met.
        failure: "code: detail" where nothing answered or the answer was refused
            ("timeout: …", "robots: …", "too-large: …", "private-address: …").
        is_cut: whoever saved it says that the end is missing.
        notes: what is worth telling of how it was saved, for the ledger.
    """

    page: str
    url: str | None
    role: Role | None = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched_at: datetime | None
    facts: tuple[Facts, ...] = ()
    failure: str | None = None
    is_cut: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def answered(self) -> tuple[str, datetime]:
        """Address and time of an answer; only saved pages may lack them.

        Raises:
            ValueError: it is a saved page that lacks one.
        """
        if self.url is None or self.fetched_at is None:
            raise ValueError(f"{self.page} is a saved page without address or time of capture")
        return self.url, self.fetched_at
