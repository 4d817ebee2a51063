"""Rates, people and furniture of many pages, merged into one record each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newscrawl.items import ExchangeRate, Person, PrintedRate
from newscrawl.merge.fields import merge_values, sources_of

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
    printed: dict[tuple[object, object, object], PrintedRate] = {}
    for rate in ordered:
        for one in rate.evidence:
            known = printed.setdefault(
                (one.rate, one.change_percent, one.change), replace(one, pages=[], repeats=0)
            )
            known.pages = sorted({*known.pages, *one.pages})
            known.repeats = max(known.repeats, one.repeats)
    return replace(
        ordered[0],
        **merge_values(ordered, {}),
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
    values = merge_values(ordered, sources_of(ordered, "best"))
    return replace(ordered[0], **values, articles=sorted(set(articles)))
