from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dates import order_of_days
from newscrawl.extract.blocks import read_blocks
from newscrawl.extract.lines import look
from newscrawl.extract.stream import read_stream
from newscrawl.extract.text_page import read_listing_mark, read_text_page

LONG = (
    "The council has bought the former cannery on the east quay and wants to turn it into "
    "workshops. The building has stood empty since 1994. Two earlier buyers had planned flats, "
    "but the ground under the quay was found to be polluted with tin and copper."
)
SHORT = "The bridge opened to traffic at noon. It has no toll."
TICKER = "• SEK/EUR = 0.08 0.1%\n• NOK/EUR = 0.09 0%\n"


def titles(page):
    return [(article.headline, article.raw[:20], article.date_raw) for article in page.articles]


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("Viewing results 97 - 102 of 118", (97, 102, 118, 17, 20)),
        ("Viewing results 1 - 6 of 433", (1, 6, 433, 1, 73)),
        ("Viewing results 1 - 4 of 4", (1, 4, 4, 1, 1)),
        ("Showing 1–10 of 1,250 results", (1, 10, 1250, 1, 125)),
        ("Results 11 to 20 of about 95", (11, 20, 95, 2, 10)),
        ("Viewing results 115 - 118 of 118", (115, 118, 118, None, None)),
    ],
)
def test_a_listing_says_its_place(mark, expected):
    listing = read_listing_mark(mark)
    assert (listing.first, listing.last, listing.total, listing.page_number,
            listing.page_count) == expected  # fmt: skip


def test_the_last_page_is_numbered_where_the_site_declares_how_many_a_page_holds():
    listing = read_listing_mark("Viewing results 115 - 118 of 118", page_size=6)
    assert (listing.page_number, listing.page_count) == (20, 20)


@pytest.mark.parametrize(
    "text", ["Viewing results", "Results of the vote 3 - 2", "Viewing results 9 - 3 of 2"]
)
def test_what_is_no_place_is_none(text):
    assert read_listing_mark(text) is None


@pytest.mark.parametrize("masthead", ["21 December 2024", "Saturday, 21 December 2024"])
def test_the_masthead_dates_the_page_whether_the_ticker_stands_above_or_below(masthead):
    for text in (f"{TICKER}{masthead}\n\n", f"{masthead}\n\n{TICKER}"):
        page = read_text_page(f"{text}Viewing results 1 - 1 of 9\n\nBridge Opens\n\n{SHORT}\n")
        assert page.page_date == date(2024, 12, 21)
        assert len(page.printed_rates) == 2
        assert titles(page) == [("Bridge Opens", SHORT[:20], None)]


def test_a_date_below_an_article_is_never_the_page_date():
    page = read_text_page(f"Viewing results 1 - 1 of 9\n\nBridge Opens\n\n{LONG}\n\n12 May 2025\n")
    assert page.page_date is None
    assert page.articles[0].date_raw == "12 May 2025"


def test_headline_text_and_date_are_paired_whether_or_not_a_date_follows():
    page = read_text_page(
        f"Viewing results 1 - 3 of 9\n\nFirst Thing\n\n{LONG}\n\n4 days ago\n\nSecond Thing?\n\n"
        f"{SHORT}\n\nThird Thing\n\n{LONG}\n\n1 week ago\n"
    )
    assert titles(page) == [
        ("First Thing", LONG[:20], "4 days ago"),
        ("Second Thing?", SHORT[:20], None),
        ("Third Thing", LONG[:20], "1 week ago"),
    ]
    assert [article.position for article in page.articles] == [1, 2, 3]


def test_a_date_may_stand_between_headline_and_text():
    page = read_text_page(
        f"Viewing results 1 - 2 of 9\n\nFirst Thing\n\n4 days ago\n\n{LONG}\n\nSecond Thing\n\n"
        f"1 week ago\n\n{SHORT}\n"
    )
    assert titles(page) == [
        ("First Thing", LONG[:20], "4 days ago"),
        ("Second Thing", SHORT[:20], "1 week ago"),
    ]


def test_a_headline_may_end_in_a_full_stop_and_a_text_may_be_short():
    page = read_text_page(
        f"Viewing results 1 - 3 of 9\n\nThe Minister Says No.\n\n{LONG}\n\n2 days ago\n\nChoir Wins\n\n"
        f"It won a prize.\n\n3 days ago\n\nA Bridge\n\n{LONG}\n"
    )
    assert [title for title, _, _ in titles(page)] == [
        "The Minister Says No.",
        "Choir Wins",
        "A Bridge",
    ]


def test_a_text_of_several_paragraphs_is_one_article():
    page = read_text_page(
        f"Viewing results 1 - 2 of 9\n\nOne\n\n{LONG}\n\n{LONG}\n\nTwo\n\n{LONG}\n"
    )
    assert [article.raw.count("\n\n") for article in page.articles] == [1, 0]


def test_page_chrome_around_the_articles_is_logged_and_makes_no_article():
    page = read_text_page(
        f"{TICKER}Search: coast\n\nViewing results 1 - 1 of 9\n\nOne\n\n{LONG}\n\nPrevious 1 2 3 Next\n"
        "\nNext page\n\n1 2 3 … 20\n\n© 2025 The Coast\n"
    )
    assert titles(page)[0][0] == "One"
    assert "Search: coast" in [block.text for block in page.furniture]
    assert "© 2025 The Coast" in [block.text for block in page.furniture]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([None, "2 days ago", "1 week ago"])),
                min_size=1, max_size=12))  # fmt: skip
def test_any_mixture_of_dated_and_undated_articles_is_paired(shape):
    lines, expected = [], []
    for number, (is_long, dated) in enumerate(shape):
        headline = f"Headline Number {number} of the Page"
        lines += [headline, LONG if is_long else SHORT, *([dated] if dated else [])]
        expected.append((headline, LONG if is_long else SHORT, dated))
    found = read_stream(look(read_blocks(lines)), len(shape), below_mark=True)
    assert [(a.headline, a.raw, a.date_raw) for a in found.articles] == expected


AUTHOR_HEAD = """Our People > Marit Solheim

Marit Solheim's Avatar

Marit Solheim

Energy Correspondent

Marit Solheim writes about power grids and the people who live beside them. She joined in 2019.

Articles
"""


def test_an_author_page_gives_the_person_and_the_articles():
    page = read_text_page(f"{TICKER}14 March 2025\n\n{AUTHOR_HEAD}\nOne\n\n{LONG}\n\n2 days ago\n")
    assert page.kind == "author"
    assert (page.person.name, page.person.job_title) == ("Marit Solheim", "Energy Correspondent")
    assert page.person.description.startswith("Marit Solheim writes")
    assert titles(page) == [("One", LONG[:20], "2 days ago")]


@pytest.mark.parametrize(
    ("missing", "job_title", "has_description"),
    [
        ("Energy Correspondent\n\n", None, True),
        ("Marit Solheim's Avatar\n\n", "Energy Correspondent", True),
        ("Our People > Marit Solheim\n\n", "Energy Correspondent", True),
        ("Articles\n", "Energy Correspondent", True),
    ],
)
def test_an_author_page_may_lack_a_part(missing, job_title, has_description):
    page = read_text_page(AUTHOR_HEAD.replace(missing, "") + f"\nOne\n\n{LONG}\n\n2 days ago\n")
    assert page.kind == "author"
    assert (page.person.name, page.person.job_title) == ("Marit Solheim", job_title)
    assert bool(page.person.description) == has_description
    assert titles(page) == [("One", LONG[:20], "2 days ago")]


def test_a_biography_may_be_one_short_sentence():
    text = AUTHOR_HEAD.replace(
        "Marit Solheim writes about power grids and the people who live beside them. She joined in 2019.",
        "She writes.",
    )
    person = read_text_page(text + f"\nOne\n\n{LONG}\n").person
    assert (person.job_title, person.description) == ("Energy Correspondent", "She writes.")


def test_a_name_that_ends_in_s_has_an_avatar_too():
    text = AUTHOR_HEAD.replace("Solheim's", "Solheims'").replace("Solheim", "Solheims", 1)
    assert read_text_page(text.replace("Solheimss", "Solheims")).person.name == "Marit Solheims"


POSTS = """Category: highlands

  • First post's lead sentence stands here.

    A subhead
    “We have had longer,” said Morag.

      ◦ a list inside the post

    Patience

    • not a post, it stands deeper

    This post was originally published on Desk.

  • Second post.
"""


def test_posts_are_told_apart_by_the_outermost_bullets():
    page = read_text_page(POSTS)
    assert page.kind == "aggregator"
    assert len(page.articles) == 2
    first = page.articles[0].raw
    for line in ("A subhead", "“We have had longer,”", "a list inside", "Patience", "not a post"):
        assert line in first
    assert all(article.headline is None for article in page.articles)


def test_what_follows_the_posts_at_the_margin_is_page_chrome():
    page = read_text_page(POSTS + "\nOlder posts\n")
    assert page.articles[-1].raw == "Second post."
    assert "Older posts" in [block.text for block in page.furniture]


def test_bullets_above_the_heading_are_no_posts():
    page = read_text_page("  • Home\n  • About\n\n" + POSTS)
    assert len(page.articles) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "Just a line", "A line\n\nAnother line\n\nA third."])
def test_a_text_without_a_known_layout_gives_no_articles(text):
    page = read_text_page(text)
    assert (page.kind, page.articles) == ("other", [])


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text):
    read_text_page(text)


# Pages of other sites: what each line is, the page's own period tells.

HEADLINES = [
    "Harbour Board Wants a Longer Quay",
    "Old Dairy Sells Its Last Barn",
    "Night Ferry Is Late Once More",
    "Two Brothers Find a Bell",
]
DATES = ["9 May 2025", "8 May 2025", "6 May 2025", "2 May 2025"]
TEXTS = [f"{LONG} That was report number {number} of the week." for number in range(4)]
SECTIONS = ["Town", "Farms", "Sea", "Finds"]
BYLINES = ["By Marit Solheim", "By Ola Brandt", "By Marit Solheim", "By Kari Lie"]


def stream(order, masthead="10 May 2025", above=(), below=()):
    slots = {"H": HEADLINES, "D": DATES, "T": TEXTS, "K": SECTIONS, "B": BYLINES,
             "R": ["Read more"] * 4, "C": ["3 Comments", "0 Comments", "12 Comments", "7 Comments"]}  # fmt: skip
    lines = [*above, *([masthead] if masthead else [])]
    for number in range(4):
        lines += [slots[slot][number] for slot in order]
    return "\n\n".join([*lines, *below]) + "\n"


@pytest.mark.parametrize(
    "order",
    [
        "HTD",
        "HDT",
        "DHT",
        "HBTD",
        "BHTD",
        "KHTD",
        "HKTD",
        "HTDC",
        "HTRD",
        "DKHT",
        "HBDT",
        "KDHT",
        "HTKD",
    ],
)
@pytest.mark.parametrize("masthead", ["10 May 2025", None])
def test_dates_belong_to_the_articles_that_the_page_prints_them_with(order, masthead):
    page = read_text_page(stream(order, masthead))
    assert [(a.headline, a.date_raw, a.raw.split("\n\n")[0]) for a in page.articles] == list(
        zip(HEADLINES, DATES, TEXTS, strict=True)
    )
    assert page.page_date == (date(2025, 5, 10) if masthead else None)
    assert page.doubt is None


def test_a_byline_names_the_author_and_is_no_text():
    page = read_text_page(stream("HBTD"))
    assert [a.authors for a in page.articles] == [[name.removeprefix("By ")] for name in BYLINES]
    reasons = {block.text: block.reason for block in page.furniture}
    assert {reasons[name] for name in BYLINES} == {"byline"}


@pytest.mark.parametrize("masthead", ["10 May 2025", None])
@pytest.mark.parametrize(
    "order",
    ["HTDB", "HTDBC", "HTDCB", "HBTD", "HDBT", "DBHT", "DHBT", "BHDT", "BKHTD", "BDHT", "HDTB"],
)
def test_names_between_two_articles_belong_to_the_side_that_the_whole_page_has_them_on(
    order, masthead
):
    page = read_text_page(stream(order, masthead))
    assert [(a.headline, a.date_raw, a.authors) for a in page.articles] == [
        (headline, day, [name.removeprefix("By ")])
        for headline, day, name in zip(HEADLINES, DATES, BYLINES, strict=True)
    ]


@pytest.mark.parametrize("order", ["HTDC", "KHTD", "DKHT", "HTRD", "BHTD", "HDBT", "HTDBC"])
@pytest.mark.parametrize("masthead", ["10 May 2025", None])
def test_every_line_of_a_page_is_told_once(order, masthead):
    text = stream(
        order, masthead, above=["Home", "Weather"], below=["Older posts", "© 2025 The Coast"]
    )
    page = read_text_page(text)
    told = [block.text for block in page.furniture]
    for article in page.articles:
        told += [article.headline, article.date_raw, *article.raw.split("\n\n")]
    assert sorted(told) == sorted(text.strip().split("\n\n"))


def test_what_stands_small_beside_an_article_is_chrome_and_no_byline():
    page = read_text_page(stream("HTDC"))
    assert {block.reason for block in page.furniture if block.text not in DATES} == {
        "page-chrome"
    } | ({"masthead-date"} if page.page_date else set())


def test_dates_that_can_be_either_neighbours_are_told_and_not_guessed():
    lines = [
        HEADLINES[0],
        TEXTS[0],
        DATES[0],
        HEADLINES[1],
        TEXTS[1],
        DATES[1],
        HEADLINES[2],
        TEXTS[2],
    ]
    page = read_text_page("\n\n".join(lines))
    assert page.doubt is not None
    assert [a.date_raw for a in page.articles] == [None, None, None]


def test_menus_and_market_bands_around_a_stream_are_no_articles():
    above = [
        "Home",
        "News",
        "DAX 19.884,75 -0,43 %",
        "Gold 2.622,10 $ +0,9 %",
        "Kell 4°C light rain",
    ]
    page = read_text_page(stream("HTD", above=above, below=["Load more", "© 2025 The Coast"]))
    assert [a.headline for a in page.articles] == HEADLINES


def test_an_archive_of_days_and_headlines_is_dated_by_the_years_heading():
    days = ["05-09", "05-08", "05-06", "04-23"]
    lines = ["Archive", "2025", *(f"{day} {h}" for day, h in zip(days, HEADLINES, strict=True))]
    page = read_text_page("\n".join(lines))
    assert [(a.headline, a.date_raw) for a in page.articles] == [
        (h, f"2025-{day}") for h, day in zip(HEADLINES, days, strict=True)
    ]


def test_a_list_that_is_printed_twice_is_one():
    page = read_text_page(stream("HTD") + stream("HTD", masthead=None))
    assert [a.headline for a in page.articles] == HEADLINES


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("Показано 5–8 из 57", (5, 8, 57)), ("Mostrando 5-8 de 57", (5, 8, 57)),
        ("Ergebnisse 5 - 8 von 118", (5, 8, 118)), ("Нәтижелер 5 - 8 / 107", (5, 8, 107)),
    ],
)  # fmt: skip
def test_a_listing_mark_is_told_by_its_numbers_whatever_its_words(mark, expected):
    page = read_text_page(stream("HTD", above=["10 May 2025", mark], masthead=None))
    assert (page.listing.first, page.listing.last, page.listing.total) == expected
    assert len(page.articles) == 4


@pytest.mark.parametrize(
    "mark", ["Страница 2 из 17", "Sayfa 2 / 17", "第2页 共17页", "Page 2 of 17"]
)
def test_a_page_says_its_number(mark):
    listing = read_text_page(stream("HTD", below=[mark])).listing
    assert (listing.first, listing.page_number, listing.page_count) == (None, 2, 17)


ARTICLE = [
    "Home", "News", "About", "Harbour Board Wants a Longer Quay", "By Marit Solheim", "9 May 2025",
    *(text.replace("The council", "The harbour board") for text in TEXTS[:3]), "What it costs", TEXTS[3],
    "Related", "Old Dairy Sells Its Last Barn", "Night Ferry Is Late Once More", "© 2025 The Coast",
]  # fmt: skip


def test_an_article_page_is_one_article_with_its_whole_text():
    page = read_text_page("\n\n".join(ARTICLE))
    assert page.kind == "article"
    [article] = page.articles
    assert (article.headline, article.date_raw) == (ARTICLE[3], "9 May 2025")
    assert article.authors == ["Marit Solheim"]
    assert [b.reason for b in page.furniture if b.text == "By Marit Solheim"] == ["byline"]
    assert article.raw.split("\n\n") == ARTICLE[6:11]


def test_a_rank_behind_a_name_under_the_headline_tells_a_user():
    lines = [ARTICLE[3], "Marit Solheim Lv4", "9 May 2025", *ARTICLE[6:11]]
    assert read_text_page("\n\n".join(lines)).articles[0].authors == ["Marit Solheim"]


def test_a_date_below_an_article_dates_it_and_the_masthead_dates_the_page():
    lines = ["10 May 2025", ARTICLE[3], *ARTICLE[6:11], "Posted on", "9 May 2025"]
    page = read_text_page("\n\n".join(lines))
    assert page.articles[0].date_raw == "9 May 2025"
    assert page.page_date == date(2025, 5, 10)


@pytest.mark.parametrize(
    ("raws", "page_day", "order"),
    [
        (["12/20/2024", "12/08/2024"], date(2024, 12, 21), "MDY"),
        (["11/12/2024", "10/12/2024", "12/11/2024"], date(2024, 12, 21), "DMY"),
        (["24.12.20", "24.12.17"], date(2024, 12, 21), "YMD"),
        (["03/04/2024"], None, None),
        (["20 May 2024"], date(2024, 5, 21), None),
    ],
)
def test_a_pages_own_dates_prove_their_order(raws, page_day, order):
    assert order_of_days(raws, page_day) == order


def test_a_teaser_that_stops_inside_a_sentence_was_cut():
    lines = [HEADLINES[0], TEXTS[0], DATES[0], HEADLINES[1], TEXTS[1][:150], DATES[1],
             HEADLINES[2], TEXTS[2], DATES[2]]  # fmt: skip
    assert [a.is_cut for a in read_text_page("\n\n".join(lines)).articles] == [False, True, False]


def test_lines_that_repeat_no_period_are_no_list():
    page = read_text_page(
        "\n".join(["Home", "News", "Sport", "Home", "Imprint", "Load more", "© 2025 A"])
    )
    assert (page.kind, page.articles) == ("other", [])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Created2026-10-27|Updated2026-12-01|Harbour", "2026-10-27"),
        ("Put up 2026-10-27Updated 2026-12-01 Ada Marl Harbour", "2026-10-27"),
        ("发布于：2026-10-27更新于：2026-12-01", "2026-10-27"),
        ("2026-10-27经济", "2026-10-27"),
        ("Updated2026-12-01|Created2026-10-27", "2026-10-27"),
    ],
)
def test_a_day_stands_in_small_print_without_spaces_and_a_change_is_none(line, day):
    assert look(read_blocks([line]))[0].date == day


@pytest.mark.parametrize(
    "line",
    [
        "The pier that was closed on the stormy night of2026-10-27would open again.",
        "Seen 2026 times",
    ],
)
def test_a_day_inside_a_sentence_is_no_lines_date(line):
    assert look(read_blocks([line]))[0].date is None


@pytest.mark.parametrize(
    "row",
    [
        "2026-10-{:02d} 18:30Pier reopens after the flood",
        "Pier reopens after the flood2026-10-{:02d}",
        "1. Tue {:02d} October 2026 Pier reopens after the flood",
    ],
)
def test_a_day_is_parted_from_the_headline_that_a_tool_glued_it_to(row):
    lines = look(read_blocks([row.format(day) for day in (27, 26, 25)]))
    assert [line.text for line in lines if line.date is None] == [
        "Pier reopens after the flood"
    ] * 3
    assert sum(line.date is not None for line in lines) == 3


def test_a_list_in_one_line_is_a_list_and_a_text_with_days_is_none():
    row = "Archive 27 October 2026 Pier reopens after flood 26 October 2026 Ferry is sold to the town "
    row += "25 October 2026 School waits for a roof 24 October 2026 Mill is quiet all winter long"
    assert [line.text for line in look(read_blocks([row])) if line.date is None] == [
        "Archive",
        "Pier reopens after flood",
        "Ferry is sold to the town",
        "School waits for a roof",
        "Mill is quiet all winter long",
    ]
    told = (
        "It rained on 27 October 2026. It was dry on 26 October 2026. Snow fell on 25 October 2026."
    )
    assert len(look(read_blocks([f"{told} {told}"]))) == 1


def test_clocks_below_days_are_theirs_and_clocks_before_headlines_are_not():
    days = look(
        read_blocks(["Pier reopens", "27.10.2026", "18:30", "Ferry late", "26.10.2026", "9:05"])
    )
    assert [line.date for line in days if line.date] == ["27.10.2026 18:30", "26.10.2026 9:05"]
    ribbon = look(read_blocks(["27.10.2026", "18:30", "Pier reopens", "9:05", "Ferry late"]))
    assert [line.text for line in ribbon] == [
        "27.10.2026",
        "18:30",
        "Pier reopens",
        "9:05",
        "Ferry late",
    ]


def test_paragraphs_alone_are_an_article_without_headline_and_it_is_told():
    read = read_text_page(f"{LONG}\n\n{LONG[::-1]}.\n\n{LONG.upper()}")
    assert (read.kind, [article.headline for article in read.articles]) == ("article", [None])
    assert read.doubt is not None


def test_short_years_are_read_in_the_order_in_which_a_lists_days_lie_near_each_other():
    assert order_of_days(["26/10/27", "26/10/25", "26/10/21", "26/10/04"], None) == "YMD"
    assert order_of_days(["27/10/26", "25/10/26", "21/10/26", "04/10/26"], None) == "DMY"
    assert order_of_days(["26/10/27", "26/10/25"], None) is None
