"""Rows of the table about the week and the session: where training lies, how much, and what a stiff joint may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from bench.lives_day import Life, Run
from bench.lives_measure import (
    Found,
    demands_reset,
    families_in,
    lived,
    looks_on,
    seconds,
    shown_on,
    spared,
    stopped,
    trainings,
    weeks,
)
from bench.lives_runners import HARD_KINDS, START
from rules.facts.foot_work import Prescription, Window

PULLS_THE_TOE = frozenset(
    {
        "slow-toe-flexion", "big-toe-lift", "toe-yoga", "fascia-stretch", "fascia-stretch-standing", "texture-walk",
        "towel-curl", "band-curl", "calf-raise", "calf-raise-towel", "calf-raise-one-leg",
    }
)  # fmt: skip
"""What no stiff, painful big-toe joint may do."""
OFFER_MINUTES = 2.05
ON_ONE_LEG = frozenset({"balance-one-leg", "balance-head-turns", "balance-reach"})


def light_start(life: Life) -> Iterator[Found]:
    """Training of the first fortnight lies on days whose runs are easy, or that have none."""
    for one in _trained(life):
        if one.day < START + timedelta(days=14):
            hard = [run.kind for run in life.runs if run.day == one.day and _hard(run)]
            yield ("broken" if hard else "kept"), f"{one.day}: {hard}"


def apart(life: Life) -> Iterator[Found]:
    """No two training days in a row while there are three or fewer a week."""
    days = sorted({one.day for one in _trained(life)})
    for early, late in pairwise(days):
        times = [change.after.days_per_week for change in life.changes if change.day <= late][-1:] or [3]
        if times[0] <= 3:
            yield ("broken" if (late - early).days == 1 else "kept"), f"{early} and {late}"


def session_size(life: Life) -> Iterator[Found]:
    """Two to four drills besides warming up in a session of up to eight minutes, at most six; none over 3 minutes."""
    for one in _every(life):
        drills = [drill for drill in one.drills if drill.drill != "warm-feet"]
        if not one.counts:
            continue
        most = 4 if one.minutes <= 8.05 else 6
        long = [drill.drill for drill in drills if drill.dose.seconds > 180]
        kept = 2 <= len(drills) <= most and not long
        yield ("kept" if kept else "broken"), f"{one.day}: {one.minutes} min, {len(drills)} drills, over 3 min: {long}"


def unplanned(life: Life) -> Iterator[Found]:
    """A hard run whose warm-up was not done has a reset of about three minutes that day."""
    for run in lived(life):
        looks = [look for look in looks_on(life, run.day) if look.at_utc >= run.arrives_utc]
        if run.kind not in HARD_KINDS or demands_reset(run) or not looks:
            continue
        warmed = [one for _, one, how in life.did if one.day == run.day and one.window is Window.BEFORE]
        if warmed:
            continue
        if stopped(looks[-1]) or spared(looks[-1]):
            yield "excused", str(run.day)
            continue
        care = [one for one in looks[-1].plan.today if one.window is Window.AFTER and not one.counts]
        given = max((seconds(one) for one in care), default=0)
        yield ("kept" if given >= 150 else "broken"), f"{run.day} {run.kind}, {given} s"


def ceiling(life: Life) -> Iterator[Found]:
    """Training and care of a week stay within twice the ladder's minutes, offers of up to two minutes apart; resets and
    warm-ups may go over it."""
    for number, first, last in weeks(life):
        done = [one for _, one, how in life.did if how in ("done", "partial") and first <= one.day <= last]
        levels = [change.after for change in life.changes if change.day <= last and change.verdict != "stop"]
        if not levels:
            continue
        level = max(levels[-2:], key=lambda one: one.minutes * one.days_per_week)
        most = 2 * level.minutes * level.days_per_week
        sure = sum(one.minutes for one in done if _stays(one) and one.minutes > OFFER_MINUTES)
        rest = sum(one.minutes for one in done if not _stays(one) and one.minutes > OFFER_MINUTES)
        kept = rest == 0 or sure + rest <= most + 5
        yield ("kept" if kept else "broken"), f"week {number + 1}: {sure + rest:.0f} of {most:.0f} min"


def fresh_calves(life: Life) -> Iterator[Found]:
    """The training of the day before a long or hilly run, or a race, holds no heel raises. Who has hills on nearly
    every run, and no training for a fortnight on any other day, has them once a week before no more than hills."""
    tiring = {run.day for run in lived(life) if demands_reset(run)}
    for run in lived(life):
        day = run.day - timedelta(days=1)
        given = [one for one in shown_on(life, day).values() if one.counts]
        if not given or not (demands_reset(run) or run.kind == "race"):
            continue
        before = trainings(life, day - timedelta(days=14), day - timedelta(days=1))
        only = not run.facets.long and bool(before) and all(one.day + timedelta(days=1) in tiring for one in before)
        bad = "heel_raise" in families_in(given)
        yield ("kept" if not bad else "excused" if only else "broken"), f"{day}, before {run.kind}"


def stiff_joint(life: Life) -> Iterator[Found]:
    """From the answer on: nothing that pulls the toe back or presses on it; with numb feet nothing on one leg."""
    bars = PULLS_THE_TOE if life.runner.sore_joint else ON_ONE_LEG if life.runner.screen else frozenset()
    since = START + timedelta(days=life.runner.screen_day + 1)
    for day in sorted({look.day for look in life.looks if look.day >= since}) if bars else ():
        bad = {drill.drill for one in shown_on(life, day).values() for drill in one.drills} & bars
        yield ("broken" if bad else "kept"), f"{day}: {sorted(bad)}"


def _stays(one: Prescription) -> bool:
    return one.window is Window.BEFORE or (one.window is Window.AFTER and not one.counts)


def _hard(run: Run) -> bool:
    return run.kind in HARD_KINDS or demands_reset(run)


def _trained(life: Life) -> list[Prescription]:
    return [one for _, one, how in life.did if one.counts and how in ("done", "partial")]


def _every(life: Life) -> list[Prescription]:
    return list(life.issued.values())
