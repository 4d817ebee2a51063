"""`scrapy crawl live` as a real process, on loopback sites."""

import json
import os
import shutil
import signal
from collections import Counter
from datetime import datetime, timedelta
from threading import Event

import pytest

from newscrawl.drops.schema import RECORD_CLASSES
from newscrawl.drops.verify import problems
from tests import processes
from tests.live import CONTACT, Crawl, read_records
from tests.servers import Bespoke, Ghost, WordPress, trouble

MANNERS = [WordPress, Ghost, Bespoke]


def one_line(text):
    return " ".join(text.split())


def check_articles(site, articles):
    """The drop's articles are the site's, each once and whole."""
    found = {a["url"]: a for a in articles}
    assert len(found) == len(articles)
    assert set(found) == {site.url(a) for a in site.articles}
    for article in site.articles:
        record = found[site.url(article)]
        assert record["headline"] == article.headline
        assert record["article_body"] == "\n\n".join(article.body)
        assert [author["name"] for author in record["authors"]] == [article.author]
        assert not record["is_truncated"]
        published = datetime.fromisoformat(record["date_published"])
        # The listings' bare days take nothing from the instant that the article's page gives,
        # which has no zone where a page only prints it.
        instant = article.published.replace(tzinfo=published.tzinfo and article.published.tzinfo)
        assert abs((published - instant).total_seconds()) < 60


@pytest.mark.parametrize("manner", MANNERS)
def test_a_front_page_is_enough_to_find_and_read_every_article_once(tmp_path, manner):
    with manner(30) as site:
        done = Crawl(tmp_path, [site]).run()
        assert done.code == 0, done.err
        assert "Traceback" not in done.err
        check_articles(site, done.records("articles"))
        assert not list(problems(done.drop))
        asked = Counter(line.target for line in site.log)
        assert max(asked.values()) == 1, asked.most_common(3)
        assert site.log.paths()[0] == "/robots.txt"
        assert {line.user_agent for line in site.log} == {f"newscrawl/0.1.0 (+{CONTACT})"}
        # Every page that was asked for is in the ledger, and robots.txt is none.
        ledger = {page["page"].removeprefix(site.origin) for page in done.records("pages")}
        assert ledger == set(asked) - {"/robots.txt"}


def test_a_second_run_asks_for_little_and_says_that_nothing_is_new(tmp_path):
    with WordPress(20) as site:
        crawl = Crawl(tmp_path, [site])
        assert crawl.run().code == 0
        site.log.clear()
        again = crawl.run()
        assert again.code == 3, again.err
        *_, line = map(json.loads, (crawl.output / "drops.jsonl").read_text().splitlines())
        assert (line["folder"], line["outcomes"]) == (None, {"not-modified": 1})
        assert site.log.paths() == ["/robots.txt", "/"]
        assert site.log.paths(304) == ["/"]


def test_what_is_new_changed_or_gone_is_an_event_and_the_rest_is_asked_for_conditionally(tmp_path):
    with WordPress(20) as site:
        crawl = Crawl(tmp_path, [site])
        assert crawl.run().code == 0
        fresh = site.publish()
        changed = site.update(site.articles[4])
        gone = site.articles[7]
        site.remove(gone)
        crawl.make_due()
        site.log.clear()
        done = crawl.run()
        assert done.code == 0, done.err
        events = {a["url"]: a["event"] for a in done.records("articles")}
        assert events == {site.url(fresh): "new", site.url(changed): "updated"}
        assert done.outcomes[site.path(gone)] == "fetch-failed http-404"
        same = [a for a in site.articles if a not in (fresh, changed)]
        assert {done.outcomes[site.path(a)] for a in same} == {"not-modified"}
        assert max(Counter(site.log.paths()).values()) == 1


def test_an_article_gone_for_a_day_is_withdrawn(tmp_path):
    with Ghost(8) as site:
        crawl = Crawl(tmp_path, [site])
        assert crawl.run().code == 0
        gone, hidden = site.articles[2], site.articles[5]
        site.remove(gone)
        site.hide_from_robots(hidden)
        crawl.make_due()
        first = crawl.run()
        assert first.records("articles") == []
        assert first.outcomes[site.path(hidden)] == "not-news noindex"
        crawl.make_due()
        crawl.yesterday()
        second = crawl.run()
        events = {a["url"]: a["event"] for a in second.records("articles")}
        assert events == {site.url(gone): "withdrawn", site.url(hidden): "withdrawn"}


def test_a_run_that_is_asked_to_stop_publishes_what_it_has_and_the_next_brings_the_rest(tmp_path):
    with Bespoke(60) as site:
        crawl = Crawl(tmp_path, [site])
        child = crawl.start()
        site.log.wait(40)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        (first,) = crawl.drops()
        some = read_records(first, "articles")
        assert 0 < sum(not article["is_truncated"] for article in some) < 60
        done = crawl.run()
        rest = done.records("articles")
        # What only listings had shown by then is a teaser first, and whole in the second drop.
        check_articles(site, list({a["id"]: a for a in some + rest}.values()))
        teasers = {a["id"] for a in some if a["is_truncated"]}
        assert {a["id"] for a in rest if a["event"] == "updated"} <= teasers
        ledgers = [page["page"] for drop in crawl.drops() for page in read_records(drop, "pages")]
        twice = {page.removeprefix(site.origin) for page, n in Counter(ledgers).items() if n > 1}
        assert twice <= {"/"}
        assert not list(problems(first))


def test_a_crawl_of_listings_alone_asks_for_no_article(tmp_path):
    with Bespoke(30) as site:
        crawl = Crawl(tmp_path, [site])
        first = crawl.run("-a", "depth=listings")
        teasers = first.records("articles")
        assert len(teasers) > 5
        assert all(article["is_truncated"] and article["url"] for article in teasers)
        own = {article["url"] for article in teasers}
        assert not own & {page["url"] for page in first.records("pages")}
        assert sum(page["kind"] == "listing" for page in first.records("pages")) > 1
        assert {page["kind"] for page in first.records("pages")} <= {
            "listing",
            "feed",
            "sitemap",
            "other",
        }
        crawl.make_due()
        whole = crawl.run().records("articles")
        met = {article["id"]: article for article in whole}
        assert {article["id"] for article in teasers} <= met.keys()
        assert {met[article["id"]]["event"] for article in teasers} == {"updated"}
        check_articles(site, whole)


def test_a_depth_that_is_none_is_refused(tmp_path):
    with Bespoke(3) as site:
        done = Crawl(tmp_path, [site]).run("-a", "depth=deep")
        assert done.code == 1
        assert "articles, listings" in done.err


def test_a_killed_run_goes_on_where_its_spool_ends(tmp_path):
    with WordPress(40) as site:
        crawl = Crawl(tmp_path, [site])
        for hits in (5, 20, 35, 50):
            child = crawl.start()
            site.log.wait(hits)
            child.kill()
            child.communicate(timeout=60)
            spooled = {page.removeprefix(site.origin) for page in crawl.spooled()}
            before = len(site.log)
            assert crawl.drops() == []
        done = crawl.run()
        assert done.code == 0, done.err
        assert len(crawl.drops()) == 1
        check_articles(site, done.records("articles"))
        asked_again = set(site.log.paths()[before:])
        assert not asked_again & spooled
        assert not list(problems(done.drop))


KILLED_WHEN_IN = """
import os, signal, sys
from newscrawl.store.spool import Spool
wanted, commit = int(sys.argv.pop(1)), Spool.commit
def then_killed(spool):
    commit(spool)
    if spool.count("pages") == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
Spool.commit = then_killed
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""


def test_what_came_is_on_disk_though_nothing_comes_after_it(tmp_path):
    with WordPress(6) as site:
        last = site.articles[0]
        path = site.url(last).removeprefix(site.origin)
        crawl = Crawl(tmp_path / "all", [site])
        met = {page["page"] for page in crawl.run().records("pages")}
        site.trouble[path] = trouble.slow_drip()
        crawl = Crawl(tmp_path / "killed", [site])
        done = processes.run("-c", KILLED_WHEN_IN, str(len(met) - 1), *crawl.command()[2:])
        assert done.returncode == -signal.SIGKILL
        assert crawl.spooled() == met - {site.url(last)}
        del site.trouble[path]
        hits = len(site.log)
        check_articles(site, crawl.run().records("articles"))
        assert set(site.log.paths()[hits:]) == {"/robots.txt", path}


KILLED_IN = """
import os, signal, sys
from newscrawl.store.state import State
def killed(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(State, sys.argv.pop(1), killed)
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""


@pytest.mark.parametrize("step", ["begin_publishing", "commit"])
def test_a_run_that_is_killed_while_it_publishes_is_published_once(tmp_path, step):
    with Ghost(8) as site:
        crawl = Crawl(tmp_path, [site])
        killed = processes.run("-c", KILLED_IN, step, *crawl.command()[2:])
        assert killed.returncode == -signal.SIGKILL
        hits = len(site.log)
        done = crawl.run()
        articles = [a for drop in crawl.drops() for a in read_records(drop, "articles")]
        check_articles(site, articles)
        assert done.code == (0 if step == "begin_publishing" else 3), done.err
        assert set(site.log.paths()[hits:]) <= {"/robots.txt", "/"}


def test_an_output_folder_that_can_not_be_is_told(tmp_path):
    (tmp_path / "output").write_text("a file")
    with Ghost(3) as site:
        done = Crawl(tmp_path, [site]).run()
        assert done.code == 1
        assert "can't be used" in one_line(done.err)
        assert "Traceback" not in done.err


def test_a_run_that_nothing_may_follow_leaves_the_site_to_the_first(tmp_path):
    asked, go_on = Event(), Event()

    def hold(request):
        asked.set()
        go_on.wait(60)

    with Ghost(10) as site:
        site.on_request = hold
        crawl = Crawl(tmp_path, [site])
        child = crawl.start()
        assert asked.wait(60)
        second = crawl.run()
        go_on.set()
        child.communicate(timeout=60)
        assert second.code == 6
        assert "another run crawls" in one_line(second.err)
        assert "Traceback" not in second.err
        assert child.returncode == 0
        assert len(crawl.drops()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-s", "NEWSCRAWL_CONTACT="], "NEWSCRAWL_CONTACT"),
        (["-s", "NEWSCRAWL_CONTACT=nobody"], "NEWSCRAWL_CONTACT"),
        (["-a", "site=timesca.com", "-a", "url=http://127.0.0.1:9/"], "not both"),
        (["-a", "site=nosuch.example"], "no site 'nosuch.example' is declared"),
        (["-a", "url=ftp://coast.example/"], "is no http or https address"),
        (["-a", "since=soon"], "since='soon' is no date"),
        (["-a", "max_pages=0"], "is no number above 0"),
        (["-s", "NEWSCRAWL_CAPTURE_COMPRESSION=rar"], "rar"),
        (["-s", "NEWSCRAWL_ALLOW_HOSTS=http://x/"], "NEWSCRAWL_ALLOW_HOSTS"),
    ],
)
def test_a_wrong_argument_is_told_and_nobody_is_asked(tmp_path, arguments, message):
    with Ghost(3) as site:
        done = Crawl(tmp_path, [site]).run(*arguments)
        assert done.code == 1
        assert message in one_line(done.err)
        assert "Traceback" not in done.err
        assert len(site.log) == 0
        assert done.drop is None


def test_what_stands_between_us_and_a_page_is_told_by_the_ledger(tmp_path):
    with WordPress(24) as site, Ghost(3) as other:
        paths = [site.path(article) for article in site.articles]
        troubles = {
            trouble.status(404): "fetch-failed http-404",
            trouble.status(410): "fetch-failed http-410",
            trouble.status(503): "fetch-failed http-503",
            trouble.status(500, times=1): "extracted",
            trouble.status(429, retry_after=1, times=1): "extracted",
            trouble.block_page(): "blocked",
            trouble.challenge(): "blocked",
            trouble.consent_wall(): "blocked",
            trouble.login(): "blocked",
            trouble.shell(site.articles[10]): "blocked",
            trouble.redirect_loop(): "fetch-failed redirect",
            trouble.endless_body(): "fetch-failed too-large",
            trouble.gzip_bomb(50): "fetch-failed too-large",
            trouble.cut_off(): "fetch-failed truncated",
            trouble.noindex_header(): "not-news noindex",
            trouble.redirect(f"{other.origin}/"): "fetch-failed redirected",
            trouble.redirect("http://10.0.0.1/"): "fetch-failed private-address",
            trouble.redirect("file:///etc/passwd"): "fetch-failed redirect",
            trouble.redirect("/"): "fetch-failed redirected",
            trouble.slow_drip(): "fetch-failed timeout",
        }
        site.trouble.update(zip(paths, troubles, strict=False))
        site.trouble["/login"] = trouble.login_page
        site.trouble["/consent"] = trouble.consent_page
        done = Crawl(tmp_path, [site, other]).run(
            "-s", "NEWSCRAWL_MAX_PAGE_BYTES=2000000", "-s", "DOWNLOAD_TIMEOUT=5",
            "-s", "NEWSCRAWL_MAX_HOST_FAILURES=100", "-s", "RETRY_TIMES=1",
        )  # fmt: skip
        assert done.code == 4, done.err
        found = {path: done.outcomes[path] for path in paths[: len(troubles)]}
        wanted = dict(zip(paths, troubles.values(), strict=False))
        assert {
            path: outcome.split()[0] if wanted[path] == "blocked" else outcome
            for path, outcome in found.items()
        } == wanted
        assert all(done.outcomes[path] == "extracted" for path in paths[len(troubles) :])
        assert "Traceback" not in done.err


def test_a_host_that_asks_to_be_left_alone_is_left_alone_and_asked_in_the_next_run(tmp_path):
    with Ghost(12) as site:
        site.trouble[site.path(site.articles[-2])] = trouble.status(429, retry_after=7200)
        crawl = Crawl(tmp_path, [site], ["-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1"])
        done = crawl.run()
        assert done.code == 4, done.err
        assert "fetch-failed retry-later" in done.outcomes.values()
        asked = len(site.log)
        site.trouble.clear()
        rest = crawl.run()
        articles = {a["id"]: a for a in done.records("articles") + rest.records("articles")}
        check_articles(site, list(articles.values()))
        assert asked < 12 + 4


def test_a_site_that_lets_nobody_in_is_told_apart_from_one_without_news(tmp_path):
    with WordPress(5) as site:
        site.on_request = lambda request: (
            None if request.path == "/robots.txt" else trouble.challenge()(site, request)
        )
        done = Crawl(tmp_path, [site]).run()
        assert done.code == 5, done.err
        assert {outcome.split()[0] for outcome in done.outcomes.values()} == {"blocked"}


def test_robots_is_obeyed_and_denials_are_in_the_ledger(tmp_path):
    with WordPress(12, disallow=["/category/", "/2026/11/19/"]) as site:
        done = Crawl(tmp_path, [site]).run()
        closed = [a for a in site.articles if site.path(a).startswith("/2026/11/19/")]
        assert closed
        assert {done.outcomes[site.path(a)] for a in closed} == {"blocked robots"}
        assert not [p for p in site.log.paths() if p.startswith(("/category/", "/2026/11/19/"))]
        assert len(done.whole) == 12 - len(closed)
        assert not {site.url(a) for a in closed} & done.whole


def test_bounds_of_time_and_number(tmp_path):
    with WordPress(40, every=timedelta(hours=6)) as site:
        day = site.articles[-1].published.date().isoformat()
        crawl = Crawl(tmp_path, [site])
        done = crawl.run("-a", f"since={day}")
        newer = [a for a in site.articles if a.published.date().isoformat() >= day]
        assert done.whole == {site.url(a) for a in newer}
        older = Crawl(tmp_path / "older", [site]).run("-a", "until=2026-11-15")
        days = Counter(a.published.date().isoformat() for a in site.articles)
        found = Counter(
            a["date_published"][:10] for a in older.records("articles") if not a["is_truncated"]
        )
        # The day ends where the site is, which a date without a zone does not say.
        del found["2026-11-16"]
        assert found == {day: n for day, n in days.items() if day <= "2026-11-15"}
        few = Crawl(tmp_path / "few", [site]).run("-a", "max_pages=9")
        assert len(few.records("pages")) == 9


def check_replay(crawl, live, replayed):
    """The replay of a run's capture gave the same records, byte for byte."""
    assert replayed.code in (0, 3), replayed.err
    for name in RECORD_CLASSES:
        file = f"{name}.jsonl"
        assert (replayed.drop / file).read_bytes() == (live.drop / file).read_bytes(), file


def test_a_later_run_replays_the_same_against_the_state_that_it_began_with(tmp_path, crawl):
    with WordPress(15) as site:
        live = Crawl(tmp_path, [site])
        assert live.run().code == 0
        before = tmp_path / "before.sqlite"
        shutil.copy(live.state, before)
        site.publish()
        site.update(site.articles[3])
        live.make_due()
        again = live.run("-s", "NEWSCRAWL_CAPTURE_COMPRESSION=zstd")
        assert [a["event"] for a in again.records("articles")].count("updated") == 1
        capture = live.captures / again.drop.name
        check_replay(
            crawl,
            again,
            crawl(
                "replay",
                "-a",
                f"path={capture}",
                "-s",
                f"NEWSCRAWL_STATE={before}",
                output=tmp_path / "replayed",
            ),
        )


def test_traps_are_bounded(tmp_path):
    with Bespoke(20, session_ids=True, endless=True, calendar=True) as site:
        done = Crawl(tmp_path, [site]).run()
        assert done.code == 0, done.err
        check_articles(site, done.records("articles"))
        assert len(site.log) < 50
        assert not [path for path in site.log.paths() if path.startswith("/calendar/2025")]


@pytest.mark.parametrize("kind", ["entities", "recursion", "elsewhere", "million"])
def test_a_hostile_sitemap_is_bounded_and_in_the_ledger(tmp_path, kind):
    with Ghost(6) as site:
        site.trouble[site.sitemap_path] = trouble.hostile_sitemap(kind)
        options = ["-a", "max_pages=60"] if kind == "million" else []
        done = Crawl(tmp_path, [site]).run(*options)
        assert done.code in (0, 4), done.err
        assert "Traceback" not in done.err
        assert done.whole == {site.url(article) for article in site.articles}
        assert site.sitemap_path in {path.partition("?")[0] for path in done.outcomes}
        assert len(site.log) < 300


DECLARED = """
from newscrawl.sites import Site
from newscrawl.page.layout import Layout, Select


class Coast(Site):
    \"\"\"A site that the test serves.\"\"\"

    name = "coast.example"
    domains = ({host!r},)
    starts = ({origin!r} + "/",)
    language = "en"
    page_size = 10
    layouts = (
        Layout(
            name="stories",
            article=Select("div.story"),
            body=("div.story-text",),
            exclude=("p:first-child",),
            cards=Select("div.teaser"),
            headline=Select("h3"),
            link=Select("h3 a"),
            date=Select(".teaser-date"),
        ),
    )
"""


def test_a_declared_site_is_crawled_by_its_name_and_its_own_rules_win(tmp_path, monkeypatch):
    with Bespoke(12) as site:
        declared = DECLARED.format(host=site.host, origin=site.origin)
        (tmp_path / "coast_site.py").write_text(declared)
        places = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
        modules = "newscrawl.spiders,coast_site"  # Scrapy imports these, and so declares the site
        done = Crawl(tmp_path, [site]).run(
            "-a", "site=coast.example", "-s", f"SPIDER_MODULES={modules}"
        )
        assert done.code == 0, done.err
        assert done.drop.name.endswith("-live-coast.example")
        records = {record["url"]: record for record in done.records("articles")}
        assert set(records) == {site.url(article) for article in site.articles}
        for article in site.articles:
            record = records[site.url(article)]
            assert record["site"] == "coast.example"
            assert record["id"].startswith("coast.example:")
            # Only the declared rule takes the first paragraph for something else.
            assert record["article_body"] == "\n\n".join(article.body[1:])
            assert record["extracted_by"]["article_body"] == "site"
        assert {page["site"] for page in done.records("pages")} == {"coast.example"}
        assert not list(problems(done.drop))
