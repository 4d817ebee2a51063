"""Sitemaps, sound, broken and hostile."""

import gzip
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery import sitemaps, xml
from newscrawl.discovery.sitemaps import parse_sitemap
from newscrawl.errors import SitemapError

URL = "https://www.coast.example/sitemap.xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(*entries, space=SPACE, head=""):
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}<urlset xmlns='{space}'>{''.join(entries)}</urlset>"


def page(path, lastmod=None, more=""):
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://www.coast.example/{path}</loc>{changed}{more}</url>"


def read(text, **options):
    return parse_sitemap(text.encode() if isinstance(text, str) else text, URL, **options)


def paths(sitemap):
    return [entry.url.removeprefix("https://www.coast.example/") for entry in sitemap.entries]


def test_an_index_names_sitemaps_the_newest_first():
    found = read(
        f"<sitemapindex xmlns='{SPACE}'>"
        "<sitemap><loc>https://www.coast.example/old.xml</loc><lastmod>2023-01-05</lastmod></sitemap>"
        "<sitemap><loc>https://www.coast.example/undated.xml</loc></sitemap>"
        "<sitemap><loc>new.xml.gz</loc><lastmod>2024-11-05T08:30:00+01:00</lastmod></sitemap>"
        f"<sitemap><loc>{URL}</loc></sitemap>"
        "</sitemapindex>"
    )
    assert found.kind == "index"
    assert paths(found) == ["new.xml.gz", "old.xml", "undated.xml"]
    assert {entry.role for entry in found.entries} == {"sitemap"}
    assert found.entries[0].facts.modified == "2024-11-05T08:30:00+01:00"
    assert found.entries[2].facts is None


def test_a_urlset_says_what_its_addresses_look_like():
    found = read(
        urlset(
            page("2024/11/05/ferry-sinks", "2024-11-05"),
            page("tag/vik"),
            page("ferry", "2024-11-06"),
        )
    )
    assert found.kind == "urlset"
    assert [(entry.url.rpartition("/")[2], entry.role) for entry in found.entries] == [
        ("ferry", "listing"),
        ("ferry-sinks", "article"),
        ("vik", "listing"),
    ]


def test_a_news_sitemap_gives_articles_with_title_and_date():
    news = (
        "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><news:publication>"
        "<news:name>Coast</news:name><news:language>nb</news:language></news:publication>"
        "<news:publication_date>2024-11-05T08:30:00+01:00</news:publication_date>"
        "<news:title>Fish &amp; chips</news:title><news:keywords>Harbour, fish , ,fish</news:keywords>"
        "</news:news><image:image xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
        "<image:loc>https://www.coast.example/a.jpg</image:loc><image:title>Picture</image:title>"
        "</image:image>"
    )
    (entry,) = read(urlset(page("x", more=news))).entries
    assert (entry.url, entry.role) == ("https://www.coast.example/x", "article")
    facts = entry.facts
    assert (facts.source, facts.title) == ("sitemap", "Fish & chips")
    assert facts.published == "2024-11-05T08:30:00+01:00"
    assert (facts.language, facts.keywords) == ("nb", ("Harbour", "fish"))


@pytest.mark.parametrize(
    "space", ["", "http://www.google.com/schemas/sitemap/0.84", "https://wrong.example"]
)
def test_a_wrong_namespace_is_forgiven(space):
    assert paths(read(urlset(page("a"), space=space))) == ["a"]


def test_a_gzipped_sitemap_is_unpacked():
    body = urlset(page("a"), page("b")).encode()
    assert paths(read(gzip.compress(body))) == ["a", "b"]
    assert paths(read(gzip.compress(body[:40]) + gzip.compress(body[40:]))) == ["a", "b"]


def test_a_gzip_that_ends_too_early_gives_what_was_there():
    whole = gzip.compress(urlset(*(page(f"ferry-{n:05}") for n in range(5000))).encode())
    found = read(whole[: len(whole) // 2])
    assert 100 < len(found.entries) < 5000
    assert found.problem
    assert all(len(path) == 11 for path in paths(found))


def test_a_bomb_is_cut(monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 100_000)
    bomb = gzip.compress(urlset(page("a"), page("b" * 10_000_000)).encode())
    found = read(bomb)
    assert paths(found) == ["a"]
    assert found.truncated
    assert "100000 bytes" in found.problem


def test_plain_text_is_a_sitemap_too():
    found = read(
        "\ufeffhttps://www.coast.example/a\r\nhttps://www.coast.example/b?x=1&y=2\n\nnonsense\n"
    )
    assert found.kind == "text"
    assert paths(found)[:2] == ["a", "b?x=1&y=2"]


def test_a_feed_is_a_sitemap_too():
    found = read(
        "<rss><channel><item><title>A</title><link>https://www.coast.example/a</link>"
        "<pubDate>Tue, 05 Nov 2024 08:30:00 +0100</pubDate></item></channel></rss>"
    )
    assert (found.kind, paths(found)) == ("feed", ["a"])
    assert found.entries[0].facts.published == "Tue, 05 Nov 2024 08:30:00 +0100"


def test_only_the_site_s_own_hosts_are_kept():
    body = urlset(
        "<url><loc>https://www.example.org/a</loc></url>"
        "<url><loc>https://example.net/a</loc></url>"
        "<url><loc>https://news.example.org:8443/a</loc></url>"
    ).encode()
    found = parse_sitemap(body, "https://www.example.org/sitemap.xml")
    assert [entry.url for entry in found.entries] == [
        "https://www.example.org/a",
        "https://news.example.org:8443/a",
    ]
    assert found.foreign == 1
    named = parse_sitemap(body, URL, allowed=lambda host: host == "example.net")
    assert [entry.url for entry in named.entries] == ["https://example.net/a"]
    assert named.foreign == 2


def test_of_too_many_the_newest_are_kept():
    entries = [page(f"a{day:02}", f"2024-11-{day:02}") for day in range(1, 31)] + [page("undated")]
    found = read(urlset(*entries), limit=3)
    assert paths(found) == ["a30", "a29", "a28"]
    assert found.truncated


def test_dates_in_other_zones_and_forms_are_ordered_by_their_instant():
    found = read(
        urlset(
            page("noon-utc", "2024-11-05T12:00Z"),
            page("one-hour-earlier", "2024-11-05T12:00:00+01:00"),
            page("that-day", "2024-11-05"),
            page("that-month", "2024-11"),
            page("2024/11/06/by-its-address"),
            page("impossible", "2024-13-45"),
            page("printed", "5 November 2024"),
        )
    )
    assert paths(found) == [
        "2024/11/06/by-its-address",
        "noon-utc",
        "one-hour-earlier",
        "that-day",
        "that-month",
        "impossible",
        "printed",
    ]


def test_order_is_the_document_s_where_nothing_is_dated():
    assert paths(read(urlset(page("b"), page("a"), page("b"), page("c")))) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (urlset(page("a?x=1&y=2"), page("b")), ["a?x=1&y=2", "b"]),
        (urlset(page("a"), page("b"))[:-30], ["a"]),
        ("Warning: x\n" + urlset(page("a")), ["a"]),
        ("<br />\n<b>Warning</b>: x<!-- <html> -->" + urlset(page("a")), ["a"]),
        (urlset(page("a"), "<url><loc>https://www.coast.example/x</lok></url>", page("b")), ["a", "b"]),
        (urlset(page("caf&eacute;"), page("b\x0b")), ["caf%C3%A9", "b"]),
        (urlset("<url><loc></loc></url><url/><url><loc> \n</loc></url>", page("b"), "&"), ["b"]),
    ],
)  # fmt: skip
def test_a_broken_sitemap_gives_what_is_sound(broken, expected):
    found = read(broken)
    assert [path for path in paths(found) if path != "x"] == expected
    assert found.problem


def test_a_cut_off_address_is_never_followed():
    whole = urlset(page("ferry-sinks"))
    for end in range(len(whole)):
        try:
            found = read(whole[:end])
        except SitemapError:
            continue
        assert paths(found) in ([], ["ferry-sinks"])


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("never")
    head = (
        f'<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "{"&a;" * 100}"><!ENTITY c "{"&b;" * 100}">'
        f'<!ENTITY d "{"&c;" * 100}"><!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    )
    found = read(urlset(page("&d;/x"), page("&e;/y"), page("b"), head=head))
    assert "b" in paths(found)
    assert "never" not in str(found)
    assert max(map(len, paths(found))) < 20


def test_of_a_million_entries_no_more_are_held_or_read_than_the_limits_say(monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_READ", 20_000)
    body = urlset(*(page(f"a{n}") for n in range(50_000))).encode()
    tracemalloc.start()
    found = read(body, limit=10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.entries) == 10
    assert found.truncated
    assert "20000 entries" in found.problem
    assert peak < len(body) + 2_000_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "begins with"),
        (b"<!doctype html><html><body>Not found</body></html>", "<html>"),
        (b"nothing here", "begins with"),
        (b"\x1f\x8b\x08broken", "broken gzip"),
        (b"<urlsett/>", "<urlsett>"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_what_it_is(body, said):
    with pytest.raises(SitemapError, match=r"coast\.example/sitemap\.xml") as error:
        parse_sitemap(body, URL)
    assert said in str(error.value)
    assert error.value.code == "sitemap-broken"


@pytest.mark.parametrize("junk", ["<x/>" * 5_000, f"<x>{'<y/>' * 5_000}</x>"])
def test_other_elements_are_bounded_too(monkeypatch, junk):
    monkeypatch.setattr(xml, "_MAX_ELEMENTS", 1_000)
    monkeypatch.setattr(xml, "_CHUNK_BYTES", 1_000)
    found = read(urlset(page("a"), junk, page("b")))
    assert (paths(found), found.truncated) == (["a"], True)
    assert "far too many elements" in found.problem


def test_a_comment_above_the_root_does_not_hide_it():
    assert paths(read("<!-- made by <a href='x'>y</a> <html> -->" + urlset(page("a"))[38:])) == [
        "a"
    ]


def test_an_empty_urlset_is_no_error():
    found = read(urlset())
    assert (found.kind, found.entries, found.problem) == ("urlset", [], None)


SAMPLES = [
    urlset(page("a", "2024-11-05"), page("b")),
    f"<sitemapindex xmlns='{SPACE}'><sitemap><loc>https://www.coast.example/a.xml</loc></sitemap></sitemapindex>",
    "https://www.coast.example/a\nhttps://www.coast.example/b\n",
]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(body, packed):
    with suppress(SitemapError):
        parse_sitemap(gzip.compress(body) if packed else body, URL)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 40), st.binary(max_size=8)), max_size=5),
)
def test_any_damage_is_read_or_refused(sample, packed, cuts):
    body = gzip.compress(sample.encode()) if packed else sample.encode()
    for start, length, put in cuts:
        body = body[:start] + put + body[start + length :]
    try:
        found = parse_sitemap(body, URL, limit=1)
    except SitemapError:
        return
    assert len(found.entries) <= 1
    assert all(entry.url.startswith(("http://", "https://")) for entry in found.entries)


NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def test_a_title_that_was_escaped_twice_is_read_as_a_reader_reads_it():
    title = "<n:news xmlns:n='%s'><n:title>Fish &amp;amp; chips</n:title></n:news>" % NEWS  # noqa: UP031
    (entry,) = read(urlset(page("a", more=title))).entries
    assert entry.facts.title == "Fish & chips"


def test_an_entity_of_the_documents_own_makes_no_address():
    head = "<!DOCTYPE urlset [<!ENTITY site 'https://www.coast.example'>]>"
    found = read(urlset("<url><loc>&site;/2024/a</loc></url>", page("b"), head=head))
    assert [entry.url for entry in found.entries] == ["https://www.coast.example/b"]


@pytest.mark.parametrize(
    "entries", ["<url>https://www.coast.example/a</url>", "<url><link>/a</link></url>"]
)
def test_entries_without_an_address_are_said(entries):
    found = read(urlset(entries))
    assert (found.entries, found.problem) == ([], "none of its entries names an address")
    assert read(urlset()).problem is None


def test_a_list_of_sitemaps_under_the_other_root_is_one():
    found = read(urlset("<sitemap><loc>https://www.coast.example/1.xml</loc></sitemap>"))
    assert [(entry.url, entry.role) for entry in found.entries] == [
        ("https://www.coast.example/1.xml", "sitemap")
    ]


def test_a_text_sitemap_may_begin_with_comments():
    found = read("# map of the site\n#\nhttps://www.coast.example/a\n")
    assert [entry.url for entry in found.entries] == ["https://www.coast.example/a"]
