"""The spool's four duties, each as those who call it see it: rows in, rows out."""

import hashlib
import sqlite3
from array import array
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from newscrawl.errors import RunBusyError, RunMismatchError, StorageError
from newscrawl.items import (
    Article,
    DateEvidence,
    DatesEvidence,
    ExchangeRate,
    Furniture,
    NearDuplicate,
    PageRecord,
    Person,
    Reject,
    RemovedBlock,
    Sighting,
)
from newscrawl.merge.furniture import block_keys, pack
from newscrawl.store.queue import Entry, Named
from newscrawl.store.spool import KEYS, PageContent, PrintedBody, Record, Spool

BODY = "The bridge is open.\n\nThe mayor cut the ribbon."
URL = "https://coast.example/bridge"


@pytest.fixture
def spool(tmp_path):
    with Spool(tmp_path / "spool.sqlite", {"run": 1}) as opened:
        yield opened


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def article(page="a", body=BODY, headline="Bridge Opens", site="coast", **more) -> Article:
    seen = Sighting(page=page, page_date=None, position=1, date_raw=None, is_truncated=False,
                    body_sha256=digest(body) if body else None)  # fmt: skip
    return Article(site=site, headline=headline, article_body=body, sightings=[seen], page=page,
                   **more)  # fmt: skip


def published(earliest, latest) -> DatesEvidence:
    return DatesEvidence(published=DateEvidence(
        earliest=earliest, latest=latest, precision="day", certain_to=None, zone=None, edtf="",
        raw=None, basis="page", anchor=None, sources=1, conflict=False))  # fmt: skip


def reject(page, reason, detail, excerpt) -> Reject:
    return Reject(page=page, reason=reason, detail=detail, excerpt=excerpt)


def add(spool: Spool, page: str, *articles: Article, kind="article", site=None, **more) -> None:
    """Collect one page."""
    record = PageRecord(page=page, site=site, kind=kind, outcome="extracted",
                        furniture=more.pop("furniture", []), sha256=more.pop("sha256", None))  # fmt: skip
    spool.add_page(PageContent(record, articles=list(articles), **more))
    spool.commit()


# Collecting


@pytest.mark.parametrize(
    ("given", "is_gone_on_with"),
    [({"b": 2, "a": 1}, True), (None, True), ({"a": 2, "b": 2}, False)],
)
def test_a_spool_is_gone_on_with_by_the_run_that_began_it(tmp_path, given, is_gone_on_with):
    path = tmp_path / "spool.sqlite"
    assert Spool.begun_with(path) is None
    Spool(path, {"a": 1, "b": 2}).close()
    assert Spool.begun_with(path) == {"a": 1, "b": 2}
    if is_gone_on_with:
        Spool(path, given).close()
    else:
        with pytest.raises(
            RunMismatchError, match=r'was begun with \{"a": 1, "b": 2}, not {"a": 2'
        ):
            Spool(path, given)
        Spool(path, None).close()  # the one that was refused left it free


def test_one_process_at_a_time_has_a_spool(tmp_path):
    path = tmp_path / "spool.sqlite"
    with Spool(path, {}), pytest.raises(RunBusyError, match="another process works on this run"):
        Spool(path, {})
    with Spool(path, {}) as free:
        assert free.path == path


def test_a_file_that_is_no_spool_is_said_to_be_none(tmp_path):
    path = tmp_path / "spool.sqlite"
    path.write_bytes(b"a text of another program, longer than a header " * 30)
    assert Spool.begun_with(path) is None
    with pytest.raises(StorageError, match="can't be used"):
        Spool(path, {})


def test_the_spool_of_an_older_newscrawl_learns_whose_furniture_it_was(tmp_path):
    path = tmp_path / "spool.sqlite"
    Spool(path, {}).close()
    db = sqlite3.connect(path)
    db.executescript("ALTER TABLE furniture DROP COLUMN article")
    db.close()
    with Spool(path, {}) as again:
        add(again, "a", furniture=[RemovedBlock(text="Menu", reason="navigation")], site="coast")
        assert again.count("furniture") == 1


def test_a_page_that_is_read_again_takes_the_place_of_what_it_was(spool):
    rate = ExchangeRate(site="coast", base_currency="USD", quote_currency="EUR", rate=Decimal(1),
                        change_percent=None, as_of=None, page="a")  # fmt: skip
    person = Person(id="p", site="coast", name="Ann Brook", page="a")
    all_ = {
        "articles": [article()],
        "rates": [rate],
        "people": [person],
        "rejects": [reject("a", "empty", "no text", "")],
    }
    tables = ("pages", "articles", "rates", "people", "furniture", "rejects")
    for page in ("b", "a"):
        spool.add_page(PageContent(
            PageRecord(page=page, kind="article", outcome="extracted", sha256="1", site="coast",
                       furniture=[RemovedBlock(text="Menu", reason="navigation")]),
            **(all_ if page == "a" else {})))  # fmt: skip
    assert [spool.count(table) for table in tables] == [2, 1, 1, 1, 2, 1]
    add(spool, "a", sha256="2")
    assert [spool.count(table) for table in tables] == [2, 0, 0, 0, 1, 0]
    assert [spool.has_page("a", sha) for sha in ("1", "2", None)] == [False, True, False]
    assert not spool.has_page("c", None)


def test_pages_and_rejects_come_back_sorted(spool):
    rejects = [reject("b", "r", "d", "e"), reject("a", "s", "d", "e"), reject("a", "r", "d", "f")]
    add(spool, "b", rejects=rejects[:1], sha256="1", site="coast")
    add(spool, "a", rejects=rejects[1:])
    assert [page.page for page in spool.pages()] == ["a", "b"]
    assert [page.sha256 for page in spool.pages()] == [None, "1"]
    assert list(spool.rejects()) == [rejects[2], rejects[1], rejects[0]]


def test_what_a_page_names_waits_for_the_queue_and_needs_none(spool):
    fresh = []
    named = Named(URL, "coast", [], [], fresh.append)
    add(spool, "a", named=named)  # a replay has no queue
    assert fresh == []
    queue = spool.open_queue()
    queue.add(Entry(url=URL, site="coast", role="article"))
    assert queue.take("coast") is not None
    add(spool, "b")  # a page that is not of the queue
    add(spool, "a", named=named)
    assert len(fresh) == 1
    assert queue.take("coast") is None


# Cleaning


def test_what_all_print_is_taken_out_of_each_and_counted_once_a_page(spool):
    block = RemovedBlock(text="Share this", reason="recurring")
    teaser = article(body="One block.", headline="Other")
    add(spool, "a", article(url=URL, furniture=[RemovedBlock(text="Menu", reason="link list")]), teaser,
        furniture=[RemovedBlock(text="Menu", reason="link list")], site="coast")  # fmt: skip
    add(spool, "b", article("b", url=URL), article("b", BODY + " More.", "New"), kind="listing")
    cleaning = spool.cleaning
    for _ in range(2):  # publishing may begin anew
        cleaning.begin()
        assert sorted(cleaning.site_kinds()) == [("coast", "article"), ("coast", "listing")]
        assert list(cleaning.blocks("coast", "article")) == [pack(block_keys(BODY))]
        assert len(list(cleaning.windows(1))) == 2
        assert [row[:3] for row in cleaning.windows(9)] == [
            ("coast", "article", "ucoast.example/bridge"),
            ("coast", "listing", "hnew"),
            ("coast", "listing", "ucoast.example/bridge"),
        ]
        assert cleaning.has_parted("coast", "listing", "hnew")
        assert not cleaning.has_parted("coast", "article", "hnew")
        printed = list(cleaning.printed_bodies())
        assert printed == [
            PrintedBody(1, "a", "coast", BODY, pack(block_keys(BODY))),
            PrintedBody(3, "b", "coast", BODY, pack(block_keys(BODY))),
            PrintedBody(4, "b", "coast", BODY + " More.", pack(block_keys(BODY + " More."))),
        ]
        cleaning.clean(printed[1], "The bridge is open.", [block, block])
        cleaning.end()
    bodies = [spool.sightings.article(number).article_body for number in spool.sightings.numbers()]
    assert bodies == [BODY, "One block.", "The bridge is open.", BODY + " More."]
    spool.sightings.index()
    assert [[p.number for p in group] for group in spool_groups(spool, "lead_key")] == []
    spool.records.begin()
    spool.records.add(Record(article(id="i"), ["a"], sightings=[1]))
    spool.records.add(Record(article(id="j"), ["b"], sightings=[3]))
    spool.records.end(lambda a: a.id)
    assert list(cleaning.furniture()) == [
        Furniture(site="coast", text="Menu", pages=1, repeats=2, reason="link list",
                  example_page="a", articles=["i"]),
        Furniture(site="coast", text="Share this", pages=1, repeats=2, reason="recurring",
                  example_page="b", articles=["j"]),
    ]  # fmt: skip


def test_a_long_run_s_texts_are_all_read(spool):
    pages = [article(f"{n:04}", f"{n}\n\n{n}", f"H {n}") for n in range(1001)]
    spool.add_page(PageContent(PageRecord(page="a", kind="article", outcome="extracted"), pages))
    spool.commit()
    spool.cleaning.begin()
    assert [printed.number for printed in spool.cleaning.printed_bodies()] == [*range(1, 1002)]
    spool.cleaning.end()


# Sightings


def spool_groups(spool: Spool, key: str) -> list:
    spool.sightings.begin_known()
    spool.sightings.end_known()
    return list(spool.sightings.groups(key))


def test_sightings_meet_by_each_of_their_keys(spool):
    assert spool.sightings.last_number() == 0
    day = published("2024-05-01T00:00:00+00:00", "2024-05-02T00:00:00+00:00")
    add(spool, "a", article(url=URL, date_evidence=day))
    add(spool, "b", article("b", "", url=URL + "?utm_source=x", is_truncated=True))
    add(spool, "c", article("c", "Alone.", "BRIDGE opens"), article("c", BODY, "Other", "north"))
    add(spool, "d", article("d", "", None))
    sightings = spool.sightings
    sightings.index()
    groups = {
        key: [[p.number for p in group] for group in spool_groups(spool, key)] for key in KEYS
    }
    assert groups == {"url_key": [[1, 2]], "headline_key": [[1, 2, 3]], "lead_key": []}
    ((first, second),) = sightings.groups("url_key")
    midnight = datetime(2024, 5, 1, tzinfo=UTC).timestamp()
    assert (first.page, first.headline, first.url_key, first.is_truncated, first.published) == (
        "a", "Bridge Opens", "coast.example/bridge", False, (midnight, midnight + 86_400))  # fmt: skip
    assert (second.published, second.is_truncated, second.body_sha256) == (None, True, None)
    assert sightings.body(first.body_sha256) == BODY
    assert sightings.body(None) == ""
    assert list(sightings.key_values("url_key")) == [("coast", "coast.example/bridge")]
    assert sorted(sightings.key_values("headline_key")) == [
        ("coast", "bridgeopens"),
        ("north", "other"),
    ]
    assert sightings.keys_of(5) == []
    assert [key[:2] for key in sightings.keys_of(1)] == [(name, "coast") for name in KEYS]
    assert sightings.last_number() == 5
    assert list(sightings.numbers()) == [1, 2, 3, 4, 5]


def test_groups_of_one_key_are_told_from_those_of_the_next(spool):
    for page, headline in ("aB", "bA", "cA", "dB", "eC"):
        add(spool, page, article(page, f"Text {page}.", headline))
    groups = spool_groups(spool, "headline_key")
    assert [[p.page for p in group] for group in groups] == [["b", "c"], ["a", "d"]]


def test_a_sighting_comes_back_with_its_text(spool):
    add(spool, "a", article(), article(body=""))
    whole, empty = (spool.sightings.article(number) for number in (1, 2))
    assert (whole.headline, whole.article_body, whole.sightings[0].body_sha256) == (
        "Bridge Opens", BODY, digest(BODY))  # fmt: skip
    assert (empty.article_body, empty.sightings[0].body_sha256) == ("", None)


def test_published_articles_stand_beside_the_sightings(spool):
    add(spool, "a", article(url=URL))
    sightings = spool.sightings
    day = published("2024-05-01T00:00:00+00:00", None)
    for _ in range(2):  # publishing may begin anew
        sightings.begin_known()
        sightings.add_known(7, 70, article("old", "Old text.", url=URL, date_evidence=day))
        sightings.add_known(8, 80, article("old", "", "Another", url=None))
        assert sightings.end_known() == {7: 70, 8: 80}
    ((here, known),) = sightings.groups("url_key")
    assert (here.number, known.number, known.page) == (1, 7, "\0" + "70")
    assert known.published == (datetime(2024, 5, 1, tzinfo=UTC).timestamp(), 1e12)
    assert sightings.body(known.body_sha256) == "Old text."
    assert sightings.keys_of(1)[0] == ("url_key", "coast", "coast.example/bridge")


def test_an_address_is_gone_until_its_own_page_is_there(spool):
    days = [datetime(2024, 5, day, tzinfo=UTC) for day in (2, 3, 1)]
    for url in ("coast.example/bridge", "coast.example/port", "coast.example/pier"):
        for day in days:
            spool.add_gone(url, day)
    port, pier = "https://coast.example/port", "https://coast.example/pier"
    add(spool, "l", article("l", url=port), article("l", url=URL), kind="listing")
    add(spool, "w", article("w", url=pier), kind="author")
    add(spool, "a", article("a", url=URL))
    sightings = spool.sightings
    assert sorted(sightings.gone()) == [
        ("coast.example/pier", days[1]), ("coast.example/port", days[1])]  # fmt: skip
    assert list(sightings.shown_urls()) == ["coast.example/bridge"]
    assert [sightings.shows_its_own(some) for some in ([1, 2, 3], [1, 4], [])] == [
        False,
        True,
        False,
    ]


def test_rates_and_people_come_in_groups_sorted(spool):
    def rate(page, base):
        return ExchangeRate(site="coast", base_currency=base, quote_currency="EUR", page=page,
                            rate=Decimal(1), change_percent=None, as_of="2024-05-01")  # fmt: skip

    def person(page, id_, site="coast"):
        return Person(id=id_, site=site, name="Ann Brook", page=page)

    assert (list(spool.sightings.rates()), list(spool.sightings.people())) == ([], [])
    add(spool, "b", rates=[rate("b", "USD"), rate("b", "GBP")], people=[person("b", "p")])
    add(spool, "a", rates=[rate("a", "USD")],
        people=[person("a", "p"), person("a", "o"), person("a", "p", "north")])  # fmt: skip
    assert [[(r.base_currency, r.page) for r in group] for group in spool.sightings.rates()] == [
        [("GBP", "b")], [("USD", "a"), ("USD", "b")]]  # fmt: skip
    assert [[(p.site, p.id, p.page) for p in group] for group in spool.sightings.people()] == [
        [("coast", "o", "a")], [("coast", "p", "a"), ("coast", "p", "b")], [("north", "p", "a")]]  # fmt: skip


# Records


def records(spool: Spool, *made: Record, other_id=lambda a: a.id + "2") -> None:
    spool.records.begin()
    for record in made:
        spool.records.add(record)
    spool.records.end(other_id)


def test_a_page_counts_what_it_was_the_first_to_show(spool):
    records(
        spool,
        Record(article(id="i"), ["a", "b"]),
        Record(article(id="j"), ["b"]),
        Record(article(id="k"), ["b", "a"], is_exported=False),
    )
    assert {page: spool.records.count_shown(page) for page in "abc"} == {
        "a": (1, 1), "b": (1, 2), "c": (0, 0)}  # fmt: skip
    assert sorted(spool.records.article_ids(["a"])) == ["i", "k"]
    assert sorted(spool.records.article_ids(["b", "c"])) == ["i", "j", "k"]
    assert spool.records.article_ids(["c"]) == []


def test_no_two_records_of_a_site_share_an_id(spool):
    records(
        spool,
        Record(article(id="i"), ["a"]),
        Record(article(id="i", body="Known."), ["b"], state=4),  # what is published keeps its id
        Record(article(id="i", site="north"), ["c"]),
    )
    texts = dict(spool.records.texts())
    assert {number: text.id for number, text in texts.items()} == {1: "i2", 2: "i", 3: "i"}
    assert (texts[2].article_body, texts[3].site) == ("Known.", "north")
    assert spool.records.text(1) == texts[1]
    assert spool.records.article_ids(["a"]) == ["i2"]


def test_a_published_article_that_is_gone_is_added_where_the_run_has_none_of_it(spool):
    spool.records.begin()
    spool.records.add(Record(article(id="i"), ["a"], state=1))
    assert [spool.records.has_state(state) for state in (1, 2)] == [True, False]
    for state, id_ in ((1, "again"), (2, "gone"), (None, "new")):
        spool.records.add_withdrawn(Record(article(id=id_), [], state=state))
    spool.records.end(lambda a: a.id)
    assert [text.id for _, text in spool.records.texts()] == ["i", "gone"]


# Links


def test_one_text_on_several_sites_links_its_records(spool):
    made = [("i", "coast"), ("j", "north"), ("k", "south"), ("l", "coast"), ("m", "coast")]
    records(spool, *(Record(article(id=id_, site=site), ["a"]) for id_, site in made))
    for most, expected in (
        (4, {"i": "jk", "j": "ikl", "k": "ijl", "l": "jk", "m": ""}),
        (3, {"i": "jk", "j": "ik", "k": "ij", "l": "jk", "m": ""}),  # a notice: the first of each
    ):
        spool.links.begin()
        for number, key in enumerate((5, 5, 5, 5, 6), 1):
            spool.links.add_print(number, key, bytes([number]))
        spool.links.link_same_texts(most)
        spool.links.add(5, "x", 0.75)
        spool.links.add(5, "x", 0.75)
        spool.links.end()
        linked = {record.id: record for record in spool.links.records()}
        assert {id_: "".join(record.same_as) for id_, record in linked.items()} == expected
        assert linked["m"].near_duplicates == [NearDuplicate(id="x", similarity=0.75)]
        assert linked["i"].near_duplicates == []
    assert spool.links.signature(3) == b"\3"


def test_the_drop_has_what_is_exported_and_the_state_has_all(spool):
    keys = array("q", [1, -(2**62)])
    records(
        spool,
        Record(article(id="j"), ["a"], keys=keys, state=3, merged_into=9),
        Record(article(id="i"), ["b"], is_exported=False),
        Record(article(id="h", site="north"), ["c"]),
    )
    spool.links.begin()
    spool.links.add_print(1, 5, b"s")
    spool.links.add(1, "h", None)
    spool.links.end()
    assert [record.id for record in spool.links.records()] == ["j", "h"]
    first, second, third = spool.links.changes()
    assert [change.article.id for change in (first, second, third)] == ["i", "j", "h"]
    assert (second.number, second.merged_into, second.keys) == (3, 9, keys)
    assert (second.text_key, second.signature, second.article.same_as) == (5, b"s", ["h"])
    assert (first.number, first.text_key, first.signature, first.keys) == (
        None,
        None,
        None,
        array("q"),
    )
