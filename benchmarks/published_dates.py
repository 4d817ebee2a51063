"""The dates of a drop against known ones; `dates.py` runs this.

Each set of saved pages is replayed as a WARC file with the pages' addresses and capture times.
Printed for newscrawl, for htmldate, newspaper4k (its reader of dates alone, which needs no language's
tokenizer) and JSON-LD alone: the exact day
of publication, and the instant within 60 seconds where the expected date has a time (midnight is
none). *or changed* also counts a day that is the page's own date of change, which htmldate-dev
often expects.

A page whose capture is not known is captured on 1 January 2026, or after the newest date that its
set expects; where newscrawl counts from that, its answer is counted apart.

Then the dates whose true instant lies outside of newscrawl's interval, with their pages: but for
errors of the set there is to be none. That a set expects the page's own date of change is one.
"""

import json
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from extraction import Extract, Found, available
from truth import Case, load
from warcs import Capture, by_page, replay, write_warc

from newscrawl.dates import DateInterval, parse_date

SETS = ("fundus-dev", "htmldate-dev", "wcxb-dev")
TOLERANCE = timedelta(seconds=60)
EARLIEST_CAPTURE = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = len("2024-12-17")

_NOWHERE = "a day that is nowhere in the page"
_UPDATED = "the day that the page calls its update"
ERRORS = {
    "b88b3f865f52b20d": "a day of July for 2 Tir 1399, which is 22 June 2020",
    "7560012b6d9267df": "a day that stands encoded, for a script",
    "babe6573d5878a43": "the day of the first post on a later page of a thread",
    "37a800548fc01fd1": "the day of a card for another article",
    "85b7dda7149e6a12": "the day of the update; the page says when it was originally published",
    "fec6b225fcc2639f": "a day in a timetable's form",
    "7faac9ecb5e87e29": "another year than the page prints",
    **dict.fromkeys(
        (
            *("2aa18c88cf448c49", "aba32f785f91ae27", "cff6f73414667847", "4da81066745689fc"),
            *("d725791f8b220c7d", "144a4ff8db24bfa9", "2dd545ed01b144fd", "1f386d5cbbeef6c1"),
            *("0f34ebc843b59f1a", "252d520e837e9263", "e1ee22a352fe1db8"),
            *("5e170377e8c03c29", "3e61ee722ebd6a65"),
        ),
        _NOWHERE,
    ),
    **dict.fromkeys(
        ("69e356fc5b897ff5", "077fd3e94775ca5e", "dd1e4ab55aab789b", "a8ea727efa91da5f"), _UPDATED
    ),
}
"""Pages of which a set expects what they do not say, by their names: what it expects."""


def measure(folder: Path, sets: Iterable[str]) -> int:
    """Print a table a set and the dates outside of their intervals.

    Args:
        folder: of the sets.
        sets: their names.

    Returns:
        How many dates are outside, but for errors of the sets.
    """
    others = available(["htmldate", "JSON-LD alone"]) | newspaper_dates()
    told = 0
    for name in sets:
        cases = [case for case in load(folder / name) if expected(case)]
        articles = dated(name, cases)
        apart = [case for case in cases if is_counted_from_nothing(case, articles[case.file])]
        counted = [case for case in cases if case not in apart]
        print(f"\n{name}: {len(cases)} pages with a date\n")
        print("| | day | or changed | instant |\n|---|---|---|---|")
        print(row("newscrawl", counted, [ours(articles[case.file]) for case in counted]))
        for tool, extract in others.items():
            found = [(extract(case.body, case.url).date or "", "") for case in counted]
            print(row(tool, counted, found), flush=True)
        if sorted_out := not_printed(name):
            asked = [case for case in counted if stem(case) not in sorted_out]
            right = [is_right_day(expected(case), ours(articles[case.file])[0]) for case in asked]
            print(f"\nwhere the expected day is printed as that of publication: {share(right)}")
        print(f"\n{len(apart)} relative dates of pages whose capture is not known are left out")
        told += tell_outside(cases, articles)
    return told


def newspaper_dates() -> dict[str, Extract]:
    """Return newspaper4k's reader of dates, by its name; nothing where it is not installed."""
    try:
        from newspaper import Config, parsers
        from newspaper.extractors import ContentExtractor
    except ImportError:
        print("newspaper4k is not installed (extra bench)", file=sys.stderr)
        return {}
    extractor = ContentExtractor(Config())

    def run(body: bytes, url: str | None) -> Found:
        document = parsers.fromstring(body.decode("utf-8", "replace"))
        if document is None:
            return Found()
        date = extractor.get_publishing_date(url or "", document)
        return Found(date=date.isoformat() if date else "")

    return {"newspaper4k": run}


def not_printed(name: str) -> set[str]:
    """Return the pages of a set that do not print the expected day as that of publication.

    They are sorted by hand in ``dates_missed.json``, all by their causes.
    """
    causes = json.loads(Path(__file__).with_name("dates_missed.json").read_text()).get(name, {})
    return {page for cause in NOT_PRINTED for page in causes.get(cause, ())}


NOT_PRINTED = (
    "change is expected",
    "only a day called update or Stand is printed; a bound is given",
    "the page gives no article, or several",
    "the expected day is not on the page, or as no date of it",
    "the expected day is of a later post in the thread",
)


def stem(case: Case) -> str:
    """Return what names a page in the notes."""
    return Path(case.file).name[:16]


def expected(case: Case) -> str:
    """Return the expected date, ISO 8601, or "" where the set knows none.

    Midnight sharp is no time: it stands for a day in sets as it does on pages.
    """
    date = case.expected.get("date")
    if not isinstance(date, str):
        return ""
    return date[:_DAY] if date[_DAY + 1 :].startswith("00:00:00") else date


def dated(name: str, cases: list[Case]) -> dict[str, dict[str, Any] | None]:
    """Return the article that the drop of a set has for each page, by the page's name."""
    newest = max(
        (read.latest for case in cases if (read := parse_date(expected(case))) and read.latest),
        default=EARLIEST_CAPTURE,
    )
    unknown = max(EARLIEST_CAPTURE, newest + timedelta(days=1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.warc"
        pages = write_warc(path, (capture(case, unknown) for case in cases))
        found = by_page(replay(path, Path(folder) / "output"))
    # Of a page that gives several articles none is the set's: that is another measure's matter.
    return {
        case.file: found[page][0] if len(found.get(page, [])) == 1 else None
        for case, page in zip(cases, pages, strict=True)
    }


def capture(case: Case, unknown: datetime) -> Capture:
    """Return a page as it was fetched; a time without a zone is taken for UTC."""
    when = datetime.fromisoformat(case.captured) if case.captured else unknown
    when = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    return Capture(
        url=case.url or f"https://{case.file}.example/",
        fetched_at=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        body=case.body,
    )


def is_counted_from_nothing(case: Case, article: dict[str, Any] | None) -> bool:
    """Tell whether a date was counted from a capture that nobody knows."""
    evidence = article and article["date_evidence"]["published"]
    anchor = evidence and evidence["anchor"]
    return bool(
        not case.captured
        and evidence
        and evidence["basis"] == "relative"
        and anchor
        and anchor["source"] == "capture"
    )


def ours(article: dict[str, Any] | None) -> tuple[str, str]:
    """Return the dates of publication and of change, "" where there is none."""
    if article is None:
        return "", ""
    return article["date_published"] or "", article["date_modified"] or ""


def row(name: str, cases: list[Case], found: Iterable[tuple[str, str]]) -> str:
    """Return a row of the table."""
    days: list[bool] = []
    changed: list[bool] = []
    instants: list[bool] = []
    for case, (published, modified) in zip(cases, found, strict=True):
        wanted = expected(case)
        exact = is_same_instant(wanted, published)
        if len(wanted) > _DAY:
            instants.append(exact)
        days.append(is_right_day(wanted, published))
        changed.append(days[-1] or (bool(modified) and modified[:_DAY] == wanted[:_DAY]))
    return f"| {name} | {share(days)} | {share(changed)} | {share(instants)} |"


def is_right_day(wanted: str, published: str) -> bool:
    """Tell whether a day is the expected one, or the same instant in another zone's day."""
    return is_same_instant(wanted, published) or (
        bool(published) and published[:_DAY] == wanted[:_DAY]
    )


def share(right: list[bool]) -> str:
    """Return how many are right."""
    return f"{sum(right) / len(right):.3f} ({sum(right)}/{len(right)})" if right else ""


def is_same_instant(wanted: str, found: str) -> bool:
    """Tell whether both are one instant; clocks without a zone are compared as they are."""
    if len(wanted) <= _DAY or len(found) <= _DAY:
        return False
    try:
        one, other = datetime.fromisoformat(wanted), datetime.fromisoformat(found)
    except ValueError:
        return False
    if one.tzinfo is None or other.tzinfo is None:
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return abs(one - other) <= TOLERANCE


def tell_outside(cases: list[Case], articles: dict[str, dict[str, Any] | None]) -> int:
    """Print the dates whose true instant is outside of the interval, and return their number."""
    told = errors = changes = 0
    for case in cases:
        article = articles[case.file]
        claim = outside(expected(case), article)
        if claim is None:
            continue
        if ours(article)[1][:_DAY] == expected(case)[:_DAY]:
            changes += 1
            continue
        why = ERRORS.get(stem(case))
        told, errors = told + (why is None), errors + (why is not None)
        print(f"  {stem(case)} {case.url}\n    {claim}{f'; the set: {why}' if why else ''}")
    print(
        f"outside of the interval: {told}; errors of the set: {errors}, and {changes} where it "
        "expects the page's own date of change"
    )
    return told


def outside(wanted: str, article: dict[str, Any] | None) -> str | None:
    """Return what is claimed when the expected date is not possible by it, else None."""
    evidence = article and article["date_evidence"]["published"]
    truth = parse_date(wanted.replace(" ", "T", 1).replace(":00+", "+"))  # to the minute, then
    if not evidence or truth is None:
        return None
    bounds = [
        evidence[end] and datetime.fromisoformat(evidence[end]) for end in ("earliest", "latest")
    ]
    if not any(bounds) or truth.in_any_zone().overlaps(DateInterval(*bounds)):
        return None
    return (
        f"expected {wanted}, claimed {evidence['edtf']} ({evidence['basis']}, "
        f"{evidence['raw']!r}, refused {[one['value'] for one in evidence['refused']]})"
    )
