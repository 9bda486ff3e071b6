"""Rows to charts: what is drawn, over which axis, in whose units."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import altair as alt
import pytest

from dashboard import charts as figures
from dashboard import run_charts
from dashboard.format import Words
from dashboard.parts import ground
from sync.wire.pages import SurfaceFelt
from sync.wire.runs import Lines, SegmentLine

EN = Words.of("en")
MILES = Words.of("en", units="mi")
GERMAN = Words.of("de")


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
    assert list(run_charts.run_panels(EN, lines(), [])) == ["pace"]
    full = lines(heart_rate_bpm=[140.0] * 600, altitude_m=[100.0 + n % 9 for n in range(600)])
    assert list(run_charts.run_panels(EN, full, [])) == ["pace", "heart", "height"]
    assert run_charts.run_panels(EN, lines(speed_mps=[None] * 600), []) == {}


def test_what_the_browser_counts_has_the_signs_of_the_language() -> None:
    """Vega writes axes and some tooltips itself: 2,5 in German."""
    full = lines(heart_rate_bpm=[140.0] * 600)
    drawn_by = [
        figures.weeks_chart(GERMAN, [(date(2026, 3, 2), 12_345.0)]),
        run_charts.run_panels(GERMAN, full, [])["heart"],
        run_charts.run_chart(GERMAN, full, [], {"pace": "", "heart": ""}),
    ]
    signs = [chart["config"]["locale"]["number"] for chart in drawn_by if chart is not None]
    assert [(one["decimal"], one["thousands"]) for one in signs] == [(",", ".")] * 3
    assert figures.look(EN)["locale"]["number"]["decimal"] == "."


def drawn(panel: figures.Spec) -> figures.Spec:
    """The layer of a panel that holds the curve: behind it lie the segments, before it the strips that tell."""
    return next(layer for layer in panel["layer"] if "layer" in layer)  # type: ignore[no-any-return]


def strips(panel: figures.Spec) -> list[figures.ChartRow]:
    return panel["layer"][-1]["data"]["values"]  # type: ignore[no-any-return]


def test_panels_share_one_time_axis_and_only_the_last_names_it() -> None:
    found = run_charts.run_panels(EN, lines(heart_rate_bpm=[140.0] * 600), [WORK])
    xs = [drawn(panel)["layer"][-1]["encoding"]["x"] for panel in found.values()]
    assert [x["scale"]["domain"] for x in xs] == [[0, run_charts.ROOM * 599 / 60]] * 2
    assert [x["axis"]["labels"] for x in xs] == [False, True]


def test_a_gap_stays_a_gap() -> None:
    heart: list[float | None] = [None if 100 <= n < 200 else 140.0 for n in range(600)]
    panel = run_charts.run_panels(EN, lines(heart_rate_bpm=heart), [])["heart"]
    assert sum(row["heart"] is None for row in drawn(panel)["data"]["values"]) == 100


def test_speed_is_drawn_in_the_runners_unit() -> None:
    found = {words.units: run_charts.run_panels(words, lines(), [])["pace"] for words in (EN, MILES)}
    assert drawn(found["km"])["data"]["values"][0]["speed"] == pytest.approx(9.0)
    assert [strips(found[unit])[0]["speed"] for unit in ("km", "mi")] == ["6:40 /km", "10:43 /mi"]


def test_a_touch_anywhere_on_a_panel_tells_the_moment_and_its_segment() -> None:
    panel = run_charts.run_panels(EN, lines(heart_rate_bpm=[140.0] * 600), [WORK])["heart"]
    rows = strips(panel)
    assert len(rows) <= run_charts.STRIPS
    assert [rows[0]["minutes"], rows[-1]["to"]] == [0, pytest.approx(599 / 60, abs=0.001)]
    assert all(row["to"] == later["minutes"] for row, later in itertools.pairwise(rows))
    (told,) = (row for row in rows if row["minutes"] * 60 <= 87 < row["to"] * 60)
    assert (told["heart"], told["height"], told["role"]) == ("140 bpm", "–", "work · 1 min · 5:03 /km")
    assert [tip["title"] for tip in panel["layer"][-1]["encoding"]["tooltip"]] == ["at", "pace", "Heart rate", "Part"]


@pytest.mark.parametrize(("low", "high"), [(8.0, 16.0), (9.5, 11.0), (4.0, 22.0)])
def test_pace_ticks_are_round_and_few(low: float, high: float) -> None:
    paces = [3600 / tick for tick in run_charts.pace_ticks(low, high)]
    assert 1 <= len(paces) <= 5
    assert all(pace == pytest.approx(round(pace / 15) * 15) for pace in paces)
    assert all(low <= 3600 / pace <= high for pace in paces)


def test_a_group_without_a_mean_is_not_drawn() -> None:
    few = SurfaceFelt(group="track", n=3, mean=None, low=None, high=None, says="not enough data (n = 3)")
    road = SurfaceFelt(group="road", n=31, mean=0.1, low=-0.3, high=0.5, says="no difference seen")
    assert figures.felt_chart(EN, [few]) is None
    chart = figures.felt_chart(EN, [few, road])
    assert chart is not None
    assert [row["group"] for row in chart["layer"][-1]["data"]["values"]] == ["road (n = 31)"]


def test_every_dose_change_is_marked() -> None:
    days = [(date(2026, 9, 1) + timedelta(days=n), 4.0) for n in range(40)]
    chart = figures.stiffness_chart(EN, days, days, [(date(2026, 9, 20), "6 minutes")], [(date(2026, 9, 9), "new")])
    assert [layer["mark"]["type"] for layer in chart["layer"]] == ["circle", "line", "rule", "rule", "text", "rect"]
    told = {row["date"]: row for row in strips(chart)}["Sunday, 20 September 2026"]
    assert (told["score"], told["level"], told["dose"], told["shoes"]) == ("4", "4.0", "6 minutes", "–")


def test_the_names_of_lines_stand_clear_of_what_is_drawn() -> None:
    """The short mean swings about the long one: its name stands above all of it, the other one below."""
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(40)]
    short, long = [(day, 40.0 + 20 * (n % 2)) for n, day in enumerate(days)], [(day, 45.0) for day in days]
    chart = figures.load_chart(EN, short, long)
    texts = [one for one in chart["layer"] if one["mark"]["type"] == "text"]
    assert [(one["data"]["values"][0]["value"], one["mark"]["dy"] < 0) for one in texts] == [(60, True), (40, False)]


def test_a_name_stands_over_the_other_where_the_days_of_the_axis_are_right_below() -> None:
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(40)]
    short, long = (
        [(day, 40.0 * (n > 30)) for n, day in enumerate(days)],
        [(day, 20.0 * (n > 30)) for n, day in enumerate(days)],
    )
    texts = [one for one in figures.load_chart(EN, short, long)["layer"] if one["mark"]["type"] == "text"]
    assert [(one["data"]["values"][0]["value"], one["mark"]["dy"]) for one in texts] == [(40, -10), (40, -26)]


def test_every_chart_keeps_to_the_grammar() -> None:
    days = [(date(2026, 9, 1) + timedelta(days=n), 4.0) for n in range(40)]
    felt = SurfaceFelt(group="road", n=31, mean=0.1, low=-0.3, high=0.5, says="no difference seen")
    full = lines(heart_rate_bpm=[140.0] * 600, altitude_m=[100.0 + n % 9 for n in range(600)])
    charts = [
        *run_charts.run_panels(EN, full, [WORK]).values(),
        figures.stiffness_chart(EN, days, days, [(date(2026, 9, 20), "6 minutes")], [(date(2026, 9, 9), "new")]),
        figures.weeks_chart(EN, days),
        figures.load_chart(EN, days, days),
        figures.felt_chart(EN, [felt]),
        ground.course(EN, [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0)]),
    ]
    for chart in charts:
        alt.Chart.from_dict(chart)  # raises for what the schema does not know
