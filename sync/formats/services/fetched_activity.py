"""What a service hands over of one activity, on its way into recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.facts.recorded import Recording

OWED = "owed"
"""The key of a summary, and of its recording's ``extra``: the activity itself could not be downloaded yet."""


@dataclass(frozen=True, slots=True)
class FetchedActivity:
    """All that a source gives of one activity: ``summary`` as JSON of ``form``, ``original`` as the recorded file."""

    form: str
    summary: Mapping[str, Any]
    original: bytes | None = None
    original_name: str | None = None
    lacks_file: bool = False
    """Something was recorded, but the service says that it has no file of it: it may have one later."""


def marked_owed(recording: Recording) -> Recording:
    """A recording of which only the summary is here."""
    return replace(recording, extra={**recording.extra, OWED: True})
