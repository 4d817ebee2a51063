"""Cards of listings: of sites that nobody declared, by the page's own regularity."""

import pytest

from newscrawl.items import Article
from newscrawl.page import Page
from newscrawl.reading.page import read_page

TITLES = [
    "Ferry to the outer islands leaves at noon",
    "Harbour office moves behind the old mill",
    "Why the tram no longer stops at the pier",
    "Council puts the new library off until spring",
]
TEASER = "The decision was read out on Monday evening, and nobody in the hall had asked for it."
BODY = "".join(
    f"<p>{number} residents of the harbour wrote to the council about the mill, the tram and the"
    " library, and were told that each of them would have an answer before the spring.</p>"
    for number in (12, 31, 44, 57, 68)
)


def read(body, path="/news/"):
    html = f"<html lang='en'><head><title>Coast</title></head><body>{body}</body></html>"
    url = f"https://coast.example{path}"
    *items, record = read_page(Page(url, html.encode(), "text/html", url=url))
    return [item for item in items if isinstance(item, Article)], record


def address(number):
    return f"/2026/11/{number + 10}/story-{number}/"


def days(cards):
    return [
        next((r.raw for r in card.date_readings), None) or card.sightings[0].date_raw
        for card in cards
    ]


def of_articles(number, title):
    return (
        f"<article><h2><a href='{address(number)}'>{title}</a></h2>"
        f"<time datetime='2026-11-{number + 10}T08:00:00Z'>{number + 10} November</time>"
        f"<p>{TEASER} {number}</p><a href='{address(number)}'>Read more</a></article>"
    )


def of_links(number, title):
    return (
        f"<a class='card' href='{address(number)}'><span>{number + 10} November 2026</span>"
        f"<div>{title}</div><p>{TEASER} {number}</p></a>"
    )


def of_rows(number, title):
    return f"<tr><td>{number + 10} November 2026</td><td><a href='{address(number)}'>{title}</a></td></tr>"


def flat(number, title):
    return f"<h3><a href='{address(number)}'>{title}</a></h3><p>{number + 10} November 2026</p><p>{TEASER} {number}</p>"


def terms(number, title):
    return f"<dt>{number + 10} November 2026</dt><dd><a href='{address(number)}'>{title}</a></dd>"


@pytest.mark.parametrize(
    ("of", "around", "has_teaser"),
    [
        (of_articles, "<main>{}</main>", True),
        (of_articles, "<main><div class='row'>{}</div></main>", True),
        (of_links, "<div id='list'>{}</div>", True),
        (of_rows, "<table>{}</table>", False),
        (flat, "<div id='list'>{}</div>", True),
        (terms, "<dl>{}</dl>", False),
    ],
)  # fmt: skip
def test_records_of_many_shapes(of, around, has_teaser):
    listed = "".join(of(number, title) for number, title in enumerate(TITLES))
    cards, record = read(
        "<nav><a href='/'>Home</a><a href='/sport/'>All the sport of the coast</a></nav>"
        + around.format(listed)
        + "<footer><a href='/2026/11/01/about-us-and-our-paper/'>About us and our paper</a></footer>"
    )
    assert [card.headline for card in cards] == TITLES
    assert [card.url for card in cards] == [
        f"https://coast.example{address(number)}" for number in range(4)
    ]
    assert all(str(number + 10) in day for number, day in enumerate(days(cards)))
    teasers = [f"{TEASER} {number}" if has_teaser else "" for number in range(4)]
    assert [card.article_body for card in cards] == teasers
    assert all(card.is_truncated for card in cards)
    assert (record.kind, record.outcome, record.found) == ("listing", "extracted", 4)
    assert [card.sightings[0].position for card in cards] == [1, 2, 3, 4]


def test_days_under_a_year():
    listed = "".join(
        f"<li><span>11-{number + 12}</span> <a href='/story-{number}.html'>{title}</a></li>"
        for number, title in enumerate(TITLES)
    )
    cards, _ = read(f"<main><section><h2>2026</h2><ul>{listed}</ul></section></main>")
    assert days(cards) == ["2026-11-12", "2026-11-13", "2026-11-14", "2026-11-15"]


def test_days_in_an_order_that_nothing_proves_are_none():
    listed = "".join(
        f"<li><span>{number + 1}.11.</span> <a href='/2026/story-{number}-about-it/'>{title}</a></li>"
        for number, title in enumerate(TITLES)
    )
    cards, record = read(f"<main><section><h2>2026</h2><ul>{listed}</ul></section></main>")
    assert cards == []
    assert record.outcome in ("layout-unknown", "not-news")


def test_a_clock_that_all_share_is_the_build_s():
    listed = "".join(
        of_articles(number, title).replace(
            f"2026-11-{number + 10}T08:00:00Z", "2026-12-01T12:50:34Z"
        )
        for number, title in enumerate(TITLES)
    )
    assert read(f"<main>{listed.replace('November', 'pages')}</main>")[0] == []


def test_days_that_the_addresses_deny_are_those_of_changes():
    listed = "".join(
        f"<li><a href='{address(number)}'>{title}</a> <span>{number + 1} December 2026</span>"
        f"<p>{TEASER} {number}</p></li>"
        for number, title in enumerate(TITLES)
    )
    cards, _ = read(f"<main><ul>{listed}</ul></main>")
    assert not any(days(cards))


def test_a_shop_s_list_is_no_news():
    listed = "".join(
        f"<li><a href='/p/{number}-{title.replace(' ', '-')}'>{title}</a><p>{TEASER}</p><b>12.50 EUR</b></li>"
        for number, title in enumerate(TITLES)
    )
    cards, record = read(f"<main><ul>{listed}</ul></main>")
    assert cards == []
    assert record.outcome != "extracted"


def test_an_article_with_a_list_under_it_is_an_article():
    listed = "".join(of_articles(number, title) for number, title in enumerate(TITLES))
    (article,), record = read(
        f"<article><h1>Mill burns down</h1><time datetime='2026-11-09'>9 November 2026</time>{BODY}"
        f"</article><section><h2>More</h2>{listed}</section>",
        "/2026/11/09/mill-burns-down/",
    )
    assert (article.headline, record.kind) == ("Mill burns down", "article")


def test_an_article_whose_headline_leads_to_itself_is_an_article():
    listed = "".join(of_articles(number, title) for number, title in enumerate(TITLES))
    (article,), _ = read(
        f"<article><h1><a href='/2026/11/09/mill-burns-down/?from=top'>Mill burns down</a></h1>"
        f"<time datetime='2026-11-09'>9 November 2026</time>{BODY}</article><aside>{listed}</aside>",
        "/2026/11/09/mill-burns-down/",
    )
    assert article.headline == "Mill burns down"


def test_a_front_page_of_whole_posts_is_a_listing():
    posts = "".join(
        f"<article><h2><a href='{address(number)}'>{title}</a></h2>"
        f"<time datetime='2026-11-{number + 10}'>{number + 10} November 2026</time>"
        f"{BODY.replace('residents', f'neighbours of pier {number}')}</article>"
        for number, title in enumerate(TITLES)
    )
    cards, record = read(f"<main>{posts}</main>", "/")
    assert [card.headline for card in cards] == TITLES
    assert record.kind == "listing"
    assert not any(card.is_truncated for card in cards)
    assert all(card.article_body.count("\n\n") == 4 for card in cards)


def test_a_front_page_of_posts_that_nothing_dates_is_no_article():
    posts = "".join(
        f"<article><h2><a href='/story-{number}-of-the-harbour.html'>{title}</a></h2>"
        f"{BODY.replace('residents', f'neighbours of pier {number}')}</article>"
        for number, title in enumerate(TITLES)
    )
    cards, record = read(f"<main>{posts}</main>", "/")
    assert cards == []
    assert (record.kind, record.outcome) == ("listing", "layout-unknown")
    assert "several links" in record.reason


def test_a_card_s_date_is_not_the_page_s():
    listed = "".join(of_articles(number, title) for number, title in enumerate(TITLES))
    listed = listed.replace(" November<", " November 2026<")
    cards, record = read(f"<div>{listed.replace('article>', 'section>')}</div>")
    assert len(cards) == 4
    assert record.page_date is None
    cards, record = read(f"<p>Friday, 20 November 2026</p><main>{listed}</main>")
    assert record.page_date == "2026-11-20"


def test_a_round_up_with_a_day_and_a_name_of_its_own_is_an_article():
    parts = "".join(
        f"<h2><a href='{address(number)}'>{title}</a></h2>"
        f"{BODY.replace('residents', f'neighbours of pier {number}')}"
        for number, title in enumerate(TITLES)
    )
    (article,), record = read(
        f"<main><h1>What the harbour was about this week</h1>"
        f"<p>By Ann Field, 20 November 2026</p>{BODY}{parts}</main>",
        "/round-up/",
    )
    assert (article.headline, record.kind) == ("What the harbour was about this week", "article")


def test_a_day_of_a_change_is_no_day_of_publication():
    listed = "".join(
        f"<li><h2><a href='{address(number)}'>{title}</a></h2>"
        f"<time datetime='2026-11-{number + 10}'>{number + 10} November 2026</time>"
        f"<p>Updated 30 November 2026</p><p>{TEASER} {number}</p></li>"
        for number, title in enumerate(TITLES)
    )
    cards, _ = read(f"<main><ul>{listed}</ul></main>")
    assert len(cards) == 4
    assert not any("30" in (card.sightings[0].date_raw or "") for card in cards)


def test_buttons_and_days_are_no_headlines():
    listed = "".join(
        f"<li><a href='/2026/11/{number + 10}/thread/'>{called}</a>"
        f"<span>{number + 10} November 2026</span><p>{TEASER} {number}</p></li>"
        for number, called in enumerate(
            ["Reply with a quote", "Reply with a quote", "14 November 2026", "Reply with a quote"]
        )
    )
    assert read(f"<main><ul>{listed}</ul></main>")[0] == []


def test_an_address_is_published_as_it_is_printed():
    listed = "".join(of_articles(number, title) for number, title in enumerate(TITLES))
    cards, _ = read(f"<main>{listed.replace(address(1), '/2026/11/11/story/?5510')}</main>")
    assert cards[1].url == "https://coast.example/2026/11/11/story/?5510"
