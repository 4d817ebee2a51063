"""Print pages as text by the tools that people use, each in its own way.

    PYTHON benchmarks/print_dumps.py FOLDER TOOL OUT

Runs under a Python that has the tools (`benchmarks/dumps.py` makes one), so it imports nothing of
newscrawl. FOLDER holds pages by name (`*.html`); OUT gets a text file for each.
"""

from __future__ import annotations

import functools
import html
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def print_resiliparse(page: str, main: bool = False) -> str:
    """What Common Crawl's users print most: Resiliparse's plain text."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(page)
    return extract_plain_text(tree, main_content=main, alt_texts=False, links=False)


def print_inscriptis(page: str) -> str:
    """Text laid out as a browser would."""
    import inscriptis

    return inscriptis.get_text(page)


def print_html2text(page: str) -> str:
    """Markdown."""
    import html2text

    printer = html2text.HTML2Text()
    printer.body_width = 0
    return printer.handle(page)


def print_get_text(page: str) -> str:
    """BeautifulSoup's strings, a line each."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "lxml")
    for useless in soup(["script", "style", "noscript", "template"]):
        useless.decompose()
    return soup.get_text("\n", strip=True)


def print_trafilatura(page: str) -> str:
    """The main text alone."""
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


PRINTERS: dict[str, Callable[[str], str]] = {
    "resiliparse": print_resiliparse,
    "resiliparse-main": functools.partial(print_resiliparse, main=True),
    "inscriptis": print_inscriptis,
    "html2text": print_html2text,
    "get_text": print_get_text,
    "trafilatura": print_trafilatura,
}
COMMANDS = {
    "lynx": ["lynx", "-dump", "-assume_charset=utf-8", "-display_charset=utf-8", "-force_html"],
    "w3m": ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8"],
}

_HARNESS = """<meta charset="utf-8"><pre id="out"></pre><script>
const names = %s, found = {};
async function show(name) {
  const frame = document.createElement("iframe");
  frame.style = "width:1200px;height:900px";
  frame.sandbox = "allow-same-origin";
  frame.src = name;
  const loaded = new Promise(done => { frame.onload = done; setTimeout(done, 4000); });
  document.body.append(frame);
  await loaded;
  found[name] = frame.contentDocument.body.innerText;
  frame.remove();
}
(async () => {
  for (const name of names) { try { await show(name); } catch (error) {} }
  document.getElementById("out").textContent = JSON.stringify(found);
})();
</script>"""


def print_inner_text(folder: Path) -> dict[str, str]:
    """Chromium's `innerText` of each page, scripts switched off."""
    names = sorted(path.name for path in folder.glob("*.html"))
    harness = folder / "harness.htm"
    harness.write_text(_HARNESS % json.dumps(names), encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
             "--allow-file-access-from-files", f"--user-data-dir={profile}",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=600000",
             harness.as_uri()],
            capture_output=True, text=True, timeout=900, check=True,
        )  # fmt: skip
    harness.unlink()
    out = done.stdout.partition('<pre id="out">')[2].partition("</pre>")[0]
    found: dict[str, str] = json.loads(html.unescape(out))
    return found


def main() -> None:
    """Print all pages of a folder by one tool."""
    folder, tool, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    if tool == "inner_text":
        for name, text in print_inner_text(folder).items():
            (out / name).with_suffix(".txt").write_text(text, encoding="utf-8")
        return
    for path in sorted(folder.glob("*.html")):
        if tool in COMMANDS:
            text = subprocess.run(
                [*COMMANDS[tool], str(path)], capture_output=True, check=True, timeout=60
            ).stdout.decode("utf-8", "replace")
        else:
            text = PRINTERS[tool](path.read_text(encoding="utf-8"))
        (out / path.name).with_suffix(".txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
