"""The judge's arithmetic: named weights from ``knowledge/classifier.toml`` and what one runner's answers add."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rules.classify.inputs import Input
from rules.facts.recorded import Floats
from rules.knowledge.typed_toml import Each, Keys, checked, load_typed

KNOWLEDGE = Path(__file__).parent.parent / "knowledge" / "classifier.toml"
_QUESTION = Keys({"bias": float, "weights": Each(float)})
_QUESTIONS = Keys({"hard": _QUESTION, "long": _QUESTION, "hilly": _QUESTION})
_TIERS = Each(Keys({}, {"slope": float, "cap": float}))
SHAPE = Keys(
    {
        "version": str,
        "summary": _QUESTIONS,
        "samples": _QUESTIONS,
        "calibration": Keys({"hard": _TIERS, "long": _TIERS, "hilly": _TIERS}),
        "votes": Each(Each(float)),
        "split": Each(Each(float)),
        "decide": Keys({"abstain_primary": float, "abstain_facet": float, "possible": float}),
        "runner": Keys({"pull": float, "bias_pull": float}),
    }
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """probability = logistic(slope · score), held within ``cap`` on both sides."""

    slope: float = 1.0
    cap: float = 0.95


@dataclass(frozen=True, slots=True)
class FacetQuestion:
    """One yes/no question: hard, long or hilly. ``weights`` are log-odds for one unit of an input."""

    bias: float
    weights: Mapping[str, float]

    def terms(self, given: Mapping[str, Input]) -> dict[str, float]:
        return {name: weight * given[name].value for name, weight in self.weights.items() if name in given}


@dataclass(frozen=True, slots=True)
class ClassifierKnowledge:
    """``classifier.toml``, read."""

    version: str
    summary: Mapping[str, FacetQuestion]
    samples: Mapping[str, FacetQuestion]
    calibration: Mapping[str, Mapping[str, Calibration]]
    votes: Mapping[str, Mapping[str, float]]
    split: Mapping[str, Mapping[str, float]]
    decide: Mapping[str, float]
    runner: Mapping[str, float]

    def question(self, name: str, *, sampled: bool) -> FacetQuestion:
        return (self.samples if sampled else self.summary)[name]


@cache
def classifier_knowledge(path: Path = KNOWLEDGE) -> ClassifierKnowledge:
    """The shipped weights. Raises KnowledgeError with every mistake."""
    return _known(load_typed(path, SHAPE))


def parse(table: Mapping[str, Any], file: str = KNOWLEDGE.name) -> ClassifierKnowledge:
    """Weights from the form ``classifier.toml`` has. Raises KnowledgeError with every mistake."""
    return _known(checked(table, SHAPE, file))


def _known(table: Mapping[str, Any]) -> ClassifierKnowledge:
    return ClassifierKnowledge(
        version=table["version"],
        summary={name: FacetQuestion(row["bias"], row["weights"]) for name, row in table["summary"].items()},
        samples={name: FacetQuestion(row["bias"], row["weights"]) for name, row in table["samples"].items()},
        calibration={
            name: {tier: Calibration(**row) for tier, row in tiers.items()}
            for name, tiers in table["calibration"].items()
        },
        votes=table["votes"],
        split=table["split"],
        decide=table["decide"],
        runner=table["runner"],
    )


def logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def calibrated(score: float, with_: Calibration) -> float:
    """A score as a probability, never surer than the tier allows."""
    return max(1 - with_.cap, min(with_.cap, logistic(with_.slope * score)))


NEWTON_STEPS = 3
MOST_ANSWERS = 600
MOST_TOLD, LEAST_TOLD = 3, 0.1
"""How many moved weights are told, and how far each must have moved."""


@dataclass(slots=True)
class OwnModel:
    """What one runner's answers add to the shared weights: a small ridge around zero, refitted with each answer.

    ``pull`` is the prior precision of an added weight: 4 means that a weight moves by one log-odds only when answers
    insist. ``bias_pull`` is that of the added bias: without it, a few easy runs confirmed would make every later run
    easy. Old answers leave after ``MOST_ANSWERS``.
    """

    pull: float
    bias_pull: float
    names: tuple[str, ...]
    shared_weights: Mapping[str, float] = field(default_factory=dict)
    """No answer may turn a shared weight round: more climb must never make a run less hilly."""
    shared_bias: float = 0.0
    added: Floats = field(init=False)
    least: Floats = field(init=False)
    most: Floats = field(init=False)
    rows: list[Floats] = field(default_factory=list)
    shared: list[float] = field(default_factory=list)
    truth: list[float] = field(default_factory=list)
    last: date | None = None
    """Day of the last run that was answered."""
    _since: int = 0

    def __post_init__(self) -> None:
        self.added = np.zeros(len(self.names) + 1)
        weights = [self.shared_weights.get(name, 0.0) for name in self.names]
        self.least = np.array([-w if w > 0 else -np.inf for w in weights], dtype=np.float64)
        self.most = np.array([-w if w < 0 else np.inf for w in weights], dtype=np.float64)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, given: Mapping[str, Input]) -> Floats:
        values = (given[name].value if name in given else 0.0 for name in self.names)
        return np.array([1.0, *values], dtype=np.float64)

    def score(self, given: Mapping[str, Input]) -> float:
        """Log-odds to add to the shared score."""
        return float(self.row(given) @ self.added) if self.rows else 0.0

    def terms(self, given: Mapping[str, Input]) -> dict[str, float]:
        if not self.rows:
            return {}
        return {
            name: float(w) * given[name].value
            for name, w in zip(self.names, self.added[1:], strict=True)
            if name in given
        }

    def moved(self) -> dict[str, tuple[float, float]]:
        """What answers moved most, ``bias`` included: shared weight and weight now, log-odds a unit of the input."""
        shared = {"bias": self.shared_bias, **{name: self.shared_weights.get(name, 0.0) for name in self.names}}
        by_size = sorted(zip(shared, self.added.tolist(), strict=True), key=lambda item: -abs(item[1]))
        return {
            name: (round(shared[name], 2), round(shared[name] + by, 2))
            for name, by in by_size[:MOST_TOLD]
            if abs(by) >= LEAST_TOLD
        }

    def learn(self, given: Mapping[str, Input], shared: float, truth: bool, day: date) -> None:
        """Takes one answer and refits: a few Newton steps from where it stood, milliseconds."""
        self.last = day
        self.rows.append(self.row(given))
        self.shared.append(shared)
        self.truth.append(1.0 if truth else 0.0)
        if len(self.rows) > MOST_ANSWERS:
            del self.rows[0], self.shared[0], self.truth[0]
        self._since += 1
        # Every answer counts while there are few; later one in twenty-five new ones hardly moves a weight.
        if self._since >= len(self.rows) // 25:
            self._since = 0
            self._fit()

    def _fit(self) -> None:
        x = np.vstack(self.rows)
        offset, y = np.array(self.shared, dtype=np.float64), np.array(self.truth, dtype=np.float64)
        ridge = np.full(x.shape[1], self.pull, dtype=np.float64)
        ridge[0] = self.bias_pull

        def loss(added: Floats) -> float:
            z = offset + x @ added
            return float((np.logaddexp(0.0, z) - y * z).sum() + 0.5 * (ridge * added * added).sum())

        now = loss(self.added)
        for _ in range(NEWTON_STEPS):
            p = 1 / (1 + np.exp(-np.clip(offset + x @ self.added, -30, 30)))
            slope = x.T @ (p - y) + ridge * self.added
            curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
            step = np.linalg.solve(curve, slope)
            size = 1.0
            while size > 0.01 and (then := loss(self.added - size * step)) > now:
                size /= 2
            if size <= 0.01:
                break
            self.added, now = self.added - size * step, then
        self.added[1:] = np.clip(self.added[1:], self.least, self.most)
