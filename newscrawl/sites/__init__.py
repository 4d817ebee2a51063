"""The declared sites: one small file each, registered by being in this folder.

To add one, write a file with a subclass of `Site`; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from newscrawl.errors import SiteDeclarationError, UnknownSiteError
from newscrawl.page import Page
from newscrawl.sites.base import Site, Undeclared

__all__ = ["Site", "Undeclared", "declared_sites", "site_named", "site_of"]


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


def site_of(page: Page) -> Site:
    """The site that a page's own signature names; `Undeclared` where there is none.

    Raises:
        PageError: the page can't be read.
    """
    for site in declared_sites().values():
        if site.claims(page):
            return site
    return declared_sites()[Undeclared.name]
