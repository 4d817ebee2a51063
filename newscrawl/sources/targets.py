"""The sites of a live crawl: where it begins at each, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.addresses.canonical import request_url
from newscrawl.addresses.domains import domain_of
from newscrawl.errors import UsageError
from newscrawl.sites import Site, site_named


@dataclass(slots=True)
class Target:
    """A site that is crawled.

    Attributes:
        name: in run_id, queue and state.
        starts: where the crawl begins.
        domains: registrable domains (or host and port) that belong to it.
        site: the declared site, or None.
        in_flight: addresses that are being asked for, with their priority.
    """

    name: str
    starts: tuple[str, ...]
    domains: frozenset[str]
    site: Site | None = None
    in_flight: dict[str, int] = field(default_factory=dict)

    def has(self, url: str) -> bool:
        """Whether an address belongs to it."""
        return domain_of(url) in self.domains


def find_targets(sites: str | None, url: str | None) -> list[Target]:
    """The targets that an operator names.

    Args:
        sites: declared sites, parted by commas; or None.
        url: where to begin on any site; or None.

    Raises:
        UsageError: both or neither are given, the address is none, or a site is not declared or
            declares no address to begin at.
    """
    if bool(sites) == bool(url):
        raise UsageError(
            "live needs -a site=NAME[,NAME…] (declared sites) or -a url=https://… (any site), "
            f"not {'both' if url else 'neither'}"
        )
    if url:
        start = request_url(url)
        if start is None:
            raise UsageError(f"-a url={url!r} is no http or https address")
        domain = domain_of(start)
        return [Target(domain.replace(":", "-"), (start,), frozenset({domain}))]
    names = [name.strip() for name in (sites or "").split(",") if name.strip()]
    return [target_of(site) for site in dict.fromkeys(site_named(name) for name in names)]


def target_of(site: Site) -> Target:
    """A declared site as a target.

    Raises:
        UsageError: it declares no address to begin at.
    """
    starts = site.starts or tuple(f"https://{domain}/" for domain in site.domains[:1])
    if not starts:
        raise UsageError(
            f"the site {site.name} declares no address to start from; give one with -a url="
        )
    domains = site.domains or tuple(domain_of(url) for url in starts)
    return Target(site.name, starts, frozenset(domains), site)
