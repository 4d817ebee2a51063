"""A page's own date, in order of trust."""

from datetime import UTC, date, datetime

import pytest

from newscrawl.dates import page_date

CAPTURE = datetime(2024, 12, 21, 10, tzinfo=UTC)
ALL = {
    "printed": ["Weather: -5", "Saturday, 21 December 2024"],
    "time": ["2024-12-20T10:00:00Z"],
    "meta": ["2024-12-19"],
    "http_date": "Wed, 18 Dec 2024 10:00:00 GMT",
    "last_modified": "Tue, 17 Dec 2024 10:00:00 GMT",
    "capture": CAPTURE,
}


@pytest.mark.parametrize(
    ("missing", "value", "source"),
    [
        (0, "2024-12-21", "printed"),
        (1, "2024-12-20T10:00:00+00:00", "time"),
        (2, "2024-12-19", "meta"),
        (3, "2024-12-18T10:00:00+00:00", "http-date"),
        (4, "2024-12-17T10:00:00+00:00", "http-last-modified"),
        (5, "2024-12-21T10:00:00+00:00", "capture"),
    ],
)
def test_the_most_trusted_candidate_is_taken(missing: int, value: str, source: str) -> None:
    found = page_date(**dict(list(ALL.items())[missing:]))  # type: ignore[arg-type]  # a mapping of every argument
    assert found is not None
    assert found.anchor.to_dict() == {"value": value, "source": source}


def test_a_page_is_not_dated_after_its_capture() -> None:
    found = page_date(printed=["1 January 2030"], capture=CAPTURE)
    assert found.anchor.source == "capture"
    assert found.refused == (("1 January 2030", f"later than the capture, {CAPTURE}"),)


def test_a_line_that_is_two_days_or_an_items_date_is_passed_over() -> None:
    found = page_date(printed=["03/04/2024", "Published 20 December 2024", "21.12.2024"])
    assert found.interval.best.date() == date(2024, 12, 21)


def test_without_candidates_there_is_no_date() -> None:
    assert page_date() is None
    assert page_date(printed=["Top stories"], meta=["news"]) is None


def test_the_zone_of_the_site_places_the_day() -> None:
    found = page_date(printed=["21 December 2024"], timezone="Asia/Almaty")
    assert found.interval.earliest.isoformat() == "2024-12-21T00:00:00+05:00"
