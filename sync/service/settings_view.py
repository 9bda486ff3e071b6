"""The settings as the page shows them: from the daemon, or from the file alone while the daemon is away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from sync.settings import form
from sync.settings.config import Athlete, Config
from sync.settings.config_edit import SettingValue
from sync.settings.config_file import is_writable, read_config
from sync.settings.paths import DataDir
from sync.wire.settings import FixedBy, SettingLine, SettingsPage


def settings_page(
    path: Path,
    home: DataDir,
    config: Config,
    athlete: Athlete,
    *,
    mistakes: tuple[str, ...] = (),
    restart: Iterable[str] = (),
    away: bool = False,
) -> SettingsPage:
    """``config`` is what is in force, ``mistakes`` what is wrong with the file as it is now."""
    text, digest = "", ""
    fixed_by: FixedBy | None = "away" if away else None
    try:
        found = read_config(path)
        text, digest = ("" if mistakes else found.text), found.digest
    except (OSError, UnicodeDecodeError):
        fixed_by = "read_only"
    if mistakes:
        fixed_by = "invalid"
    elif fixed_by is None and not is_writable(path):
        fixed_by = "read_only"
    states = form.states(text, config, athlete, by_page(home.settings_note), fixed=fixed_by not in (None, "away"))
    return SettingsPage(
        digest=digest,
        settings=[SettingLine(name=one.name, value=one.value, origin=one.origin) for one in states],
        fixed_by=fixed_by,
        mistakes=list(mistakes),
        restart=list(restart),
    )


def by_page(note: Path) -> dict[str, SettingValue]:
    """What the page wrote, by the setting's place; a note that cannot be read is none."""
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
