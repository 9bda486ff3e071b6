"""Foot work that a watch recorded: which activities are asked about, and the session that a yes stores."""

from __future__ import annotations

from datetime import UTC, datetime

from rules.state.feet import FootState
from rules.state.watch_work import asked_about, asks_since, end_utc, fulfils
from sync.service.whereabouts import local_day
from sync.settings.config import Athlete
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import ActivityRow
from sync.wire.commands import AnswerCard, LogSession

CARD = "session:"
"""A card's id is this and the activity's; the answer ``yes`` stores a session."""


def candidates(store: Store, athlete: Athlete, state: FootState) -> list[ActivityRow]:
    """Activities that may have been foot work, newest first; none that a session tells of."""
    first_day = asks_since(state.now_utc, state.thresholds).date()
    rows = FootworkRepository(store, athlete.id).activities(datetime.combine(first_day, datetime.min.time()))
    return asked_about(rows, state.sessions, state.now_utc, state.thresholds)


def session_from_answer(store: Store, athlete: Athlete, state: FootState, command: AnswerCard) -> LogSession | None:
    """The session that the answer to such a card stores: for that day's plan where it is still open.

    None for any other card, for ``no``, and for an activity that is gone or told of meanwhile.
    """
    if command.answer != "yes":
        return None
    activity_id = command.card_id.removeprefix(CARD)
    row = next((row for row in candidates(store, athlete, state) if row.activity_id == activity_id), None)
    if row is None:
        return None
    due = fulfils(local_day(store, athlete, end_utc(row)), state.issued, state.sessions)
    return LogSession(
        typed_utc=command.typed_utc,
        session_id=f"watch-{activity_id}",
        at_utc=end_utc(row).replace(tzinfo=UTC),
        prescription_id=due.prescription_id if due else None,
        state="done",
        minutes=round(row.elapsed_s / 60, 1),
    )
