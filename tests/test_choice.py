"""One choice among the layers of an article's page."""

import json

import pytest

from newscrawl.dates.article import date_article
from newscrawl.items import Article, Author, PageRecord
from newscrawl.page import Page
from newscrawl.page.facts import Facts
from newscrawl.page.layout import Layout, Select
from newscrawl.reading.choice import Said, choose, join_facts
from newscrawl.reading.page import read_page
from newscrawl.sites import base

TEXT = [
    "The council of Lower Tarn has bought the old cannery by the harbour for nine hundred thousand.",
    "It wants to turn the long brick hall into workshops for boat builders, and to let the rest.",
    "The cannery closed eleven years ago, when the last of its three owners went out of business.",
    "Neighbours have asked for a footpath along the water, which the plans of the council leave open.",
    "“We have waited for this long enough,” said the mayor, who was a foreman there as a young man.",
]
BODY = "".join(f"<p>{text}</p>" for text in TEXT)
HEADLINE = "Council buys the old cannery"
URL = "https://tarn.example/news/council-buys-the-old-cannery"


def read(body: str, head: str = "", body_class: str = "", url: str = URL, site=None):
    page = f'<html lang="en"><head><title>{HEADLINE}</title>{head}</head><body class="{body_class}">{body}</body></html>'
    items = read_page(
        Page("p.html", page.encode(), "text/html", url=url), site or base.Undeclared()
    )
    record = items[-1]
    assert isinstance(record, PageRecord)
    return [item for item in items if isinstance(item, Article)], record


def ld(*values: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(v)}</script>' for v in values)


def paragraphs(article: Article) -> list[str]:
    return article.article_body.split("\n\n")


# Field by field


def test_the_first_layer_that_says_something_is_chosen_field_by_field():
    first = Said({"headline": "A", "article_section": None, "keywords": []}, "site")
    second = Said({"headline": "B", "article_section": "News"}, {"article_section": "json-ld"})
    values, by = choose([first, second, Said({"keywords": ["x"], "headline": "C"}, "feed")])
    assert values == {"headline": "A", "article_section": "News", "keywords": ["x"]}
    assert by == {"headline": "site", "article_section": "json-ld", "keywords": "feed"}


def test_a_feed_fills_what_the_page_leaves_open_and_nothing_else():
    article = Article(site="x", page="p", headline="Own", sightings=[])
    said = Facts(
        source="feed", title="Feed's", section="Town", authors=("Ada Marl",), published="2024-12-17"
    )
    later = Facts(source="sitemap", section="Other", keywords=("pier",), modified="2024-12-18")
    join_facts(article, (Facts(source="listing", description="Card"), said, later))
    assert (article.headline, article.article_section, article.description) == ("Own", "Town", None)
    assert (article.authors, article.keywords) == ([Author(name="Ada Marl")], ["pier"])
    assert article.extracted_by == dict.fromkeys(("article_section", "authors", "keywords"), "feed")
    assert [(r.field, r.raw, r.basis) for r in article.date_readings] == [
        ("published", "2024-12-17", "feed")
    ]


# What a site declares


class Declared(base.Site):
    name = "tarn.example"
    domains = ("tarn.example",)
    layouts = (
        Layout(
            name="2025",
            article=Select("main.story"),
            article_headline=Select(".title", least=1),
            article_date=Select(".when"),
            article_author=Select(".who a"),
            article_section=Select(".where"),
            article_image=Select(".lead img"),
            body=(".text",),
        ),
    )


STORY = f"""<main class="story"><b class="title">The cannery is ours</b><p class="where">Harbour</p>
<p class="who">By <a href="/by/ada">Ada Marl</a> and <a href="/by/otto">Otto Namm</a></p>
<p class="when"{{}}>17 December 2024</p><div class="lead"><img src="/pier.jpg"></div>
<div class="text"><p>{TEXT[0]}</p><p>Short.</p></div></main>"""
SAYS_OTHERWISE = ld({"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2024-12-20T08:00:00Z",
                     "author": "Tarn Desk", "articleSection": "News", "url": URL})  # fmt: skip


def test_what_a_layout_names_on_an_articles_page_is_believed():
    (article,), record = read(STORY.format(""), SAYS_OTHERWISE, site=Declared())
    assert (record.kind, record.outcome) == ("article", "extracted")
    assert (article.headline, article.article_section) == ("The cannery is ours", "Harbour")
    assert [(a.name, a.url) for a in article.authors] == [
        ("Ada Marl", "https://tarn.example/by/ada"), ("Otto Namm", "https://tarn.example/by/otto")]  # fmt: skip
    assert [image.url for image in article.images] == ["https://tarn.example/pier.jpg"]
    assert paragraphs(article) == [TEXT[0], "Short."]
    fields = ("headline", "article_section", "authors", "images", "article_body", "date_published")
    assert {article.extracted_by[name] for name in fields} == {"site"}
    assert date_article(article).date_published == "2024-12-17"


def test_a_declared_picture_keeps_what_the_page_prints_under_it():
    picture = '<figure class="lead"><img src="/pier.jpg"><figcaption>The pier at dawn. Photo: Ada Marl</figcaption></figure>'
    body = STORY.format("").replace('<div class="lead"><img src="/pier.jpg"></div>', "")
    body = body.replace('<div class="text">', f'<div class="text">{picture}<p>{TEXT[1]}</p>')
    head = '<meta property="og:image" content="https://tarn.example/other.jpg">'
    (article,), _ = read(body, SAYS_OTHERWISE + head, site=Declared())
    assert [image.url for image in article.images] == ["https://tarn.example/pier.jpg"]
    assert (article.images[0].caption or "").startswith("The pier at dawn")
    assert article.extracted_by["images"] == "site"


def test_the_datetime_of_a_declared_date_goes_before_its_text():
    (article,), _ = read(STORY.format(' datetime="2024-12-17T08:30:00+05:00"'), SAYS_OTHERWISE, site=Declared())  # fmt: skip
    assert date_article(article).date_published == "2024-12-17T08:30:00+05:00"


def test_what_a_layout_names_and_a_page_lacks_is_read_from_what_the_page_says():
    body = f'<main class="story"><b class="title">Ours</b><div class="text">{BODY}</div></main>'
    (article,), _ = read(body, SAYS_OTHERWISE, site=Declared())
    assert [a.name for a in article.authors] == ["Tarn Desk"]
    assert article.extracted_by["authors"] == "json-ld"
    assert date_article(article).date_published == "2024-12-20T08:00:00+00:00"


def test_a_declared_article_is_one_however_short_and_whatever_stands_beside_it():
    teasers = "".join(
        f'<h3><a href="/{n}">Another headline of the coast {n}</a></h3>' for n in range(40)
    )
    body = f'<main class="story"><b class="title">Ours</b><div class="text"><p>Short.</p></div></main>{teasers}'
    (article,), record = read(body, '<meta property="og:type" content="website">', site=Declared())
    assert (record.kind, article.article_body) == ("article", "Short.")


# A known system's markup


def test_a_promotion_where_a_system_puts_its_text_does_not_take_the_body():
    promotion = '<div class="entry-content"><p>Harbour Club: three deliveries free.</p><p>Learn more</p></div>'
    (article,), _ = read(f"<article><h1>{HEADLINE}</h1>{promotion}<div class='t'>{BODY}</div></article>", body_class="single")  # fmt: skip
    assert set(TEXT) <= set(paragraphs(article))
    assert "Harbour Club" not in article.article_body
    assert article.extracted_by["article_body"] == "generic"


def test_what_stands_beside_a_systems_text_is_left_out():
    beside = f"<div class='about'><p>{'The Tarn Courier is printed by a society of its readers. ' * 3}</p></div>"
    (article,), _ = read(f'<article><h1>{HEADLINE}</h1><div class="entry-content">{BODY}</div>{beside}</article>', body_class="single")  # fmt: skip
    assert paragraphs(article) == TEXT
    assert article.extracted_by["article_body"] == "system"


def test_the_only_post_of_a_page_is_an_article_and_no_list_of_one():
    post = f'<div class="post hentry"><h3 class="entry-title">{HEADLINE}</h3><div class="entry-content">{BODY}</div></div>'
    (article,), record = read(f'<div class="blog-posts hfeed">{post}</div>')
    assert (record.kind, article.headline) == ("article", HEADLINE)
    assert paragraphs(article) == TEXT


# Which kind of page


TEASER = '<div class="teaser"><h3><a href="/news/{0}">Another headline number {0} of the coast</a></h3></div>'
CJK = "港湾委員会は月曜日、昨冬の嵐で二つに折れた北桟橋を再建することを決めた。工事は一年半かかり、費用は約九百万である。"


@pytest.mark.parametrize("teasers", [0, 8, 40])
@pytest.mark.parametrize(
    "text", [TEXT, [CJK] * 3, [" ".join(TEXT[0].split()[:9]) + "."] * 1 + TEXT]
)
def test_an_article_is_not_lost_to_the_teasers_beside_it(teasers, text):
    column = "".join(map(TEASER.format, range(teasers)))
    body = f"<h1>{HEADLINE}</h1>{''.join(f'<p>{p}{n}</p>' for n, p in enumerate(text))}<h2>More</h2>{column}"
    articles, record = read(body)
    assert (record.kind, len(articles)) == ("article", 1)


def test_an_authors_page_of_a_known_system_is_no_article_however_long_the_biography():
    cards = "".join(
        f'<article class="post-card"><h2 class="post-card-title">{n}</h2></article>' for n in "ab"
    )
    body = f'<div class="author-profile-content"><h1>Ada Marl</h1>{BODY}</div>{cards}'
    _, record = read(body, url="https://tarn.example/author/ada-marl/")
    assert record.kind == "author"


def test_the_ledger_says_what_was_seen_of_a_list():
    articles, record = read("<h1>News</h1>" + "".join(map(TEASER.format, range(12))), url="https://tarn.example/news/")  # fmt: skip
    assert articles == []
    assert (record.kind, record.outcome) == ("listing", "layout-unknown")
    assert record.reason == "a list of 12 links, no main text"


# Whose structured data


OTHER = {"@type": "NewsArticle", "headline": "Ferry fares to rise", "url": "https://tarn.example/news/ferry",
         "datePublished": "2024-11-02T07:00:00Z", "author": "Otto Fair"}  # fmt: skip
OWN = {
    "@type": "NewsArticle",
    "headline": HEADLINE,
    "datePublished": "2024-12-17T08:30:00Z",
    "author": "Ada Marl",
}


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        OWN | {"url": URL, "headline": "What the council did next"},
        OWN | {"mainEntityOfPage": {"@id": URL}},
        OWN | {"url": "/news/council-buys-the-old-cannery", "headline": "Cannery: a purchase"},
        OWN | {"url": "https://tarn.example/", "headline": HEADLINE.upper()},
    ],
)
def test_the_article_of_the_structured_data_is_the_one_that_the_page_shows(own):
    others = [OTHER | {"headline": f"Ferry fares {n}", "articleBody": "x" * 300} for n in range(3)]
    (article,), _ = read(f"<h1>{HEADLINE}</h1>{BODY}", ld({"@graph": [*others, own, *others]}))
    assert [a.name for a in article.authors] == ["Ada Marl"]
    assert date_article(article).date_published == "2024-12-17T08:30:00+00:00"


def test_another_articles_structured_data_is_never_taken():
    (article,), _ = read(
        f"<h1>{HEADLINE}</h1>{BODY}", ld(OTHER, {"@type": "ItemList", "itemListElement": [OTHER]})
    )
    assert (article.headline, article.authors, article.article_body) == (
        HEADLINE,
        [],
        "\n\n".join(TEXT),
    )


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("/", URL),
        ("https://tarn.example", URL),
        ("https://tarn.example/a\x07b", URL),
        ("https://tarn.example/news/a b", URL),
        ("https://tarn.example/news/moved", "https://tarn.example/news/moved"),
    ],
)
def test_a_wrong_address_does_not_beat_the_one_that_answered(named, url):
    (article,), _ = read(f"<h1>{HEADLINE}</h1>{BODY}", f'<link rel="canonical" href="{named}">')
    assert article.url == url


def test_fields_are_called_in_what_read_them_as_the_drop_calls_them():
    (article,), _ = read(f"<h1>{HEADLINE}</h1>{BODY}", f'<link rel="canonical" href="{URL}">')
    assert article.url == URL
    assert article.extracted_by["url"] == "generic"
    assert all(hasattr(article, name) for name in article.extracted_by)
