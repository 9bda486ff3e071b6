"""Whether springstep still waits for its first browser."""

from __future__ import annotations

from sync.errors import PersonMustAct
from sync.settings import passwords
from sync.settings.config import Config
from sync.settings.credentials import CredentialStore


def set_up_due(config: Config, vault: CredentialStore) -> bool:
    """While the page listens beyond this machine and no administrator has a password.

    A password that cannot be read is one: damage must open no door.
    """
    if not config.dashboard.beyond_loopback:
        return False
    return not any(_has_password(vault, one.id) for one in config.admins)


def _has_password(vault: CredentialStore, athlete: str) -> bool:
    try:
        return passwords.is_set(vault, athlete)
    except PersonMustAct:
        return True
