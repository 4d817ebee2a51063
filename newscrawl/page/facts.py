"""What a discovery page says of an address that it names, before that is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newscrawl.addresses.forms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one feed, sitemap or listing says of an article.

    Attributes:
        source: what says it.
        title: the headline, plain text.
        published: the date as written there, or None.
        modified: likewise, the date of the last change.
        authors: names, in order.
        section: the category that comes first.
        keywords: further categories or keywords.
        language: BCP 47 tag.
        description: the summary as plain text.
    """

    source: Literal["feed", "sitemap", "listing"]
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An address that a page names, and what for.

    Attributes:
        url: absolute, http or https, without fragment.
        role: what it should be asked for as; None where its form does not tell.
        facts: what is said of it, or None.
        reason: how it was found ("rss item", "rel=next", "sitemap index", "card", …), for the log.
    """

    url: str
    role: Role | None
    facts: Facts | None = None
    reason: str = ""
