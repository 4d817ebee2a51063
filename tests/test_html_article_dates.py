"""An HTML article's date on its way: what its site declares, and what relative words count from."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from newscrawl.dates.article import date_article
from newscrawl.extract.html import parse_html
from newscrawl.items import Article
from newscrawl.page import Page
from newscrawl.reading.html import read_html
from newscrawl.sites import Site, Undeclared

CAPTURED = datetime(2024, 12, 21, 10, tzinfo=UTC)
PROSE = (
    "<p>" + "The board met on Monday to weigh the plan for a new quay by the river. " * 8 + "</p>"
)


class Declared(Site):
    name = "quay.example"
    domains = ("quay.example",)
    language: ClassVar[str | None] = "en"
    timezone: ClassVar[str | None] = "Asia/Almaty"
    date_order: ClassVar[str | None] = "DMY"
    widget: ClassVar[str | None] = "carbon"


def article_of(
    printed: str, site: Site, lang: str = "en", captured: datetime | None = CAPTURED
) -> Article:
    html = (
        f'<html lang="{lang}"><head><meta property="og:type" content="article"></head>'
        f"<body><article><h1>Quay plan goes back</h1>{printed}{PROSE}{PROSE}</article></body></html>"
    ).encode()
    url = "https://quay.example/news/plan"
    page = Page(name="p", body=html, media_type="text/html", url=url, fetched_at=captured)
    items = read_html(page, parse_html(html, url=url), site)
    (article,) = [item for item in items if isinstance(item, Article)]
    return date_article(article)


def test_the_declared_order_and_zone_hold() -> None:
    printed = "<p class=date>03/04/2024 10:30</p>"
    assert article_of(printed, Declared()).date_published == "2024-04-03T10:30+05:00"
    assert article_of(printed, Undeclared()).date_published == "2024-03-04T10:30"


def test_a_printed_zone_goes_before_the_declared_one() -> None:
    printed = "<p class=date>3 April 2024, 10:30 CEST</p>"
    assert article_of(printed, Declared()).date_published == "2024-04-03T10:30+02:00"


@pytest.mark.parametrize(
    ("printed", "lang"),
    [
        ("<time>4 days ago</time>", "en"),
        ("<p class=meta>4 дня назад</p>", "ru"),
        ("<p class=meta>منذ 4 أيام</p>", "ar"),
    ],
)
def test_relative_words_count_from_the_capture(printed: str, lang: str) -> None:
    article = article_of(printed, Undeclared(), lang)
    evidence = article.date_evidence.published
    assert evidence is not None
    assert ((article.date_published or "")[:10], evidence.basis) == ("2024-12-17", "relative")
    assert article_of(printed, Undeclared(), lang, captured=None).date_published is None


def test_the_declared_widget_narrows_relative_words() -> None:
    printed = "<p class=date>1 week ago</p>"
    declared = article_of(printed, Declared()).date_evidence.published
    unknown = article_of(printed, Undeclared()).date_evidence.published
    assert declared is not None
    assert unknown is not None
    assert declared.latest is not None
    assert unknown.latest is not None
    # Carbon counts whole weeks; others round half a day up.
    assert datetime.fromisoformat(declared.latest) < datetime.fromisoformat(unknown.latest)


def test_relative_words_are_no_text_of_the_article() -> None:
    article = article_of("<p>4 days ago</p>", Undeclared())
    assert "days ago" not in article.article_body


def test_an_inference_fills_nothing() -> None:
    printed = '<script>poll({"published":"2024-12-10T10:00:00Z"})</script>'
    article = article_of(printed, Undeclared())
    assert article.date_published is None


@pytest.mark.parametrize(
    "printed",
    [
        '<span class="posted-on" data-stamp="1733990400">9 days ago</span>',
        '<span class="posted-on" title="12 December 2024, 08:00 UTC">9 days ago</span>',
        '<time datetime="2024-12-12T08:00:00Z">9 days ago</time>',
        '<meta itemprop="datePublished" content="2024-12-12T08:00:00Z">',
    ],
)
def test_what_a_machine_wrote_in_a_card_goes_before_the_words(printed: str) -> None:
    cards = "".join(
        f'<article class="post hentry"><h2 class="entry-title"><a href="/{i}">Story {i}</a></h2>'
        f'{printed}<div class="entry-summary"><p>What was said of it.</p></div></article>'
        for i in range(3)
    )
    html = f'<html lang="en"><body class="archive wordpress">{cards}</body></html>'.encode()
    url = "https://quay.example/category/news/"
    page = Page(name="p", body=html, media_type="text/html", url=url, fetched_at=CAPTURED)
    items = read_html(page, parse_html(html, url=url), Undeclared())
    articles = [date_article(item) for item in items if isinstance(item, Article)]
    assert len(articles) == 3
    assert {(article.date_published or "")[:16] for article in articles} == {"2024-12-12T08:00"}
