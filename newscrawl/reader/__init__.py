"""What a consumer of drops imports; it needs nothing of Scrapy.

>>> from newscrawl.reader import current, follow, read_drop  # doctest: +SKIP
>>> for article in read_drop("output/20261201T060000Z-live").articles():  # doctest: +SKIP
...     print(article.date_published, article.headline)
>>> for drop in follow("output", since="20261201T060000Z-live"):  # doctest: +SKIP
...     for article in drop.articles():
...         print(article.event, article.id)
>>> for article in current("output"):  # doctest: +SKIP
...     print(article.id, article.revision)
"""

from newscrawl.reader.drop import Drop, read_drop
from newscrawl.reader.errors import DropDamagedError, DropNotFoundError, GapError, ReaderError
from newscrawl.reader.output import current, follow, read_catalogue, revisions

__all__ = [
    "Drop",
    "DropDamagedError",
    "DropNotFoundError",
    "GapError",
    "ReaderError",
    "current",
    "follow",
    "read_catalogue",
    "read_drop",
    "revisions",
]
