"""Workouts as watches write them: steps by number, cuts of automatic laps inside a step, sprints, strides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import fmean

import pytest
from test_classify_recordings import after, easy, recording, runner  # noqa: F401

from bench.reduced import without_heart_rate
from rules.classify.judge import Judge
from rules.facts.kinds import HARD, Facet, Tier
from rules.facts.recorded import Lap, LapIntensity, LapTrigger, Recording, WorkoutStep
from rules.measure.features import RunFeatures, measure
from rules.measure.laps import auto_laps
from sync.formats.fit.laps import watch_limits
from sync.formats.read import members
from sync.formats.unwrap import Limits

WARMUP, WORK, REST, COOLDOWN = (
    LapIntensity.WARMUP,
    LapIntensity.INTERVAL,
    LapIntensity.RECOVERY,
    LapIntensity.COOLDOWN,
)
STEPS = tuple(WorkoutStep(at, intensity) for at, intensity in enumerate((WARMUP, WORK, REST, COOLDOWN)))
Part = tuple[float, float, int]
"""Seconds, metres a second, number of the step."""

SPRINTS: list[Part] = [(900, 2.6, 0), *[(15, 5.6, 1), (180, 2.1, 2)] * 9, (300, 2.3, 3)]
LONG_REPEATS: list[Part] = [(600, 2.9, 0), *[(480, 3.7, 1), (120, 2.2, 2)] * 3, (600, 2.7, 3)]
STRIDES: list[Part] = [(2400, 2.8, 0), *[(20, 4.6, 1), (60, 2.2, 2)] * 4, (300, 2.6, 3)]


def written(parts: Sequence[Part], *, numbered: bool = True, day: int = 38) -> Recording:
    """A recording whose laps end with each step and each kilometre inside it, as watches with automatic laps do."""
    run = recording([(seconds, mps) for seconds, mps, _ in parts], day=day)
    laps: list[Lap] = []
    at = run.start_utc
    for seconds, mps, step in parts:
        left = seconds
        while left > 0:
            whole = left * mps > 1000
            took = 1000 / mps if whole else left
            cut = LapTrigger.DISTANCE if whole else LapTrigger.TIME
            laps.append(Lap(at, took, took, took * mps, trigger=cut, step_index=step if numbered else None))
            at, left = at + timedelta(seconds=took), left - took
    laps[-1] = replace(laps[-1], trigger=LapTrigger.SESSION_END)
    return replace(run, laps=tuple(laps), steps=STEPS if numbered else ())


def hard(run: RunFeatures, past: list[RunFeatures]) -> float:
    label = after(past).label(run).facets[Facet.INTENSITY]
    return sum(label.probabilities[kind] for kind in HARD)


@pytest.mark.parametrize(("parts", "reps"), [(SPRINTS, 9), (LONG_REPEATS, 3)], ids=["sprints", "long repeats"])
def test_steps_that_laps_name_only_by_number_are_read(parts: list[Part], reps: int) -> None:
    found = measure(written(parts)).structure
    assert (found.source, found.pattern, found.reps) == ("steps", "intervals", reps)
    assert found.rep_s == pytest.approx(parts[1][0], abs=1)


def test_a_planned_block_that_ends_the_run_is_one_block() -> None:
    found = measure(written([(600, 2.9, 0), (1140, 3.5, 1)]))
    assert (found.structure.source, found.structure.pattern, found.structure.reps) == ("steps", "tempo_block", 1)
    assert [segment.role for segment in found.segments] == ["warmup", "work"]


def test_kilometres_inside_a_step_are_no_repeats_of_their_own() -> None:
    found = measure(written(LONG_REPEATS, numbered=False))
    assert (found.structure.source, found.structure.reps) == ("laps", 3)
    assert [segment.role for segment in found.segments].count("work") == 3


@pytest.mark.parametrize("numbered", [True, False], ids=["steps", "cuts alone"])
def test_short_sprints_are_hard_though_heart_rate_never_sees_them(
    runner: list[RunFeatures],  # noqa: F811
    numbered: bool,
) -> None:
    assert hard(measure(written(SPRINTS, numbered=numbered)), runner) > 0.5


def test_four_strides_at_the_end_leave_a_run_easy(runner: list[RunFeatures]) -> None:  # noqa: F811
    assert hard(measure(written(STRIDES)), runner) < 0.4


def cuts(lengths: list[tuple[float, float]], trigger: LapTrigger) -> list[Lap]:
    at = datetime(2026, 4, 6, 6, 0)
    return [Lap(at, seconds, seconds, metres, trigger=trigger) for seconds, metres in lengths]


@pytest.mark.parametrize(
    ("laps", "automatic"),
    [
        (cuts([(340, 1000)] * 6 + [(100, 280)], LapTrigger.DISTANCE), True),
        (cuts([(300, 880 + n) for n in range(6)], LapTrigger.TIME), True),
        (cuts([(90, 400), (80, 200)] * 4, LapTrigger.DISTANCE), False),
        (cuts([(600, 1700), (120, 480), (120, 240), (120, 480), (300, 800)], LapTrigger.TIME), False),
    ],
    ids=["kilometres", "five minutes", "400 and 200", "steps by time"],
)
def test_cuts_of_different_lengths_are_no_automatic_laps(laps: list[Lap], automatic: bool) -> None:
    assert auto_laps(laps) is automatic


def test_the_watchs_own_limits_stand_from_the_first_run() -> None:
    first = measure(replace(easy(0), watch_hr_max_bpm=162.0, watch_lthr_bpm=149.0))
    now = after([]).thresholds_for(first)
    assert (now.hr_max_bpm.value, now.hr_max_bpm.source) == (162.0, "watch")
    assert (now.lthr_bpm.value, now.lthr_bpm.source) == (149.0, "watch")
    later = after([first]).thresholds_for(measure(easy(2)))
    assert (later.hr_max_bpm.value, later.lthr_bpm.value) == (162.0, 149.0)


def test_a_watch_that_was_set_too_low_is_not_believed(runner: list[RunFeatures]) -> None:  # noqa: F811
    low = measure(replace(easy(38), watch_hr_max_bpm=128.0, watch_lthr_bpm=127.0))
    now = after(runner).thresholds_for(low)
    assert (now.hr_max_bpm.source, now.lthr_bpm.source != "watch") == ("seen", True)


def test_zones_that_a_watch_counts_with_are_read_and_zero_is_unknown() -> None:
    session = {"reference_mesg": "session", "max_heart_rate": 187, "threshold_heart_rate": 0}
    assert watch_limits({"time_in_zone": [{"max_heart_rate": 187, "threshold_heart_rate": 171}, session]}) == {
        "watch_hr_max_bpm": 187,
        "watch_lthr_bpm": 171,
    }
    assert watch_limits({}) == {"watch_hr_max_bpm": None, "watch_lthr_bpm": None}


@pytest.mark.parametrize("known", [1, 2, 3, 5, 8, 12])
def test_a_newcomers_easy_runs_do_not_make_the_next_one_hard(known: int) -> None:
    past = [measure(easy(2 * day)) for day in range(known)]
    again = after(past).label(measure(easy(2 * known + 1))).facets[Facet.INTENSITY]
    assert again.value not in HARD
    assert after(past).thresholds_for(measure(easy(60))).hr_max_bpm.value > 170


def test_a_slightly_faster_second_run_is_no_race() -> None:
    faster = measure(recording([(2400.0, 3.0)], day=2, seed=4))
    assert after([measure(easy(0))]).label(faster).facets[Facet.INTENSITY].value not in HARD


def test_without_heart_rate_real_runs_are_judged_less_surely(real_data: Path) -> None:
    full, bare = Judge(), Judge()
    sure: list[tuple[float, float]] = []
    for run in islice(with_heart_rate(real_data), 10):
        labels = full.label(run), bare.label(without_heart_rate(run))
        sure.append((labels[0].facets[Facet.INTENSITY].confidence, labels[1].facets[Facet.INTENSITY].confidence))
    assert len(sure) == 10
    assert fmean(one for one, _ in sure) > fmean(other for _, other in sure)


def with_heart_rate(folder: Path) -> Iterator[RunFeatures]:
    """Runs with samples of heart rate and places, small files only: the test is to stay quick."""
    for path in sorted(folder.rglob("*.fit")):
        if path.stat().st_size < 150_000:
            for leaf in members(path, path.name, Limits()):
                for one in leaf.recordings:
                    if one.sport == "running":
                        run = measure(one)
                        if run.tier is Tier.FULL:
                            yield run
