"""What an answer to a card means: a command of its own, words for the runner, or only that it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, timedelta

from rules.facts.answers import DrillAnswer, Place, SkipReason
from rules.facts.card_answers import NONE, SIGNS, means_stiff, read_advice, signs_of
from rules.facts.kinds import Kind
from rules.knowledge.loader import knowledge
from rules.plan import strength
from rules.state import absence, advice, big_toe, put_off
from rules.state.feet import FootState
from sync.service.handlers.context import CommandContext, CommandRejected, Message
from sync.wire.commands import AnswerCard, LogScore, LogSession, PauseWork, PlanRun, RateDrills

PLAN_CARD = "plan:"
"""A card's id is this and a day; the answer is the kind of run that is coming."""
PAIN_CARD = "pain:"
"""A card's id is this and a session; the answer is a place and a score."""
RACE = "race"
"""An answer beside the kinds: a race is prepared for like a tempo run."""
SILENT = ("ill", "away", "was-ill", "was-away", "no")
"""Answers to a week of silence."""
State = Callable[[], FootState]


Meaning = LogScore | LogSession | PauseWork | PlanRun | RateDrills | Message


def meaning(context: CommandContext, command: AnswerCard, state: State) -> Meaning:
    """Raises CommandRejected for an answer that the card does not know."""
    head = command.card_id.partition(":")[0]
    match head:
        case "pain":
            return _pain(command)
        case "plan":
            return _plan(context, command, state)
        case absence.SILENT_CARD:
            return _silence(command, state)
        case big_toe.CARD:
            signs = signs_of(command.answer)
            if signs is None:
                raise CommandRejected("no_signs", typed=command.answer, known=", ".join((*SIGNS, NONE)))
            return Message("big_toe_stiff" if means_stiff(signs) else "big_toe_fine", {})
        case advice.CARD:
            told = read_advice(command.answer, context.day(context.now_utc))
            if told is None or not told.drills <= set(knowledge().drills):
                raise CommandRejected("no_advice", typed=command.answer)
            return Message("advice", {})
        case put_off.WENT_CARD:
            return _went(command, state)
        case put_off.STRENGTH_CARD:
            return _strength(command)
        case _:
            return Message("answered", {})


def _went(command: AnswerCard, state: State) -> LogSession | RateDrills | Message:
    """The answer holds for each drill of the session; that it hurt, without naming one, for the session as a whole."""
    if command.answer not in set(DrillAnswer):
        raise CommandRejected("no_such_answer", typed=command.answer, known=", ".join(DrillAnswer))
    session_id, now = command.card_id.partition(":")[2], state()
    session = next((one for one in reversed(now.sessions) if one.session_id == session_id), None)
    work = next((one for one in now.issued if session and one.prescription_id == session.prescription_id), None)
    if session is None or work is None:
        raise CommandRejected("no_session")
    if command.answer == DrillAnswer.HURT:
        return LogSession(
            typed_utc=command.typed_utc,
            session_id=session_id,
            prescription_id=session.prescription_id,
            state=session.state,
            at_utc=session.at_utc,
            minutes=session.minutes,
            reason=SkipReason.PAIN,
        )
    answer = DrillAnswer(command.answer)
    return RateDrills(
        typed_utc=command.typed_utc, session_id=session_id, drills={one.drill: answer for one in work.drills}
    )


def _strength(command: AnswerCard) -> Message:
    """How the strength card of a day went; what hurt is asked about with the diary's own words."""
    said = strength.read_answer(command.answer)
    if said is None:
        known = ", ".join((strength.DONE, strength.OPEN, *(f"{strength.SKIPPED}:{why}" for why in SkipReason)))
        raise CommandRejected("no_such_answer", typed=command.answer, known=known)
    hurt = command.answer == f"{strength.SKIPPED}:{SkipReason.PAIN}"
    return Message("strength_hurt" if hurt else f"strength_{said}", {})


def _pain(command: AnswerCard) -> LogScore:
    """``PLACE=SCORE``, or a score alone: an entry of soreness."""
    place, _, score = command.answer.rpartition("=")
    if not score.isdecimal() or int(score) > 10 or (place and place not in set(Place)):
        raise CommandRejected("no_score", typed=command.answer)
    return LogScore(
        typed_utc=command.typed_utc,
        entry_id=command.command_id,
        what="soreness",
        score=int(score),
        at_utc=command.typed_utc,
        place=Place(place) if place else None,
    )


def _plan(context: CommandContext, command: AnswerCard, state: State) -> PlanRun | Message:
    """What the coming run is, at the time that the calendar names for it."""
    race = command.answer == RACE
    try:
        day = date.fromisoformat(command.card_id.removeprefix(PLAN_CARD))
        kind = Kind.TEMPO if race else Kind(command.answer)
    except ValueError:
        return Message("answered", {})
    starts = [one.start_utc for one in state().planned if one.day == day and one.start_utc is not None]
    at = starts[0].replace(tzinfo=UTC).astimezone(context.clock()) if starts else None
    start_local = f"{at:%H:%M}" if at is not None else None
    return PlanRun(typed_utc=command.typed_utc, day=day, kind=kind, start_local=start_local, race=race)


def _silence(command: AnswerCard, state: State) -> PauseWork | Message:
    """Ill or away since the silence began: still, or up to the day before the runner was back."""
    if command.answer not in SILENT:
        raise CommandRejected("no_such_answer", typed=command.answer, known=", ".join(SILENT))
    if command.answer == "no":
        return Message("answered", {})
    try:
        first = date.fromisoformat(command.card_id.partition(":")[2])
    except ValueError:
        return Message("answered", {})
    now = state()
    found = absence.silence(now)
    last = found[1] if found is not None and found[0] == first else now.today - timedelta(days=1)
    return PauseWork(
        typed_utc=command.typed_utc,
        pause_id=command.command_id,
        reason="ill" if command.answer.endswith("ill") else "travel",
        from_day=first,
        until_day=max(first, last) if command.answer.startswith("was-") else None,
    )
