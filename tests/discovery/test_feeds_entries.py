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
