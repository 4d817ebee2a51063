"""Combining what is known of one article's date."""

import itertools
from datetime import UTC, date, datetime

import pytest

from newscrawl.dates import (
    Anchor,
    DateEvidence,
    DateInterval,
    bound_by_neighbours,
    combine,
    parse_date,
    parse_relative,
    published_by,
)

PAGE = date(2024, 12, 21)


def relative(text: str, page: date) -> DateEvidence:
    interval = parse_relative(text, page)
    assert interval is not None
    return DateEvidence(interval, "relative", text, Anchor(page.isoformat(), "printed"))


def printed(text: str, basis: str) -> DateEvidence:
    interval = parse_date(text)
    assert interval is not None
    return DateEvidence(interval, basis, text)  # type: ignore[arg-type]  # plain str, one of the names


def test_the_fields_of_a_drop() -> None:
    assert relative("4 days ago", PAGE).to_dict() == {
        "earliest": "2024-12-16T00:00:00Z",
        "latest": "2024-12-19T00:00:00Z",
        "precision": "day",
        "edtf": "[2024-12-16..2024-12-18]",
        "raw": "4 days ago",
        "basis": "relative",
        "anchor": {"value": "2024-12-21", "source": "printed"},
        "sources": 1,
        "conflict": False,
    }


def test_a_bound_has_no_value() -> None:
    bound = published_by(PAGE, "printed")
    assert bound.to_dict()["edtf"] == "[..2024-12-21]"
    assert bound.earliest is None
    assert bound.value is None
    assert combine([bound, published_by(date(2024, 12, 2), "printed")]).edtf == "[..2024-12-02]"


def test_an_instant_is_written_in_whole_seconds() -> None:
    interval = parse_relative("2 hours ago", datetime(2024, 12, 21, 10, tzinfo=UTC))
    evidence = DateEvidence(interval, "relative", "2 hours ago")
    assert evidence.earliest == "2024-12-21T07:00:00Z"
    assert evidence.edtf == "[2024-12-21T07:00:00Z..2024-12-21T08:30:36Z]"


def test_sightings_on_several_pages_narrow_each_other() -> None:
    both = combine([relative("4 days ago", PAGE), relative("1 week ago", date(2024, 12, 25))])
    assert both.edtf == "[2024-12-16..2024-12-18]"
    assert both.sources == 2
    assert not both.conflict


def test_sightings_that_cannot_all_be_right_conflict() -> None:
    both = combine([relative("4 days ago", PAGE), relative("1 day ago", date(2024, 12, 25))])
    assert both.conflict
    assert both.edtf == "[2024-12-16..2024-12-25]"
    assert both.value is not None


@pytest.mark.parametrize(
    ("bases", "value"),
    [
        (("structured", "visible", "url"), "2024-12-17"),
        (("visible", "url"), "2024-12-18"),
        (("url",), "2024-12-16"),
        (("feed", "visible"), "2024-12-17"),
    ],
)
def test_the_more_trusted_leads(bases: tuple[str, ...], value: str) -> None:
    texts = {
        "structured": "2024-12-17",
        "feed": "2024-12-17",
        "visible": "2024-12-18",
        "url": "2024-12-16",
    }
    combined = combine([printed(texts[basis], basis) for basis in bases])
    assert combined.value == value
    assert combined.basis == bases[0]
    assert combined.conflict is (len(bases) > 1)


def test_a_relative_date_narrows_nothing_that_is_known_to_the_second() -> None:
    structured = printed("2024-12-17T08:30:00+05:00", "structured")
    combined = combine([relative("4 days ago", PAGE), structured])
    assert combined.value == "2024-12-17T08:30:00+05:00"
    assert combined.edtf == "2024-12-17T08:30:00+05:00"
    assert not combined.conflict


def test_a_day_of_an_unknown_zone_does_not_contradict_the_instant_of_another_day() -> None:
    structured = printed("2024-12-17T22:30:00-05:00", "structured")  # 18 December in UTC
    combined = combine([structured, printed("2024-12-17", "visible")])
    assert not combined.conflict


def test_a_value_after_the_capture_is_refused_with_the_reason() -> None:
    capture = DateInterval.until(datetime(2024, 12, 21, 10, tzinfo=UTC))
    far = printed("9999-01-01", "structured")
    combined = combine([far, relative("4 days ago", PAGE)], bounds=[capture])
    assert combined.value == "2024-12-17"
    assert not combined.conflict
    (refusal,) = combined.refused
    assert refusal.evidence == far
    assert refusal.reason.startswith("later than [..2024-12-21T")


def test_a_value_before_the_site_existed_is_refused() -> None:
    founded = DateInterval.since(date(2015, 1, 1))
    combined = combine([printed("1970-01-01", "structured")], bounds=[founded])
    assert combined.basis == "bound"
    assert combined.value is None
    assert combined.refused[0].reason == "earlier than [2015-01-01..]"


def test_a_capture_is_a_certain_bound_and_a_printed_page_date_is_not() -> None:
    late = printed("2024-12-25", "visible")
    captured = published_by(datetime(2024, 12, 21, tzinfo=UTC), "capture")
    assert combine([late, captured]).refused
    assert combine([late, captured]).value is None
    by_page = combine([late, published_by(PAGE, "printed")])
    assert by_page.conflict
    assert by_page.value == "2024-12-25"


def test_the_order_of_sightings_does_not_matter() -> None:
    sightings = [
        relative("4 days ago", PAGE),
        relative("1 week ago", date(2024, 12, 24)),
        published_by(date(2024, 12, 18), "printed"),
        printed("2024-12-17", "url"),
    ]
    results = {str(combine(order).to_dict()) for order in itertools.permutations(sightings)}
    assert len(results) == 1


def test_nothing_gives_nothing() -> None:
    assert combine([]) is None
    assert combine([], bounds=[DateInterval.until(PAGE)]) is None


def test_an_undated_item_of_a_newest_first_listing_lies_between_its_neighbours() -> None:
    newer, older = printed("2024-12-20", "visible"), printed("2024-12-18", "visible")
    first, _, between, _, last = bound_by_neighbours([None, newer, None, older, None])
    assert first.edtf == "[2024-12-20..]"
    assert between.edtf == "[2024-12-18..2024-12-20]"
    assert between.basis == "bound"
    assert last.edtf == "[..2024-12-18]"


def test_a_listing_out_of_order_bounds_nothing() -> None:
    newer, older = printed("2024-12-20", "visible"), printed("2024-12-18", "visible")
    assert bound_by_neighbours([older, None, newer]) == [older, None, newer]


def test_a_page_of_one_day_dates_what_stands_between_its_items() -> None:
    day = printed("2024-12-20", "visible")
    assert bound_by_neighbours([day, None, day])[1].value == "2024-12-20"


def test_unknown_kinds_raise() -> None:
    with pytest.raises(ValueError, match="unknown basis"):
        DateEvidence(DateInterval.day(PAGE), "guess")  # type: ignore[arg-type]  # the wrong type is what is tested
    with pytest.raises(TypeError):
        DateEvidence("2024-12-21", "visible")  # type: ignore[arg-type]  # the wrong type is what is tested


def test_an_instant_leads_a_bare_day_that_is_as_trusted() -> None:
    instant, day = (
        printed(text, "structured") for text in ("2026-11-20T06:00:00+05:00", "2026-11-20")
    )
    for readings in itertools.permutations([instant, day]):
        found = combine(readings)
        assert found is not None
        assert found.value == "2026-11-20T06:00:00+05:00"
        assert not found.conflict
        assert found.sources == 2
