"""Recordings (one source's copy of one activity), the ids they go by, and their samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from rules.facts.recorded import Floats, Recording, Samples
from sync.errors import Bug
from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import (
    CountsRow,
    HeldRow,
    IdentityRow,
    IdRow,
    KnownRow,
    PairedRow,
    PurgeRow,
    RecordingRow,
    RefRow,
    ToldRow,
)
from sync.storage.serialize.recordings import laps_to_facts, richness, steps_to_facts, to_facts, to_table

THINNED_POINTS = 500
"""As many as a wide screen has pixels for a curve; more only make a phone slow."""


@dataclass(frozen=True, slots=True, eq=False)
class NewRecording:
    """A recording that is to be stored, and how it came."""

    recording_id: str
    source: str
    source_ref: str | None
    sha256: str
    format: str
    arrived_utc: datetime
    recording: Recording


# --- recordings -----------------------------------------------------------------------------------


def recordings_of(store: Store, athlete: str, activity_id: str) -> list[RecordingRow]:
    """The copies of one activity, in order of their ids."""
    return recordings_of_activities(store, athlete, [activity_id])


def recordings_of_activities(store: Store, athlete: str, activity_ids: Sequence[str]) -> list[RecordingRow]:
    return store.fetch_all("recordings_of_activities", RecordingRow, athlete=athlete, ids=list(activity_ids))


def held_of_content(store: Store, athlete: str, sha256: str) -> list[HeldRow]:
    """The recordings of a content, in order of their legs."""
    return store.fetch_all("recordings_of_content", HeldRow, athlete=athlete, sha256=sha256)


def held_of_ref(store: Store, athlete: str, ref: str) -> list[HeldRow]:
    """The recordings that go by an id, whoever gave it."""
    return store.fetch_all("recordings_of_ref", HeldRow, athlete=athlete, ref=ref)


def paired_rows(store: Store, athlete: str) -> list[PairedRow]:
    """Rows of tables without a zone, each with the start of the recorded file that is the same activity."""
    return store.fetch_all("paired_rows", PairedRow, athlete=athlete)


def known(store: Store, athlete: str, ids: Sequence[str]) -> dict[str, KnownRow]:
    """By recording id, as far as they are there."""
    rows = store.fetch_all("known_recordings", KnownRow, athlete=athlete, ids=list(ids))
    return {row.recording_id: row for row in rows}


def told(store: Store, athlete: str, ids: Sequence[str]) -> dict[str, ToldRow]:
    """What tells recordings from each other, by recording id, as far as they are there."""
    rows = store.fetch_all("recording_captions", ToldRow, athlete=athlete, ids=list(ids))
    return {row.recording_id: row for row in rows}


def counts(store: Store, athlete: str) -> CountsRow:
    """How many recordings there are, and what they make."""
    found = store.fetch_one("recording_counts", CountsRow, athlete=athlete)
    return found or CountsRow(0, 0, 0)


def usual_mps(store: Store, athlete: str) -> float | None:
    """The middle speed of the runs that came as recordings, whose unit is known; None below five of them."""
    found: float | None = store.fetch_value("usual_speed", athlete=athlete)
    return found


def is_same_file_known(store: Store, athlete: str, recording: Recording, sha256: str) -> bool:
    """Whether another content holds what the same device recorded from the same moment on."""
    file_id = recording.file_id
    if file_id is None or file_id.serial_number is None or file_id.time_created_utc is None:
        return False
    return bool(
        store.fetch_value(
            "same_file_known",
            athlete=athlete,
            sha256=sha256,
            serial_number=file_id.serial_number,
            time_created_utc=file_id.time_created_utc,
            start_utc=recording.start_utc,
        )
    )


def older_of_source(store: Store, athlete: str, source: str, *, before_utc: datetime) -> list[PurgeRow]:
    """The copies from a source that came before then and still have their details."""
    return store.fetch_all("recordings_to_purge", PurgeRow, athlete=athlete, source=source, before_utc=before_utc)


def insert_recording(store: Store, athlete: str, new: NewRecording) -> None:
    """One with its samples."""
    found = store.fetch_value("next_recording_number")
    if found is None:
        raise Bug("storage.statement", name="next_recording_number", fault="no-answer")
    number = int(found)
    store.execute("insert_recording", athlete=athlete, number=number, **_columns(new))
    samples = new.recording.samples
    if samples is not None and len(samples):
        store.insert_arrow("insert_samples", to_table(samples), athlete=athlete, number=number)


def insert_recordings(store: Store, athlete: str, new: Iterable[NewRecording]) -> None:
    """Many without samples at once: the rows of a table."""
    store.insert_rows("insert_recordings", [_columns(one) for one in new], athlete=athlete)


def set_activity(store: Store, athlete: str, recording_id: str, activity_id: str) -> None:
    store.execute("set_activity", athlete=athlete, recording_id=recording_id, activity_id=activity_id)


def set_content(store: Store, athlete: str, ids: Sequence[str], sha256: str) -> None:
    """These recordings are read from that content now; it says the same of them."""
    store.execute("set_content", athlete=athlete, ids=list(ids), sha256=sha256)


def tombstone_recording(store: Store, athlete: str, recording_id: str, bare: Recording) -> None:
    """Take the details and samples away: its id, its sport and its day are what is left."""
    store.execute("delete_samples", athlete=athlete, ids=[recording_id])
    store.execute(
        "tombstone_recording",
        athlete=athlete,
        recording_id=recording_id,
        start_utc=bare.start_utc,
        facts=to_json(to_facts(bare)),
    )


def delete_recording(store: Store, athlete: str, recording_id: str) -> None:
    """One with its samples; its ids stay, because it comes again."""
    store.execute("delete_samples", athlete=athlete, ids=[recording_id])
    store.execute("delete_recording", athlete=athlete, recording_id=recording_id)


def delete_recordings(store: Store, athlete: str, ids: Sequence[str]) -> None:
    """Many that have no samples: the rows of a table; their ids stay."""
    store.execute("delete_recordings", athlete=athlete, ids=list(ids))


def delete_recordings_for_good(store: Store, athlete: str, ids: Sequence[str]) -> None:
    """With their samples and all their ids."""
    store.execute("delete_samples", athlete=athlete, ids=list(ids))
    store.execute("delete_recordings", athlete=athlete, ids=list(ids))
    delete_refs(store, athlete, ids)


def _columns(new: NewRecording) -> dict[str, Any]:
    recording = new.recording
    file_id = recording.file_id
    return {
        "recording_id": new.recording_id,
        "source": new.source,
        "source_ref": new.source_ref,
        "sha256": new.sha256,
        "format": new.format,
        "leg": recording.leg,
        "sport": recording.sport,
        "sub_sport": recording.sub_sport,
        "sport_inferred": recording.sport_inferred,
        "start_utc": recording.start_utc,
        "elapsed_s": float(recording.elapsed_s),
        "timer_s": recording.timer_s,
        "distance_m": recording.distance_m,
        "serial_number": file_id.serial_number if file_id else None,
        "time_created_utc": file_id.time_created_utc if file_id else None,
        "device": recording.device,
        "partial": recording.partial,
        "sample_count": len(recording.samples) if recording.samples is not None else 0,
        "richness": richness(recording),
        "arrived_utc": new.arrived_utc,
        "removed": False,
        "facts": to_json(to_facts(recording)),
        "laps": to_json(laps_to_facts(recording)),
        "steps": to_json(steps_to_facts(recording)),
    }


# --- what hangs together --------------------------------------------------------------------------


def identities(store: Store, athlete: str, ids: Sequence[str] | None = None) -> list[IdentityRow]:
    """What recordings are matched by, in order of time: of all, or of those in ``ids``."""
    wanted = None if ids is None else list(ids)
    return store.fetch_all("identities", IdentityRow, athlete=athlete, ids=wanted, activity_id=None)


def identities_of_activity(store: Store, athlete: str, activity_id: str) -> list[IdentityRow]:
    return store.fetch_all("identities", IdentityRow, athlete=athlete, ids=None, activity_id=activity_id)


def neighbours(store: Store, athlete: str, ids: Iterable[str], *, within_s: float) -> set[str]:
    """The recordings that one step of a possible link leads to from those in ``ids``."""
    found = store.fetch_all("neighbours", IdRow, athlete=athlete, ids=sorted(ids), within_s=within_s)
    return {row.recording_id for row in found}


def with_refs(store: Store, athlete: str, ids: Sequence[str]) -> set[str]:
    """Those of ``ids`` that some source still knows."""
    found = store.fetch_all("recordings_with_refs", IdRow, athlete=athlete, ids=list(ids))
    return {row.recording_id for row in found}


def refs_of_other_sources(store: Store, athlete: str, ids: Sequence[str]) -> list[RefRow]:
    """The ids by which other sources' copies of the same activities are known."""
    return store.fetch_all("refs_of_other_sources", RefRow, athlete=athlete, ids=list(ids))


def insert_refs(store: Store, athlete: str, recording_id: str, source: str, refs: Iterable[str]) -> None:
    """A recording was seen at a source under these ids; known ones stay."""
    for ref in refs:
        store.execute("insert_recording_ref", athlete=athlete, recording_id=recording_id, source=source, ref=ref)


def insert_many_refs(store: Store, athlete: str, source: str, refs: Mapping[str, Iterable[str]]) -> None:
    """The ids of many recordings of one source at once, by recording id."""
    rows = [{"recording_id": name, "source": source, "ref": ref} for name, own in refs.items() for ref in own]
    store.insert_rows("insert_recording_refs", rows, athlete=athlete)


def delete_refs(store: Store, athlete: str, ids: Sequence[str], *, source: str | None = None) -> None:
    """The ids of these recordings: every source's, or those of one."""
    store.execute("delete_recording_refs", athlete=athlete, ids=list(ids), source=source)


def delete_refs_of_source(store: Store, athlete: str, source: str, ref: str) -> None:
    """Whatever goes by ``ref`` at a source is not known there any more, under no id."""
    store.execute("delete_refs_of_source", athlete=athlete, source=source, ref=ref)


# --- samples --------------------------------------------------------------------------------------


def samples(store: Store, number: int) -> Samples | None:
    """All samples of the recording with that ``number``; None when it has none."""
    columns = store.fetch_arrays("samples", number=number)
    if len(columns["t_s"]) == 0:
        return None
    return Samples(**{name: np.asarray(columns[name], dtype=np.float64) for name in Samples.COLUMNS})


def thinned_samples(store: Store, number: int, points: int = THINNED_POINTS) -> dict[str, Floats]:
    """At most ``points`` rows of t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm and altitude_m; NaN = none."""
    columns = store.fetch_arrays("thinned_samples", number=number, points=points)
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def thinned_places(store: Store, number: int, points: int = THINNED_POINTS) -> dict[str, Floats]:
    """At most ``points`` rows of latitude_deg and longitude_deg, all known."""
    columns = store.fetch_arrays("thinned_places", number=number, points=points)
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def places_run(store: Store) -> dict[str, Floats]:
    """latitude_deg and longitude_deg of each place of a 0.01° grid that any run of anyone's went through."""
    columns = store.fetch_arrays("places_run")
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
