"""How a site marks up its HTML pages: selectors, each with how many matches it expects.

A layout is data. The shared ones (`WORDPRESS` and others) know what the system itself
writes, whatever the theme; a site names what its theme does otherwise:
``replace(WORDPRESS, body=("div.story",))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from newscrawl.errors import LayoutError, SiteDeclarationError
from newscrawl.items import PageKind


@dataclass(frozen=True, slots=True)
class Select:
    """A CSS selector and how many matches it expects.

    Attributes:
        css: the selector; alternatives are parted by commas.
        least: fewer matches are a broken page.
        most: more matches are a broken page; None for any number.
    """

    css: str
    least: int = 0
    most: int | None = None

    def matches(self, tree: LexborHTMLParser | LexborNode) -> list[LexborNode]:
        """The matches in document order, however many there are.

        Raises:
            SiteDeclarationError: the selector is no CSS.
        """
        try:
            # A node that two alternatives match comes twice.
            return list({node.mem_id: node for node in tree.css(self.css)}.values())
        except SelectolaxError as error:
            raise SiteDeclarationError(f"{self.css!r} is no CSS selector: {error}") from None

    def nodes(self, tree: LexborHTMLParser | LexborNode, where: str) -> list[LexborNode]:
        """The matches in document order, as many as are expected.

        Args:
            tree: where to look.
            where: page, site and layout, for the message.

        Raises:
            LayoutError: there are fewer or more than expected.
            SiteDeclarationError: the selector is no CSS.
        """
        found = self.matches(tree)
        if len(found) < self.least or (self.most is not None and len(found) > self.most):
            expected = (
                f"{self.least} to {self.most}" if self.most is not None else f"{self.least} or more"
            )
            raise LayoutError(
                f"{where}: {self.css!r} matches {len(found)} times, {expected} expected; "
                "the site has changed its markup, declare a new layout"
            )
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One layout of a site's HTML pages.

    Which kind a page is, is told by its address where `paths` knows it, else by what it holds:
    `article` an article page, `person` an author page, `posts` an aggregator's page, `cards` a
    listing, asked in this order.

    Attributes:
        name: for messages.
        paths: patterns that are searched in the address behind the host, and the kind of page
            that each stands for; the first that is found counts.
        ended: the last day on which the site used it; None for the one in use.
        cards: one article of a listing or author page.
        headline, link, text, date: inside a card or post.
        posts: one whole post of an archive page that prints its posts in full, told from
            cards by `post_text`.
        post_text: the whole text inside a post.
        person: the head of an author page.
        person_name, job_title, biography, portrait: inside it.
        page_date: where the masthead prints the page's date; without it, a line of its own above
            any text is looked for, on an article's page above the article.
        article: what only an article page has.
        body: the article's own text; the generic extractor finds it where none is named.
        exclude: what stands in the body and is not part of it.
    """

    name: str
    paths: tuple[tuple[str, PageKind], ...] = ()
    ended: date | None = None
    cards: Select | None = None
    headline: Select = Select("h1, h2, h3")
    link: Select = Select("h1 a, h2 a, h3 a")
    text: Select = Select("p")
    date: Select = Select("time")
    posts: Select | None = None
    post_text: Select | None = None
    person: Select | None = None
    person_name: Select = Select("h1")
    job_title: Select | None = None
    biography: Select | None = None
    portrait: Select = Select("img")
    page_date: Select | None = None
    article: Select | None = None
    body: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


# A post of a listing; a page ("About us") has the same markup and is no news.
_POSTS = Select(
    "article.hentry:not(.type-page), article.type-post, div.hentry:not(.type-page), "
    "li.wp-block-post"
)

# What WordPress itself prints: post_class() gives hentry, block themes wp-block-post; themes
# keep entry-title, entry-summary, entry-content and posted-on since Twenty Ten (2010).
WORDPRESS = Layout(
    name="WordPress",
    cards=_POSTS,
    headline=Select(".entry-title, .wp-block-post-title, h2, h3"),
    link=Select(".entry-title a, .wp-block-post-title a, h2 a, h3 a"),
    text=Select(".entry-summary, .wp-block-post-excerpt__excerpt, .entry-content"),
    date=Select(".posted-on, .entry-date, .wp-block-post-date, time"),
    posts=_POSTS,
    post_text=Select(".entry-content, .wp-block-post-content"),
    # Cards show their author in the same boxes; body_class() says whose page it is.
    person=Select(
        "body.author .author-header, body.author .author-info, body.author .author-box, "
        "body.author .wp-block-post-author, body.author .page-header, body.author .archive-header, "
        "body.author .wp-block-query-title"
    ),
    # The archive's title is "Author: <span>Name</span>", in the site's language.
    person_name=Select(
        ".author-title, .author-name, .wp-block-post-author__name, h1 .vcard, h1 > span, "
        "h1:not(:has(span)), h2:not(:has(span))"
    ),
    job_title=Select(".author-job-title, .author-role, .author-position"),
    biography=Select(
        ".author-bio, .author-description, .wp-block-post-author__bio, .archive-description"
    ),
    portrait=Select("img.avatar, .wp-block-post-author__avatar img, img"),
    page_date=Select(".site-date, .header-date, .masthead-date, .masthead__date, .current-date"),
    article=Select("body.single, body.single-post"),
    body=(".entry-content", ".wp-block-post-content"),
    exclude=(
        ".sharedaddy", ".jp-relatedposts", ".author-box", ".author-info", ".post-navigation",
        ".wp-block-post-navigation-link", ".wp-block-latest-posts", ".wp-block-buttons",
    ),
)  # fmt: skip

# Ghost's default theme Casper and those made from it.
GHOST = Layout(
    name="Ghost",
    cards=Select("article.post-card"),
    headline=Select(".post-card-title"),
    link=Select("a.post-card-content-link, a.post-card-image-link"),
    text=Select(".post-card-excerpt"),
    date=Select("time.post-card-meta-date, time"),
    person=Select(".author-profile-content, .gh-author-header"),
    person_name=Select("h1"),
    biography=Select(".author-profile-bio, .gh-author-bio"),
    article=Select("body.post-template"),
    body=(".gh-content", ".post-content"),
    exclude=(".gh-post-upgrade-cta", ".kg-signup-card", ".kg-bookmark-card"),
)

# Drupal's node template and views; block_class and Olivero, Bartik keep these names.
DRUPAL = Layout(
    name="Drupal",
    cards=Select("article.node--view-mode-teaser, .views-row article, .node-teaser"),
    headline=Select(".node__title, h2, h3"),
    link=Select(".node__title a, h2 a, h3 a"),
    text=Select(".field--name-body, .field-name-body"),
    date=Select(".node__meta time, .field--name-created, .submitted, time"),
    article=Select("article.node--view-mode-full, .page-node-type-article article.node"),
    body=("article.node--view-mode-full .field--name-body",),
)

# Arc XP's own blocks.
ARC = Layout(
    name="Arc",
    cards=Select(".b-results-list__wrapper, .story-card, .b-card-list__list-item"),
    headline=Select("h2, h3, .c-heading"),
    link=Select("h2 a, h3 a, a.c-link"),
    text=Select("p, .c-paragraph"),
    date=Select("time, .c-date"),
    article=Select("article.b-article-body, .article-body-wrapper"),
    body=("article.b-article-body", ".article-body-wrapper"),
    exclude=(".b-article-body__interstitial-link", ".c-interstitial"),
)

SYSTEMS = (WORDPRESS, GHOST, DRUPAL, ARC)
"""The shared layouts, tried on pages of sites that nobody declared."""
