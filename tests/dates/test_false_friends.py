"""What stands where a date might and is none."""

from datetime import date
from pathlib import Path

import pytest

from newscrawl.dates import parse_date, parse_page_date, parse_relative

FRIENDS = [
    line
    for line in (Path(__file__).parent / "false_friends.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("## ")
]
NEEDS_A_YEAR = {"May 10", "10 March", "21 December", "December 21", "Dec 21"}


def test_the_table_is_long_enough() -> None:
    assert len(set(FRIENDS)) >= 200


@pytest.mark.parametrize("text", FRIENDS)
def test_no_date_is_read(text: str) -> None:
    assert parse_relative(text, date(2024, 12, 21)) is None
    assert parse_date(text) is None
    assert parse_page_date(text) is None


@pytest.mark.parametrize("text", [t for t in FRIENDS if t.isascii() and t not in NEEDS_A_YEAR])
def test_no_date_is_read_in_english_or_beside_a_dated_page(text: str) -> None:
    assert parse_relative(text, date(2024, 12, 21), language="en") is None
    assert parse_date(text, anchor=date(2024, 12, 21), language="en") is None
