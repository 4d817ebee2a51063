"""Dates as news pages print them: read, bounded, compared, combined, with their evidence.

Pure: nothing here reads a clock, a file of the run, or the network.
"""

from .absolute import all_month_names, month_names, parse_date, parse_page_date
from .evidence import (
    BASES,
    RANKS,
    Anchor,
    Basis,
    DateEvidence,
    Limit,
    Refusal,
    Zone,
    bound_by_neighbours,
    combine,
    intersect_all,
    published_by,
    settle,
)
from .fold import fold, tokenize
from .interval import PRECISIONS, DateInterval, Precision
from .lexicon import languages
from .relative import parse_relative
from .widgets import WIDGETS, printed_by

__all__ = [
    "BASES",
    "PRECISIONS",
    "RANKS",
    "WIDGETS",
    "Anchor",
    "Basis",
    "DateEvidence",
    "DateInterval",
    "Limit",
    "Precision",
    "Refusal",
    "Zone",
    "all_month_names",
    "bound_by_neighbours",
    "combine",
    "fold",
    "intersect_all",
    "languages",
    "month_names",
    "parse_date",
    "parse_page_date",
    "parse_relative",
    "printed_by",
    "published_by",
    "settle",
    "tokenize",
]
