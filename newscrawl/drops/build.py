"""From a full spool to the files of a drop."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterator
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path

import numpy as np

from newscrawl.drops.lines import WrittenFile, write_lines
from newscrawl.errors import DropInvalidError
from newscrawl.items import Article, PageRecord, Person, RemovedBlock
from newscrawl.merge import near
from newscrawl.merge.articles import (
    Clusters,
    Print,
    join_address,
    join_group,
    merge_sightings,
)
from newscrawl.merge.furniture import REASON, Keys, find_furniture, take_furniture, unpack
from newscrawl.merge.keys import text_key, whole_text_id
from newscrawl.merge.records import merge_people, merge_rates
from newscrawl.store.spool import Spool, SpooledPrint


def write_files(spool: Spool, folder: Path) -> list[WrittenFile]:
    """Merge what a spool holds and write the files of a drop.

    Args:
        spool: with every page of the run.
        folder: an empty folder.

    Returns:
        What was written, in the order of the contract.

    Raises:
        DropInvalidError: a record does not keep its schema, or a page does not add up.
        OSError: the disk failed.
    """
    spool.index()
    clean_articles(spool)
    merge_articles(spool)
    link_copies(spool)
    return [
        write_lines(folder, "articles", spool.records()),
        write_lines(folder, "exchange_rates", (merge_rates(group) for group in spool.rates())),
        write_lines(folder, "people", _people(spool)),
        write_lines(folder, "pages", _ledger(spool)),
        write_lines(folder, "furniture", spool.furniture()),
        write_lines(folder, "rejects", spool.rejects()),
    ]


def clean_articles(spool: Spool) -> None:
    """Take out of every text what its site prints whatever the article."""
    spool.begin_cleaning()
    furniture: dict[str, set[int]] = {}
    for site, kind in spool.site_kinds():
        found = find_furniture(partial(_blocks, spool, site, kind))
        furniture.setdefault(site, set()).update(found)
    for site, keys in furniture.items():
        for printed, body in spool.printed_bodies(site) if keys else ():
            cleaned, removed = take_furniture(body, keys)
            if removed:
                blocks = [RemovedBlock(text=text, reason=REASON) for text in removed]
                spool.clean(site, printed, cleaned, blocks)
    spool.end_cleaning()


def _blocks(spool: Spool, site: str, kind: str) -> Iterator[Keys]:
    return map(unpack, spool.blocks(site, kind))


def merge_articles(spool: Spool) -> None:
    """Join the sightings that are one article, and put the merged records into the spool."""
    clusters = Clusters(spool.last_number() + 1)
    no_address = {
        key
        for group in spool.groups("url_key")
        if (key := group[0].url_key) and not _join_address(spool, clusters, group)
    }
    for key in ("headline_key", "lead_key"):
        for group in spool.groups(key):
            join_group(clusters, _prints(spool, group, no_address))
    spool.begin_records()
    ordered = sorted(spool.article_numbers(), key=lambda number: (clusters.root(number), number))
    for _, members in groupby(ordered, key=clusters.root):
        spool.add_record(merge_sightings(_sightings(spool, members)))
    spool.end_records(
        lambda article: whole_text_id(
            article.site, article.headline, article.article_body, article.url
        )
    )


def link_copies(spool: Spool) -> None:
    """Note which merged articles are copies of each other, and which are alike."""
    spool.begin_links()
    size = spool.count("records")
    keys, numbers = np.empty((size, near.BANDS), np.uint32), array("q")
    for number, article in spool.record_texts():
        shingles = near.shingles(article.article_body)
        if shingles is None:
            continue
        signature = near.signature(shingles)
        keys[len(numbers)] = near.bands(signature)
        numbers.append(number)
        spool.add_print(number, text_key(article.article_body), near.pack(signature))
    spool.link_same_texts()
    pairs = near.verified_pairs(
        keys[: len(numbers)],
        lambda row: near.unpack(spool.signature(numbers[row])),
        lru_cache(1024)(lambda row: _shingles(spool, numbers[row])),
    )
    for a, b, similarity in pairs:
        _link(spool, numbers[a], numbers[b], similarity)
    spool.end_links()


def _shingles(spool: Spool, number: int) -> near.Shingles:
    shingles = near.shingles(spool.record(number).article_body)
    assert shingles is not None  # noqa: S101  # it has a signature
    return shingles


def _link(spool: Spool, a: int, b: int, similarity: float) -> None:
    first, second = spool.record(a), spool.record(b)
    is_copy = text_key(first.article_body) == text_key(second.article_body)
    if is_copy and first.site != second.site:
        return  # it is in same_as
    for one, other in ((a, second), (b, first)):
        spool.add_link(one, other.id, round(similarity, 3))


def _join_address(spool: Spool, clusters: Clusters, group: list[SpooledPrint]) -> bool:
    # Only a page that prints an address twice can show that it is no article's.
    pages = Counter(member.page for member in group)
    if max(pages.values()) == 1:
        for member in group:
            clusters.join(group[0].number, member.number)
        return True
    prints = _prints(spool, group, {group[0].url_key or ""})
    return join_address(
        clusters,
        [
            (number, member.page, print_)
            for (number, print_), member in zip(prints, group, strict=True)
        ],
    )


def _prints(
    spool: Spool, group: list[SpooledPrint], no_address: set[str]
) -> list[tuple[int, Print]]:
    """A group often holds one text many times; it is read and folded once."""
    known: dict[Hashable, Print] = {}
    members = []
    for member in group:
        url = None if member.url_key in no_address else member.url_key
        key = (url, member.headline, member.published, member.body_sha256, member.is_truncated)
        if key not in known:
            known[key] = Print.of(
                member.headline,
                spool.body(member.body_sha256),
                member.is_truncated,
                url,
                member.published,
            )
        members.append((member.number, known[key]))
    return members


def _sightings(spool: Spool, numbers: Iterator[int]) -> Iterator[Article]:
    bodies: dict[str, str] = {}
    for number in numbers:
        article = spool.article(number)
        article.article_body = bodies.setdefault(article.article_body, article.article_body)
        yield article


def _people(spool: Spool) -> Iterator[Person]:
    for group in spool.people():
        yield merge_people(group, spool.article_ids([person.page for person in group]))


def _ledger(spool: Spool) -> Iterator[PageRecord]:
    for page in spool.pages():
        page.articles, page.duplicates = spool.count_shown(page.page)
        accounted = (
            page.articles
            + page.duplicates
            + page.empty_posts
            + page.rejects
            + page.exchange_rates
            + page.people
        )
        if accounted != page.found:
            raise DropInvalidError(
                f"page {page.page}: {page.found} things were found and {accounted} are accounted "
                "for; the drop is not published"
            )
        yield page
