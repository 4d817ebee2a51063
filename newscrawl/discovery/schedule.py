"""When a page is due to be asked for again: pure arithmetic on what earlier visits found.

Listings, feeds and sitemaps follow how often they really change, an adaptive step as in Apache
Nutch's AdaptiveFetchSchedule: a visit that finds news halves the interval, one that finds none
makes it half as long again. Cho and Garcia-Molina ("Effective page refresh policies for web
crawlers", ACM TODS 28(4), 2003) show why not simply in proportion to the rate of change: pages
that change faster than they can be followed waste visits, hence the floor.

Articles are corrected soon after they appear and hardly ever later, so their interval grows
with their age and ends. The heuristic is HTTP's own for answers that do not say how long they
stay fresh, a fraction of the age (RFC 9111 section 4.2.2), with a third for its tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from newscrawl.addresses.forms import Role

FIRST = timedelta(hours=1)
"""The interval of a listing, feed or sitemap that was seen once."""

FLOOR = timedelta(minutes=5)
CEILING = timedelta(hours=24)

ARTICLE_FLOOR = timedelta(minutes=30)
ARTICLE_AGE = timedelta(days=14)
"""An older article is not asked for again."""

_AGE_SHARE = 3
_FASTER = 0.5
_SLOWER = 1.5
_VISITS = 32
"""Earlier visits are forgotten: after ten without news any interval is at the ceiling."""


def next_due(
    role: Role | None,
    fetched_at: datetime,
    *,
    published: datetime | None = None,
    changes: Sequence[bool] = (),
    min_interval: int | None = None,
) -> datetime | None:
    """When an address is due again.

    Args:
        role: what it was asked for as; None counts as an article.
        fetched_at: the last visit, aware.
        published: when the article appeared, aware; None where nobody knows, which counts as the
            first visit, so pass that if it was earlier. Of no meaning for other roles.
        changes: of each visit before and this one, oldest first, whether it found news (a
            listing named an article that was not known). Of no meaning for articles.
        min_interval: seconds that the source itself asks to wait (`Feed.min_interval`).

    Returns:
        The time, in the zone of `fetched_at`; None for an article that is too old to change.

    >>> from datetime import UTC
    >>> noon = datetime(2024, 11, 5, 12, tzinfo=UTC)
    >>> next_due("article", noon, published=noon - timedelta(hours=6)) - noon
    datetime.timedelta(seconds=7200)
    >>> next_due("article", noon, published=noon - timedelta(days=15))
    >>> next_due("feed", noon, changes=[True, True, False]) - noon
    datetime.timedelta(seconds=1350)
    """
    if role in ("article", None):
        age = max(fetched_at - (published or fetched_at), timedelta(0))
        if age > ARTICLE_AGE:
            return None
        return fetched_at + min(max(ARTICLE_FLOOR, age / _AGE_SHARE), CEILING)
    return fetched_at + listing_interval(changes, min_interval)


def listing_interval(changes: Sequence[bool], min_interval: int | None = None) -> timedelta:
    """How long a listing, feed or sitemap is left alone.

    Args:
        changes: of each visit, oldest first, whether it found news.
        min_interval: seconds that the source asks to wait; never more than the ceiling.

    >>> listing_interval([True] * 10), listing_interval([False] * 10)
    (datetime.timedelta(seconds=300), datetime.timedelta(days=1))
    """
    floor = min(max(FLOOR, timedelta(seconds=min_interval or 0)), CEILING)
    interval = max(FIRST, floor)
    for changed in changes[-_VISITS:]:
        interval = min(max(interval * (_FASTER if changed else _SLOWER), floor), CEILING)
    return interval
