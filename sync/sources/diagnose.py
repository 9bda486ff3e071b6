"""``springstep doctor --source NAME``: one harmless request, and a report that can be pasted into a bug.

It holds names and types of fields, never their values: no place, no person, no token.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from platform import python_version, system
from typing import Any

from sync.errors import CodedText, PersonMustAct, TryLater
from sync.settings.redact import redact_text as redacted
from sync.sources.names import TRIED_LIVE, Name
from sync.sources.rate_policy import RequestBudget, add_usage, may_run
from sync.sources.registry import SourceRegistry
from sync.sources.sync_state import load_sync_state
from sync.storage import housekeeping

LISTED_FOR = timedelta(days=30)
EXPECTED: Mapping[Name, Mapping[str, tuple[type, ...]]] = {
    "garmin": {
        "activityId": (int,),
        "activityName": (str,),
        "activityType": (dict,),
        "startTimeGMT": (str,),
        "startTimeLocal": (str,),
        "duration": (int, float),
        "elapsedDuration": (int, float),
        "movingDuration": (int, float),
        "distance": (int, float),
        "elevationGain": (int, float),
        "averageHR": (int, float),
        "maxHR": (int, float),
        "averageRunningCadenceInStepsPerMinute": (int, float),
        "trainingEffectLabel": (str,),
    },
    "strava": {
        "id": (int,),
        "name": (str,),
        "sport_type": (str,),
        "start_date": (str,),
        "utc_offset": (int, float),
        "elapsed_time": (int, float),
        "moving_time": (int, float),
        "distance": (int, float),
        "total_elevation_gain": (int, float),
        "average_heartrate": (int, float),
        "average_cadence": (int, float),
        "workout_type": (int,),
        "trainer": (bool,),
    },
    "intervals": {
        "id": (str,),
        "name": (str,),
        "type": (str,),
        "start_date": (str,),
        "start_date_local": (str,),
        "elapsed_time": (int, float),
        "moving_time": (int, float),
        "distance": (int, float),
        "average_heartrate": (int, float),
        "file_type": (str,),
    },
}
"""The fields of a list item that are read, and the types they are known to have."""
MAY_LACK = frozenset(
    {
        "trainingEffectLabel", "averageHR", "maxHR", "averageRunningCadenceInStepsPerMinute", "elevationGain",
        "average_heartrate", "average_cadence", "workout_type", "file_type",
    }
)  # fmt: skip
"""Not every run has these; only their type is checked."""
LIBRARY: Mapping[Name, str] = {"garmin": "garth", "strava": "stravalib", "intervals": "requests"}


@dataclass(frozen=True, slots=True)
class Report:
    """``lines`` are for pasting; ``ok`` says whether the source answered as expected."""

    ok: bool
    lines: tuple[str, ...]
    error: CodedText | None = None
    """What the source refused with, for a person; the lines hold its code only."""
    asked: bool = True
    """False while the source rests."""
    activities: int = 0
    """Listed for the last days."""

    def __str__(self) -> str:
        return "\n".join(self.lines)


def report(registry: SourceRegistry, name: Name) -> Report:
    """Raises PersonMustAct when the source is not linked. Asks nothing while the source rests."""
    sync_run = registry.one(name)
    now = registry.clock()
    state = load_sync_state(registry.store, registry.athlete.id, name)
    lines = [
        f"springstep {version('springstep')}, Python {python_version()}, {system()}",
        (
            f"{name} through {LIBRARY[name]} {version(LIBRARY[name])}; "
            f"tried against the live service: {'yes' if TRIED_LIVE[name] else 'not yet'}"
        ),
        f"state: {state.health.state}, failures in a row: {state.health.failures}",
    ]
    rest = may_run(state.health, now, credential=sync_run.credential)
    if rest is not None:
        note = state.health.error
        was = "" if note is None else f"{redacted(str(note))}; "
        return Report(
            False, (*lines, f"resting: {was}nothing was asked, not before {rest:%Y-%m-%d %H:%M} UTC"), note, False
        )
    budget = RequestBudget(3)
    try:
        listing = registry.source(name, budget).list_activities(now - LISTED_FOR, at_most=1)
    except (TryLater, PersonMustAct) as error:
        _count(registry, name, budget)
        return Report(False, (*lines, f"requests: {budget.used}", f"answer: {redacted(str(error))}"), error.coded)
    _count(registry, name, budget)
    different = differences(name, [item.payload for item in listing.items])
    lines += [
        f"requests: {budget.used}",
        (
            f"activities of {LISTED_FOR.days} days: {len(listing.items)}, unreadable: {len(listing.problems)}, "
            f"stubs: {listing.left_out}, whole: {'yes' if listing.complete else 'no'}"
        ),
        *(different or ["shapes: as expected"]),
    ]
    return Report(not different and not listing.problems, tuple(lines), activities=len(listing.items))


def differences(name: Name, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Fields that no item has, and fields of another type than known; names and types only."""
    seen: Counter[str] = Counter()
    types: dict[str, set[str]] = {}
    count = 0
    for item in items:
        count += 1
        for key, kinds in EXPECTED[name].items():
            value = item.get(key)
            seen[key] += value is not None
            known = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
            if value is not None and not known:
                types.setdefault(key, set()).add(type(value).__name__)
    if not count:
        return []
    absent = [key for key in EXPECTED[name] if not seen[key] and key not in MAY_LACK]
    lines = [f"shape: no item has {key}" for key in absent]
    return lines + [f"shape: {key} is {', '.join(sorted(found))}" for key, found in types.items()]


def _count(registry: SourceRegistry, name: Name, budget: RequestBudget) -> None:
    """These requests belong to the day's budget too."""
    health = load_sync_state(registry.store, registry.athlete.id, name).health
    kept = add_usage(health, registry.clock(), budget.used).to_json()
    housekeeping.upsert_source_state(registry.store, registry.athlete.id, name, "health", kept)
