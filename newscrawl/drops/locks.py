"""One live crawl of a site into an output folder at a time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from filelock import FileLock, Timeout

from newscrawl.errors import RunBusyError, StorageError


def lock_sites(output: Path, names: Iterable[str]) -> ExitStack:
    """Lock some sites of an output folder until the stack is closed.

    Args:
        output: the output folder; made where it is missing.
        names: of the sites, as file names.

    Raises:
        RunBusyError: another run has one of them.
        StorageError: the folder can't be written.
    """
    with ExitStack() as locks:
        for name in sorted(names):
            try:
                output.mkdir(parents=True, exist_ok=True)
                lock = FileLock(output / f".live-{name}.lock")
                locks.enter_context(lock.acquire(timeout=0))
            except Timeout:  # an OSError, too
                raise RunBusyError(
                    f"another run crawls {name} into {output} now; this one leaves"
                ) from None
            except OSError as error:
                raise StorageError(
                    f"the output folder {output} can't be used: {error.strerror or error}; choose "
                    "another with -s NEWSCRAWL_OUTPUT="
                ) from None
        return locks.pop_all()
