"""The declared sites: one small file each, registered by being in this folder.

To add one, write a file with a subclass of `Site`; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from newscrawl.addresses.domains import registrable_domain
from newscrawl.errors import SiteDeclarationError, UnknownSiteError
from newscrawl.page import Page
from newscrawl.sites.base import Site, Undeclared

__all__ = ["Site", "Undeclared", "declared_sites", "site_called", "site_named", "site_of"]


@cache
def declared_sites() -> dict[str, Site]:
    """Every declared site by name, sorted.

    Raises:
        SiteDeclarationError: two sites claim one name or one domain.
    """
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    sites: dict[str, Site] = {}
    owners: dict[str, str] = {}
    for cls in sorted(Site.__subclasses__(), key=lambda cls: cls.__module__):
        for claim in {cls.name, *cls.domains}:
            if claim in owners:
                raise SiteDeclarationError(
                    f"{cls.__module__} and {owners[claim]} both claim {claim!r}; "
                    "a name or domain belongs to one site"
                )
            owners[claim] = cls.__module__
        sites[cls.name] = cls()
    return dict(sorted(sites.items()))


def site_named(name: str) -> Site:
    """The declared site of that name or domain.

    Raises:
        UnknownSiteError: none is declared.
    """
    for site in declared_sites().values():
        if name == site.name or name in site.domains:
            return site
    raise UnknownSiteError(
        f"no site {name!r} is declared; there are: {', '.join(declared_sites())}. "
        "To declare one, add a file to newscrawl/sites/"
    )


def site_called(name: str) -> Site:
    """The site whose pages are replayed: a declared one, or any that is named by its domain.

    Raises:
        UnknownSiteError: the name is no domain, and none of that name is declared.
    """
    try:
        return site_named(name)
    except UnknownSiteError:
        if _HOST.fullmatch(name.lower()):
            return _undeclared_site(_domain_named(name.lower()))
        raise


# A host's name; the last part of a version or a number is no letters.
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z][a-z0-9-]{1,62}")


@cache
def _undeclared_site(domain: str) -> Site:
    """The site of a domain that nobody declared."""
    site: Site = type("NamedByDomain", (Undeclared,), {"name": domain, "domains": (domain,)})()
    return site


def _domain_named(host: str) -> str:
    """The registrable domain of a host, whatever its suffix."""
    return (registrable_domain(f"https://{host}/") or host).removeprefix("www.")


def site_of(page: Page) -> Site:
    """The site that a page belongs to: by its address, the one it names, or its signature.

    Raises:
        PageError: the page can't be read.
    """
    sites = declared_sites()
    if page.media_type == "text/plain" and not page.url:
        for site in sites.values():
            if site.claims_text(page.text):
                return site
        host = _host_in_text(page.text) or _host_in_path(page.name)
        domain = _domain_named(host) if host else None
        named = [site for site in sites.values() if domain in site.domains]
        return named[0] if named else _undeclared_site(domain) if domain else sites[Undeclared.name]
    domain = registrable_domain(page.url or _named_address(page.body))
    for site in sites.values():
        if domain in site.domains:
            return site
    return sites[Undeclared.name]


# A dump's first line may say where it comes from, with a label before it ("Source: ").
_FROM_LINE = re.compile(r"(?:[^\W\d]{2,12}:\s?)?(https?://\S{4,2000})")
_FROM_LINES = 3


def _host_in_text(text: str) -> str | None:
    """The host of the address that one of a dump's first lines is."""
    lines = [line.strip() for line in text[:_HEAD_BYTES].splitlines() if line.strip()]
    found = (_FROM_LINE.fullmatch(line) for line in lines[:_FROM_LINES])
    return next((registrable_domain(match[1]) for match in found if match), None)


def _host_in_path(name: str) -> str | None:
    """The outermost folder that is called like a host ("www.site.example/a.txt")."""
    folders = (part.lower() for part in name.split("/")[:-1])
    return next((folder for folder in folders if _HOST.fullmatch(folder)), None)


# What a page says of its own address stands in its head.
_HEAD_BYTES = 64 * 1024
_HEAD_TAG = re.compile(rb"<(?:link|meta)\s[^<>]{0,4000}", re.IGNORECASE)
_NAMES_ADDRESS = re.compile(rb"""\brel=["']?canonical\b|\bog:url["']""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\b(?:href|content)=["']([^"']+)""", re.IGNORECASE)


def _named_address(body: bytes) -> str | None:
    for tag in _HEAD_TAG.findall(body[:_HEAD_BYTES]):
        match = _ADDRESS.search(tag) if _NAMES_ADDRESS.search(tag) else None
        if match:
            return str(match[1], "utf-8", "replace")
    return None
