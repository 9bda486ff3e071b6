"""Where an activity happened tells its zone; what was stored before moves only when the runner says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from rules.facts.recorded import LapTrigger, Recording
from rules.text import load_language
from sync.app.demo.fit_writer import write
from sync.formats.where import offset_in, zone_at, zone_of_track
from sync.runs import compute_runs
from sync.runs.zones import KnownZone, nearest_zone
from sync.service.queries.context import QueryContext
from sync.service.queries.zone_card import zone_cards
from sync.storage import housekeeping, issued, recording_zones, recordings, typed
from sync.wire.commands import AnswerCard, LogScore
from sync.wire.footwork import Card
from tests.factories_engine import NOW, Shop
from tests.factories_runs import bare_run, run, samples
from tests.factories_xml import gpx, tcx
from tests.shell import Shell

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = (40.78, -73.97)
HELGOLAND = (54.18, 7.89)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (NEW_YORK, "America/New_York"),
        ((-33.9, 18.4), "Africa/Johannesburg"),
        ((27.7, 85.3), "Asia/Kathmandu"),
        (HELGOLAND, "Europe/Berlin"),
        ((2.0, -30.0), None),  # The high seas.
        ((91.0, 8.0), None),
        ((float("nan"), 8.0), None),
        ((None, None), None),
    ],
)
def test_a_place_has_a_zone(place: tuple[float | None, float | None], zone: str | None) -> None:
    assert zone_at(*place) == zone


def test_the_first_known_place_of_a_track_counts() -> None:
    latitude, longitude = np.full(600, NEW_YORK[0]), np.full(600, NEW_YORK[1])
    latitude[:30] = longitude[:30] = np.nan
    assert zone_of_track(samples(latitude_deg=latitude, longitude_deg=longitude)) == "America/New_York"
    assert (zone_of_track(None), zone_of_track(bare_run().samples)) == (None, None)


def test_a_zone_knows_its_summer() -> None:
    assert [offset_in("America/New_York", datetime(2026, month, 1)) for month in (1, 7)] == [-18000, -14400]
    assert offset_in("Nowhere/At_All", datetime(2026, 1, 1)) is None


AT = datetime(2026, 3, 14, 12)


@pytest.mark.parametrize(
    ("why", "known", "expected"),
    [
        ("nobody knows", [], None),
        ("too far away in time", [KnownZone(AT - timedelta(days=20), -18000)], None),
        (
            "the nearer one",
            [KnownZone(AT - timedelta(days=2), 3600), KnownZone(AT + timedelta(days=1), -14400)],
            -14400,
        ),
        ("at the same moment", [KnownZone(AT, -14400)], -14400),
        ("its zone as it is today", [KnownZone(AT - timedelta(days=8), -18000, "America/New_York")], -14400),
        ("home before the clocks changed", [KnownZone(datetime(2026, 3, 30), 7200)], None),
        ("home, as it is today", [KnownZone(AT + timedelta(days=14), 3600)], 3600),
    ],
)
def test_the_nearest_in_time_tells(why: str, known: list[KnownZone], expected: int | None) -> None:
    found = nearest_zone(known, AT, BERLIN)
    assert (None if found is None else found.offset_s) == expected, why


def test_home_over_a_change_of_the_clocks() -> None:
    """29 March 2026: an hour is lost in Berlin."""
    summer = [KnownZone(datetime(2026, 3, 30, 6), 7200)]
    assert nearest_zone(summer, datetime(2026, 3, 28, 6), BERLIN) == KnownZone(datetime(2026, 3, 28, 6), 3600)


def there(start_utc: datetime, place: tuple[float, float] | None = NEW_YORK, **changes: Any) -> Recording:
    """Ten minutes at a place; without one, on a treadmill."""
    latitude, longitude = place or (np.nan, np.nan)
    moved = samples(latitude_deg=latitude + np.arange(600) * 2.7e-5, longitude_deg=np.full(600, longitude))
    made = run(start_utc=start_utc, utc_offset_s=None, samples=moved, sub_sport=None, title=None, **changes)
    laps = tuple(
        replace(one, start_utc=start_utc + timedelta(seconds=300 * n), trigger=LapTrigger.MANUAL)
        for n, one in enumerate(made.laps)
    )
    return replace(made, laps=laps, file_id=None)


EVENING = datetime(2026, 3, 18, 2, 30)
"""In New York still the 17th, 22:30; in Berlin the 18th, 03:30."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def take(shop: Shop, name: str, content: bytes) -> None:
    path = shop.root / name
    path.write_bytes(content)
    shop.take_in(path)


def asked(shop: Shop) -> list[Card]:
    asking = QueryContext(shop.store, shop.config, shop.home, shop.athlete, shop.now)
    return zone_cards(asking, load_language("en"))


def told(shop: Shop) -> list[tuple[str, str, bool]]:
    return [(one["day"], one["start_local"][11:16], one["offset_assumed"]) for one in shop.runs()]


@pytest.mark.parametrize(("name", "write_as"), [("run.tcx", tcx), ("run.gpx", gpx), ("run.fit", write)])
def test_a_new_run_has_the_clock_of_its_place(shop: Shop, name: str, write_as: Any) -> None:
    take(shop, name, write_as(there(EVENING)))
    assert told(shop) == [("2026-03-17", "22:30", False)]
    assert asked(shop) == []


def test_a_treadmill_has_the_clock_of_the_runs_around_it_whatever_came_first(shop: Shop) -> None:
    folder = shop.root / "all"
    folder.mkdir()
    (folder / "a.tcx").write_bytes(tcx(there(EVENING, None)))
    (folder / "b.gpx").write_bytes(gpx(there(EVENING - timedelta(days=1))))
    (folder / "c.gpx").write_bytes(gpx(there(EVENING + timedelta(days=3), HELGOLAND)))
    shop.take_in(folder)
    assert told(shop) == [
        ("2026-03-16", "22:30", False),
        ("2026-03-17", "22:30", True),
        ("2026-03-21", "03:30", True),
    ]
    before = shop.runs_json()
    shop.engine.rebuild()
    assert shop.runs_json() == before


def test_alone_it_is_at_home(shop: Shop) -> None:
    take(shop, "run.tcx", tcx(there(EVENING, None)))
    assert told(shop) == [("2026-03-18", "03:30", True)]


def as_before(shop: Shop) -> None:
    """The store as it was written before places were known."""
    with shop.store.transaction():
        for row in recording_zones.zoned(shop.store, shop.athlete.id):
            recording_zones.set_zone(shop.store, shop.athlete.id, row.recording_id, None, None, None)
            own = [f"local:{(row.start_utc + timedelta(seconds=row.utc_offset_s or 0)).isoformat()}"]
            recordings.delete_refs_of_source(shop.store, shop.athlete.id, row.source, own[0])
        housekeeping.delete_source_state(shop.store, shop.athlete.id, "zones", "looked")
        compute_runs.recompute(shop.store, shop.athlete, [one["id"] for one in shop.runs()])
    shop.engine.refresh()


def stored_before(shop: Shop) -> Card:
    for number in range(3):
        take(shop, f"{number}.gpx", gpx(there(EVENING - timedelta(days=number))))
    take(shop, "home.gpx", gpx(there(EVENING - timedelta(days=9), HELGOLAND)))
    shop.perform(LogScore(typed_utc=NOW, at_utc=NOW, what="stiffness", score=4))
    as_before(shop)
    assert [hour for _, hour, _ in told(shop)] == ["03:30"] * 4
    [card] = asked(shop)
    assert card.says == (
        "3 runs were in another time zone, the latest on Tue 17 Mar 2026 (New York). "
        "Change their times and days to match?"
    )
    return card


def kept(shop: Shop) -> dict[str, Any]:
    """What must not move with a zone."""
    who = shop.athlete.id
    return {
        "ids": [one["id"] for one in shop.runs()],
        "issued": [(row.prescription_id, row.day) for row in issued.prescriptions(shop.store, who)],
        "sessions": [(row.session_id, row.day) for row in typed.sessions(shop.store, who)],
        "diary": [(row.entry_id, row.day) for row in typed.diary(shop.store, who)],
    }


def test_stored_runs_move_when_the_runner_says_yes_and_nothing_else_does(shop: Shop) -> None:
    card = stored_before(shop)
    before = kept(shop)
    shop.engine.refresh()
    assert [hour for _, hour, _ in told(shop)] == ["03:30"] * 4
    said = shop.perform(AnswerCard(typed_utc=NOW, card_id=card.card_id, answer="yes"))
    assert said.says == "Corrected: 3. Your foot work and log stay on their days."
    assert told(shop)[1:] == [(f"2026-03-{day}", "22:30", False) for day in (15, 16, 17)]
    after = kept(shop)
    assert {**after, "issued": after["issued"][: len(before["issued"])]} == before
    assert asked(shop) == []


def test_a_no_lasts_over_a_rebuild(shop: Shop) -> None:
    card = stored_before(shop)
    before = told(shop)
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card.card_id, answer="no"))
    shop.engine.rebuild()
    assert [hour for _, hour, _ in told(shop)] == [hour for _, hour, _ in before]
    assert asked(shop) == []


def test_a_rebuild_is_an_answer_too(shop: Shop) -> None:
    stored_before(shop)
    shop.engine.rebuild()
    assert [hour for _, hour, _ in told(shop)] == ["03:30", "22:30", "22:30", "22:30"]
    assert asked(shop) == []


def test_the_real_program_asks_the_place(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    (home / "config.toml").write_text('[athlete]\nid = "ada"\nname = "Ada"\ntime_zone = "Europe/Berlin"\n')
    file = tmp_path / "away.gpx"
    file.write_bytes(gpx(there(EVENING)))
    assert shell("import", file).code == 0
    [found] = shell("runs", "--json").json
    assert (found["day"], found["start_local"]) == (str(date(2026, 3, 17)), "2026-03-17T22:30:00")
