"""An index of the state: keys of 63 bits, and the numbers of the articles that have them.

Three of them find what is published: by address, headline or beginning; by text; and by the
bands of signatures, twenty an article, by far the largest. `Index` is all that the state asks
of it, so that a faster store can take its place where SQLite's is too slow.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

import numpy as np

# Keys are spread evenly, so a batch writes to every page of a large tree: the larger the batch,
# the fewer times. So many take 50 MiB while they are sorted.
_BATCH = 1 << 21
# As many as SQLite takes in one statement whatever it was built with.
_AT_ONCE = 500


class Index(Protocol):
    """Keys, and the numbers of the articles that have them.

    Whoever asks checks what is found, so an index may find too much, and never too little.
    """

    def add(self, key: int, number: int) -> None:
        """Note that an article has a key; once more changes nothing."""

    def remove(self, key: int, number: int) -> None:
        """Forget that an article has a key; it was flushed before, or is not there."""

    def find(self, keys: Iterable[int]) -> set[int]:
        """The numbers of the articles that have any of some keys, as of the last flush."""

    def flush(self) -> None:
        """Make what was added last; the state does so before it commits."""


class SqliteIndex:
    """An index in a table of the state's own file, written in its transaction.

    Args:
        database: the state's connection.
        table: with columns `key` and `article`, which together are its primary key.
    """

    def __init__(self, database: sqlite3.Connection, table: str) -> None:
        self._db = database
        # S608: the table's name is ours, no input.
        self._insert = f"INSERT OR IGNORE INTO {table} VALUES (?, ?)"  # noqa: S608  # names of our own, no input
        self._delete = f"DELETE FROM {table} WHERE key = ? AND article = ?"  # noqa: S608  # names of our own, no input
        self._select = f"SELECT article FROM {table} WHERE key IN (%s)"  # noqa: S608  # names of our own, no input
        self._keys, self._numbers = array("q"), array("q")

    def add(self, key: int, number: int) -> None:
        """Note that an article has a key; once more changes nothing."""
        self._keys.append(key)
        self._numbers.append(number)
        if len(self._keys) >= _BATCH:
            self.flush()

    def remove(self, key: int, number: int) -> None:
        """Forget that an article has a key; it was flushed before, or is not there."""
        self._db.execute(self._delete, (key, number))

    def find(self, keys: Iterable[int]) -> set[int]:
        """The numbers of the articles that have any of some keys, as of the last flush."""
        found: set[int] = set()
        wanted = iter(keys)
        while some := list(islice(wanted, _AT_ONCE)):
            rows = self._db.execute(self._select % ",".join("?" * len(some)), some)
            found.update(number for (number,) in rows)
        return found

    def flush(self) -> None:
        """Write what was added, sorted: in order it is ten times as fast."""
        self._db.executemany(self._insert, self._sorted())
        self._keys, self._numbers = array("q"), array("q")

    def _sorted(self) -> Iterator[tuple[int, int]]:
        keys, numbers = np.array(self._keys), np.array(self._numbers)
        order = np.lexsort((numbers, keys))
        for at in range(0, order.size, _AT_ONCE):
            some = order[at : at + _AT_ONCE]
            yield from zip(keys[some].tolist(), numbers[some].tolist(), strict=True)
