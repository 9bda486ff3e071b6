"""What the runner chose for the plan: habits to tie it to, things at hand, hard weekdays, shoes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.context import PageContext
from dashboard.parts import receipt
from sync.wire.commands import SetPreference

MANY: Mapping[str, tuple[str, tuple[Any, ...], tuple[Any, ...]]] = {
    "anchors": ("anchor", ("coffee", "tv", "shower", "warm-up", "desk", "bedtime"), ()),
    "equipment": ("equipment", ("towel", "band", "small-objects"), ("towel",)),
    "textures": ("texture", ("rug", "grass", "sand", "mulch", "gravel", "track"), ("rug", "grass")),
    "weekdays": ("weekday_short", (0, 1, 2, 3, 4, 5, 6), ()),
    "hard_weekdays": ("weekday_short", (0, 1, 2, 3, 4, 5, 6), ()),
}
"""Preference -> the group of its words, its values, what holds until something is chosen."""
SHOES = ("usual", "minimalist", "transition")


def show(context: PageContext, preferences: Mapping[str, Any]) -> None:
    for name in MANY:
        many(context, name, preferences)
    now = preferences.get("shoes") or "usual"
    st.pills(
        context.words.say("choices.shoes"),
        SHOES,
        default=now if now in SHOES else "usual",
        required=True,
        format_func=lambda one: context.words.say(f"choices.shoes_{one}"),
        key="prefer:shoes",
        on_change=_shoes,
        args=(context,),
    )
    for name in ("barefoot_ok", "broken_skin"):
        st.toggle(
            context.words.say(f"choices.{name}"),
            value=bool(preferences.get(name, name == "barefoot_ok")),
            key=f"prefer:{name}",
            on_change=_kept,
            args=(context, name),
        )
    receipt.show(context, context.receipt("prefer"))


def many(context: PageContext, name: str, preferences: Mapping[str, Any]) -> None:
    group, options, usual = MANY[name]
    chosen = preferences.get(name)
    ordered = context.words.weekdays() if name in ("weekdays", "hard_weekdays") else list(options)
    st.pills(
        context.words.say(f"choices.{name}"),
        ordered,
        default=[one for one in ordered if one in (usual if chosen is None else chosen)],
        selection_mode="multi",
        format_func=lambda one: context.words.name(group, one),
        key=f"prefer:{name}",
        on_change=_kept,
        args=(context, name),
    )


def _kept(context: PageContext, name: str) -> None:
    value = st.session_state[f"prefer:{name}"]
    _send(context, name, list(value) if isinstance(value, list | tuple) else value)


def _shoes(context: PageContext) -> None:
    """A change of shoes starts its own clock."""
    _send(context, "shoes", st.session_state["prefer:shoes"])
    _send(context, "shoes_since", context.today().isoformat())


def _send(context: PageContext, key: str, value: Any) -> None:
    context.send(
        SetPreference(athlete=context.athlete.id, typed_utc=context.now_utc(), key=key, value=value), about="prefer"
    )
