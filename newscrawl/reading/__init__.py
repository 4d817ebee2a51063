"""The one road from a page to its items."""
