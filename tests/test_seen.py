"""A stored run as the foot work sees it; what the answers about the ground say; when the plan began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from rules.facts.foot_work import DiaryEntry
from rules.facts.kinds import Facet, Kind, Surface, Tier
from rules.facts.labels import FacetLabel, Labels
from rules.knowledge.thresholds import thresholds
from rules.state.feet import RunSeen, SurfaceFeel
from rules.state.seen import is_fresh, plan_began, run_seen, surface_feel
from rules.state.shoes import ShoeWorn

DAY, AT = date(2026, 6, 1), datetime(2026, 6, 1, 6)
END = AT + timedelta(hours=1)
WORN = ShoeWorn(DAY, "Blue", None)


@dataclass(frozen=True)
class Stored:
    run_id: str = "run"
    day: date = DAY
    start_utc: datetime = AT
    utc_offset_s: int = 7200
    elapsed_s: float = 3600.0
    timer_s: float | None = 3500.0
    moving_s: float | None = 3400.0
    distance_m: float | None = 10_200.0
    arrived_utc: datetime = END


def labels(**facets: str) -> Labels:
    told = {Facet(name): FacetLabel(Facet(name), value, 0.9, {}) for name, value in facets.items()}
    return Labels(Kind.EASY, 0.9, frozenset({Kind.EASY}), told, Tier.FULL, "rules")


def test_a_run_with_its_label_and_its_shoe() -> None:
    told = labels(intensity="easy", long="no", hills="flat", surface="unknown")
    expected = RunSeen("run", DAY, AT, END, 3400.0, 10_200.0, Kind.EASY, frozenset({Kind.EASY}), shoe="Blue")
    found = run_seen(Stored(), told, WORN, thresholds(), minimalist=False)
    assert found == replace(
        expected,
        utc_offset_s=7200,
        intensity=found.intensity,
        hills=found.hills,
        long=False,
        surface=None,
        easy_gap_mps=3.0,
    )
    assert (found.intensity, found.hills) == ("easy", "flat")


def test_without_a_label_it_may_be_any_kind_and_its_speed_is_compared_with_nothing() -> None:
    found = run_seen(Stored(moving_s=None), None, WORN, thresholds(), minimalist=True)
    assert (found.possible, found.easy_gap_mps, found.duration_s, found.minimalist) == (
        frozenset(Kind),
        None,
        3500.0,
        True,
    )


@pytest.mark.parametrize(("intensity", "speed"), [("steady", 3.0), ("recovery", 3.0), ("tempo", None)])
def test_only_easy_runs_tell_a_speed(intensity: str, speed: float | None) -> None:
    assert run_seen(Stored(), labels(intensity=intensity), WORN, thresholds(), minimalist=False).easy_gap_mps == speed


@pytest.mark.parametrize(
    ("hours", "rules", "fresh"), [(48, {}, True), (48.1, {}, False), (60, {"fresh_hours": 72}, True)]
)
def test_a_run_is_fresh_for_two_days_after_its_end(hours: float, rules: dict[str, int], fresh: bool) -> None:
    assert is_fresh(END, END + timedelta(hours=hours), thresholds(rules)) is fresh


@pytest.mark.parametrize(
    ("answer", "run_id", "expected"),
    [
        ("freer", "run", SurfaceFeel(DAY, Surface.TRAIL, "freer", "rug", "run")),
        ("tighter:grass", "run", SurfaceFeel(DAY, Surface.TRAIL, "tighter", "grass", "run")),
        ("lovely", "run", None),
        ("freer", "other", None),
    ],
    ids=["the texture that was done", "the texture that was named", "no such answer", "a run without a ground"],
)
def test_what_an_answer_about_the_toes_says(answer: str, run_id: str, expected: SurfaceFeel | None) -> None:
    assert surface_feel(DAY, answer, run_id, {"run": "trail"}, {"run": "rug"}) == expected


def test_the_plan_began_with_the_first_thing_typed_or_issued() -> None:
    entry = DiaryEntry("e", "stiffness", AT, DAY - timedelta(days=3), 2)
    assert plan_began(DAY, None, [], []) == DAY
    assert plan_began(DAY, DAY - timedelta(days=2), [entry], []) == DAY - timedelta(days=3)
    assert plan_began(DAY, DAY - timedelta(days=5), [entry], []) == DAY - timedelta(days=5)
