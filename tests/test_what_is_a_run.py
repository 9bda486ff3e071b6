"""What is a run: the runner's latest word, else the sport of any recording; asked about where nobody knows."""

from __future__ import annotations

import pytest

from rules.classify.what_is_a_run import RunVerdict, asks_whether_run, is_run

YES, NO = RunVerdict(1, True), RunVerdict(2, False)


@pytest.mark.parametrize(
    ("said", "sports", "ran"),
    [
        ((), ["running"], True),
        ((), ["trail_running", "cycling"], True),
        ((), ["treadmill_running", None], True),
        ((), ["hiking"], False),
        ((), [None, "generic"], False),
        ((YES,), ["cycling"], True),
        ((NO,), ["running"], False),
        ((NO, YES), ["running"], False),
        ((RunVerdict(3, True), NO), ["cycling"], True),
    ],
    ids=[
        "running",
        "one of its recordings names running",
        "on a treadmill",
        "hiking",
        "nobody knows",
        "said to be one",
        "said to be none",
        "the latest word, in whatever order they come",
        "taken back",
    ],
)
def test_what_is_a_run(said: tuple[RunVerdict, ...], sports: list[str | None], ran: bool) -> None:
    assert is_run(said, sports) is ran


@pytest.mark.parametrize(
    ("sports", "told", "asks"),
    [
        ([None], False, True),
        (["generic", "other"], False, True),
        (["generic", "cycling"], False, False),
        (["running"], False, False),
        ([None], True, False),
        ([], False, False),
    ],
)
def test_the_runner_is_asked_where_no_recording_names_a_sport(sports: list[str | None], told: bool, asks: bool) -> None:
    assert asks_whether_run(sports, told=told) is asks
