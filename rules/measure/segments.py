"""What a run was made of: workout steps and lap intensity first, manual laps next, change points last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rules.facts.labels import Segment
from rules.facts.recorded import Floats, Lap, Recording
from rules.measure.grade_adjusted import change_points
from rules.measure.laps import (
    FASTER,
    Role,
    auto_laps,
    joined_pieces,
    long_enough,
    named_by_steps,
    says_structure,
    stated_roles,
)
from rules.measure.stream import Stream

SegmentSource = Literal["steps", "laps", "changes", "none"]
Pattern = Literal["intervals", "fartlek", "tempo_block", "progression", "even", "none"]

CLEAR_REPEATS, CLEAR_BLOCK = 0.5, 0.3
"""Least share of variance that work and rest explain before change points count: hills and walks make steps too."""
HR_LAG_S = 120.0
"""Heart rate has reached 88 % of a step after 120 s (Hunt 2015): only later seconds of a stretch are judged."""
MOST_SEGMENTS = 60
SAME_TOP_M = 80.0
METRES_PER_DEGREE = 111_195.0
MOST_POINTS = 720
"""An hour in steps of 5 s; longer runs are cut coarser, for the search is quadratic."""
STEADY: Role = "steady"


@dataclass(frozen=True, slots=True)
class Structure:
    """``contrast`` is work speed over the speed of everything else; ``work_s`` counts work segments only."""

    source: SegmentSource = "none"
    pattern: Pattern = "none"
    reps: int = 0
    work_s: float = 0.0
    rep_s: float = 0.0
    rep_m: float = 0.0
    contrast: float = 1.0
    clearness: float = 0.0
    """Share of the speed's variance that two levels, work and the rest, explain: 1 is a square wave."""
    climb_reps: int = 0
    """Alternations of a clear climb and its descent: hill repeats when laps or turning points mark them."""


def structure(recording: Recording, ride: Stream | None) -> tuple[Structure, tuple[Segment, ...]]:
    """The run's structure and its named segments in order of time."""
    laps = named_by_steps(long_enough(recording.laps), recording.steps)
    climbs = _climb_reps(laps, ride)
    if says_structure(laps):
        whole = joined_pieces(laps)
        segments = _lap_segments(whole, ride, recording, stated_roles(whole))
        return _describe("steps", segments, climbs, ride), segments
    if laps and not auto_laps(laps):
        whole = joined_pieces(laps)
        segments = _roles_by_speed(_lap_segments(whole, ride, recording, [STEADY] * len(whole)))
        found = _describe("laps", segments, climbs, ride)
        if found.pattern in ("intervals", "fartlek", "tempo_block"):
            return found, segments
    if ride is None:
        segments = _lap_segments(laps, ride, recording, [STEADY] * len(laps))
        return Structure(climb_reps=climbs), segments
    segments = _roles_by_speed(_changed_segments(ride))
    return _describe("changes", segments, climbs, ride), segments


def _lap_segments(
    laps: Sequence[Lap], ride: Stream | None, recording: Recording, roles: Sequence[Role]
) -> tuple[Segment, ...]:
    offset = 0.0
    if recording.samples is not None and len(recording.samples):
        offset = float(recording.samples.t_s[0])
    made: list[Segment] = []
    clock = 0.0
    for lap, role in zip(laps[:MOST_SEGMENTS], roles, strict=False):
        start = (lap.start_utc - recording.start_utc).total_seconds()
        if not 0 <= start <= max(recording.elapsed_s, 1.0) * 1.5:
            start = clock
        end = start + lap.elapsed_s
        clock = end
        timer = lap.timer_s or lap.elapsed_s
        speed = lap.distance_m / timer if lap.distance_m and timer > 0 else None
        gap, heart = speed, lap.mean_heart_rate_bpm
        if ride is not None:
            low, high = int(max(start - offset, 0)), int(min(end - offset, len(ride)))
            measured = _mean(ride.gap_mps[low:high])
            gap = measured if measured is not None else speed
            late = _mean(ride.heart_rate_bpm[int(low + HR_LAG_S) : high]) if high - low > HR_LAG_S + 30 else None
            heart = late if late is not None else heart
        made.append(Segment(start, end, role, lap.distance_m, speed, gap, heart, lap.ascent_m))
    return tuple(made)


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) >= 5 else None


def _changed_segments(ride: Stream) -> tuple[Segment, ...]:
    """Stretches of constant grade-adjusted speed of 30 s and more (5-s means, squared-error change points)."""
    step = 5
    while len(ride) / step > MOST_POINTS:
        step += 5
    n = len(ride) // step
    with np.errstate(invalid="ignore"):
        cells = ride.gap_mps[: n * step].reshape(n, step)
        known = np.isfinite(cells).sum(axis=1)
        x = np.where(known > 0, np.nansum(cells, axis=1) / np.maximum(known, 1), 0.0)
    # Smoothed speeds repeat themselves: noise measured from neighbours gets a floor, or every hill is a change.
    sigma = max(float(np.median(np.abs(np.diff(x)))) / 0.6745 / np.sqrt(2), 0.12)
    cuts = change_points(x, penalty=5 * sigma**2 * float(np.log(max(n, 2))) * 2, min_size=max(2, round(30 / step)))
    made: list[Segment] = []
    for low, high in zip(cuts, [*cuts[1:], n], strict=True):
        a, b = low * step, high * step
        metres = float(ride.distance_m[min(b, len(ride) - 1)] - ride.distance_m[a])
        gap = _mean(ride.gap_mps[a:b])
        late = _mean(ride.heart_rate_bpm[int(a + HR_LAG_S) : b]) if b - a > HR_LAG_S + 30 else None
        role: Role = "steady" if gap is not None and ride.moving[a:b].mean() > 0.3 else "pause"
        made.append(Segment(float(a), float(b), role, metres, metres / (b - a), gap, late, None))
    return tuple(made[:MOST_SEGMENTS])


def _roles_by_speed(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Names warm-up, work, recovery and cool-down where the fast stretches stand clear of the slow ones."""
    timed = [
        (s.grade_adjusted_mps, s.end_s - s.start_s) for s in segments if s.role != "pause" and s.grade_adjusted_mps
    ]
    if len(timed) < 2:
        return segments
    cut = _largest_gap(timed)
    if cut is None:
        return segments
    fast = [bool(s.role != "pause" and s.grade_adjusted_mps and s.grade_adjusted_mps >= cut) for s in segments]
    first, last = fast.index(True), len(fast) - 1 - fast[::-1].index(True)
    named: list[Segment] = []
    for at, segment in enumerate(segments):
        role: Role = segment.role
        if fast[at]:
            role = "work"
        elif role != "pause":
            role = "warmup" if at < first else "cooldown" if at > last else "recovery"
        named.append(_with_role(segment, role))
    return tuple(named)


def _with_role(s: Segment, role: Role) -> Segment:
    return Segment(
        s.start_s, s.end_s, role, s.distance_m, s.speed_mps, s.grade_adjusted_mps, s.mean_heart_rate_bpm, s.ascent_m
    )


def _largest_gap(timed: Sequence[tuple[float, float]]) -> float | None:
    """The speed that splits stretches into slow and fast with the least spread, if fast is ≥ 8 % faster than slow."""
    ordered = sorted(timed)
    speed = np.array([s for s, _ in ordered], dtype=np.float64)
    weight = np.array([w for _, w in ordered], dtype=np.float64)
    total = weight.sum()
    best: tuple[float, float] | None = None
    for at in range(1, len(speed)):
        slow, fast = weight[:at].sum(), weight[at:].sum()
        if fast < 60 or slow < 60 or speed[at] - speed[at - 1] < 0.02:
            continue
        mean_slow = float(np.average(speed[:at], weights=weight[:at]))
        mean_fast = float(np.average(speed[at:], weights=weight[at:]))
        between = slow * fast / total**2 * (mean_fast - mean_slow) ** 2
        if mean_fast >= FASTER * mean_slow and (best is None or between > best[0]):
            best = (between, float((speed[at] + speed[at - 1]) / 2))
    return best[1] if best else None


def _describe(source: SegmentSource, segments: Sequence[Segment], climbs: int, ride: Stream | None) -> Structure:
    work = [s for s in segments if s.role == "work"]
    rest = [s for s in segments if s.role not in ("work", "pause")]
    if not work:
        return Structure(source=source, pattern="even" if segments else "none", climb_reps=climbs)
    blocks = _blocks(segments)
    reps = len(blocks)
    seconds = [sum(s.end_s - s.start_s for s in block) for block in blocks]
    metres = [sum(s.distance_m or 0.0 for s in block) for block in blocks]
    contrast = _speed(work) / _speed(rest) if rest and _speed(rest) > 0 else 1.0
    pattern: Pattern
    if reps >= 3:
        spread = float(np.std(seconds) / np.mean(seconds)) if np.mean(seconds) > 0 else 9.0
        by_distance = float(np.std(metres) / np.mean(metres)) if np.mean(metres) > 0 else 9.0
        pattern = "intervals" if min(spread, by_distance) < 0.25 else "fartlek"
    elif reps == 2:
        pattern = "intervals" if min(seconds) > 0.6 * max(seconds) else "tempo_block"
    else:
        later = all(s.start_s >= work[0].start_s for s in segments if s.role == "work")
        pattern = "progression" if segments[-1].role == "work" and later and len(work) > 1 else "tempo_block"
    clear = _clearness(segments, ride)
    if source == "changes" and clear < (CLEAR_REPEATS if reps >= 2 else CLEAR_BLOCK):
        pattern, reps = "even", 0
    return Structure(
        source=source,
        pattern=pattern,
        reps=reps,
        work_s=float(sum(seconds)),
        rep_s=float(np.median(seconds)),
        rep_m=float(np.median(metres)),
        contrast=contrast,
        clearness=clear,
        climb_reps=climbs,
    )


def _clearness(segments: Sequence[Segment], ride: Stream | None) -> float:
    """Share of variance between work and the rest, first work to last; over the whole run for one block."""
    if ride is None:
        return 0.0
    work = [s for s in segments if s.role == "work"]
    level = np.zeros(len(ride))
    for segment in work:
        level[int(segment.start_s) : int(segment.end_s)] = 1.0
    first, last = (int(work[0].start_s), int(work[-1].end_s)) if len(work) > 1 else (0, len(ride))
    speed, level = ride.gap_mps[first:last], level[first:last]
    known = np.isfinite(speed)
    fast, slow = speed[known & (level > 0)], speed[known & (level == 0)]
    total = float(speed[known].var()) * known.sum() if known.any() else 0.0
    if len(fast) < 30 or len(slow) < 30 or total <= 0:
        return 0.0
    within = float(fast.var()) * len(fast) + float(slow.var()) * len(slow)
    return 1.0 - within / total


def _blocks(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Runs of neighbouring work segments; a rest shorter than 15 s does not part them."""
    blocks: list[list[Segment]] = []
    open_block = False
    for segment in segments:
        if segment.role == "work":
            if open_block:
                blocks[-1].append(segment)
            else:
                blocks.append([segment])
            open_block = True
        elif segment.end_s - segment.start_s >= 15:
            open_block = False
    return blocks


def _speed(segments: Sequence[Segment]) -> float:
    timed = [(s.grade_adjusted_mps, s.end_s - s.start_s) for s in segments if s.grade_adjusted_mps]
    seconds = sum(w for _, w in timed)
    return sum(v * w for v, w in timed) / seconds if seconds else 0.0


def _climb_reps(laps: Sequence[Lap], ride: Stream | None) -> int:
    """Climbs of 15 m and more over 30 s to 8 min that are followed by about the same way down again."""
    if ride is None or not np.isfinite(ride.altitude_m).any():
        if auto_laps(laps):
            return 0
        up = [(lap.ascent_m or 0) > 25 and (lap.ascent_m or 0) > 2 * (lap.descent_m or 0) for lap in laps]
        down = [(lap.descent_m or 0) > 25 and (lap.descent_m or 0) > 2 * (lap.ascent_m or 0) for lap in laps]
        return sum(a and b for a, b in zip(up, down[1:], strict=False))
    turns = _turns(ride.altitude_m[::5], least_m=12.0)
    tops: list[int] = []
    for (low_at, low), (high_at, high), (_, after) in zip(turns, turns[1:], turns[2:], strict=False):
        rise, fall, seconds = high - low, high - after, (high_at - low_at) * 5
        if rise >= 15 and 30 <= seconds <= 480 and 0.6 <= fall / rise <= 1.7:
            tops.append(high_at)
    if len(tops) < 3 or not ride.has_gps:
        return 0
    # The same hill again and again: tops of one height at one place. Rolling country has equal tops, elsewhere.
    at = [min(5 * top, len(ride) - 1) for top in tops]
    north, east = ride.latitude_deg[at], ride.longitude_deg[at] * np.cos(np.radians(ride.latitude_deg[at]))
    away = METRES_PER_DEGREE * np.hypot(north - np.median(north), east - np.median(east))
    count = int((away <= SAME_TOP_M).sum())
    return count if count >= 3 else 0


def _turns(altitude: Floats, *, least_m: float) -> list[tuple[int, float]]:
    """Turning points (index, height) of a line whose swings are at least ``least_m``."""
    known = [(at, float(h)) for at, h in enumerate(altitude.tolist()) if np.isfinite(h)]
    if not known:
        return []
    turns = [known[0]]
    extreme, rising = known[0], 0
    for point in known[1:]:
        if (rising >= 0 and point[1] > extreme[1]) or (rising <= 0 and point[1] < extreme[1]):
            if rising == 0:
                if abs(point[1] - turns[0][1]) < least_m:
                    continue
                rising = 1 if point[1] > turns[0][1] else -1
            extreme = point
        elif rising and abs(point[1] - extreme[1]) >= least_m:
            turns.append(extreme)
            extreme, rising = point, -rising
    turns.append(extreme)
    return turns
