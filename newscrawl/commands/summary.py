"""A published drop as a short table for the person at the terminal."""

from __future__ import annotations

from newscrawl.drops.publish import Published


def summary(published: Published) -> str:
    """What a drop holds and where it lies.

    Args:
        published: what was published.

    Returns:
        Lines to print.
    """
    rows = [
        (f"{kind} pages, {outcome}", count) for (kind, outcome), count in published.pages.items()
    ]
    rows += [(name.replace("_", " "), count) for name, count in published.counts.items()]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {count:>8,}" for name, count in rows]
    return "\n".join([f"Drop {published.place}", *lines])
