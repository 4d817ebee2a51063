from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import AmbiguousNumber
from newscrawl.extract.ticker import (
    CURRENCIES,
    decimal_mark,
    find_market_rows,
    parse_number,
    parse_row,
    read_copies,
    take_ticker,
)

PROSE = [
    "The rate of KGS/USD = 0.01149 surprised traders.",
    "AND/OR",
    "24/7 service",
    "Results: HOME/AWAY 2-1",
    "",
    "EUR/USD",
]
codes = st.sampled_from(sorted(CURRENCIES))
rows = st.lists(
    st.tuples(st.tuples(codes, codes).filter(lambda pair: pair[0] != pair[1]), st.decimals("0.00001", "9", places=5)),
    min_size=1, max_size=8, unique_by=lambda row: row[0],
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "pair", "rate", "change"),
    [
        ("• SEK/EUR = 0.08721 0.31%", ("SEK", "EUR"), "0.08721", "0.31"),
        ("  • SEK/EUR = 0.08721 -2.56%", ("SEK", "EUR"), "0.08721", "-2.56"),
        ("SEK/EUR = 0.08720 0%", ("SEK", "EUR"), "0.08720", "0"),
        ("SEK / EUR: 0,0872 (+0,12 %)", ("SEK", "EUR"), "0.0872", "0.12"),
        ("* USD/UZS = 12 850.50 −0.1%", ("USD", "UZS"), "12850.50", "-0.1"),
        ("USD/KZT = 1,234.50 ▲ 1%", ("USD", "KZT"), "1234.50", "1"),
        ("GBP/JPY 190.20", ("GBP", "JPY"), "190.20", None),
    ],
)
def test_a_row_is_read_with_its_digits_and_sign(line, pair, rate, change):
    row = parse_row(line)
    reading = read_copies([row.raw])
    assert row.pair == pair
    assert str(reading.rate) == rate
    assert reading.change_percent == (None if change is None else Decimal(change))
    assert not reading.conflict


@pytest.mark.parametrize("line", PROSE)
def test_prose_is_no_row(line):
    assert parse_row(line) is None


@given(rows, st.integers(1, 9), st.integers(0, 6), st.randoms())
def test_the_ticker_goes_wherever_it_stands_and_however_often(pairs, copies, before, random):
    prose = [f"Paragraph {n} of the page." for n in range(6)]
    band = [f"  • {b}/{q} = {rate} 0.1%" for (b, q), rate in pairs] * copies
    printed, rest = take_ticker(prose[:before] + band + prose[before:])
    assert rest == prose
    assert list(printed) == [pair for pair, _ in pairs]
    for pair, rate in pairs:
        reading = read_copies(printed[pair])
        assert (reading.repeats, reading.rate, reading.conflict) == (copies, rate, False)


def test_copies_that_disagree_are_a_conflict_with_both_values_kept():
    reading = read_copies(["CHF/PLN = 4.48 0.1%", "CHF/PLN = 4.47 0.1%", "CHF/PLN = 4.48 0.1%"])
    assert reading.conflict
    assert reading.rate is None
    assert reading.change_percent == Decimal("0.1")
    assert [(str(rate), count) for rate, *_, count in reading.variants] == [
        ("4.48", 2),
        ("4.47", 1),
    ]


def test_copies_that_disagree_in_the_change_keep_the_rate():
    reading = read_copies(["CHF/PLN = 4.48 0.1%", "CHF/PLN = 4.48 0.2%"])
    assert (reading.conflict, str(reading.rate), reading.change_percent) == (True, "4.48", None)


@pytest.mark.parametrize("printed", ["1,234", "-1,234", "1.234,567.8"])
def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(printed):
    with pytest.raises(AmbiguousNumber):
        parse_number(printed, "line")


@pytest.mark.parametrize(
    ("printed", "value"),
    [("0,123", "0.123"), ("1,234,567", "1234567"), ("1.234.567,8", "1234567.8"), ("−0.5", "-0.5"),
     ("+3", "3"), ("12 850,5", "12850.5")],
)  # fmt: skip
def test_a_number_is_read_by_its_marks(printed, value):
    assert str(parse_number(printed, "line")) == value


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("USD/KZT = 523.9 ▼ 1.1%", "-1.1"), ("USD/KZT = 523.9 ▲ 0.3%", "0.3"),
        ("RUB/KZT 5.09 ↓ 0,4 %", "-0.4"), ("EUR/USD 1,0432 %0,25", "0.25"),
        ("USD/KZT 523.9 ▲ 0.3", None),
    ],
)  # fmt: skip
def test_an_arrow_gives_a_change_its_sign(line, change):
    value = read_copies([parse_row(line).raw]).change_percent
    assert value == (None if change is None else Decimal(change))


@pytest.mark.parametrize(
    "line", ["ENG/FRA 24", "CEO/CFO 2024", "USD 523.9 ▲ 0.3", "ABC/USD 1.5", "EUR/EUR 1.5"]
)
def test_only_iso_currencies_make_a_pair(line):
    assert parse_row(line) is None


def test_another_row_proves_the_decimal_mark():
    rows = ["USD/UZS = 12.850,50 0,1%", "EUR/UZS = 13.401 0,1%"]
    assert decimal_mark(rows) == ","
    assert read_copies(rows[1:], ",").rate == 13401
    assert decimal_mark(["EUR/UZS = 13.401"]) is None
    assert decimal_mark(["A 1,5%", "B 1.5%"]) is None


MARKET = ["DAX 19.884,75 -0,43 %", "Gold 2.622,10 $ +0,9 %", "1 USD = 523,90 ₸", "BIST 100 9.876,54 %-1,20",
          "BTC $97,312.45 +1.2%", "USD 12 850,50 +12,30"]  # fmt: skip


def test_prices_among_their_like_are_a_band_and_no_headlines():
    assert find_market_rows(MARKET) == set(range(len(MARKET)))


@pytest.mark.parametrize(
    "line", ["Inflation +5%", "Gold 2.622,10 $ +0,9 %", "Budget 2026", "Top 10"]
)
def test_one_such_line_alone_may_be_a_headline(line):
    assert find_market_rows(["The Tide", line, "It rose."]) == set()


def test_weather_is_told_by_its_degrees():
    assert find_market_rows(["Kell −5°", "Tarn Bay 4°C light rain", "It rained."]) == {0, 1}


@pytest.mark.parametrize(
    ("line", "percent", "change"),
    [
        ("USD/KZT 523.90 +0.30", None, "0.30"),
        ("USD/KZT 523.90 ▼ 0.30", None, "-0.30"),
        ("USD/KZT 523.90 ▼ 0.30%", "-0.30", None),
        ("USD/KZT 523.90", None, None),
    ],
)
def test_a_change_without_a_percent_sign_is_absolute(line, percent, change):
    reading = read_copies([line])
    assert [value and str(value) for value in (reading.change_percent, reading.change)] == [
        percent,
        change,
    ]
