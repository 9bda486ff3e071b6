"""Numbers and days in the runner's words."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dashboard
from dashboard.format import FOLDER, Words, month_grid
from rules.text import _flatten, load_language
from rules.units import UnitFormat
from sync.app.cli.text_format import TextFormat

EN = Words.of("en")
MILES = Words.of("en", units="mi", clock="12h", week_start=6)
DE = Words.of("de")
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (EN.distance(9234.0), "9.2 km"),
        (MILES.distance(9234.0), "5.7 mi"),
        (DE.distance(9234.0), "9,2 km"),
        (EN.distance(None), "–"),
        (EN.climb(84.4), "84 m"),
        (MILES.climb(84.4), "277 ft"),
        (EN.duration(47 * 60), "47 min"),
        (EN.duration(3599), "1 h 00"),
        (EN.duration(3900), "1 h 05"),
        (EN.pace(1000 / 341), "5:41 /km"),
        (MILES.pace(1609.344 / 480), "8:00 /mi"),
        (EN.pace(0.1), "–"),
        (EN.pace(None), "–"),
        (EN.number(1234567), "1,234,567"),
        (DE.number(1234567.5, 1), "1.234.567,5"),
        (EN.time(datetime(2026, 11, 22, 7, 5)), "07:05"),
        (MILES.time(datetime(2026, 11, 22, 0, 5)), "12:05 am"),
        (MILES.time(datetime(2026, 11, 22, 12, 0)), "12:00 pm"),
        (EN.day(DAY), "Sunday, 22 November"),
        (DE.day(DAY, year=True), "Sonntag, 22. November 2026"),
        (EN.near(DAY, DAY), "today"),
        (EN.near(date(2026, 11, 21), DAY), "yesterday"),
        (EN.near(date(2026, 11, 18), DAY), "Wednesday"),
        (EN.near(date(2026, 11, 24), DAY), "Tuesday"),
        (EN.near(date(2026, 11, 1), DAY), "1 Nov"),
        (EN.near(date(2025, 11, 1), DAY), "1 Nov 2025"),
        (EN.ago(datetime(2026, 11, 22, 7), datetime(2026, 11, 22, 7, 12)), "12 min ago"),
        (EN.ago(datetime(2026, 11, 20, 7), datetime(2026, 11, 22, 7, 12)), "2 days ago"),
        (EN.ago(None, datetime(2026, 11, 22)), "never"),
        (EN.percent(0.865), "86 %"),
        (EN.size(48_000_000), "48.0 MB"),
        (EN.name("place", "ball"), "Ball of the foot"),
        (EN.name("texture", "rug"), "a rug"),
        (EN.name("place", "nowhere"), "nowhere"),
        (EN.join(["a", "", "–", "b"]), "a · b"),
    ],
)
def test_said_so(said: str, expected: str) -> None:
    assert said == expected


SHARED = [
    ("distance", (9234.0,), {"en km 24h": "9.2 km", "en mi 12h": "5.7 mi", "de km 24h": "9,2 km"}),
    ("distance", (1234567.0,), {"en km 24h": "1,234.6 km", "en mi 12h": "767.1 mi", "de km 24h": "1.234,6 km"}),
    ("distance", (None,), {"en km 24h": "–", "en mi 12h": "–", "de km 24h": "–"}),
    ("climb", (1084.4,), {"en km 24h": "1,084 m", "en mi 12h": "3,558 ft", "de km 24h": "1.084 m"}),
    ("climb", (None,), {"en km 24h": "–", "en mi 12h": "–", "de km 24h": "–"}),
    ("size", (48_040_000,), {"en km 24h": "48.0 MB", "en mi 12h": "48.0 MB", "de km 24h": "48,0 MB"}),
    ("size", (2_540_000_000,), {"en km 24h": "2.5 GB", "en mi 12h": "2.5 GB", "de km 24h": "2,5 GB"}),
    ("number", (1234.5, 1), {"en km 24h": "1,234.5", "en mi 12h": "1,234.5", "de km 24h": "1.234,5"}),
    ("time", (datetime(2026, 11, 22, 0, 5),), {"en km 24h": "00:05", "en mi 12h": "12:05 am", "de km 24h": "00:05"}),
    ("time", (datetime(2026, 11, 22, 19),), {"en km 24h": "19:00", "en mi 12h": "7:00 pm", "de km 24h": "19:00"}),
]


@pytest.mark.parametrize("made", [Words, TextFormat])
@pytest.mark.parametrize(("name", "values", "expected"), SHARED)
def test_page_and_command_line_say_the_same(
    made: type[UnitFormat], name: str, values: tuple[Any, ...], expected: dict[str, str]
) -> None:
    found = {}
    for said in expected:
        code, units, clock = said.split()
        found[said] = getattr(made(load_language(code), units, clock), name)(*values)  # type: ignore[arg-type]
    assert found == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (TextFormat(EN.language).duration(47 * 60 + 12), "47:12"),
        (TextFormat(EN.language).duration(3909), "1:05:09"),
        (TextFormat(EN.language).duration(None), "–"),
        (TextFormat(EN.language).day(DAY), "Sun 22 Nov 2026"),
        (TextFormat(DE.language).day(DAY), "So 22. Nov. 2026"),
    ],
)
def test_said_so_in_a_terminal(said: str, expected: str) -> None:
    assert said == expected


def test_the_week_starts_where_the_runner_says() -> None:
    assert MILES.weekdays() == [6, 0, 1, 2, 3, 4, 5]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from([0, 5, 6]))
def test_a_month_is_whole_weeks_that_hold_every_day_once(month: date, week_start: int) -> None:
    weeks = month_grid(month, week_start)
    days = [day for week in weeks for day in week]
    assert all(len(week) == 7 and week[0].weekday() == week_start for week in weeks)
    assert days == sorted(set(days))
    inside = [day for day in days if (day.year, day.month) == (month.year, month.month)]
    assert inside[0].day == 1
    assert (inside[-1].replace(day=28).toordinal() + 4) // 1 >= inside[-1].toordinal()
    assert any(day.month == month.month for day in weeks[0])
    assert any(day.month == month.month for day in weeks[-1])


@given(st.floats(0.31, 12))
def test_a_pace_has_two_digits_of_seconds(speed_mps: float) -> None:
    assert re.fullmatch(r"\d+:[0-5]\d /km", EN.pace(speed_mps))


def texts(code: str) -> dict[str, str]:
    found = {}
    for path in FOLDER.glob(f"*.{code}.toml"):
        found |= {key: text.text for key, text in _flatten(tomllib.loads(path.read_text(encoding="utf-8")))}
    return found


def test_each_text_stands_in_both_languages_with_the_same_blanks() -> None:
    english, german = texts("en"), texts("de")
    blanks = re.compile(r"{(\w+)}")
    assert {key: set(blanks.findall(text)) for key, text in english.items()} == {
        key: set(blanks.findall(text)) for key, text in german.items()
    }


def test_each_key_that_a_page_says_exists() -> None:
    language = load_language("en", FOLDER)
    missing = []
    for path in Path(dashboard.__file__).parent.rglob("*.py"):
        for key in re.findall(r'\bsay\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")):
            if f"ui.{key}" not in language and key not in language:
                missing.append(f"{path.name}: {key}")
    assert missing == []


def test_days_and_numbers_below_zero_in_a_sentence_are_said_not_spelled() -> None:
    day = date(2026, 3, 4)
    assert EN.language.say("command.planned", day=day, kind="Tempo") == "Planned for Wed 4 Mar 2026: Tempo."
    assert DE.language.say("command.planned", day=day, kind="Tempo") == "Geplant für Mi 4. März 2026: Tempo."
    said = EN.language.say("insight.group", group="Trail", difference="-0.4", n=3)
    assert said == "Trail: −0.4 points compared with your usual (3 mornings)."
    assert EN.language.say("load.spike", percent="-0").endswith("0 %.")
    assert "−0" not in EN.language.say("load.spike", percent="-0")


@pytest.mark.parametrize("code", ["en", "de", "es"])
def test_one_of_a_thing_is_never_said_as_several(code: str) -> None:
    """Where a runner may meet a single one: a run of a minute, a week with one day, one run in another zone."""
    language = load_language(code, FOLDER)
    values = dict.fromkeys(("minutes", "laps", "days", "count", "of", "due", "n", "done"), 1)
    more = {"usual": 3, "source": "Garmin", "distance": "5 km", "day": "–", "zone": "–"}
    many = (
        "minutes|days|laps|runs|activities|questions|Minuten|Tagen?|Runden|Läufen?|Aktivitäten|Fragen|"
        "minutos|días|vueltas|carreras|actividades|preguntas"
    )
    several = re.compile(rf"\b(one|1|eine?|einem|einen|uno?) (\w+ )?({many})\b")
    keys = (
        "reason.finisher", "evidence.minutes_up", "evidence.minutes_down", "evidence.short_up",
        "evidence.laps_vs_usual_up", "evidence.laps_vs_usual_down", "answer.card_zones", "source.answered",
        "source.token_age", "ui.assess.takes", "ui.today.week", "ui.today.week_more", "ui.calendar.week_says",
    )  # fmt: skip
    assert [said for key in keys if several.search(said := language.say(key, **values, **more))] == []
