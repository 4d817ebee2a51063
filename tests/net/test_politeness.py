"""How fast hosts are asked, when again, and when no more."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import chain, pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.net.politeness import backoff, next_delay, retry_after
from tests.net.server import Server, answer, hang_up, redirect

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PAGE = answer("page")
NO_RULES = answer("", "404 Not Found")

seconds = st.floats(0, 1000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("99999999999999999999", inf),
        ("Mon, 23 Nov 2026 04:02:00 GMT", 120),
        ("Monday, 23-Nov-26 04:02:00 GMT", 120),
        ("Mon Nov 23 04:02:00 2026", 120),
        ("Mon, 23 Nov 2026 03:00:00 GMT", 0),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Nov 2026 04:02:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, expected):
    assert retry_after(value, NOW) == expected


@given(st.integers(0, 10**6))
def test_a_date_means_the_seconds_until_it(ahead):
    date = format_datetime(NOW + timedelta(seconds=ahead), usegmt=True)
    assert retry_after(date, NOW) == retry_after(str(ahead), NOW) == ahead


@given(st.text(max_size=60))
def test_whatever_retry_after_says_it_is_no_negative_time(value):
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0


@given(delay=seconds, latency=seconds, floor=seconds, ceiling=seconds, failed=st.booleans())
def test_the_delay_stays_in_its_bounds(delay, latency, floor, ceiling, failed):
    delay = next_delay(delay, latency, failed, floor, ceiling)
    assert floor <= delay <= max(floor, ceiling)


@given(delay=seconds, latency=seconds)
def test_a_failure_never_speeds_up(delay, latency):
    assert next_delay(delay, latency, True, 0, inf) >= delay


def test_the_delay_follows_the_latency_up_at_once_and_down_by_halves():
    assert next_delay(1, 8, False, 1, 60) == 8
    assert next_delay(8, 0, False, 1, 60) == 4
    assert next_delay(4, 0, False, 3, 60) == 3
    assert next_delay(4, 0, True, 1, 60) == 8
    assert next_delay(50, 0, True, 1, 60) == 60


@given(st.integers(1, 10_000))
def test_pauses_grow_to_a_bound(failures):
    assert backoff(failures, 1) <= backoff(failures + 1, 1) <= 60


def slowly(status):
    """An answer whose headers come at once, the body long after."""

    async def respond(writer):
        writer.write(answer(b"x", status)[:-1])
        await asyncio.sleep(0.8)
        writer.write(b"x")

    return respond


def gaps(times):
    return [b - a for a, b in pairwise(times)]


def test_hosts_are_paced_and_failures_tried_again(crawl_urls):
    """One crawl, a server a manner."""
    servers = {
        "plain": {"*": PAGE},
        "crawl-delay": {"/robots.txt": answer("User-agent: *\nCrawl-delay: 0.6")},
        "one-by-one": {
            "/robots.txt": answer("User-agent: *\nCrawl-delay: 0.3"),
            "*": slowly("200 OK"),
        },
        "two": {"*": slowly("200 OK")},
        "hiccup": {"/0": [answer("", "503 Busy"), hang_up, PAGE]},
        "stubborn": {"/0": answer("", "500 Oops")},
        "retry-after": {"/0": [answer("", "429 Slow", Retry_After="1"), PAGE]},
        "redirect-after": {"/0": redirect("/1", "302 Found", Retry_After="1")},
        "too-long": {"*": answer("", "503 Busy", Retry_After="3600")},
        "date": {"*": answer("", "429 Slow", Retry_After="Fri, 31 Dec 2100 00:00:00 GMT")},
        "gone": {"/0": answer("", "404 Not Found", Retry_After="3600")},
    }
    running = {
        name: Server({"/robots.txt": NO_RULES, "*": PAGE, **routes})
        for name, routes in servers.items()
    }
    for server in running.values():
        server.__enter__()
    try:
        urls = {name: [s.url(f"/{n}") for n in range(6)] for name, s in running.items()}
        for name in ("hiccup", "stubborn", "retry-after", "redirect-after", "gone"):
            del urls[name][1:]
        results = crawl_urls(
            list(chain(*urls.values())),
            allow=[s.authority for s in running.values()],
            settings={
                "DOWNLOAD_DELAY": 0.2,
                "AUTOTHROTTLE_MAX_DELAY": 0.2,
                "CONCURRENT_REQUESTS": 100,
                "NEWSCRAWL_RETRY_BACKOFF": 0.5,
                "NEWSCRAWL_MAX_HOST_FAILURES": 2,  # pages; not one page, thrice
                "RETRY_TIMES": 2,
            },
        )
    finally:
        for server in running.values():
            server.__exit__()

    plain = [asked.at for asked in running["plain"].asked]
    assert len(plain) == 7
    assert min(gaps(plain)) > 0.08  # 0.2, give or take half
    slow = [asked.at for asked in running["crawl-delay"].asked]
    assert len(slow) == 7
    assert min(gaps(slow)) > 0.55
    assert {asked.beside for asked in running["one-by-one"].asked} == {0}
    assert {asked.beside for asked in running["two"].asked} == {0, 1}

    assert results[urls["hiccup"][0]]["status"] == 200
    first, second = gaps(running["hiccup"].times("/0"))
    assert first > 0.25  # half a second, give or take
    assert second > 0.6  # twice that
    assert results[urls["stubborn"][0]]["status"] == 500
    assert len(running["stubborn"].times("/0")) == 3

    assert results[urls["retry-after"][0]]["status"] == 200
    assert min(gaps(running["retry-after"].times("/0"))) > 0.95
    after = running["redirect-after"]
    assert after.times("/1")[0] - after.times("/0")[0] > 0.95

    for name in ("too-long", "date"):
        assert {results.code(url) for url in urls[name]} == {"retry-later"}, name
        assert len(running[name].asked) == 2, name
    assert results[urls["gone"][0]]["status"] == 404  # only 429, 5xx and 3xx are waited for


def test_a_host_that_keeps_failing_is_given_up_and_the_others_go_on(crawl_urls):
    with (
        Server({"/robots.txt": NO_RULES, "*": hang_up}) as broken,
        Server({"/robots.txt": NO_RULES, "*": PAGE}) as sound,
    ):
        bad = [broken.url(f"/{n}") for n in range(12)]
        good = [sound.url(f"/{n}") for n in range(12)]
        results = crawl_urls(
            [*bad, *good],
            allow=[broken.authority, sound.authority],
            settings={"NEWSCRAWL_MAX_HOST_FAILURES": 4, "NEWSCRAWL_RETRY_BACKOFF": 0.05},
        )
        assert {results[url]["status"] for url in good} == {200}
        codes = [results.code(url) for url in bad]
        assert codes.count("connection-lost") == len(broken.asked) - 1  # robots.txt
        assert 4 <= codes.count("connection-lost") <= 5  # two at a time
        assert codes.count("host-down") == 12 - codes.count("connection-lost")
        assert results.err.count("left alone for the rest of this run") == 1


def test_an_answer_in_between_keeps_a_host_up(crawl_urls):
    with Server({"/robots.txt": NO_RULES, "*": [hang_up, PAGE] * 5}) as server:
        urls = [server.url(f"/{n}") for n in range(10)]
        results = crawl_urls(
            urls,
            allow=[server.authority],
            settings={
                "NEWSCRAWL_MAX_HOST_FAILURES": 2,
                "NEWSCRAWL_RETRY_BACKOFF": 0.01,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            },
        )
        assert sum("status" in results[url] for url in urls) == 5


def test_a_host_that_fails_is_asked_for_one_page_at_a_time(crawl_urls):
    with Server({"/robots.txt": NO_RULES, "*": slowly("503 Busy")}) as server:
        crawl_urls(
            [server.url(f"/{n}") for n in range(5)],
            allow=[server.authority],
            settings={"NEWSCRAWL_RETRY_BACKOFF": 0.01},
        )
        assert len(server.asked) == 6
        assert {asked.beside for asked in server.asked[-3:]} == {0}


def test_after_a_redirect_to_another_host_that_hosts_pace_holds(crawl_urls):
    with Server({"*": PAGE}) as goal, Server({}) as start:
        start.routes.update({f"/{n}": redirect(goal.url(f"/{n}")) for n in range(4)})
        crawl_urls(
            [start.url(f"/{n}") for n in range(4)],
            allow=[start.authority, goal.authority],
            settings={
                "ROBOTSTXT_OBEY": False,
                "DOWNLOAD_DELAY_JITTER": 0,
                "DOWNLOAD_SLOTS": {goal.authority: {"delay": 0.4}},
            },
        )
        assert len(goal.asked) == 4
        assert min(gaps([asked.at for asked in goal.asked])) > 0.35


def test_requests_that_wait_for_their_turn_do_not_hold_up_the_end(crawl_urls):
    with Server({"/robots.txt": answer("User-agent: *\nCrawl-delay: 2"), "*": PAGE}) as server:
        urls = [server.url(f"/{n}") for n in range(10)]
        results = crawl_urls(urls, allow=[server.authority], stop_after=urls[0])
        assert results[urls[0]]["status"] == 200
        assert len(server.asked) == 2
        waiting = [url for url in urls[1:] if url in results]
        assert waiting
        assert {results.code(url) for url in waiting} == {"stopping"}
