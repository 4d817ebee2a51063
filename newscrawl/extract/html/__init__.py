"""HTML in, facts out: the extractor that needs no site. See ``docs/extraction.md``."""

from newscrawl.extract.html.dates import DateCandidate, DateHabits
from newscrawl.extract.html.document import HtmlDocument, parse_html
from newscrawl.extract.html.page import (
    ArticleImage,
    Furniture,
    HtmlPage,
    TextBlock,
    extract_document,
    extract_html,
)
from newscrawl.extract.html.structured import Person

__all__ = [
    "ArticleImage",
    "DateCandidate",
    "DateHabits",
    "Furniture",
    "HtmlDocument",
    "HtmlPage",
    "Person",
    "TextBlock",
    "extract_document",
    "extract_html",
    "parse_html",
]
