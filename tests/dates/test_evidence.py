"""Combining what is known of one article's date."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newscrawl.dates import (
    Anchor,
    DateEvidence,
    DateInterval,
    Limit,
    Zone,
    bound_by_neighbours,
    combine,
    parse_date,
    parse_relative,
    published_by,
    settle,
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
        "earliest": "2024-12-15T10:00:00Z",
        "latest": "2024-12-19T12:00:00Z",
        "precision": "day",
        "certain_to": "month",
        "zone": None,
        "edtf": "[2024-12-16..2024-12-18]",
        "raw": "4 days ago",
        "basis": "relative",
        "anchor": {"value": "2024-12-21", "source": "printed"},
        "sources": 1,
        "conflict": False,
        "refused": [],
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
    assert evidence.latest == "2024-12-21T08:30:37Z"
    assert evidence.edtf == "2024-12-21"
    assert evidence.certain_to == "day"


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
    assert not combined.conflict
    first = [printed(texts[basis], basis) for basis in bases]
    assert settle(first)[0].value == value


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


CAPTURE = Limit(DateInterval.until(datetime(2024, 12, 22, 10, tzinfo=UTC)), "captured", False)
ON_PAGE = Limit(DateInterval.until(PAGE), "printed")


def test_what_cannot_be_true_is_refused_and_the_next_candidate_is_asked() -> None:
    far = printed("9999-01-01", "structured")
    settled, told = settle([far, relative("4 days ago", PAGE)], [CAPTURE])
    assert settled is not None
    assert settled.value == "2024-12-17"
    assert not settled.conflict
    assert settled.refused == told
    assert [refusal.to_dict() for refusal in told] == [
        {"raw": "9999-01-01", "value": "9999-01-01", "why": "captured"}
    ]


def test_where_every_candidate_is_refused_the_bound_stands() -> None:
    late = printed("2024-12-25", "visible")
    settled, _ = settle([late, published_by(PAGE, "printed")], [ON_PAGE])
    assert settled is not None
    assert (settled.value, settled.edtf) == (None, "[..2024-12-21]")
    assert settled.refused[0].raw == "2024-12-25"
    assert settle([late], [ON_PAGE])[0] is None


@pytest.mark.parametrize(
    ("text", "limit", "refused"),
    [
        ("2024-12-22", ON_PAGE, True),  # one clock printed both
        ("2024-12-22T01:00:00+05:00", ON_PAGE, False),  # the page may be from the west
        ("2024-12-22T12:00:00Z", ON_PAGE, True),  # past the day everywhere
        ("2024-12", ON_PAGE, False),  # a part of the month is possible
        ("2024-12-22", CAPTURE, False),
        ("2024-12-23", CAPTURE, True),
        ("2024-12-22T10:00:00Z", CAPTURE, False),
        ("2024-12-22T10:00:01Z", CAPTURE, True),
    ],
)
def test_a_limit_excludes_what_lies_wholly_outside(text: str, limit: Limit, refused: bool) -> None:
    assert limit.excludes(printed(text, "structured").interval) is refused


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
    assert settle([]) == (None, ())


def zoned(text: str, basis: str = "structured") -> DateEvidence:
    found = printed(text, basis)
    written = found.interval.best.isoformat()[-6:] if found.interval.zone_known else None
    return replace(found, zone=Zone(written, "printed") if written else None)


@pytest.mark.parametrize(
    ("first", "second", "value", "zone"),
    [
        # The same day with a clock.
        ("2024-12-17", "2024-12-17T08:30", "2024-12-17T08:30", None),
        ("2024-12-17", "2024-12-17T08:30:00+05:00", "2024-12-17T08:30:00+05:00", "+05:00"),
        ("2024-12-17", "2024-12-18T08:30:00+05:00", "2024-12-17", None),
        ("2024-12", "2024-12-17", "2024-12-17", None),
        # The same clock with an offset.
        ("2024-12-17T08:30", "2024-12-17T08:30:00+05:00", "2024-12-17T08:30:00+05:00", "+05:00"),
        ("2024-12-17T08:30:12", "2024-12-17T08:30+05:00", "2024-12-17T08:30:12+05:00", "+05:00"),
        # The page's own clock names the day that its readers had.
        (
            "2024-12-17T20:30:00Z",
            "2024-12-18T01:30:00+05:00",
            "2024-12-18T01:30:00+05:00",
            "+05:00",
        ),
        (
            "2024-12-17T20:30:00Z",
            "2024-12-18T01:31:00+05:00",
            "2024-12-17T20:30:00+00:00",
            "+00:00",
        ),
        # The same instant by another clock, told by minutes that are no chance.
        ("2024-12-17T08:37:12", "2024-12-17T03:37:12Z", "2024-12-17T08:37:12+05:00", "+05:00"),
        ("2024-12-17T08:30:00", "2024-12-17T03:30:00Z", "2024-12-17T08:30:00", None),
        ("2024-12-17T08:37:12", "2024-12-17T03:36:12Z", "2024-12-17T08:37:12", None),
        ("2024-12-17T08:37:12", "2024-12-16T08:37:12Z", "2024-12-17T08:37:12", None),
        # Weaker and coarser, or of another day.
        ("2024-12-17T08:30:00+05:00", "2024-12-17", "2024-12-17T08:30:00+05:00", "+05:00"),
        ("2024-12-17T08:30:00+05:00", "2024-12-19", "2024-12-17T08:30:00+05:00", "+05:00"),
    ],
)
def test_a_weaker_candidate_of_a_page_refines_and_never_contradicts(
    first: str, second: str, value: str, zone: str | None
) -> None:
    settled, _ = settle([zoned(first), zoned(second, "visible")])
    assert settled is not None
    assert settled.value == value
    assert (settled.zone.value if settled.zone else None) == zone
    assert settled.rank == 0
    assert not settled.conflict


def test_what_is_inferred_fills_nothing() -> None:
    inferred = printed("2024-12-17", "inferred")
    alone, _ = settle([inferred])
    assert alone is not None
    assert (alone.value, alone.earliest, alone.latest, alone.edtf) == (None, None, None, "XXXX")
    assert (alone.basis, alone.raw, alone.certain_to) == ("inferred", "2024-12-17", None)
    bounded, _ = settle([published_by(PAGE, "printed"), inferred])
    assert bounded is not None
    assert (bounded.value, bounded.earliest, bounded.edtf) == (None, None, "[..2024-12-21]")
    assert combine([inferred, published_by(PAGE, "printed")]) == bounded
    dated, _ = settle([inferred, printed("2024-12-18", "visible")])
    assert dated is not None
    assert (dated.value, dated.basis, dated.edtf) == ("2024-12-18", "visible", "2024-12-18")


def test_readings_of_one_rank_from_two_sightings_contradict_each_other() -> None:
    readings = [printed("2024-12-17", "visible"), printed("2024-12-19", "visible")]
    both = combine(readings)
    assert both is not None
    assert both.conflict
    assert both.edtf == "[2024-12-17..2024-12-19]"
    led = combine([*readings, printed("2024-12-18", "structured")])
    assert led is not None
    assert (led.value, led.conflict) == ("2024-12-18", False)


def test_bounds_hold_every_zone_where_none_is_known() -> None:
    day, clock = printed("2024-12-17", "visible"), printed("2024-12-17T08:30", "visible")
    assert (day.earliest, day.latest) == ("2024-12-16T10:00:00Z", "2024-12-18T12:00:00Z")
    assert (clock.earliest, clock.latest) == ("2024-12-16T18:30:00Z", "2024-12-17T20:31:00Z")
    assert (day.certain_to, clock.certain_to) == ("day", "minute")  # by the printed clock
    assert clock.edtf == "2024-12-17"


def test_a_neighbour_without_a_zone_bounds_in_every_zone() -> None:
    above, below = zoned("2024-12-20T08:00:00+05:00"), printed("2024-12-18", "visible")
    between = bound_by_neighbours([above, None, below])[1]
    assert between is not None
    assert (between.earliest, between.latest) == (
        "2024-12-17T10:00:00Z",
        "2024-12-20T08:00:01+05:00",
    )
    assert between.zone == above.zone


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
