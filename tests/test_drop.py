import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest

import newscrawl
from newscrawl.drops import catalogue
from newscrawl.drops.run import Run
from newscrawl.drops.schema import RECORD_CLASSES, json_schema, schema_file
from newscrawl.errors import (
    DropInvalidError,
    RunBusyError,
    RunIdTakenError,
    RunMismatchError,
    UsageError,
)
from newscrawl.items import Article, PageRecord, Sighting
from tests import processes
from tests.conftest import ROOT

FILES = [f"{name}.jsonl" for name in RECORD_CLASSES]
FIXTURES = "fixtures/*/pages"


@pytest.mark.parametrize("name", RECORD_CLASSES)
def test_the_checked_in_schema_is_the_one_that_the_classes_make(name):
    path = Path(newscrawl.__file__).parent / "schemas" / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == schema_file(name), "run: scrapy schemas"


@pytest.mark.parametrize("name", RECORD_CLASSES)
def test_each_schema_is_valid_and_describes_every_property(name):
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(p["description"] for p in schema["properties"].values())
    assert schema["required"] == list(schema["properties"])


def test_a_published_drop_keeps_its_contract(crawl):
    done = crawl("replay", "-a", f"path={FIXTURES}", "-a", "run_id=whole")
    assert done.code == 0, done.err
    package = json.loads((done.drop / "datapackage.json").read_text())
    assert [r["path"] for r in package["resources"]] == FILES
    for resource in package["resources"]:
        content = (done.drop / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["count"] == content.count(b"\n")
        assert not content.startswith(b"\xef\xbb\xbf")
        schema = (done.output / resource["jsonSchema"]["path"]).read_bytes()
        assert resource["jsonSchema"]["hash"] == "sha256:" + hashlib.sha256(schema).hexdigest()
        validator = jsonschema.Draft202012Validator(json.loads(schema))
        lines = content.decode("utf-8").splitlines()
        for line in lines:
            record = json.loads(line)
            validator.validate(record)
            assert list(record) == json.loads(schema)["required"]
            assert list(record) == [field["name"] for field in resource["schema"]["fields"]]
            assert "\\u0" not in line
    (entry,) = catalogue.read_catalogue(done.output)
    assert (entry.run_id, entry.folder, entry.path) == ("whole", "whole", "whole")
    assert entry.descriptor_hash == "sha256:" + catalogue.sha256(
        (done.drop / "datapackage.json").read_bytes()
    )
    assert not [p.name for p in done.output.iterdir() if p.name.startswith(".whole")]


def test_records_are_sorted_and_every_page_adds_up(crawl):
    done = crawl("replay", "-a", f"path={FIXTURES}")
    articles, ledger = done.records("articles"), done.records("pages")
    assert [(a["site"], a["id"]) for a in articles] == sorted(
        (a["site"], a["id"]) for a in articles
    )
    assert [p["page"] for p in ledger] == sorted(p["page"] for p in ledger)
    for page in ledger:
        assert page["found"] == sum(
            page[name]
            for name in (
                "articles",
                "duplicates",
                "empty_posts",
                "rejects",
                "exchange_rates",
                "people",
            )
        )
    assert sum(page["articles"] for page in ledger) == len(articles)
    assert sum(len(a["sightings"]) for a in articles) == sum(
        page["articles"] + page["duplicates"] for page in ledger
    )
    assert len({a["id"] for a in articles}) == len(articles)


def test_no_character_of_the_ticker_reaches_another_file(crawl):
    done = crawl("replay", "-a", f"path={FIXTURES}")
    assert done.records("exchange_rates")
    for name in set(RECORD_CLASSES) - {"exchange_rates"}:
        text = (done.drop / f"{name}.jsonl").read_text(encoding="utf-8")
        assert "/EUR" not in text
        assert "/USD" not in text
        assert "0.08721" not in text


def test_rates_are_written_with_the_digits_that_were_printed(crawl):
    done = crawl("replay", "-a", "path=fixtures/author-page/pages")
    text = (done.drop / "exchange_rates.jsonl").read_text()
    assert '"rate":0.08540,"change_percent":-1.20,' in text
    assert '"rate":0.00690,"change_percent":0.00,' in text


def test_the_same_pages_give_the_same_bytes_in_another_folder_and_order(crawl, tmp_path):
    first = crawl("replay", "-a", "path=fixtures", output=tmp_path / "one")
    names = sorted(p for p in (ROOT / "fixtures").rglob("*.txt"))
    copy = tmp_path / "elsewhere" / "deep"
    for path in reversed(names):
        target = copy / path.relative_to(ROOT / "fixtures")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for path in (ROOT / "fixtures").rglob("*"):
        if path.is_file() and path.suffix != ".txt":
            target = copy / path.relative_to(ROOT / "fixtures")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    # Started anew, this one walks through sets of strings in another order.
    second = crawl("replay", "-a", f"path={copy}", output=tmp_path / "two", fresh=True)
    again = crawl("replay", "-a", f"path={copy}", output=tmp_path / "three")
    for name in FILES:
        bytes_of = {(done.drop / name).read_bytes() for done in (first, second, again)}
        assert len(bytes_of) == 1, name


# The run itself


def page_record(name="p.txt", found=0, **more) -> PageRecord:
    return PageRecord(
        page=name, site="s", sha256="0" * 64, outcome="extracted", found=found, **more
    )


def article(page="p.txt", headline="Bridge Opens", body="It opened at noon.") -> Article:
    seen = Sighting(page=page, page_date=None, position=1, date_raw=None, is_truncated=False,
                    body_sha256=hashlib.sha256(body.encode()).hexdigest())  # fmt: skip
    return Article(
        id="s:1", site="s", headline=headline, article_body=body, sightings=[seen], page=page
    )


def begin(folder, run_id="r", **arguments) -> Run:
    return Run(folder, "replay", None, {"path": "x", **arguments}, run_id)


def test_a_page_is_spooled_when_all_that_it_announced_is_in_whatever_the_order(tmp_path):
    run = begin(tmp_path)
    run.add(page_record(found=2))
    run.add(article())
    assert not run.has_page("p.txt", "0" * 64)
    run.reject(article(headline="Second"), ValueError("broken"))
    assert run.has_page("p.txt", "0" * 64)
    assert not run.has_page("p.txt", "1")
    published = run.publish()
    assert published.counts["articles"] == 1
    assert published.counts["rejected"] == 1
    (reject,) = [
        json.loads(line) for line in (tmp_path / "r/rejects.jsonl").read_text().splitlines()
    ]
    assert reject["reason"] == "pipeline-error"
    assert reject["detail"] == "ValueError: broken"


def test_a_drop_whose_page_does_not_add_up_is_not_published(tmp_path):
    run = begin(tmp_path)
    record = page_record(found=1)
    run.add(article())
    run.add(record)
    run.spool._db.execute("DELETE FROM articles")
    with pytest.raises(DropInvalidError, match=r"p\.txt: 1 things were found and 0"):
        run.publish()
    assert not (tmp_path / "r").exists()
    assert not catalogue.is_published(tmp_path, "r")


def test_a_record_that_breaks_its_schema_is_not_published(tmp_path):
    run = begin(tmp_path)
    broken = page_record(kind="poem")
    run.spool._db.execute(
        "INSERT INTO pages VALUES (?, ?, ?)",
        ("p.txt", "0", json.dumps({"page": "p.txt", "outcome": "extracted", "found": -1})),
    )
    with pytest.raises(DropInvalidError, match="found"):
        run.publish()
    assert broken.kind == "poem"
    assert not (tmp_path / "r").exists()


def test_two_processes_do_not_work_on_one_run(tmp_path):
    first = begin(tmp_path)
    with pytest.raises(RunBusyError, match="another process"):
        begin(tmp_path)
    first.close()


def test_an_unfinished_run_is_not_gone_on_with_by_another_command(tmp_path):
    run = begin(tmp_path)
    run.add(page_record())
    run.close()
    with pytest.raises(RunMismatchError, match="was begun with"):
        begin(tmp_path, path="y")
    begin(tmp_path).close()


def test_a_published_drop_is_never_written_again(tmp_path):
    run = begin(tmp_path)
    run.add(page_record())
    run.publish()
    with pytest.raises(RunIdTakenError, match="drops never change"):
        begin(tmp_path)


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "../up", "x" * 300, "a b"])
def test_a_run_id_is_a_file_name(tmp_path, name):
    with pytest.raises(UsageError, match="run_id"):
        begin(tmp_path, run_id=name)


def test_pages_with_variants_of_one_address_give_one_article(tmp_path):
    run = begin(tmp_path)
    shown = [
        ("https://m.coast.example/a?utm_source=x", "Bridge Opens", "It opened at noon."),
        (
            "https://coast.example/a/amp",
            "The Bridge Is Open",
            "Ships passed at once, all day long.",
        ),
        ("https://coast.example/b", "Bridge Opens", "It opened at noon."),
        ("https://coast.example/c", "Bridge Opens", "It opened at noon."),
        ("https://coast.example/news?id=1", "Briefing", "One thing happened today."),
        ("https://coast.example/news?id=2", "Briefing", "Another thing happened."),
    ]
    for number, (url, headline, body) in enumerate(shown):
        run.add(page_record(f"{number}.txt", found=1))
        item = article(f"{number}.txt", headline, body)
        item.url = url
        run.add(item)
    assert run.publish().counts["articles"] == 5
    lines = (tmp_path / "r/articles.jsonl").read_text().splitlines()
    found = {record["url"]: record for record in map(json.loads, lines)}
    assert sorted(found) == [
        "https://coast.example/a/amp",
        "https://coast.example/b",
        "https://coast.example/c",
        "https://coast.example/news?id=1",
        "https://coast.example/news?id=2",
    ]
    (twice,) = [record for record in found.values() if len(record["sightings"]) == 2]
    assert twice["url"] == "https://coast.example/a/amp"
    assert len({record["id"] for record in found.values()}) == 5


def test_articles_with_one_headline_and_lead_that_are_two_have_two_ids(tmp_path):
    lead = (
        "Good morning. Here is all that you need to know today, in the order in which it matters: "
    )
    lead += "first the weather, then the trains, then everything else that there is to say. "
    run = begin(tmp_path)
    bodies = [lead + " ".join(f"{word} {n}" for n in range(300)) for word in ("alpha", "omega")]
    for number, body in enumerate(bodies):
        run.add(page_record(f"{number}.txt", found=1))
        run.add(article(f"{number}.txt", "Morning briefing", body))
    run.publish()
    records = [
        json.loads(line) for line in (tmp_path / "r/articles.jsonl").read_text().splitlines()
    ]
    assert len({record["id"] for record in records}) == 2
    assert records == sorted(records, key=lambda record: record["id"])


def test_copies_and_near_duplicates_name_each_other_and_stay_apart(tmp_path):
    words = [f"word{n}" for n in range(120)]
    text, alike = " ".join(words), " ".join([*words[:60], "corrected", *words[61:]])
    brief = " ".join(words[:10])
    run = begin(tmp_path)
    shown = [("a", text), ("b", text), ("c", alike), ("d", brief), ("e", brief)]
    for site, body in shown:
        run.add(page_record(f"{site}.txt", found=1))
        item = article(f"{site}.txt", "Bridge Opens", body)
        item.site = site
        run.add(item)
    run.publish()
    lines = (tmp_path / "r/articles.jsonl").read_text().splitlines()
    found = {record["site"]: record for record in map(json.loads, lines)}
    ids = {site: record["id"] for site, record in found.items()}
    assert [found[site]["same_as"] for site in "abcde"] == [[ids["b"]], [ids["a"]], [], [], []]
    assert found["a"]["near_duplicates"] == [{"id": ids["c"], "similarity": 0.95}]
    assert found["b"]["near_duplicates"] == [{"id": ids["c"], "similarity": 0.95}]
    assert [near["id"] for near in found["c"]["near_duplicates"]] == [ids["a"], ids["b"]]


def verify(*drops):
    return processes.run("-m", "scrapy", "verify", *map(str, drops))


def test_a_drop_can_be_verified_and_a_changed_byte_is_found(tmp_path):
    run = begin(tmp_path)
    run.add(page_record())
    run.publish()
    assert verify(tmp_path / "r").returncode == 0
    (tmp_path / "r" / "extra.txt").write_text("x")
    ledger = tmp_path / "r" / "pages.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"p.txt", b"q.txt"))
    (tmp_path / "r" / "rejects.jsonl").unlink()
    done = verify(tmp_path / "r", tmp_path / "nowhere")
    assert done.returncode == 1
    for problem in ("SHA-256 differs", "extra.txt is not named", "rejects.jsonl can't be read",
                    "is no descriptor"):  # fmt: skip
        assert problem in done.stdout
    assert "Traceback" not in done.stderr


def test_verify_wants_a_folder():
    assert verify().returncode == 2


def test_runs_that_begin_in_one_second_have_names_of_their_own(tmp_path):
    def begin(_):
        run = Run(tmp_path, "replay", None, {})
        run.close()  # it lies there still
        return run.run_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(begin, range(24)))) == 24
