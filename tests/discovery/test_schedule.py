"""When a page is due again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.schedule import (
    ARTICLE_AGE,
    ARTICLE_FLOOR,
    CEILING,
    FIRST,
    FLOOR,
    listing_interval,
    next_due,
)

NOON = datetime(2024, 11, 5, 12, tzinfo=UTC)
ROLES = st.sampled_from(["start", "feed", "sitemap", "listing"])
CHANGES = st.lists(st.booleans(), max_size=60)
AGES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), timedelta(minutes=30)),
        (timedelta(minutes=89), timedelta(minutes=30)),
        (timedelta(hours=3), timedelta(hours=1)),
        (timedelta(days=1), timedelta(hours=8)),
        (timedelta(days=3), timedelta(hours=24)),
        (timedelta(days=14), timedelta(hours=24)),
        (timedelta(days=14, seconds=1), None),
    ],
)
def test_an_article_is_asked_for_less_the_older_it_is(age, wait):
    due = next_due("article", NOON, published=NOON - age)
    assert due == (NOON + wait if wait else None)


def test_an_article_without_date_or_dated_in_the_future_is_new():
    assert next_due("article", NOON) == NOON + ARTICLE_FLOOR
    assert next_due("article", NOON, published=NOON + timedelta(days=2)) == NOON + ARTICLE_FLOOR
    assert next_due(None, NOON) == NOON + ARTICLE_FLOOR


def test_a_listing_that_was_seen_once_is_due_in_an_hour():
    assert next_due("listing", NOON) == NOON + FIRST


def test_a_listing_that_brings_news_is_due_sooner():
    assert listing_interval([True]) == FIRST / 2
    assert listing_interval([False]) == FIRST * 1.5
    assert listing_interval([True] * 20) == FLOOR
    assert listing_interval([False] * 20) == CEILING


def test_a_feed_s_own_wish_is_the_floor_and_no_more_than_the_ceiling():
    assert listing_interval([True] * 20, 45 * 60) == timedelta(minutes=45)
    assert listing_interval([True] * 20, 604_800) == CEILING
    assert listing_interval([True] * 20, 1) == FLOOR


@given(AGES, AGES)
def test_older_articles_never_come_sooner(younger, older):
    younger, older = sorted((younger, older))
    soon = next_due("article", NOON, published=NOON - younger)
    late = next_due("article", NOON, published=NOON - older)
    assert late is None or (soon is not None and soon <= late)
    assert (late is None) == (older > ARTICLE_AGE)


@given(ROLES, CHANGES, st.none() | st.integers(0, 10**9))
def test_listings_are_always_due_within_bounds(role, changes, wish):
    due = next_due(role, NOON, changes=changes, min_interval=wish)
    assert NOON + FLOOR <= due <= NOON + CEILING


@given(CHANGES, st.none() | st.integers(0, 10**6))
def test_news_never_makes_a_listing_wait_longer(changes, wish):
    with_news = listing_interval([*changes, True], wish)
    without = listing_interval([*changes, False], wish)
    assert with_news <= without


@given(st.lists(st.booleans(), max_size=20), st.data())
def test_more_news_in_the_past_never_makes_a_listing_wait_longer(changes, data):
    if changes:
        at = data.draw(st.integers(0, len(changes) - 1))
        more = [*changes[:at], True, *changes[at + 1 :]]
        assert listing_interval(more) <= listing_interval(changes)
