"""What the Settings page may set, and where each setting stands: nothing that is a secret, a path or an address.

Pure: values of the config in, lines for the page out, and a change back into the text of the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import available_timezones

from rules.knowledge.languages import languages
from sync.errors import PersonMustAct
from sync.settings import config_edit
from sync.settings.config import Athlete, Config, parse
from sync.settings.config_edit import SettingValue

SettingSource = Literal["default", "yours", "file", "fixed"]
"""Nobody set it, the page did, a person did in the file, or it cannot be set from the page."""
Widget = Literal["text", "choice", "zone", "year", "toggle", "number"]
NAME_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Setting:
    """``section`` is "athlete" for what each runner sets for themselves; the other sections are the household's."""

    name: str
    section: str
    key: str
    kind: Widget
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def own(self) -> bool:
        return self.section == config_edit.FIRST


SETTINGS: tuple[Setting, ...] = (
    Setting("name", "athlete", "name", "text", most=NAME_LONGEST),
    Setting("language", "athlete", "language", "choice", languages()),
    Setting("units", "athlete", "units", "choice", ("km", "mi")),
    Setting("clock", "athlete", "clock", "choice", ("24h", "12h")),
    Setting("week_start", "athlete", "week_start", "choice", ("monday", "saturday", "sunday")),
    Setting("time_zone", "athlete", "time_zone", "zone"),
    Setting("birth_year", "athlete", "birth_year", "year", least=1900, most=2100),
    Setting("maps", "dashboard", "maps", "toggle"),
    Setting("keep_days", "strava", "keep_days", "number", least=1, most=36_500),
    Setting("backups_kept", "store", "backups_kept", "number", least=0, most=1_000),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
RESTART: Mapping[str, tuple[str, ...]] = {
    "inbox": ("scan_seconds",),
    "dashboard": ("address", "port", "certificate", "key"),
    "store": ("memory_limit", "threads", "checkpoint", "backup_hour"),
    "usb": ("watch", "places"),
    "logs": ("level", "file_mb", "files"),
    "secrets": ("keep_in",),
}
"""What is read once, when springstep starts."""


@dataclass(frozen=True, slots=True)
class SettingState:
    name: str
    value: SettingValue
    origin: SettingSource


def states(
    text: str, config: Config, athlete: Athlete, by_page: Mapping[str, SettingValue], *, fixed: bool
) -> tuple[SettingState, ...]:
    """Each setting of ``athlete`` and of the household as it is in force.

    ``text`` is that of the file (empty where it is invalid), ``by_page`` the values that the page wrote last.
    """
    written = written_by_persons(text)
    found = []
    for setting in SETTINGS:
        value = value_of(config, athlete, setting)
        place = _place(athlete, setting)
        origin: SettingSource = "default"
        if fixed:
            origin = "fixed"
        elif _is_written(text, written, athlete, config, setting):
            origin = "yours" if place in by_page and by_page[place] == _raw(text, config, athlete, setting) else "file"
        found.append(SettingState(setting.name, value, origin))
    return tuple(found)


def place_of(athlete: Athlete, name: str) -> str:
    """The word under which is noted that the page wrote it."""
    return _place(athlete, setting_of(name))


def setting_of(name: str) -> Setting:
    """Raises PersonMustAct for what is not to be set from the page."""
    if name not in BY_NAME:
        raise PersonMustAct("settings.not_in_form", name=name)
    return BY_NAME[name]


def changed_text(text: str, config: Config, athlete: Athlete, name: str, value: SettingValue, now_utc: datetime) -> str:
    """The file's text with that one setting; valid as a whole. Raises PersonMustAct or ConfigMistakes.

    A new time zone begins now: the one before stays that of the days before.
    """
    setting = setting_of(name)
    value = _clean(setting, value)
    changes: dict[str, Any] = {setting.key: value}
    if setting.kind == "zone":
        changes |= zone_kept(athlete, now_utc)
    other = athlete.id if setting.own and athlete.id != config.first.id else None
    made = config_edit.edited(text, setting.section, changes, athlete=other)
    parse(made)
    return made


def zone_kept(athlete: Athlete, now_utc: datetime) -> dict[str, Any]:
    """What the file notes of a runner's zone when another one follows."""
    before = [{"until": one.until, "zone": one.zone} for one in athlete.zones_before]
    return {"zones_before": [*before, {"until": now_utc.replace(microsecond=0), "zone": athlete.time_zone}]}


def written_by_persons(text: str) -> frozenset[tuple[str, str]]:
    """Sections and keys that a person wrote; what a copy of the example brought does not count."""
    plain = Config().model_dump(mode="json", by_alias=True)
    return config_edit.chosen(
        text,
        {name: value for name, value in plain.items() if isinstance(value, dict)}
        | {"athlete": plain["athlete"] | {"time_zone": "local"}},
    )


def needs_restart(before: Config, after: Config) -> tuple[str, ...]:
    """Settings that differ and are read at a start only, as the file names them: ``[dashboard] port``."""
    return tuple(
        f"[{section}] {key}"
        for section, keys in RESTART.items()
        for key in keys
        if getattr(getattr(before, section), key) != getattr(getattr(after, section), key)
    )


def value_of(config: Config, athlete: Athlete, setting: Setting) -> SettingValue:
    """The value in force."""
    holder: Any = athlete if setting.own else getattr(config, setting.section)
    value: SettingValue = getattr(holder, setting.key)
    return value


def _clean(setting: Setting, value: SettingValue) -> SettingValue:
    if isinstance(value, str):
        value = value.strip()
    match setting.kind:
        case "text" if not value or not isinstance(value, str) or not value.isprintable():
            raise PersonMustAct("settings.name_needed", most=NAME_LONGEST)
        case "zone" if value not in available_timezones() and value != "local":
            raise PersonMustAct("settings.no_zone", zone=value)
    return value


def _place(athlete: Athlete, setting: Setting) -> str:
    return f"{athlete.id}.{setting.key}" if setting.own else f"[{setting.section}].{setting.key}"


def _is_written(
    text: str, written: frozenset[tuple[str, str]], athlete: Athlete, config: Config, setting: Setting
) -> bool:
    if setting.own and athlete.id != config.first.id:
        return _raw(text, config, athlete, setting) is not None
    return (setting.section, setting.key) in written


def _raw(text: str, config: Config, athlete: Athlete, setting: Setting) -> SettingValue:
    """As the file has it: "local" is not yet a zone there."""
    tree = tomllib.loads(text)
    if setting.own and athlete.id != config.first.id:
        tables = [one for one in tree.get(config_edit.OTHERS, ()) if one.get("id", "runner") == athlete.id]
        table = tables[0] if tables else {}
    else:
        table = tree.get(setting.section, {})
    found: SettingValue = table.get(setting.key)
    return found
