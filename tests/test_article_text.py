import pytest

from newscrawl.extract.article_text import read_article_text

LEAD = "The road to the glen has been shut for nineteen days."


def body(raw: str) -> list[str]:
    return read_article_text(raw).paragraphs


@pytest.mark.parametrize(
    ("footer", "publisher"),
    [
        ("This post was originally published on Glen & Strath | Weekly.", "Glen & Strath | Weekly"),
        ("This post was originally published on Small.Power.Org.", "Small.Power.Org"),
        ("This post was originally published on Radio One.", "Radio One"),
        ("This article was originally published by The Hill Reader", "The Hill Reader"),
        ("First published in The Hill Reader.", "The Hill Reader"),
        ("Originally published by Radio One", "Radio One"),
    ],
)
def test_the_source_line_names_the_publisher(footer, publisher):
    read = read_article_text(f"{LEAD}\n\n{footer}")
    assert read.publisher == publisher
    assert read.paragraphs == [LEAD]
    assert [block.reason for block in read.furniture] == ["publisher-line"]


def test_the_feed_footer_gives_headline_and_publisher():
    read = read_article_text(f"{LEAD}\n\nThe post Road Appeared First on Maps, Then on Land "
                             "appeared first on Glen.Org.")  # fmt: skip
    assert (read.headline, read.publisher) == (
        "Road Appeared First on Maps, Then on Land",
        "Glen.Org",
    )
    assert read.paragraphs == [LEAD]


def test_who_published_first_outranks_the_feed_footer_whatever_their_order():
    footers = ["The post T appeared first on Copy.", "This post was originally published on First."]
    for order in (footers, footers[::-1]):
        read = read_article_text("\n\n".join([LEAD, *order]))
        assert (read.headline, read.publisher, read.paragraphs) == ("T", "First", [LEAD])


@pytest.mark.parametrize(
    "sentence",
    [
        "The post office appeared first on the map of 1851, and the road came later.",
        "By the river they stopped.",
        "Written by hand, the letter took a year to arrive.",
        "With reporting by candlelight came a certain style.",
        "Read more books, the minister said, and fewer reports.",
        "Subscribe to no newsletter, he used to say.",
    ],
)
def test_a_sentence_that_begins_like_a_footer_stays(sentence):
    assert body(f"{LEAD}\n\n{sentence}\n\nMore follows here.") == [
        LEAD,
        sentence,
        "More follows here.",
    ]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("SPECIAL REPORT: By Iona Macrae", ["Iona Macrae"]),
        ("By Iona Macrae and Ross Tulloch", ["Iona Macrae", "Ross Tulloch"]),
        ("ANALYSIS: By Ann van Dam, Bo Li and José Ruiz", ["Ann van Dam", "Bo Li", "José Ruiz"]),
    ],
)
def test_a_byline_gives_the_authors(byline, names):
    read = read_article_text(f"{byline}\n\n{LEAD}")
    assert [author.name for author in read.authors] == names
    assert read.paragraphs == [LEAD]


@pytest.mark.parametrize(
    ("dateline", "dash"),
    [
        ("STRATHMORE, Scotland", " — "),
        ("NUR-SULTAN", " — "),
        ("WASHINGTON (AP)", " -- "),
        ("ALMATY, Kazakhstan, May 5 (Wire)", " – "),
        ("АСТАНА", " — "),
    ],
)
def test_a_dateline_leaves_the_body_as_printed(dateline, dash):
    read = read_article_text(f"{dateline}{dash}{LEAD}")
    assert (read.dateline, read.paragraphs) == (dateline, [LEAD])


@pytest.mark.parametrize(
    "text",
    [
        "NATO — which was founded in 1949 — has no army.",
        "BREAKING — The bridge is shut.",
        "The town — all of it — slept.",
        "A — B",
    ],
)
def test_what_is_no_place_is_no_dateline(text):
    read = read_article_text(text)
    assert (read.dateline, read.paragraphs) == (None, [text])


@pytest.mark.parametrize(
    "credit",
    [
        "Written by Ross Tulloch in Oban based on reporting by the parish magazine",
        "With reporting by Drover.kz",
        "Based on reporting by AFP, AP, and TASS",
        "Desk correspondent in Oban, Ann Lee, contributed to this report",
        "Compiled by J. R. Smith",
    ],
)
@pytest.mark.parametrize("tail", ["", "\n\nThis post was originally published on Desk."])
def test_credit_lines_are_kept_as_printed_and_leave_the_body(credit, tail):
    read = read_article_text(f"{LEAD}\n\n{credit}{tail}")
    assert (read.credits, read.paragraphs) == ([credit], [LEAD])


@pytest.mark.parametrize(
    ("end", "left", "furniture"),
    [
        ("in Austria, […]", "in Austria,", ["cut-mark"]),
        ("in Austria [...]", "in Austria", ["cut-mark"]),
        ("in Austria…", "in Austria…", []),
        ("in a group of...", "in a group of...", []),
        ("in Austria. Continue reading →", "in Austria.", ["read-more"]),
    ],
)
def test_a_cut_off_text_is_truncated(end, left, furniture):
    read = read_article_text(f"{LEAD}\n\nIt was rebuilt {end}")
    assert read.is_truncated
    assert read.paragraphs[-1] == f"It was rebuilt {left}"
    assert [block.reason for block in read.furniture] == furniture


def test_continue_reading_is_furniture_and_says_that_the_text_goes_on():
    read = read_article_text(
        f"{LEAD}\n\nContinue reading…\n\nThis post was originally published on X."
    )
    assert (read.is_truncated, read.paragraphs) == (True, [LEAD])


@pytest.mark.parametrize(
    "line",
    [
        "To subscribe, click here.",
        "Listen to the podcast above or subscribe to Hill Talk on iTunes or on Podcasts.",
    ],
)
def test_invitations_are_furniture_wherever_they_stand(line):
    for raw in (f"{LEAD}\n\n{line}\n\nMore.", f"{LEAD}\n\nMore.\n\n{line}"):
        read = read_article_text(raw)
        assert read.paragraphs == [LEAD, "More."]
        assert line in [block.text for block in read.furniture]


def test_a_newsletter_box_goes_whole_and_only_when_it_ends_as_one():
    box = "Subscribe To Our Bells Newsletter\n\nEvery Friday.\n\nTo subscribe, click here."
    assert body(f"{LEAD}\n\n{box}\n\nMore.") == [LEAD, "More."]
    open_box = "Subscribe To Our Bells Newsletter\n\nEvery Friday."
    assert len(body(f"{LEAD}\n\n{open_box}\n\nMore.")) == 4


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Crane", "Crane"),
        ("The bell -- it weighs 640 kilos.", "The bell — it weighs 640 kilos."),
        ("The authorities' view", "The authorities’ view"),
    ],
)
def test_a_caption_printed_twice_is_one_image_and_no_paragraph(first, second, gap):
    read = read_article_text(f"{LEAD}\n\n{first}{gap}{second}\n\nMore.")
    assert [image.caption for image in read.images] == [second]
    assert read.paragraphs == [LEAD, "More."]


def test_a_refrain_is_no_caption():
    assert body(f"{LEAD}\n\nNo more.\n\nNo more.\n\nNo more.").count("No more.") == 3


def test_alternative_text_above_its_caption_is_part_of_the_image():
    read = read_article_text(
        f"{LEAD}\n\nThe road at the bend\nThe road at the bend … shut since May. Image: Archive\n\nMore."
    )
    assert [(i.caption, i.credit) for i in read.images] == [
        ("The road at the bend … shut since May.", "Archive")
    ]
    assert read.paragraphs == [LEAD, "More."]


def test_subheads_quotes_and_one_word_lines_stay():
    lines = [
        LEAD,
        "What the council says",
        "“We have had longer,” she said.",
        "Patience",
        "It will sound.”",
    ]
    assert body("\n\n".join(lines)) == lines


def test_lines_of_one_block_are_paragraphs_of_their_own():
    assert body(f"A subhead\n{LEAD}") == ["A subhead", LEAD]


def test_nothing_gives_nothing():
    assert read_article_text("").paragraphs == []
    assert body("This post was originally published on Desk.") == []


@pytest.mark.parametrize("line", ["First published in May 2019.", "First published in paperback."])
def test_a_line_that_names_no_publisher_stays(line):
    assert body(f"{LEAD}\n\n{line}") == [LEAD, line]


@pytest.mark.parametrize(
    "line",
    ["Stand: 28.04.2023 16:11 Uhr", "Freitag, 28.04.2023, 19:25", "12 May 2024", "2024年5月12日"],
)
def test_a_day_alone_above_the_text_is_none_of_it(line):
    read = read_article_text(f"{line}\n\n{LEAD}\n\n{LEAD} Again.")
    assert read.paragraphs == [LEAD, f"{LEAD} Again."]
    assert [(block.text, block.reason) for block in read.furniture] == [(line, "date-line")]


@pytest.mark.parametrize("line", ["2024", "May 2024", "Nineteen days", "2 minutes ago"])
def test_what_is_no_day_stays_above_the_text(line):
    assert body(f"{line}\n\n{LEAD}") == [line, LEAD]


def test_the_days_of_a_chronicle_are_its_headings():
    days = ["12 May 2024", LEAD, "13 May 2024", f"{LEAD} Still."]
    assert body("\n\n".join(days)) == days


def test_an_article_that_is_a_day_and_nothing_else_keeps_it():
    assert body("12 May 2024") == ["12 May 2024"]


def test_a_dateline_on_a_line_of_its_own_leaves_the_body():
    read = read_article_text(f"KINLOCH, Alba. —\n\n{LEAD}\n\nMore.")
    assert (read.dateline, read.paragraphs) == ("KINLOCH, Alba.", [LEAD, "More."])


def test_a_heading_in_capitals_is_no_dateline():
    text = f"WHAT WE KNOW SO FAR — {LEAD}"
    assert (read_article_text(text).dateline, body(text)) == (None, [text])


@pytest.mark.parametrize(
    "last",
    ["The bell rang [...] Read more", "Колокол звонил. Читать далее...", "Die Glocke läutete … Weiterlesen",
     "La campana sonó. Seguir leyendo", "钟响了。阅读全文"],
)  # fmt: skip
def test_a_text_that_goes_on_elsewhere_is_cut_and_says_so_outside_of_the_body(last):
    read = read_article_text(f"It took four men to lift the bell.\n\n{last}")
    assert read.is_truncated
    assert not any(
        word in read.paragraphs[-1] for word in ("more", "далее", "lesen", "leyendo", "全文")
    )


def test_a_sentence_about_reading_more_stays():
    text = "Teachers want children to read more."
    read = read_article_text(text)
    assert (read.paragraphs, read.is_truncated) == ([text], False)


@pytest.mark.parametrize(
    ("footer", "publisher"),
    [
        ("Dieser Beitrag erschien zuerst auf Küstenbote.", "Küstenbote"),
        ("La entrada La campana se publicó primero en El Muelle.", "El Muelle"),
        ("L’article La cloche est apparu en premier sur Le Quai.", "Le Quai"),
        ("Сообщение Колокол появились сначала на Причал.", "Причал"),
    ],
)
def test_a_feeds_footer_names_the_publisher_in_its_language(footer, publisher):
    read = read_article_text(f"It took four men to lift the bell.\n\n{footer}")
    assert (read.publisher, len(read.paragraphs)) == (publisher, 1)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Kell (dpa) - Vier Männer hoben die Glocke.", "Kell (dpa)"),
        ("КЕЛЛ, 17 декабря. /ТАСС/. Колокол подняли.", "КЕЛЛ, 17 декабря. /ТАСС/"),
    ],
)
def test_an_agencys_name_makes_a_dateline(text, dateline):
    read = read_article_text(text)
    assert read.dateline == dateline
    assert "dpa" not in read.paragraphs[0]


def test_an_agencys_last_sentence_is_a_credit():
    read = read_article_text("It took four men. Reporting by Ada Marl; Editing by Otto Namm.")
    assert (read.paragraphs, read.credits) == (
        ["It took four men."],
        ["Reporting by Ada Marl; Editing by Otto Namm"],
    )


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2021 Valley Wire. All rights reserved.",
        "© 2019 Orra Press Agency",
        "(c) 2020 Hill News, not to be printed again",
    ],
)
def test_a_line_of_rights_under_the_text_is_none_of_it(line):
    assert body(f"{LEAD}\n\nMore.\n\n{line}") == [LEAD, "More."]
    prose = "Copyright law of 2021 was debated."
    assert body(f"{LEAD}\n\n{prose}") == [LEAD, prose]


@pytest.mark.parametrize("label", ["Werbung", "ADVERTISEMENT", "- Реклама -", "広告"])
def test_a_lone_label_of_an_advertisement_goes_and_a_sentence_about_one_stays(label):
    assert body(f"{LEAD}\n\n{label}\n\nMore.") == [LEAD, "More."]
    assert body(f"{LEAD}\n\n{label} was dear.\n\nMore.")[1] == f"{label} was dear."


def test_a_label_over_links_to_others_is_no_cut():
    assert not read_article_text(f"{LEAD}\n\nRead more:").is_truncated
    assert read_article_text(f"{LEAD}\n\nRead more…").is_truncated


def test_a_newsletter_box_never_takes_what_stands_before_an_invitation_of_its_own():
    text = f"{LEAD}\n\nSign up for our newsletter\n\nOf bells\n\nMore.\n\nSign up here for the late news"
    assert body(text) == [LEAD, "Of bells", "More."]


@pytest.mark.parametrize(
    "dateline", ["Cala Norte (España), 17 dic (EFE)", "Kinloch (Alba), 17 Dec. (GNA)"]
)
def test_an_agencys_dateline_may_name_the_country_in_brackets(dateline):
    read = read_article_text(f"{dateline}.- {LEAD}")
    assert (read.dateline, read.paragraphs) == (dateline, [LEAD])


def test_what_an_agency_prints_under_its_closing_credit_goes_with_it():
    credit = "Reporting by Ida Berg; Editing by Olav Holm"
    read = read_article_text(
        f"{LEAD}\n\nMore.\n\n{credit}\n\nOur Rules: The Wire's Principles of Trust."
    )
    assert (read.paragraphs, read.credits) == ([LEAD, "More."], [credit])
    # Without a credit above it, it may be the article's.
    text = f"{LEAD}\n\nMore.\n\nOur view: The road must open."
    assert body(text) == text.split("\n\n")


@pytest.mark.parametrize(
    "line", ["Printed on 21.12.2024", "Stand: 21. Dezember 2024", "Accessed 21 Dec 2024"]
)
def test_a_last_line_that_is_a_day_behind_a_word_or_two_is_the_pages(line):
    read = read_article_text(f"{LEAD}\n\nMore.\n\n{line}")
    assert read.paragraphs == [LEAD, "More."]
    assert [block.reason for block in read.furniture] == ["date-line"]


@pytest.mark.parametrize(
    "line", ["The road shall open on 21.12.2024", "21 December 2024", "It was 2024"]
)
def test_another_last_line_with_a_day_stays(line):
    assert body(f"{LEAD}\n\nMore.\n\n{line}") == [LEAD, "More.", line]
