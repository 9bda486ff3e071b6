"""Rows of the table about care and safety: what runs ask for, and what may never be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bench.lives_day import BEFORE_RUN, Life
from bench.lives_measure import (
    Found,
    ceiling,
    demands_reset,
    families_in,
    gentle,
    knows_the_clock,
    lived,
    loaded,
    looks_on,
    seconds,
    shown_on,
    spared,
    stopped,
)
from rules.facts.foot_work import Window
from rules.knowledge.loader import knowledge

LATEST = timedelta(hours=48)


def reset(life: Life) -> Iterator[Found]:
    """Long and hilly runs that were there the same day."""
    for run in lived(life):
        looks = [look for look in looks_on(life, run.day) if look.at_utc >= run.arrives_utc]
        if not demands_reset(run) or not looks:
            continue
        if stopped(looks[-1]) or spared(looks[-1]):
            yield "excused", str(run.day)
            continue
        care = [one for one in looks[-1].plan.today if one.window is Window.AFTER]
        given = max((seconds(one, gentle) for one in care), default=0)
        yield ("kept" if given >= 180 else "broken"), f"{run.day} {run.kind}, {given} s"


def morning(life: Life) -> Iterator[Found]:
    for run in lived(life):
        next_day = run.day + timedelta(days=1)
        looks = looks_on(life, next_day)
        if not demands_reset(run) or not looks or run.arrives_utc > looks[0].at_utc:
            continue
        shown = [one for look in looks for one in look.plan.today if one.day == next_day]
        windows = {one.window for one in shown}
        if Window.MORNING in windows:
            yield "kept", str(next_day)
        elif stopped(looks[0]) or Window.BEFORE in windows or ceiling(life, next_day) or _full_day(life, next_day):
            yield "excused", str(next_day)
        else:
            yield "broken", f"after {run.day} {run.kind}"


def _full_day(life: Life, day: date) -> bool:
    """Whether the day's own reset and its training were the two sittings it may have."""
    did = [one for _, one, how in life.did if one.day == day and how in ("done", "partial")]
    return any(one.counts for one in did) and any(one.window is Window.AFTER and not one.counts for one in did)


def late_care(life: Life) -> Iterator[Found]:
    """Long and hilly runs that came a day or two late: care on the day they came, or the next morning."""
    for run in lived(life):
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


def warm_up(life: Life) -> Iterator[Found]:
    for run in lived(life):
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


def unloaded(life: Life) -> Iterator[Found]:
    for run in lived(life):
        for look in life.looks:
            if not timedelta(0) <= run.start_utc - look.at_utc <= timedelta(hours=3) or not knows_the_clock(life, look):
                continue
            for one in look.open:
                bad = loaded(one)
                where = f"{run.day} {look.at_utc:%H:%M} before {run.start_utc:%H:%M}: {one.window} {sorted(bad)}"
                yield ("broken" if bad else "kept"), where


def unscreened(life: Life) -> Iterator[Found]:
    for look in life.looks:
        if look.state.unscreened:
            for one in look.open:
                bad = loaded(one)
                yield ("broken" if bad else "kept"), f"{look.day} {one.window} {sorted(bad)}"


def pain(life: Life) -> Iterator[Found]:
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


def rests(life: Life) -> Iterator[Found]:
    """A drill that hurt: nothing of its family for a fortnight."""
    drills = knowledge().drills
    for _, one, outcome in life.did:
        if not outcome.startswith("hurt:"):
            continue
        hurt = drills[one.drills[int(outcome.partition(":")[2])].drill].family
        last = one.day + timedelta(days=13)
        for day in sorted({look.day for look in life.looks if one.day < look.day <= last}):
            for new in shown_on(life, day).values():
                yield (
                    ("broken" if hurt in families_in([new]) else "kept"),
                    f"{hurt} hurt on {one.day}, there on {day} ({new.window})",
                )
