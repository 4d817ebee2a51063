"""What robots.txt says, and what an answer to it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.net.robots import MAX_BYTES, parse_robots, seconds_between_requests
from tests.net.server import Server, answer, endless, hang_up, redirect, slow_drip

URL = "https://news.example/robots.txt"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/x", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nAllow: /", "/x", True),
        ("User-agent: NewsCrawl\nDisallow: /", "/x", False),
        ("User-agent: otherbot\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest rule wins
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\r\nDisallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", False),
        ("<html>not found</html>", "/x", True),
    ],
)  # fmt: skip
def test_rules_are_those_of_our_group_or_else_of_all(text, path, allowed):
    rules = parse_robots(text.encode(), URL)
    assert rules.allows(f"https://news.example{path}") is allowed


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Crawl-delay: 7", 7),
        ("Crawl-delay: 0.5", 0.5),
        ("Request-rate: 1/5", 5),
        ("Request-rate: 30/1m", 2),
        ("Crawl-delay: 1\nRequest-rate: 1/10 0600-0845", 10),
        ("Crawl-delay: soon", 0),
        ("Crawl-delay: -3", 0),
        ("Crawl-delay: nan", 0),
        ("Crawl-delay: inf", 0),
        ("Request-rate: 1/0", 0),
        ("", 0),
    ],
)
def test_the_pace_that_is_asked_for(lines, seconds):
    rules = parse_robots(f"User-agent: *\n{lines}\nDisallow: /x".encode(), URL)
    assert seconds_between_requests(rules.rules) == seconds


def test_the_pace_of_another_group_is_not_ours():
    text = b"User-agent: slowbot\nCrawl-delay: 50\n\nUser-agent: *\nCrawl-delay: 2\n"
    assert seconds_between_requests(parse_robots(text, URL).rules) == 2


def test_sitemaps_are_absolute_http_addresses_each_once():
    text = (
        "Sitemap: https://news.example/a.xml\nsitemap: /b.xml\nSitemap: https://news.example/a.xml\n"
        "Sitemap: ftp://news.example/c.xml\nSitemap: http://[\nUser-agent: *\nDisallow: /"
    )
    assert parse_robots(text.encode(), URL).sitemaps == (
        "https://news.example/a.xml",
        "https://news.example/b.xml",
    )


def test_only_whole_lines_of_the_first_500_kib_are_read():
    filler = b"# " + b"x" * 97 + b"\n"
    count = MAX_BYTES // len(filler)
    text = filler * count + b"User-agent: *\n"
    rest = MAX_BYTES - len(text)
    if rest < 0:
        text, rest = filler * (count - 1) + b"User-agent: *\n", rest + len(filler)
    # The limit falls behind "Disallow: /" of "Disallow: /only-this".
    text = b"#" * (rest - len(b"Disallow: /") - 1) + b"\n" + text + b"Disallow: /only-this\n"
    assert parse_robots(text, URL).allows("https://news.example/x")


@given(st.binary(max_size=2000))
def test_nothing_that_a_server_sends_breaks_the_reader(body):
    rules = parse_robots(body, URL)
    assert rules.allows("https://news.example/robots.txt")
    assert seconds_between_requests(rules.rules) >= 0


@given(st.text(alphabet="UserAgntDisalowCrwdymphtRq:-*/ \n#0123456789.$%", max_size=300))
def test_nothing_like_a_robots_txt_breaks_the_reader(text):
    rules = parse_robots(f"User-agent: *\n{text}".encode(), URL)
    assert rules.allows("https://news.example/x") in (True, False)
    assert seconds_between_requests(rules.rules) >= 0


PAGE = answer("page")
FINE = answer("User-agent: *\nDisallow: /no\nSitemap: /news.xml\nSitemap: /other.xml")

# What robots.txt answers, and the codes of the failures of /yes and /no.
ANSWERS = {
    "rules": (FINE, None, "robots"),
    "missing": (answer("Disallow", "404 Not Found"), None, None),
    "forbidden": (answer("", "403 Forbidden"), None, None),
    "error": (answer("", "500 Oops"), "robots", "robots"),
    "unavailable": (answer("", "503 Busy", Retry_After="soon"), "robots", "robots"),
    "limited": (answer("", "429 Slow"), "robots", "robots"),
    "silent": (hang_up, "connection-lost", "connection-lost"),
    "dripping": (slow_drip, "timeout", "timeout"),
    "endless": (endless, "too-large", "too-large"),
    "loop": (redirect("/robots.txt"), None, None),
    "moved": (redirect("/robots2.txt"), None, "robots"),
    "astray": (redirect("http://10.0.0.1/robots.txt"), "private-address", "private-address"),
    "slow": (answer("User-agent: *\nCrawl-delay: 3600"), "robots", "robots"),
    "page": (answer("<html><h1>Welcome</h1></html>"), None, None),
}


def test_an_answer_to_robots_txt_decides_over_the_host(crawl_urls):
    servers = {name: Server({"*": PAGE, "/robots.txt": a[0]}) for name, a in ANSWERS.items()}
    for server in servers.values():
        server.__enter__()
    try:
        servers["moved"].routes["/robots2.txt"] = FINE
        urls = [server.url(path) for server in servers.values() for path in ("/yes", "/no")]
        results = crawl_urls(
            urls,
            allow=[server.authority for server in servers.values()],
            settings={"DOWNLOAD_TIMEOUT": 2, "CONCURRENT_REQUESTS": 32},
            sitemaps_of=[servers["rules"].url("/yes"), servers["error"].url("/yes")],
        )
        got = {
            name: tuple(
                results.code(url) if "failure" in results[url] else None
                for url in (server.url("/yes"), server.url("/no"))
            )
            for name, server in servers.items()
        }
        assert got == {name: tuple(codes) for name, (_, *codes) in ANSWERS.items()}
        for name, server in servers.items():
            asked = [path for path in server.paths() if path.startswith("/robots")]
            assert len(asked) == {"moved": 2}.get(name, 1), name
        rules = servers["rules"]
        assert rules.asked[0].headers["user-agent"].endswith("(+tests@news.example)")
        assert results.sitemaps == {
            rules.url("/yes"): [rules.url("/news.xml"), rules.url("/other.xml")],
            servers["error"].url("/yes"): [],
        }
        assert "asks for 3600 s between requests" in results[servers["slow"].url("/yes")]["failure"]
        assert "Traceback" not in results.err
    finally:
        for server in servers.values():
            server.__exit__()


def test_more_than_five_redirects_mean_no_rules(crawl_urls):
    chain = {f"/{n}": redirect(f"/{n + 1}") for n in range(8)}
    routes = {"/robots.txt": redirect("/0"), **chain, "/8": FINE, "*": PAGE}
    with Server(routes) as server:
        results = crawl_urls([server.url("/no")], allow=[server.authority])
        assert results[server.url("/no")]["status"] == 200
        assert server.paths() == ["/robots.txt", "/0", "/1", "/2", "/3", "/4", "/no"]


def test_rules_hold_at_every_redirect(crawl_urls):
    with Server({"/robots.txt": FINE, "/yes": redirect("/no"), "/no": PAGE}) as server:
        results = crawl_urls([server.url("/yes")], allow=[server.authority])
        assert results.code(server.url("/yes")) == "robots"
        assert server.paths() == ["/robots.txt", "/yes"]


def test_an_operator_may_leave_robots_txt_unread(crawl_urls):
    with Server({"/robots.txt": FINE, "/no": PAGE}) as server:
        results = crawl_urls(
            [server.url("/no")], allow=[server.authority], settings={"ROBOTSTXT_OBEY": False}
        )
        assert results[server.url("/no")]["status"] == 200
        assert server.paths() == ["/no"]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: newscrawl/2.3\nDisallow: /", False),
        ("User-agent: NewsCrawl (+https://coast.example/bots)\nDisallow: /", False),
        ("User-agent: newscrawler\nDisallow: /", True),
        ("User-agent: newsc\nDisallow: /", True),
        ("User-agent: n\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("User-agent: * all robots\nDisallow: /", False),
        ("User-agent: *\rDisallow: /a\r", False),
        ("User-agent: *\nDisallow: /\u2028a", True),
        ("User-agent: *\nDisallow: /\x0ca", True),
        ("useragent: newscrawl # us\nDisallow: /", False),
    ],
)
def test_groups_are_found_by_our_whole_token_and_lines_end_as_the_standard_says(text, allowed):
    rules = parse_robots(text.encode(), "https://coast.example/robots.txt")
    assert rules.allows("https://coast.example/a") is allowed


def test_a_robots_txt_in_utf_16_is_read():
    for encoding in ("utf-16", "utf-16-be"):
        body = "\ufeff" * (encoding != "utf-16") + "User-agent: *\nDisallow: /a"
        rules = parse_robots(body.encode(encoding), "https://coast.example/robots.txt")
        assert not rules.allows("https://coast.example/a")
        assert rules.allows("https://coast.example/b")
