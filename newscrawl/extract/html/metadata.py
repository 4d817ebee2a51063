"""Headline, authors, section, keywords, language, publisher, address, access and kind of a page.

Each function returns a value and the layer it came from: ``json-ld``, ``opengraph`` (metas of any
vocabulary count as this), ``microdata`` or ``generic``; ``None`` where there is no value.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.structured import (
    Json,
    clean,
    text_of,
    texts_of,
    types_of,
)
from newscrawl.extract.language import canonical_tag
from newscrawl.extract.typography import fold, letters

Sourced = tuple[str, str] | None

_SEPARATOR = re.compile(r"\s+[-|–—·•»«›‹:/~*_⋆★▷►▸→‖]+\s+|\s*[|｜ㅣ»：／│┃︱❘⎸]\s*")


class SiteNames(NamedTuple):
    """What a site goes by: its names, folded, and the longest label of its host's name."""

    folded: frozenset[str]
    label: str


def site_names(document: HtmlDocument) -> SiteNames:
    """Return the names of the page's site: og:site_name, publisher, WebSite, its host."""
    host = (urlsplit(document.address or "").hostname or "").removeprefix("www.")
    labels = host.split(".")
    names = [
        document.meta("og:site_name", "application-name", "al:android:app_name"),
        _publisher_name(document),
        _rights_holder(document),
        host,
        labels[0],
        *document.mastheads,
    ]
    for node in document.by_type.get("WebSite", ()):
        names += texts_of(node.get("name"))
    names = [name[:_MAX_NAME_CHARS] for name in names]
    parts = [part for name in names for part in (name, *_SEPARATOR.split(name))]
    label = letters(max(labels[:-1] or [""], key=len))
    return SiteNames(frozenset(filter(None, map(fold, parts))), label)


def _rights_holder(document: HtmlDocument) -> str:
    """Return whose the page is by its copyright meta: "Copyright (c) Tarn Media 2024"."""
    return " ".join(_RIGHTS.sub(" ", document.meta("copyright", "dc.rights")).split()).strip(" .,-")


_RIGHTS = re.compile(
    r"©|\(c\)|&copy;|\bcopyright\b|\ball rights reserved\b|\b(?:19|20)\d\d\b", re.IGNORECASE
)


def without_site_name(text: str, names: SiteNames) -> str:
    """Cut a site's name off a title, with what stands behind it ("| by …", "– 13.06.2023").

    Arguments: a title of one line, and :func:`site_names` of its page.
    """
    separators = list(_SEPARATOR.finditer(text))
    if not separators:
        return _without_glued_name(text, names)
    ends = [*(match.start() for match in separators), len(text)]
    starts = [0, *(match.end() for match in separators)]
    last = len(ends) - 1
    for i in range(1, last + 1):
        part = text[starts[i] : ends[i]]
        is_name = fold(part) in names.folded or (i == last and _is_like_host(part, names.label))
        if is_name and text[: ends[i - 1]].strip():
            text = text[: ends[i - 1]]
            break
    if separators and fold(text[: ends[0]]) in names.folded and text[starts[1] :].strip():
        return text[starts[1] :]
    return text


def _without_glued_name(text: str, names: SiteNames) -> str:
    """Cut off "-The Plain" or "_The Plain", as Chinese and Japanese sites write it."""
    for name in names.folded:
        rest = text[: -len(name)].rstrip()
        if rest[-1:] in _GLUE and len(rest) > 1 and fold(text[-len(name) :]) == name:
            return rest[:-1].rstrip()
    return text


_GLUE = ("-", "_", "–", "—")
_MAX_NAME_CHARS = 200
_MIN_LABEL_CHARS = 4
_MAX_MORE_CHARS = 12


def _is_like_host(part: str, label: str) -> bool:
    """Tell whether a title's last part says the host's name, as "Koia" does at drinkkoia.com."""
    squashed = letters(_GENERIC_NAME.sub("", part))
    if min(len(squashed), len(label)) < _MIN_LABEL_CHARS:
        return False
    return squashed in label or (
        label in squashed and len(squashed) <= len(label) + _MAX_MORE_CHARS
    )


_GENERIC_NAME = re.compile(
    r"^the\s|\s(?:blog|news|magazine|online|journal|media|official site|newspaper|insights|hub)$",
    re.IGNORECASE,
)


_HEADLINE_WEIGHTS = {
    # On a page that declares a NewsArticle, editors fill JSON-LD with care ...
    True: {"json-ld": 2.0, "h1": 0.5, "og": 0.5},
    # ... elsewhere a plugin fills it, for search engines, and readers see another headline.
    False: {
        "json-ld": 0.4,
        "h1": 2.6,
        "later h1": 1.4,
        "twitter": 0.4,
        "title": 0.5,
        "microdata": 0.6,
    },
}
_MAX_TITLE_CHARS = 1_000
_EXTENDING_TITLE = 2.5
_UNSUPPORTED = 2.2
_SHORT = ((15, 0.9), (30, 0.7))


def headline(document: HtmlDocument, names: SiteNames) -> Sourced:
    """Return the headline that most of the page's layers agree on.

    Each layer votes for its own; ``<title>`` also for one that it extends, by a section or a name.
    Votes are taken from a heading by the share of it that no other layer says, and from what is
    as short as a rubric. The weights are those of a conditional logit fitted to the tuning sites
    of two sets (``benchmarks/truth.py``), rounded.

    Arguments: the page, and what its site goes by.
    """
    weights = _HEADLINE_WEIGHTS[any("News" in kind for kind in types_of(document.article))]
    by_text: dict[str, _Candidate] = {}
    candidates: dict[str, _Candidate] = {}
    for layer, source, text in _titles(document):
        text = text[:_MAX_TITLE_CHARS]
        candidate = by_text.get(text)
        if candidate is None and text:
            shown = without_site_name(text, names)
            candidate = candidates.setdefault(fold(shown), _Candidate(shown, source))
            by_text[text] = candidate
        if candidate is not None:
            candidate.layers.add(layer)
    for text, parts in document.heading_parts.items():
        whole = by_text.get(text[:_MAX_TITLE_CHARS])
        said = next((candidates[key] for part in parts if (key := fold(part)) in candidates), None)
        if whole and said and said is not whole:
            said.layers |= whole.layers & _HEADINGS
            whole.layers -= _HEADINGS
    best: Sourced = None
    best_votes = float("-inf")
    for key, candidate in candidates.items():
        votes = sum(weights.get(layer, 0.0) for layer in candidate.layers)
        extending = [other for other in candidates if other != key and _extends(other, key)]
        if any("title" in candidates[other].layers for other in extending):
            votes += _EXTENDING_TITLE
        if not extending and candidate.layers <= _HEADINGS:
            votes -= _UNSUPPORTED * (1 - _support(key, candidates))
        votes -= sum(cost for chars, cost in _SHORT if len(key) < chars)
        if votes > best_votes + 1e-6:
            best, best_votes = (candidate.text, candidate.source), votes
    return (_completed(best[0], candidates.values()), best[1]) if best else None


_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_MIN_CUT_CHARS = 20


def _completed(text: str, candidates: Iterable["_Candidate"]) -> str:
    """Return a headline that was cut off, with "…" or within a word, as another layer has it."""
    start = _CUT.sub("", text)
    if len(start) < _MIN_CUT_CHARS:
        return text
    for candidate in candidates:
        whole = candidate.text
        # One that says the ellipsis too and goes on with a section or a name: it is the headline's.
        truly_ends = start != text and whole.startswith(text)
        if (
            len(whole) > len(text)
            and whole.startswith(start)
            and not (truly_ends or _CUT.search(whole))
        ):
            within = start[-1].isalnum() and whole[len(start)].isalnum() and not _is_wide(start[-1])
            if start != text or within:
                return whole
    return text


def _is_wide(character: str) -> bool:
    """Tell whether a letter is of a script that does not set spaces between words."""
    return character >= "\u0e00"


class _Candidate:
    """A headline and the layers that give it; the first one's spelling counts."""

    def __init__(self, text: str, source: str):
        self.text = text
        self.source = source
        self.layers: set[str] = set()


_HEADINGS = frozenset(("h1", "later h1"))


def _in_title(document: HtmlDocument) -> list[str]:
    """Return the first lower heading over a text that is the longest part of the title.

    Pages without a first heading set theirs off by marks: "Name :: Print :: Headline".
    """
    longest = fold(max(_SEPARATOR.split(document.title), key=len))
    if len(longest) < _MIN_PART:
        return []
    blocks = document.walked.blocks[:_FIRST_BLOCKS]
    for i, block in enumerate(blocks):
        is_named = block.tag in ("h2", "h3") and fold(block.text) == longest
        if is_named and any(len(b.text) > _MIN_TEXT for b in blocks[i + 1 : i + _BELOW]):
            return [block.text]
    return []


_FIRST_BLOCKS, _BELOW = 300, 8
_MIN_PART, _MIN_TEXT = 8, 80


def _titles(document: HtmlDocument) -> Iterator[tuple[str, str, str]]:
    """Yield layer, source and text of everything on a page that may be its headline."""
    article = document.article
    yield "json-ld", "json-ld", text_of(article.get("headline")) or text_of(article.get("name"))
    headings = document.headings or document.titled[:1] or _in_title(document)
    for layer, text in zip(("h1", "later h1", "later h1", "later h1"), headings, strict=False):
        yield layer, "generic", text
    yield "og", "opengraph", document.meta("og:title")
    yield "twitter", "opengraph", document.meta("twitter:title")
    for text, _ in document.microdata.get("headline", ())[:1]:
        yield "microdata", "microdata", text
    yield "other metas", "opengraph", document.meta("parsely-title", "dc.title", "sailthru.title")
    yield "title", "generic", document.title


def _support(key: str, candidates: Mapping[str, _Candidate]) -> float:
    """Return the share of a heading's trigrams in that of the other layers' which has most."""
    own = _trigrams(key)
    others = [
        _trigrams(other)
        for other, candidate in candidates.items()
        if not candidate.layers <= _HEADINGS
    ]
    return max((len(own & other) for other in others), default=0) / max(1, len(own))


def _trigrams(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(len(text) - 2)}


def _extends(longer: str, shorter: str) -> bool:
    """Tell whether a title is another one with a part added before or after a separator."""
    if len(shorter) <= 10:
        return False
    if longer.startswith(shorter):
        return bool(_SEPARATOR.match(longer, len(shorter)))
    return longer.endswith(shorter) and bool(re.search(r"[-|:·»]\s*$", longer[: -len(shorter)]))


def description(document: HtmlDocument) -> Sourced:
    """Return the summary that the page gives of itself."""
    if text := document.meta("og:description"):
        return text, "opengraph"
    if text := text_of(document.article.get("description")):
        return text, "json-ld"
    if text := document.meta("description", "twitter:description", "dc.description"):
        return text, "opengraph"
    return None


def _publisher_name(document: HtmlDocument) -> str:
    """Return the name of the article's publisher, "" where only an address is given and no name."""
    value = document.article.get("publisher")
    name = text_of(value)
    if _is_name(name):
        return name
    # "{'@id': '…#organization'}" stands for a node of its own.
    wanted = value.get("@id") if isinstance(value, dict) else name
    named = (text_of(node.get("name")) for node in document.json_ld if node.get("@id") == wanted)
    return next(filter(_is_name, named), "") if wanted else ""


def _is_name(text: str) -> bool:
    return bool(text) and "://" not in text and text[0] not in "/#" and not text.startswith("www.")


def publisher(document: HtmlDocument) -> Sourced:
    """Return who publishes the page."""
    if text := _publisher_name(document):
        return text, "json-ld"
    for name in ("og:site_name", "dc.publisher", "application-name"):
        if _is_name(text := document.meta(name)):
            return text, "opengraph"
    for node in document.json_ld:
        if {"NewsMediaOrganization", "Organization"}.intersection(types_of(node)) and (
            text := text_of(node.get("name"))
        ):
            return text, "json-ld"
    return None


def section(document: HtmlDocument) -> Sourced:
    """Return the section; of breadcrumbs, the last one before the article itself."""
    if text := _one_section(text_of(document.article.get("articleSection"))):
        return text, "json-ld"
    if text := _one_section(
        document.meta(
            "article:section",
            "parsely-section",
            "section",
            "sailthru.section",
            "cxenseparse:section",
        )
    ):
        return text, "opengraph"
    if values := document.microdata.get("articleSection"):
        return _one_section(values[0][0]), "microdata"
    for node in document.by_type.get("BreadcrumbList", ()):
        if crumbs := _crumbs(node):
            return crumbs[-1], "json-ld"
    return next(((text, "generic") for text in _linked_terms(document, _CATEGORIES)), None)


def _one_section(text: str) -> str:
    """Return the one section that a text names: the last of a path, the first of a list.

    >>> _one_section("News > Politics"), _one_section("Ports, Ships, Tides"), _one_section("Arts, Books & Film")
    ('Politics', 'Ports', 'Arts, Books & Film')
    """
    path = [part for part in _PATH.split(text) if part.strip()]
    last = path[-1].strip() if path else ""
    parts = [part.strip() for part in _LIST.split(last) if part.strip()]
    return parts[0] if len(parts) > 1 and not _JOINS.search(last) else last


_PATH = re.compile(r"\s*[>›»→]\s*|\s/\s|(?<=\S)\s\|\s")
_LIST = re.compile(r"\s*[,;]\s*")
_JOINS = re.compile(r"&|\s(?:and|und|et|y|e|en|och|og|i|и|та|ve)\s")

_CATEGORIES = 'a[rel~="category"], .taxonomy-category a[rel~="tag"]'
_TAGS = 'a[rel~="tag"]'


def _linked_terms(document: HtmlDocument, selector: str) -> list[str]:
    """Return the texts of the links to what a page is filed under (microformat rel-tag).

    WordPress writes them, in classic themes and in block themes, also where no structured data
    names them; of several posts on the page those of the first.
    """
    return [clean(link.text()) for link in document.tree.css(selector)]


def _crumbs(node: Json) -> list[str]:
    """Return breadcrumb names without the first (home) and, if it is the headline, the last."""
    items = node.get("itemListElement")
    names = []
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            name = text_of(item.get("name")) or text_of(item.get("item"))
            if name and "://" not in name:
                names.append(name)
    if names and len(names[-1]) > 30:
        names.pop()
    return names[1:]


def keywords(document: HtmlDocument) -> tuple[tuple[str, ...], str | None]:
    """Return the keywords, each once, in order."""
    sources = (
        (texts_of(document.article.get("keywords")), "json-ld"),
        ([clean(v) for v in document.metas.get("article:tag", ())], "opengraph"),
        (
            [
                clean(v)
                for n in ("news_keywords", "keywords", "parsely-tags")
                for v in document.metas.get(n, ())[:1]
            ],
            "opengraph",
        ),
    )
    for texts, layer in sources:
        words: dict[str, None] = {}
        for text in texts:
            for word in re.split(r"\s*[,;]\s*", text) if len(texts) < 3 else [text]:
                if (word := word.strip()) and not _OF_SYSTEM.fullmatch(word):
                    words[word] = None
        if words:
            return tuple(words), layer
    tagged = _linked_terms(document, _TAGS)
    filed = {"", *_linked_terms(document, _CATEGORIES)} if tagged else ()
    terms = dict.fromkeys(term for term in tagged if term not in filed)
    return (tuple(terms), "generic") if terms else ((), None)


_OF_SYSTEM = re.compile(
    r"\S*[_=]\S*|[a-z][\w-]*:\S+|hash-\S+|#hash\S*|\d{5,}|(?=\S*\d)(?=\S*[a-f])[0-9a-f-]{8,}",
    re.IGNORECASE,
)
"""What a system files a page under for itself: "_section:news", "template_wide", "hash-video", an id."""


def language(document: HtmlDocument) -> Sourced:
    """Return the BCP 47 tag of the language that the page says it is in."""
    root = document.tree.root
    lang = (
        root.attributes.get("lang") or root.attributes.get("xml:lang") if root is not None else None
    )
    values = (
        (text_of(document.article.get("inLanguage")), "json-ld"),
        (lang or "", "generic"),
        (document.meta("og:locale", "content-language", "language", "dc.language"), "opengraph"),
    )
    for text, layer in values:
        if tag := canonical_tag(text):
            return tag, layer
    return None


def canonical_url(document: HtmlDocument) -> Sourced:
    """Return the address that the page says is its own.

    An address that names no page of its own ("/" on any page, one with control characters) says
    nothing: the address that answered is better.
    """
    for text, layer in _addresses(document):
        url = document.join(text) if text and not _CONTROL.search(text.strip()) else None
        if url is not None and not (_is_first_page(url) and _names_a_page(document.url)):
            return url, layer
    return None


_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")


def _addresses(document: HtmlDocument) -> Iterator[tuple[str, str]]:
    for link in document.links:
        if "canonical" in link["rel"].lower().split():
            yield link["href"], "generic"
    yield document.meta("og:url"), "opengraph"
    for key in ("url", "mainEntityOfPage"):
        value = document.article.get(key)
        yield text_of(value.get("@id") if isinstance(value, dict) else value), "json-ld"


def _is_first_page(url: str) -> bool:
    return urlsplit(url)[2:4] in (("", ""), ("/", ""))


def _names_a_page(url: str | None) -> bool:
    return url is not None and not _is_first_page(url)


def is_free(document: HtmlDocument) -> tuple[bool | None, str | None]:
    """Return whether the article is accessible for free, as far as the page says."""
    value = document.article.get("isAccessibleForFree")
    if isinstance(value, str):
        text = value.strip().rsplit("/", 1)[-1].lower()
        value = True if text == "true" else False if text == "false" else None
    if isinstance(value, bool):
        return value, "json-ld"
    tier = document.meta("article:content_tier", "og:content_tier").lower()
    if tier in ("free", "locked", "metered"):
        return tier != "locked", "opengraph"
    if values := document.microdata.get("isAccessibleForFree"):
        return values[0][0].strip().lower() != "false", "microdata"
    return None, None
