"""Feeds of every format, as they should be and as they are."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery.feeds import MAX_BYTES, parse_feed
from newscrawl.errors import FeedError
from newscrawl.page.fetched import Fetched
from newscrawl.reading.answer import Answer

URL = "https://coast.example/feed/"

RSS_2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">
<channel>
<title>The Coast &amp; Sea</title>
<atom:link href="https://coast.example/feed/" rel="self" type="application/rss+xml" />
<link>https://coast.example</link>
<language>en_GB</language>
<ttl>45</ttl>
<item>
  <title><![CDATA[Ferry sinks off <em>Vik</em> &#8211; all saved]]></title>
  <link>https://coast.example/ferry-sinks?utm_source=rss&amp;id=7#top</link>
  <dc:creator><![CDATA[Marit Solheim]]></dc:creator>
  <dc:creator>Nils Aas</dc:creator>
  <pubDate>Tue, 05 Nov 2024 08:30:00 +0100</pubDate>
  <category>Harbour</category><category>Ferries</category><category>Harbour</category>
  <guid isPermaLink="false">https://coast.example/?p=7</guid>
  <description><![CDATA[<p>The ferry <b>sank</b> at noon.</p><p>Nobody was hurt.</p><script>x()</script>]]></description>
  <content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>
</item>
<item>
  <title>Second</title>
  <link>https://feeds.example/~r/coast/2</link>
  <feedburner:origLink>https://coast.example/second</feedburner:origLink>
  <author>desk@coast.example (The Desk)</author>
</item>
<item><title>Third</title><guid>https://coast.example/third</guid><author>desk@coast.example</author></item>
<item><title>Third again</title><link>https://coast.example/third?utm_medium=x</link></item>
</channel></rss>"""

RSS_1 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://coast.example/"><title>Coast</title><link>https://coast.example/</link>
<dc:language>nb</dc:language><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
<item rdf:about="https://coast.example/a"><title>A</title><link>/a</link><dc:date>2024-11-05T08:30+01:00</dc:date>
<dc:subject>Fish</dc:subject><dc:creator>Marit Solheim</dc:creator></item>
<item rdf:about="https://coast.example/b"><title>B</title></item>
</rdf:RDF>"""

RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Old Coast</title></channel><item><title>A</title><link>https://coast.example/a</link></item></rdf:RDF>"""

RSS_091 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old Coast</title><language>en</language>
<item><title>Caf&eacute; burns</title><link>https://coast.example/cafe?a=1&amp;b=2</link><description>At&nbsp;noon.</description></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://coast.example/blog/" xml:lang="en-GB">
<title type="html">The &lt;b&gt;Coast&lt;/b&gt;</title>
<link rel="self" href="https://coast.example/feed.atom"/>
<link rel="next" href="feed.atom?page=2"/>
<author><name>Whole Feed</name></author>
<entry>
  <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Ferry <em>sinks</em></div></title>
  <link rel="alternate" type="application/pdf" href="ferry.pdf2"/>
  <link rel="alternate" type="text/html" href="ferry"/>
  <link rel="replies" href="ferry/comments"/>
  <id>tag:coast.example,2024:1</id>
  <published>2024-11-05T08:30:00+01:00</published><updated>2024-11-06T09:00:00+01:00</updated>
  <author><name>Marit Solheim</name><email>m@coast.example</email></author><author><name>Nils Aas</name></author>
  <category term="harbour" label="Harbour"/><category term="ferries"/>
  <summary type="html">&lt;p&gt;It sank.&lt;/p&gt;</summary>
</entry>
<entry xml:base="https://other.example/x/" xml:lang="de"><title>Zwei</title><link href="zwei"/>
  <source><author><name>Source Author</name></author></source></entry>
<entry><title>Three</title><id>https://coast.example/three</id></entry>
</feed>"""

ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Coast</title>
<entry><title>A</title><link rel="alternate" type="text/html" href="https://coast.example/a"/>
<issued>2004-11-05T08:30:00Z</issued><modified>2004-11-06T08:30:00Z</modified></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Coast",
        "language": "en",
        "next_url": "https://coast.example/feed.json?page=2",
        "items": [
            {
                "id": "1",
                "url": "https://coast.example/a?utm_source=json",
                "title": "Ferry sinks",
                "summary": "It <b>sank</b>.",
                "date_published": "2024-11-05T08:30:00+01:00",
                "date_modified": "2024-11-06T08:30:00+01:00",
                "authors": [{"name": "Marit Solheim"}, {"url": "x"}],
                "tags": ["Harbour", "Ferries"],
            },
            {"id": "https://coast.example/b", "author": {"name": "Nils Aas"}, "language": "nb"},
            {"id": "3", "external_url": "https://other.example/c"},
            {"id": "4"},
            "junk",
        ],
    }
)


def read(text, url=URL, **options):
    return parse_feed(text.encode() if isinstance(text, str) else text, url, **options)


def test_rss_2_gives_its_articles_with_all_that_it_says():
    feed = read(RSS_2)
    assert (feed.kind, feed.title, feed.language) == ("rss", "The Coast & Sea", "en-GB")
    assert (feed.min_interval, feed.truncated, feed.problem) == (45 * 60, False, None)
    first = feed.entries[0]
    assert first.url == "https://coast.example/ferry-sinks?id=7"
    assert (first.role, first.reason) == ("article", "rss item")
    facts = first.facts
    assert facts.source == "feed"
    assert facts.title == "Ferry sinks off Vik – all saved"
    assert facts.published == "Tue, 05 Nov 2024 08:30:00 +0100"
    assert facts.modified is None
    assert facts.authors == ("Marit Solheim", "Nils Aas")
    assert (facts.section, facts.keywords) == ("Harbour", ("Ferries",))
    assert facts.language == "en-GB"
    assert facts.description == "The ferry sank at noon. Nobody was hurt."


def test_an_entry_is_asked_for_at_its_own_address_once():
    feed = read(RSS_2)
    assert [entry.url for entry in feed.entries[1:]] == [
        "https://coast.example/second",
        "https://coast.example/third",
    ]


def test_an_author_is_a_name_and_no_mail_address():
    feed = read(RSS_2)
    assert feed.entries[1].facts.authors == ("The Desk",)
    assert feed.entries[2].facts.authors == ()


def test_rss_1_has_its_items_beside_the_channel():
    feed = read(RSS_1)
    assert (feed.title, feed.language, feed.min_interval) == ("Coast", "nb", 1800)
    assert [entry.url for entry in feed.entries] == [
        "https://coast.example/a",
        "https://coast.example/b",
    ]
    facts = feed.entries[0].facts
    assert (facts.published, facts.section) == ("2024-11-05T08:30+01:00", "Fish")
    assert facts.authors == ("Marit Solheim",)


def test_rss_090_is_read():
    feed = read(RSS_090)
    assert feed.title == "Old Coast"
    assert feed.entries[0].url == "https://coast.example/a"


def test_rss_091_may_use_the_entities_of_its_dtd():
    feed = read(RSS_091)
    assert feed.problem is None
    entry = feed.entries[0]
    assert entry.url == "https://coast.example/cafe?a=1&b=2"
    assert (entry.facts.title, entry.facts.description) == ("Café burns", "At noon.")


def test_atom_resolves_addresses_against_xml_base():
    feed = read(ATOM)
    assert (feed.kind, feed.title, feed.language) == ("atom", "The Coast", "en-GB")
    assert [entry.url for entry in feed.entries] == [
        "https://coast.example/blog/ferry",
        "https://other.example/x/zwei",
        "https://coast.example/three",
    ]
    assert [(page.url, page.role) for page in feed.next_pages] == [
        ("https://coast.example/blog/feed.atom?page=2", "feed")
    ]


def test_atom_gives_its_articles_with_all_that_it_says():
    facts = read(ATOM).entries[0].facts
    assert facts.title == "Ferry sinks"
    assert facts.published == "2024-11-05T08:30:00+01:00"
    assert facts.modified == "2024-11-06T09:00:00+01:00"
    assert facts.authors == ("Marit Solheim", "Nils Aas")
    assert (facts.section, facts.keywords) == ("Harbour", ("ferries",))
    assert facts.description == "It sank."


def test_atom_authors_come_from_the_entry_its_source_or_the_feed():
    entries = read(ATOM).entries
    assert entries[1].facts.authors == ("Source Author",)
    assert entries[1].facts.language == "de"
    assert entries[2].facts.authors == ("Whole Feed",)


def test_atom_03_calls_its_dates_otherwise():
    facts = read(ATOM_03).entries[0].facts
    assert facts.published == "2004-11-05T08:30:00Z"
    assert facts.modified == "2004-11-06T08:30:00Z"


def test_json_feed():
    feed = read(JSON_FEED)
    assert (feed.kind, feed.title, feed.language) == ("json", "Coast", "en")
    assert [entry.url for entry in feed.entries] == [
        "https://coast.example/a",
        "https://coast.example/b",
        "https://other.example/c",
    ]
    facts = feed.entries[0].facts
    assert (facts.title, facts.description) == ("Ferry sinks", "It sank.")
    assert facts.published == "2024-11-05T08:30:00+01:00"
    assert facts.modified == "2024-11-06T08:30:00+01:00"
    assert facts.authors == ("Marit Solheim",)
    assert (facts.section, facts.keywords) == ("Harbour", ("Ferries",))
    assert feed.entries[1].facts.authors == ("Nils Aas",)
    assert feed.entries[1].facts.language == "nb"
    assert [page.url for page in feed.next_pages] == ["https://coast.example/feed.json?page=2"]
    assert feed.problem == "an entry has no address"


ITEM = "<item><title>{0}</title><link>https://coast.example/{0}</link></item>"


def rss(*items, head=""):
    return f"<rss version='2.0'><channel><title>Coast</title>{head}{''.join(items)}</channel></rss>"


@pytest.mark.parametrize(
    ("broken", "addresses"),
    [
        pytest.param(
            "<br />\n<b>Warning</b>: in <b>x.php</b>\n" + rss(ITEM.format("a")), ["a"], id="junk before"
        ),
        pytest.param("\n\n" + "<?xml version='1.0'?>" + rss(ITEM.format("a")), ["a"], id="blank lines before"),
        pytest.param(rss(ITEM.format("a")) + "<!-- served --><script>x</script>", ["a"], id="junk behind"),
        pytest.param(rss(ITEM.format("a"), ITEM.format("b"))[:-60], ["a"], id="cut off"),
        pytest.param(
            rss("<item><title>Fish & chips</title><link>https://coast.example/a?x=1&y=2</link></item>"),
            ["a?x=1&y=2"],
            id="bare ampersands",
        ),
        pytest.param(
            rss("<item><title>Caf&eacute; &unknown;</title><link>https://coast.example/a</link></item>"),
            ["a"],
            id="undeclared entities",
        ),
        pytest.param(rss(ITEM.format("a"), "<item>\x0b\x00</item>", ITEM.format("b")), ["a", "b"], id="bad characters"),
        pytest.param(rss("<item><title>&#11; x</title><link>https://coast.example/a</link></item>"), ["a"], id="bad reference"),
        pytest.param(
            rss("<item><description><p>one<br>two</description><link>https://coast.example/a</link></item>", ITEM.format("b")),
            ["a", "b"],
            id="unescaped markup",
        ),
        pytest.param(rss("<item><dc:creator>M</dc:creator><link>https://coast.example/a</link></item>"), ["a"], id="undeclared prefix"),
        pytest.param(rss("<item><title>x</titel></item>", ITEM.format("b")), ["b"], id="wrong end tag"),
        pytest.param(rss(ITEM.format("a"), "<item><description><![CDATA[ open", ITEM.format("b")), ["a", "b"], id="open CDATA"),
    ],
)  # fmt: skip
def test_a_broken_feed_gives_what_is_sound_and_says_what_is_wrong(broken, addresses):
    feed = read(broken)
    assert [entry.url for entry in feed.entries] == [
        f"https://coast.example/{address}" for address in addresses
    ]
    assert feed.problem


def test_what_is_mended_reads_as_it_was_meant():
    feed = read(
        rss(
            "<item><title>Caf&eacute; &amp; fish & chips</title>"
            "<link>https://coast.example/a</link><dc:creator>Marit</dc:creator></item>"
        )
    )
    assert feed.entries[0].facts.title == "Café & fish & chips"
    assert feed.entries[0].facts.authors == ("Marit",)
    assert feed.title == "Coast"


def test_a_cut_off_address_is_never_followed():
    whole = rss(ITEM.format("ferry-sinks"))
    for end in range(len(whole)):
        try:
            entries = read(whole[:end]).entries
        except FeedError:
            continue
        assert [entry.url for entry in entries] in ([], ["https://coast.example/ferry-sinks"])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>Берег</title></channel></rss>".encode("cp1251"), None),
        ("<rss><channel><title>Берег</title></channel></rss>".encode("koi8-r"), "application/rss+xml; charset=koi8-r"),
        ("<?xml version='1.0' encoding='utf-16'?><rss><channel><title>Берег</title></channel></rss>".encode("utf-16"), None),
        ("<?xml version='1.0'?><rss><channel><title>Берег</title></channel></rss>".encode("utf-16-le"), None),
        ("<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>Берег</title></channel></rss>".encode(), None),
        ("\ufeff<rss><channel><title>Берег</title></channel></rss>".encode(), "text/xml; charset=iso-8859-1"),
    ],
)  # fmt: skip
def test_encodings_are_told_even_where_they_are_declared_wrongly(body, content_type):
    assert parse_feed(body, URL, content_type).title == "Берег"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<!doctype html><html><head><title>Feed</title></head></html>", "<html>"),
        (b"<html><script>x = '<feed></feed>'</script></html>", "<html>"),
        (b"not a feed", "begins with"),
        (b"{\"items\": ", "broken JSON"),
        (b"{\"a\": 1}", "no list of items"),
        (b"[" * 100_000, "broken JSON"),
        (b"<urlset><url><loc>https://coast.example/</loc></url></urlset>", "<urlset>"),
        (b"\x00\x01\x02\xff", ""),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_what_it_is(body, said):
    with pytest.raises(FeedError, match=r"coast\.example/feed") as error:
        parse_feed(body, URL)
    assert said in str(error.value)
    assert error.value.code == "feed-broken"


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ) + ']>'  # fmt: skip
    feed = read(bomb + rss("<item><title>&i; x</title><link>https://coast.example/a</link></item>"))
    assert feed.entries[0].facts.title == "&i; x"


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("never")
    feed = read(
        f'<!DOCTYPE rss [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        + rss("<item><title>&e;</title><link>https://coast.example/a</link></item>")
    )
    assert "never" not in str(feed)


def test_entries_are_bounded():
    items = [ITEM.format(f"a{n}") for n in range(50)]
    feed = read(rss(*items), limit=20)
    assert (len(feed.entries), feed.truncated) == (20, True)
    assert feed.entries[-1].url == "https://coast.example/a19"
    assert not read(rss(*items), limit=50).truncated


def test_bytes_are_bounded():
    item = ITEM.format("a")
    feed = read(rss(item, f"<item><description>{'x' * MAX_BYTES}</description></item>"))
    assert [entry.url for entry in feed.entries] == ["https://coast.example/a"]
    assert feed.truncated
    assert feed.problem.endswith(f" bytes, the first {MAX_BYTES} were read")


def test_texts_are_bounded():
    feed = read(rss(f"<item><link>https://coast.example/a</link><description>{'word ' * 5000}</description></item>"))  # fmt: skip
    description = feed.entries[0].facts.description
    assert len(description) <= 1000
    assert description.endswith("word…")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "mailto:a@b.example", "ftp://coast.example/a",
                                  "file:///etc/passwd", "", "https://", "http://[", "x" * 5000])  # fmt: skip
def test_an_entry_without_a_web_address_is_left_out(href):
    feed = read(rss(f"<item><title>A</title><guid isPermaLink='false'>7</guid><link>{href}</link></item>"))  # fmt: skip
    assert feed.entries == []
    assert feed.problem == "an entry has no address"


@pytest.mark.parametrize(("printed", "seconds"), [("60", 3600), ("0", None), ("x", None), ("999999999", 604_800)])  # fmt: skip
def test_ttl_is_bounded(printed, seconds):
    assert read(rss(head=f"<ttl>{printed}</ttl>")).min_interval == seconds


SAMPLES = [RSS_2, RSS_1, RSS_090, RSS_091, ATOM, ATOM_03, JSON_FEED]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    with suppress(FeedError):
        parse_feed(body, URL)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=8)), max_size=5),
)  # fmt: skip
def test_any_damage_is_read_or_refused(sample, cuts):
    body = sample.encode()
    for start, length, put in cuts:
        body = body[:start] + put + body[start + length :]
    try:
        feed = parse_feed(body, URL)
    except FeedError:
        return
    for entry in feed.entries:
        assert entry.url.startswith(("http://", "https://"))
        assert "#" not in entry.url


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["<item>", "</item>", "<link>", "</link>", "<![CDATA[", "]]>", "<!--",
                                 "-->", "&", "&#0;", "https://coast.example/a", "<rss>", "<channel>",
                                 "<!DOCTYPE x [", "<feed>", "<entry>", "</entry>", "<link href='a'/>"])))  # fmt: skip
def test_any_order_of_tags_is_read_or_refused(parts):
    with suppress(FeedError):
        parse_feed("".join(parts).encode(), URL)


def test_a_feed_behind_a_broken_pages_notice_is_one_where_a_feed_was_asked_for():
    item = "<item><title>Ferry sinks</title><link>https://coast.example/a</link></item>"
    body = (
        f"<br />\n<b>Notice</b>: x<br />\n<?xml version='1.0'?><rss><channel>{item}</channel></rss>"
    )
    options = {"page": URL, "url": URL, "status": 200, "headers": {"Content-Type": "text/html"},
               "fetched_at": datetime(2024, 11, 5, tzinfo=UTC)}  # fmt: skip
    assert Answer(Fetched(**options, body=body.encode(), role="feed")).kind == "feed"
    page = b"<html><body><p>We moved.</p></body></html>"
    assert Answer(Fetched(**options, body=page, role="feed")).kind == "html"
