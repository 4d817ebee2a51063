"""What a live crawl is of, which days it wants, and what it remembers: without a crawl."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.discovery.bounds import Bounds
from newscrawl.drops.locks import lock_sites
from newscrawl.errors import RunBusyError, StorageError, UnknownSiteError, UsageError
from newscrawl.items import Article, PageRecord, Sighting
from newscrawl.page.facts import Facts, Found
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.sources.targets import find_targets, target_of
from newscrawl.store.queue import Entry, Visit
from newscrawl.store.remembered import is_final, is_wanted, visit_of

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "https://example.org/2026/03/01/ferry"

# Targets


def test_any_address_is_a_target_of_its_own_domain():
    (target,) = find_targets(None, "https://news.example.org/a#top")
    assert (target.name, target.starts) == ("example.org", ("https://news.example.org/a",))
    assert target.has("https://www.example.org/b")
    assert not target.has("https://example.net/b")


def test_a_host_with_a_port_makes_a_name_that_files_can_have():
    (target,) = find_targets(None, "http://127.0.0.1:8000/")
    assert target.name == "127.0.0.1-8000"
    assert not target.has("http://127.0.0.1:9000/")


def test_declared_sites_are_targets_each_once():
    (target,) = find_targets(" timesca.com, timesca.com,", None)
    assert target.site is not None
    assert target.starts == ("https://timesca.com/",)


@pytest.mark.parametrize(
    ("sites", "url", "error"),
    [(None, None, "neither"), ("timesca.com", "https://a.example", "both"), (None, "ftp://a.example", "no http")],
)  # fmt: skip
def test_a_crawl_needs_one_kind_of_target(sites, url, error):
    with pytest.raises(UsageError, match=error):
        find_targets(sites, url)


def test_a_site_nobody_declared_or_that_begins_nowhere_is_told():
    with pytest.raises(UnknownSiteError):
        find_targets("nosuch.example", None)

    class Nowhere:
        name, starts, domains = "nowhere", (), ()

    with pytest.raises(UsageError, match="no address to start from"):
        target_of(Nowhere())


def test_a_site_that_declares_only_starts_owns_their_domains():
    class Starts:
        name, starts, domains = "starts", ("https://news.example.org/",), ()

    assert target_of(Starts()).domains == {"example.org"}


# Bounds


@pytest.mark.parametrize(
    ("published", "modified", "url", "allowed"),
    [
        ("2026-03-05", None, PAGE, True),
        ("2026-02-01", None, PAGE, False),
        ("2026-04-01", None, PAGE, False),
        # What is old and was changed within the days may be wanted.
        ("2026-02-01", "2026-03-05", PAGE, True),
        (None, None, "https://example.org/2026/02/01/ferry", False),
        (None, None, "https://example.org/2026/03/05/ferry", True),
        # What nothing dates is asked for.
        (None, None, "https://example.org/ferry", True),
        ("no date", None, "https://example.org/ferry", True),
    ],
)
def test_bounds_let_pass_what_may_be_of_their_days(published, modified, url, allowed):
    facts = Facts(source="feed", published=published, modified=modified)
    assert Bounds.read("2026-03-01", "2026-03-10").allow(url, facts) is allowed
    assert Bounds.read(None, None).allow(url, facts)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_bound_that_is_no_date_is_told(name):
    with pytest.raises(UsageError, match=f"-a {name}="):
        Bounds.read(**{"since": None, "until": None, name: "no date"})


# What is remembered


def visit(**given):
    return Visit(**{"url": PAGE, "site": "s", "role": "article", "fetched_at": NOW, **given})


@pytest.mark.parametrize(
    ("remembered", "modified", "wanted"),
    [
        (None, None, True),
        (visit(), None, False),
        (visit(due_at=NOW - DAY), None, True),
        (visit(due_at=NOW + DAY), None, False),
        (visit(), "2026-03-05T00:00:00Z", True),
        (visit(), "2026-03-01T00:00:00Z", False),
        # A clock without a zone may lie before the visit.
        (visit(), "2026-03-05T00:00:00", False),
    ],
)
def test_an_address_is_wanted_when_it_is_new_due_or_said_to_have_changed(
    remembered, modified, wanted
):
    found = Found(url=PAGE, role="article", facts=Facts(source="sitemap", modified=modified))
    assert is_wanted(found, remembered, Bounds(), NOW) is wanted


def test_an_address_of_another_day_is_not_wanted_though_it_is_new():
    bounds = Bounds.read("2026-04-01", None)
    assert not is_wanted(Found(url=PAGE, role="article"), None, bounds, NOW)
    assert is_wanted(Found(url=PAGE, role="listing"), None, bounds, NOW)


def answered(status=200, failure=None, headers=None, role="article"):
    return Answer(Fetched(
        page=PAGE, url=PAGE, role=role, status=status, failure=failure, body=b"<p>text",
        headers={"content-type": "text/html", **(headers or {})}, fetched_at=NOW,
    ))  # fmt: skip


def an_article(published="2026-03-01"):
    seen = Sighting(page=PAGE, page_date=None, position=1, date_raw=None, is_truncated=False, body_sha256="text")  # fmt: skip
    return Article(site="s", page=PAGE, sightings=[seen], date_published=published)


def remembered(
    answer, *items, before=None, fresh=False, role="article", outcome="extracted", kind="article"
):
    record = PageRecord(page=PAGE, outcome=outcome, kind=kind, sha256="bytes")
    entry = Entry(url=PAGE, site="s", role=role)
    return visit_of(entry, answer, [*items, record], before, fresh)


def test_of_an_article_its_text_and_age_are_remembered():
    found = remembered(answered(headers={"etag": '"1"'}), an_article())
    assert (found.sha256, found.etag, found.changes) == ("text", '"1"', [])
    assert found.since.date().isoformat() == "2026-03-01"
    assert found.due_at > NOW


def test_of_anything_else_its_bytes_and_whether_it_named_anything_new():
    before = visit(role="listing", changes=[True], since=NOW - DAY, etag='"0"')
    found = remembered(
        answered(role="listing"), before=before, fresh=False, role="listing", kind="listing"
    )
    assert (found.sha256, found.changes, found.since) == ("bytes", [True, False], NOW - DAY)
    assert found.etag == '"0"'


def test_what_did_not_change_keeps_what_was_remembered():
    before = visit(sha256="text", since=NOW - 9 * DAY)
    found = remembered(answered(status=304), before=before, outcome="not-modified")
    assert (found.sha256, found.since) == ("text", NOW - 9 * DAY)


def test_a_page_that_is_gone_is_asked_for_once_more():
    first = remembered(answered(status=404), before=visit(), outcome="fetch-failed")
    assert first.is_gone
    assert first.due_at > NOW + DAY
    assert remembered(answered(status=404), before=first, outcome="fetch-failed").due_at is None
    assert remembered(answered(status=404), outcome="fetch-failed").due_at is None


@pytest.mark.parametrize(
    ("status", "failure", "outcome", "final"),
    [
        (200, None, "extracted", True),
        (200, None, "rejected", True),
        (404, None, "fetch-failed", True),
        (500, None, "fetch-failed", False),
        (None, "timeout: none", "fetch-failed", False),
        (None, "robots: forbidden", "blocked", True),
        (None, "render: no browser", "blocked", False),
    ],
)
def test_a_later_run_asks_again_for_what_could_not_be_had(status, failure, outcome, final):
    answer = answered(status, failure)
    record = PageRecord(page=PAGE, outcome=outcome)
    assert is_final(answer, record) is final
    assert (remembered(answer, outcome=outcome) is not None) is final


# Locks


def test_one_crawl_has_a_site_of_a_folder_at_a_time(tmp_path):
    with lock_sites(tmp_path, ["a", "b"]):
        with pytest.raises(RunBusyError, match="another run crawls b"):
            lock_sites(tmp_path, ["b", "c"])
        # What it had locked before it left is free again.
        with lock_sites(tmp_path, ["c"]):
            pass
    with lock_sites(tmp_path, ["b"]):
        pass


def test_a_folder_that_can_not_be_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="NEWSCRAWL_OUTPUT"):
        lock_sites(tmp_path / "file" / "output", ["a"])
