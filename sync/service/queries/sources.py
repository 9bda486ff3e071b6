"""Each source's line on the status page: how it stands, what to do now, when it is asked next."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from rules.text import Language
from sync.errors import PersonMustAct
from sync.service.messages import render_error
from sync.service.queries.context import QueryContext
from sync.service.queries.status import SOURCES
from sync.settings.credentials import CredentialStore, fingerprint
from sync.sources.names import NAMES, TRIED_LIVE, Name, age_days, poll_schedule_of, source_settings
from sync.sources.rate_policy import next_sync_at
from sync.sources.registry import not_linked
from sync.sources.sync_state import SyncState, believed, load_sync_state
from sync.storage.listing import count_listed
from sync.wire.pages import SourceLine

AGED_DAYS = 300
"""Saved Garmin tokens live about a year."""


def line(asking: QueryContext, language: Language, name: Name) -> SourceLine:
    say, title = language.say, language.say(f"source.name.{name}")
    vault = CredentialStore(asking.home.secrets, asking.config.secrets.keep_in)
    try:
        credential = vault.get(asking.athlete.id, name)
    except PersonMustAct as error:
        return _line(name, "act", *render_error(error, language), why=error.why or "secret_unreadable")
    settings = source_settings(asking.config, name)
    if credential is None or not settings.enabled:
        return _line(name, "off", say("source.off", source=title), do_now=render_error(not_linked(name), language)[1])
    memory = believed(load_sync_state(asking.store, asking.athlete.id, name), asking.now_utc)
    health, mark = memory.health, fingerprint(credential)
    says_now, do = ("", None) if health.error is None else render_error(health.error, language)
    due = next_sync_at(
        health, asking.now_utc, rhythm=poll_schedule_of(settings), zone=asking.athlete.zone, credential=mark, jitter=0.0
    )  # fmt: skip
    if health.state == "act" and health.credential == mark:
        return _line(name, "act", says_now, do, health.last_success_utc, due, why=health.why)
    if health.state == "waiting":
        # Also when the rest is over and the next try is about to come: what went wrong stands until one succeeds.
        when = max(due, asking.now_utc).replace(tzinfo=UTC).astimezone(asking.athlete.zone).strftime("%H:%M")
        return _line(name, "waiting", say("source.waiting", says=says_now, when=when), None,
                     health.last_success_utc, due, why=health.why)  # fmt: skip
    says = [say("source.ok" if health.last_success_utc else "source.never", source=title)]
    says += _beside(asking, language, name, memory)
    days = age_days(credential, asking.now_utc) if "oauth1" in credential else None
    if days is not None:
        says.append(say("source.token_age", days=days))
    do_now = say("source.aged", days=days) if days is not None and days >= AGED_DAYS else None
    return _line(name, "ok", " ".join(says), do_now, health.last_success_utc, due)


def source_refusals(asking: QueryContext, language: Language) -> list[str]:
    """What each source says that brings nothing until the runner acts, for a page that says nothing else of sources."""
    store, who = asking.store, asking.athlete.id
    asked = [name for name in NAMES if load_sync_state(store, who, name).health.state == "act"]
    lines = [line(asking, language, name) for name in asked]
    return [language.say("source.refused", says=one.says) for one in lines if one.state == "act"]


def _beside(asking: QueryContext, language: Language, name: Name, memory: SyncState) -> list[str]:
    says = []
    count = count_listed(asking.store, asking.athlete.id, name)
    title = language.say(f"source.name.{name}")
    if memory.backfill is not None and count.taken + count.owed < count.listed:
        left_s = left(memory, count.taken, count.listed, asking.now_utc)
        values = {"source": title, "done": count.taken, "total": count.listed}
        if left_s is None:
            says.append(language.say("source.backfill", **values))
        else:
            says.append(language.say("source.backfill_left", **values, left=_spoken(left_s)))
    if count.owed:
        says.append(language.say("source.owed", count=count.owed))
    if memory.left_out:
        says.append(language.say("source.stubs", count=memory.left_out))
    if (address := getattr(asking.config.testing, f"redirect_{name}")) is not None:
        says.append(language.say("source.redirected", source=title, address=address))
    if not TRIED_LIVE[name]:
        says.append(language.say("source.untried"))
    return says


def left(memory: SyncState, taken: int, listed: int, now_utc: datetime) -> float | None:
    """Seconds that the older runs still need at the pace so far; None while the list itself grows."""
    backfill = memory.backfill
    if backfill is None or not backfill.listed_all or backfill.began_utc is None:
        return None
    done = taken - backfill.done_at_begin
    took_s = (now_utc - backfill.began_utc).total_seconds()
    return None if done <= 0 or took_s <= 0 else (listed - taken) * took_s / done


def _spoken(seconds: float) -> str:
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _line(
    name: Name, state: str, says: str, do_now: str | None = None, success: datetime | None = None,
    due: datetime | None = None, *, why: str | None = None,
) -> SourceLine:  # fmt: skip
    return SourceLine.model_validate(
        {
            "source": name, "state": state, "why": why, "says": says, "do_now": do_now, "last_success_utc": success,
            "next_due_utc": due, "tried_live": TRIED_LIVE[name],
        }
    )  # fmt: skip


for _name in NAMES:
    SOURCES[_name] = partial(line, name=_name)
