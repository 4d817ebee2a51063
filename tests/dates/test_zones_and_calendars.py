"""Zones as they are printed, and years that are not Gregorian."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dates import parse_date


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Wed, 06 Mar 2024 10:00:00 PST", "2024-03-06T18:00:00"),
        ("Wed, 06 Mar 2024 10:00:00 CST", "2024-03-06T16:00:00"),
        ("06 Mar 2024 10:00:00 CDT", "2024-03-06T15:00:00"),
        ("Weds, 06 Mar 2024 10:00:00 MEST", "2024-03-06T08:00:00"),
        ("Thurs, 07 Mar 2024 10:00:00 Europe/Oslo", "2024-03-07T09:00:00"),
        ("Thur, 07 Mar 2024 10:00:00 Etc/GMT", "2024-03-07T10:00:00"),
        ("Wed Mar 06 2024 10:00:00 GMT+0000 (Coordinated Universal Time)", "2024-03-06T10:00:00"),
        ("Wed Mar 06 2024 10:00:00 GMT+0100 (Central European Time)", "2024-03-06T09:00:00"),
        ("Wed Mar 06 10:00:00 +0100 2024", "2024-03-06T09:00:00"),
        ("Wed Mar 06 10:00:00 EST 2024", "2024-03-06T15:00:00"),
        ("2024-03-06T16:20:00-05:00Z", "2024-03-06T21:20:00"),
        ("6 March 2024, 14:30 (GMT+5)", "2024-03-06T09:30:00"),
        ("6 марта 2024, 14:30 (МСК)", "2024-03-06T11:30:00"),
        ("2:30 PM EST, March 6, 2024", "2024-03-06T19:30:00"),
        ("6 Mar 2024 GMT", "2024-03-06T00:00:00"),
    ],
)
def test_a_printed_zone_makes_an_instant(text: str, instant: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.zone_known
    assert found.earliest is not None
    assert found.earliest.astimezone(UTC).isoformat()[:19] == instant


@pytest.mark.parametrize(
    ("language", "offset"),
    [("en-US", "-06:00"), ("und-CN", "+08:00"), ("en", None), (None, None)],
)
def test_an_ambiguous_name_is_told_by_where_the_page_is_written(
    language: str | None, offset: str | None
) -> None:
    found = parse_date("6 March 2024 10:00 CST", language=language)
    assert found is not None
    assert found.value == "2024-03-06T10:00" + (offset or "")


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-06T10:00:00+24:00",
        "2024-03-06T10:00:00+99:00",
        "2024-03-06 10:00:00 +2400",
        "2024-03-06T10:00:00+23:60",
        "6 March 2024 10:00:00 +24:00",
    ],
)
def test_an_offset_that_no_clock_shows_is_none(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.value, found.zone_known) == ("2024-03-06T10:00:00", False)


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-05:00", "Fri, 31 Dec 9999 23:59:59 -0800", "9999-12-31"]
)
def test_the_last_day_there_is_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("17 ธันวาคม 2567 เวลา 14:30 น.", "th", "2024-12-17T14:30"),
        ("ธ.ค. 17, 2567", "th", "2024-12-17"),
        ("20 ธ.ค. 67", None, "2024-12-20"),
        ("20/12/67", "th", "2024-12-20"),
        ("20/12/24", "th", "2024-12-20"),
        ("20/12/2567", None, "2024-12-20"),
        ("17 ธันวาคม ค.ศ. 2024", "th", "2024-12-17"),
        ("12 آذر 1403", "fa", "2024-12-02"),
        ("12 قوس 1403", "fa", "2024-12-02"),
        ("1403/12/30", "fa", "2025-03-20"),
        ("1403/09/27", None, "2024-12-17"),
        ("令和6年12月17日", "ja", "2024-12-17"),
        ("令和元年12月17日", None, "2019-12-17"),
        ("平成31年4月30日", "ja", "2019-04-30"),
        ("民國113年12月17日", "zh-TW", "2024-12-17"),
        ("民國113.12.17", None, "2024-12-17"),
        ("113/12/17", "zh-TW", "2024-12-17"),
        ("24.12.17. 오후 2:30", None, "2024-12-17T14:30"),
        ("2024-11-05 오후 11:23:17", None, "2024-11-05T23:23:17"),
        ("24.05.14", "ja", "2024-05-14"),
        ("24.05.14", "de", "2014-05-24"),
        ("17 كانون الأول 2024", "ar", "2024-12-17"),
        ("17 دجنبر 2024", "ar", "2024-12-17"),
        ("١٧\u200f/١٢\u200f/٢٠٢٤", "ar", "2024-12-17"),
        ("१७ दिसंबर २०२४", "hi", "2024-12-17"),
    ],
)
def test_calendars_and_scripts(text: str, language: str | None, value: str) -> None:
    found = parse_date(text, language=language)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("names", "day"),
    [
        ("فروردین حمل", "2024-03-20"), ("اردیبهشت ثور", "2024-04-20"), ("خرداد جوزا", "2024-05-21"),
        ("تیر سرطان", "2024-06-21"), ("مرداد اسد", "2024-07-22"), ("شهریور سنبله", "2024-08-22"),
        ("مهر میزان", "2024-09-22"), ("آبان عقرب", "2024-10-22"), ("آذر قوس", "2024-11-21"),
        ("دی جدی", "2024-12-21"), ("بهمن دلو", "2025-01-20"), ("اسفند حوت", "2025-02-19"),
    ],
)  # fmt: skip
def test_solar_months_have_a_name_in_iran_and_one_in_afghanistan(names: str, day: str) -> None:
    for name in names.split():
        found = parse_date(f"1 {name} 1403", language="fa")
        assert found is not None
        assert found.value == day


@pytest.mark.parametrize(
    ("year", "gregorian"), [(1368, None), (1369, "1990-03-21"), (1410, "2031-03-21"), (1411, None)]
)
def test_solar_years_are_those_in_which_a_page_can_have_been_printed(
    year: int, gregorian: str | None
) -> None:
    found = parse_date(f"{year}/01/01", language="fa")
    assert (found and found.value) == gregorian


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1403/12/31", "fa"),  # Esfand has 30 days at most
        ("1402/12/30", "fa"),  # and 29 in a common year
        ("1403/13/01", "fa"),
        ("平成40年12月17日", "ja"),  # the era ended in its year 31
        ("31/02/2567", "th"),
        ("民國113年13月1日", "zh-TW"),
    ],
)
def test_days_that_no_calendar_has_are_refused(text: str, language: str) -> None:
    assert parse_date(text, language=language) is None


@given(st.integers(min_value=0, max_value=365 * 25))
def test_solar_days_follow_each_other_as_gregorian_days_do(days: int) -> None:
    # Nouruz of 1380 was 21 March 2001.
    day, year, month, number = date(2001, 3, 21), 1380, 1, 1
    found = None
    for _ in range(days % 800):
        day += timedelta(1)
        number += 1
        found = parse_date(f"{year}/{month}/{number}", language="fa")
        if found is None:
            month, number = month + 1, 1
            if month > 12:
                year, month = year + 1, 1
            found = parse_date(f"{year}/{month}/{number}", language="fa")
        assert found is not None
        assert found.value == day.isoformat()
