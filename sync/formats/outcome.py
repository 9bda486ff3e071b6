"""What became of one file: exactly one of read, ignored, unreadable.

``reason`` is a text key: ``problem.<reason>`` or ``ignored.<reason>`` in the language files.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.facts.recorded import Recording


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    recordings: tuple[Recording, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """No activity, and no claim to be one."""

    reason: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """It claims to be an activity and gives none."""

    reason: str
    detail: str | None = None


Outcome = Read | Ignored | Unreadable
