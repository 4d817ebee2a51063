"""Headlines, texts and dates that follow one another, paired.

Whether a line is a headline or text can't be told from the line alone: a headline may
end in a full stop and a text may be short. So all labellings of the whole page are
weighed at once (dynamic programming over lines): each line has a cost as headline and
one as text, each pair of neighbours a cost as a pair, and the cheapest labelling wins.
The costs are small round numbers, chosen so that one strong sign (a text of many
sentences, a line behind a date) outweighs two weak ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from newscrawl.extract.printed import PrintedArticle

Label = Literal["start", "headline", "text", "date"]
_State = tuple[Label, int]
_Paths = dict[_State, tuple[float, _State | None]]

_SENTENCES = re.compile(r"[^\W\d_]{2,}[.!?…][”\"’')\]]*\s+[“\"‘'(]?[^\W_a-z]")
_FULL_STOP = re.compile(r"(?:\.|…)[”\"’')\]]*$")
_TEXT_END = re.compile(r"[.!?…:;][”\"’')\]]*$")
_LONG = 200
# What it costs to say less than the page says of itself ("1 - 6 of 107" promises six).
_UNEXPECTED_COUNT = 4.0

# Costs of neighbours, where a date stands under its article and where it stands above the text.
_DATE_LAST: dict[tuple[Label, Label], float] = {
    ("start", "headline"): 0, ("start", "text"): 4, ("start", "date"): 4,
    ("headline", "text"): 0, ("headline", "headline"): 3, ("headline", "date"): 1.5,
    ("text", "headline"): 0, ("text", "text"): 2, ("text", "date"): 0,
    ("date", "headline"): 0, ("date", "text"): 4, ("date", "date"): 4,
}  # fmt: skip
_DATE_FIRST: dict[tuple[Label, Label], float] = {
    **_DATE_LAST,
    ("headline", "date"): 0, ("date", "text"): 0, ("date", "headline"): 3, ("text", "date"): 4,
}  # fmt: skip


def read_stream(
    lines: list[str], is_date: Callable[[str], bool], expected: int | None = None
) -> list[PrintedArticle]:
    """Pair headlines, texts and dates.

    Args:
        lines: the page's lines, no blank ones.
        is_date: whether a line is a date and nothing else.
        expected: how many articles the page says it shows, or None. A labelling with that
            many is taken unless it is much worse than the best one.

    Returns:
        The articles in the page's order. Lines above the first headline are an article
        without one.
    """
    if not lines:
        return []
    own_costs = [_costs(line, is_date) for line in lines]
    labels = min(
        (_cheapest(own_costs, pairs, expected) for pairs in (_DATE_LAST, _DATE_FIRST)),
        key=lambda found: found[0],
    )[1]
    return _collect(lines, labels)


def _costs(line: str, is_date: Callable[[str], bool]) -> dict[Label, float]:
    if is_date(line):
        return {"date": 0.0}
    length = len(line)
    if length > 3 * _LONG:
        return {"headline": 20.0, "text": 0.0}
    sentences = len(_SENTENCES.findall(line))
    headline = 0.0 if length <= 120 else 1.0 if length <= _LONG else 5.0
    headline += 2.0 * min(sentences, 3) + (2.0 if _FULL_STOP.search(line) else 0.0)
    text = 3.0 if length < 40 else 2.0 if length < 80 else 1.0 if length < 120 else 0.0
    text += 0.0 if _TEXT_END.search(line) else 2.0 if length <= _LONG else 0.5
    return {"headline": headline, "text": text}


def _cheapest(
    own_costs: list[dict[Label, float]],
    pairs: dict[tuple[Label, Label], float],
    expected: int | None,
) -> tuple[float, list[Label]]:
    free_cost, free = _best_path(own_costs, pairs, None)
    if expected is None or free.count("headline") == expected:
        return free_cost, free
    bound = _best_path(own_costs, pairs, expected)
    if bound[1] and bound[0] <= free_cost + _UNEXPECTED_COUNT:
        return bound
    return free_cost + _UNEXPECTED_COUNT, free


def _best_path(
    own_costs: list[dict[Label, float]],
    pairs: dict[tuple[Label, Label], float],
    expected: int | None,
) -> tuple[float, list[Label]]:
    """The cheapest labelling, with exactly `expected` headlines where that is given.

    Returns:
        Its cost and its labels; no labels where none has that many headlines.
    """
    # state: (label, headlines so far) → (cost, the state before); the count is 0 when not asked
    paths: list[_Paths] = [{("start", 0): (0.0, None)}]
    for own in own_costs:
        step: _Paths = {}
        for (before, count), (so_far, _) in paths[-1].items():
            for label, cost in own.items():
                now = count + 1 if expected is not None and label == "headline" else count
                if expected is not None and now > expected:
                    continue
                total = so_far + cost + pairs[before, label]
                if (label, now) not in step or total < step[label, now][0]:
                    step[label, now] = (total, (before, count))
        paths.append(step)
    ends = [state for state in paths[-1] if expected is None or state[1] == expected]
    if not ends:
        return float("inf"), []
    end = min(ends, key=lambda state: paths[-1][state][0])
    total = paths[-1][end][0]
    labels: list[Label] = []
    state: _State | None = end
    for step in reversed(paths[1:]):
        if state is None:
            break
        labels.append(state[0])
        state = step[state][1]
    return total, labels[::-1]


def _collect(lines: list[str], labels: list[Label]) -> list[PrintedArticle]:
    articles: list[PrintedArticle] = []
    for line, label in zip(lines, labels, strict=True):
        if label == "headline" or not articles:
            articles.append(PrintedArticle(None, "", None, len(articles) + 1))
        article = articles[-1]
        if label == "headline":
            article.headline = line
        elif label == "date":
            article.date_raw = article.date_raw or line
        else:
            article.raw = f"{article.raw}\n\n{line}" if article.raw else line
    return articles
