"""Render the pages named on the command line and print what became of each, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from newscrawl.net.browser import RENDER
from newscrawl.net.failures import failure_code
from newscrawl.net.settings import apply_live_settings


class Renderer(scrapy.Spider):
    name = "renderer"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        apply_live_settings(settings)
        super().update_settings(settings)

    async def start(self) -> AsyncIterator[Any]:
        for address in self.pages:
            yield scrapy.Request(
                address.removeprefix("plain:"),
                meta={RENDER: not address.startswith("plain:"), "asked": address},
                headers={"If-None-Match": '"old"'},
                callback=self.told,
                errback=self.failed,
                dont_filter=True,
            )

    def told(self, response: Response) -> None:
        text = response.text if isinstance(response, TextResponse) else ""
        left = [key for key in response.meta if key.startswith("playwright")]
        self.answers[response.meta["asked"]] = {
            "url": response.url, "status": response.status, "text": text, "left": left,
        }  # fmt: skip

    def failed(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        self.answers[request.meta["asked"]] = {"failure": failure_code(failure)}


def main() -> None:
    settings = get_project_settings()
    settings.setdict({"SPIDER_MODULES": [], **json.loads(sys.argv[1])}, priority="cmdline")
    answers: dict[str, Any] = {}
    process = CrawlerProcess(settings)
    process.crawl(Renderer, pages=sys.argv[2:], answers=answers)
    process.start()
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
