"""Measure newscrawl.dates against dateparser and htmldate, and the dates of a drop against known ones.

    pip install dateparser htmldate newspaper4k
    NEWSCRAWL_CORPUS=… python benchmarks/dates.py [--sets fundus-dev …]

With pages (`truth.py`), the dates that a drop has of them first, see `published_dates.py`. Then strings.

Relative strings: microseconds a string, warm, the language set and not; dateparser with the same
language. Strings that are no dates: how long until None. Absolute strings: htmldate is given a
page of one line, since it reads pages. Ends with status 1 when a limit is missed: no true date
outside of its interval, 20 µs a relative string, 5 µs a string that is no date, twice one language
for all, 50 times dateparser.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import dateparser
import htmldate
from published_dates import SETS, measure
from truth import corpus

from newscrawl.dates import parse_date, parse_relative

ANCHOR = datetime(2024, 12, 21, 10, tzinfo=UTC)
SETTINGS = {"RELATIVE_BASE": datetime(2024, 12, 21, 10)}

RELATIVE = {
    "en": ["2 hours ago", "4 days ago", "1 week ago", "yesterday", "an hour ago", "3 months ago"],
    "ru": ["2 часа назад", "4 дня назад", "неделю назад", "вчера", "5 минут назад"],
    "de": ["vor 2 Stunden", "vor einem Tag", "gestern", "vor 3 Wochen"],
    "fr": ["il y a 2 heures", "hier", "il y a 3 jours"],
    "es": ["hace 2 horas", "ayer", "hace una hora"],
    "tr": ["2 saat önce", "dün", "3 gün önce"],
    "ar": ["منذ 3 أيام", "قبل يومين", "أمس"],
    "zh": ["2小时前", "昨天", "5分钟前"],
    "hi": ["1 घंटे पहले", "15 मिनट पहले"],
}
IDIOM = {
    "en": ["3 mos ago", "2 wks ago", "just now", "moments ago", "30+ days ago", "Updated: 2h",
           "over 1 year ago", "Posted 4 days ago", "1 week 2 days ago"],
    "ru": ["только что", "полчаса назад", "Обновлено: вчера"],
    "kk": ["2 сағат бұрын", "кеше"],
    "uz": ["2 soat oldin", "kecha"],
}  # fmt: skip
PROSE = [
    "President signs the bill", "3 years in prison", "Top 10 stories", "5 min read", "a", "on",
    "May", "Read more", "10 things to know about the new president", "By John Smith",
    "Президент подписал указ о мерах по развитию регионов", "总统签署了关于发展地区的法令",
    "An hour with the president of the republic", "Comments (5)", "12 Years a Slave",
]  # fmt: skip
ABSOLUTE = [
    ("2024-12-17T08:30:00+05:00", "en"), ("21 December 2024", "en"), ("December 21, 2024", "en"),
    ("21 декабря 2024", "ru"), ("21. Dezember 2024", "de"), ("21 de diciembre de 2024", "es"),
    ("21 желтоқсан 2024", "kk"), ("21.12.2024, 14:30", "ru"), ("2024年12月21日", "zh"),
]  # fmt: skip


def main() -> int:
    """Print the figures and return the exit status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sets", nargs="*", default=list(SETS))
    arguments = options.parse_args()
    logging.disable(logging.CRITICAL)
    pages = corpus()
    outside = measure(pages, arguments.sets) if pages else 0
    for package in ("dateparser", "htmldate"):
        print(package, importlib.metadata.version(package))
    relative = [(text, language) for language, texts in RELATIVE.items() for text in texts]
    idiom = [(text, language) for language, texts in IDIOM.items() for text in texts]
    prose = [(text, "en") for text in PROSE]
    one = rate(lambda t, lang: parse_relative(t, ANCHOR, language=lang), relative, 200)
    every = rate(lambda t, _: parse_relative(t, ANCHOR), relative, 200)
    theirs = rate(ask_dateparser, relative, 3)
    print(f"\nrelative, {len(relative)} strings, µs a string")
    print(f"  newscrawl, language set      {one:10.1f}")
    print(f"  newscrawl, every language    {every:10.1f}")
    print(f"  dateparser, language set     {theirs:10.1f}   {theirs / one:.0f} times ours")
    print(f"  dateparser, every language   {rate(ask_anything, relative, 1):10.1f}")
    first = [
        datetime(2024, 1, 1 + day, hour, tzinfo=UTC) for day in range(28) for hour in range(24)
    ]
    fresh = rate_over(first, relative)
    print(f"  newscrawl, an anchor never seen before {fresh:.1f}")
    print(f"\nread: newscrawl {count(read_relative, relative + idiom)}", end="")
    print(f", dateparser {count(ask_dateparser, relative + idiom)} of {len(relative + idiom)}")
    none = rate(read_relative, prose, 200)
    print(f"\nno dates, {len(prose)} strings, µs a string")
    print(f"  newscrawl                    {none:10.1f}   read {count(read_relative, prose)}")
    print(f"  newscrawl parse_date         {rate(read_absolute, prose, 50):10.1f}", end="")
    print(f"   read {count(read_absolute, prose)}")
    print(f"  dateparser, language set     {rate(ask_dateparser, prose, 3):10.1f}", end="")
    print(f"   read {count(ask_dateparser, prose)}")
    print(f"\nabsolute, {len(ABSOLUTE)} strings, µs a string")
    print(f"  newscrawl parse_date         {rate(read_absolute, ABSOLUTE, 100):10.1f}", end="")
    print(f"   read {count(read_absolute, ABSOLUTE)}")
    print(f"  dateparser, language set     {rate(ask_dateparser, ABSOLUTE, 5):10.1f}", end="")
    print(f"   read {count(ask_dateparser, ABSOLUTE)}")
    print(f"  htmldate, page of one line   {rate(ask_htmldate, ABSOLUTE, 5):10.1f}", end="")
    print(f"   read {count(ask_htmldate, ABSOLUTE)}")
    kept = one <= 20 and none <= 5 and every <= 2 * one + 1 and theirs >= 50 * one
    print("\nlimits kept" if kept else "\nlimits MISSED")
    return 0 if kept and not outside else 1


Reader = Callable[[str, str], object]


def read_relative(text: str, language: str) -> object:
    """Read with newscrawl."""
    return parse_relative(text, ANCHOR, language=language)


def read_absolute(text: str, language: str) -> object:
    """Read an absolute date with newscrawl."""
    return parse_date(text, language=language)


def ask_dateparser(text: str, language: str) -> object:
    """Read with dateparser in one language."""
    return dateparser.parse(text, languages=[language], settings=SETTINGS)


def ask_anything(text: str, _: str) -> object:
    """Read with dateparser in every language."""
    return dateparser.parse(text, settings=SETTINGS)


def ask_htmldate(text: str, language: str) -> object:
    """Let htmldate find the date of a page that holds nothing else."""
    page = f"<html lang='{language}'><body><p class='date'>{text}</p></body></html>"
    return htmldate.find_date(page, max_date="2025-12-31")


def rate(reader: Reader, strings: list[tuple[str, str]], rounds: int) -> float:
    """Return microseconds a string, the best of three runs after one to warm up."""
    best = float("inf")
    for attempt in range(4):
        started = time.perf_counter()
        for _ in range(rounds if attempt else 1):
            for text, language in strings:
                reader(text, language)
        if attempt:
            best = min(best, time.perf_counter() - started)
    return best / rounds / len(strings) * 1e6


def rate_over(anchors: list[datetime], strings: list[tuple[str, str]]) -> float:
    """Return microseconds a string where each anchor is new and each string known."""
    started = time.perf_counter()
    for anchor in anchors:
        for text, language in strings:
            parse_relative(text, anchor, language=language)
    return (time.perf_counter() - started) / len(anchors) / len(strings) * 1e6


def count(reader: Reader, strings: list[tuple[str, str]]) -> int:
    """Return how many strings are read as something."""
    return sum(reader(text, language) is not None for text, language in strings)


if __name__ == "__main__":
    sys.exit(main())
