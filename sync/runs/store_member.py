"""One member of a file into the store: what it is, decided without the store, and then kept as what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import assert_never

from rules.facts.recorded import Recording
from sync.formats.clock import doubted_week, named_days
from sync.formats.read import Member
from sync.formats.tables.sheets import TableRead
from sync.runs import activities, activity_clusters, gear, import_tables, told_days
from sync.runs.file_ledger import FileLedger
from sync.runs.import_report import FileResult, MemberResult
from sync.runs.import_tables import FILE
from sync.settings.config import Athlete, Shoe
from sync.storage import originals, recordings
from sync.storage.database import Store
from sync.storage.rows.kept import GearRow

THAT_TIME = timedelta(days=400)
"""Other recordings so near say that somebody ran with a watch then."""

# --- what it is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unusable:
    """A problem: ``reason`` is its text key."""

    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class NoActivity:
    """Nothing that was meant for springstep; ``reason`` is the text key, where there is one."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class GearList:
    gear: Sequence[GearRow]


@dataclass(frozen=True, slots=True, eq=False)
class ActivityTable:
    """A table with a possible row or more; rows of impossible dates are among its problems."""

    table: TableRead


@dataclass(frozen=True, slots=True, eq=False)
class Recordings:
    recordings: Sequence[Recording]


Recognised = Unusable | NoActivity | GearList | ActivityTable | Recordings


def recognise(member: Member, athlete: Athlete, now_utc: datetime) -> Recognised:
    """What a member is. Nobody's run lies ahead: dates that cannot be make a recording or a whole table unusable."""
    if member.problem is not None:
        return Unusable(member.problem.reason, member.problem.detail)
    if member.table is not None:
        table = import_tables.only_possible(member.table, now_utc)
        return ActivityTable(table) if table.rows else Unusable("impossible-date", table.problems[-1].detail)
    if member.ignored is not None or not member.recordings:
        found = gear.read_gear(member.data, athlete) if member.ignored == "no-activity" else None
        return GearList(found) if found else NoActivity(member.ignored)
    impossible = import_tables.first_impossible(member.recordings, now_utc)
    return Recordings(member.recordings) if impossible is None else Unusable("impossible-date", f"{impossible.date()}")


# --- what becomes of it ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MemberStore:
    """Keeps members for one athlete; ``originals_dir`` is the folder of all athletes' originals."""

    store: Store
    athlete: Athlete
    shoes: Mapping[str, Shoe]
    originals_dir: Path
    ledger: FileLedger
    now: Callable[[], datetime]
    told_day: date | None = None
    """The day that the runner typed for what is taken in now."""

    def keep(self, member: Member, place: str) -> MemberResult:
        """Recognised and stored; ``place`` is where its file lies."""
        member = self._on_its_day(member)
        recognised = recognise(member, self.athlete, self.now())
        match recognised:
            case Unusable(reason=reason, detail=detail):
                return MemberResult(self.ledger.problem(place, member.name, reason, detail))
            case NoActivity(reason=reason):
                return MemberResult(FileResult(member.name, "ignored", reason))
            case GearList(gear=found):
                told = gear.upsert_told(self.store, self.athlete, self.shoes, found)
                return MemberResult(FileResult(member.name, "read" if told else "duplicate"))
            case ActivityTable(table=table):
                return self._keep_table(member, table, place)
            case Recordings(recordings=found_recordings):
                if (doubted := self._doubted_day(member, found_recordings)) is not None:
                    return MemberResult(self.ledger.problem(place, member.name, "week-doubted", f"{doubted}"))
                known = self._original_known(member)
                if known and self.told_day is not None:
                    held = recordings.held_of_content(self.store, self.athlete.id, member.sha256)
                    activities.drop(self.store, self.athlete, [row.recording_id for row in held])
                    known = False
                return self._add_way(member) if known else self._keep_recordings(member, found_recordings)
            case _:
                assert_never(recognised)

    def _on_its_day(self, member: Member) -> Member:
        """With its recordings on the day that the runner typed, now or before."""
        if not member.recordings:
            return member
        if self.told_day is not None:
            told_days.note(self.store, self.athlete.id, member.sha256, self.told_day)
        day = told_days.day_of(self.store, self.athlete.id, member.sha256)
        return replace(member, recordings=told_days.on_day(member.recordings, day, self.athlete.zone))

    def _doubted_day(self, member: Member, found: Sequence[Recording]) -> date | None:
        """The day of a recording whose clock may have lost count of its weeks, where nothing tells: neither its name,
        nor the runner, nor other recordings of that time."""
        start_utc = min(one.start_utc for one in found)
        if not doubted_week(start_utc, self.now()) or named_days(member.name) or self.told_day is not None:
            return None
        if told_days.day_of(self.store, self.athlete.id, member.sha256) is not None:
            return None
        others = recordings.identities(self.store, self.athlete.id)
        near = any(abs(one.start_utc - start_utc) < THAT_TIME and one.sha256 != member.sha256 for one in others)
        return None if near else start_utc.date()

    def _add_way(self, member: Member) -> MemberResult:
        """A content that is known came again: its names and ids grow, and an id may link it to other copies."""
        athlete_id, refs = self.athlete.id, import_tables.upload_refs(member.name)
        with self.store.transaction():
            originals.insert_names(self.store, athlete_id, member.sha256, [member.name])
            held = [row.recording_id for row in recordings.held_of_content(self.store, athlete_id, member.sha256)]
            for name in held:
                recordings.insert_refs(self.store, athlete_id, name, FILE, [f"{FILE}:{member.sha256}", *sorted(refs)])
            if refs:
                activity_clusters.recluster(self.store, self.athlete, held, again=False)
        return MemberResult(FileResult(member.name, "duplicate"))

    def _keep_recordings(self, member: Member, found: Sequence[Recording]) -> MemberResult:
        # The content must be safe before anything in the store points to it.
        originals.keep(self.originals_dir, self.athlete.id, member.sha256, member.data)
        with self.store.transaction():
            copy = all(recordings.is_same_file_known(self.store, self.athlete.id, one, member.sha256) for one in found)
            content = activities.IncomingContent(
                source=FILE,
                source_ref=None,
                sha256=member.sha256,
                format=member.format.value,
                size_bytes=len(member.data),
                recordings=found,
                names=(member.name,),
                refs=import_tables.upload_refs(member.name),
            )
            kept = activities.keep(self.store, self.athlete, content, now_utc=self.now())
        if copy:
            # The same device wrote the same activity at the same moment: kept, since it may be the better copy.
            return MemberResult(FileResult(member.name, "duplicate"))
        return MemberResult(FileResult(member.name, "read"), tuple(kept.values()))

    def _keep_table(self, member: Member, table: TableRead, place: str) -> MemberResult:
        contents = import_tables.Contents(table, member.sha256, len(member.data))
        outcomes = self._keep_rows(member, contents)
        doubt = None
        if self._original_known(member):
            doubt = import_tables.tell_units(self.store, self.athlete, contents, member.name, self.now())
        result = FileResult(member.name, "duplicate" if outcomes is None else "read", None, doubt)
        if (rows := _unusable_rows(table)) is not None:
            result = replace(
                result, problem_id=self.ledger.problem(place, member.name, rows.reason, rows.detail).problem_id
            )
        return MemberResult(result, outcomes or (), (member.name, table))

    def _keep_rows(
        self, member: Member, contents: import_tables.Contents
    ) -> tuple[activity_clusters.ActivityOutcome, ...] | None:
        """What became of the table's new rows; None where it says nothing that was not known."""
        if self._original_known(member):
            originals.insert_names(self.store, self.athlete.id, member.sha256, [member.name])
            return None
        originals.keep(self.originals_dir, self.athlete.id, member.sha256, member.data)
        kept = import_tables.keep(self.store, self.athlete, contents, [member.name], now_utc=self.now())
        if kept is not None:
            worn = gear.worn(contents.table, contents.source)
            gear.upsert_told(self.store, self.athlete, self.shoes, worn)
        if not self._original_known(member):
            # A newer table holds every row of it already.
            originals.delete(self.originals_dir, self.athlete.id, member.sha256)
        return None if kept is None else tuple(kept.values())

    def _original_known(self, member: Member) -> bool:
        return originals.is_known(self.store, self.athlete.id, member.sha256)


def _unusable_rows(table: TableRead) -> Unusable | None:
    """What is said about the rows that could not come in: the first impossible date, else how many lack a start."""
    if not table.problems:
        return None
    counted = f"{len(table.problems)}/{len(table.problems) + len(table.rows)}"
    impossible = next((problem for problem in table.problems if problem.reason == "impossible-date"), None)
    if impossible is not None:
        return Unusable("rows-impossible", impossible.detail or counted)
    return Unusable("rows-without-start", counted)
