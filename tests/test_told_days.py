"""The runner's word for the day of a recording whose clock was refused, and the marks of what was put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.runs.told_days import on_day
from tests.factories_engine import Shop
from tests.factories_runs import bare_run, run
from tests.factories_xml import gpx

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 10)


def unset(start: datetime, **changes: object) -> bytes:
    return gpx(replace(run(start_utc=start, file_id=None, utc_offset_s=None), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "offset_s", "moved"),
    [
        (datetime(1990, 1, 1, 5, 30), None, datetime(2026, 3, 10, 5, 30)),
        (datetime(1990, 1, 1, 23, 30), None, datetime(2026, 3, 9, 23, 30)),
        (datetime(1990, 1, 1, 23, 30), -18000, datetime(2026, 3, 10, 23, 30)),
        (datetime(2026, 3, 10, 5, 30), None, datetime(2026, 3, 10, 5, 30)),
    ],
    ids=["a clock never set", "after midnight at home", "in the recording's own zone", "right already"],
)
def test_whole_days_are_moved(start: datetime, offset_s: int | None, moved: datetime) -> None:
    [made] = on_day([bare_run(start_utc=start, utc_offset_s=offset_s)], DAY, BERLIN)
    assert (made.start_utc, made.extra) == (moved, {} if start == moved else {"clock": "told-day"})


def test_a_refused_recording_comes_in_on_the_day_that_is_typed_and_stays_there(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    (tmp_path / "a.gpx").write_bytes(unset(datetime(1990, 1, 1, 5, 30)))
    refused = shop.take_in(tmp_path / "a.gpx")
    assert (refused.runs, ["--day" in one.reason for one in refused.problems]) == (0, [True])
    taken = shop.engine.import_paths([tmp_path / "a.gpx"], day=DAY)
    assert (taken.runs, taken.problems, shop.ask("status")["problems"]) == (1, [], [])

    def seen() -> list[tuple[str, bool]]:
        return [(one["day"], one["clock_told"]) for one in shop.runs()]

    assert seen() == [("2026-03-10", True)]
    shop.engine.rebuild()
    assert seen() == [("2026-03-10", True)]
    assert shop.take_in(tmp_path / "a.gpx").runs == 0
    shop.engine.import_paths([tmp_path / "a.gpx"], day=date(2026, 3, 11))
    assert seen() == [("2026-03-11", True)]
    assert shop.engine.import_paths([tmp_path / "a.gpx"], day=date(2031, 1, 1)).runs == 0


def test_a_mended_file_and_a_mended_clock_are_marked(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    early = datetime(2026, 3, 10, 5, 30) - timedelta(weeks=1024)
    (tmp_path / "run_2026-03-10.gpx").write_bytes(unset(early))
    (tmp_path / "b.gpx").write_bytes(unset(datetime(2026, 3, 12, 5, 30), title="Salt & Pepper"))
    (tmp_path / "c.gpx").write_bytes(unset(datetime(2026, 3, 14, 5, 30)))
    shop.take_in(tmp_path / "run_2026-03-10.gpx", tmp_path / "b.gpx", tmp_path / "c.gpx")
    assert [(one["day"], one["clock_weeks"], one["mended"]) for one in shop.runs()] == [
        ("2026-03-10", True, False),
        ("2026-03-12", False, True),
        ("2026-03-14", False, False),
    ]


def test_a_run_that_is_1024_weeks_before_today_is_asked_about_where_nothing_tells(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    early = datetime(2026, 3, 10, 5, 30) - timedelta(weeks=1024)
    for number, name in enumerate(("a.gpx", "b.gpx", "c.gpx")):
        (tmp_path / name).write_bytes(unset(early - timedelta(days=number)))
    asked = shop.take_in(tmp_path / "a.gpx")
    assert (asked.runs, ["--day" in one.reason for one in asked.problems]) == (0, [True])
    assert shop.engine.import_paths([tmp_path / "a.gpx"], day=DAY).runs == 1
    assert shop.take_in(tmp_path / "b.gpx").runs == 0
    # It was then: what else is of that time is believed from now on, and so is a name that says so.
    assert shop.engine.import_paths([tmp_path / "b.gpx"], day=early.date() - timedelta(days=1)).runs == 1
    assert shop.take_in(tmp_path / "c.gpx").runs == 1
    assert [one["day"] for one in shop.runs()] == ["2006-07-23", "2006-07-24", "2026-03-10"]
    other = Shop(tmp_path / "other")
    (tmp_path / f"{early.date()}.gpx").write_bytes(unset(early))
    assert other.take_in(tmp_path / f"{early.date()}.gpx").runs == 1
