"""A short life in the real program: a daemon in a process of its own, the machine's clock, typed commands only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.lives_day import Run
from bench.lives_engine import recording
from sync.app.demo.fit_writer import write
from tests.shell import Shell, stop, until

SCREEN = "diabetes_or_numb=no,fracture_or_surgery=no,under_18=no"
GENTLE = {"slow-toe-flexion", "ankle-rock", "fascia-stretch", "fascia-stretch-standing", "calf-stretch"}
CONFIG = '[athlete]\nid = "runner"\nname = "Runner"\ntime_zone = "{zone}"\n'


def _zone(now_utc: datetime) -> str:
    """Where it is about noon now: a day of the runner's must not end while the test runs."""
    hours = 12 - now_utc.hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def _long_run(folder: Path, now_utc: datetime) -> Path:
    """Two hours, over twenty minutes ago."""
    start_utc = (now_utc - timedelta(minutes=140)).replace(microsecond=0, tzinfo=None)
    run = Run("long", start_utc.date(), start_utc, 120.0, 20.0, "long", 12 - now_utc.hour, start_utc)
    path = folder / "long.fit"
    path.write_bytes(write(recording(run)))
    return path


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_day_and_a_half_of_typed_commands(home: Path, tmp_path: Path) -> None:
    now_utc = datetime.now(UTC)
    (home / "config.toml").write_text(CONFIG.format(zone=_zone(now_utc)))
    shell = Shell(home, fresh=True)

    def today() -> dict[str, Any]:
        found: dict[str, Any] = shell("today", "--json").json
        return found

    with shell.daemon() as daemon:
        before = today()
        assert before["work"], before["says"]
        assert not {drill["drill"] for drill in before["work"][0]["drills"]} & {"towel-curl", "texture-walk"}
        assert shell("answer", "self_check", SCREEN).code == 0
        assert shell("import", _long_run(tmp_path, now_utc)).code == 0
        assert shell("label", "last", "long").code == 0
        reset = today()["work"][-1]
        assert (reset["window"], reset["kind"], reset["counts"]) == ("after", "long", False)
        assert sum(drill["seconds"] for drill in reset["drills"] if drill["drill"] in GENTLE) >= 180
        assert shell("done", reset["prescription_id"]).code == 0
        assert shell("plan", "tempo", "+2", "--at", "18:00").code == 0
        week = today()["week"]
        assert [run["kind"] for run in week[2]["runs"]] == ["tempo"]
        # The morning after stands for tomorrow, by name.
        assert [work["window"] for work in today()["ahead"]] == ["morning"]
        daemon.kill()
        daemon.wait()
    said = shell("log", "stiffness", "4", "--where", "toes", "--json").json
    assert said["waiting"] or said["stored"]
    with shell.daemon() as daemon:
        until(lambda: shell.client().status().outbox_waiting == 0)
        assert today()["last_entry"]["score"] == 4
        assert shell("done", "--skip", "pain", "--json").code == 0
        assert any(card["card_id"].startswith("pain:") for card in today()["cards"])
        assert shell("answer", "pain", "toes=4").code == 0
        assert stop(daemon) == 0
