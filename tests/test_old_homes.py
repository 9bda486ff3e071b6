"""A home, a backup and an export that an earlier springstep wrote: today's opens them and tells the same.

``before-the-rooms.tar.xz`` was written by the program as it was before its modules moved into rooms. What was typed
there carries the day 2026-11-28. What depends on today's date, on the wording of texts, or on rules of another version
is not compared; all that was stored is.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from rules.classify.judge import RULES_VERSION
from rules.facts.foot_work import Window
from rules.facts.recorded import Recording, Samples
from rules.measure.features import FEATURES_VERSION
from sync.formats.read import read
from sync.formats.unwrap import Limits
from sync.runs import compute_runs
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore, fingerprint
from sync.storage import issued, runs, typed
from sync.storage.database import Store
from sync.storage.footwork import FootworkRepository
from sync.storage.serialize.labels import facets_to_facts, labels_of
from sync.storage.serialize.prescriptions import (
    dose_change_of,
    dose_change_to_facts,
    prescription_of,
    prescription_to_facts,
)
from tests.shell import Shell

PACKED = Path(__file__).parent / "cases" / "homes" / "before-the-rooms.tar.xz"
ADA = parse('[athlete]\nid = "ada"\nname = "Ada"\ntime_zone = "Europe/Berlin"\n').first
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)

TYPED = ("diary", "sessions", "flags", "self-checks")
"""Exports of which every column was typed or fixed when it was issued: compared whole."""
RUN_COLUMNS = (
    "id", "start_utc", "start_local", "offset_assumed", "day", "title", "source_files", "sources", "distance_m",
    "duration_s", "moving_s", "ascent_m", "mean_heart_rate_bpm", "corrected", "partial", "sport_inferred", "removed",
)  # fmt: skip
"""What was recorded and what the runner said of it."""
JUDGED_COLUMNS = ("primary", "intensity", "long", "hills", "surface", "surface_shares", "confidence")
"""What the rules concluded: compared while measuring and classifying are of the version that wrote the home."""
ISSUED_COLUMNS = ("prescription_id", "day", "window", "minutes", "kind", "run_id")
DRILL_COLUMNS = ("drill", "seconds", "sets", "reps", "hold_s", "per_side", "equipment", "facts")
"""A drill's name and how it is done are today's texts; its dose stays as it was issued."""
MADE_WITH = {"rules": "classify-6", "features": 4}


@dataclass(frozen=True, slots=True)
class OldHome:
    """A copy of its own for each test, beside the export and the backup."""

    shell: Shell
    exported: Path
    backup: Path

    @property
    def path(self) -> Path:
        return self.shell.home.root

    @property
    def database(self) -> Path:
        return self.shell.home.database


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(PACKED) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture
def old(unpacked: Path, tmp_path: Path) -> OldHome:
    home = tmp_path / "home"
    shutil.copytree(unpacked / "home", home)
    home.chmod(0o700)
    return OldHome(Shell(home, fresh=True), unpacked / "export", unpacked / "backup.zip")


@pytest.fixture
def store(old: OldHome) -> Iterator[Store]:
    with Store.open(old.database) as opened:
        yield opened


def export(shell: Shell, to: Path) -> Path:
    said = shell("export", to)
    assert said.code == 0, said
    return to


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    found = json.loads((folder / f"{name}.json").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def stored_facts(folder: Path) -> dict[str, Any]:
    """Of an export all that does not depend on today's date, texts or rules."""
    columns = RUN_COLUMNS + (JUDGED_COLUMNS if same_rules() else ())
    return {
        **{name: table(folder, name) for name in TYPED},
        "runs": [{name: run[name] for name in columns} for run in table(folder, "runs")],
    }


def same_rules() -> bool:
    return {"rules": RULES_VERSION, "features": FEATURES_VERSION} == MADE_WITH


def prescriptions_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Prescriptions by id; those of a day ahead come into an export only when that day has come."""
    return {
        one["prescription_id"]: {
            **{name: one[name] for name in ISSUED_COLUMNS},
            "drills": [{name: drill[name] for name in DRILL_COLUMNS} for drill in one["drills"]],
        }
        for one in table(folder, "prescriptions")
    }


def assert_same_export(folder: Path, packed: Path) -> None:
    assert stored_facts(folder) == stored_facts(packed)
    now, before = prescriptions_of(folder), prescriptions_of(packed)
    assert {name: now.get(name) for name in before} == before


def test_the_packed_export_is_one() -> None:
    """So that a comparison with it says something."""
    with tarfile.open(PACKED) as packed:
        names = {name for name in packed.getnames() if name.startswith("export/")}
    assert {f"export/{name}.json" for name in (*TYPED, "runs", "prescriptions")} <= names


def test_an_old_home_exports_what_it_did(old: OldHome, tmp_path: Path) -> None:
    assert_same_export(export(old.shell, tmp_path / "out"), old.exported)


def test_an_old_backup_restores_into_a_new_home(old: OldHome, tmp_path: Path) -> None:
    shell = Shell(tmp_path / "new", fresh=True)
    shell.home.root.mkdir(mode=0o700)
    said = shell("restore", old.backup)
    assert said.code == 0, said
    assert_same_export(export(shell, tmp_path / "out"), old.exported)


def test_a_rebuild_of_an_old_home_keeps_its_runs(old: OldHome, tmp_path: Path) -> None:
    said = old.shell("rebuild")
    assert said.code == 0, said
    assert_same_export(export(old.shell, tmp_path / "out"), old.exported)


def test_files_that_an_old_home_has_are_known(old: OldHome, tmp_path: Path) -> None:
    """By their contents, wherever they lie now."""
    originals = [path for path in (old.path / "originals").rglob("*") if path.is_file()]
    (tmp_path / "in").mkdir()
    for number, path in enumerate(originals):
        shutil.copy(path, tmp_path / "in" / f"again{number}.fit")
    said = old.shell("import", tmp_path / "in")
    assert (said.code, said.out.splitlines()[0]) == (
        0,
        "Files: 6 found = 0 imported + 6 duplicate + 0 ignored + 0 with a problem",
    )


def test_how_sources_stood_is_still_told(old: OldHome) -> None:
    """Their sentences were stored as they were rendered."""
    linked = {"garmin": {"linked_utc": "2026-11-01T08:00:00"}, "intervals": {"api_key": "made-up"}}
    for name, credential in linked.items():
        CredentialStore(old.shell.home.secrets).put("ada", name, credential)
    link_again(old.database, fingerprint(linked["garmin"]))
    lines = {line["source"]: line for line in old.shell("status", "--json").json["sources"]}
    assert {name: lines["garmin"][name] for name in ("state", "says", "do_now")} == {
        "state": "act",
        "says": "Garmin refused the access: it has run out.",
        "do_now": "Link it again: springstep link garmin",
    }
    assert (lines["intervals"]["state"], lines["intervals"]["do_now"]) == ("waiting", None)
    assert "intervals.icu did not answer." in lines["intervals"]["says"]


def link_again(database: Path, credential: str) -> None:
    """Secrets are in no backup, so the stored health is told which link it speaks of; its sentences stay."""
    with duckdb.connect(str(database)) as held:
        held.execute(
            "update source_state set value = json_merge_patch(value, json_object('credential', ?))"
            " where source = 'garmin' and key = 'health'",
            [credential],
        )


# --- every stored value as the rules' own ---------------------------------------------------------


def test_recordings_are_read_as_their_originals_are(old: OldHome, store: Store) -> None:
    """Each run of this home has one copy, and nothing that was stored of it is lost or changed."""
    again = {}
    for path in (old.path / "originals").rglob("*"):
        if path.is_file():
            [member] = read(path.read_bytes(), "original.fit", Limits())
            [recording] = member.recordings
            again[recording.start_utc] = recording
    rows = runs.runs(store, "ada")
    assert len(rows) == len(again) == 6
    for row in rows:
        assert differences(compute_runs.recording_of(store, ADA, row.run_id), again[row.start_utc]) == []


def differences(one: Recording, other: Recording) -> list[str]:
    """Names of the fields that differ, of the samples as well."""
    assert one.samples is not None
    assert other.samples is not None
    plain = [
        field.name
        for field in dataclasses.fields(Recording)
        if field.name != "samples" and getattr(one, field.name) != getattr(other, field.name)
    ]
    return plain + [
        f"samples.{field.name}"
        for field in dataclasses.fields(Samples)
        if not same_column(getattr(one.samples, field.name), getattr(other.samples, field.name))
    ]


def same_column(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=True))


def test_labels_prescriptions_and_dose_changes_say_what_their_rows_do(store: Store) -> None:
    """Strictly: what is read from a row, written again, is the row."""
    rows = runs.runs(store, "ada")
    labels = [labels_of(row) for row in rows]
    assert [found and plain(facets_to_facts(found)) for found in labels] == [plain(row.facets) for row in rows]
    given = issued.prescriptions(store, "ada")
    assert len(given) == 2
    for one in given:
        assert columns(one, prescription_to_facts(prescription_of(one, "ada"))) == []
    assert {prescription_of(one, "ada").window for one in given} == {Window.BASE, Window.BEFORE}
    changes = issued.dose_changes(store, "ada")
    assert len(changes) == 1
    for change in changes:
        assert columns(change, dose_change_to_facts(dose_change_of(change))) == []


def columns(row: Any, written: Mapping[str, Any]) -> Sequence[str]:
    """Names of the columns that would be written differently."""
    return [name for name, value in written.items() if plain(getattr(row, name)) != plain(value)]


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value, sort_keys=True, default=str))


def test_the_rules_own_values_of_the_feet(store: Store) -> None:
    feet = FootworkRepository(store, "ada")
    assert [(one.what, one.score, one.place, one.side, one.note) for one in feet.diary()] == [
        ("stiffness", 4, "ball", "left", "after the stairs"),
        ("soreness", 2, None, None, None),
    ]
    assert [(one.state, one.reason) for one in typed.sessions(store, "ada")] == [("skipped", "time")]
    assert [(one.kind, one.probability) for one in typed.planned(store, "ada", first_day=FIRST, last_day=LAST)] == [
        ("tempo", 1.0)
    ]
    assert sorted((one.kind or "", one.confirmed) for one in typed.corrections(store, "ada")) == [
        ("", True),
        ("tempo", False),
    ]
    assert [one.name for one in typed.commands(store, "ada")] == [
        "log", "log", "plan", "pause", "resume", "label", "label", "done",
    ]  # fmt: skip
