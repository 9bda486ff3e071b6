"""Twelve weeks of one made-up runner, look by look, in whatever world: the rules alone, or the shipped engine.

The world decides; this file only brings what the runner of `bench.lives_runners` does, and writes down what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from math import sin
from typing import Protocol

from bench.lives_runners import (
    DAYS,
    FACETS,
    HARD_KINDS,
    HOME_OFFSET_H,
    JOINT,
    KM_A_MINUTE,
    START,
    Facets,
    Outing,
    Runner,
)
from rules.dose.ladder import Choice, choices, open_offer
from rules.facts.foot_work import DoseChange, Prescription, Window
from rules.plan.plan import Plan
from rules.state.feet import FootState

HISTORY_DAYS = 28
BEFORE_RUN = timedelta(minutes=30)
AFTER_RUN = timedelta(minutes=20)
WOBBLE = (0, 1, -1, 0, 1, 0, -1)
"""By how much a day's entry lies off its week's mean."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: ``day`` is the runner's own, wherever that was."""

    name: str
    day: date
    start_utc: datetime
    minutes: float
    km: float
    kind: str
    offset_h: int
    arrives_utc: datetime

    @property
    def facets(self) -> Facets:
        return FACETS[self.kind]

    @property
    def end_utc(self) -> datetime:
        return self.start_utc + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the page showed; ``day`` is the runner's own, ``state.today`` what the rules take it for."""

    at_utc: datetime
    day: date
    state: FootState
    plan: Plan
    cards: tuple[tuple[str, str], ...]
    """Kind and id of each card beside safety."""

    @property
    def open(self) -> tuple[Prescription, ...]:
        """What stands for today and has not been answered; primers too."""
        told = {one.prescription_id for one in self.state.sessions}
        return tuple(one for one in self.plan.today if one.prescription_id not in told)


@dataclass(slots=True)
class Life:
    """Everything that happened in twelve weeks."""

    runner: Runner
    world: str
    runs: list[Run] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    told_runs: dict[date, tuple[str, datetime]] = field(default_factory=dict)
    """Hard runs that were typed before: kind and start."""
    did: list[tuple[datetime, Prescription, str]] = field(default_factory=list)
    """What became of each prescription: ``done``, ``partial``, ``skip:REASON``, ``hurt:N``."""
    end: FootState | None = None

    @property
    def issued(self) -> dict[str, Prescription]:
        """Every prescription that was ever shown, by id."""
        return {one.prescription_id: one for look in self.looks for one in (*look.plan.today, *look.plan.ahead)}

    @property
    def changes(self) -> tuple[DoseChange, ...]:
        return self.end.dose_changes if self.end is not None else ()


class World(Protocol):
    """What a runner can do to springstep, each at ``at_utc`` (naive UTC)."""

    name: str

    def begin(self, runner: Runner, past: Sequence[Run]) -> None: ...
    def run(self, run: Run) -> None: ...
    def look(self, at_utc: datetime, day: date) -> Look: ...
    def log(self, what: str, score: int, at_utc: datetime, day: date) -> None: ...
    def does(self, one: Prescription, outcome: str, at_utc: datetime) -> None: ...
    def tells(self, day: date, kind: str, start_utc: datetime, at_utc: datetime) -> None: ...
    def pauses(self, first: date, last: date, reason: str, at_utc: datetime) -> None: ...
    def checks(self, runner: Runner, at_utc: datetime, day: date, *, screen: bool) -> None: ...
    def answers(self, card: tuple[str, str], value: str, at_utc: datetime, day: date) -> None: ...
    def steps(self, look: Look, choice: Choice) -> None: ...


Event = tuple[datetime, int, Callable[[], None]]
"""When, what goes first of two at one moment, and what happens."""


def live(runner: Runner, world: World, days: int = DAYS) -> Life:
    """The whole story, from four weeks of old runs on."""
    return _Story(runner, world, days).tell()


class _Story:
    def __init__(self, runner: Runner, world: World, days: int) -> None:
        self.runner, self.world, self.days = runner, world, days
        self.life = Life(runner, world.name)
        self.trained = 0
        """How many trainings have been decided about."""
        self.decided: dict[date, str] = {}
        """What becomes of each day's training, whatever takes its place later that day."""
        self.stepped = 0

    def tell(self) -> Life:
        self.world.begin(self.runner, [run for number in range(-HISTORY_DAYS, 0) for run in self._runs(number)])
        events: list[Event] = []
        for number in range(self.days):
            events += self._day(number)
        last_utc = self.utc(self.days, 0.0)
        for at_utc, _, happens in sorted(events, key=lambda event: event[:2]):
            if at_utc < last_utc:
                happens()
        self.life.end = self.life.looks[-1].state
        return self.life

    # --- when ---------------------------------------------------------------------------------------

    def offset_h(self, number: int) -> int:
        return next((hours for first, last, hours in self.runner.away if first <= number <= last), HOME_OFFSET_H)

    def utc(self, number: int, hour: float) -> datetime:
        midnight = datetime.combine(START + timedelta(days=number), time())
        return midnight + timedelta(hours=hour - self.offset_h(number))

    def _off(self, number: int) -> bool:
        silent = any(first <= number <= last for first, last in self.runner.silent)
        return silent or any(first <= number <= last for first, last, _ in self.runner.pauses)

    def outings(self, number: int) -> list[Outing]:
        found = [] if self._off(number) else [one for one in self.runner.week if one.weekday == number % 7]
        if number in self.runner.race:
            found = [Outing(one.weekday, "race", one.km, one.hour) for one in found]
        return found

    def _runs(self, number: int) -> Iterator[Run]:
        for index, one in enumerate(self.outings(number)):
            weeks = number / 7
            km = one.km * (1 + self.runner.grows * weeks) * (1 + 0.03 * sin(2.0 * number + index))
            minutes = km / KM_A_MINUTE
            start_utc = self.utc(number, one.hour)
            arrives_utc = start_utc + timedelta(minutes=minutes, hours=self.runner.late_h)
            if self.runner.syncs_on is not None:
                ahead = (self.runner.syncs_on - number) % 7
                arrives_utc = max(arrives_utc, self.utc(number + ahead, 19.0))
            if number < 0:
                # Taken in on the first morning, with everything else that is old.
                arrives_utc = max(arrives_utc, self.utc(0, 6.0))
            day = START + timedelta(days=number)
            offset_h = self.offset_h(number)
            yield Run(f"{day}-{index}", day, start_utc, minutes, km, one.kind, offset_h, arrives_utc)

    # --- what ---------------------------------------------------------------------------------------

    def _day(self, number: int) -> Iterator[Event]:
        runner, day = self.runner, START + timedelta(days=number)
        for run in self._runs(number):
            yield run.arrives_utc, 1, partial(self._ran, run)
            if run.kind in HARD_KINDS and runner.before:
                yield (
                    run.start_utc - BEFORE_RUN,
                    2,
                    partial(self._look, run.start_utc - BEFORE_RUN, day, before_run=True),
                )
            if run.arrives_utc - run.end_utc < AFTER_RUN and number >= 0:
                yield run.end_utc + AFTER_RUN, 2, partial(self._look, run.end_utc + AFTER_RUN, day)
        for pause in runner.pauses:
            if number == pause[0]:
                yield self.utc(number, 6.0), 0, partial(self._pauses, pause)
        if any(first <= number <= last for first, last in runner.silent):
            return
        yield from self._entries(number)
        if number == runner.screen_day:
            asked_utc = self.utc(number, 19.5)
            yield asked_utc, 0, lambda: self.world.checks(runner, asked_utc, day, screen=True)
        if runner.plans and (number == 0 or number % 7 == 6):
            yield self.utc(number, 6.2 if number == 0 else 20.0), 0, lambda: self._plans(number)
        for hour in runner.looks:
            yield self.utc(number, hour), 2, partial(self._look, self.utc(number, hour), day)

    def _entries(self, number: int) -> Iterator[Event]:
        runner, at_utc, week = self.runner, self.utc(number, 6.4), number // 7
        day = START + timedelta(days=number)
        if number % 7 not in runner.logs_on:
            return
        if runner.stiffness:
            score = min(10, max(0, round(runner.stiffness[week] + 0.5 * WOBBLE[number % 7])))
            yield at_utc, 0, lambda: self.world.log("stiffness", score, at_utc, day)
        if runner.soreness:
            yield at_utc, 0, lambda: self.world.log("soreness", runner.soreness[week], at_utc, day)

    def _pauses(self, pause: tuple[int, int, str]) -> None:
        first, last, reason = pause
        at_utc = self.utc(first, 6.0)
        self.world.pauses(START + timedelta(days=first), START + timedelta(days=last), reason, at_utc)

    def _ran(self, run: Run) -> None:
        self.life.runs.append(run)
        self.world.run(run)

    def _plans(self, number: int) -> None:
        """Types what is hard in the coming week, and on the first day in this one too."""
        first = 0 if number == 0 else number + 1
        for ahead in range(first, first + 7):
            for one in self.outings(ahead):
                if one.kind in HARD_KINDS and ahead < self.days:
                    day, start_utc = START + timedelta(days=ahead), self.utc(ahead, one.hour)
                    self.life.told_runs[day] = one.kind, start_utc
                    at_utc = self.utc(number, 6.2 if number == 0 else 20.0)
                    self.world.tells(day, one.kind, start_utc, at_utc)

    def _look(self, at_utc: datetime, day: date, *, before_run: bool = False) -> None:
        look = self.world.look(at_utc, day)
        self.life.looks.append(look)
        for one in look.open:
            if (outcome := self._outcome(one, day, before_run=before_run)) is not None:
                self.life.did.append((at_utc, one, outcome))
                self.world.does(one, outcome, at_utc)
        if not self.runner.answers:
            return
        for card in look.cards:
            self._answers(card, at_utc, day)
        offer = open_offer(look.state)
        if offer is not None:
            self.world.steps(look, self._choice(choices(look.state, offer.after)))
            self.stepped += 1

    def _choice(self, open_: Sequence[Choice]) -> Choice:
        """Longer and harder in turn, as far as the ceilings let it."""
        longer, harder = [Choice.TWO_MINUTES, Choice.MINUTES], [Choice.LEVEL, Choice.REPETITION]
        wishes = harder + longer if self.stepped % 2 else longer + harder
        return next((one for one in wishes if one in open_), Choice.DECLINE)

    def _outcome(self, one: Prescription, day: date, *, before_run: bool) -> str | None:
        runner = self.runner
        if one.window is Window.PRIMER or (one.window is Window.BEFORE and not before_run):
            return None
        if not one.counts:
            return runner.care if runner.care != "nothing" else None
        if day not in self.decided:
            self.decided[day] = runner.pattern[self.trained % len(runner.pattern)]
            self.trained += 1
        outcome = self.decided[day]
        if outcome == "nothing" or day.weekday() in runner.misses:
            return None
        # What was said of the day's training once stays said.
        said = [one for at_utc, one, how in self.life.did if one.day == day and one.counts and not how.startswith("do")]
        return outcome if not said else None

    def _answers(self, card: tuple[str, str], at_utc: datetime, day: date) -> None:
        kind, _ = card
        if kind.startswith("self_check") or kind == "self-check":
            self.world.checks(self.runner, at_utc, day, screen=False)
        elif kind in ("feel", "ask_feel"):
            self.world.answers(card, "same", at_utc, day)
        elif kind.startswith("silent"):
            self.world.answers(card, "was-ill", at_utc, day)
        elif kind.startswith("big_toe") or kind == "big-toe":
            self.world.answers(card, JOINT if self.runner.sore_joint else "none", at_utc, day)
        elif kind in ("went", "ask_went"):
            if (sore := self.runner.soreness) and (week := (day - START).days // 7) < len(sore):
                self.world.answers(card, "right" if sore[week] <= 2 else "too-hard", at_utc, day)
        elif kind == "ask-plan":
            of_day = self.outings((date.fromisoformat(card[1].partition(":")[2]) - START).days)
            hard = any(one.kind in HARD_KINDS for one in of_day)
            self.world.answers(card, "tempo" if hard else "easy", at_utc, day)
        elif kind not in ("ask_kind", "ask-kind"):
            self.world.answers(card, "seen", at_utc, day)
