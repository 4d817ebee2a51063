"""The Scrapy settings of a live crawl, in one place: what is on, in which order, and what is off.

Not through the project's settings: replay needs none of it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from scrapy.settings import BaseSettings

from newscrawl.errors import ContactError
from newscrawl.net.identity import user_agent

LIVE_SETTINGS: dict[str, Any] = {
    # What a request passes from top to bottom, and its response from bottom to top.
    "DOWNLOADER_MIDDLEWARES": {
        "newscrawl.net.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        "newscrawl.net.redirects.RefreshMiddleware": 580,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
        "newscrawl.net.redirects.HTTPRedirectMiddleware": 600,
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700,  # COOKIES_ENABLED
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,  # HTTPPROXY_ENABLED
        "newscrawl.net.politeness.PolitenessMiddleware": 800,
        "newscrawl.net.guard.GuardMiddleware": 850,
        "newscrawl.net.capture.CaptureMiddleware": 950,
        # Replaced by the above.
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        # Discovery decides what belongs to a site; no site asks for a password; the ledger
        # and the capture know what was fetched.
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    },
    # The spider sees every answer, whatever its status, and sends no Referer.
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
        "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    },
    "EXTENSIONS": {"scrapy.extensions.throttle.AutoThrottle": None},  # PolitenessMiddleware
    # Pages come over HTTP; a redirect or a link can't name anything else.
    "DOWNLOAD_HANDLERS": {
        "http": "newscrawl.net.page_handler.PageHandler",
        "https": "newscrawl.net.page_handler.PageHandler",
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    # Its own queue knows what was asked for; Scrapy's filter would drop redirects in silence.
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    # A host: a request a second, two at a time, slower where it answers slowly.
    "DOWNLOAD_DELAY": 1.0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    "NEWSCRAWL_MAX_CRAWL_DELAY": 60.0,
    "NEWSCRAWL_MAX_RETRY_AFTER": 120.0,
    "NEWSCRAWL_RETRY_BACKOFF": 1.0,
    "NEWSCRAWL_MAX_HOST_FAILURES": 10,
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # the ledger has it
    # A page: seconds from the name's resolution to the last byte.
    "DOWNLOAD_TIMEOUT": 30.0,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "REDIRECT_MAX_TIMES": 10,
    "METAREFRESH_MAXDELAY": 5,
    "COOKIES_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    # No language is asked for: every site in its own.
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    },
}


def apply_live_settings(settings: BaseSettings) -> None:
    """Set what a live crawl needs; for the spider's ``update_settings``.

    The operator's own (``-s``) and the project's changes to it stand: priority "spider".
    DOWNLOAD_MAXSIZE follows NEWSCRAWL_MAX_PAGE_BYTES, USER_AGENT follows NEWSCRAWL_CONTACT.
    Where the contact is missing or wrong, the spider has to say so before it asks anything:
    `newscrawl.net.identity.user_agent` raises what there is to say.
    """
    settings.setdict(LIVE_SETTINGS, priority="spider")
    settings.set("DOWNLOAD_MAXSIZE", settings.getint("NEWSCRAWL_MAX_PAGE_BYTES"), priority="spider")
    with suppress(ContactError):
        settings.set("USER_AGENT", user_agent(settings["NEWSCRAWL_CONTACT"]), priority="spider")
