"""Tables of activities into the store: account exports and running logs, each row a recording without samples.

A row is known by its service's id, else by its local start and distance, so that a newer export of the same account
updates it. Of two tables that name the same row the newer one is found by their contents, never by which came first:
any order of imports ends in the same runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.clock import possible
from sync.formats.read import Tables
from sync.formats.tables.read import read_table
from sync.formats.tables.sheets import METRES, TableRead, TableRow, Units
from sync.formats.tables.which_unit import clock
from sync.formats.totals import settled
from sync.runs import activities, activity_clusters, table_zones, zones
from sync.settings.config import Athlete
from sync.storage import housekeeping, originals, recordings
from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import KnownRow
from sync.storage.serialize.recordings import recording_id, to_facts

FILE = "file"
"""The source of what came as a file."""
SOURCES: Mapping[str, tuple[str, str | None]] = {
    "strava_csv": ("strava-export", "strava"),
    "garmin_export": ("garmin-export", "garmin"),
    "garmin_csv": ("garmin-csv", None),
    "running_log": ("running-log", None),
    "garmin_list": ("garmin-list", "garmin"),
    "fitbit_json": ("fitbit-export", "fitbit"),
    "zepp_csv": ("zepp-export", None),
    "samsung_csv": ("samsung-export", "samsung"),
    "runtastic_json": ("runtastic-export", "runtastic"),
    "garmindb": ("garmindb", "garmin"),
    "huawei_json": ("huawei-export", "huawei"),
    "endurain_json": ("endurain-export", None),
}
"""Each kind of table: the source of its rows, and the service whose ids they carry."""
NOTES = "tables"
"""Where the store notes how new each table is."""
BATCH = 300
"""Rows in one transaction: whoever logs a score meanwhile waits for one slice, not for the table."""
SERVICE_ID = re.compile(r"[A-Za-z]?\d{7,}")
"""Shorter numbers in a log only count its rows."""
UPLOADED = re.compile(r"(?:^|/)(\d{6,})\.(?:fit|tcx|gpx)(?:\.gz)?$", re.IGNORECASE)

Rank = tuple[str, int, str]
"""The last start, the number of rows, the content: the greater is the newer table."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One row with the names it goes by."""

    recording_id: str
    source_ref: str
    refs: frozenset[str]
    recording: Recording


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """A table with its checksum and size."""

    table: TableRead
    sha256: str
    size_bytes: int

    @property
    def source(self) -> str:
        return SOURCES[self.table.kind][0]

    @property
    def rank(self) -> Rank:
        last = max(row.recording.start_utc for row in self.table.rows)
        return (last.isoformat(), len(self.table.rows), self.sha256)


def reader(athlete: Athlete, units: str, usual_mps: Callable[[], float | None] = lambda: None) -> Tables:
    """How this runner's tables are read; ``units`` as in the config, ``usual_mps`` what their recordings say then."""
    told: Units | None = {"km": "km", "mi": "mi"}.get(units)  # type: ignore[assignment]
    return lambda data, name: read_table(
        data, name, athlete.zone, told, runner_counts=athlete.units, usual_mps=usual_mps()
    )


def first_impossible(recordings: Iterable[Recording], now_utc: datetime) -> datetime | None:
    """The first start that cannot be, whatever way the recordings came."""
    starts = (recording.start_utc for recording in recordings)
    return next((start for start in starts if not possible(start, now_utc)), None)


def only_possible(table: TableRead, now_utc: datetime) -> TableRead:
    """The table with its rows of impossible dates among the problems."""
    rows, problems = [], list(table.problems)
    for row in table.rows:
        date = row.recording.start_utc.date()
        if possible(row.recording.start_utc, now_utc):
            rows.append(row)
        else:
            problems.append(Problem(f"{date}", "impossible-date", f"{date}"))
    return replace(table, rows=tuple(rows), problems=tuple(problems))


def tell_units(store: Store, athlete: Athlete, contents: Contents, name: str, now_utc: datetime) -> str | None:
    """A unit that is in doubt as a problem of its own, whose id it gives; one that is settled ends it."""
    place, pace_s = f"units:{contents.sha256}", contents.table.ask_units
    if pace_s is None:
        housekeeping.delete_stale_problems(store, athlete.id, source=FILE, place=place)
        return None
    miles = _metres_a_unit(contents.table) == METRES["mi"]
    return housekeeping.upsert_problem(
        store,
        athlete.id,
        source=FILE,
        place=place,
        name=name,
        reason="units-doubtful-mi" if miles else "units-doubtful-km",
        detail=f"{clock(pace_s)}, {round(100 * contents.table.units_sure)} %",
        now_utc=now_utc,
    )


def upload_refs(name: str) -> frozenset[str]:
    """What a recorded file goes by in the tables of its export: its own name, and the number Strava keeps it under."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].casefold().removesuffix(".gz")
    named = {f"name:{base}"} if base.endswith((".fit", ".tcx", ".gpx")) else set()
    found = UPLOADED.search(name)
    return frozenset({*named, *({f"upload:{found[1]}"} if found else ())})


def entries(athlete: Athlete, table: TableRead, moved_s: int = 0) -> list[Entry]:
    """The rows with their ids; rows of one key are told apart by their order in the table.

    ``moved_s`` is what was learned of the table's zone; ids are by the times as they are written.
    """
    source, service = SOURCES[table.kind]
    taken: dict[str, int] = {}
    found = []
    for row in table.rows:
        key = _key(row, athlete, service, _metres_a_unit(table))
        taken[key] = taken.get(key, 0) + 1
        ref = key if taken[key] == 1 else f"{key}#{taken[key]}"
        name = recording_id(athlete.id, content_format=table.kind, sha256="", source=source, source_ref=ref, leg=0)
        refs = {f"{source}:{ref}", *_shared_refs(row, athlete, table.kind, service)}
        found.append(Entry(name, ref, frozenset(refs), settled(_moved(row.recording, moved_s))))
    return found


def _moved(recording: Recording, moved_s: int) -> Recording:
    if not moved_s or recording.utc_offset_s is not None or "time_of_day" in recording.extra:
        return recording
    return replace(recording, start_utc=recording.start_utc + timedelta(seconds=moved_s))


def _entries_of(store: Store, athlete: Athlete, contents: Contents) -> list[Entry]:
    moved_s = table_zones.noted(store, athlete.id).get(contents.sha256, 0)
    return entries(athlete, contents.table, moved_s)


def _metres_a_unit(table: TableRead) -> float:
    taken = table.taken
    return float(taken.get("metres_a_unit") or METRES[taken.get("units", "km")])


def _key(row: TableRow, athlete: Athlete, service: str | None, metres_a_unit: float) -> str:
    if row.external_id is not None and (service is not None or SERVICE_ID.fullmatch(row.external_id)):
        return row.external_id
    recording = row.recording
    local = _local(recording.start_utc, athlete)
    # Without a time of day the hour is only the row's place among the day's rows.
    when = local.date().isoformat() if "time_of_day" in recording.extra else local.isoformat()
    # By the number as it was written: the runner may correct its unit, and what was said of the run stays with it.
    written = (recording.distance_m or 0) / metres_a_unit * (1000 if metres_a_unit > 1 else 1)
    return f"{when}/{round(written)}"


def _shared_refs(row: TableRow, athlete: Athlete, kind: str, service: str | None) -> frozenset[str]:
    """Names that other copies of the activity go by, too."""
    refs = set(upload_refs(row.file_name or ""))
    if service is not None and row.external_id is not None:
        refs.add(f"{service}:{row.external_id}")
    if kind == "garmin_csv":
        refs.add(f"local:{_local(row.recording.start_utc, athlete).isoformat()}")
    return frozenset(refs)


def _local(start_utc: datetime, athlete: Athlete) -> datetime:
    return start_utc.replace(tzinfo=UTC).astimezone(athlete.zone).replace(tzinfo=None)


def keep(
    store: Store,
    athlete: Athlete,
    contents: Contents,
    names: Sequence[str],
    *,
    now_utc: datetime,
    anew: bool = False,
    before_slice: Callable[[], None] = lambda: None,
) -> dict[str, activity_clusters.ActivityOutcome] | None:
    """What became of each new row, by recording id; ``None`` when the table says nothing that was not known.

    ``anew`` makes everything of its rows again. A kill leaves whole slices; the content counts as known with the last.
    """
    mine = _newest(store, athlete, contents, _entries_of(store, athlete, contents))
    fates: dict[str, activity_clusters.ActivityOutcome] = {}
    told = False
    slices = [mine[at : at + BATCH] for at in range(0, len(mine), BATCH)]
    for number, part in enumerate(slices, start=1):
        before_slice()
        with store.transaction():
            if number == 1:
                housekeeping.upsert_source_state(store, athlete.id, NOTES, contents.sha256, list(contents.rank))
            new, changed = _write(store, athlete, contents, part, now_utc, anew=anew)
            found = activity_clusters.recluster(store, athlete, sorted({*new, *changed})) if new or changed else {}
            fates.update({name: result for name, result in found.items() if name in new})
            told = told or bool(new or changed)
            if number == len(slices):
                originals.insert_original(
                    store,
                    athlete.id,
                    sha256=contents.sha256,
                    content_format=contents.table.kind,
                    size_bytes=contents.size_bytes,
                    first_seen_utc=now_utc,
                )
                originals.insert_names(store, athlete.id, contents.sha256, names)
    return fates if told else None


def keep_again(store: Store, athlete: Athlete, contents: Contents, *, now_utc: datetime) -> None:
    """Its rows remade from the original; those that it does not hold any more go."""
    keep(store, athlete, contents, (), now_utc=now_utc, anew=True)
    known = {one.recording_id for one in _entries_of(store, athlete, contents)}
    held = recordings.held_of_content(store, athlete.id, contents.sha256)
    with store.transaction():
        activities.drop(store, athlete, [row.recording_id for row in held if row.recording_id not in known])


def _newest(store: Store, athlete: Athlete, contents: Contents, found: Sequence[Entry]) -> list[Entry]:
    """The rows that no newer table holds."""
    notes = housekeeping.source_state(store, athlete.id, NOTES)
    newer = {sha256 for sha256, rank in notes.items() if tuple(rank) > contents.rank}
    held = _known(store, athlete, found)
    return [one for one in found if one.recording_id not in held or held[one.recording_id].sha256 not in newer]


def _known(store: Store, athlete: Athlete, found: Sequence[Entry]) -> dict[str, KnownRow]:
    return recordings.known(store, athlete.id, [one.recording_id for one in found])


def _write(
    store: Store, athlete: Athlete, contents: Contents, part: Sequence[Entry], now_utc: datetime, *, anew: bool
) -> tuple[set[str], set[str]]:
    """The slice's rows into the store: the ids of new ones, and of known ones that say something else now."""
    known = _known(store, athlete, part)
    new = {one.recording_id for one in part} - known.keys()
    changed = {
        one.recording_id
        for one in part
        if one.recording_id in known and (anew or _says(one) != zones.as_read(known[one.recording_id].facts))
    }
    same = [name for name, row in known.items() if name not in changed and row.sha256 != contents.sha256]
    if same:
        recordings.set_content(store, athlete.id, same, contents.sha256)
    if changed:
        recordings.delete_recordings(store, athlete.id, sorted(changed))
        recordings.delete_refs(store, athlete.id, sorted(changed), source=contents.source)
    written = [one for one in part if one.recording_id in new or one.recording_id in changed]
    written = [_placed(one, contents, known.get(one.recording_id)) for one in written]
    zones.note_open(store, athlete.id, [one.recording for one in written])
    arrived = {name: row.arrived_utc for name, row in known.items()}
    rows = [_new(one, contents, arrived.get(one.recording_id, now_utc)) for one in written]
    recordings.insert_recordings(store, athlete.id, rows)
    refs = {one.recording_id: sorted(one.refs | set(_clock(one.recording))) for one in written}
    recordings.insert_many_refs(store, athlete.id, contents.source, refs)
    return new, changed


def _says(one: Entry) -> Any:
    return json.loads(to_json(to_facts(replace(one.recording, zone=None))))


def _placed(one: Entry, contents: Contents, before: KnownRow | None) -> Entry:
    facts = before.facts if before is not None else None
    return replace(one, recording=zones.placed(one.recording, contents.table.kind, facts))


def _clock(recording: Recording) -> tuple[str, ...]:
    return activities.clock_refs(recording.start_utc, recording.utc_offset_s)


def _new(one: Entry, contents: Contents, arrived_utc: datetime) -> recordings.NewRecording:
    return recordings.NewRecording(
        recording_id=one.recording_id,
        source=contents.source,
        source_ref=one.source_ref,
        sha256=contents.sha256,
        format=contents.table.kind,
        arrived_utc=arrived_utc,
        recording=one.recording,
    )
