"""Whether an HTML page is a listing, and its cards: where no article is found, or what is found is theirs."""

from __future__ import annotations

from typing import Final

from newscrawl.addresses.canonical import canonical_url
from newscrawl.addresses.links import followable, same_site
from newscrawl.discovery.links import MAX_LINKS, listing_links
from newscrawl.discovery.pages import base_of
from newscrawl.extract.html import HtmlDocument, HtmlPage
from newscrawl.extract.html.cards import LEAST_RECORDS, NO_CARDS, Card, CardList, find_cards
from newscrawl.extract.lines import find_date, is_date_line
from newscrawl.extract.typography import fold
from newscrawl.sites import Site

NO_LISTING: Final[tuple[list[Card], bool]] = ([], False)
"""No cards, and what was taken for an article stays one."""

_ARTICLE_KINDS = ("article", "live-blog", "video")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINKED, _MOSTLY_LINKED = 0.9, 0.5
_LEAST_CARDS = 3
"""Fewer that hold text are parts of an article that lead on, whatever they are like."""
_LEAST_POSTS = 4
"""The same of cards that nothing dates."""
_SMALL_PRINT = 100
"""Characters of a line that has a date or a byline."""


def is_article(found: HtmlPage) -> bool:
    """Whether an article was found, with a text."""
    return found.kind in _ARTICLE_KINDS and bool(found.article_body)


def cards_instead(
    document: HtmlDocument, url: str | None, site: Site, found: HtmlPage
) -> tuple[list[Card], bool]:
    """The cards of a page that is no article's.

    Args:
        document: the page, whose blocks the classifier has seen.
        url: the address that it has or names, or None; without one nothing is told of its links.
        site: the site whose page it is.
        found: what was taken for its article.

    Returns:
        The cards that are sure to be of articles, and whether what was taken for an article is the
        page's cards': then it is none, even where no card is sure.
    """
    if url is None:
        return NO_LISTING
    if not is_article(found):
        cards, is_news = _cards(document, url, site, found)[0]
        return cards if is_news else [], False
    if document.meta("og:type").lower() == "article" or document.article.get("headline"):
        return NO_LISTING  # it says itself that it is an article's
    leads_on = _leads_on(document, url, found)
    if not leads_on and not _is_parted(document, found):
        return NO_LISTING
    (cards, is_news), titles = _cards(document, url, site, found)
    if _says_its_own(document, found, frozenset().union(*(card.lines for card in cards))):
        return NO_LISTING
    held = [0] * len(cards)
    for block in found.paragraphs:
        for number, card in enumerate(cards):
            if block.text in card.lines:
                held[number] += len(block.text)
                break
    half = sum(len(block.text) for block in found.paragraphs) / 2
    if len(cards) < LEAST_RECORDS or sum(held) <= half:
        return NO_LISTING
    headline = fold(found.headline or "")
    is_anothers = leads_on and any(fold(title) == headline for title in titles)
    under_headings = sum(own for own, card in zip(held, cards, strict=True) if card.has_heading)
    is_of_one = len(cards) >= _LEAST_CARDS and under_headings > half
    is_of_many = sum(map(bool, held)) >= _LEAST_CARDS and max(held) <= half
    # Parts of a long guide lead on, too; without days only posts under headings of their own tell.
    holders = [card for own, card in zip(held, cards, strict=True) if own]
    is_of_posts = len(holders) >= _LEAST_POSTS and all(card.has_heading for card in holders)
    is_listing = is_anothers or is_of_one or is_of_many
    is_listing = is_listing and (is_news or (is_of_many and is_of_posts))
    return cards if is_listing and is_news else [], is_listing


def _says_its_own(document: HtmlDocument, found: HtmlPage, of_cards: frozenset[str]) -> bool:
    """Whether a headline that is no link has a date or a byline outside of every card."""
    headline = fold(found.headline or "")
    has_headline = has_line = False
    for block in document.walked.blocks:
        if block.tag == "h1" and block.density <= _LINKED and fold(block.text) == headline:
            has_headline = True
        elif has_headline and len(block.text) <= _SMALL_PRINT and block.text not in of_cards:
            has_line = (
                has_line
                or bool(find_date(block.text, is_date_line))
                or any(person.name in block.text for person in found.authors)
            )
    return has_line


def _leads_on(document: HtmlDocument, url: str, found: HtmlPage) -> bool:
    """Whether the page's headline is a link to another page; an article's own may lead to itself."""
    headline = fold(found.headline or "")
    if not headline:
        return False
    own = {canonical_url(url), canonical_url(found.canonical_url or url)}
    base = base_of(document, url)
    for block in document.walked.blocks:
        if block.density > _LINKED and fold(block.text) == headline:
            node = block.element.node
            link = node if node.tag == "a" else node.css_first("a[href]")
            address = followable(base, (link.attributes.get("href") or "") if link else "")
            if address and canonical_url(address) not in own:
                return True
    return False


def _is_parted(document: HtmlDocument, found: HtmlPage) -> bool:
    """Whether a linked heading stands over what was taken for the text, several part it, or most of it
    is links."""
    paragraphs = {block.text for block in found.paragraphs}
    parting = waiting = linked = total = 0
    is_under_link = False
    for block in document.walked.blocks:
        if block.tag in _HEADINGS and block.density > _LINKED:
            waiting += 1
            is_under_link = is_under_link or not total
        elif block.text in paragraphs:
            parting, waiting = parting + (waiting if total else 0), 0
            total += len(block.text)
            linked += len(block.text) * (block.density > _MOSTLY_LINKED)
        elif block.tag in _HEADINGS and not total:
            is_under_link = False
    return is_under_link or parting >= LEAST_RECORDS or linked * 2 > total


def _cards(
    document: HtmlDocument, url: str, site: Site, found: HtmlPage
) -> tuple[CardList, list[str]]:
    """The articles that a page of a site that declares nothing lists, and the titles of all that it
    links."""
    own = canonical_url(found.canonical_url) if found.canonical_url else None
    named = listing_links(document, url, allowed=same_site(url))
    titles = {
        key: link.facts.title
        for link in named
        if link.role == "article" and link.facts and link.facts.title
        if (key := canonical_url(link.url)) and key != own
    }
    if len(titles) < LEAST_RECORDS:
        return NO_CARDS, []
    base = base_of(document, url)
    links = []
    for node in document.tree.css("a[href]")[:MAX_LINKS]:
        address = followable(base, node.attributes.get("href") or "")
        key = canonical_url(address) if address else None
        if address and key in titles:
            links.append((node, key, address))
    return find_cards(links, titles, site.language or found.date_language), list(titles.values())
