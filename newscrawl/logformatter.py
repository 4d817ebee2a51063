"""One short line for a dropped item; Scrapy's own prints the whole article."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from newscrawl.errors import EmptyPost


class NewsLogFormatter(LogFormatter):
    """Names the page and the reason of a dropped item."""

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """A rejected item is worth a warning, an empty post is not."""
        level = logging.DEBUG if isinstance(exception, EmptyPost) else logging.WARNING
        return {
            "level": level,
            "msg": "Rejected an item of %(page)s: %(reason)s",
            "args": {"page": getattr(item, "page", "?"), "reason": exception},
        }
