"""Compare the rules of newscrawl.dates.widgets with the widgets themselves.

    npm install --prefix FOLDER moment dayjs timeago.js timeago date-fns luxon \
        @github/relative-time-element react-timeago react
    pip install django humanize
    python benchmarks/widgets.py FOLDER [--pairs 4000] [--seed 1]

For each widget that can run here and each of many pairs of instants: what the widget prints is
read; the reading is what our rule prints for that pair; and the pair's published instant lies in
the interval of the text with the widget declared, and in the one without. Ends with status 1 when
one does not.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.dates import parse_relative
from newscrawl.dates.widgets import Printed, printed_by, window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SPANS = [100, 4_000, 90_000, 700_000, 3_500_000, 10_000_000, 35_000_000, 130_000_000]

# The envelope without a widget leaves these out: they print for calendar days, or round coarsely.
OUTSIDE_THE_CORE = {
    "date-fns-intl",
    "luxon-calendar",
    "relative-time-element",
    "humanize",
}

Pair = tuple[datetime, datetime]


def main() -> int:
    """Compare, print a line a widget, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with node_modules")
    parser.add_argument("--pairs", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pairs = make_pairs(options.pairs, random.Random(options.seed))
    printed = run_javascript(options.packages, pairs) | run_python(pairs)
    print(f"{'widget':<24}{'texts':>8}{'unread':>8}{'rule':>8}{'declared':>10}{'envelope':>10}")
    failures = 0
    for widget, texts in sorted(printed.items()):
        unread, rule, declared, envelope = compare(widget, pairs, texts)
        failures += unread + rule + declared
        failures += 0 if widget in OUTSIDE_THE_CORE else envelope
        print(f"{widget:<24}{len(texts):>8}{unread:>8}{rule:>8}{declared:>10}{envelope:>10}")
    return 1 if failures else 0


def make_pairs(count: int, chooser: random.Random) -> list[Pair]:
    """Return (published, anchor) pairs, from seconds to years apart, to the millisecond."""
    pairs = []
    for _ in range(count):
        anchor = datetime(2023, 1, 1, tzinfo=UTC) + chooser.randrange(3 * 366 * 86_400) * timedelta(
            seconds=1
        )
        elapsed = chooser.randrange(chooser.choice(SPANS) * 1_000) * MILLISECOND
        pairs.append((anchor - elapsed, anchor))
    return pairs


def run_javascript(packages: Path, pairs: list[Pair]) -> dict[str, list[str]]:
    """Return what the JavaScript widgets print."""
    instants = [[(moment - EPOCH) // MILLISECOND for moment in pair] for pair in pairs]
    result = subprocess.run(
        ["node", str(Path(__file__).with_suffix(".js"))],
        input=json.dumps({"packages": str(packages), "pairs": instants}),
        capture_output=True,
        text=True,
        check=True,
    )
    printed: dict[str, list[str]] = json.loads(result.stdout)
    return printed


def run_python(pairs: list[Pair]) -> dict[str, list[str]]:
    """Return what the Python widgets print."""
    import humanize

    widgets: dict[str, Callable[[datetime, datetime], str]] = {
        "humanize": lambda published, anchor: humanize.naturaltime(anchor - published),
        "django": naturaltime(),
    }
    return {name: [widget(*pair) for pair in pairs] for name, widget in widgets.items()}


def naturaltime() -> Callable[[datetime, datetime], str]:
    """Return Django's naturaltime, which has no argument for the present, with one."""
    from django.conf import settings
    from django.utils.timesince import timesince

    settings.configure(USE_TZ=True, USE_I18N=False)

    def printed(published: datetime, anchor: datetime) -> str:
        elapsed = anchor - published
        if elapsed.days:
            return f"{timesince(published, anchor)} ago"
        for unit, size in (("hour", 3_600), ("minute", 60), ("second", 1)):
            count = elapsed.seconds // size
            if count:
                return f"{count} {unit}s ago" if count > 1 else f"a{'n' * (size > 60)} {unit} ago"
        return "now"

    return printed


def compare(widget: str, pairs: list[Pair], texts: list[str]) -> tuple[int, int, int, int]:
    """Count the texts that are not read, and the rules and intervals that are wrong."""
    unread = rule = declared = envelope = 0
    for (published, anchor), text in zip(pairs, texts, strict=True):
        exact = parse_relative(text, anchor, language="en", widget=widget)
        plain = parse_relative(text, anchor, language="en")
        if exact is None or plain is None:
            unread += 1
            continue
        ours = printed_by(widget, published, anchor)
        span = window(widget, ours, anchor)
        rule += span is None or (exact.earliest, exact.latest) != clipped(span, anchor, ours)
        declared += not exact.contains(published)
        envelope += not plain.contains(published)
    return unread, rule, declared, envelope


def clipped(span: Pair, anchor: datetime, ours: Printed) -> Pair:
    """Return the window of our own rule; nothing is published after the anchor."""
    tick = timedelta(microseconds=1)
    return span[0], min(span[1], anchor + tick)


if __name__ == "__main__":
    sys.exit(main())
