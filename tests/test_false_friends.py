"""Words for sports that no table knows: whole words for running make a run, other sports' words veto."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from sync.formats.read import read
from sync.formats.sport_heard import SPORT_WORD, heard_word, with_heard_sport
from sync.formats.sport_words import sport_of_type
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits
from tests.factories_runs import bare_run, run
from tests.factories_xml import gpx

FALSE_FRIENDS = (
    "Brunch", "Running late", "Eislaufen", "Eiskunstlauf", "Eisschnelllauf", "Skilanglauf", "Skilauf", "Ski Run",
    "Rollschuhlaufen", "Schlittschuhlaufen", "Inline-Lauf", "InlineSkate", "course de ski", "Course cycliste",
    "course de chevaux", "Course automobile", "Golf course", "Carrera de caballos", "carrera ciclista",
    "Carrera de coches", "corrida de toros", "Corsa in bici", "Corsa di cavalli", "Bike Orienteering",
    "Ski-Orienteering", "MTB-Orientierungslauf", "SwimRun", "Aqua Jogging", "Deep Water Running", "Horse Run",
    "Bobsled run", "Biegi narciarskie", "bieg na nartach", "Běh na lyžích", "бег на лыжах", "бег на коньках",
    "sífutás", "Løbehjul", "Laufrad", "Crunches", "Trunk twists", "Drunken master", "Rundfahrt", "Auflauf",
    "Kreislauftraining", "Verlauf", "Wasserlaufen", "Schneeschuhlaufen", "Home run", "Forrunden", "The Ranch",
    "Runway", "Prune picking", "Truncheon", "Futon", "Futsal", "スキーランニング", "跑酷", "스키 러닝", "Hiihtojuoksu",
    "Wheelchair run", "Rollstuhl-Lauf", "Skeelerlopen", "Parkour Freerun", "Bull Run",
)  # fmt: skip
RUNS = (
    "GravelRun", "gravel_run", "Night Run", "BEACH RUNNING", "Snow-Run", "Waldlauf", "Volkslauf", "Bergläufe",
    "Orientierungslauf", "Lauf im Freien", "Course nature", "Course d'orientation", "Carrera de montaña",
    "Corrida noturna", "Corsa in montagna", "Hardlopen op strand", "Motbakkeløp", "Terränglöpning", "Suojuoksu",
    "Bieg górski", "Horský běh", "Terepfutás", "Gece koşusu", "Ночной бег", "沙滩跑步", "砂浜ランニング", "해변 달리기",
    "Dog Run", "Plogging jog",
)  # fmt: skip


@pytest.mark.parametrize("word", FALSE_FRIENDS)
def test_what_only_looks_like_a_run_is_none(word: str) -> None:
    assert heard_word(word) != "running"
    assert with_heard_sport(bare_run(sport=word, decoder="strava_json")).sport != "running"
    assert sport_of_type(word)[0] != "running"


@pytest.mark.parametrize("word", RUNS)
def test_a_new_word_that_holds_running_is_a_run_that_is_marked(word: str) -> None:
    made = with_heard_sport(bare_run(sport=word, decoder="strava_json"))
    assert (made.sport, made.sport_inferred, SPORT_WORD in made.extra) == ("running", True, True)


@pytest.mark.parametrize(
    ("said", "sport", "inferred", "word"),
    [
        ("running", "running", False, None),
        ("Trail Running", "trail_running", False, None),
        ("Padel", "padel", False, None),
        ("Sepak Takraw", "sepak_takraw", False, "sepak_takraw"),
        ("Other", "Other", False, "other"),
        (None, None, False, None),
    ],
)
def test_what_becomes_of_a_word(said: str | None, sport: str | None, inferred: bool, word: str | None) -> None:
    made = with_heard_sport(replace(bare_run(sport=said), decoder="strava_json"))
    if said == "Other":
        assert SPORT_WORD not in made.extra
        return
    assert (made.sport, made.sport_inferred, made.extra.get(SPORT_WORD)) == (sport, inferred, word)


@pytest.mark.parametrize(
    ("kind", "sport"),
    [("Radfahren", "cycling"), ("Ciclismo", "cycling"), ("E-Bike", "cycling"), ("Wandern", "hiking"),
     ("Eislauf", "skating"), ("Schwimmen", "swimming"), ("Nordic Walking", "walking"), ("Sailing", "sailing"),
     ("Corsa", "running"), ("トレイルランニング", "running"), ("Course à pied", "running"), ("unknown", "running"),
     ("Gravel Run", "running")],
)  # fmt: skip
def test_the_type_of_a_track_in_any_language_is_believed_before_its_movement(kind: str, sport: str) -> None:
    (leaf,) = read(gpx(run(sport=kind, title=None, gear=None, laps=())), "track.gpx", Limits())
    assert leaf.recordings[0].sport == sport


def test_a_device_names_its_sport_by_number() -> None:
    golf = bare_run(sport="tactical", decoder="fitfast")
    assert with_heard_sport(golf) is golf


@pytest.mark.parametrize(
    ("kind", "runs"), [("Biegi narciarskie", 0), ("бег на лыжах", 0), ("Home run", 0), ("Long run", 1), ("Tempo", 1)]
)
def test_the_types_of_a_log_are_held_to_the_same_words(kind: str, runs: int) -> None:
    log = f"Date,Activity Type,Distance (km),Duration\n2026-03-01,{kind},5.0,00:30:00\n".encode()
    table = read_table(log, "log.csv", ZoneInfo("Europe/Berlin"))
    assert table is not None
    assert sum(row.recording.sport == "running" for row in table.rows) == runs
