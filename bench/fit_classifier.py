"""Fits the classifier's weights and calibration on a folder of real recordings: ``make fit``.

Starts from ``bench/classifier_prior.toml`` (what the literature and plain sense say) and writes
``rules/knowledge/classifier.toml``. Each weight is held at its start by a ridge and may not change sign. How strongly
is set here: with so few labelled athletes, weights for effort that were free to move did worse on an athlete left out
than those of the literature, so they stay; weights for length gain, so they move. Calibration (a slope) is fitted on
runs of athletes that the weights had not seen, each athlete counting alike.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.labelled import Athlete, file_athletes, folder, log_athletes
from bench.reduced import only_summary
from bench.ridge import held_logistic
from bench.toml_out import written
from rules.classify.inputs import inputs
from rules.classify.judge import ClassifySettings, Judge
from rules.classify.model import ClassifierKnowledge, FacetQuestion, parse
from rules.facts.kinds import Tier
from rules.facts.recorded import Floats

HERE = Path(__file__).parent
PRIOR = HERE / "classifier_prior.toml"
OUT = HERE.parent / "rules" / "knowledge" / "classifier.toml"
HOLD = {"hard": 100_000.0, "long": 200.0, "hilly": 100_000.0}
"""Ridge around the prior, in labelled runs: 200 means that 200 runs weigh as much as the start."""
HOLD_BIAS = {"hard": 10_000.0, "long": 20.0, "hilly": 20.0}
RELIABILITY = {"hand": 1.0, "title": 0.9, "steps": 0.9, "watch": 0.85}
"""How often a label from each source is right (about 20 read per title word; the watch's against steps)."""
SLOPES = np.arange(0.5, 1.61, 0.01)
HOLD_SLOPE = 16.0
TRUSTED = 0.75
FULL_WEIGHT = 100
"""An athlete with more labelled runs counts as the root of their number: a thousand of one are no thousand runners."""
QUESTIONS = ("hard", "long", "hilly")


@dataclass(frozen=True, slots=True)
class Row:
    athlete: str
    sampled: bool
    tier: Tier
    given: dict[str, float]
    truth: dict[str, bool | None]
    weight: float
    source: str


def collect(athletes: Sequence[Athlete], known: ClassifierKnowledge) -> list[Row]:
    """The judge's inputs for every labelled run, as it stood in time, without titles and other people's labels."""
    rows: list[Row] = []
    for athlete in athletes:
        if all(one.truth.source == "none" for one in athlete.runs):
            continue
        judge = Judge(settings=ClassifySettings(use_titles=False, use_provider_labels=False, weights=known))
        for one in athlete.runs:
            now = judge.thresholds_for(one.run)
            given = {name: item.value for name, item in inputs(one.run, judge.history, now).items()}
            judge.label(one.run)
            truth = {"hard": one.truth.hard, "long": one.truth.long, "hilly": one.truth.hilly}
            if any(answer is not None for answer in truth.values()):
                sampled = one.run.tier is not Tier.SUMMARY
                rows.append(
                    Row(person(athlete.name), sampled, one.run.tier, given, truth, one.truth.weight, one.truth.source)
                )
    return rows


def person(name: str) -> str:
    """One person's logs, recordings and their summary rows are never on both sides of a split."""
    return name.removesuffix("-files").removesuffix("-rows")


def _matrix(rows: Sequence[Row], question: str, names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    used = [row for row in rows if row.truth[question] is not None]
    table = [[1.0, *(row.given.get(name, 0.0) for name in names)] for row in used]
    x = np.array(table, dtype=np.float64).reshape(-1, len(names) + 1)
    y = np.array([float(bool(row.truth[question])) for row in used], dtype=np.float64)
    counts = Counter(row.athlete for row in used)
    scale = {name: min(1.0, (FULL_WEIGHT / count) ** 0.5) for name, count in counts.items()}
    w = np.array([row.weight * scale[row.athlete] for row in used], dtype=np.float64)
    return x, y, w


def fitted(rows: Sequence[Row], question: str, start: FacetQuestion) -> FacetQuestion:
    """The weights nearest to ``start`` that the rows insist on; signs are kept."""
    names = list(start.weights)
    x, y, w = _matrix(rows, question, names)
    if len(y) < 30 or not 0 < y.mean() < 1:
        return start
    before = np.array([start.bias, *start.weights.values()], dtype=np.float64)
    hold = np.full(len(before), HOLD[question], dtype=np.float64)
    hold[0] = HOLD_BIAS[question]

    open_ended = np.full(len(before), np.inf, dtype=np.float64)
    low = np.where(before > 0, 0.0, -open_ended)
    high = np.where(before < 0, 0.0, open_ended)
    low[0], high[0] = -np.inf, np.inf
    found = held_logistic(x, y, w, before, hold, low, high)
    return FacetQuestion(
        round(float(found[0]), 3), {n: round(float(v), 3) for n, v in zip(names, found[1:], strict=True)}
    )


def fit_weights(rows: Sequence[Row], start: ClassifierKnowledge) -> ClassifierKnowledge:
    """Every question's weights, for summary rows and for recordings."""
    summary = {q: fitted([r for r in rows if not r.sampled], q, start.summary[q]) for q in QUESTIONS}
    samples = {q: fitted([r for r in rows if r.sampled], q, start.samples[q]) for q in QUESTIONS}
    # Length reads the same inputs on both: the many rows speak for the few recordings.
    samples["long"] = FacetQuestion(summary["long"].bias, dict(summary["long"].weights))
    # How rare hills are is learned from rows too: no recording in the folder is titled so.
    rarer = summary["hilly"].bias - start.summary["hilly"].bias
    samples["hilly"] = FacetQuestion(round(start.samples["hilly"].bias + rarer, 3), start.samples["hilly"].weights)
    return replace(start, summary=summary, samples=samples)


def score(question: FacetQuestion, row: Row) -> float:
    return question.bias + sum(weight * row.given.get(name, 0.0) for name, weight in question.weights.items())


def held_out_scores(rows: Sequence[Row], start: ClassifierKnowledge) -> list[tuple[Row, dict[str, float]]]:
    """Scores of each athlete's rows by weights that were fitted without that athlete."""
    found: list[tuple[Row, dict[str, float]]] = []
    for name in sorted({row.athlete for row in rows}):
        known = fit_weights([row for row in rows if row.athlete != name], start)
        for row in rows:
            if row.athlete == name:
                found.append((row, {q: score(known.question(q, sampled=row.sampled), row) for q in QUESTIONS}))
    return found


def calibration(scored: Sequence[tuple[Row, dict[str, float]]], question: str, *, sampled: bool) -> float:
    """Slope that brings held-out scores nearest to the labels, held near 1, each athlete counting alike.

    A label that is right nine times in ten makes a judge that is always right look right nine times in ten: the slope
    is fitted to what is true, through how often such a label is (``RELIABILITY``). No shift: how many runs are hard
    differs from 13 to 50 % between the labelled athletes; a common shift would carry the habits of some to all others.
    """
    # Log rows have hand labels and telling titles; the watch's labels are looser and only serve where nothing else is.
    sampled = sampled and question != "long"
    used = [
        (row, s[question])
        for row, s in scored
        if row.truth[question] is not None and row.sampled == sampled and (sampled or row.weight >= TRUSTED)
    ]
    if len(used) < 40:
        return 1.0
    counts = Counter(row.athlete for row, _ in used)
    y = np.array([float(bool(row.truth[question])) for row, _ in used], dtype=np.float64)
    s = np.array([value for _, value in used], dtype=np.float64)
    w = np.array([min(1.0, FULL_WEIGHT / counts[row.athlete]) for row, _ in used], dtype=np.float64)
    right = np.array([RELIABILITY[row.source] for row, _ in used], dtype=np.float64)

    def loss(slope: float) -> float:
        p = 1 / (1 + np.exp(-np.clip(slope * s, -30, 30)))
        labelled_yes = right * p + (1 - right) * (1 - p)
        likely = np.clip(np.where(y > 0, labelled_yes, 1 - labelled_yes), 1e-6, 1.0)
        return float(-(w * np.log(likely)).sum() + 0.5 * HOLD_SLOPE * (slope - 1) ** 2)

    return round(float(min(SLOPES, key=loss)), 2)


def fit(athletes: Sequence[Athlete], start: ClassifierKnowledge) -> tuple[ClassifierKnowledge, dict[str, Any]]:
    """The fitted knowledge, and the calibration rows to store."""
    rows = collect(athletes, start)
    known = fit_weights(rows, start)
    rows = collect(athletes, known)  # the weekday habit rests on earlier verdicts: once more with the fitted ones
    known = fit_weights(rows, start)
    scored = held_out_scores(rows, start)
    table: dict[str, Any] = {}
    for question in QUESTIONS:
        table[question] = {}
        for tier in Tier:
            slope = calibration(scored, question, sampled=tier is not Tier.SUMMARY)
            # Titles that say "hills" are too rare and too loose to calibrate on: see docs/classifier.md.
            row = start.calibration[question][tier.value]
            table[question][tier.value] = {"slope": 1.0 if question == "hilly" else slope, "cap": row.cap}
    return known, table


def training_athletes(root: Path) -> list[Athlete]:
    """Logs, recordings, and the recordings once more as the summary rows they would have been."""
    files = file_athletes(root)
    return [*log_athletes(root), *files, *(only_summary(athlete) for athlete in files)]


def main() -> int:
    root = folder()
    if root is None:
        print("no folder of real recordings: set SPRINGSTEP_REAL_DATA", file=sys.stderr)
        return 2
    table = tomllib.loads(PRIOR.read_text(encoding="utf-8"))
    known, calibrations = fit(training_athletes(root), parse(table, PRIOR.name))
    for part, questions in (("summary", known.summary), ("samples", known.samples)):
        for name, question in questions.items():
            table[part][name] = {"bias": question.bias, "weights": dict(question.weights)}
    table["calibration"] = calibrations
    parse(table)
    written(OUT, table)
    print(f"wrote {OUT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
