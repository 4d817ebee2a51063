"""Names as they are left when marks, roles and what is no name are taken off."""

import pytest

from newscrawl.extract.html import Person
from newscrawl.extract.html.names import MAX_NAME_CHARS, looks_like_name, named, tidied


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Xavier Dupont", ["Xavier Dupont"]),
        (" – Dana Akhmetova: ", ["Dana Akhmetova"]),
        ("Dana Akhmetova (", ["Dana Akhmetova"]),
        ("-\x1fDana Akhmetova\x1f", ["Dana Akhmetova"]),
        ("Dana Akhmetova, PhD, Ivan Petrov", ["Dana Akhmetova, PhD", "Ivan Petrov"]),
        ("Dana Akhmetova, Esq., Ivan Petrov", ["Dana Akhmetova, Esq.", "Ivan Petrov"]),
        ("Dana Akhmetova, Jr., Ivan Petrov", ["Dana Akhmetova, Jr.", "Ivan Petrov"]),
        ("Dana Akhmetova, Psy.D., Ivan Petrov", ["Dana Akhmetova, Psy.D.", "Ivan Petrov"]),
        ("Dana Akhmetova, Senior Reporter, Ivan Petrov", ["Dana Akhmetova", "Ivan Petrov"]),
        ("Dana Akhmetova, AFP", ["Dana Akhmetova", "AFP"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("José Ortega y Ana Ruiz", ["José Ortega", "Ana Ruiz"]),
        ("DANA AKHMETOVA reporter", ["DANA AKHMETOVA"]),
        ("by dana", ["dana"]),
        ("Von Miller", ["Von Miller"]),
        ("von Dana", ["Dana"]),
        ("Von: Miller", ["Miller"]),
        ("Von Reuters", ["Reuters"]),
        ("admin", []),
        ("", []),
    ],
)
def test_a_name_is_left_without_what_stands_around_it(printed, names):
    assert [person.name for person in tidied([Person(printed)])] == names


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("高橋長左衛門", True), ("昨夜東桟橋沈没", False), ("ヨハン・セバスチャン・バッハ", True)],
)
def test_a_name_without_spaces_is_short(text, is_one):
    assert looks_like_name(text) is is_one


@pytest.mark.parametrize(("length", "names"), [(-1, ["dana"]), (0, [])])
def test_one_word_is_a_name_where_little_else_is_said(length, names):
    text = "dana" + " " * (MAX_NAME_CHARS + length - 4)
    assert [person.name for person in named(text, said=True)] == names


def test_an_address_belongs_to_one_name_and_replaces_none():
    url = "https://a.example/dana"
    assert tidied([Person("Dana Akhmetova", url)]) == (Person("Dana Akhmetova", url),)
    assert [p.url for p in tidied([Person("Dana Akhmetova and Ivan Petrov", url)])] == [None, None]
    assert tidied([Person("Dana Akhmetova"), Person("dana akhmetova", url)])[0].url == url
    other = Person("Dana Akhmetova", "https://a.example/other")
    assert tidied([Person("Dana Akhmetova", url), other]) == (Person("Dana Akhmetova", url),)
