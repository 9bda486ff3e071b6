"""Files of other programs that are known and not read: each is named, with what works instead.

A reason is a text key below ``ignored`` in the language files.
"""

from __future__ import annotations

import re

HEAD_BYTES = 64 << 10
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
    ("activity-database", re.compile(rb"SQLite format 3\0(?=.*\b(?:activities|garmin|sessions))", re.DOTALL)),
)
"""What each kind of file begins with: apps as they write it themselves, the last one GarminDB and its like."""


def recognised(data: bytes) -> str | None:
    """The reason under which the file is named, ``None`` for one that nobody knows."""
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    return next((reason for reason, sign in SIGNS if sign.match(head)), None)
