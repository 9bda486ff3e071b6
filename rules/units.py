"""Numbers as a runner reads them: in kilometres or miles, with the language's own signs, by a 24 or 12 hour clock.

Distances come in metres, speeds in m/s, instants as naive local times; a missing number is an en dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Literal

from rules.locale_forms import number_signs
from rules.text import Language

RunnerUnits = Literal["km", "mi"]
RunnerClock = Literal["24h", "12h"]
MISSING = "–"
MILE_M = 1609.344
FOOT_M = 0.3048


def unit_m(units: RunnerUnits) -> float:
    """The runner's long unit in metres."""
    return MILE_M if units == "mi" else 1000.0


def pace(speed_mps: float, units: RunnerUnits) -> str:
    """``5:41 /km``."""
    minutes, seconds = divmod(round(unit_m(units) / speed_mps), 60)
    return f"{minutes}:{seconds:02d} /{units}"


@dataclass(frozen=True, slots=True)
class UnitFormat:
    """One athlete's language and units."""

    language: Language
    units: RunnerUnits = "km"
    clock: RunnerClock = "24h"

    def number(self, value: float | None, decimals: int = 0) -> str:
        if value is None:
            return MISSING
        decimal, group = number_signs(self.language.code)
        return f"{value:,.{decimals}f}".replace(",", "\0").replace(".", decimal).replace("\0", group)

    def minutes(self, minutes: float) -> str:
        """Whole minutes, half a minute up and never none: rounded here and nowhere before."""
        return self.number(max(1, floor(minutes + 0.5)))

    def length(self, metres: float) -> float:
        """Metres in the runner's long unit, for axes and tables."""
        return metres / unit_m(self.units)

    def distance(self, metres: float | None, decimals: int = 1) -> str:
        return MISSING if metres is None else f"{self.number(self.length(metres), decimals)} {self.units}"

    def climb(self, metres: float | None) -> str:
        if metres is None:
            return MISSING
        return f"{self.number(metres / FOOT_M)} ft" if self.units == "mi" else f"{self.number(metres)} m"

    def size(self, count: int) -> str:
        """Bytes as MB or GB."""
        return f"{self.number(count / 1e9, 1)} GB" if count >= 1e9 else f"{self.number(count / 1e6, 1)} MB"

    def time(self, at: datetime) -> str:
        if self.clock == "12h":
            return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"
        return f"{at.hour:02d}:{at.minute:02d}"
