"""No field of any record holds what readers can't hold."""

import dataclasses
import json
import types
import unicodedata
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.drops.run import Run
from newscrawl.drops.schema import RECORD_CLASSES
from newscrawl.items import Article, DateHints, ExchangeRate, Note, PageRecord, Person, Sighting
from newscrawl.page.characters import make_readable, printable_name, readable

NASTY = "a\x00b\x1b[31mc\ud83dd\ufffee\u202ef\x85g\u200bh\U0001fffe\ufdd0\ufeff\x7f\u2066"


def unreadable(text: str) -> list[str]:
    """What of a text no reader can hold, by Unicode's own categories."""
    return [
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n")
        or 0xFDD0 <= ord(c) <= 0xFDEF
        or ord(c) & 0xFFFE == 0xFFFE
        or c in "\u202d\u202e\ufeff"
    ]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain text", "plain text"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("DOS\r\nand Mac\rends", "DOS\nand Mac\nends"),
        ("half \ud83d\ude00 pairs \udfff", "half  pairs "),
        ("NUL\0 ESC\x1b DEL\x7f C1\x9b", "NUL ESC DEL C1"),
        ("form\x0cfeed, next\x85line", "form feed, next line"),
        ("no\ufdd0n\uffff\U0010ffffcharacters", "noncharacters"),
        ("turned \u202eround\u202c", "turned round"),
        ("a\u200bb\u2060c\u00add\ufeffe", "abcde"),
        ("marks of direction\u200e\u2067 in Latin\u2069", "marks of direction in Latin"),
        # Persian and Hindi are spelt with joiners, Khmer and Thai with word breaks.
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("शक्\u200dति", "शक्\u200dति"),
        ("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ"),
        ("Latin\u200c has\u200d none", "Latin has none"),
        # A right-to-left text keeps its marks of direction, and embeddings that end.
        ("שלום \u2066ABC\u2069!\u200f", "שלום \u2066ABC\u2069!\u200f"),
        ("שלום \u202bאב", "שלום אב"),
        ("שלום \u2069אב\u202e", "שלום אב"),
        ("שלום \u202bא\nב\u202c", "שלום א\nב"),
        # Pictures of several parts, keys, flags and chosen looks stay whole.
        ("👩\u200d🚒 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d🚒 ❤\ufe0f 1\ufe0f\u20e3"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
         "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        # Hidden messages do not.
        ("hi\U000e0068\U000e0069", "hi"),
        ("😀\ufe0f\ufe01\ufe02\U000e0101", "😀\ufe0f"),
        ("a\ufe0fb", "ab"),
    ],
)  # fmt: skip
def test_what_is_readable_stays_and_the_rest_goes(text, clean):
    assert readable(text) == clean


@given(st.text(st.characters(), max_size=30))
def test_a_readable_text_holds_nothing_unreadable_and_is_readable_again(text):
    clean = readable(text)
    assert not unreadable(clean)
    clean.encode()
    assert readable(clean) == clean


@given(
    st.text(st.sampled_from("אaक\u200d\u200c\u2066\u2069\u202a\u202c\u202e😀\ufe0f\n"), max_size=12)
)
def test_marks_are_cleaned_in_one_go(text):
    assert readable(readable(text)) == readable(text)


@given(st.recursive(st.text(st.characters()) | st.none(), st.lists))
def test_whatever_is_nested_is_cleaned(thing):
    assert not unreadable(json.dumps(make_readable([thing]), ensure_ascii=False))


def test_nesting_has_no_limit():
    deep: list[Any] = [NASTY]
    for _ in range(5000):
        deep = [deep]
    inner = make_readable(deep)
    while isinstance(inner[0], list):
        inner = inner[0]
    assert not unreadable(inner[0])


def filled(hint: Any) -> Any:
    """A value of a type, every string in it nasty."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return filled(next(a for a in arguments if a is not types.NoneType))
    if origin is Literal:
        return arguments[0]
    if origin is list:
        return [filled(arguments[0])]
    if origin is dict:
        return {"field": filled(arguments[1])}
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{f.name: filled(hints[f.name]) for f in dataclasses.fields(hint)})
    return {str: NASTY, int: 1, float: 0.5, bool: False, Decimal: Decimal(1)}[hint]


@pytest.mark.parametrize("name", RECORD_CLASSES)
def test_no_field_of_any_record_keeps_an_unreadable_character(name):
    record = make_readable(filled(RECORD_CLASSES[name]))
    text = json.dumps(dataclasses.asdict(record), ensure_ascii=False, default=str)
    assert "a" in text
    assert not unreadable(text)


def test_nothing_unreadable_reaches_a_drop_whatever_road_it_came(tmp_path):
    """Items that no pipeline cleaned, as a pipeline of an operator's own may leave them."""
    run = Run(tmp_path, "replay", None, {}, "r")
    page = f"p{NASTY}.txt"
    article, rate, person = filled(Article), filled(ExchangeRate), filled(Person)
    article.id, article.url, article.date_published = "s:1", f"https://a.example/{NASTY}", None
    article.date_evidence.published = article.date_evidence.modified = None
    article.sightings = [
        Sighting(page=page, page_date=None, position=1, date_raw=NASTY, is_truncated=False, body_sha256="1" * 64)
    ]  # fmt: skip
    article.date_readings = []
    article.date_hints, article.extracted_by = DateHints(), {"headline": "site"}
    rate.base_currency, rate.quote_currency, rate.as_of = "USD", "KZT", None
    for item in (article, rate, person):
        item.page, item.site = page, "s"
        run.add(item)
    run.reject(dataclasses.replace(article), ValueError(NASTY))
    record = PageRecord(page=page, outcome="extracted", found=4, reason=NASTY, charset=NASTY,
                        notes=[Note(code=NASTY, detail=NASTY)])  # fmt: skip
    run.notes.append(Note(code="x", detail=NASTY))
    run.add(record)
    published = run.publish()
    assert published is not None
    for path in published.place.iterdir():
        content = path.read_bytes().decode()
        if path.suffix == ".jsonl":
            assert content, path
        assert not unreadable(content.replace("\\u0000", "\0")), path


@pytest.mark.parametrize(
    ("name", "printed"),
    [("page.txt", "page.txt"), ("год/страница.html", "год/страница.html"),
     ("a\udcffb", "a\\xffb"), ("a\x1b[2Jb", "a\\x1b[2Jb"), ("a\nb", "a\\nb"), ("a\u202eb", "a\\u202eb")],
)  # fmt: skip
def test_a_name_that_cannot_be_shown_is_escaped(name, printed):
    assert printable_name(name) == printed
