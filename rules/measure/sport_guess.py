"""Whether a recording that names no sport moves like a run: it only ever says so of what looks like a typical one."""

from __future__ import annotations

from dataclasses import dataclass

RUNNING_MPS = (1.9, 5.6)
"""Mean moving speeds of runs: 8:46 to 2:59 a kilometre."""
SPRINT_MPS = 7.0
"""A ride's fast stretches are faster than this; 1 in 20 samples is allowed, for GPS jumps."""
RUNNING_SPM = (140.0, 220.0)
"""Step rates of running; walking is below 135."""
BY_SPEED_ALONE_MPS = 3.6
"""Faster than 4:38 a kilometre, speed alone cannot tell a run from a ride: pulse does not either, steps do."""
ENOUGH_S, ENOUGH_M = 120.0, 300.0


@dataclass(frozen=True, slots=True)
class Movement:
    """A recording in five numbers."""

    moving_s: float
    covered_m: float
    fast_mps: float | None
    """The speed that 1 in 20 samples is above; None without speeds."""
    steps_spm: float | None
    """The usual step rate; None where no steps were counted."""

    @property
    def mean_mps(self) -> float:
        return self.covered_m / self.moving_s if self.moving_s > 0 else 0.0


def too_fast_for_a_run(movement: Movement) -> bool:
    """Rides have tempo intervals and marathons too: words alone do not make such a recording a run."""
    return movement.moving_s >= ENOUGH_S and movement.mean_mps > SPRINT_MPS


def moves_like_a_run(movement: Movement) -> bool:
    """A mean moving speed of 1.9–5.6 m/s, hardly ever above 7 m/s and 140–220 steps a minute; without steps, at most
    3.6 m/s."""
    slow, fast = RUNNING_MPS
    if movement.moving_s < ENOUGH_S or movement.covered_m < ENOUGH_M or not slow <= movement.mean_mps <= fast:
        return False
    if movement.fast_mps is not None and movement.fast_mps > SPRINT_MPS:
        return False
    low, high = RUNNING_SPM
    if movement.steps_spm is None:
        return movement.mean_mps <= BY_SPEED_ALONE_MPS
    return low <= movement.steps_spm <= high
