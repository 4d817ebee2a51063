"""docs/consuming.md: its recipes run, and its tables have every code that there is."""

import ast
import json
import re
import shutil
import subprocess
from typing import get_args

import duckdb
import pytest

from newscrawl import errors, items
from newscrawl.cli import main
from newscrawl.drops.columns import types_for
from newscrawl.merge.furniture import REASON
from newscrawl.net import failures
from newscrawl.reader import current
from tests.conftest import ROOT, run_crawl
from tests.test_chain import chain

TEXT = (ROOT / "docs/consuming.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```(python|sql|console)\n(.*?)```", TEXT, re.DOTALL)


def recipes(kind):
    found = [text for language, text in RECIPES if language == kind]
    assert found
    return [pytest.param(text, id=f"{kind}-{number}") for number, text in enumerate(found)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An output folder with a chain, the fixtures' drop and one whose page is lost."""
    top = tmp_path_factory.mktemp("consuming")
    chain(top / "output")
    done = run_crawl("replay", "-a", f"path={ROOT}/fixtures/**/pages", output=top / "output")
    assert done.code == 0, done.err
    (top / "lost.html").write_text("")
    run_crawl("replay", "-a", f"path={top}/lost.html", output=top / "output")
    return top


@pytest.mark.parametrize("recipe", recipes("python"))
def test_python(recipe, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    names = {}
    if "pl." in recipe:
        pytest.importorskip("polars", reason="the extra `load`")
        exec(types_for("polars", ("articles",)), names)  # noqa: S102  # what the recipe says
    if "pandas" in recipe:
        pytest.importorskip("pandas", reason="the extra `load`")
    exec(recipe, names)  # noqa: S102  # ours
    truth = {article.id for article in current("output")}
    if "mine" in names:
        assert names["mine"].keys() == truth
    if "surely" in names:
        assert names["surely"]
        assert not {a.id for a in names["surely"]} & {a.id for a in names["perhaps"]}
    if "sure" in names:
        assert 0 < len(names["sure"]) < len(truth)
    if "pandas" in recipe:
        assert len(names["frame"]) == len(truth)
    elif "frame" in names:
        assert names["frame"]["id"].n_unique() >= len(truth)
    if "print(" in recipe:
        assert "fixtures" not in capsys.readouterr().out


@pytest.mark.parametrize("recipe", recipes("sql"))
def test_sql(recipe, folder, monkeypatch):
    monkeypatch.chdir(folder)
    db = duckdb.connect()
    db.execute(types_for("duckdb"))
    rows = db.execute(recipe).fetchall()
    assert rows
    if "row_number" in recipe:
        assert [row[0] for row in rows] == sorted(article.id for article in current("output"))


@pytest.mark.parametrize("recipe", recipes("console"))
def test_commands(recipe, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    for line in recipe.splitlines():
        command = line.removeprefix("$ ")
        if command.startswith("newscrawl "):
            assert main(command.split()[1:]) == 0
            assert capsys.readouterr().out
        else:
            if shutil.which("jq") is None:
                pytest.skip("jq is not installed")
            done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  # ours
            assert done.stdout


def table(head):
    rows = TEXT.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_outcome_basis_and_end_is_explained():
    assert table("outcome") == set(get_args(items.Outcome))
    assert table("`basis`") == set(get_args(items.Basis))
    assert table("`withdrawn.reason`") == set(get_args(items.WithdrawnReason))


def explained_codes():
    rows = (row.split("|")[1] for row in TEXT.splitlines() if row.startswith("| `"))
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


def test_every_code_of_an_error_is_explained():
    codes = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, (errors.PageError, errors.RejectItem))
    }
    assert codes | {errors.INTERNAL_ERROR, errors.PIPELINE_ERROR} <= explained_codes()


# What the code can say, by its source: who adds a code adds it to the page.
PACKAGE = ROOT / "newscrawl"


def calls(folder):
    """Every call in a folder's modules, with the name of what is called."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def constants(nodes):
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_reason_of_a_removal_is_explained():
    said = {REASON}
    for name, call in calls("extract"):
        if name in ("remove", "Furniture"):
            said |= constants(call.args[1:2])
    for path in ("extract/printed.py", "extract/html/page.py"):
        for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "remove":
                said |= constants(node.args.defaults)
            if isinstance(node, ast.FunctionDef) and node.name == "_reason":
                said |= constants(r.value for r in ast.walk(node) if isinstance(r, ast.Return))
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
                said |= constants([node.value])
    assert len(said) > 20
    assert table("reason of a removal") == said


def test_every_code_of_a_note_is_explained():
    said = set()
    for name, call in calls(""):
        if name == "Note":
            said |= constants(k.value for k in call.keywords if k.arg == "code")
        if name == "_notes":
            said |= constants(a.elts[0] for a in call.args if isinstance(a, ast.Tuple))
    assert len(said) > 10
    assert table("code of a note") == said


def test_every_code_of_a_live_page_is_explained():
    said = {code for _, code, _ in failures._CODES} | {"tls", "bad-certificate", "error"}
    for path in ("discovery/blocked.py", "reading/answer.py", "sources/warc.py", "spiders/live.py"):
        text = (PACKAGE / path).read_text(encoding="utf-8")
        said |= set(re.findall(r'"([a-z][a-z-]+): ', text)) - {"code"}
    marks = (PACKAGE / "discovery/data/blocked.json").read_text(encoding="utf-8")
    said |= {rule["reason"].partition(":")[0] for rule in _rules(json.loads(marks))}
    assert "challenge" in said
    assert said <= explained_codes()


def _rules(data):
    return [rule for kind in ("headers", "markers") for rule in data[kind]]
