import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import BinaryPageError, UndecodablePageError
from newscrawl.page import Page, decode

RUSSIAN = (
    "Просмотр результатов\n\nВ столице открыли новый мост через реку. Строительство заняло два года, "
    "и стоило дешевле, чем ожидали. Жители соседних кварталов говорят, что шума стало меньше.\n"
)
ENGLISH = "The café on Kirkegata opened again – “at last”, said the owner. It had been shut.\n" * 3


@pytest.mark.parametrize(
    ("encoding", "bom", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
        ("cp1251", b"", "cp1251"),
        ("koi8-r", b"", "koi8-r"),
    ],
)
def test_russian_text_is_read_in_any_encoding(encoding, bom, name):
    text, found = decode(bom + RUSSIAN.encode(encoding))
    assert (text, found) == (RUSSIAN, name)


def test_western_text_in_a_legacy_encoding_is_read():
    assert decode(ENGLISH.encode("cp1252"))[0] == ENGLISH


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8():
    assert decode("мост".encode("cp866"), "cp866")[0] == "мост"
    assert decode("мост".encode(), "cp866")[0] == "мост"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 text",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04 zip",
        bytes(range(256)) * 4,
        b"text\0with NUL",
    ],
)
def test_bytes_that_are_no_text_are_refused(body):
    with pytest.raises(BinaryPageError):
        decode(body)


def test_broken_utf16_says_where():
    with pytest.raises(UndecodablePageError, match="utf-16-le"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8\x20")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    try:
        text, encoding = decode(body)
    except (BinaryPageError, UndecodablePageError):
        return
    assert isinstance(text, str)
    codecs.lookup(encoding)


def test_a_page_is_named_by_its_bytes():
    assert Page("a.txt", b"x", "text/plain").sha256 == Page("b.txt", b"x", "text/plain").sha256
