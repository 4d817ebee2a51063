"""The currency ticker: found by the form of its lines, wherever it stands and however often.

A ticker is printed for a moving band, so a text dump holds it several times over. Its
lines are told by their form alone (a pair of currency codes, a rate, a change in
percent), never by their number, their place or which currencies they name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from newscrawl.errors import AmbiguousNumber

_NUMBER = (
    r"(?:[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+(?:[.,][0-9]+)?"  # 12 850.50
    r"|[0-9]+(?:[.,][0-9]+)*)"
)
_ROW = re.compile(
    rf"""\s*+(?:[•*·‣▪◦–-]\s++)?               # a bullet
    (?P<base>[A-Z]{{3}})\s?/\s?(?P<quote>[A-Z]{{3}})
    \s*+[=:]?\s*+
    (?P<rate>{_NUMBER})
    (?:\s++[▲▼△▽↑↓]?\s*+\(?(?P<change>[+\u2212–-]?\s?{_NUMBER})\s?%\)?)?
    \s*""",
    re.VERBOSE,
)
_MINUS = str.maketrans({"\u2212": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class TickerRow:
    """One printed line of a ticker.

    Attributes:
        pair: base and quote currency.
        raw: the line as printed, without bullet and indentation.
        rate: the rate's digits as printed.
        change: the change in percent as printed, or None.
    """

    pair: tuple[str, str]
    raw: str
    rate: str
    change: str | None


def parse_row(line: str) -> TickerRow | None:
    """Read a line as a ticker row, or return None."""
    if "/" not in line:
        return None
    match = _ROW.fullmatch(line)
    if match is None:
        return None
    raw = line[match.start("base") :].strip()
    return TickerRow((match["base"], match["quote"]), raw, match["rate"], match["change"])


def take_ticker(lines: list[str]) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    """Take every ticker row out of a page's lines.

    Args:
        lines: the page's lines.

    Returns:
        For each currency pair, in the order of first appearance, each copy as printed;
        and the lines that are left.
    """
    printed: dict[tuple[str, str], list[str]] = {}
    rest = []
    for line in lines:
        row = parse_row(line)
        if row is None:
            rest.append(line)
        else:
            printed.setdefault(row.pair, []).append(row.raw)
    return printed, rest


@dataclass(frozen=True, slots=True)
class RateReading:
    """A currency pair read from all of its printed copies.

    Attributes:
        rate: None where the copies disagree.
        change_percent: None where the copies disagree or print none.
        repeats: the number of copies.
        conflict: the copies disagree.
        variants: each different reading with its raw line and its number of copies.
    """

    rate: Decimal | None
    change_percent: Decimal | None
    repeats: int
    conflict: bool
    variants: tuple[tuple[Decimal, Decimal | None, str, int], ...]


def read_copies(copies: list[str]) -> RateReading:
    """Read one pair's copies; copies that disagree are a conflict, never a silent pick.

    Args:
        copies: the lines as printed, all of one pair, at least one.

    Raises:
        AmbiguousNumber: a number can be read in two ways.
        ValueError: a copy is no ticker row.
    """
    readings: Counter[tuple[Decimal, Decimal | None]] = Counter()
    raws: dict[tuple[Decimal, Decimal | None], str] = {}
    for raw, count in Counter(copies).items():
        row = parse_row(raw)
        if row is None:
            raise ValueError(f"no ticker row: {raw!r}")
        change = None if row.change is None else parse_number(row.change, raw)
        key = (parse_number(row.rate, raw), change)
        readings[key] += count
        raws.setdefault(key, raw)
    rates = {rate for rate, _ in readings}
    changes = {change for _, change in readings}
    first_rate, first_change = next(iter(readings))
    return RateReading(
        rate=first_rate if len(rates) == 1 else None,
        change_percent=first_change if len(changes) == 1 else None,
        repeats=len(copies),
        conflict=len(readings) > 1,
        variants=tuple((*key, raws[key], count) for key, count in readings.items()),
    )


def parse_number(printed: str, where: str) -> Decimal:
    """Read a printed number, keeping its digits.

    A dot or a comma is the decimal mark; where both occur, the last one is. A single
    comma before exactly three digits could be either ("1,234"), unless the number
    begins with 0.

    Args:
        printed: digits, marks and a sign.
        where: the line, for the message.

    Raises:
        AmbiguousNumber: the number can be read in two ways.
    """
    text = re.sub(r"[\s']", "", printed.translate(_MINUS)).removeprefix("+")
    marks = [c for c in text if c in ".,"]
    if len(marks) > 1 and marks[-1] in marks[:-1]:
        text, marks = text.replace(marks[-1], ""), []
        if "," in text or "." in text:
            raise AmbiguousNumber(f"{printed!r} has mixed marks", where)
    if not marks:
        return Decimal(text)
    integer, _, fraction = text.rpartition(marks[-1])
    if marks == [","] and len(fraction) == 3 and integer.lstrip("-") != "0":
        raise AmbiguousNumber(f"{printed!r} is a fraction or a thousand", where)
    return Decimal(re.sub("[.,]", "", integer) + "." + fraction)
