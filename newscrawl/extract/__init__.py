"""Extraction that needs no site: pure functions, no Scrapy, no disk, no network, no clock."""
