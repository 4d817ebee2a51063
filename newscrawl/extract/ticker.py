"""The currency ticker: found by the form of its lines, wherever it stands and however often.

A ticker is printed for a moving band, so a text dump holds it several times over. Its
lines are told by their form alone (a pair of ISO 4217 codes, a rate, a change), never by
their number, their place or which currencies they name. What else moves in such a band (an
index, a metal, a currency without its second one, the weather) is told by standing among its
like, or by being printed again and again; it is furniture.
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
_SIGN = r"[+\u2212–-]"
_FALLS = frozenset("▼▽↓⬇🔻")
_ARROW = "▲▼△▽↑↓⬆⬇🔺🔻"
_ROW = re.compile(
    rf"""\s{{0,80}}(?:[•*·‣▪◦–-]\s+)?              # a bullet
    (?P<base>[A-Z]{{3}})(?:\s?[/–-]\s?)?(?P<quote>[A-Z]{{3}})
    \s*[=:]?\s*
    (?P<rate>{_NUMBER})
    (?:\s+(?P<arrow>[{_ARROW}])?\s*
        (?:\(?(?P<change>{_SIGN}?\s?{_NUMBER})\s?%\)?
         |%\s?(?P<led>{_SIGN}?\s?{_NUMBER})
         |(?P<absolute>{_SIGN}?\s?{_NUMBER})))?
    \s*[{_ARROW}]?\s*""",
    re.VERBOSE,
)
_LONGEST_ROW = 160
# ISO 4217, what is in force (and HRK, which pages of before 2023 print).
CURRENCIES = frozenset(
    {
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
        "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD",
        "CDF", "CHF", "CLF", "CLP", "CNH", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK",
        "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD",
        "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR",
        "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
        "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP",
        "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD",
        "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
        "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC",
        "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX",
        "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XAG", "XAU", "XCD", "XDR",
        "XOF", "XPD", "XPF", "XPT", "YER", "ZAR", "ZMW", "ZWL",
    }
)  # fmt: skip
_MINUS = str.maketrans({"\u2212": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class TickerRow:
    """One printed line of a ticker.

    Attributes:
        pair: base and quote currency.
        raw: the line as printed, without bullet and indentation.
        rate: the rate's digits as printed.
        change_percent: the change in percent as printed, "-" before it where an arrow points
            down, or None.
        change: the same for a change that is printed without a percent sign.
    """

    pair: tuple[str, str]
    raw: str
    rate: str
    change_percent: str | None
    change: str | None


def parse_row(line: str) -> TickerRow | None:
    """Read a line as a ticker row, or return None."""
    if len(line) > _LONGEST_ROW or not _PAIR.search(line):
        return None
    match = _ROW.fullmatch(line)
    if match is None or match["base"] == match["quote"]:
        return None
    if not {match["base"], match["quote"]} <= CURRENCIES:
        return None
    raw = line[match.start("base") :].strip()
    falls = match["arrow"] in _FALLS
    return TickerRow(
        (match["base"], match["quote"]),
        raw,
        match["rate"],
        _signed(match["change"] or match["led"], falls),
        _signed(match["absolute"], falls),
    )


def _signed(change: str | None, falls: bool) -> str | None:
    return f"-{change}" if change and falls and change[0].isdigit() else change


_PAIR = re.compile(r"[A-Z]{3}(?:\s?[/–-]\s?)?[A-Z]{3}(?![A-Za-z])")


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


# What stands in a moving band beside the pairs, a word at a time: a number with its unit, an
# arrow; a label is anything else.
_VALUE = re.compile(
    rf"[(]?{_SIGN}?[%€$£¥₽₸₺₹₩₴₿]?{_SIGN}?[0-9][0-9.,]{{0,20}}[%€$£¥₽₸₺₹₩₴₿]?[)]?|[{_ARROW}]|[%€$£¥₽₸₺₹₩₴₿=]"
)
_TELLING = re.compile(rf"[%€$£¥₽₸₺₹₩₴₿{_ARROW}=]|(?<![\w.,-]){_SIGN}[0-9]|[0-9][.,][0-9]")
_WEATHER = re.compile(r"(?:\S+\s){0,4}[+\u2212–-]?[0-9]{1,2}\s?°\s?[CFС]?(?:\s\S+){0,4}")
_DIGIT = re.compile(r"[0-9]")
_LONGEST_LABEL = 30
_LONGEST_VALUE = 60


def find_market_rows(lines: list[str]) -> set[int]:
    """The lines of a page that are prices, indices and weather, without a currency pair.

    A line is a label and then nothing but numbers, units and arrows. One such line might be a
    headline, so it must be printed twice or stand beside another.

    Args:
        lines: the page's lines, single spaces, no blank ones.

    Returns:
        Their places.
    """
    rows = {
        at for at, line in enumerate(lines) if len(line) <= _LONGEST_VALUE and _is_market_row(line)
    }
    copies = Counter(lines[at] for at in rows)
    found = {at for at in rows if copies[lines[at]] > 1 or at - 1 in rows or at + 1 in rows}
    found |= {
        at
        for at, line in enumerate(lines)
        if len(line) <= _LONGEST_VALUE and "°" in line and _WEATHER.fullmatch(line)
    }
    return found


def _is_market_row(line: str) -> bool:
    if not _DIGIT.search(line) or not _TELLING.search(line):
        words = line.split()
        return len(words) == 2 and _PAIR.fullmatch(words[0]) is not None and words[1].isdigit()
    words = line.split()
    values = 0
    while values < len(words) and _VALUE.fullmatch(words[-1 - values]):
        values += 1
    label = " ".join(words[: len(words) - values])
    numbers = sum(bool(_DIGIT.search(word)) for word in words[len(words) - values :])
    return (
        bool(label) and numbers > 0 and len(label) <= _LONGEST_LABEL and label[-1] not in ".,;!?:"
    )


@dataclass(frozen=True, slots=True)
class RateReading:
    """A currency pair read from all of its printed copies.

    Attributes:
        rate: None where the copies disagree.
        change_percent, change: None where the copies disagree or print none.
        repeats: the number of copies.
        conflict: the copies disagree.
        variants: each different reading with its raw line and its number of copies.
    """

    rate: Decimal | None
    change_percent: Decimal | None
    change: Decimal | None
    repeats: int
    conflict: bool
    variants: tuple[tuple[Decimal, Decimal | None, Decimal | None, str, int], ...]


def decimal_mark(rows: list[str]) -> str | None:
    """The decimal mark that a page's own rows prove, "." or ","; None where none does.

    A number with both marks proves it, and so does a mark before any other count of digits
    than three, or behind a lone 0.

    Args:
        rows: the lines as printed.
    """
    proved = set()
    for row in rows:
        for number in _MARKED.findall(row):
            marks = [character for character in number if character in ".,"]
            integer, _, fraction = number.rpartition(marks[-1])
            if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
                proved.add(marks[-1])
            elif len(marks) == 1 and (len(fraction) != 3 or integer == "0"):
                proved.add(marks[0])
    return proved.pop() if len(proved) == 1 else None


_MARKED = re.compile(r"(?<![\d.,])[0-9]{1,20}(?:[.,][0-9]{1,20}){1,6}(?![\d.,])")


_Reading = tuple[Decimal, Decimal | None, Decimal | None]


def read_copies(copies: list[str], mark: str | None = None) -> RateReading:
    """Read one pair's copies; copies that disagree are a conflict, never a silent pick.

    Args:
        copies: the lines as printed, all of one pair, at least one.
        mark: the page's decimal mark, where its other rows prove one.

    Raises:
        AmbiguousNumber: a number can be read in two ways.
        ValueError: a copy is no ticker row.
    """
    readings: Counter[_Reading] = Counter()
    raws: dict[_Reading, str] = {}
    for raw, count in Counter(copies).items():
        row = parse_row(raw)
        if row is None:
            raise ValueError(f"no ticker row: {raw!r}")
        percent, change = (
            None if printed is None else parse_number(printed, raw, mark)
            for printed in (row.change_percent, row.change)
        )
        key = (parse_number(row.rate, raw, mark), percent, change)
        readings[key] += count
        raws.setdefault(key, raw)
    rates, percents, changes = (set(values) for values in zip(*readings, strict=True))
    rate, percent, change = next(iter(readings))
    return RateReading(
        rate=rate if len(rates) == 1 else None,
        change_percent=percent if len(percents) == 1 else None,
        change=change if len(changes) == 1 else None,
        repeats=len(copies),
        conflict=len(readings) > 1,
        variants=tuple((*key, raws[key], count) for key, count in readings.items()),
    )


def parse_number(printed: str, where: str, mark: str | None = None) -> Decimal:
    """Read a printed number, keeping its digits.

    A dot or a comma is the decimal mark; where both occur, the last one is. A single
    comma before exactly three digits could be either ("1,234"), unless the number
    begins with 0.

    Args:
        printed: digits, marks and a sign.
        where: the line, for the message.
        mark: the page's decimal mark, where its other rows prove one.

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
    if mark and marks == ["," if mark == "." else "."]:
        return Decimal(text.replace(marks[0], ""))
    integer, _, fraction = text.rpartition(marks[-1])
    if not mark and marks == [","] and len(fraction) == 3 and integer.lstrip("-") != "0":
        raise AmbiguousNumber(f"{printed!r} is a fraction or a thousand", where)
    return Decimal(re.sub("[.,]", "", integer) + "." + fraction)
