"""Made-up runners: what they log, run, do and answer, day by day. Every decision is the shipped one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import sqrt

from bench.simulate_limits import Watch
from rules.dose.ladder import Choice, accept, change_by_hand, open_offer, review
from rules.facts.answers import Place, SkipReason, When
from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    FlagRaised,
    FootCheck,
    Pause,
    PlannedRun,
    Prescription,
    Reason,
    SessionDone,
    Window,
)
from rules.facts.kinds import Intensity, Kind, Surface
from rules.plan.plan import Plan, plan
from rules.state.feet import SCREEN, FootState, PlanSettings, RunSeen

LIFE_DAYS = 84
START = date(2026, 1, 5)
SD = 1.2


@dataclass(frozen=True, slots=True)
class Rules:
    """The shipped decisions. A mutant swaps one for a wrapper that breaks a promise: the watch must notice."""

    review: Callable[[FootState], tuple[DoseChange, ...]] = review
    plan: Callable[[FootState], Plan] = plan
    accept: Callable[[FootState, str, Choice], DoseChange | Reason] = accept
    by_hand: Callable[..., DoseChange | Reason] = change_by_hand


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the reference: a diary whose truth is known, and what counts as found."""

    name: str
    what: str
    """``ready``, ``tolerance`` (the other door to a step), ``dial_back`` or ``way_back``."""
    phi: float
    mean: float
    change: float = 0.0
    logged: float = 0.8
    days: int = LIFE_DAYS
    sd: float = SD


@dataclass(frozen=True, slots=True)
class Life:
    seed: int
    scenario: Scenario | None


@dataclass(slots=True)
class Lived:
    days: int = 0
    breaches: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Diary:
    """An AR(1) diary: x_t = φ x_{t−1} + √(1 − φ²) σ ε, rounded to 0–10."""

    luck: random.Random
    phi: float
    sd: float
    x: float = 0.0

    def begin(self) -> Diary:
        self.x = self.luck.gauss(0, self.sd)
        return self

    def score(self, mean: float) -> int:
        self.x = self.phi * self.x + sqrt(1 - self.phi**2) * self.luck.gauss(0, self.sd)
        return min(10, max(0, round(mean + self.x)))


def live(life: Life, rules: Rules) -> Lived:
    """One runner's whole story."""
    if life.scenario is not None:
        return _live_scenario(life.seed, life.scenario, rules)
    return _live_mixed(life.seed, rules)


def _live_scenario(seed: int, scenario: Scenario, rules: Rules) -> Lived:
    luck = random.Random(seed)
    diary = Diary(luck, scenario.phi, scenario.sd).begin()
    soreness = scenario.what != "ready"
    watch, lived = Watch(), Lived()
    settings = PlanSettings(screen=dict.fromkeys(SCREEN, False))
    state = FootState("a", START, datetime.combine(START, time(20)), START - timedelta(days=60), settings)
    if scenario.what == "way_back":
        state = replace(state, diary=_past(diary, scenario))
    found = relieved = None
    for number in range(scenario.days):
        day = START + timedelta(days=number)
        now = datetime.combine(day, time(20))
        mean = scenario.mean + scenario.change * number / (LIFE_DAYS - 1)
        score = diary.score(mean)
        entries = state.diary
        if luck.random() < scenario.logged:
            what, place = ("soreness", Place.TOES) if soreness else ("stiffness", Place.HEEL)
            entries = (*entries, DiaryEntry("e", what, now, day, score, place, None, When.WAKING))  # type: ignore[arg-type]
        state = replace(state, today=day, now_utc=now, diary=entries)
        changes = rules.review(state)
        state = replace(state, dose_changes=state.dose_changes + changes)
        for change in changes:
            if change.verdict == "offer" and scenario.what in ("ready", "tolerance") and found is None:
                found = number
            if change.verdict == "dial_back" and scenario.what != "tolerance" and found is None:
                found = number
            if change.verdict == "way_back" and relieved is None:
                relieved = number
        plan_now = rules.plan(state)
        watch.day(state, changes, plan_now)
        state = _store(state, plan_now)
        state = _do(state, plan_now, "done")
        lived.days += 1
        if found is not None and (scenario.what != "way_back" or number >= found + 14 or relieved is not None):
            break
    name = scenario.name
    if scenario.what == "way_back":
        if found is not None and (relieved is not None or scenario.days - found > 14):
            lived.counts[f"{name}|lives"] += 1
            lived.counts[f"{name}|found"] += relieved is not None and relieved - found <= 14
    else:
        lived.counts[f"{name}|lives"] += 1
        lived.counts[f"{name}|found"] += found is not None
    return _told(lived, watch, state)


def _past(diary: Diary, scenario: Scenario) -> tuple[DiaryEntry, ...]:
    """Forty days logged before the story begins: the usual level is a median of 28 logged days."""
    days = [START + timedelta(days=number) for number in range(-40, 0)]
    return tuple(
        DiaryEntry("e", "soreness", datetime.combine(day, time(20)), day, score, Place.TOES, None, When.WAKING)
        for day in days
        if (score := diary.score(scenario.mean)) is not None and diary.luck.random() < scenario.logged
    )


def _live_mixed(seed: int, rules: Rules) -> Lived:
    luck = random.Random(seed)
    story = _Story(luck)
    watch, lived = Watch(), Lived()
    begin = START + timedelta(days=luck.randrange(7))
    state = FootState(
        "a", begin, datetime.combine(begin, time(9)), begin - timedelta(days=luck.choice((0, 0, 30))), story.settings()
    )
    for number in range(LIFE_DAYS):
        day = begin + timedelta(days=number)
        for hour in (9, 21) if luck.random() < 0.15 else (21,):
            state = replace(state, today=day, now_utc=datetime.combine(day, time(hour)))
            state = story.happens(state, number)
            changes = rules.review(state)
            state = replace(state, dose_changes=state.dose_changes + changes)
            answered = story.answers(state, rules)
            if answered is not None:
                changes = (*changes, answered)
                state = replace(state, dose_changes=(*state.dose_changes, answered))
            today = rules.plan(state)
            watch.day(state, changes, today)
            state = _store(state, today)
            if luck.random() < 0.1:
                watch.again(rules.review(state), rules.plan(state))
            if luck.random() < story.keeps:
                state = _do(state, today, luck.choice(("done", "done", "done", "partial", "skipped")))
        lived.days += 1
    return _told(lived, watch, state)


def _told(lived: Lived, watch: Watch, state: FootState) -> Lived:
    watch.end(state)
    lived.breaches = watch.breaches
    lived.counts += watch.counts
    lived.counts["lives"] += 1
    return lived


def _store(state: FootState, plan_now: Plan) -> FootState:
    if not plan_now.issue:
        return state
    since = state.today - timedelta(days=57)
    issued = state.issued
    if issued and issued[0].day < since:
        issued = tuple(one for one in issued if one.day >= since)
    return replace(state, issued=issued + plan_now.issue)


def _do(state: FootState, plan_now: Plan, how: str) -> FootState:
    for one in plan_now.today:
        if one.window is Window.PRIMER or any(
            done.prescription_id == one.prescription_id for done in state.sessions[-3:]
        ):
            continue
        session = _session(state, one, how)
        return replace(state, sessions=(*state.sessions, session))
    return state


def _session(state: FootState, one: Prescription, how: str) -> SessionDone:
    reason = SkipReason.TIME if how == "skipped" else None
    name = f"s{len(state.sessions)}"
    return SessionDone(name, state.now_utc, state.today, how, one.prescription_id, None, reason)  # type: ignore[arg-type]


class _Story:
    """The luck of one mixed life."""

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        self.sore = Diary(luck, luck.uniform(0, 0.7), luck.uniform(0.8, 1.6)).begin()
        self.stiff = Diary(luck, luck.uniform(0, 0.7), luck.uniform(0.8, 1.6)).begin()
        self.sore_mean, self.stiff_mean = luck.uniform(0, 3), luck.uniform(2, 7)
        self.stiff_change = luck.uniform(-5, 1)
        self.logs, self.keeps, self.runs = luck.uniform(0.3, 1), luck.uniform(0.3, 1), luck.uniform(0.1, 0.9)
        self.km = luck.uniform(4, 14)
        self.flares = luck.uniform(0, 0.02)
        self.flare_until = -1

    def settings(self) -> PlanSettings:
        luck = self.luck
        return PlanSettings(
            days_per_week=luck.choice((None, None, 2, 4, 5)),
            anchors=luck.choice(((), ("coffee",), ("tv", "shower"))),
            equipment=frozenset(one for one in ("towel", "band", "small-objects") if luck.random() < 0.5),
            shoes=luck.choice(("usual", "usual", "usual", "minimalist", "transition")),
            shoes_since=START - timedelta(days=luck.randrange(120)),
            hard_weekdays=frozenset(day for day in range(7) if luck.random() < 0.15),
            barefoot_ok=luck.random() < 0.8,
            broken_skin=luck.random() < 0.05,
            screen={"diabetes_or_numb": luck.random() < 0.05, "fracture_or_surgery": False, "under_18": False}
            if luck.random() < 0.8
            else {},
        )

    def happens(self, state: FootState, number: int) -> FootState:
        luck, day, now = self.luck, state.today, state.now_utc
        changed: dict[str, object] = {}
        if luck.random() < self.flares:
            self.flare_until = number + luck.randrange(2, 25)
        mean = self.sore_mean + (3 if number < self.flare_until else 0)
        entries = []
        if luck.random() < self.logs:
            place = luck.choice((Place.TOES, Place.BALL, Place.TOES, Place.HEEL, Place.PLANTAR_FASCIA, None))
            when = luck.choice((When.WAKING, When.WAKING, None, When.AFTER))
            entries.append(DiaryEntry("e", "soreness", now, day, self.sore.score(mean), place, None, when))
        if luck.random() < self.logs:
            mean = self.stiff_mean + self.stiff_change * number / LIFE_DAYS
            entries.append(DiaryEntry("e", "stiffness", now, day, self.stiff.score(mean), None, None, When.WAKING))
        if entries:
            changed["diary"] = (*state.diary, *entries)
        if luck.random() < self.runs:
            changed["runs"] = (*state.runs, self._run(state))
        if luck.random() < 0.1:
            changed["planned"] = (self._planned(day),)
        if luck.random() < 0.004:
            flag = FlagRaised(f"f{number}", luck.choice(("numb", "limping", "calf-breathless")), now, day)
            changed["flags"] = (*state.flags, flag)
        elif state.flags and state.flags[-1].cleared_utc is None and luck.random() < 0.15:
            changed["flags"] = (*state.flags[:-1], replace(state.flags[-1], cleared_utc=now))
        if luck.random() < 0.006:
            until = day + timedelta(days=luck.randrange(1, 10))
            changed["pauses"] = (*state.pauses, Pause(f"p{number}", luck.choice(("ill", "travel")), day, until))
        if luck.random() < 0.05:
            foot = FootCheck(gathers=luck.choice((None, *Place)))
            changed["assessments"] = (*state.assessments, Assessment(f"c{number}", day, foot, foot))
        return replace(state, **changed) if changed else state  # type: ignore[arg-type]

    def _run(self, state: FootState) -> RunSeen:
        luck = self.luck
        kind = luck.choice((Kind.EASY, Kind.EASY, Kind.EASY, Kind.TEMPO, Kind.LONG, Kind.HILLS, Kind.SURFACE, None))
        km = self.km * luck.uniform(0.6, 1.15) * (1.8 if kind is Kind.LONG else 1)
        end = state.now_utc - timedelta(minutes=luck.randrange(20, 300))
        possible = frozenset(luck.sample(list(Kind), luck.randrange(2, 5))) if kind is None else frozenset({kind})
        return RunSeen(
            f"r{len(state.runs)}",
            state.today,
            end - timedelta(minutes=6 * km),
            end,
            360 * km,
            1000 * km,
            kind,
            possible,
            Intensity.TEMPO if kind is Kind.TEMPO else Intensity.EASY if kind is Kind.EASY else None,
            surface=luck.choice((Surface.TRAIL, Surface.GRASS)) if kind is Kind.SURFACE else Surface.ROAD,
            easy_gap_mps=luck.gauss(2.8, 0.1) if kind is Kind.EASY else None,
        )

    def _planned(self, day: date) -> PlannedRun:
        luck = self.luck
        ahead = day + timedelta(days=luck.randrange(0, 3))
        source = luck.choice(("runner", "ical", "habit"))
        start = datetime.combine(ahead, time(luck.choice((11, 18, 22)))) if luck.random() < 0.5 else None
        kind = luck.choice((Kind.TEMPO, Kind.TEMPO, Kind.EASY, Kind.LONG))
        return PlannedRun(ahead, kind, source, start, None, luck.uniform(0.5, 1), f"plan{ahead}")

    def answers(self, state: FootState, rules: Rules) -> DoseChange | None:
        """The answer to an offer, or a step by hand: whatever is asked for, the rules have the last word."""
        luck = self.luck
        offer = open_offer(state)
        answer: DoseChange | Reason | None = None
        if offer is not None and luck.random() < 0.5:
            answer = rules.accept(state, offer.change_id, luck.choice(list(Choice)))
        elif luck.random() < 0.03:
            level = state.dose_changes[-1].after
            wish = luck.choice(("minutes", "days", "extra_reps"))
            step = luck.choice((-1, 1, 1))
            was = {"minutes": level.minutes, "days": level.days_per_week, "extra_reps": level.extra_reps}[wish]
            answer = rules.by_hand(state, **{wish: was + step})
        return answer if isinstance(answer, DoseChange) else None
