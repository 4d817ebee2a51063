"""Publication dates: where they are found and which wins."""

import pytest

from newscrawl.extract.html import DateHabits, extract_document, extract_html, parse_html


def published(
    head: str = "", body: str = "", url: str | None = None, lang: str = "en"
) -> str | None:
    page = f'<html lang="{lang}"><head>{head}</head><body><h1>A headline</h1>{body}</body></html>'
    return extract_html(page.encode(), url=url).date_published


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2024-07-16T10:30:00+05:00", "2024-07-16T10:30:00+05:00"),
        ("2024-07-16T10:30:00+0500", "2024-07-16T10:30:00+05:00"),
        ("2024-07-16 10:30:00", "2024-07-16T10:30:00"),
        ("2024-07-16T05:30:00.123Z", "2024-07-16T05:30:00+00:00"),
        ("20240716T05:30:00Z", "2024-07-16T05:30:00+00:00"),
        ("2024-07-16", "2024-07-16"),
        ("1721107800", "2024-07-16T05:30:00+00:00"),
        ("1721107800000", "2024-07-16T05:30:00+00:00"),
        ("16.07.2024", "2024-07-16"),
        ("2024-13-45", None),
        ("0000-00-00", None),
        ("soon", None),
    ],
)
def test_machine_dates(raw: str, value: str | None) -> None:
    assert published(meta("article:published_time", raw)) == value


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("16 July 2024", "en", "2024-07-16"),
        ("July 16, 2024", "en", "2024-07-16"),
        ("Jul 16, 2024, 4:38 p.m.", "en", "2024-07-16T16:38"),
        ("Dienstag, 16. Juli 2024, 10:30 Uhr", "de", "2024-07-16T10:30"),
        ("16 de julio de 2024", "es", "2024-07-16"),
        ("16 июля 2024, 10:30", "ru", "2024-07-16T10:30"),
        ("16 lipca 2024", "pl", "2024-07-16"),
        ("2024年7月16日", "ja", "2024-07-16"),
        ("16/07/2024", "fr", "2024-07-16"),
        ("07/06/2024", "en-US", "2024-07-06"),
        ("07/06/2024", "en-GB", "2024-06-07"),
        ("June 30, 2026 - 4.34pm", "en", "2026-06-30T16:34"),
        ("Feb 182009", "de", "2009-02-18"),
        ("24 أبريل 2020", "en", "2020-04-24"),
        ("16. März 2024", "de", "2024-03-16"),
        ("1 août 2024", "fr", "2024-08-01"),
        ("21 желтоқсан 2024", "kk", "2024-12-21"),
        ("7/16/2024 12:05:00 AM", "en-US", "2024-07-16T00:05:00"),
        ("7/16/2024 4:38:02 PM", "en-US", "2024-07-16T16:38:02"),
        ("2024年7月16日 10時05分", "ja", "2024-07-16T10:05"),
        ("16 กรกฎาคม 2567", "th", "2024-07-16"),
        ("Megjelent: 2024. július 16. 10:05", "hu", "2024-07-16T10:05"),
        ("۲۶ تیر ۱۴۰۳ - ۱۰:۰۵", "fa", "2024-07-16T10:05"),
        ("۱ دي ۱۴۰۳", "fa", "2024-12-21"),
        ("1403/12/30", "fa", "2025-03-20"),
        ("۱۶ ژوئیه ۲۰۲۴", "fa", "2024-07-16"),
    ],
)
def test_printed_dates(text: str, lang: str, value: str) -> None:
    assert published(body=f'<p class="date">{text}</p>', lang=lang) == value


def test_structured_data_goes_before_what_is_printed() -> None:
    assert (
        published(meta("article:published_time", "2024-07-16"), "<p>17 July 2024</p>")
        == "2024-07-16"
    )


def test_the_address_may_hold_the_date() -> None:
    assert published(url="https://a.example/2024/07/16/reservoir") == "2024-07-16"
    assert published(url="https://a.example/news/16-07-2024-reservoir") == "2024-07-16"
    assert published(url="https://a.example/story-20240716") == "2024-07-16"


def test_time_elements_called_updated_are_modification_dates() -> None:
    body = '<time class="updated" datetime="2024-07-18">x</time><time class="published" datetime="2024-07-16">y</time>'
    page = extract_html(f"<html><body><h1>A</h1>{body}</body></html>".encode())
    assert (page.date_published, page.date_modified) == ("2024-07-16", "2024-07-18")


def test_an_instant_in_utc_is_given_in_the_pages_own_offset_when_known() -> None:
    head = meta("article:published_time", "2024-07-16T22:31:05Z")
    body = '<time datetime="2024-07-17T03:31:05+05:00">x</time>'
    # The address contradicts UTC's day, so the times on the page are asked.
    assert published(head, body, "https://a.example/2024/07/17/x") == "2024-07-17T03:31:05+05:00"


def test_a_day_is_made_exact_by_a_time_that_agrees() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A","datePublished":"2024-07-16"}</script>'
    assert (
        published(head + meta("article:published_time", "2024-07-16T10:30:00+05:00"))
        == "2024-07-16T10:30:00+05:00"
    )


def test_every_place_that_gives_a_date_is_reported_as_printed() -> None:
    head = meta("article:published_time", "2024-07-16") + meta(
        "article:modified_time", "2024-07-18"
    )
    page = extract_html(f"<html><head>{head}</head><body></body></html>".encode())
    assert [(c.kind, c.raw, c.source, c.basis) for c in page.date_candidates] == [
        ("published", "2024-07-16", "opengraph", "structured"),
        ("modified", "2024-07-18", "opengraph", "structured"),
    ]


def test_a_script_variable_is_the_last_resort() -> None:
    body = '<script>window.data = {"publishedAt":"2024-07-16T05:30:00Z"}</script>'
    assert published(body=body) == "2024-07-16T05:30:00+00:00"


def test_a_page_published_again_keeps_the_day_in_its_address() -> None:
    head = meta("article:published_time", "2024-07-16T10:30:00+05:00")
    assert published(head, url="https://a.example/2019/03/02/reservoir") == "2019-03-02"
    assert published(head, url="https://a.example/2024/07/15/x") == "2024-07-16T10:30:00+05:00"


def test_a_date_under_the_headline_goes_before_a_vague_meta_and_a_far_time() -> None:
    head = meta("date", "2024-07-18")
    body = (
        '<p class="meta">16 July 2024</p>'
        + "<p>Text.</p>" * 30
        + '<time datetime="2020-01-01">x</time>'
    )
    assert published(head, body) == "2024-07-16"


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("16 July 2024 at 4:38 PM", "en", "2024-07-16T16:38"),
        ("16 | 07 | 2024", "de", "2024-07-16"),
        ("16 ago 2024", "en", "2024-08-16"),
    ],
)
def test_printed_dates_in_other_shapes(text: str, lang: str, value: str) -> None:
    assert published(body=f"<p class=date>{text}</p>", lang=lang) == value


def test_a_printed_clock_without_seconds_gives_the_offset() -> None:
    head = meta("article:published_time", "2024-07-17T03:38:07Z")
    printed = "<p class=date>July 16, 2024 at 10:38 PM</p>"
    url = "https://example.org/2024/07/16/story"
    assert published(head, printed, url=url) == "2024-07-16T22:38:07-05:00"


LABELLED_FAR = "<p>Anna Berg</p>" * 30 + "<p>{label} 16.07.2024</p>"


@pytest.mark.parametrize("label", ["Datum", "Published", "Veröffentlicht am", "Publié le"])
def test_a_label_goes_before_a_date_in_prose(label: str) -> None:
    prose = "<p>The bridge as it was seen from the northern shore on 3 May 2023.</p>"
    assert published(body=prose + LABELLED_FAR.format(label=label), lang="de") == "2024-07-16"


def test_the_day_in_a_headline_is_not_the_pages() -> None:
    page = "<h1>Minutes of 3 May 2024</h1><p class=posted-on>16/07/2024 by the board</p>"
    assert extract_html(page.encode()).date_published == "2024-07-16"


def test_mastheads_and_comments_have_dates_of_their_own() -> None:
    page = (
        "<div class=topbar>Friday, 9 August 2024</div><h1>A bridge</h1>"
        "<div class=comment>1 August 2024</div>" + "<p>Text.</p>" * 20 + "<p>16 July 2024</p>"
    )
    assert extract_html(page.encode()).date_published == "2024-07-16"


def test_a_typed_day_in_json_ld_gives_way_to_the_one_under_the_headline() -> None:
    head = '<script type="application/ld+json">{"@type":"Article","datePublished":"%s"}</script>'
    printed = "<p>July 16, 2024</p>"
    assert published(head % "Aug 25, 2025", printed) == "2024-07-16"
    assert published(head % "Aug 25, 2025") == "2025-08-25"
    assert published(head % "2025-08-25", "<p>Aug 25, 2025</p>") == "2025-08-25"


def test_an_evening_in_utc_is_put_on_the_clock_that_the_address_keeps() -> None:
    head = meta("article:published_time", "2024-07-17T02:41:41+00:00")
    comment = '<time datetime="2024-07-18T21:46:01-05:00">later</time>'
    url = "https://example.org/2024/07/16/story"
    assert published(head, comment, url=url) == "2024-07-16T21:41:41-05:00"
    assert published(head, url=url) == "2024-07-17T02:41:41+00:00"


@pytest.mark.parametrize(
    ("head", "body", "path"),
    [
        ("", "", "/article/A2024071614320005196"),
        (meta("og:image", "https://img.example.org/2024/07/16/bridge.jpg"), "", "/bridge"),
        ("", '<script>show("2024/07/16 01:43:09")</script>', "/bridge"),
        ("", "<footer>© 16.07.2024 Example</footer>", "/bridge"),
    ],
)
def test_what_was_made_with_the_page_is_the_last_resort(head: str, body: str, path: str) -> None:
    assert published(head, body, url=f"https://example.org{path}") == "2024-07-16"
    printed = "<p class=posted-on>5 June 2024</p>"
    assert published(head, printed + body, url=f"https://example.org{path}") == "2024-06-05"


def test_a_year_alone_is_no_day() -> None:
    assert published(body="<p>Text.</p><footer>© 2024 Example</footer>") is None


def test_a_machine_date_in_a_title_goes_before_a_date_far_off() -> None:
    far = "<p>Anna Berg</p>" * 20 + "<p>10 November 2024</p>"
    titled = '<span class="updated" title="2024-07-16T18:52:11+00:00"></span>'
    assert published(body=far + titled) == "2024-07-16T18:52:11+00:00"


def test_what_readers_say_of_a_recipe_is_not_the_page() -> None:
    review = '{"@type":"Review","datePublished":"%s","author":"Ann","publisher":"Ann"}'
    reviews = ",".join(review % day for day in ("2024-08-01", "2024-08-02"))
    recipe = '{"@type":"Recipe","name":"Soup","datePublished":"2024-07-16","review":[%s]}'
    head = '<script type="application/ld+json">%s</script>'
    assert published(head % (recipe % reviews)) == "2024-07-16"
    assert published(head % (review % "2024-08-01")) == "2024-08-01"


@pytest.mark.parametrize(
    ("text", "host", "value"),
    [
        ("03/04/2024", "example.com", "2024-03-04"),
        ("03/04/2024", "example.us", "2024-03-04"),
        ("03/04/2024", "example.ch", "2024-04-03"),
        ("03.04.2024", "example.com", "2024-04-03"),
    ],
)
def test_month_first_is_for_slashes_on_american_pages(text: str, host: str, value: str) -> None:
    assert published(body=f"<p class=date>{text}</p>", url=f"https://{host}/story") == value


def test_a_date_that_is_labelled_as_a_change_is_not_that_of_publication() -> None:
    page = (
        b"<h1>A headline</h1><p>Updated on July 16, 2024</p>"
        + b"<p>Text of the article.</p>" * 20
        + b"<ul><li>Another story, 12 May 2021</li></ul>"
    )
    found = extract_html(page)
    assert (found.date_published, found.date_modified) == (None, "2024-07-16")


def test_a_page_with_both_dates_gives_both() -> None:
    page = b"<h1>A headline</h1><p>Published 12 May 2021</p><p>Last updated: July 16, 2024</p>"
    found = extract_html(page)
    assert (found.date_published, found.date_modified) == ("2021-05-12", "2024-07-16")


def test_another_place_settles_whether_the_day_or_the_month_comes_first() -> None:
    listed = '<p class="date">02-12-2025</p>'
    assert published(body=listed, lang="en") == "2025-02-12"
    assert published(body=listed + "<p>Text</p><p>December 2, 2025</p>") == "2025-12-02"
    both = listed + "<p>Text</p><p>December 2, 2025</p><p>February 12, 2025</p>"
    assert published(body=both) == "2025-02-12"


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Published 3 May 2024 · Updated 4 May 2024", "en"),
        ("Updated 4 May 2024 10:00, first published 3 May 2024 09:00", "en"),
        ("May 3, 2024 / Updated on: May 4, 2024 / 10:02 AM EDT", "en"),
        ("03.05.2024, 10:05 Uhr | Aktualisiert: 04.05.2024", "de"),
        ("Mis à jour le 4 mai 2024 à 11h00, publié le 3 mai 2024 à 10h05", "fr"),
        ("Actualizado: 04/05/2024 10:00h. Publicado: 03/05/2024", "es"),
        ("Pubblicato il 3 maggio 2024 - Ultimo aggiornamento: 4 maggio 2024", "it"),
        ("Publicado em 03/05/2024 às 10h05 Atualizado em 04/05/2024 às 11h00", "pt"),
        ("Gepubliceerd op 3 mei 2024 Bijgewerkt op 4 mei 2024", "nl"),
        ("Opublikowano: 3 maja 2024 Aktualizacja: 4 maja 2024", "pl"),
        ("Publisert 3. mai 2024, oppdatert 4. mai 2024 kl. 10.05", "no"),
        ("Julkaistu 3.5.2024 10:05 | Päivitetty 4.5.2024 11:00", "fi"),
        ("Giriş Tarihi: 03.05.2024 10:05 Son Güncelleme: 04.05.2024 11:00", "tr"),
        ("Опубликовано 3 мая 2024, обновлено 4 мая 2024", "ru"),
        ("Publicat la 3 mai 2024, actualizat la 4 mai 2024", "ro"),
        ("Publikováno 3. května 2024, aktualizováno 4. května 2024", "cs"),
        ("Δημοσίευση: 3 Μαΐου 2024 Τελευταία ενημέρωση: 4 Μαΐου 2024", "el"),
        ("公開日：2024年5月3日 更新日：2024年5月4日", "ja"),
        ("입력 2024.05.03. 10:05 수정 2024.05.04. 11:00", "ko"),
    ],
)
def test_a_line_with_both_dates_gives_both(line: str, lang: str) -> None:
    page = f'<html lang="{lang}"><body><h1>A headline</h1><p>{line}</p></body></html>'
    found = extract_html(page.encode())
    assert ((found.date_published or "")[:10], (found.date_modified or "")[:10]) == (
        "2024-05-03",
        "2024-05-04",
    )


@pytest.mark.parametrize(
    ("body", "lang"),
    [
        ("<p>Letzte Aktualisierung: 4. Mai 2024</p>", "de"),
        ("<p>Stand: 04.05.2024 10:05 Uhr</p>", "de"),
        ("<p>Última actualización: 4 de mayo de 2024</p>", "es"),
        ("<p>Laatst gewijzigd: 4 mei 2024</p>", "nl"),
        ("<p>Оновлено: 4 травня 2024, 10:05</p>", "uk"),
        ("<p>更新时间：2024-05-04 10:05</p>", "zh"),
        ("<p>آخر تحديث: 4 مايو 2024</p>", "ar"),
        ("<p>Page updated:</p><p>4 May 2024</p>", "en"),
        ('<p><time datetime="2024-05-04">Updated 4 May 2024</time></p>', "en"),
    ],
)
def test_a_label_of_a_change_in_any_language_and_place(body: str, lang: str) -> None:
    page = f'<html lang="{lang}"><body><h1>A headline</h1>{body}</body></html>'
    found = extract_html(page.encode())
    assert (found.date_published, (found.date_modified or "")[:10]) == (None, "2024-05-04")


def test_no_change_is_before_the_publication() -> None:
    day = '{"@type":"Article","headline":"A headline","datePublished":"13/11/2025 09:21:40"}'
    script = f'<script type="application/ld+json">{day}</script>'
    assert published(script, "<p>Page updated: 12 November 2025</p>") == "2025-11-12"


@pytest.mark.parametrize(
    "markup",
    [
        '<relative-time datetime="2024-07-16T05:30:00Z">2 days ago</relative-time>',
        '<span class="post-date" data-timestamp="1721107800">2 days ago</span>',
    ],
)
def test_what_scripts_make_relative_dates_of(markup: str) -> None:
    assert published("", f"<p>{markup}</p>") == "2024-07-16T05:30:00+00:00"


def test_the_pages_own_article_is_the_one_with_its_address() -> None:
    other = '"headline":"B","mainEntityOfPage":"https://a.example/b","author":"C","image":"x"'
    script = (
        '<script type="application/ld+json">[{"@type":"Article",'
        f'{other},"datePublished":"2023-01-01"}},'
        '{"@type":"Article","headline":"A headline","url":"https://www.a.example/a/",'
        '"datePublished":"2024-07-16"}]</script>'
    )
    assert published(script, url="https://a.example/a?from=home") == "2024-07-16"


def candidates(
    body: str, head: str = "", lang: str = "en", url: str | None = None
) -> list[tuple[str, str, str]]:
    page = f'<html lang="{lang}"><head>{head}</head><body><h1>A headline</h1>{body}</body></html>'
    found = extract_html(page.encode(), url=url).date_candidates
    return [(c.kind, c.raw, c.basis) for c in found]


PROSE = (
    "<p>" + "The board met on Monday to weigh the plan for a new quay by the river. " * 4 + "</p>"
)


@pytest.mark.parametrize(
    ("body", "lang", "words"),
    [
        ("<time>4 days ago</time>", "en", "4 days ago"),
        (
            "<div class=byline>Posted <time>4 days ago</time> by Mara Lind</div>",
            "en",
            "Posted 4 days ago",
        ),
        ("<p>Mara Lind | 4 days ago</p>", "en", "4 days ago"),
        ("<div class=meta>Yesterday at 18:45</div>", "en", "Yesterday at 18:45"),
        ("<p class=meta>Publié hier à 18h45</p>", "fr", "Publié hier à 18h45"),
        ("<p class=date>vor 4 Tagen</p>", "de", "vor 4 Tagen"),
        ("<p class=info>4 дня назад</p>", "ru", "4 дня назад"),
        ("<p class=info><span>晚报</span> <span>4天前</span></p>", "zh", "4天前"),
        ("<p class=date>منذ 4 أيام</p>", "ar", "منذ 4 أيام"),
    ],
)
def test_relative_words_by_the_headline_are_handed_over(body: str, lang: str, words: str) -> None:
    assert candidates(body + PROSE, lang=lang) == [("published", words, "relative")]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Mara Lind | 5 min</p>" + PROSE,
        PROSE + "<div class=byline>3 minutes ago</div>",
        "<p>He was found 4 days ago in the woods</p>" + PROSE,
        "<p class=meta><a href=/x>Another story, 2 hours ago</a></p>" + PROSE,
    ],
)
def test_other_relative_words_are_not_the_articles(body: str) -> None:
    assert candidates(body) == []


@pytest.mark.parametrize(
    ("markup", "raw"),
    [
        ('<span title="16 July 2024, 09:24">5 months ago</span>', "16 July 2024, 09:24"),
        ('<span data-when="1721107800">5 months ago</span>', "1721107800"),
        ('<x-ago datetime="2024-07-16T05:30:00Z">5 months ago</x-ago>', "2024-07-16T05:30:00Z"),
    ],
)
def test_what_a_machine_wrote_goes_before_the_words_beside_it(markup: str, raw: str) -> None:
    found = candidates(f"<p class=date>{markup}</p>" + PROSE)
    assert found[0] == ("published", raw, "structured")
    assert (published(body=f"<p class=date>{markup}</p>" + PROSE) or "")[:10] == "2024-07-16"


@pytest.mark.parametrize(("more", "found"), [(0, ["relative"]), (1, [])])
def test_relative_words_stand_in_a_line_of_a_hundred_letters_at_most(
    more: int, found: list[str]
) -> None:
    line = "Mara Lind " + "x" * (77 + more) + " | 4 days ago"
    assert len(line) == 100 + more
    assert [basis for _, _, basis in candidates(f"<p>{line}</p>" + PROSE)] == found


def test_a_time_that_says_nothing_hides_no_other() -> None:
    times = '<time>soon</time><time datetime="2024-07-16">on Tuesday</time>'
    assert ("published", "2024-07-16", "structured") in candidates(f"<p>{times}</p>" + PROSE)


def test_a_class_of_dates_counts_on_the_block_and_on_what_it_stands_in() -> None:
    line = "<p>18 July 2024, as the town has known for some time</p>"
    named = "<p>Some words about the page and its place</p>" * 2 + "{}"
    for shown in (
        '<p class="date">16 July 2024 in the town hall of the coast</p>',
        '<div class="date"><p>16 July 2024 in the town hall of the coast</p></div>',
    ):
        assert published(body=line + named.format(shown) + PROSE) == "2024-07-16"
    plain = "<div><p>16 July 2024 in the town hall of the coast</p></div>"
    assert published(body=line + named.format(plain) + PROSE) == "2024-07-18"


def test_a_change_in_relative_words_is_no_publication() -> None:
    found = candidates("<p class=meta>Updated 2 hours ago</p>" + PROSE)
    assert found == [("modified", "Updated 2 hours ago", "relative")]
    both = candidates("<p class=meta>Posted 4 days ago, updated 2 hours ago</p>" + PROSE)
    assert [kind for kind, _, _ in both] == ["published", "modified"]


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="field field--name-changed"><time datetime="2024-07-18">July 18</time></div>',
        '<div class="field-changed"><p>18 July 2024</p></div>',
        '<p class="last-modified">18 July 2024</p>',
    ],
)
def test_a_field_named_after_the_change_is_no_publication(markup: str) -> None:
    page = extract_html(f"<html><body><h1>A headline</h1>{markup}{PROSE}</body></html>".encode())
    assert (page.date_published, page.date_modified) == (None, "2024-07-18")


def test_entries_of_a_live_blog_do_not_date_it() -> None:
    entries = "".join(
        f'<div class="entry"><time datetime="2024-07-16T{hour}:00:00Z">{hour}:00</time>'
        f"<h3>Entry at {hour}</h3>{PROSE}</div>"
        for hour in (18, 17, 16)
    )
    assert {basis for _, _, basis in candidates(entries)} == {"inferred"}
    own = '<p><time datetime="2024-07-16T08:00:00Z">8:00</time></p>'
    assert published(body=own + entries) == "2024-07-16T08:00:00+00:00"


def test_a_live_blogs_newest_update_does_not_date_it() -> None:
    update = (
        '{"@type":"BlogPosting","headline":"Later","articleBody":"x","author":"Mara Lind",'
        '"datePublished":"2024-07-16T18:00:00Z"}'
    )
    blog = (
        '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"A headline",'
        f'"datePublished":"2024-07-16T08:00:00Z","liveBlogUpdate":[{update}]}}</script>'
    )
    assert published(blog) == "2024-07-16T08:00:00+00:00"


def test_an_article_of_another_address_and_headline_does_not_date_the_page() -> None:
    other = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry fares rise",'
        '"url":"https://a.example/ferry","datePublished":"2024-07-12"}</script>'
    )
    title = '<meta property="og:title" content="A headline">'
    url = "https://a.example/headline"
    assert published(title + other, "<p class=date>16 July 2024</p>", url=url) == "2024-07-16"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", '<script>poll({"published":"2024-07-16"})</script>'),
        ('<meta property="og:image" content="https://i.example/2024/07/16/b.jpg">', ""),
        ("", "<footer>© 16.07.2024 Example</footer>"),
        ('<meta name="description" content="What was said on 16 July 2024">', ""),
    ],
)
def test_what_is_no_date_of_the_article_is_inferred(head: str, body: str) -> None:
    assert [basis for _, _, basis in candidates(PROSE + body, head)] == ["inferred"]


def test_a_day_after_the_capture_is_no_reason_to_look_no_further() -> None:
    head = meta("article:published_time", "2025-06-28T08:30:00Z")
    page = f"<html><head>{head}</head><body><h1>A</h1><p class=date>16 July 2024</p></body></html>"
    document = parse_html(page.encode())
    found = extract_document(document, habits=DateHabits(latest="2024-07-20"))
    assert found.date_published == "2024-07-16"
    assert [c.value[:10] for c in found.date_candidates] == ["2025-06-28", "2024-07-16"]


def test_a_site_says_how_its_pages_print_dates() -> None:
    page = b"<html lang=en><body><h1>A</h1><p class=date>03/04/2024 10:30</p></body></html>"
    declared = DateHabits(order="DMY", timezone="Asia/Almaty")
    found = extract_document(parse_html(page), habits=declared)
    assert found.date_published == "2024-04-03T10:30+05:00"
    assert extract_html(page).date_published == "2024-03-04T10:30"


def test_one_clear_day_proves_the_order_of_the_others() -> None:
    body = "<p class=date>03/04/2024</p>" + PROSE + "<ul><li>Older: 25/03/2024</li></ul>"
    assert published(body=body) == "2024-04-03"
