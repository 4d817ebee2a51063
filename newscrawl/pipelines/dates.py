"""Third: a printed date becomes an interval with its evidence, counted from the page's date."""

from __future__ import annotations

from typing import Any

from newscrawl.dates.article import date_article
from newscrawl.items import Article


class DatesPipeline:
    """Dates articles by what their page prints."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, an article with its date and the evidence."""
        if not isinstance(item, Article):
            return item
        date_article(item)
        if item.date_published:
            item.extracted_by.setdefault("date_published", "text")
        return item
