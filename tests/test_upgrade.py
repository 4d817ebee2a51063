"""Outputs, states and spools that newscrawl 0.1.0 wrote, kept in tests/data, are carried on."""

import gzip
import json
import tarfile
from datetime import timedelta

import pytest

from newscrawl.cli import main
from newscrawl.drops.run import Run
from newscrawl.drops.verify import check
from newscrawl.items import Author, PageRecord, RemovedBlock
from newscrawl.reader import current, follow
from tests.conftest import ROOT
from tests.test_state import FULL, NOW, TEXT, URL, publish, shown

OLD = ROOT / "tests/data/0.1.0"
LOST = "https://coast.example/lost"
TYPED = {
    **FULL,
    "authors": [Author(name="Ida Berg", url="https://coast.example/ida", type="person")],
}
IS_NOW = {"url": URL, "read_by": "0.2.0", **TYPED}


@pytest.fixture
def folder(tmp_path):
    """An output folder with the state of three runs: one article there, one withdrawn."""
    (tmp_path / "state.sqlite").write_bytes(gzip.decompress((OLD / "state.sqlite.gz").read_bytes()))
    return tmp_path


def test_nothing_is_published_anew_for_the_upgrade_alone(folder):
    assert publish(folder, "4", [shown("a", **IS_NOW)]) == []
    (asked,) = publish(folder, "5", [shown("a", **IS_NOW)], emit_unchanged=True)
    # Revision 1 stays what it was: read by a version that noted neither itself nor types.
    assert (asked["event"], asked["revision"]) == ("unchanged", 1)
    assert (asked["read_by"], asked["authors"][0]["type"], asked["withdrawn"]) == (None,) * 3


def test_what_changes_after_the_upgrade_says_who_read_it(folder):
    (changed,) = publish(folder, "4", [shown("a", TEXT.replace("412", "421"), **IS_NOW)])
    assert (changed["event"], changed["revision"]) == ("updated", 2)
    assert changed["changed"] == ["article_body"]
    assert (changed["read_by"], changed["authors"][0]["type"]) == ("0.2.0", "person")
    again = {**IS_NOW, "read_by": "0.3.0"}
    assert publish(folder, "5", [shown("a", TEXT.replace("412", "421"), **again)]) == []


def test_what_an_older_version_withdrew_stays_withdrawn_and_can_come_back(folder):
    again = [(LOST, NOW + timedelta(days=9))]
    assert publish(folder, "4", [], gone=again) == []
    (back,) = publish(folder, "5", [shown("c", TEXT[::-1], "Strait Crossed", url=LOST)])
    assert (back["event"], back["revision"], back["withdrawn"]) == ("updated", 2, None)


def test_a_run_that_an_older_version_began_is_finished(tmp_path):
    spool = tmp_path / ".4.spool"
    spool.mkdir()
    (spool / "spool.sqlite").write_bytes(gzip.decompress((OLD / "spool.sqlite.gz").read_bytes()))
    run = Run(tmp_path, "replay", None, {"path": "x"}, "4")
    assert run.has_page("a", None)
    removed = [RemovedBlock(text="Share this", reason="share-line")]
    other = shown("b", TEXT[::-1], "Strait Crossed", furniture=removed)
    run.add(_page_of(other))
    run.add(other)
    run.publish()
    articles = _read(tmp_path / "4/articles.jsonl")
    assert sorted(a["headline"] for a in articles) == ["Bridge Opens", "Strait Crossed"]
    ids = [a["id"] for a in articles if a["headline"] == "Strait Crossed"]
    # Of the older version's furniture nobody knows the articles.
    assert [(f["text"], f["pages"], f["articles"]) for f in _read(tmp_path / "4/furniture.jsonl")] == [
        ("Menu", 1, []),
        ("Share this", 2, ids),
    ]  # fmt: skip


def _page_of(article):
    return PageRecord(
        page=article.page, site=article.site, kind="article", outcome="extracted", found=1
    )


def _read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def old_output(tmp_path):
    """An output of 0.1.0 with its state: an article, its correction, and another's end."""
    with tarfile.open(OLD / "output.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


STRAIT = "https://coast.example/bridge"
WAR = TEXT.replace("412", "421")


def test_an_older_output_is_well_and_can_be_read(old_output):
    findings = list(check(old_output))
    assert not [finding.text for finding in findings if finding.is_wrong]
    assert {"another schema" in finding.text for finding in findings} == {True}
    assert [drop.run_id for drop in follow(old_output)] == ["1", "2", "3"]
    events = [sorted(a.event for a in drop.articles()) for drop in follow(old_output)]
    assert events == [["new", "new"], ["updated"], ["withdrawn"]]
    (article,) = current(old_output)
    assert (article.article_body, article.revision, article.read_by) == (WAR, 2, None)


def test_an_output_of_both_versions_is_one(old_output):
    assert publish(old_output, "4", [shown("a", WAR, url=STRAIT, **FULL)]) == []
    (changed,) = publish(
        old_output, "5", [shown("a", TEXT.replace("412", "432"), url=STRAIT, **FULL)]
    )
    assert (changed["event"], changed["revision"]) == ("updated", 3)
    assert not [finding.text for finding in check(old_output) if finding.is_wrong]
    assert [drop.run_id for drop in follow(old_output, "2")] == ["3", "5"]
    # The chain begins with the upgrade.
    assert [drop.run_id for drop in follow(old_output, 1)] == ["5"]
    (article,) = current(old_output)
    assert (article.id, article.revision) == (changed["id"], 3)


def test_a_byte_of_an_older_drop_that_changed_is_told(old_output):
    path = old_output / "2/articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b"421 million", b"422 million"))
    assert [finding.text for finding in check(old_output) if finding.is_wrong]


def test_an_article_of_an_older_output_can_be_taken_down(old_output):
    (article,) = current(old_output)
    arguments = ["--why", "a court order", "--state", str(old_output / "state.sqlite")]
    assert main(["remove", article.id, *arguments, "-o", str(old_output), "--from-past"]) == 0
    assert not [finding.text for finding in check(old_output) if finding.is_wrong]
    for folder in ("1", "2"):
        assert "Bridge Opens" not in (old_output / folder / "articles.jsonl").read_text()
    (record,) = publish(old_output, "4", [shown("a", WAR, url=STRAIT, **FULL)])
    assert (record["id"], record["withdrawn"]["reason"]) == (article.id, "removed")
    assert list(current(old_output)) == []
