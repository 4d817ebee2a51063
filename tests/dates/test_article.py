"""Dating an article from what its pages say."""

from datetime import datetime
from itertools import permutations

import pytest

from newscrawl.dates.article import bound_undated, date_article
from newscrawl.items import Article, DateHints, DateReading, Sighting
from newscrawl.merge.articles import merge_sightings

CAPTURE = "2024-12-21T10:00:00Z"
ALMATY = DateHints(timezone="Asia/Almaty")


def article(
    *readings: tuple[str, str],
    printed: str | None = None,
    page_date: str | None = None,
    fetched_at: str | None = CAPTURE,
    page: str = "a",
    hints: DateHints | None = None,
    modified: str | None = None,
) -> Article:
    """An article as one page shows it; each reading is a basis and the text."""
    found = [DateReading(field="published", raw=t, value=None, basis=b) for b, t in readings]  # type: ignore[arg-type]  # plain str, one of the names
    if modified:
        found.append(DateReading(field="modified", raw=modified, value=None, basis="structured"))
    return Article(
        site="s",
        headline="Bridge opens",
        article_body="The bridge over the strait opened. " * 20,
        page=page,
        sightings=[
            Sighting(
                page=page,
                page_date=page_date,
                fetched_at=fetched_at,
                position=1,
                date_raw=printed,
                is_truncated=False,
                body_sha256=None,
            )
        ],
        date_readings=found,
        date_hints=hints or DateHints(),
    )


def evidence(item: Article):
    found = date_article(item).date_evidence.published
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("basis", "text", "value", "bounds", "zone"),
    [
        # Midnight sharp is what systems write that keep days.
        ("structured", "2024-12-17T00:00:00+05:00", "2024-12-17",
         ("2024-12-17T00:00:00+05:00", "2024-12-18T00:00:00+05:00"), ("+05:00", "printed")),
        ("structured", "2024-12-17T00:00:00", "2024-12-17",
         ("2024-12-16T10:00:00Z", "2024-12-18T12:00:00Z"), None),
        # In UTC it says nothing of the zone.
        ("feed", "2024-12-17T00:00:00.000Z", "2024-12-17",
         ("2024-12-16T10:00:00Z", "2024-12-18T12:00:00Z"), None),
        ("structured", "2024-12-17T00:00:01Z", "2024-12-17T00:00:01+00:00",
         ("2024-12-17T00:00:01Z", "2024-12-17T00:00:02Z"), ("+00:00", "printed")),
        ("feed", "2024-12-17T08:30:00+05:00", "2024-12-17T08:30:00+05:00",
         ("2024-12-17T08:30:00+05:00", "2024-12-17T08:30:01+05:00"), ("+05:00", "feed")),
        ("structured", "2024-12-17T08:30", "2024-12-17T08:30",
         ("2024-12-16T18:30:00Z", "2024-12-17T20:31:00Z"), None),
    ],
)  # fmt: skip
def test_a_machines_date(basis, text, value, bounds, zone):
    item = article((basis, text))
    found = evidence(item)
    assert item.date_published == value
    assert (found.earliest, found.latest) == bounds
    assert (found.zone and tuple(found.zone.values())) == zone


@pytest.mark.parametrize(
    ("text", "value", "earliest"),
    [
        ("2024-12-16T19:00:00Z", "2024-12-17", "2024-12-17T00:00:00+05:00"),
        ("2024-12-17T08:30", "2024-12-17T08:30+05:00", "2024-12-17T08:30:00+05:00"),
        ("2024-12-17", "2024-12-17", "2024-12-17T00:00:00+05:00"),
    ],
)
def test_a_declared_zone_is_the_sites(text, value, earliest):
    item = article(("structured", text), hints=ALMATY)
    found = evidence(item)
    assert (item.date_published, found.earliest) == (value, earliest)
    assert found.zone == {"value": "Asia/Almaty", "source": "site"}


def test_another_date_of_the_page_gives_a_clock_its_zone():
    item = article(
        ("structured", "2024-12-17T08:30:00"), ("structured", "2024-12-17T08:30:00+05:00")
    )
    assert evidence(item).zone == {"value": "+05:00", "source": "printed"}
    assert item.date_published == "2024-12-17T08:30:00+05:00"


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (("feed", "Sat, 01 Jan 2050 10:00:00 GMT"), "capture"),
        (("url", "2025-06-28"), "capture"),
        (("structured", "2024-12-23"), "capture"),
        (("structured", "1970-01-01T00:00:00Z"), "1990"),
    ],
)
@pytest.mark.parametrize("after", [(), (("visible", "17 December 2024"),)])
def test_what_cannot_be_true_is_refused_on_its_page(late, why, after):
    item = article(late, *after)
    found = evidence(item)
    assert item.date_published == ("2024-12-17" if after else None)
    assert (found.refused[0]["raw"], why in found.refused[0]["why"]) == (late[1], True)
    if not after:
        assert (found.basis, found.earliest, found.latest) == (
            "bound", None, "2024-12-21T10:00:01Z"
        )  # fmt: skip


def test_the_same_midnight_by_another_clock_is_no_clock():
    item = article(
        ("structured", "2024-12-17T00:00:00-05:00"), ("structured", "2024-12-17T05:00:00Z")
    )
    assert date_article(item).date_published == "2024-12-17"
    later = article(
        ("structured", "2024-12-17T00:00:00-05:00"), ("structured", "2024-12-17T12:53:32Z")
    )
    assert date_article(later).date_published == "2024-12-17T07:53:32-05:00"


def test_a_declared_archive_has_dates_of_its_time():
    hints = DateHints(archive=True)
    item = date_article(article(("structured", "1970-01-01"), hints=hints))
    assert item.date_published == "1970-01-01"


def test_a_date_after_the_pages_own_is_refused_and_the_page_bounds_it():
    item = article(printed="25 December 2024", page_date="2024-12-21", fetched_at=None)
    found = evidence(item)
    assert (item.date_published, found.edtf) == (None, "[..2024-12-21]")
    assert found.refused == [
        {
            "raw": "25 December 2024",
            "value": "2024-12-25",
            "why": "after the date of a page that shows it, 2024-12-21",
        }
    ]


def test_pages_bound_each_other_in_any_order():
    def pages() -> list[Article]:
        return [
            date_article(item)
            for item in (
                article(("structured", "2024-12-30"), ("visible", "17 December 2024"),
                        fetched_at="2025-01-02T10:00:00Z"),
                article(page_date="2024-12-21", fetched_at=None, page="b"),
                article(("url", "2024-12-17"), page="c", fetched_at="2024-12-28T10:00:00Z"),
            )
        ]  # fmt: skip

    assert pages()[0].date_published == "2024-12-30"  # its own page contradicts nothing
    merged = [merge_sightings(order) for order in permutations(pages())]
    assert {item.date_published for item in merged} == {"2024-12-17"}
    assert len({str(item.date_evidence) for item in merged}) == 1
    assert merged[0].date_evidence.published.refused[0]["value"] == "2024-12-30"


def test_each_sighting_tells_what_its_page_alone_says():
    items = [
        date_article(article(printed="4 days ago", page_date="2024-12-21", page="a")),
        date_article(article(printed="1 week ago", page_date="2024-12-25", page="b")),
        date_article(article(page="c")),
    ]
    merged = merge_sightings(items)
    assert merged.date_evidence.published.edtf == "[2024-12-16..2024-12-18]"
    assert {s.page: (s.date_earliest, s.date_latest) for s in merged.sightings} == {
        "a": ("2024-12-15T10:00:00Z", "2024-12-19T12:00:00Z"),
        "b": ("2024-12-10T10:00:00Z", "2024-12-20T12:00:00Z"),
        "c": (None, "2024-12-21T10:00:01Z"),
    }


@pytest.mark.parametrize(
    ("modified", "conflict"),
    [
        ("2024-12-15", True),
        ("2024-12-16", True),
        ("2024-12-17T00:30:00Z", False),
        ("2024-12-18", False),
    ],
)
def test_a_change_well_before_the_publication_is_a_conflict_of_the_change(modified, conflict):
    item = date_article(article(("structured", "2024-12-18"), modified=modified))
    assert item.date_published == "2024-12-18"
    assert item.date_evidence.published.conflict is False
    assert item.date_evidence.modified.conflict is conflict
    assert item.date_modified is not None


def test_what_is_inferred_is_evidence_only():
    item = article(("inferred", "2024/12/17"))
    found = evidence(item)
    assert (item.date_published, found.basis, found.raw) == (None, "inferred", "2024/12/17")
    assert (found.earliest, found.latest, found.edtf) == (
        None,
        "2024-12-21T10:00:01Z",
        "[..2024-12-21]",
    )
    dated = article(("inferred", "2024/12/17"), ("visible", "18 December 2024"))
    assert evidence(dated).basis == "visible"


def test_the_page_orders_its_own_candidates_and_a_feed_stands_by_its_kind():
    # The extraction trusts the address more here: the page was published again.
    moved = article(("url", "2024-11-02"), ("structured", "2024-12-17"))
    assert date_article(moved).date_published == "2024-11-02"
    assert date_article(moved).date_evidence.published.conflict is False
    fed = article(("visible", "18 December 2024"), ("feed", "2024-12-17T08:30:00Z"))
    assert date_article(fed).date_published == "2024-12-17T08:30:00+00:00"


@pytest.mark.parametrize(
    ("hints", "value", "holds", "certain"),
    [
        (DateHints(), "2024-12-20T18:45", "2024-12-21T13:45:30+00:00", "month"),
        (DateHints(), "2024-12-20T18:45", "2024-12-20T08:45:30+00:00", "month"),
        (ALMATY, "2024-12-21T18:45+05:00", "2024-12-21T13:45:30+00:00", "minute"),
    ],
)
def test_a_clock_of_yesterday_counted_from_a_capture(hints, value, holds, certain):
    # At 20 h in UTC it is the next day in Almaty already.
    item = article(printed="Yesterday at 18:45", fetched_at="2024-12-21T20:00:00Z", hints=hints)
    found = evidence(item)
    assert (item.date_published, found.certain_to) == (value, certain)
    earliest, latest = (datetime.fromisoformat(end) for end in (found.earliest, found.latest))
    assert earliest <= datetime.fromisoformat(holds) < latest


def test_a_count_from_a_capture_is_exact_in_any_zone():
    found = evidence(article(printed="2 hours ago"))
    assert (found.earliest, found.latest) == ("2024-12-21T07:00:00Z", "2024-12-21T08:30:37Z")
    assert (found.zone, found.certain_to, found.edtf) == (None, "day", "2024-12-21")


def test_neighbours_bounds_keep_the_sites_zone():
    items = [
        article(printed=text, page_date="2024-12-21", page="a", hints=ALMATY)
        for text in ("19 December 2024", None, "17 December 2024, 14:30")
    ]
    bound_undated(items)
    found = evidence(items[1])
    assert (found.earliest, found.latest) == (
        "2024-12-17T14:30:00+05:00",
        "2024-12-20T00:00:00+05:00",
    )
    assert found.zone == {"value": "Asia/Almaty", "source": "site"}
    assert (found.edtf, found.basis) == ("[2024-12-17..2024-12-19]", "bound")


@pytest.mark.parametrize(
    ("page_date", "anchor"),
    [
        ("2024-12-21", {"value": "2024-12-21", "source": "printed"}),
        (None, {"value": CAPTURE, "source": "capture"}),
    ],
)
def test_a_count_says_what_it_counts_from(page_date, anchor):
    assert evidence(article(printed="4 days ago", page_date=page_date)).anchor == anchor


def test_a_clock_of_yesterday_may_be_that_of_any_zone():
    found = evidence(article(printed="Yesterday at 18:45", fetched_at="2024-12-21T20:00:00Z"))
    # Where the clocks are 14 hours ahead, and where they are 12 behind, the capture's day is 22nd and 21st.
    assert (found.earliest, found.latest) == ("2024-12-20T04:45:00Z", "2024-12-22T06:46:00Z")


@pytest.mark.parametrize(
    ("newer", "zone"),
    [
        ("19 December 2024, 10:00 +05:00", {"value": "+05:00", "source": "printed"}),
        (None, {"value": "+05:00", "source": "printed"}),
        ("19 December 2024, 10:00 +01:00", None),
        ("19 December 2024", None),
    ],
)
def test_a_bound_has_the_offset_that_its_neighbours_print_and_none_where_they_differ(newer, zone):
    items = [
        article(printed=text, page_date="2024-12-21")
        for text in (newer, None, "17 December 2024, 14:30 +05:00")
    ]
    bound_undated(items)
    found = evidence(items[1])
    assert found.earliest == "2024-12-17T14:30:00+05:00"
    assert found.zone == zone
