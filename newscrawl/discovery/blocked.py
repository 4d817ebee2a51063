"""Whether an answer is a block page, a challenge, a consent wall, a login or an empty shell.

Such an answer is `blocked` in the ledger, never "no news". The marks are data
(``data/blocked.json``): what the protection services write into headers and pages of their
own. A mark in a page counts only where the page has hardly any text of its own, for articles
about these services quote them, and protected sites load their scripts on every page.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from newscrawl.addresses.links import host_of
from newscrawl.extract.html import HtmlDocument
from newscrawl.extract.html.structured import text_of
from newscrawl.page.fetched import Fetched

_DATA: dict[str, Any] = json.loads(
    resources.files("newscrawl.discovery").joinpath("data/blocked.json").read_text("utf-8")
)
_HEADERS = [
    (rule["name"], re.compile(rule["value"], re.IGNORECASE), rule.get("statuses"), rule["reason"])
    for rule in _DATA["headers"]
]
_MARKERS = [
    (
        [mark.encode().lower() for mark in rule["all"]],
        [mark.encode().lower() for mark in rule.get("any", ())],
        rule["reason"],
    )
    for rule in _DATA["markers"]
]
_CAPTCHA = [mark.encode() for mark in _DATA["captcha"]]
_CONSENT_HOST = re.compile("|".join(_DATA["consent_hosts"]), re.IGNORECASE)
_CONSENT_PATH = re.compile(_DATA["consent_path"], re.IGNORECASE)
_CONSENT_TEXT: list[str] = _DATA["consent_text"]
_CONSENT_MARKUP = [mark.encode() for mark in _DATA["consent_markup"]]
_LOGIN_PATH = re.compile(_DATA["login_path"], re.IGNORECASE)
_LOGIN_HOST = re.compile(_DATA["login_host"], re.IGNORECASE)
_ROOTS = ", ".join(_DATA["roots"])
_NOSCRIPT: list[str] = _DATA["noscript"]

_REFUSED = {
    401: "login: HTTP 401, the site asks for a user's name",
    403: "refused: HTTP 403",
    407: "login: HTTP 407, a proxy asks for a user's name",
    429: "rate-limited: HTTP 429, the site says that we ask too often",
    451: "legal: HTTP 451, the site may not show this here",
}
_CHALLENGE_STATUSES = frozenset((*_REFUSED, 202, 405, 406, 409, 418, 498, 503, 520, 521, 999))
"""Statuses with which protection services send their pages, besides 200."""

_FEW_CHARACTERS = 1_000
"""Text of a page behind which a challenge may stand. The wordiest, a consent wall, has about 800;
pages with more text are what they say they are."""

_FEW_LINKS = 30
_SHELL_CHARACTERS = 250
_HEAD_BYTES = 400_000


def blocked_reason(fetched: Fetched, document: HtmlDocument | None) -> str | None:
    """Why an answer is not what was asked for.

    Args:
        fetched: the answer.
        document: its parsed body; None for what is no HTML.

    Returns:
        "code: detail" with the code challenge, captcha, consent-wall, login, refused,
        rate-limited, legal or shell; None for an answer that is none of these, and where nothing
        answered at all.
    """
    if fetched.status is None or fetched.failure:
        return None
    for name, value, statuses, reason in _HEADERS:
        header = fetched.headers.get(name)
        if header and value.search(header) and (statuses is None or fetched.status in statuses):
            return str(reason)
    if document is None:
        return _REFUSED.get(fetched.status)
    if fetched.status in _CHALLENGE_STATUSES:
        return _challenge(document) or _captcha(document) or _REFUSED.get(fetched.status)
    if fetched.status != 200:
        return None
    if elsewhere := _redirected(fetched):
        return elsewhere
    if _characters(document, _FEW_CHARACTERS) >= _FEW_CHARACTERS:
        return None
    # What a page says in JSON-LD is read from there, whatever it shows.
    if text_of(document.article.get("articleBody")):
        return None
    # A site's own short page, a film or a tag with one article, has the site's menus.
    if len(document.tree.css("a[href]")) <= _FEW_LINKS:
        reason = _challenge(document) or _captcha(document) or _consent(document)
        if reason:
            return reason
    return _login(document) or _shell(document)


def _characters(document: HtmlDocument, enough: int) -> int:
    """Characters of text outside navigation and footer, counted until there are enough."""
    count = 0
    for block in document.walked.blocks:
        count += len(block.text)
        if count >= enough:
            break
    return count


def _challenge(document: HtmlDocument) -> str | None:
    reason: str
    head = document.body[:_HEAD_BYTES].lower()
    for every, some, reason in _MARKERS:
        if all(mark in head for mark in every) and (not some or any(mark in head for mark in some)):
            return reason
    return None


def _captcha(document: HtmlDocument) -> str | None:
    """A form with a captcha and hardly any text; a comment form's captcha stands below one."""
    if _characters(document, 400) >= 400:
        return None
    head = document.body[:_HEAD_BYTES].lower()
    mark = next((mark for mark in _CAPTCHA if mark in head), None)
    if mark is None or document.tree.css_first("article, [itemprop=articleBody], time") is not None:
        return None
    return f"captcha: {mark.decode()}"


def _redirected(fetched: Fetched) -> str | None:
    """An answer from a consent host or a login page that nobody asked for."""
    asked, answered = fetched.page, fetched.url or ""
    if asked == answered or not asked.startswith(("http://", "https://")):
        return None
    try:
        before, after = urlsplit(asked), urlsplit(answered)
    except ValueError:
        return None
    was, now = host_of(asked), host_of(answered)
    if (now != was and _CONSENT_HOST.fullmatch(now)) or (
        _CONSENT_PATH.search(after.path) and not _CONSENT_PATH.search(before.path)
    ):
        return f"consent-wall: {answered[:200]}"
    names = {name.lower() for name, _ in parse_qsl(after.query)}
    if _LOGIN_PATH.search(after.path) and not _LOGIN_PATH.search(before.path):
        return f"login: {answered[:200]}"
    if now != was and _LOGIN_HOST.fullmatch(now) and names & _RETURN_PARAMETERS:
        return f"login: {answered[:200]}"
    return None


_RETURN_PARAMETERS = frozenset(
    [
        "next",
        "return",
        "returnto",
        "return_to",
        "returnurl",
        "return_url",
        "redirect",
        "redirect_uri",
        "redirect_to",
        "redirecturl",
        "continue",
        "url",
        "service",
        "goto",
        "back",
        "dest",
        "destination",
        "target",
        "client_id",
    ]
)


def _consent(document: HtmlDocument) -> str | None:
    text = " ".join(block.text for block in document.walked.blocks)
    buttons = " ".join(node.text() for node in document.tree.css("button, a, input, label"))
    said = f"{text} {buttons}".casefold()
    phrase = next((phrase for phrase in _CONSENT_TEXT if phrase in said), None)
    head = document.body[:_HEAD_BYTES].lower()
    if phrase is None or not any(mark in head for mark in _CONSENT_MARKUP):
        return None
    if document.tree.css_first("article, [itemprop=articleBody], time") is not None:
        return None
    return f"consent-wall: the page only asks for consent ({phrase!r})"


def _login(document: HtmlDocument) -> str | None:
    if _characters(document, 400) >= 400 or document.tree.css_first("article, time") is not None:
        return None
    if document.tree.css_first("input[type=password]") is None:
        return None
    return "login: the page is a login form"


def _shell(document: HtmlDocument) -> str | None:
    if _characters(document, _SHELL_CHARACTERS) >= _SHELL_CHARACTERS:
        return None
    if document.tree.css_first("script") is None:
        return None
    root = next((node for node in document.tree.css(_ROOTS) if not _says_anything(node)), None)
    noscript = " ".join(node.text() for node in document.tree.css("noscript")).casefold()
    if root is None and not any(phrase in noscript for phrase in _NOSCRIPT):
        return None
    return "shell: the page is made by scripts; it has no text without a browser"


def _says_anything(node: Any) -> bool:
    return bool(node.text(strip=True))
