"""What a month's name, or a half of the day, can mean and what it can't."""

import pytest

from newscrawl.dates import absolute, parse_date


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17 December 2024 12:30 PM", "2024-12-17T12:30"),
        ("17 December 2024 12:30 AM", "2024-12-17T00:30"),
        ("17 December 2024 1:05 p.m.", "2024-12-17T13:05"),
        ("17 December 2024 11:59 am", "2024-12-17T11:59"),
        ("2024年12月17日 下午1:30", "2024-12-17T13:30"),
        ("2024年12月17日 上午1:30", "2024-12-17T01:30"),
        ("2024年12月17日 下午13:30", "2024-12-17T13:30"),
        ("17 December 2024 13:30 PM", "2024-12-17T13:30"),
        ("23:05 p.m., 17 December 2024", "2024-12-17T23:05"),
        ("17 December 2024 0:30 PM", "2024-12-17T12:30"),
    ],
)
def test_a_half_of_the_day_makes_one_hour_of_two(text, value):
    found = parse_date(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月17日 上午13:30",
        "17 December 2024 13:30 AM",
        "17 December 2024, 22:15:20 a.m.",
        "17 December 2024 13:30 AM GMT",
        "13:30 AM, 17 December 2024",
    ],
)
def test_of_a_morning_s_thirteenth_hour_the_day_stands(text):
    found = parse_date(text)
    assert found is not None
    assert found.value == "2024-12-17"


def test_a_word_that_means_two_months_in_a_language_means_none_there():
    one, two, three = 0b001, 0b010, 0b100
    words = {
        "ab": {("month", 1): one | two, ("month", 2): two | three, ("weekday", 3): one | two},
        "cd": {("month", 4): one | two, ("weekday", 5): two},
        "ef": {("month", 1): one, ("month", 2): two | three, ("month", 3): three},
    }
    absolute._drop_ambiguous(words)
    assert words == {
        "ab": {("month", 1): one, ("month", 2): three, ("weekday", 3): one | two},
        "cd": {("month", 4): one | two, ("weekday", 5): two},
        "ef": {("month", 1): one, ("month", 2): two, ("month", 3): 0},
    }


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("كانون الثاني|جانفي", 1), ("شباط|فيفري", 2), ("آذار", 3), ("نيسان|أفريل", 4),
        ("أيار|ماي", 5), ("حزيران|جوان", 6), ("تموز|جويلية|يوليوز", 7), ("آب|أوت|غشت", 8),
    ],
)  # fmt: skip
def test_arabic_months_have_the_names_of_the_levant_and_of_the_maghreb(names, month):
    for name in names.split("|"):
        found = parse_date(f"17 {name} 2024", language="ar")
        assert found is not None
        assert found.value == f"2024-{month:02}-17"
