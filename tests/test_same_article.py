"""Bounds of what makes two sightings one article, and what a single sighting's record keeps."""

from dataclasses import replace

import pytest

from newscrawl.items import Article, DateEvidence, DatesEvidence, Sighting
from newscrawl.merge.articles import Print, merge_sightings, published_span, same_article

DAY = 86_400.0


def article(published: DateEvidence | None = None, **more) -> Article:
    seen = Sighting(page="a.html", page_date="2024-12-20", position=1, date_raw=None,
                    is_truncated=False, body_sha256="x")  # fmt: skip
    return Article(site="s", headline="Bridge Opens", article_body="It opened at noon.",
                   page="a.html", sightings=[seen],
                   date_evidence=DatesEvidence(published=published), **more)  # fmt: skip


def evidence(earliest: str | None, latest: str | None) -> DateEvidence:
    made = merge_sightings([article()]).date_evidence.published
    return replace(made, earliest=earliest, latest=latest)


@pytest.mark.parametrize(
    ("published", "span"),
    [
        (None, None),
        (evidence(None, None), None),
        (evidence("1970-01-01T00:01:00Z", "1970-01-02T00:00:00Z"), (60.0, DAY)),
        (evidence("1970-01-01T01:00:00+01:00", "1970-01-02T00:00:00Z"), (0.0, DAY)),
        (evidence(None, "1970-01-02T00:00:00Z"), (-1e12, DAY)),
        (evidence("1970-01-02T00:00:00Z", None), (DAY, 1e12)),
    ],
)
def test_a_span_of_publication_is_open_where_a_bound_is_missing(published, span):
    assert published_span(article(published)) == span


def test_a_sighting_that_its_page_has_dated_keeps_that_date():
    dated = evidence("2024-12-17T00:00:00Z", "2024-12-18T00:00:00Z")
    record = merge_sightings([article(dated, date_published="2024-12-17")])
    assert record.date_evidence.published == dated
    assert record.date_published == "2024-12-17"
    assert record.id.startswith("s:")


def test_sightings_without_an_address_take_none_from_a_record():
    assert merge_sightings([article()]).url is None
    assert merge_sightings([article(), article(url="https://a.example/x")]).url == (
        "https://a.example/x"
    )


@pytest.mark.parametrize(("letters", "same"), [(199, False), (200, True)])
def test_texts_under_two_addresses_are_compared_from_two_hundred_letters_on(letters, same):
    text = "a" * letters
    a, b = Print("h", text, False, "u"), Print("h", text, False, "v")
    assert same_article(a, b) is same


@pytest.mark.parametrize(("letters", "same"), [(199, False), (200, True)])
def test_texts_under_two_headlines_are_compared_from_two_hundred_letters_on(letters, same):
    text = "a" * letters
    assert same_article(Print("h", text, False), Print("j", text, False)) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((0.0, 10.0), (10.0 + DAY - 1, 10.0 + 2 * DAY), True),
        ((0.0, 10.0), (10.0 + DAY, 10.0 + 2 * DAY), False),
        ((0.0, 10.0), None, True),
    ],
)
def test_days_that_follow_each_other_agree_and_a_day_between_parts(first, second, same):
    facts = "".join(map(str, range(100, 140)))
    one, other = facts + "b" * 40, facts + "c" * 40
    a, b = Print("h", one, False, None, first), Print("h", other, False, None, second)
    assert same_article(a, b) is same
    assert same_article(b, a) is same


@pytest.mark.parametrize(("shared", "same"), [(0.49, False), (0.5, True)])
def test_half_of_the_shorter_text_must_stand_in_the_longer_one(shared, same):
    # Hundred runs of twelve letters; so many of them stand in the other text.
    digits = "".join(f"{n:03}" for n in range(100, 137))[:111]
    cut = round(shared * 100) + 11
    other = digits[:cut] + "x" * 120
    assert same_article(Print("h", digits, False), Print("h", other, False)) is same


def test_without_a_headline_a_whole_text_is_no_teaser_and_nothing_is_like_nothing():
    text = "a" * 300
    teaser = Print(None, text[:250], True)
    assert same_article(teaser, Print(None, text, False))
    assert not same_article(Print(None, text[:250], False), Print(None, text, False))
    assert not same_article(Print(None, "", True), Print(None, text, False))
    assert not same_article(Print(None, "", False), Print(None, "", False))
