"""A loopback HTTP server that misbehaves as it is told, in a thread of its own."""

import asyncio
import gzip
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One request that the server got."""

    path: str
    headers: dict[str, str]
    beside: int  # other connections that were open
    at: float = field(default_factory=time.monotonic)


def answer(body="<p>fine</p>", status="200 OK", length=True, **headers):
    """A whole HTTP answer; header names with _ for -."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location, status="302 Found", **headers):
    return answer("", status, Location=location, **headers)


def gzip_bomb(megabytes):
    """A page of zeros whose gzip is a thousandth of it."""
    return answer(gzip.compress(bytes(megabytes * 2**20)), Content_Encoding="gzip")


class Server:
    """Answers each path with bytes, or with a coroutine that gets the writer.

    A path that is answered by a list gets its answers one after the other, the last for ever.
    """

    def __init__(self, routes, ssl=None, host="127.0.0.1", port=0, hasty=False):
        self.routes = dict(routes)
        self.asked: list[Asked] = []
        self.open = 0  # connections now
        self._ssl = ssl
        self._hasty = hasty  # answers before it was asked
        self._host = host
        self.port = port  # 0: any; known once the server runs
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def authority(self):
        return f"{self._host}:{self.port}"

    def url(self, path="/", host=None):
        return f"http{'s' if self._ssl else ''}://{host or self._host}:{self.port}{path}"

    def paths(self):
        return [asked.path for asked in self.asked]

    def times(self, path):
        return [asked.at for asked in self.asked if asked.path == path]

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, self._host, self.port, ssl=self._ssl)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
        self._loop.close()

    async def _serve(self, reader, writer):
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader, writer):
        if self._hasty:
            writer.write(answer("", "400 Bad Request"))
            return
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
        path = first.split()[1]
        self.asked.append(Asked(path, headers, self.open - 1))
        route = self.routes.get(path, self.routes.get("*", answer("none", "404 Not Found")))
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        if callable(route):
            await route(writer)
        else:
            writer.write(route)
            await writer.drain()


async def slow_drip(writer):
    """A byte of body now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def slow_headers(writer):
    """A byte of header now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(writer):
    """A body without a length that does not end; as fast as it is read."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def hang_up(writer):
    """No answer at all."""


async def garbage(writer):
    writer.write(b"\x00\x01\x02 this is not HTTP\r\n\r\n")
    await writer.drain()


async def half(writer):
    """Less body than promised."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\nhalf")
    await writer.drain()
