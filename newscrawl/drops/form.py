"""In what form a drop's files are written: compressed or not, Parquet beside JSON Lines or not."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, BinaryIO, Literal, Self, cast, get_args

from newscrawl.errors import UsageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DESCRIPTOR = "datapackage.json"
PARQUET = "-parquet"
"""What follows the name of records in the name of the resource that has them as Parquet."""

Compression = Literal["none", "gzip", "zstd"]

# The levels that are never changed, so that the same records give the same bytes.
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 3
_ENDINGS: dict[Compression, str] = {"none": "", "gzip": ".gz", "zstd": ".zst"}
_BY_ENDING: dict[str, Compression] = {ending: name for name, ending in _ENDINGS.items()}

DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)
"""What reading a file raises whose compressed bytes are damaged."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a drop's files are written.

    Attributes:
        compression: of the JSON Lines.
        has_parquet: each file is written as Parquet, too.
    """

    compression: Compression = "none"
    has_parquet: bool = False

    @classmethod
    def read(cls, compression: str, parquet: bool) -> Self:
        """The form that settings ask for.

        Raises:
            UsageError: there is no such form, or what it needs is not installed.
        """
        if compression not in get_args(Compression):
            raise UsageError(
                f"NEWSCRAWL_COMPRESSION={compression!r} is none of {', '.join(get_args(Compression))}"
            )
        if parquet and find_spec("pyarrow") is None:
            raise UsageError(
                "NEWSCRAWL_PARQUET needs pyarrow, which is not installed: "
                "pip install 'newscrawl[parquet]'"
            )
        return cls(cast("Compression", compression), parquet)

    @property
    def ending(self) -> str:
        """How the name of a file of records ends: `.jsonl`, `.jsonl.gz` or `.jsonl.zst`."""
        return f".jsonl{_ENDINGS[self.compression]}"


ENDINGS = tuple(f".jsonl{ending}" for ending in _BY_ENDING)
"""How the name of a file of records may end."""


def compression_of(path: str) -> Compression:
    """How a file of records is compressed, by its name.

    >>> compression_of("articles.jsonl.gz")
    'gzip'
    """
    return _BY_ENDING[path.rpartition(".jsonl")[2]]


def described(compression: Compression) -> dict[str, str]:
    """What a descriptor says of it: `gz`, as frictionless has it, `zst`, or nothing."""
    ending = _ENDINGS[compression]
    return {"compression": ending[1:]} if ending else {}


def compressing(stream: BinaryIO, compression: Compression) -> AbstractContextManager[BinaryIO]:
    """A stream whose bytes are compressed into another; the same bytes at every time and place.

    Args:
        stream: where to; it stays open when the one that is given is closed.
        compression: how.
    """
    if compression == "gzip":
        made: Any = gzip.GzipFile("", "wb", _GZIP_LEVEL, stream, mtime=0)
    elif compression == "zstd":
        made = zstd.ZstdFile(stream, "wb", level=_ZSTD_LEVEL)
        made.write(b"")  # without records there is a frame all the same
    else:
        made = nullcontext(stream)
    return cast("AbstractContextManager[BinaryIO]", made)


def decompressing(stream: BinaryIO, compression: Compression) -> AbstractContextManager[BinaryIO]:
    """A stream of what another holds compressed; reading damaged bytes raises one of `DAMAGE`.

    Args:
        stream: it stays open when the one that is given is closed.
        compression: how.
    """
    if compression == "gzip":
        # GzipFile alone takes each line by a step in Python.
        file: Any = gzip.GzipFile("", "rb", _GZIP_LEVEL, stream)
    elif compression == "zstd":
        file = zstd.ZstdFile(stream, "rb")
    else:
        return nullcontext(stream)
    # Either alone takes each line by steps in Python.
    return io.BufferedReader(file, 2**16)
