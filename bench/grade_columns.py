"""What a missing column does: the same logs with one column taken out, judged by the same weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.fit_classifier import person
from bench.grade_metrics import confusion, macro_f1, reliability
from bench.grade_runs import CLASSES, LEAST, Judged, answers, judged
from bench.grade_tables import heading
from bench.labelled import Athlete
from rules.classify.model import ClassifierKnowledge
from rules.measure.features import Climb, RunFeatures
from rules.measure.heart_rate import Pulse

FACETS = ("intensity", "long", "primary")
NEAR = 0.03
"""With any one column missing the calibration error may be so much larger."""


@dataclass(frozen=True, slots=True)
class Column:
    has: Callable[[RunFeatures], bool]
    without: Callable[[RunFeatures], RunFeatures]


COLUMNS: Mapping[str, Column] = {
    "mean heart rate": Column(lambda run: run.pulse.mean_bpm is not None, lambda run: replace(run, pulse=Pulse())),
    "maximum heart rate": Column(
        lambda run: run.pulse.max_bpm is not None, lambda run: replace(run, pulse=replace(run.pulse, max_bpm=None))
    ),
    "laps": Column(
        lambda run: run.lap_count is not None, lambda run: replace(run, lap_count=None, best_lap_s=None)
    ),
    "best pace": Column(lambda run: run.best_speed_mps is not None, lambda run: replace(run, best_speed_mps=None)),
    "ascent": Column(lambda run: run.climb.ascent_m is not None, lambda run: replace(run, climb=Climb())),
    "descent": Column(
        lambda run: run.climb.descent_m is not None, lambda run: replace(run, climb=replace(run.climb, descent_m=None))
    ),
}  # fmt: skip


def without_column(athlete: Athlete, column: Column) -> Athlete:
    return Athlete(athlete.name, [replace(one, run=column.without(one.run)) for one in athlete.runs])


def column_table(
    logs: Sequence[Athlete], known: Mapping[str, ClassifierKnowledge], by_athlete: Mapping[str, list[Judged]]
) -> None:
    """Of the athletes whose log has the column: macro-F1 and calibration error with it and without."""
    heading("With one column taken out: macro-F1, calibration error (with → without), on the logs that have it")
    print("| column | athletes | " + " | ".join(FACETS) + " | most added |\n| --- |" + " --- |" * (len(FACETS) + 2))
    enough = [one for one in logs if len(answers(by_athlete[one.name], "primary")) >= LEAST]
    for name, column in COLUMNS.items():
        having = [one for one in enough if 2 * sum(column.has(run.run) for run in one.runs) >= len(one.runs)]
        before = [run for one in having for run in by_athlete[one.name]]
        after = [run for one in having for run in judged(without_column(one, column), known[person(one.name)])]
        cells, added = [], []
        for facet in FACETS:
            pair = [answers(runs, facet) for runs in (before, after)]
            if len(pair[0]) < LEAST:
                cells.append(f"({len(pair[0])})")
                continue
            f1 = [macro_f1(confusion(got, CLASSES[facet])) for got in pair]
            error = [reliability(got).error for got in pair]
            cells.append(f"{f1[0]:.2f} → {f1[1]:.2f}, {error[0]:.3f} → {error[1]:.3f}")
            added.append(error[1] - error[0])
        most = max(added, default=0.0)
        over = "" if most <= NEAR else f", over {NEAR}"
        print(f"| {name} | {len(having)} | " + " | ".join(cells) + f" | {most:+.3f}{over} |")
