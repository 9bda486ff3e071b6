"""The learning curve: each run judged first, then told, by weights fitted without its athlete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.fit_classifier import person
from bench.grade_baselines import BASELINES
from bench.grade_metrics import Answer, confusion, macro_f1, paired
from bench.grade_runs import CLASSES, LEAST, Judged, Told, answers, by_rule, judged, truth_of
from bench.grade_tables import heading, signed
from bench.labelled import Athlete
from rules.classify.model import ClassifierKnowledge

STEPS = (0, 5, 10, 30, 100)
TAUGHT: tuple[Told, ...] = ("all", "asked")
FACETS = ("intensity", "long", "primary")
SETTLED, ENOUGH = 30, 40
"""From the 30th answer on no athlete with 40 such rows may lie below never told by more than chance."""


def learning_tables(
    athletes: Sequence[Athlete], known: Mapping[str, ClassifierKnowledge], never: Mapping[str, list[Judged]]
) -> None:
    """The curve over all athletes, what one answer in three loses, and each athlete's own gain."""
    labelled = [one for one in athletes if sum(truth_of(run, "primary") is not None for run in one.runs) >= LEAST]
    lives: dict[Told, list[list[Judged]]] = {
        told: [
            never[one.name] if told == "never" else judged(one, known[person(one.name)], told=told) for one in labelled
        ]
        for told in ("never", "all", "asked")
    }
    _curve("Learning curve, all told: judged first, then told", lives, "all")
    _curve("Learning curve, asked as springstep asks (one in three at most)", lives, "asked")
    _third(lives)
    _by_athlete({one.name: at for at, one in enumerate(athletes, start=1)}, labelled, lives)


def _curve(title: str, lives: Mapping[Told, list[list[Judged]]], told: Told) -> None:
    """Macro-F1 over the runs before which so many answers were known, beside never told and the simple rules."""
    heading(f"{title} (macro-F1 over all athletes by answers known before)")
    print("| answers before | facet | n | best simple rule | never told | told | gain, 95 % by week |")
    print("| --- |" + " --- |" * 6)
    got = {facet: [[answers(life, facet) for life in lives[which]] for which in (told, "never")] for facet in FACETS}
    ruled = {facet: [[by_rule(rule, life, facet) for life in lives["never"]] for rule in BASELINES] for facet in FACETS}
    for step, until in zip(STEPS, [*STEPS[1:], 10**9], strict=True):
        for facet in FACETS:
            classes = CLASSES[facet]
            chosen = [_between(of_one, step, until) for of_one in got[facet][0]]
            taught, never = (_at(of_each, chosen) for of_each in got[facet])
            if len(taught) < LEAST:
                print(f"| {step} | {facet} | {len(taught)} | | | | |")
                continue
            best = max(macro_f1(confusion(_at(of_each, chosen), classes)) for of_each in ruled[facet])
            gain, *ends = paired(taught, never, classes, lambda a: a.week)
            f1 = [macro_f1(confusion(part, classes)) for part in (never, taught)]
            print(f"| {step} | {facet} | {len(taught)} | {best:.2f} | {f1[0]:.2f} | {f1[1]:.2f}"
                  f" | {gain:+.2f} {signed(ends)} |")  # fmt: skip


def _between(got: Sequence[Answer], step: int, until: int) -> list[int]:
    return [at for at, one in enumerate(got) if step <= one.before < until]


def _at(tables: Sequence[Sequence[Answer]], chosen: Sequence[Sequence[int]]) -> list[Answer]:
    return [of_one[at] for of_one, ats in zip(tables, chosen, strict=True) for at in ats]


def _picked(lives: Sequence[list[Judged]], facet: str, chosen: Sequence[list[int]]) -> list[Answer]:
    return _at([answers(life, facet) for life in lives], chosen)


def _third(lives: Mapping[Told, list[list[Judged]]]) -> None:
    heading(f"The same runs, from the {SETTLED}th labelled one of each athlete on (macro-F1)")
    print("| facet | n | never told | asked | all told | asked less all, 95 % by week |\n| --- |" + " --- |" * 5)
    for facet in FACETS:
        classes = CLASSES[facet]
        chosen = [_between(answers(life, facet), SETTLED, 10**9) for life in lives["all"]]
        never, asked, told = (_picked(lives[which], facet, chosen) for which in ("never", "asked", "all"))
        loss, *ends = paired(asked, told, classes, lambda a: a.week)
        cells = " | ".join(f"{macro_f1(confusion(part, classes)):.2f}" for part in (never, asked, told))
        print(f"| {facet} | {len(told)} | {cells} | {loss:+.2f} {signed(ends)} |")


def _by_athlete(
    numbers: Mapping[str, int], athletes: Sequence[Athlete], lives: Mapping[Told, list[list[Judged]]]
) -> None:
    heading(f"By athlete, from the {SETTLED}th answer on: never told → told (n), gain with 95 % by week; below chance?")
    print("| athlete | " + " | ".join(FACETS) + " |\n| --- |" + " --- |" * len(FACETS))
    for at, athlete in enumerate(athletes):
        cells = []
        for facet in FACETS:
            classes = CLASSES[facet]
            chosen = [_between(answers(lives["all"][at], facet), SETTLED, 10**9)]
            told, never = (_picked([lives[which][at]], facet, chosen) for which in ("all", "never"))
            if len(told) < ENOUGH:
                cells.append(f"({len(told)})")
                continue
            gain, low, high = paired(told, never, classes, lambda a: a.week)
            f1 = [macro_f1(confusion(part, classes)) for part in (never, told)]
            below = ", below" if high < 0 else ""
            cells.append(f"{f1[0]:.2f} → {f1[1]:.2f} ({len(told)}), {gain:+.2f} {signed((low, high))}{below}")
        print(f"| {numbers[athlete.name]} | " + " | ".join(cells) + " |")
