"""One run: its one name, the foot work it brought, the morning after, and what its picture shades."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dashboard.run_charts import run_chart, told_parts
from rules.facts.answers import When
from rules.facts.foot_work import DiaryEntry, Prescription, SessionDone, Window
from rules.facts.kinds import Kind, name_of
from sync.service.queries.run_feet import became, brought, morning_after
from sync.wire.runs import NextMorning
from tests.test_figures import EN, WORK, lines
from tests.test_markup import run_line

DAY = date(2026, 11, 26)
TODAY = DAY + timedelta(days=2)


@pytest.mark.parametrize(
    ("primary", "intensity", "surface", "name"),
    [
        ("easy", "easy", "road", "easy"),
        ("tempo", "tempo", "road", "tempo"),
        ("tempo", "intervals", "track", "intervals"),
        ("tempo", "race", "trail", "race"),
        ("surface", "easy", "trail", "trail"),
        ("surface", "easy", "mixed", "surface"),
        ("surface", "easy", None, "surface"),
        ("hills", "intervals", "trail", "hills"),
        (None, "easy", "road", "unsure"),
    ],
)
def test_a_run_has_one_name(primary: str | None, intensity: str, surface: str | None, name: str) -> None:
    assert name_of(primary, intensity, surface) == name


def work(name: str, day: date, run_id: str | None = "run", **more: object) -> Prescription:
    given = {"window": Window.AFTER, "kind": Kind.EASY, "minutes": 6.0, **more}
    return Prescription(
        prescription_id=name, athlete="a", day=day, run_id=run_id, drills=(), reasons=(), warnings=(),
        rules_version="1", **given,  # type: ignore[arg-type]
    )  # fmt: skip


def session(name: str, state: str) -> SessionDone:
    at = datetime(2026, 11, 26, 18)
    return SessionDone("s", at, at.date(), state, name)  # type: ignore[arg-type]


def test_the_work_of_a_run_is_what_stood_and_what_the_plan_says_now() -> None:
    first, second = work("first", DAY), work("second", DAY, supersedes="first")
    other, primer = work("other", DAY, "another run"), work("primer", DAY, window=Window.PRIMER)
    now = [work("now", TODAY, "phone's copy"), work("another", TODAY, None)]
    found = brought([first, second, other, primer], now, {"run", "phone's copy"}, {}, TODAY)
    assert [one.prescription_id for one in found] == ["second", "now"]


def test_work_that_was_done_stays_with_its_run_when_the_plan_changed() -> None:
    first, second = work("first", TODAY), work("second", TODAY, supersedes="first")
    found = brought([first, second], [second], {"run"}, {"first": session("first", "done")}, TODAY)
    assert [one.prescription_id for one in found] == ["first", "second"]


@pytest.mark.parametrize(
    ("day", "said", "state"),
    [(DAY, None, "passed"), (TODAY, None, "open"), (TODAY, "skipped", "skipped"), (DAY, "done", "done")],
)
def test_what_became_of_work(day: date, said: str | None, state: str) -> None:
    assert became(work("w", day), session("w", said) if said else None, TODAY) == state


def score(day: date, value: int, when: When | None = None) -> DiaryEntry:
    at = datetime(day.year, day.month, day.day, 7)
    return DiaryEntry(f"{day}-{value}", "stiffness", at, day, value, None, None, when, None)  # type: ignore[arg-type]


def test_the_morning_after_stands_beside_the_four_weeks_before_it() -> None:
    after = DAY + timedelta(days=1)
    diary = [score(DAY - timedelta(days=60), 9), score(DAY, 2), score(after, 3, When.WAKING), score(after, 7)]
    assert morning_after(diary, DAY) == NextMorning(day=after, score=3.0, usual=2.0)
    assert morning_after(diary, DAY - timedelta(days=61)) == NextMorning(
        day=DAY - timedelta(days=60), score=9.0, usual=None
    )
    assert morning_after(diary, TODAY) is None


def test_only_a_run_with_efforts_is_shaded_as_one() -> None:
    easy, hard = run_line("a run"), run_line("a run").model_copy(update={"intensity": "intervals"})
    repeats = run_line("a run").model_copy(update={"hills": "hill_repeats"})
    steady = WORK.model_copy(update={"role": "steady"})
    assert list(told_parts(easy, [WORK, steady])) == [steady]
    assert [list(told_parts(run, [WORK, steady])) for run in (hard, repeats)] == [[WORK, steady]] * 2


def test_one_touch_marks_the_moment_in_every_panel() -> None:
    full = lines(heart_rate_bpm=[140.0] * 600, altitude_m=[100.0 + n % 9 for n in range(600)])
    titles = {"pace": "Pace", "heart": "Heart rate", "height": "Height"}
    chart = run_chart(EN, full, [WORK], titles)
    assert chart is not None
    panels = [panel["title"]["text"] for panel in chart["vconcat"]]
    rules = [layer for panel in chart["vconcat"] for layer in panel["layer"] if layer.get("transform")]
    assert (panels, len(rules), chart["resolve"]) == (list(titles.values()), 3, {"scale": {"x": "shared"}})
    assert run_chart(EN, lines(speed_mps=[None] * 600), [], titles) is None
