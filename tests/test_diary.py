"""The diary's lines and usual level, the likely moment of a tap, and how minutes, weeks and zones are added up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.facts.foot_work import DiaryEntry
from rules.knowledge.thresholds import thresholds
from rules.measure.polarisation import Polarisation, polarisation
from rules.state.diary import level_by_day, likely_when, means_by_day, usual_stiffness
from rules.state.feet import RunSeen
from rules.state.load import averaged, minutes_by_day, weekly_distance

SUNDAY = date(2026, 6, 7)
LIMITS = thresholds()


def day(back: int) -> date:
    return SUNDAY - timedelta(days=back)


def entry(back: int, score: int, what: str = "stiffness") -> DiaryEntry:
    at = datetime.combine(day(back), datetime.min.time())
    return DiaryEntry(f"{what}{back}-{score}", what, at, day(back), score)  # type: ignore[arg-type]


def run(back: int, minutes: float, metres: float | None) -> RunSeen:
    at = datetime.combine(day(back), datetime.min.time())
    return RunSeen(f"run{back}", day(back), at, at, 60 * minutes, metres)


def test_the_line_is_the_mean_of_a_fortnight_from_three_logged_days_on() -> None:
    scores = {day(16): 9.0, day(12): 4.0, day(3): 3.0, day(1): 2.0}
    # The sixteenth day before is the first of the first day's fortnight, and in no later one.
    assert level_by_day(scores, day(3), SUNDAY, LIMITS) == [(day(3), 5.33), (day(1), 3.0), (SUNDAY, 3.0)]
    assert level_by_day(scores, day(3), SUNDAY, thresholds({"level_entries": 4})) == []


def test_the_usual_level_is_the_median_of_the_last_logged_days_at_their_highest() -> None:
    diary = [entry(40 - n, 8 if n < 12 else 2) for n in range(40)]
    assert usual_stiffness(diary, SUNDAY, LIMITS) == 2.0
    assert usual_stiffness([entry(2, 1), entry(2, 5), entry(1, 2)], SUNDAY, LIMITS) == 3.5
    assert usual_stiffness([entry(2, 5, "soreness")], SUNDAY, LIMITS) is None


def test_a_days_mean_keeps_stiffness_and_soreness_apart() -> None:
    found = means_by_day([entry(1, 2), entry(1, 5), entry(1, 7, "soreness")])
    assert found == {(day(1), "stiffness"): 3.5, (day(1), "soreness"): 7.0}


@pytest.mark.parametrize(
    ("hour", "worked_minutes_ago", "when"),
    [
        (4, None, "waking"),
        (10, None, "waking"),
        (11, None, "before"),
        (17, None, "before"),
        (18, None, "evening"),
        (3, None, "evening"),
        (7, 59, "after"),
        (7, 60, "waking"),
    ],
)
def test_the_likely_moment_of_a_tap(hour: int, worked_minutes_ago: int | None, when: str) -> None:
    ago = None if worked_minutes_ago is None else timedelta(minutes=worked_minutes_ago)
    assert likely_when(datetime(2026, 6, 7, hour), LIMITS, worked_ago=ago) == when


def test_minutes_of_each_day_and_their_weighted_mean() -> None:
    minutes = minutes_by_day([run(2, 30, None), run(2, 15, None), run(0, 60, None)], day(2), SUNDAY)
    assert minutes == [45.0, 0.0, 60.0]
    assert averaged(minutes, day(2), 7) == [(day(2), 45.0), (day(1), 33.8), (SUNDAY, 40.3)]


def test_weeks_begin_on_monday_and_those_without_a_run_are_there_too() -> None:
    runs = [run(21, 30, 5000.0), run(20, 30, 7000.0), run(1, 30, 4000.04), run(0, 30, None)]
    assert weekly_distance(runs, day(19), SUNDAY) == [(day(20), 7000.0), (day(13), 0.0), (day(6), 4000.0)]


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ({"1": 50.0, "2": 30.0, "3": 3.0, "4": 2.0, "5": 15.0}, (80.0, 5.0, 15.0, 2.38)),
        ({"1": 100.0}, (100.0, 0.0, 0.0, None)),
        ({}, None),
    ],
)
def test_how_the_time_was_shared_out(
    zones: dict[str, float], expected: tuple[float, float, float, float | None] | None
) -> None:
    found = polarisation(zones, LIMITS)
    told = None if found is None else Polarisation(*expected) if expected else None
    if found is not None and found.index is not None:
        found = Polarisation(found.low_s, found.middle_s, found.high_s, round(found.index, 2))
    assert found == told
