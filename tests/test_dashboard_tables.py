"""The tables that a page saves: every column names its unit, and no cell is run by a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest

from dashboard import csv_export
from sync.wire.footwork import EntryView
from tests.fakes import answers
from tests.fakes.athlete import Athlete, entry_view

NOW = datetime(2026, 3, 20, 12)
RUNNER = Athlete(NOW, weeks=8)
FIRST = NOW.date() - timedelta(days=27)


def read(table: str) -> tuple[list[str], list[list[str]]]:
    head, *rows = csv.reader(io.StringIO(table))
    assert [row for row in rows if len(row) != len(head)] == []
    return head, rows


def test_runs_one_a_row() -> None:
    head, rows = read(csv_export.runs(RUNNER.runs))
    assert len(rows) == len(RUNNER.runs)
    first = dict(zip(head, rows[0], strict=True))
    assert (first["id"], float(first["distance_m"])) == (RUNNER.runs[0].id, RUNNER.runs[0].distance_m)
    assert first["start_utc"] == str(RUNNER.runs[0].start_utc)


def test_the_diary_says_its_scale() -> None:
    diary = answers.diary(RUNNER, FIRST, NOW.date())
    head, rows = read(csv_export.diary(diary.entries))
    assert head[5] == "score_0_10"
    assert [row[0] for row in rows] == [entry.entry_id for entry in diary.entries]


def test_days_and_weeks_of_a_month() -> None:
    calendar = answers.calendar(RUNNER, FIRST, NOW.date())
    head, rows = read(csv_export.days(calendar))
    assert head[3:6] == ["distance_m", "foot_work_due_min", "foot_work_done_min"]
    assert [row[0] for row in rows] == [str(day.day) for day in calendar.days]
    assert sum(float(row[3]) for row in rows) == pytest.approx(
        sum(run.distance_m or 0 for day in calendar.days for run in day.runs)
    )
    head, rows = read(csv_export.weeks(calendar))
    assert head == ["week_from", "foot_work_days_done", "foot_work_days_due", "kept", "distance_m"]
    assert len(rows) == len(calendar.weeks)


def test_insights_day_by_day_week_by_week_and_by_group() -> None:
    facts = answers.insights(RUNNER)
    head, rows = read(csv_export.daily(facts))
    assert head == [
        "day", "stiffness_0_10", "stiffness_level_0_10", "load_mean_7_days_min", "load_mean_28_days_min",
    ]  # fmt: skip
    assert [(row[0], float(row[1])) for row in rows if row[1]] == [(str(day), value) for day, value in facts.stiffness]
    assert len(read(csv_export.weekly(facts))[1]) == len(facts.weekly_distance_m)
    groups = [*facts.by_surface, *facts.by_kind, *facts.by_shoe]
    assert [row[1:3] for row in read(csv_export.felt(facts))[1]] == [[group.group, str(group.n)] for group in groups]


def test_one_run_its_curves_and_its_parts() -> None:
    page = answers.run_page(RUNNER, "last")
    head, rows = read(csv_export.curves(page))
    assert head == ["t_s", "distance_m", "speed_mps", "grade_adjusted_mps", "heart_rate_bpm", "altitude_m"]
    assert page.lines is not None
    assert len(rows) == len(page.lines.t_s)
    assert len(read(csv_export.segments(page))[1]) == len(page.segments)
    assert read(csv_export.curves(page.model_copy(update={"lines": None})))[1] == []


def test_a_self_check_has_a_row_for_each_foot() -> None:
    plan = answers.plan(RUNNER).model_copy(
        update={"assessments": [{"day": "2026-03-01", "left": {"range_0_10": 6}, "right": {}}]}
    )
    head, rows = read(csv_export.checks(plan))
    assert head[:4] == ["day", "foot", "range_0_10", "extension_deg"]
    assert [row[:3] for row in rows] == [["2026-03-01", "left", "6"], ["2026-03-01", "right", ""]]
    assert len(read(csv_export.dose(plan.dose))[1]) == len(plan.dose.history)


def test_passes_and_problems() -> None:
    status = answers.status(RUNNER, "home")
    assert len(read(csv_export.passes(status.passes))[1]) == len(status.passes)
    head, _ = read(csv_export.problems(status.problems))
    assert head == ["last_seen_utc", "source", "name", "reason"]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@a", "\tx"])
def test_no_cell_is_run_by_a_spreadsheet(evil: str) -> None:
    entry = entry_view("e", "stiffness", NOW, 3, "ball", note=evil)
    assert isinstance(entry, EntryView)
    assert read(csv_export.diary([entry]))[1][0][-1] == f"'{evil}"
