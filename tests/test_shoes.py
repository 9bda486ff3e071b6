"""Minimalist shoes: which runs count, from when to when the limits hold, and when a change of shoe is marked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.knowledge.thresholds import thresholds
from rules.state.feet import PlanSettings, RunSeen
from rules.state.shoes import ShoeTold, ShoeWorn, is_minimalist, shoe_changes, worn_now

TODAY = date(2026, 6, 1)
USUAL, THIN = PlanSettings(), PlanSettings(shoes="minimalist", shoes_since=date(2026, 5, 1))


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("worn", "settings", "typed", "counts"),
    [
        (ShoeWorn(TODAY, "Thin", "minimalist"), USUAL, False, True),
        (ShoeWorn(TODAY, "Thin", "transition"), USUAL, False, True),
        (ShoeWorn(TODAY, "Old", "standard"), THIN, True, False),
        (ShoeWorn(TODAY, "Unknown", None), THIN, False, False),
        (ShoeWorn(TODAY, "Unknown", None), THIN, True, True),
        (ShoeWorn(TODAY, None, None), THIN, False, True),
        (ShoeWorn(date(2026, 4, 30), None, None), THIN, True, False),
        (ShoeWorn(TODAY, None, None), USUAL, True, False),
    ],
    ids=[
        "a shoe of known kind",
        "on the way to them",
        "a standard shoe, whatever is worn else",
        "a shoe of unknown kind is a standard one",
        "unless the runner typed otherwise",
        "without a shoe: what is worn now",
        "before the day they began",
        "the usual shoes",
    ],
)
def test_which_run_counts(worn: ShoeWorn, settings: PlanSettings, typed: bool, counts: bool) -> None:
    assert is_minimalist(worn, settings, typed=typed) is counts


@pytest.mark.parametrize(
    ("worn", "told", "expected"),
    [
        ([ShoeWorn(back(28), "Thin", "minimalist")], {}, ("minimalist", back(28))),
        ([ShoeWorn(back(29), "Thin", "minimalist")], {}, ("usual", None)),
        (
            [ShoeWorn(back(9), "Thin", "minimalist"), ShoeWorn(back(3), "Thinner", "transition")],
            {},
            ("transition", back(9)),
        ),
        ([ShoeWorn(back(3), "Known", "minimalist")], {}, ("minimalist", back(90))),
        ([ShoeWorn(back(3), "Old", "standard"), ShoeWorn(back(3), "Unknown", None)], {}, ("usual", None)),
        ([], {"thin": ShoeTold("minimalist", back(200))}, ("minimalist", back(200))),
        ([], {"thin": ShoeTold("minimalist", TODAY + timedelta(days=1))}, ("usual", None)),
        ([], {"thin": ShoeTold("minimalist", None)}, ("usual", None)),
    ],
    ids=[
        "worn four weeks ago",
        "not worn for more than four weeks",
        "the latest names the kind, the first the day",
        "a day that a source tells is earlier",
        "standard and unknown shoes set none",
        "the config's day where no run names the shoe",
        "not before that day",
        "no day told",
    ],
)
def test_what_is_worn_now(worn: list[ShoeWorn], told: dict[str, ShoeTold], expected: tuple[str, date | None]) -> None:
    found = worn_now(USUAL, worn, {"known": back(90)}, told, TODAY, thresholds())
    assert (found.shoes, found.shoes_since) == expected


def test_the_four_weeks_are_the_configs_to_set() -> None:
    worn = [ShoeWorn(back(40), "Thin", "minimalist")]
    assert worn_now(USUAL, worn, {}, {}, TODAY, thresholds({"shoes_worn_days": 42})).shoes == "minimalist"


def test_a_change_of_shoe_is_marked_from_the_second_shoe_on() -> None:
    runs = [_run(day, shoe) for day, shoe in ((9, "A"), (8, None), (7, "B"), (6, "B"), (5, "A"))]
    assert shoe_changes(runs, back(30)) == [(back(7), "B"), (back(5), "A")]
    assert shoe_changes(runs, back(6)) == [(back(5), "A")]


def _run(days: int, shoe: str | None) -> RunSeen:
    at = datetime.combine(back(days), datetime.min.time())
    return RunSeen(f"run{days}", back(days), at, at, 1800.0, shoe=shoe)
