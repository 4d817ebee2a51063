"""The byline that is printed on a page.

A *byline* is a block of text near the headline that says "By" (in many languages), links to an
author's page or whose markup is named for an author; a signature stands under the article.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.names import (
    MAX_NAME_CHARS,
    OTHER_WORK,
    WORKS,
    is_full_name,
    looks_like_name,
    named,
    tidied,
)
from newscrawl.extract.html.structured import Person, clean
from newscrawl.extract.html.tree import Block, Element


class Byline(NamedTuple):
    """Who a byline names, what speaks for its being one, and its text.

    ``weight`` is ``LINKED``, ``SAID`` or ``NAMED``.
    """

    people: tuple[Person, ...] = ()
    weight: int = 0
    text: str = ""


_BY_WORDS = (
    r"(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa][fv]|[Oo]leh|[Pp]rzez|(?:VON|PAR|POR|DI|DOOR|AV|AF|OLEH)(?=\s)|โดย|"
    # Labels ...
    r"(?i:author|autor(?:[*:_/]?in(?:nen)?|i|e|es|a|ka|ři)?(?:/autor)?|auteure?s?|автор(?:и|ы|ка)?|penulis|yazar|yazan|"
    r"szerző|írta|συντάκτης|γράφει\s[οη]|piše|tác giả|contributors?|بقلم|كتبت?|نویسنده|מאת|लेखक)\s*:?|"
    # ... and those that are one with a colon only.
    r"(?i:texte?s?|testo|texto|teksti?|текст|pewarta|haber|toimittaja|reporter|journalist|作者|撰文|文|[记記]者|글)(?=\s*[:：/｜])|"
    r"[记記]者(?=\s))"
)
BY = re.compile(
    rf"(?:^\W*(?i:this\s(?:\w+\s){{1,2}}(?:was|is)\s)?|[\d·•⋅|—–)]\s*|(?i:\b(?:{WORKS})\s+))"
    rf"(?:{_BY_WORDS}(?:\b\s*:?|(?=[A-Z]))|(?i:scritto da|a cura di|articolo di)\b)[\s|:：/｜]*(?=\S|$)"
)
"""What stands before a byline's names: at its beginning, after a date or a mark, or a participle."""

_BY_TOKENS = frozenset(
    [
        "von",
        "par",
        "por",
        "di",
        "door",
        "af",
        "av",
        "oleh",
        "przez",
        "penulis",
        "yazar",
        "yazan",
        "contributor",
        "contributors",
        "text",
        "texte",
        "textes",
        "texts",
        "testo",
        "texto",
        "tekst",
        "teksti",
        "pewarta",
        "haber",
        "toimittaja",
        "reporter",
        "journalist",
        "scritto",
        "cura",
        "articolo",
    ]
)
_ASCII_WORD = re.compile("[a-z]+")


def _may_say_by(text: str) -> bool:
    """Tell whether :data:`BY` can be in a text; ten times faster than to look for it."""
    text = text.lower()
    return (
        "by" in text
        or "aut" in text
        or not text.isascii()
        or not _BY_TOKENS.isdisjoint(_ASCII_WORD.findall(text))
    )


_AUTHOR_WORDS = ("author", "byline", "writer", "contributor", "autor", "auteur", "verfasser")
_AUTHOR_ADDRESS = re.compile(
    r"/(?:[a-z]+-)?(?:authors?|autor(?:es|en)?|auteurs?|writers?|contributors?|journalists?|reporters?|people|profiles?|"
    r"producers?|staff|team|by)/[^/]|[?&]author=",
    re.IGNORECASE,
)
_OTHERS_WORDS = frozenset(
    [
        "caption",
        "card",
        "comment",
        "comments",
        "credit",
        "quote",
        "recommended",
        "related",
        "reviews",
        "teaser",
        "testimonial",
        "testimonials",
    ]
)
"""Words in the class of what is by or about somebody else."""

MAX_BYLINE_CHARS = 160
BEFORE, AFTER = 8, 25
LINKED, SAID, NAMED = 8, 6, 4
"""How many blocks nearer to the headline a link to an author, "By" or a class makes a byline."""


def byline(document: HtmlDocument, top: int) -> Byline:
    """Return the byline that is printed nearest to the headline.

    Arguments: the page, and which of its blocks is the headline.
    """
    blocks = document.walked.blocks
    best: tuple[Person, ...] = ()
    best_weight = 0
    best_rank = 1000
    best_position = 0
    for i in range(max(0, top - BEFORE), min(len(blocks), top + AFTER)):
        distance = i - top if i > top else 2 * (top - i)
        if i == top or len(blocks[i].text) > MAX_BYLINE_CHARS or distance - LINKED >= best_rank:
            continue
        found, weight = _read_byline(document, blocks, i)
        rank = distance - weight
        if found and rank < best_rank and (abs(i - top) <= _CLOSE or not _is_of_others(blocks[i])):
            best, best_rank, best_weight, best_position = found, rank, weight, i
    if not best:
        if signed := _signature(blocks, top + AFTER):
            return Byline(signed, SAID)
        return Byline(_with_biography(blocks, top), NAMED)
    text = blocks[best_position].text
    if best_weight != SAID:
        for other in _alike_after(blocks, best_position):
            best = tidied((*best, *_read_byline(document, blocks, other)[0]))
            text += f" {blocks[other].text}"
    return Byline(best, best_weight, text)


_CLOSE = 3


def _alike_after(blocks: Sequence[Block], position: int) -> Iterator[int]:
    """Yield the positions of the blocks right after a byline that are marked up as it is."""
    for other in range(position + 1, min(len(blocks), position + _MAX_ALIKE)):
        short = len(blocks[other].text) <= MAX_NAME_CHARS
        if not short or not is_alike(blocks[other], blocks[position]):
            break
        yield other


def is_alike(one: Block, other: Block) -> bool:
    """Tell whether two blocks are marked up alike, in parents that are too."""
    a, b = one.element, other.element
    return (
        one.tag == other.tag
        and a.name == b.name
        and (
            a.parent is b.parent
            or (
                a.parent is not None
                and b.parent is not None
                and a.parent.name == b.parent.name
                and bool(a.name)
            )
        )
    )


_MAX_ALIKE = 12


def _with_biography(blocks: Sequence[Block], top: int) -> tuple[Person, ...]:
    """Return a name that stands alone near the headline, or in a box for authors.

    Near the headline it counts only if another block says who that is: "Dana Akhmetova is ...".
    """
    for i in range(max(0, top + 1), len(blocks)):
        block = blocks[i]
        name = block.text
        if len(name) > MAX_NAME_CHARS or not 1 <= name.count(" ") <= 3 or name[0].islower():
            continue
        if top + _OPENING < i <= top + AFTER or block.tag == "h2":
            continue
        if i > top + AFTER and not _is_named_for_author(block):
            continue
        if not is_full_name(name):
            continue
        if _has_biography(blocks, name) if i <= top + _OPENING else not _is_of_others(block):
            return (Person(name),)
    return ()


def _has_biography(blocks: Sequence[Block], name: str) -> bool:
    return any(
        block.text.startswith(name) and _BIOGRAPHY.match(block.text, len(name)) for block in blocks
    )


_BIOGRAPHY = re.compile(
    r",? (?:is|was|has|writes|works|covers|ist|schreibt|arbeitet|est|écrit|es|escribe|è|scrive|é|escreve|är|er|jest|—|–)\b"
)


def _signature(blocks: Sequence[Block], start: int) -> tuple[Person, ...]:
    """Return the names after "Written by" in the first short block from ``start`` that says so."""
    for block in blocks[start:]:
        text = block.text
        if len(text) <= MAX_BYLINE_CHARS and (match := BY.match(text)):
            found = named(text[match.end() :], said=False)
            if found and not _is_of_others(block):
                return found
    return ()


def names_at_opening(blocks: Sequence[Block], top: int) -> tuple[Person, ...]:
    """Return the names that are a paragraph of their own, right before the text's first.

    So do papers whose pages are all published by one account.
    """
    for block, following in pairwise(blocks[top + 1 : top + _OPENING]):
        if len(block.text) > _MIN_PROSE_CHARS:
            break
        if (
            block.tag == following.tag == "p"
            and block.element.parent is following.element.parent
            and len(following.text) > _MIN_PROSE_CHARS
            and not block.link_chars
        ):
            parts = [part for part in re.split(r"\s*/\s*", block.text) if part]
            people = tidied(map(Person, parts))
            if people and all(is_full_name(person.name) for person in people):
                return people
    return ()


_OPENING = 8
_MIN_PROSE_CHARS = 120


def _read_byline(
    document: HtmlDocument, blocks: Sequence[Block], i: int
) -> tuple[tuple[Person, ...], int]:
    """Return the names in a block, and how much speaks for its being a byline."""
    block = blocks[i]
    if block.link_chars and (people := _linked(document, block)):
        return people, LINKED
    if _KOREAN_BYLINE.match(block.text):
        return named(block.text, said=False), SAID
    says_by = _may_say_by(block.text) and BY.search(block.text)
    if not says_by and not _is_named_for_author(block):
        return (), 0
    text = _marked_text(block)
    if match := BY.search(text):
        text = text[match.end() :]
        if not text and i + 1 < len(blocks):
            text = blocks[i + 1].text[:MAX_BYLINE_CHARS]
        return named(text, said=True), SAID
    run: tuple[Person, ...] = ()
    for part in _MARKS.split(_CLOCK.sub(" | ", text)):
        people = named(part, said=False)
        if run and not all(" " in person.name for person in (*run, *people)):
            break
        if people:
            run += people
        elif run and part.strip():
            break
    if len(run) > 1 and not any(" " in person.name for person in run):
        return (), 0  # "Wellness & Prevention" is a rubric
    return run, SAID if _is_named_for_names(block) else NAMED


_KOREAN_BYLINE = re.compile(
    r"[가-힣]{2,4}(?:\s?[·,]\s?[가-힣]{2,4})*\s\S{0,3}(?:기자|특파원)(?:\s|$)"
)


def _marked_text(block: Block) -> str:
    """Return a block's text with a bar between inline elements: a role or day is often in its own.

    None stands beside a comma or "and", which join names that are in elements of their own.
    """
    element = block.element
    if element.end - element.start > 1:
        return block.text
    text = " ".join(" | ".join(element.node.text(separator="\n").splitlines()).split())
    text = _JOINED.sub(r" \1 ", text)
    return text if len(text) < 2 * len(block.text) + 20 else block.text


_JOINED = re.compile(
    r"(?<![\s|])\s*+(?:\|\s*+)++((?:[,;&]|(?:and|und|et|og|och|en|dan|y|e)\b)\s*+)(?:\|\s*+)*+"
)
_CLOCK = re.compile(
    r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
    r"(?:\s?\(?(?:[A-Z]{2,5}|(?:Eastern|Central|Mountain|Pacific|Local) [Tt]ime)\)?(?=\s*(?:$|[|·•,;—–-])))?"
)
"""A clock with what stands behind it of its own: "07:47 PM EST"; "10:30 ANNA BERG" is a person's."""

_MARKS = re.compile(r"[|·•⋅—–/:]+|\s-\s|(?<=\d)(?=[^\W\d])|(?<=\d)\s")


def _linked(document: HtmlDocument, block: Block) -> tuple[Person, ...]:
    """Return who the block's links to authors' pages name."""
    element = block.element
    if element.end - element.start > _MAX_BLOCKS:
        return ()
    node = element.node
    links = node.css("a[href]")[:12]
    for _ in range(2):
        if not links and node.parent is not None:
            node = node.parent
            links = [node] if node.tag == "a" else []
    people = []
    other = OTHER_WORK.search(block.text) if len(links) > 1 and "by" in block.text else None
    for link in links:
        href, rel = link.attributes.get("href") or "", link.attributes.get("rel") or ""
        if "author" in rel.split() or _AUTHOR_ADDRESS.search(href):
            name = clean(link.text(separator=" "))
            if other is None or block.text.find(name) <= other.start():
                people.append(Person(name, document.join(href)))
    return tuple(person for person in tidied(people) if looks_like_name(person.name))


_MAX_BLOCKS = 3


def _is_of_others(block: Block) -> bool:
    """Tell whether a block's markup is named for what is by or about somebody else."""
    element: Element | None = block.element
    for _ in range(4):
        if element is None:
            return False
        if not _OTHERS_WORDS.isdisjoint(element.words):
            return True
        element = element.parent
    return False


def _is_named_for_author(block: Block) -> bool:
    element = block.element
    if element.tag == "address":
        return True
    name = element.name + block.inline_name
    if element.parent is not None:
        name += element.parent.name
    name = name.lower()
    return any(word in name for word in _AUTHOR_WORDS) and _ABOUT_WORDS.isdisjoint(block.own_words)


def _is_named_for_names(block: Block) -> bool:
    """Tell whether a block's markup is named for an author's name: "author-name", vCard's "fn"."""
    words = block.own_words
    return "name" in words and not _NAMING_WORDS.isdisjoint(words)


_ABOUT_WORDS = frozenset(("bio", "biography", "description", "job", "position", "role"))
_NAMING_WORDS = frozenset(("author", "authors", "byline", "autor", "auteur", "writer"))
