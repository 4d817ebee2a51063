"""Nothing that a page says makes the crawler talk to a private network.

The check stands where names become addresses: Scrapy's HTTP/1.1 and HTTP/2 handlers both connect
through Twisted's ``HostnameEndpoint``, which asks the reactor's name resolver for every host,
numbers included (``127.0.0.1``, ``0x7f.1``, ``2130706433``, ``[::1]``), and then connects to
the very addresses that the resolver gave. So one resolver that gives public addresses only
sees every page, redirect and robots.txt, and nothing can change between check and connection.
An early check of URLs could be talked round by a name that resolves differently the next time.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Self
from urllib.parse import ParseResult

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingHostnameResolver, HostResolution
from scrapy.utils.datatypes import LocalCache
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]  # the package has no types

from newscrawl.errors import BadURLError, PrivateAddressError, UsageError
from newscrawl.net.identity import ascii_host

# Addresses that the lists of special ranges call public, and clouds answer secrets on:
# Azure's WireServer. (The others, 169.254.169.254, fd00:ec2::254, 100.100.100.200 and
# 192.0.0.192, lie in ranges that are refused anyway.)
_METADATA = frozenset({IPv4Address("168.63.129.16")})
# Special ranges of IANA's registries that `ipaddress` learnt of only after Python 3.11.
_SPECIAL = tuple(ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4 and IANA: nothing else is routed
# Prefixes whose last 32 bits are an IPv4 address: mapped (RFC 4291), compatible (deprecated),
# translated (RFC 2765), NAT64 (RFC 6052).
_IPV4_INSIDE = tuple(
    ip_network(prefix) for prefix in ("::ffff:0:0/96", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96")
)
_NAT64 = _IPV4_INSIDE[-1]
_NO_HOST = re.compile(r"[\s\x00-\x20\x7f/\\?#@]")


@lru_cache(maxsize=4096)
def refusal(address: str) -> str | None:
    """Why an address is not connected to, or None for a public one.

    Args:
        address: an IPv4 or IPv6 address, with or without a zone ("fe80::1%eth0").

    Returns:
        What it is ("loopback", "private", …): IANA's special-purpose registries as `ipaddress`
        knows them, cloud metadata, and whatever of these is written inside an IPv6 address.

    Raises:
        ValueError: it is no address.

    >>> refusal("169.254.169.254")
    'link-local'
    >>> refusal("64:ff9b::a00:1")
    'private (10.0.0.1 inside)'
    >>> refusal("93.184.215.14")
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and (inside := _ipv4_inside(ip)) is not None:
        if reason := _kind(inside):
            return f"{reason} ({inside} inside)"
        return None if ip in _NAT64 or ip.ipv4_mapped or ip.sixtofour else "reserved"
    return _kind(ip)


def _ipv4_inside(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address is another writing of, or tunnels to."""
    if ip in (IPv6Address("::"), IPv6Address("::1")):
        return None
    if any(ip in prefix for prefix in _IPV4_INSIDE):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour


def _kind(ip: IPv4Address | IPv6Address) -> str | None:
    if ip.is_loopback:
        return "loopback"
    if ip.is_unspecified:
        return "unspecified"
    if ip.is_link_local:
        return "link-local"
    if ip.is_multicast:
        return "multicast"
    if ip in _METADATA:
        return "cloud metadata"
    if ip.is_reserved or any(ip in net for net in _SPECIAL):
        return "reserved"
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST and not ip.is_private:
        return "reserved"
    # is_global is false for shared address space (100.64.0.0/10) too, is_private is not true.
    return None if ip.is_global else "private"


class AllowedHosts:
    """Hosts that may lie in a private network because the operator names them.

    Args:
        entries: ``host`` or ``host:port``, IPv6 in brackets. A host matches as the URL writes
            it, not by what it resolves to: ``127.0.0.1:8188`` does not allow ``localhost:8188``,
            nor a stranger's name that points there. Without a port, all ports.

    Raises:
        UsageError: an entry is neither.

    >>> AllowedHosts(["localhost:9000"]).covers("localhost", 9000)
    True
    >>> AllowedHosts(["localhost:9000"]).covers("localhost", 80)
    False
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries = frozenset(_host_and_port(entry) for entry in entries if entry.strip())

    def covers(self, host: str, port: int) -> bool:
        """Whether the operator allows the host, at that port."""
        return (host, port) in self._entries or (host, None) in self._entries


def _host_and_port(entry: str) -> tuple[str, int | None]:
    entry = entry.strip()
    if entry.startswith("["):
        host, bracket, rest = entry[1:].partition("]")
        good = bool(bracket) and (not rest or rest.startswith(":"))
        port = rest.removeprefix(":")
    else:
        host, colon, port = entry.partition(":")
        good = not any(char in host for char in "/@*") and (bool(port) or not colon)
    if not (good and host and (not port or (port.isdecimal() and 0 < int(port) < 65536))):
        raise UsageError(
            f"NEWSCRAWL_ALLOW_HOSTS: {entry!r} is neither a host nor host:port "
            "(127.0.0.1:8188, localhost, [::1]:8080), separated by commas."
        )
    return ascii_host(host), int(port) if port else None


def allowed_hosts(settings: Any) -> AllowedHosts:
    """Read NEWSCRAWL_ALLOW_HOSTS, a list or a text with commas.

    Raises:
        UsageError: an entry is no host.
    """
    return AllowedHosts(settings.getlist("NEWSCRAWL_ALLOW_HOSTS"))


def check_url(parts: ParseResult) -> None:
    """Refuse what is no web page's address, before anything is asked.

    Raises:
        BadURLError: the scheme is not http or https, there is no host, the port is none, or
            a user name stands before the host.
    """
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:  # the port is no number
        raise BadURLError(f"{parts.geturl()[:200]} has no valid port: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise BadURLError(
            f"{parts.geturl()[:200]} is neither http nor https; nothing else is fetched"
        )
    if not host or port == 0 or _NO_HOST.search(host):
        raise BadURLError(f"{parts.geturl()[:200]} names no host and port that can be asked")
    if parts.username is not None or parts.password is not None:
        raise BadURLError(f"the address carries a user name before {host}; it is not sent")


def check_literal(host: str) -> None:
    """Refuse a host that is itself a private address, in any way of writing it.

    Only for what the resolver does not see: a proxy resolves names by itself.

    Raises:
        PrivateAddressError: it is one.
    """
    try:
        address = str(ip_address(host.partition("%")[0]))
    except ValueError:
        try:
            address = socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return  # a name
    if reason := refusal(address):
        raise _private(host, address, reason)


def _private(host: str, address: str, reason: str) -> PrivateAddressError:
    where = address if host == address else f"{host} ({address})"
    return PrivateAddressError(
        f"{where} is {reason}, not on the public Internet; "
        "NEWSCRAWL_ALLOW_HOSTS=host:port allows it by name"
    )


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes public addresses on; notes why when a name has none."""

    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refused = refused
        self._passed = False
        self._private: tuple[str, str] | None = None

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803  # the interface's name
        """See IResolutionReceiver."""
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802  # the interface's name
        """Pass the address on, if pages may send us there."""
        host: str = address.host
        if reason := refusal(host):
            self._private = host, reason
        else:
            self._passed = True
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802  # the interface's name
        """Note the refusal first: whoever waits for the addresses goes on at once."""
        if self._private and not self._passed:
            self._refused[self._host] = str(_private(self._host, *self._private))
        else:
            self._refused.pop(self._host, None)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """The reactor's resolver: the system's, cached, IPv4 and IPv6, public addresses only.

    Hosts of NEWSCRAWL_ALLOW_HOSTS pass as they are.

    Attributes:
        refused: why a host was refused when it was last resolved; bounded.
    """

    def __init__(self, reactor: Any, cache_size: int, allowed: AllowedHosts) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = allowed
        self.refused: dict[str, str] = LocalCache(10_000)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Read the settings (Scrapy passes its process here, which has nothing else)."""
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache_size, allowed_hosts(settings))

    def resolveHostName(  # noqa: N802  # the interface's name
        self,
        resolutionReceiver: Any,  # noqa: N803  # the interface's name
        hostName: str,  # noqa: N803  # the interface's name
        portNumber: int = 0,  # noqa: N803  # the interface's name
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803  # the interface's name
        transportSemantics: str = "TCP",  # noqa: N803  # the interface's name
    ) -> IHostResolution:
        """See IHostnameResolver."""
        try:
            # Twisted hands the host over decoded; the system would encode it as IDNA 2003.
            host = ascii_host(hostName)
        except ValueError:
            host = ""
        if not _is_name(host):  # the system raises where Twisted does not look, and it would hang
            resolution: Any = HostResolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            resolutionReceiver.resolutionComplete()
            return resolution  # type: ignore[no-any-return]  # zope.interface has no types
        receiver = resolutionReceiver
        if not self._allowed.covers(host, portNumber):
            receiver = _PublicOnly(receiver, host, self.refused)
        return super().resolveHostName(receiver, host, portNumber, addressTypes, transportSemantics)


def _is_name(host: str) -> bool:
    """Whether the lengths are those of a name (RFC 1035, 2.3.4), or it is an IPv6 address."""
    labels = host.removesuffix(".").split(".")
    return len(host) < 255 and all(0 < len(label) < 64 for label in labels)


class GuardMiddleware:
    """Says why a host was refused, and that nothing is asked without the guard."""

    def __init__(self, settings: Any) -> None:
        self._allowed = allowed_hosts(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read NEWSCRAWL_ALLOW_HOSTS.

        Raises:
            UsageError: it is wrong.
        """
        return cls(crawler.settings)

    def process_request(self, request: Request) -> None:
        """Refuse what is no page's address.

        Raises:
            BadURLError: see `check_url`.
            PrivateAddressError: a proxy is asked for a private address.
            UsageError: another resolver than `GuardedResolver` is in place.
        """
        parts = urlparse_cached(request)
        check_url(parts)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if request.meta.get("proxy") and not self._allowed.covers(host, port):
            check_literal(host)
        _resolver()

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell a refused host from one that has no address.

        Raises:
            PrivateAddressError: the resolver refused it.
        """
        if isinstance(exception, CannotResolveHostError):
            host = urlparse_cached(request).hostname or ""  # Request has it in ASCII
            if why := _resolver().refused.get(host):
                raise PrivateAddressError(why) from exception


def _resolver() -> GuardedResolver:
    from twisted.internet import reactor  # chosen by Scrapy's settings, so not at import

    resolver = reactor.nameResolver
    if not isinstance(resolver, GuardedResolver):
        raise UsageError(
            f"the reactor resolves names with {type(resolver).__name__}; live crawling needs "
            "TWISTED_DNS_RESOLVER=newscrawl.net.guard.GuardedResolver in the project's settings"
        )
    return resolver
