"""What was met: pages, answers, what is said of addresses, and how sites lay their pages out."""

from newscrawl.page.decode import decode
from newscrawl.page.facts import Facts, Found
from newscrawl.page.fetched import Fetched
from newscrawl.page.page import Page

__all__ = ["Facts", "Fetched", "Found", "Page", "decode"]
