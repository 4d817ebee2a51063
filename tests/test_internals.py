"""What newscrawl uses of Scrapy and Twisted beside their public API stands in one module."""

import ast
import gzip
import zlib

import pytest
from scrapy.core.engine import ExecutionEngine

from newscrawl.sources import internals
from tests.test_rooms import MODULES

LIBRARIES = {"scrapy", "twisted"}


def is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def private_names(source: str) -> list[str]:
    """Names with an underscore that a module imports from the libraries, or takes off their objects."""
    found, theirs = [], set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            found += [
                f"{node.module}.{a.name}"
                for a in node.names
                if is_private(f"{node.module}.{a.name}")
            ]
            theirs |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value
            named = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if named in theirs | {"engine", "scraper", "downloader", "crawler"}:
                found.append(f"{named}.{node.attr}")
    return found


def test_the_test_finds_private_names():
    assert private_names("from twisted.web._newclient import ParseError") == [
        "twisted.web._newclient.ParseError"
    ]
    assert private_names("from scrapy.x import Y\nY._z()") == ["Y._z"]
    assert private_names("self.crawler.engine._slot") == ["engine._slot"]


def test_no_other_module_uses_what_is_private_there():
    for name, path in MODULES.items():
        if name != internals.__name__:
            assert private_names(path.read_text(encoding="utf-8")) == [], name


@pytest.mark.parametrize(
    ("encodings", "body", "kept"),
    [
        ([b"gzip"], gzip.compress(b"text", mtime=0), []),
        ([b"deflate, gzip"], gzip.compress(zlib.compress(b"text"), mtime=0), []),
        ([b"unheard-of"], b"text", [b"unheard-of"]),
        ([], b"text", []),
    ],
)
def test_content_is_decoded_as_scrapy_decodes_it(encodings, body, kept):
    assert internals.decode_body(encodings, body, 99) == (kept, b"text")


def test_what_grows_beyond_the_limit_is_told_by_an_error_of_its_own():
    with pytest.raises(internals.DecompressionMaxSizeExceeded):
        internals.decode_body([b"gzip"], gzip.compress(b"x" * 100_000), 99)


def test_the_errors_of_twisted_are_those_that_it_raises():
    assert issubclass(internals.ParseError, Exception)
    assert internals.ResponseFailed([]).reasons == []


def test_an_engine_says_whether_it_closes():
    assert "_slot" in ExecutionEngine.__init__.__code__.co_names
    assert not internals.is_closing(None)
    engine = ExecutionEngine.__new__(ExecutionEngine)
    engine._slot = None
    assert not internals.is_closing(engine)
