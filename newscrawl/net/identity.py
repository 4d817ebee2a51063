"""Who the crawler says it is: ``newscrawl/0.1.0 (+https://example.org/bot)``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import idna

from newscrawl import __version__
from newscrawl.errors import ContactError

PRODUCT = "newscrawl"
"""The product token: the name that groups of a robots.txt are looked up by (RFC 9309, 2.2.1)."""

# Light on purpose: a contact is written by the operator, not by a stranger. Parentheses,
# spaces and control characters would end the comment that it stands in (RFC 9110, 5.6.5).
_EMAIL = re.compile(r"[^\s@()<>\\\"]+@[^\s@()<>\\\"]+\.[^\s@()<>\\\".]+")
_WEB = re.compile(r"https?://[^\s()<>\\\"]+", re.IGNORECASE)
_NAME = re.compile(r"([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}\.?")
_HOW = (
    "Site owners must be able to reach you. Set it on the command line, "
    "-s NEWSCRAWL_CONTACT=crawler@your-domain.org or "
    "-s NEWSCRAWL_CONTACT=https://your-domain.org/crawler, or in the project's settings"
)


def user_agent(contact: str | None) -> str:
    """Make the User-Agent header.

    Args:
        contact: the setting NEWSCRAWL_CONTACT: an email address or the address of a web page;
            a host or local part in other scripts is written in ASCII (IDNA, percent encoding).

    Raises:
        ContactError: it is missing or neither of the two.

    >>> user_agent("crawler@news.example").split(" ", 1)[1]
    '(+crawler@news.example)'
    >>> user_agent("https://bücher.example/über").split(" ", 1)[1]
    '(+https://xn--bcher-kva.example/%C3%BCber)'
    """
    contact = (contact or "").strip()
    if not contact:
        raise ContactError(f"NEWSCRAWL_CONTACT is not set. {_HOW}.")
    return f"{PRODUCT}/{__version__} (+{_ascii(contact)})"


def _ascii(contact: str) -> str:
    """The contact in ASCII."""
    try:
        if _WEB.fullmatch(contact):
            parts = urlsplit(contact)
            host = parts.hostname or ""
            if not parts.username:
                netloc = _public_name(host) + (f":{parts.port}" if parts.port else "")
                rest = contact.split("://", 1)[1].removeprefix(parts.netloc)
                return f"{parts.scheme}://{netloc}{_percent(rest)}"
        elif _EMAIL.fullmatch(contact.removeprefix("mailto:")):
            local, _, host = contact.removeprefix("mailto:").rpartition("@")
            return f"{_percent(local)}@{_public_name(host)}"
    except ValueError:  # of a port, of IDNA
        pass
    raise ContactError(
        f"NEWSCRAWL_CONTACT={contact!r} is neither an email address nor a web address "
        f"(http:// or https://). {_HOW}."
    )


def _public_name(host: str) -> str:
    """The host in ASCII.

    Raises:
        ValueError: nobody outside could find it.
    """
    host = ascii_host(host)
    if not _NAME.fullmatch(host):
        raise ValueError(f"{host!r} is no full host name")
    return host


def ascii_host(host: str) -> str:
    """A host name as DNS and HTTP write it.

    Args:
        host: IDNA 2008 is tried first, then 2003 for what 2008 rules out (emoji, underscores).

    Raises:
        ValueError: it is no host name in either.

    >>> ascii_host("Straße.example")
    'xn--strae-oqa.example'
    """
    host = host.lower()
    if host.isascii():
        return host
    try:
        return idna.encode(host).decode("ascii")
    except idna.IDNAError:
        return host.encode("idna").decode("ascii")


def _percent(text: str) -> str:
    """Percent-encode what is not printable ASCII."""
    return "".join(
        char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in text
    )
