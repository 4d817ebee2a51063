"""Invented news: the same number gives the same article, on every machine and in every run.

Nothing here was ever printed anywhere, so a page may be kept, compared and thrown away freely.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=5))
"""The newsroom's clock."""

SECTIONS = ("Politics", "Economy", "Society", "Culture", "Science", "Sport")

AUTHORS = (
    "Aizada Orozbekova", "Tomas Lindqvist", "Miriam Okonjo", "Jean-Luc Pereira",
    "Dariga Seitkali", "Hannah O’Connell", "Ruslan Akhmetov", "Ingrid Solheim",
)  # fmt: skip

_TAGS = ("water", "railways", "elections", "harvest", "schools", "energy", "music", "mountains")

_PLACES = (
    "Karasu", "Bostandyk", "Temirtau Valley", "Orlovka", "Lake Ashkol", "Zhanaturmys", "Marlinspike",
    "Port Evran", "Saint Odile", "Kumtor Pass", "Belmere", "Tarabulak", "New Halden", "Isfar",
    "Greywater", "Aktogay Bay", "Lindenau", "Montefosca", "Ulken Say", "Dunmarrow", "Vesterholm",
    "Qoshkopir", "Radzice", "Altyn Arashan", "Pellworth", "Sarykamysh", "Tolmin Gap",
)  # fmt: skip

_ACTORS = (
    "The city council", "The ministry of transport", "A regional court", "The water board",
    "The teachers’ union", "The central bank", "A panel of geologists", "The state railway",
    "The opera house", "The fishing cooperative", "An audit commission", "The national library",
    "The cycling federation", "A group of shepherds", "The harbour authority", "The film archive",
    "The electricity regulator", "The farmers’ league", "The observatory", "The border guard",
    "A citizens’ assembly", "The university hospital", "The chamber of commerce",
)  # fmt: skip

_DEEDS = (
    "postpones the reopening of", "agrees to finance", "publishes the accounts of",
    "rejects a complaint about", "begins repairs on", "asks for an inquiry into",
    "signs a contract for", "opens the doors of", "warns of delays at", "votes to keep",
    "doubles the budget of", "measures the damage to", "names a new head of",
    "reaches a settlement over", "unveils a plan for", "halts work on", "reviews the safety of",
)  # fmt: skip

_THINGS = (
    "the old canal", "a tram line", "the grain terminal", "the school of music", "a wind farm",
    "the glacier station", "the covered market", "a bridge over the gorge", "the tax office",
    "the night bus", "a seed bank", "the reservoir", "the archive of radio plays", "a ski lift",
    "the customs house", "the mosaic museum", "the ferry terminal", "a solar roof programme",
    "the women’s football league", "the vaccination campaign", "the herbarium", "a copper mine",
    "the river gauge network", "the poetry festival", "the land register", "a dairy plant",
    "the veterans’ clinic", "the meteor camera", "a housing estate", "the puppet theatre",
)  # fmt: skip

_ROLES = (
    "the deputy mayor", "an engineer with the project", "a retired bus driver", "the chief auditor",
    "a hydrologist at the institute", "the head of the workshop", "a shop owner on Station Street",
    "the union’s spokeswoman", "a member of the opposition", "the festival’s director",
    "a doctor who has worked there for nine years", "the minister’s adviser",
)  # fmt: skip

_SURNAMES = (
    "Abenov", "Castellan", "Dührkop", "Eskildsen", "Farouk", "Galimova", "Hartmann", "Ismailov",
    "Joubert", "Kasymbek", "Lachance", "Mwangi", "Nordby", "Ostrowski", "Petrescu", "Quispe",
    "Rahimov", "Sørensen", "Tashkulova", "Ulrich", "Varga", "Wickham", "Yesenov", "Zamora",
)  # fmt: skip

_CAUSES = (
    "after a winter that brought twice the usual snow", "because two of the three tenders had expired",
    "following months of talks that neither side wanted to call negotiations",
    "since the last inspection had found cracks in four of the pillars",
    "as the price of steel fell for the third month in a row",
    "although the neighbouring district had promised to share the cost",
    "when the old agreement ran out without anyone noticing",
    "after an anonymous letter reached the prosecutor’s desk",
    "because most of the seasonal workers had already gone home",
    "while a second study was still being printed",
    "before the summer timetable could be put up at the stations",
    "as schools across the province prepared for examinations",
)  # fmt: skip

_SAYINGS = (
    "nobody should have to wait another year for an answer",
    "the figures were correct but the conclusions were not",
    "people here remember what happened the last time",
    "we would rather be late than wrong",
    "it is the small villages that will notice first",
    "there is money for it, and there always was",
    "the drawings were made for a different river",
    "this is the first honest report that I have read in a decade",
    "the machines arrived without a single manual",
    "our children will ask why we hesitated",
    "the law is clear, its authors were not",
    "a good idea does not become better by waiting",
    "three weeks of rain would settle the argument for us",
)  # fmt: skip

_TAILS = (
    "The documents, seen by this newspaper, run to {n} pages and name {m} companies.",
    "Residents have until the {m}th of the month to lodge an objection in writing.",
    "About {n} households depend on it, according to a census taken {m} years ago.",
    "Work is to continue through the night on weekdays, with noise limited to {m} decibels above the usual.",
    "Tickets will cost {m} crowns, and children under {n2} travel free of charge.",
    "A similar attempt failed {m} years ago, when only {n} signatures were collected.",
    "Temperatures in the valley fell to minus {m} degrees on Tuesday, delaying deliveries.",
    "The contractor employs {n} people, {m} of them apprentices from the district.",
    "Whether the insurance will pay is a question that {n} claimants have brought to court.",
    "On the square, {m} volunteers handed out tea while the session went on upstairs.",
    "The committee meets again in {m} days; until then the matter rests with the deputies.",
    "An earlier version of the plan had foreseen {n} parking spaces and a {m}-metre tower.",
)

_BRIDGES = (
    "In {place}, the mood was calmer.", "The reaction was swift.", "Not everyone agrees.",
    "That was not always so.", "The background is complicated.", "For {place}, much is at stake.",
    "The numbers tell a different story.", "Few had expected it.", "It began with a telephone call.",
    "Behind the decision stands a longer dispute.", "Winter, however, does not wait.",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Article:
    """What an article page ought to yield.

    Attributes:
        number: 0 for the oldest; what the article is made from.
        slug: the words of its address.
        headline, summary, author, section, tags: as printed.
        body: the paragraphs, plain text.
        published, modified: aware; modified is None before the first change.
        revision: 1, and one more with every change.
        noindex: its page asks robots not to index it.
    """

    number: int
    slug: str
    headline: str
    summary: str
    author: str
    section: str
    tags: tuple[str, ...]
    body: tuple[str, ...] = field(repr=False)
    published: datetime
    modified: datetime | None = None
    revision: int = 1
    noindex: bool = False


def invent(number: int, published: datetime, seed: str = "") -> Article:
    """The article of that number.

    Args:
        number: 0 and up; headlines are all different below 11,000.
        published: its date, aware.
        seed: another one gives other articles for the same numbers.
    """
    dice = random.Random(f"{seed}/{number}")
    # Headlines take the digits of the number in mixed radix, so that no two are alike.
    actor = _ACTORS[number % len(_ACTORS)]
    thing = _THINGS[number // len(_ACTORS) % len(_THINGS)]
    deed = _DEEDS[(number // (len(_ACTORS) * len(_THINGS)) + number) % len(_DEEDS)]
    place = dice.choice(_PLACES)
    headline = f"{actor} {deed} {thing} in {place}"
    body = [_lead(dice, actor, deed, thing, place, published)]
    body += [_paragraph(dice, place) for _ in range(dice.randint(5, 11))]
    return Article(
        number=number,
        slug=slug(headline),
        headline=headline,
        summary=body[0].split(". ")[0].rstrip(".") + ".",
        author=dice.choice(AUTHORS),
        section=SECTIONS[number % len(SECTIONS)],
        tags=tuple(sorted(dice.sample(_TAGS, dice.randint(1, 3)))),
        body=tuple(body),
        published=published,
    )


def rewritten(article: Article, modified: datetime) -> Article:
    """The article's next revision: a paragraph more, and the date of the change."""
    dice = random.Random(f"{article.slug}/{article.revision}")
    return replace(
        article,
        body=(*article.body, "Update: " + _paragraph(dice, dice.choice(_PLACES))),
        modified=modified,
        revision=article.revision + 1,
    )


def slug(text: str) -> str:
    """The words of a text for an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("’", "")).strip("-")


def _lead(
    dice: random.Random, actor: str, deed: str, thing: str, place: str, published: datetime
) -> str:
    day = f"{published:%A}"
    return (
        f"{actor} {deed} {thing} in {place}, it was announced on {day}, {dice.choice(_CAUSES)}. "
        + _tail(dice)
    )


def _paragraph(dice: random.Random, place: str) -> str:
    sentences = []
    for _ in range(dice.randint(2, 4)):
        kind = dice.randrange(5)
        if kind == 0:
            sentences.append(dice.choice(_BRIDGES).format(place=place))
        elif kind == 1:
            sentences.append(
                f"“{_capitalized(dice.choice(_SAYINGS))},” said {dice.choice(_SURNAMES)}, "
                f"{dice.choice(_ROLES)}, {dice.choice(_CAUSES)}."
            )
        elif kind == 2:
            sentences.append(
                f"{dice.choice(_ACTORS)} has meanwhile taken a look at {dice.choice(_THINGS)} near "
                f"{dice.choice(_PLACES)}, {dice.choice(_CAUSES)}."
            )
        else:
            sentences.append(_tail(dice))
    sentences.append(
        f"According to {dice.choice(_SURNAMES)}, {dice.choice(_SAYINGS)}; "
        f"{dice.choice(_PLACES)} will be asked about {dice.choice(_THINGS)} next."
    )
    return " ".join(sentences)


def _capitalized(text: str) -> str:
    return text[0].upper() + text[1:]


def _tail(dice: random.Random) -> str:
    return dice.choice(_TAILS).format(
        n=dice.randint(40, 900), m=dice.randint(4, 30), n2=dice.randint(6, 14)
    )
