"""Who a page's article is by: JSON-LD, metas, microdata, and the byline that is printed.

Names come as they are printed, less what is around them ("By", a role, a day); of a joined byline
each name is one person.
"""

import re
from collections.abc import Iterator, Sequence

from newscrawl.extract.html.bylines import (
    AFTER,
    BEFORE,
    BY,
    LINKED,
    MAX_BYLINE_CHARS,
    NAMED,
    SAID,
    Byline,
    byline,
    is_alike,
    names_at_opening,
)
from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.metadata import SiteNames
from newscrawl.extract.html.names import (
    AND,
    POST_NOMINAL,
    is_full_name,
    looks_like_name,
    tidied,
)
from newscrawl.extract.html.structured import Person, author_type, clean, people_of, types_of
from newscrawl.extract.html.tree import Block
from newscrawl.extract.typography import fold


def authors(
    document: HtmlDocument, names: SiteNames, top: int
) -> tuple[tuple[Person, ...], str | None]:
    """Return who the article is by, and the layer that says so; nobody and None if none does.

    Layers are asked in the order of how often they were right. One that only repeats the
    publisher's name (a common default) or an account's gives way to one that names a person.

    Arguments: the page, what its site goes by, and which of its blocks is the headline (-1: none),
    for where the byline is.
    """
    weak: tuple[tuple[Person, ...], str | None] = ((), None)
    for layer, people in _structured(document):
        found = tuple(_typed(person, names) for person in tidied(people))
        others = tuple(person for person in found if not is_site(person.name, names))
        names_others = not all(is_site(person.name, names) for person in people)
        if others and names_others and not all(map(_is_account, others)):
            people = found if layer == "json-ld" else others
            if _may_name_more(document.walked.blocks, top, people[0].name):
                more = _completed(people, byline(document, top), names)
                return (more, "generic") if more else (people, layer)
            return people, layer
        if found and not weak[0]:
            weak = others or found, layer
    printed, weight, _ = byline(document, top)
    known = {fold(person.name) for person in weak[0]}
    others = tuple(
        person
        for person in printed
        if fold(person.name) not in known and not is_site(person.name, names)
    )
    if weak[0]:
        if others and weight >= _needed(weak[0], others, names):
            return others, "generic"
        people = names_at_opening(document.walked.blocks, top)
        return (people, "generic") if people else weak
    return (others or printed, "generic") if printed else ((), None)


def _typed(person: Person, names: SiteNames) -> Person:
    """Return a person as typed, and a site's own name untyped where it is called a person.

    Systems call the account that a site publishes by a person.
    """
    is_doubtful = person.type == "person" and is_site(person.name, names)
    return person._replace(type=None) if is_doubtful else person


def _may_name_more(blocks: Sequence[Block], top: int, name: str) -> bool:
    """Tell whether a short block near the headline says a name and more, or stands in a list."""
    start = max(0, top - BEFORE)
    for i, block in enumerate(blocks[start : top + AFTER], start):
        text = block.text
        if len(text) <= MAX_BYLINE_CHARS and name in text:
            before, _, after = text.partition(name)
            if _NEXT_NAME.match(after) or _NAME_BEFORE.search(before):
                return True
            if any(0 <= j < len(blocks) and is_alike(block, blocks[j]) for j in (i - 1, i + 1)):
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
    known = {fold(person.name) for person in people}
    if printed.weight < SAID or not known < {fold(person.name) for person in printed.people}:
        return ()
    rest = BY.sub(" ", printed.text)
    for person in printed.people:
        if fold(person.name) not in known and (
            not is_full_name(person.name) or is_site(person.name, names)
        ):
            return ()
        rest = rest.replace(person.name, " ")
    return () if _LETTER.search(AND.sub(" ", f" {rest} ")) else printed.people


_LETTER = re.compile(r"[^\W_]")


def _needed(weak: Sequence[Person], printed: Sequence[Person], names: SiteNames) -> int:
    """Return what must speak for a byline that replaces the publisher or an account."""
    if not any(" " in person.name for person in printed):
        return LINKED
    return SAID if any(is_site(person.name, names) for person in weak) else NAMED


_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*+")
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
    return fold(name) in names.folded or bool(names.label and f"{names.label}." in name.casefold())


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
    return f"{given} {family}" if one and not POST_NOMINAL.fullmatch(given) else name


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
        kind = author_type(types_of({"@type": (node.attributes.get("itemtype") or "").split()}))
        people.append(Person(text, type=kind))
    return [person for person in people if _is_name(person.name) and looks_like_name(person.name)]
