"""Declared sites and their HTML layouts: the same content from HTML as from a text dump."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newscrawl import sites
from newscrawl.dates.article import date_article
from newscrawl.errors import LayoutError, SiteDeclarationError
from newscrawl.extract.html import parse_html
from newscrawl.items import Article, PageRecord, Person
from newscrawl.page import Page
from newscrawl.page.layout import Layout, Select
from newscrawl.page.systems import ARC, DRUPAL, GHOST, SYSTEMS, WORDPRESS
from newscrawl.reading.layout import layout_in_force
from newscrawl.reading.page import read_page
from newscrawl.sites import base, declared_sites, site_named, site_of
from tests.conftest import ROOT

LONG = "The council has bought the old cannery and wants to turn it into workshops for the town."


def html(body: str, head: str = "", body_class: str = "") -> bytes:
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body class="{body_class}">{body}</body></html>'.encode()


def page(body: bytes, **more) -> Page:
    return Page("p.html", body, "text/html", **more)


def split(items):
    return [i for i in items if isinstance(i, Article)], items[-1]


def comparable(done):
    """What HTML and text of one page have in common: ids, texts, days."""
    return [
        (a["id"], a["headline"], a["article_body"], (a["date_published"] or "")[:10], a["dateline"],
         a["credits"], [(i["caption"], i["credit"]) for i in a["images"]],
         [(s["page"].split(".")[0], s["position"]) for s in a["sightings"]])
        for a in done.records("articles")
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["classic", "block", "app"])
def test_the_html_of_a_front_end_gives_what_its_text_gives(crawl, tmp_path, theme):
    text = crawl(
        "replay", "-a", "path=fixtures/html-and-text/front-end-text/pages", output=tmp_path / "text"
    )
    same = crawl(
        "replay",
        "-a",
        f"path=fixtures/html-and-text/front-end-{theme}/pages",
        output=tmp_path / "html",
    )
    assert same.code == 0, same.err
    assert comparable(same) == comparable(text)
    assert [r | {"pages": []} for r in same.records("exchange_rates")] != []
    rates = [
        (r["base_currency"], r["rate"], r["as_of"], r["repeats"])
        for r in same.records("exchange_rates")
    ]
    assert rates == [
        (r["base_currency"], r["rate"], r["as_of"], r["repeats"])
        for r in text.records("exchange_rates")
    ]
    (person,), (other,) = same.records("people"), text.records("people")
    assert [person[k] for k in ("id", "name", "job_title", "description", "articles")] == [
        other[k] for k in ("id", "name", "job_title", "description", "articles")
    ]
    assert person["image"] == "https://timesca.com/wp-content/uploads/dana.jpg"
    ledger = [
        (p["page"].split(".")[0], p["kind"], p["page_date"], p["listing"])
        for p in same.records("pages")
    ]
    assert ledger == [
        (p["page"].split(".")[0], p["kind"], p["page_date"], p["listing"])
        for p in text.records("pages")
    ]


@pytest.mark.parametrize("theme", ["classic", "block"])
def test_the_html_of_an_aggregator_gives_what_its_text_gives(crawl, tmp_path, theme):
    force = ["-a", "site=syndicated-posts"]
    text = crawl(
        "replay",
        "-a",
        "path=fixtures/html-and-text/aggregator-text/pages",
        *force,
        output=tmp_path / "t",
    )
    same = crawl(
        "replay",
        "-a",
        f"path=fixtures/html-and-text/aggregator-{theme}/pages",
        *force,
        output=tmp_path / "h",
    )
    assert comparable(same) == comparable(text)
    assert [a["publisher"] for a in same.records("articles")] == [
        a["publisher"] for a in text.records("articles")
    ]


# Which site, which layout


def test_a_page_finds_its_site_by_address_or_by_the_one_that_it_names():
    named = html("", '<link rel="canonical" href="https://www.timesca.com/a/">')
    assert site_of(page(named)).name == "timesca.com"
    assert site_of(page(html(""), url="https://timesca.com/b/")).name == "timesca.com"
    assert site_of(page(html(""))).name == "undeclared"


def test_an_undeclared_page_is_filed_under_its_own_domain():
    body = html(f"<article><h1>Cannery Sold</h1>{f'<p>{LONG}</p>' * 5}</article>",
                '<link rel="canonical" href="https://news.coast.co.uk/a"><meta property="og:type" content="article">')  # fmt: skip
    items = read_page(page(body))
    articles, record = split(items)
    assert record.site == "coast.co.uk"
    assert [a.site for a in articles] == ["coast.co.uk"]


def test_two_sites_that_claim_one_domain_fail_at_start(monkeypatch):
    class Impostor(base.Site):
        name = "impostor.example"
        domains = ("timesca.com",)

    sites.declared_sites.cache_clear()
    try:
        with pytest.raises(SiteDeclarationError, match=r"both claim 'timesca\.com'"):
            sites.declared_sites()
    finally:
        base.Site.__subclasses__()
        del Impostor
        import gc

        gc.collect()
        sites.declared_sites.cache_clear()
    assert "timesca.com" in declared_sites()


def test_a_site_is_found_by_name_or_domain():
    assert site_named("timesca.com").language == "en"


OLD = Layout(name="old", ended=date(2023, 5, 31), cards=Select("div.item"), headline=Select("b"))
OLDER = Layout(name="older", ended=date(2020, 1, 1), cards=Select("td.item"))
NEW = Layout(name="new", cards=Select("li.item"), headline=Select("h2"))


@pytest.mark.parametrize(
    ("captured", "names"),
    [
        (None, ["new", "old", "older"]),
        (date(2019, 1, 1), ["older"]),
        (date(2020, 1, 1), ["older"]),
        (date(2020, 1, 2), ["old"]),
        (date(2023, 5, 31), ["old"]),
        (date(2023, 6, 1), ["new"]),
    ],
)
def test_the_day_of_the_capture_picks_the_layout(captured, names):
    assert [layout.name for layout in layout_in_force((OLD, NEW, OLDER), captured)] == names


def test_layouts_that_have_not_ended_are_in_force_together():
    assert layout_in_force(SYSTEMS, date(2026, 1, 1)) == layout_in_force(SYSTEMS, None)
    assert len(layout_in_force((NEW, *SYSTEMS, OLD), date(2026, 1, 1))) == len(SYSTEMS) + 1


def test_an_old_capture_is_read_by_the_layout_of_its_day():
    class Moved(base.Site):
        name = "moved.example"
        layouts = (NEW, OLD)

    both = html(f"<div class=item><b>Old Markup</b><p>{LONG}</p></div>"
                f"<li class=item><h2>New Markup</h2><p>{LONG}</p></li>")  # fmt: skip
    site = Moved()
    for day, headline in ((datetime(2022, 1, 1, tzinfo=UTC), "Old Markup"),
                          (datetime(2024, 1, 1, tzinfo=UTC), "New Markup")):  # fmt: skip
        articles, _ = split(read_page(page(both, fetched_at=day), site))
        assert [a.headline for a in articles] == [headline]


def test_an_undated_article_of_a_newest_first_listing_lies_between_its_neighbours():
    class Ordered(base.Site):
        name = "ordered.example"
        newest_first = True
        layouts = (WORDPRESS,)

    card = '<article class="hentry"><h2><a href="/{0}/">{0}</a></h2><div class="entry-summary">{1}</div>{2}</article>'
    when = '<span class="posted-on">{}</span>'
    body = html('<p class="header-date">14 July 2025</p>' + card.format("One", LONG, when.format("2 July 2025"))
                + card.format("Two", LONG, "") + card.format("Three", LONG, when.format("28 June 2025")))  # fmt: skip
    articles, _ = split(read_page(page(body), Ordered()))
    for article in articles:
        date_article(article)
    assert articles[1].date_evidence.published.edtf == "[2025-06-28..2025-07-02]"
    assert articles[1].date_evidence.published.basis == "bound"
    # Both ends lie in one year, so that much is known.
    assert articles[1].date_published == "2025"


def test_an_address_may_tell_the_kind_of_page():
    class ByPath(base.Site):
        name = "bypath.example"
        layouts = (replace(WORDPRESS, paths=((r"^/tag/", "listing"),)),)

    body = html('<article class="hentry"><h2><a href="/a/">One</a></h2>'
                f'<div class="entry-content"><p>{LONG}</p><p>{LONG}</p></div></article>')  # fmt: skip
    site = ByPath()
    assert (
        split(read_page(page(body, url="https://bypath.example/tag/x"), site))[1].kind == "listing"
    )
    assert (
        split(read_page(page(body, url="https://bypath.example/x"), site))[1].kind == "aggregator"
    )


def test_a_listing_with_fewer_cards_than_declared_is_broken():
    class Full(base.Site):
        name = "full.example"
        layouts = (replace(WORDPRESS, cards=Select("article.hentry", least=5), posts=None),)

    body = html(
        f'<article class="hentry"><h2>One</h2><div class="entry-summary">{LONG}</div></article>'
    )
    with pytest.raises(LayoutError, match="matches 1 times, 5 or more expected"):
        read_page(page(body), Full())


def test_a_selector_that_matches_too_little_names_page_site_and_layout():
    class Strict(base.Site):
        name = "strict.example"
        layouts = (Layout(name="2025", cards=Select("li.item"), headline=Select("h2", least=1)),)

    broken = html("<li class=item><h3>Renamed</h3></li>")
    with pytest.raises(
        LayoutError,
        match=r"p\.html \(strict\.example, layout 2025\): 'h2' matches 0 times, 1 or more",
    ):
        read_page(page(broken), Strict())


def test_a_selector_that_matches_too_much_is_broken_too():
    two = parse_html(html("<h1>a</h1><h1>b</h1>"))
    with pytest.raises(LayoutError, match="matches 2 times, 1 to 1"):
        Select("h1", least=1, most=1).nodes(two.tree, "here")


def test_what_is_no_selector_is_told():
    with pytest.raises(SiteDeclarationError, match="no CSS selector"):
        Select("h1:::").nodes(parse_html(html("")).tree, "here")


CARDS = {
    "WordPress": (WORDPRESS, '<article class="post hentry"><h2 class="entry-title"><a href="/a/">One</a></h2>'
                  '<div class="entry-summary"><p>{}</p></div><span class="posted-on">2 days ago</span></article>'),
    "Ghost": (GHOST, '<article class="post-card post"><a class="post-card-content-link" href="/a/">'
              '<h2 class="post-card-title">One</h2><div class="post-card-excerpt">{}</div></a>'
              '<time class="post-card-meta-date" datetime="2025-03-08">2 days ago</time></article>'),
    "Drupal": (DRUPAL, '<article class="node node--type-article node--view-mode-teaser"><h2 class="node__title">'
               '<a href="/a/"><span>One</span></a></h2><div class="node__meta"><time datetime="2025-03-08T10:00:00Z">'
               '2 days ago</time></div><div class="field--name-body"><p>{}</p></div></article>'),
    "Arc": (ARC, '<div class="b-results-list__wrapper"><h2 class="c-heading"><a class="c-link" href="/a/">One</a></h2>'
            '<p class="c-paragraph">{}</p><time class="c-date">2 days ago</time></div>'),
}  # fmt: skip


@pytest.mark.parametrize("system", CARDS)
def test_a_listing_of_a_known_system_needs_no_rules_of_its_own(system):
    layout, card = CARDS[system]

    class Plain(base.Site):
        name = f"{system.lower()}.example"
        layouts = (layout,)

    body = html(card.format(LONG) + card.format(LONG).replace("One", "Two").replace("/a/", "/b/"))
    items = read_page(page(body, url=f"https://{system.lower()}.example/list"), Plain())
    articles, record = split(items)
    assert (record.kind, record.outcome) == ("listing", "extracted")
    assert [(a.headline, a.url, a.article_body, a.sightings[0].date_raw) for a in articles] == [
        ("One", f"https://{system.lower()}.example/a/", LONG, "2 days ago"),
        ("Two", f"https://{system.lower()}.example/b/", LONG, "2 days ago"),
    ]


def test_a_site_names_only_what_its_theme_does_otherwise():
    class Themed(base.Site):
        name = "themed.example"
        layouts = (replace(WORDPRESS, text=Select(".lede")),)

    body = html(
        f'<article class="hentry"><h2><a href="/a/">One</a></h2><div class="lede">{LONG}</div></article>'
    )
    articles, _ = split(read_page(page(body), Themed()))
    assert [a.article_body for a in articles] == [LONG]


def test_a_listing_without_a_known_layout_is_layout_unknown():
    rows = "".join(
        f"<div><h3><a href='/{n}'>A Headline Number {n}</a></h3></div>" for n in range(12)
    )
    items = read_page(page(html(rows)))
    (record,) = items
    assert isinstance(record, PageRecord)
    assert record.outcome == "layout-unknown"


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"<frameset><frame src=a></frameset>"])
def test_a_page_without_text_is_empty(body):
    (record,) = read_page(page(body))
    assert record.outcome == "empty"


def test_an_author_page_of_block_themes_gives_the_person():
    body = html(
        '<div class="wp-block-post-author"><div class="wp-block-post-author__avatar"><img src="/a.jpg"></div>'
        '<p class="wp-block-post-author__name">Jo Wu</p><p class="wp-block-post-author__bio">Writes.</p></div>'
        f'<ul><li class="wp-block-post hentry"><h2><a href="/a/">One</a></h2><div class="entry-summary">{LONG}</div></li></ul>',
        body_class="archive author",
    )
    items = read_page(page(body, url="https://timesca.com/author/jo/"), site_named("timesca.com"))
    (person,) = [i for i in items if isinstance(i, Person)]
    assert (person.name, person.description, person.image) == (
        "Jo Wu",
        "Writes.",
        "https://timesca.com/a.jpg",
    )


def test_a_live_page_of_an_undeclared_site_may_be_of_any_system():
    card = CARDS["WordPress"][1].format(LONG)
    cards = card + card.replace("One", "Two").replace("/a/", "/b/")
    captured = datetime(2026, 11, 23, tzinfo=UTC)
    live = page(html(cards), url="https://wp.example/news/", fetched_at=captured)
    assert split(read_page(live, base.Undeclared()))[1].outcome == "extracted"


POST = (
    '<article class="{1} hentry"><h2 class="entry-title"><a href="/{0}/">{0}</a></h2>'
    '<div class="author-info">By Jo Wu</div><div class="entry-content"><p>{2}</p></div></article>'
)


def read(body: str, body_class: str, head: str = "") -> tuple:
    body = html(body, head, body_class)
    items = read_page(page(body, url="https://wp.example/x/"), base.Undeclared())
    return [i for i in items if isinstance(i, Person)], *split(
        [i for i in items if not isinstance(i, Person)]
    )


def test_wordpress_archives_are_told_by_what_the_system_writes():
    """As the default themes of WordPress 6.1 mark them up."""
    cards = POST.format("one", "type-post", LONG) + POST.format("two", "type-post", LONG)
    head = (
        '<header class="page-header"><h1 class="page-title">Author: <span>Jo Wu</span></h1>'
        '<div class="archive-description"><p>Writes.</p></div></header>'
    )
    people, articles, record = read(head + cards, "archive author author-jo")
    assert record.kind == "author"
    assert [(p.name, p.description) for p in people] == [("Jo Wu", "Writes.")]
    assert [[a.name for a in article.authors] for article in articles] == [["Jo Wu"], ["Jo Wu"]]
    # Cards name their authors too, which makes no author page.
    people, articles, record = read(cards, "home blog")
    assert (people, record.kind, len(articles)) == ([], "listing", 2)
    title = '<h1 class="wp-block-query-title">Författare: <span>Jo Wu</span></h1>'
    people, _, _ = read(title + cards, "archive author")
    assert [p.name for p in people] == ["Jo Wu"]


def test_a_static_page_of_wordpress_is_no_post():
    _, articles, record = read(POST.format("About", "type-page", LONG), "page")
    assert articles == []
    assert record.outcome != "extracted"


def test_whole_posts_have_paragraphs_and_excerpts_are_one():
    whole = POST.format("one", "type-post", f"{LONG}</p><p>{LONG}")
    assert read(whole + POST.format("two", "type-post", LONG), "blog")[2].kind == "aggregator"
    excerpts = POST.format("one", "type-post", LONG) + POST.format("two", "type-post", LONG)
    assert read(excerpts, "blog")[2].kind == "listing"


def test_a_body_that_two_selectors_match_is_read_once():
    """Block themes mark a post's content with the class of the classic ones beside their own."""
    items = "".join(f"<li>{item}</li>" for item in ("the price", "the detour", "the vote"))
    body = (
        '<article class="hentry"><h1>One</h1><div class="entry-content wp-block-post-content">'
        f"<p>{LONG} {LONG} {LONG}</p><ul>{items}</ul><p>{LONG} And more.</p></div></article>"
    )
    head = '<meta property="og:type" content="article">'
    _, (article,), _ = read(body, "single single-post", head)
    assert article.article_body.split("\n\n") == [
        f"{LONG} {LONG} {LONG}", "the price", "the detour", "the vote", f"{LONG} And more.",
    ]  # fmt: skip


def test_fixture_pages_hold_no_pages_of_others():
    for path in (ROOT / "fixtures").rglob("*.html"):
        assert path.stat().st_size < 20_000


TEXT = "".join(f"<p>{LONG} It is cannery number {n} of the coast.</p>" for n in range(8))


def dated(head: str, body: str, url: str | None = None) -> Article:
    """The article of an undeclared site's page, as it leaves the dates pipeline."""
    source = f"<!doctype html><head>{head}</head><body>{body}</body>".encode()
    articles, record = split(read_page(page(source, url=url), base.Undeclared()))
    assert record.outcome == "extracted"
    return date_article(articles[0])


def test_a_date_that_two_places_give_together_is_the_articles():
    head = '<meta property="article:published_time" content="2025-07-17T03:38:07Z">'
    text = f"<p class=date>July 16, 2025 at 10:38 PM</p>{TEXT}"
    article = dated(head, f"<h1>One</h1>{text}", url="https://together.example/2025/07/16/one")
    assert article.date_published == "2025-07-16T22:38:07-05:00"
    assert article.date_evidence.published.basis == "structured"
    assert article.date_evidence.published.raw == "2025-07-17T03:38:07Z"


@pytest.mark.parametrize(
    ("body", "page_date"),
    [
        ("<header><p>Monday, 14 July 2025</p></header><main><h1>One</h1>{}</main>", "2025-07-14"),
        ("<p>Monday, 14 July 2025</p><article><h1>One</h1>{}</article>", "2025-07-14"),
        ("<main><p>Monday, 14 July 2025</p><h1>One</h1>{}</main>", None),
        ("<h1>One</h1><p>14 July 2025</p>{}", None),
        ("<header><p>14 July 2025, 17:27</p></header><h1>One</h1>{}", None),
        ("<header><p>14 July 2025 - 5.27pm</p></header><h1>One</h1>{}", None),
    ],
    ids=["header", "above the article", "in main", "under the headline", "clock", "clock with a dot"],
)  # fmt: skip
def test_an_articles_own_date_is_not_its_pages(body, page_date):
    article = dated("", body.format(TEXT))
    assert article.sightings[0].page_date == page_date


def test_what_was_changed_on_a_day_was_out_by_then():
    head = '<meta property="article:modified_time" content="2025-07-17T03:38:07Z">'
    article = dated(head, f"<article><h1>One</h1>{TEXT}</article>")
    published = article.date_evidence.published
    assert (article.date_published, article.date_modified) == (
        None,
        "2025-07-17T03:38:07+00:00",
    )
    assert (published.edtf, published.basis) == ("[..2025-07-17]", "bound")
    assert published.latest == "2025-07-17T03:38:08Z"
    assert published.anchor["source"] == "modified"
