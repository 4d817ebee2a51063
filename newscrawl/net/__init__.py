"""The network's edge: politeness and safety, as Scrapy middlewares and handlers."""
