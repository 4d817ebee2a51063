"""What is body text and what is furniture."""

import json

import html_pages
import pytest
from html_pages import HEADLINE, PARAGRAPHS

from newscrawl.extract.html import extract_html


def texts(page: bytes) -> list[str]:
    return [block.text for block in extract_html(page).paragraphs]


@pytest.mark.parametrize("system", html_pages.ALL)
def test_every_paragraph_is_kept_in_order_whatever_the_system(system: str) -> None:
    found = texts(html_pages.ALL[system])
    assert [text for text in found if text in PARAGRAPHS] == list(PARAGRAPHS)


@pytest.mark.parametrize("system", html_pages.ALL)
@pytest.mark.parametrize(
    "furniture",
    [
        "Advertisement",
        "3 min read",
        "Home",
        "Share this",
        "Related",
        "Recent Posts",
        "Bridge closed",
        "Most read",
        "Unsubscribe",
        "powered by",
        "worse than they say",
        "The dam in June",
        HEADLINE,
    ],
)
def test_no_furniture_is_in_the_body(system: str, furniture: str) -> None:
    assert furniture not in extract_html(html_pages.ALL[system]).article_body


def test_subheads_lists_and_quotes_keep_their_kind() -> None:
    kinds = [block.kind for block in extract_html(html_pages.WORDPRESS).paragraphs]
    assert kinds == [*["paragraph"] * 5, "subhead", "paragraph", "list-item", "list-item", "quote"]


def test_body_is_paragraphs_joined_by_blank_lines() -> None:
    page = extract_html(html_pages.GHOST)
    assert page.article_body == "\n\n".join(PARAGRAPHS)


def test_what_is_left_out_is_named_with_a_reason() -> None:
    reasons = {item.text: item.reason for item in extract_html(html_pages.WORDPRESS).furniture}
    assert reasons[HEADLINE] == "headline"
    assert reasons["The dam in June. Photo: Marat Iskakov"] == "caption"
    assert reasons["Canal repairs start in spring"] == "navigation"
    assert reasons["News Sport"] == "navigation"
    assert reasons["Proudly powered by WordPress"] == "navigation"


def test_text_set_in_a_bare_div_with_line_breaks_is_split_into_paragraphs() -> None:
    body = "<br><br>\n".join(PARAGRAPHS)
    page = (
        f"<html><body><div id='menu'><a href='/'>Home</a> | <a href='/n'>News</a></div>"
        f"<h1>{HEADLINE}</h1><div class='text'>{body}</div></body></html>"
    )
    assert texts(page.encode()) == list(PARAGRAPHS)


def test_a_lead_outside_the_main_container_is_kept() -> None:
    page = f"""<html><body><main><article><header><h1>{HEADLINE}</h1>
    <p class="article-lead">{PARAGRAPHS[0]}</p></header><div class="article-body">
    {"".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])}</div></article></main></body></html>"""
    assert texts(page.encode()) == list(PARAGRAPHS)


def _with_between_paragraphs(markup: str) -> bytes:
    return f"""<html><body><article><h1>{HEADLINE}</h1><div class="entry-content">
    {f"{markup} ".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</div></article></body></html>""".encode()


SENTENCE = "Herons stand on the dry bank below the lower gate, a sight that nobody here remembers."


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (f'<p class="photoCaption">{SENTENCE}</p>', "caption"),
        (f"<figure><figcaption><p>{SENTENCE}</p></figcaption></figure>", "caption"),
        (f'<p class="text visually-hidden">{SENTENCE}</p>', "hidden"),
        (f'<div class="sr-only"><p>{SENTENCE}</p></div>', "hidden"),
        (f'<div id="onetrust-consent-sdk"><p>{SENTENCE}</p></div>', "hidden"),
        (f'<div class="kg-card kg-signup-card"><p>{SENTENCE}</p></div>', "boilerplate"),
        (f'<div class="jp-relatedposts"><p>{SENTENCE}</p></div>', "boilerplate"),
        (f'<blockquote class="twitter-tweet"><p>{SENTENCE}</p></blockquote>', "boilerplate"),
    ],
)
def test_what_its_markup_says_outright_is_no_body_text(markup: str, reason: str) -> None:
    page = extract_html(_with_between_paragraphs(markup))
    assert [block.text for block in page.paragraphs] == list(PARAGRAPHS)
    assert {item.reason for item in page.furniture if item.text == SENTENCE} == {reason}


@pytest.mark.parametrize("name", ["story", "not-sr-only", "consent"])
def test_the_same_sentence_under_another_name_is_body_text(name: str) -> None:
    page = extract_html(_with_between_paragraphs(f'<p class="{name}">{SENTENCE}</p>'))
    assert SENTENCE in page.article_body


def test_a_class_called_paywall_does_not_hide_text() -> None:
    assert texts(html_pages.ARC) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh",
            "水库的水位在星期二又下降了四厘米，水务局表示，下游三个山谷的农民今年的灌溉季节将比去年更短。",
        ),
        (
            "ja",
            "水道局によると、火曜日に貯水池の水位がさらに四センチ下がり、農家は短い灌漑期を覚悟するよう求められた。",
        ),
        ("th", "ระดับน้ำในอ่างเก็บน้ำลดลงอีกสี่เซนติเมตรเมื่อวันอังคารและเกษตรกรในหุบเขาทั้งสามได้รับแจ้งให้เตรียมตัว"),
    ],
)
def test_scripts_without_spaces_are_body_text_too(language: str, sentence: str) -> None:
    expected = [sentence + str(number) + ("。" if language != "th" else "") for number in range(5)]
    page = f"""<html lang="{language}"><head><meta charset="utf-8"></head><body>
    <ul class="menu"><li><a href="/">首</a></li><li><a href="/b">文</a></li></ul>
    <article><h1>{sentence[:12]}</h1><div class="article-content">
    {"".join(f"<p>{text}</p>" for text in expected)}</div></article></body></html>"""
    assert texts(page.encode()) == expected


def test_a_table_row_is_one_block() -> None:
    rows = "".join(f"<tr><td>Gauge {n}</td><td>{n}.4 m below the mark</td></tr>" for n in range(3))
    page = f"""<html><body><article><h1>{HEADLINE}</h1><div class="entry-content">{
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:3])
    }<table><tbody>{rows}</tbody></table>
        <p>{PARAGRAPHS[3]}</p><p>{PARAGRAPHS[4]}</p></div></article></body></html>"""
    rows_found = [b.text for b in extract_html(page.encode()).paragraphs if b.kind == "table-row"]
    assert rows_found == [f"Gauge {n} {n}.4 m below the mark" for n in range(3)]


def test_a_paragraph_printed_twice_counts_once() -> None:
    page = html_pages.GHOST.replace(
        b'<div class="kg-card', f"<p>{PARAGRAPHS[0]}</p>".encode() + b'<div class="kg-card', 1
    )
    assert texts(page).count(PARAGRAPHS[0]) == 1


def test_json_ld_gives_the_body_where_the_page_shows_none() -> None:
    body = "\\n\\n".join(PARAGRAPHS).replace('"', "'")
    page = f"""<html><head><script type="application/ld+json">{{"@type":"NewsArticle",
    "headline":"{HEADLINE}","articleBody":"{body}"}}</script></head><body><div id="root"></div></body></html>"""
    found = extract_html(page.encode())
    assert [block.text for block in found.paragraphs] == list(PARAGRAPHS)
    assert found.extracted_by["article_body"] == "json-ld"


def _with_a_script(content: str, kind: str = "article") -> bytes:
    return _with_state({"title": HEADLINE, "contentHtml": content}, kind=kind)


def _with_state(state: object, script: str = "window.state = {};", kind: str = "article") -> bytes:
    written = json.dumps(state).replace("<", "\\u003c")
    return f"""<html><head><title>{HEADLINE}</title><meta property="og:type" content="{kind}"></head>
    <body><div id="root"></div><script>{script.replace("{}", written)}</script></body></html>""".encode()


def test_html_in_a_script_gives_the_body_where_the_page_shows_none() -> None:
    content = "".join(f'<p class="text">{text}</p>' for text in PARAGRAPHS)
    figure = "<figure><figcaption>The dam in June</figcaption></figure>"
    assert texts(_with_a_script(figure + content)) == list(PARAGRAPHS)
    assert texts(_with_a_script(content, "website")) == []


OWN = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
OTHER = (
    "<p>The ferry to the northern islands will run twice a day from May, said its owner.</p>" * 20
)


@pytest.mark.parametrize(
    "state",
    [
        {
            "article": {"title": HEADLINE, "html": OWN},
            "more": [{"title": "Ferries", "html": OTHER}],
        },
        {"more": [{"headline": "Ferry fares", "html": OTHER}], "a": {"name": HEADLINE, "b": OWN}},
        {"title": HEADLINE, "blocks": [{"type": "p", "text": text} for text in PARAGRAPHS]},
        {"title": HEADLINE, "body": [{"data": {"text": f"<p>{text}</p>"}} for text in PARAGRAPHS]},
        {
            "title": HEADLINE,
            "blocks": [
                {"name": "core/paragraph", "innerHTML": f"<p>{text}</p>"} for text in PARAGRAPHS
            ],
        },
        {"post": {"slug": "reservoir-falls", "html": OWN}, "next": {"slug": "x", "html": OTHER}},
        [
            {
                "page": {
                    "title": HEADLINE,
                    "data": {"related": [{"title": "Ferries on", "t": OTHER}], "t": OWN},
                }
            }
        ],
    ],
)
@pytest.mark.parametrize("script", ["window.state = {};", "{}", "self.push({})"])
def test_of_a_script_only_the_text_of_the_own_article_is_taken(state: object, script: str) -> None:
    page = _with_state(state, script)
    found = extract_html(page, url="https://valleypost.example/2024/reservoir-falls/")
    assert [block.text for block in found.paragraphs] == list(PARAGRAPHS)
    assert found.extracted_by["article_body"] == "script"


@pytest.mark.parametrize(
    "state", [{"more": [{"title": "Ferries", "html": OTHER}]}, {"html": OTHER}, {}, [OTHER]]
)
def test_another_article_in_a_script_is_not_taken(state: object) -> None:
    assert texts(_with_state(state)) == []


def test_in_a_script_that_is_no_json_the_text_follows_its_headline() -> None:
    script = f'f(a,b){{return {{x:a,title:"{HEADLINE}",content:{json.dumps(OWN)}}}}};g({json.dumps(OTHER)})'
    assert texts(_with_state({}, script)) == list(PARAGRAPHS)


def test_further_articles_beside_the_first_are_left_out() -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"""<body><main><article><h1>{HEADLINE}</h1>{own}</article>
    <article><h1>Ferries to run twice a day</h1>{OTHER}</article></main></body>"""
    assert texts(page.encode()) == list(PARAGRAPHS)


def test_parts_of_one_article_with_headings_of_its_own_rank_stay() -> None:
    own = "".join(
        f"<article><h1>Part {n}</h1><p>{text}</p></article>" for n, text in enumerate(PARAGRAPHS)
    )
    page = f"<body><main><article><h1>{HEADLINE}</h1>{own}</article></main></body>"
    assert set(PARAGRAPHS) <= set(texts(page.encode()))


@pytest.mark.parametrize("name", ["modal-open", "popup-open", "comments-open", "newsletter-popup"])
def test_a_class_of_what_holds_the_whole_page_costs_no_text(name: str) -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = (
        f"<body class='{{0}}'><div class='{{0}}'><main><h1>{HEADLINE}</h1>{own}</main></div></body>"
    )
    assert texts(page.format(name).encode()) == texts(page.format("").encode()) != []


def test_readings_of_ruby_and_invisible_marks_are_not_read() -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<body><h1>{HEADLINE}</h1>{own}<p><ruby>港<rp>（</rp><rt>みなと</rt><rp>）</rp></ruby>の\u200b委\u2060員会は、{{}}</p></body>"
    found = texts(page.replace("{}", "桟橋を再建することを決めた。" * 5).encode())
    assert found[-1].startswith("港の委員会は、桟橋")


@pytest.mark.parametrize(
    "word",
    [
        "<ruby><rb>港</rb><rp>（</rp><rt>みなと</rt><rp>）</rp></ruby>",
        "<ruby><rb>港</rb><rtc><rt>みなと</rt></rtc></ruby>",
        "<ruby><rbc><rb>港</rb></rbc><rtc><rp>（</rp><rt>みなと</rt><rp>）</rp></rtc></ruby>",
    ],
)
def test_the_base_of_ruby_breaks_no_line_in_any_of_its_forms(word: str) -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    rest = "桟橋を再建することを決めた。" * 5
    page = f"<body><h1>{HEADLINE}</h1>{own}<p>北{word}の委員会は、{rest}</p></body>"
    assert texts(page.encode())[-1] == f"北港の委員会は、{rest}"


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="big">{0}</div><p>{1}</p>',
        "<p>{0}</p><div><p>{1}</p></div>",
        '<p><span style="float: left; display: block">{0}</span>{1}</p>',
        '<p><span style="display: block">{0}</span>{1}</p>',
    ],
)
@pytest.mark.parametrize("mark", ["", "“"])
def test_a_first_letter_in_a_box_of_its_own_is_part_of_its_word(opening: str, mark: str) -> None:
    first, *others = PARAGRAPHS
    own = opening.format(mark + first[0], first[1:]) + "".join(f"<p>{text}</p>" for text in others)
    page = f"<body><article><h1>{HEADLINE}</h1><div>{own}</div></article></body>"
    assert texts(page.encode()) == [mark + first, *others]


def test_a_letter_above_another_sentence_stays_apart() -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<body><article><h1>{HEADLINE}</h1><p>A</p>{own}</article></body>"
    assert texts(page.encode())[-len(PARAGRAPHS) :] == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("start", "between"),
    [
        ('<span style="display:block">', ""),
        ('<span class="line" style="margin: 0; DISPLAY: Block">', " "),
        ('<span class="line">', ""),  # a sheet says so, or sentences would stick together
    ],
)
def test_spans_that_are_set_as_blocks_are_paragraphs(start: str, between: str) -> None:
    own = between.join(f"{start}{text}</span>" for text in PARAGRAPHS)
    page = f"<body><article><h1>{HEADLINE}</h1><div>{own}</div></article></body>"
    assert texts(page.encode()) == list(PARAGRAPHS)


def test_spans_with_a_space_between_them_are_one_paragraph() -> None:
    own = " ".join(f'<span class="s">{text}</span>' for text in PARAGRAPHS)
    page = f"<body><article><h1>{HEADLINE}</h1><p>{own}</p></article></body>"
    assert texts(page.encode()) == [" ".join(PARAGRAPHS)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The new shop stands at the corner of Harbour Lane and 1st St.",
            ", and its owners mean to keep it open until the pier is finished in the autumn.",
        ),
        (
            "港湾委員会は桟橋を再建することを決めた。" * 4,
            "工事は一年半かかり、費用は約九百万である。" * 4,
        ),
    ],
)
def test_spans_within_a_sentence_or_without_capitals_are_one_paragraph(
    first: str, second: str
) -> None:
    own = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    last = f'<p><span class="s">{first}</span><span class="s">{second}</span></p>'
    page = f"<body><article><h1>{HEADLINE}</h1>{own}{last}</article></body>"
    assert texts(page.encode())[-1] == first + second


def test_html_in_a_script_is_not_looked_for_where_the_page_shows_a_body() -> None:
    page = _with_between_paragraphs("").replace(
        b"</body>", _with_a_script(f"<p>{SENTENCE}</p>" * 20).partition(b"<body>")[2]
    )
    assert texts(page) == list(PARAGRAPHS)


def test_a_site_can_declare_where_the_body_is() -> None:
    page = extract_html(
        html_pages.WORDPRESS,
        body_selectors=[".comment-content"],
    )
    assert page.article_body.startswith("I saw the gates this morning")
    assert page.extracted_by["article_body"] == "site"
    assert page.headline == HEADLINE


def test_a_site_can_exclude_parts() -> None:
    page = extract_html(
        html_pages.WORDPRESS,
        body_selectors=[".entry-content"],
        exclude=["figure", ".sharedaddy", "#jp-relatedposts"],
    )
    assert page.article_body.startswith(PARAGRAPHS[0])
    assert "Related" not in page.article_body
    without_quote = extract_html(html_pages.WORDPRESS, exclude=["blockquote"])
    assert "Water is not ours" not in without_quote.article_body


def test_a_selector_that_is_not_css_is_refused() -> None:
    with pytest.raises(ValueError, match="bad CSS selector"):
        extract_html(html_pages.WORDPRESS, exclude=["p[["])


def test_scripts_in_navigation_are_no_furniture() -> None:
    page = (
        b"<body><nav>News<script>var a = 1;</script><ul><li>Sport</li></ul></nav><p>Text</p></body>"
    )
    assert ("News Sport", "navigation") in extract_html(page).furniture


TEXT = [
    f"The board weighed the {part} plan for two hours and heard from owners of boats who want it moved."
    for part in ("first", "second", "third", "fourth")
]


def page_of(
    body: str, head: str = "", address: str = "https://quay.example/2024/12/quay"
) -> list[str]:
    html = f"<html><head><title>Quay plan goes back</title>{head}</head><body><main>{body}</main></body></html>"
    return [block.text for block in extract_html(html.encode(), url=address).paragraphs]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("around", ["<div class=next>{}</div>", "{}"])
def test_an_article_that_follows_under_a_heading_that_leads_to_it_is_another(around: str) -> None:
    others = [text.replace("plan", "fair") for text in TEXT]
    other = f'<div class=story><h1><a href="/2024/12/fair">Fair opens</a></h1><div>{paragraphs(others)}</div></div>'
    own = f"<div><h1>Quay plan goes back</h1><div>{paragraphs(TEXT)}</div></div>"
    assert page_of(own + around.format(other * 2)) == TEXT


def test_a_heading_that_leads_to_the_page_itself_or_above_all_text_is_no_other() -> None:
    own = f'<h1><a href="/2024/12/quay">Quay plan goes back</a></h1>{paragraphs(TEXT)}'
    assert page_of(f'<h1><a href="/">The Quay Herald</a></h1>{own}') == TEXT


@pytest.mark.parametrize("name", ["promo", "block-promo wide", "advertorial-box"])
def test_a_box_that_its_markup_calls_a_promotion_is_no_text(name: str) -> None:
    box = f"<div class='{name}'><div><p>The Quay Club just got better! Three boats and a store discount.</p></div></div>"
    assert (
        page_of(f"<article><h1>Quay plan goes back</h1>{box}{paragraphs(TEXT)}</article>") == TEXT
    )


def test_an_article_of_promotions_stays() -> None:
    text = (
        f"<article><h1>Quay plan goes back</h1><div class=promo>{paragraphs(TEXT)}</div></article>"
    )
    assert page_of(text) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "<p class=tagline>Ada Berg is a reporter at the Herald.</p>",
        "<p><em>Ada Berg writes on ports and ships.</em></p>",
        "<p>Ada Berg reports for the Herald; write to her at ada@quay.example.</p>",
    ],
)
def test_a_last_line_about_the_author_that_is_set_apart_is_no_text(line: str) -> None:
    author = "<meta name=author content='Ada Berg'>"
    assert (
        page_of(f"<article><h1>Quay plan goes back</h1>{paragraphs(TEXT)}{line}</article>", author)
        == TEXT
    )


def test_a_last_paragraph_that_tells_of_the_author_as_the_others_do_stays() -> None:
    last = "Ada Berg asked the board for its figures and was told on Friday that there were none."
    author = "<meta name=author content='Ada Berg'>"
    found = page_of(
        f"<article><h1>Quay plan goes back</h1>{paragraphs([*TEXT, last])}</article>", author
    )
    assert found == [*TEXT, last]


def test_a_lower_heading_that_is_the_longest_part_of_the_title_is_the_headline() -> None:
    html = (
        "<title>Herald :: Print :: Quay plan goes back to the board</title>"
        f"<h2>Quay plan goes back to the board</h2>{paragraphs(TEXT)}"
    )
    assert extract_html(html.encode()).headline == "Quay plan goes back to the board"
