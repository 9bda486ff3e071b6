"""What must be read at once when it is typed: red flags and the safety screen, wherever the answer stands (S2, S4), and
the question that pain asks (S6)."""

from __future__ import annotations

from datetime import UTC, datetime

from rules.facts.answers import SkipReason
from rules.knowledge.thresholds import Thresholds
from rules.state.pain import still_asks
from rules.state.safety import red_flag, soreness_flag, stops_yet
from rules.text import Language
from sync.service.messages import reason_says
from sync.wire.commands import Assess, LogScore, LogSession, RaiseFlag, SetPreference, TypedCommand


def with_warning(says: str, command: TypedCommand, limits: Thresholds, language: Language) -> str:
    """``says`` with the text of the red flag that ``command`` raises, or of what was ticked in the safety screen.

    A score of days ago stops nothing any more, so it brings no text.
    """
    match command:
        case RaiseFlag():
            return f"{reason_says(red_flag(command.flag), language)} {says}"
        case LogScore(what="soreness") if stops_yet(command.score, _age_days(command), limits):
            return f"{says} {reason_says(soreness_flag(command.score, command.place), language)}"
        case LogSession() if asks_where(command, limits):
            return language.say("command.ask_pain", said=says)
        case Assess():
            ticked = [f"screen.{name}_yes" for name, yes in command.screen.items() if yes]
            return " ".join([says, *(language.say(key) for key in ticked if key in language)])
        case SetPreference(key="screen", value=dict(screen)):
            ticked = [f"screen.{name}_yes" for name, yes in screen.items() if yes is True]
            return " ".join([says, *(language.say(key) for key in ticked if key in language)])
        case _:
            return says


def asks_where(command: LogSession, limits: Thresholds) -> bool:
    """Whether foot work that hurt is fresh enough to ask where and how much."""
    age = _utc(command.typed_utc) - _utc(command.at_utc)
    return command.reason is SkipReason.PAIN and still_asks(age, limits)


def _age_days(command: LogScore) -> int:
    return (command.typed_utc.date() - command.at_utc.date()).days


def _utc(instant: datetime) -> datetime:
    """Instants that name no zone are UTC."""
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
