"""Bytes become text in one way, whatever kind of page they are."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.sitemaps import parse_sitemap
from newscrawl.errors import BinaryPageError, UndecodablePageError
from newscrawl.extract.html import extract_html
from newscrawl.page.decode import decode, decode_markup, known_encoding, once

# Sentences of about 120 characters, which is what the guess needs: of shorter ones some twenty
# in a hundred letters are not enough to tell Czech from Turkish, or Vietnamese from French.
SENTENCES = {
    "ru": "Ночью у восточного мола затонул паром, сообщил капитан порта. Все тридцать пассажиров спасены, причину выясняет комиссия.",
    "uk": "Уночі біля східного молу затонув пором, повідомив капітан порту. Усіх пасажирів врятовано, її причину з’ясовує комісія.",
    "bg": "През нощта край източния кей потъна ферибот, съобщи капитанът на пристанището. Всички пътници са спасени, работи комисия.",
    "sr": "Ноћас је код источног гата потонуо трајект, саопштио је капетан луке. Сви путници су спасени, а узрок утврђује комисија.",
    "pl": "W nocy przy wschodnim molo zatonął prom, poinformował kapitan portu. Wszyscy pasażerowie są bezpieczni, przyczynę bada komisja śledcza.",
    "cs": "V noci se u východního mola potopil přívoz, řekl kapitán přístavu. Všichni cestující jsou v bezpečí, příčinu vyšetřuje zvláštní komise.",
    "hu": "Éjszaka elsüllyedt egy komp a keleti mólónál, közölte a kikötő kapitánya. Minden utast kimentettek, az okot bizottság vizsgálja, őrök ügyelnek.",
    "hr": "Noćas je kod istočnog gata potonuo trajekt, priopćio je lučki kapetan. Svi su putnici spašeni, a uzrok će utvrđivati posebno povjerenstvo, čini se.",
    "el": "Τη νύχτα βυθίστηκε ένα πλοίο στον ανατολικό μόλο, είπε ο λιμενάρχης. Όλοι οι επιβάτες σώθηκαν και η αιτία ερευνάται από επιτροπή.",
    "tr": "Gece doğu iskelesinde bir feribot battı, dedi liman başkanı. Bütün yolcular kurtarıldı, nedenini özel bir komisyon araştırıyor, işçiler çalışıyor.",
    "he": "בלילה טבעה מעבורת ליד המזח המזרחי, אמר מנהל הנמל. כל הנוסעים ניצלו, ואת הסיבה בודקת ועדה מיוחדת של משרד התחבורה.",
    "ar": "غرقت عبارة ليلا عند الرصيف الشرقي، قال مدير الميناء. تم إنقاذ جميع الركاب، وتحقق لجنة خاصة في سبب الحادث منذ الصباح.",
    "lt": "Naktį prie rytinio molo nuskendo keltas, pranešė uosto kapitonas. Visi keleiviai išgelbėti, o priežastį aiškinasi speciali komisija, žvejai padėjo.",
    "lv": "Naktī pie austrumu mola nogrima prāmis, paziņoja ostas kapteinis. Visi pasažieri ir izglābti, bet iemeslu pēta īpaša komisija, zvejnieki palīdzēja.",
    "vi": "Đêm qua một chiếc phà đã chìm gần cầu cảng phía đông, người quản lý cảng cho biết. Tất cả hành khách đều được cứu.",
    "th": "เมื่อคืนนี้เรือข้ามฟากจมลงใกล้ท่าเรือด้านตะวันออก นายท่าเรือกล่าว ผู้โดยสารทุกคนได้รับการช่วยเหลือ และมีคณะกรรมการสอบสวนสาเหตุ",
    "ja": "昨夜、東の桟橋の近くでフェリーが沈んだと港の責任者が発表しました。乗客は全員救助され、原因は特別な委員会が調べています。漁師たちも手伝いました。",
    "ko": "어젯밤 동쪽 부두 근처에서 여객선이 침몰했다고 항만 책임자가 밝혔다. 승객은 모두 구조되었으며 특별 위원회가 원인을 조사하고 있다.",
    "zh": "昨晚一艘渡轮在东码头附近沉没，港务局负责人说。所有乘客都已获救，一个特别委员会正在调查原因，渔民们也帮了忙。",
    "zh-tw": "昨晚一艘渡輪在東碼頭附近沉沒，港務局負責人說。所有乘客都已獲救，一個特別委員會正在調查原因，漁民們也幫了忙。",
    "de": "In der Nacht ist am östlichen Kai eine Fähre gesunken, sagte der Hafenmeister. Alle Gäste sind gerettet, die Gründe prüft ein Ausschuß für Schäden.",
    "fr": "Un bac a coulé cette nuit près du môle est, a annoncé le capitaine du port. Tous les passagers ont été sauvés, une enquête a été ouverte à l’aube.",
    "es": "Anoche se hundió un transbordador junto al muelle este, según el capitán del puerto. Todos están a salvo; la comisión investigará qué pasó mañana.",
    "pt": "Uma balsa afundou esta noite junto ao cais leste, disse o capitão do porto. Todos os passageiros estão a salvo; uma comissão investiga as razões.",
    "sv": "I natt sjönk en färja vid östra kajen, säger hamnkaptenen. Alla passagerare är räddade och orsaken utreds av en särskild kommission på måndag.",
    "da": "I nat sank en færge ved østre mole, siger havnefogeden. Alle passagerer er reddet, og årsagen undersøges af en særlig kommission på mandag.",
}  # fmt: skip
LEGACY = [
    *(("ru", name) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    ("uk", "cp1251"), ("uk", "koi8-u"), ("bg", "cp1251"), ("sr", "cp1251"),
    ("pl", "cp1250"), ("pl", "iso8859-2"), ("cs", "cp1250"), ("cs", "iso8859-2"), ("hu", "cp1250"),
    ("hr", "cp1250"), ("el", "cp1253"), ("el", "iso8859-7"), ("tr", "cp1254"), ("he", "cp1255"),
    ("ar", "cp1256"), ("lt", "cp1257"), ("lv", "cp1257"), ("vi", "cp1258"), ("th", "cp874"),
    ("ja", "shift_jis"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "euc_kr"), ("ko", "cp949"),
    ("zh", "gb18030"), ("zh", "gb2312"), ("zh-tw", "big5"),
    *((language, "cp1252") for language in ("de", "fr", "es", "pt", "sv", "da")),
    *((language, form) for language in ("ru", "de", "ja", "zh") for form in ("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig")),
]  # fmt: skip


def sentence(language: str, encoding: str) -> str:
    """As much of a sentence as the encoding can say: Unicode's apostrophes are not in all."""
    return SENTENCES[language].encode(encoding, "ignore").decode(encoding)


def html_of(text: str, declared: str = "") -> str:
    menu = "<li class='menu-item'><a href='/world'>World and weather</a></li>" * 60
    return f"<html><head>{declared}<script>var a=1;</script></head><body>{menu}<h1>{text}</h1><p>{text}</p>{menu}</body></html>"


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_undeclared_bytes_are_read_alike_in_every_kind_of_page(language, encoding):
    text = sentence(language, encoding)
    read, name = decode(f"{text}\n".encode(encoding))
    assert read == f"{text}\n"
    page = extract_html(html_of(text).encode(encoding))
    assert (page.headline, page.encoding) == (text, name)
    feed = f"<rss><channel><item><title>{text}</title><link>https://x.example/a</link></item></channel></rss>"
    assert (
        parse_feed(feed.encode(encoding), "https://x.example/feed").entries[0].facts.title == text
    )


@pytest.mark.parametrize(("language", "encoding"), [("ru", "koi8-r"), ("cs", "cp1250")])
def test_a_sitemap_of_news_is_read_like_a_feed(language, encoding):
    text = sentence(language, encoding)
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://x.example/a</loc>"
        f"<news:news><news:title>{text}</news:title></news:news></url></urlset>"
    ).encode(encoding)
    for header in (None, f"text/xml; charset={encoding}"):
        entry = parse_sitemap(sitemap, "https://x.example/s.xml", header).entries[0]
        assert entry.facts is not None
        assert entry.facts.title == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
    ],
)  # fmt: skip
def test_a_byte_order_mark_says_all(mark, encoding):
    body = mark + SENTENCES["ru"].encode(encoding)
    assert decode(body, "koi8-r") == (SENTENCES["ru"], encoding)


def test_ascii_with_stray_nuls_is_no_utf16():
    with pytest.raises(BinaryPageError, match="60 of the first 480 bytes are control characters"):
        decode(b"abcdefg\0" * 60)


def test_an_encoding_that_a_wider_one_reads_alike_is_called_by_the_wider_ones_name():
    assert decode(sentence("el", "iso8859-7").encode("iso8859-7"))[1] == "cp1253"
    assert decode(sentence("pl", "iso8859-2").encode("iso8859-2"))[1] == "iso8859-2"


def test_control_characters_overrule_a_declaration_beginning_with_the_first():
    text = "5 € für Brot. " * 20
    assert decode(text.encode("cp1252"), "iso-8859-5") == (text, "cp1252")


def test_what_was_encoded_twice_is_looked_for_so_long_and_no_longer():
    spaces, twice = "\u00a0".encode(), "Ñ\u0081".encode()
    assert once(spaces * 1_999 + twice) == spaces * 1_999 + "с".encode()
    assert once(spaces * 2_000 + twice) == spaces * 2_000 + twice


def test_a_control_character_after_another_letter_is_no_sign_of_a_text_encoded_twice():
    body = "Â\u00a0is a letter and a space\u0085".encode()
    assert once(body) == body


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "cp1251", "utf-16", "shift_jis"]))
def test_text_and_markup_are_one_road(body, declared):
    try:
        text, name = decode(body, declared)
    except (BinaryPageError, UndecodablePageError):
        decode_markup(body, declared)
        return
    markup, same = decode_markup(body, declared)
    assert same == name
    assert markup.decode("utf-8", "replace") == text
    assert known_encoding(name) == name


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1),
    st.sampled_from([None, "cp1252", "utf-16", "koi8-r"]),
)
def test_utf8_is_utf8_whatever_is_declared(text, declared):
    if text.isascii() or text.startswith(("\ufeff", "\ufffe")):
        return
    body = text.encode()
    assert decode_markup(body, declared)[1] == "utf-8"
    assert decode(body, declared)[1] == "utf-8"


@pytest.mark.parametrize(
    ("declared", "language", "encoding"),
    [
        ("utf-8", "ru", "cp1251"),
        ("utf-16", "pl", "cp1250"),
        ("iso-8859-5", "de", "cp1252"),  # quotes and the like would be control characters
        ("shift_jis", "ko", "euc_kr"),
        ("rot13", "cs", "cp1250"),
        ("klingon", "el", "cp1253"),
    ],
)
def test_a_declaration_that_cannot_be_right_is_overruled(declared, language, encoding):
    text = "„" + sentence(language, encoding) + "“ – “" if encoding == "cp1252" else sentence(language, encoding)  # fmt: skip
    if encoding == "cp1252":
        text *= 2
        text = text.replace(" ", "–", 20)
    assert decode(text.encode(encoding), declared)[0] == text
    page = html_of(text, f"<meta charset='{declared}'>").encode(encoding)
    assert decode_markup(page)[0].decode() == html_of(text, f"<meta charset='{declared}'>")


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="{}"?>',
        "<meta charset={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    ],
)
@pytest.mark.parametrize("label", ["koi8-r", "KOI8-R", "koi8", "koi8_r"])
def test_a_declaration_that_fits_is_kept(declaration, label):
    # Three letters are too few to guess by.
    page = (declaration.format(label) + "<p>мол</p>").encode("koi8-r")
    assert decode_markup(page)[1] == "koi8-r"
    assert "мол" in decode_markup(page)[0].decode()


def test_the_header_goes_before_the_page():
    page = "<meta charset=windows-1252><p>мол".encode("koi8-r")
    assert decode_markup(page, "koi8-r")[0].decode().endswith("мол")


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (("utf-8", "UTF8", "utf_8", "utf8mb4", "'utf-8'", "utf-8;"), "utf-8"),
        (("windows-1251", "win-1251", "cp1251", "CP-1251", "windows1251", "x-cp1251"), "cp1251"),
        (("iso-8859-1", "latin1", "us-ascii", "ansi", "windows-1252"), "cp1252"),
        (("gb2312", "gbk", "GB_2312-80", "cp936", "gb18030"), "gb18030"),
        (("big5", "cp950", "big5-hkscs"), "big5hkscs"),
        (("shift_jis", "x-sjis", "windows-31j", "cp932"), "cp932"),
        (("euc-kr", "ks_c_5601-1987", "windows-949"), "cp949"),
        (("euc-jp", "euc_jis_2004"), "euc_jis_2004"),
        (("iso-8859-9", "windows-1254"), "cp1254"),
        (("", None, "rot13", "idna", "utf-7", "unicode_escape", "base64", "x" * 999, "\0"), None),
    ],
)
def test_each_encoding_has_one_name(labels, name):
    assert {known_encoding(label) for label in labels} == {name}


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b"<meta charset=utf-16><p>plain", "utf-8"),
        (b"<meta charset=windows-1251><p>plain", "cp1251"),
        (b"<p>plain", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_ascii_is_in_what_it_can_be_in(page, name):
    assert decode_markup(page) == (page, name)


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "utf-16-be"])
def test_a_cut_character_at_the_end_spoils_nothing(encoding):
    text = sentence("ru", "cp1251") if encoding != "cp1252" else sentence("de", "cp1252")
    assert decode_markup(text.encode(encoding)[:-1])[0].decode()[:100] == text[:100]
    assert decode(text.encode("utf-8")[:-1] + "ж".encode()[:1])[0][:100] == text[:100]


def test_a_letter_at_the_end_is_no_cut_character():
    assert decode_markup("Un café".encode("cp1252"), "latin1")[0].decode() == "Un café"


@pytest.mark.parametrize("declared", [None, "utf-8", "cp1251"])
def test_broken_bytes_in_utf8_are_replaced_and_the_rest_is_read(declared):
    body = SENTENCES["ru"][:20].encode() + b"\xff" + SENTENCES["ru"][20:].encode()
    assert decode(body, declared)[0].replace("\ufffd", "") == SENTENCES["ru"]
    assert decode_markup(body, declared)[0] == body


def test_a_utf8_mark_before_other_bytes_is_not_believed():
    text = sentence("ru", "cp1251")
    assert decode(codecs.BOM_UTF8 + text.encode("cp1251")) == (text, "cp1251")


def test_a_stray_nul_does_not_make_it_utf16():
    page = html_of(SENTENCES["ru"]).encode()
    broken = page[:900] + b"\0" + page[900:]
    assert decode_markup(broken) == (broken, "utf-8")


@pytest.mark.parametrize("text", ["“Café” – naïve", SENTENCES["ru"], SENTENCES["zh"]])
def test_what_was_encoded_twice_is_mended_on_every_road(text):
    twice = text.encode().decode("latin-1").encode()
    assert decode(twice)[0] == text
    assert decode_markup(twice)[0] == once(twice) == text.encode()


def test_the_guess_costs_little():
    letters = SENTENCES["pl"].encode("cp1250")
    for page in (
        letters * (3_000_000 // len(letters)),
        b"<p>\xb9</p>" * 300_000,
        bytes(range(128, 256)) * 20_000,
    ):
        start = time.process_time()
        decode_markup(page)
        assert time.process_time() - start < 1
