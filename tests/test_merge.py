from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.ids import article_id
from newscrawl.items import Article, Author, ExchangeRate, Image, Sighting
from newscrawl.merge.articles import (
    Clusters,
    Print,
    _runs,
    _share,
    join_address,
    join_group,
    merge_sightings,
    same_article,
)
from newscrawl.merge.keys import lead_key
from newscrawl.merge.records import merge_rates
from newscrawl.pipelines.ticker import read_rate

LEAD = "Several hundred people gathered in the square on Saturday to oppose the draft law on land."
REST = " ".join(f"Sentence number {n} says something else about it." for n in range(12))
OTHER = " ".join(f"Another report, number {n}, has nothing to do with that." for n in range(12))


def sighting(
    page, day, body, headline="Bridge Opens", cut=False, position=1, date_raw=None, **more
):
    seen = Sighting(page=page, page_date=day, position=position, date_raw=date_raw,
                    is_truncated=cut, body_sha256="x")  # fmt: skip
    return Article(site="s", headline=headline, article_body=body, is_truncated=cut,
                   sightings=[seen], page=page, **more)  # fmt: skip


@pytest.mark.parametrize(
    ("why", "a", "b", "same"),
    [
        ("the same text", ("H", LEAD + REST, False), ("H", LEAD + REST, False), True),
        ("a teaser of it", ("H", LEAD + REST, False), ("H", LEAD + " Sente...", True), True),
        ("a headline alone", ("H", LEAD, False), ("H", "", False), True),
        ("rewritten in part", ("H", LEAD + REST, False), ("H", REST + " New end.", False), True),
        ("one headline, two reports", ("H", LEAD + REST, False), ("H", OTHER, False), False),
        ("quotes and dashes differ", ("“H”", "It’s — new", False), ('"h"', "It's -- new", False), True),
        ("a text with a new headline", ("H", LEAD + REST, False), ("J", LEAD + REST, False), True),
        ("a short text under two headlines", ("H", "Watch above.", False), ("J", "Watch above.", False),
         False),
        ("posts without headlines", (None, LEAD + REST, False), (None, LEAD + REST, False), True),
        ("posts that share a lead", (None, LEAD + REST, False), (None, LEAD + OTHER, False), False),
        ("a post that is another's lead", (None, LEAD, False), (None, LEAD + REST, False), False),
        ("a cut off post", (None, LEAD + " Sent", True), (None, LEAD + " " + REST, False), True),
        ("a post with and without headline", ("H", LEAD + REST, False), (None, LEAD + REST, False), True),
    ],
)  # fmt: skip
def test_prints_are_one_article(why, a, b, same):
    first, second = Print.of(*a), Print.of(*b)
    assert same_article(first, second) is same
    assert same_article(second, first) is same


BRIEFING = "Good morning. Here is all that you need to know today. "
A_WEEK = 7 * 86_400


@pytest.mark.parametrize(
    ("why", "a", "b", "same"),
    [
        ("one address, all else new", ("H", LEAD, False, "u"), ("J", OTHER, False, "u"), True),
        ("two addresses, one report", ("H", LEAD + REST, False, "u"), ("H", LEAD + REST, False, "v"), True),
        ("two addresses, a figure corrected", ("H", LEAD + REST, False, "u"),
         ("H", LEAD + REST.replace("number 3", "number 4"), False, "v"), True),
        ("two addresses, half rewritten", ("H", REST + OTHER, False, "u"),
         ("H", LEAD + REST + LEAD, False, "v"), False),
        ("two addresses, one short text", ("H", "Watch above.", False, "u"), ("H", "Watch above.", False, "v"),
         False),
        ("an address that one side does not know", ("H", LEAD, True, "u"), ("H", LEAD + REST, False), True),
        ("rewritten, dates agree", ("H", REST + LEAD, False, None, (0, 100)),
         ("H", REST + OTHER[:200], False, None, (50, 200)), True),
        ("rewritten, a week apart", ("H", REST + LEAD, False, None, (0, 100)),
         ("H", REST + OTHER[:200], False, None, (A_WEEK, A_WEEK + 100)), False),
        ("the same, a week apart", ("H", REST, False, None, (0, 100)),
         ("H", REST, False, None, (A_WEEK, A_WEEK + 100)), True),
    ],
)  # fmt: skip
def test_addresses_and_dates_speak_for_and_against(why, a, b, same):
    first, second = Print.of(*a), Print.of(*b)
    assert same_article(first, second) is same
    assert same_article(second, first) is same


texts = st.text("ab c", max_size=20)
prints = st.builds(
    Print.of,
    st.sampled_from(["H", "J", None]),
    texts,
    st.booleans(),
    st.sampled_from(["u", "v", None]),
    st.sampled_from([None, (0.0, 1.0), (1e6, 2e6)]),
)


@given(st.text("abé北", max_size=40), st.text("abé北", max_size=60))
def test_what_texts_share_is_counted_in_runs_of_twelve_letters(a, b):
    def runs(text):
        return {text[at : at + 12] for at in range(max(1, len(text) - 11))}

    assert _share(a, b) == len(runs(a) & runs(b)) / len(runs(a))


def test_under_one_headline_the_runs_of_a_text_are_made_once():
    texts = [f"{LEAD} {n} {REST[n * 20 :]} {n} {OTHER[n * 30 :]}" for n in range(30)]
    _runs.cache_clear()
    members = [Print.of("Morning briefing", text, False) for text in texts]
    join_group(Clusters(len(members)), list(enumerate(members)))
    assert 0 < _runs.cache_info().misses <= len(texts)


@given(prints, prints)
def test_sameness_is_symmetric(a, b):
    assert same_article(a, b) is same_article(b, a)


def test_of_a_group_with_one_key_those_are_joined_that_are_one_article():
    day, other = Print.of("H", LEAD + REST, False), Print.of("H", OTHER, False)
    members = [day, other, Print.of("H", LEAD, True), other]
    clusters = Clusters(len(members))
    join_group(clusters, list(enumerate(members)))
    assert [clusters.root(n) for n in range(len(members))] == [0, 1, 0, 1]


def test_a_series_with_many_texts_joins_the_same_texts_only():
    days = [BRIEFING * 9 + " ".join(f"{word}{n} " * 9 for word in ("rain", "trains", "talks"))
            for n in range(60)]  # fmt: skip
    members = [Print.of("Morning briefing", text, False) for text in days]
    members += [Print.of("Morning briefing", days[7][: len(days[7]) - 40], True), members[9]]
    clusters = Clusters(len(members))
    join_group(clusters, list(enumerate(members)))
    assert [n for n in range(len(members)) if clusters.root(n) != n] == [60, 61]
    assert [clusters.root(60), clusters.root(61)] == [7, 9]


@given(st.lists(st.tuples(st.sampled_from("pqr"), prints), min_size=1, max_size=7), st.randoms())
def test_joining_by_address_does_not_depend_on_order(members, random):
    def joined(order):
        clusters = Clusters(len(members))
        is_address = join_address(clusters, [(n, *members[n]) for n in order])
        return is_address, [clusters.root(n) for n in range(len(members))]

    order = list(range(len(members)))
    random.shuffle(order)
    assert joined(order) == joined(sorted(order))


def test_an_address_that_a_page_gives_to_two_articles_is_no_articles():
    clusters = Clusters(3)
    a, b = Print.of("H", LEAD, False), Print.of("J", OTHER, False)
    assert not join_address(clusters, [(0, "p", a), (1, "p", b), (2, "q", a)])
    headline_only, other = Print.of("H", "", False), Print.of("H", OTHER, False)
    assert not join_address(clusters, [(0, "p", headline_only), (1, "p", a), (2, "p", other)])
    assert [clusters.root(n) for n in range(3)] == [0, 1, 2]
    assert join_address(clusters, [(0, "p", a), (1, "p", a), (2, "q", b)])
    assert [clusters.root(n) for n in range(3)] == [0, 0, 0]


@given(st.lists(prints, max_size=7), st.randoms())
def test_joining_does_not_depend_on_order(members, random):
    def sets(order):
        clusters = Clusters(len(members))
        join_group(clusters, [(number, members[number]) for number in order])
        return {frozenset(n for n in order if clusters.root(n) == root)
                for root in map(clusters.root, order)}  # fmt: skip

    order = list(range(len(members)))
    shuffled = order[:]
    random.shuffle(shuffled)
    assert sets(order) == sets(shuffled)


def test_the_longest_whole_body_wins_and_every_sighting_is_kept_in_any_order():
    sightings = [
        sighting("b", "2024-12-21", LEAD + REST, position=3),
        sighting("a", "2024-12-02", LEAD + REST + OTHER + "...", cut=True),
        sighting("c", None, LEAD, publisher="First"),
    ]
    merged = [merge_sightings(order) for order in permutations(sightings)]
    assert all(record == merged[0] for record in merged)
    record = merged[0]
    assert record.article_body == LEAD + REST
    assert not record.is_truncated
    assert [s.page for s in record.sightings] == ["a", "b", "c"]
    assert record.publisher == "First"


def test_of_two_prints_of_a_field_the_fuller_one_stands_in_any_order():
    html = sighting(
        "a.html", None, LEAD, in_language="en-GB", is_accessible_for_free=False,
        authors=[Author(name="Ida Berg", url="https://coast.example/ida")],
        images=[Image(url="https://coast.example/b.jpg", caption="The bridge.", credit="Ida Berg")],
        extracted_by={"authors": "json-ld"},
    )  # fmt: skip
    dump = sighting(
        "b.txt", None, LEAD + REST, in_language="en", authors=[Author(name="Ida  Berg")],
        images=[Image(caption="The bridge."), Image(caption="The strait.")],
        extracted_by={"authors": "text"},
    )  # fmt: skip
    for order in ([html, dump], [dump, html]):
        record = merge_sightings(order)
        assert record.article_body == LEAD + REST
        assert (record.in_language, record.is_accessible_for_free) == ("en-GB", False)
        assert (record.authors, record.extracted_by) == (html.authors, {"authors": "json-ld"})
        assert record.images == [Image(caption="The strait."), *html.images]


def test_a_record_shows_the_plain_canonical_address():
    record = merge_sightings([
        sighting("a", None, LEAD + REST, url="https://m.coast.example/bridge?utm_source=x"),
        sighting("b", None, LEAD, url="https://coast.example/bridge?fbclid=1", cut=True),
    ])  # fmt: skip
    assert record.url == "https://coast.example/bridge"


def test_undated_sightings_give_the_earlier_page_as_upper_bound():
    record = merge_sightings([sighting("a", "2025-02-19", LEAD), sighting("b", "2024-12-02", LEAD)])
    evidence = record.date_evidence.published
    assert record.date_published is None
    assert (evidence.edtf, evidence.basis, evidence.sources) == ("[..2024-12-02]", "bound", 2)


def test_sightings_that_cannot_all_be_right_are_a_conflict():
    record = merge_sightings([
        sighting("a", "2024-12-21", LEAD, date_raw="4 days ago"),
        sighting("b", "2024-12-25", LEAD, date_raw="5 days ago"),
    ])  # fmt: skip
    assert record.date_evidence.published.conflict


def test_a_date_after_a_page_that_shows_the_article_is_refused_in_any_order():
    pages = [
        sighting("a", "2024-12-21", LEAD, date_raw="4 days ago"),
        sighting("b", "2025-02-19", LEAD, date_raw="2 days ago"),
    ]
    for order in (pages, pages[::-1]):
        record = merge_sightings(order)
        evidence = record.date_evidence.published
        assert record.date_published == "2024-12-17"
        assert not evidence.conflict
        assert [refused["raw"] for refused in evidence.refused] == ["2 days ago"]


def test_a_teaser_has_the_id_of_the_whole():
    whole = article_id("s", "Bridge — “Opens”", LEAD + " " + REST)
    assert (
        article_id("s", 'bridge - "opens"', LEAD.replace(" ", "  ") + " " + REST[:80] + "...")
        == whole
    )


def test_posts_that_share_a_lead_have_ids_of_their_own():
    assert article_id("s", None, LEAD + REST) != article_id("s", None, LEAD + OTHER)
    assert lead_key(LEAD + REST) == lead_key(LEAD + OTHER)


def rate(page, printed, day="2025-01-01"):
    return read_rate(
        ExchangeRate(site="s", base_currency="CHF", quote_currency="PLN", as_of=day, page=page,
                     pages=[page], printed=printed)
    )  # fmt: skip


def test_pages_of_one_date_that_agree_are_one_rate():
    merged = merge_rates(
        [rate("b", ["CHF/PLN = 4.480 0%"] * 3), rate("a", ["CHF/PLN = 4.480 0%"] * 8)]
    )
    assert (str(merged.rate), merged.repeats, merged.pages, merged.conflict) == (
        "4.480",
        8,
        ["a", "b"],
        False,
    )


def test_pages_of_one_date_that_disagree_are_a_conflict():
    merged = merge_rates([rate("a", ["CHF/PLN = 4.48 0%"]), rate("b", ["CHF/PLN = 4.47 0%"])])
    assert (merged.rate, merged.conflict) == (None, True)
    assert [(one.rate, one.pages) for one in merged.evidence] == [
        (Decimal("4.48"), ["a"]),
        (Decimal("4.47"), ["b"]),
    ]
