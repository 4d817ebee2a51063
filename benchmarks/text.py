"""How well text dumps of pages that nobody has seen are read.

    python benchmarks/text.py [--pages 2000] [--unseen] [--show 5] [--seed 1]

Makes pages by a grammar (language, kind of page, order of an article's lines, form of its dates,
ticker, listing mark, masthead, menus, small print, the printing tool's habits), each with its
truth, reads them as replay does and prints how many were read wholly right, how many wrongly
while the ledger said nothing, and how many rightly with a doubt. The shapes are those of real
sites' pages and of tools that people print pages with, not of the reader's rules. `--unseen` takes
the languages, orders and tools that are kept out of all tuning.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from newscrawl.errors import RejectItem
from newscrawl.items import Article, PageRecord
from newscrawl.page.fetched import Fetched
from newscrawl.pipelines.dates import DatesPipeline
from newscrawl.pipelines.text import clean_article
from newscrawl.reading.answer import Answer


@dataclass(frozen=True)
class Tongue:
    """A language's words. `ago` prints "n days ago", `day` a date in full, `by` a byline."""

    who: tuple[str, ...]
    does: tuple[str, ...]
    says: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    ago: str
    one_ago: str
    by: str
    names: tuple[str, ...]
    sections: tuple[str, ...]
    mark: str
    page: str
    more: str
    read_more: str
    comments: str
    related: str
    menu: tuple[str, ...]
    numeric: str = "{d:02d}.{m:02d}.{y}"
    gap: str = " "


TONGUES: dict[str, Tongue] = {
    "en": Tongue(
        ("The harbour board", "A dairy in Kell", "The night ferry", "Two brothers", "The county"),
        (
            "wants a longer quay",
            "sells its last barn",
            "is late again",
            "finds an old bell",
            "puts off the vote",
        ),
        (
            "The decision came after a meeting that lasted until midnight.",
            "Nobody in the hall had expected it, {name} said afterwards.",
            "Work is to begin in {n} weeks and will cost less than planned.",
            "“We have waited {n} years for this,” said {name}, who lives by the water.",
            "The town has asked for a second opinion before it pays.",
            "Figures for the last year show a fall of {n} percent.",
        ),
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        "{d} {month} {y}",
        "{n} days ago",
        "1 day ago",
        "By {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Politics", "Transport", "Schools", "Culture"),
        "Showing {a}-{b} of {t}",
        "Page {p} of {c}",
        "Load more",
        "Read more",
        "{n} Comments",
        "Related",
        ("Home", "News", "About", "Contact"),
        "{m:02d}/{d:02d}/{y}",
    ),
    "ru": Tongue(
        ("Совет гавани", "Молочный завод", "Ночной паром", "Два брата", "Администрация района"),
        (
            "просит удлинить причал",
            "продаёт последний сарай",
            "снова опаздывает",
            "находят старый колокол",
            "откладывает голосование",
        ),
        (
            "Решение приняли после собрания, которое длилось до полуночи.",
            "Никто в зале этого не ожидал, рассказала потом {name}.",
            "Работы начнутся через {n} недель и обойдутся дешевле, чем думали.",
            "«Мы ждали этого {n} лет», — сказала {name}, которая живёт у воды.",
            "Город попросил второе заключение, прежде чем платить.",
            "По данным за прошлый год, спад составил {n} процентов.",
        ),
        (
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ),
        "{d} {month} {y}",
        "{n} дней назад",
        "1 день назад",
        "Автор: {name}",
        ("Ада Марль", "Отто Намм", "Стелла Ом"),
        ("Политика", "Транспорт", "Школы", "Культура"),
        "Показано {a}–{b} из {t}",
        "Страница {p} из {c}",
        "Показать ещё",
        "Читать далее",
        "{n} комментариев",
        "Похожие материалы",
        ("Главная", "Новости", "О нас", "Контакты"),
    ),
    "de": Tongue(
        (
            "Der Hafenrat",
            "Die Molkerei in Kell",
            "Die Nachtfähre",
            "Das alte Rathaus",
            "Der Landkreis",
        ),
        (
            "will einen längeren Kai",
            "verkauft die letzte Scheune",
            "kommt wieder zu spät",
            "bekommt eine neue Glocke",
            "verschiebt die Abstimmung",
        ),
        (
            "Die Entscheidung fiel nach einer Sitzung, die bis Mitternacht dauerte.",
            "Niemand im Saal habe damit gerechnet, sagte {name} danach.",
            "Die Arbeiten beginnen in {n} Wochen und kosten weniger als geplant.",
            "„Darauf haben wir {n} Jahre gewartet“, sagte {name}, die am Wasser wohnt.",
            "Die Stadt will ein zweites Gutachten, bevor sie zahlt.",
            "Die Zahlen des Vorjahres zeigen einen Rückgang um {n} Prozent.",
        ),
        (
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        "{d}. {month} {y}",
        "vor {n} Tagen",
        "vor 1 Tag",
        "Von {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Politik", "Verkehr", "Schulen", "Kultur"),
        "Ergebnisse {a} - {b} von {t}",
        "Seite {p} von {c}",
        "Mehr laden",
        "Weiterlesen",
        "{n} Kommentare",
        "Mehr zum Thema",
        ("Startseite", "Nachrichten", "Über uns", "Impressum"),
    ),
    "es": Tongue(
        (
            "El consejo del puerto",
            "La lechería de Quel",
            "El transbordador nocturno",
            "La vieja estación",
            "El condado",
        ),
        (
            "quiere un muelle más largo",
            "vende su último granero",
            "llega tarde otra vez",
            "estrena campana",
            "aplaza la votación",
        ),
        (
            "La decisión llegó tras una reunión que duró hasta medianoche.",
            "Nadie en la sala lo esperaba, contó después {name}.",
            "Las obras empiezan dentro de {n} semanas y costarán menos de lo previsto.",
            "«Llevamos {n} años esperando esto», dijo {name}, que vive junto al agua.",
            "La ciudad ha pedido un segundo informe antes de pagar.",
            "Los datos del año pasado muestran una caída del {n} por ciento.",
        ),
        (
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ),
        "{d} de {month} de {y}",
        "hace {n} días",
        "hace 1 día",
        "Por {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Política", "Transporte", "Escuelas", "Cultura"),
        "Mostrando {a}-{b} de {t}",
        "Página {p} de {c}",
        "Cargar más",
        "Seguir leyendo",
        "{n} comentarios",
        "Relacionadas",
        ("Inicio", "Noticias", "Nosotros", "Contacto"),
        "{d:02d}/{m:02d}/{y}",
    ),
    "fr": Tongue(
        (
            "Le conseil du port",
            "La laiterie de Quel",
            "Le bac de nuit",
            "La vieille gare",
            "Le département",
        ),
        (
            "veut un quai plus long",
            "vend sa dernière grange",
            "arrive encore en retard",
            "reçoit une cloche neuve",
            "reporte le vote",
        ),
        (
            "La décision est tombée après une réunion qui a duré jusqu’à minuit.",
            "Personne dans la salle ne s’y attendait, a raconté {name}.",
            "Les travaux commencent dans {n} semaines et coûteront moins que prévu.",
            "« Nous attendons cela depuis {n} ans », a dit {name}, qui habite au bord de l’eau.",
            "La ville a demandé un second avis avant de payer.",
            "Les chiffres de l’an dernier montrent une baisse de {n} pour cent.",
        ),
        (
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        "{d} {month} {y}",
        "il y a {n} jours",
        "il y a 1 jour",
        "Par {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Politique", "Transports", "Écoles", "Culture"),
        "Résultats {a} - {b} sur {t}",
        "Page {p} sur {c}",
        "Afficher plus",
        "Lire la suite",
        "{n} commentaires",
        "À lire aussi",
        ("Accueil", "Actualités", "À propos", "Contact"),
        "{d:02d}/{m:02d}/{y}",
    ),
    "tr": Tongue(
        ("Liman kurulu", "Kel mandırası", "Gece feribotu", "Eski istasyon", "İlçe meclisi"),
        (
            "daha uzun rıhtım istiyor",
            "son ahırını satıyor",
            "yine gecikti",
            "yeni çan aldı",
            "oylamayı erteledi",
        ),
        (
            "Karar gece yarısına kadar süren bir toplantının ardından geldi.",
            "{name} daha sonra salonda kimsenin bunu beklemediğini söyledi.",
            "Çalışmalar {n} hafta içinde başlayacak ve planlanandan ucuza mal olacak.",
            "“Bunu {n} yıldır bekliyorduk,” dedi su kenarında yaşayan {name}.",
            "Şehir ödeme yapmadan önce ikinci bir görüş istedi.",
            "Geçen yılın rakamları yüzde {n} düşüş gösteriyor.",
        ),
        (
            "Ocak",
            "Şubat",
            "Mart",
            "Nisan",
            "Mayıs",
            "Haziran",
            "Temmuz",
            "Ağustos",
            "Eylül",
            "Ekim",
            "Kasım",
            "Aralık",
        ),
        "{d} {month} {y}",
        "{n} gün önce",
        "1 gün önce",
        "Yazar: {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Siyaset", "Ulaşım", "Okullar", "Kültür"),
        "{a} - {b} / {t} sonuç",
        "Sayfa {p} / {c}",
        "Daha fazla göster",
        "Devamını oku",
        "{n} Yorum",
        "İlgili haberler",
        ("Ana Sayfa", "Haberler", "Hakkımızda", "İletişim"),
    ),
    "pl": Tongue(
        ("Rada portu", "Mleczarnia w Kel", "Nocny prom", "Stary dworzec", "Powiat"),
        (
            "chce dłuższego nabrzeża",
            "sprzedaje ostatnią stodołę",
            "znowu się spóźnia",
            "dostaje nowy dzwon",
            "odkłada głosowanie",
        ),
        (
            "Decyzja zapadła po zebraniu, które trwało do północy.",
            "Nikt na sali się tego nie spodziewał, opowiadała potem {name}.",
            "Prace zaczną się za {n} tygodni i będą tańsze, niż planowano.",
            "„Czekaliśmy na to {n} lat” – powiedziała {name}, która mieszka nad wodą.",
            "Miasto poprosiło o drugą opinię, zanim zapłaci.",
            "Dane za ubiegły rok pokazują spadek o {n} procent.",
        ),
        (
            "stycznia",
            "lutego",
            "marca",
            "kwietnia",
            "maja",
            "czerwca",
            "lipca",
            "sierpnia",
            "września",
            "października",
            "listopada",
            "grudnia",
        ),
        "{d} {month} {y}",
        "{n} dni temu",
        "1 dzień temu",
        "Autor: {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Polityka", "Transport", "Szkoły", "Kultura"),
        "Wyniki {a} - {b} z {t}",
        "Strona {p} z {c}",
        "Pokaż więcej",
        "Czytaj dalej",
        "{n} komentarzy",
        "Zobacz też",
        ("Start", "Wiadomości", "O nas", "Kontakt"),
    ),
    "pt": Tongue(
        (
            "O conselho do porto",
            "A leiteria de Quel",
            "A balsa noturna",
            "A velha estação",
            "O município",
        ),
        (
            "quer um cais mais longo",
            "vende o último celeiro",
            "atrasa de novo",
            "ganha um sino novo",
            "adia a votação",
        ),
        (
            "A decisão veio depois de uma reunião que durou até a meia-noite.",
            "Ninguém na sala esperava por isso, contou depois {name}.",
            "As obras começam em {n} semanas e custarão menos do que o previsto.",
            "“Esperamos {n} anos por isso”, disse {name}, que mora à beira da água.",
            "A cidade pediu um segundo parecer antes de pagar.",
            "Os números do ano passado mostram uma queda de {n} por cento.",
        ),
        (
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ),
        "{d} de {month} de {y}",
        "há {n} dias",
        "há 1 dia",
        "Por {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Política", "Transporte", "Escolas", "Cultura"),
        "Exibindo {a}-{b} de {t}",
        "Página {p} de {c}",
        "Carregar mais",
        "Leia mais",
        "{n} comentários",
        "Veja também",
        ("Início", "Notícias", "Sobre", "Contato"),
        "{d:02d}/{m:02d}/{y}",
    ),
    "kk": Tongue(
        ("Порт кеңесі", "Келдегі сүт зауыты", "Түнгі паром", "Ескі вокзал", "Аудан әкімдігі"),
        (
            "ұзын айлақ сұрайды",
            "соңғы қорасын сатады",
            "тағы кешікті",
            "жаңа қоңырау алды",
            "дауыс беруді кейінге қалдырды",
        ),
        (
            "Шешім түн ортасына дейін созылған жиналыстан кейін қабылданды.",
            "Залда мұны ешкім күтпеген еді, деді кейін {name}.",
            "Жұмыс {n} аптадан кейін басталып, жоспардан арзанға түседі.",
            "«Біз мұны {n} жыл күттік», — деді су жағасында тұратын {name}.",
            "Қала ақша төлемес бұрын екінші пікір сұрады.",
            "Өткен жылғы деректер {n} пайыз төмендеуді көрсетеді.",
        ),
        (
            "қаңтар",
            "ақпан",
            "наурыз",
            "сәуір",
            "мамыр",
            "маусым",
            "шілде",
            "тамыз",
            "қыркүйек",
            "қазан",
            "қараша",
            "желтоқсан",
        ),
        "{d} {month} {y}",
        "{n} күн бұрын",
        "1 күн бұрын",
        "Автор: {name}",
        ("Ада Марль", "Отто Намм", "Стелла Ом"),
        ("Саясат", "Көлік", "Мектеп", "Мәдениет"),
        "Нәтижелер {a} - {b} / {t}",
        "{p} бет / {c}",
        "Тағы көрсету",
        "Толығырақ",
        "{n} пікір",
        "Тағы оқыңыз",
        ("Басты бет", "Жаңалықтар", "Біз туралы", "Байланыс"),
    ),
    "zh": Tongue(
        ("港务委员会", "凯尔的乳品厂", "夜间渡轮", "旧火车站", "县政府"),
        ("要求延长码头", "卖掉最后一座谷仓", "再次晚点", "换上新钟", "推迟表决"),
        (
            "这一决定是在一场持续到午夜的会议之后作出的。",
            "{name}事后说，会场里没有人料到会这样。",
            "工程将在{n}周后开始，费用比原计划少。",
            "“我们等了{n}年，”住在水边的{name}说。",
            "市政府要求在付款之前再听取一次意见。",
            "去年的数字显示下降了百分之{n}，居民对此并不意外。",
        ),
        tuple(f"{m}月" for m in range(1, 13)),
        "{y}年{m}月{d}日",
        "{n}天前",
        "1天前",
        "作者：{name}",
        ("马阿达", "南奥托", "欧思德"),
        ("政治", "交通", "学校", "文化"),
        "第{a}-{b}条，共{t}条",
        "第{p}页 共{c}页",
        "加载更多",
        "阅读全文",
        "{n}条评论",
        "相关新闻",
        ("首页", "新闻", "关于我们", "联系我们"),
        "{y}-{m:02d}-{d:02d}",
        "",
    ),
    "ko": Tongue(
        ("항만위원회", "켈 유제품 공장", "밤 나룻배", "옛 기차역", "군청"),
        (
            "더 긴 부두를 원한다",
            "마지막 헛간을 판다",
            "또 늦었다",
            "새 종을 달았다",
            "표결을 미뤘다",
        ),
        (
            "자정까지 이어진 회의 끝에 나온 결정이다.",
            "회의장에 있던 누구도 예상하지 못했다고 {name} 씨는 말했다.",
            "공사는 {n}주 뒤에 시작되며 비용은 계획보다 적게 든다.",
            "“우리는 이것을 {n}년 기다렸다”고 물가에 사는 {name} 씨가 말했다.",
            "시는 돈을 내기 전에 다른 의견을 더 듣기로 했다.",
            "지난해 수치는 {n}퍼센트 줄어든 것으로 나타났다.",
        ),
        tuple(f"{m}월" for m in range(1, 13)),
        "{y}년 {m}월 {d}일",
        "{n}일 전",
        "1일 전",
        "글: {name}",
        ("마아다", "남오토", "오스텔"),
        ("정치", "교통", "학교", "문화"),
        "{a}-{b} / 총 {t}건",
        "{p} / {c} 페이지",
        "더 보기 목록",
        "전문 보기",
        "댓글 {n}",
        "관련 기사",
        ("홈", "뉴스", "소개", "문의"),
        "{y}.{m:02d}.{d:02d}",
    ),
}
UNSEEN_TONGUES: dict[str, Tongue] = {
    "it": Tongue(
        (
            "Il consiglio del porto",
            "La latteria di Quel",
            "Il traghetto notturno",
            "La vecchia stazione",
            "La provincia",
        ),
        (
            "vuole un molo più lungo",
            "vende l’ultimo fienile",
            "è di nuovo in ritardo",
            "riceve una campana nuova",
            "rinvia il voto",
        ),
        (
            "La decisione è arrivata dopo una riunione durata fino a mezzanotte.",
            "Nessuno in sala se lo aspettava, ha raccontato poi {name}.",
            "I lavori cominciano fra {n} settimane e costeranno meno del previsto.",
            "«Lo aspettiamo da {n} anni», ha detto {name}, che vive vicino all’acqua.",
            "La città ha chiesto un secondo parere prima di pagare.",
            "I dati dell’anno scorso mostrano un calo del {n} per cento.",
        ),
        (
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ),
        "{d} {month} {y}",
        "{n} giorni fa",
        "1 giorno fa",
        "Di {name}",
        ("Ada Marl", "Otto Namm", "Stella Ohm"),
        ("Politica", "Trasporti", "Scuole", "Cultura"),
        "Risultati {a} - {b} di {t}",
        "Pagina {p} di {c}",
        "Carica altri",
        "Leggi tutto",
        "{n} commenti",
        "Leggi anche",
        ("Inizio", "Notizie", "Chi siamo", "Contatti"),
        "{d:02d}/{m:02d}/{y}",
    ),
    "uk": Tongue(
        ("Рада гавані", "Молочарня в Келі", "Нічний пором", "Стара станція", "Район"),
        (
            "просить довший причал",
            "продає останню клуню",
            "знову запізнився",
            "має новий дзвін",
            "відкладає голосування",
        ),
        (
            "Рішення ухвалили після зборів, які тривали до півночі.",
            "Ніхто в залі цього не чекав, розповіла потім {name}.",
            "Роботи почнуться за {n} тижнів і коштуватимуть менше, ніж планували.",
            "«Ми чекали цього {n} років», — сказала {name}, яка живе біля води.",
            "Місто попросило другий висновок, перш ніж платити.",
            "Дані за минулий рік показують спад на {n} відсотків.",
        ),
        (
            "січня",
            "лютого",
            "березня",
            "квітня",
            "травня",
            "червня",
            "липня",
            "серпня",
            "вересня",
            "жовтня",
            "листопада",
            "грудня",
        ),
        "{d} {month} {y}",
        "{n} днів тому",
        "1 день тому",
        "Автор: {name}",
        ("Ада Марль", "Отто Намм", "Стелла Ом"),
        ("Політика", "Транспорт", "Школи", "Культура"),
        "Показано {a}–{b} з {t}",
        "Сторінка {p} з {c}",
        "Показати ще",
        "Читати далі",
        "{n} коментарів",
        "Читайте також",
        ("Головна", "Новини", "Про нас", "Контакти"),
    ),
    "ja": Tongue(
        ("港湾委員会", "ケルの乳業工場", "夜の渡し船", "古い駅舎", "郡役所"),
        ("長い桟橋を求める", "最後の納屋を売る", "また遅れる", "新しい鐘を得る", "採決を延期する"),
        (
            "この決定は真夜中まで続いた会議のあとに出された。",
            "会場の誰も予想していなかったと{name}さんは後で話した。",
            "工事は{n}週間後に始まり、費用は計画より少ない。",
            "「私たちは{n}年待った」と水辺に住む{name}さんは言った。",
            "市は支払いの前にもう一度意見を求めた。",
            "昨年の数字は{n}パーセントの減少を示している。",
        ),
        tuple(f"{m}月" for m in range(1, 13)),
        "{y}年{m}月{d}日",
        "{n}日前",
        "1日前",
        "文：{name}",
        ("丸亜田", "南音夫", "大住子"),
        ("政治", "交通", "学校", "文化"),
        "{t}件中 {a}-{b}件",
        "{p} / {c} ページ",
        "もっと見る",
        "続きを読む",
        "コメント {n}",
        "関連記事",
        ("ホーム", "ニュース", "会社案内", "お問い合わせ"),
        "{y}/{m:02d}/{d:02d}",
        "",
    ),
}

# An article's lines in order: D date, K section, H headline, B byline, T text, C comments, R read more.
ORDERS = (
    "HTD",
    "HDT",
    "DHT",
    "HBTD",
    "KHTD",
    "HKTD",
    "HTDC",
    "DHTR",
    "HTRD",
    "HBDT",
    "HT",
    "DH",
    "HD",
    "HTDK",
    "DKHT",
)
UNSEEN_ORDERS = ("KDHT", "HTKD", "DHTC", "BHTD", "HDKT")
TICKERS = ("none", "pairs", "values", "market", "weather")
TOOLS = ("blank", "tight", "markdown", "bullets")
UNSEEN_TOOLS = ("lynx", "indent", "wrapped")
FORMS = ("full", "numeric", "ago", "clock", "iso")


@dataclass
class Made:
    """A page that was made, and its truth."""

    text: str
    articles: list[tuple[str, str, str | None]]
    page_date: str | None
    features: dict[str, Any] = field(default_factory=dict)


def make(rng: random.Random, unseen: bool) -> Made:
    """Make a page by the grammar."""
    tongues = UNSEEN_TONGUES if unseen else TONGUES
    code = rng.choice(sorted(tongues))
    kind = rng.choices(("listing", "article", "posts", "menu"), (70, 22, 5, 3))[0]
    tongue = tongues[code]
    order = rng.choice(UNSEEN_ORDERS if unseen and rng.random() < 0.6 else ORDERS)
    tool = rng.choice(UNSEEN_TOOLS if unseen and rng.random() < 0.6 else TOOLS)
    features = {"code": code, "kind": kind, "order": order, "tool": tool}
    today = date(2024, rng.randint(1, 12), rng.randint(1, 28))
    build = {"listing": _listing, "article": _article, "posts": _posts, "menu": _menu}[kind]
    return build(rng, tongue, today, features)


def _headline(rng: random.Random, t: Tongue) -> str:
    return f"{rng.choice(t.who)}{t.gap}{rng.choice(t.does)}"


def _sentences(rng: random.Random, t: Tongue, count: int) -> str:
    said = rng.sample(t.says, min(count, len(t.says)))
    return t.gap.join(s.format(n=rng.randint(2, 60), name=rng.choice(t.names)) for s in said)


def _printed(day: date, form: str, t: Tongue, today: date, rng: random.Random) -> tuple[str, str]:
    """A date as printed, and as it should be read."""
    parts = {"d": day.day, "m": day.month, "y": day.year, "month": t.months[day.month - 1]}
    if form == "full":
        return t.day.format(**parts), day.isoformat()
    if form == "numeric":
        return t.numeric.format(**parts), day.isoformat()
    if form == "iso":
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        return f"{day.isoformat()} {clock}", f"{day.isoformat()}T{clock}"
    if form == "clock":
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        return f"{t.day.format(**parts)}, {clock}", f"{day.isoformat()}T{clock}"
    days = (today - day).days
    return (t.one_ago if days == 1 else t.ago.format(n=days)), day.isoformat()


def _ticker(rng: random.Random, kind: str) -> list[str]:
    rows = {
        "pairs": [
            f"USD/KZT = {rng.uniform(400, 600):.2f} {rng.uniform(-1, 1):.2f}%",
            f"EUR/KZT = {rng.uniform(400, 600):.2f} {rng.uniform(-1, 1):.2f}%",
        ],
        "values": [
            f"USD {rng.uniform(400, 600):.2f} ▲ {rng.random():.2f}",
            f"EUR {rng.uniform(400, 600):.2f} ▼ {rng.random():.2f}",
        ],
        "market": [
            f"DAX {rng.randint(15, 20)}.884,75 -0,43 %",
            "Gold 2.622,10 $ +0,9 %",
            "BTC $97,312.45 +1.2%",
        ],
        "weather": [f"Kell {rng.randint(-9, 30)}°C"],
        "none": [],
    }[kind]
    return rows * (1 if kind == "weather" else rng.randint(1, 6))


def _mast(rng: random.Random, t: Tongue, today: date) -> str:
    return t.day.format(d=today.day, m=today.month, y=today.year, month=t.months[today.month - 1])


def _listing(rng: random.Random, t: Tongue, today: date, features: dict[str, Any]) -> Made:
    order, tool = features["order"], features["tool"]
    count, form = rng.randint(3, 10), rng.choice(FORMS)
    masthead = rng.random() < 0.7 or form == "ago"
    has_mark = rng.random() < 0.4
    has_page = not has_mark and rng.random() < 0.3
    ticker = rng.choice(TICKERS)
    has_menu = rng.random() < 0.5
    features |= {
        "form": form if "D" in order else "none",
        "masthead": masthead,
        "mark": has_mark,
        "ticker": ticker,
        "menu": has_menu,
    }
    lines: list[str] = [*_ticker(rng, ticker)]
    if has_menu:
        lines += list(t.menu)
    if masthead:
        lines.append(_mast(rng, t, today))
    first = 1 + count * rng.randint(0, 4)
    if has_mark:
        lines.append(t.mark.format(a=first, b=first + count - 1, t=first + count + 17))
    truth: list[tuple[str, str, str | None]] = []
    used: set[str] = set()
    day = today
    length = rng.randint(2, 5)
    for number in range(count):
        headline = _headline(rng, t)
        while headline in used:
            headline = _headline(rng, t)
        used.add(headline)
        day -= timedelta(days=rng.randint(1, 3))
        text = _sentences(rng, t, rng.randint(max(2, length - 1), length))
        printed, read = _printed(day, form, t, today, rng)
        block = {
            "H": _dressed(headline, tool, number),
            "T": text,
            "D": printed if tool != "markdown" else f"*{printed}*",
            "K": rng.choice(t.sections),
            "B": t.by.format(name=rng.choice(t.names)),
            "C": t.comments.format(n=rng.randint(2, 90)),
            "R": t.read_more,
        }
        lines += [block[slot] for slot in order]
        truth.append((headline, text if "T" in order else "", read if "D" in order else None))
    if has_page:
        lines.append(t.page.format(p=3, c=12))
    if rng.random() < 0.5:
        lines.append(t.more)
    if rng.random() < 0.5:
        lines.append(f"© {today.year} Kell Courier")
    if "D" not in order and not (masthead or has_mark):
        features["hard"] = True
    return Made(_print(lines, tool), truth, today.isoformat() if masthead else None, features)


def _dressed(headline: str, tool: str, number: int) -> str:
    if tool == "markdown":
        return f"## [{headline}](https://kell.example/{number}-news)"
    return f"[{number + 7}]{headline}" if tool == "lynx" else headline


def _print(lines: list[str], tool: str) -> str:
    if tool == "tight":
        return "\n".join(lines) + "\n"
    if tool == "bullets":
        return "\n\n".join(f"  • {line}" if len(line) < 12 else line for line in lines) + "\n"
    if tool == "indent":
        return "\n".join(
            f"        {line}\n" if len(line) > 60 else f"            {line}" for line in lines
        )
    if tool == "lynx":
        numbers = [line.partition("]")[0].strip("[") for line in lines if line.startswith("[")]
        links = [f"   {number}. https://kell.example/{number}" for number in numbers]
        return "\n\n".join(lines) + "\n\nReferences\n\n" + "\n".join(links) + "\n"
    if tool == "wrapped":
        import textwrap

        return "\n\n".join(textwrap.fill(line, 78) for line in lines) + "\n"
    return "\n\n".join(lines) + "\n"


def _article(rng: random.Random, t: Tongue, today: date, features: dict[str, Any]) -> Made:
    tool, form = features["tool"], rng.choice(("full", "numeric", "clock", "iso"))
    masthead = rng.random() < 0.4
    head = rng.choice(("HBD", "HDB", "HD", "KHD", "HB", "KHBD"))
    day = today - timedelta(days=rng.randint(1, 9))
    headline = _headline(rng, t)
    printed, read = _printed(day, form, t, today, rng)
    features |= {"form": form, "masthead": masthead, "head": head}
    lines = list(t.menu) if rng.random() < 0.7 else ["Kell Courier"]
    if masthead:
        lines.append(_mast(rng, t, today))
    block = {
        "H": f"# {headline}" if tool == "markdown" else headline,
        "B": t.by.format(name=rng.choice(t.names)),
        "D": printed,
        "K": rng.choice(t.sections),
    }
    lines += [block[slot] for slot in head]
    # No paragraph twice: a line that is printed twice in a row is a picture's caption.
    paragraphs = list(
        dict.fromkeys(_sentences(rng, t, rng.randint(2, 4)) for _ in range(rng.randint(3, 9)))
    )
    lines += paragraphs
    if rng.random() < 0.6:
        lines.append(t.related)
        others = {_headline(rng, t) for _ in range(3)} - {headline}
        lines += [
            f"[{one}](/x{number})" if tool == "markdown" else one
            for number, one in enumerate(sorted(others))
        ]
    if rng.random() < 0.5:
        lines.append(f"© {today.year} Kell Courier")
    return Made(
        _print(lines, tool),
        [(headline, "\n\n".join(paragraphs), read if "D" in head else None)],
        today.isoformat() if masthead else None,
        features,
    )


def _posts(rng: random.Random, t: Tongue, today: date, features: dict[str, Any]) -> Made:
    """Whole posts after each other, each with its date under the headline."""
    form = rng.choice(("full", "clock"))
    features |= {"form": form}
    lines, truth, used = list(t.menu), [], set()
    day = today
    for _ in range(rng.randint(2, 4)):
        headline = _headline(rng, t)
        if headline in used:
            continue
        used.add(headline)
        day -= timedelta(days=rng.randint(1, 4))
        printed, read = _printed(day, form, t, today, rng)
        paragraphs = list(dict.fromkeys(_sentences(rng, t, 3) for _ in range(rng.randint(2, 4))))
        lines += [headline, printed, *paragraphs]
        truth.append((headline, "\n\n".join(paragraphs), read))
    return Made(_print(lines, "blank"), truth, None, features)


def _menu(rng: random.Random, t: Tongue, today: date, features: dict[str, Any]) -> Made:
    lines = [*t.menu, *t.sections, *t.menu, t.more, f"© {today.year} Kell Courier"]
    return Made(_print(lines, "blank"), [], None, features)


def read(made: Made) -> tuple[list[Article], PageRecord]:
    """What replay makes of a page."""
    page = Fetched(page="page.txt", body=made.text.encode(), url=None, status=200, fetched_at=None)
    dates, articles = DatesPipeline(), []
    *items, record = Answer(page).items()
    for item in items:
        if isinstance(item, Article):
            try:
                articles.append(dates.process_item(clean_article(item)))
            except RejectItem:
                continue
    assert isinstance(record, PageRecord)  # the record is always last
    return articles, record


def faults(made: Made, articles: list[Article], record: PageRecord) -> list[str]:
    """What of a page was read otherwise than it is."""
    wrong = []
    found = {article.headline: article for article in articles}
    if len(articles) != len(made.articles):
        wrong.append(f"count {len(articles)} for {len(made.articles)}")
    for headline, text, day in made.articles:
        article = found.get(headline)
        if article is None:
            wrong.append(f"headline {headline!r}")
            continue
        value = article.date_published
        # Less than the truth is right where the page's dates can be read in two ways.
        if value != day and not (
            day and value and (value.startswith(day) or day.startswith(value))
        ):
            wrong.append(f"date {value} for {day}")
        if "".join(article.article_body.split()) != "".join(text.split()):
            wrong.append(f"text of {headline!r}: {article.article_body[-60:]!r}")
    if made.page_date and record.page_date != made.page_date:
        wrong.append(f"page_date {record.page_date} for {made.page_date}")
    return wrong


def main() -> None:
    """Make, read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)  # not for secrets
    sums: Counter[str] = Counter()
    by: dict[tuple[str, Any], Counter[str]] = {}
    shown, spent = 0, 0.0
    for _ in range(args.pages):
        made = make(rng, args.unseen)
        start = time.perf_counter()
        articles, record = read(made)
        spent += time.perf_counter() - start
        wrong = faults(made, articles, record)
        is_told = record.outcome != "extracted" or bool(record.reason)
        if not made.articles and not articles:
            is_told = False
        verdict = (
            ("wrong, told" if is_told else "wrong in silence")
            if wrong
            else ("right, doubted" if is_told else "right")
        )
        sums[verdict] += 1
        for feature in made.features.items():
            by.setdefault(feature, Counter())[verdict] += 1
        if wrong and shown < args.show:
            shown += 1
            print("\n----", verdict, made.features, wrong[:3], record.reason)
            print(made.text[:1500])
    print(f"{args.pages} pages, {spent / args.pages * 1000:.2f} ms each")
    for verdict, count in sums.most_common():
        print(f"  {verdict:18} {count:6} {count / args.pages:7.2%}")
    print("worst features (share not right):")
    worst = sorted(by.items(), key=lambda one: -(1 - one[1]["right"] / sum(one[1].values())))
    for (name, value), counts in worst[:16]:
        total = sum(counts.values())
        print(
            f"  {name}={value}: {total} pages, right {counts['right'] / total:.1%}, in silence {counts['wrong in silence'] / total:.1%}"
        )


if __name__ == "__main__":
    main()
