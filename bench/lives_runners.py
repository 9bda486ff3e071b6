"""The made-up runners of ``make lives``: when they run, look, log and skip. Fixed; no limit is met by changing them.

What a runner does is data: the rules see it day by day, as they see a real runner. Hours are the runner's own clock,
days count from the first Monday of the plan (0), weekdays from Monday (0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.facts.answers import Place
from rules.facts.kinds import Hills, Intensity, Kind, Surface

START = date(2026, 1, 5)
DAYS = 84
HOME_OFFSET_H = 1
"""Central Europe in winter; the twelve weeks end before the clocks change."""
KM_A_MINUTE = 1 / 6


@dataclass(frozen=True, slots=True)
class Outing:
    """One run of the usual week. ``kind`` is a key of `FACETS`."""

    weekday: int
    kind: str
    km: float
    hour: float = 18.0


@dataclass(frozen=True, slots=True)
class Facets:
    """What a run is, by its four facets and the primary kind that follows from them."""

    primary: Kind
    intensity: Intensity = Intensity.EASY
    long: bool = False
    hills: Hills = Hills.FLAT
    surface: Surface = Surface.ROAD


FACETS: Mapping[str, Facets] = {
    "easy": Facets(Kind.EASY),
    "tempo": Facets(Kind.TEMPO, Intensity.TEMPO),
    "intervals": Facets(Kind.TEMPO, Intensity.INTERVALS),
    "race": Facets(Kind.TEMPO, Intensity.RACE),
    "long": Facets(Kind.LONG, long=True),
    "hills": Facets(Kind.HILLS, hills=Hills.HILLS),
    "downhill": Facets(Kind.HILLS, hills=Hills.DOWNHILL),
    "trail": Facets(Kind.SURFACE, surface=Surface.TRAIL),
    "hilly trail": Facets(Kind.HILLS, hills=Hills.HILLS, surface=Surface.TRAIL),
    "long trail": Facets(Kind.LONG, long=True, surface=Surface.TRAIL),
    "long and hard": Facets(Kind.TEMPO, Intensity.TEMPO, long=True),
}
HARD_KINDS = frozenset(name for name, one in FACETS.items() if one.primary is Kind.TEMPO)

EVERY_DAY = frozenset(range(7))
SOME_DAYS = frozenset({0, 2, 3, 5, 6})
NEVER: frozenset[int] = frozenset()
CALM = (1,) * 12
JOINT = "most-days,bump,bends-less"
"""What a runner with a stiff, painful big-toe joint answers when asked about it."""


@dataclass(frozen=True, slots=True)
class Runner:
    name: str
    what: str
    week: tuple[Outing, ...]
    looks: tuple[float, ...] = (6.5, 20.5)
    """When the page is opened each day; before a hard run and after each run it is opened too."""
    before: bool = True
    """Whether the page is opened half an hour before a hard run."""
    plans: bool = False
    """Types the coming week's hard runs on Sunday evening, and the first week's before anything else."""
    race: tuple[int, ...] = ()
    """Days on which the run that is usual then is a race, typed a week before."""
    pattern: tuple[str, ...] = ("done",)
    """What becomes of each training in turn: ``done``, ``partial``, ``skip:REASON``, ``hurt:N`` (done, but the drill at
    place N hurt), or ``nothing``."""
    care: str = "done"
    """What becomes of warm-ups, resets and mornings after."""
    misses: frozenset[int] = NEVER
    """Weekdays on which no training is done and nothing said."""
    stiffness: tuple[float, ...] = ()
    """Mean morning stiffness of each week; () is never logged."""
    soreness: tuple[int, ...] = ()
    """Soreness of the toes, each week's; () is never logged."""
    logs_on: frozenset[int] = SOME_DAYS
    settings: Mapping[str, object] = field(default_factory=dict)
    screen: Mapping[str, bool] = field(default_factory=dict)
    """What is ticked in the safety screen; the rest is answered with no."""
    screen_day: int = 2
    gathers: Place | None = None
    sore_joint: bool = False
    late_h: float = 0.1
    """How long after its end a run arrives."""
    syncs_on: int | None = None
    """The weekday on whose evening every run of the week arrives."""
    away: tuple[tuple[int, int, int], ...] = ()
    """First and last day elsewhere, with the hours from UTC."""
    silent: tuple[tuple[int, int], ...] = ()
    """Days without runs, looks or entries."""
    pauses: tuple[tuple[int, int, str], ...] = ()
    """Days without runs that the runner pauses for, told on the first morning."""
    answers: bool = True
    """Whether cards are answered and offered steps taken."""
    grows: float = 0.0
    """By how much the kilometres rise each week, as a share."""
    tolerant: bool = False
    """Carries it well: does the work, logs little soreness, pauses for nothing. Must be offered three to five steps."""
    engine: bool = False
    """Lives through the shipped engine as well."""


def _easy(*weekdays: int, km: float = 6.0, hour: float = 18.0) -> tuple[Outing, ...]:
    return tuple(Outing(day, "easy", km, hour) for day in weekdays)


MARATHON = (
    *_easy(0, 2, 5, km=10, hour=17.5),
    Outing(1, "tempo", 12, 18.0),
    Outing(3, "easy", 12, 17.5),
    Outing(6, "long", 24, 9.0),
)
TWELVE_KM = _easy(0, 2, 4, km=4)
EIGHTY_KM = (
    *_easy(0, 2, 4, km=11, hour=17.0),
    Outing(1, "intervals", 12, 17.5),
    Outing(5, "easy", 11, 8.0),
    Outing(6, "long", 25, 8.5),
)
HALF = (
    *_easy(1, 3, km=11, hour=18.0),
    Outing(2, "tempo", 12, 18.0),
    Outing(5, "easy", 8, 9.0),
    Outing(6, "long", 20, 9.0),
)
HUNDRED_KM = (
    *_easy(0, 2, 3, 4, km=13, hour=17.0),
    Outing(1, "intervals", 14, 17.5),
    Outing(5, "easy", 10, 8.0),
    Outing(6, "long", 26, 8.5),
)
EASING = (4.5, 4.3, 4.0, 3.8, 3.5, 3.2, 3.0, 2.8, 2.5, 2.3, 2.1, 2.0)

RUNNERS: tuple[Runner, ...] = (
    Runner(
        "beginner", "three easy runs, everything done", TWELVE_KM, stiffness=EASING, soreness=CALM, grows=0.01,
        tolerant=True, engine=True,
    ),
    Runner(
        "marathoner", "six runs a week, hard ones typed", MARATHON, plans=True, stiffness=EASING, soreness=CALM,
        tolerant=True, engine=True,
    ),
    Runner(
        "marathoner, no plan", "the same, nothing typed, no look before a run", MARATHON, before=False,
        stiffness=EASING, soreness=CALM, tolerant=True,
    ),
    Runner(
        "trail", "two trail runs, a hilly and a long one",
        (
            Outing(1, "trail", 8), Outing(3, "trail", 8), Outing(5, "hilly trail", 12, 9.0),
            Outing(6, "long trail", 18, 9.0),
        ),
        stiffness=(3.0,) * 12, soreness=CALM, tolerant=True, engine=True,
    ),
    Runner("never logs", "runs and works, no entries", _easy(1, 3, 5)),
    Runner(
        "soreness comes and goes", "two sore weeks in every four", _easy(0, 2, 5), stiffness=(4.0,) * 12,
        soreness=(1, 2, 4, 5, 2, 1, 4, 5, 3, 1, 4, 4), logs_on=EVERY_DAY, engine=True,
    ),
    Runner(
        "always sore", "soreness 4 on most days", _easy(1, 3, 6), stiffness=(4.0,) * 12, soreness=(4,) * 12,
        logs_on=EVERY_DAY,
    ),
    Runner(
        "ill, paused", "ten days ill, said so", _easy(0, 2, 4, 6), stiffness=(3.5,) * 12, soreness=CALM,
        pauses=((30, 40, "ill"),),
    ),
    Runner(
        "ill, silent", "ten days ill without a word", _easy(0, 2, 4, 6), stiffness=(3.5,) * 12, soreness=CALM,
        silent=((30, 40),),
    ),
    Runner(
        "minimalist", "changing to minimalist shoes", _easy(0, 2, 4, km=7), stiffness=(3.0,) * 12, soreness=CALM,
        settings={"shoes": "transition", "shoes_since": START}, tolerant=True,
    ),
    Runner(
        "constant stiffness 6", "stiff whatever is done", _easy(1, 3, 5, km=7), stiffness=(6.0,) * 12, soreness=CALM,
        tolerant=True,
    ),
    Runner(
        "sore big-toe joint", "pain in the joint on most days, a bump, bends little",
        (*_easy(1, 3), Outing(6, "long", 14, 9.0)), stiffness=(4.0,) * 12, soreness=CALM,
        gathers=Place.BIG_TOE_JOINT, sore_joint=True,
    ),
    Runner(
        "low stiffness", "hardly stiff at all, no look before a run", (*_easy(0, 3, 5, km=7), Outing(1, "tempo", 7)),
        before=False, stiffness=(1.0,) * 12,
        soreness=(0,) * 12, tolerant=True,
    ),
    Runner("no runs", "foot work alone", (), stiffness=(4.0,) * 12, soreness=CALM, tolerant=True),
    Runner(
        "doubles", "two runs on Tuesday and Thursday",
        (
            *_easy(1, 3, km=6, hour=6.75), Outing(1, "tempo", 9, 18.0), *_easy(3, 5, km=7, hour=18.0),
            Outing(6, "long", 18, 9.0),
        ),
        plans=True, stiffness=(3.5,) * 12, soreness=CALM, tolerant=True, engine=True,
    ),
    Runner(
        "a day late", "each run arrives 24 hours after", (*_easy(1, 4), Outing(6, "long", 15, 9.0)),
        stiffness=EASING, soreness=CALM, late_h=24.0, tolerant=True, engine=True,
    ),
    Runner(
        "two days late", "each run arrives 47 hours after", (*_easy(1, 4), Outing(6, "long", 15, 9.0)),
        stiffness=EASING, soreness=CALM, late_h=47.0, tolerant=True,
    ),
    Runner(
        "weekly sync", "runs arrive on Sunday evening", (*_easy(1, 3), Outing(6, "long", 15, 9.0)),
        stiffness=EASING, soreness=CALM, syncs_on=6, tolerant=True, engine=True,
    ),
    Runner(
        "traveller west", "three weeks nine hours west", (*_easy(0, 2, 4, hour=7.0), Outing(6, "long", 14, 9.0)),
        stiffness=(3.5,) * 12, soreness=CALM, away=((28, 48, -8),), tolerant=True, engine=True,
    ),
    Runner(
        "traveller east", "three weeks eight hours east", (*_easy(0, 2, 4, hour=18.0), Outing(6, "long", 14, 9.0)),
        stiffness=(3.5,) * 12, soreness=CALM, away=((28, 48, 9),), tolerant=True,
    ),
    Runner(
        "pain skips", "every fourth session skipped with pain", _easy(0, 2, 5), stiffness=(3.5,) * 12,
        pattern=("done", "done", "done", "skip:pain"), engine=True,
    ),
    Runner(
        "a drill hurts", "the second drill of every sixth session hurts", _easy(1, 3, 5), stiffness=(3.5,) * 12,
        soreness=CALM, pattern=("done", "done", "done", "done", "done", "hurt:1"),
    ),
    Runner(
        "partly and skip", "some partly, some for want of time, some not at all", _easy(0, 2, 5),
        stiffness=(3.5,) * 12, soreness=CALM, pattern=("done", "partial", "skip:time", "done", "nothing"),
    ),
    Runner(
        "race", "a race every four weeks, tempo between", (*_easy(1, 3), Outing(5, "tempo", 10, 10.0)), plans=True,
        race=(26, 54, 82), stiffness=EASING, soreness=CALM, tolerant=True, engine=True,
    ),
    Runner(
        "evening runner", "late runs, foot work at breakfast", _easy(0, 2, 3, 5, hour=20.0), looks=(7.0, 17.5, 22.0),
        stiffness=EASING, soreness=CALM, tolerant=True,
    ),
    Runner("does nothing", "looks and leaves it", _easy(1, 4), pattern=("nothing",), care="nothing", answers=False),
    Runner(
        "misses Mondays", "no foot work on Mondays", _easy(0, 3, 5), misses=frozenset({0}), stiffness=(3.5,) * 12,
        soreness=CALM,
    ),
    Runner(
        "band and balls", "band, towel and small things at hand", _easy(0, 2, 4, km=7), stiffness=EASING,
        soreness=CALM, settings={"equipment": frozenset({"towel", "band", "small-objects"})}, tolerant=True,
    ),
    Runner(
        "five days a week", "wishes for five days", _easy(0, 2, 4, 5, km=7), stiffness=EASING, soreness=CALM,
        settings={"days_per_week": 5}, tolerant=True,
    ),
    Runner(
        "diabetes", "ticked in the safety screen", (*_easy(1, 3), Outing(6, "long", 12, 9.0)), stiffness=(3.5,) * 12,
        soreness=CALM, screen={"diabetes_or_numb": True}, tolerant=True,
    ),
    Runner(
        "half-marathoner", "five runs a week, one of them typed", HALF, plans=True, stiffness=EASING, soreness=CALM,
        tolerant=True,
    ),
    Runner(
        "a run every day", "a hundred kilometres, a run on each day", HUNDRED_KM, plans=True, stiffness=EASING,
        soreness=CALM, tolerant=True,
    ),
    Runner(
        "eighty kilometres", "eighty a week, intervals typed", EIGHTY_KM, plans=True, stiffness=EASING, soreness=CALM,
        tolerant=True, engine=True,
    ),
)  # fmt: skip


def named(name: str) -> Runner:
    """Raises LookupError for a name that nobody has."""
    for one in RUNNERS:
        if one.name == name:
            return one
    raise LookupError(name)
