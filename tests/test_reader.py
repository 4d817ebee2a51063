"""What a consumer imports: drops, what is new, the present truth; and the command over it."""

import errno
import gzip
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from newscrawl.cli import main
from newscrawl.drops import catalogue
from newscrawl.drops.run import Run
from newscrawl.drops.verify import check
from newscrawl.items import Article, ExchangeRate, PageRecord
from newscrawl.reader import (
    DropDamagedError,
    DropNotFoundError,
    GapError,
    ReaderError,
    current,
    follow,
    read_drop,
    revisions,
)
from newscrawl.reader.drop import parse
from tests.test_chain import WAR, chain
from tests.test_state import TEXT, publish, readers_truth, shown


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    output = tmp_path_factory.mktemp("reader")
    chain(output)
    return output


@pytest.fixture
def output(made, tmp_path):
    return shutil.copytree(made, tmp_path / "output")


def wrong(output):
    return [finding.text for finding in check(output) if finding.is_wrong]


def rewrite(output, change):
    path = output / "drops.jsonl"
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def held_by(output):
    return {article.id: article.revision for article in current(output)}


def test_reading_needs_nothing_of_scrapy():
    code = (
        "import sys, newscrawl.reader;"
        "print({'scrapy', 'twisted', 'lxml', 'numpy', 'asyncio', 'dateparser'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_drop_gives_typed_records(made):
    drop = read_drop(made / "1")
    (article,) = drop.articles()
    assert isinstance(article, Article)
    assert (article.event, article.headline, article.article_body) == ("new", "Bridge Opens", TEXT)
    assert article.sightings[0].page == "a"
    assert (drop.run_id, drop.count("articles"), drop.run["sequence"]) == ("1", 1, 1)
    assert {page.outcome for page in drop.pages()} == {"extracted"}
    assert list(drop.people()) == list(drop.rejects()) == list(drop.furniture()) == []


def test_a_rate_keeps_its_digits():
    line = (
        b'{"site":"a.example","base_currency":"KZT","quote_currency":"USD","rate":0.00200,'
        b'"change_percent":-1.20,"change":null,"as_of":null,"repeats":1,"pages":["a"],'
        b'"conflict":false,"evidence":[]}'
    )
    rate = parse(line, ExchangeRate, "a drop")
    assert str(rate.rate) == "0.00200"
    assert rate.change_percent == Decimal("-1.20")


def test_lines_are_checked_against_the_hash(output):
    path = output / "1/articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b"412 million", b"413 million"))
    # Before the first record: who stores them one by one must not hold a forged one.
    with pytest.raises(DropDamagedError, match="not as it was published"):
        next(read_drop(output / "1").articles())


def forge(drop, content):
    """Write articles, and a descriptor that fits them."""
    (drop / "articles.jsonl").write_bytes(content)
    package = json.loads((drop / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["name"] == "articles":
            resource["hash"] = "sha256:" + catalogue.sha256(content)
    (drop / "datapackage.json").write_text(json.dumps(package))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda drop: (drop / "articles.jsonl").unlink(), "is missing"),
        (lambda drop: (drop / "articles.jsonl").write_text("{}\\n"), "not as it was published"),
        (lambda drop: forge(drop, b"{}\n"), "articles, record 1"),
        (lambda drop: forge(drop, b"{"), "articles, record 1"),
        (lambda drop: forge(drop, b"\xff\n"), "articles, record 1"),
        (lambda drop: (drop / "datapackage.json").write_text("[" * 100_000), "no drop's"),
        (lambda drop: (drop / "datapackage.json").write_text("[]"), "no drop's"),
        (lambda drop: (drop / "datapackage.json").write_text("{"), "no drop's"),
    ],
)  # fmt: skip
def test_damage_is_told(output, damage, message):
    damage(output / "1")
    with pytest.raises(DropDamagedError, match=message):
        list(read_drop(output / "1").articles())


def test_a_later_contract_is_refused(output):
    path = output / "1/datapackage.json"
    path.write_text(path.read_text().replace('"contract": 1', '"contract": 2'))
    with pytest.raises(DropDamagedError, match="install a newer newscrawl"):
        read_drop(output / "1")


def test_compressed_files_are_read(output):
    folder = output / "1"
    content = gzip.compress((folder / "articles.jsonl").read_bytes(), mtime=0)
    (folder / "articles.jsonl.gz").write_bytes(content)
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["name"] == "articles":
            resource["path"] = "articles.jsonl.gz"
            resource["hash"] = "sha256:" + catalogue.sha256(content)
    (folder / "datapackage.json").write_text(json.dumps(package))
    (article,) = read_drop(folder).articles()
    assert article.article_body == TEXT
    (folder / "articles.jsonl.gz").write_bytes(content[:-9])
    with pytest.raises(DropDamagedError, match="not as it was published"):
        list(read_drop(folder).articles())


def test_nothing_is_no_drop(tmp_path):
    with pytest.raises(DropNotFoundError, match=r"there is no datapackage\.json"):
        read_drop(tmp_path)
    with pytest.raises(DropNotFoundError, match=r"there is no drops\.jsonl"):
        list(follow(tmp_path))


# What is new


def test_drops_are_followed(made):
    assert [drop.run_id for drop in follow(made)] == ["1", "alone", "3", "5"]
    assert [drop.run_id for drop in follow(made, "1")] == ["alone", "3", "5"]
    assert [drop.run_id for drop in follow(made, "2")] == ["alone", "3", "5"]
    assert list(follow(made, "5")) == []
    with pytest.raises(DropNotFoundError, match="does not name the run nobody"):
        list(follow(made, "nobody"))


def test_what_a_follower_holds_is_the_present_truth(made):
    held = readers_truth(made)
    assert held_by(made) == {key: record["revision"] for key, record in held.items()}
    assert [article.id for article in current(made)] == sorted(held)
    bodies = {article.article_body for article in current(made)}
    assert bodies == {record["article_body"] for record in held.values()}


def test_a_withdrawn_article_is_none_of_it(output):
    gone = datetime(2024, 12, 23, 6, tzinfo=UTC)
    url = "https://coast.example/c"
    publish(output, "6", [shown("c", TEXT[10:], "Pier Closed", url=url)])
    before = held_by(output)
    publish(output, "7", [], gone=[(url, gone)])
    publish(output, "8", [], gone=[(url, gone + timedelta(days=2))])
    after = held_by(output)
    assert len(before) == len(after) + 1
    (lost,) = before.keys() - after.keys()
    assert [(run, article.event) for run, article in revisions(output, lost)] == [
        ("6", "new"), ("8", "withdrawn"),
    ]  # fmt: skip


def test_a_missing_drop_is_a_gap(output):
    rewrite(output, lambda lines: [line for line in lines if not line.startswith(b'{"run_id":"3"')])
    with pytest.raises(GapError, match=r"after drop 2 .* comes drop 4") as gap:
        list(follow(output, "1"))
    assert (gap.value.run_id, gap.value.missing) == ("4", range(3, 4))
    with pytest.raises(GapError):
        list(current(output))
    # Who is past the gap goes on.
    assert [drop.run_id for drop in follow(output, "4")] == ["5"]


def test_a_number_says_as_well_where_a_reader_is(made):
    assert [drop.run_id for drop in follow(made, 1)] == ["3", "5"]
    assert [drop.run_id for drop in follow(made, 3)] == ["5"]
    assert [drop.run_id for drop in follow(made, 0)] == ["1", "3", "5"]
    assert list(follow(made, 5)) == []
    for nothing in (6, -1):
        with pytest.raises(DropNotFoundError, match=f"has no drop {nothing} of the state"):
            list(follow(made, nothing))


def test_of_several_states_a_number_names_none(tmp_path):
    publish(tmp_path, "1", [shown("a")], name="one.sqlite")
    publish(tmp_path, "2", [shown("b", TEXT[::-1], "Strait Crossed")], name="two.sqlite")
    with pytest.raises(ReaderError, match="drops of 2 states"):
        list(follow(tmp_path, 1))
    first, second = (entry.state for entry in catalogue.read_catalogue(tmp_path))
    assert [drop.run_id for drop in follow(tmp_path, state=first)] == ["1"]
    assert [drop.run_id for drop in follow(tmp_path, 0, second)] == ["2"]


def test_a_run_that_stands_alone_takes_back_no_later_revision(tmp_path):
    publish(tmp_path, "1", [shown("a")])
    publish(tmp_path, "2", [shown("a", WAR)])
    alone = Run(tmp_path, "replay", None, {"path": "x"}, "alone")
    alone.add(
        PageRecord(page="a", site="coast.example", kind="article", outcome="extracted", found=1)
    )
    alone.add(shown("a"))
    alone.publish()
    assert [(article.revision, article.article_body) for article in current(tmp_path)] == [(2, WAR)]


def test_a_forged_drop_is_not_read(output):
    article = read_drop(output / "3").folder / "articles.jsonl"
    forge(output / "3", article.read_bytes().replace(b"421 million", b"422 million"))
    assert list(read_drop(output / "3").articles())  # the folder alone can't tell
    for read in (lambda: list(follow(output)), lambda: list(current(output))):
        with pytest.raises(DropDamagedError, match="not the descriptor that was published"):
            read()


def test_a_forged_line_is_a_gap(output):
    path = output / "3/datapackage.json"
    old = catalogue.sha256(path.read_bytes()).encode()
    forge(output / "3", b"")
    new = catalogue.sha256(path.read_bytes()).encode()
    rewrite(
        output,
        lambda lines: [
            line.replace(old, new) if line.startswith(b'{"run_id":"3"') else line for line in lines
        ],
    )
    with pytest.raises(GapError, match="4 does not follow the drop that stands before it"):
        list(follow(output, "1"))


def test_a_lost_folder_is_a_gap(output):
    shutil.rmtree(output / "3")
    for read in (lambda: list(follow(output, "1")), lambda: list(current(output))):
        with pytest.raises(GapError, match=r"the drop 3 .* has lost its folder") as gap:
            read()
        assert (gap.value.run_id, gap.value.missing) == ("3", range(3, 4))
    assert [drop.run_id for drop in follow(output, "3")] == ["5"]


@pytest.mark.parametrize("name", ["../output/5", "/etc", ".", ""])
def test_a_line_cannot_lead_out_of_the_output(output, name):
    def climb(lines):
        entry = json.loads(lines[-1])
        entry |= {"run_id": name, "path": name, "folder": name}
        return [*lines[:-1], json.dumps(entry).encode() + b"\n"]

    rewrite(output, climb)
    with pytest.raises(DropDamagedError, match="line 6 gives the run"):
        list(follow(output))


@pytest.mark.parametrize("line", [b"no JSON", b'{"run_id": 1}', b"[]", b"\x80", b""])
def test_a_line_that_is_none_is_told(output, line):
    rewrite(output, lambda lines: [*lines, line + b"\n"])
    with pytest.raises(DropDamagedError, match="line 7"):
        list(follow(output))


def test_revisions_of_an_article(made):
    (first,) = read_drop(made / "1").articles()
    found = list(revisions(made, first.id))
    assert [(run, article.revision) for run, article in found] == [("1", 1), ("3", 2)]
    assert found[1][1].article_body == WAR
    assert list(revisions(made, "coast.example:0000000000000000")) == []


# Snapshots and pruning


def test_a_snapshot_is_the_present_truth_as_a_drop(output, capsys):
    truth = list(current(output))
    assert main(["snapshot", str(output), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    drop = read_drop(output / made["run_id"])
    assert list(drop.articles()) == truth
    assert (drop.run["mode"], drop.run["sequence"]) == ("snapshot", 5)
    assert wrong(output) == []
    # The chain goes on beside it, and a follower does not get it twice.
    publish(output, "6", [shown("c", TEXT[10:], "Pier Closed")])
    assert wrong(output) == []
    assert [drop.run_id for drop in follow(output, "5")] == ["6"]
    assert len(list(current(output))) == len(truth) + 1


def test_pruning_keeps_the_chain_and_the_truth(output, capsys):
    main(["snapshot", str(output), "--json"])
    snapshot = json.loads(capsys.readouterr().out)["run_id"]
    publish(output, "6", [shown("c", TEXT[10:], "Pier Closed")])
    before = list(current(output))
    assert main(["prune", str(output), "--keep-days", "0", "--keep", "0", "--dry-run"]) == 0
    assert (output / "1").exists()
    assert capsys.readouterr().out.splitlines() == [
        f"{run} would be pruned" for run in ("1", "3", "5")
    ]
    assert main(["prune", str(output), "--keep-days", "0", "--keep", "0", "--why", "disk"]) == 0
    assert {path.parent.name for path in output.glob("*/datapackage.json")} == {
        snapshot, "6", "alone",
    }  # fmt: skip
    assert wrong(output) == []
    assert list(current(output)) == before
    assert [drop.run_id for drop in follow(output)] == ["alone", snapshot, "6"]
    assert [drop.run_id for drop in follow(output, "5")] == ["6"]
    with pytest.raises(GapError, match=rf"was pruned \(disk\); .*{snapshot}") as gap:
        list(follow(output, "1"))
    assert gap.value.snapshot == snapshot
    # A run goes on with the chain.
    publish(output, "7", [shown("c", TEXT[20:], "Pier Closed")])
    assert wrong(output) == []


def test_what_no_snapshot_holds_is_not_pruned(output, capsys):
    assert main(["prune", str(output), "--keep-days", "0", "--keep", "0"]) == 0
    assert "nothing to prune" in capsys.readouterr().out
    main(["snapshot", str(output)])
    publish(output, "6", [shown("c", TEXT[10:], "Pier Closed")])
    main(["prune", str(output), "--keep-days", "0", "--keep", "2"])
    assert not (output / "1").exists()
    assert (output / "5").exists()
    assert (output / "6").exists()
    main(["prune", str(output), "--keep-days", "1", "--keep", "0"])
    assert (output / "5").exists()


def test_pruning_again_deletes_what_a_crash_left(output):
    main(["snapshot", str(output)])
    kept = shutil.copytree(output / "1", output.parent / "kept")
    main(["prune", str(output), "--keep-days", "0"])
    shutil.copytree(kept, output / "1")
    assert wrong(output)
    main(["prune", str(output), "--keep-days", "0"])
    assert wrong(output) == []


def test_an_older_snapshot_gives_way_to_a_later_one(output):
    main(["snapshot", str(output)])
    publish(output, "6", [shown("c", TEXT[10:], "Pier Closed")])
    main(["snapshot", str(output)])
    before = list(current(output))
    main(["prune", str(output), "--keep-days", "0", "--keep", "0"])
    assert len(list(output.glob("*-snapshot*"))) == 1
    assert wrong(output) == []
    assert list(current(output)) == before


def test_drops_that_stand_alone_have_no_snapshot(tmp_path, capsys, made):
    (tmp_path / "drops.jsonl").write_bytes(
        b"".join(
            line
            for line in (made / "drops.jsonl").read_bytes().splitlines(True)
            if b'"alone"' in line
        )
    )
    assert main(["snapshot", str(tmp_path)]) == 1
    assert "stand alone" in capsys.readouterr().err


# The command


def lines(capsys):
    return capsys.readouterr().out.splitlines()


def test_list(made, capsys):
    assert main(["list", str(made)]) == 0
    head, *rows = lines(capsys)
    assert head.split()[:3] == ["run", "published", "state"]
    assert [row.split()[0] for row in rows] == ["1", "2", "alone", "3", "4", "5"]
    assert rows[1].endswith("nothing new")
    assert main(["list", str(made), "--json"]) == 0
    assert [msgspec.json.decode(line)["run_id"] for line in lines(capsys)][2] == "alone"


def test_show(made, capsys):
    (first,) = read_drop(made / "1").articles()
    assert main(["show", first.id, "-o", str(made)]) == 0
    shown_lines = lines(capsys)
    assert shown_lines[0] == "Bridge Opens"
    assert shown_lines[-1] == "revision 2: updated in 3 (article_body)"
    assert main(["show", first.id, "-o", str(made), "--json"]) == 0
    assert [json.loads(line)["run_id"] for line in lines(capsys)] == ["1", "3"]
    assert main(["show", "nobody", "-o", str(made)]) == 1
    assert "has 'nobody'" in capsys.readouterr().err


def test_current_and_diff(made, capsys):
    assert main(["current", str(made)]) == 0
    assert len(lines(capsys)) == 2
    assert main(["current", str(made), "--json"]) == 0
    records = [json.loads(line) for line in lines(capsys)]
    published = [
        json.loads(line)
        for drop in ("1", "3", "5")
        for line in (made / drop / "articles.jsonl").read_text().splitlines()
    ]
    assert all(record in published for record in records)
    assert main(["diff", f"{made}/1", f"{made}/1"]) == 0
    assert main(["diff", f"{made}/1", f"{made}/3"]) == 1
    told = "\n".join(lines(capsys))
    assert "article_body:" in told
    assert "revision: 1 -> 2" in told
    assert main(["diff", f"{made}/1", f"{made}/5", "--json"]) == 1
    assert {json.loads(line)["change"] for line in lines(capsys)} == {"only in a", "only in b"}


def test_verify(output, capsys):
    assert main(["verify", str(output), str(output / "1")]) == 0
    assert len(lines(capsys)) == 2
    (output / "1/articles.jsonl").write_text("")
    assert main(["verify", str(output / "1"), "--json"]) == 1
    assert json.loads(lines(capsys)[0])["wrong"] is True


@pytest.mark.parametrize("tool", ["duckdb", "polars", "pyarrow", "spark", "postgres"])
def test_schemas_for_tools(tool, capsys):
    assert main(["schemas", "--for", tool, "articles"]) == 0
    assert "date_published" in capsys.readouterr().out


def test_schemas(capsys):
    assert main(["schemas", "people"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"].endswith("people.schema.json")
    assert main(["schemas"]) == 0
    assert json.loads(capsys.readouterr().out).keys() >= {"articles", "pages"}
    assert main(["schemas", "poems"]) == 2
    assert "a drop has no poems" in capsys.readouterr().err


def test_what_is_not_there_is_told(tmp_path, capsys):
    for command in (["list"], ["current"], ["snapshot"], ["prune", "--keep-days", "1"]):
        assert main([*command, str(tmp_path)]) == 1
        assert "there is no drops.jsonl" in capsys.readouterr().err
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 1
    for wrong_command in (
        [],
        ["sing"],
        ["prune", str(tmp_path)],
        ["prune", "--keep-days", "-1"],
        ["prune", "--keep-days", "x"],
        ["prune", "--keep-days", "9" * 20],
        ["list", "s3://bucket/drops"],
    ):
        with pytest.raises(SystemExit, match="2"):
            main(wrong_command)


def test_the_truth_as_of_a_drop_and_of_a_state(made, capsys):
    assert main(["current", str(made), "--json", "--until", "1"]) == 0
    (record,) = map(json.loads, lines(capsys))
    assert record["revision"] == 1
    state = next(entry.state for entry in catalogue.read_catalogue(made))
    assert main(["current", str(made), "--json", "--state", state]) == 0
    assert len(lines(capsys)) == 2
    assert main(["current", str(made), "--until", "nobody"]) == 1
    assert "does not name the run nobody" in capsys.readouterr().err


def test_a_disk_that_fails_is_told(output, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/drops")

    main(["snapshot", str(output)])
    monkeypatch.setattr(catalogue, "write_whole", full)
    capsys.readouterr()
    assert main(["prune", str(output), "--keep-days", "0", "--keep", "0"]) == 1
    assert capsys.readouterr().err == "newscrawl prune: /srv/drops: No space left on device\n"
    assert wrong(output) == []


def test_a_url_is_told_from_a_folder():
    with pytest.raises(DropNotFoundError, match="is a URL"):
        list(follow("s3://bucket/drops"))


def test_what_a_terminal_could_obey_is_written_out(output, capsys):
    publish(output, "6", [shown("c", TEXT[10:], "Pier \x85 Closed")])
    main(["current", str(output)])
    assert "\x85" not in capsys.readouterr().out


def test_who_stops_reading_is_no_error(made):
    command = (
        "import sys; from newscrawl.cli import entry_point;"
        f"sys.argv = ['newscrawl', 'current', '--json', {str(made)!r}]; entry_point()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
