"""Drops on object stores: whole after a failure at any step, and with many publishers at once."""

import json
import shutil
import sys
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from newscrawl.drops import outputs
from newscrawl.drops.checks import Finding
from newscrawl.drops.outputs import LocalOutput, RemoteOutput, open_output
from newscrawl.drops.run import Run, reopen
from newscrawl.drops.verify import check
from newscrawl.errors import DropHeldError, RunIdTakenError, StorageError, UsageError
from newscrawl.items import PageRecord
from tests import processes
from tests.test_crash import COUNTING
from tests.test_state import TEXT, shown

FIXTURE = "path=fixtures/author-page/pages"


@pytest.fixture(scope="module")
def running():
    pytest.importorskip("s3fs", reason="newscrawl[moto] is not installed")
    pytest.importorskip("moto.server", reason="newscrawl[moto] is not installed")
    from tests import s3

    with s3.serving() as server, pytest.MonkeyPatch.context() as patch:
        for key, value in {**s3.KEYS, "AWS_ENDPOINT_URL": server.url}.items():
            patch.setenv(key, value)
        yield server


@pytest.fixture
def store(running):
    """A server that is well, and the URL of an output in a bucket of its own."""
    running.heal()
    bucket = f"test-{uuid4().hex}"
    running.client().create_bucket(Bucket=bucket)
    running.bucket, running.output = bucket, f"s3://{bucket}/some/drops"
    return running


def objects(store):
    """What a bucket holds: name in the output → bytes."""
    client = store.client()
    found = client.list_objects_v2(Bucket=store.bucket).get("Contents", [])
    return {
        one["Key"].removeprefix("some/drops/"): client.get_object(
            Bucket=store.bucket, Key=one["Key"]
        )["Body"].read()
        for one in found
    }


def wrong(store, folder):
    """What a reader finds wrong with an output; every entry has a whole drop, and the chains hold."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    RemoteOutput(store.output, folder).download(folder)
    return [finding.text for finding in check(folder)] if any(folder.iterdir()) else []


def run_once(store, work, run_id, articles, has_state=True, close=True):
    state = work / "state.sqlite" if has_state else None
    output = open_output(store.output, work)
    run = Run(output, "replay", None, {"path": "x"}, run_id, state, checks="off")
    run.add(PageRecord(page="about", site="coast.example", kind="other", outcome="extracted"))
    for article in articles:
        if not run.has_page(article.page, None):
            run.add(PageRecord(page=article.page, site=article.site, kind="article",
                               outcome="extracted", found=1))  # fmt: skip
            run.add(article)
    try:
        run.publish()
    finally:
        if close:
            run.close()
    return run


def test_a_crawl_publishes_data_descriptor_and_entry_in_this_order(store, tmp_path):
    done = processes.run(
        "-m", "scrapy", "crawl", "replay", "-a", FIXTURE, "-a", "run_id=r",
        "-s", f"NEWSCRAWL_OUTPUT={store.output}", "-s", f"NEWSCRAWL_WORK={tmp_path / 'work'}",
        "-s", "NEWSCRAWL_COMPRESSION=gzip",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"Drop {store.output}/r" in done.stdout
    names = [path.partition("/some/drops/")[2] for path in store.writes]
    assert names[0] == ".claims/r"
    assert all(name.startswith("schemas/") for name in names[1:7])
    assert all(name.startswith("r/") and name.endswith(".jsonl.gz") for name in names[7:13])
    assert names[13:] == ["r/datapackage.json", "catalogue/r.json"]
    assert objects(store).keys() == {*names[1:]}
    assert [path.name for path in (tmp_path / "work").iterdir() if ".r." in path.name] == []
    assert wrong(store, tmp_path / "copy") == []
    told = processes.run("-m", "scrapy", "verify", store.output)
    assert (told.returncode, told.stdout) == (0, f"{store.output} is as it was published\n")
    store.client().delete_object(Bucket=store.bucket, Key="some/drops/r/people.jsonl.gz")
    told = processes.run("-m", "scrapy", "verify", store.output)
    assert told.returncode == 1
    assert f"{store.output}/r/people.jsonl.gz can't be read" in told.stdout


@pytest.mark.big
@pytest.mark.parametrize("loses_answers", [False, True], ids=["refused", "answer lost"])
@pytest.mark.parametrize("has_state", [False, True], ids=["alone", "state"])
def test_a_failure_at_any_step_leaves_the_output_whole_and_the_next_start_finishes(
    store, tmp_path, has_state, loses_answers
):
    articles = [shown("a"), shown("b", TEXT[::-1], "Strait Crossed")]
    run_once(store, tmp_path / "0", "first", articles, has_state)
    reference, steps = objects(store), len(store.writes)
    assert steps == 15
    # The claim; the first and last of the schemas, the files; the descriptor; the entry.
    for step in (1, 2, 7, 8, 13, 14, 15):
        name = f"run-{step}"
        store.client().delete_objects(
            Bucket=store.bucket,
            Delete={
                "Objects": [{"Key": f"some/drops/{key}"} for key in reference if "schemas" in key]
            },
        )
        store.heal()
        store.fails_from, store.loses_answers = step, loses_answers
        work = tmp_path / str(step)
        is_claim_lost = step == 1 and loses_answers
        with pytest.raises(StorageError, match="The disk is full"):
            run_once(store, work, name, articles, has_state)
        is_out = f"catalogue/{name}.json" in objects(store)
        assert is_out == (step == steps and loses_answers)
        store.heal()
        if is_out and has_state:
            # All that is left is what the state does not know yet.
            with pytest.raises(RunIdTakenError):
                run_once(store, work, name, articles, has_state)
        else:
            # An unfinished run goes on with what it has.
            again = run_once(
                store, work, name, [] if step > 1 and not is_claim_lost else articles, has_state
            )
            assert again.published.counts["articles"] == 2
        assert wrong(store, tmp_path / "copy") == []
        made = objects(store)
        for file in ("articles", "pages", "rejects"):
            assert made[f"{name}/{file}.jsonl"] == reference[f"first/{file}.jsonl"]
        assert [path.name for path in work.iterdir() if name in path.name] == []
        # The next run of the state follows it.
        if has_state:
            run_once(store, work, f"next-{step}", articles)
            entry = json.loads(objects(store)[f"catalogue/next-{step}.json"])
            assert (entry["sequence"], entry["folder"]) == (2, None)
            assert entry["previous"]["run_id"] == name
    assert wrong(store, tmp_path / "copy") == []


KILLER = (
    COUNTING
    + """
from newscrawl.drops.outputs import RemoteOutput

RemoteOutput._write = counted(RemoteOutput._write)
RemoteOutput._upload = counted(RemoteOutput._upload)
RemoteOutput.release = counted(RemoteOutput.release)
from scrapy.cmdline import execute
try:
    execute(["scrapy", "crawl", "replay", *sys.argv[1:]])
finally:
    print("steps", step, file=sys.stderr)
"""
)


@pytest.mark.big
def test_a_crawl_that_is_killed_anywhere_is_finished_by_the_same_command(store, tmp_path):
    def crawl(step, name):
        work = tmp_path / name
        return processes.run(
            "-c", KILLER, str(step), "-a", FIXTURE, "-a", f"run_id={name}",
            "-s", f"NEWSCRAWL_OUTPUT={store.output}", "-s", f"NEWSCRAWL_WORK={work}",
            "-s", f"NEWSCRAWL_STATE={work / 'state.sqlite'}", "-s", "LOG_LEVEL=WARNING",
        )  # fmt: skip

    assert crawl(0, "first").returncode == 0
    whole = crawl(0, "whole")  # the schemas are there
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stderr.split()[-1])
    assert steps == 20
    for step in (1, 2, 6, 15, 16, 17, 18, 19, 20):
        killed = crawl(step, f"killed-{step}")
        assert killed.returncode == -9, killed.stderr
        assert wrong(store, tmp_path / "copy") == []
        done = crawl(0, f"killed-{step}")
        assert done.returncode == 0 or "drops never change" in done.stderr, done.stderr
        made = objects(store)
        assert made[f"killed-{step}/articles.jsonl"] == made["whole/articles.jsonl"]
        assert f"catalogue/killed-{step}.json" in made
    assert wrong(store, tmp_path / "copy") == []


def test_many_publishers_at_once_lose_nothing_and_share_no_name(store, tmp_path):
    failures, names = [], []

    def publish(number):
        try:
            work = tmp_path / str(number)
            for turn in range(3):
                articles = [shown("a", TEXT + f" {number} {turn}", f"Pier {number} {turn}")]
                # All begin in the same second, so all would have the same name.
                names.append(run_once(store, work, None, articles).run_id)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(names)) == 12
    entries = list(RemoteOutput(store.output, tmp_path).entries())
    assert {entry.run_id for entry in entries} == set(names)
    assert len({entry.state for entry in entries}) == 4
    assert wrong(store, tmp_path / "copy") == []
    assert not [name for name in objects(store) if name.startswith(".claims")]


def test_a_name_that_another_has_claimed_or_published_is_refused(store, tmp_path):
    first = Run(open_output(store.output, tmp_path / "1"), "replay", None, {}, "mine")
    with pytest.raises(RunIdTakenError, match="made by another"):
        Run(open_output(store.output, tmp_path / "2"), "replay", None, {}, "mine")
    assert not (tmp_path / "2/.mine.spool").exists()
    first.add(PageRecord(page="p", site="coast.example", kind="other", outcome="extracted"))
    first.publish()
    with pytest.raises(RunIdTakenError, match="published already"):
        Run(open_output(store.output, tmp_path / "2"), "replay", None, {}, "mine")
    empty = Run(open_output(store.output, tmp_path / "2"), "replay", None, {}, "empty")
    assert empty.publish() is None
    Run(open_output(store.output, tmp_path / "1"), "replay", None, {}, "empty").discard()


def test_a_bucket_that_is_not_there_is_told_before_anything_is_read(running, tmp_path):
    running.heal()
    done = processes.run(
        "-m", "scrapy", "crawl", "replay", "-a", FIXTURE,
        "-s", "NEWSCRAWL_OUTPUT=s3://nobody-made-this/drops", "-s", f"NEWSCRAWL_WORK={tmp_path}",
    )  # fmt: skip
    assert done.returncode == 1
    assert f"s3://nobody-made-this/drops by way of {tmp_path} can't be used" in done.stderr
    assert "bucket does not exist" in done.stderr
    assert list(tmp_path.glob(".*.spool")) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "s4://bucket/drops",
            "there is no scheme 's4'.*file://, s3://, gs://, az://, abfs://, sftp://",
        ),
        ("http://example.org/drops", "there is no scheme 'http'"),
        ("ftp://example.org/drops", "there is no scheme 'ftp'"),
        ("s3:/bucket/drops", "is no URL"),
        ("s3:///drops", "names no bucket"),
        ("s3://", "names no bucket"),
        ("s3://bucket/drops?versionId=3", r"without \? and #"),
        ("sftp://ann:secret@host/drops", "holds a password"),
        ("file://host/drops", "is file:///path"),
        ("", "is empty"),
    ],
)
def test_a_url_that_is_no_output_is_refused(url, said):
    with pytest.raises(UsageError, match=said) as told:
        open_output(url)
    assert "secret" not in str(told.value)


def test_a_wrong_scheme_ends_the_crawl_and_makes_no_folder(tmp_path):
    done = processes.run(
        "-m", "scrapy", "crawl", "replay", "-a", FIXTURE, "-s", "NEWSCRAWL_OUTPUT=s4://bucket/drops"
    )
    assert done.returncode == 1
    assert "there is no scheme 's4'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("s4:").exists()


def test_a_scheme_whose_library_is_not_installed_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(UsageError, match=r"pip install 'newscrawl\[gs\]'"):
        open_output("gs://bucket/drops")


def test_a_path_and_a_file_url_are_folders(tmp_path):
    for setting in (tmp_path, str(tmp_path), f"file://{tmp_path}"):
        output = open_output(setting)
        assert isinstance(output, LocalOutput)
        assert output.work == tmp_path
    assert open_output("drops:of/today").work == Path("drops:of/today")
    assert open_output("file:///a%20b").work == Path("/a b")


def test_a_scheme_is_known_in_capitals_too(tmp_path):
    assert open_output(f"FILE://{tmp_path}").work == tmp_path
    pytest.importorskip("fsspec")
    assert open_output("Memory://a/b", tmp_path).name == "memory://a/b"


def test_a_work_folder_that_can_not_be_is_told(tmp_path):
    pytest.importorskip("fsspec")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"memory://a/b by way of .*file can't be used"):
        Run(open_output("memory://a/b", tmp_path / "file"), "replay", None, {})


def test_a_drop_that_was_held_is_published_to_its_store(tmp_path, monkeypatch):
    """What a check keeps aside lies in the work folder, and goes to the store when it is published."""
    pytest.importorskip("fsspec")
    output = open_output(f"memory://{uuid4().hex}/drops", tmp_path / "work")
    run = Run(output, "replay", None, {}, "held")
    run.add(PageRecord(page="p", site="coast.example", kind="other", outcome="extracted"))
    finding = Finding(site="coast.example", level="error", source="declared", measure="articles",
                      found=0, expected="at least 1", text="coast.example: no articles")  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.drops.run.check", lambda *arguments: [finding])
        with pytest.raises(DropHeldError, match="no articles"):
            run.publish()
    run.close()
    assert list(output.entries()) == []
    assert (tmp_path / "work/.held.held/datapackage.json").exists()
    again = reopen(output, "held")
    assert again.publish().place == f"{output.name}/held"
    assert [entry.run_id for entry in output.entries()] == ["held"]
    assert list((tmp_path / "work").glob(".held.*")) == []


def test_each_url_has_a_work_folder_of_its_own():
    pytest.importorskip("fsspec")
    made = {open_output(url).work for url in ("memory://a/b", "memory://a-b", "memory://a/b/")}
    assert len(made) == 2
    assert all(work.parent == Path(".newscrawl") for work in made)


def test_a_store_in_memory_is_one_too(tmp_path):
    pytest.importorskip("fsspec")
    output = open_output(f"memory://{uuid4().hex}/drops", tmp_path / "work")
    run = Run(output, "replay", None, {}, "r")
    run.add(PageRecord(page="p", site="coast.example", kind="other", outcome="extracted"))
    assert run.publish().place == f"{output.name}/r"
    assert [entry.run_id for entry in output.entries()] == ["r"]
    (tmp_path / "copy").mkdir()
    output.download(tmp_path / "copy")
    assert [finding.text for finding in check(tmp_path / "copy")] == []
    assert outputs.ENTRIES == "catalogue"
