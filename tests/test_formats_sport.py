"""What sport it was when the file does not say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from rules.facts.recorded import Samples
from sync.formats.sport import infer_sport, with_sport
from sync.formats.sport_words import sport_in_words, sport_named
from tests.factories_runs import bare_run, samples

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "sport_words.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['title']}/{case.get('gear', '')}")
def test_titles_and_gear(case: dict[str, str | None]) -> None:
    assert sport_in_words(case["title"], case.get("gear")) == case["sport"]


def moving(mps: float, spm: float | None, seconds: int = 900) -> Samples:
    return samples(seconds, going_mps=mps, cadence_spm=np.full(seconds, np.nan if spm is None else spm))


@pytest.mark.parametrize(
    ("mps", "spm", "sport"),
    [
        (3.0, 170.0, "running"),
        (2.0, 150.0, "running"),
        (5.0, 185.0, "running"),
        (2.8, None, "running"),
        (1.4, 110.0, None),  # a walk
        (1.4, None, None),
        (3.0, 90.0, None),  # a slow ride or a fast walk with sticks
        (7.5, None, None),  # a ride
        (7.5, 170.0, None),  # a ride whose crank was doubled
        (0.0, None, None),
    ],
)
def test_speed_and_steps_say_a_typical_run_and_nothing_else(mps: float, spm: float | None, sport: str | None) -> None:
    assert infer_sport(bare_run(sport=None, samples=moving(mps, spm))) == (sport, None if sport is None else "movement")


def test_too_short_to_tell() -> None:
    assert infer_sport(bare_run(sport=None, samples=moving(3.0, 170.0, seconds=60))) == (None, None)
    assert infer_sport(bare_run(sport=None)) == (None, None)


def test_a_drive_with_stops_is_no_run() -> None:
    speed = np.concatenate([np.full(600, 0.8), np.full(100, 15.0), np.full(200, 0.8)])
    drive = samples(900, speed_mps=speed, distance_m=np.cumsum(speed), cadence_spm=np.full(900, np.nan))
    assert infer_sport(bare_run(sport=None, samples=drive)) == (None, None)


def test_words_come_before_movement() -> None:
    walk = bare_run(sport=None, title="Evening Walk", samples=moving(3.0, 170.0))
    assert infer_sport(walk) == ("walking", "words")
    marked = with_sport(walk)
    assert (marked.sport, marked.sport_inferred) == ("walking", True)


def test_nobody_runs_a_tempo_of_seven_metres_a_second() -> None:
    ride = bare_run(sport=None, title="Tempo intervals", samples=moving(8.5, None))
    assert infer_sport(ride) == (None, None)
    assert infer_sport(replace(ride, samples=None)) == ("running", "words")


def test_a_named_sport_is_never_touched() -> None:
    named = bare_run(sport="cycling", title="Morning Run")
    assert with_sport(named) is named
    assert replace(named).sport_inferred is False


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Running", ("running", None)),
        ("trail_running", ("running", "trail")),
        ("Trail Running", ("running", "trail")),
        ("TrailRun", ("running", "trail")),
        ("VirtualRun", ("running", "virtual_activity")),
        ("Treadmill Running", ("running", "treadmill")),
        ("Other", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_names_of_types(name: str | None, named: tuple[str | None, str | None]) -> None:
    assert sport_named(name) == named
