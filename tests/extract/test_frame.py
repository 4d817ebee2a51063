"""What the dumps of one site tell together: its frame, its headlines, their days."""

import random
from datetime import date, timedelta

import pytest

from newscrawl.extract.frame import NO_FRAME, Frame, FrameCount, find_frame
from newscrawl.extract.text_page import read_text_page

WHO = ("Ferry", "Pier", "School", "Orchard", "Mill", "Tram", "Clinic", "Market", "Quarry", "Bell")
DOES = ("reopens after a long winter", "is sold to its neighbours", "waits for a new roof")
MENU = ("Strand", "Harbour desk", "Letters to us", "Find a page")
FOOT = ("Printed on the island", "Nobody may copy this without asking us first, we mean it.")
FIRST_DAY = date(2026, 10, 27)


def headline(number: int) -> str:
    return f"{WHO[number % 10]} {DOES[number // 10]}"


def day(number: int) -> str:
    return (FIRST_DAY - timedelta(days=number)).isoformat()


def paragraph(number: int, part: int) -> str:
    return f"Part {part} of report {number} says at length what nobody else on the island has said."


def page(*body: str) -> str:
    return "\n\n".join([*MENU, *body, *FOOT])


def article(number: int, *beside: str) -> str:
    text = [paragraph(number, part) for part in range(4)]
    return page(headline(number), day(number), *text, *beside)


def listing(*numbers: int) -> str:
    return page(*(line for n in numbers for line in (day(n), headline(n))))


def site(count: int = 12) -> list[str]:
    return [article(n) for n in range(count)] + [listing(*range(6)), listing(*range(6, count))]


def headlines(text: str, frame: Frame) -> list[str | None]:
    return [found.headline for found in read_text_page(text, frame=frame).articles]


def test_lines_of_all_pages_are_the_frame_and_leave_every_page() -> None:
    read = read_text_page(article(3), frame=find_frame(site()))
    assert read.kind == "article"
    assert read.articles[0].headline == headline(3)
    assert read.articles[0].raw.split("\n\n") == [paragraph(3, part) for part in range(4)]
    assert {*MENU, *FOOT} <= {block.text for block in read.furniture}


def test_order_of_pages_changes_nothing() -> None:
    pages = site()
    shuffled = random.Random(4).sample(pages, len(pages))  # noqa: S311  # not for secrets
    assert find_frame(pages) == find_frame(shuffled)


@pytest.mark.parametrize("count", [1, 3])
def test_few_pages_have_no_frame(count: int) -> None:
    assert find_frame(article(n) for n in range(count)) is NO_FRAME


def test_captures_of_one_page_share_stories_and_no_frame() -> None:
    stories = [line for n in range(6) for line in (headline(n), paragraph(n, 0))]
    assert find_frame([page(*stories, day(hour)) for hour in range(12)]) is NO_FRAME


def test_first_article_of_a_small_site_is_not_its_frame() -> None:
    pages = [article(0), *(page(headline(0), headline(n), paragraph(n, 1)) for n in range(1, 5))]
    frame = find_frame([*pages, page("Weather", paragraph(9, 0))])
    assert headlines(article(0), frame) == [headline(0)]


def test_latest_headlines_beside_every_article_are_frame_there_and_list_in_the_list() -> None:
    latest = ["Latest of all", *(headline(n) for n in range(3))]
    pages = [article(n, *latest) for n in range(12)]
    front = page(*(line for n in range(6) for line in (day(n), headline(n))), *latest)
    frame = find_frame([*pages, front, listing(*range(6, 12))])
    assert headlines(pages[8], frame) == [headline(8)]
    assert headlines(front, frame)[:6] == [headline(n) for n in range(6)]


def test_headlines_of_own_pages_are_found_in_a_list_whatever_stands_beside_them() -> None:
    rows = [line for n in (1, 5, 7) for line in ("Island", headline(n), f"Seen by {n}0 people")]
    text = page(*rows)
    assert headlines(text, find_frame([*site(), text])) == [headline(n) for n in (1, 5, 7)]


def test_a_number_before_a_headline_is_none_of_it() -> None:
    text = page(*(f"{at}. {headline(n)}" for at, n in enumerate((1, 5, 7), start=1)))
    assert headlines(text, find_frame([*site(), text])) == [headline(n) for n in (1, 5, 7)]


def test_teasers_of_others_below_an_article_are_no_articles() -> None:
    teased = [line for n in (1, 5, 7) for line in (day(n), headline(n), paragraph(n, 0))]
    text = article(3, "More of this", *teased)
    others = [article(n, "More of this", *teased) for n in range(12) if n != 3]
    frame = find_frame([text, *others, listing(*range(12))])
    read = read_text_page(text, frame=frame)
    assert [found.headline for found in read.articles] == [headline(3)]
    assert paragraph(5, 0) not in read.articles[0].raw


def test_dates_are_paired_as_the_headlines_own_pages_print_them() -> None:
    """Days before the headlines and a stray one behind the last: alone, it would fit both ways."""
    text = page(*(line for n in range(5) for line in (day(n), headline(n))), day(11))
    read = read_text_page(text, frame=find_frame([*site(), text]))
    dated = {found.headline: found.date_raw for found in read.articles}
    assert dated == {headline(n): day(n) for n in range(5)}


def test_a_day_that_the_own_page_does_not_print_is_left_out_and_told() -> None:
    wrong = page(*(line for n in range(5) for line in (headline(n), day(n + 6))))
    read = read_text_page(wrong, frame=find_frame([*site(), wrong]))
    assert not any(found.date_raw for found in read.articles)
    assert {note.code for note in read.notes} == {"date-doubted"}


def test_what_a_page_prints_again_and_again_is_no_headline() -> None:
    def posts(first: int) -> str:
        return page(
            *(
                line
                for n in range(first, first + 3)
                for line in ("Put here by the island desk", paragraph(n, 0), paragraph(n, 1))
            )
        )

    assert not find_frame([posts(n) for n in range(0, 27, 3)]).is_headline(
        "Put here by the island desk"
    )


def test_an_empty_count_settles_to_nothing() -> None:
    assert FrameCount().settle() is NO_FRAME
