"""Recordings made second by second: structure, effort, quality flags, and labels that do not hang on the sampling."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classify.judge import Judge
from rules.classify.model import classifier_knowledge
from rules.classify.thresholds import Mark, mark, runner_thresholds
from rules.facts.kinds import HARD, Facet, Hills, Intensity, Surface, Tier
from rules.facts.recorded import Floats, Lap, LapIntensity, LapTrigger, Recording, Samples
from rules.measure.features import RunFeatures, measure, segments
from rules.measure.laps import auto_laps

BEGAN = datetime(2026, 4, 6, 6, 0)
EASY_MPS, EASY_BPM = 2.85, 140.0


def recording(
    parts: list[tuple[float, float]],
    *,
    day: int = 0,
    hills_m: float = 0.0,
    hill_every_m: float = 1500.0,
    one_hill: bool = False,
    heart: bool = True,
    seed: int = 1,
    every_s: int = 1,
    **more: object,
) -> Recording:
    """A run of ``parts`` (seconds, m/s); heart rate follows the effort with a lag of a minute."""
    rng = np.random.default_rng(seed)
    speed = np.concatenate([np.full(round(seconds), mps) for seconds, mps in parts])
    t = np.arange(len(speed), dtype=float)
    shaky = np.maximum(speed + np.convolve(rng.normal(0, 0.25, len(speed)), np.ones(8) / 8, "same"), 0.0)
    goal = EASY_BPM + (shaky - EASY_MPS) * 24
    beat = np.empty(len(goal))
    beat[0] = 100.0
    for at in range(1, len(goal)):
        beat[at] = beat[at - 1] + (goal[at] - beat[at - 1]) / 58
    way = np.cumsum(shaky)
    gone = np.full(len(t), np.nan)
    keep = slice(None, None, every_s)
    samples = Samples(
        t_s=t[keep],
        distance_m=way[keep],
        speed_mps=shaky[keep],
        heart_rate_bpm=(np.round(beat + rng.normal(0, 0.7, len(beat))) if heart else gone)[keep],
        cadence_spm=np.full(len(t), 168.0)[keep] + rng.normal(0, 1, len(t))[keep],
        altitude_m=(100 + hills_m * (1 - np.cos(way / hill_every_m * 2 * np.pi)) / 2)[keep],
        latitude_deg=(10.0 + _along(way, hill_every_m, one_hill=one_hill) / 111_195)[keep],
        longitude_deg=(-40.0 + way * 0)[keep],
        power_w=gone[keep],
        temperature_c=gone[keep],
    )
    return Recording(
        sport="running",
        start_utc=BEGAN + timedelta(days=day),
        elapsed_s=float(len(t)),
        timer_s=float(len(t)),
        distance_m=float(way[-1]),
        has_barometer=True,
        samples=samples,
        **more,  # type: ignore[arg-type]
    )


def _along(way: Floats, hill_every_m: float, *, one_hill: bool) -> Floats:
    """Metres north: straight on, or up and down the same hill."""
    if not one_hill:
        return way
    half = hill_every_m / 2
    return half - np.abs(way % hill_every_m - half)


def easy(day: int, minutes: float = 45, **more: object) -> Recording:
    return recording([(minutes * 60, EASY_MPS + 0.05 * (day % 3 - 1))], day=day, seed=day + 10, **more)  # type: ignore[arg-type]


REPEATS = [(720.0, 2.8), *[(180.0, 4.3), (120.0, 2.3)] * 6, (480.0, 2.7)]
TEMPO = [(720.0, 2.8), (1500.0, 3.9), (480.0, 2.7)]


@pytest.fixture(scope="module")
def runner() -> list[RunFeatures]:
    """Five weeks: easy runs, one tempo run and one hour and a half a week."""
    runs: list[RunFeatures] = []
    for week in range(5):
        at = 7 * week
        runs += [measure(easy(at)), measure(easy(at + 2)), measure(recording(TEMPO, day=at + 3, seed=week))]
        runs += [measure(easy(at + 6, 95))]
    return runs


def after(runs: list[RunFeatures]) -> Judge:
    judge = Judge()
    for run in runs:
        judge.label(run)
    return judge


def test_repeats_are_counted_and_named() -> None:
    run = measure(recording(REPEATS))
    assert (run.structure.source, run.structure.pattern, run.structure.reps) == ("changes", "intervals", 6)
    assert run.structure.rep_s == pytest.approx(180, abs=15)
    roles = [s.role for s in segments(recording(REPEATS))]
    assert (roles[0], roles[-1], roles.count("work"), roles.count("recovery")) == ("warmup", "cooldown", 6, 5)


def test_a_tempo_block_and_an_even_run() -> None:
    block, even = measure(recording(TEMPO)), measure(easy(1))
    assert (block.structure.pattern, block.structure.work_s) == ("tempo_block", pytest.approx(1500, abs=60))
    assert (even.structure.pattern, even.structure.reps) == ("even", 0)


def laps(intensities: list[tuple[float, float, LapIntensity | None]], trigger: LapTrigger | None) -> tuple[Lap, ...]:
    made, at = [], BEGAN
    for seconds, mps, intensity in intensities:
        made.append(Lap(at, seconds, seconds, seconds * mps, intensity=intensity, trigger=trigger))
        at += timedelta(seconds=seconds)
    return tuple(made)


def test_steps_on_the_watch_come_before_everything_else() -> None:
    work, rest = LapIntensity.INTERVAL, LapIntensity.RECOVERY
    told = laps(
        [(720, 2.8, LapIntensity.WARMUP), *[(180, 4.3, work), (120, 2.3, rest)] * 6, (480, 2.7, LapIntensity.COOLDOWN)],
        LapTrigger.MANUAL,
    )
    run = measure(replace(recording(REPEATS), laps=told))
    assert (run.structure.source, run.structure.pattern, run.structure.reps) == ("steps", "intervals", 6)
    assert run.segments[0].role == "warmup"


def test_manual_laps_count_and_automatic_ones_do_not() -> None:
    by_hand = laps([(720, 2.8, None), *[(180, 4.3, None), (120, 2.3, None)] * 6, (480, 2.7, None)], LapTrigger.MANUAL)
    kilometres = tuple(Lap(BEGAN, 350, 350, 1000.0, trigger=LapTrigger.DISTANCE) for _ in range(8))
    untold = tuple(Lap(BEGAN, 350, 350, 1003.0 + n) for n in range(8))
    assert measure(replace(recording(REPEATS), laps=by_hand)).structure.source == "laps"
    assert [auto_laps(one) for one in (by_hand, kilometres, untold, by_hand[:2])] == [False, True, True, True]


def test_laps_all_marked_as_work_say_nothing() -> None:
    every = laps([(350.0, EASY_MPS, LapIntensity.ACTIVE)] * 7, LapTrigger.DISTANCE)
    assert measure(replace(easy(1), laps=every)).structure.source == "changes"


@pytest.mark.parametrize(
    ("made", "primary", "intensity"),
    [(TEMPO, "tempo", None), (REPEATS, "tempo", Intensity.INTERVALS), ([(2700.0, 2.85)], "easy", Intensity.EASY)],
    ids=["tempo", "repeats", "easy"],
)
@pytest.mark.parametrize("every_s", [1, 3])
def test_labels_do_not_hang_on_the_sampling(
    runner: list[RunFeatures], made: list[tuple[float, float]], primary: str, intensity: str | None, every_s: int
) -> None:
    labels = after(runner).label(measure(recording(made, day=38, every_s=every_s)))
    assert (labels.primary, labels.tier) == (primary, Tier.FULL)
    if intensity is not None:
        assert labels.facets[Facet.INTENSITY].value == intensity


PARTS = st.lists(st.tuples(st.integers(200, 800), st.floats(2.2, 4.6)), min_size=2, max_size=5)


@settings(max_examples=8, deadline=None)
@given(PARTS, st.sampled_from([2, 3]))
def test_a_coarser_sampling_flips_no_confident_label(parts: list[tuple[float, float]], every_s: int) -> None:
    fine, coarse = (
        deepcopy(trained()).label(measure(recording(parts, day=38, every_s=step))).facets for step in (1, every_s)
    )
    for facet in (Facet.INTENSITY, Facet.LONG):
        if fine[facet].confidence >= 0.75:
            assert [fine[facet].value in yes for yes in (HARD, {"yes"})] == [
                coarse[facet].value in yes for yes in (HARD, {"yes"})
            ]


@cache
def trained() -> Judge:
    return after([measure(easy(2 * day)) for day in range(8)] + [measure(recording(TEMPO, day=17))])


@settings(max_examples=8, deadline=None)
@given(PARTS)
def test_without_heart_rate_no_recording_is_surer_than_its_tier_allows(parts: list[tuple[float, float]]) -> None:
    cap = classifier_knowledge().calibration["hard"][Tier.NO_HEART_RATE].cap
    made = measure(recording(parts, day=38, heart=False))
    assert deepcopy(trained()).label(made).facets[Facet.INTENSITY].confidence <= cap + 1e-9
    assert cap < classifier_knowledge().calibration["hard"][Tier.FULL].cap


def test_the_long_run_with_hills(runner: list[RunFeatures]) -> None:
    run = measure(recording([(6600.0, 2.7)], day=41, hills_m=45))
    labels = after(runner).label(run)
    assert labels.facets[Facet.LONG].value == "yes"
    assert labels.facets[Facet.HILLS].value == Hills.HILLS
    assert run.climb.source == "barometer"


def test_the_same_hill_again_and_again_is_hill_repeats(runner: list[RunFeatures]) -> None:
    run = measure(recording([(2700.0, 2.6)], day=38, hills_m=40, hill_every_m=900.0, one_hill=True))
    assert run.structure.climb_reps in (6, 7)
    assert after(runner).label(run).facets[Facet.HILLS].value == Hills.HILL_REPEATS


def test_gps_altitude_alone_says_nothing_of_hills(runner: list[RunFeatures]) -> None:
    labels = after(runner).label(measure(replace(recording([(2700.0, 2.8)], day=38, hills_m=60), has_barometer=False)))
    assert labels.facets[Facet.HILLS].value is None


def test_without_heart_rate_the_same_run_is_judged_less_surely(runner: list[RunFeatures]) -> None:
    with_, without = (after(runner).label(measure(recording(TEMPO, day=38, heart=heart))) for heart in (True, False))
    assert (with_.tier, without.tier) == (Tier.FULL, Tier.NO_HEART_RATE)
    sure = [labels.facets[Facet.INTENSITY].confidence for labels in (with_, without)]
    assert sure[0] > sure[1]


def test_a_treadmill_without_foot_pod_still_has_its_pulse(runner: list[RunFeatures]) -> None:
    full = recording(TEMPO, day=38)
    assert full.samples is not None
    gone = np.full(len(full.samples), np.nan)
    bare = replace(full.samples, distance_m=gone, speed_mps=gone, latitude_deg=gone, longitude_deg=gone)
    run = measure(replace(full, samples=bare, distance_m=None, sub_sport="treadmill"))
    labels = after(runner).label(run)
    assert (run.tier, labels.facets[Facet.SURFACE].value) == (Tier.NO_GPS, Surface.TREADMILL)
    assert run.pulse.best_20_bpm is not None


def flags(change: str) -> tuple[str, ...]:
    full = recording([(2700.0, 2.85)])
    assert full.samples is not None
    heart: Floats = full.samples.heart_rate_bpm.copy()
    match change:
        case "lock":
            heart[600:2000] = full.samples.cadence_spm[600:2000]
        case "holes":
            heart[500:1400] = np.nan
        case "jumps":
            heart[::40] += 35
        case "stuck":
            heart[:] = 141
        case _:
            pass
    return measure(replace(full, samples=replace(full.samples, heart_rate_bpm=heart))).pulse.flags


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ("none", ()),
        ("lock", ("cadence_lock",)),
        ("holes", ("dropouts",)),
        ("jumps", ("noise",)),
        ("stuck", ("plateau",)),
    ],
)
def test_what_lowers_trust_in_heart_rate_is_named(change: str, flag: tuple[str, ...]) -> None:
    assert flags(change) == flag


def test_thresholds_come_from_the_runners_own_runs(runner: list[RunFeatures]) -> None:
    marks = [mark(run) for run in runner]
    now = runner_thresholds(marks, runner[-1].day + timedelta(days=1))
    fresh = runner_thresholds([], runner[-1].day, birth_year=1986)
    assert now.hr_max_bpm.source == "seen"
    assert 160 <= now.hr_max_bpm.value <= 190
    assert 3.3 <= now.threshold_mps.value <= 4.2
    assert (fresh.hr_max_bpm.value, fresh.hr_max_bpm.source) == (180.0, "age")
    assert fresh.threshold_mps.source == "assumed"
    assert runner_thresholds(marks, runner[0].day - timedelta(days=1)).threshold_mps.trust <= now.threshold_mps.trust


def test_one_leap_of_the_gps_lifts_no_threshold(runner: list[RunFeatures]) -> None:
    marks: list[Mark] = [mark(run) for run in runner]
    day = runner[-1].day + timedelta(days=1)
    leap = replace(marks[-1], efforts=((5000.0, 800.0),), score=82.0)
    assert runner_thresholds([*marks, leap], day).threshold_mps.value == pytest.approx(
        runner_thresholds(marks, day).threshold_mps.value, rel=0.03
    )


def test_twenty_minutes_prove_a_threshold_by_themselves(runner: list[RunFeatures]) -> None:
    marks = [mark(run) for run in runner]
    day = runner[-1].day + timedelta(days=1)
    plain = runner_thresholds(marks, day).threshold_mps
    fast, slow = (replace(runner[-1], pace=replace(runner[-1].pace, best_20_mps=mps)) for mps in (5.5, 3.0))
    now = runner_thresholds(marks, day, told=fast).threshold_mps
    assert (now.value, now.source) == (pytest.approx(5.0), "this_run")
    assert runner_thresholds(marks, day, told=slow).threshold_mps == plain


def test_easy_days_do_not_lower_the_maximum(runner: list[RunFeatures]) -> None:
    first = [mark(measure(easy(0)))]
    assert runner_thresholds(first, runner[-1].day).hr_max_bpm.value > 175
    assert runner_thresholds(first, runner[-1].day).hr_max_bpm.trust < 0.4


def test_hard_probability_is_the_sum_of_its_kinds(runner: list[RunFeatures]) -> None:
    label = after(runner).label(measure(recording(TEMPO, day=38))).facets[Facet.INTENSITY]
    assert sum(label.probabilities.values()) == pytest.approx(1.0)
    assert sum(label.probabilities[kind] for kind in HARD) == pytest.approx(label.confidence)
