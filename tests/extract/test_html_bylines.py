"""Where a byline begins and ends: by markup, and what stands between it and the text."""

import pytest
from html_pages import PARAGRAPHS

from newscrawl.extract.html import extract_html

WHO = '<p class="who"><a rel="author" href="/a/{0}">{1}</a></p>'
DANA, IVAN = WHO.format("dana", "Dana Akhmetova"), WHO.format("ivan", "Ivan Petrov")
PROSE = f"<p>{PARAGRAPHS[0]}</p>"


def authors(printed: str, head: str = "") -> list[str]:
    page = f"<html><head>{head}</head><body><h1>River rises</h1>{printed}</body></html>"
    return [
        person.name for person in extract_html(page.encode(), url="https://a.example/x").authors
    ]


@pytest.mark.parametrize(
    ("why", "printed", "names"),
    [
        ("blocks alike, one after the other", DANA + IVAN, ["Dana Akhmetova", "Ivan Petrov"]),
        ("another block between them", f"{DANA}<div>Share</div>{IVAN}", ["Dana Akhmetova"]),
        (
            "a long block between them",
            f'{DANA}<p class="who">{PARAGRAPHS[0]}</p>{IVAN}',
            ["Dana Akhmetova"],
        ),
        (
            "a name in parts",
            '<p><a rel="author" href="/a"><b>Dana</b><i>Akhmetova</i></a></p>',
            ["Dana Akhmetova"],
        ),
        ("another class", DANA + IVAN.replace("who", "more"), ["Dana Akhmetova"]),
        (
            "in lists of their own with names",
            f'<div class="team">{DANA}</div><div class="team">{IVAN}</div>',
            ["Dana Akhmetova", "Ivan Petrov"],
        ),
    ],
)
def test_a_byline_goes_on_in_the_blocks_that_are_marked_up_alike(why, printed, names):
    assert authors(printed + PROSE) == names


@pytest.mark.parametrize(
    ("why", "printed", "names"),
    [
        (
            "behind a rubric",
            "<p>Rising Rivers</p><p>Dana Akhmetova</p>",
            ["Dana Akhmetova"],
        ),
        (
            "behind a line with a number",
            "<p>Rain 7 Days</p><p>Dana Akhmetova</p>",
            ["Dana Akhmetova"],
        ),
        (
            "behind a word in small letters",
            "<p>news today</p><p>Dana Akhmetova</p>",
            ["Dana Akhmetova"],
        ),
        ("as a heading of the second level", "<h2>Dana Akhmetova</h2>", []),
    ],
)
def test_a_name_that_a_biography_explains_is_the_authors(why, printed, names):
    biography = "<p>Dana Akhmetova is a writer.</p>"
    assert authors(printed + PROSE + biography) == names


def test_of_bylines_around_a_headline_the_nearest_counts_and_what_is_above_is_twice_as_far():
    menu = "".join(f"<p>Section {word}</p>" for word in ("one", "two", "three", "four"))
    page = (
        f"<html><body>{menu}<p>By Ivan Petrov</p><h1>River rises</h1>{{}}<p>By Dana Akhmetova</p>"
        f"{PROSE * 3}</body></html>"
    )
    for between, name in (("", "Dana Akhmetova"), ("<p>Rain 7 Days</p>" * 4, "Ivan Petrov")):
        found = extract_html(page.format(between).encode(), url="https://a.example/x").authors
        assert [person.name for person in found] == [name]


def test_a_report_on_somebody_is_not_by_them():
    page = f"<html><body><h1>Dana Akhmetova</h1>{PROSE * 3}<p>Dana Akhmetova is a writer.</p></body></html>"
    assert extract_html(page.encode(), url="https://a.example/x").authors == ()


def test_a_signature_of_others_is_none():
    text = "".join(f"<p>Paragraph {number} of the article.</p>" for number in range(40))
    for_others = '<div class="comments"><p>Written by Dana Akhmetova</p></div>'
    assert authors(text + for_others) == []
    assert authors(f"{text}<p>Written by</p>{for_others}<p>Written by Ivan Petrov</p>") == [
        "Ivan Petrov"
    ]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("16.07.2024 Dana Akhmetova", ["Dana Akhmetova"]),
        ("16.07.2024Dana Akhmetova", ["Dana Akhmetova"]),
        ("Dana Akhmetova / Ivan Petrov", ["Dana Akhmetova", "Ivan Petrov"]),
        ("Dana Akhmetova - 16 July 2024", ["Dana Akhmetova"]),
        ("Dana Akhmetova | 3 min read | Ivan Petrov", ["Dana Akhmetova"]),
        ("Dana Akhmetova | Wellness", ["Dana Akhmetova"]),
        ("July 16, 2024, 07:47 PM EST", []),
        ("16 July 2024 19:47 (CEST)", []),
        ("16 July 2024, 7:47 a.m. Eastern Time", []),
        ("16 July 2024 10:30 DANA AKHMETOVA", ["DANA AKHMETOVA"]),
        ("07:47 PM EST | Dana Akhmetova", ["Dana Akhmetova"]),
    ],
)
def test_marks_and_numbers_part_a_name_from_the_rest_of_a_byline(printed, names):
    assert authors(f'<p class="byline">{printed}</p>{PROSE}') == names


@pytest.mark.parametrize(
    ("depth", "names"), [(1, ["Dana Akhmetova"]), (2, ["Dana Akhmetova"]), (3, [])]
)
def test_a_link_to_the_author_may_stand_around_the_block_and_its_parent(depth, names):
    around = "<div>" * (depth - 1), "</div>" * (depth - 1)
    block = f'<a href="/author/dana">{around[0]}<div class="x">Dana Akhmetova</div>{around[1]}</a>'
    assert authors(block + PROSE) == names


@pytest.mark.parametrize(("length", "names"), [(120, ["Dana Akhmetova"]), (121, [])])
def test_a_name_before_the_first_prose_is_the_authors_and_120_characters_are_no_prose(
    length, names
):
    line = ("Rain fell on the hills all week. " * 9)[: length - 1] + "."
    account = (
        '<meta property="og:site_name" content="The Desk"><meta name="author" content="The Desk">'
    )
    found = authors(f"<p>{line}</p><p>Dana Akhmetova</p>{PROSE}", account)
    assert [name for name in found if name == "Dana Akhmetova"] == names
