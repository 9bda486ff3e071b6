"""One cue for the run and one thought for the day, in turn: the guide beside the drills (M5, M19, M22–M29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from rules.facts.foot_work import Reason, Window

CUES = (
    Reason("cue_soft", {}, ("M19",)),
    Reason("cue_big_toe", {}, ("M19",)),
    Reason("cue_spread", {}, ("M19",)),
    Reason("cue_midfoot", {}, ("M19",)),
)
TIPS = (
    Reason("tip_quality", {}, ("M5",)),
    Reason("tip_log", {}, ("M22",)),
    Reason("tip_wins", {}, ("M23",)),
    Reason("tip_signs", {}, ("M24", "S3")),
    Reason("tip_water_sleep", {}, ("M25",)),
    Reason("tip_whole", {}, ("M26",)),
    Reason("tip_week", {}, ("M27",)),
    Reason("tip_household", {}, ("M28",)),
    Reason("tip_why", {}, ("M29",)),
)


ANCHORS: Mapping[Window, tuple[str, ...]] = {
    Window.BEFORE: ("warm-up",),
    Window.AFTER: ("shower", "tv", "bedtime"),
    Window.MORNING: ("coffee", "shower", "desk"),
    Window.BASE: ("coffee", "tv", "shower", "warm-up", "desk", "bedtime"),
    Window.PRIMER: ("coffee", "shower", "desk"),
}
"""Habits that fit a window: nothing before a hard run can wait for bedtime; ours."""
OF_THE_WINDOW: Mapping[Window, str] = {Window.BEFORE: "anchor_warm_up", Window.AFTER: "anchor_run"}
"""What stands where none of the named habits fits: work beside a run has the run."""


def anchor_of(day: date, window: Window, named: Sequence[str]) -> tuple[Reason, ...]:
    """One of the habits that the runner named, several in turn (M21)."""
    fitting = [one for one in named if one in ANCHORS[window]]
    if not fitting and named and window in OF_THE_WINDOW:
        return (Reason(OF_THE_WINDOW[window], {}, ("M21",)),)
    if not fitting:
        return ()
    return (Reason(f"anchor_{fitting[day.toordinal() % len(fitting)].replace('-', '_')}", {}, ("M21",)),)


def words_of_the_day(day: date, window: Window, *, run_expected: bool = False) -> tuple[Reason, ...]:
    """Before a run, an easy one too, a cue to take along; on days without one a thought; after a run nothing more."""
    match window:
        case Window.BEFORE:
            return (CUES[day.toordinal() % len(CUES)],)
        case Window.PRIMER | Window.BASE if run_expected:
            return (CUES[day.toordinal() % len(CUES)],)
        case Window.BASE | Window.PRIMER:
            return (TIPS[day.toordinal() % len(TIPS)],)
        case Window.AFTER | Window.MORNING:
            return ()


@lru_cache(maxsize=64)
def stop_lines(window: Window, *, cold: bool) -> tuple[Reason, ...]:
    """Stop lines, in the order they must be shown. ``cold``: no run has warmed the feet just before."""
    lines = [Reason("stop_sharp", {}, ("M12",)), Reason("stop_scale", {}, ("S4",))]
    if window is Window.BEFORE:
        lines.insert(0, Reason("warm_first", {}, ("M15", "M12")))
    elif cold or window in (Window.BASE, Window.MORNING):
        lines.insert(0, Reason("warm_feet", {}, ("M12",)))
    return tuple(lines)
