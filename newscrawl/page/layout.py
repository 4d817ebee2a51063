"""How a site marks up its HTML pages: selectors, each with how many matches it expects.

A layout is data. A site names what its theme does otherwise than its publishing system
(`newscrawl.page.systems`): ``replace(WORDPRESS, body=("div.story",))``.
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
        article_headline, article_date, article_author, article_section, article_image: on an
            article's page, where its theme prints them; what is not named or not there is read
            from what the page says of itself. A date's `datetime` is read before its text; of
            authors and images every match counts.
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
    article_headline: Select | None = None
    article_date: Select | None = None
    article_author: Select | None = None
    article_section: Select | None = None
    article_image: Select | None = None
    body: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
