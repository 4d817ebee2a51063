"""Taking an article down: withdrawn once, never published again, and gone from older drops."""

import json
import shutil

import pytest

from newscrawl.cli import main
from newscrawl.drops import catalogue, redact
from newscrawl.drops.form import Form
from newscrawl.drops.verify import check
from newscrawl.items import Author, Image
from newscrawl.reader import current, read_drop
from newscrawl.store.state import State
from tests.test_state import TEXT, publish, read, shown

URL = "https://coast.example/bridge"
SECRET = {
    "url": URL,
    "authors": [Author(name="Ida Berg")],
    "description": "A bridge.",
    "keywords": ["bridge"],
    "images": [Image(url="https://coast.example/b.jpg", caption="The bridge.")],
}
OTHER = ("b", TEXT[::-1], "Strait Crossed")
WORDS = ("strait opened", "Ida Berg", "A bridge.", "The bridge.", "Bridge Opens")


def remove(folder, article_id, *more):
    return main(
        ["remove", article_id, "--why", "a court order", "--state", str(folder / "state.sqlite"),
         "-o", str(folder), *more]
    )  # fmt: skip


def wrong(folder):
    return [finding.text for finding in check(folder) if finding.is_wrong]


@pytest.fixture(params=[URL, None], ids=["address", "no address"])
def published(request, tmp_path):
    """An output with two articles, of which one is to go; with its address and without."""
    article = shown("a", **{**SECRET, "url": request.param})
    records = publish(tmp_path, "1", [article, shown(*OTHER)])
    (gone,) = (record for record in records if record["headline"] == "Bridge Opens")
    return tmp_path, gone["id"], article


def test_the_next_drop_withdraws_it_without_a_word_of_it(published):
    folder, gone, _ = published
    assert remove(folder, gone) == 0
    (record,) = publish(folder, "2", [])
    assert (record["id"], record["event"], record["revision"]) == (gone, "withdrawn", 2)
    assert record["withdrawn"] == {"reason": "removed", "merged_into": None}
    assert not [word for word in WORDS if word in json.dumps(record)]
    assert [a.headline for a in current(folder)] == ["Strait Crossed"]
    assert not wrong(folder)


def test_no_run_publishes_it_again(published):
    folder, gone, article = published
    remove(folder, gone)
    # Its page is met in the very run that withdraws it, in the next, and by another page.
    (record,) = publish(folder, "2", [article])
    assert (record["id"], record["event"]) == (gone, "withdrawn")
    assert publish(folder, "3", [article]) == []
    again = shown("elsewhere", url=article.url)
    assert publish(folder, "4", [again, shown(*OTHER)]) == []
    assert publish(folder, "5", [article], emit_unchanged=True) == []
    assert [a.headline for a in current(folder)] == ["Strait Crossed"]
    assert not wrong(folder)


def test_a_corrected_text_at_its_address_is_not_published(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a", **SECRET)])
    remove(tmp_path, first["id"])
    publish(tmp_path, "2", [])
    anew = shown("a", TEXT.replace("412", "421"), "Bridge Opened At Last", url=URL)
    assert publish(tmp_path, "3", [anew]) == []


@pytest.mark.parametrize("form", [Form(), Form("gzip", True), Form("zstd")], ids=str)
def test_older_drops_lose_what_it_said(tmp_path, form, monkeypatch):
    if form.has_parquet:
        pytest.importorskip("pyarrow")
    records = publish_in(tmp_path, form)
    (gone,) = (record["id"] for record in records if record["headline"] == "Bridge Opens")
    others = {r.id: r for r in read_drop(tmp_path / "1").articles() if r.id != gone}
    assert remove(tmp_path, gone, "--from-past") == 0
    assert not wrong(tmp_path)
    drop = read_drop(tmp_path / "1")
    articles = {article.id: article for article in drop.articles()}
    assert (articles[gone].event, articles[gone].revision) == ("new", 1)
    assert (articles[gone].article_body, articles[gone].headline) == ("", None)
    assert {key: value for key, value in articles.items() if key != gone} == others
    if form.has_parquet:
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(tmp_path / "1/articles.parquet")
        assert not [word for word in WORDS if word in str(table.to_pylist())]
    entry = catalogue.find(tmp_path, "1")
    (redacted,) = entry.redacted
    assert (redacted.why, redacted.old_hash) == ("a court order", entry.descriptor_hash)
    before = (tmp_path / "drops.jsonl").read_bytes()
    assert remove(tmp_path, gone, "--from-past") == 0  # nothing is left to do
    assert (tmp_path / "drops.jsonl").read_bytes() == before
    publish(tmp_path, "2", [])
    assert not wrong(tmp_path)  # the chain names the drop as it was


def publish_in(folder, form):
    """A drop of two articles in a form."""
    from newscrawl.drops.run import Run
    from newscrawl.items import PageRecord

    run = Run(folder, "replay", None, {"path": "x"}, "1", folder / "state.sqlite", form=form)
    for article in (shown("a", **SECRET), shown(*OTHER)):
        run.add(PageRecord(page=article.page, site=article.site, kind="article",
                           outcome="extracted", found=1))  # fmt: skip
        run.add(article)
    run.publish()
    run.close()
    return [json.loads(line) for line in read_drop(folder / "1").lines("articles")]


@pytest.mark.parametrize("dies_at", ["rewrite", "_finish"])
def test_a_redaction_that_was_cut_short_is_finished(tmp_path, monkeypatch, dies_at):
    (first,) = publish(tmp_path, "1", [shown("a", **SECRET)])
    calls = []

    def die(*_):
        calls.append(1)
        # `_finish` looks for a crash's traces first.
        if dies_at == "rewrite" or len(calls) > 1:
            raise KeyboardInterrupt

    target = catalogue if dies_at == "rewrite" else redact
    with monkeypatch.context() as patch:
        patch.setattr(target, dies_at, die)
        with pytest.raises(KeyboardInterrupt):
            remove(tmp_path, first["id"], "--from-past")
    assert remove(tmp_path, first["id"], "--from-past") == 0
    assert not wrong(tmp_path)
    assert read(tmp_path / "1")[0]["article_body"] == ""
    assert len(catalogue.find(tmp_path, "1").redacted) == 1
    assert not list(tmp_path.glob(".1.*"))


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line["redacted"][0].update(old_hash="sha256:" + "0" * 64),
        lambda line: line["redacted"][0].update(new_hash="sha256:" + "0" * 64),
        lambda line: line.pop("redacted"),
        lambda line: line["redacted"].append(line["redacted"][0]),
    ],
)
def test_a_redaction_is_accepted_and_nothing_else(tmp_path, change):
    (first,) = publish(tmp_path, "1", [shown("a", **SECRET)])
    remove(tmp_path, first["id"], "--from-past")
    line = json.loads((tmp_path / "drops.jsonl").read_text())
    change(line)
    (tmp_path / "drops.jsonl").write_text(json.dumps(line) + "\n")
    assert wrong(tmp_path)


def test_pruning_without_a_snapshot_is_told(tmp_path):
    publish(tmp_path, "1", [shown("a")])
    shutil.rmtree(tmp_path / "1")
    line = json.loads((tmp_path / "drops.jsonl").read_text())
    line["pruned"] = {"at": "2026-12-01T06:00:00Z", "why": "retention"}
    (tmp_path / "drops.jsonl").write_text(json.dumps(line) + "\n")
    (said,) = wrong(tmp_path)
    assert "no snapshot of its state holds" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["coast.example:0000000000000000", "--state", "state.sqlite"], 1, "has no article"),
        (["x", "--state", "nothing.sqlite"], 1, "there is no state"),
        (["x", "--state", "drops.jsonl"], 1, "is no newscrawl state"),
        (["x", "--state", "state.sqlite", "--from-past", "-o", "1"], 1, "no drops.jsonl"),
        (["x", "--state", "state.sqlite", "--why", " "], 2, "--why is empty"),
    ],
)
def test_what_cannot_be_removed_is_told(tmp_path, monkeypatch, capsys, arguments, code, said):
    publish(tmp_path, "1", [shown("a")])
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "drops.jsonl").read_bytes()
    assert main(["remove", "--why", "x", *arguments]) == code
    assert said in capsys.readouterr().err
    assert (tmp_path / "drops.jsonl").read_bytes() == before
    assert not (tmp_path / "nothing.sqlite").exists()


def test_a_removal_that_a_run_did_not_see_yet_stays(tmp_path):
    (first,) = publish(tmp_path, "1", [shown("a")])
    remove(tmp_path, first["id"])
    state = State(tmp_path / "state.sqlite", "test")
    assert list(state.removed().values()) == [first["id"]]
    state.close()
