"""Rows to charts: what is drawn, over which axis, in whose units."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dashboard import figures
from dashboard.words import Words
from sync.wire import Lines, SegmentLine, SurfaceFelt

EN = Words.of("en")
MILES = Words.of("en", units="mi")


def lines(**columns: list[float | None]) -> Lines:
    n = 600
    empty: list[float | None] = [None] * n
    given: dict[str, Any] = {
        "t_s": [float(second) for second in range(n)],
        "distance_m": empty,
        "speed_mps": [2.5 + second / 1000 for second in range(n)],
        "grade_adjusted_mps": empty,
        "heart_rate_bpm": empty,
        "altitude_m": empty,
    }
    return Lines(**{**given, **columns})


WORK = SegmentLine(
    start_s=60,
    end_s=120,
    role="work",
    distance_m=200.0,
    speed_mps=3.3,
    grade_adjusted_mps=None,
    mean_heart_rate_bpm=None,
)


def test_only_what_was_measured_is_drawn() -> None:
    assert list(figures.run_panels(EN, lines(), [])) == ["pace"]
    full = lines(heart_rate_bpm=[140.0] * 600, altitude_m=[100.0 + n % 9 for n in range(600)])
    assert list(figures.run_panels(EN, full, [])) == ["pace", "heart", "height"]
    assert figures.run_panels(EN, lines(speed_mps=[None] * 600), []) == {}


def test_panels_share_one_time_axis_and_only_the_last_names_it() -> None:
    panels = figures.run_panels(EN, lines(heart_rate_bpm=[140.0] * 600), [WORK])
    xs = [panel.to_dict()["layer"][-1]["encoding"]["x"] for panel in panels.values()]
    assert [x["scale"]["domain"] for x in xs] == [[0, 599 / 60]] * 2
    assert [x["axis"]["labels"] for x in xs] == [False, True]


def test_a_gap_stays_a_gap() -> None:
    heart: list[float | None] = [None if 100 <= n < 200 else 140.0 for n in range(600)]
    panel = figures.run_panels(EN, lines(heart_rate_bpm=heart), [])["heart"]
    rows = next(iter(panel.to_dict()["datasets"].values()))
    assert sum(row["heart"] is None for row in rows) == 100


def test_speed_is_drawn_in_the_runners_unit() -> None:
    first = {}
    for words in (EN, MILES):
        panel = figures.run_panels(words, lines(), [])["pace"].to_dict()
        first[words.units] = next(iter(panel["datasets"].values()))[0]
    assert first["km"]["speed"] == pytest.approx(9.0)
    assert (first["km"]["pace"], first["mi"]["pace"]) == ("6:40", "10:44")


@pytest.mark.parametrize(("low", "high"), [(8.0, 16.0), (9.5, 11.0), (4.0, 22.0)])
def test_pace_ticks_are_round_and_few(low: float, high: float) -> None:
    paces = [3600 / tick for tick in figures._pace_ticks(low, high)]
    assert 1 <= len(paces) <= 5
    assert all(pace == pytest.approx(round(pace / 15) * 15) for pace in paces)
    assert all(low <= 3600 / pace <= high for pace in paces)


def test_a_group_without_a_mean_is_not_drawn() -> None:
    few = SurfaceFelt(group="track", n=3, mean=None, low=None, high=None, says="not enough data (n = 3)")
    road = SurfaceFelt(group="road", n=31, mean=0.1, low=-0.3, high=0.5, says="no difference seen")
    assert figures.felt_chart(EN, [few]) is None
    chart = figures.felt_chart(EN, [few, road])
    assert chart is not None
    groups = [row.get("group") for rows in chart.to_dict()["datasets"].values() for row in rows]
    assert [group for group in groups if group] == ["road (n = 31)"]


def test_every_dose_change_is_marked() -> None:
    days = [(date(2026, 9, 1) + timedelta(days=n), 4.0) for n in range(40)]
    chart = figures.stiffness_chart(EN, days, days, [(date(2026, 9, 20), "6 minutes")], [(date(2026, 9, 9), "new")])
    marks = [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
    assert marks == ["circle", "line", "rule", "rule"]
