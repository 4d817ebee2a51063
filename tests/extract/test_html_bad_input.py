"""No input, however broken, takes long, takes much memory or raises."""

import random
import time

import html_pages
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.extract.html import HtmlPage, extract_html

LIMIT_SECONDS = 2.0
MUTATIONS = 10_000
MIB = 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0" * 1000, id="nul"),
        pytest.param(b'{"headline": "not a page", "body": [1, 2, {}]}', id="json"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 500, id="pdf"),
        pytest.param(b"\xff\xfe", id="byte order mark alone"),
        pytest.param(b"<html><frameset><frame src=a><frame src=b></frameset></html>", id="frames"),
        pytest.param(b"<div>" * (50 * MIB // 5), id="50 MB of nested tags"),
        pytest.param(b"<ul><li>" * (2 * MIB), id="nested lists"),
        pytest.param(b"<b><p><i><font>" * MIB, id="nested formatting"),
        pytest.param(b"<table><tr><td>" * MIB, id="nested tables"),
        pytest.param(
            b"<div " + b" ".join(b"a%d=%d" % (n, n) for n in range(MIB)) + b">x</div>",
            id="a million attributes",
        ),
        pytest.param(b"<p>" + b"<a href=x>" * MIB, id="a million links"),
        pytest.param(b"<p>short " * MIB, id="a million paragraphs"),
        pytest.param(
            b"<meta property=og:type content=article><script>" + b'\\"' * MIB + b"</script>",
            id="a string that never ends",
        ),
        pytest.param(
            b"<p>" + b"words of a story " * 40 + b"<img src=a/b/../c.jpg>" * (MIB // 8),
            id="too many pictures",
        ),
        pytest.param(b"<html><body><p>" + b"word " * (4 * MIB), id="one long paragraph"),
        pytest.param(
            b'<script type="application/ld+json">' + b"[" * MIB + b"</script>", id="nested json"
        ),
        pytest.param(b'<script type="application/ld+json">{"a":' * 20_000, id="unclosed json"),
        pytest.param(b"<title>" + b"a - " * MIB, id="long title"),
        pytest.param(b"<h1><a href=/>x</a></h1>" * MIB, id="a million mastheads"),
        pytest.param(
            b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"'
            + b"a - b " * (MIB // 7)
            + b'"}</script><h1>x</h1>',
            id="long headline",
        ),
        pytest.param(
            b"<meta name=author content='" + b"a, b and " * 100_000 + b"'>", id="many authors"
        ),
        pytest.param(b"<p class='" + b"byline " * 100_000 + b"'>By</p>", id="long class"),
        pytest.param(b"<p class=date>" + b"1.1." * 100_000 + b"</p>", id="date-like text"),
        pytest.param(b"<a href='" + b"/author" * 50_000 + b"'>By Me</a>" * 2, id="long address"),
        pytest.param(b"<p class=byline>By Me<b>" + b"<br>| " * 20_000, id="bars in a byline"),
        *(
            pytest.param(
                b'<script type="application/ld+json">x' + run * 50_000 + b"x</script>",
                id=f"broken json with many {run!r}",
            )
            for run in (b" ", b"\n", b"/*", b"//\n", b"//", b";", b", ", b'"')
        ),
        *(
            pytest.param(
                b'<script type="application/ld+json">{"@type":"NewsArticle","author":['
                + b",".join([b'"A@' + run * 5_000 + b' 1"'] * 100)
                + b"]}</script>",
                id=f"authors of many {run!r}",
            )
            for run in (b"a", b",", b"(", b"a@", b"a,", b"1", b"By ", b"and ", b"www")
        ),
        pytest.param(b"<!--" * MIB, id="comments"),
        pytest.param(b"<" * (8 * MIB), id="less-than signs"),
        pytest.param(b"&amp" * (2 * MIB), id="references"),
    ],
)
def test_bad_pages_end_in_time(body: bytes) -> None:
    start = time.process_time()
    page = extract_html(body, url="https://a.example/")
    elapsed = time.process_time() - start
    assert isinstance(page, HtmlPage)
    assert elapsed < LIMIT_SECONDS


@pytest.mark.parametrize("system", html_pages.ALL)
def test_a_page_cut_anywhere_is_read(system: str) -> None:
    body = html_pages.ALL[system]
    for end in range(0, len(body), 97):
        assert isinstance(extract_html(body[:end]), HtmlPage)


def test_a_page_cut_in_its_last_paragraph_keeps_the_others() -> None:
    body = html_pages.GHOST
    cut = body.index(html_pages.PARAGRAPHS[4].encode()) + 40
    found = [block.text for block in extract_html(body[:cut]).paragraphs]
    assert found[:4] == list(html_pages.PARAGRAPHS[:4])


def mutate(body: bytes, chance: random.Random) -> bytes:
    """Change a page in one to four ways: bytes flipped, pieces dropped, doubled, moved, put in."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 2, 5, 30, 400)))
        way = chance.randrange(6)
        if way == 0:
            data[start] = chance.randrange(256)
        elif way == 1:
            del data[start:end]
        elif way == 2:
            data[start:start] = data[start:end] * chance.choice((1, 3, 20))
        elif way == 3:
            data[start:start] = chance.choice(FRAGMENTS)
        elif way == 4:
            piece = bytes(data[start:end])
            del data[start:end]
            target = chance.randrange(len(data) + 1)
            data[target:target] = piece
        else:
            data[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
    return bytes(data)


FRAGMENTS = (
    b"</div>", b"<div hidden>", b"<p>", b"</p></p>", b"<table>", b"<!--", b"-->", b"<script>",
    b"</script>", b"<svg>", b"<template>", b'"', b"'", b">", b"<", b"\0", b"&#0;", b"&#x110000;",
    b"\xff\xfe", b"<meta charset=utf-16>", b"<meta charset=shift_jis>", b'{"@graph":[', b"]]>",
    b'"@id":"#a"', b"2024-99-99T99:99:99+99:99", b"http://[", b"<base href='http://['>",
    b"<frameset>", b"<h1></h1>", b"<time datetime=99999999999>", b"<a rel=author href='//['>x</a>",
)  # fmt: skip


def test_ten_thousand_mutations_raise_nothing() -> None:
    chance = random.Random(20240716)  # noqa: S311  # no secret
    pages = list(html_pages.ALL.values())
    for number in range(MUTATIONS):
        body = mutate(pages[number % len(pages)], chance)
        assert isinstance(extract_html(body, url="https://a.example/2024/07/16/x"), HtmlPage), (
            number
        )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=2000),
    st.one_of(st.none(), st.text(max_size=50)),
    st.one_of(st.none(), st.text(max_size=50)),
)
def test_any_bytes_address_and_header_give_a_page(
    body: bytes, url: str | None, header: str | None
) -> None:
    assert isinstance(extract_html(body, url=url, content_type=header), HtmlPage)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@graph",
                        "@id",
                        "author",
                        "name",
                        "headline",
                        "datePublished",
                        "publisher",
                        "keywords",
                        "articleSection",
                        "isAccessibleForFree",
                        "articleBody",
                        "inLanguage",
                        "itemListElement",
                        "mainEntityOfPage",
                        "url",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_ld_gives_a_page(value: object) -> None:
    import json

    script = json.dumps(
        {"@type": "NewsArticle", "x": value, **(value if isinstance(value, dict) else {})}
    )
    page = f'<script type="application/ld+json">{script}</script><p>Text</p>'
    assert isinstance(extract_html(page.encode("utf-8", "replace")), HtmlPage)
