"""What a feed's entry is named by, and how far a feed is looked through."""

import json

import pytest

from newscrawl.discovery.feeds import parse_feed

URL = "https://coast.example/feed/"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def rss(*items: str) -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {DC} {ATOM} {MEDIA}><channel>{inside}</channel></rss>'.encode()


@pytest.mark.parametrize("tag", ["title", "dc:title", "atom:title"])
def test_an_entrys_title_may_be_of_another_vocabulary(tag):
    feed = parse_feed(rss(f"<link>/a</link><{tag}>Ferry sinks</{tag}>"), URL)
    assert [entry.facts.title for entry in feed.entries] == ["Ferry sinks"]


def test_keywords_of_media_are_an_entrys_categories():
    feed = parse_feed(rss("<link>/a</link><media:keywords>Harbour, Ferries</media:keywords>"), URL)
    (entry,) = feed.entries
    assert (entry.facts.section, entry.facts.keywords) == ("Harbour", ("Ferries",))


@pytest.mark.parametrize(("without_address", "found"), [(19, 1), (20, 0)])
def test_ten_times_as_many_entries_are_looked_at_as_are_wanted(without_address, found):
    empty, good = "<title>No address</title>", "<link>/a</link>"
    feed = parse_feed(rss(*[empty] * without_address, good), URL, limit=2)
    assert len(feed.entries) == found
    items = [{"title": "No address"}] * without_address + [{"url": "https://coast.example/a"}]
    feed = parse_feed(json.dumps({"version": "1.1", "items": items}).encode(), URL, limit=2)
    assert len(feed.entries) == found


ENTRY = "<title>Ferry sinks</title><link>/a</link><pubDate>Tue, 05 Nov 2024 10:00:00 GMT</pubDate>"


@pytest.mark.parametrize(
    "space",
    ["http://www.w3.org/2005/Atom", "http://search.yahoo.com/mrss/", "https://backend.userland.com/rss2",
     "http://backend.userland.com/RSS2/", "urn:of-somebody"],
)  # fmt: skip
def test_the_roots_namespace_is_the_feeds_own_vocabulary(space):
    feed = parse_feed(
        f"<rss xmlns='{space}'><channel><item>{ENTRY}</item></channel></rss>".encode(), URL
    )
    (entry,) = feed.entries
    assert (entry.facts.title, entry.facts.published) == (
        "Ferry sinks",
        "Tue, 05 Nov 2024 10:00:00 GMT",
    )


@pytest.mark.parametrize(
    "space",
    ["https://www.w3.org/2005/Atom", "http://www.w3.org/2005/Atom/", "http://www.w3.org/2005/atom"],
)
def test_a_namespace_may_differ_by_a_slash_https_or_capitals(space):
    entry = "<entry><title>Ferry sinks</title><link href='/a'/><published>2024-11-05</published></entry>"
    (found,) = parse_feed(f"<feed xmlns='{space}'>{entry}</feed>".encode(), URL).entries
    assert (found.url, found.facts.published) == ("https://coast.example/a", "2024-11-05")


@pytest.mark.parametrize("other", ["source", "image"])
def test_the_address_of_a_source_or_picture_is_no_entrys(other):
    inside = f"<title>Ferry sinks</title><{other}><title>Wire</title><link>https://coast.example/about</link></{other}>"
    feed = parse_feed(rss(inside), URL)
    assert (feed.entries, feed.nameless) == ([], 1)


@pytest.mark.parametrize(
    "author", ["Marit Solheim (desk@coast.example)", "desk@coast.example (Marit Solheim)",
               "Marit Solheim <desk@coast.example>"],
)  # fmt: skip
def test_an_author_is_a_name_without_an_address(author):
    escaped = author.replace("<", "&lt;").replace(">", "&gt;")
    (entry,) = parse_feed(rss(f"<link>/a</link><author>{escaped}</author>"), URL).entries
    assert entry.facts.authors == ("Marit Solheim",)
