"""A life as a diary in short form: one line a week, for whoever reads it as a physiotherapist would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bench.lives_day import Life
from bench.lives_measure import shown_on, weeks
from rules.facts.foot_work import Prescription, Window

LETTER = {
    Window.BEFORE: "before",
    Window.AFTER: "after",
    Window.MORNING: "morning",
    Window.BASE: "foot day",
    Window.PRIMER: "primer",
}
MARK = {"done": "+", "partial": "~", "skip": "-", "hurt": "!"}


def diary(life: Life) -> Iterator[str]:
    """``Mo easy 4 > after* 6.0 toe-curl arch-lift +``: the run, its work (* = training), drills, what became of it."""
    yield f"{life.runner.name} ({life.world}): {life.runner.what}"
    for number, first, _ in weeks(life):
        days = []
        for ahead in range(7):
            day = date.fromordinal(first.toordinal() + ahead)
            runs = [f"{run.kind} {run.km:.0f}" for run in life.runs if run.day == day]
            work = [_work(life, one) for one in shown_on(life, day).values() if one.window is not Window.PRIMER]
            changes = [
                f"[{one.verdict}: {one.after.minutes:g} min +{one.after.extra_reps}]"
                for one in life.changes
                if one.day == day and one.verdict not in ("start", "offer")
            ]
            if runs or work or changes:
                days.append(f"{day:%a} " + " > ".join([*runs, *work, *changes]))
        yield f"  week {number + 1:2}  " + " | ".join(days)


def _work(life: Life, one: Prescription) -> str:
    how = [said for _, done, said in life.did if done.prescription_id == one.prescription_id]
    mark = MARK[how[-1].partition(":")[0]] if how else "."
    drills = ", ".join(drill.drill for drill in one.drills)
    return f"{LETTER[one.window]}{'*' if one.counts else ''} {one.minutes:g}: {drills} {mark}"
