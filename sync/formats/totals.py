"""What holds of every recording's totals, whatever its format: moving ≤ timer ≤ elapsed."""

from __future__ import annotations

from dataclasses import replace

from rules.facts.recorded import Recording
from sync.formats.sport import with_sport
from sync.formats.sport_heard import with_heard_sport


def settled(recording: Recording) -> Recording:
    """The recording with its sport, as far as it is known, and totals that do not contradict each other."""
    return with_sport(with_heard_sport(consistent(recording)))


def consistent(recording: Recording) -> Recording:
    """A longer time than the one around it is that one: nobody moves longer than the timer ran, or the run lasted."""
    elapsed_s = recording.elapsed_s
    timer_s, moving_s = recording.timer_s, recording.moving_s
    timer_s = None if timer_s is None else min(timer_s, elapsed_s)
    longest_s = elapsed_s if timer_s is None else timer_s
    moving_s = None if moving_s is None else min(moving_s, longest_s)
    if (timer_s, moving_s) == (recording.timer_s, recording.moving_s):
        return recording
    return replace(recording, timer_s=timer_s, moving_s=moving_s)
