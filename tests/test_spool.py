"""The spool: which pages outlive the process, and the queue in it."""

import signal
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import StorageError
from newscrawl.items import PageRecord
from newscrawl.page.facts import Facts
from newscrawl.store import queue as queue_module
from newscrawl.store.queue import Entry, Named, Queue
from newscrawl.store.spool import PageContent, Spool, collect
from tests import processes

ADDS = """
import os, signal, sys
from pathlib import Path
from newscrawl.store.spool import collect
from tests.test_spool import content
collect.LINGER = float(sys.argv[2])
with collect.Spool(Path(sys.argv[1]), {}) as it:
    for page in "abc":
        it.add_page(content(page))
    if sys.argv[3] == "commit":
        it.commit()
    if sys.argv[3] != "close":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def content(page: str, **more) -> PageContent:
    return PageContent(PageRecord(page=page, kind="article", outcome="extracted", found=0), **more)


def pages(path) -> set[str]:
    with Spool(path, {}) as spool:
        return {page for page in "abc" if spool.has_page(page, None)}


@pytest.mark.parametrize(
    ("linger", "end", "kept"),
    [
        ("1000", "", "a"),  # nothing was before it, so that it waits for nothing
        ("1000", "commit", "abc"),
        ("1000", "close", "abc"),
        ("0", "", "abc"),
    ],
)
def test_a_killed_process_loses_what_still_lingered_and_nothing_else(tmp_path, linger, end, kept):
    path = tmp_path / "spool.sqlite"
    done = processes.run("-c", ADDS, str(path), linger, end)
    assert done.returncode == (0 if end == "close" else -signal.SIGKILL)
    assert pages(path) == set(kept)


@pytest.mark.parametrize(
    ("error", "kind"),
    [(sqlite3.OperationalError("disk full"), StorageError), (ValueError("a bug"), ValueError)],
)
def test_a_page_that_fails_half_way_leaves_nothing_and_stops_the_run(
    tmp_path, monkeypatch, error, kind
):
    monkeypatch.setattr(collect, "LINGER", 1000)
    with Spool(tmp_path / "spool.sqlite", {}) as spool:
        spool.open_queue()
        spool.add_page(content("a"))
        spool.add_page(content("b"))

        def fails(fresh):
            raise error

        with pytest.raises(kind, match=str(error)):
            spool.add_page(content("c", named=Named("c", "site", [], [], fails)))
        spool.commit()
    assert pages(tmp_path / "spool.sqlite") == {"a"}


ROLES = st.sampled_from(["start", "feed", "sitemap", "listing", "article"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("xy"), ROLES),
        st.tuples(st.just("take"), st.sampled_from("xy"), st.sampled_from([None, 1])),
        st.tuples(st.just("finish"), st.integers(0, 9), st.none()),
        st.tuples(st.just("reopen"), st.none(), st.none()),
    ),
    max_size=60,
)


@given(steps=STEPS, ahead=st.integers(1, 4))
def test_reading_ahead_changes_no_order(steps, ahead):
    """Against a queue that looks at every entry each time."""
    with pytest.MonkeyPatch.context() as patch, sqlite3.connect(":memory:") as db:
        patch.setattr(queue_module, "_AHEAD", ahead)
        queue, left, taken = Queue(db), [], []
        for number, (step, what, more) in enumerate(steps):
            if step == "add":
                entry = Entry(url=f"https://{what}.example/{number}", site=what, role=more)
                assert queue.add(entry)
                left.append(entry)
            elif step == "take":
                wanted = [e for e in left if e.site == what and e not in taken]
                first = min(wanted, key=lambda entry: entry.priority, default=None)
                if first and more is not None and first.priority > more:
                    first = None
                assert queue.take(what, more) == first
                taken += [first] if first else []
            elif step == "finish" and taken:
                entry = taken.pop(what % len(taken))
                queue.finish(Named(entry.url, entry.site, [], [], lambda fresh: None))
                left.remove(entry)
            elif step == "reopen":  # as after a crash
                queue, taken = Queue(db), []
    db.close()


def test_an_address_is_queued_once_and_asked_for_as_it_was_printed_first():
    with sqlite3.connect(":memory:") as db:
        queue = Queue(db)
        printed = "https://coast.example/read?z=1&a=2"
        other = "https://coast.example/read?a=2&z=1&utm_source=x"
        assert queue.add(Entry(url=printed, site="a", role="article"), [Facts(source="feed")])
        assert not queue.add(Entry(url=other, site="a", role="article"), [Facts(source="sitemap")])
        taken = queue.take("a")
        assert taken is not None
        assert taken.url == printed
        assert queue.take("a") is None
        assert [fact.source for fact in queue.facts(printed)] == ["feed", "sitemap"]
    db.close()


def test_a_queue_of_before_addresses_were_kept_as_printed_is_gone_on_with():
    url = "https://coast.example/read?a=2&z=1"
    with sqlite3.connect(":memory:") as db:
        db.execute(
            "CREATE TABLE queue (number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE,"
            " site TEXT NOT NULL, role TEXT NOT NULL, priority INTEGER NOT NULL,"
            " hops INTEGER NOT NULL, tries INTEGER NOT NULL, etag TEXT, last_modified TEXT,"
            " is_done INTEGER NOT NULL DEFAULT 0)"
        )
        db.execute(
            "INSERT INTO queue VALUES (1, ?, 'a', 'article', 2, 0, 0, NULL, NULL, 0)", (url,)
        )
        queue = Queue(db)
        spelt = Entry(url="https://coast.example/read?z=1&a=2", site="a", role="article")
        assert not queue.add(spelt)
        assert queue.take("a") == Entry(url=url, site="a", role="article")
    db.close()
