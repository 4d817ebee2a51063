"""Encodings are decided as browsers decide them."""

import pytest

from newscrawl.extract.html import extract_html

RUSSIAN = "Водохранилище обмелело до самого низкого уровня, сообщили в управлении."
CHINESE = "水库的水位在星期二又下降了四厘米，水务局表示，农民今年的灌溉季节将比去年更短。"


def page(text: str, declared: str | None = None) -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (page(RUSSIAN).encode(), None, "utf-8"),
        (page(RUSSIAN, "windows-1251").encode("cp1251"), None, "cp1251"),
        (page(RUSSIAN).encode("koi8-r"), "text/html; charset=koi8-r", "koi8-r"),
        (page(RUSSIAN).encode("utf-8-sig"), "text/html; charset=koi8-r", "utf-8"),
        (page(RUSSIAN).encode("utf-16"), None, "utf-16-le"),
        (page(RUSSIAN, "utf-16").encode(), None, "utf-8"),
        (page(RUSSIAN, "windows-1252").encode(), None, "utf-8"),
        (page(RUSSIAN, "utf-8").encode("cp1251"), None, "cp1251"),
        (page(RUSSIAN * 3).encode("cp1251"), None, "cp1251"),
        (page(CHINESE).encode("gb18030"), None, "gb18030"),
        (page(CHINESE, "gb2312").encode("gb18030"), None, "gb18030"),
    ],
)
def test_the_text_survives(body: bytes, content_type: str | None, encoding: str) -> None:
    found = extract_html(body, content_type=content_type)
    assert found.encoding == encoding
    assert (found.headline or "")[:20] in (RUSSIAN[:20], CHINESE[:20])


def test_latin_1_means_windows_1252() -> None:
    found = extract_html(page("“Café”", "iso-8859-1").encode("cp1252"))
    assert found.headline == "“Café”"


def test_an_encoding_known_to_the_caller_wins_over_the_page() -> None:
    found = extract_html(page(RUSSIAN, "windows-1252").encode("cp1251"), encoding="cp1251")
    assert found.headline == RUSSIAN


def test_an_unknown_charset_is_no_charset() -> None:
    assert extract_html(page(RUSSIAN, "klingon").encode()).headline == RUSSIAN


@pytest.mark.parametrize("text", ["“Café” – naïve", RUSSIAN, CHINESE])
def test_text_that_was_encoded_twice_is_decoded_twice(text: str) -> None:
    twice = page(text, "utf-8").encode().decode("latin-1").encode()
    assert extract_html(twice).headline == text


@pytest.mark.parametrize("text", ["Ã© is what é looks like, read wrongly", "ÂÃÄ Â£5"])
def test_letters_that_only_look_like_it_stay(text: str) -> None:
    assert extract_html(page(text, "utf-8").encode()).headline == text
