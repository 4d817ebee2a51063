"""What needs no site: pure functions from a page's text to facts. No Scrapy, no disk, no clock."""
