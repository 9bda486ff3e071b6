"""Numbers and clocks in the writer's own notation: any decimal digits of Unicode, decimal commas, clocks with dots."""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import UTC, datetime
from functools import cache

SEPARATORS = {
    "٫": ".",
    "٬": "",
    "：": ":",
    "．": ".",
    "，": ",",
    "−": "-",
    "－": "-",
    "／": "/",
    "\u200e": "",
    "\u200f": "",
}
"""What writers put between such digits; the last two only turn the direction of writing."""
INSTANT_WITH_DOTS = re.compile(
    r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})([T ])(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?([.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$"
)
LOOSE_INSTANT = re.compile(
    r"(?:(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"(?:[.,](\d+))?\s*([AP]\.?M\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?Z?",
    re.IGNORECASE,
)
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
CLOCK_WITH_DOTS = re.compile(r"(?<![\d.:])(\d{1,2})\.(\d{2})\.(\d{2})(?![\d.:])")
"""Three groups: two alone may as well be a decimal number."""
CLOCK_AFTER_DATE = re.compile(
    r"(\d{4}|(?<=\d{4})[-./]\d{1,2}[-./]\d{1,2}\.?)([\s,T]+(?:klo|kl\.?|um|à|at|às|ore|o)?\s*)(\d{1,2})\s?[.hH]\s?(\d{2})"
    r"(?=\s*(?:uhr|h|$))",
    re.IGNORECASE,
)
"""Behind a date two groups are a clock as well: "14.03.2026 klo 6.30", "14/03/2026 06h30"."""
CLOCK_IN_WORDS = re.compile(r"(\d{1,2})\s?[時时시点]\s?(?:(\d{1,2})\s?[分분])?\s?(?:(\d{1,2})\s?[秒초])?")
ERA_YEAR = re.compile(r"(令和|平成|昭和)\s?(\d{1,2}|元)\s?年")
BEFORE_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""The year before the first of each era of Japan."""
BUDDHIST_YEARS, FIRST_OF_THEM = 543, 2443
"""Thailand's calendar counts from 543 years before; 2443 is 1900."""


def plain_clock(text: str) -> str:
    """The clock in a text with colons, however it was written; other text as it is."""
    text = CLOCK_WITH_DOTS.sub(r"\1:\2:\3", plain_digits(text))
    text = ERA_YEAR.sub(lambda found: f"{BEFORE_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    text = CLOCK_IN_WORDS.sub(lambda found: f"{found[1]}:{int(found[2] or 0):02}:{int(found[3] or 0):02}", text)
    return CLOCK_AFTER_DATE.sub(r"\1\2\3:\4", text)


def common_year(year: int) -> int:
    """The year of the common calendar."""
    return year - BUDDHIST_YEARS if FIRST_OF_THEM <= year < FIRST_OF_THEM + 300 else year


@cache
def _ascii_digits() -> dict[int, str]:
    digits = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x80, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Nd"
    }
    return {**digits, **{ord(mark): plain for mark, plain in SEPARATORS.items()}}


def plain_digits(text: str) -> str:
    """The text with its decimal digits, and what stands between them, in ASCII; other text as it is."""
    if text.isascii():
        return text
    digits = sum(character.isdecimal() for character in text)
    letters = sum(character.isalpha() for character in text)
    # A title with a number in it stays as it was written; a date with the words of its parts is one of numbers.
    return text.translate(_ascii_digits()) if digits and digits >= letters else text


def plain_instant(text: str) -> str:
    """An instant as ISO 8601 wants it, from "2026-10-14T16.30.05Z" or other digits; anything else as it is."""
    text = plain_digits(text.strip())
    found = INSTANT_WITH_DOTS.match(text)
    if found is None:
        return text
    year, month, day, between, hour, minute, second, part, zone = found.groups()
    fraction = "" if part is None else "." + part[1:7]
    return (
        f"{year}-{int(month):02}-{int(day):02}{between}{int(hour):02}:{minute}:{second or '00'}{fraction}{zone or ''}"
    )


def plain_number(text: str) -> str:
    """A number as Python reads it: a comma where no dot stands is the decimal mark."""
    text = plain_digits(text.strip())
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def loose_instant(text: str) -> str:
    """An instant as ISO 8601 wants it, from other ways of writing one in XML; anything else as it is.

    "2026/10/14 16:30:05 UTC", "14.10.2026T16:30:05", "2026-10-14T04:30:05 PM", "2026-10-14T16:30:05+00:00Z" and epochs.
    """
    text = plain_digits(text.strip())
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    found = LOOSE_INSTANT.fullmatch(text)
    if found is None:
        return text
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    hour = int(found[7]) if not found[11] else int(found[7]) % 12 + 12 * (found[11][0] in "pP")
    zone = (found[12] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    part = f".{found[10][:6]:0<6}" if found[10] else ""
    return f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{found[8]}:{found[9] or '00'}{part}{zone}"
