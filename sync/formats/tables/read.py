"""CSV and JSON lists of activities -> summary rows: recordings without samples.

``read_table(data, name, zone, units)`` knows Strava's ``activities.csv``, Garmin's ``Activities.csv``, the
``summarizedActivities`` of Garmin's account export and plain running logs; ``None`` for anything else. ``zone`` is the
runner's: some tables hold local times without saying where. A row that cannot be read is a ``Problem`` of its own.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from datetime import tzinfo

from rules.facts.problems import Problem
from sync.formats.exports.document import Document
from sync.formats.exports.garmindb import is_database, read_database
from sync.formats.exports.known import read_export
from sync.formats.exports.samsung import without_type_line
from sync.formats.sport_heard import is_running
from sync.formats.tables.garmin_csv import read_garmin_csv
from sync.formats.tables.garmin_export import read_garmin_export
from sync.formats.tables.log_columns import NOBODY_MPS
from sync.formats.tables.running_log import read_running_log
from sync.formats.tables.sheets import MOST_JSON_BYTES, TableRead, TooMuch, Units, sheet_of, sheet_of_json
from sync.formats.tables.strava_export import read_strava_csv

BLANKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""What may stand before the first sign of a text: blanks, and the marks of its encoding."""
LONGEST_S = 48 * 3600.0
"""A middle row that lasted longer is a reading of the wrong unit."""


def _value(data: bytes) -> object:
    """The JSON in any of its encodings; of one object a line the list of them. ``None`` when it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in data.splitlines() if line.strip()]
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
    found = _read(data, name, zone, units, runner_counts, usual_mps)
    return TableRead(found.kind, (), (Problem(name, "table-impossible"),)) if found and _impossible(found) else found


def _impossible(table: TableRead) -> bool:
    """Whether the middle run is faster than anybody, or lasted for days: the columns mean something else."""
    runs = [row.recording for row in table.rows if is_running(row.recording.sport)]
    speeds = [one.distance_m / one.elapsed_s for one in runs if one.distance_m and one.elapsed_s > 0]
    lasting = [one.elapsed_s for one in runs]
    return bool(speeds and statistics.median(speeds) > NOBODY_MPS) or bool(
        lasting and statistics.median(lasting) > LONGEST_S
    )


def _read(
    data: bytes, name: str, zone: tzinfo, units: Units | None, runner_counts: Units, usual_mps: float | None
) -> TableRead | None:
    if is_database(data):
        return read_database(data, name, zone, units, runner_counts)
    in_json = data[:64].lstrip(BLANKS)[:1] in (b"[", b"{")
    if in_json:
        if len(data) > MOST_JSON_BYTES:
            raise TooMuch("json-too-large", f"{MOST_JSON_BYTES >> 20}")
        value = _value(data)
        exported = read_garmin_export(value, name)
        if exported is not None:
            return exported
        found = read_export(Document(name, zone, value=value))
        if found is not None:
            return found
        sheet = sheet_of_json(value)
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
