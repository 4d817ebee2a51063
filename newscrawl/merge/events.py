"""What happened to an article since it was last published. Pure.

A run may see less of an article than an earlier one did: a listing's teaser, an older
capture, another page's summary. So what a run found is carried over onto what is known: it
replaces the text only where it is the text's own page again, or as good a text; else it only
fills what was not known. Then the two are compared as readers would: white space, furniture,
tracking parameters and evidence are no news, a corrected figure is.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from newscrawl.dates.article import date_article
from newscrawl.items import Article, DateReading, Sighting, Withdrawn, WithdrawnReason
from newscrawl.merge.articles import sighting_order
from newscrawl.merge.fields import (
    compared,
    compared_fields,
    extracted_by,
    first_with,
    names_of,
    sources_of,
    unite,
)
from newscrawl.merge.furniture import take_furniture

# A text of another page, shorter than half of the known one, is a summary of it.
_SUMMARY = 0.5


# What another page adds to without taking anything back is told as it was published, as long as
# nothing that is compared has changed: (id, revision) is a key.
_STANDS = (*names_of(Article, "text", "best", "address", "union", "layers"), "read_by")


def carry_over(previous: Article, current: Article, furniture: set[int]) -> Article:
    """An article as it stands after a run.

    Args:
        previous: as it was last published.
        current: as the run found it.
        furniture: the site's furniture, by its keys.

    Returns:
        The record with its event: `updated` with what changed and the next revision, or
        `unchanged` with the values that were published. The id stays.
    """
    is_same_page = _is_same_page(previous, current)
    replaces = _replaces_text(previous, current, is_same_page)
    better, other = (current, previous) if replaces else (previous, current)
    sources = _sources(better, other, is_same_page)
    values = {
        name: getattr(source, name)
        for name, source in sources.items()
        if name not in names_of(Article, "dates")
    }
    if not is_same_page:
        for name in names_of(Article, "union"):
            values[name] = unite([getattr(previous, name), getattr(current, name)])
    shown_again = {sighting.page for sighting in current.sightings}
    record = date_article(
        replace(
            current,
            **values,
            id=previous.id,
            date_readings=_date_readings(previous, current, replaces),
            extracted_by=extracted_by([better, other], sources),
            sightings=sorted(
                [s for s in previous.sightings if s.page not in shown_again] + current.sightings,
                key=sighting_order,
            ),
        )
    )
    changed = changed_fields(previous, record, furniture)
    if not changed and previous.event != "withdrawn":
        published = {
            name: getattr(previous, name) for name in (*_STANDS, *compared_fields(Article))
        }
        return replace(
            record, **published, event="unchanged", revision=previous.revision, changed=[]
        )
    return replace(record, event="updated", revision=previous.revision + 1, changed=changed)


def _sources(better: Article, other: Article, is_same_page: bool) -> dict[str, Article]:
    """Where the fields come from that say what the article is.

    Args:
        better, other: the published one and the run's, the better text first.
        is_same_page: as for `_is_same_page`.
    """
    # Only the page itself can take back what it said; another page may just print less.
    sources = {
        name: first_with(name, [better, other])
        for name in names_of(Article, "best", "address", "union", "dates")
    }
    if not is_same_page:
        sources |= sources_of([better, other], "best", "address", "dates")
    return sources | dict.fromkeys(names_of(Article, "text"), better)


def _date_readings(previous: Article, current: Article, replaces: bool) -> list[DateReading]:
    """A page's markup says the date anew; what a bound or a teaser says adds to what was known.

    What other pages said stays: they were captured then, and nothing was published after that.

    Args:
        previous, current: as for `carry_over`.
        replaces: the run's text stands in place of the known one.
    """
    readings: list[DateReading] = []
    # A reading of an older state does not say whose it is.
    anew = {"", *(sighting.page for sighting in current.sightings)}
    for name in ("published", "modified"):
        known = [reading for reading in previous.date_readings if reading.field == name]
        found = [reading for reading in current.date_readings if reading.field == name]
        if replaces and any(reading.basis != "bound" for reading in found):
            known = [reading for reading in known if reading.page not in anew]
        readings += [reading for reading in known if reading not in found]
        readings += found
    return readings


def _is_same_page(previous: Article, current: Article) -> bool:
    """Whether a run's text stands on the page that the known one was taken from."""
    digest = hashlib.sha256(previous.article_body.encode()).hexdigest()
    its_pages = {s.page for s in previous.sightings if s.body_sha256 == digest}
    best = hashlib.sha256(current.article_body.encode()).hexdigest()
    return any(s.page in its_pages for s in current.sightings if s.body_sha256 == best)


def _replaces_text(previous: Article, current: Article, is_same_page: bool) -> bool:
    """Whether a run's text stands in place of the known one."""
    if current.is_truncated and not previous.is_truncated:
        return False
    if previous.is_truncated and not current.is_truncated:
        return True
    days = [
        max((day for s in article.sightings if (day := _day_of(s))), default=None)
        for article in (previous, current)
    ]
    if days[0] and days[1] and days[1] < days[0]:
        return False  # an older capture
    if is_same_page:
        return True
    if current.is_truncated:
        return len(current.article_body) > len(previous.article_body)
    return len(current.article_body) >= _SUMMARY * len(previous.article_body)


def _day_of(sighting: Sighting) -> str | None:
    """The day on which a page was as it was seen, ISO 8601."""
    return sighting.fetched_at[:10] if sighting.fetched_at else sighting.page_date


def changed_fields(previous: Article, record: Article, furniture: set[int]) -> list[str]:
    """The fields that differ for a reader, in the order of the schema.

    Args:
        previous: as it was last published.
        record: as it stands now.
        furniture: the site's furniture, which an earlier run may not have known.
    """
    body, _ = take_furniture(previous.article_body, furniture)
    before = replace(previous, article_body=body)
    return [
        name
        for name, kind in compared_fields(Article).items()
        if compared(getattr(before, name), kind) != compared(getattr(record, name), kind)
    ]


def withdraw(
    previous: Article, reason: WithdrawnReason = "gone", merged_into: str | None = None
) -> Article:
    """The record of an article that is no more; one that was withdrawn before stays as it was.

    Args:
        previous: as it was last published.
        reason: why.
        merged_into: the id of the article that it turned out to be.
    """
    if previous.event == "withdrawn":
        return previous
    return replace(
        previous,
        event="withdrawn",
        revision=previous.revision + 1,
        withdrawn=Withdrawn(reason=reason, merged_into=merged_into),
        changed=[],
    )


def take_down(previous: Article) -> Article:
    """The record of an article that an operator removed: who it was, and nothing of what it said.

    Args:
        previous: as it was last published; one that is taken down stays as it is.
    """
    if previous.withdrawn and previous.withdrawn.reason == "removed":
        return previous
    return replace(
        blank(previous),
        event="withdrawn",
        revision=previous.revision + 1,
        withdrawn=Withdrawn(reason="removed", merged_into=None),
        changed=[],
    )


def blank(article: Article) -> Article:
    """An article without what it said; its address, dates and sightings stay."""
    values: dict[str, Any] = {
        name: [] if isinstance(getattr(article, name), list) else None for name in SAID
    }
    return replace(
        article, **values, article_body="", is_truncated=True, date_readings=[], furniture=[]
    )


SAID = (
    *(n for n in names_of(Article, "best") if n != "in_language"),
    *names_of(Article, "union"),
)
"""The fields beside the text that say what an article says: a takedown empties them."""
