"""Headlines, texts and dates that follow one another, paired by the page's own period.

What a line is can't be told from the line alone: a headline may end in a full stop, a text may
be short, and a date between two articles may be either's. But a page prints all of its articles
alike. So each place where the date may stand in an article (before the headline, under it, after
the text) is a template, and all labellings of the whole page by a template are weighed at once
(dynamic programming over lines): each line has a cost as headline, text, date and so on, each pair
of neighbours a cost as a pair, an article without its date costs something. The cheapest labelling
of the cheapest template wins; where another template gives other dates at about the same cost,
the page does not tell whose its dates are, and the reader says so.

The costs are small round numbers, chosen so that one strong sign (a text of many sentences, a
line behind a date) outweighs two weak ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

from newscrawl.dates import parse_page_date
from newscrawl.extract.lines import Line
from newscrawl.extract.printed import PrintedArticle

Label = Literal[
    "start", "head", "above", "date", "over", "headline", "under", "below", "text", "sub",
    "after", "behind", "tail",
]  # fmt: skip
"""What a line is: chrome above all articles (`head`) and below (`tail`); small print before the
headline (`above`, and `over` behind a date), under it (`under`, `below` behind a date) and after
the text (`after`, `behind` the date); a subhead inside the text (`sub`)."""

Place = Literal["none", "before", "under", "after"]
"""Where the date of an article stands."""

_State = tuple[Label, int]
_Paths = dict[_State, tuple[float, _State | None]]
_Edges = dict[Label | Literal["end"], list[tuple[Label, float]]]

_LONG = 200
# What it costs an article of a dated page to have no date, a headline to have no text.
_NO_DATE = 2.0
_NO_TEXT = 3.0
# What it costs a text to have another paragraph.
_PARAGRAPH = 2.0
# What it costs to say one article more or less than the page says of itself.
_UNEXPECTED = 4.0
# Labellings this near to each other are equally good.
_MARGIN = 1.0


@dataclass(slots=True)
class Stream:
    """The articles of a stream of lines.

    Attributes:
        articles: in the page's order.
        chrome: what is none of them.
        bylines: the lines that name the authors.
        cost: of the articles' labelling, by line; what repeats well costs little.
        doubt: why the dates may be another article's, or None.
        masthead: the date line above all articles, or None; it is not among the chrome.
    """

    articles: list[PrintedArticle] = field(default_factory=list)
    chrome: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    cost: float = 0.0
    doubt: str | None = None
    masthead: str | None = None


def read_stream(
    lines: list[Line],
    expected: int | None = None,
    below_mark: bool = False,
    agrees: Callable[[str, str], bool | None] = lambda headline, printed: None,
) -> Stream:
    """Pair headlines, texts and dates.

    Args:
        lines: the page's lines.
        expected: how many articles the page says it shows, or None. A labelling with that
            many is taken unless it is much worse than the best one.
        below_mark: the articles begin with the first line; no chrome stands above them.
        agrees: whether a date is one of a headline's own page; None where nobody knows.

    Returns:
        The articles; lines above the first headline are an article without one where they are
        text. Where the dates' place is not sure, `doubt` says why.
    """
    if not lines:
        return Stream()
    printed_beside = {line.beside for line in lines if line.beside}
    bare = not any(
        line.is_prose or (line.ends and line.sentences) or line.sentences > 1 for line in lines
    )
    dated = sum(line.date is not None for line in lines)
    places: tuple[Place, ...] = ("after", "under", "before")
    if not dated or (dated == 1 and _is_masthead_alone(lines)):
        places = ("none",)
    elif len(printed_beside) == 1:
        places = ("before",) if "headline" in printed_beside else ("after", "under")
    own = [_costs(line, bare) for line in lines]
    _weigh_masthead(own, lines)
    _weigh_likeness(own, lines, bare)
    found = []
    for place in places:
        cost, labels = _cheapest(own, _edges(place, bare, below_mark), expected)
        if len(places) > 1 and labels:
            cost += _disagreement(_collect(lines, labels, place), agrees)
        found.append((cost, labels, place))
    best = min(found, key=lambda one: one[0])
    stream = _collect(lines, *best[1:])
    chrome = [
        costs.get(label, 0.0)
        for costs, label in zip(own, best[1], strict=True)
        if label in ("head", "tail")
    ]
    paragraphs = sum(pair == ("text", "text") for pair in pairwise(best[1]))
    inner = best[0] - sum(chrome) - _PARAGRAPH * paragraphs
    stream.cost = inner / max(1, len(lines) - len(chrome))
    for cost, labels, place in found:
        if cost <= best[0] + _MARGIN and place != best[2] and labels:
            other = _collect(lines, labels, place)
            if _pairs(other) != _pairs(stream):
                stream.doubt = "the dates may belong to the article above or below them"
                break
    return stream


def _disagreement(stream: Stream, agrees: Callable[[str, str], bool | None]) -> float:
    """What it costs a pairing that the headlines' own pages print other dates."""
    told = [
        agrees(article.headline, article.date_raw)
        for article in stream.articles
        if article.headline and article.date_raw
    ]
    return _DISAGREES * told.count(False) - _AGREES * told.count(True)


_AGREES, _DISAGREES = 1.0, 2.0


def _is_masthead_alone(lines: list[Line]) -> bool:
    """Whether the page's one date stands above two texts or more: it can't be all of theirs."""
    at = next(place for place, line in enumerate(lines) if line.date is not None)
    texts = [
        place for place, line in enumerate(lines) if line.is_prose or (line.ends and line.sentences)
    ]
    return len(texts) > 1 and at + 1 < texts[0] and not lines[at].around


def _pairs(stream: Stream) -> list[tuple[str | None, str | None]]:
    return [(article.headline, article.date_raw) for article in stream.articles if article.date_raw]


def _forms(lines: list[Line]) -> list[str]:
    """The forms of dates: what is a word in each and what a number, whatever their length."""
    shapes = (
        "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in line.date or "")
        for line in lines
    )
    return [_squeezed(shape) for shape in shapes]


def _weigh_masthead(own: list[dict[Label, float]], lines: list[Line]) -> None:
    """The first date may be the masthead's, the more so in a form that no other has."""
    dated = [at for at, line in enumerate(lines) if line.date is not None]
    if not dated:
        return
    first = dated[0]
    if not lines[first].around and parse_page_date(lines[first].text):
        own[first]["head"] = 0.3
        forms = _forms([lines[at] for at in dated])
        if len(dated) > 2 and forms[0] not in forms[1:]:
            own[first]["date"] = 2.0


def _weigh_likeness(own: list[dict[Label, float]], lines: list[Line], bare: bool) -> None:
    """A page's headlines are printed alike; where it has no texts, they are about equally long."""
    beside = [
        line
        for at, line in enumerate(lines)
        if line.date is None
        and not (line.is_prose or line.repeats or line.names)
        and any(one.date or one.is_prose for one in lines[max(0, at - 1) : at + 2])
    ]
    if len(beside) < 3:
        return
    shape, count = Counter(_shape(line) for line in beside).most_common(1)[0]
    usual = sorted(line.weight for line in beside)[len(beside) // 2]
    for costs, line in zip(own, lines, strict=True):
        if "headline" not in costs or line.date is not None:
            continue
        if count * 2 > len(beside) and _shape(line) != shape:
            costs["headline"] += 1.5
        if bare:
            costs["headline"] += 1.5 if line.weight * 2 < usual else 0.0
            for label in ("head", "tail"):
                costs[label] += 0.5 if line.weight * 2 >= usual else 0.0


def _shape(line: Line) -> tuple[int, bool, str]:
    return line.block.level, line.block.url is not None, line.block.mark


def _squeezed(form: str) -> str:
    """A form whatever the length of its words and numbers."""
    return "".join(c for at, c in enumerate(form) if at == 0 or c != form[at - 1])


# What a line costs


def _costs(line: Line, bare: bool) -> dict[Label, float]:
    if line.date is not None:
        return {"date": 0.0, "head": 1.5, "tail": 3.0, "text": 8.0, "headline": 12.0}
    if line.is_year:
        return {"head": 0.0, "above": 0.0, "tail": 0.3}
    length = line.weight
    if length > 3 * _LONG:
        return {"headline": 20.0, "text": 0.0, "head": 6.0, "tail": 4.0}
    headline = 0.0 if length <= 120 else 1.0 if length <= _LONG else 5.0
    headline += 1.5 if length < 12 else 0.7 if length < 18 else 0.0
    headline += 2.0 * min(line.sentences, 3)
    headline += 2.0 if line.ends and line.text[-1] not in "!?！？؟" else 0.0
    text = 3.0 if length < 40 else 2.0 if length < 80 else 1.0 if length < 120 else 0.0
    text += 0.0 if line.ends or line.text[-1] in ":;" else 2.0 if length <= _LONG else 0.5
    if bare:
        text += 4.0
    if line.block.level:
        headline, text = max(0.0, headline - 1.0), text + 4.0
    chrome = 4.0 if line.is_prose else 0.3 + min(length, 90) / 75
    chrome += 2.0 if line.ends and line.sentences else 0.0
    small = 0.8 + length / 22 + (2.0 if line.ends else 0.0)
    if line.known:
        headline, text, chrome, small = 0.0, text + 8.0, 4.0, 6.0
    elif line.repeats or line.names:
        headline, text, chrome, small = headline + 5.0, text + 4.0, 0.3, 0.1
    costs: dict[Label, float] = {"headline": headline, "text": text, "head": chrome, "tail": chrome}
    if length <= 120:
        costs.update(dict.fromkeys(("above", "over", "under", "below", "after", "behind"), small))
        costs["sub"] = 1.5 + (2.0 if line.ends else 0.0) + length / 100
    return costs


# What neighbours cost


@cache
def _edges(place: Place, bare: bool, below_mark: bool) -> _Edges:
    """For each label, the labels that may follow and what that costs; "end": what may be last."""
    no_date = _NO_DATE if place != "none" else 0.0
    no_text = 0.0 if bare else _NO_TEXT
    starts: dict[Label, float] = {"above": 0.0, "headline": 0.0}
    if place == "before":
        starts = {"date": 0.0, "above": 0.0, "headline": no_date}
    ends: dict[Label, float] = {"text": 0.0, "after": 0.0, "headline": no_text, "under": no_text}
    inner: dict[Label, dict[Label, float]] = {
        "above": {"above": 0.2, "headline": no_date if place == "before" else 0.0},
        "headline": {"under": 0.0, "text": 0.0},
        "under": {"under": 0.2, "text": 0.0},
        "text": {"text": _PARAGRAPH, "sub": 0.0, "after": 0.0},
        "sub": {"text": 0.0},
        "after": {"after": 0.2},
    }
    if place == "before":
        inner["above"]["date"] = 0.0
        inner["date"] = {"over": 0.0, "headline": 0.0}
        inner["over"] = {"over": 0.2, "headline": 0.0}
    elif place == "under":
        inner["headline"] |= {"date": 0.0, "text": no_date}
        inner["under"] |= {"date": 0.0, "text": no_date}
        inner["date"] = {"below": 0.0, "text": 0.0}
        inner["below"] = {"below": 0.2, "text": 0.0}
        ends |= {"date": no_text, "below": no_text}
        ends["headline"] += no_date
        ends["under"] += no_date
    elif place == "after":
        for label in ("text", "after", "headline", "under"):
            extra = 0.0 if label in ("text", "after") else no_text + (0.0 if bare else 1.0)
            inner[label]["date"] = extra
        inner["date"] = {"behind": 0.0}
        inner["behind"] = {"behind": 0.2}
        ends = {label: cost + no_date for label, cost in ends.items()}
        ends |= {"date": 0.0, "behind": 0.0}
    start: dict[Label, float] = {**starts, "head": 2.0 if below_mark else 0.0, "text": 4.0}
    if below_mark and place == "before":
        start["headline"] += 1.5  # what the articles begin with is what each begins with
    head: dict[Label, float] = {**starts, "head": 0.0, "text": 4.0}
    edges: _Edges = {
        "start": list(start.items()), "head": list(head.items()), "tail": [("tail", 0.0)],
    }  # fmt: skip
    for label, followers in inner.items():
        edges[label] = list(followers.items())
    for label, cost in ends.items():
        begin = [(to, cost + more) for to, more in starts.items()]
        edges[label] = [*edges.get(label, []), *begin, ("tail", cost)]
    edges["end"] = [*ends.items(), ("tail", 0.0), ("head", 0.0)]
    return edges


def _cheapest(
    own: list[dict[Label, float]], edges: _Edges, expected: int | None
) -> tuple[float, list[Label]]:
    free_cost, free = _best_path(own, edges, None)
    if expected is None:
        return free_cost, free
    off = abs(free.count("headline") - expected)
    if not off:
        return free_cost, free
    bound_cost, bound = _best_path(own, edges, expected)
    if bound and bound_cost <= free_cost + _UNEXPECTED * off:
        return bound_cost, bound
    return free_cost + _UNEXPECTED * off, free


def _best_path(
    own: list[dict[Label, float]], edges: _Edges, expected: int | None
) -> tuple[float, list[Label]]:
    """The cheapest labelling, with exactly `expected` headlines where that is given.

    Returns:
        Its cost and its labels; no labels where none has that many headlines.
    """
    # state: (label, headlines so far) → (cost, the state before); the count is 0 when not asked
    paths: list[_Paths] = [{("start", 0): (0.0, None)}]
    for costs in own:
        step: _Paths = {}
        for state, (so_far, _) in paths[-1].items():
            label, count = state
            for to, pair in edges[label]:
                cost = costs.get(to)
                if cost is None:
                    continue
                now = count + 1 if expected is not None and to == "headline" else count
                if expected is not None and now > expected:
                    continue
                total = so_far + cost + pair
                known = step.get((to, now))
                if known is None or total < known[0]:
                    step[to, now] = (total, state)
        if not step:
            return float("inf"), []
        paths.append(step)
    last = dict(edges["end"])
    ends = {
        state: cost + last.get(state[0], _NO_TEXT)
        for state, (cost, _) in paths[-1].items()
        if expected is None or state[1] == expected
    }
    if not ends:
        return float("inf"), []
    end = min(ends, key=lambda state: ends[state])
    labels: list[Label] = []
    at: _State | None = end
    for step in reversed(paths[1:]):
        assert at is not None  # noqa: S101  # every state but the first has one before it
        labels.append(at[0])
        at = step[at][1]
    return ends[end], labels[::-1]


# What comes of the labels


def _with_names_on_one_side(lines: list[Line], labels: list[Label]) -> list[Label]:
    """The labels, the names between two articles given to that which they stand beside elsewhere.

    A byline between two articles is above the one as much as it is below the other, but a page
    prints all alike: where names stand above its first article and none below its last, they
    are above each; where it is the other way round, below each.
    """
    core = [at for at, label in enumerate(labels) if label in ("headline", "text", "date")]
    # As many lines as there are between two articles may stand above the first, below the last.
    between = [end - start - 1 for start, end in pairwise(core) if _BESIDE & {*labels[start:end]}]
    if not between:
        return labels
    reach = range(core[0] - max(between), core[-1] + max(between) + 1)
    names = [
        at for at, label in enumerate(labels)
        if at in reach and lines[at].names and label in _BESIDE | {"head", "tail"}
    ]  # fmt: skip
    leads = any(at < core[0] for at in names)
    trails = any(at > core[-1] for at in names)
    if leads == trails:
        return labels
    side: Label = "above" if leads else "after"
    return [side if at in names else label for at, label in enumerate(labels)]


_BESIDE: frozenset[Label] = frozenset(("above", "after", "behind"))


def _collect(lines: list[Line], labels: list[Label], place: Place) -> Stream:
    stream = Stream()
    labels = _with_names_on_one_side(lines, labels)
    article: PrintedArticle | None = None
    waiting: list[Line] = []  # of an article whose headline is still to come
    for line, label in zip(lines, labels, strict=True):
        if label in ("head", "tail"):
            if label == "head" and line.date is not None:
                stream.masthead = stream.masthead or line.text
            if line.text != stream.masthead:
                stream.chrome.append(line.text)
        elif label in ("above", "over") or (label == "date" and place == "before"):
            waiting.append(line)
        elif label == "headline" or article is None:
            article = PrintedArticle(None, "", None, len(stream.articles) + 1)
            stream.articles.append(article)
            for before in waiting:
                _add_small_print(article, before, stream)
            waiting = []
            if label == "headline":
                article.headline = line.text
                article.url = line.block.url
            else:
                article.raw = line.text
        elif label in ("text", "sub"):
            article.raw = f"{article.raw}\n\n{line.text}" if article.raw else line.text
            article.url = article.url or line.block.url
        else:
            _add_small_print(article, line, stream)
    stream.chrome += [line.text for line in waiting]
    return stream


def _add_small_print(article: PrintedArticle, line: Line, stream: Stream) -> None:
    if line.date is not None:
        article.date_raw = article.date_raw or line.date
    elif not line.names:
        stream.chrome.append(line.text)
    else:
        stream.bylines.append(line.text)
    article.authors += [name for name in line.names if name not in article.authors]
