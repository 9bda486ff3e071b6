"""Load: what was run lately against what was run before. Shown, and a reason to revisit the dose; never a risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.feet import FootState


@dataclass(frozen=True, slots=True)
class Revisit:
    """Volume, pace, surface or shoes changed: the foot work wants another look (M20)."""

    detector: str
    day: date
    values: Mapping[str, Any] = field(default_factory=dict)


def revisits(state: FootState) -> tuple[Revisit, ...]:
    return ()
