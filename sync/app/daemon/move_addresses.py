"""Private calendar addresses that stand in the config are moved to the keys, and out of its earlier versions too."""

from __future__ import annotations

from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.settings import config_edit
from sync.settings.config import Config, parse
from sync.settings.config_file import read_config, rewrite_versions, versions, write_config
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.sources.base import Clock
from sync.sources.calendars import keep_calendars

log = structlog.get_logger()


def private_addresses(config: Config) -> list[str]:
    return [one for one in config.calendar.addresses if "://" in one]


def move_addresses(path: Path, home: DataDir, config: Config, now: Clock) -> bool:
    """Whether the file was changed. They are in the vault before they leave the file; one that may not be written
    keeps them."""
    secret = private_addresses(config)
    if not secret:
        return False
    try:
        found = read_config(path)
        text = _without(config_edit.without_private_addresses(found.text), secret)
        parse(text)
        vault = CredentialStore(home.secrets, config.secrets.keep_in)
        keep_calendars(vault, config.first.id, secret, now())
        write_config(path, text, read=found.digest, keep_version=False)
        rewrite_versions(path, {one: _without(one.read_text("utf-8", "replace"), secret) for one in versions(path)})
    except (PersonMustAct, OSError) as error:
        log.warning("calendar.addresses_stay", reason=type(error).__name__)
        return False
    log.info("calendar.addresses_moved", count=len(secret))
    return True


def _without(text: str, secret: list[str]) -> str:
    for one in secret:
        text = text.replace(one, "")
    return text
