"""Printed dates of every form."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dates import absolute, parse_date, parse_page_date

DAY = "2024-12-21"
MINUTE = "2024-12-21T14:30"

ONE_DAY = [
    "2024-12-21", "20241221", "2024/12/21", "2024.12.21", "21.12.2024", "21.12.24", "21/12/2024",
    "21-12-2024", "12/21/2024", "21 December 2024", "Saturday, 21 December 2024", "21 Dec '24",
    "21st December, 2024", "December 21, 2024", "Dec. 21, 2024", "Sat 21 Dec 2024",
    "the 21st of December 2024", "on 21.12.2024", "vom 21.12.2024",
    "Published: 21 December 2024", "Published on December 21, 2024", "Posted: 21/12/2024",
    "21 декабря 2024", "21 декабря 2024 г.", "суббота, 21 декабря 2024 года", "21 дек. 2024",
    "21 желтоқсан 2024", "2024 жылғы 21 желтоқсан", "2024 ж. 21 желтоқсан",
    "21 dekabr 2024", "21-dekabr, 2024", "2024-yil 21-dekabr", "21 декабр 2024",
    "21 Aralık 2024", "21 Aralık 2024, Cumartesi", "21. Dezember 2024",
    "Samstag, 21. Dezember 2024",
    "21 décembre 2024", "samedi 21 décembre 2024", "le 21 décembre 2024", "21 de diciembre de 2024",
    "sábado, 21 de diciembre de 2024", "21 de dezembro de 2024", "21 dicembre 2024",
    "sabato 21 dicembre 2024", "21 ديسمبر 2024", "٢١ ديسمبر ٢٠٢٤", "2024年12月21日",
    "2024年12月21日 星期六", "2024年12月21日（土）", "2024년 12월 21일", "2024. 12. 21.",
    "21 grudnia 2024", "21. prosince 2024", "21 Δεκεμβρίου 2024", "21 грудня 2024 р.",
    "21 ธันวาคม 2567", "ngày 21 tháng 12 năm 2024", "21 december 2024",
]  # fmt: skip


@pytest.mark.parametrize("text", ONE_DAY)
def test_a_day_is_read_without_a_hint(text: str) -> None:
    interval = parse_date(text)
    assert interval is not None
    assert (interval.value, interval.edtf, interval.precision) == (DAY, DAY, "day")
    assert not interval.zone_known


@pytest.mark.parametrize(
    "text",
    [
        "2024-12-21 14:30", "2024-12-21T14:30", "21.12.2024, 14:30", "21.12.2024 в 14:30",
        "14:30, 21 December 2024", "21 December 2024 at 2:30 PM", "Dec 21, 2024 2:30 p.m.",
        "21. Dezember 2024, 14:30 Uhr", "le 21 décembre 2024 à 14h30", "21/12/2024 14:30",
        "21 de dezembro de 2024 às 14h30", "2024年12月21日 14:30", "2024年12月21日 下午2:30",
        "2024年12月21日14時30分", "2024년 12월 21일 오후 2:30", "2024.12.21. 14:30",
        "Updated Dec 21, 2024 at 2:30 PM", "Опубликовано: 21.12.2024 в 14:30",
        "21 December 2024 | 14:30", "21 Aralık 2024 14:30",
    ],
)  # fmt: skip
def test_a_time_makes_it_a_minute_in_a_zone_that_is_not_known(text: str) -> None:
    interval = parse_date(text)
    assert interval is not None
    assert (interval.value, interval.precision, interval.zone_known) == (MINUTE, "minute", False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-12-17T08:30:00+05:00", "2024-12-17T08:30:00+05:00"),
        ("2024-12-17T08:30:00.123Z", "2024-12-17T08:30:00+00:00"),
        ("20241217T083000Z", "2024-12-17T08:30:00+00:00"),
        ("2024-12-17 08:30:00 +0500", "2024-12-17T08:30:00+05:00"),
        ("Sat, 21 Dec 2024 10:00:00 GMT", "2024-12-21T10:00:00+00:00"),
        ("Dec 21, 2024 10:30 am EST", "2024-12-21T10:30-05:00"),
        ("Jul 21, 2024 10:30 a.m. ET", "2024-07-21T10:30-04:00"),
        ("21 December 2024, 14:30 Almaty time", "2024-12-21T14:30+05:00"),
        ("21 декабря 2024, 14:30 по времени Астаны", "2024-12-21T14:30+05:00"),
        ("21 декабря 2024, 14:30 мск", "2024-12-21T14:30+03:00"),
        ("21 December 2024 14:30 (GMT+5)", "2024-12-21T14:30+05:00"),
        ("21 December 2024 14:30 UTC", "2024-12-21T14:30+00:00"),
    ],
)
def test_a_printed_zone_is_kept(text: str, value: str) -> None:
    interval = parse_date(text, timezone="Asia/Tokyo")
    assert interval is not None
    assert interval.value == value
    assert interval.zone_known


def test_the_zone_of_the_site_stands_where_none_is_printed() -> None:
    day = parse_date("21 December 2024", timezone="Asia/Almaty")
    assert day.earliest.isoformat() == "2024-12-21T00:00:00+05:00"
    assert parse_date("21.12.2024 14:30", timezone="+05:00").value == "2024-12-21T14:30+05:00"
    assert parse_date("21.12.2024 14:30", timezone=UTC).value == "2024-12-21T14:30+00:00"


def test_an_abbreviation_of_several_zones_is_settled_by_the_site_or_left_open() -> None:
    text = "Dec 21, 2024 10:30 am CST"
    assert not parse_date(text).zone_known
    assert parse_date(text, timezone="America/Chicago").value == "2024-12-21T10:30-06:00"
    assert parse_date(text, timezone="Asia/Shanghai").value == "2024-12-21T10:30+08:00"


@pytest.mark.parametrize(
    ("hint", "edtf"),
    [
        ({}, "[2024-03-04..2024-04-03]"),
        ({"language": "en"}, "[2024-03-04..2024-04-03]"),
        ({"language": "en-US"}, "2024-03-04"),
        ({"language": "en-GB"}, "2024-04-03"),
        ({"language": "fr"}, "2024-04-03"),
        ({"order": "MDY"}, "2024-03-04"),
        ({"order": "DMY", "language": "en-US"}, "2024-04-03"),
    ],
)
def test_numbers_are_read_in_the_order_that_is_known(hint: dict[str, str], edtf: str) -> None:
    assert parse_date("03/04/2024", **hint).edtf == edtf


def test_two_days_have_no_day_as_value() -> None:
    assert parse_date("03/04/2024").value == "2024"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [("November 2024", "2024-11"), ("ноябрь 2024", "2024-11"), ("2024-11", "2024-11"),
     ("2024年11月", "2024-11"), ("2024", "2024"), ("May 2024", "2024-05")],
)  # fmt: skip
def test_a_part_of_a_date_is_as_wide_as_it_is_known(text: str, edtf: str) -> None:
    assert parse_date(text).edtf == edtf
    assert parse_date(text).value == edtf


def test_a_date_without_a_year_is_the_last_one_before_the_page() -> None:
    assert parse_date("21 December", anchor=date(2024, 12, 21)).value == "2024-12-21"
    assert parse_date("22 December", anchor=date(2024, 12, 21)).value == "2023-12-22"
    assert parse_date("29 February", anchor=date(2026, 1, 1)).value == "2024-02-29"
    assert parse_date("21 December") is None


def test_relative_dates_are_read_where_there_is_an_anchor() -> None:
    assert parse_date("4 days ago", anchor=date(2024, 12, 21)).value == "2024-12-17"
    assert parse_date("4 days ago") is None


@pytest.mark.parametrize(
    "text", ["2024-13-01", "2024-02-30", "31.11.2024", "32 December 2024", "00/00/2024"]
)
def test_days_that_do_not_exist_are_no_dates(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "line", ["21 December 2024", "Saturday, 21 December 2024", "21 December 2024 г.", "21.12.2024",
             "Sat, Dec 21, 2024", "суббота, 21 декабря 2024", "2024年12月21日 星期六"]
)  # fmt: skip
def test_a_masthead_line_is_the_day_of_the_page(line: str) -> None:
    assert parse_page_date(line) == date(2024, 12, 21)


@pytest.mark.parametrize(
    "line", ["Published 21 December 2024", "21 December", "December 2024", "2024", "03/04/2024",
             "4 days ago", "21 December 2024 in Almaty", "Updated: 21.12.2024",
             "Weather, 21 December 2024"]
)  # fmt: skip
def test_other_lines_are_not(line: str) -> None:
    assert parse_page_date(line) is None


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_what_python_writes_is_read_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%A, %d %B %Y", "%b %d, %Y", "%Y/%m/%d"):
        assert parse_date(day.strftime(form)).value == day.isoformat()


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=50), st.from_regex(r"[0-9A-Za-z ./:,+-]{0,30}")))
def test_odd_text_never_raises(text: str) -> None:
    parse_date(text, language="en")
    parse_page_date(text)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: parse_date(5), TypeError),
        (lambda: parse_date("x", order="MYD"), ValueError),
        (lambda: parse_date("x", timezone="Mars/Olympus"), ValueError),
        (lambda: parse_date("x", timezone=5), TypeError),
        (lambda: parse_date("x", language="xx"), ValueError),
        (lambda: parse_date("x", anchor="2024"), TypeError),
        (lambda: parse_date("x", anchor=datetime(2024, 1, 1)), ValueError),
        (lambda: parse_page_date(None), TypeError),
    ],
)
def test_wrong_types_and_unknown_names_raise(call: object, error: type) -> None:
    with pytest.raises(error):
        call()  # type: ignore[operator]  # the wrong type is what is tested


def test_zones_may_be_given_in_three_ways() -> None:
    for zone in ("Asia/Almaty", ZoneInfo("Asia/Almaty"), timezone(timedelta(hours=5)), "+0500"):
        assert parse_date("21.12.2024 10:00", timezone=zone).value == "2024-12-21T10:00+05:00"


def test_short_months_that_differ_by_an_accent_are_kept_apart() -> None:
    assert parse_date("21 ม.ค. 2567").value == "2024-01-21"
    assert parse_date("21 มี.ค. 2567").value == "2024-03-21"


def test_months_of_one_name_in_two_languages_give_both_without_a_language() -> None:
    assert parse_date("5 listopad 2024", language="pl").value == "2024-11-05"
    assert parse_date("5 listopad 2024", language="hr").value == "2024-10-05"
    assert parse_date("5 listopad 2024").edtf == "[2024-10-05..2024-11-05]"


def test_a_weekday_settles_the_order_of_numbers() -> None:
    assert parse_date("Sat, 02/10/2024 - 12:02").value == "2024-02-10T12:02"
    assert parse_date("Wed, 02/10/2024").value == "2024-10-02"
    assert parse_date("Monday, 18.03.2019").value == "2019-03-18"


@pytest.mark.parametrize("language", ["ja", "ko", "zh-CN", "hu", "lt", "mn"])
def test_a_year_of_two_digits_stands_first_where_people_write_it_so(language: str) -> None:
    assert parse_date("24.12.17", language=language).value == "2024-12-17"
    assert parse_date("24.12.17", language=language, order="DMY").value == "2017-12-24"
    assert parse_date("24.12.17", language="de").value == "2017-12-24"


def test_a_month_first_with_dots_is_read_where_it_can_be_nothing_else() -> None:
    assert parse_date("2.23.2025").value == "2025-02-23"
    assert parse_date("2.3.2025").value == "2025-03-02"
    assert parse_date("2.23.2025", order="DMY") is None


@pytest.mark.parametrize(
    "text", ["Friday 2024.12.170", "Monday 7.4.30", "Friday 113/12/170", "Friday 2024/30/17"]
)
def test_numbers_that_are_no_day_are_none_behind_a_weekday_either(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["April 2018 (9)", "April 2018 9", "9 2018 April", "7.4.30"])
def test_a_count_or_a_version_is_no_day(text: str) -> None:
    assert parse_date(text) is None


def test_dateparser_sees_only_what_is_nearly_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def record(text: str, *_: object) -> None:
        seen.append(text)

    monkeypatch.setattr(absolute, "_dateparser_day", record)
    for text in ("21 zdravnia 2024", "Sat, 21 zdravnia 2024", "zdravnia 21, 2024"):
        parse_date(text, language="en")
    assert len(seen) == 3
    for text in ("3 years in prison", "2024 election", "Top 10 of 2024", "April 2018 (9)", "a 5"):
        parse_date(text, language="en")
    parse_date("22 zdravnia 2024")
    assert len(seen) == 3


def test_dateparser_reads_no_part_from_the_clock() -> None:
    for text in ("21 zdravnia 2024", "on 5, 2020", "12 we are 2024", "10 March madness 2020"):
        assert parse_date(text, language="en") is None


@pytest.mark.parametrize("text", ["1 " + "de " * 30, "2024 " + "a " * 40 + "x", "1 1 " * 20])
def test_odd_repetitions_take_no_longer_than_their_length(text: str) -> None:
    assert parse_date(text) is None
