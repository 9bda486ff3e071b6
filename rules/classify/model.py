"""The judge's arithmetic: named weights from ``knowledge/classifier.toml``, scores and their calibration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.classify.inputs import Input
from rules.knowledge.typed_toml import Each, Keys, checked, load_typed

KNOWLEDGE = Path(__file__).parent.parent / "knowledge" / "classifier.toml"
_QUESTION = Keys({"bias": float, "weights": Each(float)})
_QUESTIONS = Keys({"hard": _QUESTION, "long": _QUESTION, "hilly": _QUESTION})
RIVALS = ("tempo", "long", "hills", "surface")
NAMING = (*RIVALS, "hills_steep_m_per_km", "hills_times_usual", "hills_least_usual_m_per_km")
RUNNER = ("slip", "half_life_days", "implied", "trust_at_first")
HELD = Keys({"pull": float, "bias_pull": float, "one_sided": float})
_TIERS = Each(Keys({}, {"slope": float, "offset": float, "cap": float}))
SHAPE = Keys(
    {
        "version": str,
        "summary": _QUESTIONS,
        "samples": _QUESTIONS,
        "calibration": Keys({"hard": _TIERS, "long": _TIERS, "hilly": _TIERS, "primary": _TIERS}),
        "votes": Each(Each(float)),
        "split": Each(Each(float)),
        "naming": Keys(dict.fromkeys(NAMING, float)),
        "decide": Keys({"abstain_primary": float, "abstain_facet": float, "possible": float}),
        "runner": Keys(dict.fromkeys(RUNNER, float)),
        "held": Keys({"hard": HELD, "long": HELD, "hilly": HELD}),
    }
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """probability = logistic(slope · score + offset), held within ``cap`` on both sides."""

    slope: float = 1.0
    offset: float = 0.0
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
    naming: Mapping[str, float]
    """By kind, what is added to its facet's log-odds for being the run's name; and from where on hills name a run."""
    decide: Mapping[str, float]
    runner: Mapping[str, float]
    held: Mapping[str, Mapping[str, float]]
    """By question, how strongly a runner's own model is held at the shared weights."""

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
        naming=table["naming"],
        decide=table["decide"],
        runner=table["runner"],
        held=table["held"],
    )


def logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def scaled(score: float, with_: Calibration) -> float:
    """A score of the weights as calibrated log-odds."""
    return with_.slope * score + with_.offset


def log_odds(p: float) -> float:
    """Of a probability strictly between 0 and 1."""
    return math.log(p / (1.0 - p))


def capped(score: float, with_: Calibration) -> float:
    """Calibrated log-odds as a probability, never surer than the tier allows."""
    return max(1 - with_.cap, min(with_.cap, logistic(score)))
