"""Of which days articles are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from newscrawl import dates
from newscrawl.dates import DateInterval
from newscrawl.errors import UsageError
from newscrawl.extract.html.dates import url_dates
from newscrawl.page.facts import Facts


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day of what is wanted; None: there is no such bound."""

    since: DateInterval | None = None
    until: DateInterval | None = None

    @classmethod
    def read(cls, since: str | None, until: str | None) -> Self:
        """Read what an operator writes.

        Args:
            since, until: ISO 8601 dates.

        Raises:
            UsageError: one of them is none.
        """
        return cls(_bound("since", since), _bound("until", until))

    def allow(self, url: str, facts: Facts | None) -> bool:
        """Whether an article may be of those days, by its address and what is said of it."""
        if self.since is None and self.until is None:
            return True
        in_address = next((value for _, value in url_dates(url)), None)
        published = read_date((facts.published if facts else None) or in_address)
        modified = read_date(facts.modified if facts else None)
        said = [interval for interval in (published, modified) if interval]
        since, until = self.since, self.until
        if since and said and all(interval.is_before(since) for interval in said):
            return False
        return not (until and published and until.is_before(published))


def read_date(text: str | None) -> DateInterval | None:
    """A date as a feed, sitemap or operator writes it; None for none."""
    return dates.parse_date(text) if text else None


def _bound(name: str, text: str | None) -> DateInterval | None:
    interval = read_date(text)
    if text and interval is None:
        raise UsageError(f"-a {name}={text!r} is no date; write it as 2024-12-21")
    return interval
