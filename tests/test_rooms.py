"""The plan of the code: a room imports only rooms above it, and nothing goes in a circle."""

import ast
from pathlib import Path

import newscrawl

# From top to bottom; docs/development.md says what each is for.
ROOMS = (
    "errors", "items", "dates", "addresses", "page", "extract", "discovery", "sites", "reading",
    "pipelines", "merge", "store", "drops", "sources", "net", "spiders", "commands", "reader", "cli",
)  # fmt: skip
# Read by Scrapy by their names; nothing imports them.
EDGES = ("settings", "logformatter")
PACKAGE = Path(newscrawl.__file__).parent
MODULES = {
    ".".join(["newscrawl", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(
        ".__init__"
    ): path
    for path in PACKAGE.rglob("*.py")
}


def imports(module: str) -> set[str]:
    """The modules of newscrawl that a module imports, wherever in it."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            found.update(
                f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base
                for alias in node.names
            )
    return {name for name in found if name in MODULES and name != module}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_module_stands_in_a_room():
    assert {room(module) for module in MODULES} <= {"", *ROOMS, *EDGES}


def test_no_arrow_points_up():
    at = {name: number for number, name in enumerate(ROOMS)}
    up = [
        f"{module} -> {other}"
        for module in MODULES
        for other in imports(module)
        if room(module) in at and room(other) in at and at[room(other)] > at[room(module)]
    ]
    assert not up


def test_no_modules_import_each_other_in_a_circle():
    waiting = {
        module: {other for other in imports(module) if MODULES[other].name != "__init__.py"}
        for module in MODULES
        if MODULES[module].name != "__init__.py"
    }
    while free := [module for module, others in waiting.items() if not others & waiting.keys()]:
        for module in free:
            del waiting[module]
    assert not waiting


def test_the_pure_rooms_know_neither_scrapy_nor_the_disk():
    for module, path in MODULES.items():
        if room(module) in ROOMS[1 : ROOMS.index("pipelines")] or room(module) == "merge":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not {name.split(".")[0] for name in names} & {
                    "scrapy", "twisted", "sqlite3", "tempfile", "shutil"
                }, module  # fmt: skip
