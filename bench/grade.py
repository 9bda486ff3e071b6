"""How often the classifier is right: ``make grade`` prints the tables of ``docs/classifier.md``.

Every athlete is judged by the shipped judge with weights and calibration that were fitted without that athlete, the
calibration on athletes that its weights had not seen either; how it learns is as shipped. Titles and other people's
labels are off. Runs are judged in order of time from what came before them only.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from bench.fit_classifier import PRIOR, person
from bench.grade_columns import column_table
from bench.grade_costs import cost_lines
from bench.grade_learning import learning_tables
from bench.grade_metrics import confusion, macro_f1
from bench.grade_runs import CLASSES, LEAST, Judged, answers, folds, judged
from bench.grade_tables import (
    athlete_table,
    baseline_table,
    class_table,
    confusion_table,
    facet_table,
    heading,
    pulse_table,
    reliability_table,
    surface_table,
    tier_table,
    titled_hills,
)
from bench.labelled import Athlete, file_athletes, folder, log_athletes, until_last_truth
from bench.more_logs import more_athletes
from bench.reduced import only_summary
from rules.classify.model import ClassifierKnowledge, classifier_knowledge, parse

PAGE = Path(__file__).parent.parent / "docs" / "classifier.md"
MARKS = ("<!-- grade: make grade ARGS=write -->", "<!-- /grade -->")


def main() -> int:
    root = folder()
    if root is None:
        print("no folder of real recordings: set SPRINGSTEP_REAL_DATA", file=sys.stderr)
        return 2
    logs = [
        until_last_truth(athlete)
        for athlete in [*log_athletes(root), *more_athletes(root)]
        if any(one.truth.source != "none" for one in athlete.runs)
    ]
    files, uncut = file_athletes(root)
    part = next(iter(sys.argv[1:]), "all")
    if part == "write":
        printed = StringIO()
        with redirect_stdout(printed):
            report(logs, files, uncut, "all")
        written(printed.getvalue())
        return 0
    report(logs, files, uncut, part)
    if part != "all":
        return 0
    heading("What it costs, on this machine as busy as it is")
    print("\n".join(f"- {line}" for line in cost_lines(root, files)))
    return 0


def written(tables: str) -> None:
    """Puts the tables into the page, between the marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{tables}\n{MARKS[1]}{after}", encoding="utf-8")


def start_of_fits() -> ClassifierKnowledge:
    """What each fit starts from; what no fit changes, such as how a runner's own model learns, is as shipped."""
    start = parse(tomllib.loads(PRIOR.read_text(encoding="utf-8")), PRIOR.name)
    fitted = {name: getattr(start, name) for name in ("summary", "samples", "calibration", "naming")}
    return replace(classifier_knowledge(), **fitted)


def report(logs: Sequence[Athlete], files: Sequence[Athlete], uncut: Sequence[Athlete], part: str) -> None:
    """``part`` is "learning" or "verdicts" for these tables alone."""
    start = start_of_fits()
    rows = [only_summary(athlete) for athlete in files]
    known = folds([*logs, *files, *rows], start)
    by_athlete = {athlete.name: judged(athlete, known[person(athlete.name)]) for athlete in [*logs, *files]}
    if part != "learning":
        verdict_tables(logs, files, uncut, rows, known, by_athlete)
        surface_table(files, start)
        pulse_table(files, known)
        column_table(logs, known, by_athlete)
    if part != "verdicts":
        learning_tables([*logs, *files], known, by_athlete)


def verdict_tables(
    logs: Sequence[Athlete],
    files: Sequence[Athlete],
    uncut: Sequence[Athlete],
    rows: Sequence[Athlete],
    known: Mapping[str, ClassifierKnowledge],
    by_athlete: Mapping[str, list[Judged]],
) -> None:
    log_runs = [run for athlete in logs for run in by_athlete[athlete.name]]
    file_runs = [run for athlete in files for run in by_athlete[athlete.name]]
    row_runs = [run for athlete in rows for run in judged(athlete, known[person(athlete.name)])]
    lapless = [run for athlete in uncut for run in judged(athlete, known[person(athlete.name)])]
    parts = {
        "log rows": log_runs,
        "more logs": [run for run in log_runs if run.one.truth.source in ("plan", "word")],
        "recordings": file_runs,
        "recordings, laps hidden": lapless,
        "the recordings as rows": row_runs,
    }
    for source in ("hand", "plan", "title", "word", "steps", "watch"):
        chosen = [run for run in [*log_runs, *file_runs] if run.one.truth.source == source]
        if len(chosen) >= LEAST:
            parts[f"truth: {source}"] = chosen
    facet_table(parts)
    class_table({"log rows": log_runs, "recordings": file_runs})
    baseline_table(parts)
    reliability_table({"log rows": log_runs, "recordings": file_runs})
    titled_hills(log_runs)
    confusion_table("log rows", log_runs)
    tier_table([*log_runs, *file_runs], list(CLASSES))
    athlete_table(by_athlete, list(CLASSES))
    by_hand = [athlete for athlete in logs if any(one.truth.source == "hand" for one in athlete.runs)]
    titled = [run for athlete in by_hand for run in judged(athlete, known[person(athlete.name)], titles=True)]
    heading("With titles and other people's labels on")
    got = [one for one in answers(titled, "primary") if one.source == "hand"]
    print(f"primary on {len(got)} hand-labelled rows: {macro_f1(confusion(got, CLASSES['primary'])):.2f}")


if __name__ == "__main__":
    sys.exit(main())
