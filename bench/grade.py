"""How often the classifier is right: ``make grade`` prints the table of ``docs/classifier.md``.

Every athlete is judged with weights and calibration that were fitted without that athlete. Titles and other people's
labels are off. Runs are judged in order of time from what came before them only.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench.fit_classifier import PRIOR, calibrations, collect, fit_weights, person, tables
from bench.grade_baselines import BASELINES, said_by
from bench.grade_costs import cost_lines
from bench.grade_metrics import (
    Answer,
    abstention,
    accuracy,
    calibration_error,
    confusion,
    forgiving,
    interval,
    macro_f1,
    scores,
)
from bench.labelled import Athlete, Labelled, file_athletes, folder, log_athletes
from bench.reduced import hidden_type, only_summary, without_heart_rate
from rules.classify.inputs import Input, inputs
from rules.classify.judge import Judge
from rules.classify.model import ClassifierKnowledge, classifier_knowledge, parse
from rules.classify.primary_kind import ClassifySettings, facets_of
from rules.facts.kinds import HARD, HILLY, Facet, Kind, Surface, Tier
from rules.facts.labels import Labels

LEAST = 30
CLASSES = {
    "intensity": ["easy", "hard"],
    "long": ["no", "yes"],
    "hills": ["flat", "hilly"],
    "primary": [Kind.EASY.value, Kind.TEMPO.value, Kind.LONG.value, Kind.HILLS.value, Kind.SURFACE.value],
}
STEPS = (0, 5, 10, 30, 100)


@dataclass(frozen=True, slots=True)
class Judged:
    one: Labelled
    labels: Labels
    given: Mapping[str, Input]
    before: int


def folds(athletes: Sequence[Athlete], start: ClassifierKnowledge) -> dict[str, ClassifierKnowledge]:
    """Weights and calibration for each person, from all the others: nested, the calibration leaves one out within."""
    rows = collect(athletes, classifier_knowledge())
    parts = tables(rows, start)
    made: dict[str, ClassifierKnowledge] = {}
    for name in sorted({person(athlete.name) for athlete in athletes}):
        known = fit_weights(parts, start, {name})
        made[name] = replace(known, calibration=calibrations(rows, parts, start, {name}))
    return made


def judged(athlete: Athlete, known: ClassifierKnowledge, *, taught: bool = False, titles: bool = False) -> list[Judged]:
    """The athlete's runs in order of time; ``taught`` gives the judge each truth after its verdict."""
    judge = Judge(settings=ClassifySettings(use_titles=titles, use_provider_labels=titles, weights=known))
    found: list[Judged] = []
    answers = 0
    for one in athlete.runs:
        given = inputs(one.run, judge.history, judge.thresholds_for(one.run))
        said = confirmation(one) if taught else {}
        found.append(Judged(one, judge.label(one.run, said), given, answers))
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


# --- printing -------------------------------------------------------------------------------------


def heading(text: str) -> None:
    print(f"\n## {text}\n")


def facet_table(parts: Mapping[str, Sequence[Judged]]) -> None:
    heading("Facets, titles and other people's labels off")
    print("| runs | facet | n | macro-F1 | 95 % by athlete-week | 95 % by athlete | calibration error | open |")
    print("| --- |" + " --- |" * 7)
    for name, runs in parts.items():
        for facet, classes in CLASSES.items():
            got = answers(runs, facet)
            positive = sum(one.truth != classes[0] for one in got)
            if len(got) < LEAST or min(positive, len(got) - positive) < 5:
                if got:
                    print(f"| {name} | {facet} | {len(got)} ({positive} not {classes[0]}) | too few | | | | |")
                continue
            weeks, people = interval(got, classes, lambda a: a.week), interval(got, classes, lambda a: a.athlete)
            still = sum(one.said is None for one in got) / len(got)
            f1 = macro_f1(confusion(got, classes))
            print(
                f"| {name} | {facet} | {len(got)} | {f1:.2f} | {_range(weeks)}"
                f" | {_range(people)} | {calibration_error(got):.3f} | {still:.0%} |"
            )


def _range(ends: tuple[float, float]) -> str:
    return "one athlete" if ends[0] != ends[0] else f"{ends[0]:.2f}–{ends[1]:.2f}"


def class_table(parts: Mapping[str, Sequence[Judged]]) -> None:
    heading("By class")
    print("| runs | facet | class | n | precision | recall | F1 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, runs in parts.items():
        for facet, classes in CLASSES.items():
            counts = confusion(answers(runs, facet), classes)
            if counts.sum() < LEAST:
                continue
            table = scores(counts)
            for at, kind in enumerate(classes):
                if counts[at].sum():
                    p, r, f = table[:, at]
                    print(f"| {name} | {facet} | {kind} | {counts[at].sum():.0f} | {p:.2f} | {r:.2f} | {f:.2f} |")


def baseline_table(parts: Mapping[str, Sequence[Judged]]) -> None:
    heading("Beside simple rules (macro-F1)")
    print("| runs | facet | " + " | ".join(["classifier", *BASELINES]) + " |")
    print("| --- |" + " --- |" * (len(BASELINES) + 2))
    for name, runs in parts.items():
        for facet in ("intensity", "long", "primary"):
            got = answers(runs, facet)
            classes = CLASSES[facet]
            positive = sum(one.truth != classes[0] for one in got)
            if len(got) < LEAST or min(positive, len(got) - positive) < 5:
                continue
            line = [f"{macro_f1(confusion(got, classes)):.2f}"]
            for rule in BASELINES:
                known = [run for run in runs if truth_of(run.one, facet) is not None]
                said = [said_by(rule, run.one, run.given, facet) for run in known]
                table = [replace(one, said=word) for one, word in zip(got, said, strict=True)]
                line.append(f"{macro_f1(confusion(table, classes)):.2f}")
            print(f"| {name} | {facet} | " + " | ".join(line) + " |")


def confusion_table(name: str, runs: Sequence[Judged]) -> None:
    got, classes = answers(runs, "primary"), CLASSES["primary"]
    if len(got) < LEAST:
        return
    heading(f"Primary kind, {name}: rows true, columns said")
    print("| | " + " | ".join([*classes, "open"]) + " |")
    print("| --- |" + " --- |" * (len(classes) + 1))
    for kind, line in zip(classes, confusion(got, classes), strict=True):
        if line.sum():
            print(f"| {kind} | " + " | ".join(f"{value:.0f}" for value in line) + " |")
    strict, allowed = macro_f1(confusion(got, classes)), macro_f1(confusion(forgiving(got), classes))
    print(f"\nmacro-F1 {strict:.2f} strict, {allowed:.2f} over allowed answers; ", end="")
    print(f"share right {accuracy(got):.0%} strict, {accuracy(got, allowed=True):.0%} over allowed answers")
    print("\n| answered from confidence | share answered | share right |\n| --- | --- | --- |")
    for limit, share, right in abstention(got):
        print(f"| {limit:.1f} | {share:.0%} | {right:.0%} |")


def athlete_table(by_athlete: Mapping[str, Sequence[Judged]], facets: Sequence[str]) -> None:
    heading("By athlete (macro-F1; n)")
    print("| athlete | tiers | " + " | ".join(facets) + " |\n| --- | --- |" + " --- |" * len(facets))
    for number, runs in enumerate(by_athlete.values(), start=1):
        cells = []
        for facet in facets:
            got, classes = answers(runs, facet), CLASSES[facet]
            enough = sum(one.truth != classes[0] for one in got) >= 5 and len(got) >= 15
            cells.append(f"{macro_f1(confusion(got, classes)):.2f} ({len(got)})" if enough else f"({len(got)})")
        if any("." in cell for cell in cells):
            tiers = Counter(run.labels.tier.value for run in runs).most_common(2)
            print(f"| {number} | {', '.join(tier for tier, _ in tiers)} | " + " | ".join(cells) + " |")


def tier_table(runs: Sequence[Judged], facets: Sequence[str]) -> None:
    heading("By tier (macro-F1, calibration error; n)")
    print("| tier | " + " | ".join(facets) + " |\n| --- |" + " --- |" * len(facets))
    for tier in Tier:
        cells = []
        for facet in facets:
            got, classes = answers([run for run in runs if run.labels.tier is tier], facet), CLASSES[facet]
            enough = len(got) >= LEAST and sum(one.truth != classes[0] for one in got) >= 5
            f1, error = macro_f1(confusion(got, classes)), calibration_error(got)
            cells.append(f"{f1:.2f}, {error:.3f} ({len(got)})" if enough else f"({len(got)})")
        print(f"| {tier.value} | " + " | ".join(cells) + " |")


def learning_table(athletes: Sequence[Athlete], known: ClassifierKnowledge) -> None:
    """Of the judge as it is installed, its own file included: how it learns is not what the weights were fitted for."""
    heading("Learning curve of the shipped file: judged first, then told (macro-F1 by answers known before)")
    print("| athlete | facet | " + " | ".join(f"from {step}" for step in STEPS) + " | never told |")
    print("| --- | --- |" + " --- |" * (len(STEPS) + 1))
    for number, athlete in enumerate(athletes, start=1):
        if sum(one.truth.weight > 0 and truth_of(one, "primary") is not None for one in athlete.runs) < LEAST:
            continue
        taught, plain = judged(athlete, known, taught=True), judged(athlete, known)
        for facet in ("intensity", "long", "primary"):
            got, never, classes = answers(taught, facet), answers(plain, facet), CLASSES[facet]
            cells = []
            for step, until in zip(STEPS, [*STEPS[1:], 10**9], strict=True):
                part = [one for one in got if step <= one.before < until]
                cells.append(
                    f"{macro_f1(confusion(part, classes)):.2f} ({len(part)})" if len(part) >= 20 else f"({len(part)})"
                )
            print(f"| {number} | {facet} | " + " | ".join(cells) + f" | {macro_f1(confusion(never, classes)):.2f} |")


def surface_table(athletes: Sequence[Athlete], known: ClassifierKnowledge) -> None:
    """Ground from the trace alone: the type that says it, titles and shoes are taken away."""
    heading("Surface from the trace, type hidden: rows true by type, columns said")
    grounds = (Surface.TRACK, Surface.TRAIL, Surface.TREADMILL, None)
    counts: Counter[tuple[Surface | None, str]] = Counter()
    for athlete in athletes:
        judge = Judge(settings=ClassifySettings(use_titles=False, use_provider_labels=False, weights=known))
        for one in athlete.runs:
            said = judge.label(hidden_type(one).run).facets[Facet.SURFACE].value or Surface.UNKNOWN.value
            counts[one.truth.surface, said] += 1
    columns = sorted({said for _, said in counts})
    print("| typed | " + " | ".join(columns) + " |\n| --- |" + " --- |" * len(columns))
    for ground in grounds:
        line = [counts[ground, said] for said in columns]
        if sum(line):
            print(f"| {ground or 'nothing'} | " + " | ".join(map(str, line)) + " |")


def pulse_table(files: Sequence[Athlete], known: Mapping[str, ClassifierKnowledge]) -> None:
    heading("Without heart rate")
    means = []
    for change in (False, True):
        sure = []
        for athlete in files:
            runs = [replace(one, run=without_heart_rate(one.run)) for one in athlete.runs] if change else athlete.runs
            for run in judged(Athlete(athlete.name, list(runs)), known[person(athlete.name)]):
                if run.one.run.tier in (Tier.FULL, Tier.NO_HEART_RATE):
                    sure.append(run.labels.facets[Facet.INTENSITY].confidence)
        means.append(sum(sure) / len(sure))
    print(f"mean confidence in the intensity: {means[0]:.3f} with heart rate, {means[1]:.3f} without")


def main() -> int:
    root = folder()
    if root is None:
        print("no folder of real recordings: set SPRINGSTEP_REAL_DATA", file=sys.stderr)
        return 2
    logs = [athlete for athlete in log_athletes(root) if any(one.truth.source != "none" for one in athlete.runs)]
    if sys.argv[1:] == ["learning"]:
        learning_table(logs, classifier_knowledge())
        return 0
    files, uncut = file_athletes(root), file_athletes(root, laps=False)
    report(logs, files, uncut)
    heading("What it costs, on this machine as busy as it is")
    print("\n".join(f"- {line}" for line in cost_lines(root, files)))
    return 0


def start_of_fits() -> ClassifierKnowledge:
    """What each fit starts from; what no fit changes, such as how a runner's own model learns, is as shipped."""
    start = parse(tomllib.loads(PRIOR.read_text(encoding="utf-8")), PRIOR.name)
    return replace(classifier_knowledge(), summary=start.summary, samples=start.samples, calibration=start.calibration)


def report(logs: Sequence[Athlete], files: Sequence[Athlete], uncut: Sequence[Athlete]) -> None:
    start = start_of_fits()
    rows = [only_summary(athlete) for athlete in files]
    known = folds([*logs, *files, *rows], start)
    by_athlete = {athlete.name: judged(athlete, known[person(athlete.name)]) for athlete in [*logs, *files]}
    log_runs = [run for athlete in logs for run in by_athlete[athlete.name]]
    file_runs = [run for athlete in files for run in by_athlete[athlete.name]]
    row_runs = [run for athlete in rows for run in judged(athlete, known[person(athlete.name)])]
    lapless = [run for athlete in uncut for run in judged(athlete, known[person(athlete.name)])]
    parts = {
        "log rows": log_runs,
        "recordings": file_runs,
        "recordings, laps hidden": lapless,
        "the recordings as rows": row_runs,
    }
    for source in ("hand", "title", "steps", "watch"):
        chosen = [run for run in [*log_runs, *file_runs] if run.one.truth.source == source]
        if len(chosen) >= LEAST:
            parts[f"truth: {source}"] = chosen
    facet_table(parts)
    class_table({"log rows": log_runs, "recordings": file_runs})
    baseline_table(parts)
    confusion_table("log rows", log_runs)
    tier_table([*log_runs, *file_runs], list(CLASSES))
    athlete_table(by_athlete, list(CLASSES))
    learning_table([*logs, *files], classifier_knowledge())
    surface_table(files, start)
    pulse_table(files, known)
    titled = [run for athlete in logs for run in judged(athlete, known[person(athlete.name)], titles=True)]
    heading("With titles and other people's labels on")
    got = [one for one in answers(titled, "primary") if one.source == "hand"]
    print(f"primary on {len(got)} hand-labelled rows: {macro_f1(confusion(got, CLASSES['primary'])):.2f}")


if __name__ == "__main__":
    sys.exit(main())
