"""The five real pages, which are not in the repository: what each must give."""

import re

import pytest


@pytest.fixture
def seeds(crawl, corpus):
    done = crawl("replay", "-a", f"path={corpus / 'seeds'}")
    assert done.code == 0, done.err
    return done


def test_the_five_pages_give_what_they_hold(seeds):
    pages = {page["page"][:3]: page for page in seeds.records("pages")}
    assert {name: page["kind"] for name, page in pages.items()} == {
        "000": "author", "001": "listing", "002": "aggregator", "003": "listing", "004": "listing",
    }  # fmt: skip
    assert {name: page["page_date"] for name, page in pages.items()} == {
        "000": "2024-12-21", "001": "2024-12-02", "002": None, "003": "2025-01-10", "004": "2025-02-19",
    }  # fmt: skip
    assert pages["003"]["listing"] == {
        "first": 97, "last": 102, "total": 118, "page_number": 17, "page_count": 20,
    }  # fmt: skip
    assert [pages["002"][n] for n in ("found", "articles", "duplicates", "empty_posts")] == [
        29,
        27,
        1,
        1,
    ]
    assert len(seeds.records("articles")) == 49
    assert not seeds.records("rejects")


def test_the_ticker_is_five_rates_a_page_and_nothing_else(seeds):
    rates = seeds.records("exchange_rates")
    assert len(rates) == 20
    assert {rate["repeats"] for rate in rates} == {8}
    assert not any(rate["conflict"] for rate in rates)
    for name in ("articles", "people", "pages", "furniture", "rejects"):
        text = (seeds.drop / f"{name}.jsonl").read_text(encoding="utf-8")
        assert not re.search(r"[A-Z]{3}/USD|0\.0\d{4} ", text)


def test_the_author_and_the_dated_articles(seeds):
    (person,) = seeds.records("people")
    assert person["job_title"] == "Journalist"
    articles = {a["id"]: a for a in seeds.records("articles")}
    dated = sorted(
        (articles[i] for i in person["articles"]), key=lambda a: a["sightings"][0]["position"]
    )
    assert [a["date_published"] for a in dated] == [
        "2024-12-17", "2024-12-17", "2024-12-16", "2024-12-14", "2024-12-14",
    ]  # fmt: skip
    assert [a["is_truncated"] for a in dated] == [False, False, True, False, False]
    assert dated[2]["images"][0]["caption"] == "Independence monument"
    assert "[caption" not in str(articles)


def test_the_article_of_two_listings_is_one_with_the_earlier_bound(seeds):
    (twice,) = [a for a in seeds.records("articles")
                if len({s["page"] for s in a["sightings"]}) == 2]  # fmt: skip
    assert twice["date_published"] is None
    assert twice["date_evidence"]["published"]["edtf"] == "[..2024-12-02]"
    assert twice["date_evidence"]["published"]["sources"] == 2


def test_the_posts_of_the_aggregator(seeds):
    posts = [a for a in seeds.records("articles") if a["sightings"][0]["page"].startswith("002")]
    assert sum(post["headline"] is not None for post in posts) == 3
    assert {post["dateline"] for post in posts} >= {"QAPSHAGHAI, Kazakhstan", "NUR-SULTAN"}
    assert "Human rights | The Guardian" in {post["publisher"] for post in posts}
    assert "PopularResistance.Org" in {post["publisher"] for post in posts}
    assert all(post["publisher"] for post in posts)
    assert sum(post["is_truncated"] for post in posts) == 2
    assert sum(len(post["credits"]) for post in posts) == 6
    text = "\n\n".join(post["article_body"] for post in posts)
    for furniture in ("originally published", "appeared first", "click here", "Listen to the podcast",
                      "Continue reading", "[…]", "With reporting by", "Written by F"):  # fmt: skip
        assert furniture not in text, furniture


def test_posts_that_share_a_paragraph_stay_two_and_keep_it(seeds):
    posts = [a for a in seeds.records("articles") if a["sightings"][0]["page"].startswith("002")]
    holders: dict[str, set[str]] = {}
    for post in posts:
        for sentence in re.split(r"(?<=[.”])\s+", post["article_body"]):
            if len(sentence) > 40:
                holders.setdefault(sentence, set()).add(post["id"])
    pairs = {frozenset(ids) for ids in holders.values() if len(ids) > 1}
    assert len(pairs) >= 3
    assert all(len(pair) == 2 for pair in pairs)
