"""Which runs the runner is asked about."""

from __future__ import annotations

import pytest

from rules.classify.active_learning import Asked, chance, choose_questions
from rules.facts.kinds import Facet, Kind, Tier
from rules.facts.labels import FacetLabel, Labels


def labels(sure: float, *, open_: bool = False, corrected: bool = False) -> Labels:
    facet = FacetLabel(Facet.LONG, "no", sure, {"yes": 1 - sure, "no": sure}, corrected=corrected)
    return Labels(None if open_ else Kind.EASY, sure, frozenset({Kind.EASY}), {Facet.LONG: facet}, Tier.SUMMARY, "test")


def year(sure: list[float]) -> list[Asked | None]:
    asked: list[Asked | None] = []
    doubts: list[float] = []
    for number in range(2000):
        confidence = sure[number * 7 % len(sure)]
        asked.append(choose_questions(f"run-{number}", labels(confidence), asked=asked, doubts=doubts))
        doubts.append(1 - confidence)
    return asked


@pytest.mark.parametrize("sure", [[0.95, 0.9, 0.8, 0.6, 0.5], [0.99] * 3, [0.5, 0.51, 0.52]])
def test_at_most_one_run_in_three_is_asked_about_and_the_draw_is_fair(sure: list[float]) -> None:
    asked = year(sure)
    share = sum(one is not None for one in asked) / len(asked)
    drawn = sum(one is Asked.RANDOM for one in asked) / len(asked)
    assert share <= 1 / 3 + 0.01
    assert 0.12 <= drawn <= 0.18
    windows = [sum(one is not None for one in asked[at : at + 6]) for at in range(len(asked) - 6)]
    assert max(windows) <= 2


def test_the_draw_is_the_same_each_time_and_spread_evenly() -> None:
    drawn = [chance(f"run-{number}") for number in range(3000)]
    assert drawn == [chance(f"run-{number}") for number in range(3000)]
    assert sum(value < 0.25 for value in drawn) / 3000 == pytest.approx(0.25, abs=0.03)


def test_an_open_run_comes_first_and_a_corrected_one_never() -> None:
    quiet = next(f"run-{n}" for n in range(99) if chance(f"run-{n}") > 0.5)
    doubts = [0.4] * 20
    assert choose_questions(quiet, labels(0.5, open_=True), doubts=doubts) is Asked.INFORMATIVE
    assert choose_questions(quiet, labels(0.9), doubts=doubts) is None
    assert choose_questions(quiet, labels(0.3, corrected=True), doubts=doubts) is None
