"""Where a site's articles are told of: feeds, sitemaps, listings; what may be fetched, and when.

Pure: nothing here knows Scrapy, the disk, the network or the clock.
"""
