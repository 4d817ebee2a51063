"""Checking drops: what was changed is found, and nothing in a drop is trusted, followed or run."""

import contextlib
import hashlib
import json
import os
import shutil
import socket
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.drops import verify
from newscrawl.drops.schema import RECORD_CLASSES
from newscrawl.drops.verify import check, problems
from tests import processes
from tests.conftest import run_crawl

FILES = ["datapackage.json", *(f"{name}.jsonl" for name in RECORD_CLASSES)]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """An output folder with one drop, for looking at only."""
    output = tmp_path_factory.mktemp("published")
    done = run_crawl("replay", "-a", "path=fixtures/*/pages", "-a", "run_id=r", output=output)
    assert done.code == 0, done.err
    return output


@pytest.fixture
def output(published, tmp_path):
    """A copy of it for changing."""
    return shutil.copytree(published, tmp_path / "output")


def said(folder):
    return "\n".join(problems(folder))


def describe(output, change=lambda package: None):
    """Write a descriptor that fits the files, changed, and a catalogue that fits it."""
    drop = output / "r"
    package = json.loads((drop / "datapackage.json").read_text())
    for resource in package["resources"]:
        content = (drop / resource["path"]).read_bytes()
        resource["bytes"], resource["count"] = len(content), content.count(b"\n")
        resource["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    package = change(package) or package
    write_descriptor(output, json.dumps(package).encode())


def write_descriptor(output, content):
    (output / "r/datapackage.json").write_bytes(content)
    (entry,) = map(json.loads, (output / "drops.jsonl").read_text().splitlines())
    entry["descriptor_hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
    with contextlib.suppress(
        ValueError, TypeError, KeyError, RecursionError
    ):  # it may be no descriptor at all
        entry["counts"] = {r["name"]: r["count"] for r in json.loads(content)["resources"]}
    (output / "drops.jsonl").write_text(json.dumps(entry) + "\n")


def test_a_drop_that_nobody_touched_is_well(published, output):
    assert not list(check(published / "r"))
    describe(output)
    assert not list(check(output / "r"))


def test_a_drop_without_its_catalogue_is_checked_as_far_as_it_can_be(output):
    (output / "drops.jsonl").unlink()
    (finding,) = check(output / "r")
    assert not finding.is_wrong
    assert "no drops.jsonl lies beside" in finding.text


# Changes


EDITS = st.one_of(
    st.tuples(st.just("replace"), st.integers(0), st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("insert"), st.integers(0), st.binary(min_size=1, max_size=9)),
    st.tuples(st.just("cut"), st.integers(0), st.integers(1, 2000)),
    st.tuples(st.just("double"), st.integers(0), st.integers(1, 2000)),
)


def edited(content, edit):
    kind, at, more = edit
    at %= len(content) + 1
    if kind == "replace":
        return content[:at] + more + content[at + len(more) :]
    if kind == "insert":
        return content[:at] + more + content[at:]
    if kind == "cut":
        return content[:at] + content[at + more :]
    return content[: at + more] + content[at:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.lists(EDITS, min_size=1, max_size=3))
def test_no_changed_byte_of_any_file_is_well(published, output, name, edits):
    before = (published / "r" / name).read_bytes()
    after = before
    for edit in edits:
        after = edited(after, edit)
    (output / "r" / name).write_bytes(after)
    try:
        assert bool(list(problems(output / "r"))) == (after != before)
    finally:
        (output / "r" / name).write_bytes(before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES[1:]), st.lists(EDITS, min_size=1, max_size=3))
def test_a_file_that_its_descriptor_fits_is_read_whatever_it_holds(published, output, name, edits):
    content = (published / "r" / name).read_bytes()
    for edit in edits:
        content = edited(content, edit)
    (output / "r" / name).write_bytes(content)
    describe(output)
    for finding in check(output / "r"):
        assert finding.text.isprintable()
    shutil.copy(published / "r" / name, output / "r" / name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    for key in (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    ):
        yield from places(value[key], (*path, key))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_a_descriptor_is_read_whatever_stands_in_it(published, output, data):
    package = json.loads((published / "r/datapackage.json").read_bytes())
    for resource in package["resources"][1:]:
        resource["jsonSchema"] = {}  # many places alike
    path = data.draw(st.sampled_from([p for p in places(package) if p]))
    owner = package
    for key in path[:-1]:
        owner = owner[key]
    if data.draw(st.booleans()):
        owner[path[-1]] = data.draw(JSON)
    else:
        del owner[path[-1]]
    write_descriptor(output, json.dumps(package).encode())
    for finding in check(output / "r"):
        assert finding.text.isprintable()


RESOURCE = {"name": "pages", "path": "pages.jsonl", "bytes": 1, "count": 1,
            "hash": "sha256:" + "0" * 64, "jsonSchema": {}}  # fmt: skip


def package_of(**changes):
    resource = {key: value for key, value in {**RESOURCE, **changes}.items() if value != "missing"}
    return json.dumps({"run": {"run_id": "r"}, "resources": [resource]}).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON in UTF-8"),
        (b"{", "no JSON in UTF-8"),
        (b"\xff{}", "no JSON in UTF-8"),
        (b"\xef\xbb\xbf{}", "no JSON in UTF-8"),
        ("{}".encode("utf-16"), "no JSON in UTF-8"),
        (b"[]", "no JSON object"),
        (b"null", "no JSON object"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
        (b"9" * 100_000, "no JSON in UTF-8"),
        (b"{}", "'resources' is missing"),
        (b'{"resources": [], "resources": []}', "a key twice"),
        (b'{"resources": {}}', "'resources' is dict, not list"),
        (b'{"resources": [3]}', "a resource is int, not dict"),
        (b'{"resources": [], "run": []}', "'run' is list"),
        (b'{"resources": [], "run": {}}', "'run_id' is missing"),
        (package_of(name="missing"), "'name' is missing"),
        (package_of(name=None), "'name' is NoneType"),
        (package_of(name="secrets"), "no resource 'secrets'"),
        (package_of(path="/etc/passwd"), "not in '/etc/passwd'"),
        (package_of(path="../r/pages.jsonl"), "not in '../r/pages.jsonl'"),
        (package_of(path="rates.jsonl"), "not in 'rates.jsonl'"),
        (package_of(path="pages.jsonl\0"), "not in"),
        (package_of(bytes="1"), "'bytes' is str"),
        (package_of(bytes=True), "'bytes' is bool"),
        (package_of(bytes=1.0), "'bytes' is float"),
        (package_of(count="missing"), "'count' is missing"),
        (package_of(count=[]), "'count' is list"),
        (package_of(hash="md5:0"), "the hash of pages.jsonl is none"),
        (package_of(hash=7), "'hash' is int"),
        (package_of(jsonSchema="http://x"), "'jsonSchema' is str"),
        (b" " * (2**24 + 1), "more than 16,777,216 bytes"),
    ],
)
def test_what_is_no_descriptor_is_told_with_the_reason(output, content, reason):
    write_descriptor(output, content)
    (finding,) = check(output / "r")
    assert finding.is_wrong
    assert "is no descriptor of a drop" in finding.text
    assert reason in finding.text


def test_a_resource_named_twice_and_one_that_is_missing_are_told(output):
    def twice(package):
        package["resources"].append(package["resources"][0])

    def without(package):
        del package["resources"][0]

    describe(output, without)
    assert "does not name articles.jsonl" in said(output / "r")
    assert "articles.jsonl is not named in the descriptor" in said(output / "r")
    describe(output, twice)
    assert "names exchange_rates.jsonl twice" in said(output / "r")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [("count", 10**4000, "were published"), ("bytes", -1, "-1 were published"),
     ("hash", "sha256:" + "0" * 64, "SHA-256 differs")],
)  # fmt: skip
def test_numbers_that_do_not_fit_the_file_are_told(output, key, value, reason):
    describe(output, lambda package: package["resources"][3].update({key: value}))
    (problem,) = problems(output / "r")
    assert "pages.jsonl" in problem
    assert reason in problem


def test_a_file_more_or_less_is_told_also_one_with_a_name_that_steers_terminals(output):
    (output / "r/rejects.jsonl").unlink()
    (output / "r" / "\x1b[2Jnotes\udcff.txt").write_text("x")
    (output / "r" / "deeper").mkdir()
    found = said(output / "r")
    assert "rejects.jsonl can't be read: No such file" in found
    assert "\\x1b[2Jnotes\\udcff.txt is not named" in found
    assert "deeper is not named" in found


def test_many_findings_of_a_kind_are_counted(output):
    for number in range(100):
        (output / "r" / f"{number}.txt").touch()
    *_, last = problems(output / "r")
    assert last.endswith("80 more of this kind")


# Nothing is followed


def test_links_pipes_and_folders_are_not_read(output, tmp_path):
    for name, make in {
        "pages": lambda path: path.symlink_to(tmp_path / "elsewhere.jsonl"),
        "people": lambda path: os.mkfifo(path),
        "rejects": lambda path: path.mkdir(),
    }.items():
        path = output / f"r/{name}.jsonl"
        path.rename(tmp_path / "elsewhere.jsonl")
        make(path)
    found = said(output / "r")
    assert "pages.jsonl can't be read: it is a link" in found
    assert "people.jsonl can't be read: it is no file" in found
    assert "rejects.jsonl can't be read: it is no file" in found


def test_a_descriptor_that_is_a_link_is_none(output, tmp_path):
    (output / "r/datapackage.json").rename(tmp_path / "d.json")
    (output / "r/datapackage.json").symlink_to(tmp_path / "d.json")
    assert "it is a link" in said(output / "r")


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://{address}/latest/meta-data"},
        {"$ref": "file:///etc/hostname"},
        {"allOf": [{"$ref": "http://{address}/a"}], "$schema": "http://{address}/b"},
        {"$id": "http://{address}/c", "properties": {"a": {"$ref": "d"}}},
        {"type": "object", "properties": {"a": {"enum": ["x\"'+__import__('os').abort()+'"]}}},
        {"pattern": "(a+)+$"},
        {"const": {"a'\"": "b"}},
    ],
)
def test_a_schema_in_a_drop_is_compared_and_never_used(output, schema):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "{}:{}".format(*server.getsockname())
        filled = json.loads(json.dumps(schema).replace("{address}", address))
        describe(output, lambda package: package["resources"][0].update(jsonSchema=filled))
        (finding,) = check(output / "r")
        assert "another schema" in finding.text
        assert not finding.is_wrong
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


# Records


def change_line(output, change, name="pages"):
    path = output / f"r/{name}.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(change(first) + b"".join(rest))
    describe(output)


def with_keys(**changes):
    return lambda line: json.dumps({**json.loads(line), **changes}, separators=(",", ":"),
                                   ensure_ascii=False).encode() + b"\n"  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda line: line.replace(b'"page":', b'"page": ', 1), "not written as records are"),
        (lambda line: line.replace(b'"page"', b'"\\u0070age"', 1), "not written as records are"),
        (lambda line: line.replace(b"{", b'{"page":"x",', 1), "not written as records are"),
        (lambda line: b"{" + b",".join(reversed(line[1:-2].split(b",", 1))) + b"}\n", "records are"),
        (lambda line: line[:-1] + b"\r\n", "record 1"),
        (lambda line: b"\xef\xbb\xbf" + line, "record 1"),
        (lambda line: b"\n" + line, "record 1"),
        (lambda line: line.replace(b'"page":"', b'"page":"\xff', 1), "record 1"),
        (lambda line: line.replace(b'"page":"', b'"page":"\xed\xa0\x80', 1), "record 1"),
        (lambda line: b"[" * 100_000 + b"\n", "nested too deeply"),
        (lambda line: b"9" * 100_000 + b"\n", "record 1"),
        (lambda line: b"1e9999999999\n", "record 1"),
        (lambda line: b"null\n", "must be object"),
        (with_keys(found="many"), "found must be integer"),
        (with_keys(outcome="eaten"), "outcome must be one of"),
        (with_keys(**{"x\x1b[2J": 1}), "must not contain"),
        (lambda line: b"{}\n", "must contain"),
    ],
)  # fmt: skip
def test_a_record_that_is_none_is_told_though_every_hash_fits(output, change, reason):
    change_line(output, change)
    problem, *_ = problems(output / "r")
    assert "pages.jsonl, record 1: " in problem
    assert reason in problem
    assert problem.isprintable()
    assert len(problem) < 1000


def test_a_last_line_that_does_not_end_is_told(output):
    path = output / "r/pages.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    describe(output)
    assert "the line does not end" in said(output / "r")


def test_a_line_that_does_not_end_at_all_takes_no_memory(output, monkeypatch):
    monkeypatch.setattr(verify, "_LONGEST_LINE", 1000)
    before = (output / "r/pages.jsonl").read_bytes()
    (output / "r/pages.jsonl").write_bytes(b'{"a":"' + b"x" * 60_000_000 + b'"}\n' + before)
    describe(output)
    tracemalloc.start()
    found = said(output / "r")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "record 1 is longer than 1,000 bytes" in found
    assert peak < 25_000_000


def test_a_record_of_another_version_is_checked_for_what_both_know(output):
    older = {"type": "object", "properties": {"page": {"type": "string"}}}

    def then_older(package):
        package["resources"][3]["jsonSchema"] = older

    change_line(output, lambda line: b'{"page":"a.txt","of_a_later_version":[1e-7]}\n')
    describe(output, then_older)
    assert not list(problems(output / "r"))
    change_line(output, lambda line: b'{"page":7}\n')
    describe(output, then_older)
    assert "page must be string" in said(output / "r")


# The catalogue


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda line: b"", "does not name the run 'r'"),
        (lambda line: line.replace(b'"run_id":"r"', b'"run_id":"s"'), "does not name the run 'r'"),
        (lambda line: line + line, "names the run 'r' twice"),
        (lambda line: b"{\n" + line, "line 1 is no line of a catalogue"),
        (lambda line: b"[]\n" + line, "line 1 is no line of a catalogue"),
        (lambda line: b"[" * 100_000 + b"\n" + line, "line 1 is no line of a catalogue"),
        (lambda line: b"\xff\n", "line 1 is no line of a catalogue"),
        (lambda line: line.replace(b'"sha256:', b'"sha256:0'), "is not the descriptor that was"),
        (lambda line: b'{"run_id":"r"}\n', "missing required field `spider`"),
        (lambda line: line.replace(b'"descriptor_hash":"', b'"descriptor_hash":["'), "no line of"),
        (lambda line: line.replace(b'"folder":"r"', b'"folder":"../r"'), "the name of its run"),
        (lambda line: line.replace(b'"mode":"', b'"mode":"in'), "no line of a catalogue"),
        (lambda line: line.replace(b'"new":', b'"old":'), "differ in events"),
        (lambda line: line.replace(b'"articles":', b'"articles":1'), "differ in counts"),
    ],
)
def test_a_catalogue_that_says_otherwise_is_told(output, change, reason):
    catalogue = output / "drops.jsonl"
    catalogue.write_bytes(change(catalogue.read_bytes()))
    assert reason in said(output / "r")


# The command


def run_verify(*drops):
    return processes.run("-m", "scrapy", "verify", *map(str, drops))


def test_the_exit_code_says_whether_all_is_well(published, output):
    done = run_verify(published / "r")
    assert done.returncode == 0
    assert done.stdout.endswith("r is as it was published\n")
    (output / "r/pages.jsonl").unlink()
    done = run_verify(published / "r", output / "r", output / "nowhere")
    assert done.returncode == 1
    assert "pages.jsonl can't be read: No such file" in done.stdout
    assert "nowhere/datapackage.json is no descriptor" in done.stdout
    assert done.stderr == ""
    assert run_verify().returncode == 2
