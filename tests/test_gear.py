"""Shoes: whose word counts, when the limits of minimalist shoes begin, and where names and runs come from."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from sync.service import footwork_state
from sync.settings.config import ConfigMistakes, Shoe, parse
from sync.storage import housekeeping
from sync.wire.commands import SetPreference
from tests.factories_archives import drop, garmin_activity, garmin_export, outing, packed, strava, strava_row
from tests.factories_engine import NOW, Shop

ADA = '[athlete]\nid="ada"\nname="Ada"\ntime_zone="Europe/Berlin"\n[shoes]\n'


def shop(root: Path, shoes: str = "") -> Shop:
    return Shop(root, config=parse(ADA + shoes))


def ran_in(shop: Shop, *shoes: str, folder: Path) -> None:
    """One run a day."""
    rows = [strava_row(4711000 + number, outing(number), gear=shoe) for number, shoe in enumerate(shoes, start=1)]
    shop.take_in(drop(folder, {"activities.csv": strava(*rows)}))


def seen(shop: Shop) -> list[tuple[str | None, bool]]:
    state = footwork_state.load_state(shop.store, shop.athlete, shop.config, shop.now)
    return [(run.shoe, run.minimalist) for run in state.runs]


def settled(shop: Shop) -> tuple[str, date | None]:
    settings = footwork_state.load_state(shop.store, shop.athlete, shop.config, shop.now).settings
    return settings.shoes, settings.shoes_since


def test_a_shoe_is_a_standard_one_until_the_config_says_otherwise(tmp_path: Path) -> None:
    unsaid = shop(tmp_path / "a")
    ran_in(unsaid, "Old Shoes", "Thin Ones", folder=tmp_path / "in-a")
    assert (seen(unsaid), settled(unsaid)) == ([("Old Shoes", False), ("Thin Ones", False)], ("usual", None))
    said = shop(tmp_path / "b", '"thin ones" = "minimalist"\n')
    ran_in(said, "Old Shoes", "Thin Ones", folder=tmp_path / "in-b")
    second_day = footwork_state.load_state(said.store, said.athlete, said.config, said.now).runs[1].day
    assert (seen(said), settled(said)) == (
        [("Old Shoes", False), ("Thin Ones", True)],
        ("minimalist", second_day),
    )


def test_the_limits_end_when_the_shoes_were_not_worn_for_four_weeks(tmp_path: Path) -> None:
    ada = shop(tmp_path / "home", '"Thin Ones" = "transition"\n')
    ran_in(ada, "Thin Ones", folder=tmp_path / "in")
    assert settled(ada)[0] == "transition"
    ada.later(days=60)
    assert settled(ada) == ("usual", None)


def test_the_config_s_day_counts_where_no_source_names_shoes(tmp_path: Path) -> None:
    """The Personal API: runs without gear."""
    ada = shop(tmp_path / "home", '"Thin Ones" = { kind = "minimalist", since = 2026-03-02 }\n')
    ran_in(ada, "", "", folder=tmp_path / "in")
    assert settled(ada) == ("minimalist", date(2026, 3, 2))
    runs = footwork_state.load_state(ada.store, ada.athlete, ada.config, ada.now).runs
    assert [minimalist for _, minimalist in seen(ada)] == [run.day >= date(2026, 3, 2) for run in runs]


def test_what_the_runner_typed_comes_before_the_config(tmp_path: Path) -> None:
    ada = shop(tmp_path / "home", '"Thin Ones" = "minimalist"\n')
    ran_in(ada, "Thin Ones", "Old Shoes", folder=tmp_path / "in")
    for number, (key, value) in enumerate({"shoes": "usual", "shoes_since": None}.items()):
        ada.perform(SetPreference(command_id=f"typed-{number}", typed_utc=NOW, key=key, value=value))
    assert settled(ada)[0] == "usual"
    assert seen(ada) == [("Thin Ones", True), ("Old Shoes", False)]


def test_an_export_s_shoes_are_kept_with_their_kinds(tmp_path: Path) -> None:
    ada = shop(tmp_path / "home", '"Thin Ones" = "minimalist"\n')
    rows = [
        strava_row(4711001, outing(1), gear="Thin Ones"),
        strava_row(4711002, outing(2), gear="Old Shoes"),
        strava_row(4711003, outing(3), gear="Red Bike", type="Ride"),
    ]
    ada.take_in(drop(tmp_path / "in", {"activities.csv": strava(*rows)}))
    kept = [(row.source, row.name, row.kind) for row in housekeeping.gear(ada.store, "ada")]
    assert kept == [("strava-export", "Old Shoes", None), ("strava-export", "Thin Ones", "minimalist")]


GEAR = [{
    "gearDTOS": [
        {"gearPk": 7, "displayName": "Thin Ones", "gearTypeName": "Shoes", "dateBegin": "2026-01-05T00:00:00.0"},
        {"gearPk": 8, "displayName": None, "customMakeModel": "Old Shoes", "gearTypeName": "Shoes",
         "gearStatusName": "retired"},
        {"gearPk": 9, "displayName": "Red Bike", "gearTypeName": "Bike"},
        {"gearPk": 10},
    ],
    "gearActivityDTOs": {"7": [{"activityId": 17000000002}], "8": [{"activityId": 17000000001}], "9": None},
}]  # fmt: skip


@pytest.mark.parametrize("gear_first", [False, True])
def test_garmin_s_export_tells_which_shoe_was_worn(gear_first: bool, tmp_path: Path) -> None:
    ada = shop(tmp_path / "home", '"Thin Ones" = "minimalist"\n')
    runs = garmin_export(garmin_activity(17000000001, outing()), garmin_activity(17000000002, outing(1)))
    files = {"x_summarizedActivities.json": runs, "x_gear.json": json.dumps(GEAR).encode()}
    archive = packed(dict(reversed(files.items())) if gear_first else files)
    first = ada.take_in(drop(tmp_path / "in", {"garmin.zip": archive}))
    again = ada.take_in(drop(tmp_path / "moved", {"garmin.zip": archive}))
    assert ((first.read, first.runs), (again.read, again.duplicate)) == ((2, 2), (0, 2))
    assert seen(ada) == [("Old Shoes", False), ("Thin Ones", True)]
    assert settled(ada) == ("minimalist", date(2026, 1, 5))


def test_shoes_in_the_config() -> None:
    config = parse(ADA + '"A" = "transition"\n"B" = { kind = "minimalist", since = 2026-01-05 }\n')
    assert config.shoes == {
        "A": Shoe(kind="transition"),
        "B": Shoe(kind="minimalist", since=date(2026, 1, 5)),
    }
    with pytest.raises(ConfigMistakes, match="shoes"):
        parse(ADA + '"A" = "barefoot"\n')
