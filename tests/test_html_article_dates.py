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
    printed: str,
    site: Site,
    lang: str = "en",
    captured: datetime | None = CAPTURED,
    *,
    head: str = "",
    above: str = "",
    below: str = "",
    url: str = "https://quay.example/news/plan",
) -> Article:
    html = (
        f'<html lang="{lang}"><head><meta property="og:type" content="article">{head}</head><body>'
        f"{above}<article><h1>Quay plan goes back</h1>{printed}{PROSE}{PROSE}</article>{below}</body></html>"
    ).encode()
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


# The page says two things


def published_meta(value: str) -> str:
    return f'<meta property="article:published_time" content="{value}">'


def modified_meta(value: str) -> str:
    return f'<meta property="article:modified_time" content="{value}">'


def said(article: Article) -> tuple[str | None, str, bool]:
    evidence = article.date_evidence.published
    assert evidence
    return article.date_published, evidence.edtf, evidence.conflict


@pytest.mark.parametrize(
    ("head", "printed", "expected"),
    [
        # A system wrote the day of its own move; the page still prints the article's.
        (published_meta("2024-08-07T12:01:51Z"), "<p>Dec 30, 2013</p>",
         ("2013-12-30", "[2013-12-30..2024-08-07]", True)),
        (published_meta("2024-10-24T12:40:59+05:00"), "<p>By Ada Berg | 8 Oct 2024</p>",
         ("2024-10-08", "[2024-10-08..2024-10-24]", True)),
        (published_meta("2013-03-11T11:11:07-07:00"), "<p class=date>Published: March 20, 2023</p>",
         ("2023-03-20", "[2013-03-11..2023-03-20]", True)),
        # Within what zones explain they agree.
        (published_meta("2024-10-24T02:40:59+05:00"), "<p>23 October 2024</p>",
         ("2024-10-24T02:40:59+05:00", "2024-10-24T02:40:59+05:00", False)),
        # The day of a change, called so or known to be, contradicts nothing.
        (published_meta("2024-08-07T12:01:51+05:00") + modified_meta("2024-11-20T09:00:00+05:00"),
         "<p>November 20, 2024</p>", ("2024-08-07T12:01:51+05:00", "2024-08-07T12:01:51+05:00", False)),
        (published_meta("2024-08-07T12:01:51+05:00"), "<p>Last updated: November 20, 2024</p>",
         ("2024-08-07T12:01:51+05:00", "2024-08-07T12:01:51+05:00", False)),
        # Neither do days under labels of their own, in sentences, and beyond the text.
        (published_meta("2024-08-07T12:01:51+05:00"), "<p>Deadline:</p><p>20 November 2024</p>",
         ("2024-08-07T12:01:51+05:00", "2024-08-07T12:01:51+05:00", False)),
        (published_meta("2024-08-07T12:01:51+05:00"), "<p>Tickets for 20 November 2024 are sold</p>",
         ("2024-08-07T12:01:51+05:00", "2024-08-07T12:01:51+05:00", False)),
        (published_meta("2022-07-08T11:16:47+02:00"), "<p>Originally posted February 2017 Edited April 2024</p>",
         ("2017-02", "[2017-02-01..2022-07-08]", True)),
        # A clock with its zone can deny another on the same day.
        (published_meta("2024-11-07T15:50:56Z"), "<p>Published on November 7, 2024, 3:50pm EST</p>",
         ("2024-11-07T15:50-05:00", "2024-11-07", True)),
        # Numbers that may be the same day in the other order are the same day.
        (published_meta("2024-06-01T13:55:27+01:00"), "<p>01/06/2024</p>",
         ("2024-06-01T13:55:27+01:00", "2024-06-01T13:55:27+01:00", False)),
    ],
)  # fmt: skip
def test_a_day_by_the_headline_that_structured_data_denies_is_disputed(
    head: str, printed: str, expected: tuple[str | None, str, bool]
) -> None:
    assert said(article_of(printed, Undeclared(), head=head)) == expected


def test_the_one_day_that_a_page_prints_disputes_its_structured_data_wherever_it_stands() -> None:
    below = "<p><time datetime=2024-09-25>25 September 2024</time></p>"
    found = article_of("", Undeclared(), head=published_meta("2024-09-15"), below=below)
    assert said(found) == ("2024-09-15", "[2024-09-15..2024-09-25]", True)


def test_an_element_that_says_another_day_to_machines_disputes_its_own_words() -> None:
    found = article_of("<p><time datetime=2024-11-20>August 28, 2024</time></p>", Undeclared())
    assert said(found) == ("2024-08-28", "[2024-08-28..2024-11-20]", True)


@pytest.mark.parametrize(
    ("printed", "url", "below", "expected"),
    [
        # Nothing proves an order that half of the English web has otherwise.
        ("<p>02-12-2023</p>", "https://quay.com/plan", "", ("2023-02-12", "[2023-02-12..2023-12-02]", False)),
        ("<p>02/12/2023</p>", "https://quay.org/plan", "", ("2023-02-12", "[2023-02-12..2023-12-02]", False)),
        # The country does, another day on the page, the address, and the capture.
        ("<p>02/12/2023</p>", "https://quay.co.uk/plan", "", ("2023-12-02", "2023-12-02", False)),
        ("<p>02/12/2023</p>", "https://quay.com/plan", "<p class=date>25/11/2023</p>",
         ("2023-12-02", "2023-12-02", False)),
        ("<p>03/10/2023</p>", "https://quay.com/2023/october/03/plan", "", ("2023-10-03", "2023-10-03", False)),
        ("<p>12/11/2024</p>", "https://quay.com/plan", "", ("2024-11-12", "2024-11-12", False)),
    ],
)  # fmt: skip
def test_numbers_whose_order_nothing_proves_are_either_day(
    printed: str, url: str, below: str, expected: tuple[str, str, bool]
) -> None:
    captured = datetime(2024, 12, 1, tzinfo=UTC)
    found = article_of(printed, Undeclared(), captured=captured, below=below, url=url)
    assert said(found) == expected


# Days that are not the article's


@pytest.mark.parametrize(
    "below",
    [
        # A list of days is of others: comments, events, references.
        "".join(f"<li>{day} March 2024</li>" for day in (3, 9, 14)),
        "".join(f"<li class=event>So. {day}.03.2024 Concert</li>" for day in (10, 17, 24)),
        "<p>Berg A, Holm J, et al. Quays of the north and their upkeep. Harbour Studies. March 18, 2020.</p>",
        '<p><a href="/aid">Aid for small ports (until 31.12.2020)</a></p>',
    ],
)
def test_what_tells_of_a_day_far_from_the_headline_dates_nothing(below: str) -> None:
    found = article_of("", Undeclared(), below=below)
    assert found.date_published is None
    evidence = found.date_evidence.published
    assert evidence
    assert (evidence.basis, evidence.edtf) == ("inferred", "[..2024-12-21]")


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("<p class=date>18 March 2024</p>", "2024-03-18"),
        ("<p>Saved by Ada Berg on 18 March 2024 - 18:55</p>", "2024-03-18T18:55"),
        ("<p>This post on the quays of the old town was published on Monday, 18 March 2024.</p>", "2024-03-18"),
    ],
)  # fmt: skip
def test_a_line_that_says_when_the_page_was_made_does_wherever_it_stands(
    below: str, day: str
) -> None:
    assert article_of("", Undeclared(), below=below).date_published == day


def test_a_sentence_that_says_when_the_article_first_came_out_leads() -> None:
    printed = "<p class=date>30 Sep 2024, 11:07am</p>"
    below = "<p>This article was originally published on 26 Sep 2019 and is kept up to date.</p>"
    assert article_of(printed, Undeclared(), below=below).date_published == "2019-09-26"


def test_the_line_under_the_headline_goes_before_a_masthead_right_above_it() -> None:
    above = "<div class=date>Sat, 14 Dec 2024</div>"
    found = article_of("<p>Wire 13 Dec 2024, 22:11 GMT+5</p>", Undeclared(), above=above)
    assert found.date_published == "2024-12-13T22:11+05:00"


def test_a_line_of_author_and_section_is_links_and_still_the_articles() -> None:
    printed = (
        '<p class="post-meta">by <a href="/ada">Ada Berg</a> | 20 May 2024 | '
        '<a href="/ports">Ports and ships</a>, <a href="/2024">2024</a> | <a href="#c">0 comments</a></p>'
        "<table><tr><td>Race of the boats</td><td>19.05.2024</td></tr></table>"
    )
    assert article_of(printed, Undeclared()).date_published == "2024-05-20"


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("<p><span>Mar 27, 2024</span><span>5 mins</span></p>", "2024-03-27"),
        ("<p><span>28 March 2024</span><span>10:43</span></p>", "2024-03-28"),
    ],
)
def test_what_a_page_sets_side_by_side_is_not_one_number(printed: str, day: str) -> None:
    assert article_of(printed, Undeclared()).date_published == day


def test_the_day_of_a_card_without_an_item_of_its_own_is_not_the_articles() -> None:
    cards = "".join(
        f'<div class=card><a href="/{day}">Other</a> <time itemprop=datePublished datetime="2024-12-{day}">'
        f"{day} Dec</time></div>"
        for day in (10, 11, 12)
    )
    below = f"<div itemscope itemtype='https://schema.org/Article'>{cards}</div>"
    found = article_of("<p class=date>27 March 2024</p>", Undeclared(), below=below)
    assert found.date_published == "2024-03-27"


def test_the_day_of_a_picture_or_video_makes_the_articles_day_no_more_exact() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-12-17"}</script>'
        '<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2024-12-17T13:15:00+02:00"}</script>'
        '<script type="application/ld+json">{"@type":"ImageObject","datePublished":"2024-12-01"}</script>'
    )
    assert said(article_of("", Undeclared(), head=head)) == ("2024-12-17", "2024-12-17", False)


def test_what_only_tells_of_a_day_does_not_contradict_a_change() -> None:
    below = "".join(f"<li>{day} November 2024</li>" for day in (3, 9, 14))
    found = article_of(
        "", Undeclared(), head=modified_meta("2019-04-01T22:15:58+02:00"), below=below
    )
    assert found.date_evidence.modified
    assert not found.date_evidence.modified.conflict


@pytest.mark.parametrize(
    "words", ["By Ann LeeDecember 12, 2024", "HealthDECEMBER 12, 2024Updated: May 1, 2025"]
)
def test_a_month_right_behind_another_word_is_one(words: str) -> None:
    assert article_of(f"<p class=meta>{words}</p>", Undeclared()).date_published == "2024-12-12"


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("head", "printed", "above", "below", "expected"),
    [
        # Another article's structured data, with an address and without.
        (LD % '{"@type":"NewsArticle","headline":"Ferry fares rise","url":"https://quay.example/fares",'
              '"datePublished":"2024-11-02"}', "", "", "", None),
        (LD % '{"@type":"NewsArticle","headline":"Ferry fares rise","datePublished":"2024-11-02"}',
         "", "", "", None),
        # A masthead, by its class and by its weekday, dates the page and not the article.
        ("", "", "<div class=masthead>Saturday, 21 December 2024</div>", "", None),
        ("", "", "<div>Saturday, 21 December 2024</div>", "", None),
        ("", "<p class=meta>4 days ago</p>", "<div>Thursday, 19 December 2024</div>", "", "2024-12-15"),
        # What a poll, an event and a report of a crime are about.
        ("", "", "", "<div class=poll>Vote until 20.12.2024</div>", None),
        ("", "<p>On 30.10.2024 at about 23:40 a door was forced in the old harbour office by the quay.</p>",
         "", "", None),
        # hAtom's word for any date, where the page calls no other published.
        ("", '<p><time class="entry-date updated" datetime="2024-12-05">5 December 2024</time></p>', "", "",
         "2024-12-05"),
        ("", '<p><span class="date updated">5 December 2024</span></p>', "", "", "2024-12-05"),
        ("", '<p><span class="updated">5 December 2024</span></p>', "", "", None),
        ("", '<p><time class="entry-date published" datetime="2024-12-04">4 December</time> '
             '<time class="entry-date updated" datetime="2024-12-05">5 December</time></p>', "", "", "2024-12-04"),
    ],
)  # fmt: skip
def test_which_day_is_the_articles(
    head: str, printed: str, above: str, below: str, expected: str | None
) -> None:
    found = article_of(printed, Undeclared(), head=head, above=above, below=below)
    assert found.date_published == expected


def test_a_relative_date_of_a_change_is_counted() -> None:
    found = article_of("<p class=meta>Updated: 2h</p>", Undeclared())
    assert (found.date_published, found.date_modified) == (None, "2024-12-21T08+00:00")
