"""Relative dates, read and reckoned."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dates import DateInterval, languages, parse_relative

DAY = date(2024, 12, 21)
NOW = datetime(2024, 12, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value", "edtf"),
    [
        ("4 days ago", "2024-12-17", "[2024-12-16..2024-12-18]"),
        ("1 week ago", "2024-12-14", "[2024-12-07..2024-12-15]"),
        ("2 weeks ago", "2024-12-07", "[2024-11-30..2024-12-11]"),
        ("5 weeks ago", "2024-11-16", "[2024-11-09..2024-11-23]"),
        ("1 day ago", "2024-12-20", "[2024-12-19..2024-12-21]"),
        ("1 week 2 days ago", "2024-12-12", "[2024-12-11..2024-12-12]"),
        ("1 month ago", "2024-11", "[2024-10-20..2024-11-26]"),
        ("12 months ago", "2023-12", "[2023-12-21..2024-01-11]"),
        ("1 year ago", "2023", "[2022-12-21..2024-02-07]"),
        ("2 hours ago", "2024-12-21", "[2024-12-20..2024-12-21]"),
        ("yesterday", "2024-12-20", "2024-12-20"),
        ("today", "2024-12-21", "2024-12-21"),
        ("the day before yesterday", "2024-12-19", "2024-12-19"),
        ("last week", "2024-12-14", "[2024-12-07..2024-12-15]"),
        ("30+ days ago", None, "[..2024-11-21]"),
        ("вчера, 14:30", "2024-12-20T14:30", "2024-12-20"),
        ("Today at 9 pm", "2024-12-21T21:00", "2024-12-21"),
        ("1 day ago at 2 PM", "2024-12-20T14:00", "2024-12-20"),
        ("1 day ago at 13:30 PM", "2024-12-20T13:30", "2024-12-20"),
        ("Yesterday, 12:30 am", "2024-12-20T00:30", "2024-12-20"),
        ("Yesterday, 13:30 AM", "2024-12-20", "2024-12-20"),  # refused: it contradicts itself
    ],
)
def test_a_page_of_one_day_anchors_a_count(text: str, value: str | None, edtf: str) -> None:
    interval = parse_relative(text, DAY)
    assert interval is not None
    assert (interval.value, interval.edtf) == (value, edtf)
    assert DateInterval.from_edtf(interval.edtf).edtf == interval.edtf
    assert not interval.zone_known


# The envelope over all widgets, in units: what a count may mean where no widget is declared.
@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1 minute ago", timedelta(seconds=29.5), timedelta(minutes=2)),
        ("5 minutes ago", timedelta(seconds=269.5), timedelta(minutes=6)),
        ("1 hour ago", timedelta(seconds=2669.5), timedelta(hours=2)),
        ("5 hours ago", timedelta(hours=4.49), timedelta(hours=6)),
        ("24 hours ago", timedelta(hours=23.49), timedelta(hours=24)),
        ("1 day ago", timedelta(days=0.896), timedelta(days=2)),
        ("8 days ago", timedelta(days=7.5), timedelta(days=9)),
        ("1 week ago", timedelta(days=6.5), timedelta(days=14)),
        ("2 weeks ago", timedelta(days=10.5), timedelta(days=21)),
        ("4 weeks ago", timedelta(days=24.5), timedelta(days=31.5)),
        ("1 month ago", timedelta(days=25.5), timedelta(days=62)),
        ("2 months ago", timedelta(days=43), timedelta(days=92)),
        ("3 months ago", timedelta(days=74), timedelta(days=123)),
        ("6 months ago", timedelta(days=165), timedelta(days=215)),
        ("11 months ago", timedelta(days=315), timedelta(days=366)),
        ("12 months ago", timedelta(days=345), timedelta(days=366)),
        ("1 year ago", timedelta(days=318), timedelta(days=731)),
        ("2 years ago", timedelta(days=545), timedelta(days=1096)),
        ("3 years ago", timedelta(days=910), timedelta(days=1461)),
        ("1 week 2 days ago", timedelta(days=9), timedelta(days=10)),
        ("just now", timedelta(0), timedelta(minutes=1)),
    ],
)
def test_an_instant_anchors_the_envelope(text: str, low: timedelta, high: timedelta) -> None:
    interval = parse_relative(text, NOW, language="en")
    assert interval is not None
    assert interval.latest == NOW - low + timedelta(microseconds=1)
    first = NOW - high + timedelta(microseconds=1)
    if text in ("24 hours ago", "12 months ago"):  # what is printed is always inside
        first -= timedelta(microseconds=1)
    assert interval.earliest == first


ONE_DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
IDIOM = [
    ("en", "3 mos ago", timedelta(days=91)),
    ("en", "2 wks ago", timedelta(weeks=2)),
    ("en", "5 hrs ago", timedelta(hours=5)),
    ("en", "10 mins ago", timedelta(minutes=10)),
    ("en", "moments ago", timedelta(seconds=30)),
    ("en", "an hour ago", timedelta(hours=1)),
    ("en", "about an hour ago", timedelta(hours=1)),
    ("en", "over 1 year ago", timedelta(days=500)),
    ("en", "almost 2 years ago", timedelta(days=700)),
    ("en", "less than a minute ago", timedelta(seconds=20)),
    ("en", "less than 5 minutes ago", timedelta(minutes=3)),
    ("en", "Posted 4 days ago", timedelta(days=4)),
    ("en", "Updated: 2h", TWO_HOURS),
    ("en", "Last updated 2 hours ago", TWO_HOURS),
    ("en", "2h", TWO_HOURS),
    ("en", "forty-five seconds ago", timedelta(seconds=45)),
    ("en", "half an hour ago", timedelta(minutes=30)),
    ("en", "-2 h", TWO_HOURS),
    ("ru", "2 часа назад", TWO_HOURS),
    ("ru", "час назад", timedelta(hours=1)),
    ("ru", "только что", timedelta(seconds=10)),
    ("ru", "полчаса назад", timedelta(minutes=30)),
    ("ru", "Опубликовано 2 ч. назад", TWO_HOURS),
    ("ru", "Обновлено: вчера", ONE_DAY),
    ("kk", "2 сағат бұрын", TWO_HOURS),
    ("kk", "жаңа ғана", timedelta(seconds=10)),
    ("kk", "кеше", ONE_DAY),
    ("kk", "бір апта бұрын", timedelta(weeks=1)),
    ("uz", "2 soat oldin", TWO_HOURS),
    ("uz", "2 соат аввал", TWO_HOURS),
    ("uz", "kecha", ONE_DAY),
    ("uz", "hozirgina", timedelta(seconds=10)),
    ("tr", "2 saat önce", TWO_HOURS),
    ("tr", "az önce", timedelta(seconds=10)),
    ("tr", "2 sa önce", TWO_HOURS),
    ("tr", "Güncelleme: 5 dk önce", timedelta(minutes=5)),
    ("de", "vor 2 Std.", TWO_HOURS),
    ("de", "vor einem Tag", ONE_DAY),
    ("de", "gerade eben", timedelta(seconds=10)),
    ("de", "vor über 1 Jahr", timedelta(days=500)),
    ("fr", "il y a 2 h", TWO_HOURS),
    ("fr", "il y a une semaine", timedelta(weeks=1)),
    ("fr", "à l'instant", timedelta(seconds=10)),
    ("fr", "Mis à jour il y a 3 jours", timedelta(days=3)),
    ("es", "hace 2 h", TWO_HOURS),
    ("es", "hace unos minutos", timedelta(minutes=5)),
    ("es", "hace una hora", timedelta(hours=1)),
    ("pt", "há 2 horas", TWO_HOURS),
    ("pt", "2 horas atrás", TWO_HOURS),
    ("pt", "há um dia", ONE_DAY),
    ("it", "2 ore fa", TWO_HOURS),
    ("it", "un'ora fa", None),
    ("it", "poco fa", timedelta(seconds=10)),
    ("ar", "منذ ساعتين", TWO_HOURS),
    ("ar", "قبل يوم واحد", ONE_DAY),
    ("ar", "منذ ٣ أيام", timedelta(days=3)),
    ("ar", "أمس", ONE_DAY),
    ("zh", "2小时前", TWO_HOURS),
    ("zh", "刚刚", timedelta(seconds=10)),
    ("zh", "三天前", timedelta(days=3)),
    ("zh", "十二個月前", timedelta(days=360)),
    ("ja", "2時間前", TWO_HOURS),
    ("ja", "たった今", timedelta(seconds=10)),
    ("ja", "3ヶ月前", timedelta(days=91)),
    ("ko", "2시간 전", TWO_HOURS),
    ("ko", "2시간전", TWO_HOURS),
    ("ko", "방금 전", timedelta(seconds=10)),
    ("ko", "세 시간 전", timedelta(hours=3)),
    ("he", "לפני יומיים", timedelta(days=2)),
    ("hi", "२ घंटे पहले", TWO_HOURS),
    ("th", "2 ชั่วโมงที่แล้ว", TWO_HOURS),
    ("pt-BR", "há 2 horas", TWO_HOURS),
    ("zh-Hant-TW", "2 小時前", TWO_HOURS),
]


@pytest.mark.parametrize(("language", "text", "elapsed"), IDIOM)
def test_news_idiom_is_read_in_its_language_and_in_none(
    language: str, text: str, elapsed: timedelta | None
) -> None:
    for tag in (language, None):
        interval = parse_relative(text, NOW, language=tag)
        if elapsed is None:
            return
        assert interval is not None, tag
        assert interval.contains(NOW - elapsed), (tag, interval)
        assert interval.value is None or interval.contains(interval.best)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("1 year, 1 month, 1 week, 1 day, 1 hour and 1 minute ago", timedelta(days=404)),
        ("2 ч. 21 мин. назад", timedelta(hours=2, minutes=21)),
        ("il y a 1 an, 1 mois", timedelta(days=396)),
        ("1 il öncə 2 ay öncə 3 həftə öncə", timedelta(days=366 + 61 + 21)),
        ("-1 decade +2 years", timedelta(days=8 * 365 + 2)),
        ("now - 2 hours", timedelta(hours=2)),
    ],
)
def test_parts_are_summed(text: str, counts: timedelta) -> None:
    interval = parse_relative(text, NOW)
    assert interval is not None
    assert abs(NOW - counts - interval.best) < timedelta(days=4)


def _patterns() -> list[tuple[str, str, str]]:
    data = json.loads((resources.files("newscrawl.dates") / "data/cldr.json").read_text("utf-8"))
    return [
        (language, unit, pattern)
        for language, table in data["languages"].items()
        for unit, patterns in table.get("pattern", {}).items()
        for pattern in patterns
        if " " not in unit and sum(pattern in other for other in table["pattern"].values()) == 1
    ]


def test_every_pattern_of_cldr_is_read_in_its_language_with_the_count_inside() -> None:
    units = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
    patterns = _patterns()
    assert len({language for language, _, _ in patterns}) >= 142
    for language, unit, pattern in patterns:
        for count in (2, 5, 11):
            text = pattern.replace("#", str(count))
            interval = parse_relative(text, NOW, language=language)
            assert interval is not None, (language, text)
            if unit in units:
                nominal = NOW - timedelta(seconds=count * units[unit])
                assert interval.contains(nominal), (language, text, interval)


def test_all_languages_of_cldr_are_there() -> None:
    assert len(languages()) >= 142
    assert {"en", "ru", "kk", "uz", "tr", "de", "fr", "es", "pt", "it", "ar", "zh", "ja", "ko"} <= (
        languages()
    )


def test_a_language_that_is_declared_keeps_the_others_out() -> None:
    assert parse_relative("2 часа назад", NOW, language="en") is None
    assert parse_relative("2 hours ago", NOW, language="ru") is None
    assert parse_relative("4 heures ago", NOW) is None


def test_where_languages_disagree_the_interval_covers_both() -> None:
    minutes = parse_relative("l’é 5 men", NOW, language="lld") or parse_relative(
        "l’é 5 men", NOW, language="lij"
    )
    either = parse_relative("l’é 5 men", NOW)
    assert minutes is not None
    assert either is not None
    assert minutes & either == minutes


def test_the_zone_of_the_anchor_is_kept() -> None:
    almaty = ZoneInfo("Asia/Almaty")
    interval = parse_relative("4 days ago", DateInterval.day(DAY, almaty))
    assert interval is not None
    assert interval.zone_known
    assert interval.earliest.isoformat() == "2024-12-16T00:00:00+05:00"
    assert interval.value == "2024-12-17"


def test_days_stay_whole_over_a_change_of_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    interval = parse_relative("5 days ago", DateInterval.day(date(2024, 4, 2), berlin))
    assert interval is not None
    assert interval.edtf == "[2024-03-27..2024-03-29]"


def test_a_bounded_anchor_gives_a_bound() -> None:
    interval = parse_relative("4 days ago", DateInterval.until(DAY))
    assert interval is not None
    assert (interval.edtf, interval.value) == ("[..2024-12-18]", None)


@pytest.mark.parametrize("text", ["5000 years ago", "123456789 hours ago", "999999 years ago"])
def test_before_the_year_one_there_is_no_date(text: str) -> None:
    assert parse_relative(text, NOW) is None


def test_a_count_that_reaches_back_to_the_year_one_is_cut_there() -> None:
    interval = parse_relative("2013 years ago", datetime(2014, 9, 1, tzinfo=UTC))
    assert interval is not None
    assert interval.value == "0001"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[0-9a-zа-я +:.,-]{0,30} ?(ago|назад|前)?")))
def test_odd_text_never_raises(text: str) -> None:
    interval = parse_relative(text, NOW)
    if interval is not None and interval.best is not None:
        assert interval.contains(interval.best)
        assert interval.latest <= NOW + timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 400),
    st.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"]),
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_the_value_lies_within_and_the_written_form_reads_back(
    count: int, unit: str, anchor: datetime
) -> None:
    for start in (anchor, anchor.date()):
        interval = parse_relative(f"{count} {unit}s ago", start)
        assert interval is not None
        assert interval.contains(interval.best)
        back = DateInterval.from_edtf(
            interval.exact, interval.zone if interval.zone_known else None
        )
        assert (back.earliest, back.latest) == (interval.earliest, interval.latest)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: parse_relative(4, NOW), TypeError),
        (lambda: parse_relative(None, NOW), TypeError),
        (lambda: parse_relative(b"4 days ago", NOW), TypeError),
        (lambda: parse_relative("4 days ago", "2024-12-21"), TypeError),
        (lambda: parse_relative("4 days ago", None), TypeError),
        (lambda: parse_relative("prose", "2024-12-21"), TypeError),
        (lambda: parse_relative("4 days ago", datetime(2024, 12, 21)), ValueError),
        (lambda: parse_relative("4 days ago", NOW, language="xx"), ValueError),
        (lambda: parse_relative("4 days ago", NOW, language="english!"), ValueError),
        (lambda: parse_relative("4 days ago", NOW, language=5), TypeError),
    ],
)
def test_wrong_types_and_unknown_names_raise(call: object, error: type) -> None:
    with pytest.raises(error):
        call()  # type: ignore[operator]  # the wrong type is what is tested


def test_a_known_language_without_data_reads_nothing() -> None:
    assert parse_relative("4 days ago", NOW, language="tlh") is None


@pytest.mark.parametrize("widget", ["moment", "rails", "timeago.js", "date-fns", "wordpress"])
@pytest.mark.parametrize("text", ["3 hours ago", "5 days ago", "3 months ago", "2 years ago"])
def test_from_a_day_a_widget_counts_from_each_of_its_instants(widget: str, text: str) -> None:
    first = datetime(2024, 12, 21, tzinfo=UTC)
    last = first + timedelta(days=1, microseconds=-1)
    whole = parse_relative(text, DAY, widget=widget)
    ends = [parse_relative(text, moment, widget=widget) for moment in (first, last)]
    assert whole is not None
    assert (whole.earliest, whole.latest) == (
        ends[0].earliest.replace(hour=0, minute=0, second=0, microsecond=0),
        (ends[1].latest - timedelta(microseconds=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        + timedelta(days=1),
    )


def test_almost_so_long_is_less_than_so_long() -> None:
    almost, over = (parse_relative(f"{word} 2 years ago", NOW) for word in ("almost", "over"))
    assert almost is not None
    assert over is not None
    assert almost.earliest is not None
    assert over.latest is not None
    assert almost.earliest > NOW.replace(year=2022)
    assert over.earliest == datetime(2021, 12, 21, 10, 0, 0, 1, tzinfo=UTC)
