"""What services hand over: one run however many doors it came through, each field from the copy that has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.recorded import Recording
from sync.app.demo.fit_writer import write
from sync.app.demo.garmin_shapes import detail, list_item
from sync.formats.services.fetched_activity import FetchedActivity
from sync.runs.import_service import ServiceIngestor
from sync.storage import runs
from sync.wire.commands import MergeRuns, SplitRun
from tests.factories_engine import Shop
from tests.factories_runs import START, run
from tests.fakes.strava import summary

MORNING = run(laps=(), steps=(), workout_name=None, title=None)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


@pytest.fixture
def hand(shop: Shop) -> ServiceIngestor:
    return shop.engine.sink()


def garmin(
    number: int, recording: Recording = MORNING, *, name: str = "Morning Run", file: bool = True
) -> FetchedActivity:
    item = {"list": list_item(number, recording, name), "detail": detail(number, recording, name)}
    return FetchedActivity("garmin_json", item, write(recording) if file else None, f"{number}.fit")


def strava(number: int, recording: Recording = MORNING, **said: Any) -> FetchedActivity:
    item = {**summary(number, recording, "Six by four hundred"), **said}
    return FetchedActivity("strava_json", {"summary": item, "detail": None, "streams": None})


def sources(shop: Shop) -> list[Any]:
    return [one["sources"] for one in shop.runs()]


def test_a_split_leaves_what_a_service_gave_of_one_activity_together(shop: Shop, hand: ServiceIngestor) -> None:
    """Two runs joined by mistake come apart as they were: the listing and the file of one activity are no two runs."""
    evening = replace(MORNING, start_utc=MORNING.start_utc + timedelta(hours=9), file_id=None)
    assert (hand.ingest("garmin", "11", garmin(11)), hand.ingest("garmin", "12", garmin(12, evening))) == ((), ())
    shop.engine.refresh()
    before = shop.runs()
    [late, early] = [str(one["id"]) for one in before]
    shop.perform(MergeRuns(typed_utc=shop.now, run_a=early, run_b=late))
    [joined] = shop.runs()
    said = shop.perform(SplitRun(typed_utc=shop.now, run_id=str(joined["id"])))
    assert said.says == "Split into 2 activities."
    assert shop.runs() == before


def test_the_file_and_the_summary_of_one_activity_are_one_run(shop: Shop, hand: ServiceIngestor) -> None:
    assert hand.ingest("garmin", "11", garmin(11)) == ()
    shop.engine.refresh()
    [found] = shop.runs()
    assert (found["title"], found["sources"], found["source_files"]) == ("Morning Run", ["garmin"], ["11.fit"])
    page = shop.ask("run", id=str(found["id"]))
    assert len(page["recordings"]) == 2
    lead = next(one["recording_id"] for one in page["recordings"] if one["lead"])
    assert found["id"] == lead
    stored = runs.run(shop.store, shop.athlete.id, lead)
    assert stored is not None
    assert stored.provenance["samples"] == lead
    assert stored.provenance["title"] in set(stored.recording_ids) - {lead}


def test_the_same_again_changes_nothing(shop: Shop, hand: ServiceIngestor) -> None:
    hand.ingest("garmin", "11", garmin(11))
    shop.engine.refresh()
    before = shop.runs_json()
    hand.ingest("garmin", "11", garmin(11))
    shop.engine.refresh()
    assert shop.runs_json() == before


def test_a_file_from_the_inbox_and_from_a_service_is_one_recording(
    shop: Shop, hand: ServiceIngestor, tmp_path: Path
) -> None:
    (tmp_path / "from-the-watch.fit").write_bytes(write(MORNING))
    shop.take_in(tmp_path / "from-the-watch.fit")
    [before] = shop.runs()
    hand.ingest("garmin", "11", garmin(11))
    shop.engine.refresh()
    [after] = shop.runs()
    assert after["id"] == before["id"]
    assert (after["sources"], after["source_files"]) == (["file", "garmin"], ["11.fit", "from-the-watch.fit"])


def test_an_edited_title_replaces_the_old_one_and_its_payload(shop: Shop, hand: ServiceIngestor) -> None:
    hand.ingest("garmin", "11", garmin(11, file=False))
    kept = sum(path.is_file() for path in shop.home.originals.rglob("*"))
    hand.ingest("garmin", "11", garmin(11, name="Park loop", file=False))
    shop.engine.refresh()
    assert [one["title"] for one in shop.runs()] == ["Park loop"]
    assert sum(path.is_file() for path in shop.home.originals.rglob("*")) == kept


LINKS = {
    "pushed by Garmin: Garmin's own id": ("garmin_push_11", [["garmin", "strava"]]),
    "pinged by Garmin: another number": ("garmin_ping_11", [["garmin"], ["strava"]]),
}


@pytest.mark.parametrize("case", LINKS)
def test_strava_names_garmins_id_only_in_older_pushes(case: str, shop: Shop, hand: ServiceIngestor) -> None:
    external_id, expected = LINKS[case]
    elsewhen = replace(MORNING, start_utc=START + timedelta(hours=20), file_id=None)
    hand.ingest("garmin", "11", garmin(11, file=False))
    hand.ingest("strava", "987654321012", strava(987654321012, elsewhen, external_id=external_id))
    shop.engine.refresh()
    assert sources(shop) == expected


def test_what_one_source_has_no_more_stays_when_another_has_it(shop: Shop, hand: ServiceIngestor) -> None:
    hand.ingest("garmin", "11", garmin(11))
    hand.ingest("strava", "22", strava(22))
    shop.engine.refresh()
    assert sources(shop) == [["garmin", "strava"]]
    hand.delete("garmin", "11")
    shop.engine.refresh()
    assert sources(shop) == [["strava"]]
    hand.delete("strava", "22")
    shop.engine.refresh()
    assert shop.runs() == []
    assert not any(path.is_file() for path in shop.home.originals.rglob("*"))


def test_a_broken_file_is_a_problem_until_a_sound_one_comes(shop: Shop, hand: ServiceIngestor) -> None:
    broken = replace(garmin(11), original=b"")
    [problem] = hand.ingest("garmin", "11", broken)
    assert problem.name == "11.fit"
    assert [one["source"] for one in shop.ask("status")["problems"]] == ["garmin"]
    assert hand.ingest("garmin", "11", garmin(11)) == ()
    assert shop.ask("status")["problems"] == []


def test_a_rebuild_reads_services_payloads_too(shop: Shop, hand: ServiceIngestor) -> None:
    hand.ingest("garmin", "11", garmin(11))
    hand.ingest("strava", "22", strava(22))
    shop.engine.refresh()
    before = shop.runs_json()
    found = shop.engine.rebuild()
    assert (found.runs, found.joined, found.ignored) == (1, 2, 0)
    assert shop.runs_json() == before
