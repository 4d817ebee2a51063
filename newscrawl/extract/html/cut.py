"""Whether a page shows only the beginning of its article, and the box that stands in for the rest.

Three things say so: structured data that names a part which one has to pay for, where that part is
not on the page; a count of words far above those that are there; and a box under the text that
offers to go on for a subscription or a registration. What the box says is no text of the article.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from selectolax.lexbor import LexborNode

from newscrawl.extract.html.body import word_count
from newscrawl.extract.html.document import HtmlDocument
from newscrawl.extract.html.structured import Json
from newscrawl.extract.html.tree import HIDDEN, NOT_READ, Block, Element

_MOST_KNOWN = 500
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


class _Words:
    """Beginnings of words in many languages, looked for at once.

    Most text is ASCII and most languages have spaces, so a third of the alternatives is tried, at
    the beginnings of words alone: twenty times faster than all of them everywhere.

    Args:
        pattern: alternatives, each of one script.
    """

    def __init__(self, pattern: str) -> None:
        ways = _alternatives(pattern)
        spaced = [way for way in ways if not _UNSPACED.search(way)]
        self._ascii = self._compiled([way for way in spaced if way.isascii()])
        self._spaced = self._compiled(spaced)
        self._known: dict[str, bool] = {}
        self._unspaced = re.compile("|".join(way for way in ways if _UNSPACED.search(way)))

    @staticmethod
    def _compiled(ways: Sequence[str]) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(ways)})", re.IGNORECASE)

    def are_in(self, text: str) -> bool:
        """Tell whether one of them stands in a text; the blocks of a page are asked repeatedly."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            found = self._known[text] = self._look(text)
        return found

    def _look(self, text: str) -> bool:
        if text.isascii():
            return self._ascii.search(text) is not None
        return self._spaced.search(text) is not None or self._unspaced.search(text) is not None


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern that stand in no group."""
    ways, depth = [""], 0
    for character in pattern:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            ways.append("")
        else:
            ways[-1] += character
    return ways


_OFFERS = _Words(
    # To subscribe, register, log in, become a member; twenty languages.
    r"subscri|\bregister\b|sign (?:up|in)\b|log ?in\b|\bmembers?(?:hip)?\b|free trial|cancel any ?time"
    r"|\babo\b|abonn|jetzt registrieren|anmelden|einloggen|\bprobemonat|jederzeit kündbar"
    r"|inscri(?:vez|re|ption)|connectez|se connecter|essai gratuit|sans engagement"
    r"|suscr[íi]b|suscripci|reg[íi]strate|iniciar? sesi[óo]n|abbonat|abbonament|registrati|accedi"
    r"|assin(?:e|ante|atura|ar)\b|cadastre|fa[çc]a login|iniciar sessão"
    r"|abonneer|abonnee|inloggen|aanmelden|registreer|prenumer|logga in|logg inn|log ind"
    r"|tilaa|tilaaja|kirjaudu|zaloguj|subskry|przedplac|předplat|předplatn|přihlaste|predplat|prihlás"
    r"|előfizet|bejelentkez|abonează|abonament|conectează|autentific"
    r"|подпис(?:ат|к|чик|ыв)|войдите|войти|зарегистр|авториз|передплат|підпис|увійд|зареєстр"
    r"|абонамент|абонира|жазыл|тіркел|кіріңіз|abone ol|abonelik|giriş yap|üye ol|kayıt ol|obuna|abunə"
    r"|συνδρομ|συνδεθ|εγγραφ|订阅|訂閱|登录|登入|注册|註冊|会员|會員|会員|ログイン|購読|구독|로그인|회원"
    r"|اشترك|تسجيل|سجل|اشتراک|عضویت|مشترك|הירש|מנוי|התחבר|สมัคร|เข้าสู่ระบบ|सदस्य|लॉग ?इन|berlangganan|đăng (?:ký|nhập)",
)
_GOES_ON = _Words(
    # That the text goes on, for whoever does; the same languages.
    r"(?:continue|keep|go on|carry on) reading|read (?:on|the rest|(?:the|this) (?:full|whole|entire|complete)|more of this)"
    r"|(?:full|whole|entire|rest of (?:the|this|our)|unlock this) (?:article|story|text|report)\b|to read (?:this|more|the)\b"
    r"|weiter ?lesen|(?:ganzen?|vollständigen?|restlichen?) (?:artikel|text|beitrag)"
    r"|lire la suite|(?:la suite de|l[’']intégralité|poursuivre|continuer (?:la|votre|à)) ?(?:cet article|lecture|lire)?"
    r"|seguir leyendo|contin[úu](?:a|e|ar)r? (?:leyendo|a leggere|a ler|lendo|la lettura)|art[íi]culo completo"
    r"|(?:intero|resto dell)[’' ]articolo|per leggere|restante (?:da|do)|matéria completa|artigo completo"
    r"|(?:verder|lees) (?:lezen|verder)|hele artikel|läs(?:a)? (?:vidare|hela)|hela artikeln|les(?:e)? (?:videre|hele)"
    r"|læs (?:videre|hele)|jatka lukemista|koko (?:juttu|artikkeli)|czytaj dalej|cały artykuł|dalsz(?:ą|ej) częś"
    r"|(?:celý|zbytek|zvyšok) (?:článk|text)|číst dál|čítať ďalej|tovább (?:olvas|a cikk)|teljes cikk|citi(?:ți|ti)? (?:mai departe|articolul)"
    r"|(?:читать|чтобы (?:про)?читать|продолж[иа]\w*) (?:далее|дальше|чтение|полностью|полный|статью)|полн\w+ (?:текст|верси)|остальн\w+ (?:текст|част)"
    r"|(?:читати|продовж\w+) (?:далі|читання|повністю)|повн\w+ (?:текст|стат)|продължи|цялата статия|толық (?:оқу|нұсқа)|жалғас"
    r"|devamını oku|(?:tamamını|haberin tamamı)|davomini|davamını|συνέχεια|ολόκληρο το|阅读全文|閱讀全文|继续阅读|繼續閱讀|全文"
    r"|続きを|記事全文|계속 읽|전문을|기사 전체|متابعة القراءة|لقراءة|ادامه (?:مطلب|متن)|המשך|לקריאת|อ่านต่อ|पूरा (?:लेख|पढ़)|आगे पढ़|selengkapnya|đọc tiếp|toàn bộ bài",
)
_WALL = re.compile(
    r"(?:pay|reg|register|registration|login|signin|subscri(?:be|ber|ption)|member|meter|data)-?_?wall",
    re.IGNORECASE,
)
"""What builders of such boxes call them: a wall that one has to pay, or to register, to pass."""

_ACCOUNT_LINK = re.compile(
    r"subscri|/(?:log-?in|sign-?(?:in|up)|register|abo|join|account|offers?|plans?|premium|membership)\b",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[€$£¥₽₴₸₺]\s?\d|\d\s?(?:[€$£¥₽₴₸₺]|EUR|USD|CHF|PLN|SEK|zł|kr)\b")
_MAX_BOX_CHARS, _MAX_BOX_BLOCKS = 1_500, 60
_MAX_BOX_SHARE = 0.1
_MIN_PARAGRAPH = 20
_FIRST = 4
"""Blocks of a box of which one says that the text goes on."""
_NEAR = 10
"""Blocks after the last paragraph within which the box begins; what pops up stands further off."""
_MAX_PREVIEW, _MAX_LONG_PREVIEW = 400, 1_500
"""Words: a page that shows more of a text has all of it more often than not, whatever selector its
structured data names (4 of 5 on real pages whose selector finds nothing). A box right under the
last paragraph is believed of a longer one."""


def offer_boxes(blocks: Sequence[Block], kept: Sequence[bool]) -> list[range]:
    """Return where boxes stand that offer to go on, under the text: ranges of blocks.

    A box is an element that holds no paragraph of the article, whose markup calls it a wall or
    whose text says that the article goes on, and which speaks of a subscription or an account: by
    its words, a form, a price or where its links lead.
    """
    long = [i for i, keep in enumerate(kept) if keep and _is_long(blocks[i])]
    most_after = _MAX_BOX_SHARE * sum(len(blocks[i].text) for i in long)
    # Behind a box stands next to nothing, so only the end of the text is looked at.
    text: list[int] = []
    after = 0
    while long and after <= most_after:
        text.insert(0, long.pop())
        if _speaks_of_offer(blocks[text[0]]):
            del text[0]
        else:
            after += len(blocks[text[0]].text)
    if not text:
        return []
    found: list[range] = []
    done = text[0]
    for i in range(text[0] + 1, min(text[-1] + _NEAR, len(blocks))):
        if i < done or blocks[i].element.context & (HIDDEN | NOT_READ):
            continue
        element = _box(blocks, kept, i)
        if element is None or not _is_offer(element, blocks):
            continue
        if sum(len(blocks[k].text) for k in text if k >= element.end) <= most_after:
            found.append(range(max(element.start, done), element.end))
            done = element.end
    return found


def is_cut(
    document: HtmlDocument, text: str, boxes: Sequence[range], end: int, is_free: bool | None
) -> bool:
    """Tell whether the page says that it shows only the beginning.

    Args:
        document: the page.
        text: the article's text on it.
        boxes: where boxes under the text offer to go on, as :func:`offer_boxes` says.
        end: the block after the text's last one.
        is_free: whether the page says that the article is for all.
    """
    words = word_count(" ".join(text.split())) if text else 0
    declared = _declared_words(document.article)
    if declared and words and _is_far_above(declared, words, len(text)):
        return True
    if declared and words >= _NEARLY_ALL * declared:
        return False
    if is_free is True:
        return False
    if words > _MAX_PREVIEW:
        return words <= _MAX_LONG_PREVIEW and any(box.start <= end for box in boxes)
    return bool(boxes) or (is_free is False and _lacks_part(document))


_NEARLY_ALL = 0.85
_FAR_ABOVE = 2
_MIN_MISSING = 100


def _declared_words(article: Json) -> int:
    value = article.get("wordCount")
    if isinstance(value, str) and value.isascii() and value.strip().isdigit() and len(value) < 9:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _is_far_above(declared: int, words: int, chars: int) -> bool:
    """Tell whether a text has far less words than declared; some pages count characters."""
    counts_chars = 0.8 * chars <= declared <= 1.5 * chars
    return declared > max(_FAR_ABOVE * words, words + _MIN_MISSING) and not counts_chars


def _lacks_part(document: HtmlDocument) -> bool:
    """Tell whether a part that has to be paid for is nowhere on the page, or empty."""
    parts = [
        part["cssSelector"]
        for part in _objects(document.article.get("hasPart"))
        if str(part.get("isAccessibleForFree")).lower().rsplit("/", 1)[-1] == "false"
        and isinstance(part.get("cssSelector"), str)
    ]
    return bool(parts) and not any(_has_text(document, selector) for selector in parts)


def _objects(value: object) -> Iterator[Json]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _has_text(document: HtmlDocument, selector: str) -> bool:
    """Tell whether a selector finds text; one that is no CSS tells nothing, so it does."""
    try:
        nodes = document.nodes([selector])
    except ValueError:
        return True
    return any(_says_enough(node) for node in nodes)


def _says_enough(node: LexborNode) -> bool:
    text = " ".join(node.text(separator=" ")[: 4 * _MAX_BOX_CHARS].split())
    return word_count(text) >= _MIN_PARAGRAPH and not (
        len(text) < _MAX_BOX_CHARS and _OFFERS.are_in(text)
    )


def _is_long(block: Block) -> bool:
    return block.words >= _MIN_PARAGRAPH and block.density < 0.5


def _is_paragraph(block: Block) -> bool:
    return _is_long(block) and not _speaks_of_offer(block)


def _speaks_of_offer(block: Block) -> bool:
    return len(block.text) < _MAX_BOX_CHARS and _OFFERS.are_in(block.text)


def _box(blocks: Sequence[Block], kept: Sequence[bool], i: int) -> Element | None:
    """Return the outermost element around a block that calls itself a wall, or whose text goes on.

    It holds no paragraph of the article, and little text. None: there is none.
    """
    element: Element | None = blocks[i].element
    if blocks[i].element.start != i:
        return None
    says = _GOES_ON.are_in(blocks[i].text[:_MAX_BOX_CHARS])
    found: Element | None = None
    while element is not None and element.start == i and _is_small(element, blocks, kept):
        if (
            says
            or _WALL.search(element.node.attributes.get("class") or "")
            or _says_on(element, blocks)
        ):
            found = element
        element = element.parent
    return found


def _says_on(element: Element, blocks: Sequence[Block]) -> bool:
    first = blocks[element.start : min(element.end, element.start + _FIRST)]
    return any(_GOES_ON.are_in(block.text) for block in first)


def _is_small(element: Element, blocks: Sequence[Block], kept: Sequence[bool]) -> bool:
    if element.end - element.start > _MAX_BOX_BLOCKS:
        return False
    own = blocks[element.start : element.end]
    return sum(len(block.text) for block in own) <= _MAX_BOX_CHARS and not any(
        keep and _is_paragraph(block)
        for block, keep in zip(own, kept[element.start : element.end], strict=True)
    )


def _is_offer(element: Element, blocks: Sequence[Block]) -> bool:
    text = " ".join(block.text for block in blocks[element.start : element.end])
    if _OFFERS.are_in(text) or _PRICE.search(text):
        return True
    node = element.node
    return node.css_first("form,button,input") is not None or any(
        _ACCOUNT_LINK.search(link.attributes.get("href") or "") for link in node.css("a[href]")
    )


def without(kept: list[bool], boxes: Iterable[range]) -> None:
    """Keep nothing of the boxes."""
    for box in boxes:
        kept[box.start : box.stop] = [False] * len(box)
