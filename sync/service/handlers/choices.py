"""What the runner chooses for a day: how long, and which drill makes room for another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rules.knowledge.loader import knowledge
from sync.service.handlers.context import CommandContext, CommandRejected, Message
from sync.storage import typed
from sync.storage.rows.typed import PreferenceRow
from sync.wire.commands import ChooseLength, SwapDrill

LENGTHS, SWAPPED = "lengths", "swapped"
"""The preferences that hold what was chosen."""
KEPT = timedelta(days=60)


def choose_length(context: CommandContext, command: ChooseLength) -> Message:
    chosen = _lately(context, LENGTHS, by_day=True) | {command.day.isoformat(): command.length}
    _keep(context, LENGTHS, chosen)
    return Message(f"length_{command.length}", {"day": command.day})


def swap_drill(context: CommandContext, command: SwapDrill) -> Message:
    if command.drill not in knowledge().drills:
        raise CommandRejected("no_drill", name=command.drill)
    chosen = _lately(context, SWAPPED, by_day=False)
    chosen.pop(command.drill, None)
    if not command.back:
        chosen[command.drill] = command.day.isoformat()
    _keep(context, SWAPPED, chosen)
    return Message("swapped_back" if command.back else "swapped", {})


def _lately(context: CommandContext, key: str, *, by_day: bool) -> dict[str, str]:
    """What was chosen in the last weeks; older choices say nothing any more."""
    rows = typed.preferences(context.store, context.athlete.id)
    stored: Mapping[str, str] = next((row.value for row in rows if row.key == key), {}) or {}
    first = (context.day(context.now_utc) - KEPT).isoformat()
    return {name: value for name, value in stored.items() if (name if by_day else value) >= first}


def _keep(context: CommandContext, key: str, value: Mapping[str, Any]) -> None:
    row = PreferenceRow(key, dict(value), context.now_utc)
    typed.upsert_preference(context.store, context.athlete.id, row, seq=context.seq)
