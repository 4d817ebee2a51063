"""A page: bytes as they were met, and what is known of where they come from.

Live and replayed pages meet here and share everything after it. A page is pure
data: nothing in it reads the disk, the network or the clock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from newscrawl.page.decode import decode

HTML = frozenset({"text/html", "application/xhtml+xml"})
"""The media types of HTML."""


@dataclass(frozen=True)
class Page:
    """One page as it was met.

    Args:
        name: what the ledger calls it: URL, path relative to what is replayed, or WARC and offset.
        body: the bytes.
        media_type: from the file's name or the HTTP header, without parameters.
        url: the address, or None where a saved page has none.
        charset: the encoding that the HTTP header or the operator declares.
        fetched_at: when it was captured, aware; None where nobody knows.
    """

    name: str
    body: bytes
    media_type: str
    url: str | None = None
    charset: str | None = None
    fetched_at: datetime | None = None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def decoded(self) -> tuple[str, str]:
        """The text and the name of the encoding it was read with.

        Raises:
            BinaryPageError: the bytes are no text.
            UndecodablePageError: no encoding fits.
        """
        return decode(self.body, self.charset)

    @property
    def text(self) -> str:
        """The page as text; raises what `decoded` raises."""
        return self.decoded[0]
