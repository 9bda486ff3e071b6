"""What the ground was: a ladder of evidence from the runner's word down to "not known".

"running" and "generic" are no evidence of road: a quarter of real recordings name no sub-sport at all.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rules.facts.kinds import Surface
from rules.facts.labels import Evidence
from rules.facts.recorded import Floats
from rules.measure.map_match import Underfoot
from rules.measure.stream import Stream

CELL_M = 250.0
"""Side of a route cell: coarse enough to forgive GPS, fine enough to tell two parks apart."""
MOST_CELLS = 48
METRES_PER_DEGREE = 111_195.0

# A 400-m oval is 157 × 73 m; public recipes accept 120–220 × 50–120 m. GPS adds about 5 m a side.
OVAL_LONG_M = (120.0, 225.0)
OVAL_SHORT_M = (50.0, 125.0)
OVAL_ASPECT = (1.35, 3.2)
LAP_LAG_M = (385.0, 415.0)
"""A lap of a 400-m track as watches measure it; a block of houses is seldom that long to ten metres."""
WINDOW_M = 800.0

LEAST_KNOWN = 0.4
"""Share of the way that the map must know before it votes."""
MAPPED_SURE, GUESSED_COSTS = 0.90, 0.25
"""Our judgement: a tagged surface is right nine times in ten, one guessed from the kind of way two times in three."""
SHAPE_ALONE = 0.45
"""Of 23 recordings that their shape alone called track, 19 were of no track type."""
DRAWN_TRACK = 0.25
"""Share on a running track of the map from which laps of an oval are laps of that track."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the trace looks like: share of the way run on an oval track, and where (a hashed cell)."""

    track_share: float = 0.0
    track_laps: float = 0.0
    track_cell: int | None = None


def metres(ride: Stream, *, every_m: float = 5.0) -> Floats | None:
    """(n, 2) east and north metres from the first fix, one point every ``every_m`` of way; None without GPS."""
    if not ride.has_gps:
        return None
    known = np.isfinite(ride.latitude_deg) & np.isfinite(ride.longitude_deg)
    if known.sum() < 30:
        return None
    way = ride.distance_m[known]
    lat, lon = ride.latitude_deg[known], ride.longitude_deg[known]
    at = np.arange(way[0], way[-1], every_m)
    if len(at) < 10:
        return None
    north = (np.interp(at, way, lat) - lat[0]) * METRES_PER_DEGREE
    east = (np.interp(at, way, lon) - lon[0]) * METRES_PER_DEGREE * math.cos(math.radians(float(lat[0])))
    return np.column_stack((east, north))


def shape(ride: Stream) -> Shape:
    """Finds laps of an athletics track: an oval box, full rounding, and the same place again one lap later."""
    points = metres(ride)
    if points is None or len(points) < 160:
        return Shape()
    window, step = round(WINDOW_M / 5), 40
    on_track = np.zeros(len(points), dtype=bool)
    centres: list[tuple[float, float]] = []
    for start in range(0, len(points) - window + 1, step):
        part = points[start : start + window]
        if _is_oval(part):
            on_track[start : start + window] = True
            centres.append((float(part[:, 0].mean()), float(part[:, 1].mean())))
    share = float(on_track.mean())
    laps = float(on_track.sum() * 5 / 400.0)
    if laps < 3 or not centres:
        return Shape(share if laps >= 3 else 0.0, laps)
    east, north = np.median(np.array(centres, dtype=np.float64), axis=0)
    first = np.flatnonzero(np.isfinite(ride.latitude_deg))[0]
    lat, lon = float(ride.latitude_deg[first]), float(ride.longitude_deg[first])
    cell = _cell(lat + north / METRES_PER_DEGREE, lon + east / METRES_PER_DEGREE / math.cos(math.radians(lat)))
    return Shape(share, laps, cell)


def _is_oval(part: Floats) -> bool:
    if float(np.ptp(part, axis=0).max()) > OVAL_LONG_M[1] + 10:
        return False
    centred = part - part.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(centred.T))
    turned = centred @ axes
    low, high = np.percentile(turned, 1, axis=0), np.percentile(turned, 99, axis=0)
    short, long = sorted((high - low).tolist())
    if not (OVAL_LONG_M[0] <= long <= OVAL_LONG_M[1] and OVAL_SHORT_M[0] <= short <= OVAL_SHORT_M[1]):
        return False
    if not OVAL_ASPECT[0] <= long / short <= OVAL_ASPECT[1]:
        return False
    # The same place one lap later, at a lag that only a 400-m track has.
    lags = range(round(LAP_LAG_M[0] / 5), round(LAP_LAG_M[1] / 5) + 1)
    away = min(float(np.median(np.hypot(*(part[lag:] - part[:-lag]).T))) for lag in lags)
    if away > 12.0:
        return False
    # One turn a lap: a there-and-back on a straight turns by fits, an oval all along its bends.
    heading = np.unwrap(np.arctan2(*np.diff(part[::4], axis=0).T))
    turned_by = abs(float(heading[-1] - heading[0]))
    if turned_by < 2 * math.pi * 1.4:
        return False
    # Nobody is near the middle of the oval; a wiggly park path crosses it.
    middle = (np.abs(turned[:, 0]) < 0.25 * short) & (np.abs(turned[:, 1]) < 0.3 * long)
    return float(middle.mean()) < 0.05


def _cell(latitude_deg: float, longitude_deg: float) -> int:
    """A number for the 250-m cell; a hash, so that stored features draw no map by themselves."""
    row = round(latitude_deg * METRES_PER_DEGREE / CELL_M)
    wide = METRES_PER_DEGREE * max(math.cos(math.radians(round(latitude_deg, 1))), 0.01)
    column = round(longitude_deg * wide / CELL_M)
    return int.from_bytes(hashlib.blake2b(f"{row}:{column}".encode(), digest_size=4).digest())


def route(ride: Stream) -> tuple[int, ...]:
    """Up to 48 hashed cells the run went through, smallest numbers first, so that equal routes keep equal cells."""
    if not ride.has_gps:
        return ()
    known = np.flatnonzero(np.isfinite(ride.latitude_deg) & np.isfinite(ride.longitude_deg))[::20]
    cells = {_cell(float(ride.latitude_deg[at]), float(ride.longitude_deg[at])) for at in known}
    return tuple(sorted(cells)[:MOST_CELLS])


def same_route(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Share of common cells (Jaccard), 0–1."""
    if not one or not other:
        return 0.0
    a, b = set(one), set(other)
    return len(a & b) / len(a | b)


TYPES: Mapping[str, tuple[Surface, float]] = {
    "trail": (Surface.TRAIL, 0.95),
    "trail_running": (Surface.TRAIL, 0.95),
    "trailrun": (Surface.TRAIL, 0.95),
    "track": (Surface.TRACK, 0.95),
    "track_running": (Surface.TRACK, 0.95),
    "treadmill": (Surface.TREADMILL, 0.98),
    "treadmill_running": (Surface.TREADMILL, 0.98),
    "indoor_running": (Surface.TREADMILL, 0.95),
    "indoor": (Surface.TREADMILL, 0.95),
    "virtual_activity": (Surface.TREADMILL, 0.95),
    "virtual_run": (Surface.TREADMILL, 0.95),
    "virtualrun": (Surface.TREADMILL, 0.95),
    "street": (Surface.ROAD, 0.90),
    "street_running": (Surface.ROAD, 0.90),
    "obstacle": (Surface.TRAIL, 0.80),
    "obstacle_run": (Surface.TRAIL, 0.80),
    "obstacle_running": (Surface.TRAIL, 0.80),
    "ultra": (Surface.TRAIL, 0.60),
    "ultra_run": (Surface.TRAIL, 0.60),
    "ultra_running": (Surface.TRAIL, 0.60),
}
"""Sub-sports and sport types of FIT, Garmin and Strava; ``generic`` and ``running`` are absent on purpose."""
INDOORS = frozenset(name for name, (ground, _) in TYPES.items() if ground is Surface.TREADMILL)


@dataclass(frozen=True, slots=True)
class SurfaceFacts:
    """What the ladder reads. ``known`` is the share of each surface on earlier runs of the same route."""

    sub_sport: str | None = None
    title: tuple[str, ...] = ()
    gear: tuple[str, ...] = ()
    track_share: float = 0.0
    track_laps: float = 0.0
    has_gps: bool | None = None
    dirt_share: float | None = None
    known: Mapping[str, float] | None = None
    route_runs: int = 0
    at_known_track: bool = False
    underfoot: Underfoot | None = None
    """What the offline map says of the way, when one is installed."""


def rung(facts: SurfaceFacts, *, use_titles: bool = True) -> tuple[dict[str, float], tuple[Evidence, ...]]:
    """Probabilities over the surfaces and the evidence for them: the first rung that fires sets, later ones move it."""
    votes: list[tuple[Surface, float, Evidence]] = []
    if use_titles:
        for name in facts.title:
            if name != "road":
                votes.append((Surface(name), 0.88, Evidence(f"surface_title_{name}", 2.0, {})))
    kind = TYPES.get((facts.sub_sport or "").lower().replace(" ", "_"))
    if kind:
        votes.append((kind[0], kind[1], Evidence(f"surface_type_{kind[0]}", _logit(kind[1]), {})))
    if facts.track_laps >= 3 and facts.track_share >= 0.25:
        drawn = facts.underfoot is not None and facts.underfoot.shares.get(Surface.TRACK, 0.0) >= DRAWN_TRACK
        typed = kind is not None and kind[0] is Surface.TRACK
        named = typed or (use_titles and Surface.TRACK in facts.title)
        known = 0.17 if drawn else 0.05 if facts.at_known_track else 0.0
        # Round parks and blocks are ovals too: a shape that nothing else supports is a surmise that names no run.
        sure = min(0.97, 0.80 + 0.03 * facts.track_laps + known) if named or known else SHAPE_ALONE
        values = {"laps": round(facts.track_laps), "percent": round(100 * facts.track_share)}
        votes.append((Surface.TRACK, sure, Evidence("surface_oval", _logit(sure), values)))
    mapped = on_the_map(facts.underfoot) if facts.underfoot is not None else None
    if mapped is not None and mapped[0] is not None:
        votes.append((mapped[0], mapped[1], mapped[2]))
    if facts.dirt_share is not None and facts.dirt_share > 0.1:
        ground = Surface.TRAIL if facts.dirt_share >= 0.5 else Surface.MIXED
        values = {"percent": round(100 * facts.dirt_share)}
        votes.append((ground, 0.80, Evidence("surface_dirt", _logit(0.8), values)))
    if facts.known and facts.route_runs:
        name, share = max(facts.known.items(), key=lambda item: item[1])
        sure = min(0.9, share * (facts.route_runs + 0.5) / (facts.route_runs + 1.0))
        if sure > 0.5:
            votes.append(
                (Surface(name), sure, Evidence(f"surface_route_{name}", _logit(sure), {"runs": facts.route_runs}))
            )
    for name in facts.gear:
        votes.append((Surface(name), 0.70, Evidence(f"surface_shoe_{name}", _logit(0.7), {})))
    if facts.has_gps is False and not any(surface is Surface.TRACK for surface, _, _ in votes):
        votes.append((Surface.TREADMILL, 0.75, Evidence("surface_no_gps", _logit(0.75), {})))
    if use_titles and "road" in facts.title:
        votes.append((Surface.ROAD, 0.80, Evidence("surface_title_road", 1.4, {})))
    if len(votes) == 1 and votes[0][1] == SHAPE_ALONE:
        alone = {surface.value: 0.0 for surface in Surface}
        alone |= {Surface.TRACK.value: SHAPE_ALONE, Surface.UNKNOWN.value: 1 - SHAPE_ALONE}
        return alone, (votes[0][2], Evidence("surface_shape_alone", 0.0, {}))
    shares, evidence = _fuse(votes)
    return shares, evidence if mapped is None or mapped[0] is not None else (*evidence, mapped[2])


def on_the_map(found: Underfoot) -> tuple[Surface | None, float, Evidence] | None:
    """The ground that most of the known way has, how sure that is, and the sentence; None off the map.

    Below 40 % of known way the map only tells, it does not vote. Road means that less than a tenth is unpaved, mixed
    that less than half is; from half on the ground that most of the unpaved way has names the run.
    """
    known = 1.0 - found.shares.get(Surface.UNKNOWN, 0.0)
    if known <= 0:
        return None
    firm = found.shares.get(Surface.ROAD, 0.0) / known
    values = {
        "percent": round(100 * (1 - firm)),
        "known": round(100 * known),
        "shares": dict(found.shares),
    }
    if known < LEAST_KNOWN:
        return None, 0.0, Evidence("surface_map_little", 0.0, values)
    grounds = {name: share / known for name, share in found.shares.items() if name != Surface.UNKNOWN}
    if firm > 0.9:
        ground = Surface.ROAD
    elif firm > 0.5:
        ground = Surface.MIXED
    else:
        unpaved = {name: share for name, share in grounds.items() if name != Surface.ROAD}
        ground = Surface(max(unpaved, key=lambda name: unpaved[name]))
    sure = MAPPED_SURE - GUESSED_COSTS * min(1.0, found.guessed / known)
    return ground, sure, Evidence(f"surface_map_{ground}", _logit(sure), values)


def _fuse(votes: list[tuple[Surface, float, Evidence]]) -> tuple[dict[str, float], tuple[Evidence, ...]]:
    if not votes:
        flat = {surface.value: 0.0 for surface in Surface}
        flat[Surface.UNKNOWN] = 1.0
        return flat, (Evidence("surface_unknown", 0.0, {}),)
    # A track inside a trail-typed run, or a treadmill named in the title, outranks a general type.
    score = dict.fromkeys(Surface, 0.0)
    for rank, (surface, sure, _) in enumerate(votes):
        score[surface] += max(_logit(sure), 0.1) + 2.3 + (0.3 if rank == 0 else 0.0)
    top = max(score.values())
    weights = {surface: math.exp(value - top) for surface, value in score.items() if surface is not Surface.UNKNOWN}
    # What no vote names keeps a small, equal share; the winner never exceeds its own best rung.
    total = sum(weights.values())
    shares = {surface.value: weight / total for surface, weight in weights.items()}
    winner = max(shares, key=lambda name: shares[name])
    cap = max(sure for surface, sure, _ in votes if surface.value == winner)
    if shares[winner] > cap:
        spare = (shares[winner] - cap) / (len(shares) - 1)
        shares = {name: cap if name == winner else share + spare for name, share in shares.items()}
    shares[Surface.UNKNOWN.value] = 0.0
    ordered = sorted(votes, key=lambda vote: (vote[0].value != winner, -vote[1]))
    return shares, tuple(evidence for _, _, evidence in ordered)


def _logit(p: float) -> float:
    return math.log(p / (1 - p))
