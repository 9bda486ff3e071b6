"""What the runner says of runs: what they were, whether they are one or two, and answers to cards about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations, product
from typing import Any

from rules.facts.card_answers import NEVER, NOT_NOW
from rules.facts.kinds import Facet, Hills, Kind
from sync.runs import activity_clusters, sport_rules, zone_changes
from sync.service.handlers.context import CommandContext, CommandRejected, Message, naive_utc
from sync.service.handlers.sport_words import answer_word
from sync.storage import labels, recordings, runs, typed
from sync.storage.rows.arrived import RunRow
from sync.storage.rows.typed import CardAnswerRow
from sync.storage.serialize.labels import labels_of
from sync.wire.commands import AnswerCard, CorrectRun, MergeRuns, SplitRun, UndoCorrection

SAME_RUN, IS_RUN, KIND, ZONES = "same-run:", "is-run:", "kind:", "zones:"
"""Cards whose answer is a command of its own."""


def resolve(context: CommandContext, typed_id: str) -> str:
    """The activity that ``typed_id`` means now: an id of any of its recordings, or the beginning of one."""
    found = runs.activities_starting_with(context.store, context.athlete.id, typed_id) if typed_id else []
    if not found:
        raise CommandRejected("no_run", id=typed_id)
    if len(found) > 1:
        raise CommandRejected("many_runs", id=typed_id)
    return found[0].activity_id


def _members(context: CommandContext, activity_id: str) -> list[str]:
    return [row.recording_id for row in recordings.recordings_of(context.store, context.athlete.id, activity_id)]


def correct(context: CommandContext, command: CorrectRun) -> Message:
    activity_id = resolve(context, command.run_id)
    words: dict[str, Any] = {
        "kind": command.kind,
        "intensity": command.intensity,
        "long_run": command.long,
        "hills": command.hills,
        "surface": command.surface,
    }
    if command.hills is not None and command.hills not in set(Hills):
        raise CommandRejected("no_hills", value=command.hills, known=", ".join(Hills))
    row = runs.run(context.store, context.athlete.id, activity_id)
    if command.confirm and row is not None:
        words = {name: value if value is not None else _judged(row).get(name) for name, value in words.items()}
    nothing = all(value is None for value in words.values())
    if nothing and command.is_run is None and not command.confirm:
        raise CommandRejected("nothing_said")
    if row is None and command.is_run is not True and not nothing:
        raise CommandRejected("not_a_run_yet", id=command.run_id)
    typed.upsert_correction(
        context.store,
        context.athlete.id,
        activity_id,
        seq=context.seq,
        is_run=command.is_run,
        confirmed=command.confirm,
        **words,
    )
    if command.is_run is not None:
        activity_clusters.recluster(context.store, context.athlete, [activity_id])
    if row is not None:
        labels.mark_dirty(context.store, context.athlete.id, from_utc=row.start_utc)
    if command.is_run is False:
        return Message("not_a_run", {})
    if command.is_run and nothing:
        return Message("is_a_run", {})
    return Message("confirmed" if command.confirm else "labelled", {})


def _judged(row: RunRow) -> dict[str, Any]:
    """What the label says now, as corrections: a confirmed label stays what it was when it was confirmed."""
    judged = labels_of(row)
    if judged is None:
        return {}
    values = {facet: label.value for facet, label in judged.facets.items()}
    long = values.get(Facet.LONG)
    return {
        "intensity": values.get(Facet.INTENSITY),
        "long_run": None if long is None else long == "yes",
        "hills": values.get(Facet.HILLS),
        "surface": values.get(Facet.SURFACE) if values.get(Facet.SURFACE) != "unknown" else None,
    }


def undo_correction(context: CommandContext, command: UndoCorrection) -> Message:
    activity_id = resolve(context, command.run_id)
    members = _members(context, activity_id)
    for name in members:
        typed.delete_correction(context.store, context.athlete.id, name)
    activity_clusters.recluster(context.store, context.athlete, members)
    row = runs.run(context.store, context.athlete.id, activity_id)
    if row is not None:
        labels.mark_dirty(context.store, context.athlete.id, from_utc=row.start_utc)
    return Message("correction_undone", {})


def merge(context: CommandContext, command: MergeRuns) -> Message:
    one, other = resolve(context, command.run_a), resolve(context, command.run_b)
    if one == other:
        raise CommandRejected("one_already")
    first, second = _members(context, one), _members(context, other)
    for a in first:
        for b in second:
            _decide(context, a, b, same=True)
    activity_clusters.recluster(context.store, context.athlete, [*first, *second])
    return Message("merged", {})


def split(context: CommandContext, command: SplitRun) -> Message:
    activity_id = resolve(context, command.run_id)
    members = _members(context, activity_id)
    if command.other_id is not None:
        other_id = resolve(context, command.other_id)
        if other_id != activity_id:
            for a in members:
                for b in _members(context, other_id):
                    _decide(context, a, b, same=False)
            labels.mark_dirty(context.store, context.athlete.id, from_utc=_starts(context, [activity_id, other_id]))
            return Message("two_runs", {})
    copies = _copies(context, activity_id)
    if len(copies) < 2:
        raise CommandRejected("one_recording")
    for one, other in combinations(copies, 2):
        for a, b in product(one, other):
            _decide(context, a, b, same=False)
    activity_clusters.recluster(context.store, context.athlete, members)
    return Message("split", {"count": len(copies)})


def _copies(context: CommandContext, activity_id: str) -> list[list[str]]:
    """An activity's recordings by where they came from: what a service lists of a run and that run's file are one."""
    found: dict[str, list[str]] = {}
    for row in recordings.recordings_of(context.store, context.athlete.id, activity_id):
        at = f"{row.source}:{row.source_ref}" if row.source_ref else row.recording_id
        found.setdefault(at, []).append(row.recording_id)
    return list(found.values())


def _starts(context: CommandContext, activity_ids: Sequence[str]) -> datetime:
    """The first start of these activities; the clock's now when none of them is a run."""
    found = runs.run_starts(context.store, context.athlete.id, activity_ids)
    return min((row.start_utc for row in found), default=context.now_utc)


def _decide(context: CommandContext, a: str, b: str, *, same: bool) -> None:
    typed.upsert_decision(context.store, context.athlete.id, a, b, same=same, seq=context.seq)


# --- cards ----------------------------------------------------------------------------------------


def answer_card(context: CommandContext, command: AnswerCard) -> Message:
    """A question about recordings is answered by the command that it means; every answer is kept."""
    at_utc = naive_utc(command.typed_utc)
    row = CardAnswerRow(command.card_id, command.answer, at_utc, context.day(at_utc), context.seq)
    typed.upsert_card_answer(context.store, context.athlete.id, row)
    if command.answer in (NOT_NOW, NEVER):
        return Message("put_off" if command.answer == NOT_NOW else "never_again", {})
    yes = command.answer in ("yes", "one", "merge")
    typed_utc = command.typed_utc
    if command.card_id.startswith(SAME_RUN):
        a, _, b = command.card_id.removeprefix(SAME_RUN).partition("+")
        return (
            merge(context, MergeRuns(run_a=a, run_b=b, typed_utc=typed_utc))
            if yes
            else split(context, SplitRun(run_id=a, other_id=b, typed_utc=typed_utc))
        )
    if command.card_id.startswith(IS_RUN):
        return correct(
            context, CorrectRun(run_id=command.card_id.removeprefix(IS_RUN), is_run=yes, typed_utc=typed_utc)
        )
    if command.card_id.startswith(sport_rules.CARD):
        return answer_word(context, command.card_id.removeprefix(sport_rules.CARD), yes=command.answer == "yes")
    if command.card_id.startswith(KIND) and command.answer in set(Kind):
        run_id = command.card_id.removeprefix(KIND)
        return correct(context, CorrectRun(run_id=run_id, kind=Kind(command.answer), typed_utc=typed_utc))
    if command.card_id.startswith(ZONES):
        count = zone_changes.answer(context.store, context.athlete, correct=yes)
        return Message("zones_corrected", {"count": count}) if yes else Message("zones_kept", {})
    return Message("answered", {})
