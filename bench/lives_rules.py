"""A life in the rules alone: what is typed and run becomes a state, each look goes through the shipped decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bench.lives_day import Look, Run
from bench.lives_runners import FACETS, HOME_OFFSET_H, JOINT, START, Runner
from rules.dose.ladder import Choice, accept, open_offer, review
from rules.facts.answers import DrillAnswer, Place, SkipReason, When
from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    FootCheck,
    Pause,
    PlannedRun,
    Prescription,
    Reason,
    SessionDone,
)
from rules.facts.kinds import Kind
from rules.plan.cards import asked_of_coming, self_checked
from rules.plan.plan import Plan, plan
from rules.state.absence import silence
from rules.state.feet import SCREEN, FootState, PlanSettings, RunSeen, SurfaceFeel
from rules.state.put_off import SAFETY, CardAnswer, asked_today, subject
from rules.state.seen import is_fresh
from rules.state.whose_word import RUNNER, DayTold, coming

KNOWN = timedelta(hours=48)
"""For so long a run's clock is the runner's."""
ISSUED_DAYS = 57
"""As far back as the store tells them."""


class RulesWorld:
    """The state that a store would give, kept in memory."""

    name = "rules"

    def __init__(self, decide: Callable[[FootState], Plan] = plan) -> None:
        """``decide``: the shipped plan, or a spoilt one that the table must notice."""
        self.decide = decide
        self.told: dict[date, DayTold] = {}

    def begin(self, runner: Runner, past: Sequence[Run]) -> None:
        chosen: Any = dict(runner.settings)
        self.state = FootState("a", START, datetime.combine(START, time(6)), START, PlanSettings(**chosen))
        for run in past:
            self.run(run)

    def run(self, run: Run) -> None:
        found = run.facets
        seen = RunSeen(
            run.name,
            run.day,
            run.start_utc,
            run.end_utc,
            60 * run.minutes,
            1000 * run.km,
            found.primary,
            frozenset({found.primary}),
            found.intensity,
            found.long,
            found.hills,
            found.surface,
            fresh=is_fresh(run.end_utc, run.arrives_utc, self.state.thresholds),
            utc_offset_s=3600 * run.offset_h,
        )
        runs = sorted((*self.state.runs, seen), key=lambda one: one.start_utc)
        self.state = replace(self.state, runs=tuple(runs))

    def look(self, at_utc: datetime, day: date) -> Look:
        state = self.state
        told = [one for one in self.told.values() if one.day >= day]
        ahead = coming(told, {}, state.runs, day, state.thresholds)
        since = day - timedelta(days=ISSUED_DAYS)
        issued = tuple(one for one in state.issued if one.day >= since)
        last = next((run for run in reversed(state.runs) if at_utc - run.end_utc <= KNOWN), None)
        offset_s = last.utc_offset_s if last is not None else 3600 * HOME_OFFSET_H
        state = replace(state, now_utc=at_utc, today=day, utc_offset_s=offset_s)
        state = replace(state, planned=ahead.planned, rest=ahead.rest, issued=issued)
        state = replace(state, dose_changes=state.dose_changes + review(state))
        shown = self.decide(state)
        self.state = replace(state, issued=state.issued + shown.issue)
        return Look(at_utc, day, self.state, shown, self._cards(shown))

    def _cards(self, shown: Plan) -> tuple[tuple[str, str], ...]:
        """Kind and id of what the page asks today, safety apart; a card that was answered is gone."""
        state = self.state
        told = {one.card_id for one in state.card_answers}
        keys = {_card_id(card, state.today): card.key for card in shown.cards if _asks(card)}
        keys |= {f"plan:{one.day}": "ask-plan" for one in asked_of_coming(state)}
        open_ = [name for name in keys if name not in told]
        asked, _ = asked_today(open_, state.card_answers, state.today, state.thresholds, had_card=self_checked(state))
        return tuple((keys[name], name) for name in asked if subject(name) not in SAFETY)

    def log(self, what: str, score: int, at_utc: datetime, day: date) -> None:
        place = Place.TOES if what == "soreness" else None
        number = len(self.state.diary)
        entry = DiaryEntry(f"e{number}", what, at_utc, day, score, place, None, When.WAKING)  # type: ignore[arg-type]
        self.state = replace(self.state, diary=(*self.state.diary, entry))

    def does(self, one: Prescription, outcome: str, at_utc: datetime) -> None:
        how, _, detail = outcome.partition(":")
        session = SessionDone(
            f"s{len(self.state.sessions)}",
            at_utc,
            one.day,
            "skipped" if how == "skip" else "partial" if how == "partial" else "done",
            one.prescription_id,
            None if how == "skip" else one.minutes / (2 if how == "partial" else 1),
            SkipReason(detail) if how == "skip" else None,
            {one.drills[int(detail)].drill: DrillAnswer.HURT} if how == "hurt" else {},
        )
        self.state = replace(self.state, sessions=(*self.state.sessions, session))

    def tells(self, day: date, kind: str, start_utc: datetime, at_utc: datetime) -> None:  # noqa: ARG002
        planned = PlannedRun(
            day, FACETS[kind].primary, "runner", start_utc, None, 1.0, f"runner:{day}", race=kind == "race"
        )
        self.told[day] = DayTold(day, RUNNER, planned)

    def pauses(self, first: date, last: date, reason: str, at_utc: datetime) -> None:  # noqa: ARG002
        pause = Pause(f"p{len(self.state.pauses)}", reason, first, last)
        self.state = replace(self.state, pauses=(*self.state.pauses, pause))

    def checks(self, runner: Runner, at_utc: datetime, day: date, *, screen: bool) -> None:
        foot = FootCheck(range_0_10=6, gathers=runner.gathers)
        asked = dict.fromkeys(SCREEN, False) | dict(runner.screen) if screen else {}
        check = Assessment(f"c{len(self.state.assessments)}", day, foot, foot, None, asked)
        self.state = replace(self.state, assessments=(*self.state.assessments, check))
        if screen and runner.sore_joint:
            self.answers(("big_toe_first", f"big_toe_first:{day}"), JOINT, at_utc, day)

    def answers(self, card: tuple[str, str], value: str, at_utc: datetime, day: date) -> None:
        kind, name = card
        told = (*self.state.card_answers, CardAnswer(name, value, day))
        self.state = replace(self.state, card_answers=told)
        found = silence(self.state)
        if kind == "silent" and found is not None:
            self.pauses(*found, "ill", at_utc)
        if kind == "ask-plan":
            coming_day = date.fromisoformat(name.partition(":")[2])
            planned = PlannedRun(coming_day, Kind(value), "runner", None, None, 1.0, f"runner:{coming_day}")
            self.told[coming_day] = DayTold(coming_day, RUNNER, planned)
        if kind == "ask_went":
            self._rates(name.partition(":")[2], DrillAnswer(value))
        if kind == "ask_feel":
            run = next(run for run in reversed(self.state.runs) if name.endswith(run.run_id))
            if run.surface is not None:
                feel = SurfaceFeel(day, run.surface, "same", None, run.run_id)
                self.state = replace(self.state, feels=(*self.state.feels, feel))

    def _rates(self, session_id: str, answer: DrillAnswer) -> None:
        """The answer holds for each drill of the session."""
        given = {one.prescription_id: one.drills for one in self.state.issued}
        sessions = tuple(
            replace(one, drills={drill.drill: answer for drill in given[one.prescription_id or ""]})
            if one.session_id == session_id
            else one
            for one in self.state.sessions
        )
        self.state = replace(self.state, sessions=sessions)

    def steps(self, look: Look, choice: Choice) -> None:  # noqa: ARG002
        offer = open_offer(self.state)
        found = accept(self.state, offer.change_id, choice) if offer is not None else None
        if isinstance(found, DoseChange):
            self.state = replace(self.state, dose_changes=(*self.state.dose_changes, found))


def _asks(card: Reason) -> bool:
    """Red flags are no questions, and a step is answered where the dose stands."""
    return not card.key.startswith("red_flag") and card.key != "step_offer"


def _card_id(card: Reason, today: date) -> str:
    """As the page names it: once a run, a day or a week."""
    values = card.values
    match card.key:
        case "ask_feel":
            return f"feel:{values['run']}"
        case "ask_kind":
            return f"kind:{values['run']}"
        case "ask_went":
            return f"went:{values['session']}"
        case "ask_pain":
            return f"pain:{values['session']}"
        case "professional" | "professional_again":
            return f"professional:{values['flag']}"
        case "silent":
            return f"silent:{values['day']}"
        case key if key.startswith("big_toe"):
            return f"big_toe:{today}"
        case key if key.startswith("self_check"):
            return f"{key}:{today}"
        case key:
            week = values.get("day", today).isocalendar()
            return f"{key}:{week.year}-W{week.week:02d}"
