"""What waits in the outbox is taken in by the next command, while nobody owns the store."""

from __future__ import annotations

from sync.app.cli.command import Context
from sync.errors import SpringstepError

PATIENCE_S = 0.5
"""The command has its own answer to give: it waits for nobody."""


def take_in(context: Context, doing: str) -> None:
    """Stores what was typed while nobody owned the store, and what follows from it; with an owner, or when the store
    cannot be opened now, all stays as it is and the command goes on."""
    from sync.service import lock, outbox

    if not outbox.paths(context.home.outbox) or lock.holder(context.home.lock) is not None:
        return
    from sync.app.daemon.app import open_app

    try:
        with open_app(context.home, context.config, doing, role="busy", now=context.now, patience_s=PATIENCE_S) as app:
            for athlete in context.config.athletes:
                # Judging every run again after an update is a long task, and not this command's.
                if not app.engine.labels_outdated(athlete.id):
                    app.engine.refresh(athlete.id)
    except (SpringstepError, OSError):
        return
