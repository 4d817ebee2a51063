"""Limits are told: what was cut or passed over is a note with its number."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from newscrawl.drops.run import Run
from newscrawl.extract.html.guard import MAX_BYTES
from newscrawl.items import Note, PageRecord
from newscrawl.page.facts import Found
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.store.queue import Entry, Named, Queue

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FEED = "https://example.org/feed"


def answer(body, url=FEED, role="feed", kind="application/rss+xml"):
    return Answer(Fetched(
        page=url, url=url, role=role, status=200, headers={"content-type": kind},
        body=body.encode() if isinstance(body, str) else body, fetched_at=MOMENT,
    ))  # fmt: skip


def notes(body, *arguments, **options):
    record = answer(body, *arguments, **options).items()[-1]
    return {note.code: note.count for note in record.notes}


def rss(urls):
    items = "".join(f"<item><title>One</title><link>{url}</link></item>" for url in urls)
    return f"<rss version='2.0'><channel><title>All</title>{items}</channel></rss>"


def atom(urls):
    entries = "".join(f"<entry><title>One</title><link href='{url}'/></entry>" for url in urls)
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>All</title>{entries}</feed>"


def json_feed(urls):
    items = [{"id": url, "url": url, "title": "One"} for url in urls]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def own(count, start=0):
    return [f"https://example.org/2024/11/05/report-{n}" for n in range(start, start + count)]


@pytest.mark.parametrize("feed", [rss, atom, json_feed])
@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (own(1000), {}),
        (own(1500), {"feed-cut": 500}),
        (own(1001), {"feed-cut": 1}),
        # The same one again is none that was left out.
        (own(1000) * 2, {}),
        ([*own(3), "", ""], {"no-address": 2}),
        ([*own(2), "https://example.net/a", "https://example.net/b"], {"foreign": 2}),
        ([*own(2), "https://www.example.org/a"], {}),
    ],
)  # fmt: skip
def test_what_a_feed_names_and_nobody_asks_for_is_counted(feed, urls, expected):
    assert notes(feed(urls)) == expected


def test_bytes_of_a_feed_beyond_the_limit_are_counted():
    whole = rss(own(3))
    assert notes(whole + " " * (5_000_000 - len(whole))) == {}
    assert notes(whole + " " * (5_000_007 - len(whole)))["bytes-cut"] == 7


def sitemap(urls):
    return "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"


def test_what_a_sitemap_names_and_nobody_asks_for_is_counted():
    assert notes(sitemap(own(3)), role="sitemap") == {}
    foreign = [*own(3), "https://example.net/a"]
    assert notes(sitemap(foreign), role="sitemap") == {"foreign": 1}
    assert notes(sitemap(own(50_002)), role="sitemap") == {"sitemap-cut": 2}


def test_what_is_foreign_is_counted_from_the_site_of_the_page_itself():
    body = sitemap(own(3))
    assert notes(body, url="https://example.net/map.xml", role="sitemap") == {"foreign": 3}
    timesca = [*own(1), "https://timesca.com/a"]
    assert notes(sitemap(timesca), url="https://timesca.com/map.xml", role="sitemap") == {
        "foreign": 1
    }
    saved = Answer(Fetched(page="map.xml", url=None, status=200, body=body.encode(),
                           headers={"content-type": "text/xml"}, fetched_at=None))  # fmt: skip
    assert saved.items()[-1].notes == []


def test_a_page_that_was_cut_says_so():
    page = "<html><title>Long</title><p>text</p>"
    whole = page + " " * (MAX_BYTES - len(page))
    for extra, expected in (("", {}), ("x" * 42, {"html-cut": 42})):
        assert notes(whole + extra, role=None, kind="text/html") == expected


def test_links_that_were_not_looked_at_are_counted():
    page = "<title>All</title>" + "".join(f'<a href="{url}">One</a>' for url in own(5003))
    assert notes(page, role="listing", kind="text/html") == {"listing-cut": 3}
    assert notes(page, role="article", kind="text/html") == {}


# A run


def finish(queue, *links, page="https://example.org/"):
    queue.finish(Named(page=page, site="example.org", links=[*links]))


def feeds(*numbers):
    return [Found(url=f"https://example.org/feed/{n}", role="feed") for n in numbers]


def test_a_queue_counts_what_is_beyond_a_limit_each_address_once():
    db = sqlite3.connect(":memory:", isolation_level=None)
    queue = Queue(db, limits={"feed": 2})
    queue.add(Entry(url="https://example.org/", site="example.org", role="start"))
    finish(queue, *feeds(1, 2, 3, 4))
    finish(queue, *feeds(1, 4, 5))
    notes = {note.code: (note.count, note.detail) for note in queue.notes()}
    assert notes["beyond-limit"][0] == 3
    assert "limit of 2" in notes["beyond-limit"][1]
    assert notes["left-for-next-run"][0] == 2
    # A run that was killed goes on with the same count.
    again = Queue(db, limits={"feed": 2})
    assert next(note for note in again.notes() if note.code == "beyond-limit").count == 3


def test_a_queue_that_is_done_has_nothing_to_tell():
    db = sqlite3.connect(":memory:", isolation_level=None)
    queue = Queue(db)
    queue.add(Entry(url="https://example.org/", site="example.org", role="start"))
    finish(queue)
    assert queue.notes() == []


def test_notes_are_in_the_ledger_and_the_descriptor_in_one_order(tmp_path):
    run = Run(tmp_path, "replay", None, {}, "r")
    run.notes += [Note(code="b"), Note(code="a", count=2, detail="of the run")]
    record = PageRecord(page="p", outcome="empty")
    record.notes += [Note(code="z"), Note(code="c", detail="2"), Note(code="c", detail="1")]
    run.add(record)
    published = run.publish()
    assert published is not None
    page = json.loads((published.place / "pages.jsonl").read_text())
    assert [(n["code"], n["detail"]) for n in page["notes"]] == [("c", "1"), ("c", "2"), ("z", "")]
    package = json.loads((published.place / "datapackage.json").read_text())
    assert package["run"]["notes"] == [
        {"code": "a", "count": 2, "detail": "of the run"},
        {"code": "b", "count": 1, "detail": ""},
    ]


def test_the_ledgers_keys_stand_in_the_contracts_order():
    from newscrawl.drops.schema import drop_fields

    names = drop_fields(PageRecord)
    assert names[:4] == ["page", "url", "article_ids", "site"]
    assert names[-1] == "notes"


# url and article_ids


@pytest.mark.parametrize(
    ("url", "head", "expected"),
    [
        ("https://example.org/a?b=c", "", "https://example.org/a?b=c"),
        (None, "<link rel=canonical href='https://example.org/a'>", "https://example.org/a"),
        (None, "<meta property='og:url' content='https://example.org/b'>", "https://example.org/b"),
        (None, "<link rel=canonical href='/a'>", None),
        (None, "<link rel=canonical href='http://[half'>", None),
        (None, "", None),
    ],
)  # fmt: skip
def test_a_page_has_the_address_that_was_asked_for_or_that_it_names(url, head, expected):
    page = Fetched(page=url or "a.html", url=url, status=200, headers={"content-type": "text/html"},
                   body=f"{head}<h1>A</h1>".encode(), fetched_at=None)  # fmt: skip
    assert Answer(page).items()[-1].url == expected


def test_what_a_redirect_leads_from_is_the_address():
    page = Fetched(page="https://example.org/a", url="https://example.org/b", role="article",
                   status=404, fetched_at=MOMENT)  # fmt: skip
    assert Answer(page).items()[-1].url == "https://example.org/a"


def test_a_page_that_is_named_by_file_and_offset_has_the_address_that_answered():
    page = Fetched(page="r-00000.warc.gz:17", url="https://example.org/b", role="article",
                   status=404, fetched_at=MOMENT)  # fmt: skip
    assert Answer(page).items()[-1].url == "https://example.org/b"


def test_a_page_names_every_article_that_it_showed(crawl):
    done = crawl("replay", "-a", "path=fixtures/same-article-on-two-listings/pages")
    shown = {}
    for article in done.records("articles"):
        for sighting in article["sightings"]:
            shown.setdefault(sighting["page"], set()).add(article["id"])
    for page in done.records("pages"):
        assert page["article_ids"] == sorted(shown.get(page["page"], ()))
        assert len(page["article_ids"]) <= page["articles"] + page["duplicates"]
    assert shown
