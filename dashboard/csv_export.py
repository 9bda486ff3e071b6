"""The tables behind the pages as CSV: one row a thing, plain units in the head of each column, whatever the page shows.

Distances are metres, speeds m/s, durations seconds, climbs metres, scores 0 to 10; instants are UTC unless the column
says local.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from sync.wire.footwork import DoseView, EntryView
from sync.wire.pages import CalendarPage, Insights, PlanPage, SyncRunLine
from sync.wire.runs import RunLine, RunPage
from sync.wire.tasks import ProblemLine

RUN = (
    "id", "start_utc", "start_local", "title", "distance_m", "duration_s", "moving_s", "ascent_m",
    "mean_heart_rate_bpm", "primary", "intensity", "long", "hills", "surface", "corrected",
)  # fmt: skip
ENTRY = ("entry_id", "what", "at_utc", "at_local", "day", "score", "place", "side", "when", "note")
SEGMENT = ("role", "start_s", "end_s", "distance_m", "speed_mps", "grade_adjusted_mps", "mean_heart_rate_bpm")
CURVES = ("t_s", "distance_m", "speed_mps", "grade_adjusted_mps", "heart_rate_bpm", "altitude_m")
PROBLEM = ("last_seen_utc", "source", "name", "reason")
FOOT = ("range_0_10", "extension_deg", "gathers", "curl_ease_0_10", "spread", "balance_s", "knee_to_wall_cm")
WITH_UNIT = {"score": "score_0_10"}
"""Fields whose own name does not say their unit."""


def runs(lines: Iterable[RunLine]) -> str:
    return _of(lines, RUN)


def diary(entries: Iterable[EntryView]) -> str:
    return _of(entries, ENTRY)


def segments(page: RunPage) -> str:
    return _of(page.segments, SEGMENT)


def curves(page: RunPage) -> str:
    """The thinned curves, as they are drawn."""
    if page.lines is None:
        return text(CURVES, [])
    return text(CURVES, zip(*(getattr(page.lines, name) for name in CURVES), strict=True))


def days(calendar: CalendarPage) -> str:
    head = ("day", "runs", "kinds", "distance_m", "foot_work_due_min", "foot_work_done_min", "states",
            "stiffness_0_10", "soreness_0_10", "paused")  # fmt: skip
    rows = [
        (
            view.day,
            len(view.runs),
            " ".join(run.primary or "unknown" for run in view.runs),
            sum(run.distance_m or 0.0 for run in view.runs),
            sum(work.minutes for work in view.work if work.counts),
            sum(session.minutes or 0.0 for session in view.sessions),
            " ".join(session.state for session in view.sessions),
            view.stiffness,
            view.soreness,
            view.paused,
        )
        for view in calendar.days
    ]
    return text(head, rows)


def weeks(calendar: CalendarPage) -> str:
    head = ("week_from", "foot_work_days_done", "foot_work_days_due", "kept", "distance_m")
    return text(head, ((week.first, week.done, week.due, week.kept, week.distance_m) for week in calendar.weeks))


def daily(facts: Insights) -> str:
    """Stiffness and load day by day, each column as far as it reaches."""
    columns: Mapping[str, dict[date, float]] = {
        "stiffness_0_10": dict(facts.stiffness),
        "stiffness_level_0_10": dict(facts.level),
        "load_mean_7_days_min": dict(facts.load_short),
        "load_mean_28_days_min": dict(facts.load_long),
    }
    found = sorted({day for column in columns.values() for day in column})
    return text(("day", *columns), ((day, *(column.get(day) for column in columns.values())) for day in found))


def weekly(facts: Insights) -> str:
    return text(("week_from", "distance_m"), facts.weekly_distance_m)


def felt(facts: Insights) -> str:
    """The next morning against one's own usual, by surface, kind and shoe."""
    head = ("by", "group", "n", "mean_points", "low_points", "high_points")
    groups = (("surface", facts.by_surface), ("kind", facts.by_kind), ("shoe", facts.by_shoe))
    return text(head, ((by, row.group, row.n, row.mean, row.low, row.high) for by, rows in groups for row in rows))


def dose(view: DoseView) -> str:
    head = ("day", "verdict", "change", "reasons")
    return text(
        head,
        ((one.day, one.verdict, one.says, " ".join(reason.says for reason in one.reasons)) for one in view.history),
    )


def checks(plan: PlanPage) -> str:
    """One row a self-check and foot."""
    return text(
        ("day", "foot", *FOOT),
        (
            (one["day"], side, *(one.get(side, {}).get(name) for name in FOOT))
            for one in plan.assessments
            for side in ("left", "right")
        ),
    )


def passes(lines: Iterable[SyncRunLine]) -> str:
    head = ("started_utc", "ended_utc", "source", "result", "counts")
    return text(
        head,
        ((line.started_utc, line.ended_utc, line.source, line.result, _counts(line.counts)) for line in lines),
    )


def problems(lines: Iterable[ProblemLine]) -> str:
    return _of(lines, PROBLEM)


def text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _of(things: Iterable[BaseModel], names: Sequence[str]) -> str:
    head = [WITH_UNIT.get(name, name) for name in names]
    return text(head, ([getattr(thing, name) for name in names] for thing in things))


def _plain(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula is quoted."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _counts(counts: Mapping[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in counts.items() if number)
