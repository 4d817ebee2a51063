"""Build newscrawl/dates/data/cldr.json and calendar.json: the words of dates in all languages.

Sources: CLDR as Babel ships it (relative-time patterns, past tense; Unicode License v3) and the
date translation data of dateparser (BSD 3-Clause), itself drawn from CLDR with additions, for
what Babel leaves out: yesterday, last week, now. What neither has stands in idiom.json, which
people write.

    python tools/build_dates_lexicon.py

Needs Babel and dateparser at build time only. The words are stored folded, as
`newscrawl.dates.fold` reads them; "#" stands for a number.
"""

from __future__ import annotations

import calendar
import importlib
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale, localedata
from dateparser.data import date_translation_data

from newscrawl.dates.fold import SIGNS, fold, tokenize

DATA = Path(__file__).parent.parent / "newscrawl/dates/data"
SOURCES = (
    "Unicode CLDR, Copyright (c) 1991-2026 Unicode, Inc., Unicode License v3; "
    "dateparser, Copyright (c) 2014 Scrapinghub, BSD 3-Clause License. See NOTICE."
)
MONTHS = [name.lower() for name in calendar.month_name[1:]]
WEEKDAYS = [name.lower() for name in calendar.day_name]
UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
STYLES = ("", "-short", "-narrow")
NUMBER_OF_CATEGORY = {"zero": 0, "one": 1, "two": 2}

# dateparser's longer units, in units of ours.
LONGER_UNITS = {"decade": ("year", 10), "century": ("year", 100), "fortnight": ("week", 2)}

# dateparser drops these English words from any text; beside a count they make it prose.
NOT_FILLERS = {"m", "ad", "nd", "rd", "st", "th", "of", "on", "from", "at", "by", "just", "the"}

Tables = dict[str, dict[str, set[str]]]


def main() -> None:
    """Write the lexicon."""
    tables: dict[str, Tables] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for name in sorted(localedata.locale_identifiers()):
        add_cldr(tables[base_language(name)], Locale.parse(name))
    for module in pkgutil.iter_modules(date_translation_data.__path__):
        info = importlib.import_module(f"{date_translation_data.__name__}.{module.name}").info
        add_dateparser(tables[base_language(info["name"])], info)
    languages = {}
    for language, table in sorted(tables.items()):
        split_patterns(table)
        for meaning, words in table["word"].items():
            words -= table["phrase"].get(meaning, set())
        for words in (*table["unit"].values(), *table["ago"].values()):
            words.discard("")
        if table["pattern"] or table["word"]:
            languages[language] = {
                kind: {key: sorted(words) for key, words in sorted(entries.items()) if words}
                for kind, entries in sorted(table.items())
                if any(entries.values())
            }
    known = sorted(Locale("en").languages)
    write("cldr.json", {"sources": SOURCES, "known": known, "languages": languages})
    write("calendar.json", {"sources": SOURCES, "languages": calendars()})


def write(name: str, content: dict[str, Any]) -> None:
    """Write a data file, a line a language."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (DATA / name).write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")


def calendars() -> dict[str, dict[str, Any]]:
    """Return each language's names of months and weekdays, and its order of day and month."""
    found: dict[str, dict[str, Any]] = {}
    for module in pkgutil.iter_modules(date_translation_data.__path__):
        info = importlib.import_module(f"{date_translation_data.__name__}.{module.name}").info
        table = found.setdefault(base_language(info["name"]), {"month": {}, "weekday": {}})
        if info["name"] == base_language(info["name"]) and "date_order" in info:
            table["order"] = info["date_order"]
        for kind, names in (("month", MONTHS), ("weekday", WEEKDAYS)):
            for index, name in enumerate(names, 1):
                words = {" ".join(tokenize(fold(word))) for word in info.get(name, [])}
                known = table[kind].setdefault(str(index), [])
                known.extend(sorted(word for word in words - set(known) if word))
    return dict(sorted(found.items()))


def base_language(name: str) -> str:
    """Return the language of a locale: `pt` of `pt_PT`, `uz` of `uz-Cyrl`."""
    language = re.split("[-_]", name)[0]
    return {"tl": "fil", "no": "nb"}.get(language, language)


def key_of(text: str) -> str:
    """Return the folded tokens of a pattern, "#" for its number; "" if it has an odd sign."""
    marked = re.sub(r"\{0\}|\(\\d[^)]*\)", " 0 ", text)
    tokens = ["#" if piece == "0" else piece for piece in tokenize(fold(marked))]
    if any(piece in SIGNS and piece != "#" for piece in tokens):
        return ""
    return " ".join(tokens)


def add_cldr(table: Tables, locale: Locale) -> None:
    """Add a locale's past patterns; those that it inherits from the root say nothing."""
    fields = locale._data["date_fields"]
    for unit in UNITS:
        for style in STYLES:
            past = fields.get(unit + style, {}).get("past", {})
            for category, pattern in past.items():
                if re.fullmatch(r"-\{0\} (\w|min)", pattern):
                    continue
                if pattern[0] in "-\u2212\u200e":  # the sign is all that makes it past
                    table["unit"][unit].add(key_of(pattern.replace("{0}", "")))
                    continue
                add_pattern(table, unit, category, pattern)


def add_pattern(table: Tables, unit: str, category: str, pattern: str) -> None:
    """Add a pattern with a number, or a whole phrase whose plural category is its number."""
    key = key_of(pattern)
    if "#" in key:
        name, factor = LONGER_UNITS.get(unit, (unit, 1))
        words = key.split()
        if len(words) == 2 and words[0] == "#" and len(words[1]) <= 3:
            table["unit"][name].add(words[1])  # CLDR's narrow form says nothing of the past
        elif len(words) > 1:
            table["pattern"][f"{factor} {name}" if factor > 1 else name].add(key)
    elif category in NUMBER_OF_CATEGORY and key:
        table["phrase"][f"{NUMBER_OF_CATEGORY[category]} {unit}"].add(key)


def add_dateparser(table: Tables, info: dict[str, Any]) -> None:
    """Add dateparser's units, words for "ago", relative words and plain number words."""
    for unit in (*UNITS, *LONGER_UNITS):
        if unit not in info:
            continue
        name, factor = LONGER_UNITS.get(unit, (unit, 1))
        words = {key_of(word) for word in info.get(unit, [])}
        table["unit"][f"{factor} {name}" if factor > 1 else name] |= words - {""}
    if info["name"] == "en":
        table["unit"]["100 year"].add("centuries")
    table["ago"][""] |= {key_of(word) for word in info.get("ago", [])}
    for word in [] if info["name"] == "hu" else info.get("skip", []):  # Hungarian's are endings
        if key_of(word) and word not in NOT_FILLERS:
            table["filler"][""].add(key_of(word))
    for meaning, phrases in info.get("relative-type", {}).items():
        add_phrases(table, meaning, phrases)
    for meaning, patterns in info.get("relative-type-regex", {}).items():
        match = re.fullmatch(r"\\1 (\w+) ago", meaning)
        for pattern in patterns if match else []:
            for spelling in spellings(pattern):
                add_pattern(table, match[1], "other", spelling)
    for rule in info.get("simplifications", []):
        for pattern, replacement in rule.items():
            if re.fullmatch(r"\d{1,2}", str(replacement)):
                for word in expand(pattern):
                    table["number"][str(replacement)].add(key_of(word))
    for locale_info in info.get("locale_specific", {}).values():
        add_dateparser(table, {"name": "", **locale_info})


def add_phrases(table: Tables, meaning: str, phrases: list[str]) -> None:
    """Add phrases that mean N units ago, "this week" as none ago."""
    match = re.fullmatch(r"(\d+) (\w+)( ago)?", meaning)
    if not match:
        return
    count, unit = int(match[1]), match[2]
    if unit in LONGER_UNITS and count == 0:
        return
    name, factor = LONGER_UNITS.get(unit, (unit, 1))
    for phrase in phrases:
        for alternative in phrase.split(" / "):
            key = key_of(alternative)
            if key and not re.search(r"[\d#]", key):
                kind = "word" if match[3] else "counted"
                table[kind][f"{count * factor} {name}"].add(key)


def spellings(pattern: str) -> list[str]:
    """Return what dateparser's pattern matches: an optional last letter gives two."""
    spaced = pattern.replace(r"\s*", " ")
    optional = re.sub(r"(\w)\?(?!\))", r"\1", spaced)
    without = re.sub(r"\w\?(?!\))", "", spaced)
    return sorted({optional, without})


def expand(pattern: str) -> Iterator[str]:
    """Yield the words that a regular expression without repetition matches; none for others."""
    if re.search(r"[\\.*+^$?\[\]{}](?!\))|\(\?", pattern.replace(")?", ")")) or " " in pattern:
        return
    optional = re.sub(r"\(([^()]*)\)\?", r"(|\1)", pattern)
    yield from expand_alternatives(optional)


def expand_alternatives(pattern: str) -> list[str]:
    """Return every reading of alternatives and groups: `a(b|c)` is ab, ac."""
    group = re.search(r"\(([^()]*)\)", pattern)
    if not group:
        return pattern.split("|")
    marker = "\x00"
    outer = pattern[: group.start()] + marker + pattern[group.end() :]
    readings = []
    for branch in outer.split("|") if "(" not in outer else [outer]:
        if marker not in branch:
            readings.append(branch)
            continue
        for choice in group[1].split("|"):
            readings.extend(expand_alternatives(branch.replace(marker, choice)))
    return readings


def split_patterns(table: Tables) -> None:
    """Part "# days ago" into the unit "days" and the marker "ago".

    Words that stand first, or last, in the patterns of three units or more are the marker.
    """
    lasts: dict[str, set[str]] = defaultdict(set)
    firsts: dict[str, set[str]] = defaultdict(set)
    for unit, patterns in table["pattern"].items():
        for pattern in patterns:
            before, _, after = pattern.partition("#")
            if before.strip() and after.strip():
                firsts[before.strip()].add(unit)
            tail = after.split()
            for size in range(1, len(tail)):
                lasts[" ".join(tail[size:])].add(unit)
    marks_first = {words for words, units in firsts.items() if len(units) >= 3}
    marks_last = {words for words, units in lasts.items() if len(units) >= 3}
    marks_last -= {a for a in marks_last for b in marks_last if b.endswith(" " + a)}
    table["ago"][""] |= marks_first | marks_last
    for unit, patterns in table["pattern"].items():
        for pattern in patterns:
            before, _, after = (part.strip() for part in pattern.partition("#"))
            if before in marks_first and after:
                table["unit"][unit].add(after)
            for mark in sorted(marks_last, key=len, reverse=True):
                if not before and after.endswith(" " + mark):
                    table["unit"][unit].add(after.removesuffix(" " + mark))
                    break


if __name__ == "__main__":
    main()
