"""Where the page listens just now, noted in the home: a flag may have decided it, and other commands must know."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from sync.settings.atomic_files import atomic_write
from sync.settings.config import Config
from sync.settings.paths import DataDir


@dataclass(frozen=True, slots=True)
class PageNote:
    address: str
    port: int
    urls: tuple[str, ...]


def write_page_note(home: DataDir, note: PageNote) -> None:
    """For as long as this process lives."""
    content = {"address": note.address, "port": note.port, "urls": list(note.urls), "pid": os.getpid()}
    atomic_write(home.page_note, json.dumps(content).encode())


def read_page_note(home: DataDir) -> PageNote | None:
    """None while no page runs."""
    try:
        found = json.loads(home.page_note.read_text(encoding="utf-8"))
        os.kill(int(found["pid"]), 0)
        return PageNote(str(found["address"]), int(found["port"]), tuple(map(str, found["urls"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def as_served(config: Config, home: DataDir) -> Config:
    """The config with the address that the running page listens at."""
    note = read_page_note(home)
    return config.listening_at(note.address) if note else config
