"""What twelve weeks must have held, row by row: how often it was asked for, and how often it was so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from bench import lives_care, lives_training, lives_week
from bench.lives_day import Life
from bench.lives_measure import Found, trainings
from bench.lives_runners import START

LEAST = 20
"""A row with fewer opportunities says nothing."""
BIG_KM, SMALL_KM = 50.0, 20.0


@dataclass(slots=True)
class Row:
    kept: int = 0
    broken: int = 0
    excused: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, found: Found, who: str) -> None:
        how, where = found
        setattr(self, how, getattr(self, how) + 1)
        if how == "broken":
            self.examples.append(f"{who}: {where}")

    def join(self, other: Row) -> None:
        self.kept, self.broken, self.excused = (
            self.kept + other.kept,
            self.broken + other.broken,
            self.excused + other.excused,
        )
        self.examples += other.examples


@dataclass(frozen=True, slots=True)
class Requirement:
    says: str
    measure: Callable[[Life], Iterator[Found]]
    share: float = 1.0
    """How many of the opportunities must be kept."""

    def holds(self, row: Row) -> bool:
        asked = row.kept + row.broken
        return asked >= LEAST and row.kept >= self.share * asked - 1e-9


REQUIREMENTS = (
    Requirement("long or hilly run: 3 min of bends, rocks, stretches that day", lives_care.reset),
    Requirement("long or hilly run: its morning after", lives_care.morning),
    Requirement("long or hilly run up to 48 h late: its reset or morning after", lives_care.late_care),
    Requirement("planned hard run or race: the whole block before it", lives_care.warm_up),
    Requirement("nothing loaded in the three hours before a run", lives_care.unloaded),
    Requirement("no bare, band or towel work before the safety screen", lives_care.unscreened),
    Requirement("a session skipped with pain changes the next", lives_care.pain),
    Requirement("a drill that hurt rests a fortnight with its family", lives_care.rests),
    Requirement("minutes on the label are the player's, to half a minute", lives_training.label),
    Requirement("all four elements in the week, from week 5", lives_training.elements, 0.9),
    Requirement("each family at least every third week, from week 5", lives_training.families),
    Requirement("heel raises each week, from week 5", lives_training.heel_raises, 0.9),
    Requirement("12 different sessions, training three times a week", lives_training.variety),
    Requirement("who carries it well takes 3 to 5 steps", lives_training.steps),
    Requirement("no step in a week with soreness of 4 or more, nor the next", lives_training.no_steps),
    Requirement("at most 0.4 cards a day", lives_training.cards),
    Requirement("missed early in the week: offered later that week", lives_training.monday),
    Requirement("each week holds the ladder's days", lives_training.whole_week),
    Requirement("training on light days in the first fortnight", lives_week.light_start),
    Requirement("no two training days in a row, up to three a week", lives_week.apart),
    Requirement("two to four drills up to eight minutes, none over three", lives_week.session_size),
    Requirement("hard run without its warm-up: a reset that day", lives_week.unplanned),
    Requirement("training and care within twice the ladder's week", lives_week.ceiling),
    Requirement("no heel raises on the day before a long run or a race", lives_week.fresh_calves),
    Requirement("stiff big toe, numb feet: nothing that is barred", lives_week.stiff_joint),
    Requirement("at most two sittings, 20 minutes, one open", lives_training.day_limits),
    Requirement("while away, today is the runner's own", lives_training.today),
)
PROPORTION = "over 50 km a week: 1.25 x the minutes of 12 km, in week 12"


def rows_of(life: Life) -> dict[str, Row]:
    found = {}
    for one in REQUIREMENTS:
        row = found[one.says] = Row()
        for seen in one.measure(life):
            row.add(seen, f"{life.runner.name} ({life.world})")
    return found


def last_minutes(life: Life) -> list[float]:
    """The minutes of each session of the ladder in week 12."""
    first = START + timedelta(days=77)
    return [one.minutes for one in trainings(life, first, first + timedelta(days=6))]


def proportion(lives: Sequence[tuple[float, bool, list[float]]]) -> Row:
    """``lives``: kilometres a week, whether the work was carried well, minutes of week 12."""
    row = Row()
    small = [minutes for km, tolerant, found in lives if tolerant and 0 < km < SMALL_KM for minutes in found]
    if not small:
        return row
    for km, tolerant, found in lives:
        for minutes in found if tolerant and km >= BIG_KM else ():
            how = "kept" if minutes >= 1.25 * median(small) - 1e-9 else "broken"
            row.add((how, f"{minutes} min against {median(small)}"), f"{km:.0f} km")
    return row
