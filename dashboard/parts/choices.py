"""What the runner chose for the plan: habits to tie it to, things at hand, hard weekdays, shoes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.context import Desk
from dashboard.parts import receipt
from sync.wire import SetPreference

MANY: Mapping[str, tuple[str, tuple[Any, ...], tuple[Any, ...]]] = {
    "anchors": ("anchor", ("coffee", "tv", "shower", "warm-up", "desk", "bedtime"), ()),
    "equipment": ("equipment", ("towel", "band", "small-objects"), ("towel",)),
    "textures": ("texture", ("rug", "grass", "sand", "mulch", "gravel", "track"), ("rug", "grass")),
    "hard_weekdays": ("weekday_short", (0, 1, 2, 3, 4, 5, 6), ()),
}
"""Preference -> the group of its words, its values, what holds until something is chosen."""
SHOES = ("usual", "minimalist", "transition")


def show(desk: Desk, preferences: Mapping[str, Any]) -> None:
    for name in MANY:
        many(desk, name, preferences)
    now = preferences.get("shoes") or "usual"
    st.pills(
        desk.words.say("choices.shoes"),
        SHOES,
        default=now if now in SHOES else "usual",
        required=True,
        format_func=lambda one: desk.words.say(f"choices.shoes_{one}"),
        key="prefer:shoes",
        on_change=_shoes,
        args=(desk,),
    )
    for name in ("barefoot_ok", "broken_skin"):
        st.toggle(
            desk.words.say(f"choices.{name}"),
            value=bool(preferences.get(name, name == "barefoot_ok")),
            key=f"prefer:{name}",
            on_change=_kept,
            args=(desk, name),
        )
    receipt.show(desk, desk.receipt("prefer"))


def many(desk: Desk, name: str, preferences: Mapping[str, Any]) -> None:
    group, options, usual = MANY[name]
    chosen = preferences.get(name)
    ordered = desk.words.weekdays() if name == "hard_weekdays" else list(options)
    st.pills(
        desk.words.say(f"choices.{name}"),
        ordered,
        default=[one for one in ordered if one in (usual if chosen is None else chosen)],
        selection_mode="multi",
        format_func=lambda one: desk.words.name(group, one),
        key=f"prefer:{name}",
        on_change=_kept,
        args=(desk, name),
    )


def _kept(desk: Desk, name: str) -> None:
    value = st.session_state[f"prefer:{name}"]
    _send(desk, name, list(value) if isinstance(value, list | tuple) else value)


def _shoes(desk: Desk) -> None:
    """A change of shoes starts its own clock."""
    _send(desk, "shoes", st.session_state["prefer:shoes"])
    _send(desk, "shoes_since", desk.today().isoformat())


def _send(desk: Desk, key: str, value: Any) -> None:
    desk.send(SetPreference(athlete=desk.athlete.id, typed_utc=desk.now_utc(), key=key, value=value), about="prefer")
