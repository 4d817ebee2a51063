"""Runs one after the other on one state: what each drop says, and what its readers then hold."""

import copy
import hashlib
import json
import os
import random
import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.drops import catalogue
from newscrawl.drops.run import Run
from newscrawl.errors import RunBusyError, RunIdTakenError, StateError, StorageError
from newscrawl.items import Article, Author, DateReading, Image, PageRecord, RemovedBlock, Sighting
from newscrawl.merge import near
from newscrawl.merge.fields import compared_fields
from newscrawl.store import state as state_module
from newscrawl.store.state import State
from tests import processes
from tests.conftest import ROOT
from tests.test_crash import KILLER, check_nothing_half_visible
from tests.test_furniture import paragraphs

TEXT = (
    "The bridge over the strait opened to traffic on Monday after nine years of work.\n\n"
    "It cost 412 million, the minister said, and 6,000 cars are expected each day.\n\n"
    "Ferries will go on for as long as there are people who want to take them."
)
DAY = timedelta(days=1)
NOW = datetime(2024, 12, 21, 6, tzinfo=UTC)


def shown(page, body=TEXT, headline="Bridge Opens", day="2024-12-21", raw=None, cut=False, **more):
    seen = Sighting(page=page, page_date=day, position=1, date_raw=raw, is_truncated=cut,
                    body_sha256=hashlib.sha256(body.encode()).hexdigest())  # fmt: skip
    fields = {"site": "coast.example", **more}
    return Article(id="x", headline=headline, article_body=body, is_truncated=cut,
                   sightings=[seen], page=page, **fields)  # fmt: skip


def publish(folder, run_id, articles, gone=(), name="state.sqlite", **options):
    """One run over pages of one article each; the records of its drop."""
    run = Run(folder, "replay", None, {"path": "x"}, run_id, folder / name, **options)
    run.add(PageRecord(page="about", site="coast.example", kind="other", outcome="extracted"))
    for article in articles:
        run.add(PageRecord(page=article.page, site=article.site, kind="article",
                           outcome="extracted", found=1))  # fmt: skip
        run.add(article)
    for url, seen_at in gone:
        run.note_gone(url, seen_at)
    run.publish()
    run.close()
    return read(folder / run_id)


def read(drop):
    if not drop.exists():
        entry = catalogue.find(drop.parent, drop.name)
        assert (entry.folder, entry.counts["articles"]) == (None, 0)
        return []
    return [json.loads(line) for line in (drop / "articles.jsonl").read_text().splitlines()]


def readers_truth(folder):
    """What a reader holds who applies every drop of the catalogue, in order."""
    held = {}
    for entry in catalogue.read_catalogue(folder):
        for record in read(folder / entry.run_id):
            if record["event"] == "withdrawn":
                held.pop(record["id"])
            else:
                if record["event"] == "new":
                    assert record["id"] not in held
                    assert record["revision"] == 1
                elif record["id"] in held:
                    assert record["revision"] == held[record["id"]]["revision"] + 1
                held[record["id"]] = record
    return held


def states_truth(folder, name="state.sqlite"):
    state = State(folder / name, "test")
    try:
        return {article.id: article for article in state.articles() if article.event != "withdrawn"}
    finally:
        state.close()


def check_truth(folder):
    held, known = readers_truth(folder), states_truth(folder)
    assert held.keys() == known.keys()
    for article_id, record in held.items():
        for name in compared_fields(Article):
            if name not in ("authors", "images"):
                assert record[name] == getattr(known[article_id], name)


# Events


def test_an_article_is_new_once(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a")])
    assert (first["event"], first["revision"], first["changed"]) == ("new", 1, [])
    assert publish(tmp_path, "2", [shown("a")]) == []
    (again,) = publish(tmp_path, "3", [shown("a")], emit_unchanged=True)
    assert (again["event"], again["revision"], again["id"]) == ("unchanged", 1, first["id"])
    (page,) = [
        json.loads(line) for line in (tmp_path / "3/pages.jsonl").read_text().splitlines()
        if '"a"' in line
    ]  # fmt: skip
    assert (page["found"], page["articles"], page["duplicates"]) == (1, 1, 0)


def test_a_corrected_figure_is_an_update_under_the_same_id(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a")])
    (second,) = publish(tmp_path, "2", [shown("a", TEXT.replace("412", "421"))])
    assert (second["event"], second["revision"]) == ("updated", 2)
    assert second["changed"] == ["article_body"]
    assert second["id"] == first["id"]
    assert "421" in second["article_body"]
    check_truth(tmp_path)


FULL = {
    "in_language": "en-GB", "authors": [Author(name="Ida Berg", url="https://coast.example/ida")],
    "images": [Image(url="https://coast.example/b.jpg", caption="The bridge.", credit="Ida Berg")],
}  # fmt: skip
IMAGE = "https://coast.example/b.jpg"


@pytest.mark.parametrize(
    ("why", "before", "after"),
    [
        ("white space", {}, {"body": TEXT.replace(" ", "  ").replace("\n\n", "\n\n\n")}),
        ("a tracking URL", {"url": "https://coast.example/b"},
         {"url": "https://m.coast.example/b?utm_source=x"}),
        ("a picture's tracking URL", {"images": [Image(url=IMAGE)]},
         {"images": [Image(url=IMAGE + "?utm_source=x")]}),
        ("a relative date that says the same", {"raw": "4 days ago"},
         {"day": "2024-12-22", "raw": "5 days ago", "page": "b"}),
        ("a teaser", {}, {"body": TEXT[:90] + "...", "cut": True, "page": "list"}),
        ("a teaser that does not say so", {}, {"body": TEXT[:70], "page": "list"}),
        ("an older capture", {}, {"body": TEXT.replace("412", "400"), "day": "2024-12-01", "page": "b"}),
        ("a text dump without an address", {"url": "https://coast.example/b"}, {"page": "dump.txt"}),
        ("a text dump that links to nothing and no one", FULL,
         {"page": "dump.txt", "in_language": "en", "authors": [Author(name="Ida Berg")],
          "images": [Image(caption="The bridge.")]}),
    ],
)  # fmt: skip
def test_what_says_the_same_is_no_update(tmp_path, why, before, after):
    publish(tmp_path, "1", [shown(**{"page": "a", **before})])
    assert publish(tmp_path, "2", [shown(**{"page": "a", **after})]) == []
    check_truth(tmp_path)


def test_what_a_page_itself_takes_back_is_an_update(tmp_path):
    publish(tmp_path, "1", [shown("a", **FULL)])
    (second,) = publish(
        tmp_path, "2", [shown("a", **{**FULL, "authors": [Author(name="Ida Berg")]})]
    )
    assert second["changed"] == ["authors"]
    assert second["authors"] == [{"name": "Ida Berg", "url": None, "type": None}]
    assert second["images"][0]["url"] == "https://coast.example/b.jpg"
    check_truth(tmp_path)


def test_the_whole_text_after_a_teaser_is_an_update(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("list", TEXT[:120] + "...", cut=True)])
    (second,) = publish(tmp_path, "2", [shown("a")])
    assert second["id"] == first["id"]
    assert second["changed"] == ["article_body", "is_truncated"]
    assert [s["page"] for s in second["sightings"]] == ["a", "list"]


def test_an_article_keeps_its_id_when_headline_and_text_change_at_its_address(tmp_path):
    url = "https://coast.example/b"
    (first,) = publish(tmp_path, "1", [shown("a", url=url)])
    (second,) = publish(
        tmp_path, "2", [shown("b", TEXT[::-1], "Strait Crossed", url=url + "?fbclid=1")]
    )
    assert second["id"] == first["id"]
    assert second["changed"] == ["headline", "article_body"]
    assert publish(tmp_path, "3", [shown("c", TEXT[::-1], "Strait Crossed")]) == []
    check_truth(tmp_path)


def test_a_date_of_modification_that_the_markup_moves_is_an_update_and_no_conflict(tmp_path):
    def dated(day):
        readings = [DateReading(field="published", raw="2024-12-17", value="2024-12-17", basis="structured"),
                    DateReading(field="modified", raw=day, value=day, basis="structured")]  # fmt: skip
        return shown("a", date_readings=readings, url="https://coast.example/b")

    publish(tmp_path, "1", [dated("2024-12-17")])
    (second,) = publish(tmp_path, "2", [dated("2024-12-18")])
    assert second["changed"] == ["date_modified"]
    assert second["date_modified"] == "2024-12-18"
    assert not second["date_evidence"]["modified"]["conflict"]
    # A listing that only bounds the date does not undo it.
    bound = DateReading(field="published", raw="", value="[..2024-12-19]", basis="bound")
    assert publish(tmp_path, "3", [shown("list", TEXT[:60], date_readings=[bound])]) == []
    check_truth(tmp_path)


def test_two_articles_that_turn_out_to_be_one_are_one_from_then_on(tmp_path):
    middle = TEXT + " " + "And more was said, by more people, on more of the questions. " * 5
    publish(tmp_path, "1", [shown("a", middle[:170], "One", cut=True),
                            shown("b", middle[:260], "Two", cut=True)])  # fmt: skip
    assert len(readers_truth(tmp_path)) == 2
    records = publish(tmp_path, "2", [shown("c", middle, "One")])
    whole, end = sorted(records, key=lambda record: record["event"])
    assert (whole["event"], end["event"], end["revision"]) == ("updated", "withdrawn", 2)
    assert end["withdrawn"] == {"reason": "merged", "merged_into": whole["id"]}
    assert all(not r["near_duplicates"] for r in records)
    assert len(readers_truth(tmp_path)) == 1
    assert publish(tmp_path, "3", [shown("b", middle[:260], "Two", cut=True)]) == []
    check_truth(tmp_path)


def test_a_briefing_of_another_day_is_another_article_with_another_id(tmp_path):
    lead = "Good morning. " + "Here is all that you need to know today, in the usual order: " * 3
    days = [lead + " ".join(f"{word}{n}" for n in range(200)) for word in ("rain", "talks")]
    (first,) = publish(tmp_path, "1", [shown("a", days[0], "Morning briefing", day="2024-12-01")])
    (second,) = publish(tmp_path, "2", [shown("b", days[1], "Morning briefing", day="2024-12-02")])
    assert second["event"] == "new"
    assert second["id"] != first["id"]
    check_truth(tmp_path)


def test_furniture_that_a_later_run_knows_is_no_update(tmp_path):
    line = "Subscribe to our newsletter"
    rng = random.Random(5)  # noqa: S311  # a repeatable draw, no secret
    texts = ["\n\n".join(paragraphs(rng, 3)) for _ in range(14)]
    pages = [shown(f"p{n}", f"{text}\n\n{line}", f"Report {n}") for n, text in enumerate(texts)]
    few = publish(tmp_path, "1", pages[:6])
    assert all(line in record["article_body"] for record in few)
    # Eight pages could not tell; with the six that the state remembers they can.
    later = publish(tmp_path, "2", pages[6:])
    assert sorted(r["article_body"] for r in later) == sorted(texts[6:])
    (removed,) = [
        json.loads(text) for text in (tmp_path / "2/furniture.jsonl").read_text().splitlines()
    ]
    assert (removed["text"], removed["pages"]) == (line, 8)
    assert removed["articles"] == sorted(r["id"] for r in later)
    assert publish(tmp_path, "3", pages[:6]) == []


def test_copies_of_earlier_runs_are_named(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a")])
    alike = TEXT.replace("Ferries", "Boats")
    records = publish(
        tmp_path, "2", [shown("b", site="b.example"), shown("c", alike, site="c.example")]
    )
    same, similar = sorted(records, key=lambda record: record["site"])
    assert same["same_as"] == [first["id"]]
    assert [n["id"] for n in similar["near_duplicates"]] == [same["id"], first["id"]]


class DictIndex:
    """The least that can stand where the bands are."""

    def __init__(self):
        self.found, self.added = {}, []

    def add(self, key, number):
        self.added.append((key, number))

    def remove(self, key, number):
        self.found.get(key, set()).discard(number)

    def find(self, keys):
        return set().union(*(self.found.get(key, set()) for key in keys))

    def flush(self):
        for key, number in self.added:
            self.found.setdefault(key, set()).add(number)
        self.added = []


def test_another_index_can_stand_where_the_bands_are(tmp_path, monkeypatch):
    index = DictIndex()
    monkeypatch.setattr(
        "newscrawl.drops.run.State", lambda path, run, wait: State(path, run, wait, index)
    )
    (first,) = publish(tmp_path, "1", [shown("a")])
    (second,) = publish(
        tmp_path, "2", [shown("c", TEXT.replace("Ferries", "Boats"), site="c.example")]
    )
    assert [n["id"] for n in second["near_duplicates"]] == [first["id"]]
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        assert db.execute("SELECT count(*) FROM bands").fetchone() == (0,)
    db.close()


def test_a_notice_that_a_thousand_pages_show_costs_no_pair_by_pair_comparison(tmp_path):
    notice = "This page is for readers who have an account with us. " * 3
    articles = [
        shown(f"{site}{n:03}", notice[:180], f"Report {n}", site=f"{site}.example")
        for n in range(100) for site in "ab"
    ]  # fmt: skip
    records = publish(tmp_path, "1", articles)
    assert len(records) == 200
    firsts = {
        site: min(r["id"] for r in records if r["site"] == f"{site}.example") for site in "ab"
    }
    for record in records:
        assert record["same_as"] == [firsts["b" if record["site"] == "a.example" else "a"]]
    later = publish(tmp_path, "2", [shown("z", notice[:180], "Another", site="c.example")])
    assert len(later[0]["same_as"]) == near.LARGEST_FAMILY


URL = "https://coast.example/b"


def test_an_article_is_withdrawn_when_its_page_is_gone_twice_a_day_apart(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a", url=URL)])
    assert publish(tmp_path, "2", [], gone=[(URL, NOW)]) == []
    assert publish(tmp_path, "3", [], gone=[(URL, NOW + DAY / 2)]) == []
    (gone,) = publish(tmp_path, "4", [], gone=[(URL + "?utm_source=x", NOW + DAY)])
    assert (gone["event"], gone["id"], gone["revision"]) == ("withdrawn", first["id"], 2)
    assert gone["withdrawn"] == {"reason": "gone", "merged_into": None}
    assert readers_truth(tmp_path) == {}
    assert publish(tmp_path, "5", [], gone=[(URL, NOW + 2 * DAY)]) == []
    (back,) = publish(tmp_path, "6", [shown("a", url=URL)])
    assert (back["event"], back["id"], back["revision"]) == ("updated", first["id"], 3)
    assert back["withdrawn"] is None
    check_truth(tmp_path)


def test_a_page_that_came_back_in_between_is_not_gone(tmp_path):
    publish(tmp_path, "1", [shown("a", url=URL)])
    publish(tmp_path, "2", [], gone=[(URL, NOW)])
    publish(tmp_path, "3", [shown("a", url=URL)])
    assert publish(tmp_path, "4", [], gone=[(URL, NOW + 2 * DAY)]) == []


def test_a_run_that_sees_nothing_withdraws_nothing(tmp_path):
    publish(tmp_path, "1", [shown("a", url=URL)])
    assert publish(tmp_path, "2", []) == []
    assert len(readers_truth(tmp_path)) == 1


# Readers

bodies = st.sampled_from([TEXT, TEXT.replace("412", "421"), TEXT[:100], TEXT[::-1]])
showings = st.builds(
    shown,
    st.sampled_from("abc"),
    bodies,
    st.sampled_from(["Bridge Opens", "Strait Crossed"]),
    cut=st.booleans(),
    url=st.sampled_from([None, URL, URL + "2"]),
    site=st.sampled_from(["coast.example", "b.example"]),
    furniture=st.sampled_from([[], [RemovedBlock(text="Share this", reason="share-line")]]),
)
pages = st.lists(showings, max_size=3, unique_by=lambda s: s.page)
gone = st.sets(st.sampled_from([URL, URL + "2"]))
runs = st.lists(st.tuples(pages, gone), min_size=1, max_size=4)
some_examples = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@some_examples
@given(runs)
def test_readers_who_apply_all_drops_hold_what_the_state_holds(tmp_path_factory, runs):
    folder = tmp_path_factory.mktemp("runs")
    for number, (articles, urls) in enumerate(runs):
        publish(folder, str(number), articles, [(url, NOW + number * DAY) for url in urls])
        check_truth(folder)


@some_examples
@given(runs, st.randoms())
def test_the_order_of_a_runs_pages_changes_no_drop(tmp_path_factory, runs, rng):
    forth, shuffled = tmp_path_factory.mktemp("forth"), tmp_path_factory.mktemp("shuffled")
    for number, (articles, urls) in enumerate(runs):
        order = copy.deepcopy(articles)
        rng.shuffle(order)
        for folder, some in ((forth, articles), (shuffled, order)):
            publish(folder, str(number), some, [(url, NOW + number * DAY) for url in urls])
        assert (forth / str(number)).exists() == (shuffled / str(number)).exists()
        for file in (forth / str(number)).glob("*.jsonl"):
            assert file.read_bytes() == (shuffled / str(number) / file.name).read_bytes()


# Bad input


def test_a_damaged_state_is_told_and_left_alone(tmp_path):
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"no database at all " * 500)
    before = path.read_bytes()
    with pytest.raises(StateError, match="damaged, or is no newscrawl state"):
        publish(tmp_path, "1", [shown("a")])
    assert path.read_bytes() == before


def test_a_state_that_was_cut_off_is_told(tmp_path):
    publish(tmp_path, "1", [shown(f"p{n}", TEXT + str(n) * 400, f"H{n}") for n in range(60)])
    path = tmp_path / "state.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StateError, match="damaged"):
        publish(tmp_path, "2", [shown("a")])


def test_damage_that_only_use_finds_is_told_and_nothing_is_published(tmp_path, monkeypatch):
    articles = [shown(f"p{n}", TEXT + str(n) * 400, f"H{n}") for n in range(60)]
    publish(tmp_path, "1", articles)
    path = tmp_path / "state.sqlite"
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 :] = b"\xff" * len(damaged[len(damaged) // 2 :])
    path.write_bytes(damaged)
    monkeypatch.setattr(state_module, "_CHECKED_WHOLE", 0)
    with pytest.raises((StateError, StorageError), match="malformed"):
        publish(tmp_path, "2", articles)
    assert [entry.run_id for entry in catalogue.read_catalogue(tmp_path)] == ["1"]


def test_a_record_that_was_damaged_is_told_and_nothing_is_published(tmp_path):
    publish(tmp_path, "1", [shown("a", url=URL)])
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("UPDATE articles SET record = substr(record, 1, 40)")
    db.close()
    with pytest.raises(StateError, match=r"article 1 of the state .* is damaged"):
        publish(tmp_path, "2", [shown("a", url=URL)])
    assert [entry.run_id for entry in catalogue.read_catalogue(tmp_path)] == ["1"]


def test_a_database_of_something_else_is_not_touched(tmp_path):
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(StateError, match="database of something else"):
        publish(tmp_path, "1", [shown("a")])


def test_a_newer_state_is_refused(tmp_path, monkeypatch):
    newest = len(state_module._MIGRATIONS)
    with monkeypatch.context() as patched:
        patched.setattr(
            state_module, "_MIGRATIONS", (*state_module._MIGRATIONS, "CREATE TABLE extra (x)")
        )
        publish(tmp_path, "1", [shown("a")])
    message = f"of version {newest + 1} and this newscrawl knows versions up to {newest}"
    with pytest.raises(StateError, match=message):
        publish(tmp_path, "2", [shown("a")])


STEPS_BACK = [
    "",
    "DROP TABLE visits; DROP TABLE waiting;",
    "DROP TABLE chain; DROP INDEX runs_in_order;"
    "ALTER TABLE runs DROP COLUMN sequence; ALTER TABLE runs DROP COLUMN link;",
    "DROP TABLE measures;",
    "ALTER TABLE publishing DROP COLUMN work;",
    "DROP TABLE removed;",
]


@pytest.mark.parametrize("version", range(1, len(state_module._MIGRATIONS)))
def test_an_older_state_is_migrated_with_all_that_it_knows(tmp_path, version):
    publish(tmp_path, "1", [shown("a")])
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        for step in STEPS_BACK[version:]:
            db.executescript(step)
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    assert publish(tmp_path, "2", [shown("a")]) == []
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(state_module._MIGRATIONS),)
    db.close()
    check_truth(tmp_path)


def test_a_second_run_on_one_state_is_told_who_holds_it(tmp_path):
    first = Run(tmp_path, "replay", None, {"path": "x"}, "first", tmp_path / "state.sqlite")
    with pytest.raises(RunBusyError, match=rf"held by run first \(process {os.getpid()}, since"):
        Run(tmp_path, "replay", None, {"path": "x"}, "second", tmp_path / "state.sqlite")
    first.close()
    Run(tmp_path, "replay", None, {"path": "x"}, "second", tmp_path / "state.sqlite").close()


def test_a_run_id_that_the_state_knows_is_refused_in_any_folder(tmp_path):
    publish(tmp_path, "1", [shown("a")])
    with pytest.raises(RunIdTakenError, match="drops never change"):
        Run(tmp_path / "b", "replay", None, {"path": "x"}, "1", tmp_path / "state.sqlite")


def test_a_clock_that_went_back_is_told_and_withdraws_nothing(tmp_path, caplog):
    publish(tmp_path, "1", [shown("a", url=URL)], gone=[])
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("UPDATE runs SET finished_at = '2999-01-01T00:00:00+00:00'")
    db.close()
    publish(tmp_path, "2", [], gone=[(URL, NOW)])
    assert publish(tmp_path, "3", [], gone=[(URL, NOW + 2 * DAY)]) == []
    assert "set the clock" in caplog.text


def test_the_command_keeps_state_and_tells_what_did_not_change_on_request(crawl, tmp_path):
    state = f"NEWSCRAWL_STATE={tmp_path / 'state.sqlite'}"
    path = "path=fixtures/syndicated-posts/pages"
    first = crawl("replay", "-a", path, "-s", state, output=tmp_path / "a")
    second = crawl("replay", "-a", path, "-s", state, output=tmp_path / "b")
    asked = crawl(
        "replay", "-a", path, "-s", state, "-s", "NEWSCRAWL_EMIT_UNCHANGED=1", output=tmp_path / "c"
    )
    assert [done.code for done in (first, second, asked)] == [0, 0, 0]
    (line,) = catalogue.read_catalogue(tmp_path / "b")
    assert (line.folder, line.outcomes) == (None, {"extracted": len(first.records("pages"))})
    unchanged = [{**record, "event": "unchanged"} for record in first.records("articles")]
    assert asked.records("articles") == unchanged != []


@pytest.mark.parametrize("theme", ["block", "app"])
def test_a_later_text_dump_of_a_site_seen_as_html_is_no_news(crawl, tmp_path, theme):
    state = ["-s", f"NEWSCRAWL_STATE={tmp_path / 'state.sqlite'}"]
    pages = "path=fixtures/html-and-text/front-end-{}/pages"
    html = crawl("replay", "-a", pages.format(theme), *state, output=tmp_path / "html")
    asked = [*state, "-s", "NEWSCRAWL_EMIT_UNCHANGED=1"]
    text = crawl("replay", "-a", pages.format("text"), *asked, output=tmp_path / "text")
    assert len(html.records("articles")) == 3
    assert {article["event"] for article in text.records("articles")} == {"unchanged"}


# Crashes: real processes, killed at every durable step of two runs on one state

STATE_KILLER = KILLER.replace(
    "from scrapy.cmdline",
    "from newscrawl.store.state import State\n"
    "State.begin_publishing = counted(State.begin_publishing)\n"
    "State.commit = counted(State.commit)\n"
    "State._write_changes = counted(State._write_changes)\n"
    "State._write_windows = counted(State._write_windows)\n"
    "from scrapy.cmdline",
)


def crawl_killed_at(step: int, run_id: str, path: Path, folder: Path):
    return processes.run(
        "-c", STATE_KILLER, str(step), "-a", f"path={path}", "-a", f"run_id={run_id}",
        "-s", f"NEWSCRAWL_OUTPUT={folder}", "-s", f"NEWSCRAWL_STATE={folder / 'state.sqlite'}",
        "-s", "LOG_LEVEL=WARNING",
    )  # fmt: skip


FIRST = ROOT / "fixtures/same-article-on-two-listings/pages/search-coast-page-6.txt"
SECOND = ROOT / "fixtures/same-article-on-two-listings/pages"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two runs that nobody killed: their folder, and how many steps the second took."""
    folder = tmp_path_factory.mktemp("whole")
    assert crawl_killed_at(0, "one", FIRST, folder).returncode == 0
    done = crawl_killed_at(0, "two", SECOND, folder)
    assert done.returncode == 0, done.stderr
    return folder, int(done.stderr.split()[-1])


@pytest.mark.parametrize("part", range(3))
def test_a_crash_leaves_drop_and_state_or_neither(whole, tmp_path, part):
    reference, steps = whole
    assert steps > 30
    for count, step in enumerate(range(1 + part, steps + 1, 3 * 4)):
        folder = tmp_path / str(step)
        assert crawl_killed_at(0, "one", FIRST, folder).returncode == 0
        killed = crawl_killed_at(step, "two", SECOND, folder)
        assert killed.returncode == -signal.SIGKILL, (step, killed.stderr)
        check_nothing_half_visible(folder)
        if count % 2:
            # The same command goes on.
            finished = crawl_killed_at(0, "two", SECOND, folder)
            assert finished.returncode == 0 or "drops never change" in finished.stderr
            for name in ("articles", "pages"):
                file = f"two/{name}.jsonl"
                assert (folder / file).read_bytes() == (reference / file).read_bytes(), step
        else:
            # Another run comes first; it finds the second run's drop and state, or neither.
            assert crawl_killed_at(0, "three", SECOND, folder).returncode == 0
        check_nothing_half_visible(folder)
        check_truth(folder)
        assert readers_truth(folder).keys() == readers_truth(reference).keys()
