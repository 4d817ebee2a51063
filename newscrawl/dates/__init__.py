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
from .find import find_date, is_relative, parse_epoch
from .fold import fold, tokenize
from .interval import PRECISIONS, DateInterval, Precision
from .lexicon import language_bits, languages
from .order import order_of_days, proven_order
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
    "find_date",
    "fold",
    "intersect_all",
    "is_relative",
    "language_bits",
    "languages",
    "month_names",
    "order_of_days",
    "parse_date",
    "parse_epoch",
    "parse_page_date",
    "parse_relative",
    "printed_by",
    "proven_order",
    "published_by",
    "settle",
    "tokenize",
]
