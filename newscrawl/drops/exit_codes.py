"""What ``scrapy crawl`` says by its exit code, for schedulers and scripts."""

from __future__ import annotations

from newscrawl.drops.publish import Published

PUBLISHED = 0
"""A drop was published, with something in it."""
FAILED = 1
"""Nothing was published: wrong arguments, a full disk, a bug; the last line of the log says it."""
NOTHING_NEW = 3
"""A drop was published, and none of its pages yielded anything that readers do not have."""
PARTLY = 4
"""A live crawl's drop was published, and some pages could not be had."""
BLOCKED = 5
"""A live crawl met block pages, challenges or walls, and nothing else."""
BUSY = 6
"""Another run crawls the same site now, or holds the state; this one left."""
ERRORS = 7
"""A drop was published, and errors of newscrawl's own, or of a pipeline, cost some pages or items."""
HELD = 8
"""A check failed: the drop lies aside, and `scrapy publish` publishes it after all."""

# A page that is not there, or may not be read, is an answer and no failure.
_ANSWERS = frozenset({"http-404", "http-410", "redirected", "robots"})
_OUTCOMES_OF_TROUBLE = frozenset({"blocked", "fetch-failed", "rejected"})


def of_replay(published: Published) -> int:
    """The exit code of a replay's drop: what its pages became is in its ledger."""
    if published.counts["errors"]:
        return ERRORS
    outcomes = {outcome for _, outcome in published.pages}
    return PUBLISHED if outcomes & {"extracted", "not-modified"} else NOTHING_NEW


def of_live_crawl(published: Published) -> int:
    """The exit code of a live crawl's drop."""
    outcomes = {outcome for outcome, _ in published.reasons}
    troubled = {
        outcome
        for outcome, code in published.reasons
        if outcome in _OUTCOMES_OF_TROUBLE and code not in _ANSWERS
    }
    if "blocked" in troubled and not outcomes & {"extracted", "not-modified", "layout-unknown"}:
        return BLOCKED
    if published.counts["errors"]:
        return ERRORS
    if troubled:
        return PARTLY
    counts = published.counts
    is_new = counts["articles"] or counts["people"] or counts["exchange_rates"]
    return PUBLISHED if is_new else NOTHING_NEW
