"""What services hand over, into the store: a recorded file, a summary, or both, under the service's own id."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from rules.facts.foot_work import PlannedRun
from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from sync.formats.read import read
from sync.formats.services import garmin_json, intervals_json, strava_json
from sync.formats.totals import settled
from sync.formats.unwrap import Limits
from sync.runs import activities
from sync.runs.import_tables import first_impossible
from sync.settings.config import Athlete
from sync.settings.paths import DataDir
from sync.storage import housekeeping, originals, recordings, typed
from sync.storage.database import Store
from sync.storage.rows.typed import PlannedRow
from sync.storage.serialize.recordings import FILE_FORMATS

if TYPE_CHECKING:
    from sync.formats.services.fetched_activity import FetchedActivity

PARSERS: Mapping[str, Callable[[bytes], Outcome]] = {
    garmin_json.FORM: garmin_json.parse,
    strava_json.FORM: strava_json.parse,
    intervals_json.FORM: intervals_json.parse,
}
"""How each service's JSON is read, now and when everything is made again."""
GARMIN_PUSHED = re.compile(r'"external_id"\s*:\s*"garmin_push_(\d+)"')
"""Only the older ``garmin_push_`` holds Garmin's own id; the number in ``garmin_ping_`` is another one."""
log = structlog.get_logger()


class ServiceIngestor:
    """One athlete's hand for what services give. Each call is durable on return; the same again changes nothing."""

    def __init__(
        self, store: Store, home: DataDir, athlete: Athlete, limits: Limits, *, now: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.home = home
        self.athlete = athlete
        self.limits = limits
        self.now = now

    def ingest(self, source: str, source_id: str, copy: FetchedActivity) -> tuple[Problem, ...]:
        """The file and the summary of one activity. What could not be read comes back and is shown."""
        problems: list[Problem] = []
        place = f"{source}:{source_id}"
        payload = json.dumps(copy.summary, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        refs = frozenset(f"garmin:{number}" for number in GARMIN_PUSHED.findall(payload.decode()))
        arrivals: list[activities.IncomingContent] = []
        if copy.original is not None:
            name = copy.original_name or f"{source}_{source_id}.fit"
            for leaf in read(copy.original, name, self.limits):
                if leaf.problem is not None:
                    problems.append(leaf.problem)
                elif (start := first_impossible(leaf.recordings, self.now())) is not None:
                    problems.append(impossible_start(place, start))
                elif leaf.recordings:
                    form = leaf.format.value
                    arrivals.append(
                        self._incoming(source, source_id, leaf.data, form, leaf.recordings, refs, (leaf.name,))
                    )
        files = {arrival.sha256 for arrival in arrivals}
        match PARSERS[copy.form](payload):
            case Read(recordings=found) if (start := first_impossible(found, self.now())) is not None:
                problems.append(impossible_start(place, start))
            case Read(recordings=found):
                named = [settled(recording) for recording in found]
                arrivals.append(self._incoming(source, source_id, payload, copy.form, named, refs))
            case Unreadable(reason=reason, detail=detail):
                problems.append(Problem(place, reason, detail))
            case Ignored():
                pass
        if arrivals:
            self._keep(arrivals)
        self._drop_stale_files(place, files)
        kept = [self._show(source, place, problem) for problem in problems]
        housekeeping.delete_stale_problems(self.store, self.athlete.id, source=source, place=place, kept=kept)
        return tuple(dict.fromkeys(problems))

    def _drop_stale_files(self, place: str, fresh: set[str]) -> None:
        """What was trimmed at the source has a new file: the old one goes, unless it came another way too."""
        if not fresh:
            return
        who = self.athlete.id
        held = [row.recording_id for row in recordings.held_of_ref(self.store, who, place)]
        rows = recordings.identities(self.store, who, held)
        stale = [
            row.recording_id
            for row in rows
            if row.format in FILE_FORMATS
            and row.sha256 not in fresh
            and {ref for ref in row.refs if not ref.startswith("local:")} == {place}
        ]
        if stale:
            with self.store.transaction():
                activities.drop(self.store, self.athlete, stale)
            self.sweep()

    def _incoming(
        self,
        source: str,
        source_ref: str,
        payload: bytes,
        content_format: str,
        read_as: Sequence[Recording],
        refs: frozenset[str],
        names: Sequence[str] = (),
    ) -> activities.IncomingContent:
        """One content with its recordings, safe on the disk before anything in the store points to it."""
        digest = sha256(payload).hexdigest()
        originals.keep(self.home.originals, self.athlete.id, digest, payload)
        return activities.IncomingContent(
            source=source,
            source_ref=source_ref,
            sha256=digest,
            format=content_format,
            size_bytes=len(payload),
            recordings=read_as,
            names=names,
            refs=refs,
        )

    def _keep(self, arrivals: Sequence[activities.IncomingContent]) -> None:
        with self.store.transaction():
            fresh = activities.keep_together(self.store, self.athlete, arrivals, now_utc=self.now())
        if fresh:
            # A newer summary stands in the place of the one before: its payload belongs to nothing now.
            self.sweep()

    def delete(self, source: str, source_id: str) -> None:
        """The source says that it is gone: what only this source knew goes, other sources' copies stay."""
        with self.store.transaction():
            activities.delete(self.store, self.athlete, source, f"{source}:{source_id}")
        self.sweep()

    def plan(self, source: str, first: date, last: date, runs: Sequence[PlannedRun]) -> None:
        """What is planned from ``first`` to ``last``: replaces what the source had planned there before."""
        who = self.athlete.id
        with self.store.transaction():
            typed.delete_planned_of_source(self.store, who, source, first_day=first, last_day=last)
            for number, run in enumerate(runs):
                row = PlannedRow(
                    planned_id=run.planned_id or f"{source}:{run.day.isoformat()}:{number}",
                    source=source,
                    day=run.day,
                    kind=run.kind,
                    start_utc=run.start_utc,
                    title=run.title,
                    probability=run.probability,
                )
                typed.upsert_planned(self.store, who, row, seq=0)

    def sweep(self) -> None:
        """Originals that no recording is made of any more go, first from the store, then from the disk."""
        orphans = originals.orphaned_originals(self.store, self.athlete.id)
        with self.store.transaction():
            for row in orphans:
                originals.delete_original(self.store, self.athlete.id, row.sha256)
        for row in orphans:
            originals.delete(self.home.originals, self.athlete.id, row.sha256)

    def _show(self, source: str, place: str, problem: Problem) -> str:
        return housekeeping.upsert_problem(
            self.store,
            self.athlete.id,
            source=source,
            place=place,
            name=problem.name,
            reason=problem.reason,
            detail=problem.detail,
            now_utc=self.now(),
        )


def impossible_start(place: str, start_utc: datetime) -> Problem:
    """Nobody's run lies ahead: it comes in when the service says another start."""
    return Problem(place, "start_impossible", f"{start_utc.date()}")
