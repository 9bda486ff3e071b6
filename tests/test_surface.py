"""What the ground was: words, types, the shape of the trace, known routes; and what never counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from rules.classify.judge import Judge
from rules.facts.kinds import Facet, Kind, Surface
from rules.facts.recorded import Floats, Recording, Samples
from rules.measure.features import measure
from rules.measure.map_match import Underfoot
from rules.measure.surface import SurfaceFacts, rung, same_route
from rules.measure.titles import gear_surfaces, kind_of_title, meanings, surfaces

BEGAN = datetime(2026, 5, 4, 6, 0)
HOME = (10.0, -40.0)
"""In the middle of the Atlantic: nobody lives there."""


def line(metres: Floats, *, turn: float = 0.0, noise_m: float = 0.0, start_day: int = 0, **more: object) -> Recording:
    """A recording along ``metres`` (n, 2): east and north, one point a second."""
    rng = np.random.default_rng(3)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    at = metres @ spin.T + rng.normal(0, noise_m, metres.shape)
    t = np.arange(len(at), dtype=float)
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(metres, axis=0).T))))
    gone = np.full(len(at), np.nan)
    samples = Samples(
        t_s=t,
        distance_m=way,
        speed_mps=gone,
        heart_rate_bpm=gone,
        cadence_spm=gone,
        altitude_m=gone,
        latitude_deg=HOME[0] + at[:, 1] / 111_195,
        longitude_deg=HOME[1] + at[:, 0] / 111_195 / np.cos(np.radians(HOME[0])),
        power_w=gone,
        temperature_c=gone,
    )
    began = BEGAN + timedelta(days=start_day)
    return Recording(sport="running", start_utc=began, elapsed_s=float(len(at)), samples=samples, **more)  # type: ignore[arg-type]


def oval(laps: float, *, straight: float = 84.39, radius: float = 36.8, mps: float = 3.6) -> Floats:
    """Laps of an oval of two straights and two half-circles."""
    length = 2 * straight + 2 * np.pi * radius
    s = np.arange(0, laps * length, mps) % length
    out = np.empty((len(s), 2))
    bend = np.pi * radius
    for row, d in enumerate(s):
        if d < straight:
            out[row] = d, -radius
        elif d < straight + bend:
            a = (d - straight) / radius
            out[row] = straight + radius * np.sin(a), -radius * np.cos(a)
        elif d < 2 * straight + bend:
            out[row] = straight - (d - straight - bend), radius
        else:
            a = (d - 2 * straight - bend) / radius
            out[row] = -radius * np.sin(a), radius * np.cos(a)
    return out


def there_and_back(length: float, times: int, mps: float = 3.6) -> Floats:
    s = np.arange(0, 2 * length * times, mps) % (2 * length)
    return np.column_stack((np.where(s < length, s, 2 * length - s), np.zeros(len(s))))


def block(side: float, times: int, mps: float = 3.6) -> Floats:
    """Round a square city block."""
    s = np.arange(0, 4 * side * times, mps) % (4 * side)
    leg, along = (s // side).astype(int), s % side
    east = np.choose(leg, [along, np.full_like(s, side), side - along, np.zeros_like(s)])
    north = np.choose(leg, [np.zeros_like(s), along, np.full_like(s, side), side - along])
    return np.column_stack((east, north))


def wander(metres: float, mps: float = 3.2) -> Floats:
    rng = np.random.default_rng(8)
    heading = np.cumsum(rng.normal(0, 0.06, int(metres / mps)))
    return np.cumsum(np.column_stack((np.cos(heading), np.sin(heading))) * mps, axis=0)


@pytest.mark.parametrize("noise_m", [0.0, 1.5])
@pytest.mark.parametrize("turn", [0.0, 0.7, 1.57])
def test_ten_laps_of_a_track_are_a_track(turn: float, noise_m: float) -> None:
    form = measure(line(oval(10), turn=turn, noise_m=noise_m)).shape
    assert form.track_share > 0.7
    assert form.track_laps == pytest.approx(10, abs=2)
    assert form.track_cell is not None


@pytest.mark.parametrize(
    "path",
    [there_and_back(200, 10), there_and_back(1500, 2), block(100, 12), wander(9000), oval(8, straight=200, radius=70)],
    ids=["short street", "long street", "city block", "wandering", "big park loop"],
)
def test_other_shapes_are_no_track(path: Floats) -> None:
    assert measure(line(path, noise_m=1.0)).shape.track_share == 0.0


def test_running_and_generic_are_no_evidence_of_road() -> None:
    for sub_sport in (None, "generic", "running"):
        shares, evidence = rung(SurfaceFacts(sub_sport=sub_sport))
        assert (shares[Surface.UNKNOWN], [e.rule for e in evidence]) == (1.0, ["surface_unknown"])


@pytest.mark.parametrize(
    ("facts", "ground", "least"),
    [
        (SurfaceFacts(sub_sport="trail"), Surface.TRAIL, 0.9),
        (SurfaceFacts(sub_sport="track_running"), Surface.TRACK, 0.9),
        (SurfaceFacts(sub_sport="indoor_running"), Surface.TREADMILL, 0.9),
        (SurfaceFacts(sub_sport="virtual_activity"), Surface.TREADMILL, 0.9),
        (SurfaceFacts(sub_sport="street"), Surface.ROAD, 0.8),
        (SurfaceFacts(title=("sand",)), Surface.SAND, 0.8),
        (SurfaceFacts(gear=("trail",)), Surface.TRAIL, 0.6),
        (SurfaceFacts(has_gps=False), Surface.TREADMILL, 0.6),
        (SurfaceFacts(dirt_share=0.7), Surface.TRAIL, 0.7),
        (SurfaceFacts(dirt_share=0.3), Surface.MIXED, 0.7),
        (SurfaceFacts(underfoot=Underfoot("m", {"road": 0.95, "trail": 0.05})), Surface.ROAD, 0.7),
        (SurfaceFacts(track_share=0.8, track_laps=12), Surface.UNKNOWN, 0.5),
        (SurfaceFacts(track_share=0.8, track_laps=12, at_known_track=True), Surface.TRACK, 0.9),
        (SurfaceFacts(track_share=0.8, track_laps=12, title=("track",)), Surface.TRACK, 0.85),
        (SurfaceFacts(known={"grass": 1.0}, route_runs=4), Surface.GRASS, 0.7),
    ],
)
def test_the_first_rung_that_fires(facts: SurfaceFacts, ground: Surface, least: float) -> None:
    shares, _ = rung(facts)
    best = max(shares, key=lambda name: shares[name])
    assert (best, shares[best] >= least, round(sum(shares.values()), 6)) == (ground, True, 1.0)


@pytest.mark.parametrize(
    ("elapsed_s", "ascent_m", "ground"),
    [(2400.0, None, "treadmill"), (2400.0, 3.0, "treadmill"), (2400.0, 180.0, "unknown"), (20.0, None, "unknown")],
)
def test_a_missing_trace_means_indoors_only_for_a_flat_run_of_some_minutes(
    elapsed_s: float, ascent_m: float | None, ground: str
) -> None:
    outdoors = line(wander(3000))
    assert outdoors.samples is not None
    lost = np.full(len(outdoors.samples), np.nan)
    samples = replace(outdoors.samples, latitude_deg=lost, longitude_deg=lost)
    run = measure(replace(outdoors, samples=samples, elapsed_s=elapsed_s, ascent_m=ascent_m))
    label = Judge().label(run).facets[Facet.SURFACE]
    assert (run.has_gps, label.value) == (False, ground)
    assert label.confidence == (0.0 if ground == "unknown" else pytest.approx(0.75))


def test_contradiction_lowers_confidence() -> None:
    alone = rung(SurfaceFacts(sub_sport="trail"))[0]["trail"]
    disputed = rung(SurfaceFacts(sub_sport="trail", title=("treadmill",)))[0]
    assert disputed["trail"] < alone
    assert disputed["treadmill"] > 0.2


def test_a_route_that_was_named_once_is_known_the_next_time() -> None:
    path = wander(8000)
    judge = Judge()
    judge.label(measure(line(path)), {Facet.SURFACE: "gravel"})
    again = judge.label(measure(line(path, noise_m=2.0, start_day=3)))
    elsewhere = judge.label(measure(line(path + 20_000.0, start_day=5)))
    assert again.facets[Facet.SURFACE].value == "gravel"
    assert elsewhere.facets[Facet.SURFACE].value == "unknown"


def test_routes_are_hashed_and_compared_by_cells() -> None:
    one, other = (measure(line(wander(8000), noise_m=n)).route for n in (0.0, 3.0))
    assert same_route(one, other) > 0.7
    assert same_route(one, ()) == 0.0
    assert len(one) <= 48


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Sunday long run", ("long",)),
        ("Langer Lauf am See", ("long",)),
        ("5x1k @ threshold", ("tempo", "intervals")),
        ("6 × 800 m", ("intervals",)),
        ("Warm up for the race", ("warmup",)),
        ("Footing tranquille", ("easy",)),
        ("Rodaje suave", ("easy",)),
        ("Séance de fractionné", ("intervals",)),
        ("ペース走 10k", ("tempo",)),
        ("间歇 400m", ("intervals",)),
        ("Hill repeats", ("hill_repeats",)),
        ("Chino Hills State Park", ()),
        ("Capitol Hill loop", ()),
        ("Back on track", ()),
        ("Morning Run", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_words_of_titles(title: str | None, words: tuple[str, ...]) -> None:
    assert meanings(title) == words


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("8 km easy", Kind.EASY),
        ("Tempo 20 min", Kind.TEMPO),
        ("Langer Lauf", Kind.LONG),
        ("Trail am Berg", Kind.SURFACE),
        ("Lunch", None),
    ],
)
def test_kind_of_a_calendar_title(title: str, kind: Kind | None) -> None:
    assert kind_of_title(title) is kind


def test_surface_words_of_titles_and_shoes() -> None:
    assert surfaces("Laufband mit Musik") == ("treadmill",)
    assert surfaces("Rail trail to the beach") == ("trail", "gravel", "sand")
    assert surfaces("Morning Run") == ()
    assert gear_surfaces("Hoka Speedgoat 5") == ("trail",)
    assert gear_surfaces("Road shoe") == ()


def test_an_oval_that_nothing_else_supports_names_no_run() -> None:
    shares, evidence = rung(SurfaceFacts(track_share=0.9, track_laps=20))
    assert (shares["track"], shares["unknown"]) == (0.45, 0.55)
    assert [one.rule for one in evidence] == ["surface_oval", "surface_shape_alone"]


def test_a_track_is_known_once_type_or_runner_said_so_and_never_by_its_shape_alone() -> None:
    by_shape, by_type, by_word = Judge(), Judge(), Judge()
    for day in range(4):
        by_shape.label(measure(line(oval(10), start_day=day)))
    by_type.label(measure(line(oval(10), sub_sport="track")))
    by_word.label(measure(line(oval(10))), {Facet.SURFACE: "track"})
    again = measure(line(oval(10), start_day=9))
    said = [judge.label(again).primary is Kind.SURFACE for judge in (by_shape, by_type, by_word)]
    assert said == [False, True, True]
