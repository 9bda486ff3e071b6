"""What the daemon did since its start, and how it is, in Prometheus' text format."""

from __future__ import annotations

from datetime import UTC

from sync.app.daemon.app import App
from sync.app.daemon.health import health
from sync.service import outbox
from sync.wire.pages import SourceHealthLine

STATES = ("ok", "waiting", "act")


def metrics(app: App) -> str:
    """Prometheus' text format; names of jobs and results, nothing of the runner's."""
    now = health(app)
    lines = [
        "# TYPE springstep_up gauge",
        "springstep_up 1",
        "# TYPE springstep_healthy gauge",
        f"springstep_healthy {int(now.status == 'ok')}",
        "# TYPE springstep_database_bytes gauge",
        f"springstep_database_bytes {_size(app)}",
        "# TYPE springstep_outbox_waiting gauge",
        f"springstep_outbox_waiting {len(outbox.paths(app.home.outbox))}",
        "# TYPE springstep_works_under_way gauge",
        f"springstep_works_under_way {len(app.tasks.under_way())}",
        "# TYPE springstep_done_total counter",
    ]
    with app.counters.lock:
        counts = sorted(app.counters.counts.items())
        last_success_s = sorted(app.counters.last_success_s.items())
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
