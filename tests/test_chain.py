"""Drops of one state are a chain, and checking an output folder walks it."""

import json
import shutil
import signal

import msgspec
import pytest

from newscrawl.cli import main
from newscrawl.drops import catalogue
from newscrawl.drops.catalogue import Entry, Link
from newscrawl.drops.run import Run
from newscrawl.drops.verify import check
from newscrawl.items import PageRecord
from tests.conftest import ROOT
from tests.test_state import (
    SECOND,
    TEXT,
    check_nothing_half_visible,
    check_truth,
    crawl_killed_at,
    publish,
    shown,
)

WAR = TEXT.replace("412", "421")


def chain(output):
    """A drop, a run that brings nothing, an update, and a run that stands alone between them."""
    publish(output, "1", [shown("a")])
    publish(output, "2", [shown("a")])
    alone = Run(output, "replay", None, {"path": "x"}, "alone")
    alone.add(PageRecord(page="about", site="coast.example", kind="other", outcome="extracted"))
    alone.publish()
    publish(output, "3", [shown("a", WAR)])
    publish(output, "4", [shown("a", WAR)])
    publish(output, "5", [shown("a", WAR), shown("b", TEXT[::-1], "Strait Crossed")])
    return list(catalogue.read_catalogue(output))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    output = tmp_path_factory.mktemp("chain")
    return output, chain(output)


@pytest.fixture
def output(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "output")


def wrong(output):
    return [finding.text for finding in check(output) if finding.is_wrong]


def rewrite(output, change):
    path = output / "drops.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))


def test_each_drop_names_the_one_before_in_its_state(made):
    _, (first, second, alone, third, fourth, fifth) = made
    of_state = [first, second, third, fourth, fifth]
    assert [entry.sequence for entry in of_state] == [1, 2, 3, 4, 5]
    assert len({entry.state for entry in of_state}) == 1
    assert [entry.previous for entry in of_state] == [None, *(e.link for e in of_state[:-1])]
    assert {entry.mode for entry in of_state} == {"incremental"}
    assert (alone.state, alone.sequence, alone.previous) == (None, None, None)
    assert alone.mode == "standalone"


def test_a_run_that_brought_nothing_is_its_line(made):
    output, (first, second, alone, *_) = made
    assert (second.folder, second.path, second.descriptor_hash) == (None, None, None)
    assert second.outcomes == {"extracted": 2}
    assert second.events == {}
    assert not (output / "2").exists()
    # Who stands alone has no earlier drop to look at.
    assert alone.folder == "alone"
    assert first.events == {"new": 1}


@pytest.mark.parametrize("outcome", ["blocked", "fetch-failed", "rejected"])
def test_a_page_that_was_lost_has_its_ledger(tmp_path, outcome):
    publish(tmp_path, "1", [shown("a")])
    run = Run(tmp_path, "live", None, {"path": "x"}, "2", tmp_path / "state.sqlite")
    run.add(PageRecord(page="p", site="coast.example", kind="other", outcome=outcome))
    run.publish()
    assert (tmp_path / "2/pages.jsonl").exists()


def test_the_descriptor_says_the_same(made):
    output, entries = made
    for entry in entries:
        if entry.folder:
            run = json.loads((output / entry.folder / "datapackage.json").read_text())["run"]
            for name in ("events", "outcomes", "state", "sequence", "previous", "mode"):
                assert run[name] == msgspec.to_builtins(getattr(entry, name))


def test_a_folder_that_nobody_touched_is_well(made):
    assert not list(check(made[0]))


@pytest.mark.parametrize(
    ("removed", "reason"),
    [
        (0, "the drops 1 of the state"),
        (1, "the drops 2 of the state"),
        (2, "does not name the folder alone"),
        (3, "the drops 3 of the state"),
        (4, "the drops 4 of the state"),
        (5, "does not name the folder 5"),
    ],
)
def test_a_removed_line_is_told(output, removed, reason):
    rewrite(output, lambda lines: lines[:removed] + lines[removed + 1 :])
    assert reason in "\n".join(wrong(output))


def test_lines_in_another_order_are_told(output):
    rewrite(output, lambda lines: [lines[0], lines[3], lines[1], lines[2], *lines[4:]])
    assert "stands after drop 3" in "\n".join(wrong(output))


def forge(output, entries, run_id, old, new, forges_line):
    """Change a record, and the descriptor so that it fits; the line too."""
    path = output / run_id / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(old, new))
    descriptor = output / run_id / "datapackage.json"
    package = json.loads(descriptor.read_text())
    resource = package["resources"][0]
    resource["bytes"] = len(path.read_bytes())
    resource["hash"] = "sha256:" + catalogue.sha256(path.read_bytes())
    descriptor.write_text(json.dumps(package))
    if forges_line:
        forged = "sha256:" + catalogue.sha256(descriptor.read_bytes())
        rewrite(
            output,
            lambda lines: [
                msgspec.structs.replace(entry, descriptor_hash=forged).line + b"\n"
                if entry.run_id == run_id
                else entry.line + b"\n"
                for entry in entries
            ],
        )


def test_a_forged_record_is_told_by_its_line(output, made):
    forge(output, made[1], "3", b"421 million", b"812 million", forges_line=False)
    assert "3/datapackage.json is not the descriptor that was published" in wrong(output)[0]


def test_a_forged_record_whose_line_was_forged_is_told_by_the_next_line(output, made):
    forge(output, made[1], "3", b"421 million", b"812 million", forges_line=True)
    (told,) = wrong(output)
    assert "line 5: drop 4 of the state" in told
    assert "follows 3 (sha256:" in told


def test_a_line_alone_that_was_changed_is_told_by_the_next_line(output):
    def change(lines):
        return [lines[0], lines[1].replace(b'"extracted":2', b'"extracted":3'), *lines[2:]]

    rewrite(output, change)
    (told,) = wrong(output)
    assert "drop 3 of the state" in told


def test_folders_that_are_missing_or_not_listed_are_told(output):
    shutil.rmtree(output / "3")
    (output / "extra").mkdir()
    (output / "2").mkdir()
    (output / ".6.spool").mkdir()  # of a run that goes on
    said = "\n".join(wrong(output))
    assert "line 4: the folder 3 is missing" in said
    assert "does not name the folder extra" in said
    assert "line 2: the run 2 has none, and there is a folder" in said
    assert ".6.spool" not in said


def test_a_schema_that_is_missing_or_changed_is_told(output):
    first, *others = sorted((output / "schemas").iterdir())
    assert len(others) == 5  # once for the whole output
    first.unlink()
    others[0].write_bytes(others[0].read_bytes() + b" ")
    said = wrong(output)
    assert sum("can't be read: No such file" in text for text in said) == 4
    assert sum("is not the schema that was published" in text for text in said) == 4


def test_what_was_pruned_or_redacted_says_so_and_is_well(output):
    main(["snapshot", str(output)])  # or what was in the pruned drop would be lost
    entries = list(catalogue.read_catalogue(output))
    shutil.rmtree(output / "1")
    forge(output, entries, "3", b"421 million", b"000 million", forges_line=False)
    changed = "sha256:" + catalogue.sha256((output / "3/datapackage.json").read_bytes())
    at = "2025-01-01T00:00:00Z"
    pruned = catalogue.Pruned(at, "older than 30 days")
    redacted = [catalogue.Redacted(at, "takedown", entries[3].descriptor_hash, changed)]
    for place, change in ((0, {"pruned": pruned}), (3, {"redacted": redacted})):
        entries = [
            msgspec.structs.replace(entry, **change) if at == place else entry
            for at, entry in enumerate(entries)
        ]
    rewrite(output, lambda lines: [entry.line + b"\n" for entry in entries])
    assert wrong(output) == []
    (output / "1").mkdir()
    assert "was pruned, and there is a folder" in wrong(output)[0]


def test_lines_of_1_0_stand_before_the_chain(output, made):
    def older(lines):
        line = json.loads(lines[0])
        keys = ("run_id", "spider", "published_at", "path", "descriptor_hash", "counts")
        return [(json.dumps({key: line[key] for key in keys}) + "\n").encode(), *lines[1:]]

    rewrite(output, older)
    (told,) = wrong(output)
    assert "the drops 1 of the state" in told  # the second drop says that there was a first
    rewrite(output, lambda lines: lines[:1])
    (unlisted, *_) = wrong(output)
    assert "does not name the folder 3" in unlisted
    assert made[1][0].place == "1"


# The catalogue


def entry(run_id, **facts):
    fields = {"spider": "s", "published_at": "t", "path": run_id, "descriptor_hash": "sha256:0"}
    return Entry(run_id=run_id, counts={}, **fields, **facts)


def test_a_line_that_a_power_cut_tore_is_none(tmp_path):
    catalogue.append(tmp_path, entry("1"))
    whole = (tmp_path / "drops.jsonl").read_bytes()
    (tmp_path / "drops.jsonl").write_bytes(whole + b'{"run_id":"2","spi')
    assert [e.run_id for e in catalogue.read_catalogue(tmp_path)] == ["1"]
    assert not catalogue.is_published(tmp_path, "2")
    (finding,) = (f for f in check(tmp_path) if "does not end" in f.text)
    assert not finding.is_wrong
    catalogue.append(tmp_path, entry("3"))
    assert [e.run_id for e in catalogue.read_catalogue(tmp_path)] == ["1", "3"]
    assert (tmp_path / "drops.jsonl").read_bytes().startswith(whole)


def test_a_run_is_found_by_its_own_line_alone(tmp_path):
    assert catalogue.find(tmp_path, "1") is None
    (tmp_path / "drops.jsonl").touch()
    assert catalogue.find(tmp_path, "1") is None
    for run_id, last in (("10", None), ("2", Link("1", "x")), ("1", Link("2", "x"))):
        catalogue.append(tmp_path, entry(run_id, previous=last))
        assert catalogue.find(tmp_path, run_id).run_id == run_id
    assert catalogue.find(tmp_path, "0") is None


# Crashes


def test_a_crash_of_a_run_that_brings_nothing_leaves_its_line_or_none(tmp_path):
    assert SECOND.is_relative_to(ROOT)
    once = tmp_path / "once"
    assert crawl_killed_at(0, "one", SECOND, once).returncode == 0
    done = crawl_killed_at(0, "two", SECOND, once)
    steps = int(done.stderr.split()[-1])
    for step in range(2, steps + 1, 7):
        folder = tmp_path / str(step)
        shutil.copytree(once, folder)
        killed = crawl_killed_at(step, "three", SECOND, folder)
        assert killed.returncode == -signal.SIGKILL, (step, killed.stderr)
        check_nothing_half_visible(folder)
        finished = crawl_killed_at(0, "three", SECOND, folder)
        assert finished.returncode == 0 or "drops never change" in finished.stderr
        check_nothing_half_visible(folder)
        check_truth(folder)
        assert wrong(folder) == []
        assert [e.run_id for e in catalogue.read_catalogue(folder)] == ["one", "two", "three"]
