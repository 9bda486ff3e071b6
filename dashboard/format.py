"""Numbers and days in the runner's words, without Streamlit.

Distances come in metres, speeds in m/s, durations in seconds, instants as naive local times; a missing number is an
en dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from rules.locale_forms import capital as capital
from rules.locale_forms import said_day
from rules.text import load_language
from rules.units import MISSING, RunnerClock, RunnerUnits, UnitFormat, pace, unit_m

A_MONDAY = date(2026, 3, 2)
FOLDER = Path(__file__).parent / "language"


@dataclass(frozen=True, slots=True)
class Words(UnitFormat):
    """One athlete's language and units; ``week_start`` counts from Monday = 0."""

    week_start: int = 0

    @staticmethod
    def of(code: str, *, units: RunnerUnits = "km", clock: RunnerClock = "24h", week_start: int = 0) -> Words:
        return Words(load_language(code, FOLDER), units, clock, week_start)

    def say(self, key: str, /, **values: Any) -> str:
        """The dashboard's own text ``ui.<key>``."""
        return self.language.say(f"ui.{key}", **values)

    def name(self, group: str, value: object) -> str:
        """The word for a value of a closed list (``name("place", "big-toe-joint")``); an unknown one stays as it is."""
        if value is None:
            return MISSING
        if group == "weekday_short":
            return self.weekday_short(int(str(value)))
        for key in (f"ui.name.{group}.{value}", f"{group}.{value}"):
            if key in self.language:
                return self.language.say(key)
        return str(value)

    # --- numbers

    def duration(self, seconds: float | None) -> str:
        """``47 min``, ``1 h 05``."""
        if seconds is None:
            return MISSING
        minutes = round(seconds / 60)
        return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"

    def pace(self, metres_per_second: float | None) -> str:
        """``5:41 /km``; slower than a crawl is no pace."""
        if not metres_per_second or metres_per_second < 0.3:
            return MISSING
        return pace(metres_per_second, self.units)

    def bpm(self, beats_per_minute: float | None) -> str:
        return MISSING if beats_per_minute is None else self.say("run.bpm", n=round(beats_per_minute))

    def speed(self, metres_per_second: float) -> float:
        """m/s as km/h or mph."""
        return metres_per_second * 3600 / unit_m(self.units)

    def percent(self, share: float | None) -> str:
        return MISSING if share is None else f"{round(100 * share)} %"

    # --- days and times

    def weekday(self, day: date) -> str:
        return said_day(self.language.code, "cccc", day)

    def weekday_short(self, weekday: int) -> str:
        """``Mon``; 0 is Monday."""
        return said_day(self.language.code, "ccc", A_MONDAY + timedelta(days=weekday))

    def month(self, day: date) -> str:
        return said_day(self.language.code, "LLLL y", day)

    def day(self, day: date, *, year: bool = False) -> str:
        """``Sunday, 22 November``."""
        return said_day(self.language.code, self.say("day.long_year" if year else "day.long"), day)

    def day_short(self, day: date) -> str:
        """``22 Nov``."""
        return said_day(self.language.code, self.say("day.short"), day)

    def near(self, day: date, today: date) -> str:
        """``today``, ``yesterday``, ``Thursday`` within six days, else the date."""
        match (today - day).days:
            case 0:
                return self.say("day.today")
            case 1:
                return self.say("day.yesterday")
            case -1:
                return self.say("day.tomorrow")
            case n if -6 <= n <= 6:
                return self.weekday(day)
            case _:
                return self.day_short(day) if day.year == today.year else f"{self.day_short(day)} {day.year}"

    def ago(self, at: datetime | None, now: datetime) -> str:
        """How long ago an instant was; both of one kind (UTC or local)."""
        if at is None:
            return self.say("ago.never")
        minutes = int((now - at).total_seconds() // 60)
        if minutes < 1:
            return self.say("ago.now")
        if minutes < 90:
            return self.say("ago.minutes", n=minutes)
        if minutes < 48 * 60:
            return self.say("ago.hours", n=round(minutes / 60))
        return self.say("ago.days", n=round(minutes / 1440))

    def weekdays(self) -> list[int]:
        """The seven weekdays in the order of this runner's week."""
        return [(self.week_start + n) % 7 for n in range(7)]

    def join(self, parts: Iterable[str]) -> str:
        return " · ".join(part for part in parts if part and part != MISSING)


def month_grid(month: date, week_start: int) -> list[list[date]]:
    """The weeks that touch a month, each seven days from ``week_start``."""
    first = month.replace(day=1)
    start = first - timedelta(days=(first.weekday() - week_start) % 7)
    weeks: list[list[date]] = []
    while not weeks or (start.month == first.month and start.year == first.year) or start <= first:
        weeks.append([start + timedelta(days=n) for n in range(7)])
        start += timedelta(days=7)
    return weeks


def said_score(text: str) -> int | None:
    """0 to 10, as a link says it; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]|0[0-9]|10", text) else None
