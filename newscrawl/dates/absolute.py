"""Dates as pages print them, read as intervals."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from .interval import DateInterval

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)


def parse_date(
    text: str,
    *,
    anchor: date | datetime | DateInterval | None = None,
    language: str | None = None,
    order: str | None = None,
    timezone: str | tzinfo | None = None,
) -> DateInterval | None:
    """Read a printed date; None where the text is anything else."""
    match = _ISO.fullmatch(text.strip())
    if match:
        return DateInterval.from_edtf(text.strip().replace(" ", "T"))
    day = parse_page_date(text)
    return DateInterval.day(day) if day else None


_MONTHS = "january february march april may june july august september october november december"
_MASTHEAD = re.compile(r"(?:[^\W\d]+,? )?(\d{1,2}) ([A-Za-z]+),? (\d{4})(?: г\.)?")


def parse_page_date(text: str) -> date | None:
    """Read a masthead line that is a date and nothing else."""
    match = _MASTHEAD.fullmatch(text.strip())
    if not match or match[2].lower() not in _MONTHS.split():
        return None
    try:
        return date(int(match[3]), _MONTHS.split().index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None
