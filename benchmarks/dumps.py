"""How text dumps are read that neither the reader nor its authors made. Run by hand.

    python -m benchmarks.dumps WORK [--themes landscape …] [--tools lynx …] [--unseen] [--show 5]

Builds sites of real themes of three real systems (Hexo from npm, Pelican and Nikola from PyPI)
with invented articles, in WORK, where what was built stays; prints their front, tag, category,
author, archive and article pages by the tools that people print pages with; replays each theme's
dumps of one tool as one folder; and prints for each tool how many of the headlines that a dump
prints were found and how many "articles" are none, whose date is right, missing or wrong, how many
bodies are the article's own, and how many article pages were read whole.

Two themes and two tools are out of all tuning: `--unseen` takes them. Needs npm, lynx, w3m and
chromium (Debian); the systems and the other tools are installed into WORK.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.invented import WORDS, Invented, invent
from newscrawl.extract.typography import letters

HEXO = {
    "landscape": "en", "next": "de", "fluid": "en", "keep": "es", "butterfly": "ru", "a4": "zh",
    "icarus": "de", "stellar": "zh", "redefine": "en", "async": "es", "reimu": "en", "yun": "ru",
}  # fmt: skip
PELICAN = {"notmyidea": "en", "simple": "ru", "reflex": "de", "engineering": "es"}
NIKOLA = {"base": "en", "bootblog4": "de", "bootstrap4": "es"}
UNSEEN_THEMES = ("redefine", "bootblog4")
TOOLS = (
    "resiliparse",
    "resiliparse-main",
    "inscriptis",
    "html2text",
    "get_text",
    "trafilatura",
    "lynx",
)
UNSEEN_TOOLS = ("w3m", "inner_text")
NODE_PACKAGES = (
    "hexo", "hexo-generator-index", "hexo-generator-archive", "hexo-generator-tag",
    "hexo-generator-category", "hexo-renderer-ejs", "hexo-renderer-stylus", "hexo-renderer-marked",
    "hexo-renderer-pug", "hexo-renderer-swig", "hexo-pagination",
)  # fmt: skip
PYTHON_PACKAGES = (
    "pelican[markdown]", "pelican-theme-reflex", "pelican-engineering-theme", "nikola",
    "resiliparse", "inscriptis", "html2text", "beautifulsoup4", "lxml", "lxml_html_clean",
    "trafilatura",
)  # fmt: skip
_ARTICLES = 24
_LISTINGS = 16


@dataclass
class Built:
    """A page of a built site.

    Attributes:
        name: of its file, without the suffix.
        article: whose own page it is; None for a listing.
    """

    name: str
    article: Invented | None


# Building


def run(command: list[str], cwd: Path) -> None:
    """Run a command, and show what it said where it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command} in {cwd} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def install(work: Path) -> Path:
    """Install the systems and the tools into the work folder; the Python that has them."""
    python = work / "env" / "bin" / "python"
    if not python.exists():
        venv.create(work / "env", with_pip=True)
        run([str(python), "-m", "pip", "-q", "install", *PYTHON_PACKAGES], work)
    hexo = work / "hexo"
    if not (hexo / "node_modules" / "hexo").exists():
        hexo.mkdir(parents=True, exist_ok=True)
        (hexo / "package.json").write_text('{"name": "site", "private": true, "hexo": {}}')
        themes = [f"hexo-theme-{theme}" for theme in HEXO]
        run(["npm", "install", "--no-audit", "--no-fund", *NODE_PACKAGES, *themes], hexo)
    return python


def markdown(article: Invented) -> str:
    """An article's text with what texts have: links, emphasis, a subhead."""
    blocks = []
    for at, paragraph in enumerate(article.paragraphs):
        if article.subhead and article.subhead[0] == at:
            blocks.append(f"## {article.subhead[1]}")
        words = paragraph.split(" ")
        if at % 3 == 1 and len(words) > 12:
            words[5] = f"[{words[5]}](https://elsewhere.example/{article.number})"
        if at % 4 == 2 and len(words) > 12:
            words[8] = f"**{words[8]}**"
        blocks.append(" ".join(words))
        if at == 0 and article.number % 2:
            blocks.append("<!-- more -->")
    return "\n\n".join(blocks)


def build_hexo(work: Path, theme: str, language: str, articles: list[Invented]) -> Path:
    """Build a site by Hexo; the folder of its pages."""
    site, words = work / "sites" / theme, WORDS[language]
    posts = site / "source" / "_posts"
    posts.mkdir(parents=True)
    shutil.copy(work / "hexo" / "package.json", site)
    (site / "node_modules").symlink_to((work / "hexo" / "node_modules").resolve())
    config = {
        "title": words.title, "author": words.names[0], "theme": theme, "per_page": 10,
        "language": "zh-CN" if language == "zh" else language, "url": "https://lowland.example",
        "permalink": ":year/:month/:day/:title/", "timezone": "UTC", "pretty_urls": {"trailing_index": False},
        "index_generator": {"per_page": 10, "order_by": "-date"},
    }  # fmt: skip
    (site / "_config.yml").write_text(json.dumps(config, ensure_ascii=False))
    for article in articles:
        # Hexo takes front matter as JSON, too.
        front = {
            "title": article.headline, "date": f"{article.published:%Y-%m-%d %H:%M:%S}",
            "categories": [article.section], "tags": list(article.tags), "author": article.author,
        }  # fmt: skip
        head = json.dumps(front, ensure_ascii=False)[1:-1]
        (posts / f"{article.slug}.md").write_text(f"{head}\n;;;\n\n{markdown(article)}\n")
    run(["npx", "hexo", "generate"], site)
    return site / "public"


def build_pelican(work: Path, theme: str, language: str, articles: list[Invented]) -> Path:
    """Build a site by Pelican; the folder of its pages."""
    site, words = work / "sites" / theme, WORDS[language]
    (site / "content").mkdir(parents=True)
    for article in articles:
        head = {
            "Title": article.headline, "Date": f"{article.published:%Y-%m-%d %H:%M}",
            "Category": article.section, "Tags": ", ".join(article.tags), "Authors": article.author,
            "Slug": article.slug,
        }  # fmt: skip
        text = markdown(article).replace("<!-- more -->\n\n", "")
        (site / "content" / f"{article.slug}.md").write_text(
            "\n".join(f"{key}: {value}" for key, value in head.items()) + f"\n\n{text}\n"
        )
    found = next((work / "env").glob(f"lib/*/site-packages/pelican*{theme}*/theme"), None)
    settings = {
        "SITENAME": words.title, "AUTHOR": words.names[0], "TIMEZONE": "UTC", "PATH": "content",
        "DEFAULT_LANG": language, "THEME": str(found or theme), "DEFAULT_PAGINATION": 8,
        "SUMMARY_MAX_LENGTH": 40, "CC_LICENSE": "", "FEED_ALL_ATOM": None, "CATEGORY_FEED_ATOM": None,
    }  # fmt: skip
    (site / "conf.py").write_text(
        "\n".join(f"{key} = {value!r}" for key, value in settings.items())
    )
    run([str(work.resolve() / "env" / "bin" / "pelican"), "-s", "conf.py", "-o", "public"], site)
    return site / "public"


def build_nikola(work: Path, theme: str, language: str, articles: list[Invented]) -> Path:
    """Build a site by Nikola; the folder of its pages."""
    nikola, words = str(work.resolve() / "env" / "bin" / "nikola"), WORDS[language]
    (work / "sites").mkdir(exist_ok=True)
    site = work / "sites" / theme
    run([nikola, "init", "-q", "-d", str(site.name)], work / "sites")
    shutil.rmtree(site / "galleries")
    config = (site / "conf.py").read_text()
    config += (
        f"\nTHEME = {theme!r}\nBLOG_TITLE = {words.title!r}\nDEFAULT_LANG = {language!r}\n"
        f"BLOG_AUTHOR = {words.names[0]!r}\nTRANSLATIONS = {{DEFAULT_LANG: ''}}\nTIMEZONE = 'UTC'\n"
        "POSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\nPAGES = ()\nINDEX_TEASERS = True\n"
        "INDEX_DISPLAY_POST_COUNT = 8\nENABLE_AUTHOR_PAGES = True\nAUTHOR_PAGES_ARE_INDEXES = True\n"
        "NAVIGATION_LINKS = {DEFAULT_LANG: (('/archive.html', 'Archive'), ('/categories/', 'Tags'))}\n"
    )
    (site / "conf.py").write_text(config)
    for article in articles:
        head = {
            "title": article.headline, "slug": article.slug, "author": article.author,
            "date": f"{article.published:%Y-%m-%d %H:%M:%S} UTC", "category": article.section,
            "tags": ", ".join(article.tags),
        }  # fmt: skip
        text = markdown(article).replace("<!-- more -->", "<!-- TEASER_END -->")
        (site / "posts" / f"{article.slug}.md").write_text(
            "".join(f".. {key}: {value}\n" for key, value in head.items()) + f"\n{text}\n"
        )
    run([nikola, "build"], site)
    return site / "output"


def build(work: Path, theme: str) -> list[Built]:
    """Build a theme's site where it is not there yet; its pages, copied into one folder."""
    language = {**HEXO, **PELICAN, **NIKOLA}[theme]
    articles = invent(language, _ARTICLES)
    pages = work / "pages" / theme
    if not pages.exists():
        shutil.rmtree(work / "sites" / theme, ignore_errors=True)
        maker = build_hexo if theme in HEXO else build_pelican if theme in PELICAN else build_nikola
        public = maker(work, theme, language, articles)
        pages.mkdir(parents=True)
        for path in chosen(public, articles):
            name = "_".join(path.relative_to(public).parts)
            shutil.copy(path, pages / name)
    own = {article.slug: article for article in articles}
    return [
        Built(path.stem, own[match[0]] if (match := _SLUG.search(path.stem)) else None)
        for path in sorted(pages.glob("*.html"))
    ]


_SLUG = re.compile(r"report-\d+")
_NO_PAGES = re.compile(r"404|search|about|rss|assets|listings|drafts")


def chosen(public: Path, articles: list[Invented]) -> list[Path]:
    """All article pages of a site, and so many of its others, of each kind some."""
    own = {article.slug for article in articles}
    found, kinds = [], defaultdict(list)
    for path in sorted(public.rglob("*.html")):
        name = path.relative_to(public).as_posix()
        if path.stem in own or path.parent.name in own:
            found.append(path)
        elif not _NO_PAGES.search(name):
            kinds[re.sub(r"\d+", "0", name.split("/")[0])].append(path)
    while any(kinds.values()) and len(found) < len(articles) + _LISTINGS:
        found += [paths.pop(0) for paths in kinds.values() if paths]
    return found


# Reading


def replay(folder: Path, out: Path) -> dict[str, list[dict[str, Any]]]:
    """Replay a folder of dumps; the records of its drop."""
    scrapy = Path(sys.executable).with_name("scrapy")
    done = subprocess.run(
        [str(scrapy), "crawl", "replay", "-a", f"path={folder}", "-a", "run_id=dumps",
         "-s", f"NEWSCRAWL_OUTPUT={out}", "-s", "LOG_LEVEL=ERROR"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    drop = out / "dumps"
    if not drop.exists():
        raise SystemExit(f"no drop of {folder}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    return {
        name: [json.loads(line) for line in (drop / f"{name}.jsonl").open(encoding="utf-8")]
        for name in ("articles", "pages")
    }


# Where a link of Markdown, or a numbered one, leads.
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)|\[\d+\]")

Fault = tuple[str, str]
"""The page, and what of it was read otherwise than it is."""


def compare(
    folder: Path,
    pages: list[Built],
    articles: list[Invented],
    drop: dict[str, list[dict[str, Any]]],
) -> tuple[Counter[str], list[Fault]]:
    """Compare a drop with the articles that were invented."""
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    true = {letters(article.headline): article for article in articles}
    on_page: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in drop["articles"]:
        for sighting in record["sightings"]:
            on_page[Path(sighting["page"]).stem].append(record)
    told = {
        Path(page["page"]).stem: page["outcome"] != "extracted" or bool(page["reason"])
        for page in drop["pages"]
    }
    texts = {
        page.name: letters(
            _LINK_TARGET.sub("", (folder / f"{page.name}.txt").read_text(encoding="utf-8"))
        )
        for page in pages
    }
    # Headlines that stand beside other articles, too (the latest ones, in a sidebar), are no list.
    beside = {
        head: min(
            texts[page.name].count(head)
            for page in pages
            if page.article and abs(page.article.number - article.number) > 1
        )
        for head, article in true.items()
    }
    for page in pages:
        printed = texts[page.name]
        found = on_page[page.name]
        heads = {letters(record["headline"] or "") for record in found}
        counts["pages"] += 1
        before = len(faults)
        if page.article is None:
            expected = {head for head in true if printed.count(head) > beside[head]}
            counts["headlines"] += len(expected)
            counts["headlines found"] += len(expected & heads)
            faults += [(page.name, f"lacks {true[h].headline!r}") for h in expected - heads]
        else:
            expected = {letters(page.article.headline)}
            if expected.pop() in printed:
                expected = {letters(page.article.headline)}
                counts["own headlines"] += 1
                counts["own headlines found"] += bool(expected & heads)
            _compare_whole(page, found, printed, counts, faults)
        for record in found:
            head = letters(record["headline"] or "")
            is_own = page.article is not None and not head and _share(record, page.article) == 1
            counts["shown"] += 1
            if head not in (true if page.article is None else expected) and not is_own:
                counts["false"] += 1
                faults.append((page.name, f"no article: {record['headline']!r}"))
        if len(faults) > before and not told.get(page.name):
            counts["faulty in silence"] += 1
    for record in drop["articles"]:
        article = true.get(letters(record["headline"] or ""))
        if article is None:
            if record["date_published"]:
                counts["dates of none"] += 1
            continue
        counts["records"] += 1
        day, value = article.published.date().isoformat(), record["date_published"]
        kind = "null" if value is None else "right" if value[:10] == day[: len(value)] else "wrong"
        counts[f"dates {kind}"] += 1
        where = Path(record["sightings"][0]["page"]).stem
        if kind == "wrong":
            faults.append((where, f"date {value} for {day} of {article.headline!r}"))
        if record["article_body"]:
            counts["bodies"] += 1
            counts["bodies own"] += _share(record, article) == 1
            if _share(record, article) < 1:
                faults.append(
                    (
                        where,
                        f"the body of {article.headline!r} holds more: {_alien(record, article)!r}",
                    )
                )
    return counts, faults


def _compare_whole(
    page: Built,
    found: list[dict[str, Any]],
    printed: str,
    counts: Counter[str],
    faults: list[Fault],
) -> None:
    article = page.article
    assert article is not None
    if not all(letters(paragraph) in printed for paragraph in article.paragraphs):
        counts["article pages cut by the tool"] += 1
        return
    counts["article pages"] += 1
    bodies = [letters(record["article_body"]) for record in found]
    missing = min(
        (sum(letters(p) not in body for p in article.paragraphs) for body in bodies),
        default=len(article.paragraphs),
    )
    is_whole = not missing
    is_clean = any(
        _share(record, article) == 1
        for record in found
        if all(letters(p) in letters(record["article_body"]) for p in article.paragraphs)
    )
    counts["whole"] += is_whole
    counts["whole and clean"] += is_clean
    if not is_whole:
        faults.append((page.name, f"{missing} of {len(article.paragraphs)} paragraphs missing"))


def _alien(record: dict[str, Any], article: Invented) -> str:
    """The first block of a body that is none of the article's."""
    own = letters("".join(article.paragraphs))
    heads = [letters(article.subhead[1])] if article.subhead else []
    for block in record["article_body"].split("\n\n"):
        text = letters(block)
        if text not in own and text not in heads and not any(text == h + own for h in heads):
            return str(block)
    return ""


def _share(record: dict[str, Any], article: Invented) -> int:
    """1 where every block of a body is the article's own."""
    return int(not _alien(record, article))


def rows(counts: Counter[str]) -> Iterator[str]:
    """What was counted, in shares."""

    def share(part: str, whole: str) -> str:
        return f"{counts[part]}/{counts[whole]}" + (
            f" {counts[part] / counts[whole]:.1%}" if counts[whole] else ""
        )

    yield f"headlines on listings {share('headlines found', 'headlines')}"
    yield f"own headlines {share('own headlines found', 'own headlines')}"
    yield f"false {share('false', 'shown')}"
    yield (
        f"dates right {counts['dates right']} null {counts['dates null']} wrong {counts['dates wrong']}"
        f" (of no article {counts['dates of none']})"
    )
    yield f"bodies own {share('bodies own', 'bodies')}"
    yield f"whole {share('whole', 'article pages')}, and clean {share('whole and clean', 'article pages')}"
    yield f"pages with a fault that is not told {share('faulty in silence', 'pages')}"


def main() -> None:
    """Build, print, replay, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("work", type=Path)
    parser.add_argument("--themes", nargs="+")
    parser.add_argument("--tools", nargs="+")
    parser.add_argument("--unseen", action="store_true", help="what is kept out of tuning")
    parser.add_argument("--show", type=int, default=0, help="faults to print for each dump folder")
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = install(work)
    every = [*HEXO, *PELICAN, *NIKOLA]
    pairs = [
        (theme, tool)
        for tool in options.tools or [*TOOLS, *UNSEEN_TOOLS]
        for theme in options.themes or every
        if (options.tools and options.themes)
        or options.unseen == (theme in UNSEEN_THEMES or tool in UNSEEN_TOOLS)
    ]
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for theme, tool in pairs:
        pages = build(work, theme)
        folder = work / "dumps" / tool / theme
        if not folder.exists():
            run([str(python), str(ROOT / "benchmarks" / "print_dumps.py"),
                 str(work / "pages" / theme), tool, str(folder)], work)  # fmt: skip
        articles = invent({**HEXO, **PELICAN, **NIKOLA}[theme], _ARTICLES)
        with tempfile.TemporaryDirectory() as drop:
            counts, faults = compare(folder, pages, articles, replay(folder, Path(drop)))
        sums[tool] += counts
        sums["all"] += counts
        print(f"{tool} {theme}: " + "; ".join(rows(counts)), flush=True)
        for page, fault in faults[: options.show]:
            print(f"    {page}: {fault}")
    for tool, counts in sums.items():
        print(f"\n{tool}\n  " + "\n  ".join(rows(counts)))


if __name__ == "__main__":
    main()
