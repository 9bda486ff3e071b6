"""Durations and days in the runner's words, for a terminal, and text as wide as one."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date

from rules.units import MISSING, UnitFormat

WIDTH = 88


@dataclass(frozen=True, slots=True)
class TextFormat(UnitFormat):
    def duration(self, seconds: float | None) -> str:
        """``47:12``, ``1:05:09``."""
        if seconds is None:
            return MISSING
        whole = round(seconds)
        hours, rest = divmod(whole, 3600)
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"

    def day(self, day: date) -> str:
        """``Sun 22 Nov 2026``."""
        return self.language.day(day)


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


def named_once(name: str, says: str) -> str:
    """A sentence about ``name``, which is put before it unless it begins with it, as most do."""
    return says if says.startswith(name) else f"{name}: {says}"
