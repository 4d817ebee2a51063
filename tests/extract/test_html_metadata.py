"""Headline, authors, images and the other facts, and the layer each came from."""

import json

import html_pages
import pytest
from html_pages import HEADLINE
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.html import ArticleImage, HtmlPage, Person, extract_html
from newscrawl.extract.html.metadata import SiteNames, without_site_name
from newscrawl.extract.html.names import tidied


def page_with(head: str = "", body: str = "<p>Text</p>") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_a_wordpress_page_gives_every_field() -> None:
    page = extract_html(html_pages.WORDPRESS, url="https://valleypost.example/2024/07/reservoir/")
    assert page.kind == "article"
    assert page.headline == HEADLINE
    assert page.description == "Farmers have been told to expect a shorter season."
    address = "https://valleypost.example/author/dana/"
    assert page.authors == (Person("Dana Akhmetova", address, "person"),)
    assert page.section == "Environment"
    assert page.keywords == ("water", "farming")
    assert page.in_language == "en-GB"
    assert page.publisher == "Valley Post"
    assert page.canonical_url == "https://valleypost.example/2024/07/reservoir/"
    assert page.images == (
        ArticleImage(
            "https://valleypost.example/uploads/dam.jpg", "The dam in June.", "Photo: Marat Iskakov"
        ),
    )
    assert page.date_published == "2024-07-16T10:30:00+05:00"
    assert page.date_modified == "2024-07-16T09:12:44+00:00"
    assert page.extracted_by["headline"] == "json-ld"
    assert page.extracted_by["description"] == "opengraph"
    assert page.extracted_by["article_body"] == "generic"


@pytest.mark.parametrize("system", html_pages.ALL)
def test_the_headline_has_no_site_name(system: str) -> None:
    assert extract_html(html_pages.ALL[system]).headline == HEADLINE


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("River rises | The Plain", "River rises"),
        ("The Plain - River rises", "River rises"),
        ("River rises | The Plain | by Dana Akhmetova", "River rises"),
        ("River rises – The Plain – 13.06.2023", "River rises"),
        ("River rises：The Plain", "River rises"),
        ("River rises | Plainpost", "River rises"),
        ("River rises | Plainpost Online", "River rises"),
        ("River rises | Rivers Blog", "River rises | Rivers Blog"),
        ("River rises | Plain Post Blog", "River rises"),
        ("River rises « The Plain", "River rises"),
        ("River rises › The Plain", "River rises"),
        ("River rises ★ The Plain", "River rises"),
        ("River rises │ The Plain", "River rises"),
        ("River rises／The Plain", "River rises"),
        ("河水上涨_The Plain", "河水上涨"),
        ("河水上涨-The Plain", "河水上涨"),
        ("River rises-and falls", "River rises-and falls"),
        ("River rises in The Plain", "River rises in The Plain"),
        ("River rises | Opinion", "River rises | Opinion"),
        ("River rises - and falls", "River rises - and falls"),
        ("The Plain", "The Plain"),
    ],
)
def test_a_sites_name_is_cut_off_a_title_with_what_follows(title: str, headline: str) -> None:
    page = page_with(f'<meta property="og:site_name" content="The Plain"><title>{title}</title>')
    assert extract_html(page, url="https://www.plainpost.example/a").headline == headline


_TITLE_PARTS = st.lists(
    st.sampled_from(["River rises", "The Plain", "plain", " - ", " | ", "：", "13.06.2023", "»"]),
    max_size=8,
).map("".join)


@given(_TITLE_PARTS | st.text(max_size=60))
def test_what_is_left_of_a_title_is_a_part_of_it_and_not_nothing(title: str) -> None:
    left = without_site_name(title, SiteNames(frozenset(("the plain",)), "plain"))
    assert left in title
    assert bool(left.strip()) == bool(title.strip())


def test_a_heading_that_links_to_the_first_page_is_the_sites_name() -> None:
    page = page_with(
        "<title>Dana writes: River rises</title>",
        '<h1><a href="/">Dana writes</a></h1><h1>River rises</h1><p>Text</p>',
    )
    assert extract_html(page, url="https://dana.example/a").headline == "River rises"


def test_a_heading_that_links_to_its_own_article_is_a_headline() -> None:
    page = page_with("", '<h1><a href="/a">River rises</a></h1><p>Text</p>')
    assert extract_html(page, url="https://dana.example/a").headline == "River rises"


def test_a_heading_that_nothing_else_on_the_page_says_gives_way_to_the_title() -> None:
    title = "River rises after three days of rain"
    page = page_with(
        f'<title>{title}</title><meta property="og:title" content="{title}">',
        "<h1>Contact us</h1><p>Text</p>",
    )
    assert extract_html(page).headline == title


def test_a_heading_that_the_title_shortens_stays() -> None:
    page = page_with(
        "<title>River rises after rain</title>",
        "<h1>River rises after three days of rain in the valley</h1><p>Text</p>",
    )
    assert extract_html(page).headline == "River rises after three days of rain in the valley"


def test_lines_of_a_heading_are_words_apart_and_its_signs_are_kept() -> None:
    page = page_with("", "<h1>Thirty years<br>of &lt;br&gt; tags</h1><p>Text</p>")
    assert extract_html(page).headline == "Thirty years of <br> tags"


_TITLE = "River rises after three days of rain in the valley"


@pytest.mark.parametrize(
    "heading",
    [
        "River ri\u00adses after three days of rain in the val\u00adley",
        "\u200bRiver rises after three days of rain in the valley\ufeff",
        "River ri<wbr>ses after three days of rain in the valley",
        f"<time>May 3</time> {_TITLE}",
        f'<span class="sr-only">Article: </span>{_TITLE}',
        f"<svg><title>Plus</title></svg>{_TITLE}",
        f"{_TITLE} <button>Share</button>",
        f"<style>.a{{}}</style>{_TITLE}",
        f"<div>Weather</div><div>{_TITLE}</div>",
        f"<span>Weather</span><span>{_TITLE}</span>",
    ],
)
def test_a_heading_is_what_a_reader_reads_of_it(heading: str) -> None:
    page = page_with(f"<title>{_TITLE}</title>", f"<h1>{heading}</h1><p>Text</p>")
    assert extract_html(page).headline == _TITLE


def test_a_kicker_and_a_title_are_words_apart() -> None:
    page = page_with("", f"<h1><span>Weather</span><span>{_TITLE}</span></h1>")
    assert extract_html(page).headline == f"Weather {_TITLE}"
    colon = '<span class="visually-hidden">: </span>'
    page = page_with("", f"<h1><span>Weather</span>{colon}<span>{_TITLE}</span></h1>")
    assert extract_html(page).headline == f"Weather: {_TITLE}"
    page = page_with("", "<h1><span>R</span><span>iver</span> rises</h1>")
    assert extract_html(page).headline == "River rises"


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("River rises after three days of…", _TITLE),
        ("River rises after three days ...", _TITLE),
        ("River rises after three days of rain in the val", _TITLE),
        ("River rises after three days of rain", "River rises after three days of rain"),
        ("And then the river rose…", "And then the river rose…"),
    ],
)
def test_a_headline_that_was_cut_off_is_completed(headline: str, expected: str) -> None:
    page = page_with(
        ld({"@type": "NewsArticle", "headline": headline})
        + f'<meta property="og:title" content="{_TITLE}">'
    )
    assert extract_html(page).headline == expected


def test_an_article_by_its_name_and_an_entry_by_its_class() -> None:
    assert extract_html(page_with(ld({"@type": "Article", "name": _TITLE}))).headline == _TITLE
    page = page_with("<title>Plain Diary</title>", f'<h2 class="entry-title">{_TITLE}</h2>')
    assert extract_html(page).headline == _TITLE


def test_two_authors_in_json_ld() -> None:
    assert [a.name for a in extract_html(html_pages.ARC).authors] == [
        "Dana Akhmetova",
        "Ivan Petrov",
    ]


def test_the_byline_is_asked_when_json_ld_names_only_the_publisher() -> None:
    page = page_with(
        ld(
            {
                "@type": "NewsArticle",
                "headline": "A",
                "author": {"name": "The Plain"},
                "publisher": {"name": "The Plain"},
            }
        ),
        '<p class="byline">By <a rel="author" href="/a/dana">Dana Akhmetova</a></p>',
    )
    found = extract_html(page)
    assert [a.name for a in found.authors] == ["Dana Akhmetova"]
    assert found.extracted_by["authors"] == "generic"


def test_the_publisher_is_the_author_when_nobody_else_is() -> None:
    page = page_with(
        ld(
            {
                "@type": "NewsArticle",
                "headline": "A",
                "author": {"name": "The Plain"},
                "publisher": {"name": "The Plain"},
            }
        )
    )
    assert [a.name for a in extract_html(page).authors] == ["The Plain"]


@pytest.mark.parametrize(
    ("author", "types"),
    [
        ({"@type": "Person", "name": "Dana Akhmetova"}, ["person"]),
        ({"@type": ["Person"], "name": "Dana Akhmetova"}, ["person"]),
        ({"@type": "https://schema.org/Organization", "name": "Valley Wire"}, ["organization"]),
        ({"@type": "NewsMediaOrganization", "name": "Valley Wire"}, ["organization"]),
        ({"@type": "NGO", "name": "Rivers Watch"}, ["organization"]),
        ({"@type": "Thing", "name": "Dana Akhmetova"}, [None]),
        ({"@type": ["Person", "Organization"], "name": "Dana Akhmetova"}, [None]),
        ({"@type": None, "name": "Dana Akhmetova"}, [None]),
        ({"name": "Dana Akhmetova"}, [None]),
        ("Dana Akhmetova", [None]),
        # One type said of two names is said of neither.
        ({"@type": "Person", "name": "Dana Akhmetova and Valley Wire"}, [None, None]),
        # The account that a site publishes by is no person.
        ({"@type": "Person", "name": "The Plain"}, [None]),
    ],
)
def test_an_author_has_the_type_that_structured_data_says(author, types):
    node = {
        "@type": "NewsArticle", "headline": "A", "author": author, "publisher": {"name": "The Plain"},
    }  # fmt: skip
    assert [a.type for a in extract_html(page_with(ld(node))).authors] == types


def test_microdata_says_an_authors_type_too():
    page = b"""<article itemscope itemtype="https://schema.org/NewsArticle"><h1>A Bridge Opens</h1>
    <span itemprop="author" itemscope itemtype="https://schema.org/Person">
    <span itemprop="name">Dana Akhmetova</span></span><p>Text.</p></article>"""
    assert [(a.name, a.type) for a in extract_html(page).authors] == [("Dana Akhmetova", "person")]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Dana Akhmetova", ["Dana Akhmetova"]),
        ("Von Anna Martel und Lea Wagner", ["Anna Martel", "Lea Wagner"]),
        ("Dana Akhmetova, Ivan Petrov and Li Wei", ["Dana Akhmetova", "Ivan Petrov", "Li Wei"]),
        ("By Dana Akhmetova | 16 July 2024", ["Dana Akhmetova"]),
        ("By Dana Akhmetova 16 July 2024", ["Dana Akhmetova"]),
        ("Dana Akhmetova July 16, 2024", ["Dana Akhmetova"]),
        ("Theresa May", ["Theresa May"]),
        ("Kim In Soo", ["Kim In Soo"]),
        ("Dana Akhmetova, MD, Ph.D.", ["Dana Akhmetova, MD, Ph.D."]),
        ("Dana Akhmetova, AFP", ["Dana Akhmetova", "AFP"]),
        ("Dana Akhmetova, Political Editor", ["Dana Akhmetova"]),
        ("Dana Akhmetova Senior Reporter", ["Dana Akhmetova"]),
        ("신현주 기자", ["신현주"]),
        ("박준석·김태연 기자", ["박준석", "김태연"]),
        ("신현주 기자 shin@plain.example", ["신현주"]),
        ("Dana Akhmetova dana@plain.example", ["Dana Akhmetova"]),
        ("Dana Akhmetova (@dana)", ["Dana Akhmetova"]),
        ("dana@plain.example", []),
        ("Dana Akhmetova https://plain.example/dana", ["Dana Akhmetova"]),
        ("Dana Akhmetova, journaliste", ["Dana Akhmetova"]),
        ("Анна Мартель, корреспондент", ["Анна Мартель"]),
        ("Dana Akhmetova; Edited by Ivan Petrov", ["Dana Akhmetova"]),
        ("Dana Akhmetova. Photos by Ivan Petrov", ["Dana Akhmetova"]),
        ("Dana Akhmetova with Ivan Petrov", ["Dana Akhmetova", "Ivan Petrov"]),
        ("Oleh Petrenko", ["Oleh Petrenko"]),
        ("Oleh Budi Santoso", ["Budi Santoso"]),
        ("Von Miller", ["Von Miller"]),
        ("Von dpa", ["dpa"]),
        ("Di Maria", ["Di Maria"]),
        ("José López y Ana Ruiz", ["José López", "Ana Ruiz"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ana Silva e João Costa", ["Ana Silva", "João Costa"]),
        ("Jan Kowalski i Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
        ("Kiss Péter és Nagy Anna", ["Kiss Péter", "Nagy Anna"]),
        ("Ayşe Kaya ve Mehmet Demir", ["Ayşe Kaya", "Mehmet Demir"]),
        ("Иван Петров и Мария Иванова", ["Иван Петров", "Мария Иванова"]),
        ("Γιώργος Παππάς και Μαρία Νίκου", ["Γιώργος Παππάς", "Μαρία Νίκου"]),
        ("أحمد علي، محمد حسن", ["أحمد علي", "محمد حسن"]),
        ("राम शर्मा और सीता वर्मा", ["राम शर्मा", "सीता वर्मा"]),
        ("王明、李华", ["王明", "李华"]),
        ("Community Editor", ["Community Editor"]),
        ("undefined", []),
    ],
)
def test_bylines_are_read_as_names(byline: str, names: list[str]) -> None:
    page = page_with(f'<meta name="author" content="{byline}">')
    assert [a.name for a in extract_html(page).authors] == names


_BYLINE_PARTS = st.lists(
    st.sampled_from(
        [
            "By",
            "by",
            "Von",
            "Dana",
            "Akhmetova",
            "MD",
            ",",
            "and",
            "&",
            ";",
            "|",
            "·",
            "16",
            "July",
            "2024",
            "Editor",
            "기자",
            "AFP",
            ".",
            "@x",
            "https://a",
            "on",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(_BYLINE_PARTS | st.text(max_size=80))
def test_names_are_parts_of_what_was_printed_each_once(printed: str) -> None:
    names = [person.name for person in tidied([Person(printed)])]
    assert all(name == name.strip() and name for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    letters = "".join(filter(str.isalnum, printed))
    assert all("".join(filter(str.isalnum, name)) in letters for name in names)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("<p>By Dana Akhmetova</p>", ["Dana Akhmetova"]),
        ("<div>16 July 2024 by Dana Akhmetova</div>", ["Dana Akhmetova"]),
        ("<div>3 min read · By Dana Akhmetova</div>", ["Dana Akhmetova"]),
        ("<p>By</p><p>Dana Akhmetova</p>", ["Dana Akhmetova"]),
        ("<p>Von Anna Martel und Lea Wagner</p>", ["Anna Martel", "Lea Wagner"]),
        ("<p>By <b>Dana Akhmetova</b>, <b>Ivan Petrov</b></p>", ["Dana Akhmetova", "Ivan Petrov"]),
        ("<p>By dana</p>", ["dana"]),
        (
            '<p class="author"><span>Dana Akhmetova</span> <span>Head of News</span></p>',
            ["Dana Akhmetova"],
        ),
        (
            '<p class="byline"><b>Dana Akhmetova</b> <b>Ivan Petrov</b></p>',
            ["Dana Akhmetova", "Ivan Petrov"],
        ),
        ('<p class="author">16 July · Dana Akhmetova</p>', ["Dana Akhmetova"]),
        ('<p><a href="/authors/dana">Dana Akhmetova</a> in News</p>', ["Dana Akhmetova"]),
        ('<a href="/author/dana"><div>Dana Akhmetova</div></a>', ["Dana Akhmetova"]),
        ("<p>Written by <i>Dana Akhmetova</i>, edited by Ivan Petrov</p>", ["Dana Akhmetova"]),
        ("<p>Posted by Dana at July 16, 2024 11:15 AM</p>", ["Dana"]),
        ("<p>Submitted by dana on 16 July 2024</p>", ["dana"]),
        ("<p>This post was written by Dana Akhmetova, Head of News</p>", ["Dana Akhmetova"]),
        ("<p>Autor*in: Anna Martel</p>", ["Anna Martel"]),
        ("<p>Text: Anna Martel</p>", ["Anna Martel"]),
        ("<p>Av Ola Nordmann</p>", ["Ola Nordmann"]),
        ("<p>Propos recueillis par Marie Durand</p>", ["Marie Durand"]),
        ("<p>Escrito por Ana Ruiz y José López</p>", ["Ana Ruiz", "José López"]),
        ("<p>a cura di Marco Rossi</p>", ["Marco Rossi"]),
        ("<p>Szerző: Kiss Péter</p>", ["Kiss Péter"]),
        ("<p>Haber: Ayşe Kaya</p>", ["Ayşe Kaya"]),
        ("<p>Текст: Иван Петров</p>", ["Иван Петров"]),
        ("<p>Συντάκτης: Μαρία Νίκου</p>", ["Μαρία Νίκου"]),
        ("<p>بقلم: أحمد علي</p>", ["أحمد علي"]),
        ("<p>מאת: דוד כהן</p>", ["דוד כהן"]),
        ("<p>लेखक: राम शर्मा</p>", ["राम शर्मा"]),
        ("<p>作者：王明</p>", ["王明"]),
        ("<p>记者 王明</p>", ["王明"]),
        ("<p>记者从会议上了解到今年的雨水很多</p>", []),
        ("<p>박준석 기자</p>", ["박준석"]),
        ("<p>Tác giả: Nguyễn Văn An</p>", ["Nguyễn Văn An"]),
        ("<p>Reviewed by Ivan Petrov</p>", []),
        ('<p class="byline">16 July | Wellness &amp; Prevention</p>', []),
        ('<p class="author-bio">Head Of News</p>', []),
        ("<address>Dana Akhmetova</address>", ["Dana Akhmetova"]),
        (
            '<ul><li class="who"><a rel="author" href="/a">Dana Akhmetova</a></li>'
            '<li class="who"><a rel="author" href="/b">Ivan Petrov</a></li></ul>',
            ["Dana Akhmetova", "Ivan Petrov"],
        ),
        ("<p>Dana Akhmetova</p><p>Text.</p><p>Dana Akhmetova is a writer.</p>", ["Dana Akhmetova"]),
        ("<p>Related Products</p>", []),
        ('<p class="author">More about this author</p>', []),
        ('<p class="author">July 16</p>', []),
        ("<p>By clicking here you agree to our terms of use</p>", []),
        ("<p>Prices rose by Tuesday to a new high, and fell again on Friday.</p>", []),
        ('<div class="comments"><p>1</p><p>2</p><p>3</p><p>By Ivan Petrov</p></div>', []),
    ],
)
def test_a_byline_near_the_headline_is_found_by_what_it_says_or_how_it_is_marked(
    printed: str, names: list[str]
) -> None:
    page = page_with("", f"<h1>River rises</h1>{printed}<p>Text of the article.</p>")
    assert [a.name for a in extract_html(page, url="https://plain.example/a").authors] == names


def test_the_byline_nearest_to_the_headline_counts() -> None:
    others = "".join(f"<p>By Ivan Petrov</p><p>Story {i}</p>" for i in range(5))
    page = page_with("", f"<h1>River rises</h1><p>Lead</p><p>By Dana Akhmetova</p>{others}")
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]


def test_a_signature_under_the_article_counts_where_nothing_else_names_anybody() -> None:
    text = "".join(f"<p>Paragraph {i} of the article.</p>" for i in range(40))
    page = page_with("", f"<h1>River rises</h1>{text}<p>Written by Dana Akhmetova</p>")
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]


def test_a_name_in_an_author_box_under_the_article_counts_where_nothing_else_names_anybody() -> (
    None
):
    text = "".join(f"<p>Paragraph {i} of the article.</p>" for i in range(40))
    box = '<div class="author-box"><h4 class="author-box__name">Dana Akhmetova</h4></div>'
    assert [a.name for a in extract_html(page_with("", f"<h1>River</h1>{text}{box}")).authors] == [
        "Dana Akhmetova"
    ]


_PUBLISHER_AS_AUTHOR = (
    '<meta property="og:site_name" content="The Plain"><meta name="author" content="{}">'
)
_LONG = "<p>" + "The reservoir fell by another four centimetres on Tuesday. " * 4 + "</p>"


@pytest.mark.parametrize(
    ("author", "printed", "names"),
    [
        ("The Plain", f"<p>Dana Akhmetova</p>{_LONG}", ["Dana Akhmetova"]),
        (
            "The Plain",
            f"<p>Dana Akhmetova/Ivan Petrov</p>{_LONG}",
            ["Dana Akhmetova", "Ivan Petrov"],
        ),
        ("The Plain", f"<p>By the river it was quiet</p>{_LONG}", ["The Plain"]),
        ("The Plain", f"<div><p>Related Products</p></div>{_LONG}", ["The Plain"]),
        ("The Plain", '<p class="author-name">Dana Akhmetova</p>', ["Dana Akhmetova"]),
        ("dana.akhmetova", '<p class="author">Dana Akhmetova</p>', ["Dana Akhmetova"]),
        ("dana.akhmetova", "<p>Text</p>", ["dana.akhmetova"]),
        ("dpa", "<p>By Dana Akhmetova</p>", ["dpa"]),
    ],
)
def test_the_publisher_or_an_account_gives_way_to_names_that_are_printed(
    author: str, printed: str, names: list[str]
) -> None:
    page = page_with(_PUBLISHER_AS_AUTHOR.format(author), f"<h1>River rises</h1>{printed}")
    assert [a.name for a in extract_html(page).authors] == names


def test_the_account_of_an_administrator_gives_way_to_names_that_open_the_text() -> None:
    account = {"name": "Plain D", "url": "https://plain.example/author/admin/"}
    page = page_with(
        ld({"@type": "NewsArticle", "headline": "River rises", "author": account}),
        f'<h1>River rises</h1><p>by <a href="{account["url"]}">Plain D</a></p>'
        f"<div><p>DANA AKHMETOVA</p>{_LONG}</div>",
    )
    assert [a.name for a in extract_html(page).authors] == ["DANA AKHMETOVA"]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("<p>By Dana Akhmetova and Ivan Petrov</p>", ["Dana Akhmetova", "Ivan Petrov"]),
        (
            '<p class="name"><a rel="author" href="/i">Ivan Petrov</a></p>'
            '<p class="name"><a rel="author" href="/d">Dana Akhmetova</a></p>',
            ["Ivan Petrov", "Dana Akhmetova"],
        ),
        ("<p>By Dana Akhmetova, fact checked by Ivan Petrov</p>", ["Dana Akhmetova"]),
        ("<p>By Dana Akhmetova, Contributing Writer</p>", ["Dana Akhmetova"]),
        ("<p>By Dana Akhmetova and The Plain</p>", ["Dana Akhmetova"]),
        ("<p>By Ivan Petrov and Li Wei</p>", ["Dana Akhmetova"]),
    ],
)
def test_a_byline_that_names_more_people_than_structured_data_is_believed(
    printed: str, names: list[str]
) -> None:
    page = page_with(
        '<meta property="og:site_name" content="The Plain">'
        + ld({"@type": "Article", "headline": "A", "author": {"name": "Dana Akhmetova"}}),
        f"<h1>A</h1>{printed}",
    )
    assert [a.name for a in extract_html(page).authors] == names


def test_the_byline_is_under_the_heading_that_is_the_headline() -> None:
    others = "<p>By Ivan Petrov</p>" + "<p>Story</p>" * 12
    page = page_with(
        "<title>River rises after rain</title>",
        f"<h1>Dana's Diary</h1>{others}<h3>River rises after rain</h3><p>By Dana Akhmetova</p>",
    )
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]


def test_names_in_the_order_of_libraries_and_in_parts() -> None:
    page = page_with('<meta name="citation_author" content="Akhmetova, Dana T.">')
    assert [a.name for a in extract_html(page).authors] == ["Dana T. Akhmetova"]
    page = page_with('<meta name="dc.creator" content="Dana Akhmetova, Ivan Petrov">')
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova", "Ivan Petrov"]
    person = {"@type": "Person", "givenName": "Dana", "familyName": "Akhmetova"}
    page = page_with(ld({"@type": "Article", "headline": "A", "author": person}))
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]


def test_a_class_alone_does_not_replace_the_publisher() -> None:
    page = page_with(
        '<meta property="og:site_name" content="The Plain"><meta name="author" content="The Plain">',
        '<h1>River rises</h1><p class="author">My Stories</p>',
    )
    assert [a.name for a in extract_html(page).authors] == ["The Plain"]


def test_the_publisher_beside_a_person_in_metas_is_left_out() -> None:
    page = page_with(
        '<meta property="og:site_name" content="The Plain"><meta name="author" content="The Plain">'
        '<meta name="author" content="Dana Akhmetova">'
    )
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]


def test_authors_in_labels_of_link_previews_and_in_microdata() -> None:
    label = (
        '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="{}">'
    )
    page = page_with(label.format("Dana Akhmetova"))
    assert [a.name for a in extract_html(page).authors] == ["Dana Akhmetova"]
    page = page_with(
        "",
        '<article itemscope itemtype="https://schema.org/NewsArticle"><div itemprop="author" itemscope '
        'itemtype="https://schema.org/Person"><span itemprop="name">Dana Akhmetova</span> Reporter'
        "</div><p>Text</p></article>",
    )
    found = extract_html(page)
    assert [a.name for a in found.authors] == ["Dana Akhmetova"]
    assert found.extracted_by["authors"] == "microdata"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Found it",}',
        '{"@type":"NewsArticle","headline":"Found\nit"}',
        '<!-- {"@type":"NewsArticle","headline":"Found it"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Found it"}\n//]]>',
        '{"@type":"WebSite","name":"x"}\n{"@type":"NewsArticle","headline":"Found it"}',
        '[[{"@type":["Thing","NewsArticle"],"headline":"Found it"}]]',
        '{"@graph":[{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"Found it"}}]}',
        '{"@type":"http://schema.org/NewsArticle","headline":"Found it"};',
        '{"@type":"NewsArticle","headline":"Found &quot;it&quot;"}',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Found it&quot;}",
        '/* generated */ {"@type":"NewsArticle","headline":"Found it"}',
    ],
)
def test_json_ld_is_read_in_every_shape_and_state(script: str) -> None:
    page = page_with(f'<script type="application/ld+json">{script}</script>')
    found = extract_html(page)
    assert (found.headline or "").replace('"', "") == "Found it"
    assert found.kind == "article"


def test_the_pages_own_article_wins_over_teasers_of_others() -> None:
    teaser = {"@type": "NewsArticle", "headline": "Another story", "url": "/other"}
    own = {
        "@type": "NewsArticle",
        "headline": "This story",
        "datePublished": "2024-07-16",
        "author": {"name": "Dana"},
    }
    assert extract_html(page_with(ld([teaser, teaser, own]))).headline == "This story"


def test_references_by_id_are_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "headline": "A", "author": {"@id": "#p"}},
            {"@type": "Person", "@id": "#p", "name": "Dana Akhmetova"},
        ]
    }
    assert [a.name for a in extract_html(page_with(ld(graph))).authors] == ["Dana Akhmetova"]


def test_microdata_of_the_article_is_read_and_of_other_things_is_not() -> None:
    page = page_with(
        body="""
    <div itemscope itemtype="http://schema.org/Product"><meta itemprop="datePublished" content="2001-01-01"></div>
    <article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">A story of water</h1>
    <span itemprop="author" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Dana Akhmetova</span></span>
    <meta itemprop="datePublished" content="2024-07-16T10:30:00+05:00"><p itemprop="articleBody">Text</p></article>"""
    )
    found = extract_html(page)
    assert found.headline == "A story of water"
    assert [a.name for a in found.authors] == ["Dana Akhmetova"]
    assert found.date_published == "2024-07-16T10:30:00+05:00"
    assert found.extracted_by["date_published"] == "microdata"


def test_names_of_attributes_have_no_case() -> None:
    page = page_with(
        body='<article><h1>A</h1><time itemProp="datePublished" datetime="2024-07-16T10:30:00+05:00">'
        "a while ago</time></article>"
    )
    assert extract_html(page).date_published == "2024-07-16T10:30:00+05:00"
    assert extract_html(page).extracted_by["date_published"] == "microdata"


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (ld({"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": False}), False),
        (ld({"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": "True"}), True),
        (
            ld(
                {
                    "@type": "NewsArticle",
                    "headline": "A",
                    "isAccessibleForFree": "http://schema.org/False",
                }
            ),
            False,
        ),
        ('<meta property="article:content_tier" content="locked">', False),
        ('<meta property="article:content_tier" content="free">', True),
        ("", None),
    ],
)
def test_free_or_paywalled(head: str, free: bool | None) -> None:
    assert extract_html(page_with(head)).is_accessible_for_free is free


def test_languages_are_bcp_47() -> None:
    page = b'<html lang="pt_BR"><body><p>Texto</p></body></html>'
    assert extract_html(page).in_language == "pt-BR"


def test_a_relative_canonical_url_is_made_absolute() -> None:
    page = page_with('<link rel="canonical" href="/news/1">')
    assert (
        extract_html(page, url="https://a.example/x?y").canonical_url == "https://a.example/news/1"
    )
    assert extract_html(page).canonical_url is None


def test_late_loaded_images_give_the_address_that_is_loaded() -> None:
    figure = b"""<figure><img src="data:image/gif;base64,R0" data-src="/dam.jpg"><figcaption>The dam
    <span class="credit">Marat Iskakov</span></figcaption></figure>"""
    page = html_pages.GHOST.replace(b'is-body">', b'is-body">' + figure)
    found = extract_html(page, url="https://hill.example/reservoir/")
    assert found.images[0].url == "https://hill.example/dam.jpg"
    assert found.images[0].caption is not None
    assert found.images[0].caption.startswith("The dam")


PHOTOGRAPH = "/photos/dam-in-june.jpg"


@pytest.mark.parametrize(
    "image",
    [
        f'<img src="{PHOTOGRAPH}">',
        f'<a href="/photos/dam-in-june-large.jpg"><img src="{PHOTOGRAPH}"></a>',
        f'<a href="/gallery/karatau-reservoir/1"><img src="{PHOTOGRAPH}"></a>',
        f'<a href="#zoom"><img src="{PHOTOGRAPH}"></a>',
        f'<figure><a href="/other/"><img src="{PHOTOGRAPH}"></a><figcaption>The dam</figcaption></figure>',
    ],
    ids=["plain", "larger copy", "gallery", "same page", "captioned"],
)  # fmt: skip
def test_photographs_within_the_text_are_the_articles(image: str) -> None:
    found = extract_html(_with_image(image), url="https://hill.example/news/karatau-reservoir/")
    assert [picture.url for picture in found.images] == [f"https://hill.example{PHOTOGRAPH}"]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/theme/zoom-in.svg">',
        '<img src="/theme/icons/print.png">',
        '<img src="/theme/logo_white.png">',
        '<img src="logo.png">',
        f'<a href="/news/other-story/"><img src="{PHOTOGRAPH}"></a>',
        f'<div><img src="{PHOTOGRAPH}"><h3><a href="/news/other-story/">Another story</a></h3></div>',
        f'<figure><img src="{PHOTOGRAPH}"><figcaption>By Dana Akhmetova, reporter</figcaption></figure>',
    ],
    ids=["drawing", "icon", "logo", "logo beside the page", "link to another page", "card of another page", "portrait"],
)  # fmt: skip
def test_icons_teasers_and_portraits_are_no_pictures_of_the_article(image: str) -> None:
    page = _with_image(image)
    assert [author.name for author in extract_html(page).authors] == ["Dana Akhmetova"]
    assert extract_html(page, url="https://hill.example/news/karatau-reservoir/").images == ()


def test_a_photograph_whose_name_says_icon_is_the_articles() -> None:
    page = _with_image('<img src="/photos/fashion-icon-at-the-opening-of-the-dam.jpg">')
    assert len(extract_html(page, url="https://hill.example/news/dam/").images) == 1


def _with_image(image: str) -> bytes:
    """A page with an image before the third paragraph of its text."""
    before, third, after = html_pages.GHOST.partition(html_pages.PARAGRAPHS[2].encode())
    start = before.rindex(b"<p")
    return before[:start] + image.encode() + before[start:] + third + after


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        (ld({"@type": "LiveBlogPosting", "headline": "A"}), "<p>x</p>", "live-blog"),
        ('<meta property="og:type" content="video.other">', "<p>x</p>", "video"),
        (ld({"@type": "CollectionPage", "name": "News"}), "<p>x</p>", "listing"),
        (
            "",
            "".join(
                f'<div class="post"><h2><a href="/{n}">A story number {n} of today</a></h2><p>Short.</p></div>'
                for n in range(9)
            ),
            "listing",
        ),
        ("", "<p>x</p>", "other"),
    ],
)
def test_kinds_of_pages(head: str, body: str, kind: str) -> None:
    assert extract_html(page_with(head, body)).kind == kind


@pytest.mark.parametrize(
    "terms",
    [
        '<a href="/c" rel="category tag">Rivers</a><a href="/t" rel="tag">dams</a>'
        '<a href="/u" rel="tag">fish</a>',
        '<div class="taxonomy-category"><a href="/c" rel="tag">Rivers</a></div>'
        '<div class="taxonomy-post_tag"><a href="/t" rel="tag">dams</a>, <a rel="tag">fish</a></div>',
        '<a rel="category nofollow">Rivers</a><a rel="tag nofollow">dams</a><a rel=tag>fish</a>',
    ],
    ids=["classic theme", "block theme", "more than one relation"],
)
def test_section_and_keywords_of_wordpress_without_structured_data(terms):
    page = extract_html(f"<html><body><article><h1>A</h1>{terms}</article>".encode())
    assert (page.section, page.keywords) == ("Rivers", ("dams", "fish"))


def test_a_post_that_was_never_changed_is_published_and_not_modified():
    time = '<time class="entry-date published updated" datetime="2026-01-02T10:00:00+05:00">2 January</time>'
    page = extract_html(f"<html><body><article><h1>A</h1>{time}</article>".encode())
    assert (page.date_published, page.date_modified) == ("2026-01-02T10:00:00+05:00", None)


def test_an_image_whose_address_is_none_is_told_without_an_error() -> None:
    assert extract_html(_with_image('<img src="http://[logo/icons/x.png">')).images == ()
    assert extract_html(_with_image('<img src="http://[2024/x.jpg">')).headline == HEADLINE


def test_a_headline_that_truly_ends_in_an_ellipsis_keeps_it() -> None:
    head = "<title>Open, closed, open once more… - Town</title>"
    page = page_with(head, "<h1>Open, closed, open once more…</h1><p>Text</p>")
    assert extract_html(page).headline == "Open, closed, open once more…"


def test_a_link_beside_the_words_of_a_heading_is_none_of_them() -> None:
    heading = '<h1><span>Pier closed to lorries</span><a href="/">Tarn Island Edition</a></h1>'
    page = page_with("<title>Pier closed to lorries | Tarn</title>", f"{heading}<p>Text</p>")
    assert extract_html(page, url="https://tarn.example/pier").headline == "Pier closed to lorries"


def test_whose_the_copyright_is_wrote_nothing_where_a_byline_names_somebody() -> None:
    head = '<meta name="author" content="Tarn Media"><meta name="copyright" content="© 2024 Tarn Media">'
    body = (
        '<h1>Pier closed</h1><p class="byline">By <a href="/author/ada">Ada Marl</a></p><p>Text</p>'
    )
    assert [p.name for p in extract_html(page_with(head, body)).authors] == ["Ada Marl"]


def test_readings_of_ruby_are_none_of_a_headline() -> None:
    page = page_with(
        "", "<h1><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の新しい桟橋</h1><p>Text</p>"
    )
    assert extract_html(page).headline == "港の新しい桟橋"


def article_with(head: str, body: str = "") -> HtmlPage:
    prose = (
        "<p>" + "The board weighed the plan for a new quay for two hours on Monday. " * 6 + "</p>"
    )
    html = f"<html><head>{head}</head><body><article><h1>Quay plan goes back</h1>{body}{prose}{prose}</article></body></html>"
    return extract_html(html.encode(), url="https://quay.example/news/plan")


def ld_text(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


ORGANIZATION = '{"@type":"Organization","@id":"https://quay.example/#org","name":"Quay Herald"}'


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (ld_text('[{"@type":"NewsArticle","headline":"x","publisher":{"@id":"https://quay.example/#org"}},' + ORGANIZATION + "]"),
         "Quay Herald"),
        (ld_text('{"@type":"NewsArticle","headline":"x","publisher":{"@id":"https://quay.example/#org"}}'), None),
        ('<meta property="og:site_name" content="https://quay.example">', None),
        ('<meta property="og:site_name" content="Quay Herald">', "Quay Herald"),
    ],
)  # fmt: skip
def test_a_publisher_is_a_name_and_no_address(head: str, name: str | None) -> None:
    assert article_with(head).publisher == name


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("News > Ports", "Ports"), ("Home » News » Ports", "Ports"), ("Ports, Ships, Tides", "Ports"),
        ("Ports;Ships", "Ports"), ("Arts, Books & Film", "Arts, Books & Film"),
        ("Kunst, Bücher und Film", "Kunst, Bücher und Film"), ("Ports", "Ports"),
    ],
)  # fmt: skip
def test_one_section_and_not_a_list(printed: str, section: str) -> None:
    assert article_with(f'<meta property="article:section" content="{printed}">').section == section


def test_what_a_system_files_a_page_under_for_itself_is_no_keyword() -> None:
    words = "ports,_section_news,type:story,hash-video,104746419,98be933f-38cf-4fba,Tide 2024,U.S./Mexico,e-mail"
    found = article_with(f'<meta name="keywords" content="{words}">').keywords
    assert found == ("ports", "Tide 2024", "U.S./Mexico", "e-mail")


def test_every_address_of_an_author_is_absolute() -> None:
    head = ld_text(
        '{"@type":"NewsArticle","headline":"Quay plan goes back","author":{"@type":"Person","name":"Ada Berg","url":"/team/ada"}}'
    )
    assert [a.url for a in article_with(head).authors] == ["https://quay.example/team/ada"]
    elsewhere = f'<base href="https://cdn.example/x/">{head}'
    assert [a.url for a in article_with(elsewhere).authors] == ["https://cdn.example/team/ada"]


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ('<img src="data:image/gif;base64,R0" srcset="/i/q=80,w=300/a.jpg 300w, /i/q=80,w=900/a.jpg 900w">',
         "https://quay.example/i/q=80,w=900/a.jpg"),
        ('<picture><source srcset="/i/a.avif 1200w"><img src="data:image/gif;base64,R0"></picture>',
         "https://quay.example/i/a.avif"),
        ('<img src="/img/appIcon.png">', "https://quay.example/lead.jpg"),
        ("", "https://quay.example/lead.jpg"),
    ],
)  # fmt: skip
def test_the_pictures_of_an_article(body: str, address: str) -> None:
    found = article_with('<meta property="og:image" content="/lead.jpg">', body).images
    assert [image.url for image in found] == [address]
