"""Real processes, killed with SIGKILL at every durable step of a run."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from newscrawl.drops import catalogue
from newscrawl.drops.schema import RECORD_CLASSES
from tests import processes

FILES = [f"{name}.jsonl" for name in RECORD_CLASSES]

# Runs the command and kills its own process at the n-th durable step: before or after a
# page's transaction, a flush to disk, a rename. Nothing is cleaned up, as in a real crash.
COUNTING = """
import os, pathlib, shutil, signal, sys
step, at = 0, int(sys.argv.pop(1))

def counted(function):
    def run(*arguments, **options):
        global step
        for before in (True, False):
            step += 1
            if step == at:
                os.kill(os.getpid(), signal.SIGKILL)
            if before:
                result = function(*arguments, **options)
        return result
    return run
"""
KILLER = (
    COUNTING
    + """
from newscrawl.store.spool import Spool
from newscrawl.store.spool.records import Records
Spool.add_page = counted(Spool.add_page)
Records.begin = counted(Records.begin)
os.write = counted(os.write)
os.fsync = counted(os.fsync)
pathlib.Path.rename = counted(pathlib.Path.rename)
pathlib.Path.replace = counted(pathlib.Path.replace)
shutil.rmtree = counted(shutil.rmtree)
from scrapy.cmdline import execute
try:
    execute(["scrapy", "crawl", "replay", *sys.argv[1:]])
finally:
    print("steps", step, file=sys.stderr)
"""
)


def run_killed_at(step: int, output: Path) -> subprocess.CompletedProcess[str]:
    return processes.run(
        "-c", KILLER, str(step), "-a", "path=fixtures/*/pages", "-a", "run_id=crash",
        "-s", f"NEWSCRAWL_OUTPUT={output}", "-s", "LOG_LEVEL=WARNING",
    )  # fmt: skip


def check_nothing_half_visible(output: Path) -> None:
    """Readers see whole drops only: the catalogue's lines parse and name whole folders."""
    for entry in catalogue.read_catalogue(output):
        assert entry.folder is None or (output / entry.folder / "datapackage.json").exists()
    visible = [p for p in output.glob("[!.]*") if p.is_dir() and p.name != "schemas"]
    for drop in visible:
        package = json.loads((drop / "datapackage.json").read_text())
        for resource in package["resources"]:
            content = (drop / resource["path"]).read_bytes()
            assert resource["hash"] == f"sha256:{catalogue.sha256(content)}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, int]:
    """A run that nobody killed: its drop, and how many steps it took."""
    output = tmp_path_factory.mktemp("whole")
    done = run_killed_at(0, output)
    assert done.returncode == 0, done.stderr
    return output / "crash", int(done.stderr.split()[-1])


@pytest.mark.parametrize("part", range(4))
def test_a_run_killed_at_any_step_ends_with_the_same_bytes(whole, tmp_path, part):
    reference, steps = whole
    assert steps > 30
    # Every step is covered by the four parts together; each part goes through its steps with
    # one output folder a step, killed once and then finished by the same command.
    for step in range(1 + part, steps + 1, 4 * 3):
        output = tmp_path / str(step)
        killed = run_killed_at(step, output)
        assert killed.returncode == -signal.SIGKILL, (step, killed.stderr)
        check_nothing_half_visible(output)
        finished = run_killed_at(0, output)
        assert finished.returncode == 0 or "drops never change" in finished.stderr, finished.stderr
        check_nothing_half_visible(output)
        assert [entry.run_id for entry in catalogue.read_catalogue(output)] == ["crash"]
        for name in FILES:
            assert (output / "crash" / name).read_bytes() == (reference / name).read_bytes(), step


def test_a_run_killed_again_and_again_gets_there(whole, tmp_path):
    reference, steps = whole
    for step in (3, 2, 9, 5, steps // 2):
        run_killed_at(step, tmp_path)
        check_nothing_half_visible(tmp_path)
    assert run_killed_at(0, tmp_path).returncode == 0
    for name in FILES:
        assert (tmp_path / "crash" / name).read_bytes() == (reference / name).read_bytes()


def test_what_was_spooled_is_not_extracted_again(tmp_path):
    assert run_killed_at(8, tmp_path).returncode == -signal.SIGKILL
    done = processes.run(
        "-m", "scrapy", "crawl", "replay", "-a", "path=fixtures/*/pages",
        "-a", "run_id=crash", "-s", f"NEWSCRAWL_OUTPUT={tmp_path}",
    )  # fmt: skip
    assert done.returncode == 0
    scraped = done.stderr.split("'item_scraped_count': ")[1].split(",")[0]
    whole = 19 + 1 + 25 + 6  # rates, people, articles shown, pages of the fixtures
    assert 0 < int(scraped) < whole


# Publishes pages of its own, with a cache so small that SQLite writes in the middle of its
# transactions, and dies in one of them.
PUBLISHER = """
import os, signal, sys
from pathlib import Path
from newscrawl.drops.run import Run
from newscrawl.store.spool import clean, collect, links, records, sightings
from tests.test_state import TEXT, PageRecord, shown

collect._CACHE = 8
folder, step = Path(sys.argv[1]), int(sys.argv[2])
run = Run(folder, "replay", None, {"path": "x"}, "crash")
for number in range(300):
    page = f"p{number:03}"
    if not run.has_page(page, None):
        run.add(PageRecord(page=page, site="coast.example", kind="article", outcome="extracted", found=1))
        run.add(shown(page, f"{TEXT} {number} " * 9, f"Report {number}"))
        assert step == 0 or not folder.joinpath("killed").exists(), page

def counted(function):
    def call(*arguments):
        global step
        step -= 1
        if step == 0:
            folder.joinpath("killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return call

for duty, names in {
    clean.Cleaning: ["clean"],
    sightings.Sightings: ["add_known"],
    records.Records: ["add", "end"],
    links.Links: ["add_print", "add", "end"],
}.items():
    for name in names:
        setattr(duty, name, counted(getattr(duty, name)))
run.publish()
"""


def published_by(folder: Path, step: int) -> subprocess.CompletedProcess[str]:
    return processes.run("-c", PUBLISHER, str(folder), str(step))


def test_a_run_killed_while_it_merges_loses_no_page(tmp_path):
    assert published_by(tmp_path / "whole", 0).returncode == 0
    for step in (150, 450):
        folder = tmp_path / str(step)
        assert published_by(folder, step).returncode == -signal.SIGKILL
        again = published_by(folder, 0)
        assert again.returncode == 0, again.stderr
        for name in FILES:
            expected = (tmp_path / "whole/crash" / name).read_bytes()
            assert (folder / "crash" / name).read_bytes() == expected, step
