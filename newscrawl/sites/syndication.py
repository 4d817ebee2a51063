"""Aggregators made with WordPress that copy whole posts and say where from."""

import re

from newscrawl.page.systems import WORDPRESS
from newscrawl.sites.base import Site


class SyndicatedPosts(Site):
    """Archive pages of posts copied from other sites, each with its source line."""

    name = "syndicated-posts"
    language = "en"
    layouts = (WORDPRESS,)
    text_signature = (
        re.compile(r"^\s*(?:Category|Tag|Archives?):", re.MULTILINE),
        re.compile(r"^\W*This post was originally published on .+", re.MULTILINE),
    )
