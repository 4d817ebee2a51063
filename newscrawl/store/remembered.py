"""What is remembered of a page that was asked for, and whether it is worth asking for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from newscrawl import dates
from newscrawl.discovery.bounds import Bounds, read_date
from newscrawl.discovery.schedule import next_due
from newscrawl.items import Article, Item, PageRecord
from newscrawl.page.facts import Found
from newscrawl.reading.answer import Answer
from newscrawl.store.queue import Entry, Visit

# So many visits say how often a page changes.
_MOST_CHANGES = 32
# After this a page that was gone is gone for good (`store.state`).
_GONE_AGAIN = timedelta(hours=25)


def is_wanted(found: Found, visit: Visit | None, bounds: Bounds, now: datetime) -> bool:
    """Whether an address that a page names is to be asked for.

    Args:
        found: the address and what is said of it.
        visit: what is remembered of it; None: it is new.
        bounds: the days that are asked for.
        now: when the run began, aware.
    """
    if found.role == "article" and not bounds.allow(found.url, found.facts):
        return False
    if visit is None:
        return True
    if visit.due_at is not None and visit.due_at <= now:
        return True
    changed = read_date(found.facts.modified if found.facts else None)
    return bool(
        changed and changed.zone_known and changed.earliest and changed.earliest > visit.fetched_at
    )


def is_final(answer: Answer, record: PageRecord) -> bool:
    """Whether a later run need not ask again before the page is due."""
    if record.outcome == "blocked":
        return (answer.blocked or "").startswith("robots")
    return record.outcome != "fetch-failed" or answer.is_gone


def visit_of(
    entry: Entry, answer: Answer, items: Sequence[Item], before: Visit | None, fresh: bool
) -> Visit | None:
    """What is remembered of a page.

    Args:
        entry: as what it was asked for.
        answer: what came.
        items: what was read of it, behind the pipelines, its own record last.
        before: what was remembered of it.
        fresh: whether it named anything new.

    Returns:
        None for nothing: a later run asks again.
    """
    fetched, record = answer.fetched, items[-1]
    _, fetched_at = fetched.answered
    assert isinstance(record, PageRecord)  # noqa: S101  # the record is always last
    if not is_final(answer, record):
        return None
    article = next((item for item in items if isinstance(item, Article)), None)
    if fetched.status == 304 and before:
        sha256, since = before.sha256, before.since
    elif article and record.kind == "article":
        sha256, since = article.sightings[0].body_sha256, _appeared(article)
    else:
        sha256, since = record.sha256, None
    if since is None:
        since = before.since if before else fetched_at
    changes = [*(before.changes if before else []), fresh][-_MOST_CHANGES:]
    if answer.is_gone:
        # Asked once more, for one answer may be an error; then never again.
        due_at = fetched_at + _GONE_AGAIN if before and not before.is_gone else None
    else:
        due_at = next_due(
            entry.role,
            fetched_at,
            published=since,
            changes=changes,
            min_interval=answer.min_interval,
        )
    headers = fetched.headers
    return Visit(
        url=entry.url,
        site=entry.site,
        role=entry.role,
        fetched_at=fetched_at,
        etag=headers.get("etag") or (before.etag if before else None),
        last_modified=headers.get("last-modified") or (before.last_modified if before else None),
        sha256=sha256,
        since=since,
        changes=[] if entry.role == "article" else changes,
        due_at=due_at,
        is_gone=answer.is_gone,
    )


def _appeared(article: Article) -> datetime | None:
    """When an article appeared, the earliest that its dates allow."""
    interval = dates.parse_date(article.date_published) if article.date_published else None
    return interval.earliest if interval else None
