"""What a tool left in a dump goes; what the page says stays, with where it leads."""

import pytest

from newscrawl.extract.blocks import clean_lines, join_fragments, join_wrapped, read_blocks


def blocks(text):
    return read_blocks(*clean_lines(text))


def texts(text):
    return [block.text for block in blocks(text)]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("The har\u00adbour\u200b board", "The harbour board"),
        ("Salt &amp; tar,&nbsp;<b>old</b> rope", "Salt & tar, old rope"),
        ("A < B and B > C &unknown;", "A < B and B > C &unknown;"),
        ("می\u200cشود", "می\u200cشود"),
    ],
)
def test_marks_tags_and_entities_go_and_spelling_stays(printed, read):
    assert texts(printed) == [read]


def test_markdown_gives_headings_bullets_and_addresses():
    found = blocks(
        '# The Tide\n\n## [ Pier __ reopens ](/a-1 "Pier")\n\n  * [News](/n)\n\n*2 days ago*\n'
    )
    assert [(b.text, b.level, b.mark, b.url) for b in found] == [
        ("The Tide", 1, "", None),
        ("Pier reopens", 2, "", "/a-1"),
        ("News", 0, "•", "/n"),
        ("2 days ago", 0, "", None),
    ]


def test_links_that_share_a_line_are_blocks_of_their_own():
    assert texts("[ Pier reopens ](/a) [ Bell is found ](/b)") == ["Pier reopens", "Bell is found"]


def test_a_script_is_no_address():
    assert blocks("[Menu](javascript:;) \n\n[Pier](/a)")[0].url is None


def test_numbers_of_links_go_where_a_list_at_the_end_says_where_they_lead():
    found = blocks("[3]Pier reopens\n\nIt opened.\n\nReferences\n\n   3. https://a.example/pier\n")
    assert [(b.text, b.url) for b in found] == [
        ("Pier reopens", "https://a.example/pier"),
        ("It opened.", None),
    ]


def test_a_number_in_brackets_without_such_a_list_stays():
    assert texts("[3]rd of the boats\n\nIt sank.") == ["[3]rd of the boats", "It sank."]


def test_paragraphs_that_a_tool_broke_at_a_column_are_joined():
    words = ("harbour board wants longer quay and says so in letter " * 12).split()
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > 72:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    assert join_wrapped([*lines, line]) == [" ".join(words)]


def test_lines_that_end_before_the_column_are_lines():
    lines = [
        "Home",
        "About us",
        "A pier that was rebuilt in the spring of the year before last, at last",
    ]
    assert join_wrapped(lines) == lines


def test_a_sentence_that_was_broken_at_its_links_is_one():
    lines = [
        "The board of the harbour voted to rebuild what is left of", "the north pier",
        ", which fell in the winter.", "Fishermen had asked the town for a pier that is shorter",
        "and cheaper than that.", "Related",
    ]  # fmt: skip
    assert join_fragments(lines) == [
        "The board of the harbour voted to rebuild what is left of the north pier, which fell in the winter.",
        "Fishermen had asked the town for a pier that is shorter and cheaper than that.",
        "Related",
    ]


def test_a_date_in_small_letters_is_no_rest_of_a_sentence():
    lines = ["El consejo del puerto quiere un muelle más largo", "hace 3 días"] * 2
    assert join_fragments(lines) == lines


def test_a_heading_among_the_addresses_of_links_does_not_end_their_list():
    text = (
        "[1]Pier news\n\n   Boats wait.\n\nReferences\n\n   1. file:///pier/\n\n   Hidden links:\n"
        "   2. javascript:;\n"
    )
    assert [(block.text, block.url) for block in blocks(text)] == [
        ("Pier news", "file:///pier/"),
        ("Boats wait.", None),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        ("Residents asked", "why", "the bridge had taken forty months to appear at last."),
        ("The town office", "said on Monday that", "the ferry would be late again this winter."),
        ("Das Amt der", "Mühle", "teilte am Montag mit, dass der Preis für Mehl bald steige."),
    ],
)
def test_a_sentence_is_joined_at_its_links_however_short_it_begins(parts):
    lines = ["Boats wait for the tide at the pier.", *parts] * 2
    assert join_fragments(lines)[1] == " ".join(parts)


def test_menus_and_headlines_are_not_joined_to_what_follows():
    lines = ["Home", "about us", "Pier reopens", "Contact", "Ferry waits for a new engine", "3"]
    assert join_fragments(lines * 3) == lines * 3


def test_a_numbered_heading_of_markdown_is_a_heading():
    text = "## Island\n\n1. # Pier reopens\n\n2. # Ferry late\n"
    assert [(block.text, block.level) for block in blocks(text)] == [
        ("Island", 2),
        ("Pier reopens", 1),
        ("Ferry late", 1),
    ]
