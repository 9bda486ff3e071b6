"""The stiffness diary: entries, open red flags, and the signs a runner may tick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from rules.facts import FlagRaised
from rules.language import Language, load
from rules.load_knowledge import knowledge
from rules.safety import red_flag
from sync import outbox
from sync.answers.asking import Asking, question
from sync.answers.dates import day_param, local_time, today_of
from sync.answers.work_views import reason_says
from sync.store import typed
from sync.store.rows import EntryRow
from sync.wire import Diary, EntryView, FlagChoice, FlagView, LogScore

USUAL_DAYS = 28
WINDOW = timedelta(days=28)


@question("diary")
def diary(asking: Asking, params: Mapping[str, str]) -> Diary:
    """``first`` and ``last`` are days; the last four weeks when not given. Entries newest first."""
    today = today_of(asking)
    first = day_param(params, "first") or today - WINDOW
    last = day_param(params, "last") or today
    language = load(asking.athlete.language)
    zone = asking.athlete.zone
    rows = typed.diary(asking.store, asking.athlete.id, first_day=first, last_day=last)
    stored = {row.entry_id for row in rows}
    waiting = [one for one in waiting_entries(asking) if one.entry_id not in stored and first <= one.day <= last]
    entries = [*(entry_view(row, zone) for row in rows), *waiting]
    flags = [flag for flag in typed.flags(asking.store, asking.athlete.id) if flag.cleared_utc is None]
    return Diary(
        entries=sorted(entries, key=lambda entry: (entry.at_utc, entry.entry_id), reverse=True),
        flags=[
            flag_view(FlagRaised(row.flag_id, row.name, row.at_utc, row.day, row.cleared_utc), language)
            for row in flags
        ],
        usual=_usual(typed.diary(asking.store, asking.athlete.id, last_day=today)),
        signs=[
            FlagChoice(flag=name, says=language.say(f"flag.{name}"), emergency=flag.emergency)
            for name, flag in knowledge().flags.items()
            if flag.raised_by == "runner"
        ],
    )


def entry_view(row: EntryRow, zone: ZoneInfo) -> EntryView:
    return EntryView(
        entry_id=row.entry_id,
        what=row.what,
        at_utc=row.at_utc,
        at_local=local_time(row.at_utc, zone),
        day=row.day,
        score=row.score,
        place=row.place,
        side=row.side,
        when=row.at_when,
        note=row.note,
    )


def waiting_entries(asking: Asking) -> list[EntryView]:
    """Scores that lie in the outbox and have not been taken in."""
    zone = asking.athlete.zone
    found = {}
    for command in outbox.waiting(asking.home.outbox):
        if isinstance(command, LogScore) and asking.config.athlete(command.athlete).id == asking.athlete.id:
            at_local = local_time(command.at_utc, zone)
            found[command.entry_id] = EntryView(
                entry_id=command.entry_id,
                what=command.what,
                at_utc=command.at_utc,
                at_local=at_local,
                day=at_local.date(),
                score=command.score,
                place=command.place,
                side=command.side,
                when=command.when,
                note=command.note,
                waiting=True,
            )
    return list(found.values())


def flag_view(flag: FlagRaised, language: Language) -> FlagView:
    known = knowledge().flags.get(flag.name)
    return FlagView(
        flag_id=flag.flag_id,
        flag=flag.name,
        says=reason_says(red_flag(flag.name), language),
        emergency=known is not None and known.emergency,
        day=flag.day,
    )


def _usual(rows: list[EntryRow]) -> float | None:
    """The median of the last 28 logged days, each at its highest stiffness."""
    worst: dict[datetime, int] = {}
    for row in rows:
        if row.what == "stiffness":
            key = datetime.combine(row.day, datetime.min.time())
            worst[key] = max(worst.get(key, 0), row.score)
    latest = [worst[day] for day in sorted(worst)[-USUAL_DAYS:]]
    return float(median(latest)) if latest else None
