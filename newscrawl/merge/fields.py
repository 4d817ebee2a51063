"""How fields merge and are compared, by what each says of itself in `newscrawl.items`. Pure.

Pages print a field more or less fully: a text dump names an author, HTML links to them. Where one
value says no more than another, the fuller one stands, and no reader is told of a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import is_dataclass
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from newscrawl.addresses.canonical import best_url, canonical_url, url_key
from newscrawl.extract.typography import squeeze
from newscrawl.items import Article, ExtractedBy, Kind, Merge, merging_of

_NOTHING: tuple[Any, ...] = (None, "", [])

Record = TypeVar("Record")


@cache
def names_of(cls: Any, *rules: Merge) -> tuple[str, ...]:
    """The fields of a class that merge by any of some rules, in order."""
    return tuple(name for name, merging in merging_of(cls).items() if merging.how in rules)


@cache
def compared_fields(cls: Any) -> dict[str, Kind]:
    """The fields of which a change is an update, in order, and what their values are."""
    return {name: merging.kind for name, merging in merging_of(cls).items() if merging.compared}


def merge_values(ranked: Sequence[Any], sources: dict[str, Any]) -> dict[str, Any]:
    """The values of the fields that merge by themselves.

    Args:
        ranked: records of one class, at least one, the best one first.
        sources: where the values of the fields come from that come from one of them.
    """
    values = {name: getattr(source, name) for name, source in sources.items()}
    for name, merging in merging_of(_class_of(ranked[0])).items():
        if name not in values and merging.how in _RULES:
            values[name] = _RULES[merging.how]([getattr(one, name) for one in ranked])
    return values


def sources_of(ranked: Sequence[Record], *rules: Merge) -> dict[str, Record]:
    """Where the values of the fields come from that merge by some rules: see `source_of`."""
    names = names_of(_class_of(ranked[0]), *rules)
    return {name: source_of(name, ranked) for name in names}


def compared(value: Any, kind: Kind = "text") -> Any:
    """A value as it is compared; of a part of a record, the fields of which a change is an update.

    >>> compared("en  GB"), compared(["b", "a"], "words")
    ('en GB', ['a', 'b'])
    """
    if isinstance(value, str):
        return _AS_COMPARED[kind](value)
    if isinstance(value, list):
        found = [compared(one, kind) for one in value]
        return sorted(found) if kind == "words" else found
    if is_dataclass(value):
        return tuple(
            compared(getattr(value, name), part_kind)
            for name, part_kind in compared_fields(_class_of(value)).items()
        )
    return value


def first_with(name: str, ranked: Sequence[Record]) -> Record:
    """The first record that has a value of a field; the first of all where none has."""
    return next((one for one in ranked if getattr(one, name) not in _NOTHING), ranked[0])


def source_of(name: str, ranked: Sequence[Record]) -> Record:
    """Where a field's value comes from: the first that has one, or one that says it more fully.

    Args:
        name: the field.
        ranked: at least one record, the best one first.
    """
    kind = merging_of(_class_of(ranked[0]))[name].kind
    source = ranked[0]
    for one in ranked[1:]:
        if says_more(getattr(one, name), getattr(source, name), kind):
            source = one
    return source


def says_more(value: Any, other: Any, kind: Kind) -> bool:
    """Whether a value says all that another says, and more.

    >>> says_more("en-GB", "en", "language"), says_more("fr", "en", "language")
    (True, False)
    >>> says_more(True, False, "text")
    False
    """
    if value in _NOTHING or value == other:
        return False
    if other in _NOTHING:
        return True
    if kind == "language":
        return bool(value.startswith(f"{other}-"))
    if kind == "words":
        return set(map(squeeze, other)) <= set(map(squeeze, value))
    if isinstance(value, list) and is_dataclass(value[0]):
        return len(value) == len(other) and all(
            map(_is_part, map(_parts, other), map(_parts, value))
        )
    return False


def extracted_by(ranked: Sequence[Article], sources: dict[str, Article]) -> dict[str, ExtractedBy]:
    """Which layer gave each field.

    Args:
        ranked: the articles that a record is made of, the best one first.
        sources: where the values of some fields come from; the others: from the first that has one.
    """
    found = {
        name: source.extracted_by[name]
        for name, source in sources.items()
        if name in source.extracted_by
    }
    for article in ranked:
        for name, layer in article.extracted_by.items():
            found.setdefault(name, layer)
    return dict(sorted(found.items()))


def unite(values: Iterable[list[Any]]) -> list[Any]:
    """Every value once, in order; what is part of another (a picture's caption alone) is not told."""
    known: dict[Any, Any] = {}
    for value in chain.from_iterable(values):
        known.setdefault(_parts(value), value)
    return [
        value
        for one, value in known.items()
        # What says all of itself is no part of another.
        if None not in one or not any(_is_part(one, other) for other in known if other != one)
    ]


def _parts(value: Any) -> tuple[Any, ...]:
    """All that a part of a record says, as it is compared."""
    if not is_dataclass(value):
        return (value,)
    merging = merging_of(_class_of(value))
    return tuple(compared(getattr(value, name), merging[name].kind) for name in merging)


def _is_part(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(a is None or a == b for a, b in zip(one, other, strict=True))


def _class_of(record: Any) -> Any:
    return type(record)


def _agreed(values: list[Any]) -> Any:
    return values[0] if len(set(values)) == 1 else None


_AS_COMPARED: dict[Kind, Callable[[str], str]] = {
    "text": squeeze,
    "words": squeeze,
    "language": squeeze,
    "address": lambda url: url_key(url) or url,
    "file": lambda url: canonical_url(url) or url,
}
# The others take a value of the first, or need more than the values.
_RULES: dict[Merge, Callable[[list[Any]], Any]] = {
    "address": lambda urls: best_url([url for url in urls if url]),
    "union": unite,
    "every": lambda lists: list(chain.from_iterable(lists)),
    "agreed": _agreed,
    "most": max,
}
