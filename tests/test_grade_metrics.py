"""The grade's own arithmetic: calibration against chance, paired gains, and folds that have not seen their athlete."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
import pytest

from bench.fit_classifier import QUESTIONS, Row, calibrated, fit_weights, tables
from bench.grade import start_of_fits
from bench.grade_metrics import Answer, paired, reliability
from bench.more_logs import truth_of_row
from bench.ridge import held_shares
from rules.classify.model import classifier_knowledge
from rules.facts.kinds import Kind, Tier


def answer(at: int, *, right: bool, sure: float = 0.8, athlete: str = "a") -> Answer:
    day = date(2026, 1, 5) + timedelta(days=at)
    said = "hard" if right else "easy"
    return Answer("hard", said, sure, (athlete, day.isocalendar()[:2]), athlete, Tier.SUMMARY.value)


@pytest.mark.parametrize(("share", "error"), [(0.8, 0.0), (0.5, 0.3), (1.0, 0.2)])
def test_calibration_error_is_the_distance_of_confidence_from_share_right(share: float, error: float) -> None:
    found = reliability([answer(at, right=at % 10 < 10 * share) for at in range(300)])
    assert found.error == pytest.approx(max(error, found.by_chance), abs=0.03)
    assert 0.0 < found.by_chance < 0.12
    assert len(found.bins) == 10


def test_an_athlete_with_many_rows_weighs_no_more_than_one_with_few() -> None:
    many = [answer(at, right=True, athlete="many") for at in range(3000)]
    few = [answer(at, right=False, athlete="few") for at in range(50)]
    # 0.2 too little for one and 0.8 too much for the other; by rows it would be 0.06.
    assert reliability([*many, *few]).error == pytest.approx(0.3, abs=0.03)


def test_athletes_who_are_equally_sure_share_the_bins() -> None:
    right = [answer(at, right=at % 10 < 9, athlete="a") for at in range(300)]
    wrong = [answer(at, right=at % 10 < 7, athlete="b") for at in range(300)]
    # Each bin of one athlete alone would be 0.1 off.
    assert reliability([*right, *wrong]).error < 0.07


def test_a_paired_gain_is_surer_than_two_apart() -> None:
    ours = [answer(at, right=at % 10 < 8) for at in range(300)]
    theirs = [answer(at, right=at % 10 < 6) for at in range(300)]
    gain, low, high = paired(ours, theirs, ["easy", "hard"], lambda one: one.week)
    assert low > 0.0
    assert low <= gain <= high


def test_how_answers_are_learned_is_graded_as_it_is_shipped() -> None:
    assert start_of_fits().runner == classifier_knowledge().runner
    assert start_of_fits().decide == classifier_knowledge().decide


def test_weights_and_calibration_of_a_fold_do_not_change_with_what_its_athlete_did() -> None:
    dice = np.random.default_rng(2)
    start = start_of_fits()

    def rows(athlete: str, *, turned: bool = False) -> list[Row]:
        found = []
        for at in range(60):
            hard = at % 3 == 0
            fast = float(dice.normal(1.0 if hard else -0.5, 1.0)) * (-1 if turned else 1)
            given = {"speed_vs_usual": fast, "laps_vs_usual": fast, "minutes": 0.1 * (at % 5)}
            truth = {"hard": hard, "long": at % 7 == 0, "hilly": None}
            found.append(Row(athlete, False, Tier.SUMMARY, given, truth, 1.0, Kind.TEMPO if hard else Kind.EASY))
        return found

    others = [*rows("a"), *rows("b"), *rows("c")]
    folds = []
    for theirs in ([], rows("d"), rows("d", turned=True)):
        parts = tables([*others, *theirs], start)
        weights = fit_weights(parts, start, {"d"})
        folds.append(calibrated(weights, [*others, *theirs], parts, start, {"d"}))
    assert folds[0] == folds[1] == folds[2]
    assert set(folds[0].calibration) == {*QUESTIONS, "primary"}


def test_how_facets_compete_for_a_name_is_found_again_from_names() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(0, 2, (6000, 3))
    true = np.array([0.7, 0.3, -1.2, 0.5], dtype=np.float64)
    z = np.column_stack((np.zeros(len(x)), true[0] * x + true[1:]))
    names = (z + rng.gumbel(size=z.shape)).argmax(axis=1)
    found = held_shares(x, names, np.ones(len(x)), 1.0, 1.0)
    assert found == pytest.approx(true, abs=0.12)
    assert held_shares(x, names, np.ones(len(x)), 1e9, 1e9) == pytest.approx([1, 0, 0, 0], abs=1e-3)


@pytest.mark.parametrize(("hills", "strength"), list(product(["no", "yes"], ["weak", "strong"])))
def test_hills_that_were_denied_by_climb_are_no_truth(hills: str, strength: str) -> None:
    row = dict.fromkeys(("intensity_strength", "long", "long_strength", "surface", "surface_strength"), "")
    row |= {"athlete": "x", "start": str(datetime(2026, 1, 1)), "intensity": "easy", "intensity_strength": "strong"}
    row |= {
        "hills": hills,
        "hills_strength": strength,
        "primary": "easy",
        "primary_ok": "easy|long",
        "strength": "strong",
    }
    truth = truth_of_row(row)
    assert (truth.hilly, truth.allowed) == (True if hills == "yes" else None, frozenset({Kind.EASY, Kind.LONG}))
