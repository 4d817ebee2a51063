"""A page that shows only the beginning of its article says so, and its offer is no text of it."""

import json

import pytest

from newscrawl.extract.html import extract_html

TEXT = (
    "<p>The mill at Orra ground its last sack of rye on Friday, after the miller had told the parish "
    "that the wheel would not outlast another winter of ice.</p>"
    "<p>Nobody in the village had offered to buy it, though the council spoke twice with a baker "
    "from the coast who wanted the stones and not the walls around them.</p>"
)
WALL = (
    '<div class="regwall"><h2>Read the full story</h2><p>Log in or register for free.</p>'
    "<p>Fresh stories from the valley with no advertisements at all</p></div>"
)
CARD = '<div class="box"><p>Weiterlesen mit Abo</p><a href="/abo">Angebote</a></div>'


def page(under="", **said):
    article = {"@type": "NewsArticle", "headline": "The mill at Orra stops", **said}
    return extract_html(
        f'<html><head><script type="application/ld+json">{json.dumps(article)}</script></head><body>'
        f"<article><h1>The mill at Orra stops</h1><div>{TEXT}</div>{under}</article></body></html>".encode()
    )


def paid(selector):
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": selector}
    return {"isAccessibleForFree": False, "hasPart": [part]}


@pytest.mark.parametrize("under", [WALL, CARD])
def test_a_box_that_offers_to_go_on_cuts_the_text_and_is_none_of_it(under):
    read = page(under)
    assert read.is_truncated
    assert len(read.paragraphs) == 2
    assert not page(under, isAccessibleForFree=True).is_truncated


@pytest.mark.parametrize(
    "under",
    [
        "",
        '<div class="news"><p>Subscribe to our newsletter</p><form><button>Go</button></form></div>',
        '<div><p>Read on: <a href="/eel">The eel weir is for sale</a></p></div>',
        f'<div class="regwall" hidden>{WALL}</div>',
    ],
)
def test_what_offers_no_more_of_this_text_cuts_nothing(under):
    assert not page(under).is_truncated


def test_a_paid_part_that_is_not_on_the_page_cuts_and_one_that_is_there_does_not():
    assert page(**paid(".rest")).is_truncated
    assert not page(**paid("article")).is_truncated
    assert not page(**paid("][")).is_truncated


@pytest.mark.parametrize(
    ("count", "is_cut"), [(620, True), ("900", True), (60, False), (320, False), (True, False)]
)
def test_far_less_words_than_declared_are_a_cut_but_characters_are_counted_too(count, is_cut):
    assert page(wordCount=count).is_truncated is is_cut
