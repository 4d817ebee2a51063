"""First: a currency pair printed many times becomes one rate, or a conflict."""

from __future__ import annotations

from typing import Any

from newscrawl.extract.ticker import read_copies
from newscrawl.items import ExchangeRate, PrintedRate
from newscrawl.pipelines.foreign import adapted, put

_FOUND = ("rate", "change_percent", "change", "repeats", "conflict", "evidence")


def read_rate(item: ExchangeRate) -> ExchangeRate:
    """Read a rate from its printed copies.

    Raises:
        AmbiguousNumber: a number can be read in two ways.
    """
    reading = read_copies(item.printed, item.decimal_mark)
    item.rate = reading.rate
    item.change_percent = reading.change_percent
    item.change = reading.change
    item.repeats = reading.repeats
    item.conflict = reading.conflict
    item.evidence = [
        PrintedRate(
            rate=rate,
            change_percent=percent,
            change=change,
            raw=raw,
            repeats=count,
            pages=[item.page],
        )
        for rate, percent, change, raw, count in reading.variants
    ]
    return item


class TickerPipeline:
    """Reads the ticker's currency pairs, once each."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, a rate with its numbers read."""
        if isinstance(item, ExchangeRate):
            return read_rate(item)
        adapter = adapted(item, "base_currency", "quote_currency", "printed")
        if adapter is not None:
            printed = [line for line in adapter["printed"] if isinstance(line, str)]
            rate = ExchangeRate(
                site="",
                base_currency=str(adapter["base_currency"]),
                quote_currency=str(adapter["quote_currency"]),
                page=str(adapter.get("page") or ""),
                printed=printed,
            )
            put(adapter, read_rate(rate), _FOUND)
        return item
