"""Checks before publishing: a drop against what its sites declare, and against their own past.

What a site declares (`Site.expects`) is believed. The rest is the site's history in the state:
a share that has grown beyond what chance makes of the worst that it ever was is told. So a quiet
day, with few articles, is silent, and a redesign, after which articles have no date or bodies are
teasers, is not, even where a run brings three articles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from newscrawl.drops.measures import Measures, Share
from newscrawl.sites.expectations import Expectation, Level

LEAST_RUNS = 5
"""Earlier runs of a site without which nothing is said of it."""
_LEAST_COUNTED = 30
"""Earlier articles, or pages, without which a share says nothing."""
_PRIOR = 10
"""How many articles of the usual kind stand beside a past run's own: three undated ones of three
say less than three hundred of three hundred."""
_GROWTH = 0.3
"""What a share has to grow by to be told at all."""
# Natural logarithms of how unlikely the growth is by chance: one in ten thousand, in a hundred million.
_WARN, _ERROR = math.log(1e4), math.log(1e8)
_MOST_OF_THEM = 0.5
_SHORT = 2
"""Bits below the usual length: a quarter of it, and less."""

# What readers can't repair: the drop is kept aside. The rest is told.
_GRAVE = frozenset(
    {
        "no headline",
        "no date_published",
        "headline of another",
        "dated on the day of capture",
        "no whole text",
        "short text",
    }
)
_OF_PAGES = frozenset({"blocked", "rejected", "page without articles"})


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it was expected, or as it used to be.

    Attributes:
        site: whose.
        level: `error` keeps the drop aside, `warn` tells.
        source: `declared` or `history`.
        measure: what was measured.
        found: what it is now.
        expected: what was declared, or what it used to be.
        text: all of it, as a sentence.
    """

    site: str
    level: Level
    source: Literal["declared", "history"]
    measure: str
    found: float | None
    expected: str
    text: str


def check(
    sites: Mapping[str, Measures],
    expectations: Mapping[str, Sequence[Expectation]],
    history: Mapping[str, Sequence[Measures]],
    started_at: datetime,
) -> list[Finding]:
    """Compare what a run brought with what was expected of it.

    Args:
        sites: site → what it brought.
        expectations: site → what it declares; a site that brought nothing at all is compared too.
        history: site → its earlier runs, oldest first.
        started_at: when the run began, aware; the age of the newest article counts from it.

    Returns:
        By site; errors first.
    """
    findings = []
    for site in sorted({*sites, *expectations}):
        now = sites.get(site) or Measures()
        findings += [
            finding
            for expectation in expectations.get(site, ())
            if (finding := _check_declared(site, now, expectation, started_at))
        ]
        findings += _check_history(site, now, history.get(site, ()))
    return sorted(findings, key=lambda finding: (finding.site, finding.level != "error"))


# What a site declares


def _check_declared(
    site: str, now: Measures, expectation: Expectation, started_at: datetime
) -> Finding | None:
    found = _measure(now, expectation.measure, started_at)
    least, most = expectation.least, expectation.most
    if found is None or not (
        (least is not None and found < least) or (most is not None and found > most)
    ):
        return None
    bounds = [f"at least {least:g}"] if least is not None else []
    bounds += [f"at most {most:g}"] if most is not None else []
    expected = " and ".join(bounds)
    return Finding(
        site=site,
        level=expectation.level,
        source="declared",
        measure=expectation.measure,
        found=round(found, 3),
        expected=expected,
        text=f"{site}: {expectation.measure} is {found:.4g}, and the site declares {expected}",
    )


def _measure(now: Measures, name: str, started_at: datetime) -> float | None:
    """A declared measure's value; None where nothing can be measured."""
    if name == "articles":
        return now.articles
    if name == "words":
        return now.words
    if name == "newest":
        if now.newest is None:
            return None
        age = started_at - datetime.fromisoformat(now.newest)
        return max(0.0, age.total_seconds() / 3600)
    if name in ("blocked", "rejected"):
        share = now.share(name)
        return share.count / share.of if share.of else None
    lacking = {"dated": "no date_published", "authored": "no authors", "with_body": "no whole text"}
    share = now.share(lacking[name])
    return 1 - share.count / share.of if share.of else None


# What a site used to be like


def _check_history(site: str, now: Measures, past: Sequence[Measures]) -> list[Finding]:
    past = [run for run in past if run.shares]
    if len(past) < LEAST_RUNS:
        return []
    findings = []
    usual = _usual_size(past)
    for name in sorted({*now.shares, *(["short text"] if usual else [])}):
        share = _share(now, name, usual)
        before = [_share(run, name, usual) for run in past]
        if finding := _compare(site, name, share, before):
            findings.append(finding)
    return findings


def _usual_size(past: Sequence[Measures]) -> int | None:
    """The median of the texts' sizes, in bits."""
    sizes: dict[int, int] = {}
    for run in past:
        for size, count in run.sizes.items():
            sizes[size] = sizes.get(size, 0) + count
    half = sum(sizes.values()) / 2
    for size in sorted(sizes):
        half -= sizes[size]
        if half <= 0:
            return size
    return None


def _share(run: Measures, name: str, usual: int | None) -> Share:
    if name != "short text" or usual is None:
        return run.share(name)
    short = sum(count for size, count in run.sizes.items() if size <= usual - _SHORT)
    return Share(short, sum(run.sizes.values()))


def _compare(site: str, name: str, now: Share, before: Sequence[Share]) -> Finding | None:
    pooled = Share()
    for share in before:
        pooled = pooled.plus(share)
    if not now.of or pooled.of < _LEAST_COUNTED:
        return None
    usual = (pooled.count + 1) / (pooled.of + 2)  # Laplace: what never was is not impossible
    worst = max(
        usual,
        *((share.count + _PRIOR * usual) / (share.of + _PRIOR) for share in before),
    )
    found = now.count / now.of
    if found < worst + _GROWTH:
        return None
    surprise = now.of * _divergence(found, worst)
    if surprise < _WARN:
        return None
    is_error = name in _GRAVE and surprise >= _ERROR and found >= _MOST_OF_THEM
    things = "pages" if name in _OF_PAGES else "articles"
    expected = f"{pooled.count} of {pooled.of} in the last {len(before)} runs"
    return Finding(
        site=site,
        level="error" if is_error else "warn",
        source="history",
        measure=name,
        found=round(found, 3),
        expected=expected,
        text=f"{site}: {name}: {now.count} of {now.of} {things}, and {expected}",
    )


def _divergence(found: float, usual: float) -> float:
    """Kullback-Leibler divergence of two coins: by Chernoff's bound, `found` of n tosses come by
    chance at most exp(-n times this) often (https://en.wikipedia.org/wiki/Chernoff_bound)."""
    rest = 0.0 if found >= 1 else (1 - found) * math.log((1 - found) / (1 - usual))
    return found * math.log(found / usual) + rest
