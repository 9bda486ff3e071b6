"""What one runner's answers add to the shared weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from rules.classify.inputs import Input
from rules.facts.recorded import Floats

NEWTON_STEPS = 3
MOST_ANSWERS = 600
MOST_TOLD, LEAST_TOLD = 3, 0.1
"""How many moved weights are shown, and how far each must have moved."""
LOSS_KEPT = 0.98
"""Of the losses that trust rests on: the last fifty answers count."""
STEEPNESS = 0.5


@dataclass(frozen=True, slots=True)
class Learning:
    """How answers are learned (``[runner]`` and ``[held]`` in ``classifier.toml``).

    ``pull`` and ``bias_pull`` are the prior precisions of an added weight and of the added bias: 2 means that a weight
    moves by one log-odds only when answers insist. ``one_sided`` comes on top of both until answers of both kinds are
    known, and fades with the square of the rarer kind's number: easy runs confirmed, and no hard one, say nothing of
    how this runner's hard ones differ. ``slip`` is how often an answer is a slip of the thumb: one against a verdict
    that was nearly certain counts less. Answers fade with ``half_life_days``. ``trust_at_first`` is the log-odds by
    which what was learned is believed before it was proved right or wrong.
    """

    pull: float
    bias_pull: float
    slip: float
    half_life_days: float
    trust_at_first: float
    one_sided: float = 0.0


@dataclass(slots=True)
class OwnModel:
    """A small ridge around zero on top of the calibrated shared score, refitted with each answer.

    How far it is believed is decided by the answers themselves: each is foretold with and without what was learned
    before it, and where that was no help it counts less. Old answers leave after ``MOST_ANSWERS``.
    """

    how: Learning
    names: tuple[str, ...]
    shared_weights: Mapping[str, float] = field(default_factory=dict)
    shared_bias: float = 0.0
    scale: float = 1.0
    """Calibrated log-odds for one of the shared score."""
    keeps_signs: bool = True
    """No answer may turn a shared weight round: more climb must never make a run less hilly."""
    added: Floats = field(init=False)
    least: Floats = field(init=False)
    most: Floats = field(init=False)
    rows: list[Floats] = field(default_factory=list)
    shared: list[float] = field(default_factory=list)
    truth: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    last: date | None = None
    """Day of the last run that was answered."""
    answers: int = 0
    """Runs of which this was answered itself, not only implied."""
    _loss_own: float = 0.0
    _loss_shared: float = 0.0
    _since: int = 0

    def __post_init__(self) -> None:
        self.added = np.zeros(len(self.names) + 1)
        weights = [self.scale * self.shared_weights.get(name, 0.0) for name in self.names]
        keeps = self.keeps_signs
        self.least = np.array([-w if keeps and w > 0 else -np.inf for w in weights], dtype=np.float64)
        self.most = np.array([-w if keeps and w < 0 else np.inf for w in weights], dtype=np.float64)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def trust(self) -> float:
        """0 to 1: how far what was learned is believed, by how much better it foretold the answers so far."""
        gain = STEEPNESS * (self._loss_shared - self._loss_own) + self.how.trust_at_first
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, gain))))

    def row(self, given: Mapping[str, Input]) -> Floats:
        values = (given[name].value if name in given else 0.0 for name in self.names)
        return np.array([1.0, *values], dtype=np.float64)

    def score(self, given: Mapping[str, Input]) -> float:
        """Log-odds to add to the calibrated shared score."""
        return self.trust * float(self.row(given) @ self.added) if self.rows else 0.0

    def terms(self, given: Mapping[str, Input]) -> dict[str, float]:
        """What was added by input, in log-odds of the shared score."""
        if not self.rows:
            return {}
        by = self.trust / self.scale
        return {
            name: by * float(w) * given[name].value
            for name, w in zip(self.names, self.added[1:], strict=True)
            if name in given
        }

    def moved(self) -> dict[str, tuple[float, float]]:
        """What answers moved most, ``bias`` included: shared weight and weight now, log-odds a unit of the input."""
        shared = {"bias": self.shared_bias, **{name: self.shared_weights.get(name, 0.0) for name in self.names}}
        moves = (self.added * self.trust / self.scale).tolist()
        by_size = sorted(zip(shared, moves, strict=True), key=lambda item: -abs(item[1]))
        return {
            name: (round(shared[name], 2), round(shared[name] + by, 2))
            for name, by in by_size[:MOST_TOLD]
            if abs(by) >= LEAST_TOLD
        }

    def learn(self, given: Mapping[str, Input], shared: float, truth: bool, day: date, weight: float = 1.0) -> None:
        """Takes one answer and refits: a few Newton steps from where it stood, milliseconds.

        ``shared`` is the calibrated shared score; ``weight`` below 1 is for what an answer only implies.
        """
        row = self.row(given)
        towards = 1.0 if truth else -1.0
        with_own = shared + float(row @ self.added)
        self._loss_own = LOSS_KEPT * self._loss_own + weight * float(np.logaddexp(0.0, -towards * with_own))
        self._loss_shared = LOSS_KEPT * self._loss_shared + weight * float(np.logaddexp(0.0, -towards * shared))
        p = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, towards * with_own))))
        meant = p * (1 - self.how.slip) / (p * (1 - self.how.slip) + (1 - p) * self.how.slip)
        self.last = day
        self.answers += weight >= 1.0
        self.rows.append(row)
        self.shared.append(shared)
        self.truth.append(float(truth))
        self.weights.append(weight * meant)
        self.days.append(day.toordinal())
        if len(self.rows) > MOST_ANSWERS:
            for column in (self.rows, self.shared, self.truth, self.weights, self.days):
                del column[0]
        self._since += 1
        # Every answer counts while there are few; later one in twenty-five new ones hardly moves a weight.
        if self._since >= len(self.rows) // 25:
            self._since = 0
            self._fit(day)

    def _fit(self, day: date) -> None:
        x = np.vstack(self.rows)
        offset, y = np.array(self.shared, dtype=np.float64), np.array(self.truth, dtype=np.float64)
        age = day.toordinal() - np.array(self.days, dtype=np.float64)
        w = np.array(self.weights, dtype=np.float64) * 0.5 ** (np.maximum(age, 0.0) / self.how.half_life_days)
        rarer = min(float((w * y).sum()), float((w * (1 - y)).sum()))
        ridge = np.full(x.shape[1], self.how.pull, dtype=np.float64)
        ridge[0] = self.how.bias_pull
        ridge += self.how.one_sided / (1 + rarer) ** 2

        def loss(added: Floats) -> float:
            z = offset + x @ added
            return float((w * (np.logaddexp(0.0, z) - y * z)).sum() + 0.5 * (ridge * added * added).sum())

        now = loss(self.added)
        for _ in range(NEWTON_STEPS):
            p = 1 / (1 + np.exp(-np.clip(offset + x @ self.added, -30, 30)))
            slope = x.T @ (w * (p - y)) + ridge * self.added
            curve = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
            step = np.linalg.solve(curve, slope)
            size = 1.0
            while size > 0.01 and (then := loss(self.added - size * step)) > now:
                size /= 2
            if size <= 0.01:
                break
            self.added, now = self.added - size * step, then
        self.added[1:] = np.clip(self.added[1:], self.least, self.most)
