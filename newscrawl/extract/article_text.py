"""From an article's raw text to its body and what stands around it.

The raw text holds one line an element, a blank line between blocks. What is no part of
the body is taken out and kept: bylines, datelines, credits, captions, the footers that
syndication adds, and furniture ("Continue reading…"). Each rule is about a line as a
whole, so that a sentence of the body that begins alike stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from newscrawl.dates import parse_date
from newscrawl.extract.shortcodes import split_credit, take_shortcodes
from newscrawl.extract.typography import fold, squeeze
from newscrawl.items import Author, Image, RemovedBlock

_PUBLISHED_ON = re.compile(
    r"(?:This|The) (?:post|article|story) was originally published (?:on|by|at|in) (?P<publisher>.+)",
    re.IGNORECASE,
)
_FIRST_PUBLISHED = re.compile(
    r"(?:Originally|First) published (?:on|by|at|in) (?P<publisher>[^\W\d_a-z][^\d]{2,60})"
)
# WordPress' own feed footer; T may hold "appeared first on" itself, so X is what follows the last.
_APPEARED_FIRST = re.compile(
    r"The (?:post|article) (?P<headline>.+) (?:first appeared|appeared first) on (?P<publisher>.+)",
    re.IGNORECASE,
)
# WordPress' feed footer as its translations have it.
_APPEARED_ELSEWHERE = (
    r"(?:Der|Dieser) (?:Beitrag|Artikel|Text)(?P<headline>.{0,300}) erschien zuerst (?:auf|bei|in) (?P<publisher>.+)",
    r"(?:Der|Dieser) (?:Beitrag|Artikel|Text)(?P<headline>.{0,300}) ist zuerst (?:auf|bei|in) (?P<publisher>.{2,80}) erschienen\.?",
    r"(?:La entrada|Esta entrada|El artículo)(?P<headline>.{0,300}) (?:se publicó primero|apareció primero) en (?P<publisher>.+)",
    r"L[’'](?:article|entrée)(?P<headline>.{0,300}) est apparue? en premier sur (?P<publisher>.+)",
    r"(?:Сообщение|Запись|Статья)(?P<headline>.{0,300}) (?:появил[аио]?с[ья]|впервые появилась) (?:сначала|впервые)? ?(?:на|в) (?P<publisher>.+)",
    r"(?:Запис|Стаття)(?P<headline>.{0,300}) (?:спершу|вперше) (?:з[’']явив?с[яь]|з[’']явиться|з[’']явилася) (?:на|в) (?P<publisher>.+)",
    r"L[’']articolo(?P<headline>.{0,300}) (?:proviene da|sembra essere il primo su) (?P<publisher>.+)",
    r"O post(?P<headline>.{0,300}) apareceu primeiro em (?P<publisher>.+)",
    r"Het bericht(?P<headline>.{0,300}) verscheen eerst op (?P<publisher>.+)",
    r"(?:Artykuł|Wpis)(?P<headline>.{0,300}) (?:pochodzi z serwisu|pojawił się (?:najpierw|po raz pierwszy) (?:w|na)) (?P<publisher>.+)",
    r"(?P<headline>.{0,300})(?:Bu yazı|yazısı) ilk (?:önce|olarak) (?P<publisher>.{2,80}?)(?: üzerinde ortaya çıktı|[’'](?:de|da|te|ta) yayınlandı)",
)
_APPEARED_IN_LANGUAGES = tuple(re.compile(form, re.IGNORECASE) for form in _APPEARED_ELSEWHERE)
_LONGEST_FOOTER = 500
_RIGHTS_LINE = re.compile(
    r"(?:Copyright|©|\(c\))\s?(?:©\s?|\(c\)\s?)?(?:19|20)\d\d\b", re.IGNORECASE
)
# A label that stands over or under an advertisement, and is all that its line says.
_ADVERTISEMENT = re.compile(
    r"(?:advertisement|advertising|anzeige|werbung|publicité|publicidad|pubblicità|publicidade"
    r"|advertentie|annons|annonse|annonce|mainos|reklama|reklam|reklaama|reklāma|hirdetés|publicitate"
    r"|реклама|жарнама|reklām|oglas|διαφήμιση|广告|廣告|広告|광고|إعلان|تبلیغات|פרסומת|โฆษณา|विज्ञापन|quảng cáo|iklan)",
    re.IGNORECASE,
)
_CREDIT_LINES = (
    re.compile(
        r"(?:Additional\s)?(?:Reporting|Writing|Editing)(?:\sand\s(?:reporting|writing|editing))?\sby\s.+",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:Written|Reported|Compiled|Edited|Translated|Produced) (?:and \w+ )?by\s.+", re.IGNORECASE
    ),
    re.compile(
        r"(?:With|Additional|With additional|With contributions?|With files?|With material)\s"
        r"(?:(?:additional|further)\s)?(?:reporting|contributions?|writing|material|files)?\s?"
        r"(?:by|from)\s.+",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:Based|Adapted) (?:on|from) (?:a |an )?(?:reporting|reports?|material|story|stories|article"
        r"|interview)s?\s(?:by|from|in|conducted by)\s.+",
        re.IGNORECASE,
    ),
    re.compile(r".+\bcontributed (?:to|reporting to|additional reporting to) this "
               r"(?:report|story|article|piece)", re.IGNORECASE),
)  # fmt: skip
# A sentence has ended and another begins: a credit line is one phrase, a paragraph is not.
# Initials ("J. Smith") and one-word abbreviations do not end one.
_SENTENCE_BREAK = re.compile(r"[^\W\d_]{3,}[.!?][”\"’']?\s+[“\"‘']?[^\W\d_]")
_MAX_CREDIT = 200

# "and" is no word of a name, or each could be read in two ways.
_NAME = r"[^\W\d_a-zа-я][\w.’'-]*+(?:\s(?!and\s)[^\W\d_][\w.’'-]*+){0,4}+"
_BYLINE = re.compile(
    rf"(?:(?P<label>[^\W\d_a-z][^a-z:]*):\s+)?By:?\s+(?P<names>{_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){_NAME})*+)"
)
_NAME_SEPARATOR = re.compile(r",\s(?:and\s)?|\sand\s|\s&\s")

# "QAPSHAGHAI, Kazakhstan —", "NUR-SULTAN —", "WASHINGTON (AP) —": the place in capitals, up to
# two parts more, then a dash and the beginning of a sentence. What an editor shouts instead
# ("BREAKING —") is no place; an acronym that a sentence begins with ("NATO — which …") goes on
# in small letters.
_DATELINE = re.compile(
    r"(?P<dateline>(?P<place>[^\W\d_a-z][^a-z,(—–]{2,40}?)(?:,\s[^\W\d_a-z][^,—–]{1,30}){0,2}"
    r"(?:\s\([^()]{2,30}\))?)\s?(?:—|–|--|\s-)\s?(?P<rest>[“\"‘'«]?[^\W_a-z].*)",
    re.DOTALL,
)
_ENDS_IN_DASH = re.compile(r"^.{2,60}\s(?:—|–|--|-)$")
_MAX_PLACE_WORDS = 3
_NOT_A_PLACE = frozenset(
    {
        "ALERT", "ANALYSIS", "BREAKING", "COMMENTARY", "CORRECTION", "DEVELOPING", "EDITORIAL",
        "EXCLUSIVE", "EXPLAINER", "INTERVIEW", "LIVE", "NOTE", "OPINION", "PHOTO", "PHOTOS",
        "REVIEW", "UPDATE", "UPDATED", "URGENT", "VIDEO", "WATCH",
    }
)  # fmt: skip

# How pages say that the text goes on elsewhere, in the languages that dates are read in; a list
# because each is a fixed phrase that front ends print.
_GO_ON = (
    r"(?:continue reading|read more|read the rest of this entry|keep reading"
    r"|read (?:the )?full (?:article|story)|full story"
    r"|читать (?:далее|дальше|полностью)|подробнее|читати (?:далі|повністю)|детальніше"
    r"|weiterlesen|weiter lesen|mehr lesen|ganzen artikel lesen"
    r"|seguir leyendo|leer m[áa]s|continuar leyendo|lire la suite|continuer la lecture|lire plus"
    r"|continua a leggere|leggi tutto|leggi di più|leia mais|continue lendo|continuar a ler|ler mais"
    r"|devamını oku|devamı|haberin devamı|daha fazla oku|ətraflı oxu|davamını oxu"
    r"|czytaj (?:dalej|więcej)|lees (?:meer|verder)|verder lezen|läs (?:mer|vidare)|les mer|læs mere"
    r"|lue lisää|číst (?:dál|více)|čítať ďalej|tovább olvasom|citește mai (?:mult|departe)"
    r"|толығырақ(?: оқу)?|толук окуу|давоми|davomi|batafsil|baca selengkapnya|đọc tiếp|xem tiếp"
    r"|阅读全文|阅读更多|继续阅读|查看全文|閱讀更多|繼續閱讀|続きを読む|もっと読む|더 읽기|전문 보기|계속 읽기"
    r"|اقرأ المزيد|أكمل القراءة|ادامه مطلب|بیشتر بخوانید|קרא עוד|המשך קריאה|อ่านต่อ|आगे पढ़ें)"
)
_GO_ON_MARK = r"(?:…|\.{2,3}|→|»|›|>{1,2}|&rarr;|\[…\])"
_READ_MORE = re.compile(rf"\(?(?:{_GO_ON})(?:\b[^.!?]{{0,80}})?\s?{_GO_ON_MARK}?\)?", re.IGNORECASE)
_READ_MORE_TAIL = re.compile(
    rf"\(?{_GO_ON}(?:\s“[^”]{{0,120}}”)?\s?(?P<mark>{_GO_ON_MARK})?\)?", re.IGNORECASE
)
_TAIL_STARTS = re.compile(r"(?<=[.!?…\]。！？»”])\s*|\s+")
_TAIL = 80
# An ended sentence is no invitation to go on; most texts end as one.
_SENTENCE_MARKS = (".", "!", "?", "。", "！", "？", "۔", "।")
_CUT_MARK = re.compile(r"\s*(?:\[\s*(?:…|\.{3}|&hellip;)\s*\]|\(…\))\s*$")
_ELLIPSIS_AT_END = re.compile(r"(?:…|\.{3})[”\"’']?$")
_INVITATIONS = (
    re.compile(r"To (?:subscribe|sign up|unsubscribe|listen|donate)\b.{0,60}\bclick here\b.{0,20}", re.IGNORECASE),
    re.compile(r"(?:Listen to|Watch|Download) the (?:podcast|episode|video)\b.{0,40}\b(?:or )?subscribe\b.{0,160}",
               re.IGNORECASE),
    re.compile(r"(?:Click here to|Sign up (?:here|now|for)|Subscribe (?:here|now|today))\b.{0,120}", re.IGNORECASE),
)  # fmt: skip
_NEWSLETTER_HEADING = re.compile(
    r"(?:Subscribe|Sign up)\b.{0,60}\b(?:newsletter|briefing|digest)s?\W*", re.IGNORECASE
)
_NEWSLETTER_PARAGRAPHS = 4
_MAX_DATE_LINE = 60
_DIGIT = re.compile(r"\d")
_AT_LEAST_A_DAY = frozenset(("second", "minute", "hour", "day"))
_CAPTION_CREDIT = re.compile(
    r".{10,360}[.!?”\"\s]\s*(?:Image|Photo|Photograph|Picture)(?: credit)?:\s\S[^.:]{1,80}\.?"
)
_MAX_CAPTION = 400
_MAX_CREDITED = 500
_MAX_PUBLISHER_LINE = 300


@dataclass(slots=True)
class ArticleText:
    """An article's text, sorted out.

    Attributes:
        paragraphs: the body, in order.
        headline: from a feed footer, or None.
        authors, dateline, publisher, credits, images: as their names say.
        is_truncated: the page showed only the beginning.
        furniture: what was taken out and is kept nowhere else.
    """

    paragraphs: list[str] = field(default_factory=list)
    headline: str | None = None
    authors: list[Author] = field(default_factory=list)
    dateline: str | None = None
    publisher: str | None = None
    credits: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    is_truncated: bool = False
    furniture: list[RemovedBlock] = field(default_factory=list)

    def remove(self, text: str, reason: str) -> None:
        """Log a block that leaves the body."""
        self.furniture.append(RemovedBlock(text=text, reason=reason))


@dataclass(slots=True)
class _Line:
    text: str
    begins_block: bool


def read_article_text(raw: str) -> ArticleText:
    """Sort out an article's raw text.

    Args:
        raw: one line an element, a blank line between blocks.

    Returns:
        The body and everything that was found around it.
    """
    result = ArticleText()
    shortcodes = take_shortcodes(raw)
    result.images = shortcodes.images
    result.is_truncated = shortcodes.is_cut
    for tag in shortcodes.removed:
        result.remove(tag, "shortcode")
    lines = _split(shortcodes.text)
    for step in (_take_advertisements, _take_line_under_credit, _take_date_at_end, _take_tail, _take_byline, _take_date_line, _take_newsletter_boxes, _take_captions,
                 _take_credits, _take_invitations):  # fmt: skip
        lines = step(lines, result)
    result.paragraphs = [line.text for line in lines]
    _mark_truncation(result)
    _take_credit_at_end(result)
    _take_dateline(result)
    if result.dateline is None:
        _take_agency_dateline(result)
    return result


def _split(text: str) -> list[_Line]:
    lines = []
    begins_block = True
    for line in text.split("\n"):
        stripped = squeeze(line)
        if stripped:
            lines.append(_Line(stripped, begins_block))
        begins_block = not stripped
    return lines


def _take_advertisements(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """Labels of advertisements go, wherever they stand."""
    rest = []
    for line in lines:
        if len(line.text) <= _MAX_LABEL and _ADVERTISEMENT.fullmatch(line.text.strip("-–— :[]()")):
            result.remove(line.text, "advertisement")
        else:
            rest.append(line)
    return rest


_MAX_LABEL = 24


_UNDER_CREDIT = re.compile(r"[^\W\d_a-z][^.:!?]{2,40}:\s\S[^!?]{2,70}")
"""What an agency prints under its closing credit: a label and a title."""


def _take_line_under_credit(lines: list[_Line], result: ArticleText) -> list[_Line]:
    if len(lines) < 3 or not _UNDER_CREDIT.fullmatch(lines[-1].text):
        return lines
    if not _is_credit(lines[-2].text):
        return lines
    result.remove(lines[-1].text, "agency-line")
    return lines[:-1]


def _take_date_at_end(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """A last line that is a day behind a word or two says when the page was printed or changed."""
    if len(lines) < _MIN_ABOVE_DATE or len(lines[-1].text) > _MAX_DATE_LINE:
        return lines
    words = lines[-1].text.rstrip(".").split()
    for count in (1, 2):
        if len(words) > count and words[0][0].isalpha() and _is_date(" ".join(words[count:])):
            result.remove(lines[-1].text, "date-line")
            return lines[:-1]
    return lines


_MIN_ABOVE_DATE = 3


def _take_tail(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """Peel what syndication put under the text, from the end."""
    rest = list(lines)
    while rest and any(rule(rest[-1].text, result) for rule in _TAIL_RULES):
        rest.pop()
    result.credits.reverse()
    return rest


def _take_published_on(text: str, result: ArticleText) -> bool:
    if len(text) > _MAX_PUBLISHER_LINE:
        return False
    match = _PUBLISHED_ON.fullmatch(text) or _FIRST_PUBLISHED.fullmatch(text)
    if not match:
        return False
    # The last such line is this page's own; one above it would be a copy's copy.
    result.publisher = _without_full_stop(match["publisher"])
    result.remove(text, "publisher-line")
    return True


def _take_feed_footer(text: str, result: ArticleText) -> bool:
    if len(text) > _LONGEST_FOOTER:
        return False
    match = _APPEARED_FIRST.fullmatch(text) or next(
        (found for form in _APPEARED_IN_LANGUAGES if (found := form.fullmatch(text))), None
    )
    if not match:
        return False
    result.headline = result.headline or squeeze(match["headline"]).strip(" „“«»\"'") or None
    result.publisher = result.publisher or _without_full_stop(match["publisher"])
    result.remove(text, "feed-footer")
    return True


def _take_read_more(text: str, result: ArticleText) -> bool:
    if len(text) > _MAX_CREDIT or not _READ_MORE.fullmatch(text):
        return False
    # A label over links to other articles ends in a colon, and is no cut.
    result.is_truncated = result.is_truncated or not text.endswith((":", "："))
    result.remove(text, "read-more")
    return True


def _take_rights_line(text: str, result: ArticleText) -> bool:
    """What agencies print under their text: who holds the rights in it, and since when."""
    if len(text) > _MAX_PUBLISHER_LINE or not _RIGHTS_LINE.match(text):
        return False
    result.remove(text, "rights-line")
    return True


def _take_credit(text: str, result: ArticleText) -> bool:
    if not _is_credit(text):
        return False
    result.credits.append(text)
    return True


_TAIL_RULES: tuple[Callable[[str, ArticleText], bool], ...] = (
    _take_published_on,
    _take_feed_footer,
    _take_read_more,
    _take_rights_line,
    _take_credit,
    lambda text, result: _take_invitation(text, result),
)


def _without_full_stop(name: str) -> str:
    """The sentence's own full stop goes, one in the name stays ("PopularResistance.Org.")."""
    return squeeze(name).removesuffix(".").strip(' "„“”«»')


def _is_credit(text: str) -> bool:
    return (
        len(text) <= _MAX_CREDIT
        and any(pattern.fullmatch(text.removesuffix(".")) for pattern in _CREDIT_LINES)
        and not _SENTENCE_BREAK.search(text)
    )


def _take_credits(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """Credits above the tail: only without a full stop, which prose has."""
    above = [line.text for line in lines if not line.text.endswith(".") and _is_credit(line.text)]
    result.credits = above + result.credits
    return [line for line in lines if line.text not in above]


def _take_byline(lines: list[_Line], result: ArticleText) -> list[_Line]:
    if not lines or len(lines[0].text) > _MAX_CREDIT:
        return lines
    match = _BYLINE.fullmatch(lines[0].text)
    if not match:
        return lines
    result.authors = [Author(name=name) for name in _NAME_SEPARATOR.split(match["names"])]
    result.remove(lines[0].text, "byline")
    return lines[1:]


def _take_date_line(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """A day that stands alone above the text says when it was printed, and is none of it."""
    if len(lines) < 2 or not _is_date(lines[0].text):
        return lines
    if any(_is_date(line.text) for line in lines[1:]):
        return lines  # a chronicle, whose days are its headings
    result.remove(lines[0].text, "date-line")
    return lines[1:]


def _is_date(text: str) -> bool:
    if len(text) > _MAX_DATE_LINE or not _DIGIT.search(text):
        return False
    found = parse_date(text)
    return found is not None and found.precision in _AT_LEAST_A_DAY


def _take_newsletter_boxes(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """A box has its own heading and ends with its own invitation, a few paragraphs on."""
    rest: list[_Line] = []
    at = 0
    while at < len(lines):
        end = _newsletter_end(lines, at)
        if end is None:
            rest.append(lines[at])
            at += 1
        else:
            for line in lines[at:end]:
                result.remove(line.text, "newsletter-box")
            at = end
    return rest


def _newsletter_end(lines: list[_Line], start: int) -> int | None:
    """The line after a box; a heading whose invitation is further off is a box by itself."""
    if not _NEWSLETTER_HEADING.fullmatch(lines[start].text):
        return None
    for at in range(start + 1, min(len(lines), start + 1 + _NEWSLETTER_PARAGRAPHS)):
        if any(pattern.fullmatch(lines[at].text) for pattern in _INVITATIONS):
            # "To subscribe, click here" refers to what was said above it; another invitation says
            # for itself what it invites to, and what stands between is the article.
            return at + 1 if _REFERS_BACK.match(lines[at].text) else start + 1
    return None


_REFERS_BACK = re.compile(r"To [a-z ]{4,20}\b", re.IGNORECASE)


def _take_captions(lines: list[_Line], result: ArticleText) -> list[_Line]:
    """Captions: printed twice in a row (alternative text and caption), or with a credit."""
    rest: list[_Line] = []
    at = 0
    while at < len(lines):
        text = lines[at].text
        copies = _count_copies(lines, at)
        following = lines[at + copies] if at + copies < len(lines) else None
        if copies == 2:
            result.images.append(_caption(lines[at + 1].text))
        elif copies > 2:
            # Three times over is a refrain, and belongs to the text.
            rest += lines[at : at + copies]
        elif (
            following
            and not following.begins_block
            and _is_caption_with_credit(following.text)
            and fold(following.text).startswith(fold(text))
        ):
            result.images.append(_caption(following.text))
            copies = 2
        elif _is_caption_with_credit(text):
            result.images.append(_caption(text))
        else:
            rest.append(lines[at])
        at += copies
    return rest


def _is_caption_with_credit(text: str) -> bool:
    return len(text) <= _MAX_CREDITED and _CAPTION_CREDIT.fullmatch(text) is not None


def _count_copies(lines: list[_Line], at: int) -> int:
    """How many lines in a row print the same text, whatever their quotes and dashes."""
    text = lines[at].text
    if len(text) > _MAX_CAPTION:
        return 1
    folded = None
    for end in range(at + 1, len(lines)):
        # Dashes and ellipses change a text's length by little; this spares most of the folding.
        if abs(len(text) - len(lines[end].text)) > 12:
            return end - at
        folded = folded or fold(text)
        if fold(lines[end].text) != folded:
            return end - at
    return len(lines) - at


def _caption(text: str) -> Image:
    caption, credit = split_credit(text)
    return Image(caption=caption, credit=credit)


def _take_invitation(text: str, result: ArticleText) -> bool:
    if not any(pattern.fullmatch(text) for pattern in _INVITATIONS):
        return False
    result.remove(text, "subscribe-line")
    return True


def _take_invitations(lines: list[_Line], result: ArticleText) -> list[_Line]:
    return [line for line in lines if not _take_invitation(line.text, result)]


def _read_more_at(text: str) -> int | None:
    """Where "Читать далее" begins at a text's end: behind a sentence, or with a mark of its own."""
    if text.endswith(_SENTENCE_MARKS) and not text.endswith(".."):
        return None
    tail = max(0, len(text) - _TAIL)
    for place in _TAIL_STARTS.finditer(text, tail):
        found = _READ_MORE_TAIL.fullmatch(text, place.end())
        if found and (found["mark"] or text[place.start() - 1] in ".!?…]。！？»”"):
            return place.end()
    return None


def _mark_truncation(result: ArticleText) -> None:
    if not result.paragraphs:
        return
    last = result.paragraphs[-1]
    start = _read_more_at(last)
    if start is not None:
        result.remove(squeeze(last[start:]), "read-more")
        result.is_truncated = True
        last = last[:start].rstrip()
    match = _CUT_MARK.search(last, max(0, len(last) - 160))
    if match:
        result.remove(squeeze(match[0]), "cut-mark")
        result.is_truncated = True
        last = last[: match.start()]
    if _ELLIPSIS_AT_END.search(last, max(0, len(last) - 8)):
        result.is_truncated = True
    result.paragraphs[-1:] = [last] if last else []


def _take_credit_at_end(result: ArticleText) -> None:
    """Agencies' last sentence names who wrote it, also where a line break was lost before it."""
    last = result.paragraphs[-1] if result.paragraphs else ""
    match = _CREDIT_AT_END.search(last, max(0, len(last) - _MAX_CREDIT))
    if match and match.start():
        result.credits.append(match["credit"])
        result.paragraphs[-1] = last[: match.start()].rstrip()


_CREDIT_AT_END = re.compile(
    r"(?<=[.!?”\"’])\s\(?(?P<credit>(?:Additional )?(?:Reporting|Writing) by [^.!?()]{2,120})\)?\.?\s*$"
)
# "Berlin (dpa) – ", "MADRID, 17 dic. (EUROPA PRESS) – ", "Cádiz (España), 17 dic (EFE).- ", "МОСКВА, 17 декабря. /ТАСС/. ": an
# agency's name in brackets makes a dateline of a place in small letters.
_AGENCY_DATELINE = re.compile(
    r"(?P<dateline>[^\W\d_a-zа-я][^()/\n—–]{1,50}?(?:\([^()\d]{2,30}\),[^()/\n—–]{1,30}?)?"
    r"\s?(?:\([^()\d]{2,30}\)|/[^/()\d]{2,30}/))(?:\s?[—–-]{1,2}|\.\s?[—–-]{0,2})\s+(?P<rest>[“\"‘'«„]?[^\W_a-zа-я].*)",
    re.DOTALL,
)
_MAX_AGENCY_PLACE_WORDS = 8


def _take_agency_dateline(result: ArticleText) -> None:
    match = _AGENCY_DATELINE.fullmatch(result.paragraphs[0]) if result.paragraphs else None
    if match and len(match["dateline"].split()) <= _MAX_AGENCY_PLACE_WORDS:
        result.dateline = match["dateline"].strip()
        result.paragraphs[0] = match["rest"]


def _take_dateline(result: ArticleText) -> None:
    # Some sites print it on a line of its own.
    lines = 2 if result.paragraphs and _ENDS_IN_DASH.search(result.paragraphs[0]) else 1
    text = " ".join(result.paragraphs[:lines])
    match = _DATELINE.fullmatch(text)
    if not match or match["place"] != match["place"].upper():
        return
    place = match["place"].strip()
    if place in _NOT_A_PLACE:
        return
    if place == match["dateline"].strip() and len(place.split()) > _MAX_PLACE_WORDS:
        return  # a heading; a place of so many words has its country or an agency behind it
    result.dateline = match["dateline"].strip()
    result.paragraphs[:lines] = [match["rest"]]
