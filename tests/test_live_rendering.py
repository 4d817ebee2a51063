"""A live crawl of a site whose articles scripts bring in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scrapy.settings import Settings

from newscrawl.net.browser import why_not
from tests.conftest import Finished
from tests.servers import WordPress, trouble

OPTIONS = ("-s", "NEWSCRAWL_CONTACT=tests@example.org", "-s", "DOWNLOAD_DELAY=0",
           "-s", "AUTOTHROTTLE_MAX_DELAY=0.05",
           "-s", "NEWSCRAWL_RENDER_SHELLS=1")  # fmt: skip


@pytest.mark.skipif(bool(why := why_not(Settings())), reason=str(why))
def test_a_shell_is_rendered_captured_and_replayed(
    crawl: Callable[..., Finished], tmp_path
) -> None:
    with WordPress(4) as site:
        article = site.articles[1]
        site.trouble[site.path(article)] = trouble.shell(article)
        live = crawl("live", "-a", f"url={site.origin}/", *OPTIONS,
                     "-s", f"NEWSCRAWL_ALLOW_HOSTS={site.host}",
                     "-s", f"NEWSCRAWL_CAPTURE={tmp_path / 'capture'}")  # fmt: skip
        assert live.code == 0, live.err
        (record,) = [a for a in live.records("articles") if a["headline"] == article.headline]
        assert record["article_body"].split("\n\n") == list(article.body)
    # The site is gone; the capture has the page as it was rendered.
    replay = crawl("replay", "-a", f"path={tmp_path / 'capture'}", output=tmp_path / "replayed")
    assert replay.code == 0, replay.err
    assert (replay.drop / "articles.jsonl").read_bytes() == (
        live.drop / "articles.jsonl"
    ).read_bytes()


def test_without_a_browser_a_shell_is_blocked_with_what_to_install(
    crawl: Callable[..., Finished],
) -> None:
    with WordPress(3) as site:
        path = site.path(site.articles[1])
        site.trouble[path] = trouble.shell(site.articles[1])
        live = crawl("live", "-a", f"url={site.origin}/", *OPTIONS,
                     "-s", f"NEWSCRAWL_ALLOW_HOSTS={site.host}", "-s", "NEWSCRAWL_CAPTURE=none",
                     "-s", "NEWSCRAWL_CHROMIUM=/nowhere/chromium")  # fmt: skip
        (page,) = [p for p in live.records("pages") if p["page"].endswith(path)]
        assert page["outcome"] == "blocked"
        assert "NEWSCRAWL_CHROMIUM='/nowhere/chromium' is no program" in page["reason"] or (
            "pip install" in page["reason"]
        )
        assert len(live.records("articles")) == 3
        assert live.code == 4
