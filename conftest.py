"""What is not collected, so that the checks run without the optional parts."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("scrapy_playwright") else ["newscrawl/net/rendering.py"]
