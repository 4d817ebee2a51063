"""Which small faults in the code its own unit tests would not notice.

    python benchmarks/mutate.py [--lines 200] [--seed 1] [--module merge/articles …] [--show]

Draws lines by lot from `MODULES`, the same number of each, makes one change in each line (a
comparison, an operator, a number, a condition, a return …) and runs the module's own tests with
it, in a fork that has nothing of newscrawl imported. Prints the changes that no test noticed;
exit code 1 where they are more than a tenth of those that can be noticed. `EQUIVALENT` has
those that can't, each with the reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import importlib.util
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parent.parent

MODULES: dict[str, tuple[str, ...]] = {
    "merge/articles": ("tests/test_merge.py", "tests/test_same_article.py"),
    "extract/article_text": ("tests/test_article_text.py",),
    "extract/text_page": ("tests/test_text_page.py",),
    "extract/stream": ("tests/test_text_page.py",),
    "extract/html/bylines": ("tests/extract/test_html_bylines.py", "tests/extract/test_html_metadata.py"),
    "extract/html/dates": ("tests/extract/test_html_dates.py",),
    "extract/html/names": ("tests/extract/test_html_names.py", "tests/extract/test_html_metadata.py"),
    "dates/absolute": ("tests/dates/test_absolute.py", "tests/dates/test_absolute_words.py"),
    "dates/article": ("tests/dates/test_article.py", "tests/test_html_article_dates.py"),
    "dates/calendars": ("tests/dates/test_zones_and_calendars.py",),
    "dates/find": ("tests/dates/test_find.py",),
    "dates/relative": (
        "tests/dates/test_relative.py", "tests/dates/test_relative_calendar.py", "tests/dates/test_widgets.py",
    ),
    "discovery/feeds": ("tests/discovery/test_feeds.py", "tests/discovery/test_feeds_entries.py"),
    "page/decode": ("tests/test_decode.py",),
    "reading/choice": ("tests/test_choice.py",),
    "store/spool/clean": ("tests/test_spool_duties.py",),
    "store/spool/collect": ("tests/test_spool_duties.py", "tests/test_spool.py"),
    "store/spool/links": ("tests/test_spool_duties.py",),
    "store/spool/records": ("tests/test_spool_duties.py",),
    "store/spool/sightings": ("tests/test_spool_duties.py",),
}  # fmt: skip
"""Module → its own tests; its doctests belong to them."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "dates/relative",
        "return start, min(end, last + TICK)",
        "Add -> Sub",
    ): "two microseconds less at the end of a day are made whole days again",
    (
        "extract/html/bylines",
        'return (), 0  # "Wellness & Prevention" is a rubric',
        "0 -> 1",
    ): "where no name is found, nobody looks at the weight",
    (
        "dates/calendars",
        '"令和": (2019, 99),',
        "99 -> 100",
    ): "the year of an era is read with two digits at most",
    (
        "extract/stream",
        "for costs, line in zip(own, lines, strict=True):",
        "True -> False",
    ): "the costs are made line by line",
    (
        "extract/html/dates",
        "for clock in _COLON.finditer(body, 0, _MAX_SOURCE)  # few, so faster than looking for days",
        "0 -> 1",
    ): "the colon of a clock that stands behind a day is no page's first byte",
    (
        "extract/html/dates",
        "if current is None or not current.is_element_node:",
        "Or -> And",
    ): "the parser puts every <time> into <body> and <html>: three steps up end at the document,"
    " which has no class, and never beyond it",
    (
        "store/spool/clean",
        'self._db.execute("PRAGMA journal_mode = DELETE")',
        "call -> nothing",
    ): "the rows are the same whichever journal is kept; one is faster",
    (
        "store/spool/clean",
        '"INSERT INTO parted SELECT site, kind, article, blocks FROM ("',
        '"INSERT INTO parted SELECT sit -> another string',
    ): "XX behind the query is a name for its table, which nothing uses",
    (
        "store/spool/collect",
        "self._db = sqlite3.connect(path, isolation_level=None, timeout=0)",
        "0 -> 1",
    ): "whoever has the spool keeps it: to wait a second ends in the same error",
    (
        "store/spool/sightings",
        "return [(name, site, value) for name, value in zip(KEYS, values, strict=True) if value]",
        "True -> False",
    ): "the columns that are asked for are the keys",
}
"""(module, line of code, change) → why no test can tell the two apart."""


@dataclass(frozen=True)
class Change:
    """One change of one line.

    Attributes:
        module: key of `MODULES`.
        line: its number.
        code: the line as it stands.
        what: the change, for a person.
        node: position of the changed node in `ast.walk` order.
        variant: which of the node's changes.
    """

    module: str
    line: int
    code: str
    what: str
    node: int
    variant: int

    @property
    def key(self) -> tuple[str, str, str]:
        """How `EQUIVALENT` names it: without a number that the next edit changes."""
        return self.module, self.code, self.what


# What is changed

_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.FloorDiv,), ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
_WORD_LIST = 4
_UNTOLD = {"debug", "info", "warning", "error", "doc"}

Edit = tuple[str, Callable[[Any], ast.AST]]


def edits(node: ast.AST) -> Iterator[Edit]:
    """The changes of one node: what, and what makes the new node of a copy of the old."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for other in _OPERATORS[type(operator)]:
                yield _name(operator, other), _set_item("ops", at, other())
    elif isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for other in _OPERATORS.get(type(node.op), ()):
            yield _name(node.op, other), _set("op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not x -> x", lambda new: new.operand
    elif isinstance(node, ast.Constant):
        yield from _edits_of_constant(node)
    elif isinstance(node, ast.Return) and node.value and not _is_constant(node.value):
        yield "return x -> return None", _set("value", ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield "continue -> break", lambda new: ast.Break()
    elif isinstance(node, ast.Break):
        yield "break -> continue", lambda new: ast.Continue()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call -> nothing", lambda new: ast.Pass()
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "condition -> its opposite", lambda new: _negate(new, "test")
    if isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            yield "filter -> everything", _set_item("ifs", at, ast.Constant(True))


def _edits_of_constant(node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", _set("value", not value)
    elif isinstance(value, int | float):
        yield f"{value} -> {value + 1}", _set("value", value + 1)
    elif isinstance(value, str) and value:
        yield f"{value!r:.30} -> another string", _set("value", value + "XX")


def _name(old: ast.AST, new: type) -> str:
    return f"{type(old).__name__} -> {new.__name__}"


def _is_constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _set(field: str, value: Any) -> Callable[[Any], ast.AST]:
    def edit(new: Any) -> ast.AST:
        setattr(new, field, value)
        return new

    return edit


def _set_item(field: str, at: int, value: Any) -> Callable[[Any], ast.AST]:
    def edit(new: Any) -> ast.AST:
        getattr(new, field)[at] = value
        return new

    return edit


def _negate(new: Any, field: str) -> ast.AST:
    setattr(new, field, ast.UnaryOp(ast.Not(), getattr(new, field)))
    return new


def changes(module: str) -> dict[int, list[Change]]:
    """Every change of a module, by line."""
    source = path_of(module).read_text(encoding="utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    unchanged = {id(inner) for node in ast.walk(tree) for inner in _kept(node)}
    found: dict[int, list[Change]] = {}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in unchanged:
            continue
        line = getattr(node, "lineno", None) or getattr(getattr(node, "iter", None), "lineno", 0)
        for variant, (what, _) in enumerate(edits(node)):
            code = lines[line - 1].strip()
            found.setdefault(line, []).append(Change(module, line, code, what, number, variant))
    return found


def _kept(node: ast.AST) -> Iterator[ast.AST]:
    """What no change is made in: types, docstrings, lists of words, what errors and logs say."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.Set | ast.List | ast.Tuple | ast.Dict):
        words = node.values + node.keys if isinstance(node, ast.Dict) else node.elts
        if len(words) >= _WORD_LIST:
            yield from (word for word in words if word and _is_constant(word))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parts = [node.returns, *node.decorator_list]
    elif isinstance(node, ast.ClassDef):
        parts = [*node.decorator_list]
    elif isinstance(node, ast.arg | ast.AnnAssign):
        parts = [node.annotation]
    elif (
        isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom)
        or (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in _UNTOLD
        )
        or (isinstance(node, ast.Expr) and (_is_constant(node.value) or _is_untold(node.value)))
    ):
        parts = [node]
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _is_untold(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _UNTOLD


def changed(change: Change) -> ast.Module:
    """The module with the change in it."""
    tree = ast.parse(path_of(change.module).read_text(encoding="utf-8"))
    target = list(ast.walk(tree))[change.node]
    _, edit = list(edits(target))[change.variant]
    new = edit(copy.deepcopy(target))
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, field, new)
            elif isinstance(value, list):
                setattr(parent, field, [new if item is target else item for item in value])
    return ast.fix_missing_locations(tree)


def path_of(module: str) -> Path:
    """The file of a module."""
    return ROOT / "newscrawl" / f"{module}.py"


def draw(modules: list[str], count: int, seed: int) -> list[Change]:
    """One change of a line, of as many lines of each module.

    Args:
        modules: keys of `MODULES`.
        count: of lines, were all of them drawn from.
        seed: of the lot.
    """
    drawn: list[Change] = []
    share = -(-count // len(MODULES))
    for module in modules:
        rng = random.Random(f"{seed} {module}")
        lines = changes(module)
        some = sorted(rng.sample(sorted(lines), min(share, len(lines))))
        drawn += [rng.choice(lines[line]) for line in some]
    return drawn


# Running the tests


class Finder(MetaPathFinder):
    """Finds one module changed.

    Args:
        name: its name.
        path: its file.
        tree: what it is instead.
    """

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """The spec of the module, None for every other."""
        if fullname != self.name:
            return None
        loader = Loader(fullname, str(self.path), self.tree)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


class Loader(SourceFileLoader):
    """Loads a tree in the place of a file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The tree's code."""
        return compile(self.tree, self.path, "exec", dont_inherit=True)


def run_tests(module: str, tree: ast.Module | None, seconds: int) -> tuple[bool, float]:
    """Run a module's tests in a fork.

    Args:
        module: key of `MODULES`.
        tree: what it is instead; None: what it is.
        seconds: of CPU time after which it is taken for an endless loop.

    Returns:
        Whether they passed, and the seconds of CPU time that they took.
    """
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
        if tree is not None:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
        if tree is not None:
            name = "newscrawl." + module.replace("/", ".")
            sys.meta_path.insert(0, Finder(name, path_of(module), tree))
        try:
            os._exit(_pytest(module))
        finally:
            os._exit(3)
    _, status, used = os.wait4(child, 0)
    return status == 0, used.ru_utime + used.ru_stime


def _pytest(module: str) -> int:
    import hypothesis
    import pytest

    # Whether there is an example that shows the fault matters, not the smallest one.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "mutants", deadline=None, derandomize=True, phases=phases, database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    return pytest.main(
        ["-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", str(path_of(module)), *MODULES[module]]
    )  # fmt: skip


def main() -> int:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", nargs="+", default=[*MODULES], choices=MODULES)
    parser.add_argument("--show", action="store_true", help="print every change and its fate")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for name in ("hypothesis", "lxml.html", "numpy", "pytest", "scrapy"):
        importlib.import_module(name)  # so that no fork imports them again

    fates: Counter[str] = Counter()
    survivors: Counter[str] = Counter()
    limits: dict[str, int] = {}
    begun = time.monotonic()
    for change in draw(options.module, options.lines, options.seed):
        if change.module not in limits:
            is_green, used = run_tests(change.module, None, 600)
            if not is_green:
                print(f"{change.module}: its tests fail without a change", file=sys.stderr)
                return 2
            limits[change.module] = round(5 * used) + 10
        if change.key in EQUIVALENT:
            fate = "equivalent"
        else:
            survived, _ = run_tests(change.module, changed(change), limits[change.module])
            fate = "survived" if survived else "noticed"
        fates[fate] += 1
        survivors[change.module] += fate == "survived"
        if options.show or fate == "survived":
            print(f"{fate}  {change.module}.py:{change.line}  {change.what}\n    {change.code}", flush=True)  # fmt: skip
    print(", ".join(f"{module}: {count}" for module, count in survivors.items() if count))
    noticed, survived = fates["noticed"], fates["survived"]
    print(
        f"{noticed + survived} changes, {survived} unnoticed ({survived / max(1, noticed + survived):.1%}), "
        f"{fates['equivalent']} equivalent; {time.monotonic() - begun:.0f} s"
    )
    return int(survived * 10 > noticed + survived)


if __name__ == "__main__":
    sys.exit(main())
