"""The spool: everything that a run has extracted so far, on disk.

A page is in the spool whole or not at all, so a run that was killed goes on with the
pages that are missing. Pages that come within a fifth of a second share a transaction; slower
ones have one each. The spool belongs to one run and is deleted when its drop is published; it
is no interface.

It is one SQLite file with four duties, a module each: pages are collected, texts cleaned,
sightings merged into records, and records linked. `Spool` is the face of all.
"""

from newscrawl.store.spool.clean import PrintedBody
from newscrawl.store.spool.collect import LINGER, PageContent, Spool
from newscrawl.store.spool.records import Record, RecordText
from newscrawl.store.spool.sightings import KEYS, SpooledPrint

__all__ = [
    "KEYS",
    "LINGER",
    "PageContent",
    "PrintedBody",
    "Record",
    "RecordText",
    "Spool",
    "SpooledPrint",
]
