"""Contents and their recordings into the store and out of it: kept, known by further names and ids, deleted.

Always inside one transaction. Whatever changes the recordings clusters them again before it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.facts.recorded import Recording
from sync.runs import activity_clusters, zones
from sync.runs.activity_clusters import ActivityOutcome
from sync.settings.config import Athlete
from sync.storage import originals, recordings
from sync.storage.database import Store
from sync.storage.serialize.recordings import (
    recording_id,
)


@dataclass(frozen=True, slots=True, eq=False)
class IncomingContent:
    """One content with what was read from it, and how it came."""

    source: str
    """``file``, or the service's name."""
    source_ref: str | None
    sha256: str
    format: str
    size_bytes: int
    recordings: Sequence[Recording]
    names: Sequence[str] = ()
    refs: frozenset[str] = frozenset()
    """Further ids of the same activity: ``garmin:123`` in what Strava says of it."""


def keep(store: Store, athlete: Athlete, arrival: IncomingContent, *, now_utc: datetime) -> dict[str, ActivityOutcome]:
    """Keep a content's recordings and group them with their twins: what became of each, by recording id.

    Keeping the same again changes nothing but adds its name and source.
    """
    return activity_clusters.recluster(store, athlete, _insert_content(store, athlete, arrival, now_utc))


def keep_together(store: Store, athlete: Athlete, arrivals: Iterable[IncomingContent], *, now_utc: datetime) -> bool:
    """Keep all that one source gives of one activity, and group it once; tells whether any content is new.

    A content that is known came by another way: its names and ids grow, and may link it to others.
    """
    names: list[str] = []
    fresh = False
    for arrival in arrivals:
        known = [row.recording_id for row in recordings.held_of_content(store, athlete.id, arrival.sha256)]
        if not known:
            fresh = True
            names += _insert_content(store, athlete, arrival, now_utc)
            continue
        originals.insert_names(store, athlete.id, arrival.sha256, arrival.names)
        for name in known:
            recordings.insert_refs(store, athlete.id, name, arrival.source, (own_ref(arrival), *sorted(arrival.refs)))
        names += known
    activity_clusters.recluster(store, athlete, names, again=fresh)
    return fresh


def _insert_content(store: Store, athlete: Athlete, arrival: IncomingContent, now_utc: datetime) -> list[str]:
    originals.insert_original(
        store,
        athlete.id,
        sha256=arrival.sha256,
        content_format=arrival.format,
        size_bytes=arrival.size_bytes,
        first_seen_utc=now_utc,
    )
    originals.insert_names(store, athlete.id, arrival.sha256, arrival.names)
    return [_insert_recording(store, athlete, arrival, recording, now_utc) for recording in arrival.recordings]


def own_ref(arrival: IncomingContent) -> str:
    """The id under which a source knows an activity; a file is known by its content."""
    return f"{arrival.source}:{arrival.source_ref or arrival.sha256}"


def clock_refs(start_utc: datetime, offset_s: int | None) -> tuple[str, ...]:
    """The wall clock at a start, where its offset is known: what a table without a zone can be matched by."""
    return () if offset_s is None else (f"local:{(start_utc + timedelta(seconds=offset_s)).isoformat()}",)


def delete(store: Store, athlete: Athlete, source: str, ref: str) -> None:
    """A source has an activity no more: recordings that no other source knows go for good."""
    names = [row.recording_id for row in recordings.held_of_ref(store, athlete.id, ref)]
    recordings.delete_refs_of_source(store, athlete.id, source, ref)
    known = recordings.with_refs(store, athlete.id, names)
    drop(store, athlete, [name for name in names if name not in known])
    activity_clusters.recluster(store, athlete, sorted(known), again=False)


def drop(store: Store, athlete: Athlete, names: Sequence[str]) -> None:
    """Take recordings out for good and regroup what they leave behind."""
    if not names:
        return
    around = set(activity_clusters.connected(store, athlete.id, names)) - set(names)
    left = recordings.identities(store, athlete.id, names)
    recordings.delete_recordings_for_good(store, athlete.id, names)
    activity_clusters.delete_runs(store, athlete.id, {row.activity_id for row in left})
    activity_clusters.recluster(store, athlete, sorted(around), again=True)


def _insert_recording(
    store: Store, athlete: Athlete, arrival: IncomingContent, recording: Recording, now_utc: datetime
) -> str:
    athlete_id = athlete.id
    name = recording_id(
        athlete_id,
        content_format=arrival.format,
        sha256=arrival.sha256,
        source=arrival.source,
        source_ref=arrival.source_ref,
        leg=recording.leg,
    )
    before = recordings.known(store, athlete_id, [name]).get(name)
    recording = zones.placed(recording, arrival.format, before.facts if before is not None else None, athlete.zone)
    zones.note_open(store, athlete_id, [recording])
    if before is not None:
        recordings.delete_recording(store, athlete_id, name)
    new = recordings.NewRecording(
        recording_id=name,
        source=arrival.source,
        source_ref=arrival.source_ref,
        sha256=arrival.sha256,
        format=arrival.format,
        arrived_utc=before.arrived_utc if before is not None else now_utc,
        recording=recording,
    )
    recordings.insert_recording(store, athlete_id, new)
    refs = (own_ref(arrival), *sorted(arrival.refs), *clock_refs(recording.start_utc, recording.utc_offset_s))
    recordings.insert_refs(store, athlete_id, name, arrival.source, refs)
    return name
