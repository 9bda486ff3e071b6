"""The set-up card: what counts as done, what is kept when it is half done, and when it goes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sync.service.client import Client
from sync.wire.commands import Assess, SetPreference
from tests.shell import Shell, until, write_runs

pytestmark = pytest.mark.timeout(180)


def steps(client: Client) -> dict[str, bool] | None:
    view = client.today().set_up
    return None if view is None else {step.name: step.done or step.skipped for step in view.steps}


def prefer(client: Client, key: str, value: Any) -> str:
    receipt = client.send(SetPreference(typed_utc=datetime(2026, 3, 20, 8), key=key, value=value))
    assert receipt.stored
    return receipt.says


def test_the_card_counts_what_was_told_and_outlives_the_first_file(home: Path) -> None:
    (home / "config.toml").write_text("[inbox]\nscan_seconds = 1\nsettle_seconds = 0\n")
    shell = Shell(home)
    with shell.daemon():
        client = shell.client()
        nothing = dict.fromkeys(("runs", "safety", "self_check", "days", "equipment"), False)
        assert steps(client) == nothing
        assert client.today().set_up is not None

        # Half an answer is kept and is no whole one; a yes brings its advice.
        says = prefer(client, "screen", {"diabetes_or_numb": True})
        assert len(says) > 60
        view = client.today().set_up
        assert view is not None
        assert (steps(client), view.preferences["screen"]) == (nothing, {"diabetes_or_numb": True})
        prefer(client, "screen", {"diabetes_or_numb": True, "fracture_or_surgery": False, "under_18": False})
        prefer(client, "anchors", ["coffee"])
        write_runs(home / "inbox" / "runner", 1)
        until(lambda: (steps(client) or {}).get("runs"), 60)
        assert steps(client) == nothing | {"runs": True, "safety": True, "days": True}

        prefer(client, "set_up_skipped", ["equipment"])
        assert steps(client) == dict.fromkeys(nothing, True) | {"self_check": False}
        client.send(Assess(typed_utc=datetime(2026, 3, 20, 8), day=date(2026, 3, 20), left={"range_0_10": 5}))
        assert steps(client) is None


def test_a_dismissed_card_stays_away(home: Path) -> None:
    shell = Shell(home)
    with shell.daemon():
        prefer(shell.client(), "set_up_hidden", True)
        assert steps(shell.client()) is None
