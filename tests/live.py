"""Live crawls of loopback sites, as real processes, for tests and benchmarks."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import processes
from tests.servers import Site

CONTACT = "desk@coast.example"


@dataclass
class Crawl:
    """Live crawls into one output folder.

    Args:
        folder: for output, state and captures.
        sites: whose hosts are allowed; the first one's front page is where crawls begin.
        options: further arguments of every crawl.
    """

    folder: Path
    sites: Sequence[Site]
    options: Sequence[str] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """Where drops are published."""
        return self.folder / "output"

    @property
    def captures(self) -> Path:
        """Where answers are kept."""
        return self.folder / "captures"

    @property
    def state(self) -> Path:
        """The state that live runs have by default."""
        return self.output / ".state" / "state.sqlite"

    def command(self, *arguments: str) -> list[str]:
        """One crawl, as arguments of Python; without a site or url, of the first front page."""
        settings = {
            "NEWSCRAWL_CONTACT": CONTACT,
            "NEWSCRAWL_ALLOW_HOSTS": ",".join(site.host for site in self.sites),
            "NEWSCRAWL_OUTPUT": self.output,
            "NEWSCRAWL_CAPTURE": self.captures,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            # The pace has tests of its own; here nobody waits for it.
            "AUTOTHROTTLE_MAX_DELAY": 0.05,
            "NEWSCRAWL_RETRY_BACKOFF": 0.05,
        }
        command = ["-m", "scrapy", "crawl", "live"]
        if not any(a.startswith(("url=", "site=")) for a in arguments):
            command += ["-a", f"url={self.sites[0].origin}/"]
        for name, value in settings.items():
            command += ["-s", f"{name}={value}"]
        return [*command, *self.options, *arguments]

    def start(self, *arguments: str) -> processes.Child | subprocess.Popen[str]:
        """Begin a crawl."""
        return processes.start(*self.command(*arguments))

    def run(self, *arguments: str, timeout: float = 180) -> Finished:
        """Crawl to the end."""
        before = set(self.drops())
        child = self.start(*arguments)
        try:
            out, err = child.communicate(timeout=timeout)
        finally:
            child.kill()
        (drop,) = set(self.drops()) - before or {None}
        return Finished(child.returncode, out, err, drop)

    def drops(self) -> list[Path]:
        """Every published drop, oldest first."""
        if not (self.output / "drops.jsonl").exists():
            return []
        lines = (self.output / "drops.jsonl").read_text().splitlines()
        paths = (json.loads(line)["path"] for line in lines)
        # A run that brought nothing has no folder.
        return [self.output / path for path in paths if path]

    def spooled(self) -> set[str]:
        """The pages in the spools of runs that are not finished."""
        pages: set[str] = set()
        for spool in self.output.glob(".*.spool/spool.sqlite"):
            with closing(sqlite3.connect(spool)) as db:
                pages |= {page for (page,) in db.execute("SELECT page FROM pages")}
        return pages

    def make_due(self, like: str = "%") -> None:
        """Make every remembered page due, as if its time had come."""
        with closing(sqlite3.connect(self.state)) as db, db:
            db.execute(
                "UPDATE visits SET due_at = '2020-01-01T00:00:00+00:00' WHERE url LIKE ?", (like,)
            )
            for url, visit in db.execute(
                "SELECT url, visit FROM visits WHERE url LIKE ?", (like,)
            ).fetchall():
                due = {**json.loads(visit), "due_at": "2020-01-01T00:00:00Z"}
                db.execute(
                    "UPDATE visits SET visit = ? WHERE url = ?", (json.dumps(due).encode(), url)
                )

    def yesterday(self) -> None:
        """Let what was seen to be gone have been so for two days."""
        with closing(sqlite3.connect(self.state)) as db, db:
            db.execute("UPDATE gone SET since = datetime(since, '-2 days') || '+00:00'")


@dataclass
class Finished:
    """A crawl that has ended."""

    code: int
    out: str
    err: str
    drop: Path | None

    def records(self, name: str) -> list[dict[str, Any]]:
        """A file of the drop."""
        assert self.drop is not None, self.err
        return read_records(self.drop, name)

    @property
    def whole(self) -> set[str]:
        """The addresses of the articles of which more than a teaser was seen."""
        return {a["url"] for a in self.records("articles") if not a["is_truncated"]}

    @property
    def outcomes(self) -> dict[str, str]:
        """Path of each page → outcome and the code of the reason."""
        found = {}
        for page in self.records("pages"):
            path = "/" + page["page"].split("/", 3)[3]
            code = (page["reason"] or "").partition(":")[0]
            found[path] = f"{page['outcome']} {code}".strip()
        return found


def read_records(drop: Path, name: str) -> list[dict[str, Any]]:
    """A file of a drop."""
    return [json.loads(line) for line in (drop / f"{name}.jsonl").read_text("utf-8").splitlines()]
