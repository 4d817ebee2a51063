"""Years and months of calendars that are not Gregorian, as news pages print them.

Thai Buddhist years, Japanese eras and the years of the Republic of China count the same days by
another year; the solar Hijri calendar of Iran and Afghanistan has months of its own.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from .fold import fold

# The Thai calendar counts from 543 BC. Of a year of two digits, "67" is 2567 and "24" is not 2524,
# which was before there were pages.
_BUDDHIST: Final = 543
_BUDDHIST_YEARS: Final = range(2_400, 2_700)
_FIRST_BUDDHIST_OF_TWO: Final = 43

_MINGUO: Final = 1911

# The year 1 of each era, and its last (Japanese law on era names, 1979; 昭和 64 had a week).
_ERAS: Final = {
    "令和": (2019, 99),
    "平成": (1989, 31),
    "昭和": (1926, 64),
    "大正": (1912, 15),
    "明治": (1868, 45),
}
_ERA_YEAR: Final = re.compile(rf"({'|'.join(_ERAS)})\s?(元|\d{{1,2}})\s?年")
_MINGUO_YEAR: Final = re.compile(r"(?:中華)?民[國国]\s?(元|\d{1,3})\s?([年./-])")

_SOLAR_MONTHS: Final = (
    ("فروردین", "حمل"),
    ("اردیبهشت", "ثور"),
    ("خرداد", "جوزا"),
    ("تیر", "سرطان"),
    ("مرداد", "اسد"),
    ("شهریور", "سنبله"),
    ("مهر", "میزان"),
    ("آبان", "عقرب"),
    ("آذر", "قوس"),
    ("دی", "جدی"),
    ("بهمن", "دلو"),
    ("اسفند", "حوت"),
)
_ARABIC_LETTERS: Final = str.maketrans("يك", "یک")
_SOLAR_NUMBERS: Final = {
    fold(name).translate(_ARABIC_LETTERS): number
    for number, names in enumerate(_SOLAR_MONTHS, 1)
    for name in names
}
# Years that a page can have been printed in: 1990 to 2031.
_SOLAR_YEARS: Final = range(1_369, 1_411)
_SOLAR_DAY: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}}) (?:ماه )?(?P<month>{'|'.join(_SOLAR_NUMBERS)})(?: ماه)?,? "
    r"(?P<year>1[34]\d\d)(?!\d)"
)
_SOLAR_NUMBERED: Final = re.compile(
    r"(?<!\d)(?P<year>1[34]\d\d)(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)"
)
_DIGIT: Final = re.compile(r"\d")


def gregorian_year(digits: str, *, thai: bool) -> int | None:
    """Return the Gregorian year of a printed year of four digits, or of two in Thai.

    Args:
        digits: as printed.
        thai: whether the text is Thai, so that two digits are of the Buddhist calendar.

    Returns:
        None where only the caller's own rule for two digits says what they mean.
    """
    year = int(digits)
    if len(digits) == 4:
        return year - _BUDDHIST if year in _BUDDHIST_YEARS else year
    if thai and len(digits) == 2 and year >= _FIRST_BUDDHIST_OF_TWO:
        return 2_500 + year - _BUDDHIST
    return None


def minguo_year(digits: str) -> int:
    """Return the Gregorian year of a year of the Republic of China."""
    return int(digits) + _MINGUO


def without_eras(text: str) -> str:
    """Return a text with its Japanese eras and years of the Republic of China made Gregorian.

    A year that an era did not have stays as it is.
    """
    if "年" in text:
        text = _ERA_YEAR.sub(_era_year, text)
    if "民" in text:
        text = _MINGUO_YEAR.sub(
            lambda match: f"{minguo_year(match[1].replace('元', '1'))}{match[2]}", text
        )
    return text


def _era_year(match: re.Match[str]) -> str:
    first, last = _ERAS[match[1]]
    number = 1 if match[2] == "元" else int(match[2])
    return f"{first + number - 1}年" if 1 <= number <= last else match[0]


def without_solar_days(text: str, *, numbered: bool) -> str:
    """Return a text with its days of the solar Hijri calendar written as ISO 8601 dates.

    Args:
        text: with digits of any script.
        numbered: whether numbers alone ("1403/10/01") are such a day: in Persian, Dari and Pashto,
            and where the language is not known.
    """
    if not _DIGIT.search(text):
        return text
    if not text.isascii():
        folded = fold(text).translate(_ARABIC_LETTERS)
        if match := _SOLAR_DAY.search(folded):
            number = _SOLAR_NUMBERS[match["month"]]
            day = _gregorian_day(int(match["year"]), number, int(match["day"]))
            if day is not None:
                return f"{folded[: match.start()]}{day.isoformat()}{folded[match.end() :]}"
    if numbered and (match := _SOLAR_NUMBERED.search(text)):
        day = _gregorian_day(int(match["year"]), int(match["month"]), int(match["day"]))
        if day is not None:
            return f"{text[: match.start()]}{day.isoformat()}{text[match.end() :]}"
    return text


def _gregorian_day(year: int, month: int, day: int) -> date | None:
    """Return the day of a date of the solar Hijri calendar; None where there is none."""
    if year not in _SOLAR_YEARS or not 1 <= month <= 12:
        return None
    new_year = _solar_new_year(year)
    length = 31 if month <= 6 else 30
    if month == 12:
        length = (_solar_new_year(year + 1) - new_year).days - 336
    if not 1 <= day <= length:
        return None
    return new_year + timedelta((month - 1) * 31 - max(0, month - 7) + day - 1)


def _solar_new_year(year: int) -> date:
    """Return the first day of a year: 20 or 21 March; leap years go in a cycle of 33 from 1375."""
    cycles, rest = divmod(year - 1375, 33)
    return date(1996, 3, 20) + timedelta(cycles * 12_053 + rest * 365 + (rest + 3) // 4)
