"""Settings on their way to the page and back. Nothing here is a secret, a path or an address."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

SettingOrigin = Literal["default", "yours", "file", "fixed"]
FixedBy = Literal["read_only", "invalid", "away"]


class SettingLine(BaseModel):
    """One setting as it is in force."""

    name: str
    value: str | int | bool | None
    origin: SettingOrigin


class SettingsPage(BaseModel):
    """``digest`` is that of the file that was read: a change names it, so that no edit by hand is lost."""

    digest: str
    settings: list[SettingLine]
    fixed_by: FixedBy | None = None
    """Why nothing can be set now."""
    mistakes: list[str] = []
    """What is wrong with the file as it is now: the last valid settings are in force."""
    restart: list[str] = []
    """What was changed and counts from the next start on, as the file names it."""

    def value(self, name: str) -> str | int | bool | None:
        return next(line.value for line in self.settings if line.name == name)


class SettingsQuestion(BaseModel):
    athlete: str | None = None


class SettingsChange(BaseModel):
    athlete: str | None = None
    digest: str
    name: str
    value: str | int | bool | None


HouseholdAct = Literal["add", "remove", "bring_back"]


class HouseholdChange(BaseModel):
    """``athlete`` is who asks; ``name`` that of a new runner, else the id of the one whom it is about."""

    athlete: str | None = None
    act: HouseholdAct = "add"
    name: str


class HouseholdAnswer(BaseModel):
    """``athlete`` is the id of the runner whom it was about."""

    athlete: str
