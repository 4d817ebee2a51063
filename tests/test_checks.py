"""Checks before publishing: a silent redesign is told from a quiet day, and a drop that fails is kept."""

import json
import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from newscrawl.drops import catalogue
from newscrawl.drops.checks import check
from newscrawl.drops.measures import Measuring, words_in
from newscrawl.drops.run import Run, reopen, unfinished
from newscrawl.drops.verify import check as verify
from newscrawl.errors import DropHeldError, SiteDeclarationError, UsageError
from newscrawl.items import Article, Author, PageRecord, Sighting
from newscrawl.sites.expectations import Expectation
from tests.conftest import ROOT
from tests.test_furniture import paragraphs

SITE = "coast.example"
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TEXT = "The ferry to the outer islands leaves at noon, the harbour office said. " * 30


def articles(count, seed=0, captured="2026-11-20", **changes):
    """A day's articles of a plain site: one in ten has no author, one in twenty is cut."""
    lot = random.Random(seed)  # noqa: S311  # a repeatable draw, no secret
    for number in range(count):
        fields = {
            "headline": f"Ferry {seed}-{number} Leaves",
            "article_body": TEXT[: lot.randint(900, 2100)],
            "date_published": f"2026-11-{lot.randint(10, 19)}",
            "authors": [] if lot.random() < 0.1 else [Author(name="Ada Marl")],
            "description": "Short.",
            "article_section": lot.choice(["Islands", "Harbour"]),
            "url": f"https://{SITE}/{seed}-{number}",
            "is_truncated": lot.random() < 0.05,
        }
        fields |= {
            name: value(number) if callable(value) else value for name, value in changes.items()
        }
        seen = Sighting(page=f"{seed}-{number}", page_date=None, position=1, date_raw=None,
                        fetched_at=f"{captured}T05:00:00Z", is_truncated=fields["is_truncated"],
                        body_sha256=None)  # fmt: skip
        yield Article(id=f"{SITE}:{number:016x}", site=SITE, sightings=[seen], page=seen.page,
                      **fields)  # fmt: skip


def measures(items, outcomes=()):
    measuring = Measuring()
    list(measuring.articles(items))
    pages = [
        PageRecord(page=str(number), site=SITE, kind="article", outcome=outcome)
        for number, outcome in enumerate(outcomes)
    ]
    list(measuring.pages(pages))
    return measuring.finish()


OUTCOMES = ["extracted"] * 18 + ["not-news"] * 2
HISTORY = [measures(articles(20 + seed, seed), OUTCOMES)[SITE] for seed in range(12)]


def findings(now, history=HISTORY, expects=()):
    return check(now, {SITE: expects}, {SITE: history}, NOW)


@pytest.mark.parametrize(
    ("changes", "measure", "level"),
    [
        ({"headline": "Coast Daily"}, "headline of another", "error"),
        ({"headline": None}, "no headline", "error"),
        ({"date_published": None}, "no date_published", "error"),
        ({"date_published": "2026-11-20"}, "dated on the day of capture", "error"),
        ({"is_truncated": True}, "no whole text", "error"),
        ({"article_body": lambda number: f"Ferry {number} leaves."}, "short text", "error"),
        ({"article_body": ""}, "no whole text", "error"),
        ({"authors": []}, "no authors", "warn"),
        ({"article_section": None}, "no article_section", "warn"),
        ({"description": None}, "no description", "warn"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", [12, 25])
def test_a_silent_redesign_is_told(changes, measure, level, count):
    found = findings(measures(articles(count, 99, **changes), OUTCOMES))
    assert (measure, level) in [(finding.measure, finding.level) for finding in found]
    if level == "warn":
        assert all(finding.level == "warn" for finding in found)
    told = next(finding for finding in found if finding.measure == measure)
    assert told.text.startswith(f"{SITE}: {measure}: {count} of {count} articles") or measure in (
        "headline of another",  # the first one is nobody else's
    )


def test_a_run_of_four_articles_tells_too():
    (finding,) = findings(measures(articles(4, 99, date_published=None), OUTCOMES))
    assert (finding.measure, finding.found) == ("no date_published", 1)


@pytest.mark.parametrize(
    ("outcome", "measure"),
    [
        ("not-news", "page without articles"),
        ("layout-unknown", "page without articles"),
        ("blocked", "blocked"),
        ("rejected", "rejected"),
    ],
)
def test_pages_that_give_nothing_any_more_are_told(outcome, measure):
    found = findings(measures([], [outcome] * 20))
    assert [(finding.measure, finding.level) for finding in found] == [(measure, "warn")]


def of_quiet_days():
    yield "nothing at all", [], []
    yield "nothing new", [], OUTCOMES
    yield "one article", articles(1, 50), OUTCOMES
    yield "one without a date", articles(1, 51, date_published=None), OUTCOMES
    yield "two without authors", articles(2, 52, authors=[]), OUTCOMES
    yield "three of the usual kind", articles(3, 53), OUTCOMES
    yield "a third of a day", articles(7, 54), OUTCOMES[:9]
    yield "ten times a day", articles(250, 55), OUTCOMES * 10
    photos = {"article_body": lambda number: "A picture." if number < 4 else TEXT}
    yield "four short ones of twenty", articles(20, 56, **photos), OUTCOMES
    same = {"headline": lambda number: "In Brief" if number < 5 else f"Pier {number} Closed"}
    yield "a daily column", articles(20, 57, **same), OUTCOMES


@pytest.mark.parametrize("day", [pytest.param(day, id=day[0]) for day in of_quiet_days()])
def test_a_quiet_day_is_silent(day):
    _, items, outcomes = day
    assert findings(measures(items, outcomes)) == []


def test_ordinary_days_are_silent():
    for seed in range(200, 260):
        assert findings(measures(articles(seed % 40, seed), OUTCOMES)) == []


def test_a_site_whose_articles_are_of_today_is_no_redesign():
    """What was always so is no change, whatever it is."""
    today = {"date_published": "2026-11-20"}
    history = [measures(articles(10, seed, **today))[SITE] for seed in range(6)]
    assert findings(measures(articles(10, 70, **today)), history) == []


def test_without_a_past_nothing_is_said():
    now = measures(articles(25, 99, date_published=None))
    assert findings(now, []) == []
    assert findings(now, HISTORY[:4]) == []
    few = [measures(articles(2, seed))[SITE] for seed in range(6)]
    assert findings(now, few) == []


def test_what_did_not_change_or_is_gone_does_not_count():
    old = [*articles(30, 60, event="unchanged"), *articles(9, 61, event="withdrawn")]
    assert measures([*old, *articles(2, 62)])[SITE].articles == 2


@pytest.mark.parametrize(
    ("expectation", "is_broken"),
    [
        (Expectation("articles", least=10), False),
        (Expectation("articles", least=11), True),
        (Expectation("articles", most=9), True),
        (Expectation("dated", least=0.8), False),
        (Expectation("dated", least=0.9), True),
        (Expectation("authored", least=1), True),
        (Expectation("with_body", least=1), False),
        (Expectation("words", least=100, most=500), False),
        (Expectation("words", least=500), True),
        (Expectation("blocked", most=0.1), True),
        (Expectation("rejected", most=0), False),
        (Expectation("newest", most=1), False),
    ],
)  # fmt: skip
def test_what_a_site_declares(expectation, is_broken):
    dates = {"date_published": lambda number: None if number < 2 else "2026-11-19"}
    some = {"authors": lambda number: [] if number < 1 else [Author(name="Ada Marl")]}
    now = measures(articles(10, 1, is_truncated=False, **dates, **some), ["extracted", "blocked"])
    found = findings(now, [], [expectation])
    assert [finding.source for finding in found] == ["declared"] * is_broken
    assert all(finding.level == "error" for finding in found)


def test_a_site_that_brought_nothing_is_checked_by_what_it_declares():
    (finding,) = findings({}, [], [Expectation("articles", least=1, level="warn")])
    assert (finding.level, finding.found, finding.expected) == ("warn", 0, "at least 1")
    assert finding.text == f"{SITE}: articles is 0, and the site declares at least 1"


@pytest.mark.parametrize("wrong", [("dates", 1, None), ("dated", None, None)])
def test_an_expectation_that_is_none_is_refused(wrong):
    with pytest.raises(SiteDeclarationError, match="expectation"):
        Expectation(*wrong)


def test_words_of_a_script_that_parts_none():
    assert words_in("The ferry leaves") == 3
    assert 8 <= words_in("北码头的渡轮将于中午离开外岛港口办公室说") <= 16


# Runs


def bodies(number, count):
    """Texts of a day that no other day has."""
    lot = random.Random(number)  # noqa: S311  # a repeatable draw, no secret
    return ["\n\n".join(paragraphs(lot, 5)) for _ in range(count)]


def day(output, number, checks="hold", **changes):
    """One run of eight articles."""
    run = Run(output, "replay", None, {"path": "x"}, f"day-{number}", output / "state.sqlite",
              checks=checks)  # fmt: skip
    for place, body in enumerate(bodies(number, 8)):
        page = f"{number}-{place}"
        run.add(PageRecord(page=page, site=SITE, kind="article", outcome="extracted", found=1))
        seen = Sighting(page=page, page_date=None, position=1, date_raw=None, is_truncated=False,
                        body_sha256=sha256(body.encode()).hexdigest())  # fmt: skip
        fields = {"headline": f"Day {number}, Pier {place}", **changes}
        run.add(Article(id="x", site=SITE, article_body=body, sightings=[seen], page=page,
                        is_truncated=False, **fields))  # fmt: skip
    return run


def publish(output, number, **options):
    run = day(output, number, **options)
    run.publish()
    run.close()


def descriptor(folder: Path):
    return json.loads((folder / "datapackage.json").read_text())["run"]


@pytest.fixture
def held(tmp_path):
    """Seven days as usual, then one on which every headline is the site's name."""
    for number in range(7):
        publish(tmp_path, number)
    run = day(tmp_path, 7, headline="Coast Daily")
    with pytest.raises(DropHeldError, match=r"scrapy publish day-7") as told:
        run.publish()
    run.close()
    assert "coast.example: headline of another: 7 of 8 articles, and 0 of 56" in str(told.value)
    return tmp_path


def test_a_drop_that_fails_is_kept_aside_and_readable(held):
    assert not (held / "day-7").exists()
    assert [entry.run_id for entry in catalogue.read_catalogue(held)][-1] == "day-6"
    said = descriptor(held / ".day-7.held")
    assert [(one["measure"], one["level"]) for one in said["checks"]] == [
        ("headline of another", "error")
    ]
    assert said["measures"][SITE]["articles"] == 8
    lines = (held / ".day-7.held/articles.jsonl").read_text().splitlines()
    assert len(lines) == 8
    assert not [finding for finding in verify(held) if finding.is_wrong]
    (only,) = [finding.text for finding in verify(held / ".day-7.held") if finding.is_wrong]
    assert only.endswith("drops.jsonl does not name the run 'day-7'")
    # The next scheduled run begins anew, and does not go on with it.
    assert unfinished(held, "replay", None, {"path": "x"}) is None


def test_it_is_published_after_all(held):
    run = reopen(held, "day-7")
    run.publish()
    assert [entry.sequence for entry in catalogue.read_catalogue(held)] == list(range(1, 9))
    assert descriptor(held / "day-7")["checks"]
    assert not list(held.glob(".day-7.*"))
    assert not [finding for finding in verify(held) if finding.is_wrong]


def test_a_run_that_came_between_is_seen_by_what_is_published_later(held):
    publish(held, 8)
    run = reopen(held, "day-7")
    run.publish()
    assert [entry.run_id for entry in catalogue.read_catalogue(held)][-2:] == ["day-8", "day-7"]
    assert not [finding for finding in verify(held) if finding.is_wrong]


def test_it_is_discarded(held):
    reopen(held, "day-7").discard()
    assert not list(held.glob(".day-7.*"))
    publish(held, 7)
    assert descriptor(held / "day-7")["checks"] == []


@pytest.mark.parametrize("checks", ["warn", "off"])
def test_checks_that_only_tell_or_are_off(tmp_path, checks):
    for number in range(7):
        publish(tmp_path, number, checks=checks)
    publish(tmp_path, 7, checks=checks, headline="Coast Daily")
    assert len(descriptor(tmp_path / "day-7")["checks"]) == (checks == "warn")


def test_a_setting_that_is_none_is_refused(tmp_path):
    with pytest.raises(UsageError, match="hold, warn, off"):
        Run(tmp_path, "replay", None, {}, checks="strict")


def test_only_what_was_held_is_reopened(tmp_path):
    publish(tmp_path, 1)
    for name in ("day-1", "nobody"):
        with pytest.raises(UsageError, match="there is none"):
            reopen(tmp_path, name)


def page(number, place, headline, body):
    return (
        f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>"
        f"<time datetime='2026-11-{number + 1:02}'>{number + 1} November 2026</time>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in body.split("\n\n"))
        + "</article></body></html>"
    )


def test_a_crawl_that_is_held_says_so_by_its_exit_code(crawl, pages, tmp_path):
    for number in range(7):
        headline = "Coast Daily" if number == 6 else None
        folder = pages(
            {
                f"{place}.html": page(
                    number, place, headline or f"Day {number}: Pier {place} Closed", body
                )
                for place, body in enumerate(bodies(number, 7))
            },
            f"day{number}",
        )
        done = crawl("replay", "-a", f"path={folder}", "-a", f"run_id=day-{number}",
                     "-a", "site=coast.example",
                     "-s", f"NEWSCRAWL_STATE={tmp_path}/state.sqlite")  # fmt: skip
        if number < 6:
            assert done.code == 0, done.err
    assert done.code == 8, done.err
    assert "scrapy publish day-6" in done.err
    assert (tmp_path / "output/.day-6.held/articles.jsonl").exists()


def test_docs_say_the_setting():
    assert "NEWSCRAWL_CHECKS" in (ROOT / "docs/scheduling.md").read_text()
