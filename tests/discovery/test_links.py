"""The links of a page: feeds, articles, listings, and what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.addresses.links import same_site
from newscrawl.discovery.links import linked_sources, listing_links, usual_places
from newscrawl.extract.html import parse_html
from newscrawl.items import PageKind
from newscrawl.page.layout import Layout, Select
from newscrawl.page.systems import SYSTEMS

URL = "https://coast.example/harbour/"


def links(html, url=URL, layouts=()):
    document = parse_html(html.encode(), url=url)
    return listing_links(document, url, allowed=same_site(url), layouts=layouts)


def roles(html, **options):
    return {
        found.url.removeprefix("https://coast.example"): found.role
        for found in links(html, **options)
    }


def sources(html, url=URL):
    return [
        (found.role, found.url) for found in linked_sources(parse_html(html.encode(), url=url), url)
    ]


def test_feeds_and_sitemaps_of_the_head_are_found():
    html = """<link rel="alternate" type="application/rss+xml" title="Coast" href="/feed/">
    <link rel="alternate" type="application/rss+xml" title="Coast » Comments" href="/comments/feed/">
    <link rel="alternate" type="application/atom+xml" href="https://coast.example/atom.xml?x=1">
    <link rel="alternate" type="application/feed+json" href="/feed.json">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
    <link rel="alternate" hreflang="nb" href="https://coast.example/nb/">
    <link rel="amphtml" href="/harbour/amp"><link rel="canonical" href="/harbour/">
    <link rel="sitemap" type="application/xml" href="/sitemap.xml">
    <link rel="alternate" type="application/rss+xml" href="/feed/#x">"""
    assert sources(html) == [
        ("feed", "https://coast.example/feed/"),
        ("feed", "https://coast.example/atom.xml?x=1"),
        ("feed", "https://coast.example/feed.json"),
        ("sitemap", "https://coast.example/sitemap.xml"),
    ]


def test_an_article_s_own_feed_is_left_out_and_a_section_s_is_not():
    html = '<link rel="alternate" type="application/rss+xml" href="{}feed/">'
    article = "https://coast.example/2024/11/05/ferry-sinks/"
    assert sources(html.format(article), url=article) == []
    assert sources(html.format(URL), url=URL) == [("feed", f"{URL}feed/")]


def test_a_plain_link_to_a_feed_counts_where_the_head_names_none():
    html = "<a href='/rss/all.xml'>RSS</a><a href='/2024/11/05/rss-is-back-with-a-bang'>RSS is back</a>"
    assert sources(html) == [("feed", "https://coast.example/rss/all.xml")]
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    assert sources(head + html) == [("feed", "https://coast.example/feed/")]


def test_usual_places_are_on_the_site_s_own_host():
    places = usual_places("https://coast.example:8443/a/b?c")
    assert places[0].url == "https://coast.example:8443/sitemap.xml"
    assert {place.role for place in places} == {"sitemap", "feed"}


LISTING = """<html><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li>
<li><a href="/world/latin-america-and-the-caribbean">Latin America and the Caribbean</a></li></ul></nav>
<a href="/login">Log in</a></header>
<main>
<article><a href="/harbour/ferry-sinks-again"><img alt=""></a><span><a href="/tag/vik">Vik</a></span>
 <h2><a href="/harbour/ferry-sinks-again?utm_source=home">Ferry sinks again off the coast of Vik</a></h2>
 <p>All saved.</p><time datetime="2024-11-05T08:30:00+01:00">Today</time>
 <a href="/author/marit-solheim">Marit Solheim</a>
 <a href="/harbour/ferry-sinks-again#comments">3 comments</a>
 <a href="/harbour/ferry-sinks-again?share=facebook">Share</a></article>
<article><h2><a href="/2024/11/04/quota">Quota</a></h2><time datetime="2024-11-04">Yesterday</time>
 <a href="/2024/11/04/quota">Read more</a></article>
<div class="teaser"><a href="/harbour/5512345-storm">Storm</a><time datetime="2024-11-03"></time></div>
<a href="/print/5512345.pdf">PDF</a><a href="/?s=vik">Search</a><a href="mailto:x@y.example">Write</a>
<table class="calendar"><a href="/2024/11/03/">3</a><a href="/2024/11/04/">4</a></table>
<div class="pagination"><a href="/harbour/page/2/">2</a><a href="/harbour/page/3/">3</a></div>
</main>
<footer><a href="/privacy">Privacy</a><a href="https://other.org/2024/11/05/else-where-in-the-news">Elsewhere</a></footer>
</body></html>"""


def test_a_listing_names_articles_and_listings():
    assert roles(LISTING) == {
        "/": "listing",
        "/politics": "listing",
        "/world/latin-america-and-the-caribbean": None,
        "/harbour/ferry-sinks-again": "article",
        "/tag/vik": "listing",
        "/author/marit-solheim": "listing",
        "/2024/11/04/quota": "article",
        "/harbour/5512345-storm": "article",
    }


def test_an_article_has_its_headline_and_the_date_of_its_card():
    facts = {found.url.rpartition("/")[2]: found.facts for found in links(LISTING)}
    assert facts["ferry-sinks-again"].title == "Ferry sinks again off the coast of Vik"
    assert facts["ferry-sinks-again"].published == "2024-11-05T08:30:00+01:00"
    assert (facts["quota"].title, facts["quota"].published) == ("Quota", "2024-11-04")
    assert facts["5512345-storm"].published == "2024-11-03"
    assert facts["vik"] is None
    assert facts["quota"].source == "listing"


def test_a_date_above_several_articles_belongs_to_none():
    html = """<section><time datetime="2024-11-05"></time>
    <a href="/2024/11/05/one">One</a><a href="/2024/11/05/two">Two</a></section>"""
    assert [found.facts.published for found in links(html)] == [None, None]


def test_links_come_in_document_order_each_once():
    html = """<a href="/2024/11/05/b?x=1&y=2">B</a><a href="/2024/11/05/a">A</a>
    <a href="/2024/11/05/b?y=2&x=1#c">B again</a>"""
    assert [found.url for found in links(html)] == [
        "https://coast.example/2024/11/05/b?x=1&y=2",
        "https://coast.example/2024/11/05/a",
    ]


def test_the_links_of_a_layout_s_cards_are_articles_whatever_they_look_like():
    html = """<div class="story"><b class="t">Ferry sinks</b><a href="/x/7">more</a><i>5 Nov</i></div>
    <div class="story"><a href="/tag/vik">Vik</a></div><a href="/y">Why</a>"""
    layout = Layout(
        name="own",
        cards=Select("div.story"),
        headline=Select(".t"),
        link=Select("a"),
        date=Select("i"),
    )
    found = {
        link.url.removeprefix("https://coast.example"): link
        for link in links(html, layouts=[layout])
    }
    assert (found["/x/7"].role, found["/x/7"].reason) == ("article", "card")
    assert (found["/x/7"].facts.title, found["/x/7"].facts.published) == ("Ferry sinks", "5 Nov")
    assert found["/y"].role == "listing"


def test_a_layout_s_paths_tell_what_an_address_is():
    paths: tuple[tuple[str, PageKind], ...] = ((r"^/x/", "article"), (r"^/long-", "listing"))
    html = "<a href='/x/a'>a</a><a href='/long-story-about-the-ferry-of-vik'>b</a>"
    assert roles(html, layouts=[Layout(name="own", paths=paths)]) == {
        "/x/a": "article",
        "/long-story-about-the-ferry-of-vik": "listing",
    }


def test_the_shared_layouts_know_wordpress():
    html = """<article class="post-7 type-post hentry"><h2 class="entry-title"><a href="/quota">Quota</a></h2>
    <span class="posted-on"><a href="/2024/11/04/"><time datetime="2024-11-04T08:00:00+00:00">4 Nov</time></a></span>
    <a href="/quota#respond">Leave a comment</a></article>"""
    (found,) = links(html, layouts=SYSTEMS)
    assert (found.url, found.role) == ("https://coast.example/quota", "article")
    assert (found.facts.title, found.facts.published) == ("Quota", "2024-11-04T08:00:00+00:00")


def test_base_href_counts():
    html = "<base href='https://coast.example/x/'><a href='2024/11/05/a'>A</a>"
    assert [found.url for found in links(html)] == ["https://coast.example/x/2024/11/05/a"]


def test_session_ids_and_tracking_do_not_make_new_addresses():
    html = "".join(f"<a href='/2024/11/05/a;jsessionid={n}?fbclid={n}&utm_source={n}'>A</a>" for n in range(9))  # fmt: skip
    assert [found.url for found in links(html)] == ["https://coast.example/2024/11/05/a"]


def test_a_very_deep_page_is_read():
    html = "<div>" * 1500 + "<a href='/2024/11/05/a'>A</a>"
    assert roles(html) == {"/2024/11/05/a": "article"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["<a href='/2024/11/05/x'>", "</a>", "<h2>", "<article>", "</article>", "<nav>",
    "<time datetime='2024'>", "<a href='", "'>", "<base href='//'>", "<base href='http://['>", "&#0;", "<a href=''>",
    "<link rel=alternate type=application/rss+xml href='http://['>", "<a href='http://['>", "text"])))  # fmt: skip
def test_any_page_is_read(parts):
    html = "".join(parts)
    for found in links(html):
        assert found.url.startswith("http")
    sources(html)


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="/harbour/2/">2</a> <a href="/harbour/3/">3</a>',
        '<a href="/harbour-p2">2</a> <a href="/harbour-p3">3</a>',
        '<a href="/harbour/index_2.html">下一页</a>',
        '<a href="/harbour/liste_2.shtml">2</a><a href="/harbour/liste_3.shtml">3</a>',
    ],
)
def test_the_other_pages_of_a_listing_are_never_taken_for_articles(pager):
    html = f'<h2><a href="/a-b-c-d-e">The ferry sinks once more</a></h2><div>{pager}</div>'
    document = parse_html(html.encode())
    found = listing_links(document, "https://coast.example/harbour", allowed=lambda host: True)
    assert [one.url for one in found if one.role != "listing"] == [
        "https://coast.example/a-b-c-d-e"
    ]


@pytest.mark.parametrize(
    "href",
    [
        "/2024/11/05/ferry-sinks-off-vik?m=1",
        "/read.php?no=5532117&date=20241105",
        "/story/no-quota-for-the-fishermen?day=2024-11-05",
        "/post/1998",
    ],
)
def test_a_number_that_may_be_a_day_makes_no_calendar_of_a_headline_s_address(href):
    found = in_heading(href, "The ferry sinks once more off Vik")
    assert [one.role in ("article", None) for one in found] == [True]


@pytest.mark.parametrize("href", ["/?m=202411", "/archive?date=2024-11-05", "/2024/11/"])
def test_a_calendar_is_not_followed(href):
    assert in_heading(href, "5") == []


def in_heading(href, title):
    html = f'<article><h2><a href="{href}">{title}</a></h2></article>'
    return listing_links(
        parse_html(html.encode()), "https://coast.example/news/", allowed=lambda host: True
    )
