"""Dates as news pages print them: read, bounded, compared, combined, with their evidence.

Pure: nothing here reads a clock, a file of the run, or the network.
"""

from .absolute import parse_date, parse_page_date
from .evidence import (
    BASES,
    Anchor,
    Basis,
    DateEvidence,
    Refusal,
    bound_by_neighbours,
    combine,
    intersect_all,
    published_by,
)
from .interval import PRECISIONS, DateInterval, Precision
from .relative import parse_relative
from .widgets import WIDGETS

__all__ = [
    "BASES",
    "PRECISIONS",
    "WIDGETS",
    "Anchor",
    "Basis",
    "DateEvidence",
    "DateInterval",
    "Precision",
    "Refusal",
    "bound_by_neighbours",
    "combine",
    "intersect_all",
    "parse_date",
    "parse_page_date",
    "parse_relative",
    "published_by",
]
