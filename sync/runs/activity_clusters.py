"""Which recordings are one activity, as the store keeps it: clustered again where something changed, with their runs.

Always inside one transaction: no reader sees an activity without the run that it makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rules.classify import what_is_a_run
from rules.classify.what_is_a_run import RunVerdict
from sync.runs import clustering, compute_runs, matching, sport_rules
from sync.runs.identity import identity
from sync.settings.config import Athlete
from sync.storage import labels, recordings, runs, typed
from sync.storage.database import Store
from sync.storage.rows.typed import CorrectionRow

ActivityOutcome = Literal["run", "joined", "other"]


MANY = 100
"""From here on it is quicker to look at everything once than to follow the links."""


def recluster(
    store: Store, athlete: Athlete, names: Sequence[str], *, again: bool = True
) -> dict[str, ActivityOutcome]:
    """Cluster everything that could hang together with ``names``; remake the runs whose copies changed.

    ``again`` remakes the runs of ``names`` even if their copies are the same ones. Gives the outcomes of ``names``.
    """
    mine = set(names)
    near = None if len(mine) > MANY else connected(store, athlete.id, names)
    rows = recordings.identities(store, athlete.id, near)
    decisions = [
        clustering.PairDecision(row.recording_a, row.recording_b, row.verdict == "same")
        for row in typed.decisions(store, athlete.id)
    ]
    said = sport_rules.said_words(store, athlete.id)
    everyone = clustering.with_said_sports([identity(row, said) for row in rows])
    groups = clustering.cluster(everyone, decisions)
    was = {row.recording_id: row.activity_id for row in rows}
    touched = _groups_to_make(groups, was, mine if again else set())
    runs_before = _run_ids(store, athlete.id, set(was.values()))
    for group in touched:
        for name in group:
            if was[name] != group[0]:
                recordings.set_activity(store, athlete.id, name, group[0])
    delete_runs(store, athlete.id, {was[name] for group in touched for name in group})
    overrides = _user_overrides(store, athlete.id)
    outcomes: dict[str, ActivityOutcome] = {}
    sports = {one.recording_id: one.sport for one in everyone}
    made = []
    for group in groups:
        is_run = _is_run(group, sports, overrides)
        if group in touched and is_run:
            made.append(group)
        known = any(was[name] in runs_before for name in group if name not in mine)
        outcomes.update(_outcomes([name for name in group if name in mine], is_run=is_run, known=known))
    compute_runs.make_runs(store, athlete, made)
    return outcomes


def _groups_to_make(groups: Sequence[tuple[str, ...]], was: Mapping[str, str], again: set[str]) -> set[tuple[str, ...]]:
    """Groups whose copies are others than before, or that hold one of ``again``; ``was`` has each one's activity."""
    members_before: dict[str, set[str]] = {}
    for name, activity_id in was.items():
        members_before.setdefault(activity_id, set()).add(name)
    return {group for group in groups if not again.isdisjoint(group) or members_before.get(group[0]) != set(group)}


def _outcomes(names: Sequence[str], *, is_run: bool, known: bool) -> dict[str, ActivityOutcome]:
    """Of the new copies of one activity the first makes the run, unless a run was there; the others join it."""
    outcomes: dict[str, ActivityOutcome] = dict.fromkeys(names, "joined" if is_run else "other")
    if is_run and not known and names:
        outcomes[names[0]] = "run"
    return outcomes


def connected(store: Store, athlete_id: str, names: Sequence[str]) -> list[str]:
    """Everything that a chain of possible links leads to: clustering it is clustering all, seen from here."""
    reached = set(names)
    edge = set(names)
    while edge:
        edge = recordings.neighbours(store, athlete_id, edge, within_s=matching.NEAR_S) - reached
        reached |= edge
    return sorted(reached)


def _run_ids(store: Store, athlete_id: str, activity_ids: set[str]) -> set[str]:
    return {row.run_id for row in runs.run_starts(store, athlete_id, sorted(activity_ids))}


def delete_runs(store: Store, athlete_id: str, run_ids: set[str]) -> None:
    """Runs with their labels; those that come after are judged again, since each is judged by what was before it."""
    for row in runs.run_starts(store, athlete_id, sorted(run_ids)):
        labels.mark_dirty(store, athlete_id, from_utc=row.start_utc)
        runs.delete_run(store, athlete_id, row.run_id)
        labels.delete_label(store, athlete_id, row.run_id)


def _user_overrides(store: Store, athlete_id: str) -> dict[str, CorrectionRow]:
    return {row.recording_id: row for row in typed.corrections(store, athlete_id) if row.is_run is not None}


def _is_run(group: Sequence[str], sports: dict[str, str | None], overrides: dict[str, CorrectionRow]) -> bool:
    words = [RunVerdict(overrides[name].seq, bool(overrides[name].is_run)) for name in group if name in overrides]
    return what_is_a_run.is_run(words, [sports[name] for name in group])
