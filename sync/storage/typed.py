"""Questions about what the runner typed, and about what was issued to the runner."""

from __future__ import annotations

from datetime import date

from sync.storage.database import Store
from sync.storage.rows.kept import DoseChangeRow, GivenRow, PrescriptionRow
from sync.storage.rows.typed import (
    AssessmentRow,
    CardAnswerRow,
    CommandRow,
    CorrectionRow,
    DecisionRow,
    EntryRow,
    FlagRow,
    PauseRow,
    PlannedRow,
    PreferenceRow,
    SessionRow,
)


def command(store: Store, command_id: str) -> CommandRow | None:
    return store.fetch_one("command", CommandRow, command_id=command_id)


def commands(store: Store, athlete: str) -> list[CommandRow]:
    """The event log: everything ever typed, in order of arrival."""
    return store.fetch_all("commands", CommandRow, athlete=athlete)


def diary(store: Store, athlete: str, *, first_day: date | None = None, last_day: date | None = None) -> list[EntryRow]:
    """Scores in order of time."""
    return store.fetch_all("diary", EntryRow, athlete=athlete, first_day=first_day, last_day=last_day)


def entry(store: Store, athlete: str, entry_id: str) -> EntryRow | None:
    return store.fetch_one("entry", EntryRow, athlete=athlete, entry_id=entry_id)


def flags(store: Store, athlete: str) -> list[FlagRow]:
    return store.fetch_all("flags", FlagRow, athlete=athlete)


def sessions(
    store: Store, athlete: str, *, first_day: date | None = None, last_day: date | None = None
) -> list[SessionRow]:
    return store.fetch_all("sessions", SessionRow, athlete=athlete, first_day=first_day, last_day=last_day)


def pauses(store: Store, athlete: str) -> list[PauseRow]:
    return store.fetch_all("pauses", PauseRow, athlete=athlete)


def assessments(store: Store, athlete: str) -> list[AssessmentRow]:
    return store.fetch_all("assessments", AssessmentRow, athlete=athlete)


def preferences(store: Store, athlete: str) -> list[PreferenceRow]:
    return store.fetch_all("preferences", PreferenceRow, athlete=athlete)


def card_answers(store: Store, athlete: str) -> list[CardAnswerRow]:
    return store.fetch_all("card_answers", CardAnswerRow, athlete=athlete)


def planned(
    store: Store, athlete: str, *, first_day: date | None = None, last_day: date | None = None
) -> list[PlannedRow]:
    return store.fetch_all("planned", PlannedRow, athlete=athlete, first_day=first_day, last_day=last_day)


def corrections(store: Store, athlete: str) -> list[CorrectionRow]:
    """In the order in which they were said; ``activity_id`` is the activity that holds the recording now."""
    return store.fetch_all("corrections", CorrectionRow, athlete=athlete)


def decisions(store: Store, athlete: str) -> list[DecisionRow]:
    """The runner's "same" and "different" about pairs of recordings."""
    return store.fetch_all("decisions", DecisionRow, athlete=athlete)


def prescriptions(
    store: Store, athlete: str, *, first_day: date | None = None, last_day: date | None = None
) -> list[PrescriptionRow]:
    """In order of issue, superseded ones included."""
    return store.fetch_all("prescriptions", PrescriptionRow, athlete=athlete, first_day=first_day, last_day=last_day)


def given(store: Store, athlete: str, first_day: date) -> list[GivenRow]:
    """In order of issue, superseded ones included, without drills and reasons."""
    return store.fetch_all("given", GivenRow, athlete=athlete, first_day=first_day)


def first_issued(store: Store, athlete: str) -> date | None:
    """The day of the first prescription ever issued."""
    day: date | None = store.fetch_value("first_issued", athlete=athlete)
    return day


def prescription(store: Store, athlete: str, prescription_id: str) -> PrescriptionRow | None:
    return store.fetch_one("prescription", PrescriptionRow, athlete=athlete, prescription_id=prescription_id)


def dose_changes(store: Store, athlete: str) -> list[DoseChangeRow]:
    """The whole history, in order of issue."""
    return store.fetch_all("dose_changes", DoseChangeRow, athlete=athlete)
