"""First: a currency pair printed many times becomes one rate, or a conflict."""

from __future__ import annotations

from typing import Any

from newscrawl.extract.ticker import read_copies
from newscrawl.items import ExchangeRate, PrintedRate


def read_rate(item: ExchangeRate) -> ExchangeRate:
    """Read a rate from its printed copies.

    Raises:
        AmbiguousNumber: a number can be read in two ways.
    """
    reading = read_copies(item.printed, item.decimal_mark)
    item.rate = reading.rate
    item.change_percent = reading.change_percent
    item.repeats = reading.repeats
    item.conflict = reading.conflict
    item.evidence = [
        PrintedRate(rate=rate, change_percent=change, raw=raw, repeats=count, pages=[item.page])
        for rate, change, raw, count in reading.variants
    ]
    return item


class TickerPipeline:
    """Reads the ticker's currency pairs, once each."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, a rate with its numbers read."""
        return read_rate(item) if isinstance(item, ExchangeRate) else item
