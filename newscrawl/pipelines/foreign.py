"""Items of other types: what the pipelines read of them, and what they put into them.

An operator's own spider may yield dicts, `scrapy.Item`s, dataclasses or attrs classes. Where
such an item has the fields that a pipeline reads, under the names of `newscrawl.items`, the
pipeline does for it what it does for an item of ours; what it finds is put into the fields that
the item can hold, as plain data. Other items pass untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from itemadapter import ItemAdapter

from newscrawl import dates
from newscrawl.errors import UnknownSiteError
from newscrawl.items import (
    Article,
    Author,
    DateHints,
    DateReading,
    ExchangeRate,
    Image,
    PageRecord,
    Person,
    Sighting,
)
from newscrawl.reading.items import hints_of
from newscrawl.sites import site_named

_ANY_DAY = dates.DateInterval.day(date(2000, 1, 1), None)

OURS = frozenset({Article, ExchangeRate, PageRecord, Person})
"""The types of our own items, which no adapter has to stand before."""


def adapted(item: Any, *names: str) -> ItemAdapter | None:
    """An item of another type that has some fields.

    Args:
        item: of any type.
        names: the fields that it must have, not None.

    Returns:
        None where it is one of ours, no item, or lacks one of the fields.
    """
    if type(item) in OURS or not ItemAdapter.is_item(item):
        return None
    adapter = ItemAdapter(item)
    return adapter if all(adapter.get(name) is not None for name in names) else None


def article_of(adapter: ItemAdapter) -> Article:
    """What an item says of an article; fields of a type that nobody expects are left out."""
    page = _text(adapter, "page") or _text(adapter, "url") or ""
    said = _text(adapter, "date_published")
    return Article(
        site=_text(adapter, "site") or "",
        url=_text(adapter, "url"),
        headline=_text(adapter, "headline"),
        article_body=_text(adapter, "article_body") or "",
        is_truncated=adapter.get("is_truncated") is True,
        authors=[
            Author(name=name, url=_string(entry, "url"))
            for entry in _list(adapter, "authors")
            if (name := _string(entry, "name") or (entry if isinstance(entry, str) else None))
        ],
        publisher=_text(adapter, "publisher"),
        images=[
            Image(
                url=_string(entry, "url") or (entry if isinstance(entry, str) else None),
                caption=_string(entry, "caption"),
                credit=_string(entry, "credit"),
            )
            for entry in _list(adapter, "images")
        ],
        sightings=[
            Sighting(
                page=page,
                page_date=_day(adapter.get("page_date")),
                fetched_at=_instant(adapter.get("fetched_at")),
                position=1,
                date_raw=_text(adapter, "date_raw"),
                is_truncated=False,
                body_sha256=None,
            )
        ],
        page=page,
        date_readings=[DateReading(field="published", raw=said, value=None, basis="structured")]
        if said
        else [],
        date_hints=_hints(adapter),
    )


def person_of(adapter: ItemAdapter) -> Person:
    """What an item says of a person."""
    return Person(
        site=_text(adapter, "site") or "",
        name=_text(adapter, "name") or "",
        job_title=_text(adapter, "job_title"),
        description=_text(adapter, "description"),
        page=_text(adapter, "page") or _text(adapter, "url") or "",
    )


def put(adapter: ItemAdapter, found: object, names: Iterable[str]) -> None:
    """Put what was found into an item, as far as it has fields for it.

    Args:
        adapter: of the item.
        found: an item of ours.
        names: the fields to put.
    """
    for name in names:
        with suppress(KeyError, AttributeError):  # it has no such field, or is frozen
            adapter[name] = _plain(getattr(found, name))


def _plain(value: Any) -> Any:
    """The same without classes of ours."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _text(adapter: ItemAdapter, name: str) -> str | None:
    value = adapter.get(name)
    return value if isinstance(value, str) and value else None


def _list(adapter: ItemAdapter, name: str) -> list[Any]:
    value = adapter.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _string(entry: Any, name: str) -> str | None:
    """A field of an entry, which may be a mapping or an object."""
    value = entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)
    return value if isinstance(value, str) and value else None


def _day(value: Any) -> str | None:
    """A date as ISO 8601; None for what is none."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else None


def _instant(value: Any) -> str | None:
    """A moment with its zone as RFC 3339; None for what is none."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    return value.isoformat() if isinstance(value, datetime) and value.tzinfo else None


def _hints(adapter: ItemAdapter) -> DateHints:
    hints = DateHints()
    if site := _text(adapter, "site"):
        with suppress(UnknownSiteError):
            hints = hints_of(site_named(site))
    language = _text(adapter, "in_language")
    with suppress(ValueError):  # whatever it is, it is no language
        dates.parse_relative("", _ANY_DAY, language=language)
        hints.language = language or hints.language
    return hints
