"""The language of a text: as BCP 47 writes it, and as the text itself says."""

import pytest

from newscrawl.extract.language import canonical_tag, language_of

TEXTS = {
    "en": "The board weighed the plan for two hours and heard from owners of boats who want the quay moved. "
    "Nothing will be built before autumn, its chair said, and all letters are read out in public first.",
    "de": "Der Rat beriet zwei Stunden lang über den Plan und hörte Besitzer von Booten an. Vor dem Herbst "
    "wird nichts gebaut, sagte die Vorsitzende, und alle Briefe werden vorher öffentlich verlesen, wie es Brauch ist.",
    "fr": "Le conseil a étudié le projet pendant deux heures et entendu les propriétaires de bateaux. Rien ne "
    "sera construit avant l'automne, a dit sa présidente, et toutes les lettres seront lues en public.",
    "ru": "Совет два часа обсуждал план и выслушал владельцев лодок, которые хотят перенести причал. До осени "
    "ничего строить не будут, сказала председатель, а все письма сначала прочтут вслух на собрании жителей, которое состоится в школе в следующую пятницу вечером.",
    "kk": "Кеңес жоспарды екі сағат талқылап, айлақты көшіргісі келетін қайық иелерін тыңдады. Күзге дейін "
    "ештеңе салынбайды, деді төрайым, ал барлық хаттар алдымен тұрғындар жиналысында көпшілікке оқылады.",
}


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"), ("EN", "en"), ("en_US", "en-US"), ("pt-br", "pt-BR"), ("de-DE", "de-DE"),
        ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("ru_RU.UTF-8", "ru-RU"), ("kr", "ko"),
        ("ko-KR", "ko-KR"), ("jp", "ja"), ("ua-UA", "uk-UA"), ("iw-IL", "he-IL"), ("ar-AR", "ar"),
        ("es-AR", "es-AR"), ("en-UK", "en-GB"), ("us", "en-US"), ("en-x-piglatin", "en"), (" fr ", "fr"),
        ("English", None), ("", None), (None, None), ("{{lang}}", None), ("x" * 99, None), ("12", None),
    ],
)  # fmt: skip
def test_a_tag_is_written_as_bcp_47_writes_it(declared, tag):
    assert canonical_tag(declared) == tag
    assert canonical_tag(tag) == tag


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_says_its_language_where_its_page_says_none_or_another(language):
    text = TEXTS[language]
    assert len(text) >= 190
    text += " 2024." * 2
    assert language_of(text, None) == language
    assert language_of(text, "sw") == language
    assert language_of(text, language) == language
    assert language_of(text, f"{language}-DE") == f"{language}-DE"


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("Quay plan goes back to the board", "de"),
        ("", None),
        ("1 2 3 4 5 6 7 8 9 " * 40, "nb"),
        # What few words tell apart is as declared.
        (
            "Styret drøftet planen i to timer og hørte eiere av båter som vil ha kaia flyttet. "
            * 5,
            "nb-NO",
        ),
    ],
)
def test_a_text_that_does_not_tell_is_as_declared(text, declared):
    assert language_of(text, declared) == declared
