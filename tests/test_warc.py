"""Reading captures: our own back as they went in, others' as they are, and damaged ones."""

import gzip
import io
import random
import re
import signal
import subprocess
import sys
import tempfile
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.net.capture import raw_headers
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer
from newscrawl.sources.http import page_headers
from newscrawl.sources.warc import Unread
from newscrawl.store.captures import Capture, zstd
from tests import processes
from tests.captures import HTML, LIMIT, MOMENT, bodies, members, read, record, response, write_page
from tests.conftest import ROOT

# What goes in comes out

ENCODERS = {
    b"gzip": gzip.compress,
    b"x-gzip": gzip.compress,
    b"deflate": zlib.compress,
    b"br": brotli.compress,
    b"zstd": zstd.compress,
    b"identity": bytes,
    b"unheard-of": bytes,
}
tokens = st.text("abcXYZ-_1", min_size=1, max_size=8).map(lambda name: f"X{name}".encode())
values = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20).map(
    lambda value: value.strip().encode()
)
headers_strategy = st.lists(st.tuples(tokens, values), max_size=5)
bodies_strategy = st.binary(max_size=3000) | st.binary(min_size=1, max_size=9).map(
    lambda b: b * 999
)


def as_scrapy_sees_it(headers, body):
    """Body and headers as a live spider gets them."""
    crawler = SimpleNamespace(settings=Settings(), stats=None, signals=SignalManager())
    middleware = HttpCompressionMiddleware.from_crawler(crawler)
    answer = Response(PAGE, headers=[*headers], body=body)
    return middleware.process_response(Request(PAGE), answer)


PAGE = "https://news.example/a"


@given(headers_strategy, bodies_strategy, st.lists(st.sampled_from(sorted(ENCODERS)), max_size=2),
       st.sampled_from(["gzip", "zstd"]))  # fmt: skip
@example([], b"", [], "gzip")
@example([(b"Xa", "é".encode("latin-1"))], b"WARC/1.1\r\n\r\n", [b"gzip", b"br"], "zstd")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replay_sees_what_the_live_spider_saw(headers, body, encodings, compression):
    sent = body
    for encoding in encodings:
        sent = ENCODERS[encoding](sent)
    headers = [*headers, *HTML, *[(b"Content-Encoding", encoding) for encoding in encodings]]
    given_headers = list(raw_headers(Response(PAGE, headers=headers).headers))
    live = as_scrapy_sees_it(given_headers, sent)
    with tempfile.TemporaryDirectory() as folder:
        with Capture(Path(folder), "run", compression=compression) as capture:
            write_page(capture, PAGE, sent, headers=given_headers)
        (page,) = read(Path(folder))
    assert page == Fetched(
        page=PAGE, url=PAGE, status=200, headers=page_headers(raw_headers(live.headers)),
        body=live.body, fetched_at=MOMENT,
    )  # fmt: skip


@given(st.binary(min_size=1, max_size=200), st.sampled_from([b"gzip", b"deflate", b"br", b"zstd"]))
@settings(max_examples=100, deadline=None)
def test_what_the_live_spider_could_not_decode_replay_cannot_either(body, encoding):
    headers = [*HTML, (b"Content-Encoding", encoding)]
    try:
        live = as_scrapy_sees_it(headers, body).body
    except Exception:  # noqa: BLE001  # each decoder has errors of its own
        live = None
    with tempfile.TemporaryDirectory() as folder:
        with Capture(Path(folder), "run") as capture:
            write_page(capture, PAGE, body, headers=headers)
        (page,) = read(Path(folder))
    if live is None:
        assert isinstance(page, Unread)
        assert page.reason.startswith(f"warc-broken: the body is not {encoding.decode()}")
    else:
        assert page.body == live


def test_a_failed_page_has_neither_headers_nor_body(tmp_path):
    with Capture(tmp_path, "run") as capture:
        write_page(capture, PAGE, b"<p>not gzip", headers=[(b"Content-Encoding", b"gzip")],
                   failure="undecodable: not gzip")  # fmt: skip
    (page,) = read(tmp_path)
    assert (page.headers, page.body, page.status) == ({}, b"", 200)


# Other people's captures


@pytest.fixture
def others(tmp_path):
    """Write a file as another crawler does, and read it."""

    def write(content, name="a.warc", **options):
        (tmp_path / name).write_bytes(content)
        return read(tmp_path, **options)

    return write


RECORDS = [
    record("warcinfo", 0, b"software: other/1\r\n", "Content-Type: application/warc-fields"),
    record("request", 1, b"GET / HTTP/1.1\r\n\r\n"),
    record("response", 1, response(b"<p>one")),
    record("response", 2, response(b"\x89PNG", "Content-Type: image/png")),
    record("metadata", 2, b"{}", "Content-Type: application/json"),
    record("response", 3, response(b"<p>three", status="404 Not Found")),
    record("resource", 4, b"plain text", "Content-Type: text/plain; charset=utf-8"),
    record("response", 5, b"news.example. 1 IN A 192.0.2.1", "WARC-Target-URI: dns:news.example"),
    record("response", 6, response(b"<html>no media type", "Server: x")),
    record("response", 7, response(b"User-agent: *", "Content-Type: text/plain"),
           "WARC-Target-URI: http://a.example/robots.txt"),
]  # fmt: skip
FORMS = {
    "a.warc": b"".join(RECORDS),
    "a.warc.gz": members(RECORDS),
    "b.WARC.GZ": members([b"".join(RECORDS)]),
    "a.warc.zst": b"".join(zstd.compress(r) for r in RECORDS),
}


@pytest.mark.parametrize("name", FORMS)
def test_records_with_text_are_pages_named_by_file_and_offset(others, name):
    found = others(FORMS[name], name)
    assert bodies(found) == [b"<p>one", b"<p>three", b"plain text", b"<html>no media type"]
    assert [f.status for f in found] == [200, 404, 200, 200]
    assert [f.url for f in found] == [f"http://a.example/{n}" for n in (1, 3, 4, 6)]
    assert found[0].fetched_at == datetime(2026, 1, 2, 3, 4, 1, tzinfo=UTC)
    assert {f.role for f in found} == {None}
    names = [f.page for f in found]
    assert len(set(names)) == 4
    if name != "b.WARC.GZ":  # one gzip member has one offset
        offset = len(b"".join(RECORDS[:2])) if name == "a.warc" else None
        assert names[0] == (f"{name}:{offset}" if offset else names[0])
        assert FORMS[name][int(names[0].rpartition(":")[2]) :][:4] in (
            b"WARC", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd")  # fmt: skip


def test_what_holds_no_page_is_counted_in_the_log(others, caplog):
    caplog.set_level("INFO")
    others(FORMS["a.warc"])
    assert (
        "Passed over records that hold no page: image/png 1, response of dns: 1, robots.txt 1"
        in caplog.text
    )


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_warc_zst_with_a_dictionary_is_read(others, is_packed):
    dictionary = zstd.train_dict([*FORMS.values(), *RECORDS] * 20, 1000)
    content = dictionary.dict_content
    if is_packed:
        content = zstd.compress(content)
    head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    frames = b"".join(zstd.compress(r, zstd_dict=dictionary) for r in RECORDS)
    found = others(head + frames, "a.warc.zst")
    assert bodies(found) == [b"<p>one", b"<p>three", b"plain text", b"<html>no media type"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio's own
def test_a_file_that_warcio_wrote_is_read(others):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "warcio"}))
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
    writer.write_record(
        writer.create_warc_record(PAGE, "response", payload=io.BytesIO(b"<p>"), http_headers=head)
    )
    (page,) = others(stream.getvalue(), "a.warc.gz")
    assert (page.url, page.body) == (PAGE, b"<p>")


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"3\r\n<p>\r\n2;x=y\r\nab\r\n0\r\n\r\n", ["Transfer-Encoding: chunked"], b"<p>ab"),
        (b"<p>joined already", ["transfer-encoding: Chunked"], b"<p>joined already"),
        (gzip.compress(b"<p>packed", mtime=0), ["Content-Encoding: gzip"], b"<p>packed"),
        (b"<p>unpacked already", ["Content-Encoding: gzip"], b"<p>unpacked already"),
        (brotli.compress(b"<p>br"), ["Content-Encoding: br"], b"<p>br"),
        (b"5\r\n<p>on\r\n0\r\n\r\n", ["Transfer-Encoding:", " chunked"], b"<p>on"),
    ],
)
def test_transfer_and_content_encoding_are_taken_off(others, body, headers, expected):
    (page,) = others(record("response", 1, response(body, "Content-Type: text/html", *headers)))
    assert page.body == expected
    assert "content-encoding" not in page.headers


UTF16 = "\ufeff<p>one".encode("utf-16-le")


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ([], b"\xef\xbb\xbf <p>one", b"\xef\xbb\xbf <p>one"),
        ([], UTF16, UTF16),
        (["Transfer-Encoding: chunked"], b"6\r\n<p>one\r\n0\r\n\r\n", b"<p>one"),
        (["Content-Encoding: gzip"], gzip.compress(b"<p>one", mtime=0), b"<p>one"),
        (["Transfer-Encoding: chunked", "Content-Encoding: deflate"],
         b"%x\r\n%s\r\n0\r\n\r\n" % (len(zlib.compress(b"<p>one")), zlib.compress(b"<p>one")), b"<p>one"),
        (["Content-Type: text/html, text/html; charset=utf-8"], b"one", b"one"),
        (["Content-Type: text/html", "Content-Type: charset=utf-8"], b"one", b"one"),
        (["Content-Type: charset=utf-8", "Content-Type: text/html"], b"one", b"one"),
        (["Content-Type: application/octet-stream"], b"<p>one", b"<p>one"),
        (["Content-Type: unknown/unknown"], b"\n<p>one", b"\n<p>one"),
    ],
)  # fmt: skip
def test_what_is_declared_as_nothing_is_told_by_its_first_character(
    others, headers, body, expected
):
    (page,) = others(record("response", 1, response(body, *(headers or ["Age: 1"]))))
    assert page.body == expected
    assert Answer(page).kind == "html"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/octet-stream", b"\x89PNG"),
        ("image/png, text/html", b"<p>"),
        ("application/octet-stream", gzip.compress(b"\0" * 2 * LIMIT)),
    ],
)
def test_what_is_no_page_by_any_sign_is_passed_over(others, content_type, body):
    assert not others(
        record("response", 1, response(body, f"Content-Type: {content_type}", "Content-Encoding: gzip"))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04Z", "2026-01-02T03:04:00+00:00"),
        ("2026-01-02T03:04:05.9Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05+03:00", "2026-01-02T00:04:05+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02t03:04:05z", "2026-01-02T03:04:05+00:00"),
        ("20260102030405", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02", None),
        ("2026-01", None),
        ("2026", None),
        ("20261302030405", None),
        ("0001-01-01T00:00:00+01:00", None),
        ("Today at noon", None),
        ("", None),
    ],
)
def test_a_page_whose_capture_has_no_moment_is_a_page_all_the_same(others, date, moment):
    (page,) = others(record("response", 1, response(b"<p>one"), f"WARC-Date: {date}"))
    assert page.body == b"<p>one"
    assert page.fetched_at == (datetime.fromisoformat(moment) if moment else None)
    assert [note.code for note in page.notes] == ([] if moment else ["warc-date"])
    assert all(repr(date) in note.detail for note in page.notes)


def test_a_record_that_its_crawler_cut_says_so(others):
    reasons = ["length", "time", "disconnect"]
    records = [
        record("response", n, response(b"<p>beginning"), f"WARC-Truncated: {reason}")
        for n, reason in enumerate(reasons)
    ]
    found = others(b"".join(records))
    assert [page.is_cut for page in found] == [True] * 3
    assert [note.code for page in found for note in page.notes] == ["warc-truncated"] * 3
    assert all(reason in page.notes[0].detail for reason, page in zip(reasons, found, strict=True))


def test_a_revisit_without_a_head_has_that_of_the_record_it_refers_to(others):
    same = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    unchanged = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    head = ["Content-Type: text/html", "Age: 7"]
    found = others(b"".join([
        record("response", 1, response(b"<p>one", *head, status="404 Gone"), "WARC-Payload-Digest: sha1:ABC",
               "WARC-Truncated: length"),
        record("revisit", 2, b"", same, "WARC-Payload-Digest: sha1:ABC"),
        record("revisit", 3, b"\r\n", same, "WARC-Payload-Digest: sha1:ABC"),
        record("revisit", 4, b"", unchanged),
    ]))  # fmt: skip
    assert [(f.url[-1], f.status, f.body) for f in found] == [
        ("1", 404, b"<p>one"), ("2", 404, b"<p>one"), ("3", 404, b"<p>one"), ("4", 304, b""),
    ]  # fmt: skip
    assert [f.headers.get("age") for f in found] == ["7", "7", "7", None]
    assert [f.is_cut for f in found] == [True, True, True, False]


def test_a_revisit_of_what_is_no_page_misses_nothing(others, caplog):
    caplog.set_level("INFO")
    same = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    found = others(b"".join([
        record("revisit", 2, response(b"", "Content-Type: image/png"), same, "WARC-Payload-Digest: sha1:A"),
        record("revisit", 3, response(b"", "Age: 1"), same, "WARC-Payload-Digest: sha1:A"),
        record("revisit", 4, b"", same, "WARC-Payload-Digest: sha1:A"),
        record("revisit", 5, b"no head", same, "WARC-Payload-Digest: sha1:A"),
    ]))  # fmt: skip
    assert [f.reason.partition(":")[0] for f in found] == ["warc-missing"] * 3
    assert "image/png 1" in caplog.text


def test_revisits_are_resolved_within_the_given_files(tmp_path):
    head = response(b"", "Content-Type: text/html", "Age: 1")
    same = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    by_id = "WARC-Refers-To: <urn:uuid:00000001-0000-4000-8000-000000000000>"
    (tmp_path / "a.warc.gz").write_bytes(members([
        record("revisit", 2, head, same, by_id),
        record("revisit", 3, head, same, "WARC-Refers-To-Target-URI: <http://a.example/1>",
               "WARC-Refers-To-Date: 2026-01-02T03:04:01Z"),
        record("revisit", 4, head, same, "WARC-Payload-Digest: sha1:ABC"),
        record("revisit", 5, head, same, "WARC-Refers-To: <urn:uuid:elsewhere>"),
        record("revisit", 6, response(b"", "Age: 1", status="304 Not Modified"),
               "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified"),
    ]))  # fmt: skip
    (tmp_path / "b.warc").write_bytes(
        record("response", 1, response(b"<p>first"), "WARC-Payload-Digest: sha1:ABC")
    )
    first, *pages, missing, unchanged = found = read(tmp_path)
    assert len(found) == 6
    assert first.body == b"<p>first"
    assert [(p.url[-1], p.body, p.headers["age"]) for p in pages] == [
        (n, b"<p>first", "1") for n in "234"
    ]
    assert missing.reason == (
        "warc-missing: the record refers to <urn:uuid:elsewhere>, which is not in the given files"
    )
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_a_wacz_is_the_warcs_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", FORMS["a.warc.gz"])
        archive.writestr("archive/more.warc", FORMS["a.warc"], zipfile.ZIP_DEFLATED)
        archive.writestr("pages/pages.jsonl", "{}")
    found = read(tmp_path)
    assert len(bodies(found)) == len(found) == 8
    assert found[0].page.startswith("a.wacz/archive/data.warc.gz:")


def test_a_wacz_that_is_encrypted_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", FORMS["a.warc.gz"])
    content = bytearray((tmp_path / "a.wacz").read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.wacz").write_bytes(content)
    (found,) = read(tmp_path)
    assert found.page == "a.wacz/archive/data.warc.gz"
    assert "is encrypted" in found.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"no zip", "the file is no WACZ that can be read"), (None, "the WACZ holds no WARC file")],
)
def test_a_wacz_that_is_none_is_told(tmp_path, content, reason):
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("datapackage.json", "{}")
    if content:
        (tmp_path / "a.wacz").write_bytes(content)
    (found,) = read(tmp_path)
    assert found.page == "a.wacz"
    assert reason in found.reason


def test_wet_files_are_texts_with_an_address(others):
    wet = members([
        record("warcinfo", 0, b"", "Content-Type: application/warc-fields"),
        record("conversion", 1, "Текст".encode(), "Content-Type: text/plain"),
    ])  # fmt: skip
    (page,) = others(wet, "CC-MAIN-1.warc.wet.gz")
    assert (page.url, page.body.decode()) == ("http://a.example/1", "Текст")
    assert page.headers == {"content-type": "text/plain; charset=utf-8"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (record("response", 1, b"hello"), "warc-broken: the record begins with b'hello', which is no HTTP status line"),
        (record("response", 1, response(b"<p>"), "WARC-Segment-Number: 1"), "warc-broken: the record is in segments"),
        (record("response", 1, response(b"<" * 2 * LIMIT)), "too-large: the record has"),
        (record("response", 1, response(b"<" * (LIMIT + 9))), "too-large: the body has"),
        (record("response", 1, response(gzip.compress(b"<" * 2 * LIMIT, mtime=0), "Content-Type: text/html", "Content-Encoding: gzip")),
         "too-large: the body decodes to more than"),
        (b"no WARC at all", "warc-broken: "),
        (b"\x1f\x8b\x08 no gzip", "warc-broken: "),
        (b"WARC/1.0\r\n" + b"A: b\r\n" * 99_999, "warc-broken: the record's head is longer than 65536 bytes"),
        (record("response", 1, response(b"<p>"), "Content-Length: -1"), "warc-broken: "),
        (record("response", 1, response(b"<p>"), "Content-Length: 99999"), "warc-broken: the file breaks off"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(others, content, reason):
    found = others(content)
    (told,) = [f for f in found if isinstance(f, Unread)]
    assert told.page.startswith("a.warc:")
    assert told.reason.startswith(reason)


def test_a_film_is_passed_over_not_too_large(others):
    film = response(b"\0" * 2 * LIMIT, "Content-Type: video/mp4")
    assert others(record("response", 1, film, "WARC-Identified-Payload-Type: video/mp4")) == []


BOMB = """
import resource, sys
from pathlib import Path
from tests.captures import read
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 100 * 2**20, used + 100 * 2**20))
for found in read(Path(sys.argv[1])):
    print(found.page, found.reason if hasattr(found, "reason") else found.body)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited by what /proc says")  # fmt: skip
def test_bombs_take_no_memory(tmp_path):
    head = response(b"")
    giant = record("response", 1, head)[:-4].replace(b"Content-Length: %d" % len(head), b"Content-Length: %d" % (len(head) + 300 * 2**20))  # fmt: skip
    packed = inflated(giant, 300) + members(RECORDS[2:3])
    (tmp_path / "a.warc.gz").write_bytes(packed)
    (tmp_path / "b.warc.gz").write_bytes(inflated(b"WARC/1.0\r\nX: ", 300))
    body = response(inflated(b"", 150), "Content-Type: text/html", "Content-Encoding: gzip")
    (tmp_path / "c.warc").write_bytes(record("response", 1, body))
    done = subprocess.run([sys.executable, "-c", BOMB, str(tmp_path)], check=True, capture_output=True, text=True)  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[0].startswith("a.warc.gz:0 too-large: the record has 314572")
    assert lines[1].endswith("b'<p>one'")
    assert lines[2].startswith("b.warc.gz:0 warc-broken: the record's head is longer than")
    assert lines[3].startswith("c.warc:0 too-large: the body decodes to more than")
    assert len(lines) == 4


def inflated(start, megabytes):
    """A gzip member of a beginning and so many megabytes of zeros."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(2**20)
    return packer.compress(start) + b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()  # fmt: skip


# Damage


def own_capture(folder, compression, count=4):
    with Capture(folder, "run", compression=compression) as capture:
        for number in range(count):
            write_page(capture, f"{PAGE}/{number}", b"<p>page %d" % number)
    return capture.path


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_cut_at_any_byte_costs_no_earlier_page_and_is_no_page(tmp_path, compression):
    path = own_capture(tmp_path, compression, 2)
    content = path.read_bytes()
    ends = ends_of_records(content)
    assert len(ends) == 7
    for cut in range(ends[2], len(content)):
        path.write_bytes(content[:cut])
        whole = sum(end <= cut for end in (ends[3], ends[6]))
        expected = [b"<p>page %d" % number for number in range(whole)]
        found = read(tmp_path)
        # A page whose record is whole but for its checksum may be read too.
        assert bodies(found)[:whole] == expected
        assert all(f.body == b"<p>page %d" % n for n, f in enumerate(found)), found


def ends_of_records(content):
    ends, rest = [], content
    while rest:
        if rest.startswith(b"\x1f\x8b"):
            decoder = zlib.decompressobj(31)
        else:
            decoder = zstd.ZstdDecompressor()
        decoder.decompress(rest)
        rest = decoder.unused_data
        ends.append(len(content) - len(rest))
    return ends


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_a_cut_in_others_captures_is_told_and_costs_no_earlier_page(others, name):
    content = FORMS[name]
    whole = others(content, name)
    for cut in range(len(content)):
        found = others(content[:cut], name)
        pages = [f for f in found if isinstance(f, Fetched)]
        assert pages == whole[: len(pages)]
        told = [f for f in found if isinstance(f, Unread)]
        assert len(told) <= 1
        assert len(pages) == len(whole) or told or is_at_a_record(name, cut), cut


def is_at_a_record(name, cut):
    starts = [len(b"".join(RECORDS[:n])) for n in range(len(RECORDS))]
    if name == "a.warc":
        return any(start - 4 <= cut <= start for start in [*starts, len(FORMS[name])])
    ends = [0, *ends_of_records(FORMS[name])]
    return any(end - 8 <= cut <= end for end in ends)


@given(st.sampled_from(["gzip", "zstd"]), st.data())
@settings(max_examples=150, deadline=None)
def test_damage_changes_no_page(compression, data):
    with tempfile.TemporaryDirectory() as folder:
        path = own_capture(Path(folder), compression)
        content = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, 9999)) * len(content) // 10_000
        damage = data.draw(st.binary(min_size=1, max_size=40))
        assume(content[at : at + len(damage)] != damage)
        content[at : at + len(damage)] = damage
        path.write_bytes(content)
        found = read(Path(folder))
    assert found
    true = {f"{PAGE}/{number}": b"<p>page %d" % number for number in range(4)}
    for page in found:
        if isinstance(page, Fetched) and page.page in true:
            assert page.body == true[page.page]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_behind_damage_reading_goes_on(tmp_path, compression):
    path = own_capture(tmp_path, compression)
    content = bytearray(path.read_bytes())
    ends = ends_of_records(content)
    content[ends[1] + 20 : ends[1] + 60] = bytes(40)  # the response of page 0
    path.write_bytes(content)
    damage, lost, *pages = read(tmp_path)
    assert damage.page == f"run/run-00000{path.name[9:]}:{ends[1]}"
    assert f"reading goes on at byte {ends[2]}" in damage.reason
    assert (lost.page, lost.reason[:13]) == (f"{PAGE}/0", "warc-missing:")
    assert bodies(pages) == [b"<p>page 1", b"<p>page 2", b"<p>page 3"]


def test_a_page_that_looks_like_records_forges_none_behind_damage(tmp_path):
    forged = members([record("response", 9, response(b"<p>forged"))])
    with Capture(tmp_path, "run") as capture:
        write_page(capture, f"{PAGE}/0", b"<p>true")
        write_page(capture, f"{PAGE}/1", forged * 3, headers=[(b"Content-Encoding", b"none")])
        write_page(capture, f"{PAGE}/2", b"<p>behind")
    content = bytearray(capture.path.read_bytes())
    at = content.index(forged)
    content[at - 30 : at - 20] = bytes(10)
    capture.path.write_bytes(content)
    assert bodies(read(tmp_path)) == [b"<p>true", b"<p>behind"]
    capture.path.write_bytes(members(RECORDS[2:3]) + bytes(content[at - 40 :]))
    assert bodies(read(tmp_path)) == [b"<p>one", b"<p>behind"]


PAGES = [record("response", n, response(b"<p>page %d" % n)) for n in range(5)]


@pytest.mark.parametrize("pack", [lambda r: gzip.compress(r, mtime=0), zstd.compress])
@pytest.mark.parametrize("tail", [b"", b"cut"])
def test_behind_damage_what_is_whole_to_the_end_is_read(others, pack, tail):
    packed = [pack(r) for r in PAGES]
    offset = len(packed[0])
    packed[1] = packed[1][:30] + b"\xff" * 10 + packed[1][40:]
    found = others(b"".join(packed) + (packed[0][:60] if tail else b""), "a.warc.gz")
    assert bodies(found) == [b"<p>page 0", b"<p>page 2", b"<p>page 3", b"<p>page 4"]
    damage, *torn = [f for f in found if isinstance(f, Unread)]
    assert damage.page == f"a.warc.gz:{offset}"
    assert f"reading goes on at byte {offset + len(packed[1])}" in damage.reason
    assert len(torn) == bool(tail)


def test_a_record_that_is_longer_than_it_says_is_cut_and_those_behind_it_are_read(others):
    short = record("response", 1, response(b"<p>page 1</html>"))
    length = len(response(b"<p>page 1</html>"))
    short = short.replace(b"Length: %d" % length, b"Length: %d" % (length - 7))
    for content, name in (
        (b"".join([PAGES[0], short, *PAGES[2:]]), "a.warc"),
        (members([PAGES[0], short, *PAGES[2:]]), "a.warc.gz"),
    ):
        found = [f for f in others(content, name) if f.page.startswith(f"{name}:")]
        assert len({f.page for f in found}) == len(found)
        assert bodies(found) == [b"<p>page %d" % n for n in range(5)]
        pages = [f for f in found if isinstance(f, Fetched)]
        assert [page.is_cut for page in pages] == [False, True, False, False, False]
        assert [note.code for page in pages for note in page.notes] == ["warc-length"]
        (told,) = [f for f in found if isinstance(f, Unread)]
        assert "b'</html>'" in told.reason


@pytest.mark.parametrize("pack", [lambda r: gzip.compress(r, mtime=0), zstd.compress])
def test_members_whose_records_all_have_a_wrong_length_are_read(others, pack):
    wrong = [
        record("response", n, response(b"<p>page %d" % n) + b"</p>", "Content-Length: 53")
        for n in range(4)
    ]
    assert len(response(b"<p>page 0")) == 53
    found = others(b"".join(map(pack, wrong)), "a.warc.gz")
    assert bodies(found) == [b"<p>page %d" % n for n in range(4)]
    told = [f.page for f in found if isinstance(f, Unread)]
    assert len(told) == 4
    assert all(name.endswith(".1") for name in told)


def test_a_page_that_shows_records_gives_none_behind_damage(others):
    shown = b"<p>how records look:" + PAGES[1] + PAGES[2] + b"<p>that was it"
    last = record("response", 9, response(b"<p>last"))
    content = bytearray(record("response", 8, response(shown)) + last)
    content[:4] = b"DARK"
    assert bodies(others(bytes(content))) == [b"<p>last"]


# Replay


def fixture_pages():
    for path in sorted(ROOT.glob("fixtures/**/pages/*.html")):
        yield path.relative_to(ROOT / "fixtures").as_posix(), path.read_bytes()


# An article was out by then.
_OF_A_CAPTURE = {"page", "fetched_at", "date_earliest", "date_latest"}


def without_capture(record):
    """An article, less what only a capture knows of it: when, and the address of each link."""
    seen = [{k: v for k, v in s.items() if k not in _OF_A_CAPTURE} for s in record["sightings"]]
    kept = {k: v for k, v in record.items() if k not in {"date_evidence", "authors"}}
    names = [author["name"] for author in record["authors"]]
    return {**kept, "sightings": sorted(map(str, seen)), "authors": names}


def test_replaying_a_capture_of_pages_gives_the_articles_of_the_pages(crawl, pages, tmp_path):
    """The same HTML pages, saved and captured; they name their own address."""
    files = {name: body for name, body in fixture_pages() if address(body)}
    assert len(files) > 3
    for number, body in enumerate(files.values()):
        with Capture(tmp_path / "capture", f"run{number}") as capture:
            write_page(capture, address(body), body)
    saved = crawl("replay", "-a", f"path={pages(files)}", output=tmp_path / "one")
    captured = crawl("replay", "-a", f"path={tmp_path / 'capture'}", output=tmp_path / "two")
    assert captured.code == 0, captured.err
    expected = [without_capture(record) for record in saved.records("articles")]
    assert [without_capture(record) for record in captured.records("articles")] == expected


def test_the_pages_of_a_capture_are_in_the_ledger(crawl, tmp_path):
    capture = tmp_path / "capture"
    with Capture(capture, "run") as writer:
        write_page(writer, PAGE, b"<p>gone", status=404)
        write_page(writer, f"{PAGE}/304", b"", status=304)
        writer.write_page(page=f"{PAGE}/slow", url=PAGE, fetched_at=MOMENT, failure="timeout: 30 s")
    (capture / "b.warc").write_bytes(RECORDS[6] + b"WARC/junk")
    done = crawl("replay", "-a", f"path={capture}")
    assert "Traceback" not in done.err
    ledger = {
        p["page"]: (p["outcome"], p["reason"], p["fetched_at"]) for p in done.records("pages")
    }
    at = len(RECORDS[6])
    assert ledger == {
        PAGE: ("fetch-failed", "http-404: the server's answer", "2026-03-04T05:06:07Z"),
        f"{PAGE}/304": ("not-modified", None, "2026-03-04T05:06:07Z"),
        f"{PAGE}/slow": ("fetch-failed", "timeout: 30 s", "2026-03-04T05:06:07Z"),
        "b.warc:0": ("layout-unknown", "the text has no layout that newscrawl knows; declare the site's rules",
                     "2026-01-02T03:04:04Z"),
        f"b.warc:{at}": ("rejected",  "warc-broken: the file breaks off within a record; the rest is not read", None),
    }  # fmt: skip


def test_an_interrupted_replay_of_a_capture_goes_on_later(crawl, tmp_path):
    text = "14 March 2025\n\nViewing results 1 - 1 of 1\n\nA bridge\n\n"
    words = random.Random(1).choices([f"word{n}" for n in range(5000)], k=300 * 50)  # noqa: S311  # a repeatable draw, no secret
    blocks = [(text + " ".join(words[n * 50 :][:50])).encode() for n in range(300)]
    path = tmp_path / "a.warc.wet.gz"
    path.write_bytes(members(
        record("conversion", n, block, "Content-Type: text/plain") for n, block in enumerate(blocks)
    ))  # fmt: skip
    output = tmp_path / "output"
    arguments = ["replay", "-a", f"path={path}", "-a", "run_id=stop"]
    process = processes.start(
        "-m", "scrapy", "crawl", *arguments, "-s", f"NEWSCRAWL_OUTPUT={output}"
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Replaying 1 files" in line:
            break
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "Traceback" not in err
    done = crawl(*arguments)
    assert done.code == 0, done.err
    assert len(done.records("pages")) == 300
    whole = crawl("replay", "-a", f"path={path}", output=tmp_path / "whole")
    assert done.records("articles") == whole.records("articles")


def address(body):
    """The address that an HTML page gives for itself, or None."""
    match = re.search(rb'rel="?canonical"? href="?([^">]+)', body)
    return match and match[1].decode()
