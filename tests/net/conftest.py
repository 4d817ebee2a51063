"""Run a small crawl with the live settings against loopback servers."""

import json

import pytest

from tests import processes

# Fast, where a test does not look at the pace.
QUICK = {
    "ADDONS": {},
    "ITEM_PIPELINES": {},
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_MAX_DELAY": 0.05,
    "RETRY_TIMES": 0,
    "NEWSCRAWL_MAX_HOST_FAILURES": 1000,
    "NEWSCRAWL_CONTACT": "tests@news.example",
    "LOG_LEVEL": "INFO",
}


class Results(dict):
    """What came of each URL; `err` is the log."""

    def __init__(self, out, err):
        super().__init__(out["pages"])
        self.resolved = out["resolved"]
        self.sitemaps = out.get("sitemaps")
        self.err = err

    def code(self, url):
        return self[url]["failure"].split(":")[0]


@pytest.fixture
def crawl_urls():
    def run(urls, allow=(), settings=None, **job):
        settings = {**QUICK, "NEWSCRAWL_ALLOW_HOSTS": ",".join(allow), **(settings or {})}
        done = processes.run(
            "-W", "error", "-m", "tests.net.crawl_once",
            given=json.dumps({"urls": urls, "settings": settings, **job}), timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return Results(json.loads(done.stdout), done.stderr)

    return run
