"""What a process died of, or never got done with, is not begun for ever; a power cut is no proof against a file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.runs.attempts import Attempts, Begun, GivenUp, key_of, next_try, why_not

KEY = key_of("inbox/a.csv", 10, 20)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (None, None),
        (Begun(tries=1), None),
        (Begun(tries=2), None),
        (Begun(tries=3), "died"),
        (Begun(tries=1, overdue=True), "too-slow"),
    ],
)
def test_what_was_left_decides(left: Begun | None, expected: str | None) -> None:
    assert why_not(left) == expected


def test_only_the_same_step_counts() -> None:
    assert next_try(None, 0) == Begun(0, 1)
    assert next_try(Begun(0, 1), 0) == Begun(0, 2)
    # Further on inside an archive than before: it got somewhere.
    assert next_try(Begun(4, 2), 5) == Begun(5, 1)


def test_what_ends_leaves_nothing_and_what_dies_is_remembered(tmp_path: Path) -> None:
    note = tmp_path / "attempts.json"
    for _ in range(5):
        with pytest.raises(ValueError, match="odd"):
            fails(note)
        assert (note.exists(), Attempts(note).given_up(KEY)) == (False, None)
    for tries in range(3):
        assert Attempts(note).given_up(KEY) is None, tries
        dies(note)
    assert (Attempts(note).given_up(KEY), Attempts(note).given_up("another")) == ("died", None)
    Attempts(note).forget(KEY)
    assert not note.exists()


def fails(note: Path) -> None:
    with Attempts(note).trying(KEY) as begin:
        begin()
        assert note.exists()
        raise ValueError("odd")


def dies(note: Path) -> None:
    """As a process leaves the note that ends inside a step."""
    held = Attempts(note).trying(KEY)
    held.__enter__()()
    ABANDONED.append(held)


ABANDONED: list[object] = []


def test_a_step_beyond_its_deadline_is_told_and_remembered_at_once(tmp_path: Path) -> None:
    note, told = tmp_path / "attempts.json", threading.Event()
    with Attempts(note, deadline_s=0.05).trying(KEY, told.set) as begin:
        begin()
        assert told.wait(30)
        assert Attempts(note).given_up(KEY) == "too-slow"
    assert not note.exists()


def test_a_note_that_is_broken_or_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    note = tmp_path / "attempts.json"
    note.write_text('{"x": {"tries": ')
    assert Attempts(note).given_up("x") is None
    with Attempts(tmp_path / "nowhere" / "attempts.json").trying(KEY) as begin:
        begin()


def test_an_attempt_gives_what_the_work_gives_until_it_is_given_up(tmp_path: Path) -> None:
    note, steps = tmp_path / "attempts.json", []

    def work(begin: Callable[[], None]) -> str:
        begin()
        steps.append(note.exists())
        return "done"

    assert Attempts(note).attempt(KEY, work) == "done"
    for _ in range(3):
        dies(note)
    assert Attempts(note).attempt(KEY, work) == GivenUp("died")
    assert steps == [True]
