"""Clocks that stand alone, halves of the day in other scripts, digits that have no value."""

from __future__ import annotations

from datetime import date

import pytest

from newscrawl.dates import find_date, is_relative, parse_date
from newscrawl.dates.article import read_sighting
from newscrawl.extract.html.dates import _labelled, url_dates
from newscrawl.items import DateHints


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 أبريل 2021 03:40 مساءً", "2021-04-12T15:40"),
        ("12 أبريل 2021 03:40 صباحا", "2021-04-12T03:40"),
        ("5 تير 1400 - 01:20 ب.ظ", "2021-06-26T13:20"),
        ("5 تير 1400 - 01:20 ق.ظ", "2021-06-26T01:20"),
    ],
)
def test_the_half_of_the_day_is_read_in_arabic_and_persian(text: str, value: str) -> None:
    for found in (parse_date(text), find_date(text)):
        assert found is not None
        assert found.value == value


@pytest.mark.parametrize("text", ["𑁒 days ago", "𑁓𑁔 2024"])
def test_a_digit_without_a_value_is_no_number(text: str) -> None:
    assert not is_relative(text)
    assert parse_date(text, anchor=date(2024, 12, 21)) is None


@pytest.mark.parametrize("text", ["10 di 27", "3 di 14", "12 de 30"])
def test_so_many_of_so_many_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_a_clock_alone_is_of_the_day_that_its_page_prints() -> None:
    reading, _ = read_sighting("07:45", "2024-12-21", None, DateHints())
    assert reading.value == "2024-12-21T07:45"
    assert reading.raw == "07:45"
    assert read_sighting("07:45", None, "2024-12-21T10:00:00Z", DateHints()) == []


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("By Ann Lee, Garden Editor Last Updated on Feb 3, 2025", True),
        ("Von Ute Klar, aktualisiert am 3. Februar 2025", True),
        ("All that has changed in the garden since the great storm of 3 May 2019", False),
        ("By Ann Lee, Garden Editor Published on Feb 3, 2025", False),
    ],
)
def test_a_label_within_a_line_tells_what_its_one_day_is(line: str, changed: bool) -> None:
    assert [kind for kind, _ in _labelled(line)] == [changed]


def test_a_month_by_name_in_an_address() -> None:
    assert [day for _, day in url_dates("https://x.example/2021/march/04/tulips/")] == [
        "2021-03-04"
    ]
    assert not list(url_dates("https://x.example/2021/marvel/04/tulips/"))
