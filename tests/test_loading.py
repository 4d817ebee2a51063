"""Every drop can be loaded by the tools that people use: alone, empty, and several at once."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import frictionless
import pyarrow as pa
import pytest

from newscrawl.drops.columns import TOOLS, columns, table_schema, types_for
from newscrawl.drops.schema import RECORD_CLASSES, json_schema
from tests.conftest import run_crawl

NAMES = list(RECORD_CLASSES)
WORDS = ["", "plain", "ещё «слово»\n\nдва\tтри", "🏔", '"\\', "x" * 100_000]


def value(schema, word, count):
    """A value of a schema; null where there are none of lists and the value may be null."""
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if "null" in kinds and not count:
        return None
    kind = next(name for name in kinds if name != "null")
    if kind == "object":
        if "properties" in schema:
            return {key: value(part, word, count) for key, part in schema["properties"].items()}
        names = schema["propertyNames"]["enum"][:count]
        return {name: value(schema["additionalProperties"], word, count) for name in names}
    if kind == "array":
        return [value(schema["items"], word, count) for _ in range(count)]
    if kind == "string":
        return schema.get("enum", [word])[0]
    return {"integer": 7, "number": 0.085, "boolean": True}[kind]


@pytest.fixture(scope="module")
def drops(tmp_path_factory) -> list[Path]:
    """Ten unlike drops: nothing but nulls and empty lists, everything filled, no record, real ones."""
    folder = tmp_path_factory.mktemp("drops")
    done = run_crawl(
        "replay", "-a", "path=fixtures/**/pages", "-a", "run_id=fixtures", output=folder
    )
    assert done.code == 0, done.err
    made = [done.drop]
    for number, word in enumerate([None, None, *WORDS, "last"]):
        drop = folder / f"made-{number}"
        drop.mkdir()
        for name in NAMES:
            schema = json_schema(name)
            rows = [] if number == 1 else [value(schema, word or "", 0 if word is None else number)]
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (drop / f"{name}.jsonl").write_text(text, encoding="utf-8")
        made.append(drop)
    assert len(made) == 10
    return made


def lines(drops, name):
    return sum((drop / f"{name}.jsonl").read_bytes().count(b"\n") for drop in drops)


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_loads_each_drop_after_the_other_and_all_at_once(drops, name):
    paths = [str(drop / f"{name}.jsonl") for drop in drops]
    with duckdb.connect() as database:
        database.execute(types_for("duckdb", (name,)))
        for some in (*paths, paths):
            database.execute(f"INSERT INTO {name} FROM read_{name}($1)", [some])
        counted = database.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
        assert counted == [(2 * lines(drops, name),)]


@pytest.mark.parametrize("name", NAMES)
def test_pyarrow_loads_each_drop_and_puts_them_together(drops, name):
    known = {}
    exec(types_for("pyarrow", (name,)), known)  # noqa: S102
    tables = [known["read"](drop / f"{name}.jsonl", known[name]) for drop in drops]
    together = pa.concat_tables(tables)
    assert together.schema == known[name]
    assert len(together) == lines(drops, name)


def test_frictionless_finds_a_drop_valid_and_a_forged_one_not(drops, tmp_path):
    drop = shutil.copytree(drops[0], tmp_path / "drop")
    assert frictionless.validate(str(drop / "datapackage.json")).valid
    path = drop / "articles.jsonl"
    path.write_text(path.read_text().replace('"event":"new"', '"event":"odd"'))
    assert not frictionless.validate(str(drop / "datapackage.json")).valid


def test_duckdb_keeps_what_the_records_say(drops):
    path = drops[0] / "articles.jsonl"
    with duckdb.connect() as database:
        database.execute(types_for("duckdb", ("articles",)))
        rows = database.execute(
            "SELECT id, date_evidence.published.edtf, extracted_by['headline'], sightings[1].page "
            "FROM read_articles($1)",
            [str(path)],
        ).fetchall()
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row, record in zip(rows, records, strict=True):
        published = record["date_evidence"]["published"]
        assert row == (
            record["id"],
            published and published["edtf"],
            record["extracted_by"].get("headline"),
            record["sightings"][0]["page"],
        )


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", NAMES)
def test_each_tools_types_name_each_column_once(tool, name):
    text = types_for(tool, (name,))
    assert all(column.name in text for column in columns(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_table_schema_and_the_json_schema_agree(name):
    fields = table_schema(name)["fields"]
    schema = json_schema(name)
    assert [field["name"] for field in fields] == list(schema["properties"])
    for field in fields:
        kinds = schema["properties"][field["name"]]["type"]
        assert field["type"] in kinds
        assert field.get("constraints", {}).get("required", False) == ("null" not in kinds)


# What is large or needs a server: make test-all, with newscrawl[load] installed


@pytest.mark.big
@pytest.mark.parametrize("name", NAMES)
def test_polars_loads_each_drop_and_all_at_once(drops, name):
    polars = pytest.importorskip("polars")
    known = {}
    exec(types_for("polars", (name,)), known)  # noqa: S102
    paths = [drop / f"{name}.jsonl" for drop in drops]
    together = polars.concat([polars.read_ndjson(path, schema=known[name]) for path in paths])
    assert dict(together.schema) == known[name]
    assert len(together) == len(polars.scan_ndjson(paths, schema=known[name]).collect())
    assert len(together) == lines(drops, name)


@pytest.mark.big
@pytest.mark.parametrize("name", NAMES)
def test_pandas_loads_each_drop(drops, name):
    pandas = pytest.importorskip("pandas")
    frames = [pandas.read_json(drop / f"{name}.jsonl", lines=True, dtype=False) for drop in drops]
    rows = [frame for frame in frames if len(frame)]
    assert sum(map(len, rows)) == lines(drops, name)
    assert all(list(frame) == [column.name for column in columns(name)] for frame in rows)


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
def test_spark_loads_all_at_once_and_in_a_union(drops):
    sql = pytest.importorskip("pyspark.sql")
    spark = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    known = {}
    exec(types_for("spark"), known)  # noqa: S102
    for name in NAMES:
        read = spark.read.schema(known[name]).option("mode", "FAILFAST")
        paths = [str(drop / f"{name}.jsonl") for drop in drops]
        assert read.json(paths).count() == lines(drops, name)
        both = read.json(paths[0]).unionByName(read.json(paths[1]))
        assert both.count() == lines(drops[:2], name)
    spark.stop()


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """A PostgreSQL of Debian's, on a socket of its own."""
    psycopg = pytest.importorskip("psycopg")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("there is no PostgreSQL; on Debian: apt install postgresql")
    user = [] if os.geteuid() else ["runuser", "-u", "postgres", "--"]
    folder = tmp_path_factory.mktemp("postgres")
    if user:
        for path in (folder, *folder.parents[:3]):
            path.chmod(0o777)
        shutil.chown(folder, "postgres")
    control = [*user, str(programs[-1] / "pg_ctl"), "-D", str(folder / "data")]
    subprocess.run(
        [*control, "init", "-o", "-U tester -E UTF8 --locale=C.UTF-8"], check=True, cwd="/"
    )
    options = f"-k {folder} -c listen_addresses="
    log = ["-l", str(folder / "log")]
    subprocess.run([*control, "start", "-w", "-o", options, *log], check=True, cwd="/")
    try:
        with psycopg.connect(host=str(folder), user="tester", dbname="postgres") as connection:
            yield connection
    finally:
        subprocess.run([*control, "stop", "-m", "immediate"], check=True, cwd="/")


@pytest.mark.big
@pytest.mark.parametrize("name", NAMES)
def test_postgresql_loads_each_drop(drops, postgres, name):
    postgres.execute(types_for("postgres", (name,)))
    insert = f"INSERT INTO {name} SELECT * FROM jsonb_populate_record(NULL::{name}, %s)"  # noqa: S608
    for drop in drops:
        with (drop / f"{name}.jsonl").open(encoding="utf-8") as rows:
            for row in rows:
                postgres.execute(insert, [row.rstrip("\n")])
    assert postgres.execute(f"SELECT count(*) FROM {name}").fetchone() == (lines(drops, name),)  # noqa: S608
