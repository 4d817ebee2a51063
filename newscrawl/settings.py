"""Scrapy settings of the project; the way of an item is ITEM_PIPELINES, from top to bottom."""

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"

ITEM_PIPELINES = {
    "newscrawl.pipelines.ticker.TickerPipeline": 100,
    "newscrawl.pipelines.text.TextPipeline": 200,
    "newscrawl.pipelines.dates.DatesPipeline": 300,
    "newscrawl.pipelines.validate.ValidatePipeline": 400,
}

# The drop is a feed of its own, beside the feeds that the operator asks for (-O, FEEDS).
ADDONS = {"newscrawl.drops.exporter.DropAddon": 0}
FEED_EXPORTERS = {"drop": "newscrawl.drops.exporter.DropExporter"}
FEED_STORAGES = {"drop": "newscrawl.drops.exporter.DropStorage"}

# A folder, or a URL that begins with s3://, gs://, az://, abfs://, sftp:// (docs/scheduling.md). With a
# URL, what is not published yet lies in a folder of this machine: None, one under .newscrawl.
NEWSCRAWL_OUTPUT = "output"
NEWSCRAWL_WORK = None
# How a drop's JSON Lines are written: "none", "gzip" or "zstd"; and whether each file is written
# as Parquet too (newscrawl[parquet]).
NEWSCRAWL_COMPRESSION = "none"
NEWSCRAWL_PARQUET = False
# The state across runs, a file. By default a replay stands alone, and live runs share one in
# the output folder ("none": they stand alone too).
NEWSCRAWL_STATE = None
NEWSCRAWL_EMIT_UNCHANGED = False
# Seconds that a live run waits for another to let go of the state, when it publishes.
NEWSCRAWL_STATE_WAIT = 600
# Checks before publishing: "hold" keeps a drop aside where one fails, "warn" only tells, "off".
NEWSCRAWL_CHECKS = "hold"
NEWSCRAWL_MAX_PAGE_BYTES = 32 * 1024 * 1024

# Who runs the crawler: an email or web address that site owners can use; live crawls need it.
NEWSCRAWL_CONTACT = None
# Hosts in private networks that may be crawled, host or host:port, by name.
NEWSCRAWL_ALLOW_HOSTS = ""
# Gives no address of a private network; live crawls do not run without it.
TWISTED_DNS_RESOLVER = "newscrawl.net.guard.GuardedResolver"
# How much a live run asks for: pages in all, and of each site feeds, sitemaps and listings.
NEWSCRAWL_MAX_PAGES = 5_000
NEWSCRAWL_MAX_FEEDS = 50
NEWSCRAWL_MAX_SITEMAPS = 200
NEWSCRAWL_MAX_LISTINGS = 500
# The browser for pages made by scripts; without it, the first Chromium on the PATH.
NEWSCRAWL_CHROMIUM = None
# Whether pages that are an empty shell are rendered; those of a site that declares it are.
NEWSCRAWL_RENDER_SHELLS = False
# Where every answer of a live run is kept ("none": nowhere), how ("gzip" or "zstd"), and how
# long: captures older than so many days go, and the oldest ones above so many bytes.
NEWSCRAWL_CAPTURE = "captures"
NEWSCRAWL_CAPTURE_COMPRESSION = "gzip"
NEWSCRAWL_CAPTURE_KEEP_DAYS = None
NEWSCRAWL_CAPTURE_KEEP_BYTES = None

LOG_LEVEL = "INFO"
LOG_FORMATTER = "newscrawl.logformatter.NewsLogFormatter"
# No port is opened for anybody to steer a crawl by.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
ROBOTSTXT_OBEY = True
# Items of one page one after the other: the pipelines do not wait for anything.
CONCURRENT_ITEMS = 1
