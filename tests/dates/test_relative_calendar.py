"""Relative dates against the calendar and the clock of where they were printed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newscrawl.dates import DateInterval, parse_relative

COUNTS = [
    "45 minutes ago", "1 hour ago", "20 hours ago", "30 hours ago", "1 day ago", "2 days ago",
    "5 days ago", "yesterday", "the day before yesterday", "1 week ago", "last week", "1 month ago",
    "last month", "1 year ago", "last year", "30+ days ago",
]  # fmt: skip


@pytest.mark.parametrize("text", COUNTS)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Almaty"])
def test_a_day_is_counted_from_as_a_day_wherever_it_was_printed(text, zone):
    for day in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 10, 28), date(2024, 11, 4)):
        there = parse_relative(text, DateInterval.day(day, ZoneInfo(zone)), language="en")
        anywhere = parse_relative(text, day, language="en")
        assert there is not None
        assert anywhere is not None
        assert (there.edtf, there.value) == (anywhere.edtf, anywhere.value)


def test_an_instant_is_counted_from_on_the_clock_that_it_was_printed_by():
    # Two in the morning there is nine in the evening of the day before in UTC.
    night = datetime(2024, 12, 21, 2, tzinfo=ZoneInfo("Asia/Almaty"))
    found = parse_relative("2 hours ago", night, language="en")
    assert found is not None
    assert found.contains(night - timedelta(hours=2))
    assert not found.contains(night - timedelta(hours=5))
    yesterday = parse_relative("yesterday, 14:30", night, language="en")
    assert yesterday is not None
    assert yesterday.value == "2024-12-20T14:30+05:00"


@pytest.mark.parametrize("text", ["2 days ago", "3 days ago", "1 week ago", "1 month ago"])
@pytest.mark.parametrize("day", [date(2024, 4, 1), date(2024, 10, 28)])
def test_days_before_a_change_of_the_clock_are_counted_to_the_same_hour(text, day):
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    there = parse_relative(text, noon.replace(tzinfo=ZoneInfo("Europe/Berlin")), language="en")
    unchanged = parse_relative(text, noon, language="en")
    assert there is not None
    assert unchanged is not None
    assert there.earliest.replace(tzinfo=None) == unchanged.earliest.replace(tzinfo=None)
    assert there.latest.replace(tzinfo=None) == unchanged.latest.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("last month", "2024-10-20", "2024-12-01"),
        ("last year", "2022-12-21", "2024-02-08"),
        ("this month", "2024-12-01", "2024-12-22"),
        ("this year", "2024-01-01", "2024-12-22"),
        ("this week", "2024-12-14", "2024-12-22"),
    ],
)
def test_a_word_of_the_calendar_covers_its_month_or_year(text, first, end):
    found = parse_relative(text, date(2024, 12, 21), language="en")
    assert found is not None
    assert found.earliest == datetime.fromisoformat(f"{first}T00:00:00Z")
    assert found.latest == datetime.fromisoformat(f"{end}T00:00:00Z")


@pytest.mark.parametrize("text", ["this hour", "this minute"])
def test_a_word_for_the_present_hour_of_a_days_page_is_that_day(text):
    found = parse_relative(text, date(2024, 12, 21), language="en")
    assert found is not None
    assert found.contains(datetime(2024, 12, 21, 12, tzinfo=UTC))
    assert found.latest == datetime(2024, 12, 22, tzinfo=UTC)
