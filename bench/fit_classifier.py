"""Fits the classifier's weights and calibration on a folder of real recordings: ``make fit``.

Starts from ``bench/classifier_prior.toml`` (what the literature and plain sense say) and writes
``rules/knowledge/classifier.toml``. Each weight is held at its start by a ridge and may not change sign. How strongly
is set here: weights for effort that were free to move did worse on an athlete left out than those of the literature,
so they move little; weights of inputs that no literature weighs, such as laps, move more. Hills are not fitted: how
rarely titles say "hills" tells nothing of how hilly a run is. Calibration (a slope and an offset) is fitted on runs of
athletes that the weights had not seen, each athlete counting alike.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bench.labelled import Athlete, file_athletes, folder, log_athletes
from bench.more_logs import more_athletes
from bench.reduced import only_summary
from bench.ridge import held_logistic, held_shares
from bench.toml_out import written
from rules.classify.judge import Judge
from rules.classify.model import Calibration, ClassifierKnowledge, FacetQuestion, capped, log_odds, parse, scaled
from rules.classify.primary_kind import PRIORITY, ClassifySettings, chances, inside, raced
from rules.facts.kinds import Facet, Kind, Tier
from rules.facts.recorded import Floats

HERE = Path(__file__).parent
PRIOR = HERE / "classifier_prior.toml"
OUT = HERE.parent / "rules" / "knowledge" / "classifier.toml"
HOLD = {"hard": 1000.0, "long": 200.0}
"""Ridge around the start, in labelled runs: 200 means that 200 runs weigh as much as the start."""
HOLD_NEW = 30.0
NEW = frozenset({"laps_vs_usual", "burst", "burst_vs_usual"})
"""Inputs whose start is a guess of ours."""
HOLD_BIAS = {"hard": 1000.0, "long": 20.0}
HOLD_SLOPE, HOLD_OFFSET = 500.0, 1000.0
HOLD_RIVALS = (30.0, 5.0)
"""How firmly the slope and the additions of the rivals for a name are held: a few runs of each kind move them."""
FULL_WEIGHT = 100
"""An athlete with more labelled runs counts as the root of their number: a thousand of one are no thousand runners."""
MOST_ROWS = 300
"""So many rows of one athlete at most count for the calibration, spread over all of theirs."""
LEAST_ROWS = 40
QUESTIONS = ("hard", "long", "hilly")
FITTED = ("hard", "long")


@dataclass(frozen=True, slots=True)
class Row:
    athlete: str
    sampled: bool
    tier: Tier
    given: dict[str, float]
    truth: dict[str, bool | None]
    weight: float
    kind: Kind | None = None
    """What it was by its primary kind, as far as known."""
    soft: float = 0.0
    """How likely the ground was one that names a run."""
    hills_name: bool = True
    raced: bool = False


def collect(athletes: Sequence[Athlete], known: ClassifierKnowledge) -> list[Row]:
    """The judge's inputs for every labelled run, as it stood in time, without titles and other people's labels."""
    rows: list[Row] = []
    for athlete in athletes:
        if all(one.truth.source == "none" for one in athlete.runs):
            continue
        judge = Judge(settings=ClassifySettings(use_titles=False, use_provider_labels=False, weights=known))
        for one in athlete.runs:
            seen = judge.look(one.run)
            given = {name: item.value for name, item in seen.given.items()}
            judge.take(one.run, seen, {})
            truth = {"hard": one.truth.hard, "long": one.truth.long, "hilly": one.truth.hilly}
            if any(answer is not None for answer in truth.values()) or one.truth.kind is not None:
                sampled = one.run.tier is not Tier.SUMMARY
                soft, hills = chances(seen.labels.facets)[Kind.SURFACE], seen.labels.facets[Facet.HILLS]
                rows.append(
                    Row(
                        *(person(athlete.name), sampled, one.run.tier, given, truth, one.truth.weight),
                        *(one.truth.kind, soft, hills.names and hills.value is not None, raced(seen.labels.facets)),
                    )
                )
    return rows


def person(name: str) -> str:
    """One person's logs, recordings and their summary rows are never on both sides of a split."""
    return name.removesuffix("-files").removesuffix("-rows")


@dataclass(frozen=True, slots=True)
class Table:
    """The labelled rows of one question as columns: ``x`` (rows, 1 + inputs), 0 or 1, weight, whose."""

    start: FacetQuestion
    x: Floats
    y: Floats
    weight: Floats
    athlete: NDArray[np.str_]
    fits: dict[tuple[str, frozenset[str]], FacetQuestion] = field(default_factory=dict)
    """What was fitted before: two athletes are left out twice, once from either side."""

    @classmethod
    def of(cls, rows: Sequence[Row], question: str, start: FacetQuestion) -> Table:
        used = [row for row in rows if row.truth[question] is not None]
        cells = [[1.0, *(row.given.get(name, 0.0) for name in start.weights)] for row in used]
        counts = Counter(row.athlete for row in used)
        scale = {name: min(1.0, (FULL_WEIGHT / count) ** 0.5) for name, count in counts.items()}
        return cls(
            start=start,
            x=np.array(cells, dtype=np.float64).reshape(-1, len(start.weights) + 1),
            y=np.array([float(bool(row.truth[question])) for row in used], dtype=np.float64),
            weight=np.array([row.weight * scale[row.athlete] for row in used], dtype=np.float64),
            athlete=np.array([row.athlete for row in used], dtype=np.str_),
        )

    def fitted(self, question: str, without: Collection[str] = ()) -> FacetQuestion:
        """The weights nearest to the start that the rows of all but ``without`` insist on; signs are kept."""
        key = question, frozenset(without).intersection(self.athlete.tolist())
        if key not in self.fits:
            self.fits[key] = self._fitted(question, key[1])
        return self.fits[key]

    def _fitted(self, question: str, without: Collection[str]) -> FacetQuestion:
        kept = ~np.isin(self.athlete, list(without))
        if kept.sum() < 30 or not 0 < self.y[kept].mean() < 1:
            return self.start
        names = list(self.start.weights)
        before = np.array([self.start.bias, *self.start.weights.values()], dtype=np.float64)
        hold = np.array(
            [HOLD_BIAS[question], *(HOLD_NEW if name in NEW else HOLD[question] for name in names)], dtype=np.float64
        )
        endless = np.full(len(before), np.inf, dtype=np.float64)
        low, high = np.where(before > 0, 0.0, -endless), np.where(before < 0, 0.0, endless)
        low[0], high[0] = -np.inf, np.inf
        found = held_logistic(self.x[kept], self.y[kept], self.weight[kept], before, hold, low, high)
        weights = {name: round(float(value), 2) for name, value in zip(names, found[1:], strict=True)}
        return FacetQuestion(round(float(found[0]), 2), weights)


Tables = Mapping[tuple[str, bool], Table]


def tables(rows: Sequence[Row], start: ClassifierKnowledge) -> Tables:
    """One table for each question and kind of input: summary rows, recordings."""
    return {
        (question, sampled): Table.of(
            [row for row in rows if row.sampled == sampled], question, start.question(question, sampled=sampled)
        )
        for question in FITTED
        for sampled in (False, True)
    }


def fit_weights(parts: Tables, start: ClassifierKnowledge, without: Collection[str] = ()) -> ClassifierKnowledge:
    """Every question's weights, for summary rows and for recordings, from all but ``without``."""
    summary = {**start.summary, **{q: parts[q, False].fitted(q, without) for q in FITTED}}
    # Length reads the same inputs on both: the many rows speak for the few recordings.
    samples = {**start.samples, "hard": parts["hard", True].fitted("hard", without), "long": summary["long"]}
    return replace(start, summary=summary, samples=samples)


def score(question: FacetQuestion, row: Row) -> float:
    return question.bias + sum(weight * row.given.get(name, 0.0) for name, weight in question.weights.items())


def calibrated(
    known: ClassifierKnowledge, rows: Sequence[Row], parts: Tables, start: ClassifierKnowledge,
    without: Collection[str] = (),
) -> ClassifierKnowledge:  # fmt: skip
    """``known`` with slope and offset by question and tier, and with what names runs.

    Both come from each athlete's scores by weights that were fitted on none of their runs.

    Nobody in ``without`` is looked at, neither for the weights nor for the slopes.
    """
    seen = [row for row in rows if row.athlete not in without]
    scored: list[tuple[Row, dict[str, float]]] = []
    for name in sorted({row.athlete for row in seen}):
        known = fit_weights(parts, start, {*without, name})
        own = [row for row in seen if row.athlete == name]
        scored += [(row, {q: score(known.question(q, sampled=row.sampled), row) for q in QUESTIONS}) for row in own]
    found: dict[str, dict[str, Calibration]] = {}
    for question in QUESTIONS:
        found[question] = {}
        for tier in Tier:
            cap = start.calibration[question][tier.value].cap
            # Titles that say "hills" are too rare and too loose to calibrate on: see docs/classifier.md.
            fits = (1.0, 0.0) if question == "hilly" else slope_and_offset(scored, question, tier is not Tier.SUMMARY)
            found[question][tier.value] = Calibration(fits[0], fits[1], cap)
    slope, naming = naming_fit(scored, found)
    caps = {tier: start.calibration["primary"][tier.value].cap for tier in Tier}
    # Too few recordings have a kind to fit their scale on; how runners name their runs is the same for both.
    found["primary"] = {t.value: Calibration(slope if t is Tier.SUMMARY else 1.0, 0.0, cap) for t, cap in caps.items()}
    return replace(known, calibration=found, naming={**start.naming, **naming})


def naming_fit(
    scored: Sequence[tuple[Row, dict[str, float]]], found: Mapping[str, Mapping[str, Calibration]]
) -> tuple[float, dict[str, float]]:
    """How calibrated facets compete for a row's name: one slope, and by kind what is added; each athlete alike."""
    by_athlete: dict[str, list[tuple[list[float], int]]] = {}
    for row, scores in scored:
        if row.kind is None or row.sampled:
            continue
        p = {q: capped(scaled(scores[q], found[q][row.tier.value]), found[q][row.tier.value]) for q in QUESTIONS}
        race = row.raced and p["hard"] >= 0.5
        each = {
            Kind.TEMPO: p["hard"],
            Kind.LONG: 0.0 if race else p["long"],
            Kind.HILLS: p["hilly"] if row.hills_name and not race else 0.0,
            Kind.SURFACE: row.soft,
        }
        true = PRIORITY.index(row.kind) + 1 if row.kind in PRIORITY else 0
        by_athlete.setdefault(row.athlete, []).append(([log_odds(inside(each[kind])) for kind in PRIORITY], true))
    used = [(*one, share) for all_of_one in by_athlete.values() for few, share in [spread(all_of_one)] for one in few]
    if len(used) < LEAST_ROWS:
        return 1.0, {}
    log_odds_of, true_of, weights = zip(*used, strict=True)
    x, w = np.array(log_odds_of, dtype=np.float64), np.array(weights, dtype=np.float64)
    true_kinds = np.array(true_of, dtype=np.int64)
    slope, *added = held_shares(x, true_kinds, w, HOLD_RIVALS[0], HOLD_RIVALS[1]).tolist()
    return round(slope, 2), {kind.value: round(by, 2) for kind, by in zip(PRIORITY, added, strict=True)}


T = TypeVar("T")


def spread(all_of_one: Sequence[T]) -> tuple[Sequence[T], float]:
    """At most ``MOST_ROWS`` of one athlete's rows, spread over all of them, and what each of them weighs."""
    few = all_of_one[:: -(-len(all_of_one) // MOST_ROWS)]
    return few, min(1.0, FULL_WEIGHT / len(few))


def slope_and_offset(
    scored: Sequence[tuple[Row, dict[str, float]]], question: str, sampled: bool
) -> tuple[float, float]:
    """Both held near 1 and 0, each athlete with runs of both kinds counting alike, at most ``MOST_ROWS`` of each."""
    # Length reads the same inputs on recordings, where next to nothing is labelled: the rows speak for both.
    sampled = sampled and question != "long"
    by_athlete: dict[str, list[tuple[float, float, float]]] = {}
    for row, scores in scored:
        answer = row.truth[question]
        if answer is not None and row.sampled == sampled:
            by_athlete.setdefault(row.athlete, []).append((scores[question], float(answer), row.weight))
    return held_line(by_athlete)


def held_line(by_athlete: Mapping[str, Sequence[tuple[float, float, float]]]) -> tuple[float, float]:
    """Slope and offset of (score, right, weight), each athlete counting alike."""
    used: list[tuple[float, float, float]] = []
    for all_of_one in by_athlete.values():
        few, share = spread(all_of_one)
        used += [(s, y, w * share) for s, y, w in few]
    if len(used) < LEAST_ROWS:
        return 1.0, 0.0
    s, y, w = (np.array(column, dtype=np.float64) for column in zip(*used, strict=True))
    x, none = np.column_stack((s, np.ones(len(s)))), np.full(2, np.inf, dtype=np.float64)
    hold = np.array([HOLD_SLOPE, HOLD_OFFSET], dtype=np.float64)
    slope, offset = held_logistic(
        x, y, w, np.array([1.0, 0.0], dtype=np.float64), hold, np.array([0.2, -np.inf], dtype=np.float64), none
    )
    return round(float(slope), 2), round(float(offset), 2)


def fit(athletes: Sequence[Athlete], start: ClassifierKnowledge) -> ClassifierKnowledge:
    """The fitted knowledge with its calibration."""
    known = start
    for _ in range(2):
        # What was hard lately rests on earlier verdicts: once more with the fitted ones.
        rows = collect(athletes, known)
        parts = tables(rows, start)
        known = fit_weights(parts, start)
        known = calibrated(known, rows, parts, start)
    return known


def training_athletes(root: Path) -> list[Athlete]:
    """Logs, recordings, and the recordings once more as the summary rows they would have been."""
    files, _ = file_athletes(root)
    return [*log_athletes(root), *more_athletes(root), *files, *(only_summary(athlete) for athlete in files)]


def as_table(known: ClassifierKnowledge, table: dict[str, Any]) -> dict[str, Any]:
    """``table`` with the fitted numbers in place of those it started from."""
    for part, questions in (("summary", known.summary), ("samples", known.samples)):
        for name, question in questions.items():
            table[part][name] = {"bias": question.bias, "weights": dict(question.weights)}
    table["calibration"] = {
        name: {tier: {"slope": c.slope, "offset": c.offset, "cap": c.cap} for tier, c in tiers.items()}
        for name, tiers in known.calibration.items()
    }
    table["naming"] = dict(known.naming)
    return table


def main() -> int:
    root = folder()
    if root is None:
        print("no folder of real recordings: set SPRINGSTEP_REAL_DATA", file=sys.stderr)
        return 2
    table = tomllib.loads(PRIOR.read_text(encoding="utf-8"))
    table = as_table(fit(training_athletes(root), parse(table, PRIOR.name)), table)
    parse(table)
    written(OUT, table)
    print(f"wrote {OUT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
