"""What a run was for the feet: the foot work it brought, and how stiff the next morning was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import mean
from typing import Literal

from rules.dose.readiness import stiffness_by_day
from rules.facts.foot_work import DiaryEntry, Prescription, SessionDone, Window
from rules.plan.plan import plan
from rules.state.week import sessions_by_prescription, standing
from rules.text import Language
from sync.service.footwork_state import load_state
from sync.service.queries.context import QueryContext
from sync.service.queries.dates import today_of
from sync.service.queries.footwork_views import title
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import RunRow
from sync.wire.runs import FootWorkLine, NextMorning

LATEST = timedelta(days=2)
"""A long run's work may stand for the morning after; what was put off, for the day after that."""
USUAL = timedelta(days=28)


def foot_work(asking: QueryContext, row: RunRow, language: Language) -> list[FootWorkLine]:
    """Of a run of these days also what the plan says now and nobody has issued yet."""
    today = today_of(asking)
    repository = FootworkRepository(asking.store, asking.athlete.id)
    issued = repository.issued(row.day, row.day + LATEST)
    sessions = repository.sessions(row.day)
    told = sessions_by_prescription(sessions, issued)
    now: Sequence[Prescription] = ()
    if today - LATEST <= row.day <= today:
        work = plan(load_state(asking.store, asking.athlete, asking.config, asking.now_utc))
        now = (*work.today, *work.ahead)
    found = brought(issued, now, {row.run_id, *row.recording_ids}, told, today)
    return [
        FootWorkLine(
            title=title(one, language),
            day=one.day,
            minutes=(session.minutes if (session := told.get(one.prescription_id)) else None) or one.minutes,
            state=became(one, session, today),
        )
        for one in found
    ]


def brought(
    issued: Sequence[Prescription],
    now: Sequence[Prescription],
    run_ids: set[str],
    told: Mapping[str, SessionDone],
    today: date,
) -> list[Prescription]:
    """The work for one run, each once: of past days what stood or was done, from today on what the plan says ``now``.

    A run whose better copy arrived later has more than one of ``run_ids``.
    """
    of_run = [one for one in issued if one.run_id in run_ids and one.window is not Window.PRIMER]
    kept = standing(issued)
    stood = [one for one in of_run if one.prescription_id in told or (one in kept and one.day < today)]
    names = {one.prescription_id for one in stood}
    coming = [
        one
        for one in now
        if one.run_id in run_ids and one.window is not Window.PRIMER and one.prescription_id not in names
    ]
    return [*stood, *coming]


def became(
    work: Prescription, session: SessionDone | None, today: date
) -> Literal["done", "partial", "skipped", "open", "passed"]:
    if session is not None:
        return session.state
    return "open" if work.day >= today else "passed"


def next_morning(asking: QueryContext, day: date) -> NextMorning | None:
    return morning_after(FootworkRepository(asking.store, asking.athlete.id).diary(), day)


def morning_after(diary: Sequence[DiaryEntry], day: date) -> NextMorning | None:
    """Points of stiffness, 0–10, on the day after ``day``, beside the logged days of the four weeks before it."""
    after = day + timedelta(days=1)
    scores = stiffness_by_day(diary, after - USUAL, after)
    if after not in scores:
        return None
    before = [score for at, score in scores.items() if at < after]
    return NextMorning(day=after, score=round(scores[after], 1), usual=round(mean(before), 1) if before else None)
