"""Bare blocks on another texture (M17, M18): whether they may be, on which texture, how many. Walked, never run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.facts.foot_work import DoseLevel
from rules.facts.kinds import SOFT, Surface
from rules.state.feet import FootState, SurfaceFeel
from rules.state.week import monday

PER_WEEK = {"freer": 3, "same": 2, "tighter": 1}
"""Bare blocks a week by the last answer; ours."""


@dataclass(frozen=True, slots=True)
class Bare:
    allowed: bool
    texture: str | None
    blocks: int
    why_not: str | None = None


def bare_block(state: FootState, day: date, level: DoseLevel, run_id: str | None) -> Bare:
    """The bare block of ``day``; last weeks' answers choose texture, blocks and how often."""
    settings, limits = state.settings, state.thresholds
    answers = _answers(state, day)
    last = answers[-1].feel if answers else "same"
    run = next((run for run in reversed(state.runs) if run.run_id == run_id), None) if run_id else None
    at_hand = [one for one in settings.textures if run is None or run.surface is None or one != run.surface.value]
    texture = max(at_hand, key=lambda one: _liking(answers, one), default=None)
    blocks = min(3, limits.texture_blocks + (last == "freer"))
    why_not = None
    if not settings.barefoot_ok:
        why_not = "wish"
    elif settings.broken_skin or state.screened("diabetes_or_numb"):
        why_not = "skin"
    elif state.unscreened:
        why_not = "screen"
    elif level.level != "steady":
        why_not = "dialled_back"
    elif new_shoes(state, day):
        why_not = "shoes"
    elif texture is None:
        why_not = "texture"
    elif _this_week(state, day) >= PER_WEEK[last]:
        why_not = "enough"
    return Bare(why_not is None, texture, blocks, why_not)


def surface_run(state: FootState) -> str | None:
    """The latest run on a special surface since the last training: the next one answers it with another texture."""
    counted = {one.prescription_id for one in state.issued if one.counts}
    trained = (
        one.at_utc for one in reversed(state.sessions) if one.state != "skipped" and one.prescription_id in counted
    )
    since = max(next(trained, datetime.min), state.now_utc - timedelta(days=7))
    found = (run for run in reversed(state.runs) if run.surface in SOFT and run.end_utc > since)
    return next((run.run_id for run in found), None)


def two_surfaces(state: FootState) -> bool:
    """Whether the runs of the last four weeks lay on two grounds at least: only then the toes' answers compare them."""
    since = state.today - timedelta(days=state.thresholds.feels_days)
    grounds = {run.surface for run in reversed(state.runs) if run.day >= since and run.surface is not None}
    return len(grounds) >= 2


def felt_this_week(state: FootState, surface: Surface) -> bool:
    """Whether the toes were asked after a run on ``surface`` this week: the answers choose for the next."""
    first = monday(state.today)
    return any(one.surface is surface and one.day >= first for one in state.feels)


def new_shoes(state: FootState, day: date) -> bool:
    """Whether the shoes are minimalist, or becoming so, and worn for less than twelve weeks or an unknown time."""
    settings = state.settings
    if settings.shoes == "usual":
        return False
    since = settings.shoes_since
    return since is None or (day - since).days < state.thresholds.minimalist_barefoot_days


def _answers(state: FootState, day: date) -> list[SurfaceFeel]:
    """Answers of the four weeks before this one: they choose for the next week, not for the same."""
    first = monday(day)
    return [one for one in state.feels if first - timedelta(days=state.thresholds.feels_days) <= one.day < first]


def _liking(answers: list[SurfaceFeel], texture: str) -> int:
    points = {"freer": 1, "same": 0, "tighter": -1}
    return sum(points[one.feel] for one in answers if one.texture == texture)


def _this_week(state: FootState, day: date) -> int:
    first = monday(day)
    return len(
        {
            one.day
            for one in state.issued
            if first <= one.day < day and any(drill.drill == "texture-walk" for drill in one.drills)
        }
    )
