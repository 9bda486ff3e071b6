"""A service's new word for a sport: never dropped without a word."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.app.demo.fake_service import Answer, Seen, as_json
from sync.formats.services.garmin_json import sport_of
from sync.storage import housekeeping
from tests.linked_home import linked_home, short_run

FIELDS = {
    "garmin": ("/activitylist-service/", lambda word: {"activityType": {"typeKey": word}}),
    "strava": ("/athlete/activities", lambda word: {"sport_type": word, "type": word}),
    "intervals": ("/athlete/0/activities", lambda word: {"type": word}),
}


@pytest.mark.parametrize("name", ["garmin", "strava", "intervals"])
def test_a_word_that_nobody_knows_is_told_once_by_its_name(tmp_path: Path, name: Any) -> None:
    path, said = FIELDS[name]
    with linked_home(tmp_path / "home", name) as home:
        fake = getattr(home, name)
        known = home.now - timedelta(days=3)
        for day in (1, 2, 3):
            fake.add(short_run(home.now - timedelta(days=day)))
        answer = fake.respond

        def invent(seen: Seen) -> Answer:
            given: Answer = answer(seen)
            if path not in seen.path:
                return given
            items = json.loads(given.body)
            newest = sorted(items, key=lambda one: str(one.get("startTimeGMT") or one.get("start_date")))[-2:]
            return as_json([one | said("backyard_kubb") if one in newest else one for one in items])

        fake.respond = invent
        for _ in range(2):
            home.sync(name, by_person=True)
            home.now += timedelta(minutes=40)
        found = housekeeping.problems(home.store, "runner")
        assert home.starts() == [known]
        assert [(one.name, one.reason, one.detail) for one in found] == [
            (f"{name}: backyard_kubb", "sport_unknown", "backyard_kubb")
        ]


def test_older_answers_name_the_kind_by_a_bare_word() -> None:
    assert sport_of({"activityType": "running"}) == ("running", None)
    assert sport_of({"activityType": "trail_running"}) == ("running", "trail")
