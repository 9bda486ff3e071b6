"""Whether the daemon is well: the checks behind ``/healthz``, and every linked source's state."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from rules.text import load_language
from sync.app.daemon.app import App
from sync.service.queries.status import SOURCES
from sync.sources.names import NAMES, source_settings
from sync.sources.rate_policy import BUG
from sync.wire.pages import HealthReport, SourceHealthLine

STALE = timedelta(hours=26)
"""A linked source fails when its last success is older, or older than two of its own rounds, whatever it waits for."""
log = structlog.get_logger()


def health(app: App) -> HealthReport:
    """``fail``: the daemon or one of its jobs stands still or goes on failing, the store lost something or fails,
    a page fails, or a source fails.

    A source fails when it needs the person, met our own mistake, or had no success for more than a day.
    """
    now_utc = app.now()
    failing: list[str] = []
    sources: list[SourceHealthLine] = []
    try:
        failing = [f"{name}: {says}" for name, check in app.health_checks.items() if (says := check())]
        sources = source_states(app)
    except Exception as error:
        # A store that cannot be asked is the very thing a monitor wants to hear.
        log.exception("health.failed")
        failing.append(f"store: {type(error).__name__}")
    every: dict[str, timedelta] = {
        name: timedelta(minutes=source_settings(app.config, name).every_minutes) for name in NAMES
    }
    failing += [
        f"{one.source}: {says}"
        for one in sources
        if (says := _failing(one, now_utc, max(STALE, 2 * every.get(one.source, STALE / 2))))
    ]
    return HealthReport(checks=failing, sources=sources)


def source_states(app: App) -> list[SourceHealthLine]:
    """Every service of every runner; nothing of a credential but whether it is accepted."""
    found = []
    for athlete in app.config.athletes:
        asking, language = app.query_context(athlete.id), load_language(athlete.language)
        for line in SOURCES.values():
            told = line(asking, language).model_dump(exclude={"tried_live"})
            found.append(SourceHealthLine(athlete=athlete.id, **told))
    return found


def _failing(one: SourceHealthLine, now_utc: datetime, stale: timedelta) -> str | None:
    if one.state == "act" or one.why == BUG:
        return one.says
    if one.state == "off" or one.last_success_utc is None or now_utc - one.last_success_utc <= stale:
        return None
    return f"no success since {one.last_success_utc:%Y-%m-%d %H:%M} UTC"
