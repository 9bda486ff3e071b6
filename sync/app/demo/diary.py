"""What the made-up runner types: scores, sessions, plans and self-checks, by day and with steady dice.

Every command has an id made from its day and its purpose, so that typing the season again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

import numpy as np

from rules.facts.answers import Place, Side, SkipReason, When
from rules.facts.kinds import Kind
from sync.app.demo.season import Outing, outing
from sync.wire.commands import Assess, LogScore, LogSession, PlanRun, SetDose
from sync.wire.footwork import DoseView, PrescriptionView

SEED = 7_041
StepChoice = Literal["minutes", "level"]
ASSESS_EVERY = 14
HARD = {"tempo", "intervals", "track", "race", "hill_repeats"}
ON_TIME_MIN = 15.0
"""The block before a hard run is over this long before the run starts."""
PAIN_DAY = 101
"""Day of the season whose training hurts: skipped, and said where and how much."""
PAIN_SAYS = "ball=3"

MORE_DAYS = {98: 4, 112: 5}
"""Day of the season -> days a week from then on: on the evenings of a self-check, which a step up may wait for."""

# (day of the season, usual stiffness on waking): a stiff start that eases, a bad patch after too much trail, better.
_STIFFNESS = ((0, 5.4), (13, 5.2), (40, 2.6), (57, 2.5), (64, 3.4), (74, 2.6), (112, 1.8))
# (day of the season, soreness in the ball of the foot, evening): the patch is what the plan is dialled back for.
_SORENESS = ((0, 1.2), (56, 1.2), (60, 2.0), (61, 4.3), (66, 4.4), (67, 3.4), (70, 1.8), (74, 1.1), (112, 0.8))
_PLACES = (Place.BIG_TOE_JOINT, Place.BIG_TOE_JOINT, Place.PLANTAR_FASCIA, Place.TOES)


@dataclass(frozen=True, slots=True)
class Typist:
    """Whose season it is and where their clock stands."""

    athlete: str
    first: date
    """The season's first Monday."""
    zone: ZoneInfo

    def number(self, day: date) -> int:
        return (day - self.first).days

    def at(self, day: date, at: time) -> datetime:
        """Naive UTC of a local time of day."""
        return datetime.combine(day, at, self.zone).astimezone(UTC).replace(tzinfo=None)

    def dice(self, day: date, what: str) -> np.random.Generator:
        return np.random.default_rng((SEED, self.number(day), sum(what.encode())))

    def id(self, day: date, what: str) -> str:
        return str(uuid5(NAMESPACE_OID, f"springstep demo {self.first} {day} {what}"))


def waking(who: Typist, day: date) -> LogScore | None:
    """The score at the first steps, on most mornings; a long or hilly day before shows in it."""
    dice = who.dice(day, "waking")
    if dice.random() > 0.88:
        return None
    level = _between(_STIFFNESS, who.number(day)) + float(dice.normal(0, 0.6))
    before = outing(who.first, day - timedelta(days=1))
    if before is not None and before.what in ("long", "hills", "trail"):
        level += 0.7
    place = _PLACES[int(dice.integers(len(_PLACES)))]
    side = Side.LEFT if dice.random() < 0.7 else Side.BOTH
    return _score(who, day, "stiffness", level, time(5, 45), place, side, When.WAKING)


def evening(who: Typist, day: date) -> LogScore | None:
    """Soreness in the ball of the foot: now and then, and every evening while it is worse than usual."""
    dice, level = who.dice(day, "evening"), _between(_SORENESS, who.number(day))
    watchful = 56 <= who.number(day) <= 90
    if not watchful and dice.random() > 0.35:
        return None
    # Never above 5: more than that would be a red flag, and the demo has none.
    level = min(5.0, level + float(dice.normal(0, 0.35)))
    return _score(who, day, "soreness", level, time(20, 10), Place.BALL, Side.LEFT, When.EVENING)


def plans(who: Typist, day: date) -> PlanRun | None:
    """Said on the evening of ``day``: tomorrow is a hard day, and when it starts. From the fifth week on."""
    tomorrow = outing(who.first, day + timedelta(days=1))
    if tomorrow is None or tomorrow.what not in HARD or who.number(day) < 28:
        return None
    return PlanRun(
        command_id=who.id(day, "plan"),
        athlete=who.athlete,
        typed_utc=who.at(day, time(20, 30)),
        day=tomorrow.day,
        kind=Kind.TEMPO,
        start_local=f"{tomorrow.start:%H:%M}",
    )


def days_a_week(who: Typist, day: date) -> SetDose | None:
    """Late in the season the runner makes room for the work on more days."""
    days = MORE_DAYS.get(who.number(day))
    if days is None:
        return None
    typed_utc = who.at(day, time(20, 45))
    return SetDose(
        command_id=who.id(day, "days"), athlete=who.athlete, typed_utc=typed_utc, day=day, days_per_week=days
    )


def self_check(who: Typist, day: date) -> Assess | None:
    """Every fortnight, on the first day with the safety screen; a little better each time."""
    number = who.number(day)
    if number % ASSESS_EVERY:
        return None
    step = number // ASSESS_EVERY
    left = {
        "range_0_10": min(8, 4 + step // 2),
        "gathers": "big-toe-joint" if step < 5 else "plantar-fascia",
        "curl_ease_0_10": min(9, 4 + step),
        "spread": "no" if step < 2 else "partly" if step < 6 else "yes",
        "balance_s": 14.0 + 3.0 * step,
        "knee_to_wall_cm": 8.5 + 0.4 * step,
    }
    right = left | {
        "range_0_10": min(9, 6 + step // 3),
        "curl_ease_0_10": min(9, 5 + step),
        "spread": "partly" if step < 3 else "yes",
        "knee_to_wall_cm": 9.5 + 0.3 * step,
    }
    screen = {"diabetes_or_numb": False, "fracture_or_surgery": False, "under_18": False}
    return Assess(
        command_id=who.id(day, "assess"),
        assessment_id=who.id(day, "assessment"),
        athlete=who.athlete,
        typed_utc=who.at(day, time(19, 40)),
        day=day,
        left=left,
        right=right,
        night_cramps=step < 2,
        screen=screen if number == 0 else {},
    )


def session(who: Typist, day: date, work: PrescriptionView, at_utc: datetime) -> LogSession | None:
    """What became of one prescription: mostly done, sometimes partly, sometimes skipped; None is silence."""
    dice = who.dice(day, work.window + (work.run_id or ""))
    chance = dice.random()
    state: Literal["done", "partial", "skipped"] = "done"
    reason = None
    if work.window != "before":
        if chance > 0.97:
            return None
        if chance > 0.93:
            state, reason = "skipped", SkipReason.TIME if dice.random() < 0.7 else SkipReason.TRAVEL
        elif chance > 0.86:
            state = "partial"
    if work.counts and who.number(day) == PAIN_DAY:
        state, reason = "skipped", SkipReason.PAIN
    minutes = None if state == "skipped" else round(work.minutes * (0.6 if state == "partial" else 1.0), 1)
    return LogSession(
        command_id=who.id(day, f"done {work.prescription_id}"),
        session_id=who.id(day, f"session {work.prescription_id}"),
        athlete=who.athlete,
        typed_utc=at_utc,
        prescription_id=work.prescription_id,
        state=state,
        at_utc=at_utc,
        minutes=minutes,
        reason=reason,
    )


def step(dose: DoseView) -> StepChoice:
    """An offered step: the next level of a family of drills where there is one, else a minute."""
    return "level" if "level" in dose.choices else "minutes"


def before_run_utc(who: Typist, run: Outing) -> datetime:
    """When the block before a hard run is over."""
    return who.at(run.day, run.start) - timedelta(minutes=ON_TIME_MIN)


def _score(
    who: Typist,
    day: date,
    what: Literal["stiffness", "soreness"],
    level: float,
    at: time,
    place: Place,
    side: Side,
    when: When,
) -> LogScore:
    at_utc = who.at(day, at)
    return LogScore(
        command_id=who.id(day, f"{what} {when}"),
        entry_id=who.id(day, f"entry {what} {when}"),
        athlete=who.athlete,
        typed_utc=at_utc,
        what=what,
        score=int(np.clip(round(level), 0, 10)),
        at_utc=at_utc,
        place=place,
        side=side,
        when=when,
    )


def _between(points: tuple[tuple[int, float], ...], number: int) -> float:
    days, levels = zip(*points, strict=True)
    return float(np.interp(number, days, levels))
