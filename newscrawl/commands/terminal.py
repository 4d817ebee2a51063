"""What a command says to the person at the terminal."""

from __future__ import annotations

import os
import sys


def tell(text: str) -> None:
    """Print to whoever still reads ("scrapy crawl … | head")."""
    try:
        print(text, flush=True)  # noqa: T201  # for the terminal
    except BrokenPipeError:
        # What Python would flush at its end has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
