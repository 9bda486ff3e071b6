"""A database file keeps the bytes of deleted rows until it is rewritten."""

from __future__ import annotations

from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.storage.database import Store

log = structlog.get_logger()


def compact(path: Path) -> bool:
    """Rewrite the store at ``path``, before anyone opens it; False when that did not work, and nothing changed."""
    try:
        with Store.open(path) as store:
            store.rewrite()
    except PersonMustAct as error:
        log.warning("store.not_compacted", error=str(error))
        return False
    return True
