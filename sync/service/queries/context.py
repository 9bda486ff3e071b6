"""What a question is asked with, and the register of those the owner answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

if TYPE_CHECKING:
    from sync.settings.config import Athlete, Config
    from sync.settings.paths import DataDir
    from sync.storage.database import Store
    from sync.wire.tasks import Task

OwnerState = Literal["daemon", "nobody", "busy"]


@dataclass(frozen=True, slots=True)
class QueryContext:
    """``store`` may be read-only, and is an empty one when nothing was ever imported. ``now_utc`` is naive UTC."""

    store: Store
    config: Config
    home: DataDir
    athlete: Athlete
    now_utc: datetime
    owner: OwnerState = "nobody"
    owner_pid: int | None = None
    tasks: tuple[Task, ...] = ()
    """What the owner is doing just now."""


Query = Callable[[QueryContext, Mapping[str, str]], BaseModel]
"""Parameters are the query's strings; a wrong one raises PersonMustAct, a thing that is not there Unknown."""

QUERIES: dict[str, Query] = {}


def query(name: str) -> Callable[[Query], Query]:
    """Registers a function as the answer to ``GET /v1/<name>``."""

    def register(function: Query) -> Query:
        QUERIES[name] = function
        return function

    return register
