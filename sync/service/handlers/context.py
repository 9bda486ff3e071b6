"""What a typed command is done with, and what it may say back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sync.errors import CodedText, json_value
from sync.service.whereabouts import clock_at, local_day
from sync.settings.config import Athlete, Config
from sync.storage.database import Store


class CommandRejected(Exception):
    """The command cannot be done; ``key`` is the sentence's, ``values`` fill it."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values_ = values


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the runner: its key and values."""

    key: str
    values: Mapping[str, Any]

    def coded(self, area: str) -> CodedText:
        """As it is stored; ``area`` of the language files is where a key without one lies."""
        code = self.key if "." in self.key else f"{area}.{self.key}"
        return CodedText(code, {name: json_value(value) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What a command is done with: the athlete's own store, and the command's place in the order of arrival."""

    store: Store
    config: Config
    athlete: Athlete
    now_utc: datetime
    seq: int

    def clock(self) -> tzinfo:
        """The time zone where the runner is now."""
        return clock_at(self.store, self.athlete, self.now_utc)

    def day(self, instant_utc: datetime) -> date:
        return local_day(self.store, self.athlete, instant_utc)


def naive_utc(instant: datetime) -> datetime:
    """Instants that name a zone are brought to UTC; those that do not are UTC already."""
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)
