"""Every exception of newscrawl, in one place.

::

    NewscrawlError                      what stops a run; the message is for the person at the terminal
    ├── UsageError                      the command's arguments or settings are wrong
    │   ├── PathNotFoundError           nothing lies at the path
    │   ├── NoPagesError                the path holds no file
    │   ├── UnknownSiteError            ``-a site=`` names a site that is not declared
    │   ├── ContactError                NEWSCRAWL_CONTACT is missing or no address
    │   ├── RunIdTakenError             a drop of that run_id is published already
    │   └── RunMismatchError            an unfinished run of that run_id was begun with other arguments
    ├── SiteDeclarationError            two declared sites claim one name or domain
    ├── RunBusyError                    another process works on the same run
    ├── StorageError                    the disk, the spool or the output folder failed
    ├── StateError                      the state file is damaged, something else, or too new
    ├── DropInvalidError                a drop does not keep its contract and is not published
    ├── DropHeldError                   a check before publishing failed; the drop lies aside
    ├── InternalError                   an error of newscrawl's own, or of a pipeline
    └── PageError                       one page can't be read; becomes its ledger outcome
        ├── PageTooLargeError
        ├── BinaryPageError
        ├── UndecodablePageError
        ├── FeedError               what was asked for as a feed is none
        ├── SitemapError            what was asked for as a sitemap is none
        ├── FormatError             the file is of a format that is not read, or damaged
        ├── LayoutError             a page breaks what its site's layout declares
        └── FetchError                  an address is not asked for, or its answer is refused
            ├── BadURLError             no http(s) address, or one with a password in it
            ├── PrivateAddressError     the host lies in a network that pages may not send us to
            ├── RobotsError             robots.txt forbids it, or can't be had
            ├── RedirectError           redirects that loop, never end, or leave http(s)
            ├── RetryLaterError         the host asked to be left alone for longer than we wait
            ├── RenderError             a browser could not show the page
            ├── HostDownError           the host failed so often that this run gives it up
            └── StoppingError           the run ends before its turn came; ask again next time
    scrapy.exceptions.DropItem
    └── RejectItem                      one item is rejected; becomes a record of rejects.jsonl
        ├── InvalidItem                 a field has a value that the contract rules out
        ├── AmbiguousNumber             a printed number that can be read in two ways
        └── EmptyPost                   a post without text: counted in the ledger, no reject record
"""

from __future__ import annotations

import errno
import sqlite3
from typing import Self

from scrapy.exceptions import DropItem, IgnoreRequest

INTERNAL_ERROR = "internal-error"
"""The code of a page that an error of ours cost."""
PIPELINE_ERROR = "pipeline-error"
"""The code of an item that an exception in a pipeline cost, and of its page."""


class NewscrawlError(Exception):
    """What stops a run; its message says what was found, where, and what to do."""


class UsageError(NewscrawlError):
    """The command's arguments or settings are wrong."""


class PathNotFoundError(UsageError):
    """Nothing lies at the path that was to be replayed."""


class NoPagesError(UsageError):
    """The path that was to be replayed holds no file."""


class UnknownSiteError(UsageError):
    """``-a site=`` names a site that is not declared."""


class ContactError(UsageError):
    """NEWSCRAWL_CONTACT is missing, or neither an email address nor a web address."""


class RunIdTakenError(UsageError):
    """A drop with this run_id is already there."""


class RunMismatchError(UsageError):
    """An unfinished run of this run_id was begun with other arguments."""


class SiteDeclarationError(NewscrawlError):
    """Two declared sites claim one name or domain."""


class RunBusyError(NewscrawlError):
    """Another process works on the same run."""


class StorageError(NewscrawlError):
    """The disk, the spool or the output folder failed."""


def unwritable(what: str, error: sqlite3.Error | OSError) -> StorageError:
    """The end of a run whose disk can't be written; that space is missing is said where it is.

    Args:
        what: what can't be written.
        error: what the disk said.
    """
    when = "there is space" if is_full(error) else "the disk can be written again"
    return StorageError(
        f"{what} can't be written: {error}; what was spooled before is kept, repeat the command with "
        f"the same -a run_id= when {when}"
    )


def is_full(error: sqlite3.Error | OSError) -> bool:
    """Whether a disk said that there is no space left."""
    number = getattr(error, "errno", None)
    return number in _FULL or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StateError(NewscrawlError):
    """The state file is damaged, of something else, or newer than this program."""


class DropInvalidError(NewscrawlError):
    """A drop does not keep its contract; it is not published."""


class DropHeldError(NewscrawlError):
    """A check before publishing failed: the drop is whole, lies aside, and nobody is told of it."""


class InternalError(NewscrawlError):
    """An error of newscrawl's own, or of an operator's pipeline, that no page could bear alone."""

    @classmethod
    def of(cls, error: BaseException, run_id: str | None = None) -> Self:
        """The end of a run that met an exception that nobody foresaw.

        Args:
            error: what was met.
            run_id: of the run; None: it had not begun.
        """
        goes_on = f"what was extracted is kept, the same command with -a run_id={run_id} goes on. "
        return cls(
            f"an error of newscrawl's own ends the run: {one_line(error)}; nothing is published. "
            f"{goes_on if run_id else ''}Please report it"
        )


def one_line(error: BaseException, most: int = 300) -> str:
    """An exception's name and message as one short line, for the ledger and the log.

    >>> one_line(ValueError("no\\nnumber"))
    'ValueError: no number'
    """
    return " ".join(f"{type(error).__name__}: {error}".split())[:most]


class PageError(NewscrawlError):
    """One page can't be read; `code` becomes the start of its ledger reason."""

    code = "page-error"


class PageTooLargeError(PageError):
    """The page is larger than NEWSCRAWL_MAX_PAGE_BYTES."""

    code = "too-large"


class BinaryPageError(PageError):
    """The bytes are no text."""

    code = "binary"


class FormatError(PageError):
    """The file is of a known format that is not read, or of one that is and is damaged."""

    code = "format"


class LayoutError(PageError):
    """A page breaks what its site's layout declares."""

    code = "layout-broken"


class FeedError(PageError):
    """What was asked for as a feed is none, or nothing in it can be read."""

    code = "feed-broken"


class SitemapError(PageError):
    """What was asked for as a sitemap is none, or nothing in it can be read."""

    code = "sitemap-broken"


class UndecodablePageError(PageError):
    """No character encoding fits the bytes."""

    code = "undecodable"


class FetchError(PageError, IgnoreRequest):
    """An address is not asked for, or its answer is refused; its errback is told.

    Args:
        detail: what was found, where, and what to do.
        code: where the class's own is too general.
    """

    code = "fetch-error"

    def __init__(self, detail: str, code: str | None = None) -> None:
        super().__init__(detail)
        if code is not None:
            self.code = code

    def again(self) -> Self:
        """The same error for another request; an exception can be raised only once."""
        return type(self)(str(self), self.code)


class BadURLError(FetchError):
    """The address is none that a page may be fetched from."""

    code = "bad-url"


class PrivateAddressError(FetchError):
    """The host is in a private, local or reserved network and not in NEWSCRAWL_ALLOW_HOSTS."""

    code = "private-address"


class RobotsError(FetchError):
    """The host's robots.txt forbids the address, asks for too slow a pace, or can't be had."""

    code = "robots"


class RedirectError(FetchError):
    """Redirects that come back to where they were, are too many, or leave http and https."""

    code = "redirect"


class RetryLaterError(FetchError):
    """The host asked for a longer pause than NEWSCRAWL_MAX_RETRY_AFTER."""

    code = "retry-later"


class RenderError(FetchError):
    """A browser could not show the page."""

    code = "render-failed"


class HostDownError(FetchError):
    """NEWSCRAWL_MAX_HOST_FAILURES pages of the host failed in a row."""

    code = "host-down"


class StoppingError(FetchError):
    """The run ends before the request's turn came: no failure of the page."""

    code = "stopping"


class RejectItem(DropItem):
    """One item is rejected; `code` becomes the reject record's reason.

    Args:
        detail: what was found and where, for the reject record.
        excerpt: the start of the offending text.
    """

    code = "rejected"

    def __init__(self, detail: str, excerpt: str = "") -> None:
        super().__init__(f"{self.code}: {detail}")
        self.detail = detail
        self.excerpt = excerpt[:200]


class InvalidItem(RejectItem):
    """A field has a value that the contract rules out."""

    code = "invalid-item"


class AmbiguousNumber(RejectItem):
    """A printed number can be read in two ways ("1,234")."""

    code = "ambiguous-number"


class EmptyPost(RejectItem):
    """A post without any text; the ledger counts it in `empty_posts`."""

    code = "empty-post"
