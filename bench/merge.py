"""How well copies of one run are told apart from other runs: ``make bench-merge``.

Pairs are made of recordings in the folder that SPRINGSTEP_REAL_DATA names (of made-up ones without it): copies as
services, phones and crop tools make them, and neighbours that only look like copies. Garmin's and Strava's lists of the
same athlete are pairs that nobody made: where Strava names an id of Garmin's list, the truth is known, and the id is
hidden from the rule. Merging is graded by `sync.runs.matching.compare` on each pair: merged, asked, or left apart.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rules.facts.recorded import FileId, Recording
from sync.app.demo.fit_writer import write
from sync.formats.read import claims_activity, read
from sync.formats.services import garmin_json, strava_json
from sync.formats.unwrap import Limits
from sync.runs.matching import Identity, compare, sport_family

PUSHED = re.compile(r"garmin_push_(\d+)")
WANTED_PRECISION, WANTED_RECALL = 0.995, 0.99
SHORTEST_S = 600.0
REENCODED = 60
SEED = 3


@dataclass(frozen=True, slots=True)
class Pair:
    kind: str
    one: Identity
    other: Identity
    same: bool


def identity(recording: Recording, name: str) -> Identity:
    file_id = recording.file_id or FileId()
    return Identity(
        recording_id=name,
        sha256=name,
        leg=0,
        sport=recording.sport,
        start_utc=recording.start_utc,
        elapsed_s=recording.elapsed_s,
        timer_s=recording.timer_s,
        distance_m=recording.distance_m,
        serial_number=file_id.serial_number,
        time_created_utc=file_id.time_created_utc,
    )


# --- copies and neighbours ------------------------------------------------------------------------


def without_file_id(one: Identity, **changes: Any) -> Identity:
    return replace(one, serial_number=None, time_created_utc=None, recording_id="copy", sha256="copy", **changes)


def later(one: Identity, seconds: float) -> datetime:
    return one.start_utc + timedelta(seconds=seconds)


def times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def phone(one: Identity, dice: np.random.Generator) -> Identity:
    """Started a little later and stopped a little earlier or later, its own idea of the distance."""
    late_s = min(110.0, dice.exponential(20))
    end_s = dice.normal(0, 20)
    elapsed_s = max(60.0, one.elapsed_s - late_s + end_s)
    share = elapsed_s / one.elapsed_s * dice.normal(1, 0.012)
    return without_file_id(
        one, start_utc=later(one, late_s), elapsed_s=elapsed_s, timer_s=None, distance_m=times(one.distance_m, share)
    )


def service(one: Identity, dice: np.random.Generator) -> Identity:
    """A service's summary: whole seconds, moving time for timer time, the distance measured again."""
    return without_file_id(
        one,
        start_utc=later(one, float(dice.integers(-2, 3))).replace(microsecond=0),
        elapsed_s=float(round(one.elapsed_s)),
        timer_s=one.elapsed_s * dice.uniform(0.85, 1.0),
        distance_m=times(one.distance_m, dice.normal(1, 0.005)),
    )


def row(one: Identity, _dice: np.random.Generator) -> Identity:
    """A row of an export: ten metres, whole seconds, timer time only."""
    lasted = one.timer_s or one.elapsed_s
    distance = None if one.distance_m is None else round(one.distance_m, -1)
    return without_file_id(one, elapsed_s=float(round(lasted)), timer_s=float(round(lasted)), distance_m=distance)


def no_sport(one: Identity, dice: np.random.Generator) -> Identity:
    """A GPX of the same points: no sport, its end at the last point, the distance between the points."""
    cut_s = float(dice.uniform(0, 5))
    covered = times(one.distance_m, dice.normal(1, 0.006))
    return without_file_id(one, sport=None, elapsed_s=one.elapsed_s - cut_s, timer_s=None, distance_m=covered)


def cropped(one: Identity, dice: np.random.Generator) -> Identity:
    """A crop tool cut up to 40 % from the beginning and kept the watch's stamp."""
    cut = float(dice.uniform(0.02, 0.4))
    return replace(
        one,
        recording_id="copy",
        sha256="copy",
        start_utc=later(one, one.elapsed_s * cut),
        elapsed_s=one.elapsed_s * (1 - cut),
        timer_s=times(one.timer_s, 1 - cut),
        distance_m=times(one.distance_m, 1 - cut),
    )


def broken_off(one: Identity, dice: np.random.Generator) -> Identity:
    """A download that was cut: the first part, the watch's stamp."""
    kept = float(dice.uniform(0.3, 0.95))
    return replace(
        one,
        recording_id="copy",
        sha256="copy",
        elapsed_s=one.elapsed_s * kept,
        timer_s=None,
        distance_m=times(one.distance_m, kept),
        partial=True,
    )


def calibrated(one: Identity, dice: np.random.Generator) -> Identity:
    """A treadmill run whose distance was set by hand."""
    return without_file_id(one, distance_m=times(one.distance_m, dice.uniform(0.8, 1.2)))


def neighbour(one: Identity, dice: np.random.Generator, after_s: float) -> Identity:
    """The same loop again, about as long, by a device without a stamp."""
    return without_file_id(
        one,
        start_utc=later(one, after_s),
        elapsed_s=one.elapsed_s * dice.normal(1, 0.02),
        timer_s=None,
        distance_m=times(one.distance_m, dice.normal(1, 0.01)),
    )


def next_day(one: Identity, dice: np.random.Generator) -> Identity:
    return neighbour(one, dice, 86_400 * float(dice.integers(1, 4)) + dice.normal(0, 40))


def hours_later(one: Identity, dice: np.random.Generator) -> Identity:
    """At least when the first one is over; often on the full hour, as a clock fault would be."""
    hours = np.ceil(one.elapsed_s / 3600 + dice.uniform(0, 6))
    return neighbour(one, dice, hours * 3600 + dice.normal(0, 300))


def straight_after(one: Identity, dice: np.random.Generator) -> Identity:
    return neighbour(one, dice, one.elapsed_s + dice.uniform(20, 400))


def warm_up(one: Identity, dice: np.random.Generator) -> Identity:
    """Recorded apart, over before the run began."""
    lasts_s = float(dice.uniform(40, 115))
    begins = later(one, -lasts_s - dice.uniform(1, 4))
    return without_file_id(one, start_utc=begins, elapsed_s=lasts_s, timer_s=lasts_s, distance_m=lasts_s * 2.5)


def other_sport(one: Identity, dice: np.random.Generator) -> Identity:
    """A bicycle computer that ran along."""
    sport = "cycling" if one.sport != "cycling" else "running"
    return replace(phone(one, dice), sport=sport)


def other_watch_run(one: Identity, dice: np.random.Generator) -> Identity:
    """The same watch, stopped at once and started again: a start of its own."""
    late_s = float(dice.uniform(20, 110))
    stamp = None if one.time_created_utc is None else one.time_created_utc + timedelta(seconds=late_s)
    return replace(one, recording_id="copy", sha256="copy", start_utc=later(one, late_s), time_created_utc=stamp)


COPIES = (phone, service, row, no_sport, cropped, broken_off, calibrated)
NEIGHBOURS = (next_day, hours_later, straight_after, warm_up, other_sport, other_watch_run)
STAMPED = (cropped, broken_off, other_watch_run)
"""Made only of recordings that carry a watch's stamp."""
OF_KNOWN_SPORT = (calibrated, other_sport)
"""Made only of recordings whose sport is known: of others nobody can say what the right answer is."""


def made_pairs(bases: list[Identity], dice: np.random.Generator) -> Iterator[Pair]:
    for one in bases:
        for makers, same in ((COPIES, True), (NEIGHBOURS, False)):
            for make in makers:
                stamped = bool(one.serial_number and one.time_created_utc)
                if (stamped or make not in STAMPED) and (sport_family(one.sport) or make not in OF_KNOWN_SPORT):
                    yield Pair(make.__name__.replace("_", " "), one, make(one, dice), same)


# --- where the recordings come from ---------------------------------------------------------------


def files(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and claims_activity(path.name):
            for leaf in read(path.read_bytes(), path.name, Limits()):
                yield from leaf.recordings


def reencoded(recordings: list[Recording]) -> Iterator[Pair]:
    """Rewritten by our own writer and read again."""
    for number, recording in enumerate(recordings[:REENCODED]):
        try:
            again = read(write(recording), "again.fit", Limits())[0].recordings[0]
        except (ValueError, OverflowError, IndexError):
            continue  # What FIT cannot hold makes no pair.
        yield Pair("written anew", identity(recording, f"r{number}"), identity(again, f"w{number}"), same=True)


def listed(folder: Path) -> Iterator[Pair]:
    """Every pair of Garmin's and Strava's list items of one athlete within half a day of each other."""
    for athlete in sorted(path for path in folder.iterdir() if path.is_dir()):
        garmin: dict[str, Identity] = {}
        strava: dict[str, tuple[Identity, str]] = {}
        for path in sorted(athlete.rglob("*.json")):
            for item in _items(path):
                _sort_in(item, garmin, strava)
        for one, told in strava.values():
            if told not in garmin:
                continue  # Its twin may stand here under another id.
            for garmin_id, other in garmin.items():
                if abs((one.start_utc - other.start_utc).total_seconds()) <= 43_200:
                    same = told == garmin_id
                    yield Pair(f"lists, {'one run' if same else 'two runs'}", one, other, same)


def _items(path: Path) -> Iterator[dict[str, Any]]:
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return
    found = content.get("activityList", []) if isinstance(content, dict) else content
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, dict))


def _sort_in(item: dict[str, Any], garmin: dict[str, Identity], strava: dict[str, tuple[Identity, str]]) -> None:
    made: Recording | None
    if "activityId" in item and "startTimeGMT" in item:
        made = garmin_json.recording_of(item, {})
        if made is not None and made.elapsed_s > 0:
            garmin[str(item["activityId"])] = identity(made, f"garmin{item['activityId']}")
    elif "external_id" in item and "start_date" in item:
        told = PUSHED.match(str(item["external_id"]))
        made = strava_json.recording_of(item, {}, None)
        if told is not None and made is not None and made.elapsed_s > 0:
            strava[str(item["id"])] = (identity(made, f"strava{item['id']}"), told[1])


def made_up(dice: np.random.Generator, count: int) -> list[Identity]:
    start = datetime(2026, 1, 5, 6, 0)
    found = []
    for number in range(count):
        elapsed_s = float(dice.uniform(1200, 9000))
        at = start + timedelta(days=number, seconds=float(dice.integers(0, 50_000)))
        found.append(
            Identity(
                recording_id=f"m{number}",
                sha256=f"m{number}",
                leg=0,
                sport="running",
                start_utc=at,
                elapsed_s=elapsed_s,
                timer_s=elapsed_s * float(dice.uniform(0.9, 1)),
                distance_m=elapsed_s * float(dice.uniform(2.3, 4.2)),
                serial_number=7,
                time_created_utc=at,
            )
        )
    return found


# --- the figures ----------------------------------------------------------------------------------


def verdict(pair: Pair) -> str:
    link = compare(pair.one, pair.other).link
    return "apart" if link in ("none", "never") else "asked" if link == "maybe" else "merged"


def report(pairs: list[Pair], tell: Callable[[str], None]) -> tuple[float, float]:
    """Precision of merging and recall of copies, over all pairs."""
    table: dict[tuple[bool, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pair in pairs:
        table[pair.same, pair.kind][verdict(pair)] += 1
    tell(f"{'pairs':24} {'truth':9} {'merged':>7} {'asked':>7} {'apart':>7}")
    for (same, kind), counts in sorted(table.items(), key=lambda item: (not item[0][0], item[0][1])):
        truth = "one run" if same else "two runs"
        tell(f"{kind:24} {truth:9} {counts['merged']:7} {counts['asked']:7} {counts['apart']:7}")
    right = sum(counts["merged"] for (same, _), counts in table.items() if same)
    wrong = sum(counts["merged"] for (same, _), counts in table.items() if not same)
    copies = sum(sum(counts.values()) for (same, _), counts in table.items() if same)
    return right / max(1, right + wrong), right / max(1, copies)


def main() -> int:
    dice = np.random.default_rng(SEED)
    named = os.environ.get("SPRINGSTEP_REAL_DATA")
    if named:
        recordings = [one for one in files(Path(named)) if one.elapsed_s >= SHORTEST_S and one.distance_m]
        bases = [identity(one, f"r{number}") for number, one in enumerate(recordings)]
        pairs = [*made_pairs(bases, dice), *reencoded(recordings), *listed(Path(named))]
        print(f"{len(pairs)} pairs, made of {len(bases)} real recordings and of two services' lists")
    else:
        pairs = list(made_pairs(made_up(dice, 150), dice))
        print(f"{len(pairs)} pairs, all made up: SPRINGSTEP_REAL_DATA names no folder of real recordings")
    precision, recall = report(pairs, print)
    print(
        f"precision {precision:.2%} (wanted {WANTED_PRECISION:.1%}), recall {recall:.2%} (wanted {WANTED_RECALL:.1%})"
    )
    return 0 if precision >= WANTED_PRECISION and recall >= WANTED_RECALL else 1


if __name__ == "__main__":
    sys.exit(main())
