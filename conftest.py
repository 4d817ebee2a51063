"""What is not collected, so that the checks run without the optional parts."""

from importlib.util import find_spec

# Modules that need an extra, which is not always there.
_NEEDS = {"newscrawl/net/rendering.py": "scrapy_playwright", "tests/s3.py": "moto"}
collect_ignore = [path for path, package in _NEEDS.items() if not find_spec(package)]
