"""How this program opens its store: with the config's limits, at the home's path."""

from __future__ import annotations

from sync.config import Config
from sync.home import Home
from sync.store.compact import compact
from sync.store.database import SHORT_READER_S, Store


def open_store(home: Home, config: Config, *, read_only: bool, patience_s: float = SHORT_READER_S) -> Store:
    """For a ``with``. Read-only, a home without a store is an empty one. Raises TryLater while another one writes."""
    if not read_only and home.compact_note.exists() and home.database.exists() and compact(home.database):
        home.compact_note.unlink(missing_ok=True)
    return Store.open(
        home.database,
        read_only=read_only,
        memory_limit=config.store.memory_limit,
        threads=config.store.threads,
        checkpoint=config.store.checkpoint,
        backups=home.backups,
        patience_s=patience_s,
    )
