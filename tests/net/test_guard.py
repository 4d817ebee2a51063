"""Which addresses are connected to, and that none escapes the check."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import BadURLError, PrivateAddressError, UsageError
from newscrawl.net.guard import AllowedHosts, check_literal, check_url, refusal
from tests.net.server import Server, answer, redirect


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.9", "10.1.1.1", "172.16.3.4", "172.31.255.255", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3",  # noqa: S104  # an address to refuse, not to bind
        "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "192.88.99.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
        "2001:db8::1", "2001::1", "3fff::1", "100::1", "4000::1", "64:ff9b:1::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::8.8.8.8",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "::ffff:0:10.0.0.1",
    ],
)  # fmt: skip
def test_an_address_off_the_public_internet_is_refused(address):
    assert refusal(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111",
     "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)  # fmt: skip
def test_a_public_address_is_not_refused(address):
    assert refusal(address) is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_written_inside_ipv6_fares_no_better(inside):
    if refusal(str(inside)):
        for prefix in ("::ffff:0:0", "64:ff9b::", "::", "::ffff:0:0:0"):
            assert refusal(str(IPv6Address(int(IPv6Address(prefix)) | int(inside))))
        assert refusal(str(IPv6Address(0x2002 << 112 | int(inside) << 80)))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_calls_private_is_never_public(ip):
    ip = ip_address(str(ip))
    if refusal(str(ip)) is None and isinstance(ip, IPv4Address):
        assert ip.is_global
        assert not ip.is_multicast


@pytest.mark.parametrize(
    ("entry", "host", "port", "covers"),
    [
        ("127.0.0.1:8188", "127.0.0.1", 8188, True),
        ("127.0.0.1:8188", "127.0.0.1", 8189, False),
        ("127.0.0.1:8188", "localhost", 8188, False),
        ("localhost", "localhost", 1, True),
        ("localhost", "localhost.", 1, False),
        ("[::1]:80", "::1", 80, True),
        ("::1", "::1", 80, None),
        ("Intranet.Example", "intranet.example", 443, True),
        ("bücher.test", "xn--bcher-kva.test", 443, True),
        ("localhost:", "localhost", 80, None),
        ("http://localhost", "localhost", 80, None),
        ("*.example", "a.example", 80, None),
        ("localhost:99999", "localhost", 80, None),
        ("10.0.0.0/8", "10.0.0.1", 80, None),
    ],
)
def test_hosts_are_allowed_by_name_only(entry, host, port, covers):
    if covers is None:
        with pytest.raises(UsageError, match="neither a host nor host:port"):
            AllowedHosts([entry])
    else:
        assert AllowedHosts(["", entry]).covers(host, port) is covers


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "javascript:alert(1)", "http:///x", "http://:80/",
     "http://user@a.example/", "http://u:p@a.example/", "http://a.example:x/", "http://a b.example/",
     "http://a.example\\@b.example/", "http://a.example:0/"],
)  # fmt: skip
def test_what_is_no_pages_address_is_refused(url):
    with pytest.raises(BadURLError):
        check_url(urlparse(url))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "127.1", "127.0.0.1.", "::1"]
)
def test_behind_a_proxy_numbers_are_refused_in_any_writing(host):
    with pytest.raises(PrivateAddressError, match="loopback"):
        check_literal(host)


def test_behind_a_proxy_names_and_public_numbers_pass():
    for host in ("news.example", "93.184.215.14", "2606:4700:4700::1111"):
        check_literal(host)


def test_no_page_leads_into_a_private_network(crawl_urls):
    secret = {"/robots.txt": answer("", "404 Not Found"), "*": answer("secret")}
    with Server(secret) as inside, Server({}) as outside:
        here = inside.port
        there = [
            f"http://127.0.0.1:{here}/", f"http://localhost:{here}/", f"http://[::1]:{here}/",
            f"http://[::ffff:127.0.0.1]:{here}/", f"http://2130706433:{here}/",
            f"http://0x7f.1:{here}/", f"http://0177.0.0.1:{here}/", f"http://127.1:{here}/",
            f"http://inside.test:{here}/", f"http://inside6.test:{here}/", f"http://0:{here}/",
            "http://169.254.169.254/latest/meta-data/", "http://metadata.test/",
        ]  # fmt: skip
        outside.routes["/robots.txt"] = answer("", "404 Not Found")
        outside.routes.update({f"/{n}": redirect(url) for n, url in enumerate(there)})
        outside.routes.update({
            f"/meta{n}": answer(f'<meta http-equiv="refresh" content="0;url={url}">')
            for n, url in enumerate(there)
        })  # fmt: skip
        asked = [*there, *(outside.url(path) for path in outside.routes if path != "/robots.txt")]
        results = crawl_urls(
            asked,
            allow=[outside.authority],
            hosts={
                "localhost": [["127.0.0.1"]],
                "inside.test": [["127.0.0.1"]],
                "inside6.test": [["::1", "::ffff:127.0.0.1", "10.0.0.1"]],
                "metadata.test": [["169.254.169.254"]],
            },
        )
        assert {results.code(url) for url in asked} == {"private-address"}
        assert inside.asked == []
        assert "localhost (127.0.0.1) is loopback" in results[there[1]]["failure"]
        assert "Traceback" not in results.err


def test_a_name_that_changes_its_address_is_checked_each_time_it_is_connected_to(crawl_urls):
    """127.0.0.2 plays the public address, 127.0.0.1 the private one."""
    page = {"/robots.txt": answer("", "404 Not Found"), "*": answer("page")}
    with Server(page, host="127.0.0.2") as public, Server(page, port=public.port) as private:
        urls = [public.url(f"/{n}", "rebind.test") for n in range(4)]
        results = crawl_urls(
            urls,
            public=["127.0.0.2"],
            # The connection to each page is closed, so each page is looked up again.
            hosts={"rebind.test": [["127.0.0.2"], ["127.0.0.2"], ["127.0.0.1"]]},
            settings={"DNSCACHE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1},
        )
        good = [url for url in urls if "status" in results[url]]
        assert len(good) == 1
        assert {results.code(url) for url in urls if url not in good} == {"private-address"}
        assert len(results.resolved) == 5  # one lookup a connection: what is checked is used
        assert len(public.asked) == 2
        assert private.asked == []


def test_of_a_name_with_public_and_private_addresses_only_public_ones_are_used(crawl_urls):
    page = {"/robots.txt": answer("", "404 Not Found"), "*": answer("page")}
    with Server(page, host="127.0.0.2") as public:
        url = public.url("/", "both.test")
        results = crawl_urls(
            [url], public=["127.0.0.2"], hosts={"both.test": [["127.0.0.1", "10.0.0.1", "127.0.0.2"]]}
        )  # fmt: skip
        assert results[url]["status"] == 200


def test_without_the_guarded_resolver_nothing_is_asked(crawl_urls):
    with Server({"*": answer("page")}) as server:
        results = crawl_urls(
            [server.url("/")],
            allow=[server.authority],
            settings={"TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver"},
        )
        assert "TWISTED_DNS_RESOLVER=newscrawl.net.guard" in results[server.url("/")]["failure"]
        assert server.asked == []


def test_a_proxy_of_the_environment_is_not_used(crawl_urls, monkeypatch):
    with Server({"*": answer("proxied")}) as proxy, Server({"*": answer("page")}) as server:
        monkeypatch.setenv("http_proxy", proxy.url())
        results = crawl_urls([server.url("/")], allow=[server.authority, proxy.authority])
        assert results[server.url("/")]["length"] == len("page")
        assert proxy.asked == []


def test_a_proxy_that_the_operator_wants_is_not_asked_for_private_numbers(crawl_urls, monkeypatch):
    with Server({"/robots.txt": answer(""), "*": answer("proxied")}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url())
        inside, public = "http://169.254.169.254/", "http://news.example/"
        results = crawl_urls(
            [inside, public], allow=[proxy.authority], settings={"HTTPPROXY_ENABLED": True}
        )
        assert results.code(inside) == "private-address"
        assert results[public]["status"] == 200
        assert [path for path in proxy.paths() if "169.254" in path] == []
