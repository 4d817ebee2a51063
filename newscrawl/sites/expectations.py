"""What an operator expects of a site's drops, as data; `newscrawl.drops.checks` compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from newscrawl.errors import SiteDeclarationError

Measure = Literal[
    "articles", "dated", "authored", "with_body", "words", "newest", "blocked", "rejected"
]
Level = Literal["warn", "error"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Bounds of one measure of a site's part of a drop.

    Attributes:
        measure: `articles`: how many are new or updated; `dated`, `authored`, `with_body`: the
            share of these with a date of publication, an author, a whole text; `words`: the median
            of their texts; `newest`: hours from the newest one's publication to the run's start;
            `blocked`, `rejected`: the share of the site's pages.
        least, most: inclusive; None: no bound on that side.
        level: `error` keeps the drop aside, `warn` tells.

    Raises:
        SiteDeclarationError: no such measure or level, or no bound.

    >>> Expectation("dated", least=0.9)
    Expectation(measure='dated', least=0.9, most=None, level='error')
    """

    measure: Measure
    least: float | None = None
    most: float | None = None
    level: Level = "error"

    def __post_init__(self) -> None:
        if self.measure not in get_args(Measure) or self.level not in get_args(Level):
            raise SiteDeclarationError(
                f"an expectation of {self.measure!r} with level {self.level!r}; measures are "
                f"{', '.join(get_args(Measure))}, levels {', '.join(get_args(Level))}"
            )
        if self.least is None and self.most is None:
            raise SiteDeclarationError(
                f"the expectation of {self.measure!r} has no bound; give least= or most="
            )
