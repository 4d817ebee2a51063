"""What addresses are followed, and what their form tells."""

import re
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.addresses import canonical as urls
from newscrawl.addresses.forms import form_points, role_of
from newscrawl.addresses.links import followable, host_of, same_site

BASE = "https://coast.example/news/index.html"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/a", "https://coast.example/a"),
        ("a/b", "https://coast.example/news/a/b"),
        ("../a", "https://coast.example/a"),
        ("/x/../a", "https://coast.example/a"),
        ("//m.coast.example/a", "https://m.coast.example/a"),
        ("?page=2", "https://coast.example/news/index.html?page=2"),
        ("  /a\n?b=\t1 ", "https://coast.example/a?b=1"),
        ("HTTP://COAST.example:80/A#b", "http://coast.example/A"),
        ("https://coast.example:8443/a", "https://coast.example:8443/a"),
        ("https://user:word@coast.example/a", "https://coast.example/a"),
        ("/a?utm_source=x&z=1&fbclid=y&a=2", "https://coast.example/a?z=1&a=2"),
        ("/a;jsessionid=1F2E?x=1", "https://coast.example/a?x=1"),
        ("/a?PHPSESSID=1f2e", "https://coast.example/a"),
        ("/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://coast.example/a.aspx"),
        ("/a?123456", "https://coast.example/a?123456"),
        ("/caf%C3%A9", "https://coast.example/caf%C3%A9"),
        ("/café", "https://coast.example/caf%C3%A9"),
        ("/a b", "https://coast.example/a%20b"),
        ("\\2024\\b.html?c=\\d", "https://coast.example/2024/b.html?c=%5Cd"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://www.google.com/url?q=https://coast.example/a", "https://coast.example/a"),
    ],
)
def test_a_link_becomes_the_address_that_is_asked_for(href, expected):
    assert followable(BASE, href) == expected


@pytest.mark.parametrize(
    "href",
    ["", " ", "mailto:a@b.example", "javascript:void(0)", "tel:+47", "data:text/html,x", "file:///a",
     "ftp://coast.example/a", "https://", "https://[", "http://coast.example:99999/a", "whatsapp://send",
     "/" + "a" * 2048],
)  # fmt: skip
def test_what_is_no_web_address_is_not_followed(href):
    assert followable(BASE, href) is None


@settings(max_examples=500, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"(https?:)?(//)?[a-z.:@\[\]/?#%&;=-]{0,40}", fullmatch=True)
)
def test_what_is_followed_can_be_asked_for_and_stays_as_it_is(href):
    address = followable(BASE, href)
    if address is not None:
        assert address.startswith(("http://", "https://"))
        assert address.isascii()
        assert "#" not in address
        assert host_of(address)
        assert followable("https://other.example/", address) == address


@given(st.from_regex(r"/[A-Za-z0-9._~/-]{0,30}", fullmatch=True))
def test_the_short_way_for_plain_paths_leads_where_the_long_one_does(href):
    if not href.startswith("//"):
        assert followable(BASE, href) == urls.request_url(urljoin(BASE, href))


@given(
    st.from_regex(r"https?://[a-z0-9.-]{1,20}/[A-Za-z0-9._~/-]{0,30}", fullmatch=True)
    | st.sampled_from(
        ["https://l.facebook.com/l.php", "https://web.archive.org/web/2024/http://a.example/"]
    )
)
def test_a_plain_address_is_canonical_as_the_long_way_says(url):
    short = urls._canonical_url.__wrapped__(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_PLAIN", re.compile("(?!)"))
        assert urls._canonical_url.__wrapped__(url) == short


def test_hosts_of_one_registrable_domain_are_one_site():
    test = same_site("https://www.example.co.uk/")
    assert test("example.co.uk")
    assert test("news.example.co.uk")
    assert not test("other.co.uk")
    assert not test("example.co.uk.evil.org")
    assert same_site("http://127.0.0.1:8188/")("127.0.0.1")
    assert not same_site("http://127.0.0.1:8188/")("127.0.0.2")


ARTICLES = [
    "/2024/11/05/ferry-sinks-off-vik",
    "/2024/11/ferry-sinks/",
    "/20241105/ferry",
    "/news/2024-11-05/ferry-sinks",
    "/news/ferry-sinks-off-vik-all-saved",
    "/news/ferry-sinks-off-vik.html",
    "/news/world-europe-55123456",
    "/a/ferry-sinks/7312345.html",
    "/article/1234567",
    "/harbour/ferry-5512345.html",
    "/story.php?id=5512",
    "/?p=31228",
    "/news/articles/c4gx0v0nxz7o",
    "/politik/fähre-sinkt-vor-vik-12345678.html",
    "/новости/паром-затонул-у-берегов-вика",
    "/2024/11/05/uk/ferry-sinks-intl/index.html",
    "/category/harbour/ferry-sinks-off-vik-all-saved",
    "/news/東京で大きな祭りが開かれる",
    "/weather/storm-hits-the-coast-of-vik-2024",
]
LISTINGS = [
    "/",
    "/index.html",
    "/en/",
    "/politics",
    "/world/europe/",
    "/latin-america",
    "/tag/ferry-sinks-off-vik-all-saved",
    "/category/harbour",
    "/kategorie/hafen/schiffe",
    "/author/marit-solheim-12345",
    "/autoren/marit-solheim/20889740.html",
    "/profile-671/marit-solheim.html",
    "/search/label/harbour",
    "/2024/11/05/",
    "/2024/",
    "/news/2024-11/",
    "/tag/vik/page/3/",
    "/news?page=2",
    "/?cat=4&paged=2",
    "/tag/weather",
]
OTHERS = [
    "/login",
    "/login?next=/2024/11/05/ferry-sinks-off-vik",
    "/account/orders",
    "/privacy-policy",
    "/impressum.html",
    "/search?query=ferry",
    "/?s=ferry",
    "/2024/11/05/ferry-sinks?replytocom=7",
    "/2024/11/05/ferry-sinks?share=facebook",
    "/2024/11/05/ferry-sinks?print=1",
    "/photo.jpg",
    "/report.PDF",
    "/wp-json/wp/v2/posts/7",
    "/cdn-cgi/l/email-protection",
    "/feed/",
    "/2024/11/05/ferry-sinks/feed/",
    "/shop?add-to-cart=7",
]


@pytest.mark.parametrize("path", ARTICLES)
def test_articles_are_told_by_their_addresses(path):
    assert role_of(f"https://coast.example{path}") == "article"


@pytest.mark.parametrize("path", LISTINGS)
def test_listings_are_told_by_their_addresses(path):
    assert role_of(f"https://coast.example{path}") == "listing"


@pytest.mark.parametrize("path", OTHERS)
def test_what_is_neither_is_not_followed(path):
    assert form_points(f"https://coast.example{path}") is None


@pytest.mark.parametrize("path", ["/ferry-sinks-again", "/harbour/ferry.html"])
def test_where_the_form_does_not_tell_it_says_so(path):
    assert role_of(f"https://coast.example{path}") is None


@given(st.text(max_size=60))
def test_the_form_of_anything_is_told_within_bounds(text):
    points = form_points(f"https://coast.example/{text}")
    assert points is None or -4 <= points <= 4
    form_points(text)
