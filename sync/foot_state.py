"""What the store knows of one runner on one day, as the foot work's rules want to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from rules.facts import (
    Assessment,
    DiaryEntry,
    Facet,
    FlagRaised,
    FootCheck,
    Hills,
    Intensity,
    Kind,
    Pause,
    Place,
    PlannedRun,
    SessionDone,
    Side,
    SkipReason,
    Surface,
    When,
)
from rules.feet import FootState, PlanSettings, RunSeen, SurfaceFeel
from rules.foot_thresholds import thresholds
from rules.habit import coming_habits
from sync import shoes
from sync.config import WEEKDAYS, Athlete, Config
from sync.labelled import labels_of
from sync.prescribed import dose_change_of, prescription_of
from sync.shoes import Closet
from sync.store import housekeeping, typed
from sync.store import runs as stored_runs
from sync.store.database import Store
from sync.store.rows import AssessmentRow, CardAnswerRow, EntryRow, FlagRow, PlannedRow, RunRow, SessionRow

RUN_DAYS = 130
"""The rules look back at most 120 days."""
ISSUED_DAYS = 35
SESSION_DAYS = 400
FRESH_WITHIN = timedelta(hours=48)
"""A run that arrives later than this after its end comes from a backfill: it never asks for work now."""
FEEL_CARD = "feel:"
EASY = frozenset({Intensity.RECOVERY, Intensity.EASY, Intensity.STEADY})


def gather(store: Store, athlete: Athlete, config: Config, now_utc: datetime) -> FootState:
    """The state of ``athlete`` at ``now_utc`` (naive UTC), in the runner's own time zone."""
    today = local_day(now_utc, athlete)
    who = athlete.id
    preferences = {row.key: row.value for row in typed.preferences(store, who)}
    settings = settings_of(preferences)
    runs = stored_runs.runs(store, who, first_day=today - timedelta(days=RUN_DAYS), last_day=today)
    closet = shoes.closet(housekeeping.gear(store, who), config.shoes)
    shoes_typed = preferences.get("shoes") is not None
    if not shoes_typed:
        settings = closet.settle(settings, [row for row in runs if not row.removed], today)
    issued = typed.prescriptions(store, who, first_day=today - timedelta(days=ISSUED_DAYS))
    dose_changes = typed.dose_changes(store, who)
    diary = typed.diary(store, who)
    planned = typed.planned(store, who, first_day=today)
    seen = tuple(run_seen(row, settings, closet, shoes_typed=shoes_typed) for row in reversed(runs) if not row.removed)
    limits = thresholds(config.rules)
    # A day the runner or a calendar has spoken for, a rest day included, is not the habit's any more.
    spoken_for = {row.day for row in planned}
    usual = week_ahead(athlete, today, spoken_for)
    habits = coming_habits(seen, today, limits, spoken_for | {day for day, _ in usual})
    return FootState(
        athlete=who,
        today=today,
        now_utc=now_utc,
        started=_started(store, who, today, [row.day for row in diary], [row.day for row in dose_changes]),
        settings=settings,
        runs=seen,
        planned=(
            *(_planned(row) for row in planned if row.kind != "rest"),
            *(PlannedRun(day, Kind(kind), "template") for day, kind in usual if kind != "rest"),
            *habits,
        ),
        diary=tuple(entry_of(row) for row in sorted(diary, key=lambda row: (row.day, row.seq))),
        flags=tuple(_flag(row) for row in typed.flags(store, who)),
        sessions=tuple(session_of(row) for row in _recent_sessions(store, who, today)),
        pauses=tuple(Pause(row.pause_id, row.reason, row.from_day, row.until_day) for row in typed.pauses(store, who)),
        assessments=tuple(assessment_of(row) for row in typed.assessments(store, who)),
        feels=_feels(typed.card_answers(store, who), runs),
        issued=tuple(prescription_of(row, who) for row in issued),
        dose_changes=tuple(dose_change_of(row) for row in dose_changes),
        thresholds=limits,
    )


def week_ahead(athlete: Athlete, today: date, spoken_for: Collection[date]) -> list[tuple[date, str]]:
    """What the runner's usual week holds for the coming seven days, but for days already ``spoken_for``."""
    days = (today + timedelta(days=ahead) for ahead in range(7))
    kinds = ((day, athlete.week.get(WEEKDAYS[day.weekday()])) for day in days if day not in spoken_for)
    return [(day, kind) for day, kind in kinds if kind is not None]


def local_day(instant_utc: datetime, athlete: Athlete) -> date:
    return instant_utc.replace(tzinfo=UTC).astimezone(athlete.zone).date()


def run_seen(row: RunRow, settings: PlanSettings, closet: Closet, *, shoes_typed: bool) -> RunSeen:
    """A stored run with its label and its shoe."""
    labels = labels_of(row)

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


def settings_of(preferences: Mapping[str, Any]) -> PlanSettings:
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


def entry_of(row: EntryRow) -> DiaryEntry:
    return DiaryEntry(
        entry_id=row.entry_id,
        what=cast(Any, row.what),
        at_utc=row.at_utc,
        day=row.day,
        score=row.score,
        place=Place(row.place) if row.place else None,
        side=Side(row.side) if row.side else None,
        when=When(row.at_when) if row.at_when else None,
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


def _flag(row: FlagRow) -> FlagRaised:
    return FlagRaised(row.flag_id, row.name, row.at_utc, row.day, row.cleared_utc)


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


def _recent_sessions(store: Store, athlete: str, today: date) -> list[SessionRow]:
    rows = typed.sessions(store, athlete, first_day=today - timedelta(days=SESSION_DAYS))
    return sorted(rows, key=lambda row: (row.day, row.seq))


def _feels(answers: list[CardAnswerRow], runs: list[RunRow]) -> tuple[SurfaceFeel, ...]:
    """Answers to "how did the toes feel?": ``freer``, ``same`` or ``tighter``, a texture behind a colon."""
    # A run may have got another name since, when a better copy of it arrived.
    run_ids = {name: row.run_id for row in runs for name in row.recording_ids}
    surfaces = {
        row.run_id: labels.facets[Facet.SURFACE].value for row in runs if (labels := labels_of(row)) is not None
    }
    found = []
    for row in answers:
        run_id = run_ids.get(row.card_id.removeprefix(FEEL_CARD), "")
        surface = surfaces.get(run_id)
        feel, _, texture = row.answer.partition(":")
        if row.card_id.startswith(FEEL_CARD) and surface is not None and feel in ("freer", "same", "tighter"):
            found.append(SurfaceFeel(row.day, Surface(surface), cast(Any, feel), texture or None, run_id))
    return tuple(found)


def _started(store: Store, athlete: str, today: date, diary: list[date], changes: list[date]) -> date:
    """The day the plan began: the first thing that was typed, or issued."""
    first = typed.prescriptions(store, athlete)[:1]
    return min([today, *diary[:1], *changes[:1], *(row.day for row in first)])
