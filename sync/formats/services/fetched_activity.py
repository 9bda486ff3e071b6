"""What a service hands over of one activity, on its way into recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FetchedActivity:
    """All that a source gives of one activity: ``summary`` as JSON of ``form``, ``original`` as the recorded file."""

    form: str
    summary: Mapping[str, Any]
    original: bytes | None = None
    original_name: str | None = None
