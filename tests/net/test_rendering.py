"""Pages made by scripts, rendered by a real Chromium that can't leave the allowed hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from scrapy.settings import Settings

from newscrawl.extract.html import extract_html
from newscrawl.net.browser import why_not
from tests import processes
from tests.servers import Ghost, Request, Response, WordPress, trouble

pytestmark = [
    pytest.mark.skipif(bool(why := why_not(Settings())), reason=str(why)),
    pytest.mark.xdist_group("browser"),  # one crawl for all of them
]

LIMIT = 200_000


class Rendered:
    """What a crawl of one site made of its pages, and what another site noticed of it."""

    def __init__(self) -> None:
        self.site, self.stranger = WordPress(3), Ghost(3)
        self.answers: dict[str, Any] = {}

    def __getitem__(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.answers[self.site.origin + path]
        return answer

    def crawl(self) -> None:
        site, other = self.site, self.stranger.origin
        site.trouble = {
            "/shell": trouble.shell(site.articles[0]),
            "/probe": trouble.probes(other + "/"),
            "/redirect": trouble.redirect(other + "/redirected"),
            "/bounce": trouble.redirect("/away"),
            "/loop": trouble.redirect_loop(),
        }
        pages = {
            "/away": f"<script>location.href='{other}/away'</script>",
            "/hidden": "<script src='/bounced.js'></script><p>here",
            "/file": "<p>still here<script>location.href='file:///etc/passwd'</script>",
            "/dialog": "<script>alert(1);confirm('?');document.write('<p>past it')</script>",
            "/polling": "<p>polls<script>setInterval(()=>fetch('/x'),50)</script>",
            "/long": f"<script>document.write('<p>'+'x'.repeat({2 * LIMIT}))</script>",
            "/popup": f"<p>popped<script>window.open('{other}/popup')</script>",
            "/spinning": "<p>spins<script>while(true){}</script>",
            "/cookie": "<script>document.cookie='a=b';document.write(document.cookie)</script>",
            "/crumbs": "<p>cookies:<script>document.write(document.cookie)</script>",
            "/name": "<p>I am <script>document.write(navigator.userAgent)</script>",
            "/pictures": "<p>text<img src=/a.png><video src=/b.mp4></video><style>@font-face"
            "{font-family:f;src:url(/c.woff)}p{font-family:f}</style>",
        }

        def answer(request: Request) -> Response | None:
            if request.path == "/bounced.js":
                return Response(b"", 302, headers={"Location": f"{other}/bounced.js"})
            if request.path == "/file.zip":
                return Response(b"PK", media_type="application/zip")
            page = pages.get(request.path)
            return Response(page.encode()) if page else None

        site.on_request = answer
        settings = {
            "NEWSCRAWL_ALLOW_HOSTS": site.host,
            "NEWSCRAWL_CONTACT": "tests@example.org",
            "NEWSCRAWL_MAX_HOST_FAILURES": 99,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_TIMEOUT": 25,
            "DOWNLOAD_MAXSIZE": LIMIT,
            "RETRY_TIMES": 0,
            "LOG_LEVEL": "WARNING",
        }
        paths = [*site.trouble, *pages, "/file.zip"]
        command = ["-m", "tests.net.render_once", json.dumps(settings)]
        command += [site.origin + path for path in paths]
        command += [f"plain:{site.origin}/shell", f"{other}/"]
        done = processes.run(*command, timeout=240)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        self.answers = json.loads(done.stdout)


@pytest.fixture(scope="module")
def rendered() -> Iterator[Rendered]:
    rendered = Rendered()
    with rendered.site, rendered.stranger:
        rendered.crawl()
        yield rendered


def test_the_rendered_page_is_the_body(rendered: Rendered) -> None:
    article = rendered.site.articles[0]
    page = extract_html(rendered["/shell"]["text"].encode(), url=rendered["/shell"]["url"])
    assert page.headline == article.headline
    assert tuple(block.text for block in page.paragraphs) == article.body


def test_a_request_without_render_is_not_rendered(rendered: Rendered) -> None:
    plain = rendered.answers[f"plain:{rendered.site.origin}/shell"]["text"]
    assert '<div id="root"></div>' in plain


def test_no_page_reaches_a_host_that_is_not_allowed(rendered: Rendered) -> None:
    """Neither by a redirect, a script, a frame, a socket, a worker, a beacon nor a popup."""
    assert rendered.stranger.log.paths() == []
    assert "rejected rejected rejected" in rendered["/probe"]["text"]
    for path in "/redirect", "/away", "/bounce":
        assert rendered[path]["failure"].startswith("private-address: 127.0.0.1 is loopback"), path
    assert "here" in rendered["/hidden"]["text"]
    refused = rendered.answers[f"{rendered.stranger.origin}/"]["failure"]
    assert refused.startswith("private-address: ")


def test_a_page_is_bounded_in_time_and_size(rendered: Rendered) -> None:
    assert rendered["/spinning"]["failure"].startswith("timeout: ")
    assert rendered["/long"]["failure"].startswith("too-large: ")
    assert "polls" in rendered["/polling"]["text"]
    assert rendered["/loop"]["failure"].startswith("render-failed: ")


def test_nothing_is_saved_opened_or_asked(rendered: Rendered) -> None:
    assert "past it" in rendered["/dialog"]["text"]
    assert "still here" in rendered["/file"]["text"]
    assert "root:" not in rendered["/file"]["text"]
    assert "popped" in rendered["/popup"]["text"]
    assert rendered["/file.zip"]["failure"].startswith("render-failed: ")


def test_pages_share_no_cookies_and_ask_for_no_pictures(rendered: Rendered) -> None:
    assert "a=b" in rendered["/cookie"]["text"].split("</script>")[1]
    assert "a=b" not in rendered["/crumbs"]["text"]
    assert "text" in rendered["/pictures"]["text"]
    asked = rendered.site.log.paths()
    assert "/pictures" in asked
    assert not {"/a.png", "/b.mp4", "/c.woff"} & set(asked)


def test_the_browser_says_who_it_is_and_takes_no_304(rendered: Rendered) -> None:
    assert "I am newscrawl/0.1.0 (+tests" in rendered["/name"]["text"].replace(
        "<script>document.write(navigator.userAgent)</script>", ""
    )
    for line in rendered.site.log:
        assert line.user_agent == "newscrawl/0.1.0 (+tests@example.org)" or line.path == "/x"
    (hit, _) = sorted(rendered.site.log.hits("/shell"), key=lambda hit: len(hit.headers))[::-1]
    assert "if-none-match" not in hit.headers


def test_a_requests_meta_is_clean_for_redirects_and_retries(rendered: Rendered) -> None:
    assert all(answer.get("left", []) == [] for answer in rendered.answers.values())
