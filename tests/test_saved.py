"""Saved pages: what browsers and archives put into them, and the files that they come in."""

import bz2
import gzip
import io
import lzma
import plistlib
import tarfile
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import FormatError, PageTooLargeError
from newscrawl.reading.answer import Answer
from newscrawl.sources.containers import media_type
from newscrawl.sources.directory import find_files, read_file
from newscrawl.sources.saved import moment_of, original, read_saved
from newscrawl.sources.warc import holds_records
from newscrawl.store.captures import zstd
from tests.captures import LIMIT, members, read, record, response

URL = "https://quay.example/news/crane"
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
STAMP = "20260304050607"
ARCHIVED = f"https://web.archive.org/web/{STAMP}/{URL}"
BODY = "<body><article><h1>The old crane goes</h1>{}<p>The last crane of the north quay, which has unloaded coal since 1921, is taken down this week, said the harbour master.</p><p>A smaller one, built for timber and out of use for thirty years, stays where it is, as a view over the river for whoever climbs its stairs.</p></article></body></html>"
PAGE = f"<html><head><meta property='og:type' content='article'><title>The old crane goes</title></head>{BODY.format('<time>2 days ago</time>')}"
SINGLEFILE = "<!--\n Page saved with SingleFile \n url: {} \n saved date: Wed Mar 04 2026 06:06:07 GMT+0100 (Central European Standard Time)\n-->"
TOOLBAR = '<div id="wm-ipp-base" lang="en"><div><div>19 Jan 2018 - 2 Feb 2026</div></div></div>'
BANNER = f'<div>It is {{}}<a href="{URL}">{URL}</a>. It is a snapshot of the page as it appeared on 4 Mar 2026 05:06:07 GMT.</div></div>'
CACHE_STYLE = '<div style="background:#fff;border:1px solid #999;margin:-1px -1px 0;padding:0;">'


def mark(url):
    return f"<!-- saved from url=({len(url):04}){url} -->"


def archived(page, toolbar):
    script = f'<script>__wm.wombat("{URL}","{STAMP}","https://web.archive.org/","web")</script>'
    return page.replace("<head>", f"<head>{script}").replace("<body>", f"<body>{toolbar}")


SAVED = {
    "Internet Explorer and Chrome": (f"<!DOCTYPE html>\r\n{mark(URL)}\r\n{PAGE}", URL, None),
    "SingleFile": (PAGE.replace("<html>", "<html>" + SINGLEFILE.format(URL)), URL, MOMENT),
    "SingleFile of an archive": (
        PAGE.replace("<html>", "<html>" + SINGLEFILE.format(ARCHIVED)).replace("<body>", f"<body>{TOOLBAR}"),
        URL, MOMENT),
    "Chrome of an archive": (f"{mark(ARCHIVED)}{PAGE}", URL, MOMENT),
    "the Wayback Machine": (
        archived(PAGE, f"<!-- BEGIN WAYBACK TOOLBAR INSERT -->{TOOLBAR}<!-- END WAYBACK TOOLBAR INSERT -->"),
        URL, MOMENT),
    "the Wayback Machine, less its comments": (archived(PAGE, TOOLBAR), URL, MOMENT),
    "pywb": (
        PAGE.replace("<head>", f'<head><script>wbinfo = {{}}; wbinfo.url = "{URL}"; wbinfo.timestamp = "{STAMP}";</script>'),
        URL, MOMENT),
    "Google's cache": (
        f"{CACHE_STYLE}{BANNER.format('what Google had of ')}<!doctype html>{PAGE}", URL, MOMENT),
    "Google's cache in words": (
        PAGE.replace("<body>", f"<body>{BANNER.format('so: This is Google&#39;s cache of ').replace('&#39;', chr(39))}"),
        URL, MOMENT),
    "nobody": (PAGE, None, None),
    "a file of one's own": (f"{mark('file:///C:/crane.html')}{PAGE}", None, None),
    "a page about Google": (
        PAGE.replace("</article>", f"{BANNER.format('called This is Google')}</article>").replace(
            "called This is Google", "called This is Google's cache of "), None, None),
}  # fmt: skip


@pytest.mark.parametrize("who", SAVED)
def test_who_saves_a_page_says_where_it_is_from_and_leaves_no_date_behind(tmp_path, who):
    content, url, fetched_at = SAVED[who]
    (tmp_path / "page.html").write_text(content)
    (file,) = find_files(str(tmp_path))
    fetched = read_file(file, LIMIT)
    assert (fetched.url, fetched.fetched_at) == (url, fetched_at)
    article, *_, page = Answer(fetched).items()
    assert (page.url, article.headline) == (url, "The old crane goes")
    if who != "a page about Google":
        assert b"Google" not in fetched.body
        assert b"2018" not in fetched.body
        assert [sighting.date_raw for sighting in article.sightings] == ["2 days ago"]


def test_an_archive_s_links_become_the_page_s_own():
    links = (
        f'<link rel="canonical" href="https://web.archive.org/web/{STAMP}/{URL}">'
        f'<img src="/web/{STAMP}im_/https://quay.example/a.jpg" '
        f'srcset="//web.archive.org/web/{STAMP}im_/https://quay.example/a.jpg 1x, '
        f'https://web.archive.org/web/{STAMP}im_/http://quay.example/b.jpg 2x">'
        '<script>{"url":"https:\\/\\/web.archive.org\\/web\\/' + STAMP + '\\/https:\\/\\/quay.example\\/c"}</script>'
        '<a href="https://quay.example/2026/03/04/d">d</a>'
    )  # fmt: skip
    body = read_saved(archived(PAGE, "").replace("</article>", links).encode()).body
    assert b"archive.org/web/2" not in body
    for own in (
        f'canonical" href="{URL}"', 'src="https://quay.example/a.jpg"',
        'srcset="https://quay.example/a.jpg 1x, http://quay.example/b.jpg 2x"',
        '"https:\\/\\/quay.example\\/c"', '"https://quay.example/2026/03/04/d"',
    ):  # fmt: skip
        assert own.encode() in body


@pytest.mark.parametrize(
    ("url", "expected", "is_archive"),
    [
        (ARCHIVED, URL, True),
        (f"http://web.archive.org/web/{STAMP}id_/{URL}", URL, True),
        (f"https://archive.example/all/mp/{STAMP}mp_/{URL}?a=b", f"{URL}?a=b", True),
        (f"https://archive.example/{STAMP}/HTTP:/quay.example/a", "http://quay.example/a", True),
        (f"https://web.archive.org/web/{STAMP}/quay.example/a:b", "http://quay.example/a:b", True),
        (f"https://files.example/web/{STAMP}/quay.example/a", None, False),
        (f"https://web.archive.org/web/20269999999999/{URL}", None, False),
        (f"https://web.archive.org/web/2026/{URL}", None, False),
        (f"https://web.archive.org/web/{STAMP}/quay", None, False),
        (f"https://share.example/?u=/{STAMP}/{URL}", None, False),
        (URL, None, False),
    ],
)
def test_an_archive_s_address_holds_that_of_the_page_and_when(url, expected, is_archive):
    assert original(url) == (expected or url, MOMENT if is_archive else None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 4 Mar 2026 05:06:07 +0000", MOMENT),
        ("Wed, 04 Mar 2026 05:06:07 GMT", MOMENT),
        ("Wed, 4 Mar 2026 05:06:07 -0000", MOMENT),
        ("Wed Mar 04 2026 10:36:07 GMT+0530 (India Standard Time)", MOMENT),
        ("Wed Mar 04 2026 05:06:07", None),
        ("Mi, 4. März 2026 05:06:07 +0100", None),
        ("", None),
    ],
)
def test_a_moment_has_a_zone(text, moment):
    assert moment_of(text.partition("(")[0]) == moment


@given(st.binary(max_size=400), st.sampled_from(sorted(SAVED)), st.integers(0, 3000))
def test_whatever_stands_in_a_page_it_is_read(noise, who, at):
    content = SAVED[who][0].encode()
    read_saved(content[:at] + noise + content[at:])
    read_saved(content[:at])


def test_records_of_what_an_archive_showed_are_those_of_the_page(tmp_path):
    shown = archived(PAGE, TOOLBAR).encode()
    (tmp_path / "a.warc").write_bytes(
        record("response", 1, response(shown), f"WARC-Target-URI: {ARCHIVED}")
    )
    (page,) = read(tmp_path)
    assert (page.page, page.url, page.fetched_at) == ("a.warc:0", URL, MOMENT)
    assert b"2018" not in page.body


# Files

FERRY = "<html><head><meta property='og:type' content='article'></head><body><article><h1>A new ferry comes</h1><p>From May on a ferry crosses the bay every twenty minutes, said the council, which voted for it with nine to four.</p><p>Its ten cabins are cleaned by people who live on the island, and its engine needs no oil.</p></article></body></html>"
PART = f"Content-Type: text/html; charset=windows-1251\r\nContent-ID: <frame-1>\r\nContent-Location: {URL}\r\n\r\n"
OTHER = "Content-Type: text/html\r\nContent-ID: <frame-2>\r\nContent-Location: https://ads.example/\r\n\r\n<p>advert\r\n"
HEAD = "From: <Saved by a browser>\r\nSubject: Crane\r\nDate: Wed, 4 Mar 2026 05:06:07 -0000\r\nMIME-Version: 1.0\r\n"


def mhtml(*parts, more=""):
    head = f'{HEAD}Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="--a"{more}\r\n'
    return (head + "".join(f"\r\n----a\r\n{part}" for part in parts) + "\r\n----a--\r\n").encode()


def webarchive(**kind):
    main = {
        "WebResourceData": PAGE.encode(), "WebResourceMIMEType": "text/html",
        "WebResourceURL": URL, "WebResourceTextEncodingName": "UTF-8",
    }  # fmt: skip
    return plistlib.dumps({"WebMainResource": main}, **kind)


CONTAINERS = {
    "page.html.gz": (gzip.compress(PAGE.encode(), mtime=0), None, None),
    "page.html.zst": (zstd.compress(PAGE.encode()), None, None),
    "marked.htm.gz": (gzip.compress(f"{mark(URL)}{PAGE}".encode(), mtime=0), URL, None),
    "page.mhtml": (mhtml(PART + PAGE, OTHER), URL, MOMENT),
    "frames.mht": (mhtml(OTHER, PART + PAGE, more='; start="<frame-1>"'), URL, MOMENT),
    "alone.mht": ((HEAD + PART + PAGE).encode(), URL, MOMENT),
    "archived.mhtml": (mhtml((PART + PAGE).replace(URL, ARCHIVED)), URL, MOMENT),
    "named-otherwise": (mhtml(PART + PAGE), URL, MOMENT),
    "binary.webarchive": (webarchive(fmt=plistlib.FMT_BINARY), URL, None),
    "xml.webarchive": (webarchive(fmt=plistlib.FMT_XML), URL, None),
    "crane": (b"\xef\xbb\xbf\n" + PAGE.encode(), None, None),
    "crane.php?id=3": (PAGE.encode(), None, None),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_page_is_read_out_of_what_it_is_packed_in(pages, name):
    content, url, fetched_at = CONTAINERS[name]
    (file,) = find_files(str(pages({name: content})))
    fetched = read_file(file, LIMIT)
    assert (fetched.page, fetched.url, fetched.fetched_at) == (name, url, fetched_at)
    article, *_, page = Answer(fetched).items()
    assert article.headline == "The old crane goes"
    assert (page.outcome, page.media_type) == ("extracted", "text/html")


def tar(content):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO(content))
    return packed.getvalue()


def archive_of(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.html", content)
    return packed.getvalue()


ARC = b"filedesc://a.arc 0.0.0.0 20260304050607 text/plain 4\n1 0 X\n"
MAIL = b"From: a@quay.example\nSubject: Crane\nMessage-ID: <1@quay.example>\n\n<p>Hello"
LINES = b'{"url": "https://quay.example/", "html": "<p>a"}\n{"url": null}\n'


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.arc", ARC, "an ARC file; `warcio recompress"),
        ("a.arc.gz", gzip.compress(ARC, mtime=0), "an ARC file"),
        ("big.arc.gz", gzip.compress(ARC, mtime=0) + bytes(2 * LIMIT), "an ARC file"),
        ("a.jsonl", LINES, "JSON Lines"),
        ("dump.json", LINES, "JSON Lines"),
        ("a.ndjson.gz", gzip.compress(LINES, mtime=0), "JSON Lines"),
        ("a.eml", MAIL, "an e-mail message"),
        ("a.mbox", b"From a@quay.example Wed Mar  4 05:06:07 2026\n" + MAIL, "an e-mail message"),
        ("a.zip", archive_of(PAGE), "a ZIP file"),
        ("a.tar", tar(b"<p>"), "a tar file"),
        ("a.tgz", gzip.compress(tar(b"<p>"), mtime=0), "a tar file"),
        ("a.html.bz2", bz2.compress(PAGE.encode()), "a bzip2 file"),
        ("a.html.xz", lzma.compress(PAGE.encode()), "an xz file"),
        ("a.pdf", b"%PDF-1.7\n", "a PDF document"),
    ],
)
def test_a_format_that_is_not_read_is_named(pages, name, content, what):
    (file,) = find_files(str(pages({name: content})))
    with pytest.raises(FormatError, match=f"the file is {what}"):
        read_file(file, LIMIT)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("reset.css", b"* { margin: 0; }\n\nbody { color: #333 }\n\n* html a { height: 1px }\n", "text/css"),
        ("page_files/a.js.download", b"var a = 1;\n\nvar b = 2;\n", "text/javascript"),
        ("settings.json", b'{\n "a": 1\n}\n', "application/json"),
        ("page_files/a.PNG", b"\x89PNG", "image/png"),
    ],
)  # fmt: skip
def test_what_lies_beside_a_page_is_no_news(pages, name, content, kind):
    (file,) = find_files(str(pages({name: content})))
    (page,) = Answer(read_file(file, LIMIT)).items()
    assert (page.outcome, page.media_type) == ("not-news", kind)
    assert page.reason == f"media-type: {kind} is no page"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.html.gz", gzip.compress(PAGE.encode(), mtime=0)[:-30], FormatError),
        ("a.html.gz", gzip.compress(b"<p>" * LIMIT, mtime=0), PageTooLargeError),
        ("a.webarchive", webarchive(fmt=plistlib.FMT_BINARY)[:-9], FormatError),
        ("a.webarchive", b"<?xml version='1.0'?><plist><dict><key>WebMainResource", FormatError),
        ("a.webarchive", plistlib.dumps({"WebMainResource": {"WebResourceData": "a", "WebResourceMIMEType": "b"}}), FormatError),
        ("a.webarchive", plistlib.dumps({"WebMainResource": []}), FormatError),
    ],
)  # fmt: skip
def test_a_container_that_is_damaged_is_told(pages, name, content, error):
    (file,) = find_files(str(pages({name: content})))
    with pytest.raises(error):
        read_file(file, LIMIT)


def test_a_text_with_colons_is_no_message(pages):
    text = b"Note: the port is closed.\nFrom: the harbour master\n\nThe crane goes.\n"
    (file,) = find_files(str(pages({"notice": text})))
    assert read_file(file, LIMIT).body == text


def test_endings_are_read_behind_those_of_packing():
    assert [media_type(name) for name in ("a.html.gz", "a.txt.zst", ".gz", "a.html.download")] == [
        "text/html", "text/plain", None, "text/html",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "is_capture"),
    [("a.warc.gz.open", True), ("crawl-7.gz", True), ("a.html", False), ("a.warc", True)],
)
def test_a_capture_is_known_by_its_first_bytes_where_its_name_says_nothing(pages, name, is_capture):
    content = members([record("response", 1, response(b"<p>one"))])
    (file,) = find_files(str(pages({name: content})))
    assert holds_records(file) == is_capture
    (file,) = find_files(str(pages({"b.gz": gzip.compress(PAGE.encode())}, "others")))
    assert not holds_records(file)


def test_files_of_all_kinds_are_in_the_ledger_of_one_drop(crawl, pages):
    files = {name: content for name, (content, *_) in CONTAINERS.items()}
    files |= {"a.arc": ARC, "a.warc.open": record("response", 1, response(FERRY.encode()))}
    cut = FERRY.replace("ferry", "tram")
    files |= {"cut.warc": record("response", 2, response(cut.encode()), "WARC-Truncated: length")}
    done = crawl("replay", "-a", f"path={pages(files)}")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    ledger = {p["page"]: p for p in done.records("pages")}
    assert {name for name, page in ledger.items() if page["outcome"] != "extracted"} == {"a.arc"}
    assert ledger["a.arc"]["reason"].startswith("format: the file is an ARC file")
    assert [n["code"] for n in ledger["cut.warc:0"]["notes"]] == ["warc-truncated"]
    by_url = {article["url"]: article for article in done.records("articles")}
    assert by_url[URL]["date_published"] == "2026-03-02"
    assert len(by_url[URL]["sightings"]) == [url for _, url, _ in CONTAINERS.values()].count(URL)
    assert by_url["http://a.example/2"]["is_truncated"]
    assert not by_url["http://a.example/1"]["is_truncated"]
