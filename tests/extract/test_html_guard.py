"""What would take the parser minutes is cut where it does harm; nothing else is touched."""

import random
import time

import html_pages
import pytest

from newscrawl.extract.html import extract_html, parse_html
from newscrawl.extract.html.guard import MAX_DEPTH, MAX_NODES, MAX_TAG_ATTRIBUTES, bounded
from newscrawl.extract.html.tree import parse

N = 20_000


def depth_and_elements(body: bytes) -> tuple[int, int]:
    """How deep the parser really nests a page, and how many elements it makes."""
    node = parse(body).root
    depth = deepest = elements = 0
    while node is not None:
        elements += node.is_element_node
        if node.first_child is not None:
            node = node.first_child
            depth += 1
            deepest = max(deepest, depth)
            continue
        while node is not None and node.next is None:
            node = node.parent
            depth -= 1
        node = node.next if node is not None else None
    return deepest, elements


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<div>" * N + b"<p>x" + b"</div>" * N, id="balanced"),
        pytest.param(b"</i>" * N + b"<div>" * N, id="end tags first"),
        pytest.param(b"<div></i></b></u>" * N, id="end tags of others"),
        pytest.param(b"<div><table><tr><td></div>" * N, id="end tags behind a cell"),
        pytest.param(b"<span><div></span>" * N, id="inline ends behind a block"),
        pytest.param(b"<svg><desc><div></svg>" * N, id="in SVG"),
        pytest.param(
            b"<math><annotation-xml encoding='text&#47;html'><p></math>" * N, id="in MathML"
        ),
        pytest.param(b"<!--><div></div --><div>-->" * N, id="comments that end at once"),
        pytest.param(b'<a ="></a><div>">' * N, id="a quote that is a name"),
        pytest.param(b"<a title=it's><div>" * N, id="a quote in a value"),
        pytest.param(
            b"<script><!--<script></script> <!-- </script><div>" * N, id="a script in a script"
        ),
        pytest.param(b"<svg><style><!--</style><div>" * N, id="a style that is none"),
        pytest.param(b"<object></form><form>" * N, id="forms that are forgotten"),
        pytest.param(
            b"<p>" + b"".join(b"<b id=%d>" % n for n in range(N)) + b"<p>x" * N, id="bold"
        ),
        pytest.param(
            b"<div>" + b"".join(b"<p><u id=%d>x" % n for n in range(N)), id="new in each paragraph"
        ),
        pytest.param(b"<a href=x><div>" * N, id="links around blocks"),
        pytest.param(b"<table><font>" * N, id="beside tables"),
        pytest.param(b"<ruby><rt>" * N, id="ruby"),
        pytest.param(b"<select><div>" * N, id="select"),
    ],
)
def test_no_page_nests_deep_or_grows(body: bytes) -> None:
    start = time.process_time()
    page = bounded(body)
    depth, elements = depth_and_elements(page.body)
    assert depth < 3 * MAX_DEPTH
    assert elements < 2 * MAX_NODES
    assert page.cut == len(body) - len(page.body)
    extract_html(body)
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "tag",
    [
        b"<div " + b" ".join(b"a%d" % n for n in range(N)) + b">",
        b"<div " + b" ".join(b'a%d=">"' % n for n in range(N)) + b">",
    ],
)
def test_attributes_that_are_too_many_go_and_the_page_stays(tag: bytes) -> None:
    page = bounded(b"<p>before" + tag + b"after")
    assert page.cut == 0
    assert page.body.endswith(b">after")
    node = parse(page.body).css_first("div")
    assert node is not None
    assert len(node.attributes) == MAX_TAG_ATTRIBUTES


FILLER = b"<li class='a'><a href='/b'>c</a></li>" * 3_000  # so that the page is looked at


@pytest.mark.parametrize(
    "piece",
    [
        b"<!-- " + b"<div>" * N + b" -->",
        b"<script>'" + b"<div>" * N + b"'</script>",
        b"<style>" + b"<b>" * N + b"</style>",
        b"<textarea>" + b"<b>" * N + b"</textarea>",
        b"<title>" + b"<b>" * N + b"</title>",
        b'<div data-html="' + b"<div>" * N + b'"></div>',
        b"<div data-html='" + b"<div>" * N + b"'></div>",
        b"<svg>" + b"<path d='M0'/>" * N + b"</svg>",
        b"<svg><title>x</title>" + b"<g><path d='M0'></path></g>" * N + b"</svg>",
        b"<table>" + b"<tr><td><font size=1>x</td><td><b>y" * 5_000 + b"</table>",
        b"<p>a<p>b" * N,
        b"<ul>" + b"<li>a" * N + b"</ul>",
        b"<dl>" + b"<dt>a<dd>b" * N + b"</dl>",
        b"<select>" + b"<option>a" * N + b"</select>",
        b"<ruby>a" + b"<rt>b" * 300 + b"</ruby>",
        b"<p><b>x</p>" * 400 + b"</b>",
        b"<div><span>a</div>" * N,
        b"<h2>a<h2>b" * N,
        b"</div>" * N + b"</b>" * N,
    ],
)
def test_what_only_looks_deep_is_not_touched(piece: bytes) -> None:
    body = b"<body>" + FILLER + piece + b"<p>The end</p>"
    assert bounded(body) == (body, 0)


@pytest.mark.parametrize("system", html_pages.ALL)
def test_an_ordinary_page_is_not_touched(system: str) -> None:
    body = html_pages.ALL[system]
    assert bounded(body) == (body, 0)
    large = FILLER + body
    assert bounded(large) == (large, 0)


def test_a_document_says_how_much_was_cut() -> None:
    assert parse_html(b"<p>x").cut == 0
    deep = b"<p>x" + b"<div>" * N
    document = parse_html(deep)
    assert document.cut == len(deep) - len(document.body) > 0
    assert parse_html(b"<p>" + b"x" * 3_500_000).cut == 500_003


NAMES = (  # noqa: SIM905  # a list would fill the page
    "div p span b i a font table tr td th ul li dd h1 button select option template svg g desc"
    " foreignObject math mi form object rt ruby style section em"
).split()
OTHERS = ["x", "<!--", "-->", "<!-->", "<b id=%d>", "<i title='%d>'>", "<svg/>", "<g/>", "</p>", '<a ="><p>']  # fmt: skip


def soup(chance: random.Random) -> bytes:
    """The same few tags over and over, as an attack has them."""
    names = chance.sample(NAMES, chance.choice((2, 3, 5)))
    unit = "".join(
        chance.choice(
            (f"<{chance.choice(names)}>", f"</{chance.choice(names)}>", chance.choice(OTHERS))
        )
        for _ in range(chance.choice((2, 4, 7, 11)))
    )
    return "".join(unit.replace("%d", str(number)) for number in range(9_000)).encode()


@pytest.mark.parametrize("seed", range(40))
def test_no_order_of_tags_gets_past_the_guard(seed: int) -> None:
    body = soup(random.Random(seed))  # noqa: S311  # no secret
    depth, elements = depth_and_elements(bounded(body).body)
    assert depth < 3 * MAX_DEPTH
    assert elements < 2 * MAX_NODES
