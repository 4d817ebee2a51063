"""`scrapy crawl replay` at the terminal: arguments, bad input, exit codes, Scrapy's own ways."""

import json
import os

import pytest

from newscrawl import settings
from tests import processes

LISTING = """14 March 2025

Viewing results 1 - 1 of 1

Мост открыт

Мост через реку открыли в полдень, на два месяца раньше срока. Проезд по нему бесплатный. {}
"""


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "replay needs -a path="),
        (["-a", "path=/nowhere/at/all"], "there is no file or directory at '/nowhere/at/all'"),
        (["-a", "path=/nowhere/*.txt"], "matches nothing"),
        (
            ["-a", "path=fixtures", "-a", "site=nosuch"],
            "no site 'nosuch' is declared",
        ),
        (["-a", "path=fixtures", "-a", "run_id=a/b"], "is no file name"),
    ],
)
def test_a_wrong_argument_is_told_and_nothing_is_published(crawl, arguments, message):
    done = crawl("replay", *arguments)
    assert done.code == 1
    assert message in one_line(done.err)
    assert "Traceback" not in done.err
    assert not done.output.exists() or not list(done.output.glob("[!.]*"))


def test_an_empty_directory_publishes_nothing(crawl, pages):
    done = crawl("replay", "-a", f"path={pages({})}")
    assert done.code == 1
    assert "holds no file to replay" in one_line(done.err)
    assert "Traceback" not in done.err


def test_bad_files_are_ledger_outcomes_and_cost_the_good_ones_nothing(crawl, pages, tmp_path):
    folder = pages({
        "empty.txt": b"",
        "blank.txt": b" \n\n",
        "binary.txt": bytes(range(256)) * 8,
        "picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        "prose.txt": "Just a line.\n\nAnd another.\n",
        "cp1251.txt": LISTING.format("А").encode("cp1251"),
        "utf16.txt": LISTING.format("Б").encode("utf-16"),
        "utf16-be.txt": LISTING.format("В").encode("utf-16-be"),
        "bom.txt": LISTING.format("Г").encode("utf-8-sig"),
    })  # fmt: skip
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(100 * 1024 * 1024)
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere")
    done = crawl("replay", "-a", f"path={folder}")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    ledger = {
        p["page"]: (p["outcome"], (p["reason"] or "").split(":")[0]) for p in done.records("pages")
    }
    assert ledger == {
        "empty.txt": ("empty", "the page has no text"),
        "blank.txt": ("empty", "the page has no text"),
        "binary.txt": ("rejected", "binary"),
        "picture.png": ("not-news", "media-type"),
        "huge.txt": ("rejected", "too-large"),
        "prose.txt": ("layout-unknown", "the text has no layout that newscrawl knows; declare the site's rules"),
        **dict.fromkeys(["cp1251.txt", "utf16.txt", "utf16-be.txt", "bom.txt"], ("extracted", "")),
    }  # fmt: skip
    (record,) = done.records("articles")
    assert record["headline"] == "Мост открыт"
    assert len(record["sightings"]) == 4
    charsets = {p["page"]: p["charset"] for p in done.records("pages")}
    assert charsets["cp1251.txt"] == "cp1251"


def test_pages_that_yield_nothing_have_an_exit_code_of_their_own(crawl, pages):
    done = crawl("replay", "-a", f"path={pages({'a.txt': b'%PDF-1.7'})}")
    assert done.code == 3
    assert [p["outcome"] for p in done.records("pages")] == ["rejected"]


def test_a_hundred_megabytes_of_text_are_read_where_the_limit_allows_it(crawl, pages):
    text = LISTING.format("слово " * 8_000_000)
    done = crawl(
        "replay", "-a", f"path={pages({'big.txt': text})}",
        "-s", f"NEWSCRAWL_MAX_PAGE_BYTES={2**28}",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert len(done.records("articles")[0]["article_body"]) > 40_000_000


def test_an_output_folder_that_cannot_be_written_is_told(crawl, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = crawl("replay", "-a", "path=fixtures", output=tmp_path / "file" / "output")
    assert done.code == 1
    assert "can't be used" in done.err
    assert "NEWSCRAWL_OUTPUT" in done.err
    assert "Traceback" not in done.err


SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
from scrapy.cmdline import execute
execute(["scrapy", "crawl", *sys.argv[1:]])
"""


def test_a_full_disk_publishes_nothing_and_the_same_command_goes_on(crawl, pages, tmp_path):
    folder = pages({f"{n}.txt": LISTING.format("слово " * 3000 + str(n)) for n in range(40)})
    arguments = ["replay", "-a", f"path={folder}", "-a", "run_id=full"]
    output = tmp_path / "output"
    full = processes.run("-c", SMALL_DISK, *arguments, "-s", f"NEWSCRAWL_OUTPUT={output}")
    assert full.returncode == 1
    assert "Traceback" not in full.stderr, full.stderr
    assert "-a run_id=" in full.stderr
    assert not list(output.glob("[!.]*"))
    done = crawl(*arguments)
    assert done.code == 0, done.err
    assert len(done.records("pages")) == 40


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("fixtures/author-page/pages/people-marit-solheim.txt", ["people-marit-solheim.txt"]),
        ("fixtures/author-page/pages", ["people-marit-solheim.txt"]),
        ("fixtures/author-page", ["pages/people-marit-solheim.txt"]),
        ("fixtures/a*/pages/*.txt", ["author-page/pages/people-marit-solheim.txt"]),
        ("fixtures/**/people-*.txt", ["author-page/pages/people-marit-solheim.txt"]),
    ],
)
def test_a_path_is_a_file_a_directory_or_a_glob(crawl, path, names):
    done = crawl("replay", "-a", f"path={path}")
    listed = [p["page"] for p in done.records("pages") if p["page"].endswith(".txt")]
    assert listed == names


def test_a_site_can_be_forced(crawl):
    done = crawl("replay", "-a", "path=fixtures/ticker-conflict/pages", "-a", "site=timesca.com")
    assert {p["site"] for p in done.records("pages")} == {"timesca.com"}
    assert all(a["id"].startswith("timesca.com:") for a in done.records("articles"))


def test_the_summary_says_what_was_published_and_where(crawl):
    done = crawl("replay", "-a", "path=fixtures/*/pages", "-a", "run_id=told")
    lines = done.out.splitlines()
    assert lines[0] == f"Drop {done.output / 'told'}"
    rows = {" ".join(line.split()[:-1]): line.split()[-1] for line in lines[1:]}
    assert rows["listing pages, extracted"] == "4"
    assert rows["articles"] == str(len(done.records("articles")))
    assert rows["exchange rates"] == "19"
    assert rows["merged"] == "2"
    assert rows["rejected"] == "0"


def test_scrapys_own_feeds_get_the_items_before_merging_and_the_drop_is_written_too(
    crawl, tmp_path
):
    feed = tmp_path / "items.jsonl"
    done = crawl("replay", "-a", "path=fixtures/*/pages", "-O", str(feed))
    items = [json.loads(line) for line in feed.read_text().splitlines()]
    articles = [item for item in items if "article_body" in item]
    assert len(articles) == len(done.records("articles")) + 2
    assert all(len(item["sightings"]) == 1 for item in articles)
    assert sum("base_currency" in item for item in items) == 19


def test_stats_carry_the_counts(crawl):
    done = crawl("replay", "-a", "path=fixtures/*/pages")
    for line in ("'newscrawl/articles': 23", "'newscrawl/merged': 2", "'newscrawl/empty_posts': 1"):
        assert line in done.err


def test_an_item_that_a_pipeline_drops_or_breaks_on_is_a_reject_record(crawl, tmp_path):
    (tmp_path / "strict.py").write_text(
        "from scrapy.exceptions import DropItem\n"
        "class Strict:\n"
        "    def process_item(self, item):\n"
        "        headline = getattr(item, 'headline', None) or ''\n"
        "        if 'Choir' in headline: raise DropItem('no choirs')\n"
        "        if 'Ferry' in headline: raise ZeroDivisionError('bug')\n"
        "        return item\n"
    )
    pipelines = {"strict.Strict": 900}
    done = crawl(
        "replay", "-a", "path=fixtures/same-article-on-two-listings/pages",
        "-s", f"ITEM_PIPELINES={json.dumps({**settings.ITEM_PIPELINES, **pipelines})}",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.code == 7, done.err
    details = sorted(r["detail"] for r in done.records("rejects"))
    assert details == ["DropItem: no choirs", "DropItem: no choirs", "ZeroDivisionError: bug"]
    assert sum(p["rejects"] for p in done.records("pages")) == 3


def test_an_interrupted_replay_publishes_nothing_and_goes_on_later(crawl, pages, tmp_path):
    folder = pages({f"{n}.txt": LISTING.format("слово " * 400 + str(n)) for n in range(1200)})
    output = tmp_path / "output"
    arguments = ["replay", "-a", f"path={folder}", "-a", "run_id=stop"]
    process = processes.start(
        "-m", "scrapy", "crawl", *arguments, "-s", f"NEWSCRAWL_OUTPUT={output}"
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Replaying 1200 files" in line:
            break
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "nothing is published" in err
    assert "Traceback" not in err
    assert not list(output.glob("[!.]*"))
    done = crawl(*arguments)
    assert done.code == 0, done.err
    assert len(done.records("pages")) == 1200


@pytest.mark.parametrize(
    ("command", "expected"),
    [(["list"], "replay"), (["check"], "OK"), (["version"], "Scrapy"), (["settings", "--get=BOT_NAME"], "newscrawl"),
     (["shell", "-c", "type(spider).__name__", "--nolog", "./README.md"], "Spider")],
)  # fmt: skip
def test_scrapys_other_commands_go_on_working(command, expected, tmp_path):
    done = processes.run("-m", "scrapy", *command, fresh=command == ["version"])
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout + done.stderr


def test_dumps_of_one_folder_tell_each_other_their_frame_whatever_their_names(
    crawl, pages, tmp_path
):
    names, menu = "NOPQRS", "Strand\n\nLetters to us\n\n"
    told = "The mill is quiet, says part {} of {}, and nobody on the island can tell us why."
    heads = [f"Mill {name} is quiet again" for name in names]
    texts = [
        f"{menu}{head}\n\n3 May 2024\n\n" + "\n\n".join(told.format(n, head) for n in range(3))
        for head in heads
    ]
    texts.append(menu + "\n\n".join(heads))
    found = []
    for turn, order in enumerate((range(7), range(6, -1, -1))):
        files = {f"{at}.txt": text for at, text in zip(order, texts, strict=True)}
        folder = pages(files, folder=f"turn-{turn}")
        done = crawl("replay", "-a", f"path={folder}", output=tmp_path / f"output-{turn}")
        articles = done.records("articles")
        assert [len(article["sightings"]) for article in articles] == [2] * 6
        assert not any("Strand" in article["article_body"] for article in articles)
        found.append([(a["id"], a["headline"], a["date_published"]) for a in articles])
    assert found[0] == found[1]
    assert {(headline, day) for _, headline, day in found[0]} == {(h, "2024-05-03") for h in heads}
