"""The tables of the grade, printed as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.fit_classifier import person
from bench.grade_baselines import BASELINES
from bench.grade_metrics import (
    abstention,
    accuracy,
    calibration_error,
    confusion,
    forgiving,
    interval,
    macro_f1,
    paired,
    reliability,
    scores,
)
from bench.grade_runs import CLASSES, LEAST, Judged, answers, by_rule, judged, verdict
from bench.labelled import Athlete
from bench.reduced import hidden_type, without_heart_rate
from rules.classify.history import climb_per_km
from rules.classify.judge import Judge
from rules.classify.model import ClassifierKnowledge
from rules.classify.primary_kind import ClassifySettings
from rules.facts.kinds import Facet, Surface, Tier


def heading(text: str) -> None:
    print(f"\n### {text}\n", flush=True)


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
    heading("Beside simple rules (macro-F1), and the paired gain over the best of them with its 95 % interval")
    print("| runs | facet | " + " | ".join(["classifier", *BASELINES]) + " | gain, by week | gain, by athlete |")
    print("| --- |" + " --- |" * (len(BASELINES) + 4))
    for name, runs in parts.items():
        for facet, classes in CLASSES.items():
            got = answers(runs, facet)
            positive = sum(one.truth != classes[0] for one in got)
            if facet == "hills" or len(got) < LEAST or min(positive, len(got) - positive) < 5:
                continue
            said = {rule: by_rule(rule, runs, facet) for rule in BASELINES}
            f1 = {rule: macro_f1(confusion(table, classes)) for rule, table in said.items()}
            best = said[max(f1, key=lambda rule: f1[rule])]
            gain, *weeks = paired(got, best, classes, lambda a: a.week)
            _, *people = paired(got, best, classes, lambda a: a.athlete)
            cells = [f"{macro_f1(confusion(got, classes)):.2f}", *(f"{value:.2f}" for value in f1.values())]
            print(f"| {name} | {facet} | {' | '.join(cells)} | {gain:+.2f} {signed(weeks)} | {signed(people)} |")


def signed(ends: Sequence[float]) -> str:
    """ "-0.01 to +0.08"."""
    return "one athlete" if ends[0] != ends[0] else f"{ends[0]:+.2f} to {ends[1]:+.2f}"


def reliability_table(parts: Mapping[str, Sequence[Judged]]) -> None:
    heading("Reliability: mean confidence → share right (runs), bins of equal count, each athlete weighing alike")
    print("| runs | facet | error | by chance | less chance | bins |\n| --- | --- | --- | --- | --- | --- |")
    for name, runs in parts.items():
        for facet in CLASSES:
            found = reliability(answers(runs, facet))
            if sum(count for *_, count in found.bins) < LEAST:
                continue
            bins = ", ".join(f"{sure:.2f} → {right:.2f} ({count})" for sure, right, count in found.bins)
            less = max(found.error - found.by_chance, 0.0)
            print(f"| {name} | {facet} | {found.error:.3f} | {found.by_chance:.3f} | {less:.3f} | {bins} |")


def titled_hills(runs: Sequence[Judged]) -> None:
    """Runs whose title or runner says hills, by their climb; negatives by climb prove nothing and are left out."""
    heading("Hills that a title or the runner names, and what was said (titles off)")
    print("| climb | named hills | said hilly |\n| --- | --- | --- |")
    named = [(climb_per_km(run.one.run), run) for run in runs if run.one.truth.hilly]
    for text, low, high in (("not known", None, None), *(HILL_BANDS)):
        part = [run for per_km, run in named if (per_km is None if low is None else _within(per_km, low, high))]
        said = sum(verdict(run.labels, "hills")[0] == "hilly" for run in part)
        print(f"| {text} | {len(part)} | {said} |")


HILL_BANDS = (("below 8 m/km", 0.0, 8.0), ("8 to 12", 8.0, 12.0), ("12 to 20", 12.0, 20.0), ("20 and more", 20.0, 1e9))


def _within(value: float | None, low: float, high: float | None) -> bool:
    return value is not None and low <= value < (high or 0.0)


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
        print(f"| {limit:.1f} | {share:.0%} | {f'{right:.0%}' if share else '–'} |")


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
