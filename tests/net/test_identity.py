"""Who the crawler says it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from newscrawl.errors import ContactError
from newscrawl.net.identity import ascii_host, user_agent
from newscrawl.net.settings import apply_live_settings


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("crawler@news.example", "+crawler@news.example"),
        (" crawler+eu@news.example ", "+crawler+eu@news.example"),
        ("mailto:crawler@news.example", "+crawler@news.example"),
        ("https://news.example/crawler?a=b#c", "+https://news.example/crawler?a=b#c"),
        ("http://news.example:8080", "+http://news.example:8080"),
        ("info@bücher.example", "+info@xn--bcher-kva.example"),
        ("https://новости.example/о-нас", "+https://xn--b1amnebsh.example/%D0%BE-%D0%BD%D0%B0%D1%81"),
    ],
)  # fmt: skip
def test_the_contact_stands_in_the_user_agent(contact, shown):
    agent = user_agent(contact)
    assert agent.startswith("newscrawl/")
    assert agent.endswith(f" ({shown})")


@pytest.mark.parametrize(
    "contact",
    [None, "", "  ", "me", "me@", "@news.example", "me@localhost", "a b@news.example",
     "me@news.example)", "me@news.example\r\nX-Evil: 1", "ftp://news.example/", "https://",
     "https://localhost/x", "https://user@news.example/", "https://news.example:x/", "me@a..example"],
)  # fmt: skip
def test_a_contact_that_nobody_can_use_is_told_with_what_to_do(contact):
    with pytest.raises(ContactError, match="-s NEWSCRAWL_CONTACT=crawler@"):
        user_agent(contact)


@given(st.text(max_size=60) | st.builds("{}@{}.example".format, st.text(), st.text()))
def test_no_contact_breaks_out_of_the_header(contact):
    try:
        agent = user_agent(contact)
    except ContactError:
        return
    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") == 1


@pytest.mark.parametrize(
    ("host", "ascii_form"),
    [
        ("News.Example", "news.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("i❤.example", "xn--i-7iq.example"),
        ("a_b.example", "a_b.example"),
    ],
)
def test_hosts_are_written_in_ascii(host, ascii_form):
    assert ascii_host(host) == ascii_form


def test_live_settings_follow_the_operators():
    settings = Settings({"NEWSCRAWL_CONTACT": "me@news.example", "NEWSCRAWL_MAX_PAGE_BYTES": 5})
    settings.set("DOWNLOAD_DELAY", 9, priority="cmdline")
    apply_live_settings(settings)
    assert settings["USER_AGENT"] == user_agent("me@news.example")
    assert settings.getint("DOWNLOAD_MAXSIZE") == 5
    assert settings.getfloat("DOWNLOAD_DELAY") == 9
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")


def test_without_a_contact_the_settings_are_applied_for_the_spider_to_complain():
    settings = Settings({"NEWSCRAWL_MAX_PAGE_BYTES": 5})
    apply_live_settings(settings)
    assert "newscrawl" not in settings["USER_AGENT"]
