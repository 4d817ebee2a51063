import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.addresses.canonical import best_url, canonical_url, request_url, url_key

STORY = "https://coast.example/news/bridge-opens?id=7"


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.coast.example/news/bridge-opens/?id=7",
        "HTTPS://COAST.example:443/news/bridge-opens?utm_source=feed&id=7&fbclid=x#comments",
        "https://m.coast.example/news/bridge-opens?id=7",
        "https://amp.coast.example/news/bridge-opens?id=7",
        "https://coast.example/news/bridge-opens/amp/?id=7",
        "https://coast.example/amp/news/bridge-opens?id=7",
        "https://coast.example/news/bridge-opens.amp?id=7",
        "https://coast.example/news/bridge-opens?id=7&outputType=amp",
        "https://coast.example/news/bridge-opens?id=7&print=1",
        "https://coast.example/news/bridge-opens/print?id=7",
        "https://coast.example/news/bridge-opens/index.html?id=7",
        "https://coast.example/news/bridge-opens;jsessionid=1A2B?id=7",
        "https://coast-example.cdn.ampproject.org/c/s/coast.example/news/bridge-opens?id=7",
        "https://www.google.com/amp/s/coast.example/news/bridge-opens?id=7",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fcoast.example%2Fnews%2Fbridge-opens%3Fid%3D7",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fcoast.example%2Fnews%2Fbridge-opens%3Fid%3D7",
        "https://feedproxy.google.com/x?url=https%3A%2F%2Fcoast.example%2Fnews%2Fbridge-opens%3Fid%3D7",
        "https://web.archive.org/web/20241221060000/http://coast.example/news/bridge-opens?id=7",
        "https://web.archive.org/web/2024id_/https://coast.example/news/bridge-opens?id=7",
    ],
)
def test_the_variants_of_an_address_meet(variant):
    assert url_key(variant) == url_key(STORY) == "coast.example/news/bridge-opens?id=7"


@pytest.mark.parametrize(
    "other",
    [
        "https://coast.example/news/bridge-opens?id=8",
        "https://coast.example/news/bridge-opens",
        "https://coast.example/news/Bridge-Opens?id=7",
        "https://shop.coast.example/news/bridge-opens?id=7",
        "https://coast.example:8443/news/bridge-opens?id=7",
        "https://coast.example/sport/bridge-opens?id=7",
    ],
)
def test_other_pages_stay_apart(other):
    assert url_key(other) != url_key(STORY)


@pytest.mark.parametrize(
    "url", [None, "", "  ", "javascript:void(0)", "mailto:a@b.example", "/a/b", "//b/c", "https://[b",
            "http://", "ftp://coast.example/a", "https://", "data:,x"]
)  # fmt: skip
def test_what_is_no_address_has_no_key(url):
    assert canonical_url(url) is None
    assert url_key(url) is None


def test_a_home_page_is_no_articles_address():
    assert url_key("https://www.coast.example/?utm_source=x") is None
    assert url_key("https://coast.example/index.html") is None
    assert url_key("https://coast.example/?p=12") == "coast.example?p=12"


def test_a_record_shows_the_plain_variant():
    amp, plain = "https://coast.example/a/amp", "https://www.coast.example/a/?utm_medium=rss"
    assert best_url([amp, plain]) == "https://www.coast.example/a/"
    assert best_url([amp]) == amp
    assert best_url(["mailto:x@y.example"]) is None


words = st.text(string.ascii_lowercase + "äя中 %&=+/;.~", min_size=1, max_size=8)
urls = st.builds(
    lambda host, path, query: f"https://{host}.example/" + "/".join(path) + "?" + "&".join(
        f"{name}={value}" for name, value in query
    ),
    st.sampled_from(["coast", "www.coast", "m.coast", "a.b.coast"]),
    st.lists(words, max_size=4),
    st.lists(st.tuples(words, words), max_size=4),
)  # fmt: skip


@given(urls)
def test_canonical_is_a_fixed_point_and_keeps_its_key(url):
    canonical = canonical_url(url)
    assert canonical is not None
    assert canonical_url(canonical) == canonical
    assert url_key(canonical) == url_key(url)


@given(
    urls, st.sampled_from(["utm_source", "UTM_Campaign", "fbclid", "gclid", "at_medium", "xtor"])
)
def test_a_tracking_parameter_changes_nothing(url, name):
    assert canonical_url(url.replace("?", f"?{name}=1&", 1)) == canonical_url(url)


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text):
    canonical_url(text)
    url_key(f"https://{text}")


def test_a_session_is_no_part_of_an_address_and_a_short_id_is():
    story = "https://coast.example/story"
    one, two = (f"{story}?sid={session * 16}" for session in ("a1", "b2"))
    assert canonical_url(one) == canonical_url(two) == request_url(one) == story
    assert url_key(f"{story}?sid=7") != url_key(f"{story}?sid=8")
    assert request_url(f"{story}?s=bridge-opens-in-spring") == f"{story}?s=bridge-opens-in-spring"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/view.php?ref=2024-0117", "/view.php?ref=2024-0118"),
        ("/read?share=harbour", "/read?share=quota"),
        ("/index.php?s=quota-talks-end-without-a-deal", "/index.php?s=ferry-sinks-off-the-coast"),
        ("/hearing?session=2024-03-01-fisheries", "/hearing?session=2024-03-02-fisheries"),
        ("/phones?mobile=model-7", "/phones?mobile=model-8"),
        ("/reviews/a-valve-amp", "/reviews/a-valve"),
        ("/story;sid=71", "/story;sid=72"),
        ("/a?n=%CD%EE%E2", "/a?n=%D1%F2%E0"),
    ],
)
def test_what_may_choose_a_page_keeps_two_articles_apart(one, other):
    host = "https://coast.example"
    assert url_key(host + one) != url_key(host + other)
    assert canonical_url(host + one) != canonical_url(host + other)


@pytest.mark.parametrize(
    "rest",
    [
        "/news/ferry-sinks-off-vik",
        "/news/55123456",
        "/2024/11/05/ferry",
        "/read.php?id=7",
        "/новости/паром",
        "/harbourmasters",
    ],
)
@pytest.mark.parametrize("tracker", ["ref=front", "share=mastodon", "campaign_id=12", "at_x=1"])
def test_beside_an_address_that_is_whole_they_track(rest, tracker):
    whole = "https://coast.example" + rest
    tracked = whole + ("&" if "?" in whole else "?") + tracker
    assert url_key(tracked) == url_key(whole)
    assert request_url(tracked) == request_url(whole)


@pytest.mark.parametrize(
    "url",
    [
        "https://coast.example/?5512",
        "https://coast.example/s?z=1&a=2",
        "https://coast.example/s?n=%CD%EE%E2;x",
        "https://coast.example/s?u=a/b:c&",
    ],
)
def test_an_address_is_asked_for_as_printed(url):
    assert request_url(url) == url
