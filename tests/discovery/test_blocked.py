"""Answers that are no answer, and articles that only look like one."""

from datetime import UTC, datetime

import pytest

from newscrawl.discovery.blocked import blocked_reason
from newscrawl.extract.html import parse_html
from newscrawl.page.fetched import Fetched

ASKED = "https://coast.example/2024/11/05/ferry-sinks"
PROSE = "<p>" + "The ferry sank off Vik at noon and all were saved by fishermen. " * 30 + "</p>"


def reason(html="", *, status=200, url=ASKED, page=ASKED, headers=None, failure=None):
    body = html.encode()
    fetched = Fetched(
        page=page, url=url, status=status, body=body, headers=headers or {}, failure=failure,
        fetched_at=datetime(2024, 11, 5, tzinfo=UTC),
    )  # fmt: skip
    return blocked_reason(fetched, parse_html(body, url=url))


CLOUDFLARE = """<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and
cookies to continue</noscript><script>window._cf_chl_opt={cType:'managed'};
a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'</script></body></html>"""
AKAMAI = """<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>
You don't have permission to access "http://coast.example/" on this server.<P>
Reference&#32;&#35;18.2e2c1402.1731&#46;1a</BODY></HTML>"""
HUMAN = """<html><head><title>Access to this page has been denied</title></head><body>
<script>window._pxAppId='PX1'</script><div id="px-captcha"></div>Press and hold</body></html>"""
DATADOME = """<html><head><title>coast.example</title></head><body><p id="cmsg">Please enable JS and
disable any ad blocker</p><script src="https://ct.captcha-delivery.com/c.js"></script></body></html>"""
IMPERVA = """<html><body><iframe src="/_Incapsula_Resource?SWUDNSAI=30">Request unsuccessful.
Incapsula incident ID: 7</iframe></body></html>"""
AWS = """<html><head><script>window.awsWafCookieDomainList=[];window.gokuProps={"key":"x"}</script>
<script src="https://x.token.awswaf.com/y/challenge.js"></script></head><body>
<div id="challenge-container"></div></body></html>"""
SUCURI = "<html><title>Sucuri WebSite Firewall - Access Denied</title><body><h1>Access Denied</h1></body></html>"


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize(
    ("html", "who"),
    [(CLOUDFLARE, "Cloudflare"), (AKAMAI, "Akamai"), (HUMAN, "HUMAN"), (DATADOME, "DataDome"),
     (IMPERVA, "Imperva"), (AWS, "AWS WAF"), (SUCURI, "Sucuri")],
)  # fmt: skip
def test_a_challenge_is_named_after_its_service(html, who, status):
    assert reason(html, status=status) == f"challenge: {who}"


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({"cf-mitigated": "challenge"}, 403, "challenge: Cloudflare"),
        ({"x-amzn-waf-action": "challenge"}, 202, "challenge: AWS WAF"),
        ({"x-amzn-waf-action": "captcha"}, 405, "challenge: AWS WAF"),
        ({"x-datadome": "protected"}, 403, "challenge: DataDome"),
        ({"x-datadome": "protected"}, 200, None),
        ({"x-iinfo": "7-1"}, 200, None),
        ({"server": "cloudflare"}, 200, None),
    ],
)
def test_headers_tell_of_a_challenge(headers, status, expected):
    assert reason(PROSE, headers=headers, status=status) == expected


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "login"), (403, "refused"), (407, "login"), (429, "rate-limited"), (451, "legal")],
)
def test_a_refusal_without_marks_has_its_status(status, code):
    assert reason(PROSE, status=status).startswith(f"{code}: HTTP {status}")


@pytest.mark.parametrize("status", [404, 410, 500, 502, 503, 304])
def test_an_error_without_marks_is_no_block(status):
    assert reason("<p>Not here</p>", status=status) is None


def test_where_nothing_answered_nothing_blocks():
    assert reason(CLOUDFLARE, status=None) is None
    assert reason(CLOUDFLARE, failure="timeout: 30 s") is None


def test_a_refusal_that_is_no_html_is_one_all_the_same():
    fetched = Fetched(
        page=ASKED, url=ASKED, status=403, fetched_at=datetime(2024, 11, 5, tzinfo=UTC)
    )
    assert blocked_reason(fetched, None) == "refused: HTTP 403"


def test_an_article_may_carry_and_quote_every_mark():
    html = f"<article><h1>How walls work</h1>{PROSE}</article>{CLOUDFLARE}{HUMAN}{DATADOME}{AWS}"
    assert reason(html) is None


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__CF$cv$params={r:'1'};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3'></script>",
        "<script src='https://x.edge.sdk.awswaf.com/y/challenge.js'></script>",
        "<script src='https://js.datadome.co/tags.js'></script>",
        "<script src='https://www.google.com/recaptcha/api.js'></script>" + "<a href=/x>x</a>" * 40,
    ],
)
def test_a_short_page_of_a_protected_site_is_no_block(script):
    assert reason(f"{script}<h1>Watch: ferry sinks</h1><p>It sank.</p>") is None


def test_a_short_article_with_a_comment_form_s_captcha_is_no_block():
    html = (
        "<article><h1>Ferry sinks</h1><p>It sank.</p></article>"
        "<form><div class='g-recaptcha'></div><textarea></textarea></form>"
    )
    assert reason(html) is None


def test_a_form_with_a_captcha_is_a_block():
    html = "<form action='/verify'><p>Are you a robot?</p><div class='h-captcha'></div></form>"
    assert reason(html).startswith("captcha: ")


@pytest.mark.parametrize(
    "url",
    [
        "https://consent.coast.example/collect?sessionId=3_cc",
        "https://guce.other.example/consent?sid=3",
        "https://coast.example/consent/?redirect=%2F2024",
    ],
)
def test_a_redirect_to_a_consent_host_is_a_wall(url):
    assert reason(PROSE, url=url) == f"consent-wall: {url}"


def test_a_page_that_only_asks_for_consent_is_a_wall():
    html = """<div class="consent-box"><h1>We value your privacy</h1><p>We and our partners store
    cookies.</p><button>Accept all</button></div>"""
    assert reason(html).startswith("consent-wall: ")


def test_a_consent_box_on_an_article_is_no_wall():
    html = f"<div class='consent'><button>Accept all</button></div><article>{PROSE}</article>"
    assert reason(html) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://coast.example/login?next=/2024/11/05/ferry-sinks",
        "https://coast.example/account/login",
        "https://coast.example/wp-login.php?redirect_to=x",
        "https://id.other.example/x?client_id=7&redirect_uri=y",
    ],
)
def test_a_redirect_to_a_login_is_a_login(url):
    assert reason(PROSE, url=url) == f"login: {url}"


def test_a_login_that_was_asked_for_and_an_ordinary_redirect_are_none():
    assert (
        reason(PROSE, page="https://coast.example/login", url="https://coast.example/login/")
        is None
    )
    assert reason(PROSE, url="https://www.coast.example/2024/11/05/ferry-sinks/") is None
    assert reason(PROSE, page="crawl.warc.gz:1234", url="https://coast.example/login") is None


def test_a_login_form_instead_of_the_article_is_a_login():
    html = "<form><h1>Welcome back</h1><input name=u><input type=password name=p></form>"
    assert reason(html) == "login: the page is a login form"
    assert reason(f"<article>{PROSE}</article>{html}") is None


@pytest.mark.parametrize(
    "html",
    [
        "<body><div id='root'></div><script src='/app.js'></script></body>",
        "<body><div id='__next'> </div><script>x()</script></body>",
        "<body><app-root></app-root><script src='/main.js'></script></body>",
        "<body><noscript>You need to enable JavaScript to run this app.</noscript><script src=a></script></body>",
    ],
)
def test_an_empty_shell_is_blocked(html):
    assert reason(html).startswith("shell: the page is made by scripts")


def test_a_page_made_by_scripts_that_brings_its_text_is_no_shell():
    data = '{"@type": "NewsArticle", "headline": "x", "articleBody": "The ferry sank off Vik."}'
    json_ld = f"<script type='application/ld+json'>{data}</script>"
    assert reason(f"{json_ld}<div id='root'></div><script src='/app.js'></script>") is None
    assert reason(f"<div id='root'>{PROSE}</div><script src='/app.js'></script>") is None


def test_an_empty_page_without_scripts_is_no_shell():
    assert reason("<body><div id='root'></div></body>") is None
    assert reason("") is None


def test_no_real_article_is_taken_for_a_block(corpus):
    """Two of the saved pages are Imperva's block pages: 0 characters of text, no article."""
    import gzip
    import json

    found = []
    for truth in sorted((corpus / "pages").glob("*-dev/ground-truth.jsonl")):
        for line in filter(None, truth.read_text("utf-8").split("\n")):
            row = json.loads(line)
            url = row["url"] or ASKED
            html = gzip.decompress((truth.parent / row["file"]).read_bytes()).decode(
                "utf-8", "replace"
            )
            if why := reason(html, url=url, page=url):
                found.append((row["file"], why))
    assert [why for _, why in found] == ["challenge: Imperva"] * 2


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<h1>Please wait while your request is being verified...</h1><form id=wsidchk-form action=/z0f></form>",
         "challenge: Imunify360"),
        ("<title>Client Challenge</title><noscript>Please enable JavaScript.</noscript>", "challenge: Fastly"),
        ("<script>var arg1='A';setCookie('acw_sc__v2',x);document.location.reload();</script>", "challenge: Aliyun"),
        ("<title>Checking you are no bot</title><script src=/.well-known/x/go-away/cmd/go-away/a.mjs></script>",
         "challenge: go-away"),
        ("<h1>451: Unavailable due to legal reasons</h1><p>Not in the European Economic Area.</p>", "legal: "),
    ],
)  # fmt: skip
def test_pages_of_further_services_are_told(page, code):
    assert (reason(f"<html><body>{page}") or "").startswith(code)
    # An article that quotes them is one.
    assert reason(f"<html><body><article><h1>Walls</h1>{page}{PROSE}</article>") is None
