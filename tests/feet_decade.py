"""Years of one runner's events in order of arrival, late imports included, lived through the shipped rules."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from rules.dose.ladder import Choice, accept, open_offer, review
from rules.facts.answers import Place, When
from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    FlagRaised,
    FootCheck,
    PlannedRun,
    SessionDone,
    Window,
)
from rules.facts.kinds import Kind, Surface
from rules.plan.plan import plan
from rules.state.feet import SCREEN, FootState, PlanSettings, RunSeen

BEGIN = date(2016, 1, 4)


@dataclass
class Told:
    digest: str = ""
    prescriptions: int = 0
    late_runs: int = 0
    issued_for_the_past: list[str] = field(default_factory=list)
    succeeded_after_their_day: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """One arrival: ``what`` is a field of the state, ``value`` what is added to it."""

    day: date
    what: str
    value: object


def events(seed: int, years: int) -> list[Event]:
    """The log in order of arrival. One run in twenty arrives days late, as from a backfill."""
    luck = random.Random(seed)
    log: list[Event] = []
    for number in range(365 * years):
        day = BEGIN + timedelta(days=number)
        now = datetime.combine(day, time(18))
        if luck.random() < 0.55:
            kind = luck.choice((Kind.EASY, Kind.EASY, Kind.EASY, Kind.TEMPO, Kind.LONG, Kind.HILLS, Kind.SURFACE, None))
            late = luck.choice((2, 9, 40)) if luck.random() < 0.05 else 0
            minutes = luck.randrange(25, 130)
            ran = RunSeen(
                f"r{number}",
                day,
                now - timedelta(minutes=minutes),
                now,
                60.0 * minutes,
                180.0 * minutes,
                kind,
                surface=luck.choice(list(Surface)),
                fresh=not late,
            )
            log.append(Event(day + timedelta(days=late), "runs", ran))
        if luck.random() < 0.6:
            score = min(10, max(0, round(luck.gauss(4 - 2 * (number % 200) / 200, 1.3))))
            log.append(Event(day, "diary", _entry(number, "stiffness", now, day, score)))
        if luck.random() < 0.5:
            score = min(10, max(0, round(luck.gauss(1.5 + 2 * (number % 300 > 280), 1.2))))
            log.append(Event(day, "diary", _entry(number, "soreness", now, day, score)))
        if luck.random() < 0.05:
            planned = PlannedRun(day + timedelta(days=1), Kind.TEMPO, "runner", None, None, 1.0, f"p{number}")
            log.append(Event(day, "planned", planned))
        if luck.random() < 0.003:
            log.append(Event(day, "flags", FlagRaised(f"f{number}", "numb", now, day, now + timedelta(days=4))))
        if number % 21 == 0:
            foot = FootCheck(gathers=luck.choice((None, *Place)))
            log.append(Event(day, "assessments", Assessment(f"a{number}", day, foot, foot)))
    return sorted(log, key=lambda event: event.day)


def _entry(number: int, what: str, now: datetime, day: date, score: int) -> DiaryEntry:
    place = Place.TOES if number % 3 else Place.HEEL
    return DiaryEntry(f"{what}{number}", what, now, day, score, place, None, When.WAKING)  # type: ignore[arg-type]


def decade(seed: int, years: int, *, cut: bool) -> Told:
    """Lives the log; ``cut`` hands over only the windows the rules ask for (120 days of runs, 57 of prescriptions)."""
    told, luck = Told(), random.Random(seed + 1)
    settings = PlanSettings(
        anchors=("coffee", "tv"), equipment=frozenset({"band", "towel"}), screen=dict.fromkeys(SCREEN, False)
    )
    state = FootState("a", BEGIN, datetime.combine(BEGIN, time(21)), BEGIN, settings)
    days: dict[str, date] = {}
    log, digest = iter(events(seed, years)), hashlib.sha256()
    waiting = next(log, None)
    for number in range(365 * years):
        today = BEGIN + timedelta(days=number)
        more: dict[str, list[object]] = {}
        while waiting is not None and waiting.day <= today:
            more.setdefault(waiting.what, []).append(waiting.value)
            waiting = next(log, None)
        state = _with(state, today, more, told)
        state = replace(state, dose_changes=state.dose_changes + review(state))
        offer = open_offer(state)
        if offer is not None:
            answer = accept(state, offer.change_id, luck.choice(list(Choice)))
            if isinstance(answer, DoseChange):
                state = replace(state, dose_changes=(*state.dose_changes, answer))
        if cut:
            state = _cut(state)
        shown = plan(state)
        for one in shown.issue:
            digest.update(repr(one).encode())
            days[one.prescription_id] = one.day
            told.prescriptions += 1
            if one.day < today:
                told.issued_for_the_past.append(one.prescription_id)
            if one.supersedes is not None and days[one.supersedes] < today:
                told.succeeded_after_their_day.append(one.prescription_id)
        state = replace(state, issued=state.issued + shown.issue)
        if luck.random() < 0.8:
            done = [one for one in shown.today if one.window is not Window.PRIMER]
            sessions = tuple(
                SessionDone(one.prescription_id, state.now_utc, today, "done", one.prescription_id) for one in done
            )
            state = replace(state, sessions=state.sessions + sessions)
    digest.update(repr(state.dose_changes).encode())
    told.digest = digest.hexdigest()
    return told


def _with(state: FootState, today: date, more: dict[str, list[object]], told: Told) -> FootState:
    told.late_runs += sum(not run.fresh for run in more.get("runs", []))  # type: ignore[attr-defined]
    added = {name: (*getattr(state, name), *values) for name, values in more.items() if name != "planned"}
    if "runs" in added:
        added["runs"] = tuple(sorted(added["runs"], key=lambda run: run.start_utc))
    coming = (*(one for one in state.planned if one.day >= today), *more.get("planned", ()))
    now = datetime.combine(today, time(21))
    return replace(state, today=today, now_utc=now, planned=coming, **added)  # type: ignore[arg-type]


def _cut(state: FootState) -> FootState:
    return replace(
        state,
        runs=tuple(run for run in state.runs if (state.today - run.day).days <= 120),
        issued=tuple(one for one in state.issued if (state.today - one.day).days <= 57),
        sessions=tuple(one for one in state.sessions if (state.today - one.day).days <= 60),
    )
