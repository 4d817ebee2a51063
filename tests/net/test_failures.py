"""Every way in which fetching fails has its code, and none costs more than its limit."""

import gzip
import socket

import brotli
import pytest
from scrapy.exceptions import IgnoreRequest
from twisted.internet.error import ConnectError, NoRouteError
from twisted.python.failure import Failure

from newscrawl.errors import HostDownError
from newscrawl.net.failures import failure_code
from tests.net.certificates import Authority
from tests.net.server import (
    Server,
    answer,
    endless,
    garbage,
    gzip_bomb,
    half,
    hang_up,
    redirect,
    slow_drip,
    slow_headers,
)

FINE = answer("fine")
MEGABYTE = 2**20


def refresh(url, seconds=0):
    return answer(f'<head><meta http-equiv="refresh" content="{seconds}; url={url}"></head>')


def chain(length):
    """A redirect to /chain1, that to /chain2, …"""
    return {f"/chain{n}": redirect(f"/chain{n + 1}") for n in range(length)}


LONG = answer(b"x")[:-1].replace(b"Content-Length: 1", b"Content-Length: 10000000000")

# Path → answer, and the code of the failure or the status of the page.
CASES = {
    "/fine": (FINE, 200),
    "/missing": (answer("", "404 Not Found"), 404),
    "/unchanged": (answer("", "304 Not Modified"), 304),
    "/error": (answer("", "500 Oops"), 500),
    "/slow-drip": (slow_drip, "timeout"),
    "/slow-headers": (slow_headers, "timeout"),
    "/hang-up": (hang_up, "connection-lost"),
    "/garbage": (garbage, "bad-http"),
    "/half": (half, "truncated"),
    "/ten-gigabytes": (LONG, "too-large"),
    "/endless": (endless, "too-large"),
    "/gzip-bomb": (gzip_bomb(256), "too-large"),
    "/brotli-bomb": (
        answer(brotli.compress(bytes(64 * MEGABYTE), quality=1), Content_Encoding="br"),
        "too-large",
    ),
    "/gzip-in-gzip": (
        answer(gzip.compress(gzip.compress(bytes(64 * MEGABYTE))), Content_Encoding="gzip, gzip"),
        "too-large",
    ),
    "/no-gzip": (answer("\x1f\x8b\x08nonsense", Content_Encoding="gzip"), "bad-encoding"),
    "/no-deflate": (answer("\x00nonsense", Content_Encoding="deflate"), "bad-encoding"),
    "/no-brotli": (answer("nonsense", Content_Encoding="br"), "bad-encoding"),
    "/no-zstd": (answer("nonsense", Content_Encoding="zstd"), "bad-encoding"),
    "/to-itself": (redirect("/to-itself"), "redirect"),
    "/there": (redirect("/back"), "redirect"),
    "/back": (redirect("/there"), "redirect"),
    "/refresh-there": (refresh("/refresh-back"), "redirect"),
    "/refresh-back": (refresh("/refresh-there"), "redirect"),
    "/eleven": (redirect("/chain0"), "redirect"),
    "/ten": (redirect("/chain1"), 200),
    "/to-file": (redirect("file:///etc/passwd"), "redirect"),
    "/to-script": (redirect("javascript:alert(1)"), "redirect"),
    "/to-nothing": (redirect("http://[oops/"), "redirect"),
    "/to-password": (redirect("http://user:secret@news.test/"), "bad-url"),
    "/moved": (redirect("/fine"), 200),
    "/refresh": (refresh("/fine"), 200),
    "/reload": (refresh("/reload"), 200),
    "/reload-later": (refresh("/other", seconds=300), 200),
    "/refresh-nowhere": (refresh("http://[oops"), 200),
}


def test_every_failure_has_its_code_and_stays_in_its_bounds(crawl_urls):
    routes = {path: route for path, (route, _) in CASES.items()}
    routes |= chain(10) | {"/chain10": FINE, "/robots.txt": answer("", "404 Not Found")}
    # A host each: a failing host's pace must not slow the others down.
    hosts = {path: path.strip("/") + ".test" for path in CASES}
    with Server(routes) as server:
        urls = {path: server.url(path, host) for path, host in hosts.items()}
        results = crawl_urls(
            list(urls.values()),
            allow=[f"{host}:{server.port}" for host in hosts.values()],
            hosts={host: [["127.0.0.1"]] for host in hosts.values()},
            settings={
                "DOWNLOAD_TIMEOUT": 3,
                "NEWSCRAWL_MAX_PAGE_BYTES": MEGABYTE,
                "CONCURRENT_REQUESTS": 100,
            },
        )
    got = {
        path: results.code(url) if "failure" in results[url] else results[url]["status"]
        for path, url in urls.items()
    }
    assert got == {path: expected for path, (_, expected) in CASES.items()}
    assert results[urls["/moved"]]["url"] == server.url("/fine", "moved.test")
    assert results[urls["/refresh"]]["url"] == server.url("/fine", "refresh.test")
    assert results[urls["/reload"]]["url"] == urls["/reload"]
    assert server.paths().count("/to-itself") == 1
    assert server.paths().count("/chain10") == 1  # of /ten; /eleven ended before
    assert "referer" not in {name for asked in server.asked for name in asked.headers}
    assert "cookie" not in {name for asked in server.asked for name in asked.headers}
    assert "Traceback" not in results.err
    assert max(len(result.get("failure", "")) for result in results.values()) < 400


def test_names_without_address_and_closed_ports(crawl_urls):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening
        port = closed.getsockname()[1]
        expected = {
            "http://nowhere.test/": "dns",
            f"http://{'a' * 70}.test/": "dns",
            "http://a..test/": "dns",
            f"http://127.0.0.1:{port}/": "refused",
            "ftp://news.test/": "bad-url",
            "file:///etc/passwd": "bad-url",
            "data:,x": "bad-url",
        }
        results = crawl_urls(list(expected), allow=[f"127.0.0.1:{port}"], hosts={})
    assert {url: results.code(url) for url in expected} == expected
    assert "Traceback" not in results.err


def test_only_certificates_that_can_be_trusted_are(crawl_urls, tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    page = {"/robots.txt": answer("", "404 Not Found"), "*": FINE}
    with (
        Server(page, authority.server("good.test")) as good,
        Server(page, authority.server("good.test", self_signed=True)) as self_signed,
        Server(page, authority.server("good.test", days=0)) as expired,
        Server({}, hasty=True) as plain,
    ):
        urls = {
            "good": good.url("/", "good.test"),
            "other host": good.url("/", "other.test"),
            "self-signed": self_signed.url("/", "good.test"),
            "expired": expired.url("/", "good.test"),
            "no TLS": plain.url("/", "good.test").replace("http:", "https:"),
        }
        results = crawl_urls(
            list(urls.values()),
            allow=["good.test", "other.test"],
            hosts={"good.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]},
            settings={"RETRY_TIMES": 2, "NEWSCRAWL_RETRY_BACKOFF": 0.01},
        )
    assert results[urls["good"]]["status"] == 200
    for name in ("other host", "self-signed", "expired"):
        assert results.code(urls[name]) == "bad-certificate", results[urls[name]]
    assert results.code(urls["no TLS"]) == "tls"
    assert self_signed.asked == expired.asked == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoRouteError("no route to host"), "unreachable"),
        (ConnectError("what"), "unreachable"),
        (OSError("disk"), "unreachable"),
        (IgnoreRequest("not wanted"), "ignored"),
        (HostDownError("x failed"), "host-down"),
        (UnicodeError("no host"), "bad-url"),
        (KeyError("bug"), "error"),
        (RuntimeError("two\nlines"), "error"),
    ],
)
def test_exceptions_by_themselves(error, code):
    text = failure_code(Failure(error))
    assert text.startswith(f"{code}: ")
    assert "\n" not in text
    assert failure_code(error) == text


def test_a_cause_decides_over_what_wraps_it():
    error = IgnoreRequest("gave up")
    error.__cause__ = TimeoutError("no answer")
    assert failure_code(error) == "timeout: no answer"


def test_a_long_detail_is_cut():
    assert len(failure_code(IgnoreRequest("x" * 5000))) < 400
