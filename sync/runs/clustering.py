"""Which recordings are one activity: pure functions of the set of recordings.

The order in which recordings arrived never matters: links are made strongest first, and ties are broken by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from rules.facts.sports import CHOSEN, sport_family
from sync.runs.matching import (
    CLOCK_FAULT_HOURS,
    FILE_FORMATS,
    NEAR_S,
    SOFT_WITHIN_S,
    Identity,
    Link,
    QuestionReason,
    compare,
    primary_first,
)

SERVICE_OF_FORMAT = {"garmin_json": "garmin", "strava_json": "strava", "intervals_json": "intervals"}
"""Which service's word a recording of that format is."""


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


def cluster(identities: Iterable[Identity], decisions: Iterable[PairDecision] = ()) -> list[tuple[str, ...]]:
    """The activities: tuples of recording ids, the lead first, in order of the lead's start.

    Pure and independent of order. The runner's decisions come first, then exact links, then near ones, the nearest
    first; two recordings that the runner or their own facts keep apart never end in one activity through a third.
    """
    by_id = {one.recording_id: one for one in with_said_sports(identities)}
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


def with_said_sports(identities: Iterable[Identity]) -> list[Identity]:
    """Each file with the sport that its service says now: a person's later word there beats the watch's.

    A word that names no sport which a person chooses there corrects nothing. A recording that names no sport itself
    has that of the table's row that names it.
    """
    everyone = list(identities)
    said = {
        ref: one.sport
        for one in everyone
        if one.format in SERVICE_OF_FORMAT and one.sport in CHOSEN and not one.sport_inferred
        for ref in one.refs
        if ref.startswith(f"{SERVICE_OF_FORMAT[one.format]}:")
    }

    rows: dict[str, list[Identity]] = {}
    for one in everyone:
        if one.format not in FILE_FORMATS and one.sport is not None and not one.sport_inferred:
            for ref in one.refs:
                if ref.startswith("name:"):
                    rows.setdefault(ref, []).append(one)

    def corrected(one: Identity) -> Identity:
        if one.format in FILE_FORMATS and one.sport_inferred:
            named = {row.sport for ref in one.refs for row in rows.get(ref, ()) if _within_a_day(row, one)}
            return replace(one, sport=named.pop(), sport_inferred=False) if len(named) == 1 else one
        words = {said[ref] for ref in one.refs if ref in said}
        single = one.format in FILE_FORMATS and one.leg == 0 and len(words) == 1
        return replace(one, sport=words.pop()) if single else one

    return [corrected(one) for one in everyone]


def _within_a_day(one: Identity, other: Identity) -> bool:
    return abs((one.start_utc - other.start_utc).total_seconds()) <= SOFT_WITHIN_S


def questions(identities: Iterable[Identity], decisions: Iterable[PairDecision] = ()) -> list[PairQuestion]:
    """Doubtful pairs of different activities that the runner has not decided; one question a pair of activities."""
    everyone = with_said_sports(identities)
    decided = {_pair(one.recording_a, one.recording_b) for one in decisions}
    groups = {name: members for members in cluster(everyone, decisions) for name in members}
    asked: dict[tuple[str, str], PairQuestion] = {}
    for a, b in _within(everyone, timedelta(hours=CLOCK_FAULT_HOURS, seconds=NEAR_S)):
        found = compare(a, b)
        if found.question is None:
            continue
        left, right = groups[a.recording_id], groups[b.recording_id]
        if left is right or any(_pair(one, other) in decided for one in left for other in right):
            continue
        first, second = _pair(left[0], right[0])
        asked.setdefault((first, second), PairQuestion(first, second, found.question))
    return [asked[key] for key in sorted(asked)]


STRENGTH: Mapping[Link, int] = {"exact": 1, "near": 2}
"""The runner's own word comes before both."""
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
        link = compare(a, b).link
        if link == "never":
            apart.add(pair)
        elif link in STRENGTH:
            links.append((STRENGTH[link], abs((a.start_utc - b.start_utc).total_seconds()), *pair, False))
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
