"""The names of people: told from other text, split where joined, without what is around them."""

import re
from collections.abc import Iterable

from newscrawl.extract.html.structured import Person
from newscrawl.extract.typography import fold

MAX_NAME_CHARS = 60
_MAX_JOINED_CHARS = 5_000
_MAX_PEOPLE = 500
"""Some papers of physics have more; a page that names more has something else in that place."""

WORKS = (
    r"written|posted|published|story|words|text|reported|reporting|article|submitted|geschrieben|verfasst|"
    r"veröffentlicht|écrit|publié|rédigé|recueillis|texte|escrito|publicado|texto|skrevet|skriven|geschreven|tekst|"
    r"ditulis"
)
"""What stands before "by", in a pattern: participles and nouns."""


def is_full_name(name: str) -> bool:
    """Tell whether a text that nothing calls a name can be one: two to four words, all letters."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and all(word.strip(".'’").replace("-", "").isalpha() for word in words)
        and looks_like_name(name)
        and not _ROLE.search(name)
    )


def named(text: str, *, said: bool) -> tuple[Person, ...]:
    """Return the names in what a byline says; what is not said to be one must look like a name."""
    people = tidied([Person(text)])
    if (
        said
        and len(people) == 1
        and len(people[0].name.split()) == 1
        and len(text) < MAX_NAME_CHARS
    ):
        return people if _is_word(people[0].name) else ()
    return tuple(person for person in people if looks_like_name(person.name))


def _is_word(name: str) -> bool:
    return (
        len(name) > (2 if name.isascii() else 1)
        and name.isalnum()
        and not _HAN_PROSE.search(name)
        and name not in _PARTICLES
        and name.lower() not in _NOT_NAMES
    )


_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "het",
        "ter",
        "ten",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "af",
        "av",
        "zu",
        "zur",
        "y",
        "e",
        "i",
        "bint",
        "ben",
        "the",
    ]
)
_DAYS_AND_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_NOT_NAMES = frozenset(
    [
        *_DAYS_AND_MONTHS,
        *(word[:3] for word in _DAYS_AND_MONTHS),
        "all posts",
        "author",
        "authors",
        "comments",
        "contributors",
        "experts",
        "follow",
        "facebook",
        "fact checked",
        "instagram",
        "learn more",
        "linkedin",
        "login",
        "read more",
        "share",
        "subscribe",
        "the author",
        "twitter",
        "type",
        "updated",
        "view all posts",
        "writer",
        "editor",
    ]
)


_HAN_PROSE = re.compile(r"[\u3040-\u30fa\u30fc-\u30ff\u4e00-\u9fff]{7}")
"""More letters in a row than a name has in Chinese or Japanese, where a dot parts a foreign one."""


def looks_like_name(name: str) -> bool:
    """Tell whether a printed text can be somebody's name."""
    words = name.split()
    return (
        1 <= len(words) <= 6
        and (3 if name.isascii() else 2) <= len(name) <= MAX_NAME_CHARS
        and not _HAN_PROSE.search(name)
        and not any(character in "?!:@#<>{}[]…*»/" for character in name)
        and all(word in _PARTICLES or not word[0].islower() for word in words)
        and not (name[-1] == "." and len(words[-1]) > 4)
        and fold(name).rstrip(".") not in _NOT_NAMES
        and name[0].isalnum()
        and name not in _PARTICLES
    )


_DIGIT = re.compile(r"\s*\d")
_PREFIX = re.compile(
    rf"^\W*((?:{WORKS}|author|authors|autor|autorin|auteur|редактор|автор|penulis|yazar|(?:本[报報])?[记記]者)"
    r"\b\s{0,3}[:：]?\s{0,3})?(by|von|par|por|di|door|av|af|oleh|od|przez)?\b(\s{0,3}[:：])?\s+",
    re.IGNORECASE,
)
# Names are anybody's: no run of characters is looked at more than once.
_ADDRESS = re.compile(
    r"(?:(?<![\s,;|(<\[])[\s,;|(<\[]++|^)[^\s@(<\[,;|]*+@[\w.-]++[)>\]]*+"
    r"|(?:(?<![\s,;|(<\[])[\s,;|(<\[]++)?+(?:https?://|www\.)\S++",
    re.IGNORECASE,
)
OTHER_WORK = re.compile(
    r"\b(?:(?:medically\s|expert\s|fact[\s-]?)?(?:reviewed|checked|edited|translated|illustrated|"
    r"photographed|verified|updated|approved)\sby|(?:photos?|photography|photographs?|pictures?|images?|illustrations?|"
    r"videos?|graphics?|fotos?|fotografía|bild(?:er)?|фото)(?:\s?:|\s(?:by|von|par|de|di|av|af)\b)).*$",
    re.IGNORECASE | re.DOTALL,
)
"""What a byline says of those who did something else than write."""

_END = re.compile(
    # From the first of a run of spaces alone: else each of them begins a search of the rest.
    r"(?<!\s)\s*(?:[|•·⋅/｜]|\d|\s[-–—]\s|[,.]?\s(?:(?:last\s)?updated|published|(?-i:on|in|for|at)\b)).*$",
    re.IGNORECASE | re.DOTALL,
)
AND = re.compile(
    r"\s*(?:[;&；،、，]|,\s+(?:and|und|et|y)\s|\s(?:and|AND|und|UND|et|ET|og|och|en|dan|with|és|ve|ja|și|şi|và|oraz|"
    r"и|та|και|और)\s)\s*"
)
_OR_PART_OF_A_NAME = re.compile(r"\s(?:y|e|i|a|eta|و|ו)\s")
_OTHER_WORK_PARTS = (
    " by",
    "phot",
    "fot",
    "bild",
    "imag",
    "pict",
    "video",
    "illus",
    "graphic",
    "фото",
)
_MARKS_AROUND = ",;:|(-–—*" + "".join(filter(str.isspace, map(chr, range(0x3001))))
_KOREAN_DOT = re.compile(r"(?<=[가-힣])\s?·\s?(?=[가-힣])")
_DATE_TAIL = re.compile(
    rf"(?<![\s,])[\s,]++(?:{'|'.join(f'{word}|{word[:3]}' for word in _DAYS_AND_MONTHS)})\.?$",
    re.IGNORECASE,
)
POST_NOMINAL = re.compile(
    r"(?:[A-Z]\.?){2,7}[*®]?|(?:Ph|Psy|Ed|Pharm)\.?\s?D\.?|Jr\.?|Sr\.?|Esq\.?"
)
_ROLE = re.compile(
    r"\b(?:(?:editor|reporter|correspondent|writer|director|manager|officer|expert|specialist|columnist|contributor|"
    r"producer|journalist|founder)s?|redakteur(?:in)?|korrespondent(?:in)?|reporterin|redaktions\w+|chefredakt\w+|"
    r"journaliste|correspondante?|rédact(?:eur|rice)|periodista|corresponsal|redactora?|jornalista|correspondente|"
    r"giornalista|inviat[oa]|verslaggever|redacteur|redaktör|redaktør|корреспондент|журналист(?:ка)?|обозреватель|"
    r"кореспондент|журналіст(?:ка)?|dziennikar(?:z|ka)|muhabiri?|jurnalis|wartawan|újságíró)\b",
    re.IGNORECASE,
)
_ROLE_TAIL = re.compile(
    r"^(\S+\s\S.*?)(?:\s(?:contributing|senior|staff|chief|political|guest))*"
    r"\s(?:writer|editor|reporter|correspondent|columnist)$|^(\S+)\s(?:\S{0,3}기자|특파원)$",
    re.IGNORECASE,
)
_NOBODY = frozenset(("undefined", "null", "none", "admin", "administrator", "webmaster", "guest"))


def tidied(people: Iterable[Person]) -> tuple[Person, ...]:
    """Take prefixes, roles and dates off names, split joined ones, drop repeats and addresses."""
    result: dict[str, Person] = {}
    for person in people:
        if len(result) >= _MAX_PEOPLE:
            break
        name = person.name[:_MAX_JOINED_CHARS]
        if "@" in name or "://" in name or "www." in name:
            name = _ADDRESS.sub(" ; ", name)
        name = _without_by(name)
        if any(part in name.lower() for part in _OTHER_WORK_PARTS):
            name = OTHER_WORK.sub("", name).rstrip(_MARKS_AROUND + ".")
        if "·" in name:
            name = _KOREAN_DOT.sub(", ", name)
        cut = _END.sub("", name)
        if _DIGIT.match(name, len(cut)):
            cut = _DATE_TAIL.sub("", cut)
        parts = [
            part
            for joined in AND.split(cut)
            for names in _by_comma(joined)
            for part in _by_letter(names)
        ]
        for part in parts:
            part = _ROLE_TAIL.sub(r"\1\2", part.strip(_MARKS_AROUND)).strip()
            part = _without_by(part) if part[:3].lower() == "by " else part
            key = fold(part)
            if part and "://" not in part and "@" not in part and key not in _NOBODY:
                url = person.url if len(parts) == 1 else None
                kind = person.type if len(parts) == 1 else None
                if key not in result or (url and not result[key].url):
                    result[key] = Person(part, url, kind)
    return tuple(result.values())


def _without_by(name: str) -> str:
    """Take "By" and the like off a name, but not what is one: Oleh Petrenko, Von Miller."""
    name = " " + name
    match = _PREFIX.match(name)
    if match is None:
        return name.strip()
    rest = name[match.end() :].strip()
    work, by, colon = match.groups()
    may_be_given = by and by[0].isupper() and by.lower() != "by" and not work and not colon
    return name.strip() if may_be_given and " " not in rest and rest not in _AGENCIES else rest


def _by_letter(text: str) -> list[str]:
    """Split names at "y", "e" or "i", which also stand within one: José Ortega y Gasset."""
    parts = _OR_PART_OF_A_NAME.split(text)
    return parts if all(len(part.split()) > 1 for part in parts) else [text]


def _by_comma(text: str) -> list[str]:
    """Split names at commas; put titles after a name back to it, and drop roles that follow one."""
    names: list[str] = []
    for part in map(str.strip, text.split(",")):
        if names and part not in _AGENCIES:
            if POST_NOMINAL.fullmatch(part):
                names[-1] += ", " + part
                continue
            if _ROLE.search(part):
                continue
        if part:
            names.append(part)
    return names


_AGENCIES = frozenset(
    [
        "AAP",
        "AFP",
        "ANI",
        "ANP",
        "ANSA",
        "AP",
        "APA",
        "ATS",
        "Belga",
        "Bloomberg",
        "BNS",
        "CTK",
        "DPA",
        "dpa",
        "EFE",
        "IANS",
        "Interfax",
        "KNA",
        "Lusa",
        "NTB",
        "PA",
        "PAP",
        "PTI",
        "Reuters",
        "Ritzau",
        "SID",
        "STT",
        "TASS",
        "TT",
        "UPI",
        "Xinhua",
    ]
)
