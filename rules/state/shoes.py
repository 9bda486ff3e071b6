"""Which runs count as run in minimalist shoes, and whether such shoes are worn now: their limits apply then (M18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.knowledge.thresholds import Thresholds
from rules.state.feet import PlanSettings, RunSeen, Shoes

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class ShoeWorn:
    """A run's shoe. ``kind`` is None where nobody told it, and where no shoe was named."""

    day: date
    name: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class ShoeTold:
    """What the runner's config tells of a shoe; ``since``: the day it was first worn."""

    kind: str
    since: date | None


def is_minimalist(worn: ShoeWorn, settings: PlanSettings, *, typed: bool) -> bool:
    """Whether the run was run in minimalist shoes or on the way to them; ``typed``: the settings are the runner's.

    A shoe of unknown kind is a standard one unless the runner typed otherwise; a run without a named shoe was run in
    what is worn now.
    """
    if worn.kind is not None:
        return worn.kind != STANDARD
    if worn.name is not None and not typed:
        return False
    since = settings.shoes_since
    return settings.shoes != "usual" and (since is None or worn.day >= since)


def worn_now(
    settings: PlanSettings,
    worn: Sequence[ShoeWorn],
    since: Mapping[str, date],
    told: Mapping[str, ShoeTold],
    today: date,
    limits: Thresholds,
) -> PlanSettings:
    """The plan's settings by the shoes that are worn now, where the runner has not typed any.

    ``since`` and ``told`` go by the shoe's name in case-folded letters: the day it was first worn by any source, and
    the config's word.
    """
    first: dict[str, date] = {}
    last: tuple[date, str] | None = None
    for run in worn:
        if run.name is None or run.kind in (None, STANDARD):
            continue
        key = run.name.casefold()
        first[key] = min(first.get(key, run.day), since.get(key, run.day), run.day)
        last = max(last, (run.day, str(run.kind))) if last is not None else (run.day, str(run.kind))
    for name, shoe in told.items():
        # Where no source tells the shoe of a run, the config's day has to do.
        if shoe.kind != STANDARD and shoe.since is not None and shoe.since <= today and name not in first:
            first[name] = shoe.since
            last = max(last, (today, shoe.kind)) if last is not None else (today, shoe.kind)
    if last is None or today - last[0] > timedelta(days=limits.shoes_worn_days):
        return settings
    now: Shoes = "transition" if last[1] == "transition" else "minimalist"
    return replace(settings, shoes=now, shoes_since=min(first.values()))


def shoe_changes(runs: Sequence[RunSeen], first: date) -> list[tuple[date, str]]:
    """From ``first`` on, each run in another shoe than the last run that named one; the first one is no change."""
    changes: list[tuple[date, str]] = []
    before = None
    for run in runs:
        if run.shoe is not None and run.shoe != before:
            if before is not None and run.day >= first:
                changes.append((run.day, run.shoe))
            before = run.shoe
    return changes
