"""The graded runs: judged in order of time by weights that were fitted without their athlete, and their truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bench.fit_classifier import calibrated, collect, fit_weights, person, tables
from bench.grade_baselines import said_by
from bench.grade_metrics import Answer
from bench.labelled import Athlete, Labelled
from rules.classify.active_learning import Asked, choose_questions, doubt
from rules.classify.inputs import Input
from rules.classify.judge import Judge
from rules.classify.model import ClassifierKnowledge
from rules.classify.primary_kind import ClassifySettings, facets_of
from rules.facts.kinds import HARD, HILLY, Facet, Kind
from rules.facts.labels import Labels

LEAST = 30
CLASSES = {
    "intensity": ["easy", "hard"],
    "long": ["no", "yes"],
    "hills": ["flat", "hilly"],
    "primary": [Kind.EASY.value, Kind.TEMPO.value, Kind.LONG.value, Kind.HILLS.value, Kind.SURFACE.value],
}


@dataclass(frozen=True, slots=True)
class Judged:
    one: Labelled
    labels: Labels
    given: Mapping[str, Input]
    before: int


def folds(athletes: Sequence[Athlete], start: ClassifierKnowledge) -> dict[str, ClassifierKnowledge]:
    """Weights and calibration for each person, from all the others: nested, the calibration leaves one out within."""
    # The habits that inputs rest on come from verdicts by the start's weights, which nobody's labels have touched.
    rows = collect(athletes, start)
    parts = tables(rows, start)
    labelled = {row.athlete for row in rows}
    everyone = calibrated(fit_weights(parts, start), rows, parts, start)
    made = {person(athlete.name): everyone for athlete in athletes}
    for name in sorted(labelled):
        made[name] = calibrated(fit_weights(parts, start, {name}), rows, parts, start, {name})
    return made


Told = Literal["never", "all", "asked"]


def judged(athlete: Athlete, known: ClassifierKnowledge, *, told: Told = "never", titles: bool = False) -> list[Judged]:
    """The athlete's runs in order of time, each judged first; then told its truth: never, always, or when asked."""
    judge = Judge(settings=ClassifySettings(use_titles=titles, use_provider_labels=titles, weights=known))
    found: list[Judged] = []
    answers = 0
    asked: list[Asked | None] = []
    doubts: list[float] = []
    for one in athlete.runs:
        seen = judge.look(one.run)
        said = {} if told == "never" else confirmation(one)
        if told == "asked" and said:
            name = f"{athlete.name} {one.run.start_utc}"
            asked.append(choose_questions(name, seen.labels, asked=asked, doubts=doubts))
            doubts.append(doubt(seen.labels))
            said = said if asked[-1] is not None else {}
        judge.take(one.run, seen, said)
        found.append(Judged(one, seen.labels, seen.given, answers))
        answers += bool(said)
    return found


def confirmation(one: Labelled) -> dict[Facet, str]:
    """What the runner would have said with one tap, and else as far as the truth is known."""
    if one.truth.kind is not None:
        return dict(facets_of(one.truth.kind))
    said: dict[Facet, str] = {}
    if one.truth.hard is not None:
        said[Facet.INTENSITY] = "tempo" if one.truth.hard else "easy"
    if one.truth.long is not None:
        said[Facet.LONG] = "yes" if one.truth.long else "no"
    if one.truth.hilly is not None:
        said[Facet.HILLS] = "hills" if one.truth.hilly else "flat"
    return said


def answers(runs: Sequence[Judged], facet: str) -> list[Answer]:
    """The labelled runs of one facet as answers."""
    found: list[Answer] = []
    for run in runs:
        true = truth_of(run.one, facet)
        if true is None:
            continue
        said, sure = verdict(run.labels, facet)
        week = (run.one.athlete, run.one.run.day.isocalendar()[:2])
        allowed = frozenset(kind.value for kind in run.one.truth.allowed) if facet == "primary" else frozenset()
        found.append(
            Answer(
                true,
                said,
                sure,
                week,
                run.one.athlete,
                run.labels.tier.value,
                allowed,
                run.one.truth.source,
                run.before,
            )
        )
    return found


def truth_of(one: Labelled, facet: str) -> str | None:
    truth = one.truth
    match facet:
        case "intensity":
            return None if truth.hard is None else "hard" if truth.hard else "easy"
        case "long":
            return None if truth.long is None else "yes" if truth.long else "no"
        case "hills":
            return None if truth.hilly is None else "hilly" if truth.hilly else "flat"
        case _:
            return truth.kind.value if truth.kind else None


def verdict(labels: Labels, facet: str) -> tuple[str | None, float]:
    if facet == "primary":
        return (labels.primary.value if labels.primary else None), labels.primary_confidence
    label = labels.facets[Facet(facet)]
    if label.value is None or facet == "long":
        return label.value, label.confidence
    yes = HARD if facet == "intensity" else HILLY
    names = CLASSES[facet]
    return (names[1] if label.value in yes else names[0]), label.confidence


def by_rule(rule: str, runs: Sequence[Judged], facet: str) -> list[Answer]:
    """What a simple rule says of the same runs, in the same order as ``answers``."""
    known = [run for run in runs if truth_of(run.one, facet) is not None]
    said = [said_by(rule, run.one, run.given, facet) for run in known]
    return [replace(one, said=word) for one, word in zip(answers(runs, facet), said, strict=True)]
