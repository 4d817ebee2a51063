"""A real WordPress, as Debian packages it, on loopback with a database of its own.

Needs ``apt-get install --no-install-recommends wordpress wordpress-theme-twentytwentyone
wordpress-theme-twentytwentytwo wordpress-theme-twentytwentythree php-cli php-mysql php-gd
php-mbstring php-xml mariadb-server``. Everything that it writes lies in a temporary folder.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.servers import content

HERE = Path(__file__).parent
SYSTEM = Path("/usr/share/wordpress")
THEMES = ("twentytwentyone", "twentytwentytwo", "twentytwentythree")
TITLE = "The Orlovka Observer"
ZONE = timezone(timedelta(hours=5))
PER_PAGE = 10

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{address}'); define('WP_SITEURL', '{address}');
// Nothing leaves the machine.
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True, kw_only=True)
class Published:
    """The truth about an article.

    Attributes:
        url: its permalink.
        headline, author, section, tags: as published.
        body: the text of its blocks, in order; no caption.
        captions: of its images.
        published, modified: aware; modified is None where nothing was changed.
    """

    url: str
    headline: str
    author: str
    section: str
    tags: tuple[str, ...]
    body: tuple[str, ...] = field(repr=False)
    captions: tuple[str, ...]
    published: datetime
    modified: datetime | None


class RealWordPress:
    """WordPress with invented articles, as a context manager.

    Args:
        articles: how many are public.

    Attributes:
        origin: its address.
        articles: the truth, newest first.
    """

    def __init__(self, articles: int = 60) -> None:
        self.count = articles
        self.articles: list[Published] = []
        self.origin = ""
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        for program in "mariadbd", "mariadb-install-db", "php":
            if shutil.which(program) is None:
                raise SystemExit(f"{program} is not installed: {__doc__}")
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def theme(self, name: str) -> None:
        """Switch the theme."""
        code = f"require '{self._root}/wp-load.php'; switch_theme('{name}'); echo wp_get_theme();"
        self._php("-r", f"$_SERVER['HTTP_HOST'] = 'x'; {code}")

    def get(self, path: str) -> bytes:
        """A page, by its path or whole address."""
        with urllib.request.urlopen(self.origin + path.removeprefix(self.origin)) as answer:
            body: bytes = answer.read()
            return body

    def _start(self) -> None:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="wordpress-")))
        database = self._start_database(folder)
        port = _free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self._root = folder / "wordpress"
        # Debian links to files elsewhere; PHP's server serves what lies in its folder.
        shutil.copytree(SYSTEM, self._root, symlinks=False, ignore_dangling_symlinks=True)
        config = _CONFIG.format(socket=database, address=self.origin)
        (self._root / "wp-config.php").write_text(config)
        image = folder / "picture.png"
        image.write_bytes(_picture(1200, 800))
        articles = [_article(number, self.count) for number in range(self.count)]
        told = self._fill(folder / "content.json", image, articles)
        self.articles = [
            Published(
                url=url,
                headline=article["headline"],
                author=article["author"],
                section=article["section"],
                tags=tuple(article["tags"]),
                body=tuple(article["body"]),
                captions=tuple(article["captions"]),
                published=datetime.fromisoformat(article["published"]).replace(tzinfo=ZONE),
                modified=_aware(article["modified"]),
            )
            for url, article in zip(told, articles, strict=True)
            if article["status"] == "publish"
        ][::-1]
        self._serve(port)

    def _start_database(self, folder: Path) -> Path:
        data, place = folder / "database", folder / "database.socket"
        user = f"--user={getpass.getuser()}"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", user,
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, capture_output=True,
        )  # fmt: skip
        server = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={place}", user,
             "--skip-networking", f"--pid-file={folder / 'database.pid'}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._stack.callback(_end, server)
        create = ["mariadb", "--no-defaults", "-uroot", f"--socket={place}", "-e",
                  "CREATE DATABASE wordpress CHARACTER SET utf8mb4"]  # fmt: skip
        _until(lambda: subprocess.run(create, capture_output=True, check=False).returncode == 0)
        return place

    def _fill(self, file: Path, image: Path, articles: list[dict[str, Any]]) -> list[str]:
        file.write_text(
            json.dumps(
                {
                    "title": TITLE,
                    "tagline": "What happened in Orlovka, and why",
                    "timezone": "Asia/Tashkent",
                    "per_page": PER_PAGE,
                    "image": str(image),
                    "authors": [
                        {
                            "name": name,
                            "login": content.slug(name),
                            "description": f"{name} writes about the province and its rivers.",
                        }
                        for name in content.AUTHORS
                    ],
                    "sections": content.SECTIONS,
                    "articles": articles,
                }
            )
        )
        told = self._php(str(HERE / "fill.php"), str(self._root), str(file), self.origin)
        urls: list[str] = json.loads(told.splitlines()[-1])
        return urls

    def _php(self, *arguments: str) -> str:
        done = subprocess.run(
            ["php", "-d", "memory_limit=512M", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"php {' '.join(arguments)[:200]}: {done.stdout}{done.stderr}")
        return done.stdout

    def _serve(self, port: int) -> None:
        server = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(self._root), str(HERE / "router.php")],
            env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._stack.callback(_end, server)
        _until(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self.get("/"))
        except urllib.error.URLError:
            return False


def _article(number: int, count: int) -> dict[str, Any]:
    """What is published under a number; every kind of block occurs in some."""
    newest = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
    invented = content.invent(
        number, newest - timedelta(hours=7) * (count - 1 - number), "wordpress"
    )
    classic = number % 10 == 9
    pieces, body, captions = [], [], []

    def add(markup: str, *texts: str) -> None:
        pieces.append(markup)
        body.extend(texts)

    for position, paragraph in enumerate(invented.body):
        markup = _inline(paragraph) if position == 1 else paragraph
        add(markup if classic else _block("paragraph", f"<p>{markup}</p>"), paragraph)
        if position == 0 and number % 6 == 0:
            pieces.append("<!--more-->" if classic else _block("more", "<!--more-->"))
        if position == 0 and number % 2 == 0:
            caption = f"The square in front of the station. Photo: {invented.author}"
            captions.append(caption)
            pieces.append(_captioned(caption) if classic else _picture_block(caption))
        if position == 2 and number % 3 == 0:
            add(
                "<h2>What comes next</h2>"
                if classic
                else _block("heading", "<h2>What comes next</h2>"),
                "What comes next",
            )
        if position == 3 and number % 4 == 0 and not classic:
            items = ("the price of the repair", "the length of the detour", "the date of the vote")
            inner = "".join(_block("list-item", f"<li>{item}</li>") for item in items)
            add(_block("list", f"<ul>{inner}</ul>"), *items)
        if position == 4 and number % 5 == 0 and not classic:
            quote = "Nobody asked us, and nobody will have to ask us twice."
            inner = _block("paragraph", f"<p>{quote}</p>")
            add(_block("quote", f'<blockquote class="wp-block-quote">{inner}</blockquote>'), quote)
        if position == 1 and number % 7 == 3 and not classic:
            link = (
                '<a class="wp-block-button__link wp-element-button" href="/about-us/">Subscribe</a>'
            )
            inner = _block("button", f'<div class="wp-block-button">{link}</div>')
            pieces.append(_block("buttons", f'<div class="wp-block-buttons">{inner}</div>'))
    if number % 10 == 3:
        pieces.append("<!-- wp:latest-posts /-->")
    published = invented.published.replace(tzinfo=None)
    return {
        "headline": invented.headline,
        "slug": invented.slug,
        "excerpt": invented.summary if number % 2 else "",
        "content": "\n\n".join(pieces),
        "author": invented.author,
        "section": invented.section,
        "tags": invented.tags,
        "published": published.isoformat(" "),
        "modified": (published + timedelta(hours=26)).isoformat(" ") if number % 8 == 5 else None,
        "featured": number % 2 == 1,
        "sticky": number == count // 2,
        "status": {7: "draft", 17: "private"}.get(number, "publish"),
        "comments": [
            {"author": "Reader", "text": f"I was there, and it rained. Not a word of {n} is true."}
            for n in range(number % 3)
        ],
        "body": body,
        "captions": captions,
    }


def _block(name: str, markup: str) -> str:
    return f"<!-- wp:{name} -->\n{markup}\n<!-- /wp:{name} -->"


def _inline(text: str) -> str:
    """The text with a link, an emphasis and a strong word in it."""
    words = text.split(" ")
    words[0] = f'<a href="/about-us/">{words[0]}</a>'
    words[2] = f"<em>{words[2]}</em>"
    words[-1] = f"<strong>{words[-1]}</strong>"
    return " ".join(words)


def _picture_block(caption: str) -> str:
    picture = '<img src="IMAGE_URL" alt="" class="wp-image-IMAGE_ID"/>'
    caption = f'<figcaption class="wp-element-caption">{caption}</figcaption>'
    attributes = '{"id":IMAGE_ID,"sizeSlug":"full","linkDestination":"none"}'
    return (
        f"<!-- wp:image {attributes} -->\n"
        f'<figure class="wp-block-image size-full">{picture}{caption}</figure>\n'
        "<!-- /wp:image -->"
    )


def _captioned(caption: str) -> str:
    return (
        '[caption id="attachment_IMAGE_ID" align="alignnone" width="1200"]'
        f'<img src="IMAGE_URL" alt="" width="1200" height="800" class="wp-image-IMAGE_ID" /> '
        f"{caption}[/caption]"
    )


def _picture(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x90" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def _aware(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _until(done: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"not ready after {seconds:g} seconds")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)
