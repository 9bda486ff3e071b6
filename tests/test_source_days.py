"""Simulated days, left alone with random faults, end as if there had been none."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import Fault, Seen
from sync.sources.adapters.garmin import EXCHANGE
from sync.storage import runs
from tests.linked_home import MORNING, LinkedHome, linked_home, short_run

SELDOM = {"garmin": {"every_minutes": 360, "night_minutes": 720}}
"""Fewer looks a day than usual: the same faults, less waiting for the test."""


def training(seed: int, days: int) -> list[tuple[datetime, datetime, str]]:
    """When each run begins, when it is uploaded (some days late), and its title."""
    chance = random.Random(seed)
    found = []
    for day in range(days):
        if chance.random() < 0.6:
            start = MORNING + timedelta(days=day, hours=chance.choice([1, 9, 10]), minutes=chance.randint(0, 50))
            late = timedelta(days=chance.choice([0, 0, 0, 0, 2, 5]), minutes=45)
            found.append((start, start + late, f"Run of day {day}"))
    return found


def faults(seed: int) -> Callable[[LinkedHome], Callable[[Seen], None]]:
    chance = random.Random(seed)
    kinds: list[dict[str, Any]] = [
        {"status": 500}, {"status": 503}, {"status": 401}, {"status": 429, "headers": {"Retry-After": "5400"}},
        {"status": 429}, {"kind": "html"}, {"kind": "garbage"}, {"kind": "drop"}, {"kind": "repeat"},
        {"kind": "shorten", "keep": 1}, {"kind": "shorten", "keep": 0}, {"kind": "reorder"},
    ]  # fmt: skip

    def hook(home: LinkedHome) -> Callable[[Seen], None]:
        def maybe(seen: Seen) -> None:
            if chance.random() < 0.15:
                home.garmin.faults = [Fault(seen.path, **chance.choice(kinds))]

        return maybe

    return hook


def lived(
    root: Path, days: int, trouble: Callable[[LinkedHome], Callable[[Seen], None]] | None
) -> tuple[list[Any], LinkedHome]:
    with linked_home(root, "garmin", tree=SELDOM) as home:
        if trouble is not None:
            home.garmin.hooks.append(trouble(home))
        uploads = sorted(training(3, days), key=lambda upload: upload[1])
        for day in range(days):
            until = MORNING + timedelta(days=day + 1)
            while uploads and uploads[0][1] < until:
                start, uploaded, title = uploads.pop(0)
                home.simulate(max(0.0, (uploaded - home.now) / timedelta(days=1)))
                home.garmin.add(short_run(start), title, activity_id=21_000_000_000 + int(start.timestamp()) % 10**9)
            home.simulate(max(0.0, (until - home.now) / timedelta(days=1)))
            if trouble is not None and day % 10 == 9:
                home.restart()
        home.garmin.hooks.clear()
        home.garmin.faults.clear()
        home.simulate(3)
        rows = runs.runs(home.store, "runner")
        held = [(row.run_id, row.start_utc, row.title, row.distance_m, row.sources, row.recording_ids) for row in rows]
        return held, home


@pytest.mark.timeout(900)
@pytest.mark.parametrize("days", [8, pytest.param(30, marks=pytest.mark.slow)])
def test_days_of_random_faults_end_like_days_without(tmp_path: Path, days: int) -> None:
    calm, _ = lived(tmp_path / "calm", days, None)
    rough, home = lived(tmp_path / "rough", days, faults(5))
    assert len(calm) == len(training(3, days))
    assert rough == calm
    exchanges = [seen for seen in home.garmin.log if seen.path == EXCHANGE]
    assert len(exchanges) <= 3 * days
