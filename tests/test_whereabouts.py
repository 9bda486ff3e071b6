"""The day is the runner's own, where the runner is: away from home the latest run's clock says it, for 48 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sync.app.demo.fit_writer import write
from sync.wire.commands import LogScore, PlanRun
from tests.factories_engine import Shop
from tests.factories_runs import bare_run

DAY = datetime(2026, 3, 20)


def away(root: Path, start_utc: datetime, hours: float) -> Shop:
    """A runner of Berlin whose latest run showed a clock so many hours ahead of UTC."""
    shop = Shop(root / "home", now=start_utc + timedelta(hours=1))
    run = bare_run(
        start_utc=start_utc, elapsed_s=2400.0, timer_s=2400.0, distance_m=8000.0, utc_offset_s=int(3600 * hours)
    )
    file = root / "run.fit"
    file.write_bytes(write(run))
    shop.take_in(file)
    return shop


@pytest.mark.parametrize(
    ("hours_ahead", "now", "day"),
    [
        pytest.param(-8, DAY + timedelta(hours=27), 20, id="west: the evening is still the run's day"),
        pytest.param(-8, DAY + timedelta(hours=33), 21, id="west: the next morning"),
        pytest.param(9, DAY + timedelta(hours=15.5), 21, id="east: past midnight before home"),
        pytest.param(1, DAY + timedelta(hours=23.5), 21, id="home"),
        pytest.param(-8, DAY + timedelta(hours=15 + 49 + 8), 23, id="two days after the run it is home's day again"),
    ],
)
def test_today_is_the_day_where_the_runner_is(hours_ahead: int, now: datetime, day: int, tmp_path: Path) -> None:
    shop = away(tmp_path, DAY + timedelta(hours=15 if hours_ahead < 1 else 1), hours_ahead)
    shop.now = now
    assert shop.ask("today")["day"] == f"2026-03-{day}"


def test_what_is_logged_and_planned_away_lies_on_that_clock(tmp_path: Path) -> None:
    shop = away(tmp_path, DAY + timedelta(hours=15), -8)
    shop.now = DAY + timedelta(hours=28)
    said = LogScore(typed_utc=shop.now, what="stiffness", score=3, at_utc=shop.now)
    assert shop.perform(said).says == "Saved for Fri 20 Mar 2026: stiffness 3."
    shop.perform(PlanRun(typed_utc=shop.now, day=DAY.date(), kind="tempo", start_local="21:00"))
    [planned] = [one for one in shop.ask("plan")["planned"] if one["day"] == "2026-03-20"]
    assert planned["start_local"] == "21:00"


def test_two_equal_runs_eleven_hours_apart_in_two_zones_are_two_runs_without_a_question(tmp_path: Path) -> None:
    shop = away(tmp_path, DAY - timedelta(hours=5), 12)
    second = bare_run(
        start_utc=DAY + timedelta(hours=6), elapsed_s=2400.0, timer_s=2400.0, distance_m=8000.0, utc_offset_s=3600
    )
    file = tmp_path / "second.fit"
    file.write_bytes(write(second))
    shop.now = DAY + timedelta(hours=8)
    shop.take_in(file)
    assert len(shop.runs()) == 2
    assert [one for one in shop.ask("today")["cards"] if one["kind"] == "same-run"] == []
