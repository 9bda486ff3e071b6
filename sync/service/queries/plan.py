"""The plan: the week ahead, what is coming, the ladder's history, the runner's choices, and the self-check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from rules.facts.answers import Place
from rules.plan.cards import self_check_due
from rules.state.feet import FootState
from rules.state.load import revisits
from rules.text import Language, load_language
from sync.service.footwork_state import load_state
from sync.service.queries.calendar import day_views
from sync.service.queries.context import QueryContext, query
from sync.service.queries.dose_views import dose_view
from sync.service.queries.strength import strength_says
from sync.service.queries.week_ahead import care_says, days_ahead, planned_view
from sync.storage.footwork import FootworkRepository
from sync.storage.serialize.recordings import plain
from sync.wire.pages import PlanPage

AHEAD_DAYS = 7
CHANGES_PLAN = frozenset({"gathers"})
"""Answers of the self-check that the plan goes by, beside the safety screen; the others are the runner's own trend."""


@query("plan")
def plan(asking: QueryContext, _params: Mapping[str, str]) -> PlanPage:
    language = load_language(asking.athlete.language)
    state = load_state(asking.store, asking.athlete, asking.config, asking.now_utc)
    pause = state.paused(state.today)
    return PlanPage(
        week=day_views(asking, state, state.today, state.today + timedelta(days=AHEAD_DAYS - 1)),
        planned=[planned_view(one, asking, language) for one in state.planned],
        dose=dose_view(state, language, history=True),
        preferences=dict(FootworkRepository(asking.store, asking.athlete.id).preferences()),
        paused=language.say(f"pause.{pause.reason}") if pause is not None else None,
        assessments=assessments(state),
        assessment_due=bool(self_check_due(state, revisits(state))),
        self_check=self_check(language),
        ahead=days_ahead(asking, state, [], language),
        care_says=care_says(state, language),
        strength_says=strength_says(state, language),
    )


def assessments(state: FootState) -> list[dict[str, Any]]:
    """Newest first, as the runner gave them."""
    return [plain(asdict(one)) | {"day": one.day.isoformat()} for one in reversed(state.assessments)]


def self_check(language: Language) -> list[dict[str, Any]]:
    """The questions of the self-check in order; ``each_foot`` ones are asked per foot, all may be skipped. ``use`` says
    whether an answer changes the plan or is shown as a trend only."""
    places = [(place.value, language.say(f"place.{place.value}")) for place in Place]
    spread = [(word, language.say(f"check.spread_{word}")) for word in ("yes", "partly", "no")]
    asked: tuple[tuple[str, str, bool, Any], ...] = (
        ("diabetes_or_numb", "screen", False, None),
        ("fracture_or_surgery", "screen", False, None),
        ("under_18", "screen", False, None),
        ("range_0_10", "score", True, None),
        ("extension_deg", "number", True, None),
        ("gathers", "choice", True, places),
        ("curl_ease_0_10", "score", True, None),
        ("spread", "choice", True, spread),
        ("balance_s", "number", True, None),
        ("knee_to_wall_cm", "number", True, None),
        ("night_cramps", "yes_no", False, None),
    )
    return [
        {
            "id": name,
            "kind": kind,
            "each_foot": each_foot,
            "says": language.say(f"screen.{name}" if kind == "screen" else f"check.{name}"),
            "choices": choices or [],
            "changes_plan": kind == "screen" or name in CHANGES_PLAN,
            "use": language.say(f"check.use_{'plan' if kind == 'screen' or name in CHANGES_PLAN else 'trend'}"),
        }
        for name, kind, each_foot, choices in asked
    ]
