"""The stiffness diary: entries, open red flags, and the signs a runner may tick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from rules.facts.foot_work import DiaryEntry, FlagRaised
from rules.knowledge.loader import knowledge
from rules.knowledge.thresholds import thresholds
from rules.state.diary import between, usual_stiffness
from rules.state.safety import red_flag
from rules.text import Language, load_language
from sync.errors import PersonMustAct
from sync.service import outbox
from sync.service.messages import reason_says
from sync.service.queries.context import QueryContext, query
from sync.service.queries.dates import day_param, local_time, today_of
from sync.storage.footwork import FootworkRepository
from sync.wire.commands import LogScore
from sync.wire.footwork import EntryView, FlagChoice, FlagView
from sync.wire.pages import Diary

WINDOW = timedelta(days=28)


@query("diary")
def diary(asking: QueryContext, params: Mapping[str, str]) -> Diary:
    """``first`` and ``last`` are days; the last four weeks when not given. Entries newest first."""
    today = today_of(asking)
    first = day_param(params, "first") or today - WINDOW
    last = day_param(params, "last") or today
    language = load_language(asking.athlete.language)
    zone = asking.athlete.zone
    repository = FootworkRepository(asking.store, asking.athlete.id)
    every = repository.diary()
    found = between(every, first, last)
    stored = {entry.entry_id for entry in found}
    waiting = [one for one in waiting_entries(asking) if one.entry_id not in stored and first <= one.day <= last]
    entries = [*(entry_view(entry, zone) for entry in found), *waiting]
    return Diary(
        entries=sorted(entries, key=lambda entry: (entry.at_utc, entry.entry_id), reverse=True),
        flags=[flag_view(flag, language) for flag in repository.flags() if flag.cleared_utc is None],
        usual=usual_stiffness(every, today, thresholds(asking.config.rules)),
        signs=[
            FlagChoice(flag=name, says=language.say(f"flag.{name}"), emergency=flag.emergency)
            for name, flag in knowledge().flags.items()
            if flag.raised_by == "runner"
        ],
    )


def entry_view(entry: DiaryEntry, zone: ZoneInfo) -> EntryView:
    return EntryView(
        entry_id=entry.entry_id,
        what=entry.what,
        at_utc=entry.at_utc,
        at_local=local_time(entry.at_utc, zone),
        day=entry.day,
        score=entry.score,
        place=entry.place,
        side=entry.side,
        when=entry.when,
        note=entry.note,
    )


def waiting_entries(asking: QueryContext) -> list[EntryView]:
    """Scores that lie in the outbox and have not been performed yet."""
    zone = asking.athlete.zone
    found = {}
    for command in outbox.waiting(asking.home.outbox):
        if isinstance(command, LogScore) and _is_theirs(asking, command):
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


def _is_theirs(asking: QueryContext, command: LogScore) -> bool:
    """What a runner typed who does not live here any more is nobody's here."""
    try:
        return asking.config.athlete(command.athlete).id == asking.athlete.id
    except PersonMustAct:
        return False


def flag_view(flag: FlagRaised, language: Language) -> FlagView:
    known = knowledge().flags.get(flag.name)
    return FlagView(
        flag_id=flag.flag_id,
        flag=flag.name,
        says=reason_says(red_flag(flag.name), language),
        emergency=known is not None and known.emergency,
        day=flag.day,
    )
