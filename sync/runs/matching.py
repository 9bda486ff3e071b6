"""Which recordings are one activity: pure functions of the set of recordings.

The order in which recordings arrived never matters: links are made strongest first, and ties are broken by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

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
FILE_FORMATS = ("fit", "tcx", "gpx", "polar_csv", "polar_json", "nike_json")
SOFT_REFS, SOFT_WITHIN_S = ("upload:", "local:", "name:"), 26 * 3600.0
"""A file's number and a wall clock can be another activity's too; no two clocks are further apart than 26 hours."""

RUNNING = "running"
FAMILIES = {
    "trail_running": RUNNING,
    "treadmill_running": RUNNING,
    "track_running": RUNNING,
    "virtual_running": RUNNING,
    "hiking": "walking",
    "e_biking": "cycling",
}
UNKNOWN = frozenset({None, "generic", "all", "other", "unknown"})

Comparison = Literal["exact", "near", "maybe", "never"]
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

    @property
    def end_utc(self) -> datetime:
        return self.start_utc + timedelta(seconds=self.elapsed_s)


@dataclass(frozen=True, slots=True)
class PairDecision:
    """The runner's word about two recordings."""

    recording_a: str
    recording_b: str
    same: bool


@dataclass(frozen=True, slots=True)
class PairQuestion:
    """A doubtful pair: shown to the runner, never merged silently."""

    recording_a: str
    recording_b: str
    why: QuestionReason


def sport_family(sport: str | None) -> str | None:
    """The sport family; None when the sport is unknown."""
    return None if sport in UNKNOWN or sport is None else FAMILIES.get(sport, sport)


def primary_first(one: Identity) -> tuple[Any, ...]:
    """Sorts the copy that names the activity to the front: whole, sampled, rich, a file before a summary."""
    rank = FILE_FORMATS.index(one.format) if one.format in FILE_FORMATS else len(FILE_FORMATS)
    return (one.removed, one.sample_count == 0, one.partial, -one.richness, rank, -one.sample_count, one.recording_id)


# --- pairs ----------------------------------------------------------------------------------------


def compare(a: Identity, b: Identity) -> tuple[Comparison, QuestionReason | None] | None:
    """How two recordings hang together; None when they have nothing to do with each other. Symmetric."""
    kin_a, kin_b = sport_family(a.sport), sport_family(b.sport)
    if a.sha256 == b.sha256 and a.leg != b.leg:
        # A chained file may hold the very same activity twice; else its legs are different ones.
        again = kin_a == kin_b and (a.start_utc, a.elapsed_s) == (b.start_utc, b.elapsed_s)
        return ("exact" if again else "never"), None
    if kin_a is not None and kin_b is not None and kin_a != kin_b:
        return "never", None
    apart_s = abs((a.start_utc - b.start_utc).total_seconds())
    if any(_holds(ref, a, b, apart_s) for ref in a.refs & b.refs):
        return "exact", None
    both_known = kin_a is not None and kin_b is not None
    if a.removed or b.removed:
        # Of a purged copy only the day is known: it stands at noon and lasts no time.
        one_day = a.removed != b.removed and both_known and apart_s <= HALF_A_DAY_S
        return ("maybe", "removed") if one_day else None
    lasted, covered = _durations_agree(a, b, DURATION_SHARE), _agree(a.distance_m, b.distance_m, DISTANCE_SHARE)
    if _one_file(a, b):
        if apart_s <= SECOND_S or overlap(a, b) >= OVERLAP_OF_ONE_FILE:
            return "exact", None
    elif _one_watch(a, b):
        return "never", None  # One watch records one activity at a time: the second was a run of its own.
    alike = (lasted or covered) if both_known else (lasted and covered)
    if alike and apart_s <= NEAR_S and overlap(a, b) >= OVERLAP_OF_ONE_RUN:
        return "near", None
    if overlap(a, b) >= OVERLAP_ASKED:
        return "maybe", "overlap"
    if _clock_fault(a, b, apart_s):
        return "maybe", "clock"
    if both_known and lasted and covered and apart_s <= 86_400 and (_hidden(a) != _hidden(b)):
        return "maybe", "hidden_start"
    return None


def overlap(a: Identity, b: Identity) -> float:
    """The share of the shorter recording's time that lies within the other."""
    shorter_s = min(a.elapsed_s, b.elapsed_s)
    common_s = (min(a.end_utc, b.end_utc) - max(a.start_utc, b.start_utc)).total_seconds()
    return max(0.0, common_s / shorter_s) if shorter_s > 0 else 0.0


def _holds(ref: str, a: Identity, b: Identity, apart_s: float) -> bool:
    """Whether an id that both have makes them one activity; a wall clock does so only for a table without a zone."""
    zoneless = "garmin_csv" in (a.format, b.format) and _agree(a.distance_m, b.distance_m, DISTANCE_SHARE)
    if ref.startswith("local:") and not zoneless:
        return False
    if ref.startswith("name:") and (a.format in FILE_FORMATS) == (b.format in FILE_FORMATS):
        # A row names the recording beside it; two files or two rows of one name are nothing to each other.
        return False
    return apart_s <= SOFT_WITHIN_S or not ref.startswith(SOFT_REFS)


def _one_file(a: Identity, b: Identity) -> bool:
    known = a.serial_number is not None and a.time_created_utc is not None
    return known and (a.serial_number, a.time_created_utc) == (b.serial_number, b.time_created_utc)


def _one_watch(a: Identity, b: Identity) -> bool:
    stamped = a.time_created_utc is not None and b.time_created_utc is not None
    return stamped and bool(a.serial_number) and a.serial_number == b.serial_number


def _agree(one: float | None, other: float | None, share: float) -> bool:
    return one is not None and other is not None and min(one, other) > 0 and abs(one - other) <= share * max(one, other)


def _durations_agree(a: Identity, b: Identity, share: float) -> bool:
    """One source counts pauses, another does not: any like pair will do; unlike ones only where there is none."""
    if _agree(a.elapsed_s, b.elapsed_s, share) or _agree(a.timer_s, b.timer_s, share):
        return True
    if a.timer_s is not None and b.timer_s is not None:
        return False
    return _agree(a.timer_s or a.elapsed_s, b.timer_s or b.elapsed_s, share)


def _clock_fault(a: Identity, b: Identity, apart_s: float) -> bool:
    hours = round(apart_s / 3600)
    if not 1 <= hours <= CLOCK_FAULT_HOURS or abs(apart_s - hours * 3600) > NEAR_S:
        return False
    return _durations_agree(a, b, CLOCK_FAULT_SHARE) and _agree(a.distance_m, b.distance_m, CLOCK_FAULT_SHARE)


def _hidden(one: Identity) -> bool:
    """Strava writes 00:00:01 local time for a hidden start; zones differ from UTC by whole quarters of an hour."""
    return one.start_utc.second == 1 and one.start_utc.minute % 15 == 0


# --- clusters -------------------------------------------------------------------------------------


def cluster(identities: Iterable[Identity], decisions: Iterable[PairDecision] = ()) -> list[tuple[str, ...]]:
    """The activities: tuples of recording ids, the lead first, in order of the lead's start.

    Pure and independent of order. The runner's decisions come first, then exact links, then near ones, the nearest
    first; two recordings that the runner or their own facts keep apart never end in one activity through a third.
    """
    by_id = {one.recording_id: one for one in identities}
    links, apart = _links(by_id, decisions)
    group = {name: {name} for name in by_id}
    for _, _, a, b, forced in sorted(links):
        left, right = group[a], group[b]
        if left is right:
            continue
        if not forced and (_kept_apart(left, right, apart) or _sports_differ(left, right, by_id)):
            continue
        left |= right
        for name in right:
            group[name] = left
    unique = {id(members): members for members in group.values()}.values()
    leads_first = [tuple(sorted(members, key=lambda name: primary_first(by_id[name]))) for members in unique]
    return sorted(leads_first, key=lambda members: (by_id[members[0]].start_utc, members[0]))


def questions(identities: Iterable[Identity], decisions: Iterable[PairDecision] = ()) -> list[PairQuestion]:
    """Doubtful pairs of different activities that the runner has not decided; one question a pair of activities."""
    everyone = list(identities)
    decided = {_pair(one.recording_a, one.recording_b) for one in decisions}
    groups = {name: members for members in cluster(everyone, decisions) for name in members}
    asked: dict[tuple[str, str], PairQuestion] = {}
    for a, b in _within(everyone, timedelta(hours=CLOCK_FAULT_HOURS, seconds=NEAR_S)):
        found = compare(a, b)
        if found is None or found[0] != "maybe" or found[1] is None:
            continue
        left, right = groups[a.recording_id], groups[b.recording_id]
        if left is right or any(_pair(one, other) in decided for one in left for other in right):
            continue
        first, second = _pair(left[0], right[0])
        asked.setdefault((first, second), PairQuestion(first, second, found[1]))
    return [asked[key] for key in sorted(asked)]


PairLink = tuple[int, float, str, str, bool]


def _links(
    by_id: Mapping[str, Identity], decisions: Iterable[PairDecision]
) -> tuple[list[PairLink], frozenset[tuple[str, str]]]:
    links: list[PairLink] = []
    apart: set[tuple[str, str]] = set()
    decided: set[tuple[str, str]] = set()
    for decision in decisions:
        pair = _pair(decision.recording_a, decision.recording_b)
        if pair[0] not in by_id or pair[1] not in by_id:
            continue
        decided.add(pair)
        if decision.same:
            links.append((0, 0.0, *pair, True))
        else:
            apart.add(pair)
    for a, b in _candidates(list(by_id.values())):
        pair = _pair(a.recording_id, b.recording_id)
        if pair in decided:
            continue
        found = compare(a, b)
        if found is None or found[0] == "maybe":
            continue
        if found[0] == "never":
            apart.add(pair)
            continue
        links.append((1 if found[0] == "exact" else 2, abs((a.start_utc - b.start_utc).total_seconds()), *pair, False))
    return links, frozenset(apart)


def _candidates(everyone: list[Identity]) -> Iterable[tuple[Identity, Identity]]:
    """Pairs that can be linked or kept apart: near in time, one watch file, or one service id."""
    seen: set[tuple[str, str]] = set()
    keyed: dict[Any, list[Identity]] = {}
    for one in everyone:
        content = one.sha256 if one.format in FILE_FORMATS else (None, None)  # Rows of a table share no more than it.
        for key in (*one.refs, (one.serial_number, one.time_created_utc), content):
            keyed.setdefault(key, []).append(one)
    keyed.pop((None, None), None)
    exact = ((a, b) for members in keyed.values() for i, a in enumerate(members) for b in members[i + 1 :])
    for a, b in (*exact, *_within(everyone, timedelta(seconds=2 * NEAR_S))):
        pair = _pair(a.recording_id, b.recording_id)
        if pair not in seen:
            seen.add(pair)
            yield a, b


def _within(everyone: Sequence[Identity], reach: timedelta) -> Iterable[tuple[Identity, Identity]]:
    """Pairs whose starts are at most ``reach`` apart, or of which the later one starts before the earlier one ends."""
    ordered = sorted(everyone, key=lambda one: (one.start_utc, one.recording_id))
    for index, a in enumerate(ordered):
        until = max(a.start_utc + reach, a.end_utc)
        for b in ordered[index + 1 :]:
            if b.start_utc > until:
                break
            yield a, b


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _kept_apart(left: Iterable[str], right: Iterable[str], apart: frozenset[tuple[str, str]]) -> bool:
    return any(_pair(a, b) in apart for a in left for b in right)


def _sports_differ(left: Iterable[str], right: Iterable[str], by_id: Mapping[str, Identity]) -> bool:
    known = {sport_family(by_id[name].sport) for name in (*left, *right)} - {None}
    return len(known) > 1
