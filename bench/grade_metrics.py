"""Scores for the grade: confusion counts by block, F1, calibration error, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def paired(
    ours: Sequence[Answer], theirs: Sequence[Answer], classes: Sequence[str], block: Callable[[Answer], Hashable]
) -> tuple[float, float, float]:
    """Difference of macro-F1 on the same runs, ours less theirs, and its 95 % bootstrap interval over blocks."""
    blocks: dict[Hashable, list[int]] = {}
    for at, one in enumerate(ours):
        blocks.setdefault(block(one), []).append(at)
    gain = macro_f1(confusion(ours, classes)) - macro_f1(confusion(theirs, classes))
    if len(blocks) < 2:
        return gain, float("nan"), float("nan")
    tables = [np.stack([confusion([side[at] for at in part], classes) for part in blocks.values()])
              for side in (ours, theirs)]  # fmt: skip
    rng = np.random.default_rng(20)
    drawn = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(0, len(blocks), len(blocks))
        drawn.append(macro_f1(tables[0][chosen].sum(axis=0)) - macro_f1(tables[1][chosen].sum(axis=0)))
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return gain, float(low), float(high)


MOST_ROWS = 300
"""Rows of one athlete that count for calibration, spread over all of theirs."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against share right in bins of equal count; each athlete weighs alike."""

    error: float
    by_chance: float
    """What a perfectly calibrated judge would show on so many runs."""
    bins: tuple[tuple[float, float, int], ...]
    """(mean confidence, share right, runs) of each."""


def reliability(answers: Sequence[Answer]) -> Reliability:
    """Five bins below 200 rows, else ten; open verdicts are left out."""
    by_athlete: dict[str, list[Answer]] = {}
    for one in answers:
        if one.said is not None:
            by_athlete.setdefault(one.athlete, []).append(one)
    used = [
        (one, len(few)) for all_ in by_athlete.values() for few in [all_[:: -(-len(all_) // MOST_ROWS)]] for one in few
    ]
    if not used:
        return Reliability(float("nan"), float("nan"), ())
    # Many are exactly as sure as their tier allows: in the order of their athletes they would fall into bins of one
    # athlete each, which is no property of the confidence.
    order = np.random.default_rng(20).permutation(len(used))
    used = sorted((used[at] for at in order), key=lambda pair: pair[0].confidence)
    sure = np.array([one.confidence for one, _ in used], dtype=np.float64)
    right = np.array([float(one.said == one.truth) for one, _ in used], dtype=np.float64)
    weight = np.array([1 / of_athlete for _, of_athlete in used], dtype=np.float64)
    parts = np.array_split(np.arange(len(used)), 5 if len(used) < 200 else 10)
    rng = np.random.default_rng(20)
    chance = [_distance(sure, (rng.random(len(sure)) < sure).astype(np.float64), weight, parts) for _ in range(200)]
    bins = tuple(
        (float(np.average(sure[at], weights=weight[at])), float(np.average(right[at], weights=weight[at])), len(at))
        for at in parts
        if len(at)
    )
    return Reliability(_distance(sure, right, weight, parts), float(np.mean(chance)), bins)


def _distance(sure: Floats, right: Floats, weight: Floats, parts: Sequence[NDArray[np.intp]]) -> float:
    """Weighted mean distance between confidence and share right over the bins."""
    return float(sum(abs((weight[at] * (sure[at] - right[at])).sum()) for at in parts) / weight.sum())


def calibration_error(answers: Sequence[Answer]) -> float:
    """Mean distance between confidence and share right, each athlete weighing alike (see ``reliability``)."""
    return reliability(answers).error


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
