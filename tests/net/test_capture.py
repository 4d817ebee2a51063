"""What the network's edge writes into a capture: every exchange, as it was on the wire."""

import gzip
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator

from newscrawl.errors import StorageError
from newscrawl.net.capture import FETCHED_AT, RECORD, CaptureMiddleware, request_head
from tests.net.server import Server, answer, hang_up, redirect

URL = "https://news.example/a"


def exchanges(folder):
    """Each response of a capture: path, status line, raw body, its request's first line."""
    (path,) = folder.glob("run/*.warc.gz")
    found, request = [], ""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=True):
            block = record.raw_stream.read()
            if record.rec_type == "request":
                request = block
            elif record.rec_type in ("response", "revisit"):
                head, _, body = block.partition(b"\r\n\r\n")
                url = record.rec_headers.get_header("WARC-Target-URI")
                found.append(("/" + url.split("/", 3)[3], head, body, request))
    return found


def test_every_exchange_is_captured_as_it_came(crawl_urls, tmp_path):
    packed = gzip.compress(b"<p>packed")
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"3\r\n<p>\r\n0\r\n\r\n"
    )
    routes = {
        "/robots.txt": answer("User-agent: *\nAllow: /\n"),
        "/moved": redirect("/packed"),
        "/packed": answer(packed, Content_Encoding="gzip", Set_Cookie="a=1"),
        "/chunked": chunked,
        "/unchanged": answer("", "304 Not Modified"),
        "/flaky": [answer("", "503 Service Unavailable"), answer("<p>well")],
        "/gone": hang_up,
    }
    with Server(routes) as server:
        paths = ["/moved", "/chunked", "/unchanged", "/flaky", "/gone"]
        done = crawl_urls(
            [server.url(path) for path in paths], [server.authority], capture=str(tmp_path),
            settings={"RETRY_TIMES": 1, "NEWSCRAWL_RETRY_BACKOFF": 0.01},
        )  # fmt: skip
    assert done[server.url("/moved")] == {"status": 200, "length": 9, "url": server.url("/packed")}
    found = exchanges(tmp_path)
    assert sorted((path, head.split(b"\r\n")[0]) for path, head, _, _ in found) == [
        ("/chunked", b"HTTP/1.1 200 OK"),
        ("/flaky", b"HTTP/1.1 200 OK"),
        ("/flaky", b"HTTP/1.1 503 Service Unavailable"),
        ("/moved", b"HTTP/1.1 302 Found"),
        ("/packed", b"HTTP/1.1 200 OK"),
        ("/robots.txt", b"HTTP/1.1 200 OK"),
        ("/unchanged", b"HTTP/1.1 304 Not Modified"),
    ]
    by_path = {path: (head, body, request) for path, head, body, request in found}
    head, body, request = by_path["/packed"]
    assert body == packed
    assert b"Content-Encoding: gzip" in head
    assert b"Set-Cookie: a=1" in head
    assert request.startswith(b"GET /packed HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"User-Agent: newscrawl/" in request
    head, body, _ = by_path["/chunked"]
    assert body == b"<p>"
    assert b"hunked" not in head


def test_the_operators_secrets_are_not_captured():
    headers = {"Authorization": "Basic c2VjcmV0", "Proxy-Authorization": "x", "Accept": "*/*"}
    head = request_head(Request("https://user:word@news.example:8080", headers=headers))
    assert head == b"GET / HTTP/1.1\r\nHost: news.example:8080\r\nAccept: */*\r\n\r\n"


class Recorder:
    """A capture that numbers what it is given, or fails."""

    def __init__(self, error=None):
        self.error, self.given = error, []

    def write_exchange(self, **given):
        if self.error:
            raise self.error
        self.given.append(given)
        return f"record {len(self.given)}"


def middleware(capture, run=None):
    return CaptureMiddleware(SimpleNamespace(spider=SimpleNamespace(capture=capture, run=run)))


def test_a_request_speaks_of_its_own_exchange_never_of_the_one_that_it_was_copied_from():
    edge = middleware(Recorder())
    first = Request(URL)
    edge.process_request(first)
    edge.process_response(first, Response(URL, status=302))
    assert first.meta[RECORD] == "record 1"
    second = first.replace(url=URL + "b")
    edge.process_request(second)
    assert RECORD not in second.meta
    edge.process_response(second, Response(URL + "b"))
    assert (first.meta[RECORD], second.meta[RECORD]) == ("record 1", "record 2")
    third = second.replace(url=URL + "c")
    edge.process_request(third)
    edge.process_exception(third, TimeoutError())
    assert RECORD not in third.meta
    assert third.meta[FETCHED_AT].microsecond == 0


def test_without_a_capture_only_the_time_is_noted():
    request = Request(URL)
    response = Response(URL)
    assert middleware(None).process_response(request, response) is response
    assert set(request.meta) == {FETCHED_AT}


def test_a_body_that_broke_off_is_marked():
    capture = Recorder()
    middleware(capture).process_response(Request(URL), Response(URL, flags=["dataloss"]))
    assert capture.given[0]["truncated"] == "disconnect"


def test_an_answer_that_cannot_be_captured_stops_the_run_and_is_no_page(caplog):
    run = SimpleNamespace(failure=None)
    error = StorageError("the capture can't be written: No space left on device")
    with pytest.raises(IgnoreRequest, match="No space left"):
        middleware(Recorder(error), run).process_response(Request(URL), Response(URL))
    assert run.failure is error
    assert "No space left on device" in caplog.text
