"""Rates, people and furniture of many pages, merged into one record each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newscrawl.items import ExchangeRate, Person, PrintedRate

RateKey = tuple[str, str, str, str]


def rate_key(rate: ExchangeRate) -> RateKey:
    """What makes two rates one record: site, pair and date; without a date, the page."""
    return (
        rate.site,
        rate.as_of or f"undated {rate.page}",
        rate.base_currency,
        rate.quote_currency,
    )


def merge_rates(rates: Iterable[ExchangeRate]) -> ExchangeRate:
    """One record of a pair on a date; where pages disagree it is a conflict, like copies.

    Args:
        rates: of one `rate_key`, at least one.
    """
    ordered = sorted(rates, key=lambda rate: rate.page)
    printed: dict[tuple[object, object], PrintedRate] = {}
    for rate in ordered:
        for one in rate.evidence:
            known = printed.setdefault(
                (one.rate, one.change_percent), replace(one, pages=[], repeats=0)
            )
            known.pages = sorted({*known.pages, *one.pages})
            known.repeats = max(known.repeats, one.repeats)
    values = {one.rate for one in printed.values()}
    changes = {one.change_percent for one in printed.values()}
    first = ordered[0]
    return replace(
        first,
        rate=next(iter(printed.values())).rate if len(values) == 1 else None,
        change_percent=next(iter(printed.values())).change_percent if len(changes) == 1 else None,
        repeats=max(rate.repeats for rate in ordered),
        pages=sorted({rate.page for rate in ordered}),
        conflict=len(printed) > 1,
        evidence=list(printed.values()),
    )


def merge_people(people: Iterable[Person], articles: Iterable[str]) -> Person:
    """One record of a person; each fact from the first page, by name, that has it.

    Args:
        people: of one id, at least one.
        articles: the ids of the articles on the person's pages.
    """
    ordered = sorted(people, key=lambda person: person.page)

    def best(name: str) -> str | None:
        return next((value for person in ordered if (value := getattr(person, name))), None)

    return replace(
        ordered[0],
        job_title=best("job_title"),
        description=best("description"),
        image=best("image"),
        url=best("url"),
        articles=sorted(set(articles)),
    )
