"""What the runner typed: the log of commands, and what each of them left. Never derived, never rebuilt."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sync.storage.database import Store, to_json
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
    return store.fetch_all("merge_decisions", DecisionRow, athlete=athlete)


# --- changes --------------------------------------------------------------------------------------


def count_commands(store: Store) -> int:
    """How many commands were ever typed, by anyone. A correction or a removal is one more: it never falls."""
    return int(store.fetch_value("count_commands"))


def next_command_seq(store: Store) -> int:
    """The next place in the order of arrival; whoever asks for it keeps other writers out until it is taken."""
    return int(store.fetch_value("next_command_seq"))


def insert_command(
    store: Store,
    athlete: str,
    *,
    command_id: str,
    seq: int,
    name: str,
    payload_json: str,
    typed_utc: datetime,
    arrived_utc: datetime,
    says: str,
    refused: str | None,
) -> None:
    """A command whole, with what it said back."""
    store.execute(
        "insert_command",
        athlete=athlete,
        command_id=command_id,
        seq=seq,
        name=name,
        payload=payload_json,
        typed_utc=typed_utc,
        arrived_utc=arrived_utc,
        says=says,
        refused=refused,
    )


def upsert_entry(store: Store, athlete: str, row: EntryRow) -> None:
    store.execute("upsert_entry", athlete=athlete, **_columns(row))


def delete_entry(store: Store, athlete: str, entry_id: str) -> None:
    store.execute("delete_entry", athlete=athlete, entry_id=entry_id)


def upsert_flag(store: Store, athlete: str, *, flag_id: str, name: str, at_utc: datetime, day: date, seq: int) -> None:
    """A flag that was cleared stays so."""
    store.execute("upsert_flag", athlete=athlete, flag_id=flag_id, name=name, at_utc=at_utc, day=day, seq=seq)


def set_flag_cleared(store: Store, athlete: str, flag_id: str, *, cleared_utc: datetime, because: str | None) -> None:
    store.execute("set_flag_cleared", athlete=athlete, flag_id=flag_id, cleared_utc=cleared_utc, because=because)


def upsert_session(store: Store, athlete: str, row: SessionRow) -> None:
    columns = _columns(row)
    drills = to_json(dict(columns.pop("drills")))
    store.execute("upsert_session", athlete=athlete, **columns)
    store.execute("set_session_drills", athlete=athlete, session_id=row.session_id, drills=drills)


def delete_session(store: Store, athlete: str, session_id: str) -> None:
    store.execute("delete_session", athlete=athlete, session_id=session_id)


def upsert_pause(store: Store, athlete: str, row: PauseRow) -> None:
    store.execute("upsert_pause", athlete=athlete, **_columns(row))


def end_pauses(store: Store, athlete: str, *, on: date) -> None:
    """From ``on`` there is no pause: one under way ends the day before, later ones are gone."""
    store.execute("end_pauses", athlete=athlete, last_day=on - timedelta(days=1))
    store.execute("delete_pauses_from", athlete=athlete, from_day=on)


def upsert_assessment(store: Store, athlete: str, row: AssessmentRow) -> None:
    answers = {name: to_json(dict(getattr(row, name))) for name in ("left_foot", "right_foot", "screen")}
    store.execute("upsert_assessment", athlete=athlete, **{**_columns(row), **answers})


def upsert_preference(store: Store, athlete: str, row: PreferenceRow, *, seq: int) -> None:
    store.execute(
        "upsert_preference", athlete=athlete, key=row.key, value=to_json(row.value), at_utc=row.at_utc, seq=seq
    )


def upsert_card_answer(store: Store, athlete: str, row: CardAnswerRow) -> None:
    store.execute("upsert_card_answer", athlete=athlete, **_columns(row))


def upsert_planned(store: Store, athlete: str, row: PlannedRow, *, seq: int) -> None:
    columns = _columns(row)
    race = columns.pop("race")
    store.execute("upsert_planned", athlete=athlete, seq=seq, **columns)
    store.execute("set_planned_race", athlete=athlete, planned_id=row.planned_id, race=race)


def delete_planned(store: Store, athlete: str, planned_id: str) -> None:
    store.execute("delete_planned", athlete=athlete, planned_id=planned_id)


def delete_planned_of_source(store: Store, athlete: str, source: str, *, first_day: date, last_day: date) -> None:
    """What a source had planned for these days."""
    store.execute("delete_planned_of_source", athlete=athlete, source=source, first_day=first_day, last_day=last_day)


def upsert_correction(
    store: Store,
    athlete: str,
    recording_id: str,
    *,
    seq: int,
    is_run: bool | None,
    kind: str | None,
    intensity: str | None,
    long_run: bool | None,
    hills: str | None,
    surface: str | None,
    confirmed: bool,
) -> None:
    """Later words replace earlier ones; None says nothing and leaves them."""
    store.execute(
        "upsert_correction",
        athlete=athlete,
        recording_id=recording_id,
        seq=seq,
        is_run=is_run,
        kind=kind,
        intensity=intensity,
        long_run=long_run,
        hills=hills,
        surface=surface,
        confirmed=confirmed,
    )


def delete_correction(store: Store, athlete: str, recording_id: str) -> None:
    store.execute("delete_correction", athlete=athlete, recording_id=recording_id)


def upsert_decision(store: Store, athlete: str, a: str, b: str, *, same: bool, seq: int) -> None:
    """Whether two recordings are one run, in the runner's word; the order of the two is no matter."""
    first, second = sorted((a, b))
    verdict = "same" if same else "different"
    store.execute(
        "upsert_merge_decision", athlete=athlete, recording_a=first, recording_b=second, verdict=verdict, seq=seq
    )


def _columns(row: EntryRow | SessionRow | PauseRow | AssessmentRow | CardAnswerRow | PlannedRow) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(row)}
