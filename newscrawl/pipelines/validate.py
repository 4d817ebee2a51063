"""Last: what breaks the contract is rejected, what passes gets its id."""

from __future__ import annotations

from typing import Any

from newscrawl import __version__
from newscrawl.errors import EmptyPost, InvalidItem
from newscrawl.extract.ids import article_id, person_id
from newscrawl.items import Article, Person
from newscrawl.pipelines.foreign import adapted, article_of, person_of, put

_MAX_HEADLINE = 1000


def check_article(item: Article) -> Article:
    """Give an article its id, and note which newscrawl read it.

    A headline with its address or date, or whose own page is in the run, is an article of which
    the text was not shown (an archive's line, a bare card).

    Raises:
        EmptyPost: it has no text, and nothing tells where or when there was any.
        InvalidItem: its headline is no headline.
    """
    where = f"{item.page}, position {item.sightings[0].position}"
    if not item.article_body:
        if not item.headline or not (item.url or item.is_known or _is_dated(item)):
            raise EmptyPost(f"no text at {where}", item.headline or "")
        item.is_truncated = item.sightings[0].is_truncated = True
    if item.headline and len(item.headline) > _MAX_HEADLINE:
        raise InvalidItem(
            f"a headline of {len(item.headline)} characters at {where}; "
            f"the limit is {_MAX_HEADLINE}",
            item.headline,
        )
    item.id = article_id(item.site, item.headline, item.article_body)
    item.read_by = __version__
    return item


def _is_dated(item: Article) -> bool:
    return bool(item.date_published) or any(sighting.date_raw for sighting in item.sightings)


def check_person(item: Person) -> Person:
    """Give a person an id.

    Raises:
        InvalidItem: the person has no name.
    """
    if not item.name:
        raise InvalidItem(f"a person without a name on {item.page}", item.description or "")
    item.id = person_id(item.site, item.name)
    return item


class ValidatePipeline:
    """Rejects what the contract rules out."""

    def process_item(self, item: Any) -> Any:
        """Pass an item on with its id, or raise a `RejectItem`."""
        if isinstance(item, Article):
            return check_article(item)
        if isinstance(item, Person):
            return check_person(item)
        if (adapter := adapted(item, "article_body", "site")) is not None:
            put(adapter, check_article(article_of(adapter)), ("id",))
        elif (adapter := adapted(item, "name", "job_title", "site")) is not None:
            put(adapter, check_person(person_of(adapter)), ("id",))
        return item
