"""What the store knows of one runner on one day, as the rules of the foot work need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from rules.facts.foot_work import PlannedRun
from rules.facts.kinds import Facet, Kind
from rules.facts.labels import Labels
from rules.knowledge.thresholds import Thresholds, thresholds
from rules.state.feet import FootState, PlanSettings, RunSeen, SurfaceFeel
from rules.state.put_off import CardAnswer
from rules.state.seen import plan_began, run_seen, surface_feel, textures
from rules.state.shoes import ShoeTold, ShoeWorn, is_minimalist, worn_now
from rules.state.whose_word import DayTold, coming
from sync.runs.gear import gear_index
from sync.service.whereabouts import clock_at, offset_s
from sync.settings.config import WEEKDAYS, Athlete, Config
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.storage.rows.arrived import RunRow
from sync.storage.rows.typed import CardAnswerRow, PlannedRow

RUN_DAYS = 130
"""The rules look back at most 120 days."""
ISSUED_DAYS = 57
"""The level of a family of drills looks back 56 days."""
SESSION_DAYS = 400
FEEL_CARD = "feel:"
REST = "rest"
"""A planned day without a run."""


def load_state(store: Store, athlete: Athlete, config: Config, now_utc: datetime) -> FootState:
    """The state of ``athlete`` at ``now_utc`` (naive UTC), at the clock where the runner is."""
    clock = clock_at(store, athlete, now_utc)
    today = now_utc.replace(tzinfo=UTC).astimezone(clock).date()
    limits = thresholds(config.rules)
    kept = FootworkRepository(store, athlete.id)
    # A run by an unknown word alone is shown; what it was, the runner has still to say.
    runs = [one for one in kept.runs(today - timedelta(days=RUN_DAYS), today) if one[0].sport_word is None]
    settings, seen = _in_shoes(kept, config, [one for one in runs if not one[0].removed], today, limits)
    diary, dose_changes = kept.diary(), kept.dose_changes()
    issued = kept.issued(today - timedelta(days=ISSUED_DAYS))
    sessions = kept.sessions(today - timedelta(days=SESSION_DAYS))
    ahead = coming([_told(row) for row in kept.planned(today)], _week(athlete), seen, today, limits)
    return FootState(
        athlete=athlete.id,
        today=today,
        now_utc=now_utc,
        started=plan_began(today, kept.first_issued(), diary, dose_changes),
        settings=settings,
        runs=seen,
        planned=ahead.planned,
        rest=ahead.rest,
        diary=diary,
        flags=kept.flags(),
        sessions=sessions,
        pauses=kept.pauses(),
        assessments=kept.assessments(),
        feels=_feels(kept.card_answers(), runs, textures(issued, sessions)),
        issued=issued,
        dose_changes=dose_changes,
        thresholds=limits,
        utc_offset_s=offset_s(clock, now_utc),
        card_answers=tuple(CardAnswer(row.card_id, row.answer, row.day) for row in kept.card_answers()),
    )


def _in_shoes(
    kept: FootworkRepository,
    config: Config,
    runs: Sequence[tuple[RunRow, Labels | None]],
    today: date,
    limits: Thresholds,
) -> tuple[PlanSettings, tuple[RunSeen, ...]]:
    """The runner's choices, and ``runs`` (newest first) in order of time, each in its shoe."""
    preferences = kept.preferences()
    settings, typed = plan_settings(preferences), preferences.get("shoes") is not None
    closet = gear_index(kept.gear(), config.shoes)
    worn = {row.run_id: ShoeWorn(row.day, closet.shoe(row), closet.kind(closet.shoe(row))) for row, _ in runs}
    if not typed:
        told = {name: ShoeTold(shoe.kind, shoe.since) for name, shoe in closet.told_by_config.items()}
        settings = worn_now(settings, tuple(worn.values()), closet.since, told, today, limits)
    seen = []
    for row, labels in reversed(runs):
        shoe = worn[row.run_id]
        minimalist = is_minimalist(shoe, settings, typed=typed)
        seen.append(run_seen(row, labels, shoe, limits, minimalist=minimalist))
    return settings, tuple(seen)


def _week(athlete: Athlete) -> dict[int, Kind | None]:
    """The runner's usual week by weekday, 0 = Monday; None is a day of rest."""
    return {WEEKDAYS.index(name): None if kind == REST else Kind(kind) for name, kind in athlete.week.items()}


def plan_settings(preferences: Mapping[str, Any]) -> PlanSettings:
    """Preferences by key; an unknown key is not the foot work's business."""
    known = {field.name for field in fields(PlanSettings)}
    chosen = {key: value for key, value in preferences.items() if key in known and value is not None}
    for name in ("anchors", "textures"):
        if name in chosen:
            chosen[name] = tuple(chosen[name])
    for name in ("equipment", "hard_weekdays", "weekdays"):
        if name in chosen:
            chosen[name] = frozenset(chosen[name])
    if "lengths" in chosen:
        chosen["lengths"] = {date.fromisoformat(day): length for day, length in chosen["lengths"].items()}
    if "swapped" in chosen:
        chosen["swapped"] = {drill: date.fromisoformat(day) for drill, day in chosen["swapped"].items()}
    if "shoes_since" in chosen:
        chosen["shoes_since"] = date.fromisoformat(chosen["shoes_since"])
    return PlanSettings(**chosen)


def _told(row: PlannedRow) -> DayTold:
    if row.kind == REST:
        return DayTold(row.day, row.source, None)
    run = PlannedRun(
        day=row.day,
        kind=Kind(row.kind) if row.kind else None,
        source=cast(Any, row.source),
        start_utc=row.start_utc,
        title=row.title,
        probability=row.probability,
        planned_id=row.planned_id,
        race=row.race,
    )
    return DayTold(row.day, row.source, run)


def _feels(
    answers: Sequence[CardAnswerRow], runs: Sequence[tuple[RunRow, Labels | None]], textures: Mapping[str, str]
) -> tuple[SurfaceFeel, ...]:
    """The answers to the cards that ask how the toes felt after a run."""
    # A run may have got another name since, when a better copy of it arrived.
    run_ids = {name: row.run_id for row, _ in runs for name in row.recording_ids}
    surfaces = {row.run_id: labels.facets[Facet.SURFACE].value for row, labels in runs if labels is not None}
    found = (
        surface_feel(row.day, row.answer, run_ids.get(row.card_id.removeprefix(FEEL_CARD), ""), surfaces, textures)
        for row in answers
        if row.card_id.startswith(FEEL_CARD)
    )
    return tuple(feel for feel in found if feel is not None)
