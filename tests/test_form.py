"""Forms of a drop's files: compressed, and as Parquet beside; the same rows, the same bytes each time."""

import gzip
import json
import shutil
import time
from datetime import UTC, datetime

import duckdb
import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newscrawl.drops import catalogue
from newscrawl.drops.form import Form, zstd
from newscrawl.drops.lines import open_lines, write_lines
from newscrawl.drops.parquet import arrow_schema, write_parquet
from newscrawl.drops.schema import RECORD_CLASSES
from newscrawl.drops.verify import check
from newscrawl.errors import UsageError
from newscrawl.items import Reject
from tests.conftest import run_crawl

REJECTS = [
    Reject(page=f"p{n}", reason="too-long", detail="é", excerpt="x" * n) for n in range(3000)
]
OPEN = {"gzip": gzip.decompress, "zstd": zstd.decompress}
ENDING = {"gzip": ".gz", "zstd": ".zst"}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """The same pages in each form: output folder by compression."""
    made = {}
    for compression in ("none", "gzip", "zstd"):
        made[compression] = tmp_path_factory.mktemp(compression)
        done = run_crawl(
            "replay", "-a", "path=fixtures/*/pages", "-a", "run_id=r",
            "-s", f"NEWSCRAWL_COMPRESSION={compression}", "-s", "NEWSCRAWL_PARQUET=1",
            output=made[compression],
        )  # fmt: skip
        assert done.code == 0, done.err
        assert "articles" in done.out
    return made


def wrong(folder):
    return [finding.text for finding in check(folder)]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_compressed_drop_holds_the_same_lines_and_says_what_is_stored(forms, compression):
    plain, output = forms["none"], forms[compression]
    package = json.loads((output / "r/datapackage.json").read_text())
    tables = [r for r in package["resources"] if r["name"] in RECORD_CLASSES]
    assert {r["compression"] for r in tables} == {ENDING[compression][1:]}
    for resource in tables:
        stored = (output / "r" / resource["path"]).read_bytes()
        name = f"{resource['name']}.jsonl"
        assert resource["path"] == name + ENDING[compression]
        assert OPEN[compression](stored) == (plain / "r" / name).read_bytes()
        assert resource["bytes"] == len(stored)
        assert resource["hash"] == "sha256:" + catalogue.sha256(stored)
    assert wrong(output) == []
    (entry,) = catalogue.read_catalogue(output)
    (other,) = catalogue.read_catalogue(plain)
    assert entry.counts == other.counts
    assert set(entry.counts) == set(RECORD_CLASSES)


@pytest.mark.filterwarnings(  # frictionless leaves compressed files open
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_frictionless_finds_nothing_wrong(forms, compression):
    package = json.loads((forms[compression] / "r/datapackage.json").read_text())
    report = frictionless.Package(package, basepath=str(forms[compression] / "r")).validate()
    assert report.valid, report.flatten()


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
def test_the_same_records_are_the_same_bytes_at_another_time(tmp_path, compression, monkeypatch):
    written = []
    for second in (0, 10**9):
        monkeypatch.setattr(time, "time", lambda second=second: second)
        folder = tmp_path / str(second)
        folder.mkdir()
        written.append(write_lines(folder, "rejects", REJECTS, "reason", Form(compression, True)))
    assert written[0] == written[1]
    with open_lines(tmp_path / "0", "rejects") as lines:
        assert [json.loads(line)["page"] for line in lines] == [r.page for r in REJECTS]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:-9], "was published"),
        (lambda content: content[:40] + b"\0\0\0" + content[43:], "SHA-256"),
        (lambda content: b"no archive at all", "was published"),
    ],
)
def test_verify_finds_a_spoilt_file(forms, tmp_path, compression, spoil, said):
    output = shutil.copytree(forms[compression], tmp_path / "output")
    path = output / "r" / f"articles.jsonl{ENDING[compression]}"
    path.write_bytes(spoil(path.read_bytes()))
    assert any(said in text for text in wrong(output))
    describe(output, path)
    assert any("decompressed" in text or "differ" in text for text in wrong(output))


def describe(output, path):
    """Make descriptor and catalogue fit a file that was changed."""
    package = json.loads((output / "r/datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["path"] == path.name:
            resource["bytes"] = path.stat().st_size
            resource["hash"] = "sha256:" + catalogue.sha256(path.read_bytes())
    content = json.dumps(package).encode()
    (output / "r/datapackage.json").write_bytes(content)
    (entry,) = map(json.loads, (output / "drops.jsonl").read_text().splitlines())
    entry["descriptor_hash"] = "sha256:" + catalogue.sha256(content)
    (output / "drops.jsonl").write_text(json.dumps(entry) + "\n")


def test_verify_finds_a_parquet_file_of_other_rows(forms, tmp_path):
    output = shutil.copytree(forms["none"], tmp_path / "output")
    path = output / "r/articles.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert any("articles.parquet is not the file" in text for text in wrong(output))
    describe(output, path)
    assert any("rows" in text and "articles.parquet" in text for text in wrong(output))
    path.write_bytes(b"PAR1 not really")
    describe(output, path)
    assert any("articles.parquet" in text for text in wrong(output))
    path.unlink()
    assert any("articles.parquet can't be read" in text for text in wrong(output))


@pytest.mark.parametrize("name", RECORD_CLASSES)
def test_parquet_has_the_rows_of_the_lines_with_instants_as_timestamps(forms, name):
    table = pq.read_table(forms["none"] / "r" / f"{name}.parquet")
    assert table.schema.equals(arrow_schema(name))
    with open_lines(forms["none"] / "r", name) as lines:
        records = [json.loads(line) for line in lines]
    rows = table.to_pylist(maps_as_pydicts="strict")
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        if name == "articles":
            published = record["date_evidence"]["published"] or {}
            flat = {
                key: row.pop(f"published_{key}") for key in ("earliest", "latest", "certain_to")
            }
            assert flat["certain_to"] == published.get("certain_to")
            assert flat["earliest"] == instant(published.get("earliest"))
            assert flat["latest"] == instant(published.get("latest"))
        assert same(row, record)


def instant(text):
    return text and datetime.fromisoformat(text).astimezone(UTC)


def same(value, said):
    """Whether a value of a row is what JSON says; an instant is the same in UTC."""
    if isinstance(value, dict):
        return value.keys() == said.keys() and all(same(value[key], said[key]) for key in value)
    if isinstance(value, list):
        return len(value) == len(said) and all(map(same, value, said))
    return value == (instant(said) if isinstance(value, datetime) else said)


def test_an_empty_file_has_its_types_and_an_instant_without_utc_is_null(tmp_path):
    write_parquet(tmp_path / "empty", "pages", [])
    assert pq.read_table(tmp_path / "empty").schema.field("fetched_at").type == pa.timestamp(
        "us", tz="UTC"
    )
    record = dict.fromkeys(arrow_schema("pages").names)
    line = json.dumps(record | {"page": "p", "fetched_at": "0001-01-01T00:00:00+14:00"}).encode()
    write_parquet(tmp_path / "one", "pages", [line])
    (row,) = pq.read_table(tmp_path / "one").to_pylist()
    assert (row["page"], row["fetched_at"]) == ("p", None)


def test_duckdb_asks_a_parquet_file_for_what_is_sure(forms):
    path = forms["none"] / "r/articles.parquet"
    count = f"SELECT count(*) FROM '{path}' WHERE published_latest > published_earliest"  # noqa: S608
    ((found,),) = duckdb.sql(count).fetchall()
    assert found > 0


@pytest.mark.parametrize("compression", ["", "GZIP", "brotli", None])
def test_a_compression_that_there_is_not_is_an_error_that_says_which_there_are(compression):
    with pytest.raises(UsageError, match="none, gzip, zstd"):
        Form.read(compression, False)


def test_parquet_without_pyarrow_is_an_error_at_start(monkeypatch):
    monkeypatch.setattr("newscrawl.drops.form.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"newscrawl\[parquet\]"):
        Form.read("none", True)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("NEWSCRAWL_COMPRESSION=xz", "NEWSCRAWL_COMPRESSION='xz' is none of none, gzip, zstd"),
        ("NEWSCRAWL_PARQUET=maybe", "NEWSCRAWL_PARQUET='maybe' is neither 0 nor 1"),
    ],
)
def test_a_wrong_setting_ends_the_crawl_before_it_reads(crawl, setting, said):
    done = crawl("replay", "-a", "path=fixtures/author-page/pages", "-s", setting)
    assert done.code == 1
    assert said in done.err
    assert "Traceback" not in done.err
    assert not list(done.output.glob("*"))
