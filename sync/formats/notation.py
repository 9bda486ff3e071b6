"""Numbers and clocks in the writer's own notation: any decimal digits of Unicode, decimal commas, clocks with dots."""

from __future__ import annotations

import re
import sys
import unicodedata
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
CLOCK_WITH_DOTS = re.compile(r"(?<![\d.:])(\d{1,2})\.(\d{2})\.(\d{2})(?![\d.:])")
"""Three groups: two alone may as well be a decimal number."""


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
