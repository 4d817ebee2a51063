"""A small HTTP/1.1 server on 127.0.0.1 that is never the slow side of a benchmark.

It knows nothing of news: a `Handler` gets a `Request` and returns a `Response`.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks.

    Attributes:
        method: GET, HEAD, …
        target: path and query as sent.
        path: the path, percent-decoded.
        query: parameters; the last of a repeated one.
        headers: names in lower case.
    """

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class Response:
    """What it gets.

    Attributes:
        body: the bytes, unless `stream` is set.
        status: HTTP status.
        media_type: the Content-Type.
        headers: further headers.
        stream: yields the body piece by piece, without a Content-Length, until the client leaves.
        cut: the connection is closed after this many bytes of the body, whatever was promised.
    """

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[], AsyncIterator[bytes]] | None = None
    cut: int | None = None


Handler = Callable[[Request], Response]

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the access log.

    Attributes:
        time: `time.monotonic()` when the request had arrived.
        method, target, path, headers: of the request.
        status: of the answer.
    """

    time: float
    method: str
    target: str
    path: str
    status: int
    headers: dict[str, str]

    @property
    def user_agent(self) -> str:
        """How the client names itself."""
        return self.headers.get("user-agent", "")


class AccessLog:
    """Every request answered, oldest first; may be read while the server runs."""

    def __init__(self) -> None:
        self._lines: list[Logged] = []
        self._changed = threading.Condition()

    def add(self, line: Logged) -> None:
        """Append a line and wake whoever waits."""
        with self._changed:
            self._lines.append(line)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget what was asked so far."""
        with self._changed:
            self._lines.clear()

    def wait(self, count: int, timeout: float = 60) -> None:
        """Return once there are that many lines.

        Raises:
            TimeoutError: there are fewer after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._lines) >= count, timeout):
                raise TimeoutError(f"{len(self._lines)} requests after {timeout} s, not {count}")

    def paths(self, status: int | None = None) -> list[str]:
        """Paths in the order they were asked for, of all answers or those of one status."""
        return [line.path for line in self if status is None or line.status == status]

    def hits(self, path: str) -> list[Logged]:
        """The requests for one path."""
        return [line for line in self if line.path == path]

    def __iter__(self) -> Iterator[Logged]:
        return iter(self._lines.copy())

    def __len__(self) -> int:
        return len(self._lines)


class Server:
    """Serves one handler on 127.0.0.1 from a thread of its own.

    Args:
        handler: called in the server's thread.
        port: 0 for any free one.
        tls: speak https with this context.
    """

    def __init__(self, handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.handler = handler
        self.port = port
        self.log = AccessLog()
        self.connections: set[_Connection] = set()
        self.most_connections = 0
        self._errors: list[Exception] = []
        self._tls = tls
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Server, threading.Thread] | None = (
            None
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; returns when connections are taken."""
        loop = asyncio.new_event_loop()
        listener = loop.run_until_complete(
            loop.create_server(
                lambda: _Connection(self), "127.0.0.1", self.port, ssl=self._tls, backlog=1000
            )
        )
        self.port = listener.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        self._running = loop, listener, thread

    def stop(self) -> None:
        """Close every connection and the port.

        Raises:
            Exception: the first that the handler raised.
        """
        if self._running is None:
            return
        loop, listener, thread = self._running
        self._running = None
        asyncio.run_coroutine_threadsafe(self._close(listener), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        if self._errors:
            raise self._errors[0]

    def answer(self, request: Request) -> Response:
        """Ask the handler; its error becomes a 500, and is raised again by `stop`."""
        try:
            return self.handler(request)
        except Exception as error:  # noqa: BLE001  # kept, and raised when the server stops
            self._errors.append(error)
            return Response(b"the test server broke\n", 500, "text/plain")

    async def _close(self, listener: asyncio.Server) -> None:
        listener.close()
        for connection in list(self.connections):
            connection.drop()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Connection(asyncio.Protocol):
    """One client's connection: requests one after the other, kept alive."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._unread = b""
        self._task: asyncio.Task[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        connections = self._server.connections
        connections.add(self)
        self._server.most_connections = max(self._server.most_connections, len(connections))

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._may_write.set()
        if self._task:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def drop(self) -> None:
        """Close at once."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while not self._task and (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head, self._unread = self._unread[:end], self._unread[end + 4 :]
            self._answer(_parse(head))

    def _answer(self, request: Request) -> None:
        assert self._transport is not None
        arrived = time.monotonic()
        response = self._server.answer(request)
        self._server.log.add(
            Logged(
                arrived, request.method, request.target, request.path, response.status,
                request.headers,
            )
        )  # fmt: skip
        keep = request.headers.get("connection", "").lower() != "close"
        if response.stream:
            self._transport.write(_head(response, None, keep=False))
            self._task = asyncio.get_running_loop().create_task(self._pour(response.stream()))
            return
        body = response.body
        head = _head(response, len(body), keep=keep)
        if request.method == "HEAD" or response.status == 304:
            body = b""
        self._transport.writelines((head, body[: response.cut]))
        if response.cut is not None or not keep:
            self._transport.close()

    async def _pour(self, pieces: AsyncIterator[bytes]) -> None:
        assert self._transport is not None
        async for piece in pieces:
            await self._may_write.wait()
            if self._transport.is_closing():
                return
            self._transport.write(piece)
            await asyncio.sleep(0)
        self._transport.close()


def _parse(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else {}
    return Request(method, target, unquote(parts.path), query, headers)


def _head(response: Response, length: int | None, *, keep: bool) -> bytes:
    phrase = _PHRASES.get(response.status, "Unknown")
    lines = [
        f"HTTP/1.1 {response.status} {phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {response.media_type}",
        *(f"{name}: {value}" for name, value in response.headers.items()),
    ]
    if length is not None and response.status != 304:
        lines.append(f"Content-Length: {length}")
    if not keep or response.cut is not None:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
