"""What the diary shows: found when it is there, silent when it is not, honest about too little."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from rules.facts.answers import When
from rules.facts.foot_work import Assessment, DiaryEntry, FootCheck, SessionDone
from rules.facts.kinds import Kind, Surface
from rules.insight import block_bootstrap, by_group, kept, pool, signs, theil_sen, trend, wins
from rules.state.feet import FootState, RunSeen

TODAY = date(2026, 6, 1)


def _state(scores: dict[int, int]) -> FootState:
    """Stiffness by day before today (0 is today)."""
    diary = [
        DiaryEntry(f"e{back}", "stiffness", _at(back), TODAY - timedelta(days=back), score, None, None, When.WAKING)
        for back, score in sorted(scores.items(), reverse=True)
    ]
    return FootState("a", TODAY, _at(0), TODAY - timedelta(days=200), diary=tuple(diary))


def _at(back: int, hour: int = 7) -> datetime:
    day = TODAY - timedelta(days=back)
    return datetime(day.year, day.month, day.day, hour)


def _noise(seed: int, days: int, phi: float = 0.0, sd: float = 1.2) -> np.ndarray:
    luck, x, rows = np.random.default_rng(seed), 0.0, []
    for _ in range(days):
        x = phi * x + (1 - phi**2) ** 0.5 * luck.normal(0, sd)
        rows.append(x)
    return np.array(rows)


def test_theil_sen_ignores_an_outlier() -> None:
    t = np.arange(20.0)
    y = 2 * t
    y[7] = 500
    assert theil_sen(t, y) == pytest.approx(2.0)


def test_a_clear_fall_is_likely_eased() -> None:
    noise = _noise(1, 70)
    found = trend(_state({69 - n: int(np.clip(round(7 - 4 * n / 69 + noise[n]), 0, 10)) for n in range(70)}))
    assert found.word == "likely_eased"
    assert found.slope is not None
    assert found.low_95 is not None
    assert found.high_95 is not None
    assert found.low_95 <= found.slope <= found.high_95 < 0
    assert (found.days, found.entries, found.missing) == (70, 70, 0)


def test_a_clear_rise_is_likely_worse() -> None:
    noise = _noise(2, 70)
    found = trend(_state({69 - n: int(np.clip(round(3 + 4 * n / 69 + noise[n]), 0, 10)) for n in range(70)}))
    assert found.word == "likely_worse"


def test_no_change_is_no_clear_change() -> None:
    noise = _noise(3, 70)
    found = trend(_state({69 - n: int(np.clip(round(4 + noise[n]), 0, 10)) for n in range(70)}))
    assert found.word == "no_clear_change"


def test_below_56_days_or_28_entries_nothing_is_said() -> None:
    assert trend(_state(dict.fromkeys(range(55), 4))).word == "not_enough"
    assert trend(_state({2 * n: 4 for n in range(26)} | {60: 4})).word == "not_enough"
    assert trend(_state({})).word == "not_enough"
    assert trend(_state({n: 4 + n % 2 for n in range(56)})).word != "not_enough"


def test_the_same_diary_gives_the_same_interval() -> None:
    values = 4 + _noise(4, 60)
    first, again = block_bootstrap(values, 50), block_bootstrap(values, 50)
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])


@pytest.mark.slow
@pytest.mark.parametrize(("phi", "most"), [(0.0, 0.04), (0.4, 0.07), (0.6, 0.16)])
def test_without_change_the_trend_is_seldom_wrong(phi: float, most: float) -> None:
    """The reference: 1, 3 and 12 % at n = 56 and SD 1.3."""
    wrong = 0
    for seed in range(200):
        _, slopes = block_bootstrap(np.round(4 + _noise(seed, 56, phi, 1.3)), 200)
        low, high = np.quantile(slopes, (0.025, 0.975))
        wrong += low > 0 or high < 0
    assert wrong / 200 <= most


def test_pooling_draws_small_groups_towards_the_mean() -> None:
    luck = np.random.default_rng(5)
    samples = {"trail": luck.normal(-1, 1, 40), "road": luck.normal(1, 1, 60), "track": luck.normal(3, 1, 5)}
    means, spreads, tau2 = pool(samples)
    raw = {name: float(one.mean()) for name, one in samples.items()}
    pulled = dict(zip(samples, means, strict=True))
    assert tau2 > 0
    assert abs(raw["track"] - pulled["track"]) > abs(raw["road"] - pulled["road"])
    assert spreads[2] > spreads[1]


def test_pooling_of_equal_groups_says_no_difference() -> None:
    luck = np.random.default_rng(6)
    same = {name: luck.normal(0, 1, 8) for name in "abcd"}
    means, _, tau2 = pool(same)
    if tau2 == 0:
        assert max(means) - min(means) == pytest.approx(0)
    assert max(means) - min(means) < 0.8


def _runs_on(effect: dict[Surface, float], per: int, seed: int = 7) -> FootState:
    luck = np.random.default_rng(seed)
    state = _state({n: int(np.clip(round(4 + luck.normal(0, 0.8)), 0, 10)) for n in range(110)})
    runs, shift = [], {}
    for number, surface in enumerate(surface for _ in range(per) for surface in effect):
        back = 3 * number + 3
        day = TODAY - timedelta(days=back)
        runs.append(
            RunSeen(f"r{number}", day, _at(back, 17), _at(back, 18), 3600.0, 9000.0, Kind.EASY, surface=surface)
        )
        shift[day + timedelta(days=1)] = effect[surface]
    diary = [
        replace(entry, score=int(np.clip(round(entry.score + shift.get(entry.day, 0)), 0, 10))) for entry in state.diary
    ]
    return replace(state, runs=tuple(sorted(runs, key=lambda run: run.day)), diary=tuple(diary))


def test_a_surface_that_feels_better_is_said() -> None:
    found = by_group(_runs_on({Surface.TRAIL: -2.5, Surface.ROAD: 2.0}, 14), "surface")
    assert found.word == "felt_better"
    assert found.better is not None
    assert found.better[:2] == ("trail", "road")
    assert {group.name: group.n for group in found.groups} == {"trail": 14, "road": 14}


def test_surfaces_that_do_not_differ_are_not_ranked() -> None:
    found = by_group(_runs_on({Surface.TRAIL: 0, Surface.ROAD: 0}, 14), "surface")
    assert found.word == "no_difference"
    assert found.better is None


def test_four_runs_on_a_surface_are_too_few_to_show() -> None:
    found = by_group(_runs_on({Surface.TRAIL: -2, Surface.ROAD: 2}, 4), "surface")
    assert found.word == "not_enough"
    assert all(group.mean is None for group in found.groups)


def test_mornings_with_and_without_work() -> None:
    luck = np.random.default_rng(8)
    scores = {n: int(np.clip(round((3 if n % 2 else 6) + luck.normal(0, 0.5)), 0, 10)) for n in range(100)}
    state = _state(scores)
    sessions = [SessionDone(f"s{n}", _at(n, 20), TODAY - timedelta(days=n), "done") for n in range(2, 100, 2)]
    found = kept(replace(state, sessions=tuple(sessions)))
    assert found.word == "likely_eased"
    assert found.n_with > 30
    assert kept(state).word == "not_enough"


def test_the_lowest_morning_is_a_win() -> None:
    state = _state(dict.fromkeys(range(1, 40), 5) | {0: 1})
    assert [one.key for one in wins(state)] == ["win_lowest"]


def test_a_quiet_morning_after_a_long_run_is_a_win() -> None:
    state = _state(dict.fromkeys(range(1, 40), 5) | {0: 5})
    runs = [
        RunSeen(f"r{n}", TODAY - timedelta(days=n), _at(n), _at(n, 9), 7200.0, 20000.0, Kind.LONG)
        for n in (1, 8, 15, 22)
    ]
    state = replace(state, runs=tuple(reversed(runs)))
    assert wins(state) == ()
    today = replace(state.diary[-1], score=3)
    won = wins(replace(state, diary=(*state.diary[:-1], today)))
    assert [one.key for one in won] == ["win_after_run", "win_lowest"]


def test_weeks_kept_are_a_win_from_four_on() -> None:
    assert wins(_state({}), 3) == ()
    assert [one.key for one in wins(_state({}), 4)] == ["win_streak"]


def test_signs_are_read_against_the_own_last_check_only() -> None:
    then = Assessment("a", TODAY - timedelta(days=14), FootCheck(4, knee_to_wall_cm=8), FootCheck(4), True)
    now = Assessment("b", TODAY, FootCheck(6, knee_to_wall_cm=9.5), FootCheck(4), False)
    state = replace(_state({}), assessments=(then, now))
    assert [one.key for one in signs(state)] == ["sign_range", "sign_cramps_fewer"]
    assert signs(replace(state, assessments=(now,))) == ()
