"""What stands beside the drills: habits on every window, a cue on every day with a run, a thought on the others."""

from __future__ import annotations

from datetime import date

import pytest

from rules.facts.foot_work import Window
from rules.plan.notes import ANCHORS, CUES, TIPS, beside

DAY = date(2026, 3, 20)


@pytest.mark.parametrize("window", Window)
def test_every_window_has_a_habit_to_tie_it_to(window: Window) -> None:
    found = [one.key for one in beside(DAY, window, ["coffee"], runs=False)]
    assert found[0] == "anchor_coffee"
    assert set(ANCHORS) == set(Window)


@pytest.mark.parametrize(
    ("window", "runs", "expected"),
    [
        (Window.BEFORE, False, CUES),
        (Window.AFTER, False, CUES),
        (Window.AFTER, True, CUES),
        (Window.PRIMER, True, CUES),
        (Window.BASE, True, CUES),
        (Window.MORNING, True, CUES),
        (Window.BASE, False, TIPS),
        (Window.PRIMER, False, TIPS),
        (Window.MORNING, False, ()),
    ],
)
def test_a_day_with_a_run_has_a_cue_an_easy_one_too(window: Window, runs: bool, expected: tuple[object, ...]) -> None:
    found = beside(DAY, window, [], runs=runs)
    assert [one in expected for one in found] == [True] * bool(expected)
