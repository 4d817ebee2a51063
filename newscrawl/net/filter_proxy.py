"""The only way out for a browser: a proxy on loopback that knows the address guard.

A browser resolves names and follows redirects by itself, runs scripts that open connections
of every kind, and asks nobody in between: Playwright's request interception sees no redirect,
no worker and no socket. So the browser is told that this proxy is its only way, and the guard
checks each address that is connected to, after resolution, in the place that connects.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.utils.datatypes import LocalCache

from newscrawl.errors import BadURLError, PrivateAddressError
from newscrawl.net.guard import AllowedHosts, refusal
from newscrawl.net.identity import ascii_host

_HEAD_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024
# Of one page and of one connection, not of the page asked for; they go no further.
_HOP_BY_HOP = (b"connection:", b"proxy-connection:", b"proxy-authorization:", b"keep-alive:")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where a client wants to go.

    Attributes:
        host, port: as the client writes them.
        head: what the server is sent first; empty for a tunnel.
    """

    host: str
    port: int
    head: bytes


class FilterProxy:
    """Forwards http requests and CONNECT tunnels to public addresses.

    Args:
        allowed: hosts that may lie in a private network.
        max_bytes: a connection is cut after so many bytes from the server.
        seconds: and after so long.

    Attributes:
        refused: why a host and port were refused when they were last asked for; bounded.
    """

    def __init__(self, allowed: AllowedHosts, max_bytes: int, seconds: float) -> None:
        self.refused: dict[tuple[str, int], str] = LocalCache(10_000)
        self._allowed = allowed
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._listener: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1; returns the proxy's address."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
        return f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Cut every connection and stop listening."""
        if self._listener is not None:
            self._listener.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # the server made one
        self._open.add(task)
        try:
            async with asyncio.timeout(self._seconds):
                await self._forward(reader, writer)
        # A browser's connections break all the time, and it copes.
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _forward(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        try:
            asked = _asked(head)
        except BadURLError:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        try:
            server_reader, server_writer = await self._connect(asked.host, asked.port)
        except PrivateAddressError as error:
            # Without an answer: a page from us could pass for the site's own.
            self.refused[asked.host, asked.port] = str(error)
            return
        try:
            if asked.head:
                server_writer.write(asked.head)
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            upward = asyncio.create_task(_pipe(reader, server_writer, None))
            try:
                await _pipe(server_reader, writer, self._max_bytes)
            finally:
                upward.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await upward
        finally:
            server_writer.close()

    async def _connect(self, host: str, port: int) -> tuple[StreamReader, StreamWriter]:
        """Connect to the very address that was checked.

        Raises:
            PrivateAddressError: the host has addresses, and none of them is public.
            OSError: it has none, or none answers.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(ascii_host(host), port, type=socket.SOCK_STREAM)
        except ValueError as error:
            raise OSError(f"{host!r} is no host name") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        reason = None
        if not self._allowed.covers(host, port):
            reasons = {address: refusal(address) for address in addresses}
            addresses = [address for address in addresses if reasons[address] is None]
            reason = next(filter(None, reasons.values()), None)
        if not addresses and reason:
            raise PrivateAddressError(
                f"{host} is {reason}, not on the public Internet; "
                f"NEWSCRAWL_ALLOW_HOSTS={host}:{port} allows it by name"
            )
        failure: OSError = OSError(f"{host!r} has no address")
        for address in addresses:
            try:
                return await asyncio.open_connection(address, port)
            except OSError as error:
                failure = error
        raise failure


def _asked(head: bytes) -> _Asked:
    """Read the head of a request to a proxy (RFC 9112, 3.2.2 and 3.2.3).

    Raises:
        BadURLError: it is neither a CONNECT to a host and port nor a request for an http address.
    """
    line, *fields = head[:-4].split(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        if method == "CONNECT":
            parts = urlsplit(f"//{target}")
            port = parts.port
        else:
            parts = urlsplit(target)
            port = parts.port or 80
        host = parts.hostname
    except ValueError:
        raise BadURLError(f"{line[:200]!r} is no request to a proxy") from None
    if not host or not port or (method != "CONNECT" and parts.scheme != "http"):
        raise BadURLError(f"{line[:200]!r} asks for neither http nor a tunnel")
    if method == "CONNECT":
        return _Asked(host, port, b"")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    # One request a connection, so that the next one can't go to the same server unchecked.
    lines = [f"{method} {path} {version}".encode(), *kept, b"Connection: close", b"", b""]
    return _Asked(host, port, b"\r\n".join(lines))


async def _pipe(source: StreamReader, target: StreamWriter, most: int | None) -> None:
    """Copy until the source ends or `most` bytes have passed."""
    passed = 0
    while piece := await source.read(_PIECE_BYTES):
        passed += len(piece)
        if most is not None and passed > most:
            return
        target.write(piece)
        await target.drain()
