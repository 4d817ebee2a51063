"""One stable code for each way in which fetching a page can fail.

A code is what ledgers, dashboards and tests compare; the detail behind it is for people.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from service_identity import VerificationError
from twisted.internet import error as net_errors
from twisted.python.failure import Failure

from newscrawl.errors import PageError
from newscrawl.sources.internals import DecompressionMaxSizeExceeded, ParseError, ResponseFailed

_LONGEST_DETAIL = 300

# The first class that fits any exception of the chain decides; so causes stand before the
# general failures that wrap them.
_CODES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str | None], ...] = (
    (DecompressionMaxSizeExceeded, "too-large", "the page unpacks to more than the limit"),
    (VerificationError, "bad-certificate", "the certificate is not for this host"),
    (scrapy_errors.CannotResolveHostError, "dns", "the host name has no address"),
    (net_errors.DNSLookupError, "dns", "the host name has no address"),
    (scrapy_errors.DownloadTimeoutError, "timeout", None),
    (net_errors.TimeoutError, "timeout", "no connection in time"),
    (TimeoutError, "timeout", None),
    (scrapy_errors.DownloadConnectionRefusedError, "refused", "the host refuses connections"),
    (net_errors.ConnectionRefusedError, "refused", "the host refuses connections"),
    (scrapy_errors.ResponseDataLossError, "truncated", "the connection ended within the page"),
    (ParseError, "bad-http", None),
    ((net_errors.ConnectionLost, net_errors.ConnectionDone), "connection-lost",
     "the host closed the connection without an answer"),
    (net_errors.ConnectError, "unreachable", None),
    (TunnelError, "proxy", None),
    (scrapy_errors.DownloadCancelledError, "too-large", "the page is longer than the limit"),
    ((scrapy_errors.UnsupportedURLSchemeError, scrapy_errors.NotSupported), "bad-url", None),
    (UnicodeError, "bad-url", None),
    ((zlib.error, EOFError), "bad-encoding", "the page's compression is broken"),
    (scrapy_errors.DownloadFailedError, "connection-lost", None),
    (scrapy_errors.IgnoreRequest, "ignored", None),
    (OSError, "unreachable", None),
)  # fmt: skip


def failure_code(failure: Failure | BaseException) -> str:
    """Say in one line why a page was not fetched.

    Args:
        failure: what Scrapy hands to an errback, or the exception itself.

    Returns:
        "code: detail", one line, no traceback. Codes: those of `newscrawl.errors.FetchError`'s
        subclasses, and bad-certificate, bad-encoding, bad-http, bad-url, connection-lost, dns,
        ignored, proxy, refused, timeout, tls, too-large, truncated, unreachable; "error" with
        the exception's name for what nobody foresaw.

    >>> failure_code(TimeoutError("no answer within 30 seconds"))
    'timeout: no answer within 30 seconds'
    """
    error = failure.value if isinstance(failure, Failure) else failure
    code, detail = _code_and_detail(error or RuntimeError("an empty failure"))
    return f"{code}: {' '.join(detail.split())[:_LONGEST_DETAIL]}"


def _code_and_detail(error: BaseException) -> tuple[str, str]:
    if isinstance(error, PageError):
        return error.code, str(error)
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, SSL.Error):
            return _tls(cause)
        if _is_broken_compression(cause):
            return "bad-encoding", f"the page's compression is broken ({cause})"
    for kinds, code, detail in _CODES:
        for cause in chain:
            if isinstance(cause, kinds):
                return code, detail or _text(cause)
    if isinstance(error, ValueError) and ("hostname" in str(error) or "URI" in str(error)):
        return "bad-url", str(error)  # Twisted has no class for these
    return "error", f"{type(error).__name__}: {error}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, what caused it, and what Twisted packed into it; deepest last."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.append(current.__cause__)
        if isinstance(current, ResponseFailed):
            waiting.extend(reason.value for reason in current.reasons)


def _text(error: BaseException) -> str:
    # Twisted's errors begin with a sentence of their own, which is a docstring.
    return str(error) or type(error).__name__


def _tls(error: SSL.Error) -> tuple[str, str]:
    """Read OpenSSL's list of (library, function, reason)."""
    entries = error.args[0] if error.args and isinstance(error.args[0], (list, tuple)) else []
    reasons = [entry[-1] for entry in entries if isinstance(entry, tuple) and entry]
    reason = "; ".join(filter(None, reasons)) or type(error).__name__
    if "certificate" in reason and "alert" not in reason:
        return "bad-certificate", f"the certificate is not to be trusted ({reason})"
    return "tls", f"no secure connection ({reason})"


def _is_broken_compression(error: BaseException) -> bool:
    """Whether a decompressor gave up; theirs have no common class, and brotli has two homes."""
    return type(error).__name__ == "BadGzipFile" or type(error).__module__.split(".")[0] in (
        "brotli", "brotlicffi", "_brotli", "_zstd", "backports", "compression",
    )  # fmt: skip
