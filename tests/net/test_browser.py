"""Whether pages can be rendered here, and the proxy that is a browser's only way out."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from newscrawl.errors import BadURLError
from newscrawl.net import browser
from newscrawl.net.filter_proxy import FilterProxy, _asked
from newscrawl.net.guard import AllowedHosts
from tests.servers import WordPress, trouble


def test_without_the_extra_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    why = browser.why_not(Settings())
    assert why is not None
    assert "pip install 'newscrawl[browser]'" in why
    assert "apt-get install chromium" in why


def test_without_a_chromium_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: object())
    monkeypatch.setenv("PATH", "")
    why = browser.why_not(Settings())
    assert why is not None
    assert "apt-get install chromium" in why
    wrong = browser.why_not(Settings({"NEWSCRAWL_CHROMIUM": "nowhere"}))
    assert wrong == "NEWSCRAWL_CHROMIUM='nowhere' is no program"


def test_the_operators_chromium_is_taken() -> None:
    assert browser.chromium(Settings({"NEWSCRAWL_CHROMIUM": "/bin/sh"})) == "/bin/sh"


async def ask(proxy: FilterProxy, *pieces: str) -> bytes:
    """What comes back until the proxy closes."""
    address = await proxy.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
    answer = b""
    for piece in pieces:
        writer.write(piece.encode())
        if piece is not pieces[-1]:
            answer += await reader.readuntil(b"\r\n\r\n")
    try:
        async with asyncio.timeout(10):
            answer += await reader.read()
    finally:
        writer.close()
        await proxy.close()
    return answer


def through(allowed: str, *pieces: str, max_bytes: int = 10**6, seconds: float = 5) -> bytes:
    proxy = FilterProxy(AllowedHosts([allowed]), max_bytes, seconds)
    return asyncio.run(ask(proxy, *pieces))


def test_http_and_tunnels_reach_an_allowed_host() -> None:
    with WordPress(2) as site:
        head = f"Host: {site.host}\r\nProxy-Connection: keep-alive\r\n\r\n"
        answer = through(site.host, f"GET {site.origin}/feed/?a=b HTTP/1.1\r\n{head}")
        assert b" 200 OK" in answer
        assert site.title.encode() in answer
        tunnel = f"CONNECT {site.host} HTTP/1.1\r\n{head}"
        answer = through(site.host, tunnel, f"GET /feed/ HTTP/1.0\r\nConnection: close\r\n{head}")
        assert answer.startswith(b"HTTP/1.1 200 Connection established")
        assert site.title.encode() in answer
        assert [line.target for line in site.log] == ["/feed/?a=b", "/feed/"]
        assert site.log.hits("/feed/")[0].headers["connection"] == "close"
        assert "proxy-connection" not in site.log.hits("/feed/")[0].headers


def test_a_private_host_gets_no_answer_and_no_connection() -> None:
    with WordPress(2) as site:
        for request in f"GET {site.origin}/feed/ HTTP/1.1", f"CONNECT {site.host} HTTP/1.1":
            assert through("localhost", f"{request}\r\nHost: x\r\n\r\n") == b""
        assert len(site.log) == 0
        assert site.most_connections == 0


def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name with a private and a public address, which resolves once."""
    names: list[str] = []
    connected: list[str] = []

    async def getaddrinfo(host: str, port: int, **options: Any) -> list[Any]:
        names.append(host)
        found = ["10.0.0.1", "93.184.215.14"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    async def open_connection(host: str, port: int) -> Any:
        connected.append(host)
        raise ConnectionRefusedError

    async def connect() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(asyncio, "open_connection", open_connection)
        with pytest.raises(ConnectionRefusedError):
            await FilterProxy(AllowedHosts([]), 1, 1)._connect("Rebind.example", 443)

    asyncio.run(connect())
    assert names == ["rebind.example"]
    assert connected == ["93.184.215.14"]


def test_a_connection_is_bounded_in_bytes_and_time() -> None:
    with WordPress(1) as site:
        site.trouble = {"/endless": trouble.endless_body(), "/drip": trouble.slow_drip(0.01)}
        answer = through(
            site.host, f"GET {site.origin}/endless HTTP/1.1\r\n\r\n", max_bytes=300_000
        )
        assert len(answer) <= 300_000
        answer = through(site.host, f"GET {site.origin}/drip HTTP/1.1\r\n\r\n", seconds=0.3)
        assert b"<html>" in answer


@pytest.mark.parametrize(
    "line",
    [
        "GET /path HTTP/1.1", "GET ftp://example.org/ HTTP/1.1", "GET file:///etc/passwd HTTP/1.1",
        "GET https://example.org/ HTTP/1.1", "CONNECT example.org HTTP/1.1", "CONNECT :80 HTTP/1.1",
        "GET http:///x HTTP/1.1", "GET http://a:99999/ HTTP/1.1", "hello", "",
    ],
)  # fmt: skip
def test_what_is_no_request_to_a_proxy_is_a_bad_request(line: str) -> None:
    assert through("localhost", f"{line}\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@given(st.binary(max_size=200))
def test_any_head_is_read_or_refused(head: bytes) -> None:
    try:
        asked = _asked(head + b"\r\n\r\n")
    except BadURLError:
        return
    assert asked.host
    assert 0 < asked.port < 65536
