"""Writing captures: what is on disk, what a kill or a full disk leaves, what retention deletes."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawl.errors import RunBusyError, StorageError
from newscrawl.page.facts import Facts
from newscrawl.page.fetched import Fetched
from newscrawl.sources.warc import Unread
from newscrawl.store.captures import Capture, prune
from tests.captures import HTML, MOMENT, bodies, read, write_page

PAGE = "https://news.example/a"
LONG = b"<p>" + b"word " * 1000


def raw_records(path):
    """The records of a file as warcio sees them: type, fields, block."""
    with path.open("rb") as stream:
        return [
            (r.rec_type, dict(r.rec_headers.headers), r.raw_stream.read())
            for r in ArchiveIterator(stream, no_record_parse=True)
        ]


def test_an_exchange_is_a_request_and_a_response_that_name_each_other(tmp_path):
    with Capture(tmp_path, "run", operator="news@site.example", user_agent="bot/1") as capture:
        record_id = capture.write_exchange(
            url=PAGE, fetched_at=MOMENT, request_head=b"GET /a HTTP/1.1\r\nHost: news.example\r\n\r\n",
            status=200, reason="OK", body=b"<p>Hello", ip="192.0.2.1",
            headers=[*HTML, (b"Transfer-Encoding", b"chunked"), (b"Set-Cookie", b"a"), (b"Set-Cookie", b"b")],
        )  # fmt: skip
    info, request, answer = raw_records(tmp_path / "run" / "run-00000.warc.gz")
    assert b"operator: news@site.example\r\n" in info[2]
    assert b"isPartOf: run\r\n" in info[2]
    assert (request[0], answer[0]) == ("request", "response")
    assert answer[1]["WARC-Record-ID"] == request[1]["WARC-Concurrent-To"] == record_id
    assert answer[1]["WARC-Date"] == "2026-03-04T05:06:07Z"
    assert answer[1]["WARC-IP-Address"] == "192.0.2.1"
    assert answer[1]["WARC-Warcinfo-ID"] == info[1]["WARC-Record-ID"]
    assert answer[2] == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Set-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 8\r\n\r\n<p>Hello"
    )


class Command:
    verbose = False

    def __init__(self, inputs):
        self.inputs = inputs


def test_warcio_finds_every_digest_right(tmp_path):
    with Capture(tmp_path, "run", max_file_bytes=2000) as capture:
        for number in range(20):
            write_page(capture, f"{PAGE}/{number}", os.urandom(300))
            write_page(capture, f"{PAGE}/{number}/same", LONG)
        write_page(capture, f"{PAGE}/304", b"", status=304)
    files = sorted(map(str, (tmp_path / "run").glob("*.warc.gz")))
    assert len(files) > 3
    assert Checker(Command(files)).process_all() == 0


def test_a_payload_that_repeats_is_a_revisit_of_the_same_run(tmp_path):
    with Capture(tmp_path, "run") as capture:
        first = write_page(capture, PAGE, LONG)
        write_page(capture, f"{PAGE}/2", LONG, headers=[*HTML, (b"Age", b"5")])
        write_page(capture, f"{PAGE}/304", b"", status=304)
    kinds = [(kind, fields) for kind, fields, _ in raw_records(capture.path) if kind == "revisit"]
    (_, same), (_, not_modified) = kinds
    assert same["WARC-Refers-To"] == first
    assert same["WARC-Profile"].endswith("/identical-payload-digest")
    assert not_modified["WARC-Profile"].endswith("/server-not-modified")
    assert "WARC-Refers-To" not in not_modified
    one, two, three = read(tmp_path)
    assert one.body == two.body == LONG
    assert two.headers == {"content-type": "text/html; charset=utf-8", "age": "5"}
    assert (three.status, three.body) == (304, b"")


def test_another_run_never_refers_to_it(tmp_path):
    for run in ("one", "two"):
        with Capture(tmp_path, run) as capture:
            write_page(capture, PAGE, LONG)
    assert [kind for kind, _, _ in raw_records(capture.path)].count("revisit") == 0
    assert bodies(read(tmp_path / "two")) == [LONG]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_page_comes_back_with_all_that_was_known_of_it(tmp_path, compression):
    facts = (
        Facts(source="feed", title="Ä", authors=("A", "B")),
        Facts(source="sitemap", modified="2026"),
    )
    with Capture(tmp_path, "run", compression=compression) as capture:
        record_id = capture.write_exchange(
            url="https://news.example/b", fetched_at=MOMENT, request_head=b"", status=200,
            reason="OK", headers=HTML, body="<p>Ä".encode(),
        )  # fmt: skip
        capture.write_page(
            page=PAGE, url="https://news.example/b", role="article", status=200, facts=facts,
            fetched_at=MOMENT, response_id=record_id,
        )  # fmt: skip
        capture.write_page(page=f"{PAGE}/slow", url=f"{PAGE}/slow", role="feed", fetched_at=MOMENT,
                           failure="timeout: 30 s")  # fmt: skip
    assert read(tmp_path) == [
        Fetched(page=PAGE, url="https://news.example/b", role="article", status=200, facts=facts,
                headers={"content-type": "text/html; charset=utf-8"}, body="<p>Ä".encode(), fetched_at=MOMENT),
        Fetched(page=f"{PAGE}/slow", url=f"{PAGE}/slow", role="feed", fetched_at=MOMENT, failure="timeout: 30 s"),
    ]  # fmt: skip


def test_only_named_pages_are_pages_and_the_last_naming_wins(tmp_path):
    with Capture(tmp_path, "run") as capture:
        capture.write_exchange(url="https://news.example/robots.txt", fetched_at=MOMENT, status=200,
                               reason="OK", request_head=b"", headers=HTML, body=b"User-agent: *")  # fmt: skip
        write_page(capture, PAGE, b"before the kill")
    with Capture(tmp_path, "run") as capture:
        write_page(capture, PAGE, b"after it", fetched_at=MOMENT + timedelta(seconds=9))
    assert capture.path.name == "run-00001.warc.gz"
    (page,) = read(tmp_path)
    assert page.body == b"after it"


def test_of_two_runs_that_have_a_page_the_earlier_keeps_its_name(tmp_path):
    for run, seconds in (("late", 5), ("early", 0)):
        with Capture(tmp_path, run) as capture:
            write_page(capture, PAGE, run.encode(), fetched_at=MOMENT + timedelta(seconds=seconds))
    names = {page.body: page.page for page in read(tmp_path)}
    assert names[b"early"] == PAGE
    assert names[b"late"].startswith("late/late-00000.warc.gz:")


def test_files_are_rotated_and_read_as_one(tmp_path):
    with Capture(tmp_path, "run", max_file_bytes=1) as capture:
        for number in range(5):
            write_page(capture, f"{PAGE}/{number}", LONG)
    assert len(list((tmp_path / "run").glob("*.warc.gz"))) > 5
    assert bodies(read(tmp_path)) == [LONG] * 5


def test_a_part_of_a_capture_says_what_is_missing(tmp_path):
    with Capture(tmp_path, "run", max_file_bytes=1) as capture:
        write_page(capture, PAGE, LONG)
    found = read(tmp_path / "run" / "run-00001.warc.gz")
    assert [type(f) for f in found] == [Unread]
    assert found[0].page == PAGE
    assert found[0].reason.startswith("warc-missing: ")
    assert "give the whole folder of the run" in found[0].reason


def test_a_second_process_on_a_run_is_told(tmp_path):
    with Capture(tmp_path, "run"), pytest.raises(RunBusyError, match="another process writes"):
        Capture(tmp_path, "run")


def test_headers_cannot_break_out_of_their_record(tmp_path):
    hostile = [(b"X", b"1\r\n\r\n<p>forged"), (b"Y\r\nZ", b"2")]
    with Capture(tmp_path, "run") as capture:
        write_page(capture, PAGE, b"<p>true", headers=hostile)
        capture.write_page(
            page="https://a.example/\r\nWARC-Type: response", url="u", fetched_at=MOMENT
        )
    true, odd = read(tmp_path)
    assert true.body == b"<p>true"
    assert true.headers == {"x": "1 <p>forged", "y z": "2"}
    assert odd.page == "https://a.example/\r\nWARC-Type: response"


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.captures import write_page
from newscrawl.store.captures import Capture
capture = Capture(Path(sys.argv[1]), "run", compression=sys.argv[2])
for number in range(10):
    write_page(capture, f"https://news.example/{number}", b"<p>%d" % number)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_killed_process_loses_nothing_that_was_written(tmp_path, compression):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), compression], check=False)
    assert done.returncode == -signal.SIGKILL
    assert bodies(read(tmp_path)) == [b"<p>%d" % number for number in range(10)]
    with Capture(tmp_path, "run") as capture:  # the lock died with its process
        write_page(capture, PAGE, b"<p>more")
    assert len(read(tmp_path)) == 11


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.captures import write_page
from newscrawl.errors import StorageError
from newscrawl.store.captures import Capture
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (22_000, 22_000))
with Capture(Path(sys.argv[1]), "run") as capture:
    try:
        for number in range(10):
            write_page(capture, f"https://news.example/{number}", bytes(range(256)) * 20,
                       headers=[(b"Content-Encoding", b"none"), (b"N", b"%d" % number)])
            capture._payloads.clear()
    except StorageError as error:
        print(error)
    write_page(capture, "https://news.example/small", b"<p>fits")
"""


def test_a_full_disk_is_told_and_leaves_whole_records_only(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert "can't be written: File too large" in done.stdout
    assert "NEWSCRAWL_CAPTURE" in done.stdout
    found = read(tmp_path)
    assert not [f for f in found if isinstance(f, Unread)]
    assert 2 <= len(found) <= 4
    assert found[-1].page == "https://news.example/small"


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="choose another folder with -s NEWSCRAWL_CAPTURE="):
        Capture(tmp_path / "file", "run")


# Retention


@pytest.fixture
def captures(tmp_path):
    """Three captures, a day apart: the last is a day old."""
    for age, run in ((3, "oldest"), (2, "middle"), (1, "newest")):
        with Capture(tmp_path, run) as capture:
            write_page(capture, PAGE, os.urandom(5000))
        then = time.time() - age * 86400
        os.utime(capture.path, (then, then))
    return tmp_path


def left(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_captures_go_by_age(captures, caplog):
    caplog.set_level("INFO")
    assert prune(captures, keep_days=1.5) == ["oldest", "middle"]
    assert left(captures) == ["newest"]
    assert "Deleted the capture of oldest: 1 files, " in caplog.text


def test_captures_go_by_size_oldest_first(captures):
    size = sum(path.stat().st_size for path in captures.glob("*/*.warc.gz"))
    assert prune(captures, keep_bytes=size) == []
    assert prune(captures, keep_bytes=size - 1) == ["oldest"]
    assert prune(captures, keep_bytes=0) == ["middle", "newest"]
    assert prune(captures, keep_bytes=0) == []


def test_without_a_limit_nothing_goes(captures):
    assert prune(captures) == []
    assert prune(captures / "nowhere", keep_days=0) == []


def test_what_is_written_unfinished_or_no_capture_stays(captures):
    (captures / "oldest" / "notes.txt").write_text("mine")
    (captures / "holiday").mkdir()
    (captures / "holiday" / "photo.jpg").write_bytes(b"\xff\xd8")
    (captures / "others").mkdir()
    (captures / "others" / "crawl-00000.warc.gz").write_bytes(b"")
    with Capture(captures, "current"):
        assert prune(captures, keep_days=0, keep_bytes=0, unfinished={"middle"}) == ["newest"]
    assert left(captures) == ["current", "holiday", "middle", "oldest", "others"]


def test_two_processes_may_delete_at_once(captures):
    command = [sys.executable, "-c", "import sys, pathlib; from newscrawl.store.captures import prune;"
               "print(*prune(pathlib.Path(sys.argv[1]), keep_days=0))", str(captures)]  # fmt: skip
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    deleted = [name for child in children for name in child.communicate(timeout=60)[0].split()]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(deleted) == ["middle", "newest", "oldest"]
    assert left(captures) == []


def test_a_folder_that_cannot_be_emptied_is_told(captures, monkeypatch):
    def refuse(self, missing_ok=False):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(StorageError, match="can't be deleted: Permission denied"):
        prune(captures, keep_days=0)
