"""Foot work that a watch recorded: another activity that may have been it is asked about, never assumed (M22, M28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from rules.facts.foot_work import Prescription, SessionDone, Window
from rules.knowledge.thresholds import Thresholds
from rules.state.week import standing

MOBILITY, STRETCHING = "mobility", ("training", "flexibility_training")
"""A sport; a sport with its sub-sport. Yoga and strength are work of their own: nobody wants to be asked about each."""


class RecordedActivity(Protocol):
    """What the row of an activity tells of it."""

    @property
    def sport(self) -> str | None: ...
    @property
    def sub_sport(self) -> str | None: ...
    @property
    def start_utc(self) -> datetime: ...
    @property
    def elapsed_s(self) -> float: ...


_Activity = TypeVar("_Activity", bound=RecordedActivity)


def may_be_foot_work(activity: RecordedActivity, limits: Thresholds) -> bool:
    """Mobility or stretching, and no longer than foot work is."""
    named = activity.sport == MOBILITY or (activity.sport, activity.sub_sport) == STRETCHING
    return named and activity.elapsed_s <= 60 * limits.watch_most_minutes


def asks_since(now_utc: datetime, limits: Thresholds) -> datetime:
    """Activities that began before this are not asked about any more."""
    return now_utc - timedelta(days=limits.watch_asks_days)


def asked_about(
    activities: Sequence[_Activity], sessions: Sequence[SessionDone], now_utc: datetime, limits: Thresholds
) -> list[_Activity]:
    """The activities of the last days that may have been foot work; none that a session tells of."""
    since_utc = asks_since(now_utc, limits)
    return [
        one
        for one in activities
        if since_utc <= one.start_utc <= now_utc
        and may_be_foot_work(one, limits)
        and not any(_tells_of(session, one, limits) for session in sessions)
    ]


def end_utc(activity: RecordedActivity) -> datetime:
    return activity.start_utc + timedelta(seconds=activity.elapsed_s)


def fulfils(day: date, issued: Sequence[Prescription], sessions: Sequence[SessionDone]) -> Prescription | None:
    """The prescription that work recorded on ``day`` was for: what stands and is not done, the warm-up before all
    others; None when nothing is open."""
    done = {one.prescription_id for one in sessions if one.state != "skipped"}
    due = [one for one in standing(issued) if one.day == day and one.prescription_id not in done]
    return min(due, key=lambda one: one.window is not Window.BEFORE, default=None)


def _tells_of(session: SessionDone, activity: RecordedActivity, limits: Thresholds) -> bool:
    """Work already stored this close to the recording was that work."""
    same = timedelta(minutes=limits.watch_same_minutes)
    return session.state != "skipped" and activity.start_utc - same <= session.at_utc <= end_utc(activity) + same
