"""Articles that nobody wrote: for sites that are built to be read, in five languages.

Every article has a headline, a text of paragraphs with a subhead among them, a writer, a section,
tags and a time of its own, drawn by lot from slots, so that what a reader makes of it can be
compared with what it is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Words:
    """A language's words. `{a}`, `{b}` are things, `{v}` is done to them, `{name}` says so."""

    things: tuple[str, ...]
    verbs: tuple[str, ...]
    headline: tuple[str, ...]
    sentences: tuple[str, ...]
    subheads: tuple[str, ...]
    names: tuple[str, ...]
    sections: tuple[str, ...]
    title: str
    gap: str = " "


WORDS = {
    "en": Words(
        ("bridge", "orchard", "ferry", "tram", "school", "quarry", "market", "library", "clinic", "mill"),
        ("reopens", "delays", "defends", "expands", "reviews", "loses"),
        ("{A} {v} {b} plan", "{A} and {b} agree on a new timetable", "Why the {a} {v} its {b}",
         "{n} years on, the {a} {v} the {b} again"),
        ("The {a} office said on Monday that the {b} would be settled before the season begins.",
         "Residents near the {a} asked why the {b} had taken {n} months to appear.",
         "“We did not expect the {a} to touch the {b},” said {name}, who runs a workshop by the water.",
         "Engineers measured the {a} at {n} points and found cracks in {m} of them.",
         "A second vote on the {b} is planned once the {a} survey has been printed and checked.",
         "According to figures read out at the meeting, {n} percent of the {a} budget went to the {b}.",
         "The {a} union, which has {n} members, wants the {b} to be put off until the spring.",
         "Nobody could say who had signed the letter about the {a}, or when.",
         "It is the {m}th time since the flood that the {a} has asked the {b} for help."),
        ("What happens next", "A long wait for the {a}", "The {b} in numbers"),
        ("Ilsa Marten", "Osman Ferrel", "Nadia Quill", "Greta Lund"),
        ("Economy", "City", "Culture"), "Lowland Courier",
    ),
    "de": Words(
        ("Brücke", "Obsthalle", "Fähre", "Straßenbahn", "Schule", "Mühle", "Markthalle", "Bücherei", "Klinik", "Werft"),
        ("eröffnet", "verschiebt", "verteidigt", "vergrößert", "prüft", "verliert"),
        ("{A} {v} den Plan der {b}", "{A} und {b} einigen sich auf neuen Fahrplan", "Warum die {a} ihre {b} {v}",
         "Nach {n} Jahren: {a} {v} die {b} noch einmal"),
        ("Das Amt der {a} teilte am Montag mit, über die {b} werde vor der Saison entschieden.",
         "Anwohner der {a} wollten wissen, warum die {b} {n} Monate gebraucht hat.",
         "„Dass die {a} auch die {b} trifft, haben wir nicht erwartet“, sagte {name}, die am Wasser arbeitet.",
         "Fachleute haben die {a} an {n} Stellen vermessen und an {m} davon Risse gefunden.",
         "Über die {b} wird noch einmal abgestimmt, sobald das Gutachten zur {a} gedruckt ist.",
         "Den Zahlen der Sitzung zufolge gingen {n} Prozent vom Etat der {a} an die {b}.",
         "Die Gewerkschaft der {a} hat {n} Mitglieder und will die {b} erst im Frühjahr.",
         "Wer den Brief an die {a} unterschrieben hat, konnte niemand sagen."),
        ("Wie es weitergeht", "Langes Warten auf die {a}", "Die {b} in Zahlen"),
        ("Ilsa Marten", "Jörg Ohlsen", "Nadja Quell", "Greta Lund"),
        ("Wirtschaft", "Stadt", "Kultur"), "Unterland Kurier",
    ),
    "ru": Words(
        ("мост", "паром", "завод", "причал", "рынок", "музей", "вокзал", "карьер"),
        ("открывает", "откладывает", "защищает", "расширяет", "проверяет", "теряет"),
        ("Городской {a} снова {v} {b}", "Почему {a} {v} старый {b}", "Через {n} лет {a} опять {v} {b}",
         "Новый {a} и старый {b} договорились о расписании"),
        ("В понедельник {a} сообщил, что {b} приведут в порядок до начала сезона.",
         "Жители спросили, почему {b} ждали {n} месяцев и кто за это ответит.",
         "«Мы не думали, что {a} заденет и {b}», — сказала {name}, которая работает у воды.",
         "Инженеры измерили {a} в {n} местах и в {m} из них нашли трещины.",
         "По данным собрания, на {b} ушло {n} процентов всех денег, которые получил {a}.",
         "Профсоюз, в котором {n} человек, хочет отложить {b} до весны.",
         "Кто подписал письмо про {a}, никто так и не смог сказать."),
        ("Что будет дальше", "Долгое ожидание", "Цифры и сроки"),
        ("Ада Марль", "Отто Намм", "Стелла Ом"),
        ("Экономика", "Город", "Культура"), "Низовой курьер",
    ),
    "es": Words(
        ("puente", "mercado", "molino", "tranvía", "museo", "puerto", "huerto", "hospital"),
        ("reabre", "aplaza", "defiende", "amplía", "revisa", "pierde"),
        ("El {a} {v} el plan del {b}", "Por qué el {a} {v} su {b}", "Tras {n} años, el {a} {v} otra vez el {b}",
         "El {a} y el {b} acuerdan un horario nuevo"),
        ("La oficina del {a} dijo el lunes que el {b} quedará listo antes de la temporada.",
         "Los vecinos del {a} preguntaron por qué el {b} había tardado {n} meses.",
         "«No esperábamos que el {a} tocara el {b}», dijo {name}, que tiene un taller junto al agua.",
         "Los ingenieros midieron el {a} en {n} puntos y hallaron grietas en {m} de ellos.",
         "Según las cifras leídas en la reunión, el {n} por ciento del dinero del {a} fue al {b}.",
         "El sindicato del {a}, con {n} miembros, quiere dejar el {b} para la primavera.",
         "Nadie supo decir quién firmó la carta sobre el {a}, ni cuándo."),
        ("Qué pasará ahora", "Una larga espera", "El {b} en cifras"),
        ("Ilsa Martén", "Osmán Ferrel", "Nadia Quiroga"),
        ("Economía", "Ciudad", "Cultura"), "Correo del Bajo",
    ),
    "zh": Words(
        ("大桥", "果园", "渡船", "电车", "学校", "采石场", "市场", "图书馆", "诊所", "磨坊"),
        ("重新开放", "推迟", "保留", "扩建", "审查", "失去"),
        ("{a}{v}{b}计划引发讨论", "{a}与{b}商定新的时刻表", "为什么{a}今年{v}{b}", "{n}年之后{a}再次{v}{b}"),
        ("{a}办公室星期一表示，{b}的问题将在旺季开始之前解决。", "{a}附近的居民问，为什么{b}等了{n}个月才出现。",
         "“我们没有想到{a}会影响{b}，”在水边开作坊的{name}说。", "工程师在{n}个地点测量了{a}，发现其中{m}处有裂缝。",
         "根据会议上宣读的数字，{a}的经费有百分之{n}用在了{b}上。", "{a}工会有{n}名成员，他们希望{b}推迟到春天再说。",
         "没有人说得出是谁在关于{a}的信上签了字。"),
        ("接下来会怎样", "漫长的等待", "{b}的数字"),
        ("马伊莎", "费奥斯", "桂娜蒂"),
        ("经济", "城市", "文化"), "低地信使报", "",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Invented:
    """An article.

    Attributes:
        number: from 0, the newest first.
        paragraphs: its text; `subhead` stands before the paragraph of that number.
    """

    number: int
    headline: str
    paragraphs: tuple[str, ...]
    subhead: tuple[int, str] | None
    author: str
    section: str
    tags: tuple[str, ...]
    published: datetime

    @property
    def slug(self) -> str:
        """Its name in addresses: no words of the headline, so that files say nothing."""
        return f"report-{self.number + 1}"


def invent(language: str, count: int, seed: int = 1) -> list[Invented]:
    """Invent a site's articles, the newest first."""
    rng, words = random.Random(f"{language} {seed}"), WORDS[language]
    day = datetime(2026, 10, 27, 18, 30)
    articles: list[Invented] = []
    while len(articles) < count:
        headline = _fill(rng, rng.choice(words.headline), words)
        if any(headline == other.headline for other in articles):
            continue
        paragraphs = []
        for _ in range(rng.randint(3, 8)):
            said = rng.sample(words.sentences, rng.randint(2, 4))
            paragraphs.append(words.gap.join(_fill(rng, sentence, words) for sentence in said))
        subhead = None
        if len(paragraphs) > 4:
            subhead = rng.randint(2, 3), _fill(rng, rng.choice(words.subheads), words)
        articles.append(
            Invented(
                len(articles), headline, tuple(paragraphs), subhead, rng.choice(words.names),
                rng.choice(words.sections), tuple(rng.sample(words.things, 2)), day,
            )
        )  # fmt: skip
        day -= timedelta(hours=rng.randint(9, 60), minutes=rng.randint(0, 59))
    return articles


def _fill(rng: random.Random, template: str, words: Words) -> str:
    a, b = rng.sample(words.things, 2)
    return template.format(
        a=a, b=b, A=a[:1].upper() + a[1:], v=rng.choice(words.verbs), n=rng.randint(12, 90),
        m=rng.randint(4, 9), name=rng.choice(words.names),
    )  # fmt: skip
