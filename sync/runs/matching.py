"""Whether two recordings are one activity: an ordered tuple of named rules, the first that holds decides.

Pure and symmetric; the order is meaning. What sets of recordings make of it stands in `sync.runs.clustering`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from rules.facts.sports import sport_family

NEAR_S = 120.0
DURATION_SHARE = 0.05
DISTANCE_SHARE = 0.03
OVERLAP_ASKED = 0.80
OVERLAP_OF_ONE_FILE = 0.5
"""A trimmed copy keeps the watch's file id; half of the shorter one must still lie in the other."""
OVERLAP_OF_ONE_RUN = 0.5
"""Strides recorded one by one begin within 120 s and last alike, but one ends before the next begins."""
CLOCK_FAULT_HOURS = 14
"""No two time zones are further apart than 26 hours, but a day apart is the same loop run twice."""
CLOCK_FAULT_SHARE = 0.015
SECOND_S = 1.0
HALF_A_DAY_S = 12 * 3600.0
DAY_S = 24 * 3600.0
FILE_FORMATS = ("fit", "tcx", "gpx", "polar_csv", "polar_json", "nike_json")
SOFT_REFS, SOFT_WITHIN_S = ("upload:", "local:", "name:"), 26 * 3600.0
"""A file's number and a wall clock can be another activity's too; no two clocks are further apart than 26 hours."""

Link = Literal["exact", "near", "maybe", "never", "none"]
"""Copies for sure; copies by their figures; the runner is asked; two activities for sure; nothing to do with each
other. ``never`` also keeps them apart when a third recording would join them, ``none`` does not."""
QuestionReason = Literal["overlap", "clock", "hidden_start", "removed"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What of a recording tells whether it is another one's twin."""

    recording_id: str
    sha256: str
    leg: int
    sport: str | None
    start_utc: datetime
    elapsed_s: float
    timer_s: float | None = None
    distance_m: float | None = None
    serial_number: int | None = None
    time_created_utc: datetime | None = None
    partial: bool = False
    removed: bool = False
    sample_count: int = 0
    richness: int = 0
    format: str = "fit"
    refs: frozenset[str] = frozenset()
    """Services' ids ("garmin:123"): recordings that share one are copies of one activity."""
    sport_inferred: bool = False

    @property
    def end_utc(self) -> datetime:
        return self.start_utc + timedelta(seconds=self.elapsed_s)

    @property
    def wall_clock(self) -> datetime | None:
        """What the clock showed at its start, where the recording tells it."""
        told = next((ref for ref in sorted(self.refs) if ref.startswith("local:")), None)
        return None if told is None else datetime.fromisoformat(told.removeprefix("local:"))


def primary_first(one: Identity) -> tuple[Any, ...]:
    """Sorts the copy that names the activity to the front: whole, sampled, rich, a file before a summary."""
    rank = FILE_FORMATS.index(one.format) if one.format in FILE_FORMATS else len(FILE_FORMATS)
    return (one.removed, one.sample_count == 0, one.partial, -one.richness, rank, -one.sample_count, one.recording_id)


@dataclass(frozen=True)
class RecordingPair:
    """Two recordings, and what the rules ask of them; each answer is the same with the two exchanged."""

    a: Identity
    b: Identity

    @cached_property
    def apart_s(self) -> float:
        """From the start of one to the start of the other."""
        return abs((self.a.start_utc - self.b.start_utc).total_seconds())

    @cached_property
    def overlap(self) -> float:
        """The share of the shorter recording's time that lies within the other."""
        a, b = self.a, self.b
        shorter_s = min(a.elapsed_s, b.elapsed_s)
        common_s = (min(a.end_utc, b.end_utc) - max(a.start_utc, b.start_utc)).total_seconds()
        return max(0.0, common_s / shorter_s) if shorter_s > 0 else 0.0

    @cached_property
    def families(self) -> tuple[str | None, str | None]:
        return sport_family(self.a.sport), sport_family(self.b.sport)

    @property
    def sports_known(self) -> bool:
        return None not in self.families

    @property
    def legs_of_one_content(self) -> bool:
        return self.a.sha256 == self.b.sha256 and self.a.leg != self.b.leg

    @property
    def one_file(self) -> bool:
        """Whether one watch wrote both at one moment: the same file, whole or trimmed or rewritten."""
        a, b = self.a, self.b
        known = a.serial_number is not None and a.time_created_utc is not None
        return known and (a.serial_number, a.time_created_utc) == (b.serial_number, b.time_created_utc)

    @property
    def one_watch(self) -> bool:
        a, b = self.a, self.b
        stamped = a.time_created_utc is not None and b.time_created_utc is not None
        return stamped and bool(a.serial_number) and a.serial_number == b.serial_number

    def lasted_alike(self, share: float) -> bool:
        """One source counts pauses, another does not: any like pair will do; unlike ones only where there is none."""
        a, b = self.a, self.b
        if _agree(a.elapsed_s, b.elapsed_s, share) or _agree(a.timer_s, b.timer_s, share):
            return True
        if a.timer_s is not None and b.timer_s is not None:
            return False
        return _agree(a.timer_s or a.elapsed_s, b.timer_s or b.elapsed_s, share)

    def as_far(self, share: float) -> bool:
        """Whether both tell a distance and the two agree."""
        return _agree(self.a.distance_m, self.b.distance_m, share)


def _agree(one: float | None, other: float | None, share: float) -> bool:
    return one is not None and other is not None and min(one, other) > 0 and abs(one - other) <= share * max(one, other)


# --- rules ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairRule:
    """``link`` is the answer where ``holds`` does; ``question`` is what a doubtful pair is asked about."""

    name: str
    reason: str
    link: Link
    holds: Callable[[RecordingPair], bool]
    question: QuestionReason | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two recordings hang together, and the name of the rule that decided it."""

    link: Link
    rule: str
    question: QuestionReason | None = None


def _written_twice(pair: RecordingPair) -> bool:
    a, b = pair.a, pair.b
    same = pair.families[0] == pair.families[1] and (a.start_utc, a.elapsed_s) == (b.start_utc, b.elapsed_s)
    return pair.legs_of_one_content and same


def _sports_differ(pair: RecordingPair) -> bool:
    return pair.sports_known and pair.families[0] != pair.families[1]


def _one_id(pair: RecordingPair) -> bool:
    return any(_holds(ref, pair) for ref in pair.a.refs & pair.b.refs)


def _holds(ref: str, pair: RecordingPair) -> bool:
    """Whether an id that both have makes them one activity; a wall clock does so only for a table without a zone."""
    zoneless = "garmin_csv" in (pair.a.format, pair.b.format) and pair.as_far(DISTANCE_SHARE)
    if ref.startswith("local:") and not zoneless:
        return False
    if ref.startswith("name:") and (pair.a.format in FILE_FORMATS) == (pair.b.format in FILE_FORMATS):
        # A row names the recording beside it; two files or two rows of one name are nothing to each other.
        return False
    return pair.apart_s <= SOFT_WITHIN_S or not ref.startswith(SOFT_REFS)


def _day_of_a_removed_one(pair: RecordingPair) -> bool:
    return pair.a.removed != pair.b.removed and pair.sports_known and pair.apart_s <= HALF_A_DAY_S


def _copy_of_one_file(pair: RecordingPair) -> bool:
    return pair.one_file and (pair.apart_s <= SECOND_S or pair.overlap >= OVERLAP_OF_ONE_FILE)


def _alike(pair: RecordingPair) -> bool:
    """Of known sports the time or the distance must agree, with an unknown one both."""
    lasted, covered = pair.lasted_alike(DURATION_SHARE), pair.as_far(DISTANCE_SHARE)
    agree = (lasted or covered) if pair.sports_known else (lasted and covered)
    return agree and pair.apart_s <= NEAR_S and pair.overlap >= OVERLAP_OF_ONE_RUN


def _two_zones(pair: RecordingPair) -> bool:
    """Whether both tell their time zones, and other ones: a traveller's two runs. A clock that takes local time for UTC
    looks like a zone too: then both show the same hour, and one of them is at UTC."""
    clocks = pair.a.wall_clock, pair.b.wall_clock
    if clocks[0] is None or clocks[1] is None or not _clock_fault(pair):
        return False
    offsets = clocks[0] - pair.a.start_utc, clocks[1] - pair.b.start_utc
    taken_for_utc = timedelta(0) in offsets and abs((clocks[0] - clocks[1]).total_seconds()) <= NEAR_S
    return offsets[0] != offsets[1] and not taken_for_utc


def _clock_fault(pair: RecordingPair) -> bool:
    hours = round(pair.apart_s / 3600)
    if not 1 <= hours <= CLOCK_FAULT_HOURS or abs(pair.apart_s - hours * 3600) > NEAR_S:
        return False
    return pair.lasted_alike(CLOCK_FAULT_SHARE) and pair.as_far(CLOCK_FAULT_SHARE)


def _hidden_start(pair: RecordingPair) -> bool:
    alike = pair.sports_known and pair.lasted_alike(DURATION_SHARE) and pair.as_far(DISTANCE_SHARE)
    return alike and pair.apart_s <= DAY_S and (_hides_start(pair.a) != _hides_start(pair.b))


def _hides_start(one: Identity) -> bool:
    """Strava writes 00:00:01 local time for a hidden start; zones differ from UTC by whole quarters of an hour."""
    return one.start_utc.second == 1 and one.start_utc.minute % 15 == 0


RULES = (
    PairRule("written-twice", "a chained file may hold the very same activity twice", "exact", _written_twice),
    PairRule("another-leg", "the legs of one file are different activities", "never", lambda p: p.legs_of_one_content),
    PairRule("another-sport", "nobody runs and rides at once", "never", _sports_differ),
    PairRule("one-id", "a service or an export gives both the same id", "exact", _one_id),
    PairRule(
        "removed-that-day",
        "of a purged copy only the day is known: it stands at noon and lasts no time",
        "maybe",
        _day_of_a_removed_one,
        "removed",
    ),
    PairRule(
        "removed", "a purged copy has no start and no end to compare", "none", lambda p: p.a.removed or p.b.removed
    ),
    PairRule("one-file", "one watch wrote both at one moment", "exact", _copy_of_one_file),
    PairRule(
        "one-watch",
        "one watch records one activity at a time: the second was a run of its own",
        "never",
        lambda p: p.one_watch and not p.one_file,
    ),
    PairRule("alike", "begun within two minutes, as long or as far, and at the same time", "near", _alike),
    PairRule("overlap", "nobody runs twice at once", "maybe", lambda p: p.overlap >= OVERLAP_ASKED, "overlap"),
    PairRule("two-zones", "each told its own time zone: a traveller's two runs", "never", _two_zones),
    PairRule("clock", "whole hours apart and alike: a clock in another time zone", "maybe", _clock_fault, "clock"),
    PairRule("hidden-start", "alike, and one start is hidden on purpose", "maybe", _hidden_start, "hidden_start"),
)
"""From what cannot be otherwise to what is only likely: each rule may take it that no earlier one held."""
UNRELATED = Comparison("none", "nothing-shared")


def compare(a: Identity, b: Identity) -> Comparison:
    """How two recordings hang together, by the first rule that holds. Symmetric."""
    pair = RecordingPair(a, b)
    decided = next((rule for rule in RULES if rule.holds(pair)), None)
    return UNRELATED if decided is None else Comparison(decided.link, decided.name, decided.question)
