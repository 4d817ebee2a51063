"""From a full spool to the files of a drop."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from newscrawl.addresses.canonical import url_key
from newscrawl.drops.form import Form
from newscrawl.drops.lines import WrittenFile, write_lines
from newscrawl.drops.measures import Measuring
from newscrawl.errors import DropInvalidError
from newscrawl.extract.ids import whole_text_id
from newscrawl.items import Article, PageRecord, Person, RemovedBlock
from newscrawl.merge import near
from newscrawl.merge.articles import (
    Clusters,
    Print,
    join_address,
    join_group,
    merge_sightings,
)
from newscrawl.merge.events import carry_over, take_down, withdraw
from newscrawl.merge.furniture import REASON, Keys, find_furniture, take_furniture, unpack
from newscrawl.merge.keys import state_key, state_keys, text_key
from newscrawl.merge.records import merge_people, merge_rates
from newscrawl.store.spool import KEYS, Record, RecordText, Spool, SpooledPrint
from newscrawl.store.state import State


@dataclass(frozen=True, slots=True)
class Past:
    """What a run knows of earlier runs, and what it makes of that.

    Attributes:
        state: the state across runs; None for a run that stands alone.
        emit_unchanged: articles that did not change are exported too.
        seen_gone: pages that are gone count; not where the clock went back.
    """

    state: State | None = None
    emit_unchanged: bool = False
    seen_gone: bool = True


def write_files(
    spool: Spool,
    folder: Path,
    past: Past,
    measuring: Measuring,
    form: Form = Form(),  # noqa: B008  # it never changes
) -> list[WrittenFile]:
    """Merge what a spool holds and write the files of a drop.

    Args:
        spool: with every page of the run.
        folder: an empty folder.
        past: what is known of earlier runs.
        measuring: what measures the records on their way.
        form: how they are written.

    Returns:
        What was written, in the order of the contract.

    Raises:
        DropInvalidError: a record does not keep its schema, or a page does not add up.
        OSError: the disk failed.
    """
    furniture = clean_articles(spool, past.state)
    spool.sightings.index()
    merge_articles(spool, past, furniture)
    link_copies(spool, past.state)
    rates = (merge_rates(group) for group in spool.sightings.rates())
    records: dict[str, tuple[Iterator[Any], str | None]] = {
        "articles": (measuring.articles(spool.links.records()), "event"),
        "exchange_rates": (rates, None),
        "people": (_people(spool), None),
        "pages": (measuring.pages(_ledger(spool)), "outcome"),
        "furniture": (spool.cleaning.furniture(), None),
        "rejects": (spool.rejects(), None),
    }
    return [
        write_lines(folder, name, iter(lines), tallied, form)
        for name, (lines, tallied) in records.items()
    ]


def clean_articles(spool: Spool, state: State | None = None) -> dict[str, set[int]]:
    """Take out of every text what its site prints whatever the article.

    Returns:
        The keys of each site's furniture.
    """
    spool.commit()
    spool.cleaning.begin()
    furniture: dict[str, set[int]] = {}
    for site, kind in spool.cleaning.site_kinds():
        found = find_furniture(partial(_blocks, spool, state, site, kind))
        furniture.setdefault(site, set()).update(found)
    for printed in spool.cleaning.printed_bodies() if any(furniture.values()) else ():
        keys = furniture.get(printed.site)
        if not keys:
            continue
        cleaned, removed = take_furniture(printed.body, keys, unpack(printed.blocks))
        if removed:
            blocks = [RemovedBlock(text=text, reason=REASON) for text in removed]
            spool.cleaning.clean(printed, cleaned, blocks)
    spool.cleaning.end()
    return furniture


def _blocks(spool: Spool, state: State | None, site: str, kind: str) -> Iterator[Keys]:
    """A site's articles on a kind of page, the run's and those of the state's window."""
    yield from map(unpack, spool.cleaning.blocks(site, kind))
    for article, blocks in state.block_window(site, kind) if state else ():
        if not spool.cleaning.has_parted(site, kind, article):
            yield unpack(blocks)


def merge_articles(spool: Spool, past: Past, furniture: dict[str, set[int]]) -> None:
    """Join the sightings that are one article, with each other and with what is published.

    The merged records are put into the spool.
    """
    last = spool.sightings.last_number()
    known = _find_known(spool, past.state, last)
    clusters = Clusters(last + len(known) + 1)
    no_address = {
        key
        for group in spool.sightings.groups("url_key")
        if (key := group[0].url_key) and not _join_address(spool, clusters, group)
    }
    for key in ("headline_key", "lead_key"):
        for group in spool.sightings.groups(key):
            join_group(clusters, _prints(spool, group, no_address))
    gone = _gone_for_good(spool, past)
    removed = past.state.removed() if past.state else {}
    spool.records.begin()
    for numbers in clusters.groups(chain(spool.sightings.numbers(), known)):
        published = [known[number] for number in numbers if number > last]
        seen = [number for number in numbers if number <= last]
        if seen:
            _add_records(spool, past, seen, published, furniture, gone, removed)
    if past.state:
        for number in removed:
            _take_down(spool, past.state, number, [], [])
        _withdraw_gone(spool, past.state, gone)
    spool.records.end(partial(_other_id, past.state))


def _find_known(spool: Spool, state: State | None, last: int) -> dict[int, int]:
    """Put the published articles that the run may have met again beside its sightings.

    Returns:
        Number in the spool → number in the state.
    """
    spool.sightings.begin_known()
    if state:
        keys = (
            state_key(name, site, value)
            for name in KEYS
            for site, value in spool.sightings.key_values(name)
        )
        for number, published in enumerate(sorted(state.numbers_by_keys(keys)), last + 1):
            spool.sightings.add_known(number, published, state.article(published))
    return spool.sightings.end_known()


def _add_records(
    spool: Spool,
    past: Past,
    seen: list[int],
    published: list[int],
    furniture: dict[str, set[int]],
    gone: set[str],
    removed: dict[int, str],
) -> None:
    """Add what a cluster makes: a record, and the end of those that turned out to be it."""
    current = merge_sightings(_sightings(spool, seen))
    keys = _state_keys(spool, seen) if past.state else array("q")
    pages = [sighting.page for sighting in current.sightings]
    # What was taken down has no text left to be known by: its address tells, or its id, which is
    # made of the headline and the beginning.
    taken_down = [n for n in removed if n in published or removed[n] == current.id]
    if past.state and taken_down:
        for number in sorted({*taken_down, *published}):
            _take_down(spool, past.state, number, pages, seen)
            pages, seen = [], []
        return
    if past.state is None or not published:
        if past.state and past.state.has_id(current.id):
            current.id = _other_id(past.state, current)
        spool.records.add(Record(current, pages, seen, keys))
        return
    # The oldest keeps its id: it is the one that readers have had longest.
    kept, *others = sorted(published)
    previous = past.state.article(kept)
    is_gone = previous.event == "withdrawn" or url_key(previous.url) in gone
    if is_gone and not spool.sightings.shows_its_own(seen):
        # A listing that still names an article does not bring it back.
        article, is_exported = withdraw(previous), previous.event != "withdrawn"
    else:
        article = carry_over(previous, current, furniture.get(current.site, set()))
        is_exported = article.event != "unchanged" or past.emit_unchanged
    keys = array("q", sorted({*keys, *state_keys(article)}))
    spool.records.add(Record(article, pages, seen, keys, state=kept, is_exported=is_exported))
    for other in others:
        known = past.state.article(other)
        end = withdraw(known, "merged", article.id)
        is_exported = known.event != "withdrawn"
        spool.records.add(Record(end, [], state=other, merged_into=kept, is_exported=is_exported))


def _take_down(spool: Spool, state: State, number: int, pages: list[str], seen: list[int]) -> None:
    """Add the record of an article that an operator removed; it is told once."""
    previous = state.article(number)
    article = take_down(previous)
    is_told = article is not previous
    if pages or (is_told and not spool.records.has_state(number)):
        is_told = is_told and not spool.records.has_state(number)
        spool.records.add(Record(article, pages, seen, state=number, is_exported=is_told))


def _state_keys(spool: Spool, numbers: list[int]) -> array[int]:
    keys = {
        state_key(name, site, value)
        for number in numbers
        for name, site, value in spool.sightings.keys_of(number)
    }
    return array("q", sorted(keys))


def _other_id(state: State | None, article: Article) -> str:
    """An id that no published article has, for an article whose own id is taken."""
    body = article.article_body
    other = whole_text_id(article.site, article.headline, body, article.url)
    count = 1
    while state and state.has_id(other):
        count += 1
        other = whole_text_id(article.site, article.headline, f"{body} {count}", article.url)
    return other


def _gone_for_good(spool: Spool, past: Past) -> set[str]:
    """The URL keys of pages that are gone now and were so a day ago."""
    state = past.state
    if state is None or not past.seen_gone:
        return set()
    return {url for url, seen_at in spool.sightings.gone() if state.is_gone_for_good(url, seen_at)}


def _withdraw_gone(spool: Spool, state: State, gone: set[str]) -> None:
    """Withdraw the articles that nothing names any more."""
    for url in sorted(gone):
        for number in sorted(state.numbers_by_keys([state_key("url_key", "", url)])):
            article = state.article(number)
            if url_key(article.url) == url and article.event != "withdrawn":
                spool.records.add_withdrawn(Record(withdraw(article), [], state=number))


def link_copies(spool: Spool, state: State | None = None) -> None:
    """Note which merged articles are copies of each other, and which are alike.

    They are compared with each other, and with what is published and not in this run.
    """
    spool.links.begin()
    size = spool.count("records")
    keys, numbers = np.empty((size, near.BANDS), np.uint32), array("q")
    for number, article in spool.records.texts():
        shingles = near.shingles(article.article_body)
        if shingles is None or article.event == "withdrawn":
            continue
        signature = near.signature(shingles)
        keys[len(numbers)] = near.bands(signature)
        numbers.append(number)
        text = text_key(article.article_body)
        spool.links.add_print(number, text, near.pack(signature))
        if state is not None:
            _link_published(spool, state, number, article, text, shingles, signature)
    spool.links.link_same_texts(near.LARGEST_FAMILY)
    pairs = near.verified_pairs(
        keys[: len(numbers)],
        lambda row: near.unpack(spool.links.signature(numbers[row])),
        lru_cache(1024)(lambda row: _shingles(spool, numbers[row])),
    )
    for a, b, similarity in pairs:
        _link(spool, numbers[a], numbers[b], similarity)
    spool.links.end()


def _link_published(
    spool: Spool,
    state: State,
    number: int,
    article: RecordText,
    text: int,
    shingles: near.Shingles,
    signature: near.Signature,
) -> None:
    """Link an article of the run to what is published and not in the run."""
    copies = set()
    for published in sorted(state.same_texts(text))[: near.LARGEST_FAMILY]:
        if not spool.records.has_state(published):
            other = state.article(published)
            if other.site != article.site and other.event != "withdrawn":
                copies.add(other.id)
                spool.links.add(number, other.id, None)
    candidates = (
        copy
        for copy in state.may_be_alike(signature)
        if copy.id not in copies
        and not spool.records.has_state(copy.number)
        and near.may_be_alike(signature, near.unpack(copy.signature))
    )
    for copy in islice(candidates, near.LARGEST_FAMILY):
        other_shingles = near.shingles(state.article(copy.number).article_body)
        if other_shingles is None:
            continue
        similarity = near.similarity(shingles, other_shingles)
        if similarity >= near.LEAST_SIMILARITY:
            spool.links.add(number, copy.id, round(similarity, 3))


def _shingles(spool: Spool, number: int) -> near.Shingles:
    shingles = near.shingles(spool.records.text(number).article_body)
    assert shingles is not None  # noqa: S101  # it has a signature
    return shingles


def _link(spool: Spool, a: int, b: int, similarity: float) -> None:
    first, second = spool.records.text(a), spool.records.text(b)
    is_copy = text_key(first.article_body) == text_key(second.article_body)
    if is_copy and first.site != second.site:
        return  # it is in same_as
    for one, other in ((a, second), (b, first)):
        spool.links.add(one, other.id, round(similarity, 3))


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
                spool.sightings.body(member.body_sha256),
                member.is_truncated,
                url,
                member.published,
            )
        members.append((member.number, known[key]))
    return members


def _sightings(spool: Spool, numbers: list[int]) -> Iterator[Article]:
    bodies: dict[str, str] = {}
    for number in numbers:
        article = spool.sightings.article(number)
        article.article_body = bodies.setdefault(article.article_body, article.article_body)
        yield article


def _people(spool: Spool) -> Iterator[Person]:
    for group in spool.sightings.people():
        yield merge_people(group, spool.records.article_ids([person.page for person in group]))


def _ledger(spool: Spool) -> Iterator[PageRecord]:
    for page in spool.pages():
        page.articles, page.duplicates = spool.records.count_shown(page.page)
        page.article_ids = sorted(spool.records.article_ids([page.page]))
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
