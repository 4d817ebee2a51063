"""An S3 server of this machine (moto) that can be made to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class _Silent(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        pass


class Server:
    """The server, as an application around moto's own.

    Attributes:
        writes: paths of the objects that it was asked to write, in order.
        fails_from: the number of the write from which on it refuses all, 1 for the first; None: it is well.
        loses_answers: what it refuses is done, and only the answer says that it was not.
    """

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.url = ""
        self.heal()

    def heal(self) -> None:
        """Work well from now on."""
        self.writes: list[str] = []
        self.fails_from: int | None = None
        self.loses_answers = False

    def __call__(self, environ: dict[str, Any], respond: Any) -> Any:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "PUT" or path.count("/") < 2:
            return self._moto(environ, respond)
        with self._lock:
            self.writes.append(path)
            is_failing = self.fails_from is not None and len(self.writes) >= self.fails_from
        if not is_failing:
            return self._moto(environ, respond)
        if self.loses_answers:
            list(self._moto(environ, lambda *answer: None))
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        respond("403 Forbidden", [("Content-Type", "application/xml"), ("Connection", "close")])
        return [b"<Error><Code>AccessDenied</Code><Message>The disk is full</Message></Error>"]

    def client(self) -> Any:
        """A client that looks at what it holds."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
        )


@contextmanager
def serving() -> Iterator[Server]:
    """A server on loopback."""
    server = Server()
    http = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Silent)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
