"""Python processes for tests, forked from one that has newscrawl and Scrapy imported.

Starting Python and importing all that a crawl needs costs more than most crawls of a test. A
process that only imports is started once a test worker, and each command is a fork of it: with
a process id, streams, an environment and an end of its own, so that it can be killed, and that
nothing of it is seen by the next. Two things differ from a process of its own start: sets of
strings are walked in one order in all of them, and what is read of the environment on import
was read before. Where that matters a test asks for `fresh=True`; ``NEWSCRAWL_TEST_FRESH=1``
makes every process a fresh one.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
_LONGEST_JOB = 1 << 20
# What a command imports by itself, or by names in the settings.
_PACKAGES = (
    "newscrawl", "scrapy.commands", "scrapy.core.downloader.handlers",
    "scrapy.downloadermiddlewares", "scrapy.extensions", "scrapy.spidermiddlewares",
)  # fmt: skip


class Child:
    """A forked command: what tests use of `subprocess.Popen`.

    Args:
        arguments: of Python, as after `python`.
        env: the whole environment.
        given: what it reads from its standard input.
    """

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], given: str = "") -> None:
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        status, status_end = os.pipe()
        with tempfile.TemporaryFile() as source:
            source.write(given.encode())
            source.seek(0)
            job = json.dumps({"arguments": list(arguments), "env": dict(env)}).encode()
            ends = [source.fileno(), out_end, err_end, status_end]
            socket.send_fds(_forker()[0], [job], ends)
        for end in ends[1:]:
            os.close(end)
        self.stdout = os.fdopen(out, encoding="utf-8", errors="replace")
        self.stderr = os.fdopen(err, encoding="utf-8", errors="replace")
        self._status = os.fdopen(status)
        self.returncode: int | None = None
        self.pid = int(self._status.readline())

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, negative for a signal, when it has ended.

        Raises:
            subprocess.TimeoutExpired: it runs still.
        """
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._status.readline())
            self._status.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it prints from here to its end.

        Raises:
            subprocess.TimeoutExpired: it runs still.
        """
        printed = {}

        def read(name: str) -> None:
            with getattr(self, name) as stream:
                printed[name] = stream.read()

        threads = [threading.Thread(target=read, args=[name]) for name in ("stdout", "stderr")]
        for thread in threads:
            thread.daemon = True
            thread.start()
        self.wait(timeout)
        for thread in threads:
            thread.join()
        return printed["stdout"], printed["stderr"]

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def start(*arguments: str, env: Mapping[str, str] | None = None) -> Child | subprocess.Popen[str]:
    """Begin `python …` in the project's folder; its input is empty.

    Args:
        arguments: `-m module …` or `-c code …`, after `-W error` where warnings are errors.
        env: the whole environment; this process's own without one.
    """
    env = os.environ if env is None else env
    if not os.environ.get("NEWSCRAWL_TEST_FRESH"):
        return Child(arguments, env)
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    given: str = "",
    timeout: float = 120,
    fresh: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run `python …` in the project's folder to its end.

    Args:
        arguments, env: as for `start`.
        given: what it reads from its standard input.
        timeout: in seconds.
        fresh: start Python anew.

    Raises:
        subprocess.TimeoutExpired: it took longer, and is ended.
    """
    env = os.environ if env is None else env
    if fresh or os.environ.get("NEWSCRAWL_TEST_FRESH"):
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=env, input=given, text=True,
            capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
    child = Child(arguments, env, given)
    try:
        out, err = child.communicate(timeout)
    finally:
        child.kill()
    return subprocess.CompletedProcess(arguments, child.wait(), out, err)


@cache
def _forker() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """This test worker's process that forks, and where it hears of jobs."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes", str(theirs.fileno())],
        cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
        # One thread: a process with several must not fork.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    theirs.close()
    return ours, process


def stop() -> None:
    """End the process that forks, if there is one."""
    if _forker.cache_info().currsize:
        jobs, process = _forker()
        jobs.close()
        process.wait()
        _forker.cache_clear()


# In the process that forks


def _import_all() -> None:
    """Import what a crawl imports."""
    with warnings.catch_warnings(action="ignore"):
        for package in _PACKAGES:
            for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
                with contextlib.suppress(ImportError):  # of what is not installed
                    import_module(module.name)


def _serve(jobs: socket.socket) -> tuple[list[str], dict[str, str]]:
    """Fork a process a job. Only the forks come back, each with its arguments and environment."""
    while True:
        message, ends, _, _ = socket.recv_fds(jobs, _LONGEST_JOB, 4)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass  # so that `time` counts what they cost
        if not message:
            os._exit(0)
        if os.fork() == 0:
            break
        for end in ends:
            os.close(end)
    jobs.close()
    *streams, status = ends
    child = os.fork()
    if child != 0:
        _tell(child, streams, status)
    os.close(status)
    for number, end in enumerate(streams):
        os.dup2(end, number)
        os.close(end)
    job = json.loads(message)
    return job["arguments"], job["env"]


def _tell(child: int, streams: list[int], status: int) -> NoReturn:
    """Tell a fork's process id and how it ends."""
    for end in streams:
        os.close(end)
    os.write(status, f"{child}\n".encode())
    _, how = os.waitpid(child, 0)
    with contextlib.suppress(BrokenPipeError):
        os.write(status, f"{os.waitstatus_to_exitcode(how)}\n".encode())
    os._exit(0)


def _become(arguments: list[str], env: dict[str, str]) -> None:
    """Be `python` with these arguments."""
    os.environ.clear()
    os.environ.update(env)
    sys.path[1:1] = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))
    if arguments[0] == "-W":
        warnings.simplefilter(arguments[1])
        del arguments[:2]
    how, what, *rest = arguments
    if how == "-m":
        sys.argv = [what, *rest]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv = ["-c", *rest]
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  # a test's own words


if __name__ == "__main__":
    _import_all()
    assert "twisted.internet.reactor" not in sys.modules
    gc.freeze()
    _become(*_serve(socket.socket(fileno=int(sys.argv[1]))))
