import pytest

from newscrawl.extract.shortcodes import split_credit, take_shortcodes


def test_a_caption_becomes_an_image_and_leaves_the_sentence():
    read = take_shortcodes(
        'It opened. [caption id="attachment_7" align="alignleft" width="800"] '
        "@Desk, Ann LeighA bridge at night[/caption] It has no toll."
    )
    assert read.text == "It opened. It has no toll."
    assert [(i.caption, i.credit) for i in read.images] == [
        ("A bridge at night", "@Desk, Ann Leigh")
    ]


def test_a_credit_that_stands_alone_elsewhere_shows_where_a_glued_one_ends():
    read = take_shortcodes(
        '[caption id="a"]@Desk, Jo Wu[/caption] text [caption id="b"]@Desk, Jo WuA harbour[/caption]'
    )
    assert [(i.caption, i.credit) for i in read.images] == [
        (None, "@Desk, Jo Wu"),
        ("A harbour", "@Desk, Jo Wu"),
    ]


def test_markup_in_a_caption_gives_the_address_and_leaves_the_text():
    read = take_shortcodes(
        '[caption id="a"]<img src="/b.jpg" alt=""> A &amp; B (Photo: Jo)[/caption]'
    )
    image = read.images[0]
    assert (image.url, image.caption, image.credit) == ("/b.jpg", "A & B", "Jo")


def test_the_old_form_has_its_caption_in_an_attribute():
    read = take_shortcodes('[caption id="a" caption="An old print"]<img src="a.jpg">[/caption]')
    assert read.images[0].caption == "An old print"


def test_a_teaser_cut_inside_a_shortcode_is_cut_and_the_rest_is_logged():
    read = take_shortcodes('It opened. [caption id="attachment_7" align="ali...')
    assert read.is_cut
    assert read.text.strip() == "It opened."
    assert read.removed == ['[caption id="attachment_7" align="ali...']


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('a [gallery ids="1,2"] b', "a b"),
        ("a [embed]https://example.org/v[/embed] b", "a b"),
        ("a [vc_row]kept[/vc_row] b", "a kept b"),
        ('a [button color="red"] b', "a b"),
    ],
)
def test_other_shortcodes_leave_the_text(text, left):
    assert take_shortcodes(text).text == left


@pytest.mark.parametrize(
    "text",
    ["underwear, [let alone a vaccine],” wrote", "it said, […]", "[sic] and [the bases]", "a[0]"],
)
def test_what_an_editor_put_in_brackets_stays(text):
    assert take_shortcodes(text).text == text


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A bridge at night. Photo: Ann Leigh", "A bridge at night.", "Ann Leigh"),
        ("Image: Agency/Jo SmithWorkers in May", "Workers in May", "Agency/Jo Smith"),
        ("@NordWire, Anna McDonaldThe bridge", "The bridge", "@NordWire, Anna McDonald"),
        ("© Фото: Иван ИвановМост ночью", "Мост ночью", "© Фото: Иван Иванов"),
        ("A plain caption", "A plain caption", None),
        ("", None, None),
    ],
)
def test_caption_and_credit_are_told_apart(text, caption, credit):
    assert split_credit(text) == (caption, credit)
