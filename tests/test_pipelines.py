"""The item pipelines on items of every type that Scrapy knows."""

import dataclasses
import datetime

import attrs
import pytest
import scrapy
from itemadapter import ItemAdapter

from newscrawl import settings
from newscrawl.errors import EmptyPost, InvalidItem
from newscrawl.items import Article, PageRecord, Sighting
from newscrawl.pipelines import foreign
from newscrawl.pipelines.dates import DatesPipeline
from newscrawl.pipelines.text import TextPipeline
from newscrawl.pipelines.ticker import TickerPipeline
from newscrawl.pipelines.validate import ValidatePipeline

PIPELINES = (TickerPipeline(), TextPipeline(), DatesPipeline(), ValidatePipeline())
FIELDS = {
    "headline": " Ferry\u200b sails\x00 again ",
    "article_body": "By Marit Solheim\n\nOSLO, Norway — The ferry sailed for the first time since the "
    "storm of the last week.\n\nIt will sail twice a day until the spring, the harbour said.",
    "date_raw": "2 days ago",
    "page_date": "2024-12-19",
    "site": "harbour.example",
}
FOUND = ("authors", "dateline", "date_published", "date_evidence", "id")
NAMES = (*FIELDS, *FOUND)


class Declared(scrapy.Item):
    headline = article_body = date_raw = page_date = site = scrapy.Field()
    authors = dateline = date_published = date_evidence = id = scrapy.Field()


Attrs = attrs.make_class("Attrs", {name: attrs.field(default=None) for name in NAMES})
Data = dataclasses.make_dataclass("Data", [(name, object, None) for name in NAMES])


def refined(item):
    for pipeline in PIPELINES:
        item = pipeline.process_item(item)
    return item


def test_these_are_the_projects_pipelines_in_their_order():
    given = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
    assert [name.rpartition(".")[2] for name in given] == [type(p).__name__ for p in PIPELINES]


@pytest.mark.parametrize("kind", [dict, Declared, Attrs, Data])
def test_an_item_of_any_type_gets_what_ours_get(kind):
    item = kind(**FIELDS)
    assert refined(item) is item
    found = ItemAdapter(item)
    assert found["headline"] == "Ferry sails again"
    assert found["article_body"].startswith("The ferry sailed for the first time")
    assert found["dateline"] == "OSLO, Norway"
    assert found["authors"] == [{"name": "Marit Solheim", "url": None, "type": None}]
    assert found["date_published"] == "2024-12-17"
    assert found["date_evidence"]["published"]["basis"] == "relative"
    assert found["date_evidence"]["published"]["anchor"]["value"] == "2024-12-19"
    site, _, key = found["id"].partition(":")
    assert (site, len(key)) == ("harbour.example", 16)


def test_it_is_the_same_as_of_an_item_of_ours():
    theirs = refined(dict(FIELDS))
    seen = Sighting(page="p", page_date="2024-12-19", position=1, date_raw="2 days ago",
                    is_truncated=False, body_sha256=None)  # fmt: skip
    ours = refined(Article(site="harbour.example", headline=FIELDS["headline"], page="p",
                           article_body=FIELDS["article_body"], sightings=[seen]))  # fmt: skip
    for name in (
        "headline",
        "article_body",
        "dateline",
        "publisher",
        "credits",
        "date_published",
        "id",
    ):
        assert theirs[name] == getattr(ours, name)
    assert theirs["date_evidence"] == dataclasses.asdict(ours.date_evidence)


@dataclasses.dataclass(frozen=True)
class Frozen:
    article_body: str = "Text."
    date_raw: str = "2024-12-19"


@pytest.mark.parametrize(
    "item",
    [
        {"price": 12},
        {"headline": "No text"},
        {"article_body": None, "date_raw": None, "name": "Marit Solheim"},
        {"base_currency": "USD", "rate": 1},
        Frozen(),
        "no item",
        None,
        pytest.param(object(), id="an object"),
    ],
    ids=repr,
)
def test_an_item_without_the_fields_passes_untouched(item):
    before = repr(item)
    assert refined(item) is item
    assert repr(item) == before


def test_fields_that_an_item_can_not_hold_are_left_out():
    @dataclasses.dataclass
    class Small:
        article_body: str
        date_raw: str

    item = refined(Small("Text\x00 of the article.", "19 December 2024"))
    assert item.article_body == "Text of the article."
    assert not hasattr(item, "authors")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"page_date": datetime.date(2024, 12, 19)}, "2024-12-17"),
        ({"page_date": datetime.datetime(2024, 12, 19, 8)}, "2024-12-17"),
        ({"page_date": "no date"}, None),
        ({"page_date": None, "fetched_at": "2024-12-19T08:00:00+00:00"}, "2024-12-17"),
        ({"page_date": None, "fetched_at": "2024-12-19T08:00:00"}, None),
        ({"page_date": None, "fetched_at": 12}, None),
        ({"date_raw": 12}, None),
        ({"date_raw": "3 January 2025", "page_date": None}, "2025-01-03"),
        ({"in_language": "no language at all"}, "2024-12-17"),
        ({"date_raw": "vor 2 Tagen", "in_language": "de"}, "2024-12-17"),
        ({"site": "timesca.com"}, "2024-12-17"),
    ],
)
def test_dates_are_read_as_far_as_the_fields_are_what_they_should_be(more, expected):
    assert DatesPipeline().process_item({**FIELDS, **more})["date_published"] == expected


def test_a_rate_is_read_from_its_printed_lines():
    rate = {
        "base_currency": "USD",
        "quote_currency": "KZT",
        "printed": ["USD/KZT 523.90 -0.20%"] * 2,
    }
    assert refined(rate)["repeats"] == 2


def test_a_person_gets_an_id():
    person = refined({"name": " Marit  Solheim", "job_title": "Editor\x00", "site": "s.example"})
    assert (person["name"], person["job_title"]) == ("Marit Solheim", "Editor")
    assert person["id"].startswith("s.example:")


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ({"article_body": "By Marit Solheim", "site": "s"}, EmptyPost),
        ({"article_body": "", "headline": "Ferry sails again", "site": "s"}, EmptyPost),
        ({"article_body": "", "url": "https://coast.example/a", "site": "s"}, EmptyPost),
        ({"article_body": "Text.", "headline": "x" * 2000, "site": "s"}, InvalidItem),
    ],
)
def test_what_the_contract_rules_out_is_rejected_with_its_reason(item, error):
    with pytest.raises(error):
        refined(item)


@pytest.mark.parametrize(
    "more",
    [
        {"url": "https://coast.example/ferry"},
        {"date_raw": "17 December 2024"},
        {"is_known": True},
    ],
)
def test_a_headline_with_its_address_date_or_own_page_is_an_article_whose_text_was_not_shown(more):
    sighting = Sighting(
        page="p", page_date=None, position=1, date_raw=more.pop("date_raw", None),
        is_truncated=False, body_sha256=None,
    )  # fmt: skip
    item = Article(site="s", page="p", headline="Ferry sails again", sightings=[sighting], **more)
    refined(item)
    assert item.id
    assert item.is_truncated
    assert sighting.is_truncated
    assert sighting.body_sha256 is None


def test_our_own_items_never_meet_an_adapter(monkeypatch):
    def adapter(item):
        raise AssertionError("an adapter stands before an item of ours")

    monkeypatch.setattr(foreign, "ItemAdapter", adapter)
    record = PageRecord(page="p", outcome="empty")
    assert refined(record) is record
