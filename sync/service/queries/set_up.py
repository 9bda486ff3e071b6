"""The set-up card: five short steps, each of which can be skipped and is kept when it is half done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.state.feet import SCREEN, FootState
from rules.text import Language
from sync.errors import PersonMustAct
from sync.service.queries.context import QueryContext
from sync.settings.credentials import CredentialStore
from sync.sources.names import NAMES
from sync.storage.footwork import FootworkRepository
from sync.wire.pages import SetUpStep, SetUpView

STEPS = ("runs", "safety", "self_check", "days", "equipment")
DAYS, EQUIPMENT = ("anchors", "hard_weekdays", "days"), ("equipment", "textures", "shoes")
HIDDEN, SKIPPED = "set_up_hidden", "set_up_skipped"
"""Preferences by which a runner dismisses the card, or leaves steps out."""


def set_up(asking: QueryContext, state: FootState, language: Language, *, has_runs: bool) -> SetUpView | None:
    """None for a made-up runner, once it was dismissed, and when nothing is left."""
    preferences = FootworkRepository(asking.store, asking.athlete.id).preferences()
    if asking.athlete.made_up or preferences.get(HIDDEN):
        return None
    view = set_up_view(preferences, state, language, has_runs=has_runs or _linked(asking))
    return view if view.done < len(view.steps) else None


def set_up_view(preferences: Mapping[str, Any], state: FootState, language: Language, *, has_runs: bool) -> SetUpView:
    checked = set().union(*(check.screen for check in state.assessments))
    skipped = preferences.get(SKIPPED)
    done = {
        "runs": has_runs,
        "safety": not state.unscreened,
        "self_check": any(check.left or check.right for check in state.assessments),
        "days": any(key in preferences for key in DAYS),
        "equipment": any(key in preferences for key in EQUIPMENT),
    }
    left_out = set(skipped) if isinstance(skipped, list) else set()
    return SetUpView(
        steps=[
            SetUpStep.model_validate({"name": name, "done": done[name], "skipped": name in left_out}) for name in STEPS
        ],
        safety=[(one, language.say(f"screen.{one}")) for one in SCREEN if one not in checked],
        preferences=dict(preferences),
    )


def _linked(asking: QueryContext) -> bool:
    vault = CredentialStore(asking.home.secrets, asking.config.secrets.keep_in)
    try:
        return any(vault.get(asking.athlete.id, name) is not None for name in NAMES)
    except PersonMustAct:
        return True
