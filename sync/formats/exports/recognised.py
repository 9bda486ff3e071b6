"""Files of other programs that are known and not read: each is named, with what works instead.

A reason is a text key below ``ignored`` in the language files.
"""

from __future__ import annotations

import re
from collections.abc import Collection

HEAD_BYTES = 64 << 10
SPREADSHEET, PACKED_OTHERWISE = "spreadsheet", "packed-otherwise"
SIGNS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("polar-hrm", re.compile(rb"\s*\[Params\]\s")),
    ("timex-pwx", re.compile(rb"(?:<\?xml.*?\?>|<!--.*?-->|\s)*<pwx[\s>]", re.DOTALL)),
    ("suunto-json", re.compile(rb'\s*\{\s*"DeviceLog"')),
    ("samsung-health", re.compile(rb"com\.samsung\.(?:s?health)\.")),
    ("runtastic", re.compile(rb'\s*\{(?=.*"sport_type_id")(?=.*"start_time")', re.DOTALL)),
    (
        "huawei-health",
        re.compile(rb'\s*[\[{](?=.*"(?:HW_EXT_TRACK_DETAIL|mPaceMap|partTimeMap|mPartTimeMap)\b)', re.DOTALL),
    ),
    (PACKED_OTHERWISE, re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9]|.{257}ustar", re.DOTALL)),
    # Excel's old form; today's are ZIPs, told by what lies inside.
    (SPREADSHEET, re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("kml", re.compile(rb"(?:<\?xml.*?\?>|<!--.*?-->|\s)*<kml[\s>]", re.DOTALL)),
    ("activity-database", re.compile(rb"SQLite format 3\0(?=.*\b(?:activities|garmin|sessions))", re.DOTALL)),
)
"""What each kind of file begins with: apps as they write it themselves, the last one GarminDB and its like."""


def recognised(data: bytes) -> str | None:
    """The reason under which the file is named, ``None`` for one that nobody knows."""
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    return next((reason for reason, sign in SIGNS if sign.match(head)), None)


def spreadsheet_in(names: Collection[str]) -> bool:
    """Whether a ZIP with these names in it is a spreadsheet of Excel, LibreOffice or Numbers."""
    if "xl/workbook.xml" in names or "Index/Document.iwa" in names:
        return True
    return {"mimetype", "content.xml"} <= set(names)
