"""``scrapy schemas``: write the JSON Schemas of the drop from the item classes."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand

import newscrawl
from newscrawl.drops.schema import RECORD_CLASSES, schema_file


class Command(ScrapyCommand):
    """Writes newscrawl/schemas/*.schema.json."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Say what the command does."""
        return "Write the JSON Schemas of the drop from the item classes"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write every schema."""
        folder = Path(newscrawl.__file__).parent / "schemas"
        for name in RECORD_CLASSES:
            path = folder / f"{name}.schema.json"
            path.write_text(schema_file(name), encoding="utf-8")
            print(path)  # noqa: T201  # for the terminal
