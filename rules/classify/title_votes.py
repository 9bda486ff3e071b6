"""What titles, marks, other people's labels and felt effort vote for. Votes, not truth; each can be switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rules.classify.model import ClassifierKnowledge
from rules.measure.features import RunFeatures


class WordSettings(Protocol):
    @property
    def use_titles(self) -> bool: ...

    @property
    def use_provider_labels(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Vote:
    rule: str
    weight: float
    values: Mapping[str, Any] = field(default_factory=dict)


def votes(run: RunFeatures, settings: WordSettings, known: ClassifierKnowledge) -> dict[str, tuple[Vote, ...]]:
    """Votes by question: ``hard``, ``long`` and ``hilly``."""
    return {
        question: tuple(
            Vote(name if not name.startswith("label_") else "label", weights[name] * strength, values)
            for name, strength, values in _spoken(run, settings)
            if name in weights
        )
        for question, weights in known.votes.items()
    }


def _spoken(run: RunFeatures, settings: WordSettings) -> list[tuple[str, float, dict[str, Any]]]:
    said: list[tuple[str, float, dict[str, Any]]] = []
    if settings.use_titles:
        said += [(f"title_{word}", 1.0, {}) for word in run.title_words]
    if settings.use_provider_labels:
        if run.workout_type:
            said.append((f"mark_{run.workout_type}", 1.0, {}))
        if run.provider_label and run.provider_label.upper() not in ("UNKNOWN", "INVALID"):
            label = run.provider_label.upper()
            said.append((f"label_{label}", 1.0, {"label": label.replace("_", " ").lower()}))
        elif run.training_effect is not None and run.training_effect > 0:
            strength = max(-1.5, min(1.5, run.training_effect - 3.1))
            said.append(("effect", strength, {"effect": round(run.training_effect, 1)}))
    if run.rpe is not None:
        name = "felt_easy" if run.rpe <= 4 else "felt_hard" if run.rpe < 8 else "felt_very_hard"
        said.append((name, 1.0, {"rpe": round(run.rpe)}))
    return said


LABEL_KINDS = {
    "RECOVERY": "recovery",
    "AEROBIC_BASE": "easy",
    "TEMPO": "tempo",
    "LACTATE_THRESHOLD": "tempo",
    "VO2MAX": "intervals",
    "ANAEROBIC_CAPACITY": "intervals",
    "SPEED": "intervals",
    "SPRINT": "intervals",
}


def split_words(run: RunFeatures, settings: WordSettings) -> dict[str, float]:
    """What words add to each intensity among its neighbours (recovery/easy/steady, tempo/intervals/race)."""
    added: dict[str, float] = {}
    if settings.use_titles:
        for word in run.title_words:
            name = "intervals" if word == "hill_repeats" else word
            added[name] = added.get(name, 0.0) + 2.2
    if settings.use_provider_labels:
        kind = LABEL_KINDS.get((run.provider_label or "").upper())
        if kind:
            added[kind] = added.get(kind, 0.0) + 1.0
        if run.workout_type == "race":
            added["race"] = added.get("race", 0.0) + 4.0
        if run.workout_type == "workout":
            added["race"] = added.get("race", 0.0) - 2.0
    return added
