import hashlib
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.drops.run import Run
from newscrawl.items import Article, PageRecord, Sighting
from newscrawl.merge.furniture import (
    block_key,
    block_keys,
    find_furniture,
    pack,
    take_furniture,
    unpack,
)

SHORT = ["Subscribe to our newsletter", "© The Coast 2024. All rights reserved.", "Read also"]
TICKER = (
    "Gold 2,640.10 and silver 30.12 and copper 4.10, as of the close of trading in the port today"
)
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "e", "io", "ou") for c in "lnrstx"]


def moving(n):
    return f"USD {12 + n / 7:.2f} ▲ {n % 9}.{n % 7}% EUR {13 + n / 3:.3f} ▼ {n % 5}%"


def paragraphs(rng, count):
    return [
        " ".join(rng.choices(WORDS, k=rng.randint(9, 40))).capitalize() + "." for _ in range(count)
    ]


def site_of_articles(count, seed=1):
    """Articles of a site, and the same with furniture around, between and after."""
    rng = random.Random(seed)  # noqa: S311  # a repeatable draw, no secret
    texts = [paragraphs(rng, rng.randint(2, 9)) for _ in range(count)]
    printed = [
        [TICKER, *text[:1], SHORT[2], *text[1:], moving(n), *SHORT[:2]]
        for n, text in enumerate(texts)
    ]
    return texts, printed


def cleaned(printed):
    keys = [block_keys("\n\n".join(blocks)) for blocks in printed]
    furniture = find_furniture(lambda: keys)
    return [take_furniture("\n\n".join(blocks), furniture)[0].split("\n\n") for blocks in printed]


@pytest.mark.parametrize("count", [10, 30, 300, 3000])
def test_tickers_and_short_lines_go_and_nothing_of_the_articles(count):
    texts, printed = site_of_articles(count)
    assert cleaned(printed) == texts


def test_lines_that_move_about_go_where_nearly_every_article_has_them():
    rng = random.Random(3)  # noqa: S311  # a repeatable draw, no secret
    texts, _ = site_of_articles(40)
    printed = [list(text) for text in texts]
    for n, blocks in enumerate(printed):
        for line in (*SHORT, moving(n)):
            blocks.insert(rng.randint(0, len(blocks)), line)
    assert cleaned(printed) == texts


BACKGROUND = (
    "The trial began in March, when eleven people from the valley were charged with taking part in "
    "unrest that they say never took place, in a case that the court has closed to the public."
)


def held_by(share, place, block):
    """A site of 60 articles, a share of which hold a block at a place."""
    texts, _ = site_of_articles(60, seed=2)
    for n, blocks in enumerate(texts):
        if n % 20 < share * 20:
            blocks.insert(place(n, len(blocks)), block)
    return texts


@pytest.mark.parametrize(
    ("why", "texts"),
    [
        ("a refrain", [[*t, "And the river runs.", *t, "And the river runs."]
                       for t in site_of_articles(9)[0]] + site_of_articles(30)[0]),
        ("the lead of a series", held_by(0.4, lambda n, size: 0, "Our weekly look at the markets")),
        ("the same quote", held_by(0.1, lambda n, size: n % size, "“We were here first,” she said.")),
        ("an agency's background", held_by(0.7, lambda n, size: n % size, BACKGROUND)),
        ("background at the end", held_by(0.7, lambda n, size: size, BACKGROUND)),
        ("background in all of a case", held_by(1, lambda n, size: n % size, BACKGROUND)[:25]),
        ("a subhead", held_by(0.7, lambda n, size: n % size, "Background")),
        ("a separator", held_by(1, lambda n, size: size // 2, "* * *")),
        ("too few pages to tell", site_of_articles(9)[1]),
    ],
)  # fmt: skip
def test_what_belongs_to_articles_stays(why, texts):
    assert cleaned(texts) == texts


def test_a_text_is_never_lost_whole():
    printed = [["Watch the video above.", moving(n)] for n in range(30)]
    assert cleaned(printed) == printed


def test_numbers_are_masked_whatever_their_form():
    assert len({block_key(moving(n)) for n in range(50)}) == 1
    assert block_key("Gold 12.5") != block_key("Silver 12.5")
    assert block_key("* * *") == 0


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_keys_are_stored_as_they_are(keys):
    assert list(unpack(pack(keys))) == keys


lines = st.sampled_from([*SHORT, TICKER, BACKGROUND, "One", "Two", "* * *", "7"])


@settings(max_examples=40)
@given(st.lists(st.lists(lines, min_size=2, max_size=4), min_size=12, max_size=40), st.randoms())
def test_the_order_of_pages_changes_nothing_and_cleaning_twice_neither(bodies, rng):
    keys = [block_keys("\n\n".join(blocks)) for blocks in bodies]
    shuffled = keys[:]
    rng.shuffle(shuffled)
    furniture = find_furniture(lambda: keys)
    assert furniture == find_furniture(lambda: shuffled)
    for blocks in bodies:
        once, _ = take_furniture("\n\n".join(blocks), furniture)
        assert take_furniture(once, furniture)[0] == once


# In a run


def publish(folder, bodies, order):
    run = Run(folder, "replay", None, {"path": "x"}, "r")
    for n in order:
        body, page = "\n\n".join(bodies[n]), f"{n:04d}.html"
        digest = hashlib.sha256(body.encode()).hexdigest()
        seen = Sighting(page=page, page_date=None, position=1, date_raw=None, is_truncated=False,
                        body_sha256=digest)  # fmt: skip
        run.add(PageRecord(page=page, site="s", kind="article", outcome="extracted", found=1))
        run.add(Article(id="x", site="s", headline=f"Report {n}", article_body=body,
                        sightings=[seen], page=page))  # fmt: skip
    run.publish()
    return {
        name: (folder / "r" / f"{name}.jsonl").read_text(encoding="utf-8")
        for name in ("articles", "furniture", "pages")
    }


def test_a_drop_is_clean_logged_consistent_and_the_same_in_any_order(tmp_path):
    texts, printed = site_of_articles(30)
    forth = publish(tmp_path / "a", printed, range(30))
    back = publish(tmp_path / "b", printed, reversed(range(30)))
    assert forth == back
    articles = [json.loads(line) for line in forth["articles"].splitlines()]
    assert sorted(a["article_body"] for a in articles) == sorted("\n\n".join(t) for t in texts)
    for article in articles:
        (sighting,) = article["sightings"]
        body = article["article_body"].encode()
        assert sighting["body_sha256"] == hashlib.sha256(body).hexdigest()
    furniture = [json.loads(line) for line in forth["furniture"].splitlines()]
    assert {f["reason"] for f in furniture} == {"recurring-block"}
    constant = {f["text"]: (f["pages"], f["repeats"]) for f in furniture if f["pages"] > 1}
    assert constant == dict.fromkeys([*SHORT, TICKER], (30, 30))
    assert {f["text"] for f in furniture if f["pages"] == 1} == {moving(n) for n in range(30)}


def test_an_id_does_not_depend_on_furniture(tmp_path):
    texts, printed = site_of_articles(30)
    clean = publish(tmp_path / "a", texts, range(30))
    furnished = publish(tmp_path / "b", printed, range(30))
    assert clean["articles"] == furnished["articles"]
    assert clean["pages"] == furnished["pages"]
