"""What an address looks like: an article's, a listing's, or one that is not followed.

Nothing is fetched and no site is known, so this is a guess, told in points: the form of
addresses is a habit of publishing systems, not a rule. The words are data
(``data/forms.json``); how often the guess is right is in ``docs/discovery.md``.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from typing import Literal
from urllib.parse import parse_qsl, unquote

Role = Literal["start", "feed", "sitemap", "listing", "article"]
"""What an address is asked for as."""


_WORDS: dict[str, list[str]] = json.loads(
    resources.files("newscrawl.addresses").joinpath("data/forms.json").read_text("utf-8")
)
_LISTING = frozenset(_WORDS["listing_segments"])
_OTHER = frozenset(_WORDS["other_segments"])
_ARTICLE = frozenset(_WORDS["article_segments"])
_ARTICLE_PARAMETERS = frozenset(_WORDS["article_parameters"])
_LISTING_PARAMETERS = frozenset(_WORDS["listing_parameters"])
_OTHER_PARAMETERS = frozenset(_WORDS["other_parameters"])
_PAGE_EXTENSIONS = frozenset(_WORDS["page_extensions"])
_OTHER_EXTENSIONS = frozenset(_WORDS["other_extensions"])

_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_NUMBER = re.compile(r"\d{1,2}")
_DATE_SEGMENT = re.compile(
    r"(?:19|20)\d\d(?:[-_.]?(?:0?[1-9]|1[0-2])(?:[-_.]?(?:0?[1-9]|[12]\d|3[01]))?)?"
)
_DATE_IN_SLUG = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_ID = re.compile(
    r"(?<!\d)\d{5,}(?!\d)|(?<![0-9a-z])(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{10,}(?![0-9a-z])"
)
_WORD = re.compile(r"[^-_+.,~ ]+")
_DIGIT = re.compile(r"\d")
_PAGE_SEGMENT = re.compile(r"(?:page|seite|pagina|p)[-_]?\d{1,5}")
_NUMBERED = re.compile(r"[-_]?\d+$")
_INDEX = frozenset(("index", "default", "home", "start"))
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힯]")


@lru_cache(maxsize=8_192)
def form_points(url: str) -> int | None:
    """How much an address looks like an article's.

    Args:
        url: absolute.

    Returns:
        From -4, a listing's, over 0, which tells nothing, to 4, an article's; None for what no
        crawl follows: logins, shares, searches, files, the imprint.

    >>> form_points("https://coast.example/2024/11/05/ferry-sinks-off-vik")
    4
    >>> form_points("https://coast.example/tag/ferry")
    -4
    >>> form_points("https://coast.example/login?next=/tag/ferry")
    """
    address, _, query = url.partition("#")[0].partition("?")
    path = "".join(address.split("/", 3)[3:]).lower()
    if "%" in path:
        path = unquote(path)
    segments = [segment for segment in path.split("/") if segment]
    names = {n.lower(): v for n, v in parse_qsl(query, keep_blank_values=True)} if query else {}
    stem, extension = _split_extension(segments[-1]) if segments else ("", "")
    if extension in _OTHER_EXTENSIONS or not _OTHER_PARAMETERS.isdisjoint(names):
        return None
    if stem in _INDEX:
        del segments[-1]
        stem, extension = (segments[-1], "") if segments else ("", "")
    chosen = _query_points(names) if names else 0
    if not segments:
        return chosen or -4
    # How far from the end a listing's word stands: 1 in /tag/vik.
    depth = _depth_of_listing_word(segments)
    points = max(-4, min(4, chosen + _path_points(segments, stem, extension, depth)))
    # /tag/weather and /search/label/vik are listings; /weather/storm-hits-vik is an article.
    if not depth and (
        segments[-1] in _OTHER or stem in _OTHER or (segments[0] in _OTHER and points < 2)
    ):
        return None
    return points


def _depth_of_listing_word(segments: list[str]) -> int | None:
    for depth, segment in enumerate(reversed(segments)):
        if segment in _LISTING or (
            segment[-1].isdigit()
            and not segment.isdigit()
            and _NUMBERED.sub("", segment) in _LISTING
        ):
            return depth
    return None


def _split_extension(segment: str) -> tuple[str, str]:
    stem, dot, extension = segment.rpartition(".")
    if dot and (extension in _PAGE_EXTENSIONS or extension in _OTHER_EXTENSIONS):
        return stem, extension
    return segment, ""


def _query_points(names: dict[str, str]) -> int:
    if any(name in _LISTING_PARAMETERS for name in names):
        return -4
    wanted = any(
        name in _ARTICLE_PARAMETERS
        and ((value.isdigit() and len(value) > 1) or _slug_words(value) > 2)
        for name, value in names.items()
    )
    bare = any(not value and name.isdigit() and len(name) > 3 for name, value in names.items())
    return 3 if wanted or bare else 0


def _slug_words(text: str) -> int:
    return len(_WORD.findall(text))


def _path_points(segments: list[str], stem: str, extension: str, depth: int | None) -> int:
    before = segments[:-1]
    if segments[-1][-1].isdigit() and (
        is_calendar(segments) or _PAGE_SEGMENT.fullmatch(segments[-1])
    ):
        return -4
    dated = any(
        len(segment) >= 4 and segment[:2] in ("19", "20") and _DATE_SEGMENT.fullmatch(segment)
        for segment in before
    )
    words = _slug_words(stem)
    points = 0
    if depth is not None:
        # /tag/vik, /author/solheim/20889740; but /category/harbour/ferry-sinks-off-vik-again
        points -= 5 if depth < 2 or (depth == 2 and words < 4) else 1
    has_digit = bool(_DIGIT.search(stem))
    has_id = (has_digit and _ID.search(stem)) or (
        before and len(before[-1]) > 4 and _ID.search(before[-1])
    )
    if dated or (has_digit and _DATE_IN_SLUG.search(stem)):
        points += 3
    if has_id:
        points += 2
    points += 3 if words >= 5 else 2 if words == 4 else 1 if words == 3 else 0
    if len(stem) >= 8 and not stem.isascii() and _CJK.search(stem):
        points += 2
    if extension and (words > 1 or has_digit):
        points += 1
    if before and not _ARTICLE.isdisjoint(before) and (words > 1 or has_digit):
        points += 1
    if points == 0 and words <= 2 and not extension and not has_digit:
        # /politics, /world/middle-east
        points = -2 if len(segments) <= 2 else -1
    return points


def is_calendar(segments: list[str]) -> bool:
    """Whether a path ends in a year, a month or a day: an archive by date.

    Args:
        segments: of the path, lower case, none empty.

    >>> is_calendar(["2024", "11", "05"]), is_calendar(["news", "2024", "11"])
    (True, True)
    >>> is_calendar(["2024", "11", "05", "ferry-sinks"]), is_calendar(["story", "5512"])
    (False, False)
    """
    dates = 0
    for segment in reversed(segments):
        if _SHORT_NUMBER.fullmatch(segment) and dates < 2:
            dates += 1
        else:
            return bool(
                _YEAR.fullmatch(segment)
                or (not dates and re.fullmatch(r"(?:19|20)\d\d-\d\d(?:-\d\d)?", segment))
            )
    return False


def role_of(url: str) -> Role | None:
    """What an address should be asked for as; None where its form does not tell.

    >>> role_of("https://coast.example/author/marit-solheim")
    'listing'
    """
    points = form_points(url)
    if points is None or -1 <= points <= 1:
        return None
    return "article" if points > 1 else "listing"
