"""What a watcher of the machine asks: is it well, and how much did it do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from rules.text import load_language
from sync.app.daemon.app import App
from sync.service import outbox
from sync.service.queries.status import SOURCES
from sync.sources.names import NAMES, source_settings
from sync.sources.rate_policy import BUG
from sync.wire.pages import HealthReport, SourceHealthLine

STALE = timedelta(hours=26)
"""A linked source that had no success for longer, or for two of its own rounds, is ill, whatever it waits for."""
log = structlog.get_logger()
STATES = ("ok", "waiting", "act")


def health(app: App) -> HealthReport:
    """Not ``ok``: the daemon or one of its jobs stands still or goes on failing, the store lost something or fails,
    a page fails, or a source ails.

    A source ails when it needs the person, met our own mistake, or had no success for more than a day.
    """
    now_utc = app.now()
    ailments = []
    sources: list[SourceHealthLine] = []
    try:
        ailments = [f"{name}: {says}" for name, check in app.ailments.items() if (says := check())]
        sources = source_states(app)
    except Exception as error:
        # A store that cannot be asked is the very thing a monitor wants to hear.
        log.exception("health.failed")
        ailments.append(f"store: {type(error).__name__}")
    rhythms: dict[str, timedelta] = {
        name: timedelta(minutes=source_settings(app.config, name).every_minutes) for name in NAMES
    }
    ailments += [
        f"{one.source}: {says}"
        for one in sources
        if (says := _failing(one, now_utc, max(STALE, 2 * rhythms.get(one.source, STALE / 2))))
    ]
    return HealthReport(ok=not ailments, ailments=ailments, sources=sources)


def source_states(app: App) -> list[SourceHealthLine]:
    """Every service of every runner; nothing of a credential but whether it works."""
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


def metrics(app: App) -> str:
    """Prometheus' text format; names of jobs and results, nothing of the runner's."""
    now = health(app)
    lines = [
        "# TYPE springstep_up gauge",
        "springstep_up 1",
        "# TYPE springstep_healthy gauge",
        f"springstep_healthy {int(now.ok)}",
        "# TYPE springstep_database_bytes gauge",
        f"springstep_database_bytes {_size(app)}",
        "# TYPE springstep_outbox_waiting gauge",
        f"springstep_outbox_waiting {len(outbox.paths(app.home.outbox))}",
        "# TYPE springstep_works_under_way gauge",
        f"springstep_works_under_way {len(app.tasks.under_way())}",
        "# TYPE springstep_done_total counter",
    ]
    with app.tally.lock:
        counts = sorted(app.tally.counts.items())
        last_success_s = sorted(app.tally.last_success_s.items())
    lines += [f'springstep_done_total{{what="{what}",result="{result}"}} {n}' for (what, result), n in counts]
    lines.append("# TYPE springstep_last_success_timestamp_seconds gauge")
    lines += [f'springstep_last_success_timestamp_seconds{{job="{job}"}} {at}' for job, at in last_success_s]
    return "\n".join([*lines, *_source_lines(now.sources)]) + "\n"


def _source_lines(sources: list[SourceHealthLine]) -> list[str]:
    """The worst state of a source that any runner has linked, and its latest success."""
    states: dict[str, int] = {}
    succeeded_s: dict[str, float] = {}
    for one in sources:
        if one.state != "off":
            states[one.source] = max(states.get(one.source, 0), STATES.index(one.state))
        if one.last_success_utc is not None:
            at_s = one.last_success_utc.replace(tzinfo=UTC).timestamp()
            succeeded_s[one.source] = max(succeeded_s.get(one.source, 0.0), at_s)
    return [
        "# HELP springstep_source_state 0 well, 1 waiting, 2 the person must act",
        "# TYPE springstep_source_state gauge",
        *(f'springstep_source_state{{source="{name}"}} {state}' for name, state in states.items()),
        "# TYPE springstep_source_last_success_timestamp_seconds gauge",
        *(
            f'springstep_source_last_success_timestamp_seconds{{source="{name}"}} {at_s}'
            for name, at_s in succeeded_s.items()
        ),
    ]


def _size(app: App) -> int:
    try:
        return app.home.database.stat().st_size
    except OSError:
        return 0
