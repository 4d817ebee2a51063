"""The layouts of known publishing systems: what the system itself writes, whatever the theme."""

from __future__ import annotations

from newscrawl.page.layout import Layout, Select

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
