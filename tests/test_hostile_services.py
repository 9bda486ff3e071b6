"""Whatever one activity holds, at whatever service: the others come in, and no run calls it a mistake of ours."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.linked_home import linked_home, short_run

SEED = 20261128
LISTS = ("search/activities", "/athlete/activities", "/0/activities")
TOLD = (
    "startTimeGMT", "startTimeLocal", "beginTimestamp", "activityType", "activityTypeDTO", "summaryDTO", "duration",
    "elapsedDuration", "distance", "activityName", "start_date", "start_date_local", "sport_type", "type", "name",
    "elapsed_time", "moving_time", "utc_offset", "workout_type", "time", "heartrate", "data", "file_type", "source",
)  # fmt: skip
"""The names by which a run is made: one of them is always spoiled."""
IDS = {"garmin": "activityId", "strava": "id", "intervals": "id"}


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _ in range(levels):
        value = [value]
    return value


HOSTILE: tuple[Any, ...] = (
    None, True, "", "n/a", "\ud83c", "\x00", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-12:00", -1, 0, 1e308,
    10**400, float("nan"), float("inf"), -(2**63), [], {}, [None], {"": None}, nested(300), nested(900),
    {"typeKey": ["running"]}, "9" * 5000,
)  # fmt: skip


@pytest.fixture(autouse=True)
def plain_log() -> Any:
    """As the daemon logs: drawing every local value of a traceback would take minutes."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


def spoiled(value: Any, rng: random.Random, left_alone: str) -> Any:
    """The same JSON with up to three of its values replaced, at any depth; its id stays."""
    if not isinstance(value, dict) or not value:
        return rng.choice(HOSTILE)
    names = [name for name in value if name != left_alone]
    made = dict(value)
    told = [name for name in names if name in TOLD]
    chosen = rng.sample(told, min(len(told), 1)) + rng.sample(names, min(len(names), rng.randint(1, 3)))
    for name in dict.fromkeys(chosen):
        inner = made[name]
        deeper = isinstance(inner, dict) and inner and rng.random() < 0.7
        if isinstance(inner, list) and inner and rng.random() < 0.7:
            at = rng.randrange(len(inner))
            made[name] = [*inner[:at], rng.choice(HOSTILE), *inner[at + 1 :]]
        else:
            made[name] = spoiled(inner, rng, left_alone) if deeper else rng.choice(HOSTILE)
    return made


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_one_hostile_activity_stops_no_other(tmp_path: Path, name: Any) -> None:
    print(f"seed {SEED}")
    key = IDS[name]
    with linked_home(tmp_path / "home", name, tree={"strava": {"keep_days": 365}}) as home:
        fake = getattr(home, name)
        home.sync(name)
        odd: list[str] = []

        def spoil(seen: Any, value: Any) -> Any:
            if seen.path.endswith(LISTS):
                return [
                    spoiled(item, random.Random(f"{SEED} {item.get(key)}"), key) if str(item.get(key)) in odd else item
                    for item in value
                ]
            ours = any(one in seen.path for one in odd)
            return spoiled(value, random.Random(f"{SEED} {seen.path}"), key) if ours else value

        fake.edits.append(spoil)
        for round_ in range(6):
            odd.append(str(fake.add(short_run(home.now - timedelta(hours=2)), f"odd {round_}")))
            good = home.now - timedelta(hours=1)
            fake.add(short_run(good), f"good {round_}")
            passed = home.sync(name, by_person=True)
            assert (passed.result, passed.error) == ("ok", None), f"round {round_}, activity {odd[-1]}"
            assert good in home.starts(), f"round {round_}, activity {odd[-1]}"
            home.now += timedelta(hours=5)


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_an_item_900_levels_deep_costs_no_other_of_its_list(tmp_path: Path, name: Any) -> None:
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        starts = [home.now - timedelta(days=day) for day in (1, 2, 3)]
        ids = [str(fake.add(short_run(start))) for start in starts]

        def deepen(seen: Any, value: Any) -> Any:
            if not seen.path.endswith(LISTS):
                return value
            return [{**one, "odd": nested(900)} if str(one.get(IDS[name])) == ids[1] else one for one in value]

        fake.edits.append(deepen)
        passed = home.sync(name)
        assert passed.result == "ok"
        assert {starts[0], starts[2]} <= set(home.starts())
