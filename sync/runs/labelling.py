"""Labels and questions, made again from where something changed: the judge reads all runs in order of time.

What is dirty is written down with the change itself, so a kill in between only means that the work is still to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import structlog

from rules.classify.active_learning import Asked, choose_questions, doubt
from rules.classify.judge import RULES_VERSION, Judge
from rules.classify.primary_kind import ClassifySettings, corrected, facets_of
from rules.classify.thresholds import RunnerThresholds, zone_seconds
from rules.classify.what_is_a_run import asks_whether_run
from rules.facts.kinds import Facet, Kind
from rules.facts.labels import Labels
from rules.measure.features import FEATURES_VERSION, RunFeatures
from sync.runs import clustering, compute_runs, sport_rules
from sync.runs.ground_map.label_runs import Atlas, label_runs
from sync.runs.identity import identity
from sync.settings.config import Athlete, Config
from sync.storage import housekeeping, labels, recordings, runs, typed
from sync.storage.database import Store, to_json
from sync.storage.rows.arrived import FeaturesRow
from sync.storage.rows.typed import CorrectionRow
from sync.storage.serialize.labels import facets_to_facts
from sync.storage.serialize.recordings import plain

BEGINNING = datetime(1970, 1, 1)
LABELS = "labels"
"""Where the store notes what the labels were made with."""
THRESHOLDS = ("hr_max_bpm", "lthr_bpm", "threshold_mps", "vdot")
log = structlog.get_logger()


@dataclass(slots=True)
class _CachedJudge:
    """A judge and the last run that it has learned from."""

    judge: Judge
    learned: tuple[datetime, str] | None = None
    asked: list[Asked | None] = field(default_factory=list)
    """Why each run was asked about, in the judge's order, with how doubtful it was: at most one in three is."""
    doubts: list[float] = field(default_factory=list)


class Labeller:
    """Labels one athlete's runs. Keeps its judge, so that a new newest run costs one judgement."""

    def __init__(self, store: Store, config: Config, athlete: Athlete, atlas: Atlas) -> None:
        self.store = store
        self.atlas = atlas
        self.athlete = athlete
        self.settings = classify_settings(config)
        self._cached_judge: _CachedJudge | None = None

    def all_to_do(self) -> bool:
        """Whether every run is to be judged again, as after an update: the background's work, not that of an entry."""
        if self._outdated():
            return True
        dirty = labels.dirty(self.store, self.athlete.id)
        return dirty is not None and dirty.from_utc <= BEGINNING

    def derive(self) -> bool:
        """Make every label that is out of date. True when there was something to do."""
        self._mark_outdated()
        label_runs(self.store, self.athlete, self.atlas)
        dirty = labels.dirty(self.store, self.athlete.id)
        if dirty is None:
            return False
        said = corrections_by_run(typed.corrections(self.store, self.athlete.id))
        rows = [self._label(row, said.get(row.run_id, {})) for row in self._to_read(dirty.from_utc)]
        made = [row for row in rows if row["start_utc"] >= dirty.from_utc]
        asked = list(self._questions())
        labels.replace_labels(self.store, self.athlete.id, dirty, made, asked)
        if dirty.from_utc <= BEGINNING:
            log.info("labels.all_made_again", runs=len(made), rules=RULES_VERSION)
        return True

    def _outdated(self) -> bool:
        made = housekeeping.source_state(self.store, self.athlete.id, LABELS).get("made_with")
        return bool(made != made_with(self.athlete, self.settings))

    def _mark_outdated(self) -> None:
        """Other rules or settings than the labels were made with: everything is judged again."""
        if not self._outdated():
            return
        wanted = made_with(self.athlete, self.settings)
        with self.store.transaction():
            stale = runs.runs_measured_otherwise(self.store, self.athlete.id, str(FEATURES_VERSION))
            compute_runs.recompute(self.store, self.athlete, [row.run_id for row in stale])
            labels.mark_dirty(self.store, self.athlete.id, from_utc=BEGINNING)
            housekeeping.upsert_source_state(self.store, self.athlete.id, LABELS, "made_with", wanted)
        self._cached_judge = None

    def _to_read(self, from_utc: datetime) -> list[FeaturesRow]:
        """The runs that the judge has still to hear of, in order of time."""
        learned = self._cached_judge.learned if self._cached_judge is not None else None
        if learned is not None and from_utc > learned[0]:
            return runs.features(self.store, self.athlete.id, from_utc=from_utc)
        self._cached_judge = _CachedJudge(Judge(settings=self.settings, birth_year=self.athlete.birth_year))
        return runs.features(self.store, self.athlete.id)

    def _label(self, row: FeaturesRow, said: Mapping[Facet | None, str]) -> dict[str, Any]:
        assert self._cached_judge is not None
        judge = self._cached_judge.judge
        features = RunFeatures.from_json(row.features)
        judged = judge.label(features, answers(said, None))
        kind = said.get(None)
        judgement = corrected(judged, answers(said, judged), self.settings, kind=Kind(kind) if kind else None)
        why = choose_questions(row.run_id, judged, asked=self._cached_judge.asked, doubts=self._cached_judge.doubts)
        self._cached_judge.asked.append(why)
        self._cached_judge.doubts.append(doubt(judged))
        self._cached_judge.learned = (row.start_utc, row.run_id)
        now = judge.thresholds
        zones = zone_seconds(features, now) if now is not None else ()
        return {
            "run_id": row.run_id,
            "start_utc": row.start_utc,
            "primary_kind": judgement.primary.value if judgement.primary else None,
            "primary_confidence": float(judgement.primary_confidence),
            "possible": to_json(sorted(kind.value for kind in judgement.possible)),
            "facets": to_json(plain(facets_to_facts(judgement))),
            "tier": judgement.tier.value,
            "rules_version": judgement.rules_version,
            "asks": why is not None and not said,
            "corrected": bool(said),
            "segments": to_json([plain(asdict(segment)) for segment in features.segments]),
            "zone_s": to_json({str(zone): plain(seconds) for zone, seconds in enumerate(zones, start=1)}),
            "thresholds": to_json(thresholds_to_facts(now)),
        }

    def _questions(self) -> Iterable[dict[str, Any]]:
        rows = recordings.identities(self.store, self.athlete.id)
        heard = sport_rules.said_words(self.store, self.athlete.id)
        decided = [
            clustering.PairDecision(row.recording_a, row.recording_b, row.verdict == "same")
            for row in typed.decisions(self.store, self.athlete.id)
        ]
        starts = {row.recording_id: row.start_utc for row in rows}
        for question in clustering.questions([identity(row, heard) for row in rows], decided):
            yield {
                "question_id": f"{question.recording_a}+{question.recording_b}",
                "kind": "same-run",
                "recording_a": question.recording_a,
                "recording_b": question.recording_b,
                "why": question.why,
                "start_utc": starts[question.recording_a],
            }
        told = {row.activity_id for row in typed.corrections(self.store, self.athlete.id) if row.is_run is not None}
        sports: dict[str, set[str | None]] = {}
        for row in rows:
            if row.removed:
                continue
            sports.setdefault(row.activity_id, set()).add(row.sport)
        for activity_id in sorted(sports):
            if asks_whether_run(sports[activity_id], told=activity_id in told):
                yield {
                    "question_id": activity_id,
                    "kind": "is-run",
                    "recording_a": activity_id,
                    "recording_b": None,
                    "why": "no_sport",
                    "start_utc": starts[activity_id],
                }


def made_with(athlete: Athlete, settings: ClassifySettings) -> dict[str, Any]:
    """What labels depend on besides the runs and the runner's words: another one and all are made again."""
    return {
        "rules": RULES_VERSION,
        "features": FEATURES_VERSION,
        "birth_year": athlete.birth_year,
        **{name: getattr(settings, name) for name in ("use_titles", "use_provider_labels", "ask_below")},
    }


def classify_settings(config: Config) -> ClassifySettings:
    return ClassifySettings(
        use_titles=config.classify.use_titles,
        use_provider_labels=config.classify.use_provider_labels,
        ask_below=config.classify.ask_below,
    )


def corrections_by_run(rows: Sequence[CorrectionRow]) -> dict[str, dict[Facet | None, str]]:
    """What the runner said of each run's facets; under None the primary kind. Later words replace earlier ones."""
    said: dict[str, dict[Facet | None, str]] = {}
    for row in sorted(rows, key=lambda row: row.seq):
        if row.activity_id is None:
            continue
        words: dict[Facet | None, str | None] = {
            None: row.kind,
            Facet.INTENSITY: row.intensity,
            Facet.LONG: None if row.long_run is None else "yes" if row.long_run else "no",
            Facet.HILLS: row.hills,
            Facet.SURFACE: row.surface,
        }
        known = {facet: value for facet, value in words.items() if value is not None}
        if known:
            said.setdefault(row.activity_id, {}).update(known)
    return said


def answers(said: Mapping[Facet | None, str], judged: Labels | None) -> dict[Facet, str]:
    """The facets that follow from the runner's words: those named, and those that a named kind means."""
    kind = said.get(None)
    meant = facets_of(Kind(kind), judged) if kind is not None else {}
    return {**meant, **{facet: value for facet, value in said.items() if facet is not None}}


def thresholds_to_facts(now: RunnerThresholds | None) -> list[dict[str, Any]]:
    """The thresholds that a run was judged by, each with its source."""
    if now is None:
        return []
    found = ((name, getattr(now, name)) for name in THRESHOLDS)
    return [
        {"name": name, "value": plain(one.value), "source": one.source, "day": one.day.isoformat(), "trust": one.trust}
        for name, one in found
        if one is not None
    ]
