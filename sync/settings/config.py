"""The config file: TOML in, one frozen `Config` out, or every mistake at once in the file's own words.

A section is a class here and a field of `Config`; adding both is all a new section needs.
Every key has a default, so that no file at all is a sound config.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rules.knowledge.languages import languages
from sync.errors import PersonMustAct
from sync.settings import listening, page_values
from sync.settings.config_errors import nearest, sentences
from sync.settings.config_example import example_text as example_text
from sync.settings.config_file import ENCODING
from sync.settings.zones import zone_with_past


class ConfigMistakes(PersonMustAct):
    """The file cannot be used; ``mistakes`` has one sentence each."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("settings.config_mistakes", mistakes="\n".join(mistakes))
        self.mistakes = mistakes


class Section(BaseModel):
    """Strict: a number in quotes is a mistake, not a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


def _zone(value: object) -> object:
    if value != "local":
        return value
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        guess = nearest(value, available_timezones())
        hint = f"; did you mean `{guess}`?" if guess else ""
        raise ValueError(f'must be a time zone such as "Europe/Berlin" or "local", not "{value}"{hint}')
    return value


def _size(value: str) -> str:
    if not re.fullmatch(r"[1-9]\d*\s?(MB|MiB|GB|GiB)", value):
        raise ValueError(f'must be a size such as "512MB" or "2GB", not "{value}"')
    return value


def _short_word(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", value):
        raise ValueError(f'must be a short word of a–z, 0–9, "-" and "_", not "{value}"')
    return value


TimeZone = Annotated[str, BeforeValidator(_zone), AfterValidator(_known_zone)]
Folders = Annotated[tuple[Annotated[Path, Field(strict=False)], ...], Field(strict=False)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
Size = Annotated[str, AfterValidator(_size)]


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(value: str) -> str:
    if value not in WEEKDAYS:
        guess = nearest(value, set(WEEKDAYS))
        hint = f"; did you mean `{guess}`?" if guess else ""
        raise ValueError(f'must name weekdays such as "tuesday", not "{value}"{hint}')
    return value


def _language(value: str) -> str:
    if value not in languages():
        known = " or ".join(f'"{one}"' for one in languages())
        raise ValueError(f'must be {known}, not "{value}"')
    return value


class ZoneBefore(Section):
    """The zone of a runner's days up to an instant, naive UTC."""

    until: datetime
    zone: TimeZone


PlannedKind = Literal["easy", "tempo", "long", "hills", "surface", "rest"]


class Athlete(Section):
    """A runner. ``id`` is the word under which everything of theirs is stored; ``name`` is what the page shows."""

    id: Annotated[str, AfterValidator(_short_word)] = "runner"
    name: Annotated[str, Field(min_length=1, max_length=60)] = "Runner"
    time_zone: TimeZone = "local"
    units: Literal["km", "mi"] = "km"
    week_start: Literal["monday", "saturday", "sunday"] = "monday"
    clock: Literal["24h", "12h"] = "24h"
    language: Annotated[str, AfterValidator(_language)] = "en"
    birth_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    folders: Folders = ()
    admin: bool = False
    removed: bool = False
    week: dict[Annotated[str, AfterValidator(_weekday)], PlannedKind] = {}
    made_up: bool = False
    zones_before: Annotated[tuple[ZoneBefore, ...], Field(strict=False)] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Today's zone; for an instant before a move it gives the time of the zone before."""
        return zone_with_past(self.time_zone, tuple((one.until, one.zone) for one in self.zones_before))


class Import(Section):
    max_file_mb: Annotated[int, Field(ge=1, le=4096)] = 256
    max_archive_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    max_ratio: Annotated[int, Field(ge=2, le=10_000)] = 200
    max_members: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    units: Literal["auto", "km", "mi"] = "auto"


class Inbox(Section):
    scan_seconds: Annotated[int, Field(ge=1, le=86_400)] = 10
    settle_seconds: Annotated[int, Field(ge=0, le=3_600)] = 3
    folders: Folders = ()


class Dashboard(Section):
    address: Annotated[str, AfterValidator(page_values.page_address)] = listening.LOOPBACK
    port: Annotated[int, Field(ge=1024, le=65_535)] = 8501
    allowed_hosts: Texts = ()
    proxies: Annotated[tuple[Annotated[str, AfterValidator(page_values.ip_address)], ...], Field(strict=False)] = ()
    path: Annotated[str, AfterValidator(page_values.page_path)] = ""
    certificate: Annotated[Path, Field(strict=False)] | None = None
    key: Annotated[Path, Field(strict=False)] | None = None
    maps: bool = False
    passwords: bool = False

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("needs `certificate` and `key` together, or neither")
        return self

    @property
    def beyond_loopback(self) -> bool:
        return not listening.is_loopback(self.address)

    @property
    def sign_in(self) -> bool:
        """Whether nothing is shown without signing in, from this machine or from another."""
        return self.passwords or self.beyond_loopback


class StoreLimits(Section):
    memory_limit: Size = "512MB"
    threads: Annotated[int, Field(ge=1, le=256)] = 2
    checkpoint: Size = "16MB"
    backup_hour: Annotated[int, Field(ge=0, le=23)] = 3
    backups_kept: Annotated[int, Field(ge=0, le=1_000)] = 7


class Classify(Section):
    use_titles: bool = True
    use_provider_labels: bool = True
    ask_below: Annotated[float, Field(ge=0, le=1)] = 0.6


class Logs(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    file_mb: Annotated[int, Field(ge=1, le=1_000)] = 2
    files: Annotated[int, Field(ge=1, le=100)] = 5


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query:
        raise ValueError(f'must be an address that begins with https://, not "{value}"')
    return value.rstrip("/")


Https = Annotated[str, AfterValidator(_https)]
Minutes = Annotated[int, Field(ge=5, le=1_440)]
Requests = Annotated[int, Field(ge=10, le=10_000)]


class SourceSettings(Section):
    """The settings of every source that is synced regularly."""

    enabled: bool = True
    every_minutes: Minutes = 30
    night_minutes: Annotated[int, Field(ge=0, le=1_440)] = 120
    requests_a_day: Requests = 600
    history: bool = True
    history_from: Annotated[date, Field(strict=False)] | None = None


class GarminSettings(SourceSettings):
    pass


class StravaSettings(SourceSettings):
    every_minutes: Minutes = 60
    night_minutes: Annotated[int, Field(ge=0, le=1_440)] = 0
    requests_a_day: Requests = 400
    keep_days: Annotated[int, Field(ge=1, le=36_500)] = 7
    api: Https = "https://www.strava.com/api/v3"
    oauth: Https = "https://www.strava.com"


class IntervalsSettings(SourceSettings):
    pass


class CalendarSettings(Section):
    addresses: Texts = ()
    private_hosts: Texts = ()
    every_minutes: Minutes = 120


class Usb(Section):
    watch: bool = False
    places: Folders = (Path("/media"), Path("/run/media"), Path("/mnt"))


class Shoe(Section):
    """What kind of shoe it is, and the first day it was run in where nothing else tells that."""

    kind: Literal["standard", "transition", "minimalist"] = "standard"
    since: date | None = None


SHOE_KINDS = ("standard", "transition", "minimalist")


def _shoe(value: object) -> object:
    if isinstance(value, dict) and not value.keys() - {"kind", "since"} and value.get("kind") in SHOE_KINDS:
        return value
    if value in SHOE_KINDS:
        return {"kind": value}
    raise ValueError(
        'must be "standard", "transition" or "minimalist", or a kind with its first day: '
        '{ kind = "minimalist", since = 2026-03-01 }'
    )


class Secrets(Section):
    keep_in: Literal["files", "keyring"] = "files"


class Testing(Section):
    redirect_garmin: str | None = None
    redirect_strava: str | None = None
    redirect_intervals: str | None = None


class Config(Section):
    """All of it. ``config.athlete(None)`` is the first runner; ``config.athletes`` are all of them, first one first.

    ``others`` holds those who were removed too: nothing of theirs is shown or fetched, and it stays until it is purged.
    """

    first: Athlete = Field(default=Athlete(), alias="athlete")
    others: Annotated[tuple[Athlete, ...], Field(strict=False)] = Field(default=(), alias="athletes")
    imports: Import = Field(default=Import(), alias="import")
    inbox: Inbox = Inbox()
    dashboard: Dashboard = Dashboard()
    store: StoreLimits = StoreLimits()
    classify: Classify = Classify()
    rules: dict[str, Any] = {}
    garmin: GarminSettings = GarminSettings()
    strava: StravaSettings = StravaSettings()
    intervals: IntervalsSettings = IntervalsSettings()
    calendar: CalendarSettings = CalendarSettings()
    usb: Usb = Usb()
    shoes: dict[str, Annotated[Shoe, BeforeValidator(_shoe)]] = {}
    secrets: Secrets = Secrets()
    testing: Testing = Testing()
    logs: Logs = Logs()

    @property
    def athletes(self) -> tuple[Athlete, ...]:
        return (self.first, *(one for one in self.others if not one.removed))

    @property
    def removed(self) -> tuple[Athlete, ...]:
        return tuple(one for one in self.others if one.removed)

    @property
    def admins(self) -> tuple[Athlete, ...]:
        """Who may invite, reset and set what is everyone's: the runner of [athlete] always, so that there is one."""
        return (self.first, *(one for one in self.athletes[1:] if one.admin))

    @model_validator(mode="after")
    def _each_id_once(self) -> Self:
        if self.first.removed:
            raise ValueError("[athlete] is always an administrator and cannot be `removed`")
        for word, what in (("id", "id"), ("name", "name")):
            values = [str(getattr(athlete, word)).casefold() for athlete in (self.first, *self.others)]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise ValueError(f'[[athletes]] two runners have the {what} "{twice}"; each needs one of its own')
        return self

    def listening_at(self, address: str | None) -> Config:
        """The same with the page at ``address``, where something stronger than the file named one."""
        if not address or address == self.dashboard.address:
            return self
        return self.model_copy(update={"dashboard": self.dashboard.model_copy(update={"address": address})})

    def athlete(self, name: str | None = None) -> Athlete:
        """The runner of that id or name; None is the first one. Raises PersonMustAct for a stranger."""
        if name is None:
            return self.first
        wanted = name.casefold()
        for athlete in self.athletes:
            if wanted in (athlete.id, athlete.name.casefold()):
                return athlete
        if any(wanted in (one.id, one.name.casefold()) for one in self.removed):
            raise PersonMustAct("settings.runner_removed", name=name)
        known = {word for athlete in self.athletes for word in (athlete.id, athlete.name)}
        guess = nearest(name, known)
        if guess is None:
            raise PersonMustAct("settings.no_runner", name=name, known=sorted(known))
        raise PersonMustAct("settings.no_runner_guess", name=name, guess=guess)

    def folders(self, athlete: Athlete) -> tuple[Path, ...]:
        """The extra folders to watch for that runner; [inbox] folders belong to the first one."""
        shared = self.inbox.folders if athlete.id == self.first.id else ()
        return tuple(path.expanduser() for path in dict.fromkeys((*shared, *athlete.folders)))


def parse(text: str, *, name: str = "config.toml") -> Config:
    """Raises ConfigMistakes with every mistake at once; ``name`` stands in front of each."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigMistakes((f"{name}: cannot be read as TOML: {error}",)) from None
    return from_tree(tree, name=name)


def from_tree(tree: dict[str, Any], *, name: str = "config.toml") -> Config:
    mistakes: list[str] = []
    config = None
    try:
        config = Config.model_validate(tree)
    except ValidationError as error:
        mistakes += sentences(error, Config)
    mistakes += _rule_mistakes(tree.get("rules"))
    if mistakes or config is None:
        raise ConfigMistakes(tuple(f"{name}: {says}" for says in mistakes))
    return config


def _rule_mistakes(overrides: object) -> tuple[str, ...]:
    """The rules know their own names and ranges."""
    if not isinstance(overrides, dict) or not overrides:
        return ()
    from rules.knowledge.thresholds import thresholds
    from rules.knowledge.typed_toml import KnowledgeError

    try:
        thresholds(overrides)
    except KnowledgeError as error:
        return error.mistakes
    return ()


def load_config(path: Path) -> Config:
    """The config at ``path``. Raises ConfigMistakes, or PersonMustAct when it cannot be read."""
    try:
        text = path.read_text(encoding=ENCODING)
    except UnicodeDecodeError:
        raise ConfigMistakes((f"{path.name}: is not text in UTF-8",)) from None
    except OSError as error:
        raise PersonMustAct("settings.config_unreadable", path=path, reason=error.strerror) from None
    return parse(text, name=path.name)
