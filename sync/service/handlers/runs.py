"""What the runner says of runs: what they were, whether they are one or two, and answers to cards about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations, product
from typing import Any

from rules.facts import Facet, Hills, Kind
from sync.runs import activities
from sync.service.handlers.context import Desk, Refused, Said, naive_utc
from sync.storage import runs
from sync.storage.rows import RunRow
from sync.storage.serialize.labels import labels_of
from sync.wire import AnswerCard, CorrectRun, MergeRuns, SplitRun, UndoCorrection

SAME_RUN, IS_RUN, KIND = "same-run:", "is-run:", "kind:"
"""Cards whose answer is a command of its own."""


def resolve(desk: Desk, typed_id: str) -> str:
    """The activity that ``typed_id`` means now: an id of any of its recordings, or the beginning of one."""
    found = runs.activities_starting_with(desk.store, desk.athlete.id, typed_id) if typed_id else []
    if not found:
        raise Refused("no_run", id=typed_id)
    if len(found) > 1:
        raise Refused("many_runs", id=typed_id)
    return found[0].activity_id


def _members(desk: Desk, activity_id: str) -> list[str]:
    return [row.recording_id for row in runs.recordings_of(desk.store, desk.athlete.id, activity_id)]


def correct(desk: Desk, command: CorrectRun) -> Said:
    activity_id = resolve(desk, command.run_id)
    words: dict[str, Any] = {
        "kind": command.kind,
        "intensity": command.intensity,
        "long_run": command.long,
        "hills": command.hills,
        "surface": command.surface,
    }
    if command.hills is not None and command.hills not in set(Hills):
        raise Refused("no_hills", value=command.hills, known=", ".join(Hills))
    row = runs.run(desk.store, desk.athlete.id, activity_id)
    if command.confirm and row is not None:
        words = {name: value if value is not None else _judged(row).get(name) for name, value in words.items()}
    nothing = all(value is None for value in words.values())
    if nothing and command.is_run is None and not command.confirm:
        raise Refused("nothing_said")
    if row is None and command.is_run is not True and not nothing:
        raise Refused("not_a_run_yet", id=command.run_id)
    desk.tell(
        "put_correction",
        recording_id=activity_id,
        seq=desk.seq,
        is_run=command.is_run,
        confirmed=command.confirm,
        **words,
    )
    if command.is_run is not None:
        activities.regroup(desk.store, desk.athlete, [activity_id])
    if row is not None:
        desk.tell("mark_dirty", from_utc=row.start_utc)
    if command.is_run is False:
        return Said("not_a_run", {})
    if command.is_run and nothing:
        return Said("is_a_run", {})
    return Said("confirmed" if command.confirm else "labelled", {})


def _judged(row: RunRow) -> dict[str, Any]:
    """What the label says now, as corrections: a confirmed label stays what it was when it was confirmed."""
    labels = labels_of(row)
    if labels is None:
        return {}
    values = {facet: label.value for facet, label in labels.facets.items()}
    long = values.get(Facet.LONG)
    return {
        "intensity": values.get(Facet.INTENSITY),
        "long_run": None if long is None else long == "yes",
        "hills": values.get(Facet.HILLS),
        "surface": values.get(Facet.SURFACE) if values.get(Facet.SURFACE) != "unknown" else None,
    }


def undo_correction(desk: Desk, command: UndoCorrection) -> Said:
    activity_id = resolve(desk, command.run_id)
    members = _members(desk, activity_id)
    for name in members:
        desk.tell("forget_correction", recording_id=name)
    activities.regroup(desk.store, desk.athlete, members)
    row = runs.run(desk.store, desk.athlete.id, activity_id)
    if row is not None:
        desk.tell("mark_dirty", from_utc=row.start_utc)
    return Said("correction_undone", {})


def merge(desk: Desk, command: MergeRuns) -> Said:
    one, other = resolve(desk, command.run_a), resolve(desk, command.run_b)
    if one == other:
        raise Refused("one_already")
    first, second = _members(desk, one), _members(desk, other)
    for a in first:
        for b in second:
            _decide(desk, a, b, same=True)
    activities.regroup(desk.store, desk.athlete, [*first, *second])
    return Said("merged", {})


def split(desk: Desk, command: SplitRun) -> Said:
    activity_id = resolve(desk, command.run_id)
    members = _members(desk, activity_id)
    if command.other_id is not None:
        other_id = resolve(desk, command.other_id)
        if other_id != activity_id:
            for a in members:
                for b in _members(desk, other_id):
                    _decide(desk, a, b, same=False)
            desk.tell("mark_dirty", from_utc=_starts(desk, [activity_id, other_id]))
            return Said("two_runs", {})
    copies = _copies(desk, activity_id)
    if len(copies) < 2:
        raise Refused("one_recording")
    for one, other in combinations(copies, 2):
        for a, b in product(one, other):
            _decide(desk, a, b, same=False)
    activities.regroup(desk.store, desk.athlete, members)
    return Said("split", {"count": len(copies)})


def _copies(desk: Desk, activity_id: str) -> list[list[str]]:
    """An activity's recordings by where they came from: what a service lists of a run and that run's file are one."""
    found: dict[str, list[str]] = {}
    for row in runs.recordings_of(desk.store, desk.athlete.id, activity_id):
        at = f"{row.source}:{row.source_ref}" if row.source_ref else row.recording_id
        found.setdefault(at, []).append(row.recording_id)
    return list(found.values())


def _starts(desk: Desk, activity_ids: Sequence[str]) -> datetime:
    """The first start of these activities; the clock's now when none of them is a run."""
    found = runs.run_starts(desk.store, desk.athlete.id, activity_ids)
    return min((row.start_utc for row in found), default=desk.now_utc)


def _decide(desk: Desk, a: str, b: str, *, same: bool) -> None:
    first, second = sorted((a, b))
    desk.tell(
        "put_decision",
        recording_a=first,
        recording_b=second,
        verdict="same" if same else "different",
        seq=desk.seq,
    )


# --- cards ----------------------------------------------------------------------------------------


def answer_card(desk: Desk, command: AnswerCard) -> Said:
    """A question about recordings is answered by the command that it means; every answer is kept."""
    desk.tell(
        "put_card_answer",
        card_id=command.card_id,
        answer=command.answer,
        at_utc=naive_utc(command.typed_utc),
        day=desk.day(naive_utc(command.typed_utc)),
        seq=desk.seq,
    )
    yes = command.answer in ("yes", "one", "merge")
    at_utc = command.typed_utc
    if command.card_id.startswith(SAME_RUN):
        a, _, b = command.card_id.removeprefix(SAME_RUN).partition("+")
        return (
            merge(desk, MergeRuns(run_a=a, run_b=b, typed_utc=at_utc))
            if yes
            else split(desk, SplitRun(run_id=a, other_id=b, typed_utc=at_utc))
        )
    if command.card_id.startswith(IS_RUN):
        return correct(desk, CorrectRun(run_id=command.card_id.removeprefix(IS_RUN), is_run=yes, typed_utc=at_utc))
    if command.card_id.startswith(KIND) and command.answer in set(Kind):
        run_id = command.card_id.removeprefix(KIND)
        return correct(desk, CorrectRun(run_id=run_id, kind=Kind(command.answer), typed_utc=at_utc))
    return Said("answered", {})
