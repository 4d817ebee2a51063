"""Deploy the project to a real Scrapyd and have it publish a drop. Run by hand.

    python -m benchmarks.scrapyd_deploy [--environment FOLDER]

Makes an environment with scrapyd, scrapyd-client and what newscrawl depends on, but without
newscrawl itself, as on a server; starts scrapyd on a free loopback port; deploys a copy of the
project with scrapyd-deploy; schedules jobs over schedule.json; waits for them by listjobs.json.
The code that runs comes out of the egg: no other newscrawl is installed there. Checks that

- a replay, and a live crawl of a loopback site, publish drops that are what their descriptors
  say (`scrapy verify`), the live one with every article of the site;
- the same crawl again finds nothing new, and says so by its exit code in scrapyd's log;
- of two crawls of one site at once the second leaves;
- a crawl that is cancelled over the API publishes what it has;
- a job that can't work publishes nothing, and its exit code and log say so.

Prints each step and the seconds it took; exit code 0 means that all of it held.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newscrawl.drops import exit_codes
from tests.servers import WordPress

PROJECT = "newscrawl"
# Where scrapyd keeps eggs, logs and queues, relative to its working folder.
CONFIG = """[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
poll_interval = 0.2
max_proc = 2
"""


def main() -> None:
    """Deploy, schedule, wait, check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--environment", type=Path, help="make it here, or use what is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scrapyd-") as name:
        folder = Path(name)
        with timed("environment"):
            programs = environment(options.environment or folder / "environment")
        port = free_port()
        with scrapyd(programs, folder / "server", port) as server:
            with timed("deploy"):
                deploy(programs, folder / "project", port)
            check_replay(server, folder / "drops")
            check_failure(server, folder / "nothing")
            check_live(server, folder / "live")
            check_cancel(server, folder / "cancelled")
    print("All of it held.")


def check_replay(server: Server, drops: Path) -> None:
    """Replay the fixtures; the drop is published, sound, and made by the egg's code."""
    with timed("job"):
        job = server.schedule(
            "replay",
            {"path": str(ROOT / "fixtures" / "**" / "pages")},
            {"NEWSCRAWL_OUTPUT": str(drops), "LOG_LEVEL": "DEBUG"},
        )
        server.wait(job)
    log = server.job_log("replay", job)
    (drop,) = drops_in(drops.parent)
    articles = count(drop, "articles")
    assert articles > 0, "the drop holds no article"
    assert server.exit_code(job) == 0, f"exit code {server.exit_code(job)}\n{log}"
    print(f"  {articles} articles in {drop.name}; the job's log has {len(log.splitlines())} lines")


def check_live(server: Server, folder: Path) -> None:
    """Crawl a site, then once more."""
    with WordPress(40) as site:
        for wanted in exit_codes.PUBLISHED, exit_codes.NOTHING_NEW:
            with timed("live job"):
                job = server.schedule("live", {"url": f"{site.origin}/"}, live(site, folder))
                server.wait(job)
            assert server.exit_code(job) == wanted, server.exit_code(job)
        first, second = drops_in(folder)
        assert count(first, "articles") == 40, count(first, "articles")
        assert count(second, "articles") == 0, count(second, "articles")
    print(f"  {count(first, 'articles')} articles of 40, then none that is new")


def check_cancel(server: Server, folder: Path) -> None:
    """Cancel a slow crawl; meanwhile another job for the same site leaves."""
    with WordPress(200) as site:
        settings = {**live(site, folder), "DOWNLOAD_DELAY": "0.2"}
        job = server.schedule("live", {"url": f"{site.origin}/"}, settings)
        site.log.wait(40, timeout=120)
        other = server.schedule("live", {"url": f"{site.origin}/"}, settings)
        server.wait(other)
        assert server.exit_code(other) == exit_codes.BUSY, server.exit_code(other)
        server.ask("cancel", {"project": PROJECT, "job": job})
        server.wait(job)
        (drop,) = drops_in(folder)
        asked = len(site.log)
        assert 0 < asked < 200, asked
    print(f"  cancelled after {asked} requests: {count(drop, 'pages')} pages are published")


def live(site: WordPress, folder: Path) -> dict[str, str]:
    """The settings of a live job."""
    return {
        "NEWSCRAWL_ALLOW_HOSTS": site.host,
        "NEWSCRAWL_CONTACT": "benchmark@example.org",
        "NEWSCRAWL_OUTPUT": str(folder / "drops"),
        "NEWSCRAWL_CAPTURE": str(folder / "captures"),
        "DOWNLOAD_DELAY": "0",
    }


def drops_in(folder: Path) -> list[Path]:
    """The published drops, oldest first, each verified."""
    catalogue = folder / "drops" / "drops.jsonl"
    drops = [catalogue.parent / json.loads(line)["run_id"] for line in catalogue.open()]
    for drop in drops:
        verify(drop)
    return drops


def count(drop: Path, name: str) -> int:
    """How many records a file of a drop has."""
    return len((drop / f"{name}.jsonl").read_bytes().splitlines())


def check_failure(server: Server, drops: Path) -> None:
    """A job that can't work: nothing is published, and both logs say so."""
    job = server.schedule("replay", {"path": "/there/is/nothing"}, {"NEWSCRAWL_OUTPUT": str(drops)})
    server.wait(job)
    assert not (drops / "drops.jsonl").exists(), "something was published"
    assert server.exit_code(job) == 1, f"exit code {server.exit_code(job)}"
    (error,) = [line for line in server.job_log("replay", job).splitlines() if "] ERROR:" in line]
    print(f"  a failing job: exit code 1 in scrapyd's log, and in its own: {error[20:100]}…")


def environment(folder: Path) -> Path:
    """An environment with what the project needs and not the project; its programs' folder."""
    programs = folder / "bin"
    if not (programs / "scrapyd").exists():
        venv.create(folder, with_pip=True)
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        needed = project["dependencies"] + project["optional-dependencies"]["scrapyd"]
        subprocess.run([programs / "python", "-m", "pip", "install", "-q", *needed], check=True)
    here = subprocess.run(
        [programs / "python", "-c", f"import {PROJECT}"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert here.returncode, f"{folder} has newscrawl installed, which would hide the egg"
    return programs


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A running scrapyd.

    Args:
        folder: its working folder.
        port: of its API.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def ask(self, name: str, data: Any = None, **query: str) -> dict[str, Any]:
        """Call its API: POST with `data`, else GET."""
        address = f"http://127.0.0.1:{self.port}/{name}.json?{urllib.parse.urlencode(query)}"
        body = urllib.parse.urlencode(data).encode() if data else None
        with urllib.request.urlopen(address, body, timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
        assert told["status"] == "ok", told
        return told

    def schedule(self, spider: str, arguments: dict[str, str], settings: dict[str, str]) -> str:
        """Schedule a job; returns its id."""
        data = [("project", PROJECT), ("spider", spider), *arguments.items()]
        data += [("setting", f"{name}={value}") for name, value in settings.items()]
        return str(self.ask("schedule", data)["jobid"])

    def wait(self, job: str, timeout: float = 300) -> None:
        """Return when the job has finished."""
        until = time.monotonic() + timeout
        while job not in [
            entry["id"] for entry in self.ask("listjobs", project=PROJECT)["finished"]
        ]:
            assert time.monotonic() < until, f"job {job} has not finished after {timeout} s"
            time.sleep(0.2)

    def job_log(self, spider: str, job: str) -> str:
        """What the job logged."""
        return (self.folder / "logs" / PROJECT / spider / f"{job}.log").read_text()

    def exit_code(self, job: str) -> int | None:
        """The job's exit code, which only scrapyd's own log has."""
        for line in (self.folder / "scrapyd.log").read_text().splitlines():
            if job in line and "Process finished" in line:
                return 0
            if job in line and "exitstatus=" in line:
                return int(line.split("exitstatus=")[1].split()[0])
        return None


@contextlib.contextmanager
def scrapyd(programs: Path, folder: Path, port: int) -> Iterator[Server]:
    """Run scrapyd in a folder of its own, where no scrapy.cfg of ours is."""
    folder.mkdir()
    (folder / "scrapyd.conf").write_text(CONFIG.format(port=port))
    with (folder / "scrapyd.log").open("w") as log:
        process = subprocess.Popen(
            [programs / "scrapyd"], cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(folder, port)
    try:
        for _ in range(150):
            with contextlib.suppress(urllib.error.URLError):
                server.ask("daemonstatus")
                break
            assert process.poll() is None, (folder / "scrapyd.log").read_text()
            time.sleep(0.2)
        yield server
    except BaseException:
        for log in folder.rglob("*.log"):
            lines = [line for line in log.read_text().splitlines() if "listjobs" not in line]
            print(f"{log.name}:", *lines[-80:], sep="\n  ", file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(30)


def deploy(programs: Path, copy: Path, port: int) -> None:
    """Deploy a copy of the project, so that building its egg leaves nothing behind."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "newscrawl", "pyproject.toml", "setup.py", "scrapy.cfg",
         "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, tracked.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    config = (copy / "scrapy.cfg").read_text()
    assert ":6800/" in config, "scrapy.cfg has no [deploy] section any more"
    (copy / "scrapy.cfg").write_text(config.replace(":6800/", f":{port}/"))
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [programs / "scrapyd-deploy"], cwd=copy, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "ok", told
    print(f"  deployed with {told['spiders']} spiders")


def verify(drop: Path) -> None:
    """Check a drop with the project's own command."""
    command = [sys.executable, "-m", "scrapy", "verify", str(drop)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def timed(step: str) -> Iterator[None]:
    """Print how long a step took."""
    begun = time.monotonic()
    yield
    print(f"{step}: {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
