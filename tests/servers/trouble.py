"""What goes wrong on demand: ``site.trouble[path] = trouble.status(503, times=2)``.

Each function returns a `Trouble`, which answers in a page's place.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import zlib
from collections.abc import AsyncIterator
from urllib.parse import quote

from tests.servers import formats
from tests.servers.content import Article
from tests.servers.server import Request, Response
from tests.servers.site import Site, Trouble, html


def status(code: int, *, retry_after: str | int | None = None, times: int | None = None) -> Trouble:
    """That status, the first `times` times or always; `retry_after` in seconds or as a date."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    page = f"<title>{code}</title><h1>Something went wrong</h1>"
    return _for_a_while(Response(page.encode(), code, headers=headers), times)


def redirect(to: str, code: int = 302) -> Trouble:
    """To an address, absolute or relative: a private one, file:, another site."""
    return _for_a_while(Response(b"", code, headers={"Location": to}), None)


def redirect_loop() -> Trouble:
    """For ever to an address with another number behind it, never the same twice."""
    numbers = itertools.count(1)

    def answer(site: Site, request: Request) -> Response:
        return Response(b"", 302, headers={"Location": f"{request.path}?round={next(numbers)}"})

    return answer


def login() -> Trouble:
    """Readers are sent to sign in, and back afterwards."""
    return lambda site, request: Response(
        b"", 302, headers={"Location": f"/login?next={quote(request.path, safe='')}"}
    )


def login_page(site: Site, request: Request) -> Response:
    """What stands at /login: ``site.trouble["/login"] = login_page``."""
    form = '<form method="post"><input name="user"><input name="password" type="password"></form>'
    return html(f"<title>Sign in</title><h1>Sign in to {site.title}</h1>{form}")


def consent_wall() -> Trouble:
    """Readers without a consent cookie are sent to a wall."""

    def answer(site: Site, request: Request) -> Response | None:
        if "consent=yes" in request.headers.get("cookie", ""):
            return None
        back = quote(site.origin + request.target, safe="")
        return Response(b"", 302, headers={"Location": f"/consent?return={back}"})

    return answer


def consent_page(site: Site, request: Request) -> Response:
    """What stands at /consent: ``site.trouble["/consent"] = consent_page``."""
    return html(
        "<title>Before you continue</title><h1>We value your privacy</h1><p>We and our 812 partners "
        'store cookies.</p><form action="/consent" method="post"><button>Accept all</button>'
        "<button>Reject all</button></form>"
    )


def block_page() -> Trouble:
    """403 with a page that a firewall writes."""
    page = (
        "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>You don't "
        "have permission to access this page on this server.</p><p>Reference #18.2d3f</p></body>"
    )
    return _for_a_while(Response(page.encode(), 403), None)


def challenge(code: int = 403, *, times: int | None = None) -> Trouble:
    """A page that wants scripts run before it lets anybody in."""
    page = (
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable "
        'JavaScript and cookies to continue</noscript><script src="/cdn-cgi/challenge-platform/h/g'
        '/orchestrate/chl_page/v1"></script></body></html>'
    )
    return _for_a_while(
        Response(
            page.encode(), code, headers={"cf-mitigated": "challenge", "Server": "cloudflare"}
        ),
        times,
    )


def shell(article: Article) -> Trouble:
    """An article's page whose text a script brings in from ``/api/article.json``."""

    def answer(site: Site, request: Request) -> Response:
        site.trouble.setdefault("/api/article.json", _article_data(article))
        return html(
            f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{site.title}</title>"
            f'</head><body><div id="root"></div>{site.script}<script>{_SHELL_SCRIPT}</script></body>'
        )

    return answer


_SHELL_SCRIPT = """
fetch("/api/article.json").then(answer => answer.json()).then(article => {
  document.title = article.headline;
  const link = document.createElement("link");
  link.rel = "canonical"; link.href = location.href; document.head.append(link);
  const story = document.createElement("article");
  const add = (name, text, into = story) => {
    const element = document.createElement(name); element.textContent = text; into.append(element);
    return element;
  };
  add("h1", article.headline);
  add("span", "By " + article.author).className = "byline";
  add("time", article.published).dateTime = article.published;
  const body = add("div", ""); body.className = "article-body";
  for (const paragraph of article.body) add("p", paragraph, body);
  document.getElementById("root").append(story);
});
"""


def _article_data(article: Article) -> Trouble:
    data = {
        "headline": article.headline,
        "author": article.author,
        "published": article.published.isoformat(),
        "body": article.body,
    }
    return _for_a_while(Response(json.dumps(data).encode(), media_type="application/json"), None)


def slow_drip(seconds: float = 0.2, size: int = 1) -> Trouble:
    """A page that comes `size` bytes at a time, every so many seconds, without end."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"<html><body><p>"
        while True:
            await asyncio.sleep(seconds)
            yield b"." * size

    return lambda site, request: Response(stream=pieces)


def endless_body() -> Trouble:
    """A page as fast as it can be sent, without end and without a length."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"<html><body>"
        while True:
            yield b"<p>and so on and on</p>" * 3_000

    return lambda site, request: Response(stream=pieces)


def gzip_bomb(megabytes: int = 1_000, coding: str = "gzip") -> Trouble:
    """A small answer that unpacks to that size; `coding` is gzip or deflate."""
    bits = 16 + zlib.MAX_WBITS if coding == "gzip" else zlib.MAX_WBITS
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    zeros = b"0" * 2**20
    body = b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()
    return _for_a_while(Response(body, headers={"Content-Encoding": coding}), None)


def cut_off(after: int = 5_000, *, times: int | None = None) -> Trouble:
    """The page, and the connection closed in the middle of it."""
    count = itertools.count()

    def answer(site: Site, request: Request) -> Response | None:
        if times is not None and next(count) >= times:
            return None
        response = site.sound_answer(request)
        response.cut = after
        return response

    return answer


def noindex_header() -> Trouble:
    """The page with ``X-Robots-Tag: noindex``."""

    def answer(site: Site, request: Request) -> Response:
        response = site.sound_answer(request)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


def probes(address: str) -> Trouble:
    """A page whose script and tags ask for `address`, by every way a page has, then says so."""
    quoted = json.dumps(address)
    socket = json.dumps(address.replace("http", "ws", 1))
    page = f"""<!DOCTYPE html><html><head><title>Probe</title>
<link rel="stylesheet" href="{address}style.css"><link rel="preload" as="fetch" href="{address}pre">
<script src="{address}script.js"></script></head><body><iframe src="{address}frame"></iframe>
<img src="{address}image.png"><form id="f" action="{address}form" target="other"></form><script>
const ways = [
  fetch({quoted} + "fetch", {{mode: "no-cors"}}),
  new Promise((yes, no) => {{ const x = new XMLHttpRequest(); x.open("GET", {quoted} + "xhr");
    x.onload = yes; x.onerror = no; x.send(); }}),
  new Promise((yes, no) => {{ const s = new WebSocket({socket} + "socket");
    s.onopen = yes; s.onerror = no; }}),
];
navigator.sendBeacon({quoted} + "beacon", "x");
new EventSource({quoted} + "events");
try {{ new Worker({quoted} + "worker.js"); }} catch (error) {{ }}
Promise.allSettled(ways).then(results => {{
  const p = document.createElement("p"); p.id = "told";
  p.textContent = results.map(result => result.status).join(" ");
  document.body.append(p);
}});
</script></body></html>"""
    return _for_a_while(Response(page.encode()), None)


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)


def hostile_sitemap(kind: str) -> Trouble:
    """A sitemap that means harm.

    Args:
        kind: "entities" (billion laughs), "external" (an entity that names a file), "million" (a
            million addresses), "recursion" (an index that names itself and ever new ones),
            "elsewhere" (addresses of private networks, other hosts and other schemes), "html",
            "truncated".
    """
    numbers = itertools.count(1)

    def answer(site: Site, request: Request) -> Response:
        sitemap = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        if kind == "entities":
            body = BILLION_LAUGHS + f"{sitemap}<url><loc>&l9;</loc></url></urlset>".encode()
        elif kind == "external":
            body = (
                '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
                f"{sitemap}<url><loc>{site.origin}/&secret;</loc></url></urlset>"
            ).encode()
        elif kind == "million":
            urls = "".join(f"<url><loc>{site.origin}/x/{n}</loc></url>" for n in range(1_000_000))
            body = f"{sitemap}{urls}</urlset>".encode()
        elif kind == "recursion":
            deeper = f"{site.origin}{request.path}?deeper={next(numbers)}"
            body = formats.sitemap_index([(site.origin + request.target, None), (deeper, None)])
        elif kind == "elsewhere":
            body = formats.sitemap([(address, None) for address in ELSEWHERE])
        elif kind == "html":
            return html("<title>Oops</title><h1>This is no sitemap</h1>")
        elif kind == "truncated":
            whole = formats.sitemap((site.url(article), None) for article in site.articles)
            body = whole[: len(whole) // 2]
        else:
            raise ValueError(f"no hostile sitemap {kind!r}")
        return Response(body, media_type=formats.XML)

    return answer


ELSEWHERE = (
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/",
    "http://localhost:1/", "http://0.0.0.0/", "file:///etc/passwd", "ftp://127.0.0.1/x",
    "gopher://127.0.0.1/x", "javascript:alert(1)", "https://other.example/story",
)  # fmt: skip
"""Where no page may make the crawler go."""


def hostile_feed(kind: str) -> Trouble:
    """A feed that means harm.

    Args:
        kind: "entities", "elsewhere" (as for sitemaps), "million" (100,000 entries), "html",
            "truncated".
    """

    def answer(site: Site, request: Request) -> Response:
        if kind == "html":
            return html("<title>Oops</title><h1>This is no feed</h1>")
        if kind == "entities":
            items = "<item><title>&l9;</title><link>/x</link></item>"
            body = BILLION_LAUGHS + f"<rss><channel>{items}</channel></rss>".encode()
        elif kind == "elsewhere":
            items = "".join(f"<item><title>x</title><link>{a}</link></item>" for a in ELSEWHERE)
            body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        elif kind == "million":
            items = "".join(
                f"<item><link>{site.origin}/x/{n}</link></item>" for n in range(100_000)
            )
            body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        elif kind == "truncated":
            entries = site.entries(site.newest()[: site.feed_size])
            whole = formats.rss(site.title, site.origin, site.origin + request.path, entries)
            body = whole[: len(whole) // 2]
        else:
            raise ValueError(f"no hostile feed {kind!r}")
        return Response(body, media_type=formats.RSS)

    return answer


def packed(trouble: Trouble) -> Trouble:
    """Another trouble's answer as a .gz file, the way sitemaps are often served."""

    def answer(site: Site, request: Request) -> Response | None:
        response = trouble(site, request)
        if response is not None:
            response.body = gzip.compress(response.body, mtime=0)
            response.media_type = "application/gzip"
        return response

    return answer


def _for_a_while(response: Response, times: int | None) -> Trouble:
    count = itertools.count()

    def answer(site: Site, request: Request) -> Response | None:
        if times is not None and next(count) >= times:
            return None
        # A copy: the server may add to what it sends.
        return Response(response.body, response.status, response.media_type, dict(response.headers))

    return answer
