"""Scores for the grade: confusion counts by block, F1, calibration error, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from rules.facts.recorded import Floats

RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One judged run: what is true, what was said, how sure, and the blocks it is resampled in."""

    truth: str
    said: str | None
    confidence: float
    week: Hashable
    athlete: str
    tier: str
    allowed: frozenset[str] = frozenset()
    source: str = ""
    before: int = 0
    """Answers of this athlete that the judge had learned before it."""


OPEN = "open"
"""What stands for an abstention; it is never right."""


def confusion(answers: Sequence[Answer], classes: Sequence[str]) -> Floats:
    """Counts [true, said]; the last column is "open"."""
    names = [*classes, OPEN]
    counts = np.zeros((len(classes), len(names)))
    for one in answers:
        said = one.said if one.said in classes else OPEN
        counts[classes.index(one.truth), names.index(said)] += 1
    return counts


def scores(counts: Floats) -> Floats:
    """(precision, recall, F1) by class; NaN where a class neither occurs nor is said."""
    hits = np.diag(counts[:, : len(counts)])
    said = counts[:, : len(counts)].sum(axis=0)
    true = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack((hits / said, hits / true, 2 * hits / (said + true)))


def macro_f1(counts: Floats) -> float:
    """Mean F1 over the classes that occur."""
    f1 = scores(counts)[2]
    occurs = counts.sum(axis=1) > 0
    return float(np.nan_to_num(f1[occurs]).mean()) if occurs.any() else float("nan")


def interval(
    answers: Sequence[Answer], classes: Sequence[str], block: Callable[[Answer], Hashable]
) -> tuple[float, float]:
    """95 % bootstrap interval of macro-F1, whole blocks drawn with replacement (seeded)."""
    blocks: dict[Hashable, list[Answer]] = {}
    for one in answers:
        blocks.setdefault(block(one), []).append(one)
    if len(blocks) < 2:
        return float("nan"), float("nan")
    tables = np.stack([confusion(part, classes) for part in blocks.values()])
    rng = np.random.default_rng(20)
    drawn = [macro_f1(tables[rng.integers(0, len(tables), len(tables))].sum(axis=0)) for _ in range(RESAMPLES)]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def calibration_error(answers: Sequence[Answer], bins: int = 10) -> float:
    """Mean distance between confidence and share right, over equal-width bins; abstentions are left out."""
    sure = np.array([one.confidence for one in answers if one.said is not None], dtype=np.float64)
    right = np.array([float(one.said == one.truth) for one in answers if one.said is not None], dtype=np.float64)
    if not len(sure):
        return float("nan")
    at = np.minimum((sure * bins).astype(np.intp), bins - 1)
    parts = [
        (at == b).mean() * abs(sure[at == b].mean() - right[at == b].mean()) for b in range(bins) if (at == b).any()
    ]
    return float(sum(parts))


def abstention(
    answers: Sequence[Answer], limits: Sequence[float] = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
) -> list[tuple[float, float, float]]:
    """(limit, share answered, share right among them) when answers below ``limit`` are withheld."""
    found = []
    for limit in limits:
        kept = [one for one in answers if one.said is not None and one.confidence >= limit]
        right = float(np.mean([one.said == one.truth for one in kept])) if kept else float("nan")
        found.append((limit, len(kept) / len(answers), right))
    return found


def accuracy(answers: Sequence[Answer], *, allowed: bool = False) -> float:
    """Share right; with ``allowed`` over every answer that would also have been right."""
    if not answers:
        return float("nan")
    return float(np.mean([one.said == one.truth or (allowed and one.said in one.allowed) for one in answers]))


def forgiving(answers: Sequence[Answer]) -> list[Answer]:
    """The answers with an allowed other kind counted as the true one."""
    return [
        Answer(
            one.truth,
            one.truth if one.said in one.allowed else one.said,
            one.confidence,
            one.week,
            one.athlete,
            one.tier,
        )
        for one in answers
    ]
