"""Numbers and days in the runner's words, for a terminal. A missing number is an en dash."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, datetime

from rules.text import Language

MISSING = "–"
MILE_M = 1609.344
FOOT_M = 0.3048
WIDTH = 88


@dataclass(frozen=True, slots=True)
class TextFormat:
    language: Language
    units: str = "km"
    clock: str = "24h"

    def number(self, value: float, digits: int = 0) -> str:
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language.code == "de" else text

    def distance(self, metres: float | None) -> str:
        if metres is None:
            return MISSING
        return f"{self.number(metres / (MILE_M if self.units == 'mi' else 1000), 1)} {self.units}"

    def climb(self, metres: float | None) -> str:
        if metres is None:
            return MISSING
        return f"{self.number(metres / FOOT_M)} ft" if self.units == "mi" else f"{self.number(metres)} m"

    def duration(self, seconds: float | None) -> str:
        """``47:12``, ``1:05:09``."""
        if seconds is None:
            return MISSING
        whole = round(seconds)
        hours, rest = divmod(whole, 3600)
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"

    def size(self, count: int) -> str:
        return f"{self.number(count / 1e9, 1)} GB" if count >= 1e9 else f"{self.number(count / 1e6, 1)} MB"

    def day(self, day: date) -> str:
        """``Sun 22 Nov 2026``."""
        weekday = self.language.say("cli.weekdays").split()[day.weekday()]
        month = self.language.say("cli.months").split()[day.month - 1]
        return self.language.say("cli.day", weekday=weekday, day=day.day, month=month, year=day.year)

    def time(self, at: datetime) -> str:
        if self.clock == "12h":
            return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"
        return f"{at.hour:02d}:{at.minute:02d}"


def wrapped(text: str, indent: int = 0, *, hanging: int = 0) -> str:
    """``text`` in lines a terminal can show; later lines stand ``hanging`` deeper."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: list[list[str]], right: frozenset[int] = frozenset()) -> str:
    """Columns as wide as their widest cell; those in ``right`` are set flush right, the last one is not padded."""
    if not rows:
        return ""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
