"""The next page of a listing, in every form that sites give it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery.pages import is_calendar_address, next_pages, page_parts
from newscrawl.extract.html import parse_html

TAG = "https://coast.example/tag/vik"


def following(html, url=TAG, **options):
    found = next_pages(parse_html(html.encode(), url=url), url, **options)
    assert all(page.role == "listing" for page in found)
    assert len(found) <= 1
    return found[0].url if found else None


def row(template, *numbers, own=None):
    """A row of page numbers, the own one without link."""
    return "".join(
        f"<b>{n}</b>" if n == own else f"<a href='{template.format(n)}'>{n}</a> " for n in numbers
    )


@pytest.mark.parametrize(
    ("url", "html", "expected"),
    [
        pytest.param(TAG, "<link rel=next href='/tag/vik?page=2'>", "/tag/vik?page=2", id="link rel=next"),
        pytest.param(TAG, "<a rel='next nofollow' href='/tag/vik/2'>x</a>", "/tag/vik/2", id="a rel=next"),
        pytest.param(TAG, row("/tag/vik/page/{}/", 1, 2, 3, 9, own=1), "/tag/vik/page/2/", id="path"),
        pytest.param(f"{TAG}/page/2/", row("/tag/vik/page/{}/", 1, 2, 3, 9, own=2), "/tag/vik/page/3/", id="path, second"),
        pytest.param(f"{TAG}/", row("/tag/vik?page={}", 1, 2, 3), "/tag/vik?page=2", id="?page="),
        pytest.param(f"{TAG}?page=2", row("/tag/vik?page={}", 1, 2, 3), "/tag/vik?page=3", id="?page=, second"),
        pytest.param("https://coast.example/?cat=4", row("/?cat=4&paged={}", 2, 3), "/?cat=4&paged=2", id="?paged="),
        pytest.param("https://coast.example/?paged=2&cat=4", row("/?cat=4&paged={}", 1, 2, 3), "/?cat=4&paged=3", id="?paged=, second"),
        pytest.param(TAG, row("/tag/vik?p={}", 1, 2, 3), "/tag/vik?p=2", id="?p="),
        pytest.param(TAG, row("/tag/vik/{}/", 1, 2, 3), "/tag/vik/2/", id="/2/"),
        pytest.param(f"{TAG}/2/", row("/tag/vik/{}/", 1, 2, 3), "/tag/vik/3/", id="/2/, second"),
        pytest.param(f"{TAG}.html", row("/tag/vik-{}.html", 2, 3), "/tag/vik-2.html", id="-2.html"),
        pytest.param(TAG, row("/tag/vik;page={}", 1, 2), "/tag/vik;page=2", id=";page="),
        pytest.param(TAG, row("/tag/vik/seite-{}.html", 2, 3), "/tag/vik/seite-2.html", id="a file for each page"),
        pytest.param(TAG, row("/tag/vik-p{}", 2, 3), "/tag/vik-p2", id="-p2"),
        pytest.param(f"{TAG}-p2", row("/tag/vik-p{}", 1, 2, 3), "/tag/vik-p3", id="-p2, second"),
        pytest.param(f"{TAG}/", row("/tag/vik/list_{}.shtml", 2, 3), "/tag/vik/list_2.shtml", id="list_2.shtml"),
        pytest.param(f"{TAG}/list_2.shtml", row("/tag/vik/list_{}.shtml", 2, 3), "/tag/vik/list_3.shtml", id="list_2.shtml, second"),
        pytest.param(TAG, row("/tag/vik?blatt={}", 2, 3), "/tag/vik?blatt=2", id="a parameter of its own"),
        pytest.param(f"{TAG}.html", row("/tag/vik/seite-{}.html", 2, 3), "/tag/vik/seite-2.html", id="seite-2.html"),
        pytest.param(TAG, "<a href='?page=0'>1</a><a href='?page=1'>2</a><a href='?page=2'>3</a>", "/tag/vik?page=1", id="counts from 0"),
        pytest.param(f"{TAG}?page=1", "<a href='?page=0'>1</a><a href='?page=2'>3</a>", "/tag/vik?page=2", id="counts from 0, second"),
        pytest.param(TAG, "<a href='?start=20'>3</a><a href='?start=10'>2</a>", "/tag/vik?start=10", id="offset"),
        pytest.param(f"{TAG}?start=10", "<a href='?start=0'>1</a><a href='?start=20'>3</a>", "/tag/vik?start=20", id="offset, second"),
        pytest.param(TAG, "<a href='/tag/vik?90c7_page=2'>Next</a>", "/tag/vik?90c7_page=2", id="Webflow"),
        pytest.param(TAG, "<a href='/tag/vik?updated-max=2024-11-05&max-results=20'>Older Posts</a>", "/tag/vik?updated-max=2024-11-05&max-results=20", id="Blogger"),
        pytest.param(TAG, "<a href='/tag/vik?page=2'>« Older posts</a>", "/tag/vik?page=2", id="older, arrow back"),
        pytest.param(TAG, "<a href='/tag/vik?before=77'>Ältere Beiträge →</a>", "/tag/vik?before=77", id="German"),
        pytest.param(TAG, "<a href='/tag/vik?after=77'>Следующая</a>", "/tag/vik?after=77", id="Russian"),
        pytest.param(TAG, "<a href='/tag/vik?cursor=77'>次へ</a>", "/tag/vik?cursor=77", id="Japanese"),
        pytest.param(TAG, "<a href='/tag/vik?after=77'>›</a>", "/tag/vik?after=77", id="arrow"),
        pytest.param(TAG, "<html dir=rtl><a href='/tag/vik?after=77'>‹</a>", "/tag/vik?after=77", id="arrow, right to left"),
        pytest.param(TAG, "<a href='/tag/vik?after=77' aria-label='Next page'><svg></svg></a>", "/tag/vik?after=77", id="aria-label"),
        pytest.param(TAG, "<a class='load-more' href='/tag/vik?page=2'>Load more</a>", "/tag/vik?page=2", id="load more"),
        pytest.param(TAG, "<button data-next-url='/tag/vik?page=2'>Mehr laden</button>", "/tag/vik?page=2", id="data-next-url"),
        pytest.param(TAG, "<button class='btn-load-more' hx-get='/tag/vik?page=2'></button>", "/tag/vik?page=2", id="hx-get"),
        pytest.param(TAG, "<div data-url='/tag/vik?offset=12'>Show more</div>", "/tag/vik?offset=12", id="data-url"),
        pytest.param(TAG, "<base href='https://coast.example/x/'><a href='/tag/vik?page=2'>2</a>", "/tag/vik?page=2", id="base"),
    ],
)  # fmt: skip
def test_the_next_page_is_found(url, html, expected):
    assert following(html, url) == (f"https://coast.example{expected}" if expected else None)


@pytest.mark.parametrize(
    ("url", "html"),
    [
        pytest.param(f"{TAG}/page/3/", row("/tag/vik/page/{}/", 1, 2, 3, own=3), id="last page"),
        pytest.param(f"{TAG}?page=3", "<a href='?page=2'>‹ Previous</a><a href='?page=3'>Next</a>", id="a next to itself"),
        pytest.param(TAG, "<a href='#'>Next</a>", id="a button for scripts"),
        pytest.param(TAG, "<a href='/2024/11/05/ferry-sinks-off-vik'>Next</a>", id="next article"),
        pytest.param(TAG, "<link rel=next href='/2024/11/05/ferry-sinks-off-vik'>", id="rel=next to an article"),
        pytest.param("https://coast.example/2024/11/", "<a href='/2024/12/'>Next</a>", id="calendar"),
        pytest.param("https://coast.example/2024/11/", "<a rel=next href='/2024/12/'>Dec »</a>", id="calendar, rel=next"),
        pytest.param("https://coast.example/2024/11/", row("/2024/{}/", 10, 11, 12), id="calendar, numbered"),
        pytest.param("https://coast.example/events?month=2024-11", "<a href='/events?month=2024-12'>Next</a>", id="?month="),
        pytest.param(TAG, "<a href='https://other.org/tag/vik?page=2'>2</a>", id="another site"),
        pytest.param(TAG, row("/tag/oslo?page={}", 2, 3), id="another listing"),
        pytest.param(TAG, "<a href='/next'>Next</a>", id="a section of that name"),
        pytest.param(TAG, "<a href='/sport'>More</a><a href='/tag/vik?id=7'>More</a>", id="more of something else"),
        pytest.param(TAG, "<a href='/?p=31228'>31228</a><a href='/story/2'>Ferry sinks</a>", id="numbers of articles"),
        pytest.param(TAG, "<button data-next-url='/tag/vik?page={page}'>More</button>", id="a template"),
        pytest.param(TAG, "<img data-url='/a.jpg?page=2'>", id="a picture's address"),
        pytest.param(TAG, "<a href='/tag/vik?page=9'>9</a>", id="a jump"),
    ],
)  # fmt: skip
def test_what_is_no_next_page_is_not_followed(url, html):
    assert following(html, url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{TAG}?page=17", f"{TAG}?page=18"),
        (f"{TAG}?x=1&page=17", f"{TAG}?x=1&page=18"),
        (f"{TAG}/page/17/", f"{TAG}/page/18/"),
        (f"{TAG}?start=96", f"{TAG}?start=102"),
        (TAG, None),
    ],
)
def test_a_listing_that_says_its_place_is_followed_by_its_address(url, expected):
    assert following("<p>Viewing results 97 - 102 of 118</p>", url) == expected


def test_a_listing_that_says_its_end_has_no_next_page():
    html = "<p>Viewing results 115 - 118 of 118</p>" + row("/tag/vik?page={}", 19, 20, 21)
    assert following(html, f"{TAG}?page=20") is None


def test_a_pager_leads_through_all_pages_and_ends():
    url, seen = f"{TAG}/page/1/", []
    while url and len(seen) < 50:
        seen.append(url)
        own = int(url.rstrip("/").rpartition("/")[2])
        html = row("/tag/vik/page/{}/", *sorted({1, own - 1, own, own + 1, 12} & set(range(1, 13))), own=own)  # fmt: skip
        url = following(html, url)
    assert seen == [f"{TAG}/page/{n}/" for n in range(1, 13)]


@pytest.mark.parametrize("url", ["/2024/", "/2024/11/", "/2024/11/05/", "/news/2024-11-05", "/?m=202411", "/events?month=11&year=2024"])  # fmt: skip
def test_calendars_are_known(url):
    assert is_calendar_address(f"https://coast.example{url}")


@pytest.mark.parametrize("url", ["/2024/11/05/ferry", "/story/5512", "/tag/2024-election", "/?p=7", "/11/05"])  # fmt: skip
def test_other_addresses_are_no_calendars(url):
    assert not is_calendar_address(f"https://coast.example{url}")


HREFS = st.from_regex(r"/?(tag|page|seite|2024|[0-9]{1,3}|\?page=|\?start=|&p=|;page=|[/.=-])*", fullmatch=True)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(HREFS, st.sampled_from(["1", "2", "3", "Next", "»", "More", ""]))), HREFS)
def test_a_next_page_is_never_the_page_itself(links, path):
    url = f"https://coast.example/{path.lstrip('/')}"
    html = "".join(f"<a href='{href}'>{label}</a>" for href, label in links)
    assert following(html, url) != url


@given(st.text(max_size=60))
def test_any_address_has_page_parts_or_none(text):
    for part in page_parts(f"https://coast.example/{text}"):
        assert part.number >= 0
    list(page_parts(text))
