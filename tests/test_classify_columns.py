"""What a table's own columns add: laps, the fastest moment; hills by what the foot climbs; the surer of two facets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.grade_columns import COLUMNS
from rules.classify.judge import Judge
from rules.classify.model import Calibration
from rules.classify.primary_kind import ClassifySettings, in_order, named, rivals
from rules.facts.kinds import HARD, HILLY, Facet, Intensity, Kind
from rules.facts.labels import Labels
from rules.facts.recorded import Recording
from rules.measure.features import RunFeatures, measure
from sync.formats.tables.read import read_table

HEADER = (
    "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Aerobic TE,Avg Run Cadence,Avg Pace,"
    "Best Pace,Total Ascent,Avg Stride Length,Best Lap Time,Number of Laps,Moving Time,Elapsed Time"
)
HEADER_DE = (
    "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø HF,Maximale HF,Aerober TE,Ø Schrittfrequenz,Ø Pace,"
    "Beste Pace,Anstieg gesamt,Ø Schrittlänge,Beste Rundenzeit,Anzahl der Runden,Zeit in Bewegung,Verstrichene Zeit"
)
CELLS = "Running,2026-03-0{},false,,10.00,600,00:55:00,150,170,3.0,170,5:30,4:10,50,1.07,00:03:58,{},00:54:00,00:56:00"


@pytest.mark.parametrize("header", [HEADER, HEADER_DE])
@pytest.mark.parametrize(("cell", "laps"), [("14", 14), ("--", None), ("0", None)])
def test_garmins_columns_of_laps_and_best_pace_are_read(header: str, cell: str, laps: int | None) -> None:
    rows = [CELLS.format(f"{day} 07:00:00", cell) for day in (1, 2, 3)]
    read = read_table("\n".join([header, *rows]).encode(), "Activities.csv", UTC)
    assert read is not None
    one = read.rows[0].recording
    assert (one.lap_count, one.best_lap_s) == (laps, 238.0)
    assert one.best_speed_mps == pytest.approx(1000 / 250)
    assert measure(one).lap_count == laps


def test_columns_that_are_missing_are_not_known() -> None:
    one = measure(Recording(sport="running", start_utc=datetime(2026, 3, 2, 7), elapsed_s=3000, distance_m=10_000))
    assert (one.lap_count, one.best_lap_s, one.best_speed_mps) == (None, None, None)


def run(day: int, km: float = 9.0, pace_s: float = 350, **more: Any) -> RunFeatures:
    climb = more.pop("climb_per_km", None)
    return measure(
        Recording(
            sport="running",
            start_utc=datetime(2026, 3, 2, 7) + timedelta(days=day),
            elapsed_s=km * pace_s,
            moving_s=km * pace_s,
            distance_m=km * 1000,
            ascent_m=None if climb is None else climb * km,
            descent_m=more.pop("descent_per_km", 0.0) * km or None,
            mean_heart_rate_bpm=more.pop("bpm", 145),
            **more,
        )
    )


def after(usual: Iterable[RunFeatures], one: RunFeatures) -> Labels:
    judge = Judge(settings=ClassifySettings(use_titles=False))
    for each in usual:
        judge.label(each)
    return judge.label(one)


def share(labels: Labels, facet: Facet, values: Iterable[str]) -> float:
    return sum(labels.facets[facet].probabilities[value] for value in values)


AUTO = [run(2 * at, 7 + at % 4, lap_count=8 + at % 4) for at in range(24)]
BY_HAND = [run(2 * at, 7 + at % 4, lap_count=1) for at in range(24)]
UNKNOWN = [run(2 * at, 7 + at % 4) for at in range(24)]


@pytest.mark.parametrize("usual", [AUTO, BY_HAND], ids=["a lap each kilometre", "laps by hand"])
def test_more_laps_than_usual_speak_for_a_hard_run_and_the_usual_number_for_none(usual: list[RunFeatures]) -> None:
    plain = share(after(UNKNOWN, run(50)), Facet.INTENSITY, HARD)
    own = 10 if usual is AUTO else 1
    as_usual = share(after(usual, run(50, lap_count=own)), Facet.INTENSITY, HARD)
    workout = share(after(usual, run(50, lap_count=21)), Facet.INTENSITY, HARD)
    assert as_usual == pytest.approx(plain, abs=0.06)
    assert workout > plain + 0.2


def test_laps_say_nothing_before_it_is_known_how_the_runner_laps() -> None:
    first = [after([], run(0, lap_count=laps)).facets[Facet.INTENSITY].probabilities for laps in (None, 1, 10, 25)]
    assert first == [first[0]] * 4


@pytest.mark.parametrize(
    ("usual", "climb", "said"),
    [
        (30, 18, False),
        (30, 30, True),  # who lives in hills runs hills
        (45, 45, True),
        (3, 8, False),
        (3, 15, True),  # five times the usual
        (3, 26, True),
        (14, 16, False),
    ],
)
def test_hilly_is_what_the_foot_climbs(usual: float, climb: float, said: bool) -> None:
    labels = after([run(2 * at, climb_per_km=usual) for at in range(24)], run(50, climb_per_km=climb))
    assert (share(labels, Facet.HILLS, HILLY) >= 0.5) is said


@pytest.mark.parametrize(
    ("usual", "climb", "kind"),
    [
        (20, 28, Kind.EASY),  # over the hills of every day
        (9, 25, Kind.EASY),
        (20, 32, Kind.HILLS),  # steep for anyone
        (3, 15, Kind.HILLS),  # far beyond the usual
        (0, 13, Kind.HILLS),
    ],
)
def test_hills_name_a_run_where_they_are_steep_or_far_beyond_the_usual(usual: float, climb: float, kind: Kind) -> None:
    labels = after([run(2 * at, climb_per_km=usual) for at in range(24)], run(50, climb_per_km=climb))
    assert (labels.facets[Facet.HILLS].value, labels.primary) == ("hills", kind)
    # The foot climbed them: its work must be right for hills whatever the run is called.
    assert Kind.HILLS in labels.possible


def test_a_run_may_be_surely_hilly_and_not_surely_a_hill_run() -> None:
    labels = after([run(2 * at, climb_per_km=3) for at in range(24)], run(50, climb_per_km=26))
    assert labels.primary is Kind.HILLS
    assert labels.facets[Facet.HILLS].confidence > 0.95 > 0.9 > labels.primary_confidence


def test_what_holds_beside_the_name_makes_the_name_less_sure() -> None:
    how, naming = Calibration(), dict.fromkeys(("tempo", "long", "hills", "surface"), 0.0)
    alone, beside = ({Kind.TEMPO: hard, Kind.LONG: 0.9, Kind.HILLS: 0.1, Kind.SURFACE: 0.0} for hard in (0.1, 0.8))
    sure = [rivals(each, how, naming) for each in (alone, beside)]
    assert sure[0][Kind.LONG] > 0.85 > 0.7 > sure[1][Kind.LONG]
    assert [sum(each.values()) for each in sure] == [pytest.approx(1.0)] * 2
    assert min(sure[0], key=lambda kind: -sure[0][kind]) is Kind.LONG


@pytest.mark.parametrize(("before_m", "then_m"), [(1609.344, 1000), (1000, 1609.344)])
def test_another_watchs_automatic_laps_are_no_workout(before_m: float, then_m: float) -> None:
    def usual(at: int, lap_m: float) -> RunFeatures:
        km = 7 + (at * 37 % 40) / 10
        return run(2 * at, km, 345 + at % 7, lap_count=int(km * 1000 // lap_m) + 1)

    judge = Judge(settings=ClassifySettings(use_titles=False))
    same, other = Judge(settings=ClassifySettings(use_titles=False)), judge
    found = []
    for at in range(90):
        new = before_m if at < 60 else then_m
        pair = same.label(usual(at, before_m)), other.label(usual(at, new))
        found.append([share(labels, Facet.INTENSITY, HARD) for labels in pair])
    late = found[68:]
    assert max(abs(one - two) for one, two in late) < 0.1


def test_a_long_way_down_is_hilly_too() -> None:
    usual = [run(2 * at, climb_per_km=5.0, descent_per_km=5.0) for at in range(24)]
    down = run(50, climb_per_km=5.0, descent_per_km=45.0)
    assert share(after(usual, down), Facet.HILLS, HILLY) > 0.5


def test_of_a_long_and_a_hard_facet_the_surer_names_the_run() -> None:
    usual = [run(2 * at, 8 + at % 3) for at in range(30)]
    for one in (run(62, 24, 318, bpm=160), run(62, 13, 296, bpm=170)):
        labels = after(usual, one)
        hard, long = share(labels, Facet.INTENSITY, HARD), share(labels, Facet.LONG, ["yes"])
        assert min(hard, long) >= 0.5 or one.distance_m == 13_000
        assert labels.primary is (Kind.LONG if long > hard else Kind.TEMPO)


@pytest.mark.parametrize(
    ("km", "pace_s", "bpm", "intensity", "kind"),
    [
        (21.1, 300, 165, Intensity.RACE, Kind.TEMPO),
        (42.3, 310, 165, Intensity.RACE, Kind.TEMPO),
        (24.0, 318, 160, Intensity.TEMPO, Kind.LONG),  # hard, but over no race's distance
        (21.1, 365, 140, Intensity.EASY, Kind.LONG),  # a race's distance, but easy
    ],
)
def test_a_race_is_no_long_run_however_long_it_is(
    km: float, pace_s: float, bpm: float, intensity: Intensity, kind: Kind
) -> None:
    labels = after([run(2 * at, 8 + at % 3) for at in range(30)], run(62, km, pace_s, bpm=bpm))
    assert share(labels, Facet.LONG, ["yes"]) >= 0.5
    assert (labels.facets[Facet.INTENSITY].value, labels.primary) == (intensity, kind)


WHOLE = [
    run(2 * at, 8 + at % 3, bpm=143 + at % 5, max_heart_rate_bpm=160 + at % 5, lap_count=9 + at % 3,
        best_speed_mps=1000 / 345 * 1.22, climb_per_km=8, descent_per_km=8)
    for at in range(30)
]  # fmt: skip


@pytest.mark.parametrize("column", list(COLUMNS))
@pytest.mark.parametrize("pace_s", [340, 345, 350])
def test_a_column_that_is_missing_is_no_sign_for_or_against(column: str, pace_s: float) -> None:
    one = run(62, 9, pace_s, bpm=145, max_heart_rate_bpm=162, lap_count=10, best_speed_mps=1000 / pace_s * 1.22,
              climb_per_km=8, descent_per_km=8)  # fmt: skip
    full, less = after(WHOLE, one), after(map(COLUMNS[column].without, WHOLE), COLUMNS[column].without(one))
    assert (full.primary, less.primary) == (Kind.EASY, Kind.EASY)
    assert abs(share(full, Facet.INTENSITY, HARD) - share(less, Facet.INTENSITY, HARD)) < 0.1


@pytest.mark.parametrize(
    ("hard", "long", "hilly", "ground", "raced", "kind"),
    [
        (0.6, 0.9, 0.8, 0.0, False, Kind.LONG),
        (0.6, 0.7, 0.8, 0.0, False, Kind.HILLS),
        (0.8, 0.7, 0.8, 0.0, False, Kind.TEMPO),  # equally sure: what asks most first
        (0.6, 0.9, 0.8, 0.0, True, Kind.TEMPO),  # a race stays a race
        (0.6, 0.1, 0.2, 0.95, False, Kind.TEMPO),  # repeats on a track
        (0.4, 0.1, 0.2, 0.95, False, Kind.SURFACE),
        (0.4, 0.1, 0.2, 0.0, False, Kind.EASY),
    ],
)
def test_of_all_facets_that_hold_the_surest_names_the_run(
    hard: float, long: float, hilly: float, ground: float, *, raced: bool, kind: Kind
) -> None:
    each = {Kind.TEMPO: hard, Kind.LONG: long, Kind.HILLS: hilly, Kind.SURFACE: ground}
    assert named(each, in_order(each, raced=raced))[0] is kind


def test_a_hard_run_that_is_named_by_its_hills_may_still_be_the_planned_hard_one() -> None:
    usual = [run(2 * at, 8 + at % 3, climb_per_km=5) for at in range(30)]
    labels = after(usual, run(62, 9, 310, bpm=158, climb_per_km=45))
    assert labels.primary is Kind.HILLS
    assert share(labels, Facet.INTENSITY, HARD) >= 0.5
    assert Kind.TEMPO in labels.possible
