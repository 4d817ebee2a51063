"""A date within a short text: where it stands, and what stands around it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dates import find_date, is_relative, parse_date, parse_epoch, proven_order


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("By Mara Lind, 3 May 2024 10:30 CEST, in Oslo", "en", "2024-05-03T10:30+02:00"),
        ("Monday May 6, 2024 10:05 am PDT by Mara Lind", "en", "2024-05-06T10:05-07:00"),
        ("Posted at 2:30 PM EST, May 6, 2024", "en", "2024-05-06T14:30-05:00"),
        ("Last updated on 5 June 2024 at 10:00 (GMT+5) by Bo", "en", "2024-06-05T10:00+05:00"),
        ("Am 17. März 2024 um 10.30 Uhr erschienen", "de", "2024-03-17T10:30"),
        ("von Anna1 am 20.09.2020", "de", "2020-09-20"),
        ("Posted 3 pm on May 6, 2024", "en", "2024-05-06T15:00"),
        ("10:30 on 6 May 2024", "en", "2024-05-06T10:30"),
        (
            "Read here: 6 May 2024, 3 pm, by the desk of the evening paper of the whole coast",
            "en",
            "2024-05-06T15:00",
        ),
        ("20240506T103000Z", "en", "2024-05-06T10:30:00+00:00"),
        ("20240506", "en", "2024-05-06"),
        ("Trustpilot, 2.23.2025", "en", "2025-02-23"),
        ("Feb 182009", "de", "2009-02-18"),
        ("24 أبريل 2020", "en", "2020-04-24"),
        ("2024 m. gruodžio 17 d. 10:30", "lt", "2024-12-17T10:30"),
        ("17 tháng 12, 2024 10:30", "vi", "2024-12-17T10:30"),
        ("입력 24.12.17. 오후 2:30", "ko", "2024-12-17T14:30"),
        ("posted with a box at 24.05.14", "ja", "2024-05-14"),
        ("公開日：2024年5月3日 更新日：2024年5月4日", "ja", "2024-05-03"),
        ("۲۶ تیر ۱۴۰۳ - ۱۰:۰۵", "fa", "2024-07-16T10:05"),
        ("เผยแพร่ : 17/12/2567 14:30", "th", "2024-12-17T14:30"),
    ],
)
def test_the_first_day_of_a_line_with_its_clock_and_zone(
    text: str, language: str, value: str
) -> None:
    found = find_date(text, language=language)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5 min read",
        "12 Years a Slave 2013",
        "Version 7.4.30 of 2024",
        "Copyright 2024",
        "May 2024",
        "31/02/2024",
        "30 February 2024",
        "+7 727 258 26 84",
        "2024-13-17",
        "20241317",
    ],
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert find_date(text, language="en") is None


def test_a_range_of_clocks_is_no_offset() -> None:
    found = find_date("The hall is open 3 May 2024 10:30-12:30", language="en")
    assert found is not None
    assert (found.value, found.zone_known) == ("2024-05-03T10:30", False)


def test_the_site_says_how_its_numbers_and_clocks_are_meant() -> None:
    text = "By Mara Lind | 03/04/2024 10:30"
    found = find_date(text, language="en-US", order="DMY", timezone="Asia/Almaty")
    assert found is not None
    assert found.value == "2024-04-03T10:30+05:00"


def test_only_the_beginning_of_a_text_is_looked_at() -> None:
    assert find_date("a " * 200 + "3 May 2024", language="en") is None
    assert find_date("-" * 289 + " 3 May 2024", language="en") is not None
    assert find_date("-" * 290 + " 3 May 2024", language="en") is None


@given(st.text(max_size=120))
def test_any_text_is_read_or_not_and_nothing_else(text: str) -> None:
    find_date(text)
    find_date(text, language="th", order="DMY")
    parse_epoch(text)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 12, 31)))
def test_what_a_machine_wrote_is_found_as_it_is_read(moment: datetime) -> None:
    text = moment.replace(microsecond=0, tzinfo=UTC).isoformat()
    assert find_date(text) == parse_date(text) == find_date(f"By Mara Lind, {text}")


@pytest.mark.parametrize("text", ["1721107800", "1721107800000", " 1721107800 "])
def test_seconds_and_milliseconds_since_1970(text: str) -> None:
    found = parse_epoch(text)
    assert found is not None
    assert found.value == "2024-07-16T05:30:00+00:00"


@pytest.mark.parametrize("text", ["0000000000", "12345678901", "call 1721107800", "1721107800.5"])
def test_other_numbers_are_no_epoch(text: str) -> None:
    assert parse_epoch(text) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("4 days ago", "en", True),
        ("Posted 4 days ago", "en", True),
        ("hier à 18h45", "fr", True),
        ("1小时10分前", "zh", True),
        ("منذ 4 أيام", "ar", True),
        ("5 min read", "en", False),
        ("3 years in prison", "en", False),
        ("4 May 2024", "en", False),
    ],
)
def test_relative_words_are_told_without_an_anchor(
    text: str, language: str, expected: bool
) -> None:
    assert is_relative(text, language=language) is expected


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["12/08/2024", "12/20/2024"], "MDY"),
        (["08/12/2024", "20/12/2024"], "DMY"),
        (["20-12-24"], "DMY"),
        (["12/08/2024", "11/07/2024"], None),
        (["12/20/2024", "20/12/2024"], None),
        (["12/20/2024/5", "1/12/20/2024", "45/10/2024"], None),
        ([], None),
    ],
)
def test_a_number_above_twelve_proves_the_order_of_the_others(
    texts: list[str], order: str | None
) -> None:
    assert proven_order(texts) == order


def test_an_epoch_begins_in_1990() -> None:
    assert parse_epoch("631151999") is None
    assert parse_epoch("0631152000") is not None
    assert parse_epoch("0631151999") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("17.12.2024, 8:30 Uhr MEZ", "de", "2024-12-17T08:30+01:00"),
        ("12. Juni 2024 um 8:30 Uhr (MESZ)", "de", "2024-06-12T08:30+02:00"),
        ("9:15 a.m. Eastern Time Dec. 17, 2024", "en", "2024-12-17T09:15-05:00"),
        ("June 17, 2024 9:15 am Pacific", "en", "2024-06-17T09:15-07:00"),
        ("17 décembre 2024 à 8h30 (heure de Paris)", "fr", "2024-12-17T08:30+01:00"),
        ("17 Dec 2024 8:30 h CET", "es", "2024-12-17T08:30+01:00"),
        # A city alone is where something happened, and other words are none.
        ("17 Dec 2024 8:30 Paris police said", "en", "2024-12-17T08:30"),
        ("17.12.2024 8:30 Uhr | Lesezeit 3 min", "de", "2024-12-17T08:30"),
    ],
)
def test_a_zone_in_words_is_read_behind_its_clock(text: str, language: str, expected: str) -> None:
    found = find_date(text, language=language)
    assert found
    assert found.value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 نيسان / أبريل 2020 09:22 مساءً", "2020-04-24T21:22"),
        ("15 كانون الثاني/يناير 2021", "2021-01-15"),
        ("17 ธ.ค. 67", "2024-12-17"),
        ("28 luglio 202010:43 News", "2020-07-28"),
        ("Mar 27, 20255 mins", "2025-03-27"),
        ("HealthDECEMBER 22, 2022Updated: JANUARY 02, 2026", "2022-12-22"),
        # Two months, and numbers that are no year.
        ("3 May/June 2020", None),
        ("On March 12 20000 people came", None),
        ("March 12, 20241,000 people", None),
    ],
)
def test_dates_that_pages_print_run_together_or_twice(text: str, expected: str | None) -> None:
    found = find_date(text)
    assert (found.value if found else None) == expected
