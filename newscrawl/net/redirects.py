"""Redirects, followed as Scrapy does, with what it lacks: loops are found, dead ends are told."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlparse

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawl.errors import RedirectError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_META_REFRESH = re.compile(rb"http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
_META_REFRESH_WITHIN = 4096  # characters; w3lib's get_meta_refresh looks no further


class HTTPRedirectMiddleware(RedirectMiddleware):
    """Follows Location headers, REDIRECT_MAX_TIMES at most, and never in a circle.

    No Referer is sent. The address that a page was first asked for at is
    ``meta["redirect_urls"][0]``.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        # With cookies, a page may send us to itself once, to see whether they come back.
        self._times_a_url = 2 if settings.getbool("COOKIES_ENABLED") else 1

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send none."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Look for no middleware that sets the Referer."""

    def process_response(  # type: ignore[override]  # Scrapy's signature is wider
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow a redirect.

        Raises:
            RedirectError: it is a loop, one too many, or leads out of http and https.
        """
        try:
            result = super().process_response(request, response)
        except IgnoreRequest:
            raise RedirectError(
                f"more than {request.meta.get('redirect_times', 0)} redirects, "
                f"at last from {request.url[:200]}"
            ) from None
        except ValueError as error:  # urljoin and Request on what is no address
            raise RedirectError(f"Location is no address: {_location(response)}: {error}") from None
        if isinstance(result, Request):
            _check_loop(result, self._times_a_url)
        elif response.status in _REDIRECTS and "Location" in response.headers:
            target = urljoin(request.url, _location(response))
            if urlparse(target).scheme not in ("http", "https"):
                raise RedirectError(f"Location is neither http nor https: {target[:200]}")
        return result


class RefreshMiddleware(MetaRefreshMiddleware):
    """Follows ``<meta http-equiv=refresh>`` that fires within METAREFRESH_MAXDELAY seconds.

    A page that reloads itself is a page; Scrapy would follow it until the redirects run out.
    """

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send none."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Look for no middleware that sets the Referer."""

    def process_response(  # type: ignore[override]  # Scrapy's signature is wider
        self, request: Request, response: Response
    ) -> Request | Response:
        """Follow a refresh to another address.

        Raises:
            RedirectError: it is a loop, or one too many.
        """
        # Scrapy decodes the whole page to find the tag, which costs more than all else here.
        if not _META_REFRESH.search(response.body, 0, _META_REFRESH_WITHIN):
            return response
        try:
            result = super().process_response(request, response)
        except IgnoreRequest:
            raise RedirectError(
                f"more than {request.meta.get('redirect_times', 0)} redirects, "
                f"at last a meta refresh of {request.url[:200]}"
            ) from None
        except ValueError:  # what is no address is no redirect
            return response
        if isinstance(result, Request):
            if result.url == request.url:
                return response
            _check_loop(result, 1)
        return result


def _location(response: Response) -> str:
    return (response.headers.get("Location") or b"").decode("latin-1").strip()[:200]


def _check_loop(redirected: Request, times: int) -> None:
    """Raise if the chain of redirects comes back to where it was.

    Raises:
        RedirectError: it does.
    """
    chain: list[str] = redirected.meta.get("redirect_urls", [])
    if chain.count(redirected.url) >= times:
        path = " → ".join(url[:100] for url in [*chain[-3:], redirected.url])
        raise RedirectError(f"a loop: {path}")
