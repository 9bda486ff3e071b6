"""Which shoe a run was run in and what kind of shoe that is; what follows from it is ``rules.state.shoes``.

Names come from services and exports, kinds from the runner's config; a shoe of which nobody told the kind is a
standard one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rules.facts.sports import RUNNING, sport_family
from sync.formats.tables.sheets import TableRead
from sync.settings.config import Athlete, Shoe
from sync.storage import housekeeping
from sync.storage.database import Store
from sync.storage.rows.arrived import RunRow
from sync.storage.rows.kept import GearRow
from sync.storage.serialize.recordings import recording_id

GARMIN_EXPORT = "garmin-export"


@dataclass(frozen=True, slots=True)
class GearIndex:
    """The runner's shoes by name: what kind each is, since when it is worn, and runs of which only a list tells it."""

    kinds: Mapping[str, str]
    since: Mapping[str, date]
    told_by_config: Mapping[str, Shoe]
    on_recording: Mapping[str, str]

    def shoe(self, run: RunRow) -> str | None:
        """The shoe's name; the run's own word comes first."""
        return run.gear or next((self.on_recording[one] for one in run.recording_ids if one in self.on_recording), None)

    def kind(self, name: str | None) -> str | None:
        """``None`` for no shoe, and for one whose kind nobody told."""
        return None if name is None else self.kinds.get(name.casefold())


def gear_index(rows: Iterable[GearRow], told: Mapping[str, Shoe]) -> GearIndex:
    """From the store's gear and the config; the config's word about a shoe comes first."""
    kinds: dict[str, str] = {}
    since: dict[str, date] = {}
    on_recording: dict[str, str] = {}
    for row in rows:
        if row.kind is not None:
            kinds[row.name.casefold()] = row.kind
        if row.facts.get("since"):
            since[row.name.casefold()] = date.fromisoformat(str(row.facts["since"]))
        on_recording.update(dict.fromkeys(row.facts.get("recordings", ()), row.name))
    by_name = {name.casefold(): shoe for name, shoe in told.items()}
    kinds.update({name: shoe.kind for name, shoe in by_name.items()})
    since.update({name: shoe.since for name, shoe in by_name.items() if shoe.since is not None})
    return GearIndex(kinds, since, by_name, on_recording)


def worn(table: TableRead, source: str) -> list[GearRow]:
    """The shoes that a table names on its runs."""
    names = {
        row.recording.gear
        for row in table.rows
        if row.recording.gear is not None and sport_family(row.recording.sport) == RUNNING
    }
    return [GearRow(source, name, name, None, {}) for name in sorted(names)]


def read_gear(data: bytes, athlete: Athlete) -> list[GearRow]:
    """The shoes of Garmin's account export, with the activities that each was worn on; nothing when it is no such list.

    ``gearDTOS`` has the shoes, ``gearActivityDTOs`` maps a shoe's ``gearPk`` to its activities.
    """
    if b'"gearDTOS"' not in data:
        return []
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return []
    parts = [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, Mapping)]
    return [row for part in parts for item in _list(part.get("gearDTOS")) if (row := _gear(item, part, athlete))]


def _gear(item: Mapping[str, Any], part: Mapping[str, Any], athlete: Athlete) -> GearRow | None:
    name = str(item.get("displayName") or item.get("customMakeModel") or "").strip()
    if item.get("gearTypeName") not in (None, "Shoes") or item.get("gearPk") is None or not name:
        return None
    links = part.get("gearActivityDTOs")
    activities = _list(links.get(str(item["gearPk"]))) if isinstance(links, Mapping) else []
    ids = sorted(str(one["activityId"]) for one in activities if one.get("activityId") is not None)
    facts: dict[str, Any] = {
        "retired": item.get("gearStatusName") == "retired",
        "recordings": [
            recording_id(
                athlete.id, content_format="garmin_export", sha256="", source=GARMIN_EXPORT, source_ref=one, leg=0
            )
            for one in ids
        ],
    }
    if (begun := _day(item.get("dateBegin"))) is not None:
        facts["since"] = begun
    return GearRow(GARMIN_EXPORT, str(item["gearPk"]), name, None, facts)


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _day(value: object) -> str | None:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def upsert_told(store: Store, athlete: Athlete, told: Mapping[str, Shoe], found: Sequence[GearRow]) -> bool:
    """Keep shoes with the kinds that the config tells. True when one of them is new or says something else."""
    before = {(row.source, row.gear_id): row for row in housekeeping.gear(store, athlete.id)}
    kinds = {name.casefold(): shoe.kind for name, shoe in told.items()}
    rows = [replace(row, kind=kinds.get(row.name.casefold())) for row in found]
    news = [row for row in rows if before.get((row.source, row.gear_id)) != row]
    if news:
        with store.transaction():
            for row in news:
                housekeeping.upsert_gear(store, athlete.id, row)
    return bool(news)
