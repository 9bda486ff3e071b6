"""What the store knows of one runner on one day, as the foot work's rules want to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from rules.facts.foot_work import DiaryEntry, DoseChange, PlannedRun, Prescription, SessionDone
from rules.facts.kinds import Facet, Hills, Intensity, Kind, Surface
from rules.facts.labels import Labels
from rules.knowledge.thresholds import thresholds
from rules.state.feet import FootState, PlanSettings, RunSeen, SurfaceFeel
from rules.state.habit import coming_habits
from sync.runs import gear
from sync.runs.gear import GearIndex
from sync.settings.config import WEEKDAYS, Athlete, Config
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import RunRow
from sync.storage.rows.typed import CardAnswerRow, PlannedRow

RUN_DAYS = 130
"""The rules look back at most 120 days."""
ISSUED_DAYS = 35
SESSION_DAYS = 400
FRESH_WITHIN = timedelta(hours=48)
"""A run that arrives later than this after its end comes from a backfill: it never asks for work now."""
FEEL_CARD = "feel:"
EASY = frozenset({Intensity.RECOVERY, Intensity.EASY, Intensity.STEADY})


def load_state(store: Store, athlete: Athlete, config: Config, now_utc: datetime) -> FootState:
    """The state of ``athlete`` at ``now_utc`` (naive UTC), in the runner's own time zone."""
    today = local_day(now_utc, athlete)
    kept = FootworkRepository(store, athlete.id)
    runs = kept.runs(today - timedelta(days=RUN_DAYS), today)
    settings, closet, shoes_typed = _settings(kept, config, [row for row, _ in runs if not row.removed], today)
    diary, dose_changes = kept.diary(), kept.dose_changes()
    planned = whose_word(kept.planned(today))
    seen = tuple(
        run_seen(row, labels, settings, closet, shoes_typed=shoes_typed)
        for row, labels in reversed(runs)
        if not row.removed
    )
    limits = thresholds(config.rules)
    issued = kept.issued(today - timedelta(days=ISSUED_DAYS))
    sessions = kept.sessions(today - timedelta(days=SESSION_DAYS))
    # A day the runner or a calendar has spoken for, a rest day included, is not the habit's any more.
    spoken_for = {row.day for row in planned}
    usual = week_ahead(athlete, today, spoken_for)
    habits = coming_habits(seen, today, limits, spoken_for | {day for day, _ in usual})
    return FootState(
        athlete=athlete.id,
        today=today,
        now_utc=now_utc,
        started=_started(today, kept.first_issued(), diary, dose_changes),
        settings=settings,
        runs=seen,
        planned=(
            *(_planned(row) for row in planned if row.kind != "rest"),
            *(PlannedRun(day, Kind(kind), "template") for day, kind in usual if kind != "rest"),
            *habits,
        ),
        rest=frozenset(row.day for row in planned if row.kind == "rest")
        | frozenset(day for day, kind in usual if kind == "rest"),
        diary=diary,
        flags=kept.flags(),
        sessions=sessions,
        pauses=kept.pauses(),
        assessments=kept.assessments(),
        feels=_feels(kept.card_answers(), runs, _textures(issued, sessions)),
        issued=issued,
        dose_changes=dose_changes,
        thresholds=limits,
    )


def _settings(
    kept: FootworkRepository, config: Config, worn: Sequence[RunRow], today: date
) -> tuple[PlanSettings, GearIndex, bool]:
    """The runner's choices, their shoes, and whether they typed which ones."""
    preferences = kept.preferences()
    settings = plan_settings(preferences)
    closet = gear.gear_index(kept.gear(), config.shoes)
    if preferences.get("shoes") is not None:
        return settings, closet, True
    return closet.infer(settings, worn, today), closet, False


def whose_word(planned: Sequence[PlannedRow]) -> list[PlannedRow]:
    """Where the runner has spoken for a day, no calendar does."""
    own = {row.day for row in planned if row.source == "runner"}
    return [row for row in planned if row.source == "runner" or row.day not in own]


def week_ahead(athlete: Athlete, today: date, spoken_for: Collection[date]) -> list[tuple[date, str]]:
    """What the runner's usual week holds for the coming seven days, but for days already ``spoken_for``."""
    days = (today + timedelta(days=ahead) for ahead in range(7))
    kinds = ((day, athlete.week.get(WEEKDAYS[day.weekday()])) for day in days if day not in spoken_for)
    return [(day, kind) for day, kind in kinds if kind is not None]


def local_day(instant_utc: datetime, athlete: Athlete) -> date:
    return instant_utc.replace(tzinfo=UTC).astimezone(athlete.zone).date()


def run_seen(
    row: RunRow, labels: Labels | None, settings: PlanSettings, closet: GearIndex, *, shoes_typed: bool
) -> RunSeen:
    """A stored run with its label and its shoe."""

    def value(facet: Facet) -> str | None:
        return labels.facets[facet].value if labels is not None and facet in labels.facets else None

    intensity, hills, surface, long = (
        value(facet) for facet in (Facet.INTENSITY, Facet.HILLS, Facet.SURFACE, Facet.LONG)
    )
    end_utc = row.start_utc + timedelta(seconds=row.elapsed_s)
    speed = row.distance_m / row.moving_s if row.distance_m and row.moving_s else None
    return RunSeen(
        run_id=row.run_id,
        day=row.day,
        start_utc=row.start_utc,
        end_utc=end_utc,
        duration_s=row.moving_s or row.timer_s or row.elapsed_s,
        distance_m=row.distance_m,
        primary=labels.primary if labels else None,
        possible=labels.possible if labels else frozenset(Kind),
        intensity=Intensity(intensity) if intensity else None,
        long={"yes": True, "no": False}.get(long or ""),
        hills=Hills(hills) if hills else None,
        surface=Surface(surface) if surface and surface != Surface.UNKNOWN else None,
        easy_gap_mps=speed if intensity in EASY else None,
        shoe=closet.shoe(row),
        minimalist=closet.minimalist(row, settings, typed=shoes_typed),
        fresh=row.arrived_utc - end_utc <= FRESH_WITHIN,
    )


def plan_settings(preferences: Mapping[str, Any]) -> PlanSettings:
    """Preferences by key; an unknown key is not the foot work's business."""
    known = {field.name for field in fields(PlanSettings)}
    chosen = {key: value for key, value in preferences.items() if key in known and value is not None}
    for name in ("anchors", "textures"):
        if name in chosen:
            chosen[name] = tuple(chosen[name])
    for name in ("equipment", "hard_weekdays"):
        if name in chosen:
            chosen[name] = frozenset(chosen[name])
    if "shoes_since" in chosen:
        chosen["shoes_since"] = date.fromisoformat(chosen["shoes_since"])
    return PlanSettings(**chosen)


def _planned(row: PlannedRow) -> PlannedRun:
    return PlannedRun(
        day=row.day,
        kind=Kind(row.kind) if row.kind else None,
        source=cast(Any, row.source),
        start_utc=row.start_utc,
        title=row.title,
        probability=row.probability,
        planned_id=row.planned_id,
    )


def _textures(issued: Sequence[Prescription], sessions: Sequence[SessionDone]) -> dict[str, str]:
    """The texture of the bare block that was done after a run, by the run."""
    done = {one.prescription_id for one in sessions if one.state != "skipped"}
    return {
        one.run_id: str(reason.values["texture"])
        for one in issued
        if one.run_id is not None and one.prescription_id in done
        for reason in one.reasons
        if reason.key == "texture"
    }


def _feels(
    answers: Sequence[CardAnswerRow], runs: Sequence[tuple[RunRow, Labels | None]], textures: Mapping[str, str]
) -> tuple[SurfaceFeel, ...]:
    """Answers to "how did the toes feel?": ``freer``, ``same`` or ``tighter``, a texture behind a colon; without one it
    is the texture of the block that was done after that run."""
    # A run may have got another name since, when a better copy of it arrived.
    run_ids = {name: row.run_id for row, _ in runs for name in row.recording_ids}
    surfaces = {row.run_id: labels.facets[Facet.SURFACE].value for row, labels in runs if labels is not None}
    found = []
    for row in answers:
        run_id = run_ids.get(row.card_id.removeprefix(FEEL_CARD), "")
        surface = surfaces.get(run_id)
        feel, _, texture = row.answer.partition(":")
        if row.card_id.startswith(FEEL_CARD) and surface is not None and feel in ("freer", "same", "tighter"):
            found.append(
                SurfaceFeel(row.day, Surface(surface), cast(Any, feel), texture or textures.get(run_id), run_id)
            )
    return tuple(found)


def _started(
    today: date, first_issued: date | None, diary: Sequence[DiaryEntry], changes: Sequence[DoseChange]
) -> date:
    """The day the plan began: the first thing that was typed, or issued."""
    issued = [] if first_issued is None else [first_issued]
    return min([today, *issued, *(entry.day for entry in diary[:1]), *(change.day for change in changes[:1])])
