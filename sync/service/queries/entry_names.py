"""A problem's name as a person would say it: "The run you planned on Saturday at 18:20", in the runner's own time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from rules.text import Language
from rules.units import UnitFormat
from sync.service.queries.context import QueryContext
from sync.service.queries.dates import local_time
from sync.service.whereabouts import clock_at
from sync.storage.rows.arrived import ProblemRow

STORED = re.compile(r"([a-z-]+), typed (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")
"""How ``outbox`` names an entry, today and in older stores."""
WEEKDAY_SAYS_IT = timedelta(days=7)
"""From here on a weekday alone could be either of two."""


def problem_name(asking: QueryContext, row: ProblemRow, language: Language) -> str:
    """A file by its name, an entry that waited by what it was and when, a source by its own name."""
    entry = STORED.fullmatch(row.name)
    if entry is not None and f"waiting.{entry[1]}" in language:
        typed_utc = datetime.fromisoformat(entry[2])
        typed = local_time(typed_utc, clock_at(asking.store, asking.athlete, typed_utc))
        today = local_time(asking.now_utc, clock_at(asking.store, asking.athlete, asking.now_utc)).date()
        words = UnitFormat(language, asking.athlete.units, asking.athlete.clock)
        return language.say(f"waiting.{entry[1]}", when=when_typed(typed, today, words))
    source = f"source.name.{row.name}"
    return language.say(source) if source in language else row.name


def when_typed(typed: datetime, today: date, words: UnitFormat) -> str:
    """``today at 18:20``, ``on Saturday at 18:20``; from a week on ``on 14 November at 18:20``. Both local."""
    language, time = words.language, words.time(typed)
    if typed.date() == today:
        return language.say("waiting.when.today", time=time)
    if timedelta(0) < today - typed.date() < WEEKDAY_SAYS_IT:
        weekday = language.day_in("waiting.when.weekdays", typed.date())
        return language.say("waiting.when.weekday", weekday=weekday, time=time)
    day = language.day_in("waiting.when.days", typed.date())
    return language.say("waiting.when.day", day=day, time=time)
