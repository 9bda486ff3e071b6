"""What a runner's answers teach: never less right than untold, nothing they did not say, and slips forgiven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest

from rules.classify.judge import Judge
from rules.classify.primary_kind import ClassifySettings, facets_of, implied
from rules.facts.kinds import HARD, Facet, Kind
from rules.facts.labels import Labels
from rules.facts.recorded import Recording
from rules.measure.features import RunFeatures, measure
from rules.text import load_language
from sync.service.queries.label_views import more_says, run_says

FROM_ANSWER = 30
WRONG = 0.10


@dataclass(frozen=True)
class Life:
    """How one made-up runner's hard runs differ from the others: by pace, heart rate, weekday, or laps alone."""

    name: str
    hard_share: float
    faster: float = 1.0
    beats: float = 0.0
    weekday: int | None = None
    laps: int = 0


LIVES = (
    Life("as everyone", 0.25, faster=1.10, beats=12),
    Life("hills instead of speed", 0.3, faster=0.94, beats=8),
    Life("only Tuesdays tell", 0.15, weekday=1),
    Life("laps", 0.3, laps=8),
    Life("never hard", 0.0),
)


def life(one: Life, runs: int = 110) -> list[tuple[RunFeatures, bool]]:
    """Runs in order of time, each with whether it was hard."""
    dice = np.random.default_rng(7)
    found = []
    for number in range(runs):
        day = number * 2 + int(dice.integers(0, 2))
        start = datetime(2025, 1, 6, 7) + timedelta(days=day)
        hard = dice.random() < one.hard_share if one.weekday is None else start.weekday() == one.weekday
        km = float(dice.uniform(6, 12))
        pace_s = 350 / (one.faster if hard else 1.0) * float(dice.normal(1, 0.03))
        found.append((
            measure(
                Recording(
                    sport="running",
                    start_utc=start,
                    elapsed_s=km * pace_s,
                    moving_s=km * pace_s,
                    distance_m=km * 1000,
                    mean_heart_rate_bpm=float(145 + (one.beats if hard else 0) + dice.normal(0, 4)),
                    lap_count=round(km) + (one.laps if hard else 0) if one.laps else None,
                )
            ),
            bool(hard),
        ))  # fmt: skip
    return found


def said_hard(labels: Labels) -> bool:
    return sum(labels.facets[Facet.INTENSITY].probabilities[kind] for kind in HARD) >= 0.5


@cache
def right(one: Life, *, told: bool, wrong: float = 0.0) -> tuple[bool, ...]:
    """Whether each verdict was right, from the run after the 30th on; told means that each is answered after it."""
    judge, dice = Judge(settings=ClassifySettings(use_titles=False)), np.random.default_rng(3)
    found = []
    for run, hard in life(one):
        answer = hard if dice.random() >= wrong else not hard
        labels = judge.label(run, facets_of(Kind.TEMPO if answer else Kind.EASY) if told else None)
        found.append(said_hard(labels) == hard)
    return tuple(found[FROM_ANSWER:])


def allowed_loss(told: Sequence[bool], never: Sequence[bool]) -> float:
    """Upper end of the 95 % interval of the paired difference over blocks of one week, three runs each."""
    difference = np.array(never, dtype=float) - np.array(told, dtype=float)
    blocks = [difference[at : at + 3].sum() for at in range(0, len(difference), 3)]
    dice = np.random.default_rng(5)
    drawn = [dice.choice(blocks, len(blocks)).sum() / len(difference) for _ in range(400)]
    return float(np.percentile(np.array(drawn) - difference.mean(), 97.5))


@pytest.mark.parametrize("wrong", [0.0, WRONG])
@pytest.mark.parametrize("one", LIVES, ids=lambda one: one.name)
def test_after_thirty_answers_nobody_is_judged_worse_than_untold(one: Life, wrong: float) -> None:
    told, never = right(one, told=True, wrong=wrong), right(one, told=False)
    assert np.mean(told) >= np.mean(never) - allowed_loss(told, never)


@pytest.mark.parametrize("name", ["hills instead of speed", "only Tuesdays tell", "as everyone"])
def test_answers_gain_where_the_runner_differs_from_others(name: str) -> None:
    one = next(life_ for life_ in LIVES if life_.name == name)
    assert np.mean(right(one, told=True)) >= np.mean(right(one, told=False))
    if name == "hills instead of speed":
        assert np.mean(right(one, told=True)) >= np.mean(right(one, told=False)) + 0.10


@pytest.mark.parametrize("confirmed", [3, 12, 30])
def test_confirmed_easy_runs_alone_do_not_make_the_hard_ones_easy(confirmed: int) -> None:
    judge, told = Judge(settings=ClassifySettings(use_titles=False)), 0
    runs = life(LIVES[0])
    for run, hard in runs[:70]:
        answer = facets_of(Kind.EASY) if not hard and told < confirmed else None
        told += answer is not None
        judge.label(run, answer)
    found = [said_hard(judge.look(run).labels) for run, hard in runs[70:] if hard]
    assert (told, all(found)) == (confirmed, True)


@pytest.mark.parametrize(
    ("kind", "says", "hints"),
    [
        (Kind.EASY, {Facet.INTENSITY: "easy"}, {"long": False, "hilly": False}),
        (Kind.TEMPO, {Facet.INTENSITY: "tempo"}, {}),
        (Kind.LONG, {Facet.LONG: "yes"}, {"hard": False}),
        (Kind.HILLS, {Facet.HILLS: "hills"}, {"hard": False}),
        (Kind.SURFACE, {Facet.SURFACE: "mixed"}, {"hard": False}),
    ],
)
def test_an_answer_says_only_what_it_says(kind: Kind, says: dict[Facet, str], hints: dict[str, bool]) -> None:
    assert (facets_of(kind), implied(facets_of(kind))) == (says, hints)


def test_why_says_two_reasons_and_what_the_answers_changed() -> None:
    one = next(life_ for life_ in LIVES if life_.name == "hills instead of speed")
    judge = Judge(settings=ClassifySettings(use_titles=False))
    english = load_language("en")
    said = []
    for run, hard in life(one):
        labels = judge.label(run, facets_of(Kind.TEMPO if hard else Kind.EASY))
        said.append(f"{run_says(labels, english)} {more_says(labels, english)}")
    changed = [text for text in said if "Without your answers it would be " in text]
    assert len(changed) >= 20
    assert all(text.count(". ") >= 1 for text in changed)
    assert not any("Without your answers" in text for text in said[:1])
