"""What the runner typed, into the store: each command once, however often it arrives, with one sentence back.

Every function here runs inside the command's transaction and returns the key of the sentence with its values, or
raises Refused. The command itself is kept whole: the log of commands in order of arrival tells how all came about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import assert_never

from rules.dose.ladder import Choice, accept, step_by_hand
from rules.facts.answers import DrillAnswer, When
from rules.facts.card_answers import NEVER, NOT_NOW
from rules.facts.foot_work import DoseChange, Reason
from rules.knowledge.loader import knowledge
from rules.knowledge.thresholds import thresholds
from rules.plan.plan import plan
from rules.state.feet import FootState
from rules.state.put_off import STRENGTH_CARD
from rules.state.week import minutes_done
from sync.service import footwork_state, watch_sessions
from sync.service.handlers import cards
from sync.service.handlers.choices import choose_length, swap_drill
from sync.service.handlers.context import CommandContext, CommandRejected, Message, naive_utc
from sync.service.handlers.runs import answer_card, correct, merge, split, undo_correction
from sync.storage import issued, typed
from sync.storage.database import Store
from sync.storage.rows.typed import AssessmentRow, CommandRow, EntryRow, PauseRow, PlannedRow, PreferenceRow, SessionRow
from sync.storage.serialize.prescriptions import dose_change_to_facts, prescription_to_facts
from sync.storage.serialize.recordings import plain
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ChooseLength,
    ChooseStep,
    ClearFlag,
    CorrectRun,
    LogScore,
    LogSession,
    MergeRuns,
    PauseWork,
    PlanRun,
    RaiseFlag,
    RateDrills,
    RemoveEntry,
    RemoveSession,
    ResumeWork,
    SetDose,
    SetPreference,
    SplitRun,
    SwapDrill,
    TypedCommand,
    UndoCorrection,
)

LONGEST_NOTE = 2_000


def handle(context: CommandContext, command: TypedCommand) -> Message:
    """Raises Refused."""
    match command:
        case LogScore():
            return _log(context, command)
        case RemoveEntry():
            return _remove_entry(context, command)
        case RaiseFlag():
            at_utc = naive_utc(command.at_utc)
            typed.upsert_flag(
                context.store,
                context.athlete.id,
                flag_id=command.flag_id,
                name=command.flag,
                at_utc=at_utc,
                day=context.day(at_utc),
                seq=context.seq,
            )
            return Message("flag", {})
        case ClearFlag():
            return _clear_flag(context, command)
        case LogSession():
            return _session(context, command)
        case RateDrills():
            return _rate(context, command)
        case ChooseLength():
            return choose_length(context, command)
        case SwapDrill():
            return swap_drill(context, command)
        case RemoveSession():
            typed.delete_session(context.store, context.athlete.id, command.session_id)
            return Message("removed_session", {})
        case CorrectRun():
            return correct(context, command)
        case UndoCorrection():
            return undo_correction(context, command)
        case PlanRun():
            return _plan(context, command)
        case PauseWork():
            return _pause(context, command)
        case ResumeWork():
            typed.end_pauses(context.store, context.athlete.id, on=command.day)
            return Message("resumed", {"day": command.day})
        case Assess():
            return _assess(context, command)
        case ChooseStep():
            return _choose_step(context, command)
        case SetDose():
            return _set_dose(context, command)
        case SetPreference():
            preference = PreferenceRow(command.key, plain(command.value), context.now_utc)
            typed.upsert_preference(context.store, context.athlete.id, preference, seq=context.seq)
            wished = {True: "strength_on", False: "strength_off"} if command.key == STRENGTH_CARD else {}
            return Message(wished.get(command.value is True, "preference"), {})
        case AnswerCard():
            return _answer(context, command)
        case MergeRuns():
            return merge(context, command)
        case SplitRun():
            return split(context, command)
        case _:
            assert_never(command)


def taken_back(store: Store, athlete: str, command: CommandRow) -> bool:
    """Whether the session or entry that ``command`` stored has been removed since."""
    match command.name:
        case "done":
            session_id = command.payload.get("session_id")
            return all(row.session_id != session_id for row in typed.sessions(store, athlete))
        case "log":
            return typed.entry(store, athlete, str(command.payload.get("entry_id"))) is None
        case _:
            return False


# --- diary ----------------------------------------------------------------------------------------


def _log(context: CommandContext, command: LogScore) -> Message:
    at_utc = naive_utc(command.at_utc)
    again = typed.entry(context.store, context.athlete.id, command.entry_id) is not None
    row = EntryRow(
        entry_id=command.entry_id,
        what=command.what,
        at_utc=at_utc,
        day=context.day(at_utc),
        score=command.score,
        place=command.place,
        side=command.side,
        at_when=command.when or _evening(context, command, at_utc),
        note=command.note[:LONGEST_NOTE] if command.note else None,
        seq=context.seq,
    )
    typed.upsert_entry(context.store, context.athlete.id, row)
    values = {
        "what": command.what,
        "score": command.score,
        "place": command.place or "",
        "day": context.day(at_utc),
    }
    key = f"{command.what}{'_at' if command.place else ''}"
    return Message(f"amended_{key}" if again else key, values)


def _evening(context: CommandContext, command: LogScore, at_utc: datetime) -> When | None:
    """What names no time and was felt in the evening is an evening's: the next morning's work goes by it."""
    limits = thresholds(context.config.rules)
    local = at_utc.replace(tzinfo=UTC).astimezone(context.clock())
    return When.EVENING if command.what == "soreness" and local.hour >= limits.evening_from_hour else None


def _remove_entry(context: CommandContext, command: RemoveEntry) -> Message:
    entry = typed.entry(context.store, context.athlete.id, command.entry_id)
    if entry is None:
        raise CommandRejected("no_entry")
    typed.delete_entry(context.store, context.athlete.id, command.entry_id)
    return Message("removed_entry", {"score": entry.score, "day": entry.day})


def _clear_flag(context: CommandContext, command: ClearFlag) -> Message:
    known = {row.flag_id: row for row in typed.flags(context.store, context.athlete.id)}
    if command.flag_id not in known:
        raise CommandRejected("no_flag")
    cleared_utc = naive_utc(command.typed_utc)
    typed.set_flag_cleared(
        context.store, context.athlete.id, command.flag_id, cleared_utc=cleared_utc, because=command.because
    )
    return Message("flag_cleared", {})


# --- foot work ------------------------------------------------------------------------------------


def _session(context: CommandContext, command: LogSession) -> Message:
    minutes = command.minutes
    if command.prescription_id is not None:
        minutes = minutes_done(minutes, command.state, _prescribed_minutes(context, command))
    at_utc = naive_utc(command.at_utc)
    before = _stored_session(context, command.session_id)
    row = SessionRow(
        session_id=command.session_id,
        at_utc=at_utc,
        day=context.day(at_utc),
        state=command.state,
        prescription_id=command.prescription_id,
        minutes=minutes,
        reason=command.reason,
        seq=context.seq,
        drills={**(before.drills if before is not None else {}), **_answers(command.drills)},
    )
    typed.upsert_session(context.store, context.athlete.id, row)
    if command.state == "skipped":
        return Message("skipped", {})
    key = command.state if minutes is None else f"{command.state}_minutes"
    return Message(key, {"minutes": f"{minutes:g}" if minutes is not None else ""})


def _prescribed_minutes(context: CommandContext, command: LogSession) -> float:
    """How long the foot work is. What was shown while nobody could issue it is issued now, as it was shown then."""
    wanted = command.prescription_id or ""
    found = issued.prescription(context.store, context.athlete.id, wanted)
    if found is not None:
        return found.minutes
    shown_utc = min(naive_utc(command.typed_utc), context.now_utc)
    state = footwork_state.load_state(context.store, context.athlete, context.config, shown_utc)
    shown = plan(state).issue
    for one in shown:
        if one.prescription_id == wanted:
            facts = prescription_to_facts(one)
            issued.insert_prescription(context.store, context.athlete.id, facts, issued_utc=shown_utc)
            return one.minutes
    raise CommandRejected("no_prescription")


def _stored_session(context: CommandContext, session_id: str) -> SessionRow | None:
    rows = typed.sessions(context.store, context.athlete.id)
    return next((row for row in rows if row.session_id == session_id), None)


def _rate(context: CommandContext, command: RateDrills) -> Message:
    row = _stored_session(context, command.session_id)
    if row is None:
        raise CommandRejected("no_session")
    drills = {**row.drills, **_answers(command.drills)}
    typed.upsert_session(context.store, context.athlete.id, replace(row, drills=drills))
    return Message("rated", {})


def _answers(drills: Mapping[str, DrillAnswer]) -> dict[str, str]:
    """By drill; one that nobody knows is refused rather than never heard."""
    unknown = sorted(set(drills) - set(knowledge().drills))
    if unknown:
        raise CommandRejected("no_drill", name=unknown[0])
    return {name: str(answer) for name, answer in drills.items()}


def _answer(context: CommandContext, command: AnswerCard) -> Message:
    """The answer is kept; where it means a command of its own, such as a run to plan, that is done too."""
    said = answer_card(context, command)
    if command.answer in (NOT_NOW, NEVER):
        return said
    if command.card_id.startswith(watch_sessions.CARD):
        work = watch_sessions.session_from_answer(context.store, context.athlete, _foot_state(context), command)
        return said if work is None else _session(context, work)
    match cards.meaning(context, command, lambda: _foot_state(context)):
        case LogScore() as entry:
            return _log(context, entry)
        case RateDrills() as rated:
            _rate(context, rated)
            return Message("went", {})
        case LogSession() as hurt:
            _session(context, hurt)
            return Message("went_hurt", {})
        case PauseWork() as pause:
            return _pause(context, pause)
        case PlanRun() as run:
            return _plan(context, run)
        case Message() as message:
            return message if message.key != said.key and said.key == "answered" else said


def _pause(context: CommandContext, command: PauseWork) -> Message:
    if command.until_day is not None and command.until_day < command.from_day:
        raise CommandRejected("pause_backwards")
    row = PauseRow(
        pause_id=command.pause_id,
        reason=command.reason,
        from_day=command.from_day,
        until_day=command.until_day,
        seq=context.seq,
    )
    typed.upsert_pause(context.store, context.athlete.id, row)
    return Message("paused_until" if command.until_day else "paused", {"day": command.until_day or command.from_day})


def _assess(context: CommandContext, command: Assess) -> Message:
    row = AssessmentRow(
        assessment_id=command.assessment_id,
        day=command.day,
        left_foot=plain(command.left),
        right_foot=plain(command.right),
        night_cramps=command.night_cramps,
        screen=plain(command.screen),
        seq=context.seq,
    )
    typed.upsert_assessment(context.store, context.athlete.id, row)
    return Message("assessed", {"day": command.day})


def _plan(context: CommandContext, command: PlanRun) -> Message:
    planned_id = f"runner:{command.day.isoformat()}"
    if command.kind is None:
        typed.delete_planned(context.store, context.athlete.id, planned_id)
        return Message("plan_removed", {"day": command.day})
    # By the day it was typed: what waited in the outbox meant a day that was still to come.
    if command.day < context.day(naive_utc(command.typed_utc)):
        raise CommandRejected("plan_past", day=command.day)
    start_utc = None
    if command.start_local is not None:
        try:
            at = datetime.combine(command.day, time.fromisoformat(command.start_local), context.clock())
        except ValueError:
            raise CommandRejected("no_time", time=command.start_local) from None
        start_utc = naive_utc(at)
    row = PlannedRow(
        planned_id=planned_id,
        source="runner",
        day=command.day,
        kind=str(command.kind),
        start_utc=start_utc,
        title=None,
        probability=1.0,
        race=command.race,
    )
    typed.upsert_planned(context.store, context.athlete.id, row, seq=context.seq)
    return Message("planned_race" if command.race else "planned", {"kind": command.kind, "day": command.day})


def _choose_step(context: CommandContext, command: ChooseStep) -> Message:
    state = _foot_state(context)
    if command.choice not in set(Choice):
        raise CommandRejected("no_choice", choice=command.choice)
    return _dose(context, accept(state, command.change_id, Choice(command.choice)))


def _set_dose(context: CommandContext, command: SetDose) -> Message:
    return _dose(context, step_by_hand(_foot_state(context), command.step, command.days_per_week))


def _dose(context: CommandContext, found: DoseChange | Reason) -> Message:
    if isinstance(found, Reason):
        raise CommandRejected(f"reason.{found.key}", **found.values)
    issued.insert_dose_change(
        context.store, context.athlete.id, dose_change_to_facts(found), issued_utc=context.now_utc
    )
    after = found.after
    level = next((one for one in found.reasons if one.key in ("step_level", "by_hand_level")), None)
    if level is not None:
        return Message("dose_level", {"drill": level.values["drill"]})
    key = "dose_declined" if found.verdict == "declined" else "dose_reps" if after.extra_reps else "dose"
    return Message(key, {"minutes": f"{after.minutes:g}", "days": after.days_per_week, "reps": after.extra_reps})


def _foot_state(context: CommandContext) -> FootState:
    return footwork_state.load_state(context.store, context.athlete, context.config, context.now_utc)
