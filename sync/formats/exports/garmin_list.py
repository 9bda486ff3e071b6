"""Garmin Connect's own answers as files: the activity list and one activity, as several exporters save them.

Built from the web service's own shapes (`sync.formats.services.garmin_json`), seen on a real file.
"""

from __future__ import annotations

from dataclasses import replace

from rules.facts.problems import Problem
from sync.formats.exports.document import Document
from sync.formats.services.garmin_json import recording_of, sport_of
from sync.formats.services.json_fields import json_instant, json_table
from sync.formats.tables.cells import utc_of
from sync.formats.tables.sheets import TableRead, TableRow


def read(document: Document) -> TableRead | None:
    """``None`` when no item has Garmin's id, type and start."""
    rows, problems = [], []
    for place, item in enumerate(document.items(), start=1):
        totals = {**json_table(item.get("summaryDTO")), **item}
        if "activityId" not in item or not ({"activityType", "activityTypeDTO"} & item.keys()):
            continue
        if not {"startTimeGMT", "startTimeLocal", "beginTimestamp"} & totals.keys():
            continue
        if sport_of(item)[0] == "multisport":
            # Its legs are in the recorded file.
            continue
        if not {"startTimeGMT", "beginTimestamp"} & totals.keys():
            # The wall clock alone is in home's zone.
            item = {**item, "startTimeGMT": _at_home(totals["startTimeLocal"], document)}
        detail = item if "summaryDTO" in item else {}
        recording = recording_of({} if detail else item, detail)
        if recording is None:
            problems.append(Problem(f"{document.name}:{item.get('activityId') or place}", "row-without-start"))
        else:
            # Exporters write one instant twice: that names no zone.
            recording = replace(recording, utc_offset_s=recording.utc_offset_s or None)
            rows.append(TableRow(recording, external_id=str(item["activityId"])))
    return TableRead("garmin_list", tuple(rows), tuple(problems)) if rows or problems else None


def _at_home(local: object, document: Document) -> str | None:
    wall = json_instant(local)
    return None if wall is None else utc_of(wall, document.zone).isoformat()
