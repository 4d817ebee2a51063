"""The algebra of intervals and their written forms."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dates import PRECISIONS, DateInterval

ALMATY = timezone(timedelta(hours=5))
BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
instants = st.datetimes(
    datetime(1990, 1, 1),  # hypothesis adds the zone
    datetime(2040, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5)), BERLIN]),
)


@st.composite
def intervals(draw: st.DrawFn) -> DateInterval:
    a, b = sorted(draw(st.tuples(instants, instants)), key=datetime.timestamp)
    if draw(st.booleans()):
        a, b = a.replace(microsecond=0), b.replace(microsecond=0)
    if b.timestamp() - a.timestamp() < 2:
        b = (a.astimezone(UTC) + timedelta(seconds=2)).astimezone(UTC)
    sides = draw(st.sampled_from(["both", "both", "from", "until"]))
    best = a if sides == "both" and draw(st.booleans()) else None
    return DateInterval(
        None if sides == "until" else a,
        None if sides == "from" else b,
        draw(st.sampled_from(PRECISIONS)),
        draw(st.booleans()),
        best,
    )


def lies_in(inner: DateInterval, outer: DateInterval) -> bool:
    """Whether every instant of one interval is allowed by another."""
    starts = outer.earliest is None or (
        inner.earliest is not None and outer.earliest <= inner.earliest
    )
    ends = outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    return starts and ends


@given(intervals(), intervals())
def test_intersection_commutes(a: DateInterval, b: DateInterval) -> None:
    assert (a & b) == (b & a)
    if a & b:
        assert (a & b).value == (b & a).value


@given(intervals(), intervals(), intervals())
def test_intersection_associates(a: DateInterval, b: DateInterval, c: DateInterval) -> None:
    left = (a & b) and (a & b) & c
    right = (b & c) and a & (b & c)
    assert left == right


@given(intervals())
def test_intersection_with_itself_changes_nothing(a: DateInterval) -> None:
    assert (a & a) == a
    assert (a & a).best == a.best


@given(intervals(), intervals())
def test_intersection_never_widens_and_is_empty_only_when_apart(
    a: DateInterval, b: DateInterval
) -> None:
    both = a & b
    if both is None:
        assert a.is_before(b) or b.is_before(a)
    else:
        assert lies_in(both, a)
        assert lies_in(both, b)
        assert not a.is_before(b)
        assert not b.is_before(a)


@given(intervals(), intervals())
def test_hull_covers_both_and_commutes(a: DateInterval, b: DateInterval) -> None:
    hull = a | b
    assert hull == (b | a)
    if hull is not None:
        assert lies_in(a, hull)
        assert lies_in(b, hull)


@given(intervals())
def test_the_written_form_reads_back_as_the_same_bounds(a: DateInterval) -> None:
    back = DateInterval.from_edtf(a.exact, a.zone)
    assert (back.earliest, back.latest) == (a.earliest, a.latest)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 500), st.booleans())
def test_days_in_a_zone_read_back_whole(first: date, length: int, known: bool) -> None:
    zone = BERLIN if known else None
    interval = DateInterval.days(first, first + timedelta(days=length), zone)
    assert DateInterval.from_edtf(interval.edtf, zone) == interval


@given(intervals(), intervals())
def test_the_best_value_lies_within(a: DateInterval, b: DateInterval) -> None:
    both = a & b
    if both is not None and both.best is not None:
        assert both.contains(both.best)


@settings(max_examples=50)
@given(intervals())
def test_rounding_outwards_never_narrows(a: DateInterval) -> None:
    for wider in (a.to_seconds(), a.to_days(), a.in_any_zone()):
        assert lies_in(a, wider)


@pytest.mark.parametrize(
    ("interval", "edtf", "value"),
    [
        (DateInterval.day(date(2024, 12, 17)), "2024-12-17", "2024-12-17"),
        (DateInterval.month(2024, 11), "2024-11", "2024-11"),
        (DateInterval.year(2024), "2024", "2024"),
        (
            DateInterval.days(date(2024, 12, 16), date(2024, 12, 18)),
            "[2024-12-16..2024-12-18]",
            "2024-12",
        ),
        (DateInterval.until(date(2024, 12, 21)), "[..2024-12-21]", None),
        (DateInterval.since(date(2024, 12, 21)), "[2024-12-21..]", None),
        (
            DateInterval.instant(datetime(2024, 12, 17, 8, 30, tzinfo=ALMATY)),
            "2024-12-17T08:30:00+05:00",
            "2024-12-17T08:30:00+05:00",
        ),
        (
            DateInterval.instant(datetime(2024, 12, 17, 8, 30, tzinfo=UTC), "minute"),
            "2024-12-17",
            "2024-12-17T08:30+00:00",
        ),
    ],
)  # fmt: skip
def test_written_forms(interval: DateInterval, edtf: str, value: str | None) -> None:
    assert interval.edtf == edtf
    assert interval.value == value
    if not interval.zone_known:
        assert DateInterval.from_edtf(edtf) == interval


# The standard's level 0, and the sets of level 2 over its days, months and years (ISO 8601-2;
# https://www.loc.gov/standards/datetime/): what other readers of EDTF take.
_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_STANDARD = re.compile(
    rf"{_DATE}|\[{_DATE}\.\.{_DATE}\]|\[\.\.{_DATE}\]|\[{_DATE}\.\.\]"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?"
)


@given(intervals())
def test_edtf_is_the_standards_and_holds_every_instant(a: DateInterval) -> None:
    for interval in (a, a.to_seconds(), a.to_days()):
        assert _STANDARD.fullmatch(interval.edtf)
        assert _holds(DateInterval.from_edtf(interval.edtf, interval.zone), interval)


def _holds(outer: DateInterval, inner: DateInterval) -> bool:
    starts = outer.earliest is None or (
        inner.earliest is not None and outer.earliest <= inner.earliest
    )
    ends = outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    return starts and ends


@pytest.mark.parametrize(
    ("interval", "unit"),
    [
        (DateInterval.day(date(2024, 12, 17)), "day"),
        (DateInterval.days(date(2024, 12, 7), date(2024, 12, 15)), "month"),
        (DateInterval.days(date(2024, 11, 7), date(2024, 12, 15)), "year"),
        (DateInterval.days(date(2023, 11, 7), date(2024, 12, 15)), None),
        (DateInterval.until(date(2024, 12, 17)), None),
        (DateInterval.instant(datetime(2024, 12, 17, 8, 30, tzinfo=ALMATY)), "second"),
        (DateInterval.instant(datetime(2024, 12, 17, 8, 30, tzinfo=ALMATY), "minute"), "minute"),
        # One day in Almaty and two in UTC.
        (
            DateInterval(
                datetime(2024, 12, 17, 3, tzinfo=ALMATY), datetime(2024, 12, 17, 8, tzinfo=ALMATY)
            ),
            "day",
        ),
        # An hour that the clock shows twice.
        (
            DateInterval(
                datetime(2024, 10, 27, 2, 10, tzinfo=BERLIN),
                datetime(2024, 10, 27, 2, 50, tzinfo=BERLIN, fold=1),
            ),
            "day",
        ),
    ],
)
def test_what_of_a_date_is_certain(interval: DateInterval, unit: str | None) -> None:
    assert interval.certain_to == unit


@given(intervals())
def test_a_certain_unit_holds_both_ends(a: DateInterval) -> None:
    if a.earliest is None or a.latest is None or a.certain_to is None:
        return
    first, last = (
        moment.astimezone(a.zone) for moment in (a.earliest, a.latest - timedelta(microseconds=1))
    )
    length = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
    size = length[a.certain_to]
    assert first.isoformat()[:size] == last.isoformat()[:size]


def test_a_day_of_summer_time_is_as_long_as_the_clock_says() -> None:
    day = DateInterval.day(date(2024, 3, 31), BERLIN)
    assert day.latest - day.earliest == timedelta(hours=23)
    assert day.edtf == "2024-03-31"


def test_bounds_inside_the_repeated_hour_keep_their_order() -> None:
    early = datetime(2024, 10, 27, 2, 50, tzinfo=BERLIN)
    late = datetime(2024, 10, 27, 2, 10, tzinfo=BERLIN, fold=1)
    assert DateInterval(early, late).latest - DateInterval(early, late).earliest == timedelta(
        minutes=20
    )


def test_bounds_that_fall_in_one_day_have_that_day_as_value() -> None:
    day = date(2024, 12, 17)
    assert (DateInterval.since(day) & DateInterval.until(day)).value == "2024-12-17"


def test_a_zone_that_is_not_known_may_be_any_on_earth() -> None:
    wide = DateInterval.day(date(2024, 12, 17)).in_any_zone()
    assert wide.earliest == datetime(2024, 12, 16, 10, tzinfo=UTC)
    assert wide.latest == datetime(2024, 12, 18, 12, tzinfo=UTC)
    known = DateInterval.day(date(2024, 12, 17), UTC)
    assert known.in_any_zone() is known


@pytest.mark.parametrize(
    "text",
    ["", "[]", "[..]", "2024-12-16/2024-12-18", "2024-1-1", "yesterday", "[2024", "20241217"],
)
def test_other_forms_are_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each has its own message
        DateInterval.from_edtf(text)


@pytest.mark.parametrize(
    ("bounds", "error"),
    [
        ((LAST, FIRST), ValueError),
        ((FIRST, FIRST), ValueError),
        ((None, None), ValueError),
        ((datetime(2024, 1, 1), None), ValueError),
        ((date(2024, 1, 1), None), TypeError),
        ((FIRST, LAST, "week"), ValueError),
        ((FIRST, LAST, "day", True, LAST), ValueError),
    ],
)
def test_what_is_no_interval_is_refused(bounds: tuple[object, ...], error: type) -> None:
    with pytest.raises(error):
        DateInterval(*bounds)


def test_intervals_are_immutable_and_hashable() -> None:
    interval = DateInterval.year(2024)
    with pytest.raises(AttributeError):
        interval.latest = LAST  # type: ignore[misc]  # frozen: that it fails is what is tested
    assert len({interval, DateInterval.year(2024)}) == 1
