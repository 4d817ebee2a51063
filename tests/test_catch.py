"""Whatever breaks costs one page or item, which the ledger has, or ends the run with an error."""

import errno
import json
import logging
import os
import sqlite3
import subprocess
import sys

import pytest

from newscrawl import settings
from newscrawl.drops import exit_codes
from newscrawl.drops.exporter import DropExporter, RunFile, keep_failure
from newscrawl.drops.publish import Published
from newscrawl.drops.run import Run
from newscrawl.errors import InternalError, LayoutError, StorageError, UsageError, unwritable
from newscrawl.items import ExchangeRate, PageRecord
from newscrawl.page.fetched import Fetched
from newscrawl.reading import answer as reading
from newscrawl.reading.answer import Answer
from newscrawl.sources import warc
from newscrawl.sources.warc import Unread
from newscrawl.spiders.base import NewsSpider
from newscrawl.store.spool import Spool
from tests.captures import (
    HTML,
    MOMENT,
    Capture,
    bodies,
    members,
    read,
    record,
    response,
    write_page,
)
from tests.conftest import ROOT
from tests.live import Crawl, read_records
from tests.servers import WordPress

PAGE = "https://coast.example/2024/11/05/ferry-sails-again"
BODY = b"<meta property=og:type content=article><article><h1>Ferry sails again</h1>" + b"".join(
    b"<p>The ferry to the islands sailed on day %d for the first time since the storm.</p>" % day
    for day in range(9)
)


def fetched(body=BODY, url=PAGE, role="article"):
    return Fetched(
        page=url or "page.html", url=url, role=role, status=200,
        headers={"content-type": "text/html"}, body=body, fetched_at=MOMENT,
    )  # fmt: skip


def breaks(*arguments, **options):
    raise KeyError("nobody foresaw this")


# A source


@pytest.mark.parametrize("address", ["http://[half/a", "https:///no-host", "http://[::1/x]"])
def test_an_address_that_is_none_costs_its_own_record(tmp_path, address):
    good = [record("response", number, response(b"<p>%d" % number)) for number in (1, 2, 3)]
    bad = record("response", 9, response(b"<p>9"), f"WARC-Target-URI: {address}")
    (tmp_path / "a.warc.gz").write_bytes(members([good[0], bad, *good[1:]]))
    found = read(tmp_path)
    assert bodies(found) == [b"<p>1", b"<p>2", b"<p>3"]
    (unread,) = [one for one in found if isinstance(one, Unread)]
    assert unread.reason.startswith("bad-url: ")
    assert address in unread.reason


def test_a_record_whose_reading_breaks_costs_itself(tmp_path, monkeypatch):
    whole = warc._message

    def read_or_break(record, holder):
        message = whole(record, holder)
        return breaks() if message[2] == b"<p>2" else message

    monkeypatch.setattr(warc, "_message", read_or_break)
    records = [record("response", number, response(b"<p>%d" % number)) for number in (1, 2, 3)]
    (tmp_path / "a.warc.gz").write_bytes(members(records))
    first, second, third = read(tmp_path)
    assert bodies([first, third]) == [b"<p>1", b"<p>3"]
    assert isinstance(second, Unread)
    assert second.reason == "internal-error: KeyError: 'nobody foresaw this'"


def test_a_page_of_ours_whose_reading_breaks_costs_itself(tmp_path, monkeypatch):
    with Capture(tmp_path / "captures", "r") as capture:
        for number in (1, 2, 3):
            write_page(capture, f"https://a.example/{number}", b"<p>%d" % number, headers=HTML)
    whole = warc.decode_content

    def decode_or_break(headers, body, most):
        return breaks() if body == b"<p>2" else whole(headers, body, most)

    monkeypatch.setattr(warc, "decode_content", decode_or_break)
    found = read(tmp_path)
    assert bodies(found) == [b"<p>1", b"<p>3"]
    assert [one.page for one in found if isinstance(one, Unread)] == ["https://a.example/2"]


def test_a_file_whose_reading_breaks_costs_its_rest(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.warc.gz").write_bytes(
            members([record("response", 1, response(b"<p>" + name.encode()))])
        )
    whole = warc.read_records

    def read_or_break(stream, start, most):
        return breaks() if stream.name.endswith("a.warc.gz") else whole(stream, start, most)

    monkeypatch.setattr(warc, "read_records", read_or_break)
    broken, good = read(tmp_path)
    assert (broken.page, broken.reason.split(":")[0]) == ("a.warc.gz", "internal-error")
    assert bodies([good]) == [b"<p>b"]


def test_revisits_that_can_not_be_found_again_are_a_page_each(tmp_path):
    """In a file that is compressed as a whole, no record can be found again."""
    import gzip

    head = response(b"")
    profile = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    records = [record("response", 1, response(b"<p>1"))]
    records += [record("revisit", number, head, profile) for number in (2, 3, 4)]
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(records), mtime=0))
    names = [one.page for one in read(tmp_path)]
    assert len(names) == len(set(names)) == 4


# A page


def test_a_bug_in_reading_costs_the_page(monkeypatch):
    monkeypatch.setattr(reading, "read_page", breaks)
    (only,) = Answer(fetched()).items()
    assert (only.outcome, only.url) == ("rejected", PAGE)
    assert only.reason == "internal-error: KeyError: 'nobody foresaw this'"


def test_what_breaks_on_many_lines_is_one_in_the_ledger(monkeypatch):
    def breaks_loudly(*arguments):
        raise ValueError("x\n" * 9999)

    monkeypatch.setattr(reading, "read_page", breaks_loudly)
    (only,) = Answer(fetched()).items()
    assert "\n" not in only.reason
    assert len(only.reason) < 400


def test_a_bug_in_telling_the_site_costs_no_page(monkeypatch):
    monkeypatch.setattr(reading, "site_of", breaks)
    items = Answer(fetched()).items()
    assert items[-1].outcome == "extracted"


@pytest.mark.parametrize("part", ["document_of", "blocked_reason"])
def test_no_question_to_an_answer_raises(monkeypatch, part):
    monkeypatch.setattr(reading, part, breaks)
    answer = Answer(fetched(role="listing"))
    assert answer.is_gone is False
    assert answer.names(lambda url: True) == ([], [])
    assert answer.items()[-1].reason.startswith("internal-error: ")


def test_links_that_can_not_be_read_are_a_note_and_the_page_stays(monkeypatch):
    monkeypatch.setattr(reading, "listing_links", breaks)
    answer = Answer(fetched(role="start"))
    assert answer.names(lambda url: True) == ([], [])
    record = answer.items()[-1]
    assert [note.code for note in record.notes] == ["internal-error"]
    assert not record.reason
    assert record.outcome == "extracted"


# An item


def a_rate(page="p"):
    return ExchangeRate(site="s", base_currency="USD", quote_currency="KZT", page=page, pages=[page], repeats=1)  # fmt: skip


def a_run(folder):
    return Run(folder, "replay", None, {}, "r")


def records_of(published, name):
    lines = (published.place / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_an_item_that_an_error_cost_is_said_by_its_page(tmp_path):
    run = a_run(tmp_path)
    run.add(a_rate())
    for _ in range(2):
        run.reject(a_rate(), ZeroDivisionError("of\nthree lines"))
    run.add(PageRecord(page="p", outcome="extracted", found=3, reason="and this, too"))
    published = run.publish()
    (page,) = records_of(published, "pages")
    assert page["rejects"] == 2
    assert page["reason"] == (
        "pipeline-error: 2 of its items met an error: ZeroDivisionError: of three lines; and this, too"
    )
    assert {r["reason"] for r in records_of(published, "rejects")} == {"pipeline-error"}
    assert published.counts["errors"] == 2
    assert exit_codes.of_replay(published) == exit_codes.ERRORS


def test_an_error_on_the_pages_own_record_keeps_the_record(tmp_path):
    run = a_run(tmp_path)
    run.reject(PageRecord(page="p", outcome="extracted"), KeyError("x"))
    published = run.publish()
    (page,) = records_of(published, "pages")
    assert page["reason"].startswith("pipeline-error: 1 of its items")
    assert published.counts["errors"] == 1


def test_items_that_do_not_come_out_of_the_pipelines_are_rejects_of_their_page(tmp_path):
    run = a_run(tmp_path)
    run.add(a_rate())
    run.add(PageRecord(page="p", outcome="extracted", found=3))
    run.add(a_rate("q"))  # and the record of this one is lost
    published = run.publish()
    first, second = records_of(published, "pages")
    assert (first["exchange_rates"], first["rejects"]) == (1, 2)
    assert (second["outcome"], second["reason"].split(":")[0]) == ("rejected", "internal-error")
    assert published.counts["errors"] == 3


OUTCOMES = {("article", "extracted"): 1}


@pytest.mark.parametrize(
    ("reasons", "errors", "replay", "live"),
    [
        ({("extracted", ""): 1}, 0, 0, 3),
        ({("extracted", ""): 1}, 1, 7, 7),
        ({("extracted", ""): 1, ("fetch-failed", "timeout"): 1}, 1, 7, 7),
        ({("blocked", "captcha"): 1}, 1, 7, 5),
        ({("blocked", "captcha"): 1}, 0, 0, 5),
    ],
)
def test_errors_of_ours_come_before_pages_that_could_not_be_had(
    tmp_path, reasons, errors, replay, live
):
    counts = dict.fromkeys(["articles", "people", "exchange_rates"], 0)
    published = Published(tmp_path, OUTCOMES, reasons, {**counts, "errors": errors})
    assert exit_codes.of_replay(published) == replay
    assert exit_codes.of_live_crawl(published) == live


# A run


def test_an_error_that_nobody_foresaw_ends_the_run(tmp_path, caplog):
    run = a_run(tmp_path)
    keep_failure(run, breaks)
    assert isinstance(run.failure, InternalError)
    assert "KeyError" in str(run.failure)
    assert "-a run_id=" in str(run.failure)
    keep_failure(run, breaks)
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    run.discard()


def test_a_callback_that_breaks_ends_the_run(tmp_path):
    from twisted.python.failure import Failure

    spider = NewsSpider(name="test")
    spider.run = a_run(tmp_path)
    spider.spider_error(Failure(KeyError("x")))
    assert isinstance(spider.run.failure, InternalError)
    spider.run.discard()


def test_what_breaks_at_the_start_is_told_and_opens_nothing(caplog):
    import asyncio

    class Breaking(NewsSpider):
        name = "breaking"

        async def begin(self):
            breaks()
            yield

    async def start():
        return [request async for request in Breaking().start()]

    assert asyncio.run(start()) == []
    assert "KeyError" in caplog.text


def test_items_of_other_types_are_none_of_a_drops(tmp_path):
    run = a_run(tmp_path)
    exporter = DropExporter(RunFile(run))
    for item in ({"headline": "A"}, None, "text"):
        exporter.export_item(item)
    assert run.failure is None
    assert run.is_empty
    run.discard()


def test_an_error_in_the_spool_that_is_not_the_disks_is_not_said_to_be(tmp_path):
    with Spool(tmp_path / "s", {}) as spool, pytest.raises(AttributeError):
        spool.add_page(None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "when there is space"),
        (OSError(errno.EFBIG, "File too large"), "when there is space"),
        (OSError(errno.EROFS, "Read-only file system"), "when the disk can be written again"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "when the disk can be written"),
    ],
)  # fmt: skip
def test_space_is_asked_for_where_it_is_missing(error, words):
    assert words in str(unwritable("the spool", error))


def test_a_full_database_is_told_as_one(tmp_path):
    with Spool(tmp_path / "s", {}) as spool:
        spool._db.execute("PRAGMA max_page_count = 30")
        content = PageRecord(page="p", outcome="extracted", reason="x" * 1_000_000)
        from newscrawl.store.spool import PageContent

        with pytest.raises(StorageError, match="there is space"):
            spool.add_page(PageContent(content))


# Arguments


@pytest.mark.parametrize("run_id", ["drops.jsonl", "Drops.JSONL", "schemas"])
def test_a_run_can_not_have_a_name_that_the_folder_needs(tmp_path, run_id):
    with pytest.raises(UsageError, match="needs itself"):
        Run(tmp_path, "replay", None, {}, run_id)


def test_a_state_in_a_folder_that_can_not_be_made_is_told(crawl, tmp_path):
    (tmp_path / "file").write_text("in the way")
    state = tmp_path / "file" / "state.sqlite"
    done = crawl("replay", "-a", "path=fixtures/author-page", "-s", f"NEWSCRAWL_STATE={state}")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "NEWSCRAWL_STATE" in done.err


# All together


def test_a_pipeline_that_breaks_costs_its_items_and_makes_the_exit_code(crawl, tmp_path):
    (tmp_path / "broken.py").write_text(
        "class Broken:\n"
        "    def process_item(self, item):\n"
        "        if 'Ferry' in (getattr(item, 'headline', None) or ''): raise ZeroDivisionError('bug')\n"
        "        return None if 'Choir' in (getattr(item, 'headline', None) or '') else item\n"
    )
    pipelines = {**settings.ITEM_PIPELINES, "broken.Broken": 900}
    done = crawl(
        "replay", "-a", "path=fixtures/same-article-on-two-listings/pages",
        "-s", f"ITEM_PIPELINES={json.dumps(pipelines)}",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.code == 7, done.err
    rejects = done.records("rejects")
    assert {r["reason"] for r in rejects} == {"pipeline-error"}
    ledger = done.records("pages")
    assert sum(p["rejects"] for p in ledger) == len(rejects) == 3
    assert all(p["reason"].startswith("pipeline-error: ") for p in ledger if p["rejects"])
    lines = done.err.splitlines()
    assert "Traceback" not in done.err
    assert max(len(line) for line in lines if "Rejected an item" in line) < 300
    assert "3 pages or items were rejected by errors" in lines[-1]


# Breaks while it reads the articles whose addresses hold a word.
BREAKER = """
import sys
from newscrawl.spiders.live import LiveSpider
word, whole = sys.argv.pop(1), LiveSpider._take_in
def take_in(self, entry, *arguments):
    if word in entry.url:
        raise ZeroDivisionError("bug")
    return whole(self, entry, *arguments)
LiveSpider._take_in = take_in
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""


def test_a_callback_that_breaks_costs_a_live_crawl_one_page(tmp_path):
    with WordPress(6) as site:
        crawl = Crawl(tmp_path, [site])
        url = site.url(site.articles[3])
        _, _, *arguments = crawl.command()
        word = url.rstrip("/").rpartition("/")[2]
        done = subprocess.run(
            [sys.executable, "-c", BREAKER, word, *arguments],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 7, done.stderr
        assert "Traceback" not in done.stderr
        (drop,) = crawl.drops()
        ledger = {page["page"]: page for page in read_records(drop, "pages")}
        assert ledger[url]["outcome"] == "rejected"
        assert ledger[url]["reason"] == "internal-error: ZeroDivisionError: bug"
        others = [page for page in ledger.values() if page["kind"] == "article"]
        assert {page["outcome"] for page in others} == {"extracted"}
        assert len(others) == 5
        # The next run asks for it again.
        again = crawl.run()
        assert again.code == 0, again.err
        assert url in again.whole


# Breaks while it looks for the next page.
ITERATOR_BREAKER = """
import sys
from newscrawl.spiders import replay
def read_captures(*arguments):
    yield from ()
    raise ZeroDivisionError("bug")
replay.read_captures = read_captures
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""


def test_an_iterator_that_breaks_ends_the_run_and_the_next_goes_on(tmp_path, crawl):
    arguments = ["crawl", "replay", "-a", "path=fixtures/author-page", "-a", "run_id=r"]
    done = subprocess.run(
        [sys.executable, "-c", ITERATOR_BREAKER, *arguments, "-s", f"NEWSCRAWL_OUTPUT={tmp_path / 'output'}"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "-a run_id=r goes on" in done.stderr
    assert not list((tmp_path / "output").glob("[!.]*"))
    assert crawl(*arguments[1:]).code == 0


def test_a_page_that_breaks_its_layout_is_no_error_of_ours(monkeypatch):
    def layout_breaks(*arguments):
        raise LayoutError("no headline")

    monkeypatch.setattr(reading, "read_page", layout_breaks)
    (only,) = Answer(fetched()).items()
    assert only.reason == "layout-broken: no headline"
