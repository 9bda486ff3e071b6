"""What twelve weeks must have held, row by row: how often it was asked for, and how often it was so.

Each row is measured from outside, on what was shown and done, with arithmetic of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from bench.lives_day import BEFORE_RUN, Life, Look, Run
from bench.lives_runners import START
from rules.facts.foot_work import Prescription, Window
from rules.facts.kinds import HILLY
from rules.knowledge.loader import ELEMENTS, knowledge

LEAST = 20
"""A row with fewer opportunities says nothing."""
READY_S = 5
"""What the player gives to read each drill's name and get into place."""
LATEST = timedelta(hours=48)
BIG_KM, SMALL_KM = 50.0, 20.0
GENTLE_NOT = frozenset({"warm-feet", "toe-spread"})

Found = tuple[str, str]
"""``kept``, ``broken`` or ``excused``, and where."""


@dataclass(slots=True)
class Row:
    kept: int = 0
    broken: int = 0
    excused: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, found: Found, who: str) -> None:
        how, where = found
        setattr(self, how, getattr(self, how) + 1)
        if how == "broken":
            self.examples.append(f"{who}: {where}")

    def join(self, other: Row) -> None:
        self.kept, self.broken, self.excused = (
            self.kept + other.kept,
            self.broken + other.broken,
            self.excused + other.excused,
        )
        self.examples += other.examples


@dataclass(frozen=True, slots=True)
class Requirement:
    says: str
    measure: Callable[[Life], Iterator[Found]]
    share: float = 1.0
    """How many of the opportunities must be kept."""

    def holds(self, row: Row) -> bool:
        asked = row.kept + row.broken
        return asked >= LEAST and row.kept >= self.share * asked - 1e-9


# --- what was shown ---------------------------------------------------------------------------------


def shown_on(life: Life, day: date) -> dict[str, Prescription]:
    """Every prescription for ``day`` that was shown on it."""
    looks = [look for look in life.looks if look.day == day]
    return {one.prescription_id: one for look in looks for one in look.plan.today if one.day == day}


def looks_on(life: Life, day: date) -> list[Look]:
    return [look for look in life.looks if look.day == day]


def spared(look: Look) -> bool:
    """Whether the feet are to be spared then: the lighter version is right."""
    state = look.state
    level = state.dose_changes[-1].after.level if state.dose_changes else "steady"
    sore = [one for one in state.diary if one.what == "soreness" and 0 <= (look.day - one.day).days <= 1]
    pain = any(one.reason == "pain" and (look.day - one.day).days <= 14 for one in state.sessions[-12:])
    ill = any(
        one.reason == "ill" and one.until_day is not None and 0 <= (look.day - one.until_day).days <= 7
        for one in state.pauses
    )
    return level != "steady" or any(one.score >= 4 for one in sore) or pain or ill


def stopped(look: Look) -> bool:
    return look.plan.stopped or look.state.paused(look.day) is not None


def seconds(one: Prescription, drills: Callable[[str], bool] = lambda _: True) -> int:
    return sum(drill.dose.seconds for drill in one.drills if drills(drill.drill))


def loaded(one: Prescription) -> set[str]:
    return {drill.drill for drill in one.drills if knowledge().drills[drill.drill].load >= 2}


def demands_reset(run: Run) -> bool:
    return run.facets.long or run.facets.hills in HILLY


def gentle(drill: str) -> bool:
    return drill not in GENTLE_NOT and knowledge().drills[drill].element in ("mobilise", "stretch")


def trainings(life: Life, first: date, last: date, *, done: bool = True) -> list[Prescription]:
    """Sessions of the ladder from ``first`` to ``last``: those done, or every one shown, one a day."""
    if done:
        found = [one for _, one, how in life.did if how in ("done", "partial") or how.startswith("hurt")]
    else:
        found = [one for look in life.looks for one in look.plan.today]
    return list({one.day: one for one in found if one.counts and first <= one.day <= last}.values())


def weeks(life: Life) -> Iterator[tuple[int, date, date]]:
    """Number from 0, Monday and Sunday of each whole week that was lived."""
    last = life.looks[-1].day
    number = 0
    while (sunday := START + timedelta(days=7 * number + 6)) <= last:
        yield number, sunday - timedelta(days=6), sunday
        number += 1


# --- the rows ---------------------------------------------------------------------------------------


def _reset(life: Life) -> Iterator[Found]:
    """Long and hilly runs that were there the same day."""
    for run in _lived(life):
        looks = [look for look in looks_on(life, run.day) if look.at_utc >= run.arrives_utc]
        if not demands_reset(run) or not looks:
            continue
        if stopped(looks[-1]) or spared(looks[-1]):
            yield "excused", str(run.day)
            continue
        care = [one for one in looks[-1].plan.today if one.window is Window.AFTER]
        given = max((seconds(one, gentle) for one in care), default=0)
        yield ("kept" if given >= 180 else "broken"), f"{run.day} {run.kind}, {given} s"


def _morning(life: Life) -> Iterator[Found]:
    for run in _lived(life):
        next_day = run.day + timedelta(days=1)
        looks = looks_on(life, next_day)
        if not demands_reset(run) or not looks or run.arrives_utc > looks[0].at_utc:
            continue
        shown = [one for look in looks for one in look.plan.today if one.day == next_day]
        windows = {one.window for one in shown}
        if Window.MORNING in windows:
            yield "kept", str(next_day)
        elif stopped(looks[0]) or Window.BEFORE in windows or _ceiling(life, next_day):
            yield "excused", str(next_day)
        else:
            yield "broken", f"after {run.day} {run.kind}"


def _late_care(life: Life) -> Iterator[Found]:
    """Long and hilly runs that came a day or two late: care on the day they came, or the next morning."""
    for run in _lived(life):
        looks = [look for look in life.looks if look.at_utc >= run.arrives_utc][:2]
        if not demands_reset(run) or not looks or looks[0].day == run.day:
            continue
        if run.arrives_utc - run.end_utc > LATEST:
            continue
        if all(stopped(look) for look in looks):
            yield "excused", str(run.day)
            continue
        care = [one for look in looks for one in look.plan.today if not one.counts and seconds(one, gentle) >= 120]
        kept = any(one.window in (Window.AFTER, Window.MORNING) for one in care)
        yield ("kept" if kept else "broken"), f"{run.day} {run.kind}, came {run.arrives_utc:%a %H:%M}"


def _warm_up(life: Life) -> Iterator[Found]:
    for run in _lived(life):
        if life.told_runs.get(run.day, ("", None))[1] != run.start_utc:
            continue
        look = next((one for one in life.looks if one.at_utc == run.start_utc - BEFORE_RUN), None)
        if look is None:
            continue
        if stopped(look) or spared(look):
            yield "excused", str(run.day)
            continue
        blocks = [one for one in look.plan.today if one.window is Window.BEFORE and one.day == run.day]
        whole = [one for one in blocks if len({drill.drill for drill in one.drills}) >= 3 and seconds(one) >= 195]
        given = " ".join(drill.drill for one in blocks for drill in one.drills)
        yield ("kept" if whole else "broken"), f"{run.day} {run.kind}: {given or 'nothing'}"


def _unloaded(life: Life) -> Iterator[Found]:
    for run in _lived(life):
        for look in life.looks:
            if not timedelta(0) <= run.start_utc - look.at_utc <= timedelta(hours=3):
                continue
            for one in look.open:
                bad = loaded(one)
                where = f"{run.day} {look.at_utc:%H:%M} before {run.start_utc:%H:%M}: {one.window} {sorted(bad)}"
                yield ("broken" if bad else "kept"), where


def _unscreened(life: Life) -> Iterator[Found]:
    for look in life.looks:
        if look.state.unscreened:
            for one in look.open:
                bad = loaded(one)
                yield ("broken" if bad else "kept"), f"{look.day} {one.window} {sorted(bad)}"


def _pain(life: Life) -> Iterator[Found]:
    for at_utc, one, how in life.did:
        if how != "skip:pain":
            continue
        later = [look for look in life.looks if look.at_utc > at_utc and look.day > one.day]
        after = next((new for look in later for new in look.open if new.counts), None)
        if after is None:
            continue
        changed = {(drill.drill, drill.dose) for drill in after.drills} != {
            (drill.drill, drill.dose) for drill in one.drills
        }
        kept = changed and not loaded(after)
        yield ("kept" if kept else "broken"), f"{one.day}: {' '.join(drill.drill for drill in after.drills)}"


def _label(life: Life) -> Iterator[Found]:
    for one in life.issued.values():
        player = sum(max(1, drill.dose.seconds) + READY_S for drill in one.drills)
        off = player - 60 * one.minutes
        yield ("kept" if abs(off) <= 30 else "broken"), f"{one.day} {one.window} {one.minutes} min, {off:+.0f} s"


def _elements(life: Life) -> Iterator[Found]:
    for number, first, last in weeks(life):
        done = trainings(life, first, last)
        if number < 4 or len(done) < 2:
            continue
        given = {knowledge().drills[drill.drill].element for one in done for drill in one.drills}
        told = any("three_of_three" in reason.key for one in done for reason in one.reasons)
        missing = set(ELEMENTS) - given - ({"load"} if told else set())
        if missing and any(spared(look) for look in life.looks if first <= look.day <= last):
            yield "excused", f"week {number + 1}"
        else:
            yield ("broken" if missing else "kept"), f"week {number + 1} without {sorted(missing)}"


def _variety(life: Life) -> Iterator[Found]:
    done = trainings(life, START, life.looks[-1].day)
    if len(done) >= 33:
        sets = {frozenset(drill.drill for drill in one.drills) for one in done}
        yield ("kept" if len(sets) >= 12 else "broken"), f"{len(sets)} different of {len(done)}"


def _steps(life: Life) -> Iterator[Found]:
    if life.runner.tolerant:
        steps = sum(one.verdict == "step_up" for one in life.changes)
        yield ("kept" if 3 <= steps <= 5 else "broken"), f"{steps} steps"


def _no_steps(life: Life) -> Iterator[Found]:
    """Weeks in which soreness of 4 or more was logged, each with the week after it."""
    for number, score in enumerate(life.runner.soreness):
        first, last = START + timedelta(days=7 * number), START + timedelta(days=7 * number + 13)
        if score >= 4:
            steps = [one.day for one in life.changes if one.verdict == "step_up" and first <= one.day <= last]
            yield ("broken" if steps else "kept"), f"week {number + 1}: {steps}"


def _cards(life: Life) -> Iterator[Found]:
    shown = {(look.day, card) for look in life.looks for card in look.cards}
    days = (life.looks[-1].day - START).days + 1
    yield ("kept" if len(shown) <= 0.4 * days else "broken"), f"{len(shown) / days:.2f} a day"


def _monday(life: Life) -> Iterator[Found]:
    """What was offered from Monday to Thursday and left is offered later that week."""
    for _, first, last in weeks(life):
        offered = {one.day for one in trainings(life, first, last, done=False)}
        did = {one.day for _, one, how in life.did if how in ("done", "partial") and one.counts}
        said = {one.day for _, one, how in life.did if how in ("skip:pain", "skip:ill") and one.counts}
        wanted = [change.after.days_per_week for change in life.changes if change.day <= last][-1:] or [3]
        missed = [day for day in sorted(offered - did - said) if day <= first + timedelta(days=3)]
        if not missed or any(stopped(look) for look in life.looks if missed[0] <= look.day <= last):
            continue
        left = (last - missed[0]).days
        need = min(wanted[0] - sum(day < missed[0] for day in did if day >= first), (left + 1) // 2)
        later = sum(day > missed[0] for day in offered)
        yield ("kept" if later >= need else "broken"), f"missed {missed[0]:%a %d %b}, offered {later} of {need}"


def _whole_week(life: Life) -> Iterator[Found]:
    """Each week holds as many days of training as the ladder says, offered or done."""
    for number, first, last in weeks(life):
        looks = [look for look in life.looks if first <= look.day <= last]
        if len({look.day for look in looks}) < 7 or any(stopped(look) or spared(look) for look in looks):
            continue
        levels = [change.after.days_per_week for change in life.changes if change.day <= first][-1:] or [3]
        days = {one.day for one in trainings(life, first, last, done=False)}
        yield ("kept" if len(days) >= levels[0] else "broken"), f"week {number + 1}: {len(days)} of {levels[0]}"


def _day_limits(life: Life) -> Iterator[Found]:
    """At most two sittings and 20 minutes a day, at most one of them open at a time."""
    for day in sorted({look.day for look in life.looks}):
        did = [one for _, one, how in life.did if one.day == day and how in ("done", "partial")]
        minutes = sum(one.minutes for one in did)
        open_ = max(sum(one.window is not Window.PRIMER for one in look.open) for look in looks_on(life, day))
        kept = len(did) <= 2 and minutes <= 20 and open_ <= 1
        yield ("kept" if kept else "broken"), f"{day}: {len(did)} sittings, {minutes:.1f} min, {open_} open"


def _today(life: Life) -> Iterator[Found]:
    """While away, with a run of the last 48 hours in the store: today is the runner's own."""
    for look in life.looks:
        number = (look.day - START).days
        if not any(first <= number <= last for first, last, _ in life.runner.away):
            continue
        known = [run for run in life.runs if run.arrives_utc <= look.at_utc <= run.end_utc + LATEST]
        if any(run.offset_h == life.runner.away[0][2] for run in known):
            yield ("kept" if look.state.today == look.day else "broken"), f"{look.at_utc} is {look.state.today}"


def _lived(life: Life) -> list[Run]:
    return [run for run in life.runs if run.day >= START]


def _ceiling(life: Life, day: date) -> bool:
    """Whether training and care of the week come to twice the ladder's minutes, another morning included."""
    monday = day - timedelta(days=day.weekday())
    given = {one.prescription_id: one for _, one, how in life.did if how in ("done", "partial")}
    used = sum(one.minutes for one in given.values() if monday <= one.day <= day and one.minutes > 2)
    levels = [change.after for change in life.changes if change.day <= day]
    return bool(levels) and used + 3 > 2 * levels[-1].minutes * levels[-1].days_per_week


REQUIREMENTS = (
    Requirement("long or hilly run: 3 min of bends, rocks, stretches that day", _reset),
    Requirement("long or hilly run: its morning after", _morning),
    Requirement("long or hilly run up to 48 h late: its reset or morning after", _late_care),
    Requirement("planned hard run or race: the whole block before it", _warm_up),
    Requirement("nothing loaded in the three hours before a run", _unloaded),
    Requirement("no bare, band or towel work before the safety screen", _unscreened),
    Requirement("a session skipped with pain changes the next", _pain),
    Requirement("minutes on the label are the player's, to half a minute", _label),
    Requirement("all four elements in the week, from week 5", _elements, 0.9),
    Requirement("12 different sessions, training three times a week", _variety),
    Requirement("who carries it well takes 3 to 5 steps", _steps),
    Requirement("no step in a week with soreness of 4 or more, nor the next", _no_steps),
    Requirement("at most 0.4 cards a day", _cards),
    Requirement("missed early in the week: offered later that week", _monday),
    Requirement("each week holds the ladder's days", _whole_week),
    Requirement("at most two sittings, 20 minutes, one open", _day_limits),
    Requirement("while away, today is the runner's own", _today),
)
PROPORTION = "over 50 km a week: 1.25 x the minutes of 12 km, in week 12"


def rows_of(life: Life) -> dict[str, Row]:
    found = {}
    for one in REQUIREMENTS:
        row = found[one.says] = Row()
        for seen in one.measure(life):
            row.add(seen, f"{life.runner.name} ({life.world})")
    return found


def last_minutes(life: Life) -> list[float]:
    """The minutes of each session of the ladder in week 12."""
    first = START + timedelta(days=77)
    return [one.minutes for one in trainings(life, first, first + timedelta(days=6))]


def proportion(lives: Sequence[tuple[float, bool, list[float]]]) -> Row:
    """``lives``: kilometres a week, whether the work was carried well, minutes of week 12."""
    row = Row()
    small = [minutes for km, tolerant, found in lives if tolerant and 0 < km < SMALL_KM for minutes in found]
    if not small:
        return row
    for km, tolerant, found in lives:
        for minutes in found if tolerant and km >= BIG_KM else ():
            how = "kept" if minutes >= 1.25 * median(small) - 1e-9 else "broken"
            row.add((how, f"{minutes} min against {median(small)}"), f"{km:.0f} km")
    return row
