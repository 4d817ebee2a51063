"""The Times of Central Asia: a WordPress-based front end with a currency ticker."""

import re

from newscrawl.page.systems import WORDPRESS
from newscrawl.sites.base import Site


class TimesOfCentralAsia(Site):
    """Author pages, tag and search listings of six teasers, in English."""

    name = "timesca.com"
    domains = ("timesca.com",)
    language = "en"
    page_size = 6
    layouts = (WORDPRESS,)
    # The five Central Asian currencies against the dollar.
    text_signature = tuple(
        re.compile(rf"^\W*{code}/USD = [0-9.]+", re.MULTILINE)
        for code in ("KGS", "KZT", "TJS", "UZS", "TMT")
    )
