"""What the store keeps of one runner's feet as the rules' own values, made again only when a row behind it changes.

Every tap and every look at the page needs all of it; hardly any of it is new.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar, cast

from rules.facts.answers import DrillAnswer, Place, Side, SkipReason, When
from rules.facts.foot_work import (
    Assessment,
    DiaryEntry,
    DoseChange,
    FlagRaised,
    FootCheck,
    Pause,
    Prescription,
    SessionDone,
)
from rules.facts.labels import Labels
from sync.storage import housekeeping, issued, labels, typed
from sync.storage import runs as stored_runs
from sync.storage.database import Store
from sync.storage.rows.arrived import ActivityRow, QuestionRow, RunRow
from sync.storage.rows.kept import GearRow
from sync.storage.rows.typed import AssessmentRow, CardAnswerRow, EntryRow, FlagRow, PlannedRow, SessionRow
from sync.storage.serialize.labels import labels_of
from sync.storage.serialize.prescriptions import dose_change_of, given_of, prescription_of

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class FootworkRepository:
    """One runner's. What it gives is shared and stays as it is; tuples are in order of day, then arrival."""

    store: Store
    athlete: str

    def runs(self, first: date, last: date) -> tuple[tuple[RunRow, Labels | None], ...]:
        """Runs of these days with their labels, newest first."""
        return self._keep(
            ("runs", first, last),
            lambda: tuple(
                (row, labels_of(row))
                for row in stored_runs.runs(self.store, self.athlete, first_day=first, last_day=last)
            ),
        )

    def newest_run(self) -> RunRow | None:
        return self._keep(("newest",), lambda: next(iter(stored_runs.runs(self.store, self.athlete, limit=1)), None))

    def questions(self) -> tuple[QuestionRow, ...]:
        """Doubtful pairs and activities of unknown sport, newest first."""
        return self._keep(("questions",), lambda: tuple(labels.questions(self.store, self.athlete)))

    def activities(self, from_utc: datetime) -> tuple[ActivityRow, ...]:
        """Activities since then that are no runs, newest first."""
        return self._keep(
            ("activities", from_utc),
            lambda: tuple(stored_runs.activities(self.store, self.athlete, from_utc=from_utc)),
        )

    def diary(self) -> tuple[DiaryEntry, ...]:
        return self._keep(
            ("diary",),
            lambda: tuple(
                entry_of(row)
                for row in sorted(typed.diary(self.store, self.athlete), key=lambda row: (row.day, row.seq))
            ),
        )

    def sessions(self, first: date) -> tuple[SessionDone, ...]:
        """From ``first`` on."""
        return self._keep(
            ("sessions", first),
            lambda: tuple(
                session_of(row)
                for row in sorted(
                    typed.sessions(self.store, self.athlete, first_day=first), key=lambda row: (row.day, row.seq)
                )
            ),
        )

    def issued(self, first: date, last: date | None = None) -> tuple[Prescription, ...]:
        """For the days from ``first`` on, superseded ones included, in order of issue."""
        return self._keep(
            ("issued", first, last),
            lambda: tuple(
                prescription_of(row, self.athlete)
                for row in issued.prescriptions(self.store, self.athlete, first_day=first, last_day=last)
            ),
        )

    def given(self, first: date) -> tuple[Prescription, ...]:
        """Like ``issued``, bare of drills and reasons: all that adherence asks of a year."""
        return self._keep(
            ("given", first),
            lambda: tuple(given_of(row, self.athlete) for row in issued.given(self.store, self.athlete, first)),
        )

    def first_issued(self) -> date | None:
        """The day of the first prescription ever."""
        return self._keep(("first issued",), lambda: issued.first_issued(self.store, self.athlete))

    def dose_changes(self) -> tuple[DoseChange, ...]:
        return self._keep(
            ("dose",), lambda: tuple(dose_change_of(row) for row in issued.dose_changes(self.store, self.athlete))
        )

    def flags(self) -> tuple[FlagRaised, ...]:
        return self._keep(("flags",), lambda: tuple(flag_of(row) for row in typed.flags(self.store, self.athlete)))

    def pauses(self) -> tuple[Pause, ...]:
        return self._keep(
            ("pauses",),
            lambda: tuple(
                Pause(row.pause_id, row.reason, row.from_day, row.until_day)
                for row in typed.pauses(self.store, self.athlete)
            ),
        )

    def assessments(self) -> tuple[Assessment, ...]:
        return self._keep(
            ("assessments",),
            lambda: tuple(assessment_of(row) for row in typed.assessments(self.store, self.athlete)),
        )

    def card_answers(self) -> tuple[CardAnswerRow, ...]:
        return self._keep(("cards",), lambda: tuple(typed.card_answers(self.store, self.athlete)))

    def planned(self, first: date) -> tuple[PlannedRow, ...]:
        """From ``first`` on."""
        return self._keep(("planned", first), lambda: tuple(typed.planned(self.store, self.athlete, first_day=first)))

    def preferences(self) -> Mapping[str, Any]:
        return self._keep(
            ("preferences",), lambda: {row.key: row.value for row in typed.preferences(self.store, self.athlete)}
        )

    def gear(self) -> tuple[GearRow, ...]:
        return self._keep(("gear",), lambda: tuple(housekeeping.gear(self.store, self.athlete)))

    def _keep(self, what: tuple[Hashable, ...], make: Callable[[], _Value]) -> _Value:
        return self.store.cached(("foot", self.athlete, *what), make)


# Each tap reads the whole diary again, and a word is found here much faster than an enumeration makes it.
PLACES = {str(place): place for place in Place}
SIDES = {str(side): side for side in Side}
MOMENTS = {str(moment): moment for moment in When}


def entry_of(row: EntryRow) -> DiaryEntry:
    return DiaryEntry(
        entry_id=row.entry_id,
        what=cast(Any, row.what),
        at_utc=row.at_utc,
        day=row.day,
        score=row.score,
        place=PLACES[row.place] if row.place else None,
        side=SIDES[row.side] if row.side else None,
        when=MOMENTS[row.at_when] if row.at_when else None,
        note=row.note,
    )


def session_of(row: SessionRow) -> SessionDone:
    return SessionDone(
        session_id=row.session_id,
        at_utc=row.at_utc,
        day=row.day,
        state=cast(Any, row.state),
        prescription_id=row.prescription_id,
        minutes=row.minutes,
        reason=SkipReason(row.reason) if row.reason else None,
        drills={name: DrillAnswer(answer) for name, answer in row.drills.items()},
    )


def assessment_of(row: AssessmentRow) -> Assessment:
    return Assessment(
        assessment_id=row.assessment_id,
        day=row.day,
        left=_foot(row.left_foot),
        right=_foot(row.right_foot),
        night_cramps=row.night_cramps,
        screen=dict(row.screen),
    )


def _foot(answers: Mapping[str, Any]) -> FootCheck:
    known = {field.name for field in fields(FootCheck)}
    given = {name: value for name, value in answers.items() if name in known and value is not None}
    if "gathers" in given:
        given["gathers"] = Place(given["gathers"])
    return FootCheck(**given)


def flag_of(row: FlagRow) -> FlagRaised:
    return FlagRaised(row.flag_id, row.name, row.at_utc, row.day, row.cleared_utc, row.because)
