"""What a watcher of the machine asks: is it well, and how much did it do."""

from __future__ import annotations

from sync import outbox
from sync.owner import Owner


def health(owner: Owner) -> list[str]:
    """What is wrong, one sentence each; empty when all is well."""
    return [f"{name}: {says}" for name, check in owner.ailments.items() if (says := check())]


def metrics(owner: Owner) -> str:
    """Prometheus' text format; names of jobs and results, nothing of the runner's."""
    lines = [
        "# TYPE springstep_up gauge",
        "springstep_up 1",
        "# TYPE springstep_healthy gauge",
        f"springstep_healthy {int(not health(owner))}",
        "# TYPE springstep_database_bytes gauge",
        f"springstep_database_bytes {_size(owner)}",
        "# TYPE springstep_outbox_waiting gauge",
        f"springstep_outbox_waiting {len(outbox.paths(owner.home.outbox))}",
        "# TYPE springstep_works_under_way gauge",
        f"springstep_works_under_way {len(owner.works.under_way())}",
        "# TYPE springstep_done_total counter",
    ]
    with owner.tally.lock:
        counts = sorted(owner.tally.counts.items())
        last_success_s = sorted(owner.tally.last_success_s.items())
    lines += [f'springstep_done_total{{what="{what}",result="{result}"}} {n}' for (what, result), n in counts]
    lines.append("# TYPE springstep_last_success_timestamp_seconds gauge")
    lines += [f'springstep_last_success_timestamp_seconds{{job="{job}"}} {at}' for job, at in last_success_s]
    return "\n".join(lines) + "\n"


def _size(owner: Owner) -> int:
    try:
        return owner.home.database.stat().st_size
    except OSError:
        return 0
