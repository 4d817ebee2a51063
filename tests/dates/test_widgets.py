"""What widgets print, and the intervals that their words therefore mean."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dates import WIDGETS, parse_relative, printed_by
from newscrawl.dates.widgets import window

ANCHOR = datetime(2024, 12, 21, 10, tzinfo=UTC)
S, M, H, D = 1, 60, 3_600, 86_400


# Elapsed times [low, high) in seconds, read from each widget's source or measured by running it.
ROWS = [
    ("wordpress", "1 day ago", D, 1.5 * D),
    ("wordpress", "4 days ago", 3.5 * D, 4.5 * D),
    ("wordpress", "7 days ago", 6.5 * D, 7 * D),
    ("wordpress", "1 week ago", 7 * D, 10.5 * D),
    ("wordpress", "4 weeks ago", 24.5 * D, 30 * D),
    ("wordpress", "1 month ago", 30 * D, 45 * D),
    ("wordpress", "12 months ago", 345 * D, 365 * D),
    ("jquery-timeago", "about an hour ago", 45 * M, 90 * M),
    ("jquery-timeago", "a day ago", 24 * H, 42 * H),
    ("jquery-timeago", "about a month ago", 30 * D, 45 * D),
    ("jquery-timeago", "about a year ago", 365 * D, 547.5 * D),
    ("moment", "an hour ago", 44.5 * M, 89.5 * M),
    ("moment", "a day ago", 21.5 * H, 36 * H),
    ("date-fns", "about 1 hour ago", 44.5 * M, 89.5 * M),
    ("date-fns", "1 day ago", 24 * H - 30, 42 * H - 30),
    ("date-fns", "less than a minute ago", 0, 30),
    ("timeago.js", "just now", 0, 10),
    ("timeago.js", "1 month ago", 365 / 12 * D, 365 / 6 * D),
    ("carbon", "1 week ago", 7 * D, 14 * D),
    ("carbon", "4 days ago", 4 * D, 5 * D),
    ("carbon", "4 weeks ago", 28 * D, 30 * D),  # November has 30 days
    ("carbon", "1 month ago", 30 * D, 61 * D),
    ("drupal", "1 week 2 days ago", 9 * D, 10 * D),
    ("drupal", "1 day ago", D, 2 * D),  # a site may have it print one part
    ("drupal", "1 week ago", 7 * D, 14 * D),
    ("drupal", "3 hours ago", 3 * H, 4 * H),
    ("django", "1 week ago", 7 * D, 8 * D),
    ("django", "1 week, 2 days ago", 9 * D, 10 * D),
    ("react-timeago", "1 week ago", 6.5 * D, 10.5 * D),
    ("luxon", "1 month ago", 30 * D, 61 * D),
    ("luxon-calendar", "yesterday", 10 * H, 34 * H),
    ("date-fns-intl", "yesterday", 10 * H, 34 * H),
    ("relative-time-element", "2 days ago", 1.5 * D, 2.5 * D),
    ("humanize", "4 days ago", 4 * D, 5 * D),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "text", "low", "high"), ROWS)
def test_a_declared_widget_gives_its_own_interval(
    widget: str, text: str, low: float, high: float
) -> None:
    interval = parse_relative(text, ANCHOR, language="en", widget=widget)
    tolerance = timedelta(seconds=1) if widget != "moment" else timedelta(minutes=1)
    if widget in ("relative-time-element", "date-fns-intl", "luxon-calendar"):
        tolerance = timedelta(minutes=6)  # its carries: 55 s and 55 min
    if widget == "react-timeago":  # from 6.5 days it still says "7 days"
        low = 7 * D
    assert abs(interval.earliest - (ANCHOR - timedelta(seconds=high))) <= tolerance
    assert abs(interval.latest - (ANCHOR - timedelta(seconds=low))) <= tolerance


# Measured by running versions 4.5.1 and 5.3.1 of the element, which print the same, at every month
# end of three years and the days beside it, in steps of six hours (elapsed days: what is printed).
@pytest.mark.parametrize(
    ("anchor", "days", "unit", "count"),
    [
        (datetime(2023, 3, 1, tzinfo=UTC), 28.5, "month", 2),
        (datetime(2024, 2, 29, 10, tzinfo=UTC), 358.5, "year", 1),
        (datetime(2024, 2, 29, 10, tzinfo=UTC), 388.25, "month", 11),
        (datetime(2024, 2, 29, tzinfo=UTC), 390.0, "year", 1),
        (datetime(2024, 2, 29, tzinfo=UTC), 418.5, "year", 2),
    ],
)
def test_the_relative_time_element_at_a_months_end(
    anchor: datetime, days: float, unit: str, count: int
) -> None:
    published = anchor - timedelta(days=days)
    printed = printed_by("relative-time-element", published, anchor)
    assert printed.parts == ((unit, count),)
    span = window("relative-time-element", printed, anchor)
    assert span is not None
    assert span[0] <= published < span[1]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(WIDGETS)),
    st.integers(0, 1_500 * D * 1_000),
    st.integers(0, 3 * 366 * D),
    st.sampled_from([UTC, ZoneInfo("America/New_York")]),
)
def test_what_is_published_lies_in_the_interval_of_what_is_printed(
    widget: str, elapsed: int, start: int, zone: ZoneInfo
) -> None:
    anchor = (datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=start)).astimezone(zone)
    published = (anchor.astimezone(UTC) - timedelta(milliseconds=elapsed)).astimezone(zone)
    printed = printed_by(widget, published, anchor)
    found = window(widget, printed, anchor)
    assert found is not None
    assert found[0] <= published < found[1]


@pytest.mark.parametrize("widget", sorted(WIDGETS))
def test_just_outside_the_interval_something_else_is_printed(widget: str) -> None:
    chooser = random.Random(widget)  # noqa: S311  # a repeatable draw, no secret
    for _ in range(40):
        elapsed = timedelta(seconds=chooser.randrange(int(20 * D)))
        printed = printed_by(widget, ANCHOR - elapsed, ANCHOR)
        first, end = window(widget, printed, ANCHOR)
        assert printed_by(widget, first - timedelta(milliseconds=1), ANCHOR) != printed
        if end <= ANCHOR:
            assert printed_by(widget, end + timedelta(milliseconds=1), ANCHOR) != printed


def test_what_a_widget_never_prints_is_read_by_the_envelope() -> None:
    plain = parse_relative("8 days ago", ANCHOR)
    assert parse_relative("8 days ago", ANCHOR, widget="carbon") == plain


def test_months_are_counted_on_the_calendar() -> None:
    leap = datetime(2024, 3, 1, 12, tzinfo=UTC)
    interval = parse_relative("1 month ago", leap, widget="carbon")
    assert leap - interval.earliest < timedelta(days=60, seconds=1)
    assert (leap - interval.latest).days == 28  # 1 February, 29 days before


def test_summer_time_shifts_a_widget_that_counts_local_days() -> None:
    zone = ZoneInfo("Europe/Berlin")
    anchor = datetime(2024, 4, 1, 12, tzinfo=zone)  # the clock went forward on 31 March
    interval = parse_relative("2 days ago", anchor, widget="carbon")
    assert interval.latest.astimezone(zone).replace(microsecond=0, tzinfo=None) == datetime(
        2024, 3, 30, 12
    )


def test_unknown_widgets_raise() -> None:
    with pytest.raises(ValueError, match="no widget 'momentum'"):
        parse_relative("1 day ago", ANCHOR, widget="momentum")
    with pytest.raises(TypeError):
        parse_relative("1 day ago", ANCHOR, widget=3)  # type: ignore[arg-type]  # the wrong type is what is tested
