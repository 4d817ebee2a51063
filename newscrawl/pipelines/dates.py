"""Third: a printed date becomes an interval with its evidence, counted from the page's date."""

from __future__ import annotations

from typing import Any

from newscrawl.dates.article import date_article
from newscrawl.items import Article
from newscrawl.pipelines.foreign import adapted, article_of, put


class DatesPipeline:
    """Dates articles by what their page prints."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on, an article with its date and the evidence."""
        if isinstance(item, Article):
            date_article(item)
            if item.date_published:
                item.extracted_by.setdefault("date_published", "text")
            return item
        adapter = adapted(item, "date_raw") or adapted(item, "page_date")
        if adapter is not None:
            put(adapter, date_article(article_of(adapter)), ("date_published", "date_evidence"))
        return item
