"""Tables as text, read the way the importer reads them, for a runner at home in Berlin."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rules.facts.recorded import Recording
from sync.formats.tables.read import read_table
from sync.formats.tables.sheets import TableRead

BERLIN = ZoneInfo("Europe/Berlin")
GARMIN_HEADER = (
    "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Aerobic TE,Avg Run Cadence,Max Run Cadence,"
    "Avg Pace,Best Pace,Total Ascent,Total Descent,Avg Stride Length,Steps,Max Temp,Moving Time,Elapsed Time"
)


def read(text: str | bytes, name: str = "table", **options: object) -> TableRead:
    data = text if isinstance(text, bytes) else text.encode()
    found = read_table(data, name, BERLIN, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def only(table: TableRead) -> Recording:
    (row,) = table.rows
    return row.recording
