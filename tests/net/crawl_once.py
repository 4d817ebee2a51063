"""A crawl in a process of its own: JSON on stdin, JSON on stdout.

In: ``urls``, ``settings``, and ``hosts``: name to a list of answers, each a list of addresses,
that a made-up DNS gives one after the other (the last for ever); ``public``: loopback addresses
that the guard takes for public ones; ``capture``: a folder. Out: per URL what came of it, and what was resolved.
"""

import json
import socket
import sys
from pathlib import Path

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
from scrapy.utils.reactor import install_reactor

from newscrawl.net import guard
from newscrawl.net.failures import failure_code
from newscrawl.net.robots import RobotsMiddleware
from newscrawl.net.settings import apply_live_settings
from newscrawl.store.captures import Capture


class OnceSpider(scrapy.Spider):
    name = "once"

    def __init__(self, job, results, **kwargs):
        super().__init__(**kwargs)
        self.job = job
        self.results = results
        self.capture = Capture(Path(job["capture"]), "run") if "capture" in job else None

    @classmethod
    def update_settings(cls, settings):
        super().update_settings(settings)
        apply_live_settings(settings)

    async def start(self):
        for url in self.job["urls"]:
            yield scrapy.Request(
                url, self.answered, errback=self.failed, dont_filter=True, cb_kwargs={"asked": url}
            )
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        for url in self.job.get("sitemaps_of", []):
            self.results.setdefault("sitemaps", {})[url] = await robots.sitemaps(url)

    def answered(self, response, asked):
        self.results["pages"][asked] = {
            "status": response.status,
            "length": len(response.body),
            "url": response.url,
        }
        if self.job.get("stop_after_one"):
            raise scrapy.exceptions.CloseSpider("enough")

    def failed(self, failure):
        asked = failure.request.cb_kwargs["asked"]
        self.results["pages"][asked] = {"failure": failure_code(failure)}


def made_up_dns(answers, resolved):
    def getaddrinfo(host, port, *_):
        resolved.append(host)
        if host in answers:
            addresses = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        else:  # numbers in any writing; never a question to a real DNS
            found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
            addresses = [sockaddr[0] for *_, sockaddr in found[:1]]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return getaddrinfo


def main():
    job = json.load(sys.stdin)
    results = {"pages": {}, "resolved": []}
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor
    from twisted.internet._resolver import GAIResolver

    if "hosts" in job:
        dns = made_up_dns(job["hosts"], results["resolved"])
        reactor.installNameResolver(GAIResolver(reactor, getaddrinfo=dns))
    if "public" in job:
        refusal = guard.refusal
        guard.refusal = lambda address: None if address in job["public"] else refusal(address)
    settings = get_project_settings()
    settings.setdict(job.get("settings", {}), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(OnceSpider, job=job, results=results)
    process.start()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
