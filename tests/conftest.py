"""Helpers for running the real command, and for finding other people's pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import processes

ROOT = Path(__file__).parent.parent

# A slow machine is no fault of the code, and what is red once must be red again. Other examples
# than ever before, by hand: HYPOTHESIS_PROFILE=random.
_UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("fixed", derandomize=True, **_UNHURRIED)
hypothesis.settings.register_profile("random", derandomize=False, **_UNHURRIED)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


# Whose tests take long or wait for servers and processes.
_LONG = ("test_state.py", "test_live.py", "test_live_replay.py", "test_live_rendering.py",
         "test_rendering.py", "test_crash.py", "test_warc.py", "test_politeness.py",
         "test_failures.py", "test_replay.py", "test_html_bad_input.py", "test_html_corpus.py",
         "test_blocked.py")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that in the end no worker waits for another."""
    items.sort(key=lambda item: _LONG.index(item.path.name) if item.path.name in _LONG else 99)


@pytest.fixture(scope="session", autouse=True)
def forks() -> Iterator[None]:
    """End what `processes` has started when the tests end."""
    yield
    processes.stop()


@dataclass
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str
    output: Path

    @property
    def drop(self) -> Path:
        """The one drop that was published."""
        (descriptor,) = self.output.glob("[!.]*/datapackage.json")
        return descriptor.parent

    def records(self, name: str) -> list[dict[str, Any]]:
        """A file of the drop."""
        lines = (self.drop / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def run_crawl(*arguments: str, output: Path, **options: Any) -> Finished:
    """Run `scrapy crawl …` in the project.

    Args:
        arguments: of the command.
        output: where it publishes.
        options: of `processes.run`.
    """
    done = processes.run(
        "-m", "scrapy", "crawl", *arguments, "-s", f"NEWSCRAWL_OUTPUT={output}", **options
    )
    return Finished(done.returncode, done.stdout, done.stderr, output)


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Finished]:
    """Run `scrapy crawl …` in the project; output goes to a folder of the test's own."""

    def run(*arguments: str, output: Path | None = None, **options: Any) -> Finished:
        return run_crawl(*arguments, output=output or tmp_path / "output", **options)

    return run


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., Path]:
    """Write pages into a folder: name → text or bytes."""

    def write(files: dict[str, str | bytes], folder: str = "pages") -> Path:
        top = tmp_path / folder
        for name, content in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        top.mkdir(exist_ok=True)
        return top

    return write


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of other people's pages, which are not in the repository."""
    folder = os.environ.get("NEWSCRAWL_CORPUS")
    if not folder:
        pytest.skip("NEWSCRAWL_CORPUS is not set: no real pages to check against")
    return Path(folder)
