"""Replaying the capture of a live run gives its drop again, byte for byte."""

import pytest

from newscrawl.drops.schema import RECORD_CLASSES
from tests.live import Crawl
from tests.servers import Bespoke, Ghost, WordPress, trouble


def check_replay(crawl, done, live):
    """The files of the replay's drop have the bytes of the live run's."""
    replayed = crawl("replay", "-a", f"path={live.captures}")
    assert replayed.code == 0, replayed.err
    assert "Traceback" not in replayed.err
    for name in RECORD_CLASSES:
        captured = (replayed.drop / f"{name}.jsonl").read_text("utf-8").splitlines()
        assert captured == (done.drop / f"{name}.jsonl").read_text("utf-8").splitlines(), name


@pytest.mark.parametrize(
    ("manner", "compression"), [(WordPress, "gzip"), (Ghost, "zstd"), (Bespoke, "gzip")]
)
def test_a_capture_gives_the_drop_again(crawl, tmp_path, manner, compression):
    with manner(12) as site:
        options = ["-s", f"NEWSCRAWL_CAPTURE_COMPRESSION={compression}"]
        live = Crawl(tmp_path / "live", [site], options)
        done = live.run()
    assert done.code == 0, done.err
    check_replay(crawl, done, live)


def test_a_capture_of_a_run_that_was_killed_gives_the_drop_again(crawl, tmp_path):
    with WordPress(40) as site:
        live = Crawl(tmp_path / "live", [site])
        for hits in (5, 20, 35):
            child = live.start()
            site.log.wait(hits)
            child.kill()
            child.communicate(timeout=60)
        done = live.run()
    assert done.code == 0, done.err
    check_replay(crawl, done, live)


def test_a_capture_of_a_troubled_run_gives_the_drop_again(crawl, tmp_path):
    with WordPress(16) as site:
        troubles = [
            trouble.status(404),
            trouble.status(503),
            trouble.status(500, times=1),
            trouble.block_page(),
            trouble.challenge(),
            trouble.redirect_loop(),
            trouble.endless_body(),
            trouble.gzip_bomb(50),
            trouble.cut_off(),
            trouble.noindex_header(),
            trouble.redirect("http://10.0.0.1/"),
            trouble.redirect("/"),
        ]
        paths = [site.path(article) for article in site.articles]
        site.trouble.update(zip(paths, troubles, strict=False))
        options = ["-s", "NEWSCRAWL_MAX_PAGE_BYTES=2000000", "-s", "DOWNLOAD_TIMEOUT=5",
                   "-s", "NEWSCRAWL_MAX_HOST_FAILURES=100", "-s", "RETRY_TIMES=1",
                   "-s", "NEWSCRAWL_RETRY_BACKOFF=0.05"]  # fmt: skip
        live = Crawl(tmp_path / "live", [site], options)
        done = live.run()
    outcomes = set(done.outcomes.values())
    assert {"fetch-failed http-404", "fetch-failed too-large", "not-news noindex"} <= outcomes
    check_replay(crawl, done, live)
