"""Foot work that a watch recorded: another activity that may have been it is asked about, never assumed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rules.facts.foot_work import SessionDone, Window
from rules.state.feet import FootState
from rules.state.week import standing
from sync.service.footwork_state import local_day
from sync.settings.config import Athlete
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import ActivityRow
from sync.wire.commands import AnswerCard, LogSession

CARD = "session:"
"""A card's id is this and the activity's; the answer ``yes`` stores a session."""
MOBILITY, STRETCHING = "mobility", ("training", "flexibility_training")
"""A sport; a sport with its sub-sport. Yoga and strength are work of their own: nobody wants to be asked about each."""
LONGEST = timedelta(hours=1)
LOOKS_BACK = timedelta(days=2)
SAME_TIME = timedelta(minutes=30)
"""Work already stored this close to the recording was that work."""


def candidates(store: Store, athlete: Athlete, state: FootState) -> list[ActivityRow]:
    """Activities of the last two days that may have been foot work, newest first; none that a session tells of."""
    since_utc = state.now_utc - LOOKS_BACK
    rows = FootworkRepository(store, athlete.id).activities(datetime.combine(since_utc.date(), datetime.min.time()))
    lately = [row for row in rows if since_utc <= row.start_utc <= state.now_utc]
    return [row for row in lately if _may_be(row) and not any(_tells_of(one, row) for one in state.sessions)]


def end_utc(row: ActivityRow) -> datetime:
    return row.start_utc + timedelta(seconds=row.elapsed_s)


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
    day = local_day(end_utc(row), athlete)
    done = {one.prescription_id for one in state.sessions if one.state != "skipped"}
    due = [one for one in standing(state.issued) if one.day == day and one.prescription_id not in done]
    before_first = sorted(due, key=lambda one: one.window is not Window.BEFORE)
    return LogSession(
        typed_utc=command.typed_utc,
        session_id=f"watch-{activity_id}",
        at_utc=end_utc(row).replace(tzinfo=UTC),
        prescription_id=before_first[0].prescription_id if before_first else None,
        state="done",
        minutes=round(row.elapsed_s / 60, 1),
    )


def _may_be(row: ActivityRow) -> bool:
    named = row.sport == MOBILITY or (row.sport, row.sub_sport) == STRETCHING
    return named and row.elapsed_s <= LONGEST.total_seconds()


def _tells_of(session: SessionDone, row: ActivityRow) -> bool:
    return session.state != "skipped" and row.start_utc - SAME_TIME <= session.at_utc <= end_utc(row) + SAME_TIME
