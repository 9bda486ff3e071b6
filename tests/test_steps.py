"""Steps of the ladder: two doors to an offer, ceilings that follow the running, and the next level of one family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from rules.dose.ceiling import session_ceiling, weekly_km
from rules.dose.dial_back import give_back, lighter_dose
from rules.dose.ladder import Choice, accept, choices, current_level, open_offer, review, step_by_hand
from rules.facts.answers import DrillAnswer, Place, SkipReason, When
from rules.facts.foot_work import DiaryEntry, DoseChange, DoseLevel, Prescription, Reason, SessionDone, Window
from rules.facts.kinds import Kind
from rules.knowledge.loader import knowledge
from rules.knowledge.thresholds import thresholds
from rules.plan.compose import CompositionOrder, compose, minutes_of
from rules.plan.training import training_order
from rules.state.feet import SCREEN, FootState, PlanSettings, RunSeen
from sync.wire.commands import Assess, SetDose
from tests.factories_engine import Shop

MONDAY = date(2026, 3, 2)
SCREENED = PlanSettings(screen=dict.fromkeys(SCREEN, False))


class Life:
    """Trains three times a week, runs as told, and answers offers by turns."""

    def __init__(
        self,
        *,
        soreness: Callable[[date], int | None] = lambda _: 1,
        weekly_km: float = 30.0,
        takes: tuple[Choice, ...] = (Choice.MINUTES,),
        answer: DrillAnswer | None = None,
        does: Callable[[date], str] = lambda _: "done",
        settings: PlanSettings = SCREENED,
    ) -> None:
        self.state = FootState("case", MONDAY, datetime.combine(MONDAY, time(20)), MONDAY, settings=settings)
        self.soreness, self.km, self.takes, self.answer, self.does = soreness, weekly_km / 3, takes, answer, does
        self.steps: list[DoseChange] = []
        self.before = [self._run(MONDAY - timedelta(days=days)) for days in range(35, 0, -1) if days % 7 in (1, 3, 5)]
        self.state = replace(self.state, runs=tuple(self.before))

    def _run(self, day: date) -> RunSeen:
        start = datetime.combine(day, time(8))
        return RunSeen(f"r{day}", day, start, start + timedelta(hours=1), 3600, 1000 * self.km, Kind.EASY)

    def live(self, days: int) -> Life:
        for number in range(days):
            self._day(MONDAY + timedelta(days=number))
        return self

    def _day(self, day: date) -> None:
        now = datetime.combine(day, time(20))
        state = replace(self.state, today=day, now_utc=now)
        trains = day.weekday() in (0, 2, 4)
        if trains and (score := self.soreness(day)) is not None:
            entry = DiaryEntry(f"e{day}", "soreness", now, day, score, Place.TOES, None, When.AFTER)
            state = replace(state, diary=(*state.diary, entry))
        state = replace(state, dose_changes=(*state.dose_changes, *review(state)))
        if trains:
            state = self._train(replace(state, runs=(*state.runs, self._run(day))))
        offer = open_offer(state)
        if offer is not None:
            for wish in (*self.takes[len(self.steps) % len(self.takes) :], *self.takes):
                taken = accept(state, offer.change_id, wish)
                if isinstance(taken, DoseChange):
                    self.steps.append(taken)
                    state = replace(state, dose_changes=(*state.dose_changes, taken))
                    break
        self.state = state

    def _train(self, state: FootState) -> FootState:
        level, day = current_level(state.dose_changes), state.today
        order = CompositionOrder("finisher", level.minutes, level.extra_reps, equipment=state.settings.equipment)
        drills = compose(training_order(state, order, level, day))
        name = f"p{day}"
        work = Prescription(
            name, "case", day, Window.AFTER, None, None, minutes_of(drills), drills, (), (), "feet-5", counts=True
        )
        how = self.does(day)
        answers = {drills[0].drill: self.answer} if self.answer is not None else {}
        session = SessionDone(
            f"s{day}",
            state.now_utc,
            day,
            "skipped" if how == "skipped" else "done",
            name,
            None,
            SkipReason.TIME if how == "skipped" else None,
            answers,
        )
        sessions = state.sessions if how == "nothing" else (*state.sessions, session)
        return replace(state, issued=(*state.issued, work), sessions=sessions)

    @property
    def level(self) -> DoseLevel:
        return current_level(self.state.dose_changes)


def test_a_tolerant_runner_takes_three_to_five_steps_in_twelve_weeks() -> None:
    life = Life(takes=(Choice.MINUTES, Choice.LEVEL, Choice.REPETITION)).live(84)
    assert 3 <= len(life.steps) <= 5
    days = [one.day for one in life.steps]
    assert all((later - earlier).days >= 14 for earlier, later in pairwise(days))
    assert {one.reasons[0].key for one in life.steps} == {"step_minutes", "step_level", "step_repetition"}
    offers = [one for one in life.state.dose_changes if one.verdict == "offer"]
    assert {one.reasons[0].key for one in offers} == {"ready_tolerated"}


@pytest.mark.parametrize(
    "life",
    [
        Life(soreness=lambda _: 4),
        Life(soreness=lambda day: 3 if day.weekday() == 0 else 0),
        Life(soreness=lambda _: None),
        Life(answer=DrillAnswer.HURT),
        Life(answer=DrillAnswer.TOO_HARD),
        Life(does=lambda day: "skipped" if day.weekday() == 0 else "done"),
        Life(does=lambda day: "nothing" if day.weekday() == 0 else "done"),
    ],
    ids=["sore", "a little sore", "says nothing", "hurts", "too hard", "skips", "leaves out"],
)
def test_whoever_does_not_take_the_work_well_has_no_step(life: Life) -> None:
    assert life.live(84).steps == []


def test_taps_on_drills_are_answers_too() -> None:
    assert Life(soreness=lambda _: None, answer=DrillAnswer.RIGHT).live(84).steps != []


@pytest.mark.parametrize(
    ("weekly", "minutes", "ceiling"),
    [(0, 6, 8), (12, 6, 8), (19.9, 8, 8), (20, 8, 10), (18, 8, 8), (18, 9, 10), (16, 9, 8), (49, 10, 10), (50, 10, 12),
     (48, 11, 12), (80, 6, 12)],
)  # fmt: skip
def test_the_ceiling_follows_the_running_with_some_slack(weekly: float, minutes: float, ceiling: float) -> None:
    assert session_ceiling(Life(weekly_km=weekly).state, DoseLevel(minutes, 3)) == ceiling


def test_without_four_weeks_of_runs_the_ceiling_is_the_lowest() -> None:
    state = Life(weekly_km=80).state
    young = replace(state, runs=tuple(run for run in state.runs if (MONDAY - run.day).days < 21))
    assert (weekly_km(young), session_ceiling(young, DoseLevel(6, 3))) == (None, 8)


def test_the_runner_of_eighty_kilometres_ends_with_a_quarter_more_than_the_one_of_twelve() -> None:
    much, little = (Life(weekly_km=km).live(84) for km in (80.0, 12.0))
    assert little.level.minutes == 8
    assert much.level.minutes >= 1.25 * little.level.minutes


def test_a_falling_ceiling_takes_nothing_away_and_stops_the_minutes() -> None:
    state = Life(weekly_km=12).state
    level = DoseLevel(11, 3)
    assert session_ceiling(state, level) == 8
    assert set(choices(state, level)) & {Choice.MINUTES, Choice.TWO_MINUTES, Choice.REPETITION} == set()
    started = replace(state, dose_changes=(row(level),))
    assert review(started) == ()
    by_hand = step_by_hand(started, "minutes", None)
    assert isinstance(by_hand, DoseChange)
    assert by_hand.after.minutes == 12


def row(level: DoseLevel) -> DoseChange:
    return DoseChange("c", MONDAY - timedelta(days=60), "start", level, level, (Reason("start"),), "feet-5")


def test_a_step_of_level_is_one_family_and_nothing_else() -> None:
    state = replace(Life().state, dose_changes=(row(DoseLevel(6, 3)),))
    taken = step_by_hand(state, "level", None)
    assert isinstance(taken, DoseChange)
    assert (taken.after, taken.reasons[0].key) == (DoseLevel(6, 3, families={"curl": 2}), "by_hand_level")
    again = step_by_hand(replace(state, dose_changes=(*state.dose_changes, taken)), "level", None)
    assert isinstance(again, Reason)
    assert again.key == "step_gap"


@pytest.mark.parametrize(
    ("settings", "families"),
    [
        (replace(SCREENED, equipment=frozenset()), {"arch_lift": 2}),
        (replace(SCREENED, equipment=frozenset({"band"})), {"curl": 3}),
        (PlanSettings(), {"spread_grip": 2}),
        (replace(SCREENED, screen={**dict.fromkeys(SCREEN, False), "diabetes_or_numb": True}), {"curl": 2}),
    ],
    ids=["no towel", "only a band", "not screened", "diabetes"],
)
def test_levels_without_equipment_or_not_allowed_are_skipped(settings: PlanSettings, families: dict[str, int]) -> None:
    state = replace(Life(settings=settings).state, dose_changes=(row(DoseLevel(6, 3)),))
    taken = step_by_hand(state, "level", None)
    assert isinstance(taken, DoseChange)
    assert taken.after.families == families


def test_at_the_top_of_every_family_there_is_no_next_level() -> None:
    top = {drill.family: drill.level for drill in sorted(knowledge().drills.values(), key=lambda drill: drill.level)}
    found = step_by_hand(replace(Life().state, dose_changes=(row(DoseLevel(6, 3, families=top)),)), "level", None)
    assert found == Reason("step_no_level", {}, ("M5", "M10"))


def test_a_dial_back_keeps_the_levels_for_the_way_back() -> None:
    limits, old = thresholds(), DoseLevel(6, 3, 0, "steady", {"curl": 3})
    lighter = lighter_dose(old, limits)
    assert (lighter.level, lighter.families) == ("dialled_back", {"curl": 3})
    back = give_back(give_back(lighter, old, limits), old, limits)
    assert back == old


def test_the_level_taken_by_hand_is_stored_said_and_trained(tmp_path: Path) -> None:
    """Through the real engine and a real store."""
    shop = Shop(tmp_path / "home", now=datetime(2026, 3, 16, 18))
    shop.perform(Assess(typed_utc=shop.now, day=shop.now.date(), screen=dict.fromkeys(SCREEN, False)))
    shop.now = datetime(2026, 4, 20, 18)
    shop.engine.refresh()
    said = shop.perform(SetDose(typed_utc=shop.now, day=shop.now.date(), step="level"))
    assert said.says == "From now on: a harder variation of one drill, Towel curls."
    shop.now = datetime(2026, 4, 21, 18)
    shop.engine.refresh()
    drills = [(one["drill"], one["level"]) for work in shop.ask("today")["work"] for one in work["drills"]]
    assert ("towel-curl", 2) in drills
