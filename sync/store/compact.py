"""A database file keeps the bytes of deleted rows until it is written anew."""

from __future__ import annotations

from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.files import sync_folder
from sync.store import backup
from sync.store.database import Store

log = structlog.get_logger()


def compact(path: Path) -> bool:
    """Write the store at ``path`` anew, before anyone opens it; False when that did not work, and nothing changed."""
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.unlink(missing_ok=True)
    try:
        with Store.open(path) as store:
            backup.copy(store, fresh)
    except PersonMustAct as error:
        log.warning("store.not_compacted", says=error.says)
        fresh.unlink(missing_ok=True)
        return False
    fresh.replace(path)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    sync_folder(path.parent)
    return True
