"""Rows of the table about training: whether sessions differ, add up, come again, and follow the runner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.lives_day import Life, Look
from bench.lives_measure import Found, families_in, looks_on, spared, stopped, trainings, weeks
from bench.lives_runners import START
from rules.facts.foot_work import Window
from rules.knowledge.loader import knowledge
from rules.knowledge.may_say import ELEMENTS, FAMILIES

READY_S = 5
"""What the player gives to read each drill's name and get into place."""
KNOWN = timedelta(hours=48)
"""For so long after a run its clock says where the runner is."""


def label(life: Life) -> Iterator[Found]:
    for one in life.issued.values():
        player = sum(max(1, drill.dose.seconds) + READY_S for drill in one.drills)
        off = player - 60 * one.minutes
        yield ("kept" if abs(off) <= 30 else "broken"), f"{one.day} {one.window} {one.minutes} min, {off:+.0f} s"


def elements(life: Life) -> Iterator[Found]:
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


def families(life: Life) -> Iterator[Found]:
    """From week 5 each family that may be comes at least every third week: all of them where nothing is barred."""
    every = list(weeks(life))
    done = trainings(life, START, life.looks[-1].day)
    runner = life.runner
    barred = runner.sore_joint or any(runner.screen.values()) or "shoes" in runner.settings
    known = families_in(done) if barred else set(FAMILIES)
    for number, first, _ in every[4:-2]:
        last = first + timedelta(days=20)
        given = [one for one in done if first <= one.day <= last]
        if len(given) < 6 or any(spared(look) for look in life.looks if first <= look.day <= last):
            continue
        seen = families_in(given)
        for name in sorted(known & set(FAMILIES)):
            yield ("kept" if name in seen else "broken"), f"weeks {number + 1}-{number + 3} without {name}"


def heel_raises(life: Life) -> Iterator[Found]:
    """From week 5 each week of two and more sessions holds them, for whoever may do them."""
    runner = life.runner
    if runner.sore_joint or any(runner.screen.values()) or "shoes" in runner.settings:
        return
    for number, first, last in weeks(life):
        done = trainings(life, first, last)
        if number < 4 or len(done) < 2:
            continue
        if "heel_raise" in families_in(done):
            yield "kept", f"week {number + 1}"
        else:
            light = any(spared(look) or _rests(look, "heel_raise") for look in life.looks if first <= look.day <= last)
            yield ("excused" if light else "broken"), f"week {number + 1}"


def _rests(look: Look, family: str) -> bool:
    """Whether a drill of the family hurt in the last fortnight."""
    since = look.day - timedelta(days=14)
    return any(
        answer == "hurt" and knowledge().drills[name].family == family
        for one in look.state.sessions
        if one.day > since
        for name, answer in one.drills.items()
    )


def variety(life: Life) -> Iterator[Found]:
    """Whoever trains three times a week; sessions that are to be lighter are the same by right."""
    light = {look.day for look in life.looks if spared(look)}
    done = [one for one in trainings(life, START, life.looks[-1].day) if one.day not in light]
    if len(done) >= 33:
        sets = {frozenset(drill.drill for drill in one.drills) for one in done}
        yield ("kept" if len(sets) >= 12 else "broken"), f"{len(sets)} different of {len(done)}"


def steps(life: Life) -> Iterator[Found]:
    if life.runner.tolerant:
        steps = sum(one.verdict == "step_up" for one in life.changes)
        yield ("kept" if 3 <= steps <= 5 else "broken"), f"{steps} steps"


def no_steps(life: Life) -> Iterator[Found]:
    """Weeks in which soreness of 4 or more was logged, and the week after each."""
    scores = life.runner.soreness
    for number, first, last in weeks(life):
        if max(scores[max(0, number - 1) : number + 1], default=0) >= 4:
            steps = [one.day for one in life.changes if one.verdict == "step_up" and first <= one.day <= last]
            yield ("broken" if steps else "kept"), f"week {number + 1}: {steps}"


def cards(life: Life) -> Iterator[Found]:
    shown = {(look.day, card) for look in life.looks for card in look.cards}
    days = (life.looks[-1].day - START).days + 1
    yield ("kept" if len(shown) <= 0.4 * days else "broken"), f"{len(shown) / days:.2f} a day"


def monday(life: Life) -> Iterator[Found]:
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


def whole_week(life: Life) -> Iterator[Found]:
    """Each week holds as many days of training as the ladder says, offered or done."""
    for number, first, last in weeks(life):
        looks = [look for look in life.looks if first <= look.day <= last]
        if len({look.day for look in looks}) < 7 or any(stopped(look) or spared(look) for look in looks):
            continue
        levels = [change.after.days_per_week for change in life.changes if change.day <= first][-1:] or [3]
        days = {one.day for one in trainings(life, first, last, done=False)}
        if len(days) < levels[0] and any(run.kind == "race" and first <= run.day <= last for run in life.runs):
            # The race and the day after it are no training days.
            yield "excused", f"week {number + 1}"
            continue
        yield ("kept" if len(days) >= levels[0] else "broken"), f"week {number + 1}: {len(days)} of {levels[0]}"


def day_limits(life: Life) -> Iterator[Found]:
    """At most two sittings and 20 minutes a day, at most one of them open at a time."""
    for day in sorted({look.day for look in life.looks}):
        did = [one for _, one, how in life.did if one.day == day and how in ("done", "partial")]
        minutes = sum(one.minutes for one in did)
        open_ = max(sum(one.window is not Window.PRIMER for one in look.open) for look in looks_on(life, day))
        kept = len(did) <= 2 and minutes <= 20 and open_ <= 1
        yield ("kept" if kept else "broken"), f"{day}: {len(did)} sittings, {minutes:.1f} min, {open_} open"


def today(life: Life) -> Iterator[Found]:
    """While away, with a run of the last 48 hours in the store: today is the runner's own."""
    for look in life.looks:
        number = (look.day - START).days
        if not any(first <= number <= last for first, last, _ in life.runner.away):
            continue
        known = [run for run in life.runs if run.arrives_utc <= look.at_utc <= run.end_utc + KNOWN]
        if any(run.offset_h == life.runner.away[0][2] for run in known):
            yield ("kept" if look.state.today == look.day else "broken"), f"{look.at_utc} is {look.state.today}"
