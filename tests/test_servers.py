"""The loopback sites do what the tests of live crawling rely on."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path

import pytest

from newscrawl.extract.html import extract_html
from tests.servers import Bespoke, Ghost, Response, Site, WordPress, trouble
from tests.servers.certificate import untrusted

MANNERS = [WordPress, Ghost, Bespoke]


def get(site: Site, target: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """One request, redirects not followed."""
    connection = HTTPConnection("127.0.0.1", int(site.origin.rsplit(":", 1)[1]), timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", target, headers=names)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.fixture
def site() -> Iterator[WordPress]:
    with WordPress(25) as site:
        yield site


@pytest.mark.parametrize("manner", MANNERS)
def test_an_article_page_says_what_the_truth_says(manner: type[Site]) -> None:
    with manner(20) as site:
        for article in site.articles:
            url = site.url(article)
            page = extract_html(get(site, site.path(article))[1], url=url)
            assert page.headline == article.headline
            assert [person.name for person in page.authors] == [article.author]
            assert tuple(block.text for block in page.paragraphs) == article.body
            assert (page.date_published or "")[:10] == article.published.date().isoformat()


def test_articles_are_the_same_every_time_and_no_two_alike() -> None:
    one, two = WordPress(3000), WordPress(3000)
    assert one.articles == two.articles
    assert len({article.headline for article in one.articles}) == 3000
    assert len({one.path(article) for article in one.articles}) == 3000
    assert WordPress(30, seed="other").articles != one.articles[:30]


@pytest.mark.parametrize(
    ("manner", "start", "following"),
    [
        (WordPress, "/", r'class="next page-numbers" href="([^"]+)"'),
        (WordPress, "/category/sport/", r'class="next page-numbers" href="([^"]+)"'),
        (Ghost, "/", r'class="older-posts" href="([^"]+)"'),
        (Bespoke, "/", r'data-next-url="([^"]+)"'),
        (Bespoke, "/sport", r'class="next" href="([^"]+)"'),
    ],
)
def test_listings_lead_to_every_article_once(
    manner: type[Site], start: str, following: str
) -> None:
    with manner(64, per_page=7) as site:
        found: list[str] = []
        target: str | None = start
        while target:
            page = get(site, target)[1].decode().split("<aside")[0]
            found += re.findall(r'<a (?:class="post-card-content-link" )?href="([^"]+)"', page)
            match = re.search(following, page)
            target = match[1] if match else None
        wanted = site.newest("sport") if "sport" in start else site.newest()
        paths = {site.path(article) for article in site.articles}
        found = [path for link in found if (path := link.removeprefix(site.origin)) in paths]
        assert found == [site.path(article) for article in wanted]


@pytest.mark.parametrize(
    ("manner", "path"),
    [
        (WordPress, "/feed/"),
        (WordPress, "/category/sport/feed/"),
        (WordPress, "/wp-sitemap.xml"),
        (WordPress, "/wp-sitemap-posts-post-1.xml"),
        (Ghost, "/rss/"),
        (Ghost, "/atom.xml"),
        (Ghost, "/sitemap-posts.xml"),
        (Bespoke, "/feed.json"),
        (Bespoke, "/sitemap-news.xml"),
    ],
)
def test_feeds_and_sitemaps_name_the_newest(manner: type[Site], path: str) -> None:
    with manner(30) as site:
        answer, body = get(site, path)
        assert answer.status == 200
        newest = site.newest("sport" if "sport" in path else None)[0]
        named = site.url(newest) if "sitemap.xml" not in path else site.origin + "/wp-sitemap-posts"
        assert named in body.decode()
        if path.endswith("json"):
            assert json.loads(body)["items"][0]["title"] == newest.headline


def test_validators_give_304_until_the_article_changes(site: WordPress) -> None:
    article = site.articles[3]
    answer, _ = get(site, site.path(article))
    etag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert get(site, site.path(article), If_None_Match=etag)[0].status == 304
    assert get(site, site.path(article), If_Modified_Since=changed)[0].status == 304
    site.update(article)
    assert get(site, site.path(article), If_None_Match=etag)[0].status == 200
    assert get(site, site.path(article), If_Modified_Since=changed)[0].status == 200
    feed = get(site, "/feed/")[0].headers["ETag"]
    assert get(site, "/feed/", If_None_Match=feed)[0].status == 304
    site.publish()
    assert get(site, "/feed/", If_None_Match=feed)[0].status == 200


def test_articles_can_be_published_changed_and_removed(site: WordPress) -> None:
    fresh = site.publish()
    assert fresh.headline in get(site, "/")[1].decode()
    changed = site.update(fresh)
    assert changed.body[-1] in get(site, site.path(fresh))[1].decode()
    assert changed.modified is not None
    site.remove(changed)
    assert get(site, site.path(fresh))[0].status == 404
    with pytest.raises(KeyError, match="not on the site"):
        site.update(fresh)
    again = site.publish()
    assert again.number != fresh.number


def test_robots_txt_says_what_the_switches_say() -> None:
    with WordPress(1, crawl_delay=2.5, disallow=["/author/"]) as site:
        assert get(site, "/robots.txt")[1].decode().splitlines() == [
            "User-agent: *", "Disallow: /author/", "Crawl-delay: 2.5", "",
            f"Sitemap: {site.origin}/wp-sitemap.xml",
        ]  # fmt: skip


def test_the_log_can_be_awaited(site: WordPress) -> None:
    with pytest.raises(TimeoutError, match="0 requests"):
        site.log.wait(1, timeout=0.01)
    get(site, "/feed/", User_Agent="tester")
    get(site, "/nothing")
    site.log.wait(2)
    assert site.log.paths() == ["/feed/", "/nothing"]
    assert site.log.paths(status=404) == ["/nothing"]
    assert site.log.hits("/feed/")[0].user_agent == "tester"


def test_trouble_and_the_hook_answer_in_a_pages_place(site: WordPress) -> None:
    path = site.path(site.articles[0])
    site.trouble[path] = trouble.status(429, retry_after=7, times=2)
    answers = [get(site, path)[0] for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    site.on_request = lambda request: Response(request.path.encode(), 418)
    assert get(site, "/tea")[1] == b"/tea"


@pytest.mark.parametrize(
    ("what", "status", "mark"),
    [
        (trouble.block_page(), 403, "Access Denied"),
        (trouble.challenge(), 403, "Just a moment"),
        (trouble.status(410), 410, "410"),
        (trouble.redirect("file:///etc/passwd"), 302, ""),
        (trouble.login(), 302, ""),
        (trouble.consent_wall(), 302, ""),
        (trouble.noindex_header(), 200, "entry-content"),
        (trouble.hostile_sitemap("entities"), 200, "<!ENTITY l9"),
        (trouble.hostile_sitemap("external"), 200, "file:///etc/passwd"),
        (trouble.hostile_sitemap("recursion"), 200, "deeper=1"),
        (trouble.hostile_sitemap("elsewhere"), 200, "169.254.169.254"),
        (trouble.hostile_feed("entities"), 200, "<!ENTITY l9"),
        (trouble.hostile_feed("million"), 200, "/x/99999<"),
        (trouble.hostile_feed("truncated"), 200, "<rss"),
    ],
)
def test_a_trouble_looks_like_itself(
    site: WordPress, what: trouble.Trouble, status: int, mark: str
) -> None:
    path = site.path(site.articles[0])
    site.trouble[path] = what
    answer, body = get(site, path)
    assert answer.status == status
    assert mark in body.decode()


def test_a_redirect_loop_never_comes_back_to_the_same_address(site: WordPress) -> None:
    site.trouble["/loop"] = trouble.redirect_loop()
    targets = {get(site, "/loop")[0].headers["Location"] for _ in range(5)}
    assert len(targets) == 5


def test_bodies_without_end(site: WordPress) -> None:
    site.trouble["/drip"] = trouble.slow_drip(0.001)
    site.trouble["/endless"] = trouble.endless_body()
    for path, least in ("/drip", 20), ("/endless", 5_000_000):
        with urllib.request.urlopen(site.origin + path, timeout=10) as answer:
            assert len(answer.read(least)) == least


def test_a_bomb_is_small_until_unpacked(site: WordPress) -> None:
    site.trouble["/bomb"] = trouble.gzip_bomb(megabytes=50)
    answer, body = get(site, "/bomb")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(body) < 100_000
    assert len(zlib.decompress(body, 47)) == 50 * 2**20


def test_a_cut_off_answer_promises_more(site: WordPress) -> None:
    site.trouble["/feed/"] = trouble.cut_off(100, times=1)
    with pytest.raises(IncompleteRead):
        get(site, "/feed/")
    assert get(site, "/feed/")[0].status == 200


def test_traps_of_the_bespoke_site() -> None:
    with Bespoke(30, session_ids=True, endless=True, calendar=True) as site:
        one, two = get(site, "/sport")[1].decode(), get(site, "/sport")[1].decode()
        assert re.findall(r"sid=\w+", one)[0] != re.findall(r"sid=\w+", two)[0]
        assert "/sport?page=5001&amp;sid=" in get(site, "/sport?page=5000")[1].decode()
        assert "/calendar/2027/1" in get(site, "/calendar/2026/12")[1].decode()


def test_gzip_where_the_client_takes_it() -> None:
    with WordPress(3, compress=True) as site:
        path = site.path(site.articles[0])
        plain = get(site, path)[1]
        answer, packed = get(site, path, Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == plain


def test_a_certificate_that_nobody_trusts() -> None:
    with (
        WordPress(1, tls=untrusted()) as site,
        pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        urllib.request.urlopen(site.origin, timeout=10, context=ssl.create_default_context())


def test_connections_are_counted_and_closed(site: WordPress) -> None:
    port = int(site.origin.rsplit(":", 1)[1])
    clients = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(4)]
    for client in clients:
        client.sendall(b"HEAD /feed/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
    assert site.most_connections == 4
    for client in clients:
        client.close()


def test_a_site_as_a_process(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    command = [sys.executable, "-m", "tests.servers", "ghost", "--articles", "5"]
    process = subprocess.Popen([*command, "--truth", str(truth)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        origin = process.stdout.readline().strip()
        (first, *_) = [json.loads(line) for line in truth.read_text().splitlines()]
        assert first["url"].startswith(origin)
        with urllib.request.urlopen(first["url"], timeout=10) as answer:
            assert first["headline"] in answer.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


def test_the_server_is_not_the_slow_side() -> None:
    """Its CPU time a page is a fraction of the 3 to 5 ms that Scrapy takes to ask for one."""
    site = WordPress(400)
    site.render()
    requests = [f"GET {site.path(a)} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for a in site.articles]
    with site:
        port = int(site.origin.rsplit(":", 1)[1])
        client = socket.create_connection(("127.0.0.1", port), timeout=10)
        begun = time.process_time()
        for request in requests:
            client.sendall(request)
            answer = client.makefile("rb")
            length = 0
            while (line := answer.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert len(answer.read(length)) == length
            answer.close()
        assert (time.process_time() - begun) / len(requests) < 0.002
        client.close()
