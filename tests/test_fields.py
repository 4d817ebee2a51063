"""What the fields of records say of themselves: how they merge, and what of them is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, make_dataclass
from itertools import permutations

import pytest

from newscrawl.drops.schema import RECORD_CLASSES, json_schema
from newscrawl.items import Article, Author, ExchangeRate, Image, Person, doc, internal, merged
from newscrawl.merge.articles import merge_sightings
from newscrawl.merge.events import changed_fields
from newscrawl.merge.fields import compared, merge_values, says_more, sources_of, unite
from tests.conftest import ROOT
from tests.test_merge import LEAD, REST, sighting


def test_a_field_that_says_nothing_of_merging_fails_and_the_error_says_what_to_do():
    message = (
        r"the field location of Story in \S+ says nothing of merging; give its doc\(…\) a "
        r"merge=, one of made, same, .*\(docs/development.md, A new field\)"
    )
    with pytest.raises(TypeError, match=message):

        @merged
        @dataclass
        class Story:
            headline: str = field(metadata=doc("schema.org/headline", merge="best"))
            location: str = field(metadata=doc("schema.org/contentLocation"))


@pytest.mark.parametrize("metadata", [{}, internal("used on the way")])
def test_an_internal_or_undocumented_field_has_to_say_it_too(metadata):
    story = make_dataclass("Story", [("raw", str, field(metadata=metadata))])
    with pytest.raises(TypeError, match="the field raw of Story"):
        merged(story)


def test_a_field_of_a_record_with_events_says_whether_a_change_is_an_update():
    parts = [
        ("changed", list, field(default_factory=list, metadata=doc("…", merge="made"))),
        ("location", str, field(default="", metadata=doc("…", merge="best"))),
    ]
    with pytest.raises(TypeError, match=r"location of Story .* compared=True or compared=False"):
        merged(make_dataclass("Story", parts))


def test_every_merged_class_is_checked():
    for cls in (Article, ExchangeRate, Person):
        assert merged(cls) is cls
    assert {Article, ExchangeRate, Person} <= set(RECORD_CLASSES.values())


@pytest.mark.parametrize(
    ("kind", "a", "b", "is_same"),
    [
        ("text", "Bridge  opens", "Bridge opens", True),
        ("text", "Bridge opens", "bridge opens", False),
        ("text", ["With  reporting by AFP"], ["With reporting by AFP"], True),
        ("text", None, "", False),
        ("words", ["ships", "ports"], ["ports", " ships"], True),
        ("address", "https://m.coast.example/b?utm_source=x", "http://coast.example/b", True),
        ("address", "no address", "no address", True),
        ("file", "https://coast.example/b.jpg?utm_source=x", "https://coast.example/b.jpg", True),
        ("file", "https://coast.example/b.jpg", "http://coast.example/b.jpg", False),
        ("text", [Author(name="Ida  Berg")], [Author(name="Ida Berg", type="person")], True),
        ("text", [Author(name="Ida Berg")], [Author(name="Ida Berg", url="https://a.example")], False),
    ],
)  # fmt: skip
def test_values_are_compared_by_what_they_are(kind, a, b, is_same):
    assert (compared(a, kind) == compared(b, kind)) is is_same


@pytest.mark.parametrize(
    ("kind", "value", "other", "more"),
    [
        ("text", "x", None, True),
        ("text", "x", "y", False),
        ("text", None, "x", False),
        ("language", "en-GB", "en", True),
        ("language", "en", "en-GB", False),
        ("language", "eng", "en", False),
        ("words", ["a", "b"], ["b"], True),
        ("words", ["a"], ["b"], False),
        ("text", [Author(name="A", type="person")], [Author(name="A")], True),
        ("text", [Author(name="A")], [Author(name="A", type="person")], False),
        ("text", [Author(name="A"), Author(name="B")], [Author(name="A")], False),
    ],
)
def test_a_value_says_more_than_another(kind, value, other, more):
    assert says_more(value, other, kind) is more


def test_united_are_all_that_differ_without_what_is_part_of_another():
    bridge = Image(url="https://coast.example/b.jpg", caption="The bridge.")
    assert unite([[Image(caption="The bridge.")], [bridge, Image(caption="The strait.")]]) == [
        bridge,
        Image(caption="The strait."),
    ]
    assert unite([["b", "a"], ["a", "c"]]) == ["b", "a", "c"]


def test_a_type_that_only_a_newer_newscrawl_reads_is_no_change():
    before = sighting("a", None, LEAD, authors=[Author(name="Ida Berg")], read_by="0.1.0")
    after = sighting(
        "a", None, LEAD, authors=[Author(name="Ida Berg", type="person")], read_by="0.2.0"
    )
    assert changed_fields(before, after, set()) == []


# The tutorial of docs/development.md, as far as it is code: a field from top to bottom.


@merged
@dataclass(kw_only=True, slots=True)
class Located(Article):
    """An article with the field of the tutorial."""

    content_location: str | None = field(
        default=None,
        metadata=doc("schema.org/contentLocation: as printed", merge="best", compared=True),
    )


def located(page, body, place):
    made = sighting(page, None, body)
    values = {f.name: getattr(made, f.name) for f in fields(made)}
    return Located(**values, content_location=place)


def test_the_field_of_the_tutorial_merges_and_is_in_the_schema(monkeypatch):
    sightings = [located("a", LEAD + REST, None), located("b", LEAD, "Vik")]
    for order in permutations(sightings):
        assert merge_sightings(order).content_location == "Vik"
    monkeypatch.setitem(RECORD_CLASSES, "articles", Located)
    properties = json_schema("articles")["properties"]
    assert properties["content_location"] == {
        "description": "schema.org/contentLocation: as printed",
        "type": ["string", "null"],
    }
    text = (ROOT / "docs/development.md").read_text(encoding="utf-8")
    assert 'doc("schema.org/contentLocation: as printed", merge="best", compared=True)' in re.sub(
        r"\s+", " ", text
    )


def test_a_record_is_merged_by_its_declared_fields_whatever_its_class():
    @merged
    @dataclass
    class Count:
        most: int = field(metadata=doc("…", merge="most"))
        agreed: int = field(metadata=doc("…", merge="agreed"))
        names: list[str] = field(metadata=doc("…", merge="every"))
        best: str | None = field(metadata=doc("…", merge="best"))

    counts = [Count(1, 7, ["a"], None), Count(3, 7, ["a", "b"], "x"), Count(2, 8, [], "y")]
    values = merge_values(counts, sources_of(counts, "best"))
    assert values == {"most": 3, "agreed": None, "names": ["a", "a", "b"], "best": "x"}
