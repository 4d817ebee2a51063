"""Who a page's article is by: JSON-LD, metas, microdata, and the byline that is printed.

Names come as they are printed, less what is around them ("By", a role, a day); of a joined byline
each name is one person. A *byline* here is a block of text near the headline that says "By" (in
many languages) or whose markup is named for an author.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.metadata import SiteNames, folded
from newscrawl.extract.html.structured import Person, clean, people_of
from newscrawl.extract.html.tree import Block, Element

_MAX_NAME_CHARS = 60
_MAX_JOINED_CHARS = 5_000
_MAX_PEOPLE = 500
"""Some papers of physics have more; a page that names more has something else in that place."""


class Byline(NamedTuple):
    """Who a byline names, what speaks for its being one, and its text.

    ``weight`` is ``_LINKED``, ``_SAID`` or ``_NAMED``.
    """

    people: tuple[Person, ...] = ()
    weight: int = 0
    text: str = ""


def authors(
    document: HtmlDocument, names: SiteNames, headline: str = ""
) -> tuple[tuple[Person, ...], str | None]:
    """Return who the article is by, and the layer that says so; nobody and None if none does.

    Layers are asked in the order of how often they were right. One that only repeats the
    publisher's name (a common default) or an account's gives way to one that names a person.

    Arguments: the page, what its site goes by, and its headline, for where the byline is.
    """
    weak: tuple[tuple[Person, ...], str | None] = ((), None)
    for layer, people in _structured(document):
        found = tidied(people)
        others = tuple(person for person in found if not is_site(person.name, names))
        named = not all(is_site(person.name, names) for person in people)
        if others and named and not all(map(_is_account, others)):
            people = found if layer == "json-ld" else others
            top = document.headline_position(headline)
            if _may_name_more(document.walked.blocks, top, people[0].name):
                more = _completed(people, byline(document, top), names)
                return (more, "generic") if more else (people, layer)
            return people, layer
        if found and not weak[0]:
            weak = others or found, layer
    top = document.headline_position(headline)
    printed, weight, _ = byline(document, top)
    known = {folded(person.name) for person in weak[0]}
    others = tuple(
        person
        for person in printed
        if folded(person.name) not in known and not is_site(person.name, names)
    )
    if weak[0]:
        if others and weight >= _needed(weak[0], others, names):
            return others, "generic"
        opening = _opening(document.walked.blocks, top)
        return (opening, "generic") if opening else weak
    return (others or printed, "generic") if printed else ((), None)


def _may_name_more(blocks: Sequence[Block], top: int, name: str) -> bool:
    """Tell whether a short block near the headline says a name and more, or stands in a list."""
    start = max(0, top - _BEFORE)
    for i, block in enumerate(blocks[start : top + _AFTER], start):
        text = block.text
        if len(text) <= _MAX_BYLINE_CHARS and name in text:
            before, _, after = text.partition(name)
            if _NEXT_NAME.match(after) or _NAME_BEFORE.search(before):
                return True
            if any(0 <= j < len(blocks) and _is_alike(block, blocks[j]) for j in (i - 1, i + 1)):
                return True
    return False


_JOINING = r"(?:[,;&/、،]|\b(?:and|und|et|og|och|en|y|e|i|a|dan|ve|ja|és|и|та|και)\b)"
_NEXT_NAME = re.compile(rf"\s*{_JOINING}")
_NAME_BEFORE = re.compile(rf"{_JOINING}\s*$")


def _completed(people: Sequence[Person], printed: Byline, names: SiteNames) -> tuple[Person, ...]:
    """Return a byline that names everybody whom structured data names, and more people; or none.

    Systems that know one author a page say the first of several there. The byline must hold
    nothing but names: others often did something else ("Fact checked by").
    """
    known = {folded(person.name) for person in people}
    if printed.weight < _SAID or not known < {folded(person.name) for person in printed.people}:
        return ()
    rest = BY.sub(" ", printed.text)
    for person in printed.people:
        if folded(person.name) not in known and (
            not _is_full_name(person.name) or is_site(person.name, names)
        ):
            return ()
        rest = rest.replace(person.name, " ")
    return () if _LETTER.search(_AND.sub(" ", f" {rest} ")) else printed.people


_LETTER = re.compile(r"[^\W_]")


def _needed(weak: Sequence[Person], printed: Sequence[Person], names: SiteNames) -> int:
    """Return what must speak for a byline that replaces the publisher or an account."""
    if not any(" " in person.name for person in printed):
        return _LINKED
    return _SAID if any(is_site(person.name, names) for person in weak) else _NAMED


_LOGIN = re.compile(r"[a-z0-9]+(?:[._-]?[a-z0-9]+)*")
_MIN_LOGIN_CHARS = 5
_ADMIN = re.compile(r"/author/(?:admin|administrator|editor|webmaster)\b", re.IGNORECASE)


def _is_account(person: Person) -> bool:
    """Tell whether a name is that of an account: a login, or the page of "admin".

    WordPress shows an account's login where nobody has set a name for it.
    """
    name = person.name
    if person.url and _ADMIN.search(person.url):
        return True
    return len(name) >= _MIN_LOGIN_CHARS and _LOGIN.fullmatch(name) is not None


def is_site(name: str, names: SiteNames) -> bool:
    """Tell whether a byline names the site itself, by name or by address."""
    return folded(name) in names.folded or bool(
        names.label and f"{names.label}." in name.casefold()
    )


def _structured(document: HtmlDocument) -> Iterator[tuple[str, Sequence[Person]]]:
    article = document.article
    yield "json-ld", people_of(article.get("author")) or people_of(article.get("creator"))
    yield "opengraph", _meta_people(document)
    yield "microdata", _microdata_people(document)


_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
    "citation_author",
    "dc.contributor",
)
_WRITTEN_BY = re.compile(
    r"written|author|^by$|autor|auteur|escrito|geschrieben|verfasst|écrit|автор", re.I
)


def _meta_people(document: HtmlDocument) -> list[Person]:
    metas = document.metas
    for name in _METAS:
        people = [
            Person(_in_order(value) if name in _BIBLIOGRAPHIC else value)
            for value in map(clean, metas.get(name, ()))
            if _is_name(value)
        ]
        if people:
            return people
    for number in ("1", "2"):  # "Written by" and the like, which plugins write for link previews
        if _WRITTEN_BY.search(document.meta(f"twitter:label{number}")):
            return [Person(document.meta(f"twitter:data{number}"))]
    return []


_BIBLIOGRAPHIC = frozenset(("citation_author", "dc.creator", "dcterms.creator", "dc.contributor"))


def _in_order(name: str) -> str:
    """Put "Akhmetova, Dana", as libraries write it, in the order of speech."""
    family, comma, given = name.partition(", ")
    one = comma and "," not in given and ";" not in name and (" " not in family or " " not in given)
    return f"{given} {family}" if one and not _POST_NOMINAL.fullmatch(given) else name


def _is_name(value: str) -> bool:
    return (
        bool(value)
        and not value.startswith(("http:", "https:", "/", "@", "www."))
        and not value.isdigit()
    )


def _microdata_people(document: HtmlDocument) -> list[Person]:
    people = []
    for text, node in document.microdata.get("author", ())[:8]:
        name = node.css_first('[itemprop~="name"]')
        if name is not None:
            text = clean(name.attributes.get("content") or name.text(separator=" "))
        people.append(Person(text))
    return [person for person in people if _is_name(person.name) and looks_like_name(person.name)]


_BY_WORDS = (
    r"(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa][fv]|[Oo]leh|[Pp]rzez|(?:VON|PAR|POR|DI|DOOR|AV|AF|OLEH)(?=\s)|โดย|"
    # Labels ...
    r"(?i:author|autor(?:[*:_/]?in(?:nen)?|i|e|es|a|ka|ři)?(?:/autor)?|auteure?s?|автор(?:и|ы|ка)?|penulis|yazar|yazan|"
    r"szerző|írta|συντάκτης|γράφει\s[οη]|piše|tác giả|contributors?|بقلم|كتبت?|نویسنده|מאת|लेखक)\s*:?|"
    # ... and those that are one with a colon only.
    r"(?i:texte?s?|testo|texto|teksti?|текст|pewarta|haber|toimittaja|reporter|journalist|作者|撰文|文|[记記]者|글)(?=\s*[:：/｜])|"
    r"[记記]者(?=\s))"
)
_WORKS = (
    r"written|posted|published|story|words|text|reported|reporting|article|submitted|geschrieben|verfasst|"
    r"veröffentlicht|écrit|publié|rédigé|recueillis|texte|escrito|publicado|texto|skrevet|skriven|geschreven|tekst|"
    r"ditulis"
)
BY = re.compile(
    rf"(?:^\W*(?i:this\s(?:\w+\s){{1,2}}(?:was|is)\s)?|[\d·•⋅|—–)]\s*|(?i:\b(?:{_WORKS})\s+))"
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

_MAX_BYLINE_CHARS = 160
_BEFORE, _AFTER = 8, 25
_LINKED, _SAID, _NAMED = 8, 6, 4
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
    for i in range(max(0, top - _BEFORE), min(len(blocks), top + _AFTER)):
        distance = i - top if i > top else 2 * (top - i)
        if i == top or len(blocks[i].text) > _MAX_BYLINE_CHARS or distance - _LINKED >= best_rank:
            continue
        found, weight = _read_byline(document, blocks, i)
        rank = distance - weight
        if found and rank < best_rank and (abs(i - top) <= _CLOSE or not _is_of_others(blocks[i])):
            best, best_rank, best_weight, best_position = found, rank, weight, i
    if not best:
        if signed := _signature(blocks, top + _AFTER):
            return Byline(signed, _SAID)
        return Byline(_with_biography(blocks, top), _NAMED)
    text = blocks[best_position].text
    if best_weight != _SAID:
        for other in _alike_after(blocks, best_position):
            best = tidied((*best, *_read_byline(document, blocks, other)[0]))
            text += f" {blocks[other].text}"
    return Byline(best, best_weight, text)


_CLOSE = 3


def _alike_after(blocks: Sequence[Block], position: int) -> Iterator[int]:
    """Yield the positions of the blocks right after a byline that are marked up as it is."""
    for other in range(position + 1, min(len(blocks), position + _MAX_ALIKE)):
        short = len(blocks[other].text) <= _MAX_NAME_CHARS
        if not short or not _is_alike(blocks[other], blocks[position]):
            break
        yield other


def _is_alike(one: Block, other: Block) -> bool:
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
        if len(name) > _MAX_NAME_CHARS or not 1 <= name.count(" ") <= 3 or name[0].islower():
            continue
        if top + _OPENING < i <= top + _AFTER or block.tag == "h2":
            continue
        if i > top + _AFTER and not _is_named_for_author(block):
            continue
        if not _is_full_name(name):
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
        if len(text) <= _MAX_BYLINE_CHARS and (match := BY.match(text)):
            found = _named(text[match.end() :], said=False)
            if found and not _is_of_others(block):
                return found
    return ()


def _opening(blocks: Sequence[Block], top: int) -> tuple[Person, ...]:
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
            if people and all(_is_full_name(person.name) for person in people):
                return people
    return ()


_OPENING = 8
_MIN_PROSE_CHARS = 120


def _is_full_name(name: str) -> bool:
    """Tell whether a text that nothing calls a name can be one: two to four words, all letters."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and all(word.strip(".'’").replace("-", "").isalpha() for word in words)
        and looks_like_name(name)
        and not _ROLE.search(name)
    )


def _read_byline(
    document: HtmlDocument, blocks: Sequence[Block], i: int
) -> tuple[tuple[Person, ...], int]:
    """Return the names in a block, and how much speaks for its being a byline."""
    block = blocks[i]
    if block.link_chars and (people := _linked(document, block)):
        return people, _LINKED
    if _KOREAN_BYLINE.match(block.text):
        return _named(block.text, said=False), _SAID
    says_by = _may_say_by(block.text) and BY.search(block.text)
    if not says_by and not _is_named_for_author(block):
        return (), 0
    text = _marked_text(block)
    if match := BY.search(text):
        text = text[match.end() :]
        if not text and i + 1 < len(blocks):
            text = blocks[i + 1].text[:_MAX_BYLINE_CHARS]
        return _named(text, said=True), _SAID
    run: tuple[Person, ...] = ()
    for part in _MARKS.split(text):
        people = _named(part, said=False)
        if run and not all(" " in person.name for person in (*run, *people)):
            break
        if people:
            run += people
        elif run and part.strip():
            break
    if len(run) > 1 and not any(" " in person.name for person in run):
        return (), 0  # "Wellness & Prevention" is a rubric
    return run, _SAID if _is_named_for_names(block) else _NAMED


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


_JOINED = re.compile(r"\s*(?:\|\s*)+((?:[,;&]|(?:and|und|et|og|och|en|dan|y|e)\b)\s*)(?:\|\s*)*")
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
    other = _OTHER_WORK.search(block.text) if len(links) > 1 and "by" in block.text else None
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


def _named(text: str, *, said: bool) -> tuple[Person, ...]:
    """Return the names in what a byline says; what is not said to be one must look like a name."""
    people = tidied([Person(text)])
    if (
        said
        and len(people) == 1
        and len(people[0].name.split()) == 1
        and len(text) < _MAX_NAME_CHARS
    ):
        return people if _is_word(people[0].name) else ()
    return tuple(person for person in people if looks_like_name(person.name))


def _is_word(name: str) -> bool:
    return (
        len(name) > (2 if name.isascii() else 1)
        and name.isalnum()
        and not _HAN_PROSE.search(name)
        and name not in _PARTICLES
        and name.lower() not in _NOT_NAMES
    )


_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "het",
        "ter",
        "ten",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "af",
        "av",
        "zu",
        "zur",
        "y",
        "e",
        "i",
        "bint",
        "ben",
        "the",
    ]
)
_DAYS_AND_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_NOT_NAMES = frozenset(
    [
        *_DAYS_AND_MONTHS,
        *(word[:3] for word in _DAYS_AND_MONTHS),
        "all posts",
        "author",
        "authors",
        "comments",
        "contributors",
        "experts",
        "follow",
        "facebook",
        "fact checked",
        "instagram",
        "learn more",
        "linkedin",
        "login",
        "read more",
        "share",
        "subscribe",
        "the author",
        "twitter",
        "type",
        "updated",
        "view all posts",
        "writer",
        "editor",
    ]
)


_HAN_PROSE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{7}")
"""More letters in a row than a name has in Chinese or Japanese."""


def looks_like_name(name: str) -> bool:
    """Tell whether a printed text can be somebody's name."""
    words = name.split()
    return (
        1 <= len(words) <= 6
        and (3 if name.isascii() else 2) <= len(name) <= _MAX_NAME_CHARS
        and not _HAN_PROSE.search(name)
        and not any(character in "?!:@#<>{}[]…*»/" for character in name)
        and all(word in _PARTICLES or not word[0].islower() for word in words)
        and not (name[-1] == "." and len(words[-1]) > 4)
        and folded(name).rstrip(".") not in _NOT_NAMES
        and name[0].isalnum()
        and name not in _PARTICLES
    )


_DIGIT = re.compile(r"\s*\d")
_PREFIX = re.compile(
    rf"^\W*((?:{_WORKS}|author|authors|autor|autorin|auteur|редактор|автор|penulis|yazar|(?:本[报報])?[记記]者)"
    r"\b\s*[:：]?\s*)?(by|von|par|por|di|door|av|af|oleh|od|przez)?\b(\s*[:：])?\s+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[\s,;|(<\[]*(?:[^\s@(<\[]*@[\w.-]+|https?://\S+|www\.\S+)[)>\]]*", re.IGNORECASE
)
_OTHER_WORK = re.compile(
    r"\b(?:(?:medically\s|expert\s|fact[\s-]?)?(?:reviewed|checked|edited|translated|illustrated|"
    r"photographed|verified|updated|approved)\sby|(?:photos?|photography|photographs?|pictures?|images?|illustrations?|"
    r"videos?|graphics?|fotos?|fotografía|bild(?:er)?|фото)(?:\s?:|\s(?:by|von|par|de|di|av|af)\b)).*$",
    re.IGNORECASE | re.DOTALL,
)
"""What a byline says of those who did something else than write."""

_END = re.compile(
    r"\s*(?:[|•·⋅/｜]|\d|\s[-–—]\s|[,.]?\s(?:(?:last\s)?updated|published|(?-i:on|in|for|at)\b)).*$",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(
    r"\s*(?:[;&；،、，]|,\s+(?:and|und|et|y)\s|\s(?:and|AND|und|UND|et|ET|og|och|en|dan|with|és|ve|ja|și|şi|và|oraz|"
    r"и|та|και|और)\s)\s*"
)
_OR_PART_OF_A_NAME = re.compile(r"\s(?:y|e|i|a|eta|و|ו)\s")
_OTHER_WORK_PARTS = (
    " by",
    "phot",
    "fot",
    "bild",
    "imag",
    "pict",
    "video",
    "illus",
    "graphic",
    "фото",
)
_MARKS_AROUND = " \t,;:|(-–—*"
_KOREAN_DOT = re.compile(r"(?<=[가-힣])\s?·\s?(?=[가-힣])")
_DATE_TAIL = re.compile(
    rf"[\s,]+(?:{'|'.join(f'{word}|{word[:3]}' for word in _DAYS_AND_MONTHS)})\.?$", re.IGNORECASE
)
_POST_NOMINAL = re.compile(
    r"(?:[A-Z]\.?){2,7}[*®]?|(?:Ph|Psy|Ed|Pharm)\.?\s?D\.?|Jr\.?|Sr\.?|Esq\.?"
)
_ROLE = re.compile(
    r"\b(?:(?:editor|reporter|correspondent|writer|director|manager|officer|expert|specialist|columnist|contributor|"
    r"producer|journalist|founder)s?|redakteur(?:in)?|korrespondent(?:in)?|reporterin|redaktions\w+|chefredakt\w+|"
    r"journaliste|correspondante?|rédact(?:eur|rice)|periodista|corresponsal|redactora?|jornalista|correspondente|"
    r"giornalista|inviat[oa]|verslaggever|redacteur|redaktör|redaktør|корреспондент|журналист(?:ка)?|обозреватель|"
    r"кореспондент|журналіст(?:ка)?|dziennikar(?:z|ka)|muhabiri?|jurnalis|wartawan|újságíró)\b",
    re.IGNORECASE,
)
_ROLE_TAIL = re.compile(
    r"^(\S+\s\S.*?)(?:\s(?:contributing|senior|staff|chief|political|guest))*"
    r"\s(?:writer|editor|reporter|correspondent|columnist)$|^(\S+)\s(?:\S{0,3}기자|특파원)$",
    re.IGNORECASE,
)
_NOBODY = frozenset(("undefined", "null", "none", "admin", "administrator", "webmaster", "guest"))


def tidied(people: Iterable[Person]) -> tuple[Person, ...]:
    """Take prefixes, roles and dates off names, split joined ones, drop repeats and addresses."""
    result: dict[str, Person] = {}
    for person in people:
        if len(result) >= _MAX_PEOPLE:
            break
        name = person.name[:_MAX_JOINED_CHARS]
        if "@" in name or "://" in name or "www." in name:
            name = _ADDRESS.sub(" ; ", name)
        name = _without_by(name)
        if any(part in name.lower() for part in _OTHER_WORK_PARTS):
            name = _OTHER_WORK.sub("", name).rstrip(_MARKS_AROUND + ".")
        if "·" in name:
            name = _KOREAN_DOT.sub(", ", name)
        cut = _END.sub("", name)
        if _DIGIT.match(name, len(cut)):
            cut = _DATE_TAIL.sub("", cut)
        parts = [
            part
            for joined in _AND.split(cut)
            for names in _by_comma(joined)
            for part in _by_letter(names)
        ]
        for part in parts:
            part = _ROLE_TAIL.sub(r"\1\2", part.strip(_MARKS_AROUND)).rstrip()
            part = _without_by(part) if part[:3].lower() == "by " else part
            key = folded(part)
            if part and "://" not in part and "@" not in part and key not in _NOBODY:
                url = person.url if len(parts) == 1 else None
                if key not in result or (url and not result[key].url):
                    result[key] = Person(part, url)
    return tuple(result.values())


def _without_by(name: str) -> str:
    """Take "By" and the like off a name, but not what is one: Oleh Petrenko, Von Miller."""
    name = " " + name
    match = _PREFIX.match(name)
    if match is None:
        return name.strip()
    rest = name[match.end() :].strip()
    work, by, colon = match.groups()
    may_be_given = by and by[0].isupper() and by.lower() != "by" and not work and not colon
    return name.strip() if may_be_given and " " not in rest and rest not in _AGENCIES else rest


def _by_letter(text: str) -> list[str]:
    """Split names at "y", "e" or "i", which also stand within one: José Ortega y Gasset."""
    parts = _OR_PART_OF_A_NAME.split(text)
    return parts if all(len(part.split()) > 1 for part in parts) else [text]


def _by_comma(text: str) -> list[str]:
    """Split names at commas; put titles after a name back to it, and drop roles that follow one."""
    names: list[str] = []
    for part in map(str.strip, text.split(",")):
        if names and part not in _AGENCIES:
            if _POST_NOMINAL.fullmatch(part):
                names[-1] += ", " + part
                continue
            if _ROLE.search(part):
                continue
        if part:
            names.append(part)
    return names


_AGENCIES = frozenset(
    [
        "AAP",
        "AFP",
        "ANI",
        "ANP",
        "ANSA",
        "AP",
        "APA",
        "ATS",
        "Belga",
        "Bloomberg",
        "BNS",
        "CTK",
        "DPA",
        "dpa",
        "EFE",
        "IANS",
        "Interfax",
        "KNA",
        "Lusa",
        "NTB",
        "PA",
        "PAP",
        "PTI",
        "Reuters",
        "Ritzau",
        "SID",
        "STT",
        "TASS",
        "TT",
        "UPI",
        "Xinhua",
    ]
)
