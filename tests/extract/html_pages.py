"""Pages that we wrote, in the markup that real publishing systems produce."""

PARAGRAPHS = (
    "The reservoir above Karatau fell by another four centimetres on Tuesday, the regional water "
    "board said, and farmers in the three valleys below it have been told to expect a shorter "
    "irrigation season than last year.",
    "Engineers lowered the gates at dawn. By noon the level at the lower gauge had dropped to its "
    "lowest reading since records began in 1961, according to figures published on the board's "
    "website.",
    "“We have water for the orchards until the end of August, not longer,” said Aigul "
    "Sarsenova, who runs the board's measuring station. “After that it depends on the snow.”",
    "The ministry has promised two mobile pumping stations and 40 kilometres of pipe, but neither "
    "has arrived. A spokesman said on Monday that the tender would be repeated in the autumn.",
    "In the village of Besagash, where most families live off apples, people have started to mulch "
    "their rows with straw, a method that their grandparents used before the canal was built.",
)
HEADLINE = "Reservoir above Karatau falls to lowest level since 1961"

YOAST = """
<script type="application/ld+json" class="yoast-schema-graph">{"@context":"https://schema.org",
"@graph":[{"@type":"NewsArticle","@id":"https://valleypost.example/2024/07/reservoir/#article",
"isPartOf":{"@id":"https://valleypost.example/2024/07/reservoir/"},
"author":{"name":"Dana Akhmetova","@id":"https://valleypost.example/#/schema/person/1"},
"headline":"Reservoir above Karatau falls to lowest level since 1961",
"datePublished":"2024-07-16T05:30:00+00:00","dateModified":"2024-07-16T09:12:44+00:00",
"mainEntityOfPage":{"@id":"https://valleypost.example/2024/07/reservoir/"},
"publisher":{"@id":"https://valleypost.example/#organization"},
"articleSection":["Environment"],"keywords":["water","farming"],"inLanguage":"en-GB"},
{"@type":"WebPage","@id":"https://valleypost.example/2024/07/reservoir/",
"name":"Reservoir above Karatau falls - Valley Post"},
{"@type":"Organization","@id":"https://valleypost.example/#organization","name":"Valley Post"},
{"@type":"Person","@id":"https://valleypost.example/#/schema/person/1","name":"Dana Akhmetova",
"url":"https://valleypost.example/author/dana/"}]}</script>
"""


def paragraphs(tag: str = "p", attributes: str = "") -> str:
    """Return the five paragraphs in markup."""
    return "\n".join(f"<{tag}{attributes}>{text}</{tag}>" for text in PARAGRAPHS)


WORDPRESS = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="UTF-8">
<title>{HEADLINE} - Valley Post</title>
<link rel="canonical" href="https://valleypost.example/2024/07/reservoir/">
<meta property="og:type" content="article"><meta property="og:site_name" content="Valley Post">
<meta property="og:title" content="{HEADLINE} - Valley Post">
<meta property="og:description" content="Farmers have been told to expect a shorter season.">
<meta property="article:published_time" content="2024-07-16T05:30:00+00:00">
{YOAST}</head>
<body class="post-template-default single single-post">
<header id="masthead" class="site-header"><p class="site-title"><a href="/">Valley Post</a></p>
<nav class="main-navigation"><ul class="menu"><li class="menu-item"><a href="/news/">News</a></li>
<li class="menu-item"><a href="/sport/">Sport</a></li></ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main">
<article id="post-811" class="post-811 post type-post status-publish format-standard hentry category-environment">
<header class="entry-header"><h1 class="entry-title">{HEADLINE}</h1>
<div class="entry-meta"><span class="posted-on"><time class="entry-date published"
datetime="2024-07-16T10:30:00+05:00">16 July 2024</time></span>
<span class="byline">by <span class="author vcard"><a class="url fn n" rel="author"
href="https://valleypost.example/author/dana/">Dana Akhmetova</a></span></span>
<span class="reading-time">3 min read</span></div></header>
<div class="entry-content">
<figure class="wp-block-image size-large"><img src="https://valleypost.example/uploads/dam.jpg"
width="1024" height="683" alt=""><figcaption class="wp-element-caption">The dam in June. Photo: Marat
Iskakov</figcaption></figure>
{paragraphs()}
<h2 class="wp-block-heading">What comes next</h2>
<p>The board will publish new figures every Friday, and it has asked the three district councils to
name one person each who can be reached at night when the gates have to be moved.</p>
<ul class="wp-block-list"><li>Gates open on odd days until further notice, from six to nine.</li>
<li>Orchards come first, then vegetables, and lawns are not to be watered.</li></ul>
<blockquote class="wp-block-quote"><p>Water is not ours, we only pass it on to those below us in
the valley.</p></blockquote>
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a
class="share-twitter" href="#">Twitter</a></li><li><a class="share-facebook" href="#">Facebook</a>
</li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p><a href="/a/">Canal repairs
start in spring</a></p><p><a href="/b/">Apple harvest smaller than expected</a></p></div>
</div></article>
<section id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on this</h2>
<ol class="comment-list"><li class="comment"><div class="comment-content"><p>I saw the gates this
morning and it looks really bad, worse than they say.</p></div></li></ol></section>
</main><aside id="secondary" class="widget-area sidebar"><section class="widget widget_recent_entries">
<h2 class="widget-title">Recent Posts</h2><ul><li><a href="/c/">Bridge closed for repairs</a></li>
<li><a href="/d/">School year starts a week late</a></li></ul></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info">Proudly powered by WordPress</div>
</footer></body></html>""".encode()

GHOST = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE}</title>
<meta property="og:site_name" content="Hill Letters"><meta property="og:type" content="article">
<meta property="og:title" content="{HEADLINE}">
<meta property="article:published_time" content="2024-07-16T05:30:00.000Z">
<meta property="article:tag" content="Water"><meta property="article:tag" content="Farming">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Article",
"publisher":{{"@type":"Organization","name":"Hill Letters"}},
"author":{{"@type":"Person","name":"Dana Akhmetova","url":"https://hill.example/author/dana/"}},
"headline":"{HEADLINE}","datePublished":"2024-07-16T05:30:00.000Z",
"keywords":"Water, Farming","mainEntityOfPage":"https://hill.example/reservoir/"}}</script></head>
<body class="post-template tag-water"><div class="gh-viewport"><header class="gh-navigation">
<a class="gh-navigation-logo" href="/">Hill Letters</a></header>
<main class="gh-main"><article class="gh-article post tag-water"><header class="gh-article-header">
<h1 class="gh-article-title is-title">{HEADLINE}</h1>
<div class="gh-article-meta"><h4 class="gh-article-author-name"><a href="/author/dana/">Dana Akhmetova</a></h4>
<time class="gh-article-meta-date" datetime="2024-07-16">Jul 16, 2024</time> — 3 min read</div></header>
<section class="gh-content gh-canvas is-body">{paragraphs()}
<div class="kg-card kg-signup-card"><h2>Sign up for Hill Letters</h2><p>No spam. Unsubscribe anytime.</p></div>
</section></article></main><footer class="gh-footer"><div>Powered by Ghost</div></footer></div></body></html>""".encode()

DRUPAL = f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"/>
<title>{HEADLINE} | Steppe Daily</title><meta name="Generator" content="Drupal 10"/>
<link rel="shortlink" href="https://steppe.example/node/12"/>
<link rel="canonical" href="https://steppe.example/news/reservoir"/></head>
<body class="path-node page-node-type-article"><div class="layout-container">
<div class="region region-breadcrumb"><nav class="breadcrumb"><ol><li><a href="/">Home</a></li></ol></nav></div>
<main role="main"><div class="region region-content"><div class="block block-system block-system-main-block">
<article class="node node--type-article node--view-mode-full">
<h1 class="page-title"><span class="field field--name-title">{HEADLINE}</span></h1>
<footer class="node__meta"><div class="node__submitted">Submitted by <span class="field field--name-uid">
<span class="username">Dana Akhmetova</span></span> on <span class="field field--name-created">Tue, 07/16/2024 - 10:30</span></div></footer>
<div class="node__content"><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field__item">
{paragraphs()}</div></div></article></div></div></main>
<aside class="layout-sidebar-second"><div class="block block-views"><h2>Most read</h2><div class="views-row"><a href="/x">Bridge closed</a></div></div></aside>
</div></body></html>""".encode()

ARC = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} – The Plain</title>
<meta property="og:site_name" content="The Plain"><meta property="og:title" content="{HEADLINE}">
<script type="application/ld+json">{{"@context":"http://schema.org","@type":"NewsArticle","headline":"{HEADLINE}",
"datePublished":"2024-07-16T05:30:00Z","author":[{{"@type":"Person","name":"Dana Akhmetova"}},
{{"@type":"Person","name":"Ivan Petrov"}}],"publisher":{{"@type":"NewsMediaOrganization","name":"The Plain"}},
"isAccessibleForFree":"False"}}</script>
<script id="fusion-metadata" type="application/javascript">window.Fusion={{"globalContent":{{"content_elements":[]}}}};</script></head>
<body><div id="fusion-app" class="fusion-app"><div class="b-right-rail"><section class="b-right-rail__main-section">
<h1 class="b-headline">{HEADLINE}</h1><article class="b-article-body b-article-body--paywall">
{paragraphs(attributes=' class="c-paragraph paywall"')}
<div class="c-ad"><p>Advertisement</p></div></article></section>
<aside class="b-right-rail__rail"><div class="b-results-list"><h2><a href="/1">Bridge closed for repairs</a></h2>
<h2><a href="/2">School year starts late</a></h2></div></aside></div></div></body></html>""".encode()

AMP = f"""<!doctype html><html ⚡ lang="en"><head><meta charset="utf-8"><title>{HEADLINE}</title>
<link rel="canonical" href="https://valleypost.example/2024/07/reservoir/">
<style amp-boilerplate>body{{visibility:hidden}}</style></head><body>
<amp-sidebar id="sidebar" layout="nodisplay"><ul><li><a href="/">Home</a></li></ul></amp-sidebar>
<article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{HEADLINE}</h1></header>
<figure class="amp-wp-article-featured-image"><amp-img src="https://valleypost.example/dam.jpg" width="1024" height="683"></amp-img>
<figcaption>The dam in June.</figcaption></figure>
<div class="amp-wp-article-content">{paragraphs()}<amp-ad type="x" width="300" height="250"></amp-ad></div></article></body></html>""".encode()

ALL = {"wordpress": WORDPRESS, "ghost": GHOST, "drupal": DRUPAL, "arc": ARC, "amp": AMP}
