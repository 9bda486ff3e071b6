"""Who may set what: what is theirs, or what is the household's."""

from __future__ import annotations

from typing import Literal

from sync.settings.config import Athlete, Config

SettingRefusal = Literal["sign_in", "administrator"]


def household_refusal(config: Config, athlete: Athlete) -> SettingRefusal | None:
    """Why this runner may not change what is everyone's; None where they may.

    Without sign-in nobody knows who asks.
    """
    if not config.dashboard.sign_in:
        return "sign_in"
    return None if athlete in config.admins else "administrator"


def sources_refusal(config: Config) -> SettingRefusal | None:
    """Why no source may be linked here."""
    return None if config.dashboard.sign_in else "sign_in"
