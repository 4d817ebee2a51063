"""newscrawl turns news pages, live or saved, into drops that other teams can trust."""

# Here and not in the package's metadata, which can't be read inside a Scrapyd egg.
__version__ = "0.1.0"
