"""CSV and JSON lists of activities -> summary rows: recordings without samples.

``read_table(data, name, zone, units)`` knows Strava's ``activities.csv``, Garmin's ``Activities.csv``, the
``summarizedActivities`` of Garmin's account export and plain running logs; ``None`` for anything else. ``zone`` is the
runner's: some tables hold local times without saying where. A row that cannot be read is a ``Problem`` of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import tzinfo

from sync.formats.exports.document import Document
from sync.formats.exports.garmindb import is_database, read_database
from sync.formats.exports.known import read_export
from sync.formats.exports.samsung import without_type_line
from sync.formats.tables.garmin_csv import read_garmin_csv
from sync.formats.tables.garmin_export import read_garmin_export
from sync.formats.tables.running_log import read_running_log
from sync.formats.tables.sheets import MOST_JSON_BYTES, TableRead, TooMuch, Units, sheet_of, sheet_of_json
from sync.formats.tables.strava_export import read_strava_csv


def _value(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def read_table(
    data: bytes,
    name: str,
    zone: tzinfo,
    units: Units | None = None,
    *,
    runner_counts: Units = "km",
    usual_mps: float | None = None,
) -> TableRead | None:
    """The table's rows; ``units`` overrides what would be inferred of a table that names none.

    ``runner_counts`` is what the runner's own log most likely is in, where kilometres and miles would both do;
    ``usual_mps`` the speed of their recordings, where there are enough. Raises
    TooMuch for one that is larger than any runner's.
    """
    if is_database(data):
        return read_database(data, name, zone, units, runner_counts)
    in_json = data[:64].lstrip()[:1] in (b"[", b"{")
    if in_json:
        if len(data) > MOST_JSON_BYTES:
            raise TooMuch("json-too-large", f"{MOST_JSON_BYTES >> 20}")
        exported = read_garmin_export(data, name)
        if exported is not None:
            return exported
        found = read_export(Document(name, zone, value=_value(data)))
        if found is not None:
            return found
        sheet = sheet_of_json(data)
    else:
        sheet = sheet_of(without_type_line(data))
    if sheet is None:
        return None
    if (found := read_export(Document(name, zone, sheet=sheet))) is not None:
        return found
    readers: tuple[Callable[[], TableRead | None], ...] = (
        lambda: read_strava_csv(sheet, name),
        lambda: read_garmin_csv(sheet, name, zone, units, runner_counts, usual_mps),
        lambda: read_running_log(sheet, name, zone, units, runner_counts, usual_mps),
    )
    found = next((found for reader in readers if (found := reader()) is not None), None)
    # Any program's JSON may have such names; a CSV with them is a list of activities.
    return None if in_json and found is not None and not found.rows else found
