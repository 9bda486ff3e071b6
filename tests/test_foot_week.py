"""Weeks of made-up runners through the real engine: what may come before a run, and what each run brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.kinds import Kind
from rules.state.feet import SCREEN
from sync.app.demo.fit_writer import write
from sync.wire.commands import Assess, CorrectRun, LogScore, LogSession, PlanRun, SetPreference
from tests.factories_engine import Shop
from tests.factories_runs import bare_run

LOADED = {"towel-curl", "band-curl", "texture-walk", "calf-raise"}
MONDAY = datetime(2026, 3, 16)
"""Berlin is an hour ahead of UTC until the 29th."""


class Runner:
    """Runs the same week again and again; every kind is what the runner says it was."""

    def __init__(self, root: Path, week: Mapping[int, Kind], *, hour_utc: float, screened: bool = True) -> None:
        self.shop = Shop(root / "home", now=MONDAY - timedelta(days=60))
        self.root, self.week, self.hour_utc = root, week, hour_utc
        self.shop.perform(LogScore(typed_utc=self.shop.now, what="stiffness", score=3, at_utc=self.shop.now))
        if screened:
            self.screen()

    def screen(self) -> None:
        day = self.shop.now.date()
        self.shop.perform(Assess(typed_utc=self.shop.now, day=day, screen=dict.fromkeys(SCREEN, False)))

    def at(self, day: int, hour_utc: float) -> None:
        """Day 0 is the Monday."""
        self.shop.now = MONDAY + timedelta(days=day, hours=hour_utc)
        self.shop.engine.refresh()

    def has_run(self, first: int, last: int) -> None:
        """The usual week's runs from ``first`` to ``last`` arrive together."""
        days = [(day, self.week.get((MONDAY + timedelta(days=day)).weekday())) for day in range(first, last + 1)]
        self.runs({day: kind for day, kind in days if kind is not None})

    def runs(self, kinds: Mapping[int, Kind], hour_utc: float | None = None, *, now: datetime | None = None) -> None:
        """The runs of these days arrive a little after the last one's end, and the runner says what each was."""
        files: dict[datetime, tuple[Path, Kind]] = {}
        ends = []
        for day, kind in kinds.items():
            minutes, km = (130, 22.0) if kind is Kind.LONG else (50, 9.0)
            start = MONDAY + timedelta(days=day, hours=self.hour_utc if hour_utc is None else hour_utc)
            long_s = 60.0 * minutes
            file = self.root / f"run{start:%m%d%H%M}.fit"
            file.write_bytes(write(bare_run(start_utc=start, elapsed_s=long_s, timer_s=long_s, distance_m=1000 * km)))
            files[start] = file, kind
            ends.append(start + timedelta(minutes=minutes + 3))
        if not files:
            return
        self.shop.now = now or max(ends)
        self.shop.take_in(*(file for file, _ in files.values()))
        for one in self.shop.runs():
            start = datetime.fromisoformat(str(one["start_utc"])).replace(tzinfo=None)
            if start in files:
                kind = files[start][1]
                said = CorrectRun(typed_utc=self.shop.now, run_id=str(one["id"]), kind=kind, long=kind is Kind.LONG)
                self.shop.engine.perform(said, follow=False)
        self.shop.engine.refresh()

    def today(self) -> dict[str, Any]:
        return self.shop.ask("today")

    def does(self, work: Mapping[str, Any]) -> None:
        now = self.shop.now
        self.shop.perform(LogSession(typed_utc=now, at_utc=now, prescription_id=work["prescription_id"]))


def drills(today: Mapping[str, Any]) -> set[str]:
    work = [*today["work"], *([today["primer"]] if today["primer"] else [])]
    return {drill["drill"] for one in work for drill in one["drills"]}


def loaded_from(runner: Runner, days: range, hour_utc: float) -> Iterator[set[str]]:
    for day in days:
        runner.at(day, hour_utc)
        yield drills(runner.today()) & LOADED


def test_nothing_loaded_before_the_safety_screen_is_answered(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {}, hour_utc=6, screened=False)
    assert list(loaded_from(runner, range(4), 18)) == [set()] * 4
    runner.screen()
    runner.at(4, 18)
    runner.does(open_work(runner)[0])
    assert any(loaded_from(runner, range(5, 8), 18))


@pytest.mark.parametrize("hour_utc", [5.0, 17.0], ids=["mornings", "evenings"])
def test_nothing_loaded_in_the_three_hours_before_a_usual_run(hour_utc: float, tmp_path: Path) -> None:
    week = {0: Kind.EASY, 1: Kind.EASY, 3: Kind.EASY, 5: Kind.EASY, 6: Kind.LONG}
    runner = Runner(tmp_path, week, hour_utc=hour_utc)
    runner.has_run(-21, -1)
    for day in range(4):
        if day in week:
            assert list(loaded_from(runner, range(day, day + 1), hour_utc - 2.5)) == [set()]
            runner.has_run(day, day)


def test_a_day_of_rest_that_was_planned_has_its_towel_in_the_morning(tmp_path: Path) -> None:
    runner = Runner(tmp_path, dict.fromkeys(range(7), Kind.EASY), hour_utc=6)
    runner.has_run(-21, -1)
    runner.at(1, 4)
    assert drills(runner.today()) == {"slow-toe-flexion", "toe-spread"}
    runner.shop.perform(PlanRun(typed_utc=runner.shop.now, day=runner.shop.now.date(), kind="rest"))
    assert "towel-curl" in drills(runner.today())


# --- every run of a busy week is answered ---------------------------------------------------------

BUSY = {
    "four": {0: Kind.EASY, 2: Kind.EASY, 4: Kind.EASY, 6: Kind.LONG},
    "five": {0: Kind.EASY, 1: Kind.EASY, 2: Kind.EASY, 4: Kind.TEMPO, 6: Kind.LONG},
    "six": {0: Kind.EASY, 1: Kind.EASY, 2: Kind.EASY, 3: Kind.TEMPO, 5: Kind.EASY, 6: Kind.LONG},
}


def open_work(runner: Runner) -> list[dict[str, Any]]:
    return [work for work in runner.today()["work"] if work["session"] is None]


def counted(runner: Runner, first: int, last: int) -> list[int]:
    """The days of the week on which counted work was done."""
    days = [(MONDAY + timedelta(days=day)).date() for day in range(first, last + 1)]
    calendar = runner.shop.ask("calendar", first=days[0].isoformat(), last=days[-1].isoformat())
    return [
        number
        for number, day in enumerate(calendar["days"])
        if any(work["counts"] and work["session"] and work["session"]["state"] == "done" for work in day["work"])
    ]


@pytest.mark.parametrize("week", BUSY.values(), ids=BUSY)
def test_a_busy_week_leaves_the_long_run_its_reset_and_the_planned_tempo_its_block(
    week: Mapping[int, Kind], tmp_path: Path
) -> None:
    runner = Runner(tmp_path, week, hour_utc=16)
    for day, kind in week.items():
        runner.at(day, 7)
        if kind is Kind.TEMPO:
            plan = PlanRun(typed_utc=runner.shop.now, day=runner.shop.now.date(), kind=kind, start_local="17:00")
            runner.shop.perform(plan)
            assert open_work(runner) == []
            runner.at(day, 15.5)
            [block] = open_work(runner)
            assert (block["window"], block["counts"], block["one_minute"]) == ("before", False, False)
            assert 3.3 <= block["minutes"] <= 5
            assert len(block["drills"]) >= 3
            runner.does(block)
        runner.has_run(day, day)
        work = open_work(runner)
        if kind is Kind.TEMPO:
            [minute] = work
            assert (minute["window"], minute["counts"], minute["minutes"] <= 1) == ("after", False, True)
        if kind is Kind.LONG:
            [reset] = work
            assert (reset["window"], reset["kind"], reset["counts"]) == ("after", "long", False)
            assert 3 <= reset["minutes"] <= 5
        for one in work:
            runner.does(one)
    trained = counted(runner, 0, 6)
    assert trained == {4: [0, 2, 4], 5: [0, 2], 6: [0, 2, 5]}[len(week)]
    runner.at(7, 6)
    assert [(one["window"], one["counts"], one["minutes"] >= 3) for one in open_work(runner)] == [
        ("morning", False, True)
    ]


def test_what_was_missed_on_monday_is_offered_again_later_that_week(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {0: Kind.EASY, 3: Kind.EASY}, hour_utc=16)
    runner.has_run(0, 0)
    [missed] = open_work(runner)
    assert (missed["window"], missed["counts"]) == ("after", True)
    runner.at(1, 18)
    [again] = open_work(runner)
    assert (again["window"], again["counts"]) == ("base", True)
    runner.does(again)
    runner.has_run(3, 3)
    runner.does(open_work(runner)[0])
    for day in (4, 5, 6):
        runner.at(day, 18)
        for one in open_work(runner):
            runner.does(one)
    assert len(counted(runner, 0, 6)) == 3


# --- the week ahead -------------------------------------------------------------------------------


def test_the_plan_page_says_of_every_day_what_it_is_and_why(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {0: Kind.EASY, 2: Kind.EASY, 6: Kind.LONG}, hour_utc=16)
    runner.has_run(-21, -1)
    runner.at(0, 7)
    friday = (MONDAY + timedelta(days=4)).date()
    runner.shop.perform(PlanRun(typed_utc=runner.shop.now, day=friday, kind=Kind.TEMPO))
    page = runner.shop.ask("plan")
    told = [(one["training"], one["care"]) for one in page["ahead"]]
    assert told == [
        (True, ["morning after"]),
        (False, []),
        (True, []),
        (False, []),
        (False, ["warm-up"]),
        (True, []),
        (False, ["reset"]),
    ]
    assert all(one["says"] for one in page["ahead"])
    assert [one["says"] for one in runner.today()["week"]] == [one["says"] for one in page["ahead"]]


def test_the_weekdays_that_the_runner_named_are_the_training_days(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {}, hour_utc=16)
    runner.at(0, 7)
    runner.shop.perform(SetPreference(typed_utc=runner.shop.now, key="weekdays", value=[1, 3, 6]))
    page = runner.shop.ask("plan")
    assert [one["training"] for one in page["ahead"]] == [False, True, False, True, False, False, True]
    assert open_work(runner) == []


def test_care_has_a_count_of_its_own(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {0: Kind.LONG}, hour_utc=8)
    runner.has_run(0, 0)
    assert runner.shop.ask("plan")["care_says"] == "", "today's is asked for, and neither done nor missed"
    runner.does(open_work(runner)[0])
    runner.at(1, 8)
    assert [one["window"] for one in open_work(runner)] == ["morning"]
    runner.at(2, 8)
    says = runner.shop.ask("plan")["care_says"]
    assert says == "Foot work for your runs in the last seven days: 1 of 2 done."


def test_a_long_run_that_arrives_two_days_late_still_gets_its_reset_by_name(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {}, hour_utc=16)
    runner.at(8, 8)
    runner.runs({6: Kind.LONG}, 9, now=MONDAY + timedelta(days=8, hours=10))
    [work] = open_work(runner)
    assert (work["window"], work["kind"], work["counts"]) == ("after", "long", False)
    assert "For your run on Sun 22 Mar 2026, which arrived late." in [one["says"] for one in work["reasons"]]


def test_insights_draw_nothing_of_the_time_before_the_first_run(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {0: Kind.EASY}, hour_utc=8)
    runner.has_run(0, 7)
    page = runner.shop.ask("insights")
    assert (page["load_short"][0][0], page["load_long"][0][0]) == ("2026-03-16", "2026-03-16")
    assert [week for week, _ in page["weekly_distance_m"]] == ["2026-03-16", "2026-03-23"]


def test_a_run_that_is_called_long_after_its_easy_minutes_still_gets_its_reset(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {0: Kind.EASY, 1: Kind.EASY, 3: Kind.EASY}, hour_utc=16)
    runner.has_run(-21, -1)
    runner.has_run(0, 0)
    runner.does(open_work(runner)[0])
    runner.has_run(1, 1)
    easy = open_work(runner)[-1]
    runner.does(easy)
    said = CorrectRun(typed_utc=runner.shop.now, run_id=str(easy["run_id"]), kind=Kind.LONG, long=True)
    runner.shop.perform(said)
    reset = open_work(runner)[-1]
    assert (easy["minutes"] <= 2, reset["minutes"] >= 3, reset["run_id"]) == (True, True, easy["run_id"])
